package config

import (
	"net"
	"net/url"
	"regexp"
	"strings"
)

func (r *reader) sms(value string) {
	r.cfg.SMS = SMS(value)
	if r.cfg.SMS != PracticeSMS && r.cfg.SMS != SNS {
		r.problem("TILGANG_SMS=%q is unknown: write sns for Amazon SNS, practice for the mailbox inside the demo, or remove it where nobody gets text messages.", value)
	}
}

// endpoint is the address of an outside service. Plain http is for this machine
// alone: the calls carry personal data.
func (r *reader) endpoint(name, value string) string {
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Hostname() == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.Fragment != "":
		r.problem("%s is not readable: write it as https://host.", name)
	case u.Scheme == "http" && !loopback(net.JoinHostPort(u.Hostname(), "80")):
		r.problem("%s leaves encryption out: write https, or name this machine.", name)
	}
	return strings.TrimSuffix(value, "/")
}

var (
	configurationSet = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	price            = regexp.MustCompile(`^[0-9]{1,2}(\.[0-9]{1,5})?$`)
)

func (r *reader) configurationSet(value string) {
	if !configurationSet.MatchString(value) {
		r.problem("TILGANG_SES_CONFIGURATION_SET=%q is no name of a configuration set: write up to 64 letters, digits, _ or -.", value)
	}
	r.cfg.AWS.SESConfigurationSet = value
}

func (r *reader) maxPrice(value string) {
	if !price.MatchString(value) {
		r.problem("TILGANG_SNS_MAX_PRICE=%q is no price: write US dollars for one part of a text message, such as 0.25.", value)
	}
	r.cfg.AWS.SMSMaxPrice = value
}

func (r *reader) checkSMS() {
	c := &r.cfg
	sends := c.Mode == Serve || c.Mode == Worker
	switch {
	case sends && c.SMS == PracticeSMS:
		r.problem("TILGANG_SMS=practice shows every text message to every visitor, so %s refuses it: set TILGANG_SMS=sns, or remove it where nobody gets text messages.", c.Mode)
	case c.AWS.SNSEndpoint != "" && c.SMS != SNS:
		r.problem("TILGANG_SNS_ENDPOINT is set but TILGANG_SMS is not sns: set TILGANG_SMS=sns or remove TILGANG_SNS_ENDPOINT.")
	case c.AWS.SMSMaxPrice != "" && c.SMS != SNS:
		r.problem("TILGANG_SNS_MAX_PRICE is set but TILGANG_SMS is not sns: set TILGANG_SMS=sns or remove TILGANG_SNS_MAX_PRICE.")
	}
	if (c.AWS.SESEndpoint != "" || c.AWS.SESConfigurationSet != "") && c.Mail != SESMail {
		r.problem("TILGANG_SES_ENDPOINT or TILGANG_SES_CONFIGURATION_SET is set but TILGANG_MAIL is not ses: set TILGANG_MAIL=ses or remove them.")
	}
}
