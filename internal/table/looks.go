package table

import (
	"strings"
)

// truth reads a boolean; "oui" and "1" are categories of their publisher's.
func truth(s string) (value, ok bool) {
	if len(s) != 4 && len(s) != 5 || s[0]|0x20 != 't' && s[0]|0x20 != 'v' && s[0]|0x20 != 'f' {
		return false, false
	}
	switch strings.ToLower(s) {
	case "true", "vrai":
		return true, true
	case "false", "faux":
		return false, true
	}
	return false, false
}

func compactDate(s string) bool {
	y, _ := digitsAt(s, 0)
	return len(s) == 8 && y >= 1800 && y <= 2100 && valid(y, int(s[4]-'0')*10+int(s[5]-'0'), int(s[6]-'0')*10+int(s[7]-'0'))
}

func isGeo(s string) bool {
	if s[0] == '{' {
		return strings.Contains(s, `"coordinates"`)
	}
	for _, p := range []string{"POINT", "POLYGON", "MULTIPOLYGON", "LINESTRING", "MULTILINESTRING", "MULTIPOINT", "SRID="} {
		if strings.HasPrefix(s, p) {
			return strings.ContainsAny(s, "(=")
		}
	}
	a, b, ok := strings.Cut(s, ",")
	if !ok || len(s) > 60 {
		return false
	}
	x, y := scanNumber(trim(a)), scanNumber(trim(b))
	return (x.form == point || x.form == pointOrGroup) && (y.form == point || y.form == pointOrGroup) && x.length <= 3 && y.length <= 3
}

// looksCoded tells codes by their shape: as many letters and digits in every
// cell (01053, 2A004), or few, some with leading zeros (01, 2A, 976, ZZ).
func (t *tally) looksCoded(h hint) bool {
	rest := t.filled - t.missing
	if t.coded*2 < rest || t.links > 0 || t.allDates() > 0 {
		return false
	}
	if t.coded+t.named < rest || t.longestT > 15 {
		return false
	}
	return t.shortestT == t.longestT && t.longestT > 1 || t.longestT <= 5 && (t.zeros > 0 || h.any(placeWords))
}
