package ledger

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
)

// Several servers over one PostgreSQL share, besides what lasts, what passes:
// conversations that go on at another server, and how often each sender asks.

// idle is how long a conversation is remembered after its last item.
const idle = 24 * time.Hour

// Shared tells whether other servers may stand over the same ledger.
func (l *Ledger) Shared() bool { return l.db.postgres }

// sealing is what a conversation's name gives: the name it has in the database, and
// what seals its items there. Who has the database alone reads neither; a name that
// can be guessed, such as a room's, keeps nobody out.
type sealing struct {
	name []byte
	aead cipher.AEAD
}

func sealingOf(name string) (s sealing, err error) {
	if s.name, err = hkdf.Key(sha256.New, []byte(name), nil, "cigogne conversation: its name", 32); err != nil {
		return s, err
	}
	key, err := hkdf.Key(sha256.New, []byte(name), nil, "cigogne conversation: its items", 32)
	if err != nil {
		return s, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return s, err
	}
	s.aead, err = cipher.NewGCMWithRandomNonce(block)
	return s, err
}

// open opens items; one that cannot be opened ends what is known before it.
func (s sealing) open(sealed [][]byte) [][]byte {
	var out [][]byte
	for _, b := range sealed {
		item, err := s.aead.Open(nil, nil, b, nil)
		if err != nil {
			out = nil
			continue
		}
		out = append(out, item)
	}
	return out
}

const noteItem = `INSERT INTO conversation AS c (name, items, at) VALUES ($1, ARRAY[$2::bytea], $3)
	ON CONFLICT (name) DO UPDATE SET at = excluded.at, items = CASE WHEN c.at < $4 THEN excluded.items
		ELSE (c.items || excluded.items)[greatest(1, cardinality(c.items) + 2 - $5::int):] END
	RETURNING items`

// Note adds an item to a conversation and gives those that were there before, oldest
// first, in one statement: of two servers at once, each sees the other's or is seen.
// The last most are kept, as long as the conversation is not idle for a day.
func (l *Ledger) Note(ctx context.Context, conversation string, item []byte, most int) (before [][]byte, err error) {
	s, err := sealingOf(conversation)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	var all [][]byte
	err = l.write(ctx, func(ctx context.Context) error {
		now := l.now()
		return l.db.DB.QueryRowContext(ctx, noteItem, s.name, s.aead.Seal(nil, nil, item, nil), now.UnixMilli(), now.Add(-idle).UnixMilli(), most).Scan(pgtype.NewMap().SQLScanner(&all))
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return s.open(all[:len(all)-1]), nil
}

// Noted gives the items of a conversation, oldest first.
func (l *Ledger) Noted(ctx context.Context, conversation string) ([][]byte, error) {
	s, err := sealingOf(conversation)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	var all [][]byte
	err = l.write(ctx, func(ctx context.Context) error { // a server that is away is not asked each time
		rows, err := l.db.DB.QueryContext(ctx, "SELECT items FROM conversation WHERE name = $1 AND at >= $2", s.name, l.now().Add(-idle).UnixMilli())
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := rows.Scan(pgtype.NewMap().SQLScanner(&all)); err != nil {
				return err
			}
		}
		return rows.Err()
	})
	return s.open(all), err
}

// The rows are locked in one order, so that servers that come at once do not wait
// for one another in a circle.
const countSenders = `WITH now AS (SELECT (extract(epoch FROM now()) * 1000000)::bigint AS t)
	INSERT INTO pace AS p (sender, due)
	SELECT x.sender, now.t + x.cost FROM unnest($1::bytea[], $2::bigint[]) AS x (sender, cost), now ORDER BY x.sender
	ON CONFLICT (sender) DO UPDATE SET due = excluded.due + greatest(0, p.due - (SELECT t FROM now))
	RETURNING sender, due - (SELECT t FROM now)`

// Count adds what senders asked here, each as the time in which a steady sender would
// have asked it, and gives how far ahead of a steady sender each is on all servers
// together. It is one statement, by PostgreSQL's clock.
func (l *Ledger) Count(ctx context.Context, cost map[string]time.Duration) (ahead map[string]time.Duration, err error) {
	names, senders, costs := map[string]string{}, make([][]byte, 0, len(cost)), make([]int64, 0, len(cost))
	for _, name := range slices.Sorted(maps.Keys(cost)) {
		sum := sha256.Sum256([]byte(name))
		names[string(sum[:])] = name
		senders, costs = append(senders, sum[:]), append(costs, cost[name].Microseconds())
	}
	ahead = map[string]time.Duration{}
	err = l.write(ctx, func(ctx context.Context) error {
		rows, err := l.db.DB.QueryContext(ctx, countSenders, senders, costs)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var sender []byte
			var micros int64
			if err := rows.Scan(&sender, &micros); err != nil {
				return err
			}
			ahead[names[string(sender)]] = time.Duration(micros) * time.Microsecond
		}
		return rows.Err()
	})
	return ahead, err
}

// Tidy forgets conversations that are idle, and senders that are even.
func (l *Ledger) Tidy(ctx context.Context) error {
	return l.write(ctx, func(ctx context.Context) error {
		_, err := l.db.DB.ExecContext(ctx, "DELETE FROM conversation WHERE at < $1", l.now().Add(-idle).UnixMilli())
		if err == nil {
			_, err = l.db.DB.ExecContext(ctx, "DELETE FROM pace WHERE due < (extract(epoch FROM now()) * 1000000)::bigint")
		}
		return err
	})
}
