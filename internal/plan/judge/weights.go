package judge

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

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
	var err error
	if j.First, err = unpack(firstBytes, readWeights); err != nil {
		return nil, err
	}
	if j.Second, err = unpack(secondBytes, readWeights); err != nil {
		return nil, err
	}
	if j.Trust, err = unpack(trustBytes, ReadBelief); err != nil {
		return nil, err
	}
	j.Held, err = unpack(heldBytes, ReadBelief)
	return &j, err
})

func unpack[T any](b []byte, read func(io.Reader) (T, error)) (T, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		var none T
		return none, fmt.Errorf("read weights: %w", err)
	}
	return read(z)
}

func readWeights(r io.Reader) (Weights, error) {
	w := Weights{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		name, value, ok := strings.Cut(lines.Text(), "\t")
		if !ok {
			return nil, fmt.Errorf("read weights: no weight in %q", lines.Text())
		}
		v, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return nil, fmt.Errorf("read weights: %w", err)
		}
		w[name] = v
	}
	return w, lines.Err()
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
