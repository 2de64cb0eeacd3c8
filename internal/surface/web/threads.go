package web

import (
	"context"
	"crypto/rand"
	"log/slog"
	"slices"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Threads notes which answers a conversation got, for several servers.
type Threads interface {
	Note(ctx context.Context, conversation string, item []byte) (before [][]byte, err error)
	Noted(ctx context.Context, conversation string) ([][]byte, error) // oldest first
}

// threads remember which answers a conversation got, under a random token that
// only its address holds. The most recent conversations are kept.
type threads struct {
	shared Threads // nil: there is none
	log    *slog.Logger

	mu      sync.Mutex
	byToken *lru.Cache[string, []string] // IDs of answers, oldest first
}

const (
	maxThreads = 5000
	maxTurns   = 30 // the latest ones are shown
)

func newThreads(shared Threads, log *slog.Logger) *threads {
	byToken, err := lru.New[string, []string](maxThreads)
	if err != nil { // only of a size below 1
		return nil
	}
	return &threads{shared: shared, log: log, byToken: byToken}
}

func newToken() string { return rand.Text() }

// validToken tells whether a text may be one that newToken made.
func validToken(s string) bool {
	if len(s) != len(newToken()) {
		return false
	}
	for _, r := range s {
		if (r < 'A' || r > 'Z') && (r < '2' || r > '7') {
			return false
		}
	}
	return true
}

// add notes an answer of a conversation.
func (t *threads) add(ctx context.Context, token, answerID string) {
	if t.shared != nil {
		if _, err := t.shared.Note(ctx, "thread:"+token, []byte(answerID)); err != nil {
			t.log.WarnContext(ctx, "answer not noted: its conversation is shown here alone", "error", err)
		}
	}
	t.mu.Lock() // reading and writing are one step
	defer t.mu.Unlock()
	before, _ := t.byToken.Get(token)
	all := append(slices.Clone(before), answerID)
	t.byToken.Add(token, all[max(0, len(all)-maxTurns):])
}

// answers are the IDs of a conversation's answers, oldest first: those that all
// servers know, and where they are not known those that this one does.
func (t *threads) answers(ctx context.Context, token string) []string {
	ids, _ := t.byToken.Peek(token)
	if t.shared == nil {
		return slices.Clone(ids)
	}
	noted, err := t.shared.Noted(ctx, "thread:"+token)
	if err != nil || len(noted) == 0 {
		return slices.Clone(ids)
	}
	ids = nil
	for _, id := range noted {
		ids = append(ids, string(id))
	}
	return ids
}
