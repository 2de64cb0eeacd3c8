package model

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/plan/rules"
	"cigogne/prompts"
)

// What a prompt shows at most: it is to stay within 2,500 tokens.
const (
	maxTables   = 3
	maxColumns  = 24 // of all tables
	maxCells    = 6  // of a column
	maxVerified = 3
	maxChars    = 60 // of one piece of data
)

type promptTable struct {
	ID, Title, Row string
	Rows           int64
	Columns        []promptColumn
	Linked         []rules.Linked
}

type promptColumn struct {
	Name, Kind, Label, Range string
	Cells                    []string
	More                     bool
}

type example struct{ Question, Plan string }

// prompt writes the two messages of a question: what is asked of a model in
// general, and the question beside the data it may need.
func prompt(req plan.Request, tables []plan.Candidate, link func(plan.Candidate) []rules.Linked, fence string) (system, user string, err error) {
	data := struct {
		Fence    string
		Tables   []promptTable
		Verified []example
		Before   *example
		Question string
	}{Fence: fence, Question: tame(req.Question, 2000)}
	left := maxColumns
	for i, c := range tables {
		t := tableOf(c, link(c), req.Lang, max(4, left/(len(tables)-i)))
		left -= len(t.Columns)
		data.Tables = append(data.Tables, t)
	}
	for _, v := range req.Verified[:min(len(req.Verified), maxVerified)] {
		data.Verified = append(data.Verified, example{tame(v.Question, 200), jsonOf(v.Plan)})
	}
	if b := req.Previous; b != nil && b.Plan != nil {
		data.Before = &example{tame(b.Question, 200), jsonOf(b.Plan)}
	}
	if system, err = prompts.Render("plan.system", data); err != nil {
		return "", "", fmt.Errorf("write the prompt: %w", err)
	}
	if user, err = prompts.Render("plan.question", data); err != nil {
		return "", "", fmt.Errorf("write the prompt: %w", err)
	}
	return system, user, nil
}

// newFence is a line that data cannot forge: it is made anew for each question.
func newFence() string { return "=== data " + rand.Text()[:12] + " ===" }

func tableOf(c plan.Candidate, linked []rules.Linked, l lang.Lang, columns int) promptTable {
	t := promptTable{ID: c.Table.ID, Title: tame(c.Name(l), 120), Rows: c.Table.Rows}
	if c.Annotation != nil {
		t.Row = tame(c.Annotation.Entity.Name.Pick(string(l)), maxChars)
	}
	named := map[string]bool{}
	for _, x := range linked {
		named[x.Column] = true
		x.Words = tame(x.Words, maxChars)
		cells := x.Cells
		x.Cells = nil
		for _, cell := range cells {
			x.Cells = append(x.Cells, tame(cell, 120))
		}
		t.Linked = append(t.Linked, x)
	}
	if len(t.Linked) > 8 {
		t.Linked = t.Linked[:8]
	}
	for pass := range 2 { // the columns that the question links to come first
		for _, col := range c.Table.Columns {
			if len(t.Columns) >= columns || named[col.Name] == (pass == 1) {
				continue
			}
			if note := noteOf(c, col.Name); !note.Hide && col.Role != dataset.Geometry {
				t.Columns = append(t.Columns, columnOf(col, note, l))
			}
		}
	}
	return t
}

func columnOf(col dataset.Column, note dataset.ColumnNote, l lang.Lang) promptColumn {
	p := promptColumn{Name: tame(col.Name, maxChars), Kind: string(col.Type)}
	if col.Role == dataset.Year {
		p.Kind = "year"
	}
	if unit := note.Unit + col.Unit; unit != "" {
		p.Kind += ", " + tame(unit, 20)
	}
	if label := tame(note.Label.Pick(string(l)), maxChars); label != "" && !strings.EqualFold(label, p.Name) {
		p.Label = label
	}
	switch {
	case col.Role == dataset.FreeText:
	case col.Type == dataset.Text:
		for _, v := range col.Values[:min(len(col.Values), maxCells)] {
			p.Cells = append(p.Cells, tame(v.Text, maxChars))
		}
		p.More = int64(len(p.Cells)) < col.Distinct
	case col.Min != "" && col.Max != "":
		p.Range = tame(col.Min, 30) + ".." + tame(col.Max, 30)
	}
	return p
}

func noteOf(c plan.Candidate, column string) dataset.ColumnNote {
	if c.Annotation != nil {
		for _, n := range c.Annotation.Column {
			if strings.EqualFold(n.Name, column) {
				return n
			}
		}
	}
	return dataset.ColumnNote{}
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

func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "{}"
	}
	return string(b)
}
