package discord

import (
	"regexp"
	"strings"
	"testing"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/surface/kept"
)

// Another reading is asked in the conversation of its answer, which is asked
// first where it is not the last of it, as after a restart.
func TestOtherReadings(t *testing.T) {
	d := newDouble(t)
	asker, answers := &scripted{}, kept.New(10)
	startOver(t, d, Settings{}, asker, answers)
	id := d.interact(2, slash("ask", "question", "dépenses des lycées"))
	menu := regexp.MustCompile(`c1:more:[^"]*`).FindString(text0(d.edited(id)))
	p, ok := parse(menu)
	if !ok || p.room == "" {
		t.Fatalf("no menu: %q", menu)
	}
	choose := func(custom string) call {
		return d.edited(d.interact(3, map[string]any{"custom_id": custom, "component_type": 3, "values": []string{"par année"}}))
	}
	choose(menu)
	asked := asker.questions()
	if n := len(asked); n != 2 || asked[1].Text != "par année" || asked[1].Conversation != "discord:"+p.room {
		t.Errorf("asked %+v", asked)
	}
	choose(menu) // its answer is no longer the last one
	asked = asker.questions()
	if n := len(asked); n != 4 || asked[2].Text != "dépenses des lycées" || asked[3].Text != "par année" || asked[2].Conversation != asked[3].Conversation {
		t.Errorf("asked %+v", asked)
	}
	if c := choose(press{do: doMore, id: "none", room: p.room}.String()); !strings.Contains(text0(c), "plus gardée") {
		t.Errorf("%s", text0(c))
	}
	// A question that says nothing by itself is not asked again.
	lost := &answer.Answer{Question: "et en 2019 ?", Lang: lang.French, Kind: answer.KindFigure, SQL: "SELECT other"}
	if err := answers.Keep(t.Context(), lost); err != nil {
		t.Fatal(err)
	}
	if c := choose(press{do: doMore, id: lost.AnswerID, room: "8800"}.String()); !strings.Contains(text0(c), "plus en mémoire") {
		t.Errorf("%s", text0(c))
	}
}
