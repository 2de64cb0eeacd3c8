package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"log/slog"
	"slices"
	"strings"
	"syscall"

	"cigogne/catalog"
	"cigogne/internal/assistant"
	"cigogne/internal/config"
	"cigogne/internal/dataset"
	"cigogne/internal/lang"
	"cigogne/internal/library"
	"cigogne/internal/plan/auto"
	llm "cigogne/internal/plan/chat"
	"cigogne/internal/plan/decide"
	"cigogne/internal/plan/joined"
	"cigogne/internal/plan/judge"
	"cigogne/internal/plan/model"
	"cigogne/internal/plan/rules"
	"cigogne/internal/refresh"
	"cigogne/internal/scratch"
	"cigogne/internal/search/embed"
	"cigogne/internal/store"
	"cigogne/internal/table"
	"cigogne/internal/territory"
	"cigogne/internal/texts"
	"cigogne/internal/verified"
	"cigogne/internal/warehouse"
	"cigogne/internal/warehouse/trino"
)

// house builds the parts of the program as they are needed: the only place
// that does.
type house struct {
	*program
	planner *rules.Planner
	chosen  assistant.Planner // by --engine and the configuration

	gen    *store.Generation // what sound found
	looked bool

	cat       *catalog.Catalog
	lib       *library.Catalogue
	catalogue *assistant.Assistant

	keeper *keeper // of answers over the catalogue, nil: none; those over a user's own file are never kept

	door   *warehouse.Door // reads a model's SQL
	trino  *trino.Engine   // the distributed engine; nil: none is set, or not asked yet
	reader *table.Reader
	files  map[string]*given // tables given with questions, the latest ones
}

func newHouse(p *program) *house {
	return &house{program: p, planner: rules.New(dictionary{}, territory.France), files: map[string]*given{}}
}

// dictionary knows the words of the built-in embedding.
type dictionary struct{}

func (dictionary) Known(word string) bool {
	e, err := embed.Builtin()
	return err != nil || e.Known(word)
}

// Close closes what was opened.
func (h *house) Close() {
	for _, g := range h.files {
		g.lib.Close()
	}
	if h.lib != nil {
		h.lib.Close()
	}
	if h.reader != nil {
		h.reader.Close()
	}
	if h.door != nil {
		h.door.Close()
	}
	if h.trino != nil {
		h.trino.Close()
	}
}

// plans returns the planner that is chosen: the built-in one, or it and a model.
func (h *house) plans() (assistant.Planner, error) {
	if h.chosen != nil {
		return h.chosen, nil
	}
	c, err := h.settings()
	if err != nil {
		return nil, err
	}
	engine := cmp.Or(h.engine, c.Engine)
	switch {
	case !slices.Contains(config.Engines, engine):
		return nil, errUsage
	case engine == "model" && !c.Model.Set():
		return nil, told{h.say("cli.no_model_is_configured_set_cigogne")}
	}
	builtin, err := h.builtin()
	if err != nil {
		return nil, err
	}
	switch {
	case engine == "rules" || !c.Model.Set():
		h.chosen = joined.New(builtin, builtin)
	default:
		asked, err := h.proposer(c.Model)
		if err != nil {
			return nil, err
		}
		alone := *builtin
		h.chosen = joined.New(builtin.Ask(auto.New(h.planner, model.New(asked, h.planner), engine == "model", h.log), asked), &alone)
	}
	return h.chosen, nil
}

// proposer asks the model of the settings.
func (h *house) proposer(m config.Model) (*model.Proposer, error) {
	door, err := warehouse.OpenDoor(context.Background()) // it stays open as long as the house
	if err != nil {
		return nil, err
	}
	h.door = door
	p := model.NewProposer(chatClient(m, h.log), door, h.log)
	p.Samples = m.Samples
	return p, nil
}

func chatClient(m config.Model, log *slog.Logger) *llm.Client {
	return llm.New(llm.Server{URL: m.URL, Model: m.Name, Key: m.Key, Kind: llm.Kind(m.Kind), Timeout: m.Wait()}, log)
}

// builtin is the planner that needs no model: by annotations where a table has
// them, by what the judge has learnt elsewhere.
func (h *house) builtin() (*decide.Planner, error) {
	table, err := embed.Builtin()
	if err != nil {
		return nil, err
	}
	return decide.New(h.planner, judge.Builtin, embed.Words{Static: table})
}

// assistant returns the assistant over the catalogue, or over a table file.
func (h *house) assistant(ctx context.Context, file string) (*assistant.Assistant, error) {
	planner, err := h.plans()
	if err != nil {
		return nil, err
	}
	if file != "" {
		return h.overFile(ctx, file, planner)
	}
	if h.catalogue == nil {
		lib, err := h.library(ctx)
		if err != nil {
			return nil, err
		}
		h.catalogue = assistant.New(lib, planner, "rules", h.log).Next(h.planner.Exact())
		book, err := h.book("")
		if err != nil {
			return nil, err
		}
		h.catalogue.Guide(verified.New(book))
		if h.keeper != nil {
			h.catalogue.Keep(h.keeper)
			if h.keeper.shared {
				h.catalogue.Share(h.keeper)
			}
		}
	}
	return h.catalogue, nil
}

// embedded reads the embedded catalogue, once.
func (h *house) embedded() (*catalog.Catalog, error) {
	if h.cat == nil {
		c, err := catalog.Load()
		if err != nil {
			return nil, err
		}
		h.cat = c
	}
	return h.cat, nil
}

