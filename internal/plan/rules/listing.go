package rules

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
)

// cellsOf lists cells: of the columns asked, or of the one that the question
// word calls for.
func (r *reader) cellsOf(d *draft, p *query.Plan) []way {
	cost := 0.0
	r.askedCells(d, p)
	if len(p.Columns) == 0 {
		doubt, ok := r.wantedCells(d, p)
		if !ok {
			return nil
		}
		cost = doubt
	}
	if len(d.conds) == 0 && len(d.sorts) == 0 && len(d.asks) == 0 {
		cost += 1 // everything: hardly what was asked
	}
	r.whose(d, p)
	p.Distinct = d.distinct || len(p.Columns) == 1 && len(d.sorts) == 0 && r.picks()
	r.nextOne(d, p)
	r.sorted(d, p)
	if p.Distinct {
		p.OrderBy = slices.DeleteFunc(p.OrderBy, func(o query.Order) bool { return !slices.Contains(p.Columns, o.Column) || o.As != "" })
	}
	return []way{{plan: p, cost: cost}}
}

// askedCells lists the columns that are named.
func (r *reader) askedCells(d *draft, p *query.Plan) {
	for _, a := range d.asks {
		if r.rows && (d.single(a.col) || len(d.asks) == 1 && d.on(a.col)) {
			continue // "which film has Marika as the role"
		}
		if !slices.Contains(p.Columns, r.name(a.col)) {
			p.Columns = append(p.Columns, r.name(a.col))
		}
	}
}

// wantedCells lists the column that the question word calls for; ok is false where
// there is none.
func (r *reader) wantedCells(d *draft, p *query.Plan) (cost float64, ok bool) {
	col, cost := r.wanted(d)
	if col < 0 {
		return 0, false
	}
	p.Columns = []string{r.name(col)}
	if other := r.otherName(col); (r.op(opWho) >= 0 || r.rows && r.s.titled) && other >= 0 && !d.on(other) {
		p.Columns = append(p.Columns, r.name(other))
	}
	if r.valueAsked() {
		cost += 1.5 // "quel est le NO2": a figure of it, not where it stands
	}
	return cost, true
}

// whose puts the names before the one column that is asked of several: "la
// population de Gap et d'Embrun".
func (r *reader) whose(d *draft, p *query.Plan) {
	if !r.s.titled || len(p.Columns) != 1 {
		return
	}
	for _, x := range d.conds {
		if len(x.sides) > 1 && x.op == query.Eq && r.textual(x.col) && !slices.Contains(p.Columns, r.name(x.col)) {
			p.Columns = append([]string{r.name(x.col)}, p.Columns...)
		}
	}
}

// nextOne keeps the nearest of those past a bound: "which year comes after 1995".
func (r *reader) nextOne(d *draft, p *query.Plan) {
	if len(d.sorts) > 0 || len(p.Columns) != 1 || p.Limit != 0 {
		return
	}
	for _, x := range d.conds {
		if r.name(x.col) == p.Columns[0] && (x.op == query.Gt || x.op == query.Lt) && r.noticed("after", "before", "previous", "next", "follows") && r.picks() {
			p.Distinct, p.Limit = false, 1
			p.OrderBy = []query.Order{{Column: p.Columns[0], As: x.as, Desc: x.op == query.Lt}}
		}
	}
}

// valueAsked tells whether what "quel est" asks for is a cell, over a titled table.
func (r *reader) valueAsked() bool {
	first := r.near(-1, 1)
	if !r.s.titled || first < 0 || !r.spans[first].has(opWhich) {
		return false
	}
	n := r.near(first, 1)
	if n < 0 || r.valueOf[n] == 0 || r.spans[n].entity || r.spans[n].from-r.spans[first].to > 2 {
		return false
	}
	return slices.ContainsFunc(r.tokens[:r.spans[n].from], func(t token) bool { return t.Fold == "est" || t.Fold == "is" || t.Fold == "etait" || t.Fold == "was" })
}

// otherName is the column of family names that goes with one of first names, or
// the other way round; -1 where there is none.
func (r *reader) otherName(col int) int {
	kin := map[string][]string{"prenom": {"nom"}, "nom": {"prenom"}, "prenoms": {"nom"}}
	for k, c := range r.s.t.Columns {
		a, b := headerWords(r.name(col)), headerWords(c.Name)
		if len(a) == 0 || len(b) == 0 || k == col || !r.textual(k) || !slices.Equal(a[1:], b[1:]) {
			continue
		}
		if slices.Contains(kin[a[0]], b[0]) {
			return k
		}
	}
	return -1
}

