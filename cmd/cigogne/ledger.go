package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"cigogne/catalog"
	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/ledger"
	"cigogne/internal/replay"
	"cigogne/internal/store"
)

// ledger opens the ledger of a data directory, once; nil where there is no such
// directory: asking creates none.
func (h *house) ledger(ctx context.Context, dir string) (*ledger.Ledger, error) {
	if h.led != nil || h.ledOnce {
		return h.led, nil
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, nil
	}
	led, err := ledger.Open(ctx, filepath.Join(dir, ledger.FileName))
	if err != nil {
		return nil, err
	}
	h.led, h.ledOnce = led, true
	return led, nil
}

// keep has the assistant's answers kept, where that can be done; questions are
// answered in any case.
func (h *house) keep(ctx context.Context, as *assistant.Assistant) {
	dir, err := dataDir(h.o, h.io)
	if err != nil { // a machine without a home
		return
	}
	log := logger(h.io)
	led, err := h.ledger(ctx, dir)
	var bad *ledger.Error
	switch {
	case errors.As(err, &bad) && bad.Reason == ledger.NotWritable, led != nil && led.ReadOnly():
		log.InfoContext(ctx, "answers are not kept: the data directory is read-only", "dir", dir)
	case err != nil:
		h.ledOnce = true // said once
		log.ErrorContext(ctx, "answers are not kept", "error", err)
	case led != nil:
		st, err := h.store(store.Write)
		if err != nil {
			log.ErrorContext(ctx, "answers are not kept", "error", err)
			return
		}
		as.Keep(&keeper{led: led, store: st, file: h.embeddedFile, log: log, held: map[string]bool{}})
	}
}

// embeddedFile returns the bytes of an embedded table by their hash, or an
// error that is fs.ErrNotExist.
func (h *house) embeddedFile(sha256 string) ([]byte, error) {
	c, err := h.embedded()
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

// keeper keeps answers, and beside them the embedded files that they were made
// of: a later version of this program may have others.
type keeper struct {
	led   *ledger.Ledger
	store *store.Store
	file  func(sha256 string) ([]byte, error) // embedded ones
	log   *slog.Logger

	mu   sync.Mutex
	held map[string]bool // hashes that were looked at
}

// Keep implements assistant.Keeper.
func (k *keeper) Keep(ctx context.Context, a *answer.Answer) error {
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
		b, err := k.file(v.Parquet)
		if err != nil {
			continue // a harvested file: the store has it
		}
		if _, err := k.store.Preserve(b); err != nil {
			k.log.ErrorContext(ctx, "embedded file not kept", "table", v.Table, "error", err)
		}
	}
	return nil
}

// kept opens the ledger for a command that reads it. Where there is none yet,
// the error says so.
func (h *house) kept(ctx context.Context) (*ledger.Ledger, error) {
	dir, err := dataDir(h.o, h.io)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, ledger.FileName)); errors.Is(err, os.ErrNotExist) {
		return nil, errNoLedger
	}
	return h.ledger(ctx, dir)
}

var errNoLedger = errors.New("no ledger")

// unknown says that nothing is kept under an ID.
func unknown(id string, io stdio) error {
	return told{fmt.Sprintf(io.lang().Pick("Aucune réponse n'est gardée sous l'identifiant %s.", "No answer is kept under the identifier %s."), clip(clean(id), 40))}
}

// replayer computes kept answers again.
func (h *house) replayer(ctx context.Context, led *ledger.Ledger) (*replay.Replayer, error) {
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
		b, err := h.embeddedFile(sha256)
		if err != nil {
			return "", err
		}
		path = filepath.Join(folder, sha256+".parquet")
		return path, os.WriteFile(path, b, 0o600)
	}
	return replay.New(replay.Parts{Ledger: led, File: file, Today: lib.Tables, Run: as.Run}), nil
}
