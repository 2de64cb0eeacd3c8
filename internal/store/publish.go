package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
)

// claim takes the lock that all servers share and brings the directory up to date:
// a writer begins from what is in force. release is nil for a store over no bucket.
func (s *Store) claim(ctx context.Context) (release func(), err error) {
	if s.shared == nil {
		return nil, nil
	}
	sure, err := s.shared.fences(ctx)
	if err != nil {
		return nil, s.away("try a conditional write", err)
	}
	lock := s.shared.lock
	if lock == nil {
		if !sure {
			return nil, &Error{Reason: Unfenced, Dir: s.shared.bucket.Address()}
		}
		lock = NewLease(s.shared.bucket, s.shared.log)
	}
	release, taken, err := lock.Take(ctx)
	if err != nil {
		return nil, s.away("take the writers' lock", err)
	}
	if !taken {
		return nil, &Error{Reason: Busy, Dir: s.shared.bucket.Address()}
	}
	h, err := s.shared.look(ctx)
	if err == nil && h.id != "" && !s.holds(h) {
		err = s.pull(ctx, h)
	}
	if err != nil {
		release()
		return nil, s.away("look for a generation", err)
	}
	return release, nil
}

// fences tells whether the bucket keeps the conditions of a write: not all do.
func (sh *Shared) fences(ctx context.Context) (bool, error) {
	sh.mu.Lock()
	known := sh.fenced
	sh.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	key := "probe-" + rand.Text()
	if _, err := sh.put(ctx, key, []byte("probe\n"), When{New: true}); err != nil {
		return false, err
	}
	_, err := sh.put(ctx, key, []byte("probe\n"), When{New: true})
	sure := errors.Is(err, ErrOvertaken)
	if err != nil && !sure {
		return false, err
	}
	if sure {
		_, err = sh.put(ctx, key, []byte("probe\n"), When{Tag: "00000000000000000000000000000000"})
		sure = errors.Is(err, ErrOvertaken)
	}
	if err := sh.bucket.Remove(ctx, key); err != nil {
		return false, err
	}
	if !sure {
		sh.log.WarnContext(ctx, "the object store keeps no condition of a write: only the lock keeps writers apart", "store", sh.bucket.Address())
	}
	sh.mu.Lock()
	sh.fenced = &sure
	sh.mu.Unlock()
	return sure, nil
}

// publish sends a generation whose folder is at root, and makes it the one in force
// for all servers.
func (s *Store) publish(ctx context.Context, g *Generation, root string) (head, error) {
	sh := s.shared
	c, files, err := s.list(ctx, g, root)
	if err != nil {
		return head{}, err
	}
	sh.mu.Lock()
	base, tag := sh.head, sh.tag
	sh.mu.Unlock()
	there := map[string]bool{}
	if base.id != "" {
		before, err := sh.contents(ctx, base)
		if err != nil {
			return head{}, err
		}
		for _, b := range before.blobs() {
			there[b.SHA256] = true
		}
	}
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(transfers)
	for _, b := range c.blobs() {
		if there[b.SHA256] {
			continue
		}
		there[b.SHA256] = true
		file, own := files[b.SHA256]
		if !own {
			file = s.Object(b.SHA256)
		}
		group.Go(func() error { return sh.send(gctx, file, b) })
	}
	if err := group.Wait(); err != nil {
		return head{}, err
	}
	text, err := json.Marshal(c)
	if err != nil {
		return head{}, err
	}
	sum := sha256.Sum256(text)
	h := head{g.ID, hex.EncodeToString(sum[:])}
	if _, err := sh.put(ctx, h.key(), text, When{}); err != nil {
		return head{}, err
	}
	return h, sh.turn(ctx, h, tag)
}

