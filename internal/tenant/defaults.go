package tenant

import "time"

// Defaults are the values of a tenant that has set nothing: what we would
// choose. It has no name, slug or legal employer.
func Defaults() Tenant {
	t := base()
	t.finish()
	return t
}

// base is Defaults before what follows from other values has been filled in.
func base() Tenant {
	return Tenant{
		Languages: []string{"en"},
		Zone:      time.UTC,
		Branding:  Branding{Primary: "#0b5cad", Accent: "#cfe3f7"},
		Mfa: MfaPolicy{
			Totp: Primary, Phone: Off, Push: Off, Passkey: Off, Offer: OfferLater, Postponements: 3, SMS: SMSPolicy{PerDay: 2000, Calls: 500},
			Recovery: RecoveryPolicy{CoolingOff: 24 * time.Hour, Open: 7 * 24 * time.Hour},
		},
		Invitation: InvitationPolicy{Life: maxLink, Send: SendOnImport, DaysBeforeStart: 7, WithoutEmail: ByNobody, LetterLife: 7 * 24 * time.Hour},
		Reset:      ResetPolicy{Mode: "link"},
		Captcha:    CaptchaPolicy{Mode: CaptchaAdaptive},
		Signin:     IdentifierFirst,
		Alumni:     defaultAlumni(),
		Session:    SessionPolicy{Idle: 30 * time.Minute, Absolute: 12 * time.Hour},
		Manager:    ManagerPolicy{Depth: 1},
	}
}

func defaultAlumni() AlumniPolicy {
	return AlumniPolicy{
		Months:   map[string]int{"*": 24},
		Classes:  DataClasses(),
		Proofing: "unmatched_address",
		Notices:  []int{30, 7},
		ReadOnly: true,
		Handover: 30,
	}
}

// finish fills in what follows from other values.
func (t *Tenant) finish() {
	if t.Reset.Life == 0 {
		t.Reset.Life = map[string]time.Duration{"link": maxLink, "code": 15 * time.Minute}[t.Reset.Mode]
	}
	t.Invitation.Switch = dateIn(t.Invitation.Switch, t.Zone)
	for i := range t.Mfa.Requirements {
		q := &t.Mfa.Requirements[i]
		q.From = dateIn(q.From, t.Zone)
	}
	b := &t.Branding
	b.OnPrimary, b.PrimaryInk = readableOn(b.Primary), inkOnDark(b.Primary)
	if b.LogoAlt == "" {
		b.LogoAlt = t.Name
	}
	if b.SenderName == "" {
		b.SenderName = t.Name
	}
}
