package matrix

import (
	"bytes"
	"cmp"
	"context"
	"image/png"
	"strconv"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"

	"cigogne/internal/answer"
	"cigogne/internal/lang"
	"cigogne/internal/surface/plain"
	"cigogne/internal/surface/sheet"
	"cigogne/internal/texts"
)

// place is where something is said.
type place struct {
	room  id.RoomID
	root  id.EventID // of the thread; "": in the room itself
	to    id.EventID // in reply to; "": to nobody
	edits id.EventID // message that it takes the place of; "": none
}

// placeOf is where an event is answered: in its thread, in reply to it.
func (b *Bot) placeOf(e *event.Event) place {
	p := place{room: e.RoomID, to: e.ID}
	if m, ok := e.Content.Parsed.(*event.MessageEventContent); ok {
		p.root = m.RelatesTo.GetThreadParent()
	}
	return p
}

// threadOf is the root of the thread that a conversation is held in; "" where it
// is held in a room.
func threadOf(conversation string) id.EventID {
	if rest := strings.TrimPrefix(conversation, "matrix:"); strings.HasPrefix(rest, "$") {
		return id.EventID(rest)
	}
	return ""
}

// written is a message: a text in Markdown, files, and what it carries.
type written struct {
	text    string
	files   []file
	carries map[string]string
}

type file struct {
	name, kind string
	body       []byte
}

const (
	maxText   = 20_000   // bytes of a text; an event of 65,536 holds it four times: as HTML, and again where it is an edit
	shortText = 4_000    // what is shown of a longer one
	maxFile   = 10 << 20 // bytes that a file may have
)

// written writes an answer; the first of a conversation says what can be done
// with it.
func (b *Bot) written(a *answer.Answer, first bool) written {
	l := a.Lang
	w := written{text: a.Text}
	if len(a.Choices) > 0 {
		w.text = a.Sentence
		if w.text == "" {
			w.text, _, _ = strings.Cut(a.Text, "\n")
		}
		w.text += "\n"
		for i, c := range a.Choices {
			w.text += "\n" + strconv.Itoa(i+1) + ". " + escape(plain.Line(c))
		}
		w.text += "\n\n" + texts.Say(l, "matrix.choose")
	}
	if !a.Answered() {
		return w
	}
	if b.Base != "" && a.AnswerID != "" && !b.Answers.Passing(a.AnswerID) {
		w.text += "\n\n[" + texts.Say(l, "matrix.page") + "](" + b.Base + "/a/" + a.AnswerID + ")"
	}
	if first && a.AnswerID != "" {
		w.text += "\n\n" + texts.Say(l, "matrix.reactions")
	}
	if len(a.Rows) > shownRows {
		var csv bytes.Buffer
		if err := sheet.CSV(&csv, a); err == nil && csv.Len() <= maxFile {
			w.files = append(w.files, file{sheet.Name(a) + ".csv", "text/csv", csv.Bytes()})
		}
	}
	return w
}

// shownRows is how many rows a text shows; a file holds all of more.
const shownRows = 25

// say sends a text.
func (b *Bot) say(ctx context.Context, p place, text string) id.EventID {
	return b.send(ctx, p, written{text: text})
}

// send sends a message and its files, and returns the message's ID; "" where the
// homeserver takes none. What came of a question that ran out of time is said all
// the same.
func (b *Bot) send(ctx context.Context, p place, w written) id.EventID {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
	defer cancel()
	text := plain.Text(w.text)
	if len(text) > maxText {
		w.files = append(w.files, file{"reponse.md", "text/markdown", []byte(text)})
		text = lang.CutBy(text, shortText, func(rune) int { return 1 })
	}
	m := &event.MessageEventContent{MsgType: event.MsgNotice, Body: text, Format: event.FormatHTML, FormattedBody: html(text), Mentions: &event.Mentions{}}
	extra := map[string]any{}
	for key, v := range w.carries {
		extra[key] = v
	}
	sent := b.put(ctx, p, m, extra)
	for _, f := range w.files {
		b.file(ctx, p, f)
	}
	return sent
}

// put sends one event into its place.
func (b *Bot) put(ctx context.Context, p place, m *event.MessageEventContent, extra map[string]any) id.EventID {
	switch {
	case p.edits != "":
		m.SetEdit(p.edits)
	case p.root != "":
		m.RelatesTo = (&event.RelatesTo{}).SetThread(p.root, cmp.Or(p.to, p.root))
	case p.to != "":
		m.RelatesTo = (&event.RelatesTo{}).SetReplyTo(p.to)
	}
	r, err := b.client.SendMessageEvent(ctx, p.room, event.EventMessage, &event.Content{Parsed: m, Raw: extra})
	if err != nil {
		b.Log.ErrorContext(ctx, "message not sent", "room", p.room, "error", err)
		return ""
	}
	return r.EventID
}

// image sends a picture.
func (b *Bot) image(ctx context.Context, p place, picture []byte, says string) {
	info := &event.FileInfo{MimeType: "image/png", Size: len(picture)}
	if c, err := png.DecodeConfig(bytes.NewReader(picture)); err == nil {
		info.Width, info.Height = c.Width, c.Height
	}
	b.attach(ctx, p, file{"graphique.png", info.MimeType, picture}, &event.MessageEventContent{MsgType: event.MsgImage, Body: says, Info: info})
}

func (b *Bot) file(ctx context.Context, p place, f file) {
	b.attach(ctx, p, f, &event.MessageEventContent{MsgType: event.MsgFile, Body: f.name, Info: &event.FileInfo{MimeType: f.kind, Size: len(f.body)}})
}

// attach uploads a file and sends the message that shows it.
func (b *Bot) attach(ctx context.Context, p place, f file, m *event.MessageEventContent) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), answerTime)
	defer cancel()
	up, err := b.client.UploadMedia(ctx, mautrix.ReqUploadMedia{ContentBytes: f.body, ContentType: f.kind, FileName: f.name})
	if err != nil {
		b.Log.ErrorContext(ctx, "file not sent", "room", p.room, "error", err)
		b.say(ctx, p, texts.Say(b.spoken(p.room, ""), "matrix.no_file"))
		return
	}
	m.URL, m.FileName = up.ContentURI.CUString(), f.name
	p.edits = ""
	b.put(ctx, p, m, nil)
}

// markup turns our Markdown into HTML; tags in it stay text.
var markup = goldmark.New(goldmark.WithExtensions(extension.Table))

// html is the HTML of a Markdown text.
func html(text string) string {
	var out bytes.Buffer
	if err := markup.Convert([]byte(text), &out); err != nil {
		return ""
	}
	return strings.TrimSpace(out.String())
}

// escape keeps a text from being read as Markdown.
func escape(s string) string {
	return strings.NewReplacer("\\", "\\\\", "*", "\\*", "_", "\\_", "`", "\\`", "<", "\\<", "[", "\\[", "]", "\\]", "|", "\\|").Replace(s)
}
