package features

// InChunks has Inspect hold so many lines at a time, and returns what takes that back.
func InChunks(lines int) (back func()) {
	before, block := chunk, inspectBlock
	chunk, inspectBlock = lines, 1<<10
	return func() { chunk, inspectBlock = before, block }
}

// LargeFrom has files of so many bytes read without their details.
func LargeFrom(bytes int64) (back func()) {
	before := large
	large = bytes
	return func() { large = before }
}

// Later reports whether the details of orders have not been read yet.
func Later(o *Orders) bool {
	v, err := o.view()
	return err == nil && v.details == nil
}
