package ledger

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"time"

	"cigogne/internal/lang"
)

// WatchKind is what is followed.
type WatchKind string

// The closed list of kinds.
const (
	WatchFigure  WatchKind = "figure"
	WatchDataset WatchKind = "dataset"
)

// Watch is a figure or a dataset that a place where people talk follows. Nothing
// in it tells who wanted that.
type Watch struct {
	ID       string
	At       time.Time
	Kind     WatchKind
	Subject  string // ID of the answer or of the dataset
	Place    string // what sort of place
	Address  string // there; a webhook's is a secret
	Lang     lang.Lang
	Seen     string // generation that was looked at last
	State    string // what was told last, as whoever tells writes it
	Tried    time.Time
	Failures int // of telling, in a row
}

// Watch adds one, under a new ID that it writes into it. What is followed there
// already is left as it is, and its ID written.
func (l *Ledger) Watch(ctx context.Context, w *Watch) error {
	id := rand.Text()[:16]
	return l.write(ctx, func(ctx context.Context) error {
		_, err := l.db.ExecContext(ctx, `INSERT INTO watch (id, at, kind, subject, place, address, lang, seen, state, tried, failures) VALUES (?,?,?,?,?,?,?,?,?,0,0)
			ON CONFLICT DO NOTHING`, id, l.now().UnixMilli(), w.Kind, w.Subject, w.Place, w.Address, w.Lang, w.Seen, w.State)
		if err != nil {
			return err
		}
		return l.db.QueryRowContext(ctx, `SELECT id FROM watch WHERE kind = ? AND subject = ? AND place = ? AND address = ?`, w.Kind, w.Subject, w.Place, w.Address).Scan(&w.ID)
	})
}

// Unwatch ends one; ErrUnknown where there is none of that ID.
func (l *Ledger) Unwatch(ctx context.Context, id string) error {
	return l.write(ctx, func(ctx context.Context) error {
		done, err := l.db.ExecContext(ctx, `DELETE FROM watch WHERE id = ?`, id)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errors.Join(ErrUnknown, err)
		}
		return nil
	})
}

// Watches lists all, the oldest first.
func (l *Ledger) Watches(ctx context.Context) ([]Watch, error) {
	rows, err := l.db.QueryContext(ctx, `SELECT id, at, kind, subject, place, address, lang, seen, state, tried, failures FROM watch ORDER BY at, id`)
	if err != nil {
		return nil, l.fault(err)
	}
	defer rows.Close()
	var all []Watch
	for rows.Next() {
		var w Watch
		var at, tried int64
		if err := rows.Scan(&w.ID, &at, &w.Kind, &w.Subject, &w.Place, &w.Address, &w.Lang, &w.Seen, &w.State, &tried, &w.Failures); err != nil {
			return nil, l.fault(err)
		}
		w.At, w.Tried = time.UnixMilli(at).UTC(), time.UnixMilli(tried).UTC()
		all = append(all, w)
	}
	return all, l.fault(rows.Err())
}

// Told notes that a watch was looked at: what was told, of which generation. It
// tells whether the watch stood as it was read: of several that look at once, one
// tells. A watch that failed keeps what it was told before.
func (l *Ledger) Told(ctx context.Context, w Watch, seen, state string) (first bool, err error) {
	err = l.write(ctx, func(ctx context.Context) error {
		done, err := l.db.ExecContext(ctx, `UPDATE watch SET seen = ?, state = ?, failures = 0 WHERE id = ? AND seen = ? AND state = ?`, seen, state, w.ID, w.Seen, w.State)
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		first = n == 1
		return err
	})
	return first, err
}

// Untold puts a watch back to what it was told before, since telling failed.
func (l *Ledger) Untold(ctx context.Context, w Watch) error {
	return l.write(ctx, func(ctx context.Context) error {
		_, err := l.db.ExecContext(ctx, `UPDATE watch SET seen = ?, state = ?, tried = ?, failures = ? WHERE id = ?`, w.Seen, w.State, l.now().UnixMilli(), w.Failures+1, w.ID)
		return err
	})
}

// ResultOf is a result as it is kept.
func ResultOf(rows [][]any) Result { return resultOf(rows) }

// keptResult is a Result as JSON.
type keptResult struct {
	Rows   string `json:"rows"`
	Count  int    `json:"count"`
	Digest string `json:"digest,omitempty"`
}

// MarshalJSON writes values with their types.
func (r Result) MarshalJSON() ([]byte, error) {
	rows, err := writeRows(r.Rows)
	if err != nil {
		return nil, err
	}
	return json.Marshal(keptResult{rows, r.Count, r.Digest})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (r *Result) UnmarshalJSON(b []byte) error {
	var k keptResult
	if err := json.Unmarshal(b, &k); err != nil {
		return err
	}
	rows, err := readRows(k.Rows)
	if err != nil {
		return err
	}
	*r = Result{rows, k.Count, k.Digest}
	return nil
}
