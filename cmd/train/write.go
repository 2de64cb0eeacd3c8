package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sort"

	"cigogne/internal/lang"
)

// write learns from every example and writes the weights, the trust with its
// thresholds, and the report.
func write(d data, learnt beliefs, o options, text string, found bounds) error {
	use := make([]int, len(d.examples))
	for i := range use {
		use[i] = i
	}
	for name, with := range map[string]bool{"first": false, "second": true} {
		w, err := learn(d, use, o.lambda, with, o.rounds)
		if err != nil {
			return err
		}
		if err := pack(filepath.Join(o.out, name+".tsv.gz"), d.names, w); err != nil {
			return err
		}
	}
	if err := writeBelief(filepath.Join(o.out, "trust.tsv.gz"), learnt.trust, found.sure, found.likely); err != nil {
		return err
	}
	if err := writeBelief(filepath.Join(o.out, "held.tsv.gz"), learnt.held, found.held, 0); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(o.out, "REPORT.txt"), []byte(text), 0o644)
}

// writeBelief writes when to believe, and from where on it is enough to answer
// and to show readings.
func writeBelief(path, trees string, sure map[lang.Lang]float64, likely float64) error {
	return writePacked(path, func(w io.Writer) {
		for _, l := range slices.Sorted(maps.Keys(sure)) {
			fmt.Fprintf(w, "answer&%s\t%.4f\n", l, sure[l])
			fmt.Fprintf(w, "answer found&%s\t%.4f\n", l, (1+sure[l])/2) // over a table that nobody named, half the doubt
		}
		if likely > 0 {
			fmt.Fprintf(w, "choices\t%.4f\n", likely)
		}
		io.WriteString(w, trees)
	})
}

// slight is the weight below which a feature is left out.
const slight = 0.02

// pack writes weights, by name, packed.
func pack(path string, names []string, w []float64) error {
	order := make([]int, 0, len(names))
	for i := range names {
		if math.Abs(w[i]) >= slight {
			order = append(order, i)
		}
	}
	sort.Slice(order, func(i, j int) bool { return names[order[i]] < names[order[j]] })
	return writePacked(path, func(out io.Writer) {
		for _, i := range order {
			fmt.Fprintf(out, "%s\t%.3f\n", names[i], w[i])
		}
	})
}

func writePacked(path string, lines func(io.Writer)) error {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	lines(z)
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
