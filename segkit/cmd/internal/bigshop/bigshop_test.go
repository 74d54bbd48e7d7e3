package bigshop

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/segkit/lab/datasets/shop"
)

// A small one is the shop of package shop, line by line.
func TestItIsTheShop(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "orders")
	n, err := Write(context.Background(), dir, 4000*perHead, 0)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := parquet.ReadFile[row](filepath.Join(dir, "orders-00000.parquet"))
	if err != nil || len(rows) != n {
		t.Fatalf("%d rows, %v; want %d", len(rows), err, n)
	}
	at := 0
	for _, o := range shop.Generate(shop.Options{}).Orders {
		for _, l := range o.Lines {
			r := rows[at]
			at++
			if r.At != o.At.Time().UnixMilli() || r.Price != int64(l.Price) || int(r.Quantity) != l.Quantity || r.Product != l.Product || (r.Customer == nil) != (o.Customer == "") || r.Customer != nil && *r.Customer != o.Customer || r.Order != o.ID {
				t.Fatalf("row %d is %+v, want %+v of %+v", at, r, l, o)
			}
		}
	}
	if at != n {
		t.Errorf("%d rows, want %d", n, at)
	}
}

// Of several files, no two have a customer or an order in common, but for the shop's own staff.
func TestFilesHaveTheirOwnCustomers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "orders")
	if _, err := Write(context.Background(), dir, (customers+100)*perHead, 0); err != nil {
		t.Fatal(err)
	}
	owner := map[string]string{}
	files, _ := filepath.Glob(filepath.Join(dir, "*.parquet"))
	if len(files) != 2 {
		t.Fatalf("%d files", len(files))
	}
	for _, file := range files {
		rows, err := parquet.ReadFile[row](file)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			ids := []string{"order " + r.Order}
			if r.Customer != nil && *r.Customer != "TEST" {
				ids = append(ids, *r.Customer)
			}
			for _, id := range ids {
				if other, is := owner[id]; is && other != file {
					t.Fatalf("%s is in %s and in %s", id, file, other)
				}
				owner[id] = file
			}
		}
	}
}

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	read := func(seed int) []byte {
		dir := filepath.Join(t.TempDir(), "orders")
		if _, err := Write(context.Background(), dir, 3000, seed); err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(filepath.Join(dir, "orders-00000.parquet"))
		if err != nil {
			t.Fatal(err)
		}
		return content
	}
	one := read(1)
	if !bytes.Equal(one, read(1)) {
		t.Error("two runs differ")
	}
	if bytes.Equal(one, read(2)) {
		t.Error("two seeds do not differ")
	}
}

func TestWholeOrNotAtAll(t *testing.T) {
	parent := t.TempDir()
	if _, err := Write(context.Background(), parent, 1, 0); err == nil {
		t.Error("a folder that is there was written over")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Write(ctx, filepath.Join(parent, "orders"), 3000, 0); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if left, _ := os.ReadDir(parent); len(left) != 0 {
		t.Errorf("left are %v", left)
	}
}
