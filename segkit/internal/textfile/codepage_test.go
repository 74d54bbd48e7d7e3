package textfile

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
)

func TestOtherPage(t *testing.T) {
	polish := "zam\u00f3wienie;miasto\n1;Wroc\u0142aw\n2;Bia\u0142ystok\n3;\u0141\u00f3d\u017a\n4;\u015awidnica\n5;Bia\u0142ystok\n"
	russian := "id,gorod\n1,Москва\n2,Казань\n3,Омск\n"
	german := "id;Ort\n1;München\n2;Köln\n3;Gänsefüßchen\n"
	for _, c := range []struct {
		what, text string
		page       *charmap.Charmap
		want       string
	}{
		{"Polish of Windows", polish, charmap.Windows1250, "windows-1250: Wroc³aw is Wrocław"},
		{"Polish of the web before UTF-8", strings.ReplaceAll(polish, "wienie", "wi\u0105nie"), charmap.ISO8859_2, "ISO-8859-2: zamówi±nie is zamówiąnie"},
		{"Russian", russian, charmap.Windows1251, "windows-1251: Ìîñêâà is Москва"},
		{"German of DOS", german, charmap.CodePage850, "IBM850: M\ufffdnchen is München"},
		{"French of old Macs", "ville\nOrléans\nAlençon\nChâlons\nNîmes\n", charmap.Macintosh, "macintosh: OrlŽans is Orléans"},
		{"German", german, charmap.Windows1252, ""},
		{"other Western languages", "São João,L’été,Æbleskiver,naïve,¿Qué?,1ª,Nº 3,œuvre,5 m³,½ kg,Þórr,15 °C,„Text“,Ærø,£5,Måløy,«là»,AÇÃO,É,été\n", charmap.Windows1252, ""},
		{"one odd word", "a,b\n1,Wroc\u0142aw\n", charmap.Windows1250, ""},
	} {
		data, err := c.page.NewEncoder().Bytes([]byte(c.text))
		if err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		name, read, other := OtherPage(data)
		got := ""
		if name != "" {
			got = name + ": " + read + " is " + other
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// Texts of East Asia are words in none of the code pages.
func TestWordsOfNoPage(t *testing.T) {
	for name, text := range map[string]string{"Shift_JIS": "city\n東京都\n大阪府堺市\nコーヒー豆\n", "EUC-JP": "city\n東京都\n大阪府堺市\n", "GB18030": "product\n苹果手机\n电脑桌\n", "Big5": "city\n台北市\n高雄市\n臺南市\n新竹市\n", "EUC-KR": "product\n사과 상자\n컴퓨터\n"} {
		enc, err := ianaindex.IANA.Encoding(name)
		if err != nil {
			t.Fatal(err)
		}
		data, err := enc.NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if page, read, other := OtherPage(data); page != "" || read == "" {
			t.Errorf("%s: %q is %q in %q", name, read, other, page)
		}
	}
}

// UTF-8 that is cut off, or beside a cell in Windows-1252, is no other code page.
func TestUTF8IsNoOtherPage(t *testing.T) {
	for _, text := range []string{"Wrocław,Białystok,Łódź,Kraków,\xc5", "Wrocław,Białystok,Łódź,Kraków,M\xfcller\n"} {
		if name, read, _ := OtherPage([]byte(text)); name != "" {
			t.Errorf("%q: %s for %q", text, name, read)
		}
	}
}
