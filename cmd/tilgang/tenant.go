package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"tilgang/internal/app"
	"tilgang/internal/config"
	"tilgang/internal/tenancy"
	"tilgang/internal/tenant"
)

func tenants(ctx context.Context, args []string, out io.Writer) (err error) {
	if len(args) == 0 {
		return fmt.Errorf("%w: tenant apply DIR [--plan] | create SLUG NAME | suspend SLUG | resume SLUG | list", errUsage)
	}
	a, err := open(ctx, config.Command)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	verb, rest := args[0], args[1:]
	switch {
	case verb == "apply" && len(rest) > 0:
		return applyTenant(ctx, a, rest, out)
	case verb == "create" && len(rest) == 2:
		return createTenant(ctx, a, rest[0], rest[1], out)
	case verb == "suspend" && len(rest) == 1:
		return a.Directory.SetStatus(ctx, rest[0], "suspended")
	case verb == "resume" && len(rest) == 1:
		return a.Directory.SetStatus(ctx, rest[0], "active")
	case verb == "list" && len(rest) == 0:
		return listTenants(ctx, a, out)
	}
	return fmt.Errorf("%w: tenant apply DIR [--plan] | create SLUG NAME | suspend SLUG | resume SLUG | list", errUsage)
}

func applyTenant(ctx context.Context, a *app.App, args []string, out io.Writer) error {
	plan := slices.Contains(args, "--plan")
	args = slices.DeleteFunc(args, func(s string) bool { return s == "--plan" })
	if len(args) != 1 {
		return fmt.Errorf("%w: tenant apply DIR [--plan]", errUsage)
	}
	dir := filepath.Clean(args[0])
	spec, err := tenant.ParseFile(os.DirFS(filepath.Dir(dir)), filepath.Base(dir))
	if err != nil {
		return err
	}
	work := a.Directory.Apply
	if plan {
		work = a.Directory.Plan
	}
	changes, err := work(ctx, spec)
	if err != nil {
		return err
	}
	return printChanges(out, spec.Slug, changes, plan)
}

func printChanges(out io.Writer, slug string, changes []tenancy.Change, plan bool) error {
	if len(changes) == 0 {
		_, err := fmt.Fprintf(out, "%s: nothing to change\n", slug)
		return err
	}
	for _, c := range changes {
		fmt.Fprintf(out, "%s: %s %s\n", slug, c.What, c.Section)
		if c.What == "change" {
			fmt.Fprintf(out, "    - %s\n    + %s\n", clip(c.Before), clip(c.After))
		}
	}
	word := "applied"
	if plan {
		word = "planned; nothing was changed"
	}
	_, err := fmt.Fprintf(out, "%s: %d changes %s\n", slug, len(changes), word)
	return err
}

func clip(s string) string {
	const most = 300
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}

// newTenant is the least that an employer's file must say; applying the
// employer's own file replaces it.
const newTenant = `name: %q
languages: [en]
time_zone: UTC
legal_employers:
  - {key: %s, name: %q, country: "NO"}
`

func createTenant(ctx context.Context, a *app.App, slug, name string, out io.Writer) error {
	spec, problems := tenant.Parse(slug, fmt.Appendf(nil, newTenant, name, slug, name), nil)
	if len(problems) > 0 {
		return tenant.Problems(problems)
	}
	if _, err := a.Directory.Apply(ctx, spec); err != nil {
		return err
	}
	t, err := a.Directory.BySlug(ctx, slug)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s is there at %s; next: tilgang admin invite --tenant %s --email …\n", slug, a.Portal(t), slug)
	return err
}

func listTenants(ctx context.Context, a *app.App, out io.Writer) error {
	list, err := a.Directory.All(ctx)
	if err != nil {
		return err
	}
	for _, t := range list {
		fmt.Fprintf(out, "%-16s %-10s %-40s %s\n", t.Slug, t.Status, a.Portal(t), t.Name)
	}
	return nil
}
