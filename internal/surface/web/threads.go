package web

import (
	"crypto/rand"
	"slices"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
)

// threads remember which answers a conversation got, under a random token that
// only its address holds. The most recent conversations are kept.
type threads struct {
	mu      sync.Mutex
	byToken *lru.Cache[string, []string] // IDs of answers, oldest first
}

const (
	maxThreads = 5000
	maxTurns   = 30 // the latest ones are shown
)

func newThreads() *threads {
	byToken, err := lru.New[string, []string](maxThreads)
	if err != nil { // only of a size below 1
		return nil
	}
	return &threads{byToken: byToken}
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
func (t *threads) add(token, answerID string) {
	t.mu.Lock() // reading and writing are one step
	defer t.mu.Unlock()
	before, _ := t.byToken.Get(token)
	all := append(slices.Clone(before), answerID)
	t.byToken.Add(token, all[max(0, len(all)-maxTurns):])
}

// answers are the IDs of a conversation's answers, oldest first.
func (t *threads) answers(token string) []string {
	ids, _ := t.byToken.Peek(token)
	return slices.Clone(ids)
}
