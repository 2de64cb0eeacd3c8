package refresh

import (
	"context"
	"errors"
	"os"

	"cigogne/internal/dataset"
	"cigogne/internal/library"
	"cigogne/internal/search"
	"cigogne/internal/store"
	"cigogne/internal/trace"
)

// Migrate brings a data directory of an older format to today's: what other rooms
// keep in its generation is taken over, the search index is written again where it
// is of an older kind. It returns the format that the directory had.
func Migrate(ctx context.Context, st *store.Store, embedded []dataset.Dataset, index search.Options) (from int, err error) {
	ctx, end := trace.Span(ctx, "migrate")
	defer func() { end(err) }()
	return st.Migrate(ctx, func(ctx context.Context, draft *store.Draft) error {
		for _, name := range []string{library.DatabaseFile, OutlineFolder, AsideFile, ChangesFile} {
			if err := draft.Keep(name); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
		return Harvest{Store: st, Embedded: embedded, Index: index}.index(ctx, draft, store.Damage{})
	})
}
