package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"tilgang/internal/document"
	"tilgang/internal/document/inbox"
	"tilgang/internal/tenancy"
	"tilgang/internal/tenant"
)

const (
	// lookEvery is how often a process asks for its turn to look at the inboxes.
	lookEvery = time.Minute
	// looking is how many inboxes one process takes from at once: each has a few
	// documents in memory whole.
	looking = 2
)

// watchInboxes takes what payroll put into the inboxes. An employer with a long
// delivery holds no other up, and is not begun a second time.
func (a *App) watchInboxes(ctx context.Context) {
	var wait sync.WaitGroup
	defer wait.Wait()
	var busy sync.Map
	hands := make(chan struct{}, looking)
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		for _, t := range a.watched(ctx) {
			if _, at := busy.LoadOrStore(t.ID, true); at {
				continue
			}
			wait.Go(func() {
				defer busy.Delete(t.ID)
				select {
				case hands <- struct{}{}:
					defer func() { <-hands }()
					a.lookInto(ctx, t)
				case <-ctx.Done():
				}
			})
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// watched are the active employers who have an inbox.
func (a *App) watched(ctx context.Context) (list []*tenant.Tenant) {
	all, err := a.Directory.All(ctx)
	if err != nil {
		a.Log.LogAttrs(ctx, slog.LevelWarn, "inboxes wait", slog.String("error", err.Error()))
		return nil
	}
	for _, t := range all {
		if t.Status == "active" && !t.Documents.Inbox.IsZero() {
			list = append(list, t)
		}
	}
	return list
}

// LookIntoInboxes looks at every inbox once, as the worker does each minute.
func (a *App) LookIntoInboxes(ctx context.Context) {
	for _, t := range a.watched(ctx) {
		a.lookInto(ctx, t)
	}
}

func (a *App) lookInto(ctx context.Context, t *tenant.Tenant) {
	place, err := a.inboxOf(ctx, t)
	if err == nil {
		words := a.Catalog.Localizer(t.Languages[0], t.Zone, a.DB.Now)
		_, err = a.Services.Documents.Look(tenancy.Enter(ctx, t), document.Watch{Place: place, Words: words.TMap})
	}
	if err != nil && ctx.Err() == nil {
		a.Log.LogAttrs(ctx, slog.LevelWarn, "an inbox waits; what lies there is not lost", slog.String("tenant", t.Slug), slog.String("error", err.Error()))
	}
}

// inboxOf opens an employer's inbox. One that lies in another's, or where we
// keep documents ourselves, is none: the file that names it says so when it is
// applied, but two files may be applied at once.
func (a *App) inboxOf(ctx context.Context, t *tenant.Tenant) (inbox.Place, error) {
	box := t.Documents.Inbox
	all, err := a.Directory.All(ctx)
	if err != nil {
		return nil, err
	}
	for _, other := range all {
		if other.ID != t.ID && box.Meets(other.Documents.Inbox) {
			return nil, fmt.Errorf("%s and the inbox of %s lie in each other", box, other.Slug)
		}
	}
	if box.Meets(a.kept()) {
		return nil, fmt.Errorf("%s lies where TILGANG_FILES keeps documents", box)
	}
	if box.Folder != "" {
		return inbox.Folder{Dir: box.Folder, Now: a.DB.Now}, nil
	}
	cfg, err := a.s3()
	if err != nil {
		return nil, fmt.Errorf("prepare S3: %w", err)
	}
	return inbox.NewBucket(cfg, box.Bucket, box.Prefix), nil
}

// kept is where we keep documents.
func (a *App) kept() tenant.Inbox {
	f := a.Config.Files
	if f.Folder == "" {
		return tenant.Inbox{Bucket: f.Bucket, Prefix: f.Prefix}
	}
	dir, err := filepath.Abs(f.Folder)
	if err != nil {
		dir = f.Folder
	}
	return tenant.Inbox{Folder: filepath.ToSlash(dir)}
}

// inboxesAnswer names the inboxes that do not, for doctor.
func (a *App) inboxesAnswer(ctx context.Context) error {
	var errs []error
	for _, t := range a.watched(ctx) {
		place, err := a.inboxOf(ctx, t)
		if err == nil {
			_, err = place.Ready(ctx)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", t.Slug, err))
		}
	}
	return errors.Join(errs...)
}
