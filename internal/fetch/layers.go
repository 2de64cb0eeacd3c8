package fetch

import (
	"context"
	"encoding/xml"
	"errors"
	"net/url"

	"cigogne/internal/httpx"
)

// FeatureType is a layer of a WFS.
type FeatureType struct {
	Name  string // as requests name it: "eau:lacs"
	Title string
}

// maxCapabilities is the longest description of a service: of thousands of layers.
const maxCapabilities = 64 << 20

// Layers lists the layers of the WFS at an address, as it describes itself.
func (c *Client) Layers(ctx context.Context, address string) (all []FeatureType, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, &httpx.Error{Reason: httpx.Invalid, URL: address, Err: err}
	}
	q := lower(u.Query())
	q.Set("service", "WFS")
	q.Set("request", "GetCapabilities")
	u.RawQuery = q.Encode()
	_, err = c.http.Get(ctx, httpx.Get{
		URL: u.String(), Accept: "application/xml", MaxBytes: maxCapabilities, Attempts: 3,
		Check: func(a *httpx.Answer) (err error) {
			if all, err = parseLayers(a.Body); err != nil {
				return &httpx.Error{Reason: httpx.NotAnswer, URL: u.String(), Status: a.Status, Err: err}
			}
			return nil
		},
	})
	return all, err
}

// NoLayer is the error of a service that has no layer of a dataset's name.
func NoLayer(address string) error {
	return &httpx.Error{Reason: httpx.NotAnswer, URL: address, Err: errNoLayer}
}

var (
	errNoLayer        = errors.New("no layer of the dataset's name")
	errNoCapabilities = errors.New("no capabilities of a WFS")
)

// parseLayers reads the capabilities of a WFS, of whichever version.
func parseLayers(b []byte) ([]FeatureType, error) {
	var found struct {
		XMLName xml.Name
		List    *struct {
			Types []FeatureType `xml:"FeatureType"`
		} `xml:"FeatureTypeList"`
	}
	if err := xml.Unmarshal(b, &found); err != nil {
		return nil, err
	}
	if found.XMLName.Local != "WFS_Capabilities" || found.List == nil {
		return nil, errNoCapabilities
	}
	var out []FeatureType
	for _, t := range found.List.Types {
		if t.Name != "" {
			out = append(out, t)
		}
	}
	return out, nil
}
