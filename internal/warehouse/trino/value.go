package trino

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"cigogne/internal/dataset"
	"cigogne/internal/warehouse"
)

// read copies rows into a Result, up to the limits.
func read(rows *sql.Rows, limits warehouse.Limits) (*warehouse.Result, error) {
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	result := &warehouse.Result{Columns: make([]warehouse.ResultColumn, len(types)), Rows: [][]any{}}
	for i, t := range types {
		result.Columns[i] = warehouse.ResultColumn{Name: t.Name(), Type: columnType(t)}
	}
	size := 0
	for rows.Next() {
		cells, into := make([]any, len(types)), make([]any, len(types))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i := range cells {
			if cells[i], err = normal(cells[i], result.Columns[i].Type); err != nil {
				return nil, err
			}
			if s, ok := cells[i].(string); ok {
				size += len(s)
			}
		}
		if len(result.Rows) == limits.Rows || size > limits.Bytes {
			result.Truncated = true
			return result, nil
		}
		result.Rows = append(result.Rows, cells)
	}
	return result, rows.Err() // some failures come after the last row
}

// columnType is the type of a column from Trino's name of it. A decimal without
// decimals is a sum of whole numbers.
func columnType(t *sql.ColumnType) dataset.Type {
	name, _, _ := strings.Cut(t.DatabaseTypeName(), "(")
	switch name {
	case "BOOLEAN":
		return dataset.Boolean
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT":
		return dataset.Integer
	case "REAL", "DOUBLE":
		return dataset.Number
	case "DECIMAL":
		if _, scale, ok := t.DecimalSize(); ok && scale == 0 {
			return dataset.Integer
		}
		return dataset.Number
	case "DATE":
		return dataset.Date
	case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE":
		return dataset.DateTime
	}
	return dataset.Text
}

// normal turns a cell of the driver into one of the kinds a Result holds. Decimals
// come as text.
func normal(cell any, kind dataset.Type) (any, error) {
	switch v := cell.(type) {
	case nil, bool, int64:
		return v, nil
	case float64:
		return number(v), nil
	case string:
		return written(v, kind)
	case time.Time:
		return v.UTC(), nil
	}
	b, err := json.Marshal(cell)
	if err != nil {
		return nil, fmt.Errorf("cell of type %T: %w", cell, err)
	}
	return string(b), nil
}

func written(text string, kind dataset.Type) (any, error) {
	switch kind {
	case dataset.Integer:
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return n, nil
		}
		f, err := strconv.ParseFloat(text, 64) // too large for an integer
		return number(f), err
	case dataset.Number:
		f, err := strconv.ParseFloat(text, 64)
		return number(f), err
	}
	return strings.ToValidUTF8(text, "\uFFFD"), nil
}

// number is f, or nil where f is not a number at all.
func number(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return f
}
