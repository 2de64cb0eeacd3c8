package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"cigogne/internal/query"
)

// errNone says that the model sees no plan for the question.
var errNone = errors.New("the model sees no plan")

// parse reads a model's reply as a plan. Prose or a code fence around the
// object is passed over; anything that is not a plan is an error that the
// model is shown. The plan is not checked against any table here.
func parse(text string) (*query.Plan, error) {
	object, err := firstObject(text)
	if err != nil {
		return nil, err
	}
	var r struct {
		Action   string          `json:"action"`
		Table    string          `json:"table"`
		Columns  []string        `json:"columns"`
		Distinct bool            `json:"distinct"`
		Measures []query.Measure `json:"measures"`
		GroupBy  []string        `json:"group_by"`
		Where    []query.Filter  `json:"where"`
		Having   []query.Having  `json:"having"`
		OrderBy  []query.Order   `json:"order_by"`
		Limit    int             `json:"limit"`
		Derived  *struct {
			Op   query.DerivedOp `json:"op"`
			Of   int             `json:"of"`
			Over int             `json:"over"`
		} `json:"derived"`
		Tally bool `json:"tally"`
	}
	d := json.NewDecoder(bytes.NewReader(object))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return nil, fmt.Errorf("the reply does not fit the form: %w", err)
	}
	if r.Action != "plan" {
		return nil, errNone
	}
	p := &query.Plan{Table: r.Table, Columns: r.Columns, Distinct: r.Distinct, Measures: r.Measures, GroupBy: r.GroupBy, Where: r.Where, Having: r.Having, OrderBy: r.OrderBy, Limit: r.Limit, Tally: r.Tally}
	if r.Derived != nil && r.Derived.Op != "" {
		p.Derived = &query.Derived{Op: r.Derived.Op, Of: r.Derived.Of, Over: r.Derived.Over}
	}
	for i := range p.Measures { // what a figure is called is said by its filters, never by the model
		m := &p.Measures[i]
		m.Label = ""
		if len(m.Where) == 1 && len(m.Where[0].Values) == 1 && m.Where[0].Op == query.Eq {
			m.Label = fmt.Sprint(m.Where[0].Values[0])
		}
	}
	if p.Limit > 0 && len(p.OrderBy) > 0 {
		p.Ties = true // equals are not cut apart
	}
	return p, nil
}

// firstObject cuts the first JSON object out of a text.
func firstObject(text string) ([]byte, error) {
	start := strings.IndexByte(text, '{')
	if start < 0 {
		return nil, errors.New("the reply holds no JSON object")
	}
	var raw json.RawMessage
	if err := json.NewDecoder(strings.NewReader(text[start:])).Decode(&raw); err != nil {
		return nil, fmt.Errorf("the reply's JSON does not read: %w", err)
	}
	return raw, nil
}
