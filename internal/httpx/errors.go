package httpx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"syscall"
	"time"

	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Reason is why a server's answer could not be had.
type Reason string

// The closed list of reasons.
const (
	Invalid      Reason = "invalid"       // no http or https address
	Refused      Reason = "refused"       // an address that is not public, see Guard
	Unreachable  Reason = "unreachable"   // no such name, no connection, no valid certificate
	Timeout      Reason = "timeout"       // nothing came for too long
	RateLimited  Reason = "rate_limited"  // 429: too many requests
	NotFound     Reason = "not_found"     // 404 or 410
	Forbidden    Reason = "forbidden"     // 401, 403 and such
	Upstream     Reason = "upstream"      // another status that is a failure
	Redirects    Reason = "redirects"     // sent from one address to the next without end
	Cut          Reason = "cut"           // the answer ended before its end
	TooLarge     Reason = "too_large"     // past the bound
	NotAnswer    Reason = "not_answer"    // an answer, but not in the form asked for
	WrongContent Reason = "wrong_content" // a web page or an error message in the place of a file
	BadChecksum  Reason = "bad_checksum"  // not the bytes that the portal declared
	EmptyContent Reason = "empty_content" // no byte
)

// Error is an answer that could not be had.
type Error struct {
	Reason Reason
	URL    string
	Status int           // of the answer, 0 when there was none
	After  time.Duration // with RateLimited: how long the server asked to wait, 0 unknown
	Detail string        // what was found instead, or the bound that was passed; may be empty
	Err    error         // the cause, may be nil
}

// Error says the reason in English, for logs; see Sentence for people.
func (e *Error) Error() string {
	s := "get " + e.URL + ": " + string(e.Reason)
	if e.Status != 0 {
		s += fmt.Sprintf(" (status %d)", e.Status)
	}
	if e.Detail != "" {
		s += " (" + e.Detail + ")"
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Temporary tells whether the same request may succeed a little later.
func (e *Error) Temporary() bool {
	switch e.Reason {
	case Timeout, RateLimited, Cut, NotAnswer:
		return true
	case Upstream:
		return e.Status >= 500 && e.Status != http.StatusNotImplemented || e.Status == http.StatusRequestTimeout || e.Status == http.StatusTooEarly
	case Unreachable:
		var dns *net.DNSError
		if errors.As(e.Err, &dns) {
			return dns.IsTemporary || dns.IsTimeout
		}
		return errors.Is(e.Err, syscall.ECONNREFUSED) || errors.Is(e.Err, syscall.ECONNRESET) || errors.Is(e.Err, syscall.ENETUNREACH) || errors.Is(e.Err, io.EOF)
	}
	return false
}

// Host is the server's name, for people.
func (e *Error) Host() string {
	if u, err := url.Parse(e.URL); err == nil && u.Host != "" {
		return u.Host
	}
	return e.URL
}

// Sentence says in one sentence, in the language given, what went wrong.
func (e *Error) Sentence(l lang.Lang) string {
	switch e.Reason {
	case Refused:
		if refused := (*AddressError)(nil); errors.As(e.Err, &refused) && refused.Private {
			return texts.Say(l, "httpx.never_connected_to", "host", e.Host(), "address", refused.Addr)
		}
		return texts.Say(l, "httpx.address_is_not_public_add_allow", "host", e.Host())
	case Unreachable:
		return texts.Say(l, "httpx.cannot_be_reached_check_address", "host", e.Host())
	case Timeout:
		return texts.Say(l, "httpx.has_stopped_answering_try_again", "host", e.Host())
	case RateLimited:
		if e.After > 0 {
			return texts.Say(l, "httpx.limits_number_requests_try_again", "host", e.Host(), "round", e.After.Round(time.Second))
		}
		return texts.Say(l, "httpx.limits_number_requests_try_again_2", "host", e.Host())
	case NotFound:
		return texts.Say(l, "httpx.there_is_nothing_at_status", "url", e.URL, "n", e.Status)
	case Forbidden:
		return texts.Say(l, "httpx.denies_access_to_status", "host", e.Host(), "url", e.URL, "n", e.Status)
	case Upstream:
		return texts.Say(l, "httpx.is_failing_status_try_again_later", "host", e.Host(), "n", e.Status)
	}
	return e.aboutContent(l)
}

// aboutContent is Sentence of what was, or was not, at the address.
func (e *Error) aboutContent(l lang.Lang) string {
	switch e.Reason {
	case Invalid:
		return texts.Say(l, "httpx.is_not_http_or_https_address", "url", e.URL)
	case Redirects:
		return texts.Say(l, "httpx.redirects_without_end", "url", e.URL)
	case Cut:
		return texts.Say(l, "httpx.transfer_broke_off_before_its_end", "url", e.URL)
	case TooLarge:
		return texts.Say(l, "httpx.is_too_large", "url", e.URL, "detail", e.Detail)
	case BadChecksum:
		return texts.Say(l, "httpx.does_not_match_checksum_its_portal", "url", e.URL)
	case EmptyContent:
		return texts.Say(l, "httpx.is_empty", "url", e.URL)
	}
	if slices.Contains(details, e.Detail) {
		return texts.Say(l, "httpx.gives_instead_what_is_expected", "url", e.URL, "what", texts.Say(l, "httpx.detail_"+e.Detail))
	}
	return texts.Say(l, "httpx.answer_makes_no_sense", "url", e.URL)
}

// details are what servers give instead of what was asked.
var details = []string{"html", "json", "xml", "text"}

// transportError gives an error of the network its reason. Errors of the
// caller's context stay what they are.
func transportError(ctx context.Context, address string, err error) error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	if errors.Is(context.Cause(ctx), errStalled) {
		return &Error{Reason: Timeout, URL: address, Err: errStalled}
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("get %s: %w", address, err)
	}
	e := &Error{Reason: Unreachable, URL: address, Err: err}
	var timeout net.Error
	var refused *AddressError
	switch {
	case errors.As(err, &refused):
		e.Reason = Refused
	case errors.Is(err, io.ErrUnexpectedEOF):
		e.Reason = Cut
	case errors.As(err, &timeout) && timeout.Timeout():
		e.Reason = Timeout
	}
	return e
}

// statusError is the reason of a status that is a failure.
func statusError(address string, resp *http.Response) *Error {
	e := &Error{Reason: Upstream, URL: address, Status: resp.StatusCode}
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		e.Reason, e.After = RateLimited, retryAfter(resp.Header.Get("Retry-After"), time.Now())
	case http.StatusServiceUnavailable:
		e.After = retryAfter(resp.Header.Get("Retry-After"), time.Now())
	case http.StatusNotFound, http.StatusGone:
		e.Reason = NotFound
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusPaymentRequired, http.StatusUnavailableForLegalReasons:
		e.Reason = Forbidden
	}
	return e
}
