package propose

import (
	"encoding/json"
	"slices"

	"cigogne/internal/plan/ground"
	"cigogne/internal/query"
)

// rooms bounds the plans tried for each set of conditions: the likelier, the more.
var rooms = []int{150, 110, 90, 70, 50, 40, 30, 30, 30, 30}

const emptyRoom = 80 // at least, for no condition at all

// Plans lists the plans that the words may mean, the likeliest conditions
// first, each once. They name what exists; whether they hold together is
// query.Validate's to say.
func Plans(g *ground.Ground) []*query.Plan {
	p := newPool(g)
	var out []*query.Plan
	seen := map[string]bool{}
	for i, s := range sets(p) {
		room := rooms[min(i, len(rooms)-1)]
		if len(s.conds) == 0 {
			room = max(room, emptyRoom)
		}
		filters := s.filters()
		used := 0
		for _, f := range forms {
			share := room / 3 // no form takes all of the room
			f.run(p, s, func(q query.Plan) {
				if share <= 0 || used >= room {
					return
				}
				q.Table = g.Table.Table.ID
				if q.Where == nil {
					q.Where = slices.Clone(filters)
				}
				if len(q.Where) == 0 {
					q.Where = nil
				}
				if k := keyOf(q); !seen[k] {
					seen[k] = true
					share--
					used++
					out = append(out, &q)
				}
			})
		}
	}
	return out
}

// keyOf tells plans apart.
func keyOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil { // plans and filters hold nothing that cannot be written
		return ""
	}
	return string(b)
}
