package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"cigogne/internal/lang"
)

// progress tells how far a long run is: by a bar on a terminal, from its first
// moment, and by a line now and then elsewhere. It is safe for concurrent use.
type progress struct {
	p    *program
	what string

	mu   sync.Mutex
	out  *os.File                 // nil: no terminal
	bar  *progressbar.ProgressBar // on one
	all  int                      // of the bar; 0: it only turns
	next time.Time                // of the next line
}

// linesEvery is how often a line is written where there is no terminal.
const linesEvery = 10 * time.Second

const barWidth = 24

// begin starts to tell of what is being done. The caller ends it.
func (p *program) begin(what string) *progress {
	g := &progress{p: p, what: what, next: time.Now().Add(linesEvery)}
	if f, ok := p.err.(*os.File); ok && term.IsTerminal(int(f.Fd())) && p.env("TERM") != "dumb" {
		g.out = f
		g.draw(0)
	}
	return g
}

// draw puts a new bar in the place of the one that is there.
func (g *progress) draw(all int) {
	if g.out == nil {
		return
	}
	if g.bar != nil {
		_ = g.bar.Finish()
	}
	how := []progressbar.Option{
		progressbar.OptionSetWriter(g.out), progressbar.OptionSetDescription(g.what), progressbar.OptionSetWidth(barWidth),
		progressbar.OptionSetElapsedTime(true), progressbar.OptionSetPredictTime(true),
		progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100 * time.Millisecond), progressbar.OptionSetRenderBlankState(true),
	}
	if g.all = all; all > 0 {
		how = append(how, progressbar.OptionShowCount())
	} else {
		all = -1 // it turns
	}
	g.bar = progressbar.NewOptions(all, how...)
}

// at tells how much is done of all; all is 0 or less where nobody knows.
func (g *progress) at(done, all int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.out == nil {
		if now := time.Now(); now.After(g.next) {
			g.next = now.Add(linesEvery)
			fmt.Fprintln(g.p.err, g.line(done, all))
		}
		return
	}
	if all > 0 && all != g.all {
		g.draw(all)
	}
	if g.all == 0 || done < g.all { // a full bar is a finished one
		_ = g.bar.Set(done)
	}
}

func (g *progress) line(done, all int) string {
	l := g.p.lang()
	if all <= 0 {
		return fmt.Sprintf("%s : %s", g.what, lang.FormatNumber(float64(done), 0, l))
	}
	return fmt.Sprintf("%s : %s / %s", g.what, lang.FormatNumber(float64(done), 0, l), lang.FormatNumber(float64(all), 0, l))
}

// turn goes on to something else, of which nobody knows the length.
func (g *progress) turn(what string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.what = what
	g.draw(0)
}

// say writes a line that stays, above the bar.
func (g *progress) say(line string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.bar != nil {
		_ = g.bar.Clear()
	}
	fmt.Fprintln(g.p.err, strings.TrimRight(line, "\n"))
}

// end takes the bar away.
func (g *progress) end() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.bar != nil {
		_ = g.bar.Finish()
	}
	g.bar, g.out = nil, nil
}
