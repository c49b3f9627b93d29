package once_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/db"
)

// clients are how many send a secret at the same moment.
const clients = 50

// race is a secret in the hands of fifty clients: what each sends, and from which
// browser. won tells of an answer whether the secret gave what it gives; rows,
// where there are any, are what one use leaves behind.
type race struct {
	slug   string
	side   string             // "alumni." on the portal for those who have left
	from   []*apptest.Browser // whose cookies client i has; one for all where it is alone
	method string             // POST where empty
	path   string
	fields []string
	won    func(p *apptest.Page) bool
	rows   string
}

// leads tells of an answer whether it goes on to a page.
func leads(path string) func(*apptest.Page) bool {
	return func(p *apptest.Page) bool { return p.Status == http.StatusSeeOther && p.Header.Get("Location") == path }
}

// Of fifty at once, half of them by another process where there is one, one wins.
func TestOfFiftyAtOnceOneWins(t *testing.T) {
	w := setUp(t)
	w.employers()
	for _, k := range kinds() {
		t.Run(k.name, func(t *testing.T) { w.run(t, k) })
	}
}

// employers are as many as kinds of secrets need rules.
func (w *world) employers() {
	w.t.Helper()
	w.Custom("once", yaml)
	w.Custom("coded", strings.ReplaceAll(yaml, "mode: link, life: 24h", "mode: code, life: 30m"))
	w.Custom("moving", yaml+"invitation: {life: 24h, send: on_import, switch: 2027-01-11}\n")
	w.Custom("robots", yaml+"captcha: always\n")
	w.Custom("floor", yaml+"invitation: {life: 24h, send: on_import, without_email: sms, letter_life: 168h}\n")
	w.Custom("left", strings.ReplaceAll(yaml, "offer: skip", "offer: mandatory")+provider+"alumni: {windows: {\"*\": 24 months}, proofing: always}\n")
	w.Custom(known, yaml+provider)
}

// within lets a part of a test fail by itself.
func (w *world) within(t *testing.T) (back func()) {
	before := w.t
	w.t, w.T, w.World.T = t, t, t
	return func() { w.t, w.T, w.World.T = before, before, before }
}

func (w *world) run(t *testing.T, k kind) {
	defer w.within(t)()
	w.Pass(25 * time.Hour) // whatever was counted before is forgotten
	r := k.prepare(w)
	had := w.count(r)
	answers := w.send(r)
	winners, other := 0, map[string]int{}
	for _, p := range answers {
		w.kind(p)
		if r.won != nil && r.won(p) {
			winners++
		}
		other[fmt.Sprintf("%d %s", p.Status, p.Header.Get("Location"))]++
	}
	if r.won != nil && winners != 1 {
		t.Errorf("%d won: %v", winners, other)
	}
	if n := w.count(r) - had; r.rows != "" && n != 1 {
		t.Errorf("%d uses were written down: %v", n, other)
	}
}

// send lets all clients send at once.
func (w *world) send(r race) []*apptest.Page {
	w.t.Helper()
	w.tell(w.Clock.Now().Format(time.RFC3339Nano))
	requests := make([]*http.Request, w.clients)
	browsers := make([]*apptest.Browser, w.clients)
	for i := range browsers {
		door := w.doors[i%len(w.doors)]
		b := door.BrowserOn(r.side + r.slug + "." + w.Base)
		b.From = network(i)
		for _, c := range r.from[i%len(r.from)].Cookies() {
			b.SetCookie(c.Name, c.Value)
		}
		form := url.Values{}
		for at := 0; at+1 < len(r.fields); at += 2 {
			form.Set(r.fields[at], r.fields[at+1])
		}
		browsers[i], requests[i] = b, b.Request(cmp.Or(r.method, http.MethodPost), r.path, strings.NewReader(form.Encode()))
		requests[i].Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answers, start := make([]*apptest.Page, w.clients), make(chan struct{})
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { <-start; answers[i] = browsers[i].Raw(requests[i]) })
	}
	close(start)
	all.Wait()
	return answers
}

// network is a client's own.
func network(i int) string { return fmt.Sprintf("198.51.100.%d", i+1) }

// kind fails for an answer that is no calm page of ours.
func (w *world) kind(p *apptest.Page) {
	w.t.Helper()
	if p.Status == http.StatusSeeOther || p.Status == http.StatusOK {
		return
	}
	calm := []int{http.StatusUnauthorized, http.StatusUnprocessableEntity, http.StatusConflict, http.StatusGone, http.StatusTooManyRequests, http.StatusNotFound}
	if !slices.Contains(calm, p.Status) || len(p.All("h1")) != 1 {
		w.t.Errorf("somebody got %d: %s", p.Status, p.Text())
	}
}

// count tells how many uses are written down.
func (w *world) count(r race) (n int) {
	w.t.Helper()
	if r.rows == "" {
		return 0
	}
	err := w.DB.Read(w.Operator(r.slug), func(ctx context.Context) error {
		return db.Rows(ctx, &n, "SELECT COUNT(*) FROM "+r.rows+" AND tenant_id = @tenant")
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// acted counts the audit rows of an action.
func acted(action string) string { return "audit_events WHERE action = '" + action + "'" }
