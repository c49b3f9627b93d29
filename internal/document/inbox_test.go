package document_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"tilgang/internal/document"
	"tilgang/internal/document/files"
	"tilgang/internal/document/inbox"
	"tilgang/internal/document/inbox/inboxtest"
	"tilgang/internal/document/parcel"
	"tilgang/internal/httpkit/sitetest"
	"tilgang/internal/tenant"
)

// payroll is a world whose havn has an inbox in a bucket, beside fjord's.
type payroll struct {
	*world

	shelf *inboxtest.Shelf
}

func newPayroll(t *testing.T) *payroll {
	t.Helper()
	p := &payroll{world: newWorld(t), shelf: inboxtest.New(t)}
	tenant.MustFrom(p.ctx).Documents.Inbox = tenant.Inbox{Bucket: "payroll", Prefix: "havn"}
	tenant.MustFrom(p.other).Documents.Inbox = tenant.Inbox{Bucket: "payroll", Prefix: "fjord"}
	return p
}

// another is a second process of the same installation.
func (p *payroll) another() *document.Service {
	return document.New(p.db, p.box, files.NewVault(p.store, p.box), sitetest.Policy(p.t), slog.New(slog.DiscardHandler))
}

func (p *payroll) place() inbox.Place {
	return inbox.NewBucket(p.shelf.Config(), "payroll", "havn")
}

// words are those of the catalogue, as far as a report goes.
func words(key string, args map[string]any) string { return key + fmt.Sprint(args["What"]) }

// puts lays a month down: so many payslips of Anna's, the list last.
func (p *payroll) puts(name string, slips int) {
	list := head
	for i := range slips {
		file := fmt.Sprintf("slips/%d.pdf", i)
		list += slip(file, "1", fmt.Sprintf("%d-%02d-25", 2010+i/12, i%12+1))
		p.shelf.Put("payroll/havn/"+name+"/"+file, string(paper(fmt.Sprint(name, i))))
	}
	p.shelf.Put("payroll/havn/"+name+"/manifest.csv", list)
}

func (p *payroll) look(svc *document.Service, place inbox.Place) (int, error) {
	p.now.Move(time.Minute)
	return svc.Look(p.ctx, document.Watch{Place: place, Words: words})
}

// looks fails unless so many deliveries were moved aside.
func (p *payroll) looks(want int) {
	p.t.Helper()
	if n, err := p.look(p.svc, p.place()); n != want || err != nil {
		p.t.Fatalf("%d were moved aside, %v", n, err)
	}
}

func (p *payroll) history() []document.Delivery {
	p.t.Helper()
	rows, err := p.svc.History(p.ctx, 10)
	if err != nil {
		p.t.Fatal(err)
	}
	return rows
}

// aside are the files below done or refused whose names end so.
func (p *payroll) aside(outcome, end string) (found []string) {
	for _, name := range p.shelf.Names("payroll/havn/" + outcome + "/") {
		if strings.HasSuffix(name, end) {
			found = append(found, name)
		}
	}
	return found
}

func TestWhatPayrollPutsIntoItsInboxIsDeliveredAndMovedAside(t *testing.T) {
	p := newPayroll(t)
	p.shelf.Put("payroll/fjord/march/manifest.csv", head)
	p.shelf.Put("payroll/havn/april/1.pdf", string(paper("without a list yet")))
	p.puts("march", 5)
	p.looks(1)
	if got := len(p.list("1")); got != 5 {
		t.Errorf("Anna has %d documents", got)
	}
	if len(p.aside("done", "-march/manifest.csv")) != 1 || len(p.aside("done", ".pdf")) != 5 || len(p.shelf.Names("payroll/havn/march/")) != 0 || len(p.aside("done", ".txt")) != 0 {
		t.Errorf("%v", p.shelf.Names(""))
	}
	if len(p.shelf.Names("payroll/havn/april/")) != 1 {
		t.Error("what is not complete was touched")
	}
	for _, asked := range p.shelf.Asked() {
		if !strings.HasPrefix(asked, "payroll/havn/") {
			t.Errorf("another employer's place is asked for: %s", asked)
		}
	}
	p.looks(0)
	p.now.Move(time.Hour)
	p.puts("march", 6) // the same name next month
	p.looks(1)
	rows := p.history()
	if len(rows) != 2 || rows[0].Fresh != 1 || rows[0].Same != 5 || rows[0].InboxName != "march" {
		t.Errorf("%+v", rows)
	}
	if len(p.aside("done", "/manifest.csv")) != 2 {
		t.Errorf("%v", p.shelf.Names(""))
	}
}

