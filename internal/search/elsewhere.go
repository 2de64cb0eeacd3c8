package search

import (
	"net/url"
	"strings"
)

// nationalPortal is where all of France publishes: its own search.
const nationalPortal = "https://www.data.gouv.fr/datasets/search?q="

// Elsewhere is the address of the national portal's search for what a text asks.
// That portal wants every word of its queries, so that several words of people's
// that the thesaurus all knows give way to what producers call the first of them
// ("où brancher ma voiture": borne de recharge); else the text's own words stand.
func Elsewhere(text string) string {
	var s stemmer
	ts := s.tokens(clip(text, maxQuestion))
	var words, official []string
	alone := 0 // words that the thesaurus lacks
	for i := 0; i < len(ts); {
		n, others := builtinThesaurus().at(stems(ts[i:]))
		n = max(1, n)
		switch {
		case len(others) > 0:
			official = append(official, others[0].text)
		case verbs[ts[i].fold]:
			i++
			continue
		default:
			alone++
		}
		for _, t := range ts[i : i+n] {
			words = append(words, t.text)
		}
		i += n
	}
	if len(official) > 1 && alone == 0 {
		words = official[:1]
	}
	return nationalPortal + url.QueryEscape(strings.Join(words, " "))
}
