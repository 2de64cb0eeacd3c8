package table

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"cigogne/internal/dataset"
)

// rowsIn are the members under which services give rows, whatever is around.
var rowsIn = []string{"features", "records", "results", "result", "data", "rows", "items", "value", "values", "elements", "member", "hydra:member", "content", "observations", "d", "response", "docs"}

// jsonRows reads a JSON document as a table: an array of objects, alone or as a
// member of what a service answers; one object a line; GeoJSON.
func (f *file) jsonRows(ctx context.Context) (source, error) {
	open := func(ctx context.Context) (*jsonReader, error) {
		r, err := f.open(ctx)
		if err != nil {
			return nil, err
		}
		j := &jsonReader{src: r}
		j.dec = json.NewDecoder(j)
		j.dec.UseNumber()
		if err := j.start(); err != nil {
			r.Close()
			return nil, err
		}
		return j, nil
	}
	keys, err := jsonKeys(ctx, open)
	if err != nil {
		return source{}, err
	}
	l := &layout{}
	at := map[string]int{}
	for i, k := range keys {
		at[k.name] = i
		l.header = append(l.header, k.name)
		l.types = append(l.types, k.declared())
	}
	l.setNames(l.header)
	return source{layout: l, habits: habits{workbook: true}, open: func(ctx context.Context) (records, error) {
		j, err := open(ctx)
		if err != nil {
			return nil, err
		}
		j.at = at
		return j, nil
	}}, nil
}

// jsonKey is a member of the objects, and what its values are.
type jsonKey struct {
	name           string
	numbers, texts bool
}

func (k jsonKey) declared() dataset.Type {
	if k.numbers && !k.texts {
		return dataset.Number
	}
	return ""
}

// jsonKeys reads every object once for the names of its members.
func jsonKeys(ctx context.Context, open func(context.Context) (*jsonReader, error)) ([]jsonKey, error) {
	j, err := open(ctx)
	if err != nil {
		return nil, err
	}
	defer j.Close()
	var keys []jsonKey
	at := map[string]int{}
	rows := 0
	for {
		cells, err := j.object()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		rows++
		for _, c := range cells {
			i, ok := at[c.name]
			if !ok {
				if i = len(keys); i == maxColumns {
					return nil, refuse(NotTable, "wide", nil)
				}
				at[c.name] = i
				keys = append(keys, jsonKey{name: c.name})
			}
			keys[i].numbers = keys[i].numbers || c.number
			keys[i].texts = keys[i].texts || !c.number && c.text != ""
		}
	}
	if rows == 0 || len(keys) == 0 {
		return nil, refuse(NotTable, "json", nil)
	}
	return keys, nil
}

// jsonReader reads the objects of a document, one after the other.
type jsonReader struct {
	src   io.ReadCloser
	dec   *json.Decoder
	since int64 // bytes read since the last object
	lines bool  // one object after the other, in no array
	at    map[string]int
	line  int
}

// Read serves the decoder.
func (j *jsonReader) Read(p []byte) (int, error) {
	n, err := j.src.Read(p)
	if j.since += int64(n); j.since > maxRecord {
		return 0, refuse(TooLarge, "cell", nil)
	}
	return n, err
}

// Close closes the file.
func (j *jsonReader) Close() error { return j.src.Close() }

