package rules

import (
	"context"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/territory"
	"cigogne/internal/texts"
)

// Planner is the built-in planner. It is safe for concurrent use.
type Planner struct {
	lex     lexicon
	bareLex lexicon
	words   Words                       // nil: no word is taken for misspelt
	france  func() *territory.Gazetteer // no place is known but those of the tables where it returns nil

	shelf *shelf
}

// shelf keeps what was read of tables: tens of megabytes, so planners of one
// process share it.
type shelf struct {
	mu      sync.Mutex
	schemas map[string]*schema
	cells   map[cellsOf]func() *cellNames
}

// cellsOf is a column, by where its texts lie in memory: tables that were joined to one
// share them.
type cellsOf struct {
	first *dataset.Value
	n     int
	place bool
}

// read reads the texts of a column, once.
func (sh *shelf) read(values []dataset.Value, place bool) *cellNames {
	k := cellsOf{&values[0], len(values), place}
	sh.mu.Lock()
	once := sh.cells[k]
	if once == nil {
		once = sync.OnceValue(func() *cellNames { return readCells(values, place) })
		sh.cells[k] = once
	}
	sh.mu.Unlock()
	return once()
}

// New returns a planner with an empty cache of tables. It corrects spelling by
// words and france, and does without where they are nil.
func New(words Words, france func() *territory.Gazetteer) *Planner {
	return &Planner{lex: newLexicon(false), bareLex: newLexicon(true), words: words, france: france, shelf: &shelf{schemas: map[string]*schema{}, cells: map[cellsOf]func() *cellNames{}}}
}

// Exact returns a planner over the same tables, read once for both, that takes no
// word for misspelt.
func (pl *Planner) Exact() *Planner {
	exact := *pl
	exact.words = nil
	return &exact
}

// signs are how people write bounds without words.
var signs = strings.NewReplacer("<=", " au plus ", "≤", " au plus ", ">=", " au moins ", "≥", " au moins ", "<", " moins de ", ">", " plus de ")

// commands are of a database, and ask for nothing.
var commands = regexp.MustCompile(`(?i)\b(drop|truncate|alter|create)\s+(table|database|view|schema)\b|\b(delete\s+from|insert\s+into)\b|'\s*;|--\s*$`)

const maxCached = 512 // tables

func (pl *Planner) schema(c plan.Candidate) *schema {
	k := c.Table.ID + "\x00" + c.Table.SHA256
	if len(c.Joins) > 0 {
		k += "\x00joined"
	}
	kept := pl.shelf
	kept.mu.Lock()
	s := kept.schemas[k]
	kept.mu.Unlock()
	if s != nil && s.Annotation == c.Annotation {
		return s
	}
	s = newSchema(c, kept.read)
	kept.mu.Lock()
	defer kept.mu.Unlock()
	if len(kept.schemas) >= maxCached {
		clear(kept.schemas)
		clear(kept.cells)
	}
	kept.schemas[k] = s
	return s
}

// all reads several tables, side by side: a process that answers one question
// waits for all of them.
func (pl *Planner) all(candidates []plan.Candidate) []*schema {
	all := make([]*schema, len(candidates))
	var wg sync.WaitGroup
	for i, c := range candidates {
		wg.Go(func() { all[i] = pl.schema(c) })
	}
	wg.Wait()
	return all
}

// Plan reads the question over every candidate and returns the best outcome.
// Its Plan, Ask and Refusal follow the rules of plan.Outcome; the error is that
// of req.Run or ctx alone.
func (pl *Planner) Plan(ctx context.Context, req plan.Request) (plan.Outcome, error) {
	out, err := pl.asked(ctx, req)
	if err != nil || out.Plan != nil || out.Ask != "" || req.Given || len(req.Candidates) == 0 {
		return out, err
	}
	for _, again := range []func(context.Context, plan.Request) (plan.Outcome, bool, error){pl.ranksAfter, pl.either, pl.retold} {
		if other, ok, err := again(ctx, req); ok || err != nil {
			return other, err
		}
	}
	return out, nil
}

