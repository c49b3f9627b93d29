package password_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"tilgang/internal/fault"
	"tilgang/internal/password"
	"tilgang/internal/tenant"
)

func havn() password.Context {
	return password.Context{
		TenantNames: []string{"Havn", "havn", "Havn Butikker A/S"},
		PersonWords: []string{"Søren", "Bo", "Ågård-Hansen", "soren.hansen", "Butikschef"},
	}
}

func codes(rules []password.Rule) []string {
	var out []string
	for _, r := range rules {
		out = append(out, strings.TrimPrefix(r.Code, "password.rule."))
	}
	return out
}

func policy(preset string) tenant.PasswordPolicy {
	return tenant.PasswordPolicy{Preset: preset, AcceptedBy: "Head of IT", Reason: "agreement"}
}

func TestRulesBesideTheField(t *testing.T) {
	always := []string{"not_common", "not_pattern", "not_context"}
	cases := []struct {
		name   string
		policy tenant.PasswordPolicy
		factor bool
		checks []string
		codes  []string
	}{
		{"a password alone needs fifteen", tenant.PasswordPolicy{}, false, []string{"min:15"}, []string{"min"}},
		{"beside a mandatory factor eight are enough", tenant.PasswordPolicy{}, true, []string{"min:8"}, []string{"min"}},
		{"a tenant may ask for more", tenant.PasswordPolicy{Min: 20}, true, []string{"min:20"}, []string{"min"}},
		{"a tenant may not silently ask for less", tenant.PasswordPolicy{Min: 8}, false, []string{"min:15"}, []string{"min"}},
		{"a tenant may sign for less", tenant.PasswordPolicy{Min: 10, AcceptedBy: "Head of IT"}, false, []string{"min:10"}, []string{"min"}},
		{"signing never goes below eight", tenant.PasswordPolicy{Min: 4, AcceptedBy: "Head of IT"}, false, []string{"min:8"}, []string{"min"}},
		{"no tenant may ask for more than sixty-four", tenant.PasswordPolicy{Min: 90}, false, []string{"min:64"}, []string{"min"}},
		{
			"the four classes are listed one by one", policy("four_classes"), false,
			[]string{"min:8", "class:upper", "class:lower", "class:digit", "class:symbol"},
			[]string{"min", "upper", "lower", "digit", "symbol"},
		},
		{
			"lower and symbol or digit is listed", policy("lower_and_symbol_or_digit"), false,
			[]string{"min:8", "class:lower", "class:symbol_or_digit"},
			[]string{"min", "lower", "symbol_or_digit"},
		},
		{
			"a class asked for twice is listed once",
			tenant.PasswordPolicy{Preset: "lower_and_symbol_or_digit", Classes: []tenant.Class{"lower", "upper", "nonsense"}},
			false,
			[]string{"min:8", "class:lower", "class:symbol_or_digit", "class:upper"},
			[]string{"min", "lower", "symbol_or_digit", "upper"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			rules := password.Rules(c.policy, c.factor)
			if d := cmp.Diff(append(c.codes, always...), codes(rules)); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(append(c.checks, "", "", ""), checks(rules)); d != "" {
				t.Error(d)
			}
		})
	}
}

func checks(rules []password.Rule) []string {
	var out []string
	for _, r := range rules {
		out = append(out, r.Check)
	}
	return out
}

