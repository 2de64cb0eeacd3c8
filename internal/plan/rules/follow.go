package rules

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/query"
)

// openers begin a question that goes on from the one before.
var openers = map[string]bool{"et": true, "and": true, "non": true, "no": true, "seulement": true, "uniquement": true, "only": true, "just": true, "leur": true, "leurs": true, "their": true, "plutot": true, "sinon": true, "puis": true, "then": true, "what": false,
	"hors": true, "sauf": true, "sans": true, "dont": true, "excluding": true, "without": true, "except": true, "lesquels": true, "lesquelles": true, "celles": true, "ceux": true, "celle": true, "celui": true, "those": true}

// follows tells whether a question is a follow-up: it opens like one, or it
// names a filter, a year, a group or a rank without saying of what.
func (pl *Planner) follows(question string, r *reading, tokens []token) bool {
	if opensOn(tokens) || r.tooShort(question, tokens) {
		return true
	}
	if r.s.a.Measure != "" && !r.subject() && r.frame == frameValue {
		// "Combien pour l'enseignement ?" stands alone, "en 2021" does not.
		return !slices.ContainsFunc(tokens, func(t token) bool { return figureWords[t.Fold] })
	}
	return !r.subject()
}

// figureWords are words that ask for a figure by themselves.
var figureWords = wordSet("combien quel how what")

// opensOn tells whether a question opens as one that goes on.
func opensOn(tokens []token) bool {
	return openers[tokens[0].Fold] || len(tokens) > 2 && (tokens[0].Fold == "what" || tokens[0].Fold == "how") && tokens[1].Fold == "about"
}

// tooShort tells whether a few words, which name no row, place or year, leave unsaid
// what they are about.
func (r *reading) tooShort(question string, tokens []token) bool {
	if r.words <= 1 && r.bareCount(tokens) { // "combien ?"
		return true
	}
	if r.words > 3 {
		return false
	}
	if len(r.conds)+len(r.measures)+len(r.group)+len(r.show) == 0 && strings.Contains(lang.Fold(question), "euros") { // "combien en euros ?"
		return true
	}
	if len(r.conds) > 0 || r.scoped || r.years.said {
		return false
	}
	columns := len(r.show) + len(r.group)
	switch first := tokens[0].Fold; {
	case r.perCapita && len(r.measures)+columns == 0 && !r.entity: // "c'est combien par habitant ?"
		return true
	case r.frame == frameRank: // "le plus peuplé ?"
		return !r.subjectRows()
	case r.frame == frameCount: // "combien de communes ?"
		return r.entity
	case r.frame == frameValue: // "combien d'habitants ?"
		return len(r.measures) > 0 && columns == 0 && r.agg == "" && (first == "combien" || first == "nombre" || first == "how")
	}
	return false
}

// bareCount tells whether a question is "how many?" and nothing else.
func (r *reading) bareCount(tokens []token) bool {
	return tokens[0].Fold == "combien" || len(tokens) == 2 && tokens[0].Fold == "how" && tokens[1].Fold == "many"
}

// goesOn tells whether a question opens as one that goes on from the one
// before, or is too short to say what it is about.
func (pl *Planner) goesOn(question string, tokens []token) bool {
	return opensOn(tokens) || contentWords(tokens) <= 3
}

// subject tells whether a reading says by itself what is asked: a quantity, or
// the rows.
func (r *reading) subject() bool { return len(r.measures) > 0 || r.entity }

// follow returns this reading changed by what a follow-up says, or nil where
// the new question stands alone.
func (prev *reading) follow(next *reading, isFollowUp bool) *reading {
	if !isFollowUp && !(next.who && (prev.ofMany(next.s) || prev.holds())) || prev.countsAnew(next) {
		return nil
	}
	m := prev.clone()
	m.s = next.s
	m.unknown, m.refused, m.ask, m.choices, m.notes, m.weight = next.unknown, next.refused, next.ask, next.choices, next.notes, next.weight
	m.words, m.claim = next.words, next.claim
	e := edit{m, prev, next}
	for _, slot := range []func(){e.conditions, e.times, e.columns, e.quantity, e.amounts, e.kind, e.divisor} {
		slot()
	}
	return m
}

// edit is a reading on its way from the one before to what a follow-up makes of it,
// slot by slot; the order counts.
type edit struct {
	*reading
	prev, next *reading
}

