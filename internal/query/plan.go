// Package query holds the typed query plan: what a question asks of one table,
// said in a closed set of terms. Both planners write it, one set of checks
// guards it, and it is written as DuckDB SQL and explained in words here.
package query

// Plan asks one table for cells (Columns) or for aggregates (Measures), by
// group or not. The zero values mean "nothing of it".
type Plan struct {
	Table    string    `json:"table"`              // dataset.Table.ID
	Joins    []Join    `json:"joins,omitempty"`    // columns that other tables give its rows, named like its own from here on
	Columns  []string  `json:"columns,omitempty"`  // cells listed as they are; exclusive with Measures
	Distinct bool      `json:"distinct,omitempty"` // each combination of Columns once
	Measures []Measure `json:"measures,omitempty"`
	GroupBy  []string  `json:"group_by,omitempty"`
	GroupAs  []As      `json:"group_as,omitempty"` // how the cells of each of GroupBy are read: their year, their month …; shorter, or "": as they are
	Where    []Filter  `json:"where,omitempty"`    // all must hold
	Having   []Having  `json:"having,omitempty"`
	OrderBy  []Order   `json:"order_by,omitempty"`
	Limit    int       `json:"limit,omitempty"`  // 0: every row
	Ties     bool      `json:"ties,omitempty"`   // rows that equal the last kept one by OrderBy stay too
	Offset   int       `json:"offset,omitempty"` // rows left out before Limit is counted ("the second …")
	Shift    int       `json:"shift,omitempty"`  // take the rows that many places after (before, if negative) the matching ones, where they do not match themselves
	Derived  *Derived  `json:"derived,omitempty"`
	Tally    bool      `json:"tally,omitempty"` // only the number of groups that remain ("how many departments with more than …")
}

// Agg is an aggregate function.
type Agg string

// The closed list of aggregates.
const (
	Count         Agg = "count" // rows, or cells that are not null when a column is named
	CountDistinct Agg = "count_distinct"
	Sum           Agg = "sum"
	Avg           Agg = "avg"
	Median        Agg = "median"
	Min           Agg = "min"
	Max           Agg = "max"
)

// Measure is one aggregate. Where narrows it alone, so that two measures of one
// plan can be compared (2020 and 2018, receipts and spending).
type Measure struct {
	Agg    Agg      `json:"agg"`
	Column string   `json:"column,omitempty"`
	As     As       `json:"as,omitempty"` // how the cells of a text column are read
	Where  []Filter `json:"where,omitempty"`
	Once   []string `json:"once,omitempty"`  // the columns of a parent whose value the rows repeat: each different one counts once
	Label  string   `json:"label,omitempty"` // what a reader calls it; made from the rest when empty
}

// As reads the cells of a column as something else: the first number in
// "14,505 ft", the day in "May 24, 1936". Cells that hold none are null.
type As string

// The closed list of readings of a cell.
const (
	AsNumber   As = "number"   // of a text
	AsDate     As = "date"     // of a text
	AsDuration As = "duration" // of a text: the seconds of "4:32" and "1:31:33.7"
	AsYear     As = "year"     // of a day, or of a text that holds one
	AsQuarter  As = "quarter"  // of a day: 1 to 4
	AsMonth    As = "month"    // of a day, or of a text that holds one: 1 to 12
	AsWeekday  As = "weekday"  // of a day: 1, Monday, to 7
)

// Op compares a column with values.
type Op string

// The closed list of operators.
const (
	Eq       Op = "="  // any of Values
	Ne       Op = "!=" // none of Values; null cells stay
	Lt       Op = "<"
	Le       Op = "<="
	Gt       Op = ">"
	Ge       Op = ">="
	Between  Op = "between"  // both bounds included
	Contains Op = "contains" // text, without regard to case and accents
	Starts   Op = "starts"   // text, without regard to case and accents
	Null     Op = "null"
	NotNull  Op = "not_null"
)

// Filter keeps the rows whose column compares so with Values (string, float64,
// int64 or bool), with the one figure that Than yields, or with the cell that the
// row has in the column Other.
type Filter struct {
	Column string `json:"column"`
	Op     Op     `json:"op"`
	As     As     `json:"as,omitempty"` // of a text column
	Values []any  `json:"values,omitempty"`
	Than   *Plan  `json:"than,omitempty"`
	Other  string `json:"other,omitempty"`
}

