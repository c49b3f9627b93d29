package browser

import (
	"strings"
	"testing"
)

// fetched is a page as a server would have sent it.
func fetched(body string) string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Frames</title></head><body><main><h1>Frames</h1>` + body + `</main></body></html>`
}

func TestFramesLayAPageOutAtEachWidth(t *testing.T) {
	base := site(t, map[string]string{"/robots.txt": ""})
	f := New(t).Frames("en", 1280, 360)
	f.Show(base+"/any", fetched(`<p style="width:500px">Wide</p><script>document.title = innerWidth</script>`))
	if wide, narrow := f.Layout(1280), f.Layout(360); wide.Width > 1280 || narrow.Width < 500 || len(wide.Out) != 0 || !strings.Contains(narrow.Out[0], "Wide") {
		t.Errorf("%+v %+v", wide, narrow)
	}
	if title := In[string](f, 360, `document.title`); title != "360" {
		t.Errorf("its script saw a window of %s", title)
	}
	f.Show(base+"/other", fetched(`<p>Narrow</p>`))
	if l := f.Layout(360); l.Width > 360 {
		t.Errorf("the page before is still there: %+v", l)
	}
}

func TestFramesSeeWhatAxeSees(t *testing.T) {
	base := site(t, map[string]string{"/robots.txt": ""})
	f := New(t).Frames("en", 1280, 360)
	f.Show(base+"/", fetched(`<input name="bare"><p style="color:#bbb">Pale</p>`))
	for _, width := range []int{1280, 360} {
		var found []string
		for _, v := range f.Axe(width) {
			found = append(found, v.ID)
		}
		if got := strings.Join(found, " "); got != "color-contrast label" {
			t.Errorf("at %d: %q", width, got)
		}
	}
	f.Show(base+"/", fetched(`<p>Well</p>`))
	if found := f.Axe(360); len(found) != 0 {
		t.Error(found)
	}
}

func TestAScriptInAFrameAsksNobody(t *testing.T) {
	base := site(t, map[string]string{"/robots.txt": ""})
	f := New(t).Frames("en", 360)
	f.Show(base+"/", fetched(`<p id="p">Quiet</p><script>fetch("/told?what=x").then(() => { document.getElementById("p").textContent = "Told" })</script>`))
	if said := In[string](f, 360, `new Promise((done) => setTimeout(() => done(document.getElementById("p").textContent), 300))`); said != "Quiet" {
		t.Error(said)
	}
}

func TestPagesOfOneShapeDifferInWordsAlone(t *testing.T) {
	base := site(t, map[string]string{"/robots.txt": ""})
	f := New(t).Frames("en", 360)
	shape := func(body string) string {
		f.Show(base+"/", fetched(body))
		return f.Layout(360).Shape
	}
	one := shape(`<label for="a12">Name</label><input id="a12" value="Ida"><a href="/x">Go</a>`)
	if other := shape(`<label for="a7">Navn</label><input id="a7" value="Odd"><a href="/y">Videre</a>`); other != one {
		t.Error("other words are another shape")
	}
	for _, body := range []string{
		`<label for="a12"></label><input id="a12" value="Ida"><a href="/x">Go</a>`,
		`<label for="b12">Name</label><input id="a12" value="Ida"><a href="/x">Go</a>`,
		`<label for="a12">Name</label><input id="a12" value="Ida"><a href="/x" class="pale">Go</a>`,
		`<label for="a12">Name</label><input id="a12" value="Ida"><a href="/x" title="">Go</a>`,
		`<label for="a12">Name</label><input id="a12" value="Ida"><a href="/x"><b>Go</b></a>`,
	} {
		if shape(body) == one {
			t.Errorf("%s is of the same shape", body)
		}
	}
}
