package table

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"cigogne/internal/dataset"
)

// parent is a set of columns that may name what several rows belong to, and how
// its groups of rows look.
type parent struct {
	key    []string
	most   int64   // bounds groups, by the columns' profiles
	named  bool    // the columns identify things, by their headers or as a part of the row's key
	groups float64 // different keys
	multi  float64 // of these, with several rows
	extra  float64 // rows beyond the first of each group
}

// repeat is how one column lies in the groups of a parent.
type repeat struct {
	uneven  float64 // groups of several rows in which it differs
	counts  float64 // groups in which it is the number of rows
	values  float64 // different values, one a group
	chance  float64 // that two rows are equal in it by chance
	related bool    // its header names a count or an amount
	merged  bool    // the workbook says so: its cells are merged over the rows, as the parent's are
}

// A parent's value is told from a coincidence by how unlikely that is: by the
// digits before which its odds start where nothing else speaks for it, or a
// little where the columns are a key by name.
const (
	certain   = 6.0
	plausible = 0.2
	stray     = 0.02 // of the groups may differ: publishers err
)

// parents finds the measures that repeat a parent's value on each of its rows.
func (f *facts) parents() error {
	best := map[string]*parent{}
	for _, p := range f.parentKeys() {
		var tried []string
		for _, name := range f.amounts {
			if c := f.t.Column(name); c.Distinct > 1 && c.Distinct <= p.most && !f.onlyOverTime(&p, c) {
				tried = append(tried, name)
			}
		}
		repeated, err := f.repeated(&p, tried, f.rows)
		if err == nil && f.rows != f.parquet {
			repeated, err = f.repeated(&p, repeated, f.parquet)
		}
		if err != nil {
			return err
		}
		for _, name := range repeated {
			if b := best[name]; b == nil || p.groups < b.groups && len(p.key) <= len(b.key) {
				best[name] = &p
			}
		}
	}
	for name, p := range best {
		f.t.Column(name).Within = p.key
	}
	return nil
}

