package fleet

import (
	"flag"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
	"tilgang/internal/message/sendertest"
	"tilgang/internal/testenv"
	"tilgang/migrations"
)

// Fleet is one installation; its processes end with the test.
type Fleet struct {
	TB       testing.TB
	Sink     *sendertest.Sink
	Base     string // host:port that people type, whichever process answers
	AppURL   string // Postgres, as the program
	OwnerURL string // Postgres, as the owner
	program  string
	dir      string
	environ  []string
}

// New sets an installation up without a process: migrated database, empty
// queue, keys and a mail server.
func New(tb testing.TB, mail sendertest.SinkConfig) *Fleet {
	tb.Helper()
	f := &Fleet{TB: tb, dir: tb.TempDir(), Base: "localhost:" + freePort(tb)}
	program, err := build()
	if err != nil {
		tb.Fatal(err)
	}
	f.program = program
	if f.Sink, err = sendertest.NewSink(mail); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(f.Sink.Close)
	f.OwnerURL, f.AppURL = testenv.NewDatabase(tb, func(owner string) error {
		_, err := db.MigratePostgres(tb.Context(), owner, migrations.Files)
		return err
	})
	redis := testenv.Redis(tb)
	if redis == "" {
		tb.Fatal("TEST_REDIS_URL is not set: run `make test`, or name a server such as redis://127.0.0.1:6379")
	}
	f.environ = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + f.dir,
		"TILGANG_DATABASE_URL=" + f.AppURL, "TILGANG_REDIS_URL=" + redis, "TILGANG_BASE_URL=http://" + f.Base,
		"TILGANG_KEYSET=" + f.keys(), "TILGANG_MAIL=smtp",
		fmt.Sprintf("TILGANG_SMTP_URL=smtp://%s:%d?tls=none", f.Sink.Host(), f.Sink.Port()),
	}
	return f
}

// keys are the installation's own.
func (f *Fleet) keys() string {
	f.TB.Helper()
	file := filepath.Join(f.dir, "keys", "keyset.json")
	f.Run("keyset", file)
	return file
}

// Employer takes an employer in; yaml is its tenant.yaml.
func (f *Fleet) Employer(slug, yaml string) {
	f.TB.Helper()
	folder := filepath.Join(f.dir, slug)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		f.TB.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "tenant.yaml"), []byte(yaml), 0o600); err != nil {
		f.TB.Fatal(err)
	}
	f.Run("tenant", "apply", folder)
}

// Browser is a person's, who comes in by the given process.
func (f *Fleet) Browser(slug string, by *Process) *apptest.Browser {
	f.TB.Helper()
	w := &apptest.World{T: f.TB, Base: by.Address}
	return w.BrowserOn(slug + "." + f.Base)
}

// program is built once a test program, from what the tests without the race
// detector compiled; Main removes it.
var program struct {
	once   sync.Once
	folder string
	err    error
}

func build() (string, error) {
	program.once.Do(func() {
		if program.folder, program.err = os.MkdirTemp("", "tilgang-fleet"); program.err != nil {
			return
		}
		cmd := exec.Command("go", "build", "-ldflags=-s -w", "-o", filepath.Join(program.folder, "tilgang"), "tilgang/cmd/tilgang")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			program.err = fmt.Errorf("build the program: %w\n%s", err, out)
		}
	})
	return filepath.Join(program.folder, "tilgang"), program.err
}

// Main runs the tests, all at once since they mostly wait, and removes the
// program that they built.
func Main(m *testing.M) int {
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	code := m.Run()
	if program.folder != "" {
		_ = os.RemoveAll(program.folder)
	}
	return code
}

func freePort(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// staff writes a staff file of n people, from number first on, and names it.
func (f *Fleet) staff(first, n int) string {
	f.TB.Helper()
	var b strings.Builder
	b.WriteString("employee_number;given_name;family_name;work_email;language;job_title;org_unit;manager_employee_number;start_date\n")
	languages := []string{"en", "da", "nb", "sv"}
	for i := first; i < first+n; i++ {
		manager := ""
		if i > first {
			manager = fmt.Sprint(first + (i-first)/10)
		}
		fmt.Fprintf(&b, "%d;Given%d;Family%d;person%d@post.example;%s;Clerk;Region %d > Shop %d;%s;2026-01-01\n",
			i, i%977, i%1009, i, languages[i%len(languages)], i%7, i%91, manager)
	}
	file := filepath.Join(f.dir, fmt.Sprintf("staff-%d-%d.csv", first, n))
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		f.TB.Fatal(err)
	}
	return file
}

// Superuser is the address of the database as its superuser.
func (f *Fleet) Superuser() string {
	f.TB.Helper()
	admin, err := url.Parse(testenv.AdminURL(f.TB))
	if err != nil {
		f.TB.Fatal(err)
	}
	own, err := url.Parse(f.OwnerURL)
	if err != nil {
		f.TB.Fatal(err)
	}
	admin.Path = own.Path
	return admin.String()
}
