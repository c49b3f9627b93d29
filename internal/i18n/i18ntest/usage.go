package i18ntest

import (
	"maps"
	"slices"
	"strings"

	"tilgang/internal/i18n"
)

// Unused fails for each key that no Go file (tests aside) and no template below roots names as a
// whole string. Keys that the program puts together are excused by prefix; prefixes says why for
// each, and a prefix that excuses nothing fails too.
func Unused(t T, c *i18n.Catalog, prefixes map[string]string, roots ...string) {
	t.Helper()
	found, err := scan(roots)
	if err != nil {
		t.Errorf("%v", err)
		return
	}
	excused := map[string]bool{}
	for _, key := range c.Keys(c.Default()) {
		if found.literals[key] {
			continue
		}
		if prefix, ok := prefixOf(key, prefixes); ok {
			excused[prefix] = true
			continue
		}
		t.Errorf("%q is used nowhere", key)
	}
	for prefix := range prefixes {
		if !excused[prefix] {
			t.Errorf("no key needs the prefix %q (%s)", prefix, prefixes[prefix])
		}
	}
}

func prefixOf(key string, prefixes map[string]string) (string, bool) {
	for prefix := range prefixes {
		if prefix != "" && strings.HasPrefix(key, prefix) {
			return prefix, true
		}
	}
	return "", false
}

// Missing fails for each key that is asked for below roots, by T, N or TMap or as the code of a
// fault, and that the default language lacks.
func Missing(t T, c *i18n.Catalog, roots ...string) {
	t.Helper()
	found, err := scan(roots)
	if err != nil {
		t.Errorf("%v", err)
		return
	}
	for _, key := range slices.Sorted(maps.Keys(found.asked)) {
		if _, ok := c.Text(c.Default(), key); !ok {
			t.Errorf("%s: %q is in no catalogue", found.asked[key], key)
		}
	}
}
