package search

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"cigogne/internal/search/embed"
	"cigogne/internal/territory"
)

// Index ranks datasets. It is immutable and safe for concurrent use.
type Index struct {
	shelves    []shelf
	size       int            // numbers of datasets, those of datasets gone included
	live       int            // datasets
	meanings   []meaning      // in order of preference
	groups     []uint32       // near-identical sheets share the number of their first, by number of dataset
	members    map[uint32]int // how many sheets, of groups of two and more
	newest     int64          // when the last change was made to any dataset
	stems      stemmer
	thesaurus  *thesaurus
	neighbours func(stem string) []embed.Neighbour // words near in meaning
	nearScale  float32                             // what they are worth, times their cosine
	slipScale  float32                             // what the word meant by a slip is worth
	literal    bool                                // slips are left as they are: to measure what reading them is worth
	places     Gazetteer
	home       string // code of the region that the catalogue serves, "" where it serves none
	log        *slog.Logger
	counting   sync.Pool // of *tallies
}

// Query is what is searched for.
type Query struct {
	Text  string
	Like  string // ID or name of a dataset: the sheets of its series, by title, whatever the text
	Limit int    // results at most; 0: 10
	Fold  bool   // one line for the sheets of a series
	Only  Filter // what else results must be; zero: anything
}

// Hit is one dataset found.
type Hit struct {
	ID, Name, Title, Publisher, URL string

	Score   float64  // higher is better; comparable within one answer only
	Cosine  float64  // nearness of meaning, 0 without vectors
	Series  string   // ID of a sheet of its series, the same for all of them; "" where it is of none
	Similar int      // how many other sheets its series has
	Why     []Reason // what speaks for it, strongest first
}

// Len is the number of datasets.
func (x *Index) Len() int { return x.live }

// Places are the names of the departments and regions that a question names:
// datasets about them come first.
func (x *Index) Places(text string) []string {
	var out []string
	for _, p := range x.places.Places(text) {
		out = append(out, p.Name)
	}
	return out
}

// Home is the code of the region that the catalogue serves, "" where it serves none.
func (x *Index) Home() string { return x.home }

// Models are the names of the embedders whose vectors the index holds, the preferred one first.
func (x *Index) Models() []string {
	var out []string
	for _, m := range x.meanings {
		out = append(out, m.name)
	}
	return out
}

// finish derives what is not stored.
func (x *Index) finish(o Options) {
	x.places, x.home, x.log, x.thesaurus = o.Gazetteer, o.Home, o.Log, builtinThesaurus()
	x.neighbours, x.nearScale, x.slipScale = embed.Near, nearScale, slipScale
	if x.places == nil {
		x.places = communes{builtinPlaces(), territory.France}
	}
	if x.log == nil {
		x.log = slog.New(slog.DiscardHandler)
	}
}

// number gives the datasets of the shelves their numbers.
func (x *Index) number() {
	x.size, x.live = 0, 0
	for i := range x.shelves {
		s := &x.shelves[i]
		s.first = x.size
		x.size += s.entries.len()
		x.live += s.held()
	}
}

// gather counts the members of groups.
func (x *Index) gather() {
	x.members = map[uint32]int{}
	for doc, first := range x.groups {
		if int(first) != doc && !x.gone(doc) {
			x.members[first] = max(1, x.members[first]) + 1
		}
	}
}

// candidate is a dataset under consideration.
type candidate struct {
	doc     int
	lexical float32 // share of the question's weight that its words hold, 0…1
	covered float32 // share of the question that it speaks of at all, 0…1
	cosine  float32 // of meaning, with what any two texts have in common taken off
	near    float32 // what that is worth
	score   float32
}

// evidence is how far words and meaning together speak for a dataset.
func (c candidate) evidence() float32 { return c.covered + max(0, c.cosine) }

// depth is how many datasets each kind of evidence puts forward.
const depth = 200

// sources says which kinds of evidence count; all do but in measurements.
type sources struct{ words, meaning bool }

// Search returns the datasets that answer the query best, best first; none
// where nothing does. A query that is a dataset's ID or name finds that one.
// Where an embedder fails the next one decides, and in the end words and fields
// alone; the log says so.
func (x *Index) Search(ctx context.Context, q Query) ([]Hit, error) {
	return x.search(ctx, q, sources{words: true, meaning: true})
}

func (x *Index) search(ctx context.Context, q Query, by sources) (hits []Hit, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	limit := cmp.Or(max(0, q.Limit), 10)
	if q.Like != "" {
		return x.alike(q.Like, q.Only, limit), nil
	}
	text := clip(q.Text, maxQuestion)
	if i, ok := x.named(strings.TrimSpace(text)); ok {
		return []Hit{x.hit(candidate{doc: i, score: 1}, ask{})}, nil
	}
	a := x.read(text)
	var cands []candidate
	if by.words {
		cands = x.byWords(a.concepts, depth)
	}
	if by.meaning {
		if cands, err = x.byMeaning(ctx, text, cands); err != nil {
			return nil, err
		}
	}
	cands = slices.DeleteFunc(cands, func(c candidate) bool { return !q.Only.admits(x.entry(c.doc)) })
	if by.words && x.nothing(a, cands) {
		return nil, nil
	}
	for i := range cands {
		c := &cands[i]
		s := x.signals(*c, a)
		c.score = s.score(&learned)
	}
	slices.SortFunc(cands, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.doc, b.doc))
	})
	shown := map[uint32]bool{}
	for _, c := range cands {
		if len(hits) == limit {
			break
		}
		g := x.groups[c.doc]
		if q.Fold && shown[g] {
			continue
		}
		shown[g] = true
		hits = append(hits, x.hit(c, a))
	}
	return hits, nil
}

// maxQuestion bounds the question that is read, in bytes.
const maxQuestion = 2000

// The floor under which a catalogue holds nothing on a subject, as measured on
// questions that French portals answer and on others that none does. A long
// question may be met in part only.
const (
	floorShort = 0.66
	floorLong  = 0.50
	floorStep  = 0.04 // for each concept after the third
)

func (x *Index) nothing(a ask, cands []candidate) bool {
	var best float32
	for _, c := range cands {
		best = max(best, c.evidence())
	}
	return best < max(floorLong, floorShort-floorStep*float32(max(0, len(a.concepts)-3)))
}
