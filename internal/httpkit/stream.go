package httpkit

import (
	"context"
	"errors"
	"io"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"
)

// The bounds of an answer that is written while it is read: one piece of it may
// take as long as a whole page may, all of it half an hour.
const (
	pieceTime  = 30 * time.Second
	streamTime = 30 * time.Minute
)

// Stream is a file that goes out while it is read.
type Stream struct {
	Name   string
	Type   string
	Inline bool  // shown in the browser; else saved
	Bytes  int64 // -1: not known yet
}

// Stream answers with a file, piece by piece. write gets a context that outlives
// the handler; src, which may be nil, is closed when it is done. When it fails the
// connection breaks, so that half a file is never taken for a whole one. A part
// of the file is not given: what asks for one gets all of it (RFC 9110 14.2).
// HEAD gets the headers, and write is not called.
func (c *Ctx) Stream(s Stream, src io.Closer, write func(ctx context.Context, w io.Writer) error) error {
	c.disposition(map[bool]string{true: "inline", false: "attachment"}[s.Inline], s.Name)
	c.fiber.Set("Content-Type", s.Type)
	c.fiber.Set("Accept-Ranges", "none")
	if c.fiber.Method() == fiber.MethodHead {
		c.fiber.Response().SkipBody = true
		if s.Bytes >= 0 {
			c.fiber.Response().Header.SetContentLength(int(s.Bytes))
		}
		return shut(src)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), streamTime)
	out, in := io.Pipe()
	conn := c.fiber.Context().Conn()
	go func() {
		defer cancel()
		err := guardStream(func() error { return write(ctx, &patient{w: in, conn: conn}) })
		_ = in.CloseWithError(errors.Join(err, shut(src)))
	}()
	c.fiber.Context().SetBodyStream(out, int(s.Bytes))
	return nil
}

func shut(src io.Closer) error {
	if src == nil {
		return nil
	}
	return src.Close()
}

// errPanicked stands for a panic while writing.
var errPanicked = errors.New("writing a file panicked")

// guardStream keeps a panic from ending the process: it runs beside the
// request's own guard.
func guardStream(fn func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errPanicked
		}
	}()
	return fn()
}

// patient gives each piece its own time on the wire.
type patient struct {
	w    io.Writer
	conn net.Conn
}

// Write implements io.Writer.
func (p *patient) Write(b []byte) (int, error) {
	if p.conn != nil {
		_ = p.conn.SetWriteDeadline(time.Now().Add(pieceTime))
	}
	return p.w.Write(b)
}
