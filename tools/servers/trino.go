package servers

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Lake is a Trino server with a Hive catalog "lake" whose files are below a folder.
type Lake struct {
	URL  string
	Dir  string // what Trino calls local:///
	Stop func() // as a power cut would; nil where others use the server too
}

// Trino starts a real server of the release that CIGOGNE_TEST_TRINO names the
// unpacked folder of (io.trino:trino-server:476:tar.gz; of its plugins hive is
// enough), with the Java that JAVA_HOME or /usr/lib/jvm has. It takes a minute or
// more, and 1 GB. CIGOGNE_TEST_TRINO_URL is one that runs already, whose files are
// below CIGOGNE_TEST_TRINO_DIR.
func Trino(t testing.TB) Lake {
	t.Helper()
	if at := os.Getenv("CIGOGNE_TEST_TRINO_URL"); at != "" {
		return Lake{URL: at, Dir: os.Getenv("CIGOGNE_TEST_TRINO_DIR")}
	}
	home := os.Getenv("CIGOGNE_TEST_TRINO")
	if home == "" {
		t.Skip("CIGOGNE_TEST_TRINO names no folder of Trino (mvn dependency:copy -Dartifact=io.trino:trino-server:476:tar.gz, unpacked): the distributed engine was not tried")
	}
	java := os.Getenv("JAVA_HOME")
	if found, _ := filepath.Glob("/usr/lib/jvm/temurin-2[4-9]-jdk-*"); java == "" && len(found) > 0 {
		java = found[len(found)-1]
	}
	dir := t.TempDir()
	l := listen(t, "127.0.0.1:0")
	address := l.Addr().String()
	_ = l.Close()
	_, port, _ := strings.Cut(address, ":")
	lake := Lake{URL: "http://" + address, Dir: filepath.Join(dir, "lake")}
	for file, text := range map[string]string{
		"etc/node.properties":         "node.environment=test\nnode.id=one\nnode.bind-ip=127.0.0.1\n",
		"etc/config.properties":       "coordinator=true\nnode-scheduler.include-coordinator=true\nhttp-server.http.port=" + port + "\nnode.internal-address=127.0.0.1\ndiscovery.uri=" + lake.URL + "\n",
		"etc/jvm.config":              "-server\n-Xmx1G\n-XX:TieredStopAtLevel=1\n",
		"etc/catalog/lake.properties": "connector.name=hive\nhive.metastore=file\nhive.metastore.catalog.dir=local:///catalog\nfs.native-local.enabled=true\nlocal.location=" + lake.Dir + "\n",
		"lake/README":                 "tables of a test\n",
	} {
		path := filepath.Join(dir, file)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.Command(filepath.Join(home, "bin", "launcher"), "run", "--etc-dir="+filepath.Join(dir, "etc"), "--data-dir="+filepath.Join(dir, "data"))
	c.Env = append(os.Environ(), "JAVA_HOME="+java, "PATH="+filepath.Join(java, "bin")+":"+os.Getenv("PATH"))
	c.Stdout, c.Stderr = io.Discard, io.Discard
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the launcher and its Java end together
	if err := c.Start(); err != nil {
		t.Skipf("Trino does not run here: %v", err)
	}
	lake.Stop = func() {
		if c.ProcessState == nil {
			_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
			_ = c.Wait()
		}
	}
	t.Cleanup(lake.Stop)
	for until := time.Now().Add(6 * time.Minute); ; time.Sleep(time.Second) {
		if err := started(lake.URL); err == nil {
			return lake
		} else if time.Now().After(until) {
			t.Fatalf("Trino does not start: %v", err)
		}
	}
}

// started tells whether the server takes statements.
func started(address string) error {
	res, err := http.Get(address + "/v1/info")
	if err != nil {
		return err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err == nil && !strings.Contains(string(b), `"starting":false`) {
		err = fmt.Errorf("%s", b)
	}
	return err
}
