package table

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"cigogne/internal/dataset"
)

// maxText bounds the Min, Max and First of a profile, in characters.
const maxText = 200

// profile fills the table's rows and columns from its rows in SQL.
func profile(ctx context.Context, conn *sql.Conn, from string, s *survey, t *dataset.Table) error {
	t.Columns = make([]dataset.Column, len(s.columns))
	for i, c := range s.columns {
		t.Columns[i] = dataset.Column{Name: c.name, Type: c.typ, Unit: c.unit}
	}
	if err := aggregates(ctx, conn, from, t); err != nil {
		return err
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		c.Role = roleOf(&s.columns[i], c, t)
	}
	settleRoles(s, t)
	for i := range t.Columns {
		if c := &t.Columns[i]; listed(c) {
			if err := values(ctx, conn, from, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// listed tells the columns whose values a profile lists.
func listed(c *dataset.Column) bool {
	switch c.Role {
	case dataset.Geometry, dataset.FreeText:
		return false
	}
	return c.Type == dataset.Text || c.Type == dataset.Boolean || c.Role == dataset.Year
}

// aggregates computes nulls, distinct values, bounds, sums and the first row,
// a column after another: together their hash tables would not fit in memory.
func aggregates(ctx context.Context, conn *sql.Conn, from string, t *dataset.Table) error {
	const batch = 16
	for start := 0; start < len(t.Columns); start += batch {
		cols := t.Columns[start:min(start+batch, len(t.Columns))]
		var q strings.Builder
		q.WriteString("SELECT count(*)")
		for _, c := range cols {
			n := quoteName(c.Name)
			sum := "NULL"
			if c.Type == dataset.Number {
				sum = "fsum(" + n + ")"
			} else if c.Type == dataset.Integer {
				sum = "sum(" + n + ")::DOUBLE"
			}
			fmt.Fprintf(&q, ", count(%[1]s), count(DISTINCT %[1]s), left(min(%[1]s)::VARCHAR, %[3]d), left(max(%[1]s)::VARCHAR, %[3]d), %[2]s", n, sum, maxText+1)
		}
		q.WriteString(" FROM " + from)
		filled := make([]int64, len(cols))
		low, high := make([]sql.NullString, len(cols)), make([]sql.NullString, len(cols))
		sums := make([]sql.NullFloat64, len(cols))
		dest := []any{&t.Rows}
		for i := range cols {
			dest = append(dest, &filled[i], &cols[i].Distinct, &low[i], &high[i], &sums[i])
		}
		if err := conn.QueryRowContext(ctx, q.String()).Scan(dest...); err != nil {
			return fmt.Errorf("profile: %w", err)
		}
		for i := range cols {
			c := &cols[i]
			c.Nulls = t.Rows - filled[i]
			c.Min, c.Max = shown(c.Type, low[i]), shown(c.Type, high[i])
			if sums[i].Valid {
				c.Sum = &sums[i].Float64
			}
		}
		if t.Rows == 0 {
			continue
		}
		if err := firstRow(ctx, conn, from, cols); err != nil {
			return err
		}
	}
	return nil
}

func firstRow(ctx context.Context, conn *sql.Conn, from string, cols []dataset.Column) error {
	names := make([]string, len(cols))
	cells := make([]sql.NullString, len(cols))
	dest := make([]any, len(cols))
	for i, c := range cols {
		names[i] = fmt.Sprintf("left(%s::VARCHAR, %d)", quoteName(c.Name), maxText+1)
		dest[i] = &cells[i]
	}
	if err := conn.QueryRowContext(ctx, "SELECT "+strings.Join(names, ", ")+" FROM "+from+" LIMIT 1").Scan(dest...); err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	for i := range cols {
		cols[i].First = shown(cols[i].Type, cells[i])
	}
	return nil
}

// shown is a value as a profile writes it: numbers without exponent or ".0".
func shown(t dataset.Type, s sql.NullString) string {
	if t == dataset.Number && s.Valid {
		if v, err := strconv.ParseFloat(s.String, 64); err == nil {
			return strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	return clip(s.String, maxText)
}

// values lists a column's distinct values, most frequent first.
func values(ctx context.Context, conn *sql.Conn, from string, c *dataset.Column) error {
	n := quoteName(c.Name)
	rows, err := conn.QueryContext(ctx, fmt.Sprintf(
		"SELECT %[1]s::VARCHAR, count(*) AS n FROM %[2]s WHERE %[1]s IS NOT NULL GROUP BY %[1]s ORDER BY n DESC, %[1]s LIMIT %[3]d", n, from, dataset.MaxValues))
	if err != nil {
		return fmt.Errorf("profile values: %w", err)
	}
	defer rows.Close()
	c.Values = make([]dataset.Value, 0, min(c.Distinct, dataset.MaxValues))
	for rows.Next() {
		var v dataset.Value
		if err := rows.Scan(&v.Text, &v.Count); err != nil {
			return fmt.Errorf("profile values: %w", err)
		}
		c.Values = append(c.Values, v)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("profile values: %w", err)
	}
	return nil
}
