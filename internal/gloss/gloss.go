// Package gloss says in French, word by word, what a question asks in a language
// that the planners do not read: "Wie viele Einwohner hat Straßburg?" is "combien
// de habitants a Straßburg". What it says need not be French that anyone would
// write; every word keeps its place in the question, so that what was not
// understood is named as it was typed. A word that the files do not hold stays as
// it is, for it may be a name; a planner that does not know it either declines.
//
// A language is a file, words/LANGUAGE.txt:
//
//	[words]        phrases and what they are in French, the longest taken
//	wie viele | wie viel = combien de
//	[adjectives]   said after the noun in French
//	öffentlich = publics
//	[verbs]        as words; "combien de" loses its "de" before them
//	bekam = a reçu
//	[files]        over a file of one's own, in place of the words of the catalogue
//	Schule = écoles
//	[openings]     said so where they begin the question alone
//	ist = est-ce que
//	[names]        said so where a name follows, which the file does not hold
//	wie groß ist = quelle est la taille de
//	[parts]        nouns, alone and as the parts of compounds:
//	ausgabe = dépenses     "Schulausgaben" is "dépenses de écoles"
//
// Words match whatever their ending is, an exact match before.
package gloss

import (
	"embed"
	"fmt"
	"strings"
	"sync"

	"cigogne/internal/lang"
)

//go:embed words/*.txt
var wordFiles embed.FS

// entry is a phrase and what it is in French.
type entry struct {
	words  []string // keys
	french string   // "": nothing
	adj    bool
	verb   bool
	file   bool // over a file of one's own alone
}

// dictionary is what a file holds.
type dictionary struct {
	phrases map[string][]entry // by the stem of the first word
	opens   map[string]string  // by the first word of the question
	names   []entry            // that say so before a name alone
	parts   map[string]string  // by key and by stem
}

var dictionaries sync.Map // of lang.Lang to func() *dictionary

// of is the dictionary of a language; nil where it has none and needs none.
func of(l lang.Lang) *dictionary {
	load, known := dictionaries.Load(l)
	if !known {
		load, _ = dictionaries.LoadOrStore(l, sync.OnceValue(func() *dictionary {
			b, err := wordFiles.ReadFile("words/" + string(l) + ".txt")
			if err != nil {
				return nil
			}
			d, err := read(string(b))
			if err != nil {
				return nil // a test reads each file
			}
			return d
		}))
	}
	return load.(func() *dictionary)()
}

// read reads a words file.
func read(text string) (*dictionary, error) {
	d := &dictionary{phrases: map[string][]entry{}, opens: map[string]string{}, parts: map[string]string{}}
	section := ""
	for n, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(line, "[]")
			continue
		}
		theirs, french, ok := strings.Cut(line, "=")
		if !ok || section == "" {
			return nil, fmt.Errorf("line %d: no section, or no =", n+1)
		}
		french = strings.TrimSpace(french)
		for _, p := range strings.Split(theirs, "|") {
			var e entry
			for _, w := range lang.Words(p) {
				e.words = append(e.words, key(w.Fold))
			}
			if len(e.words) == 0 {
				return nil, fmt.Errorf("line %d: a phrase is empty", n+1)
			}
			if section == "openings" {
				d.opens[e.words[0]] = french
				continue
			}
			e.french, e.adj, e.verb, e.file = french, section == "adjectives", section == "verbs", section == "files"
			if section == "names" {
				d.names = append(d.names, e)
				continue
			}
			first := stem(e.words[0])
			d.phrases[first] = append(d.phrases[first], e)
			if section == "parts" && len(e.words) == 1 {
				d.parts[e.words[0]], d.parts[first] = french, french
			}
		}
	}
	return d, nil
}

// key is a folded word as it compares: however its umlauts and sharp s are typed.
func key(folded string) string {
	return strings.NewReplacer("ß", "ss", "ae", "a", "oe", "o", "ue", "u").Replace(folded)
}

// shortest is how long a stem is at least.
const shortest = 4

// stem is a key without its ending.
func stem(key string) string {
	for _, end := range []string{"ern", "en", "em", "er", "es", "e", "n", "s"} {
		if s, ok := strings.CutSuffix(key, end); ok && len(s) >= shortest {
			return s
		}
	}
	return key
}

// Said is a question in French, with what each piece of it was.
type Said struct {
	French string

	asked  string
	pieces []piece
}

// piece is a part of the French and the part of the question that it says.
type piece struct {
	from, to   int // bytes of French
	start, end int // bytes of asked
}

// Spoken tells whether questions of a language are said in French.
func Spoken(l lang.Lang) bool { return of(l) != nil }

// Read says a question in French; one in a language that planners read stays as it is.
func Read(question string, l lang.Lang) Said { return say(question, l, false) }

// ReadOver is Read for a question over a file of one's own, whose words are not those
// of the catalogue.
func ReadOver(question string, l lang.Lang) Said { return say(question, l, true) }

