package main

import (
	"context"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"

	"cigogne/internal/config"
)

// deployed is how a file of deploy/ starts the program.
type deployed struct {
	args []string
	env  map[string]string
}

// flags reads the arguments as the program does, and gives the value of each flag
// that is set.
func (d deployed) flags(t *testing.T) map[string]string {
	t.Helper()
	c, rest, err := inLanguage("en").root().Find(d.args)
	if err != nil {
		t.Fatalf("%q: %v", d.args, err)
	}
	if err := c.ParseFlags(rest); err != nil {
		t.Fatalf("%q: %v", d.args, err)
	}
	set := map[string]string{}
	for _, f := range []string{"addr", "metrics", "url", "proxy", "nightly", "config", "ready"} {
		if v := c.Flags().Lookup(f); v != nil && v.Changed {
			set[f] = v.Value.String()
		}
	}
	for name := range d.env {
		if name != "CIGOGNE_DATA" && !slices.ContainsFunc(settings(t), func(s config.Setting) bool { return s.Env == name || s.Env+"_FILE" == name }) {
			t.Errorf("%q: no setting is called %s", d.args, name)
		}
	}
	if _, err := newNightly(inLanguage("en"), set["nightly"], false); err != nil {
		t.Errorf("%q: %v", d.args, err)
	}
	if _, err := (serving{base: set["url"], proxies: set["proxy"]}).client("en"); err != nil {
		t.Errorf("%q: %v", d.args, err)
	}
	return set
}

func settings(t *testing.T) []config.Setting {
	t.Helper()
	all, err := config.Settings(filepath.Join("testdata", "none.toml"), func(string) string { return "" })
	if len(all) == 0 {
		t.Fatal(err)
	}
	return all
}

