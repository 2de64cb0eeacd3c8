package library

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/territory"
	"cigogne/internal/texts"
)

// call is a word or phrase of a question that calls units of the home region
// otherwise than by the names they have today.
type call struct {
	text   string           // as the question has it
	units  []territory.Unit // those that hold what is called, today
	called []territory.Unit // what is called
	also   string           // the commune whose Insee code a postcode is, "" where there is none
	asked  string           // the question
	which  bool             // one of the units is meant, and it is not said which
}

// places finds the former names, codes and postcodes that a question holds.
func places(question string) []call {
	words := lang.Words(question)
	home := territory.Home()
	var calls []call
	for i := 0; i < len(words); {
		n := 0
		if number(words, i) {
			if c, ok := numbered(words, i); ok {
				calls, n = append(calls, c), 1
			}
		}
		for k := min(home.Longest(), len(words)-i); k > n; k-- {
			text := question[words[i].Start:words[i+k-1].End]
			if c, ok := another(text, words, i, k); ok {
				c.asked = question
				calls, n = append(calls, c), k
				continue
			}
			folded := joined(words[i : i+k])
			if !home.Former(folded) || !placed(words, i, k) {
				continue
			}
			if c, ok := calling(text, folded); ok {
				calls, n = append(calls, c), k
			}
		}
		i += max(n, 1)
	}
	return calls
}

func joined(words []lang.Word) string {
	folds := make([]string, len(words))
	for i, w := range words {
		folds[i] = w.Fold
	}
	return strings.Join(folds, " ")
}

// placed tells whether a former name stands as a place does: without an article
// before it ("la Bourgogne" is no village), and where it is one word of small
// letters, which may be any other ("en termes de"), behind one that leads to a place.
func placed(words []lang.Word, i, k int) bool {
	before := ""
	if i > 0 {
		before = words[i-1].Fold
	}
	if slices.Contains(articles, before) {
		return false
	}
	first, _ := utf8.DecodeRuneInString(words[i].Text)
	return k > 1 || unicode.IsUpper(first) || slices.Contains(leading, before)
}

var (
	articles = []string{"la", "le", "les", "l", "du", "des", "the", "un", "une"}
	leading  = []string{"a", "de", "d", "commune", "ville", "village", "in", "of", "at", "for", "pour"}
)

// another looks up what a place is called besides its name.
func another(text string, words []lang.Word, i, k int) (c call, ok bool) {
	home := territory.Home()
	alias, ok := home.Alias(text)
	if !ok || alias.Kind != "seat" && !placed(words, i, k) || longer(words, i, k) {
		return c, false
	}
	c = call{text: text, which: len(alias.Codes) > 1}
	for _, code := range alias.Codes {
		if u, ok := home.Coded(code); ok {
			c.called, c.units = append(c.called, u), append(c.units, u)
		}
	}
	return c, len(c.units) > 0
}

// longer tells whether words are the beginning of a whole name that stands there:
// "Saint-Dié" in "Saint-Dié-des-Vosges".
func longer(words []lang.Word, i, k int) bool {
	const most = 6 // words of a name
	for n := k + 1; n <= min(most, len(words)-i); n++ {
		if len(territory.Home().Find(joined(words[i:i+n]))) > 0 {
			return true
		}
	}
	return false
}

// calling looks up the units of a name; ok is false where it is several's.
func calling(text, folded string) (c call, ok bool) {
	c = call{text: text, called: territory.Home().Find(folded)}
	c.lead()
	return c, len(c.units) == 1
}

// numbered looks up the units of a number. One that is a postcode and the code
// of another commune is the postcode, unless Insee is named before it.
func numbered(words []lang.Word, i int) (c call, ok bool) {
	text := words[i].Text
	insee := slices.ContainsFunc(words[max(0, i-3):i], func(w lang.Word) bool { return w.Fold == "insee" || w.Fold == "cog" })
	var codes []territory.Unit
	for _, u := range territory.Home().Find(text) {
		if slices.Contains(u.Postcodes, text) {
			c.called = append(c.called, u)
		} else {
			codes = append(codes, u)
		}
	}
	c.text = text
	if len(codes) > 0 && (insee || len(c.called) == 0) {
		c.called = codes
	} else if len(codes) > 0 {
		c.also = codes[0].Name
	}
	c.lead()
	return c, len(c.units) > 0
}

// lead finds the units of today that hold what is called.
func (c *call) lead() {
	for _, u := range c.called {
		heir, found := territory.Home().Heir(u)
		if !found {
			heir = u // an intercommunality that is gone is itself
		}
		if !slices.ContainsFunc(c.units, func(x territory.Unit) bool { return x.Code == heir.Code }) {
			c.units = append(c.units, heir)
		}
	}
}

// number tells whether the word may be a code: five or nine digits written as
// one, with no bound before and no thing counted after ("plus de 10000 habitants").
func number(words []lang.Word, i int) bool {
	w := words[i].Text
	if len(w) != 5 && len(w) != 9 || strings.Trim(w, "0123456789") != "" {
		return false
	}
	for _, before := range words[max(0, i-2):i] {
		if slices.Contains(bounding, before.Fold) {
			return false
		}
	}
	return i+1 == len(words) || slices.Contains(following, words[i+1].Fold) || strings.Trim(words[i+1].Fold, "0123456789") == ""
}

