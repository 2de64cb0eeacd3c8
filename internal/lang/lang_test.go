package lang

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"L'Élan-d’Œuf":         "l elan d oeuf",
		"  Châlons\u00a0– EN ": "chalons en",
		"½ ﬁn":                 "1 2 fin",
		"":                     "",
		"…":                    "",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

// What is folded the short way is what the long way makes of it.
func TestFoldOfEachCharacter(t *testing.T) {
	for r := rune(1); r < 0x2100; r++ {
		for _, s := range []string{string(r), "a" + string(r) + "b", "É" + string(r), string(r) + string(r) + "7"} {
			if got, want := Fold(s), decomposed(s); got != want {
				t.Fatalf("Fold(%q) = %q, want %q", s, got, want)
			}
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("L'Élan-d’Œuf")
	f.Add("a \u0301b  c ")
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := Fold(s), decomposed(s); got != want || Fold(got) != got {
			t.Fatalf("Fold(%q) = %q, want %q", s, got, want)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for b.Loop() {
		Fold("Saint-Dié-des-Vosges")
	}
}

func TestWords(t *testing.T) {
	for in, want := range map[string]string{
		"Combien d'habitants à Metz ?":     "combien|d|habitants|a|metz",
		"plus de 10 000 habitants":         "plus|de|10 000|habitants",
		"1 234,5 € en 2020":                "1 234 5|en|2020",
		"de 2018 à 2020":                   "de|2018|a|2020",
		"2018-2020":                        "2018|2020",
		"le 2e, en 3D":                     "le|2e|en|3d",
		"1.5 million, 5,000 people":        "1 5|million|5 000|people",
		"Saint-Dié-des-Vosges":             "saint|die|des|vosges",
		"\xff\xfe":                         "",
		strings.Repeat("a", 3) + "\u0301b": "aaab",
	} {
		var got []string
		for _, w := range Words(in) {
			got = append(got, w.Fold)
			if in[w.Start:w.End] != w.Text {
				t.Errorf("%q: word %q is not at %d:%d", in, w.Text, w.Start, w.End)
			}
		}
		if s := strings.Join(got, "|"); s != want {
			t.Errorf("Words(%q) = %s, want %s", in, s, want)
		}
	}
}

// Texts of a megabyte take no longer a letter than short ones: read again from
// each letter, these would take hours.
func TestWordsOfLongRuns(t *testing.T) {
	for _, s := range []string{strings.Repeat("1", 1e6) + "x", strings.Repeat("1,111", 2e5) + "x", strings.Repeat("\u0301", 5e5) + "a"} {
		if n := len(Words(s)); n == 0 || n > 2e5 {
			t.Errorf("%.9s…: %d words", s, n)
		}
	}
}

func TestDetect(t *testing.T) {
	for in, want := range map[string]Lang{
		"Combien d'habitants à Metz ?":       French,
		"How many inhabitants in Metz?":      English,
		"spending minus receipts 2020":       English,
		"top 5 towns":                        English,
		"population Metz":                    French, // nothing decides
		"dépenses de la région":              French,
		"population of Château-Thierry":      English,
		"budget lycees 2020":                 French,
		"what is the budget of the lycées ?": English,
		"Wie viele Einwohner hat Metz?":      German,
		"Einwohner Straßburg":                German,
		"population de Straßburg":            French,
		"How many people live in Mülhausen?": English,
		"Ausgaben der Région 2020":           German,
	} {
		if got := Detect(in); got != want {
			t.Errorf("Detect(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestParseNumber(t *testing.T) {
	for _, c := range []struct {
		in   string
		l    Lang
		want float64
		ok   bool
	}{
		{"10 000", French, 10000, true},
		{"10\u202f000", French, 10000, true},
		{"1 234,5", French, 1234.5, true},
		{"1,234.5", English, 1234.5, true},
		{"1.234,5", English, 1234.5, true},
		{"5,000", English, 5000, true},
		{"5,000", French, 5, true},
		{"1.500", French, 1500, true},
		{"0.500", French, 0.5, true},
		{"1.5", French, 1.5, true},
		{"1.234.567", French, 1234567, true},
		{"-3", English, -3, true},
		{"−3", English, -3, true},
		{"", French, 0, false},
		{"douze", French, 0, false},
		{"1.234,5", German, 1234.5, true},
		{"10.000", German, 10000, true},
		{"1,5", German, 1.5, true},
		{"1e999", English, 0, false},
		{"NaN", English, 0, false},
	} {
		if got, ok := ParseNumber(c.in, c.l); got != c.want || ok != c.ok {
			t.Errorf("ParseNumber(%q, %s) = %v, %v, want %v, %v", c.in, c.l, got, ok, c.want, c.ok)
		}
	}
}

func TestFormatNumber(t *testing.T) {
	for _, c := range []struct {
		v        float64
		decimals int
		fr, en   string
	}{
		{496779162, 0, "496 779 162", "496,779,162"},
		{1234.5, -1, "1 234,5", "1,234.5"},
		{-175, -1, "-175", "-175"},
		{-0.001, 1, "0,0", "0.0"},
		{0.00123456, -1, "0,0012", "0.0012"},
		{2.0 / 3, -1, "0,67", "0.67"},
		{999, 0, "999", "999"},
	} {
		fr := strings.ReplaceAll(FormatNumber(c.v, c.decimals, French), "\u202f", " ")
		if en := FormatNumber(c.v, c.decimals, English); fr != c.fr || en != c.en {
			t.Errorf("FormatNumber(%v, %d) = %q and %q, want %q and %q", c.v, c.decimals, fr, en, c.fr, c.en)
		}
	}
}

func TestLanguages(t *testing.T) {
	for _, l := range Spoken {
		x := languages()[l]
		if x == nil || len(x.words) < 50 || len(x.Months) != 12 || x.Decimal == "" || x.Group == "" || x.LongDay == "" {
			t.Errorf("languages/%s.toml is not there, or not whole: %+v", l, x)
		}
	}
	day := time.Date(2020, 3, 1, 0, 0, 0, 0, time.UTC)
	for l, want := range map[Lang][3]string{French: {"01/03/2020", "1er mars 2020", "1\u202f234,5"}, English: {"2020-03-01", "1 March 2020", "1,234.5"}, German: {"01.03.2020", "1. März 2020", "1.234,5"}} {
		if got := [3]string{Day(day, l), LongDay(day, l), FormatNumber(1234.5, 1, l)}; got != want {
			t.Errorf("%s: %q, want %q", l, got, want)
		}
	}
	for name, want := range map[string]Lang{"de": German, "de-CH": German, "de_AT.UTF-8": German, "FR": French} {
		if got, ok := Known(name); got != want || !ok {
			t.Errorf("Known(%q) = %q, %v", name, got, ok)
		}
	}
	if _, ok := Known("it_IT"); ok {
		t.Error("Italian is not spoken")
	}
}

func TestStem(t *testing.T) {
	for _, c := range []struct {
		a, b string
		l    Lang
	}{
		{"communes", "commune", French}, {"regionaux", "regional", French}, {"depenses", "depense", French}, {"cities", "city", English},
	} {
		if Stem(c.a, c.l) != Stem(c.b, c.l) {
			t.Errorf("%s and %s: %s, %s", c.a, c.b, Stem(c.a, c.l), Stem(c.b, c.l))
		}
	}
}

// FuzzWords cuts any bytes: words lie where they say, folding folded text
// changes nothing, and a number that is written reads back.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"Combien d'habitants à Metz ?", "10 000,5 €", "2018-2020", "\xff", "½", "İstanbul ẞ", "1.2.3,4"} {
		f.Add(s, 12345.678)
	}
	f.Fuzz(func(t *testing.T, s string, v float64) {
		for _, w := range Words(s) {
			if w.Start < 0 || w.End > len(s) || s[w.Start:w.End] != w.Text || w.Fold == "" {
				t.Fatalf("%q: %+v", s, w)
			}
			ParseNumber(w.Text, French)
		}
		if fold := Fold(s); Fold(fold) != fold || !utf8.ValidString(fold) {
			t.Fatalf("Fold(%q) = %q, then %q", s, fold, Fold(fold))
		}
		Detect(s)
		if math.Abs(v) > 1e12 || math.IsNaN(v) {
			return
		}
		for _, l := range Spoken {
			written := FormatNumber(v, 2, l)
			back, ok := ParseNumber(written, l)
			if !ok || math.Abs(back-v) > 0.0051+1e-9*math.Abs(v) {
				t.Fatalf("%v written %q reads %v", v, written, back)
			}
		}
	})
}
