package ckan

import (
	"strings"

	"cigogne/internal/harvest"
)

// spatial is the territory in words where the portal names it, else the box
// "west,south,east,north" in degrees.
func (r record) spatial() string {
	for _, key := range []string{"spatial_text", "spatial-text", "geographic_coverage", "spatial_coverage", "territory", "territoire", "geocover", "spatial"} {
		if s := harvest.Spatial(r.text(key)); s != "" {
			return s
		}
	}
	if b := harvest.Box(r.Object.Object("spatial")["coordinates"]); b != "" {
		return b
	}
	var edges []string
	for _, key := range []string{"bbox-west-long", "bbox-south-lat", "bbox-east-long", "bbox-north-lat"} {
		if s := r.text(key); s != "" {
			edges = append(edges, s)
		}
	}
	if len(edges) == 4 {
		return strings.Join(edges, ",")
	}
	return ""
}
