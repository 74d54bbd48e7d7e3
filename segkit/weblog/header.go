package weblog

// Which column of a file means what: named in the options, or recognised by its header.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/segkit/lab/segkit/fault"
	"github.com/segkit/lab/segkit/features"
	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/suggest"
	"github.com/segkit/lab/segkit/internal/wording"
	"github.com/segkit/lab/segkit/sheet"
)

// meaning is what a column can be.
type meaning uint8

const (
	visitorColumn meaning = iota
	customerColumn
	timeColumn
	dayColumn
	pageColumn
	kindColumn
	eventColumn
	sessionColumn
	sourceColumn
	deviceColumn
	agentColumn
	orderedColumn
	methodColumn // of a server's log: GET
	statusColumn // of a server's log: 200
	meanings
)

// names are what the meanings are called, in Mapping and in options; headers say how files call them, the surest first.
var names = [meanings]string{"Visitor", "Customer", "Time", "Day", "Page", "Kind", "Event", "Session", "Source", "Device", "Agent", "Ordered", "Method", "Status"}

// dayHeaders are those of a day, which is the time where there is no other.
var dayHeaders = append([]string{"date", "day"}, exports.Days...)

// hourHeader is that of an hour of Google Analytics, written 2025040307 (hourLayout).
const hourHeader = "datehour"

// headers are letters and digits only, the surest first: English, German, French, Spanish, Italian, Dutch, Portuguese, as for orders.
var headers = [meanings][]string{
	visitorColumn: listed("visitorid visitor cookieid cookie clientid anonymousid fullvisitorid userpseudoid domainuserid distinctid deviceid browserid userid user uid", "besucherid besucher besucherkennung cookiekennung",
		"visiteurid idvisiteur visiteur idcookie", "idvisitante visitanteid visitante iddevisitante iddelvisitante", "idvisitatore visitatoreid visitatore", "bezoekerid bezoeker", "iddovisitante"),
	customerColumn: append(slices.Clip(exports.Headers[exports.Customer]), "loginid"), // as in files of orders
	timeColumn: slices.Concat(exports.Stamps, listed("time datehourminute datehourandminute", hourHeader, "eventtime eventtimestamp hittime visitstart visitstarttime sessionstart starttime start servertime servertimestamp occurredat createdat originaltimestamp collectortstamp derivedtstamp receivedat sentat ts",
		"zeitstempel zeitpunkt zeit uhrzeit", "horodatage heure", "marcadetiempo hora", "ora", "tijdstip tijd",
		"carimbodedatahora"), dayHeaders),
	dayColumn: append(slices.Clip(dayHeaders), listed("tag jour dia giorno dag")...),
	pageColumn: listed("pageurl url pagepath pageurlpath pagelocation pathname path currenturl page uri request screen screenname", "seitenurl seitenpfad seite pfad", "urldelapage urldepage chemindelapage pagevue chemin", "urldelapagina urldepagina rutadelapagina pagina ruta pantalla",
		"urldellapagina urlpagina percorsodellapagina schermata percorso", "paginaurl paginapad scherm", "urldapagina caminhodapagina caminho tela"),
	kindColumn: listed("pagekind pagetype pagecategory contentgroup kind category categorycode", "seitentyp seitenart seitenkategorie kategorie", "typedepage typepage categoriedepage categoriedelapage categorie", "tipodepagina categoriadepagina categoriadelapagina categoria",
		"tipodipagina tipopagina categoriadellapagina", "paginatype soortpagina paginacategorie", "categoriadapagina"),
	eventColumn: listed("eventtype eventname event action", "ereignistyp ereignisname ereignis aktion", "typedevenement nomdelevenement evenement", "tipodeevento nombredelevento evento accion", "tipodievento tipoevento nomeevento azione",
		"gebeurtenistype gebeurtenis actie", "nomedoevento acao"),
	sessionColumn: listed("sessionid usersession visitid session gasessionid idvisit domainsessionid", "sitzungsid sitzung besuchsid", "idsession iddesession iddelasession idvisite", "idsesion iddesesion iddelasesion sesion idvisita", "idsessione sessione", "sessieid sessie bezoekid",
		"idsessao iddasessao iddesessao sessao"),
	sourceColumn: listed("source sessionsource sessionsourcemedium channel channelgrouping trafficsource traffictype referrertype utmsource refrsource contextcampaignsource campaignsource referrername referringdomain medium referrer referer", "kanal zugriffsquelle besuchsquelle quelle herkunft", "canal sourcedutrafic sourcedetrafic provenance origine",
		"fuentedetrafico fuente origen", "canale sorgente fontedeltraffico fonteditraffico fonte", "kanaal verkeersbron bron herkomst", "origemdotrafego fontedetrafego origem"),
	deviceColumn: listed("device devicecategory devicetype platform", "geraetetyp geratetyp geraetekategorie geratekategorie geraet gerat plattform", "appareil typedappareil typeappareil categoriedappareil plateforme terminal", "dispositivo tipodedispositivo tipodispositivo categoriadedispositivo plataforma",
		"tipodidispositivo categoriadidispositivo piattaforma", "apparaat apparaattype soortapparaat apparaatcategorie", "aparelho categoriadodispositivo"),
	agentColumn: listed("useragent agent ua httpuseragent", "browserkennung", "agentutilisateur", "agenteusuario agentedeusuario", "agenteutente", "agentedousuario agentedoutilizador"), // else known by its cells
	orderedColumn: listed("ordered purchased purchase converted conversion bought transactions revenue", "bestellt gekauft kauf konversion transaktionen umsatz", "achete achat achats revenu revenus", "comprado compra compras conversiones transacciones ingresos",
		"acquistato acquisto acquisti conversione transazioni entrate ricavi", "besteld gekocht aankoop aankopen conversie transacties omzet", "comprou conversao transacoes receita"),
	methodColumn: {"method"},
	statusColumn: {"status", "statuscode"},
}

