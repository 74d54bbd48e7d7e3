package features

// InChunks has Inspect hold so many lines at a time, and returns what takes that back.
func InChunks(lines int) (back func()) {
	before, block := chunk, inspectBlock
	chunk, inspectBlock = lines, 1<<10
	return func() { chunk, inspectBlock = before, block }
}

// LargeFrom has files of so many bytes read without their details, unless they are huge.
func LargeFrom(bytes int64) (back func()) {
	before := large
	large = bytes
	return func() { large = before }
}

// HugeFrom has files of so many bytes read with their details, however large they are.
func HugeFrom(bytes int64) (back func()) {
	before := huge
	huge = bytes
	return func() { huge = before }
}

// Later reports whether the details of orders have not been read yet.
func Later(o *Orders) bool {
	v, err := o.view()
	return err == nil && v.details == nil
}
