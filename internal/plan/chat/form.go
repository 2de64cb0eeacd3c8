package chat

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Kind is a kind of server, where they differ in what they take.
type Kind string

// The kinds known; "" learns what a server takes from its errors.
const (
	OpenAI   Kind = "openai" // api.openai.com and Azure
	Mistral  Kind = "mistral"
	Albert   Kind = "albert" // the French State's: OpenGateLLM before vLLM
	Groq     Kind = "groq"
	Ollama   Kind = "ollama"
	LlamaCpp Kind = "llama.cpp"
	VLLM     Kind = "vllm"
)

// Kinds lists them.
func Kinds() []string {
	return []string{string(OpenAI), string(Mistral), string(Albert), string(Groq), string(Ollama), string(LlamaCpp), string(VLLM)}
}

// hosts tell kinds by the end of an address.
var hosts = map[string]Kind{"openai.com": OpenAI, "openai.azure.com": OpenAI, "mistral.ai": Mistral, "etalab.gouv.fr": Albert, "numerique.gouv.fr": Albert, "groq.com": Groq}

func kindOf(s Server) Kind {
	u, err := url.Parse(s.URL)
	if s.Kind != "" || err != nil {
		return s.Kind
	}
	if u.Port() == "11434" {
		return Ollama
	}
	for host, k := range hosts {
		if name := u.Hostname(); name == host || strings.HasSuffix(name, "."+host) {
			return k
		}
	}
	return ""
}

// feature is a field of a request that not every server takes, or takes otherwise.
type feature string

const (
	temperature feature = "temperature"
	maxTokens   feature = "max_tokens"            // the bound as most servers call it
	maxComplete feature = "max_completion_tokens" // the bound as OpenAI calls it now
	usageAsked  feature = "stream_options"
	effort      feature = "reasoning_effort"
	noThinking  feature = "chat_template_kwargs" // of llama.cpp and vLLM: no thinking
	streamed    feature = "stream"
	systemRole  feature = "system" // a system message, else it begins the question
	roomToThink feature = "thinking"
)

// form is the set of features that a request has.
type form map[feature]bool

// reasoning are OpenAI's models that think whatever one asks: they take no
// temperature, and the bound holds for their thinking too.
var reasoning = regexp.MustCompile(`^(?:.*/)?(?:o[0-9]|gpt-5|gpt-oss|codex)`)

// form is what the server takes, as far as its kind and its errors have told.
func (c *Client) form() form {
	f := form{temperature: true, maxTokens: true, usageAsked: true, streamed: true, systemRole: true}
	thinks := reasoning.MatchString(strings.ToLower(c.server.Model))
	switch c.server.Kind {
	case OpenAI:
		f.swap(maxTokens, maxComplete)
	case Groq:
		f.swap(maxTokens, maxComplete)
		delete(f, usageAsked) // it says so in a field of its own
	case Mistral:
		delete(f, usageAsked) // always said; other fields than its own are errors
	case Ollama:
		f[effort] = true // none: it thinks by default
	case LlamaCpp, VLLM:
		f[noThinking] = true
	}
	if thinks {
		f[effort], f[roomToThink] = true, true
		if c.server.Kind == OpenAI || c.server.Kind == "" {
			f.swap(maxTokens, maxComplete)
			delete(f, temperature)
		}
	}
	return c.features.apply(f)
}

func (f form) swap(a, b feature) {
	delete(f, a)
	f[b] = true
}

// thinkingRoom is how many times longer a reply may be with its thinking.
const thinkingRoom = 10

// body writes a request.
func (f form) body(model string, r Request) map[string]any {
	type message struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	}
	messages := []message{{"system", r.System}, {"user", r.User}}
	if !f[systemRole] {
		messages = []message{{"user", r.System + "\n" + r.User}}
	}
	body := map[string]any{"model": model, "messages": messages}
	most := r.Most
	if f[roomToThink] {
		most *= thinkingRoom
	}
	for feature, value := range map[feature]any{
		temperature: r.Temperature, maxTokens: most, maxComplete: most, streamed: true,
		usageAsked: map[string]bool{"include_usage": true}, noThinking: map[string]bool{"enable_thinking": false},
	} {
		if f[feature] {
			body[string(feature)] = value
		}
	}
	if !f[streamed] {
		delete(body, string(usageAsked))
	}
	if f[effort] {
		body[string(effort)] = "none"
		if f[roomToThink] {
			body[string(effort)] = "low"
		}
	}
	return body
}

