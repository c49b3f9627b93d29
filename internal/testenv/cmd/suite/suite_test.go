package main

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"tilgang/internal/testenv/server"

	"github.com/google/go-cmp/cmp"
)

func tallied(t *testing.T, lines ...string) (*tally, string) {
	t.Helper()
	var out bytes.Buffer
	counts := newTally(&out)
	if err := counts.read(strings.NewReader(strings.Join(lines, "\n") + "\n")); err != nil {
		t.Fatal(err)
	}
	return counts, out.String()
}

func TestTally(t *testing.T) {
	t.Run("a passing package is one line without its chatter", func(t *testing.T) {
		counts, out := tallied(t,
			`{"Action":"run","Package":"tilgang/internal/x","Test":"TestA"}`,
			`{"Action":"output","Package":"tilgang/internal/x","Test":"TestA","Output":"chatter\n"}`,
			`{"Action":"pass","Package":"tilgang/internal/x","Test":"TestA"}`,
			`{"Action":"output","Package":"tilgang/internal/x","Output":"PASS\n"}`,
			`{"Action":"pass","Package":"tilgang/internal/x","Elapsed":1.5}`)
		if counts.passed != 1 || counts.failed != 0 {
			t.Errorf("%d passed, %d failed", counts.passed, counts.failed)
		}
		if strings.Contains(out, "chatter") || !strings.Contains(out, "ok    internal/x") {
			t.Errorf("shown:\n%s", out)
		}
	})
	t.Run("a failing test shows its output, a passing neighbour does not", func(t *testing.T) {
		counts, out := tallied(t,
			`{"Action":"output","Package":"p","Test":"TestGood","Output":"quiet\n"}`,
			`{"Action":"pass","Package":"p","Test":"TestGood"}`,
			`{"Action":"output","Package":"p","Test":"TestBad","Output":"got 1, want 2\n"}`,
			`{"Action":"fail","Package":"p","Test":"TestBad"}`,
			`{"Action":"fail","Package":"p"}`)
		if counts.passed != 1 || counts.failed != 1 {
			t.Errorf("%d passed, %d failed", counts.passed, counts.failed)
		}
		if strings.Contains(out, "quiet") || !strings.Contains(out, "got 1, want 2") {
			t.Errorf("shown:\n%s", out)
		}
	})
	t.Run("a package that does not build counts as one failure, with the compiler's words", func(t *testing.T) {
		counts, out := tallied(t,
			`{"ImportPath":"p [p.test]","Action":"build-output","Output":"undefined: x\n"}`,
			`{"ImportPath":"p [p.test]","Action":"build-fail"}`,
			`{"Action":"fail","Package":"p","FailedBuild":"p [p.test]"}`)
		if counts.failed != 1 || !strings.Contains(out, "undefined: x") {
			t.Errorf("%d failed, shown:\n%s", counts.failed, out)
		}
	})
	t.Run("a panic outside a test counts as one failure", func(t *testing.T) {
		counts, out := tallied(t,
			`{"Action":"output","Package":"p","Output":"panic: out of time\n"}`,
			`{"Action":"fail","Package":"p"}`)
		if counts.failed != 1 || !strings.Contains(out, "panic: out of time") {
			t.Errorf("%d failed, shown:\n%s", counts.failed, out)
		}
	})
	t.Run("a skipped test counts as failed", func(t *testing.T) {
		counts, out := tallied(t,
			`{"Action":"skip","Package":"p","Test":"TestShy"}`,
			`{"Action":"pass","Package":"p"}`)
		if counts.failed != 1 || !strings.Contains(out, "TestShy") {
			t.Errorf("%d failed, shown:\n%s", counts.failed, out)
		}
	})
	t.Run("a package without tests is no failure", func(t *testing.T) {
		counts, _ := tallied(t, `{"Action":"skip","Package":"p"}`)
		if counts.failed != 0 {
			t.Error("it counts as failed")
		}
	})
	t.Run("a line that is no event is passed through", func(t *testing.T) {
		if _, out := tallied(t, "go: downloading x"); out != "go: downloading x\n" {
			t.Errorf("shown: %q", out)
		}
	})
}

func TestReport(t *testing.T) {
	ctx := context.Background()
	t.Run("the sum stands alone on the last line", func(t *testing.T) {
		var out bytes.Buffer
		r := &report{out: &out}
		r.add(result{name: "one", passed: 3})
		r.add(result{name: "two", passed: 4})
		if err := r.finish(ctx); err != nil {
			t.Error(err)
		}
		if !strings.HasSuffix(out.String(), "\n7 passed, 0 failed\n") {
			t.Errorf("printed:\n%s", out.String())
		}
	})
	for name, bad := range map[string]result{
		"a failed test":                   {passed: 1, failed: 1},
		"a linter's finding":              {name: "lint", err: context.DeadlineExceeded},
		"a phase that ran no test at all": {err: errNoTests},
	} {
		t.Run(name+" fails the suite", func(t *testing.T) {
			r := &report{out: &bytes.Buffer{}}
			r.add(result{passed: 1})
			r.add(bad)
			if r.finish(ctx) == nil {
				t.Error("it passed")
			}
		})
	}
	t.Run("an interrupted suite fails", func(t *testing.T) {
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if (&report{out: &bytes.Buffer{}}).finish(ended) == nil {
			t.Error("it passed")
		}
	})
}