var (
	pagesHeaders = listed("pages pageviews pagesviewed pagecount hits depth", "seiten seitenaufrufe seitenansichten", "pagesvues nombredepages nombredepagesvues", "paginas paginasvistas vistasdepagina numerodepaginas", "pagine paginevisualizzate visualizzazionidipagina paginevisitate numerodipagine",
		"paginaweergaven bekekenpaginas aantalpaginas", "visualizacoesdepagina visualizacoesdepaginas paginasvisitadas")
	secondsHeaders = listed("seconds duration visitduration sessionduration durationseconds timeonsite", "sekunden dauer sitzungsdauer besuchsdauer verweildauer", "secondes duree dureedelasession dureedesession dureedelavisite dureedevisite",
		"segundos duracion duraciondelasesion duraciondelavisita", "secondi durata duratadellasessione duratasessione duratadellavisita", "seconden duur sessieduur bezoekduur bezoeksduur", "duracao duracaodasessao duracaodavisita")
	descriptorHeaders = listed("country region state city language browser os operatingsystem", "land bundesland stadt sprache betriebssystem", "pays ville langue navigateur systemedexploitation", "pais ciudad idioma navegador sistemaoperativo",
		"paese regione citta lingua", "regio provincie stad taal besturingssysteem", "regiao estado cidade sistemaoperacional")
)

// listed are the words of some lists, one behind the other.
func listed(lists ...string) []string { return strings.Fields(strings.Join(lists, " ")) }

// plan says where the reader finds what.
type plan struct {
	op      string // for messages
	file    string
	header  []string
	at      [meanings]int // column of each meaning, -1 for none
	more    []int         // descriptors
	pages   []int         // columns of how many pages
	seconds []int         // columns of how long
	comma   byte
	visits  bool // a line is a visit
	server  bool // a server's log
	hours   bool // the header of the times says that they are hours
	o       VisitsOptions
	missing *cell.Missing
	times   timeForm
	notes   []string // what was assumed
}

