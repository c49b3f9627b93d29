package signin

import (
	"net/url"
	"strings"

	"tilgang/internal/account"
	"tilgang/internal/httpkit"
	"tilgang/internal/mailaddr"
)

// identifierForm is the first page's: the address, and with it the password
// where both stand on one page.
type identifierForm struct {
	Typed    string // as typed, without space around it
	Address  mailaddr.Address
	Password string
	Remember bool
	Resume   string
}

func parseIdentifier(c *httpkit.Ctx) (identifierForm, error) {
	in, err := c.Form()
	if err != nil {
		return identifierForm{}, err
	}
	f := identifierForm{
		Typed: strings.TrimSpace(in.Get("email")), Password: in.Get("password"), Remember: in.Get("remember") != "",
		Resume: resumePath(in.Get("return_to")),
	}
	f.Address, f.Typed, err = account.TypedName(c, f.Typed)
	return f, err
}

// resumePath is a path of this host to go on to after signing in, or empty.
// The pages of the way in and out are none: they would lead in a circle.
func resumePath(path string) string {
	path = httpkit.OwnPath(path, "")
	for _, own := range []string{"/signin", "/signout", "/session", "/mfa", "/reset", "/magiclink", "/invite", "/language"} {
		if rest, ok := strings.CutPrefix(path, own); ok && (rest == "" || strings.ContainsAny(rest[:1], "/?#")) {
			return ""
		}
	}
	return path
}

// AgainURL is the sign-in page as it is shown when a session was not, or is no
// longer, honoured: why is session.Why's word or empty, path is the page asked
// for, to which the person returns.
func AgainURL(why, path string) string {
	q := url.Values{}
	if why != "" {
		q.Set("ended", why)
	}
	if path = resumePath(path); path != "" && path != "/" {
		q.Set("return_to", path)
	}
	if len(q) == 0 {
		return toStart
	}
	return toStart + "?" + q.Encode()
}
