package fleet

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// patience bounds the start of a process and every wait for what it does.
const patience = time.Minute

// Process is one running `serve` or `worker`.
type Process struct {
	Address string // host:port it listens on; empty for a worker
	Started time.Duration
	cmd     *exec.Cmd
	log     string
	fleet   *Fleet
	ended   chan struct{}
}

// Serve starts a web process, without relay and worker, and waits until it is
// ready.
func (f *Fleet) Serve() *Process {
	f.TB.Helper()
	address := "127.0.0.1:" + freePort(f.TB)
	p := f.start([]string{"TILGANG_LISTEN=" + address}, "serve", "--worker=false")
	p.Address = address
	began := time.Now()
	p.await("answer", func() bool {
		res, err := http.Get("http://" + address + "/readyz") //nolint:noctx // loopback, in a bounded wait
		if err != nil {
			return false
		}
		_ = res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	p.Started = time.Since(began)
	return p
}

// Worker starts a process that relays and works; further settings may follow.
func (f *Fleet) Worker(settings ...string) *Process {
	f.TB.Helper()
	p := f.start(settings, "worker")
	p.await("begin to work", func() bool { return strings.Contains(p.said(), "working") })
	return p
}

func (f *Fleet) start(settings []string, args ...string) *Process {
	f.TB.Helper()
	p := &Process{fleet: f, ended: make(chan struct{}), cmd: exec.Command(f.program, args...)}
	p.log = filepath.Join(f.dir, fmt.Sprintf("%s-%d.log", args[0], time.Now().UnixNano()))
	out, err := os.Create(p.log)
	if err != nil {
		f.TB.Fatal(err)
	}
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = append(f.environ[:len(f.environ):len(f.environ)], settings...), out, out
	if err := p.cmd.Start(); err != nil {
		f.TB.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait()
		_ = out.Close()
		close(p.ended)
	}()
	f.TB.Cleanup(p.Stop)
	return p
}

// Kill ends the process at once, as a machine that loses power.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// Stop asks the process to end and waits; it may be called more than once.
func (p *Process) Stop() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.Kill()
	}
	if p.fleet.TB.Failed() {
		words := p.said()
		p.fleet.TB.Logf("%s %s\n%s", p.cmd.Path, p.cmd.Args[1], words[max(0, len(words)-4000):])
	}
}

// Resident is the memory that the process holds now, in bytes (Linux).
func (p *Process) Resident() int64 { return p.status("VmRSS:") }

// Peak is the most memory that it ever held, in bytes (Linux).
func (p *Process) Peak() int64 { return p.status("VmHWM:") }

func (p *Process) status(field string) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); len(words) > 1 && words[0] == field {
			kib, _ := strconv.ParseInt(words[1], 10, 64)
			return kib << 10
		}
	}
	return 0
}

func (p *Process) said() string {
	text, _ := os.ReadFile(p.log)
	return string(text)
}

func (p *Process) await(what string, done func() bool) {
	p.fleet.TB.Helper()
	if !eventually(patience, done) {
		p.fleet.TB.Fatalf("%s did not %s\n%s", p.cmd.Args[1], what, p.said())
	}
}

// eventually asks until the answer is yes or the time is over.
func eventually(most time.Duration, done func() bool) bool {
	for began := time.Now(); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > most {
			return false
		}
	}
	return true
}

// Usage is what a command took.
type Usage struct {
	Wall, CPU time.Duration
	Peak      int64 // bytes of memory at most
	Out       string
}

// Run runs a command of the program to its end; it must succeed.
func (f *Fleet) Run(args ...string) Usage {
	f.TB.Helper()
	cmd := exec.CommandContext(context.Background(), f.program, args...)
	var out bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = f.environ, &out, &out
	began := time.Now()
	if err := cmd.Run(); err != nil {
		f.TB.Fatalf("tilgang %s: %v\n%s", strings.Join(args, " "), err, out.String())
	}
	u := Usage{Wall: time.Since(began), CPU: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), Out: out.String()}
	if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		u.Peak = r.Maxrss << 10
	}
	return u
}
