package refresh

import (
	"path/filepath"
	"strings"

	"cigogne/internal/dataset"
)

const localScheme = "file://"

// local is the path of a file of a harvested folder. What stands outside that
// folder, also by a link, is not read; neither is a file of this machine that a
// portal names.
func local(d dataset.Dataset, dist dataset.Distribution) (string, bool) {
	folder, ok := strings.CutPrefix(d.Portal, localScheme)
	if !ok {
		return "", false
	}
	path, ok := strings.CutPrefix(dist.URL, localScheme)
	if !ok {
		return "", false
	}
	folder, err := filepath.EvalSymlinks(filepath.FromSlash(folder))
	if err != nil {
		return "", false
	}
	if path, err = filepath.EvalSymlinks(filepath.FromSlash(path)); err != nil {
		return "", false
	}
	rel, err := filepath.Rel(folder, path)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return path, true
}
