package d4c

import (
	"net/url"
	"testing"
)

// FuzzEchoed: whatever a portal echoes, what is taken for an address can be none
// but a text that is held against what an address is.
func FuzzEchoed(f *testing.F) {
	f.Add([]byte(`{"success":true,"result":{"url":"https://x.fr/a.csv"}}`))
	f.Add([]byte(`<br />{"success":true,"result":{"url":["x"]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if at := usable(echoed(b)); at != "" {
			if u, err := url.Parse(at); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
				t.Errorf("%q", at)
			}
		}
	})
}
