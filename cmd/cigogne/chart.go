package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"cigogne/internal/answer"
	"cigogne/internal/answer/chart"
	"cigogne/internal/lang"
)

// artist draws answers, on the outlines of the configuration where they are theirs.
type artist struct{ outlines *chart.Outlines }

// maxOutlineFile bounds a file of outlines, in bytes.
const maxOutlineFile = 64 << 20

func (h *house) artist() (artist, error) {
	c, err := h.settings()
	if err != nil || c.Outlines == "" {
		return artist{}, err
	}
	l := h.lang()
	info, err := os.Stat(c.Outlines)
	if err != nil {
		return artist{}, fileError(c.Outlines, err, l)
	}
	if info.Size() > maxOutlineFile {
		return artist{}, told{fmt.Sprintf(l.Pick("Le fichier de contours %s dépasse %d Mo.", "The file of outlines %s is over %d MB."), c.Outlines, maxOutlineFile>>20)}
	}
	data, err := os.ReadFile(c.Outlines)
	if err != nil {
		return artist{}, fileError(c.Outlines, err, l)
	}
	o, err := chart.ParseOutlines(data)
	if err != nil {
		return artist{}, told{fmt.Sprintf(l.Pick("Le fichier de contours %s n'est pas lisible : un GeoJSON de polygones en degrés (WGS 84), avec des codes ou des noms, est attendu.", "The file of outlines %s cannot be used: a GeoJSON of polygons in degrees (WGS 84), with codes or names, is expected."), c.Outlines)}
	}
	return artist{o}, nil
}

// SVG draws an answer's chart; chart.ErrNone where it has none.
func (p artist) SVG(a *answer.Answer) ([]byte, error) {
	c, err := p.outlines.Of(a)
	if err != nil {
		return nil, err
	}
	return c.SVG()
}

// Narrow draws the same for a telephone.
func (p artist) Narrow(a *answer.Answer) ([]byte, error) {
	c, err := p.outlines.Of(a)
	if err != nil {
		return nil, err
	}
	c.Narrow = true
	return c.SVG()
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
		return told{l.Pick("--chart : le nom du fichier finit par .svg ou .png.", "--chart: the file's name ends in .svg or .png.")}
	}
	b, err := drawn(a)
	if errors.Is(err, chart.ErrNone) {
		return told{l.Pick("Pas de graphique : ces chiffres se lisent mieux tels quels.", "No chart: these figures read better as they are.")}
	}
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		return told{fmt.Sprintf(l.Pick("Le graphique n'a pas pu être écrit dans %s.", "The chart could not be written to %s."), path)}
	}
	return nil
}
