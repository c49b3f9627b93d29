package eid

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
)

// PeoplePage lists the test persons.
type PeoplePage struct {
	httpkit.Base

	People []httpkit.Choice
	Weak   httpkit.Link
	Stop   httpkit.Link
}

// Template implements httpkit.View.
func (*PeoplePage) Template() string { return "eid/people" }

// asked is a request for a person, as the portal sent it.
type asked struct {
	client, redirect, state, nonce, challenge, acr string
}

// read refuses what a client may not ask, before anything leads anywhere.
func (p *Provider) read(c *httpkit.Ctx) (a asked, err error) {
	a = asked{
		client: c.Query("client_id"), redirect: c.Query("redirect_uri"), state: c.Query("state"), nonce: c.Query("nonce"),
		challenge: c.Query("code_challenge"), acr: c.Query("acr_values"),
	}
	right := slices.Contains(p.Redirects(c.Context(), a.client), a.redirect) && c.Query("response_type") == "code" &&
		c.Query("code_challenge_method") == "S256" && len(a.challenge) == 43 && a.state != "" && a.nonce != ""
	if !right {
		return a, fault.New(fault.Invalid, "eid.request")
	}
	return a, nil
}

// address is the choice of a person, with the request carried along.
func (a asked) address(who, level string) string {
	return "/authorize/as?" + url.Values{
		"client_id": {a.client}, "redirect_uri": {a.redirect}, "response_type": {"code"}, "state": {a.state}, "nonce": {a.nonce},
		"code_challenge": {a.challenge}, "code_challenge_method": {"S256"}, "acr_values": {a.acr}, "as": {who}, "level": {level},
	}.Encode()
}

func (p *Provider) showPeople(c *httpkit.Ctx) error {
	a, err := p.read(c)
	if err != nil {
		return err
	}
	level := c.Query("level")
	v := &PeoplePage{Base: c.Base()}
	v.Title, v.Lead = v.T("eid.people.title"), v.T("eid.people.lead")
	for i, who := range p.People(c.Context(), a.client) {
		text := who.Text
		if text == "" {
			text = v.T("eid.people.stranger")
		}
		v.People = append(v.People, httpkit.Choice{Icon: "people", Title: who.Name, Text: text, URL: a.address(strconv.Itoa(i), level)})
	}
	v.Weak = httpkit.Link{Label: v.T("eid.people.weak"), URL: strings.Replace(a.address("", "low"), "/authorize/as", "/authorize", 1), Kind: "quiet"}
	v.Stop = httpkit.Link{Label: v.T("eid.people.cancel"), URL: a.address("nobody", ""), Kind: "secondary"}
	return c.Render(v)
}

// choose sends the browser back, as the person or as nobody.
func (p *Provider) choose(c *httpkit.Ctx) error {
	a, err := p.read(c)
	if err != nil {
		return err
	}
	back := url.Values{"state": {a.state}, "iss": {p.Issuer}}
	list := p.People(c.Context(), a.client)
	i, err := strconv.Atoi(c.Query("as"))
	if err != nil || i < 0 || i >= len(list) {
		back.Set("error", "access_denied")
		return c.RedirectOut(a.redirect + "?" + back.Encode())
	}
	acr := Substantial
	if c.Query("level") == "low" {
		acr = Low
	}
	back.Set("code", p.keep(grant{
		Client: a.client, Redirect: a.redirect, Challenge: a.challenge, Nonce: a.nonce, Number: list[i].Number, ACR: acr, At: p.Clock.Now(),
	}))
	return c.RedirectOut(a.redirect + "?" + back.Encode())
}
