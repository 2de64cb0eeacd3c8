package staff_test

import (
	"bufio"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"cigogne/internal/surface/staff"
)

// site is a gate before a page, with addresses of its own.
func site(t *testing.T, issuer string) (*httptest.Server, *http.Client) {
	t.Helper()
	srv := httptest.NewUnstartedServer(nil)
	base := "http://" + srv.Listener.Addr().String()
	gate := staff.New(staff.Parts{
		Issuer: issuer, Client: "cigogne", Secret: "a secret of the test", Emails: []string{"Ada@example.org", "unproven@example.org", "@data.example.org"},
		Base: func(*http.Request) string { return base },
		Sorry: func(w http.ResponseWriter, _ *http.Request, status int, why staff.Refusal) {
			w.WriteHeader(status)
			fmt.Fprint(w, why)
		},
		HTTP: &http.Client{Timeout: 10 * time.Second}, Log: slog.New(slog.DiscardHandler),
	})
	srv.Config.Handler = gate.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "the team's page") }))
	srv.Start()
	t.Cleanup(srv.Close)
	return srv, browser(t)
}

func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Timeout: 20 * time.Second}
}

// provider runs npm oidc-provider; the test is skipped where it cannot be had.
func provider(t *testing.T, port int, redirect string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("installs a provider")
	}
	dir := t.TempDir()
	if out, err := exec.Command("npm", "install", "--silent", "--prefix", dir, "oidc-provider@9.13.3").CombinedOutput(); err != nil {
		t.Skipf("npm oidc-provider is not to be had: %v %s", err, out)
	}
	script, err := os.ReadFile("testdata/provider.mjs")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "provider.mjs")
	if err := os.WriteFile(file, script, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("node", file, fmt.Sprint(port), redirect)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = io.Discard
	if err := cmd.Start(); err != nil {
		t.Skipf("node: %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	if !bufio.NewScanner(out).Scan() {
		t.Fatal("the provider did not start")
	}
	return fmt.Sprintf("http://127.0.0.1:%d", port)
}

var action = regexp.MustCompile(`action="([^"]+)"`)

// signIn goes the way of a browser: to the team's page, through the provider's
// forms, and back. It returns what is shown at the end.
func signIn(t *testing.T, client *http.Client, address, name string) (int, string) {
	t.Helper()
	res, err := client.Get(address)
	for range 4 {
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(res.Body)
		res.Body.Close()
		form := action.FindStringSubmatch(string(b))
		if form == nil {
			return res.StatusCode, string(b)
		}
		to, err2 := res.Request.URL.Parse(form[1])
		if err2 != nil {
			t.Fatal(err2)
		}
		fields := url.Values{"prompt": {"login"}, "login": {name}, "password": {"any"}}
		if strings.Contains(string(b), `value="consent"`) {
			fields = url.Values{"prompt": {"consent"}}
		}
		res, err = client.PostForm(to.String(), fields)
	}
	t.Fatal("the provider asks without end")
	return 0, ""
}

func TestARealProvider(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	srv, client := site(t, fmt.Sprintf("http://127.0.0.1:%d", port))
	if status, said := signIn(t, client, srv.URL+"/staff/", ""); status != http.StatusBadGateway || said != string(staff.Away) {
		t.Errorf("before the provider is there: %d %s", status, said)
	}
	provider(t, port, srv.URL+"/staff/callback")
	for name, want := range map[string]struct {
		status int
		said   string
	}{
		"ada":      {http.StatusOK, "the team's page"},
		"mallory":  {http.StatusForbidden, string(staff.Unknown)},
		"unproven": {http.StatusForbidden, string(staff.Unknown)},
	} {
		t.Run(name, func(t *testing.T) {
			client := browser(t)
			if status, said := signIn(t, client, srv.URL+"/staff/", name); status != want.status || said != want.said {
				t.Fatalf("%d %s", status, said)
			}
			if name != "ada" {
				return
			}
			if res, err := client.Post(srv.URL+"/staff/sign-out", "", nil); err != nil {
				t.Fatal(err)
			} else {
				res.Body.Close()
			}
			client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			res, err := client.Get(srv.URL + "/staff/")
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != http.StatusSeeOther {
				t.Errorf("after signing out: %d", res.StatusCode)
			}
		})
	}
	t.Run("another's sign-in", func(t *testing.T) { // a link that somebody else began
		other := browser(t)
		other.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		res, err := other.Get(srv.URL + "/staff/sign-in")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		to, err := res.Location()
		if err != nil {
			t.Fatal(err)
		}
		if q := to.Query(); q.Get("nonce") == "" || q.Get("code_challenge_method") != "S256" {
			t.Errorf("sent to %s", to)
		}
		back := srv.URL + "/staff/callback?code=x&state=" + to.Query().Get("state")
		if status, said := signIn(t, browser(t), back, ""); status != http.StatusBadRequest || said != string(staff.Stale) {
			t.Errorf("%d %s", status, said)
		}
	})
}

func TestNobodyIsLetInWithoutASession(t *testing.T) {
	srv, client := site(t, "http://127.0.0.1:1")
	for path, want := range map[string]string{
		"/staff/":                      string(staff.Away),
		"/staff/anything":              string(staff.Away),
		"/staff/callback":              string(staff.Stale),
		"/staff/callback?state=&code=": string(staff.Stale),
	} {
		req, err := http.NewRequest(http.MethodGet, srv.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.AddCookie(&http.Cookie{Name: "cigogne-staff", Value: "guessed"})
		req.AddCookie(&http.Cookie{Name: "cigogne-sign-in", Value: ""})
		res, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if string(b) != want {
			t.Errorf("%s: %d %s", path, res.StatusCode, b)
		}
	}
}
