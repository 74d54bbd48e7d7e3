package weblog

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/internal/exports"
)

// A header stands as it is looked up, and once: it has one meaning, apart from the time, which is a day where there is nothing finer, and from customers, who may be all that is known of visitors.
func TestHeadersHaveOneMeaning(t *testing.T) {
	meant := map[string]string{}
	lists := map[string][]string{"pages": pagesHeaders, "seconds": secondsHeaders, "descriptor": descriptorHeaders}
	for m, list := range headers {
		if meaning := meaning(m); meaning != dayColumn && meaning != customerColumn {
			lists[names[m]] = list
		}
	}
	for name, list := range lists {
		for _, h := range list {
			if exports.Header(h) != h {
				t.Errorf("%s: %q is looked up as %q", name, h, exports.Header(h))
			}
			if other, ok := meant[h]; ok {
				t.Errorf("%q is %s and %s", h, other, name)
			}
			meant[h] = name
		}
	}
}

// The same log with headers in seven languages, with the marks and blanks that people write, is the same visits.
func TestHeadersInOtherLanguages(t *testing.T) {
	const lines = "v1,2025-03-04 10:00:00,/a,home,view,s1,search,mobile,NL\nv1,2025-03-04 10:01:00,/b,product,view,s1,search,mobile,NL\nv2,2025-03-05 09:00:00,/a,home,view,s2,mail,desktop,BE\n"
	english := "visitor_id,timestamp,page,page type,event,session id,source,device,country"
	want := read(t, english+"\n"+lines)
	for _, header := range []string{
		english, "Besucher-ID,Zeitstempel,Seite,Seitentyp,Ereignis,Sitzungs-ID,Quelle,Gerät,Land", "ID visiteur,Date et heure,URL de la page,Type de page,Événement,ID de session,Origine,Appareil,Pays",
		"ID de visitante,Fecha y hora,Página,Tipo de página,Evento,ID de sesión,Fuente,Dispositivo,País", "ID visitatore,Data e ora,Pagina,Tipo di pagina,Evento,ID sessione,Fonte,Dispositivo,Paese",
		"Bezoeker-ID,Tijdstip,Pagina,Paginatype,Gebeurtenis,Sessie-ID,Bron,Apparaat,Land", "ID do visitante,Data/hora,Página,Tipo de página,Evento,ID da sessão,Origem,Dispositivo,País",
	} {
		if got := read(t, header+"\n"+lines); !slices.Equal(got, want) || len(got) != 9 {
			t.Errorf("%s: %v, want %v", header, got, want)
		}
	}
	visits := "visitor_id,date,pages,duration,device,ordered"
	want = read(t, visits+"\nv1,2025-03-04,5,60,mobile,1\n")
	for _, header := range []string{
		"Besucher,Datum,Seitenaufrufe,Sitzungsdauer,Gerätekategorie,Bestellt", "Visiteur,Date,Pages vues,Durée de la session,Type d'appareil,Achat", "Visitante,Fecha,Páginas vistas,Duración de la sesión,Tipo de dispositivo,Compra",
		"Visitatore,Data,Pagine visualizzate,Durata della sessione,Tipo di dispositivo,Acquisto", "Bezoeker,Datum,Paginaweergaven,Sessieduur,Apparaattype,Besteld", "Visitante,Data,Visualizações de página,Duração da sessão,Categoria do dispositivo,Comprou",
	} {
		if got := read(t, header+"\nv1,2025-03-04,5,60,mobile,1\n"); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", header, got, want)
		}
	}
}

// read says what the columns of a file are taken for, in order.
func read(t *testing.T, csv string) (meanings []string) {
	t.Helper()
	v, err := ParseVisits(strings.NewReader(csv), "visits.csv", VisitsOptions{})
	if err != nil {
		t.Error(err)
		return nil
	}
	mapping, err := v.Mapping()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range mapping {
		at := slices.Index(strings.Split(strings.Split(csv, "\n")[0], ","), m.Header)
		meanings = append(meanings, fmt.Sprint(at, " ", m.Meaning))
	}
	return meanings
}
