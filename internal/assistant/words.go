package assistant

import (
	"embed"
	"io/fs"
	"slices"
	"sync"

	"github.com/BurntSushi/toml"
)

//go:embed words/*.toml
var wordFiles embed.FS

// vocabulary is what people say to the assistant itself, folded: a file a
// language, taken together, for one asks in either.
type vocabulary struct {
	Openings   []string `toml:"openings"`   // a question about the catalogue itself begins so; its subject follows
	Counting   []string `toml:"counting"`   // asks how many datasets there are
	Publishing []string `toml:"publishing"` // asks who publishes
	Novelties  []string `toml:"novelties"`  // asks what is new
	Publishes  []string `toml:"publishes"`  // a publisher comes after
	Overdue    []string `toml:"overdue"`    // asks what is not up to date
	Mine       []string `toml:"mine"`       // one's own commune, not named
	Leads      []string `toml:"leads"`      // before a place's name
	Stocks     []string `toml:"stocks"`     // stems of columns that count what is there on a day: never added up over years
	Again      []string `toml:"again"`      // beside “as a chart”: nothing that asks for something else
	Connectors []string `toml:"connectors"` // between a subject and its opening
	Seeking    []string `toml:"seeking"`    // looks for data, not for a figure: around a subject that no table answers

	Greetings []string `toml:"greetings"` // begins a talk
	Farewells []string `toml:"farewells"` // ends it
	Thanks    []string `toml:"thanks"`    // thanks, or is content
	Help      []string `toml:"help"`      // asks what can be asked
	Who       []string `toml:"who"`       // asks who one talks to
	Origins   []string `toml:"origins"`   // asks where the data come from
	Doubts    []string `toml:"doubts"`    // doubts the answers
	Insults   []string `toml:"insults"`   // hostile or coarse
	Fillers   []string `toml:"fillers"`   // stand beside these without asking anything
	Defines   []string `toml:"defines"`   // asks what a word means; the word follows
	Defined   []string `toml:"defined"`   // or goes before
	Articles  []string `toml:"articles"`  // between the two

	Openers     []string `toml:"openers"`     // open a question that goes on from the one before
	Possessives []string `toml:"possessives"` // what belongs to the place that was spoken of
	Wider       []string `toml:"wider"`       // territories that hold it
	Within      []string `toml:"within"`      // and those that it holds
	LastYear    []string `toml:"last_year"`   // the year before this one
	YearBefore  []string `toml:"year_before"` // the year before the one just shown
	Politeness  []string `toml:"politeness"`  // stand around what is asked of the answer before
	Units       []string `toml:"units"`       // asks for the same in another unit
	Summaries   []string `toml:"summaries"`   // in one sentence
	Exports     []string `toml:"exports"`     // as a file
	Differences []string `toml:"differences"` // what lies between the last two figures
	Larger      []string `toml:"larger"`      // which of them is larger
	Smaller     []string `toml:"smaller"`     // or smaller
	Sizes       []string `toml:"sizes"`       // adjectives of the larger of two
	SmallSizes  []string `toml:"small_sizes"` // and of the smaller
	Acks        []string `toml:"acks"`        // open a question without being of it: "ok, et Nancy ?"
	Ones        []string `toml:"ones"`        // stand for what was just spoken of: "celui de Verdun"
	Ranks       []string `toml:"ranks"`       // asks at which place it stands
	Judging     []string `toml:"judging"`     // asks whether that is much
	Changes     []string `toml:"changes"`     // asks how what was just listed has changed
	Growths     []string `toml:"growths"`     // the same in percent
	Superlative []string `toml:"superlative"` // opens a ranking of what was just spoken of
	Others      []string `toml:"others"`      // those of the kind that were not named
	Percents    []string `toml:"percents"`    // as a share
	Ascending   []string `toml:"ascending"`   // the smallest first
	Descending  []string `toml:"descending"`  // the largest first
	Alphabet    []string `toml:"alphabet"`    // by name
	Tables      []string `toml:"tables"`      // as a table
	Ordinals    []string `toml:"ordinals"`    // "2 second": a place in a ranking and its word
	Which       []string `toml:"which"`       // one of those just listed
	Pronouns    []string `toml:"pronouns"`    // asks whether what was spoken of is something
	Futures     []string `toml:"futures"`     // what is to come
}

