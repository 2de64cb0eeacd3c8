package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
)

// A statistical office that speaks SDMX: its dataflows are datasets, their
// observations tables, codes and flags kept, and what codes mean beside them.
func TestADataflowIsATable(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/sdmx/dataflow/FR1/all", func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte(`<Structure><Structures><Dataflows><Dataflow id="CHOMAGE" agencyID="FR1"><Name>Taux de chômage</Name></Dataflow></Dataflows></Structures></Structure>`))
	})
	mux.HandleFunc("/sdmx/data/CHOMAGE", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/xml")
		w.Write([]byte(`<StructureSpecificData><DataSet><Series IDBANK="001" REF_AREA="D67"><Obs TIME_PERIOD="2022" OBS_VALUE="6.5" OBS_STATUS="A"/><Obs TIME_PERIOD="2023" OBS_VALUE="6.4" OBS_STATUS="P"/></Series><Series IDBANK="002" REF_AREA="D68"><Obs TIME_PERIOD="2023" OBS_VALUE="7.1" OBS_STATUS="A"/></Series></DataSet></StructureSpecificData>`))
	})
	mux.HandleFunc("/sdmx/datastructure/FR1/CHOMAGE", func(w http.ResponseWriter, _ *http.Request) {
		w.Write([]byte(`<Structure><Structures><Codelists><Codelist id="CL"><Code id="D67"><Name>Bas-Rhin</Name></Code><Code id="D68"><Name>Haut-Rhin</Name></Code></Codelist></Codelists><DataStructures><DataStructure><DataStructureComponents><DimensionList><Dimension id="REF_AREA"><LocalRepresentation><Enumeration><Ref id="CL"/></Enumeration></LocalRepresentation></Dimension></DimensionList></DataStructureComponents></DataStructure></DataStructures></Structures></Structure>`))
	})
	s := httptest.NewServer(mux)
	defer s.Close()
	data := filepath.Join(t.TempDir(), "data")
	must(t, data, "harvest", s.URL+"/sdmx/dataflow/FR1/all", "--allow-private")
	must(t, data, "fetch", "--allow-private")
	out := must(t, data, "dataset", "CHOMAGE", "--json")
	for _, want := range []string{`"rows":3`, "OBS_STATUS", `"001"`, "REF_AREA_LABEL", "Haut-Rhin"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in %s", want, out)
		}
	}
}
