package cell

import (
	"strings"
	"testing"
	"time"
)

var words = Words{Row: "line", Decimal: "Options.Decimal", Layout: "Options.DateLayout", Zone: "Options.Zone"}

func datesOf(layout, zone string, cells ...string) *Dates {
	d := &Dates{Zone: zone}
	if layout != "" {
		d.Layouts, _ = ParseLayouts(layout)
	}
	for i, c := range cells {
		d.Add([]byte(c), i+2)
	}
	return d
}

// What each cell of these columns is, in the one reading that remains.
func TestDates(t *testing.T) {
	for _, c := range []struct {
		layout, zone string
		cells, want  string // separated by ;
	}{
		{"", "", "2019-05-01; 2020-02-29", "2019-05-01; 2020-02-29"},
		{"", "", "2019-05-01 10:20; 2019-05-01T10:20:30Z; 2019-05-01T10:20:30.123Z", ""},
		{"", AsWritten, "2019-05-01 10:20; 2019-05-01T10:20:30Z", "2019-05-01 10:20:00; 2019-05-01 10:20:30"},
		{"", "", "1/27/2019; 3/8/2019 14:05", "2019-01-27; 2019-03-08 14:05:00"},
		{"", "", "27/1/2019; 3/8/2019 2:05 pm; 3/8/2019 12:00:00 AM", "2019-01-27; 2019-08-03 14:05:00; 2019-08-03"},
		{"", "", "27/1/2019 3:05 p. m.; 3/8/2019 11:15 a.\u00a0m.", "2019-01-27 15:05:00; 2019-08-03 11:15:00"},
		{"", "", "1/27/2019, 3:05:10\u202fPM; 3/8/2019, 4:00:00\u202fAM", "2019-01-27 15:05:10; 2019-03-08 04:00:00"},
		{"", "", "\u200e1/\u200e27/\u200e2019; \u200e3/8/2019", "2019-01-27; 2019-03-08"},
		{"", "", "5. M\xe4rz 2019; 7.\xa0Mai 2019", "2019-03-05; 2019-05-07"},
		{"", "", "3/8/2019", ""},
		{"%m/%d/%Y", "", "3/8/2019; 03/08/2019 10:00", "2019-03-08; 2019-03-08 10:00:00"},
		{"1/2/2006|1-2-2006", "", "01-05-2019; 1/27/2019; 3/8/2019", "2019-01-05; 2019-01-27; 2019-03-08"},
		{"", "", "01-05-2019; 1/27/2019; 3/8/2019", ""},
		{"", "", "01-25-2019; 1/27/2019; 3/8/2019", "2019-01-25; 2019-01-27; 2019-03-08"},
		{"", "", "01-25-2019; 27/1/2019; 3/8/2019", "2019-01-25; 2019-01-27; 2019-08-03"},
		{"", "", "3.8.2019; 03.08.2019 14.30", "2019-08-03; 2019-08-03 14:30:00"},
		{"", "", "3. 8. 2019", "2019-08-03"},
		{"", "", "03.08.19 14:05 Uhr; 4.8.19 9 Uhr; 4.8.19 09.30 uhr", ""},
		{"", "", "03.08.19 14:05 Uhr; 14.8.19 09.30 uhr", "2019-08-03 14:05:00; 2019-08-14 09:30:00"},
		{"", "", "20190501; 20191231", "2019-05-01; 2019-12-31"},
		{"", "", "20190501102030", "2019-05-01 10:20:30"},
		{"", "", "43831; 43862", ""},
		{"excel", "", "43831; 43862; 43831.5", "2020-01-01; 2020-02-01; 2020-01-01 12:00:00"},
		{"excel 1904", "", "42369", "2020-01-01"},
		{"", "", "1577836800; 1577923200", "2020-01-01; 2020-01-02"},
		{"", "", "1577836800000", "2020-01-01"},
		{"", "", "1577836800000000", "2020-01-01"},
		{"", "", "5 Jan 2019; 05 February 2019", "2019-01-05; 2019-02-05"},
		{"", "", "January 5, 2019; Feb 5, 2019", "2019-01-05; 2019-02-05"},
		{"", "", "5. Januar 2019; 5. März 2019; 5. Mai 2019; 5. Dez. 2019", "2019-01-05; 2019-03-05; 2019-05-05; 2019-12-05"},
		{"", "", "5 janvier 2019; 5 févr. 2019; 1er août 2019; 5 déc. 2019", "2019-01-05; 2019-02-05; 2019-08-01; 2019-12-05"},
		{"", "", "5 de enero de 2019; 5 de diciembre de 2019", "2019-01-05; 2019-12-05"},
		{"", "", "5 gennaio 2019; 5 AGO 2019; 5 set 2019", "2019-01-05; 2019-08-05; 2019-09-05"},
		{"", "", "5 de fevereiro de 2019; 5 de março de 2019", "2019-02-05; 2019-03-05"},
		{"", "", "5 maart 2019; 5 mei 2019; 5 mrt. 2019", "2019-03-05; 2019-05-05; 2019-03-05"},
		{"", "", "05JAN2019; 5-Feb-2019; 05-Mar-19", "2019-01-05; 2019-02-05; 2019-03-05"},
		{"", "", "Mon, 02 Jan 2006 15:04:05 GMT; Tue, 03 Jan 2006 15:04:05 GMT", "2006-01-02 15:04:05; 2006-01-03 15:04:05"},
		{"", "", "mardi 5 mars 2019; lun. 4 mars 2019", "2019-03-05; 2019-03-04"},
		{"", "", "5th of May 2019; 1st of May 2019", "2019-05-05; 2019-05-01"},
		{"", "", "1/27/19; 3/8/19", "2019-01-27; 2019-03-08"},
		{"", "", "27.01.19; 03.08.68; 03.08.69", "2019-01-27; 2068-08-03; 1969-08-03"},
		{"", "", "2025-01-05 23:30:00 -0500; 2025-04-01 09:00:00 -0400", ""},
		{"", AsWritten, "2025-01-05 23:30:00 -0500; 2025-04-01 09:00:00 -0400", "2025-01-05 23:30:00; 2025-04-01 09:00:00"},
		{"", "UTC", "2025-01-05 23:30:00 -0500; 2025-04-01 09:00:00 EDT", "2025-01-06 04:30:00; 2025-04-01 13:00:00"},
		{"", "Europe/Berlin", "2025-01-05 23:30:00 -0500; 2025-07-01T09:00:00Z", "2025-01-06 05:30:00; 2025-07-01 11:00:00"},
		{"", "", "2025-01-05 23:30 PST; 2025-01-06 9:30 PST", "2025-01-05 23:30:00; 2025-01-06 09:30:00"},
		{"", "", "2019年3月8日", "2019-03-08"},
		{"02012006", "", "05012019", "2019-01-05"},
		{"dd.mm.yyyy hh:mm", "", "05.01.2019 10:20", "2019-01-05 10:20:00"},
		{"15:04 02/01/2006", "", "10:20 05/01/2019", "2019-01-05 10:20:00"},
		{"", "", "1/27/2019; 27/1/2019", ""},
		{"", "", "2019-02-29", ""},
		{"", "", "2019-05", ""},
		{"", "", "abc", ""},
		{"", "", "0000-00-00", ""},
		{"1/2/2006|2/1/2006", "", "3/8/2019", ""},
	} {
		cells := strings.Split(c.cells, "; ")
		d := datesOf(c.layout, c.zone, cells...)
		q, readings := d.Question(words), d.Readings()
		if (q == nil) != (c.want != "") {
			t.Errorf("%s: question %+v, readings %v", c.cells, q, readings)
			continue
		}
		if q != nil {
			continue
		}
		var got []string
		for _, cell := range cells {
			at, ok := readings[0].Parse([]byte(cell))
			text := strings.TrimSuffix(time.Unix(at, 0).UTC().Format("2006-01-02 15:04:05"), " 00:00:00")
			if !ok {
				text = "unreadable"
			}
			got = append(got, text)
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: %s, want %s", c.cells, strings.Join(got, "; "), c.want)
		}
	}
}

