package e2e

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tilgang/internal/app/apptest"
	"tilgang/internal/clock"
	"tilgang/internal/db"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/outbox"
)

// demonstration is made once in a process; each stage gets copies of its
// database and of its data folder.
var demonstration = newDemo()

type demo struct {
	database *dbtest.Template
	mu       sync.Mutex
	data     map[string][]byte // by path
}

// demoBase is what the installation was called when the demonstration was made:
// mails and demo.json name it.
const demoBase = "localhost:65535"

func newDemo() *demo {
	d := &demo{}
	d.database = dbtest.NewTemplate("demonstration", d.load)
	return d
}

func (d *demo) load(to *db.DB) error {
	dir, err := os.MkdirTemp("", "tilgang-demonstration")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	a, err := apptest.Build(to, to.Clock(), demoBase, "TILGANG_DATA_DIR="+dir)
	if err != nil {
		return err
	}
	_, err = a.LoadDemo(context.Background(), func(string) {})
	if err == nil {
		err = outbox.Drain(context.Background(), to, a.Worker())
	}
	if err := errors.Join(err, a.Close()); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.data, err = readFolder(dir)
	return err
}

// start runs a product on copies.
func (d *demo) start(tb testing.TB) *apptest.World {
	tb.Helper()
	now := clock.NewFake(dbtest.Start)
	on := d.database.Open(tb, now)
	return apptest.StartIn(tb, on, now, func(dir, base string) error {
		return errors.Join(d.unpack(dir, base), rename(on, base))
	})
}

// rename gives the hosts of all tenants the installation's name.
func rename(on *db.DB, base string) error {
	return on.Shared(context.Background(), func(ctx context.Context) error {
		_, err := db.SharedExec(ctx, "UPDATE tenant_hosts SET host = replace(host, ?, ?)", demoBase, base)
		return err
	})
}

// unpack copies the data folder, with the installation's name in it.
func (d *demo) unpack(dir, base string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for name, body := range d.data {
		if !strings.HasPrefix(name, "files"+string(filepath.Separator)) {
			body = bytes.ReplaceAll(body, []byte(demoBase), []byte(base))
		}
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(name, body, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func readFolder(dir string) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := os.ReadFile(path) //nolint:gosec // a folder of our own
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		files[name] = body
		return err
	})
	return files, err
}
