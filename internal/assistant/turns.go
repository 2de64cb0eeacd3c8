package assistant

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"cigogne/internal/answer/phrase"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// spelledOut writes a follow-up as a question that says what it leans on: "ses
// communes" are those of the place before, "non, 2019" is another year, "l'année
// dernière" is one by its number. note says how a year was read, "" where that
// is plain.
func (t turn) spelledOut(text string, now time.Time, l lang.Lang) (full, note string) {
	reads := l.Reads() // what is written here is planned, not shown
	text = unprefaced(text)
	if named, ok := t.one(text, reads); ok {
		return named, ""
	}
	if t.turn != nil {
		if ranked, ok := t.standing(text, reads); ok {
			return ranked, ""
		}
		if owned, ok := t.possessive(text, reads); ok {
			return owned, ""
		}
		if year, ok := corrected(text); ok {
			return texts.Say(reads, "talk.and_in_year", "year", year), ""
		}
		if named, ok := t.named(text, reads); ok {
			return named, ""
		}
		if again, ok := t.rebound(text, reads); ok {
			return again, ""
		}
	}
	return t.relativeYear(text, now, l)
}

// possessive reads "ses communes", "son département" after an answer about a place.
func (t turn) possessive(text string, l lang.Lang) (string, bool) {
	ws := lang.Words(text)
	at := 0
	for at < len(ws) && at < 4 && (slices.Contains(said().Openers, ws[at].Fold) || slices.Contains(said().Politeness, ws[at].Fold)) && !slices.Contains(said().Possessives, ws[at].Fold) {
		at++ // "et", "c'est quoi", "quelle est"
	}
	const most = 6 // words: a longer text is a question of its own
	if len(ws) < at+2 || len(ws) > at+most || !slices.Contains(said().Possessives, ws[at].Fold) {
		return "", false
	}
	level, name, ok := t.place()
	if !ok {
		return "", false
	}
	rest := strings.TrimRight(text[ws[at+1].Start:], " ?!.")
	if slices.Contains(said().Wider, ws[at+1].Fold) { // "son département": the planner finds what holds it
		return texts.Say(l, "talk.and_what", "what", text[ws[at].Start:]), true
	}
	if level == "commune" && slices.Contains(said().Within, ws[at+1].Fold) { // a commune has none
		return "", false
	}
	return rest + " " + phrase.Of(level, name, l), true
}

// place is the finest territory that the last answer was about.
func (t turn) place() (level, name string, ok bool) {
	if t.out.Plan == nil || t.out.Candidate.Annotation == nil {
		return "", "", false
	}
	order := []string{"commune", "epci", "arrondissement", "department", "region"}
	best := len(order)
	for _, f := range filtersOf(t.out.Plan) {
		n := slices.Index(order, note(t.out.Candidate.Annotation, f.Column).Level)
		if n < 0 || n >= best || f.Op != query.Eq || len(f.Values) != 1 {
			continue
		}
		best, level, name = n, order[n], fmt.Sprint(f.Values[0])
	}
	return level, name, name != ""
}

// filtersOf are the filters of a plan of one measure, wherever they stand.
func filtersOf(p *query.Plan) []query.Filter {
	if len(p.Measures) == 1 {
		return slices.Concat(p.Where, p.Measures[0].Where)
	}
	return p.Where
}

// corrected reads "non, 2019" and "2019" as another year.
func corrected(text string) (int, bool) {
	ws := lang.Words(text)
	for len(ws) > 1 && (slices.Contains(said().Openers, ws[0].Fold) || ws[0].Fold == "en" || ws[0].Fold == "in" || ws[0].Fold == "plutot") {
		ws = ws[1:]
	}
	if len(ws) != 1 {
		return 0, false
	}
	y, err := strconv.Atoi(ws[0].Text)
	return y, err == nil && plainYear(y)
}

// rebound reads "plutôt 50 000" after "de plus de 20 000 habitants" as another bound.
func (t turn) rebound(text string, l lang.Lang) (string, bool) {
	ws := lang.Words(text)
	if len(ws) < 2 || len(ws) > 3 || !slices.Contains(said().Openers, ws[0].Fold) || t.out.Plan == nil {
		return "", false
	}
	number := strings.TrimRight(text[ws[1].Start:], " ?!.")
	if _, ok := lang.ParseNumber(number, l); !ok {
		return "", false
	}
	key := ""
	for _, f := range t.out.Plan.Where {
		k := map[query.Op]string{query.Gt: "talk.and_more_than", query.Ge: "talk.and_at_least", query.Lt: "talk.and_less_than", query.Le: "talk.and_at_most"}[f.Op]
		if k == "" || f.Than != nil {
			continue
		}
		if key != "" {
			return "", false // which of the bounds?
		}
		key = k
	}
	if key == "" {
		return "", false
	}
	return texts.Say(l, key, "number", number), true
}

// named puts the place spoken of for the pronoun of "est-elle la plus grande des
// Vosges ?", which asks for yes or no.
func (t turn) named(text string, l lang.Lang) (string, bool) {
	level, name, ok := t.place()
	if !ok || level != "commune" { // the pronoun of a department may be its people
		return "", false
	}
	ws := lang.Words(text)
	folds := make([]string, len(ws))
	for i, w := range ws {
		folds[i] = w.Fold
	}
	for _, p := range said().Pronouns {
		words := strings.Fields(p)
		if n := len(words); len(ws) > n+2 && slices.Equal(folds[:n], words) {
			return texts.Say(l, "talk.is_it", "name", name, "rest", strings.TrimSpace(text[ws[n-1].End:])), true
		}
	}
	return "", false
}

