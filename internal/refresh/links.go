package refresh

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"cigogne/internal/dataset"
	"cigogne/internal/fetch"
	"cigogne/internal/harvest"
)

// Links tries the addresses of files that are not downloaded: so many a run, the
// ones that were not tried for longest first. What it finds is kept in a file,
// which may go at any time.
type Links struct {
	Client *fetch.Client
	File   string
	Most   int // in a run; 0: none
}

// Tried are links by address.
type Tried map[string]Link

// Link is what trying an address told last.
type Link struct {
	At   time.Time `json:"at"`
	Dead bool      `json:"dead,omitempty"`
	Sure bool      `json:"sure,omitempty"` // it answered, or nothing is there; else nobody knows
}

// again is how long what was found is good for.
const again = 30 * 24 * time.Hour

// TriedLinks reads what was found; nothing where nothing was tried.
func TriedLinks(file string) Tried {
	t := Tried{}
	if b, err := os.ReadFile(file); err == nil {
		_ = json.Unmarshal(b, &t) // what cannot be read is tried again
	}
	return t
}

// Mark says in a dataset which of its addresses answered, and which are dead.
func (t Tried) Mark(d *dataset.Dataset) {
	for i := range d.Distributions {
		x := &d.Distributions[i]
		if l, ok := t[x.URL]; ok && l.Sure {
			x.Dead, x.Probed = x.Dead || l.Dead, !l.Dead
		}
	}
}

// Try tries what is due of the datasets' addresses, and tells how many were
// tried and are dead. The error is that of ctx, of reading the datasets or of
// the file.
func (l Links) Try(ctx context.Context, datasets iter.Seq2[dataset.Dataset, error]) (tried, dead int, err error) {
	before, now := TriedLinks(l.File), time.Now().UTC()
	found := Tried{}
	var due []string
	for d, err := range datasets {
		if err != nil {
			return 0, 0, err
		}
		for _, x := range d.Distributions {
			old := before[x.URL]
			if _, seen := found[x.URL]; seen || x.Dead || !harvest.IsWeb(x.URL) || wanted(d, x) {
				continue
			}
			if found[x.URL] = old; now.Sub(old.At) > again {
				due = append(due, x.URL)
			}
		}
	}
	slices.SortStableFunc(due, func(a, b string) int { return cmp.Compare(found[a].At.Unix(), found[b].At.Unix()) })
	due = due[:min(l.Most, len(due))]
	var mu sync.Mutex
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for _, address := range due {
		group.Go(func() error {
			told := l.Client.Try(gctx, address)
			if gctx.Err() != nil {
				return nil // what was found so far is kept
			}
			mu.Lock()
			defer mu.Unlock()
			found[address] = Link{now, told == fetch.Dead, told != fetch.Unsure}
			if tried++; told == fetch.Dead {
				dead++
			}
			return nil
		})
	}
	_ = group.Wait()
	return tried, dead, errors.Join(ctx.Err(), found.save(l.File))
}

func (t Tried) save(file string) error {
	for address, l := range t {
		if l.At.IsZero() {
			delete(t, address)
		}
	}
	b, err := json.Marshal(t)
	if err != nil {
		return err
	}
	part, err := os.CreateTemp(filepath.Dir(file), ".links-*")
	if err != nil {
		return err
	}
	defer os.Remove(part.Name())
	_, err = part.Write(b)
	if err = errors.Join(err, part.Close()); err != nil {
		return err
	}
	return os.Rename(part.Name(), file)
}
