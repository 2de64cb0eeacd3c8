package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"cigogne/internal/lang"
)

// register writes the territories of the region as internal/territory reads
// them, in units.tsv.gz and former.txt of a folder: a line each of what there is or was, under which names, and what changed.
//
//	unit    level  code  name  department  siren  postcodes  last year  code of the one it is part of
//	name    level  code  older name  last year
//	change  level  code  year  names gained  names lost
func (h *history) register(dir string) error {
	var b bytes.Buffer
	line := func(cells ...string) { fmt.Fprintln(&b, strings.Join(cells, "\t")) }
	h.units(line)
	h.older(line)
	h.changes(line)
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(b.Bytes()); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return errors.Join(os.WriteFile(filepath.Join(dir, "units.tsv.gz"), packed.Bytes(), 0o644),
		os.WriteFile(filepath.Join(dir, "former.txt"), []byte(former(b.String())), 0o644))
}

// former lists the folded names that are a unit's no more, in order.
func former(register string) string {
	names := map[string]bool{}
	for line := range strings.Lines(register) {
		switch f := strings.Split(line, "\t"); {
		case f[0] == "name", f[0] == "unit" && f[7] != "":
			names[lang.Fold(f[3])] = true
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(names)), "\n") + "\n"
}

// units writes what exists, what merged away in these years, and what did
// before them: its last year is then the one before the first.
func (h *history) units(line func(...string)) {
	last, taken := h.last(), map[string]bool{}
	until := map[string]int{}
	for _, d := range h.years {
		for _, c := range d.communes {
			until[c.Code] = d.year
		}
		for _, e := range d.epcis {
			until[e.Code] = d.year
		}
	}
	end := func(code string) string {
		if until[code] == last.year {
			return ""
		}
		return strconv.Itoa(until[code])
	}
	for _, code := range slices.Sorted(maps.Keys(h.communes)) {
		c := h.communes[code]
		taken[lang.Fold(c.Nom)] = true
		line("unit", "commune", code, c.Nom, c.Departement, h.sirens[code], strings.Join(c.CodesPostaux, ","), end(code), h.into[code])
	}
	for _, code := range slices.Sorted(maps.Keys(h.names)) {
		if _, ok := h.communes[code]; !ok {
			line("unit", "epci", code, h.names[code], "", code, "", end(code), "")
		}
	}
	parts := map[string]commune{}
	for _, d := range h.years {
		for _, c := range d.parts {
			parts[c.Code+c.Nom] = c
		}
	}
	before := strconv.Itoa(h.years[0].year - 1)
	for _, k := range slices.Sorted(maps.Keys(parts)) {
		c := parts[k]
		heir, ok := h.heir(c.ChefLieu)
		if ok && !taken[lang.Fold(c.Nom)] && !h.called(c.ChefLieu, c.Nom) {
			line("unit", "commune", c.Code, c.Nom, c.Departement, "", "", before, heir.Code)
		}
	}
}

// called tells whether a commune bore a name in one of the years.
func (h *history) called(code, name string) bool {
	for _, d := range h.years {
		for _, c := range d.communes {
			if c.Code == code && lang.Fold(c.Nom) == lang.Fold(name) {
				return true
			}
		}
	}
	return false
}

// older writes the names that a territory no longer bears.
func (h *history) older(line func(...string)) {
	type bearer struct{ level, code, name string }
	until := map[bearer]int{}
	for _, d := range h.years {
		for _, c := range d.communes {
			until[bearer{"commune", c.Code, c.Nom}] = d.year
		}
		for _, e := range d.epcis {
			until[bearer{"epci", e.Code, e.Nom}] = d.year
		}
	}
	var lines []string
	for x, year := range until {
		if x.name != h.names[x.code] {
			lines = append(lines, strings.Join([]string{"name", x.level, x.code, x.name, strconv.Itoa(year)}, "\t"))
		}
	}
	slices.Sort(lines)
	for _, l := range lines {
		line(l)
	}
}

// changes writes what joined or left a territory from one year to the next: the
// communes that a commune merged with, the members of an intercommunality,
// which is followed by its name where it was founded anew.
func (h *history) changes(line func(...string)) {
	for i, d := range h.years[1:] {
		year, before := strconv.Itoa(d.year), h.years[i]
		exists := map[string]bool{}
		for _, c := range d.communes {
			exists[c.Code] = true
		}
		gained := map[string][]string{}
		for _, c := range before.communes {
			if !exists[c.Code] {
				gained[h.into[c.Code]] = append(gained[h.into[c.Code]], h.names[c.Code])
			}
		}
		for _, code := range slices.Sorted(maps.Keys(gained)) {
			line("change", "commune", code, year, strings.Join(gained[code], ";"), "")
		}
		was := h.members(before)
		for _, e := range d.epcis {
			old, now := was[h.names[e.Code]], h.members(d)[h.names[e.Code]]
			joined, left := without(now, old), without(old, now)
			if len(old) > 0 && len(joined)+len(left) > 0 {
				line("change", "epci", e.Code, year, strings.Join(joined, ";"), strings.Join(left, ";"))
			}
		}
	}
}

// members lists the communes of each intercommunality of a year, by its latest
// name, as the communes that hold them now.
func (h *history) members(d *divisions) map[string][]string {
	in := map[string][]string{}
	for _, e := range d.epcis {
		for _, m := range e.Membres {
			name := m.Code
			if c, ok := h.heir(m.Code); ok {
				name = c.Nom
			}
			if !slices.Contains(in[h.names[e.Code]], name) {
				in[h.names[e.Code]] = append(in[h.names[e.Code]], name)
			}
		}
	}
	return in
}

func without(all, some []string) []string {
	var out []string
	for _, x := range all {
		if !slices.Contains(some, x) {
			out = append(out, x)
		}
	}
	return out
}
