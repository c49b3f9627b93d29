package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"tilgang/internal/testenv"
	"tilgang/internal/testenv/server"
)

// plan is what one call of the suite does.
type plan struct {
	lint    string // path of the linter; empty: none
	servers bool   // Postgres, Redis and Chromium are needed
	bench   bool
	phases  []phase
}

// purpose is what the servers are for.
func (p plan) purpose() server.Purpose {
	if p.bench {
		return server.Figures
	}
	return server.Tests
}

// temp makes the folder of everything that ends with the plan.
func (p plan) temp() (string, error) {
	if p.bench {
		return server.OnDisk()
	}
	return server.Temp()
}

// phase is one run of go test.
type phase struct {
	name    string
	dialect string
	race    bool
	servers bool // the tests see TEST_POSTGRES_URL and TEST_REDIS_URL
	atOnce  int  // how many tests of a package run at once; 0: as many as cores
	beside  int  // how many packages more than cores run at once
	cached  bool // results of unchanged packages may come from go's cache
	screens string
	temp    string // where the tests keep what ends with them
	run     string // what all their processes may share is called by it
	choose  func(groups) []string
}

func sqlitePhase() phase {
	return phase{name: "sqlite", dialect: testenv.SQLite, choose: func(g groups) []string { return slices.Concat(g.database, g.plain, g.crowded) }}
}

// besideRaces is the SQLite phase of the whole suite: what needs no database and
// has goroutines of its own runs once, under the race detector.
func besideRaces() phase {
	p := sqlitePhase()
	p.choose = func(g groups) []string { return slices.Concat(g.database, g.plain) }
	return p
}

// postgresPhase begins with the processes, which wait the longest, and ends with
// the packages that need no database: those fill the core that waits for the
// last of the others. A third program runs while two wait for the server.
func postgresPhase() phase {
	return phase{
		name: "postgres, race detector", dialect: testenv.Postgres, race: true, servers: true, beside: 1,
		choose: func(g groups) []string { return slices.Concat(g.fleet, g.database, g.crowded) },
	}
}

// racePhase covers what the Postgres phase does not: the package that shares
// SQLite between writers. It was compiled by then.
func racePhase() phase {
	return phase{name: "sqlite, race detector", dialect: testenv.SQLite, race: true, choose: func(g groups) []string { return g.sharing }}
}

// browserPhase runs more tests at once than there are cores: most of a page's
// time is spent waiting for Chromium.
func browserPhase() phase {
	return phase{name: "browser", dialect: testenv.SQLite, atOnce: 4, choose: func(g groups) []string { return g.browser }}
}

func planFor(mode, lint string) (plan, error) {
	switch mode {
	case "check", "test":
		return wholePlan(mode, lint)
	case "sqlite":
		return plan{phases: []phase{sqlitePhase()}}, nil
	case "postgres":
		return plan{servers: true, phases: []phase{postgresPhase()}}, nil
	case "race":
		return plan{phases: []phase{racePhase()}}, nil
	case "browser":
		return plan{phases: []phase{browserPhase()}}, nil
	case "screens":
		return screensPlan()
	case "bench":
		return plan{servers: true, bench: true}, nil
	default:
		return plan{}, fmt.Errorf("no mode %q: check, test, sqlite, postgres, race, browser, screens or bench", mode)
	}
}

func wholePlan(mode, lint string) (plan, error) {
	if lint == "" {
		return plan{}, errors.New("-lint is missing: run it by make")
	}
	if mode == "check" {
		quick := sqlitePhase()
		quick.cached = true
		return plan{lint: lint, phases: []phase{quick}}, nil
	}
	return plan{lint: lint, servers: true, phases: []phase{besideRaces(), postgresPhase(), racePhase(), browserPhase()}}, nil
}

// screensPlan gives the stories an absolute path: each runs in its own folder.
func screensPlan() (plan, error) {
	folder, err := filepath.Abs("docs/screens")
	if err != nil {
		return plan{}, fmt.Errorf("screens: %w", err)
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return plan{}, fmt.Errorf("screens: %w", err)
	}
	shots := browserPhase()
	shots.screens = folder
	return plan{phases: []phase{shots}}, nil
}

// unhurried lets the compiler and the linker, which end within seconds, clear up
// less often: a seventh of their time.
func unhurried() []string { return []string{"GOGC=1000", "GOMEMLIMIT=3GiB"} }

// roomy does the same for a test program, of which three may run at once: a tenth
// of its time under the race detector, which multiplies the memory.
const roomy = "GOGC=800 GOMEMLIMIT=512MiB"

// argv is the go command's arguments. Vet is left to the linter, which runs it.
func (p phase) argv(packages []string) []string {
	args := []string{"test", "-json", "-vet=off", "-timeout=45m"}
	if p.atOnce > 0 {
		args = append(args, fmt.Sprintf("-parallel=%d", p.atOnce))
	}
	if p.beside > 0 {
		args = append(args, fmt.Sprintf("-p=%d", runtime.NumCPU()+p.beside))
	}
	if p.race {
		args = append(args, raceFlags()...)
	}
	if !p.cached {
		args = append(args, "-count=1", "-exec=env "+roomy+" 'TMPDIR="+p.temp+"'")
	}
	return append(args, packages...)
}

// environ lets nothing through by which a developer's own settings could
// change a test. Under the race detector cgo compiles the little C of the standard
// library, whose speed no test depends on, so it is not optimised.
func (p phase) environ(outer []string, s *server.Servers) []string {
	env := append(without(outer, "TEST_POSTGRES_URL=", "TEST_REDIS_URL=", "TEST_RUN=", "TILGANG_", "SCREENS_DIR="), "TILGANG_TEST_DB="+p.dialect)
	if p.servers {
		env = append(env, "TEST_POSTGRES_URL="+s.PostgresURL, "TEST_REDIS_URL="+s.RedisURL)
	}
	if p.race {
		env = append(env, "CGO_ENABLED=1", "CGO_CFLAGS=-O0 -g0", promptly)
	} else {
		env = append(env, "CGO_ENABLED=0")
	}
	if !p.cached { // a result is kept for the variables that the test read
		env = append(env, "TEST_RUN="+p.run)
		env = append(env, unhurried()...)
	}
	if p.screens != "" {
		env = append(env, "SCREENS_DIR="+p.screens)
	}
	if folder, err := filepath.Abs("var/test-artifacts"); err == nil && os.Getenv("TEST_ARTIFACTS") == "" {
		env = append(env, "TEST_ARTIFACTS="+folder)
	}
	return env
}