func port(t *testing.T, address string) string {
	t.Helper()
	_, p, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// compose reads a compose file with all its profiles, held against the schema of
// the compose specification.
func compose(t *testing.T, file string) *types.Project {
	t.Helper()
	p, err := loader.LoadWithContext(context.Background(), types.ConfigDetails{
		WorkingDir: filepath.Dir(file), ConfigFiles: []types.ConfigFile{{Filename: file}}, Environment: types.Mapping{},
	}, func(o *loader.Options) {
		o.SetProjectName("cigogne", true)
		o.Profiles = []string{"*"}
	})
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return p
}

// What the compose files say is what the program takes: flags, settings, ports,
// volumes, the file of settings and the secrets that it names.
func TestComposeFilesStartTheProgram(t *testing.T) {
	entry, data := image(t)
	for _, file := range []string{"../../deploy/compose.yaml", "../../deploy/scale/compose.yaml"} {
		p := compose(t, file)
		found := 0
		for _, s := range p.Services {
			if s.Image != "cigogne" {
				continue
			}
			found++
			env := map[string]string{}
			for k, v := range s.Environment {
				if v != nil {
					env[k] = *v
				}
			}
			set := deployed{s.Command, env}.flags(t)
			serving := port(t, set["addr"])
			for _, published := range s.Ports {
				if serving != strconv.Itoa(int(published.Target)) {
					t.Errorf("%s: port %d is published, %s is served", file, published.Target, serving)
				}
			}
			if env["CIGOGNE_DATA"] != data || !slices.ContainsFunc(s.Volumes, func(v types.ServiceVolumeConfig) bool { return v.Target == data }) {
				t.Errorf("%s: the data are in %s; the volumes are %+v", file, env["CIGOGNE_DATA"], s.Volumes)
			}
			if !s.ReadOnly || !slices.Contains(s.Tmpfs, "/tmp") {
				t.Errorf("%s: a disk that can be written, or no /tmp", file)
			}
			check := s.HealthCheck.Test
			if check[0] != "CMD" || check[1] != entry && check[1] != filepath.Base(entry) {
				t.Fatalf("%s: the health check runs %q", file, check)
			}
			site, err := url.Parse(deployed{args: check[2:]}.flags(t)["ready"])
			if err != nil || site.Scheme != "http" || site.Port() != serving {
				t.Errorf("%s: the health check asks %v, %v", file, site, err)
			}
			settled(t, file, p, s, set["config"])
		}
		if found != 1 {
			t.Errorf("%s: %d services run the program", file, found)
		}
	}
}

// settled holds the file of settings that a service mounts against the program.
func settled(t *testing.T, file string, p *types.Project, s types.ServiceConfig, read string) {
	t.Helper()
	dir := t.TempDir()
	for _, secret := range s.Secrets {
		if err := os.WriteFile(filepath.Join(dir, secret.Source), []byte("postgres://cigogne@db/cigogne\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range s.Configs {
		if c.Target != read {
			t.Errorf("%s: the settings are at %s, the program reads %q", file, c.Target, read)
		}
		content := strings.ReplaceAll(p.Configs[c.Source].Content, "/run/secrets", dir)
		path := filepath.Join(dir, "cigogne.toml")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := config.Load(path, func(string) string { return "" }); err != nil {
			t.Errorf("%s: %s: %v", file, c.Source, err)
		}
	}
}

// Prometheus asks the port that the service serves its metrics on.
func TestPrometheusAsksTheService(t *testing.T) {
	p := compose(t, "../../deploy/compose.yaml")
	app, watcher := p.Services["app"], p.Services["prometheus"]
	b, err := os.ReadFile("../../deploy/prometheus.yml")
	if err != nil {
		t.Fatal(err)
	}
	if want := `"app:` + port(t, deployed{args: app.Command}.flags(t)["metrics"]) + `"`; !strings.Contains(string(b), want) {
		t.Errorf("no %s in %s", want, b)
	}
	for _, v := range watcher.Volumes {
		if v.Type == types.VolumeTypeBind {
			if _, err := os.Stat(v.Source); err != nil {
				t.Error(err)
			}
		}
	}
}

// image is what the Dockerfile makes: where the program stands, and its data.
func image(t *testing.T) (entry, data string) {
	t.Helper()
	b, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	one := func(pattern string) string {
		m := regexp.MustCompile("(?m)" + pattern).FindStringSubmatch(string(b))
		if m == nil {
			t.Fatalf("the Dockerfile has no %s", pattern)
		}
		return m[1]
	}
	entry, data = one(`^ENTRYPOINT \["(/[^"]+)"\]$`), one(`^VOLUME (/\S+)$`)
	if copied := one(`^COPY --from=build /cigogne (\S+)$`); copied != entry {
		t.Errorf("the program is copied to %s, %s is run", copied, entry)
	}
	if d := one(`^ENV CIGOGNE_DATA=(\S+)$`); d != data {
		t.Errorf("the data are in %s, the volume is %s", d, data)
	}
	user := one(`^USER (\d+:\d+)$`)
	one(`^(COPY --from=build --chown=` + user + ` /data /data)$`) // a volume is its image's user's
	one(`(echo 'nonroot:x:` + user + `::)`)                       // whom the compose files name
	one(`^(FROM scratch)$`)
	one(`^(COPY --from=build /etc/ssl/certs/ca-certificates\.crt /etc/ssl/certs/)$`)
	one(`^RUN go build .*-tags (netgo,osusergo,timetzdata) .*-extldflags "-static"`) // nothing else is there to look things up
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if wants := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(string(mod)); one(`^FROM golang:(\d+\.\d+)`) != wants[1] {
		t.Errorf("the image is built with another Go than %s", wants[1])
	}
	return entry, data
}

// The systemd unit starts what the image starts, in the folder that systemd makes;
// systemd itself reads it where it is at hand.
func TestUnitStartsTheProgram(t *testing.T) {
	entry, _ := image(t)
	const file = "../../deploy/cigogne.service"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	key := func(name string) string {
		m := regexp.MustCompile(`(?m)^` + name + `=(.*)$`).FindStringSubmatch(string(b))
		if m == nil {
			t.Fatalf("no %s", name)
		}
		return m[1]
	}
	args, env := strings.Fields(key("ExecStart")), strings.SplitN(key("Environment"), "=", 2)
	if args[0] != entry {
		t.Errorf("%s is run", args[0])
	}
	set := deployed{args[1:], map[string]string{env[0]: env[1]}}.flags(t)
	if _, _, err := net.SplitHostPort(set["addr"]); err != nil || set["metrics"] == set["addr"] {
		t.Errorf("%v: %v", set, err)
	}
	if env[1] != "/var/lib/"+key("StateDirectory") {
		t.Errorf("the data are in %s, systemd makes %s", env[1], key("StateDirectory"))
	}
	verify, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("no systemd-analyze here: the unit is not read by systemd")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(t.TempDir(), "cigogne.service")
	if err := os.WriteFile(unit, []byte(strings.ReplaceAll(string(b), entry, self)), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), verify, "verify", "--man=no", unit).CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "cigogne.service") {
			t.Errorf("systemd: %s", line)
		}
	}
	if err != nil && len(out) == 0 {
		t.Error(err)
	}
}
