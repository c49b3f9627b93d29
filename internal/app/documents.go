package app

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"

	"tilgang/internal/config"
	"tilgang/internal/console"
	"tilgang/internal/document"
	"tilgang/internal/document/files"
	"tilgang/internal/httpkit"
	"tilgang/internal/message/cloud"
	"tilgang/internal/people"
)

// openDocuments opens where documents are kept, and the use cases over it.
func (a *App) openDocuments(ctx context.Context) error {
	a.s3 = sync.OnceValues(func() (aws.Config, error) {
		return cloud.Open(context.WithoutCancel(ctx), cloud.Options{Endpoint: a.Config.Files.Endpoint})
	})
	store, err := a.fileStore()
	if err != nil {
		return err
	}
	s := &a.Services
	s.Documents = document.New(a.DB, a.Box, files.NewVault(store, a.Box), s.Policy, a.Log)
	return nil
}

// fileStore is the folder or the bucket that TILGANG_FILES names.
func (a *App) fileStore() (files.Store, error) {
	f := a.Config.Files
	switch {
	case f.Bucket != "":
	case f.Folder == "":
		return files.Nowhere{}, nil
	default:
		folder := files.NewFolder(f.Folder, a.Config.Mode != config.Demo)
		a.signs["documents can be kept"] = folder.Ready
		a.onClose(folder.Close)
		return folder, nil
	}
	cfg, err := a.s3()
	if err != nil {
		return nil, fmt.Errorf("prepare S3: %w", err)
	}
	a.signs["documents can be signed for"] = func(ctx context.Context) error { return cloud.Ready(ctx, cfg) }
	return files.NewBucket(cfg, f.Bucket, f.Prefix), nil
}

// proven tells whether the session of a request may take all documents.
func (a *App) proven(c *httpkit.Ctx) (bool, error) { return a.Services.Security.Proven(c) }

// payslips tells the home page the newest payslip.
type payslips struct{ a *App }

// Newest is the asker's newest payslip that is open today; ok is false where
// there is none.
func (p payslips) Newest(c *httpkit.Ctx, jobs []people.Job) (slip console.Payslip, ok bool, err error) {
	h, ok, err := p.a.Services.Documents.Newest(c.Context(), c.Actor(), jobs)
	if err != nil || !ok {
		return slip, false, err
	}
	return console.Payslip{Title: h.Title, Employer: h.Employer, Dated: h.Dated, URL: "/document/" + h.ID.String()}, true, nil
}
