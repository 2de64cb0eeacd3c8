package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

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
	path := filepath.Join(dir, ledger.FileName)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, errNoLedger
	}
	return ledger.Open(ctx, path)
}

var errNoLedger = errors.New("no ledger")

// keeper keeps answers, and beside them the embedded files that they were made
// of: a later version of this program may have others.
type keeper struct {
	led   *ledger.Ledger
	store *store.Store
	log   *slog.Logger

	mu   sync.Mutex
	held map[string]bool // hashes that were looked at
}

// openKeeper opens the ledger to write answers into it. It is nil where they
// cannot be kept, which stops no answer: the log says why. Where there is no
// data directory, asking makes none.
func openKeeper(ctx context.Context, p *program) *keeper {
	dir, err := p.dataDir()
	if err != nil { // a machine without a home
		return nil
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil
	}
	log := p.log
	st, err := store.Open(dir, store.Write)
	if err != nil {
		return nil // the library says so itself
	}
	led, err := ledger.Open(ctx, filepath.Join(dir, ledger.FileName))
	var bad *ledger.Error
	switch {
	case errors.As(err, &bad) && bad.Reason == ledger.NotWritable:
		log.InfoContext(ctx, "answers are not kept: the data directory is read-only", "dir", dir)
	case err != nil:
		log.ErrorContext(ctx, "answers are not kept: "+sentence(err, p.lang()), "error", err)
	default:
		return &keeper{led: led, store: st, log: log, held: map[string]bool{}}
	}
	return nil
}

// Close closes the ledger; a nil keeper has none.
func (k *keeper) Close() {
	if k != nil {
		k.led.Close()
	}
}

// Keep implements assistant.Keeper.
func (k *keeper) Keep(ctx context.Context, a *answer.Answer) error {
	if k.led.ReadOnly() {
		return nil
	}
	if err := k.led.Keep(ctx, a); err != nil {
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
		k.held[v.Parquet] = true
		if _, err := os.Stat(k.store.Object(v.Parquet)); err == nil {
			continue
		}
		b, err := embeddedFile(v.Parquet)
		if err != nil {
			continue // a harvested file: the store has it
		}
		if _, err := k.store.Preserve(b); err != nil {
			k.log.ErrorContext(ctx, "embedded file not kept", "table", v.Table, "error", err)
		}
	}
	return nil
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
func (h *house) replayer(ctx context.Context, led *ledger.Ledger, warm bool) (*replay.Replayer, error) {
	as, err := h.assistant(ctx, "")
	if err != nil {
		return nil, err
	}
	lib, err := h.library()
	if err != nil {
		return nil, err
	}
	st, err := h.store(store.Read)
	if err != nil {
		return nil, err
	}
	file := func(sha256, folder string) (string, error) {
		path := st.Object(sha256)
		_, err := os.Stat(path)
		if err == nil || !errors.Is(err, os.ErrNotExist) {
			return path, err
		}
		b, err := embeddedFile(sha256)
		if err != nil {
			return "", err
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
