package saml

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tilgang/internal/federation/relying"
)

func TestAGoodAnswerSaysWhoItIs(t *testing.T) {
	w := setUp(t)
	signed := w.sign(w.signer, assertion)
	for name, text := range map[string]string{
		"a signed assertion":                  around(signed),
		"a signed response":                   w.sign(w.signer, around(assertion)),
		"both signed":                         w.sign(w.signer, around(signed)),
		"a declaration before it":             `<?xml version="1.0" encoding="UTF-8"?>` + around(signed),
		"no destination in an unsigned shell": around(swap(t, signed)),
	} {
		who, err := w.read(text)
		if err != nil || who.Subject != "sub-1" || who.Issuer != idp || who.ACR != "substantial" || who.Number.Plain() != "131052-308T" ||
			who.InResponseTo != w.asked.ID || who.Assertion != "_a1" {
			t.Fatalf("%s: %+v %v", name, who, err)
		}
		if s := fmt.Sprintf("%v %+v", who, who); strings.Contains(s, "131052") {
			t.Error("the number shows: " + s)
		}
	}
}

// Each case changes one thing about a good answer that is then rightly signed
// (P42, P39).
func TestEveryWrongAnswerIsRefused(t *testing.T) {
	w := setUp(t)
	for name, c := range map[string]struct {
		from, to string
		why      string
	}{
		"another issuer":             {"<saml:Issuer>" + idp, "<saml:Issuer>https://evil.example", relying.WhyIssuer},
		"no issuer":                  {"<saml:Issuer>" + idp + "</saml:Issuer>", "", relying.WhyIssuer},
		"another version":            {`Version="2.0"`, `Version="1.1"`, WhyShape},
		"issued in the future":       {`IssueInstant="2026-11-26T10:00:00Z"`, `IssueInstant="2026-11-26T10:02:00Z"`, relying.WhyIssued},
		"issued long ago":            {`IssueInstant="2026-11-26T10:00:00Z"`, `IssueInstant="2026-11-26T09:40:00Z"`, relying.WhyIssued},
		"issued at no time":          {`IssueInstant="2026-11-26T10:00:00Z"`, `IssueInstant="soon"`, relying.WhyIssued},
		"another recipient":          {`Recipient="` + acs, `Recipient="https://skog.example/federation/x/acs`, WhyRecipient},
		"no recipient":               {` Recipient="` + acs + `"`, "", WhyRecipient},
		"another audience":           {"<saml:Audience>" + us, "<saml:Audience>https://skog.example/federation/x/metadata", WhyAudience},
		"no audience":                {"<saml:AudienceRestriction><saml:Audience>" + us + "</saml:Audience></saml:AudienceRestriction>", "", WhyAudience},
		"a second audience list":     {"</saml:AudienceRestriction>", "</saml:AudienceRestriction><saml:AudienceRestriction><saml:Audience>x</saml:Audience></saml:AudienceRestriction>", WhyAudience},
		"a condition that is new":    {"</saml:AudienceRestriction>", "</saml:AudienceRestriction><saml:Condition/>", WhyCondition},
		"nobody asked":               {` InResponseTo="_of-this-visit"`, "", WhyUnasked},
		"another request":            {`InResponseTo="_of-this-visit"`, `InResponseTo="_of-another"`, WhyAnother},
		"too late":                   {`NotOnOrAfter="2026-11-26T10:05:00Z"`, `NotOnOrAfter="2026-11-26T09:58:59Z"`, WhyTime},
		"no end":                     {` NotOnOrAfter="2026-11-26T10:05:00Z"`, "", WhyTime},
		"an end that is no time":     {`NotOnOrAfter="2026-11-26T10:05:00Z"`, `NotOnOrAfter="tomorrow"`, WhyTime},
		"too early":                  {`NotBefore="2026-11-26T09:59:00Z"`, `NotBefore="2026-11-26T10:01:01Z"`, WhyTime},
		"conditions that are over":   {`NotOnOrAfter="2026-11-26T10:30:00Z"`, `NotOnOrAfter="2026-11-26T09:58:00Z"`, WhyTime},
		"no bearer":                  {"cm:bearer", "cm:sender-vouches", relying.WhySubject},
		"signed in there yesterday":  {`AuthnInstant="2026-11-26T09:59:30Z"`, `AuthnInstant="2026-11-25T09:59:30Z"`, relying.WhyStale},
		"never signed in":            {`AuthnInstant="2026-11-26T09:59:30Z" `, "", relying.WhyStale},
		"a session that is over":     {`SessionIndex="i"`, `SessionNotOnOrAfter="2026-11-26T09:00:00Z"`, relying.WhyStale},
		"a lower level":              {"substantial<", "low<", relying.WhyLevel},
		"no level":                   {"<saml:AuthnContextClassRef>substantial</saml:AuthnContextClassRef>", "", relying.WhyLevel},
		"no subject":                 {"sub-1", "", relying.WhySubject},
		"a subject without end":      {"sub-1", strings.Repeat("x", maxName+1), relying.WhySubject},
		"a name with a part in it":   {"sub-1", "sub-1<x/>.evil", relying.WhySubject},
		"an address as the subject":  {persistent, "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress", relying.WhySubject},
		"a subject of no kind":       {` Format="` + persistent + `"`, "", relying.WhySubject},
		"a sealed subject":           {"<saml:SubjectConfirmation ", "<saml:EncryptedID/><saml:SubjectConfirmation ", WhyEncrypted},
		"two numbers":                {"</saml:AttributeValue>", "</saml:AttributeValue><saml:AttributeValue>1</saml:AttributeValue>", WhyAttribute},
		"a number with a part in it": {"131052-308T", "131052<x/>-308T", WhyAttribute},
	} {
		t.Run(name, func(t *testing.T) {
			w.T = t
			w.refused(around(w.sign(w.signer, swap(t, assertion, c.from, c.to))), c.why)
			w.refused(w.sign(w.signer, around(swap(t, assertion, c.from, c.to))), c.why)
		})
	}
}

