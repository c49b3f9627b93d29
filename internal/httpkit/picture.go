package httpkit

// Picture is a page of a feature as a guide shows it: built by the feature's own
// code from an example, so that it is the page as it is today.
type Picture struct {
	Name string            // what a guide calls it by
	Path string            // the page's address, as in the list of routes
	Mark string            // what the step speaks of: a link by its path, a button or field by name or name=value
	Draw func(c *Ctx) View // nil where the employer does not have the page
}

// Who stands on pictures.
const (
	ExampleName    = "Anna"
	ExampleAddress = "anna@example.com" // a name that is nobody's (RFC 2606)
	ExamplePhone   = "XXX-XXX-8215"
)
