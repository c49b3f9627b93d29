package config

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"time"
)

// Problems are all reasons why the program does not start, each a sentence with the next step.
type Problems []string

// Error is the problems, one a line.
func (p Problems) Error() string { return strings.Join(p, "\n") }

// reader collects settings and problems while the variables are gone through.
type reader struct {
	cfg      Config
	problems Problems
}

func (r *reader) problem(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

// Load reads the settings from environ, lines of NAME=value as os.Environ gives them. The error
// is Problems. A variable set to nothing counts as not set.
func Load(environ []string, mode Mode) (Config, error) {
	r := &reader{cfg: defaults(mode)}
	values := r.collect(environ)
	for _, v := range variables() {
		if value, ok := values[v.name]; ok {
			v.read(r, value)
		}
	}
	r.derive()
	if len(r.problems) == 0 {
		r.check()
	}
	if len(r.problems) > 0 {
		return Config{}, r.problems
	}
	return r.cfg, nil
}

func defaults(mode Mode) Config {
	c := Config{
		Mode: mode, DataDir: "var", Listen: "127.0.0.1:8080",
		SMTP: SMTP{TLS: StartTLS, Connections: 8, Timeout: 30 * time.Second},
		Log:  Log{Format: "text", Level: slog.LevelInfo},
	}
	switch mode { //nolint:exhaustive // the others serve nobody
	case Serve, Worker:
		c.Log.Format = "json"
	case Demo:
		c.Mail, c.SMS, c.Voice = Practice, PracticeSMS, PracticeVoice
	}
	return c
}

// derive fills what follows from other settings.
func (r *reader) derive() {
	c := &r.cfg
	if c.BaseURL == "" {
		r.baseURL("http://localhost:" + portOf(c.Listen))
	}
	// A folder of this machine does only where this machine is all there is: what
	// one process kept there, no other would find.
	if c.Files.Folder == "" && c.Files.Bucket == "" && (c.Embedded() || c.Mode == Demo) {
		c.Files.Folder = filepath.Join(c.DataDir, "files")
	}
	if c.KeysetPath == "" && c.KeysetJSON == "" {
		c.KeysetPath = filepath.Join(c.DataDir, "keyset.json")
		c.keysetDefault = true
	}
}
