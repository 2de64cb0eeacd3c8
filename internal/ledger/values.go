package ledger

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// A value of a query or a result is written as JSON text that begins with its
// type, so that it comes back as what it was: JSON alone has one kind of number
// and no dates.

func write(v any) (string, error) {
	switch x := v.(type) {
	case nil:
		return "", nil
	case bool:
		return "b" + strconv.FormatBool(x), nil
	case int:
		return "i" + strconv.Itoa(x), nil
	case int64:
		return "i" + strconv.FormatInt(x, 10), nil
	case float64:
		return "f" + strconv.FormatFloat(x, 'g', -1, 64), nil
	case string:
		return "s" + x, nil
	case time.Time:
		return "t" + x.UTC().Format(time.RFC3339Nano), nil
	}
	return "", fmt.Errorf("a value of type %T", v)
}

func read(s string) (any, error) {
	if s == "" {
		return nil, nil
	}
	switch rest := s[1:]; s[0] {
	case 'b':
		return strconv.ParseBool(rest)
	case 'i':
		return strconv.ParseInt(rest, 10, 64)
	case 'f':
		return strconv.ParseFloat(rest, 64)
	case 's':
		return rest, nil
	case 't':
		return time.Parse(time.RFC3339Nano, rest)
	}
	return nil, fmt.Errorf("a value of kind %q", s[0])
}

func writeRows(rows [][]any) (string, error) {
	out := make([][]string, len(rows))
	for i, row := range rows {
		out[i] = make([]string, len(row))
		for j, v := range row {
			var err error
			if out[i][j], err = write(v); err != nil {
				return "", err
			}
		}
	}
	b, err := json.Marshal(out)
	return string(b), err
}

func readRows(text string) ([][]any, error) {
	var in [][]string
	if err := json.Unmarshal([]byte(text), &in); err != nil {
		return nil, err
	}
	rows := make([][]any, len(in))
	for i, row := range in {
		rows[i] = make([]any, len(row))
		for j, s := range row {
			var err error
			if rows[i][j], err = read(s); err != nil {
				return nil, err
			}
		}
	}
	return rows, nil
}
