package rules

import (
	"strings"

	"cigogne/internal/lang"
)

// thesaurus groups words that publishers and people use for one thing, in both
// languages: a header that holds one of them is found by the others too.
var thesaurus = wordGroups(`
country nation pays state_nation nationality citizenship citizen land homeland
name nom intitule libelle appellation called denomination
title titre
year annee season saison
date day jour when
city ville town municipality commune
location place venue lieu site
venue stadium ground arena stade
cost price prix fee tarif cout budget
length duration time runtime duree longueur
weight weigh weighing weighed poids masse mass heavy
age aged old
height hauteur taille tall elevation altitude
depth profondeur deep
score result resultat
point score
team club equipe squad franchise
population inhabitant people habitant resident person
area superficie surface size
rank ranking position pos place placement classement standing rang finish
song single track chanson
film movie
role character part
viewer viewership audience spectateur
attendance crowd spectator fan affluence
director directed realisateur
writer written auteur author
builder built constructeur manufacturer make maker
speed vitesse
distance kilometre mile
coach manager trainer entraineur
winner champion won vainqueur gagnant
opponent against versus adversaire
founded established established_in created fonde creation
language langue speak spoken
occupation profession job metier
school college university ecole etablissement
birth born naissance ne
death died die mort deces
appearance app apps cap
salary earning wage salaire
department departement
region province county
type kind sort category categorie genre
status statut state
note remark comment remarque
phone telephone
address adresse street
email mail courriel
party parti
vote voix
seat siege
gross grossed revenue box
network channel chaine
title_name work
prenom first_name given_name forename
patronyme surname last_name family_name
goal but
driver rider pilot pilote
player athlete joueur sportif swimmer jumper runner
president chairman
mpg mile_per_gallon
number nombre no numero
effectif nombre occurrence occurence count quantite
operator exploitant gestionnaire operated exploite run gere
worth value valeur
power puissance
threshold seuil
free gratuit
beneficiary beneficiaire recipient
temperature degre
amount montant
debut commence commencent debute debutent
fin finit finissent termine terminent
mise mis
abbreviation abbrev short abrege sigle
licence license
code identifier
id identifier identifiant
choice option
created create creation
creator created
detail description
destination dest arrival arrive arriving
source departure depart departing origin from
hight high
series serial serie
`)

// topics are things that people count, with the words by which a table's title
// or headers betray that this is what it counts.
var topics = wordGroups(`
naissance bebe ne nouveau_ne enfant birth baby newborn child prenom
gare station arret halte stop
eleve student pupil schooler highschooler etudiant lyceen
animal pet dog_or_cat
car vehicle automobile auto voiture
vol flight
ecole etablissement school
chanteur singer vocalist
dessin_anime cartoon
chaine channel
match game rencontre meet fixture
like
friend ami
arbre tree
logement housing home dwelling
musee museum
bibliotheque library
parking parc_de_stationnement car_park
subvention grant subsidy
travaux chantier work roadwork
marche contrat contract
`)

// quantities are nouns that a row has some of: a column must name them, they
// are never the rows themselves.
var quantities = wordSet(`goal goals point points vote votes medal medals win wins loss losses tie ties draw draws seat seats people inhabitants run runs yards dollars percent percentage
	passengers passenger score scores consecutive streak money acres hectares kilometers kilometres miles feet floors episodes_each hours minutes seconds days weeks months years
	victories defeats births deaths sales copies viewers followers tickets laps assists rebounds tackles touchdowns strokes
	buts points voix habitants euros tonnes voyageurs passagers metres kilometres litres jours heures`)

// things are common nouns for rows, and verbs that go with them. Over a table
// whose file's name says nothing, they may stand for the rows of it.
var things = wordSet(`
	team teams player players game games match matches album albums film films movie movies song songs single singles track tracks race races event events ship ships vessel vessels
	station stations product products model models company companies competitor competitors athlete athletes swimmer swimmers jumper jumpers runner runners train trains locomotive locomotives
	episode episodes show shows series landmark landmarks site sites vehicle vehicles car cars building buildings mountain mountains peak peaks lake lakes river rivers bridge bridges
	island islands book books work works piece pieces artist artists band bands member members driver drivers rider riders cyclist cyclists club clubs school schools university universities
	award awards tournament tournaments competition competitions championship championships title titles candidate candidates politician politicians party parties
	winner winners performer performers actor actors actress comedian comedians writer writers author authors singer singers musician musicians contestant contestants
	district districts province provinces county counties city cities town towns village villages township townships municipality municipalities subdivision subdivisions region regions
	entry entries rower golfer golfers gymnast gymnasts wrestler wrestlers boxer fighter hitter pitcher quarterback goalscorer coaster coasters airport airports route routes
	language languages star stars planet planets settlement settlements church churches mayor mayors king kings monarch monarchs president presidents minister ministers
	released aired located performed launched opened attended published directed introduced
`)

