package ground

import (
	"slices"
	"sort"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

// How a mention was found.
type How string

// The ways words find columns and cells, from sure to loose.
const (
	Exact    How = "exact"    // all of a name, or a whole cell
	Piece    How = "piece"    // some words of a header; strength is the share of them
	Part     How = "part"     // some words of a cell that no other cell of the column has
	Some     How = "some"     // some words that several cells of the column have
	Spelt    How = "spelt"    // a slip away from a word of a cell
	Initials How = "initials" // a short code that a word begins with
	Flag     How = "flag"     // the name of a column of yes and no: its yes
	Short    How = "short"    // a header that shortens the word: logts, logements
	Called   How = "called"   // what people call what a header or a code stands for: alti, how high
	Meaning  How = "meaning"  // near a header in the space of vectors
)

// Mention is a run of tokens that may mean a column, or cells of a column.
type Mention struct {
	From, To int // tokens
	Col      int
	Cells    []string // nil: the column itself
	How      How
	Strength float64 // 0..1
}

// Ground is everything the words of a question may mean over a table.
type Ground struct {
	*Question
	Table   *Table
	Columns []Mention   // of columns
	Cells   []Mention   // of cells
	Rows    []int       // tokens that name the rows
	Nearest []float64   // of each column: how near its header is to the nearest word, 0 to 1
	Shares  []float64   // of each column: how much of its header the words say, 0 to 1
	Likes   [][]float64 // of each token and column: how near the word is to the header, 0 to 1; nil for small words

	scattered [][]Mention // of each column
}

// near is how close a word must be to a header to be taken for it at all; how
// much closer counts for more is learnt.
const near = 0.33

// On grounds a question on a table.
func On(q *Question, t *Table) *Ground {
	g := &Ground{Question: q, Table: t}
	for i, tok := range q.Tokens {
		if t.rows[tok.Norm] {
			g.Rows = append(g.Rows, i)
		}
	}
	for _, r := range q.runs {
		if r.to-r.from <= max(t.longest, 2)+3 {
			g.whole(r)
		}
	}
	list := q.norms()
	g.partial(list)
	g.spelt()
	g.spelled()
	g.initials()
	g.within()
	g.people()
	g.letters()
	g.shortened()
	g.places()
	g.meanings()
	g.flags()
	g.tidy()
	g.share()
	return g
}

// whole finds what a run of tokens names exactly.
func (g *Ground) whole(r run) {
	t := g.Table
	g.calledCells(r)
	var seen []int
	for _, k := range r.names {
		for _, ref := range t.names[k] {
			if !slices.Contains(seen, ref.col) {
				seen = append(seen, ref.col)
				g.Columns = append(g.Columns, Mention{From: r.from, To: r.to, Col: ref.col, How: ref.how, Strength: ref.strength})
			}
		}
	}
	if r.cell == "" {
		return
	}
	byCol := map[int][]string{}
	var order []int
	for _, ref := range t.cells[r.cell] {
		if len(byCol[ref.col]) == 0 {
			order = append(order, ref.col)
		}
		byCol[ref.col] = append(byCol[ref.col], t.Columns[ref.col].Values[ref.val].Text)
	}
	for _, col := range order {
		g.Cells = append(g.Cells, Mention{From: r.from, To: r.to, Col: col, Cells: byCol[col], How: Exact, Strength: 1})
	}
}

// partial finds runs of tokens that are some words of cells, longest first.
func (g *Ground) partial(list []string) {
	n := len(list)
	for from := range n {
		if t := g.Tokens[from]; !t.Name && t.Is(Between, Gt, Lt, Since, Until, And, Or, Each) { // "entre" of Bourmont-entre-Meuse
			continue
		}
		if g.Tokens[from].Small || g.Tokens[from].IsNum && !g.Tokens[from].Year {
			continue
		}
		if len(g.Table.parts[list[from]]) == 0 {
			g.inflected(from)
			continue
		}
		refs := g.Table.parts[list[from]]
		to := from + 1
		for ; to <= n && len(refs) > 0; to++ {
			if to > from+1 && !linking[list[to-1]] {
				next := intersect(refs, g.Table.parts[list[to-1]])
				if len(next) == 0 {
					break
				}
				refs = next
			}
			if !linking[list[to-1]] {
				g.addPartial(from, to, refs)
			}
		}
	}
}

// inflected finds a word in another form than that of the cells: "mauvaise", Mauvais.
func (g *Ground) inflected(i int) {
	t := g.Tokens[i]
	if len(t.Norm) < 5 || len(t.Senses) > 0 || t.IsNum {
		return
	}
	at := len(g.Cells)
	for _, w := range slices.Compact(slices.Clone(g.Table.stems[lang.Stem(t.Norm, lang.French)])) {
		refs := slices.DeleteFunc(slices.Clone(g.Table.parts[w]), func(r cellRef) bool { return g.Table.Columns[r.col].Placed() }) // see people
		g.addPartial(i, i+1, refs)
	}
	for j := at; j < len(g.Cells); j++ {
		g.Cells[j].Strength *= 0.9
	}
}

func intersect(a, b []cellRef) []cellRef {
	in := make(map[cellRef]bool, len(b))
	for _, r := range b {
		in[r] = true
	}
	var out []cellRef
	for _, r := range a {
		if in[r] {
			out = append(out, r)
		}
	}
	return out
}

const maxCells = 40 // cells that a mention of some words lists

// addPartial adds a mention for each column whose cells have the words.
func (g *Ground) addPartial(from, to int, refs []cellRef) {
	byCol := map[int][]cellRef{}
	var order []int
	for _, r := range refs {
		if len(byCol[r.col]) == 0 {
			order = append(order, r.col)
		}
		byCol[r.col] = append(byCol[r.col], r)
	}
	for _, col := range order {
		list := byCol[col]
		m := Mention{From: from, To: to, Col: col, How: Some, Strength: 1 / float64(len(list))}
		if len(list) == 1 {
			m.How = Part
			c := g.Table.Columns[col]
			m.Strength = float64(to-from) / float64(max(to-from, len(bare(norms(c.Values[list[0].val].Text)))))
		}
		if len(list) <= maxCells {
			for _, r := range list {
				m.Cells = append(m.Cells, g.Table.Columns[col].Values[r.val].Text)
			}
		} else {
			m.Cells = []string{g.Within(from, to)}
		}
		g.Cells = append(g.Cells, m)
	}
}

func (g *Ground) has(i, col int) bool {
	return slices.ContainsFunc(g.Columns, func(m Mention) bool { return m.Col == col && m.From <= i && i < m.To })
}

// flags lets the name of a column of yes and no mean its yes.
func (g *Ground) flags() {
	for _, m := range g.Columns {
		c := g.Table.Columns[m.Col]
		if len(c.Flag) > 0 || c.Type == dataset.Boolean {
			g.Cells = append(g.Cells, Mention{From: m.From, To: m.To, Col: m.Col, Cells: c.Flag, How: Flag, Strength: m.Strength})
		}
	}
}

// tidy leaves out mentions that a longer one of the same column and kind holds,
// and sorts the rest by place.
func (g *Ground) tidy() {
	g.Cells = slices.DeleteFunc(g.Cells, func(m Mention) bool { // "catégorie" names the column, and none of its cells by its C
		return m.How == Initials && slices.ContainsFunc(g.Columns, func(c Mention) bool {
			return c.Col == m.Col && c.How != Meaning && c.From <= m.From && m.To <= c.To
		})
	})
	g.Columns = longest(g.Columns)
	g.Cells = longest(g.Cells)
}

func longest(list []Mention) []Mention {
	var out []Mention
	for i, m := range list {
		held := false
		for j, o := range list {
			if i == j || o.Col != m.Col || o.From > m.From || o.To < m.To {
				continue
			}
			wider := o.To-o.From > m.To-m.From
			held = held || wider && rank(o.How) <= rank(m.How) || !wider && (rank(o.How) < rank(m.How) || o.How == m.How && j < i && o.Strength >= m.Strength)
		}
		if !held {
			out = append(out, m)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].From < out[j].From })
	return out
}

