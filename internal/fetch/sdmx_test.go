package fetch_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"testing"

	"cigogne/internal/fetch"
)

const specific = `<message:StructureSpecificData xmlns:message="m" xmlns:xsi="x"><message:DataSet xsi:type="t">
<Series IDBANK="001739985" FREQ="T" REF_AREA="D67" UNIT_MEASURE="POURCENT"><Obs TIME_PERIOD="2023-Q4" OBS_VALUE="6.5" OBS_STATUS="A" OBS_QUAL="DEF"/><Obs TIME_PERIOD="2024-Q1" OBS_VALUE="6.4" OBS_STATUS="P"/></Series>
<Series IDBANK="001739986" FREQ="T" REF_AREA="D68"><Obs TIME_PERIOD="2024-Q1" OBS_VALUE="7,1"/></Series>
</message:DataSet></message:StructureSpecificData>`

const generic = `<m:GenericData xmlns:m="m" xmlns:g="g"><m:DataSet><g:Series><g:SeriesKey><g:Value id="REF_AREA" value="D67"/></g:SeriesKey>
<g:Obs><g:ObsDimension value="2023"/><g:ObsValue value="12"/><g:Attributes><g:Value id="OBS_STATUS" value="E"/></g:Attributes></g:Obs>
<g:Obs><g:ObsDimension value="2024"/><g:ObsValue value="13"/></g:Obs></g:Series></m:DataSet></m:GenericData>`

func TestObservations(t *testing.T) {
	for name, c := range map[string]struct{ file, want string }{
		"structure-specific": {specific, "IDBANK,FREQ,REF_AREA,UNIT_MEASURE,TIME_PERIOD,OBS_VALUE,OBS_STATUS,OBS_QUAL\n001739985,T,D67,POURCENT,2023-Q4,6.5,A,DEF\n001739985,T,D67,POURCENT,2024-Q1,6.4,P,\n001739986,T,D68,,2024-Q1,\"7,1\",,\n"},
		"generic":            {generic, "REF_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS\nD67,2023,12,E\nD67,2024,13,\n"},
		"no observations":    {`<m:GenericData xmlns:m="m"/>`, ""},
		"no XML":             {`a;b`, ""},
		"cut":                {specific[:300], ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "data.xml")
			if err := os.WriteFile(path, []byte(c.file), 0o644); err != nil {
				t.Fatal(err)
			}
			err := fetch.Observations(path, nil)
			if (err != nil) != (c.want == "") {
				t.Fatal(err)
			}
			if b, _ := os.ReadFile(path); err == nil && string(b) != c.want {
				t.Errorf("%s", b)
			}
		})
	}
}

// What codes mean stands after them, under its own name where that is free.
func TestObservationsSayWhatCodesMean(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.xml")
	if err := os.WriteFile(path, []byte(specific), 0o644); err != nil {
		t.Fatal(err)
	}
	err := fetch.Observations(path, map[string]fetch.Codes{
		"REF_AREA": {Name: "Zone géographique", Labels: map[string]string{"D67": "Bas-Rhin"}},
		"FREQ":     {Name: "OBS_VALUE", Labels: map[string]string{"T": "Trimestrielle"}},
		"IDBANK":   {Name: "Identifiant"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := "IDBANK,FREQ,FREQ_LABEL,REF_AREA,Zone géographique,UNIT_MEASURE,TIME_PERIOD,OBS_VALUE,OBS_STATUS,OBS_QUAL\n001739985,T,Trimestrielle,D67,Bas-Rhin,POURCENT,2023-Q4,6.5,A,DEF\n001739985,T,Trimestrielle,D67,Bas-Rhin,POURCENT,2024-Q1,6.4,P,\n001739986,T,Trimestrielle,D68,,,2024-Q1,\"7,1\",,\n"
	if b, _ := os.ReadFile(path); string(b) != want {
		t.Errorf("%s", b)
	}
}

// FuzzObservations writes each input over the same file: a folder for each costs
// a hundred times what reading it does.
func FuzzObservations(f *testing.F) {
	f.Add([]byte(specific))
	f.Add([]byte(generic))
	path := filepath.Join(f.TempDir(), "data.xml")
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		if fetch.Observations(path, map[string]fetch.Codes{"REF_AREA": {Labels: map[string]string{"D67": "Bas-Rhin"}}}) != nil {
			return
		}
		in, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		if _, err := csv.NewReader(in).ReadAll(); err != nil {
			t.Errorf("no table was written: %v", err)
		}
	})
}
