#!/usr/bin/env bash
# extrame/xls: a plain amount of a legacy .xls is read as a day, and a truth as nothing.
#
# A careful person would guess that a number cell without a format comes back as the
# number. With github.com/extrame/xls v0.0.1, over a workbook of xlwt 1.3.0 that has one
# column of days, the amount 12.5 comes back as 1903-06-03, the day 1250, and the cell TRUE
# as an empty text; a day comes back as it is. Nothing says so, and the cell's own
# number is not to be had beside its text. xlrd 2.0.2 reads the same bytes rightly.
#
# Seen: amount 1903-06-03, truth ""; xlrd: 12.5, 1
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
python3 -m venv "$dir/v"
"$dir/v/bin/pip" -q --disable-pip-version-check install xlwt==1.3.0 xlrd==2.0.2
cd "$dir"
v/bin/python - <<'P'
import datetime, xlrd, xlwt

book = xlwt.Workbook()
sheet = book.add_sheet("S")
day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
for c, h in enumerate(["day", "amount", "truth"]):
    sheet.write(0, c, h)
sheet.write(1, 0, datetime.date(2020, 1, 2), day)
sheet.write(1, 1, 12.5)
sheet.write(1, 2, True)
book.save("a.xls")
print("xlrd:", xlrd.open_workbook("a.xls").sheet_by_index(0).row_values(1)[1:])
P
mkdir m && cd m
cat > main.go <<'G'
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/extrame/xls"
)

func main() {
	book, err := xls.Open("../a.xls", "utf-8")
	if err != nil {
		panic(err)
	}
	row := book.GetSheet(0).Row(1)
	fmt.Printf("extrame/xls: day %q, amount %q, truth %q\n", row.Col(0), row.Col(1), row.Col(2))
	if !strings.HasPrefix(row.Col(1), "1903-06-03") || row.Col(2) != "" {
		os.Exit(1)
	}
}
G
go mod init m >/dev/null 2>&1
go mod edit -require github.com/extrame/xls@v0.0.1
go mod tidy >/dev/null 2>&1
go run .
