package quality

import (
	"slices"
	"strings"

	"cigogne/internal/dataset"
)

// checks are all that is looked at. Points of MQA are those of data.europa.eu's
// method, an address's and its download's taken together; data.gouv.fr counts
// each of its criteria for one; those of files are ours.
var checks = []Check{
	{ID: "keywords", Dimension: Findability, Property: "dcat:keyword", mqa: 30, judge: func(s *subject) verdict { return is(len(s.dataset.Keywords) > 0) }},
	{ID: "themes", Dimension: Findability, Property: "dcat:theme", mqa: 30, judge: func(s *subject) verdict { return is(len(s.dataset.Themes) > 0) }},
	{ID: "spatial", Dimension: Findability, Property: "dct:spatial", mqa: 20, gouv: 1, judge: criterion(dataset.HasSpatial)},
	{ID: "period", Dimension: Findability, Property: "dct:temporal", mqa: 20, gouv: 1, judge: criterion(dataset.HasPeriod)},

	{ID: "address", Dimension: Accessibility, Property: "dcat:downloadURL", mqa: 20, judge: func(s *subject) verdict {
		return each(s, func(f *dataset.Distribution) bool { return f.URL != "" })
	}},
	{ID: "links", Dimension: Accessibility, Property: "dcat:accessURL", mqa: 80, gouv: 1, content: 10, judge: links},

	{ID: "format", Dimension: Interoperability, Property: "dct:format", mqa: 20, judge: func(s *subject) verdict {
		return each(s, func(f *dataset.Distribution) bool { return f.Format != "" })
	}},
	{ID: "media_type", Dimension: Interoperability, Property: "dcat:mediaType", mqa: 20, judge: func(s *subject) verdict {
		return each(s, func(f *dataset.Distribution) bool { return strings.Contains(f.MediaType, "/") })
	}},
	{ID: "open_format", Dimension: Interoperability, Property: "dct:format", mqa: 20, gouv: 1, judge: criterion(dataset.HasOpenFormat)},
	{ID: "machine_readable", Dimension: Interoperability, Property: "dct:format", mqa: 20, judge: func(s *subject) verdict {
		if len(s.dataset.Distributions) == 0 {
			return unknown
		}
		return is(slices.ContainsFunc(s.dataset.Distributions, func(f dataset.Distribution) bool { return machineReadable[f.Format] }))
	}},

	{ID: "licence", Dimension: Reusability, Property: "dct:license", mqa: 20, gouv: 1, judge: criterion(dataset.HasLicence)},
	{ID: "licence_known", Dimension: Reusability, Property: "dct:license", mqa: 10, judge: func(s *subject) verdict {
		l := s.dataset.Licence
		return is(l.ID != "" && !unknownLicence[l.ID] || strings.HasPrefix(l.URL, "http"))
	}},
	{ID: "publisher", Dimension: Reusability, Property: "dct:publisher", mqa: 10, judge: func(s *subject) verdict { return is(s.dataset.Publisher != "") }},

	{ID: "size", Dimension: Contextuality, Property: "dcat:byteSize", mqa: 5, judge: func(s *subject) verdict {
		return each(s, func(f *dataset.Distribution) bool { return f.Size > 0 })
	}},
	{ID: "issued", Dimension: Contextuality, Property: "dct:issued", mqa: 5, judge: func(s *subject) verdict { return is(!s.dataset.Created.IsZero()) }},
	{ID: "modified", Dimension: Contextuality, Property: "dct:modified", mqa: 5, judge: func(s *subject) verdict { return is(!s.dataset.Modified.IsZero()) }},

	{ID: "description", Dimension: Upkeep, Property: "dct:description", gouv: 1, judge: criterion(dataset.HasDescription)},
	{ID: "frequency", Dimension: Upkeep, Property: "dct:accrualPeriodicity", gouv: 1, judge: criterion(dataset.HasFrequency)},
	{ID: "up_to_date", Dimension: Upkeep, Property: "dct:modified", gouv: 1, content: 20, judge: criterion(dataset.UpToDate)},

	{ID: "structure", Dimension: Content, content: 15, judge: inTables(structure)},
	{ID: "header", Dimension: Content, content: 15, judge: inTables(header)},
	{ID: "types", Dimension: Content, content: 15, judge: inTables(types)},
	{ID: "rows", Dimension: Content, content: 10, judge: inTables(rows)},
	{ID: "totals", Dimension: Content, content: 10, judge: inTables(totals)},
	{ID: "codes", Dimension: Content, content: 15, judge: inTables(codes)},
	{ID: "schema", Dimension: Content, Property: "dct:conformsTo", content: 15, judge: inTables(follows)},
}

// criterion judges as data.gouv.fr does.
func criterion(c dataset.Criterion) func(*subject) verdict {
	return func(s *subject) verdict {
		q := dataset.QualityOf(*s.dataset, s.now)
		switch {
		case slices.Contains(q.Met, c):
			return is(true)
		case slices.Contains(q.Missing, c):
			return is(false)
		}
		return unknown
	}
}

// each judges the files one by one. Where the record names none and yet one was
// read, as of the embedded datasets, it is not the portal's record.
func each(s *subject, ok func(*dataset.Distribution) bool) verdict {
	files := s.dataset.Distributions
	switch {
	case len(files) == 0 && len(s.tables) > 0:
		return unknown
	case len(files) == 0:
		return is(false)
	}
	v := verdict{judged: true}
	for i := range files {
		if ok(&files[i]) {
			v.met += 1 / float64(len(files))
			continue
		}
		v.details = append(v.details, Detail{Where: named(&files[i])})
	}
	return v
}

func named(f *dataset.Distribution) string {
	if f.Title != "" {
		return f.Title
	}
	return f.URL
}

// links judges addresses that somebody tried: the portal, which says which are
// dead, or the house, which read a file there.
func links(s *subject) verdict {
	alive, dead := 0, 0
	var details []Detail
	for i := range s.dataset.Distributions {
		f := &s.dataset.Distributions[i]
		switch {
		case f.Dead:
			dead++
			details = append(details, Detail{Where: named(f), What: f.URL})
		case f.Probed, slices.ContainsFunc(s.tables, func(t dataset.Table) bool { return t.DistributionID == f.ID }):
			alive++
		}
	}
	if alive+dead == 0 {
		return unknown
	}
	return verdict{true, float64(alive) / float64(alive+dead), details}
}

var (
	// machineReadable are formats that a program reads without a person, of those that portals name.
	machineReadable = set("csv tsv txt xls xlsx ods json geojson jsonl ndjson xml parquet gpkg shp kml gml gtfs rdf ttl jsonld sqlite wfs api csv.gz dbf gpx netcdf")
	unknownLicence  = set("notspecified other-at other-nc other-closed none unknown")
)

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}
