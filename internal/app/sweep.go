package app

import (
	"context"
	"log/slog"
	"time"

	"tilgang/internal/outbox"
	"tilgang/internal/tenancy"
)

// sweepEvery is how often what has long ended is removed. Nothing waits for it:
// expiry is judged when something is used.
const sweepEvery = time.Hour

// watchLeftovers removes ended attempts, sessions, counters and done work of
// every tenant, one after the other, and writes the reminders that are due.
func (a *App) watchLeftovers(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		a.sweep(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (a *App) sweep(ctx context.Context) {
	all, err := a.Directory.All(ctx)
	if err != nil {
		a.Log.LogAttrs(ctx, slog.LevelWarn, "sweep waits", slog.String("error", err.Error()))
		return
	}
	s := &a.Services
	for _, t := range all {
		inner := tenancy.Enter(ctx, t)
		for name, work := range map[string]func(context.Context) (int64, error){
			"attempts": s.Attempts.Sweep, "sessions": s.Sessions.Sweep, "throttles": s.Throttle.Sweep, "resets": s.Reset.Sweep,
			"phone codes": s.Phones.SweepCodes, "trusted devices": s.Factors.SweepTrust, "robot checks": s.Robots.Sweep, "address proofs": s.Security.SweepProofs, "phone proofs": s.Security.SweepPhones,
			"sign-in links": s.Magiclink.Sweep, "notices": s.NotMe.Sweep, "sightings": s.NotMe.SweepSightings, "recoveries": s.Recovery.Sweep,
			"reminders of what ends": s.Alumni.Remind, "wishes": s.Alumni.Sweep, "documents": s.Documents.Sweep, "copies of data": s.MyData.Sweep, "erasures": s.MyData.Finish,
			"identities": a.sweepIdentities, "answers of providers": s.Providers.Sweep, "registrations": s.Register.Sweep,
			"outbox": func(ctx context.Context) (int64, error) { return outbox.Sweep(ctx, a.DB) },
		} {
			if _, err := work(inner); err != nil && ctx.Err() == nil {
				a.Log.LogAttrs(ctx, slog.LevelWarn, "sweep failed", slog.String("what", name), slog.String("tenant", t.Slug), slog.String("error", err.Error()))
			}
		}
	}
}
