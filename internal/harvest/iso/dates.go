package iso

import (
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/xmltree"
)

func (r record) period() dataset.Period {
	var p dataset.Period
	for _, e := range r.info.All("EX_TemporalExtent") {
		start, end := first(e, "beginPosition", "begin"), first(e, "endPosition", "end")
		if start == "" && end == "" {
			start = first(e, "timePosition")
			end = start
		}
		start, end = harvest.Day(start), harvest.Day(end)
		if start != "" && (p.Start == "" || start < p.Start) {
			p.Start = start
		}
		p.End = max(p.End, end)
	}
	return p
}

func first(n *xmltree.Node, names ...string) string {
	for _, name := range names {
		if s := n.First(name).Text(); s != "" {
			return s
		}
	}
	return ""
}

// dates are when the data was created (or published) and last revised; what
// the record says of itself where it says nothing of the data.
func (r record) dates(citation *xmltree.Node) (created, modified time.Time) {
	by := map[string]time.Time{}
	for _, n := range citation.All("CI_Date") {
		kind := code(n.First("CI_DateTypeCode"))
		if when := harvest.Time(n.Child("date").Text()); when.After(by[kind]) {
			by[kind] = when
		}
	}
	for _, n := range r.Children("dateInfo") { // ISO 19115-3 has the record's own dates so
		if when := harvest.Time(n.First("date").Text()); when.After(by["record"]) {
			by["record"] = when
		}
	}
	if when := harvest.Time(r.Child("dateStamp").Text()); !when.IsZero() {
		by["record"] = when
	}
	pick := func(kinds ...string) time.Time {
		for _, k := range kinds {
			if !by[k].IsZero() {
				return by[k]
			}
		}
		var last time.Time
		for k, when := range by { // of a kind of its own, or of none
			if k != "record" && when.After(last) {
				last = when
			}
		}
		if last.IsZero() {
			last = by["record"]
		}
		return last
	}
	return pick("creation", "publication", "released", "revision"), pick("revision", "lastUpdate", "lastRevision", "publication", "creation")
}
