package server

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"tilgang/internal/testenv"
)

// Need is a program that the suite cannot do without.
type Need struct {
	What     string // as people call it
	Variable string // the environment variable that names one instead
	Packages []string
	Brew     string
	found    func() bool
}

// Needs lists everything that the whole suite runs on.
func Needs() []Need {
	return []Need{
		{"a PostgreSQL server, 14 or later", "TEST_POSTGRES_URL", []string{"postgresql"}, "postgresql@17", havePostgres},
		{"a Redis server, 6 or later", "TEST_REDIS_URL", []string{"redis-server"}, "redis", have("redis-server")},
		{"Chromium or Chrome", "CHROME", []string{"chromium-headless-shell"}, "--cask chromium", haveChrome},
		{"a C compiler, for the race detector", "CC", []string{"gcc", "libc6-dev"}, "gcc", haveCompiler},
	}
}

// Missing is what of it neither the environment nor this machine provides.
func Missing(needs []Need) []Need {
	var missing []Need
	for _, need := range needs {
		if os.Getenv(need.Variable) == "" && !need.found() {
			missing = append(missing, need)
		}
	}
	return missing
}

func have(program string) func() bool {
	return func() bool { _, err := exec.LookPath(program); return err == nil }
}

func havePostgres() bool { return postgresBin("postgres") != "" && postgresBin("initdb") != "" }

func haveChrome() bool { _, err := testenv.Chrome(); return err == nil }

func haveCompiler() bool {
	return runtime.GOOS == "darwin" || have("gcc")() || have("clang")()
}

// postgresBin is the path of a Postgres program: on PATH, else the newest of
// the places in which Debian, Fedora and Homebrew put the versions.
func postgresBin(name string) string {
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	var found []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin/", "/usr/pgsql-*/bin/", "/opt/homebrew/opt/postgresql@*/bin/", "/usr/local/opt/postgresql@*/bin/",
	} {
		paths, _ := filepath.Glob(pattern + name)
		found = append(found, paths...)
	}
	if len(found) == 0 {
		return ""
	}
	return slices.MaxFunc(found, func(a, b string) int { return cmp.Compare(versionIn(a), versionIn(b)) })
}

// versionIn is the major version in a path such as /usr/lib/postgresql/15/bin/x.
func versionIn(path string) int {
	digits := strings.FieldsFunc(path, func(r rune) bool { return r < '0' || r > '9' })
	if len(digits) == 0 {
		return 0
	}
	number, err := strconv.Atoi(digits[0])
	if err != nil {
		return 0
	}
	return number
}
