package query

import (
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/dataset"
)

// Join gives every row of a plan's table more columns: the figures that another
// plan yields for the row's group. That plan is grouped by as many columns as On
// names, so it has a row a group, and no row of the table is ever there twice. A
// row whose group it does not have keeps an empty cell, or 0 where rows are
// counted.
type Join struct {
	On []string `json:"on"` // columns of the table, or of joins before this one, held against those that Of is grouped by, in order
	Of *Plan    `json:"of"` // grouped, with a measure a column
	As []string `json:"as"` // names of the columns, one for each measure of Of
}

// Joined is the table with the columns that joins give it, as a plan sees it.
// Joins that do not fit give none: Validate says why.
func Joined(t *dataset.Table, joins []Join, tables Tables) *dataset.Table {
	if t == nil || len(joins) == 0 {
		return t
	}
	out := *t
	out.Columns = slices.Clone(t.Columns)
	for _, j := range joins {
		of := of(j, tables)
		if of == nil || len(j.As) != len(j.Of.Measures) {
			continue
		}
		for i, m := range j.Of.Measures {
			out.Columns = append(out.Columns, joinedColumn(t, j, i, m, of.Column(m.Column)))
		}
	}
	return &out
}

func of(j Join, tables Tables) *dataset.Table {
	if j.Of == nil {
		return nil
	}
	return Joined(tables(j.Of.Table), j.Of.Joins, tables)
}

// joinedColumn is the profile of the i-th column of a join, whose measure is of the
// column from, nil where rows are counted.
func joinedColumn(t *dataset.Table, j Join, i int, m Measure, from *dataset.Column) dataset.Column {
	c := dataset.Column{Type: dataset.Integer, Role: dataset.Measure, Additivity: dataset.NotOverTime}
	if from != nil && m.Agg != Count && m.Agg != CountDistinct {
		c = *from
		c.Min, c.Max = "", "" // those of cells
		if m.Agg == Avg || m.Agg == Median {
			c.Type = dataset.Number
		}
	}
	c.Name, c.Within = j.As[i], nil
	c.Nulls = max(c.Nulls, 1) // a row without a partner has none
	if c.Type.Numeric() {
		c.Min, c.Max, c.Sum = "", "", nil // of the other table's rows, which are not those of here
	}
	if !slices.Equal(t.Key, j.On) {
		c.Within = j.On
	}
	return c
}

// With returns the plan with those of the joins whose columns it names, and only
// these columns of them.
func With(p *Plan, joins []Join) *Plan {
	if p == nil || len(joins) == 0 {
		return p
	}
	out := *p
	out.Joins = slices.Clone(p.Joins)
	for _, j := range joins {
		used := Join{On: j.On}
		of := *j.Of
		of.Measures = nil
		for i, name := range j.As {
			if p.uses(name) {
				used.As = append(used.As, name)
				of.Measures = append(of.Measures, j.Of.Measures[i])
			}
		}
		if used.Of = &of; len(used.As) > 0 {
			out.Joins = append(out.Joins, used)
		}
	}
	return &out
}

// checkJoins holds the joins of a plan to their tables: they are grouped, they
// meet on columns of one type, and their names are not taken.
func checkJoins(p *Plan, t *dataset.Table, tables Tables, depth int) error {
	taken := map[string]bool{}
	for _, c := range t.Columns {
		taken[strings.ToLower(c.Name)] = true // as engines tell names apart
	}
	if len(p.Joins) > 0 && p.Shift != 0 {
		return &PlanError{Part: "join", Name: p.Table, Why: "rows beside others are of one table"}
	}
	for i, j := range p.Joins {
		if err := checkJoin(p, j, Joined(t, p.Joins[:i], tables), tables, depth); err != nil {
			return err
		}
		for _, name := range j.As {
			if name == "" || taken[strings.ToLower(name)] {
				return &PlanError{Part: "join", Name: name, Why: "needs a name that no column has"}
			}
			taken[strings.ToLower(name)] = true
		}
	}
	return nil
}

func checkJoin(p *Plan, j Join, t *dataset.Table, tables Tables, depth int) error {
	bad := func(why string) error { return &PlanError{Part: "join", Name: p.Table, Why: why} }
	if j.Of == nil || len(j.On) == 0 || len(j.On) != len(j.Of.GroupBy) || len(j.As) == 0 || len(j.As) != len(j.Of.Measures) {
		return bad("of is grouped by as many columns as on has, with a measure for each name")
	}
	if j.Of.Derived != nil || j.Of.Tally || j.Of.Limit > 0 || j.Of.Offset > 0 || len(j.Of.GroupAs) > 0 {
		return bad("of has a row for every group, and measures alone")
	}
	if err := validate(j.Of, tables, depth+1); err != nil {
		return err
	}
	other := of(j, tables)
	for i, c := range j.On {
		if err := hasColumn(t, c); err != nil {
			return err
		}
		if t.Column(c).Type != other.Column(j.Of.GroupBy[i]).Type {
			return bad(fmt.Sprintf("%q and %q are not of one type", c, j.Of.GroupBy[i]))
		}
	}
	return nil
}

// from writes the table that a plan is asked of, with the columns of its joins.
func (w *writer) from(p *Plan) {
	w.str(" FROM ")
	base := w.tables(p.Table)
	table := w.d.table(p.Table, base)
	if len(p.Joins) == 0 {
		w.str(table)
		return
	}
	t := Joined(base, p.Joins, w.tables)
	w.str("(SELECT ")
	if w.d.extended() {
		w.str(`"#0".rowid, `)
	}
	w.str(`"#0".*`)
	for i, j := range p.Joins {
		for k, name := range j.As {
			w.str(", ", joinedCell(p, i, k), " AS ", w.d.column(t, name))
		}
	}
	w.str(" FROM ", table, ` AS "#0"`)
	for i, j := range p.Joins {
		w.str(" LEFT JOIN (")
		w.joined(j.Of)
		w.str(fmt.Sprintf(`) AS "#%d" ON `, i+1))
		w.list(len(j.On), " AND ", func(k int) {
			w.str(w.met(p, base, i, j.On[k]), fmt.Sprintf(` = "#%d"."+%d"`, i+1, k+1))
		})
	}
	w.str(")")
}

// joinedCell writes the k-th column of the i-th join.
func joinedCell(p *Plan, i, k int) string {
	cell := fmt.Sprintf(`"#%d"."=%d"`, i+1, k+1)
	if a := p.Joins[i].Of.Measures[k].Agg; a == Count || a == CountDistinct {
		return "coalesce(" + cell + ", 0)"
	}
	return cell
}

// met writes the column that the i-th join meets on: the table's, or one that a join
// before it gives.
func (w *writer) met(p *Plan, base *dataset.Table, i int, column string) string {
	for before, j := range p.Joins[:i] {
		if k := slices.Index(j.As, column); k >= 0 {
			return joinedCell(p, before, k)
		}
	}
	return `"#0".` + w.d.column(base, column)
}

// joined writes the plan of a join, its groups named +1, +2 … and its measures =1,
// =2 …: names that the writer alone gives.
func (w *writer) joined(p *Plan) {
	t := Joined(w.tables(p.Table), p.Joins, w.tables)
	w.str("SELECT ")
	for i, c := range p.GroupBy {
		w.str(w.d.column(t, c), fmt.Sprintf(` AS "+%d", `, i+1))
	}
	w.list(len(p.Measures), ", ", func(i int) {
		w.measure(t, p.Measures[i])
		w.str(fmt.Sprintf(` AS "=%d"`, i+1))
	})
	w.from(p)
	w.where(p, t)
	w.groups(p, t)
}
