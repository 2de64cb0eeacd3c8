package main

import (
	"path/filepath"
	"strconv"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/plan/gold"
)

// question is a question of a set with what keeps the folds apart.
type question struct {
	gold.Question
	set   string
	group string // what is never split between folds: the table, or its database
}

// readSet reads a question set, or one question in so many of it ("FILE:4").
// Tables in a folder of their own below the set's are one database.
func readSet(spec string) ([]question, error) {
	path, every := spec, 1
	if at := strings.LastIndexByte(spec, ':'); at > 0 {
		if n, err := strconv.Atoi(spec[at+1:]); err == nil && n > 0 {
			path, every = spec[:at], n
		}
	}
	list, err := gold.Load(path)
	if err != nil {
		return nil, err
	}
	var out []question
	for i, q := range list {
		if i%every != 0 {
			continue
		}
		group := q.Table
		if parts := strings.Split(q.Table, "/"); len(parts) > 2 {
			group = strings.Join(parts[:2], "/")
		}
		out = append(out, question{q, strings.TrimSuffix(filepath.Base(path), ".jsonl"), group})
	}
	return out, nil
}

// right tells whether the rows of a plan are what was asked for. Listed tells
// how many columns the plan lists (0: it computes): a list has to have no more
// columns than are asked for.
func (q *question) right(rows [][]any, listed int) bool {
	if q.Kind == "values" && listed > 1 || q.Kind == "table" && (len(q.Rows) == 0 || listed > 0 && listed != len(q.Rows[0])) {
		return false
	}
	return len(rows) > 0 && q.Right(rows, -1)
}

// langOf is the language of a set: those of French tables say so in their names.
func langOf(set string) lang.Lang {
	if strings.HasPrefix(set, "spider") || strings.HasPrefix(set, "wtq") {
		return lang.English
	}
	return lang.French
}
