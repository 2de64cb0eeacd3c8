package search

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/search/embed"
)

// catalogue is n datasets: the trial portal's, again and again under other
// names, a few words of each exchanged so that no two are the same.
func catalogue(b *testing.B, n int) []dataset.Dataset {
	real := records(b)
	r := rand.New(rand.NewPCG(1, 2))
	out := slices.Clone(real[:min(n, len(real))])
	for i := len(out); i < n; i++ {
		d, other := real[i%len(real)], real[r.IntN(len(real))]
		d.ID, d.Name = strconv.Itoa(i), "copy-"+strconv.Itoa(i)
		d.Title += " " + clip(other.Title, 30)
		out = append(out, d)
	}
	return out
}

var sizes = []int{7484, 100_000}

func benchIndex(b *testing.B, n int) *Index {
	builtin, err := embed.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	x, err := Build(context.Background(), catalogue(b, n), Options{Embedders: []Embedder{builtin}})
	if err != nil {
		b.Fatal(err)
	}
	return x
}

// percentiles times f by itself for each question and reports p50 and p99.
func percentiles(b *testing.B, f func(question string)) {
	qs := lines[question](b, shared(b, "eval/search/queries_dev.jsonl"))
	var times []time.Duration
	i := 0
	for b.Loop() {
		start := time.Now()
		f(qs[i%len(qs)].Question)
		times = append(times, time.Since(start))
		i++
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkQuery sets the whole search beside chromem-go's own query for as
// many neighbours, and beside a plain matrix product over the same vectors.
func BenchmarkQuery(b *testing.B) {
	for _, n := range sizes {
		x := benchIndex(b, n)
		ctx := context.Background()
		vec := func(q string) []float32 {
			v, _ := x.meanings[0].embedder.Query(ctx, q)
			return v
		}
		b.Run(fmt.Sprintf("search/%d", n), func(b *testing.B) {
			percentiles(b, func(q string) { x.Search(ctx, Query{Text: q}) })
		})
		b.Run(fmt.Sprintf("words/%d", n), func(b *testing.B) {
			percentiles(b, func(q string) { x.search(ctx, Query{Text: q}, sources{words: true}) })
		})
		b.Run(fmt.Sprintf("chromem/%d", n), func(b *testing.B) {
			percentiles(b, func(q string) {
				if v := vec(q); norm(v) > 0 {
					x.meanings[0].vectors.coll.QueryEmbedding(ctx, v, depth, nil, nil)
				}
			})
		})
		b.Run(fmt.Sprintf("flat/%d", n), func(b *testing.B) {
			scores := make([]float32, n)
			percentiles(b, func(q string) {
				v := vec(q)
				for i := range scores {
					scores[i] = dot(x.meanings[0].vectors.row(i), v)
				}
			})
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	for _, n := range sizes {
		x := benchIndex(b, n)
		path := filepath.Join(b.TempDir(), "index")
		if err := x.Save(path); err != nil {
			b.Fatal(err)
		}
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Open(context.Background(), path, Options{Embedders: []Embedder{x.meanings[0].embedder}}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	builtin, err := embed.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	for _, n := range sizes {
		ds := catalogue(b, n)
		var x *Index
		b.Run("all/"+strconv.Itoa(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if x, err = Build(context.Background(), ds, Options{Embedders: []Embedder{builtin}}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("update/"+strconv.Itoa(n), func(b *testing.B) {
			changed := slices.Clone(ds)
			for i := 0; i < n; i += 100 {
				changed[i].Title += " (mise à jour)"
			}
			for b.Loop() {
				if _, err := Build(context.Background(), changed, Options{Embedders: []Embedder{builtin}, Previous: x}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
