package ledger

import (
	"context"
	"errors"
	"time"

	"cigogne/internal/lang"
)

// Vital is a dataset that few ask for and that decides much: its producer says so,
// and why.
type Vital struct {
	DatasetID string    `json:"dataset_id"`
	Reason    string    `json:"reason"`
	At        time.Time `json:"at"`
}

// MarkVital marks a dataset, or marks it no more where there is no reason.
func (l *Ledger) MarkVital(ctx context.Context, datasetID, reason string) error {
	return l.write(ctx, func(ctx context.Context) error {
		if reason == "" {
			_, err := l.db.ExecContext(ctx, `DELETE FROM vital WHERE dataset_id = ?`, datasetID)
			return err
		}
		_, err := l.db.ExecContext(ctx, `INSERT INTO vital (dataset_id, reason, at) VALUES (?,?,?)
			ON CONFLICT (dataset_id) DO UPDATE SET reason = excluded.reason, at = excluded.at`, datasetID, Scrub(reason, lang.French), l.now().UnixMilli())
		return err
	})
}

// Vitals lists the marked datasets.
func (l *Ledger) Vitals(ctx context.Context) ([]Vital, error) {
	rows, err := l.db.QueryContext(ctx, `SELECT dataset_id, reason, at FROM vital ORDER BY dataset_id`)
	if err != nil {
		return nil, l.fault(err)
	}
	defer rows.Close()
	var all []Vital
	for rows.Next() {
		var v Vital
		var at int64
		if err := rows.Scan(&v.DatasetID, &v.Reason, &at); err != nil {
			return nil, l.fault(err)
		}
		v.At = time.UnixMilli(at).UTC()
		all = append(all, v)
	}
	return all, l.fault(rows.Err())
}

// Wish is wanted data that people voted on, or that a producer answered.
type Wish struct {
	ID       string // given by whoever groups questions
	Question string // that stands for it
	Lang     lang.Lang
	Votes    int
	Reply    string // the producer's; "": none yet
	AnswerID string // figure that closed it; "": it is open
	At       time.Time
}

// Vote counts a vote for a wish, and makes it where there is none of its ID.
func (l *Ledger) Vote(ctx context.Context, w Wish) error {
	return l.wish(ctx, w, "votes = wish.votes + 1", 1)
}

// Reply notes a producer's word on a wish, and the answer that closes it where
// there is one; ErrUnknown where that is not kept.
func (l *Ledger) Reply(ctx context.Context, w Wish) error {
	if w.AnswerID != "" {
		if _, err := l.Record(ctx, w.AnswerID); err != nil {
			return err
		}
	}
	return l.wish(ctx, w, "reply = CASE WHEN excluded.reply = '' THEN wish.reply ELSE excluded.reply END, answer_id = excluded.answer_id", 0)
}

func (l *Ledger) wish(ctx context.Context, w Wish, change string, votes int) error {
	if w.ID == "" {
		return errors.New("ledger: a wish without an ID")
	}
	return l.write(ctx, func(ctx context.Context) error {
		_, err := l.db.ExecContext(ctx, `INSERT INTO wish (id, question, lang, votes, reply, answer_id, at) VALUES (?,?,?,?,?,?,?)
			ON CONFLICT (id) DO UPDATE SET `+change, w.ID, Scrub(w.Question, w.Lang), w.Lang, votes, Scrub(w.Reply, w.Lang), w.AnswerID, l.now().UnixMilli())
		return err
	})
}

// Wishes lists all, those with most votes first.
func (l *Ledger) Wishes(ctx context.Context) ([]Wish, error) {
	rows, err := l.db.QueryContext(ctx, `SELECT id, question, lang, votes, reply, answer_id, at FROM wish ORDER BY votes DESC, at, id`)
	if err != nil {
		return nil, l.fault(err)
	}
	defer rows.Close()
	var all []Wish
	for rows.Next() {
		var w Wish
		var at int64
		if err := rows.Scan(&w.ID, &w.Question, &w.Lang, &w.Votes, &w.Reply, &w.AnswerID, &at); err != nil {
			return nil, l.fault(err)
		}
		w.At = time.UnixMilli(at).UTC()
		all = append(all, w)
	}
	return all, l.fault(rows.Err())
}
