package chart_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/answer/chart"
	"cigogne/internal/lang"
	"cigogne/internal/outline"
	"cigogne/internal/query"
)

var update = flag.Bool("update", false, "write the golden files anew")

var source = []answer.Source{{Title: "BUDGET - Comptes administratifs", Publisher: "Région Grand Est", Licence: "Licence Ouverte 2.0", Period: "2016/2020", Modified: "2021-07-09", Retrieved: "2026-11-01"}}

func table(question string, l lang.Lang, columns []answer.Column, rows ...[]any) *answer.Answer {
	return &answer.Answer{Question: question, Lang: l, Kind: answer.KindTable, Text: "**x**", Columns: columns, Rows: rows, Sources: source}
}

var (
	year  = answer.Column{Name: "exercice", Plain: true}
	euros = answer.Column{Name: "montant réalisé", Unit: "EUR"}
	place = answer.Column{Name: "département"}
	heads = answer.Column{Name: "population", Unit: "habitants"}
)

// pictures are one of each kind, in both languages.
func pictures() map[string]*answer.Answer {
	two := &answer.Answer{Question: "Population de Metz et de Nancy ?", Lang: lang.French, Kind: answer.KindFigure, Explanation: "écart de population", Sources: source,
		Columns: []answer.Column{{Name: "Metz", Unit: "habitants"}, {Name: "Nancy", Unit: "habitants"}, {Name: "écart", Unit: "habitants"}},
		Rows:    [][]any{{int64(122572), int64(103671), int64(18901)}},
		Plan:    &query.Plan{Measures: []query.Measure{{Agg: query.Sum, Column: "p", Label: "Metz"}, {Agg: query.Sum, Column: "p", Label: "Nancy"}}, Derived: &query.Derived{Op: query.Difference, Of: 1, Over: 2}}}
	return map[string]*answer.Answer{
		"evolution-fr": table("Évolution des dépenses de la Région pour les lycées publics", lang.French, []answer.Column{year, euros},
			[]any{int64(2016), 412e6}, []any{int64(2017), 433.5e6}, []any{int64(2018), nil}, []any{int64(2019), 478e6}, []any{int64(2020), 496779162.0}),
		"ranking-en": table("Departments by population", lang.English, []answer.Column{place, heads},
			[]any{"Bas-Rhin", int64(1152662)}, []any{"Moselle", int64(1046468)}, []any{"Haut-Rhin", int64(767083)}, []any{"Haute-Marne", nil}),
		"balance-fr": table("Solde par section", lang.French, []answer.Column{{Name: "section"}, {Name: "solde", Unit: "EUR"}},
			[]any{"fonctionnement", 350e6}, []any{"investissement", -412.25e6}),
		"sides-fr": two,
		"gap-fr": table("évolution des subventions", lang.French, []answer.Column{year, {Name: "subvention moyenne", Unit: "EUR/habitant"}},
			[]any{int64(2016), 12.5}, []any{int64(2017), 12.54}, []any{int64(2020), -3.0}),
		"names-fr": table("Dépenses par fonction", lang.French, []answer.Column{{Name: "fonction"}, {Name: "montant", Unit: "EUR"}},
			[]any{"Insertion sociale et professionnelle des personnes en situation de handicap ou en difficulté", 1_234_567_000.0}, []any{"Insertion sociale et professionnelle des personnes en recherche d'emploi", 1_234_891_000.0}, []any{"Tourisme", 41_000_000.0}),
		"each-fr": table("Population des départements par année", lang.French, []answer.Column{{Name: "année", Plain: true}, place, heads},
			[]any{int64(2021), "Aube", int64(310242)}, []any{int64(2021), "Marne", int64(566855)}, []any{int64(2023), "Aube", int64(311076)}, []any{int64(2023), "Marne", int64(565840)}, []any{int64(2025), "Aube", int64(311000)}),
		"compared-en": table("Spending in 2018 and 2020 by function", lang.English, []answer.Column{{Name: "function"}, {Name: "2018", Unit: "EUR"}, {Name: "2020", Unit: "EUR"}},
			[]any{"Transport", 800e6, 929e6}, []any{"Education", 700e6, 688e6}),
	}
}

func TestGoldenSVG(t *testing.T) {
	for name, a := range pictures() {
		t.Run(name, func(t *testing.T) {
			c, err := chart.Of(a)
			if err != nil {
				t.Fatal(err)
			}
			got, err := c.SVG()
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", name+".svg")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s is drawn otherwise; look at it and -update", path)
			}
			again, _ := c.SVG()
			if !bytes.Equal(got, again) {
				t.Error("drawn twice, it differs")
			}
		})
	}
}

