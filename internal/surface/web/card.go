package web

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// card is an answer as the templates show it. Texts of the data are plain
// strings, which html/template escapes.
type card struct {
	ID, Question string
	Lang         lang.Lang // of the answer
	Kind         answer.Kind
	Headline     string // "496 779 162 €"
	Unit         string // "habitants", where the headline is a number of something
	Long         bool   // the headline is a sentence rather than a figure
	Beside       string // what else the headline's line says
	Body         template.HTML
	Said         template.HTML // the sentence that says the figures, where there is one
	Explanation  string
	Columns      []column
	Rows         [][]cell
	More         int // rows left out of the page
	Choices      []string
	Next         []string // whole questions to go on with
	Datasets     []answer.Dataset
	Assumptions  []string
	Caveats      []string
	Sources      []source
	SQL          string
	Engine       string
	Conversation string // that a choice goes on with
	Alone        bool   // on its own page, not in a conversation
	Passing      bool   // it goes with this process: no link to it is offered
	Answered     bool
	Chart        bool          // there is a chart at /a/ID/chart.svg
	PNG          bool          // and at /a/ID/chart.png
	Gist         string        // what it shows
	Drawing      template.HTML // it, to stand within the page; "" where it is too large
	Small        template.HTML // the same for a telephone; "" where it is no other
}

type column struct {
	Name    string
	Numeric bool
}

type cell struct {
	Text string
	Sort string // what the script sorts by: a number, an ISO date, or the text
}

type source struct {
	answer.Source
	In        lang.Lang
	Period    string
	Modified  string
	Retrieved string
}

const (
	shownRows    = 200 // rows of a page; the files hold all
	longHeadline = 22  // characters
)

// card prepares an answer for showing, with its chart where there is one.
func (s *site) card(a *answer.Answer, conversation string) *card {
	c := newCard(a, conversation)
	c.Passing = s.Answers.Passing(c.ID)
	if s.Chart != nil && a.Answered() && a.AnswerID != "" {
		s.draw(c, a)
	}
	return c
}

// maxInline is the largest drawing that stands within a page, in bytes: maps of
// many territories are pictures beside it.
const maxInline = 60_000

// draw adds an answer's chart to its card, where it has one.
func (s *site) draw(c *card, a *answer.Answer) {
	svg, err := s.Chart(a)
	if c.Chart = err == nil && len(svg) > 0; !c.Chart {
		return
	}
	c.Gist, c.PNG = s.gist(a), s.PNG != nil
	if len(c.Rows) == 0 { // every chart has its table
		c.table(a)
	}
	if s.Inline == nil {
		return
	}
	wide, narrow, err := s.Inline(a)
	if err == nil && len(wide)+len(narrow) <= maxInline {
		c.Drawing, c.Small = template.HTML(wide), template.HTML(narrow) // chart writes every element and text of it anew
	}
}

// gist is what an answer's chart shows, for those who do not see it.
func (s *site) gist(a *answer.Answer) string {
	var said string
	if s.Gist != nil {
		said = s.Gist(a)
	}
	return cmp.Or(said, texts.Say(a.Lang, "page.chart_of_figures"))
}

// newCard prepares an answer for showing.
func newCard(a *answer.Answer, conversation string) *card {
	l := a.Lang
	c := &card{ID: a.AnswerID, Question: a.Question, Lang: l, Kind: a.Kind, Choices: a.Choices, Next: a.Next, Datasets: a.Datasets, Caveats: a.Caveats, SQL: a.SQL, Engine: a.Engine, Conversation: conversation}
	if l == "" {
		c.Lang = lang.French
	}
	for _, s := range a.Assumptions {
		c.Assumptions = append(c.Assumptions, sentence(s))
	}
	for _, s := range a.Sources {
		s.URL, s.ResourceURL = httpAddress(s.URL), httpAddress(s.ResourceURL)
		c.Sources = append(c.Sources, source{s, c.Lang, period(s.Period), day(s.Modified, l), day(s.Retrieved, l)})
	}
	c.Datasets = nil
	for _, d := range a.Datasets {
		d.URL = httpAddress(d.URL)
		c.Datasets = append(c.Datasets, d)
	}
	if !a.Answered() {
		c.Body = body(a)
		return c
	}
	c.Answered = true
	c.Explanation = sentence(a.Explanation)
	c.head(a)
	if len(a.Rows) > 1 || len(a.Columns) > 1 && c.Headline == "" && !(a.Spoken() && len(a.Rows) == 1 && len(a.Columns) <= 3) {
		c.table(a)
	}
	if len(a.Columns) == 1 {
		c.Beside = "" // a list that the table shows
	}
	return c
}

