package fetch

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"regexp"
	"strings"

	"cigogne/internal/httpx"
)

// wrong tells what the beginning of a body shows it to be instead of a file of
// data: "html", "json" or "xml" for an error message, "" for none of these.
func wrong(head []byte) string {
	s := strings.ToLower(string(bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))))
	switch {
	case strings.HasPrefix(s, "<"):
		if htmlStart.MatchString(s) || strings.HasPrefix(s, "<?xml") && strings.Contains(s, "<html") {
			return "html"
		}
		if strings.Contains(s, "exceptionreport") || strings.Contains(s, "serviceexception") || strings.HasPrefix(s, "<error") || strings.HasPrefix(s, "<?xml") && strings.Contains(s, "<error>") {
			return "xml"
		}
	case strings.HasPrefix(s, "{"):
		if jsonFault.MatchString(s) {
			return "json"
		}
	}
	return ""
}

var (
	htmlStart = regexp.MustCompile(`^(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|title|script|meta|link|div|p|h1|br)\b`)
	jsonFault = regexp.MustCompile(`^\{\s*"(?:success"\s*:\s*false|errors?"|errorcode"|message"|detail"|code"|status"|help"\s*:[^{]*"success"\s*:\s*false)`)
)

// checksum is one that a portal may declare.
type checksum struct {
	length int // of its hexadecimal form
	new    func() hash.Hash
}

var checksums = map[string]checksum{
	"md5":    {32, md5.New},
	"sha1":   {40, sha1.New},
	"sha256": {64, sha256.New},
	"sha512": {128, sha512.New},
}

var declared = regexp.MustCompile(`^(?:(md5|sha-?1|sha-?256|sha-?512)\s*[:=-]\s*)?([0-9a-f]{32,128})$`)

// parseChecksum reads a declared checksum: hexadecimal, its kind before it or
// told by its length. ok is false for what is none.
func parseChecksum(s string) (sum checksum, hexadecimal string, ok bool) {
	m := declared.FindStringSubmatch(strings.ToLower(strings.TrimSpace(s)))
	if m == nil {
		return sum, "", false
	}
	kind := strings.ReplaceAll(m[1], "-", "")
	for name, c := range checksums {
		if c.length == len(m[2]) && (kind == "" || kind == name) {
			return c, m[2], true
		}
	}
	return sum, "", false
}

// verify compares the file with the checksum that was declared, if any.
func verify(path string, req Request) error {
	sum, want, ok := parseChecksum(req.Hash)
	if !ok {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read the file back: %w", err)
	}
	defer f.Close()
	h := sum.new()
	if _, err := io.Copy(h, f); err != nil {
		return fmt.Errorf("read the file back: %w", err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		return &httpx.Error{Reason: httpx.BadChecksum, URL: req.URL, Detail: got}
	}
	return nil
}
