package scratch_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"cigogne/internal/lang"
	"cigogne/internal/scratch"
)

func TestDir(t *testing.T) {
	t.Run("the system's folder", func(t *testing.T) {
		home := t.TempDir()
		t.Setenv("TMPDIR", home)
		dir, err := scratch.Dir("x-")
		if err != nil || !strings.HasPrefix(filepath.Base(dir), "x-") || filepath.Dir(dir) != home && runtime.GOOS != "windows" {
			t.Errorf("%s, %v", dir, err)
		}
	})
	t.Run("one that cannot be written", func(t *testing.T) {
		if runtime.GOOS != "linux" {
			t.Skip("another system's folders")
		}
		t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "none"))
		dir, err := scratch.Dir("x-")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		if err := os.WriteFile(filepath.Join(dir, "f"), nil, 0o600); err != nil {
			t.Error(err)
		}
	})
	if s := (&scratch.Error{}).Sentence(lang.French); !strings.Contains(s, "TMPDIR") {
		t.Error(s)
	}
}
