package ledger

import "context"

const (
	isDone   = `SELECT count(*) FROM done WHERE name = ?`
	markDone = `INSERT INTO done (name, at) VALUES (?,?) ON CONFLICT DO NOTHING`
)

// Done tells whether what is to be done once was, by whichever server.
func (l *Ledger) Done(ctx context.Context, name string) (bool, error) {
	var n int
	if err := l.db.QueryRowContext(ctx, l.db.say(isDone), name).Scan(&n); err != nil {
		return false, l.fault(err)
	}
	return n > 0, nil
}

// MarkDone notes that it was.
func (l *Ledger) MarkDone(ctx context.Context, name string) error {
	return l.write(ctx, func(ctx context.Context) error {
		_, err := l.db.ExecContext(ctx, l.db.say(markDone), name, l.now().UnixMilli())
		return err
	})
}
