// Package kept finds answers by ID, with what people said of them: in a ledger,
// and where there is none, among the latest ones of this process.
package kept

import (
	"container/list"
	"context"
	"crypto/rand"
	"errors"
	"sync"

	"cigogne/internal/answer"
)

// ErrUnknown is returned for an ID under which nothing is kept.
var ErrUnknown = errors.New("no such answer")

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
	unknown error   // what it returns for an ID it does not know

	mu    sync.Mutex
	max   int        // answers
	cells int        // of all answers' rows
	order *list.List // of *entry, most recently used first
	byID  map[string]*list.Element
}

type entry struct {
	answer *answer.Answer
	right  *bool
	why    string
}

// New returns a store of at most so many answers.
func New(max int) *Store {
	return &Store{max: max, order: list.New(), byID: map[string]*list.Element{}}
}

// Over has answers looked for in a ledger first; unknown is the error it returns
// for an ID it does not know. It is called before the first answer, and returns s.
func (s *Store) Over(l Lasting, unknown error) *Store {
	s.lasting, s.unknown = l, unknown
	return s
}

// Keep remembers an answer that no ledger kept, under a new ID, which it writes
// into it. The answer must not change afterwards.
func (s *Store) Keep(_ context.Context, a *answer.Answer) error {
	if a.AnswerID != "" {
		return nil
	}
	a.AnswerID = rand.Text()[:16]
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byID[a.AnswerID] = s.order.PushFront(&entry{answer: a})
	s.cells += cells(a)
	for s.order.Len() > s.max || s.cells > maxCells && s.order.Len() > 1 {
		last := s.order.Remove(s.order.Back()).(*entry).answer
		delete(s.byID, last.AnswerID)
		s.cells -= cells(last)
	}
	return nil
}

// maxCells bounds the rows of all kept answers together: some 100 MB.
const maxCells = 2_000_000

func cells(a *answer.Answer) int { return len(a.Rows) * len(a.Columns) }

func (s *Store) find(id string) (*entry, error) {
	e, ok := s.byID[id]
	if !ok {
		return nil, ErrUnknown
	}
	s.order.MoveToFront(e)
	return e.Value.(*entry), nil
}

// Answer returns the answer of an ID, or ErrUnknown.
func (s *Store) Answer(ctx context.Context, id string) (*answer.Answer, error) {
	if s.lasting != nil {
		if a, err := s.lasting.Answer(ctx, id); !errors.Is(err, s.unknown) {
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
		if err := s.lasting.Judge(ctx, id, right, why); !errors.Is(err, s.unknown) {
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
