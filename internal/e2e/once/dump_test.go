package once_test

import (
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/clock"
	"tilgang/internal/db/dbtest"
	"tilgang/internal/e2e"
	"tilgang/internal/e2e/dump"
	"tilgang/internal/obs"
)

// kept is a world whose people are listened to, and of which everything that it
// keeps is gathered: after each kind of secret was made and again once it was
// used, so that what waits is seen too.
type kept struct {
	*world

	secrets *dump.Secrets
	pile    *dump.Pile
	queue   *tapped
	log     *tape
	tables  func(put func(where string, value []byte))
}

// No secret of any kind stands in the database, in a file, in the queue or in
// the log: not while it waits, not when it was used, in no encoding. The
// practice mailbox is left out: it is the post that a demonstration never sends,
// and serve refuses it.
func TestNothingIsKeptInClear(t *testing.T) {
	k := keep(t)
	k.employers()
	for _, one := range kinds() {
		t.Run(one.name, func(t *testing.T) { k.drive(t, one) })
	}
	for _, one := range []struct {
		name  string
		story func(*kept)
	}{{"numbers in a staff file", (*kept).staff}, {"an electronic identity with a number", (*kept).proven}, {"documents with a number", (*kept).papers}, {"everything taken away", (*kept).taken}} {
		t.Run(one.name, func(t *testing.T) {
			defer k.within(t)()
			k.Pass(time.Hour)
			one.story(k)
			k.gather(one.name)
		})
	}
	k.crossing()
	k.gather("the end")
	k.files()
	k.every()
	for _, found := range k.pile.Find(k.secrets) {
		t.Error(found)
	}
}

// drive makes a kind of secret and uses it once.
func (k *kept) drive(t *testing.T, one kind) {
	defer k.within(t)()
	k.Pass(25 * time.Hour)
	had := k.secrets.Len()
	r := one.prepare(k.world)
	k.listen(r)
	k.gather(one.name + ", made")
	if k.secrets.Len() == had {
		t.Errorf("%s: no secret was seen", one.name)
	}
	for _, answer := range k.send(r) {
		k.kind(answer)
	}
	k.Work()
	k.gather(one.name + ", used")
}

// every fails where a sort of secret was never seen, and so never looked for, or
// where the pile lacks what must be in it in clear.
func (k *kept) every() {
	k.t.Helper()
	seen := k.secrets.Count()
	for _, sort := range []string{cookieSort, passwordSort, typedSort, tokenSort, stateSort, pageSort, mailSort, seedSort, robotSort, numberSort} {
		if seen[sort] == 0 {
			k.t.Errorf("no %s was seen; seen were %v", sort, slices.Sorted(maps.Keys(seen)))
		}
	}
	var open dump.Secrets
	open.Add("an address", "hanne@post.example")
	open.Add("a word of the queue", "asynq:{")
	open.Add("a word of the figures", "tilgang_http_requests_total")
	found := strings.Join(k.pile.Find(&open), "\n")
	for _, want := range []string{"an address, as it is, stands in the table", "a word of the queue, as it is, stands in the queue", "a word of the figures, as it is, stands in the figures"} {
		if !strings.Contains(found, want) {
			k.t.Errorf("not so: %s", want)
		}
	}
	k.t.Logf("%v were looked for in %d bytes", seen, k.pile.Size())
}

// keep starts an installation of which nothing is lost from sight.
func keep(t *testing.T) *kept {
	t.Helper()
	now := clock.NewFake(dbtest.Start)
	d, tables := opened(t, now)
	k := &kept{secrets: &dump.Secrets{}, pile: &dump.Pile{}, queue: tap(t), log: &tape{}, tables: tables}
	settings := []string{proxied, "TILGANG_REDIS_URL=" + k.queue.url}
	stage := &e2e.Stage{World: apptest.Logged(t, d, now, obs.NewLogger(k.log, "text", slog.LevelDebug), settings...)}
	stage.Wrap = func(next http.RoundTripper) http.RoundTripper { return ear{next, k.secrets} }
	k.world = &world{Stage: stage, t: t, tell: func(string) {}, clients: 1}
	k.doors = []*apptest.World{stage.World}
	return k
}

// gather adds what is kept at a moment.
func (k *kept) gather(when string) {
	k.t.Helper()
	k.mails()
	k.tables(func(where string, value []byte) { k.pile.Put(where+" ("+when+")", value) })
}
