package query

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"cigogne/internal/dataset"
)

// CompileTrino is Compile for Trino, over Parquet files of which name gives the
// table that stands for each. What a plan computes is the same to the last digit
// that both engines hold; where Compile keeps the order of a file, rows are in the
// order of their cells. ErrFileOrder where the plan hangs on that order.
func CompileTrino(p *Plan, tables Tables, name func(*dataset.Table) string) (*Compiled, error) {
	if err := Validate(p, tables); err != nil {
		return nil, err
	}
	return compile(p, tables, trino{name})
}

// TrinoColumns are the names of a table's columns where Trino reads its file, in
// the file's order: as they are, but for what Hive has no name for (commas, spaces
// at an end, names that differ by their capitals).
func TrinoColumns(t *dataset.Table) []string {
	names := make([]string, len(t.Columns))
	taken := map[string]bool{}
	for i, c := range t.Columns {
		name := strings.TrimSpace(strings.ReplaceAll(c.Name, ",", " "))
		for n := 2; name == "" || taken[strings.ToLower(name)]; n++ {
			name = strings.TrimSpace(fmt.Sprintf("%s (%d)", strings.ReplaceAll(c.Name, ",", " "), n))
		}
		taken[strings.ToLower(name)] = true
		names[i] = name
	}
	return names
}

// trino is Trino's dialect.
type trino struct {
	name func(*dataset.Table) string
}

func (d trino) table(_ string, t *dataset.Table) string { return Quote(d.name(t)) }

func (trino) column(t *dataset.Table, name string) string {
	return Quote(TrinoColumns(t)[slices.IndexFunc(t.Columns, func(c dataset.Column) bool { return c.Name == name })])
}

// alias is another name than that of a column which it is not: in ORDER BY, Trino
// takes a name for the output before it takes it for the column.
func (trino) alias(t *dataset.Table, o Output) string {
	name := o.Name
	plain := o.Agg == "" && o.Name == o.Column
	taken := func(c string) bool { return strings.EqualFold(c, name) }
	for !plain && slices.ContainsFunc(TrinoColumns(t), taken) {
		name += "."
	}
	return Quote(name)
}

func (trino) extended() bool                { return false }
func (trino) contains() around              { return around{"strpos(", ") > 0"} }
func (trino) real() around                  { return around{"CAST(", " AS double)"} } // else two whole numbers divide to a whole one
func (trino) hundred() string               { return "100e0" }                        // 100.0 is a decimal, and so is what it multiplies
func (d trino) collated(text string) string { return d.folded().of(text) }

func (trino) part(as As) string {
	if as == AsWeekday {
		return "day_of_week"
	}
	return string(as)
}

func (trino) folded() around {
	return around{"lower(regexp_replace(normalize(", `, NFD), '\p{M}', ''))`}
}

func (trino) limit(n, offset int) string {
	if offset > 0 {
		return fmt.Sprintf(" OFFSET %d LIMIT %d", offset, n)
	}
	return fmt.Sprintf(" LIMIT %d", n)
}

func (trino) cast(kind dataset.Type) around {
	switch kind {
	case dataset.Date:
		return around{"CAST(", " AS date)"}
	case dataset.DateTime:
		return around{"CAST(", " AS timestamp(6))"}
	}
	return around{"CAST(", " AS varchar)"}
}

// moments are the ways an instant may be written, of which a cast reads one.
var moments = []string{"2006-01-02T15:04:05.999999Z07:00", "2006-01-02T15:04:05.999999", "2006-01-02 15:04:05.999999", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly}

func (trino) moment(v any, kind dataset.Type) any {
	s, ok := v.(string)
	if !ok {
		return v
	}
	for _, layout := range moments {
		when, err := time.Parse(layout, s)
		switch {
		case err != nil:
		case kind == dataset.Date:
			return when.Format(time.DateOnly)
		default:
			return when.UTC().Format("2006-01-02 15:04:05.999999")
		}
	}
	return v
}

func (d trino) place(names []string, text string) string {
	return "array_position(ARRAY['" + strings.Join(names, "', '") + "'], " + d.folded().of(text) + ")"
}

func (trino) number(text string, french bool) string {
	if french {
		return "TRY_CAST(replace(" + fmt.Sprintf(frenchNumberIn, text, "$1$2") + ", ',', '.') AS double)"
	}
	return "TRY_CAST(replace(" + fmt.Sprintf(numberIn, text) + ", ',', '') AS double)"
}

// trinoDates are dateFormats as date_parse has them. A day without a year is of
// 1900, as DuckDB has it.
var trinoDates = []string{"%M %d, %Y", "%b %d, %Y", "%M%d, %Y", "%M%d,%Y", "%d %M %Y", "%d %b %Y", "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%M %d", "%b %d", "%d %M", "%d %b", "%Y"}