// wordGroups maps each word, in its normed form, to the others of its groups.
func wordGroups(text string) map[string][]string {
	groups := map[string][]string{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		for i, w := range words {
			words[i] = key(normAll(strings.ReplaceAll(w, "_", " ")))
		}
		for i, w := range words {
			for j, other := range words {
				if i != j {
					groups[w] = append(groups[w], other)
				}
			}
		}
	}
	return groups
}

// scale is an adjective with the headers it measures, and whether its
// superlative takes the largest of them.
type scale struct {
	headers []string
	desc    bool
}

// scales are adjectives that name what they measure: the oldest has the
// highest age, or the earliest date of birth or of foundation.
var scales = func() map[string][]scale {
	out := map[string][]scale{}
	for _, s := range []struct {
		words   string
		headers string // - before a header turns the direction
		desc    bool
	}{
		{"oldest older eldest vieux vieille", "age -birth -born -naissance -founded -established -built -opened -created -date -year -annee", true},
		{"youngest younger jeune", "age -birth -born -naissance -founded -established -built -date -year -annee", false},
		{"newest newer recent recently latest recente", "date year annee season built opened founded established released introduced launched created aired", true},
		{"earliest earlier ancien ancienne", "date year annee season built opened founded established released introduced launched created born birth", false},
		{"later", "date year annee season built opened founded established released introduced launched created", true},
		{"heaviest heavier lourd lourde", "weight poids mass masse displacement", true},
		{"lightest lighter leger legere", "weight poids mass masse", false},
		{"tallest taller", "height hauteur taille elevation floors", true},
		{"shortest shorter court courte", "length duration time runtime height longueur duree distance", false},
		{"longest longer long longue", "length duration time runtime longueur duree distance days span available reign tenure", true},
		{"deepest deeper profond", "depth profondeur", true},
		{"high", "height elevation altitude", true},
		{"far", "distance", true},
		{"large big", "area size", true},
		{"fast", "speed", true},
		{"old", "age", true},
		{"heavy", "weight", true},
		{"tall", "height", true},
		{"deep", "depth", true},
		{"shallowest", "depth profondeur", false},
		{"fastest faster quickest rapide", "-time -temps speed vitesse", true},
		{"slowest slower lent lente", "-time -temps speed vitesse", false},
		{"cheapest cheaper", "price cost fee prix cout tarif", false},
		{"dearest costliest expensive cher chere costly couteux couteuse", "price cost fee prix cout tarif montant", true},
		{"puissant puissante powerful", "puissance power", true},
		{"chaud chaude hottest warmest", "temperature", true},
		{"froid froide coldest", "temperature", false},
		{"populous populated peuple peuplee", "population habitants inhabitants", true},
		{"wealthiest richest wealthier riche", "worth wealth money income", true},
		{"dense denser densest dense", "density densite", true},
		{"wide widest", "width largeur", true},
	} {
		var up, down []string
		for _, h := range strings.Fields(s.headers) {
			if rest, ok := strings.CutPrefix(h, "-"); ok {
				down = append(down, norm(rest))
			} else {
				up = append(up, norm(h))
			}
		}
		for _, w := range strings.Fields(s.words) {
			w = lang.Fold(strings.ReplaceAll(w, "_", " "))
			if len(up) > 0 {
				out[w] = append(out[w], scale{up, s.desc})
			}
			if len(down) > 0 {
				out[w] = append(out[w], scale{down, !s.desc})
			}
		}
	}
	return out
}()

// demonyms are adjectives and people, by the country that cells name.
var demonyms = func() map[string]string {
	out := map[string]string{}
	for pair := range strings.FieldsSeq(`us:united_state usa:united_state uk:united_kingdom french:france german:germany italian:italy spanish:spain british:united_kingdom english:england scottish:scotland welsh:wales irish:ireland
		american:united_state canadian:canada mexican:mexico brazilian:brazil argentine:argentina argentinian:argentina chilean:chile australian:australia japanese:japan chinese:china
		korean:south_korea indian:india russian:russia ukrainian:ukraine polish:poland dutch:netherland belgian:belgium swiss:switzerland austrian:austria swedish:sweden norwegian:norway
		danish:denmark finnish:finland portuguese:portugal greek:greece turkish:turkey egyptian:egypt nigerian:nigeria kenyan:kenya ethiopian:ethiopia moroccan:morocco
		francais:france allemand:allemagne italien:italie espagnol:espagne anglais:angleterre belge:belgique suisse:suisse`) {
		who, where, _ := strings.Cut(pair, ":")
		out[norm(who)] = strings.ReplaceAll(where, "_", " ")
	}
	return out
}()

