package harvest_test

import (
	"slices"
	"testing"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
)

func TestTime(t *testing.T) {
	for in, want := range map[string]string{
		"2021-01-15T10:25:28.638659":       "2021-01-15T10:25:28.638659Z",
		"2021-02-28T00:00:00":              "2021-02-28T00:00:00Z",
		"2021-02-28T10:00:00+02:00":        "2021-02-28T08:00:00Z",
		"2021-02-28T10:00:00+0200":         "2021-02-28T08:00:00Z",
		"2021-02-28T10:00:00Z":             "2021-02-28T10:00:00Z",
		"2021-02-28 10:00:00":              "2021-02-28T10:00:00Z",
		"2021-02-28":                       "2021-02-28T00:00:00Z",
		" 28/02/2021 ":                     "2021-02-28T00:00:00Z",
		"mar, 10/12/2019 - 09:23":          "2019-12-10T09:23:00Z",
		"jeu., 01/08/2019 - 9:05":          "2019-08-01T09:05:00Z",
		"Tue, 10 Dec 2019 09:23:00 GMT":    "2019-12-10T09:23:00Z",
		"":                                 "",
		"hier":                             "",
		"2021":                             "2021-01-01T00:00:00Z",
		"2021-03":                          "2021-03-01T00:00:00Z",
		"2021-02-28Z":                      "2021-02-28T00:00:00Z",
		"2021-02-28+01:00":                 "2021-02-27T23:00:00Z",
		"2021-02-28T10:00Z":                "2021-02-28T10:00:00Z",
		"2021-02-28T10:00:00.5+0200":       "2021-02-28T08:00:00.5Z",
		"2021-02-28 10:00:00 UTC":          "2021-02-28T10:00:00Z",
		"2021-02-28T24:00:00":              "2021-02-28T00:00:00Z",
		"2021.02.28":                       "2021-02-28T00:00:00Z",
		"5/6/2021":                         "2021-06-05T00:00:00Z",
		"28 février 2021":                  "2021-02-28T00:00:00Z",
		"1er mars 2021":                    "2021-03-01T00:00:00Z",
		"le mardi 2 août 2021 à 10:05":     "2021-08-02T00:00:00Z",
		"février 2021":                     "2021-02-01T00:00:00Z",
		"28 Feb 2021":                      "2021-02-28T00:00:00Z",
		"February 28, 2021":                "2021-02-28T00:00:00Z",
		"3. März 2021":                     "2021-03-03T00:00:00Z",
		"1614506400":                       "2021-02-28T10:00:00Z",
		"1614506400000":                    "2021-02-28T10:00:00Z",
		"12 pommes 2021":                   "",
		"0001-01-01":                       "",
		"2021-13-45":                       "",
		"9999999999-01-01":                 "",
		"31/02/2021":                       "",
		"2021-02-28T10:00:00 ; 2022-01-01": "",
	} {
		got := harvest.Time(in)
		if s := got.Format(time.RFC3339Nano); got.IsZero() != (want == "") || want != "" && s != want {
			t.Errorf("%q is %s, want %s", in, s, want)
		}
	}
}

func TestPeriod(t *testing.T) {
	for in, want := range map[string]dataset.Period{
		"2011-01-01/2011-12-31":       {Start: "2011-01-01", End: "2011-12-31"},
		"2011/2013":                   {Start: "2011", End: "2013"},
		"2016-2020":                   {Start: "2016", End: "2020"},
		"2011 - 2013":                 {Start: "2011", End: "2013"},
		"2016 à 2020":                 {Start: "2016", End: "2020"},
		"2019":                        {Start: "2019", End: "2019"},
		"2019-05":                     {Start: "2019-05", End: "2019-05"},
		"2019-05-01T00:00:00Z/":       {Start: "2019-05-01"},
		"01/02/2019 - 03/04/2019":     {Start: "2019-02-01", End: "2019-04-03"},
		"toujours":                    {},
		"du 01/02/2019 au 03/04/2019": {Start: "2019-02-01", End: "2019-04-03"},
		"de 2016 à 2020":              {Start: "2016", End: "2020"},
		"2016 – 2020":                 {Start: "2016", End: "2020"},
		"2016;2017;2019":              {Start: "2016", End: "2019"},
		"2016-01-01/..":               {Start: "2016-01-01"},
		"depuis 2016":                 {Start: "2016"},
		"bis 2016":                    {End: "2016"},
		"start=2016-01-01; end=2020-12-31; scheme=W3C-DTF;": {Start: "2016-01-01", End: "2020-12-31"},
		"janvier 2016 - mars 2017":                          {Start: "2016-01-01", End: "2017-03-01"},
		"2016-01-01T00:00:00Z to 2020-12-31T00:00:00Z":      {Start: "2016-01-01", End: "2020-12-31"},
		"": {},
	} {
		if got := harvest.Period(in); got != want {
			t.Errorf("%q is %+v, want %+v", in, got, want)
		}
	}
}

