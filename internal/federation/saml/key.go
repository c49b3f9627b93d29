package saml

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
)

// smallest is the shortest key that is taken, in bits (NIST SP 800-131A).
const smallest = 2048

// Key is ours towards a provider.
type Key struct {
	Private     *rsa.PrivateKey
	Certificate []byte // as the provider is given it
}

// Format hides it from every verb of fmt.
func (*Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("[redacted]")) }

// ErrKey says that a text holds no key with its certificate.
var ErrKey = errors.New("saml: write an RSA key of 2048 bits and its certificate, as PEM, in base64 on one line")

// ParseKey reads a key and its certificate, which are PEM in one line of base64.
func ParseKey(text string) (*Key, error) {
	rest, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, ErrKey
	}
	k := &Key{}
	for block, rest := pem.Decode(rest); block != nil; block, rest = pem.Decode(rest) {
		switch block.Type {
		case "PRIVATE KEY":
			made, _ := x509.ParsePKCS8PrivateKey(block.Bytes)
			k.Private, _ = made.(*rsa.PrivateKey)
		case "RSA PRIVATE KEY":
			k.Private, _ = x509.ParsePKCS1PrivateKey(block.Bytes)
		case "CERTIFICATE":
			k.Certificate = block.Bytes
		}
	}
	cert, err := x509.ParseCertificate(k.Certificate)
	if err != nil || k.Private == nil || k.Private.N.BitLen() < smallest || !k.Private.PublicKey.Equal(cert.PublicKey) {
		return nil, ErrKey
	}
	return k, nil
}
