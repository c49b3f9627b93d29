package saml

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // the digest of OAEP as the algorithm's name has it; no collision matters there
	"encoding/base64"
	"strings"

	"github.com/beevik/etree"
)

// The ways of sealing that are taken: only such as tell when they were changed.
// CBC does not, and a refusal would be an oracle.
const (
	gcm128 = "http://www.w3.org/2009/xmlenc11#aes128-gcm"
	gcm256 = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
	oaep   = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
)

// opened puts what a sealed assertion holds in its place; the document is checked
// again, since only now all of it is there. Every failure is the one refusal.
func (p Provider) opened(root *etree.Element) (*etree.Element, error) {
	sealed := only(root, nsAssertion, "EncryptedAssertion")
	if sealed == nil {
		return root, nil
	}
	if p.Key == nil {
		return nil, refuse(WhyEncrypted)
	}
	text, ok := p.Key.open(only(sealed, nsSealed, "EncryptedData"), sealed)
	if !ok {
		return nil, refuse(WhyEncrypted)
	}
	inner, err := parse(text)
	if err != nil || !is(inner, nsAssertion, "Assertion") {
		return nil, refuse(WhyEncrypted)
	}
	root = root.Copy()
	root.RemoveChild(only(root, nsAssertion, "EncryptedAssertion"))
	root.AddChild(inner)
	if !shaped(root) {
		return nil, refuse(WhyShape)
	}
	return root, nil
}

// open decrypts data by the one key that is sealed for us, which stands in it or
// beside it.
func (k *Key) open(data, beside *etree.Element) ([]byte, bool) {
	sealed := only(only(data, nsSignature, "KeyInfo"), nsSealed, "EncryptedKey")
	if sealed == nil {
		sealed = only(beside, nsSealed, "EncryptedKey")
	}
	method := func(el *etree.Element) *etree.Element { return only(el, nsSealed, "EncryptionMethod") }
	digest := attr(only(method(sealed), nsSignature, "DigestMethod"), "Algorithm")
	if attr(method(sealed), "Algorithm") != oaep || digest != "" && digest != nsSignature+"sha1" {
		return nil, false
	}
	wrapped, ok := cipherOf(sealed)
	if !ok {
		return nil, false
	}
	key, err := rsa.DecryptOAEP(sha1.New(), nil, k.Private, wrapped, nil) //nolint:gosec // as above
	size := map[string]int{gcm128: 16, gcm256: 32}[attr(method(data), "Algorithm")]
	if err != nil || size == 0 || len(key) != size {
		return nil, false
	}
	return unseal(key, data)
}

func unseal(key []byte, data *etree.Element) ([]byte, bool) {
	text, ok := cipherOf(data)
	block, err := aes.NewCipher(key)
	if err != nil || !ok {
		return nil, false
	}
	aead, err := cipher.NewGCM(block)
	if err != nil || len(text) < aead.NonceSize() {
		return nil, false
	}
	out, err := aead.Open(nil, text[:aead.NonceSize()], text[aead.NonceSize():], nil)
	return out, err == nil
}

// cipherOf is the text that is sealed in an element.
func cipherOf(el *etree.Element) ([]byte, bool) {
	text := said(only(only(el, nsSealed, "CipherData"), nsSealed, "CipherValue"))
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	return raw, err == nil && len(raw) > 0
}
