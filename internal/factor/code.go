package factor

import (
	"crypto/subtle"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"tilgang/internal/secret"
)

// The numbers of RFC 6238: a step of 30 s, six digits, and one step of clock
// difference either way (section 5.2).
const (
	stepSeconds = 30
	codeDigits  = 6
	drift       = 1
)

// sixDigits is a typed code without spaces and hyphens; ok false when it is not
// six digits.
func sixDigits(typed string) (string, bool) {
	code := secret.NormaliseCode(typed)
	if len(code) != codeDigits || strings.Trim(code, "0123456789") != "" {
		return "", false
	}
	return code, true
}

// matchingStep is the step that a code belongs to, the latest when it fits two,
// so that a code of two steps still works once. All steps are compared in
// constant time.
func matchingStep(seed []byte, code string, now time.Time) (step int64, ok bool) {
	current := now.Unix() / stepSeconds
	for at := current - drift; at <= current+drift; at++ {
		if at < 0 {
			continue
		}
		want, err := codeAt(seed, at)
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = at, true
		}
	}
	return step, ok
}

func codeAt(seed []byte, step int64) (string, error) {
	return hotp.GenerateCodeCustom(base32Seed.EncodeToString(seed), uint64(step), hotp.ValidateOpts{Digits: codeDigits, Algorithm: otp.AlgorithmSHA1}) //nolint:gosec // a step is never negative
}
