// Package verified holds questions with plans that people confirmed: what a
// planner may follow, and what must still come out the same tomorrow. A book is
// a file of JSON lines that people read and diff.
package verified

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/plan"
	"cigogne/internal/query"
	"cigogne/internal/texts"
)

// Entry is a line of a book.
type Entry struct {
	Question   string      `json:"question"`
	Annotation string      `json:"annotation,omitempty"` // of the plan's table: the same publication harvested elsewhere stands in for it
	Plan       *query.Plan `json:"plan"`
	Value      *float64    `json:"value,omitempty"` // the headline figure, where there is one
	Result     string      `json:"result"`          // Digest of the rows
	Confirmed  string      `json:"confirmed"`       // day, ISO; by whom is not kept
}

const maxLine = 1 << 20

// LineError is a line of a book that does not read.
type LineError struct {
	Line int // from 1
	Err  error
}

func (e *LineError) Error() string {
	return fmt.Sprintf("verified questions, line %d: %v", e.Line, e.Err)
}

// Unwrap returns what is wrong with the line.
func (e *LineError) Unwrap() error { return e.Err }

// Sentence says it to a person.
func (e *LineError) Sentence(l lang.Lang) string {
	return texts.Say(l, "verified.verified_questions_do_not_read_at", "n", e.Line)
}

var errIncomplete = errors.New("no question or no plan")

// Read reads a book. Errors of its lines are *LineError.
func Read(r io.Reader) ([]Entry, error) {
	var entries []Entry
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxLine)
	for n := 1; s.Scan(); n++ {
		if len(strings.TrimSpace(s.Text())) == 0 {
			continue
		}
		var e Entry
		if err := json.Unmarshal(s.Bytes(), &e); err != nil {
			return nil, &LineError{n, err}
		}
		if e.Question == "" || e.Plan == nil {
			return nil, &LineError{n, errIncomplete}
		}
		entries = append(entries, e)
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("verified questions: %w", err)
	}
	return entries, nil
}

// Digest tells results apart: numbers are rounded to what a reader could see.
func Digest(rows [][]any) string {
	h := sha256.New()
	for _, row := range rows {
		for _, v := range row {
			switch x := v.(type) {
			case float64:
				fmt.Fprintf(h, "%.9g|", x)
			case int64:
				fmt.Fprintf(h, "%.9g|", float64(x))
			default:
				fmt.Fprintf(h, "%q|", fmt.Sprint(x))
			}
		}
		h.Write([]byte{'\n'})
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// Book is entries with the words they are found by. It does not change and is
// safe for concurrent use.
type Book struct {
	entries []Entry
	words   []map[string]bool // stems of each question
	rare    map[string]float64
}

// New makes a book of entries.
func New(entries []Entry) *Book {
	b := &Book{entries: entries, rare: map[string]float64{}}
	for _, e := range entries {
		w := stems(e.Question)
		b.words = append(b.words, w)
		for s := range w {
			b.rare[s]++
		}
	}
	for s, n := range b.rare {
		b.rare[s] = math.Log(1 + float64(len(entries))/n)
	}
	return b
}

func stems(question string) map[string]bool {
	out := map[string]bool{}
	for _, w := range lang.Words(question) {
		out[lang.Stem(w.Fold, lang.French)] = true
	}
	return out
}

// enough is the likeness from which a question is worth showing.
const enough = 0.35

// Nearest returns up to n questions most like this one, on tables that are
// among the candidates, the most like first.
func (b *Book) Nearest(question string, candidates []plan.Candidate, n int) []plan.Verified {
	asked := stems(question)
	type hit struct {
		at    int
		score float64
	}
	var hits []hit
	for i, words := range b.words {
		var shared, all float64
		for s := range asked {
			weight, known := b.rare[s]
			if !known {
				weight = math.Log(1 + float64(len(b.entries)))
			}
			all += weight
			if words[s] {
				shared += weight
			}
		}
		for s := range words {
			if !asked[s] {
				all += b.rare[s]
			}
		}
		if all > 0 && shared/all >= enough {
			hits = append(hits, hit{i, shared / all})
		}
	}
	slices.SortStableFunc(hits, func(x, y hit) int { return cmp.Compare(y.score, x.score) })
	var out []plan.Verified
	for _, h := range hits {
		e := b.entries[h.at]
		if p, ok := e.On(candidates); ok && len(out) < n {
			out = append(out, plan.Verified{Question: e.Question, Plan: p})
		}
	}
	return out
}

// On returns the entry's plan over the candidate that holds its publication, with
// the columns that it names; false where none does.
func (e Entry) On(candidates []plan.Candidate) (*query.Plan, bool) {
	for _, c := range candidates {
		if c.Table.ID == e.Plan.Table {
			return e.Plan, true
		}
	}
	for _, c := range candidates {
		if e.Annotation != "" && c.Annotation != nil && c.Annotation.ID == e.Annotation && len(e.Plan.Tables()) == 1 {
			p := *e.Plan
			p.Table = c.Table.ID
			if query.Validate(&p, func(string) *dataset.Table { return c.Table }) == nil { // a publication of it may have fewer columns
				return &p, true
			}
		}
	}
	return nil, false
}
