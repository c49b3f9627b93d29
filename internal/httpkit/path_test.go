package httpkit_test

import (
	"strings"
	"testing"

	"tilgang/internal/httpkit"
)

func TestOnlyAPathOfThisHostIsFollowed(t *testing.T) {
	for _, evil := range []string{
		"", "evil", "//evil.test", "///evil.test", `/\evil.test`, `\\evil.test`, `/\/evil.test`, "/\t/evil.test", "\t//evil.test", " //evil.test",
		"https:evil.test", "https://evil.test", "http:/evil.test", "HTTPS://evil.test", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x",
		"/%2f%2fevil.test", "/%2F%2fevil.test", "/%2fevil.test", "/%5cevil.test", "/%5Cevil.test", "/a%5c..%5cb",
		"/ok\r\nSet-Cookie: a=b", "/ok\nLocation: //evil.test", "/%0d%0aSet-Cookie:a=b", "/%0aevil", "/%09/evil.test", "/ok\x00", "/ok\x7f", "/a b",
		"/%zz", "//user@evil.test", "//user:password@havn.test/", "?q=//evil.test", "#x", "..", "./home", "mailto:a@b.test",
		"/" + strings.Repeat("a", 2000),
	} {
		if got := httpkit.OwnPath(evil, "/home"); got != "/home" {
			t.Errorf("%q leads to %q", evil, got)
		}
	}
	for _, own := range []string{
		"/", "/security", "/admin/people?q=%C3%A6&state=active&after=x", "/profile#phone", "/a//b", "/invite/abc_-DEF",
		"/signin?return_to=https%3A%2F%2Fevil.test", "/æøå", "/%C3%A6", "/a:b", "/" + strings.Repeat("a", 1999),
	} {
		if got := httpkit.OwnPath(own, "/home"); got != own {
			t.Errorf("%q is refused, got %q", own, got)
		}
	}
}
