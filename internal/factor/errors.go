package factor

import (
	"errors"

	"tilgang/internal/fault"
	"tilgang/internal/throttle"
)

// The codes of refusals; all are about the form field "code".
const (
	CodeShape    = "factor.code.shape"     // not six digits; not counted as a try
	CodeWrong    = "factor.code.wrong"     // no code of this authenticator now
	CodeUsed     = "factor.code.used"      // right, but it has worked already
	CodeGone     = "factor.enrolment.gone" // the set-up took longer than 15 minutes or was replaced
	CodeFull     = "factor.enrolment.full" // there are as many apps as an account may have
	RecoverShape = "factor.recovery.shape" // not a recovery code; not counted as a try
	RecoverWrong = "factor.recovery.wrong" // unknown, used or another account's
	CodesGone    = "factor.codes.gone"     // the set shown is no longer the one to be saved

	PhoneShape = "factor.phone.shape" // not six digits; not counted as a try
	PhoneWrong = "factor.phone.wrong" // another code than the newest of this flow
	PhoneUsed  = "factor.phone.used"  // right, but it has worked already
	PhoneNone  = "factor.phone.expired"
	PhoneDay   = "factor.phone.day" // ten wrong ones in 24 hours
)

// The codes of refusals to send a code.
const (
	PhoneGone        = "factor.phone.gone" // the phone's set-up took longer than 15 minutes or was replaced
	PhoneWait        = "factor.phone.wait" // one was sent just now
	PhoneCapped      = "factor.phone.capped"
	CallsCapped      = "factor.phone.capped_calls"
	PhoneUnavailable = "factor.phone.unavailable" // the installation has no carrier
	CallUnavailable  = "factor.phone.no_call"     // nobody calls, or the language has no voice
)

// counted is the cause of a refusal that was counted as a failure.
type counted struct{ lock throttle.Lock }

// Error is for the log.
func (c *counted) Error() string { return "counted as a failure" }

// LockOf gives what a refused code led to; ok false when it was not counted.
func LockOf(err error) (lock throttle.Lock, ok bool) {
	var c *counted
	if !errors.As(err, &c) {
		return throttle.Lock{}, false
	}
	return c.lock, true
}

func refused(code string, lock throttle.Lock) error {
	return fault.Field("code", code).Because(&counted{lock})
}
