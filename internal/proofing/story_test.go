package proofing_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/identity"
)

func TestALeaverProvesWhoTheyAreOnce(t *testing.T) {
	w := setUp(t, always)
	who := w.hire(w.ctx, "solveig", solveigNumber, true)
	b := w.alumni()
	w.in(b, who)
	w.path(b, "/proofing")
	w.says(b, "We must be sure that you are you")
	if p := b.Get("/session"); p.Status != 401 {
		t.Errorf("a session before the proof: %d", p.Status)
	}
	if p := b.Get("/profile"); strings.Contains(p.Text(), who.address) && p.URL.Path == "/profile" {
		t.Error("data before the proof")
	}
	b.Get("/proofing")
	w.as(b, solveig)
	w.path(b, "/")
	list := w.linked(w.ctx, who)
	if len(list) != 1 || !list[0].Proven || list[0].Level != identity.Substantial {
		t.Fatalf("linked %+v", list)
	}
	if !slices.Contains(w.mailed(who.address), "Nordlys: your eID is linked") {
		t.Errorf("mailed %v", w.mailed(who.address))
	}
	again := w.alumni()
	w.in(again, who)
	w.path(again, "/")
	if strings.Contains(b.Page.Body, solveigNumber) {
		t.Error("a page shows the number")
	}
}

func TestAnotherPersonsEIDLinksNothing(t *testing.T) {
	w := setUp(t, always)
	who := w.hire(w.ctx, "solveig", solveigNumber, true)
	known := w.hire(w.ctx, "ane", aneNumber, false)
	none := w.hire(w.ctx, "odd", "", true)
	b := w.alumni()
	for _, person := range []string{ane, stranger} {
		w.in(b, who)
		w.as(b, person)
		w.path(b, "/proofing/proven")
		w.says(b, "named another person than solveig Berg")
		if b.Page.Status != 409 {
			t.Errorf("%s answers %d", person, b.Page.Status)
		}
	}
	// Of odd HR has no number, but this one is ane's.
	w.in(b, none)
	w.as(b, ane)
	w.says(b, "named another person than odd Berg")
	for _, one := range []someone{who, known, none} {
		if list := w.linked(w.ctx, one); len(list) != 0 {
			t.Errorf("%s has %d links", one.address, len(list))
		}
	}
	if n := w.audited(w.ctx, "proofing.foreign"); n != 3 {
		t.Errorf("%d in the audit", n)
	}
	if p := b.Get("/session"); p.Status != 401 {
		t.Errorf("a session all the same: %d", p.Status)
	}
}

func TestHRConfirmsWhomNoNumberCan(t *testing.T) {
	w := setUp(t, always)
	who, hr := w.hire(w.ctx, "odd", "", true), w.hire(w.ctx, "ingrid", "", false)
	w.grant(hr, authz.RoleHR)
	b, desk := w.alumni(), w.Browser("nordlys")
	w.in(b, who)
	w.as(b, stranger)
	w.says(b, "HR is checking")
	w.in(b, who)
	w.path(b, "/proofing")
	w.says(b, "HR is checking")
	w.in(desk, hr)
	desk.Get("/admin/proofing")
	desk.Follow("odd Berg")
	path := desk.Page.URL.Path
	t.Run("rejected", func(t *testing.T) {
		desk.Submit("@action", "reject")
		w.path(desk, "/admin/proofing")
		w.in(b, who)
		w.says(b, "HR could not confirm you")
	})
	t.Run("decided once", func(t *testing.T) {
		if p := desk.Post(path, map[string][]string{"action": {"confirm"}}); p.Status != 409 {
			t.Errorf("%d\n%s", p.Status, p.Text())
		}
	})
	t.Run("confirmed", func(t *testing.T) {
		w.Pass(time.Minute)
		w.in(b, who)
		w.as(b, stranger)
		desk.Get("/admin/people/per_" + who.PersonID.String())
		w.says(desk, "HR must say who this is")
		desk.Follow("Confirm or reject")
		desk.Submit("@action", "confirm")
		if p := desk.Get("/admin/people/per_" + who.PersonID.String()); p.Has("HR must say who this is") {
			t.Error("the record asks on")
		}
		w.in(b, who)
		w.path(b, "/")
		if got := w.mailed(who.address); !slices.Contains(got, "Nordlys: HR has looked at your request") {
			t.Errorf("mailed %v", got)
		}
	})
	t.Run("another tenant's HR finds nothing", func(t *testing.T) {
		other := w.hire(w.other, "hilda", "", false)
		w.do(w.other, func(ctx context.Context) error { return nil })
		there := w.Browser("skog")
		w.in(there, other)
		if p := there.Get(path); p.Status == 200 {
			t.Errorf("%d", p.Status)
		}
	})
}

