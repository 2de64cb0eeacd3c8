#!/usr/bin/env bash
# github.com/go-analyze/charts: FillArea paints an area that is not closed in SVG
# and leaves it almost empty in PNG.
#
# One painter draws both formats, and FillArea takes the corners of an area. Where
# the first corner is not repeated at the end, the SVG has a filled path, which
# browsers close; the PNG paints some rows and none of the rest, and where several
# such areas lie side by side, white or coloured bands run across the picture. No
# error is given. With the first corner repeated both formats show the same.
#
# Seen with v0.6.4, a triangle on 120 x 120 dots:
#   PNG: 3775 dots closed, 100 open; SVG: path "M 10 10 L 110 60 L 60 110", filled
#
# Exits 0 while that is so, 1 where it changed. Needs Go.
set -euo pipefail
dir=$(mktemp -d); trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT; cd "$dir"
cat > go.mod <<'MOD'
module finding
go 1.24
MOD
cat > main.go <<'GO'
package main

import (
	"bytes"
	"fmt"
	"image/png"
	"os"

	"github.com/go-analyze/charts"
)

func painted(points []charts.Point) int {
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: 120, Height: 120})
	p.FillArea(points, charts.ColorRed)
	b, err := p.Bytes()
	if err != nil {
		panic(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		panic(err)
	}
	n := 0
	for y := range 120 {
		for x := range 120 {
			if _, _, _, a := img.At(x, y).RGBA(); a > 0x8000 {
				n++
			}
		}
	}
	return n
}

func main() {
	open := []charts.Point{{X: 10, Y: 10}, {X: 110, Y: 60}, {X: 60, Y: 110}}
	whole, lacking := painted(append(open[:3:3], open[0])), painted(open)
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputSVG, Width: 120, Height: 120})
	p.FillArea(open, charts.ColorRed)
	svg, err := p.Bytes()
	if err != nil {
		panic(err)
	}
	fmt.Printf("PNG: %d dots closed, %d open\nSVG: %s\n", whole, lacking, svg)
	if lacking*2 > whole {
		fmt.Println("The behaviour changed.")
		os.Exit(1)
	}
}
GO
go get github.com/go-analyze/charts@v0.6.4 >/dev/null 2>&1
go mod tidy >/dev/null 2>&1
go run .
