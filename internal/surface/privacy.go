package surface

import (
	"cigogne/internal/lang"
	"cigogne/internal/texts"
)

// Privacy says, in Markdown, what is kept of what people ask, and for how long:
// so many days, 0 for good.
func Privacy(l lang.Lang, days int) string {
	until := texts.Say(l, "privacy.for_good")
	if days > 0 {
		until = texts.Say(l, "privacy.days", "n", days)
	}
	out := texts.Say(l, "privacy.title") + "\n"
	for _, line := range []string{texts.Say(l, "privacy.kept"), until, texts.Say(l, "privacy.not_kept"), texts.Say(l, "privacy.removed"), texts.Say(l, "privacy.conversation"), texts.Say(l, "privacy.nothing_else"), texts.Say(l, "privacy.channels"), texts.Say(l, "privacy.model")} {
		out += "\n- " + line
	}
	return out
}
