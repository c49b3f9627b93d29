package signin

import (
	"encoding/base64"
	"math"
	"strconv"
	"time"

	"tilgang/internal/account"
	"tilgang/internal/attempt"
	"tilgang/internal/captcha"
	"tilgang/internal/httpkit"
	"tilgang/internal/session"
	"tilgang/internal/tenant"
)

// IdentifierPage is the first page: the address, and the password with it where
// the employer wants one page.
type IdentifierPage struct {
	httpkit.Base

	Email    httpkit.Field
	Password *httpkit.Field // nil where it has a page of its own
	Remember httpkit.Check
	Carry    []httpkit.Hidden
	Robot    captcha.Part
	Go       httpkit.Button
	Moving   string        // for who comes from another sign-in
	Register *httpkit.Link // for who has left and has no account yet
}

// Template implements httpkit.View.
func (*IdentifierPage) Template() string { return "signin/identifier" }

// PasswordPage is the second page.
type PasswordPage struct {
	httpkit.Base

	Address  string
	Password httpkit.Field
	Robot    captcha.Part
	Moving   string // for who comes from another sign-in
}

// Template implements httpkit.View.
func (*PasswordPage) Template() string { return "signin/password" }

// emailCookie keeps the address that the person asked us to remember.
const (
	emailCookie = "email"
	emailLife   = 180 * 24 * time.Hour
)

func (p *Pages) identifierPage(c *httpkit.Ctx, f identifierForm) *IdentifierPage {
	page := &IdentifierPage{Base: c.Base()}
	page.Title = page.T("signin.title", "Name", c.Tenant().Name)
	page.Back = &httpkit.Link{Label: page.T("signin.back"), URL: "/"}
	page.Email = account.NameField(c, f.Typed)
	page.Remember = httpkit.Check{Name: "remember", Label: page.T("signin.remember"), Hint: page.T("signin.remember_hint"), Checked: f.Remember}
	page.Go = httpkit.Button{Label: page.T("signin.go_on")}
	page.Moving = moving(c, &page.Base)
	if c.Site.Side == httpkit.Alumni {
		page.Register = &httpkit.Link{Label: page.T("signin.register.go"), URL: "/register"}
	}
	if f.Resume != "" {
		page.Carry = []httpkit.Hidden{{Name: "return_to", Value: f.Resume}}
	}
	if c.Tenant().Signin == tenant.Combined {
		// Not required: without it the form goes on to the second page.
		page.Password = passwordField(&page.Base)
		page.Password.Required, page.Password.Autofocus = false, f.Typed != ""
		page.Go.Label, page.Robot = page.T("signin.go"), p.robot(c)
	}
	return page
}

func passwordField(b *httpkit.Base) *httpkit.Field {
	return &httpkit.Field{
		Name: "password", Type: "password", Label: b.T("signin.password"), Autocomplete: "current-password",
		Required: true, Autofocus: true, Reveal: true,
	}
}

func (p *Pages) passwordPage(c *httpkit.Ctx, a attempt.Attempt) *PasswordPage {
	page := &PasswordPage{Base: c.Base(), Address: a.Address, Robot: p.robot(c)}
	if a.Known() {
		// A link brought the person here, and a factor is owed that it cannot add.
		page.Lead = page.T("signin.password_too", "Employer", c.Tenant().Name)
	}
	page.Title = page.T("signin.password_title")
	page.Back = &httpkit.Link{Label: page.T("signin.back"), URL: toStart}
	page.Password = *passwordField(&page.Base)
	if policy := c.Tenant().Invitation; policy.Moving(c.Now()) {
		page.Moving = page.T("signin.moving.password", "Forgot", page.T("signin.forgot"))
	}
	return page
}

// moving says from when people sign in here who did so elsewhere before. It
// tells of the employer alone, never of the address.
func moving(c *httpkit.Ctx, b *httpkit.Base) string {
	policy := c.Tenant().Invitation
	switch {
	case policy.Preparing(c.Now()):
		return b.T("signin.moving.before", "Name", c.Tenant().Name, "Date", b.Date(policy.Switch))
	case policy.Moving(c.Now()):
		return b.T("signin.moving.after")
	}
	return ""
}

// tell says why the page is shown, where that is known: a session that ended,
// or a sign-out just now.
func tell(c *httpkit.Ctx, b *httpkit.Base) {
	if c.Query("left") != "" {
		b.Flash = append(b.Flash, httpkit.Notice{Kind: "ok", Text: b.T("session.signed_out")})
		return
	}
	code := session.Code(c.Query("ended"))
	if code == session.Code("") {
		return
	}
	minutes := strconv.Itoa(int(math.Ceil(c.Tenant().Session.Idle.Minutes())))
	b.Flash = append(b.Flash, httpkit.Notice{Kind: "info", Text: b.T(code, "Minutes", minutes)})
}

// remembered is the address kept on this browser, or empty.
func remembered(c *httpkit.Ctx) string {
	raw, err := base64.RawURLEncoding.DecodeString(c.Cookie(emailCookie))
	if err != nil {
		return ""
	}
	a, err := account.ParseName(string(raw), c.Tenant().Invitation.Letters())
	if err != nil {
		return ""
	}
	return a.Display
}

func remember(c *httpkit.Ctx, f identifierForm) {
	if !f.Remember {
		c.DropCookie(emailCookie)
		return
	}
	c.SetCookie(emailCookie, base64.RawURLEncoding.EncodeToString([]byte(f.Address.Display)), emailLife)
}
