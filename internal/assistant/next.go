package assistant

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	lru "github.com/hashicorp/golang-lru/v2"

	"cigogne/internal/answer"
	"cigogne/internal/answer/phrase"
	"cigogne/internal/dataset"
	"cigogne/internal/gloss"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// How many questions to go on with an answer offers, and how many are tried for them.
const (
	offered = 3
	tried   = 8
)

// next are questions to go on with after an answer from an annotated table: the
// same over the years, as a share, ranked; each is planned, and left out where
// the built-in planner has no figure for it.
func (as *Assistant) next(ctx context.Context, candidates []plan.Candidate, out plan.Outcome, a *answer.Answer) []string {
	if out.Candidate.Annotation == nil {
		return nil
	}
	asked := map[string]bool{lang.Fold(a.Question): true, fmt.Sprint(*out.Plan): true}
	var good []string
	for i, q := range near(out, a.Lang) {
		if i == tried || len(good) == offered {
			break
		}
		if asked[lang.Fold(q)] {
			continue
		}
		asked[lang.Fold(q)] = true
		o := as.offer(ctx, q, a.Lang, candidates)
		if o.plan == "" || o.table != out.Candidate.Table.ID || asked[o.plan] {
			continue
		}
		asked[o.plan] = true
		good = append(good, q)
	}
	return good
}

// offer is what the built-in planner makes of a question of our own.
type offer struct {
	plan  string // "": none
	table string // ID of the one that it is of
}

// offers remember what came of planning questions of our own: many answers lead to
// the same ones, and the tables are the same as long as the assistant is.
type offers struct{ byQuestion *lru.Cache[string, offer] }

// maxOffers are some 400 KB.
const maxOffers = 1000

func newOffers() *offers {
	byQuestion, err := lru.New[string, offer](maxOffers)
	if err != nil { // only of a size below 1
		return nil
	}
	return &offers{byQuestion}
}

// offer plans a question of our own over tables.
func (as *Assistant) offer(ctx context.Context, q string, l lang.Lang, over []plan.Candidate) (o offer) {
	var key strings.Builder
	key.WriteString(string(l) + "\x00" + q)
	for _, c := range over {
		key.WriteString("\x00" + c.Table.ID)
	}
	if o, known := as.offers.byQuestion.Get(key.String()); known {
		return o
	}
	out, err := as.sure.Plan(ctx, plan.Request{Question: gloss.Read(q, lang.Detect(q)).French, Lang: l, Candidates: over})
	if err != nil {
		return offer{}
	}
	if out.Plan != nil {
		o = offer{fmt.Sprint(*out.Plan), out.Candidate.Table.ID}
	}
	if ctx.Err() == nil { // else there was no time to look everywhere
		as.offers.byQuestion.Add(key.String(), o)
	}
	return o
}

// near writes questions near a plan, the nearest first; some may have no answer.
func near(out plan.Outcome, l lang.Lang) []string {
	p, an := out.Plan, out.Candidate.Annotation
	var all []string
	if s, ok := subjectOf(out, l); ok {
		year := ""
		if y := yearColumn(out.Candidate); y != nil {
			if read := yearsRead(p, y); len(read) == 1 {
				year = texts.Say(l, "talk.in_year", "year", read[0])
			}
		}
		if !slices.Contains(p.GroupBy, an.Time.Column) {
			all = append(all, texts.Say(l, "talk.next_years", "of", s.of))
		}
		if s.part != "" && (p.Derived == nil || p.Derived.Op != query.Share) {
			all = append(all, texts.Say(l, "talk.next_share", "part", s.part, "of", phrase.Begun(s.whole, texts.Say(l, "talk.share_of_begins")), "year", year))
		}
		for _, c := range an.Column {
			if groups(out, c) && c.Label.In(l) != "" {
				all = append(all, texts.Say(l, "talk.next_by", "measure", s.whole, "column", c.Label.In(l), "year", year))
			}
		}
	}
	for _, q := range an.Questions {
		all = append(all, q.In(l))
	}
	for i := range all {
		all[i] = capital(all[i])
	}
	return all
}

// capital begins a question with a capital letter.
func capital(q string) string {
	q = strings.Join(strings.Fields(q), " ")
	r, size := utf8.DecodeRuneInString(q)
	return string(unicode.ToUpper(r)) + q[size:]
}

// groups tells whether figures by a column say something near an answer: a
// territory or a subject that has several, not what a default keeps apart.
func groups(out plan.Outcome, c dataset.ColumnNote) bool {
	an, col := out.Candidate.Annotation, out.Candidate.Table.Column(c.Name)
	const few, many = 3, 40
	switch {
	case col == nil || c.Hide || c.Ask || slices.Contains(out.Plan.GroupBy, c.Name) || strings.EqualFold(c.Name, an.Entity.Label):
		return false
	case slices.ContainsFunc(an.Defaults, func(d dataset.Default) bool { return strings.EqualFold(d.Column, c.Name) }):
		return false
	}
	return (c.Level == "department" || slices.Contains(an.Prefer, c.Name)) && col.Distinct >= few && col.Distinct <= many
}

// subject is what an answer was of, as questions name it.
type subject struct {
	of    string // "de la population de Metz"
	whole string // "la population"
	part  string // "de Metz"; "" where it is of all
}

// subjectOf names the figure of a plan by its column and its place.
func subjectOf(out plan.Outcome, l lang.Lang) (subject, bool) {
	p, an := out.Plan, out.Candidate.Annotation
	column := an.Measure
	if len(p.Measures) > 0 && p.Measures[0].Column != "" {
		column = p.Measures[0].Column
	}
	var sides []query.Filter
	for _, m := range p.Measures {
		sides = append(sides, m.Where...)
	}
	name := phrase.Measured(an, column, slices.Concat(p.Where, sides), l)
	if name == "" {
		return subject{}, false
	}
	s := subject{of: phrase.OfNoun(name, l), whole: name}
	if level, place, ok := (turn{out: out}).place(); ok {
		s.part = phrase.Of(level, place, l)
		s.of += " " + s.part
	} else if at := subjectFilter(out); at >= 0 && len(filtersOf(p)[at].Values) == 1 {
		f := filtersOf(p)[at]
		said := phrase.Valued(an, f.Column, f.Values[0], l)
		if said == "" {
			return s, true
		}
		if phrase.Named(said, l) {
			s.part = phrase.OfNoun(said, l)
		}
		s.of += " " + strings.ReplaceAll(note(an, f.Column).Said.In(l), "{value}", said)
	}
	return s, true
}
