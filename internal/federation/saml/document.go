package saml

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/beevik/etree"
	validator "github.com/mattermost/xml-roundtrip-validator"
)

// decode reads what was posted as one plain document.
func decode(posted string) (*etree.Element, error) {
	if len(posted) > Longest {
		return nil, refuse(WhySize)
	}
	raw, err := base64.StdEncoding.DecodeString(posted)
	if err != nil {
		return nil, refuse(WhyXML)
	}
	return parse(raw)
}

// parse refuses whatever two readers could read in two ways, before the document
// becomes a tree. "<!" begins document types, entities, comments and CDATA; text
// can hold neither it nor "<?" unescaped.
func parse(raw []byte) (*etree.Element, error) {
	raw = undeclared(raw)
	strange := bytes.Contains(raw, []byte("<!")) || bytes.Contains(raw, []byte("<?")) || bytes.IndexByte(raw, 0) >= 0
	if strange || !utf8.Valid(raw) || !bounded(raw) || validator.Validate(bytes.NewReader(raw)) != nil {
		return nil, refuse(WhyXML)
	}
	doc := etree.NewDocument()
	if err := doc.ReadFromBytes(raw); err != nil || doc.Root() == nil || len(doc.ChildElements()) != 1 {
		return nil, refuse(WhyXML)
	}
	return doc.Root(), nil
}

// undeclared takes the XML declaration off a document that says it is UTF-8.
func undeclared(raw []byte) []byte {
	raw = bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf")))
	if !bytes.HasPrefix(raw, []byte("<?xml ")) {
		return raw
	}
	head, rest, _ := bytes.Cut(raw, []byte("?>"))
	if said := bytes.ToLower(head); bytes.Contains(said, []byte("encoding")) && !bytes.Contains(said, []byte("utf-8")) {
		return raw
	}
	return rest
}

// bounded walks the document once without building it: strict, with an end, and
// neither deeper nor bigger than an answer is.
func bounded(raw []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(raw))
	for depth, count := 0, 0; ; {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF):
			return count > 0 && depth == 0
		case err != nil:
			return false
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			count++
			if depth > deepest || count > elements || len(t.Attr) > deepest {
				return false
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if depth == 0 && len(bytes.TrimSpace(t)) > 0 {
				return false
			}
		}
	}
}

// each calls fn for an element and all below it.
func each(el *etree.Element, fn func(*etree.Element)) {
	fn(el)
	for _, child := range el.ChildElements() {
		each(child, fn)
	}
}

func is(el *etree.Element, space, tag string) bool {
	return el != nil && el.Tag == tag && el.NamespaceURI() == space
}

// children are an element's own of a name.
func children(el *etree.Element, space, tag string) (list []*etree.Element) {
	if el == nil {
		return nil
	}
	for _, c := range el.ChildElements() {
		if is(c, space, tag) {
			list = append(list, c)
		}
	}
	return list
}

// only is the one child of a name; nil when there is none or another one too.
func only(el *etree.Element, space, tag string) *etree.Element {
	if list := children(el, space, tag); len(list) == 1 {
		return list[0]
	}
	return nil
}

// said is an element's text; empty where it holds more than text.
func said(el *etree.Element) string {
	if el == nil || len(el.ChildElements()) != 0 {
		return ""
	}
	return strings.TrimSpace(el.Text())
}

// attr is an attribute without a namespace.
func attr(el *etree.Element, name string) string {
	if el == nil {
		return ""
	}
	for _, a := range el.Attr {
		if a.Space == "" && a.Key == name {
			return a.Value
		}
	}
	return ""
}

// moment is an attribute that is a time; ok is false for one that is there and is
// none.
func moment(el *etree.Element, name string) (at time.Time, ok bool) {
	s := attr(el, name)
	if s == "" {
		return time.Time{}, true
	}
	at, err := time.Parse(time.RFC3339Nano, s)
	return at, err == nil
}
