package browser

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

const head = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>%s</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"></head><body><main><h1>%[1]s</h1>%s</main></body></html>`

// site serves the given bodies by path, each in a page that axe finds nothing
// wrong with, and returns its address under havn.localhost.
func site(t *testing.T, bodies map[string]string) string {
	t.Helper()
	mux := http.NewServeMux()
	for path, body := range bodies {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { show(w, strings.Trim(path, "/{$}"), body) })
	}
	mux.HandleFunc("POST /echo", echo)
	mux.HandleFunc("GET /told", func(w http.ResponseWriter, r *http.Request) { show(w, "Told", r.URL.Query().Get("what")) })
	mux.HandleFunc("GET /headers", func(w http.ResponseWriter, r *http.Request) {
		show(w, "Headers", r.Header.Get("Accept-Language")+" | "+r.UserAgent())
	})
	mux.HandleFunc("GET /cookie", func(w http.ResponseWriter, r *http.Request) {
		_, err := r.Cookie("seen")
		http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
		show(w, "Cookie", fmt.Sprintf("seen before: %v", err == nil))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "havn.localhost", 1)
}

func show(w io.Writer, title, body string) { _, _ = fmt.Fprintf(w, head, title, body) }

// echo answers a form as our own pages do: see other, then a page.
func echo(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseMultipartForm(1 << 20)
	told := r.Form.Encode()
	if file, header, err := r.FormFile("file"); err == nil {
		content, _ := io.ReadAll(file)
		told += " file " + header.Filename + " " + string(content)
	}
	if r.Form.Get("email") == "wrong" {
		w.WriteHeader(http.StatusUnprocessableEntity)
		show(w, "Again", "That is no address")
		return
	}
	http.Redirect(w, r, "/told?what="+url.QueryEscape(told), http.StatusSeeOther)
}

const form = `<form method="post" action="/echo" enctype="multipart/form-data">
<label>E-mail <input name="email" autocomplete="email" value="old@x"></label>
<label>Start <input type="date" name="start"></label>
<label>Country <select name="country"><option value="45">Denmark</option><option value="47">Norway</option></select></label>
<label><input type="checkbox" name="remember" value="yes"> Remember me</label>
<label><input type="radio" name="channel" value="sms"> SMS</label>
<label><input type="radio" name="channel" value="voice" checked> Call</label>
<label>File <input type="file" name="file"></label>
<button name="action" value="save">Save</button> <button name="action" value="later">Save later</button></form>`

func TestForms(t *testing.T) {
	address := site(t, map[string]string{"/form": form})
	for _, device := range []Options{{}, {NoScript: true}, {Dark: true}} {
		t.Run(fmt.Sprintf("a person fills, ticks, uploads and sends with %+v", device), func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "staff.csv")
			if err := os.WriteFile(file, []byte("one"), 0o600); err != nil {
				t.Fatal(err)
			}
			p := New(t).Page(360, 740, "da", device)
			p.Goto(address + "/form")
			p.Fill("email", "a@b.dk")
			p.Fill("start", "2026-03-01")
			p.Fill("country", "Norway")
			p.Check("remember")
			p.Check("channel", "sms")
			p.Upload("file", file)
			p.Press("Save")
			want := "action=save&channel=sms&country=47&email=a%40b.dk&remember=yes&start=2026-03-01 file staff.csv one"
			told := strings.TrimPrefix(p.Text(), "Told ")
			if diff := cmp.Diff(want, told); diff != "" {
				t.Error(diff)
			}
			if p.Status() != http.StatusOK || p.Title() != "Told" || !strings.Contains(p.URL(), "havn.localhost") {
				t.Errorf("status %d, title %q, address %s", p.Status(), p.Title(), p.URL())
			}
		})
	}
	t.Run("a refused form's status is seen and is no console error", func(t *testing.T) {
		p := New(t).Page(360, 740, "en", Options{})
		p.Goto(address + "/form")
		p.Fill("email", "wrong")
		p.Press("Save later")
		if p.Status() != http.StatusUnprocessableEntity || !p.Has("That is no address") {
			t.Errorf("status %d: %s", p.Status(), p.Text())
		}
		if got := p.ConsoleErrors(); len(got) > 0 {
			t.Errorf("console: %q", got)
		}
	})
	t.Run("fields are read back, and boxes cleared", func(t *testing.T) {
		p := New(t).Page(360, 740, "en", Options{})
		p.Goto(address + "/form")
		if p.Value("email") != "old@x" || p.Checked("remember") || !p.Checked("channel", "voice") {
			t.Error("the page is read wrongly")
		}
		p.Check("remember")
		p.Uncheck("remember")
		p.Fill("email", "")
		if p.Checked("remember") || p.Value("email") != "" {
			t.Error("a box or a field was not cleared")
		}
	})
}

