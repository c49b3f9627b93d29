package config

import (
	"fmt"
	"strings"
	"testing"
)

func TestSecretsOfProvidersAreReadByEmployer(t *testing.T) {
	c := mustLoad(t, Serve, production("TILGANG_CLIENT_SECRETS=havn/bankid=s3cret-of-havn\n# a remark\nskog/bankid=s3cret-of-skog")...)
	if c.ClientSecrets["havn/bankid"].Plain() != "s3cret-of-havn" || c.ClientSecrets["skog/bankid"].Plain() != "s3cret-of-skog" {
		t.Errorf("%d read", len(c.ClientSecrets))
	}
	if s := fmt.Sprintf("%v %+v", c.ClientSecrets, c); strings.Contains(s, "s3cret") {
		t.Error("a secret is shown")
	}
	for _, bad := range []string{"bankid=s3cret-of-havn", "havn/bankid=short", "havn/bankid", "havn/a=s3cret-one\nhavn/a=s3cret-two"} {
		_, err := Load(production("TILGANG_CLIENT_SECRETS="+bad), Serve)
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
