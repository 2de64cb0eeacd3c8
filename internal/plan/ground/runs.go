package ground

// run is tokens of a question that may name a column or a cell, with the keys
// that tables keep these by: made once, however many tables are looked at.
type run struct {
	from, to int
	names    []string // of columns; none where all its words are small
	cell     string   // "" where it is too little to name a cell
}

// find lists the runs of a question.
func (q *Question) find() {
	list := q.norms()
	n := len(list)
	for from := range n {
		if linking[list[from]] && from+1 < n && linking[list[from+1]] && !q.Tokens[from].Name {
			continue
		}
		for to := from + 1; to <= min(n, from+maxPhrase+3); to++ {
			words := bare(list[from:to])
			if linking[list[from]] != linking[words[0]] && to-from > len(words)+3 || len(words) > maxPhrase {
				continue
			}
			if to-from > 1 && len(words) < to-from && (linking[list[to-1]] || linking[list[from]]) { // the run without its ends is looked at by itself
				continue
			}
			r := run{from: from, to: to}
			small := true
			for _, t := range q.Tokens[from:to] {
				small = small && t.Small
			}
			if !small {
				r.names = forms(words)
			}
			if !small || to-from > 1 || q.Tokens[from].Name {
				r.cell = key(words)
			}
			q.runs = append(q.runs, r)
		}
	}
}

// norms are the words of the tokens, as cells and headers compare with them.
func (q *Question) norms() []string {
	list := make([]string, len(q.Tokens))
	for i, t := range q.Tokens {
		list[i] = t.Norm
	}
	return list
}
