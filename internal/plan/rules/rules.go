package rules

import (
	"cigogne/internal/texts"
	"context"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"

	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/territory"
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
}

// New returns a planner with an empty cache of tables. It corrects spelling by
// words and france, and does without where they are nil.
func New(words Words, france func() *territory.Gazetteer) *Planner {
	return &Planner{lex: newLexicon(false), bareLex: newLexicon(true), words: words, france: france, shelf: &shelf{schemas: map[string]*schema{}}}
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
	kept := pl.shelf
	kept.mu.Lock()
	s := kept.schemas[k]
	kept.mu.Unlock()
	if s != nil && s.Annotation == c.Annotation {
		return s
	}
	s = newSchema(c)
	kept.mu.Lock()
	defer kept.mu.Unlock()
	if len(kept.schemas) >= maxCached {
		clear(kept.schemas)
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
	if len(tokens) == 0 || len(req.Candidates) == 0 {
		return plan.Outcome{Refusal: texts.Say(req.Lang, "rules.i_hold_no_table_that_answers")}, nil
	}
	if commands.MatchString(req.Question) { // no question at all
		return plan.Outcome{Candidate: req.Candidates[0], Refusal: texts.Say(req.Lang, "rules.what_is_your_question")}, nil
	}
	if contentWords(tokens) == 0 && !strings.Contains(req.Question, "%") { // "merci"
		return plan.Outcome{Candidate: req.Candidates[0], Refusal: texts.Say(req.Lang, "rules.what_is_your_question")}, nil
	}
	tokens, perYear := populationYear(tokens)
	all := pl.all(req.Candidates)
	long := saints(tokens)
	links := pl.links(all, long)
	annotated, fixes := pl.respell(all, links, long)
	if len(fixes) > 0 {
		links = pl.links(all, annotated)
	}
	var outcomes []plan.Outcome
	goesOn := pl.goesOn(req.Question, annotated) && pl.settledBefore(req, all, annotated, links)
	for k, s := range all {
		if s.Annotation == nil {
			o, err := pl.bare(ctx, req, s, tokens)
			if err != nil {
				return plan.Outcome{}, err
			}
			o.Score += 0.3 * s.Score
			outcomes = append(outcomes, o)
			continue
		}
		spans := links[k]
		r := s.compose(req.Question, req.Lang, annotated, spans)
		r.perYear = perYear
		if prev := previous(req); !r.topical() && (prev == nil || prev.s.t.ID != s.t.ID) {
			continue // it names places and years alone, which every subject has
		}
		if prev := previous(req); prev != nil && prev.s.t.ID != s.t.ID && (goesOn || pl.goesOn(req.Question, annotated) && !r.subject()) {
			continue // "et à Strasbourg ?" goes on about what was asked, not about another table
		}
		for _, f := range fixes {
			r.notes = append(r.notes, f.says(req.Lang))
		}
		if prev := previous(req); prev != nil && prev.s.t.ID == s.t.ID {
			if merged := prev.follow(r, pl.follows(req.Question, r, annotated)); merged != nil {
				merged.weight += 3 // the conversation is about this table
				r = merged
			}
		}
		if err := r.raise(ctx, req); err != nil {
			return plan.Outcome{}, err
		}
		if err := r.nearest(ctx, req); err != nil {
			return plan.Outcome{}, err
		}
		if previous(req) == nil {
			r.whose(annotated)
		}
		o := r.write(req.Lang, all)
		o.Score = r.weight - 4*float64(len(r.unknown)) + 0.05*float64(s.a.Rank) + 0.3*o.Candidate.Score
		if o.Refusal != "" {
			o.Score -= 1
		}
		if r.doubt {
			o.Score -= 4
		}
		if r.entity && (r.frame == frameCount || r.frame == frameList || r.frame == frameRank || r.rowsCounted || r.agg != "") {
			o.Score++ // its rows are what is counted, listed or ranked
		}
		if slices.ContainsFunc(r.conds, func(x cond) bool { return s.a.Entity.Label != "" && x.col == s.col(s.a.Entity.Label) }) {
			o.Score += 0.7 // and one of its rows is what is asked about
		}
		if len(r.measures) == 1 && r.measures[0] != s.col(s.a.Measure) && s.a.Entity.Label != "" && !r.entity && len(r.conds)+len(r.group)+len(r.show) == 0 && r.agg == "" {
			o.Score -= 2 // the number of communes is counted where they are rows, before it is added up over what they belong to
		}
		outcomes = append(outcomes, o)
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
	if best.Plan != nil && req.Run != nil {
		if err := homonyms(ctx, req, best); err != nil {
			return plan.Outcome{}, err
		}
	}
	if best.Plan != nil && req.Run != nil {
		if err := sides(ctx, req, all, best); err != nil {
			return plan.Outcome{}, err
		}
	}
	return *best, nil
}

// saints writes "St Dizier" and "Ste Marie" out.
func saints(tokens []token) []token {
	out := slices.Clone(tokens)
	for i := range out[:len(out)-1] {
		switch out[i].Fold {
		case "st":
			out[i].Fold, out[i].norm, out[i].stop = "saint", norm("saint"), false
		case "ste":
			out[i].Fold, out[i].norm, out[i].stop = "sainte", norm("sainte"), false
		}
	}
	return out
}

// settledBefore tells whether the table of the question before accounts for
// every word of a short one: no other is looked at then.
func (pl *Planner) settledBefore(req plan.Request, all []*schema, tokens []token, links [][]span) bool {
	prev := previous(req)
	if prev == nil {
		return false
	}
	for k, s := range all {
		if s.t.ID == prev.s.t.ID && s.Annotation != nil {
			r := s.compose(req.Question, req.Lang, tokens, links[k])
			return len(r.unknown) == 0 && r.refused == "" && r.ask == ""
		}
	}
	return false
}

// links cuts the question for each annotated table. A word that one table
// understands is not taken for a misspelt word of another.
func (pl *Planner) links(all []*schema, tokens []token) [][]span {
	links := make([][]span, len(all))
	known := make([]bool, len(tokens))
	for k, s := range all {
		if s.Annotation == nil {
			continue
		}
		links[k] = s.link(pl.lex, tokens)
		for _, sp := range links[k] {
			if len(sp.vals) > 0 || len(sp.cols) > 0 || sp.entity || len(sp.ops) > 0 {
				for i := sp.from; i < sp.to; i++ {
					known[i] = true
				}
			}
		}
	}
	for _, spans := range links {
		for i := range spans {
			if sp := &spans[i]; len(sp.fuzzy) > 0 && (known[sp.from] || pl.another(tokens[sp.from])) {
				sp.fuzzy, sp.unknown = nil, true
			}
		}
	}
	return links
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

// populationYear takes "(population 2021)" out of a question about a figure
// per inhabitant: it is the year of the divisor.
func populationYear(tokens []token) ([]token, int) {
	per := false
	for i, t := range tokens {
		if i > 0 && (t.norm == "habitant" || t.norm == "inhabitant" || t.norm == "capita" || t.norm == "tete") && (tokens[i-1].Fold == "par" || tokens[i-1].Fold == "per") {
			per = true
		}
	}
	if !per {
		return tokens, 0
	}
	for i, t := range tokens {
		if t.norm != "population" {
			continue
		}
		for j := i + 1; j < len(tokens) && j <= i+2; j++ {
			if tokens[j].isYear {
				return slices.Concat(tokens[:i], tokens[j+1:]), int(tokens[j].num)
			}
		}
	}
	return tokens, 0
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
	if s.Annotation != nil || req.Given {
		text += " " + texts.Say(req.Lang, "rules.nearest", "table", s.covers(req.Lang))
	}
	if r, ok := o.Reading.(*reading); o.Refusal != "" && (len(o.NotUnderstood) == 0 || ok && r.partOfYear) {
		text = o.Refusal
	}
	return plan.Outcome{Candidate: o.Candidate, Refusal: text, NotUnderstood: o.NotUnderstood, Score: o.Score}
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

// homonyms asks back where a name filtered on is that of several things with
// codes of their own: two communes called alike must not be added up.
func homonyms(ctx context.Context, req plan.Request, o *plan.Outcome) error {
	r, ok := o.Reading.(*reading)
	if !ok {
		return nil
	}
	if m := o.Plan.Measures; len(m) > 0 && m[0].Agg == query.Count {
		return nil // how many are called so is a question of its own
	}
	for _, x := range r.conds {
		note := r.s.note(x.col)
		code, parent := r.s.col(note.Code), r.s.parent(x.col)
		if key, where := r.s.a.Entity.Key, r.s.where(); note.Code == "" && len(key) == 1 && len(where) > 0 && r.s.col(r.s.a.Entity.Label) == x.col && len(o.Plan.Measures) > 0 {
			code, parent = r.s.col(key[0]), where[len(where)-1] // lists show them all, with where each is
		}
		if code < 0 || x.op != query.Eq || len(x.vals) != 1 {
			continue
		}
		probe := &query.Plan{Table: r.s.t.ID, Columns: []string{r.s.t.Columns[code].Name}, Distinct: true, Limit: 20,
			Where: []query.Filter{{Column: r.s.t.Columns[x.col].Name, Op: query.Eq, Values: x.vals}}}
		if parent >= 0 {
			probe.Columns = append(probe.Columns, r.s.t.Columns[parent].Name)
		}
		for _, f := range o.Plan.Where {
			if f.Column != r.s.t.Columns[x.col].Name && f.Than == nil {
				probe.Where = append(probe.Where, f)
			}
		}
		rows, err := req.Run(ctx, probe)
		if err != nil {
			return fmt.Errorf("look for homonyms: %w", err)
		}
		codes := map[string]string{}
		for _, row := range rows {
			if row[0] != nil {
				codes[fmt.Sprint(row[0])] = fmt.Sprint(row[len(row)-1])
			}
		}
		if len(codes) < 2 {
			if asked, err := longer(ctx, req, o, r, x); asked || err != nil {
				return err
			}
			continue
		}
		ask := plan.Outcome{Candidate: o.Candidate, Score: o.Score,
			Ask: texts.Say(req.Lang, "rules.are_called_which_one", "count", len(codes), "many", r.s.a.Entity.Many.In(req.Lang), "value", x.vals[0])}
		for c, p := range codes {
			choice := p
			if parent < 0 {
				choice = c
			}
			ask.Choices = append(ask.Choices, strings.TrimSpace(strings.TrimRight(req.Question, " ?!."))+" ("+choice+")")
		}
		sort.Strings(ask.Choices)
		*o = ask
		return nil
	}
	return nil
}

// longer asks back where the name of a place begins that of a larger one:
// Charleville is a village of the Marne, and what people call Charleville-Mézières.
func longer(ctx context.Context, req plan.Request, o *plan.Outcome, r *reading, x cond) (asked bool, err error) {
	s, parent, measure := r.s, r.s.parent(x.col), r.s.col(r.s.a.Measure)
	if parent < 0 || measure < 0 || len(r.on(parent)) > 0 {
		return false, nil
	}
	name := fmt.Sprint(x.vals[0])
	begins := strings.Fields(lang.Fold(name))
	probe := &query.Plan{Table: s.t.ID, Columns: []string{s.t.Columns[x.col].Name, s.t.Columns[parent].Name, s.t.Columns[measure].Name}, Distinct: true, Limit: 60,
		Where: []query.Filter{{Column: s.t.Columns[x.col].Name, Op: query.Eq, Values: []any{name}}}}
	for _, v := range s.t.Columns[x.col].Values {
		if w := strings.Fields(lang.Fold(v.Text)); len(w) > len(begins) && slices.Equal(w[:len(begins)], begins) && len(probe.Where[0].Values) < 20 {
			probe.Where[0].Values = append(probe.Where[0].Values, v.Text)
		}
	}
	if len(probe.Where[0].Values) == 1 {
		return false, nil
	}
	if held := s.yearsHeld(); len(held) > 0 {
		probe.Where = append(probe.Where, query.Filter{Column: s.t.Columns[s.year].Name, Op: query.Eq, Values: []any{s.yearValue(held[len(held)-1])}})
	}
	rows, err := req.Run(ctx, probe)
	if err != nil {
		return false, fmt.Errorf("look for longer names: %w", err)
	}
	size := func(row []any) float64 { n, _ := strconv.ParseFloat(fmt.Sprint(row[2]), 64); return n }
	own := 0.0
	for _, row := range rows {
		if row[0] == name {
			own = max(own, size(row))
		}
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(row []any) bool { return row[0] != name && size(row) <= own })
	if len(rows) < 2 || x.src == "" || !strings.Contains(req.Question, x.src) {
		return false, nil
	}
	sort.SliceStable(rows, func(i, j int) bool { return size(rows[i]) > size(rows[j]) })
	ask := plan.Outcome{Candidate: o.Candidate, Score: o.Score,
		Ask: texts.Say(req.Lang, "rules.is_a_commune_and_the_beginning", "name", name)}
	for _, row := range rows {
		choice := strings.Replace(req.Question, x.src, fmt.Sprint(row[0]), 1)
		ask.Choices = append(ask.Choices, strings.TrimSpace(strings.TrimRight(choice, " ?!."))+fmt.Sprintf(" (%v)", row[1]))
	}
	*o = ask
	return true, nil
}

// parent is the column of the territory level above the column's, by name, or -1.
func (s *schema) parent(col int) int {
	if s.note(col).Level != "commune" {
		return -1
	}
	for i, c := range s.t.Columns {
		if n := s.note(i); n.Level == "department" && n.Code != "" && c.Name != "" {
			return i
		}
	}
	return -1
}