// picks tells whether the question wants a name rather than every row's: "which
// country", not "show the country of each".
func (r *reader) picks() bool {
	if r.noticed("each", "every", "all", "list", "show", "chaque", "tous", "toutes") {
		return false
	}
	for i := range r.spans {
		if strings.HasPrefix(strings.ToLower(r.text(i)), "quel") && r.spans[i].has(opWhich) {
			return true
		}
		if r.spans[i].has(opWhen) || r.spans[i].has(opWhere) {
			return true
		}
		switch strings.ToLower(r.text(i)) {
		case "which", "what", "who", "whom", "whose", "where", "when", "quel", "quelle", "quels", "quelles", "quels sont", "quelles sont", "qui":
			return true
		}
	}
	return false
}

// wanted is the column that answers the question word where none is named,
// and how doubtful that is.
func (r *reader) wanted(d *draft) (int, float64) {
	if k := r.generically(d); k >= 0 {
		return k, 0.2
	}
	switch {
	case r.op(opWho) >= 0:
		if k, doubt, settled := r.whoIsIt(d); settled {
			return k, doubt
		}
	case r.op(opWhen) >= 0:
		return r.whenIsIt(d)
	case r.op(opWhere) >= 0:
		if k := r.free(d, func(k int) bool { return r.s.cells[k].place && r.textual(k) }); k >= 0 {
			return k, 0.2
		}
		return -1, 0
	case r.op(opExtent) >= 0:
		return r.howFar(d)
	}
	if r.s.label >= 0 && !d.on(r.s.label) {
		return r.s.label, 0.4
	}
	if k := r.free(d, func(k int) bool { return r.textual(k) && !r.s.cells[k].number && !r.s.cells[k].date }); k >= 0 {
		return k, 0.8
	}
	return -1, 0
}

// free is the first column that no condition is on and that satisfies ok, or -1.
func (r *reader) free(d *draft, ok func(col int) bool) int {
	for k := range r.s.t.Columns {
		if !d.on(k) && ok(k) {
			return k
		}
	}
	return -1
}

// whoIsIt is the column of persons; settled is false where any name will do.
func (r *reader) whoIsIt(d *draft) (col int, doubt float64, settled bool) {
	person := func(k int) bool { return r.s.cells[k].person && r.textual(k) }
	label := r.s.label
	if label >= 0 && !d.on(label) && person(label) {
		return label, 0.1, true
	}
	if k := r.free(d, person); k >= 0 {
		return k, 0.2, true
	}
	nobody := r.s.titled && label >= 0 && r.s.t.Columns[label].Role == dataset.Key // a number of a file is nobody
	return -1, 0, nobody
}

// whenIsIt is the column that dates the rows.
func (r *reader) whenIsIt(d *draft) (int, float64) {
	for _, k := range []int{r.s.timed(), r.s.year} {
		if k >= 0 && !d.on(k) {
			return k, 0.1
		}
	}
	return -1, 0
}

// howFar is the column that the adjective after "how" measures.
func (r *reader) howFar(d *draft) (int, float64) {
	at := r.op(opExtent)
	words := strings.Fields(strings.ToLower(r.text(at)))
	k := r.headerOf(words[len(words)-1])
	if k < 0 || d.on(k) {
		return -1, 0
	}
	r.used[at] = true
	return k, 0.2
}

// generically is the column that a common word names where nothing else is
// asked for: "what was X's time?", "in which season".
func (r *reader) generically(d *draft) int {
	if r.op(opWho) >= 0 || r.op(opWhen) >= 0 || r.op(opWhere) >= 0 || r.op(opExtent) >= 0 {
		return -1
	}
	for i := range r.spans {
		if r.used[i] || r.consumed[i] || !r.plainNoun(i) {
			continue
		}
		if k := r.column(i, func(k int) bool { return !d.on(k) }); k >= 0 && r.nameOf(i, k) >= 0.4 {
			r.used[i] = true
			return k
		}
	}
	return -1
}

// plainNoun tells whether a span is one word that is no operation, no value and no
// verb.
func (r *reader) plainNoun(i int) bool {
	sp := &r.spans[i]
	verb := strings.HasSuffix(r.tokens[sp.from].Fold, "ed") || sp.from > 0 && r.tokens[sp.from-1].Fold == "to"
	return len(sp.ops) == 0 && sp.to-sp.from == 1 && len(sp.vals) == 0 && !verb
}

// durational are the headers, normed, of what "how long" asks for.
var durational = map[string]bool{norm("length"): true, norm("duration"): true, norm("time"): true, norm("runtime"): true, norm("longueur"): true, norm("duree"): true}

// headerOf is the first column whose header has a word that the adjective
// measures, whatever its cells hold; or -1.
func (r *reader) headerOf(adjective string) int {
	if k, _ := r.measuredBy(adjective); k >= 0 {
		return k
	}
	for _, sc := range scales[adjective] {
		for _, h := range sc.headers {
			for _, f := range forms([]string{h}) {
				for _, ref := range r.s.names[f] {
					if ref.strength >= 0.4 && durational[h] {
						return ref.col
					}
				}
			}
		}
	}
	return -1
}
