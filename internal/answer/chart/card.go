package chart

import (
	"github.com/go-analyze/charts"

	"cigogne/internal/answer"
)

// The size in pixels that pasted links show pictures in.
const (
	cardWidth  = 1200
	cardHeight = 630
)

// Card draws an answer for those who meet a link to it: the question, the
// figure, what it is and where it comes from, as PNG.
func Card(a *answer.Answer) ([]byte, error) {
	if !a.Answered() {
		return nil, ErrNone
	}
	p := newCanvas(charts.ChartOutputPNG, cardWidth, cardHeight, 1)
	p.rect(0, 0, cardWidth, cardHeight, ground)
	p.rect(0, 0, 16, cardHeight, hues[0])
	const left, room = 72, cardWidth - 144
	y := 92
	for _, t := range p.wrap(clean(a.Question), style{charts.FontFamilyNotoSans, 24}, room, 2) {
		p.text(t, left, y, style{charts.FontFamilyNotoSans, 24}, soft)
		y += 42
	}
	figure := clean(answer.FirstFigure(a))
	face := huge
	if p.measure(figure, face) > room {
		face = style{charts.FontFamilyNotoSansBold, 28}
	}
	y += 62
	for _, t := range p.wrap(figure, face, room, 2) {
		p.text(t, left, y, face, ink)
		y += 66
	}
	for _, t := range p.wrap(capital(clean(a.Explanation)), large, room, 3) {
		p.text(t, left, y, large, ink)
		y += 34
	}
	y = cardHeight - 104
	p.line([]point{{left, y}, {cardWidth - left, y}}, grid, 2)
	for _, t := range p.wrap(sourceLine(a), style{charts.FontFamilyNotoSans, 14}, room, 2) {
		y += 28
		p.text(t, left, y, style{charts.FontFamilyNotoSans, 14}, soft)
	}
	p.text("Cigogne", cardWidth-left-p.measure("Cigogne", style{charts.FontFamilyNotoSansBold, 15}), cardHeight-22, style{charts.FontFamilyNotoSansBold, 15}, hues[0])
	return p.bytes()
}
