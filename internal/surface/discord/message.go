package discord

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"cigogne/internal/answer"
	"cigogne/internal/answer/chart"
	"cigogne/internal/lang"
	"cigogne/internal/surface/plain"
	"cigogne/internal/surface/sheet"
	"cigogne/internal/texts"
)

// message is what is sent, by whichever call.
type message struct {
	content    string
	embed      *discordgo.MessageEmbed
	components []discordgo.MessageComponent
	files      []*discordgo.File
}

const (
	blue = 0x0072b2
	grey = 0x8a8a8a
)

// What a table shows in a message; the files hold all.
const (
	tableRows  = 15
	tableWidth = 64
)

// answered writes an answer as a message; room is the conversation that its
// choices go on with.
func (b *Bot) answered(a *answer.Answer, room string) message {
	l := a.Lang
	e := &discordgo.MessageEmbed{Color: grey}
	m := message{embed: e}
	wide := false // cells did not fit
	if a.Answered() {
		wide = b.figures(e, a)
		m.components = append(b.buttons(a), b.readings(a, room)...)
	} else if e.Description = markdown(withoutNext(a)); len(a.Choices) > 0 {
		e.Title = texts.Say(l, "discord.which_one")
		e.Description = markdown(cmp.Or(a.Sentence, a.Text))
		m.components = choices(a, room)
	}
	e.Fields = append(e.Fields, blocks(texts.Say(l, "discord.ask_next"), bullets(a.Next))...)
	if lines := sources(a); len(lines) > 0 {
		e.Fields = append(e.Fields, blocks("Source", lines)...)
	}
	if a.Answered() && len(a.Rows) > 1 && (wide || len(a.Rows) > tableRows) {
		m.files = append(m.files, rowsOf(a)...)
	}
	if fit(e) && a.Text != "" {
		m.files = append(m.files, &discordgo.File{Name: texts.Say(l, "discord.answer_md"), ContentType: "text/markdown", Reader: strings.NewReader(plain.Text(a.Text))})
	}
	if e.Description == "" && e.Title == "" && len(e.Fields) == 0 {
		e.Description = texts.Say(l, "discord.no_answer")
	}
	return m
}

// rowsOf is an answer's rows as a file; none where it is larger than a message may be.
func rowsOf(a *answer.Answer) []*discordgo.File {
	var csv bytes.Buffer
	if err := sheet.CSV(&csv, a); err != nil || csv.Len() > maxFile {
		return nil
	}
	return []*discordgo.File{{Name: sheet.Name(a) + ".csv", ContentType: "text/csv", Reader: &csv}}
}

// withoutNext is an answer's text less what stands in fields of its own.
func withoutNext(a *answer.Answer) string {
	if len(a.Next) > 0 {
		return cmp.Or(a.Sentence, a.Text)
	}
	return a.Text
}

// figures writes an answer's figures, and tells whether cells did not fit.
func (b *Bot) figures(e *discordgo.MessageEmbed, a *answer.Answer) (wide bool) {
	l := a.Lang
	e.Color = blue
	e.Title = cmp.Or(text(answer.FirstFigure(a)), texts.Say(l, "discord.answer"))
	e.Description = text(sentence(a.Explanation))
	if a.Spoken() {
		e.Description = markdown(a.Sentence)
	}
	if len(a.Rows) > 1 {
		var rows string
		rows, wide = grid(a)
		e.Description += "\n" + rows
	}
	e.Fields = append(e.Fields, listed(texts.Say(l, "discord.assumed"), a.Assumptions)...)
	e.Fields = append(e.Fields, listed(texts.Say(l, "discord.mind_that"), a.Caveats)...)
	if a.AnswerID != "" && !b.Answers.Passing(a.AnswerID) {
		e.Footer = &discordgo.MessageEmbedFooter{Text: texts.Say(l, "discord.cigogne_answer") + " " + a.AnswerID}
	}
	if b.lasts(a) {
		e.URL = b.Base + "/a/" + a.AnswerID
	}
	return wide
}

// sources are the lines that say where an answer comes from; only http addresses
// are links.
func sources(a *answer.Answer) (lines []string) {
	for _, s := range a.Sources {
		if !strings.HasPrefix(s.URL, "https://") && !strings.HasPrefix(s.URL, "http://") {
			s.URL = ""
		}
		lines = append(lines, plain.Text(answer.SourceLine(s, a.Lang)))
	}
	return lines
}