func TestARecordLeadsNobodyToDecideAboutThemselves(t *testing.T) {
	w := setUp(t, always)
	hr := w.hire(w.ctx, "ingrid", "", false)
	w.grant(hr, authz.RoleHR)
	desk := w.Browser("nordlys")
	w.in(desk, hr)
	w.do(w.ctx, func(ctx context.Context) error { return identity.Ask(ctx, hr.Account, identity.Proof{}) })
	desk.Get("/admin/people/per_" + hr.PersonID.String())
	w.says(desk, "HR must say who this is")
	w.says(desk, "You cannot confirm yourself.")
	if strings.Contains(desk.Page.Body, "/admin/proofing/") {
		t.Error("it leads there")
	}
	w.do(w.other, func(ctx context.Context) error {
		if _, err := identity.WaitingFor(ctx, hr.PersonID); !errors.Is(err, db.ErrNotFound) {
			t.Errorf("another tenant: %v", err)
		}
		return nil
	})
}

func TestWhereThereIsNoProviderHRDecidesAlone(t *testing.T) {
	w := setUp(t, "alumni: {proofing: unmatched_address}\n")
	who := w.hire(w.ctx, "odd", "", true)
	b := w.alumni()
	w.in(b, who)
	w.path(b, "/") // HR has the address
	w.do(w.ctx, func(ctx context.Context) error {
		list, err := account.Identifiers(ctx, who.ID)
		if err != nil {
			return err
		}
		if err := account.AddIdentifier(ctx, who.ID, account.Private, "new@post.example", "new@post.example"); err != nil {
			return err
		}
		return account.RemoveIdentifier(ctx, who.ID, list[0].ID)
	})
	who.address = "new@post.example"
	b = w.alumni()
	w.in(b, who)
	w.path(b, "/proofing")
	b.Submit()
	w.says(b, "HR is checking")
	var r identity.Review
	w.do(w.ctx, func(ctx context.Context) (err error) { r, err = identity.NewestReview(ctx, who.ID); return err })
	if err := w.App.Services.Proofing.Decide(w.ctx, r.ID, true); err != nil {
		t.Fatal(err)
	}
	w.in(b, who)
	w.path(b, "/")
}

func TestAnEIDTiedToAnotherAddressIsMoved(t *testing.T) {
	w := setUp(t, unmatched)
	wrong, right := w.hire(w.ctx, "hans", "", false), w.hire(w.ctx, "solveig", "", false)
	first, b := w.Browser("nordlys"), w.Browser("nordlys")
	w.in(first, wrong)
	first.Get("/security/identities/link")
	first.Submit("current_password", word)
	w.path(first, "/proofing")
	w.as(first, stranger)
	w.path(first, "/security/identities")
	w.says(first, "Your eID is linked")
	w.in(b, right)
	b.Get("/security/identities/link")
	b.Submit("current_password", word)
	b.Steps = 0
	w.as(b, stranger)
	w.says(b, "tied to the account of h***@p***.example")
	w.says(b, "s***@p***.example")
	if strings.Contains(b.Page.Text(), wrong.address) {
		t.Error("the other address is shown in clear")
	}
	b.Submit()
	w.path(b, "/security/identities")
	if b.Steps > 3 {
		t.Errorf("%d steps after the step-up", b.Steps)
	}
	if len(w.linked(w.ctx, wrong)) != 0 || len(w.linked(w.ctx, right)) != 1 {
		t.Fatal("it did not move")
	}
	for _, who := range []someone{wrong, right} {
		if got := w.mailed(who.address); !slices.Contains(got, "Nordlys: an eID was moved") {
			t.Errorf("%s got %v", who.address, got)
		}
	}
	t.Run("and taken back by its former owner", func(t *testing.T) {
		w.Pass(identity.UndoWithin - time.Hour)
		first = w.Browser("nordlys")
		w.in(first, wrong)
		first.Get("/security/identities")
		first.Follow("Take it back")
		first.Submit("current_password", word)
		w.says(first, "The move is taken back")
		if len(w.linked(w.ctx, wrong)) != 1 || len(w.linked(w.ctx, right)) != 0 {
			t.Error("it did not go back")
		}
	})
}

