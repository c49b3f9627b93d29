package httpkit

// Act is a form of one button that says beforehand what it does, or why it cannot
// be done: then there is no form. The part is "act".
type Act struct {
	Address string  // where the form goes
	Living  *Notice // what an earlier one still does
	Preview Preview
	Stop    *Notice
	Carry   []Hidden
	Save    Button
	Leave   Link
}
