package table

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// signs are counted by what is written.
type signs map[string]int64

// maxSigns bounds those told apart.
const maxSigns = 12

func (m *signs) add(sign string, n int64) {
	if *m == nil {
		*m = signs{}
	}
	if _, ok := (*m)[sign]; ok {
		(*m)[sign] += n
	} else if len(*m) < maxSigns {
		(*m)[strings.Clone(sign)] = n // sign is a part of its block, which must not live on
	}
}

// list writes them as notes do, most frequent first: "nd × 3".
func (m signs) list() []string {
	var out []string
	for _, sign := range slices.SortedFunc(maps.Keys(m), func(a, b string) int { return cmp.Or(cmp.Compare(m[b], m[a]), strings.Compare(a, b)) }) {
		out = append(out, fmt.Sprintf("%s × %d", sign, m[sign]))
	}
	return out
}
