package store

import (
	"context"
	"errors"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Lent is the folder of files that another engine reads, below the data directory,
// or below the bucket's prefix: each alone in a folder of its own, under its hash.
const Lent = "trino"

const lentExt = ".parquet"

// Lend puts an object where another engine reads it, in the folder name of Lent: in
// the bucket where there is one, else in the data directory. What is there already
// stays. place is the bucket's address of that folder, "" for the data directory.
func (s *Store) Lend(ctx context.Context, sha256, name string) (place string, err error) {
	key := path.Join(Lent, name, sha256+lentExt)
	if s.shared == nil {
		return "", s.writing("lend "+name, s.lendHere(sha256, filepath.FromSlash(key)))
	}
	place = s.shared.bucket.Address() + "/" + path.Dir(key)
	info, err := os.Stat(s.Object(sha256))
	if err != nil {
		return place, err
	}
	// Sent a second time: not every store takes an order to copy.
	return place, s.away("lend "+name, s.shared.sendAs(ctx, s.Object(sha256), key, info.Size()))
}

// lendHere links an object, or copies it where the folder is of another disk.
func (s *Store) lendHere(sha256, file string) error {
	target := s.path(file)
	if _, err := os.Stat(target); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	err := os.Link(s.Object(sha256), target)
	if err == nil || errors.Is(err, os.ErrNotExist) {
		return err
	}
	from, err := os.Open(s.Object(sha256))
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.CreateTemp(filepath.Dir(target), ".lend-*") // whose name no engine reads
	if err != nil {
		return err
	}
	defer os.Remove(to.Name())
	_, err = io.Copy(to, from)
	if err = errors.Join(err, to.Chmod(0o444), to.Sync(), to.Close()); err != nil {
		return err
	}
	return os.Rename(to.Name(), target)
}

// Loans lists what is lent: the hash of each file by the name of its folder.
func (s *Store) Loans(ctx context.Context) (map[string]string, error) {
	loans := map[string]string{}
	add := func(file string) {
		folder, sha := path.Base(path.Dir(file)), strings.TrimSuffix(path.Base(file), lentExt)
		if isHash.MatchString(sha) {
			loans[folder] = sha
		}
	}
	if s.shared == nil {
		files, err := filepath.Glob(s.path(Lent, "*", "*"+lentExt))
		for _, f := range files {
			add(filepath.ToSlash(f))
		}
		return loans, err
	}
	for key, err := range s.shared.bucket.List(ctx, Lent+"/") {
		if err != nil {
			return nil, s.away("list what is lent", err)
		}
		add(key)
	}
	return loans, nil
}

// Return takes back what is lent in a folder.
func (s *Store) Return(ctx context.Context, name, sha256 string) error {
	if s.shared == nil {
		return s.writing("take back "+name, os.RemoveAll(s.path(Lent, name)))
	}
	return s.away("take back "+name, s.shared.bucket.Remove(ctx, path.Join(Lent, name, sha256+lentExt)))
}