// asked is Plan for a question in the words that it came in.
func (pl *Planner) asked(ctx context.Context, req plan.Request) (plan.Outcome, error) {
	if !req.Given && len(req.Candidates) > 0 {
		if out, ok, err := pl.other(ctx, req); ok || err != nil {
			return out, err
		}
	}
	return pl.plan(ctx, req)
}

// plan is Plan for a question as it stands.
func (pl *Planner) plan(ctx context.Context, req plan.Request) (plan.Outcome, error) {
	req.Question = signs.Replace(req.Question)
	tokens := tokenize(req.Question, req.Lang)
	if out, none := noQuestion(req, tokens); none {
		return out, nil
	}
	outcomes, err := pl.outcomes(ctx, req, tokens)
	if err != nil {
		return plan.Outcome{}, err
	}
	if len(outcomes) == 0 {
		return plan.Outcome{Refusal: texts.Say(req.Lang, "rules.i_hold_no_table_that_answers")}, nil
	}
	sort.SliceStable(outcomes, func(i, j int) bool { return outcomes[i].Score > outcomes[j].Score })
	best := settled(outcomes)
	if best == nil || best.Plan == nil {
		if o, ok := confirmed(req); ok {
			return o, nil
		}
	}
	if best == nil {
		return pl.unaccounted(req, outcomes), nil
	}
	if err := pl.askBack(ctx, req, best); err != nil {
		return plan.Outcome{}, err
	}
	return *best, nil
}

// noQuestion answers what asks nothing: no word, a command of SQL, "merci".
func noQuestion(req plan.Request, tokens []token) (out plan.Outcome, none bool) {
	switch {
	case len(tokens) == 0 || len(req.Candidates) == 0:
		return plan.Outcome{Refusal: texts.Say(req.Lang, "rules.i_hold_no_table_that_answers")}, true
	case commands.MatchString(req.Question), contentWords(tokens) == 0 && !strings.Contains(req.Question, "%"):
		return plan.Outcome{Candidate: req.Candidates[0], Refusal: texts.Say(req.Lang, "rules.what_is_your_question")}, true
	}
	return out, false
}

// askBack asks which of several things of one name is meant, where the data tell
// that there are several.
func (pl *Planner) askBack(ctx context.Context, req plan.Request, best *plan.Outcome) error {
	if best.Plan == nil || req.Run == nil {
		return nil
	}
	if err := homonyms(ctx, req, best); err != nil {
		return err
	}
	if best.Plan == nil {
		return nil
	}
	if err := filledYear(ctx, req, best); err != nil || best.Plan == nil {
		return err
	}
	return sides(ctx, req, pl.all(req.Candidates), best)
}

// confirmed is the plan that people confirmed for this very question, where the
// rules do not read it.
func confirmed(req plan.Request) (plan.Outcome, bool) {
	for _, v := range req.Verified {
		if lang.Fold(v.Question) != lang.Fold(req.Question) {
			continue
		}
		for _, c := range req.Candidates {
			if c.Table.ID == v.Plan.Table {
				return plan.Outcome{Plan: v.Plan, Candidate: c, Assumptions: []string{texts.Say(req.Lang, "rules.verified_question_read_as_it_was")}}, true
			}
		}
	}
	return plan.Outcome{}, false
}

func previous(req plan.Request) *reading {
	if req.Previous == nil {
		return nil
	}
	r, _ := req.Previous.Reading.(*reading)
	return r
}

// settled returns the best outcome that accounts for every word, or nil. A
// refusal with reasons of its own (a year not covered) settles the matter only
// where no table has an answer.
func settled(outcomes []plan.Outcome) *plan.Outcome {
	for i := range outcomes {
		if o := &outcomes[i]; len(o.NotUnderstood) == 0 && (o.Plan != nil || o.Ask != "") {
			return o
		}
	}
	for i := range outcomes {
		if o := &outcomes[i]; len(o.NotUnderstood) == 0 && o.Refusal != "" {
			return o
		}
	}
	return nil
}

// quoted lists values between quotation marks.
func quoted(values []string, l lang.Lang) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = texts.Say(l, "rules.quoted", "words", v)
	}
	return strings.Join(out, ", ")
}

