package terminal

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"cigogne/internal/lang"
	"cigogne/internal/ledger"
	"cigogne/internal/surface/plain"
)

const (
	keptLines  = 500
	longestOne = 2000 // bytes of a line that is kept
)

// History holds the lines typed before, latest last, in a file that only its
// owner reads; e-mail addresses and telephone numbers are taken out of what is
// written. It is a term.History.
type History struct {
	path  string // "": in memory alone
	lang  lang.Lang
	lines []string
}

// OpenHistory reads the file, where there is one yet. One that cannot be read or
// written is no hindrance: what is typed is then known until the end only.
func OpenHistory(path string, l lang.Lang) *History {
	h := &History{path: path, lang: l}
	if path == "" {
		return h
	}
	f, err := os.Open(path)
	if err != nil {
		return h
	}
	defer f.Close()
	n := 0
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<10)
	for lines.Scan() {
		if line := plain.Line(lines.Text()); line != "" {
			h.remember(line)
			n++
		}
	}
	if n > 2*keptLines || lines.Err() != nil {
		if h.rewrite() != nil {
			h.path = ""
		}
	}
	return h
}

// Len is how many lines there are.
func (h *History) Len() int { return len(h.lines) }

// At gives a line, 0 the latest.
func (h *History) At(i int) string { return h.lines[len(h.lines)-1-i] }

// Add remembers a line, once where it comes twice in a row.
func (h *History) Add(line string) {
	line = plain.Line(line)
	if line == "" || len(line) > longestOne || len(h.lines) > 0 && h.At(0) == line {
		return
	}
	h.remember(line)
	if h.path == "" {
		return
	}
	f, err := os.OpenFile(h.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		h.path = ""
		return
	}
	_, err = f.WriteString(ledger.Scrub(line, h.lang) + "\n")
	if closed := f.Close(); err != nil || closed != nil {
		h.path = ""
	}
}

func (h *History) remember(line string) {
	h.lines = append(h.lines, line)
	if len(h.lines) > keptLines {
		h.lines = h.lines[len(h.lines)-keptLines:]
	}
}

// rewrite leaves the latest lines in the file.
func (h *History) rewrite() error {
	var b bytes.Buffer
	for _, line := range h.lines {
		b.WriteString(line + "\n")
	}
	f, err := os.CreateTemp(filepath.Dir(h.path), ".history-") // with mode 0600
	if err != nil {
		return fmt.Errorf("history: %w", err)
	}
	_, err = f.Write(b.Bytes())
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), h.path)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("history: %w", err)
	}
	return nil
}
