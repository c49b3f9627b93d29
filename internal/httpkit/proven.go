package httpkit

import (
	"cmp"
	"net/url"
)

// ProvePath is where a session says once more who sits there.
const ProvePath = "/security/prove"

// ProveAt is that page, from which a proof leads on to a page of this host.
func ProveAt(to string) string { return ProvePath + "?to=" + url.QueryEscape(to) }

// Proven lets a request on once its session has proven, just now, who sits there;
// until then it leads to where that is asked, and from there to a page; an empty
// one is that of the request's own path.
func Proven(proven func(*Ctx) (bool, error), page string, next Handler) Handler {
	return func(c *Ctx) error {
		ok, err := proven(c)
		if err != nil {
			return err
		}
		if !ok {
			return c.Redirect(ProveAt(cmp.Or(page, c.Path())))
		}
		return next(c)
	}
}
