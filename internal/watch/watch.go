// Package watch tells the places that follow a figure or a dataset what changed
// after a refresh: before, after, and which publication made the difference.
package watch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/ledger"
	"cigogne/internal/plan"
	"cigogne/internal/post"
	"cigogne/internal/replay"
	"cigogne/internal/texts"
)

// Ledger is where watches are kept.
type Ledger interface {
	Record(ctx context.Context, id string) (*ledger.Record, error)
	Watch(ctx context.Context, w *ledger.Watch) error
	Watches(ctx context.Context) ([]ledger.Watch, error)
	Unwatch(ctx context.Context, id string) error
	Told(ctx context.Context, w ledger.Watch, seen, state string) (bool, error)
	Untold(ctx context.Context, w ledger.Watch) error
}

// Replayer asks today's data; replay.Replayer does.
type Replayer interface {
	Now(ctx context.Context, record *ledger.Record, was ledger.Result) (*replay.Newer, [][]any, error)
	Tables(run *answer.Run) []plan.Candidate
}

// Shelf finds a dataset by ID or name, and its tables; nil where there is none.
type Shelf func(ctx context.Context, key string) (*dataset.Dataset, []dataset.Table, error)

// Parts are what watching needs.
type Parts struct {
	Ledger     Ledger
	Replayer   Replayer
	Shelf      Shelf
	Generation string                 // of today's data
	Posters    map[string]post.Poster // by place
	Base       string                 // public address of the site; "": notes link to nothing
	Log        *slog.Logger
}

// Watcher looks at what is followed.
type Watcher struct {
	Parts
	now func() time.Time
}

// New returns a watcher.
func New(p Parts) *Watcher { return &Watcher{p, time.Now} }

// ErrNothing is returned where there is no figure to follow: an answer without a
// query, or none that may be kept.
var ErrNothing = errors.New("nothing that can be followed")

// Follow has a place told of what changes in a figure or a dataset from now on.
// Errors are ledger.ErrUnknown and ErrNothing.
func (x *Watcher) Follow(ctx context.Context, w *ledger.Watch) error {
	_, _, state, err := x.look(ctx, *w)
	if err != nil {
		return err
	}
	w.Seen, w.State = x.Generation, state
	return x.Ledger.Watch(ctx, w)
}

const (
	firstWait = 10 * time.Minute // after telling failed, before the next attempt; doubled each time
	patience  = 8                // failures after which nobody is told any more
)

// Run looks at every watch that this generation is new to, and tells what
// changed. A place that takes nothing now is told later; one that never will is
// not followed any more. The error is the ledger's.
func (x *Watcher) Run(ctx context.Context) error {
	all, err := x.Ledger.Watches(ctx)
	if err != nil {
		return err
	}
	for _, w := range all {
		if ctx.Err() != nil {
			return nil
		}
		if w.Seen == x.Generation || x.Posters[w.Place] == nil || w.Failures > 0 && x.now().Before(w.Tried.Add(firstWait<<min(w.Failures-1, patience))) {
			continue
		}
		if err := x.one(ctx, w); err != nil {
			x.Log.WarnContext(ctx, "watch not told", "watch", w.ID, "error", err)
		}
	}
	return nil
}

// one tells one place what changed. The watch is noted as told first: of several
// servers that look at once, one tells.
func (x *Watcher) one(ctx context.Context, w ledger.Watch) error {
	note, changed, state, err := x.look(ctx, w)
	if errors.Is(err, ledger.ErrUnknown) { // purged since
		return x.Ledger.Unwatch(ctx, w.ID)
	}
	if err != nil {
		return err
	}
	first, err := x.Ledger.Told(ctx, w, x.Generation, state)
	if err != nil || !first || !changed {
		return err
	}
	err = x.Posters[w.Place].Post(ctx, w.Address, note)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, post.ErrGone), w.Failures+1 >= patience:
		return errors.Join(err, x.Ledger.Unwatch(ctx, w.ID))
	}
	return errors.Join(err, x.Ledger.Untold(context.WithoutCancel(ctx), w))
}

// look compares what a watch was told last with today's data. It gives what there
// is to tell, whether that is a change, and what is told then.
func (x *Watcher) look(ctx context.Context, w ledger.Watch) (n post.Note, changed bool, state string, err error) {
	if w.Kind == ledger.WatchDataset {
		return x.dataset(ctx, w)
	}
	return x.figure(ctx, w)
}

// told is what a figure's watch was told last.
type told struct {
	Result ledger.Result `json:"result"`
	Gone   bool          `json:"gone,omitempty"` // today's data do not allow the query
	Tables []version     `json:"tables"`
}

// version is a publication of a table.
type version struct {
	Title   string    `json:"title"`
	Parquet string    `json:"parquet"`
	Rows    int64     `json:"rows"`
	Day     time.Time `json:"day"` // published, else downloaded
}

func versionOf(d *dataset.Dataset, t *dataset.Table) version {
	v := version{Title: t.Title, Parquet: t.Parquet, Rows: t.Rows, Day: t.Modified}
	if d != nil {
		v.Title = d.Title
		if v.Day.IsZero() {
			v.Day = d.Modified
		}
	}
	if v.Day.IsZero() {
		v.Day = t.Retrieved
	}
	return v
}

