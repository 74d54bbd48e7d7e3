package main

import (
	"strings"
	"testing"

	"github.com/segkit/lab/segkit/job"
)

func TestBar(t *testing.T) {
	var out strings.Builder
	b := bar{w: &out}
	b.end()
	if out.Len() > 0 {
		t.Errorf("a bar that showed nothing ended with %q", out.String())
	}
	for _, done := range []int{0, 1, 2, 500, 1000} {
		b.show(job.Progress{Task: "downloading", Done: done, Total: 1000})
	}
	b.end()
	pictures := strings.Split(out.String(), "\r")[1:]
	if len(pictures) != 3 || !strings.HasPrefix(pictures[1], "downloading: 50 %") || !strings.HasSuffix(out.String(), "\n") {
		t.Errorf("showed %q, want 0, 50 and 100 %%", pictures)
	}
}
