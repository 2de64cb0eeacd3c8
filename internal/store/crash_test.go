package store_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/store"
)

const crashDir = "CIGOGNE_TEST_CRASH_DIR"

// TestMain lets the test binary be the writer that TestCrash kills.
func TestMain(m *testing.M) {
	if dir := os.Getenv(crashDir); dir != "" {
		if err := writeForever(dir); err != nil {
			fmt.Println("failed:", err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// writeForever commits generations one after the other: all datasets and the
// table of one say the same number.
func writeForever(dir string) error {
	s, err := store.Open(dir, store.Write)
	if err != nil {
		return err
	}
	for n := 1; ; n++ {
		d, err := s.Begin(context.Background())
		if err != nil {
			return err
		}
		title := fmt.Sprint(d.ID())
		for _, portal := range []string{"https://a", "https://b"} {
			if _, err := d.PutDatasets(store.Portal{URL: portal}, func(put func(dataset.Dataset) error) error {
				for i := range 50 {
					if err := put(dataset.Dataset{ID: fmt.Sprint(i), Title: title}); err != nil {
						return err
					}
				}
				return nil
			}); err != nil {
				return err
			}
		}
		o, err := d.Put(strings.NewReader(title))
		if err != nil {
			return err
		}
		if err := d.PutTables([]dataset.Table{{ID: "t", Title: title, Parquet: o.SHA256}}); err != nil {
			return err
		}
		if err := os.WriteFile(d.Path("file"), []byte(title), 0o644); err != nil {
			return err
		}
		g, err := d.Commit(context.Background())
		if err != nil {
			return err
		}
		fmt.Println(g.ID)
		if n%3 == 0 {
			if _, err := s.GC(context.Background(), 2); err != nil {
				return err
			}
		}
	}
}

// A writer that is killed at any moment leaves a whole generation in force, at
// least as new as the last that it said was committed.
func TestCrash(t *testing.T) {
	dir := t.TempDir()
	said := ""
	for range 15 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), crashDir+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		if !lines.Scan() {
			t.Fatal("the writer wrote nothing")
		}
		said = lines.Text()
		time.Sleep(time.Duration(rand.Intn(30_000)) * time.Microsecond)
		cmd.Process.Kill()
		for lines.Scan() {
			said = lines.Text()
		}
		cmd.Wait()
		if strings.HasPrefix(said, "failed") {
			t.Fatal(said)
		}
		checkWhole(t, dir, said)
	}
}

func checkWhole(t *testing.T, dir, atLeast string) {
	t.Helper()
	s, err := store.Open(dir, store.Read)
	if err != nil {
		t.Fatal(err)
	}
	g, err := s.Current()
	if err != nil {
		t.Fatal(err)
	}
	if g.ID < atLeast {
		t.Errorf("generation %s in force, %s was committed", g.ID, atLeast)
	}
	n := 0
	for d, err := range g.Datasets() {
		if err != nil || d.Title != g.ID {
			t.Fatalf("generation %s holds %q of another, %v", g.ID, d.Title, err)
		}
		n++
	}
	tables, err := g.Table("t")
	if err != nil || n != 100 || len(tables) != 1 || tables[0].Title != g.ID {
		t.Fatalf("generation %s: %d datasets, tables %v, %v", g.ID, n, tables, err)
	}
	for _, path := range []string{g.Path("file"), s.Object(tables[0].Parquet)} {
		if text, err := os.ReadFile(path); err != nil || string(text) != g.ID {
			t.Fatalf("generation %s: %s holds %q, %v", g.ID, path, text, err)
		}
	}
}
