package e2e_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tilgang/internal/account"
	"tilgang/internal/app/apptest"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/e2e"
	"tilgang/internal/httpkit"
	"tilgang/internal/message/paper/papertest"
	"tilgang/internal/message/practice"
	"tilgang/internal/people"
	"tilgang/internal/roster"
)

// floorColumns head the rows of people of the shop floor.
const floorColumns = "employee_number;given_name;family_name;phone;language;job_title;org_unit;legal_employer;start_date\n"

// floor takes people of havn's shop floor in, who have no e-mail address.
func floor(t *testing.T, s *e2e.Stage, rows ...string) {
	t.Helper()
	row, err := s.App.Services.Roster.Run(s.Operator("havn"), "floor.csv", strings.NewReader(floorColumns+strings.Join(rows, "\n")+"\n"), false, func(roster.Import) {})
	if err != nil || row.State != roster.Done {
		t.Fatalf("%s %v", row.State, err)
	}
	s.Work()
}

// kaj is a cashier with a phone in the staff file, and nothing else.
const (
	kaj      = "1401;Kaj;Skov;+45 20 12 34 01;en;Kasseassistent;Region Nord > Butik Aarhus;havn-retail;2026-01-01"
	kajPhone = "+4520123401"
	ulla     = "1402;Ulla;Eng;;en;Kasseassistent;Region Nord > Butik Aarhus;havn-retail;2026-01-01"
)

// texts are the text messages of a kind to a number, the newest first.
func texts(s *e2e.Stage, kind, to string) []practice.Entry {
	s.Work()
	return s.App.Services.Mailbox.List(practice.Filter{Channel: practice.SMS, Kind: kind, To: to})
}

var (
	typedCode = regexp.MustCompile(`[0-9A-Z]{5}-[0-9A-Z]{5}`)
	textLink  = regexp.MustCompile(`http\S+/(?:invite|reset)/[A-Za-z0-9_-]{43}`)
)

// enters signs somebody in by number and password, and gives where that led.
func enters(s *e2e.Stage, number, word string) *apptest.Browser {
	b := s.Browser("havn")
	b.Lang = "en"
	b.Get("/signin")
	b.Submit("email", number)
	b.Submit("password", word)
	return b
}

// accepts chooses a password on the page of an invitation and puts the factor off.
func accepts(t *testing.T, b *apptest.Browser) {
	t.Helper()
	if p := b.Submit("password", e2e.Word, "password_confirm", e2e.Word); p.URL.Path != "/invite/done" {
		t.Fatalf("the password led to %s (%d)\n%s", p.URL, p.Status, p.Text())
	}
	e2e.Follow(b, "/signin/next")
	if b.Page.URL.Path == "/mfa/setup" {
		b.Submit("@action", "skip")
	}
	if b.Page.URL.Path != "/" || b.Page.Status != http.StatusOK {
		t.Fatalf("ended on %s\n%s", b.Page.URL, b.Page.Text())
	}
}

func TestAShopAssistantComesInByTextMessage(t *testing.T) {
	s := e2e.New(t)
	floor(t, s, kaj)
	list := texts(s, "invite_text", kajPhone)
	if len(list) != 1 {
		t.Fatalf("%d text messages", len(list))
	}
	text := list[0].Text
	if !strings.Contains(text, "1401") || !typedCode.MatchString(text) || !regexp.MustCompile(`\n@havn\.\S+ #[0-9A-Z-]{11}$`).MatchString(text) {
		t.Errorf("the message says %q", text)
	}
	b := s.Browser("havn")
	b.Lang = "en"
	if p := b.Get(textLink.FindString(text)); !p.Has("1401") || strings.Contains(p.Body, kajPhone) {
		t.Errorf("the page does not say the number to sign in with, or shows the phone\n%s", p.Text())
	}
	accepts(t, b)
	t.Run("and signs in with the number, however it is typed", func(t *testing.T) {
		if p := enters(s, " 14 01 ", e2e.Word).Page; p.URL.Path != "/mfa/setup" && p.URL.Path != "/" {
			t.Errorf("on %s\n%s", p.URL, p.Text())
		}
	})
	t.Run("the link was for once", func(t *testing.T) {
		if p := s.Browser("havn").Get(textLink.FindString(text)); p.Status != http.StatusGone {
			t.Errorf("%d", p.Status)
		}
	})
	t.Run("an unknown number is a wrong password", func(t *testing.T) {
		known, unknown := enters(s, "1401", "wrong and long enough"), enters(s, "9999", "wrong and long enough")
		if known.Page.Status != unknown.Page.Status || strings.ReplaceAll(known.Page.Text(), "1401", "9999") != unknown.Page.Text() {
			t.Errorf("%s\n%s", known.Page.Text(), unknown.Page.Text())
		}
	})
}

