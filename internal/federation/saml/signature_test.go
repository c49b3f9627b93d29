package saml

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"strings"
	"testing"

	dsig "github.com/russellhaering/goxmldsig"

	"tilgang/internal/federation/relying"
)

// evil is an assertion of the attacker's own.
func evil(t *testing.T) string {
	t.Helper()
	return swap(t, assertion, `ID="_a1"`, `ID="_evil"`, "sub-1", "evil", "131052-308T", "evil")
}

func TestWhatNobodySignedIsRefused(t *testing.T) {
	w := setUp(t)
	signed := w.sign(w.signer, assertion)
	cut := func(text, from, to string) string {
		a, b := strings.Index(text, from), strings.Index(text, to)+len(to)
		return text[:a] + text[b:]
	}
	sha1 := func(c *dsig.SigningContext) { _ = c.SetSignatureMethod(dsig.RSASHA1SignatureMethod) }
	inclusive := func(c *dsig.SigningContext) { c.Canonicalizer = dsig.MakeC14N10RecCanonicalizer() }
	comments := func(c *dsig.SigningContext) {
		c.Canonicalizer = dsig.MakeC14N10ExclusiveWithCommentsCanonicalizerWithPrefixList("")
	}
	for name, text := range map[string]string{
		"nobody's":                         around(assertion),
		"another key's":                    around(w.sign(w.other, assertion)),
		"another key's, in the shell":      w.sign(w.other, around(assertion)),
		"a good shell, a bad assertion":    w.sign(w.signer, around(w.sign(w.other, assertion))),
		"a bad shell, a good assertion":    w.sign(w.other, around(signed)),
		"changed afterwards":               around(swap(t, signed, "sub-1", "evil")),
		"the shell changed afterwards":     swap(t, w.sign(w.signer, around(assertion)), "sub-1", "evil"),
		"a signature that says nothing":    around(cut(signed, "<ds:SignatureValue>", "</ds:SignatureValue>")),
		"without what is signed":           around(cut(signed, "<ds:SignedInfo>", "</ds:SignedInfo>")),
		"a signature over all":             around(swap(t, signed, `URI="#_a1"`, `URI=""`)),
		"a signature over another id":      around(swap(t, signed, `URI="#_a1"`, `URI="#_r1"`)),
		"a reference to whatever it is in": around(w.signWith(w.signer, assertion, func(c *dsig.SigningContext) { c.IdAttribute = "Other" })),
		"two references":                   around(swap(t, signed, "<ds:Reference ", `<ds:Reference URI="#_a1"/><ds:Reference `)),
		"SHA-1":                            around(w.signWith(w.signer, assertion, sha1)),
		"a canonical form with comments":   around(w.signWith(w.signer, assertion, comments)),
		"a canonical form with neighbour":  around(w.signWith(w.signer, assertion, inclusive)),
	} {
		t.Run(name, func(t *testing.T) {
			w.T = t
			w.refused(text, WhySignature)
		})
	}
	t.Run("a certificate that has ended", func(t *testing.T) {
		w.T = t
		late := *w
		late.now = start.AddDate(2, 0, 0)
		late.refused(w.sign(w.signer, around(assertion)), WhySignature)
	})
}

// The ways of wrapping a good signature around a bad assertion (XSW1 to XSW8 of
// the literature, and the second assertion of CVE-2022-41912).
func TestAWrappedSignatureIsRefused(t *testing.T) {
	w := setUp(t)
	signed, bad := w.sign(w.signer, assertion), evil(t)
	whole := w.sign(w.signer, around(assertion))
	wrapped := func(inner string) string { return strings.ReplaceAll(inner, "@", "") }
	outer := swap(t, around(bad), `ID="_r1"`, `ID="_evil-r"`)
	sig := signed[strings.Index(signed, "<ds:Signature "):strings.Index(signed, "</ds:Signature>")] + "</ds:Signature>"
	bare := strings.Replace(signed, sig, "", 1)
	in := func(text, part string) string {
		return strings.Replace(text, "</saml:Assertion>", part+"</saml:Assertion>", 1)
	}
	for name, text := range map[string]string{
		"a response in a response's signature": strings.Replace(outer, "</samlp:Response>", strings.Replace(sig, "</ds:Signature>", "<ds:Object>"+whole+"</ds:Object></ds:Signature>", 1)+"</samlp:Response>", 1),
		"a response beside the signature":      strings.Replace(outer, "</samlp:Response>", whole+"</samlp:Response>", 1),
		"a response in the extensions":         strings.Replace(outer, "<samlp:Status>", "<samlp:Extensions>"+whole+"</samlp:Extensions><samlp:Status>", 1),
		"the bad one first":                    around(bad + signed),
		"the bad one last":                     around(signed + bad),
		"the good one in the bad one":          around(in(bad, signed)),
		"the good one in advice":               around(in(bad, "<saml:Advice>"+signed+"</saml:Advice>")),
		"the good one in the bad signature":    around(in(bad, strings.Replace(sig, "</ds:Signature>", "<ds:Object>"+bare+"</ds:Object></ds:Signature>", 1))),
		"the bad one in the good signature":    around(strings.Replace(signed, "</ds:Signature>", "<ds:Object>"+bad+"</ds:Object></ds:Signature>", 1)),
		"the good one in the extensions":       strings.Replace(around(bad), "<samlp:Status>", "<samlp:Extensions>"+signed+"</samlp:Extensions><samlp:Status>", 1),
		"one id for both":                      around(signed + swap(t, bad, "_evil", "_a1")),
		"the shell has the assertion's id":     swap(t, around(signed), `ID="_r1"`, `ID="_a1"`),
		"in another namespace":                 around(swap(t, wrapped(bad), "urn:oasis:names:tc:SAML:2.0:assertion", "urn:evil") + signed),
		"a second copy of the good one":        around(signed + signed),
		"no assertion":                         around(""),
	} {
		t.Run(name, func(t *testing.T) {
			w.T = t
			w.refused(text, WhyShape)
		})
	}
	t.Run("the good signature on the bad one", func(t *testing.T) {
		w.T = t
		w.refused(around(in(bad, sig)), WhySignature)
		w.refused(around(in(swap(t, bad, "_evil", "_a1"), sig)), WhySignature)
	})
}