func TestFinding(t *testing.T) {
	address := site(t, map[string]string{
		"/list": `<table><tr><td>Anna</td><td><a href="/anna">Open</a></td></tr><tr><td>Bo</td><td><a href="/bo">Open</a></td></tr></table>
			<a href="#end">Down</a><p id="end">The end</p><details><summary>More</summary><p>Hidden words</p></details>
			<form method="post" action="/echo"><button id="by-id" name="a" value="b"><svg></svg> Send <span>now</span></button></form>`,
		"/anna": "Page of Anna", "/bo": "Page of Bo",
	})
	p := New(t).Page(1280, 800, "en", Options{})
	p.Goto(address + "/list")
	t.Run("the row decides which of equal links is meant", func(t *testing.T) {
		p.ClickIn("Bo", "Open")
		if !p.Has("Page of Bo") {
			t.Error(p.Text())
		}
		p.Back()
		p.Click("Open")
		if !p.Has("Page of Anna") {
			t.Error(p.Text())
		}
		p.Back()
	})
	t.Run("a link to a place in the page arrives there", func(t *testing.T) {
		p.Click("Down")
		if !strings.HasSuffix(p.URL(), "#end") {
			t.Error(p.URL())
		}
	})
	t.Run("a disclosure opens by a tap", func(t *testing.T) {
		if p.Has("Hidden words") {
			t.Fatal("closed words are read")
		}
		p.Tap("More")
		p.Await("Hidden words")
	})
	t.Run("a button is found by its words with white space collapsed, or by a selector", func(t *testing.T) {
		p.Press("Send now")
		p.Back()
		p.Press("#by-id")
		if !p.Has("a=b") {
			t.Error(p.Text())
		}
	})
}

func TestKeyboard(t *testing.T) {
	address := site(t, map[string]string{"/form": form})
	p := New(t).Page(1280, 800, "en", Options{})
	p.Goto(address + "/form")
	p.Key("Tab")
	if got := p.Focused(); got != "email" {
		t.Fatalf("the focus is on %q", got)
	}
	p.Type("typed")
	p.Key("Tab")
	p.Key("Shift+Tab")
	if got := p.Focused(); got != "email" {
		t.Errorf("after there and back the focus is on %q", got)
	}
	p.Submit()
	if !p.Has("email=typed") {
		t.Error(p.Text())
	}
}

func TestDevice(t *testing.T) {
	address := site(t, map[string]string{
		"/wide":   `<div style="width:500px">wide</div>`,
		"/fits":   `<p>short</p>`,
		"/script": `<p id="p">plain</p><script>document.getElementById("p").textContent = "scripted"; setTimeout(() => { location.href = "/fits" }, 50)</script>`,
		"/dark":   `<style>@media (prefers-color-scheme: dark) { .light { display: none } }</style><p class="light">daylight</p>`,
	})
	t.Run("a page wider than the phone overflows", func(t *testing.T) {
		p := New(t).Page(360, 740, "en", Options{})
		for path, want := range map[string]bool{"/wide": true, "/fits": false} {
			p.Goto(address + path)
			if got := p.HorizontalOverflow(); got != want {
				t.Errorf("%s: %v", path, got)
			}
		}
	})
	t.Run("without script the page stays as it came", func(t *testing.T) {
		p := New(t).Page(360, 740, "en", Options{NoScript: true})
		p.Goto(address + "/script")
		if !p.Has("plain") {
			t.Error(p.Text())
		}
	})
	t.Run("with script it leads on by itself", func(t *testing.T) {
		p := New(t).Page(360, 740, "en", Options{})
		p.Goto(address + "/script")
		p.AwaitURL("/fits")
	})
	t.Run("the language and an ordinary browser are announced", func(t *testing.T) {
		p := New(t).Page(360, 740, "da", Options{})
		p.Goto(address + "/headers")
		if !p.Has("da") || strings.Contains(p.Text(), "Headless") {
			t.Error(p.Text())
		}
	})
	t.Run("dark is dark", func(t *testing.T) {
		p := New(t).Page(360, 740, "en", Options{Dark: true})
		p.Goto(address + "/dark")
		if p.Has("daylight") {
			t.Error(p.Text())
		}
	})
	t.Run("two pages share no cookie", func(t *testing.T) {
		b := New(t)
		one, two := b.Page(360, 740, "en", Options{}), b.Page(360, 740, "en", Options{})
		one.Goto(address + "/cookie")
		one.Goto(address + "/cookie")
		two.Goto(address + "/cookie")
		if !one.Has("seen before: true") || !two.Has("seen before: false") {
			t.Errorf("one: %s two: %s", one.Text(), two.Text())
		}
	})
}

