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

func texts(t *testing.T, lang string) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "..", "templates", "i18n", "parts", "sheet."+lang+".json"))
	if os.IsNotExist(err) { // the parts have been merged into one file per language
		raw, err = os.ReadFile(filepath.Join("..", "..", "..", "templates", "i18n", lang+".json"))
	}
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

func TestEveryCodeHasWordsInEnglishAndDanish(t *testing.T) {
	en, da := texts(t, "en"), texts(t, "da")
	codes := codesInSource(t)
	for _, c := range Columns() {
		codes = append(codes, "sheet.column."+c)
	}
	for _, code := range codes {
		if code == "sheet.date.open" { // never leaves the package
			continue
		}
		if en[code] == "" || da[code] == "" {
			t.Errorf("%s: en %q, da %q", code, en[code], da[code])
		}
		if !slices.Equal(holes(en[code]), holes(da[code])) {
			t.Errorf("%s: the placeholders differ", code)
		}
	}
	for key := range en {
		if !slices.Contains(codes, key) {
			t.Errorf("%s is never used", key)
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
