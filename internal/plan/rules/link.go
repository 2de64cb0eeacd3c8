package rules

import (
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/lang"
)

// token is a word of the question.
type token struct {
	lang.Word
	norm   string
	num    float64
	isNum  bool
	isYear bool
	stop   bool
}

func tokenize(question string, l lang.Lang) []token {
	words := lang.Words(question)
	tokens := make([]token, 0, len(words))
	for _, w := range words {
		t := token{Word: w, norm: norm(w.Fold), stop: stopWords[w.Fold] || strings.EqualFold(w.Text, "ça")}
		if w.Fold == "the" && !strings.EqualFold(w.Text, w.Fold) { // tea
			t.stop = false
		}
		if w.Fold == "us" && len(tokens) > 0 && tokens[len(tokens)-1].Fold == "the" { // the United States, whom dropping would leave out
			t.stop = false
		}
		if t.stop && len(tokens) > 0 && !hasSubject(w.Fold, tokens[len(tokens)-1].Fold) && namesSomething(w, question) {
			t.stop = false
		}
		if len(tokens) > 0 && tokens[len(tokens)-1].isNum && euroScales[w.Text] != "" && strings.HasPrefix(strings.TrimLeft(question[w.End:], " \u00a0\u202f"), "€") {
			t.Fold, t.stop = euroScales[w.Text], false // "100 M€"
			t.norm = norm(t.Fold)
		}
		if c := w.Text[0]; c >= '0' && c <= '9' {
			if v, ok := lang.ParseNumber(w.Text, l); ok {
				t.num, t.isNum = v, true
				t.isYear = len(w.Text) == 4 && v >= 1500 && v < 2200
			}
		} else if v, ok := lang.NumberWord(w.Fold); ok && w.Fold != "un" && w.Fold != "une" {
			t.num, t.isNum = v, true
		}
		tokens = append(tokens, t)
	}
	writtenScales(tokens)
	return tokens
}

// writtenScales reads numbers that are written as a scale: "un million", "a million",
// "mille", "half a million".
func writtenScales(tokens []token) {
	for i := range tokens {
		t := &tokens[i]
		written := len(t.Fold) > 2 && multipliers[t.Fold] > 0 // letters alone are units
		if !written || i > 0 && tokens[i-1].isNum {
			continue
		}
		switch one := i > 0 && slices.Contains([]string{"un", "une", "a", "one"}, tokens[i-1].Fold); {
		case one && i > 1 && (tokens[i-2].Fold == "half" || tokens[i-2].Fold == "demi"):
			tokens[i-1].num, tokens[i-1].isNum, tokens[i-1].stop = 0.5, true, false
			tokens[i-2].Fold, tokens[i-2].norm, tokens[i-2].stop = "", "", true
		case one:
			tokens[i-1].num, tokens[i-1].isNum, tokens[i-1].stop = 1, true, false
		case t.Fold == "mille":
			t.num, t.isNum = multipliers[t.Fold], true
		}
	}
}

// euroScales are the letters that stand before a euro sign.
var euroScales = map[string]string{"k": "mille", "K": "mille", "M": "million", "Md": "milliard", "Mds": "milliard", "G": "milliard"}

// namesSomething tells whether a word that looks like an article is a name:
// "le RER A", "the US".
func namesSomething(w lang.Word, question string) bool {
	if len(w.Text) > 2 || w.Text == "I" || w.Text[0] < 'A' || w.Text[0] > 'Z' || strings.ToUpper(w.Text) != w.Text {
		return len(w.Text) == 1 && w.Text[0] < 0x80 && strings.TrimRight(question[w.End:], " ?!.") == ""
	}
	return strings.ToUpper(question) != question
}

// hasSubject tells whether a word is the verb of the one before it: "combien il y en a".
func hasSubject(word, before string) bool {
	return word == "a" && slices.Contains([]string{"y", "en", "il", "elle", "on", "qui"}, before)
}

// span is a run of words with everything it may mean, and whether the best
// segmentation of the question kept it.
type span struct {
	from, to int
	weight   float64

	ops     []op
	cols    []nameRef
	vals    []int // of schema.vals, exact
	partial []int // of schema.vals: some of their words
	parts   []int // of schema.vals: a whole part of the cell, between commas or brackets
	fuzzy   []int // of schema.vals: misspelt
	entity  bool
	scope   bool
	lifts   []int
	ask     int // index+1
	absent  int // index+1
	lacks   int // of Annotation.Synonyms, index+1: named, but not in this table
	num     bool
	unknown bool
	scale   bool // an adjective that names what it measures; set over unannotated tables
}

func (sp *span) has(o op) bool { return slices.Contains(sp.ops, o) }