// lasts tells whether an answer has a page that lasts.
func (b *Bot) lasts(a *answer.Answer) bool {
	return b.Base != "" && a.AnswerID != "" && !b.Answers.Passing(a.AnswerID)
}

// buttons are what one can do with an answer.
func (b *Bot) buttons(a *answer.Answer) []discordgo.MessageComponent {
	if a.AnswerID == "" {
		return nil
	}
	l := a.Lang
	button := func(label string, style discordgo.ButtonStyle, do string) discordgo.MessageComponent {
		return discordgo.Button{Label: cut(label, maxLabel), Style: style, CustomID: press{do: do, id: a.AnswerID}.String()}
	}
	row := []discordgo.MessageComponent{button("SQL", discordgo.SecondaryButton, doSQL)}
	if b.Chart != nil {
		if _, err := chart.Of(a); err == nil { // the same without the dots
			row = append(row, button(texts.Say(l, "discord.chart"), discordgo.SecondaryButton, doChart))
		}
	}
	row = append(row, button(texts.Say(l, "discord.table"), discordgo.SecondaryButton, doTable),
		button(texts.Say(l, "discord.right"), discordgo.SuccessButton, doRight), button(texts.Say(l, "discord.wrong"), discordgo.DangerButton, doWrong))
	rows := []discordgo.MessageComponent{discordgo.ActionsRow{Components: row}}
	if b.lasts(a) {
		rows = append(rows, discordgo.ActionsRow{Components: []discordgo.MessageComponent{discordgo.Button{Label: texts.Say(l, "discord.page_answer"), Style: discordgo.LinkButton, URL: b.Base + "/a/" + a.AnswerID}}})
	}
	return rows
}

// choices are buttons where they are few and short, else a menu.
func choices(a *answer.Answer, room string) []discordgo.MessageComponent {
	if a.AnswerID == "" {
		return nil
	}
	id := func(i int) string { return press{do: doChoose, id: a.AnswerID, at: i, room: room}.String() }
	short := len(a.Choices) <= 5
	for _, c := range a.Choices {
		short = short && length(plain.Line(c)) <= maxLabel
	}
	if short {
		var row []discordgo.MessageComponent
		for i, c := range a.Choices {
			row = append(row, discordgo.Button{Label: plain.Line(c), Style: discordgo.PrimaryButton, CustomID: id(i)})
		}
		return []discordgo.MessageComponent{discordgo.ActionsRow{Components: row}}
	}
	menu := discordgo.SelectMenu{MenuType: discordgo.StringSelectMenu, CustomID: id(0), Placeholder: texts.Say(a.Lang, "discord.choose")}
	for i, c := range a.Choices[:min(len(a.Choices), maxOptions)] {
		c = plain.Line(c)
		o := discordgo.SelectMenuOption{Label: cut(c, maxOption), Value: fmt.Sprint(i), Description: texts.Say(a.Lang, "discord.choice") + " " + fmt.Sprint(i+1)}
		if o.Label != c { // what did not fit the first line
			o.Description = cut("…"+strings.TrimPrefix(c, strings.TrimSuffix(o.Label, "…")), maxOption)
		}
		menu.Options = append(menu.Options, o)
	}
	return []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{menu}}}
}

// listed puts sentences under a name, or nothing under none.
func listed(name string, sentences []string) []*discordgo.MessageEmbedField {
	lines := slices.Clone(sentences)
	for i, s := range lines {
		lines[i] = sentence(s)
	}
	return blocks(name, bullets(lines))
}

func bullets(lines []string) []string {
	var out []string
	for _, line := range lines {
		out = append(out, "• "+text(line))
	}
	return out
}

// blocks puts lines under a name, in as many fields as it takes to cut none.
func blocks(name string, lines []string) []*discordgo.MessageEmbedField {
	var out []*discordgo.MessageEmbedField
	for _, line := range lines {
		if k := len(out) - 1; k >= 0 && length(out[k].Value)+1+length(line) <= maxField {
			out[k].Value += "\n" + line
			continue
		}
		out = append(out, &discordgo.MessageEmbedField{Name: name, Value: line})
	}
	return out
}