func TestWhatCannotBeTakenIsRefusedWithAReportBeside(t *testing.T) {
	p := newPayroll(t)
	p.shelf.Put("payroll/havn/bad/manifest.csv", "file;wages\n1.pdf;1\n")
	p.shelf.Put("payroll/havn/nobody/manifest.csv", head+slip("1.pdf", "777", "2026-03-25"))
	p.shelf.Put("payroll/havn/nobody/1.pdf", string(paper("x")))
	p.puts("some", 2)
	p.shelf.Put("payroll/havn/some/manifest.csv", p.shelf.Get("payroll/havn/some/manifest.csv")+slip("gone.pdf", "1", "2026-03-25"))
	p.looks(3)
	for name, c := range map[string]struct{ outcome, says string }{
		"bad": {"refused", "document.parcel.column"}, "nobody": {"refused", "document.row.nobody"}, "some": {"done", "document.file.missing"},
	} {
		reports := p.aside(c.outcome, "-"+name+".txt")
		if len(reports) != 1 || !strings.Contains(p.shelf.Get(reports[0]), c.says) {
			t.Errorf("%s: %v", name, reports)
		}
		if len(p.aside(c.outcome, "-"+name+"/manifest.csv")) != 1 {
			t.Errorf("%s does not lie in %s", name, c.outcome)
		}
	}
	if got := len(p.list("1")); got != 2 {
		t.Errorf("Anna has %d", got)
	}
}

func TestADeadInboxIsToldAndLosesNothing(t *testing.T) {
	p := newPayroll(t)
	p.puts("march", 3)
	p.shelf.Break(true)
	for range 2 {
		if _, err := p.look(p.svc, p.place()); err == nil {
			t.Fatal("nobody is told")
		}
	}
	st, err := p.svc.Inbox(p.ctx)
	if err != nil || !st.Watched || st.FailingSince == nil || !st.FailingSince.Equal(p.now.Now().Add(-time.Minute)) {
		t.Errorf("%+v %v", st, err)
	}
	p.shelf.Break(false)
	p.looks(1)
	if st, err = p.svc.Inbox(p.ctx); err != nil || st.FailingSince != nil {
		t.Errorf("%+v %v", st, err)
	}
	if st, err = p.svc.Inbox(p.other); err != nil || !st.LookedAt.IsZero() {
		t.Errorf("another tenant's: %+v %v", st, err)
	}
	if got := len(p.list("1")); got != 3 {
		t.Errorf("Anna has %d", got)
	}
}

// A process may end between any two steps.
func TestWhatBrokeOffGoesOnWithoutASecondDelivery(t *testing.T) {
	p := newPayroll(t)
	p.puts("march", 5)
	p.shelf.FailCopies(1)
	if _, err := p.look(p.svc, p.place()); err == nil {
		t.Fatal("a move that fails is told")
	}
	p.looks(1)
	p.puts("april", 150)
	p.store.down = fmt.Errorf("the store is away")
	if _, err := p.look(p.svc, p.place()); err == nil {
		t.Fatal("a store that fails is told")
	}
	p.store.down = nil
	p.looks(1)
	if rows := p.history(); len(rows) != 2 || rows[0].State != document.Done || rows[0].RowsRead != 150 {
		t.Errorf("%+v", rows)
	}
	if n := len(p.shelf.Names("payroll/havn/")); n != 6+151 || len(p.aside("done", ".pdf")) != 155 {
		t.Errorf("%d lie there", n)
	}
}

// slow is an inbox in which one process is held up.
type slow struct {
	inbox.Place

	at, on chan struct{}
}

func (s slow) Open(ctx context.Context, name string) (parcel.Source, error) {
	close(s.at)
	<-s.on
	return s.Place.Open(ctx, name)
}

func TestOfTwoProcessesOneTakesADelivery(t *testing.T) {
	for name, c := range map[string]struct {
		wait  time.Duration
		other int
	}{"while it is at it": {0, 0}, "when it shows no sign": {3 * time.Minute, 1}} {
		t.Run(name, func(t *testing.T) {
			p := newPayroll(t)
			p.puts("march", 7)
			hold := slow{p.place(), make(chan struct{}), make(chan struct{})}
			first := make(chan int)
			go func() {
				n, err := p.look(p.svc, hold)
				if err != nil {
					t.Error(err)
				}
				first <- n
			}()
			<-hold.at
			p.now.Move(c.wait)
			other, err := p.look(p.another(), p.place())
			close(hold.on)
			if n := <-first; err != nil || other != c.other || n != 1-c.other {
				t.Errorf("the first moved %d, the other %d, %v", n, other, err)
			}
			if got := len(p.list("1")); got != 7 {
				t.Errorf("Anna has %d", got)
			}
			if rows := p.history(); len(rows) != 1 || rows[0].Fresh != 7 || len(p.aside("done", ".pdf")) != 7 {
				t.Errorf("%+v", rows)
			}
		})
	}
}

func TestOneProcessLooksInAMinute(t *testing.T) {
	p := newPayroll(t)
	p.looks(0)
	p.puts("march", 1)
	if n, err := p.another().Look(p.ctx, document.Watch{Place: p.place(), Words: words}); n != 0 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	p.looks(1)
}
