package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestScratch(t *testing.T) {
	var c collected
	for _, name := range strings.Split(os.Getenv("LOAD"), ",") {
		more, err := read(name)
		if err != nil {
			t.Fatal(err)
		}
		c = join(c, more)
	}
	d := prune(c, seldom)
	all, err := crossValidate(d, 5, 3, 120)
	if err != nil {
		t.Fatal(err)
	}
	if err := believe(all, 5, 3); err != nil {
		t.Fatal(err)
	}
	f, _ := os.Create(os.Getenv("OUT"))
	defer f.Close()
	enc := json.NewEncoder(f)
	for _, a := range all.alone {
		m := map[string]float64{}
		for _, x := range a.features {
			m[x.Name] += x.Value
		}
		plan := ""
		if a.chosen >= 0 {
			plan = a.example.Options[a.chosen].Plan
		}
		enc.Encode(map[string]any{"id": a.id, "set": a.set, "group": a.example.Group, "fold": fold(a.example.Group, 5), "kind": a.kind, "right": a.right, "listed": a.listed, "third": a.third, "believed": a.believed, "features": m, "plan": plan})
	}
}
