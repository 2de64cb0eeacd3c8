package lang

import (
	"testing"
	"unicode/utf8"
)

func TestCut(t *testing.T) {
	for _, c := range []struct {
		name, in string
		n        int
		want     string
	}{
		{"short enough", "Metz", 4, "Metz"},
		{"accents count once", "éééé", 4, "éééé"},
		{"in a word", "abcdefghij", 5, "abcd…"},
		{"at a near space", "les lycées publics", 12, "les lycées…"},
		{"no space near", "a bcdefghijkl", 9, "a bcdefg…"},
		{"nothing fits", "abc", 1, "…"},
		{"exactly", "abcde", 5, "abcde"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Cut(c.in, c.n); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	wide := func(r rune) int {
		if r > 0xffff {
			return 2
		}
		return 1
	}
	if got := CutBy("😀😀😀", 4, wide); got != "😀…" {
		t.Errorf("wide characters: %q", got)
	}
	if got := CutBytes("éé", 3); got != "é" {
		t.Errorf("bytes: %q", got)
	}
}

func FuzzCut(f *testing.F) {
	f.Add("les lycées publics", 7)
	f.Fuzz(func(t *testing.T, s string, n int) {
		if n < 1 || n > 1000 || !utf8.ValidString(s) {
			return
		}
		if got := Cut(s, n); utf8.RuneCountInString(got) > n || !utf8.ValidString(got) {
			t.Fatalf("Cut(%q, %d) = %q", s, n, got)
		}
	})
}
