package portal_test

import (
	"bufio"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cigogne/internal/dataset"
	"cigogne/internal/harvest"
	"cigogne/internal/harvest/harvesttest"
	"cigogne/internal/harvest/iso"
	"cigogne/internal/harvest/portal"
)

// The servers themselves, where a Python is named that has them:
// CIGOGNE_TEST_PYCSW (pycsw 2.6.2 with SQLAlchemy below 2) and
// CIGOGNE_TEST_PYGEOAPI (pygeoapi with TinyDB); CIGOGNE_TEST_CKAN is an address.

// run starts a program that prints its address on a line, and returns it.
func run(t *testing.T, dir, python string, args ...string) string {
	t.Helper()
	cmd := exec.Command(python, args...)
	cmd.Dir = dir
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

const pycswConfig = `[server]
home=.
url=http://127.0.0.1/
mimetype=application/xml; charset=UTF-8
encoding=UTF-8
language=en-US
maxrecords=5
profiles=apiso
[manager]
transactions=false
[metadata:main]
identification_title=t
identification_abstract=t
identification_keywords=t
identification_keywords_type=theme
identification_fees=None
identification_accessconstraints=None
provider_name=t
provider_url=http://127.0.0.1/
contact_name=t
contact_position=t
contact_address=t
contact_city=t
contact_stateorprovince=t
contact_postalcode=t
contact_country=t
contact_phone=t
contact_fax=t
contact_email=t@exemple.fr
contact_url=http://127.0.0.1/
contact_hours=t
contact_instructions=t
contact_role=pointOfContact
[repository]
database=sqlite:///%s
table=records
`

// It serves the address with whichever WSGI application the module has.
const pycswServer = `import os, warnings
warnings.simplefilter("ignore")
os.environ["PYCSW_CONFIG"] = "pycsw.cfg"
from wsgiref.simple_server import make_server, WSGIRequestHandler
from pycsw.wsgi import application
class quiet(WSGIRequestHandler):
    def log_message(self, *args): pass
server = make_server("127.0.0.1", 0, application, handler_class=quiet)
print("http://127.0.0.1:%d" % server.server_port, flush=True)
server.serve_forever()
`

// pycsw starts one that holds the records given, each a document, and returns its
// address.
func pycsw(t *testing.T, records []string) string {
	python := os.Getenv("CIGOGNE_TEST_PYCSW")
	if python == "" {
		t.Skip("CIGOGNE_TEST_PYCSW names no Python that has pycsw")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "pycsw.cfg"), fmt.Sprintf(pycswConfig, filepath.Join(dir, "records.db")))
	write(t, filepath.Join(dir, "serve.py"), pycswServer)
	for i, r := range records {
		write(t, filepath.Join(dir, "records", fmt.Sprint(i, ".xml")), r)
	}
	admin := filepath.Join(filepath.Dir(python), "pycsw-admin.py")
	for _, args := range [][]string{{"-c", "setup_db"}, {"-c", "load_records", "-p", "records"}} {
		cmd := exec.Command(python, append([]string{admin, "-f", "pycsw.cfg"}, args...)...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		} else if testing.Verbose() {
			t.Logf("%s", out)
		}
	}
	return run(t, dir, python, "serve.py")
}

// pycsw caps the page in silence, and leads back to the first record past the
// end.
func TestPycsw(t *testing.T) {
	const n = 12
	var records []string
	for i := range n {
		records = append(records, isoRecord(i))
	}
	base := pycsw(t, records)
	for _, address := range []string{base, base + "/csw", base + "/?service=CSW&request=GetCapabilities"} {
		p, err := portal.Detect(t.Context(), client(), address, "")
		if err != nil {
			t.Fatal(err)
		}
		got, report := collect(t, p)
		if p.Type() != "csw" || len(got) != n || report.Declared != n || report.Broken != 0 {
			t.Fatalf("%s at %s: %d of %d, %+v", p.Type(), p.URL(), len(got), n, report)
		}
		for _, d := range got {
			if d.ID == "jeu-0" {
				same(t, d)
			}
		}
		if address == base {
			tell(t, "pycsw, ours", got, report)
		}
	}
}

