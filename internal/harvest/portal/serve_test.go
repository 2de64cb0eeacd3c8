package portal_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/portal"
	"cigogne/internal/httpx"
)

// serve starts the trial portal with the arguments, and returns its address.
func serve(t testing.TB, args ...string) string {
	t.Helper()
	shared := os.Getenv("CIGOGNE_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "..", "shared")
	}
	script := filepath.Join(shared, "portal", "serve.py")
	if _, err := os.Stat(script); err != nil {
		t.Skipf("no trial portal: %v", err)
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skipf("no python: %v", err)
	}
	cmd := exec.Command(python, append([]string{script}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

func client() *httpx.Client {
	return httpx.New(httpx.Options{Guard: httpx.Guard{AllowPrivate: true}, Backoff: 50 * time.Millisecond, Stall: 6 * time.Second})
}

func collect(t testing.TB, p portal.Portal) (all []dataset.Dataset, report harvest.Report) {
	t.Helper()
	report, err := p.Harvest(t.Context(), harvest.Sink{Put: func(d dataset.Dataset) error {
		all = append(all, d)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return all, report
}

// The whole trial portal, in both of its dialects: every record once, and the
// addresses of its three tables.
func TestTrialPortal(t *testing.T) {
	t.Parallel()
	base := serve(t)
	for path, kind := range map[string]string{"": "ckan", "/data4citizen": "d4c", "/catalog.jsonld": "dcat"} {
		harvestTrial(t, base, base+path, kind)
	}
	for path, kind := range map[string]string{"/api/3/action/package_search?q=x": "ckan", "/data4citizen/d4c/api/datasets/2.0/search/start=1&rows=10": "d4c"} {
		if p, err := portal.Detect(t.Context(), client(), base+path, ""); err != nil || p.Type() != kind {
			t.Errorf("%s: %v, %v", path, p, err)
		}
	}
}

// The same where a fifth of all answers fails, in one way or another.
func TestTrialPortalThatFailsNowAndThen(t *testing.T) {
	t.Parallel()
	base := serve(t, "--faults", "0.2", "--seed", "4")
	harvestTrial(t, base, base+"/data4citizen", "d4c")
}

func harvestTrial(t *testing.T, base, address, kind string) {
	t.Helper()
	p, err := portal.Detect(t.Context(), client(), address, "")
	if err != nil {
		t.Fatal(err)
	}
	if p.Type() != kind {
		t.Errorf("%q is found to be %s", address, p.Type())
	}
	start := time.Now()
	all, report := collect(t, p)
	t.Logf("%s: %d datasets in %v: %+v", p.Type(), len(all), time.Since(start), report)
	check(t, base, all, report)
}

func check(t *testing.T, base string, all []dataset.Dataset, report harvest.Report) {
	t.Helper()
	if len(all) != 7487 || report.Datasets != 7487 || report.Declared != 7487 || report.Broken+report.Hidden != 0 {
		t.Errorf("%d datasets, report %+v", len(all), report)
	}
	seen := map[string]bool{}
	tables := 0
	for _, d := range all {
		if seen[d.ID] {
			t.Fatalf("%s twice", d.ID)
		}
		seen[d.ID] = true
		for _, x := range d.Distributions {
			if harvest.TableFormat(x) != "csv" || x.URL != base+"/files/"+x.Title || x.Size == 0 {
				t.Errorf("distribution %+v", x)
			}
			tables++
		}
	}
	if tables != 3 {
		t.Errorf("%d tables", tables)
	}
	if d := all[0]; d.Publisher != "Région Grand Est" || d.Licence.ID != "lov2" || report.Type != "dcat" && (d.Frequency != "annual" || d.Period.Start != "2016-01-01") || d.Modified.Year() != 2021 || len(d.Keywords) != 5 {
		t.Errorf("first dataset %+v", d)
	}
}
