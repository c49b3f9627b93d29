package app_test

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestTheOperatorsGuideNamesEverySettingAndCommand(t *testing.T) {
	guide, err := os.ReadFile(root + "/docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	setting := regexp.MustCompile(`^TILGANG_[A-Z_]+$`)
	found := 0
	for _, f := range source(t) {
		if f.Path != "internal/config/variable.go" {
			continue
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok {
				if name, err := strconv.Unquote(lit.Value); err == nil && setting.MatchString(name) {
					found++
					if !strings.Contains(string(guide), "`"+name+"`") {
						t.Errorf("docs/operating.md does not name %s", name)
					}
				}
			}
			return true
		})
	}
	if found < 10 {
		t.Errorf("only %d settings found", found)
	}
	for _, name := range commandNames(t) {
		if !strings.Contains(string(guide), "tilgang "+name) {
			t.Errorf("docs/operating.md does not tell of tilgang %s", name)
		}
	}
}

// commandNames are the first words of the list in main.go.
func commandNames(t *testing.T) (names []string) {
	t.Helper()
	for _, f := range source(t) {
		if f.Path != "cmd/tilgang/main.go" {
			continue
		}
		ast.Inspect(f.AST, func(n ast.Node) bool {
			row, ok := n.(*ast.CompositeLit)
			if !ok || row.Type != nil || len(row.Elts) != 4 {
				return true
			}
			if lit, ok := row.Elts[0].(*ast.BasicLit); ok {
				if name, err := strconv.Unquote(lit.Value); err == nil {
					names = append(names, name)
				}
			}
			return true
		})
	}
	if len(names) < 5 {
		t.Errorf("only the commands %v found", names)
	}
	return names
}

func TestEveryLinkInTheDocumentsLeadsSomewhere(t *testing.T) {
	files, err := filepath.Glob(root + "/docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(root + "/docs/decisions/*.md")
	if err != nil {
		t.Fatal(err)
	}
	files = append(append(files, more...), root+"/README.md", root+"/CONTRIBUTING.md")
	link := regexp.MustCompile(`\]\(([^)#\s]+)(?:#[^)]*)?\)`)
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(body), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), m[1])); err != nil {
				t.Errorf("%s leads to %s, which is not there", strings.TrimPrefix(file, root+"/"), m[1])
			}
		}
	}
}