// start goes to the first object of the rows.
func (j *jsonReader) start() error {
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(j.src, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	head = bytes.TrimPrefix(head[:n], []byte("\ufeff"))
	whole := j.src
	j.src = readCloser{io.MultiReader(bytes.NewReader(head), whole), whole}
	if j.lines = isJSONLines(head); j.lines {
		return nil
	}
	return j.find(0)
}

// isJSONLines tells whole objects on lines of their own.
func isJSONLines(head []byte) bool {
	first, rest, found := bytes.Cut(head, []byte("\n"))
	first = bytes.TrimSpace(first)
	return len(first) > 1 && first[0] == '{' && json.Valid(first) && found && bytes.HasPrefix(bytes.TrimSpace(rest), []byte("{"))
}

// find reads up to the bracket of the array that holds the rows: the document
// itself, or a member known to hold them, two levels deep at most.
func (j *jsonReader) find(depth int) error {
	t, err := j.token()
	if err != nil {
		return err
	}
	if t == json.Delim('[') {
		return nil
	}
	for t == json.Delim('{') && j.dec.More() {
		k, err := j.token()
		if err != nil {
			return err
		}
		name, _ := k.(string)
		if depth < 2 && slices.Contains(rowsIn, strings.ToLower(name)) {
			if err := j.find(depth + 1); err == nil || !isNotTable(err) {
				return err
			}
			continue
		}
		if err := j.skip(); err != nil {
			return err
		}
	}
	if t == json.Delim('{') {
		if _, err := j.token(); err != nil {
			return err
		}
	}
	return refuse(NotTable, "json", nil)
}

func isNotTable(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Reason == NotTable
}

// token returns the next token, damage given its reason.
func (j *jsonReader) token() (json.Token, error) {
	j.since = 0
	t, err := j.dec.Token()
	return t, jsonFault(err)
}

func jsonFault(err error) error {
	var bad *json.SyntaxError
	switch {
	case err == nil:
		return nil
	case err == io.EOF, err == io.ErrUnexpectedEOF:
		return refuse(Cut, "json", io.ErrUnexpectedEOF)
	case errors.As(err, &bad):
		return refuse(Unreadable, "json", err)
	}
	return reasonOf(err)
}

// skip passes over a value, however deep.
func (j *jsonReader) skip() error {
	for depth := 0; ; {
		t, err := j.token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

// jsonCell is a member of an object, as text.
type jsonCell struct {
	name, text string
	number     bool
}

// object returns the members of the next object; io.EOF after the last.
func (j *jsonReader) object() ([]jsonCell, error) {
	j.since = 0
	if !j.dec.More() {
		if j.lines {
			return nil, io.EOF
		}
		if _, err := j.token(); err != nil { // the array's end
			return nil, err
		}
		return nil, io.EOF
	}
	var raw json.RawMessage
	if err := j.dec.Decode(&raw); err != nil {
		return nil, jsonFault(err)
	}
	if len(raw) == 0 || raw[0] != '{' {
		return nil, refuse(NotTable, "json", nil)
	}
	j.line++
	return flatten("", raw, 0)
}

// maxNesting bounds how deep members of members are columns of their own.
const maxNesting = 3

// flatten lists the members of an object; those of an object within go by both
// names, a GeoJSON feature's by their own.
func flatten(prefix string, raw json.RawMessage, depth int) ([]jsonCell, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if _, err := dec.Token(); err != nil {
		return nil, jsonFault(err)
	}
	var out []jsonCell
	for dec.More() {
		k, err := dec.Token()
		if err != nil {
			return nil, jsonFault(err)
		}
		name, _ := k.(string)
		var v json.RawMessage
		if err := dec.Decode(&v); err != nil {
			return nil, jsonFault(err)
		}
		if out, err = appendMember(out, prefix, name, v, depth); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Members of a feature: its shape, and the object that holds its columns.
var (
	shapeMembers  = set("geometry geom geo_shape")
	columnMembers = set("properties fields attributes")
)

// appendMember lists a member of an object: itself, or its own members.
func appendMember(out []jsonCell, prefix, name string, v json.RawMessage, depth int) ([]jsonCell, error) {
	switch {
	case v[0] == '{' && depth == 0 && shapeMembers[name]:
		cells, err := geometry(v)
		return append(out, cells...), err
	case v[0] == '{' && depth < maxNesting:
		inner := prefix + name + "."
		if depth == 0 && columnMembers[name] {
			inner = ""
		}
		cells, err := flatten(inner, v, depth+1)
		return append(out, cells...), err
	case depth == 0 && (name == "type" && string(v) == `"Feature"` || name == "geometry" && v[0] == 'n'):
		return out, nil
	}
	return append(out, scalar(prefix+name, v)), nil
}

// scalar writes a value as a cell: texts as they are, arrays as JSON.
func scalar(name string, v json.RawMessage) jsonCell {
	switch v[0] {
	case 'n':
		return jsonCell{name: name}
	case '"':
		var s string
		if json.Unmarshal(v, &s) == nil {
			return jsonCell{name: name, text: trim(s)}
		}
	case '{', '[', 't', 'f':
		return jsonCell{name: name, text: string(v)}
	}
	return jsonCell{name: name, text: string(v), number: true}
}

// next returns the next object as a row.
func (j *jsonReader) next() (record, error) {
	cells, err := j.object()
	if err != nil {
		return record{}, err
	}
	rec := record{line: j.line, cells: make([]string, len(j.at))}
	for _, c := range cells {
		if i, ok := j.at[c.name]; ok {
			rec.cells[i] = c.text
		}
	}
	return rec, nil
}
