package fetch

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
)

// form is a way that features are written: how it is called, and how such a
// file is counted and made longer.
type form struct {
	name   string
	count  func(path string) (n int, err error)
	extend func(path, page string) error // adds the features of a page to those of a file
	sorts  func(path string) string      // a property to sort by; "" where none is found
}

// forms in the order they are asked for. Servers know GeoJSON by many names.
var forms = []form{
	{"csv", countCSV, extendCSV, columnOf},
	{"application/json", countFeatures, extendFeatures, propertyOf},
	{"application/json; subtype=geojson", countFeatures, extendFeatures, propertyOf},
	{"geojson", countFeatures, extendFeatures, propertyOf},
	{"json", countFeatures, extendFeatures, propertyOf},
}

var errNoCSV = errors.New("no CSV")

var exception = regexp.MustCompile(`<(?:\w+:)?(?:ExceptionReport|ServiceException)`)

func readerOf(f io.Reader) *csv.Reader {
	r := csv.NewReader(f)
	r.LazyQuotes, r.FieldsPerRecord, r.ReuseRecord = true, -1, true
	return r
}

// countCSV counts the rows below the header.
func countCSV(path string) (n int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	head := make([]byte, 2<<10) // MapServer writes headers and an exception into an answer that it has begun
	if k, _ := f.ReadAt(head, 0); exception.Match(head[:k]) {
		return 0, errNoCSV
	}
	r := readerOf(f)
	for ; ; n++ {
		row, err := r.Read()
		switch {
		case err == io.EOF:
			return max(0, n-1), nil
		case err != nil:
			return 0, err
		case n == 0 && (len(row) == 0 || strings.HasPrefix(strings.TrimSpace(row[0]), "<") || strings.HasPrefix(strings.TrimSpace(row[0]), "{")):
			return 0, errNoCSV
		}
	}
}

// extendCSV adds the rows of a page, which has the header, too.
func extendCSV(path, page string) error {
	in, err := os.Open(page)
	if err != nil {
		return err
	}
	defer in.Close()
	r := readerOf(in)
	if _, err := r.Read(); err != nil {
		return err
	}
	start := r.InputOffset()
	head := make([]byte, start)
	if _, err := in.ReadAt(head, 0); err != nil {
		return err
	}
	out, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer out.Close()
	same := make([]byte, start)
	if _, err := out.ReadAt(same, 0); err != nil || !bytes.Equal(head, same) {
		return errors.New("pages with different headers")
	}
	end, err := out.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := out.ReadAt(same[:1], end-1); err != nil {
		return err
	}
	if same[0] != '\n' {
		if _, err := out.Write([]byte{'\n'}); err != nil {
			return err
		}
	}
	if _, err := in.Seek(start, io.SeekStart); err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// columnOf is a column to sort by: GeoServer's first, FID, is no property.
func columnOf(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	head, err := readerOf(f).Read()
	if err != nil {
		return ""
	}
	for _, name := range head {
		if name = strings.TrimPrefix(name, "\ufeff"); !strings.EqualFold(name, "fid") && name != "" {
			return name
		}
	}
	return ""
}

var errNoFeatures = errors.New("no collection of features")

// features reads a collection of features one by one; other members of it are
// given by their names.
func features(in io.Reader, feature func(json.RawMessage) error, member func(name string, v json.RawMessage) error) error {
	dec := json.NewDecoder(in)
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return errors.Join(errNoFeatures, err)
	}
	found := false
	for dec.More() {
		name, err := dec.Token()
		switch {
		case err != nil:
		case name == "features":
			found, err = true, list(dec, feature)
		default:
			var v json.RawMessage
			if err = dec.Decode(&v); err == nil {
				err = member(fmt.Sprint(name), v)
			}
		}
		if err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return err
	}
	if !found {
		return errNoFeatures
	}
	return nil
}

// list reads an array one by one.
func list(dec *json.Decoder, each func(json.RawMessage) error) error {
	if t, err := dec.Token(); err != nil || t != json.Delim('[') {
		return errors.Join(errNoFeatures, err)
	}
	for dec.More() {
		var v json.RawMessage
		if err := dec.Decode(&v); err != nil {
			return err
		}
		if err := each(v); err != nil {
			return err
		}
	}
	_, err := dec.Token()
	return err
}

func nothing(string, json.RawMessage) error { return nil }

func countFeatures(path string) (n int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	err = features(f, func(json.RawMessage) error { n++; return nil }, nothing)
	return n, err
}

// extendFeatures writes the features of both files into the first, with what it
// says of them all: its coordinates' system.
func extendFeatures(path, page string) (err error) {
	merged := path + ".merged"
	out, err := os.Create(merged)
	if err != nil {
		return err
	}
	defer os.Remove(merged)
	defer out.Close()
	members := map[string]json.RawMessage{}
	if _, err := fmt.Fprint(out, `{"features":[`); err != nil {
		return err
	}
	before := ""
	for i, name := range []string{path, page} {
		in, err := os.Open(name)
		if err != nil {
			return err
		}
		err = features(in, func(v json.RawMessage) error {
			_, err := fmt.Fprint(out, before, string(v))
			before = ",\n"
			return err
		}, func(name string, v json.RawMessage) error {
			if i == 0 {
				members[name] = v
			}
			return nil
		})
		if err = errors.Join(err, in.Close()); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprint(out, "]"); err != nil {
		return err
	}
	for _, name := range []string{"type", "name", "crs"} {
		if v, ok := members[name]; ok {
			if _, err := fmt.Fprintf(out, ",%q:%s", name, v); err != nil {
				return err
			}
		}
	}
	if _, err := fmt.Fprint(out, "}"); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return os.Rename(merged, path)
}

// propertyOf is a property to sort by.
func propertyOf(path string) (name string) {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	enough := errors.New("enough")
	_ = features(f, func(v json.RawMessage) error {
		var x struct{ Properties map[string]json.RawMessage }
		if err := json.Unmarshal(v, &x); err != nil {
			return err
		}
		for k := range x.Properties {
			if name == "" || k < name {
				name = k
			}
		}
		return enough
	}, nothing)
	return name
}
