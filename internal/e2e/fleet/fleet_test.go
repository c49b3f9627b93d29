package fleet

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/message/sendertest"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

// inFlight is how many mails two workers may have handed over without having
// written it down: eight tasks each, in each eight sends and up to 25 results
// that are written together.
const inFlight = 8 * (8 + 25)

// A machine dies in the middle of a large welcome: of two web processes and two
// workers one each is killed without a word.
func TestTwoThousandInvitationsSurviveAKilledServerAndWorker(t *testing.T) {
	t.Parallel()
	const people = 2000
	f := New(t, sendertest.SinkConfig{Keep: 2 * people, Delay: 15 * time.Millisecond})
	f.Employer("havn", fmt.Sprintf(Yaml, "Havn"))
	one, two := f.Serve(), f.Serve()
	worker, dying := f.Worker(), f.Worker()
	address := f.Admin("havn", one)
	here, there := f.SignIn("havn", address, one), f.SignIn("havn", address, two)
	path := f.Upload(here, f.staff(1, people))
	there.Get(path)
	var clicks sync.WaitGroup
	for _, b := range []*apptest.Browser{here, there} {
		clicks.Go(func() { b.Submit("@confirm", "1") })
	}
	clicks.Wait()
	if !eventually(patience, func() bool { return f.Sink.Count() > people/4 }) {
		t.Fatalf("only %d mails left", f.Sink.Count())
	}
	dying.Kill()
	two.Kill()
	if f.Sink.Count() >= people {
		t.Fatal("everything was sent before the processes died: nothing was tried")
	}
	if !eventually(6*time.Minute, func() bool { return f.Sink.Count() > people && f.reached() > people }) {
		t.Errorf("%d of %d were reached", f.reached()-1, people)
	}
	f.judge(t, people)
	worker.Stop() // it ends when asked, with nothing left to do
	f.Browser("havn", one).Get("/signin")
}

// reached counts those who have a mail.
func (f *Fleet) reached() int {
	mails, err := f.Sink.Mails()
	if err != nil {
		f.TB.Fatal(err)
	}
	seen := map[string]bool{}
	for _, m := range mails {
		seen[m.To.Address] = true
	}
	return len(seen)
}

// judge looks at mails and rows once all is sent.
func (f *Fleet) judge(t *testing.T, people int) {
	t.Helper()
	mails, err := f.Sink.Mails()
	if err != nil {
		t.Fatal(err)
	}
	links, welcomes := map[string]string{}, 0
	for _, m := range mails {
		if !strings.Contains(m.Text, "/invite/") {
			continue // a security mail, such as that of a new browser
		}
		welcomes++
		found := secret.FindString(m.Text)
		if before, again := links[m.To.Address]; again && before != found {
			t.Errorf("%s got two links", m.To.Address)
		}
		links[m.To.Address] = found
	}
	if twice := welcomes - people - 1; twice > inFlight {
		t.Errorf("%d mails came twice, more than were in flight", twice)
	}
	for what, want := range map[string]int{"persons": people + 1, "employments": people, "invitations": people + 1, "messages WHERE kind LIKE 'invite%'": people + 1, "imports": 1} {
		if got := f.count(what); got != want {
			t.Errorf("%d %s, want %d", got, what, want)
		}
	}
}

// count counts rows as a superuser, past row-level security.
func (f *Fleet) count(table string) (n int) {
	f.TB.Helper()
	f.ask("SELECT count(*) FROM "+table, &n)
	return n
}

func (f *Fleet) ask(query string, into any) {
	f.TB.Helper()
	conn, err := pgx.Connect(context.Background(), f.Superuser())
	if err != nil {
		f.TB.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if err := conn.QueryRow(context.Background(), query).Scan(into); err != nil {
		f.TB.Fatal(err)
	}
}

func TestEveryProcessObeysWithinFiveSeconds(t *testing.T) {
	t.Parallel()
	f := New(t, sendertest.SinkConfig{})
	f.Employer("havn", fmt.Sprintf(Yaml, "Havn"))
	f.Employer("skog", fmt.Sprintf(Yaml, "Skog"))
	one, two := f.Serve(), f.Serve()
	f.Worker()
	address := f.Admin("havn", one)
	here := f.SignIn("havn", address, one)
	there := f.Browser("havn", two)
	for _, c := range here.Cookies() {
		there.SetCookie(c.Name, c.Value)
	}
	if there.Get("/session"); there.Page.Status != http.StatusOK {
		t.Fatalf("the other process does not know the session: %d", there.Page.Status)
	}
	t.Run("a new name of the employer", func(t *testing.T) {
		f.Employer("havn", fmt.Sprintf(Yaml, "Harbour"))
		if !eventually(5*time.Second, func() bool { return there.Get("/help").Has("Harbour") && here.Get("/help").Has("Harbour") }) {
			t.Error("the old name still stands")
		}
	})
	t.Run("a role taken away", func(t *testing.T) {
		if there.Get("/admin/people"); there.Page.Status != http.StatusOK {
			t.Fatalf("an administrator is refused: %d", there.Page.Status)
		}
		f.tell("DELETE FROM person_roles")
		if p := there.Get("/admin/people"); p.Status == http.StatusOK && p.URL.Path == "/admin/people" {
			t.Error("the next request still has the role")
		}
	})
	t.Run("a session ended", func(t *testing.T) {
		address := f.Admin("skog", one)
		here, there := f.SignIn("skog", address, one), f.Browser("skog", two)
		for _, c := range here.Cookies() {
			there.SetCookie(c.Name, c.Value)
		}
		here.Post("/signout", nil)
		if there.Get("/session"); there.Page.Status != http.StatusUnauthorized {
			t.Errorf("the session lives on: %d", there.Page.Status)
		}
	})
}

// tell changes rows as a superuser.
func (f *Fleet) tell(statement string) {
	f.TB.Helper()
	conn, err := pgx.Connect(context.Background(), f.Superuser())
	if err != nil {
		f.TB.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(context.Background(), statement); err != nil {
		f.TB.Fatal(err)
	}
}

// A large employer's welcome mails fill the queue; another's security mail must
// not notice.
func TestOneEmployersBulkLeavesAnothersSecurityMailAlone(t *testing.T) {
	t.Parallel()
	const people = 1500
	f := New(t, sendertest.SinkConfig{Keep: 2 * people, Delay: 60 * time.Millisecond})
	f.Employer("havn", fmt.Sprintf(Yaml, "Havn"))
	f.Employer("skog", fmt.Sprintf(Yaml, "Skog"))
	web := f.Serve()
	f.Worker()
	f.Worker()
	address := f.Admin("skog", web)
	b := f.SignIn("skog", address, web)
	f.Run("person", "import", f.staff(1, people), "--tenant", "havn")
	if !eventually(patience, func() bool { return f.Sink.Count() > 100 }) {
		t.Fatal("the welcome mails do not start")
	}
	b.Get("/security/password")
	b.Submit("current_password", e2e.Word, "password", e2e.Word+" og 3 til", "password_confirm", e2e.Word+" og 3 til")
	if !eventually(patience, func() bool {
		m := f.newest(address)
		return m != nil && strings.Contains(m.Subject, "password was changed")
	}) {
		t.Fatal("the security mail never came")
	}
	if sent := f.Sink.Count(); sent > people*3/4 {
		t.Errorf("the security mail came after %d of %d welcome mails", sent, people)
	}
}
