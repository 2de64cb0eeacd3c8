package model

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/plan/lift"
	"cigogne/internal/query"
	"cigogne/prompts"
)

// What a prompt shows at most. A table of 15 columns takes some 600 tokens.
const (
	maxTables   = 3
	maxColumns  = 24 // of all tables: those that the question names come first
	maxNamed    = 4  // cells of a column that the question names
	maxCells    = 5  // cells of a column in all, named ones left out
	many        = 50 // distinct cells of a column that are no categories
	maxSample   = 16 // columns of a table whose first row is shown
	maxVerified = 2
	maxChars    = 40 // of one piece of data
)

type promptTable struct {
	Name, Title, Row, First string
	Rows                    int64
	Left                    int // columns not shown
	Columns                 []promptColumn
}

type promptColumn struct{ Name, Type, Note string }

// asked is a prompt, with what its SELECT is lifted over.
type asked struct {
	system, user string
	tables       []lift.Table
}

// write makes the prompt of a question: what is asked of a model in general,
// which servers can keep from one question to the next, then the data.
func write(req plan.Request, tables []plan.Candidate, today time.Time) (*asked, error) {
	n := newNamed(req.Question, req.Lang)
	data := struct {
		Tables                  []promptTable
		Verified                []string
		Before, Today, Question string
	}{Today: today.Format(time.DateOnly), Question: tame(req.Question, 2000)}
	out := &asked{}
	left := maxColumns
	for i, c := range tables {
		t, over := n.show(c, max(4, left/(len(tables)-i)))
		if slices.ContainsFunc(out.tables, func(x lift.Table) bool { return x.Name == over.Name }) {
			over.Name = c.Table.ID
			t.Name = c.Table.ID
		}
		left -= len(t.Columns)
		data.Tables = append(data.Tables, t)
		out.tables = append(out.tables, over)
	}
	for _, v := range req.Verified[:min(len(req.Verified), maxVerified)] {
		if sql := out.sql(v.Plan); sql != "" {
			data.Verified = append(data.Verified, tame(v.Question, 200)+" → "+sql)
		}
	}
	if b := req.Previous; b != nil && b.Plan != nil {
		data.Before = tame(b.Question, 200)
		if sql := out.sql(b.Plan); sql != "" {
			data.Before += " → " + sql
		}
	}
	var err error
	if out.system, err = prompts.Render("select.system", nil); err != nil {
		return nil, fmt.Errorf("write the prompt: %w", err)
	}
	if out.user, err = prompts.Render("select.question", data); err != nil {
		return nil, fmt.Errorf("write the prompt: %w", err)
	}
	return out, nil
}

// sql writes a plan over one of the tables as the model is to write it; "" where
// it is over another.
func (a *asked) sql(p *query.Plan) string {
	c, err := query.Compile(p, a.byID)
	if err != nil {
		return ""
	}
	text := c.Text
	for _, t := range a.tables {
		text = strings.ReplaceAll(text, query.Quote(t.ID), t.Name)
		for alias, header := range t.Columns {
			text = strings.ReplaceAll(text, query.Quote(header), alias)
		}
	}
	return tame(text, 400)
}

func (a *asked) byID(id string) *dataset.Table {
	for _, t := range a.tables {
		if t.ID == id {
			return t.Table
		}
	}
	return nil
}

