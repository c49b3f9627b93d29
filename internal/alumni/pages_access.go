package alumni

import (
	"github.com/google/uuid"

	"tilgang/internal/fault"
	"tilgang/internal/httpkit"
	"tilgang/internal/people"
)

// AccessPage prolongs one person's access to what an employment left.
type AccessPage struct {
	httpkit.Base

	Address string
	Wish    *httpkit.Notice
	Job     httpkit.Choices
	Until   httpkit.Field
	Preview httpkit.Preview
	Save    httpkit.Button
	Leave   httpkit.Link
	Decline *httpkit.Button
	None    *httpkit.EmptyState // no employment has a last day
}

// Template implements httpkit.View.
func (*AccessPage) Template() string { return "alumni/access" }

func (p *Pages) showAccess(c *httpkit.Ctx) error {
	who, err := p.person(c)
	if err != nil {
		return err
	}
	return c.Render(access(c, who, c.Query("job"), ""))
}

func (p *Pages) person(c *httpkit.Ctx) (Person, error) {
	id, err := idOf(c.Param("id"))
	if err != nil {
		return Person{}, err
	}
	return p.svc.Look(c.Context(), id)
}

func access(c *httpkit.Ctx, who Person, job, until string) *AccessPage {
	v := &AccessPage{Base: c.Base(), Address: address(who.Person.ID)}
	v.Layout, v.Title, v.Lead = httpkit.LayoutConsole, v.T("alumni.access.title", "Name", who.Person.Name()), v.T("alumni.access.lead")
	v.Back = &httpkit.Link{Label: who.Person.Name(), URL: personAddress(who.Person.ID)}
	if who.Wish.Open() {
		v.Wish = &httpkit.Notice{Kind: "info", Title: v.T("alumni.access.wish", "Name", who.Person.GivenName), Text: v.T("alumni.access.wish_text", "When", v.Moment(who.Wish.CreatedAt))}
		v.Decline = &httpkit.Button{Label: v.T("alumni.access.decline"), Kind: "secondary"}
	}
	jobs := who.Ended()
	if len(jobs) == 0 {
		v.None = &httpkit.EmptyState{Icon: "work", Title: v.T("alumni.access.none"), Text: v.T("alumni.access.none_text")}
		return v
	}
	v.Job = httpkit.Choices{Name: "job", Legend: v.T("alumni.access.job"), Options: options(c, &v.Base, jobs, job)}
	v.Until = httpkit.Field{Name: "until", Type: "date", Label: v.T("alumni.access.until"), Hint: v.T("alumni.access.until_hint"), Value: until, Required: true, Autocomplete: "off"}
	v.Preview = httpkit.Preview{Kind: "info", Title: v.T("alumni.access.preview"), Items: []string{v.T("alumni.access.sees", "Name", who.Person.GivenName), v.T("alumni.access.told", "Name", who.Person.GivenName)}}
	v.Save = httpkit.Button{Label: v.T("alumni.access.save")}
	v.Leave = httpkit.Link{Label: v.T("people.form.leave"), URL: personAddress(who.Person.ID), Kind: "quiet"}
	return v
}

// options are the employments, the chosen one or the newest ticked.
func options(c *httpkit.Ctx, b *httpkit.Base, jobs []people.Job, chosen string) (list []httpkit.Option) {
	ticked := false
	for _, j := range jobs {
		o := httpkit.Option{
			Value: j.ID.String(), Label: title(j), Selected: j.ID.String() == chosen,
			Hint: b.T("alumni.access.now", "End", people.DateWords(c, j.EndDate), "Until", people.DateWords(c, j.Until)),
		}
		ticked = ticked || o.Selected
		list = append(list, o)
	}
	list[0].Selected = list[0].Selected || !ticked
	return list
}

func title(j people.Job) string {
	if j.JobTitle == "" {
		return j.Employer.Name
	}
	return j.JobTitle + " · " + j.Employer.Name
}

func (p *Pages) submitAccess(c *httpkit.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	who, err := p.person(c)
	if err != nil {
		return err
	}
	job, _ := uuid.Parse(form.Get("job"))
	changed, err := p.svc.Prolong(c.Context(), who.Person.ID, job, form.Get("until"))
	switch {
	case err != nil:
		return p.refused(c, who, form, err)
	case changed:
		c.Flash("ok", "alumni.access.done")
	default:
		c.Flash("info", "alumni.access.same")
	}
	return c.Redirect(personAddress(who.Person.ID))
}

func (p *Pages) submitDecline(c *httpkit.Ctx) error {
	who, err := p.person(c)
	if err != nil {
		return err
	}
	err = p.svc.Decline(c.Context(), who.Person.ID)
	if f, known := fault.As(err); known && f.Kind == fault.Conflict {
		c.Flash("info", f.Code)
		return c.Redirect(boardAddress)
	}
	if err != nil {
		return p.refused(c, who, nil, err)
	}
	c.Flash("ok", "alumni.access.declined")
	return c.Redirect(boardAddress)
}

// refused shows the form again with what was typed.
func (p *Pages) refused(c *httpkit.Ctx, who Person, form *httpkit.Form, err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return err
	}
	job, until := "", ""
	if form != nil {
		job, until = form.Get("job"), form.Get("until")
	}
	return c.Invalid(access(c, who, job, until), err)
}