// Cells that show nothing new are passed over, so a question about zones counts none: it shows two cells.
func TestZonesAreNotCounted(t *testing.T) {
	d := &Dates{}
	for row, text := range []string{"2025-01-05 10:00:00", "2025-01-06T10:00:00+01:00", "2025-01-07T10:00:00+01:00"} {
		d.Add([]byte(text), row+2)
		d.Repeat()
	}
	q := d.Question(words)
	if q == nil || q.Count != 1 || q.Row != 3 || !strings.HasSuffix(q.Why, `column: "2025-01-05 10:00:00" in line 2 has none`) {
		t.Errorf("%+v", q)
	}
}

// Our calendar is that of package time.
func TestDaysAreThoseOfTheCalendar(t *testing.T) {
	for n := days(1, 1, 1); n < 800000; n += 13 {
		want := time.Unix(n*86400, 0).UTC()
		y, m, d := civil(n)
		if y != want.Year() || m != int(want.Month()) || d != want.Day() || days(y, m, d) != n {
			t.Fatalf("day %d is %d-%d-%d, want %v", n, y, m, d, want)
		}
	}
}

func timeOf(seconds int64) time.Time { return time.Unix(seconds, 0).UTC() }

// A day that no calendar has is told from a layout that nobody knows.
func TestDatesThatThereAreNot(t *testing.T) {
	for _, c := range []struct{ layout, cells, says string }{
		{"", "2025-13-45", "a year has 12 months, and no month 13"},
		{"", "2025-12-03; 2025-02-30", "February 2025 has 28 days"},
		{"", "2024-02-29; 2024-02-30 10:00", "February 2024 has 29 days"},
		{"", "25/11/2025; 31/04/2025", "April 2025 has 30 days"},
		{"", "11/25/2025; 04/31/2025", "April 2025 has 30 days"},
		{"", "04/31/2025", "April 2025 has 30 days"},
		{"", "13/13/2025", "no month 13"},
		{"%d.%m.%Y", "32.01.2025", "January 2025 has 31 days"},
		{"", "0000-00-00", "no year, month or day is numbered 0"},
		{"", "2025-02-03 25:10", "a day has no hour 25"},
		{"", "2025-02-03 10:75", "minutes and seconds go up to 59"},
		{"", "2025-02-03; soon", "is not a date in a layout that is recognised"},
		{"", "2025-02-03; 2025-Q1", "is not a date in a layout that is recognised"},
		{"%d.%m.%Y", "2025-13-45", "is not a date as Options.DateLayout has it"},
	} {
		q := datesOf(c.layout, "", strings.Split(c.cells, "; ")...).Question(words)
		if q == nil || !strings.Contains(q.Why, c.says) || strings.Contains(q.Why, "no date") && strings.Contains(q.Remedy, "Layout") {
			t.Errorf("%s as %q: %+v does not say %q", c.cells, c.layout, q, c.says)
		}
	}
}

