package embed

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
)

// cache keeps vectors in a file by the hash of their text. The file is a line
// that names the model, then records: the text's SHA-256, the number of
// dimensions, the numbers, all little-endian. It only grows; a record cut
// short by a crash is dropped when the file is next opened.
type cache struct {
	file *os.File // nil where nothing is kept
	have map[[32]byte][]float32
}

func openCache(path, model string) (*cache, error) {
	c := &cache{have: map[[32]byte][]float32{}}
	if path == "" {
		return c, nil
	}
	head := []byte("cigogne embeddings 1 " + model + "\n")
	b, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read embeddings cache: %w", err)
	}
	good := 0
	if bytes.HasPrefix(b, head) {
		good = len(head) + c.read(b[len(head):])
	}
	if c.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644); err != nil {
		return nil, fmt.Errorf("open embeddings cache: %w", err)
	}
	if good == 0 { // new, or of another model
		if err = c.file.Truncate(0); err == nil {
			_, err = c.file.Write(head)
		}
	} else if err = c.file.Truncate(int64(good)); err == nil {
		_, err = c.file.Seek(int64(good), 0)
	}
	if err != nil {
		c.file.Close()
		return nil, fmt.Errorf("prepare embeddings cache: %w", err)
	}
	return c, nil
}

const maxDims = 1 << 14

// read takes in whole records and returns how many bytes they take.
func (c *cache) read(b []byte) int {
	done := 0
	for len(b) >= 36 {
		dims := int(binary.LittleEndian.Uint32(b[32:]))
		size := 36 + 4*dims
		if dims <= 0 || dims > maxDims || len(b) < size {
			break
		}
		v := make([]float32, dims)
		for i := range v {
			v[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[36+4*i:]))
		}
		c.have[[32]byte(b[:32])] = v
		b = b[size:]
		done += size
	}
	return done
}

func (c *cache) get(text string) []float32 { return c.have[sha256.Sum256([]byte(text))] }

func (c *cache) put(texts []string, vs [][]float32) error {
	if c.file == nil {
		return nil
	}
	var b []byte
	for i, t := range texts {
		h := sha256.Sum256([]byte(t))
		b = append(b, h[:]...)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(vs[i])))
		for _, f := range vs[i] {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(f))
		}
	}
	if _, err := c.file.Write(b); err != nil {
		return fmt.Errorf("write embeddings cache: %w", err)
	}
	return nil
}

func (c *cache) Close() error {
	if c.file == nil {
		return nil
	}
	return c.file.Close()
}
