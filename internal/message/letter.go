package message

import (
	"fmt"
	"strings"
	"time"

	"tilgang/internal/i18n"
	"tilgang/internal/message/render"
	"tilgang/internal/tenant"
)

// Letter is the frame of every mail of a tenant in the reader's words: look,
// support, signature and the line that answers are not read. portal is the
// origin of the tenant's portal. The employer is named in words: a picture that
// is fetched would tell when the mail is read.
func Letter(words *i18n.Localizer, t *tenant.Tenant, portal string) render.Doc {
	b := t.Branding
	return render.Doc{
		Lang:      words.Lang(),
		Brand:     render.Brand{Name: t.Name, Primary: string(b.Primary), OnPrimary: string(b.OnPrimary), PrimaryInk: string(b.PrimaryInk)},
		Support:   render.Support{Heading: words.T("mail.support.heading"), Lines: supportLines(words, t, portal)},
		Signature: words.T("mail.signature", "Employer", t.Name),
		NoReply:   words.T("mail.no_reply"),
	}
}

func supportLines(words *i18n.Localizer, t *tenant.Tenant, portal string) []string {
	speaks := []string{words.Lang(), t.Languages[0], "en"}
	var lines []string
	for _, topic := range []string{"account", "*"} {
		if whom := t.Support.WhomToAsk[topic].In(speaks...); whom != "" {
			lines = append(lines, whom)
			break
		}
	}
	for _, c := range t.Support.Channels {
		line := channelLine(words, c)
		if note := c.Note.In(speaks...); note != "" {
			line = words.T("mail.support.note", "Line", line, "Note", note)
		}
		lines = append(lines, line)
	}
	if hours := Hours(words, t); hours != "" {
		lines = append(lines, words.T("mail.support.open", "Hours", hours))
	}
	return append(lines, words.T("mail.support.page", "Address", portal+"/help"))
}

func channelLine(words *i18n.Localizer, c tenant.Channel) string {
	switch c.Kind {
	case "phone":
		return words.T("mail.support.phone", "Value", c.Value)
	case "email":
		return words.T("mail.support.email", "Value", c.Value)
	case "chat":
		return words.T("mail.support.chat", "Value", c.Value)
	}
	return words.T("mail.support.web", "Value", c.Value)
}

// Hours sums a week's opening hours up, days with equal hours together:
// "Monday–Friday 08:00–18:00, Saturday 09:00–16:00". Empty when never open.
func Hours(words *i18n.Localizer, t *tenant.Tenant) string {
	var parts []string
	for day := 1; day <= 7; {
		open, last := t.Support.Hours[day%7], day
		for last < 7 && t.Support.Hours[(last+1)%7] == open {
			last++
		}
		if open.Open < open.Close {
			parts = append(parts, days(words, day, last)+" "+timeOfDay(words, open.Open)+"–"+timeOfDay(words, open.Close))
		}
		day = last + 1
	}
	return strings.Join(parts, ", ")
}

func days(words *i18n.Localizer, first, last int) string {
	from := words.Weekday(time.Weekday(first % 7))
	if last == first {
		return from
	}
	return from + "–" + words.Weekday(time.Weekday(last%7))
}

// timeOfDay is a time of day from minutes after midnight, in the reader's way.
func timeOfDay(words *i18n.Localizer, minutes int) string {
	return words.Time(time.Date(2026, time.January, 5, minutes/60, minutes%60, 0, 0, words.Zone()))
}

// When is a moment in the reader's zone with the same in UTC behind it.
func When(words *i18n.Localizer, at time.Time) string {
	layout := "15:04"
	if at.In(words.Zone()).Format(time.DateOnly) != at.UTC().Format(time.DateOnly) {
		layout = "2006-01-02 15:04"
	}
	return fmt.Sprintf("%s (%s UTC)", words.DateTime(at), at.UTC().Format(layout))
}
