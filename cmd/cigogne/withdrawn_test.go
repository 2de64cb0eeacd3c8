package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// What a portal does not publish any more is marked so, is found by its name,
// and is no part of the catalogue; where it comes back, it is one again.
func TestWithdrawn(t *testing.T) {
	p, data := newPortal(t, 5), filepath.Join(t.TempDir(), "data")
	must(t, data, "harvest", p.URL, "--allow-private")
	p.fewer.Store(2)
	_, errs, status := cigogne(t, data, "harvest", p.URL, "--allow-private")
	if status != 0 || !strings.Contains(errs, "retirés : 2") {
		t.Fatalf("status %d: %s", status, errs)
	}
	for range 2 { // the mark lasts over harvests that change nothing
		if out := must(t, data, "dataset", "couche-4"); !strings.Contains(out, "ne publie plus ce jeu") {
			t.Error(out)
		}
		if out := must(t, data, "search", "couche de carte"); strings.Contains(out, "Couche de carte 4") || !strings.Contains(out, "Couche de carte") {
			t.Error(out)
		}
		if _, errs, _ := cigogne(t, data, "harvest", p.URL, "--allow-private"); strings.Contains(errs, "retirés") {
			t.Error("withdrawn once more: ", errs)
		}
	}
	p.fewer.Store(0)
	must(t, data, "harvest", p.URL, "--allow-private")
	if out := must(t, data, "dataset", "couche-4"); strings.Contains(out, "ne publie plus") {
		t.Error(out)
	}
}
