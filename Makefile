# All that one types here. Everything installed goes to .tools/, everything made to build/; nothing goes elsewhere.
#
#   make run JUPYTER=/path/to/jupyter   uses a Jupyter that is there already instead of installing one
#   make run PYTHON=/path/to/python3    installs JupyterLab with another Python
#   make run ARGS='-p k=5'              sets a parameter of the notebook
#   make workshop ARGS=linux-amd64      makes the archive of one platform only
#   make hard ARGS='kill kernels'       runs these parts only

.DEFAULT_GOAL := help
.PHONY: help setup run lab test engine test-engines hard soak fuzz repeat mutate calibrate bench bench-engines doctor workshop test-workshop test-nbgrader clean distclean

PYTHON  ?= python3
JUPYTER ?=
export PYTHON JUPYTER

# As the kernel compiles cells (tools/kernel/start): packages that are compiled for them serve all else, and programs link faster.
export GOFLAGS := $(GOFLAGS) -gcflags=all=-dwarf=false

SEGKIT   := .tools/bin/segkit
LESSON   := notebooks/01_whole_analysis.ipynb

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

setup: ## Install kernel, Go tools and JupyterLab under .tools/ (the other targets do it when needed)
	@bash tools/setup.sh

run: setup ## Run the whole-analysis lesson and write its page to build/notebooks/
	@$(SEGKIT) nb run $(ARGS) $(LESSON)
	@echo "Open $(LESSON:%.ipynb=build/%.html) in a browser."

lab: setup ## Open JupyterLab with the kernel working
	@bash tools/lab.sh $(ARGS)

test: setup ## Check the code, test it, and run every notebook
	@bash tools/test.sh

engine: ## Build segkit-engine, with which segkit works on SQL engines (segkit ... --engine URL); it needs a C compiler
	@go build -o "$(CURDIR)/.tools/bin/segkit" ./segkit/cmd/segkit
	@go -C segkit/cmd/segkit-engine build -o "$(CURDIR)/.tools/bin/segkit-engine" .
	@echo "Built .tools/bin/segkit-engine, with which .tools/bin/segkit works on DuckDB, PostgreSQL and Trino: segkit segment --help"

test-engines: ## Test also on PostgreSQL and on Trino with two workers, which are fetched and started (450 MB the first time)
	@$(PYTHON) tools/engines/run.py postgres trino -- sh -c 'go -C segkit/cmd/segkit-engine test -count=1 -p 1 -timeout 60m ./... && go -C segkit/cmd/segkit-engine test -count=1 -timeout 60m -run KilledWorker . -kill'

hard: setup engine ## Kill whatever writes 1,000 times, start and kill 100 kernels, show 10,000 outputs (hours; goes on where it was stopped)
	@bash tools/hard.sh $(ARGS)

soak: setup ## Of make hard, the 10,000 outputs in notebooks alone: which arrive, and in which order (an hour)
	@bash tools/hard.sh soak

fuzz: ## Feed whatever bytes to every reader, 10 seconds each; ARGS='-fuzztime 15m', or ARGS='-only weblog -fuzztime 1h'
	@bash tools/fuzz.sh $(ARGS)

calibrate: ## Draw thousands of tables and cohorts to see how far the null control and the intervals of value can be trusted (an hour)
	@go test ./segkit/choose -run '^TestControlOnManyTables$$' -count=1 -timeout 120m -v -calibrate 200
	@go test ./segkit/value -run '^(TestKnownParametersAreFound|TestSpendIsFoundOrRefused)$$' -count=1 -timeout 120m -v -cohorts 200

repeat: ## Compare hashes of the main results under all circumstances: instructions, processors, memory, arm64 (a quarter of an hour and more; goes on where it was stopped; wants qemu-user)
	@mkdir -p build/repeat
	@go test ./segkit/cmd/internal/analysis -run '^TestResultsAreTheSameEverywhere$$' -count=1 -timeout 180m -v -everywhere -keep "$(CURDIR)/build/repeat"

mutate: ## Change the sources 300 times and see whether a test notices (hours; goes on where it was stopped)
	@go -C tools build -o "$(CURDIR)/.tools/bin/mutate" ./mutate && nice -n 19 .tools/bin/mutate $(ARGS)

bench: setup ## Compare speed and memory with Python's tools on the same files, and a lesson with a Python notebook
	@bash bench/run.sh
	@bash bench/notebook.sh
	@bash bench/run.sh -growth

bench-engines: setup engine ## Compare orders to segments on DuckDB, in memory, with pandas and with Spark, for 1 and 10 million order lines
	@bash bench/engines.sh $(ARGS)

doctor: ## Say what is missing or wrong on this machine, and the remedy
	@bash tools/doctor.sh

workshop: setup ## Make archives for classes without a network: one for each platform, in build/workshop/ (some minutes each)
	@bash tools/workshop/make.sh $(ARGS)

test-workshop: setup ## Try the archive of this platform as a learner does, where there is no network (Linux)
	@bash tools/workshop/test.sh

test-nbgrader: setup ## Let nbgrader grade hand-ins of a lesson; installs it into .tools/nbgrader (some minutes)
	@go test ./segkit/cmd/internal/notebook -run '^TestNbgraderGrades$$' -count=1 -timeout 30m -v -nbgrader

clean: ## Remove what was made (build/)
	rm -rf build

distclean: clean ## Remove also what was installed (.tools/)
	rm -rf .tools
