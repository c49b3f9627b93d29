package tenant

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestThePolicyOfSecondFactors(t *testing.T) {
	zone, _ := time.LoadLocation("Europe/Copenhagen")
	march := time.Date(2027, 3, 1, 0, 0, 0, 0, zone)
	june := time.Date(2027, 6, 1, 0, 0, 0, 0, zone)
	before, after := march.Add(-time.Second), march
	policy := func(offer MfaOffer, rs ...MfaRequirement) MfaPolicy {
		return MfaPolicy{Totp: Primary, Phone: Backup, Push: Off, Passkey: Primary, Offer: offer, Postponements: 3, Requirements: rs}
	}
	chiefs := MfaRequirement{JobTitles: []string{"Butikschef"}, From: march, Postponements: 5}
	all := []string{"passkey", "totp"}
	cases := []struct {
		name   string
		policy MfaPolicy
		who    MfaSubject
		now    time.Time
		want   MfaDuty
	}{
		{"nobody is named", policy(OfferSkip), MfaSubject{}, after, MfaDuty{Offer: OfferSkip, Postponements: 3, Methods: all}},
		{"everybody must", policy(OfferMandatory), MfaSubject{}, after, MfaDuty{Mandatory: true, Offer: OfferMandatory, Methods: all}},
		{"everybody must, though some could wait", policy(OfferMandatory, chiefs), MfaSubject{JobTitles: []string{"Butikschef"}}, before, MfaDuty{Mandatory: true, Offer: OfferMandatory, Methods: all}},
		{"a title, before its date", policy(OfferSkip, chiefs), MfaSubject{JobTitles: []string{"Butikschef"}}, before, MfaDuty{From: march, Postponements: 5, Offer: OfferLater, Methods: all}},
		{"a title, from midnight of its date", policy(OfferSkip, chiefs), MfaSubject{JobTitles: []string{"Butikschef"}}, after, MfaDuty{Mandatory: true, From: march, Offer: OfferMandatory, Methods: all}},
		{"a title in other letters and spaces", policy(OfferSkip, chiefs), MfaSubject{JobTitles: []string{" BUTIKSCHEF\u00a0"}}, after, MfaDuty{Mandatory: true, From: march, Offer: OfferMandatory, Methods: all}},
		{"another title", policy(OfferSkip, chiefs), MfaSubject{JobTitles: []string{"Butiksassistent"}}, after, MfaDuty{Offer: OfferSkip, Postponements: 3, Methods: all}},
		{"a second employment's title", policy(OfferSkip, chiefs), MfaSubject{JobTitles: []string{"Kok", "Butikschef"}}, after, MfaDuty{Mandatory: true, From: march, Offer: OfferMandatory, Methods: all}},
		{"a unit above", policy(OfferSkip, MfaRequirement{OrgUnits: []string{"Region Nord"}}), MfaSubject{OrgUnits: []string{"Region Nord", "Butik Aarhus"}}, after, MfaDuty{Mandatory: true, Offer: OfferMandatory, Methods: all}},
		{"a role but not the standing", policy(OfferSkip, MfaRequirement{Roles: []string{"hr"}, Standings: []string{"alumnus"}}), MfaSubject{Roles: []string{"hr"}, Standings: []string{"staff"}}, after, MfaDuty{Offer: OfferSkip, Postponements: 3, Methods: all}},
		{"what holds beats what is to come", policy(OfferSkip, MfaRequirement{From: june, Methods: []string{"passkey"}}, MfaRequirement{}), MfaSubject{}, after, MfaDuty{Mandatory: true, Offer: OfferMandatory, Methods: all}},
		{"the nearer date beats the later", policy(OfferSkip, MfaRequirement{From: june, Postponements: 1}, chiefs), MfaSubject{JobTitles: []string{"Butikschef"}}, before, MfaDuty{From: march, Postponements: 5, Offer: OfferLater, Methods: all}},
		{"fewer methods beat more, whichever began first", policy(OfferSkip, MfaRequirement{}, MfaRequirement{Methods: []string{"passkey"}, From: march}), MfaSubject{}, june, MfaDuty{Mandatory: true, From: march, Offer: OfferMandatory, Methods: []string{"passkey"}}},
		{"a backup never counts", policy(OfferSkip, MfaRequirement{Methods: []string{"phone", "totp"}}), MfaSubject{}, after, MfaDuty{Mandatory: true, Offer: OfferMandatory, Methods: []string{"totp"}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, c.policy.For(c.who, c.now)); diff != "" {
				t.Errorf("duty differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheShortestPasswordFollowsTheSecondFactor(t *testing.T) {
	cases := []struct {
		name      string
		policy    PasswordPolicy
		mandatory bool
		want      int
	}{
		{"alone", PasswordPolicy{}, false, 15},
		{"beside a second factor", PasswordPolicy{}, true, 8},
		{"a tenant cannot go below it", PasswordPolicy{Min: 10}, false, 15},
		{"a tenant can go above it", PasswordPolicy{Min: 20}, true, 20},
		{"a signed preset stands", PasswordPolicy{Preset: "four_classes", Min: 8}, false, 8},
		{"a signed preset without a length", PasswordPolicy{Preset: "four_classes"}, false, 8},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := c.policy.MinFor(c.mandatory); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}
