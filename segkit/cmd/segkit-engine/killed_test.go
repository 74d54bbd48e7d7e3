package main

import (
	"context"
	"flag"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/segkit/lab/datasets/shop"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/connect"
	"github.com/segkit/lab/segkit/cmd/segkit-engine/internal/enginetest"
)

var kill = flag.Bool("kill", false, "kill a worker of the Trino cluster that tools/engines has started: run this test alone")

// A worker that dies in the middle makes a sentence; neither segments nor helper tables are left, and the rerun on the worker that remains succeeds.
func TestAKilledWorker(t *testing.T) {
	if !*kill {
		t.Skip("skipped: other tests need the worker; make test-engines runs this one alone, with -kill")
	}
	url := enginetest.URL(t, connect.Trino)
	worker, err := strconv.Atoi(os.Getenv("SEGKIT_TEST_TRINO_WORKER"))
	if err != nil {
		t.Fatal("SEGKIT_TEST_TRINO_WORKER is no process id")
	}
	db := enginetest.Open(t, connect.Trino)
	t.Chdir(t.TempDir())
	enginetest.Shop(t, db, connect.Trino, "killed_orders", shop.Generate(shop.Options{Customers: 2000}))
	write(t, "orders.toml", mapping+"table = \"killed_orders\"\n")
	count := func(statement string) (n int) {
		t.Helper()
		if err := db.QueryRowContext(context.Background(), statement).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	tables := func() int {
		return count("SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'shop' AND (table_name LIKE 'segkit!_%' ESCAPE '!' OR table_name = 'killed_segments')")
	}
	before := tables()
	arguments := []string{"segment", "--engine", url, "--source", "orders.toml", "--as-of", "2025-09-30", "-k", "4", "--into", "killed_segments"}

	ctx, ended := context.WithCancel(t.Context())
	died := make(chan error)
	go func() {
		for n := 0; n == 0; time.Sleep(50 * time.Millisecond) {
			if err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM system.runtime.queries WHERE state = 'RUNNING' AND query LIKE 'CREATE TABLE%segkit%'").Scan(&n); err != nil {
				died <- err
				return
			}
		}
		died <- syscall.Kill(worker, syscall.SIGKILL)
	}()
	said, code := command(t, arguments...)
	ended()
	if err := <-died; err != nil {
		t.Fatalf("the worker was not killed in the middle: %v; %d: %s", err, code, said)
	}
	if code != exitFailed || !strings.Contains(said, "while asking the database to") && !strings.Contains(said, "refused to") {
		t.Errorf("%d: %q is no sentence on what failed", code, said)
	}
	if n := tables(); n != before {
		t.Errorf("%d tables are left", n-before)
	}
	for began := time.Now(); ; time.Sleep(5 * time.Second) { // until the coordinator has noticed
		if said, code = command(t, arguments...); code == 0 || time.Since(began) > 5*time.Minute {
			break
		}
	}
	if code != 0 {
		t.Fatalf("the rerun: %d: %s", code, said)
	}
	if n := count("SELECT COUNT(segment) FROM killed_segments"); n < 1000 {
		t.Errorf("%d customers have a segment", n)
	}
	_, _ = db.Exec("DROP TABLE killed_segments")
}
