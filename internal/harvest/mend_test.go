package harvest_test

import (
	"encoding/json"
	"testing"

	"cigogne/internal/harvest"
)

// JSON as other languages print it is read for what it means; what is none is an
// error as before.
func TestDecode(t *testing.T) {
	for given, want := range map[string]string{
		`{"a":NaN,"b":-Infinity,"c":Infinity}`: `{"a":null,"b":null,"c":null}`,
		"{\"a\":\"x\ny\tz\"}":                  `{"a":"x\ny\tz"}`,
		`{"a":[1,2,],}`:                        `{"a":[1,2]}`,
		`{"a":"C:\data","b":"it\'s"}`:          `{"a":"C:\\data","b":"it\\'s"}`,
		`{"a":"NaN, ]"}`:                       `{"a":"NaN, ]"}`,
		`{"a":12345678901234567890}`:           `{"a":12345678901234567890}`,
	} {
		var v any
		if err := harvest.Decode([]byte(given), &v); err != nil {
			t.Errorf("%s: %v", given, err)
			continue
		}
		if got, _ := json.Marshal(v); string(got) != want {
			t.Errorf("%s is %s", given, got)
		}
	}
	for _, given := range []string{``, `{`, `{"a"`, `<html>`, `{"a":}`} {
		var v any
		if err := harvest.Decode([]byte(given), &v); err == nil {
			t.Errorf("%q is %v", given, v)
		}
	}
}

// FuzzDecode: what is JSON is read as it is, and nothing stops.
func FuzzDecode(f *testing.F) {
	for _, s := range []string{`{"a":NaN,}`, `["x\y",1e999,-Infinity]`, "\"\x00\"", `{"fr":"a","en":["b"]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var v, strict any
		err := harvest.Decode(b, &v)
		if json.Unmarshal(b, &strict) == nil && err != nil {
			t.Error(err)
		}
		if err == nil {
			harvest.Text(v)
			harvest.Int(v)
			harvest.PeriodOf(v)
			harvest.LicenceOf(v)
			harvest.Texts(harvest.Object{"x": v}.List("x"), 5)
		}
	})
}

func FuzzDates(f *testing.F) {
	for _, s := range []string{"2021-02-28T10:00Z", "1er mars 2021", "du 01/02/2019 au 03/04/2019", "start=2016; end=2020", "R/P0.5M", "1614506400000", "2016,2017"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if at := harvest.Time(s); !at.IsZero() && (at.Year() < 1599 || at.Year() > 3000) {
			t.Error(at)
		}
		p := harvest.Period(s)
		for _, bound := range []string{p.Start, p.End} {
			if bound != "" && harvest.Day(bound) != bound {
				t.Errorf("%q of %q is read again as %q", bound, s, harvest.Day(bound))
			}
		}
		harvest.Frequency(s)
		harvest.Licence("", s, "")
	})
}
