package refresh

import (
	"cmp"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"cigogne/internal/lang"
	"cigogne/internal/store"
	"cigogne/internal/table"
)

// AsideFile is where a generation says what of the harvested files is in no table.
const AsideFile = "aside.json"

// Aside is what of the harvested files is in no table, and why.
type Aside struct {
	Formats map[string]int `json:"formats,omitempty"` // files not downloaded, by declared format; "" where none is declared
	Items   []AsideItem    `json:"items,omitempty"`
}

// AsideItem is a file, or a part of one, that was read for a table and is none.
type AsideItem struct {
	DatasetID string       `json:"dataset_id"`
	Title     string       `json:"title"`
	URL       string       `json:"url"`
	Part      string       `json:"part,omitempty"` // an entry of an archive, a sheet; "" for the whole file
	Reason    table.Reason `json:"reason,omitempty"`
	Detail    string       `json:"detail,omitempty"`
	Said      string       `json:"said,omitempty"` // where it could not be had at all
}

// Sentence says in one sentence why it is no table.
func (a AsideItem) Sentence(l lang.Lang) string {
	if a.Reason == "" {
		return a.Said
	}
	return (&table.Error{Reason: a.Reason, Detail: a.Detail}).Sentence(cmp.Or(a.Part, filepath.Base(a.URL)), l)
}

// ReadAside reads what a generation says; nothing, where it says nothing.
func ReadAside(g *store.Generation) (a Aside) {
	if g == nil || !g.Has(AsideFile) {
		return a
	}
	b, err := os.ReadFile(g.Path(AsideFile))
	if err != nil || json.Unmarshal(b, &a) != nil {
		return Aside{}
	}
	return a
}

// asides gathers it during a run.
type asides struct{ Aside }

// asideOf begins with what is known of the files that this run does not touch.
func asideOf(base *store.Generation, jobs []job) *asides {
	touched := map[string]bool{}
	for _, j := range jobs {
		if len(j.before) == 0 {
			touched[j.dist.URL] = true
		}
	}
	a := &asides{}
	for _, x := range ReadAside(base).Items {
		if !touched[x.URL] {
			a.Items = append(a.Items, x)
		}
	}
	return a
}

func (a *asides) forget(url string) {
	a.Items = slices.DeleteFunc(a.Items, func(x AsideItem) bool { return x.URL == url })
}

func (a *asides) failed(f Failure) {
	a.forget(f.URL)
	x := AsideItem{DatasetID: f.Dataset.ID, Title: f.Dataset.Title, URL: f.URL, Said: f.Sentence(lang.French)}
	var t *table.Error
	if errors.As(f.Err, &t) {
		x.Reason, x.Detail, x.Said = t.Reason, t.Detail, ""
	}
	a.Items = append(a.Items, x)
}

func (a *asides) left(j *job, left []table.Left) {
	a.forget(j.dist.URL)
	for _, l := range left {
		a.Items = append(a.Items, AsideItem{DatasetID: j.dataset.ID, Title: j.dataset.Title, URL: j.dist.URL, Part: l.Name, Reason: l.Err.Reason, Detail: l.Err.Detail})
	}
}

func (a *asides) write(draft *store.Draft) error {
	slices.SortFunc(a.Items, func(x, y AsideItem) int {
		return cmp.Or(cmp.Compare(x.DatasetID, y.DatasetID), cmp.Compare(x.URL, y.URL), cmp.Compare(x.Part, y.Part))
	})
	b, err := json.Marshal(a.Aside)
	if err != nil {
		return err
	}
	return os.WriteFile(draft.Path(AsideFile), b, 0o644)
}