func TestADocumentIsPlainOrRefused(t *testing.T) {
	w := setUp(t)
	good := around(w.sign(w.signer, assertion))
	for name, text := range map[string]string{
		"a comment in the name":        swap(t, good, ">sub-1<", ">sub-1<!-- -->.evil<"),
		"a comment":                    swap(t, good, "<samlp:Status>", "<!-- --><samlp:Status>"),
		"CDATA":                        swap(t, good, ">sub-1<", "><![CDATA[sub-1]]><"),
		"a processing instruction":     swap(t, good, ">sub-1<", "><?evil x?>sub-1<"),
		"a document type":              `<!DOCTYPE x>` + good,
		"an entity":                    `<!DOCTYPE x [<!ENTITY a "sub-2">]>` + swap(t, good, ">sub-1<", ">&a;<"),
		"a file":                       `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>` + swap(t, good, ">sub-1<", ">&a;<"),
		"entities without end":         `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>` + swap(t, good, ">sub-1<", ">&b;<"),
		"an entity that is not there":  swap(t, good, ">sub-1<", ">&sub;<"),
		"in another encoding":          `<?xml version="1.0" encoding="UTF-16"?>` + good,
		"a zero byte":                  swap(t, good, ">sub-1<", ">sub\x00-1<"),
		"letters that are none":        swap(t, good, ">sub-1<", ">sub\xff-1<"),
		"two documents":                good + good,
		"something behind it":          good + "evil",
		"cut off":                      good[:len(good)-10],
		"nothing":                      "",
		"deep":                         swap(t, good, "<samlp:Status>", strings.Repeat("<x>", 5000)+strings.Repeat("</x>", 5000)+"<samlp:Status>"),
		"wide":                         swap(t, good, "<samlp:Status>", strings.Repeat("<x/>", 5000)+"<samlp:Status>"),
		"an element with many marks":   swap(t, good, "<samlp:Status>", "<samlp:Status "+many()+">"),
		"a thing that is no document":  "sub-1",
		"a page of the World Wide Web": "<html><body><p>Sign in</body></html>",
	} {
		t.Run(name, func(t *testing.T) {
			w.T = t
			w.refused(text, WhyXML)
		})
	}
}

func many() string {
	var b strings.Builder
	for i := range 40 {
		b.WriteString(" a" + strings.Repeat("b", i) + `="1"`)
	}
	return b.String()
}

// Nothing is ever unpacked: what is packed is no document.
func TestHowMuchIsRead(t *testing.T) {
	w := setUp(t)
	var packed bytes.Buffer
	f, _ := flate.NewWriter(&packed, flate.BestCompression)
	_, _ = f.Write(bytes.Repeat([]byte("<x/>"), 8<<20))
	_ = f.Close()
	if _, err := w.us.Read(base64.StdEncoding.EncodeToString(packed.Bytes()), w.now); relying.Why(err) != WhyXML {
		t.Errorf("a bomb: %v", err)
	}
	if _, err := w.us.Read(strings.Repeat("A", Longest+1), w.now); relying.Why(err) != WhySize {
		t.Errorf("too long: %v", err)
	}
	if _, err := w.us.Read("no base64!", w.now); relying.Why(err) != WhyXML {
		t.Errorf("no base64: %v", err)
	}
}
