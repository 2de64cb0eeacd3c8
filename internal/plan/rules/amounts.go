package rules

import (
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
)

// amounts reads the numbers of a question: years, bounds, ranks, equalities.
func (r *reader) amounts() {
	for i := range r.spans {
		if r.spans[i].num && !r.used[i] {
			r.number(i)
		}
	}
}

// number reads one number, as the first of these that it may be.
func (r *reader) number(i int) {
	t := r.tokens[r.spans[i].from]
	v, next := r.scaled(i, t.num)
	cmp, at := r.comparator(i)
	col := -1
	if next >= 0 && r.spans[next].from-r.end(i) <= 2 {
		col = r.amountColumn(next)
	}
	if next >= 0 && r.unitCols[next] != nil || len(r.signed(i)) > 0 {
		col, next = r.inUnitNamed(i, next, v, cmp != "")
	}
	switch {
	case t.isYear && (col < 0 || r.isTime(col)) && r.year(i, int(t.num)):
	case r.compares(i, at, cmp, v, next, col), r.asRank(i, v), r.expected(i, v):
	case r.cell(i), r.sameAsBefore(i, v), r.equal(i, v, next, col):
	}
}

// compares reads a number that words make a bound, or one end of a range.
func (r *reader) compares(i, at int, cmp op, v float64, next, col int) bool {
	switch cmp {
	case "":
		return false
	case opBetween:
		return r.range_(i, at, v)
	}
	return r.bound(i, at, cmp, v, next, col)
}

// inUnitNamed is the column measured in the unit that is written beside a number,
// -1 where several may be, and the span that stands for it.
func (r *reader) inUnitNamed(i, next int, v float64, compared bool) (col, beside int) {
	signed := r.signed(i)
	cols := signed
	if len(signed) == 0 {
		cols = r.unitCols[next]
		r.used[next], r.consumed[next] = true, true
	}
	if col = r.measuredIn(i, cols, v); col < 0 {
		return col, next
	}
	if len(signed) > 0 {
		next = i
	}
	if n := r.near(next, 1); n >= 0 && r.spans[n].from-r.spans[next].to <= 2 && r.column(n, nil) == col { // "$500,000 in prize money"
		r.used[n], r.consumed[n] = true, true
	}
	for n, steps := r.near(i, -1), 0; n >= 0 && steps < 2 && compared; n, steps = r.near(n, -1), steps+1 { // "a distance of more than 1 km"
		if r.column(n, nil) == col {
			r.used[n], r.consumed[n] = true, true
		}
	}
	return col, next
}

// placed reads "9th position", "finished 5th": a place on the column of ranks.
func (r *reader) placed() {
	for i := range r.spans {
		sp := &r.spans[i]
		if r.used[i] || sp.to-sp.from != 1 || len(sp.vals)+len(sp.parts) > 0 {
			continue
		}
		n := ordinal(r.tokens[sp.from].Fold)
		if n < 2 {
			continue
		}
		for _, j := range []int{r.near(i, 1), r.near(i, -1)} {
			if j < 0 || !r.adjacent(i, j) {
				continue
			}
			if k := r.column(j, r.ordered); k >= 0 {
				r.used[i], r.used[j], r.consumed[j] = true, true, true
				sp.partial, sp.fuzzy, sp.unknown, sp.ops = nil, nil, false, nil
				var v any = float64(n)
				if r.s.t.Columns[k].Role == dataset.Code && r.textual(k) {
					v = strconv.Itoa(n)
				}
				r.where(cond{col: k, op: query.Eq, vals: []any{v}, pos: sp.from, src: r.text(i)})
				break
			}
		}
	}
}

// ordered tells whether the cells of a column are places in an order: ranks, or
// the districts that are told apart by their number.
func (r *reader) ordered(col int) bool {
	return r.rankedColumn(col) || r.s.titled && (r.numeric(col) || r.s.t.Columns[col].Role == dataset.Code) && slices.ContainsFunc(headerWords(r.name(col)), func(w string) bool {
		return w == "arrondissement" || w == "circonscription" || w == "etage" || w == "district"
	})
}

// ordinal is the place that a word says: "9th", "2e", "third"; 0 for none.
func ordinal(fold string) int {
	if n, ok := ordinals[fold]; ok {
		return n
	}
	for _, end := range []string{"st", "nd", "rd", "th", "e", "eme", "er"} {
		if digits, ok := strings.CutSuffix(fold, end); ok {
			if n, err := strconv.Atoi(digits); err == nil && n > 0 && n < 1000 {
				return n
			}
		}
	}
	return 0
}

