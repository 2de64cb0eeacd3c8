package main

import (
	"context"
	"errors"
	"io/fs"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"cigogne/catalog"
	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/ledger"
	"cigogne/internal/replay"
	"cigogne/internal/store"
)

// openLedger opens the ledger of the data directory for a command that reads it,
// errNoLedger where there is none yet.
func openLedger(ctx context.Context, p *program) (*ledger.Ledger, error) {
	dir, err := p.dataDir()
	if err != nil {
		return nil, err
	}
	settings, err := p.settings()
	if err != nil {
		return nil, err
	}
	if settings.Ledger.URL != "" {
		return ledger.Open(ctx, settings.Ledger.URL)
	}
	path := filepath.Join(dir, ledger.FileName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, errNoLedger
	}
	return ledger.Open(ctx, path)
}

var errNoLedger = errors.New("no ledger")

// keeper keeps answers, and beside them the embedded files that they were made
// of: a later version of this program may have others. A ledger that cannot be
// opened, is read-only or was taken away is tried again from time to time: it
// comes back when the disk does.
type keeper struct {
	open   func(ctx context.Context) (*ledger.Ledger, *store.Store, error)
	shared bool // other servers have the same ledger
	log    *slog.Logger
	lang   lang.Lang
	retry  time.Duration

	mu    sync.Mutex
	led   *ledger.Ledger // nil: it cannot even be read
	store *store.Store
	why   error // it cannot be written
	tried time.Time
	held  map[string]bool // hashes of files that are there
}

const ledgerRetry = 10 * time.Second

// openKeeper opens the ledger to write answers into it; one that cannot be
// opened stops no answer, but each then says that it was not kept. It is nil
// where there is no data directory, unless there must be one: asking makes none.
func openKeeper(ctx context.Context, p *program, must bool) *keeper {
	dir, err := p.dataDir()
	if info, failed := os.Stat(dir); err != nil || failed != nil || !info.IsDir() {
		if !must {
			return nil
		}
	}
	k := &keeper{log: p.log, lang: p.lang(), retry: ledgerRetry, held: map[string]bool{}}
	if settings, err := p.settings(); err == nil {
		k.shared = settings.Ledger.URL != ""
	}
	k.open = func(ctx context.Context) (*ledger.Ledger, *store.Store, error) {
		if err != nil {
			return nil, nil, err
		}
		// The ledger first: it makes no directory where one was taken away.
		where := filepath.Join(dir, ledger.FileName)
		if settings, err := p.settings(); err != nil {
			return nil, nil, err
		} else if settings.Ledger.URL != "" {
			where = settings.Ledger.URL
		}
		led, err := ledger.Open(ctx, where)
		if err != nil {
			return nil, nil, err
		}
		st, err := p.store(store.Write)
		if err != nil {
			return nil, nil, errors.Join(err, led.Close())
		}
		return led, st, nil
	}
	k.writable(ctx)
	return k
}

// writable returns the ledger to write into, or why there is none.
func (k *keeper) writable(ctx context.Context) (*ledger.Ledger, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.led != nil && !k.led.ReadOnly() && !k.led.Gone() {
		return k.led, nil
	}
	if !k.tried.IsZero() && time.Since(k.tried) < k.retry {
		return nil, k.why
	}
	k.tried = time.Now()
	led, st, err := k.open(ctx)
	if err == nil && led.ReadOnly() {
		err = errReadOnly
	}
	if led != nil {
		if k.led != nil {
			k.led.Close()
		}
		k.led, k.store = led, st
	}
	switch {
	case err != nil:
		k.log.ErrorContext(ctx, "answers are not kept: "+sentence(err, k.lang), "error", err)
	case k.why != nil:
		k.log.ErrorContext(ctx, "answers are kept again")
	}
	if k.why = err; err != nil {
		return nil, err
	}
	return led, nil
}

var errReadOnly = errors.New("the data directory is read-only")

// readable returns the ledger to read, or why there is none.
func (k *keeper) readable(ctx context.Context) (*ledger.Ledger, error) {
	_, err := k.writable(ctx)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.led == nil {
		return nil, err
	}
	return k.led, nil
}

// Close closes the ledger; a nil keeper has none.
func (k *keeper) Close() {
	if k != nil && k.led != nil {
		k.led.Close()
	}
}

