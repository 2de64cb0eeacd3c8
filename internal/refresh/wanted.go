package refresh

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest/melodi"
	"cigogne/internal/harvest/sdmx"
	"cigogne/internal/lang"
)

// tabularFormats are those that the table reader takes; secondFormats those that
// mostly repeat them: wanted where the dataset has no file of the first.
var (
	tabularFormats = []string{"csv", "tsv", "parquet", "xlsx", "ods", "csv.gz", "csv.zip", "geoparquet", sdmx.Type, melodi.Type}
	secondFormats  = []string{"gtfs", "json", "jsonl", "ndjson", "zip"}
)

// tabular tells whether a distribution is worth downloading: by its declared
// format or media type, else by the end of its address.
func tabular(d dataset.Distribution) bool {
	if slices.Contains(tabularFormats, format(d)) {
		return true
	}
	switch d.MediaType {
	case "text/csv", "text/tab-separated-values", "application/vnd.apache.parquet", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/vnd.oasis.opendocument.spreadsheet":
		return true
	}
	if d.Format != "" && !slices.Contains([]string{"txt", "zip", "gz"}, d.Format) {
		return false
	}
	return slices.Contains(tabularFormats, ending(d))
}

// wanted tells whether a distribution of a dataset is worth downloading.
func wanted(d dataset.Dataset, dist dataset.Distribution) bool {
	return tabular(dist) || layer(d, dist) || second(dist) && !slices.ContainsFunc(d.Distributions, tabular)
}

// second tells a file that may hold tables: JSON that is no service, an archive
// that names them. Most archives are maps.
func second(d dataset.Distribution) bool {
	f := format(d)
	if f == service {
		return true
	}
	if f == "" {
		f = ending(d)
	}
	if !slices.Contains(secondFormats, f) {
		return false
	}
	if f != "zip" {
		return f == "gtfs" || ending(d) == f
	}
	words := strings.Fields(lang.Fold(d.Title + " " + d.URL))
	return slices.ContainsFunc(words, func(w string) bool {
		return slices.Contains([]string{"csv", "xlsx", "ods", "gtfs", "json", "tableur", "tableau", "donnees"}, w)
	})
}

func format(d dataset.Distribution) string { return strings.TrimPrefix(d.Format, ".") }

// ending is how a distribution's address ends, without the point.
func ending(d dataset.Distribution) string {
	u, err := url.Parse(d.URL)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(path.Ext(u.Path)), ".")
}
