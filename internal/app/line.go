package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
	"tilgang/internal/fault"
	"tilgang/internal/manager"
	"tilgang/internal/throttle"
)

// locks tells managers whether sign-in of a report is held back.
type locks struct{ a *App }

// LockOf is the longest lock among the addresses that sign a person in.
func (l locks) LockOf(ctx context.Context, person uuid.UUID) (lock manager.Lock, err error) {
	err = l.a.DB.Read(ctx, func(ctx context.Context) error {
		acc, err := account.ByPerson(ctx, person)
		if err != nil {
			return err
		}
		list, err := account.Names(ctx, acc.ID)
		if err != nil {
			return err
		}
		err = longer(l.a.Services.Signin.LockedBehind(ctx, acc.ID), l.a.DB.Now(), &lock)
		for _, i := range list {
			if err == nil {
				err = longer(l.a.Services.Signin.Locked(ctx, i.Address, i.AddressKey), l.a.DB.Now(), &lock)
			}
		}
		return err
	})
	if errors.Is(err, db.ErrNotFound) {
		return manager.Lock{}, nil
	}
	return lock, err
}

// longer keeps the longer of two locks; err is how sign-in tells of one.
func longer(err error, now time.Time, lock *manager.Lock) error {
	f, known := fault.As(err)
	if !known {
		return err
	}
	if f.Code == throttle.CodeStopped {
		lock.Stopped = true
		return nil
	}
	if until := now.Add(f.RetryAfter).Truncate(time.Second); f.RetryAfter > 0 && until.After(lock.Until) {
		lock.Until = until
	}
	return nil
}