// Having keeps the groups whose measure compares so with Value, or with the one
// figure that Than yields.
type Having struct {
	Measure int     `json:"measure"` // 1-based; one more than there are measures is the derived figure
	Op      Op      `json:"op"`
	Value   float64 `json:"value"`
	Than    *Plan   `json:"than,omitempty"` // in place of Value
}

// Order sorts by a column or by a measure (1-based); nulls come last. With
// neither, it is the order of the rows in the file.
type Order struct {
	Column  string `json:"column,omitempty"`
	Measure int    `json:"measure,omitempty"`
	As      As     `json:"as,omitempty"` // of a text column
	Desc    bool   `json:"desc,omitempty"`
}

// DerivedOp makes one more figure out of measures.
type DerivedOp string

// The closed list of derived figures. Of and Over are 1-based measures.
const (
	Share        DerivedOp = "share"          // 100 × Of / Over
	ShareOfTotal DerivedOp = "share_of_total" // 100 × Of / the sum of Of over all groups
	Difference   DerivedOp = "difference"     // Of − Over
	Growth       DerivedOp = "growth"         // 100 × (Of − Over) / Over
	Ratio        DerivedOp = "ratio"          // Of / Over, or Of / the one figure of Per
	Total        DerivedOp = "total"          // Of + Over
	Verdict      DerivedOp = "verdict"        // a text: what Says of Of against Over, or against Value
)

// Derived is a figure made from measures of the plan, or from one of them and
// the single figure of another plan.
type Derived struct {
	Op   DerivedOp `json:"op"`
	Of   int       `json:"of"`
	Over int       `json:"over,omitempty"`
	Per  *Plan     `json:"per,omitempty"`
	Unit string    `json:"unit,omitempty"`

	Scale float64 `json:"scale,omitempty"` // of a ratio: how many of Over or Per it is of, 0: one ("for 1,000 inhabitants")

	Years int `json:"years,omitempty"` // of a difference or a growth: it is the mean a year over so many, 0: the whole change

	Value *float64 `json:"value,omitempty"` // of a verdict, in place of Over
	Says  []string `json:"says,omitempty"`  // of a verdict: where Of is greater, equal, less
}

// Part tells whether cells are read as a part of a day, a whole number.
func (a As) Part() bool { return a == AsYear || a == AsQuarter || a == AsMonth || a == AsWeekday }

// GroupedAs is how the cells of the i-th of GroupBy are read.
func (p *Plan) GroupedAs(i int) As {
	if i < len(p.GroupAs) {
		return p.GroupAs[i]
	}
	return ""
}

// Grouped tells whether the plan yields a row a group rather than one figure.
func (p *Plan) Grouped() bool { return len(p.GroupBy) > 0 }

// Tables lists the tables the plan reads, its own first.
func (p *Plan) Tables() []string {
	tables := []string{p.Table}
	add := func(sub *Plan) {
		if sub == nil {
			return
		}
		for _, t := range sub.Tables() {
			seen := false
			for _, have := range tables {
				seen = seen || have == t
			}
			if !seen {
				tables = append(tables, t)
			}
		}
	}
	for _, f := range p.Where {
		add(f.Than)
	}
	for _, h := range p.Having {
		add(h.Than)
	}
	if p.Derived != nil {
		add(p.Derived.Per)
	}
	for _, j := range p.Joins {
		add(j.Of)
	}
	return tables
}

// Over returns the plan asked of other tables: name gives each its new name.
func (p *Plan) Over(name func(table string) string) *Plan {
	if p == nil {
		return nil
	}
	out := *p
	out.Table = name(p.Table)
	filters := func(in []Filter) []Filter {
		list := append([]Filter(nil), in...)
		for i := range list {
			list[i].Than = list[i].Than.Over(name)
		}
		return list
	}
	out.Where = filters(p.Where)
	out.Joins = append([]Join(nil), p.Joins...)
	for i := range out.Joins {
		out.Joins[i].Of = out.Joins[i].Of.Over(name)
	}
	out.Having = append([]Having(nil), p.Having...)
	for i := range out.Having {
		out.Having[i].Than = out.Having[i].Than.Over(name)
	}
	out.Measures = append([]Measure(nil), p.Measures...)
	for i := range out.Measures {
		out.Measures[i].Where = filters(out.Measures[i].Where)
	}
	if p.Derived != nil {
		d := *p.Derived
		d.Per = d.Per.Over(name)
		out.Derived = &d
	}
	return &out
}