func sentence(s string) string {
	s = strings.TrimSpace(s)
	for i, r := range s {
		s = strings.ToUpper(string(r)) + s[i+len(string(r)):]
		break
	}
	if s != "" && !strings.ContainsAny(s[len(s)-1:], ".!?:") {
		s += "."
	}
	return s
}

// markdown passes on the Markdown that answers are written in, whose data is
// escaped there, without what readers do not see; tables become code.
func markdown(s string) string {
	var out, table []string
	flush := func() {
		if len(table) > 0 {
			out = append(out, "```\n"+code(strings.Join(table, "\n"))+"\n```")
			table = nil
		}
	}
	for _, line := range strings.Split(strings.ReplaceAll(plain.Text(s), "@", "@\u200b"), "\n") {
		if strings.HasPrefix(line, "|") {
			if !strings.HasPrefix(line, "|--") {
				table = append(table, strings.Trim(strings.ReplaceAll(line, "|", " "), " "))
			}
			continue
		}
		flush()
		out = append(out, line)
	}
	flush()
	return strings.Join(out, "\n")
}

// grid writes the first rows as aligned text in a block of code; wide tells that
// some of it did not fit.
func grid(a *answer.Answer) (text string, wide bool) {
	short := func(s string, n int) string {
		wide = wide || length(s) > n
		return cut(s, n)
	}
	var rows [][]string
	head := make([]string, len(a.Columns))
	for i, c := range a.Columns {
		head[i] = short(plain.Line(c.Name), 24)
	}
	rows = append(rows, head)
	for _, row := range a.Rows[:min(len(a.Rows), tableRows)] {
		cells := make([]string, len(a.Columns))
		for i := range cells {
			if i < len(row) {
				cells[i] = short(plain.Line(answer.CellOf(row[i], a.Columns[i], a.Lang)), 32)
			}
		}
		rows = append(rows, cells)
	}
	widths := make([]int, len(a.Columns))
	for _, row := range rows {
		for i, c := range row {
			widths[i] = max(widths[i], length(c))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		var line strings.Builder
		for i, c := range row {
			pad := strings.Repeat(" ", widths[i]-length(c))
			if i > 0 {
				line.WriteString("  ")
			}
			if i > 0 && len(a.Rows[0]) > i && lang.IsNumber(a.Rows[0][i]) {
				line.WriteString(pad + c)
			} else {
				line.WriteString(c + pad)
			}
		}
		b.WriteString(short(strings.TrimRight(line.String(), " "), tableWidth) + "\n")
	}
	text = "```\n" + code(b.String()) + "```"
	if rest := len(a.Rows) - tableRows; rest > 0 {
		text += texts.Say(a.Lang, "discord.and_more_rows_in_file_attached", "n", rest)
	}
	return text, wide
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// errTooLarge is returned for rows that no message may carry.
var errTooLarge = errors.New("rows over the size of a message's files")

// sheets are the rows of an answer as files.
func sheets(a *answer.Answer) ([]*discordgo.File, error) {
	var csv, xlsx bytes.Buffer
	if err := sheet.CSV(&csv, a); err != nil {
		return nil, err
	}
	if err := sheet.XLSX(&xlsx, a); err != nil {
		return nil, err
	}
	name := sheet.Name(a)
	var files []*discordgo.File
	if xlsx.Len() > maxFile {
		return nil, errTooLarge
	}
	if csv.Len() > maxFile { // the other form holds the same, compressed
		return []*discordgo.File{{Name: name + ".xlsx", ContentType: xlsxType, Reader: &xlsx}}, nil
	}
	files = append(files, &discordgo.File{Name: name + ".csv", ContentType: "text/csv", Reader: &csv})
	if csv.Len()+xlsx.Len() <= maxFile {
		files = append(files, &discordgo.File{Name: name + ".xlsx", ContentType: xlsxType, Reader: &xlsx})
	}
	return files, nil
}

// private is an answer to an interaction that only its sender sees.
func private(content string) *discordgo.InteractionResponse {
	return &discordgo.InteractionResponse{Type: discordgo.InteractionResponseChannelMessageWithSource, Data: &discordgo.InteractionResponseData{Content: cut(content, maxContent), Flags: discordgo.MessageFlagsEphemeral, AllowedMentions: nobody()}}
}