// The same with records of real portals: what pycsw takes in comes out again.
func TestPycswWithRecordedRecords(t *testing.T) {
	shared := cmp.Or(os.Getenv("CIGOGNE_SHARED"), filepath.Join("..", "..", "..", "..", "shared"))
	files, err := filepath.Glob(filepath.Join(shared, "fixtures", "csw", "*.xml"))
	if err != nil || len(files) == 0 {
		t.Skip("no recorded payloads")
	}
	var records []string
	titled := 0
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range iso.Records(b) {
			if _, _, err := iso.Decoder("", nil)(r); err == nil {
				titled++
			}
			records = append(records, string(r))
		}
	}
	base := pycsw(t, records)
	p, err := portal.Detect(t.Context(), client(), base, "")
	if err != nil {
		t.Fatal(err)
	}
	got, report := collect(t, p)
	t.Logf("%d records given, %d of them with a title", len(records), titled)
	if report.Lies() || len(got) == 0 || report.Datasets+report.Broken+report.Hidden != report.Declared {
		t.Errorf("%d datasets, %+v", len(got), report)
	}
	tell(t, "pycsw, recorded", got, report)
}

// tell prints what of a server's records has come through.
func tell(t *testing.T, name string, got []dataset.Dataset, report harvest.Report) {
	t.Log("\n" + harvesttest.Head() + "\n" + harvesttest.Line("server: "+name, got, report))
}

const pygeoapiConfig = `server:
  bind: {host: 127.0.0.1, port: 5000}
  url: http://127.0.0.1:5000
  mimetype: application/json; charset=UTF-8
  encoding: utf-8
  languages: [fr-FR]
  limits: {default_items: 10, max_items: 10}
  map: {url: "https://exemple.fr/{z}/{x}/{y}.png", attribution: x}
logging: {level: ERROR}
metadata:
  identification: {title: t, description: t, keywords: [t], keywords_type: theme, terms_of_service: t, url: "http://127.0.0.1"}
  license: {name: t, url: "http://127.0.0.1"}
  provider: {name: t, url: "http://127.0.0.1"}
  contact: {name: t, email: t@exemple.fr}
resources:
  records:
    type: collection
    title: t
    description: t
    keywords: [t]
    extents: {spatial: {bbox: [-180, -90, 180, 90], crs: "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}}
    providers:
      - {type: record, name: TinyDBCatalogue, data: records.tinydb, id_field: externalId, time_field: created, title_field: title}
`

const pygeoapiServer = `import json, os, subprocess, sys
from tinydb import TinyDB
db = TinyDB("records.tinydb")
for i in range(int(sys.argv[1])):
    db.insert({"id": "jeu-%d" % i, "type": "Feature", "geometry": None, "time": {"interval": ["2016-01-01", "2020-12-31"]},
        "properties": {"externalId": "jeu-%d" % i, "type": "dataset", "title": "Jeu %d" % i, "description": "Du gras.", "keywords": ["eau"],
            "license": "Licence Ouverte 2.0", "created": "2020-01-02T03:04:05Z", "updated": "2024-05-06T07:08:09Z",
            "contacts": [{"name": "x", "organization": "Ville", "roles": ["publisher"]}], "_metadata-anytext": ""},
        "links": [{"href": "https://exemple.fr/f.csv", "rel": "item", "type": "text/csv", "title": "Le fichier"}]})
db.close()
subprocess.run([os.path.join(os.path.dirname(sys.executable), "pygeoapi"), "openapi", "generate", "pygeoapi.yml", "--output-file", "openapi.yml"], check=True, stdout=subprocess.DEVNULL)
os.environ["PYGEOAPI_CONFIG"], os.environ["PYGEOAPI_OPENAPI"] = "pygeoapi.yml", "openapi.yml"
from wsgiref.simple_server import make_server, WSGIRequestHandler
from pygeoapi.flask_app import APP
class quiet(WSGIRequestHandler):
    def log_message(self, *args): pass
server = make_server("127.0.0.1", 0, APP, handler_class=quiet)
print("http://127.0.0.1:%d" % server.server_port, flush=True)
server.serve_forever()
`

