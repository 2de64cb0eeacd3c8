// Package brief answers a theme: the figures that a kit pins, each with how it
// changed and what it stands beside, where they come from and what they leave
// open. Everything in it is an answer to a question that anyone may ask again.
package brief

import (
	"context"
	"fmt"
	"slices"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/kit"
	"cigogne/internal/lang"
)

// Ask answers a question that stands alone. An error says that it could not be
// asked, not that there is no answer.
type Ask func(ctx context.Context, question string, l lang.Lang) (*answer.Answer, error)

// Brief is a theme with its figures of today.
type Brief struct {
	Kit     *kit.Kit
	Lang    lang.Lang
	Figures []Figure
	Sources []answer.Source // of all figures, each once
	Caveats []string        // what misleads, each once
	Missing []string        // questions that gave no figure: they are left out, never guessed
}

// Figure is a pinned figure.
type Figure struct {
	Says   string // "Habitants du Grand Est"
	Answer *answer.Answer
	Trend  *answer.Answer // year by year, ending on the figure; nil where there is none
	Likes  *answer.Answer // beside its likes; nil where there is none
}

// Make asks a kit's questions. A question without an answer costs its figure
// alone; the error is of an asker that failed.
func Make(ctx context.Context, k *kit.Kit, l lang.Lang, ask Ask) (*Brief, error) {
	b := &Brief{Kit: k, Lang: l}
	for _, f := range k.Figures {
		main, err := b.ask(ctx, ask, f.Question)
		if err != nil {
			return nil, err
		}
		if main == nil {
			continue
		}
		out := Figure{Says: f.Says.In(l), Answer: main}
		if out.Trend, err = b.ask(ctx, ask, f.Trend); err != nil {
			return nil, err
		}
		if out.Trend != nil && !Ends(out.Trend, main) { // of something else: it would mislead under this figure
			b.Missing = append(b.Missing, out.Trend.Question)
			out.Trend = nil
		}
		if out.Likes, err = b.ask(ctx, ask, f.Likes); err != nil {
			return nil, err
		}
		b.Figures = append(b.Figures, out)
		for _, a := range []*answer.Answer{out.Answer, out.Trend, out.Likes} {
			b.gather(a)
		}
	}
	return b, nil
}

// ask returns what a question gets; nil where it has no text in the language, or
// no figures.
func (b *Brief) ask(ctx context.Context, ask Ask, q dataset.Bilingual) (*answer.Answer, error) {
	text := q.In(b.Lang)
	if !q.Says(b.Lang) { // asked in French, where there is a page in that language at all
		text = q.FR
		if b.Lang == lang.English {
			text = ""
		}
	}
	if text == "" {
		return nil, nil
	}
	a, err := ask(ctx, text, b.Lang)
	if err != nil {
		return nil, fmt.Errorf("ask %q: %w", text, err)
	}
	if !a.Answered() {
		b.Missing = append(b.Missing, text)
		return nil, nil
	}
	return a, nil
}

func (b *Brief) gather(a *answer.Answer) {
	if a == nil {
		return
	}
	for _, s := range a.Sources {
		if !slices.ContainsFunc(b.Sources, func(x answer.Source) bool { return x.DatasetID == s.DatasetID && x.Title == s.Title }) {
			b.Sources = append(b.Sources, s)
		}
	}
	for _, c := range a.Caveats {
		if !slices.Contains(b.Caveats, c) {
			b.Caveats = append(b.Caveats, c)
		}
	}
}

// Ends tells whether figures along the years end on a figure: the same thing,
// counted the same way.
func Ends(trend, figure *answer.Answer) bool {
	series := Series(trend)
	if len(series) < 2 || len(figure.Figures) == 0 {
		return false
	}
	last, want := series[len(series)-1].Value, figure.Figures[0].Value
	return last == want
}

// Point is a figure of a year.
type Point struct {
	Year  int
	Value float64
}

// Series reads the rows of an answer as figures along years, oldest first; nil
// where they are not.
func Series(a *answer.Answer) []Point {
	if a == nil || len(a.Columns) != 2 || !a.Columns[0].Plain {
		return nil
	}
	var out []Point
	for _, row := range a.Rows {
		y, ok1 := lang.Number(row[0])
		v, ok2 := lang.Number(row[1])
		if !ok1 || !ok2 || y != float64(int(y)) || len(out) > 0 && int(y) <= out[len(out)-1].Year {
			return nil
		}
		out = append(out, Point{int(y), v})
	}
	return out
}