// head is the figure written large and what stands beside it, or the sentence alone
// where the figure is long.
func (c *card) head(a *answer.Answer) {
	c.Headline, c.Unit, c.Beside = lang.Typeset(a.Headline.Text, a.Lang), a.Headline.Unit, a.Headline.Beside
	if c.Headline == "" && a.Kind == answer.KindFigure && len(a.Figures) > 0 {
		c.Headline = answer.Cell(a.Figures[0].Value, a.Figures[0].Unit, false, a.Lang)
	}
	if c.Unit != "" { // it is written smaller, beside the number
		c.Headline = strings.TrimRight(strings.TrimSuffix(c.Headline, c.Unit), " \u00a0")
	}
	c.Long = utf8.RuneCountInString(c.Headline) > longHeadline
	if !a.Spoken() {
		return
	}
	c.Said = markdown(lang.Typeset(a.Sentence, a.Lang))
	if c.Long { // the sentence says it
		c.Headline, c.Unit = "", ""
	}
	c.Beside = ""
}

// body is the text without what the card shows by itself: choices, datasets.
func body(a *answer.Answer) template.HTML {
	if len(a.Choices) > 0 || len(a.Datasets) > 0 || len(a.Next) > 0 {
		return markdown(cmp.Or(a.Sentence, a.Text))
	}
	return markdown(a.Text)
}

func (c *card) table(a *answer.Answer) {
	for i, col := range a.Columns {
		numeric := !col.Plain
		for _, row := range a.Rows {
			if i < len(row) && row[i] != nil && !lang.IsNumber(row[i]) {
				numeric = false
			}
		}
		name := col.Name
		if inHead(col.Unit) {
			name += " (" + col.Unit + ")"
		}
		c.Columns = append(c.Columns, column{name, numeric})
	}
	for n, row := range a.Rows {
		if n == shownRows {
			c.More = len(a.Rows) - shownRows
			break
		}
		cells := make([]cell, len(a.Columns))
		for i := range cells {
			if i < len(row) {
				col := a.Columns[i]
				if inHead(col.Unit) {
					col.Unit = ""
				}
				cells[i] = newCell(row[i], col, a.Lang)
			}
		}
		c.Rows = append(c.Rows, cells)
	}
}

// inHead tells whether a unit is a word, which is read once at the head of its column
// and not in every cell.
func inHead(unit string) bool {
	return utf8.RuneCountInString(unit) > len("EUR") && !strings.ContainsFunc(unit, func(r rune) bool { return !unicode.IsLetter(r) })
}

func newCell(v any, col answer.Column, l lang.Lang) cell {
	switch x := v.(type) {
	case int64:
		return cell{answer.CellOf(x, col, l), fmt.Sprint(x)}
	case float64:
		if col.Plain && x == math.Trunc(x) && math.Abs(x) < 1<<53 { // a year that went through JSON
			return cell{fmt.Sprintf("%.0f", x), fmt.Sprintf("%.0f", x)}
		}
		return cell{answer.CellOf(x, col, l), fmt.Sprint(x)}
	case time.Time:
		return cell{answer.Cell(x, "", col.Plain, l), x.Format(time.RFC3339)}
	case nil:
		return cell{Text: "–"}
	}
	s := answer.Cell(v, "", true, l)
	return cell{s, strings.ToLower(s)}
}

// sentence begins with a capital and ends with a point.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	for i, r := range s {
		s = strings.ToUpper(string(r)) + s[i+len(string(r)):]
		break
	}
	if !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return s
}

// period writes "2016/2020" as "2016–2020".
func period(s string) string {
	from, to, _ := strings.Cut(s, "/")
	switch {
	case to == "" || to == from:
		return from
	case from == "":
		return to
	}
	return from + "–" + to
}

func day(iso string, l lang.Lang) string {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return lang.LongDay(t, l)
}
