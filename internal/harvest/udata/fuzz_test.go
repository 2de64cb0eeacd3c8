package udata_test

import (
	"testing"

	"cigogne/internal/harvest/udata"
)

func FuzzRecords(f *testing.F) {
	f.Add([]byte(`{"data":[{"id":"a","title":"t","resources":{"href":"x","total":1}}],"total":1,"page":1}`))
	f.Add([]byte(`{"id":"a","spatial":{"zones":["fr:region:44",{"id":"country:fr"}]},"license":{"id":"lov2"},"resources":[{"url":"f","extras":{"check:available":false}}]}`))
	f.Add([]byte(`[]`))
	decode := udata.Decoder("https://portail.exemple.fr")
	f.Fuzz(func(t *testing.T, b []byte) {
		records := [][]byte{b}
		if page, err := udata.ParsePage(b); err == nil {
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