func TestWatching(t *testing.T) {
	address := site(t, map[string]string{
		"/quiet": `<p>nothing</p>`,
		"/loud":  `<script>console.error("first", 1); setTimeout(() => { throw new Error("second") }, 0)</script><img src="/none.png" alt=""><img src="http://third.localhost:1/x.png" alt="">`,
	})
	t.Run("a good page writes no error and asks no third party", func(t *testing.T) {
		p := New(t).Page(1280, 800, "en", Options{})
		p.Goto(address + "/quiet")
		if got := p.ConsoleErrors(); len(got) > 0 {
			t.Errorf("console: %q", got)
		}
		if diff := cmp.Diff([]string{"havn.localhost"}, p.Requests()); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("errors, exceptions, missing files and third parties are seen", func(t *testing.T) {
		p := New(t).Page(1280, 800, "en", Options{})
		p.Goto(address + "/loud")
		p.until("complain", func() bool { return len(p.ConsoleErrors()) >= 4 })
		all := strings.Join(p.ConsoleErrors(), "\n")
		for _, want := range []string{`console: "first" 1`, "Error: second", "none.png", "third.localhost"} {
			if !strings.Contains(all, want) {
				t.Errorf("no %q in:\n%s", want, all)
			}
		}
		if diff := cmp.Diff([]string{"havn.localhost", "third.localhost"}, p.Requests()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAxe(t *testing.T) {
	address := site(t, map[string]string{
		"/good": form,
		"/bad":  `<img src="data:,"><input name="x"><button></button><p style="color:#bbb;background:#fff">faint</p>`,
	})
	t.Run("a good page has no violation", func(t *testing.T) {
		for _, device := range []Options{{}, {Dark: true}} {
			p := New(t).Page(360, 740, "en", device)
			p.Goto(address + "/good")
			if got := p.Axe(); len(got) > 0 {
				t.Errorf("%+v: %v", device, got)
			}
		}
	})
	t.Run("a bad page's faults are named", func(t *testing.T) {
		p := New(t).Page(360, 740, "en", Options{})
		p.Goto(address + "/bad")
		found := map[string]bool{}
		for _, v := range p.Axe() {
			found[v.ID] = true
			if v.Help == "" || len(v.Targets) == 0 || !strings.Contains(v.String(), v.ID) {
				t.Errorf("too little is told: %+v", v)
			}
		}
		for _, want := range []string{"image-alt", "label", "button-name", "color-contrast"} {
			if !found[want] {
				t.Errorf("%s was not found: %v", want, found)
			}
		}
	})
}

func TestPictures(t *testing.T) {
	address := site(t, map[string]string{"/tall": `<div style="height:3000px">tall</div>`})
	folder := t.TempDir()
	t.Setenv("SCREENS_DIR", folder)
	p := New(t).Page(360, 740, "en", Options{Dark: true})
	p.Goto(address + "/tall")
	p.Screen("tall")
	content, err := os.ReadFile(filepath.Join(folder, "tall-360-dark.png"))
	if err != nil {
		t.Fatal(err)
	}
	width, height := int(content[18])<<8|int(content[19]), int(content[22])<<8|int(content[23])
	if width != 360 || height < 3000 {
		t.Errorf("the picture is %d × %d", width, height)
	}
}

func TestSpeed(t *testing.T) {
	address := site(t, map[string]string{"/form": form})
	p := New(t).Page(360, 740, "en", Options{})
	began := time.Now()
	for range 25 {
		p.Goto(address + "/form")
		p.Fill("email", "a")
		p.Press("Save")
	}
	took := time.Since(began)
	t.Logf("50 pages in %v", took)
	if took > time.Minute {
		t.Errorf("50 pages took %v; a hundred must take less than two minutes", took)
	}
}

func TestQuestionsAreQuoted(t *testing.T) {
	_, call, _ := strings.Cut(ask("fill", `a"b`, "</script>\n"), ").fill(")
	var args []string
	if err := json.Unmarshal([]byte("["+strings.TrimSuffix(call, ")")+"]"), &args); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{`a"b`, "</script>\n"}, args); diff != "" {
		t.Error(diff)
	}
}
