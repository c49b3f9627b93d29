package httpkit_test

import (
	"net/netip"
	"testing"

	"tilgang/internal/httpkit"
)

func TestTheAskersAddressCannotBeForged(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	cases := map[string]struct{ peer, forwarded, want string }{
		"a direct visitor":                          {"203.0.113.7", "", "203.0.113.7"},
		"a direct visitor who claims another":       {"203.0.113.7", "198.51.100.1", "203.0.113.7"},
		"a direct visitor who claims to be a proxy": {"203.0.113.7", "10.0.0.1", "203.0.113.7"},
		"one behind the proxy":                      {"10.0.0.1", "198.51.100.1", "198.51.100.1"},
		"one who wrote the header before the proxy": {"10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"},
		"one who wrote a proxy's address":           {"10.0.0.1", "10.9.9.9, 198.51.100.1", "198.51.100.1"},
		"one behind two proxies":                    {"10.0.0.1", "198.51.100.1, 10.0.0.2", "198.51.100.1"},
		"one behind two, with a forged start":       {"10.0.0.1", "8.8.8.8, 198.51.100.1, 10.0.0.2", "198.51.100.1"},
		"a proxy that says nothing":                 {"10.0.0.1", "", "10.0.0.1"},
		"a proxy that says no address":              {"10.0.0.1", "unknown", "10.0.0.1"},
		"rubbish before a true address":             {"10.0.0.1", "<script>, 198.51.100.1", "198.51.100.1"},
		"rubbish after a true address":              {"10.0.0.1", "198.51.100.1, x", "10.0.0.1"},
		"rubbish between proxies":                   {"10.0.0.1", "198.51.100.1, x, 10.0.0.2", "10.0.0.2"},
		"an address with a port":                    {"10.0.0.1", "198.51.100.1:4711", "10.0.0.1"},
		"only proxies":                              {"10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"},
		"IPv6 behind the proxy":                     {"fd00::1", "2001:db8::7", "2001:db8::7"},
		"IPv4 written as IPv6 from the proxy":       {"::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"},
		"a visitor's IPv4 written as IPv6":          {"::ffff:203.0.113.7", "198.51.100.1", "203.0.113.7"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := httpkit.ClientIP(netip.MustParseAddr(c.peer), c.forwarded, trusted); got.String() != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
	t.Run("nobody is trusted by default", func(t *testing.T) {
		if got := httpkit.ClientIP(netip.MustParseAddr("127.0.0.1"), "198.51.100.1", nil); got.String() != "127.0.0.1" {
			t.Errorf("got %s", got)
		}
	})
}

func TestLimitsCountByNetwork(t *testing.T) {
	for address, want := range map[string]string{
		"198.51.100.1":                "198.51.100.1",
		"::ffff:198.51.100.1":         "198.51.100.1",
		"2001:db8:1:2:3:4:5:6":        "2001:db8:1:2::/64",
		"2001:db8:1:2:ffff::1":        "2001:db8:1:2::/64",
		"2001:db8:1:3::1":             "2001:db8:1:3::/64",
		"fe80::1%eth0":                "fe80::/64",
		"::1":                         "::/64",
		"64:ff9b::198.51.100.1":       "64:ff9b::/64",
		"2002:c633:6401:0:1:2:3:4":    "2002:c633:6401::/64",
		"2001:db8:1:2:aaaa:bbbb:cc:d": "2001:db8:1:2::/64",
	} {
		if got := httpkit.Network(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s counts as %s, want %s", address, got, want)
		}
	}
}