// Numbers with colons between them are a time and never a date, whatever else the column holds; a camera's 2025:03:04 has its year in front.
func TestTimesAloneAreNoDates(t *testing.T) {
	for _, text := range []string{"14:05:00", "07:27:15", "1:2:03", "14:05", "2:05:33 PM", "10:00:00.250", "14:05:2000", "14:05:00Z"} {
		d := datesOf("", "", "2025-03-01", "2025-03-02 10:00", text, text, "soon")
		if d.Count() != 2 || d.Bad().Count != 3 {
			t.Errorf("%q: %d dates and %d cells that are none, want 2 and 3", text, d.Count(), d.Bad().Count)
		}
		q := d.Question(words)
		if text == "14:05:2000" || text == "1:2:03" {
			continue // no time either
		}
		if q == nil || q.Row != 4 || q.Count != 2 || q.Cell != text || !strings.Contains(q.Why, TimeAlone) {
			t.Errorf("%q: asked %+v, want a time without a date in line 4, one of 2", text, q)
		}
		m := NewMissing([]string{TimeAlone})
		if !m.NoDate([]byte(text)) || m.Find([]byte(text)) >= 0 || m.Find([]byte("NA")) < 0 {
			t.Errorf("%q is missing as a date alone, beside the usual markers", text)
		}
		if NewMissing(nil).NoDate([]byte(text)) {
			t.Errorf("%q is missing without a word from the user", text)
		}
	}
	if q := datesOf("", "", "2025-03-01", "soon", "14:05").Question(words); q.Row != 3 || q.Count != 1 || strings.Contains(q.Why, TimeAlone) {
		t.Errorf("soon is asked about first, and alone: %+v", q)
	}
	for _, text := range []string{"2025:03:04 10:11:12", "2025-03-04", "4.3.2025 14:05", "20250304"} {
		if Clock([]byte(text)) || datesOf("", "", text).Count() != 1 {
			t.Errorf("%q is a date", text)
		}
	}
	one, two := datesOf("", "", "2025-03-01"), datesOf("", "", "14:05", "2025-03-01", "15:05")
	if one.Merge(two, 5000); one.Alone().Count != 2 || one.Alone().Row != 5002 {
		t.Errorf("joined: %+v, want 2 from line 5002 on", one.Alone())
	}
}

// Which comes first, the day or the month, is asked with two cells of different days that show the difference, whatever else stands above them and however the column is cut.
func TestADateIsAskedWithTwoCells(t *testing.T) {
	cells := []string{"04/04/2025", "03/04/2025 10:00", "03/04/2025 12:00", "05/05/2025", "11/12/2024", "01/02/2025"}
	const want = `is 3 April 2025 (day first, as in 2/1/2006) or 4 March 2025 (month first, as in 1/2/2006); "11/12/2024" in line 6 is 11 December 2024 or 12 November 2024, and no cell that is written like these decides`
	for cut := range cells {
		var first, second Dates
		for i, c := range cells {
			if i < cut {
				first.Add([]byte(c), i+2)
			} else {
				second.Add([]byte(c), i+2-cut)
			}
		}
		first.Merge(&second, cut)
		if q := first.Question(Words{Row: "line", Layout: "--date"}); q == nil || q.Why != want || q.Cell != "03/04/2025 10:00" || q.Row != 3 || q.Count != len(cells) {
			t.Errorf("cut at %d: %+v", cut, q)
		}
	}
	for cell, want := range map[string]string{
		"02/03/04": "is 2 March 2004 (day first, as in 2/1/06) or 3 February 2004 (month first, as in 1/2/06) or 4 March 2002 (year, month, day, as in 06/1/2), and no cell that is written like it decides",
		"45000":    "is 15 March 2023 (days counted from 1900) or 16 March 2027 (days counted from 1904), and no cell that is written like it decides",
	} {
		var d Dates
		d.Add([]byte(cell), 2)
		if q := d.Question(Words{}); q == nil || q.Why != want {
			t.Errorf("%s: %+v", cell, q)
		}
	}
}
