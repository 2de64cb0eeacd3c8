package ledger

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold is a text as it reads, whatever it is written with: digits and signs of
// every kind as ASCII has them, nothing invisible. Each byte of it knows the
// bytes that it stands for.
type fold struct {
	text     string
	from, to []int
}

func folded(text string) fold {
	var f fold
	var b []byte
	for i, r := range text {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(text[i:])
		}
		if unseen(r) {
			if n := len(f.to); n > 0 {
				f.to[n-1] = i + size // it goes with what it hangs on
			}
			continue
		}
		for _, c := range []byte(plainForm(r, text[i:i+size])) {
			b = append(b, c)
			f.from, f.to = append(f.from, i), append(f.to, i+size)
		}
	}
	f.text = string(b)
	return f
}

// unseen tells signs that show nothing of their own: joiners, marks of
// direction, variants, the frame of a key.
func unseen(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Me, r) || unicode.Is(unicode.Variation_Selector, r) || r == 0x034f || r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0
}

func plainForm(r rune, as string) string {
	switch {
	case r < utf8.RuneSelf:
	case unicode.Is(unicode.Zs, r):
		return " "
	case unicode.Is(unicode.Nd, r):
		return string(rune('0' + digit(r)))
	case unicode.Is(unicode.No, r), r >= 0xfe50 && r <= 0xfe6f, r >= 0xff00 && r <= 0xffef, r >= 0x1d400 && r <= 0x1d7ff:
		return norm.NFKC.String(as)
	case r == '‐', r == '‑', r == '‒', r == '–', r == '—', r == '−':
		return "-"
	case r == '·', r == '•', r == '‧', r == '∙', r == '。', r == '․':
		return "."
	}
	return as
}

// digit is the value of a decimal digit: their blocks begin with a zero.
func digit(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	return 0
}