func TestFrequency(t *testing.T) {
	for in, want := range map[string]string{
		"annual": "annual", "Annuelle": "annual", "yearly": "annual", "R/P1Y": "annual", "P3M": "quarterly",
		"http://publications.europa.eu/resource/authority/frequency/ANNUAL":   "annual",
		"http://publications.europa.eu/resource/authority/frequency/ANNUAL_2": "biannual",
		"http://purl.org/cld/freq/semiannual":                                 "biannual",
		"asNeeded":                                                            "asNeeded", "asneeded": "asNeeded", "fortnighly": "fortnightly", "temps réel": "continuous",
		"unknown": "", "Inconnue": "", "": "", "à chaque conseil": "à chaque conseil",
		"Mise à jour annuelle": "annual", "Tous les ans": "annual", "quotidien (jours ouvrés)": "daily", "Every month": "monthly", "jährlich": "annual", "monatlich": "monthly",
		"Non renseigné": "", "n/a": "", "R/PT1S": "continuous", "R/PT1H": "hourly", "R/P0.5M": "semimonthly", "R/P4M": "threeTimesAYear", "R/P10Y": "decennial", "P1Y0M0DT0H0M0S": "annual",
		"http://inspire.ec.europa.eu/metadata-codelist/MaintenanceFrequency/annually": "annual",
		"OP_DATPRO": "", "DAILY_2": "daily", "10MIN": "continuous", "annuelle ou mensuelle": "annuelle ou mensuelle",
	} {
		if got := harvest.Frequency(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestFormat(t *testing.T) {
	for _, c := range []struct{ declared, media, url, want string }{
		{"CSV", "", "", "csv"}, {".csv", "", "", "csv"}, {"csv/utf8", "", "", "csv"}, {"text/csv", "", "", "csv"}, {"CSV (UTF-8)", "", "", "csv"},
		{"", "application/csv; charset=utf-8", "", "csv"}, {"", "", "https://x.fr/a/b.CSV?x=1", "csv"}, {"", "", "https://x.fr/b.csv.gz", "csv"},
		{"", "text/html", "https://x.fr/table.xlsx", "xlsx"}, {"", "text/html; charset=utf-8", "https://x.fr/page", ""},
		{"XLS", "", "", "xls"}, {"Excel 2007 (.xlsx)", "", "", "xlsx"}, {"application/vnd.ms-excel", "", "", "xls"},
		{"http://publications.europa.eu/resource/authority/file-type/CSV", "", "", "csv"},
		{"OGC:WMS", "", "", "wms"}, {"GeoJSON", "", "", "geojson"}, {"ESRI Shapefile", "", "", "shp"},
		{"", "application/octet-stream", "https://x.fr/a.parquet", "parquet"}, {"", "", "", ""}, {"", "", "https://x.fr/v1.2/donnees", ""},
		{"Un long texte qui décrit le fichier", "", "https://x.fr/a.ods", "ods"}, {"{}", "", "https://x.fr/a.tsv", "tsv"},
	} {
		if got := harvest.Format(c.declared, c.media, c.url); got != c.want {
			t.Errorf("%q, %q, %q is %q, want %q", c.declared, c.media, c.url, got, c.want)
		}
	}
}

func TestTableFormat(t *testing.T) {
	for _, c := range []struct {
		d    dataset.Distribution
		want string
	}{
		{dataset.Distribution{Format: "csv"}, "csv"},
		{dataset.Distribution{Format: "csv", URL: "https://x.fr/tout.zip"}, ""},
		{dataset.Distribution{Format: "zip", MediaType: "text/csv", URL: "https://x.fr/a.csv"}, "csv"},
		{dataset.Distribution{Format: "txt", MediaType: "text/plain", URL: "https://x.fr/a.csv"}, "csv"},
		{dataset.Distribution{Format: "txt", URL: "https://x.fr/lisezmoi.txt"}, ""},
		{dataset.Distribution{Format: "xls", URL: "https://x.fr/a.xlsx"}, "xlsx"},
		{dataset.Distribution{Format: "xls", URL: "https://x.fr/a.xls"}, ""},
		{dataset.Distribution{Format: "parquet"}, "parquet"},
		{dataset.Distribution{Format: "ods"}, "ods"},
		{dataset.Distribution{Format: "geojson", URL: "https://x.fr/a"}, ""},
		{dataset.Distribution{Format: "html", URL: "https://x.fr/a"}, ""},
		{dataset.Distribution{URL: "https://x.fr/a.csv"}, "csv"},
		{dataset.Distribution{}, ""},
	} {
		if got := harvest.TableFormat(c.d); got != c.want {
			t.Errorf("%+v is %q, want %q", c.d, got, c.want)
		}
	}
}

func TestValues(t *testing.T) {
	o, err := harvest.ParseObject([]byte(`{"s":" a ","n":1234567890123,"b":true,"z":null,"l":["","x"],"t":{"en":"water","fr":"eau"},"ts":"{\"fr\":\"eau\"}",
		"js":"[\"a\",{\"title\":\"b\"},\"a\"]","ok":{"fr":["a","b"]},"brace":"{x}"}`))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"s": "a", "n": "1234567890123", "b": "", "z": "", "l": "x", "t": "eau", "ts": "eau", "brace": "{x}", "none": ""} {
		if got := o.Text(key); got != want {
			t.Errorf("text of %s is %q, want %q", key, got, want)
		}
	}
	if got := harvest.Texts(o.List("js"), 9, "name", "title"); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("list in a string is %q", got)
	}
	if got := harvest.Texts(o.List("ok"), 1); !slices.Equal(got, []string{"a"}) {
		t.Errorf("list of a language is %q", got)
	}
	for _, c := range []struct {
		v    any
		want int64
	}{{"12", 12}, {" 1.5e3 ", 1500}, {12.0, 12}, {nil, 0}, {"12 Mo", 12_000_000}, {"1,5 kio", 1536}, {"1 024 octets", 1024}, {"12 pages", 0}, {"-5", 0}, {-5.0, 0}, {1e300, 0}, {"NaN", 0}, {true, 0}} {
		if got := harvest.Int(c.v); got != c.want {
			t.Errorf("%v is %d, want %d", c.v, got, c.want)
		}
	}
}
