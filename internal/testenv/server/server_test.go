package server

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestAdvice(t *testing.T) {
	text := Advice(Needs())
	for _, part := range []string{"TEST_POSTGRES_URL", "TEST_REDIS_URL", "CHROME", "apt-get install postgresql redis-server chromium", "brew install redis"} {
		if !strings.Contains(text, part) {
			t.Errorf("the advice does not name %q:\n%s", part, text)
		}
	}
}

func TestMissing(t *testing.T) {
	absent := Need{What: "x", Variable: "TEST_ENV_NEED", found: func() bool { return false }}
	t.Run("what is absent is missing", func(t *testing.T) {
		if got := Missing([]Need{absent}); len(got) != 1 {
			t.Errorf("got %v", got)
		}
	})
	t.Run("what the environment names is not", func(t *testing.T) {
		t.Setenv("TEST_ENV_NEED", "somewhere")
		if got := Missing([]Need{absent}); len(got) != 0 {
			t.Errorf("got %v", got)
		}
	})
}

func TestVersionIn(t *testing.T) {
	for path, want := range map[string]int{
		"/usr/lib/postgresql/9/bin/initdb":            9,
		"/usr/lib/postgresql/15/bin/initdb":           15,
		"/usr/pgsql-17/bin/initdb":                    17,
		"/opt/homebrew/opt/postgresql@18/bin/initdb":  18,
		"/usr/local/opt/postgresql/bin/without-digit": 0,
	} {
		if got := versionIn(path); got != want {
			t.Errorf("versionIn(%s) = %d", path, got)
		}
	}
}

func TestProcess(t *testing.T) {
	never := func(context.Context) error { return errors.New("refused") }
	t.Run("a server that ends at once is reported with its output", func(t *testing.T) {
		p, err := launch("brief", t.TempDir(), syscall.SIGTERM, nil, "/bin/sh", "-c", "echo the port is taken; exit 3")
		if err != nil {
			t.Fatal(err)
		}
		err = p.ready(context.Background(), never)
		if err == nil || !strings.Contains(err.Error(), "the port is taken") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("stop ends the process", func(t *testing.T) {
		p, err := launch("endless", t.TempDir(), syscall.SIGTERM, nil, "/bin/sh", "-c", "exec sleep 600")
		if err != nil {
			t.Fatal(err)
		}
		p.stop()
		if err := syscall.Kill(p.cmd.Process.Pid, 0); !errors.Is(err, syscall.ESRCH) {
			t.Errorf("it still runs: %v", err)
		}
	})
	t.Run("an interrupted wait gives up", func(t *testing.T) {
		p, err := launch("slow", t.TempDir(), syscall.SIGTERM, nil, "/bin/sh", "-c", "exec sleep 600")
		if err != nil {
			t.Fatal(err)
		}
		defer p.stop()
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := p.ready(ctx, never); err == nil {
			t.Error("it is said to be ready")
		}
	})
}

func TestServersOfTheEnvironment(t *testing.T) {
	t.Setenv("TEST_POSTGRES_URL", "postgres://elsewhere/db")
	t.Setenv("TEST_REDIS_URL", "redis://elsewhere")
	s, err := Start(context.Background(), t.TempDir(), Tests)
	if err != nil {
		t.Fatal(err)
	}
	if s.PostgresURL != "postgres://elsewhere/db" || s.RedisURL != "redis://elsewhere" || len(s.started) != 0 {
		t.Errorf("got %+v", s)
	}
	s.Close()
}

func TestTemp(t *testing.T) {
	t.Run("TMPDIR says where, and the folder is made there", func(t *testing.T) {
		t.Setenv("TMPDIR", t.TempDir())
		folder, err := Temp()
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Dir(folder) != os.TempDir() {
			t.Errorf("it is %s", folder)
		}
	})
	t.Run("what a killed suite left goes, a running one's stays", func(t *testing.T) {
		parent := t.TempDir()
		old, fresh := filepath.Join(parent, prefix+"old"), filepath.Join(parent, prefix+"fresh")
		for _, folder := range []string{old, fresh} {
			if err := os.MkdirAll(filepath.Join(folder, "postgres"), 0o700); err != nil {
				t.Fatal(err)
			}
		}
		now := time.Now()
		if err := os.Chtimes(old, now, now.Add(-2*longest)); err != nil {
			t.Fatal(err)
		}
		sweep(parent, now.Add(-longest))
		if left, _ := filepath.Glob(filepath.Join(parent, "*")); len(left) != 1 || left[0] != fresh {
			t.Errorf("left: %v", left)
		}
	})
	t.Run("what is no folder in memory takes nothing", func(t *testing.T) {
		if n := memoryFor(filepath.Join(t.TempDir(), "nowhere")); n != 0 {
			t.Errorf("%d bytes", n)
		}
	})
}
