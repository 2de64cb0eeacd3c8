package main

import (
	"io"
	"path/filepath"
	"sync"
	"testing"

	"cigogne/internal/assistant"
	"cigogne/internal/lang"
)

// TestServingMovesToANewGeneration asks all along while a harvest comes in.
func TestServingMovesToANewGeneration(t *testing.T) {
	p, data := newPortal(t, 5), filepath.Join(t.TempDir(), "data")
	std := stdio{out: io.Discard, err: io.Discard, env: func(string) string { return "" }}
	c, err := openCurrent(t.Context(), newProgram(options{data: data}, std))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	spent := func() float64 {
		t.Helper()
		a, err := c.Ask(t.Context(), assistant.Question{Text: "Combien la Région a-t-elle dépensé pour les lycées publics en 2020 ?"})
		if err != nil || len(a.Figures) == 0 {
			t.Errorf("%v %+v", err, a)
			return 0
		}
		return a.Figures[0].Value
	}
	if v := spent(); v != 496779162 {
		t.Fatalf("embedded: %v", v)
	}
	done := make(chan bool)
	var crowd sync.WaitGroup
	for range 4 {
		crowd.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					if v := spent(); v != 496779162 && v != 2500 {
						t.Errorf("while it moved: %v", v)
						return
					}
				}
			}
		})
	}
	must(t, data, "harvest", p.URL, "--allow-private")
	must(t, data, "fetch", "--allow-private")
	if err := c.renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	if v := spent(); v != 2500 {
		t.Errorf("harvested: %v", v)
	}
	close(done)
	crowd.Wait()
	f, err := c.Find(t.Context(), assistant.Browse{}, lang.French)
	if err != nil || f.Total != 14 { // 6 harvested, 9 embedded, one of which is replaced
		t.Errorf("the catalogue holds %+v (%v)", f, err)
	}
	before := c.in
	if err := c.renew(t.Context()); err != nil || c.in != before {
		t.Errorf("nothing is new, and it moved: %v", err)
	}
	if q := c.Questions(lang.English); len(q) == 0 {
		t.Error("no questions to start with")
	}
}
