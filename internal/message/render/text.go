package render

import (
	"strings"
	"unicode/utf8"
)

// columns is where text is wrapped, so that it survives being quoted in an answer.
const columns = 72

// Text is the plain form of d, lines ending in LF.
func Text(d Doc) string {
	d = d.cleaned()
	p := &page{}
	p.Grow(2 << 10)
	p.paragraph(d.Brand.Name)
	if d.Heading != "" {
		heading := wrap(d.Heading)
		p.add(heading + "\n" + strings.Repeat("=", longest(heading)))
	}
	p.blocks(d.Blocks)
	p.paragraph(d.Expires)
	p.paragraph(d.NotYou)
	p.blocks(d.After)
	p.support(d.Support)
	p.add(wrapLines(strings.Split(d.Signature, "\n")))
	if d.Why != "" || d.NoReply != "" {
		p.add(strings.Repeat("-", 24))
	}
	p.paragraph(d.Why)
	p.paragraph(d.NoReply)
	return p.String() + "\n"
}

// page gathers parts with an empty line between them.
type page struct{ strings.Builder }

func (p *page) add(part string) {
	if part == "" {
		return
	}
	if p.Len() > 0 {
		p.WriteString("\n\n")
	}
	p.WriteString(part)
}

func (p *page) paragraph(s string) { p.add(wrap(s)) }

func (p *page) blocks(list []Block) {
	for i, b := range list {
		p.block(b, list[i+1:])
	}
}

func (p *page) block(b Block, rest []Block) {
	switch b := b.(type) {
	case Paragraph:
		p.paragraph(b.Text)
	case Button:
		p.button(b, rest)
	case Address:
		p.add(under(b.Intro, b.URL))
	case Code:
		p.add(under(b.Label, "    "+b.Value))
	case Facts:
		p.facts(b)
	case List:
		p.list(b)
	}
}

// button leaves its address to the Address that follows it, if there is one.
func (p *page) button(b Button, rest []Block) {
	label := wrap("→ " + b.Label)
	for _, next := range rest {
		if a, ok := next.(Address); ok && a.URL == b.URL {
			p.add(label)
			return
		}
	}
	p.add(label + "\n" + b.URL)
}

func (p *page) facts(facts Facts) {
	rows := make([]string, len(facts))
	for i, f := range facts {
		rows[i] = hang("", f.Label+": "+f.Value)
	}
	p.add(strings.Join(rows, "\n"))
}

func (p *page) list(items List) {
	rows := make([]string, len(items))
	for i, item := range items {
		rows[i] = hang("• ", item)
	}
	p.add(strings.Join(rows, "\n"))
}

func (p *page) support(s Support) {
	if len(s.Lines) == 0 {
		return
	}
	p.add(strings.TrimPrefix(wrap(s.Heading)+"\n"+wrapLines(s.Lines), "\n"))
}

func under(sentence, value string) string {
	if sentence == "" {
		return value
	}
	return wrap(sentence) + "\n" + value
}

func wrap(s string) string { return hang("", s) }

func wrapLines(lines []string) string {
	wrapped := make([]string, len(lines))
	for i, line := range lines {
		wrapped[i] = wrap(line)
	}
	return strings.Join(wrapped, "\n")
}

// hang wraps s behind a sign, later lines set in by the sign's width. A word
// longer than a line, such as an address, stands alone and whole.
func hang(sign, s string) string {
	var b strings.Builder
	indent := utf8.RuneCountInString(sign)
	b.WriteString(sign)
	used := indent
	for i, word := range words(s) {
		width := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case used+1+width > columns:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			used = indent
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += width
	}
	return b.String()
}

func longest(s string) int {
	most := 0
	for line := range strings.SplitSeq(s, "\n") {
		most = max(most, utf8.RuneCountInString(line))
	}
	return most
}
