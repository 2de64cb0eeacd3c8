package refresh

import (
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
// identifies none of them.
func once(all []dataset.Dataset) []dataset.Dataset {
	where := map[string][]int{} // key → datasets that have it
	for i, d := range all {
		for _, k := range keys(d) {
			where[k] = append(where[k], i)
		}
	}
	parent := make([]int, len(all))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	for _, at := range where {
		if !oneEach(all, at) {
			continue
		}
		for _, i := range at[1:] {
			if a, b := root(at[0]), root(i); a != b {
				parent[max(a, b)] = min(a, b)
			}
		}
	}
	groups := map[int][]int{}
	for i := range all {
		groups[root(i)] = append(groups[root(i)], i)
	}
	var out []dataset.Dataset
	for i := range all {
		g := groups[i]
		switch {
		case len(g) == 1:
			out = append(out, all[i])
		case len(g) > 1:
			out = append(out, merged(all, g))
		}
	}
	return out
}

// oneEach tells whether the datasets are of several portals, one of each.
func oneEach(all []dataset.Dataset, at []int) bool {
	portals := map[string]bool{}
	for _, i := range at {
		if portals[all[i].Portal] {
			return false
		}
		portals[all[i].Portal] = true
	}
	return len(at) > 1
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

// merged is the one of a group that stays.
func merged(all []dataset.Dataset, group []int) dataset.Dataset {
	named := map[string]bool{} // what others say they come from
	for _, i := range group {
		for _, o := range all[i].Origins {
			named[plain(o)] = true
		}
	}
	best, rank := group[0], -1
	for _, i := range group {
		d, r := all[i], 0
		if named[plain(d.URL)] || named[plain(d.ID)] {
			r += 2
		}
		if slices.ContainsFunc(d.Distributions, func(x dataset.Distribution) bool { return harvest.TableFormat(x) != "" }) {
			r++
		}
		if r > rank {
			best, rank = i, r
		}
	}
	d := all[best]
	d.Origins = slices.Clone(d.Origins)
	for _, i := range group {
		if u := all[i].URL; i != best && u != "" && !slices.Contains(d.Origins, u) {
			d.Origins = append(d.Origins, u)
		}
	}
	return d
}
