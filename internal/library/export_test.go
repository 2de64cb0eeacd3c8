package library

import "cigogne/internal/dataset"

// Profiled is an entry of the cache whose profile holds b, without its database.
func Profiled(b []byte, path string, notes []dataset.Annotation) (*File, error) {
	tables, err := profiles(b)
	if err != nil {
		return nil, err
	}
	f := &File{tables: tables, kept: true}
	f.titled(path, Known{Annotations: notes})
	return f, nil
}
