package query

import (
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

// Bounds on a plan: wider ones are refused, not cut.
const (
	maxParts  = 32
	maxValues = 1000
	maxDepth  = 2 // a plan within a plan
	maxLimit  = 100_000
)

// PlanError says what is wrong with a plan, in words a planner can act on.
type PlanError struct {
	Part string   // "table", "column", "measure", …
	Name string   // what was asked for
	Near []string // what exists and looks like it
	Why  string
}

func (e *PlanError) Error() string {
	s := fmt.Sprintf("%s %q: %s", e.Part, e.Name, e.Why)
	if len(e.Near) > 0 {
		s += "; near: " + strings.Join(e.Near, ", ")
	}
	return s
}

// Validate checks a plan against the profiles of its tables: everything named
// exists, aggregates fit types, values fit columns, indexes point somewhere.
func Validate(p *Plan, tables Tables) error { return validate(p, tables, 0) }

func validate(p *Plan, tables Tables, depth int) error {
	if depth > maxDepth {
		return &PlanError{Part: "plan", Name: p.Table, Why: "too many plans within plans"}
	}
	t := tables(p.Table)
	if t == nil {
		return &PlanError{Part: "table", Name: p.Table, Why: "no such table"}
	}
	if err := checkShape(p); err != nil {
		return err
	}
	if err := checkJoins(p, t, tables, depth); err != nil {
		return err
	}
	t = Joined(t, p.Joins, tables)
	if err := checkColumns(p, t); err != nil {
		return err
	}
	if err := checkParts(p, t, tables, depth); err != nil {
		return err
	}
	if err := checkHaving(p, tables, depth); err != nil {
		return err
	}
	if p.Derived != nil {
		if err := checkDerived(p, p.Derived, tables, depth); err != nil {
			return err
		}
	}
	if p.Tally && (!p.Grouped() || p.Limit > 0 || len(p.OrderBy) > 0) {
		return &PlanError{Part: "tally", Name: p.Table, Why: "counts groups: it wants group_by, and no limit or order"}
	}
	return checkOrder(p, t)
}

// checkParts holds the measures and the filters to the table.
func checkParts(p *Plan, t *dataset.Table, tables Tables, depth int) error {
	for _, m := range p.Measures {
		if err := checkMeasure(t, m, tables, depth); err != nil {
			return err
		}
	}
	for _, f := range p.Where {
		if err := checkFilter(t, f, tables, depth); err != nil {
			return err
		}
	}
	return nil
}

// checkShape holds a plan to what any may ask for, whatever its table.
func checkShape(p *Plan) error {
	if len(p.Columns)+len(p.Measures)+len(p.GroupBy)+len(p.Where)+len(p.OrderBy)+len(p.Having)+len(p.Joins) > maxParts {
		return &PlanError{Part: "plan", Name: p.Table, Why: "too many parts"}
	}
	if len(p.Columns) == 0 && len(p.Measures) == 0 {
		return &PlanError{Part: "plan", Name: p.Table, Why: "asks for no column and no measure"}
	}
	if len(p.Columns) > 0 && (len(p.Measures) > 0 || len(p.GroupBy) > 0) {
		return &PlanError{Part: "plan", Name: p.Table, Why: "lists columns and aggregates at once: put the columns in group_by"}
	}
	if p.Limit < 0 || p.Limit > maxLimit || p.Offset < 0 || p.Offset > maxLimit {
		return &PlanError{Part: "limit", Name: fmt.Sprint(p.Limit), Why: fmt.Sprintf("must be between 0 and %d", maxLimit)}
	}
	return nil
}

// checkColumns holds the columns that are listed or grouped on to the table.
func checkColumns(p *Plan, t *dataset.Table) error {
	for _, c := range slices.Concat(p.Columns, p.GroupBy) {
		if err := hasColumn(t, c); err != nil {
			return err
		}
	}
	if len(p.GroupAs) > len(p.GroupBy) {
		return &PlanError{Part: "group_as", Name: p.Table, Why: "has more entries than group_by"}
	}
	for i, as := range p.GroupAs {
		if err := checkAs(t.Column(p.GroupBy[i]), as); err != nil {
			return err
		}
	}
	return nil
}

// figures is how many figures a plan computes, the derived one among them.
func (p *Plan) figures() int {
	if p.Derived != nil {
		return len(p.Measures) + 1
	}
	return len(p.Measures)
}

func checkHaving(p *Plan, tables Tables, depth int) error {
	for _, h := range p.Having {
		if h.Measure < 1 || h.Measure > p.figures() || !slices.Contains([]Op{Eq, Ne, Lt, Le, Gt, Ge}, h.Op) {
			return &PlanError{Part: "having", Name: fmt.Sprint(h.Measure), Why: "no such measure or operator"}
		}
		if p.Derived != nil && p.Derived.Op == ShareOfTotal && h.Measure == p.figures() {
			return &PlanError{Part: "having", Name: string(p.Derived.Op), Why: "cannot be compared with a value"}
		}
		if h.Than == nil {
			continue
		}
		if h.Value != 0 || !oneFigure(h.Than) {
			return &PlanError{Part: "having", Name: fmt.Sprint(h.Measure), Why: "compares with a value, or with a plan that yields one figure"}
		}
		if err := validate(h.Than, tables, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func checkOrder(p *Plan, t *dataset.Table) error {
	for _, o := range p.OrderBy {
		if o.Measure < 0 || o.Measure > p.figures() {
			return &PlanError{Part: "order", Name: fmt.Sprint(o.Measure), Why: "no such measure"}
		}
		if o.Column == "" {
			continue
		}
		if err := hasColumn(t, o.Column); err != nil {
			return err
		}
		if err := checkAs(t.Column(o.Column), o.As); err != nil {
			return err
		}
		if p.aggregates() && !slices.Contains(p.GroupBy, o.Column) {
			return &PlanError{Part: "order", Name: o.Column, Why: "not among the groups"}
		}
		if p.Distinct && !slices.Contains(p.Columns, o.Column) {
			return &PlanError{Part: "order", Name: o.Column, Why: "not among the distinct columns"}
		}
	}
	return nil
}

func (p *Plan) aggregates() bool { return len(p.Measures) > 0 }

func hasColumn(t *dataset.Table, name string) error {
	if t.Column(name) != nil {
		return nil
	}
	return &PlanError{Part: "column", Name: name, Why: "no such column", Near: nearColumns(t, name)}
}

// nearColumns lists the columns that share a word with name, else the first few.
func nearColumns(t *dataset.Table, name string) []string {
	words := strings.Fields(lang.Fold(name))
	var near []string
	for _, c := range t.Columns {
		folded := lang.Fold(c.Name)
		if slices.ContainsFunc(words, func(w string) bool { return len(w) > 2 && strings.Contains(folded, w) }) {
			near = append(near, c.Name)
		}
	}
	for i := 0; len(near) == 0 && i < len(t.Columns) && i < 8; i++ {
		near = append(near, t.Columns[i].Name)
	}
	return near
}

func checkMeasure(t *dataset.Table, m Measure, tables Tables, depth int) error {
	if !slices.Contains([]Agg{Count, CountDistinct, Sum, Avg, Median, Min, Max}, m.Agg) {
		return &PlanError{Part: "measure", Name: string(m.Agg), Why: "no such aggregate"}
	}
	if err := checkMeasured(t, m); err != nil {
		return err
	}
	for _, c := range m.Once {
		if err := hasColumn(t, c); err != nil {
			return err
		}
	}
	if len(m.Once) > 0 && (!adds(m.Agg) || m.As != "") {
		return &PlanError{Part: "once", Name: m.Column, Why: "goes with sum, avg and median of a number"}
	}
	for _, f := range m.Where {
		if err := checkFilter(t, f, tables, depth); err != nil {
			return err
		}
	}
	return nil
}

// checkMeasured holds an aggregate to what its column is.
func checkMeasured(t *dataset.Table, m Measure) error {
	if m.Column == "" {
		if m.Agg != Count {
			return &PlanError{Part: "measure", Name: string(m.Agg), Why: "needs a column"}
		}
		return nil
	}
	if err := hasColumn(t, m.Column); err != nil {
		return err
	}
	c := t.Column(m.Column)
	if err := checkAs(c, m.As); err != nil {
		return err
	}
	switch {
	case !c.Type.Numeric() && m.As != AsNumber && adds(m.Agg):
		return &PlanError{Part: "measure", Name: m.Column, Why: "is " + string(c.Type) + ": it cannot be added up"}
	case c.Role == dataset.Year && (m.Agg == Sum || m.Agg == Avg), c.Role == dataset.Code && adds(m.Agg):
		return &PlanError{Part: "measure", Name: m.Column, Why: "is a " + string(c.Role) + ": adding it up means nothing"}
	case m.Agg == Sum && m.As == "" && c.Additivity == dataset.Never:
		return &PlanError{Part: "measure", Name: m.Column, Why: "is never added up (" + string(c.Why) + "): ask for avg, median, min or max, or list it"}
	}
	return nil
}

func checkFilter(t *dataset.Table, f Filter, tables Tables, depth int) error {
	if err := hasColumn(t, f.Column); err != nil {
		return err
	}
	c := t.Column(f.Column)
	if err := checkAs(c, f.As); err != nil {
		return err
	}
	want, err := valuesWanted(c, f)
	if err != nil {
		return err
	}
	if f.Than != nil {
		return checkThan(f, want, tables, depth)
	}
	if f.Other != "" {
		return checkOther(t, f)
	}
	if len(f.Values) != want {
		return &PlanError{Part: "filter", Name: f.Column, Why: fmt.Sprintf("%s takes %d value(s), got %d", f.Op, want, len(f.Values))}
	}
	for _, v := range f.Values {
		if !fits(c, f.As, v) {
			return &PlanError{Part: "filter", Name: f.Column, Why: fmt.Sprintf("value %v does not fit a %s column", v, c.Type)}
		}
	}
	return nil
}

// valuesWanted is how many values the operator of a filter takes.
func valuesWanted(c *dataset.Column, f Filter) (int, error) {
	switch f.Op {
	case Null, NotNull:
		return 0, nil
	case Between:
		return 2, nil
	case Eq, Ne:
		return max(1, min(len(f.Values), maxValues)), nil
	case Lt, Le, Gt, Ge:
		return 1, nil
	case Contains, Starts:
		if c.Type != dataset.Text {
			return 0, &PlanError{Part: "filter", Name: f.Column, Why: "contains and starts need a text column"}
		}
		return 1, nil
	}
	return 0, &PlanError{Part: "filter", Name: string(f.Op), Why: "no such operator"}
}

// checkThan holds the plan that a filter compares with to one figure.
func checkThan(f Filter, want int, tables Tables, depth int) error {
	if len(f.Values) > 0 || want != 1 {
		return &PlanError{Part: "filter", Name: f.Column, Why: "compares with values and with a plan at once"}
	}
	if !oneFigure(f.Than) {
		return &PlanError{Part: "filter", Name: f.Column, Why: "the plan it compares with must yield one figure"}
	}
	return validate(f.Than, tables, depth+1)
}

// checkOther lets two columns of one kind be compared row by row.
func checkOther(t *dataset.Table, f Filter) error {
	if err := hasColumn(t, f.Other); err != nil {
		return err
	}
	a, b := t.Column(f.Column), t.Column(f.Other)
	alike := a.Type == b.Type || a.Type.Numeric() && b.Type.Numeric()
	if !alike || f.As != "" || len(f.Values) > 0 || f.Than != nil || !slices.Contains([]Op{Eq, Ne, Lt, Le, Gt, Ge}, f.Op) {
		return &PlanError{Part: "filter", Name: f.Other, Why: "two columns are compared as they are, of one type, with nothing else"}
	}
	return nil
}

// checkAs lets text cells alone be read as something else, and the months of days.
func checkAs(c *dataset.Column, as As) error {
	switch {
	case as == "", c.Type == dataset.Text && (as == AsNumber || as == AsDate || as == AsDuration || as.Part()):
		return nil
	case as.Part() && (c.Type == dataset.Date || c.Type == dataset.DateTime):
		return nil
	}
	return &PlanError{Part: "as", Name: string(as), Why: "only the cells of a text column are read as a number, a date or a duration, and only days as years, quarters, months or weekdays"}
}

func fits(c *dataset.Column, as As, v any) bool {
	kind := c.Type
	switch as {
	case AsNumber, AsDuration:
		kind = dataset.Number
	case AsYear, AsQuarter, AsMonth, AsWeekday:
		kind = dataset.Integer
	case AsDate:
		kind = dataset.DateTime
	}
	switch x := v.(type) {
	case string:
		switch kind {
		case dataset.Text:
			return true
		case dataset.Date, dataset.DateTime:
			return len(x) >= 10 && x[4] == '-' && x[7] == '-'
		}
	case float64, int64, int:
		return kind.Numeric()
	case bool:
		return kind == dataset.Boolean
	}
	return false
}

// oneFigure tells whether a plan yields one figure, to compare with.
func oneFigure(p *Plan) bool {
	return len(p.Measures)+len(p.Columns) == 1 && !p.Grouped() && p.Derived == nil && (len(p.Columns) == 0 || p.Limit == 1)
}
