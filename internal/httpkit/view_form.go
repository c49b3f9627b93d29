package httpkit

import "slices"

// Field is one labelled input, select or textarea. Template: {{template "field" .Email}}.
type Field struct {
	voice

	Name, ID     string // ID is Name when empty
	Type         string // text when empty; email, password, tel, date, number, search, select, textarea
	Label, Hint  string
	Error        string // empty: the page's Errors are asked by Name
	Value        string // never given back for passwords and codes
	Autocomplete string // WHATWG token: username, new-password, one-time-code …
	InputMode    string
	Placeholder  string // only for search; a hint is never a placeholder
	Required     bool
	Optional     bool // says "(optional)" after the label
	Autofocus    bool
	ReadOnly     bool
	HideLabel    bool // the label stays for screen readers
	Reveal       bool // passwords: a show/hide button
	Code         bool // large digits for a one-time code
	Max          int  // most characters; 0: no limit
	Rows         int  // textarea; 4 when 0
	Prefix       string
	Options      []Option
	Rules        []RuleView // password rules beside the field
}

// SentCode takes the digits that somebody was sent or reads off an app; browsers
// that see a text message come offer to fill it in.
func SentCode(label, hint string) Field {
	return Field{
		Name: "code", Label: label, Hint: hint, Code: true, InputMode: "numeric", Autocomplete: "one-time-code",
		Required: true, Autofocus: true, Max: 20,
	}
}

// Option is one choice of a select or of Choices.
type Option struct {
	Value, Label, Hint string
	Selected, Disabled bool
	Tag                *Tag
}

// RuleView is one rule that a new password must meet. Check tells the browser
// how to judge while typing: "min:15", "lower", "upper", "digit", "symbol",
// "symbol_or_digit", "not:anna@example.com"; empty is judged by the server only.
type RuleView struct {
	Text, Check string
	State       string // what the server found: "" (not judged), "met" or "unmet"
}

// Check is one checkbox. Template: {{template "check" .Remember}}.
type Check struct {
	voice

	Name, ID, Value string // Value is "1" when empty
	Label, Hint     string
	Error           string
	Checked         bool
	Required        bool
}

// Choices is a group of radio buttons, or of checkboxes when Many. Template: {{template "choices" .Method}}.
type Choices struct {
	voice

	Name, Legend, Hint, Error string
	HideLegend, Many          bool
	Options                   []Option
}

// Button sends a form. Kind is primary (also when empty), secondary, quiet or danger. Template: {{template "button" .Save}}.
type Button struct {
	Label, Name, Value, Kind string
	Icon                     string
	NoValidate               bool // for Skip and Later: the browser must not ask for the fields
	FormAction               string
}

// Upload is a file field with a drop area. Template: {{template "upload" .File}}.
type Upload struct {
	voice

	Name, ID, Label, Hint, Error string
	Accept                       string // e.g. ".csv,.xlsx"
	Required                     bool
}

// Hidden is a value a form carries along.
type Hidden struct{ Name, Value string }

// FieldID is the input's id.
func (f Field) FieldID() string { return or(f.ID, f.Name) }

// Problem is what is wrong with the field, or empty.
func (f Field) Problem() string { return or(f.Error, f.base.ErrorOf(f.Name)) }

// InputType is the type attribute.
func (f Field) InputType() string { return or(f.Type, "text") }

// DescribedBy lists the ids that describe the input.
func (f Field) DescribedBy() string {
	return described(f.FieldID(), f.Hint != "", f.Problem() != "", len(f.Rules) > 0)
}

// Keeps says whether the browser may keep the typed text as a draft.
func (f Field) Keeps() bool { return f.Type != "password" && !f.Code }

// Lines is a textarea's height.
func (f Field) Lines() int {
	if f.Rows == 0 {
		return 4
	}
	return f.Rows
}

// FieldID is the input's id.
func (c Check) FieldID() string { return or(c.ID, c.Name) }

// Sent is the value that a ticked box sends.
func (c Check) Sent() string { return or(c.Value, "1") }

// Problem is what is wrong with the box, or empty.
func (c Check) Problem() string { return or(c.Error, c.base.ErrorOf(c.Name)) }

// DescribedBy lists the ids that describe the box.
func (c Check) DescribedBy() string {
	return described(c.FieldID(), c.Hint != "", c.Problem() != "", false)
}

// Problem is what is wrong with the choice, or empty.
func (c Choices) Problem() string { return or(c.Error, c.base.ErrorOf(c.Name)) }

// DescribedBy lists the ids that describe the group.
func (c Choices) DescribedBy() string {
	return described(c.Name, c.Hint != "", c.Problem() != "", false)
}

// FieldID is the input's id.
func (u Upload) FieldID() string { return or(u.ID, u.Name) }

// Problem is what is wrong with the file, or empty.
func (u Upload) Problem() string { return or(u.Error, u.base.ErrorOf(u.Name)) }

// DescribedBy lists the ids that describe the file field.
func (u Upload) DescribedBy() string {
	return described(u.FieldID(), u.Hint != "", u.Problem() != "", false)
}

// Chosen is the label of the selected option.
func (f Field) Chosen() string {
	if i := slices.IndexFunc(f.Options, func(o Option) bool { return o.Selected }); i >= 0 {
		return f.Options[i].Label
	}
	return ""
}

func described(id string, hint, problem, rules bool) string {
	s := ""
	for _, p := range []struct {
		on  bool
		end string
	}{{hint, "-hint"}, {problem, "-error"}, {rules, "-rules"}} {
		if !p.on {
			continue
		}
		if s != "" {
			s += " "
		}
		s += id + p.end
	}
	return s
}

func or(s, otherwise string) string {
	if s != "" {
		return s
	}
	return otherwise
}
