package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"

	"tilgang/internal/testenv/server"
)

// grace is what a phase gets to end in after an interrupt.
const grace = 10 * time.Second

// runPhase runs one phase of go test and shows it as it goes.
func runPhase(ctx context.Context, p phase, g groups, s *server.Servers) result {
	began := time.Now()
	packages := p.choose(g)
	_, _ = fmt.Fprintf(os.Stdout, "\n== %s: %d packages\n", p.name, len(packages))
	if len(packages) == 0 {
		return result{name: p.name, err: errNoTests}
	}
	counts := newTally(os.Stdout)
	err := goTest(ctx, p.argv(packages), p.environ(os.Environ(), s), counts)
	r := result{name: p.name, passed: counts.passed, failed: counts.failed, took: time.Since(began), err: err}
	if err == nil && counts.passed+counts.failed == 0 {
		r.err = errNoTests
	}
	return r
}

// goTest feeds the events of go test into counts. Test failures are counted,
// so only a failure that no event told of is an error.
func goTest(ctx context.Context, args, environ []string, counts *tally) error {
	cmd := command(ctx, "go", args...)
	cmd.Env, cmd.Stderr = environ, os.Stderr
	stream, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("go test: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("go test: %w", err)
	}
	readErr := counts.read(stream)
	waitErr := cmd.Wait()
	if counts.failed > 0 && ctx.Err() == nil {
		waitErr = nil
	}
	return errors.Join(readErr, waitErr)
}

// command runs in a process group of its own, so that an interrupt ends the
// test programs too; it signals nothing that it did not start.
func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // go and the linter, both named by make
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = grace
	return cmd
}

// runLint lints the module, formatting included. As in the Makefile, memory up
// to a bound is cheaper than tidying it, for the compilers that it starts too.
func runLint(ctx context.Context, path string) result {
	began := time.Now()
	_, _ = fmt.Fprintln(os.Stdout, "\n== lint")
	cmd := command(ctx, path, "run", "./...")
	cmd.Env = append(append(os.Environ(), "CGO_ENABLED=0"), unhurried()...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err := cmd.Run()
	return result{name: "lint", took: time.Since(began), err: err}
}

// bench prints the benchmarks' own output.
func bench(ctx context.Context, g groups, s *server.Servers) error {
	packages, err := holding(ctx, slices.Concat(g.plain, g.crowded, g.fleet, g.database, g.browser), hasBenchmark)
	if err != nil {
		return err
	}
	if len(packages) == 0 {
		return errors.New("no package has a benchmark")
	}
	p := postgresPhase()
	p.race = false
	args := append([]string{"test", "-run=^$", "-bench=.", "-benchmem", "-count=1", "-p=1", "-timeout=30m"}, packages...)
	cmd := command(ctx, "go", args...)
	cmd.Env = p.environ(os.Environ(), s)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go test -bench: %w", err)
	}
	return nil
}