// Years stand where their values are: 2017 is near 2016, and far from 2020.
func TestYearsAreSpacedByTheirValue(t *testing.T) {
	c, err := chart.Of(pictures()["gap-fr"])
	if err != nil {
		t.Fatal(err)
	}
	svg, err := c.SVG()
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]int{}
	for _, m := range regexp.MustCompile(`text-anchor="middle" x="(\d+)"[^>]*>(20\d\d)<`).FindAllSubmatch(svg, -1) {
		at[string(m[2])], _ = strconv.Atoi(string(m[1]))
	}
	near, far := at["2017"]-at["2016"], at["2020"]-at["2017"]
	if near <= 0 || far < 3*near-2 || far > 3*near+2 {
		t.Errorf("years at %v", at)
	}
}

// On a telephone's width all is drawn within the picture.
func TestNarrow(t *testing.T) {
	for name, a := range pictures() {
		c, err := chart.Of(a)
		if err != nil {
			t.Fatal(err)
		}
		c.Narrow = true
		svg, err := c.SVG()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(svg, []byte(`viewBox="0 0 360 `)) {
			t.Errorf("%s: %.200s", name, svg)
		}
		for _, m := range regexp.MustCompile(`(?: x="|[ML] )(-?\d+)`).FindAllSubmatch(svg, -1) {
			if x, _ := strconv.Atoi(string(m[1])); x < 0 || x > 360 {
				t.Errorf("%s: something at %d", name, x)
			}
		}
		if dir := os.Getenv("CIGOGNE_TEST_LOOK"); dir != "" {
			_ = os.WriteFile(filepath.Join(dir, name+"-narrow.svg"), svg, 0o644)
		}
	}
}

func TestFiguresThatDifferLookDifferent(t *testing.T) {
	for _, tt := range []struct {
		unit   string
		values []float64
		want   []string
	}{
		{"EUR", []float64{918_625_000, 207_306_000, 1_968_000, 1_922_000}, []string{"918,6\u00a0M€", "207,3\u00a0M€", "2,0\u00a0M€", "1,9\u00a0M€"}},
		{"EUR", []float64{1_234_567_000, 1_234_891_000}, []string{"1,2346\u00a0Md€", "1,2349\u00a0Md€"}},
		{"EUR", []float64{2_000_000_000, 400}, []string{"2\u202f000\u202f000\u202f000\u00a0€", "400\u00a0€"}},
		{"EUR", []float64{1_234_567, 1_234_568}, []string{"1\u202f234\u202f567\u00a0€", "1\u202f234\u202f568\u00a0€"}},
		{"EUR", []float64{1200.4, 1200.1}, []string{"1\u202f200,4\u00a0€", "1\u202f200,1\u00a0€"}},
		{"%", []float64{33.33, 33.36, -12}, []string{"33,3\u00a0%", "33,4\u00a0%", "-12,0\u00a0%"}},
		{"%", []float64{50, 25}, []string{"50,0\u00a0%", "25,0\u00a0%"}},
		{"habitants", []float64{1_163_810, 0}, []string{"1\u202f163\u202f810", "0"}},
		{"", []float64{0.5, 0.25}, []string{"0,50", "0,25"}},
	} {
		c := &chart.Chart{Kind: chart.Bars, Lang: lang.French, Unit: tt.unit, Series: []chart.Series{{}}}
		for _, v := range tt.values {
			c.Series[0].Values = append(c.Series[0].Values, chart.Value{V: v, OK: true})
		}
		for i, v := range tt.values {
			if got := c.Figure(v); got != tt.want[i] {
				t.Errorf("%v %s is %q, want %q", v, tt.unit, got, tt.want[i])
			}
		}
	}
}

