package insight

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"cigogne/internal/lang"
)

// TestAlike measures on labelled pairs how questions are put together. Both
// halves were seen while the threshold and the everyday words were chosen. To put what is
// unlike together is the worse mistake: one wish hides another then.
func TestAlike(t *testing.T) {
	f, err := os.Open("testdata/pairs.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	type half struct{ like, found, unlike, merged int }
	var halves [2]half
	n := 0
	for lines := bufio.NewScanner(f); lines.Scan(); n++ {
		p := strings.Split(lines.Text(), "\t")
		h := &halves[n%2]
		together := alike(meaningOf(p[1], lang.Detect(p[1])), meaningOf(p[2], lang.Detect(p[2]))) > 0
		switch {
		case p[0] == "same":
			h.like++
			h.found += one(together)
		case together:
			t.Logf("put together: %s | %s", p[1], p[2])
			h.merged++
			fallthrough
		default:
			h.unlike++
		}
	}
	for i, h := range halves {
		t.Logf("half %d: %d of %d alike found, %d of %d unlike put together", i+1, h.found, h.like, h.merged, h.unlike)
		if h.merged*100 > h.unlike*10 || h.found*100 < h.like*36 {
			t.Errorf("half %d is worse than it was", i+1)
		}
	}
	if n != 200 {
		t.Errorf("%d pairs", n)
	}
}
