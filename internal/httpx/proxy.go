package httpx

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"syscall"
)

// guarded is a transport that keeps to the guard with and without a proxy.
// Without, the dialer checks the very address it connects to. A proxy is the
// operator's own choice, and connects in our stead: what can be known of the
// server's address is checked before the request is handed over.
type guarded struct {
	guard   Guard
	proxy   func(*http.Request) (*url.URL, error) // nil: none
	dialer  *net.Dialer
	next    *http.Transport
	proxies sync.Map // host:port of the proxies in use
}

// RoundTrip implements http.RoundTripper; redirects pass here too.
func (g *guarded) RoundTrip(req *http.Request) (*http.Response, error) {
	if g.proxy != nil {
		p, err := g.proxy(req)
		if err != nil {
			return nil, err
		}
		if p != nil {
			g.proxies.Store(hostPort(p), true)
			if err := g.checkName(req.Context(), req.URL.Hostname()); err != nil {
				return nil, err
			}
		}
	}
	return g.next.RoundTrip(req)
}

// checkName checks the addresses a name has, as far as they can be known here:
// behind a proxy names are often resolved by it alone.
func (g *guarded) checkName(ctx context.Context, host string) error {
	if addr, err := netip.ParseAddr(host); err == nil {
		return g.guard.Check(addr)
	}
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return ctx.Err()
	}
	for _, addr := range addrs {
		if err := g.guard.Check(addr); err != nil {
			return err
		}
	}
	return nil
}

func (g *guarded) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if _, ok := g.proxies.Load(address); ok {
		return g.dialer.DialContext(ctx, network, address)
	}
	d := *g.dialer
	d.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error { return g.guard.checkDial(address) }
	return d.DialContext(ctx, network, address)
}

// hostPort is the address of a proxy as the dialer gets it.
func hostPort(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443", "socks5": "1080", "socks5h": "1080"}[u.Scheme]
	}
	return net.JoinHostPort(u.Hostname(), port)
}
