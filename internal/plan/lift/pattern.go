package lift

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
)

// maxListed is how many cells a pattern may stand for where no operator says it.
const maxListed = 200

// like is what a text has to hold.
type like struct {
	text string         // without its wildcards, where they are at its ends alone
	any  bool           // anything may come before
	open bool           // anything may come after
	odd  *regexp.Regexp // the whole pattern, where it is none of these
}

// pattern reads LIKE and its kin.
func (s *scope) pattern(e *expr, negated bool) ([]query.Filter, error) {
	if len(e.Children) < 2 {
		return nil, unsupported("the condition %s", describe(e))
	}
	o, err := s.operand(e.Children[0])
	if err != nil {
		return nil, err
	}
	v, ok := e.Children[1].constant()
	text, isText := v.(string)
	if !ok {
		if text = s.text(e.Children[1]); text != "" {
			isText = true
		}
	}
	if o == nil || !isText {
		return nil, unsupported("the condition %s", describe(e))
	}
	var l like
	switch strings.ToLower(e.Function) {
	case "~~", "~~*":
		l = likeOf(text)
	case "!~~", "!~~*":
		l, negated = likeOf(text), !negated
	case "contains":
		l = like{text: text, any: true, open: true}
	case "starts_with", "prefix":
		l = like{text: text, open: true}
	case "ends_with", "suffix":
		l = like{text: text, any: true}
	case "regexp_matches":
		if regexp.QuoteMeta(text) != text {
			return nil, unsupported("a regular expression")
		}
		l = like{text: text, any: true, open: true}
	default:
		return nil, unsupported("the function %s in a condition", e.Function)
	}
	return o.matching(l, negated)
}

// likeOf reads a LIKE pattern.
func likeOf(p string) like {
	l := like{any: strings.HasPrefix(p, "%"), open: strings.HasSuffix(p, "%")}
	l.text = strings.Trim(p, "%")
	if strings.ContainsAny(l.text, "%_") {
		odd := strings.NewReplacer("%", ".*", "_", ".").Replace(regexp.QuoteMeta(bare(p)))
		l.odd = regexp.MustCompile("(?s)^" + odd + "$")
	}
	return l
}

// matches tells whether a cell fits, whatever its case and accents, as contains
// does. (LIKE heeds case in DuckDB and not in SQLite; both are learnt from.)
func (l like) matches(cell string) bool {
	cell, text := bare(cell), bare(l.text)
	switch {
	case l.odd != nil:
		return l.odd.MatchString(cell)
	case l.any && l.open:
		return strings.Contains(cell, text)
	case l.open:
		return strings.HasPrefix(cell, text)
	case l.any:
		return strings.HasSuffix(cell, text)
	}
	return cell == text
}

// matching writes the filter of a pattern: contains or starts where these keep
// the same cells, else the cells themselves.
func (o *operand) matching(l like, negated bool) ([]query.Filter, error) {
	op := query.Eq
	if negated {
		op = query.Ne
	}
	ends := l.any || l.open
	switch {
	case l.text == "" && ends: // LIKE '%': any text
		return []query.Filter{{Column: o.Name, Op: map[bool]query.Op{true: query.Null, false: query.NotNull}[negated]}}, nil
	case o.part != "" || o.Type != dataset.Text || o.as != "":
		return o.dayPattern(l, negated)
	case !ends && l.odd == nil:
		return o.compare(op, l.text)
	case l.odd == nil && l.open && !negated:
		op := map[bool]query.Op{true: query.Contains, false: query.Starts}[l.any]
		return []query.Filter{{Column: o.Name, Op: op, Values: []any{l.text}}}, nil
	}
	return o.oneOf(op, l)
}

// oneOf writes a pattern that no operator says as the cells that have it.
func (o *operand) oneOf(op query.Op, l like) ([]query.Filter, error) {
	cells := o.listed(l)
	switch {
	case !o.Complete() || len(cells) > maxListed:
		return nil, unsupported("a pattern of many values: %s", l.text)
	case len(cells) == 0 && op == query.Ne:
		return nil, nil
	case len(cells) == 0:
		return nil, unsupported("the pattern %s, which no cell has", l.text)
	}
	return []query.Filter{{Column: o.Name, Op: op, Values: cells}}, nil
}

// listed are the known cells that fit a pattern.
func (o *operand) listed(l like) (cells []any) {
	for _, v := range o.Values {
		if l.matches(v.Text) {
			cells = append(cells, v.Text)
		}
	}
	return cells
}

var yearPattern = regexp.MustCompile(`^[0-9]{4}-?$`)

// dayPattern reads LIKE '2024%' of a day.
func (o *operand) dayPattern(l like, negated bool) ([]query.Filter, error) {
	days := []dataset.Type{dataset.Date, dataset.DateTime}
	if negated || l.any || l.odd != nil || !slices.Contains(days, o.Type) || !yearPattern.MatchString(l.text) {
		return nil, unsupported("a pattern of %s, a column of type %s", o.Name, o.Type)
	}
	o.part = year
	return o.compare(query.Eq, strings.TrimSuffix(l.text, "-"))
}

// describe names an expression for whoever wrote it.
func describe(e *expr) string {
	switch {
	case e == nil:
		return "nothing"
	case e.Class == "FUNCTION" || e.Class == "WINDOW":
		return fmt.Sprintf("%s(…)", e.Function)
	case e.Class == "COLUMN_REF":
		return fmt.Sprintf("%q", strings.Join(e.Names, "."))
	case e.Class == "SUBQUERY":
		return "(SELECT …)"
	}
	return strings.ToLower(strings.ReplaceAll(e.Class, "_", " "))
}
