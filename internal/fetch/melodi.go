package fetch

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"cigogne/internal/httpx"
)

const (
	melodiRows  = 10_000 // of a page, the most that the server gives
	melodiPages = 10_000
)

// Melodi downloads all observations of a dataset of INSEE's Melodi to path, page
// by page, as CSV: a row an observation, with its dimensions, value and flags.
// Codes stay codes; where it is known what they mean, a column of that stands
// after theirs. Fewer observations than the server counts are an *httpx.Error
// with Reason Cut. Other errors are as of Fetch.
func (c *Client) Melodi(ctx context.Context, req Request, path string, known map[string]Codes) (_ File, err error) {
	u, err := url.Parse(req.URL)
	if err != nil {
		return File{}, &httpx.Error{Reason: httpx.Invalid, URL: req.URL, Err: err}
	}
	lines, err := os.Create(path + ".lines")
	if err != nil {
		return File{}, err
	}
	defer os.Remove(lines.Name())
	defer lines.Close()
	m := &observed{c: c, req: req, base: *u, out: bufio.NewWriter(lines)}
	if err := m.pages(ctx); err != nil {
		return File{}, err
	}
	if err := errors.Join(m.out.Flush(), lines.Close()); err != nil {
		return File{}, err
	}
	if err := tabulate(lines.Name(), path, placed(m.names, known)); err != nil {
		os.Remove(path)
		return File{}, err
	}
	f := File{URL: req.URL, MediaType: "text/csv", Retrieved: time.Now().UTC()}
	f.SHA256, f.Size, err = identify(path)
	return f, err
}

// observed are observations while they are read: each is written out as a line of
// JSON, for the columns are known at the end only.
type observed struct {
	c     *Client
	req   Request
	base  url.URL
	out   *bufio.Writer
	names []string
	rows  int
	size  int64
}

func (m *observed) pages(ctx context.Context) error {
	most := m.req.MaxBytes
	if most <= 0 {
		most = m.c.max
	}
	var before []byte
	for n := 1; n <= melodiPages; n++ {
		page, body, err := m.page(ctx, n)
		switch {
		case err != nil:
			return err
		case n > 1 && len(page.rows) > 0 && bytes.Equal(body, before): // it gives the same, whatever it is asked
			return m.cut(page.total)
		}
		before = body
		if m.size += int64(len(body)); m.size > most {
			return &httpx.Error{Reason: httpx.TooLarge, URL: m.req.URL, Detail: fmt.Sprintf("> %d MB", most>>20)}
		}
		if err := m.put(page.rows); err != nil {
			return err
		}
		if page.last || len(page.rows) == 0 || page.total >= 0 && m.rows >= page.total {
			if m.rows == 0 {
				return &httpx.Error{Reason: httpx.NotAnswer, URL: m.req.URL, Err: errNoObservations}
			}
			if page.total > m.rows {
				return m.cut(page.total)
			}
			return nil
		}
	}
	return m.cut(-1)
}

// page asks for a page, from 1, and gives its body too.
func (m *observed) page(ctx context.Context, n int) (page melodiPage, body []byte, err error) {
	u, q := m.base, m.base.Query()
	q.Set("maxResult", strconv.Itoa(melodiRows))
	q.Set("page", strconv.Itoa(n))
	q.Set("totalCount", "true")
	u.RawQuery = q.Encode()
	a, err := m.c.http.Get(ctx, httpx.Get{URL: u.String(), Accept: "application/json", Check: func(a *httpx.Answer) (err error) {
		if page, err = parseMelodi(a.Body); err != nil {
			return &httpx.Error{Reason: httpx.NotAnswer, URL: u.String(), Status: a.Status, Err: err}
		}
		return nil
	}})
	if err != nil {
		return page, nil, err
	}
	return page, a.Body, nil
}

func (m *observed) cut(total int) error {
	return &httpx.Error{Reason: httpx.Cut, URL: m.req.URL, Err: fmt.Errorf("%d observations of %d", m.rows, total)}
}

