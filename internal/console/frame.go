package console

import (
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"tilgang/internal/authz"
	"tilgang/internal/httpkit"
	"tilgang/internal/secret"
)

// Frame fills what surrounds a page for whoever asks: the menu, the person's
// corner and the warning before the session ends. Fill is the Kit's Frame.
type Frame struct {
	Policy *authz.Policy
	Box    *secret.Box
}

// draftKeyLength is how many hexadecimal characters of the keyed hash name an
// account's drafts on a device: 48 bits, enough to keep a family's apart.
const draftKeyLength = 12

// Fill completes the frame of a page. On the installation's own host, where no
// employer speaks, the page carries the product's name.
func (f *Frame) Fill(c *httpkit.Ctx, b *httpkit.Base) {
	t := c.Tenant()
	if t == nil {
		if b.Tenant.Name == "" {
			b.Tenant = httpkit.Brand{Name: b.T("console.product"), LogoURL: icon, HomeURL: "/"}
		}
		return
	}
	a := c.Actor()
	if !a.Signed() {
		return
	}
	b.Signed, b.PersonName = true, a.Name
	b.Nav, b.Account = f.menus(a, b, c.Path())
	b.SessionWarn = warning(a, c.Now())
	key := hex.EncodeToString(f.Box.Keyed("draft", t.ID, a.AccountID.String()))
	b.DraftKey = key[:draftKeyLength]
}

// entry is a page of the menu; object is what its reader must be allowed to
// read, empty for a person's own pages. Where the top bar would get too long, an
// aside stands in the person's corner instead.
type entry struct {
	label, url, icon, object string
	staff                    bool // about others: under a heading of its own
	aside                    bool
	chain                    bool // a team of one's own is enough
}

// entries are all pages of the menu, in order. A page that opens to nobody who
// is merely signed in names the policy's object.
func entries() []entry {
	return []entry{
		{label: "console.nav.home", url: "/", icon: "home"},
		{label: "console.nav.document", url: "/document", icon: "doc"},
		{label: "console.nav.profile", url: "/profile", icon: "person", aside: true},
		{label: "console.nav.employment", url: "/employment", icon: "work"},
		{label: "console.nav.security", url: "/security", icon: "shield", aside: true},
		{label: "console.nav.manager", url: "/manager", icon: "people", object: "team", chain: true},
		{label: "console.nav.people", url: "/admin/people", icon: "people", object: "people", staff: true},
		{label: "console.nav.roster", url: "/admin/roster", icon: "upload", object: "roster", staff: true, aside: true},
		{label: "console.nav.delivery", url: "/admin/document", icon: "send", object: "document", staff: true, aside: true},
		{label: "console.nav.mydata", url: "/admin/mydata", icon: "list", object: "mydata", staff: true, aside: true},
		{label: "console.nav.alumni", url: "/admin/alumni", icon: "calendar", object: "alumni", staff: true, aside: true},
		{label: "console.nav.proofing", url: "/admin/proofing", icon: "fingerprint", object: "people", staff: true, aside: true},
	}
}

// longest is how many entries the bar on top of a page has room for, beside a
// long employer's and a long person's name; the console's rail takes them all.
const longest = 4

// menus are the main menu and the person's corner: there the pages of one's own
// and help come before the staff's.
func (f *Frame) menus(a authz.Actor, b *httpkit.Base, path string) (main, corner []httpkit.NavItem) {
	open := slices.DeleteFunc(entries(), func(e entry) bool {
		return !f.opens(a, e)
	})
	short := b.Layout != httpkit.LayoutConsole && len(open) > longest
	var staff []httpkit.NavItem
	for _, e := range open {
		item := httpkit.NavItem{Key: strings.TrimPrefix(e.label, "console.nav."), Label: b.T(e.label), URL: e.url, Icon: e.icon, Current: within(path, e.url)}
		switch {
		case short && !e.aside || !short && !e.staff:
			main = append(main, item)
		case short && !e.staff:
			corner = append(corner, item)
		default:
			staff = append(staff, item)
		}
	}
	corner = append(corner, httpkit.NavItem{Key: "help", Label: b.T("console.nav.help"), URL: "/help", Icon: "help", Current: path == "/help"})
	if len(staff) > 0 {
		staff[0].Group = b.T("console.nav.staff")
	}
	if short {
		return main, append(corner, staff...)
	}
	return append(main, staff...), corner
}

// opens tells whether a page of the menu opens to its reader.
func (f *Frame) opens(a authz.Actor, e entry) bool {
	if e.object == "" {
		return true
	}
	reach := f.Policy.May(a, e.object, "read")
	return reach == authz.Any || (e.chain && reach == authz.Chain)
}

func within(path, url string) bool {
	return path == url || url != "/" && strings.HasPrefix(path, url+"/")
}

// warning tells the page when the session ends if nothing happens; it is final
// when that is the end in any case.
func warning(a authz.Actor, now time.Time) *httpkit.SessionWarn {
	end, final := a.ExpiresAt, false
	if !a.EndsAt.IsZero() && !a.EndsAt.After(end) {
		end, final = a.EndsAt, true
	}
	if !end.After(now) {
		return nil
	}
	return &httpkit.SessionWarn{Seconds: int(end.Sub(now) / time.Second), Final: final}
}
