package place

import (
	"fmt"
	"net/netip"

	"github.com/oschwald/maxminddb-golang/v2"
)

// Book answers for one database; nil knows nothing. It is safe for many
// goroutines.
type Book struct{ reader *maxminddb.Reader }

// Open reads a MaxMind DB file. The file may be replaced by renaming another
// over it; the new one is read at the next start.
func Open(path string) (*Book, error) {
	reader, err := maxminddb.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the places: %w", err)
	}
	return &Book{reader}, nil
}

// Close lets go of the file. No look-up may be under way.
func (b *Book) Close() error {
	if b == nil {
		return nil
	}
	return b.reader.Close()
}

// Country is the ISO 3166-1 alpha-2 code of the country of an address, or of a
// network such as 2001:db8:1:2::/64; empty when that is not known.
func (b *Book) Country(network string) string {
	addr, ok := address(network)
	if b == nil || !ok {
		return ""
	}
	var code string
	if err := b.reader.Lookup(addr).DecodePath(&code, "country", "iso_code"); err != nil || len(code) != 2 {
		return ""
	}
	return code
}

func address(network string) (netip.Addr, bool) {
	if prefix, err := netip.ParsePrefix(network); err == nil {
		return prefix.Addr(), true
	}
	addr, err := netip.ParseAddr(network)
	return addr, err == nil
}
