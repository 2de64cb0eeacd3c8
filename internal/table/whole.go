package table

import (
	"bytes"
	"errors"
	"os"
)

// Whole tells whether a file begins and ends as Parquet does; one that was cut
// does not end so.
func Whole(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	magic, ends := []byte("PAR1"), make([]byte, 8)
	if info.Size() < 12 {
		return errCut
	}
	if _, err := f.ReadAt(ends[:4], 0); err != nil {
		return err
	}
	if _, err := f.ReadAt(ends[4:], info.Size()-4); err != nil {
		return err
	}
	if !bytes.Equal(ends[:4], magic) || !bytes.Equal(ends[4:], magic) {
		return errCut
	}
	return nil
}

var errCut = errors.New("a Parquet file that was cut")
