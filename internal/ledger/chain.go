package ledger

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cigogne/internal/lang"
)

// group is a run of digits, with what parts it from the group before.
type group struct {
	start, end int
	text       string
	before     string // separator from the group before, "" for the first of a chain
	weak       bool   // that separator is none that telephone numbers are known by
	plus       bool   // a plus sign stands before it
	opened     bool   // a parenthesis does
}

// chains cuts a text into runs of digits that short separators hold together.
// Digits that touch a letter are a name or a code, never a telephone number.
func chains(text string) (out [][]group) {
	var chain []group
	end := func() {
		if len(chain) > 0 {
			out = append(out, chain)
		}
		chain = nil
	}
	last := 0 // end of the group before
	for i := 0; i < len(text); {
		if text[i] < '0' || text[i] > '9' {
			_, size := utf8.DecodeRuneInString(text[i:])
			i += size
			continue
		}
		g := group{start: i}
		for i < len(text) && text[i] >= '0' && text[i] <= '9' {
			i++
		}
		g.end, g.text = i, text[g.start:i]
		gap := text[last:g.start]
		g.plus = strings.HasSuffix(strings.TrimRight(gap, " "), "+")
		g.opened = strings.HasSuffix(strings.TrimSuffix(gap, "+"), "(")
		strong := separator(gap)
		g.weak = !strong
		if g.plus || !strong && !weak(gap) {
			end()
		}
		last = g.end
		if touches(text, g) {
			end()
			continue
		}
		if len(chain) > 0 {
			g.before = gap
		}
		chain = append(chain, g)
	}
	end()
	return out
}

// separator tells whether a gap may stand within a telephone number.
func separator(gap string) bool {
	if said[strings.ToLower(strings.TrimSpace(gap))] {
		return true
	}
	n := 0
	for _, r := range gap {
		if r != '.' && r != '-' && r != '/' && !strings.ContainsRune("()[]{}", r) && r != '‑' && r != '–' && r != '·' && !unicode.IsSpace(r) {
			return false
		}
		n++
	}
	return n > 0 && n <= 3 && !strings.Contains(gap, "\n")
}

// weak tells whether a gap may stand within a number whose writer hides it: any
// signs, or an "and", as long as all gaps are alike.
func weak(gap string) bool {
	if conjunctions[strings.ToLower(strings.TrimSpace(gap))] {
		return true
	}
	n := 0
	for _, r := range gap {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return false
		}
		n++
	}
	return n > 0 && n <= 4
}

// said are the signs between digits that people write as words.
var said = words(`point dot punkt tiret dash bindestrich slash barre schrägstrich espace space virgule komma comma`)

// mixed tells whether a gap is one of those that a hurried writer takes for each other.
func mixed(gap string) bool { return len(gap) == 1 && strings.Contains(" .,;-_/", gap) }

// conjunctions part the pairs of a number, and the codes of a list.
var conjunctions = words(`et puis and then und dann`)

// even is the beginning of a chain that one writer may have parted: by the usual
// separators, or by an unusual one throughout.
func even(chain []group) []group {
	if len(chain) == 5 && pairs(chain) && chain[0].text[0] == '0' && !slices.ContainsFunc(chain[1:], func(g group) bool { return !mixed(g.before) }) {
		return chain // 06.12.34.56,78
	}
	for i, g := range chain {
		if i > 0 && g.weak && g.before != chain[1].before || i > 1 && !g.weak && chain[1].weak {
			return chain[:i]
		}
	}
	return chain
}

// touches tells whether a group is part of a word, or the decimals of a number.
func touches(text string, g group) bool {
	before, size := utf8.DecodeLastRuneInString(text[:g.start])
	after, _ := utf8.DecodeRuneInString(text[g.end:])
	if (before == '.' || before == ',') && g.end-g.start > 4 {
		whole := text[:g.start-size]
		digits := len(whole) - len(strings.TrimRight(whole, "0123456789"))
		return digits > 0 && digits <= 3 // 48.0612345678
	}
	if before == '_' { // between digits it parts them, beside a letter it is part of a name
		before, _ = utf8.DecodeLastRuneInString(strings.TrimRight(text[:g.start], "_"))
	}
	if after == '_' {
		after, _ = utf8.DecodeRuneInString(strings.TrimLeft(text[g.end:], "_"))
	}
	return wordy(before) && !strings.HasSuffix(lang.Fold(tail(text[:g.start], 8)), "tel") || wordy(after)
}

// tail is the end of a text, of so many bytes or little less.
func tail(s string, n int) string { return strings.ToValidUTF8(s[max(0, len(s)-n):], "") }

func wordy(r rune) bool { return unicode.IsLetter(r) }
