package search

import "slices"

// update is how an index is made of the one before: parts that stay as they
// are, and runs of datasets that new parts are made of.
type update struct {
	kept []kept
	runs [][]origin
}

// kept is a shelf of the index before whose part stays.
type kept struct {
	shelf   *shelf
	gone    bitset
	origins []origin
}

// origin is where what an index holds of a dataset comes from.
type origin struct {
	dataset int      // its place among the datasets that are indexed, -1: gone
	hash    [16]byte // of its content
	shelf   *shelf   // of the index before that holds it, nil where it is new
	local   int      // its number there
}

// planned tells what an update moves. A part that is small beside what comes, or half
// of which is gone, is written again with it: so the parts grow as powers
// do, an index has few, and a dataset is written again a few times, not at every
// update.
func planned(sheets []sheet, before *Index) (u update) {
	found := make(map[[16]byte]int, len(sheets))
	for i, s := range sheets {
		if !s.passed {
			found[s.hash] = i
		}
	}
	var shelves []kept
	old := make([]bool, len(sheets)) // held by the index before
	if before != nil {
		for i := range before.shelves {
			shelves = append(shelves, take(&before.shelves[i], found, old))
		}
	}
	var fresh []origin
	for i, s := range sheets {
		if !s.passed && !old[i] {
			fresh = append(fresh, origin{dataset: i, hash: s.hash})
		}
	}
	var moved []origin
	for _, k := range slices.Backward(shelves) {
		held := slices.DeleteFunc(slices.Clone(k.origins), func(o origin) bool { return o.dataset < 0 })
		coming := len(moved) + len(fresh)
		switch {
		case len(held) == 0:
		case len(held) < len(k.origins)/2, coming > 0 && len(held) <= 2*coming && len(held)+coming <= maxPart:
			moved = append(held, moved...)
		default:
			u.kept = append(u.kept, k)
		}
	}
	slices.Reverse(u.kept)
	for run := range slices.Chunk(append(moved, fresh...), maxPart) {
		u.runs = append(u.runs, run)
	}
	return u
}

// take finds the datasets of a shelf among those that are indexed now.
func take(s *shelf, found map[[16]byte]int, old []bool) kept {
	k, held := kept{shelf: s, origins: make([]origin, s.entries.len())}, 0
	gone := newBitset(len(k.origins))
	for i := range k.origins {
		h := s.marks.at(i).hash
		d, ok := found[h]
		if !ok || old[d] || s.gone.has(i) {
			k.origins[i] = origin{dataset: -1, shelf: s, local: i}
			gone.add(i)
			continue
		}
		old[d] = true
		held++
		k.origins[i] = origin{d, h, s, i}
	}
	if held < len(k.origins) {
		k.gone = gone
	}
	return k
}

// origins are those of every shelf of the new index: what is kept, then the runs.
func (u update) origins() (out [][]origin) {
	for _, k := range u.kept {
		out = append(out, k.origins)
	}
	return append(out, u.runs...)
}
