package password

import (
	"unicode/utf8"

	"tilgang/internal/fault"
	"tilgang/internal/tenant"
)

// Check gives the rules that pw leaves unmet, in the order of Rules; none means
// that pw may be set. A password that is too long or no proper text gives that
// rule alone.
func Check(p tenant.PasswordPolicy, mandatoryFactor bool, ctx Context, pw string) []Rule {
	text, bad := normalise(pw)
	if bad != nil {
		return []Rule{*bad}
	}
	var unmet []Rule
	if least := minimum(p, mandatoryFactor); utf8.RuneCountInString(text) < least {
		unmet = append(unmet, minRule(least))
	}
	for _, c := range classes(p) {
		if !hasClass(text, c) {
			unmet = append(unmet, classRule(c))
		}
	}
	return append(unmet, blocked(text, ctx.words(p.Words))...)
}

// blocked gives the parts of the blocklist that refuse a normalised password.
func blocked(text string, words [][]rune) []Rule {
	pw := []rune(fold(text))
	if len(pw) == 0 {
		return nil
	}
	plain := squeeze(pw)
	unit := repeated(plain)
	var isCommon, isContext bool
	for _, form := range [][]rune{pw, unit} {
		c, x := common().known(form, words)
		isCommon, isContext = isCommon || c, isContext || x
	}
	var unmet []Rule
	if isCommon {
		unmet = append(unmet, commonRule())
	}
	if sequence(pw) || len(unit) < min(minUnit, len(plain)) {
		unmet = append(unmet, patternRule())
	}
	if isContext {
		unmet = append(unmet, contextRule())
	}
	return unmet
}

// Refuse turns unmet rules into an Invalid fault about the form field, with the
// sentence of the first rule; nil when there are none.
func Refuse(field string, unmet []Rule) error {
	if len(unmet) == 0 {
		return nil
	}
	f := fault.Field(field, unmet[0].Unmet)
	f.Args = unmet[0].Args
	return f
}
