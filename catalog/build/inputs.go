package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/BurntSushi/toml"
)

//go:embed inputs.toml
var declared string

// inputs are the public files that the catalogue is made of, as they were when
// it was made: a build from others stops.
type inputs struct {
	Package []vintage
	File    []publicFile
	Into    map[string]string // communes that are gone, whose heir no package names
	Named   map[string]string // communes as a file calls them and nobody else → code
}

// vintage is a package of the administrative divisions, with what it held of the region.
type vintage struct {
	Year       int
	Version    string
	SHA256     string
	Communes   int
	EPCI       int
	Population int // municipal, in force that year
}

func (v vintage) file() string {
	return "etalab-decoupage-administratif-" + v.Version + ".tgz"
}

// publicFile is any other file.
type publicFile struct {
	Name    string
	SHA256  string
	Records int    // below the header
	Source  string // where it was published, or the public copy it was taken from
}

func readInputs(text string) (*inputs, error) {
	var in inputs
	meta, err := toml.Decode(text, &in)
	if err != nil {
		return nil, fmt.Errorf("read inputs.toml: %w", err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("read inputs.toml: unknown key %s", unknown[0])
	}
	slices.SortFunc(in.Package, func(a, b vintage) int { return a.Year - b.Year })
	return &in, nil
}

// read returns the bytes of a file of dir whose SHA-256 must be the one given.
func read(dir, name, sum string) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	if got := sha256.Sum256(b); hex.EncodeToString(got[:]) != sum {
		return nil, fmt.Errorf("%s is not the file the catalogue was made of: its SHA-256 is %x, want %s", name, got, sum)
	}
	return b, nil
}

// decode reads one JSON file of an npm package's archive.
func (a archive) decode(name string, to any) error {
	b, ok := a["package/data/"+name]
	if !ok {
		return fmt.Errorf("the package holds no data/%s", name)
	}
	if err := json.Unmarshal(b, to); err != nil {
		return fmt.Errorf("read data/%s: %w", name, err)
	}
	return nil
}

// archive is the files of an npm package by their path.
type archive map[string][]byte

const maxUnpacked = 100 << 20 // bytes of one file; the largest of these packages holds 9 MB

func unpack(packed []byte) (archive, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	files := archive{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		b, err := io.ReadAll(io.LimitReader(r, maxUnpacked))
		if err != nil {
			return nil, fmt.Errorf("unpack %s: %w", h.Name, err)
		}
		files[h.Name] = b
	}
}

// differs says how counts differ from those declared, or nil.
func differs(what string, got, want map[string]int) error {
	var errs []error
	for k, n := range want {
		if got[k] != n {
			errs = append(errs, fmt.Errorf("%s: %s: %d, want %d", what, k, got[k], n))
		}
	}
	return errors.Join(errs...)
}

// records reads a CSV file, whose header comes first, and counts its records.
func records(f publicFile, b []byte, comma rune) ([][]string, error) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimLeft(b, "\ufeff")))
	r.Comma = comma
	rows, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errors.New("empty")
	}
	return rows, differs(f.Name, map[string]int{"records": len(rows) - 1}, map[string]int{"records": f.Records})
}