func TestUnlinkingAnEIDTakesThreeSteps(t *testing.T) {
	w := setUp(t, unmatched)
	who := w.hire(w.ctx, "hans", "", false)
	key := w.enrol(who)
	w.link(w.ctx, who, "sub", true)
	b := w.Browser("nordlys")
	w.in(b, who)
	b.Submit("code", w.code(key))
	w.path(b, "/")
	w.Pass(time.Hour / 4)
	b.Steps = 0
	b.Get("/security")
	b.Follow("Unlink")
	w.says(b, "To link BankID again")
	w.says(b, "Watch the video")
	t.Run("not by the password alone", func(t *testing.T) {
		page := b.Page
		if p := b.Submit("current_password", word, "code", ""); p.Status != 422 || len(w.linked(w.ctx, who)) != 1 {
			t.Errorf("%d, %d links", p.Status, len(w.linked(w.ctx, who)))
		}
		b.Page = page
		b.Steps = 1
	})
	b.Get(b.Page.URL.Path)
	b.Submit("current_password", word, "code", w.code(key))
	w.says(b, "no longer linked")
	if b.Steps > 3 || len(w.linked(w.ctx, who)) != 0 {
		t.Errorf("%d steps, %d links", b.Steps, len(w.linked(w.ctx, who)))
	}
	if got := w.mailed(who.address); !slices.Contains(got, "Nordlys: your eID is unlinked") {
		t.Errorf("mailed %v", got)
	}
	t.Run("another's link is not there", func(t *testing.T) {
		other := w.hire(w.other, "hilda", "", false)
		w.link(w.other, other, "sub", true)
		mine := w.hire(w.ctx, "eva", "", false)
		w.link(w.ctx, mine, "sub2", true)
		for _, l := range append(w.linked(w.other, other), w.linked(w.ctx, mine)...) {
			if p := b.Get("/security/identities/" + l.ID.String()); p.Status != 404 {
				t.Errorf("%d", p.Status)
			}
		}
	})
}

func TestALostPhoneIsReplacedByTheLinkedEID(t *testing.T) {
	w := setUp(t, unmatched)
	who := w.hire(w.ctx, "solveig", solveigNumber, false)
	b := w.Browser("nordlys")
	w.in(b, who)
	b.Get("/security/identities/link")
	b.Submit("current_password", word)
	w.as(b, solveig)
	w.path(b, "/security/identities")
	key := w.enrol(who)
	colleague := w.Browser("nordlys") // whose own identity is linked too, and brings back nothing of hers
	w.in(colleague, w.hire(w.ctx, "ane", aneNumber, false))
	colleague.Get("/security/identities/link")
	colleague.Submit("current_password", word)
	w.as(colleague, ane)
	w.path(colleague, "/security/identities")
	lost := w.Browser("nordlys")
	w.in(lost, who)
	w.path(lost, "/mfa")
	lost.Follow("I have lost my phone")
	w.path(lost, "/recovery/eid")
	t.Run("another person's does not do", func(t *testing.T) {
		lost.Get("/federation/bankid/start?for=recover")
		lost.Follow(ane)
		w.path(lost, "/recovery/eid/proven")
		w.says(lost, "not the eID that is linked")
		if p := lost.Get("/mfa/setup/totp"); p.URL.Path != "/mfa" {
			t.Errorf("led to %s", p.URL)
		}
	})
	t.Run("a proof for something else does not do", func(t *testing.T) {
		w.as(lost, solveig)
		if p := lost.Get("/recovery/eid/proven"); p.URL.Path == "/mfa/setup" {
			t.Errorf("led to %s", p.URL)
		}
	})
	lost.Get("/recovery/eid")
	lost.Follow("Use BankID")
	lost.Follow(solveig)
	if !strings.HasPrefix(lost.Page.URL.Path, "/mfa/setup") {
		t.Fatalf("on %s (%d)\n%s", lost.Page.URL, lost.Page.Status, lost.Page.Text())
	}
	if got := w.mailed(who.address); !slices.Contains(got, "Nordlys: your extra step is being replaced") {
		t.Errorf("mailed %v", got)
	}
	t.Run("for this attempt alone", func(t *testing.T) {
		thief := w.Browser("nordlys")
		w.in(thief, who)
		w.path(thief, "/mfa")
	})
	t.Run("and not when the factor is found meanwhile", func(t *testing.T) {
		found := w.Browser("nordlys")
		w.in(found, who)
		found.Submit("code", w.code(key))
		w.path(found, "/")
		if p := lost.Get("/mfa/setup/totp"); p.URL.Path != "/mfa" {
			t.Errorf("led to %s", p.URL)
		}
	})
}