func (trino) day(text string) string {
	found := fmt.Sprintf(dateIn, text)
	tries := make([]string, len(trinoDates))
	for i, format := range trinoDates {
		of := found
		if !strings.Contains(format, "%Y") {
			of, format = "concat("+found+", ' 1900')", format+" %Y"
		}
		tries[i] = "TRY(date_parse(" + of + ", '" + format + "'))"
	}
	return "coalesce(" + strings.Join(tries, ", ") + ")"
}

func (trino) duration(text string) string { return fmt.Sprintf(duration, text) }

// sumsWhole tells whether the sum of a column of whole numbers is sure to be one
// of 64 bits, past which Trino stops.
func sumsWhole(t *dataset.Table, c *dataset.Column) bool {
	low, err := strconv.ParseInt(c.Min, 10, 64)
	high, err2 := strconv.ParseInt(c.Max, 10, 64)
	if err != nil || err2 != nil {
		return false
	}
	most := max(math.Abs(float64(low)), math.Abs(float64(high)))
	return most*float64(max(t.Rows, 1)) < 1<<62
}

// summed writes a column as it is added up: whole numbers that may come past 64 bits
// as decimals.
func (d trino) summed(w *writer, t *dataset.Table, m Measure) string {
	text := w.cell(t, m.Column, m.As)
	if c := t.Column(m.Column); m.As == "" && c.Type == dataset.Integer && !sumsWhole(t, c) {
		return "CAST(" + text + " AS decimal(38, 0))"
	}
	return text
}

func (d trino) aggregate(w *writer, t *dataset.Table, m Measure) {
	if len(m.Once) > 0 {
		d.once(w, t, m)
		return
	}
	call := func(name, of string) {
		w.str(name, "(", of, ")")
		w.only(t, m)
	}
	text := w.cell(t, m.Column, m.As)
	switch m.Agg {
	case Sum:
		call("sum", d.summed(w, t, m))
	case Avg: // as DuckDB has it: the exact sum of whole numbers, rounded once
		w.str("(CAST(")
		call("sum", d.summed(w, t, m))
		w.str(" AS double) / ")
		call("count", text)
		w.str(")")
	case Median:
		w.str("element_at(transform(ARRAY[ROW(array_sort(map_entries(")
		call("histogram", "CAST("+text+" AS double)")
		w.str(")), ")
		call("count", text)
		w.str(")], ", middle, "), 1)")
	default:
		call(string(m.Agg), text)
	}
}

// middle is the median of what there is so often of each, in order: r[1] of pairs,
// r[2] in all. There are fewer pairs than rows, and Trino has no median.
const middle = "r -> reduce(r[1], CAST(ROW(0, NULL, NULL) AS ROW(n bigint, low double, high double)), " +
	"(s, x) -> CAST(ROW(s.n + x[2], coalesce(s.low, IF(2 * (s.n + x[2]) >= r[2], x[1])), coalesce(s.high, IF(2 * (s.n + x[2]) > r[2], x[1]))) AS ROW(n bigint, low double, high double)), " +
	"s -> s.low + (s.high - s.low) * 5e-1)"

// What is done with the different values of once, an array.
const (
	total     = "reduce(a, CAST(NULL AS %s), (s, x) -> coalesce(s + x, x), s -> s)"
	middleOne = "IF(cardinality(a) > 0, a[(cardinality(a) + 1) / 2] + (a[cardinality(a) / 2 + 1] - a[(cardinality(a) + 1) / 2]) * 5e-1)"
)

// once is DuckDB's once.
func (d trino) once(w *writer, t *dataset.Table, m Measure) {
	kind := "double"
	if c := t.Column(m.Column); c.Type == dataset.Integer && m.Agg != Median {
		kind = "decimal(38, 0)"
	}
	w.str("element_at(transform(ARRAY[array_sort(filter(transform(array_agg(DISTINCT ROW(CAST(", d.column(t, m.Column), " AS ", kind, ")")
	for _, c := range m.Once {
		w.str(", ", d.column(t, c))
	}
	w.str("))")
	w.only(t, m)
	w.str(", x -> x[1]), x -> x IS NOT NULL))], a -> ")
	sum := fmt.Sprintf(total, kind)
	switch m.Agg {
	case Sum:
		w.str(sum)
	case Avg:
		w.str("CAST(", sum, " AS double) / nullif(cardinality(a), 0)")
	default:
		w.str(middleOne)
	}
	w.str("), 1)")
}

// single tells whether a plan's conditions leave one row at most: each column of
// the table's key is one value.
func single(p *Plan, t *dataset.Table) bool {
	held := func(column string) bool {
		return slices.ContainsFunc(p.Where, func(f Filter) bool {
			return f.Column == column && f.Op == Eq && f.As == "" && len(f.Values) == 1
		})
	}
	return len(t.Key) > 0 && !slices.ContainsFunc(t.Key, func(c string) bool { return !held(c) })
}
