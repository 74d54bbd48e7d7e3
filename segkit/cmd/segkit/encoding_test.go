package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// A Polish file of a Windows spreadsheet: inspect says that it is not what it is read as, and convert makes it UTF-8.
func TestAnotherCodePageIsToldAndConverted(t *testing.T) {
	dir := t.TempDir()
	text := "zamówienie;klient;data;kwota;miasto\n1;a;2024-01-05;10,50;Wrocław\n2;b;2024-01-06;3,75;Białystok\n"
	polish, err := charmap.Windows1250.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	file(t, dir, "polish.csv", polish)
	said, _, code := answerOf(t, dir, "", "inspect", "polish.csv")
	if said = strings.Join(strings.Fields(said), " "); code != exitDone || !strings.Contains(said, `words such as "Wroc³aw". In windows-1250 that would be "Wrocław": segkit convert makes it UTF-8 if told so (--encoding windows-1250).`) {
		t.Errorf("code %d: %s", code, said)
	}
	if _, said, code := answerOf(t, dir, "", "convert", "polish.csv", "--encoding", "windows-1250", "-o", "utf8.csv"); code != exitDone || !strings.Contains(said, "3 lines of windows-1250 written to utf8.csv") {
		t.Errorf("code %d: %s", code, said)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "utf8.csv")); string(got) != text || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"polish.csv"}, exitUsage, "unless it is not in UTF-8: then name its --encoding"},
		{[]string{"polish.csv", "--encoding", "windows-1250"}, exitUsage, "polish.csv already exists"},
		{[]string{"polish.csv", "--encoding", "klingon", "-o", "x.csv"}, exitFailed, "klingon"},
		{[]string{"none.csv", "--encoding", "windows-1250", "-o", "x.csv"}, exitFailed, "cannot be found"},
	} {
		if _, said, code := answerOf(t, dir, "", append([]string{"convert"}, c.args...)...); code != c.code || !strings.Contains(said, c.says) || exists(filepath.Join(dir, "x.csv")) {
			t.Errorf("%v: code %d: %s", c.args, code, said)
		}
	}
}

// A Japanese file is said to hold no words in Windows-1252, with the command that makes it UTF-8.
func TestTextOfEastAsiaIsToldAndConverted(t *testing.T) {
	dir := t.TempDir()
	text := "customer,date,amount,city\na,2024-01-05,10,東京都\nb,2024-01-06,4,大阪府堺市\n"
	japanese, err := japanese.ShiftJIS.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	file(t, dir, "japanese.csv", japanese)
	said, _, code := answerOf(t, dir, "", "inspect", "japanese.csv")
	if said = strings.Join(strings.Fields(said), " "); code != exitDone || !strings.Contains(said, "which are no words. If it is in another encoding, segkit convert makes it UTF-8 if told which (--encoding Shift_JIS,") {
		t.Errorf("code %d: %s", code, said)
	}
	if _, said, code := answerOf(t, dir, "", "convert", "japanese.csv", "--encoding", "Shift_JIS", "-o", "utf8.csv"); code != exitDone {
		t.Errorf("code %d: %s", code, said)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "utf8.csv")); string(got) != text || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestInEncoding(t *testing.T) {
	polish, err := charmap.Windows1250.NewEncoder().Bytes([]byte("miasto\nŁódź\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := inEncoding(bytes.NewReader(polish), "windows-1250"); string(got) != "miasto\nŁódź\n" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	for name, want := range map[string]string{"windows-1250": "line 2 holds a byte that is no character of windows-1250", "klingon": `"klingon" is no encoding that is known here`} {
		if _, err := inEncoding(strings.NewReader("a\n\x81\n"), name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
