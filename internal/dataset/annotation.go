package dataset

// Annotation holds what a table's columns cannot say: what a row is, which
// words people use, what is left out by default, what misleads. It is written
// by hand in the catalogue (TOML) and matched to a table by its dataset or by
// its set of columns, so that the same publication found on another portal
// gets it too. French and English texts go in pairs.
type Annotation struct {
	ID       string   `toml:"id" json:"id"`
	Datasets []string `toml:"datasets" json:"datasets,omitempty"` // IDs or names of datasets it is about
	Columns  []string `toml:"columns" json:"columns"`             // a table that has all of these (without regard to case) is this publication
	Rank     int      `toml:"rank" json:"rank,omitempty"`         // among annotations that fit a question equally, the higher answers; below 0: only where a question speaks of its subject, beside places and years

	Title     Bilingual    `toml:"title" json:"title"` // short, as a person calls it
	Entity    Entity       `toml:"entity" json:"entity"`
	Time      TimePolicy   `toml:"time" json:"time,omitzero"`
	Scope     Scope        `toml:"scope" json:"scope,omitzero"`
	Measure   string       `toml:"measure" json:"measure,omitempty"` // the column meant when an amount is asked and none is named
	Column    []ColumnNote `toml:"column" json:"column,omitempty"`
	Defaults  []Default    `toml:"default" json:"default,omitempty"`
	Synonyms  []Synonym    `toml:"synonym" json:"synonym,omitempty"`
	Values    []ValueName  `toml:"value" json:"value,omitempty"`
	Balance   Balance      `toml:"balance" json:"balance,omitzero"`
	Items     string       `toml:"items" json:"items,omitempty"`   // the column of what amounts are of, where a question names none: "quelles dépenses ont baissé"
	Prefer    []string     `toml:"prefer" json:"prefer,omitempty"` // columns by preference, where a word is a value of several
	Ambiguous []Ambiguity  `toml:"ambiguous" json:"ambiguous,omitempty"`
	Caveats   []Caveat     `toml:"caveat" json:"caveat,omitempty"`
	Twins     []Twin       `toml:"twin" json:"twins,omitempty"`
	Absent    []Absence    `toml:"absent" json:"absent,omitempty"`
	Questions []Bilingual  `toml:"question" json:"question,omitempty"` // good ones to start with
}

// Bilingual is one text in the two languages that everything is written in; what it
// is in others stands in languages/LANGUAGE.toml, by the French.
type Bilingual struct {
	FR string `toml:"fr" json:"fr"`
	EN string `toml:"en" json:"en"`

	Also map[string]string `toml:"-" json:"-"` // in other languages, of a text that no file holds
}

// Words are the words and phrases people use, in the two languages.
type Words struct {
	FR []string `toml:"fr" json:"fr,omitempty"`
	EN []string `toml:"en" json:"en,omitempty"`
}

// All lists the words of both languages.
func (w Words) All() []string { return append(append([]string{}, w.FR...), w.EN...) }

// Entity is what one row is, within one period.
type Entity struct {
	Name  Bilingual `toml:"name" json:"name"`             // singular: commune, municipality
	Many  Bilingual `toml:"many" json:"many"`             // plural
	Words Words     `toml:"words" json:"words,omitzero"`  // other names for it
	Key   []string  `toml:"key" json:"key,omitempty"`     // columns that identify it within one period (code_commune)
	Label string    `toml:"label" json:"label,omitempty"` // column that names it (commune); empty: rows have no name of their own (accounts)
	Where []string  `toml:"where" json:"where,omitempty"` // columns that say where one is, the widest last: adresse, commune
	Among Bilingual `toml:"among" json:"among,omitzero"`  // before the territory that figures are of, where it holds the rows: les gares, the stations
}

// Balance is what people ask for by a word ("solde", "excédent", "balance"): one
// column of each row less another; or, where Column is named, the rows that have
// one value in it less those that have another.
type Balance struct {
	Column string `toml:"column" json:"column,omitempty"`
	Of     string `toml:"of" json:"of"`
	Less   string `toml:"less" json:"less"`
}

// TimePolicy says which column is the year, and what is meant when none is named.
type TimePolicy struct {
	Column string    `toml:"column" json:"column,omitempty"`
	Policy string    `toml:"policy" json:"policy,omitempty"` // latest: the last year, said; ask: ask which; all: every year together
	Kind   Bilingual `toml:"kind" json:"kind,omitzero"`      // millésime, exercice; vintage, financial year
	Add    bool      `toml:"add" json:"add,omitempty"`       // years may be added up (flows), unlike stocks such as a population
}

// Scope is the territory a table covers.
type Scope struct {
	Level string    `toml:"level" json:"level,omitempty"` // region, department, epci, commune, country
	Code  string    `toml:"code" json:"code,omitempty"`
	Name  Bilingual `toml:"name" json:"name,omitzero"`
	Said  Bilingual `toml:"said" json:"said,omitzero"`    // as the subject of a sentence, where that is shorter: la Région
	Words []string  `toml:"words" json:"words,omitempty"` // words that name the whole table and so filter nothing: région, grand est, comptes …
}

