package factor

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tilgang/internal/tenant"
)

const today = "2026-11-22"

var (
	march  = time.Date(2027, 3, 1, 0, 0, 0, 0, time.UTC)
	policy = tenant.MfaPolicy{Totp: tenant.Primary, Push: tenant.Backup, Offer: tenant.OfferSkip}
	app    = []string{TOTP}
	pwd    = []string{"pwd"}
	both   = []string{"pwd", TOTP}
	mail   = []string{link}
	must   = tenant.MfaDuty{Mandatory: true, Offer: tenant.OfferMandatory, Methods: app}
	skip   = tenant.MfaDuty{Offer: tenant.OfferSkip, Methods: app}
	later  = tenant.MfaDuty{Offer: tenant.OfferLater, Methods: app, Postponements: 3}
	soon   = tenant.MfaDuty{Offer: tenant.OfferLater, Methods: app, Postponements: 2, From: march}
	byDate = tenant.MfaDuty{Offer: tenant.OfferLater, Methods: app, From: march}
)

func TestNext(t *testing.T) {
	done, setup := Step{Kind: StepDone}, Step{Kind: StepSetup}
	for _, c := range []struct {
		name string
		in   Situation
		want Step
	}{
		{"a factor on file is always asked for", Situation{Duty: skip, Enrolled: app, CodesSaved: true, AMR: pwd}, Step{Kind: StepChallenge}},
		{"even where Skip was pressed before", Situation{Duty: skip, Enrolled: app, AMR: pwd, Skipped: Fingerprint(policy), Settled: Skip}, Step{Kind: StepChallenge}},
		{"even where the employer has switched it all off", Situation{Duty: tenant.MfaDuty{Offer: tenant.OfferSkip}, Enrolled: app, AMR: pwd}, Step{Kind: StepChallenge}},
		{"a proven factor is enough", Situation{Duty: must, Enrolled: app, CodesSaved: true, AMR: both}, done},
		{"and so is a recovery code", Situation{Duty: must, Enrolled: app, CodesSaved: true, AMR: []string{"pwd", Recovery}}, done},
		{"codes that were never saved are shown again", Situation{Duty: must, Enrolled: app, AMR: both}, Step{Kind: StepRecovery}},
		{"mandatory: set up, nothing else", Situation{Duty: must, AMR: pwd}, setup},
		{"mandatory: an answer changes nothing", Situation{Duty: must, AMR: pwd, Settled: Skip, Skipped: Fingerprint(policy), OfferedOn: today}, setup},
		{"mandatory, but the factor on file does not count", Situation{Duty: must, Enrolled: []string{"phone"}, CodesSaved: true, AMR: []string{"pwd", "phone"}}, setup},
		{"optional: a factor that would not count is enough", Situation{Duty: later, Enrolled: []string{"phone"}, CodesSaved: true, AMR: []string{"pwd", "phone"}}, done},
		{"an offer to skip", Situation{Duty: skip, AMR: pwd}, Step{Kind: StepSetup, MaySkip: true}},
		{"skipped in this sign-in", Situation{Duty: skip, AMR: pwd, Settled: Skip}, done},
		{"skipped for good", Situation{Duty: skip, AMR: pwd, Skipped: Fingerprint(policy)}, done},
		{"skipped under another policy", Situation{Duty: skip, AMR: pwd, Skipped: Fingerprint(tenant.MfaPolicy{Totp: tenant.Primary, Offer: tenant.OfferLater})}, Step{Kind: StepSetup, MaySkip: true}},
		{"Later is no answer where only Skip is offered", Situation{Duty: skip, AMR: pwd, Settled: Later}, Step{Kind: StepSetup, MaySkip: true}},
		{"an offer to postpone", Situation{Duty: later, AMR: pwd}, Step{Kind: StepSetup, MayLater: true, LaterLeft: 3}},
		{"postponed once", Situation{Duty: later, AMR: pwd, Postponed: 1, OfferedOn: "2026-11-21"}, Step{Kind: StepSetup, MayLater: true, LaterLeft: 2}},
		{"one offer a day", Situation{Duty: later, AMR: pwd, Postponed: 1, OfferedOn: today}, done},
		{"postponed in this sign-in", Situation{Duty: later, AMR: pwd, Settled: Later}, done},
		{"Skip is no answer where only Later is offered", Situation{Duty: later, AMR: pwd, Settled: Skip, Skipped: Fingerprint(policy)}, Step{Kind: StepSetup, MayLater: true, LaterLeft: 3}},
		{"postponed as often as allowed", Situation{Duty: later, AMR: pwd, Postponed: 3, OfferedOn: "2026-11-21"}, setup},
		{"the policy came to allow fewer", Situation{Duty: later, AMR: pwd, Postponed: 9}, setup},
		{"before a date, with a count", Situation{Duty: soon, AMR: pwd, Postponed: 1}, Step{Kind: StepSetup, MayLater: true, LaterLeft: 1, Until: march}},
		{"before a date, without a count", Situation{Duty: byDate, AMR: pwd, Postponed: 40}, Step{Kind: StepSetup, MayLater: true, LaterLeft: NoCount, Until: march}},
		{"no method is switched on", Situation{Duty: tenant.MfaDuty{Offer: tenant.OfferLater, Postponements: 3}, AMR: pwd}, done},
		{"a backup alone is no set-up", Situation{Duty: later, Enrolled: []string{"push"}, CodesSaved: true, AMR: []string{"pwd", "push"}}, Step{Kind: StepSetup, MayLater: true, LaterLeft: 3}},
		{"a backup alone, and the offer answered", Situation{Duty: later, Enrolled: []string{"push"}, CodesSaved: true, AMR: []string{"pwd", "push"}, Settled: Later}, done},
		{"a backup alone still gets codes", Situation{Duty: later, Enrolled: []string{"push"}, AMR: []string{"pwd", "push"}, Settled: Later}, Step{Kind: StepRecovery}},
		{"a backup alone, where it is mandatory", Situation{Duty: must, Enrolled: []string{"push"}, CodesSaved: true, AMR: []string{"pwd", "push"}}, setup},
		{"a backup beside what it backs up", Situation{Duty: must, Enrolled: []string{TOTP, "push"}, CodesSaved: true, AMR: []string{"pwd", "push"}}, done},
		{"asked for by the person, after Skip", Situation{Duty: skip, AMR: pwd, Asked: true, Skipped: Fingerprint(policy)}, setup},
		{"asked for and set up", Situation{Duty: skip, AMR: both, Enrolled: app, CodesSaved: true, Asked: true}, done},
		{"by a link, a factor on file is asked for as ever", Situation{Duty: skip, Enrolled: app, CodesSaved: true, AMR: mail}, Step{Kind: StepChallenge}},
		{"by a link and the factor", Situation{Duty: must, Enrolled: app, CodesSaved: true, AMR: []string{link, TOTP}}, done},
		{"by a link, mandatory: the password first", Situation{Duty: must, AMR: mail}, Step{Kind: StepPassword}},
		{"by a link, mandatory, with a factor that does not count", Situation{Duty: must, Enrolled: []string{"phone"}, CodesSaved: true, AMR: []string{link, "phone"}}, Step{Kind: StepPassword}},
		{"by a link, mandatory, and the password typed", Situation{Duty: must, AMR: []string{link, "pwd"}}, setup},
		{"by a link, postponed as often as allowed", Situation{Duty: later, AMR: mail, Postponed: 3}, Step{Kind: StepPassword}},
		{"by a link nothing is offered", Situation{Duty: later, AMR: mail}, done},
		{"by a link no codes are made", Situation{Duty: must, Enrolled: app, AMR: []string{link, TOTP}}, done},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.in.Policy, c.in.Today = policy, today
			if diff := cmp.Diff(c.want, Next(c.in)); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

func TestABackupStandsInForWhatCannotBeSetUpHere(t *testing.T) {
	p := tenant.MfaPolicy{Push: tenant.Primary, Totp: tenant.Backup, Offer: tenant.OfferMandatory}
	duty := p.For(tenant.MfaSubject{}, march)
	if got := Ways(duty, p); !slices.Equal(got, app) {
		t.Fatalf("ways %v", got)
	}
	if got := Next(Situation{Duty: duty, Policy: p, Enrolled: app, CodesSaved: true, AMR: both}); got.Kind != StepDone {
		t.Fatalf("%+v", got)
	}
	t.Run("but not what the employer has off", func(t *testing.T) {
		p.Totp = tenant.Off
		if got := Ways(duty, p); len(got) != 0 {
			t.Fatalf("ways %v", got)
		}
		if got := Next(Situation{Duty: duty, Policy: p, AMR: pwd}); got != (Step{Kind: StepSetup}) {
			t.Fatalf("%+v", got)
		}
	})
}

// situations draws any combination, possible or not.
func situations(t *rapid.T) Situation {
	kinds := tenant.Methods()
	offers := []tenant.MfaOffer{tenant.OfferSkip, tenant.OfferLater, tenant.OfferMandatory}
	uses := []tenant.MethodUse{tenant.Off, tenant.Primary, tenant.Backup}
	some := func(of []string, name string) []string {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(of), 0, len(of), rapid.ID[string]).Draw(t, name)
	}
	in := Situation{
		Policy: tenant.MfaPolicy{
			Totp: rapid.SampledFrom(uses).Draw(t, "totp"), Phone: rapid.SampledFrom(uses).Draw(t, "phone"),
			Offer: rapid.SampledFrom(offers).Draw(t, "policy offer"), Postponements: rapid.IntRange(0, 30).Draw(t, "policy postponements"),
		},
		Enrolled: some(kinds, "enrolled"), CodesSaved: rapid.Bool().Draw(t, "saved"),
		AMR:     some(append([]string{"pwd", link, Recovery}, kinds...), "amr"),
		Settled: rapid.SampledFrom([]string{"", Skip, Later, "other"}).Draw(t, "settled"), Asked: rapid.Bool().Draw(t, "asked"),
		Postponed: rapid.IntRange(0, 31).Draw(t, "postponed"),
		OfferedOn: rapid.SampledFrom([]string{"", "2026-11-21", today}).Draw(t, "offered"), Today: today,
	}
	in.Duty = tenant.MfaDuty{
		Mandatory: rapid.Bool().Draw(t, "mandatory"), Offer: rapid.SampledFrom(offers).Draw(t, "offer"),
		Methods: some(kinds, "methods"), Postponements: rapid.IntRange(0, 30).Draw(t, "postponements"),
		From: rapid.SampledFrom([]time.Time{{}, march}).Draw(t, "from"),
	}
	in.Skipped = rapid.SampledFrom([]string{"", "0123456789abcdef", Fingerprint(in.Policy)}).Draw(t, "skipped")
	return in
}

func TestNothingWeakens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := situations(t)
		got := Next(in)
		factored := Proven(in.AMR)
		switch {
		case in.byLink() && slices.Contains([]Kind{StepSetup, StepRecovery}, got.Kind):
			t.Fatal("a link changed a factor")
		case in.Duty.Mandatory && got.Kind == StepDone && !factored:
			t.Fatal("mandatory, and done without a factor")
		case in.Duty.Mandatory && (got.MaySkip || got.MayLater):
			t.Fatal("mandatory, and put off")
		case len(in.Enrolled) > 0 && !factored && got.Kind != StepChallenge:
			t.Fatal("a factor on file was not asked for")
		case got.Kind == StepChallenge && len(in.Enrolled) == 0:
			t.Fatal("asked for a factor that is not there")
		case got.Kind == StepRecovery && (!factored || len(in.Enrolled) == 0 || in.CodesSaved):
			t.Fatal("codes for somebody who needs none")
		case got.Kind != StepSetup && (got.MaySkip || got.MayLater):
			t.Fatal("an answer where nothing is asked")
		case got.MayLater != (got.LaterLeft != 0):
			t.Fatal("the number left says otherwise than the button")
		}
	})
}

