package table

import (
	"fmt"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/lang"
)

// maxCategories bounds the values of a column in which totals are looked for.
const maxCategories = 500

// Cells that say total, folded: alone, or only where the figures agree.
var (
	totalCells = map[string]bool{"t": false, "0": false, "00": false, "000": false, "tt": false, "999": false, "99": false, "9": false, "france": false, "fr": false, "france entiere": false,
		"france metropolitaine": false, "monde": false, "world": false, "europe": false, "ue": false, "region": false, "total general": true, "tous": true, "toutes": true, "tout": true, "tous sexes": true,
		"les deux sexes": true, "les deux": true, "2 sexes": true, "deux sexes": true, "hommes et femmes": true, "both": true, "both sexes": true, "tous ages": true, "tous les ages": true, "all ages": true,
		"toutes categories": true, "tous types": true, "tot": true, "total t": true}
)

// saysTotal tells a cell that calls itself a total; sure is false where the
// figures have to bear it out alone.
func saysTotal(cell string) (says, sure bool) {
	f := lang.Fold(cell)
	if cell == "_T" || cell == "_Z" {
		return true, true
	}
	if sure, ok := totalCells[f]; ok {
		return true, sure
	}
	if totals[f] || strings.HasPrefix(f, "sous total") || strings.HasPrefix(f, "total ") || strings.HasPrefix(f, "ensemble ") || strings.HasSuffix(f, " total") || strings.HasPrefix(f, "totaux ") {
		return true, totals[f] || strings.HasPrefix(f, "sous total")
	}
	return strings.HasPrefix(f, "tous ") || strings.HasPrefix(f, "toutes "), false
}

// standing is how a cell of a category compares with the others of its groups.
type standing struct {
	cell          string
	groups, among float64 // groups of rows that have it; of these, with two others or more
	hits, misses  float64 // groups in which its figure is the sum of the others', or not
	atLeast       float64 // groups in which it is at least that sum
	parts         float64 // others, in the fullest of its groups
	size          float64 // its largest figure
	digits        float64 // of its sums that are hit: what a chance has to meet
}

// totals finds the cells whose rows are made of the other rows.
func (f *facts) totals() error {
	for _, d := range f.dims {
		c := f.t.Column(d)
		if !f.mayTotal(c) {
			continue
		}
		others := f.others(d)
		if enough, err := f.grouped(others); err != nil {
			return err
		} else if !enough {
			continue
		}
		cells, all, err := f.standings(d, others, f.rows)
		if err != nil {
			return err
		}
		few := c.Distinct <= 30 && !f.hints[d].any(placeWords) && !f.hints[d].code()
		for _, s := range cells {
			if !s.total() {
				continue
			}
			c.Totals = append(c.Totals, s.cell)
			if few && len(others) > 0 && s.groups >= all {
				c.Whole = s.cell
			}
		}
		if len(c.Totals) == int(c.Distinct) { // nothing would be left
			c.Totals, c.Whole = nil, ""
		}
	}
	return nil
}

// mayTotal tells whether a column's categories may hold a total: figures can prove
// one, or a cell says that it is one.
func (f *facts) mayTotal(c *dataset.Column) bool {
	if c.Distinct < 2 || c.Distinct > maxCategories || c.Role == dataset.Year || c.Role == dataset.Time {
		return false
	}
	if len(f.amounts) > 0 && (len(f.t.Key) == 0 || slices.Contains(f.t.Key, c.Name)) {
		return true
	}
	return slices.ContainsFunc(c.Values, func(v dataset.Value) bool { says, _ := saysTotal(v.Text); return says })
}

// grouped tells whether rows that are equal in columns are enough, three to a
// group in one of ten, to hold a total and its parts.
func (f *facts) grouped(columns []string) (bool, error) {
	if len(columns) == 0 || f.t.Rows <= 1000 {
		return true, nil
	}
	n, err := f.one(fmt.Sprintf("SELECT count(*), count(DISTINCT hash(%s)) FROM %s", quoteNames(columns), f.rows), 2)
	return n[0] >= 1.2*n[1], err
}

// others lists the columns that, with a category, tell what a row is.
func (f *facts) others(d string) []string {
	if slices.Contains(f.t.Key, d) {
		return slices.DeleteFunc(slices.Clone(f.t.Key), func(k string) bool { return k == d })
	}
	if len(f.t.Key) > 0 {
		return nil
	}
	var out []string
	for _, o := range f.dims {
		if o != d {
			out = append(out, o)
		}
	}
	return out
}

