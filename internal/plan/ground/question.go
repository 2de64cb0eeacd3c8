package ground

import (
	"strconv"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// Token is a word of a question.
type Token struct {
	lang.Word
	Norm   string   // folded, plural taken off: what cells and headers compare with
	Stem   string   // folded, cut to what its inflections share
	Num    float64  // where IsNum; scaled by a word after it ("3 millions")
	Plain  float64  // as it is written, before scaling
	Scale  string   // the stem of the word that scales it
	Part   query.As // of a day: "année", "month"
	IsNum  bool
	Year   bool    // a number that may be a calendar year
	Rank   int     // "deuxième": 2; 0 for other words
	Month  int     // 1 to 12 where it names one
	Small  bool    // a word that carries nothing by itself
	Name   bool    // written as a name: a capital within a sentence
	Senses []Sense // of the phrases it is part of
}

// Is tells whether a token has one of the senses.
func (t Token) Is(senses ...Sense) bool {
	for _, s := range t.Senses {
		for _, want := range senses {
			if s == want {
				return true
			}
		}
	}
	return false
}

// Question is a question cut into tokens.
type Question struct {
	Text    string
	Lang    lang.Lang
	Tokens  []Token
	phrases []spoken
	runs    []run
}

// spoken is a phrase of the words files where it stands in the question.
type spoken struct {
	from, to int
	sense    Sense
}

// signs are how people write bounds without words.
var signs = strings.NewReplacer("%", " pourcent ", "€", " euros ", "<=", " au plus ", "≤", " au plus ", ">=", " au moins ", "≥", " au moins ", "<", " moins de ", ">", " plus de ")

// Read cuts a question into tokens and finds the phrases in it. Words that
// vectors (nil: all) do not know are read as the word of a phrase they are a slip
// away from.
func Read(text string, l lang.Lang, vectors Vectors) (*Question, error) {
	lex, err := words()
	if err != nil {
		return nil, err
	}
	q := &Question{Text: signs.Replace(text), Lang: l}
	shouting := strings.ToUpper(text) == text
	for i, w := range lang.Words(q.Text) {
		first := []rune(w.Text)[0]
		name := !shouting && i > 0 && first >= 'A' && lang.Fold(string(first)) != string(first) && strings.ToLower(string(first)) != string(first)
		written := w.Fold // what cells and headers are compared with; senses are those of what was meant
		if vectors != nil && !name && len(w.Fold) > 3 && len(lex[w.Fold]) == 0 && !vectors.Known(w.Fold) {
			w.Fold = lex.meant(w.Fold)
		}
		t := Token{Word: w, Norm: Norm(written), Stem: stem(written, l)}
		t.number(lex, l)
		_, t.Small = lex.value(w.Fold, Small)
		if m, ok := lex.value(w.Fold, months); ok {
			t.Month = int(m)
		}
		if t.Part = lex.part(t.Fold); t.Small && l == lang.English { // "an" is no year there
			t.Part = ""
		}
		t.Name = name
		if t.Name && len(w.Text) > 1 && strings.ToUpper(w.Text) == w.Text || t.Name && len(w.Text) == 1 && w.Text != "I" {
			t.Small = false // "the US", "RER A"
		}
		q.Tokens = append(q.Tokens, t)
	}
	q.speak(lex)
	q.scale(lex)
	q.find()
	return q, nil
}

// stem cuts a word by the rules of its language.
func stem(fold string, l lang.Lang) string { return lang.Stem(Norm(fold), l) }

// number reads a token that is written as a number, in digits or in letters.
func (t *Token) number(lex lexicon, l lang.Lang) {
	if c := t.Text[0]; c >= '0' && c <= '9' {
		if v, ok := lang.ParseNumber(t.Text, l); ok {
			t.Num, t.IsNum = v, true
			t.Year = len(t.Text) == 4 && v >= 1500 && v < 2200
		}
	} else if v, ok := lex.value(t.Fold, numbers); ok {
		t.Num, t.IsNum = v, true
	}
	if v, ok := lex.value(t.Fold, ordinals); ok {
		t.Rank, t.IsNum = int(v), false
	} else if n, ok := placed(t.Fold); ok { // "12e"
		t.Rank, t.Norm, t.IsNum = n, strconv.Itoa(n), false
	}
}

// placed reads a place written in digits: "12e", "3rd", "1er".
func placed(fold string) (int, bool) {
	digits := strings.TrimRight(fold, "abcdefghijklmnopqrstuvwxyz")
	switch fold[len(digits):] {
	case "e", "eme", "er", "ere", "nd", "nde", "st", "rd", "th":
		n, err := strconv.Atoi(digits)
		return n, err == nil
	}
	return 0, false
}

// speak finds the phrases. The senses of a longer phrase hide those of the
// shorter ones within it, but for those that a single word keeps ("plus").
func (q *Question) speak(lex lexicon) {
	folds := make([]string, len(q.Tokens))
	for i, t := range q.Tokens {
		folds[i] = lex.mate(t, q.Lang)
	}
	var all []spoken
	for i := range folds {
		for _, p := range lex.at(folds[i:]) {
			switch p.sense {
			case Small, numbers, ordinals, scales, months, Yes, No, "year", "quarter", "month of the year", "weekday", municipality, department, region, country:
				continue
			}
			if !q.meant(i, p) {
				continue
			}
			all = append(all, spoken{i, i + len(p.words), p.sense})
		}
	}
	all = append(all, q.counted()...)
	for _, s := range all {
		hidden := false
		for _, o := range all {
			hidden = hidden || o.from <= s.from && s.to <= o.to && o.to-o.from > s.to-s.from
		}
		if hidden {
			continue
		}
		q.phrases = append(q.phrases, s)
		for i := s.from; i < s.to; i++ {
			if !q.Tokens[i].Is(s.sense) {
				q.Tokens[i].Senses = append(q.Tokens[i].Senses, s.sense)
			}
			if c := folds[i][0]; s.to-s.from > 1 && (c < '0' || c > '9') { // "pour cent" counts to no hundred
				q.Tokens[i].IsNum = false
			}
		}
	}
}

// meant tells whether a phrase of one small word stands for what the files say:
// "ou" is no "où", "des" no "dès", and "de" begins a span before a number alone.
func (q *Question) meant(i int, p phrase) bool {
	t := q.Tokens[i]
	if len(p.words) > 1 || !t.Small {
		return true
	}
	accented := len(p.said) != len(p.words[0])
	if written := strings.ToLower(t.Text); written != p.said && (accented || len(written) != len(p.words[0])) {
		return false
	}
	if p.sense != Between {
		return true
	}
	return i+1 < len(q.Tokens) && (q.Tokens[i+1].IsNum || q.Tokens[i+1].Month > 0)
}

// counted finds superlatives with their number between: "les cinq plus fortes".
func (q *Question) counted() []spoken {
	var out []spoken
	for i := 1; i+1 < len(q.Tokens); i++ {
		t, next := q.Tokens[i], q.Tokens[i+1]
		if !t.IsNum || t.Year || q.Tokens[i-1].Fold != "les" {
			continue
		}
		switch next.Fold {
		case "plus":
			out = append(out, spoken{i + 1, i + 2, Most})
		case "moins":
			out = append(out, spoken{i + 1, i + 2, Least})
		}
	}
	return out
}

// one are the articles that stand for the number before a scale.
var one = map[string]bool{"un": true, "le": true, "a": true, "one": true, "the": true}

// scale multiplies a number by the word after it: "3 millions".
func (q *Question) scale(lex lexicon) {
	if n := len(q.Tokens); n > 0 {
		q.Tokens[n-1].Plain = q.Tokens[n-1].Num
	}
	for i := range q.Tokens[:max(0, len(q.Tokens)-1)] {
		t, next := &q.Tokens[i], &q.Tokens[i+1]
		if v, ok := lex.value(next.Fold, scales); ok && one[t.Fold] && v > 1e3 { // "un million", "the million"
			t.Num, t.IsNum = 1, true
		}
		if !t.IsNum {
			continue
		}
		t.Plain = t.Num
		if t.Year || strings.TrimSpace(q.Text[t.End:next.Start]) != "" {
			continue
		}
		if v, ok := lex.value(next.Fold, scales); ok {
			t.Num, t.Scale = t.Num*v, next.Stem
			next.Small, next.Senses = true, append(next.Senses, scales)
		}
	}
}

// NumberOn is the number of a token as a column measures it: "3 millions" is 3
// in a column of millions.
func (t Token) NumberOn(c Column) float64 {
	if t.Scale == "" {
		return t.Num
	}
	for _, w := range strings.Fields(lang.Fold(c.Name + " " + c.Unit)) {
		if lang.Stem(Norm(w), lang.French) == t.Scale || lang.Stem(Norm(w), lang.English) == t.Scale {
			return t.Plain
		}
	}
	return t.Num
}

// Has tells whether a phrase of one of the senses stands in the question.
func (q *Question) Has(senses ...Sense) bool {
	for _, t := range q.Tokens {
		if t.Is(senses...) {
			return true
		}
	}
	return false
}

// Said lists the senses in the question, each once.
func (q *Question) Said() []Sense {
	var out []Sense
	seen := map[Sense]bool{}
	for _, p := range q.phrases {
		if !seen[p.sense] {
			seen[p.sense] = true
			out = append(out, p.sense)
		}
	}
	return out
}

// Within cuts the text of the tokens from..to out of the question.
func (q *Question) Within(from, to int) string {
	return q.Text[q.Tokens[from].Start:q.Tokens[to-1].End]
}