// turn makes a generation the one in force, if the one that has the tag still is.
func (sh *Shared) turn(ctx context.Context, h head, tag string) error {
	when := When{Tag: tag, New: tag == ""}
	sh.mu.Lock()
	if sh.fenced != nil && !*sh.fenced {
		when = When{} // the lock has to do
	}
	sh.mu.Unlock()
	now, err := sh.put(ctx, currentKey, []byte(h.String()+"\n"), when)
	if err == nil {
		sh.mu.Lock()
		defer sh.mu.Unlock()
		sh.head, sh.tag = h, now
		return nil
	}
	// An answer that was lost on its way leaves open what came of it; a write that
	// was sent twice by the client was overtaken by itself.
	if seen, failed := sh.look(ctx); failed == nil && seen == h {
		return nil
	}
	if errors.Is(err, ErrOvertaken) {
		return &Error{Reason: Busy, Dir: sh.bucket.Address(), Err: err}
	}
	return err
}

// list lists what a generation is made of, and where its own files are, by hash.
// A hash that no object is there for is that of a source file, which nobody keeps.
func (s *Store) list(ctx context.Context, g *Generation, root string) (c contents, files map[string]string, err error) {
	c, files = contents{ID: g.ID, Files: map[string]blob{}}, map[string]string{}
	err = filepath.WalkDir(root, func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		o, err := identify(p)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, p)
		c.Files[filepath.ToSlash(name)] = blob(o)
		files[o.SHA256] = p
		return err
	})
	if err != nil {
		return c, nil, err
	}
	all := g.objects()
	slices.Sort(all)
	for _, sha := range slices.Compact(all) {
		info, err := os.Stat(s.Object(sha))
		if missing(err) {
			continue
		}
		if err != nil {
			return c, nil, err
		}
		c.Objects = append(c.Objects, blob{sha, info.Size()})
	}
	return c, files, nil
}

// blobs are all of it.
func (c contents) blobs() []blob {
	all := slices.Clone(c.Objects)
	for _, b := range c.Files {
		all = append(all, b)
	}
	return all
}

// Send puts an object into the bucket, where it is not there yet: a file that a
// kept answer needs, beside whoever writes. Over no bucket it does nothing.
func (s *Store) Send(ctx context.Context, sha256 string) error {
	if s.shared == nil {
		return nil
	}
	info, err := os.Stat(s.Object(sha256))
	if err != nil {
		return err
	}
	return s.away("send object", s.shared.send(ctx, s.Object(sha256), blob{sha256, info.Size()}))
}

// sweepShared removes from the bucket all but the last keep generations, and what
// none of them names nor retain; the lock is held.
func (s *Store) sweepShared(ctx context.Context, keep int, retain []string) error {
	sh := s.shared
	kept, dead, err := sh.generations(ctx, max(keep, keptCopies))
	if err != nil || len(kept) == 0 {
		return err
	}
	live := map[string]bool{}
	for _, sha := range retain {
		live[sha] = true
	}
	for _, h := range kept {
		c, err := sh.contents(ctx, h)
		if err != nil {
			return err // where one cannot be read, nothing is removed
		}
		for _, b := range c.blobs() {
			live[b.SHA256] = true
		}
	}
	for key, err := range sh.bucket.List(ctx, "objects/") {
		if err != nil {
			return err
		}
		if !live[path.Base(path.Dir(key))+path.Base(key)] {
			dead = append(dead, key)
		}
	}
	for _, key := range dead {
		if err := sh.bucket.Remove(ctx, key); err != nil {
			return fmt.Errorf("remove %s: %w", key, err)
		}
	}
	return nil
}

// generations lists the last keep generations of the bucket, the one in force among
// them, and the keys of the others, those that nobody ever switched to included.
func (sh *Shared) generations(ctx context.Context, keep int) (kept []head, dead []string, err error) {
	current, err := sh.look(ctx)
	if err != nil || current.id == "" {
		return nil, nil, err
	}
	var older []head
	for key, err := range sh.bucket.List(ctx, "generations/") {
		if err != nil {
			return nil, nil, err
		}
		h, bad := readHead(strings.Replace(path.Base(key), "-", " ", 1))
		switch {
		case bad != nil, h == current:
		case h.id < current.id:
			older = append(older, h)
		default:
			dead = append(dead, key)
		}
	}
	slices.SortFunc(older, func(a, b head) int { return strings.Compare(b.id, a.id) })
	cut := min(keep-1, len(older))
	for _, h := range older[cut:] {
		dead = append(dead, h.key())
	}
	return append([]head{current}, older[:cut]...), dead, nil
}