// standings compares the figures of each cell with those of the others.
func (f *facts) standings(d string, others []string, from string) ([]standing, float64, error) {
	by, join := "", "true"
	if len(others) > 0 {
		by = quoteNames(others) + ", "
		var on []string
		for _, o := range others {
			on = append(on, fmt.Sprintf("g.%[1]s IS NOT DISTINCT FROM s.%[1]s", quoteName(o)))
		}
		join = strings.Join(on, " AND ")
	}
	measures := f.amounts[:min(len(f.amounts), 8)]
	var sums, all, hits, misses, least, size, digits []string
	for i, m := range measures {
		sums = append(sums, fmt.Sprintf(", sum(%s)::DOUBLE AS m%d", quoteName(m), i))
		all = append(all, fmt.Sprintf(", sum(m%[1]d) AS t%[1]d", i))
		sure := fmt.Sprintf("n >= 3 AND m%[1]d IS NOT NULL AND (m%[1]d <> 0 OR t%[1]d <> 0)", i)
		hits = append(hits, fmt.Sprintf("count(*) FILTER (%[2]s AND abs(2 * m%[1]d - t%[1]d) <= 1e-6 * abs(m%[1]d))", i, sure))
		misses = append(misses, fmt.Sprintf("count(*) FILTER (%[2]s AND abs(2 * m%[1]d - t%[1]d) > 1e-6 * abs(m%[1]d))", i, sure))
		least = append(least, fmt.Sprintf("count(*) FILTER (%[2]s AND 2 * m%[1]d >= t%[1]d)", i, sure))
		size = append(size, fmt.Sprintf("max(abs(m%d))", i))
		grain, err := f.grain(m)
		if err != nil {
			return nil, 0, err
		}
		digits = append(digits, fmt.Sprintf("coalesce(sum(log10(1 + abs(m%[1]d) / %[3]g)) FILTER (%[2]s AND abs(2 * m%[1]d - t%[1]d) <= 1e-6 * abs(m%[1]d)), 0)", i, sure, grain))
	}
	if len(measures) == 0 {
		hits, misses, least, size, digits = []string{"0"}, []string{"0"}, []string{"0"}, []string{"0"}, []string{"0"}
	}
	rows, err := f.conn.QueryContext(f.ctx, fmt.Sprintf(`WITH g AS (SELECT %[1]s%[2]s AS v%[3]s FROM %[4]s WHERE %[2]s IS NOT NULL GROUP BY ALL),
		s AS (SELECT %[1]scount(*) AS n%[5]s FROM g GROUP BY ALL)
		SELECT v::VARCHAR, count(*), count(*) FILTER (n >= 3), %[6]s, %[7]s, %[8]s, max(n) - 1, greatest(%[9]s, 0), %[11]s, (SELECT count(*) FROM s)
		FROM g JOIN s ON %[10]s GROUP BY v ORDER BY v`,
		by, quoteName(d), strings.Join(sums, ""), from, strings.Join(all, ""),
		strings.Join(hits, " + "), strings.Join(misses, " + "), strings.Join(least, " + "), strings.Join(size, ", "), join, strings.Join(digits, " + ")))
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	var out []standing
	var groups float64
	for rows.Next() {
		var s standing
		if err := rows.Scan(&s.cell, &s.groups, &s.among, &s.hits, &s.misses, &s.atLeast, &s.parts, &s.size, &s.digits, &groups); err != nil {
			return nil, 0, err
		}
		out = append(out, s)
	}
	return out, groups, rows.Err()
}

// grain is what all figures of a measure are multiples of, to the hundredth: amounts in
// whole thousands meet a sum of theirs more easily than their digits say.
func (f *facts) grain(measure string) (float64, error) {
	n, err := f.one(fmt.Sprintf("SELECT list_reduce(list(DISTINCT TRY_CAST(round(100 * %[1]s) AS BIGINT)), lambda a, b: gcd(a, b)) FROM (SELECT %[1]s FROM %[2]s WHERE %[1]s <> 0 LIMIT 1000)", quoteName(measure), f.rows), 1)
	return max(n[0], 1) / 100, err
}

