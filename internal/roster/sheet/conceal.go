package sheet

import (
	"strings"
	"time"
)

// holdsNational says whether a valid national number stands anywhere in s, be
// it inside a longer number.
func holdsNational(s string) bool {
	if !manyDigits(s) {
		return false
	}
	return eachNumber(s, windowsHold) || holdsFinnish(strings.ToUpper(s))
}

func windowsHold(digits []byte) bool {
	if len(digits) < 10 {
		return false
	}
	number := string(digits)
	for from := range len(number) - 9 {
		for _, n := range [...]int{10, 11, 12} {
			if from+n <= len(number) && isNational(number[from:from+n]) {
				return true
			}
		}
	}
	return false
}

func isNational(digits string) bool {
	for _, k := range nationalKinds {
		if _, ok := k.parse(digits, time.Time{}); ok {
			return true
		}
	}
	return false
}

func holdsFinnish(s string) bool {
	for i := 0; i+11 <= len(s); i++ {
		if _, ok := finnish(s[i:i+11], time.Time{}); ok {
			return true
		}
	}
	return false
}

// manyDigits is the quick way out for nearly every cell.
func manyDigits(s string) bool {
	if len(s) < secretDigits {
		return false
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			n++
		}
	}
	return n >= secretDigits
}
