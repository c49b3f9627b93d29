// Command suite runs the project's tests; make calls it.
//
//	suite -lint PATH check          lint, then everything that needs no server
//	suite -lint PATH test           the whole suite; no test is skipped
//	suite sqlite|postgres|race|browser [PACKAGES]   one phase of it
//	suite screens                   browser stories, pictures into docs/screens
//	suite bench [PACKAGES]          benchmarks on Postgres and Redis
//
// It exits 0 when everything passed, else 1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"tilgang/internal/testenv/server"
)

func main() {
	lint := flag.String("lint", "", "path of golangci-lint, for check and test")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	err := run(ctx, *lint, flag.Args())
	stop()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "suite:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, lint string, args []string) error {
	mode, patterns := "test", []string{"./..."}
	if len(args) > 0 {
		mode = args[0]
	}
	if len(args) > 1 {
		patterns = args[1:]
	}
	plan, err := planFor(mode, lint)
	if err != nil {
		return err
	}
	if plan.servers {
		if err := server.Provide(ctx, os.Stdout); err != nil {
			return fmt.Errorf("provide servers: %w", err)
		}
	}
	groups, err := listPackages(ctx, patterns)
	if err != nil {
		return err
	}
	return execute(ctx, plan, groups)
}

// execute starts the servers that the plan needs, runs its phases and reports.
func execute(ctx context.Context, plan plan, groups groups) (err error) {
	folder, err := plan.temp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	servers := &server.Servers{}
	if plan.servers {
		if servers, err = server.Start(ctx, folder, plan.purpose()); err != nil {
			return fmt.Errorf("start servers: %w", err)
		}
		defer servers.Close()
	}
	if plan.bench {
		return bench(ctx, groups, servers)
	}
	report := &report{out: os.Stdout}
	if plan.lint != "" {
		report.add(runLint(ctx, plan.lint))
	}
	for _, phase := range plan.phases {
		if ctx.Err() != nil {
			break
		}
		phase.temp, phase.run = folder, fmt.Sprintf("%d_%d", time.Now().Unix(), os.Getpid())
		report.add(runPhase(ctx, phase, groups, servers))
	}
	return report.finish(ctx)
}
