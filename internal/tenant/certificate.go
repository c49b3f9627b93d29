package tenant

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"strings"
)

// maxCertificates is how long the certificates of a provider may be together, as
// they are written.
const maxCertificates = 12000

// ErrCertificate says that a text is no certificate that a provider can sign with.
var ErrCertificate = errors.New("tenant: no certificate of an RSA key of 2048 bits or more")

// Certificates reads what a provider's metadata has as X509Certificate; several
// stand with commas between them, while the provider changes its key.
func Certificates(text string) (list []*x509.Certificate, err error) {
	for one := range strings.SplitSeq(text, ",") {
		der, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(one), ""))
		if err != nil {
			return nil, ErrCertificate
		}
		cert, err := x509.ParseCertificate(der)
		if err != nil {
			return nil, ErrCertificate
		}
		key, ok := cert.PublicKey.(*rsa.PublicKey)
		if !ok || key.N.BitLen() < 2048 { // NIST SP 800-131A
			return nil, ErrCertificate
		}
		list = append(list, cert)
	}
	return list, nil
}

func (r *reader) certificate(a at, s string) {
	if _, err := Certificates(s); err != nil {
		r.tell(a, "format", "is not a certificate of an RSA key of 2048 bits or more",
			"copy X509Certificate from the provider's metadata, in one line; several with commas")
	}
}