// pygeoapi caps the page in silence.
func TestPygeoapi(t *testing.T) {
	python := os.Getenv("CIGOGNE_TEST_PYGEOAPI")
	if python == "" {
		t.Skip("CIGOGNE_TEST_PYGEOAPI names no Python that has pygeoapi")
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "pygeoapi.yml"), pygeoapiConfig)
	write(t, filepath.Join(dir, "serve.py"), pygeoapiServer)
	const n = 25
	base := run(t, dir, python, "serve.py", fmt.Sprint(n))
	for _, address := range []string{base, base + "/collections/records"} {
		p, err := portal.Detect(t.Context(), client(), address, "")
		if err != nil {
			t.Fatal(err)
		}
		got, report := collect(t, p)
		if p.Type() != "ogc-records" || len(got) != n || report.Declared != n {
			t.Fatalf("%s at %s: %d of %d, %+v", p.Type(), p.URL(), len(got), n, report)
		}
		for _, d := range got {
			if d.ID == "jeu-0" {
				same(t, d)
			}
		}
		if address == base {
			tell(t, "pygeoapi", got, report)
		}
	}
}

// CKAN as tools/ckan/ckan.sh starts it with 200 datasets: the page is capped at 30 in silence, and a private
// dataset, a draft and a deleted one are not to be had.
func TestCKAN(t *testing.T) {
	base := os.Getenv("CIGOGNE_TEST_CKAN")
	if base == "" {
		t.Skip("CIGOGNE_TEST_CKAN names no address of a CKAN that tools/ckan/ckan.sh has started")
	}
	for _, address := range []string{base, base + "/dataset/", base + "/dataset/jeu-3", base + "/api/3/action/package_search?q=eau"} {
		p, err := portal.Detect(t.Context(), client(), address, "")
		if err != nil {
			t.Fatal(err)
		}
		got, report := collect(t, p)
		if p.Type() != "ckan" || len(got) != 200 || report.Declared != 200 || report.Broken != 0 || report.Pages < 7 {
			t.Fatalf("%s at %s: %d, %+v", p.Type(), p.URL(), len(got), report)
		}
		if address == base {
			tell(t, "CKAN", got, report)
		}
		by := map[string]dataset.Dataset{}
		for _, d := range got {
			if by[d.Name] = d; d.Created.IsZero() || d.Modified.IsZero() || d.Publisher != "Ville" || !strings.HasPrefix(d.URL, base) {
				t.Errorf("%s: created %v, modified %v, by %q, at %s", d.Name, d.Created, d.Modified, d.Publisher, d.URL)
			}
		}
		d := by["jeu-0"]
		if d.Title != "Jeu 0" || d.Description != "Du gras." || d.Licence.ID != "lov2" || d.Frequency != "annual" ||
			d.Period != (dataset.Period{Start: "2016-01-01", End: "2020-12-31"}) || !slices.Equal(d.Keywords, []string{"eau"}) ||
			len(d.Distributions) != 1 || d.Distributions[0].URL != "https://exemple.fr/f.csv" || d.Distributions[0].Format != "csv" {
			t.Errorf("%+v", d)
		}
		if d := by["jeu-1"]; d.Licence.ID != "" || !slices.Contains(d.Keywords, "Été à la plage") {
			t.Errorf("not specified: %+v", d)
		}
		if d := by["jeu-2"]; d.Licence.Title != "Licence de la ville" || d.Distributions[0].URL != "http://exemple.fr/sans-schema.csv" {
			t.Errorf("a licence of no list, an address without scheme: %+v", d)
		}
		if d := by["jeu-4"]; len(d.Distributions) != 2 || harvest.TableFormat(d.Distributions[1]) != "xlsx" {
			t.Errorf("a file without a format: %+v", d)
		}
	}
}
