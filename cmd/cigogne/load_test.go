package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// loadQuestions are asked in turn by everybody.
var loadQuestions = []string{
	"Combien la Région a-t-elle dépensé pour les lycées publics en 2020 ?", "Combien d'habitants à Metz ?", "Les 5 communes les plus peuplées de l'Aube", "Évolution des dépenses par an",
	"How many inhabitants in Strasbourg?", "Combien d'intercommunalités compte le Grand Est ?", "Quels sont les 5 plus gros postes de dépenses en 2020 ?", "Combien d'habitants à Lyon ?", "population moyenne des communes par département",
}

// TestLoad measures the built program under a crowd. CIGOGNE_LOAD is how long
// it lasts (1m), CIGOGNE_LOAD_USERS how many ask at once (200), each from an
// address of its own, CIGOGNE_LOAD_THINK how long each waits between two
// questions (0: not at all, and no rate limit).
// CIGOGNE_LOAD_AGENTS agents (none) ask for slow SQL beside them.
func TestLoad(t *testing.T) {
	lasts, err := time.ParseDuration(os.Getenv("CIGOGNE_LOAD"))
	if err != nil {
		t.Skip("a measurement: CIGOGNE_LOAD=1m go test -run TestLoad -v ./cmd/cigogne")
	}
	users, err := strconv.Atoi(cmp.Or(os.Getenv("CIGOGNE_LOAD_USERS"), "200"))
	if err != nil {
		t.Fatal(err)
	}
	think, err := time.ParseDuration(cmp.Or(os.Getenv("CIGOGNE_LOAD_THINK"), "0"))
	if err != nil {
		t.Fatal(err)
	}
	base, pid := startServer(t, think > 0)
	ctx, cancel := context.WithTimeout(t.Context(), lasts)
	defer cancel()
	var mu sync.Mutex
	took := map[string][]time.Duration{}
	faults := map[string]int{}
	var wg sync.WaitGroup
	for n := range users {
		wg.Go(func() {
			dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1+byte(n/250), 1+byte(n%250))}}
			client := &http.Client{Timeout: 60 * time.Second, Transport: &http.Transport{DialContext: dialer.DialContext}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			for i := n; ctx.Err() == nil; i++ {
				if think > 0 {
					time.Sleep(think/2 + rand.N(think))
				}
				kind, fault, elapsed := once(client, base, i)
				if ctx.Err() != nil && fault != "" {
					return
				}
				mu.Lock()
				took[kind] = append(took[kind], elapsed)
				if fault != "" {
					faults[fault]++
				}
				mu.Unlock()
			}
		})
	}
	agents, _ := strconv.Atoi(os.Getenv("CIGOGNE_LOAD_AGENTS")) // none where it is not set
	for n := range agents {
		wg.Go(func() {
			client := &http.Client{Timeout: 60 * time.Second, Transport: &http.Transport{DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 9, 1+byte(n))}}).DialContext}}
			for ctx.Err() == nil {
				slowly(ctx, client, base)
			}
		})
	}
	peak := 0
	for ctx.Err() == nil {
		peak = max(peak, memory(t, pid))
		time.Sleep(200 * time.Millisecond)
	}
	wg.Wait()
	for kind, all := range took {
		slices.Sort(all)
		t.Logf("%-22s %7d requests  %7.1f/s  p50 %v  p99 %v  max %v", kind, len(all), float64(len(all))/lasts.Seconds(), all[len(all)/2].Round(time.Millisecond), all[len(all)*99/100].Round(time.Millisecond), all[len(all)-1].Round(time.Millisecond))
	}
	t.Logf("%d users for %v, think %v: %d faults %v; peak memory %d MB", users, lasts, think, total(faults), faults, peak)
	if total(faults) > 0 {
		t.Fail()
	}
}

// slowly has an agent ask for more than it will be given time for.
func slowly(ctx context.Context, client *http.Client, base string) {
	call := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"run_query","arguments":{"sql":"SELECT count(*) AS n FROM embedded_gares a, embedded_gares b, embedded_gares c WHERE a.voyageurs < b.voyageurs AND b.voyageurs < c.voyageurs"}}}`
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"/mcp", strings.NewReader(call))
	if err != nil {
		return
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	if res, err := client.Do(req); err == nil {
		_, _ = io.Copy(io.Discard, res.Body)
		res.Body.Close()
	}
}

func total(m map[string]int) (n int) {
	for _, c := range m {
		n += c
	}
	return n
}

// once asks once: two in three through the API, one through the page.
func once(client *http.Client, base string, i int) (kind, fault string, elapsed time.Duration) {
	q := loadQuestions[i%len(loadQuestions)]
	start := time.Now()
	var res *http.Response
	var err error
	want := http.StatusOK
	if i%3 == 0 {
		kind, want = "page (POST /)", http.StatusSeeOther
		res, err = client.PostForm(base+"/", url.Values{"question": {q}})
	} else {
		kind = "POST /api/v1/ask"
		b, _ := json.Marshal(map[string]string{"question": q})
		res, err = client.Post(base+"/api/v1/ask", "application/json", bytes.NewReader(b))
	}
	if err != nil {
		return kind, err.Error(), time.Since(start)
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return kind, err.Error(), time.Since(start)
	}
	if res.StatusCode != want {
		return kind, res.Status, time.Since(start)
	}
	return kind, "", time.Since(start)
}

// startServer builds the program and serves with it.
func startServer(t *testing.T, limited bool) (base string, pid int) {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "cigogne")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	args := []string{"serve", "--addr", addr, "--data", cmp.Or(os.Getenv("CIGOGNE_TEST_DATA"), dir)}
	if !limited {
		args = append(args, "--rate", "0")
	}
	cmd := exec.Command(program, args...)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server stopped with %v", err)
		}
	})
	base = "http://" + addr
	for range 100 {
		if res, err := http.Get(base + "/healthz"); err == nil {
			res.Body.Close()
			return base, cmd.Process.Pid
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the server does not answer")
	return "", 0
}

// memory is what a process holds, in MB; 0 where the system does not tell.
func memory(t *testing.T, pid int) int {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), "VmRSS:")
	var kb int
	fmt.Sscan(rest, &kb)
	return kb / 1024
}