func rank(h How) int {
	return slices.Index([]How{Exact, Within, Piece, Part, Called, Flag, Some, Spelt, Initials, Short, Meaning}, h)
}

// LeftOut tells whether a negation stands before cells, nothing between them but
// small words and the name of their column: "hors type A", "sauf Metz"; or behind
// them: "campings exclus", "Metz mise à part".
func (g *Ground) LeftOut(m Mention) bool {
	if m.To < len(g.Tokens) && g.Tokens[m.To].Is(Not) && outs[g.Tokens[m.To].Fold] {
		return true
	}
	for i := m.From - 1; i >= max(0, m.From-5); i-- {
		t := g.Tokens[i]
		if t.Is(Not) {
			return true
		}
		if !t.Small && !slices.ContainsFunc(g.Columns, func(c Mention) bool { return c.Col == m.Col && c.From <= i && i < c.To }) {
			return false
		}
	}
	return false
}

// outs are the words that leave out what stands before them.
var outs = map[string]bool{"exclu": true, "exclue": true, "exclus": true, "exclues": true, "excluded": true, "mis": true, "mise": true, "mises": true, "excepte": true, "exceptee": true}

// Known is how many tokens that carry something the table has a name or a cell for.
func (g *Ground) Known() float64 {
	n := 0.0
	for i, t := range g.Tokens {
		if t.Small {
			continue
		}
		best := 0.0
		for _, m := range g.Columns {
			if m.From <= i && i < m.To {
				best = max(best, m.Strength)
			}
		}
		for _, m := range g.Cells {
			if m.From <= i && i < m.To && (m.How == Exact || m.How == Part) {
				best = max(best, m.Strength)
			}
		}
		n += best
	}
	return n + 0.5*float64(len(g.Rows))
}
