package render

import (
	"regexp"
	"strings"
	"unicode"
)

// address is an http address in running text; it ends before the punctuation
// that ends a sentence or closes a bracket.
var address = regexp.MustCompile(`https?://[^\s<>"'` + "`" + `]*[^\s<>"'` + "`" + `.,;:!?)\]}]`)

// Links gives the http addresses in a text, in order, each as often as it stands there.
func Links(text string) []string { return address.FindAllString(text, -1) }

// span is a piece of running text, a link when URL is set.
type span struct{ Text, URL string }

func spans(text string) []span {
	var found []span
	end := 0
	for _, at := range address.FindAllStringIndex(text, -1) {
		if at[0] > end {
			found = append(found, span{Text: text[end:at[0]]})
		}
		found = append(found, span{Text: text[at[0]:at[1]], URL: text[at[0]:at[1]]})
		end = at[1]
	}
	if end < len(text) {
		found = append(found, span{Text: text[end:]})
	}
	return found
}

// clean makes one line of a value: white space becomes single spaces (a
// no-break space stays), control characters and those that change the writing
// direction (Unicode TR9) are taken out.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029':
			return ' '
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u200e', r == '\u200f', r == '\ufeff':
			return -1
		}
		return r
	}, s)
	return strings.Join(words(s), " ")
}

// words divides at ordinary spaces only.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' })
}

// cleaned is the Doc with every value on one clean line and what is then empty left out.
func (d Doc) cleaned() Doc {
	for _, field := range []*string{
		&d.Subject, &d.Preheader, &d.Heading, &d.Expires, &d.NotYou,
		&d.Support.Heading, &d.Why, &d.NoReply, &d.Brand.Name,
	} {
		*field = clean(*field)
	}
	d.Signature = strings.Join(lines(strings.Split(d.Signature, "\n")), "\n")
	d.Support.Lines = lines(d.Support.Lines)
	if len(d.Support.Lines) == 0 {
		d.Support.Heading = ""
	}
	d.Blocks, d.After = cleanBlocks(d.Blocks), cleanBlocks(d.After)
	return d
}

func cleanBlocks(raw []Block) []Block {
	blocks := make([]Block, 0, len(raw))
	for _, b := range raw {
		if b = cleanBlock(b); b != nil {
			blocks = append(blocks, b)
		}
	}
	return blocks
}

func lines(raw []string) []string {
	var kept []string
	for _, line := range raw {
		if line = clean(line); line != "" {
			kept = append(kept, line)
		}
	}
	return kept
}

// cleanBlock is nil for a block that has nothing to say.
func cleanBlock(b Block) Block {
	switch b := b.(type) {
	case Paragraph:
		if b.Text = clean(b.Text); b.Text != "" {
			return b
		}
	case Button:
		return Button{Label: clean(b.Label), URL: b.URL}
	case Address:
		return Address{Intro: clean(b.Intro), URL: b.URL}
	case Code:
		return Code{Label: clean(b.Label), Value: clean(b.Value)}
	case Facts:
		return cleanFacts(b)
	case List:
		if items := lines(b); len(items) > 0 {
			return List(items)
		}
	}
	return nil
}

func cleanFacts(facts Facts) Block {
	var kept Facts
	for _, f := range facts {
		if f = (Fact{clean(f.Label), clean(f.Value)}); f.Value != "" {
			kept = append(kept, f)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}
