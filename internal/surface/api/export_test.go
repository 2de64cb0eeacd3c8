package api

// Routes lists what is served, as "METHOD /path".
func Routes() (out []string) {
	for _, r := range (&handler{}).routes() {
		out = append(out, r.method+" "+r.path)
	}
	return out
}
