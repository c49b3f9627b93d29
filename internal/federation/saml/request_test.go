package saml

import (
	"bytes"
	"compress/flate"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"

	"tilgang/internal/federation/relying"
)

// sent is the query of where somebody is sent, and what is asked there.
func (w *world) sent() (q url.Values, raw, text string) {
	w.Helper()
	address, err := w.us.Address(w.asked, w.now)
	if err != nil {
		w.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, w.us.SSO) {
		w.Fatalf("%s %v", address, err)
	}
	packed, err := base64.StdEncoding.DecodeString(u.Query().Get("SAMLRequest"))
	if err != nil {
		w.Fatal(err)
	}
	asked, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		w.Fatal(err)
	}
	return u.Query(), u.RawQuery, string(asked)
}

func TestWhatIsAsked(t *testing.T) {
	w := setUp(t)
	q, _, text := w.sent()
	if q.Get("RelayState") != "s" || q.Has("Signature") {
		t.Errorf("sent off with %v", q)
	}
	for _, part := range []string{
		`ID="_of-this-visit"`, `ForceAuthn="true"`, `Destination="` + idp + `/sso"`, `AssertionConsumerServiceURL="` + acs + `"`, `Comparison="exact"`,
		">substantial<", ">high<", ">" + us + "<", `IssueInstant="2026-11-26T10:00:00Z"`, `ProtocolBinding="` + postBinding + `"`,
	} {
		if !strings.Contains(text, part) {
			t.Errorf("does not ask %s:\n%s", part, text)
		}
	}
	if strings.Contains(text, "NameIDPolicy") {
		t.Error("who names a number may name people as they like")
	}
	w.us.Number, w.us.ACR, w.us.SSO = "", nil, idp+"/sso?realm=a%26b"
	q, _, text = w.sent()
	if q.Get("realm") != "a&b" || !strings.Contains(text, persistent) || strings.Contains(text, "RequestedAuthnContext") {
		t.Errorf("%v\n%s", q, text)
	}
}

// line is a key with its certificate, as an operator writes it.
func (s signer) line() string {
	key, _ := x509.MarshalPKCS8PrivateKey(s.key)
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})
	text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.cert.Raw})...)
	return base64.StdEncoding.EncodeToString(text)
}

func TestWhatIsAskedIsSigned(t *testing.T) {
	w := setUp(t)
	key, err := ParseKey(w.other.line())
	if err != nil {
		t.Fatal(err)
	}
	w.us.Key = key
	q, raw, _ := w.sent()
	signed, _, _ := strings.Cut(raw, "&Signature=")
	sum := sha256.Sum256([]byte(signed))
	made, err := base64.StdEncoding.DecodeString(q.Get("Signature"))
	if err != nil || rsa.VerifyPKCS1v15(&w.other.key.PublicKey, crypto.SHA256, sum[:], made) != nil {
		t.Errorf("%v: not signed: %s", err, raw)
	}
	if s := fmt.Sprintf("%v %+v", w.us, w.us.Key); !strings.Contains(s, "[redacted]") || strings.Contains(s, w.other.key.D.String()) {
		t.Error("the key shows")
	}
}

func TestAKeyIsWholeOrNone(t *testing.T) {
	w := setUp(t)
	mixed := signer{w.key, w.other.cert}
	for name, line := range map[string]string{"nothing": "", "no base64": "-----BEGIN", "a key with another's certificate": mixed.line(), "half": w.line()[:400]} {
		if _, err := ParseKey(line); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatAProviderIsToldOfUs(t *testing.T) {
	w := setUp(t)
	posted := []string{acs, "https://alumni.havn.example/federation/x/acs"}
	text, err := w.us.Metadata(posted)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range append(posted, `entityID="`+us+`"`, `AuthnRequestsSigned="false"`, `WantAssertionsSigned="true"`, `index="1"`) {
		if !strings.Contains(string(text), part) {
			t.Errorf("no %s:\n%s", part, text)
		}
	}
	if strings.Contains(string(text), "KeyDescriptor") {
		t.Error("a key that is not there")
	}
	w.us.Key, err = ParseKey(w.other.line())
	if err != nil {
		t.Fatal(err)
	}
	text, err = w.us.Metadata(posted)
	cert := base64.StdEncoding.EncodeToString(w.other.cert.Raw)
	if err != nil || strings.Count(string(text), cert) != 2 || !strings.Contains(string(text), `AuthnRequestsSigned="true"`) || !strings.Contains(string(text), gcm256) {
		t.Errorf("%v\n%s", err, text)
	}
	if relying.Why(err) != "" {
		t.Error(err)
	}
}
