package ledger

import (
	"context"
	"time"
)

// Purge forgets every answer kept before a moment, with what was said of it, and
// tells how many; those that somebody follows stay. Their bytes leave the disk:
// neither the file nor its log holds them any more.
func (l *Ledger) Purge(ctx context.Context, before time.Time) (forgotten int, err error) {
	err = l.write(ctx, func(ctx context.Context) error {
		done, err := l.db.ExecContext(ctx, `DELETE FROM answer WHERE at < ? AND id NOT IN (SELECT subject FROM watch WHERE kind = 'figure')`, before.UnixMilli())
		if err != nil {
			return err
		}
		n, err := done.RowsAffected()
		if err != nil {
			return err
		}
		forgotten = int(n)
		_, err = l.db.ExecContext(ctx, `DELETE FROM wish WHERE at < ?`, before.UnixMilli())
		if err == nil && l.db.postgres {
			_, err = l.db.ExecContext(ctx, `DELETE FROM conversation WHERE at < ?`, before.UnixMilli())
		}
		return err
	})
	if err != nil || forgotten == 0 {
		return forgotten, err
	}
	if l.db.postgres {
		_, err := l.db.ExecContext(context.WithoutCancel(ctx), "VACUUM answer, version, judgement, wish")
		return forgotten, l.fault(err)
	}
	// Deleted rows stay in free pages and in the log until both are written anew.
	return forgotten, l.write(context.WithoutCancel(ctx), func(context.Context) error {
		for _, step := range []string{"VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"} {
			if _, err := l.db.ExecContext(context.WithoutCancel(ctx), step); err != nil {
				return err
			}
		}
		return nil
	})
}
