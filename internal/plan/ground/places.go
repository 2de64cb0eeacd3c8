package ground

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/territory"
)

// Within is how a place is found that holds those of a column: the codes of its
// municipalities begin with its own.
const Within How = "within"

// coded are the levels of the columns of codes that have names, with the column
// of names that makes theirs needless.
var coded = map[dataset.Kind]struct {
	level string
	names dataset.Kind
}{
	dataset.KindCommune:    {"commune", dataset.KindCommuneName},
	dataset.KindDepartment: {"department", dataset.KindDepartmentName},
	dataset.KindRegion:     {"region", dataset.KindRegionName},
}

// nameCodes lets the names of places find the cells that hold their codes, where
// no column holds the names.
func (t *Table) nameCodes() {
	for i, c := range t.Columns {
		of, ok := coded[c.Kind]
		if !ok || slices.ContainsFunc(t.Columns, func(o Column) bool { return o.Kind == of.names }) {
			continue
		}
		for v := range c.Values {
			code := c.Values[v].Text
			if len(code) == 1 { // 1 for 01
				code = "0" + code
			}
			if p, ok := territory.France().Coded(of.level, code); ok {
				t.addCellNamed(i, v, p.Name)
			}
		}
	}
}

// within finds departments whose municipalities a column of codes tells apart,
// by name or by number: "en Moselle", "dans le 57".
func (g *Ground) within() {
	var cols []int
	for _, c := range g.Table.Columns {
		switch c.Kind {
		case dataset.KindDepartment, dataset.KindDepartmentName:
			return
		case dataset.KindCommune, dataset.KindPostcode:
			if c.Type == dataset.Text {
				cols = append(cols, c.Index)
			}
		}
	}
	if len(cols) == 0 {
		return
	}
	for from := range g.Tokens {
		for to := from + 1; to <= min(len(g.Tokens), from+5); to++ {
			if code := g.department(from, to); code != "" {
				g.Cells = append(g.Cells, Mention{From: from, To: to, Col: cols[0], Cells: []string{code}, How: Within, Strength: 1})
			}
		}
	}
}

// department is the code of the department that a run of tokens names, "" where none.
func (g *Ground) department(from, to int) string {
	if to == from+1 && from > 0 && len(g.Tokens[from].Text) == 2 && slices.Contains([]string{"departement", "department", "dep", "dept", "le", "du", "in"}, g.Tokens[from-1].Fold) {
		if p, ok := territory.France().Coded("department", strings.ToUpper(g.Tokens[from].Text)); ok {
			return p.Code
		}
	}
	if !g.Tokens[from].Name && g.Tokens[from].Text == strings.ToLower(g.Tokens[from].Text) && to == from+1 {
		return "" // "nord", "manche" in small letters are words
	}
	for _, p := range territory.France().Named(g.Within(from, to)) {
		if p.Level == "department" {
			return p.Code
		}
	}
	return ""
}

// levels are the columns that the words for places of a level name, those of names
// before those of codes.
var levels = map[Sense][]dataset.Kind{
	municipality: {dataset.KindCommuneName, dataset.KindCommune},
	department:   {dataset.KindDepartmentName, dataset.KindDepartment},
	region:       {dataset.KindRegionName, dataset.KindRegion},
	country:      {dataset.KindCountryName, dataset.KindCountry},
}

// places finds the columns of places by the words for their level, whatever their
// headers: "quelle ville" is LIBGEO.
func (g *Ground) places() {
	lex, err := words()
	if err != nil {
		return
	}
	for i, t := range g.Tokens {
		for level, kinds := range levels {
			if _, is := lex.value(t.Fold, level); !is || g.outright(i) {
				continue
			}
			for _, k := range kinds {
				found := false
				for _, c := range g.Table.Columns {
					if c.Kind == k && !g.has(i, c.Index) {
						found = true
						g.Columns = append(g.Columns, Mention{From: i, To: i + 1, Col: c.Index, How: Piece, Strength: 0.6})
					}
				}
				if found {
					break
				}
			}
		}
	}
}

// outright tells whether a token names a column by its whole header.
func (g *Ground) outright(i int) bool {
	return slices.ContainsFunc(g.Columns, func(m Mention) bool { return m.How == Exact && m.From <= i && i < m.To })
}

// folk are the ends of the words for who or what is of a place, longest first.
var folk = []string{"iennes", "iens", "ienne", "ien", "aises", "aise", "ais", "oises", "oise", "ois", "istes", "iste", "ardes", "arde", "ards", "ard", "eennes", "eenne", "eens", "een", "aines", "aine", "ains", "ain", "ines", "ins", "ine", "in", "onnes", "ons", "onne", "on", "ens", "en", "ques", "que"}

// people finds places by the word for what is theirs: "lillois", "meusienne".
func (g *Ground) people() {
	for i, t := range g.Tokens {
		if t.Small || t.IsNum || len(t.Fold) < 6 || len(t.Senses) > 0 || len(g.Table.parts[t.Norm]) > 0 {
			continue
		}
		root := rootOf(t.Fold)
		if len(root) < 4 {
			continue
		}
		for _, w := range g.Table.heads[t.Fold[:2]] {
			if !strings.HasPrefix(w, root) || len(w) > len(root)+5 {
				continue
			}
			refs := slices.DeleteFunc(slices.Clone(g.Table.parts[w]), func(r cellRef) bool { return !g.Table.Columns[r.col].place() })
			at := len(g.Cells)
			g.addPartial(i, i+1, refs)
			for j := at; j < len(g.Cells); j++ {
				g.Cells[j].How = Spelt
			}
		}
	}
}

// rootOf cuts the end of a word for who is of a place, "" where it has none.
func rootOf(fold string) string {
	for _, end := range folk {
		if root, ok := strings.CutSuffix(fold, end); ok {
			return root
		}
	}
	return ""
}

// place tells whether the cells of a column are places, or codes that have names.
func (c Column) place() bool {
	switch c.Kind {
	case dataset.KindCommuneName, dataset.KindDepartmentName, dataset.KindRegionName, dataset.KindDepartment, dataset.KindRegion:
		return true
	}
	return false
}

// localities are the words of headers whose cells say where something is.
var localities = map[string]bool{"commune": true, "ville": true, "localite": true, "lieu": true, "adresse": true, "departement": true, "region": true, "pays": true, "quartier": true, "rue": true, "voie": true, "zone": true,
	"city": true, "town": true, "country": true, "address": true, "location": true, "state": true, "county": true}

// Placed tells whether the cells of a column say where something is.
func (c Column) Placed() bool {
	switch c.Kind {
	case dataset.KindCommuneName, dataset.KindDepartmentName, dataset.KindRegionName, dataset.KindCountryName, dataset.KindAddress:
		return true
	}
	return c.Type == dataset.Text && c.Role != dataset.Code && slices.ContainsFunc(c.Words, func(w string) bool { return localities[w] })
}