func TestTheCodeOfTheTextMessageIsTypedWithTheNumber(t *testing.T) {
	s := e2e.New(t)
	floor(t, s, kaj)
	text := texts(s, "invite_text", kajPhone)[0].Text
	code := text[strings.LastIndex(text, "#")+1:]
	b := s.Browser("havn")
	b.Lang = "en"
	b.Get("/invite/code")
	if p := b.Submit("email", "1402", "code", code); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("another number's: %d", p.Status)
	}
	if p := b.Submit("email", "1401", "code", strings.ToLower(code)); p.URL.Path != "/invite" {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	accepts(t, b)
}

// inByText is Kaj, who has come in.
func inByText(t *testing.T, s *e2e.Stage) {
	t.Helper()
	floor(t, s, kaj)
	b := s.Browser("havn")
	b.Get(textLink.FindString(texts(s, "invite_text", kajPhone)[0].Text))
	accepts(t, b)
}

func TestWhoForgotThePasswordGetsATextMessage(t *testing.T) {
	s := e2e.New(t)
	inByText(t, s)
	b, other := s.Browser("havn"), s.Browser("havn")
	b.Lang, other.Lang = "en", "en"
	b.Get("/reset")
	known := b.Submit("email", "1401")
	other.Get("/reset")
	if unknown := other.Submit("email", "9999"); known.URL.Path != unknown.URL.Path || strings.ReplaceAll(known.Text(), "1401", "9999") != unknown.Text() {
		t.Errorf("the answers differ\n%s\n%s", known.Text(), unknown.Text())
	}
	list := texts(s, "reset_text", kajPhone)
	if len(list) != 1 {
		t.Fatalf("%d text messages", len(list))
	}
	if p := b.Get(textLink.FindString(list[0].Text)); !p.Has("1401") {
		t.Fatalf("%s", p.Text())
	}
	const word = "Et andet langt ord 8 Gange!"
	if p := b.Submit("password", word, "password_confirm", word); p.URL.Path != "/reset/done" {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	if p := enters(s, "1401", e2e.Word).Page; p.URL.Path != "/signin/password" {
		t.Errorf("the old password still works: %s", p.URL)
	}
	if p := enters(s, "1401", word).Page; p.URL.Path == "/signin/password" {
		t.Errorf("the new password does not: %s", p.Text())
	}
}

func TestANewNumberInTheStaffFileGetsNothing(t *testing.T) {
	s := e2e.New(t)
	inByText(t, s)
	floor(t, s, strings.ReplaceAll(kaj, "34 01", "34 99"))
	b := s.Browser("havn")
	b.Get("/reset")
	b.Submit("email", "1401")
	if n := len(texts(s, "reset_text", "")); n != 0 {
		t.Errorf("%d text messages", n)
	}
	if n := len(texts(s, "number_changed", kajPhone)); n != 1 {
		t.Errorf("the proven phone was told %d times", n)
	}
}

// letter makes a letter as HR does, and gives what it says.
func letter(t *testing.T, hr *apptest.Browser, address string) string {
	t.Helper()
	if p := hr.Get(address); p.Status != http.StatusOK {
		t.Fatalf("%s: %d", address, p.Status)
	}
	p := hr.Submit()
	if !strings.HasPrefix(p.Body, "%PDF") {
		t.Fatalf("no letter: %d\n%s", p.Status, p.Text())
	}
	return papertest.Text(t, []byte(p.Body))
}

// personAddress is HR's page about somebody of havn.
func personAddress(t *testing.T, s *e2e.Stage, number string) string {
	t.Helper()
	return "/admin/people/per_" + person(t, s, "havn", number).ID.String()
}

func TestALetterBringsInWhoHasNothing(t *testing.T) {
	s := e2e.New(t)
	floor(t, s, ulla)
	hr := s.As("havn", "hr") // reads Danish
	page := personAddress(t, s, "1402")
	if p := hr.Get(page); !p.Has("Tilføj en mailadresse") || !p.Has("Tilføj et mobilnummer") || !p.Has("Lav et brev") {
		t.Errorf("the page does not say what helps\n%s", p.Text())
	}
	first := typedCode.FindString(letter(t, hr, page+"/letter"))
	t.Run("a double click makes one letter and says so", func(t *testing.T) {
		p := hr.Post(page+"/letter", url.Values{"made": {"0"}})
		if p.Status != http.StatusConflict || !p.Has("giv det videre") {
			t.Errorf("%d\n%s", p.Status, p.Text())
		}
	})
	words := letter(t, hr, page+"/letter")
	second := typedCode.FindString(words)
	for _, want := range []string{"Ulla Eng", "1402", "/invite/code", "+45 70 00 00 27"} {
		if !strings.Contains(words, want) {
			t.Errorf("the letter lacks %s\n%s", want, words)
		}
	}
	if !hr.Get(page).Has("Brev lavet") {
		t.Errorf("the page does not say that there is a letter\n%s", hr.Page.Text())
	}
	b := s.Browser("havn")
	b.Lang = "en"
	b.Get("/invite/code")
	if p := b.Submit("email", "1402", "code", first); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("the older letter still works: %d", p.Status)
	}
	if p := b.Submit("email", "1402", "code", second); p.URL.Path != "/invite" {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	accepts(t, b)
	if p := enters(s, "1402", e2e.Word).Page; p.URL.Path == "/signin/password" {
		t.Errorf("%s", p.Text())
	}
}

func TestALettersCodeIsTriedTenTimes(t *testing.T) {
	s := e2e.New(t)
	floor(t, s, ulla)
	hr := s.As("havn", "hr")
	code := typedCode.FindString(letter(t, hr, personAddress(t, s, "1402")+"/letter"))
	b := s.Browser("havn")
	b.Get("/invite/code")
	for range 10 {
		b.Submit("email", "1402", "code", "00000-00000")
	}
	if p := b.Submit("email", "1402", "code", code); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("the eleventh try was looked at: %d", p.Status)
	}
}

