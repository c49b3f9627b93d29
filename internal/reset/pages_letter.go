package reset

import (
	"errors"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"tilgang/internal/account"
	"tilgang/internal/db"
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
func (*LetterPage) Template() string { return "reset/letter" }

// LetterCodePage takes the number and the code of a letter.
type LetterCodePage struct {
	httpkit.Base

	Number httpkit.Field
	Code   httpkit.Field
}

// Template implements httpkit.View.
func (*LetterCodePage) Template() string { return "reset/lettercode" }

func (p *Pages) showLetter(c *httpkit.Ctx) error {
	page, err := p.letterPage(c)
	if err != nil {
		return err
	}
	return c.Render(page)
}

func letterFor(c *httpkit.Ctx) (uuid.UUID, error) {
	text := strings.TrimPrefix(c.Param("id"), "per_")
	id, err := uuid.Parse(text)
	if err != nil || len(text) != 36 {
		return uuid.Nil, nowhere()
	}
	return id, nil
}

func nowhere() error { return fault.New(fault.NotFound, "http.not_found") }

func missing(err error) error {
	if errors.Is(err, db.ErrNotFound) {
		return nowhere()
	}
	return err
}

// letterPage is the page with what is planned; a refusal stands on it.
func (p *Pages) letterPage(c *httpkit.Ctx) (*LetterPage, error) {
	id, err := letterFor(c)
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
	v := &LetterPage{Base: c.Base(), Act: httpkit.Act{Address: person + "/password-letter", Leave: httpkit.Link{Label: c.T("people.form.leave"), URL: person, Kind: "quiet"}}}
	name, life := plan.Person.Name(), c.Tenant().Invitation.LetterLife
	v.Layout, v.Title, v.Back = httpkit.LayoutConsole, v.T("reset.letter.title", "Name", name), &httpkit.Link{Label: name, URL: person}
	v.Act.Preview = httpkit.Preview{
		Kind: "warn", Title: v.T("reset.letter.what", "Number", plan.Name), Text: v.T("reset.letter.hand", "Name", plan.Person.GivenName),
		Items: []string{v.T("invite.letter.life", "Life", life), v.T("invite.letter.once"), v.T("invite.letter.shown"), v.T("reset.letter.factor"), v.T("reset.letter.told")},
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
	id, err := letterFor(c)
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
		Kind: "mail.letter_reset", To: []string{l.Person.Name()}, Given: l.Person.GivenName, Account: l.Name, Code: l.Code, Page: "/reset/letter", Made: l.Made, Until: l.Until,
	}).PDF()
	return body, wrap("set the letter", err)
}

func (p *Pages) showLetterCode(c *httpkit.Ctx) error {
	if !c.Tenant().Invitation.Letters() {
		return c.Redirect("/reset")
	}
	return c.Render(letterCodePage(c, ""))
}

func (p *Pages) submitLetterCode(c *httpkit.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	token, err := p.service.ByLetter(c.Context(), form.Get("email"), form.Get("code"), c.Network())
	if err != nil {
		return c.Invalid(letterCodePage(c, form.Get("email")), err)
	}
	if err := p.keep(c, token); err != nil {
		return err
	}
	return c.Redirect("/reset/password")
}

func letterCodePage(c *httpkit.Ctx, typed string) *LetterCodePage {
	v := &LetterCodePage{Base: c.Base()}
	v.Title, v.Lead = v.T("reset.lettercode.title"), v.T("reset.lettercode.lead")
	v.Back = &httpkit.Link{Label: v.T("reset.to_signin"), URL: "/signin"}
	v.Number = account.NameField(c, typed)
	v.Number.Label, v.Number.Hint = v.T("mail.letter.number"), ""
	v.Code = httpkit.Field{Name: "code", Label: v.T("mail.letter.code"), Hint: v.T("invite.code.hint"), Code: true, Autocomplete: "off", Required: true, Max: 30}
	return v
}