func TestCheckGivesTheExactReason(t *testing.T) {
	none, four, either := tenant.PasswordPolicy{}, policy("four_classes"), policy("lower_and_symbol_or_digit")
	words := tenant.PasswordPolicy{Words: []string{"Kundeklub", "fisk"}}
	phrase := "blå 🐙 fløjter æbler på en ø, 17 gange før mørket falder i byen…"
	if n := utf8.RuneCountInString(norm.NFKC.String(phrase)); n < 64 {
		t.Fatalf("the passphrase of the table has %d characters", n)
	}
	cases := []struct {
		name   string
		policy tenant.PasswordPolicy
		pw     string
		want   []string
	}{
		{"seven characters", none, "kT9#mQ2", []string{"min"}},
		{"eight odd characters", none, "kT9#mQ2x", nil},
		{"nothing at all", four, "", []string{"min", "upper", "lower", "digit", "symbol"}},
		{"a passphrase with spaces, emoji and Nordic letters", none, phrase, nil},
		{"a passphrase under the strictest preset lacks only what it lacks", four, "hest kaffe lampe bro", []string{"upper", "digit"}},
		{"an accented capital is a capital", four, "Ørken7 måge", nil},
		{"a space is a symbol", either, "grønne gulerødder", nil},
		{"lower alone under lower and symbol or digit", either, "gulerodsgrød", []string{"symbol_or_digit"}},
		{"capitals alone under lower and symbol or digit", either, "GULEROD 17 X", []string{"lower"}},

		{"Password1!", none, "Password1!", []string{"not_common"}},
		{"Password1! in spite of four classes", four, "Password1!", []string{"not_common"}},
		{"leetspeak", four, "P@$$w0rd2026", []string{"not_common"}},
		{"signs before and after", none, "!!dragon!!", []string{"not_common"}},
		{"one as l", none, "we1c0me!!", []string{"not_common"}},
		{"a breached value", none, "1q2w3e4r5t", []string{"not_common"}},
		{"a breached value in capitals", none, "TrustNo1", []string{"not_common"}},
		{"a breached number with a year", none, "123456782026!", []string{"not_common"}},
		{"a number that only contains a breached one", none, "8351234562", nil},
		{"a Danish word with a year", none, "Kodeord2026", []string{"not_common"}},
		{"a Norwegian word with a year", none, "Passord2025!", []string{"not_common"}},
		{"a Swedish word with a year", none, "Lösenord1", []string{"not_common"}},
		{"a season with a year", none, "Sommer2026!", []string{"not_common"}},
		{"a Danish word spelled out", none, "loesenord99", []string{"not_common"}},
		{"a common word twice", none, "Passwordpassword", []string{"not_common"}},
		{"a common word twice, apart", none, "password password", []string{"not_common"}},
		{"a season twice", none, "Vinterferie-vinterferie", []string{"not_common"}},
		{"full-width letters", none, "ｐａｓｓｗｏｒｄ", []string{"not_common"}},
		{"a common word among others", none, "password for the green boat", nil},
		{"a common word with much beside it", none, "dragon8351649027", nil},

		{"the tenant and the year", none, "Havn2026!", []string{"not_context"}},
		{"the tenant in leetspeak", none, "H4vn2026!", []string{"not_context"}},
		{"the legal name", none, "HavnButikker1", []string{"not_context"}},
		{"the legal name as written", none, "Havn Butikker A/S", []string{"not_context"}},
		{"the tenant and a common word", none, "havn-Velkommen-1", []string{"not_context"}},
		{"the person", none, "Sørenhansen", []string{"not_context"}},
		{"the person spelled out", none, "soeren.hansen", []string{"not_context"}},
		{"a double name spelled out", none, "Aagaard-Hansen7", []string{"not_context"}},
		{"a short name and a year", none, "Bo-2026!", []string{"not_context"}},
		{"a number that could be read as a name", none, "80243235", nil},
		{"the name twice", none, "Ågård-Ågård!", []string{"not_pattern", "not_context"}},
		{"the job", none, "Butikschef1", []string{"not_context"}},
		{"a word of the tenant's own", words, "KUNDEKLUB-77", []string{"not_context"}},
		{"the tenant among other words", none, "havn under månens lys", nil},
		{"the person among other words", none, "søren elsker makrelmadder", nil},

		{"one letter", none, "aaaaaaaa", []string{"not_pattern"}},
		{"one sign", none, "................", []string{"not_pattern"}},
		{"blanks", none, strings.Repeat(" ", 20), []string{"not_pattern"}},
		{"emoji", none, strings.Repeat("🐙", 9), []string{"not_pattern"}},
		{"digits in a row", none, "12345678", []string{"not_common", "not_pattern"}},
		{"digits backwards", none, "0987654321!", []string{"not_pattern"}},
		{"keys in a row", none, "qwertyui", []string{"not_common", "not_pattern"}},
		{"keys of a Nordic row", none, "qwertyuiopå", []string{"not_common", "not_pattern"}},
		{"two rows", none, "asdfgh098765", []string{"not_common", "not_pattern"}},
		{"columns with shift", none, "!QAZ2wsx3edc", []string{"not_pattern"}},
		{"letters in a row", none, "mnopqrstuv", []string{"not_pattern"}},
		{"a row with two more", none, "cdefgh7k", []string{"not_pattern"}},
		{"a row with three more", none, "cdefg7kq", nil},
		{"a short piece again and again", none, "x7Kx7Kx7Kx7K", []string{"not_pattern"}},
		{"a short piece with separators", none, "k9 k9 k9 k9 k9", []string{"not_pattern"}},
		{"a good piece twice", none, "vR7#kq2!Lm vR7#kq2!Lm", nil},

		{"256 characters", none, strings.Repeat("fløde og æg til ", 15) + "seksten tegn her", nil},
		{"257 characters", none, strings.Repeat("fløde og æg til ", 15) + "seksten tegn her!", []string{"max"}},
		{"more than a kilobyte", none, strings.Repeat("你好嗎朋友", 70), []string{"max"}},
		{"a megabyte", none, strings.Repeat("a", 1<<20), []string{"max"}},
		{"a megabyte of rubbish", none, strings.Repeat("\xff", 1<<20), []string{"max"}},
		{"a NUL", none, "gule\x00rødder i vand", []string{"text"}},
		{"broken UTF-8", none, "gule\xffrødder i vand", []string{"text"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, codes(password.Check(c.policy, true, havn(), c.pw))); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestLengthIsCountedInCodePointsAfterNFKC(t *testing.T) {
	short := norm.NFD.String("ææåäöéü")
	if got := codes(password.Check(tenant.PasswordPolicy{}, true, password.Context{}, short)); !slices.Contains(got, "min") {
		t.Errorf("seven letters typed decomposed pass as %d", utf8.RuneCountInString(short))
	}
	long := strings.Repeat("ếé", 128)
	for _, typed := range []string{norm.NFC.String(long), norm.NFD.String(long)} {
		if got := codes(password.Check(tenant.PasswordPolicy{}, true, password.Context{}, typed)); slices.Contains(got, "max") {
			t.Errorf("256 letters in %d bytes are refused", len(typed))
		}
	}
}

func TestRefuseSaysTheFirstReason(t *testing.T) {
	unmet := password.Check(tenant.PasswordPolicy{}, false, password.Context{}, "Password1!")
	err := password.Refuse("password", unmet)
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Invalid || f.Fields["password"] != "password.unmet.min" || f.Args["Count"] != 15 {
		t.Errorf("got %#v", err)
	}
	if err := password.Refuse("password", nil); err != nil {
		t.Errorf("no unmet rule gives %v", err)
	}
}

// anyPolicy draws what a tenant's file can say, and more.
func anyPolicy(t *rapid.T) tenant.PasswordPolicy {
	return tenant.PasswordPolicy{
		Preset:     rapid.SampledFrom([]string{"", "four_classes", "lower_and_symbol_or_digit", "other"}).Draw(t, "preset"),
		Min:        rapid.IntRange(-1, 80).Draw(t, "min"),
		Classes:    rapid.SliceOfN(rapid.SampledFrom([]tenant.Class{"lower", "upper", "digit", "symbol", "symbol_or_digit", ""}), 0, 3).Draw(t, "classes"),
		AcceptedBy: rapid.SampledFrom([]string{"", "Head of IT"}).Draw(t, "by"),
		Words:      rapid.SliceOfN(rapid.String(), 0, 3).Draw(t, "words"),
	}
}

// typed draws anything: text, bytes, and pieces that look like passwords.
func typed() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{"Password", "havn", "Søren", "2026", "!", "ǆ", "ﷺ", "🐙", "a\u0301", "1234", " ", "\x00", "\xff", "qwerty"})
	pieces := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "")
	})
	bytes := rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) })
	return rapid.OneOf(rapid.String(), bytes, pieces)
}

func TestCheckAnswersEveryInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, factor, pw := anyPolicy(t), rapid.Bool().Draw(t, "factor"), typed().Draw(t, "pw")
		shown := codes(password.Rules(p, factor))
		for _, c := range codes(password.Check(p, factor, havn(), pw)) {
			if c != "max" && c != "text" && !slices.Contains(shown, c) {
				t.Fatalf("refused for %s, which the page does not show", c)
			}
		}
	})
}

// meets is the check that a page's script makes, written from the docs of Rule.
func meets(check, pw string) bool {
	kind, arg, _ := strings.Cut(check, ":")
	pw = norm.NFKC.String(pw)
	switch kind {
	case "min":
		n := 0
		for _, d := range arg {
			n = n*10 + int(d-'0')
		}
		return utf8.RuneCountInString(pw) >= n
	case "class":
		return strings.ContainsFunc(pw, func(r rune) bool {
			symbol := !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.Cc)
			return arg == "lower" && unicode.Is(unicode.Ll, r) || arg == "upper" && unicode.Is(unicode.Lu, r) ||
				(arg == "digit" || arg == "symbol_or_digit") && unicode.Is(unicode.Nd, r) ||
				(arg == "symbol" || arg == "symbol_or_digit") && symbol
		})
	}
	return true
}

