package relying

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"tilgang/internal/secret"
)

// Redeem checks what came back and gives who it is. Errors: *Refusal,
// ErrCancelled, ErrDown.
func (c *Client) Redeem(ctx context.Context, p Provider, asked Asked, a Answer) (Identity, error) {
	if asked.State == "" || !secret.Equal([]byte(a.State), []byte(asked.State)) {
		return Identity{}, refuse(WhyState)
	}
	m, err := c.discover(ctx, p.Issuer)
	if err != nil {
		return Identity{}, err
	}
	if err := m.judge(p, a); err != nil {
		return Identity{}, err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, c.http), 2*Patience)
	defer cancel()
	token, err := m.config(p).Exchange(ctx, a.Code, oauth2.VerifierOption(asked.Verifier))
	if err != nil {
		return Identity{}, exchangeError(err)
	}
	return c.verify(ctx, m, p, asked, token)
}

// judge looks at the response before anything is sent.
func (m *metadata) judge(p Provider, a Answer) error {
	switch {
	case a.Issuer != "" && a.Issuer != p.Issuer, a.Issuer == "" && m.namesSelf:
		return refuse(WhyIssuer)
	case a.Error == "access_denied":
		return ErrCancelled
	case a.Error == "temporarily_unavailable" || a.Error == "server_error":
		return ErrDown
	case a.Error != "":
		return refuse(WhyProvider)
	case a.Code == "" || len(a.Code) > maxCode:
		return refuse(WhyCode)
	}
	return nil
}

// exchangeError tells a code that is not taken from a provider that is down.
func exchangeError(err error) error {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) && answer.Response != nil && answer.Response.StatusCode < 500 {
		return refuse(WhyCode)
	}
	return ErrDown
}

// claims are those that the library leaves to us.
type claims struct {
	Party    string `json:"azp"`
	ACR      string `json:"acr"`
	AuthTime *int64 `json:"auth_time"`
}

func (c *Client) verify(ctx context.Context, m *metadata, p Provider, asked Asked, token *oauth2.Token) (Identity, error) {
	raw, _ := token.Extra("id_token").(string)
	id, err := m.VerifierContext(oidc.ClientContext(context.WithoutCancel(ctx), c.http), &oidc.Config{ClientID: p.ClientID, Now: c.now}).Verify(ctx, raw)
	if err != nil {
		return Identity{}, refuse(WhyToken) // the library's words hold what was sent
	}
	var more claims
	if err := id.Claims(&more); err != nil {
		return Identity{}, refuse(WhyToken)
	}
	if err := c.inspect(p, asked, id, more); err != nil {
		return Identity{}, err
	}
	if id.AccessTokenHash != "" && id.VerifyAccessToken(token.AccessToken) != nil {
		return Identity{}, refuse(WhyTokenHash)
	}
	found := Identity{Issuer: id.Issuer, Subject: id.Subject, ACR: more.ACR}
	found.Number, err = c.number(ctx, m, p, id, token)
	return found, err
}

// inspect is what OpenID Connect Core 3.1.3.7 asks for beside the signature,
// iss, aud and exp.
func (c *Client) inspect(p Provider, asked Asked, id *oidc.IDToken, more claims) error {
	now := c.now()
	switch {
	case len(id.Audience) > 1 && more.Party == "", more.Party != "" && more.Party != p.ClientID:
		return refuse(WhyParty)
	case id.IssuedAt.After(now.Add(skew)), id.IssuedAt.Before(now.Add(-recent)):
		return refuse(WhyIssued)
	case asked.Nonce == "" || !secret.Equal([]byte(id.Nonce), []byte(asked.Nonce)):
		return refuse(WhyNonce)
	case len(p.ACR) > 0 && !slices.Contains(p.ACR, more.ACR):
		return refuse(WhyLevel)
	case id.Subject == "" || len(id.Subject) > maxSub:
		return refuse(WhySubject)
	case more.AuthTime != nil && time.Unix(*more.AuthTime, 0).Before(now.Add(-recent)):
		return refuse(WhyStale) // an older sign-in there is no proof of who sits here now
	}
	return nil
}

// number reads the claim with the national number, from the token or, where the
// provider keeps it there, from its user info.
func (c *Client) number(ctx context.Context, m *metadata, p Provider, id *oidc.IDToken, token *oauth2.Token) (Number, error) {
	if p.Number == "" {
		return Number{}, nil
	}
	all := map[string]any{}
	if id.Claims(&all) != nil {
		return Number{}, refuse(WhyToken)
	}
	if s, ok := all[p.Number].(string); ok || m.UserInfoEndpoint() == "" {
		return numberOf(s), nil
	}
	info, err := m.UserInfo(ctx, oauth2.StaticTokenSource(token))
	switch {
	case err != nil:
		return Number{}, ErrDown
	case info.Subject != id.Subject:
		return Number{}, refuse(WhyUser)
	case info.Claims(&all) != nil:
		return Number{}, refuse(WhyUser)
	}
	s, _ := all[p.Number].(string)
	return numberOf(s), nil
}
