package nb

import "os"

// inNotebook reports whether a GoNB kernel started this program.
func inNotebook() bool { return os.Getenv(pipeOut) != "" }