// said is the vocabulary of every language.
var said = sync.OnceValue(func() vocabulary {
	var all vocabulary
	paths, err := fs.Glob(wordFiles, "words/*.toml")
	if err != nil {
		return all // the pattern is written above
	}
	slices.Reverse(paths) // French first
	for _, path := range paths {
		v, err := readWords(path)
		if err != nil {
			continue // a test reads each file
		}
		all.add(v)
	}
	return all
})

func readWords(path string) (vocabulary, error) {
	var v vocabulary
	b, err := wordFiles.ReadFile(path)
	if err == nil {
		err = toml.Unmarshal(b, &v)
	}
	return v, err
}

func (v *vocabulary) add(o vocabulary) {
	for _, x := range v.lists() {
		*x.words = append(*x.words, *x.of(&o)...)
	}
}

// list is one of the lists of a vocabulary.
type list struct {
	words *[]string
	of    func(*vocabulary) *[]string
}

func (v *vocabulary) lists() []list {
	var out []list
	for _, of := range []func(*vocabulary) *[]string{
		func(v *vocabulary) *[]string { return &v.Openings },
		func(v *vocabulary) *[]string { return &v.Counting },
		func(v *vocabulary) *[]string { return &v.Publishing },
		func(v *vocabulary) *[]string { return &v.Novelties },
		func(v *vocabulary) *[]string { return &v.Publishes },
		func(v *vocabulary) *[]string { return &v.Overdue },
		func(v *vocabulary) *[]string { return &v.Mine },
		func(v *vocabulary) *[]string { return &v.Leads },
		func(v *vocabulary) *[]string { return &v.Connectors },
		func(v *vocabulary) *[]string { return &v.Seeking },
		func(v *vocabulary) *[]string { return &v.Stocks },
		func(v *vocabulary) *[]string { return &v.Again },
		func(v *vocabulary) *[]string { return &v.Greetings },
		func(v *vocabulary) *[]string { return &v.Farewells },
		func(v *vocabulary) *[]string { return &v.Thanks },
		func(v *vocabulary) *[]string { return &v.Help },
		func(v *vocabulary) *[]string { return &v.Who },
		func(v *vocabulary) *[]string { return &v.Origins },
		func(v *vocabulary) *[]string { return &v.Doubts },
		func(v *vocabulary) *[]string { return &v.Insults },
		func(v *vocabulary) *[]string { return &v.Fillers },
		func(v *vocabulary) *[]string { return &v.Defines },
		func(v *vocabulary) *[]string { return &v.Defined },
		func(v *vocabulary) *[]string { return &v.Articles },
		func(v *vocabulary) *[]string { return &v.Openers },
		func(v *vocabulary) *[]string { return &v.Possessives },
		func(v *vocabulary) *[]string { return &v.Wider },
		func(v *vocabulary) *[]string { return &v.Within },
		func(v *vocabulary) *[]string { return &v.LastYear },
		func(v *vocabulary) *[]string { return &v.YearBefore },
		func(v *vocabulary) *[]string { return &v.Politeness },
		func(v *vocabulary) *[]string { return &v.Units },
		func(v *vocabulary) *[]string { return &v.Summaries },
		func(v *vocabulary) *[]string { return &v.Exports },
		func(v *vocabulary) *[]string { return &v.Differences },
		func(v *vocabulary) *[]string { return &v.Larger },
		func(v *vocabulary) *[]string { return &v.Smaller },
		func(v *vocabulary) *[]string { return &v.Sizes },
		func(v *vocabulary) *[]string { return &v.SmallSizes },
		func(v *vocabulary) *[]string { return &v.Acks },
		func(v *vocabulary) *[]string { return &v.Ones },
		func(v *vocabulary) *[]string { return &v.Ranks },
		func(v *vocabulary) *[]string { return &v.Judging },
		func(v *vocabulary) *[]string { return &v.Changes },
		func(v *vocabulary) *[]string { return &v.Growths },
		func(v *vocabulary) *[]string { return &v.Superlative },
		func(v *vocabulary) *[]string { return &v.Others },
		func(v *vocabulary) *[]string { return &v.Percents },
		func(v *vocabulary) *[]string { return &v.Ascending },
		func(v *vocabulary) *[]string { return &v.Descending },
		func(v *vocabulary) *[]string { return &v.Alphabet },
		func(v *vocabulary) *[]string { return &v.Tables },
		func(v *vocabulary) *[]string { return &v.Ordinals },
		func(v *vocabulary) *[]string { return &v.Which },
		func(v *vocabulary) *[]string { return &v.Pronouns },
		func(v *vocabulary) *[]string { return &v.Futures },
	} {
		out = append(out, list{of(v), of})
	}
	return out
}
