package invite

import (
	"strconv"

	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/message"
	"tilgang/internal/tenant"
)

// LetterPage says what a letter is before it is made, or why there is none.
type LetterPage struct {
	httpkit.Base

	Act httpkit.Act // carries how many letters the reader knows of
}

// Template implements httpkit.View.
func (*LetterPage) Template() string { return "invite/letter" }

func (p *Pages) showLetter(c *httpkit.Ctx) error {
	page, err := p.letterPage(c)
	if err != nil {
		return err
	}
	return c.Render(page)
}

// letterPage gives the page with what is planned; a refusal stands on it.
func (p *Pages) letterPage(c *httpkit.Ctx) (*LetterPage, error) {
	id, err := personID(c.Param("id"))
	if err != nil {
		return nil, err
	}
	plan, err := p.service.PlanLetter(c.Context(), id)
	f, known := fault.As(err)
	if err != nil && !known {
		return nil, missing(err)
	}
	page := letterPage(c, "/admin/people/per_"+id.String(), plan)
	if known {
		page.Act.Stop = &httpkit.Notice{Kind: "info", Title: page.T("invite.letter.cannot"), Text: c.Words().TMap(f.Code, f.Args)}
	}
	return page, nil
}

func letterPage(c *httpkit.Ctx, person string, plan LetterPlan) *LetterPage {
	v := &LetterPage{Base: c.Base(), Act: httpkit.Act{Address: person + "/letter", Leave: httpkit.Link{Label: c.T("people.form.leave"), URL: person, Kind: "quiet"}}}
	name, life := plan.Person.Name(), c.Tenant().Invitation.LetterLife
	v.Layout, v.Title, v.Back = httpkit.LayoutConsole, v.T("invite.letter.title", "Name", name), &httpkit.Link{Label: name, URL: person}
	v.Act.Preview = httpkit.Preview{
		Title: v.T("invite.letter.what", "Number", plan.Name), Text: v.T("invite.letter.hand", "Name", plan.Person.GivenName),
		Items: []string{v.T("invite.letter.life", "Life", life), v.T("invite.letter.once"), v.T("invite.letter.shown")},
	}
	if plan.Sent {
		v.Act.Preview.Items = append(v.Act.Preview.Items, v.T("invite.letter.text_dies"))
	}
	if plan.Living != nil {
		v.Act.Living = &httpkit.Notice{
			Kind: "warn", Title: v.T("invite.letter.living", "When", v.Moment(*plan.Living)), Text: v.T("invite.letter.living_text", "Until", v.Moment(*plan.Until)),
		}
	}
	v.Act.Carry = []httpkit.Hidden{{Name: "made", Value: strconv.Itoa(plan.Made)}}
	v.Act.Save = httpkit.Button{Label: v.T("invite.letter.go"), Icon: "download"}
	return v
}

// submitLetter answers with the letter itself: it is nowhere to be had again.
func (p *Pages) submitLetter(c *httpkit.Ctx) error {
	id, err := personID(c.Param("id"))
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	made, err := strconv.Atoi(form.Get("made"))
	if err != nil {
		return fault.New(fault.Invalid, "http.form")
	}
	body, err := p.service.MakeLetter(c.Context(), id, made, func(l Letter) ([]byte, error) { return p.service.set(c.Tenant(), l) })
	if err == nil {
		return c.Attachment(message.PaperName(c.Words(), c.Now().In(c.Tenant().Zone)), "application/pdf", body)
	}
	if f, known := fault.As(err); !known || f.Kind == fault.NotFound {
		return missing(err)
	}
	page, broken := p.letterPage(c)
	if broken != nil {
		return broken
	}
	return c.Invalid(page, err)
}

// set is the letter as a page of paper, in the person's language.
func (s *Service) set(t *tenant.Tenant, l Letter) ([]byte, error) {
	words := s.Messages.WordsFor(l.Person.Language, t)
	body, err := message.Paper(words, t, s.Portal(t), message.Handed{
		Kind: "mail.letter_invite", To: []string{l.Person.Name()}, Given: l.Person.GivenName, Account: l.Name, Code: l.Code, Page: "/invite/code", Made: l.Made, Until: l.Until,
	}).PDF()
	return body, wrap("set the letter", err)
}
