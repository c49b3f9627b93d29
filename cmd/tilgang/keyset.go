package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"tilgang/internal/secret"
)

// keyset makes the keys of an installation, once: what is there stays.
func keyset(_ context.Context, args []string, out io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("%w: keyset FILE", errUsage)
	}
	file := args[0]
	_, err := os.Stat(file) //nolint:gosec // the operator names the path
	there := err == nil
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil { //nolint:gosec // as above
		return fmt.Errorf("make the folder of the keys: %w", err)
	}
	if _, err := secret.LoadOrCreateKeyset(file); err != nil {
		return fmt.Errorf("make the keys: %w", err)
	}
	word := "made; back it up apart from the database"
	if there {
		word = "is there and readable; nothing was changed"
	}
	_, err = fmt.Fprintf(out, "%s %s\n", file, word)
	return err
}

// version is set by the linker; see the Makefile.
var version = "unknown"

func tell(_ context.Context, _ []string, out io.Writer) error {
	_, err := fmt.Fprintln(out, "tilgang", version)
	return err
}
