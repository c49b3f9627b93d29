package saml

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // as the algorithm is called
	"encoding/base64"
	"strings"
	"testing"
)

// seal seals a text for a key, as a provider does.
func (w *world) seal(to *rsa.PublicKey, text string) string {
	w.Helper()
	key := make([]byte, 32)
	nonce := make([]byte, 12)
	_, _ = rand.Read(key)
	_, _ = rand.Read(nonce)
	block, err := aes.NewCipher(key)
	if err != nil {
		w.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		w.Fatal(err)
	}
	wrapped, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, to, key, nil) //nolint:gosec // as above
	if err != nil {
		w.Fatal(err)
	}
	value := func(b []byte) string {
		return "<x:CipherData><x:CipherValue>" + base64.StdEncoding.EncodeToString(b) + "</x:CipherValue></x:CipherData>"
	}
	return `<saml:EncryptedAssertion><x:EncryptedData xmlns:x="` + nsSealed + `"><x:EncryptionMethod Algorithm="` + gcm256 + `"/>` +
		`<ds:KeyInfo xmlns:ds="` + nsSignature + `"><x:EncryptedKey><x:EncryptionMethod Algorithm="` + oaep + `"/>` + value(wrapped) + `</x:EncryptedKey></ds:KeyInfo>` +
		value(aead.Seal(nonce, nonce, []byte(text), nil)) + `</x:EncryptedData></saml:EncryptedAssertion>`
}

func TestASealedAssertion(t *testing.T) {
	w := setUp(t)
	ours := newSigner(t)
	key, err := ParseKey(ours.line())
	if err != nil {
		t.Fatal(err)
	}
	signed := w.sign(w.signer, assertion)
	sealed := w.seal(&ours.key.PublicKey, signed)
	w.refused(around(sealed), WhyEncrypted) // nobody has given us a key
	w.us.Key = key
	for name, text := range map[string]string{
		"signed within":    around(sealed),
		"signed around it": w.sign(w.signer, around(w.seal(&ours.key.PublicKey, assertion))),
	} {
		if who, err := w.read(text); err != nil || who.Subject != "sub-1" {
			t.Errorf("%s: %+v %v", name, who, err)
		}
	}
	for name, c := range map[string]struct{ text, why string }{
		"nobody's":          {around(w.seal(&ours.key.PublicKey, assertion)), WhySignature},
		"another key's":     {around(w.seal(&ours.key.PublicKey, w.sign(w.other, assertion))), WhySignature},
		"for somebody else": {around(w.seal(&w.other.key.PublicKey, signed)), WhyEncrypted},
		"CBC":               {strings.Replace(around(sealed), gcm256, nsSealed+"aes256-cbc", 1), WhyEncrypted},
		"an old envelope":   {strings.Replace(around(sealed), oaep, nsSealed+"rsa-1_5", 1), WhyEncrypted},
		"another size":      {strings.Replace(around(sealed), gcm256, gcm128, 1), WhyEncrypted},
		"changed":           {strings.Replace(around(sealed), "CipherValue>", "CipherValue>AAAA", 1), WhyEncrypted},
		"not an assertion":  {around(w.seal(&ours.key.PublicKey, around(signed))), WhyEncrypted},
		"a comment inside":  {around(w.seal(&ours.key.PublicKey, strings.Replace(signed, ">sub-1<", ">sub-1<!-- --><", 1))), WhyEncrypted},
		"one inside more":   {around(w.seal(&ours.key.PublicKey, strings.Replace(assertion, "</saml:Assertion>", signed+"</saml:Assertion>", 1))), WhyShape},
		"and an open one":   {around(sealed + signed), WhyShape},
		"two of them":       {around(sealed + sealed), WhyShape},
	} {
		t.Run(name, func(t *testing.T) {
			w.T = t
			w.refused(c.text, c.why)
		})
	}
}
