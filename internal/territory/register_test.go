package territory

import (
	"slices"
	"testing"
)

func TestRegisterFinds(t *testing.T) {
	if _, err := unpack(unitsTSV); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ key, name, heir string }{
		{"nancy", "Nancy", "Nancy"},
		{"54395", "Nancy", "Nancy"},                     // Insee
		{"215403957", "Nancy", "Nancy"},                 // SIREN
		{"67100", "Strasbourg", "Strasbourg"},           // postcode
		{"Waldighofen", "Waldighoffen", "Waldighoffen"}, // its name until 2025
		{"Reuil", "Cœur-de-la-Vallée", "Cœur-de-la-Vallée"},
		{"Rollainville", "Rollainville", "Neufchâteau"}, // merged in 2025
		{"le mont dieu", "Le Mont-Dieu", "Tannay-le-Mont-Dieu"},
		{"Les Alleux", "Les Alleux", "Bairon et ses environs"}, // merged before the register begins
		{"CA de Longwy", "CA Grand Longwy Agglomération", "CA Grand Longwy Agglomération"},
	} {
		found := Home().Find(c.key)
		i := slices.IndexFunc(found, func(u Unit) bool { return u.Name == c.name })
		if i < 0 {
			t.Errorf("Find(%q) = %v, want %s", c.key, found, c.name)
			continue
		}
		if heir, ok := Home().Heir(found[i]); !ok || heir.Name != c.heir {
			t.Errorf("the heir of %s is %q, want %q", c.name, heir.Name, c.heir)
		}
	}
	if got := Home().Find("88400"); len(got) < 2 {
		t.Errorf("Find(88400) = %v, want the communes that share it", got)
	}
	if got := Home().Find("Lyon"); got != nil {
		t.Errorf("Find(Lyon) = %v", got)
	}
}

func TestFormerNames(t *testing.T) {
	for name, want := range map[string]bool{"rollainville": true, "waldighofen": true, "les alleux": true, "nancy": false, "67000": false} {
		if got := Home().Former(name); got != want {
			t.Errorf("Former(%s) = %t", name, got)
		}
	}
	for name := range Home().former {
		if len(Home().Find(name)) == 0 {
			t.Errorf("Find(%s) finds nothing", name)
		}
	}
}

func TestRegisterIsWhole(t *testing.T) {
	now, older, gone := map[string]int{}, map[string]int{}, 0
	for _, u := range Home().units().list {
		heir, ok := Home().Heir(u)
		switch {
		case u.Until == 0:
			now[u.Level]++
		case u.Level == "commune" && (!ok || heir.Until != 0):
			t.Errorf("%s (%s) is part of nothing", u.Name, u.Code)
		case u.Until > 2020 && u.Level == "commune":
			gone++
		}
		if len(u.Older) > 0 {
			older[u.Level]++
		}
		if u.Level == "commune" && u.Until == 0 && (len(u.Postcodes) == 0 || len(u.SIREN) != 9) {
			t.Errorf("%s (%s): postcodes %v, SIREN %q", u.Name, u.Code, u.Postcodes, u.SIREN)
		}
	}
	if now["commune"] != 5115 || now["epci"] != 150 || older["commune"] != 7 || older["epci"] != 9 || gone != 6 {
		t.Errorf("%v, renamed %v, merged %d", now, older, gone)
	}
}

func BenchmarkHome(b *testing.B) {
	text, err := unpack(unitsTSV)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		parseUnits(text)
	}
}

func TestAliases(t *testing.T) {
	for text, want := range map[string][]string{
		"Châlons": {"51108"}, "saint dié": {"88413"}, "Vitry": {"51649", "57724"}, // Vitry-le-François first
		"Straßburg": {"67482"}, "strassburg": {"67482"}, "Kolmar": {"68066"}, "Zabern": {"67437"},
		"Mülhausen":  {"68224", "67307"}, // Mulhouse, and the village of Mulhausen
		"La Moselle": nil, "Romilly": nil, "Mulhausen": nil, "Nancy": nil, "Lyon": nil,
		"chef-lieu de la Moselle": {"57463"}, "préfecture des Vosges": {"88160"},
	} {
		a, ok := Home().Alias(text)
		if ok != (want != nil) || !slices.Equal(a.Codes, want) {
			t.Errorf("Alias(%s) = %v, want %v", text, a.Codes, want)
		}
		for _, code := range a.Codes {
			if _, ok := Home().Coded(code); !ok {
				t.Errorf("%s: no commune of code %s", text, code)
			}
		}
	}
	for name, want := range map[string]bool{"voisines": true, "pleurs": true, "metz": false, "nancy": false} {
		if got := Home().Common(name); got != want {
			t.Errorf("Common(%s) = %t", name, got)
		}
	}
}
