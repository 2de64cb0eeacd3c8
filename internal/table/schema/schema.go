// Package schema holds tables against the schema that their publisher declares
// to follow: Table Schema, as schema.data.gouv.fr publishes it.
package schema

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

// Schema is a table schema.
type Schema struct {
	Name   string
	Fields []Field
}

// Field is a column that it describes.
type Field struct {
	Name        string
	Type        string
	Constraints struct {
		Required  bool
		Enum      []any
		Pattern   string
		MinLength *int `json:"minLength"`
		MaxLength *int `json:"maxLength"`
		Minimum   any
		Maximum   any
	}
}

const national = "https://schema.data.gouv.fr/schemas/"

var (
	named   = regexp.MustCompile(`^[\w.-]+/[\w.-]+$`)
	catalog = regexp.MustCompile(`^https?://schema\.data\.gouv\.fr/(?:schemas/)?([\w.-]+/[\w.-]+)(?:/|\.html)?(?:latest(?:\.html|/documentation)?|[\d.]+\.html)?/?$`)
)

// Address is where the schema is that a publisher names: by its name in the
// national catalogue ("scdl/budget"), or by an address. "" where neither.
func Address(declared string) string {
	declared = strings.TrimSpace(declared)
	if named.MatchString(declared) {
		return national + declared + "/latest/schema.json"
	}
	if m := catalog.FindStringSubmatch(declared); m != nil {
		return national + strings.TrimSuffix(m[1], ".html") + "/latest/schema.json"
	}
	u, err := url.Parse(declared)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || !strings.HasSuffix(strings.ToLower(u.Path), ".json") {
		return ""
	}
	return declared
}

var errNoFields = errors.New("no table schema")

// Parse reads a schema. JSON Schemas and others that describe no table are an
// error.
func Parse(b []byte) (*Schema, error) {
	var s Schema
	if err := json.Unmarshal(b, &s); err != nil {
		return nil, err
	}
	s.Fields = slices.DeleteFunc(s.Fields, func(f Field) bool { return f.Name == "" })
	if len(s.Fields) == 0 {
		return nil, errNoFields
	}
	return &s, nil
}

// What Wrong finds. Each is written "code: column" or "code: column (examples)".
const (
	MissingColumn = "schema_missing"  // a column that must be there is not
	EmptyCell     = "schema_empty"    // cells that must say something do not
	WrongType     = "schema_type"     // cells of another type
	NotListed     = "schema_listed"   // cells that are none of those allowed
	WrongForm     = "schema_form"     // cells of another form
	OutOfBounds   = "schema_bounds"   // numbers outside of what is allowed
	OutOfOrder    = "schema_disorder" // columns that stand in another order
)

// Wrong is where a table does not follow the schema, as far as its profile
// tells; none where it does. Columns go by their names, whatever their case.
func (s *Schema) Wrong(t *dataset.Table) []string {
	at := map[string]*dataset.Column{}
	for i := range t.Columns {
		at[key(t.Columns[i].Name)] = &t.Columns[i]
	}
	var out []string
	for i := range s.Fields {
		f := &s.Fields[i]
		c := at[key(f.Name)]
		if c == nil {
			if f.Constraints.Required {
				out = append(out, MissingColumn+": "+f.Name)
			}
			continue
		}
		out = append(out, f.wrong(c, t.Rows)...)
	}
	if !s.ordered(t) {
		out = append(out, OutOfOrder)
	}
	return out
}

func key(name string) string { return strings.ReplaceAll(lang.Fold(name), " ", "_") }

// ordered tells whether the columns that the schema knows stand in its order.
func (s *Schema) ordered(t *dataset.Table) bool {
	place := map[string]int{}
	for i, f := range s.Fields {
		place[key(f.Name)] = i
	}
	last := -1
	for _, c := range t.Columns {
		i, known := place[key(c.Name)]
		if !known {
			continue
		}
		if i < last {
			return false
		}
		last = i
	}
	return true
}

func (f *Field) wrong(c *dataset.Column, rows int64) (out []string) {
	say := func(code string, examples []string) {
		s := code + ": " + c.Name
		if len(examples) > 0 {
			s += " (" + strings.Join(examples[:min(3, len(examples))], " | ") + ")"
		}
		out = append(out, s)
	}
	if f.Constraints.Required && c.Nulls > 0 {
		say(EmptyCell, []string{fmt.Sprintf("%d / %d", c.Nulls, rows)})
	}
	if c.Nulls == rows { // no cell to look at
		return out
	}
	if !f.fits(c) {
		say(WrongType, nil)
	}
	if wrong := cells(c, f.listed()); len(wrong) > 0 {
		say(NotListed, wrong)
	}
	if wrong := cells(c, f.formed()); len(wrong) > 0 {
		say(WrongForm, wrong)
	}
	if f.outside(c) {
		say(OutOfBounds, []string{c.Min, c.Max})
	}
	return out
}

// fits tells whether a column's cells may be of the field's type. Text holds
// anything; codes are text here, whatever a schema calls them.
func (f *Field) fits(c *dataset.Column) bool {
	switch f.Type {
	case "integer":
		return c.Type == dataset.Integer || c.Role == dataset.Code || c.Role == dataset.Year || c.Type == dataset.Boolean
	case "number":
		return c.Type.Numeric() || c.Role == dataset.Code
	case "date", "datetime":
		return c.Type == dataset.Date || c.Type == dataset.DateTime
	case "boolean":
		return c.Type == dataset.Boolean || c.Type == dataset.Integer || c.Distinct <= 2
	case "year":
		return c.Type == dataset.Integer || c.Role == dataset.Year
	}
	return true
}

// cells are the cells that a test refuses; none where there is no test.
func cells(c *dataset.Column, ok func(string) bool) (wrong []string) {
	if ok == nil {
		return nil
	}
	for _, v := range c.Values {
		if text := strings.TrimSpace(v.Text); text != "" && !ok(text) {
			wrong = append(wrong, text)
		}
	}
	return wrong
}

func (f *Field) listed() func(string) bool {
	if len(f.Constraints.Enum) == 0 {
		return nil
	}
	allowed := map[string]bool{}
	for _, v := range f.Constraints.Enum {
		allowed[fmt.Sprint(v)] = true
	}
	return func(s string) bool {
		if f.Type == "array" {
			return !slices.ContainsFunc(strings.Split(s, ","), func(part string) bool { return !allowed[strings.TrimSpace(part)] })
		}
		return allowed[s]
	}
}

// maxPattern bounds the patterns that are tried.
const maxPattern = 2000

func (f *Field) formed() func(string) bool {
	c := f.Constraints
	var form *regexp.Regexp
	if c.Pattern != "" && len(c.Pattern) <= maxPattern {
		form, _ = regexp.Compile(`^(?:` + c.Pattern + `)$`) // a pattern that Go does not know tests nothing
	}
	if form == nil && c.MinLength == nil && c.MaxLength == nil {
		return nil
	}
	return func(s string) bool {
		n := len([]rune(s))
		return (form == nil || form.MatchString(s)) && (c.MinLength == nil || n >= *c.MinLength) && (c.MaxLength == nil || n <= *c.MaxLength)
	}
}

func (f *Field) outside(c *dataset.Column) bool {
	least, okLeast := number(f.Constraints.Minimum)
	most, okMost := number(f.Constraints.Maximum)
	low, okLow := number(c.Min)
	high, okHigh := number(c.Max)
	return c.Type.Numeric() && (okLeast && okLow && low < least || okMost && okHigh && high > most)
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case string:
		x, err := strconv.ParseFloat(v, 64)
		return x, err == nil
	}
	return 0, false
}
