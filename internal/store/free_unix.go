//go:build !windows

package store

import "golang.org/x/sys/unix"

// Free is how many bytes the disk of the data directory has room for.
func (s *Store) Free() (int64, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs(s.dir, &fs); err != nil {
		return 0, err
	}
	return int64(fs.Bavail) * int64(fs.Bsize), nil
}