// named are the headers that the user gives, by meaning.
func (o VisitsOptions) named() [meanings]string {
	return [meanings]string{o.Visitor, o.Customer, o.Time, o.Day, o.Page, o.Kind, o.Event, o.Session, o.Source, o.Device, o.Agent, o.Ordered}
}

// newPlan finds the columns of header: those that o names, else those with a known header.
func newPlan(op, file string, header []string, o VisitsOptions) (*plan, error) {
	missing := o.Missing
	if missing == nil {
		missing = append(slices.Clone(cell.Markers), "(not set)") // as Google Analytics has it
	}
	p := &plan{op: op, file: file, header: header, o: o, missing: cell.NewMissing(missing)}
	taken, plain := make([]bool, len(header)), make([]string, len(header))
	for i, h := range header {
		plain[i] = exports.Header(strings.TrimSuffix(h, " (YYYYMMDDHH)")) // as reports of Google Analytics show it
	}
	var absent []string
	find := func(option, name string) int {
		i := slices.Index(header, name)
		if i < 0 {
			absent = append(absent, fmt.Sprintf("%s.%s = %q%s", optionsName, option, name, meant(name, header)))
			return -1
		}
		taken[i] = true
		return i
	}
	for m, name := range o.named() {
		if p.at[m] = -1; name != "" {
			p.at[m] = find(names[m], name)
		}
	}
	for _, list := range []struct {
		option string
		names  []string
		at     *[]int
	}{{"Pages", o.Pages, &p.pages}, {"Seconds", o.Seconds, &p.seconds}, {"Descriptors", o.Descriptors, &p.more}} {
		for _, name := range list.names {
			*list.at = append(*list.at, find(list.option, name))
		}
	}
	if absent != nil {
		return nil, p.wrong("", "no such column: "+strings.Join(absent, ", "), "the columns are "+wording.Clip(strings.Join(header, ", ")), fault.ErrMissingColumn)
	}
	known := func(names []string) int {
		for _, name := range names {
			if i := slices.Index(plain, name); i >= 0 && !taken[i] {
				taken[i] = true
				return i
			}
		}
		return -1
	}
	if o.Pages == nil {
		if i := known(pagesHeaders); i >= 0 {
			p.pages = []int{i}
		}
	}
	if o.Seconds == nil && p.pages != nil {
		if i := known(secondsHeaders); i >= 0 {
			p.seconds = []int{i}
		}
	}
	p.visits = p.pages != nil || p.seconds != nil
	if p.pages == nil && p.visits { // Seconds speak of whole visits: lines of single pages have none
		at := p.at[pageColumn]
		if at < 0 {
			at = known(headers[pageColumn])
		}
		if at >= 0 {
			return nil, p.wrong(header[at], fmt.Sprintf("belongs to a file with a line for each page, and %s.Seconds to one with a line for each visit", optionsName),
				"leave Seconds out, and visits take as long as their pages say; or name in "+optionsName+".Pages how many pages a visit had", fault.ErrFormat)
		}
		p.notes = append(p.notes, "The file does not say how many pages were looked at: a line is a visit, and nothing counts its pages.")
	}
	for m := range meanings {
		if p.at[m] >= 0 || p.visits && (m == pageColumn || m == kindColumn) || m == methodColumn || m == statusColumn {
			continue
		}
		if m == dayColumn && p.at[timeColumn] < 0 {
			continue
		}
		words := headers[m]
		if m == customerColumn { // a client_id beside a visitor_id is another name of the browser, and a user_id beside one is who logged in
			words = slices.DeleteFunc(slices.Clone(words), func(word string) bool { return word != "userid" && slices.Contains(headers[visitorColumn], word) })
		}
		p.at[m] = known(words)
	}
	for _, m := range []meaning{methodColumn, statusColumn} {
		if p.at[pageColumn] >= 0 && !p.visits {
			p.at[m] = known(headers[m])
		} else {
			p.at[m] = -1
		}
	}
	if o.Descriptors == nil {
		for i := known(descriptorHeaders); i >= 0; i = known(descriptorHeaders) {
			p.more = append(p.more, i)
		}
		slices.Sort(p.more)
	}
	if at := p.at[timeColumn]; at >= 0 {
		p.hours = plain[at] == hourHeader
	}
	return p, p.lack()
}

