package table

import (
	"math"
	"testing"
	"time"
)

func TestScanNumber(t *testing.T) {
	french, english := style{decimalComma: true}, style{}
	for _, c := range []struct {
		cell string
		st   style
		want float64 // NaN: no number
		unit string
	}{
		{"0", english, 0, ""}, {"007", english, 7, ""}, {"-12", english, -12, ""}, {"− 12", english, -12, ""}, {"+ 29.4", english, 29.4, ""},
		{"1 234", french, 1234, ""}, {"1 234,5", french, 1234.5, ""}, {"1\u202f234\u202f567", french, 1234567, ""}, {"1\u00a0234,50\u00a0€", french, 1234.5, "EUR"},
		{"1'234.5", english, 1234.5, ""}, {"1,234", english, 1234, ""}, {"1,234", french, 1.234, ""}, {"12,345,678.9", english, 12345678.9, ""},
		{"1.234", english, 1.234, ""}, {"1.234", style{groupPoint: true}, 1234, ""}, {"1.234.567", french, 1234567, ""}, {"1.234,56", french, 1234.56, ""},
		{",5", french, 0.5, ""}, {"0,123", english, 0.123, ""}, {"1.", english, 1, ""}, {"1.2E+06", english, 1.2e6, ""}, {"1,5e-3", french, 0.0015, ""},
		{"12,5 %", french, 12.5, "%"}, {"15 k€", french, 15, "k€"}, {"1,2 M€", french, 1.2, "M€"}, {"3 milliards d’euros", french, 3, "Md€"}, {"$1,234", english, 1234, "USD"}, {"-£5", english, -5, "GBP"},
		{"11,429*", english, 11429, ""}, {"91 †", english, 91, ""}, {"12[3]", english, 12, ""}, {"567 (p)", french, 567, ""}, {"12 %*", french, 12, "%"},
		{"(150,00)", french, -150, ""}, {"(1 234)", french, -1234, ""}, {"(1,234.50)", english, -1234.5, ""}, {"(12,5 €)", french, -12.5, "EUR"}, {"(75)", english, -75, ""}, {"(1)", english, math.NaN(), ""}, {"(-1,5)", french, math.NaN(), ""}, {"(150,00", french, math.NaN(), ""},
		{"", english, math.NaN(), ""}, {"-", english, math.NaN(), ""}, {".", english, math.NaN(), ""}, {"%", english, math.NaN(), ""}, {"€", english, math.NaN(), ""},
		{"12th", english, math.NaN(), ""}, {"2 (1)", english, math.NaN(), ""}, {"3–1", english, math.NaN(), ""}, {"1:02.35", english, math.NaN(), ""}, {"2.02:58.6", english, math.NaN(), ""},
		{"03 88 12 34 56", french, math.NaN(), ""}, {"1 23", french, math.NaN(), ""}, {"12,34,56", french, math.NaN(), ""}, {"1,23.4", english, math.NaN(), ""}, {"12E5", english, math.NaN(), ""},
		{"2A004", english, math.NaN(), ""}, {"<5", english, math.NaN(), ""}, {"15 000- 89 999,99", french, math.NaN(), ""}, {"2016-2017", english, math.NaN(), ""}, {"1e999", english, math.NaN(), ""}, {"1.0e+999", english, math.NaN(), ""},
	} {
		n := scanNumber(c.cell)
		got, ok := c.st.parse(n)
		if !ok {
			got = math.NaN()
		}
		if got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) || n.unit != c.unit && !math.IsNaN(c.want) {
			t.Errorf("scanNumber(%q) = %v %q (form %d), want %v %q", c.cell, got, n.unit, n.form, c.want, c.unit)
		}
	}
}

func TestScanDate(t *testing.T) {
	for _, c := range []struct {
		cell       string
		monthFirst bool
		want       string // "" for no date
	}{
		{"2021-03-12", false, "2021-03-12T00:00:00"}, {"2021/3/2", false, "2021-03-02T00:00:00"}, {"12/03/2021", false, "2021-03-12T00:00:00"}, {"12/03/2021", true, "2021-12-03T00:00:00"},
		{"1.2.1999", false, "1999-02-01T00:00:00"}, {"12-03-2021 08:30", false, "2021-03-12T08:30:00"}, {"2021-03-12T08:30:15.250Z", false, "2021-03-12T08:30:15.25"}, {"2021-03-12T23:59:59+02:00", false, "2021-03-12T23:59:59"},
		{"29/02/2020", false, "2020-02-29T00:00:00"}, {"29/02/2021", false, ""}, {"2021-13-01", false, ""}, {"2021-02-30", false, ""}, {"12/03/21", false, ""}, {"12/2021", false, ""},
		{"2021-03-12T25:00", false, ""}, {"2021-03-12 x", false, ""}, {"10–16–2010", false, ""}, {"2016-2017", false, ""}, {"01.02.03.04", false, ""}, {"12/03-2021", false, ""},
	} {
		got := ""
		if at, ok := scanDate(c.cell).at(c.monthFirst); ok {
			got = at.Format("2006-01-02T15:04:05.999")
			if at.Location() != time.UTC {
				t.Errorf("%q is not in UTC", c.cell)
			}
		}
		if got != c.want {
			t.Errorf("scanDate(%q) = %q, want %q", c.cell, got, c.want)
		}
	}
}

func TestHeaderUnit(t *testing.T) {
	for name, want := range map[string]string{
		"Montant (€)": "EUR", "Montant (en milliers d’euros)": "k€", "Part (%)": "%", "% votants": "%", "Recettes en M€": "M€", "Superficie [km²]": "km²", "surface_ha": "", "area km2": "km²",
		"Population (2011)": "", "Score (m)": "m", "Montant": "", "Dépenses en euros": "EUR", "Prix €": "EUR",
	} {
		if got := headerUnit(name); got != want {
			t.Errorf("headerUnit(%q) = %q, want %q", name, got, want)
		}
	}
	for title, want := range map[string]string{"Unité : milliards d'euros": "Md€", "Comptes, en milliers d’euros": "k€", "Milliards d'euros": "Md€", "Comptes de la Région": ""} {
		if got := titleUnit(title); got != want {
			t.Errorf("titleUnit(%q) = %q, want %q", title, got, want)
		}
	}
}