// Keep implements assistant.Keeper.
func (k *keeper) Keep(ctx context.Context, a *answer.Answer) error {
	led, err := k.writable(ctx)
	if err != nil {
		return err
	}
	if err := led.Keep(ctx, a); err != nil {
		return err
	}
	if a.Run == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, v := range a.Run.Tables {
		if k.held[v.Parquet] {
			continue
		}
		b, err := embeddedFile(v.Parquet)
		if err != nil {
			k.held[v.Parquet] = true // a harvested file: the store has it
			continue
		}
		o, err := k.store.Preserve(b)
		if err != nil {
			k.log.ErrorContext(ctx, "embedded file not kept", "table", v.Table, "error", err)
			continue // tried again with the next answer
		}
		k.held[v.Parquet] = true
		go k.send(context.WithoutCancel(ctx), k.store, o.SHA256)
	}
	return nil
}

// send puts an embedded file into the object store, where there is one: no answer
// waits for it.
func (k *keeper) send(ctx context.Context, st *store.Store, sha256 string) {
	if err := st.Send(ctx, sha256); err != nil {
		k.log.ErrorContext(ctx, "embedded file not sent", "error", err)
		k.mu.Lock()
		defer k.mu.Unlock()
		delete(k.held, sha256) // tried again with the next answer
	}
}

// Answer implements kept.Lasting. Where nothing can be read, nothing is known.
func (k *keeper) Answer(ctx context.Context, id string) (*answer.Answer, error) {
	led, err := k.readable(ctx)
	if err != nil {
		return nil, ledger.ErrUnknown
	}
	return led.Answer(ctx, id)
}

// Judge implements kept.Lasting.
func (k *keeper) Judge(ctx context.Context, id string, right bool, why string) error {
	led, err := k.writable(ctx)
	if err != nil {
		if _, e := k.Answer(ctx, id); errors.Is(e, ledger.ErrUnknown) {
			return e
		}
		return err
	}
	return led.Judge(ctx, id, right, why)
}

// Record implements replay.Records.
func (k *keeper) Record(ctx context.Context, id string) (*ledger.Record, error) {
	led, err := k.readable(ctx)
	if err != nil {
		return nil, ledger.ErrUnknown
	}
	return led.Record(ctx, id)
}

// Records implements replay.Records.
func (k *keeper) Records(ctx context.Context) iter.Seq2[*ledger.Record, error] {
	led, err := k.readable(ctx)
	if err != nil {
		return func(yield func(*ledger.Record, error) bool) { yield(nil, err) }
	}
	return led.Records(ctx)
}

// embeddedFile returns the bytes of an embedded table by their hash, or an
// error that is fs.ErrNotExist.
func embeddedFile(sha256 string) ([]byte, error) {
	c, err := catalog.Load()
	if err != nil {
		return nil, err
	}
	for _, t := range c.Tables {
		if t.Parquet == sha256 {
			return catalog.Parquet(t.ID)
		}
	}
	return nil, fs.ErrNotExist
}

// unknown says that nothing is kept under an ID.
func unknown(id string, p *program) error {
	return told{p.say("cli.no_answer_is_kept_under_identifier", "id", lang.Cut(clean(id), 40))}
}

// replayer computes kept answers again; warm: on the tables that are open
// already, where they are of the same files. It is closed by its caller.
func (h *house) replayer(ctx context.Context, led replay.Records, warm bool) (*replay.Replayer, error) {
	as, err := h.assistant(ctx, "")
	if err != nil {
		return nil, err
	}
	lib, err := h.library(ctx)
	if err != nil {
		return nil, err
	}
	st, err := h.store(store.Read)
	if err != nil {
		return nil, err
	}
	file := func(sha256, folder string) (string, error) {
		path := st.Object(sha256)
		missing := st.Want(ctx, sha256)
		if missing == nil {
			return path, nil
		}
		b, err := embeddedFile(sha256)
		if err != nil {
			return "", missing
		}
		path = filepath.Join(folder, sha256+".parquet")
		return path, os.WriteFile(path, b, 0o600)
	}
	parts := replay.Parts{Ledger: led, File: file, Today: lib.Tables, Run: as.Run}
	if warm {
		parts.Warm = lib.Query
	}
	return replay.New(parts), nil
}
