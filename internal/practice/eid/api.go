package eid

import (
	"encoding/json"
	"fmt"

	"github.com/go-jose/go-jose/v4"

	"tilgang/internal/httpkit"
	"tilgang/internal/secret"
)

func (p *Provider) discovery(c *httpkit.Ctx) error {
	return c.JSON(200, map[string]any{
		"issuer": p.Issuer, "authorization_endpoint": p.Issuer + "/authorize", "token_endpoint": p.Issuer + "/token", "jwks_uri": p.Issuer + "/jwks",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"}, "id_token_signing_alg_values_supported": []string{"ES256"},
		"scopes_supported": []string{"openid"}, "code_challenge_methods_supported": []string{"S256"}, "acr_values_supported": []string{Substantial, Low},
		"token_endpoint_auth_methods_supported": []string{"none"}, "authorization_response_iss_parameter_supported": true,
	})
}

func (p *Provider) keys(c *httpkit.Ctx) error {
	key, err := p.signingKey()
	if err != nil {
		return err
	}
	body, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: keyID, Algorithm: string(jose.ES256), Use: "sig"}}})
	if err != nil {
		return fmt.Errorf("write keys: %w", err)
	}
	return c.Bytes("application/json", body)
}

// sendToken answers a client; every wrong request gets the one refusal.
func (p *Provider) sendToken(c *httpkit.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	g, ok := p.redeem(form.Get("code"), form.Get("client_id"), form.Get("redirect_uri"), form.Get("code_verifier"))
	if !ok || form.Get("grant_type") != "authorization_code" {
		return c.JSON(400, map[string]string{"error": "invalid_grant"})
	}
	token, err := p.token(g)
	if err != nil {
		return err
	}
	access, _ := secret.Token() // opens nothing: there is no user info here
	return c.JSON(200, map[string]any{"id_token": token, "token_type": "Bearer", "access_token": access, "expires_in": int(tokenLife.Seconds())})
}