// ColumnNote is what is known of one column.
type ColumnNote struct {
	Name  string    `toml:"name" json:"name"`
	Label Bilingual `toml:"label" json:"label,omitzero"`
	Words Words     `toml:"words" json:"words,omitzero"` // other names for it, verbs included: habitants, peuplé; dépenser, coûter
	Unit  string    `toml:"unit" json:"unit,omitempty"`
	Agg   string    `toml:"agg" json:"agg,omitempty"`     // sum (default for measures), avg, none
	Level string    `toml:"level" json:"level,omitempty"` // territory level it holds: commune, epci, department, region
	Code  string    `toml:"code" json:"code,omitempty"`   // for a column of names: the column with their codes
	Ask   bool      `toml:"ask" json:"ask,omitempty"`     // its cells are common words: one is not meant unless the column is named
	Hide  bool      `toml:"hide" json:"hide,omitempty"`   // not for answers (technical)
	Lag   *Lag      `toml:"lag" json:"lag,omitempty"`     // its figures were observed before the year of their row
	Of    string    `toml:"of" json:"of,omitempty"`       // for a measure: the one that it is a part of, of each row
	Say   []Saying  `toml:"say" json:"say,omitempty"`     // how its figures are said, the first that fits
	Said  Bilingual `toml:"said" json:"said,omitzero"`    // how a value is said in a sentence: "pour {value}"; {of} is "de" with it: "la gare {of}"
}

// Saying is how figures of a column are said. Verbs are in the third person
// singular: "la Région" + "a dépensé", "Mulhouse" + "a perdu".
type Saying struct {
	When Condition `toml:"when" json:"when,omitzero"` // holds where the figure is of one of these values; none: always
	Verb Bilingual `toml:"verb" json:"verb,omitzero"` // compte, has; none: the noun is said
	Past Bilingual `toml:"past" json:"past,omitzero"` // of years before the last, where the verb is another
	Rise Bilingual `toml:"rise" json:"rise,omitzero"` // a gagné, gained; none: the noun "has risen"
	Fall Bilingual `toml:"fall" json:"fall,omitzero"`
	Noun Bilingual `toml:"noun" json:"noun"` // with its article: la population, les dépenses; spending
}

// ValueName is what people call a value in a sentence, with its article.
type ValueName struct {
	Column string `toml:"column" json:"column"`
	Value  string `toml:"value" json:"value"`
	FR     string `toml:"fr" json:"fr"`
	EN     string `toml:"en" json:"en"`
	Aside  bool   `toml:"aside" json:"aside,omitempty"` // said in brackets: opérations réelles
}

// Lag says that the figures in force in a year were observed some years before.
type Lag struct {
	Years int       `toml:"years" json:"years"`
	From  Bilingual `toml:"from" json:"from"`             // what observed them: recensement, census
	Apart int       `toml:"apart" json:"apart,omitempty"` // figures of two years compare where these lie at least that far apart
	Near  Bilingual `toml:"near" json:"near,omitzero"`    // said where they lie nearer
}

// Default is a filter that holds unless the question speaks of its column.
type Default struct {
	Column string    `toml:"column" json:"column"`
	Values []string  `toml:"values" json:"values"`
	Unless Words     `toml:"unless" json:"unless,omitzero"`  // words that lift it without setting another value ("both", "y compris les opérations d'ordre")
	Says   Bilingual `toml:"says" json:"says"`               // the assumption, as shown
	Either bool      `toml:"either" json:"either,omitempty"` // the column's other value is as good: it is taken, and said, where this one has no rows, and asked about where it has more
}

// Synonym is a word people use for values of a column.
type Synonym struct {
	Column string    `toml:"column" json:"column"`
	Values []string  `toml:"values" json:"values"`
	Words  Words     `toml:"words" json:"words"`
	Says   Bilingual `toml:"says" json:"says,omitzero"`      // shown as an assumption when it is not obvious
	People bool      `toml:"people" json:"people,omitempty"` // it is who lives there: how many of them is the population
}

// Ambiguity is a word that a careful person would ask back about.
type Ambiguity struct {
	Words   Words       `toml:"words" json:"words"`
	Ask     Bilingual   `toml:"ask" json:"ask"`
	Choices []Bilingual `toml:"choice" json:"choice"`           // whole questions or phrases that settle it
	Lapses  bool        `toml:"lapses" json:"lapses,omitempty"` // it is not asked where the question names a quantity besides
}

// Caveat is shown with a figure when every condition holds. A condition without
// values holds when the column is used at all; no condition: always.
type Caveat struct {
	When []Condition `toml:"when" json:"when,omitempty"`
	Says Bilingual   `toml:"says" json:"says"`

	Rows    bool `toml:"rows" json:"rows,omitempty"`         // matters where rows are counted, listed, ranked or averaged, not where they are added up
	NoTrend bool `toml:"no_trend" json:"no_trend,omitempty"` // figures of several years must not be compared or added up
	Partial bool `toml:"partial" json:"partial,omitempty"`   // the file lacks some of the rows: an answer begins with that
}

// Twin is another annotated table that publishes the total of the same things
// by the same name: the two are compared where one of them is asked for.
type Twin struct {
	Annotation string `toml:"annotation" json:"annotation"` // its ID
	Column     string `toml:"column" json:"column"`         // what the total is of, called so in both tables
	Measure    string `toml:"measure" json:"measure"`       // of the other table
}

// Condition holds when the rows asked for may have one of the values in the column.
type Condition struct {
	Column string   `toml:"column" json:"column"`
	Values []string `toml:"values" json:"values,omitempty"`
}

// Absence is something people ask this table that it does not hold, with what to say.
type Absence struct {
	Words Words     `toml:"words" json:"words"`
	Says  Bilingual `toml:"says" json:"says"`
}
