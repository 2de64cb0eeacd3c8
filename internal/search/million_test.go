package search

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"cigogne/internal/search/embed"
)

// TestMillion says what an index of CIGOGNE_DATASETS datasets costs, those of the
// trial portal again and again: to build, to open, to ask, in memory. It is a
// measurement, of minutes.
func TestMillion(t *testing.T) {
	n, err := strconv.Atoi(os.Getenv("CIGOGNE_DATASETS"))
	if err != nil {
		t.Skip("CIGOGNE_DATASETS=1000000 measures an index of so many")
	}
	builtin, err := embed.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "index")
	testing.Benchmark(func(b *testing.B) { // for what takes a *testing.B; the first round is the only one
		if _, err := os.Stat(path); err == nil {
			return
		}
		all := catalogue(b, n)
		start := time.Now()
		x, err := Build(ctx, all, Options{Embedders: []Embedder{builtin}})
		if err != nil {
			t.Error(err)
			return
		}
		t.Logf("built in %v", time.Since(start).Round(time.Second))
		if err := x.Save(path); err != nil {
			t.Error(err)
		}
	})
	var size int64
	_ = filepath.Walk(path, func(_ string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			size += info.Size()
		}
		return err
	})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	x, err := Open(ctx, path, Options{Embedders: []Embedder{builtin}})
	if err != nil {
		t.Fatal(err)
	}
	opened := time.Since(start)
	runtime.GC()
	runtime.ReadMemStats(&after)
	t.Logf("%d datasets: %d MB on the disk, opened in %v, %d MB held", x.Len(), size>>20, opened.Round(time.Millisecond), (after.HeapAlloc-before.HeapAlloc)>>20)
	var times []time.Duration
	for i, q := range lines[question](t, shared(t, "eval/search/queries_dev.jsonl")) {
		start := time.Now()
		if _, err := x.Search(ctx, Query{Text: q.Question}); err != nil {
			t.Fatal(err)
		}
		if i >= 5 {
			times = append(times, time.Since(start))
		}
	}
	slices.Sort(times)
	t.Logf("%d questions: p50 %v, p99 %v", len(times), times[len(times)/2].Round(time.Millisecond), times[len(times)*99/100].Round(time.Millisecond))
}
