package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// axeSource finds axe-core, or skips the test visibly.
func axeSource(t *testing.T) string {
	t.Helper()
	for _, dir := range []string{os.Getenv("CIGOGNE_AXE"), "../../node_modules/axe-core", "/usr/lib/node_modules/axe-core", "/usr/local/lib/node_modules/axe-core"} {
		if b, err := os.ReadFile(filepath.Join(dir, "axe.min.js")); dir != "" && err == nil {
			return string(b)
		}
	}
	t.Skip("axe-core is not installed (npm install --no-save axe-core, or CIGOGNE_AXE=its folder): accessibility was not checked")
	return ""
}

// served serves the whole site over the embedded catalogue, or over the data
// directory that CIGOGNE_TEST_DATA names.
func served(t *testing.T, sv serving) string {
	t.Helper()
	env := func(name string) string {
		if name == "LANG" {
			return "fr_FR.UTF-8"
		}
		return ""
	}
	std := stdio{out: io.Discard, err: io.Discard, env: env}
	c, err := openCurrent(t.Context(), newProgram(options{data: cmp.Or(os.Getenv("CIGOGNE_TEST_DATA"), t.TempDir())}, std))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	handler, err := site(c, sv)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s.URL
}

// askForm asks as a browser without a script does, and returns where it is sent.
func askForm(t *testing.T, site, conversation, question string) string {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	req, err := http.NewRequestWithContext(context.Background(), "POST", site+"/", strings.NewReader(url.Values{"question": {question}, "conversation": {conversation}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		t.Fatalf("%s: %s", question, res.Status)
	}
	return res.Header.Get("Location")
}

// TestPagesInABrowser looks at every page with axe-core, wide and narrow, light
// and dark. CIGOGNE_SCREENSHOTS=FOLDER keeps pictures of them.
func TestPagesInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	axe := axeSource(t)
	c := startChromium(t)
	site := served(t, serving{})
	var token string
	for _, q := range []string{"Combien la Région a-t-elle dépensé pour les lycées publics en 2020 ?", "et en 2019 ?", "Évolution des dépenses par an", "Les 5 communes les plus peuplées de l'Aube", "Combien d'habitants à Lyon ?"} {
		path, _, _ := strings.Cut(askForm(t, site, token, q), "#")
		token = strings.TrimPrefix(path, "/c/")
	}
	figure := askForm(t, site, "", "Combien la Région a-t-elle dépensé pour les lycées publics en 2020 ?")
	_, figureID, _ := strings.Cut(figure, "#")
	first, id, _ := strings.Cut(askForm(t, site, "", "Les 5 communes les plus peuplées de l'Aube"), "#")
	pages := []struct{ name, path string }{
		{"start", "/"}, {"english", "/?lang=en"}, {"answer", first}, {"conversation", "/c/" + token}, {"lasting", "/a/" + id}, {"figure", "/a/" + figureID}, {"judged", "/a/" + id + "?said=no"}, {"embed", "/embed/" + figureID}, {"search", "/search"}, {"found", "/search?q=communes&format="}, {"dataset", "/dataset/communes-grand-est"}, {"lost", "/nowhere"},
	}
	shots := os.Getenv("CIGOGNE_SCREENSHOTS")
	for _, view := range []struct {
		scheme string
		width  int
	}{{"light", 1280}, {"light", 390}, {"dark", 390}} {
		c.view(view.width, 900, view.scheme, true)
		for _, p := range pages {
			t.Run(fmt.Sprintf("%s %s %d", p.name, view.scheme, view.width), func(t *testing.T) {
				c.t = t
				c.open(site + p.path)
				var wide bool
				if c.eval("document.documentElement.scrollWidth > innerWidth", &wide); wide {
					t.Error("the page is wider than the window")
				}
				for _, v := range c.axe(axe) {
					t.Error(v)
				}
				for _, s := range c.complaints(site) {
					if !strings.Contains(s, "404") || p.name != "lost" {
						t.Error(s)
					}
				}
				if shots != "" {
					c.shoot(filepath.Join(shots, fmt.Sprintf("%s-%s-%d.png", p.name, view.scheme, view.width)))
				}
			})
		}
	}
	c.t = t
}

// TestChatInABrowser talks as a person does, with a keyboard.
func TestChatInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a browser")
	}
	c := startChromium(t)
	site := served(t, serving{})
	c.view(1280, 900, "light", true)
	c.open(site + "/")
	c.eval(`document.getElementById("question").focus()`, nil)
	ask := func(text string, turns int) {
		c.call("Input.insertText", map[string]any{"text": text}, nil)
		for _, kind := range []string{"keyDown", "keyUp"} {
			c.call("Input.dispatchKeyEvent", map[string]any{"type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"}, nil)
		}
		c.until(fmt.Sprintf(`document.querySelectorAll(".turn").length === %d`, turns))
	}
	ask("Combien d'habitants à Metz ?", 1)
	c.until(`document.activeElement.matches(".asked")`) // a screen reader goes on reading there
	c.until(`document.querySelector(".headline").textContent.includes("122")`)
	c.until(`location.pathname.startsWith("/c/")`)
	c.eval(`document.getElementById("question").focus()`, nil)
	ask("et à Nancy ?", 2)
	c.until(`document.querySelectorAll(".headline")[1].textContent.includes("103")`)
	c.eval(`document.getElementById("question").focus()`, nil)
	ask("Les 5 communes les plus peuplées de l'Aube", 3)
	first := `document.querySelector("tbody tr").cells[0].textContent`
	c.until(first + ` === "Troyes"`)
	c.eval(`document.querySelector(".judge button[value=yes]").click()`, nil)
	c.until(`document.querySelectorAll(".judge").length === 2 && document.activeElement.getAttribute("role") === "status"`)
	c.eval(`document.querySelector("th button").click()`, nil)
	c.until(first + ` !== "Troyes" && document.querySelector("th").getAttribute("aria-sort") === "ascending"`)
	loaded := c.count("Page.loadEventFired")
	c.call("Page.reload", nil, nil) // what was said is still there
	c.wait("Page.loadEventFired", loaded)
	c.until(`document.querySelectorAll(".turn").length === 3`)
	if bad := c.complaints(site); len(bad) > 0 {
		t.Error(strings.Join(bad, "\n"))
	}

	c.view(1280, 900, "light", false)
	c.open(site + "/")
	seen := c.count("Page.loadEventFired")
	c.call("Input.dispatchKeyEvent", map[string]any{"type": "keyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}, nil)
	var box struct{ Root struct{ NodeID int } }
	c.call("DOM.getDocument", nil, &box)
	var node struct{ NodeID int }
	c.call("DOM.querySelector", map[string]any{"nodeId": box.Root.NodeID, "selector": ".ideas button"}, &node)
	c.call("DOM.scrollIntoViewIfNeeded", map[string]any{"nodeId": node.NodeID}, nil)
	var model struct{ Model struct{ Content []float64 } }
	c.call("DOM.getBoxModel", map[string]any{"nodeId": node.NodeID}, &model)
	for _, kind := range []string{"mousePressed", "mouseReleased"} {
		c.call("Input.dispatchMouseEvent", map[string]any{"type": kind, "x": model.Model.Content[0] + 5, "y": model.Model.Content[1] + 5, "button": "left", "clickCount": 1}, nil)
	}
	c.wait("Page.loadEventFired", seen)
	c.until(`document.querySelector(".answer.table, .answer.figure") && location.pathname.startsWith("/c/")`)
	if shots := os.Getenv("CIGOGNE_SCREENSHOTS"); shots != "" {
		c.shoot(filepath.Join(shots, "no-javascript.png"))
	}
}
