package main

import "cigogne/internal/answer"

// plainText is an answer for a terminal that renders nothing.
func plainText(a *answer.Answer) string { return a.Text }
