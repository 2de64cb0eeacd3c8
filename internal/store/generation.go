package store

import (
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"cigogne/internal/dataset"
)

// Generation is one whole state of the catalogue. It never changes; a newer
// one takes its place.
type Generation struct {
	ID      string // digits; a later one sorts after
	Created time.Time
	Portals []Portal // in the order they were first harvested
	Instead string   // ID of the newest one, where that is damaged and this one stands in; else ""

	s      *Store
	tables records
	held   []string
	files  map[string]string
}

// Portal is a portal as it stands in a generation.
type Portal struct {
	URL       string    `json:"url"`
	Type      string    `json:"type"`
	Datasets  int       `json:"datasets"`
	Refreshed time.Time `json:"refreshed"` // when its harvest last succeeded

	records   records
	withdrawn records // datasets that it published once
}

// manifest is generation.json.
type manifest struct {
	ID      string           `json:"id"`
	Created time.Time        `json:"created"`
	Portals []manifestPortal `json:"portals"`
	Tables  records          `json:"tables"`
	Held    []string         `json:"held,omitempty"` // objects beyond those the tables name

	Files map[string]string `json:"files,omitempty"` // SHA-256 of those that other rooms put there, by name
}

type manifestPortal struct {
	Portal
	Records   records `json:"records"`
	Withdrawn records `json:"withdrawn,omitzero"`
}

const (
	manifestName = "generation.json"
	idLayout     = "%08d"
)

var isID = regexp.MustCompile(`^[0-9]{8,12}$`)

// Current returns the generation that readers open, nil where there is none.
// Where its manifest is damaged, the newest whole one before it is.
func (s *Store) Current() (*Generation, error) {
	text, err := os.ReadFile(s.path("current"))
	if err != nil && !missing(err) {
		return nil, s.refuse(Unreadable, err)
	}
	if id := strings.TrimSpace(string(text)); isID.MatchString(id) {
		g, err := s.generation(id)
		if err == nil {
			return g, nil
		}
		ids, listed := s.generations()
		if listed != nil {
			return nil, err
		}
		for _, older := range slices.Backward(ids) {
			if older < id {
				if g, failed := s.generation(older); failed == nil {
					g.Instead = id
					return g, nil
				}
			}
		}
		return nil, err
	}
	// The pointer is not there, or lost. A folder gets its name only when the
	// generation is whole, so the newest is a sound answer.
	ids, listed := s.generations()
	switch {
	case listed != nil:
		return nil, listed
	case len(ids) > 0:
		return s.generation(ids[len(ids)-1])
	case err == nil:
		return nil, s.damaged("current", fmt.Errorf("it names no generation: %.20q", text))
	}
	return nil, nil
}

// generations lists the ids that have a folder, oldest first.
func (s *Store) generations() ([]string, error) {
	entries, err := os.ReadDir(s.path("generations"))
	if err != nil && !missing(err) {
		return nil, s.refuse(Unreadable, err)
	}
	var ids []string
	for _, e := range entries {
		if e.IsDir() && isID.MatchString(e.Name()) {
			ids = append(ids, e.Name())
		}
	}
	slices.Sort(ids)
	return ids, nil
}

func (s *Store) generation(id string) (*Generation, error) {
	text, err := os.ReadFile(s.path("generations", id, manifestName))
	if err != nil {
		return nil, s.damaged(id, err)
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, s.damaged(id, err)
	}
	g := &Generation{ID: id, Created: m.Created, s: s, tables: m.Tables, held: m.Held, files: m.Files}
	for _, p := range m.Portals {
		p.Portal.records, p.Portal.withdrawn = p.Records, p.Withdrawn
		g.Portals = append(g.Portals, p.Portal)
	}
	return g, nil
}

func (g *Generation) manifest() manifest {
	m := manifest{ID: g.ID, Created: g.Created, Portals: []manifestPortal{}, Tables: g.tables, Held: g.held, Files: g.files}
	for _, p := range g.Portals {
		m.Portals = append(m.Portals, manifestPortal{p, p.records, p.withdrawn})
	}
	return m
}

// Object returns the path of an object by its hash; see Store.Object.
func (g *Generation) Object(hash string) string { return g.s.Object(hash) }

// Path returns where a file that another room put into the generation is.
func (g *Generation) Path(name string) string {
	return within(g.s.path("generations", g.ID), name)
}

// Has tells whether the generation holds a file of that name.
func (g *Generation) Has(name string) bool {
	_, err := os.Stat(g.Path(name))
	return err == nil
}

// within joins a name to a folder that it cannot leave.
func within(dir, name string) string {
	return filepath.Join(dir, filepath.FromSlash(path.Clean("/"+filepath.ToSlash(name))))
}

// Datasets reads every dataset, portal by portal. An error comes last.
func (g *Generation) Datasets() iter.Seq2[dataset.Dataset, error] {
	return func(yield func(dataset.Dataset, error) bool) {
		for _, p := range g.Portals {
			for d, err := range each[dataset.Dataset](g.s, p.records) {
				if !yield(d, err) || err != nil {
					return
				}
			}
		}
	}
}

// Dataset returns the datasets whose ID or Name is key: none, one, or one for
// each portal that has it. Where no portal publishes it any more, it is as it
// was, with Withdrawn set.
func (g *Generation) Dataset(key string) ([]dataset.Dataset, error) {
	for _, list := range []func(Portal) records{Portal.published, Portal.gone} {
		var all []dataset.Dataset
		for _, p := range g.Portals {
			found, err := find(g.s, list(p), key, func(d *dataset.Dataset) bool { return d.ID == key || d.Name == key })
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		}
		if len(all) > 0 {
			return all, nil
		}
	}
	return nil, nil
}

func (p Portal) published() records { return p.records }
func (p Portal) gone() records      { return p.withdrawn }

// lists are all lists of a portal.
func (p Portal) lists() []records { return []records{p.records, p.withdrawn} }

// objects names what keeps them.
func (p Portal) objects() []string { return append(p.records.objects(), p.withdrawn.objects()...) }

// Gone is how many datasets the portal published once and does no more.
func (p Portal) Gone() int { return p.withdrawn.Count }

// Withdrawn reads the datasets that a portal published once and does no more. An
// error comes last.
func (g *Generation) Withdrawn(url string) iter.Seq2[dataset.Dataset, error] {
	for _, p := range g.Portals {
		if p.URL == url {
			return each[dataset.Dataset](g.s, p.withdrawn)
		}
	}
	return func(func(dataset.Dataset, error) bool) {}
}

// Count returns the number of datasets of all portals.
func (g *Generation) Count() int {
	n := 0
	for _, p := range g.Portals {
		n += p.Datasets
	}
	return n
}

// TableCount returns the number of tables, without reading any.
func (g *Generation) TableCount() int { return g.tables.Count }

// Tables reads every table with its profile. An error comes last.
func (g *Generation) Tables() iter.Seq2[dataset.Table, error] {
	return each[dataset.Table](g.s, g.tables)
}

// Table returns the tables whose ID or DatasetID is key.
func (g *Generation) Table(key string) ([]dataset.Table, error) {
	return find(g.s, g.tables, key, func(t *dataset.Table) bool { return t.ID == key || t.DatasetID == key })
}

// String names the generation, for logs.
func (g *Generation) String() string {
	return fmt.Sprintf("generation %s (%d datasets, %d tables)", g.ID, g.Count(), g.TableCount())
}
