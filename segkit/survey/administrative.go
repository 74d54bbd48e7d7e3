package survey

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/segkit/lab/segkit/internal/cell"
	"github.com/segkit/lab/segkit/internal/exports"
	"github.com/segkit/lab/segkit/internal/identify"
	"github.com/segkit/lab/segkit/internal/wording"
)

// Columns that forms add to the answers: when and from where a sheet came, and who sent it.

// idNames name the respondents in the exports of forms, the surest first.
var idNames = []string{"responseid", "response id", "respondent id", "respondent_id", "respondentid", "response_id", "record id", "record_id", "respondent", "participant id", "participant_id", "participant", "customer_id", "customer id", "customerid", "id"}

// about are the names of other columns about the sheet, in the words of Qualtrics, SurveyMonkey, Google Forms, LimeSurvey and Typeform.
var about = []string{"startdate", "start date", "enddate", "end date", "recordeddate", "recorded date", "timestamp", "zeitstempel", "horodateur", "marca temporal", "date created", "date modified",
	"status", "ipaddress", "ip address", "progress", "finished", "distributionchannel", "userlanguage", "externalreference", "recipientlastname", "recipientfirstname", "recipientemail",
	"locationlatitude", "locationlongitude", "collector id", "email address", "email", "e-mail", "e-mail address", "username", "user name", "first name", "last name", "name", "custom data 1", "phone", "phone number",
	"submitdate", "lastpage", "startlanguage", "seed", "startdate (utc)", "submit date (utc)", "datestamp", "token", "network id", "#", "start time", "end time", "submitted at", "started at", "completion time"}

func isAdministrative(name string) bool {
	name = strings.ToLower(strings.TrimSpace(name))
	bare, _ := counted(name)
	return slices.Contains(about, name) || slices.Contains(idNames, name) || slices.Contains(durations, bare)
}

// idColumn returns the column that names the respondents, -1 where none does.
func idColumn(names []string) int {
	for _, known := range idNames {
		if j := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(strings.TrimSpace(n), known) }); j >= 0 {
			return j
		}
	}
	return -1
}

// customerColumn returns the column of a customer's number or id, -1 where there is none: by its header in an order file, or else by cells that are the numbers of taxpayers, cards or bank
// accounts. Each sheet has one, and none has that of another, or it may be a question. Addresses are no such ids: they would stand in every table.
func customerColumn(columns []*column) int {
	for _, names := range []func(*column) bool{(*column).named, (*column).official} {
		if at := slices.IndexFunc(columns, func(c *column) bool { return names(c) && len(c.levels) == len(c.at) && !slices.Contains(c.at, -1) }); at >= 0 {
			return at
		}
	}
	return -1
}

// named reports whether a column is one of customers by its header.
func (c *column) named() bool {
	header := exports.Header(c.name)
	return slices.Contains(exports.Headers[exports.Customer], header) && !strings.Contains(header, "email") && !strings.Contains(header, "username")
}

// official reports whether a column is one of customers by its cells.
func (c *column) official() bool { return identify.IDs(c.name, c.levels) == identify.Official }

// unnamed says of which column the respondents may have to take their ids, where customerColumn left it alone for sheets that share one or have none; "" of none.
// Fewer than half as many ids as sheets are answers to a question.
func unnamed(columns []*column) string {
	for _, c := range columns {
		if 2*len(c.levels) > len(c.at) && (c.named() || c.official()) {
			return fmt.Sprintf("Sheets are numbered, because %q does not name each of them once: %s of %s. If it says who answered, set survey.Options.ID to it: the rule Repeated then finds those who answered twice, and customers can be joined.",
				c.name, wording.Plural(len(c.levels), "id"), wording.Plural(len(c.at), "sheet"))
		}
	}
	return ""
}

// How long the respondents took, as the sheets say.