func say(question string, l lang.Lang, file bool) Said {
	d := of(l)
	if d == nil {
		return Said{French: question, asked: question}
	}
	words := lang.Words(question)
	keys := make([]string, len(words))
	for i, w := range words {
		keys[i] = key(w.Fold)
	}
	var all []said
	for i := 0; i < len(words); {
		e, n := d.match(keys[i:], file)
		if named, k := d.beforeName(words[i:], keys[i:]); k > 0 && (k > n || k == n && !e.file) {
			e, n = named, k
		}
		if french := d.opens[keys[0]]; i == 0 && n <= 1 && french != "" && len(words) > 2 {
			e, n = entry{french: french}, 1
		}
		if n == 0 {
			e, n = entry{french: d.compound(keys[i])}, 1
			if e.french == "" {
				e.french = words[i].Text
			}
		}
		all = append(all, said{e, i, i + n})
		i += n
	}
	return write(question, words, behind(counted(all)))
}

// counted has no "de" between "combien" and a verb, and no "y a-t-il" behind what is
// counted.
func counted(all []said) []said {
	if len(all) > 0 && strings.HasPrefix(all[0].french, "combien") {
		for i := range all {
			if all[i].french == "y a-t-il" {
				all[i].french = ""
			}
		}
	}
	for i := range all[:max(0, len(all)-1)] {
		if all[i].french == "combien de" && all[i+1].verb {
			all[i].french = "combien"
		}
	}
	return all
}

// said is an entry found, with the words it takes.
type said struct {
	entry
	first, after int
}

// behind puts adjectives after their nouns.
func behind(all []said) []said {
	for i := len(all) - 2; i >= 0; i-- {
		if all[i].adj && all[i].french != "" && !all[i+1].adj && all[i+1].french != "" {
			all[i], all[i+1] = all[i+1], all[i]
		}
	}
	return all
}

// write joins what was said, with the signs that stand between words.
func write(question string, words []lang.Word, all []said) Said {
	s := Said{asked: question}
	var b strings.Builder
	for i, x := range all {
		if x.french != "" {
			if b.Len() > 0 {
				b.WriteString(" ")
			}
			p := piece{from: b.Len(), start: words[x.first].Start, end: words[x.after-1].End}
			b.WriteString(x.french)
			p.to = b.Len()
			s.pieces = append(s.pieces, p)
		}
		if i+1 < len(all) && all[i+1].first == x.after {
			if sign := strings.TrimSpace(question[words[x.after-1].End:words[all[i+1].first].Start]); sign != "" {
				b.WriteString(sign)
			}
		}
	}
	if len(words) > 0 {
		b.WriteString(strings.TrimRight(question[words[len(words)-1].End:], " "))
	}
	s.French = b.String()
	return s
}

// Asked is the question as it was typed.
func (s Said) Asked() string { return s.asked }

// Back is a part of the French as it was asked; as it is where it is not one.
func (s Said) Back(french string) string {
	if len(s.pieces) == 0 || french == "" {
		return french
	}
	at := strings.Index(strings.ToLower(s.French), strings.ToLower(french))
	if at < 0 {
		return french
	}
	start, end := -1, -1
	for _, p := range s.pieces {
		if p.from < at+len(french) && p.to > at {
			if start < 0 || p.start < start {
				start = p.start
			}
			end = max(end, p.end)
		}
	}
	if start < 0 {
		return french
	}
	return s.asked[start:end]
}

// Quoted has what a text quotes of the French quoted as it was asked, between
// any of the marks.
func (s Said) Quoted(text string) string {
	if len(s.pieces) == 0 {
		return text
	}
	for _, marks := range [][2]string{{"« ", " »"}, {"„", "“"}, {"“", "”"}} {
		var b strings.Builder
		rest := text
		for {
			before, after, open := strings.Cut(rest, marks[0])
			inside, behind, closed := strings.Cut(after, marks[1])
			if !open || !closed {
				b.WriteString(rest)
				break
			}
			b.WriteString(before + marks[0] + s.Back(inside) + marks[1])
			rest = behind
		}
		text = b.String()
	}
	return text
}

// Whole has a text that says the French with something else in its midst or at
// its end, as choices do, say it as it was asked.
func (s Said) Whole(text string) string {
	if len(s.pieces) == 0 {
		return text
	}
	head, tail := 0, len(s.pieces)
	for head < len(s.pieces) && strings.HasPrefix(text, s.French[:s.pieces[head].to]) {
		head++
	}
	if head == 0 {
		return text
	}
	begun, rest := s.between(0, head), text[s.pieces[head-1].to:]
	ends := strings.TrimRight(rest, " ?!.")
	for tail > head && strings.HasSuffix(ends, strings.TrimRight(s.French[s.pieces[tail-1].from:], " ?!.")) {
		tail--
	}
	if tail == len(s.pieces) {
		return begun + rest
	}
	kept := strings.TrimSuffix(ends, strings.TrimRight(s.French[s.pieces[tail].from:], " ?!."))
	return begun + kept + s.between(tail, len(s.pieces)) + rest[len(ends):]
}

// between is what pieces from one to before another were asked as.
func (s Said) between(from, to int) string {
	start, end := len(s.asked), 0
	for _, p := range s.pieces[from:to] {
		start, end = min(start, p.start), max(end, p.end)
	}
	return s.asked[start:end]
}
