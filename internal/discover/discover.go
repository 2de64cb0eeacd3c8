// Package discover is a way into the data: five questions on a reader's own
// commune, each answered with its figure and with one thing to learn from it, and
// six steps for those who decide. Nothing is kept of who goes it.
package discover

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"cigogne/internal/answer"
	"cigogne/internal/answer/phrase"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/territory"
)

// Path is the way, as its file tells it.
type Path struct {
	Stations []Station `toml:"station"` // on a commune
	Steps    []Station `toml:"step"`    // for those who decide
	Talks    []Talk    `toml:"talk"`    // to go on with
}

// Station is a question with what there is to learn from its answer.
type Station struct {
	Title  dataset.Bilingual   `toml:"title"`
	Ask    []dataset.Bilingual `toml:"ask"` // the first that has a figure is taken; {at}, {of}, {commune}, {epci}, {of_epci}, {department}, {of_department} stand for the commune's
	Learnt dataset.Bilingual   `toml:"learnt"`
	Talk   int                 `toml:"talk"` // of the talks, from 1; 0: none
}

// Talk is a presentation that goes further.
type Talk struct {
	Title string `toml:"title"`
	By    string `toml:"by"`
	URL   string `toml:"url"`
}

var errIncomplete = errors.New("a station without a title, a question or a lesson")

// Parse reads a path's file.
func Parse(text string) (*Path, error) {
	p := &Path{}
	meta, err := toml.Decode(text, p)
	if err != nil {
		return nil, fmt.Errorf("discover: %w", err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("discover: unknown key %s", unknown[0])
	}
	for _, s := range slices.Concat(p.Stations, p.Steps) {
		if s.Title.FR == "" || s.Learnt.FR == "" || len(s.Ask) == 0 || s.Talk < 0 || s.Talk > len(p.Talks) {
			return nil, fmt.Errorf("discover: %q: %w", s.Title.FR, errIncomplete)
		}
	}
	return p, nil
}

// Commune is whose path it is.
type Commune struct {
	Name       string // as it is told from others: "Saint-Louis (Moselle)"
	Department string
	EPCI       string // "" where it is not known
}

// Find finds the communes of today by a name, a former one, or a postcode; more
// than one where several bear it.
func Find(text string) []Commune {
	var found []territory.Unit
	for _, u := range territory.Home().Find(strings.TrimSpace(text)) {
		if u.Level != "commune" {
			continue
		}
		u, ok := territory.Home().Heir(u)
		if ok && !slices.ContainsFunc(found, func(x territory.Unit) bool { return x.Code == u.Code }) {
			found = append(found, u)
		}
	}
	var out []Commune
	for _, u := range found {
		c := Commune{Name: u.Name}
		if d, ok := territory.France().Coded("department", u.Department); ok {
			c.Department = d.Name
		}
		if namesakes(u.Name) > 1 {
			c.Name += " (" + c.Department + ")"
		}
		out = append(out, c)
	}
	return out
}

// namesakes counts the communes of today that bear a name.
func namesakes(name string) int {
	n := 0
	for _, u := range territory.Home().Find(name) {
		if u.Level == "commune" && u.Until == 0 && u.Name == name {
			n++
		}
	}
	return n
}

// Stop is a station that was answered.
type Stop struct {
	Title, Learnt string
	Answer        *answer.Answer
	Talk          *Talk
}

// Ask answers a question that stands alone.
type Ask func(ctx context.Context, question string, l lang.Lang) (*answer.Answer, error)

// membership is what the intercommunality of a commune is asked by.
var membership = dataset.Bilingual{FR: "Intercommunalité {of}", EN: "Intercommunality of {commune}"}

// Commune answers the stations on a commune. A station whose questions have no
// figure there is left out.
func (p *Path) Commune(ctx context.Context, c Commune, l lang.Lang, ask Ask) ([]Stop, error) {
	a, err := ask(ctx, c.fill(membership, l), l)
	if err != nil {
		return nil, err
	}
	if a.Answered() && len(a.Rows) == 1 && len(a.Rows[0]) > 0 {
		c.EPCI = fmt.Sprint(a.Rows[0][0])
	}
	return p.stops(ctx, p.Stations, c, l, ask)
}

// Decide answers the steps of those who decide.
func (p *Path) Decide(ctx context.Context, l lang.Lang, ask Ask) ([]Stop, error) {
	return p.stops(ctx, p.Steps, Commune{}, l, ask)
}

func (p *Path) stops(ctx context.Context, stations []Station, c Commune, l lang.Lang, ask Ask) ([]Stop, error) {
	var out []Stop
	for _, s := range stations {
		for _, q := range s.Ask {
			text := c.fill(q, l)
			if strings.Contains(text, "{") { // something of the commune is not known
				continue
			}
			a, err := ask(ctx, text, l)
			if err != nil {
				return nil, fmt.Errorf("ask %q: %w", text, err)
			}
			if !a.Answered() || empty(a) {
				continue
			}
			stop := Stop{Title: s.Title.In(l), Learnt: s.Learnt.In(l), Answer: a}
			if s.Talk > 0 {
				stop.Talk = &p.Talks[s.Talk-1]
			}
			out = append(out, stop)
			break
		}
	}
	return out, nil
}

// empty tells whether a figure is nought: another question says more.
func empty(a *answer.Answer) bool {
	return a.Kind == answer.KindFigure && len(a.Figures) > 0 && a.Figures[0].Value == 0
}

// fill writes a question about the commune; what is not known stays as it is.
func (c Commune) fill(q dataset.Bilingual, l lang.Lang) string {
	text := q.In(l)
	if !q.Says(l) {
		l = lang.French // that it is asked in
	}
	replace := func(name, value string) {
		if value != "" {
			text = strings.ReplaceAll(text, "{"+name+"}", value)
		}
	}
	replace("commune", c.Name)
	replace("department", c.Department)
	replace("epci", c.EPCI)
	if c.EPCI != "" {
		replace("of_epci", phrase.Of("epci", c.EPCI, l))
	}
	if c.Name != "" {
		replace("at", phrase.Where("commune", c.Name, l))
		replace("of", phrase.Of("commune", c.Name, l))
	}
	if c.Department != "" {
		replace("of_department", phrase.Of("department", c.Department, l))
	}
	return text
}
