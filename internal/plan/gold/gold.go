// Package gold reads sets of questions whose answers are known, with the SQL
// that computed them, and judges results against them by their values, never by
// their wording. Training and measuring use it; answering does not.
package gold

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cigogne/internal/lang"
)

// Question is one of a set, with its answer in Gold, Rows or Value as Kind says.
type Question struct {
	ID       string   `json:"id"`
	Question string   `json:"question"`
	Table    string   `json:"table"` // the file, relative to the set's own folder
	Kind     string   `json:"kind"`  // values, table, figure, printed, refusal
	Want     string   `json:"want"`  // of printed: the rows as Go prints them
	Gold     []any    `json:"gold"`
	Rows     [][]any  `json:"rows"`
	Value    *float64 `json:"value"`
	Unit     string   `json:"unit"`
	Absolute bool     `json:"absolute"` // the sign does not count
	Ordered  bool     `json:"ordered"`
	SQL      string   `json:"gold_sql"` // empty for a refusal
	Tags     []string `json:"tags"`

	Path    string            `json:"-"` // of the table's file
	Name    string            `json:"-"` // of the table in SQL
	Columns map[string]string `json:"-"` // names of columns in SQL, each with the header it stands for
}

// shortName is how SQL names its only table where it does not by its file's name.
var shortName = regexp.MustCompile(`(?i)\bfrom t\b`)

// Load reads a set. Where a make.py beside it names columns for its SQL, so do
// the questions.
func Load(path string) ([]Question, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	folder := filepath.Dir(path)
	names := map[string]map[string]string{}
	for _, script := range []string{"fr2/make.py", "make.py"} {
		source, err := os.ReadFile(filepath.Join(folder, script))
		if err == nil {
			names = namesIn(string(source))
		}
	}
	var out []Question
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	for n := 1; lines.Scan(); n++ {
		var q Question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return nil, fmt.Errorf("%s line %d: %w", path, n, err)
		}
		q.Path = filepath.Join(folder, q.Table)
		file := filepath.Base(q.Table)
		if q.Columns = names[file]; q.Columns != nil || shortName.MatchString(q.SQL) {
			q.Name = "t"
		} else {
			q.Name = strings.TrimSuffix(file, filepath.Ext(file))
		}
		out = append(out, q)
	}
	return out, lines.Err()
}

// namesIn finds, in a Python script that declares tables as dictionaries, the
// short names of each file's columns: {'file': …, 'names': {header: short}}.
func namesIn(source string) map[string]map[string]string {
	out := map[string]map[string]string{}
	var columns map[string]string
	for r := (pythonReader{source, 0}); ; {
		key, err := r.text()
		if err != nil {
			return out
		}
		switch {
		case key == "file" && r.after(":"):
			file, err := r.text()
			if err != nil {
				return out
			}
			columns = map[string]string{}
			out[file] = columns
		case key == "names" && columns != nil && r.after(":"):
			r.names(columns)
		}
	}
}

// pythonReader reads the strings of a Python script one after another.
type pythonReader struct {
	source string
	at     int
}

// after tells whether what comes next, spaces aside, is a mark, and passes it.
func (r *pythonReader) after(mark string) bool {
	rest := strings.TrimLeft(r.source[r.at:], " \n")
	if !strings.HasPrefix(rest, mark) {
		return false
	}
	r.at = len(r.source) - len(rest) + len(mark)
	return true
}

func (r *pythonReader) names(columns map[string]string) {
	for r.after("{") || r.after(",") {
		header, err := r.text()
		if err != nil || !r.after(":") {
			return
		}
		short, err := r.text()
		if err != nil {
			return
		}
		columns[short] = header
	}
}

// text reads the next string; the error is io.EOF where there is none.
func (r *pythonReader) text() (string, error) {
	start := strings.IndexAny(r.source[r.at:], `'"`)
	if start < 0 {
		return "", io.EOF
	}
	r.at += start
	quote := r.source[r.at]
	r.at++
	var b strings.Builder
	for r.at < len(r.source) {
		c := r.source[r.at]
		r.at++
		switch {
		case c == quote:
			return b.String(), nil
		case c == '\\' && r.at < len(r.source):
			escaped := r.source[r.at]
			r.at++
			switch escaped {
			case 'n':
				escaped = '\n'
			case 't':
				escaped = '\t'
			}
			b.WriteByte(escaped)
		default:
			b.WriteByte(c)
		}
	}
	return "", io.EOF
}

