//go:build !amd64 || purego

package vec

func available() []kernels { return nil }
