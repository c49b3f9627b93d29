package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// folder holds a Danish and an English catalogue with one text each.
func folder(t *testing.T) string {
	t.Helper()
	at := t.TempDir()
	for _, lang := range []string{"da", "en"} {
		content := `{"b.days": {"one": "1 <b>", "other": "n"}, "a.title": "` + lang + `"}`
		if err := os.WriteFile(filepath.Join(at, lang+".json"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return at
}

func content(t *testing.T, at, lang string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(at, lang+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func texts(pairs map[string]string) func(string) string {
	return func(variable string) string { return pairs[variable] }
}

func TestAdd(t *testing.T) {
	t.Run("the text is sorted in, in every language, and the rest stays", func(t *testing.T) {
		at := folder(t)
		if err := add(at, "a.sub", texts(map[string]string{"TEXT_EN": `It's "so" & <so>`, "TEXT_DA": "Sådan"})); err != nil {
			t.Fatal(err)
		}
		want := "{\n  \"a.sub\": \"It's \\\"so\\\" & <so>\",\n  \"a.title\": \"en\",\n  \"b.days\": {\n    \"one\": \"1 <b>\",\n    \"other\": \"n\"\n  }\n}\n"
		if diff := cmp.Diff(want, content(t, at, "en")); diff != "" {
			t.Error(diff)
		}
		if !strings.Contains(content(t, at, "da"), `"a.sub": "Sådan"`) {
			t.Error(content(t, at, "da"))
		}
	})
	t.Run("plural forms stay forms", func(t *testing.T) {
		at := folder(t)
		forms := `{"one":"1 dag","other":"{{.N}} dage"}`
		if err := add(at, "c", texts(map[string]string{"TEXT_EN": forms, "TEXT_DA": forms})); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(content(t, at, "da"), `"other": "{{.N}} dage"`) {
			t.Error(content(t, at, "da"))
		}
	})
	for name, c := range map[string]struct {
		key  string
		text map[string]string
		want string
	}{
		"a language without its text": {"new", map[string]string{"TEXT_EN": "x"}, "set DA"},
		"a key that is there":         {"a.title", map[string]string{"TEXT_EN": "x", "TEXT_DA": "y"}, "already has a.title"},
		"no key":                      {"", map[string]string{"TEXT_EN": "x", "TEXT_DA": "y"}, "KEY is empty"},
	} {
		t.Run(name+" is refused and nothing is written", func(t *testing.T) {
			at := folder(t)
			before := content(t, at, "en")
			err := add(at, c.key, texts(c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
			if content(t, at, "en") != before {
				t.Error("the English catalogue was changed")
			}
		})
	}
	t.Run("a folder without catalogues is refused", func(t *testing.T) {
		if err := add(t.TempDir(), "k", texts(nil)); err == nil {
			t.Error("it was accepted")
		}
	})
}