func TestALetterIsForNobodyOfAnotherEmployer(t *testing.T) {
	s := e2e.New(t)
	floor(t, s, ulla)
	hr := s.As("skog", "hr")
	for _, tail := range []string{"/letter", "/password-letter"} {
		own := hr.Get(personAddress(t, s, "1402") + tail)
		random := hr.Get("/admin/people/per_01890000-0000-7000-8000-000000000000" + tail)
		if own.Status != http.StatusNotFound || own.Text() != random.Text() {
			t.Errorf("%s: %d", tail, own.Status)
		}
		if p := hr.Post(personAddress(t, s, "1402")+tail, url.Values{"made": {"0"}}); p.Status != http.StatusNotFound {
			t.Errorf("%s: %d", tail, p.Status)
		}
	}
}

// A session that is left open, or was taken, prints no letter.
func TestWhoPrintsALetterHasJustProvenWhoTheyAre(t *testing.T) {
	s := e2e.New(t)
	inByText(t, s)
	floor(t, s, ulla)
	hr, who := s.As("havn", "hr"), s.Who("havn", "hr")
	for number, kind := range map[string]string{"1402": "letter", "1401": "password-letter"} {
		page := personAddress(t, s, number)
		asked := httpkit.ProveAt(page + "/" + kind)
		s.Pass(11 * time.Minute)
		if p := hr.Post(page+"/"+kind, url.Values{"made": {"0"}}); p.URL.RequestURI() != asked || strings.HasPrefix(p.Body, "%PDF") {
			t.Fatalf("a form past the page: %s", p.URL)
		}
		if p := hr.Get(page + "/" + kind); p.URL.RequestURI() != asked {
			t.Fatalf("the page: %s", p.URL)
		}
		if p := hr.Submit("current_password", "wrong", "code", who.Code(s.Clock.Now())); p.Status != http.StatusUnprocessableEntity {
			t.Errorf("a wrong password: %d", p.Status)
		}
		s.Pass(time.Minute)
		hr.Get(asked)
		if p := hr.Submit("current_password", who.Password, "code", who.Code(s.Clock.Now())); p.URL.Path != page+"/"+kind {
			t.Fatalf("after the proof: %s\n%s", p.URL, p.Text())
		}
		if typedCode.FindString(letter(t, hr, page+"/"+kind)) == "" {
			t.Errorf("no %s", kind)
		}
	}
	for _, evil := range []string{"//evil.example", "https://evil.example/", "/\\evil.example", ""} {
		if p := hr.Get(httpkit.ProveAt(evil)); p.URL.Path != "/security" || p.URL.Host != hr.Host {
			t.Errorf("%q leads to %s", evil, p.URL)
		}
	}
}

