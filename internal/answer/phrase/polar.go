package phrase

import (
	"embed"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"cigogne/internal/lang"
	"cigogne/internal/query"
)

//go:embed words/*.toml
var wordFiles embed.FS

// words are those that tell how a question is asked, folded.
type words struct {
	Opens []string `toml:"opens"` // a yes/no question begins so
	Holds []string `toml:"holds"` // or holds that
	Not   []string `toml:"not"`   // a question that holds one of these asks for more than yes or no
	There []string `toml:"there"` // asks whether there is any
	Falls []string `toml:"falls"` // beginnings of words that take a figure to have fallen
	Rises []string `toml:"rises"` // and to have risen
}

var spoken = sync.OnceValue(func() words {
	var all words
	for _, l := range []lang.Lang{lang.French, lang.English} {
		w, err := readWords(l)
		if err != nil {
			continue // a test reads each file
		}
		all.Opens, all.Holds, all.Not = append(all.Opens, w.Opens...), append(all.Holds, w.Holds...), append(all.Not, w.Not...)
		all.There, all.Falls, all.Rises = append(all.There, w.There...), append(all.Falls, w.Falls...), append(all.Rises, w.Rises...)
	}
	return all
})

func readWords(l lang.Lang) (words, error) {
	var w words
	b, err := wordFiles.ReadFile("words/" + string(l) + ".toml")
	if err == nil {
		err = toml.Unmarshal(b, &w)
	}
	return w, err
}

// Polar tells whether a question asks for yes or no.
func Polar(question string) bool {
	folded := " " + lang.Fold(question) + " "
	has := func(w string) bool { return strings.Contains(folded, " "+w+" ") }
	if slices.ContainsFunc(spoken().Not, has) {
		return false
	}
	if inverted.MatchString(question) {
		return true
	}
	opens := func(w string) bool { return strings.HasPrefix(folded, " "+w+" ") }
	return slices.ContainsFunc(spoken().Opens, opens) || slices.ContainsFunc(spoken().Holds, has)
}

// inverted is a verb before its subject: "perdent-elles", "dépense-t-on".
var inverted = regexp.MustCompile(`\pL-(?:t-)?(?:il|elle|ils|elles|on)(?:$|[^\pL-])`)

// Direction tells which way a question takes a figure to have gone: fallen,
// risen, neither or both.
func Direction(question string) (fall, rise bool) {
	for _, w := range lang.Words(question) {
		begins := func(b string) bool { return strings.HasPrefix(w.Fold, b) }
		fall = fall || slices.ContainsFunc(spoken().Falls, begins)
		rise = rise || slices.ContainsFunc(spoken().Rises, begins)
	}
	return fall, rise
}

// verdict begins the answer to "has it risen?"; "" where that was not asked.
func (s speaker) verdict(by float64) string {
	if !Polar(s.Question) {
		return ""
	}
	fall, rise := Direction(s.Question)
	if fall == rise {
		return ""
	}
	return s.answer(rise && by > 0 || fall && by < 0)
}

// yes begins the answer to "are there any?": there are.
func (s speaker) yes() string {
	folded := " " + lang.Fold(s.Question) + " "
	there := func(w string) bool { return strings.HasPrefix(folded, " "+w+" ") }
	if !Polar(s.Question) || !slices.ContainsFunc(spoken().There, there) {
		return ""
	}
	return s.answer(true)
}

// first begins the answer to "is A larger than B?": whether the one named first leads.
func (s speaker) first(column string) string {
	p := s.Plan
	if s.Claim != "" && len(s.Rows) > 0 { // "is A the largest?"
		return s.answer(slices.ContainsFunc(s.Rows, func(row []any) bool { return plainNumber(row[0]) == s.Claim }))
	}
	if !Polar(s.Question) || p.Limit != 1 || len(s.Rows) != 1 {
		return ""
	}
	for _, f := range p.Where {
		if !strings.EqualFold(f.Column, column) || f.Op != query.Eq || len(f.Values) != 2 {
			continue
		}
		return s.firstOf(f.Values)
	}
	return ""
}

// firstOf says whether, of two names, the one that the question has first is the one
// that leads; "" where it has them not both.
func (s speaker) firstOf(names []any) string {
	at := [2]int{-1, -1}
	lead := -1
	for i, v := range names {
		at[i] = strings.Index(lang.Fold(s.Question), lang.Fold(plainNumber(v)))
		if plainNumber(v) == plainNumber(s.Rows[0][0]) {
			lead = i
		}
	}
	if at[0] < 0 || at[1] < 0 || lead < 0 || at[0] == at[1] {
		return ""
	}
	return s.answer(at[lead] < at[1-lead])
}

func (s speaker) answer(yes bool) string {
	key := "no"
	if yes {
		key = "yes"
	}
	return strong(s.text(key)) + s.text("colon") + " "
}
