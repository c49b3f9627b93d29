package e2e_test

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tilgang/internal/app/apptest"
	"tilgang/internal/e2e"
	"tilgang/internal/httpkit"
)

// link is the address of the page's first link whose address holds the part.
func link(t *testing.T, p *apptest.Page, part string) string {
	t.Helper()
	for _, a := range p.All("a") {
		for _, at := range a.Attr {
			if at.Key == "href" && strings.Contains(at.Val, part) {
				return at.Val
			}
		}
	}
	t.Fatalf("no link to %s on %s\n%s", part, p.URL, p.Text())
	return ""
}

// firstDocument opens the newest document of the list.
func firstDocument(t *testing.T, b *apptest.Browser) *apptest.Page {
	t.Helper()
	b.Get("/document")
	for _, a := range b.Page.All("a") {
		for _, at := range a.Attr {
			if at.Key == "href" && strings.HasPrefix(at.Val, "/document/") && len(at.Val) == len("/document/")+36 {
				return b.Get(at.Val)
			}
		}
	}
	t.Fatal(b.Page.Text())
	return nil
}

func TestAnEmployeeReadsTheirPayslipsOfAYear(t *testing.T) {
	s := e2e.New(t)
	for slug, role := range map[string]string{"nordlys": "hr", "havn": "employee"} {
		b := s.As(slug, role)
		b.Lang = "en"
		if p := b.Get("/"); !p.Has("/document/") && link(t, p, "/document/") == "" {
			t.Error("home shows no payslip")
		}
		p := firstDocument(t, b)
		show, save := link(t, p, "/document/file/"), ""
		for _, a := range p.All("a") {
			for _, at := range a.Attr {
				if at.Key == "href" && strings.HasPrefix(at.Val, "/document/file/") && at.Val != show {
					save = at.Val
				}
			}
		}
		for address, how := range map[string]string{show: "inline", save: "attachment"} {
			file := b.Raw(b.Request(http.MethodGet, address, nil))
			h := file.Header
			if file.Status != http.StatusOK || !strings.HasPrefix(file.Body, "%PDF-") || !strings.HasPrefix(h.Get("Content-Disposition"), how+";") ||
				h.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox") || h.Get("X-Content-Type-Options") != "nosniff" ||
				h.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: %d %v", how, file.Status, h)
			}
			head := b.Raw(b.Request(http.MethodHead, address, nil))
			if head.Status != http.StatusOK || head.Body != "" || head.Header.Get("Content-Length") != h.Get("Content-Length") {
				t.Errorf("HEAD: %d %v", head.Status, head.Header)
			}
			part := b.Request(http.MethodGet, address, nil)
			part.Header.Set("Range", "bytes=0-3")
			if got := b.Raw(part); got.Status != http.StatusOK || got.Body != file.Body {
				t.Errorf("Range: %d, %d bytes", got.Status, len(got.Body))
			}
			other := s.As(slug, "hr")
			if got := other.Raw(other.Request(http.MethodGet, address, nil)); got.Status != http.StatusNotFound {
				t.Errorf("another session gets %d", got.Status)
			}
		}
		s.Pass(10 * time.Minute)
		if got := b.Raw(b.Request(http.MethodGet, show, nil)); got.Status != http.StatusGone {
			t.Errorf("after ten minutes: %d", got.Status)
		}
		if p := b.Get("/document/pay/2026"); p.Status != http.StatusOK || len(p.All("rect")) < 10 || len(p.All("tr")) < 10 {
			t.Errorf("%d with %d bars", p.Status, len(p.All("rect")))
		}
	}
}

func TestAStrangersDocumentAnswersLikeNone(t *testing.T) {
	s := e2e.New(t)
	b := s.As("havn", "employee")
	mine := firstDocument(t, b).URL.Path
	for who, other := range map[string]*apptest.Browser{"a colleague": s.As("havn", "manager"), "HR": s.As("havn", "hr"), "another tenant's": s.As("fjord", "employee")} {
		got, none := other.Get(mine), other.Get("/document/00000000-0000-4000-8000-000000000000")
		if got.Status != http.StatusNotFound || got.Text() != strings.ReplaceAll(none.Text(), none.URL.Path, got.URL.Path) {
			t.Errorf("%s: %d", who, got.Status)
		}
	}
	for _, path := range []string{"/admin/document", "/admin/document/person?number=1012", strings.Replace(mine, "/document/", "/admin/document/open/", 1)} {
		if got := b.Get(path); got.Status != http.StatusForbidden {
			t.Errorf("an employee at %s: %d", path, got.Status)
		}
	}
	admin := s.As("havn", "admin")
	if got := admin.Get("/admin/document"); got.Status != http.StatusForbidden {
		t.Errorf("an administrator: %d", got.Status)
	}
	if got := b.Get(mine + ".css"); got.Status != http.StatusNotFound {
		t.Errorf("a stylesheet of that name: %d", got.Status)
	}
}

