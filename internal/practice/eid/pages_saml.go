package eid

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/xml"
	"io"
	"net/url"
	"slices"
	"strconv"

	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// PostPage carries an answer back by a form: what a provider does with a script,
// this one does with a button.
type PostPage struct {
	httpkit.Base

	To     string
	Hidden []httpkit.Hidden
	Go     httpkit.Button
}

// Template implements httpkit.View.
func (*PostPage) Template() string { return "eid/post" }

// readSAML refuses what a client may not ask, before anything leads anywhere.
func (p *Provider) readSAML(c *httpkit.Ctx) (a samlAsked, err error) {
	wrong := fault.New(fault.Invalid, "eid.request")
	packed, err := base64.StdEncoding.DecodeString(c.Query("SAMLRequest"))
	if err != nil {
		return a, wrong
	}
	text, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), mostAsked))
	if err != nil || xml.Unmarshal(text, &a) != nil {
		return a, wrong
	}
	a.raw, a.state = c.Query("SAMLRequest"), c.Query("RelayState")
	var posted []string
	a.client, posted = p.Parties(c.Context(), a.Issuer)
	if a.ID == "" || a.Destination != p.Issuer+SAMLPath || !slices.Contains(posted, a.ACS) {
		return a, wrong
	}
	return a, nil
}

// address is the choice of a person, with the request carried along.
func (a samlAsked) address(who, level string) string {
	return SAMLPath + "/as?" + url.Values{"SAMLRequest": {a.raw}, "RelayState": {a.state}, "as": {who}, "level": {level}}.Encode()
}

func (p *Provider) showSAML(c *httpkit.Ctx) error {
	a, err := p.readSAML(c)
	if err != nil {
		return err
	}
	level := c.Query("level")
	v := p.people(c, a.client, func(who string) string { return a.address(who, level) })
	weak := url.Values{"SAMLRequest": {a.raw}, "RelayState": {a.state}, "level": {"low"}}
	v.Weak.URL, v.Stop.URL = SAMLPath+"?"+weak.Encode(), a.address("nobody", "")
	return c.Render(v)
}

// chooseSAML answers as the person or as nobody.
func (p *Provider) chooseSAML(c *httpkit.Ctx) error {
	a, err := p.readSAML(c)
	if err != nil {
		return err
	}
	list := p.People(c.Context(), a.client)
	acr := Substantial
	if c.Query("level") == "low" {
		acr = Low
	}
	i, err := strconv.Atoi(c.Query("as"))
	var text []byte
	if err != nil || i < 0 || i >= len(list) {
		text, err = p.refusal(a)
	} else {
		text, err = p.response(a, list[i], acr)
	}
	if err != nil {
		return err
	}
	to, err := url.Parse(a.ACS)
	if err != nil {
		return err //nolint:wrapcheck // it is one of the portal's own
	}
	c.Allow("form-action", to.Scheme+"://"+to.Host)
	v := &PostPage{Base: c.Base(), To: a.ACS, Go: httpkit.Button{Label: c.T("eid.post.go"), Kind: "primary"}}
	v.Title, v.Lead = v.T("eid.post.title"), v.T("eid.post.lead")
	v.Hidden = []httpkit.Hidden{{Name: "SAMLResponse", Value: base64.StdEncoding.EncodeToString(text)}, {Name: "RelayState", Value: a.state}}
	return c.Render(v)
}
