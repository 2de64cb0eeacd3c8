package rules

import (
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// openers begin a question that goes on from the one before.
var openers = map[string]bool{"et": true, "and": true, "non": true, "no": true, "seulement": true, "uniquement": true, "only": true, "just": true, "leur": true, "leurs": true, "their": true, "plutot": true, "sinon": true, "puis": true, "then": true, "what": false}

// follows tells whether a question is a follow-up: it opens like one, or it
// names a filter, a year, a group or a rank without saying of what.
func (pl *Planner) follows(question string, r *reading, tokens []token) bool {
	if openers[tokens[0].Fold] || len(tokens) > 2 && (tokens[0].Fold == "what" || tokens[0].Fold == "how") && tokens[1].Fold == "about" {
		return true
	}
	if r.s.a.Measure != "" && len(r.measures) == 0 && !r.entity && r.frame == frameValue {
		// "Combien pour l'enseignement ?" stands alone, "en 2021" does not.
		return !slices.ContainsFunc(tokens, func(t token) bool {
			return t.Fold == "combien" || t.Fold == "quel" || t.Fold == "how" || t.Fold == "what"
		})
	}
	if len(r.measures) > 0 || r.entity {
		return false
	}
	return true
}

// goesOn tells whether a question opens as one that goes on from the one
// before, or is too short to say what it is about.
func (pl *Planner) goesOn(question string, tokens []token) bool {
	if openers[tokens[0].Fold] || len(tokens) > 2 && (tokens[0].Fold == "what" || tokens[0].Fold == "how") && tokens[1].Fold == "about" {
		return true
	}
	return contentWords(tokens) <= 3
}

// subject tells whether a reading says by itself what is asked: a quantity, or
// the rows.
func (r *reading) subject() bool { return len(r.measures) > 0 || r.entity }

// follow returns this reading changed by what a follow-up says, or nil where
// the new question stands alone.
func (prev *reading) follow(next *reading, isFollowUp bool) *reading {
	if !isFollowUp {
		return nil
	}
	m := prev.clone()
	m.s = next.s
	m.unknown, m.refused, m.ask, m.choices, m.notes, m.weight = next.unknown, next.refused, next.ask, next.choices, next.notes, next.weight
	for _, x := range next.conds {
		m.conds = slices.DeleteFunc(m.conds, func(old cond) bool { return next.s.replaces(x, old) })
	}
	m.conds = append(m.conds, next.conds...)
	if next.years.said {
		m.years = next.years
		m.allYears = false
		if m.frame == frameEvolution || m.frame == frameGrowth {
			if len(next.years.list) == 1 {
				m.frame = frameValue
			}
		}
	}
	if (next.frame == frameEvolution || next.s.year >= 0 && slices.Contains(next.group, next.s.year)) && !next.years.said {
		m.years = years{} // "par année": all of them
	}
	if next.allYears {
		m.years, m.allYears = years{}, true
	}
	if len(next.group) > 0 {
		m.group = next.group
		if m.frame == frameEvolution || m.frame == frameList {
			m.frame = frameValue
		}
	}
	if len(next.show) > 0 && !(next.frame == frameList && next.entity) && next.frame != frameRank {
		m.within(next)
	}
	if len(next.measures) > 0 {
		m.measures, m.agg = next.measures, next.agg
		if m.frame == frameList || m.frame == frameRank && m.limit == 0 { // "leur population totale"
			m.frame, m.entity = frameValue, false
		} else if m.frame == frameRank {
			m.unknown = append(m.unknown, next.q)
		}
	} else if next.agg != "" {
		m.agg = next.agg
	}
	m.lifted = append(m.lifted, next.lifted...)
	if next.percent {
		m.percent = true
	}
	switch {
	case next.frame == frameRank:
		m.rank(next)
	case next.frame == frameCount && next.entity || next.frame == frameEvolution || next.frame == frameGrowth || next.frame == frameShare || next.frame == frameCompare:
		m.frame = next.frame
		if next.entity {
			m.entity = true
		}
	case next.frame == frameList && next.entity:
		m.frame, m.entity, m.show, m.measures = frameList, true, next.show, nil
	}
	if next.perCapita {
		m.perCapita, m.perYear = true, next.perYear
	}
	return m
}

// within reads "et pour son département ?" after a commune: the territory that
// holds it. Other columns have no part in a figure, and are named as such.
func (m *reading) within(next *reading) {
	for _, col := range next.show {
		at := slices.IndexFunc(m.conds, func(x cond) bool {
			return m.s.note(x.col).Level == "commune" && x.op == query.Eq && len(x.vals) == 1
		})
		if at >= 0 && wider[m.s.note(col).Level] > wider["commune"] && m.lift == nil {
			m.lift = &lift{cond: at, to: col}
			continue
		}
		m.unknown = append(m.unknown, m.s.note(col).Label.FR)
	}
}

// rank turns what was answered into a ranking: "les 3 premiers".
func (m *reading) rank(next *reading) {
	m.limit, m.offset, m.desc, m.fileOrder, m.rankBy = next.limit, next.offset, next.desc, false, -1
	if next.fileOrder { // the first of a list of figures are the largest
		m.desc = !next.desc
	}
	if len(next.measures) == 0 && len(m.group) > 0 {
		m.show = []int{m.group[0]}
		m.group = nil
	}
	m.frame = frameRank
}

// replaces tells whether a new condition takes the place of an old one: the
// same column, or another level of the same territory.
func (s *schema) replaces(x, old cond) bool {
	if x.col == old.col {
		return true
	}
	if s.note(x.col).Level != "" && s.note(old.col).Level != "" {
		return true
	}
	return x.op == query.Eq && s.preferred(x.col) && s.preferred(old.col) // "et la culture ?", a chapter, after sport, a function
}

// preferred tells whether the column is one of those that name the subject of a
// figure, of which one is meant.
func (s *schema) preferred(col int) bool {
	return s.t.Columns[col].Distinct > 4 && slices.ContainsFunc(s.a.Prefer, func(name string) bool { return strings.EqualFold(name, s.t.Columns[col].Name) })
}

// Languages says which language a follow-up is in: too short to tell by itself,
// it keeps the conversation's.
func Languages(question string, before lang.Lang) lang.Lang {
	if before != "" && len(lang.Words(question)) <= 3 {
		return before
	}
	return lang.Detect(question)
}
