package table

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"strings"

	"cigogne/internal/dataset"
)

// parquetRows reads a Parquet file as rows of text, so that codes, missing
// marks and roles are found the way they are elsewhere; the types it declares
// are kept in the layout.
func (r *Reader) parquetRows(ctx context.Context, f *file) (opener, *layout, error) {
	if f.gzip {
		return nil, nil, refuse(NotTable, "zip", nil)
	}
	from := "read_parquet(" + quoteText(f.path) + ")"
	rows, err := r.db.QueryContext(ctx, "SELECT column_name, column_type FROM (DESCRIBE FROM "+from+")")
	if err != nil {
		return nil, nil, refuse(Unreadable, "parquet", err)
	}
	defer rows.Close()
	l := &layout{}
	var cells []string
	for rows.Next() {
		var name, kind string
		if err := rows.Scan(&name, &kind); err != nil {
			return nil, nil, refuse(Unreadable, "parquet", err)
		}
		if kind == "BLOB" || kind == "GEOMETRY" { // bytes, which no question is asked of
			continue
		}
		l.header = append(l.header, name)
		l.types = append(l.types, declaredType(kind))
		cells = append(cells, quoteName(name)+"::VARCHAR")
	}
	if err := rows.Err(); err != nil {
		return nil, nil, refuse(Unreadable, "parquet", err)
	}
	if len(cells) == 0 {
		return nil, nil, refuse(Empty, "", nil)
	}
	if len(cells) > maxColumns {
		return nil, nil, refuse(NotTable, "wide", nil)
	}
	l.setNames(l.header)
	q := "SELECT " + strings.Join(cells, ", ") + " FROM " + from
	return func(ctx context.Context) (records, error) {
		rows, err := r.db.QueryContext(ctx, q)
		if err != nil {
			return nil, refuse(Unreadable, "parquet", err)
		}
		return newParquetFile(rows, len(cells)), nil
	}, l, nil
}

// declaredType is the column type of a DuckDB type, "" where the cells decide.
func declaredType(kind string) dataset.Type {
	switch {
	case kind == "VARCHAR":
		return dataset.Text
	case kind == "DOUBLE", kind == "FLOAT", strings.HasPrefix(kind, "DECIMAL"):
		return dataset.Number
	}
	return ""
}

type parquetFile struct {
	rows  *sql.Rows
	line  int
	cells []sql.NullString
	dest  []any
}

func newParquetFile(rows *sql.Rows, width int) *parquetFile {
	p := &parquetFile{rows: rows, cells: make([]sql.NullString, width), dest: make([]any, width)}
	for i := range p.cells {
		p.dest[i] = &p.cells[i]
	}
	return p
}

func (p *parquetFile) Close() error { return p.rows.Close() }

func (p *parquetFile) next() (record, error) {
	if !p.rows.Next() {
		if err := p.rows.Err(); err != nil {
			return record{}, refuse(Unreadable, "parquet", err)
		}
		return record{}, io.EOF
	}
	if err := p.rows.Scan(p.dest...); err != nil {
		return record{}, fmt.Errorf("read parquet: %w", err)
	}
	p.line++
	rec := record{line: p.line, cells: make([]string, len(p.cells))}
	for i, c := range p.cells {
		rec.cells[i] = trim(c.String)
	}
	return rec, nil
}
