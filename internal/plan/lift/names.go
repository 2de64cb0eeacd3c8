package lift

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// column finds the column that a name means: as it is written, else without
// regard to case, accents and punctuation, else to plurals, where only one is
// meant; the one column of years by the word for them.
func (s *scope) column(names []string) (*dataset.Column, error) {
	name := names[len(names)-1]
	for alias, header := range s.table.Columns {
		if strings.EqualFold(alias, name) {
			name = header
			break
		}
	}
	if c := s.table.Column(name); c != nil {
		return c, nil
	}
	folded := lang.Fold(name)
	for _, means := range []func(c *dataset.Column) bool{
		func(c *dataset.Column) bool { return strings.EqualFold(c.Name, name) },
		func(c *dataset.Column) bool { return lang.Fold(c.Name) == folded },
		func(c *dataset.Column) bool { return sameStems(lang.Fold(c.Name), folded) },
		func(c *dataset.Column) bool { return c.Role == dataset.Year && slices.Contains(yearly, folded) },
	} {
		var found []*dataset.Column
		for i := range s.table.Table.Columns {
			if c := &s.table.Table.Columns[i]; means(c) {
				found = append(found, c)
			}
		}
		if len(found) > 0 {
			if len(found) > 1 {
				break
			}
			return found[0], nil
		}
	}
	return nil, &Unknown{name}
}

// yearly are the words that models call a column of years by, whatever its name.
var yearly = []string{"year", "annee", "an"}

// sameStems tells whether two names differ by their words' endings alone.
func sameStems(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	return len(x) > 0 && slices.EqualFunc(x, y, func(v, w string) bool {
		return v == w || lang.Stem(v, lang.French) == lang.Stem(w, lang.French) || lang.Stem(v, lang.English) == lang.Stem(w, lang.English)
	})
}

// operand is a column as an expression reads it.
type operand struct {
	*dataset.Column
	as     query.As
	fold   bool // case or accents taken away
	part   part
	prefix int // characters kept of a text; 0: all
}

// part of a day.
type part string

const (
	year      part = "year"
	month     part = "month"
	yearMonth part = "year and month" // "2024-03"
	wholeDay  part = "day"            // of a moment, without its hour
)

// operand reads a column through what is wrapped around it; nil where the
// expression is no column.
func (s *scope) operand(e *expr) (*operand, error) {
	switch {
	case e.Class == "COLUMN_REF":
		c, err := s.column(e.Names)
		if err != nil {
			return nil, err
		}
		return &operand{Column: c}, nil
	case e.Class == "CAST":
		return s.cast(e)
	case e.Class == "OPERATOR" && e.Type == "OPERATOR_COALESCE" && len(e.Children) == 2:
		if _, ok := e.Children[1].constant(); ok {
			return s.operand(e.Children[0])
		}
	case e.Class == "FUNCTION" && len(e.Children) > 0:
		return s.wrapped(e)
	}
	return nil, nil
}

func (s *scope) cast(e *expr) (*operand, error) {
	o, err := s.operand(e.Child)
	if o == nil || err != nil {
		return o, err
	}
	return o, o.read(e.To.ID)
}

// read takes a type that the cells are cast to.
func (o *operand) read(id string) error {
	switch id {
	case "INTEGER", "BIGINT", "DOUBLE", "FLOAT", "DECIMAL", "SMALLINT", "HUGEINT":
		if o.Type == dataset.Text && o.part == "" && o.as == "" {
			o.as = query.AsNumber
		}
	case "DATE", "TIMESTAMP":
		switch {
		case o.Type == dataset.Text:
			o.as = query.AsDate
		case o.Type == dataset.DateTime && id == "DATE" && o.part == "":
			o.part = wholeDay
		}
	case "VARCHAR":
	default:
		return unsupported("a cast to %s", strings.ToLower(id))
	}
	return nil
}

// wrapped reads a column through a function.
func (s *scope) wrapped(e *expr) (*operand, error) {
	switch {
	case e.call("lower", "upper", "lcase", "ucase", "strip_accents", "trim", "ltrim", "rtrim"):
		o, err := s.operand(e.Children[0])
		if o != nil {
			o.fold = true
		}
		return o, err
	case e.call("round") && isColumn(e.Children[0]):
		return s.operand(e.Children[0])
	case e.call("strptime", "try_strptime"):
		o, err := s.operand(e.Children[0])
		if o != nil && o.Type == dataset.Text {
			o.as = query.AsDate
		}
		return o, err
	case e.call("date") && len(e.Children) == 1:
		o, err := s.operand(e.Children[0])
		if o == nil || err != nil {
			return o, err
		}
		return o, o.read("DATE")
	case e.call("year", "month"):
		return s.datePart(e.Children[0], part(strings.ToLower(e.Function)))
	case e.call("date_part", "datepart", "strftime", "left", "substr", "substring") && len(e.Children) >= 2:
		return s.piece(e)
	}
	return nil, nil
}

func isColumn(e *expr) bool { return e.Class == "COLUMN_REF" }

