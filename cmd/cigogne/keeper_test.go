package main

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/assistant"
)

// disk mounts a small file system of its own, or skips the test.
func disk(t *testing.T, kilobytes string) string {
	t.Helper()
	dir := t.TempDir()
	if runtime.GOOS != "linux" {
		t.Skip("needs a file system that can be filled")
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+kilobytes+"k", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("needs the right to mount a file system: %v %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v %s", err, out)
		}
	})
	return dir
}

// keeping is a site's house over a data directory.
func keeping(t *testing.T, dir string) (c *current, logged *bytes.Buffer) {
	t.Helper()
	logged = &bytes.Buffer{}
	c, err := openCurrent(t.Context(), newProgram(options{data: dir, engine: "rules", lasting: true}, stdio{out: io.Discard, err: logged, env: func(string) string { return "" }}))
	if err != nil {
		t.Fatal(err)
	}
	c.keeper.retry = 0
	t.Cleanup(c.Close)
	return c, logged
}

func figureOf(t *testing.T, c *current) *answer.Answer {
	t.Helper()
	a, err := c.Ask(t.Context(), assistant.Question{Text: "Combien d'habitants à Metz en 2025 ?"})
	if err != nil || !a.Answered() {
		t.Fatalf("%v %+v", err, a)
	}
	return a
}

// kept tells whether another process finds an answer.
func onDisk(t *testing.T, dir, id string) bool {
	t.Helper()
	led, err := openLedger(t.Context(), newProgram(options{data: dir}, stdio{err: io.Discard, env: func(string) string { return "" }}))
	if err != nil {
		return false
	}
	defer led.Close()
	_, err = led.Answer(t.Context(), id)
	return err == nil
}

// An answer has an ID only where it is on disk; where it is not, its reader and
// the log are told; and the ledger comes back with the disk.
func TestAnIDIsOnlyForWhatIsOnDisk(t *testing.T) {
	for name, c := range map[string]struct {
		dir        func(t *testing.T) string
		harm, mend func(t *testing.T, dir string)
	}{
		"the disk fills": {
			dir: func(t *testing.T) string { return disk(t, "2048") },
			harm: func(t *testing.T, dir string) {
				f, err := os.Create(filepath.Join(dir, "ballast"))
				if err != nil {
					t.Fatal(err)
				}
				for size := 1 << 16; size > 0; size /= 2 {
					for err = nil; err == nil; {
						_, err = f.Write(make([]byte, size))
					}
				}
				f.Close()
			},
			mend: func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, "ballast")) },
		},
		"the disk is taken away": {
			dir: func(t *testing.T) string { return t.TempDir() },
			harm: func(t *testing.T, dir string) {
				if err := os.Rename(dir, dir+".away"); err != nil {
					t.Fatal(err)
				}
			},
			mend: func(t *testing.T, dir string) {
				if err := os.Rename(dir+".away", dir); err != nil {
					t.Fatal(err)
				}
			},
		},
		"the file is removed": {
			dir: func(t *testing.T) string { return t.TempDir() },
			harm: func(t *testing.T, dir string) { // and nothing can take its place
				for _, name := range []string{"ledger.db", "ledger.db-wal", "ledger.db-shm"} {
					os.Remove(filepath.Join(dir, name))
				}
				if err := os.Mkdir(filepath.Join(dir, "ledger.db"), 0o755); err != nil {
					t.Fatal(err)
				}
			},
			mend: func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, "ledger.db")) },
		},
		"it was never there": {
			dir: func(t *testing.T) string {
				dir := t.TempDir()
				if err := os.Mkdir(filepath.Join(dir, "ledger.db"), 0o755); err != nil {
					t.Fatal(err)
				}
				return dir
			},
			harm: func(*testing.T, string) {},
			mend: func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, "ledger.db")) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := c.dir(t)
			house, logged := keeping(t, dir)
			if a := figureOf(t, house); a.AnswerID != "" && !onDisk(t, dir, a.AnswerID) {
				t.Errorf("%s is on no disk", a.AnswerID)
			}
			c.harm(t, dir)
			lost := ""
			for range 200 { // a log may hold a few more
				a := figureOf(t, house)
				if a.AnswerID == "" {
					lost = a.Text
					break
				}
				if !onDisk(t, dir, a.AnswerID) {
					t.Fatalf("%s is on no disk", a.AnswerID)
				}
			}
			if !strings.Contains(lost, "pas d'adresse durable") || !strings.Contains(lost, "habitants") {
				t.Errorf("its reader is told:\n%s", lost)
			}
			if !strings.Contains(logged.String(), "level=ERROR") {
				t.Errorf("the log:\n%s", logged)
			}
			c.mend(t, dir)
			if a := figureOf(t, house); a.AnswerID == "" || !onDisk(t, dir, a.AnswerID) || strings.Contains(a.Text, "durable") {
				t.Errorf("after the disk came back: %q\n%s\n%s", a.AnswerID, a.Text, logged)
			}
		})
	}
}

// Where nobody made a data directory, asking makes none and nothing is promised.
func TestAskingKeepsNothingUnasked(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "none")
	if k := openKeeper(context.Background(), newProgram(options{data: dir}, stdio{err: io.Discard, env: func(string) string { return "" }}), false); k != nil {
		t.Error("there is a keeper")
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("a directory was made")
	}
}

// A room whose operator says so leaves nothing behind: no ID, no record, no byte.
func TestWhatIsUnkeptIsNotWrittenDown(t *testing.T) {
	dir := t.TempDir()
	p := newProgram(options{data: dir, lasting: true}, stdio{in: strings.NewReader(""), out: io.Discard, err: io.Discard, env: func(string) string { return "" }})
	h := newHouse(p)
	h.keeper = openKeeper(t.Context(), p, true)
	as, err := h.assistant(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []assistant.Question{{Text: "Combien d'habitants à Metz ?"}, {Text: "Combien d'habitants à Waldighofen ?", Unkept: true}} {
		a, err := as.Ask(t.Context(), q)
		if err != nil || !a.Answered() {
			t.Fatal(err, a.Text)
		}
		if kept := a.AnswerID != ""; kept == q.Unkept {
			t.Errorf("%q: answer %q", q.Text, a.AnswerID)
		}
	}
	n := 0
	for r, err := range h.keeper.Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		if strings.Contains(r.Answer.Question, "Waldighof") {
			t.Errorf("kept: %s", r.Answer.Question)
		}
	}
	if n != 1 {
		t.Errorf("%d records", n)
	}
	h.Close()
	h.keeper.Close()
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasPrefix(e.Name(), "ledger.db") {
			return err
		}
		if b, err := os.ReadFile(path); err != nil || bytes.Contains(b, []byte("Waldighof")) {
			t.Errorf("%s holds it (%v)", path, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
