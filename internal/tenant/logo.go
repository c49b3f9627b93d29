package tenant

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxLogo  = 64 << 10 // bytes
	maxNodes = 2000     // elements: a logo, not a map
	maxDepth = 32
	svgSpace = "http://www.w3.org/2000/svg"
)

// CleanLogo reads an SVG picture of at most 64 KiB by an allow-list and writes
// it anew: shapes, gradients, clips and titles. What could run, load or link
// (scripts, event handlers, styles, outside references, document types) is
// refused with the reason; what editors leave behind in name spaces of their
// own is dropped. Cleaning twice changes nothing.
func CleanLogo(svg []byte) ([]byte, error) {
	if len(svg) > maxLogo {
		return nil, fmt.Errorf("over %d KiB", maxLogo>>10)
	}
	if !utf8.Valid(svg) {
		return nil, errors.New("not UTF-8")
	}
	c := &cleaner{in: xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(svg, []byte("\ufeff"))))}
	if err := c.run(); err != nil {
		return nil, err
	}
	return c.out.Bytes(), nil
}

// cleaner copies allowed tokens from in to out.
type cleaner struct {
	in    *xml.Decoder
	out   bytes.Buffer
	open  []string
	nodes int
}

func (c *cleaner) run() error {
	for {
		token, err := c.in.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("not well-formed XML: %w", err)
		}
		if err := c.token(token); err != nil {
			return err
		}
	}
	if c.nodes == 0 {
		return errors.New("not an SVG picture")
	}
	return nil
}

func (c *cleaner) token(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return c.start(t)
	case xml.EndElement:
		c.open = c.open[:len(c.open)-1]
		c.out.WriteString("</" + t.Name.Local + ">")
	case xml.CharData:
		return c.text(t)
	case xml.Directive:
		return errors.New("a document type or an entity is not allowed")
	case xml.ProcInst:
		if t.Target != "xml" || c.nodes > 0 {
			return errors.New("a processing instruction is not allowed")
		}
	}
	return nil
}

// start writes an element that is allowed where it stands.
func (c *cleaner) start(t xml.StartElement) error {
	if t.Name.Space != svgSpace && c.nodes > 0 || t.Name.Local == "metadata" {
		return c.in.Skip()
	}
	c.nodes++
	switch {
	case (c.nodes == 1) != (t.Name.Local == "svg") || t.Name.Space != svgSpace:
		return fmt.Errorf("<%s> is not allowed here: one <svg xmlns=%q> holds all the rest", t.Name.Local, svgSpace)
	case c.nodes > 1 && len(c.open) == 0:
		return errors.New("something follows the picture")
	case !allowedElement(t.Name.Local):
		return fmt.Errorf("<%s> is not allowed", t.Name.Local)
	case c.nodes > maxNodes || len(c.open) >= maxDepth:
		return fmt.Errorf("over %d elements or %d levels", maxNodes, maxDepth)
	}
	attrs, err := cleanAttributes(t)
	if err != nil {
		return err
	}
	if c.nodes == 1 && !slices.ContainsFunc(attrs, func(a attribute) bool { return a.name == "viewBox" }) {
		return errors.New("<svg> needs a viewBox to be shown in any size")
	}
	c.open = append(c.open, t.Name.Local)
	c.write(t.Name.Local, attrs)
	return nil
}

func (c *cleaner) write(name string, attrs []attribute) {
	c.out.WriteString("<" + name)
	if name == "svg" {
		c.out.WriteString(` xmlns="` + svgSpace + `"`)
	}
	for _, a := range attrs {
		c.out.WriteString(" " + a.name + `="`)
		escape(&c.out, a.value)
		c.out.WriteString(`"`)
	}
	c.out.WriteString(">")
}

// text keeps words of titles and descriptions; elsewhere there may only be space.
func (c *cleaner) text(t xml.CharData) error {
	inside := ""
	if len(c.open) > 0 {
		inside = c.open[len(c.open)-1]
	}
	if inside == "title" || inside == "desc" {
		escape(&c.out, string(t))
		return nil
	}
	if strings.TrimSpace(string(t)) != "" {
		return errors.New("text outside <title> and <desc> is not allowed: turn letters into paths")
	}
	return nil
}

// escape writes s as XML text. A bytes.Buffer does not fail.
func escape(out *bytes.Buffer, s string) { _ = xml.EscapeText(out, []byte(s)) }