// end is the token after a span, a multiplier included.
func (r *reader) end(i int) int {
	if n := i + 1; n < len(r.spans) && r.used[n] && r.spans[n].to == r.spans[n].from+1 {
		if _, ok := multipliers[r.tokens[r.spans[n].from].Fold]; ok {
			return r.spans[n].to
		}
	}
	return r.spans[i].to
}

// scaled applies the "million" after a number, and returns the span after it.
func (r *reader) scaled(i int, v float64) (float64, int) {
	next := r.near(i, 1)
	if i+1 < len(r.spans) {
		w := r.spans[i+1]
		if m, ok := multipliers[r.tokens[w.from].Fold]; ok && w.to == w.from+1 && len(w.cols) == 0 {
			r.used[i+1] = true
			return v * m, r.near(i+1, 1)
		}
	}
	return v, next
}

// happened are words of headers whose four-digit numbers are years.
var happened = wordSet("built opened founded established launched created completed closed introduced released year date construit construite construction ouverture ouvert creation cree fondation annee")

func (r *reader) isTime(col int) bool {
	if col < 0 {
		return false
	}
	c := r.s.t.Columns[col]
	if c.Type == dataset.Integer && len(c.Min) == 4 && len(c.Max) == 4 && c.Max < "2200" && slices.ContainsFunc(headerWords(c.Name), func(w string) bool { return happened[w] }) {
		return true
	}
	return c.Role.Moment() || r.s.cells[col].date || c.Type == dataset.Text && slices.ContainsFunc(headerWords(c.Name), func(w string) bool { return w == "year" || w == "season" || w == "annee" })
}

// amountColumn is the column a span names that may be compared with a number.
func (r *reader) amountColumn(i int) int {
	if r.spans[i].entity && bestName(r.spans[i].cols) < 0.9 {
		return -1 // it names the rows
	}
	return r.column(i, func(k int) bool {
		c := r.s.t.Columns[k]
		return c.Type.Numeric() || c.Type == dataset.Text && r.s.cells[k].number && !r.s.cells[k].date
	})
}

// range_ reads "between A and B".
func (r *reader) range_(i, at int, low float64) bool {
	for j := i + 1; j < len(r.spans) && j <= i+4; j++ {
		if !r.spans[j].num || r.used[j] {
			continue
		}
		high, next := r.scaled(j, r.tokens[r.spans[j].from].num)
		col := -1
		if next >= 0 {
			col = r.amountColumn(next)
		}
		for k, steps := r.near(at, -1), 0; k >= 0 && steps < 3 && col < 0; k, steps = r.near(k, -1), steps+1 {
			if c := r.amountColumn(k); c >= 0 {
				col, next = c, k
			}
		}
		r.used[i], r.used[j], r.used[at] = true, true, true
		if col < 0 {
			r.d.having = append(r.d.having, query.Having{Measure: 1, Op: query.Ge, Value: low}, query.Having{Measure: 1, Op: query.Le, Value: high})
			if next >= 0 && r.spans[next].entity {
				r.used[next] = true
			}
			return true
		}
		r.used[next], r.consumed[next] = true, true
		low, high = r.inUnit(i, col, low), r.inUnit(j, col, high)
		r.where(cond{col: col, op: query.Between, vals: []any{low, high}, pos: r.spans[i].from, src: r.text(i)})
		return true
	}
	return false
}

// asRank reads "top 5", "the 3 largest", "the first two".
func (r *reader) asRank(i int, v float64) bool {
	if v < 1 || v > 1000 || v != float64(int(v)) || !r.besideRank(i) && !r.beforeRank(i) {
		return false
	}
	r.d.limit = int(v)
	r.used[i] = true
	return true
}

// besideRank tells whether a number stands beside a superlative or an order.
func (r *reader) besideRank(i int) bool {
	return slices.ContainsFunc([]int{r.near(i, -1), r.near(i, 1)}, func(j int) bool {
		return j >= 0 && (r.superlative(j) || r.spans[j].has(opSort)) && r.adjacent(i, j)
	})
}

// beforeRank tells whether a number opens what a superlative follows: "les 5
// communes les plus …".
func (r *reader) beforeRank(i int) bool {
	if p := r.near(i, -1); p >= 0 && !r.spans[p].has(opList) && r.tokens[r.spans[i].from-1].Fold != "les" && r.tokens[r.spans[i].from-1].Fold != "the" {
		return false
	}
	for j := i + 1; j < len(r.spans) && j < i+5; j++ {
		if r.superlative(j) {
			return true
		}
	}
	return false
}

