package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// stranger is a test that records its end instead of failing this one.
type stranger struct {
	testing.TB
	said   []string
	failed bool
	after  []func()
}

func (s *stranger) Helper()                 {}
func (s *stranger) Failed() bool            { return s.failed }
func (s *stranger) Cleanup(f func())        { s.after = append(s.after, f) }
func (s *stranger) Logf(f string, a ...any) { s.said = append(s.said, fmt.Sprintf(f, a...)) }

func (s *stranger) Fatalf(f string, a ...any) {
	s.said, s.failed = append(s.said, fmt.Sprintf(f, a...)), true
	panic(s)
}

// doomed runs act on a page of the form and returns what the test said.
func doomed(t *testing.T, act func(p *Page)) string {
	t.Helper()
	t.Setenv("TEST_ARTIFACTS", t.TempDir())
	address := site(t, map[string]string{"/form": form + `<button disabled>Frozen</button>
		<div style="position:relative"><button>Under</button><div style="position:absolute;inset:0;background:red">cover</div></div>`})
	s := &stranger{TB: t}
	defer func() {
		for _, f := range s.after {
			f()
		}
	}()
	func() {
		defer func() {
			if got := recover(); got != nil && got != any(s) {
				panic(got)
			}
		}()
		p := New(s).Page(360, 740, "en", Options{})
		p.Goto(address + "/form")
		act(p)
	}()
	return strings.Join(s.said, "\n")
}

func TestFailures(t *testing.T) {
	for name, c := range map[string]struct {
		act  func(p *Page)
		want string
	}{
		"a button that is not there is told with those that are": {func(p *Page) { p.Press("Send") }, `no button "Send" among ["Save","Save later"`},
		"a misspelt field is told with those that are":           {func(p *Page) { p.Fill("mail", "x") }, `no field "mail" among ["email"`},
		"an option that is not there is told":                    {func(p *Page) { p.Fill("country", "Sweden") }, `no option "Sweden"`},
		"a disabled button cannot be pressed":                    {func(p *Page) { p.Press("Frozen") }, `"Frozen" is disabled`},
		"a covered button cannot be pressed":                     {func(p *Page) { p.Press("Under") }, `"Under" is covered by <div`},
		"a server that is down is told":                          {func(p *Page) { p.Goto("http://havn.localhost:1/") }, "ERR_"},
		"axe cannot run where scripts are off":                   {func(p *Page) { p.options.NoScript = true; p.Axe() }, "NoScript"},
		"words in no row are told":                               {func(p *Page) { p.PressIn("Nobody", "Save") }, `speaks of "Nobody"`},
	} {
		t.Run(name, func(t *testing.T) {
			said := doomed(t, c.act)
			if !strings.Contains(said, c.want) {
				t.Errorf("it said:\n%s", said)
			}
		})
	}
	t.Run("the page is kept as picture and HTML, and the folder is told", func(t *testing.T) {
		said := doomed(t, func(p *Page) { p.Fill("email", "kept"); p.Press("Send") })
		folders, err := filepath.Glob(filepath.Join(os.Getenv("TEST_ARTIFACTS"), "page-*"))
		if err != nil || len(folders) != 1 || !strings.Contains(said, folders[0]) {
			t.Fatalf("folders %v, said:\n%s", folders, said)
		}
		for _, file := range []string{"page.html", "page.png"} {
			if content, err := os.ReadFile(filepath.Join(folders[0], file)); err != nil || len(content) < 500 {
				t.Errorf("%s: %d bytes, %v", file, len(content), err)
			}
		}
	})
}
