package survey

import (
	"slices"
	"strings"
)

// Columns that forms add to the answers: when and from where a sheet came, and who sent it.

// idNames name the respondents in the exports of forms, the surest first.
var idNames = []string{"responseid", "response id", "respondent id", "respondent_id", "respondentid", "response_id", "record id", "record_id", "respondent", "participant id", "participant_id", "participant", "customer_id", "customer id", "customerid", "id"}

// about are the names of other columns about the sheet, in the words of Qualtrics, SurveyMonkey, Google Forms, LimeSurvey and Typeform.
var about = []string{"startdate", "start date", "enddate", "end date", "recordeddate", "recorded date", "timestamp", "zeitstempel", "horodateur", "marca temporal", "date created", "date modified",
	"status", "ipaddress", "ip address", "progress", "finished", "duration (in seconds)", "duration", "interviewtime", "total time", "time taken", "distributionchannel", "userlanguage", "externalreference", "recipientlastname", "recipientfirstname", "recipientemail",
	"locationlatitude", "locationlongitude", "collector id", "email address", "email", "e-mail", "e-mail address", "username", "user name", "first name", "last name", "name", "custom data 1", "phone", "phone number",
	"submitdate", "lastpage", "startlanguage", "seed", "startdate (utc)", "submit date (utc)", "datestamp", "token", "network id", "#", "start time", "end time", "submitted at", "started at", "completion time", "seconds", "duration_seconds", "duration seconds"}

func isAdministrative(name string) bool {
	name = strings.ToLower(strings.TrimSpace(name))
	return slices.Contains(about, name) || slices.Contains(idNames, name)
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