func TestGroups(t *testing.T) {
	var g groups
	for _, line := range []string{
		"tilgang/internal/clock time",
		"tilgang/internal/clock.test time testing",
		"tilgang/internal/db.test tilgang/internal/testenv testing",
		"tilgang/internal/people.test tilgang/internal/db tilgang/internal/testenv",
		"tilgang/internal/e2e/story.test tilgang/internal/testenv tilgang/internal/e2e/browser",
	} {
		g.add(strings.Fields(line))
	}
	want := groups{
		plain:    []string{"tilgang/internal/clock"},
		database: []string{"tilgang/internal/db", "tilgang/internal/people"},
		browser:  []string{"tilgang/internal/e2e/story"},
		sharing:  []string{"tilgang/internal/db"},
	}
	if diff := cmp.Diff(want, g, cmp.AllowUnexported(groups{})); diff != "" {
		t.Error(diff)
	}
}

func TestCrowded(t *testing.T) {
	for text, want := range map[string]bool{
		"func f() {\n\tgo work()\n}":              true,
		"func f() {\n\tall.Go(work)\n}":           true,
		"func TestA(t *T) {\n\tt.Parallel()\n}":   true,
		"import (\n\t\"sync\"\n)":                 true,
		"import (\n\t\"sync/atomic\"\n)":          true,
		"// let it go on\nfunc f() { work() }\n":  false,
		"import (\n\t\"os\"\n)\nfunc good() {}\n": false,
	} {
		if got := startsGoroutines([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestPlan(t *testing.T) {
	t.Run("the whole suite has every phase", func(t *testing.T) {
		p, err := planFor("test", "linter")
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, phase := range p.phases {
			names = append(names, phase.name)
		}
		want := []string{"sqlite", "postgres, race detector", "sqlite, race detector", "browser"}
		if diff := cmp.Diff(want, names); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("the whole suite races what can race, and runs those with a database on both", func(t *testing.T) {
		p, err := planFor("test", "linter")
		if err != nil {
			t.Fatal(err)
		}
		g := groups{plain: []string{"plain"}, crowded: []string{"crowded"}, database: []string{"db", "people"}, browser: []string{"story"}, fleet: []string{"fleet"}, sharing: []string{"db"}}
		got := map[string][]string{}
		for _, phase := range p.phases {
			got[phase.name] = phase.choose(g)
		}
		want := map[string][]string{
			"sqlite":                  {"db", "people", "plain"},
			"postgres, race detector": {"fleet", "db", "people", "crowded"},
			"sqlite, race detector":   {"db"},
			"browser":                 {"story"},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("check runs what needs no server", func(t *testing.T) {
		p, err := planFor("check", "linter")
		if err != nil {
			t.Fatal(err)
		}
		got := p.phases[0].choose(groups{plain: []string{"plain"}, crowded: []string{"crowded"}, database: []string{"db"}})
		if diff := cmp.Diff([]string{"db", "plain", "crowded"}, got); diff != "" || p.servers {
			t.Error(diff, p.servers)
		}
	})
	t.Run("check and test refuse to run without the linter", func(t *testing.T) {
		for _, mode := range []string{"check", "test"} {
			if _, err := planFor(mode, ""); err == nil {
				t.Errorf("%s ran", mode)
			}
		}
	})
	t.Run("a misspelt mode is an error", func(t *testing.T) {
		if _, err := planFor("tset", "linter"); err == nil {
			t.Error("it was accepted")
		}
	})
}

func TestRaceFlags(t *testing.T) {
	flags := raceFlags()
	if !slices.Contains(flags, "-race") || !slices.Contains(postgresPhase().argv(nil), "-race") {
		t.Error("nothing is raced")
	}
	for _, path := range append(unwatched(), bulky()...) {
		if strings.HasPrefix(path, strings.TrimSuffix(module, "/")) || strings.HasPrefix(path, ".") || path == "all" {
			t.Errorf("%s is ours", path)
		}
	}
}

func TestEnviron(t *testing.T) {
	outer := []string{"HOME=/h", "TILGANG_KEYSET=mine", "TEST_POSTGRES_URL=mine", "TEST_REDIS_URL=mine"}
	s := &server.Servers{PostgresURL: "pg", RedisURL: "rd"}
	t.Run("the sqlite phase sees no server and nothing of the developer's", func(t *testing.T) {
		env := sqlitePhase().environ(outer, s)
		for _, gone := range []string{"TILGANG_KEYSET=mine", "TEST_POSTGRES_URL=mine", "TEST_REDIS_URL=mine"} {
			if slices.Contains(env, gone) {
				t.Errorf("%s is passed on", gone)
			}
		}
		if !slices.Contains(env, "TILGANG_TEST_DB=sqlite") || !slices.Contains(env, "CGO_ENABLED=0") {
			t.Errorf("got %v", env)
		}
	})
	t.Run("the postgres phase gets the servers and the race detector's compiler", func(t *testing.T) {
		env := postgresPhase().environ(outer, s)
		for _, here := range []string{"TILGANG_TEST_DB=postgres", "TEST_POSTGRES_URL=pg", "TEST_REDIS_URL=rd", "CGO_ENABLED=1"} {
			if !slices.Contains(env, here) {
				t.Errorf("%s is missing from %v", here, env)
			}
		}
	})
}