// unaccounted declines, naming the words that found no place in the table that
// came nearest, and what that table covers.
func (pl *Planner) unaccounted(req plan.Request, outcomes []plan.Outcome) plan.Outcome {
	o := outcomes[0]
	s := pl.schema(o.Candidate)
	words := make([]string, len(o.NotUnderstood))
	for i, w := range o.NotUnderstood {
		words[i] = texts.Say(req.Lang, "rules.quoted", "words", w)
		if !namesPlace(req.Question, w) {
			continue
		}
		if where := pl.whereabouts(w, s.a.Scope.Code, req.Lang); where != "" {
			words[i] += " (" + where + ")"
		}
	}
	text := texts.Say(req.Lang, "rules.i_cannot_find_in_the_data", "words", strings.Join(words, ", "))
	r, ok := o.Reading.(*reading)
	switch {
	case ok && s.Annotation != nil && !req.Given && !r.about(): // a place and a year alone: no table is nearer than another
		text += " " + texts.Say(req.Lang, "rules.i_hold", "tables", held(req.Candidates, req.Lang))
	case pl.cellsElsewhere(req, s, o.NotUnderstood):
		text = texts.Say(req.Lang, "rules.not_in_the_table_that_answers", "words", strings.Join(words, ", "), "table", s.Name(req.Lang))
	case s.Annotation != nil || req.Given:
		text += " " + texts.Say(req.Lang, "rules.nearest", "table", s.covers(req.Lang))
	}
	if o.Refusal != "" && (len(o.NotUnderstood) == 0 || ok && r.partOfYear) {
		text = o.Refusal
	}
	return plan.Outcome{Candidate: o.Candidate, Refusal: text, NotUnderstood: o.NotUnderstood, Score: o.Score}
}

// about tells whether a reading speaks of what its table is about: a quantity, its
// rows, a column, a cell that is no place.
func (r *reading) about() bool {
	return r.subject() || len(r.show)+len(r.group) > 0 || slices.ContainsFunc(r.conds, func(x cond) bool { return r.s.note(x.col).Level == "" && x.col != r.s.year })
}

// heldShown is how many tables a refusal names.
const heldShown = 6

// held names the annotated tables, those that are asked most first.
func held(candidates []plan.Candidate, l lang.Lang) string {
	all := slices.DeleteFunc(slices.Clone(candidates), func(c plan.Candidate) bool { return c.Annotation == nil })
	slices.SortStableFunc(all, func(a, b plan.Candidate) int { return b.Annotation.Rank - a.Annotation.Rank })
	var names []string
	for _, c := range all[:min(len(all), heldShown)] {
		names = append(names, texts.Say(l, "rules.quoted", "words", c.Name(l)))
	}
	return strings.Join(names, ", ")
}

// cellsElsewhere tells whether every one of the words is a cell of another annotated
// table, so that it is not the word that is unknown.
func (pl *Planner) cellsElsewhere(req plan.Request, not *schema, words []string) bool {
	if req.Given || not.Annotation == nil || len(words) == 0 {
		return false
	}
	for _, w := range words {
		k := key(normAll(w))
		if !slices.ContainsFunc(pl.all(req.Candidates), func(s *schema) bool {
			return s != not && s.Annotation != nil && slices.ContainsFunc(s.called(k), func(id int) bool { return !not.hasLevel(s.note(s.val(id).col).Level) })
		}) {
			return false
		}
	}
	return true
}

// hasLevel tells whether a column holds territories of the level.
func (s *schema) hasLevel(level string) bool {
	return level != "" && slices.ContainsFunc(s.a.Column, func(n dataset.ColumnNote) bool { return n.Level == level && s.col(n.Name) >= 0 })
}

// covers says in a few words which territory and years a table covers.
func (s *schema) covers(l lang.Lang) string {
	text := texts.Say(l, "rules.quoted", "words", s.Name(l))
	if name := s.a.Scope.Name.In(l); name != "" {
		text += texts.Say(l, "rules.covers") + name
	}
	if held := s.yearsHeld(); len(held) > 1 {
		text += texts.Say(l, "rules.from_to_2", "first", held[0], "last", held[len(held)-1])
	} else if len(held) == 1 {
		text += texts.Say(l, "rules.in", "first", held[0])
	}
	return text
}
