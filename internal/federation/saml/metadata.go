package saml

import (
	"encoding/base64"
	"fmt"
	"strconv"

	"github.com/beevik/etree"
)

// Metadata is what a provider must know of us: who we are, our key, and where
// answers may be posted, the first of them by default.
func (p Provider) Metadata(posted []string) ([]byte, error) {
	doc := etree.NewDocument()
	doc.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	us := doc.CreateElement("md:EntityDescriptor")
	us.CreateAttr("xmlns:md", nsMetadata)
	us.CreateAttr("entityID", p.Us)
	sp := us.CreateElement("md:SPSSODescriptor")
	sp.CreateAttr("AuthnRequestsSigned", strconv.FormatBool(p.Key != nil))
	sp.CreateAttr("WantAssertionsSigned", "true")
	sp.CreateAttr("protocolSupportEnumeration", nsProtocol)
	if p.Key != nil {
		p.Key.describe(sp, "signing")
		p.Key.describe(sp, "encryption")
	}
	if p.Number == "" {
		sp.CreateElement("md:NameIDFormat").SetText(persistent)
	}
	for i, address := range posted {
		acs := sp.CreateElement("md:AssertionConsumerService")
		acs.CreateAttr("Binding", postBinding)
		acs.CreateAttr("Location", address)
		acs.CreateAttr("index", strconv.Itoa(i))
		if i == 0 {
			acs.CreateAttr("isDefault", "true")
		}
	}
	text, err := doc.WriteToBytes()
	if err != nil {
		return nil, fmt.Errorf("write metadata: %w", err)
	}
	return text, nil
}

// describe tells of the key for one use.
func (k *Key) describe(sp *etree.Element, use string) {
	d := sp.CreateElement("md:KeyDescriptor")
	d.CreateAttr("use", use)
	info := d.CreateElement("ds:KeyInfo")
	info.CreateAttr("xmlns:ds", nsSignature)
	info.CreateElement("ds:X509Data").CreateElement("ds:X509Certificate").SetText(base64.StdEncoding.EncodeToString(k.Certificate))
	if use == "encryption" {
		for _, method := range []string{gcm256, gcm128, oaep} {
			d.CreateElement("md:EncryptionMethod").CreateAttr("Algorithm", method)
		}
	}
}