func (m *observed) put(rows []map[string]string) error {
	for _, row := range rows {
		for _, name := range slices.Sorted(maps.Keys(row)) {
			if !slices.Contains(m.names, name) && len(m.names) < maxColumns {
				m.names = append(m.names, name)
			}
		}
		line, err := json.Marshal(row)
		if err != nil {
			return err
		}
		m.out.Write(line)
		if err := m.out.WriteByte('\n'); err != nil {
			return err
		}
		m.rows++
	}
	return nil
}

// melodiPage is a page of observations, flat: what each bears by its name.
type melodiPage struct {
	rows  []map[string]string
	total int  // of all pages; -1: it is not said
	last  bool // nothing comes after it
}

// parseMelodi reads a page: {"observations":[{"dimensions":{…},"measures":{…},
// "attributes":{…}}],"paging":{…}}.
func parseMelodi(b []byte) (melodiPage, error) {
	var answer struct {
		Observations []struct {
			Dimensions map[string]any
			Measures   map[string]any
			Attributes map[string]any
		}
		Paging struct {
			Count  *float64
			IsLast bool
		}
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	if err := dec.Decode(&answer); err != nil {
		return melodiPage{}, err
	}
	if answer.Observations == nil {
		return melodiPage{}, errNoObservations
	}
	page := melodiPage{total: -1, last: answer.Paging.IsLast}
	if answer.Paging.Count != nil {
		page.total = int(*answer.Paging.Count)
	}
	for _, o := range answer.Observations {
		row := map[string]string{}
		for name, v := range o.Dimensions {
			row[name] = scalar(v)
		}
		place(row)
		for name, v := range o.Attributes {
			row[name] = scalar(v)
		}
		for name, v := range o.Measures {
			if inner, ok := v.(map[string]any); ok { // {"value": 12}; nothing where it is kept secret
				v = inner["value"]
			}
			row[strings.TrimSuffix(name, "_NIVEAU")] = scalar(v)
		}
		page.rows = append(page.rows, row)
	}
	return page, nil
}

// place takes a place apart as INSEE's own files have it: "2025-DEP-67" is the
// department 67 in the geography of 2025.
func place(row map[string]string) {
	parts := strings.SplitN(row["GEO"], "-", 3)
	if len(parts) != 3 {
		return
	}
	if _, err := strconv.Atoi(parts[0]); err != nil {
		return
	}
	row["GEO_REF"], row["GEO_OBJECT"], row[wholePlace], row["GEO"] = parts[0], parts[1], row["GEO"], parts[2]
}

// placed are the columns of observations. What a place is called goes by its whole
// identifier, which has no column of its own.
func placed(names []string, known map[string]Codes) []column {
	known = maps.Clone(known)
	if places, ok := known["GEO"]; ok && slices.Contains(names, wholePlace) {
		delete(known, "GEO")
		if places.Name == "" || slices.Contains(names, places.Name) {
			places.Name = "GEO_LABEL"
		}
		known[wholePlace] = places
	}
	return slices.DeleteFunc(explained(names, known), func(c column) bool { return c.name == wholePlace && c.labels == nil })
}

// wholePlace is what a place's identifier goes by before it is taken apart.
const wholePlace = "GEO_ID"

func scalar(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return fmt.Sprint(v)
}

// tabulate writes lines of JSON as CSV in the columns given.
func tabulate(lines, path string, columns []column) error {
	in, err := os.Open(lines)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	defer out.Close()
	w := csv.NewWriter(out)
	row := make([]string, len(columns))
	for i, c := range columns {
		row[i] = c.header
	}
	if err := w.Write(row); err != nil {
		return err
	}
	dec := json.NewDecoder(bufio.NewReader(in))
	for dec.More() {
		var o map[string]string
		if err := dec.Decode(&o); err != nil {
			return err
		}
		for i, c := range columns {
			if row[i] = o[c.name]; c.labels != nil {
				row[i] = c.labels[row[i]]
			}
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	return errors.Join(w.Error(), out.Close())
}