// bounding are words before a number that is a quantity, following those that
// may stand after a code; both folded.
var (
	bounding  = []string{"plus", "moins", "entre", "between", "than", "over", "under", "above", "below", "depasse", "depassant", "exceeding", "least", "most", "minimum", "maximum", "environ", "about", "around", "atteint", "superieur", "superieure", "inferieur", "inferieure", "seuil", "top", "premiers", "premieres", "first"}
	following = []string{"en", "in", "et", "and", "ou", "or", "de", "depuis", "since", "entre", "between", "par", "by", "dans", "au", "a", "pour", "for", "avec", "with", "est", "is", "was", "compte", "a t elle", "from", "s"}
)

// named gives a table the names that the question calls its places by.
func named(c plan.Candidate, calls []call) plan.Candidate {
	if c.Annotation == nil || len(calls) == 0 {
		return c
	}
	var extra []dataset.Synonym
	var asks []dataset.Ambiguity
	for _, note := range c.Annotation.Column {
		col := c.Table.Column(note.Name)
		if note.Level != "commune" && note.Level != "epci" || col == nil {
			continue
		}
		for _, x := range calls {
			if x.which && note.Level == "commune" {
				asks = append(asks, x.ask())
				continue
			}
			if s, ok := synonym(c.Table, note, x); ok {
				extra = append(extra, s)
			}
		}
	}
	if len(extra)+len(asks) > 0 {
		a := *c.Annotation
		a.Synonyms = slices.Concat(a.Synonyms, extra)
		a.Ambiguous = slices.Concat(a.Ambiguous, asks)
		c.Annotation = &a
	}
	return c
}

// ask asks which of several communes is meant.
func (x call) ask() dataset.Ambiguity {
	a := dataset.Ambiguity{Words: dataset.Words{FR: []string{x.text}}, Ask: said("several_communes", "name", x.text)}
	for _, u := range x.units {
		q := strings.Replace(x.asked, x.text, u.Name, 1)
		a.Choices = append(a.Choices, dataset.Bilingual{FR: q, EN: q})
	}
	return a
}

// synonym writes a call as the cells of a column of names, or of the codes
// beside it where a name is borne twice.
func synonym(t *dataset.Table, note dataset.ColumnNote, x call) (dataset.Synonym, bool) {
	s := dataset.Synonym{Column: note.Name, Words: dataset.Words{FR: []string{x.text}}}
	twice := false
	var codes []string
	for _, u := range x.units {
		if u.Level == note.Level {
			s.Values, codes = append(s.Values, u.Name), append(codes, u.Code)
			twice = twice || namesakes(u) > 1
		}
	}
	if len(s.Values) == 0 {
		return s, false
	}
	has := func(column string) func(string) bool {
		col := t.Column(column)
		return func(v string) bool {
			return col == nil || !slices.ContainsFunc(col.Values, func(x dataset.Value) bool { return x.Text == v })
		}
	}
	if !has(note.Name)(x.text) { // its rows bear the name
		return s, false
	}
	if twice && t.Column(note.Code) != nil {
		s.Column, s.Values = note.Code, codes
	}
	if held := slices.DeleteFunc(slices.Clone(s.Values), has(s.Column)); len(held) > 0 { // else it is known, and not of this table
		s.Values = held
	}
	s.Says = says(x, note.Level)
	return s, true
}

// namesakes counts the units that share a unit's name in the tables.
func namesakes(u territory.Unit) int {
	n := 0
	for _, x := range territory.Home().Find(u.Name) {
		if x.Level == u.Level && (x.Until == 0 || x.Level == "epci") && x.Name == u.Name {
			n++
		}
	}
	return n
}

// says tells what was made of a call.
func says(x call, level string) dataset.Bilingual {
	b := saysOf(x, level)
	if x.also != "" {
		more := said("also_a_code", "code", x.text, "name", x.also)
		b.FR, b.EN = b.FR+more.FR, b.EN+more.EN
		for l := range b.Also {
			b.Also[l] += more.Also[l]
		}
	}
	return b
}

// said is a message of this room in every language.
func said(key string, args ...any) dataset.Bilingual {
	b := dataset.Bilingual{Also: map[string]string{}}
	for _, l := range lang.Spoken {
		text := texts.Say(l, "library."+key, args...)
		switch l {
		case lang.French:
			b.FR = text
		case lang.English:
			b.EN = text
		default:
			b.Also[string(l)] = text
		}
	}
	return b
}

func saysOf(x call, level string) dataset.Bilingual {
	called, heir := x.called[0], x.units[0]
	var names []string
	for _, u := range x.units {
		if u.Level == level {
			names = append(names, u.Name)
		}
	}
	all := strings.Join(names, ", ")
	switch {
	case slices.Contains(called.Postcodes, x.text):
		switch {
		case len(names) > 1:
			return said("postcode_of_several", "code", x.text, "count", len(names), "names", all)
		case len(called.Postcodes) > 1:
			return said("one_of_its_postcodes", "code", x.text, "name", all)
		}
		return said("postcode_of", "code", x.text, "name", all)
	case x.text == called.Code && level == "commune":
		return said("code_of", "code", x.text, "name", all)
	case x.text == called.SIREN:
		return said("siren_of", "code", x.text, "name", all)
	case called.Until > 0 && called.Name != heir.Name:
		return said("part_of_a_commune", "name", called.Name, "heir", heir.Name)
	}
	if alias, ok := territory.Home().Alias(x.text); ok && alias.Codes[0] == called.Code {
		return said("called", "called", x.text, "name", heir.Name)
	}
	for _, n := range called.Older {
		if lang.Fold(n.Text) == lang.Fold(x.text) {
			return said("name_until", "called", n.Text, "name", heir.Name, "year", n.Until)
		}
	}
	return dataset.Bilingual{}
}
