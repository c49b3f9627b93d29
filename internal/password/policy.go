package password

import (
	"slices"
	"unicode"

	"tilgang/internal/tenant"
)

// The lengths in code points (NIST SP 800-63B-4 3.1.1.2: 15 for a password that
// stands alone, 8 where a second factor is always asked).
const (
	minBesideFactor = 8
	minAlone        = 15
	minCeiling      = 64 // no tenant may ask for more than NIST obliges it to accept
)

// minimum is the shortest length allowed. A tenant may ask for more than the
// standard does; for less only where it has signed for it, by a preset or by
// name.
func minimum(p tenant.PasswordPolicy, mandatoryFactor bool) int {
	floor := minAlone
	if mandatoryFactor || p.Preset != "" || (p.AcceptedBy != "" && p.Min > 0) {
		floor = minBesideFactor
	}
	return min(max(floor, p.Min), minCeiling)
}

// classes are the kinds of character that the policy asks for, each once. An
// unknown preset or class asks for nothing; the tenant's file is checked where
// it is read.
func classes(p tenant.PasswordPolicy) []tenant.Class {
	var all []tenant.Class
	switch p.Preset {
	case "lower_and_symbol_or_digit":
		all = []tenant.Class{tenant.Lower, tenant.SymbolOrDigit}
	case "four_classes":
		all = []tenant.Class{tenant.Upper, tenant.Lower, tenant.Digit, tenant.Symbol}
	}
	for _, c := range p.Classes {
		if known(c) && !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all
}

func known(c tenant.Class) bool {
	switch c {
	case tenant.Lower, tenant.Upper, tenant.Digit, tenant.Symbol, tenant.SymbolOrDigit:
		return true
	}
	return false
}

// isSymbol is true for spaces and emoji too: everything that is not a letter, a
// mark on one, a number or a control character.
func isSymbol(r rune) bool {
	return !unicode.In(r, unicode.L, unicode.M, unicode.N) && !unicode.IsControl(r)
}

// hasClass tells whether s has at least one character of the class.
func hasClass(s string, c tenant.Class) bool {
	for _, r := range s {
		switch c {
		case tenant.Lower:
			if unicode.IsLower(r) {
				return true
			}
		case tenant.Upper:
			if unicode.IsUpper(r) {
				return true
			}
		case tenant.Digit:
			if unicode.IsDigit(r) {
				return true
			}
		case tenant.Symbol:
			if isSymbol(r) {
				return true
			}
		case tenant.SymbolOrDigit:
			if isSymbol(r) || unicode.IsDigit(r) {
				return true
			}
		}
	}
	return false
}
