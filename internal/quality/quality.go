// Package quality judges how fit for use a publication is, from 0 to 100, with
// what is missing by name: its record by the criteria of data.gouv.fr and by the
// five dimensions of data.europa.eu (MQA), its files by what reading them found.
//
// What cannot be told is not judged and costs nothing: rights of access, contact
// points and conformance to DCAT-AP are in no record that the house keeps.
package quality

import (
	"math"
	"time"

	"cigogne/internal/dataset"
)

// Dimension is a group of checks.
type Dimension string

// The five dimensions of the Metadata Quality Assessment of data.europa.eu, what
// data.gouv.fr asks beyond them, and the files themselves.
const (
	Findability      Dimension = "findability"
	Accessibility    Dimension = "accessibility"
	Interoperability Dimension = "interoperability"
	Reusability      Dimension = "reusability"
	Contextuality    Dimension = "contextuality"
	Upkeep           Dimension = "upkeep"
	Content          Dimension = "content"
)

// Check is one thing that is looked at.
type Check struct {
	ID        string    // of its texts, quality.is_ID and quality.do_ID
	Dimension Dimension // that it counts in
	Property  string    // of DCAT-AP that holds it; "" for files

	gouv, mqa, content float64 // points in each reckoning, 0: it does not count there
	judge              func(*subject) verdict
}

// Finding is what a check found.
type Finding struct {
	Check    string    `json:"check"`
	In       Dimension `json:"dimension"`
	Property string    `json:"property,omitempty"`
	Met      float64   `json:"met"`  // share of what was looked at that is as it should be, 0…1
	Lost     float64   `json:"lost"` // points of the score, of 100
	Details  []Detail  `json:"details,omitempty"`
}

// Detail is what was found where.
type Detail struct {
	Where string `json:"where,omitempty"` // a table's title, an address
	What  string `json:"what,omitempty"`  // a note of package table, a column with what is wrong in it
}

// Sheet is the judgement of one dataset.
type Sheet struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Publisher string `json:"publisher,omitempty"`
	URL       string `json:"url,omitempty"`

	Score    float64  `json:"score"`             // 0…100: of the record and of the files alike; of the record alone where no file is held
	Metadata float64  `json:"metadata"`          // 0…100: as data.gouv.fr and MQA reckon it, half each
	Content  *float64 `json:"content,omitempty"` // 0…100, nil where no file is held
	Gouv     float64  `json:"data_gouv_fr"`      // share of the criteria met, 0…1
	MQA      float64  `json:"mqa"`               // points of 405, what is not judged left out of both
	Dims     []Points `json:"dimensions"`        // of MQA
	Asked    int      `json:"asked"`             // answers that came from it

	Findings []Finding `json:"findings"` // what is not as it should be, what costs most first
}

// Points are those of a dimension.
type Points struct {
	Dimension Dimension `json:"dimension"`
	Points    float64   `json:"points"`
	Of        float64   `json:"of"`
}

// subject is what is judged.
type subject struct {
	dataset *dataset.Dataset
	tables  []dataset.Table // that were read of its files
	now     time.Time
}

// verdict is what a check says: met is 0…1.
type verdict struct {
	judged  bool
	met     float64
	details []Detail
}

func is(met bool) verdict {
	if met {
		return verdict{judged: true, met: 1}
	}
	return verdict{judged: true}
}

// unknown is the verdict on what cannot be told.
var unknown = verdict{}

// points are what was got of each dimension that was judged.
func points(dims map[Dimension]*sum) (out []Points) {
	for _, d := range []Dimension{Findability, Accessibility, Interoperability, Reusability, Contextuality} {
		if x := dims[d]; x != nil {
			out = append(out, Points{d, x.got, x.of})
		}
	}
	return out
}

// Of judges a dataset with the tables that were read of its files.
func Of(d *dataset.Dataset, tables []dataset.Table, now time.Time) Sheet {
	s := &subject{d, tables, now}
	sheet := Sheet{ID: d.ID, Title: d.Title, Publisher: d.Publisher, URL: d.URL}
	type judged struct {
		*Check
		verdict
	}
	var all []judged
	var gouv, mqa, content sum
	dims := map[Dimension]*sum{}
	for i := range checks {
		c := &checks[i]
		if c.content > 0 && c.gouv+c.mqa == 0 && len(tables) == 0 {
			continue
		}
		v := c.judge(s)
		if !v.judged {
			continue
		}
		all = append(all, judged{c, v})
		gouv.add(c.gouv, v.met)
		mqa.add(c.mqa, v.met)
		if len(tables) > 0 {
			content.add(c.content, v.met)
		}
		if dims[c.Dimension] == nil {
			dims[c.Dimension] = &sum{}
		}
		dims[c.Dimension].add(c.mqa, v.met)
	}
	record := 1.0 // the record's share of the score
	if len(tables) > 0 {
		record = 0.5
		c := 100 * content.share()
		sheet.Content = &c
	}
	sheet.Gouv, sheet.MQA = gouv.share(), mqa.got
	sheet.Metadata = 50*gouv.share() + 50*mqa.share()
	sheet.Score = record * sheet.Metadata
	if sheet.Content != nil {
		sheet.Score += (1 - record) * *sheet.Content
	}
	sheet.Dims = points(dims)
	for _, j := range all {
		lost := record*(50*gouv.part(j.gouv)+50*mqa.part(j.mqa)) + (1-record)*100*content.part(j.content)
		if lost *= 1 - j.met; lost > 0 {
			sheet.Findings = append(sheet.Findings, Finding{j.ID, j.Dimension, j.Property, j.met, lost, j.details})
		}
	}
	if len(d.Distributions) == 0 && len(tables) == 0 {
		sheet.Findings = withoutFiles(sheet.Findings)
	}
	costliest(sheet.Findings)
	return sheet
}

// withoutFiles says once of a record that names no file what several checks of
// its files found: there is one thing to do.
func withoutFiles(found []Finding) (out []Finding) {
	none := Finding{Check: "files", In: Accessibility, Property: "dcat:distribution"}
	for _, f := range found {
		switch f.Check {
		case "address", "format", "media_type", "size":
			none.Lost += f.Lost
		default:
			out = append(out, f)
		}
	}
	if none.Lost > 0 {
		out = append(out, none)
	}
	return out
}

// sum is points got of points to be had.
type sum struct{ got, of float64 }

func (s *sum) add(points, met float64) {
	s.got += points * met
	s.of += points
}

func (s *sum) share() float64 { return s.part(s.got) }

// part is what points are of all that are to be had.
func (s *sum) part(points float64) float64 {
	if s.of == 0 {
		return 0
	}
	return math.Min(1, points/s.of)
}