// link cuts the tokens into the spans that account for them best.
func (s *schema) link(lex lexicon, tokens []token) []span {
	n := len(tokens)
	at := make([]map[int]*span, n)
	get := func(from, to int) *span {
		if at[from] == nil {
			at[from] = map[int]*span{}
		}
		if at[from][to] == nil {
			at[from][to] = &span{from: from, to: to}
		}
		return at[from][to]
	}
	folds, norms := make([]string, n), make([]string, n)
	for i, t := range tokens {
		folds[i], norms[i] = t.Fold, t.norm
	}
	weigh := func(sp *span, w float64) { sp.weight = max(sp.weight, w) }
	longest, known := max(s.longest, 6), stems{}
	for i := range tokens {
		for _, p := range lex.match(folds[i:]) {
			if s.Annotation == nil && s.ownWords(p) || s.Annotation != nil && s.a.Rank < 0 && p.op == opRows { // of a subject, "lignes" and "entrées" are things
				continue
			}
			if p.op == opCount && i > 0 && len(p.words) == 2 && s.Annotation != nil && len(s.names[key(norms[i-1:i+1])]) > 0 { // "SIREN number of Metz" counts nothing
				continue
			}
			sp := get(i, i+len(p.words))
			sp.ops = append(sp.ops, p.op)
			weigh(sp, 1.2*float64(contentWords(tokens[i:i+len(p.words)]))+0.45*float64(len(p.words))+0.6*float64(btoi(p.op == opNot && len(p.words) > 1)))
		}
		if tokens[i].isNum {
			sp := get(i, i+1)
			sp.num = true
			weigh(sp, 1.5)
		}
		for k := min(longest, n-i); k >= 1; k-- {
			s.phrases(get, weigh, tokens[i:i+k], norms[i:i+k], i, known)
		}
	}
	s.superlatives(at, tokens)
	s.partials(get, weigh, tokens, at)
	s.rowNames(get, weigh, tokens)
	for i, t := range tokens {
		if sp := get(i, i+1); sp.weight == 0 {
			sp.unknown = !t.stop
			sp.weight = 0.02 * float64(btoi(t.stop))
		}
	}
	return heaviest(at)
}

// heaviest are the spans, end to end, that weigh the most together; a word that
// nothing knows weighs against them. at[from][to] are all spans.
func heaviest(at []map[int]*span) []span {
	n := len(at)
	best, next := make([]float64, n+1), make([]int, n) // of at[i:]: the weight, and where its first span ends
	for i := n - 1; i >= 0; i-- {
		best[i] = -1e9
		for to, sp := range at[i] {
			if sp.weight == 0 && !sp.unknown {
				continue
			}
			w := sp.weight + best[to] - 2*float64(btoi(sp.unknown))
			if w > best[i] || w == best[i] && to > next[i] {
				best[i], next[i] = w, to
			}
		}
	}
	var spans []span
	for i := 0; i < n; i = next[i] {
		spans = append(spans, *at[i][next[i]])
	}
	return spans
}

// superlatives keeps "le plus grand" from the commune of Grand: a small word right
// after "plus" or "moins" that an operation holds is no cell.
func (s *schema) superlatives(at []map[int]*span, tokens []token) {
	for i := 1; i < len(tokens); i++ {
		sp := at[i][i+1]
		if s.Annotation == nil || sp == nil || len(sp.vals) == 0 || tokens[i].Text != tokens[i].Fold || tokens[i-1].Fold != "plus" && tokens[i-1].Fold != "moins" {
			continue
		}
		for from := range i {
			if over := at[from][i+1]; over != nil && len(over.ops) > 0 {
				delete(at[i], i+1)
			}
		}
	}
}

func contentWords(tokens []token) int {
	n := 0
	for _, t := range tokens {
		if !t.stop {
			n++
		}
	}
	return n
}

// epciRest tells whether the words left out only say what kind of
// intercommunality it is: "Grand Nancy" names the Métropole du Grand Nancy.
func epciRest(words []string, matched int) bool {
	kinds := 0
	for _, w := range withoutSmall(words) {
		kinds += btoi(epciKind(w))
	}
	return kinds > 0 && kinds+matched >= len(withoutSmall(words))
}

// epciKind tells whether a normed word says what kind of intercommunality it is.
func epciKind(w string) bool {
	switch w {
	case "cc", "ca", "cu", "metropole", "eurometropole", "communaute", "commune", "agglomeration", "urbaine", "urbain", "agglo":
		return true
	}
	return false
}

// kinds tells whether words say a kind of intercommunality and nothing else, links
// aside: "CC des", and not "CC des Savoir-Faire", whose name is of everyday words.
func kinds(tokens []token) bool {
	norms := make([]string, len(tokens))
	for i, t := range tokens {
		norms[i] = t.norm
	}
	return !slices.ContainsFunc(withoutLinks(norms), func(w string) bool { return !epciKind(w) })
}

// placeNames tells whether the column holds names of places.
func (s *schema) placeNames(col int) bool {
	if s.note(col).Level != "" {
		return true
	}
	for _, w := range headerWords(s.t.Columns[col].Name) {
		switch w {
		case "commune", "ville", "city", "town", "epci", "departement", "department", "region", "canton", "municipality", "county", "gare", "station":
			return true
		}
	}
	return false
}

// misspelt finds one-word cells and cell words at one edit (two from nine
// letters on) from a word of five letters or more.
func (s *schema) misspelt(t token) []int {
	if len(t.norm) < 5 || t.isNum {
		return nil
	}
	allowed := 1
	if len(t.norm) >= 9 {
		allowed = 2
	}
	best, found := allowed+1, []int(nil)
	for id := range s.cellCount() + len(s.told) {
		v := s.val(id)
		if len(v.words) != 1 || abs(len(v.words[0])-len(t.norm)) > allowed || v.words[0][0] != t.norm[0] {
			continue
		}
		if d := edits(v.words[0], t.norm, best); d < best {
			best, found = d, []int{id}
		} else if d == best && d <= allowed {
			found = append(found, id)
		}
	}
	return found
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// edits counts insertions, deletions, substitutions and swaps of neighbours
// between two words, up to a limit.
func edits(a, b string, limit int) int {
	prev2, prev, cur := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		low := cur[0]
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
			low = min(low, cur[j])
		}
		if low > limit {
			return low
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}

// describe writes a span back as it stands in the question.
func describe(tokens []token, question string, sp span) string {
	return strings.TrimSpace(question[tokens[sp.from].Start:tokens[sp.to-1].End])
}

func itoa(n int) string { return strconv.Itoa(n) }
