package saml

import (
	"slices"
	"time"

	"github.com/beevik/etree"

	"tilgang/internal/federation/relying"
)

// Read checks what was posted and gives what it says. Errors: *relying.Refusal,
// relying.ErrCancelled. Whether the browser that brought it is the one that asked,
// and whether the assertion came before, is the caller's to check.
func (p Provider) Read(posted string, now time.Time) (Said, error) {
	root, err := decode(posted)
	if err != nil {
		return Said{}, err
	}
	if err := p.succeeded(root); err != nil {
		return Said{}, err
	}
	if !shaped(root) {
		return Said{}, refuse(WhyShape)
	}
	root, signed, err := p.covered(root, now)
	if err != nil {
		return Said{}, err
	}
	if err := p.enveloped(root, signed, now); err != nil {
		return Said{}, err
	}
	a, err := p.assertion(root, signed, now)
	if err != nil {
		return Said{}, err
	}
	return p.judge(a, attr(root, "InResponseTo"), now)
}

// succeeded reads the status. What it says when somebody did not succeed opens
// nothing, so nobody need have signed it.
func (p Provider) succeeded(root *etree.Element) error {
	if !is(root, nsProtocol, "Response") {
		return refuse(WhyShape)
	}
	top := only(only(root, nsProtocol, "Status"), nsProtocol, "StatusCode")
	switch attr(only(top, nsProtocol, "StatusCode"), "Value") {
	case status + "AuthnFailed", status + "RequestDenied":
		return relying.ErrCancelled
	case status + "NoAuthnContext":
		return refuse(relying.WhyLevel)
	}
	if attr(top, "Value") != status+"Success" {
		return refuse(relying.WhyProvider)
	}
	return nil
}

// assertion is the one assertion, as it was signed: by itself, or inside a signed
// response. A signature that is there must hold, even where another one does.
func (p Provider) assertion(root *etree.Element, response bool, now time.Time) (*etree.Element, error) {
	root, err := p.opened(root)
	if err != nil {
		return nil, err
	}
	a, signed, err := p.covered(only(root, nsAssertion, "Assertion"), now)
	if err == nil && !signed && !response {
		err = refuse(WhySignature)
	}
	return a, err
}

// enveloped checks the response around the assertion: it may be unsigned, and
// must still be for us.
func (p Provider) enveloped(root *etree.Element, signed bool, now time.Time) error {
	to := attr(root, "Destination")
	issuer := children(root, nsAssertion, "Issuer")
	switch {
	case attr(root, "Version") != "2.0":
		return refuse(WhyShape)
	case to != p.ACS && (signed || to != ""):
		return refuse(WhyRecipient)
	case len(issuer) > 1, len(issuer) == 1 && said(issuer[0]) != p.EntityID:
		return refuse(relying.WhyIssuer)
	}
	return issued(root, now)
}

// issued wants an element of the last minutes.
func issued(el *etree.Element, now time.Time) error {
	at, ok := moment(el, "IssueInstant")
	if !ok || at.After(now.Add(skew)) || at.Before(now.Add(-recent)) {
		return refuse(relying.WhyIssued)
	}
	return nil
}

// judge is what the profile asks of an assertion beside its signature (SAML
// profiles 4.1.4.3).
func (p Provider) judge(a *etree.Element, answers string, now time.Time) (Said, error) {
	if attr(a, "Version") != "2.0" || attr(a, "ID") == "" {
		return Said{}, refuse(WhyShape)
	}
	if said(only(a, nsAssertion, "Issuer")) != p.EntityID {
		return Said{}, refuse(relying.WhyIssuer)
	}
	if err := issued(a, now); err != nil {
		return Said{}, err
	}
	request, err := p.confirmed(only(a, nsAssertion, "Subject"), answers, now)
	if err != nil {
		return Said{}, err
	}
	if err := p.meant(only(a, nsAssertion, "Conditions"), now); err != nil {
		return Said{}, err
	}
	found := Said{Assertion: attr(a, "ID"), InResponseTo: request}
	if found.ACR, err = p.signedIn(only(a, nsAssertion, "AuthnStatement"), now); err != nil {
		return Said{}, err
	}
	if found.Identity, err = p.who(a, found.ACR); err != nil {
		return Said{}, err
	}
	return found, nil
}

