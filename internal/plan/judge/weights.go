package judge

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"cigogne/internal/query"
)

// The weights, made by cmd/train; its report says from what. A line is a
// feature and its weight, by name. They are packed; zcat shows them.
//
//go:embed weights/first.tsv.gz
var firstBytes []byte

//go:embed weights/second.tsv.gz
var secondBytes []byte

//go:embed weights/trust.tsv.gz
var trustBytes []byte

//go:embed weights/held.tsv.gz
var heldBytes []byte

// Weights are what features are worth.
type Weights map[string]float64

// Tried is how many of the likeliest plans are run, to be judged by their results.
const Tried = 12

// Judge holds the learnt weights. It is safe to share.
type Judge struct {
	First  Weights // of a plan that has not run
	Second Weights // of a plan whose result is known
	Trust  Belief  // in an answer, against every other there might be
	Held   Belief  // in a plan that another wrote
}

// Builtin is the judge that ships in the binary.
var Builtin = sync.OnceValues(func() (*Judge, error) {
	var j Judge
	var work errgroup.Group // two thirds of it are two files of a size
	work.Go(func() (err error) { j.First, err = unpack(firstBytes, readWeights); return })
	work.Go(func() (err error) { j.Second, err = unpack(secondBytes, readWeights); return })
	work.Go(func() (err error) { j.Trust, err = unpack(trustBytes, ReadBelief); return })
	work.Go(func() (err error) { j.Held, err = unpack(heldBytes, ReadBelief); return })
	return &j, work.Wait()
})

func unpack[T any](b []byte, read func(io.Reader) (T, error)) (T, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		var none T
		return none, fmt.Errorf("read weights: %w", err)
	}
	return read(z)
}

// readWeights reads them from one text, into a map of the size it will have: a
// process that answers once spends a quarter of its time here.
func readWeights(r io.Reader) (Weights, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read weights: %w", err)
	}
	w := make(Weights, bytes.Count(text, []byte("\n")))
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, "\t")
		if !ok {
			return nil, fmt.Errorf("read weights: no weight in %q", line)
		}
		if w[name], err = strconv.ParseFloat(value, 64); err != nil {
			return nil, fmt.Errorf("read weights: %w", err)
		}
	}
	return w, nil
}

// Score is the sum of the weights of a plan's features; aspects are those of
// the plan and, once it has run, of its result.
func (w Weights) Score(r *Reader, aspects []string, own []Feature) float64 {
	var s float64
	for _, a := range aspects {
		s += w.aspect(r, a)
	}
	for _, f := range own {
		s += w[f.Name] * f.Value
	}
	return s
}

// aspect is the sum over the cues of a question, remembered with it.
func (w Weights) aspect(r *Reader, a string) float64 {
	var s float64
	for _, f := range r.aspect(a) {
		s += w[f.Name]
	}
	return s
}

// Plan scores a plan that has not run.
func (j *Judge) Plan(r *Reader, p *query.Plan) float64 {
	aspects, own := r.Features(p)
	return j.First.Score(r, aspects, own)
}

// Answer scores a plan with its result.
func (j *Judge) Answer(r *Reader, p *query.Plan, rows [][]any) float64 {
	aspects, own := r.Features(p)
	return j.Second.Score(r, append(aspects, ResultAspects(rows)...), own)
}
