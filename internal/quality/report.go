package quality

import (
	"cmp"
	"slices"
	"strings"
)

// Report is the judgement of a catalogue, publisher by publisher.
type Report struct {
	Score      float64     `json:"score"` // mean of the datasets'
	Datasets   int         `json:"datasets"`
	Publishers []Publisher `json:"publishers"` // whose datasets are asked most first, then the largest
}

// Publisher is what one publishes.
type Publisher struct {
	Name     string  `json:"name"` // "": datasets that name none
	Score    float64 `json:"score"`
	Metadata float64 `json:"metadata"`
	Content  float64 `json:"content"` // mean of those whose files were read
	Read     int     `json:"read"`    // how many those are
	Asked    int     `json:"asked"`
	First    []Fix   `json:"first"`    // what to mend first
	Sheets   []Sheet `json:"datasets"` // what gains most by being mended first
}

// Fix is one thing to mend, in all datasets that lack it.
type Fix struct {
	Check    string  `json:"check"`
	Property string  `json:"property,omitempty"`
	Datasets int     `json:"datasets"`
	Asked    int     `json:"asked"` // answers that came from those
	Gain     float64 `json:"gain"`  // points of the publisher's score
	worth    float64
}

// Reported makes a report of judged datasets. What is asked of people weighs: a
// point lost where ten answers came from is worth eleven where none did.
func Reported(sheets []Sheet) *Report {
	r := &Report{Datasets: len(sheets)}
	by := map[string]*Publisher{}
	for _, s := range sheets {
		r.Score += s.Score / float64(len(sheets))
		p := by[s.Publisher]
		if p == nil {
			p = &Publisher{Name: s.Publisher}
			by[s.Publisher] = p
		}
		p.Sheets = append(p.Sheets, s)
	}
	for _, p := range by {
		p.settle()
		r.Publishers = append(r.Publishers, *p)
	}
	slices.SortFunc(r.Publishers, func(a, b Publisher) int {
		return cmp.Or(cmp.Compare(b.Asked, a.Asked), cmp.Compare(len(b.Sheets), len(a.Sheets)), strings.Compare(a.Name, b.Name))
	})
	return r
}

func (p *Publisher) settle() {
	n := float64(len(p.Sheets))
	fixes := map[string]*Fix{}
	for _, s := range p.Sheets {
		p.Score += s.Score / n
		p.Metadata += s.Metadata / n
		p.Asked += s.Asked
		if s.Content != nil {
			p.Content += *s.Content
			p.Read++
		}
		for _, f := range s.Findings {
			x := fixes[f.Check]
			if x == nil {
				x = &Fix{Check: f.Check, Property: f.Property}
				fixes[f.Check] = x
			}
			x.Datasets++
			x.Asked += s.Asked
			x.Gain += f.Lost / n
			x.worth += f.Lost * float64(1+s.Asked)
		}
	}
	p.Content /= float64(max(1, p.Read))
	for _, f := range fixes {
		p.First = append(p.First, *f)
	}
	slices.SortFunc(p.First, func(a, b Fix) int { return cmp.Or(cmp.Compare(b.worth, a.worth), strings.Compare(a.Check, b.Check)) })
	slices.SortFunc(p.Sheets, func(a, b Sheet) int {
		return cmp.Or(cmp.Compare(b.worth(), a.worth()), strings.Compare(a.Title, b.Title), strings.Compare(a.ID, b.ID))
	})
}

// shown bounds the datasets of a publisher on the page: the CSV report has all.
const shown = 100

// Worst are the datasets that the page shows, those that gain most first.
func (p *Publisher) Worst() []Sheet { return p.Sheets[:min(shown, len(p.Sheets))] }

// Rest is how many it does not show.
func (p *Publisher) Rest() int { return len(p.Sheets) - len(p.Worst()) }

// worth is what mending a dataset would bring.
func (s *Sheet) worth() float64 { return (100 - s.Score) * float64(1+s.Asked) }

func costliest(fs []Finding) {
	slices.SortStableFunc(fs, func(a, b Finding) int { return cmp.Compare(b.Lost, a.Lost) })
}
