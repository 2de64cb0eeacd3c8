// Package insight tells from kept answers what the data are asked for and what
// could not be had: counts, and questions without anybody's details.
package insight

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"time"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/ledger"
)

// Report is what was asked since a day.
type Report struct {
	Since    time.Time `json:"since,omitzero"`
	Asked    int       `json:"asked"`
	Answered int       `json:"answered"` // with figures
	Back     int       `json:"asked_back"`
	Pointed  int       `json:"pointed"` // to datasets, without a figure
	Declined int       `json:"declined"`
	Right    int       `json:"judged_right"`
	Wrong    int       `json:"judged_wrong"`
	Datasets []Dataset `json:"datasets"` // most asked first
	Wanted   []Wanted  `json:"wanted"`   // most wanted first
	Review   []Marked  `json:"review"`   // judged wrong, the latest first
	Confirm  []Marked  `json:"confirm"`  // judged right: each may become a verified question
}

// Marked is an answer that somebody judged.
type Marked struct {
	ID       string    `json:"id"`
	Question string    `json:"question"`
	Why      string    `json:"why,omitempty"`
	At       time.Time `json:"at"`
}

// Dataset is one that figures came from.
type Dataset struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Publisher string `json:"publisher,omitempty"`
	Answers   int    `json:"answers"`
	Right     int    `json:"judged_right"`
	Wrong     int    `json:"judged_wrong"`
}

// Wanted is what could not be had: questions of one meaning that were declined,
// met with datasets only, or answered wrongly.
type Wanted struct {
	ID       string    `json:"id"`       // the same as long as its question is
	Question string    `json:"question"` // the shortest of them
	Lang     lang.Lang `json:"lang"`
	Votes    int       `json:"votes"`
	Reply    string    `json:"reply,omitempty"`     // its producer's
	AnswerID string    `json:"answer_id,omitempty"` // figure that closed it
	Times    int       `json:"times"`
	Declined int       `json:"declined"`
	Wrong    int       `json:"judged_wrong"`
	Missing  []string  `json:"missing,omitempty"` // words that found no place, most frequent first
	Last     time.Time `json:"last"`

	Publishers []string `json:"publishers,omitempty"` // of the datasets that came nearest

	meaning meaning
	words   map[string]int
}

// Of reads kept answers from a day on; the zero time: all of them. The error is
// that of reading.
func Of(records iter.Seq2[*ledger.Record, error], since time.Time) (*Report, error) {
	r := &Report{Since: since}
	datasets := map[string]*Dataset{}
	var wanted []*Wanted
	for record, err := range records {
		if err != nil {
			return nil, err
		}
		if record.At.Before(since) {
			continue
		}
		r.count(record)
		r.mark(record)
		a := record.Answer
		if a.Answered() && len(a.Sources) > 0 {
			s := a.Sources[0]
			d := datasets[s.DatasetID]
			if d == nil {
				d = &Dataset{ID: s.DatasetID, Title: s.Title, Publisher: s.Publisher}
				datasets[s.DatasetID] = d
			}
			d.Answers++
			d.Right += one(record.Right != nil && *record.Right)
			d.Wrong += one(record.Right != nil && !*record.Right)
		}
		wrong := record.Right != nil && !*record.Right
		if declined := a.Kind == answer.KindRefusal || a.Kind == answer.KindDatasets; declined || wrong {
			wanted = want(wanted, record, declined, wrong)
		}
	}
	for _, d := range datasets {
		r.Datasets = append(r.Datasets, *d)
	}
	slices.SortFunc(r.Datasets, func(a, b Dataset) int {
		return cmp.Or(cmp.Compare(b.Answers, a.Answers), strings.Compare(a.Title, b.Title), strings.Compare(a.ID, b.ID))
	})
	slices.SortFunc(r.Review, latest)
	slices.SortFunc(r.Confirm, latest)
	for _, w := range wanted {
		w.settle()
		r.Wanted = append(r.Wanted, *w)
	}
	slices.SortFunc(r.Wanted, func(a, b Wanted) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), b.Last.Compare(a.Last), strings.Compare(a.Question, b.Question))
	})
	return r, nil
}

func (r *Report) count(record *ledger.Record) {
	r.Asked++
	switch kind := record.Answer.Kind; {
	case record.Answer.Answered():
		r.Answered++
	case kind == answer.KindClarify:
		r.Back++
	case kind == answer.KindDatasets:
		r.Pointed++
	case kind == answer.KindRefusal:
		r.Declined++
	}
	r.Right += one(record.Right != nil && *record.Right)
	r.Wrong += one(record.Right != nil && !*record.Right)
}

// mark lists an answer that somebody judged.
func (r *Report) mark(record *ledger.Record) {
	if record.Right == nil {
		return
	}
	m := Marked{record.Answer.AnswerID, record.Answer.Question, record.Why, record.At}
	if *record.Right {
		r.Confirm = append(r.Confirm, m)
		return
	}
	r.Review = append(r.Review, m)
}

func latest(a, b Marked) int { return cmp.Or(b.At.Compare(a.At), strings.Compare(a.ID, b.ID)) }

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// want adds a question to those of its meaning.
func want(all []*Wanted, record *ledger.Record, declined, wrong bool) []*Wanted {
	a := record.Answer
	m := meaningOf(a.Question, a.Lang)
	if len(m.words) == 0 {
		return all // nothing that anybody could publish
	}
	var best *Wanted
	most := 0.
	for _, w := range all {
		if s := alike(w.meaning, m); s > most {
			best, most = w, s
		}
	}
	if best == nil {
		best = &Wanted{Question: a.Question, Lang: a.Lang, meaning: m, words: map[string]int{}}
		all = append(all, best)
	}
	best.Times++
	best.Declined += one(declined)
	best.Wrong += one(wrong)
	if len(a.Question) < len(best.Question) {
		best.Question, best.Lang = a.Question, a.Lang
	}
	if record.At.After(best.Last) {
		best.Last = record.At
	}
	best.near(a)
	for _, word := range a.NotUnderstood {
		best.words[strings.ToLower(word)]++
	}
	return all
}

const mostMissing = 5

func (w *Wanted) settle() {
	w.ID = idOf(w.Question, w.Lang)
	for word := range w.words {
		w.Missing = append(w.Missing, word)
	}
	slices.SortFunc(w.Missing, func(a, b string) int {
		return cmp.Or(cmp.Compare(w.words[b], w.words[a]), strings.Compare(a, b))
	})
	w.Missing = w.Missing[:min(len(w.Missing), mostMissing)]
}

// stemsOf are the words of a question that carry its meaning: no numbers, none of
// those that every question has.
func stemsOf(question string, l lang.Lang) map[string]bool {
	stems := map[string]bool{}
	for _, w := range lang.Words(question) {
		if len(w.Fold) < 4 || everyday[w.Fold] || strings.ContainsAny(w.Fold, "0123456789") {
			continue
		}
		stems[lang.Stem(w.Fold, l)] = true
	}
	return stems
}

var everyday = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`combien quel quelle quels quelles quoi dans pour avec sans entre depuis sont etait etaient avoir nombre total donne donnez moyenne evolution liste plus moins chaque
		aux est elle ete par cette les des une sur qui mois ville departement commune region municipal municipales public publics publique coute quand passe attribues
		the and are for what which where when many much there were have with from into between since number total give average list most least each does`) {
		m[w] = true
	}
	return m
}()
