package factor

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/secret"
	"tilgang/internal/tenant"
)

// trusting is a bench whose employer lets devices be trusted for some days.
func trusting(t *testing.T, days int) *bench {
	t.Helper()
	b := setUp(t)
	b.ctx, b.other = letTrust(b.ctx, days), letTrust(b.other, days)
	return b
}

func letTrust(ctx context.Context, days int) context.Context {
	id, _ := db.TenantID(ctx)
	return tenant.With(ctx, &tenant.Tenant{ID: id, Slug: "skog", Name: "Skog", Mfa: tenant.MfaPolicy{Totp: tenant.Primary, TrustedDays: days}})
}

func (b *bench) trust(account uuid.UUID) (cookie string) {
	b.t.Helper()
	cookie, _ = secret.Token()
	b.do(func(ctx context.Context) error { return b.svc.Trust(ctx, account, cookie, "Firefox") })
	return cookie
}

func (b *bench) trusts(ctx context.Context, account uuid.UUID, cookie string, want bool) {
	b.t.Helper()
	got, err := b.svc.Trusted(ctx, account, cookie)
	if err != nil || got != want {
		b.t.Fatalf("trusted: %v, %v, want %v", got, err, want)
	}
}

func TestATrustedDevice(t *testing.T) {
	b := trusting(t, 30)
	cookie := b.trust(b.anna)
	b.trusts(b.ctx, b.anna, cookie, true)
	another, _ := secret.Token()
	b.trusts(b.ctx, b.anna, another, false)
	b.trusts(b.ctx, b.anna, "", false)
	b.trusts(b.ctx, b.bo, cookie, false)
	b.trusts(b.other, b.anna, cookie, false)
	b.trusts(letTrust(b.ctx, 0), b.anna, cookie, false)
	b.do(func(ctx context.Context) error { return b.svc.UsedTrust(ctx, b.anna, cookie) })
	if list, err := b.svc.TrustedDevices(b.ctx, b.anna); err != nil || len(list) != 1 || list[0].UserAgent != "Firefox" || list[0].LastUsedAt.IsZero() || !list[0].Until.Equal(list[0].TrustedAt.AddDate(0, 0, 30)) {
		t.Fatalf("%+v, %v", list, err)
	}
	b.clock.Move(8 * 24 * time.Hour)
	b.trusts(letTrust(b.ctx, 7), b.anna, cookie, false) // the employer allows less by now
	b.trusts(b.ctx, b.anna, cookie, true)
	b.clock.Move(22*24*time.Hour - time.Second)
	b.trusts(b.ctx, b.anna, cookie, true)
	b.clock.Move(time.Second)
	b.trusts(b.ctx, b.anna, cookie, false)
	t.Run("is swept once it has ended", func(t *testing.T) {
		b.clock.Move(time.Second)
		if n, err := b.svc.SweepTrust(b.ctx); err != nil || n != 1 {
			t.Fatalf("%d, %v", n, err)
		}
	})
	t.Run("is not made where the employer allows none", func(t *testing.T) {
		b := trusting(t, 0)
		cookie := b.trust(b.anna)
		b.trusts(letTrust(b.ctx, 30), b.anna, cookie, false)
	})
}

func TestATrustedDeviceEndsWithWhatItStoodOn(t *testing.T) {
	for name, end := range map[string]func(b *bench) error{
		"a new password": func(b *bench) error {
			return b.db.Tx(b.ctx, func(ctx context.Context) error { return account.SetPassword(ctx, b.anna, "x") })
		},
		"a sign-out everywhere": func(b *bench) error {
			return b.db.Tx(b.ctx, func(ctx context.Context) error { return account.EndSessions(ctx, b.anna) })
		},
		"a changed factor": func(b *bench) error {
			e := b.start(b.anna)
			return b.svc.ConfirmTOTP(b.ctx, b.anna, e.ID, b.code(e, 0))
		},
		"a suspension": func(b *bench) error {
			return b.db.Tx(b.ctx, func(ctx context.Context) error { return account.SetStatus(ctx, b.anna, account.Suspended) })
		},
		"being removed":           func(b *bench) error { return b.svc.Distrust(b.ctx, b.anna, b.device(b.anna)) },
		"all of them are removed": func(b *bench) error { return b.svc.DistrustAll(b.ctx, b.anna) },
		"a restored backup": func(b *bench) error {
			return b.db.Tx(b.ctx, func(ctx context.Context) error {
				_, err := db.Exec(ctx, "UPDATE trusted_devices SET security_epoch = security_epoch - 1 WHERE tenant_id = @tenant AND account_id = @account", sql.Named("account", b.anna))
				return err
			})
		},
		"a used recovery code": func(b *bench) error {
			codes, err := b.svc.MakeCodes(b.ctx, b.anna)
			if err != nil {
				return err
			}
			_, err = b.svc.UseCode(b.ctx, b.anna, codes[0])
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := trusting(t, 30)
			cookie := b.trust(b.anna)
			others := b.trust(b.bo)
			b.ok(end(b))
			b.trusts(b.ctx, b.anna, cookie, false)
			b.trusts(b.ctx, b.bo, others, true)
			if list, err := b.svc.TrustedDevices(b.ctx, b.anna); err != nil || len(list) != 0 {
				t.Fatalf("%+v, %v", list, err)
			}
		})
	}
}

func (b *bench) device(account uuid.UUID) uuid.UUID {
	b.t.Helper()
	list, err := b.svc.TrustedDevices(b.ctx, account)
	if err != nil || len(list) == 0 {
		b.t.Fatalf("%+v, %v", list, err)
	}
	return list[0].ID
}

func TestADeviceOfSomebodyElseIsNotThere(t *testing.T) {
	b := trusting(t, 30)
	cookie := b.trust(b.anna)
	id := b.device(b.anna)
	for name, err := range map[string]error{
		"another account": b.svc.Distrust(b.ctx, b.bo, id), "another tenant": b.svc.Distrust(b.other, b.anna, id), "a random id": b.svc.Distrust(b.ctx, b.anna, uuid.New()),
	} {
		if f, ok := fault.As(err); !ok || f.Kind != fault.NotFound || f.Code != codeNoDevice {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.trusts(b.ctx, b.anna, cookie, true)
}

func TestATrustedDeviceSkipsTheChallengeAlone(t *testing.T) {
	policy := tenant.MfaPolicy{Totp: tenant.Primary, Phone: tenant.Backup, Offer: tenant.OfferLater}
	must := tenant.MfaDuty{Mandatory: true, Methods: []string{TOTP}}
	base := Situation{Policy: policy, Duty: must, Enrolled: []string{TOTP}, CodesSaved: true, AMR: []string{"pwd"}, Trusted: true}
	for name, c := range map[string]struct {
		change func(*Situation)
		want   Kind
	}{
		"nothing else is owed":             {func(*Situation) {}, StepDone},
		"no trust":                         {func(in *Situation) { in.Trusted = false }, StepChallenge},
		"recovery codes are owed":          {func(in *Situation) { in.CodesSaved = false }, StepChallenge},
		"what counts has to be set up yet": {func(in *Situation) { in.Enrolled = []string{Phone} }, StepChallenge},
		"the security page asks":           {func(in *Situation) { in.Asked = true }, StepChallenge},
		"no factor, and one is owed":       {func(in *Situation) { in.Enrolled = nil }, StepSetup},
	} {
		in := base
		c.change(&in)
		if got := Next(in).Kind; got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