// generation returns the generation in force; nil where nothing was harvested. Over
// an object store, that of all servers is brought here first.
func (h *house) generation(ctx context.Context) (*store.Generation, error) {
	st, err := h.store(store.Read)
	if errors.Is(err, errNoHome) && h.data == "" {
		return nil, nil // a machine without a home has the embedded catalogue
	}
	if err != nil {
		return nil, err
	}
	if err := h.bring(ctx, st); err != nil {
		return nil, err
	}
	return st.Current()
}

// sound returns the generation in force where what was harvested can be read;
// else nil, with a word: the embedded catalogue answers then.
func (h *house) sound(ctx context.Context) (*store.Generation, error) {
	if h.looked {
		return h.gen, nil
	}
	gen, err := h.generation(ctx)
	if err == nil && gen != nil {
		err = readable(ctx, gen)
	}
	var bad *store.Error
	switch {
	case errors.As(err, &bad) && bad.Reason == store.Damaged:
		fmt.Fprintln(h.err, h.say("cli.harvest_damaged"))
		h.log.WarnContext(ctx, "harvested data damaged; the embedded catalogue answers", "error", err)
		gen = nil
	case err != nil:
		return nil, err
	}
	h.gen, h.looked = gen, true
	return gen, nil
}

// readable tells whether the lists and the tables of a generation can be read,
// from its database or from the files that it was made of.
func readable(ctx context.Context, gen *store.Generation) error {
	if err := gen.Readable(); err != nil || gen.TableCount() == 0 {
		return err
	}
	db, err := warehouse.OpenFile(ctx, gen.Path(library.DatabaseFile), warehouse.Limits{})
	if err == nil {
		return db.Close()
	}
	for t, err := range gen.Tables() {
		if err != nil {
			return err
		}
		if err := table.Whole(gen.Object(t.Parquet)); err != nil {
			return &store.Error{Reason: store.Damaged, Err: err}
		}
	}
	return nil
}

// library returns the library of the embedded catalogue and of the data directory.
func (h *house) library(ctx context.Context) (*library.Catalogue, error) {
	if h.lib != nil {
		return h.lib, nil
	}
	c, err := h.embedded()
	if err != nil {
		return nil, err
	}
	gen, err := h.sound(ctx)
	if err != nil {
		return nil, err
	}
	parts := library.Parts{Annotations: c.Annotations, Parquet: catalog.Parquet, Index: h.finder(c, gen).open}
	parts.Datasets = func() iter.Seq2[dataset.Dataset, error] { return everyDataset(c.Datasets, gen) }
	parts.Dataset = func(key string) (*dataset.Dataset, error) { return oneDataset(c.Datasets, gen, key) }
	parts.Embedded = held(c)
	if gen != nil {
		files := map[string]string{}
		for t, err := range gen.Tables() {
			if err != nil {
				return nil, err
			}
			files[t.ID] = gen.Object(t.Parquet)
			h := library.Holding{Table: &t}
			if found, err := gen.Dataset(t.DatasetID); err != nil {
				return nil, err
			} else if len(found) > 0 {
				h.Dataset = &found[0]
			}
			parts.Harvested = append(parts.Harvested, h)
		}
		if parts.Far, err = h.far(); err != nil {
			return nil, err
		}
		parts.Database = gen.Path(library.DatabaseFile)
		parts.File = func(tableID string) string { return files[tableID] }
	}
	h.lib = library.New(parts)
	return h.lib, nil
}

// held are the tables of the embedded catalogue, each with its dataset.
func held(c *catalog.Catalog) []library.Holding {
	var out []library.Holding
	for i := range c.Tables {
		for j := range c.Datasets {
			if c.Datasets[j].ID == c.Tables[i].DatasetID {
				out = append(out, library.Holding{Dataset: &c.Datasets[j], Table: &c.Tables[i]})
			}
		}
	}
	return out
}

// sentence puts an error into one sentence for the user.
func sentence(err error, l lang.Lang) string {
	var t told
	var bad *table.Error
	var said interface{ Sentence(lang.Lang) string }
	var wrong *config.Error
	var path *fs.PathError
	switch {
	case errors.As(err, &t):
		return t.sentence
	case errors.As(err, &bad):
		return bad.Sentence("", l)
	case errors.As(err, &wrong):
		return texts.Say(l, "cli.configuration_is_not_right") + " " + strings.Join(wrong.Faults, " ; ") + "."
	case errors.As(err, &said):
		return said.Sentence(l)
	case errors.Is(err, context.Canceled):
		return texts.Say(l, "cli.interrupted")
	case errors.Is(err, refresh.ErrNothing):
		return texts.Say(l, "cli.portal_answers_but_lists_no_dataset")
	case errors.Is(err, refresh.ErrNotHarvested):
		return texts.Say(l, "cli.nothing_was_harvested_yet_start")
	case scratch.NoRoom(err):
		return texts.Say(l, "cli.disk_full")
	case errors.As(err, &path) && (errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)):
		return texts.Say(l, "cli.not_allowed", "path", path.Path)
	case errors.Is(err, errReadOnly):
		return texts.Say(l, "cli.data_read_only")
	case errors.Is(err, errNoHome):
		return texts.Say(l, "cli.no_data_directory_name_one_with")
	}
	return texts.Say(l, "cli.unexpected_error") + " " + err.Error()
}
