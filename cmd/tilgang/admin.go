package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"tilgang/internal/config"
)

// admin invites a tenant's first administrator, who needs no employment.
func admin(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("admin invite", flag.ContinueOnError)
	slug := flags.String("tenant", "", "the employer's slug")
	email := flags.String("email", "", "where the invitation goes")
	given := flags.String("given", "", "given name")
	family := flags.String("family", "", "family name")
	words, rest := split(args)
	if err := flags.Parse(rest); err != nil {
		return errors.Join(errUsage, err)
	}
	if len(words) != 1 || words[0] != "invite" || *slug == "" || *email == "" || *given == "" || *family == "" {
		return fmt.Errorf("%w: admin invite --tenant SLUG --email ADDRESS --given NAME --family NAME", errUsage)
	}
	a, err := open(ctx, config.Command)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	ctx, err = operator(ctx, a, *slug)
	if err != nil {
		return err
	}
	if err := a.InviteAdmin(ctx, *email, *given, *family); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s is invited as administrator of %s; the mail goes out with the next running worker\n", *email, *slug)
	return err
}
