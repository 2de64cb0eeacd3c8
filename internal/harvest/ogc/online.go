// Package ogc reads what geographic portals offer beside CSW: the links of
// their records (Online), and OGC API - Records (Records).
package ogc

import (
	"net/url"
	"strings"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
)

// Online is a link of a geographic record. What it leads to is told by its
// protocol, else by its address.
type Online struct {
	URL, Protocol, Name, Description, MediaType string
}

// services by the words of protocols and of addresses' service parameter.
var services = []string{"wfs", "wms", "wmts", "wcs", "wmc", "wps", "csw", "atom", "tms", "sos", "kml"}

// Distribution is the link as a distribution. A layer of a WFS is a table: its
// address asks for all its rows as CSV.
func (o Online) Distribution() dataset.Distribution {
	x := dataset.Distribution{
		Title:     harvest.Line(o.Name),
		URL:       o.URL,
		MediaType: harvest.MediaType(o.MediaType),
	}
	if x.Title == "" || harvest.IsWeb(x.Title) {
		x.Title = clip(harvest.Line(harvest.Plain(o.Description)))
	}
	service := o.service()
	switch {
	case service == "wfs":
		x.Format = service
		if u := FeatureCSV(o.URL, o.Name); u != "" {
			x.URL, x.Format, x.MediaType = u, "csv", "text/csv"
		}
	case service != "":
		x.Format = service
	default:
		x.Format = o.format(x.MediaType)
	}
	return x
}

const maxTitle = 200

func clip(s string) string {
	if len(s) > maxTitle {
		return strings.ToValidUTF8(s[:maxTitle], "")
	}
	return s
}

func (o Online) service() string {
	protocol := strings.ToLower(o.Protocol)
	for _, s := range services {
		if protocol == s || strings.Contains(protocol, "ogc:"+s) || strings.Contains(protocol, "esri:"+s) {
			return s
		}
	}
	u, err := url.Parse(o.URL)
	if err != nil || strings.Contains(protocol, "download") {
		return ""
	}
	for k, v := range u.Query() {
		if strings.EqualFold(k, "service") && len(v) > 0 {
			for _, s := range services {
				if strings.EqualFold(v[0], s) {
					return s
				}
			}
		}
	}
	return ""
}

// format of a link that is no service.
func (o Online) format(mediaType string) string {
	protocol := strings.ToLower(o.Protocol)
	if _, f, ok := strings.Cut(protocol, "download:"); ok { // WWW:DOWNLOAD:text/csv
		return harvest.Format(f, mediaType, o.URL)
	}
	f := harvest.Format("", mediaType, o.URL)
	if f == "" && (strings.Contains(protocol, "link") || protocol == "text/html") {
		return "html"
	}
	return f
}

// asked are the parameters of a service's address that a request of ours sets.
var asked = []string{"service", "request", "version", "typename", "typenames", "outputformat", "srsname", "maxfeatures", "count", "layers", "layer", "format", "width", "height", "bbox", "styles"}

// Base is a service's address without what asks it for something.
func Base(address string) *url.URL {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Host == "" {
		return nil
	}
	q := u.Query()
	for k := range q {
		for _, a := range asked {
			if strings.EqualFold(k, a) {
				q.Del(k)
			}
		}
	}
	u.RawQuery, u.Fragment = q.Encode(), ""
	return u
}

// FeatureCSV is the address of all features of a layer of a WFS, as CSV; ""
// where no layer is named.
func FeatureCSV(address, layer string) string {
	layer = strings.TrimSpace(layer)
	if u, err := url.Parse(address); err == nil {
		for k, v := range u.Query() {
			if (strings.EqualFold(k, "typename") || strings.EqualFold(k, "typenames")) && len(v) > 0 {
				layer = v[0]
			}
		}
	}
	u := Base(address)
	if u == nil || layer == "" || strings.ContainsAny(layer, " ,()/") {
		return ""
	}
	q := u.Query()
	q.Set("service", "WFS")
	q.Set("version", "2.0.0")
	q.Set("request", "GetFeature")
	q.Set("typeNames", layer)
	q.Set("outputFormat", "csv")
	u.RawQuery = q.Encode()
	return u.String()
}
