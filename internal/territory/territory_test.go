package territory

import (
	"slices"
	"strings"
	"testing"
)

func TestFranceKnowsItsPlaces(t *testing.T) {
	if _, err := unpack(communesTSV); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, level, within, region string
	}{
		{"Lyon", "commune", "Rhône", "84"},
		{"chalons en champagne", "commune", "Marne", "44"},
		{"Havre", "commune", "Seine-Maritime", "28"},
		{"AJACCIO", "commune", "Corse-du-Sud", "94"},
		{"Saint-Denis", "commune", "La Réunion", "04"}, // and Seine-Saint-Denis', and more
		{"Haut-Rhin", "department", "Grand Est", "44"},
		{"grand est", "region", "", "44"},
	} {
		want := Place{Level: c.level, Within: c.within, Region: c.region}
		if !slices.ContainsFunc(France().Named(c.name), func(p Place) bool {
			return p.Level == want.Level && p.Within == want.Within && p.Region == want.Region
		}) {
			t.Errorf("Named(%q) = %v, want one that is %v", c.name, France().Named(c.name), want)
		}
	}
	if got := France().Named("Gotham"); got != nil {
		t.Errorf("Named(Gotham) = %v", got)
	}
	if n := len(France().lines); n < 35_000 || n > 39_000 { // some stand under two names
		t.Errorf("%d lines of communes", n)
	}
	if !slices.IsSorted(strings.Split(strings.TrimSuffix(France().communes, "\n"), "\n")) {
		t.Error("the communes do not stand in the order of their names, by which they are found")
	}
}

func TestRegionsBeforeCommunes(t *testing.T) {
	got := France().Named("Paris")
	if len(got) < 2 || got[0].Level != "department" {
		t.Errorf("Named(Paris) = %v, want the department first", got)
	}
}

func TestOneWord(t *testing.T) {
	if !slices.Contains(France().OneWord(8), "toulouse") || slices.Contains(France().OneWord(8), "metz") {
		t.Error("OneWord(8) holds names of eight letters, Toulouse among them")
	}
}

func TestEveryCommuneIsFound(t *testing.T) {
	g := France()
	for i := range len(g.lines) - 1 {
		folded, code, name := g.line(i)
		if !slices.ContainsFunc(g.Named(folded), func(p Place) bool { return p.Code == code && p.Name == name && p.Region != "" }) {
			t.Fatalf("Named(%q) has no %s %s with its region", folded, code, name)
		}
		if p, ok := g.Coded("commune", code); !ok || p.Name != name {
			t.Fatalf("Coded(%s) = %v", code, p)
		}
	}
	if p, ok := g.Coded("department", "57"); !ok || p.Name != "Moselle" {
		t.Errorf("Coded(department, 57) = %v", p)
	}
}

func BenchmarkFrance(b *testing.B) {
	communes, err := unpack(communesTSV)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		parse(departmentsTSV, communes)
	}
}