// total tells whether a cell stands for the others: by its figures where they
// prove it, by its word where they allow it.
func (s standing) total() bool {
	says, sure := saysTotal(s.cell)
	seen := s.hits + s.misses
	borne := seen > 0 && s.hits >= 0.95*seen
	switch {
	case sure: // parts may be missing or withheld: a total is then more than what is shown
		if seen > 0 && s.atLeast >= 0.9*seen {
			return true
		}
		f := lang.Fold(s.cell)
		return seen == 0 && (wholeCells[f] || s.cell == "_T") || strings.HasPrefix(f, "sous total") || f == "total general"
	case says, s.hits >= 5 && s.size >= 10:
		return borne
	}
	return borne && (s.parts >= 5 && s.size >= 1000 || s.hits >= 2 && s.digits >= tooLong)
}

// wholeCells are totals by their word where nothing stands beside them.
var wholeCells = set("total ensemble")

// tooLong is how many digits no chance meets.
const tooLong = 6

// levelWords name levels of territory, folded.
var levelCells = set("pays france national nationale nation country reg region regions regional regionale dep dept departement departements departemental county com commune communes communal municipality arm arr arrondissement epci intercommunalite canton cantons iris academie bassin bv aav ze uu nuts nuts0 nuts1 nuts2 nuts3 state city")

// levels finds the columns that tell levels of territory apart.
func (f *facts) levels() error {
	for _, d := range f.dims {
		c := f.t.Column(d)
		if c.Type != dataset.Text || c.Distinct < 2 || c.Distinct > 12 || !c.Complete() {
			continue
		}
		known := 0
		for _, v := range c.Values {
			if levelCells[lang.Fold(v.Text)] {
				known++
			}
		}
		if known < 2 || known < len(c.Values)-len(c.Totals) {
			continue
		}
		if ok, err := f.sameThings(c); err != nil {
			return err
		} else if !ok {
			continue
		}
		for i := len(c.Values) - 1; i >= 0; i-- { // fewest rows first: the coarsest
			if !slices.Contains(c.Totals, c.Values[i].Text) {
				c.Levels = append(c.Levels, c.Values[i].Text)
			}
		}
		if err := f.levelled(c); err != nil {
			return err
		}
	}
	return nil
}

// levelHeaders name a column that says of which level its rows are, folded.
var levelHeaders = set("niveau maille echelle echelon level geo geographie geographique territoire territorial zonage granularite geography")

// sameThings tells whether the rows of the levels of a column are the same things
// counted at each: the header says so, or two levels add up to the same. Kinds of
// beneficiaries are no levels: a grant to a department is none to its communes.
func (f *facts) sameThings(level *dataset.Column) (bool, error) {
	for _, w := range strings.FieldsFunc(lang.Fold(level.Name), func(r rune) bool { return r == ' ' || r == '_' || r == '-' }) {
		if levelHeaders[w] {
			return true, nil
		}
	}
	for i := range f.t.Columns {
		c := &f.t.Columns[i]
		if c.Role != dataset.Measure || !c.Type.Numeric() || c.Additivity == dataset.Never {
			continue
		}
		col := quoteName(c.Name)
		n, err := f.one(fmt.Sprintf("SELECT count(*) FROM (SELECT s, lead(s) OVER (ORDER BY s) AS next FROM (SELECT sum(%s) AS s FROM %s GROUP BY %s)) WHERE s > 0 AND next <= 1.02 * s", col, f.rows, quoteName(level.Name)), 1)
		if err != nil {
			return false, err
		}
		if n[0] > 0 {
			return true, nil
		}
	}
	return false, nil
}

// levelled finds the column of names that are each of one level.
func (f *facts) levelled(level *dataset.Column) error {
	for _, d := range f.dims {
		c := f.t.Column(d)
		if c.Type != dataset.Text || c.Name == level.Name || c.Distinct <= level.Distinct {
			continue
		}
		n, err := f.one(fmt.Sprintf("SELECT max(n) FROM (SELECT count(DISTINCT %s) AS n FROM %s GROUP BY %s)", quoteName(level.Name), f.rows, quoteName(d)), 1)
		if err != nil {
			return err
		}
		if n[0] == 1 {
			level.Within = append(level.Within, d)
		}
	}
	return nil
}
