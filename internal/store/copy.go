package store

import (
	"context"
	"io/fs"
	"path/filepath"
)

// Copy gives each file that a copy of the current generation needs, with its
// name in the directory, slashes between its parts; retain are hashes of further
// objects, given where they are there. No writer changes the directory
// meanwhile: it fails with Busy while one does.
func (s *Store) Copy(ctx context.Context, retain []string, each func(name, path string) error) error {
	d, err := s.begin(ctx, func(context.Context) (func(), error) { return nil, nil }) // nothing is written
	if err != nil {
		return err
	}
	defer d.Discard()
	give := func(path string) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		name, err := filepath.Rel(s.dir, path)
		if err != nil {
			return err
		}
		return each(filepath.ToSlash(name), path)
	}
	if err := give(s.path("format")); err != nil {
		return err
	}
	given := map[string]bool{}
	objects := retain
	if base := d.Base(); base != nil {
		objects = append(base.objects(), retain...)
		root := s.path("generations", base.ID)
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			return give(path)
		})
		if err == nil {
			err = give(s.path("current"))
		}
		if err != nil {
			return err
		}
	}
	for _, sha := range objects {
		path := s.Object(sha)
		if err := s.Want(ctx, sha); given[sha] || missing(err) {
			continue // a source file's hash is no object; Check tells of others
		}
		given[sha] = true
		if err := give(path); err != nil {
			return err
		}
	}
	return nil
}
