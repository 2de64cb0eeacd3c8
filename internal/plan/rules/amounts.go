package rules

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/query"
)

// amounts reads the numbers of a question: years, bounds, ranks, equalities.
func (r *reader) amounts() {
	for i := range r.spans {
		sp := &r.spans[i]
		if !sp.num || r.used[i] {
			continue
		}
		t := r.tokens[sp.from]
		v, next := r.scaled(i, t.num)
		cmp, at := r.comparator(i)
		col := -1
		if next >= 0 && r.spans[next].from-r.end(i) <= 2 {
			col = r.amountColumn(next)
		}
		if next >= 0 && r.unitCols[next] != nil || len(r.signed(i)) > 0 {
			var cols []int
			if cols = r.signed(i); len(cols) == 0 {
				cols = r.unitCols[next]
				r.used[next], r.consumed[next] = true, true
			}
			if col = r.measuredIn(i, cols, v); col >= 0 {
				if len(r.signed(i)) > 0 {
					next = i
				}
				if n := r.near(next, 1); n >= 0 && r.spans[n].from-r.spans[next].to <= 2 && r.column(n, nil) == col { // "$500,000 in prize money"
					r.used[n], r.consumed[n] = true, true
				}
				for n, steps := r.near(i, -1), 0; n >= 0 && steps < 2 && cmp != ""; n, steps = r.near(n, -1), steps+1 { // "a distance of more than 1 km"
					if r.column(n, nil) == col {
						r.used[n], r.consumed[n] = true, true
					}
				}
			}
		}
		switch {
		case t.isYear && (col < 0 || r.isTime(col)) && r.year(i, int(t.num)):
		case cmp == opBetween && r.range_(i, at, v):
		case cmp != "" && cmp != opBetween && r.bound(i, at, cmp, v, next, col):
		case r.asRank(i, v):
		case r.expected(i, v):
		case r.cell(i):
		case r.sameAsBefore(i, v):
		case r.equal(i, v, next, col):
		}
	}
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

// comparator finds the words that make a number a bound: before it, or after
// it as "or more".
func (r *reader) comparator(i int) (op, int) {
	for j, steps := r.near(i, -1), 0; j >= 0 && steps < 4; j, steps = r.near(j, -1), steps+1 {
		for _, o := range comparators {
			if !r.spans[j].has(o) {
				continue
			}
			if steps > 0 && (o == opAtLeast || o == opAtMost) { // "at most an attendance of 1,000"
				if n := r.near(j, 1); n != r.near(i, -1) || r.amountColumn(n) < 0 {
					return "", -1
				}
			} else if steps > 0 && o != opBetween && !r.thanBetween(j, i) {
				return "", -1
			}
			return o, j
		}
		if steps == 0 && r.spans[j].to-r.spans[j].from > 1 || steps == 0 && i+1 < len(r.spans) {
			switch {
			case r.spans[j].has(opAfter) && strings.HasSuffix(r.text(j), "than"):
				return opMoreThan, j
			case r.spans[j].has(opBefore) && strings.HasSuffix(r.text(j), "than"):
				return opLessThan, j
			}
		}
		if r.spans[j].num && !r.spans[j].has(opAnd) || len(r.spans[j].vals) > 0 {
			break
		}
	}
	for j, steps := r.near(i, 1), 0; j >= 0 && steps < 2; j, steps = r.near(j, 1), steps+1 {
		for _, o := range []op{opAtLeast, opAtMost} {
			if f := r.tokens[r.spans[j].from].Fold; r.spans[j].has(o) && (f == "ou" || f == "or" || f == "et" || f == "and" || f == "at" && r.adjacent(i, j) || f == "au" && r.adjacent(i, j)) {
				return o, j
			}
		}
		if len(r.spans[j].ops) > 0 {
			break
		}
	}
	return "", -1
}

// thanBetween tells whether "than" stands between a comparator and its number:
// "a greater weight than 10".
func (r *reader) thanBetween(j, i int) bool {
	for k := j + 1; k < i; k++ {
		if r.spans[k].has(opThan) || r.tokens[r.spans[k].from].Fold == "than" || r.tokens[r.spans[k].from].Fold == "que" {
			return true
		}
	}
	return false
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
	return c.Role == dataset.Year || c.Role == dataset.Time || r.s.cells[col].date || c.Type == dataset.Text && slices.ContainsFunc(headerWords(c.Name), func(w string) bool { return w == "year" || w == "season" || w == "annee" })
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

var boundOps = map[op]query.Op{opMoreThan: query.Gt, opLessThan: query.Lt, opAtLeast: query.Ge, opAtMost: query.Le, opEquals: query.Eq}

// bound puts a number on the column named beside it, on the one that the
// comparing adjective measures, or on the number of rows of a group.
func (r *reader) bound(i, at int, cmp op, v float64, next, col int) bool {
	o := boundOps[cmp]
	if p := r.near(at, -1); p >= 0 && r.spans[p].has(opNot) && r.spans[at].from-r.spans[p].to <= 1 {
		r.used[p] = true
		o = map[query.Op]query.Op{query.Gt: query.Le, query.Lt: query.Ge, query.Ge: query.Lt, query.Le: query.Gt, query.Eq: query.Ne}[o]
	}
	named := next
	if at > i { // "4 or more students"
		if n := r.near(at, 1); n >= 0 && r.spans[n].from-r.spans[at].to <= 1 {
			next = n
			if col < 0 {
				col, named = r.amountColumn(n), n
			}
		}
	}
	counts := next >= 0 && r.spans[next].entity && bestName(r.spans[next].cols) < 0.9
	if counts {
		col = -1
	}
	if col < 0 && !counts {
		col, _ = r.measuredBy(r.tokens[r.spans[at].from].Fold)
		named = -1
	}
	if col >= 0 && named < 0 {
		for j := max(0, i-5); j < i; j++ {
			if r.amountColumn(j) == col {
				r.used[j], r.consumed[j] = true, true
			}
		}
	}
	if counts {
	} else if col < 0 && at < i {
		for j := at; j < i; j++ {
			if c := r.amountColumn(j); c >= 0 && col < 0 {
				col, named = c, j
			}
		}
		for j, steps := r.near(at, -1), 0; j >= 0 && steps < 3 && col < 0; j, steps = r.near(j, -1), steps+1 {
			if c := r.amountColumn(j); c >= 0 {
				col, named = c, j
			}
		}
	} else if col < 0 {
		if p := r.near(i, -1); p >= 0 {
			if c := r.amountColumn(p); c >= 0 {
				col, named = c, p
			}
		}
	}
	if next >= 0 && col >= 0 && named != next && r.spans[next].entity && r.spans[next].from-r.end(i) <= 1 {
		col = -1 // "at least 2 paragraphs" counts them
	}
	if col < 0 && next >= 0 && r.adjacent(i, next) && len(r.spans[next].ops) == 0 && len(r.spans[next].vals) == 0 && v <= 100 {
		if k := r.column(next, r.textual); k >= 0 && r.nameOf(next, k) >= 0.5 && (o == query.Gt || o == query.Ge) { // "more than one format"
			r.d.having, r.d.havingOf = append(r.d.having, query.Having{Measure: 1, Op: o, Value: v}), k
			r.used[i], r.used[at], r.used[next], r.consumed[next] = true, true, true, true
			return true
		}
	}
	if col < 0 && len(scales[r.tokens[r.spans[at].from].Fold]) > 0 {
		return false // "shorter than 5 episodes" is no number of rows
	}
	if col < 0 {
		if next >= 0 && (r.spans[next].entity || r.spans[next].unknown || r.spans[next].has(opTimes)) || next < 0 || r.spans[next].has(opAtLeast) || r.spans[next].has(opAtMost) {
			r.d.having = append(r.d.having, query.Having{Measure: 1, Op: o, Value: v})
			r.used[i], r.used[at] = true, true
			if next >= 0 && (r.spans[next].entity || r.spans[next].has(opTimes) || things[r.tokens[r.spans[next].from].Fold]) {
				r.used[next] = true
			}
			return true
		}
		return false
	}
	r.used[i], r.used[at] = true, true
	v = r.inUnit(i, col, v)
	if named >= 0 {
		r.used[named] = true
		r.consumed[named] = true
	}
	r.where(cond{col: col, op: o, vals: []any{v}, pos: r.spans[i].from, src: r.text(i)})
	return true
}

// inUnit takes the thousands or the millions out of the number of span i where
// the header says that cells are in them.
func (r *reader) inUnit(i, col int, v float64) float64 {
	c := r.s.t.Columns[col]
	name := strings.ToLower(c.Name)
	stated := euros.MatchString(strings.ToLower(r.q[r.tokens[r.spans[i].from].End:]))
	top, err := strconv.ParseFloat(c.Max, 64)
	switch {
	case strings.Contains(name, "k€") || strings.Contains(name, "keur") || strings.Contains(name, "milliers"):
		if stated || v >= 1e4 && err == nil && top < v/10 {
			return v / 1e3
		}
	case strings.Contains(name, "m€") || strings.Contains(name, "meur") || strings.Contains(name, "millions d"):
		if stated {
			return v / 1e6
		}
	}
	if v >= 1e6 && err == nil && top < v/100 && (strings.Contains(name, "(m") || strings.Contains(name, "million") || strings.Contains(name, " m.")) {
		return v / 1e6
	}
	return v
}

// euros tells whether what follows a number says that it is of euros, its
// multiplier counted in it; of a range, the second number's word does.
var euros = regexp.MustCompile(`^[\s\x{a0}\x{202f}]*((et|à|and|to|-)\s*[0-9][0-9\s\x{a0}\x{202f}.,]*)?(k|m|md|mds|mille|millions?|milliards?)?\s*(d['’]\s*)?(€|euros?\b|eur\b)`)

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
	if v < 1 || v > 1000 || v != float64(int(v)) {
		return false
	}
	for _, j := range []int{r.near(i, -1), r.near(i, 1)} {
		if j >= 0 && (r.superlative(j) || r.spans[j].has(opSort)) && r.adjacent(i, j) {
			r.d.limit = int(v)
			r.used[i] = true
			return true
		}
	}
	if p := r.near(i, -1); p < 0 || r.spans[p].has(opList) || r.tokens[r.spans[i].from-1].Fold == "les" || r.tokens[r.spans[i].from-1].Fold == "the" { // "les 5 communes les plus …"
		for j := i + 1; j < len(r.spans) && j < i+5; j++ {
			if r.superlative(j) {
				r.d.limit = int(v)
				r.used[i] = true
				return true
			}
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

// year puts a year on the column that dates the rows.
func (r *reader) year(i, y int) bool {
	col := r.s.timed()
	if r.s.year >= 0 && r.s.t.Columns[r.s.year].Type.Numeric() {
		col = r.s.year
	}
	if named := r.whichDate(i); named >= 0 {
		col = named
	}
	for _, j := range []int{r.near(i, -1), r.near(i, 1)} { // "launched in 1943"
		if j >= 0 {
			if c := r.column(j, r.isTime); c >= 0 {
				col = c
				if c := r.s.t.Columns[col]; len(r.spans[j].ops) == 0 && (c.Role == dataset.Year || r.spans[j].from < r.spans[i].from) {
					r.used[j], r.consumed[j] = true, true
				}
				break
			}
		}
	}
	o, words := r.timeOp(i)
	if col < 0 || o == query.Eq && r.s.t.Columns[col].Type == dataset.Text && len(r.spans[i].vals)+len(r.spans[i].parts) > 0 {
		return false // the text of cells
	}
	lo, hi := y, y
	if o == query.Between {
		other := -1
		for j := i + 1; j < len(r.spans) && j <= i+4 && other < 0; j++ {
			if r.spans[j].num && r.tokens[r.spans[j].from].isYear {
				other = j
			}
		}
		if other < 0 {
			return false
		}
		hi = int(r.tokens[r.spans[other].from].num)
		r.used[other] = true
	}
	r.used[i] = true
	if words >= 0 {
		r.used[words] = true
	}
	x := cond{col: col, op: o, pos: r.spans[i].from, src: r.text(i)}
	c := r.s.t.Columns[col]
	switch {
	case c.Type.Numeric():
		x.vals = []any{float64(lo)}
		if o == query.Between {
			x.vals = append(x.vals, float64(hi))
		}
	case c.Type == dataset.Date, c.Type == dataset.DateTime, r.s.cells[col].date && r.s.fullDate(col):
		if c.Type == dataset.Text {
			x.as = query.AsDate
		}
		first, last := fmt.Sprintf("%d-01-01", lo), fmt.Sprintf("%d-12-31 23:59:59", hi)
		if c.Type == dataset.Date {
			last = last[:10]
		}
		switch o {
		case query.Gt, query.Le:
			x.vals = []any{last}
		case query.Lt, query.Ge:
			x.vals = []any{first}
		case query.Ne:
			return false
		default:
			x.op, x.vals = query.Between, []any{first, last}
		}
	case r.s.cells[col].number:
		x.as, x.vals = query.AsNumber, []any{float64(lo)}
		if o == query.Between {
			x.vals = append(x.vals, float64(hi))
		}
	default:
		r.used[i] = false
		return false
	}
	if x.op == query.Eq {
		for k := range r.d.conds {
			if p := &r.d.conds[k]; p.col == col && p.op == query.Eq {
				p.vals = append(p.vals, x.vals...)
				return true
			}
		}
	}
	if x.op == query.Between && o == query.Eq && r.nextYear(x, i) {
		return true
	}
	r.d.conds = append(r.d.conds, x)
	return true
}

// nextYear stretches the days of a year to those of the one said after it:
// "en 2022 et en 2023"; years apart are not read.
func (r *reader) nextYear(x cond, i int) bool {
	for k := range r.d.conds {
		p := &r.d.conds[k]
		if p.col != x.col || p.op != query.Between || p.as != x.as || len(p.vals) != 2 || p.pos >= x.pos {
			continue
		}
		end, _ := p.vals[1].(string)
		start, _ := x.vals[0].(string)
		if len(end) < 4 || len(start) < 4 {
			continue
		}
		before, _ := strconv.Atoi(end[:4])
		after, _ := strconv.Atoi(start[:4])
		if after != before+1 || !strings.HasPrefix(end[4:], "-12-31") || r.op(opDifference) >= 0 || r.op(opGrowth) >= 0 || r.op(opYesNo) >= 0 || r.op(opMoreThan) >= 0 || r.op(opLessThan) >= 0 || r.op(opCompare) >= 0 {
			r.d.cost += 2 // no row is of both
			continue
		}
		p.vals[1] = x.vals[1]
		return true
	}
	return false
}

// whichDate is, of several columns of dates, the one that the words before a year
// name: "a commencé son mandat après 2021" is of the mandate, not of the birth.
// Where none is named the year is anyone's guess, which costs more than is given.
func (r *reader) whichDate(i int) int {
	dates := 0
	for k, c := range r.s.t.Columns {
		if c.Type == dataset.Date || c.Type == dataset.DateTime || r.s.cells[k].date && r.s.fullDate(k) {
			dates++
		}
	}
	if dates < 2 || r.s.year >= 0 && r.s.t.Columns[r.s.year].Type.Numeric() {
		return -1
	}
	named := -1
	for j := i - 1; j >= 0; j-- {
		if c := r.column(j, r.isTime); c >= 0 && (named < 0 || named == c) {
			r.used[j], r.consumed[j] = true, true
			named = c
		}
	}
	for j := i + 1; j < len(r.spans) && named < 0; j++ {
		named = r.column(j, r.isTime)
	}
	if named < 0 && r.s.titled {
		r.d.cost += 2
	}
	return named
}

// timeOp reads the word before a year: since, before, between …
func (r *reader) timeOp(i int) (query.Op, int) {
	if n := i + 1; n < len(r.spans) && r.spans[n].num || n+1 < len(r.spans) && r.spans[n+1].num {
		k := n
		if !r.spans[n].num {
			k = n + 1
		}
		if r.tokens[r.spans[k].from].isYear {
			between := strings.TrimSpace(r.q[r.tokens[r.spans[i].from].End:r.tokens[r.spans[k].from].Start])
			switch strings.ToLower(between) {
			case "à", "a", "-", "–", "to", "jusqu'en", "jusqu'à", "until", "through", "till", "and", "et":
				if p := r.near(i, -1); p >= 0 && (r.spans[p].has(opBetween) || r.spans[p].has(opSince) || r.spans[p].has(opFrom)) {
					return query.Between, p
				}
				if between != "and" && between != "et" {
					return query.Between, -1
				}
			}
		}
	}
	p := r.near(i, -1)
	if p < 0 || r.spans[i].from-r.spans[p].to > 2 {
		return query.Eq, -1
	}
	sp := &r.spans[p]
	switch {
	case sp.has(opAtLeast), sp.has(opSince) && !strings.EqualFold(r.text(p), "from") && !strings.EqualFold(r.text(p), "des"):
		return query.Ge, p
	case sp.has(opMoreThan), sp.has(opAfter):
		return query.Gt, p
	case sp.has(opLessThan), sp.has(opBefore):
		return query.Lt, p
	case sp.has(opUntil), sp.has(opAtMost):
		return query.Le, p
	case sp.has(opNot):
		return query.Ne, p
	}
	return query.Eq, -1
}
