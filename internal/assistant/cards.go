package assistant

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
)

// cards are what a catalogue page shows of every dataset: read once.
type cards struct {
	mu     sync.Mutex
	done   bool
	latest []FoundItem // last changed first
	byID   map[string]FoundItem
}

func (c *cards) read(ctx context.Context, s Shelves) (*cards, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.done {
		return c, nil
	}
	asked := map[string]bool{}
	for _, t := range s.Tables() {
		if t.Dataset != nil {
			asked[t.Dataset.ID] = true
		}
	}
	var latest []FoundItem
	byID := map[string]FoundItem{}
	for d, err := range s.Datasets(ctx) {
		if err != nil {
			return nil, err
		}
		x := card(d)
		x.Table = asked[d.ID]
		latest = append(latest, x)
		byID[d.ID] = x
	}
	slices.SortStableFunc(latest, func(a, b FoundItem) int {
		if a.Table != b.Table { // what can be asked for figures stands first
			if a.Table {
				return -1
			}
			return 1
		}
		switch {
		case a.Modified > b.Modified:
			return -1
		case a.Modified < b.Modified:
			return 1
		}
		return 0
	})
	c.done, c.latest, c.byID = true, latest, byID
	return c, nil
}

const aboutLength = 150 // characters

// beginning is the first words of a description, on one line.
func beginning(s string) string {
	var b strings.Builder
	n := 0
	for _, w := range strings.Fields(s) {
		if n += utf8.RuneCountInString(w) + 1; n > aboutLength {
			b.WriteString("…")
			break
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

// Years beyond these are slips, or stand for "from ever" and "for ever".
const (
	minYear = 1500
	maxYear = 2100
)

// yearOf is the year of an ISO date; 0 where it has none to show.
func yearOf(date string) int {
	if len(date) < 4 {
		return 0
	}
	y, err := strconv.Atoi(date[:4])
	if err != nil || y < minYear || y > maxYear {
		return 0
	}
	return y
}

// maxTerritory is the longest name of a territory that a list shows; what is
// longer is a text, or corners of a map.
const maxTerritory = 60 // characters

func oneLine(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > maxTerritory || strings.ContainsAny(s, "{[;") {
		return ""
	}
	return s
}

func card(d dataset.Dataset) FoundItem {
	x := FoundItem{Dataset: answer.Dataset{ID: d.ID, Name: d.Name, Title: d.Title, Publisher: d.Publisher, URL: d.URL}, Portal: d.Portal, About: beginning(d.Description), Themes: d.Themes, Territory: oneLine(d.Spatial)}
	x.From, x.To = yearOf(d.Period.Start), yearOf(d.Period.End)
	if x.To == 0 || x.To > maxYear { // no end is no year
		x.To = x.From
	}
	if x.From == 0 {
		x.From = x.To
	}
	for _, f := range d.Distributions {
		if f.Format != "" && !slices.Contains(x.Formats, f.Format) {
			x.Formats = append(x.Formats, f.Format)
		}
	}
	slices.Sort(x.Formats)
	if !d.Modified.IsZero() {
		x.Modified = d.Modified.UTC().Format(time.DateOnly)
	}
	return x
}
