package answer

import (
	"encoding/json"
	"slices"
	"testing"

	"cigogne/internal/lang"
	"cigogne/internal/query"
)

func TestBlocks(t *testing.T) {
	for _, c := range []struct {
		name string
		a    Answer
		want []BlockKind
	}{
		{"a figure", Answer{Kind: KindFigure, Headline: Headline{Text: "12"}, Sentence: "Nombre.", Sources: []Source{{}}, Rows: [][]any{{12}}, Columns: []Column{{}}}, []BlockKind{BlockHeadline, BlockSentence, BlockSources}},
		{"a table that was asked to be drawn", Answer{Kind: KindTable, Sentence: "x", Chart: true, Caveats: []string{"y"}, Rows: [][]any{{"a", 1}, {"b", 2}}, Columns: []Column{{}, {}}}, []BlockKind{BlockSentence, BlockTable, BlockChart, BlockCaveats}},
		{"figures side by side", Answer{Kind: KindTable, Sentence: "x", Figures: []Figure{{}, {}}, Rows: [][]any{{1, 2}}, Columns: []Column{{}, {}}}, []BlockKind{BlockFigures, BlockSentence}},
		{"a refusal with pointers", Answer{Kind: KindRefusal, Sentence: "x", Datasets: []Dataset{{}}, Assumptions: []string{"z"}}, []BlockKind{BlockSentence, BlockAssumptions, BlockDatasets}},
		{"a question back", Answer{Kind: KindClarify, Sentence: "Which?", Choices: []string{"a"}}, []BlockKind{BlockSentence, BlockSuggestions}},
		{"nothing", Answer{Kind: KindText}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.a.Blocks(); !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// Every kind of block says something, or names a field that the JSON form has: who
// writes the blocks in turn has the whole answer.
func TestBlocksOfTheJSONForm(t *testing.T) {
	a := &Answer{Lang: lang.English, Kind: KindTable, Headline: Headline{Text: "2", Beside: "a & b"}, Sentence: "x", Chart: true, Rows: [][]any{{"a", 1}, {"b", 2}}, Columns: []Column{{}, {}},
		Assumptions: []string{"a"}, Caveats: []string{"c"}, Sources: []Source{{}}, Datasets: []Dataset{{}}, Choices: []string{"c"}, Next: []string{"n"}}
	var form map[string]json.RawMessage
	if err := json.Unmarshal([]byte(JSON(a)), &form); err != nil {
		t.Fatal(err)
	}
	var blocks []Block
	if err := json.Unmarshal(form["blocks"], &blocks); err != nil || len(blocks) != len(a.Blocks()) {
		t.Fatalf("%s, %v", form["blocks"], err)
	}
	for _, b := range blocks {
		if _, there := form[b.Field]; b.Text == "" && !there {
			t.Errorf("%s says nothing, and there is no field %q", b.Kind, b.Field)
		}
	}
	if blocks[0] != (Block{Kind: BlockHeadline, Text: "**2**: a & b"}) {
		t.Errorf("%+v", blocks[0])
	}
}

// What data say is plain text in the headline, and cannot be Markdown in the text.
func TestHeadlineIsPlain(t *testing.T) {
	a := composed(t, lang.English, &query.Plan{Columns: []string{"FUNCTION"}, Distinct: true}, [][]any{{"*Culture* [x](http://x)"}, {"@everyone"}})
	if a.Headline.Text != "2" || a.Headline.Beside != "*Culture* [x](http://x), @everyone" {
		t.Errorf("headline %+v", a.Headline)
	}
	if want := "**2**: \\*Culture\\* \\[x\\](http://x), @\u200beveryone"; a.Headline.markdown(lang.English) != want {
		t.Errorf("markdown %q", a.Headline.markdown(lang.English))
	}
}

func TestUnitStandsApart(t *testing.T) {
	h := figure(&Answer{Lang: lang.French, Figures: []Figure{{Value: 1234, Unit: "habitants"}}}, Result{Plan: &query.Plan{Measures: []query.Measure{{Agg: query.Sum, Column: "n"}}}})
	if h.Text != "1\u202f234\u00a0habitants" || h.Unit != "habitants" {
		t.Errorf("%+v", h)
	}
}
