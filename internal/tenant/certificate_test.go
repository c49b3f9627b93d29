package tenant

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"math/big"
	"testing"
)

func certificate(t *testing.T, key crypto.Signer) string {
	t.Helper()
	form := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}

func TestTheCertificatesOfAProvider(t *testing.T) {
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	good := certificate(t, long)
	for text, want := range map[string]int{good: 1, good[:100] + " " + good[100:]: 1, good + ", " + good: 2} {
		if list, err := Certificates(text); err != nil || len(list) != want {
			t.Errorf("%d %v, want %d", len(list), err, want)
		}
	}
	for name, text := range map[string]string{"nothing": "", "half": good[:200], "a short key": certificate(t, short), "a curve": certificate(t, curve), "one of two": good + ",x"} {
		if _, err := Certificates(text); !errors.Is(err, ErrCertificate) {
			t.Errorf("%s: %v", name, err)
		}
	}
	spec := mustParse(t, head+"connectors: [{key: adfs, kind: saml, name: Job, settings: {entity_id: \"http://x/trust\", sso_url: \"https://x.example/ls\", certificate: \""+good+"\", national_claim: pid}}]\n")
	built, err := Build([16]byte{1}, "havn", "Havn", "active", 1, spec.Values(), nil)
	if err != nil {
		t.Fatal(err)
	}
	c := built.Connectors[0]
	if !c.SpeaksSAML() || !c.ProvesPerson() || len(built.Proofs()) != 1 || c.Settings["certificate"] != good {
		t.Errorf("%+v", c)
	}
}
