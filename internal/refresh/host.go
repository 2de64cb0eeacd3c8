package refresh

import "net/url"

// hostOf is the host of an address, all that a span tells of it: the rest may hold
// a key.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
