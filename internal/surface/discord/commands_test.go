package discord

import (
	"regexp"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
)

// named is what Discord takes for the name of a command or an option: no capital, no space.
var named = regexp.MustCompile(`^[-_'\p{Ll}\p{Lo}\p{N}]{1,32}$`)

// A command that lacks a text, in any language, or something to do, is caught here:
// Discord would refuse all of them.
func TestEveryCommandIsSaidInEveryLanguageAndDoesSomething(t *testing.T) {
	local := map[discordgo.Locale]map[string]string{}
	says := func(t *testing.T, texts map[discordgo.Locale]string) {
		t.Helper()
		for l, text := range texts {
			if n := length(text); n == 0 || n > 100 || strings.Contains(text, "discord.") {
				t.Errorf("%s is told %q", l, text)
			}
		}
	}
	for k, c := range commands() {
		t.Run(c.Name, func(t *testing.T) {
			if orders()[k].run == nil && c.Name != cmdHelp {
				t.Error("nothing carries it out")
			}
			if len(*c.NameLocalizations) != 4 || len(*c.DescriptionLocalizations) != 4 {
				t.Errorf("names %v, texts %v", *c.NameLocalizations, *c.DescriptionLocalizations)
			}
			for l, name := range *c.NameLocalizations {
				if local[l] == nil {
					local[l] = map[string]string{}
				}
				if other := local[l][name]; other != "" || !named.MatchString(name) {
					t.Errorf("%s: %q, as %q", l, name, other)
				}
				local[l][name] = c.Name
			}
			says(t, *c.DescriptionLocalizations)
			for _, o := range c.Options {
				for l, name := range o.NameLocalizations {
					if !named.MatchString(name) {
						t.Errorf("%s: option %q", l, name)
					}
				}
				says(t, o.DescriptionLocalizations)
			}
		})
	}
}