var (
	durations = []string{"duration", "interviewtime", "interview duration", "total time", "time taken", "response time", "seconds", "duration_seconds", "duration seconds", "bearbeitungszeit", "bearbeitungsdauer", "ausfüllzeit", "ausfülldauer", "interviewdauer", "dauer",
		"durée", "durée de réponse", "temps de réponse", "temps de remplissage", "duración", "tiempo de respuesta", "tiempo empleado", "durata", "tempo di compilazione", "tempo impiegato", "invultijd", "invulduur", "tijdsduur", "duração", "tempo de resposta", "tempo de preenchimento", "czas wypełniania", "czas trwania"}
	starts = []string{"startdate", "start date", "date created", "start time", "started at", "startdate (utc)"}
	ends   = []string{"enddate", "end date", "date modified", "end time", "submitted at", "submitdate", "submit date (utc)", "completion time"}
)

// units are what brackets behind the name of a duration say that it counts, in seconds.
var units = map[string]float64{"s": 1, "sec": 1, "sek": 1, "seg": 1, "secs": 1, "second": 1, "seconds": 1, "sekunden": 1, "secondes": 1, "segundos": 1, "secondi": 1, "seconden": 1, "sekundy": 1,
	"m": 60, "min": 60, "mins": 60, "minutes": 60, "minuten": 60, "minutos": 60, "minuti": 60, "minuty": 60}

// counted takes the name of a column apart into what it counts and in which unit, in seconds: "Invultijd (min)" is "invultijd" and 60. Without a known unit it is all of the name, and 1.
func counted(name string) (bare string, unit float64) {
	bare = folded(name)
	if open := strings.LastIndexAny(bare, "(["); open > 0 {
		if unit = units[strings.TrimRight(strings.TrimPrefix(strings.Trim(bare[open:], "()[] "), "in "), ". ")]; unit > 0 {
			return strings.TrimSpace(bare[:open]), unit
		}
	}
	return bare, 1
}

// secondsOf returns how many seconds each respondent took (n), NaN where that is not known, and where it comes from; nil where the
// columns do not say.
func secondsOf(columns []*column) (seconds []float64, from string) {
	named := func(names []string) *column {
		for _, name := range names {
			if j := slices.IndexFunc(columns, func(c *column) bool { bare, _ := counted(c.name); return bare == name && len(c.levels) > 0 }); j >= 0 {
				return columns[j]
			}
		}
		return nil
	}
	if c := named(durations); c != nil {
		values := make([]float64, len(c.levels))
		_, unit := counted(c.name)
		for l, text := range c.levels {
			v, ok := clock(text)
			if !ok {
				return nil, ""
			}
			if !strings.Contains(text, ":") {
				v *= unit
			}
			values[l] = v
		}
		return valuesAt(c, values), c.name
	}
	begin, end := named(starts), named(ends)
	if begin == nil || end == nil {
		return nil, ""
	}
	at, until := begin.times(), end.times()
	if at == nil || until == nil {
		return nil, ""
	}
	for i := range until {
		until[i] -= at[i]
	}
	return until, begin.name + " and " + end.name
}

// clock reads 312, 312.5, 5:12 and 00:05:12 as seconds.
func clock(text string) (seconds float64, ok bool) {
	for part := range strings.SplitSeq(text, ":") {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil || v < 0 {
			return 0, false
		}
		seconds = 60*seconds + v
	}
	return seconds, true
}

// times reads the cells as times, in seconds (n); nil where they are none. Which number is the day and which the month makes no difference
// to how long a sheet took, unless it took days.
func (c *column) times() []float64 {
	var seen cell.Dates
	for l, text := range c.levels {
		seen.Add([]byte(text), l+1)
	}
	readings := seen.Readings()
	if len(readings) == 0 || seen.Bad().Count > 0 {
		return nil
	}
	values := make([]float64, len(c.levels))
	for l, text := range c.levels {
		v, ok := readings[0].Parse([]byte(text))
		if !ok {
			return nil
		}
		values[l] = float64(v)
	}
	return valuesAt(c, values)
}

// valuesAt are the values (levels) of everybody (n), NaN for an empty cell.
func valuesAt(c *column, values []float64) []float64 {
	out := make([]float64, len(c.at))
	for i, l := range c.at {
		if out[i] = math.NaN(); l >= 0 {
			out[i] = values[l]
		}
	}
	return out
}
