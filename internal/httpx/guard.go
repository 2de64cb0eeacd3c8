package httpx

import (
	"fmt"
	"net/netip"
)

// AddressError is a connection to an address that is not allowed.
type AddressError struct {
	Addr    netip.Addr
	Private bool // private addresses are allowed, and this one is not even so
}

// Error names the address.
func (e *AddressError) Error() string { return fmt.Sprintf("address %s is not public", e.Addr) }

// Guard decides which addresses may be connected to. It is asked once a name is
// resolved, at each connection, so neither a redirect nor a name that changes
// its address gets past it.
type Guard struct {
	// AllowPrivate lets loopback and private networks through. Link-local
	// addresses, where clouds keep their secrets, stay refused.
	AllowPrivate bool
}

// Check returns an *AddressError for an address that may not be connected to.
func (g Guard) Check(addr netip.Addr) error {
	addr = addr.Unmap().WithZone("")
	local := addr.IsLoopback() || addr.IsPrivate()
	if local && g.AllowPrivate {
		return nil
	}
	if local || !addr.IsValid() || !addr.IsGlobalUnicast() || reserved(addr) {
		return &AddressError{addr, g.AllowPrivate}
	}
	if inner, ok := embedded(addr); ok {
		return g.Check(inner)
	}
	return nil
}

// notPublic are ranges that netip counts as global unicast, and are not public
// (the IANA special-purpose registries).
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // shared by carriers
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), // documentation
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), // benchmarks
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b:1::/48"), // local translation
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"), // Teredo and other protocol use
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("3fff::/20"),
	netip.MustParsePrefix("5f00::/16"),
	netip.MustParsePrefix("fec0::/10"), // the old private range
}

func reserved(addr netip.Addr) bool {
	for _, p := range notPublic {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// embedded returns the IPv4 address that an IPv6 one leads to.
func embedded(addr netip.Addr) (netip.Addr, bool) {
	if !addr.Is6() {
		return netip.Addr{}, false
	}
	b := addr.As16()
	switch {
	case netip.MustParsePrefix("64:ff9b::/96").Contains(addr): // NAT64
		return netip.AddrFrom4([4]byte(b[12:16])), true
	case netip.MustParsePrefix("2002::/16").Contains(addr): // 6to4
		return netip.AddrFrom4([4]byte(b[2:6])), true
	case netip.MustParsePrefix("::/96").Contains(addr): // IPv4-compatible
		return netip.AddrFrom4([4]byte(b[12:16])), true
	}
	return netip.Addr{}, false
}

// checkDial checks an address with a port, as the dialer is about to connect to it.
func (g Guard) checkDial(address string) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("check address %q: %w", address, err)
	}
	return g.Check(ap.Addr())
}
