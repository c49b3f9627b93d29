// Command tilgang is the whole product: web server, worker and the operator's
// commands. `tilgang help` lists them.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones work on machines without a zone database
)

// command is one word after tilgang.
type command struct {
	name, args, help string
	run              func(ctx context.Context, args []string, out io.Writer) error
}

func commands() []command {
	return []command{
		{"demo", "", "try it: five demonstration employers, everything embedded", demo},
		{"serve", "[--worker=false]", "answer requests; relay and worker run along unless told not to", serve},
		{"worker", "", "relay and work only (needs Postgres and Redis)", worker},
		{"migrate", "", "bring the database schema up", migrate},
		{"tenant", "apply DIR [--plan] | create SLUG NAME | suspend SLUG | resume SLUG | list", "employers", tenants},
		{"person", "import FILE --tenant SLUG [--dry-run]", "load a staff file", person},
		{"document", "deliver FOLDER|ARCHIVE --tenant SLUG [--dry-run]", "hand documents to people", documents},
		{"admin", "invite --tenant SLUG --email ADDRESS --given NAME --family NAME", "a tenant's first administrator", admin},
		{"keyset", "FILE", "make the keys of an installation, unless they are there", keyset},
		{"doctor", "", "check settings, database and queue", doctor},
		{"routes", "[WORD]", "every address, who may, and where it is in the code", routes},
		{"version", "", "which version this is", tell},
	}
}

// errUsage ends the program with status 2: the words of the call were wrong.
var errUsage = errors.New("usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout)
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	fmt.Fprintln(os.Stderr, "tilgang: "+err.Error())
	stop()
	if errors.Is(err, errUsage) {
		os.Exit(2)
	}
	os.Exit(1)
}

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		help(out)
		return nil
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(ctx, args[1:], out)
		}
	}
	help(out)
	return fmt.Errorf("%w: there is no command %q", errUsage, args[0])
}

func help(out io.Writer) {
	fmt.Fprintln(out, "tilgang: HR self-service for many employers\n\nCommands:")
	for _, c := range commands() {
		fmt.Fprintf(out, "  tilgang %s %s\n      %s\n", c.name, c.args, c.help)
	}
	fmt.Fprintln(out, "\nSettings come from TILGANG_* variables; see docs/operating.md.")
}
