# The commands of this checkout. `make help` lists them; what they do stands in the scripts that they call.

.DEFAULT_GOAL := help
SHELL := /bin/bash
# One build at a time: the targets follow each other, whatever -j says.
.NOTPARALLEL:

ENVIRONMENT := Tests/Environment
CONFIGURATION := $(if $(filter-out 0,$(RELEASE)),release,debug)
# What every build is made with; a second set of flags would build everything again.
export SWIFT_FLAGS := --explicit-target-dependency-import-check error
# The programs that were built, for the demo and the bench.
BIN = $$(swift build $(SWIFT_FLAGS) --configuration $(CONFIGURATION) --show-bin-path)

.PHONY: help
help: ## lists these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## plays a short agent task through byline and the gateway and prints its replay (KEEP=1 DEMO_KUBECONFIG=FILE RELEASE=1)
	@CONFIGURATION=$(CONFIGURATION) Tests/Demo/prepare.sh
	@BYLINE_TEST_BIN="$(BIN)" Tests/Demo/demo.sh

.PHONY: test
test: ## runs every test against a real cluster and a real sign-in provider, and tears them down (FILTER=REGEX)
	@$(ENVIRONMENT)/test.sh

.PHONY: fresh
fresh: ## sees that every set-up succeeds on an empty Debian 12 (PURPOSES="demo test", KEEP_CACHE=0 from nothing at all)
	@$(ENVIRONMENT)/setup.sh fresh
	@$(ENVIRONMENT)/fresh.sh

.PHONY: lint
lint: ## checks the style of Swift and shell files
	@$(ENVIRONMENT)/setup.sh lint
	@$(ENVIRONMENT)/lint.sh

.PHONY: bench
bench: CONFIGURATION := release
bench: ## measures the gateway beside nginx and mitmdump (BENCH_OUT=FILE BENCH_ROUNDS=5 BENCH_SECONDS=3), the recorder alone, and the index (BENCH_EXCHANGES=200000)
	@$(ENVIRONMENT)/setup.sh bench
	@$(MAKE) --no-print-directory build RELEASE=1
	@BYLINE_TEST_BIN="$(BIN)" Tests/Bench/bench.sh
	@Tests/Bench/annotator.py "$(BIN)/manifest-editing-runner"
	@Tests/Bench/masking.py "$(BIN)"
	@BYLINE_TEST_BIN="$(BIN)" Tests/Bench/recorder.sh
	@BYLINE_TEST_BIN="$(BIN)" Tests/Bench/index.sh

.PHONY: differential
differential: ## runs the same commands directly and through the gateway and compares every byte (FILTER=REGEX WAYS="run serve" KEEP=1)
	@$(ENVIRONMENT)/setup.sh test
	@$(MAKE) --no-print-directory build
	@BYLINE_TEST_BIN="$(BIN)" Tests/Differential/differential.sh

.PHONY: load
load: ## plays the loads of production against the gateway and prints what they cost (RELEASE=1)
	@$(ENVIRONMENT)/setup.sh test
	@$(MAKE) --no-print-directory build
	@BYLINE_TEST_BIN="$(BIN)" Tests/Load/load.sh

.PHONY: hostile
hostile: ## sends hostile requests to a gateway; all must be refused, recorded, and unseen by the cluster (ONLY=REGEX KEEP=1)
	@$(ENVIRONMENT)/setup.sh test
	@$(MAKE) --no-print-directory build
	@BYLINE_TEST_BIN="$(BIN)" Tests/Hostile/hostile.sh

.PHONY: masking
masking: ## plants secrets, reads them through a gateway in every way a client knows, and fails where one is seen (KEEP=1)
	@$(ENVIRONMENT)/setup.sh test
	@$(MAKE) --no-print-directory build
	@BYLINE_TEST_BIN="$(BIN)" Tests/Masking/planted.sh

.PHONY: adversary
adversary: ## attacks a gateway with made-up requests and looks for planted secrets at the caller and in its state (ADVERSARY_SECONDS=600 ADVERSARY_SEED=TEXT CASE=FILE KEEP=1)
	@$(ENVIRONMENT)/setup.sh test
	@$(MAKE) --no-print-directory build
	@BYLINE_TEST_BIN="$(BIN)" Tests/Adversary/adversary.sh

