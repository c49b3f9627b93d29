package help_test

import (
	"testing"
	"time"

	"tilgang/internal/tenant"
)

func TestThePageFollowsThePolicy(t *testing.T) {
	cases := map[string]struct {
		change    func(*tenant.Tenant)
		want, not []string
	}{
		"the shipped rules of havn": {func(*tenant.Tenant) {}, []string{
			"A link works for 24 hours from", "At least 8 characters",
			"no-reply@havn.example", "goes out as soon as Havn has registered you", "An authenticator app on your phone",
			"Havn has not switched on text messages and calls", "You can skip it when you sign in", "depending on job title",
			"When nothing happens for 30 minutes", "After 12 hours you sign in again", "Your nearest manager can send you a new invitation.",
			"A manager can see it, and can register you", "choose “Send me a link”", "It works once, for 24 hours",
			"Then a waiting time begins: 24 hours", "You have this long: 7 days", "It works once, for 1 hour",
		}, []string{
			"everybody uses it", "put it off", "characters are enough", "passkey", "without my password", "code from the mail is refused",
			"code does not come to my phone", "called with the code", "asked for a code each time", "sign in here for the first time", "does not work elsewhere",
		}},
		"the life of a link":         {func(x *tenant.Tenant) { x.Invitation.Life, x.Reset.Life = 90*time.Minute, 45*time.Minute }, []string{"A link works for 1 hour and 30 minutes", "It works once, for 45 minutes"}, []string{"for 24 hours from"}},
		"when mails go out":          {func(x *tenant.Tenant) { x.Invitation.Send, x.Invitation.DaysBeforeStart = tenant.SendDaysBefore, 12 }, []string{"12 days before your first day"}, []string{"as soon as"}},
		"mails by hand":              {func(x *tenant.Tenant) { x.Invitation.Send = tenant.SendManual }, []string{"Havn decides when"}, []string{"as soon as"}},
		"the shortest password":      {func(x *tenant.Tenant) { x.Password.Min = 21 }, []string{"At least 21 characters"}, []string{"At least 8"}},
		"shorter beside the step":    {func(x *tenant.Tenant) { x.Password = tenant.PasswordPolicy{} }, []string{"At least 15 characters", "8 characters are enough"}, nil},
		"how often it is put off":    {func(x *tenant.Tenant) { x.Mfa.Offer, x.Mfa.Postponements = tenant.OfferLater, 4 }, []string{"put it off 4 times"}, []string{"You can skip"}},
		"a step for everybody":       {func(x *tenant.Tenant) { x.Mfa.Offer = tenant.OfferMandatory }, []string{"everybody uses it"}, []string{"You can skip", "depending on"}},
		"a step for nobody yet":      {func(x *tenant.Tenant) { x.Mfa.Requirements = nil }, []string{"You can skip"}, []string{"depending on"}},
		"a date to come":             {func(x *tenant.Tenant) { x.Mfa.Requirements[0].From = time.Date(2027, 3, 1, 0, 0, 0, 0, x.Zone) }, []string{"From 1 March 2027"}, nil},
		"no method at all":           {func(x *tenant.Tenant) { x.Mfa.Totp = tenant.Off }, nil, []string{"he extra step", "authenticator app", "recovery code", "temporary code"}},
		"how long a session is idle": {func(x *tenant.Tenant) { x.Session.Idle, x.Session.Absolute = 7*time.Minute, 3*time.Hour }, []string{"for 7 minutes", "After 3 hours"}, []string{"30 minutes"}},
		"whom to ask":                {func(x *tenant.Tenant) { x.Support.WhomToAsk = nil }, []string{"Ask HR at your workplace."}, []string{"Your nearest manager can"}},
		"the sender":                 {func(x *tenant.Tenant) { x.Senders.Email = "post@havn.example" }, []string{"post@havn.example"}, []string{"no-reply@havn.example"}},
		"no sender known":            {func(x *tenant.Tenant) { x.Senders.Email = "" }, []string{"Look in your spam folder."}, []string{"let through what comes from"}},
		"a reset by code": {func(x *tenant.Tenant) { x.Reset.Mode, x.Reset.Life = tenant.ByCode, 15*time.Minute }, []string{
			"choose “Send me a code”", "Type the code from the mail in the same browser. It works for 15 minutes", "The code from the mail is refused", "Choose “Send a new code”",
		}, []string{"follow its link. It works once"}},
		"a one-time link": {func(x *tenant.Tenant) { x.Reset.Magiclink = true }, []string{
			"Can I sign in without my password?", "choose “Reset password”", "choose “One-time sign-in link”", "It then shows a code", "The extra step is asked for as always",
		}, []string{"choose “Send me a link”"}},
		"a robot check each time":    {func(x *tenant.Tenant) { x.Captcha.Mode = tenant.CaptchaAlways }, []string{"It happens each time", "no other company is asked"}, []string{"when there are many tries"}},
		"a robot check of others":    {func(x *tenant.Tenant) { x.Captcha.Mode, x.Captcha.Provider = tenant.CaptchaAdaptive, "hcaptcha" }, []string{"when there are many tries", "hCaptcha makes the check"}, []string{"no other company"}},
		"no robot check":             {func(x *tenant.Tenant) { x.Captcha.Mode = tenant.CaptchaOff }, nil, []string{"robot"}},
		"codes by phone":             {func(x *tenant.Tenant) { x.Mfa.Phone = tenant.Primary }, []string{"With a phone: type your number", "The code does not come to my phone", "Choose “Call me”"}, []string{"has not switched on text messages"}},
		"two people and their times": {func(x *tenant.Tenant) { x.Mfa.Recovery.CoolingOff, x.Mfa.Recovery.Open = 3*time.Hour, 50*time.Hour }, []string{"waiting time begins: 3 hours", "You have this long: 2 days and 2 hours"}, nil},
		"no access pass":             {func(x *tenant.Tenant) { x.Mfa.AccessPass.Life = 0 }, nil, []string{"without my phone", "temporary code"}},
		"an access pass":             {func(x *tenant.Tenant) { x.Mfa.AccessPass.Life = 20 * time.Minute }, []string{"for 20 minutes", "choose “Use a temporary code”"}, nil},
		"devices that are trusted":   {func(x *tenant.Tenant) { x.Mfa.TrustedDays = 12 }, []string{"not asked for 12 days"}, nil},
		"an electronic id":           {func(x *tenant.Tenant) { x.Connectors = []tenant.Connector{{Key: "b", Name: "BankID"}} }, []string{"BankID does not work"}, nil},
		"managers who do not create": {func(x *tenant.Tenant) { x.Manager.MayCreate = false }, nil, []string{"can register you"}},
		"a switch to come":           {func(x *tenant.Tenant) { x.Invitation.Switch = time.Date(2027, 2, 1, 0, 0, 0, 0, x.Zone) }, []string{"From 1 February 2027 you sign in here", "for the first time"}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			h := open(t, "havn")
			c.change(h.Tenant)
			expect(t, read(t, h, "en"), c.want, c.not)
			read(t, h, "da")
		})
	}
}

func TestNoCallIsPromisedWhereNoVoiceSpeaks(t *testing.T) {
	h := open(t, "havn")
	h.Tenant.Mfa.Phone, h.Tenant.Languages = tenant.Primary, []string{"en", "fi"}
	body := h.Get("/help", "Accept-Language", "fi").Body
	expect(t, body, []string{`id="phone-code"`}, []string{`id="call"`})
	expect(t, h.Get("/help", "Accept-Language", "en").Body, []string{`id="call"`}, nil)
}