func TestPageAndServerAgreeOnWhatThePageCanCheck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, factor, pw := anyPolicy(t), rapid.Bool().Draw(t, "factor"), rapid.String().Draw(t, "pw")
		unmet := codes(password.Check(p, factor, password.Context{}, pw))
		if slices.Contains(unmet, "max") || slices.Contains(unmet, "text") {
			return
		}
		for _, r := range password.Rules(p, factor) {
			if got := slices.Contains(unmet, codes([]password.Rule{r})[0]); r.Check != "" && got == meets(r.Check, pw) {
				t.Fatalf("%s on %q: page and server differ", r.Check, pw)
			}
		}
	})
}

func TestRandomPasswordsThatMeetTheShownRulesAreAccepted(t *testing.T) {
	alphabet := []rune("abcdefghijklmnopqrstuvwxyzæøåABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅ0123456789 !#%&/()=?-_.,:;<>*äöüß🐙🌲")
	rapid.Check(t, func(t *rapid.T) {
		p := anyPolicy(t)
		p.Words = nil
		pw := string(rapid.Permutation(alphabet).Draw(t, "letters")[:rapid.IntRange(20, 64).Draw(t, "length")])
		rules := password.Rules(p, false)
		for _, r := range rules {
			if !meets(r.Check, pw) {
				return
			}
		}
		// A draw that shrinks towards the alphabet itself is a sequence; that is
		// the one honest refusal of such a password.
		got := codes(password.Check(p, false, havn(), pw))
		if len(got) > 0 && !slices.Equal(got, []string{"not_pattern"}) {
			t.Fatalf("%q is refused for %v", pw, got)
		}
	})
}

func TestComposedAndDecomposedTypingAreJudgedAlike(t *testing.T) {
	letters := rapid.StringOfN(rapid.RuneFrom([]rune("aeøæåäöüéèñçÅÄÖÜabc 17!ǖế")), 0, 40, -1)
	rapid.Check(t, func(t *rapid.T) {
		pw := letters.Draw(t, "pw")
		a := password.Check(policy("four_classes"), true, havn(), norm.NFC.String(pw))
		b := password.Check(policy("four_classes"), true, havn(), norm.NFD.String(pw))
		if d := cmp.Diff(a, b); d != "" {
			t.Fatal(d)
		}
	})
}

func FuzzCheck(f *testing.F) {
	for _, pw := range []string{"", "Password1!", "Havn2026!", "blå 🐙 fløjter", "\xff", "\x00", strings.Repeat("a", 300), strings.Repeat("1qaz", 64)} {
		f.Add(pw, "Søren", "four_classes", 8, true)
	}
	f.Fuzz(func(t *testing.T, pw, word, preset string, least int, factor bool) {
		p := tenant.PasswordPolicy{Preset: preset, Min: least, Words: []string{word}}
		ctx := password.Context{TenantNames: []string{word, pw}, PersonWords: []string{word}}
		for _, r := range password.Check(p, factor, ctx, pw) {
			if r.Code == "" || r.Unmet == "" {
				t.Errorf("a refusal without words: %+v", r)
			}
		}
		if password.Check(p, factor, ctx, norm.NFC.String(pw)) == nil && password.Check(p, factor, ctx, norm.NFD.String(pw)) != nil && utf8.ValidString(pw) && len(pw) < 100 {
			t.Errorf("%q is accepted composed and refused decomposed", pw)
		}
	})
}