// complaints tell by what a server says which feature it does not take, the most
// telling first.
var complaints = []struct {
	says    *regexp.Regexp
	feature feature
}{
	{regexp.MustCompile(`(?i)max_completion_tokens.{0,60}(?:instead|not supported)|max_tokens|max_completion_tokens`), maxTokens},
	{regexp.MustCompile(`(?i)stream_options|include_usage`), usageAsked},
	{regexp.MustCompile(`(?i)chat_template_kwargs|enable_thinking`), noThinking},
	{regexp.MustCompile(`(?i)reasoning_effort|reasoning|does not support thinking|"?think"? value`), effort},
	{regexp.MustCompile(`(?i)temperature`), temperature},
	{regexp.MustCompile(`(?i)system.{0,20}(?:role|message|prompt)|roles? must alternate`), systemRole},
	{regexp.MustCompile(`(?i)stream`), streamed},
}

// mended gives the form to try next after an error, and what it leaves out; ""
// where another form would not help.
func (f form) mended(err error) (form, string) {
	if errors.Is(err, ErrThought) && !f[roomToThink] {
		next := maps.Clone(f)
		next[roomToThink] = true
		return next, "a short bound"
	}
	var s *StatusError
	if !errors.As(err, &s) || s.Status > 200 && s.Status < 500 && !ofForm[s.Status] {
		return nil, ""
	}
	for _, c := range complaints {
		if c.says.MatchString(s.Detail) {
			if next := f.without(c.feature); !maps.Equal(next, f) {
				return next, string(c.feature)
			}
		}
	}
	if bare := f.bare(); ofForm[s.Status] && !f[unexplained] && !maps.Equal(bare, f) {
		bare[unexplained] = true
		return bare, string(unexplained)
	}
	return nil, ""
}

// ofForm are the statuses that say that a request is wrong in its form.
var ofForm = map[int]bool{http.StatusBadRequest: true, http.StatusUnprocessableEntity: true}

// without leaves a feature out; a bound is called by its other name first.
func (f form) without(x feature) form {
	next := maps.Clone(f)
	switch {
	case x == maxTokens && f[maxTokens]:
		next.swap(maxTokens, maxComplete)
	case x == maxTokens:
		delete(next, maxComplete) // what is read of a reply is bounded still
	default:
		delete(next, x)
	}
	return next
}

// bare keeps what no server can do without.
func (f form) bare() form {
	bare := form{}
	for _, keep := range []feature{maxTokens, maxComplete, systemRole, roomToThink, streamed} {
		if f[keep] {
			bare[keep] = true
		}
	}
	return bare
}

// unexplained marks a form without anything that could be left out, tried after
// an error that says nothing. It is not remembered: the request may have been
// wrong in another way.
const unexplained feature = "everything that may be left out"

// remembered is for how long a server is asked without what it did not take:
// servers are updated, and models loaded.
const remembered = time.Hour

// features remembers what a server takes otherwise than its kind tells.
type features struct {
	mu    sync.Mutex
	known map[feature]learnt
}

type learnt struct {
	on    bool
	until time.Time
}

// learn remembers the difference of two forms.
func (m *features) learn(from, to form) {
	if to[unexplained] {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil {
		m.known = map[feature]learnt{}
	}
	until := time.Now().Add(remembered)
	for _, f := range []form{from, to} {
		for k := range f {
			if from[k] != to[k] {
				m.known[k] = learnt{to[k], until}
			}
		}
	}
}

func (m *features) apply(f form) form {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, v := range m.known {
		switch {
		case time.Now().After(v.until):
			delete(m.known, k)
		case v.on:
			f[k] = true
		default:
			delete(f, k)
		}
	}
	return f
}