// countsAnew tells whether rows are counted after a figure of one of them: "combien
// de communes ?", after a commune's.
func (prev *reading) countsAnew(next *reading) bool {
	label := next.s.col(next.s.a.Entity.Label)
	return next.frame == frameCount && next.entity && len(next.conds) == 0 && label >= 0 && slices.ContainsFunc(prev.on(label), func(x cond) bool { return x.op == query.Eq })
}

// conditions take the place of those on the same thing.
func (m edit) conditions() {
	prev, next := m.prev, m.next
	if next.scoped && len(next.conds) == 0 { // "et dans la région ?"
		m.conds = slices.DeleteFunc(m.conds, func(x cond) bool { return m.s.note(x.col).Level != "" })
	}
	comparing := next.frame == frameCompare || prev.frame == frameCompare && next.frame == frameValue
	fresh := slices.Clone(next.conds)
	for i, x := range fresh {
		if comparing {
			fresh[i] = x.beside(prev.conds) // "compare avec Nancy"
			x = fresh[i]
		}
		m.conds = slices.DeleteFunc(m.conds, func(old cond) bool {
			gone := next.s.replaces(x, old)
			fresh[i].part = fresh[i].part || gone && old.part // another part of the same whole
			return gone
		})
	}
	m.conds = append(m.conds, fresh...)
	m.bind(next)
}

// beside is a condition with the values of the one before on its column, which it is
// compared with.
func (x cond) beside(before []cond) cond {
	at := slices.IndexFunc(before, func(old cond) bool { return old.col == x.col && old.op == query.Eq && x.op == query.Eq })
	if at < 0 || len(x.vals) != 1 || slices.Contains(before[at].vals, x.vals[0]) {
		return x
	}
	x.vals = append(slices.Clone(before[at].vals), x.vals...)
	x.said += before[at].said
	return x
}

// times are those that the follow-up says, or all of them.
func (m edit) times() {
	next := m.next
	if next.years.said {
		m.years, m.allYears = next.years, false
		if next.frame == frameCompare && len(m.prev.years.list) == 1 && len(next.years.list) == 1 && len(next.conds) == 0 { // "par rapport à 2019"
			m.years.list = append(slices.Clone(m.prev.years.list), next.years.list...)
		}
		if (m.frame == frameEvolution || m.frame == frameGrowth) && len(next.years.list) == 1 {
			m.frame = frameValue
		}
	} else if next.frame == frameEvolution || next.byYear() {
		m.years = years{} // "par année": all of them
	}
	if next.allYears {
		m.years, m.allYears = years{}, true
	}
}

// byYear tells whether a figure is asked for each year.
func (r *reading) byYear() bool { return r.s.year >= 0 && slices.Contains(r.group, r.s.year) }

// columns are what is grouped by and shown.
func (m edit) columns() {
	next := m.next
	if len(next.group) > 0 {
		m.group = next.group
		m.ungrouped()
		if m.frame == frameEvolution || m.frame == frameList {
			m.frame = frameValue
		}
	}
	if len(next.show) > 0 && !(next.frame == frameList && next.entity) && next.frame != frameRank {
		m.within(next)
	}
}

// quantity is what is asked for, and how it is made one.
func (m edit) quantity() {
	prev, next := m.prev, m.next
	switch {
	case len(next.measures) > 0:
		m.measured()
	case next.agg != "":
		m.agg = next.agg
	}
	if next.agg == query.Sum && next.words == 1 && len(m.conds) > 0 && prev.frame == frameValue && len(prev.group) == 0 { // "et le total ?": of what?
		m.unknown = append(m.unknown, next.q)
	}
}

// measured asks for another quantity.
func (m edit) measured() {
	prev, next := m.prev, m.next
	same := len(prev.measures) == 0 && next.measures[0] == m.s.col(m.s.a.Measure) || slices.Equal(prev.measures, next.measures)
	m.measures, m.agg = next.measures, next.agg
	switch {
	case next.frame == frameRank: // "le plus peuplé ?"
	case m.frame == frameCount && next.frame == frameValue: // "et d'habitants ?"
		m.frame, m.entity, m.rowsCounted = frameValue, false, false
	case m.frame == frameRank && same: // "seulement en investissement": the word is also a filter
		m.measures, m.agg = prev.measures, prev.agg
	case m.frame == frameList, m.frame == frameRank && m.limit == 0: // "leur population totale"
		m.frame, m.entity = frameValue, false
	case m.frame == frameRank && m.limit == 1: // of the one that leads, or another ranking?
		m.unknown = append(m.unknown, next.q)
	case m.frame == frameRank: // "seulement les entrées gratuites", after a ranking
		m.rankBy = next.measures[0]
	}
}

