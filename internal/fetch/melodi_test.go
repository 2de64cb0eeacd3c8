package fetch_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"cigogne/internal/fetch"
	"cigogne/internal/httpx"
)

// melodi serves observations of n departments, as many a page as the server
// likes; ways are what it does otherwise.
func melodi(n, rows int, ways string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		if ways == "same" {
			page = 1
		}
		var all []string
		for i := (page - 1) * rows; i < min(page*rows, n); i++ {
			value := fmt.Sprintf(`{"value":%d.5}`, i)
			if i == 1 {
				value = "{}" // kept secret
			}
			all = append(all, fmt.Sprintf(`{"dimensions":{"GEO":"2025-DEP-%02d","SEX":"F","TIME_PERIOD":"2023"},"measures":{"OBS_VALUE_NIVEAU":%s},"attributes":{"OBS_STATUS":"A"}}`, i+1, value))
		}
		paging := fmt.Sprintf(`{"count":%d,"isLast":%t}`, n, page*rows >= n)
		switch ways {
		case "no count":
			paging = `{}`
		case "short":
			paging = fmt.Sprintf(`{"count":%d,"isLast":true}`, n+5)
		case "error":
			fmt.Fprint(w, `{"code":500,"message":"x"}`)
			return
		}
		fmt.Fprintf(w, `{"identifier":"DS","observations":[%s],"paging":%s}`, strings.Join(all, ","), paging)
	}
}

func TestMelodi(t *testing.T) {
	known := map[string]fetch.Codes{
		"GEO": {Name: "Géographie", Labels: map[string]string{"2025-DEP-01": "Ain", "2025-DEP-02": "Aisne"}},
		"SEX": {Name: "Sexe", Labels: map[string]string{"F": "Femme"}},
	}
	for name, c := range map[string]struct {
		n, rows int
		ways    string
		fails   httpx.Reason
	}{
		"in one page":                 {3, 10, "", ""},
		"in pages":                    {7, 3, "", ""},
		"in pages without a count":    {7, 3, "no count", ""},
		"the same page again":         {7, 3, "same", httpx.Cut},
		"fewer than it counts":        {3, 10, "short", httpx.Cut},
		"no observations":             {0, 3, "", httpx.NotAnswer},
		"an answer of another kind":   {3, 3, "error", httpx.NotAnswer},
		"a last page that is a whole": {6, 3, "no count", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewServer(melodi(c.n, c.rows, c.ways))
			defer s.Close()
			path := filepath.Join(t.TempDir(), "f")
			f, err := client(httpx.Options{}).Melodi(t.Context(), fetch.Request{URL: s.URL + "/melodi/data/DS"}, path, known)
			if c.fails != "" {
				var e *httpx.Error
				if !errors.As(err, &e) || e.Reason != c.fails {
					t.Errorf("%v", err)
				}
				if left, _ := filepath.Glob(path + "*"); len(left) > 0 {
					t.Errorf("left behind: %v", left)
				}
				return
			}
			if err != nil || f.SHA256 == "" {
				t.Fatal(err)
			}
			in, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			rows, err := csv.NewReader(in).ReadAll()
			if err != nil || len(rows) != c.n+1 {
				t.Fatalf("%d rows, %v", len(rows), err)
			}
			for i, want := range []string{
				"GEO,Géographie,GEO_OBJECT,GEO_REF,OBS_STATUS,OBS_VALUE,SEX,Sexe,TIME_PERIOD",
				"01,Ain,DEP,2025,A,0.5,F,Femme,2023",
				"02,Aisne,DEP,2025,A,,F,Femme,2023", // nothing is no zero
			} {
				if got := strings.Join(rows[i], ","); got != want {
					t.Errorf("%s, want %s", got, want)
				}
			}
		})
	}
}

func FuzzMelodi(f *testing.F) {
	f.Add([]byte(`{"observations":[{"dimensions":{"GEO":"2025-DEP-67"},"measures":{"OBS_VALUE_NIVEAU":{"value":1}},"attributes":{"OBS_STATUS":"A"}}],"paging":{"count":1,"isLast":true}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if n, err := fetch.ParseMelodi(b); err == nil && n < 0 {
			t.Error(n)
		}
	})
}
