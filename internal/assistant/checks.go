package assistant

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// errImplausible is a figure that its own column rules out: a fault of ours.
var errImplausible = errors.New("figure out of its column's range")

// errUnfounded is a number in a text that its rows do not have: a fault of ours.
var errUnfounded = errors.New("numbers that the rows do not have")

// refuseMix says why rows must not be put together, or "": they carry amounts
// in several units, and the question keeps none of them apart.
func refuseMix(p *query.Plan, t *dataset.Table, l lang.Lang) string {
	if len(p.Measures) == 0 || !adds(p.Measures[0].Agg) || t.Column(p.Measures[0].Column) == nil {
		return ""
	}
	for _, c := range t.Columns {
		if !isUnitColumn(c) || slices.Contains(p.GroupBy, c.Name) || filtersOn(p, c.Name) {
			continue
		}
		var units []string
		for _, v := range c.Values[:min(4, len(c.Values))] {
			units = append(units, v.Text)
		}
		return texts.Say(l, "assistant.rows_mix_several_units_say_which", "units", strings.Join(units, ", "))
	}
	return ""
}

func adds(a query.Agg) bool { return a == query.Sum || a == query.Avg || a == query.Median }

// unfilled tells whether an amount of money comes out as nothing at all: a
// column that the publisher left empty, not one that adds up to 0.
func unfilled(out plan.Outcome, rows [][]any) bool {
	p := out.Plan
	if out.Candidate.Annotation == nil || len(p.Measures) != 1 || p.Measures[0].Agg != query.Sum || p.Grouped() || p.Derived != nil || len(rows) != 1 {
		return false
	}
	unit := ""
	for _, n := range out.Candidate.Annotation.Column {
		if strings.EqualFold(n.Name, p.Measures[0].Column) {
			unit = n.Unit
		}
	}
	v := fmt.Sprint(rows[0][0])
	return unit == "EUR" && v == "0"
}

func isUnitColumn(c dataset.Column) bool {
	switch lang.Fold(c.Name) {
	case "unite", "unites", "unit", "units", "unite de mesure", "unit of measure", "devise", "currency":
		return c.Distinct > 1 && c.Type == dataset.Text
	}
	return false
}

func filtersOn(p *query.Plan, column string) bool {
	return slices.ContainsFunc(p.Where, func(f query.Filter) bool { return f.Column == column && f.Op == query.Eq })
}

// check looks at what a figure was made of and adds what a careful reader would
// want to know: cells passed over, subtotals among the rows, stale data. The
// error is errImplausible, or that of a query.
func (as *Assistant) check(ctx context.Context, candidates []plan.Candidate, out plan.Outcome, a *answer.Answer) error {
	p, t := out.Plan, out.Candidate.Table
	if err := plausible(p, t, a); err != nil {
		return err
	}
	if n := answer.Unfounded(a); len(n) > 0 {
		return fmt.Errorf("%w: %q", errUnfounded, n)
	}
	period(out.Candidate, p, a)
	behind(out.Candidate, p, a)
	changed(out.Candidate, p, a)
	same(p, t, a)
	if err := as.eachRow(ctx, candidates, p, a); err != nil {
		return err
	}
	if err := as.ofParents(ctx, candidates, p, t, a); err != nil {
		return err
	}
	direction(out, a)
	if err := as.twins(ctx, candidates, out, a); err != nil {
		return err
	}
	if err := as.emptyCells(ctx, candidates, p, t, a); err != nil {
		return err
	}
	if d := out.Candidate.Dataset; d != nil {
		if !d.Withdrawn.IsZero() {
			a.Caveats = append(a.Caveats, texts.Say(a.Lang, "assistant.withdrawn", "day", lang.Day(d.Withdrawn, a.Lang)))
		}
		if stale, ok := dataset.Stale(*d, as.now()); ok && stale {
			a.Caveats = append(a.Caveats, texts.Say(a.Lang, "assistant.this_dataset_is_declared_but_was", "frequency", frequency(d.Frequency, a.Lang), "day", lang.Day(d.Modified, a.Lang)))
		}
	}
	return nil
}

