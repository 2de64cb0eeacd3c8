package refresh

import (
	"cmp"
	"hash/fnv"
	"iter"
	"net/url"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
)

// once leaves one of each dataset that stands on several portals: the one that
// the others name as their origin, else the one with tables, else the first. It
// gets the addresses of those left out as origins of its own. Two are the same
// by an identifier or address that one names and the other has, or by the
// addresses of their tables. What several datasets of one portal share
// identifies none of them. The catalogue is read once, then again each time the
// result is; it is never in memory.
func once(catalogue iter.Seq2[dataset.Dataset, error]) (iter.Seq2[dataset.Dataset, error], error) {
	m, err := met(catalogue)
	if err != nil {
		return nil, err
	}
	kept := m.kept()
	return func(yield func(dataset.Dataset, error) bool) {
		i := 0
		for d, err := range catalogue {
			if err == nil {
				k, several := kept[i]
				if i++; several && !k.stays {
					continue
				}
				d.Origins = k.origins(d)
			}
			if !yield(d, err) {
				return
			}
		}
	}, nil
}

// mention is a dataset that has a key, hashed.
type mention struct {
	key     uint64
	dataset uint32
}

// meetings is what is remembered of a catalogue to find what stands on several
// portals: the datasets' numbers are their places in it.
type meetings struct {
	portals  []uint16 // of each dataset
	mentions []mention
	own      []mention // by what others would name it
	named    map[uint64]bool
	cards    []card
}

// card is what decides which of several datasets stays.
type card struct {
	url    string
	tables bool
}

// met reads a catalogue.
func met(catalogue iter.Seq2[dataset.Dataset, error]) (*meetings, error) {
	m := &meetings{named: map[uint64]bool{}}
	portals := map[string]uint16{}
	for d, err := range catalogue {
		if err != nil {
			return nil, err
		}
		p, ok := portals[d.Portal]
		if !ok {
			p = uint16(len(portals))
			portals[d.Portal] = p
		}
		i := uint32(len(m.portals))
		m.portals = append(m.portals, p)
		for _, k := range keys(d) {
			m.mentions = append(m.mentions, mention{hashed(k), i})
		}
		for _, s := range []string{d.URL, d.ID} {
			if s = plain(s); s != "" {
				m.own = append(m.own, mention{hashed(s), i})
			}
		}
		for _, o := range d.Origins {
			m.named[hashed(plain(o))] = true
		}
		m.cards = append(m.cards, card{d.URL, slices.ContainsFunc(d.Distributions, func(x dataset.Distribution) bool { return harvest.TableFormat(x) != "" })})
	}
	return m, nil
}

// hashed stands for a key: of 64 bits, so that among millions no two meet.
func hashed(key string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(key))
	return h.Sum64()
}

// together numbers the datasets by groups of the same one: each by its first.
func (m *meetings) together() []uint32 {
	slices.SortFunc(m.mentions, func(a, b mention) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.dataset, b.dataset))
	})
	parent := make([]uint32, len(m.portals))
	for i := range parent {
		parent[i] = uint32(i)
	}
	root := func(i uint32) uint32 {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for rest := m.mentions; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].key == rest[0].key {
			n++
		}
		if m.oneEach(rest[:n]) {
			for _, x := range rest[1:n] {
				if a, b := root(rest[0].dataset), root(x.dataset); a != b {
					parent[max(a, b)] = min(a, b)
				}
			}
		}
		rest = rest[n:]
	}
	for i := range parent {
		parent[i] = root(uint32(i))
	}
	return parent
}

// oneEach tells whether the datasets are of several portals, one of each.
func (m *meetings) oneEach(at []mention) bool {
	portals := map[uint16]bool{}
	for _, x := range at {
		p := m.portals[x.dataset]
		if portals[p] {
			return false
		}
		portals[p] = true
	}
	return len(at) > 1
}

// standing is what becomes of a dataset that stands on several portals.
type standing struct {
	stays  bool
	others []string // addresses of those left out
}

// origins are a dataset's, those of the ones left out included.
func (s standing) origins(d dataset.Dataset) []string {
	out := slices.Clone(d.Origins)
	for _, u := range s.others {
		if u != "" && !slices.Contains(out, u) {
			out = append(out, u)
		}
	}
	return out
}

// kept says which datasets stay, of those that stand on several portals.
func (m *meetings) kept() map[int]standing {
	groups := map[uint32][]uint32{}
	for i, first := range m.together() {
		if uint32(i) != first {
			if groups[first] == nil {
				groups[first] = []uint32{first}
			}
			groups[first] = append(groups[first], uint32(i))
		}
	}
	origins := map[uint32]bool{} // what others say they come from
	for _, o := range m.own {
		if m.named[o.key] {
			origins[o.dataset] = true
		}
	}
	out := map[int]standing{}
	for _, g := range groups {
		best, rank := g[0], -1
		for _, i := range g {
			r := 0
			if origins[i] {
				r += 2
			}
			if m.cards[i].tables {
				r++
			}
			if r > rank {
				best, rank = i, r
			}
		}
		var others []string
		for _, i := range g {
			if out[int(i)] = (standing{}); i != best {
				others = append(others, m.cards[i].url)
			}
		}
		out[int(best)] = standing{true, others}
	}
	return out
}

// shortest is the length from which an identifier is taken for one that no
// other portal gives to something else.
const shortest = 12

// keys are what identifies a dataset wherever it stands.
func keys(d dataset.Dataset) []string {
	out := []string{plain(d.URL)}
	for _, s := range append([]string{d.ID}, d.Origins...) {
		out = append(out, plain(s))
	}
	var tables []string
	for _, x := range d.Distributions {
		if harvest.TableFormat(x) != "" && x.URL != "" {
			tables = append(tables, plain(x.URL))
		}
	}
	if slices.Sort(tables); len(tables) > 0 {
		out = append(out, "tables "+strings.Join(tables, " "))
	}
	out = slices.DeleteFunc(out, func(s string) bool { return len(s) < shortest })
	slices.Sort(out)
	return slices.Compact(out)
}

// plain writes an identifier or address in one way: without scheme, language
// and the slash at its end. The home page of a site identifies nothing.
func plain(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if !harvest.IsWeb(s) {
		return s
	}
	u, err := url.Parse(s)
	if err != nil || strings.Trim(u.Path, "/") == "" && u.Fragment == "" && u.RawQuery == "" {
		return ""
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	for _, language := range []string{"/fr/", "/en/"} {
		if rest, ok := strings.CutPrefix(path, language); ok {
			path = "/" + rest
		}
	}
	rest := ""
	if u.RawQuery != "" {
		rest = "?" + u.RawQuery
	}
	if u.Fragment != "" {
		rest += "#" + u.Fragment
	}
	return strings.TrimPrefix(u.Host, "www.") + path + rest
}
