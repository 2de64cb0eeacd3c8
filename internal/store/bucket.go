package store

import (
	"context"
	"errors"
	"io"
	"iter"
)

// Bucket is an object store that several servers share: bytes under keys, with
// slashes between their parts. It is safe for concurrent use. Package bucket
// speaks to one.
type Bucket interface {
	// Get opens what is under a key, and tells its tag, which is another one after
	// each write. ErrSame where the tag is that of unless, which may be "";
	// fs.ErrNotExist where nothing is there.
	Get(ctx context.Context, key, unless string) (body io.ReadCloser, tag string, err error)
	// Put writes size bytes under a key, all or nothing, and tells their tag;
	// ErrOvertaken where what is there is not what when wants.
	Put(ctx context.Context, key string, body io.ReadSeeker, size int64, when When) (tag string, err error)
	// Has tells whether something is under a key.
	Has(ctx context.Context, key string) (bool, error)
	// List lists the keys that begin so, in their order. An error comes last.
	List(ctx context.Context, prefix string) iter.Seq2[string, error]
	// Remove removes what is under a key, if anything is.
	Remove(ctx context.Context, key string) error
	// Address names the bucket for people: without its keys.
	Address() string
}

// When is what must be under a key for a Put to be done; the zero value wants nothing.
type When struct {
	New bool   // nothing
	Tag string // what has this tag
}

// What a Bucket says besides failures.
var (
	ErrSame      = errors.New("it is what is known already")
	ErrOvertaken = errors.New("another one wrote there first")
)

// Lock keeps writers apart, on whichever servers they are.
type Lock interface {
	// Take takes the lock without waiting; taken is false where another one has it.
	// Whoever dies loses it, soon or later.
	Take(ctx context.Context) (release func(), taken bool, err error)
}
