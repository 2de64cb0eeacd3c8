package search

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
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

// BenchmarkQuery sets the whole search beside the same with every vector compared
// by chromem-go, as it was before signatures, and beside a plain matrix product
// over the same vectors. They are timed in turns within one loop, so that a busy
// machine slows them alike: ratios are of medians and of 99th centiles. recall@10 is
// the share of what the exhaustive search shows that is shown.
func BenchmarkQuery(b *testing.B) {
	qs := lines[question](b, shared(b, "eval/search/queries_dev.jsonl"))
	for _, n := range sizes {
		x := benchIndex(b, n)
		ctx := context.Background()
		m := x.meanings[0]
		all := exhaustive(x)
		scores, flat := make([]float32, n), flat(x)
		ways := []struct {
			name string
			run  func(q string, v []float32)
		}{
			{"search", func(q string, _ []float32) { x.Search(ctx, Query{Text: q}) }},
			{"words", func(q string, _ []float32) { x.search(ctx, Query{Text: q}, sources{words: true}) }},
			{"exhaustive", func(q string, _ []float32) { all.Search(ctx, Query{Text: q}) }},
			{"flat", func(_ string, v []float32) {
				for i := range scores {
					scores[i] = dot(flat[i*len(v):][:len(v)], v)
				}
			}},
		}
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			times := map[string][]time.Duration{}
			for i := 0; b.Loop(); i++ {
				q := qs[i%len(qs)].Question
				v, err := m.embedder.Query(ctx, q)
				if err != nil || norm(v) == 0 {
					continue
				}
				for _, w := range ways {
					start := time.Now()
					w.run(q, v)
					times[w.name] = append(times[w.name], time.Since(start))
				}
			}
			at := func(name string, share float64) float64 {
				t := times[name]
				slices.Sort(t)
				return float64(t[int(share*float64(len(t)-1))].Microseconds())
			}
			for _, w := range ways {
				b.ReportMetric(at(w.name, .5), w.name+"-p50-µs")
				b.ReportMetric(at(w.name, .99), w.name+"-p99-µs")
			}
			b.ReportMetric(at("search", .5)/at("exhaustive", .5), "p50/exhaustive")
			b.ReportMetric(at("search", .99)/at("exhaustive", .99), "p99/exhaustive")
			b.ReportMetric(at("search", .5)/at("flat", .5), "p50/flat")
			b.ReportMetric(recall(x, all, qs), "recall@10")
		})
	}
}

// exhaustive is the index with every vector compared.
func exhaustive(x *Index) *Index {
	all := &Index{}
	all.finish(Options{Gazetteer: x.places, Home: x.home, Log: x.log})
	all.meanings, all.groups, all.members, all.newest = x.meanings, x.groups, x.members, x.newest
	for _, s := range x.shelves {
		s.vectors = []*vectors{inFull(s.vectors[0])}
		all.shelves = append(all.shelves, s)
	}
	all.number()
	return all
}

// inFull are vectors all of which are compared.
func inFull(v *vectors) *vectors {
	coll, err := collection(context.Background(), v.rows)
	if err != nil {
		panic(err)
	}
	return &vectors{dims: v.dims, rows: v.rows, coll: coll}
}

// flat are all vectors end to end.
func flat(x *Index) (out []float32) {
	for doc := range x.size {
		v := x.vector(0, doc)
		out = append(out, v...)
		out = append(out, make([]float32, x.shelves[0].vectors[0].dims-len(v))...)
	}
	return out
}

func recall(x, all *Index, qs []question) float64 {
	kept, shown := 0, 0
	for _, q := range qs {
		got, _ := x.Search(context.Background(), Query{Text: q.Question})
		want, _ := all.Search(context.Background(), Query{Text: q.Question})
		shown += len(want)
		for _, h := range want {
			if slices.ContainsFunc(got, func(g Hit) bool { return g.ID == h.ID }) {
				kept++
			}
		}
	}
	return float64(kept) / float64(shown)
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
			b.ReportMetric(held(x), "held-MB")
		})
	}
}

// held is what one more copy of the index takes of memory, in megabytes.
func held(x *Index) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f := filepath.Join(os.TempDir(), "cigogne-held")
	defer os.Remove(f)
	if x.Save(f) != nil {
		return 0
	}
	y, err := Open(context.Background(), f, Options{Embedders: []Embedder{x.meanings[0].embedder}})
	if err != nil {
		return 0
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(y)
	return float64(after.HeapAlloc-before.HeapAlloc) / 1e6
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
