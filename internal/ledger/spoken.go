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
		value, named := numeral(w.Fold)
		number := strings.Trim(w.Fold, "0123456789") == ""
		if apart(text, run, w) || !named && !number {
			flush()
		}
		zero := named && value == 0 || number && strings.HasPrefix(w.Fold, "0")
		if len(run) == 0 && !zero && w.Fold != "plus" {
			continue
		}
		inWords = inWords || named && !links[w.Fold]
		run = append(run, w)
	}
	flush()
	return spans
}

// apart tells whether more than a sign stands between a run and a word.
func apart(text string, run []lang.Word, w lang.Word) bool {
	return len(run) > 0 && len(strings.TrimSpace(text[run[len(run)-1].End:w.Start])) > 1
}

// spelled tells whether a run of numerals has as many digits as a telephone
// number. How sixty-ten is meant cannot be told, so neither can their number
// exactly.
func spelled(run []lang.Word) bool {
	least, most := 0, 0
	for _, w := range run {
		v, named := numeral(w.Fold)
		switch {
		case !named:
			least, most = least+len(w.Fold), most+len(w.Fold)
		case again[w.Fold] > 0:
			least, most = least+again[w.Fold], most+again[w.Fold]
		case links[w.Fold]:
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

// links are words of no digit that stand before numerals or between them.
var links = words(`plus et and`)

// again are the words before a digit that is said once more, or twice.
var again = map[string]int{"double": 1, "triple": 2, "doppel": 1}

// numeral is the value of a word that numbers are read out with; German says
// units before tens, in one word.
func numeral(word string) (int, bool) {
	if v, known := numerals[word]; known {
		return v, true
	}
	if again[word] > 0 {
		return -1, true
	}
	unit, ten, compound := strings.Cut(word, "und")
	u, knowsUnit := numerals[unit]
	t, knowsTen := numerals[ten]
	return t + u, compound && knowsUnit && knowsTen && u > 0 && u < 10 && t >= 20
}

// numerals are the words that numbers are read out with.
var numerals = func() map[string]int {
	m := map[string]int{"plus": -1, "et": -1, "and": -1, "oh": 0}
	for v, list := range map[int]string{
		0: "zero zeros null", 1: "un une one ein eins", 2: "deux two zwei zwo", 3: "trois three drei", 4: "quatre four vier", 5: "cinq five funf", 6: "six sechs", 7: "sept seven sieben", 8: "huit eight acht", 9: "neuf nine neun",
		10: "dix ten zehn", 11: "onze eleven elf", 12: "douze twelve zwolf", 13: "treize thirteen dreizehn", 14: "quatorze fourteen vierzehn", 15: "quinze fifteen funfzehn", 16: "seize sixteen sechzehn", 17: "seventeen siebzehn", 18: "eighteen achtzehn", 19: "nineteen neunzehn",
		20: "vingt vingts twenty zwanzig", 30: "trente thirty dreißig dreissig", 40: "quarante forty vierzig", 50: "cinquante fifty funfzig", 60: "soixante sixty sechzig", 70: "septante seventy siebzig", 80: "huitante octante eighty achtzig", 90: "nonante ninety neunzig",
	} {
		for _, w := range strings.Fields(list) {
			m[w] = v
		}
	}
	return m
}()
