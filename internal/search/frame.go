package search

import (
	"hash/fnv"
	"strings"
	"unicode"

	"cigogne/internal/lang"
	"cigogne/internal/territory"
)

// A series is published sheet by sheet: one a commune, a year, a river. What its
// titles have in common is their frame: their words without the names of
// communes, numbers, months and what stands in brackets.

// leastFrame is how many words a frame has at least: fewer say too little of what
// a sheet is.
const leastFrame = 2

var months = foldSet("janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre")

// frameOf is a hash of a sheet's publisher and its title's frame; 0 where that is
// too short.
func frameOf(publisher, title string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(publisher))
	n := 0
	for _, w := range frame(title) {
		h.Write([]byte{0})
		h.Write([]byte(w))
		if !announcing[w] {
			n++
		}
	}
	if n < leastFrame {
		return 0
	}
	return h.Sum64()
}

// frame lists the words of a title that its series shares, folded; words that
// announce a name are left out with it.
func frame(title string) []string {
	if i := strings.LastIndexByte(title, '('); i > 0 && strings.ContainsAny(title[i:], "0123456789") {
		title = title[:i] // "(54118": a code, perhaps cut short
	}
	ws := lang.Words(title)
	var out []string
	for i := 0; i < len(ws); i++ {
		if n := named(title, ws[i:]); n > 0 {
			for len(out) > 0 && announcing[out[len(out)-1]] {
				out = out[:len(out)-1]
			}
			i += n - 1
			continue
		}
		if w := ws[i].Fold; !strings.ContainsAny(w, "0123456789") && !months[w] {
			out = append(out, w)
		}
	}
	for len(out) > 0 && announcing[out[len(out)-1]] {
		out = out[:len(out)-1]
	}
	return out
}

// named is how many of the words, from the first on, are the name of a commune,
// 0 where they are none. A name begins with a capital.
func named(text string, ws []lang.Word) int {
	if first, _ := decodeFirst(ws[0].Text); !unicode.IsUpper(first) {
		return 0
	}
	for n := min(longestCommune, len(ws)); n > 0; n-- {
		name := lang.Fold(text[ws[0].Start:ws[n-1].End])
		if len(name) > 2 && len(territory.France().Named(name)) > 0 {
			return n
		}
	}
	return 0
}
