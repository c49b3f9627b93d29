package picture

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

const page = `<!doctype html><html><body><header>Frame</header><main class="card">
<a class="way-back" href="/">Back</a><h1>Sign in <b>&amp; out</b></h1><p class="lead">Lead</p>
<form><input type="hidden" name="k" value="secret"><div class="field is-code"><label for="c">Code</label><p class="hint">Hint</p><input id="c" name="code" value=""></div>
<div class="field check"><input type="checkbox" name="keep"><div><label>Keep me</label></div></div>
<div class="field"><label>Mail</label><input name="email" value="anna@example.com"></div>
<div class="rules"><p class="rules-title">Rules</p><ul><li>One<span class="sr">met</span></li></ul></div>
<p hidden>Hidden</p><script>alert(1)</script><noscript>Script</noscript>
<button class="button" name="action" value="go">Go</button><button class="button button-secondary" name="action" value="other">Other</button>
<ul class="ways"><li><button class="way" name="action" value="way"><span class="way-words"><span class="way-title">Way</span><span class="way-text">Below</span></span></button></li></ul></form>
<p class="under"><a href="/reset">Forgot</a></p><details class="more"><summary>Stuck</summary><p>Inside</p></details></main></body></html>`

func draw(t *testing.T, mark string) string {
	t.Helper()
	svg, err := Draw([]byte(page), Look{Employer: "Havn <A/S>", Brand: "#0d6fb5", OnBrand: "#ffffff", DayInk: "#0d6fb5", NightInk: "#9cc3da", DayGround: "#ffe9c8", NightGround: "#332200"}, mark)
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(strings.NewReader(string(svg)))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return string(svg)
		} else if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
	}
}

func TestAPageIsDrawnAsAPersonSeesIt(t *testing.T) {
	svg := draw(t, "")
	for _, said := range []string{"Havn &lt;A/S&gt;", "‹ Back", "Sign in &amp; out", "Lead", "Code", "Hint", "Keep me", "anna@example.com", "Rules", "One", ">Go<", ">Other<", "Way", "Below", "Forgot", "› Stuck"} {
		if !strings.Contains(svg, said) {
			t.Errorf("lacks %q", said)
		}
	}
	for _, hidden := range []string{"Frame", "secret", "met", "Hidden", "alert", "Script", "Inside", "href", "class=\"r\""} {
		if strings.Contains(svg, hidden) {
			t.Errorf("shows %q", hidden)
		}
	}
}

func TestWhatAStepSpeaksOfIsRinged(t *testing.T) {
	for _, mark := range []string{"/reset", "/", "code", "email", "action=go", "action=other", "action=way"} {
		if n := strings.Count(draw(t, mark), `class="r"`); n != 1 {
			t.Errorf("%s: %d rings", mark, n)
		}
	}
	for _, gone := range []string{"/elsewhere", "k=secret", "action=none"} {
		if _, err := Draw([]byte(page), Look{}, gone); err == nil {
			t.Errorf("%q is on no page, and nothing is said", gone)
		}
	}
	if _, err := Draw([]byte("<p>no page</p>"), Look{}, ""); err == nil {
		t.Error("what is no page was drawn")
	}
}

func TestNoLineIsWiderThanItsRoom(t *testing.T) {
	for _, words := range []string{"Wiederherstellungscodeverzeichnisübersicht", strings.Repeat("W", 90), "short", "", "many words that go on and on until they no longer fit into one line"} {
		rest := words
		for _, line := range lines(words, room, 20, true) {
			if wide(line, 20, true) > room {
				t.Errorf("%q is too wide", line)
			}
			rest = strings.TrimSpace(strings.TrimPrefix(rest, line))
		}
		if rest != "" {
			t.Errorf("%q lost %q", words, rest)
		}
	}
}
