package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// ErrIncomplete says that the suite cannot run whole on this machine.
var ErrIncomplete = errors.New("the whole suite needs programs that are not here")

// Provide makes sure that nothing is missing. As root on a machine with apt it
// installs what is; otherwise it tells out what to install and fails.
func Provide(ctx context.Context, out io.Writer) error {
	missing := Missing(Needs())
	if len(missing) == 0 {
		return nil
	}
	if os.Geteuid() == 0 && have("apt-get")() {
		if err := install(ctx, out, missing); err != nil {
			return err
		}
		missing = Missing(Needs())
	}
	if len(missing) > 0 {
		_, _ = io.WriteString(out, Advice(missing))
		return ErrIncomplete
	}
	return nil
}

func install(ctx context.Context, out io.Writer, missing []Need) error {
	packages := []string{"install", "-y", "--no-install-recommends"}
	for _, need := range missing {
		packages = append(packages, need.Packages...)
	}
	for _, args := range [][]string{{"update"}, packages} {
		_, _ = fmt.Fprintln(out, "apt-get", strings.Join(args, " "))
		cmd := exec.CommandContext(ctx, "apt-get", args...) //nolint:gosec // the package names are constants above
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		cmd.Stdout, cmd.Stderr = out, out
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("apt-get %s: %w", args[0], err)
		}
	}
	return nil
}

// Advice is what a person without root reads.
func Advice(missing []Need) string {
	var text strings.Builder
	text.WriteString("\nThe whole suite needs what this machine does not have:\n")
	var apt, brew []string
	for _, need := range missing {
		_, _ = fmt.Fprintf(&text, "  %s (or set %s)\n", need.What, need.Variable)
		apt = append(apt, need.Packages...)
		brew = append(brew, "brew install "+need.Brew)
	}
	_, _ = fmt.Fprintf(&text, "\nDebian, Ubuntu:  sudo apt-get install %s\n", strings.Join(apt, " "))
	_, _ = fmt.Fprintf(&text, "macOS:           %s\n", strings.Join(brew, " && "))
	text.WriteString("\nNo test is skipped, so nothing was run. `make check` needs none of these.\n")
	return text.String()
}
