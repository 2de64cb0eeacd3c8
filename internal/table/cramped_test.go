package table_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"cigogne/internal/table"
)

// TestCramped reads files with and without room to tell their cells apart, and on a
// guess of their columns from two or three rows, right or wrong: other code, which
// has to make the same table of them, to the last byte of its Parquet copy.
func TestCramped(t *testing.T) {
	readers := otherReaders(t)
	free := newReader(t)
	for name, text := range map[string]string{
		"numbers":       "n;a;b\n1;1 234,5;12,345\n2;-0,5;1,5\n3;(12,50);\n4;nd;7\n4;0;0\n",
		"codes":         "insee;siret;x\n01001;12345678901234;a\n2A004;1;b\n;;a\n",
		"dates":         "jour;quand;date_maj\n12/03/2021;2021-03-12T08:30:00+01:00;20210312\n31/12/1969;1969-12-31 23:59:59.5;19691231\n;;\n",
		"truths":        "ok;n\nvrai;1\nfaux;2\n;3\nvrai;4\n",
		"texts":         "nom;note\nÉcole primaire de la République;x\n\"guillemets \"\"ici\"\";y\nEcole;\u00a0z\u00a0\nTotal;t\n",
		"units":         "montant;part\n12 k€;5 %\n3 M€;6 %\n4 €;7,5 %\n",
		"mixed":         "a;b;c\n1;1;x\n1.0;2;y\n2;trois;z\n",
		"wide later on": "a;b\n1;2\n3;4;5\n6;7\n",
		"total":         "x;montant\na;1\nb;2\nc;3\nTotal;6\n",
	} {
		t.Run(name, func(t *testing.T) { sameBy(t, free, readers, []byte(text)) })
	}
}

// FuzzCramped does the same with any bytes.
func FuzzCramped(f *testing.F) {
	for _, seed := range []string{accents, "a;b\n1;\"x\n2\";3\n", "a\tb\n\"x\"y\tz\r\n", "n\n1e5\n-\n", "a;b\n2019-02-30;2020-01-01T25:00\n", "x|y\n1.234,50|(1)\n", "a\n-0\n.5\n5.\n00\n"} {
		f.Add([]byte(seed))
	}
	readers := otherReaders(f)
	free := newReader(f)
	f.Fuzz(func(t *testing.T, data []byte) { sameBy(t, free, readers, data) })
}

// otherReaders are told by what makes them read by other ways.
func otherReaders(t testing.TB) map[string]*table.Reader {
	cramped, hasty, both := newReader(t), newReader(t), newReader(t)
	cramped.Cramp()
	hasty.Bet(3)
	both.Cramp()
	both.Bet(2)
	return map[string]*table.Reader{"cramped": cramped, "hasty": hasty, "both": both}
}

func sameBy(t *testing.T, free *table.Reader, others map[string]*table.Reader, data []byte) {
	t.Helper()
	src := filepath.Join(t.TempDir(), "source")
	if err := os.WriteFile(src, data, 0o600); err != nil {
		t.Fatal(err)
	}
	read := func(r *table.Reader) string {
		got, err := r.Convert(t.Context(), src, src+".parquet", table.Options{MaxBytes: 4 << 20})
		if err != nil {
			return err.Error()
		}
		said, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		return string(said)
	}
	want := read(free)
	for name, r := range others {
		if got := read(r); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, want)
		}
	}
}
