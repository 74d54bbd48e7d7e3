package survey

import (
	"strings"
	"testing"
	"github.com/segkit/lab/datasets"

)

func TestP(t *testing.T) {
	for _, name := range []string{"shop","mcdonalds"} {
		var err error
		x,err:=datasets.Survey("shop")
		if name!="shop" { x,err=datasets.Table(name) }
		if err!=nil{t.Fatal(err)}
		a,err:=FromTable(x,Options{})
		if err!=nil{t.Fatal(err)}
		t.Log(a.Sheet().Text())
	}
	for _,f:=range []string{"/work/shared/data/mcdonalds/mcdonalds.csv","/tmp/sv/q.csv","/tmp/sv/sm.csv"} {
		a,err:=Read(f,Options{})
		if err!=nil{t.Error(err);continue}
		t.Log(a.Sheet().Text())
	}
	_=strings.ToLower
}
