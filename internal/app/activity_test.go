package app_test

import (
	"regexp"
	"slices"
	"testing"

	"tilgang/internal/security"
)

// untold are the actions that the recent activity leaves out, and why.
func untold() map[string]string {
	const (
		others  = "about what somebody does for others, and told to those"
		partial = "a step on the way to something that is told"
		data    = "about data and not about the way in"
	)
	return map[string]string{
		"invite.created": others, "recovery.refused_actor": others, "manager.refused": others, "manager.created": others, "reset.letter_refused": others,
		"reset.code_typed": partial, "reset.code_failed": partial, "magiclink.code_failed": partial, "recovery.approved_once": partial,
		"mfa.offer_answered": "an answer that changes nothing", "security.session_raised": partial,
		"profile.language_chosen": data,
	}
}

var recorded = regexp.MustCompile(`(?:Action: *|[eE]vent\(|record\(ctx, )"((?:signin|signout|factor|mfa|reset|magiclink|notme|recovery|security|invite|manager|profile)[a-z_.]*)"`)

func TestTheRecentActivityTellsWhatIsWrittenDown(t *testing.T) {
	told := security.Told()
	for _, f := range source(t) {
		for _, found := range recorded.FindAllStringSubmatch(read(t, f.Path), -1) {
			action := found[1]
			if _, left := untold()[action]; !left && !slices.Contains(told, action) {
				t.Errorf("%s writes %q down, and no person ever reads it: tell it in security/activity.go or say here why not", f.Path, action)
			}
		}
	}
}
