package saml

import (
	"slices"
	"strings"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/russellhaering/goxmldsig/etreeutils"
)

// The algorithms that are taken; the library knows more.
const (
	plain    = string(dsig.CanonicalXML10ExclusiveAlgorithmId)
	envelope = string(dsig.EnvelopedSignatureAltorithmId)
)

func signs() []string {
	return []string{dsig.RSASHA256SignatureMethod, dsig.RSASHA384SignatureMethod, dsig.RSASHA512SignatureMethod}
}

func digests() []string {
	return []string{nsSealed + "sha256", "http://www.w3.org/2001/04/xmldsig-more#sha384", nsSealed + "sha512"}
}

// shaped tells whether a document is one response with one assertion, whose
// signatures stand where they must: what is wrapped in something else is nowhere.
func shaped(root *etree.Element) bool {
	if !is(root, nsProtocol, "Response") {
		return false
	}
	responses, assertions, ids, right := 0, 0, map[string]bool{}, true
	each(root, func(el *etree.Element) {
		switch el.Tag {
		case "Response":
			responses++
		case "Assertion", "EncryptedAssertion":
			assertions++
			right = right && el.Parent() == root && el.NamespaceURI() == nsAssertion
		case "Signature":
			right = right && (el.Parent() == root || el.Parent().Tag == "Assertion") && el.NamespaceURI() == nsSignature
		}
		right = right && named(el, ids)
	})
	return right && responses == 1 && assertions == 1
}

// named tells whether an element's id, where it has one, is no other's before it.
func named(el *etree.Element, ids map[string]bool) bool {
	right := true
	for _, a := range el.Attr {
		if a.Space != "xmlns" && strings.EqualFold(a.Key, "id") {
			right = right && a.Value != "" && !ids[a.Value]
			ids[a.Value] = true
		}
	}
	return right
}

// covered is an element as its own signature covers it, read from the bytes that
// were signed; without a signature it is the element itself, and signed is false.
func (p Provider) covered(el *etree.Element, now time.Time) (found *etree.Element, signed bool, err error) {
	list := children(el, nsSignature, "Signature")
	if len(list) == 0 {
		return el, false, nil
	}
	if len(list) > 1 || !ordinary(list[0], attr(el, "ID")) {
		return nil, false, refuse(WhySignature)
	}
	space, err := etreeutils.NSBuildParentContext(el)
	if err != nil {
		return nil, false, refuse(WhySignature)
	}
	alone, err := etreeutils.NSDetatch(space, el)
	if err != nil {
		return nil, false, refuse(WhySignature)
	}
	check := dsig.NewDefaultValidationContext(&dsig.MemoryX509CertificateStore{Roots: p.Certificates})
	check.Clock = dsig.NewFakeClockAt(now)
	found, err = check.Validate(alone)
	if err != nil || !is(found, el.NamespaceURI(), el.Tag) || attr(found, "ID") != attr(el, "ID") {
		return nil, false, refuse(WhySignature) // the library's words hold what was sent
	}
	return found, true, nil
}

// ordinary tells whether a signature is over the element of an id and nothing
// else, by algorithms of the list.
func ordinary(sig *etree.Element, id string) bool {
	info := only(sig, nsSignature, "SignedInfo")
	ref := only(info, nsSignature, "Reference")
	if id == "" || ref == nil || len(children(sig, nsSignature, "Object")) != 0 || attr(ref, "URI") != "#"+id {
		return false
	}
	algorithm := func(el *etree.Element, tag string) string { return attr(only(el, nsSignature, tag), "Algorithm") }
	return algorithm(info, "CanonicalizationMethod") == plain && slices.Contains(signs(), algorithm(info, "SignatureMethod")) &&
		slices.Contains(digests(), algorithm(ref, "DigestMethod")) && transformed(only(ref, nsSignature, "Transforms"))
}

// transformed wants the two transforms of an enveloped signature (SAML core
// 5.4.4), each once.
func transformed(list *etree.Element) bool {
	var names []string
	for _, t := range children(list, nsSignature, "Transform") {
		names = append(names, attr(t, "Algorithm"))
	}
	return slices.Equal(names, []string{envelope, plain})
}