func TestALetterIsNoWayToAHigherRole(t *testing.T) {
	s := e2e.New(t)
	inByText(t, s)
	floor(t, s, ulla)
	ctx, rows := s.Operator("havn"), []people.Role{}
	for _, number := range []string{"1401", "1402"} {
		rows = append(rows, people.Role{PersonID: person(t, s, "havn", number).ID, Role: authz.RoleAdmin, GrantedAt: s.Clock.Now()})
	}
	err := s.DB.Tx(ctx, func(ctx context.Context) error { return db.InsertAll(ctx, rows, db.Clash{}) })
	if err != nil {
		t.Fatal(err)
	}
	hr := s.As("havn", "hr")
	for _, address := range []string{personAddress(t, s, "1402") + "/letter", personAddress(t, s, "1401") + "/password-letter"} {
		p := hr.Post(address, url.Values{"made": {"0"}})
		if p.Status != http.StatusForbidden || strings.HasPrefix(p.Body, "%PDF") {
			t.Errorf("%s: %d\n%s", address, p.Status, p.Text())
		}
	}
}

func TestAPasswordLetterIsNoSecondFactor(t *testing.T) {
	s := e2e.New(t)
	inByText(t, s)
	ctx := s.Operator("havn")
	var acc account.Account
	err := s.DB.Read(ctx, func(ctx context.Context) (err error) { acc, err = account.ByAddress(ctx, "#1401"); return err })
	if err != nil {
		t.Fatal(err)
	}
	f := s.App.Services.Factors
	e, err := f.StartTOTP(ctx, acc.ID)
	if err != nil {
		t.Fatal(err)
	}
	now, err := totp.GenerateCode(e.Secret, s.Clock.Now())
	if err == nil {
		err = f.ConfirmTOTP(ctx, acc.ID, e.ID, now)
	}
	if err != nil {
		t.Fatal(err)
	}
	hr := s.As("havn", "hr")
	code := typedCode.FindString(letter(t, hr, personAddress(t, s, "1401")+"/password-letter"))
	if n := len(texts(s, "letter_made", kajPhone)); n != 1 {
		t.Errorf("the phone was told %d times", n)
	}
	b := s.Browser("havn")
	b.Get("/reset/letter")
	if p := b.Submit("email", "1401", "code", "00000-00000"); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("a wrong code: %d", p.Status)
	}
	if p := b.Submit("email", "1401", "code", code); p.URL.Path != "/reset/password" {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	const word = "Et andet langt ord 8 Gange!"
	if p := b.Submit("password", word, "password_confirm", word); p.URL.Path != "/reset/done" {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	if p := enters(s, "1401", word).Page; p.URL.Path != "/mfa" {
		t.Errorf("the letter let somebody past the factor: %s", p.URL)
	}
	b.Get("/reset/letter")
	if p := b.Submit("email", "1401", "code", code); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("a used code: %d at %s", p.Status, p.URL)
	}
	if n := len(texts(s, "password_changed_text", kajPhone)); n != 1 {
		t.Errorf("the phone was told of the new password %d times", n)
	}
}

func TestALetterEnds(t *testing.T) {
	s := e2e.New(t)
	inByText(t, s)
	hr := s.As("havn", "hr")
	code := typedCode.FindString(letter(t, hr, personAddress(t, s, "1401")+"/password-letter"))
	s.Pass(7*24*time.Hour + time.Second)
	b := s.Browser("havn")
	b.Get("/reset/letter")
	if p := b.Submit("email", "1401", "code", code); p.Status != http.StatusGone {
		t.Errorf("after its life: %d at %s", p.Status, p.URL)
	}
}
