package sendertest

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"time"
)

// maxCommand is the longest command line, in bytes (RFC 5321 4.5.3.1.4 asks
// for 512, AUTH for 12,288; ours lies between).
const maxCommand = 4096

// talk is one connection's conversation.
type talk struct {
	sink   *Sink
	line   net.Conn
	in     *bufio.Reader
	out    *bufio.Writer
	number int
	mail   int
	secure bool
	known  bool
	taken  *taken
}

func newTalk(s *Sink, line net.Conn, number int) *talk {
	t := &talk{sink: s, line: line, number: number, taken: &taken{}}
	if s.config.Implicit {
		t.line, t.secure = tls.Server(line, s.config.TLS), true
	}
	t.buffers()
	return t
}

func (t *talk) buffers() {
	t.in, t.out = bufio.NewReaderSize(t.line, maxCommand), bufio.NewWriter(t.line)
}

func (t *talk) run() {
	if !t.answer(Greet, "", "220 sink ESMTP") {
		return
	}
	for {
		_ = t.line.SetDeadline(time.Now().Add(t.sink.config.Idle))
		command, err := t.in.ReadSlice('\n')
		if err != nil {
			return
		}
		verb, arg, _ := strings.Cut(strings.TrimRight(string(command), "\r\n"), " ")
		if !t.obey(strings.ToUpper(verb), arg) {
			return
		}
	}
}

// obey answers one command and tells whether the talk goes on.
func (t *talk) obey(verb, arg string) bool {
	switch verb {
	case "EHLO", "HELO":
		return t.hello(arg)
	case "STARTTLS":
		return t.startTLS()
	case "AUTH":
		return t.auth(arg)
	case "MAIL":
		return t.from(arg)
	case "RCPT":
		return t.to(arg)
	case "DATA":
		return t.data()
	case "RSET":
		t.taken = &taken{}
		return t.say("250 2.0.0 ok")
	case "NOOP":
		return t.say("250 2.0.0 ok")
	case "QUIT":
		t.say("221 2.0.0 bye")
		return false
	}
	return t.say("502 5.5.1 unknown command")
}

func (t *talk) hello(arg string) bool {
	c := t.sink.config
	lines := []string{"sink", "8BITMIME", "ENHANCEDSTATUSCODES", "SIZE " + strconv.Itoa(c.MaxSize)}
	if c.SMTPUTF8 {
		lines = append(lines, "SMTPUTF8")
	}
	if c.TLS != nil && !t.secure {
		lines = append(lines, "STARTTLS")
	}
	if c.User != "" {
		lines = append(lines, "AUTH PLAIN LOGIN")
	}
	last := len(lines) - 1
	return t.answer(Hello, arg, "250-"+strings.Join(lines[:last], "\r\n250-")+"\r\n250 "+lines[last])
}

func (t *talk) startTLS() bool {
	if t.sink.config.TLS == nil || t.secure {
		return t.say("502 5.5.1 not offered")
	}
	if !t.say("220 2.0.0 go ahead") {
		return false
	}
	t.line, t.secure = tls.Server(t.line, t.sink.config.TLS), true
	t.buffers()
	return true
}

func (t *talk) auth(arg string) bool {
	how, first, _ := strings.Cut(arg, " ")
	want := "\x00" + t.sink.config.User + "\x00" + t.sink.config.Pass
	said := first
	if strings.EqualFold(how, "LOGIN") {
		user, pass := t.ask("VXNlcm5hbWU6"), t.ask("UGFzc3dvcmQ6")
		said = base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + pass))
	}
	if given, err := base64.StdEncoding.DecodeString(said); err != nil || string(given) != want {
		return t.say("535 5.7.8 wrong user or password")
	}
	t.known = true
	return t.answer(Auth, how, "235 2.7.0 welcome")
}

func (t *talk) ask(prompt string) string {
	t.say("334 " + prompt)
	line, err := t.in.ReadString('\n')
	if err != nil {
		return ""
	}
	given, _ := base64.StdEncoding.DecodeString(strings.TrimSpace(line))
	return string(given)
}

func (t *talk) from(arg string) bool {
	t.mail++
	if t.sink.config.User != "" && !t.known {
		return t.say("530 5.7.0 sign in first")
	}
	t.taken = &taken{from: bracketed(arg)}
	return t.answer(From, arg, "250 2.1.0 ok")
}

func (t *talk) to(arg string) bool {
	if len(t.taken.to) == 100 {
		return t.say("452 4.5.3 too many recipients")
	}
	t.taken.to = append(t.taken.to, bracketed(arg))
	return t.answer(To, arg, "250 2.1.5 ok")
}

func (t *talk) data() bool {
	if len(t.taken.to) == 0 {
		return t.say("503 5.5.1 no recipient")
	}
	reply := t.sink.config.Script(t.step(Data, ""))
	if reply != (Reply{}) {
		return t.scripted(reply)
	}
	if !t.say("354 go ahead") {
		return false
	}
	dots := textproto.NewReader(t.in).DotReader()
	raw, err := io.ReadAll(io.LimitReader(dots, int64(t.sink.config.MaxSize)+1))
	if err != nil {
		return false
	}
	if len(raw) > t.sink.config.MaxSize {
		t.say("552 5.3.4 too big")
		return false
	}
	t.taken.raw = raw
	return t.body()
}

// body answers a whole mail; it is kept when the answer takes it, and when the
// script stays silent, which is how a relay looks whose answer got lost.
func (t *talk) body() bool {
	time.Sleep(t.sink.config.Delay)
	mail := t.taken
	t.taken = &taken{}
	reply := t.sink.config.Script(t.step(Body, ""))
	if reply.Silent {
		t.sink.keep(mail)
	}
	if reply != (Reply{}) {
		return t.scripted(reply)
	}
	return t.say("250 2.0.0 ok: queued as S" + strconv.Itoa(t.sink.keep(mail)))
}

func (t *talk) step(stage Stage, arg string) Step {
	return Step{Stage: stage, Conn: t.number, Mail: t.mail, Arg: arg}
}

// answer says the usual line unless the script has another idea.
func (t *talk) answer(stage Stage, arg, usual string) bool {
	if reply := t.sink.config.Script(t.step(stage, arg)); reply != (Reply{}) {
		return t.scripted(reply)
	}
	return t.say(usual)
}

func (t *talk) scripted(r Reply) bool {
	if r.Silent {
		_, _ = io.Copy(io.Discard, t.line)
		return false
	}
	if r.Line != "" && !t.say(r.Line) {
		return false
	}
	return !r.Close
}

func (t *talk) say(line string) bool {
	_, _ = t.out.WriteString(line + "\r\n")
	return t.out.Flush() == nil
}

func bracketed(arg string) string {
	_, rest, _ := strings.Cut(arg, "<")
	address, _, _ := strings.Cut(rest, ">")
	return address
}
