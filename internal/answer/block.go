package answer

import (
	"bytes"
	"encoding/json"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Headline is what an answer says first: the figure, most often. It is plain
// text, not Markdown.
type Headline struct {
	Text   string `json:"text"`             // "293 771 habitants", "Oui", "De 2018 à 2020 : +234,5 €"
	Unit   string `json:"unit,omitempty"`   // the word that Text ends with, where it is a number of something
	Beside string `json:"beside,omitempty"` // what else its line says: the parts of a share, the names of a list
}

// markdown writes the headline's line.
func (h Headline) markdown(l lang.Lang) string {
	line := "**" + escape(h.Text) + "**"
	switch {
	case h.Beside == "":
	case strings.HasPrefix(h.Beside, "("):
		line += " " + escape(h.Beside)
	default:
		line += texts.Say(l, "answer.colon") + " " + escape(h.Beside)
	}
	return line
}

// BlockKind is what a block of an answer holds.
type BlockKind string

// The closed list of blocks, in the order that they are read. A surface writes
// them its own way and reads no text back.
const (
	BlockHeadline    BlockKind = "headline"    // Answer.Headline
	BlockSentence    BlockKind = "sentence"    // Answer.Sentence, Markdown: what one says first, where Answer.Spoken
	BlockFigures     BlockKind = "figures"     // several, none of which is the headline
	BlockList        BlockKind = "list"        // Answer.Headline.Beside: names that the sentence counts
	BlockTable       BlockKind = "table"       // Answer.Rows
	BlockChart       BlockKind = "chart"       // asked for
	BlockAssumptions BlockKind = "assumptions" // what was taken for granted
	BlockCaveats     BlockKind = "caveats"     // what misleads
	BlockSources     BlockKind = "sources"
	BlockDatasets    BlockKind = "datasets"    // pointers
	BlockSuggestions BlockKind = "suggestions" // Answer.Choices: what was meant
	BlockNext        BlockKind = "next"        // Answer.Next: what to ask next
)

// Blocks are what an answer is made of, in the order that it is read.
func (a *Answer) Blocks() []BlockKind {
	var out []BlockKind
	add := func(k BlockKind, there bool) {
		if there {
			out = append(out, k)
		}
	}
	add(BlockSentence, a.Spoken())
	add(BlockHeadline, a.Headline.Text != "" && !a.Spoken())
	add(BlockFigures, a.sideBySide())
	add(BlockSentence, a.Sentence != "" && !a.Spoken())
	add(BlockList, a.Spoken() && len(a.Columns) == 1 && len(a.Rows) > 1 && a.Headline.Beside != "" && !strings.Contains(a.Sentence, a.lastName()))
	add(BlockTable, a.tabled())
	add(BlockChart, a.Chart)
	add(BlockAssumptions, len(a.Assumptions) > 0)
	add(BlockCaveats, len(a.Caveats) > 0)
	add(BlockSources, len(a.Sources) > 0)
	add(BlockDatasets, len(a.Datasets) > 0)
	add(BlockSuggestions, len(a.Choices) > 0)
	add(BlockNext, len(a.Next) > 0)
	return out
}

// Block is a block of an answer in its JSON form: what it says, or the field of the
// answer that holds what it shows. Who writes the blocks in turn, each its own way,
// has written the answer as every surface here does.
type Block struct {
	Kind  BlockKind `json:"kind"`
	Text  string    `json:"text,omitempty"`  // Markdown, of a headline, a sentence or a list
	Field string    `json:"field,omitempty"` // figures, rows (their columns beside them), assumptions, caveats, sources, datasets, choices, next; of a chart: rows
}

// fieldOf names the field of the JSON form that holds what a block shows.
var fieldOf = map[BlockKind]string{
	BlockFigures: "figures", BlockTable: "rows", BlockChart: "rows",
	BlockAssumptions: "assumptions", BlockCaveats: "caveats", BlockSources: "sources",
	BlockDatasets: "datasets", BlockSuggestions: "choices", BlockNext: "next",
}

// typed are the blocks as the JSON form has them.
func (a *Answer) typed() []Block {
	var out []Block
	for _, k := range a.Blocks() {
		b := Block{Kind: k, Field: fieldOf[k]}
		switch k {
		case BlockHeadline:
			b.Text = a.Headline.markdown(a.Lang)
		case BlockSentence:
			b.Text = a.Sentence
		case BlockList:
			b.Text = escape(a.Headline.Beside)
		}
		out = append(out, b)
	}
	return out
}

// MarshalJSON writes the fields, and the blocks that they are read in.
func (a *Answer) MarshalJSON() ([]byte, error) {
	type fields Answer
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // who encodes the answer says whether to
	err := enc.Encode(struct {
		*fields
		Blocks []Block `json:"blocks,omitempty"`
	}{(*fields)(a), a.typed()})
	return b.Bytes(), err
}

// Spoken tells whether the sentence says the figures, as a colleague would; if
// not it explains the computation, and the headline stands before it.
func (a *Answer) Spoken() bool {
	return a.Answered() && a.Sentence != "" && a.Explanation != "" && a.Sentence != explained(a)
}

// lastName is the last cell of a list, as it is shown.
func (a *Answer) lastName() string { return escape(Cell(a.Rows[len(a.Rows)-1][0], "", true, a.Lang)) }

// sideBySide tells whether an answer is figures none of which is the headline.
func (a *Answer) sideBySide() bool {
	return a.Answered() && a.Headline.Text == "" && len(a.Rows) == 1 && len(a.Figures) > 1 && len(a.Figures) == len(a.Rows[0])
}

// tabled tells whether the rows are the answer, rather than behind it.
func (a *Answer) tabled() bool {
	return a.Kind == KindTable && len(a.Columns) > 1 && !a.sideBySide() && (len(a.Rows) > 1 || a.Headline.Text == "")
}

// Own is the answer's own words, Markdown: the figure first, then what it is;
// not what was assumed, nor where it comes from.
func (a *Answer) Own() string {
	var parts []string
	for _, b := range a.Blocks() {
		switch b {
		case BlockHeadline:
			parts = append(parts, a.Headline.markdown(a.Lang))
		case BlockFigures:
			var lines []string
			for i, f := range a.Figures {
				lines = append(lines, "- "+escape(a.Columns[i].Name)+texts.Say(a.Lang, "answer.colon")+" **"+f.text(a.Lang)+"**")
			}
			parts = append(parts, strings.Join(lines, "\n"))
		case BlockSentence:
			parts = append(parts, a.Sentence)
		case BlockList:
			parts = append(parts, escape(a.Headline.Beside))
		case BlockTable:
			parts = append(parts, Table(a.Columns, a.Rows, a.Lang))
		case BlockChart, BlockAssumptions, BlockCaveats, BlockSources, BlockDatasets, BlockSuggestions, BlockNext:
		}
	}
	return strings.Join(parts, "\n\n")
}

// Beneath is what stands under an answer's own words, a paragraph each: what
// was assumed, what misleads, where the figures come from, what to ask next.
func (a *Answer) Beneath() []string {
	var parts []string
	if a.Spoken() && a.Explanation != "" {
		parts = append(parts, texts.Say(a.Lang, "answer.computed")+" "+escape(a.Explanation)+".")
	}
	if len(a.Assumptions) > 0 {
		parts = append(parts, texts.Say(a.Lang, "answer.assumed")+" "+strings.Join(a.Assumptions, texts.Say(a.Lang, "answer.semicolon")+" ")+".")
	}
	for _, c := range a.Caveats {
		parts = append(parts, "⚠ "+c)
	}
	for _, s := range a.Sources {
		parts = append(parts, texts.Say(a.Lang, "answer.source")+" "+SourceLine(s, a.Lang))
	}
	if len(a.Next) > 0 {
		parts = append(parts, texts.Say(a.Lang, "answer.next")+" "+escape(strings.Join(a.Next, " · ")))
	}
	return parts
}

// Finish writes beneath an answer's text what was assumed, what misleads, and
// where the figures come from.
func Finish(a *Answer) {
	a.Text = strings.Join(append([]string{a.Text}, a.Beneath()...), "\n\n")
}

// FirstFigure is the headline as plain text, or the first figure; "" where an
// answer has neither.
func FirstFigure(a *Answer) string {
	if a.Headline.Text != "" {
		return a.Headline.Text
	}
	if len(a.Figures) > 0 {
		return a.Figures[0].text(a.Lang)
	}
	return ""
}
