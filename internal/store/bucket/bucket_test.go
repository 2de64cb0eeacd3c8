package bucket_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"cigogne/internal/store"
	"cigogne/internal/store/bucket"
	"cigogne/tools/servers"
)

func TestSplit(t *testing.T) {
	for _, c := range []struct{ address, name, prefix string }{
		{"s3://lake", "lake", ""},
		{"s3://lake/", "lake", ""},
		{"s3://lake/a/b/", "lake", "a/b/"},
		{"https://lake/a", "", ""},
		{"s3:///a", "", ""},
		{"s3://key:secret@lake/a", "", ""},
		{"s3://lake/a?x=1", "", ""},
	} {
		t.Run(c.address, func(t *testing.T) {
			name, prefix, err := bucket.Split(c.address)
			if name != c.name || prefix != c.prefix || (err == nil) != (c.name != "") {
				t.Errorf("%q %q %v", name, prefix, err)
			}
		})
	}
}

// What package store counts on, of each store that is there.
func TestBucket(t *testing.T) {
	servers.Each(t, func(t *testing.T, at servers.Objects) {
		b, ctx := at.Open(t, "a/b"), t.Context()
		read := func(key, unless string) (string, string, error) {
			t.Helper()
			body, tag, err := b.Get(ctx, key, unless)
			if err != nil {
				return "", "", err
			}
			defer body.Close()
			text, err := io.ReadAll(body)
			if err != nil {
				t.Fatal(err)
			}
			return string(text), tag, nil
		}
		put := func(key, text string, when store.When) (string, error) {
			return b.Put(ctx, key, strings.NewReader(text), int64(len(text)), when)
		}
		if _, _, err := read("current", ""); !errors.Is(err, fs.ErrNotExist) {
			t.Fatalf("nothing is there, and it says %v", err)
		}
		first, err := put("current", "1\n", store.When{New: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := put("current", "x\n", store.When{New: true}); !errors.Is(err, store.ErrOvertaken) {
			t.Errorf("a second one was the first, too: %v", err)
		}
		text, tag, err := read("current", "")
		if text != "1\n" || tag != first || err != nil {
			t.Errorf("%q %q %v, written under %q", text, tag, err, first)
		}
		if _, _, err := read("current", first); !errors.Is(err, store.ErrSame) {
			t.Errorf("it is the same: %v", err)
		}
		second, err := put("current", "2\n", store.When{Tag: first})
		if err != nil || second == first {
			t.Fatal(second, err)
		}
		if _, err := put("current", "3\n", store.When{Tag: first}); !errors.Is(err, store.ErrOvertaken) {
			t.Errorf("who began from an old one wrote: %v", err)
		}
		if text, _, err := read("current", first); text != "2\n" || err != nil {
			t.Errorf("%q %v", text, err)
		}
		big := make([]byte, 1<<20)
		if at.Parts {
			big = make([]byte, 20<<20)
		}
		_, _ = rand.Read(big)
		if _, err := b.Put(ctx, "objects/ab/cd", bytes.NewReader(big), int64(len(big)), store.When{}); err != nil {
			t.Fatal(err)
		}
		if text, _, err := read("objects/ab/cd", ""); text != string(big) || err != nil {
			t.Errorf("%d bytes came back, %v", len(text), err)
		}
		if there, err := b.Has(ctx, "objects/ab/cd"); !there || err != nil {
			t.Error(there, err)
		}
		if there, err := b.Has(ctx, "objects/ab/ce"); there || err != nil {
			t.Error(there, err)
		}
		if _, err := put("objects/aa/bb", "", store.When{}); err != nil { // an empty file
			t.Fatal(err)
		}
		var keys []string
		for key, err := range b.List(ctx, "objects/") {
			if err != nil {
				t.Fatal(err)
			}
			keys = append(keys, key)
		}
		if !slices.Equal(keys, []string{"objects/aa/bb", "objects/ab/cd"}) {
			t.Error(keys)
		}
		for range 2 {
			if err := b.Remove(ctx, "objects/ab/cd"); err != nil {
				t.Error(err)
			}
		}
		if there, err := b.Has(ctx, "objects/ab/cd"); there || err != nil {
			t.Error(there, err)
		}
		if b.Address() != "s3://lake/a/b" {
			t.Error(b.Address())
		}
	})
}

// A bucket that is not there is no empty one: nobody would take what is written
// for lost.
func TestNoBucket(t *testing.T) {
	servers.Each(t, func(t *testing.T, at servers.Objects) {
		place := at.Place("a")
		place.URL = "s3://sea/a"
		b, err := bucket.Open(place)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := b.Get(t.Context(), "current", ""); err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("it says %v", err)
		}
	})
}
