package post

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"

	"cigogne/internal/httpx"
)

// EXo posts to the activity streams of eXo Platform's spaces, by its REST
// interface, as a user who is a member of them. The address is a space's ID.
type EXo struct {
	Client         *httpx.Client
	Server         string // base URL, as https://community.example.org
	User, Password string
}

// Post implements Poster.
func (x EXo) Post(ctx context.Context, space string, n Note) error {
	address := strings.TrimRight(x.Server, "/") + "/portal/rest/v1/social/spaces/" + url.PathEscape(space) + "/activities"
	payload := map[string]any{"title": n.HTML(), "type": "DEFAULT_ACTIVITY"}
	return send(ctx, x.Client, address, payload, func(r *http.Request) { r.SetBasicAuth(x.User, x.Password) })
}

// HTML is the note as eXo's streams show it: a title is HTML there.
func (n Note) HTML() string {
	var b strings.Builder
	fmt.Fprintf(&b, "<p><strong>%s</strong></p>", html.EscapeString(n.Title))
	if len(n.Lines) > 0 {
		b.WriteString("<ul>")
		for _, l := range n.Lines {
			fmt.Fprintf(&b, "<li>%s</li>", html.EscapeString(l))
		}
		b.WriteString("</ul>")
	}
	if n.Address != "" {
		a := html.EscapeString(n.Address)
		fmt.Fprintf(&b, `<p><a href="%s">%s</a></p>`, a, a)
	}
	return b.String()
}
