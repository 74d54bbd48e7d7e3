// Package nb has what a notebook cell needs: show results (Show), stop at errors (Must, Check), keep expensive values
// (Memo), take parameters (Param, Date), end on interrupt (Context), and check the answers to exercises (Exercise).
//
// In a GoNB notebook every cell is a program of its own, which runs all earlier declarations again before its own
// statements. Importing this package therefore makes job.DefaultContext a context that remembers on disk what the
// library's few expensive calls computed, ends when the kernel is interrupted, and shows the progress of long calls.
// Outside a notebook the same code is a plain program: tables are printed, pictures are written as files.
//
// The package stays small, because every cell that uses it is linked again: it knows results through small interfaces
// and imports neither charts nor networking.
package nb
