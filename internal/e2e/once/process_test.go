package once_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"tilgang/internal/app"
	"tilgang/internal/app/apptest"
	"tilgang/internal/clock"
	"tilgang/internal/config"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/e2e"
	"tilgang/internal/testenv"
	"tilgang/migrations"
)

// proxied lets a browser say where it is: each of fifty in a network of its own.
const proxied = "TILGANG_TRUSTED_PROXIES=127.0.0.1/32"

// joining is what another process of an installation is told; it is in the
// variable of this name.
type joining struct {
	URL     string // of the database
	Environ []string
}

const variable = "TILGANG_TEST_JOINS"

func TestMain(m *testing.M) {
	if about := os.Getenv(variable); about != "" {
		if err := join(about, os.Stdin, os.Stdout); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// join serves an installation beside the process that asked for it, until its
// input ends. Each line of the input is what time it is; each is answered.
func join(about string, in io.Reader, out io.Writer) error {
	var j joining
	if err := json.Unmarshal([]byte(about), &j); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	now := clock.NewFake(dbtest.Start)
	d, err := db.Open(ctx, db.Options{Clock: now, Fast: true, URL: j.URL})
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	cfg, err := config.Load(append(j.Environ, "TILGANG_LISTEN="+l.Addr().String()), config.Demo)
	if err != nil {
		return err
	}
	a, err := app.Build(ctx, cfg, app.Options{Clock: now, Database: d, Log: slog.New(slog.DiscardHandler), Cheap: true})
	if err != nil {
		return err
	}
	go func() { _ = a.Serve(ctx, l, false) }()
	_, _ = fmt.Fprintln(out, l.Addr())
	for lines := bufio.NewScanner(in); lines.Scan(); {
		at, err := time.Parse(time.RFC3339Nano, lines.Text())
		if err != nil {
			return err
		}
		now.Set(at)
		_, _ = fmt.Fprintln(out, "ok")
	}
	return nil
}

// world is an installation and, where there can be one, its other process.
type world struct {
	*e2e.Stage

	t       *testing.T
	doors   []*apptest.World // one a process
	tell    func(string)     // gives the other process the time
	clients int              // who send a secret at the same moment
	hired   int
}

func setUp(t *testing.T) *world {
	t.Helper()
	now, url := clock.NewFake(dbtest.Start), ""
	var d *db.DB
	if testenv.Dialect() == "postgres" {
		_, url = testenv.NewDatabase(t, func(owner string) error {
			_, err := db.MigratePostgres(t.Context(), owner, migrations.Files)
			return err
		})
		opened, err := db.Open(t.Context(), db.Options{Clock: now, Fast: true, URL: url})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = opened.Close() })
		d = opened
	} else {
		d = dbtest.Open(t, now)
	}
	w := &world{Stage: &e2e.Stage{World: apptest.Start(t, d, now, proxied)}, t: t, tell: func(string) {}, clients: clients}
	w.doors = []*apptest.World{w.World}
	if url != "" {
		w.beside(url)
	}
	return w
}

// beside starts the other process.
func (w *world) beside(url string) {
	w.t.Helper()
	about, err := json.Marshal(joining{URL: url, Environ: []string{
		proxied, "TILGANG_DATA_DIR=" + w.t.TempDir(), "TILGANG_BASE_URL=http://" + w.Base, "TILGANG_KEYSET=" + w.App.Config.KeysetPath,
	}})
	if err != nil {
		w.t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0]) // this very program
	cmd.Env, cmd.Stderr = append(os.Environ(), variable+"="+string(about)), os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	pipe, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = in.Close(); _ = cmd.Wait() })
	out := bufio.NewScanner(pipe)
	w.tell = func(line string) {
		if line != "" {
			_, _ = fmt.Fprintln(in, line)
		}
		if !out.Scan() {
			w.t.Fatalf("the other process has ended: %v", out.Err())
		}
	}
	w.tell("") // it says where it listens
	w.doors = append(w.doors, &apptest.World{T: w.t, Base: out.Text()})
}
