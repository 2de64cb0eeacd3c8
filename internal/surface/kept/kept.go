// Package kept finds answers by ID, with what people said of them: in a ledger,
// and where there is none, among the latest ones of this process.
package kept

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"cigogne/internal/answer"
)

// Lasting keeps answers for good; the ledger does. It knows an answer that it
// kept by its AnswerID.
type Lasting interface {
	Answer(ctx context.Context, id string) (*answer.Answer, error)
	Judge(ctx context.Context, id string, right bool, why string) error
}

// Store finds answers that a ledger kept, and keeps others in memory, the most
// recently used ones. It is safe for concurrent use.
type Store struct {
	lasting Lasting // nil: there is none

	mu    sync.Mutex
	cells int // of all answers' rows
	byID  *simplelru.LRU[string, *entry]
}

type entry struct {
	answer *answer.Answer
	right  *bool
	why    string
}

// New returns a store of at most so many answers.
func New(most int) *Store {
	s := &Store{}
	var err error
	s.byID, err = simplelru.NewLRU(max(1, most), func(_ string, e *entry) { s.cells -= cells(e.answer) })
	if err != nil { // only of a size below 1
		return nil
	}
	return s
}

// Over has answers looked for in a ledger first. It is called before the first
// answer, and returns s.
func (s *Store) Over(l Lasting) *Store {
	s.lasting = l
	return s
}

// Keep remembers an answer that no ledger kept, under a new ID, which it writes
// into it: for what a surface does next with it, as long as the process lives.
// The answer must not change afterwards.
func (s *Store) Keep(_ context.Context, a *answer.Answer) error {
	if a.AnswerID != "" {
		return nil
	}
	a.AnswerID = rand.Text()[:16]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cells += cells(a)
	s.byID.Add(a.AnswerID, &entry{answer: a})
	for s.cells > maxCells && s.byID.Len() > 1 {
		s.byID.RemoveOldest()
	}
	return nil
}

// maxCells bounds the rows of all kept answers together: some 100 MB.
const maxCells = 2_000_000

func cells(a *answer.Answer) int { return len(a.Rows) * len(a.Columns) }

// Passing tells whether an answer is remembered here alone: its ID is no lasting
// one, and to be shown to nobody as such.
func (s *Store) Passing(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byID.Contains(id)
}

func (s *Store) find(id string) (*entry, error) {
	e, ok := s.byID.Get(id)
	if !ok {
		return nil, answer.ErrUnknown
	}
	return e, nil
}

// Answer returns the answer of an ID, or answer.ErrUnknown.
func (s *Store) Answer(ctx context.Context, id string) (*answer.Answer, error) {
	if s.lasting != nil {
		if a, err := s.lasting.Answer(ctx, id); !errors.Is(err, answer.ErrUnknown) {
			return a, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.find(id)
	if err != nil {
		return nil, err
	}
	return e.answer, nil
}

// Judge notes whether an answer is right, and why; the last word counts.
func (s *Store) Judge(ctx context.Context, id string, right bool, why string) error {
	if s.lasting != nil {
		if err := s.lasting.Judge(ctx, id, right, why); !errors.Is(err, answer.ErrUnknown) {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.find(id)
	if err != nil {
		return err
	}
	e.right, e.why = &right, why
	return nil
}

// Judgement tells what was said of an answer: right is nil where nothing was.
func (s *Store) Judgement(_ context.Context, id string) (right *bool, why string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.find(id)
	if err != nil {
		return nil, "", err
	}
	return e.right, e.why, nil
}