// refuseSubtotals says why rows must not be added up or counted, or "": some of
// them are sums of others, and no filter tells them apart.
func refuseSubtotals(p *query.Plan, t *dataset.Table, l lang.Lang) string {
	if len(p.Measures) == 0 || !adds(p.Measures[0].Agg) && (p.Measures[0].Agg != query.Count || p.Measures[0].Column != "") {
		return ""
	}
	if slices.ContainsFunc(t.Columns, func(c dataset.Column) bool { return len(c.Totals) > 0 }) {
		return "" // known one by one, and left out
	}
	if !slices.ContainsFunc(t.Notes, func(n string) bool { return strings.HasPrefix(n, subtotals) }) {
		return ""
	}
	for _, f := range slices.Concat(p.Where, p.Measures[0].Where) {
		if c := t.Column(f.Column); c != nil && c.Type == dataset.Text && f.Op == query.Eq {
			return ""
		}
	}
	return texts.Say(l, "assistant.file_mixes_subtotal_rows_with_others")
}

// refuseAdding says why a measure must not be added up, or "".
func refuseAdding(p *query.Plan, t *dataset.Table, l lang.Lang) string {
	for _, m := range p.Measures {
		c := t.Column(m.Column)
		if m.Agg != query.Sum || m.As != "" || c == nil || c.Additivity != dataset.Never {
			continue
		}
		what := texts.SayOr(l, "assistant.never_"+string(c.Why), texts.Say(l, "assistant.never_rate"))
		return texts.Say(l, "assistant.is_it_does_not_add_up", "name", c.Name, "what", what)
	}
	return ""
}

// eachRow says that a figure counts each parent once, and what every row would
// add up to: a reader who knows the file can tell which is meant.
func (as *Assistant) eachRow(ctx context.Context, candidates []plan.Candidate, p *query.Plan, a *answer.Answer) error {
	if len(p.Measures) != 1 || len(p.Measures[0].Once) == 0 || p.Measures[0].Agg != query.Sum || p.Grouped() || p.Derived != nil || len(a.Figures) != 1 {
		return nil
	}
	all := *p
	all.Measures = []query.Measure{p.Measures[0]}
	all.Measures[0].Once = nil
	compiled, err := query.Compile(&all, tables(candidates))
	if err != nil {
		return fmt.Errorf("add up every row: %w", err)
	}
	res, err := as.library.Run(ctx, &all, compiled)
	if err != nil {
		return fmt.Errorf("add up every row: %w", err)
	}
	if len(res.Rows) != 1 {
		return nil
	}
	rows := answer.Cell(res.Rows[0][0], a.Figures[0].Unit, false, a.Lang)
	if rows == answer.Cell(a.Rows[0][0], a.Figures[0].Unit, false, a.Lang) {
		return nil
	}
	a.Caveats = append(a.Caveats, texts.Say(a.Lang, "assistant.is_the_same_on_all_rows", "column", p.Measures[0].Column, "key", strings.Join(p.Measures[0].Once, " + "), "total", rows))
	return nil
}

// ofParents says how many parents the rows that were counted are of, where the
// table's rows are parts of things: the lots of a sale, the points of a station.
func (as *Assistant) ofParents(ctx context.Context, candidates []plan.Candidate, p *query.Plan, t *dataset.Table, a *answer.Answer) error {
	if len(p.Measures) != 1 || p.Measures[0].Agg != query.Count || p.Measures[0].Column != "" || p.Grouped() || p.Derived != nil || len(a.Figures) != 1 {
		return nil
	}
	at := slices.IndexFunc(t.Columns, func(c dataset.Column) bool { return len(c.Within) == 1 && c.Sum != nil })
	if at < 0 {
		return nil
	}
	key := t.Columns[at].Within[0]
	things := *p
	things.Measures = []query.Measure{p.Measures[0]}
	things.Measures[0].Agg, things.Measures[0].Column = query.CountDistinct, key
	compiled, err := query.Compile(&things, tables(candidates))
	if err != nil {
		return fmt.Errorf("count parents: %w", err)
	}
	res, err := as.library.Run(ctx, &things, compiled)
	if err != nil {
		return fmt.Errorf("count parents: %w", err)
	}
	if n, ok := lang.Number(res.Rows[0][0]); ok && n > 0 && n != a.Figures[0].Value {
		a.Caveats = append(a.Caveats, texts.Say(a.Lang, "assistant.rows_are_of_things", "n", int(n), "key", key))
	}
	return nil
}

