package rules

import (
	"regexp"
	"slices"

	"cigogne/internal/query"
)

// reading is one understanding of a question about one table: slots that are
// filled from its words, that a follow-up changes one by one, and that are
// written as a plan once the annotation's defaults are known.
type reading struct {
	s *schema
	q string // the question

	frame    frame
	agg      query.Agg     // "" until the question or the column says
	measures []int         // numeric columns asked for
	partOf   []int         // of a share: the measure that is the part, and the one that is the whole
	minus    []int         // of a difference: the measure, and the one that is taken off it
	rowBound *query.Having // how many rows each of what is listed must have: "plus de 3 musées"
	ages     int           // rows are ranked by a day, rankBy: the oldest first (1) or the latest (-1)
	claim    string        // the cell that the question holds comes first
	inside   int           // column of the territory that a row is ranked in, plus 1; 0: the whole table
	likes    bool          // the rows that are nearest in size to the one that is named
	show     []int         // columns to list
	entity   bool          // rows are counted, listed or ranked
	distinct bool

	conds []cond
	lift  *lift // a territory named by one within it
	years years
	group []int

	desc      bool // of the ranking
	rankBy    int  // column ranked by; -1: the measure, or the count
	limit     int
	offset    int
	fileOrder bool // first and last mean the order of the file

	aYear       bool    // the change is asked a year
	growers     int     // rows that gained (1) or lost (-1) between two years, 0: not asked for
	who         bool    // that moved was asked for by no name: "qui perd des habitants ?"
	growBy      float64 // by more than that, 0: by anything
	rowsCounted bool    // how many rows, whatever is made of the numbers
	tally       bool    // how many groups there are, not which
	scoped      bool    // the whole table was named
	placed      bool    // by its territory alone, which other tables are of too
	perCapita   bool
	per         divisor // of perCapita
	percent     bool
	negated     bool  // a negation found its object
	filled      bool  // empty or filled cells were asked for
	perYearMean bool  // the mean of yearly totals
	lifted      []int // defaults that the question lifts
	allYears    bool
	refused     string
	partOfYear  bool // why it is refused
	ask         string
	doubt       bool // of what is asked back: another table's plain answer goes before it
	choices     []string
	notes       []string // assumptions made while reading
	unknown     []string
	asksPercent string // as it asks for a percentage
	asksShare   string // the words that ask for a share of what the question does not name
	loose       *loose // a bound on what the question does not name
	words       int    // that carry something
	weight      float64
	exact       int
}

// frame is the kind of thing asked for.
type frame int

const (
	frameValue      frame = iota // a figure, as the measure and the filters say
	frameCount                   // how many rows, or how many of a column's values
	frameList                    // cells
	frameRank                    // the most, the least, the top n
	frameShare                   // a part of a whole
	frameGrowth                  // a change between two years
	frameDifference              // one thing minus another
	frameCompare                 // things side by side
	frameEvolution               // a figure a year
	frameClasses                 // how many rows of each size
	frameStanding                // the rank of one row among its likes
)

// cond is a filter with where it comes from.
type cond struct {
	col   int
	op    query.Op
	vals  []any
	pos   int    // of its first word in the question
	src   string // as written
	said  int    // how many words or phrases named the values
	says  string // the assumption that read it so, to show
	part  bool   // on the part of a share, not on its whole
	as    query.As
	sides [][]any // the values as they were named, one by one
}

// topical tells whether a question speaks of what a table is about, one of
// negative rank, which is not what a question is about unless it says so: its rows, what it measures, its cells other than places and years.
func (r *reading) topical() bool {
	if r.s.a.Rank < 0 && ours.MatchString(r.q) { // "combien on rembourse": the one who asks, not all who are told of
		return false
	}
	own := func(col int) bool { return r.s.note(col).Level == "" && col != r.s.year }
	return r.s.a.Rank >= 0 || r.entity || len(r.measures) > 0 || slices.ContainsFunc(r.show, own) || slices.ContainsFunc(r.group, own) ||
		slices.ContainsFunc(r.conds, func(x cond) bool { return own(x.col) }) || r.refused != ""
}

// ours are the words of those who speak of what is theirs.
var ours = regexp.MustCompile(`(?i)(?:^|\s)(?:on|nous|notre|nos|we|our)\s`)

// loose is "de plus de 20 000": a bound whose quantity the question before named.
type loose struct {
	op   query.Op
	val  float64
	said []string // its words, as unknown has them
}

// years is what the question says of time.
type years struct {
	list []int // named one by one
	from int   // 0: open
	to   int
	said bool
}

func (y years) both() (from, to int, ok bool) {
	switch {
	case y.from > 0 && y.to > 0:
		return y.from, y.to, true
	case len(y.list) == 2:
		a, b := y.list[0], y.list[1]
		return min(a, b), max(a, b), true
	}
	return 0, 0, false
}

// on returns the conditions on a column.
func (r *reading) on(col int) []cond {
	var out []cond
	for _, c := range r.conds {
		if c.col == col {
			out = append(out, c)
		}
	}
	return out
}

func (r *reading) clone() *reading {
	c := *r
	c.measures = slices.Clone(r.measures)
	c.show = slices.Clone(r.show)
	c.conds = slices.Clone(r.conds)
	c.group = slices.Clone(r.group)
	c.lifted = slices.Clone(r.lifted)
	c.notes, c.unknown, c.choices = nil, nil, nil
	c.claim = ""
	c.ask, c.refused = "", ""
	return &c
}
