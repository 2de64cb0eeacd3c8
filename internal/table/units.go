package table

import (
	"strings"
	"unicode/utf8"
)

// units a cell may carry around its number, longest first, and how
// Column.Unit names them.
var cellUnits = []struct{ text, unit string }{
	{"milliards d'euros", "Md€"}, {"milliards d’euros", "Md€"}, {"millions d'euros", "M€"}, {"millions d’euros", "M€"},
	{"milliers d'euros", "k€"}, {"milliers d’euros", "k€"},
	{"Mds€", "Md€"}, {"Md€", "Md€"}, {"M€", "M€"}, {"k€", "k€"}, {"K€", "k€"},
	{"heures", "h"}, {"heure", "h"}, {"minutes", "min"},
	{"euros", "EUR"}, {"euro", "EUR"}, {"Euros", "EUR"}, {"EUR", "EUR"}, {"€", "EUR"}, {"%", "%"}, {"$", "USD"}, {"£", "GBP"},
}

func cutUnit(s string) (rest, unit string) {
	if i := strings.LastIndexAny(s, " \u00a0\u202f"); i > 0 && s[0] <= '9' { // "12,5 km"
		_, w := utf8.DecodeRuneInString(s[i:])
		if u, ok := measuredIn[s[i+w:]]; ok && s[i-1] >= '0' && s[i-1] <= '9' {
			return s[:i], u
		}
	}
	if last, _ := utf8.DecodeLastRuneInString(s); !strings.ContainsRune("€%$£soR", last) {
		return s, ""
	}
	for _, u := range cellUnits {
		if t, ok := strings.CutSuffix(s, u.text); ok {
			t = strings.TrimRight(t, " \u00a0\u202f\u2009")
			if t == "" {
				return s, ""
			}
			return t, u.unit
		}
	}
	return s, ""
}

// measuredIn are the units of nature a cell may end with, as they are written.
var measuredIn = map[string]string{"km": "km", "m": "m", "cm": "cm", "mm": "mm", "km²": "km²", "km2": "km²", "m²": "m²", "m2": "m²", "ha": "ha", "m³": "m³", "m3": "m³",
	"kg": "kg", "t": "t", "tonnes": "t", "Wh": "Wh", "kWh": "kWh", "MWh": "MWh", "GWh": "GWh", "TWh": "TWh", "W": "W", "kW": "kW", "MW": "MW", "GW": "GW", "g": "g", "mg": "mg", "kt": "kt", "L": "L", "l": "L", "hL": "hL", "hl": "hL", "kWc": "kWc", "km/h": "km/h", "°C": "°C", "ans": "ans", "jours": "jours"}

// families are units of one thing, by what one of them holds.
var families = []map[string]float64{
	{"EUR": 1, "k€": 1e3, "M€": 1e6, "Md€": 1e9},
	{"mm": 1e-3, "cm": 1e-2, "m": 1, "km": 1e3},
	{"m²": 1, "ha": 1e4, "km²": 1e6},
	{"mg": 1e-6, "g": 1e-3, "kg": 1, "t": 1e3, "kt": 1e6},
	{"Wh": 1e-3, "kWh": 1, "MWh": 1e3, "GWh": 1e6, "TWh": 1e9},
	{"W": 1e-3, "kW": 1, "MW": 1e3, "GW": 1e6},
	{"L": 1, "hL": 100},
	{"min": 1, "h": 60},
}

// oneUnit brings units of one family to the one of size 1; ok is false where
// they are of several.
func oneUnit(units map[string]int64) (unit string, factors map[string]float64, ok bool) {
	for _, f := range families {
		all := true
		for u := range units {
			all = all && f[u] > 0
		}
		if !all {
			continue
		}
		for u, v := range f {
			if v == 1 {
				return u, f, true
			}
		}
	}
	return "", nil, false
}

func cutLeadingUnit(s string) (rest, unit string) {
	for _, u := range []struct{ text, unit string }{{"US$", "USD"}, {"$", "USD"}, {"£", "GBP"}, {"€", "EUR"}} {
		if t, ok := strings.CutPrefix(s, u.text); ok {
			return strings.TrimLeft(t, " \u00a0\u202f"), u.unit
		}
	}
	return s, ""
}
