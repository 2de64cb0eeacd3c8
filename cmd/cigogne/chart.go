package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"

	"cigogne/catalog"
	"cigogne/internal/answer"
	"cigogne/internal/answer/chart"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// artist draws answers, on the outlines of the configuration where they are
// theirs, else on the embedded ones of the departments.
type artist struct{ outlines *chart.Outlines }

// maxOutlineFile bounds a file of outlines, in bytes.
const maxOutlineFile = 64 << 20

func (h *house) artist() (artist, error) {
	c, err := h.settings()
	if err != nil {
		return artist{}, err
	}
	b, err := catalog.Outlines()
	if err != nil {
		return artist{}, err
	}
	departments, err := chart.ParseOutlines(b)
	if err != nil {
		return artist{}, err
	}
	if c.Outlines == "" {
		return artist{departments}, nil
	}
	l := h.lang()
	info, err := os.Stat(c.Outlines)
	if err != nil {
		return artist{}, fileError(c.Outlines, err, l)
	}
	if info.Size() > maxOutlineFile {
		return artist{}, told{texts.Say(l, "cli.file_outlines_is_over_mb", "outlines", c.Outlines, "number", maxOutlineFile>>20)}
	}
	data, err := os.ReadFile(c.Outlines)
	if err != nil {
		return artist{}, fileError(c.Outlines, err, l)
	}
	o, err := chart.ParseOutlines(data)
	if err != nil {
		return artist{}, told{texts.Say(l, "cli.file_outlines_cannot_be_used_geojson", "outlines", c.Outlines)}
	}
	return artist{o.Else(departments)}, nil
}

// SVG draws an answer's chart; chart.ErrNone where it has none.
func (p artist) SVG(a *answer.Answer) ([]byte, error) {
	c, err := p.outlines.Of(a)
	if err != nil {
		return nil, err
	}
	return c.SVG()
}

// Gist is what an answer's chart shows, in a sentence; "" where it has none.
func (p artist) Gist(a *answer.Answer) string {
	c, err := p.outlines.Of(a)
	if err != nil {
		return ""
	}
	return c.Gist()
}

// Inline draws the same to stand within a page, and for a telephone's width; maps
// have one drawing for both.
func (p artist) Inline(a *answer.Answer) (wide, narrow []byte, err error) {
	c, err := p.outlines.Of(a)
	if err != nil {
		return nil, nil, err
	}
	if wide, err = c.Inline(); err != nil || c.Kind == chart.Map {
		return wide, nil, err
	}
	c.Narrow = true
	narrow, err = c.Inline()
	return wide, narrow, err
}

// PNG draws the same as a picture of dots.
func (p artist) PNG(a *answer.Answer) ([]byte, error) {
	c, err := p.outlines.Of(a)
	if err != nil {
		return nil, err
	}
	return c.PNG()
}

// draw writes an answer's chart to a file, SVG or PNG by its name.
func (h *house) draw(a *answer.Answer, path string, l lang.Lang) error {
	p, err := h.artist()
	if err != nil {
		return err
	}
	drawn := p.SVG
	switch strings.ToLower(filepath.Ext(path)) {
	case ".svg":
	case ".png":
		drawn = p.PNG
	default:
		return told{texts.Say(l, "cli.chart_files_name_ends_in_svg")}
	}
	b, err := drawn(a)
	if errors.Is(err, chart.ErrNone) {
		return told{texts.Say(l, "cli.no_chart_these_figures_read_better")}
	}
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		return told{texts.Say(l, "cli.chart_could_not_be_written_to", "path", path)}
	}
	return nil
}
