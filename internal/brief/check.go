package brief

import (
	"context"
	"fmt"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/kit"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Problem is what is wrong with a question of a kit today.
type Problem string

// The closed list of problems; each has a sentence, "kit.PROBLEM".
const (
	Unanswered Problem = "unanswered"  // the data give no figure any more
	NoFigure   Problem = "no_figure"   // a pinned figure is a table, or several
	OtherTrend Problem = "other_trend" // the years end on another figure than the one above them
	WrongQuiz  Problem = "wrong_quiz"  // the data say that another choice is right
)

// Fault is a question that does not do what its kit promises.
type Fault struct {
	Kit      string    `json:"kit"`
	Question string    `json:"question"`
	Lang     lang.Lang `json:"lang"`
	Problem  Problem   `json:"problem"`
	Says     string    `json:"says,omitempty"` // what was answered instead
}

// Sentence says it to a person.
func (f Fault) Sentence(l lang.Lang) string {
	return texts.Say(l, "kit."+string(f.Problem), "question", f.Question, "says", f.Says)
}

// Check asks every question of a kit, in each language that it has, and tells
// which do not hold, and how many were asked.
func Check(ctx context.Context, k *kit.Kit, ask Ask) (faults []Fault, asked int, err error) {
	c := &checking{ctx: ctx, kit: k, ask: ask}
	for _, l := range []lang.Lang{lang.French, lang.English} {
		c.lang = l
		for _, f := range k.Figures {
			main := c.figures(f.Question)
			if main != nil && main.Kind != answer.KindFigure {
				c.fault(main.Question, NoFigure, "")
			}
			if trend := c.figures(f.Trend); trend != nil && main != nil && !Ends(trend, main) {
				c.fault(trend.Question, OtherTrend, answer.FirstFigure(main))
			}
			c.figures(f.Likes)
		}
		for _, t := range k.Try {
			c.figures(t.Question)
		}
		for _, q := range k.Quiz {
			if a := c.figures(q.Data); a != nil && !settles(a, q, l) {
				c.fault(a.Question, WrongQuiz, first(a))
			}
		}
	}
	return c.faults, c.asked, c.err
}

type checking struct {
	ctx    context.Context
	kit    *kit.Kit
	lang   lang.Lang
	ask    Ask
	faults []Fault
	asked  int
	err    error // of the asker: nothing is asked after it
}

func (c *checking) fault(question string, p Problem, says string) {
	c.faults = append(c.faults, Fault{c.kit.Name, question, c.lang, p, says})
}

// figures asks a question and notes where it has none.
func (c *checking) figures(q dataset.Bilingual) *answer.Answer {
	text := q.FR
	if c.lang == lang.English {
		text = q.EN
	}
	if text == "" || c.err != nil {
		return nil
	}
	a, err := c.ask(c.ctx, text, c.lang)
	if err != nil {
		c.err = fmt.Errorf("ask %q: %w", text, err)
		return nil
	}
	c.asked++
	if !a.Answered() {
		c.fault(text, Unanswered, "")
		return nil
	}
	return a
}

// settles tells whether an answer names the right choice, and before the others.
func settles(a *answer.Answer, q kit.Quiz, l lang.Lang) bool {
	right := place(a, q.Choices[q.Right-1].In(l))
	if right < 0 {
		return false
	}
	for i, c := range q.Choices {
		if at := place(a, c.In(l)); i != q.Right-1 && at >= 0 && at <= right {
			return false
		}
	}
	return true
}

// place is the first row that holds a cell, or the headline's word; -1: none.
func place(a *answer.Answer, choice string) int {
	want := lang.Fold(choice)
	for i, row := range a.Rows {
		for j, v := range row {
			if lang.Fold(fmt.Sprint(v)) == want || j < len(a.Columns) && lang.Fold(answer.Cell(v, a.Columns[j].Unit, a.Columns[j].Plain, a.Lang)) == want {
				return i
			}
		}
	}
	return -1
}

// first is the first row, as text.
func first(a *answer.Answer) string {
	if len(a.Rows) == 0 {
		return answer.FirstFigure(a)
	}
	var cells []string
	for j, v := range a.Rows[0] {
		cells = append(cells, answer.Cell(v, a.Columns[j].Unit, a.Columns[j].Plain, a.Lang))
	}
	return strings.Join(cells, " · ")
}
