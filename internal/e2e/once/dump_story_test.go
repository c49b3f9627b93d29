package once_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hibiken/asynq"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/message/practice"
	"tilgang/internal/outbox"
	"tilgang/internal/roster"
)

// numbered is an employer whose staff file has national numbers; the practice
// provider knows one of them as nobody's.
const (
	numbered = "askvik"
	nobody   = "13897248098" // Nobody Knowsme
	dora     = "53897248081" // a D-number
	mistyped = "13897248099"
)

// desk is a browser in which HR of the employer is signed in.
func (k *kept) desk() *apptest.Browser {
	k.t.Helper()
	text := "employee_number;given_name;family_name;private_email;language;job_title;org_unit;legal_employer;start_date;roles\n" +
		"1;Hanne;Rud;hanne@post.example;en;HR;Staff;main;2020-01-01;hr\n"
	out, err := k.App.Services.Roster.Run(k.Operator(numbered), "hr.csv", strings.NewReader(text), false, func(roster.Import) {})
	if err != nil || out.State != roster.Done {
		k.t.Fatalf("%s %s %v", out.State, out.Error, err)
	}
	k.Work()
	b := k.Browser(numbered)
	k.Accept(b, "hanne@post.example")
	b.Submit("@action", "skip")
	k.at(b, "/")
	return b
}

// staff brings a staff file with national numbers, one of them wrong, the way HR
// does; what waits to be confirmed is looked through too.
func (k *kept) staff() {
	k.Custom(numbered, strings.ReplaceAll(yaml, "country: DK", "country: NO")+provider)
	for _, number := range []string{nobody, dora, mistyped} {
		k.secrets.Add(numberSort, number)
	}
	b := k.desk()
	list := "employee_number;given_name;family_name;private_email;language;job_title;org_unit;legal_employer;start_date;national_id\n"
	for i, number := range []string{nobody, dora[:6] + " " + dora[6:], mistyped} {
		list += fmt.Sprintf("%d;Nobody;Knowsme;nobody%d@post.example;en;Operator;Shop;main;2026-11-01;%s\n", 10+i, i, number)
	}
	b.Get("/admin/roster")
	e2e.Upload(b, "/admin/roster", "file", "staff.csv", []byte(list))
	k.gather("a staff file, received")
	k.Work()
	k.gather("a staff file, judged")
	b.Get(b.Page.URL.Path)
	if b.Page.Field("confirm") == nil {
		k.t.Fatal(b.Page.Text())
	}
	b.Submit("@confirm", "1")
	k.gather("a staff file, confirmed")
	k.Work()
	if list := k.App.Services.Mailbox.List(practice.Filter{To: "nobody0@post.example"}); len(list) == 0 {
		k.t.Fatal("the file took nobody in")
	}
}

// proven ties the electronic identity with one of the numbers to an account.
func (k *kept) proven() {
	b := k.Browser(numbered)
	k.Accept(b, "nobody0@post.example")
	b.Submit("@action", "skip")
	b.Get("/security/identities/link")
	b.Submit("current_password", e2e.Word)
	k.at(b, "/proofing")
	b.Get("/federation/bankid/start")
	k.gather("at the provider")
	b.Follow("Nobody Knowsme")
	k.at(b, "/security/identities")
	if !b.Page.Has("BankID") {
		k.t.Fatal(b.Page.Text())
	}
}

