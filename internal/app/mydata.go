package app

import (
	"context"
	"io"
	"time"

	"tilgang/internal/authz"
	"tilgang/internal/document"
	"tilgang/internal/mydata"
)

// openMyData makes the use cases of people's own data.
func (a *App) openMyData() {
	s := &a.Services
	s.MyData = mydata.NewService(mydata.Config{
		DB: a.DB, Box: a.Box, Messages: s.Messages, Papers: a.papers, Rules: documentRules, Portal: a.Portal, AlumniPortal: a.AlumniPortal,
	})
}

// papers are the files of documents that the asker may read today, a folder a
// year.
func (a *App) papers(ctx context.Context, asker authz.Actor, now time.Time) (list []mydata.Paper, err error) {
	own, err := a.Services.Documents.List(ctx, asker, now)
	for _, h := range own.List {
		list = append(list, mydata.Paper{
			Name: h.Year() + "/" + document.FileName(h),
			Open: func(ctx context.Context) (io.ReadCloser, error) { return a.Services.Documents.Content(ctx, h.Document) },
		})
	}
	return list, err
}

// documentRules are how long documents are kept at an employer of a country.
func documentRules(country string) (list []mydata.Rule) {
	for _, k := range []document.Kind{document.Payslip, document.Contract} {
		r := document.RuleOf(k, country)
		list = append(list, mydata.Rule{Payroll: k == document.Payslip, Years: r.Years, Law: r.Law, AfterEnd: r.AfterEnd})
	}
	return list
}