.PHONY: adversary-check
adversary-check: ## plants more than twenty leaks into the code and sees that make adversary finds each (ONLY=REGEX)
	@$(ENVIRONMENT)/setup.sh test
	@Tests/Adversary/leaks.sh

.PHONY: sign-in
sign-in: ## signs in with every grant at a real provider, in a browser too, and with forty kubectls at once (ONLY=REGEX)
	@$(ENVIRONMENT)/setup.sh test
	@$(MAKE) --no-print-directory build
	@BYLINE_TEST_BIN="$(BIN)" $(ENVIRONMENT)/cluster/with.sh Tests/SignIn/sign_in.sh

.PHONY: corpus
corpus: ## annotates about 1,500 real manifests and what is made of YAML's own conformance cases, and asks kubectl and another parser whether the annotations are all that changed (CORPUS_DIR=DIR)
	@$(ENVIRONMENT)/setup.sh test
	@$(MAKE) --no-print-directory build
	@BYLINE_TEST_BIN="$(BIN)" Tests/Corpus/corpus.sh

.PHONY: torture
torture: CONFIGURATION := release
torture: ## kills the gateway again and again under load, then makes its disk fail; nothing may be missing (ROUNDS=200 CLIENTS=24 KEEP=1)
	@$(ENVIRONMENT)/setup.sh torture
	@$(MAKE) --no-print-directory build RELEASE=1
	@BYLINE_TEST_BIN="$(BIN)" Tests/Torture/torture.sh kill
	@BYLINE_TEST_BIN="$(BIN)" ROUNDS="$(or $(FAULT_ROUNDS),3)" Tests/Torture/torture.sh faults

.PHONY: fuzz
fuzz: ## feeds the parsers what a fuzzer makes up and fails on a finding (SECONDS=120 for each, FUZZ_TARGETS="path json")
	@$(ENVIRONMENT)/setup.sh fuzz
	@FUZZ_SECONDS="$(or $(SECONDS),120)" Tests/Fuzz/fuzz.sh

.PHONY: build
build: ## builds the programs (RELEASE=1 for release)
	swift build $(SWIFT_FLAGS) --configuration $(CONFIGURATION)

PREFIX := /usr/local
.PHONY: install
install: CONFIGURATION := release
install: ## builds for release and installs programs, man pages and completions (PREFIX=/usr/local DESTDIR=)
	@$(MAKE) --no-print-directory build RELEASE=1
	@plugins/install.sh "$(BIN)" "$(DESTDIR)$(PREFIX)"

.PHONY: uninstall
uninstall: ## removes what make install has installed (PREFIX=/usr/local DESTDIR=)
	@plugins/install.sh --remove "$(DESTDIR)$(PREFIX)"

.PHONY: completions
completions: build ## writes completions/ anew, after a change of the command line
	@for shell in bash:byline.bash zsh:_byline fish:byline.fish; do \
	    "$(BIN)/byline" completion "$${shell%%:*}" > "completions/$${shell#*:}"; done

.PHONY: setup
setup: ## makes this machine ready for the tests and the demo, as they do by themselves
	@$(ENVIRONMENT)/setup.sh test

.PHONY: cluster-up
cluster-up: ## brings up a cluster to try things on, and says how to reach it (RUN=DIR for a second one)
	@$(ENVIRONMENT)/setup.sh test
	@$(ENVIRONMENT)/cluster/up.sh

.PHONY: cluster-down
cluster-down: ## takes that cluster away (RUN=DIR)
	@$(ENVIRONMENT)/cluster/down.sh

.PHONY: format
format: ## puts the Swift files into the house style
	swift format --in-place --recursive --configuration .swift-format $(wildcard Package.swift Sources Tests)

.PHONY: clean
clean: ## removes what was built in this checkout; the cache of tools and cluster, ~/.cache/byline, stays
	rm -rf .build .build-fuzz
