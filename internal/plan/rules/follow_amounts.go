package rules

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// shares turns amounts into shares of their sum, and back: "en %", "quelle part
// du total ?", "en euros".
func (m *reading) shares(next *reading) {
	if next.percent {
		m.understand(next.asksPercent)
	}
	figures := m.frame == frameValue || m.frame == frameCount && m.entity
	switch {
	case next.asksShare != "" && len(next.conds) == 0 && next.frame != frameShare && figures && len(m.group) == 0:
		if m.partOfWhole() {
			m.understand(next.asksShare)
		}
	case next.percent:
		m.inPercent()
	case inMoney(next.q):
		m.inAmounts()
	}
}

// understand takes words off those that found no place.
func (m *reading) understand(words string) {
	m.unknown = slices.DeleteFunc(slices.Clone(m.unknown), func(w string) bool { return w == words })
}

// partOfWhole makes a figure a share of that without its bounds, else without its
// conditions, but for the annotation's defaults; false where it has none.
func (m *reading) partOfWhole() bool {
	parted := false
	bounds := slices.ContainsFunc(m.conds, func(x cond) bool { return x.op != query.Eq })
	for i, x := range m.conds {
		m.conds[i].part = (x.op != query.Eq || !bounds) && !slices.ContainsFunc(m.s.a.Defaults, func(d dataset.Default) bool { return m.s.col(d.Column) == x.col })
		parted = parted || m.conds[i].part
	}
	if parted {
		m.frame, m.percent = frameShare, false
	}
	return parted
}

// inPercent says figures of groups as shares, changes and shares in percent.
func (m *reading) inPercent() {
	switch {
	case m.frame == frameValue && len(m.group) == 1:
		m.frame = frameShare
	case m.frame == frameGrowth || m.frame == frameShare || m.frame == frameDifference:
		m.percent = true
	default:
		m.unknown = append(m.unknown, "%")
	}
}

// inMoney tells whether a question asks for the amounts themselves.
func inMoney(question string) bool {
	folded := " " + lang.Fold(question) + " "
	return strings.Contains(folded, " euros ") || strings.Contains(folded, " en valeur ") || strings.Contains(folded, " in euros ")
}

func (m *reading) inAmounts() {
	if m.frame == frameShare {
		m.frame = frameValue
		for i := range m.conds {
			m.conds[i].part = false
		}
	}
	m.percent = false
}

// asksRows reads "lesquelles ?" after a number of rows and "combien ?" after a
// list of them, and tells whether the question is one of these.
func (m *reading) asksRows(next *reading) bool {
	words := lang.Words(next.q)
	first := words[0].Fold
	bare := next.words <= 1
	switch {
	case (first == "lesquels" || first == "lesquelles") && wayOf(next.q) == 0 || first == "which" && bare:
		if m.frame == frameCount && m.entity {
			m.frame, m.rowsCounted, m.measures, m.show = frameList, false, nil, nil
			return true
		}
	case bare && (first == "combien" || first == "how" && len(words) == 2):
		if m.frame == frameList && m.entity {
			m.frame, m.show, m.measures, m.limit = frameCount, nil, nil, 0
			return true
		}
	default:
		return false
	}
	m.unknown = append(m.unknown, next.q)
	return true
}

// wayOf is the direction of the last word of a question that has one.
func wayOf(question string) (way int) {
	for _, w := range lang.Words(question) {
		if d := direction(w.Fold); d != 0 {
			way = d
		}
	}
	return way
}

// ofMany tells whether a reading is of several things that may each have moved from
// one year to another.
func (r *reading) ofMany(s *schema) bool {
	rows := r.bounded() || r.entity && (r.frame == frameList || r.frame == frameCount || r.frame == frameRank && r.limit != 1)
	return s.year >= 0 && (r.growers != 0 || rows || len(r.group) > 0)
}

// holds tells whether a figure is of a territory that the table's rows lie in.
func (r *reading) holds() bool {
	label := r.s.col(r.s.a.Entity.Label)
	return r.frame == frameValue && r.s.year >= 0 && len(r.on(label)) == 0 &&
		slices.ContainsFunc(r.conds, func(x cond) bool { return r.s.note(x.col).Level != "" && x.op == query.Eq })
}

// bounded tells whether rows are kept to some by a figure of theirs.
func (r *reading) bounded() bool {
	return slices.ContainsFunc(r.conds, func(x cond) bool {
		return r.s.t.Columns[x.col].Role == dataset.Measure && x.op != query.Eq
	})
}

// grows reads "et lequel baisse le plus ?" after what rose most, and "celles qui
// perdent des habitants" after a list of rows: those that moved, of the same.
func (m *reading) grows(prev, next *reading) bool {
	way := wayOf(next.q)
	folded := " " + lang.Fold(next.q) + " "
	which := slices.ContainsFunc([]string{" celles ", " ceux ", " celle ", " celui ", " lequel ", " laquelle ", " lesquels ", " lesquelles ", " qui ", " those ", " which ", " who ", " the one ", " the ones "}, func(w string) bool { return strings.Contains(folded, w) })
	bounded := prev.bounded()
	if way == 0 || !which || !prev.ofMany(m.s) && !(next.who && prev.holds()) {
		return false
	}
	m.growers, m.frame = way, frameGrowth
	if bounded { // of which year was the bound?
		m.unknown = append(m.unknown, next.q)
		return true
	}
	m.unknown = slices.DeleteFunc(slices.Clone(m.unknown), func(w string) bool {
		return slices.Contains([]string{"le plus", "the most", "most"}, lang.Fold(w))
	})
	if next.who && len(prev.group) == 0 {
		m.entity = true
	}
	m.rowsCounted = false
	if prev.growers == 0 { // all of those that were listed, not one figure each
		m.measures, m.agg, m.show, m.years, m.limit = nil, "", nil, years{}, 0
	}
	if strings.Contains(folded, " le plus ") || strings.Contains(folded, " the most ") || strings.Contains(folded, " most ") {
		m.limit = max(1, prev.limit)
	}
	return true
}
