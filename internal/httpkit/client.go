package httpkit

import (
	"net/netip"
	"strings"
)

// ClientIP is the asker's address: the connection's own, or, when that is a
// trusted proxy, the right-most address of X-Forwarded-For that is not one.
// What stands further left was written by whoever asked.
func ClientIP(peer netip.Addr, forwarded string, trusted []netip.Prefix) netip.Addr {
	peer = peer.Unmap()
	if !within(peer, trusted) {
		return peer
	}
	hops := strings.Split(forwarded, ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return peer
		}
		if hop = hop.Unmap(); !within(hop, trusted) {
			return hop
		}
		peer = hop
	}
	return peer
}

func within(a netip.Addr, list []netip.Prefix) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// Network is the part of an address that limits count by: all of an IPv4
// address, the /64 of an IPv6 one, since a household owns that many.
func Network(a netip.Addr) string {
	if a.Is6() && !a.Is4In6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.Unmap().String()
}
