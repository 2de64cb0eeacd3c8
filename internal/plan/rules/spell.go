package rules

import (
	"cigogne/internal/texts"
	"regexp"
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/territory"
)

// Words tells whether a folded word is one of French or English. A word of the
// language is never taken for a misspelling of another: "habitats" are not
// "habitants".
type Words interface {
	Known(word string) bool
}

// fix is a word read as another.
type fix struct{ was, read string }

func (f fix) says(l lang.Lang) string {
	return texts.Say(l, "rules.read_as_2", "was", f.was, "read", f.read)
}

// vocabulary holds the words that an annotated table and its annotation use,
// folded, with how they are written; true where only cells of places have them.
type vocabulary map[string]struct {
	written string
	place   bool
}

func (v vocabulary) add(text string, place bool) {
	for _, w := range lang.Words(text) {
		if len(w.Fold) < 4 {
			continue
		}
		if have, ok := v[w.Fold]; !ok || have.place && !place {
			v[w.Fold] = struct {
				written string
				place   bool
			}{w.Text, place}
		}
	}
}

// vocabulary is that of the annotation; those of the cells are their columns'.
func (s *schema) vocabulary() vocabulary {
	v := vocabulary{}
	for i := range s.t.Columns {
		note := s.note(i)
		if note.Hide {
			continue
		}
		for _, w := range append(note.Words.All(), note.Label.FR, note.Label.EN) {
			v.add(w, false)
		}
	}
	for _, x := range s.a.Synonyms {
		if x.People { // Toulose is Toulouse, and no Touloise
			continue
		}
		for _, w := range x.Words.All() {
			v.add(w, false)
		}
	}
	for _, x := range s.a.Defaults {
		for _, w := range x.Unless.All() {
			v.add(w, false)
		}
	}
	for _, x := range s.a.Absent {
		for _, w := range x.Words.All() {
			v.add(w, false)
		}
	}
	for _, w := range append(s.a.Entity.Words.All(), s.a.Scope.Words...) {
		v.add(w, false)
	}
	return v
}

// spellings visits the words that a table and its annotation use.
func (s *schema) spellings(visit func(vocabulary)) {
	visit(s.spelling())
	for _, c := range s.columns {
		visit(c.spelling())
	}
}

// respell reads the words that nothing knows (no table, no dictionary, no map
// of France) as the one word they are a slip of the keyboard away from. Where
// two words are as near, or a place elsewhere is, it leaves them alone.
func (pl *Planner) respell(all []*schema, links [][]span, tokens []token) ([]token, []fix) {
	if pl.words == nil {
		return tokens, nil
	}
	known := make([]bool, len(tokens))
	for _, spans := range links {
		for _, sp := range spans {
			if sp.unknown || len(sp.fuzzy) > 0 {
				continue
			}
			for i := sp.from; i < sp.to; i++ {
				known[i] = true
			}
		}
	}
	out := slices.Clone(tokens)
	var fixes []fix
	for i, t := range tokens {
		if known[i] || t.stop || t.isNum || len(t.Fold) < 5 || strings.ContainsAny(t.Fold, "0123456789") || pl.words.Known(t.Fold) || pl.elsewhere(t.Fold) {
			continue
		}
		if slices.ContainsFunc(all, func(s *schema) bool {
			return s.Annotation == nil && (len(s.having(t.norm)) > 0 || len(s.names[t.Fold]) > 0 || len(s.called(t.norm)) > 0)
		}) {
			continue
		}
		if read, ok := pl.nearest(all, t); ok {
			out[i].Text, out[i].Fold, out[i].norm = read, lang.Fold(read), norm(lang.Fold(read))
			out[i].stop = stopWords[out[i].Fold]
			fixes = append(fixes, fix{was: t.Text, read: read})
		}
	}
	return out, fixes
}

func (pl *Planner) elsewhere(word string) bool {
	return pl.france != nil && len(pl.france().Named(word)) > 0
}

// another tells whether a word that resembles a cell is a place or a word of
// its own: London is not Landres, "capitale" no "capital".
func (pl *Planner) another(t token) bool {
	return pl.elsewhere(t.Fold) || pl.words != nil && pl.words.Known(t.Fold)
}

// slip gathers the words at the least distance from one that nothing knows.
type slip struct {
	t       token
	allowed int      // edits
	best    int      // edits of those found, allowed+1 none
	norms   []string // that they are forms of
	written string
	place   bool
}

// try holds a word against the one that was written.
func (p *slip) try(word, as string, place bool) {
	if abs(len(word)-len(p.t.Fold)) > p.allowed || word == "" || word[0] != p.t.Fold[0] && word != "h"+p.t.Fold || len(word) < 4 { // an h is not heard
		return
	}
	d := edits(word, p.t.Fold, p.best)
	switch n := norm(word); {
	case d > p.allowed || d > p.best:
	case d < p.best:
		p.best, p.norms, p.written, p.place = d, []string{n}, as, place
	case !slices.Contains(p.norms, n):
		p.norms = append(p.norms, n)
	default:
		p.place = p.place && place // a word of something else as well
	}
}

// nearest is the only word at the least distance from the token.
func (pl *Planner) nearest(all []*schema, t token) (string, bool) {
	p := slip{t: t, allowed: 1}
	if len(t.Fold) >= 9 {
		p.allowed = 2
	}
	p.best = p.allowed + 1
	for _, s := range all {
		if s.Annotation == nil {
			continue
		}
		s.spellings(func(v vocabulary) {
			for w, as := range v {
				p.try(w, as.written, as.place)
			}
		})
	}
	for first, phrases := range pl.lex {
		p.try(first, first, false)
		for _, ph := range phrases {
			for _, w := range ph.words[1:] {
				p.try(w, w, false)
			}
		}
	}
	if len(p.norms) != 1 || p.place && !pl.onlyPlace(p) {
		return "", false
	}
	return p.written, true
}

// onlyPlace tells whether no other place of the country is as near to what was
// written: Toulouse, mistyped, is not Mulhouse.
func (pl *Planner) onlyPlace(p slip) bool {
	n := len(p.t.Fold)
	if n < 6 || pl.france == nil {
		return false
	}
	for size := n - p.best; size <= n+p.best; size++ {
		if slices.ContainsFunc(pl.france().OneWord(size), func(other string) bool { return norm(other) != p.norms[0] && edits(other, p.t.Fold, p.best) <= p.best }) {
			return false
		}
	}
	return true
}

// asPlace is what stands before a place whose name is written small.
var asPlace = regexp.MustCompile(`(?i)(^|[\s])(à|a|de|d['’]|in|of|ville|commune)\s*$`)

// namesPlace tells whether a word of a question is written as a place is:
// "Toulouse", "à toulouse". The mayor, "maire", is also a village of the Vienne.
func namesPlace(question, word string) bool {
	if word != strings.ToLower(word) {
		return true
	}
	at := strings.Index(question, word)
	return at >= 0 && asPlace.MatchString(question[:at])
}

// whereabouts says where a place that no table covers lies, or "".
func (pl *Planner) whereabouts(word, region string, l lang.Lang) string {
	if pl.france == nil || region == "" || len(word) < 3 { // "by" is a village of the Doubs
		return ""
	}
	named := pl.france().Named(word)
	if len(named) == 0 || slices.ContainsFunc(named, func(p territory.Place) bool { return p.Region == region }) {
		return ""
	}
	if len(named) > 1 || named[0].Within == "" {
		return texts.Say(l, "rules.outside_the_region")
	}
	return named[0].Within
}
