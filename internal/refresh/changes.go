package refresh

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/store"
)

// ChangesFile is the file of a generation that lists what the last harvest of
// each portal changed: a Change a line.
const ChangesFile = "changes.jsonl"

// What may become of a dataset.
const (
	Added     = "added"
	Changed   = "changed"
	Withdrawn = "withdrawn"
)

// Change is what the last harvest found of a dataset.
type Change struct {
	Portal string    `json:"portal"`
	What   string    `json:"what"` // Added, Changed or Withdrawn
	ID     string    `json:"id"`
	Name   string    `json:"name,omitempty"`
	Title  string    `json:"title"`
	Found  time.Time `json:"found"`
}

// maxChanges is how many are listed of a portal; all are counted.
const maxChanges = 10_000

// comparison holds a portal's datasets against those of the harvest before.
type comparison struct {
	before  map[[16]byte][16]byte // what a dataset was, by its ID; nil: it was never harvested
	had     map[string]bool       // IDs that it publishes
	changes []Change
	count   map[string]int
}

// sums are the sums of what a generation holds of a portal, by ID; nil where it
// holds nothing of it. A list that is damaged counts as far as it is read.
func sums(g *store.Generation, url string) map[[16]byte][16]byte {
	if g == nil || !slices.ContainsFunc(g.Portals, func(p store.Portal) bool { return p.URL == url }) {
		return nil
	}
	out := map[[16]byte][16]byte{}
	for d, err := range g.DatasetsOf(url) {
		if err != nil {
			break
		}
		out[short([]byte(d.ID))] = sum(d)
	}
	return out
}

func short(b []byte) [16]byte {
	s := sha256.Sum256(b)
	return [16]byte(s[:16])
}

// sum changes where anything does that a portal says of a dataset.
func sum(d dataset.Dataset) [16]byte {
	b, err := json.Marshal(d)
	if err != nil {
		return [16]byte{} // a time past the year 9999: never the same as what was kept
	}
	return short(b)
}

// see compares a dataset with what it was.
func (c *comparison) see(d dataset.Dataset) {
	was, ok := c.before[short([]byte(d.ID))]
	switch {
	case c.before == nil:
	case !ok:
		c.note(Added, d)
	case was != sum(d):
		c.note(Changed, d)
	}
}

func (c *comparison) note(what string, d dataset.Dataset) {
	if c.count == nil {
		c.count = map[string]int{}
	}
	if c.count[what]++; len(c.changes) < maxChanges {
		c.changes = append(c.changes, Change{Portal: d.Portal, What: what, ID: d.ID, Name: d.Name, Title: d.Title, Found: time.Now().UTC().Truncate(time.Second)})
	}
}

func (c *comparison) counts() (added, changed, gone int) {
	return c.count[Added], c.count[Changed], c.count[Withdrawn]
}

// writeChanges lists what became of the datasets of the portals just harvested,
// beside what is known of the others.
func writeChanges(draft *store.Draft, harvested []string, changes []Change) error {
	before, err := ReadChanges(draft.Base())
	if err != nil {
		before = nil // damaged: what it said is lost, the harvest is not
	}
	before = slices.DeleteFunc(before, func(c Change) bool { return slices.Contains(harvested, c.Portal) })
	f, err := os.Create(draft.Path(ChangesFile))
	if err != nil {
		return fmt.Errorf("list what changed: %w", err)
	}
	out := bufio.NewWriter(f)
	line := json.NewEncoder(out)
	for _, c := range append(before, changes...) {
		if err := line.Encode(c); err != nil {
			f.Close()
			return fmt.Errorf("list what changed: %w", err)
		}
	}
	if err := errors.Join(out.Flush(), f.Close()); err != nil {
		return fmt.Errorf("list what changed: %w", err)
	}
	return nil
}

// ReadChanges lists what the last harvest of each portal changed; none where it
// was not written down.
func ReadChanges(g *store.Generation) (out []Change, err error) {
	if g == nil {
		return nil, nil
	}
	f, err := os.Open(g.Path(ChangesFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what changed: %w", err)
	}
	defer f.Close()
	for in := json.NewDecoder(bufio.NewReader(f)); in.More(); {
		var c Change
		if err := in.Decode(&c); err != nil {
			return nil, fmt.Errorf("read what changed: %w", err)
		}
		out = append(out, c)
	}
	return out, nil
}
