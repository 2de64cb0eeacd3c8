package main

import "net/http"

// site is everything that serve answers over HTTP, with a line of its own.
func site(c *current, sv serving) (http.Handler, error) {
	return siteOver(c, newLine(c), c.answers(), sv)
}