// expected reads "which two players", "the two drivers": as many rows are meant.
func (r *reader) expected(i int, v float64) bool {
	p := r.near(i, -1)
	if v < 2 || v > 10 || r.tokens[r.spans[i].from].Text[0] <= '9' || p < 0 || !r.adjacent(p, i) || !(r.spans[p].has(opWhich) || r.spans[p].has(opList)) {
		return false
	}
	r.expect, r.used[i] = int(v), true
	return true
}

// signed returns the columns measured in the sign written beside a number.
func (r *reader) signed(i int) []int {
	t := r.tokens[r.spans[i].from]
	after, before := strings.TrimLeft(r.q[t.End:], " \u00a0\u202f"), r.q[:t.Start]
	for _, kilo := range []string{"k€", "K€", "M€", "Md€", "Mds€"} {
		if strings.HasPrefix(after, kilo) {
			after = "€"
		}
	}
	for _, sign := range []string{"%", "€", "$", "£"} {
		if strings.HasPrefix(after, sign) || sign != "%" && strings.HasSuffix(before, sign) {
			return r.s.units[unitNames[sign]]
		}
	}
	return nil
}

// measuredIn picks, among columns of one unit, the one that the question names,
// else the only one; -1 where nothing tells.
func (r *reader) measuredIn(i int, cols []int, v float64) int {
	named, best := -1, 0.0
	for j := range r.spans {
		if r.unitCols[j] != nil {
			continue
		}
		for _, ref := range r.spans[j].cols {
			if slices.Contains(cols, ref.col) && ref.strength > best {
				named, best = ref.col, ref.strength
			}
		}
		if k, _ := r.measuredBy(r.tokens[r.spans[j].from].Fold); k >= 0 && slices.Contains(cols, k) && best < 0.5 {
			named, best = k, 0.5
		}
	}
	if named < 0 && len(cols) == 1 {
		named = cols[0]
	}
	return named
}

func (r *reader) adjacent(i, j int) bool {
	if i > j {
		i, j = j, i
	}
	return r.spans[j].from-r.spans[i].to <= 1
}

// cell leaves a number that is the text of a cell to the values.
func (r *reader) cell(i int) bool {
	return len(r.spans[i].vals) > 0 && r.amountColumn(max(0, r.near(i, -1))) < 0
}

// sameAsBefore adds a number to the list it goes on: "grade 9 or 10".
func (r *reader) sameAsBefore(i int, v float64) bool {
	p := r.near(i, -1)
	if p < 0 || !(r.spans[p].has(opOr) || r.spans[p].has(opAnd) || r.spans[p].num) {
		return false
	}
	if !r.spans[p].num {
		if p = r.near(p, -1); p < 0 {
			return false
		}
	}
	for k := range r.d.conds {
		x := &r.d.conds[k]
		if x.pos == r.spans[p].from && x.op == query.Eq && r.s.t.Columns[x.col].Type.Numeric() {
			x.vals = append(x.vals, v)
			x.pos = r.spans[i].from
			r.used[i] = true
			return true
		}
	}
	return false
}

// equal reads "4 cylinders", "season 15", "idf = 0".
func (r *reader) equal(i int, v float64, next, after int) bool {
	col, named := after, next
	if p := r.near(i, -1); p >= 0 && (col < 0 || r.spans[next].from-r.end(i) > 0) {
		if c := r.amountColumn(p); c >= 0 && r.spans[i].from-r.spans[p].to <= 2 && !r.spans[p].entity {
			col, named = c, p
		}
	}
	if col < 0 {
		return false
	}
	r.used[i], r.used[named], r.consumed[named] = true, true, true
	o := query.Eq
	for j := r.near(i, -1); j >= 0 && (j == named || len(r.spans[j].ops) > 0); j = r.near(j, -1) {
		if r.spans[j].has(opNot) {
			o = query.Ne
			r.used[j] = true
		}
	}
	r.where(cond{col: col, op: o, vals: []any{r.inUnit(i, col, v)}, pos: r.spans[i].from, src: r.text(i)})
	return true
}

// where adds a condition; a number on a text column reads its cells as numbers.
func (r *reader) where(x cond) {
	if c := r.s.t.Columns[x.col]; c.Type == dataset.Text {
		if _, number := x.vals[0].(float64); number {
			x.as = query.AsNumber
		}
	}
	r.d.conds = append(r.d.conds, x)
}
