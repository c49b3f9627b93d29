package place_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"

	"tilgang/internal/place"
)

// file writes a database in which two networks lie in two countries.
func file(t *testing.T) string {
	t.Helper()
	tree, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: "Country", IncludeReservedNetworks: true})
	if err != nil {
		t.Fatal(err)
	}
	for cidr, code := range map[string]string{"198.51.100.0/24": "NO", "2001:db8:1::/48": "SE", "203.0.113.0/24": "nonsense"} {
		_, network, _ := net.ParseCIDR(cidr)
		data := mmdbtype.Map{"country": mmdbtype.Map{"iso_code": mmdbtype.String(code)}}
		if err := tree.Insert(network, data); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "country.mmdb")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tree.WriteTo(out); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCountry(t *testing.T) {
	book, err := place.Open(file(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	for network, want := range map[string]string{
		"198.51.100.7":         "NO",
		"2001:db8:1:2::/64":    "SE",
		"2001:db8:1:2::77":     "SE",
		"192.0.2.1":            "",
		"203.0.113.9":          "",
		"":                     "",
		"not an address":       "",
		"198.51.100.7, 192.0.": "",
	} {
		if got := book.Country(network); got != want {
			t.Errorf("%q: %q, want %q", network, got, want)
		}
	}
}

func TestWithoutABookNothingIsKnown(t *testing.T) {
	var none *place.Book
	if got := none.Country("198.51.100.7"); got != "" || none.Close() != nil {
		t.Errorf("%q", got)
	}
}

func TestAFileThatIsNoBookIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.mmdb")
	if err := os.WriteFile(path, []byte("no database"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := place.Open(path); err == nil {
		t.Error("it was taken")
	}
}
