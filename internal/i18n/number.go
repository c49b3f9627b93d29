package i18n

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Number is a whole number with its thousands set apart as the language does.
func (l *Localizer) Number(n int) string {
	digits := strconv.Itoa(n)
	if n < l.grammar.groupFrom && n > -l.grammar.groupFrom {
		return digits
	}
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	head := (len(digits)-1)%3 + 1
	var b strings.Builder
	b.WriteString(sign + digits[:head])
	for ; head < len(digits); head += 3 {
		b.WriteString(l.grammar.thousands + digits[head:head+3])
	}
	return b.String()
}

// Duration is a length of time in its largest units, such as "10 minutes", "24 hours",
// "1 hour and 30 minutes"; days from 48 hours on; whole seconds, the sign is dropped.
func (l *Localizer) Duration(d time.Duration) string {
	d = d.Abs().Round(time.Second)
	g := l.grammar
	var parts []string
	take := func(unit time.Duration, words forms) {
		if n := int(d / unit); n > 0 {
			parts = append(parts, l.counted(words, n))
			d -= time.Duration(n) * unit
		}
	}
	if d >= 48*time.Hour {
		take(24*time.Hour, g.days)
	}
	take(time.Hour, g.hours)
	take(time.Minute, g.minutes)
	take(time.Second, g.seconds)
	if len(parts) == 0 {
		return l.counted(g.seconds, 0)
	}
	return l.List(parts)
}

// List joins items as in a sentence: "a, b and c".
func (l *Localizer) List(items []string) string {
	if len(items) == 0 {
		return ""
	}
	last := len(items) - 1
	if last == 0 {
		return items[0]
	}
	return strings.Join(items[:last], ", ") + " " + l.grammar.and + " " + items[last]
}

// LanguageName is a language's name in that language, for the language switch; an unknown code
// is returned as it is.
func (l *Localizer) LanguageName(code string) string {
	if g := grammarOf(code); g.tag.String() == code {
		return g.name
	}
	return code
}

// Spoken keeps those of the codes that have texts: an employer may name a language before it is
// written, and no page promises it until then.
func (l *Localizer) Spoken(codes []string) []string {
	return slices.DeleteFunc(slices.Clone(codes), func(code string) bool { return !l.catalog.Has(code) })
}

func (l *Localizer) counted(words forms, n int) string {
	return strings.Replace(words.of(l.grammar.tag, n), "{n}", l.Number(n), 1)
}
