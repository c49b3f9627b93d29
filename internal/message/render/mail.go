package render

// Doc is a mail before it has a form. Empty fields leave nothing behind.
type Doc struct {
	Lang      string // BCP 47, e.g. "da"
	Subject   string
	Preheader string // shown beside the subject in a list of mails; HTML only, and it must say nothing that the mail does not
	Heading   string
	Blocks    []Block

	Expires string  // until when the link works
	NotYou  string  // what to do when it was not the reader
	After   []Block // what goes with NotYou, below it
	Support Support
	// Signature may have several lines, divided by "\n".
	Signature string
	Why       string // why the reader gets it
	NoReply   string // that answers are not read

	Brand Brand
}

// Support says whom to ask.
type Support struct {
	Heading string
	Lines   []string
}

// Brand is how the employer looks. Colours are #rrggbb; the zero value is a
// neutral dark blue.
type Brand struct {
	Name       string
	LogoURL    string // https, http or cid; empty: the name stands in words
	Primary    string // button and links, at least 4.5:1 on white (WCAG 1.4.3)
	OnPrimary  string // text on Primary, at least 4.5:1
	PrimaryInk string // links on the dark scheme, at least 4.5:1 there; empty: a light grey
}

// Block is one part of the body; the types below are all there are.
type Block interface{ block() }

// Paragraph is running text; addresses in it become links.
type Paragraph struct{ Text string }

// Button is the one thing to do.
type Button struct{ Label, URL string }

// Address shows an address in full under a sentence, for copying.
type Address struct{ Intro, URL string }

// Code is something to type: what and where it is, and its value.
type Code struct{ Label, Value string }

// Facts is a small table.
type Facts []Fact

// Fact is one row: what it is and what it says.
type Fact struct{ Label, Value string }

// List is a list of sentences.
type List []string

func (Paragraph) block() {}
func (Button) block()    {}
func (Address) block()   {}
func (Code) block()      {}
func (Facts) block()     {}
func (List) block()      {}
