package ledger

import (
	"strings"

	"cigogne/internal/lang"
)

// spokenPhones finds numbers in words, some of them or all: zéro six douze
// trente-quatre cinquante-six soixante-dix-huit.
func spokenPhones(text string) (spans []span) {
	var run []lang.Word
	inWords := false
	flush := func() {
		if inWords && spelled(run) {
			spans = append(spans, span{run[0].Start, run[len(run)-1].End, telephone})
		}
		run, inWords = nil, false
	}
	for _, w := range lang.Words(text) {
		value, named := numerals[w.Fold]
		number := strings.Trim(w.Fold, "0123456789") == ""
		if len(run) > 0 && len(strings.TrimSpace(text[run[len(run)-1].End:w.Start])) > 1 || !named && !number {
			flush()
		}
		if len(run) == 0 && !(named && value == 0 || strings.HasPrefix(w.Fold, "0") && number || w.Fold == "plus") {
			continue // it begins with a zero, or with plus
		}
		inWords = inWords || named && w.Fold != "plus" && w.Fold != "et" && w.Fold != "and"
		run = append(run, w)
	}
	flush()
	return spans
}

// spelled tells whether a run of numerals has as many digits as a telephone
// number. How sixty-ten is meant cannot be told, so neither can their number
// exactly.
func spelled(run []lang.Word) bool {
	least, most := 0, 0
	for _, w := range run {
		v, named := numerals[w.Fold]
		switch {
		case !named:
			least, most = least+len(w.Fold), most+len(w.Fold)
		case w.Fold == "plus" || w.Fold == "et" || w.Fold == "and":
		case v < 10:
			most++
			if v == 0 || least%2 == 1 {
				least++
			}
		default:
			least, most = least+1, most+2
		}
	}
	return len(run) >= 5 && least <= 12 && most >= 10
}

// numerals are the words that numbers are read out with.
var numerals = func() map[string]int {
	m := map[string]int{"plus": -1, "et": -1, "and": -1, "oh": 0}
	for v, list := range map[int]string{
		0: "zero zeros", 1: "un une one", 2: "deux two", 3: "trois three", 4: "quatre four", 5: "cinq five", 6: "six", 7: "sept seven", 8: "huit eight", 9: "neuf nine",
		10: "dix ten", 11: "onze eleven", 12: "douze twelve", 13: "treize thirteen", 14: "quatorze fourteen", 15: "quinze fifteen", 16: "seize sixteen", 17: "seventeen", 18: "eighteen", 19: "nineteen",
		20: "vingt vingts twenty", 30: "trente thirty", 40: "quarante forty", 50: "cinquante fifty", 60: "soixante sixty", 70: "septante seventy", 80: "huitante octante eighty", 90: "nonante ninety",
	} {
		for _, w := range strings.Fields(list) {
			m[w] = v
		}
	}
	return m
}()
