package vec

//go:generate go run -C ../../../tools ./vecgen -out ../segkit/internal/vec/kernels_amd64.s -stubs ../segkit/internal/vec/kernels_amd64.go -pkg vec
