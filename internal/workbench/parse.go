package workbench

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"cigogne/internal/query"
)

// Bounds on a plan's JSON, far above what one needs.
const (
	maxPlan  = 64 << 10 // bytes
	maxDepth = 16       // objects and lists within each other
)

// Parse reads a plan in JSON: the fields of query.Plan and no others, since one
// that is passed over would make it another question. The error is *Refused.
func Parse(raw []byte) (*query.Plan, error) {
	if len(raw) > maxPlan {
		return nil, &Refused{"The plan is too long: 64 kB at most."}
	}
	if deep(raw) {
		return nil, &Refused{"The plan is nested too deeply."}
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	var p *query.Plan
	if err := d.Decode(&p); err != nil {
		return nil, &Refused{"The plan does not have the form of the tool's schema: " + reason(err) + "."}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) || p == nil {
		return nil, &Refused{"The plan is one JSON object."}
	}
	if p.Table == "" {
		return nil, &Refused{"The plan names no table: describe_dataset gives the names of tables."}
	}
	return p, nil
}

func reason(err error) string {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		return wrong.Field + " cannot be a " + wrong.Value
	}
	return oneLine(strings.TrimPrefix(err.Error(), "json: "))
}

// deep tells whether brackets outside strings nest deeper than a plan's do.
func deep(raw []byte) bool {
	depth, quoted, escaped := 0, false, false
	for _, b := range raw {
		switch {
		case escaped:
			escaped = false
		case quoted && b == '\\':
			escaped = true
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '{' || b == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case b == '}' || b == ']':
			depth--
		}
	}
	return false
}
