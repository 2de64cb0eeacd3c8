package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// chromium is a headless browser driven over a pipe by its own protocol: no
// driver, no library.
type chromium struct {
	t       *testing.T
	in      io.Writer
	answers *bufio.Reader
	n       int
	session string
	events  []event
}

type event struct {
	Method string
	Params json.RawMessage
}

// startChromium starts one, or skips the test, visibly, where it is not installed.
func startChromium(t *testing.T) *chromium {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed (Debian: apt-get install chromium): pages were not looked at in a browser")
	}
	toR, toW, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	fromR, fromW, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-pipe", "--user-data-dir="+t.TempDir(), "about:blank")
	cmd.ExtraFiles = []*os.File{toR, fromW} // its descriptors 3 and 4
	if err := cmd.Start(); err != nil {
		t.Skipf("chromium does not start: %v", err)
	}
	toR.Close()
	fromW.Close()
	c := &chromium{t: t, in: toW, answers: bufio.NewReader(fromR)}
	t.Cleanup(func() {
		c.session = ""
		c.send("Browser.close", nil)
		toW.Close()
		done := make(chan bool)
		go func() { cmd.Wait(); close(done) }()
		select {
		case <-done:
		case <-time.After(5 * time.Second):
			cmd.Process.Kill()
			<-done
		}
		fromR.Close()
	})
	if err := fromR.SetReadDeadline(time.Now().Add(2 * time.Minute)); err != nil {
		t.Fatal(err)
	}
	var target struct{ TargetID string }
	c.call("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	c.call("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	c.session = attached.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		c.call(domain+".enable", nil, nil)
	}
	return c
}

func (c *chromium) send(method string, params any) {
	c.n++
	if params == nil {
		params = map[string]any{}
	}
	m := map[string]any{"id": c.n, "method": method, "params": params}
	if c.session != "" {
		m["sessionId"] = c.session
	}
	b, err := json.Marshal(m)
	if err != nil {
		c.t.Fatal(err)
	}
	_, _ = c.in.Write(append(b, 0)) // a browser that went away is seen when it is read from
}

type message struct {
	ID     int
	Method string
	Params json.RawMessage
	Result json.RawMessage
	Error  *struct{ Message string }
}

func (c *chromium) next() message {
	c.t.Helper()
	b, err := c.answers.ReadBytes(0)
	if err != nil {
		c.t.Fatalf("chromium went away: %v", err)
	}
	var m message
	if err := json.Unmarshal(bytes.TrimSuffix(b, []byte{0}), &m); err != nil {
		c.t.Fatal(err)
	}
	if m.Method != "" {
		c.events = append(c.events, event{m.Method, m.Params})
	}
	return m
}

func (c *chromium) call(method string, params, result any) {
	c.t.Helper()
	c.send(method, params)
	for id := c.n; ; {
		m := c.next()
		if m.ID != id {
			continue
		}
		if m.Error != nil {
			c.t.Fatalf("%s: %s", method, m.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				c.t.Fatal(err)
			}
		}
		return
	}
}

// wait reads until an event comes that did not come before.
func (c *chromium) wait(method string, seen int) {
	c.t.Helper()
	for c.count(method) <= seen {
		c.next()
	}
}

func (c *chromium) count(method string) int {
	n := 0
	for _, e := range c.events {
		if e.Method == method {
			n++
		}
	}
	return n
}

// view sets the size of the window, the colour scheme, and whether scripts run.
func (c *chromium) view(width, height int, scheme string, scripts bool) {
	c.t.Helper()
	c.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}, nil)
	c.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}}}, nil)
	c.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": !scripts}, nil)
}

func (c *chromium) open(url string) {
	c.t.Helper()
	seen := c.count("Page.loadEventFired")
	c.call("Page.navigate", map[string]any{"url": url}, nil)
	c.wait("Page.loadEventFired", seen)
}

// eval runs an expression, promises awaited, and returns its value.
func (c *chromium) eval(expression string, value any) {
	c.t.Helper()
	var out struct {
		Result           struct{ Value json.RawMessage }
		ExceptionDetails *struct {
			Exception struct{ Description string }
		}
	}
	c.call("Runtime.evaluate", map[string]any{"expression": expression, "awaitPromise": true, "returnByValue": true}, &out)
	if out.ExceptionDetails != nil {
		c.t.Fatalf("%.80s: %s", expression, out.ExceptionDetails.Exception.Description)
	}
	if value != nil {
		if err := json.Unmarshal(out.Result.Value, value); err != nil {
			c.t.Fatalf("%.80s: %v", expression, err)
		}
	}
}

// until waits for an expression to hold.
func (c *chromium) until(expression string) {
	c.t.Helper()
	var ok bool
	for range 200 {
		if c.eval("Boolean("+expression+")", &ok); ok {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	c.t.Fatalf("never true: %s", expression)
}

// shoot writes a picture of the whole page to a file.
func (c *chromium) shoot(file string) {
	c.t.Helper()
	var shot struct{ Data string }
	c.call("Page.captureScreenshot", map[string]any{"format": "png", "captureBeyondViewport": true}, &shot)
	b, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(file, b, 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// complaints are what the page logged as errors, and requests to other hosts.
func (c *chromium) complaints(own string) (out []string) {
	for _, e := range c.events {
		switch e.Method {
		case "Log.entryAdded":
			var p struct {
				Entry struct{ Level, Text, URL string }
			}
			_ = json.Unmarshal(e.Params, &p)
			if p.Entry.Level == "error" {
				out = append(out, p.Entry.Text+" "+p.Entry.URL)
			}
		case "Runtime.exceptionThrown":
			out = append(out, string(e.Params))
		case "Network.requestWillBeSent":
			var p struct{ Request struct{ URL string } }
			_ = json.Unmarshal(e.Params, &p)
			if !strings.HasPrefix(p.Request.URL, own) && !strings.HasPrefix(p.Request.URL, "data:") {
				out = append(out, "a request to "+p.Request.URL)
			}
		}
	}
	c.events = nil
	return out
}

// violation is what axe-core finds wrong.
type violation struct {
	ID, Help string
	Nodes    []struct {
		HTML           string
		FailureSummary string
	}
}

func (v violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", v.ID, v.Help)
	for _, n := range v.Nodes[:min(3, len(v.Nodes))] {
		fmt.Fprintf(&b, "\n  %.200s\n  %s", n.HTML, n.FailureSummary)
	}
	return b.String()
}

// axe runs axe-core's rules for WCAG 2.2 AA and its best practices on the page.
func (c *chromium) axe(source string) []violation {
	c.t.Helper()
	c.eval(source, nil)
	// The bar to write in stays in reach over what scrolls under it. Which target
	// it covers a part of is a matter of where the page stands, and a turn of the
	// wheel uncovers it: the bar is put at the end of the page while axe looks.
	c.eval(`document.querySelector(".low")?.style.setProperty("position", "static")`, nil)
	defer c.eval(`document.querySelector(".low")?.style.removeProperty("position")`, nil)
	var out []violation
	c.eval(`axe.run(document, {runOnly: {type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}).then(r => r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.map(n => ({html: n.html, failureSummary: n.failureSummary}))})))`, &out)
	return out
}
