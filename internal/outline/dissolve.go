package outline

import "slices"

// edge is a side of a polygon, from its lesser corner.
type edge struct{ a, b [2]float64 }

func side(a, b [2]float64) edge {
	if a[0] > b[0] || a[0] == b[0] && a[1] > b[1] {
		a, b = b, a
	}
	return edge{a, b}
}

// sides gives the sides of a shape, one after the other, each polygon's to the
// left: files turn theirs either way.
func (s Shape) sides(each func(a, b [2]float64)) {
	for _, r := range s {
		if r.turns() < 0 {
			r = slices.Clone(r)
			slices.Reverse(r)
		}
		for i, a := range r {
			if b := r[(i+1)%len(r)]; a != b {
				each(a, b)
			}
		}
	}
}

// turns is positive for a ring that goes round to the left.
func (r Ring) turns() float64 {
	sum := 0.0
	for i, a := range r {
		b := r[(i+1)%len(r)]
		sum += (a[0]-r[0][0])*(b[1]-r[0][1]) - (b[0]-r[0][0])*(a[1]-r[0][1])
	}
	return sum
}

// dissolve puts neighbours together: the sides that two of them share go.
// Where they do not meet corner by corner, the border between them stays.
func dissolve(parts []Shape) Shape {
	times := map[edge]int{}
	for _, s := range parts {
		s.sides(func(a, b [2]float64) { times[side(a, b)]++ })
	}
	next := map[[2]float64][][2]float64{} // outer sides, in the direction of their polygon
	var order [][2]float64
	for _, s := range parts {
		s.sides(func(a, b [2]float64) {
			if times[side(a, b)] == 1 {
				next[a] = append(next[a], b)
				order = append(order, a)
			}
		})
	}
	var out Shape
	for _, from := range order {
		var r Ring
		for at := from; len(next[at]) > 0; {
			to := next[at]
			next[at] = to[1:]
			r = append(r, at)
			at = to[0]
		}
		if len(r) > 2 {
			out = append(out, r)
		}
	}
	if len(out) == 0 { // nothing but shared sides: one of them twice
		for _, s := range parts {
			out = append(out, s...)
		}
	}
	return out
}

// tiled is the part of the corners that shapes of an administrative layer have
// in common with another, at the least: they cover the ground without gaps.
// Built-up areas, plans and perimeters do not.
const tiled = 0.3

// Tiles tells whether the shapes cover the ground side by side, as territories
// do.
func (l *Layer) Tiles() bool {
	of := map[[2]float64]int{} // corner → the last shape that has it, and one more than all where several do
	for i, s := range l.shapes {
		for _, r := range s {
			for _, at := range r {
				if have, ok := of[at]; ok && have != i {
					of[at] = len(l.shapes)
				} else if !ok {
					of[at] = i
				}
			}
		}
	}
	shared := 0
	for _, i := range of {
		if i == len(l.shapes) {
			shared++
		}
	}
	return float64(shared) >= tiled*float64(len(of))
}
