package ckan

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"cigogne/internal/harvest"
	"cigogne/internal/httpx"
)

// GetPage reads a page of records at an address that answers as
// package_search does.
func GetPage(ctx context.Context, client *httpx.Client, address string, attempts int) (harvest.Page, error) {
	var page harvest.Page
	_, err := client.Get(ctx, httpx.Get{
		URL: address, Accept: "application/json", Attempts: attempts,
		Check: func(a *httpx.Answer) (err error) {
			if page, err = ParsePage(a.Body); err != nil {
				detail := ""
				if looksHTML(a.Body) {
					detail = "html"
				}
				return &httpx.Error{Reason: httpx.NotAnswer, URL: address, Status: a.Status, Detail: detail, Err: err}
			}
			return nil
		},
	})
	return page, err
}

var errNoList = errors.New("no list of records")

// ParsePage reads an answer of package_search: {"success":true,"result":{"count":
// n,"results":[…]}}. DKAN's plain lists, and lists of a list, pass as well.
func ParsePage(body []byte) (harvest.Page, error) {
	result, err := Result(body)
	if err != nil {
		return harvest.Page{}, err
	}
	page := harvest.Page{Total: -1}
	if result = bytes.TrimSpace(result); len(result) > 0 && result[0] == '{' {
		var found struct {
			Count   any
			Results json.RawMessage
		}
		if err := json.Unmarshal(result, &found); err != nil {
			return harvest.Page{}, err
		}
		page.Total = harvest.Total(found.Count)
		if result = found.Results; page.Total == 0 && (result == nil || string(result) == "null") {
			return page, nil
		}
	}
	if page.Records, err = harvest.RawList(result); err != nil {
		return harvest.Page{}, errNoList
	}
	if len(page.Records) == 1 {
		if inner, err := harvest.RawList(page.Records[0]); err == nil && page.Records[0][0] == '[' {
			page.Records = inner
		}
	}
	return page, nil
}

// Result unwraps an answer of the action API. A failure that comes with status
// 200 ("success":false) is an error. What PHP printed before the JSON is
// skipped.
func Result(body []byte) (json.RawMessage, error) {
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	if looksHTML(body) {
		if i := bytes.Index(body, []byte(`{"`)); i >= 0 && json.Valid(body[i:]) {
			body = body[i:]
		}
	}
	var answer struct {
		Success any
		Result  json.RawMessage
		Error   json.RawMessage
	}
	if err := harvest.Decode(body, &answer); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if answer.Success == false || answer.Success == "false" || answer.Result == nil {
		if len(answer.Error) > 0 {
			return nil, fmt.Errorf("the portal says: %.300s", answer.Error)
		}
		return nil, errors.New("the portal gives no result")
	}
	return answer.Result, nil
}

func looksHTML(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) > 0 && body[0] == '<'
}