// lack is the error where columns are missing that every file needs.
func (p *plan) lack() error {
	columns := "among " + wording.Clip(strings.Join(p.header, ", "))
	switch {
	case p.visits:
		if p.at[visitorColumn] < 0 && p.at[customerColumn] < 0 {
			p.notes = append(p.notes, "The file does not say who came: every line counts as a visitor of its own.")
		}
		if p.at[timeColumn] < 0 {
			p.notes = append(p.notes, "The file does not say when: there is no recency and no tenure, and no day up to which visits count.")
		}
		return nil
	case p.at[visitorColumn] < 0 && p.at[customerColumn] < 0:
		return p.wrong("", "no column for the visitor "+columns, "set "+optionsName+".Visitor", fault.ErrMissingColumn)
	case p.at[timeColumn] < 0:
		return p.wrong("", "no column for the time "+columns, "set "+optionsName+".Time; a file with a line for each visit and no times needs "+optionsName+".Pages, and lists of pages without times are for weblog.ReadPaths", fault.ErrMissingColumn)
	}
	return nil
}

func (p *plan) wrong(column, why, remedy string, kind error) error {
	return &fault.CellError{Op: p.op, File: p.file, Column: column, Why: why, Remedy: remedy, Err: kind}
}

// meant continues a sentence about a column that does not exist.
func meant(name string, header []string) string {
	if near := suggest.Nearest(name, header); near != "" {
		return fmt.Sprintf(" (did you mean %q?)", wording.Clip(near))
	}
	return ""
}

// mapping tells how the columns were read.
func (p *plan) mapping() []features.Mapping {
	var out []features.Mapping
	add := func(meaning string, columns []int) {
		for _, i := range columns {
			out = append(out, features.Mapping{Meaning: meaning, Header: p.header[i]})
		}
	}
	for m, i := range p.at {
		if i >= 0 {
			add(strings.ToLower(names[m]), []int{i})
		}
	}
	add("pages", p.pages)
	add("seconds", p.seconds)
	add("descriptor", p.more)
	return out
}

// unread are the headers of the columns that have no meaning.
func (p *plan) unread() (out []string) {
	if p.server {
		return nil
	}
	for i, header := range p.header {
		if header != "" && !slices.Contains(p.at[:], i) && !slices.Contains(slices.Concat(p.pages, p.seconds, p.more), i) {
			out = append(out, header)
		}
	}
	return out
}

// remedy says, behind a sentence about what no column was recognised for, which option names one, and which columns it could be.
func (l *log) remedy(option string) string {
	columns := ""
	if len(l.unread) > 0 {
		columns = "; not read: " + wording.Clip(sheet.List(l.unread))
	}
	return fmt.Sprintf(" If a column has them, name it in %s.%s%s.", optionsName, option, columns)
}

// orderWords are kinds and events that mean that something was bought, as exports.Simple writes them.
var orderWords = listed("purchase purchased order ordered orderplaced ordercompleted orderconfirmation orderconfirmed transaction buy bought checkoutcomplete checkoutsuccess thankyou success",
	"kauf bestellung danke", "achat commande merci", "compra pedido gracias", "acquisto ordine grazie", "aankoop bestelling bedankt", "obrigado")

// isOrder reports whether a kind or an event means that something was bought.
func (o VisitsOptions) isOrder(name string) bool {
	if o.Order != nil {
		return slices.Contains(o.Order, name)
	}
	return slices.Contains(orderWords, exports.Simple(name))
}

// gap is the seconds behind which a visit has ended.
func (o VisitsOptions) gap() int64 { return int64(cmp.Or(o.Gap, usualGap).Seconds()) }

// mapping is what features says of a column as well.
type mapping = features.Mapping