// Right tells whether rows answer the question: one of their columns, or all of
// their cells, are the values wanted; or each row holds the cells of a row
// wanted, beside others maybe. figure is the place of the headline figure in a
// row; -1: the last.
func (q Question) Right(rows [][]any, figure int) bool {
	switch q.Kind {
	case "figure":
		if len(rows) != 1 || len(rows[0]) == 0 || q.Value == nil {
			return false
		}
		if figure < 0 || figure >= len(rows[0]) {
			figure = len(rows[0]) - 1
		}
		v, ok := number(rows[0][figure])
		return ok && q.near(v, *q.Value)
	case "printed":
		return q.printed(rows)
	case "values":
		return q.values(rows)
	case "table":
		return q.table(rows)
	}
	return false
}

// printed tells whether rows print as wanted, or are the one figure that the row
// wanted ends with.
func (q Question) printed(rows [][]any) bool {
	got := strings.ReplaceAll(fmt.Sprint(rows), "\u00a0", " ")
	return got == q.Want || width(rows) == 1 && len(rows) == 1 && strings.HasSuffix(q.Want, " "+strings.TrimLeft(got, "["))
}

func (q Question) near(got, want float64) bool {
	if q.Absolute {
		got, want = math.Abs(got), math.Abs(want)
	}
	if q.Unit == "%" {
		return math.Abs(got-want) <= 0.1
	}
	return math.Abs(got-want) <= max(1e-6, 0.001*math.Abs(want))
}

func (q Question) values(rows [][]any) bool {
	var all []any
	for _, r := range rows {
		all = append(all, r...)
	}
	if q.bag(all) {
		return true
	}
	for i := range width(rows) {
		var column []any
		for _, r := range rows {
			column = append(column, r[i])
		}
		if q.bag(column) {
			return true
		}
	}
	return false
}

// width is the number of columns of rows that all have as many; else 0.
func width(rows [][]any) int {
	if len(rows) == 0 || slices.ContainsFunc(rows, func(r []any) bool { return len(r) != len(rows[0]) }) {
		return 0
	}
	return len(rows[0])
}

func (q Question) bag(got []any) bool {
	if len(got) != len(q.Gold) {
		return false
	}
	got = slices.Clone(got)
	for _, w := range q.Gold {
		i := slices.IndexFunc(got, func(g any) bool { return q.same(g, w) })
		if i < 0 {
			return false
		}
		got = slices.Delete(got, i, i+1)
	}
	return true
}

func (q Question) table(rows [][]any) bool {
	if len(rows) != len(q.Rows) {
		return false
	}
	holds := func(got, want []any) bool {
		return !slices.ContainsFunc(want, func(w any) bool { return !slices.ContainsFunc(got, func(g any) bool { return q.same(g, w) }) })
	}
	left := slices.Clone(rows)
	for n, want := range q.Rows {
		i := slices.IndexFunc(left, func(got []any) bool { return holds(got, want) })
		if q.Ordered && !holds(rows[n], want) || i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return true
}

func (q Question) same(got, want any) bool {
	if a, b := answer(got), answer(want); a != "" && b != "" { // whatever the language
		return a == b
	}
	if w, ok := number(want); ok {
		if g, ok := number(got); ok && q.near(g, w) {
			return true
		}
	}
	if g, ok := got.(time.Time); ok {
		return slices.ContainsFunc(layouts, func(layout string) bool { return g.Format(layout) == text(want) })
	}
	return lang.Fold(text(got)) == lang.Fold(text(want))
}

// layouts are the ways that the sets write a day.
var layouts = []string{time.DateOnly, time.DateTime, "1/2/2006", "01/02/2006", "02/01/2006", "2006"}

func text(v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

func number(v any) (float64, bool) {
	switch x := v.(type) {
	case int64:
		return float64(x), true
	case float64:
		return x, true
	case string:
		s := strings.NewReplacer("\u202f", "", "\u00a0", "", " ", "", ",", ".").Replace(x)
		f, err := strconv.ParseFloat(s, 64)
		return f, err == nil
	}
	return 0, false
}

// answer is what a yes or a no says, "" where a value is neither.
func answer(v any) string {
	switch text, _ := v.(string); strings.ToLower(text) {
	case "oui", "yes":
		return "yes"
	case "non", "no":
		return "no"
	}
	return ""
}
