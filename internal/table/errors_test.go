package table_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"cigogne/internal/lang"
	"cigogne/internal/table"
)

// TestRefused gives files that are no table: each must be refused for its
// reason, with a sentence in both languages, and leave nothing behind.
func TestRefused(t *testing.T) {
	zipped := archive(t, "notes.md", "rien")
	cases := []struct {
		name, text, detail string
		opt                table.Options
		reason             table.Reason
	}{
		{name: "nothing", text: "", reason: table.Empty},
		{name: "white space", text: " \n\r\n \t\n", reason: table.Empty},
		{name: "separators only", text: ";;\n;;\n", reason: table.Empty},
		{name: "a word", text: "introuvable\n", reason: table.Empty},
		{name: "web page", text: "\n<!DOCTYPE html><html><body>Erreur 404</body></html>", reason: table.NotTable, detail: "html"},
		{name: "web page in utf-16", text: utf16le("<!DOCTYPE html><html><body>Erreur</body></html>"), reason: table.NotTable, detail: "html"},
		{name: "json object", text: `{"type": "FeatureCollection", "features": []}`, reason: table.NotTable, detail: "json"},
		{name: "json numbers", text: "[\n  [1]\n]", reason: table.NotTable, detail: "json"},
		{name: "xml", text: `<?xml version="1.0"?><a/>`, reason: table.NotTable, detail: "xml"},
		{name: "pdf", text: "%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", reason: table.NotTable, detail: "pdf"},
		{name: "image", text: "\x89PNG\r\n\x1a\n\x00\x00", reason: table.NotTable, detail: "image"},
		{name: "archive", text: zipped, reason: table.NotTable, detail: "zip"},
		{name: "archive cut", text: zipped[:40], reason: table.Unreadable},
		{name: "old workbook", text: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", reason: table.NotTable, detail: "xls"},
		{name: "binary", text: strings.Repeat("\x00\x01\x02\x03\xff", 100), reason: table.NotTable, detail: "binary"},
		{name: "prose", text: "Conte\n" + strings.Repeat(strings.Repeat("Il était une fois ", 10)+"\n", 5), reason: table.NotTable, detail: "prose"},
		{name: "cyrillic", text: "\xc8\xec\xff;\xc3\xee\xf0\xee\xe4\n" + strings.Repeat("\xcf\xb8\xf2\xf0;\xcc\xee\xf1\xea\xe2\xe0\n", 9), reason: table.UnknownEncoding},
		{name: "cut in a quoted cell", text: "a;b\n1;\"deux", reason: table.Cut, detail: "quote"},
		{name: "cut in a compressed block", text: gzipped(t, strings.Repeat(accents, 50))[:60], reason: table.Cut, detail: "gzip"},
		{name: "cut in a row", text: "a;b;c\n1;2;3\n4;5;6\n7;8", reason: table.Cut, detail: "row"},
		{name: "cut in a first cell", text: "a;b;c\n1;2;3\n4;5;6\n7", reason: table.Cut, detail: "row"},
		{name: "too large", text: accents, opt: table.Options{MaxBytes: 10}, reason: table.TooLarge},
		{name: "too large once unpacked", text: gzipped(t, strings.Repeat(accents, 50)), opt: table.Options{MaxBytes: 1000}, reason: table.TooLarge},
		{name: "thousands of columns", text: strings.Repeat("a;", 5000) + "a\n" + strings.Repeat("1;", 5000) + "1\n", reason: table.NotTable, detail: "wide"},
		{name: "not parquet", text: "PAR1 and then something else", reason: table.Unreadable},
	}
	r := newReader(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			src := filepath.Join(t.TempDir(), "source")
			if err := os.WriteFile(src, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			dst := src + ".parquet"
			_, err := r.Convert(t.Context(), src, dst, c.opt)
			var refused *table.Error
			if !errors.As(err, &refused) {
				t.Fatalf("err = %v, want a *table.Error", err)
			}
			if refused.Reason != c.reason || c.detail != "" && refused.Detail != c.detail {
				t.Errorf("refused for %s (%s), want %s (%s)", refused.Reason, refused.Detail, c.reason, c.detail)
			}
			fr, en := refused.Sentence("communes.csv", lang.French), refused.Sentence("communes.csv", lang.English)
			if !strings.HasPrefix(fr, "Le fichier « communes.csv » ") || !strings.HasPrefix(en, "The file “communes.csv” ") {
				t.Errorf("sentences %q, %q", fr, en)
			}
			if _, err := os.Stat(dst); !os.IsNotExist(err) {
				t.Errorf("something was left at the destination: %v", err)
			}
		})
	}
}

