package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"time"

	"cigogne/internal/lang"
)

// MaxRows is how many rows of a result are kept; a digest stands for the others.
const MaxRows = 1000

// Result is what a query gave when it was kept.
type Result struct {
	Rows   [][]any // the first MaxRows
	Count  int     // of all
	Digest string  // of all, where Rows holds a part; else ""
}

func resultOf(rows [][]any) Result {
	r := Result{Rows: rows[:min(len(rows), MaxRows)], Count: len(rows)}
	if r.Count > len(r.Rows) {
		r.Digest = digest(rows)
	}
	return r
}

// near is how far two computations of a figure may differ, relative to it:
// sums of fractions depend on their order in the last digits, and several
// threads add them up.
const near = 1e-9

// Same tells whether a query gave these rows again.
func (r Result) Same(rows [][]any) bool {
	if len(rows) != r.Count || r.Digest != "" && r.Digest != digest(rows) {
		return false
	}
	for i, row := range r.Rows {
		if len(row) != len(rows[i]) {
			return false
		}
		for j, v := range row {
			if !SameValue(v, rows[i][j]) {
				return false
			}
		}
	}
	return true
}

// SameValue tells whether two cells are the same to a reader.
func SameValue(a, b any) bool {
	if x, ok := lang.Number(a); ok {
		y, ok := lang.Number(b)
		return ok && (x == y || math.Abs(x-y) <= near*max(math.Abs(x), math.Abs(y)))
	}
	if t, ok := a.(time.Time); ok {
		u, ok := b.(time.Time)
		return ok && t.Equal(u)
	}
	return a == b
}

// digest tells long results apart. Numbers are cut to the digits that do not
// depend on the order of a sum.
func digest(rows [][]any) string {
	h := sha256.New()
	for _, row := range rows {
		for _, v := range row {
			if x, ok := lang.Number(v); ok {
				fmt.Fprintf(h, "%.12g|", x)
			} else if t, ok := v.(time.Time); ok {
				fmt.Fprintf(h, "%d|", t.UnixNano())
			} else {
				fmt.Fprintf(h, "%q|", fmt.Sprint(v))
			}
		}
		h.Write([]byte{'\n'})
	}
	return hex.EncodeToString(h.Sum(nil))
}