// confirmed checks for whom and until when the subject is said, and gives the
// request that it answers.
func (p Provider) confirmed(subject *etree.Element, answers string, now time.Time) (request string, err error) {
	way := only(subject, nsAssertion, "SubjectConfirmation")
	data := only(way, nsAssertion, "SubjectConfirmationData")
	request = attr(data, "InResponseTo")
	switch {
	case data == nil || attr(way, "Method") != bearer:
		return "", refuse(relying.WhySubject)
	case attr(data, "Recipient") != p.ACS:
		return "", refuse(WhyRecipient)
	case request == "":
		return "", refuse(WhyUnasked)
	case answers != "" && answers != request:
		return "", refuse(WhyAnother)
	case attr(data, "NotOnOrAfter") == "" || !within(data, now):
		return "", refuse(WhyTime)
	}
	return request, nil
}

// within tells whether it is neither too early nor too late for an element.
func within(el *etree.Element, now time.Time) bool {
	from, ok := moment(el, "NotBefore")
	until, fine := moment(el, "NotOnOrAfter")
	return ok && fine && !now.Add(skew).Before(from) && (until.IsZero() || now.Add(-skew).Before(until))
}

// meant checks the conditions: each must be one that we know, and hold.
func (p Provider) meant(conditions *etree.Element, now time.Time) error {
	if conditions == nil {
		return refuse(WhyAudience)
	}
	if !within(conditions, now) {
		return refuse(WhyTime)
	}
	audiences := 0
	for _, c := range conditions.ChildElements() {
		switch {
		case is(c, nsAssertion, "AudienceRestriction"):
			if audiences++; !slices.ContainsFunc(children(c, nsAssertion, "Audience"), func(el *etree.Element) bool { return said(el) == p.Us }) {
				return refuse(WhyAudience)
			}
		case is(c, nsAssertion, "OneTimeUse"), is(c, nsAssertion, "ProxyRestriction"):
		default:
			return refuse(WhyCondition)
		}
	}
	if audiences == 0 {
		return refuse(WhyAudience)
	}
	return nil
}

// signedIn checks when and how the person signed in there, and gives how.
func (p Provider) signedIn(statement *etree.Element, now time.Time) (acr string, err error) {
	at, ok := moment(statement, "AuthnInstant")
	until, fine := moment(statement, "SessionNotOnOrAfter")
	acr = said(only(only(statement, nsAssertion, "AuthnContext"), nsAssertion, "AuthnContextClassRef"))
	switch {
	case !ok || !fine || at.Before(now.Add(-recent)) || at.After(now.Add(skew)):
		return "", refuse(relying.WhyStale) // an older sign-in there is no proof of who sits here now
	case !until.IsZero() && !now.Before(until):
		return "", refuse(relying.WhyStale)
	case len(p.ACR) > 0 && !slices.Contains(p.ACR, acr):
		return "", refuse(relying.WhyLevel)
	}
	return acr, nil
}

// who reads the subject. A name that is the same tomorrow is one; a transient one
// is none, and then the number stands for it.
func (p Provider) who(a *etree.Element, acr string) (found relying.Identity, err error) {
	name := only(only(a, nsAssertion, "Subject"), nsAssertion, "NameID")
	number, err := p.number(a)
	if err != nil {
		return found, err
	}
	found = relying.Identity{Issuer: p.EntityID, Subject: said(name), ACR: acr, Number: relying.NumberOf(number)}
	switch {
	case len(children(only(a, nsAssertion, "Subject"), nsAssertion, "EncryptedID")) != 0:
		return relying.Identity{}, refuse(WhyEncrypted)
	case attr(name, "Format") == transient && number != "":
		found.Subject = "number:" + number // kept as a keyed hash alone
	case attr(name, "Format") != persistent || found.Subject == "" || len(found.Subject) > maxName:
		return relying.Identity{}, refuse(relying.WhySubject)
	}
	return found, nil
}

// number is the one value of the attribute with the national number; empty where
// there is none.
func (p Provider) number(a *etree.Element) (string, error) {
	var values []*etree.Element
	for _, statement := range children(a, nsAssertion, "AttributeStatement") {
		for _, one := range children(statement, nsAssertion, "Attribute") {
			if p.Number != "" && attr(one, "Name") == p.Number {
				values = append(values, children(one, nsAssertion, "AttributeValue")...)
			}
		}
	}
	switch {
	case len(values) == 0:
		return "", nil
	case len(values) > 1 || said(values[0]) == "":
		return "", refuse(WhyAttribute)
	}
	return said(values[0]), nil
}
