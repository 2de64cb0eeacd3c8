package query

import (
	"cigogne/internal/dataset"
)

// groupName is what a result calls the i-th of GroupBy.
func groupName(p *Plan, i int) string {
	if as := p.GroupedAs(i); as != "" {
		return string(as) + " " + p.GroupBy[i]
	}
	return p.GroupBy[i]
}

func measureName(m Measure) string {
	if m.Label != "" {
		return m.Label
	}
	if m.Column == "" {
		return string(m.Agg)
	}
	return string(m.Agg) + " " + m.Column
}

func measureUnit(t *dataset.Table, m Measure) string {
	if m.Agg == Count || m.Agg == CountDistinct || m.Column == "" {
		return ""
	}
	return t.Column(m.Column).Unit
}

func derivedUnit(p *Plan, t *dataset.Table, d *Derived) string {
	switch {
	case d.Unit != "":
		return d.Unit
	case d.Op == Share || d.Op == ShareOfTotal || d.Op == Growth:
		return "%"
	case d.Op == Difference || d.Op == Total:
		return measureUnit(t, p.Measures[d.Of-1])
	}
	return ""
}
