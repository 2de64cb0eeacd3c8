package geonetwork_test

import (
	"testing"

	"cigogne/internal/harvest/geonetwork"
)

func FuzzRecords(f *testing.F) {
	f.Add([]byte(`{"hits":{"total":{"value":1},"hits":[{"_source":{"uuid":"a"}}]}}`))
	f.Add([]byte(`{"_source":{"uuid":"a","resourceTitleObject":{"default":"t"},"link":[{"url":"https://x.fr","protocol":"OGC:WFS","name":"a:b"}]}}`))
	f.Add([]byte(`[]`))
	decode := geonetwork.Decoder("https://portail.exemple.fr")
	f.Fuzz(func(t *testing.T, b []byte) {
		records := [][]byte{b}
		if page, err := geonetwork.ParsePage(b); err == nil {
			for _, r := range page.Records {
				records = append(records, r)
			}
		}
		for _, r := range records {
			if d, _, err := decode(r); err == nil && (d.ID == "" || d.Title == "" || d.Portal == "") {
				t.Errorf("a dataset without ID, title or portal: %+v", d)
			}
		}
	})
}
