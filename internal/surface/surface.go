// Package surface holds what the places where people and programs talk to
// Cigogne have in common: who answers, who keeps answers, who guides, and what
// is said where something fails.
package surface

import (
	"context"
	"errors"
	"net/http"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Asker answers questions; the assistant does, and the queue before it.
type Asker interface {
	Ask(ctx context.Context, q assistant.Question) (*answer.Answer, error)
}

// Answers keeps answers under IDs it gives them; see kept.Store.
type Answers interface {
	// Keep writes the ID into the answer, where it has none.
	Keep(ctx context.Context, a *answer.Answer) error
	// Passing tells whether an ID is known to this process alone: nobody is to
	// be told that it lasts.
	Passing(id string) bool
	// Answer returns the answer of an ID, or answer.ErrUnknown.
	Answer(ctx context.Context, id string) (*answer.Answer, error)
	// Judge notes whether an answer is right, and why; answer.ErrUnknown.
	Judge(ctx context.Context, id string, right bool, why string) error
}

// Guide tells what datasets there are; see assistant.Guide.
type Guide interface {
	Describe(ctx context.Context, key string, l lang.Lang) (*assistant.Description, error) // assistant.ErrUnknownDataset
	Find(ctx context.Context, b assistant.Browse, l lang.Lang) (*assistant.Found, error)
	Names(ctx context.Context, beginning string, limit int) (names []string, total int, err error)
}

// Follows has a place told of what changes in an answer's figure after a refresh.
type Follows interface {
	// Follow begins that; what fails says so to its reader.
	Follow(ctx context.Context, answerID, place, address string, l lang.Lang) (id string, err error)
	// Unfollow ends it, and tells whether there was any; without an answer's ID
	// all that the place follows.
	Unfollow(ctx context.Context, answerID, place, address string) (bool, error)
}

// ErrBusy is returned by an Asker whose line is full, or was too slow.
var ErrBusy = errors.New("too many questions at once")

// Code is what sort of failure it is, the same word on every surface; programs
// read it in the API's errors.
type Code string

// The closed list of codes. Each has a sentence, "fault.CODE" in the message
// files, and an HTTP status.
const (
	Invalid     Code = "invalid"
	NotFound    Code = "not_found" // no answer under an ID
	NoDataset   Code = "no_dataset"
	TooLarge    Code = "too_large"
	Unsupported Code = "unsupported"
	RateLimited Code = "rate_limited"
	Busy        Code = "busy"
	Timeout     Code = "timeout"
	Interrupted Code = "interrupted"
	Internal    Code = "internal"
)

// Codes are all of them.
var Codes = []Code{Invalid, NotFound, NoDataset, TooLarge, Unsupported, RateLimited, Busy, Timeout, Interrupted, Internal}

// CodeOf tells what sort of failure an error of an Asker, of Answers or of a
// Guide is; "" where it is none.
func CodeOf(err error) Code {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, ErrBusy):
		return Busy
	case errors.Is(err, answer.ErrUnknown):
		return NotFound
	case errors.Is(err, assistant.ErrUnknownDataset):
		return NoDataset
	case errors.Is(err, context.DeadlineExceeded):
		return Timeout
	case errors.Is(err, context.Canceled):
		return Interrupted
	}
	return Internal
}

// Sentence says what failed and what can be done.
func (c Code) Sentence(l lang.Lang) string { return texts.Say(l, "fault."+string(c)) }

// Status is the HTTP status of a failure.
func (c Code) Status() int {
	switch c {
	case Invalid:
		return http.StatusBadRequest
	case NotFound, NoDataset:
		return http.StatusNotFound
	case TooLarge:
		return http.StatusRequestEntityTooLarge
	case Unsupported:
		return http.StatusUnsupportedMediaType
	case RateLimited:
		return http.StatusTooManyRequests
	case Busy, Interrupted:
		return http.StatusServiceUnavailable
	case Timeout:
		return http.StatusGatewayTimeout
	}
	return http.StatusInternalServerError
}
