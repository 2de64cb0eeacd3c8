// Package staff lets in the team that runs the service: those whom an OpenID
// Connect provider knows and the configuration names. It keeps nothing about
// anybody: a session is a random number and the moment it ends, in memory.
package staff

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Where the gate answers itself; what it guards is below Path too.
const (
	Path     = "/staff/"
	signIn   = Path + "sign-in"
	callback = Path + "callback"
	signOut  = Path + "sign-out"
)

const (
	lasts    = 8 * time.Hour    // a session
	patience = 10 * time.Minute // for the provider's page
	most     = 1000             // sign-ins under way, or sessions
)

// The cookies; no page for everybody sets one.
const (
	sessionCookie = "cigogne-staff"
	stateCookie   = "cigogne-sign-in"
)

// Parts are what a gate is made of.
type Parts struct {
	Issuer string // address of the provider
	Client string // what it knows this site as
	Secret string
	Emails []string                   // of those who are let in: "name@example.org", "@example.org" for all of one
	Groups []string                   // of the claim "groups"
	Base   func(*http.Request) string // public address of the site
	Sorry  func(w http.ResponseWriter, r *http.Request, status int, why Refusal)
	HTTP   *http.Client // to the provider
	Log    *slog.Logger
}

// Refusal is why somebody is not let in.
type Refusal string

// Why somebody is not let in.
const (
	Away    Refusal = "away"    // the provider does not answer
	Stale   Refusal = "stale"   // the sign-in was not begun here, or too long ago
	Unknown Refusal = "unknown" // the provider knows them, the configuration does not
	Refused Refusal = "refused" // the provider said no
)

// Gate lets in those it knows. It is safe for concurrent use.
type Gate struct {
	Parts
	now func() time.Time

	mu       sync.Mutex
	provider *oidc.Provider // nil until it answered: one that is away stops no site
	begun    map[string]attempt
	sessions map[string]time.Time // when each ends
}

// attempt is a sign-in under way.
type attempt struct {
	nonce, verifier string
	ends            time.Time
}

// New returns a gate.
func New(p Parts) *Gate {
	return &Gate{Parts: p, now: time.Now, begun: map[string]attempt{}, sessions: map[string]time.Time{}}
}

// Handler is the gate before the pages that it guards.
func (g *Gate) Handler(pages http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+signIn, g.signIn)
	mux.HandleFunc("GET "+callback, g.callback)
	mux.HandleFunc("POST "+signOut, g.signOut)
	mux.HandleFunc(Path, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if !g.known(r) {
			http.Redirect(w, r, signIn, http.StatusSeeOther)
			return
		}
		pages.ServeHTTP(w, r)
	})
	return mux
}

// known tells whether a request bears a session that lasts.
func (g *Gate) known(r *http.Request) bool {
	c, err := r.Cookie(sessionCookie)
	if err != nil {
		return false
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.now().Before(g.sessions[c.Value])
}

// ways is how the provider is spoken to.
func (g *Gate) ways(ctx context.Context, r *http.Request) (*oauth2.Config, *oidc.IDTokenVerifier, error) {
	g.mu.Lock()
	p := g.provider
	g.mu.Unlock()
	if p == nil {
		// The provider keeps the context for its keys, beyond this request.
		found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), g.HTTP), g.Issuer)
		if err != nil {
			return nil, nil, err
		}
		g.mu.Lock()
		g.provider, p = found, found
		g.mu.Unlock()
	}
	return &oauth2.Config{ClientID: g.Client, ClientSecret: g.Secret, Endpoint: p.Endpoint(), RedirectURL: g.Base(r) + callback, Scopes: []string{oidc.ScopeOpenID, "email", "profile"}},
		p.Verifier(&oidc.Config{ClientID: g.Client}), nil
}

