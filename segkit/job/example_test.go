package job_test

import (
	"context"
	"fmt"

	"github.com/segkit/lab/segkit/job"
)

// Whoever wants to show progress puts a function into the context of the call.
func ExampleWithProgress() {
	ctx := job.WithProgress(context.Background(), func(p job.Progress) { fmt.Printf("%s: %d of %d\n", p.Task, p.Done, p.Total) })
	step := job.Steps(ctx, "reading", 2)
	step()
	step()
	// Output:
	// reading: 0 of 2
	// reading: 1 of 2
	// reading: 2 of 2
}
