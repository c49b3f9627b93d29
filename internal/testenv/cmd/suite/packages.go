package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

const (
	module         = "tilgang/"
	usesDatabase   = module + "internal/testenv"
	usesBrowser    = module + "internal/e2e/browser"
	usesProcesses  = module + "internal/e2e/fleet"
	sharesDatabase = module + "internal/db"
)

// slowest are begun first, in this order, so that no phase ends with one core
// waiting for another: what takes more than ten seconds of a core under the race
// detector.
func slowest() []string {
	return []string{
		module + "internal/e2e", module + "internal/e2e/strength", module + "internal/e2e/once", module + "internal/reset",
		module + "internal/security", module + "internal/app", module + "internal/signin", module + "internal/recovery",
		module + "internal/help", module + "internal/manager", module + "internal/roster",
	}
}

// groups are the packages with tests, told apart by what these import.
type groups struct {
	plain    []string // neither a database nor a browser, and one goroutine
	crowded  []string // the same, with several goroutines of their own
	database []string
	browser  []string
	fleet    []string // processes on Postgres and Redis
	sharing  []string // of database: many writers on one SQLite file
}

// listPackages asks the go command, which knows a test's indirect imports too.
func listPackages(ctx context.Context, patterns []string) (groups, error) {
	args := append([]string{"list", "-e", "-test", "-f", `{{.ImportPath}} {{join .Deps " "}}`}, patterns...)
	out, err := goCommand(ctx, args...)
	if err != nil {
		return groups{}, err
	}
	var g groups
	for line := range strings.Lines(string(out)) {
		g.add(strings.Fields(line))
	}
	if g.crowded, err = holding(ctx, g.plain, startsGoroutines); err != nil {
		return groups{}, err
	}
	g.plain = slices.DeleteFunc(g.plain, func(path string) bool { return slices.Contains(g.crowded, path) })
	slices.SortStableFunc(g.database, func(a, b string) int { return cmp.Compare(turn(a), turn(b)) })
	return g, nil
}

// turn is a package's place among the slowest; the others come after.
func turn(path string) int {
	if i := slices.Index(slowest(), path); i >= 0 {
		return i
	}
	return len(slowest())
}

// add sorts in one package; fields are its path and then its dependencies.
// A path that ends in .test is a package's test program.
func (g *groups) add(fields []string) {
	if len(fields) == 0 {
		return
	}
	path, isTest := strings.CutSuffix(fields[0], ".test")
	if !isTest {
		return
	}
	deps := fields[1:]
	switch {
	case slices.Contains(deps, usesBrowser):
		g.browser = append(g.browser, path)
	case slices.Contains(deps, usesProcesses):
		g.fleet = append(g.fleet, path)
	case slices.Contains(deps, usesDatabase):
		g.database = append(g.database, path)
		if path == sharesDatabase {
			g.sharing = append(g.sharing, path)
		}
	default:
		g.plain = append(g.plain, path)
	}
}

// holding lists the packages of which a file, of tests or not, says something.
func holding(ctx context.Context, packages []string, says func(text []byte) bool) ([]string, error) {
	if len(packages) == 0 {
		return nil, nil
	}
	const format = `{{.ImportPath}}{{$d := .Dir}}{{range .GoFiles}} {{$d}}/{{.}}{{end}}{{range .TestGoFiles}} {{$d}}/{{.}}{{end}}{{range .XTestGoFiles}} {{$d}}/{{.}}{{end}}`
	out, err := goCommand(ctx, append([]string{"list", "-e", "-f", format}, packages...)...)
	if err != nil {
		return nil, err
	}
	var found []string
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) > 0 && slices.ContainsFunc(fields[1:], func(file string) bool {
			text, err := os.ReadFile(filepath.Clean(file))
			return err == nil && says(text)
		}) {
			found = append(found, fields[0])
		}
	}
	return found, nil
}

func hasBenchmark(text []byte) bool { return bytes.Contains(text, []byte("\nfunc Benchmark")) }

// startsGoroutines tells whether a file has what a race needs: a goroutine, or a
// lock, which is there for those of others.
func startsGoroutines(text []byte) bool {
	return slices.ContainsFunc([]string{"\tgo ", ".Go(", ".Parallel()", `"sync"`, `"sync/atomic"`}, func(sign string) bool {
		return bytes.Contains(text, []byte(sign))
	})
}

func goCommand(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...) //nolint:gosec // the packages are the developer's own arguments
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go %s: %w", args[0], err)
	}
	return out, nil
}

// without drops the variables that begin with one of the prefixes.
func without(environ []string, prefixes ...string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(variable string) bool {
		return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(variable, p) })
	})
}
