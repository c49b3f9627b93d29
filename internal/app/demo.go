package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"tilgang/internal/account"
	"tilgang/internal/authz"
	"tilgang/internal/db"
	"tilgang/internal/factor"
	"tilgang/internal/people"
	"tilgang/internal/phone"
	"tilgang/internal/practice"
	"tilgang/internal/roster"
	"tilgang/internal/secret"
	"tilgang/internal/tenancy"
	"tilgang/internal/tenant"
	"tilgang/tenants"
)

// DemoAccount is how to sign in as somebody of the demonstration.
type DemoAccount = practice.Account

// cast is who plays which part, by employee number: demo.json of a tenant.
type cast struct {
	Admin    string   `json:"admin"`
	HR       string   `json:"hr"`
	Managers []string `json:"managers"`
	Employee string   `json:"employee"`
	Alumnus  string   `json:"alumnus"`
	Auditor  string   `json:"auditor"`
}

type part struct{ role, number string }

func (c cast) parts() []part {
	list := []part{{authz.RoleAdmin, c.Admin}, {authz.RoleHR, c.HR}}
	for _, m := range c.Managers {
		list = append(list, part{authz.RoleManager, m})
	}
	return append(list, part{authz.RoleEmployee, c.Employee}, part{authz.RoleAlumnus, c.Alumnus}, part{authz.RoleAuditor, c.Auditor})
}

// LoadDemo fills an installation with the demonstration: tenants, their staff
// and an account for each part. What is there stays, so it may run at every
// start. told hears what is being done.
func (a *App) LoadDemo(ctx context.Context, told func(string)) ([]DemoAccount, error) {
	known, err := a.readDemo()
	if err != nil {
		return nil, err
	}
	dirs, err := fs.ReadDir(tenants.FS, ".")
	if err != nil {
		return nil, fmt.Errorf("list demonstration tenants: %w", err)
	}
	var list []DemoAccount
	for _, dir := range dirs {
		told(dir.Name())
		some, err := a.loadDemoTenant(ctx, dir.Name(), known)
		if err != nil {
			return nil, fmt.Errorf("load %s: %w", dir.Name(), err)
		}
		list = append(list, some...)
	}
	return list, a.writeDemo(list)
}

func (a *App) demoFile() string { return filepath.Join(a.Config.DataDir, "demo.json") }

// ReadDemo gives the demonstration's accounts, none when there are none.
func (a *App) ReadDemo() []DemoAccount {
	list, err := a.readDemo()
	if err != nil {
		return nil
	}
	return list
}

func (a *App) readDemo() (list []DemoAccount, err error) {
	body, err := os.ReadFile(a.demoFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read demo accounts: %w", err)
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, fmt.Errorf("read demo accounts: %w", err)
	}
	return list, nil
}

func (a *App) writeDemo(list []DemoAccount) error {
	body, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return fmt.Errorf("write demo accounts: %w", err)
	}
	if err := os.WriteFile(a.demoFile(), append(body, '\n'), 0o600); err != nil {
		return fmt.Errorf("write demo accounts: %w", err)
	}
	return nil
}

func (a *App) loadDemoTenant(ctx context.Context, slug string, known []DemoAccount) (list []DemoAccount, err error) {
	spec, err := tenant.ParseFile(tenants.FS, slug)
	if err != nil {
		return nil, err
	}
	if _, err := a.Directory.Apply(ctx, spec); err != nil {
		return nil, err
	}
	t, err := a.Directory.BySlug(ctx, slug)
	if err != nil {
		return nil, err
	}
	ctx = authz.With(tenancy.Enter(ctx, t), authz.Actor{Kind: authz.Command})
	if err := a.loadDemoStaff(ctx, slug); err != nil {
		return nil, err
	}
	var c cast
	body, err := fs.ReadFile(tenants.FS, path.Join(slug, "demo.json"))
	if err == nil {
		err = json.Unmarshal(body, &c)
	}
	if err != nil {
		return nil, fmt.Errorf("read cast: %w", err)
	}
	for _, p := range c.parts() {
		one, err := a.loadDemoAccount(ctx, t, p, known)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", p.role, p.number, err)
		}
		list = append(list, one)
	}
	return list, a.loadDemoDocuments(ctx, t, []string{c.Employee, c.Alumnus, c.HR})
}

// loadDemoStaff loads the staff file once.
func (a *App) loadDemoStaff(ctx context.Context, slug string) error {
	var n int64
	if err := a.DB.Read(ctx, func(ctx context.Context) (err error) { n, err = people.Count(ctx); return }); err != nil || n > 0 {
		return err
	}
	f, err := tenants.FS.Open(path.Join(slug, "staff.csv"))
	if err != nil {
		return fmt.Errorf("open staff file: %w", err)
	}
	defer func() { _ = f.Close() }()
	row, err := a.Services.Roster.Run(ctx, "staff.csv", f, false, func(roster.Import) {})
	if err != nil {
		return err
	}
	if row.State != roster.Done {
		return fmt.Errorf("staff file ended as %s %s", row.State, row.Error)
	}
	return nil
}

