package password

import (
	"strconv"

	"tilgang/internal/tenant"
)

// Rule is one demand on a password.
type Rule struct {
	// Code is the catalogue key of the line in the list beside the field, such
	// as "At least 15 characters".
	Code string
	// Unmet is the catalogue key of the sentence that says what to do when the
	// rule refused a password. It takes the same Args.
	Unmet string
	Args  map[string]any
	// Check lets a browser tell by itself: "min:8" and "max:256" in code points
	// after NFKC, "class:" with a tenant.Class. It is empty when only the server
	// can tell. The classes are, as regular expressions with the u flag: lower
	// \p{Ll}, upper \p{Lu}, digit \p{Nd}, symbol [^\p{L}\p{M}\p{N}\p{Cc}].
	Check string
}

// Rules gives the rules to show beside the field, in order. A length above the
// maximum and unusable characters are not listed, since they concern almost
// nobody; Check reports them when they occur.
func Rules(p tenant.PasswordPolicy, mandatoryFactor bool) []Rule {
	rules := []Rule{minRule(minimum(p, mandatoryFactor))}
	for _, c := range classes(p) {
		rules = append(rules, classRule(c))
	}
	return append(rules, commonRule(), patternRule(), contextRule())
}

func minRule(n int) Rule {
	return Rule{
		Code: "password.rule.min", Unmet: "password.unmet.min",
		Args: map[string]any{"Count": n}, Check: "min:" + strconv.Itoa(n),
	}
}

func maxRule() Rule {
	return Rule{
		Code: "password.rule.max", Unmet: "password.unmet.max",
		Args: map[string]any{"Count": MaxRunes}, Check: "max:" + strconv.Itoa(MaxRunes),
	}
}

func textRule() Rule {
	return Rule{Code: "password.rule.text", Unmet: "password.unmet.text"}
}

func commonRule() Rule {
	return Rule{Code: "password.rule.not_common", Unmet: "password.unmet.not_common"}
}

func patternRule() Rule {
	return Rule{Code: "password.rule.not_pattern", Unmet: "password.unmet.not_pattern"}
}

func contextRule() Rule {
	return Rule{Code: "password.rule.not_context", Unmet: "password.unmet.not_context"}
}

func classRule(c tenant.Class) Rule {
	r := Rule{Check: "class:" + string(c)}
	switch c {
	case tenant.Lower:
		r.Code, r.Unmet = "password.rule.lower", "password.unmet.lower"
	case tenant.Upper:
		r.Code, r.Unmet = "password.rule.upper", "password.unmet.upper"
	case tenant.Digit:
		r.Code, r.Unmet = "password.rule.digit", "password.unmet.digit"
	case tenant.Symbol:
		r.Code, r.Unmet = "password.rule.symbol", "password.unmet.symbol"
	case tenant.SymbolOrDigit:
		r.Code, r.Unmet = "password.rule.symbol_or_digit", "password.unmet.symbol_or_digit"
	}
	return r
}
