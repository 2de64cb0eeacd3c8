package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/library"
	"cigogne/internal/plan"
	"cigogne/internal/plan/ground"
	"cigogne/internal/plan/rules"
	"cigogne/internal/query"
	"cigogne/internal/table"
	"cigogne/internal/warehouse"
)

// linked is a question with the cells that its own SQL names, for those who
// measure whether they are found (tools/links).
type linked struct {
	Set      string    `json:"set"`
	Table    string    `json:"table"`
	Lang     lang.Lang `json:"lang"`
	Question string    `json:"question"`
	Literals []literal `json:"literals"`
	Offered  int       `json:"offered"` // cells that the words may mean, in all
	Micros   int64     `json:"micros"`  // of grounding, the table indexed before
}

type literal struct {
	Column string `json:"column"`
	Value  string `json:"value"`
	Found  bool   `json:"found"`
}

// links writes a line for each table with its cells, and for each question that
// names some with what grounding finds of them.
func links(ctx context.Context, out io.Writer, vectors ground.Vectors, questions []question) error {
	byTable := map[string][]question{}
	for _, q := range questions {
		byTable[q.Path] = append(byTable[q.Path], q)
	}
	w := json.NewEncoder(out)
	for _, path := range slices.Sorted(maps.Keys(byTable)) {
		if err := linksOf(ctx, w, vectors, path, byTable[path]); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

func linksOf(ctx context.Context, w *json.Encoder, vectors ground.Vectors, path string, questions []question) error {
	reader, err := table.NewReader()
	if err != nil {
		return err
	}
	defer reader.Close()
	lib, err := library.OpenFile(ctx, reader, path, library.Known{}, warehouse.Limits{Rows: maxRows})
	if err != nil {
		return err
	}
	defer lib.Close()
	door, err := warehouse.OpenDoor(ctx)
	if err != nil {
		return err
	}
	defer door.Close()
	candidates, _, err := lib.Candidates(ctx, "")
	if err != nil {
		return err
	}
	t := candidates[0].Table
	cells := map[string][]string{}
	for _, c := range t.Columns {
		if c.Type == dataset.Text {
			for _, v := range c.Values {
				cells[c.Name] = append(cells[c.Name], v.Text)
			}
		}
	}
	if err := w.Encode(map[string]any{"table": path, "cells": cells}); err != nil {
		return err
	}
	g := ground.NewTable(plan.Candidate{Table: t}, vectors)
	run := func(ctx context.Context, p *query.Plan) ([][]any, error) {
		c, err := query.Compile(p, func(string) *dataset.Table { return t })
		if err != nil {
			return nil, err
		}
		r, err := lib.Query(ctx, []string{"given"}, c.SQL, c.Args...)
		if err != nil {
			return nil, err
		}
		return r.Rows, nil
	}
	for i := range questions {
		own, err := lifted(ctx, door, &questions[i], t, run)
		if err != nil {
			return err
		}
		if own == nil {
			continue
		}
		if l, err := linkedBy(&questions[i], g, own, vectors); err != nil {
			return err
		} else if len(l.Literals) > 0 {
			if err := w.Encode(l); err != nil {
				return err
			}
		}
	}
	return nil
}

func linkedBy(q *question, t *ground.Table, own *query.Plan, vectors ground.Vectors) (linked, error) {
	l := linked{Set: q.set, Table: q.Path, Lang: rules.Languages(q.Question.Question, lang.French), Question: q.Question.Question}
	began := time.Now()
	read, err := ground.Read(l.Question, l.Lang, vectors)
	if err != nil {
		return l, err
	}
	g := ground.On(read, t)
	l.Micros = time.Since(began).Microseconds()
	for _, m := range g.Cells {
		l.Offered += len(m.Cells)
	}
	filters := slices.Clone(own.Where)
	for _, m := range own.Measures {
		filters = append(filters, m.Where...)
	}
	for _, f := range filters {
		c := t.Table.Column(f.Column)
		if c == nil || c.Type != dataset.Text || f.Op != query.Eq && f.Op != query.Ne {
			continue
		}
		for _, v := range f.Values {
			if text, ok := v.(string); ok {
				found := slices.ContainsFunc(g.Cells, func(m ground.Mention) bool {
					return t.Columns[m.Col].Name == f.Column && slices.Contains(m.Cells, text)
				})
				l.Literals = append(l.Literals, literal{f.Column, text, found})
			}
		}
	}
	return l, nil
}
