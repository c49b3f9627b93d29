package factor

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tilgang/internal/tenant"
)

// A recovery changes one thing: in place of the challenge stands a set-up that
// cannot be put off where a factor is mandatory. Whatever else is so, it changes
// nothing.
func TestARecoveryStandsInForTheChallengeAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := situations(t)
		in.AMR = append(in.AMR, password) // the door is asked for behind a password alone
		before := Next(in)
		in.Reopened = true
		got := Next(in)
		if before.Kind != StepChallenge || in.Asked || in.Frozen {
			if diff := cmp.Diff(before, got); diff != "" {
				t.Fatal(diff)
			}
			return
		}
		if want := (Step{Kind: StepSetup, Anew: true, MaySkip: !in.Duty.Mandatory}); got != want {
			t.Fatalf("%+v, want %+v", got, want)
		}
	})
}

// A pass ends what one sign-in owes; it is no factor to any other rule.
func TestAPassIsNoFactor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := situations(t)
		in.AMR = append(in.AMR, password)
		proven := Proven(in.AMR)
		before := Next(in)
		in.AMR = append(in.AMR, Pass)
		switch {
		case Proven(in.AMR) != proven:
			t.Fatal("it counts as one")
		case in.Asked:
			if diff := cmp.Diff(before, Next(in)); diff != "" {
				t.Fatal(diff)
			}
		case Next(in) != Step{Kind: StepDone}:
			t.Fatalf("it leaves %+v owed", Next(in))
		}
		on := tenant.MfaPolicy{Totp: tenant.Primary, Phone: tenant.Primary}
		if MayAddPhone(on, []string{TOTP}, []string{"pwd", Pass}, true) || MayAddPhone(on, []string{TOTP}, []string{"pwd", Pass}, false) {
			t.Fatal("it puts a phone on file")
		}
	})
}