func TestPNG(t *testing.T) {
	for name, a := range pictures() {
		c, err := chart.Of(a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := c.PNG()
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if w := img.Bounds().Dx(); w != 1600 {
			t.Errorf("%s is %d wide", name, w)
		}
		if dir := os.Getenv("CIGOGNE_TEST_LOOK"); dir != "" {
			_ = os.WriteFile(filepath.Join(dir, name+".png"), b, 0o644)
			card, _ := chart.Card(a)
			_ = os.WriteFile(filepath.Join(dir, name+"-card.png"), card, 0o644)
		}
	}
}

// Where a number says it all, or nothing honest can be drawn.
func TestNoChart(t *testing.T) {
	many := table("x", lang.French, []answer.Column{year, place, heads})
	for i := range 40 {
		many.Rows = append(many.Rows, []any{int64(2020 + i%2), fmt.Sprint("d", i/2), int64(i)})
	}
	for name, a := range map[string]*answer.Answer{
		"a figure":          {Kind: answer.KindFigure, Columns: []answer.Column{heads}, Rows: [][]any{{int64(5)}}},
		"a refusal":         {Kind: answer.KindRefusal},
		"a list of names":   table("x", lang.French, []answer.Column{place}, []any{"a"}, []any{"b"}),
		"nothing but null":  table("x", lang.French, []answer.Column{place, heads}, []any{"a", nil}, []any{"b", nil}),
		"one value":         table("x", lang.French, []answer.Column{place, heads}, []any{"a", int64(1)}, []any{"b", nil}),
		"too many lines":    many,
		"a year told twice": table("x", lang.French, []answer.Column{year, place, heads}, []any{int64(2020), "a", int64(1)}, []any{int64(2020), "a", int64(2)}, []any{int64(2021), "a", int64(2)}),
		"years unordered":   table("x", lang.French, []answer.Column{year, euros}, []any{int64(2020), 1.0}, []any{int64(2019), 2.0}),
		"three names":       table("x", lang.French, []answer.Column{place, {Name: "b"}, {Name: "c"}, heads}, []any{"a", "b", "c", int64(1)}, []any{"a", "b", "d", int64(1)}),
	} {
		if _, err := chart.Of(a); !errors.Is(err, chart.ErrNone) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var path = regexp.MustCompile(`<path +d="M (-?\d+) (-?\d+)\s*L (-?\d+) (-?\d+)\s*L (-?\d+)`)

// Bars are as long as their figures: they begin at zero.
func TestBarsAreInProportion(t *testing.T) {
	a := table("x", lang.French, []answer.Column{place, heads}, []any{"a", int64(1000)}, []any{"b", int64(500)}, []any{"c", int64(250)}, []any{"d", int64(-500)})
	c, err := chart.Of(a)
	if err != nil {
		t.Fatal(err)
	}
	svg, err := c.SVG()
	if err != nil {
		t.Fatal(err)
	}
	var lengths []float64
	for _, m := range path.FindAllStringSubmatch(string(svg), -1) {
		x1, _ := strconv.Atoi(m[1])
		x2, _ := strconv.Atoi(m[3])
		if n := x2 - x1; n > 20 && n < 780 {
			lengths = append(lengths, float64(n))
		}
	}
	if len(lengths) != 4 {
		t.Fatalf("%d bars in %s", len(lengths), svg)
	}
	for i, want := range []float64{1, 0.5, 0.25, 0.5} {
		if got := lengths[i] / lengths[0]; got < want-0.01 || got > want+0.01 {
			t.Errorf("bar %d is %.3f of the first, want %.2f", i, got, want)
		}
	}
}

func TestHostileTexts(t *testing.T) {
	for _, bad := range []string{`</text><script>alert(1)</script>`, strings.Repeat("é", 10_000), "a\x00b\x1b[31m\u202egnp", `" onload="x`, "]]>&lt;", "\xff\xfe"} {
		a := table(bad, lang.French, []answer.Column{{Name: bad}, {Name: bad, Unit: bad}}, []any{bad, int64(1)}, []any{bad + "2", int64(2)})
		a.Sources = []answer.Source{{Title: bad, Publisher: bad, Period: bad, Modified: bad}}
		c, err := chart.Of(a)
		if err != nil {
			t.Fatal(err)
		}
		svg, err := c.SVG()
		if err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(bytes.NewReader(svg))
		for {
			tok, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%.40q: %v", bad, err)
			}
			if el, ok := tok.(xml.StartElement); ok {
				if el.Name.Local == "script" || el.Name.Local == "a" || el.Name.Local == "image" {
					t.Errorf("%.40q: an element %s", bad, el.Name.Local)
				}
				for _, at := range el.Attr {
					if strings.HasPrefix(at.Name.Local, "on") {
						t.Errorf("%.40q: an attribute %s", bad, at.Name.Local)
					}
				}
			}
		}
		if _, err := c.PNG(); err != nil {
			t.Error(err)
		}
		if _, err := chart.Card(a); err != nil {
			t.Error(err)
		}
	}
}

func TestLongRankingsAreCutAndSaySo(t *testing.T) {
	a := table("x", lang.French, []answer.Column{place, heads})
	for i := range 1000 {
		a.Rows = append(a.Rows, []any{fmt.Sprint("commune ", i), int64(1000 - i)})
	}
	c, err := chart.Of(a)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Labels) != 25 || c.More != 975 {
		t.Errorf("%d labels, %d more", len(c.Labels), c.More)
	}
	if svg, _ := c.SVG(); !strings.Contains(string(svg), "… et 975 autres") {
		t.Error("what is left out is not said")
	}
}

// layer is n squares side by side, D0 to Dn-1, on a credit of their own.
func layer(t *testing.T, n int, name, credit string) *outline.Layer {
	t.Helper()
	var f []string
	for i := range n {
		f = append(f, fmt.Sprintf(`{"type":"Feature","properties":{"code":2000672%d,"nom":"%s%d"},"geometry":{"type":"Polygon","coordinates":[[[%d,48],[%d,48],[%d,49],[%d,49],[%d,48]]]}}`, 10+i, name, i, i, i+1, i+1, i, i))
	}
	l, err := outline.Read(strings.NewReader(fmt.Sprintf(`{"credit":%q,"type":"FeatureCollection","features":[%s]}`, credit, strings.Join(f, ","))))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestMap(t *testing.T) {
	o := chart.Outlines{layer(t, 6, "D", "")}
	a := table("Population par département", lang.French, []answer.Column{place, heads}, []any{"D0", int64(1)}, []any{"D1", int64(5)}, []any{"D2", int64(9)}, []any{"D3", int64(20)}, []any{"D4", int64(40)})
	c, err := o.Of(a)
	if err != nil || c.Kind != chart.Map || len(c.Labels) != 5 {
		t.Fatalf("%+v, %v", c, err)
	}
	svg, err := c.SVG()
	if err != nil || !strings.Contains(string(svg), "sans valeur") {
		t.Errorf("the outline without a figure is not told: %v", err)
	}
	elsewhere := table("x", lang.French, []answer.Column{place, heads}, []any{"Metz", int64(1)}, []any{"Nancy", int64(5)}, []any{"Reims", int64(9)}, []any{"D3", int64(20)})
	if c, err := o.Of(elsewhere); err != nil || c.Kind != chart.Bars {
		t.Errorf("rows that are no territories: %+v, %v", c, err)
	}
	// Codes may be numbers; a territory that two rows are about is no map.
	siren := table("x", lang.French, []answer.Column{{Name: "siren"}, heads}, []any{"200067210", int64(1)}, []any{"200067211", int64(5)}, []any{"200067212", int64(9)}, []any{"200067213", int64(20)})
	if c, err := o.Of(siren); err != nil || c.Kind != chart.Map {
		t.Errorf("codes as numbers: %+v, %v", c, err)
	}
	twice := table("x", lang.French, []answer.Column{place, {Name: "sexe"}, heads}, []any{"D0", "F", int64(1)}, []any{"D0", "H", int64(5)}, []any{"D1", "F", int64(9)}, []any{"D1", "H", int64(20)}, []any{"D2", "F", int64(2)}, []any{"D2", "H", int64(2)}, []any{"D3", "F", int64(2)}, []any{"D3", "H", int64(3)})
	if c, err := o.Of(twice); err != nil || c.Kind != chart.Bars {
		t.Errorf("two rows for each territory: %+v, %v", c, err)
	}
	// What lies far from the territories of the answer is left out.
	far := chart.Outlines{layer(t, 60, "D", "")}
	near, err := far.Of(a)
	if err != nil {
		t.Fatal(err)
	}
	wide, err := near.SVG()
	if err != nil || len(wide) > 2*len(svg) {
		t.Errorf("a picture of %d bytes where six squares take %d: %v", len(wide), len(svg), err)
	}
}

// TestOutlines: rows that the first layer does not know are drawn on the next,
// which says whose drawing it is.
func TestOutlines(t *testing.T) {
	theirs, mine := layer(t, 6, "D", "Drawn by D, CC BY 4.0"), layer(t, 6, "Elsewhere ", "")
	for name, o := range map[string]chart.Outlines{"theirs alone": {theirs}, "mine first": {mine, theirs}} {
		a := table("Population par département", lang.French, []answer.Column{place, heads}, []any{"D0", int64(1)}, []any{"D1", int64(5)}, []any{"D2", int64(9)}, []any{"D3", int64(20)})
		c, err := o.Of(a)
		if err != nil {
			t.Fatal(err)
		}
		if c.Kind != chart.Map || !strings.Contains(c.Source, "Drawn by D, CC BY 4.0") {
			t.Errorf("%s: %s, %s", name, c.Kind, c.Source)
		}
	}
}

func BenchmarkSVG(b *testing.B) {
	c, err := chart.Of(pictures()["evolution-fr"])
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := c.SVG(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPNG(b *testing.B) {
	c, err := chart.Of(pictures()["ranking-en"])
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := c.PNG(); err != nil {
			b.Fatal(err)
		}
	}
}