// papers brings documents in which a number stands, one under a name with it and
// one of nobody's, and lets one be read.
func (k *kept) papers() {
	b := k.Browser(numbered)
	b.Get("/signin")
	b.Submit("email", "hanne@post.example")
	b.Submit("password", e2e.Word)
	var body bytes.Buffer
	z := zip.NewWriter(&body)
	paper := "%PDF-1.4\n% " + nobody + "\n%%EOF\n"
	for name, text := range map[string]string{
		"manifest.csv": "file,employee_number,kind,date,title,period,currency,gross,tax,net\n" +
			nobody + ".pdf,10,payslip,2026-11-20,Slip of November,2026-11,NOK,100.00,30.00,70.00\n" + dora + ".pdf,999,letter,2026-11-20,Letter,,,,,\n",
		nobody + ".pdf": paper, dora + ".pdf": paper,
	} {
		out, err := z.Create(name)
		if err == nil {
			_, err = out.Write([]byte(text))
		}
		if err != nil {
			k.t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		k.t.Fatal(err)
	}
	b.Get("/admin/document")
	e2e.Upload(b, "/admin/document", "file", "papers.zip", body.Bytes())
	k.Work()
	k.gather("a delivery, judged")
	b.Get(b.Page.URL.Path)
	b.Submit("@confirm", "1")
	k.Work()
	k.reads(paper)
}

// owner is a browser in which the owner of the documents is signed in.
func (k *kept) owner() *apptest.Browser {
	k.t.Helper()
	b := k.Browser(numbered)
	b.Get("/signin")
	b.Submit("email", "nobody0@post.example")
	b.Submit("password", e2e.Word)
	return b
}

// taken takes away all that somebody may have: every document in one archive, and
// the copy of what is kept of its owner.
func (k *kept) taken() {
	b := k.owner()
	k.archive(b.Post("/document/take", url.Values{}))
	k.gather("all documents, taken")
	b.Post("/mydata/copy", url.Values{})
	k.gather("a copy, asked for")
	k.Work()
	k.gather("a copy, ready")
	k.files()
	k.archive(b.Post("/mydata/copy/fetch", url.Values{}))
	k.gather("a copy, fetched")
	b.Post("/mydata/copy/drop", url.Values{})
}

// archive holds that a file came and not a page.
func (k *kept) archive(p *apptest.Page) {
	k.t.Helper()
	if _, err := zip.NewReader(strings.NewReader(p.Body), int64(len(p.Body))); err != nil || p.Status != http.StatusOK {
		k.t.Fatalf("%s %d %v\n%s", p.URL, p.Status, err, p.Text())
	}
}

func (k *kept) reads(paper string) {
	k.t.Helper()
	b := k.owner()
	b.Get("/document")
	b.Follow("Slip of November")
	for _, a := range b.Page.All("a") {
		if to := apptest.Attr(a, "href"); strings.HasPrefix(to, "/document/file/") {
			if file := b.Raw(b.Request(http.MethodGet, to, nil)); file.Body != paper {
				k.t.Fatalf("%d %s", file.Status, file.Body)
			}
			return
		}
	}
	k.t.Fatalf("no file on\n%s", b.Page.Text())
}

// crossing lets what waits go through the queue, as an installation does: the
// words of the queue are kept.
func (k *kept) crossing() {
	k.t.Helper()
	conn, err := asynq.ParseRedisURI(k.queue.url)
	if err != nil {
		k.t.Fatal(err)
	}
	queue := outbox.NewQueue(conn)
	defer func() { _ = queue.Close() }()
	relay := &outbox.Relay{DB: k.DB, Queue: queue, Log: k.App.Log}
	to := k.late()
	k.relays(relay)
	k.gather("an invitation, in the queue")
	servers, err := outbox.StartServers(conn, k.App.Worker(), 2)
	if err != nil {
		k.t.Fatal(err)
	}
	defer servers.Stop()
	for until := time.Now().Add(time.Minute); len(k.App.Services.Mailbox.List(practice.Filter{To: to})) == 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(until) {
			k.t.Fatalf("nothing came to %s through the queue", to)
		}
		k.relays(relay) // one event asks for the next
	}
}

func (k *kept) relays(relay *outbox.Relay) {
	k.t.Helper()
	if err := relay.Once(k.t.Context()); err != nil {
		k.t.Fatal(err)
	}
}

// late takes somebody in and works nothing.
func (k *kept) late() (to string) {
	k.t.Helper()
	k.hired++
	to = fmt.Sprintf("person%d@post.example", k.hired)
	text := e2e.Columns + "\n9999;Anna;Ek;" + to + ";en;Operator;Shop;main;2026-11-01\n"
	out, err := k.App.Services.Roster.Run(k.Operator("once"), "late.csv", strings.NewReader(text), false, func(roster.Import) {})
	if err != nil || out.State != roster.Done {
		k.t.Fatalf("%s %v", out.State, err)
	}
	return to
}
