package answer

import (
	"encoding/json"
	"testing"
	"time"
)

// Days and moments are written as tables have them, without a zone.
func TestRowsAsJSON(t *testing.T) {
	at := func(h, m, s, ns int) time.Time { return time.Date(1995, 11, 4, h, m, s, ns, time.UTC) }
	got, err := json.Marshal(Answer{Rows: Rows{{at(0, 0, 0, 0), at(7, 9, 57, 0), at(7, 9, 57, 250_000_000)}, {nil, int64(1) << 60, "x"}}})
	if err != nil {
		t.Fatal(err)
	}
	var back struct{ Rows json.RawMessage }
	if err := json.Unmarshal(got, &back); err != nil {
		t.Fatal(err)
	}
	if want := `[["1995-11-04","1995-11-04 07:09:57","1995-11-04 07:09:57.25"],[null,1152921504606846976,"x"]]`; string(back.Rows) != want {
		t.Errorf("got %s, want %s", back.Rows, want)
	}
}
