package apptest

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"sync"

	"tilgang/internal/db/dbtest"
)

// Past is what a world can go back to, for tests that go on from one moment in
// more ways than one. Whoever goes back sees nothing of what came after: it is the
// same in the database, on the clock and in all that the process remembers of
// either. On SQLite alone.
type Past struct {
	w    *World
	rows *dbtest.Snapshots
}

// Past begins to keep moments. From then on bounds are counted in this process.
func (w *World) Past() *Past {
	w.T.Helper()
	w.CountHere()
	return &Past{w: w, rows: dbtest.NewSnapshots(w.T, w.DB)}
}

// Mark notes how everything is now, while nobody asks for anything; back makes it
// so again, as often as it is called.
func (p *Past) Mark() (back func()) {
	p.w.T.Helper()
	s := &p.w.App.Services
	p.settle()
	rows, err := p.rows.Take()
	if err != nil {
		p.w.T.Fatal(err)
	}
	now, counted, mail := p.w.Clock.Now(), s.Limiter.Mark(), s.Mailbox.Mark()
	return func() {
		p.w.T.Helper()
		p.settle()
		if err := rows(); err != nil {
			p.w.T.Fatal(err)
		}
		p.w.Clock.Set(now)
		counted()
		mail()
	}
}

// settle leaves nothing about sessions in memory that is not in the database.
func (p *Past) settle() {
	p.w.T.Helper()
	if err := p.w.App.Services.Sessions.Settle(); err != nil {
		p.w.T.Fatal(err)
	}
}

// Mark notes what the browser holds; back makes it hold that again, as often as
// it is called.
func (b *Browser) Mark() (back func()) {
	b.T.Helper()
	told, page, steps := b.jar.list(), b.Page, b.Steps
	return func() {
		b.Forget()
		for _, t := range told {
			b.jar.SetCookies(t.by, t.cookies)
		}
		b.Page, b.Steps = page, steps
	}
}

// jar is a cookie jar that remembers what it was told, in order. A browser may
// ask for several things at once.
type jar struct {
	*cookiejar.Jar

	mu   sync.Mutex
	told []told
}

type told struct {
	by      *url.URL
	cookies []*http.Cookie
}

// SetCookies keeps what an answer sets.
func (j *jar) SetCookies(by *url.URL, cookies []*http.Cookie) {
	j.mu.Lock()
	j.told = append(j.told, told{by, cookies})
	j.mu.Unlock()
	j.Jar.SetCookies(by, cookies)
}

func (j *jar) list() []told {
	j.mu.Lock()
	defer j.mu.Unlock()
	return slices.Clone(j.told)
}

// newJar is empty.
func newJar() (*jar, error) {
	j, err := cookiejar.New(nil)
	return &jar{Jar: j}, err
}
