package email

import (
	"context"
	"sync"
	"time"
)

// pool bounds how many sends run at once and keeps their connections. The
// newest is used first, so that a quiet hour lets the others grow old and go.
type pool struct {
	slots chan struct{}
	limit time.Duration

	mu     sync.Mutex
	idle   []*conn
	closed bool
	sweep  *time.Timer
}

func newPool(size int, limit time.Duration) *pool {
	return &pool{slots: make(chan struct{}, size), limit: limit}
}

// enter waits for leave to be sent on a connection.
func (p *pool) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if p.isClosed() {
		p.leave()
		return ErrClosed
	}
	return nil
}

func (p *pool) leave() { <-p.slots }

func (p *pool) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

// take gives the connection used last, nil when none young enough is kept.
func (p *pool) take() *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.idle)
	if n == 0 {
		return nil
	}
	c := p.idle[n-1]
	if time.Since(c.used) > p.limit {
		p.retire(n)
		return nil
	}
	p.idle = p.idle[:n-1]
	return c
}

func (p *pool) put(c *conn) {
	c.used = time.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		go c.quit()
		return
	}
	p.idle = append(p.idle, c)
	if p.sweep == nil {
		p.sweep = time.AfterFunc(p.limit, p.expire)
	}
}

// expire closes what nobody used for the limit and looks again while any is left.
func (p *pool) expire() {
	p.mu.Lock()
	defer p.mu.Unlock()
	old := 0
	for old < len(p.idle) && time.Since(p.idle[old].used) >= p.limit {
		old++
	}
	p.retire(old)
	p.sweep = nil
	if len(p.idle) > 0 && !p.closed {
		p.sweep = time.AfterFunc(p.limit, p.expire)
	}
}

// retire says goodbye on the n oldest connections; the lock is held.
func (p *pool) retire(n int) {
	for _, c := range p.idle[:n] {
		go c.quit()
	}
	p.idle = append([]*conn(nil), p.idle[n:]...)
}

// close refuses new sends, says goodbye on the kept connections together and
// waits for that, at most the time of one quit.
func (p *pool) close() {
	p.mu.Lock()
	idle := p.idle
	p.idle, p.closed = nil, true
	if p.sweep != nil {
		p.sweep.Stop()
	}
	p.mu.Unlock()
	var wait sync.WaitGroup
	for _, c := range idle {
		wait.Go(c.quit)
	}
	wait.Wait()
}