func TestAnswersAndDaysMeanNothingWhereMandatory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := situations(t)
		in.Duty.Mandatory = true
		bare := in
		bare.Settled, bare.Skipped, bare.OfferedOn, bare.Postponed = "", "", "", 0
		if diff := cmp.Diff(Next(bare), Next(in)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestFingerprintChangesWithEveryValue(t *testing.T) {
	seen := map[string]int{}
	for i, p := range []tenant.MfaPolicy{
		{},
		{Totp: tenant.Primary},
		{Phone: tenant.Primary},
		{Push: tenant.Backup},
		{Passkey: tenant.Primary},
		{Offer: tenant.OfferSkip},
		{Postponements: 1},
		{Requirements: []tenant.MfaRequirement{{}}},
		{Requirements: []tenant.MfaRequirement{{Roles: []string{"hr"}}}},
		{Requirements: []tenant.MfaRequirement{{JobTitles: []string{"hr"}}}},
		{Requirements: []tenant.MfaRequirement{{OrgUnits: []string{"a", "b"}}}},
		{Requirements: []tenant.MfaRequirement{{OrgUnits: []string{"a b"}}}},
		{Requirements: []tenant.MfaRequirement{{Standings: []string{"staff"}}}},
		{Requirements: []tenant.MfaRequirement{{From: march}}},
		{Requirements: []tenant.MfaRequirement{{Postponements: 1}}},
		{Requirements: []tenant.MfaRequirement{{Methods: app}}},
	} {
		f := Fingerprint(p)
		if was, twice := seen[f]; twice || len(f) != 16 {
			t.Errorf("policies %d and %d are alike: %s", was, i, f)
		}
		seen[f] = i
	}
	zone := march.In(time.FixedZone("CET", 3600))
	if Fingerprint(tenant.MfaPolicy{Requirements: []tenant.MfaRequirement{{From: zone}}}) != Fingerprint(tenant.MfaPolicy{Requirements: []tenant.MfaRequirement{{From: march}}}) {
		t.Error("the same moment in another zone is another policy")
	}
}

func TestUsable(t *testing.T) {
	for _, c := range []struct {
		name     string
		policy   tenant.MfaPolicy
		enrolled []string
		want     []string
	}{
		{"the strongest primary first", tenant.MfaPolicy{Totp: tenant.Primary, Phone: tenant.Primary}, []string{Phone, TOTP}, []string{TOTP, Phone}},
		{"a primary before a backup", tenant.MfaPolicy{Totp: tenant.Backup, Phone: tenant.Primary}, []string{TOTP, Phone}, []string{Phone, TOTP}},
		{"a backup where it is alone", tenant.MfaPolicy{Totp: tenant.Primary, Phone: tenant.Backup}, []string{Phone}, []string{Phone}},
		{"not what is off", tenant.MfaPolicy{Totp: tenant.Primary, Phone: tenant.Off}, []string{Phone, TOTP}, []string{TOTP}},
		{"nothing, when all is off", tenant.MfaPolicy{}, []string{Phone, TOTP}, nil},
		{"only what is on file", tenant.MfaPolicy{Totp: tenant.Primary, Phone: tenant.Backup}, []string{TOTP}, []string{TOTP}},
	} {
		if got := Usable(c.enrolled, c.policy); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestMayAddPhone(t *testing.T) {
	on := tenant.MfaPolicy{Totp: tenant.Primary, Phone: tenant.Backup}
	for _, c := range []struct {
		name          string
		policy        tenant.MfaPolicy
		enrolled, amr []string
		steppedUp     bool
		want          bool
	}{
		{"a first factor", on, nil, pwd, false, true},
		{"never where it is off", tenant.MfaPolicy{Totp: tenant.Primary}, nil, pwd, false, false},
		{"nor stepped up", tenant.MfaPolicy{Totp: tenant.Primary}, app, both, true, false},
		{"not beside an app that is not proven", on, app, pwd, false, false},
		{"beside an app that is", on, app, both, false, true},
		{"not beside an app by a recovery code", on, app, []string{"pwd", Recovery}, false, false},
		{"not in place of a phone at sign-in", on, []string{Phone}, []string{"pwd", Phone}, false, false},
		{"nor beside one by an app", on, []string{TOTP, Phone}, both, false, false},
		{"in place of a phone, stepped up", on, []string{Phone}, []string{"pwd", Phone}, true, true},
		{"not stepped up by one recovery code", on, []string{Phone}, []string{"pwd", Recovery}, true, false},
		{"stepped up by two: the phone is lost", on, []string{Phone}, []string{"pwd", Recovery, Recovery2}, true, true},
		{"not in place of a phone at sign-in by two", on, []string{Phone}, []string{"pwd", Recovery, Recovery2}, false, false},
		{"not stepped up by the password alone", on, []string{Phone}, pwd, true, false},
	} {
		if got := MayAddPhone(c.policy, c.enrolled, c.amr, c.steppedUp); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
