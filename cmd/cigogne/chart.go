package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cigogne/catalog"
	"cigogne/internal/answer"
	"cigogne/internal/answer/chart"
	"cigogne/internal/lang"
	"cigogne/internal/outline"
	"cigogne/internal/refresh"
	"cigogne/internal/texts"
)

// artist draws answers on the outlines that are theirs: those of the
// configuration, then harvested ones, then the embedded ones of the departments.
type artist struct{ outlines chart.Outlines }

// maxOutlineFile bounds a file of outlines, in bytes.
const maxOutlineFile = 64 << 20

func (h *house) artist(ctx context.Context) (artist, error) {
	var layers chart.Outlines
	own, err := h.ownOutlines()
	if err != nil {
		return artist{}, err
	}
	if own != nil {
		layers = append(layers, own)
	}
	layers = append(layers, h.harvestedOutlines(ctx)...)
	b, err := catalog.Outlines()
	if err != nil {
		return artist{}, err
	}
	departments, err := outline.Read(bytes.NewReader(b))
	if err != nil {
		return artist{}, err
	}
	return artist{append(layers, departments)}, nil
}

// ownOutlines are those of the configuration; nil where it names none.
func (h *house) ownOutlines() (*outline.Layer, error) {
	c, err := h.settings()
	if err != nil || c.Outlines == "" {
		return nil, err
	}
	l := h.lang()
	f, err := os.Open(c.Outlines)
	if err != nil {
		return nil, fileError(c.Outlines, err, l)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fileError(c.Outlines, err, l)
	}
	if info.Size() > maxOutlineFile {
		return nil, told{texts.Say(l, "cli.file_outlines_is_over_mb", "outlines", c.Outlines, "number", maxOutlineFile>>20)}
	}
	own, err := outline.Read(f)
	if errors.Is(err, outline.ErrNone) {
		return nil, told{texts.Say(l, "cli.file_outlines_cannot_be_used_geojson", "outlines", c.Outlines)}
	}
	if err != nil {
		return nil, fileError(c.Outlines, err, l)
	}
	return own, nil
}

// harvestedOutlines are those of the generation in force, the fullest first. One
// that cannot be read draws nothing, and stops nothing.
func (h *house) harvestedOutlines(ctx context.Context) chart.Outlines {
	gen, err := h.sound(ctx)
	if err != nil || gen == nil {
		return nil
	}
	folder := gen.Path(refresh.OutlineFolder)
	files, _ := os.ReadDir(folder) // none: no layer had outlines
	var layers chart.Outlines
	for _, file := range files {
		f, err := os.Open(filepath.Join(folder, file.Name()))
		if err == nil {
			var l *outline.Layer
			l, err = outline.Read(f)
			f.Close()
			if err == nil {
				layers = append(layers, l)
			}
		}
		if err != nil {
			h.log.WarnContext(ctx, "outlines not read", "file", file.Name(), "error", err)
		}
	}
	slices.SortStableFunc(layers, func(a, b *outline.Layer) int { return b.Units - a.Units })
	return layers
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
func (h *house) draw(ctx context.Context, a *answer.Answer, path string, l lang.Lang) error {
	p, err := h.artist(ctx)
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
