package table

import (
	"math"
	"strings"
	"time"

	"cigogne/internal/dataset"
)

// text cleans a cell of a text column.
func (c *column) text(s string) string {
	if c.dropDec {
		return strings.TrimSuffix(s, ".0")
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

// value reads a cell of a column that is not text: as DuckDB holds it, and as a
// number to count with, which is Unix microseconds for dates, 0 or 1 for a truth.
func (c *column) value(cell string) (value, float64) {
	switch c.typ {
	case dataset.Integer, dataset.Number:
		x, ok := c.number(cell)
		return c.amount(x, ok), x
	case dataset.Date, dataset.DateTime:
		at, ok := c.time(cell)
		if c.typ == dataset.Date {
			return value{bits: [2]uint64{uint64(uint32(int32(floorDiv(at.Unix(), 86_400))))}, null: !ok}, float64(at.UnixMicro())
		}
		return value{bits: [2]uint64{uint64(at.UnixMicro())}, null: !ok}, float64(at.UnixMicro())
	}
	v, ok := truth(cell)
	if v {
		return value{bits: [2]uint64{1}, null: !ok}, 1
	}
	return value{null: !ok}, 0
}

// amount is a number as DuckDB holds it in the column.
func (c *column) amount(x float64, ok bool) value {
	if c.typ == dataset.Integer {
		return value{bits: [2]uint64{uint64(int64(x))}, null: !ok}
	}
	return value{bits: [2]uint64{math.Float64bits(x)}, null: !ok}
}

func floorDiv(a, b int64) int64 {
	if a < 0 {
		a -= b - 1
	}
	return a / b
}

func (c *column) number(s string) (float64, bool) {
	if c.factors == nil {
		p, ok := scanPlain(s)
		if !ok {
			p, _, _, ok = scanShown(s)
		}
		if ok {
			return c.style.plain(p) + 0, true // no negative zero
		}
	}
	n := scanNumber(s)
	v, ok := c.style.parse(n)
	if c.factors != nil {
		v *= c.factors[n.unit]
	}
	return v + 0, ok
}

func (c *column) time(s string) (time.Time, bool) {
	if c.compact {
		t, err := time.Parse("20060102", s)
		return t, err == nil
	}
	return scanDate(s).at(c.monthly)
}
