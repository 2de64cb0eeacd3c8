package quality

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strconv"
	"strings"

	"cigogne/internal/lang"
	"cigogne/internal/table"
	"cigogne/internal/table/schema"
	"cigogne/internal/texts"
)

// Reason is what a check found missing, in words: "no licence given".
func Reason(check string, l lang.Lang) string { return texts.Say(l, "quality.is_"+check) }

// Remedy is what to do about it.
func Remedy(check string, l lang.Lang) string { return texts.Say(l, "quality.do_"+check) }

// Sentence is a detail in words.
func (d Detail) Sentence(l lang.Lang) string {
	what := d.What
	code, rest, _ := strings.Cut(what, ": ")
	switch code {
	case DuplicateRows:
		n, _ := strconv.Atoi(rest) // written by rows
		what = texts.Say(l, "quality.duplicate_rows", "n", n)
	case schema.MissingColumn, schema.EmptyCell, schema.WrongType, schema.NotListed, schema.WrongForm, schema.OutOfBounds, schema.OutOfOrder:
		what = texts.Say(l, "quality."+code, "detail", rest)
	case EmptyColumns, TotalCells, WrongCodes:
		what = texts.Say(l, "quality."+code, "detail", rest)
	default:
		what = table.Describe(what, l)
	}
	switch {
	case d.Where == "" || d.Where == what:
		return what
	case what == "":
		return d.Where
	case l == lang.French:
		return d.Where + "\u00a0: " + what
	}
	return d.Where + ": " + what
}

// Score writes points of 100 for people.
func Score(points float64, l lang.Lang) string { return lang.FormatNumber(points, 0, l) }

// Sides tells a sheet's two halves.
func (s *Sheet) Sides(l lang.Lang) string {
	return sides(s.Metadata, s.Content != nil, s.content(), l)
}

func (s *Sheet) content() float64 {
	if s.Content == nil {
		return 0
	}
	return *s.Content
}

// Sides tells a publisher's two halves.
func (p *Publisher) Sides(l lang.Lang) string { return sides(p.Metadata, p.Read > 0, p.Content, l) }

func sides(record float64, read bool, files float64, l lang.Lang) string {
	if !read {
		return texts.Say(l, "quality.unread", "record", Score(record, l))
	}
	return texts.Say(l, "quality.sides", "record", Score(record, l), "files", Score(files, l))
}

// Called is a publisher's name, or the words for none.
func (p *Publisher) Called(l lang.Lang) string {
	if p.Name == "" {
		return texts.Say(l, "quality.nobody")
	}
	return p.Name
}

// Line tells a publisher in a line.
func (p *Publisher) Line(l lang.Lang) string {
	return texts.Say(l, "quality.line", "score", Score(p.Score, l), "datasets", texts.Say(l, "quality.datasets", "n", len(p.Sheets)), "asked", texts.Say(l, "quality.asked", "n", p.Asked))
}

// Gained is what mending one thing would bring.
func (f *Fix) Gained(l lang.Lang) string {
	return texts.Say(l, "quality.gain", "gain", lang.FormatNumber(f.Gain, 1, l), "datasets", texts.Say(l, "quality.datasets", "n", f.Datasets))
}

// Overall tells the whole report in a line.
func (r *Report) Overall(l lang.Lang) string {
	return texts.Say(l, "quality.overall", "score", Score(r.Score, l), "datasets", texts.Say(l, "quality.datasets", "n", r.Datasets))
}

// Dimensions tells the points of MQA's dimensions.
func (s *Sheet) Dimensions(l lang.Lang) string {
	var out []string
	for _, d := range s.Dims {
		of := texts.Say(l, "quality.of", "points", lang.FormatNumber(d.Points, 0, l), "of", lang.FormatNumber(d.Of, 0, l))
		out = append(out, fmt.Sprintf("%s %s", texts.Say(l, "quality.in_"+string(d.Dimension)), of))
	}
	return strings.Join(out, ", ")
}

//go:embed page.html
var pageText string

// HTML writes the report as a page that stands alone: no script, nothing loaded.
func HTML(w io.Writer, r *Report, l lang.Lang) error {
	page, err := template.New("page").Funcs(template.FuncMap{
		"t":      func(key string) string { return texts.Say(l, key) },
		"score":  func(points float64) string { return Score(points, l) },
		"points": func(points float64) string { return lang.FormatNumber(points, 1, l) },
		"reason": func(check string) string { return Reason(check, l) },
		"remedy": func(check string) string { return Remedy(check, l) },
		"lang":   func() lang.Lang { return l },
		"web": func(address string) bool {
			return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
		},
		"level": level,
		"rest":  func(n int) string { return texts.Say(l, "quality.rest", "n", n) },
	}).Parse(pageText)
	if err != nil {
		return fmt.Errorf("page of the quality report: %w", err)
	}
	if err := page.Execute(w, r); err != nil {
		return fmt.Errorf("write the quality report: %w", err)
	}
	return nil
}

// level is the class of a score on the page.
func level(points float64) string {
	const good, fair = 75, 50
	switch {
	case points >= good:
		return "good"
	case points >= fair:
		return "fair"
	}
	return "poor"
}
