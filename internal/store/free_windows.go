package store

import "golang.org/x/sys/windows"

// Free is how many bytes the disk of the data directory has room for.
func (s *Store) Free() (int64, error) {
	dir, err := windows.UTF16PtrFromString(s.dir)
	if err != nil {
		return 0, err
	}
	var free uint64
	err = windows.GetDiskFreeSpaceEx(dir, &free, nil, nil)
	return int64(free), err
}
