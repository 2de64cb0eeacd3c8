package store

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// memory is a bucket without a wire: a lease is a matter of time, which the test
// makes pass.
type memory struct {
	mu   sync.Mutex
	text map[string]string
	tag  map[string]string
	n    int
}

func (m *memory) Get(_ context.Context, key, _ string) (io.ReadCloser, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	text, ok := m.text[key]
	if !ok {
		return nil, "", fs.ErrNotExist
	}
	return io.NopCloser(strings.NewReader(text)), m.tag[key], nil
}

func (m *memory) Put(_ context.Context, key string, body io.ReadSeeker, _ int64, when When) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, there := m.text[key]; when.New && there || when.Tag != "" && m.tag[key] != when.Tag {
		return "", ErrOvertaken
	}
	text, err := io.ReadAll(body)
	m.n++
	m.text[key], m.tag[key] = string(text), strings.Repeat("x", m.n)
	return m.tag[key], err
}

func (m *memory) Has(context.Context, string) (bool, error)             { return false, errors.ErrUnsupported }
func (m *memory) List(context.Context, string) iter.Seq2[string, error] { return nil }
func (m *memory) Remove(context.Context, string) error                  { return errors.ErrUnsupported }
func (m *memory) Address() string                                       { return "s3://memory" }

func TestLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &memory{text: map[string]string{}, tag: map[string]string{}}
		take := func() (func(), bool) {
			t.Helper()
			release, taken, err := NewLease(b, slog.New(slog.DiscardHandler)).Take(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return release, taken
		}
		release, taken := take()
		if !taken {
			t.Fatal("nobody held it")
		}
		if _, taken := take(); taken {
			t.Error("two hold it")
		}
		time.Sleep(time.Hour) // it is renewed meanwhile
		if _, taken := take(); taken {
			t.Error("two hold it after an hour")
		}
		release()
		release, taken = take()
		if !taken {
			t.Error("it was given back, and cannot be taken")
		}
		release()

		// One that died does not renew it.
		if _, err := NewLease(b, nil).write(t.Context(), held{"dead", time.Now().Add(leaseTime)}, When{}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(leaseTime)
		if _, taken := take(); taken {
			t.Error("clocks may be apart by a minute")
		}
		time.Sleep(leaseSkew + time.Second)
		release, taken = take()
		if !taken {
			t.Error("who died holds it for ever")
		}
		release()
		if _, err := b.Put(t.Context(), leaseKey, strings.NewReader("{"), 1, When{}); err != nil {
			t.Fatal(err)
		}
		release, taken = take()
		if !taken {
			t.Error("what nobody can read holds it for ever")
		}
		release()
	})
}
