package outline

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/territory"
)

// levels are those that layers are looked for of.
var levels = []string{"commune", "epci"}

// survey finds out which property of a layer names the territories of the home
// region, by its values: portals call it insee, com_code, INSEE_COM, codgeo …
type survey struct {
	columns map[column]*tally
	rows    int
}

// column is a property, read as codes or as names of a level.
type column struct {
	property, level string
	names           bool
}

// tally is what the values of a column name.
type tally struct {
	units map[int]territory.Unit // by row
	each  map[string]int         // rows by code of the unit
}

func newSurvey() *survey { return &survey{columns: map[column]*tally{}} }

// add looks at the properties of the next feature.
func (s *survey) add(properties map[string]any) {
	for property, v := range properties {
		value := text(v)
		if value == "" {
			continue
		}
		for _, level := range levels {
			for _, names := range []bool{false, true} {
				if u, ok := find(value, level, names); ok {
					s.note(column{property, level, names}, u)
				}
			}
		}
	}
	s.rows++
}

func (s *survey) note(c column, u territory.Unit) {
	t := s.columns[c]
	if t == nil {
		t = &tally{units: map[int]territory.Unit{}, each: map[string]int{}}
		s.columns[c] = t
	}
	t.units[s.rows] = u
	t.each[u.Code]++
}

// find returns the unit of today that a value names: one alone.
func find(value, level string, names bool) (territory.Unit, bool) {
	if len(value) == 4 && level == "commune" && strings.Trim(value, "0123456789") == "" {
		value = "0" + value // a code that lost its zero
	}
	var found []territory.Unit
	for _, u := range territory.Home().Find(value) {
		if u.Level == level && u.Until == 0 && (names && lang.Fold(u.Name) == lang.Fold(value) || !names && u.Code == value) {
			found = append(found, u)
		}
	}
	if len(found) != 1 {
		return territory.Unit{}, false
	}
	return found[0], true
}

// What tells a layer of a level: its rows are one territory each, nearly all of
// them are known, or it holds most of the region's.
const (
	fewest    = 4
	nearlyAll = 0.9
	most      = 0.5
	repeated  = 0.02
)

// settle gives the layer its level, and its shapes the names and codes of the
// territories they are.
func (s *survey) settle(l *Layer) {
	best, found := column{}, (*tally)(nil)
	for c, t := range s.columns {
		rows := float64(len(t.units))
		whole := len(t.each) >= fewest && (rows >= nearlyAll*float64(s.rows) || float64(len(t.each)) >= most*float64(territory.Home().Count(c.level)))
		if !whole || rows-float64(len(t.each)) > repeated*rows {
			continue
		}
		if found == nil || better(c, t, best, found) {
			best, found = c, t
		}
	}
	if found == nil {
		return
	}
	l.Level, l.Units = best.level, len(found.each)
	l.units = make([]unit, len(l.shapes))
	for row, u := range found.units {
		if found.each[u.Code] > 1 {
			continue
		}
		l.units[row] = unit{code: u.Code, name: u.Name}
		l.name(u.Code, row)
		l.name(u.Name, row)
	}
	if l.Level == "commune" {
		s.widen(l)
	}
}

// better prefers the column that names more territories, codes before names.
func better(a column, t *tally, b column, u *tally) bool {
	switch {
	case len(t.each) != len(u.each):
		return len(t.each) > len(u.each)
	case a.names != b.names:
		return !a.names
	}
	return a.property < b.property
}

// widen puts communes together to the intercommunalities that the layer says
// they are in.
func (s *survey) widen(l *Layer) {
	known := 0
	for _, u := range l.units {
		if u.code != "" {
			known++
		}
	}
	var columns []column
	for c, t := range s.columns {
		if c.level == "epci" && float64(len(t.units)) >= nearlyAll*float64(known) && len(t.each) < len(t.units) {
			columns = append(columns, c)
		}
	}
	if len(columns) == 0 {
		return
	}
	slices.SortFunc(columns, func(a, b column) int {
		return cmp.Or(cmp.Compare(len(s.columns[b].each), len(s.columns[a].each)), cmp.Compare(a.property, b.property))
	})
	members, names := map[string][]int{}, map[string]string{}
	for row, u := range s.columns[columns[0]].units {
		if l.units[row].code != "" {
			l.units[row].within = u.Code
			members[u.Code], names[u.Code] = append(members[u.Code], row), u.Name
		}
	}
	w := &Layer{Credit: l.Credit, Level: "epci", Units: len(members), byKey: map[string]int{}}
	for _, code := range slices.Sorted(maps.Keys(members)) {
		slices.Sort(members[code])
		var parts []Shape
		for _, row := range members[code] {
			parts = append(parts, l.shapes[row])
		}
		w.shapes = append(w.shapes, dissolve(parts))
		w.units = append(w.units, unit{code: code, name: names[code]})
		w.name(code, len(w.shapes)-1)
		w.name(names[code], len(w.shapes)-1)
	}
	l.wider = w
}
