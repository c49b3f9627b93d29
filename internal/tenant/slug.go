package tenant

import (
	"regexp"
	"slices"
)

var slugPattern = regexp.MustCompile(`^[a-z][a-z0-9-]{1,30}$`)

// ValidSlug says whether s can be a tenant's host label: 2 to 31 characters of
// [a-z0-9-], a letter first, no reserved word. A trailing hyphen is refused,
// since no host label may end in one (RFC 1123 2.1).
func ValidSlug(s string) bool {
	return slugPattern.MatchString(s) && s[len(s)-1] != '-' && !slices.Contains(reservedSlugs(), s)
}

// reservedSlugs are the hosts that the platform itself uses below its base.
func reservedSlugs() []string { return []string{"alumni", "eid", "www", "api", "practice"} }

// HostOf is the host of a tenant's portal below base, port included if base has one.
func HostOf(slug, base string) string { return slug + "." + base }

// AlumniHostOf is the host of a tenant's alumni portal below base.
func AlumniHostOf(slug, base string) string { return "alumni." + HostOf(slug, base) }