// signIn sends to the provider.
func (g *Gate) signIn(w http.ResponseWriter, r *http.Request) {
	ways, _, err := g.ways(r.Context(), r)
	if err != nil {
		g.Log.ErrorContext(r.Context(), "staff: provider not reached", "error", err)
		g.Sorry(w, r, http.StatusBadGateway, Away)
		return
	}
	state, a := rand.Text(), attempt{rand.Text(), oauth2.GenerateVerifier(), g.now().Add(patience)}
	g.mu.Lock()
	tidy(g.begun, func(a attempt) time.Time { return a.ends }, g.now())
	g.begun[state] = a
	g.mu.Unlock()
	g.cookie(w, r, stateCookie, state, patience)
	http.Redirect(w, r, ways.AuthCodeURL(state, oidc.Nonce(a.nonce), oauth2.S256ChallengeOption(a.verifier)), http.StatusFound)
}

// callback takes what the provider says of somebody.
func (g *Gate) callback(w http.ResponseWriter, r *http.Request) {
	state := r.URL.Query().Get("state")
	g.mu.Lock()
	a, begun := g.begun[state]
	delete(g.begun, state)
	g.mu.Unlock()
	if c, err := r.Cookie(stateCookie); err != nil || !begun || c.Value != state || g.now().After(a.ends) {
		g.Sorry(w, r, http.StatusBadRequest, Stale)
		return
	}
	g.cookie(w, r, stateCookie, "", -1)
	who, err := g.identify(r, a)
	switch {
	case err != nil:
		g.Log.WarnContext(r.Context(), "staff: sign-in refused", "error", err)
		g.Sorry(w, r, http.StatusForbidden, Refused)
		return
	case !g.may(who):
		g.Sorry(w, r, http.StatusForbidden, Unknown)
		return
	}
	id := rand.Text()
	g.mu.Lock()
	tidy(g.sessions, func(ends time.Time) time.Time { return ends }, g.now())
	g.sessions[id] = g.now().Add(lasts)
	g.mu.Unlock()
	g.cookie(w, r, sessionCookie, id, lasts)
	http.Redirect(w, r, Path, http.StatusSeeOther)
}

// claims are what of a token is read.
type claims struct {
	Email    string   `json:"email"`
	Verified *bool    `json:"email_verified"` // some providers leave it out, none may say no
	Groups   []string `json:"groups"`
}

// identify exchanges the code for a token and checks it.
func (g *Gate) identify(r *http.Request, a attempt) (claims, error) {
	var who claims
	if said := r.URL.Query().Get("error"); said != "" {
		return who, errors.New("the provider says " + said)
	}
	ways, verifier, err := g.ways(r.Context(), r)
	if err != nil {
		return who, err
	}
	ctx := oidc.ClientContext(r.Context(), g.HTTP)
	token, err := ways.Exchange(ctx, r.URL.Query().Get("code"), oauth2.VerifierOption(a.verifier))
	if err != nil {
		return who, err
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return who, errors.New("no id_token")
	}
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return who, err
	}
	if id.Nonce != a.nonce {
		return who, errors.New("the token is of another sign-in")
	}
	return who, id.Claims(&who)
}

// may tells whether the configuration names somebody.
func (g *Gate) may(who claims) bool {
	for _, group := range who.Groups {
		if slices.Contains(g.Groups, group) {
			return true
		}
	}
	email := strings.ToLower(who.Email)
	if email == "" || who.Verified != nil && !*who.Verified {
		return false
	}
	_, domain, _ := strings.Cut(email, "@")
	return slices.ContainsFunc(g.Emails, func(known string) bool {
		known = strings.ToLower(known)
		return known == email || known == "@"+domain
	})
}

// signOut ends a session.
func (g *Gate) signOut(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(sessionCookie); err == nil {
		g.mu.Lock()
		delete(g.sessions, c.Value)
		g.mu.Unlock()
	}
	g.cookie(w, r, sessionCookie, "", -1)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// cookie sets one of these pages alone; lasting less than nothing takes it away.
func (g *Gate) cookie(w http.ResponseWriter, r *http.Request, name, value string, lasting time.Duration) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: Path, MaxAge: int(lasting / time.Second), HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(g.Base(r), "https://")})
}

// tidy takes out what has ended, and where there is too much of the rest, the
// next to end.
func tidy[T any](m map[string]T, ends func(T) time.Time, now time.Time) {
	first := ""
	for k, v := range m {
		if now.After(ends(v)) {
			delete(m, k)
		} else if first == "" || ends(v).Before(ends(m[first])) {
			first = k
		}
	}
	if len(m) >= most {
		delete(m, first)
	}
}
