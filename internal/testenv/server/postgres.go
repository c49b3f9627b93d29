package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// startPostgres makes a cluster in folder and returns its superuser's URL.
func startPostgres(ctx context.Context, folder string, purpose Purpose) (*process, string, error) {
	login, err := unprivileged()
	if err != nil {
		return nil, "", err
	}
	home := filepath.Join(folder, "postgres")
	if err := own(home, login); err != nil {
		return nil, "", err
	}
	password := rand.Text()
	if err := initCluster(ctx, home, password, login); err != nil {
		return nil, "", err
	}
	port, err := freePort()
	if err != nil {
		return nil, "", err
	}
	p, err := launch("postgres", home, syscall.SIGQUIT, login, postgresArgs(home, port, purpose)...)
	if err != nil {
		return nil, "", err
	}
	at := &url.URL{
		Scheme: "postgres", User: url.UserPassword("postgres", password),
		Host: "127.0.0.1:" + port, Path: "/postgres", RawQuery: "sslmode=disable",
	}
	if err := p.ready(ctx, func(ctx context.Context) error { return pingPostgres(ctx, at.String()) }); err != nil {
		p.stop()
		return nil, "", err
	}
	return p, at.String(), nil
}

// postgresArgs trades durability for speed: this cluster is thrown away, and
// is stopped by an immediate shutdown for the same reason.
func postgresArgs(home, port string, purpose Purpose) []string {
	args := []string{postgresBin("postgres"), "-D", filepath.Join(home, "data"), "-p", port}
	settings := []string{
		"listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200",
		"fsync=off", "synchronous_commit=off", "full_page_writes=off",
		"wal_level=minimal", "max_wal_senders=0", "shared_buffers=128MB", "max_parallel_workers_per_gather=0",
	}
	if purpose == Figures {
		settings = append(settings, counting()...)
	} else {
		settings = append(settings, hasty()...)
	}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return args
}

// hasty leaves out what pays only where a database lives for more than seconds:
// its tidying and statistics, plans for each value of a statement, compiling
// large ones. Half of the server's time in the stories.
func hasty() []string {
	return []string{"autovacuum=off", "track_counts=off", "track_activities=off", "plan_cache_mode=force_generic_plan", "jit=off"}
}

// counting lets benchmarks count statements, where the server can.
func counting() []string {
	if !counts(postgresBin("postgres")) {
		return nil
	}
	return []string{"shared_preload_libraries=pg_stat_statements"}
}

// counts tells whether a server can count statements; the program may be a link
// to where Debian keeps it, beside its libraries.
func counts(program string) bool {
	if real, err := filepath.EvalSymlinks(program); err == nil {
		program = real
	}
	_, err := os.Stat(filepath.Join(filepath.Dir(program), "..", "lib", "pg_stat_statements.so"))
	return err == nil
}

// initCluster sets md5 passwords: the cluster lives minutes on loopback, and
// the default costs each of thousands of connections several milliseconds.
func initCluster(ctx context.Context, home, password string, login *syscall.Credential) error {
	secret := filepath.Join(home, "password")
	if err := os.WriteFile(secret, []byte(password), 0o600); err != nil {
		return fmt.Errorf("initdb: %w", err)
	}
	if err := chown(secret, login); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, postgresBin("initdb"), //nolint:gosec // the path is looked up, not given
		"-D", filepath.Join(home, "data"), "--no-sync", "--encoding=UTF8", "--locale=C",
		"--username=postgres", "--auth=md5", "--pwfile="+secret)
	cmd.Dir = home
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: login}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return nil
}

func pingPostgres(ctx context.Context, at string) error {
	conn, err := pgx.Connect(ctx, at)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	return conn.Ping(ctx)
}

// unprivileged is whom root runs Postgres as, since it refuses root; nil
// otherwise.
func unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(account.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(account.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return nil, fmt.Errorf("account %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("postgres refuses to run as root, and there is no account postgres or nobody")
}

// own makes a folder that only login can enter.
func own(folder string, login *syscall.Credential) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", folder, err)
	}
	return chown(folder, login)
}

func chown(path string, login *syscall.Credential) error {
	if login == nil {
		return nil
	}
	if err := os.Chown(path, int(login.Uid), int(login.Gid)); err != nil {
		return fmt.Errorf("hand over %s: %w", path, err)
	}
	return nil
}
