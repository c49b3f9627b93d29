package app

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"tilgang/internal/config"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/tenant"
	"tilgang/migrations"
)

// Migrate brings the schema up: Postgres with the owner's login, else the
// embedded file. It gives the number of migrations that ran.
func Migrate(ctx context.Context, cfg config.Config) (int, error) {
	if cfg.DatabaseOwnerURL != "" {
		return db.MigratePostgres(ctx, cfg.DatabaseOwnerURL.Plain(), migrations.Files)
	}
	if !cfg.Embedded() {
		return 0, errors.New("migrate needs TILGANG_DATABASE_OWNER_URL: the login that owns the tables")
	}
	return db.MigrateSQLite(ctx, DatabaseFile(cfg), migrations.Files)
}

// Check is one thing that doctor looked at.
type Check struct {
	Name, Next string
	Err        error
}

// Checks looks at everything the product needs.
func (a *App) Checks(ctx context.Context) []Check {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	all, err := a.Directory.All(ctx)
	list := []Check{
		{"settings and keys", "", nil},
		{"database answers", "start it, or mend TILGANG_DATABASE_URL", a.DB.Ping(ctx)},
		{"schema and tenants can be read", "run: tilgang migrate", err},
		{"database role keeps tenants apart", "use a login that is a member of tilgang_app only", a.DB.CheckAppRole(ctx)},
		{"queue answers", "start Redis, or mend TILGANG_REDIS_URL; nothing is lost meanwhile", a.client.Ping()},
		{"employers whose phones are a second factor have a carrier", "set TILGANG_SMS=sns or TILGANG_VOICE=aws, or mfa.methods.phone: off in their tenant.yaml", a.phonesCarried(all)},
	}
	list = append(list, Check{
		"employers whose robot check is made by others have a secret", "write slug=secret into TILGANG_CAPTCHA_SECRETS, or captcha.provider: own in their tenant.yaml", a.robotsKnown(all),
	})
	list = append(list, Check{
		"inboxes of documents answer", "mend documents.inbox in the tenant.yaml, its bucket or folder, or this process's rights there; nothing is lost meanwhile", a.inboxesAnswer(ctx),
	})
	for _, name := range slices.Sorted(maps.Keys(a.signs)) {
		list = append(list, Check{name, "set AWS_REGION, and credentials by a role or the usual AWS variables", a.signs[name](ctx)})
	}
	return list
}

// robotsKnown names the employers whose robot check cannot be verified.
func (a *App) robotsKnown(all []*tenant.Tenant) error {
	var without []string
	for _, t := range all {
		if t.Captcha.Provider != "" && a.Config.Captcha.Secrets[t.Slug] == "" {
			without = append(without, t.Slug)
		}
	}
	if len(without) == 0 {
		return nil
	}
	return errors.New("no secret is set for " + strings.Join(without, ", "))
}

// phonesCarried names the employers who asked for codes by phone that nobody
// carries.
func (a *App) phonesCarried(all []*tenant.Tenant) error {
	if a.carries() || a.Config.Voice != config.NoVoice {
		return nil
	}
	var in []string
	for _, t := range all {
		if t.Mfa.Use(factor.Phone) != tenant.Off {
			in = append(in, t.Slug)
		}
	}
	if len(in) == 0 {
		return nil
	}
	return errors.New("nobody carries text messages or calls for " + strings.Join(in, ", "))
}