// loadDemoAccount gives a part its account. One that is there keeps what
// demo.json says; without that file it gets a new password.
func (a *App) loadDemoAccount(ctx context.Context, t *tenant.Tenant, p part, known []DemoAccount) (one DemoAccount, err error) {
	var fresh uuid.UUID
	var number string
	err = a.DB.Tx(ctx, func(ctx context.Context) error {
		who, err := people.ByNumber(ctx, p.number)
		if err != nil {
			return err
		}
		if p.role == authz.RoleAdmin {
			if err := people.Grant(ctx, who.ID, authz.RoleAdmin); err != nil {
				return err
			}
		}
		number = who.Phone
		address, key, kind := demoAddress(who, p.role)
		one = DemoAccount{Tenant: t.Slug, URL: a.Portal(t), AlumniURL: a.AlumniPortal(t), Role: p.role, Email: address, RecoveryCodes: []string{}}
		i := slices.IndexFunc(known, func(d DemoAccount) bool { return d.Tenant == t.Slug && strings.EqualFold(d.Email, address) })
		if _, err := account.ByPerson(ctx, who.ID); err == nil && i >= 0 {
			one.Password, one.TOTPSecret, one.RecoveryCodes = known[i].Password, known[i].TOTPSecret, known[i].RecoveryCodes
			return nil
		}
		fresh, err = a.makeDemoAccount(ctx, t, who, account.New{PersonID: who.ID, Kind: account.Kind(kind), Address: address, AddressKey: key}, &one)
		return err
	})
	if err != nil || fresh == uuid.Nil || p.role == authz.RoleEmployee {
		return one, err
	}
	if err := a.makeDemoFactor(ctx, fresh, &one); err != nil {
		return one, err
	}
	return one, a.makeDemoPhone(ctx, t, fresh, number)
}

func demoAddress(p people.Person, role string) (address, key, kind string) {
	if role == authz.RoleAlumnus && p.PrivateEmailKey != "" {
		return p.PrivateEmail, p.PrivateEmailKey, "private"
	}
	return p.Address()
}

func (a *App) makeDemoAccount(ctx context.Context, t *tenant.Tenant, who people.Person, n account.New, one *DemoAccount) (uuid.UUID, error) {
	codes := secret.RecoveryCodes(2)
	one.Password = strings.ToLower(codes[0]) + "-Aa1"
	hash, err := a.Services.Passwords.Hash(ctx, t.ID, one.Password)
	if err != nil {
		return uuid.Nil, err
	}
	acc, err := account.ByPerson(ctx, who.ID)
	if errors.Is(err, db.ErrNotFound) {
		n.PasswordHash = hash
		acc, err = account.Create(ctx, n)
		return acc.ID, err
	}
	if err != nil {
		return uuid.Nil, err
	}
	return acc.ID, account.SetPassword(ctx, acc.ID, hash)
}

// makeDemoFactor enrols an authenticator. It is confirmed with the code of the
// step before, so that the current one can still be used to sign in.
func (a *App) makeDemoFactor(ctx context.Context, accountID uuid.UUID, one *DemoAccount) error {
	e, err := a.Services.Factors.StartTOTP(ctx, accountID)
	if err != nil {
		return err
	}
	one.TOTPSecret = e.Secret
	code, err := totp.GenerateCode(e.Secret, a.DB.Now().Add(-30*time.Second))
	if err != nil {
		return fmt.Errorf("make a code: %w", err)
	}
	if err := a.Services.Factors.ConfirmTOTP(ctx, accountID, e.ID, code); err != nil {
		return err
	}
	one.RecoveryCodes, err = a.Services.Factors.MakeCodes(ctx, accountID)
	return err
}

// makeDemoPhone puts the staff file's number on file where the employer's first
// choice is a text message: the practice mailbox is everybody's phone. Whoever
// has no number there signs in with the app and is asked for one.
func (a *App) makeDemoPhone(ctx context.Context, t *tenant.Tenant, accountID uuid.UUID, number string) error {
	if t.Mfa.Use(factor.Phone) != tenant.Primary || number == "" {
		return nil
	}
	n, err := phone.Parse(number, "", t.PhoneCountries())
	if err != nil {
		return fmt.Errorf("read the phone of the staff file: %w", err)
	}
	return a.Services.Phones.PresetPhone(ctx, accountID, n)
}
