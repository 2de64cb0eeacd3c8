package ground

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"cigogne/internal/lang"
)

// What people call what headers and codes stand for is knowledge of the field
// and not of a table: "alti" is how high, "PU" of a "statut" is public. A file a
// language (called/columns.LANGUAGE.txt, called/cells.LANGUAGE.txt) lists it.
//
//go:embed called/*.txt
var calledFiles embed.FS

// calling is what words of headers, and cells below them, are called.
type calling struct {
	columns map[string][]string            // words of a header, normed → what people say
	cells   map[string]map[string][]string // a cell, folded → words of a header, or "*" → what people say
	longest int                            // words of a header that are looked up together
}

// callings reads the files once: people mix languages in one question, so all of
// them live in one place, as those of words do.
var callings = sync.OnceValues(func() (*calling, error) {
	files, err := calledFiles.ReadDir("called")
	if err != nil {
		return nil, err
	}
	c := &calling{columns: map[string][]string{}, cells: map[string]map[string][]string{}}
	for _, f := range files {
		text, err := calledFiles.ReadFile("called/" + f.Name())
		if err != nil {
			return nil, err
		}
		if err := c.read(string(text), strings.HasPrefix(f.Name(), "cells.")); err != nil {
			return nil, fmt.Errorf("called/%s: %w", f.Name(), err)
		}
	}
	return c, nil
})

// read adds the lines "header, header: said, said" of a file of columns, or
// "header, header = cell: said, said" of one of cells.
func (c *calling) read(text string, cells bool) error {
	for n, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		headers, said, ok := strings.Cut(line, ": ")
		headers, cell, valued := strings.Cut(headers, " = ")
		if !ok || valued != cells || strings.TrimSpace(said) == "" {
			return fmt.Errorf("line %d: not of the shape that this file has", n+1)
		}
		list := trimmed(said)
		for _, h := range trimmed(headers) {
			k := headerKey(headerWords(h))
			if h == "*" {
				k = h
			}
			c.longest = max(c.longest, strings.Count(k, " ")+1)
			if !cells {
				c.columns[k] = append(c.columns[k], list...)
				continue
			}
			of := lang.Fold(cell)
			if c.cells[of] == nil {
				c.cells[of] = map[string][]string{}
			}
			c.cells[of][k] = append(c.cells[of][k], list...)
		}
	}
	return nil
}

func trimmed(list string) []string {
	var out []string
	for s := range strings.SplitSeq(list, ",") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// headerKey is how words of a header are looked up.
func headerKey(list []string) string {
	list = slices.Clone(bare(list))
	for i, w := range list {
		list[i] = Norm(w)
	}
	return key(list)
}

// addCalled lets what people call the words of a header name its column, the
// more of its words that stands for the better.
func (t *Table) addCalled(list []string, col int) {
	c, err := callings()
	if err != nil {
		return
	}
	content := bare(list)
	for from := range content {
		for to := from + 1; to <= min(len(content), from+c.longest); to++ {
			for _, said := range c.columns[headerKey(content[from:to])] {
				t.addName(sayable(said), col, float64(to-from)/float64(len(content)), Called)
			}
		}
	}
}

// addCellCalled makes a cell findable by what people call it in a column of its
// header.
func (t *Table) addCellCalled(col, val int) {
	c, err := callings()
	if err != nil {
		return
	}
	below := c.cells[lang.Fold(t.Columns[col].Values[val].Text)]
	if below == nil {
		return
	}
	said := below["*"]
	content := bare(t.Columns[col].Words)
	for from := range content {
		for to := from + 1; to <= min(len(content), from+c.longest); to++ {
			said = append(slices.Clip(said), below[headerKey(content[from:to])]...)
		}
	}
	for _, s := range said {
		list := sayable(s)
		if len(list) == 0 {
			continue
		}
		for _, k := range forms(list) {
			if ref := (cellRef{col, val}); !slices.Contains(t.called[k], ref) {
				t.called[k] = append(t.called[k], ref)
			}
		}
	}
}

// sayable are the words of what people say; none where it ends in a word that runs
// of tokens leave out, and would be another without: "catégorie A".
func sayable(said string) []string {
	list := strings.Fields(lang.Fold(said))
	if n := len(list); n > 1 && linking[list[n-1]] {
		return nil
	}
	return bare(list)
}

// calledCells finds the cells that a run of tokens is what people call.
func (g *Ground) calledCells(r run) {
	for _, k := range r.names {
		for _, ref := range g.Table.called[k] {
			m := Mention{From: r.from, To: r.to, Col: ref.col, Cells: []string{g.Table.Columns[ref.col].Values[ref.val].Text}, How: Called, Strength: 1}
			i := slices.IndexFunc(g.Cells, func(o Mention) bool {
				return o.How == Called && o.From == m.From && o.To == m.To && o.Col == m.Col
			})
			switch {
			case i < 0:
				g.Cells = append(g.Cells, m)
			case !slices.Contains(g.Cells[i].Cells, m.Cells[0]):
				g.Cells[i].Cells = append(g.Cells[i].Cells, m.Cells[0])
			}
		}
	}
}
