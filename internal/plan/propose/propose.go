package propose

import (
	"encoding/json"
	"slices"
	"sort"

	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// rooms bounds the plans tried for each set of conditions: the likelier, the more.
var rooms = []int{84, 66, 52, 40, 32, 26, 22, 18, 18, 18}

const emptyRoom = 56 // at least, for no condition at all

// dear is what a plan may cost: what costs more is left out.
const dear = 1.2

// candidate is a plan with what it costs to take it for what the words mean: a
// rough count, for the room alone. Conditions it has none of are put in later.
type candidate struct {
	plan query.Plan
	cost float64
	form int
	kept []string // columns whose empty cells are left out
}

// emitter takes the plans of a form.
type emitter func(cost float64, q query.Plan, kept ...string)

// Plans lists the plans that the words may mean, the likeliest conditions
// first, each once. They name what exists; whether they hold together is
// query.Validate's to say.
func Plans(g *ground.Ground) []*query.Plan {
	p := newPool(g)
	l := lister{p: p, seen: map[string]bool{}}
	l.whatever = l.candidates(set{}, func(f form) bool { return !f.conditional })
	for i, s := range sets(p) {
		room := rooms[min(i, len(rooms)-1)]
		if len(s.conds) == 0 {
			room = max(room, emptyRoom)
		}
		l.fill(s, room)
	}
	return l.out
}

// lister fills the rooms of the sets of conditions, one after another.
type lister struct {
	p        *pool
	whatever []candidate // plans that any conditions may go with, cheapest first
	seen     map[string]bool
	out      []*query.Plan
}

// candidates are the plans of some forms over a set, cheapest first.
func (l *lister) candidates(s set, some func(form) bool) []candidate {
	var all []candidate
	for i, f := range forms {
		if !some(f) {
			continue
		}
		f.run(l.p, s, func(cost float64, q query.Plan, kept ...string) {
			if cost <= dear {
				q.Table = l.p.g.Table.Table.ID
				all = append(all, candidate{q, cost, i, kept})
			}
		})
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].cost < all[j].cost })
	return all
}

// fill takes the cheapest plans over a set until its room is full; no form takes
// more than half of it.
func (l *lister) fill(s set, room int) {
	filters := s.filters()
	own := l.candidates(s, func(f form) bool { return f.conditional })
	shares, half := make([]int, len(forms)), room/2
	for i, j := 0, 0; room > 0 && (i < len(own) || j < len(l.whatever)); {
		var c candidate
		if j == len(l.whatever) || i < len(own) && own[i].cost <= l.whatever[j].cost {
			c = own[i]
			i++
		} else {
			c = l.whatever[j]
			j++
		}
		if shares[c.form] >= half {
			continue
		}
		q := c.plan
		if q.Where == nil {
			q.Where = slices.Clone(filters)
		}
		for _, name := range c.kept {
			q.Where = append(q.Where, query.Filter{Column: name, Op: query.NotNull})
		}
		if len(q.Where) == 0 {
			q.Where = nil
		}
		var one bool
		if q.Where, one = l.p.timely(q.Where); !one {
			continue
		}
		if k := keyOf(q); !l.seen[k] {
			l.seen[k] = true
			shares[c.form]++
			room--
			l.out = append(l.out, &q)
		}
	}
}

// keyOf tells plans apart.
func keyOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil { // plans and filters hold nothing that cannot be written
		return ""
	}
	return string(b)
}
