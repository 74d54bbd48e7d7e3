package segkit

import (
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/cluster"
	"github.com/segkit/lab/segkit/internal/trial"
	"github.com/segkit/lab/segkit/table"
)

// An empty Columns says what it leaves out, whether the model was just fitted or recalled.
func TestEmptyColumnsSayWhatTheyLeaveOut(t *testing.T) {
	raw := trial.TableOf(t, "id,orders,plan,region,spend\na,1,x,n,5\nb,2,y,s,6\nc,9,x,n,50\nd,8,y,s,60\n",
		table.CSVOptions{Roles: map[string]table.Role{"region": table.Descriptor, "spend": table.Value}})
	m := fitted(t, Recipe{Method: cluster.KMeans{K: 2}}, raw)
	if notes := strings.Join(m.Sheet().Notes, " "); !strings.Contains(notes, "left out are plan (not numbers), region (descriptor), spend (value).") {
		t.Errorf("notes %q", notes)
	}
	m = fitted(t, Recipe{Columns: []string{"orders"}, Method: cluster.KMeans{K: 2}}, raw)
	if notes := strings.Join(m.Sheet().Notes, " "); strings.Contains(notes, "left out") {
		t.Errorf("columns were named, and the notes say %q", notes)
	}
}
