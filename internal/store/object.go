package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
)

// Object is a file that the store keeps under the hash of its bytes.
type Object struct {
	SHA256 string // hex
	Size   int64  // bytes
}

var isHash = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Object returns the path of the object with the hash, whether or not it is
// there; what is no hash gives a path where nothing is.
func (s *Store) Object(sha256 string) string {
	if !isHash.MatchString(sha256) {
		return s.path("objects", "none")
	}
	return s.path("objects", sha256[:2], sha256[2:])
}

// Preserve keeps bytes as an object where it is not there yet, beside whoever
// writes: for files that kept answers need. A GC that does not retain the hash
// drops it.
func (s *Store) Preserve(b []byte) (Object, error) {
	sum := sha256.Sum256(b)
	o := Object{hex.EncodeToString(sum[:]), int64(len(b))}
	if _, err := os.Stat(s.Object(o.SHA256)); err == nil {
		return o, nil
	}
	err := os.MkdirAll(filepath.Dir(s.Object(o.SHA256)), 0o755)
	if err == nil {
		err = s.replace(filepath.Join("objects", o.SHA256[:2], o.SHA256[2:]), b)
	}
	return o, s.writing("keep object", err)
}

// Put keeps the bytes of r as an object. It stays once a table of a committed
// generation names it; until then a later GC may drop it.
func (d *Draft) Put(r io.Reader) (Object, error) {
	if d.done {
		return Object{}, errDone
	}
	f, err := os.CreateTemp(d.Temp(), "object-*")
	if err != nil {
		return Object{}, d.s.writing("keep object", err)
	}
	defer os.Remove(f.Name())
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Close()); err != nil {
		return Object{}, d.s.writing("keep object", err)
	}
	return d.Adopt(f.Name())
}

// Adopt moves a file below Temp into the store as an object.
func (d *Draft) Adopt(path string) (Object, error) {
	if d.done {
		return Object{}, errDone
	}
	o, err := identify(path)
	if err == nil {
		err = d.place(path, o.SHA256)
	}
	return o, d.s.writing("keep object", err)
}

func identify(path string) (Object, error) {
	f, err := os.Open(path)
	if err != nil {
		return Object{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return Object{hex.EncodeToString(h.Sum(nil)), n}, err
}

// place gives a file its name as an object, once the disk holds it. It replaces
// what is there under that name, which is the same or was cut.
func (d *Draft) place(path, sha256 string) error {
	target := d.s.Object(sha256)
	folder := filepath.Dir(target)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	if err := errors.Join(f.Chmod(0o444), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(path, target); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.folders[folder] = true
	return nil
}
