package store

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
)

// batch is how many lines are decoded together: enough to make a goroutine
// worth its while.
const batch = 256

// decoded is a batch of values, and the error that came after them, if any;
// io.EOF at the end of the list.
type decoded[T any] struct {
	values []T
	err    error
}

// each reads every value of the list in turn. An error comes last. Decoding
// JSON takes all the time there is, so batches are decoded side by side.
func each[T any](s *Store, r records) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if r.Lines == "" {
			return
		}
		path := s.Object(r.Lines)
		stop := make(chan struct{})
		defer close(stop)
		n := 0
		for next := range batches[T](path, stop) {
			b := <-next
			for i := range b.values {
				if !yield(b.values[i], nil) {
					return
				}
			}
			n += len(b.values)
			if b.err == io.EOF && n == r.Count {
				return
			}
			if b.err == io.EOF {
				b.err = fmt.Errorf("%d records where %d were written", n, r.Count)
			}
			if b.err != nil {
				var none T
				yield(none, s.damaged(path, fmt.Errorf("after %d records: %w", n, b.err)))
				return
			}
		}
	}
}

// batches reads a file of lines and has them decoded. What it sends, in the
// order of the file, is where each batch will be; the last one has an error.
// Closing stop ends it.
func batches[T any](path string, stop <-chan struct{}) <-chan chan decoded[T] {
	out := make(chan chan decoded[T], runtime.GOMAXPROCS(0))
	go func() {
		defer close(out)
		f, err := os.Open(path)
		if err != nil {
			next := make(chan decoded[T], 1)
			next <- decoded[T]{err: err}
			out <- next
			return
		}
		defer f.Close()
		in := bufio.NewReaderSize(f, 256<<10)
		for err == nil {
			var lines [][]byte
			for len(lines) < batch && err == nil {
				var line []byte
				if line, err = in.ReadBytes('\n'); err == io.EOF && len(line) > 0 {
					err = io.ErrUnexpectedEOF // it ends inside a line
				} else if err == nil {
					lines = append(lines, line)
				}
			}
			next := make(chan decoded[T], 1)
			go func(err error) { next <- decode[T](lines, err) }(err)
			select {
			case out <- next:
			case <-stop:
				return
			}
		}
	}()
	return out
}

func decode[T any](lines [][]byte, err error) decoded[T] {
	b := decoded[T]{values: make([]T, 0, len(lines)), err: err}
	for _, line := range lines {
		var v T
		if err := json.Unmarshal(line, &v); err != nil {
			b.err = err
			break
		}
		b.values = append(b.values, v)
	}
	return b
}