// among adds the place spoken of to "lequel est le plus visité ?", which is of
// those just listed, where another table is to answer.
func (t turn) among(text string, out plan.Outcome, l lang.Lang) (string, bool) {
	if out.Plan == nil || t.out.Plan == nil || out.Plan.Table == t.out.Plan.Table {
		return "", false
	}
	asked := lang.Fold(text) + " "
	if !superlative(text) && !slices.ContainsFunc(said().Which, func(w string) bool { return strings.HasPrefix(asked, w+" ") }) {
		return "", false
	}
	level, name, ok := t.place()
	if !ok {
		return "", false
	}
	if superlative(text) && level != "commune" && out.Candidate.Annotation != nil && note(out.Candidate.Annotation, out.Candidate.Annotation.Entity.Label).Level != "" {
		text = texts.Say(l, "phrase.kind_commune", "n", 1) + " " + text // of what lies in it
	}
	return strings.TrimRight(text, " ?!.") + " " + phrase.Where(level, name, l), true
}

// future tells whether a text asks for what is to come.
func future(text string) bool {
	asked := " " + lang.Fold(text) + " "
	return slices.ContainsFunc(said().Futures, func(w string) bool { return strings.Contains(asked, " "+w+" ") })
}

func plainYear(y int) bool { return y >= 1800 && y < 2200 }

// relativeYear puts a year's number for "l'année dernière" and "il y a 3 ans".
func (t turn) relativeYear(text string, now time.Time, l lang.Lang) (full, note string) {
	ws := lang.Words(text)
	from, to, back, before := relative(ws)
	if to == 0 {
		return text, ""
	}
	year := now.Year() - back
	shown, first, last := t.years()
	alone := from == 0 || from == 1 && slices.Contains(said().Openers, ws[0].Fold)
	if before {
		if shown == 0 {
			return text, ""
		}
		year = shown - back
	} else if alone && shown > 0 && (year < first || year > last) {
		year = shown - back // the data end before: counted from the year just shown
		note = texts.Say(l, "talk.year_before_that", "words", text[ws[from].Start:ws[to-1].End], "year", year)
	}
	in := texts.Say(l.Reads(), "talk.in_year", "year", year)
	if alone && to == len(ws) && t.turn != nil {
		return texts.Say(l.Reads(), "talk.and_in_year", "year", year), note
	}
	return strings.TrimSpace(text[:ws[from].Start] + in + text[ws[to-1].End:]), note
}

// relative finds such words: how many years back, and whether from the year
// shown before rather than from today.
func relative(ws []lang.Word) (from, to, back int, before bool) {
	folds := make([]string, len(ws))
	for i, w := range ws {
		folds[i] = w.Fold
	}
	if at, n := longest(folds, said().LastYear); n > 0 {
		return at, at + n, 1, false
	}
	if at, n := longest(folds, said().YearBefore); n > 0 {
		return at, at + n, 1, true
	}
	for i := range ws {
		years, err := strconv.Atoi(ws[i].Text)
		if n, ok := lang.NumberWord(folds[i]); ok {
			years, err = int(n), nil
		}
		if err == nil && years >= 1 && years <= 100 {
			if from, to := agoAt(folds, i); to > 0 {
				return from, to, years, false
			}
		}
	}
	return 0, 0, 0, false
}

// agoAt are the words around a number that make it so many years ago: "il y a 3
// ans", "3 years ago"; 0, 0 none.
func agoAt(folds []string, i int) (from, to int) {
	rest := folds[i+1:]
	switch {
	case len(rest) >= 1 && i >= 3 && slices.Equal(folds[i-3:i], []string{"il", "y", "a"}) && (rest[0] == "ans" || rest[0] == "an"):
		return i - 3, i + 2
	case len(rest) >= 2 && (rest[0] == "years" || rest[0] == "year") && rest[1] == "ago":
		return i, i + 3
	}
	return 0, 0
}

// years are the last year that the last answer read, and those its table covers; 0 unknown.
func (t turn) years() (shown, first, last int) {
	year := yearColumn(t.out.Candidate)
	if t.out.Plan == nil || t.out.Candidate.Table == nil || year == nil {
		return 0, 0, 0
	}
	if all := yearsOf(year); len(all) > 0 {
		first, last = all[0], all[len(all)-1]
	}
	if read := yearsRead(t.out.Plan, year); len(read) > 0 {
		shown = read[len(read)-1]
	}
	return shown, first, last
}

// fewestWords of a question that says by itself what it asks: "par habitant" does not.
const fewestWords = 3

// share makes a share of a figure that goes on from one: "et en 2019 ?" after "en
// pourcentage". It returns the plan to run.
func (t turn) share(out plan.Outcome, text string, l lang.Lang) *query.Plan {
	ws := lang.Words(text)
	if !t.shared || out.Plan == nil || t.out.Plan == nil || out.Plan.Table != t.out.Plan.Table || len(ws) == 0 || !slices.Contains(said().Openers, ws[0].Fold) {
		return out.Plan
	}
	if p := shareOf(out, l); p != nil {
		return p
	}
	return out.Plan
}

// fresh tells whether a text that the conversation does not explain may be a new
// question: it does not open as one that goes on.
func fresh(text string, out plan.Outcome) bool {
	ws := lang.Words(text)
	return out.Plan == nil && len(ws) >= fewestWords && !slices.Contains(said().Openers, ws[0].Fold)
}
