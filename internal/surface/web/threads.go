package web

import (
	"container/list"
	"crypto/rand"
	"slices"
	"sync"
)

// threads remember which answers a conversation got, under a random token that
// only its address holds. The most recent conversations are kept.
type threads struct {
	mu      sync.Mutex
	order   *list.List // of *thread, most recent first
	byToken map[string]*list.Element
}

type thread struct {
	token   string
	answers []string // IDs, oldest first
}

const (
	maxThreads = 5000
	maxTurns   = 30 // the latest ones are shown
)

func newThreads() *threads {
	return &threads{order: list.New(), byToken: map[string]*list.Element{}}
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
	t.mu.Lock()
	defer t.mu.Unlock()
	e, ok := t.byToken[token]
	if !ok {
		e = t.order.PushFront(&thread{token: token})
		t.byToken[token] = e
		if t.order.Len() > maxThreads {
			last := t.order.Back()
			delete(t.byToken, last.Value.(*thread).token)
			t.order.Remove(last)
		}
	}
	t.order.MoveToFront(e)
	th := e.Value.(*thread)
	th.answers = append(th.answers, answerID)
	if len(th.answers) > maxTurns {
		th.answers = slices.Delete(th.answers, 0, len(th.answers)-maxTurns)
	}
}

// answers are the IDs of a conversation's answers, oldest first.
func (t *threads) answers(token string) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e, ok := t.byToken[token]; ok {
		return slices.Clone(e.Value.(*thread).answers)
	}
	return nil
}
