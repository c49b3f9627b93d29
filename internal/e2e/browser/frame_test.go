package browser

import (
	"strings"
	"testing"
)

// fetched is a page as a server would have sent it.
func fetched(body string) string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Frame</title></head><body><main><h1>Frame</h1>` + body + `</main></body></html>`
}

func TestAFrameLaysAPageOutAtEachWidth(t *testing.T) {
	base := site(t, map[string]string{"/robots.txt": ""})
	f := New(t).Frame("en", 1280)
	f.Show(base+"/any", fetched(`<p style="width:500px">Wide</p><script>document.title = innerWidth</script>`))
	if title := In[string](f, `document.title`); title != "1280" {
		t.Errorf("its script saw a window of %s", title)
	}
	wide := f.Layout()
	f.Resize(360)
	if narrow := f.Layout(); wide.Width > 1280 || narrow.Width < 500 || len(wide.Out) != 0 || !strings.Contains(narrow.Out[0], "Wide") {
		t.Errorf("%+v %+v", wide, narrow)
	}
	if inner := In[int](f, `innerWidth`); inner != 360 || f.Width() != 360 {
		t.Errorf("it sees a window of %d", inner)
	}
	f.Show(base+"/other", fetched(`<p>Narrow</p>`))
	if l := f.Layout(); l.Width > 360 {
		t.Errorf("the page before is still there: %+v", l)
	}
}

func TestAFrameSeesWhatAxeSees(t *testing.T) {
	base := site(t, map[string]string{"/robots.txt": ""})
	f := New(t).Frame("en", 1280)
	f.Show(base+"/", fetched(`<input name="bare"><p style="color:#bbb">Pale</p>`))
	for _, width := range []int{1280, 360} {
		var found []string
		f.Resize(width)
		for _, v := range f.Axe() {
			found = append(found, v.ID)
		}
		if got := strings.Join(found, " "); got != "color-contrast label" {
			t.Errorf("at %d: %q", width, got)
		}
	}
	f.Show(base+"/", fetched(`<p>Well</p>`))
	if found := f.Axe(); len(found) != 0 {
		t.Error(found)
	}
}

func TestAScriptInAFrameAsksNobody(t *testing.T) {
	base := site(t, map[string]string{"/robots.txt": ""})
	f := New(t).Frame("en", 360)
	f.Show(base+"/", fetched(`<p id="p">Quiet</p><script>fetch("/told?what=x").then(() => { document.getElementById("p").textContent = "Told" })</script>`))
	if said := In[string](f, `new Promise((done) => setTimeout(() => done(document.getElementById("p").textContent), 300))`); said != "Quiet" {
		t.Error(said)
	}
}

func TestPagesOfOneShapeDifferInWordsAlone(t *testing.T) {
	base := site(t, map[string]string{"/robots.txt": ""})
	f := New(t).Frame("en", 360)
	shape := func(body string) string {
		f.Show(base+"/", fetched(body))
		return f.Layout().Shape
	}
	one := shape(`<label for="a12">Name</label><input id="a12" value="Ida"><a href="/x">Go</a>`)
	if other := shape(`<label for="a7">Navn</label><input id="a7" value="Odd"><a href="/y">Videre</a>`); other != one {
		t.Error("other words are another shape")
	}
	list := shape(`<ul><li lang="en">English</li><li><a href="/da">Dansk</a></li></ul>`)
	if other := shape(`<ul><li><a href="/en">English</a></li><li><a href="/nb">Norsk</a></li><li lang="da">Dansk</li></ul>`); other != list {
		t.Error("another order and a further one of a kind are another shape")
	}
	if shape(`<ul><li lang="en">English</li><li><a>Dansk</a></li></ul>`) == list || shape(`<ul><li lang="en">English</li></ul>`) == list {
		t.Error("another kind of entry is the same shape")
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
