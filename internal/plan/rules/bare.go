package rules

import (
	"regexp"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// A table that nobody annotated tells what it is by its headers, its cells and
// its file's name alone. holds is what a column's cells turn out to be.
type holds struct {
	number bool // texts that hold a number: "14,505 ft"
	date   bool // texts that hold a day: "May 24, 1936"
	lasts  bool // texts that are a duration: "1:31:33"
	list   bool // texts that hold several things: "Dari, Pashto"
	person bool
	place  bool
}

// bare adds to the schema of an unannotated table the names its columns may
// go by, what their cells hold, and what a row is.
func (s *schema) bare() {
	s.cells = make([]holds, len(s.t.Columns))
	s.label, s.counter = -1, -1
	s.acronyms = map[string]bool{}
	for i, c := range s.t.Columns {
		words := headerWords(c.Name)
		s.otherNames(i, words)
		if len(words) == 1 && len(words[0]) >= 3 && len(words[0]) <= 5 {
			s.acronyms[words[0]] = true
			s.phrase(make([]string, len(words[0])))
		}
		s.sexes(i)
		h := &s.cells[i]
		for _, w := range words {
			h.person = h.person || people[w] || people[norm(w)]
			h.place = h.place || places[w] || places[norm(w)]
		}
		if c.Type == dataset.Text {
			h.number, h.date = heldByCells(c)
			h.lasts = !h.number && !h.date && durations(c)
			lists := 0
			for _, v := range c.Values {
				lists += btoi(strings.ContainsAny(v.Text, ",;/\n"))
			}
			h.list = lists*3 >= len(c.Values) && !h.date && !h.number
			for _, v := range c.Values {
				s.addParts(i, v.Text)
			}
		}
	}
	s.medals()
	s.findUnits()
	s.findLabel()
	s.findCounter()
	s.guessEntity()
}

// otherNames adds the pieces of a header and the words of the thesaurus.
func (s *schema) otherNames(col int, words []string) {
	content := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return stopWords[w] })
	for from := range content {
		for to := from + 1; to <= min(len(content), from+5); to++ {
			piece := content[from:to]
			if len(piece) == 1 && len(piece[0]) < 2 || to-from == len(words) {
				continue
			}
			s.addName(piece, col, pieceStrength(words, content, from, to))
		}
	}
	for i := 1; i < len(content); i++ { // "type of pet" is PetType
		turned := slices.Concat(content[i:], []string{"of"}, content[:i])
		s.addName(turned, col, 0.9)
		if i+1 < len(content) {
			s.addName([]string{content[i+1], "of", content[i]}, col, 0.7)
		}
	}
	if len(words) != len(content) || slices.Contains(words, "of") {
		s.addName(compound(words), col, 1)
	}
	for i, w := range content {
		for _, other := range thesaurus[norm(w)] {
			strength := 0.6
			if len(content) > 1 {
				strength = 0.4 / float64(len(content)) * float64(1+btoi(i == len(content)-1))
			}
			if strings.Contains(other, " ") { // "first name" is said of nothing else
				strength = max(strength, 0.7)
			}
			s.addName(strings.Fields(other), col, strength)
		}
	}
}

func pieceStrength(words, content []string, from, to int) float64 {
	share := float64(to-from) / float64(len(content))
	if share == 1 {
		return 0.95
	}
	if to == len(content) { // the head of an English compound comes last
		share += 0.1
	}
	return min(0.9, 0.85*share)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// compound drops articles and writes every "of" alike, so that "the type of
// the pet" and "type de pet" meet.
func compound(words []string) []string {
	var out []string
	for _, w := range words {
		switch w {
		case "the", "a", "an", "le", "la", "les", "l", "their", "its", "his", "her":
		case "de", "du", "des", "d", "of":
			out = append(out, "of")
		default:
			out = append(out, w)
		}
	}
	return out
}

// acronym returns the header that the initials of the words spell: "idf" for
// "Île-de-France".
func (s *schema) acronym(words []string) []string {
	if len(words) < 3 || len(words) > 5 {
		return nil
	}
	var b strings.Builder
	for _, w := range words {
		if w[0] >= '0' && w[0] <= '9' {
			return nil
		}
		b.WriteByte(w[0])
	}
	if s.acronyms[b.String()] {
		return []string{b.String()}
	}
	return nil
}

// heldByCells tells whether most cells of a text column hold a number or a day.
func heldByCells(c dataset.Column) (number, date bool) {
	var numbers, dates, all int
	for _, v := range c.Values[:min(len(c.Values), 200)] {
		if strings.Trim(v.Text, " -–—?") == "" {
			continue
		}
		all++
		digit := strings.IndexFunc(v.Text, func(r rune) bool { return r >= '0' && r <= '9' })
		if digit < 0 {
			continue
		}
		if measureLike(v.Text, digit) {
			numbers++
		}
		for _, w := range strings.Fields(lang.Fold(v.Text)) {
			if months[strings.TrimRight(w, "0123456789")] > 0 {
				dates++
				break
			}
		}
		if strings.Count(v.Text, "/") == 2 || len(v.Text) == 10 && strings.Count(v.Text, "-") == 2 {
			dates++
		}
	}
	return all > 0 && numbers*3 >= all*2, all > 0 && dates*3 >= all*2
}

// measureLike tells whether a text is a number with little around it: a sign
// or a word before, a unit or a bracket after.
func measureLike(text string, digit int) bool {
	if digit > 3 {
		return false
	}
	text, _, _ = strings.Cut(text, "\n")
	letters, runs := 0, 0
	depth := 0
	last := ' '
	for _, r := range text {
		before := last
		last = r
		switch {
		case r == '(' || r == '[':
			depth++
		case r == ')' || r == ']':
			depth--
		case depth == 0 && r >= '0' && r <= '9':
			if (before < '0' || before > '9') && (before != ',' && before != '.' || runs == 0) {
				runs++
			}
		case depth == 0 && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0xbf):
			letters++
		}
	}
	return letters <= 6 && runs <= 1
}

