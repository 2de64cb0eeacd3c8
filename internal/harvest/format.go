package harvest

import (
	"mime"
	"net/url"
	"path"
	"regexp"
	"strings"

	"cigogne/internal/dataset"
)

// formats by what portals call them, in lower case.
var formats = map[string]string{
	"text/csv": "csv", "application/csv": "csv", "text/comma-separated-values": "csv", "csv.gz": "csv",
	"text/tab-separated-values": "tsv", "tab": "tsv", "text/tsv": "tsv",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx", "excel 2007": "xlsx", "excel (xlsx)": "xlsx", "ms excel xlsx": "xlsx", "xlsm": "xlsx",
	"application/vnd.ms-excel": "xls", "application/msexcel": "xls", "application/x-msexcel": "xls", "excel": "xls", "ms excel": "xls",
	"application/vnd.oasis.opendocument.spreadsheet": "ods", "opendocument": "ods",
	"application/vnd.apache.parquet": "parquet", "application/parquet": "parquet", "application/x-parquet": "parquet", "geoparquet": "parquet",
	"application/json": "json", "text/json": "json", "application/geo+json": "geojson", "application/vnd.geo+json": "geojson", "geo+json": "geojson",
	"application/x-ndjson": "jsonl", "application/jsonl": "jsonl", "ndjson": "jsonl",
	"application/zip": "zip", "application/x-zip-compressed": "zip", "application/x-zip": "zip",
	"application/pdf": "pdf", "text/html": "html", "htm": "html", "page web": "html", "web page": "html", "website": "html",
	"application/xml": "xml", "text/xml": "xml", "text/plain": "txt", "application/gml+xml": "gml", "application/vnd.google-earth.kml+xml": "kml",
	"esri shapefile": "shp", "shapefile": "shp", "application/x-shapefile": "shp", "geopackage": "gpkg", "application/geopackage+sqlite3": "gpkg",
	"ogc:wms": "wms", "ogc:wfs": "wfs", "wms_srvc": "wms", "wfs_srvc": "wfs", "ogc wms": "wms", "ogc wfs": "wfs",
	"application/octet-stream": "", "application/x-www-form-urlencoded": "", "binary": "", "file": "", "data": "",
}

// extensions that say what a file is.
var extensions = map[string]bool{
	"csv": true, "tsv": true, "xlsx": true, "xls": true, "ods": true, "parquet": true, "json": true, "geojson": true, "jsonl": true, "ndjson": true,
	"zip": true, "7z": true, "gz": true, "rar": true, "pdf": true, "xml": true, "txt": true, "shp": true, "gpkg": true, "kml": true, "kmz": true, "gml": true,
	"html": true, "htm": true, "doc": true, "docx": true, "odt": true, "png": true, "jpg": true, "jpeg": true, "tif": true, "tiff": true, "rdf": true, "ttl": true, "gtfs": true,
}

// Format names the format of a file in one lower-case word from what the portal
// calls it, else its media type, else its address. "" where none tells.
func Format(declared, mediaType, address string) string {
	f := formatName(declared)
	if f == "" {
		if f = formatName(mediaType); f == "html" {
			f = ""
		}
	}
	if f == "" || f == "json" && ending(address) == "geojson" {
		if e := extension(address); e != "" || f == "" {
			return e
		}
		return ending(address)
	}
	return f
}

// ending is the last word of an address's path: "/exports/geojson".
func ending(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	name := strings.ToLower(path.Base(u.Path))
	return name[strings.LastIndexByte(name, '.')+1:]
}

var notWord = regexp.MustCompile(`[^a-z0-9+]+`)

func formatName(s string) string {
	s = strings.ToLower(Line(s))
	if i := strings.LastIndex(s, "/"); i >= 0 && strings.Contains(s, "://") {
		s = s[i+1:] // a URI of a vocabulary
	}
	if m, _, err := mime.ParseMediaType(s); err == nil && strings.Contains(m, "/") {
		s = m
	}
	s = strings.TrimPrefix(strings.Trim(s, " ()"), ".")
	if f, ok := formats[s]; ok {
		return f
	}
	// "csv/utf8", "CSV (UTF-8)", "excel 2007 (.xlsx)": the word that is a format.
	words := strings.Fields(notWord.ReplaceAllString(s, " "))
	for _, w := range words {
		if extensions[w] && w != "zip" && w != "gz" {
			return w
		}
	}
	for _, w := range words {
		if f := formats[w]; f != "" {
			return f
		}
	}
	if len(words) > 3 {
		return ""
	}
	return cut(strings.Join(words, " "), 40)
}

// extension is the format that the end of an address tells, "" where it does not.
func extension(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	name := strings.ToLower(path.Base(u.Path))
	name = strings.TrimSuffix(name, ".gz")
	e := strings.TrimPrefix(path.Ext(name), ".")
	if !extensions[e] {
		return ""
	}
	if f, ok := formats[e]; ok {
		return f
	}
	return e
}

// TableFormat is the format of a distribution that can be read as a table (csv,
// tsv, xlsx, ods, parquet), "" for all others. An archive is none, whatever the
// portal calls it.
func TableFormat(d dataset.Distribution) string {
	e := extension(d.URL)
	switch e {
	case "zip", "7z", "rar", "gtfs":
		return ""
	}
	f := d.Format
	if f == "" || f == "txt" || f == "xls" && e == "xlsx" || f == "zip" {
		f = formatName(d.MediaType)
		if f == "" || f == "txt" || f == "xls" {
			f = e
		}
	}
	switch f {
	case "csv", "tsv", "xlsx", "ods", "parquet":
		return f
	}
	return ""
}
