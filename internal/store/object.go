package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Object is a file that the store keeps under the hash of its bytes.
type Object struct {
	SHA256 string // hex
	Size   int64  // bytes
}

// Object returns the path of the object with the hash, whether or not it is
// there; a hash that is none gives a path where nothing can be.
func (s *Store) Object(sha256 string) string {
	if !isHash(sha256) {
		sha256 = "--invalid"
	}
	return s.path("objects", sha256[:2], sha256[2:])
}

func isHash(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == sha256.Size
}

// Put keeps the bytes of r as an object. A generation holds it once a table or
// a call of Hold names it; until then a later GC may drop it.
func (d *Draft) Put(r io.Reader) (Object, error) {
	if err := d.usable(); err != nil {
		return Object{}, err
	}
	f, err := os.CreateTemp(d.Temp(), "object-*")
	if err != nil {
		return Object{}, d.s.fail("keep object", err)
	}
	defer os.Remove(f.Name())
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, h), r)
	if err = errors.Join(err, f.Close()); err != nil {
		return Object{}, d.s.fail("keep object", err)
	}
	o := Object{hex.EncodeToString(h.Sum(nil)), n}
	return o, d.s.fail("keep object", d.place(f.Name(), o))
}

// Adopt moves a file below Temp into the store as an object.
func (d *Draft) Adopt(path string) (Object, error) {
	if err := d.usable(); err != nil {
		return Object{}, err
	}
	f, err := os.Open(path)
	if err != nil {
		return Object{}, d.s.fail("keep object", err)
	}
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return Object{}, d.s.fail("keep object", err)
	}
	o := Object{hex.EncodeToString(h.Sum(nil)), n}
	return o, d.s.fail("keep object", d.place(path, o))
}

// place gives a file its name as an object, durably.
func (d *Draft) place(path string, o Object) error {
	target := d.s.Object(o.SHA256)
	if info, err := os.Stat(target); err == nil && info.Size() == o.Size {
		return os.Remove(path)
	}
	if err := os.Chmod(path, 0o444); err != nil {
		return err
	}
	if err := syncFile(path); err != nil {
		return err
	}
	folder := filepath.Dir(target)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := os.Rename(path, target); err != nil {
		return err
	}
	d.touched[folder] = true
	return nil
}
