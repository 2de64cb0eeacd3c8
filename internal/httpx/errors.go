package httpx

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"cigogne/internal/lang"
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
	case Invalid:
		return fmt.Sprintf(l.Pick("« %s » n’est pas une adresse http ou https.", "“%s” is not an http or https address."), e.URL)
	case Refused:
		return fmt.Sprintf(l.Pick("L’adresse de %s n’est pas publique : ajoutez --allow-private si vous voulez vraiment y accéder.", "The address of %s is not public: add --allow-private if you really want to reach it."), e.Host())
	case Unreachable:
		return fmt.Sprintf(l.Pick("%s est injoignable : vérifiez l’adresse et la connexion.", "%s cannot be reached: check the address and the connection."), e.Host())
	case Timeout:
		return fmt.Sprintf(l.Pick("%s ne répond plus : réessayez plus tard.", "%s has stopped answering: try again later."), e.Host())
	case RateLimited:
		if e.After > 0 {
			return fmt.Sprintf(l.Pick("%s limite le nombre de demandes : réessayez dans %s.", "%s limits the number of requests: try again in %s."), e.Host(), e.After.Round(time.Second))
		}
		return fmt.Sprintf(l.Pick("%s limite le nombre de demandes : réessayez plus tard.", "%s limits the number of requests: try again later."), e.Host())
	case NotFound:
		return fmt.Sprintf(l.Pick("Il n’y a rien à l’adresse %s (réponse %d).", "There is nothing at %s (status %d)."), e.URL, e.Status)
	case Forbidden:
		return fmt.Sprintf(l.Pick("%s refuse l’accès à %s (réponse %d).", "%s denies access to %s (status %d)."), e.Host(), e.URL, e.Status)
	case Upstream:
		return fmt.Sprintf(l.Pick("%s est en panne (réponse %d) : réessayez plus tard.", "%s is failing (status %d): try again later."), e.Host(), e.Status)
	case Redirects:
		return fmt.Sprintf(l.Pick("%s renvoie d’une adresse à l’autre sans fin.", "%s redirects without end."), e.URL)
	case Cut:
		return fmt.Sprintf(l.Pick("Le transfert de %s s’est interrompu avant la fin.", "The transfer of %s broke off before its end."), e.URL)
	case TooLarge:
		return fmt.Sprintf(l.Pick("%s est trop volumineux (%s).", "%s is too large (%s)."), e.URL, e.Detail)
	case BadChecksum:
		return fmt.Sprintf(l.Pick("%s ne correspond pas à l’empreinte que le portail annonce.", "%s does not match the checksum its portal declares."), e.URL)
	case EmptyContent:
		return fmt.Sprintf(l.Pick("%s est vide.", "%s is empty."), e.URL)
	}
	if what, ok := details[e.Detail]; ok {
		return fmt.Sprintf(l.Pick("%s donne %s à la place de ce qui est attendu.", "%s gives %s instead of what is expected."), e.URL, l.Pick(what[0], what[1]))
	}
	return fmt.Sprintf(l.Pick("La réponse de %s est incompréhensible.", "The answer of %s makes no sense."), e.URL)
}

// details are what servers give instead of what was asked.
var details = map[string][2]string{
	"html": {"une page web", "a web page"},
	"json": {"un message d’erreur", "an error message"},
	"xml":  {"un message d’erreur", "an error message"},
	"text": {"un texte", "a text"},
}

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