// The response around a signed assertion may be anybody's, and must fit still.
func TestTheShellMustFit(t *testing.T) {
	w := setUp(t)
	signed := w.sign(w.signer, assertion)
	for name, c := range map[string]struct{ from, to, why string }{
		"another destination":  {`Destination="` + acs, `Destination="https://skog.example/acs`, WhyRecipient},
		"another issuer":       {"<saml:Issuer>" + idp, "<saml:Issuer>https://evil.example", relying.WhyIssuer},
		"another version":      {`Version="2.0"`, `Version="1.1"`, WhyShape},
		"another request":      {`InResponseTo="_of-this-visit"`, `InResponseTo="_of-another"`, WhyAnother},
		"issued long ago":      {`IssueInstant="2026-11-26T10:00:00Z"`, `IssueInstant="2026-11-26T09:40:00Z"`, relying.WhyIssued},
		"no success":           {"status:Success", "status:Responder", relying.WhyProvider},
		"no status":            {`<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>`, "", relying.WhyProvider},
		"another kind of page": {"samlp:Response ", "samlp:LogoutResponse ", WhyShape},
	} {
		t.Run(name, func(t *testing.T) {
			w.T = t
			text := swap(t, around(signed), c.from, c.to)
			if c.from == "samlp:Response " {
				text = swap(t, text, "</samlp:Response>", "</samlp:LogoutResponse>")
			}
			w.refused(text, c.why)
		})
	}
	if got, err := w.read(swap(t, around(signed), ` Destination="`+acs+`"`, "")); err != nil || got.Subject != "sub-1" {
		t.Errorf("an unsigned shell need not say where to: %v", err)
	}
	w.refused(w.sign(w.signer, swap(t, around(assertion), ` Destination="`+acs+`"`, "")), WhyRecipient)
}

func TestWhatTheClockMayBeOff(t *testing.T) {
	w := setUp(t)
	text := around(w.sign(w.signer, assertion))
	for off, why := range map[time.Duration]string{
		-61 * time.Second: relying.WhyIssued, -59 * time.Second: "", 5*time.Minute + 59*time.Second: "", 6 * time.Minute: WhyTime, 24 * time.Hour: relying.WhyIssued,
	} {
		w.now = start.Add(off)
		if _, err := w.read(text); relying.Why(err) != why || (err == nil) != (why == "") {
			t.Errorf("%s off: %v, want %q", off, err, why)
		}
	}
}

func TestASubjectThatChangesIsStoodForByTheNumber(t *testing.T) {
	w := setUp(t)
	text := swap(t, assertion, persistent, transient)
	who, err := w.read(around(w.sign(w.signer, text)))
	if err != nil || who.Subject != "number:131052-308T" {
		t.Errorf("%v %v", who.Subject, err)
	}
	w.us.Number = ""
	w.refused(around(w.sign(w.signer, text)), relying.WhySubject)
}

func TestWhatIsNoRefusal(t *testing.T) {
	w := setUp(t)
	for code, want := range map[string]error{"AuthnFailed": relying.ErrCancelled, "RequestDenied": relying.ErrCancelled} {
		text := swap(t, around(""), `status:Success"/>`, `status:Responder"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:`+code+`"/></samlp:StatusCode>`)
		if _, err := w.read(text); !errors.Is(err, want) {
			t.Errorf("%s: %v", code, err)
		}
	}
	w.refused(swap(t, around(""), `status:Success"/>`, `status:Requester"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext"/></samlp:StatusCode>`), relying.WhyLevel)
}
