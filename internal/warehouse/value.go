package warehouse

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strconv"
	"strings"
	"time"

	"cigogne/internal/dataset"

	duckdb "github.com/duckdb/duckdb-go/v2"
)

// columnType is the type of a column from DuckDB's name of it.
func columnType(engine string) dataset.Type {
	switch engine {
	case "BOOLEAN":
		return dataset.Boolean
	case "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
		"UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "BIGNUM":
		return dataset.Integer
	case "FLOAT", "DOUBLE":
		return dataset.Number
	case "DATE":
		return dataset.Date
	}
	switch {
	case strings.HasPrefix(engine, "DECIMAL"):
		return dataset.Number
	case strings.HasPrefix(engine, "TIMESTAMP"):
		return dataset.DateTime
	}
	return dataset.Text
}

// normal turns a cell of the driver into one of the kinds a Result holds.
func normal(cell any, engine string) any {
	switch v := cell.(type) {
	case nil, bool, int64:
		return v
	case string:
		return strings.ToValidUTF8(v, "\uFFFD")
	case int8, int16, int32, uint8, uint16, uint32, uint64:
		return integer(v)
	case *big.Int:
		if v.IsInt64() {
			return v.Int64()
		}
		f, _ := new(big.Float).SetInt(v).Float64()
		return number(f)
	case float32:
		return number(float64(v))
	case float64:
		return number(v)
	case duckdb.Decimal:
		return number(v.Float64())
	case time.Time:
		return moment(v, engine)
	}
	return written(cell, engine)
}

// integer is a whole number as an int64, or a float64 where it is none.
func integer(cell any) any {
	v := reflect.ValueOf(cell)
	if v.CanInt() {
		return v.Int()
	}
	if n := v.Uint(); n > math.MaxInt64 {
		return float64(n)
	}
	return int64(v.Uint())
}

// moment is a time of day as its text, or a time in UTC; nil for infinity.
func moment(v time.Time, engine string) any {
	if strings.HasPrefix(engine, "TIME") && !strings.HasPrefix(engine, "TIMESTAMP") {
		return v.UTC().Format("15:04:05.999999")
	}
	if year := v.Year(); year < 0 || year > 9999 {
		return nil // infinity, or as good as
	}
	return v.UTC()
}

// number is f, or nil where f is not a number at all.
func number(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return f
}

// written writes the types that a table of open data rarely holds.
func written(cell any, engine string) string {
	switch v := cell.(type) {
	case []byte:
		if engine == "UUID" && len(v) == 16 {
			id := duckdb.UUID(v)
			return id.String()
		}
		return hex.EncodeToString(v)
	case duckdb.Interval:
		return fmt.Sprintf("%d months %d days %s", v.Months, v.Days, time.Duration(v.Micros)*time.Microsecond)
	}
	if b, err := json.Marshal(cell); err == nil {
		return string(b)
	}
	return fmt.Sprint(cell)
}

// decodeCell reads a cell of a column back from JSON.
func decodeCell(data json.RawMessage, kind dataset.Type) (any, error) {
	if string(data) == "null" {
		return nil, nil
	}
	switch kind {
	case dataset.Integer:
		if i, err := strconv.ParseInt(string(data), 10, 64); err == nil {
			return i, nil
		}
		return strconv.ParseFloat(string(data), 64) // too large for an integer
	case dataset.Number:
		return strconv.ParseFloat(string(data), 64)
	case dataset.Boolean:
		return strconv.ParseBool(string(data))
	case dataset.Date, dataset.DateTime:
		var t time.Time
		err := json.Unmarshal(data, &t)
		return t, err
	}
	var s string
	err := json.Unmarshal(data, &s)
	return s, err
}
