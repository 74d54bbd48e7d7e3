package main

// nbCmd is what segkit does with notebooks.
type nbCmd struct {
	Run   nbRunCmd   `cmd:"" help:"Run notebooks and judge them by their outputs; write the executed copy, a page and a record."`
	Lint  nbLintCmd  `cmd:"" help:"Check that notebooks are stored the way this project stores them."`
	Strip nbStripCmd `cmd:"" help:"Bring notebooks to the form in which they are stored: no outputs, fixed metadata, readable cell ids."`

	Exercises nbExercisesCmd `cmd:"" help:"Make exercises from their solutions, or check that they are as they should be."`
}
