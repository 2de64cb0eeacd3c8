package embed

import (
	_ "embed"
	"strings"
)

// nearBytes are the nearest stems of each stem of the built-in table, made of it by
// distil/near.py: a magic line that names the table, then for each stem where its
// list ends (little-endian uint32, in entries), then the entries, nearest first:
// the number of a stem (uint16) and 255 times the cosine (a byte).
//
//go:embed near.bin
var nearBytes string

const (
	nearMagic = "cigogne near 1 " + TableSHA256 + "\n"
	nearEntry = 3 // bytes
)

// Neighbour is a stem near another in meaning.
type Neighbour struct {
	Stem   string
	Cosine float32
}

// Near lists the stems nearest in meaning to a stem of the built-in table, nearest
// first: a dozen at most, none below a cosine of 0.5, none of a stem it lacks.
func Near(stem string) []Neighbour {
	s, err := Builtin()
	if err != nil {
		return nil
	}
	lists, ok := strings.CutPrefix(nearBytes, nearMagic)
	i, known := s.find(stem)
	if !ok || !known || len(lists) < 4*s.n {
		return nil
	}
	start := 0
	if i > 0 {
		start = int(word32(lists, i-1))
	}
	entries, end := lists[4*s.n:], int(word32(lists, i))
	if start > end || nearEntry*end > len(entries) {
		return nil
	}
	var out []Neighbour
	for ; start < end; start++ {
		e := entries[nearEntry*start:]
		if j := int(e[0]) | int(e[1])<<8; j < s.n {
			out = append(out, Neighbour{s.stem(j), float32(e[2]) / 255})
		}
	}
	return out
}
