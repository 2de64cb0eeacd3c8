package search

import (
	"sync"

	"cigogne/internal/lang"
)

// stopWords carry no subject in a question or a description, folded. They are
// left out of queries and documents alike. "ete", "sud" and the like are not
// here: a season and a compass point are subjects.
var stopWords = foldSet(`
a à au aux avec ce ceci cela ces cet cette ceux chez ci comme comment d dans de des du donc dont elle elles en encore entre est et etre eu eux
fait faire faut il ils j je l la là le les leur leurs lui m ma mais me meme mes moi mon n ne ni nos notre nous on ont or ou où par parmi pas plus pour pourquoi
puis qu quand que quel quelle quelles quels qui quoi s sa sans se selon sera ses si sien son sont sous sur t ta te tes toi ton tous tout toute toutes tres tu un une
vers via vos votre vous y c etait etaient sont soit ainsi aussi alors afin avant apres depuis lors lorsque peut peuvent doit doivent ete etes avoir ai as avez avons aurait serait
combien liste lister trouver trouve cherche chercher recherche voudrais veux souhaite aimerais savoir existe disponible disponibles
donnee donnees jeu jeux fichier fichiers base dataset datasets data
the of and to in for on with by from at is are was were be been it its this that these those which what who whom where when how many much do does did has have had i we you they my our your their me
can could would should there here any some all not no or as an if than then so about find list show give want need looking please
`)

func foldSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range lang.Words(s) {
		set[w.Fold] = true
	}
	return set
}

// apart are stems of words that stemming would take for others of public data:
// an area (aire) is not the air, to plug in (brancher) is no branch.
var apart = map[string]string{"aire": "aire", "aires": "aire", "brancher": "brancher"}

// stemmer remembers stems: the same few thousand words make up a catalogue.
// The zero value is ready and safe for concurrent use.
type stemmer struct{ seen sync.Map }

func (s *stemmer) stem(folded string) string {
	if v, ok := s.seen.Load(folded); ok {
		return v.(string)
	}
	v, ok := apart[folded]
	if !ok {
		v = lang.Stem(folded, lang.French)
	}
	s.seen.Store(folded, v)
	return v
}

// token is a word of a text that carries a subject.
type token struct {
	text string // as written
	fold string
	stem string

	start, end int // byte offsets in the text

	slip bool // fold and stem are of the word that is meant
}

// tokens cuts a text into the words that carry a subject; where every word is
// a stop word, all are kept ("ou", "OFF": a person who asks one word means it).
func (s *stemmer) tokens(text string) []token {
	var out, all []token
	for _, w := range lang.Words(text) {
		t := token{text: w.Text, fold: w.Fold, stem: s.stem(w.Fold), start: w.Start, end: w.End}
		all = append(all, t)
		if !stopWords[w.Fold] {
			out = append(out, t)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}
