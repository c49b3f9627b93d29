package once_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
)

// makers are the functions that make what somebody must not guess.
func makers() map[string][]string {
	return map[string][]string{
		"secret": {"Token", "Code", "InviteCode", "LinkCode", "RecoveryCodes"},
		"rand":   {"Text", "Read"},
		"totp":   {"Generate"},
	}
}

// made says of each place in which secrets are made which kinds they are.
func made() map[string][]string {
	return map[string][]string{
		"attempt.Start":    {"a flow that owes nothing more"},
		"captcha.make":     {"the answer to a robot check"},
		"factor.NewCodes":  {"a recovery code", "a second recovery code", "a set of recovery codes"},
		"factor.StartTOTP": {"a code of the app at sign-in", "the code that confirms an app"},
		"factor.fresh":     {"a code by text message", "a code by call", "the code that confirms a phone", "the code that proves a phone in a registration"},
		"federation.Start": {
			"the way back from an identity provider", "what an identity provider said", "the move of an identity", "the undoing of a moved identity",
			"a lost factor brought back by an electronic identity", "the end of a registration",
		},
		"invite.mint": {
			"the link of an invitation", "the typed code of an invitation", "the code that confirms an address",
			"the link of an invitation by text message", "the typed code of an invitation by text message", "the code of an invitation on paper",
		},
		"magiclink.token": {"a one-time sign-in link", "the code of a one-time sign-in link"},
		"notme.create":    {"the code of “this was not me”", "the code that takes “this was not me” back"},
		"recovery.begin":  {"the code that stops a recovery"},
		"recovery.make":   {"a temporary access pass"},
		"register.secret": {"the code of a registration"},
		"reset.mint":      {"the link to a new password", "the code for a new password", "the link to a new password by text message"},
		"reset.printed":   {"the code for a new password on paper"},
		"security.codeOf": {"the code that proves an address"},
	}
}

// lasting are the places whose secrets work more than once, and why.
func lasting() map[string]string {
	return map[string]string{
		"app.makeDemoAccount": "the demonstration's passwords",
		"attempt.Bind":        "the new name of a flow, which ends as any flow",
		"eid.sendToken":       "opens nothing: the demonstration's provider has nothing to read with it",
		"eid.keep":            "the demonstration's provider's own, which works once in the memory of one process",
		"factor.Count":        "nobody's: it is spent before anybody could know it",
		"httpkit.open":        "the name of a request in the log",
		"obs.NewRequestID":    "the name of a request in the log",
		"password.random":     "salt",
		"session.Open":        "a session is used until it ends",
		"session.StepUp":      "its new name",
		"session.deviceOf":    "a browser is known until its cookie ends",
	}
}

// Every place that makes a secret has its race, and every race its place.
func TestEveryKindOfSecretIsRaced(t *testing.T) {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.name)
	}
	places := placesOf(t)
	for _, place := range places {
		if made()[place] == nil && lasting()[place] == "" {
			t.Errorf("%s makes a secret that nobody races: add it to kinds, or say why it works more than once", place)
		}
	}
	for place := range lasting() {
		if !slices.Contains(places, place) {
			t.Errorf("%s makes no secret any more", place)
		}
	}
	var raced []string
	for place, list := range made() {
		if !slices.Contains(places, place) {
			t.Errorf("%s makes no secret any more", place)
		}
		for _, name := range list {
			if raced = append(raced, name); !slices.Contains(names, name) {
				t.Errorf("%s: there is no race for %s", place, name)
			}
		}
	}
	for _, name := range names {
		if !slices.Contains(raced, name) {
			t.Errorf("%s is made nowhere", name)
		}
	}
}

// placesOf are the functions of the product that call a maker.
func placesOf(t *testing.T) (places []string) {
	t.Helper()
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(path string, e fs.DirEntry, err error) error {
		skip := !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "secret/") || strings.HasPrefix(path, "testenv/") || strings.Contains(path, "test/")
		if err != nil || e.IsDir() || skip {
			return err
		}
		text, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, text, 0)
		if err != nil {
			return err
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && makes(fn) {
				places = append(places, f.Name.Name+"."+fn.Name.Name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return places
}

func makes(fn *ast.FuncDecl) (yes bool) {
	ast.Inspect(fn, func(n ast.Node) bool {
		if call, ok := n.(*ast.SelectorExpr); ok {
			if from, ok := call.X.(*ast.Ident); ok && slices.Contains(makers()[from.Name], call.Sel.Name) {
				yes = true
			}
		}
		return true
	})
	return yes
}
