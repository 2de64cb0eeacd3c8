package refresh

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/store"
)

// Reading is what a portal gave, in a file until it is kept: several portals are
// read at once, and the store has one writer.
type Reading struct {
	portal store.Portal
	report harvest.Report
	file   *os.File
	out    *bufio.Writer
	line   *json.Encoder
}

// readings is what the files are called. One that a killed run left is swept by
// the next one.
const readings = "reading-*"

// newReading begins a reading in the data directory.
func newReading(dir string, p store.Portal) (*Reading, error) {
	left, err := filepath.Glob(filepath.Join(dir, readings))
	if err != nil {
		return nil, fmt.Errorf("read portal: %w", err)
	}
	for _, name := range left {
		os.Remove(name) // where a file in use has no name any more, or cannot be removed, all is well
	}
	f, err := os.CreateTemp(dir, readings)
	if err != nil {
		return nil, fmt.Errorf("read portal: %w", err)
	}
	os.Remove(f.Name()) // goes with the process where the system can
	r := &Reading{portal: p, file: f, out: bufio.NewWriterSize(f, 256<<10)}
	r.line = json.NewEncoder(r.out)
	r.line.SetEscapeHTML(false)
	return r, nil
}

func (r *Reading) put(d dataset.Dataset) error {
	d.Portal = r.portal.URL
	return r.line.Encode(d)
}

// datasets are what was read, in its order.
func (r *Reading) datasets() iter.Seq2[dataset.Dataset, error] {
	return func(yield func(dataset.Dataset, error) bool) {
		if _, err := r.file.Seek(0, io.SeekStart); err != nil {
			yield(dataset.Dataset{}, err)
			return
		}
		in := json.NewDecoder(bufio.NewReaderSize(r.file, 256<<10))
		for {
			var d dataset.Dataset
			err := in.Decode(&d)
			if errors.Is(err, io.EOF) || !yield(d, err) || err != nil {
				return
			}
		}
	}
}

// Close drops the file.
func (r *Reading) Close() error {
	err := r.file.Close()
	os.Remove(r.file.Name()) // still there where a file in use cannot be removed
	return err
}
