package search

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"strconv"
	"strings"
	"time"

	"cigogne/internal/dataset"
)

// entry is what an index keeps of a dataset.
type entry struct {
	id, name, title, publisher, portal, url, frequency, spatial string
	created, modified                                           int64  // Unix seconds, 0 unknown
	tabular                                                     bool   // has a file that reads as a table
	local                                                       bool   // about a part of the country
	rich                                                        uint8  // how fully it is described, 0…255
	places                                                      string // scope.places, between spaces
	from, to                                                    uint16 // years its data speaks of, 0 unknown
}

// tabularFormats are those that the house reads as tables.
var tabularFormats = map[string]bool{"csv": true, "tsv": true, "txt": true, "xls": true, "xlsx": true, "ods": true, "parquet": true, "json": true, "csv.gz": true}

// newEntry reads a dataset. One that is annotated has a table, wherever it lies.
func newEntry(g Gazetteer, d dataset.Dataset, annotated bool) entry {
	where := scopeOf(g, d)
	e := entry{
		id: d.ID, name: d.Name, title: strings.TrimSpace(d.Title), publisher: d.Publisher, portal: d.Portal, url: d.URL,
		tabular: annotated, frequency: d.Frequency, spatial: d.Spatial, created: unix(d.Created), modified: unix(d.Modified),
		local: where.local, places: strings.Join(where.places, " "), rich: richness(d),
	}
	e.from, e.to = years(d)
	for _, f := range d.Distributions {
		e.tabular = e.tabular || tabularFormats[f.Format]
	}
	return e
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func date(unix int64) time.Time {
	if unix == 0 {
		return time.Time{}
	}
	return time.Unix(unix, 0).UTC()
}

// contentHash changes when anything does that the index reads of a dataset.
func contentHash(d *dataset.Dataset, said []string) (out [16]byte) {
	b := make([]byte, 0, 4096)
	text := func(ss ...string) {
		b = binary.AppendUvarint(b, uint64(len(ss)))
		for _, s := range ss {
			b = binary.AppendUvarint(b, uint64(len(s)))
			b = append(b, s...)
		}
	}
	text(d.ID, d.Name, d.Title, d.Description, d.Publisher, d.URL, d.Portal, d.Frequency, d.Period.Start, d.Period.End, d.Spatial)
	text(d.Keywords...)
	text(d.Themes...)
	if len(said) > 0 {
		text(said...)
	}
	for _, f := range d.Distributions {
		text(f.Format)
	}
	b = binary.AppendVarint(b, unix(d.Created))
	b = binary.AppendVarint(b, unix(d.Modified))
	sum := sha256.Sum256(b)
	copy(out[:], sum[:])
	return out
}

// analysed is a dataset's text cut into words, once for all that reads it.
type analysed struct{ title, keywords, publisher, body []token }

func (s *stemmer) analyse(d dataset.Dataset) analysed {
	return analysed{
		title:     s.tokens(d.Title),
		keywords:  s.tokens(strings.Join(append(append([]string{}, d.Keywords...), d.Themes...), " ")),
		publisher: s.tokens(d.Publisher),
		body:      s.tokens(clip(d.Description, maxBody) + " " + d.Spatial),
	}
}

// terms weighs the words of a dataset and those said of it.
func (a analysed) terms(said []string) frequencies {
	f := make(frequencies, len(a.title)*3+len(a.body))
	f.add(titleField, stems(a.title))
	f.add(titleField, joined(a.title))
	f.add(keywordField, stems(a.keywords))
	f.add(publisherField, stems(a.publisher))
	f.add(bodyField, stems(a.body))
	f.add(saidField, said)
	return f
}

// maxBody bounds how much of a description is read, in bytes: what comes after
// is terms of use and column lists.
const maxBody = 6000

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	if i := strings.LastIndexByte(s[:n], ' '); i > 0 {
		return s[:i]
	}
	return strings.ToValidUTF8(s[:n], "")
}

func stems(ts []token) []string {
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = t.stem
	}
	return out
}

// joined lists neighbouring words written as one ("+opendata"), so that
// "opendamir" finds "Open DAMIR"; the sign keeps them apart from words.
func joined(ts []token) []string {
	spans := joinedSpans(ts)
	out := make([]string, len(spans))
	for i, s := range spans {
		out[i] = "+" + s
	}
	return out
}

// joinedSpans writes two or three neighbouring words as one.
func joinedSpans(ts []token) []string {
	var out []string
	for i := range ts {
		s := ts[i].fold
		for j := i + 1; j < len(ts) && j < i+3; j++ {
			s += ts[j].fold
			if len(s) >= 6 {
				out = append(out, s)
			}
		}
	}
	return out
}

// richness says how fully a dataset is described: sheets that many people use
// are, and among equals they are what is looked for.
func richness(d dataset.Dataset) uint8 {
	full := math.Log1p(float64(len(d.Description))) / math.Log1p(3000)
	return uint8(min(1, full) * 255)
}

// years are the first and the last year that a dataset speaks of: its declared
// period, else what its title says.
func years(d dataset.Dataset) (from, to uint16) {
	text := d.Period.Start + " " + d.Period.End
	if strings.TrimSpace(text) == "" {
		text = d.Title
	}
	for _, y := range yearPattern.FindAllString(text, -1) {
		n, _ := strconv.Atoi(y)
		if from == 0 || uint16(n) < from {
			from = uint16(n)
		}
		to = max(to, uint16(n))
	}
	return from, to
}

// holds tells whether the dataset's period holds the year.
func (e *entry) holds(year int) bool {
	return e.from != 0 && int(e.from) <= year && year <= int(e.to)
}
