package memory

import (
	"os"
	"path/filepath"
)

// Dir is the folder in which notebooks keep what they remember: under SEGKIT_CACHE if that is set, else in the user's cache folder; "" without
// either, and then nothing is remembered.
func Dir() string {
	if dir := os.Getenv("SEGKIT_CACHE"); dir != "" {
		return filepath.Join(dir, "memory")
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "segkit", "memory")
}
