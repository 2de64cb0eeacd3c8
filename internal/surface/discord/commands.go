package discord

import "github.com/bwmarrin/discordgo"

// words are a text in the languages of Discord: French for the French, English
// for everybody else.
type words struct{ fr, en string }

func (w words) localized() map[discordgo.Locale]string {
	return map[discordgo.Locale]string{discordgo.French: w.fr, discordgo.EnglishUS: w.en, discordgo.EnglishGB: w.en}
}

// Names of commands and options, as programs see them: the English ones.
const (
	cmdAsk      = "ask"
	cmdDatasets = "datasets"
	cmdDataset  = "dataset"
	cmdChart    = "chart"
	cmdExplain  = "explain"
	cmdNew      = "whatsnew"
	cmdFollow   = "follow"
	cmdUnfollow = "unfollow"
	cmdPrivacy  = "privacy"
	cmdHelp     = "help"
	cmdDiscover = "discover"
	cmdBrief    = "brief"
	cmdKit      = "kit"

	optQuestion = "question"
	optPrivate  = "private"
	optWords    = "words"
	optName     = "name"
	optCommune  = "commune"
	optTheme    = "theme"
)

func command(name string, local, says words, options ...*discordgo.ApplicationCommandOption) *discordgo.ApplicationCommand {
	names, texts := local.localized(), says.localized()
	return &discordgo.ApplicationCommand{Type: discordgo.ChatApplicationCommand, Name: name, NameLocalizations: &names, Description: says.en, DescriptionLocalizations: &texts, Options: options}
}

func option(kind discordgo.ApplicationCommandOptionType, name string, local, says words, required bool) *discordgo.ApplicationCommandOption {
	o := &discordgo.ApplicationCommandOption{Type: kind, Name: name, NameLocalizations: local.localized(), Description: says.en, DescriptionLocalizations: says.localized(), Required: required}
	if kind == discordgo.ApplicationCommandOptionString {
		o.MaxLength = 2000
	}
	return o
}

// commands are registered as a whole: what is no longer here disappears.
func commands() []*discordgo.ApplicationCommand {
	private := option(discordgo.ApplicationCommandOptionBoolean, optPrivate, words{"privé", "private"}, words{"La réponse n'est vue que de vous", "Only you see the answer"}, false)
	question := func(required bool) *discordgo.ApplicationCommandOption {
		return option(discordgo.ApplicationCommandOptionString, optQuestion, words{"question", "question"}, words{"En français ou en anglais", "In French or English"}, required)
	}
	name := option(discordgo.ApplicationCommandOptionString, optName, words{"nom", "name"}, words{"Nom du jeu de données", "Name of the dataset"}, true)
	name.Autocomplete, name.MaxLength = true, 200
	theme := option(discordgo.ApplicationCommandOptionString, optTheme, words{"thème", "theme"}, words{"Nom du thème : population, budget…", "Name of the theme: population, budget…"}, true)
	theme.MaxLength = 100
	commune := option(discordgo.ApplicationCommandOptionString, optCommune, words{"commune", "commune"}, words{"Votre commune, ou son code postal", "Your commune, or its postcode"}, false)
	commune.MaxLength = 100
	return []*discordgo.ApplicationCommand{
		command(cmdAsk, words{"demander", "ask"}, words{"Pose une question aux données : le chiffre, sa source, sa requête", "Ask the data: the figure, its source, its query"}, question(true), private),
		command(cmdDatasets, words{"jeux", "datasets"}, words{"Trouve des jeux de données", "Finds datasets"}, option(discordgo.ApplicationCommandOptionString, optWords, words{"mots", "words"}, words{"De quoi ils parlent", "What they are about"}, true), private),
		command(cmdDataset, words{"jeu", "dataset"}, words{"Décrit un jeu de données", "Describes a dataset"}, name, private),
		command(cmdChart, words{"graphique", "chart"}, words{"Dessine la dernière réponse de ce fil, ou celle d'une question", "Draws the last answer of this thread, or that of a question"}, question(false), private),
		command(cmdExplain, words{"expliquer", "explain"}, words{"Dit comment le dernier chiffre de ce fil a été calculé", "Says how the last figure of this thread was computed"}, private),
		command(cmdNew, words{"nouveautes", "whatsnew"}, words{"Les jeux de données changés en dernier", "The datasets changed last"}, private),
		command(cmdFollow, words{"suivre", "follow"}, words{"Prévient ce salon quand le dernier chiffre de ce fil change", "Tells this channel when the last figure of this thread changes"}),
		command(cmdUnfollow, words{"neplussuivre", "unfollow"}, words{"Ce salon n'est plus prévenu de rien", "This channel is told of nothing any more"}),
		command(cmdPrivacy, words{"confidentialite", "privacy"}, words{"Ce que Cigogne garde, et ce qu'elle ne garde pas", "What Cigogne keeps, and what it does not"}),
		command(cmdDiscover, words{"decouvrir", "discover"}, words{"Cinq questions sur votre commune ; sans commune, six étapes pour décider", "Five questions on your commune; without one, six steps for those who decide"}, commune, private),
		command(cmdBrief, words{"point", "brief"}, words{"Un thème sur une page, pour une réunion", "A theme on one page, for a meeting"}, theme, private),
		command(cmdKit, words{"kit", "kit"}, words{"Accueille un salon : un thème et des questions à essayer", "Welcomes a channel: a theme and questions to try"}, theme),
		command(cmdHelp, words{"aide", "help"}, words{"Ce que Cigogne sait faire", "What Cigogne can do"}),
	}
}