// months are the names of months, folded, in both languages.
var months = map[string]int{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
	"janvier": 1, "fevrier": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7, "aout": 8, "septembre": 9, "octobre": 10, "novembre": 11, "decembre": 12,
}

// addParts makes the parts of a cell findable: "Geneva" in "Geneva, Vaud".
func (s *schema) addParts(col int, text string) {
	if !strings.ContainsAny(text, ",;/()[]\n•–|:\"") {
		return
	}
	id := -1
	for _, at := range s.called(key(normAll(text))) {
		if s.val(at).col == col && s.val(at).texts[0] == text {
			id = at
		}
	}
	if id < 0 {
		return
	}
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",;/()[]\n•–|:\"", r) }) {
		words := normAll(part)
		if len(words) == 0 || len(words) > maxPhrase {
			continue
		}
		s.phrase(words)
		for _, k := range []string{key(words), key(dropArticle(words))} {
			if !slices.Contains(s.parts[k], id) {
				s.parts[k] = append(s.parts[k], id)
			}
		}
	}
}

// flagValues returns what a column of two values has for yes and for no.
func (s *schema) flagValues(col int) (yes, no any, ok bool) {
	c := s.t.Columns[col]
	switch {
	case c.Type == dataset.Boolean:
		return true, false, true
	case c.Type == dataset.Integer && c.Distinct > 0 && (c.Min == "0" || c.Min == "1") && (c.Max == "0" || c.Max == "1"):
		return 1.0, 0.0, true
	case c.Type == dataset.Text && c.Distinct <= 2:
		for _, v := range c.Values {
			switch lang.Fold(v.Text) {
			case "yes", "y", "oui", "o", "true", "vrai":
				yes = v.Text
			case "no", "n", "non", "false", "faux":
				no = v.Text
			default:
				return nil, nil, false
			}
		}
		return yes, no, yes != nil && no != nil
	}
	return nil, nil, false
}

// as says how a column is read where a number or a day is wanted of it.
func (s *schema) as(col int) (query.As, bool) {
	c := s.t.Columns[col]
	switch {
	case c.Type.Numeric(), c.Type == dataset.Date, c.Type == dataset.DateTime:
		return "", true
	case c.Type == dataset.Text && s.cells[col].date:
		return query.AsDate, true
	case c.Type == dataset.Text && s.cells[col].number:
		return query.AsNumber, true
	case c.Type == dataset.Text && s.cells[col].lasts:
		return query.AsDuration, true
	}
	return "", false
}

var durationText = regexp.MustCompile(`^[0-9]{1,3}(:[0-9]{2}){1,2}([.,][0-9]+)?$`)

// durations tells whether most cells of a text column are hours, minutes and
// seconds, with the first of them in full.
func durations(c dataset.Column) bool {
	held, all := 0, 0
	for _, v := range c.Values[:min(len(c.Values), 200)] {
		if t := strings.TrimSpace(v.Text); strings.ContainsFunc(t, func(r rune) bool { return r >= '0' && r <= '9' }) {
			all++
			held += btoi(durationText.MatchString(t))
		}
	}
	return all > 0 && held*3 >= all*2
}

// timed is the column that puts the rows in time, or -1.
func (s *schema) timed() int {
	for i, c := range s.t.Columns {
		if c.Type == dataset.Date || c.Type == dataset.DateTime || c.Type == dataset.Text && s.cells[i].date {
			if s.year >= 0 && s.t.Columns[s.year].Type.Numeric() && !s.fullDate(i) {
				continue
			}
			return i
		}
	}
	if s.year >= 0 {
		return s.year
	}
	for i, c := range s.t.Columns {
		if c.Type == dataset.Text && s.cells[i].number && slices.ContainsFunc(headerWords(c.Name), func(w string) bool {
			return w == "year" || w == "season" || w == "annee" || w == "saison" || w == "date"
		}) {
			return i
		}
	}
	return -1
}

// fullDate tells whether the days of a column have their year.
func (s *schema) fullDate(col int) bool {
	c := s.t.Columns[col]
	if c.Type != dataset.Text {
		return true
	}
	for _, v := range c.Values[:min(3, len(c.Values))] {
		digits := 0
		for _, r := range v.Text + " " {
			if r >= '0' && r <= '9' {
				digits++
			} else if digits == 4 {
				return true
			} else {
				digits = 0
			}
		}
	}
	return false
}
