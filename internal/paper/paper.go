// Package paper prints a page as a PDF by a browser without a window, where this
// machine has one. The page is ours and holds all it needs: the browser is kept
// from any network, and from any script.
package paper

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"cigogne/internal/scratch"
)

// browsers are those that print without a window, Chromium and its kin.
var browsers = []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge", "msedge"}

// patience bounds one page.
const patience = 45 * time.Second

// Printer prints pages, one at a time: a browser takes much memory.
type Printer struct {
	browser string
	turn    chan struct{}
}

// Find finds the browser of this machine; nil where it has none.
func Find() *Printer {
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return &Printer{path, make(chan struct{}, 1)}
		}
	}
	return nil
}

// ErrNoPage is returned where the browser ended without a PDF.
var ErrNoPage = errors.New("the browser printed nothing")

// locked is the policy of every page: what stands in it, and nothing else.
const locked = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`

// PDF prints an HTML document. It has to have a head, into which its policy goes.
func (p *Printer) PDF(ctx context.Context, page []byte) ([]byte, error) {
	head, body, ok := strings.Cut(string(page), "<head>")
	if !ok {
		return nil, fmt.Errorf("print: the page has no head")
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	dir, err := scratch.Dir("cigogne-paper-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	from, to := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(from, []byte(head+"<head>"+locked+body), 0o600); err != nil {
		return nil, fmt.Errorf("print: %w", err)
	}
	if err := p.run(ctx, dir, from, to); err != nil {
		return nil, err
	}
	pdf, err := os.ReadFile(to)
	if err != nil || !strings.HasPrefix(string(pdf), "%PDF-") {
		return nil, errors.Join(ErrNoPage, err)
	}
	return pdf, nil
}

func (p *Printer) run(ctx context.Context, dir, from, to string) error {
	args := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-dev-shm-usage",
		"--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=" + filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--print-to-pdf=" + to,
	}
	if runtime.GOOS == "linux" && os.Geteuid() == 0 { // as in a container: a browser's own sandbox refuses root
		args = append(args, "--no-sandbox")
	}
	cmd := exec.CommandContext(ctx, p.browser, append(args, "file://"+filepath.ToSlash(from))...)
	cmd.Dir, cmd.WaitDelay = dir, 2*time.Second
	cmd.Env = append(os.Environ(), "HOME="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		const most = 300 // bytes of what it says
		return fmt.Errorf("print: %w: %.*s", err, most, out)
	}
	return nil
}
