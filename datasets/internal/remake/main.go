// Command remake writes the embedded shop anew: go generate ./datasets.
package main

import (
	"compress/gzip"
	"io"
	"log"
	"os"

	"github.com/segkit/lab/datasets/shop"
)

func main() {
	s := shop.Generate(shop.Options{})
	for _, f := range []struct {
		name  string
		write func(io.Writer) error
	}{
		{"orders", s.WriteOrders}, {"customers", s.WriteCustomers}, {"truth", s.WriteTruth},
		{"survey", s.WriteSurvey}, {"visits", s.WriteVisits},
	} {
		if err := write("embedded/"+f.name+".csv.gz", f.write); err != nil {
			log.Fatal(err)
		}
	}
}

func write(path string, fill func(io.Writer) error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		return err
	}
	if err := fill(z); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return f.Close()
}
