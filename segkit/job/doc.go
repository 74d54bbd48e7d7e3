// Package job says how long work runs: the context of calls that do not take one, and the hook that shows progress.
//
// A call that may take long has a twin that takes a context, named with Context at its end. The call without runs under
// DefaultContext, which package nb makes one that shows progress, remembers results between cells and ends on interrupt.
package job
