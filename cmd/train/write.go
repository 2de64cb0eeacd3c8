package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sort"

	"cigogne/internal/lang"
	"cigogne/internal/plan/judge"
)

// write learns from every example and writes the weights, the trust with its
// thresholds, and the report.
func write(d data, all shown, o options, text string, found bounds) error {
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
	every := func(*example) bool { return true }
	trust, err := learnTrust(all.judgedAnswers(every), o.trust)
	if err != nil {
		return err
	}
	trust["threshold&choices"] = found.likely
	held, err := learnTrust(all.judgedPlans(every), o.trust)
	if err != nil {
		return err
	}
	if err := writeTrust(filepath.Join(o.out, "trust.tsv"), trust, found.sure); err != nil {
		return err
	}
	if err := writeTrust(filepath.Join(o.out, "held.tsv"), held, found.held); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(o.out, "REPORT.txt"), []byte(text), 0o644)
}

// writeTrust writes when to believe, and from where on.
func writeTrust(path string, w judge.Weights, from map[lang.Lang]float64) error {
	for l, sure := range from {
		w["threshold&answer&"+string(l)] = sure
		w["threshold&answer found&"+string(l)] = (1 + sure) / 2 // over a table that nobody named, half the doubt
	}
	var b bytes.Buffer
	for _, n := range slices.Sorted(maps.Keys(w)) {
		fmt.Fprintf(&b, "%s\t%.4f\n", n, w[n])
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
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
