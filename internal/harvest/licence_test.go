package harvest_test

import (
	"testing"

	"cigogne/internal/harvest"
)

func TestLicence(t *testing.T) {
	for name, c := range map[string]struct {
		id, title, address string
		want               string // ID, title, whether there is an address
	}{
		"an ID":                       {"lov2", "", "", "lov2|Licence Ouverte / Open Licence version 2.0|true"},
		"a portal's own ID":           {"ouverte-metz", "Licence de la ville", "", "ouverte-metz|Licence de la ville|false"},
		"a name":                      {"", "Licence Ouverte v2.0 (Etalab)", "", "lov2|Licence Ouverte v2.0 (Etalab)|true"},
		"the first version":           {"", "Licence ouverte / Open Licence", "", "fr-lo|Licence ouverte / Open Licence|true"},
		"an address":                  {"", "", "http://opendatacommons.org/licenses/odbl/summary/", "odc-odbl|Open Data Commons Open Database License (ODbL)|true"},
		"an address for a name":       {"", "https://creativecommons.org/licenses/by-sa/4.0/", "", "cc-by-sa|Creative Commons Attribution Share-Alike|true"},
		"an address for an ID":        {"https://creativecommons.org/publicdomain/zero/1.0/", "", "", "cc-zero|Creative Commons CCZero|true"},
		"a phrase in HTML":            {"", "<p>Soumis à la licence <b>Etalab</b></p>", "", "fr-lo|Soumis à la licence Etalab|true"},
		"attribution without sharing": {"", "CC BY 4.0", "", "cc-by|CC BY 4.0|false"},
		"not for trade":               {"", "CC BY NC 4.0", "", "cc-by-nc|CC BY NC 4.0|false"},
		"the EU authority's address":  {"", "", "http://publications.europa.eu/resource/authority/licence/CC_BY_4_0", "cc-by|Creative Commons Attribution|true"},
		"nobody chose":                {"", "Licence non spécifiée", "", "||false"},
		"nothing known":               {"", "Voir avec le service", "", "|Voir avec le service|false"},
		"no address":                  {"", "x", "javascript:alert(1)", "|x|false"},
		"nothing":                     {"", "", "", "||false"},
	} {
		t.Run(name, func(t *testing.T) {
			l := harvest.Licence(c.id, c.title, c.address)
			got := l.ID + "|" + l.Title + "|" + map[bool]string{true: "true", false: "false"}[l.URL != ""]
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestBestLicence(t *testing.T) {
	for name, c := range map[string]struct {
		texts []string
		want  string
	}{
		"a licence among limits": {[]string{"Pas de restriction d’accès public", "Utilisation libre sous réserve de citer la source", "Licence Ouverte 2.0"}, "lov2"},
		"terms that are none":    {[]string{"no limitations on public access", "Usage interne"}, "Usage interne"},
		"no conditions":          {[]string{"No conditions apply to access and use"}, "No conditions apply to access and use"},
		"conditions after none":  {[]string{"No conditions apply to access and use", "Citer la source"}, "Citer la source"},
		"nothing":                {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := harvest.BestLicence(c.texts, nil)
			if l.ID != c.want && (l.ID != "" || l.Title != c.want) {
				t.Errorf("%+v, want %s", l, c.want)
			}
		})
	}
}

// Of every vocabulary: udata's old and new one, ISO 19115, the EU authority's,
// Dublin Core, French.
func TestFrequencies(t *testing.T) {
	for given, want := range map[string]string{
		"annual": "annual", "fortnighly": "fortnightly", "fiveTimesAWeek": "daily", "bihourly": "hourly", "bidecennial": "bidecennial", "notPlanned": "notPlanned", "biannually": "biannual",
		"http://publications.europa.eu/resource/authority/frequency/ANNUAL_2": "biannual", "http://publications.europa.eu/resource/authority/frequency/WEEKLY_3": "semiweekly",
		"http://purl.org/cld/freq/quarterly": "quarterly", "Trimestrielle": "quarterly", "R/P1M": "monthly", "unknown": "", "selon les besoins du service": "selon les besoins du service",
	} {
		if got := harvest.Frequency(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}

func TestLicenceOf(t *testing.T) {
	for given, want := range map[string]string{
		`"lov2"`: "lov2", `"Licence Ouverte 2.0"`: "lov2", `"https://opendatacommons.org/licenses/odbl/1-0/"`: "odc-odbl",
		`{"id":"lov2","title":"x"}`: "lov2", `{"name":"ODbL 1.0","href":"https://x.fr"}`: "odc-odbl", `{"@id":"https://creativecommons.org/licenses/by/4.0/"}`: "cc-by",
		`[null,"Pas de restriction","CC0"]`: "cc-zero", `{"fr":"Licence Ouverte","en":"Open Licence"}`: "fr-lo", `"{\"name\":\"ODbL\"}"`: "odc-odbl",
		`null`: "", `true`: "", `[]`: "", `"notspecified"`: "",
	} {
		var v any
		if err := harvest.Decode([]byte(given), &v); err != nil {
			t.Fatal(err)
		}
		if l := harvest.LicenceOf(v); l.ID != want {
			t.Errorf("%s is %+v", given, l)
		}
	}
}
