package config

import (
	"net/url"
	"slices"
	"time"
)

// address reads an address of one of the schemes; nil where it is none, or names no
// host.
func address(s string, schemes ...string) *url.URL {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || !slices.Contains(schemes, u.Scheme) {
		return nil
	}
	return u
}

// seconds tells whether a setting, where there is one, is a duration of a second or more.
func seconds(s string) bool {
	d, err := time.ParseDuration(s)
	return s == "" || err == nil && d >= time.Second
}