func (s *scope) datePart(e *expr, p part) (*operand, error) {
	o, err := s.operand(e)
	if o == nil || err != nil {
		return o, err
	}
	switch {
	case o.Type == dataset.Date || o.Type == dataset.DateTime || o.as == query.AsDate:
		o.part = p
	case o.Role == dataset.Year && p == year:
	case o.Type == dataset.Text:
		o.as, o.part = query.AsDate, p
	default:
		return nil, unsupported("the %s of %s, which holds no days", p, o.Name)
	}
	return o, nil
}

// piece reads a part of a day or the beginning of a text.
func (s *scope) piece(e *expr) (*operand, error) {
	whole, what := e.Children[0], e.Children[1]
	if e.call("date_part", "datepart") {
		whole, what = what, whole
	}
	v, ok := what.constant()
	if !ok {
		return nil, nil
	}
	if e.call("date_part", "datepart", "strftime") {
		p, known := map[any]part{"year": year, "%Y": year, "month": month, "%m": month, "%Y-%m": yearMonth}[v]
		if !known {
			return nil, unsupported("the part %v of a day", v)
		}
		return s.datePart(whole, p)
	}
	n, isNumber := number(v)
	if !e.call("left") {
		if n != 1 || len(e.Children) != 3 {
			return nil, unsupported("a piece of a text other than its beginning")
		}
		v, _ = e.Children[2].constant()
		n, isNumber = number(v)
	}
	o, err := s.operand(whole)
	if o == nil || err != nil || !isNumber {
		return nil, err
	}
	if o.Type == dataset.Date || o.Type == dataset.DateTime {
		if n == 4 {
			o.part = year
			return o, nil
		}
		return nil, unsupported("a piece of a day")
	}
	o.prefix = int(n)
	return o, nil
}

// plain tells whether the cells are read as they are, whatever their case.
func (o *operand) plain() bool { return o.part == "" && o.prefix == 0 }

// value makes a literal fit the cells: a number where they are numbers, the cells
// that a text means where they are texts.
func (o *operand) value(v any) ([]any, error) {
	wrong := func() error { return unsupported("the value %v of %s, a column of type %s", v, o.Name, o.Type) }
	switch {
	case o.as == query.AsNumber, o.as == query.AsMonth, o.as == "" && o.Type.Numeric():
		if f, ok := number(v); ok {
			return []any{f}, nil
		}
		return nil, wrong()
	case o.as == query.AsDate || o.Type == dataset.Date || o.Type == dataset.DateTime:
		text, ok := v.(string)
		if ok {
			text, ok = isoDay(text)
		}
		if !ok {
			return nil, wrong()
		}
		return []any{text}, nil
	case o.Type == dataset.Boolean:
		if b, ok := truth(v); ok {
			return []any{b}, nil
		}
		return nil, wrong()
	}
	return o.cells(fmt.Sprint(v)), nil
}

// isoDay writes a day as YYYY-MM-DD, with its time of day where it has one.
func isoDay(s string) (string, bool) {
	for _, layout := range []string{time.DateOnly, time.DateTime, "2006-01-02T15:04:05", "02/01/2006"} {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			if layout == time.DateOnly || layout == "02/01/2006" {
				return t.Format(time.DateOnly), true
			}
			return t.Format(time.DateTime), true
		}
	}
	return "", false
}

// truth reads a literal as the table reader reads the cells of a boolean column.
func truth(v any) (is, ok bool) {
	if b, isBool := v.(bool); isBool {
		return b, true
	}
	switch lang.Fold(fmt.Sprint(v)) {
	case "true", "t", "oui", "o", "yes", "y", "vrai", "1":
		return true, true
	case "false", "f", "non", "n", "no", "faux", "0":
		return false, true
	}
	return false, false
}

// cells lists the cells that a text means: the one that equals it, else those
// that differ by case, accents and punctuation alone; the text itself where
// there is none. A folded column means all of them.
func (o *operand) cells(text string) []any {
	if !o.fold && slices.ContainsFunc(o.Values, func(v dataset.Value) bool { return v.Text == text }) {
		return []any{text}
	}
	var found []any
	folded := lang.Fold(text)
	for _, v := range o.Values {
		if folded != "" && lang.Fold(v.Text) == folded {
			found = append(found, v.Text)
		}
	}
	if found == nil {
		found = o.numbered(text)
	}
	return found
}

// numbered finds the cell that writes the same number in another way ("1" for
// "1.0"), else gives the text.
func (o *operand) numbered(text string) []any {
	if want, err := strconv.ParseFloat(text, 64); err == nil && !strings.HasPrefix(text, "0") {
		for _, v := range o.Values {
			if got, err := strconv.ParseFloat(v.Text, 64); err == nil && got == want && !strings.HasPrefix(v.Text, "0") {
				return []any{v.Text}
			}
		}
	}
	return []any{text}
}

// bare takes case and accents away, as a plan's contains does.
func bare(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s)))
}

// day writes a day as plans do.
func day(y, m, d int) string { return fmt.Sprintf("%04d-%02d-%02d", y, m, d) }