func TestMissingFile(t *testing.T) {
	_, err := table.Convert(t.Context(), filepath.Join(t.TempDir(), "none.csv"), filepath.Join(t.TempDir(), "x.parquet"), table.Options{})
	var refused *table.Error
	if !errors.As(err, &refused) || refused.Reason != table.Unreadable || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("err = %v, want unreadable, not existing", err)
	}
}

// TestOversizedCell feeds a line without end: it must be refused, not held.
func TestOversizedCell(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 70 MB")
	}
	for _, quote := range []string{"", `"`} {
		text := "a;b\n1;" + quote + strings.Repeat("0123456789abcde\n"[:15+len(quote)], 70<<20/15)
		_, err := convert(t, newReader(t), text, table.Options{})
		var refused *table.Error
		if !errors.As(err, &refused) || refused.Reason != table.TooLarge {
			t.Errorf("quote %q: err = %v, want too large", quote, err)
		}
	}
}

// TestBomb feeds a megabyte that unpacks to a quarter of a gigabyte.
func TestBomb(t *testing.T) {
	if testing.Short() {
		t.Skip("unpacks 256 MB")
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	line := []byte("a;b\n" + strings.Repeat("0;0\n", 1<<18-1))
	for range 258 {
		if _, err := z.Write(line); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := convert(t, newReader(t), b.String(), table.Options{})
	var refused *table.Error
	if !errors.As(err, &refused) || refused.Reason != table.TooLarge {
		t.Errorf("err = %v, want too large", err)
	}
}

// TestBinaryPastItsStart has zeros before what looks like text.
func TestBinaryPastItsStart(t *testing.T) {
	_, err := convert(t, newReader(t), strings.Repeat("\x00", 2<<20)+"a;b\n1;2\n", table.Options{})
	var refused *table.Error
	if !errors.As(err, &refused) || refused.Detail != "binary" {
		t.Errorf("err = %v, want binary", err)
	}
}

// TestCancelled wants the context's own error, which is no fault of the file.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	src := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(src, []byte(accents), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := newReader(t).Convert(ctx, src, src+".parquet", table.Options{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want cancelled", err)
	}
}

// TestCancelledHalfway stops a long reading: it must end soon, with the
// context's error.
func TestCancelledHalfway(t *testing.T) {
	src := filepath.Join(t.TempDir(), "a.csv")
	if err := os.WriteFile(src, []byte(communes(200_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	r := newReader(t)
	for _, after := range []time.Duration{time.Millisecond, 50 * time.Millisecond, 150 * time.Millisecond, 300 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		_, err := r.Convert(ctx, src, src+".parquet", table.Options{})
		cancel()
		if err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("after %v: err = %v, want the deadline", after, err)
		}
	}
}

// TestConcurrent reads several files at once with one Reader.
func TestConcurrent(t *testing.T) {
	r := newReader(t)
	var wg sync.WaitGroup
	for i := range 8 {
		src := filepath.Join(t.TempDir(), "a.csv")
		if err := os.WriteFile(src, []byte(communes(100+i)), 0o600); err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			for range 5 {
				if got, err := r.Convert(t.Context(), src, src+".parquet", table.Options{}); err != nil || got.Rows != int64(100+i) {
					t.Errorf("file %d: %v, %v", i, got, err)
				}
			}
		})
	}
	wg.Wait()
}

func TestDescribe(t *testing.T) {
	for _, c := range []struct{ note, fr, en string }{
		{"encoding: windows-1252", "codage windows-1252", "encoding windows-1252"},
		{"no_header", "le fichier n’a pas d’en-tête : colonnes nommées col_1, col_2…", "the file has no header: columns are named col_1, col_2…"},
		{table.SkipTotal, "ligne de total", "total row"},
		{"something else", "something else", "something else"},
	} {
		if fr, en := table.Describe(c.note, lang.French), table.Describe(c.note, lang.English); fr != c.fr || en != c.en {
			t.Errorf("Describe(%q) = %q, %q", c.note, fr, en)
		}
	}
}
