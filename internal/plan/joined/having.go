package joined

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// having reads a question about territories that have something or not: the rest of
// it over the table of these territories, then whether another table has rows there.
// none tells that it asks for those that have none, of which that other table cannot
// speak.
func (pl *Planner) having(ctx context.Context, req plan.Request) (_ plan.Outcome, none bool, err error) {
	for _, of := range things(req.Candidates) {
		c, ok := find(req.Question, of.words())
		if !ok {
			continue
		}
		none = none || c.op == query.Eq
		for _, place := range req.Candidates {
			k := keyed(place)
			if k == "" || place.Table == of.Table || !c.of(named(place.Annotation.Entity), territories(req.Candidates)) {
				continue
			}
			counted := of
			if coded(of.Table, k) == "" {
				wide := pl.widened(req.Candidates)
				i := slices.IndexFunc(wide, func(w plan.Candidate) bool { return w.Table.ID == of.Table.ID && coded(w.Table, k) != "" })
				if i < 0 {
					continue
				}
				counted = thing{wide[i]}
			}
			out, err := pl.kept(ctx, req, c, place, counted)
			if err != nil || out.Plan != nil {
				return out, none, err
			}
		}
	}
	return plan.Outcome{}, none, nil
}

// things are the tables that list something: annotated ones before those that list it
// again every year, and these before what is known by its title alone.
func things(candidates []plan.Candidate) []thing {
	var once, yearly, titled []thing
	for _, c := range candidates {
		switch {
		case c.Annotation == nil && coded(c.Table, dataset.KindCommune) != "":
			titled = append(titled, thing{c})
		case c.Annotation == nil || keyed(c) != "":
		case c.Annotation.Time.Column == "":
			once = append(once, thing{c})
		default:
			yearly = append(yearly, thing{c})
		}
	}
	return slices.Concat(once, yearly, titled)
}

// thing is a table whose rows are things that stand in a territory.
type thing struct{ plan.Candidate }

// words are the nouns for its rows, folded.
func (t thing) words() []string {
	if t.Annotation != nil {
		return named(t.Annotation.Entity)
	}
	one := folded(t.listed())
	if one == "" {
		return nil
	}
	return []string{one, one + "s", one + "x"}
}

// listed is the first noun of a title that says what is listed, without its plural:
// lycée, of "Annuaire des lycées"; "" none.
func (t thing) listed() string {
	title := t.Name(lang.French)
	title = strings.TrimSuffix(title, filepath.Ext(title))
	for _, w := range lang.Words(title) {
		if len(w.Fold) >= 4 && !slices.Contains(vocabularies().Lists, w.Fold) {
			return strings.TrimRight(strings.ToLower(w.Text), "sx")
		}
	}
	return ""
}

// many is what its rows are called.
func (t thing) many(l lang.Lang) string {
	if t.Annotation != nil {
		return t.Annotation.Entity.Many.In(l)
	}
	return t.listed() + "s"
}

// keyed is the kind of territory that a table has a row of, a year; "" none.
func keyed(c plan.Candidate) dataset.Kind {
	if c.Annotation == nil || len(c.Annotation.Entity.Key) != 1 {
		return ""
	}
	switch k := kind(c.Table, c.Annotation.Entity.Key[0]); k {
	case dataset.KindCommune, dataset.KindEPCI, dataset.KindDepartment, dataset.KindRegion:
		return k
	}
	return ""
}

// territories are the nouns for territories of all tables.
func territories(candidates []plan.Candidate) []string {
	var out []string
	for _, c := range candidates {
		if keyed(c) != "" {
			out = append(out, named(c.Annotation.Entity)...)
		}
		if c.Annotation == nil {
			continue
		}
		for _, n := range c.Annotation.Column {
			if n.Level == "" {
				continue
			}
			for _, w := range n.Words.All() {
				out = append(out, folded(w))
			}
		}
	}
	return out
}