func TestAllDocumentsAreTakenAfterAFreshProof(t *testing.T) {
	s := e2e.New(t)
	who := s.Who("havn", "employee")
	b := s.As("havn", "employee")
	s.Pass(11 * time.Minute)
	if p := b.Post("/document/take", url.Values{}); p.URL.Path != httpkit.ProvePath {
		t.Fatalf("without a proof: %s", p.URL)
	}
	if p := b.Submit("current_password", "wrong"); p.Status != http.StatusUnprocessableEntity {
		t.Fatalf("%d", p.Status)
	}
	if p := b.Submit("current_password", who.Password); p.URL.Path != "/document/take" {
		t.Fatalf("%s\n%s", p.URL, p.Text())
	}
	p := b.Post("/document/take", url.Values{})
	z, err := zip.NewReader(strings.NewReader(p.Body), int64(len(p.Body)))
	if err != nil || len(z.File) != 14+5 {
		t.Fatalf("%v, %d bytes of %s", err, len(p.Body), p.Header.Get("Content-Type"))
	}
	key := b.Get("/.well-known/document-key.pem")
	for _, f := range z.File {
		if f.Name == "signing-key.pem" {
			in, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			if body, err := io.ReadAll(in); err != nil || string(body) != key.Body {
				t.Error("the published key is another")
			}
		}
	}
	if p := b.Get("/security/activity"); !p.Has("én fil") {
		t.Error(p.Text())
	}
}

// parcelOf packs a delivery; names and bodies in pairs.
func parcelOf(t *testing.T, pairs ...string) []byte {
	t.Helper()
	var body bytes.Buffer
	z := zip.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		out, err := z.Create(pairs[i])
		if err == nil {
			_, err = out.Write([]byte(pairs[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return body.Bytes()
}

func TestHRDeliversAnArchiveLooksIntoADocumentAndTheOwnerSeesIt(t *testing.T) {
	s := e2e.New(t)
	hr := s.As("havn", "hr")
	hr.Get("/admin/document")
	list := "file,employee_number,kind,date,title,legal_employer\na.pdf,1012,letter,2026-11-01,Løfte om kursus,havn-retail\nb.pdf,9999,letter,2026-11-01,Nobody,havn-retail\n"
	p := e2e.Upload(hr, "/admin/document", "file", "march.zip", parcelOf(t, "manifest.csv", list, "a.pdf", "%PDF-1.4\n%%EOF\n"))
	s.Work()
	p = hr.Get(p.URL.Path)
	if p.Field("confirm") == nil || !p.Has("9999") {
		t.Fatal(p.Text())
	}
	owner := s.As("havn", "employee")
	if owner.Get("/document?year=all").Has("Løfte om kursus") {
		t.Error("the owner sees what nobody confirmed")
	}
	at := p.URL.Path
	hr.Submit("@confirm", "1")
	hr.Post(at+"/confirm", url.Values{"confirm": {"1"}}) // a second click
	s.Work()
	if p := hr.Get(at); p.Field("confirm") != nil || p.Has("Leveres") {
		t.Error(p.Text())
	}
	if !owner.Get("/document?year=all").Has("Løfte om kursus") {
		t.Fatal("the owner does not see it")
	}
	hr.Get("/admin/document/person?number=1012")
	hr.Get(link(t, hr.Page, "/admin/document/open/"))
	if p := hr.Submit("reason", "x"); p.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a reason: %d", p.Status)
	}
	if p := hr.Submit("reason", "Anmodning om kopi"); p.Status != http.StatusOK || !strings.HasPrefix(p.Body, "%PDF-") {
		t.Errorf("%d %s", p.Status, p.URL)
	}
	owner.Get("/document?year=all&q=L%C3%B8fte")
	if owner.Follow("Løfte om kursus"); !owner.Page.Has("Anmodning om kopi") {
		t.Error(owner.Page.Text())
	}
	if p := owner.Get("/security/activity"); !p.Has("HR åbnede et af dine dokumenter") {
		t.Error(p.Text())
	}
	t.Run("an archive that is none is told at the field or on its page", func(t *testing.T) {
		p := e2e.Upload(hr, "/admin/document", "file", "x.zip", []byte("PK but not really"))
		s.Work()
		if p = hr.Get(p.URL.Path); !p.Has("ZIP-arkiv") {
			t.Error(p.Text())
		}
	})
}

func TestWhoHasLeftFetchesPayslipsOnTheAlumniHostAndNotWhatIsClosed(t *testing.T) {
	s := e2e.New(t)
	b := s.BrowserOn("alumni.havn." + s.Base)
	s.SignIn(b, s.Who("havn", "alumnus"), "/document")
	firstDocument(t, b)
	if p := b.Get("/document?year=all"); !p.Has("Lønseddel") {
		t.Error(p.Text())
	}
}

func TestAStoreThatIsGoneSaysSoKindlyAndTheListGoesOn(t *testing.T) {
	s := e2e.New(t)
	b := s.As("havn", "employee")
	show := link(t, firstDocument(t, b), "/document/file/")
	if err := os.RemoveAll(filepath.Join(s.App.Config.DataDir, "files")); err != nil {
		t.Fatal(err)
	}
	p := b.Get(show)
	if p.Status != http.StatusServiceUnavailable || p.Header.Get("Retry-After") == "" || p.Header.Get("Content-Disposition") != "" || !p.Has("Prøv igen om et minut") {
		t.Errorf("%d %v\n%s", p.Status, p.Header, p.Text())
	}
	if p := b.Post("/document/take", url.Values{}); p.Status != http.StatusServiceUnavailable {
		t.Errorf("everything: %d", p.Status)
	}
	if p := b.Get("/document?year=all"); p.Status != http.StatusOK || !p.Has("Lønseddel") {
		t.Errorf("the list: %d", p.Status)
	}
}