// amounts are of defaults that were lifted, and shares or not.
func (m edit) amounts() {
	m.lifted = append(m.lifted, m.next.lifted...)
	m.shares(m.next)
}

// kind is the kind of thing asked for.
func (m edit) kind() {
	next := m.next
	if m.asksRows(next) || m.grows(m.prev, next) {
		return
	}
	switch next.frame {
	case frameRank:
		m.rank(next)
	case frameCount:
		if next.entity {
			m.frame, m.entity, m.rowsCounted = frameCount, true, next.rowsCounted
			m.measures, m.agg = nil, "" // the explanation says where
		}
	case frameEvolution, frameGrowth, frameShare, frameCompare:
		m.frame = next.frame
		if next.entity {
			m.entity, m.rowsCounted = true, next.rowsCounted
		}
	case frameList:
		if next.entity {
			m.frame, m.entity, m.show, m.measures = frameList, true, next.show, nil
		}
	}
}

// divisor is what a figure is of: an inhabitant, a year.
func (m edit) divisor() {
	prev, next := m.prev, m.next
	switch {
	case next.perCapita:
		m.perCapita, m.per = true, next.per
	case len(next.group) > 0: // "par chapitre", after a figure per inhabitant
		m.perCapita = false
	}
	if (prev.frame == frameEvolution || prev.byYear()) && next.agg == query.Avg && len(next.measures)+len(next.group)+len(next.conds) == 0 { // "en moyenne", after a figure a year
		m.frame, m.perYearMean, m.group = frameValue, true, nil
	} else if next.perYearMean && len(next.measures)+len(next.group)+len(next.conds) == 0 && prev.frame == frameValue && len(prev.group) == 0 { // "en moyenne par an", after one year's
		m.perYearMean, m.agg = true, query.Avg
		if !next.years.said {
			m.years = years{}
		}
	}
}

// ungrouped drops what says of which one a figure is, where it is asked for each:
// "par région", after that of Bretagne.
func (m *reading) ungrouped() {
	label := m.s.col(m.s.a.Entity.Label)
	m.conds = slices.DeleteFunc(m.conds, func(x cond) bool {
		if x.col == label { // "par commune", after Metz's: thousands of rows are not meant
			return false
		}
		same := slices.ContainsFunc(m.group, func(g int) bool {
			level := m.s.note(g).Level
			return g == x.col || level != "" && level != "commune" && strings.HasPrefix(m.s.note(x.col).Label.FR, m.s.note(g).Label.FR)
		})
		return same && x.op == query.Eq && len(x.vals) == 1
	})
}

// bind gives a bound that names no quantity the one that the question before bounded.
func (m *reading) bind(next *reading) {
	if next.loose == nil {
		return
	}
	at := slices.IndexFunc(m.conds, func(x cond) bool {
		return m.s.t.Columns[x.col].Role == dataset.Measure && slices.Contains([]query.Op{query.Lt, query.Le, query.Gt, query.Ge}, x.op)
	})
	if at < 0 {
		return
	}
	m.conds[at].op, m.conds[at].vals = next.loose.op, []any{next.loose.val}
	m.unknown = slices.DeleteFunc(slices.Clone(m.unknown), func(w string) bool { return slices.Contains(next.loose.said, w) })
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
	if label := m.s.col(m.s.a.Entity.Label); m.s.a.Entity.Label != "" && slices.ContainsFunc(m.conds, func(x cond) bool { return x.col == label && x.op == query.Eq && len(x.vals) == 1 }) {
		m.unknown = append(m.unknown, next.q) // the largest of one
	}
	if len(m.group) > 0 && (len(next.measures) == 0 || next.measures[0] == m.s.col(m.s.a.Measure)) && !next.entity {
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
	if x.op == query.Ne { // "hors Strasbourg", of the Bas-Rhin
		return false
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
