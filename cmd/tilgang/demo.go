package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"tilgang/internal/app"
	"tilgang/internal/config"
)

// demo runs everything in one process with five employers in it. It listens on
// loopback only; the settings see to that.
func demo(ctx context.Context, _ []string, out io.Writer) (err error) {
	cfg, err := load(config.Demo)
	if err != nil {
		return err
	}
	if cfg.DatabaseOwnerURL != "" {
		if _, err := app.Migrate(ctx, cfg); err != nil {
			return err
		}
	}
	a, err := app.Build(ctx, cfg, app.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	l, err := listen(ctx, cfg.Listen)
	if err != nil {
		return err
	}
	accounts, err := a.LoadDemo(ctx, func(slug string) { fmt.Fprintln(out, "loading", slug) })
	if err != nil {
		_ = l.Close()
		return fmt.Errorf("load the demonstration: %w", err)
	}
	printAccounts(out, cfg, accounts)
	return a.Serve(ctx, l, true)
}

func printAccounts(out io.Writer, cfg config.Config, accounts []app.DemoAccount) {
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "\nPORTAL\tROLE\tE-MAIL\tPASSWORD\tSECOND FACTOR (secret for an authenticator app)")
	last := ""
	for _, d := range accounts {
		if last != "" && last != d.Tenant {
			fmt.Fprintln(w, "\t\t\t\t")
		}
		last = d.Tenant
		url := d.URL
		if d.Role == "alumnus" {
			url = d.AlumniURL
		}
		secret := d.TOTPSecret
		if secret == "" {
			secret = "none yet"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", url, d.Role, d.Email, d.Password, secret)
	}
	_ = w.Flush()
	fmt.Fprintf(out, "\n%s\n", strings.Join([]string{
		"Everybody above, with their current codes:  " + cfg.BaseURL + "/",
		"Every mail that is sent:                    " + cfg.BaseURL + "/practice/mailbox",
		"A staff file to try as HR of havn:          tenants/havn/new-hires.csv",
		"Stop with Ctrl-C; what happened is kept in " + cfg.DataDir + "/.",
	}, "\n"))
}
