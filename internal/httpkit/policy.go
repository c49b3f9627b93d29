package httpkit

import "strings"

// Allow adds sources to a directive of this answer's Content-Security-Policy, for
// the few pages that load something of another host. A directive that is not
// there yet is added.
func (c *Ctx) Allow(directive string, sources ...string) {
	const header = "Content-Security-Policy"
	parts := strings.Split(string(c.fiber.Response().Header.Peek(header)), "; ")
	for i, part := range parts {
		if name, _, _ := strings.Cut(part, " "); name == directive {
			parts[i] = part + " " + strings.Join(sources, " ")
			c.fiber.Set(header, strings.Join(parts, "; "))
			return
		}
	}
	c.fiber.Set(header, strings.Join(append(parts, directive+" "+strings.Join(sources, " ")), "; "))
}