// same says that rows of the table are equal to others, and counted each time.
func same(p *query.Plan, t *dataset.Table, a *answer.Answer) {
	if t.Duplicates == 0 || len(p.Measures) == 0 {
		return
	}
	switch m := p.Measures[0]; m.Agg {
	case query.Sum, query.Avg, query.Count:
		if len(m.Once) > 0 {
			return
		}
		a.Caveats = append(a.Caveats, texts.Say(a.Lang, "assistant.beware_identical_rows_in_file_repeat", "duplicates", lang.FormatNumber(float64(t.Duplicates), 0, a.Lang)))
	}
}

// subtotals begins the reader's note on subtotal rows (table.NoteSubtotals).
const subtotals = "subtotals"

// frequency is what a declared update frequency is called; others are as declared.
func frequency(f string, l lang.Lang) string {
	return texts.SayOr(l, "frequency.of_dataset_"+f, f)
}

// plausible holds a single figure against the profile of its column: a maximum
// above the column's own, more rows than there are, is no answer.
func plausible(p *query.Plan, t *dataset.Table, a *answer.Answer) error {
	if len(p.Measures) != 1 || p.Derived != nil || p.Grouped() || len(a.Figures) != 1 {
		return nil
	}
	m, v := p.Measures[0], a.Figures[0].Value
	may := true
	switch m.Agg {
	case query.Count, query.CountDistinct:
		may = v >= 0 && v <= float64(t.Rows)
	case query.Avg, query.Median, query.Min, query.Max:
		may = mayHold(t.Column(m.Column), v)
	case query.Sum:
		may = mayAddUpTo(t.Column(m.Column), v)
	}
	if !may {
		return errImplausible
	}
	return nil
}

// mayHold tells whether a figure lies between the least and the greatest of a column.
func mayHold(c *dataset.Column, v float64) bool {
	low, err1 := strconv.ParseFloat(c.Min, 64)
	high, err2 := strconv.ParseFloat(c.Max, 64)
	slack := 1e-9 * max(1, high-low)
	return err1 != nil || err2 != nil || v >= low-slack && v <= high+slack
}

// mayAddUpTo tells whether some of a column's figures can have a sum: it is not above
// that of all, where none is below 0.
func mayAddUpTo(c *dataset.Column, v float64) bool {
	low, err := strconv.ParseFloat(c.Min, 64)
	return err != nil || low < 0 || c.Sum == nil || v <= *c.Sum*(1+1e-9)+1e-9
}

// once leaves out what was said before.
func once(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// emptyCells counts the cells that an aggregate passed over, and says so.
func (as *Assistant) emptyCells(ctx context.Context, candidates []plan.Candidate, p *query.Plan, t *dataset.Table, a *answer.Answer) error {
	if len(p.Measures) == 0 || p.Shift != 0 {
		return nil
	}
	m := p.Measures[0]
	if m.Column == "" || m.Agg == query.CountDistinct || t.Column(m.Column).Nulls == 0 {
		return nil
	}
	probe := &query.Plan{Table: p.Table, Joins: p.Joins, Where: slices.Concat(p.Where, m.Where), Measures: []query.Measure{{Agg: query.Count}, {Agg: query.Count, Column: m.Column}}}
	rows, err := as.runner(candidates)(ctx, probe)
	if err != nil {
		return fmt.Errorf("count empty cells: %w", err)
	}
	all, ok1 := rows[0][0].(int64)
	full, ok2 := rows[0][1].(int64)
	if ok1 && ok2 && full < all {
		a.Caveats = append(a.Caveats, texts.Say(a.Lang, "assistant.rows_have_no_value_and_are", "n", all-full, "all", lang.FormatNumber(float64(all), 0, a.Lang)))
	}
	return nil
}
