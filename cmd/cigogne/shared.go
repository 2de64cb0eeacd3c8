package main

import (
	"context"
	"errors"
	"sync/atomic"

	"cigogne/internal/store"
	"cigogne/internal/store/bucket"
)

// sharing is the object store that the settings put the data directory over.
type sharing struct {
	*store.Shared
	away atomic.Bool // as last seen
}

// newSharing is nil where the settings name none. Where the ledger is shared too,
// its server keeps writers apart.
func newSharing(p *program) (*sharing, error) {
	c, err := p.settings()
	if err != nil || !c.Store.Set() {
		return nil, nil // what is wrong with the settings is said where they are read
	}
	return p.sharingAt(c.Store.URL)
}

// sharingAt is an object store of the settings' endpoint and keys.
func (p *program) sharingAt(address string) (*sharing, error) {
	c, err := p.settings()
	if err != nil {
		return nil, err
	}
	b, err := bucket.Open(bucket.Place{URL: address, Endpoint: c.Store.Endpoint, Region: c.Store.Region, Virtual: c.Store.Style == "virtual", AccessKey: c.Store.AccessKey, SecretKey: c.Store.SecretKey})
	if err != nil {
		return nil, &store.Error{Reason: store.Away, Dir: address, Err: err}
	}
	var lock store.Lock
	if c.Ledger.URL != "" {
		lock = writers{p}
	}
	return &sharing{Shared: store.Share(b, lock, p.log)}, nil
}

// writers is the lock of those who write into the object store, in PostgreSQL.
type writers struct{ p *program }

// Take implements store.Lock.
func (w writers) Take(ctx context.Context) (release func(), taken bool, err error) {
	led, err := openLedger(ctx, w.p)
	if err != nil {
		return nil, false, err
	}
	resign, taken, err := led.ElectWriter(ctx)
	if err != nil || !taken {
		return nil, false, errors.Join(err, led.Close())
	}
	return func() {
		resign()
		_ = led.Close()
	}, true, nil
}

// store opens the data directory, over the object store where there is one.
func (p *program) store(mode store.Mode) (*store.Store, error) {
	dir, err := p.dataDir()
	if err != nil {
		return nil, err
	}
	st, err := store.Open(dir, mode)
	if err != nil {
		return nil, err
	}
	sh, err := p.shared()
	if err != nil || sh == nil {
		return st, err
	}
	return st.Over(sh.Shared), nil
}

// bring brings the generation in force of the object store here. Where it is away,
// what is here already answers; that is logged when it begins, and when it ends.
func (p *program) bring(ctx context.Context, st *store.Store) error {
	sh, err := p.shared()
	if err != nil || sh == nil {
		return err
	}
	_, err = st.Pull(ctx)
	if err == nil {
		if sh.away.Swap(false) {
			p.log.ErrorContext(ctx, "the object store is back")
		}
		return nil
	}
	var bad *store.Error
	if !errors.As(err, &bad) || bad.Reason != store.Away {
		return err
	}
	if held, e := st.Current(); e != nil || held == nil {
		return err
	}
	if !sh.away.Swap(true) {
		p.log.ErrorContext(ctx, "the object store is away; what is here answers", "error", err)
	}
	return nil
}
