package httpd

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"cigogne/internal/surface/pace"
	"cigogne/internal/texts"
)

// Rate bounds how many requests an address makes: perMinute on average, with a
// burst of as many as ten seconds hold (five at least). An IPv6 network of one
// site (/64) counts as one address. It is safe for concurrent use.
type Rate struct{ addresses *pace.Pace[netip.Addr] }

// leastBurst are the requests that an address may make at once, however low the rate.
const leastBurst = 5

// NewRate returns a rate, or nil (which lets everything pass) for 0 or less.
func NewRate(perMinute int) *Rate {
	if perMinute <= 0 {
		return nil
	}
	return &Rate{pace.New[netip.Addr](perMinute, leastBurst)}
}

// Allow counts a request of an address and tells whether it may pass, else how
// long to wait.
func (r *Rate) Allow(a netip.Addr) (ok bool, wait time.Duration) {
	if r == nil {
		return true, 0
	}
	wait = r.addresses.Wait(Site(a), time.Now())
	return wait == 0, wait
}

// Share has the rate hold over all servers that count together, until ctx ends: see
// pace.Share. name tells this rate from others.
func (r *Rate) Share(ctx context.Context, name string, every time.Duration, count pace.Count) {
	if r != nil {
		r.addresses.Share(ctx, every, func(a netip.Addr) string { return name + " " + a.String() }, count)
	}
}

// Site is what counts as one address: of IPv6, the network of one site (/64).
func Site(a netip.Addr) netip.Addr {
	a = a.Unmap()
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a
}

// Client tells which address a request comes from. A proxy's word is taken only
// from the networks named: the last address it forwards that is not itself a
// proxy's.
type Client struct{ Proxies []netip.Prefix }

func (c Client) trusted(a netip.Addr) bool {
	for _, p := range c.Proxies {
		if p.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// Address is the zero address where none can be told.
func (c Client) Address(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	a, err := netip.ParseAddr(host)
	if err != nil || !c.trusted(a) {
		return a.WithZone("")
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		a = hop.WithZone("")
		if !c.trusted(a) {
			break
		}
	}
	return a
}

// Base is the address a request was made to, as https://data.example.org.
func (c Client) Base(r *http.Request) string {
	scheme, host := "http", r.Host
	if r.TLS != nil {
		scheme = "https"
	}
	if peer, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		if a, err := netip.ParseAddr(peer); err == nil && c.trusted(a) {
			if p := r.Header.Get("X-Forwarded-Proto"); p == "https" || p == "http" {
				scheme = p
			}
			if h := r.Header.Get("X-Forwarded-Host"); h != "" && !strings.ContainsAny(h, " ,/\\\"'<>") {
				host = h
			}
		}
	}
	return scheme + "://" + host
}

// Limit turns away addresses that make more requests than the rate allows,
// whatever they ask for.
func Limit(next http.Handler, rate *Rate, c Client) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if ok, wait := rate.Allow(c.Address(r)); !ok {
			RetryAfter(w, wait)
			http.Error(w, texts.Say(Language(r), "httpd.too_many_requests_in_short_time"), http.StatusTooManyRequests)
			return
		}
		next.ServeHTTP(w, r)
	})
}