// kept answers the rest of the question over the places, of those that have so many
// things.
func (pl *Planner) kept(ctx context.Context, req plan.Request, c clause, place plan.Candidate, of thing) (plan.Outcome, error) {
	rest := req
	rest.Question = c.rest
	out, _, err := pl.having(ctx, rest) // of those that have something else, too
	if err == nil && out.Plan == nil {
		rest = over(rest, []plan.Candidate{place})
		out, err = pl.over.Plan(ctx, rest)
	}
	if err != nil || out.Plan == nil || out.Plan.Derived != nil || out.Plan.Shift != 0 || out.Candidate.Table != place.Table {
		return plan.Outcome{}, err // a share is of all of them, or of those that have it: which?
	}
	if of.Annotation == nil && (c.n != 1 || c.op != query.Ge) {
		return plan.Outcome{}, nil // nothing says that each row is another one, nor that the file holds those of the whole region
	}
	j, taken, err := pl.counted(ctx, req, place, of)
	if err != nil || j.Of == nil {
		return plan.Outcome{}, err
	}
	p := *out.Plan
	p.Joins = append(slices.Clone(p.Joins), j)
	p.Where = append(slices.Clone(p.Where), query.Filter{Column: j.As[0], Op: c.op, Values: []any{c.n}})
	if len(p.Columns) > 0 && !p.Distinct && (c.n > 1 || c.op == query.Gt) {
		p.Columns = append(slices.Clone(p.Columns), j.As[0]) // how many each has
	}
	out.Plan = &p
	out.Label = ""
	out.Reading = nil // it knows nothing of the clause: what went on from it would be of all places
	says, err := pl.placeless(ctx, req, place, j)
	if err != nil {
		return plan.Outcome{}, err
	}
	out.Assumptions = slices.Concat(out.Assumptions, taken.Assumptions, says)
	out.Caveats = slices.Concat(out.Caveats, taken.Caveats)
	return out, nil
}

// counted is the join that gives each territory its number of things: as they are
// counted where that alone is asked, with what is then taken for granted.
func (pl *Planner) counted(ctx context.Context, req plan.Request, place plan.Candidate, thing thing) (query.Join, plan.Outcome, error) {
	key := place.Annotation.Entity.Key[0]
	code := coded(thing.Table, kind(place.Table, key))
	as := thing.many(req.Lang)
	for place.Table.Column(as) != nil {
		as += "_2"
	}
	if thing.Annotation == nil {
		count := &query.Plan{Table: thing.Table.ID, GroupBy: []string{code}, Measures: []query.Measure{{Agg: query.Count}}}
		return query.Join{On: []string{key}, Of: query.With(count, thing.Joins), As: []string{as}}, plan.Outcome{}, nil
	}
	each := over(req, []plan.Candidate{thing.Candidate})
	each.Question = texts.Say(req.Lang.Reads(), "joined.count_by", "many", thing.Annotation.Entity.Many.In(req.Lang.Reads()), "level", place.Annotation.Entity.Name.In(req.Lang.Reads()))
	out, err := pl.over.Plan(ctx, each)
	if err != nil || out.Plan == nil {
		return query.Join{}, out, err
	}
	p := *out.Plan
	if len(p.Measures) != 1 || len(p.GroupBy) != 1 || p.Derived != nil || p.Limit > 0 || p.Measures[0].Agg != query.Count && p.Measures[0].Agg != query.CountDistinct {
		return query.Join{}, out, nil
	}
	p.GroupBy, p.GroupAs, p.OrderBy = []string{code}, nil, nil
	return query.Join{On: []string{key}, Of: query.With(&p, thing.Joins), As: []string{as}}, out, nil
}

// placeless says how things were counted, and how many stand in a territory that
// the table of territories does not have.
func (pl *Planner) placeless(ctx context.Context, req plan.Request, place plan.Candidate, j query.Join) ([]string, error) {
	said := []string{texts.Say(req.Lang, "joined.having", "many", j.As[0], "table", title(req, j.Of.Table))}
	lone := &query.Plan{Table: j.Of.Table, Joins: j.Of.Joins, Measures: j.Of.Measures}
	if len(j.Of.Joins) > 0 { // the register gives the code: of a place that it does not have there is none
		lone.Where = append(slices.Clone(j.Of.Where), query.Filter{Column: j.Of.GroupBy[0], Op: query.Null})
	} else {
		lone.Joins = []query.Join{{On: j.Of.GroupBy, As: []string{"#places"}, Of: &query.Plan{Table: place.Table.ID, GroupBy: j.On, Measures: []query.Measure{{Agg: query.Count}}}}}
		lone.Where = append(slices.Clone(j.Of.Where), query.Filter{Column: "#places", Op: query.Eq, Values: []any{0.0}})
	}
	n, err := figure(ctx, req, lone)
	if err != nil || n == 0 {
		return said, err
	}
	return append(said, texts.Say(req.Lang, "joined.placeless", "n", int(n), "many", j.As[0], "table", place.Name(req.Lang))), nil
}

// folded is a text as phrases are compared.
func folded(s string) string {
	var out []string
	for _, w := range lang.Words(s) {
		out = append(out, w.Fold)
	}
	return strings.Join(out, " ")
}
