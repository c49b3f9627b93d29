package walk_test

// page is what somebody has open: a tab of Chromium, or what the server sent to a
// browser that draws nothing.
type page interface {
	Goto(address string)
	Press(button string)
	PressIn(within, button string)
	Click(link string)
	ClickIn(within, link string)
	Fill(name, value string)
	Check(name string, value ...string)
	Uncheck(name string, value ...string)
	Upload(name, path string)

	URL() string
	Status() int
	HTML() string
	Text() string
	Has(words string) bool
	Value(name string) string
	Texts(selector string) []string
}

// text is the words of the first element that a selector matches.
func text(p page, selector string) string {
	if list := p.Texts(selector); len(list) > 0 {
		return list[0]
	}
	return ""
}