// people and places are words of headers whose cells answer "who" and "where".
var (
	people = wordSet(`name player athlete rider driver cyclist president manager coach director artist author winner actor actress singer candidate member representative
		person king queen monarch skipper captain swimmer competitor nominee recipient champion runner comedian performer wrestler leader minister secretary governor senator judge
		beneficiaire beneficiaires beneficiary attributaire laureat adherent elu candidat mayor owner host writer creator composer illustrator skater golfer jockey pilot astronaut contestant medalist chef nom prenom personne maire auteur titulaire partner opponent constructor holder incumbent`)
	places = wordSet(`location venue place city country town site stadium nation region address county state province municipality hometown headquarters district birthplace
		lieu ville commune pays adresse departement canton gare station arena electorate`)
)

// generic words say little of what is asked: left over, they cost little. No
// name of a thing, a place or a time may be among them.
var generic = wordSet(`
	use used using uses have having has play played plays playing list listed lists listing correspond corresponds corresponding correspondingly participate participated participates participating
	compete competed competes competing competition_s occur occurred occurs happen happened happens held hold holds holding take took taken place placed places placing put
	win wins won winning score scored scores scoring get got gets gain gained earn earned earns receive received receives achieve achieved reach reached reaches
	make made makes making produce produced producing produces create created creates creating give gave given gives show shown showed shows call called calls named name names
	record recorded records finish finished finishes finishing complete completed end ended start started begin began serve served serves serving work worked works
	live lives lived exist exists appear appeared appears appearing feature featured features include included includes including contain contains containing contained
	belong belongs belonging come came comes coming go went goes run ran runs running lead led leads see seen saw say said find found finds
	become became do did done does single individual individually only just also ever actually really total altogether combined according accordingly respective respectively
	chart table list page data dataset above below following graph document_s information info listing
	high highly low lowest large small big great good best better worst worse top bottom main major minor full complete whole entire overall
	different distinct various several certain particular specific given respective other others another either both
	type kind sort version item items thing things amount number numbers value values figure figures count quantity times time
	person persons individual individuals one ones someone anyone
	there here where when which who whose whom what how why
	year years season seasons date dates day days month months
	along across among amongst within without during throughout around near between against versus per via
	first second third last next previous prior same equal exactly least most
	please tell want know need like would could should can may might must will
	want wants wanted represent represented represents representing describe described describes
	associated affiliated related connected linked regarding concerning about offered offer offers available availability
	support supports supported own owned owns ownership possess possessed
	order ordered orders sort sorted sorting alphabetical alphabetically ascending descending ranked rank
	corresponding each every all any some many much more less few fewer
	career history life world overall
	total totals sum average mean maximum minimum max min
	that this these those it its they them their he she his her him
	measured measure long far often old new
	letter substring string text word words
	exploitee exploitees exploite exploites geree gerees gere geres situee situees situe situes appele appeles appelee appelees nomme nommes nommee nommees prenomme prenommes prenommee prenommees
	donne donnes donnee donnees porte portes porter attribue attribues attribuee attribuees enregistre enregistres enregistree enregistrees declare declares
	fois reprises total nombre liste existe existent present presents presente presentes dispose disposent possede possedent propose proposent concerne concernent
	recu recus recue recues recoit recoivent recevoir obtenu obtenus obtenue obtenues obtient obtiennent accorde accordes accordee accordees accordent octroye octroyes octroyee octroyees
	decide decides decidee decidees notifie notifies notifiee notifiees conclu conclus conclue conclues passe passes passee passees realise realises realisee realisees mesure mesures mesuree mesurees
	represente representes representee representees toutes confondus confondues parmi situent trouve trouvent trouves trouvee trouvees installe installes installee installees
	compte comptes recense recenses utilise utilises utilisee utilisees
	choisi choisis choisie choisies frequent frequents frequente frequentes courant courants repandu repandus populaire populaires common popular frequent frequently commonly
`)
