package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sort"
)

// write learns from every example and writes the weights, the trust with its
// thresholds, and the report.
func write(d data, all []answered, o options, text string, found bounds) error {
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
	trust, err := learnTrust(all, o.trust)
	if err != nil {
		return err
	}
	for l, sure := range found.sure {
		trust["threshold&answer&"+string(l)] = sure
		trust["threshold&answer found&"+string(l)] = (1 + sure) / 2 // over a table that nobody named, half the doubt
	}
	for l, sure := range found.model {
		trust["threshold&answer model&"+string(l)] = sure
	}
	trust["threshold&choices"] = found.likely
	var names []string
	for n := range trust {
		names = append(names, n)
	}
	sort.Strings(names)
	var b bytes.Buffer
	for _, n := range names {
		fmt.Fprintf(&b, "%s\t%.4f\n", n, trust[n])
	}
	if err := os.WriteFile(filepath.Join(o.out, "trust.tsv"), b.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(o.out, "REPORT.txt"), []byte(text), 0o644)
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
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	for _, i := range order {
		fmt.Fprintf(z, "%s\t%.3f\n", names[i], w[i])
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
