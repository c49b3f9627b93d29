package app_test

import (
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// silent are the calls that change how somebody signs in, and what tells the
// owner in the same function.
func silent() map[string][]string {
	return map[string][]string{
		"SetPassword":      {"PasswordChanged"},
		"AddIdentifier":    {"AddressAdded", "AddressJoined"},
		"RemoveIdentifier": {"AddressRemoved"},
		"ConfirmTOTP":      {"FactorAdded", "FactorReplaced", "added"},
		"ConfirmPhone":     {"FactorAdded", "FactorReplaced", "added"},
		"UseCode":          {"RecoveryUsed"},
		"SaveCodes":        {"RecoveryMade"},
		"Link":             {"IdentityLinked"},
		"Unlink":           {"IdentityUnlinked"},
		"MoveTo":           {"IdentityMoved"},
		"Undo":             {"IdentityMoved", "unfrozen"},
		"Decide":           {"IdentityDecided"},
	}
}

// mayBeSilent are functions that need not tell, and why.
func mayBeSilent() map[string]string {
	return map[string]string{
		"internal/mfa.Save":            "the first codes go with the factor, which is told",
		"internal/factor.MakeCodes":    "the demonstration's",
		"internal/message/paper.trace": "moves a pen",
		"internal/identity.MoveTo":     "a noun; the flows that call it tell",
		"internal/identity.Decide":     "a noun; the flows that call it tell",
		"internal/proofing.decide":     "the page; its service tells",
	}
}

// A change that tells nobody is a second, silent path beside the one that does.
func TestNoChangeIsSilent(t *testing.T) {
	told := 0
	for _, f := range source(t) {
		if forTests(short(f.Package)) || f.Name == "demo.go" || strings.HasPrefix(f.Name, "pages") {
			continue
		}
		for _, decl := range f.AST.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			calls := called(fn)
			for change, tells := range silent() {
				if !slices.Contains(calls, change) || mayBeSilent()[f.Package+"."+fn.Name.Name] != "" {
					continue
				}
				told++
				if !slices.ContainsFunc(tells, func(s string) bool { return slices.Contains(calls, s) }) {
					t.Errorf("%s: %s calls %s and tells nobody: one of %v is missing", f.Path, fn.Name.Name, change, tells)
				}
			}
		}
	}
	if told < 6 {
		t.Errorf("only %d changes found", told)
	}
}

// called are the names of the functions and methods that a function calls.
func called(fn *ast.FuncDecl) (names []string) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			switch to := call.Fun.(type) {
			case *ast.SelectorExpr:
				names = append(names, to.Sel.Name)
			case *ast.Ident:
				names = append(names, to.Name)
			}
		}
		return true
	})
	return names
}
