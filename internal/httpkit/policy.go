package httpkit

import "strings"

// Allow adds sources to a directive of this answer's Content-Security-Policy, for
// the few pages that load something of another host. A directive that is not
// there yet is added.
func (c *Ctx) Allow(directive string, sources ...string) {
	parts := strings.Split(string(c.fiber.Response().Header.Peek(policyHeader)), "; ")
	for i, part := range parts {
		if name, _, _ := strings.Cut(part, " "); name == directive {
			parts[i] = part + " " + strings.Join(sources, " ")
			c.fiber.Set(policyHeader, strings.Join(parts, "; "))
			return
		}
	}
	c.fiber.Set(policyHeader, strings.Join(append(parts, directive+" "+strings.Join(sources, " ")), "; "))
}

const policyHeader = "Content-Security-Policy"

// Apart makes a view that is not this answer, such as one that is drawn as a
// picture: what it would load of other hosts this answer may not.
func (c *Ctx) Apart(make func(*Ctx) View) View {
	before := string(c.fiber.Response().Header.Peek(policyHeader))
	defer c.fiber.Set(policyHeader, before)
	return make(c)
}
