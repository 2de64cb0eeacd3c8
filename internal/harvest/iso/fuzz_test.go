package iso_test

import (
	"testing"

	"cigogne/internal/harvest/iso"
)

func FuzzRecords(f *testing.F) {
	f.Add([]byte(`<csw:GetRecordsResponse><gmd:MD_Metadata><gmd:fileIdentifier><gco:CharacterString>a</gco:CharacterString></gmd:fileIdentifier><gmd:identificationInfo><gmd:MD_DataIdentification><gmd:citation><gmd:CI_Citation><gmd:title><gmx:Anchor>t</gmx:Anchor></gmd:title></gmd:CI_Citation></gmd:citation></gmd:MD_DataIdentification></gmd:identificationInfo></gmd:MD_Metadata></csw:GetRecordsResponse>`))
	f.Add([]byte(`<?xml version="1.0" encoding="ISO-8859-1"?><mdb:MD_Metadata><mdb:metadataIdentifier><mcc:MD_Identifier><mcc:code><gco:CharacterString>b</gco:CharacterString></mcc:code></mcc:MD_Identifier></mdb:metadataIdentifier></mdb:MD_Metadata>`))
	decode := iso.Decoder("https://portail.exemple.fr", func(id string) string { return "https://portail.exemple.fr/" + id })
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, r := range append(iso.Records(b), b) {
			if d, _, err := decode(r); err == nil && (d.ID == "" || d.Title == "") {
				t.Errorf("a dataset without ID or title: %+v", d)
			}
		}
	})
}

// A record that is no XML costs the page that record.
func TestOneBrokenRecord(t *testing.T) {
	whole := `<gmd:MD_Metadata><gmd:fileIdentifier><gco:CharacterString>a</gco:CharacterString></gmd:fileIdentifier><gmd:identificationInfo><gmd:MD_DataIdentification><gmd:citation><gmd:CI_Citation><gmd:title><gco:CharacterString>t</gco:CharacterString></gmd:title></gmd:CI_Citation></gmd:citation></gmd:MD_DataIdentification></gmd:identificationInfo></gmd:MD_Metadata>`
	page := `<csw:SearchResults>` + whole + `<gmd:MD_Metadata><gmd:title>a < b</gmd:MD_Metadata>` + whole + `</csw:SearchResults>`
	records := iso.Records([]byte(page))
	if len(records) != 3 {
		t.Fatalf("%d records", len(records))
	}
	decode := iso.Decoder("https://portail.exemple.fr", nil)
	for i, want := range []bool{true, false, true} {
		if _, _, err := decode(records[i]); (err == nil) != want {
			t.Errorf("record %d: %v", i, err)
		}
	}
}
