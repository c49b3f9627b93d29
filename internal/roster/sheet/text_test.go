package sheet

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const catalogues = "../../../templates/i18n/"

func texts(t *testing.T, lang string) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(catalogues + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	mine := map[string]string{}
	for k, v := range all {
		if forms, plural := v.(map[string]any); plural {
			v = forms["other"]
		}
		if s, ok := v.(string); ok && strings.HasPrefix(k, "sheet.") {
			mine[k] = s
		}
	}
	return mine
}

// languages are those that have a catalogue.
func languages(t *testing.T) (list []string) {
	t.Helper()
	files, err := filepath.Glob(catalogues + "*.json")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		list = append(list, strings.TrimSuffix(filepath.Base(file), ".json"))
	}
	return list
}

// codesInSource are the codes that the package can give.
func codesInSource(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				if s, _ := strconv.Unquote(lit.Value); strings.HasPrefix(s, "sheet.") && !slices.Contains(found, s) {
					found = append(found, s)
				}
			}
			return true
		})
	}
	return found
}

var placeholder = regexp.MustCompile(`{{\.(\w+)}}`)

func holes(s string) []string {
	got := placeholder.FindAllString(s, -1)
	slices.Sort(got)
	return got
}

func TestEveryCodeHasWordsInEveryLanguage(t *testing.T) {
	en, codes := texts(t, "en"), codesInSource(t)
	for _, c := range Columns() {
		codes = append(codes, "sheet.column."+c)
	}
	for _, lang := range languages(t) {
		own := texts(t, lang)
		for _, code := range codes {
			if code == "sheet.date.open" { // never leaves the package
				continue
			}
			if own[code] == "" {
				t.Errorf("%s: no words in %s", code, lang)
			}
			if !slices.Equal(holes(en[code]), holes(own[code])) {
				t.Errorf("%s: the placeholders differ in %s", code, lang)
			}
		}
	}
	for key := range en {
		if !slices.Contains(codes, key) {
			t.Errorf("%s is never used", key)
		}
	}
}

// The pages name the columns; whoever writes them so into a file must be understood.
func TestAColumnIsKnownByTheNameThePagesGiveIt(t *testing.T) {
	words := vocabulary()
	for _, lang := range languages(t) {
		own := texts(t, lang)
		for i, name := range Columns() {
			if shown := own["sheet.column."+name]; columnOf(words, shown) != column(i) {
				t.Errorf("%s: a column called %q is not read as %s", lang, shown, name)
			}
		}
	}
}

func TestEveryPlaceholderOfAProblemIsFilled(t *testing.T) {
	en := texts(t, "en")
	bad := map[string][]string{
		EmployeeNumber: {"", "1E+10", strings.Repeat("1", 50)}, WorkEmail: {"x", "x@y", "a b@x.dk", "аb@x.dk", strings.Repeat("a", 70) + "@x.dk"},
		Phone: {"1", "1E+10"}, Language: {"x"}, LegalEmployer: {"x"}, Roles: {"x"}, ManagerNumber: {"1", "1E+10"}, JobTitle: {"\x00", "\xff", "a\nb", "Ã¥"},
		StartDate: {"x", "1.31.2024", "1.1.24", "31.2.2024", "2100-01-01"}, NationalNumber: {"1", "1E+10"},
	}
	for c, values := range bad {
		for _, v := range values {
			for _, p := range one(t, map[string]string{c: v}).Problems {
				for _, hole := range placeholder.FindAllStringSubmatch(en[p.Code], -1) {
					if p.Args[hole[1]] == nil || p.Args[hole[1]] == "" {
						t.Errorf("%s for %q: no %s", p.Code, v, hole[1])
					}
				}
			}
		}
	}
	for _, p := range all(t, threeColumns+"1;2\n\"1;2;3\n\"\n"+strings.Repeat(";", 600)+"\n")[1].Problems {
		if en[p.Code] == "" {
			t.Error(p.Code)
		}
	}
}
