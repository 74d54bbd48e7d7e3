package features

// InChunks has Inspect hold so many lines at a time, and returns what takes that back.
func InChunks(lines int) (back func()) {
	before, block := chunk, inspectBlock
	chunk, inspectBlock = lines, 1<<10
	return func() { chunk, inspectBlock = before, block }
}