func (x *Watcher) figure(ctx context.Context, w ledger.Watch) (n post.Note, changed bool, state string, err error) {
	record, err := x.Ledger.Record(ctx, w.Subject)
	if err != nil {
		return n, false, "", err
	}
	a := record.Answer
	if a.Run == nil || a.Plan == nil {
		return n, false, "", ErrNothing
	}
	was := told{Result: record.Result}
	if w.State != "" {
		if err := json.Unmarshal([]byte(w.State), &was); err != nil {
			return n, false, "", fmt.Errorf("what watch %s was told: %w", w.ID, err)
		}
	}
	newer, rows, err := x.Replayer.Now(ctx, record, was.Result)
	if err != nil {
		return n, false, "", err
	}
	is := told{Gone: newer.Failed, Result: was.Result}
	for _, c := range x.Replayer.Tables(a.Run) {
		is.Tables = append(is.Tables, versionOf(c.Dataset, c.Table))
	}
	n = post.Note{Title: a.Question, Address: x.page("/a/" + a.AnswerID)}
	if newer.Failed {
		n.Lines = []string{texts.Say(w.Lang, "watch.gone")}
		changed = !was.Gone
	} else {
		is.Result = ledger.ResultOf(rows)
		n.Lines = append(replay.Lines(newer.Changes, w.Lang), why(was.Tables, is.Tables, w.Lang)...)
		if len(newer.Changes) == 0 {
			n.Lines = append([]string{texts.Say(w.Lang, "watch.rows_changed")}, n.Lines...)
		}
		changed = !newer.Same || was.Gone
	}
	b, err := json.Marshal(is)
	return n, changed, string(b), err
}

// why says which publication made the difference.
func why(was, is []version, l lang.Lang) []string {
	var out []string
	for _, v := range is {
		i := slices.IndexFunc(was, func(w version) bool { return w.Title == v.Title })
		if i >= 0 && was[i].Parquet == v.Parquet {
			continue
		}
		line := texts.Say(l, "watch.why", "title", v.Title, "day", lang.Day(v.Day, l))
		if i >= 0 && was[i].Rows != v.Rows {
			line += " " + texts.Say(l, "watch.rows", "was", number(was[i].Rows, l), "now", number(v.Rows, l))
		}
		out = append(out, line)
	}
	return out
}

func number(n int64, l lang.Lang) string { return lang.FormatNumber(float64(n), 0, l) }

// toldOf is what a dataset's watch was told last.
type toldOf struct {
	Gone   bool      `json:"gone,omitempty"`
	Facts  string    `json:"facts"` // a digest of its sheet
	Tables []version `json:"tables"`
}

func (x *Watcher) dataset(ctx context.Context, w ledger.Watch) (n post.Note, changed bool, state string, err error) {
	d, tables, err := x.Shelf(ctx, w.Subject)
	if err != nil {
		return n, false, "", err
	}
	if d == nil && w.State == "" {
		return n, false, "", ledger.ErrUnknown
	}
	var was, is toldOf
	if w.State != "" {
		if err := json.Unmarshal([]byte(w.State), &was); err != nil {
			return n, false, "", fmt.Errorf("what watch %s was told: %w", w.ID, err)
		}
	}
	n.Title = texts.Say(w.Lang, "watch.dataset", "title", w.Subject)
	if d == nil {
		is = was
		is.Gone = true
		n.Lines = []string{texts.Say(w.Lang, "watch.dataset_gone")}
	} else {
		is.Facts = facts(d)
		for i := range tables {
			v := versionOf(d, &tables[i])
			v.Title = tables[i].Title
			is.Tables = append(is.Tables, v)
		}
		n.Title, n.Address = texts.Say(w.Lang, "watch.dataset", "title", d.Title), x.page("/dataset/"+d.ID)
		n.Lines = why(was.Tables, is.Tables, w.Lang)
		if len(n.Lines) == 0 {
			n.Lines = []string{texts.Say(w.Lang, "watch.sheet")}
		}
	}
	b, err := json.Marshal(is)
	before, _ := json.Marshal(was)
	return n, string(before) != string(b), string(b), err
}

// facts is a digest of what a dataset's sheet says.
func facts(d *dataset.Dataset) string {
	b, err := json.Marshal([]any{d.Title, d.Description, d.Publisher, d.Licence, d.Modified, len(d.Distributions)})
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func (x *Watcher) page(path string) string {
	if x.Base == "" {
		return ""
	}
	return x.Base + path
}

// Moved is what became of a kept figure since it was kept.
type Moved struct {
	At      time.Time
	Changed bool
	Lines   []string  // before and after, and which publication made the difference
	Day     time.Time // of the latest publication
}

// Since tells what today's data say of a kept figure that they did not when it was
// kept; nil where there is nothing to compute. The error may be ledger.ErrUnknown.
func (x *Watcher) Since(ctx context.Context, id string, l lang.Lang) (*Moved, error) {
	note, changed, state, err := x.figure(ctx, ledger.Watch{Kind: ledger.WatchFigure, Subject: id, Lang: l})
	if errors.Is(err, ErrNothing) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	record, err := x.Ledger.Record(ctx, id)
	if err != nil {
		return nil, err
	}
	m := &Moved{At: record.At, Changed: changed, Lines: note.Lines}
	var is told
	if err := json.Unmarshal([]byte(state), &is); err != nil {
		return nil, err
	}
	for _, v := range is.Tables {
		if v.Day.After(m.Day) {
			m.Day = v.Day
		}
	}
	return m, nil
}
