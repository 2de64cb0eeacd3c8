package plain_test

import (
	"testing"

	"cigogne/internal/surface/plain"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"Été à Metz :\t1 234,5 M€\n": "Été à Metz :\t1 234,5 M€\n",
		"\x1b[31mred\x1b]0;t\x07":    "[31mred]0;t",
		"a\u202eb\u2066c\u200bd":     "abcd",
		"x\U000E0041\U000E0042y":     "xy", // letters of the tag block: unseen, and read by models
		"\xff":                       "\uFFFD",
		"a\r\nb":                     "a\nb",
	} {
		if got := plain.Text(in); got != want {
			t.Errorf("Text(%q) = %q, want %q", in, got, want)
		}
	}
	if got := plain.Line(" un\n\ttitre \x00 "); got != "un titre" {
		t.Errorf("Line: %q", got)
	}
}
