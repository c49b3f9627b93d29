package tenant

import (
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
	"time"

	// A container may come without the system's zone files.
	_ "time/tzdata"
)

// Languages are the languages that tenants can offer, as BCP 47 tags.
func Languages() []string { return []string{"nb", "nn", "da", "sv", "fi", "en", "de", "pl"} }

const (
	maxName  = 100  // characters of a name or title
	maxWords = 1000 // characters of an employer's own wording
)

func (r *reader) hosts(a at, into *[]string) {
	list, ok := each(r, a, func(a at) (string, bool) {
		h, ok := r.word(a, 253)
		if !ok || r.host(a, h) {
			return h, ok
		}
		return "", false
	})
	if ok {
		*into = list
	}
}

var hostName = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)

func (r *reader) host(a at, h string) bool {
	switch {
	case strings.HasPrefix(h, "alumni."):
		r.tell(a, "format", "the alumni host comes by itself", "write the host without alumni.")
	case net.ParseIP(h) != nil || !hostName.MatchString(h):
		r.tell(a, "format", shown(h)+" is not a host name in lower case", `write for example "people.havn.example"`)
	default:
		return true
	}
	return false
}

func (r *reader) languages(a at, into *[]string) {
	choices(r, a, into, Languages()...)
	if !a.absent() && len(a.node.Content) == 0 && a.node.ShortTag() == "!!seq" {
		r.tell(a, "empty", "names no language", "write at least one; the first is the default")
	}
}

func (r *reader) zone(a at, into **time.Location) {
	s, ok := r.word(a, 64)
	if !ok {
		return
	}
	zone, err := time.LoadLocation(s)
	if err != nil || !strings.Contains(s, "/") && s != "UTC" {
		r.tell(a, "unknown_value", "unknown time zone "+shown(s), `write a name such as "Europe/Oslo"`)
		return
	}
	*into = zone
}

var (
	keyWord = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	country = regexp.MustCompile(`^[A-Z]{2}$`)
)

// key reads a short name that other places refer to.
func (r *reader) key(a at) string {
	s, ok := r.word(a, longestWord)
	if ok && !keyWord.MatchString(s) {
		r.tell(a, "format", shown(s)+" is not a key", "write lower-case letters, digits and hyphens, a letter first")
	}
	return s
}

func (r *reader) legalEmployers(a at, into *[]LegalEmployer) {
	if a.absent() {
		return
	}
	seen, list := map[string]bool{}, []LegalEmployer{}
	for _, e := range r.list(a) {
		o := r.object(e, "key", "name", "country", "number")
		r.required(e, o, "key", "name", "country")
		l := LegalEmployer{Key: r.key(o["key"])}
		r.text(o["name"], &l.Name, maxName)
		r.text(o["country"], &l.Country, 2)
		r.text(o["number"], &l.Number, longestWord)
		if l.Country != "" && !country.MatchString(l.Country) {
			r.tell(o["country"], "format", shown(l.Country)+" is not a country code", `write two capital letters: "NO", "DK"`)
		}
		r.once(o["key"], seen, l.Key)
		list = append(list, l)
	}
	*into = list
}

// once tells of a key that an earlier entry already has.
func (r *reader) once(a at, seen map[string]bool, key string) {
	if key != "" && seen[key] {
		r.tell(a, "duplicate_key", shown(key)+" is used twice", "give each its own key")
	}
	seen[key] = true
}

// https tells of an address that is not a plain https one: links of a tenant
// must not run scripts or leave encryption.
func (r *reader) https(a at, s string) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		r.tell(a, "unsafe", shown(s)+" is not an https address", `write for example "https://www.havn.example/help"`)
	}
}

func (r *reader) senders(a at, into *Senders) {
	o := r.object(a, "email", "reply_to", "configuration_set", "sms")
	if s, ok := r.word(o["email"], 254); ok {
		r.mailAddress(o["email"], s)
		into.Email = s
	}
	if s, ok := r.word(o["reply_to"], 254); ok {
		r.mailAddress(o["reply_to"], s)
		into.ReplyTo = s
	}
	if s, ok := r.word(o["configuration_set"], 64); ok {
		if !configurationSet.MatchString(s) {
			r.tell(o["configuration_set"], "format", shown(s)+" is not a name of a configuration set", "write up to 64 letters, digits, _ or -")
		}
		into.ConfigurationSet = s
	}
	if s, ok := r.word(o["sms"], 16); ok {
		r.smsSender(o["sms"], s)
		into.SMS = s
	}
}

func (r *reader) mailAddress(a at, s string) {
	if m, err := mail.ParseAddress(s); err != nil || m.Address != s {
		r.tell(a, "format", shown(s)+" is not an e-mail address", "")
	}
}

// configurationSet is what SES lets a configuration set be called.
var configurationSet = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// alphanumericSender is what GSM 03.38 / 3GPP TS 23.040 9.1.2.5 lets a sender be
// called: eleven characters, here without the ones that networks change.
var alphanumericSender = regexp.MustCompile(`^([A-Za-z][A-Za-z0-9 ]{0,10}|\+[0-9]{6,15})$`)

func (r *reader) smsSender(a at, s string) {
	if !alphanumericSender.MatchString(s) {
		r.tell(a, "format", shown(s)+" is not a sender of text messages", "write up to 11 letters and digits, or a number with +")
	}
}
