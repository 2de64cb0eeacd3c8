package ground

import (
	"cmp"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

// letters finds headers and short codes by the first letters of words that
// follow one another: MG, médecins généralistes; PNL, privé non lucratif.
func (g *Ground) letters() {
	for from := range g.Tokens {
		run, to := "", from
		for ; to < min(len(g.Tokens), from+2*maxLetters) && len(run) < maxLetters; to++ {
			t := g.Tokens[to]
			if t.IsNum || t.Fold == "" || to > from && strings.ContainsAny(g.Text[g.Tokens[to-1].End:t.Start], ",;:?!(") {
				break
			}
			if linking[t.Fold] {
				if to == from {
					break
				}
				continue
			}
			run += t.Fold[:1]
			if len(run) > 1 {
				g.lettered(run, from, to+1)
			}
		}
	}
}

const maxLetters = 5 // of what first letters may stand for

// lettered adds what the first letters of a run stand for. A header may have one
// letter more, for a word that people leave out.
func (g *Ground) lettered(run string, from, to int) {
	for _, c := range g.Table.Columns {
		for _, w := range c.Words {
			if w == run || len(run) > 1 && len(w) == len(run)+1 && strings.HasPrefix(w, run) && !strings.ContainsAny(w, "aeiouy") {
				g.Columns = append(g.Columns, Mention{From: from, To: to, Col: c.Index, How: Short, Strength: float64(len(run)) / float64(len(w)) / float64(len(bare(c.Words)))})
				break
			}
		}
		if !c.Codes {
			continue
		}
		for _, v := range c.Values {
			if lang.Fold(v.Text) == run {
				g.Cells = append(g.Cells, Mention{From: from, To: to, Col: c.Index, Cells: []string{v.Text}, How: Initials, Strength: float64(len(run)) / 4})
			}
		}
	}
}

// share says how much of the header of each column the words say, 0 to 1,
// wherever in the question they stand: "prix … en 2022", prix_m2_2022.
func (g *Ground) share() {
	g.Shares = make([]float64, len(g.Table.Columns))
	g.scattered = make([][]Mention, len(g.Table.Columns))
	for col := range g.Table.Columns {
		g.scattered[col] = g.scatter(col)
		for _, m := range g.scattered[col] {
			g.Shares[col] = min(1, g.Shares[col]+m.Strength)
		}
	}
}

// Scattered lists the mentions of a column by its header that do not overlap,
// the strongest first.
func (g *Ground) Scattered(col int) []Mention { return g.scattered[col] }

func (g *Ground) scatter(col int) []Mention {
	var all, out []Mention
	for _, m := range g.Columns {
		if m.Col == col && m.How != Meaning {
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(a, b Mention) int {
		return cmp.Or(cmp.Compare(b.Strength, a.Strength), a.From-b.From)
	})
	said := map[string]bool{}
	for _, m := range all {
		if !slices.ContainsFunc(out, func(o Mention) bool { return o.From < m.To && m.From < o.To }) && !said[g.Tokens[m.From].Norm] {
			said[g.Tokens[m.From].Norm] = true
			out = append(out, m)
		}
	}
	return out
}

// InName tells whether a number is said as part of a column's name: 2022 of
// "entrées 2022".
func (g *Ground) InName(i int) bool {
	return slices.ContainsFunc(g.Columns, func(m Mention) bool {
		return m.From <= i && i < m.To && (m.How == Exact || m.How == Piece) && slices.Contains(g.Table.Columns[m.Col].Words, g.Tokens[i].Fold)
	})
}

// sexes are the letters that stand for words that begin with another.
var sexes = map[string]string{"garcon": "m", "garcons": "m", "homme": "m", "hommes": "mh", "masculin": "mh", "masculins": "mh", "boy": "m", "boys": "m", "men": "mh", "male": "h", "fille": "f", "filles": "f", "femme": "f", "femmes": "f", "girl": "f", "girls": "f", "women": "f"}

// sexed finds the codes of a column of two sexes by the words for them.
func (g *Ground) sexed(c Column) {
	if len(c.Values) > 3 || !slices.ContainsFunc(c.Values, func(v dataset.Value) bool { return lang.Fold(v.Text) == "f" }) {
		return
	}
	for i, t := range g.Tokens {
		for _, v := range c.Values {
			if f := lang.Fold(v.Text); len(f) == 1 && strings.Contains(sexes[t.Fold], f) {
				g.Cells = append(g.Cells, Mention{From: i, To: i + 1, Col: c.Index, Cells: []string{v.Text}, How: Initials, Strength: 0.5})
			}
		}
	}
}

// initials lets a word stand for the code it begins with: "dépenses", D.
func (g *Ground) initials() {
	for _, c := range g.Table.Columns {
		if !c.Codes && !c.Abbrev || c.Flag != nil {
			continue
		}
		g.sexed(c)
		for i, t := range g.Tokens {
			if t.Small || t.IsNum || len(t.Fold) < 4 {
				continue
			}
			for _, v := range c.Values {
				f := lang.Fold(v.Text)
				if f == "" || f[0] <= '9' || len(f) >= len(t.Fold) {
					continue
				}
				if c.Codes && strings.HasPrefix(t.Fold, f) || c.Abbrev && len(f) >= 3 && shortens(f, t.Norm) {
					g.Cells = append(g.Cells, Mention{From: i, To: i + 1, Col: c.Index, Cells: []string{v.Text}, How: Initials, Strength: float64(len(f)) / 4})
				}
			}
		}
	}
}

// maxShared is how many headers may have a word in common that still names each
// of them when it is cut short: EquNom, EquType … are all of equipment.
const maxShared = 3

// shortened lets a header that is a shorter way to write a word name its column:
// the same first letter, then letters of the word in their order, or its beginning.
func (g *Ground) shortened() {
	for i, t := range g.Tokens {
		if t.Small || t.IsNum || len(t.Norm) < 5 {
			continue
		}
		known := g.Table.vectors != nil && g.Table.vectors.Known(t.Fold)
		for _, c := range g.Table.Columns {
			if g.has(i, c.Index) {
				continue
			}
			if slices.ContainsFunc(c.Words, func(w string) bool {
				return g.Table.shared[w] <= maxShared && (!known && lengthened(t.Norm, w) || contracted(t.Norm, w) || akin(t.Norm, w))
			}) {
				g.Columns = append(g.Columns, Mention{From: i, To: i + 1, Col: c.Index, How: Short, Strength: 1 / float64(len(bare(c.Words)))})
			}
		}
	}
}

// lengthened tells whether the word of a header is a longer way to write a word.
func lengthened(said, header string) bool {
	return len(said) < len(header) && shortens(said, header)
}

// contracted tells whether the word of a header is a shorter way to write a word.
func contracted(said, header string) bool {
	return len(header) >= 3 && len(header) < len(said) && shortens(Norm(header), said)
}

// akin tells whether two words begin alike for most of their length.
func akin(a, b string) bool {
	n := common(a, b)
	return n >= 5 && n*3 >= 2*max(len(a), len(b))
}

// shortens tells whether a is b cut short or with letters left out; short words
// must keep the consonants that b begins with.
func shortens(a, b string) bool {
	if strings.HasPrefix(b, a) {
		return len(a) >= 3
	}
	if a[0] != b[0] || len(a) < 3 {
		return false
	}
	j := 0
	for i := 0; i < len(b) && j < len(a); i++ {
		if b[i] == a[j] {
			j++
		}
	}
	if j < len(a) {
		return false
	}
	for _, r := range a[1:] { // abbreviations keep consonants
		if strings.ContainsRune("aeiouy", r) {
			return false
		}
	}
	return true
}

func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