// show writes a table with the columns that the question names, then others, up
// to a number of them, in the order of the file.
func (n named) show(c plan.Candidate, most int) (promptTable, lift.Table) {
	t := promptTable{Title: tame(c.Name(n.l), 80), Rows: c.Table.Rows}
	t.Name = identifier(strings.TrimSuffix(c.Name(n.l), path.Ext(c.Name(n.l))), c.Table.ID)
	if c.Annotation != nil {
		t.Row = tame(c.Annotation.Entity.Name.In(n.l), maxChars)
	}
	over := lift.Table{Table: c.Table, Name: t.Name, Columns: map[string]string{}}
	type scored struct {
		at    int
		score float64
		cells []string
	}
	var all []scored
	for i, col := range c.Table.Columns {
		note := noteOf(c, col.Name)
		if note.Hide || col.Role == dataset.Geometry {
			continue
		}
		s := scored{at: i, cells: n.cells(col, maxNamed)}
		s.score = n.column(col, note) + float64(len(s.cells))
		all = append(all, s)
	}
	slices.SortStableFunc(all, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	t.Left = max(0, len(all)-most)
	all = all[:min(len(all), most)]
	slices.SortFunc(all, func(a, b scored) int { return a.at - b.at })
	var first []string
	for _, s := range all {
		col := c.Table.Columns[s.at]
		p := n.columnOf(col, noteOf(c, col.Name), s.cells)
		if over.Columns[p.Name] != "" {
			p.Name = fmt.Sprintf("%s_%d", p.Name, s.at+1)
		}
		over.Columns[p.Name] = col.Name
		t.Columns = append(t.Columns, p)
		first = append(first, sample(col))
	}
	if len(first) <= maxSample {
		t.First = strings.Join(first, ", ")
	}
	return t, over
}

// identifier writes a name so that SQL takes it without quotes.
func identifier(name, otherwise string) string {
	id := strings.ReplaceAll(lang.Fold(name), " ", "_")
	if r := []rune(id); len(r) > maxChars {
		id = strings.TrimRight(string(r[:maxChars]), "_")
	}
	if id == "" {
		id = otherwise
	}
	if id[0] >= '0' && id[0] <= '9' || reserved[id] {
		id = "c_" + id
	}
	return id
}

// reserved are names that DuckDB does not take for a column's without quotes.
var reserved = set(`all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create
	default deferrable desc describe distinct do else end except false fetch for foreign from group having in initially
	intersect into lambda lateral leading limit not null offset on only or order pivot placing primary qualify references
	returning select show some summarize symmetric table then to trailing true union unique unpivot using variadic when
	where window with current_date current_time current_timestamp current_user user session_user localtime localtimestamp`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

var sqlTypes = map[dataset.Type]string{dataset.Text: "TEXT", dataset.Integer: "INTEGER", dataset.Number: "DOUBLE", dataset.Date: "DATE", dataset.DateTime: "TIMESTAMP", dataset.Boolean: "BOOLEAN"}

func (n named) columnOf(col dataset.Column, note dataset.ColumnNote, cells []string) promptColumn {
	p := promptColumn{Name: identifier(col.Name, "c"), Type: sqlTypes[col.Type]}
	var notes []string
	if label := tame(note.Label.In(n.l), maxChars); label != "" && lang.Fold(label) != lang.Fold(p.Name) {
		notes = append(notes, label)
	}
	if unit := tame(cmp.Or(note.Unit, col.Unit), 20); unit != "" {
		notes = append(notes, "in "+unit)
	}
	switch col.Additivity {
	case dataset.Never:
		notes = append(notes, "never add up")
	case dataset.NotOverTime:
		notes = append(notes, "never add up over years")
	}
	if held := held(col, cells); held != "" {
		notes = append(notes, held)
	}
	p.Note = strings.Join(notes, "; ")
	return p
}

// held tells what a column holds: the cells that the question names and some
// more, or from where to where.
func held(col dataset.Column, cells []string) string {
	switch {
	case col.Role == dataset.FreeText, col.Type == dataset.Boolean:
		return ""
	case col.Type == dataset.Text:
		most := maxCells
		switch {
		case col.Distinct > many: // small models copy what they see: an address that nobody asked for
			most = 1
		case col.Role.Label():
			most = 2
		case col.Distinct > maxCells:
			most = 3
		}
		var shown []string
		for _, c := range cells {
			shown = append(shown, quoted(c, 2*maxChars))
		}
		for _, v := range col.Values {
			if len(shown) >= most {
				break
			}
			if !slices.Contains(cells, v.Text) {
				shown = append(shown, quoted(v.Text, maxChars))
			}
		}
		if int64(len(shown)) < col.Distinct {
			shown = append(shown, "…")
		}
		return strings.Join(shown, ", ")
	case col.Min != "" && col.Max != "":
		return tame(col.Min, 30) + " to " + tame(col.Max, 30)
	}
	return ""
}

// quoted writes a cell as SQL, a long one cut.
func quoted(s string, most int) string {
	return "'" + strings.ReplaceAll(tame(s, most), "'", "''") + "'"
}

// sample is the cell of the file's first row.
func sample(col dataset.Column) string {
	switch {
	case col.First == "":
		return "NULL"
	case col.Type.Numeric() || col.Type == dataset.Boolean:
		return tame(col.First, 20)
	}
	return quoted(col.First, 20)
}

// tame makes a piece of data one short line: no control characters, no line
// breaks, nothing that ends its line.
func tame(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		s = string(r[:most-1]) + "…"
	}
	return s
}
