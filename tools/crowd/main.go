// Command crowd asks a site questions from many clients at once, and says how many
// answers came, how fast, and whether any was lost or another one than at first:
//
//	go run ./tools/crowd -url http://127.0.0.1:8080 -clients 8 -for 20s < questions.jsonl
//
// A question a line, as the question sets have them: its conversation's turns are
// asked in order. What each is answered is what -golds gave, from a run before.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"
)

type question struct {
	ID           string `json:"id"`
	Question     string `json:"question"`
	Conversation string `json:"conversation"`
}

type answer struct {
	Kind    string `json:"kind"`
	Figures []struct {
		Value float64 `json:"value"`
	} `json:"figures"`
}

func (a answer) said() string {
	if len(a.Figures) == 0 {
		return a.Kind
	}
	return fmt.Sprint(a.Kind, " ", a.Figures[0].Value)
}

type tally struct {
	mu    sync.Mutex
	times []time.Duration
	lost  map[string]int
	wrong []string
	golds map[string]string
}

func main() {
	url := flag.String("url", "http://127.0.0.1:8080", "of the site")
	clients := flag.Int("clients", 8, "at once")
	lasts := flag.Duration("for", 20*time.Second, "how long")
	golds := flag.String("golds", "", "file of what was answered: read where it is there, else written")
	name := flag.String("name", "", "of the run, in what is printed")
	flag.Parse()
	talks, err := read(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	t := &tally{lost: map[string]int{}, golds: map[string]string{}}
	known := false
	if text, err := os.ReadFile(*golds); err == nil {
		known = json.Unmarshal(text, &t.golds) == nil
	}
	start := time.Now()
	var all sync.WaitGroup
	for c := range *clients {
		all.Go(func() {
			client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{}}
			for i := c; time.Since(start) < *lasts; i += *clients {
				talk := talks[i%len(talks)]
				for _, q := range talk {
					t.ask(client, *url, q, fmt.Sprint(start.UnixNano(), "-", i))
				}
			}
		})
	}
	all.Wait()
	t.print(*name, time.Since(start))
	if !known && *golds != "" {
		text, _ := json.Marshal(t.golds)
		if err := os.WriteFile(*golds, text, 0o600); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	if len(t.lost)+len(t.wrong) > 0 {
		os.Exit(1)
	}
}

// read reads questions as conversations; one that stands alone is one of its own.
func read(in io.Reader) (talks [][]question, err error) {
	at := map[string]int{}
	for lines := bufio.NewScanner(in); lines.Scan(); {
		var q question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return nil, err
		}
		i, known := at[q.Conversation]
		if q.Conversation == "" || !known {
			i = len(talks)
			talks = append(talks, nil)
			at[q.Conversation] = i
		}
		talks[i] = append(talks[i], q)
	}
	if len(talks) == 0 {
		return nil, fmt.Errorf("no question")
	}
	return talks, nil
}

func (t *tally) ask(client *http.Client, url string, q question, talk string) {
	body := map[string]string{"question": q.Question}
	if q.Conversation != "" {
		body["conversation"] = talk
	}
	text, _ := json.Marshal(body)
	start := time.Now()
	resp, err := client.Post(url+"/api/v1/ask", "application/json", bytes.NewReader(text))
	fault := ""
	var a answer
	if err != nil {
		fault = "no answer"
	} else {
		if resp.StatusCode != http.StatusOK {
			fault = resp.Status
		} else if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
			fault = "cut"
		}
		_ = resp.Body.Close()
	}
	took := time.Since(start)
	t.mu.Lock()
	defer t.mu.Unlock()
	if fault != "" {
		t.lost[fault]++
		return
	}
	t.times = append(t.times, took)
	gold, known := t.golds[q.ID]
	if !known {
		t.golds[q.ID] = a.said()
	} else if gold != a.said() {
		t.wrong = append(t.wrong, fmt.Sprintf("%s: %s, at first %s", q.ID, a.said(), gold))
	}
}

func (t *tally) print(name string, took time.Duration) {
	slices.Sort(t.times)
	at := func(share float64) float64 {
		if len(t.times) == 0 {
			return 0
		}
		return float64(t.times[int(share*float64(len(t.times)-1))].Microseconds()) / 1000
	}
	lost := 0
	for _, n := range t.lost {
		lost += n
	}
	fmt.Printf("%-24s %6d answers  %6.1f/s  p50 %7.1f ms  p99 %8.1f ms  lost %d %v  wrong %d\n", name, len(t.times), float64(len(t.times))/took.Seconds(), at(.5), at(.99), lost, t.lost, len(t.wrong))
	for _, w := range t.wrong[:min(5, len(t.wrong))] {
		fmt.Println("  ", w)
	}
}
