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
	case first == "lesquels" || first == "lesquelles" || first == "which" && bare:
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

// grows reads "et lequel baisse le plus ?" after what rose most, and "celles qui
// perdent des habitants" after a list of rows: those that moved, of the same.
func (m *reading) grows(prev, next *reading) bool {
	way := 0
	for _, w := range lang.Words(next.q) {
		if d := direction(w.Fold); d != 0 {
			way = d
		}
	}
	folded := " " + lang.Fold(next.q) + " "
	which := slices.ContainsFunc([]string{" celles ", " ceux ", " celle ", " celui ", " lequel ", " laquelle ", " lesquels ", " lesquelles ", " qui ", " those ", " which ", " who ", " the one ", " the ones "}, func(w string) bool { return strings.Contains(folded, w) })
	bounded := slices.ContainsFunc(prev.conds, func(x cond) bool {
		return m.s.t.Columns[x.col].Role == dataset.Measure && x.op != query.Eq
	})
	rows := bounded || prev.entity && (prev.frame == frameList || prev.frame == frameCount || prev.frame == frameRank && prev.limit != 1)
	if way == 0 || !which || prev.growers == 0 && !rows && len(prev.group) == 0 || m.s.year < 0 {
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
	if prev.growers == 0 { // all of those that were listed, not one figure each
		m.measures, m.agg, m.show, m.years, m.limit = nil, "", nil, years{}, 0
	}
	if strings.Contains(folded, " le plus ") || strings.Contains(folded, " the most ") || strings.Contains(folded, " most ") {
		m.limit = max(1, prev.limit)
	}
	return true
}
