package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const (
	startWait = time.Minute
	stopWait  = 15 * time.Second
)

// process is a server that this program started.
type process struct {
	name string
	log  string // path of its output
	cmd  *exec.Cmd
	done chan struct{} // closed when it has ended
	quit syscall.Signal
}

// launch starts a program in its own process group, so that a Ctrl-C reaches
// the suite first, which then stops it in order.
func launch(name, folder string, quit syscall.Signal, login *syscall.Credential, argv ...string) (*process, error) {
	log := filepath.Join(folder, name+".log")
	out, err := os.Create(log) //nolint:gosec // folder is our own temporary one
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	defer func() { _ = out.Close() }()
	cmd := exec.Command(argv[0], argv[1:]...) //nolint:gosec,noctx // a known program; stop ends it, in its own way
	cmd.Dir, cmd.Stdout, cmd.Stderr = folder, out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: login}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	p := &process{name: name, log: log, cmd: cmd, done: make(chan struct{}), quit: quit}
	go func() { _ = cmd.Wait(); close(p.done) }()
	return p, nil
}

// ready waits until probe succeeds, the process ends or a minute has passed.
func (p *process) ready(ctx context.Context, probe func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, startWait)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := probe(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("%s ended at once: %s", p.name, p.tail())
		case <-ctx.Done():
			return errors.Join(fmt.Errorf("%s is not ready: %s", p.name, p.tail()), err)
		case <-tick.C:
		}
	}
}

// stop asks, waits, then kills; by process id, and only this one.
func (p *process) stop() {
	_ = p.cmd.Process.Signal(p.quit)
	select {
	case <-p.done:
	case <-time.After(stopWait):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// tail is the end of the server's output.
func (p *process) tail() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-2000):])
}

// freePort asks the kernel for a loopback port that nobody listens on.
func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // binds at once
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = listener.Close() }()
	address, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		return "", errors.New("find a free port: not a TCP address")
	}
	return strconv.Itoa(address.Port), nil
}
