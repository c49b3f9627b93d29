package console

import (
	"strings"
	"time"

	"tilgang/internal/httpkit"
	"tilgang/internal/tenant"
)

// icon is the product's own mark. An address of no version is answered with the
// present file, which is not to be kept for good.
const icon = "/static/0000000000000000/img/icon.svg"

// securityTextLife is how long a copy of security.txt may be believed; RFC 9116
// 2.5.5 recommends less than a year.
const securityTextLife = 90 * 24 * time.Hour

func (p *Pages) showIcon(c *httpkit.Ctx) error {
	aDay(c)
	return c.Redirect(icon)
}

// showRobots keeps searchers out: every page is somebody's own.
func (p *Pages) showRobots(c *httpkit.Ctx) error {
	aDay(c)
	return c.Bytes("text/plain; charset=utf-8", []byte("User-agent: *\nDisallow: /\n"))
}

// showChangePassword leads password managers to where a password is changed
// (W3C, A Well-Known URL for Changing Passwords).
func (p *Pages) showChangePassword(c *httpkit.Ctx) error { return c.Redirect("/security") }

// showSecurityContact says whom to tell of a weakness (RFC 9116): the
// employer's own support, since it is the one that people know.
func (p *Pages) showSecurityContact(c *httpkit.Ctx) error {
	t := c.Tenant()
	var text strings.Builder
	for _, channel := range t.Support.Channels {
		text.WriteString("Contact: " + contact(channel) + "\n")
	}
	if text.Len() == 0 {
		return notFound()
	}
	text.WriteString("Expires: " + c.Now().Add(securityTextLife).UTC().Format(time.RFC3339) + "\n")
	text.WriteString("Preferred-Languages: " + strings.Join(t.Languages, ", ") + "\n")
	text.WriteString("Canonical: " + c.Site.Origin + "/.well-known/security.txt\n")
	aDay(c)
	return c.Bytes("text/plain; charset=utf-8", []byte(text.String()))
}

func contact(ch tenant.Channel) string {
	switch ch.Kind {
	case "email":
		return "mailto:" + ch.Value
	case "phone":
		return "tel:" + strings.ReplaceAll(ch.Value, " ", "")
	}
	return ch.Value
}

func aDay(c *httpkit.Ctx) { c.SetHeader("Cache-Control", "public, max-age=86400") }
