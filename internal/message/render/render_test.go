package render_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tilgang/internal/message/render"
)

var update = flag.Bool("update", false, "write the expected mails anew")

func renderer(t testing.TB) *render.Renderer {
	t.Helper()
	r, err := render.New(os.DirFS("../../../templates"))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheWelcomeMailLooksAsAgreed(t *testing.T) {
	r := renderer(t)
	for _, lang := range languages(t) {
		doc := invite(t, lang)
		html, err := r.HTML(doc)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "invite."+lang+".html", html)
		golden(t, "invite."+lang+".txt", render.Text(doc))
		if len(html) > 14<<10 {
			t.Errorf("the %s welcome mail has %d bytes", lang, len(html))
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

func TestBothFormsSayTheSame(t *testing.T) {
	r := renderer(t)
	docs := map[string]render.Doc{"everything": everything(), "nothing": {}, "logo": invite(t, "en")}
	logo := docs["logo"]
	logo.Brand.LogoURL = "https://havn.example/logo.png"
	docs["logo"] = logo
	for _, lang := range languages(t) {
		docs["invite."+lang] = invite(t, lang)
		for _, kind := range []string{"password_changed", "factor_added", "recovery_used", "recovery_made"} {
			docs[kind+"."+lang] = security(t, lang, kind)
		}
	}
	for name, doc := range docs {
		t.Run(name, func(t *testing.T) {
			html, err := r.HTML(doc)
			if err != nil {
				t.Fatal(err)
			}
			if err := render.Check(html, render.Text(doc)); err != nil {
				t.Error(err)
			}
		})
	}
}

// everything is a Doc that uses each part.
func everything() render.Doc {
	return render.Doc{
		Lang: "en", Subject: "S", Preheader: "P", Heading: "Heading & more",
		Blocks: []render.Block{
			render.Paragraph{Text: "See https://havn.example/a?b=1&c=2."},
			render.Button{Label: "Go alone", URL: "https://havn.example/alone"},
			render.Button{Label: "Go", URL: "https://havn.example/go?x=1&y=æ|"},
			render.Address{Intro: "Copy:", URL: "https://havn.example/go?x=1&y=æ|"},
			render.Code{Label: "Type at https://havn.example/code", Value: "ABCDE"},
			render.Facts{{Label: "When", Value: "now"}, {Label: "Empty"}},
			render.List{"one", "two (https://havn.example/two)"},
		},
		Expires: "Until 5.", NotYou: "Not you? https://havn.example/no", Why: "Because.", NoReply: "Not read.",
		Support:   render.Support{Heading: "Help", Lines: []string{"Phone: 1", "https://havn.example/help"}},
		Signature: "Regards,\nHavn", Brand: render.Brand{Name: "Havn"},
	}
}

func TestCheckSeesADifference(t *testing.T) {
	r := renderer(t)
	html, err := r.HTML(everything())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"a word less":        strings.Replace(render.Text(everything()), "Not read.", "Not.", 1),
		"a word more":        render.Text(everything()) + "more",
		"an address less":    strings.Replace(render.Text(everything()), "https://havn.example/alone", "", 1),
		"an address changed": strings.Replace(render.Text(everything()), "/code", "/other", 1),
	} {
		t.Run(name, func(t *testing.T) {
			if render.Check(html, text) == nil {
				t.Error("the forms were found equal")
			}
		})
	}
}

func TestValuesStayValues(t *testing.T) {
	const evil = `<script>alert(1)</script>"' onload=x <img src=x> {{.Lang}} </style>`
	doc := everything()
	for _, field := range []*string{
		&doc.Lang, &doc.Subject, &doc.Preheader, &doc.Heading, &doc.Expires, &doc.NotYou, &doc.Why,
		&doc.NoReply, &doc.Signature, &doc.Support.Heading, &doc.Support.Lines[0], &doc.Brand.Name,
	} {
		*field = evil
	}
	doc.Blocks = []render.Block{
		render.Paragraph{Text: evil},
		render.Button{Label: evil, URL: "https://havn.example/"},
		render.Code{Label: evil, Value: evil},
		render.Address{Intro: evil, URL: `https://havn.example/"><script>`},
		render.Facts{{Label: evil, Value: evil}},
		render.List{evil},
	}
	html, err := renderer(t).HTML(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, sign := range []string{"<script", "<img src=x", `" onload`, "alert(1)</style"} {
		if strings.Contains(html, sign) {
			t.Errorf("the mail holds %s", sign)
		}
	}
	if strings.Count(html, "</style") != 1 {
		t.Error("the style block was ended early")
	}
}

func TestANameCannotTurnTheWordsAround(t *testing.T) {
	doc := render.Doc{Heading: "Hi \u202egnp\u202c\r\nMette\u0000", Blocks: []render.Block{render.Paragraph{Text: "a\u2066b\u2028c"}}}
	html, err := renderer(t).HTML(doc)
	if err != nil {
		t.Fatal(err)
	}
	for form, text := range map[string]string{"html": html, "text": render.Text(doc)} {
		if strings.ContainsAny(text, "\u202e\u202c\u2066\u2028\u0000\r") {
			t.Errorf("the %s holds signs that turn or end a line", form)
		}
	}
	if !strings.Contains(html, "Hi gnp Mette</h1>") {
		t.Error("the heading was not made one line")
	}
}

func TestAddressesAndColoursThatAreRefused(t *testing.T) {
	r := renderer(t)
	for name, doc := range map[string]render.Doc{
		"script":     {Blocks: []render.Block{render.Button{Label: "x", URL: "javascript:alert(1)"}}},
		"data":       {Blocks: []render.Block{render.Address{URL: "data:text/html,x"}}},
		"relative":   {Blocks: []render.Block{render.Button{Label: "x", URL: "/invite/abc"}}},
		"empty":      {Blocks: []render.Block{render.Button{Label: "x"}}},
		"with space": {Blocks: []render.Block{render.Button{Label: "x", URL: "https://a.example/ b"}}},
		"logo":       {Brand: render.Brand{LogoURL: "data:image/png;base64,AAAA"}},
		"colour":     {Brand: render.Brand{Primary: "red;background:url(//evil)"}},
		"short hex":  {Brand: render.Brand{OnPrimary: "#fff"}},
	} {
		t.Run(name, func(t *testing.T) {
			if html, err := r.HTML(doc); err == nil {
				t.Errorf("it was taken:\n%s", html)
			}
		})
	}
}

func TestTheEmployersColoursAreUsed(t *testing.T) {
	doc := everything()
	doc.Brand = render.Brand{Name: "Skog", Primary: "#a3320b", OnPrimary: "#fffffe", PrimaryInk: "#ffab8a", LogoURL: "cid:logo"}
	html, err := renderer(t).HTML(doc)
	if err != nil {
		t.Fatal(err)
	}
	for _, sign := range []string{
		`bgcolor="#a3320b"`, "background-color:#a3320b", "color:#fffffe", ".link{color:#ffab8a!important}",
		`src="cid:logo" alt="Skog"`,
	} {
		if !strings.Contains(html, sign) {
			t.Errorf("the mail lacks %s", sign)
		}
	}
}

func TestTextIsWrappedAndAddressesAreWhole(t *testing.T) {
	word := rapid.StringMatching(`[a-zæøåÆØÅ0-9]{1,30}|https://[a-z]{3,20}\.example/[A-Za-z0-9_-]{1,120}`)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(word, 1, 60).Draw(t, "words")
		sentence := strings.Join(words, " ")
		text := render.Text(render.Doc{Blocks: []render.Block{render.Paragraph{Text: sentence}, render.List{sentence}}, Expires: sentence})
		for line := range strings.SplitSeq(text, "\n") {
			if utf8.RuneCountInString(line) > 72 && strings.ContainsRune(strings.Trim(line, "• "), ' ') {
				t.Fatalf("a line of %d: %q", utf8.RuneCountInString(line), line)
			}
		}
		if got := strings.Count(text, "https://"); got != 3*strings.Count(sentence, "https://") {
			t.Fatalf("%d addresses", got)
		}
		for _, w := range words {
			if !strings.Contains(text, w) {
				t.Fatalf("%q was broken", w)
			}
		}
	})
}

func TestLinksInAText(t *testing.T) {
	text := "One https://a.example/x?y=1&z=2. Two (http://b.example:8080/p), three:\nhttps://c.example/æ/~q_-\nno ftp://d.example and a@e.example https://a.example/x?y=1&z=2"
	want := []string{"https://a.example/x?y=1&z=2", "http://b.example:8080/p", "https://c.example/æ/~q_-", "https://a.example/x?y=1&z=2"}
	if diff := cmp.Diff(want, render.Links(text)); diff != "" {
		t.Errorf("links (-want +got):\n%s", diff)
	}
}

func TestTheMailCanBeReadByEveryone(t *testing.T) {
	html, err := renderer(t).HTML(everything())
	if err != nil {
		t.Fatal(err)
	}
	for sign, why := range map[string]string{
		`<html lang="en"`:                         "the language is named",
		`<div lang="en"`:                          "the language is named where the html element is cut away",
		`name="color-scheme"`:                     "the mail knows both schemes",
		"prefers-color-scheme:dark":               "the mail has dark colours",
		"<!--[if mso]><table":                     "Outlook gets its width",
		`<th class="label soft rule" scope="row"`: "facts have row headings",
	} {
		if !strings.Contains(html, sign) {
			t.Errorf("missing %s: %s", sign, why)
		}
	}
	tables := strings.Count(html, "<table") - 1 // the facts are a real table
	if got := strings.Count(html, `<table role="presentation"`); got != tables {
		t.Errorf("%d of %d layout tables are passed over by screen readers", got, tables)
	}
	if strings.Contains(html, "<script") || strings.Contains(html, "@import") || strings.Contains(html, "url(") {
		t.Error("the mail fetches or runs something")
	}
}

func BenchmarkBothForms(b *testing.B) {
	r, doc := renderer(b), invite(b, "da")
	for b.Loop() {
		if _, err := r.HTML(doc); err != nil {
			b.Fatal(err)
		}
		_ = render.Text(doc)
	}
}
