package main

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"cigogne/internal/ledger"
	"cigogne/internal/store"
)

func backupCommand(p *program) *cobra.Command {
	return p.command("backup", p.say("cli.takes_file"), between(1, 1), func(ctx context.Context, args []string) error {
		return backup(ctx, p, args[0])
	})
}

func restoreCommand(p *program) *cobra.Command {
	return p.command("restore", p.say("cli.takes_file"), between(1, 1), func(ctx context.Context, args []string) error {
		return restore(ctx, p, args[0])
	})
}

// backup writes everything kept into one file, a tar archive, while others read
// and answers are kept. The file has its name only when it is whole.
func backup(ctx context.Context, p *program, file string) (err error) {
	dir, err := p.dataDir()
	if err != nil {
		return err
	}
	if _, err := os.Stat(dir); err != nil {
		return told{p.say("cli.nothing_kept", "dir", clean(dir))}
	}
	st, err := p.store(store.Write)
	if err != nil {
		return err
	}
	part, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(part.Name())
		}
	}()
	out := tar.NewWriter(part)
	files, err := addLedger(ctx, p, out, part.Name()+".ledger")
	if err == nil {
		err = st.Copy(ctx, files, func(name, path string) error { return add(out, name, path) })
	}
	err = errors.Join(err, out.Close(), part.Sync(), part.Close())
	if err == nil {
		err = os.Rename(part.Name(), file)
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(p.out, p.say("cli.backed_up", "file", clean(file)))
	return nil
}

// addLedger adds a copy of the ledger as it stands, and lists the files that its
// answers were made of.
func addLedger(ctx context.Context, p *program, out *tar.Writer, copied string) ([]string, error) {
	led, err := openLedger(ctx, p)
	if errors.Is(err, errNoLedger) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer led.Close()
	defer os.Remove(copied)
	if err := led.Copy(ctx, copied); err != nil {
		return nil, err
	}
	if err := add(out, ledger.FileName, copied); err != nil {
		return nil, err
	}
	return led.Files(ctx)
}

func add(out *tar.Writer, name, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := out.WriteHeader(&tar.Header{Name: name, Mode: int64(info.Mode().Perm()), Size: info.Size(), ModTime: info.ModTime(), Typeflag: tar.TypeReg}); err != nil {
		return err
	}
	_, err = io.Copy(out, f)
	return err
}

// backed are the names that a backup holds, and no others.
var backed = regexp.MustCompile(`^(?:format|current|ledger\.db|objects/[0-9a-f]{2}/[0-9a-f]{62}|generations/[0-9]{8,12}/(?:[A-Za-z0-9][A-Za-z0-9._-]*/)?[A-Za-z0-9][A-Za-z0-9._-]*)$`)

// restore puts a backup into a data directory that holds nothing yet. It is
// checked, every byte of it, before it has its place.
func restore(ctx context.Context, p *program, file string) error {
	dir, err := p.dataDir()
	if err != nil {
		return err
	}
	if held, err := os.ReadDir(dir); err == nil && len(held) > 0 {
		return told{p.say("cli.restore_occupied", "dir", clean(dir))}
	}
	in, err := os.Open(file)
	if err != nil {
		return fileError(file, err, p.lang())
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(filepath.Dir(dir), ".restore-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	if err := extract(ctx, in, fresh); err != nil {
		return told{p.say("cli.backup_damaged", "file", clean(file))}
	}
	if err := sane(ctx, fresh); err != nil {
		p.log.WarnContext(ctx, "backup damaged", "error", err)
		return told{p.say("cli.backup_damaged", "file", clean(file))}
	}
	if err := os.Chmod(fresh, 0o755); err != nil {
		return err
	}
	_ = os.Remove(dir) // where it is there, it is empty
	if err := os.Rename(fresh, dir); err != nil {
		return err
	}
	fmt.Fprintln(p.out, p.say("cli.restored", "dir", clean(dir)))
	return nil
}

var errForeign = errors.New("no file of a backup")

func extract(ctx context.Context, in io.Reader, dir string) error {
	t := tar.NewReader(in)
	for n := 0; ; n++ {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			if n == 0 {
				return errForeign
			}
			return nil
		}
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if h.Typeflag != tar.TypeReg || !backed.MatchString(h.Name) || strings.Contains(h.Name, "..") {
			return fmt.Errorf("%q: %w", h.Name, errForeign)
		}
		path := filepath.Join(dir, filepath.FromSlash(h.Name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, os.FileMode(h.Mode).Perm()&0o644|0o400)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, t)
		if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
			return err
		}
	}
}

// sane checks a directory as doctor does.
func sane(ctx context.Context, dir string) error {
	st, err := store.Open(dir, store.Read)
	if err != nil {
		return err
	}
	gen, err := st.Current()
	if err != nil {
		return err
	}
	if gen != nil {
		damage, err := gen.Check(ctx)
		if err != nil {
			return err
		}
		if damage.Any() {
			return fmt.Errorf("damaged: %+v", damage)
		}
	}
	path := filepath.Join(dir, ledger.FileName)
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	led, err := ledger.Open(ctx, path)
	if err != nil {
		return err
	}
	return errors.Join(led.Check(ctx), led.Close())
}