// parentKeys lists what may be a parent: each column that names things, and
// each part of the row's key. Those by name come first.
func (f *facts) parentKeys() []parent {
	var out []parent
	for _, d := range f.dims {
		c := f.t.Column(d)
		if c.Distinct < 2 || c.Distinct >= f.t.Rows {
			continue
		}
		out = append(out, parent{key: []string{d}, most: c.Distinct, named: f.named(c)})
	}
	if n := len(f.t.Key); n > 2 && n <= 4 {
		for mask := 1; mask < 1<<n-1; mask++ {
			var key []string
			for i, k := range f.t.Key {
				if mask>>i&1 == 1 {
					key = append(key, k)
				}
			}
			if len(key) > 1 && !slices.ContainsFunc(key, func(k string) bool { return f.t.Column(k).Role == dataset.Time }) {
				most := int64(1)
				for _, k := range key {
					most = min(f.t.Rows, most*f.t.Column(k).Distinct)
				}
				out = append(out, parent{key: key, most: most, named: true})
			}
		}
	}
	rank := func(p parent) int { // names may be shared, identifiers are not
		switch {
		case len(p.key) == 1 && f.hints[p.key[0]].id(p.key[0]):
			return 0
		case p.named:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(out, func(a, b parent) int { return rank(a) - rank(b) })
	return out
}

// named tells a column that identifies things: a sale, a station, a polling
// place.
func (f *facts) named(c *dataset.Column) bool {
	h := f.hints[c.Name]
	switch c.Kind {
	case dataset.KindFINESS, dataset.KindUAI, dataset.KindSIRET, dataset.KindSIREN, dataset.KindRNA, dataset.KindParcel:
		return true
	}
	if c.Role == dataset.Time || c.Role == dataset.Year {
		return false
	}
	return h.id(c.Name) || h.any(thingWords) && !h.any(quantityWords) || c.Role == dataset.Key ||
		strings.HasPrefix(lastWord(h), "uid") || len(h.words) > 0 && h.words[0] == "id"
}

// thingWords name what is counted with things of its own: voters, points, lots.
var thingWords = set("bureau station mutation marche contrat contract lot dossier projet project operation convention etablissement ecole college lycee site accident ligne arret commande facture sale order school parcelle batiment building stop trip course circuit equipement hopital clinique hospital hotel precinct ward permis permit lycees musee museum library parking piscine crossing grant award tender")

func lastWord(h hint) string {
	if len(h.words) == 0 {
		return ""
	}
	return h.words[len(h.words)-1]
}

// onlyOverTime tells that a parent's rows are its moments: a rent that is the
// same every month is paid every month. What there is at a moment is not.
func (f *facts) onlyOverTime(p *parent, c *dataset.Column) bool {
	if c.Additivity == dataset.NotOverTime || len(f.t.Key) < 2 {
		return false
	}
	timed := false
	for _, k := range f.t.Key {
		if slices.Contains(p.key, k) {
			continue
		}
		switch f.t.Column(k).Role {
		case dataset.Time, dataset.Year:
			timed = true
		default:
			return false
		}
	}
	return timed
}

// manyAtOnce bounds the columns one query counts different values of: each takes
// megabytes from the start.
const manyAtOnce = 12

// repeated lists the columns that say the same on every row of a parent, and
// not by chance.
func (f *facts) repeated(p *parent, columns []string, from string) ([]string, error) {
	var out []string
	for some := range slices.Chunk(columns, manyAtOnce) {
		held, err := f.repeatedOf(p, some, from)
		if err != nil {
			return nil, err
		}
		out = append(out, held...)
	}
	return out, nil
}

func (f *facts) repeatedOf(p *parent, columns []string, from string) ([]string, error) {
	of := []string{"count(*)", "count(*) FILTER (n > 1)", "sum(n - 1)"}
	var each1 []string
	for i, c := range columns {
		m := quoteName(c)
		each1 = append(each1, fmt.Sprintf("min(%[1]s) AS l%[2]d, max(%[1]s) AS h%[2]d, count(%[1]s) AS f%[2]d", m, i))
		of = append(of, fmt.Sprintf("count(*) FILTER (n > 1 AND (l%[1]d <> h%[1]d OR f%[1]d NOT IN (0, n)))", i), fmt.Sprintf("count(*) FILTER (l%[1]d = n)", i), fmt.Sprintf("count(DISTINCT l%d)", i))
	}
	n, err := f.one(fmt.Sprintf("SELECT %s FROM (SELECT count(*) AS n, %s FROM %s WHERE %s GROUP BY %s)", strings.Join(of, ", "), strings.Join(each1, ", "),
		from, strings.Join(each(p.key, " IS NOT NULL"), " AND "), quoteNames(p.key)), len(of))
	if err != nil {
		return nil, err
	}
	p.groups, p.multi, p.extra = n[0], n[1], n[2]
	var out []string
	for i, c := range columns {
		h := f.hints[c]
		r := repeat{uneven: n[3+3*i], counts: n[4+3*i], values: n[5+3*i], related: h.any(quantityWords) || h.any(stockWords) || h.any(shareWords)}
		r.merged = f.merged[c] && !slices.ContainsFunc(p.key, func(k string) bool { return !f.merged[k] })
		if !r.possible(p) {
			continue
		}
		chance, err := f.chance(c)
		if err != nil {
			return nil, err
		}
		if r.chance = chance; r.holds(p) {
			out = append(out, c)
		}
	}
	return out, nil
}

// shareWords name what is counted once for all who share it, besides quantities.
var shareWords = set("amount somme votants exprimes blancs nuls procurations abstentions emargements electeurs registered voters electors turnout ballots grant award funding value turnover subvention subventions aide aides financement dotation surface capacite")

// chance is how often two rows are equal in a column.
func (f *facts) chance(column string) (float64, error) {
	n, err := f.one(fmt.Sprintf("SELECT sum(n * n) / (sum(n) * sum(n)) FROM (SELECT count(*)::DOUBLE AS n FROM %[1]s WHERE %[2]s IS NOT NULL GROUP BY %[2]s)", f.rows, quoteName(column)), 1)
	return n[0], err
}

func each(names []string, after string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = quoteName(n) + after
	}
	return out
}

func (r repeat) possible(p *parent) bool {
	return p.multi > 0 && p.groups > 1 && r.values > 1 && r.uneven <= stray*p.multi
}

func (r repeat) holds(p *parent) bool {
	odds := p.extra * -math.Log10(min(max(r.chance, 1e-12), 1))
	own := r.values*2 >= p.groups                   // nearly each parent has a value of its own
	few := p.groups <= 50 && p.extra >= 20*p.groups // a tariff by category, paid on each row
	if r.merged && r.uneven == 0 || p.named && r.ofNamed(p, odds) {
		return true
	}
	return odds >= certain && p.multi >= 5 && own && r.related && !few
}

// ofNamed is holds for parents that a column names: less has to speak for it.
func (r repeat) ofNamed(p *parent, odds float64) bool {
	counting := r.counts >= 0.9*p.groups && p.groups > 1
	own := r.values*2 >= p.groups
	return counting || odds >= plausible && r.related && p.groups < 20 || odds >= certain && (r.related || own)
}
