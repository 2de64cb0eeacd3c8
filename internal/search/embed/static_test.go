package embed

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"testing"
)

func TestTableIsTheOneNamed(t *testing.T) {
	sum := sha256.Sum256([]byte(tableBytes))
	if got := hex.EncodeToString(sum[:]); got != TableSHA256 {
		t.Errorf("table.bin has hash %s, not TableSHA256: set it, so that indexes made with another table are rebuilt", got)
	}
}

func dot(a, b []float32) (s float32) {
	for i := range a {
		s += a[i] * b[i]
	}
	return s
}

func TestMeaning(t *testing.T) {
	s, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	vec := func(text string) []float32 {
		v, err := s.Query(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct{ text, near, far string }{
		{"voiture", "véhicule", "fromage"},
		{"médecin", "docteur", "autoroute"},
		{"school", "école", "rivière"},
		{"chômage", "emploi", "piscine"},
		{"Les VOITURES", "automobile", "bibliothèque"},
	} {
		if n, f := dot(vec(c.text), vec(c.near)), dot(vec(c.text), vec(c.far)); n <= f {
			t.Errorf("%q is %.2f like %q and %.2f like %q", c.text, n, c.near, f, c.far)
		}
	}
	if v := vec("zzqx 12345"); dot(v, v) != 0 {
		t.Error("unknown words have a vector")
	}
}

func TestParseTableRefusesDamage(t *testing.T) {
	for _, cut := range []int{0, 5, len(tableMagic), len(tableMagic) + 12, 100_000, len(tableBytes) - 1} {
		if _, err := parseTable(tableBytes[:cut]); err == nil {
			t.Errorf("a table cut to %d bytes is read", cut)
		}
	}
}

func BenchmarkStaticQuery(b *testing.B) {
	s, err := Builtin()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s.Query(b.Context(), "Où sont les bornes de recharge pour voitures électriques dans le Bas-Rhin ?")
	}
}

// The lists of nearest stems are of the table that ships: made anew where it is.
func TestNearStems(t *testing.T) {
	s, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(nearBytes, nearMagic) {
		t.Fatal("near.bin is of another table: run distil/near.py")
	}
	lists := 0
	for i := range s.n {
		last := float32(1)
		for _, n := range Near(s.stem(i)) {
			if n.Stem == s.stem(i) || n.Cosine > last || n.Cosine < 0.49 {
				t.Fatalf("%s: %+v", s.stem(i), n)
			}
			last = n.Cosine
			lists++
		}
	}
	if want := (len(nearBytes) - len(nearMagic) - 4*s.n) / nearEntry; lists != want {
		t.Errorf("%d neighbours read, %d are there", lists, want)
	}
	for word, near := range map[string]string{"voiture": "véhicule", "chien": "canin", "médecin": "docteur"} {
		if !slices.ContainsFunc(Near(Key(word)), func(n Neighbour) bool { return n.Stem == Key(near) }) {
			t.Errorf("%s: %s is not near", word, near)
		}
	}
	if got := Near("xyzzy"); got != nil {
		t.Errorf("of an unknown stem: %v", got)
	}
}
