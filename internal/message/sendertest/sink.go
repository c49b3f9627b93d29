package sendertest

import (
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// SinkConfig shapes a Sink; the zero value takes every mail in plain text.
type SinkConfig struct {
	Script      Script        // failures; nil: none
	TLS         *tls.Config   // offers STARTTLS with it
	Implicit    bool          // speaks TLS from the first byte; needs TLS
	User, Pass  string        // asks for PLAIN or LOGIN when User is set
	SMTPUTF8    bool          // offers it (RFC 6531)
	Delay       time.Duration // before each answer to a whole mail, as a slow relay
	Idle        time.Duration // a silent line is closed after it; default 1 min
	Connections int           // at most, further ones get 421; default 200
	Keep        int           // newest mails kept; default 1000, negative: none, only counted
	MaxSize     int           // bytes of a mail; default 10 MiB
}

// Sink is an SMTP server on loopback that keeps what it is given.
type Sink struct {
	config   SinkConfig
	listener net.Listener
	running  sync.WaitGroup

	open, dialled, counted atomic.Int64

	mu    sync.Mutex
	lines map[net.Conn]struct{}
	mails []*taken
	done  bool
}

// taken is a mail as it came; it is read once, however often tests look.
type taken struct {
	from string
	to   []string
	raw  []byte
	read sync.Once
	mail ReceivedMail
	err  error
}

func (t *taken) parsed() (ReceivedMail, error) {
	t.read.Do(func() {
		t.mail, t.err = Parse(t.raw)
		t.mail.EnvelopeFrom, t.mail.EnvelopeTo = t.from, t.to
	})
	return t.mail, t.err
}

// NewSink starts a sink on a free loopback port; Close ends it.
func NewSink(c SinkConfig) (*Sink, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("sink: %w", err)
	}
	s := &Sink{config: c.withDefaults(), listener: listener, lines: map[net.Conn]struct{}{}}
	s.running.Add(1)
	go s.accept()
	return s, nil
}

func (c SinkConfig) withDefaults() SinkConfig {
	if c.Script == nil {
		c.Script = func(Step) Reply { return Reply{} }
	}
	if c.Idle <= 0 {
		c.Idle = time.Minute
	}
	if c.Connections <= 0 {
		c.Connections = 200
	}
	if c.Keep == 0 {
		c.Keep = 1000
	}
	if c.MaxSize <= 0 {
		c.MaxSize = 10 << 20
	}
	return c
}

// Host is where it listens.
func (s *Sink) Host() string { return s.listener.Addr().(*net.TCPAddr).IP.String() }

// Port is where it listens.
func (s *Sink) Port() int { return s.listener.Addr().(*net.TCPAddr).Port }

// Count is how many mails it took, those no longer kept included.
func (s *Sink) Count() int { return int(s.counted.Load()) }

// Dialled is how many connections were opened to it so far.
func (s *Sink) Dialled() int { return int(s.dialled.Load()) }

// Mails reads the kept mails, oldest first.
func (s *Sink) Mails() ([]ReceivedMail, error) {
	s.mu.Lock()
	kept := slices.Clone(s.mails)
	s.mu.Unlock()
	mails := make([]ReceivedMail, 0, len(kept))
	for _, k := range kept {
		m, err := k.parsed()
		if err != nil {
			return nil, err
		}
		mails = append(mails, m)
	}
	return mails, nil
}

// HangUp closes every open line at once, as a relay does that restarts.
func (s *Sink) HangUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for line := range s.lines {
		_ = line.Close()
	}
}

// Close stops listening, closes the lines and waits for them to end.
func (s *Sink) Close() {
	s.mu.Lock()
	s.done = true
	s.mu.Unlock()
	_ = s.listener.Close()
	s.HangUp()
	s.running.Wait()
}

func (s *Sink) accept() {
	defer s.running.Done()
	for {
		line, err := s.listener.Accept()
		if err != nil {
			return
		}
		number := int(s.dialled.Add(1))
		if !s.enter(line) {
			_ = line.Close()
			continue
		}
		s.running.Add(1)
		go s.serve(line, number)
	}
}

func (s *Sink) serve(line net.Conn, number int) {
	defer s.running.Done()
	defer s.leave(line)
	newTalk(s, line, number).run()
}

func (s *Sink) enter(line net.Conn) bool {
	if s.open.Add(1) > int64(s.config.Connections) {
		s.open.Add(-1)
		_, _ = line.Write([]byte("421 4.3.2 too many connections\r\n"))
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done {
		s.open.Add(-1)
		return false
	}
	s.lines[line] = struct{}{}
	return true
}

func (s *Sink) leave(line net.Conn) {
	_ = line.Close()
	s.open.Add(-1)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.lines, line)
}

func (s *Sink) keep(m *taken) int {
	number := int(s.counted.Add(1))
	if s.config.Keep < 0 {
		return number
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, m)
	if len(s.mails) > s.config.Keep {
		s.mails[0] = nil
		s.mails = s.mails[1:]
	}
	return number
}
