package ledger_test

import (
	"path/filepath"
	"testing"

	"cigogne/internal/ledger"
)

func TestWhatIsDoneOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	for i, want := range []bool{false, true} {
		led, err := ledger.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if done, err := led.Done(t.Context(), "report 2026-11"); err != nil || done != want {
			t.Errorf("%d: %v %v", i, done, err)
		}
		for range 2 {
			if err := led.MarkDone(t.Context(), "report 2026-11"); err != nil {
				t.Error(err)
			}
		}
		if done, err := led.Done(t.Context(), "report 2026-10"); err != nil || done {
			t.Errorf("%v %v", done, err)
		}
		led.Close()
	}
}
