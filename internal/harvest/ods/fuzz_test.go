package ods_test

import (
	"testing"

	"cigogne/internal/harvest/ods"
)

func FuzzRecords(f *testing.F) {
	f.Add([]byte(`{"total_count":1,"results":[{"dataset_id":"a","metas":{"default":{"title":"t"}}}]}`))
	f.Add([]byte(`{"dataset_id":"a","has_records":true,"attachments":[{"id":"x"}],"metas":{"default":{"keyword":"a, b"},"dcat":{}}}`))
	f.Add([]byte(`[]`))
	decode := ods.Decoder("https://portail.exemple.fr")
	f.Fuzz(func(t *testing.T, b []byte) {
		records := [][]byte{b}
		if page, err := ods.ParsePage(b); err == nil {
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
