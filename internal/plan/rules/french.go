package rules

import (
	"slices"
	"strings"

	"cigogne/internal/lang"
)

// aggregating are the French adjectives that follow what they add up: "montant
// total", "prix moyen".
var aggregating = map[string]bool{
	"total": true, "totale": true, "totaux": true, "totales": true, "cumule": true, "cumulee": true, "cumules": true, "cumulees": true,
	"moyen": true, "moyenne": true, "moyens": true, "moyennes": true, "median": true, "mediane": true, "medians": true, "medianes": true,
	"maximal": true, "maximale": true, "maximum": true, "minimal": true, "minimale": true, "minimum": true,
}

// inOrder puts the adjective before the column it follows, where the reader of
// unannotated tables looks for it, and reads "par an" as the column of years.
// Tokens keep their places in the question.
func (s *schema) inOrder(tokens []token, l lang.Lang) []token {
	if l.Reads() != lang.French {
		return tokens
	}
	out := slices.Clone(tokens)
	for i := 0; i+1 < len(out); i++ {
		if f := out[i].Fold; (f == "par" || f == "chaque") && (out[i+1].Fold == "an" || out[i+1].Fold == "ans") && s.year >= 0 {
			out[i+1].Fold, out[i+1].norm, out[i+1].stop = "annee", "annee", false
		}
		if aggregating[out[i+1].Fold] && !out[i].stop && s.measureNamed(out[i].Fold) {
			a, b := out[i], out[i+1]
			a.Start, a.End, b.Start, b.End = b.Start, b.End, a.Start, a.End
			out[i], out[i+1] = b, a
			i++
		}
	}
	return out
}

// measureNamed tells whether a word alone names a column of numbers.
func (s *schema) measureNamed(word string) bool {
	return slices.ContainsFunc(forms([]string{word}), func(f string) bool {
		return slices.ContainsFunc(s.names[f], func(r nameRef) bool {
			return (r.strength >= 0.5 || s.titled && r.strength >= 0.4) && s.t.Columns[r.col].Type.Numeric()
		})
	})
}

// ownWords tells whether a phrase of the lexicon is rather about this table's
// columns: "le montant" where a column is called so, "par an" where one holds
// years.
func (s *schema) ownWords(p phrase) bool {
	switch p.op {
	case opHowMuch:
		last := p.words[len(p.words)-1]
		return last != "combien" && last != "much" && s.measureNamed(last)
	case opSort: // "classes par école" where classes are counted, not "classés par"
		return s.titled && len(p.words) > 1 && s.measureNamed(p.words[0])
	case opEvolution:
		return s.year >= 0 && len(p.words) > 1 && slices.Contains([]string{"par", "by", "per", "chaque", "each", "every", "pour", "for"}, p.words[0])
	}
	return false
}

// single tells whether the question asks for one thing: "who was", "quel est le",
// "which team". Several rows are then no answer to it.
func (r *reader) single() bool {
	if r.one {
		return true
	}
	if slices.ContainsFunc(r.tokens, func(t token) bool { return manyWords[t.Fold] }) {
		return false
	}
	words := make([]string, 0, 4)
	for _, t := range r.tokens[:min(4, len(r.tokens))] {
		words = append(words, t.Fold)
	}
	if len(words) < 2 || r.op(opList) >= 0 && r.near(-1, 1) == r.op(opList) {
		return false
	}
	switch words[0] {
	case "who", "qui", "whom", "whose", "when", "quand", "where":
		return !areWords[words[1]]
	case "quel", "quelle":
		return true
	case "what", "which":
		return singular(words[1:])
	}
	return false
}

var (
	manyWords = wordSet("each every all different per by and chaque tous toutes par selon et") // of several things
	areWords  = wordSet("are were sont etaient")
)

// singular tells whether what follows "what" or "which" is one thing.
func singular(words []string) bool {
	switch words[0] {
	case "are", "were":
		return false
	case "is", "was":
		for _, w := range words[1:] {
			if !articles[w] && !stopWords[w] {
				return !looksPlural(w)
			}
		}
		return true
	}
	return !looksPlural(words[0])
}

// looksPlural tells whether a word looks like one of several things.
func looksPlural(w string) bool {
	return len(w) > 3 && (strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss") || strings.HasSuffix(w, "x") || w == "people" || w == "women")
}
