# make or make help lists what there is to do.

GO      ?= go
LINTER  := .bin/golangci-lint-v2.15.0
SUITE   := .bin/suite
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
PKG     ?= ./...
# Compilers and the linter tidy their memory less often, up to a bound: a sixth of the work less.
ROOMY   := GOGC=1000 GOMEMLIMIT=3GiB

# Everything is pure Go; only the race detector, inside the suite, needs a C compiler.
export CGO_ENABLED := 0

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## try it: demonstration tenants, database and mailbox under var/; needs Go alone
	$(GO) run ./cmd/tilgang demo

.PHONY: build
build: ## build bin/tilgang, static and stripped
	$(GO) build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/tilgang ./cmd/tilgang

.PHONY: check
check: $(LINTER) $(SUITE) ## lint and fast tests on SQLite; needs no server and no browser
	$(SUITE) -lint $(LINTER) check

.PHONY: test
test: $(LINTER) $(SUITE) ## the whole suite: lint, both databases, race detector, browser
	$(SUITE) -lint $(LINTER) test

.PHONY: test-sqlite
test-sqlite: $(SUITE) ## one phase of it, for PKG=./internal/…
	$(SUITE) sqlite $(PKG)

.PHONY: test-postgres
test-postgres: $(SUITE) ## one phase of it, with the race detector, for PKG=./internal/…
	$(SUITE) postgres $(PKG)

.PHONY: test-browser
test-browser: $(SUITE) ## one phase of it, for PKG=./internal/…
	$(SUITE) browser $(PKG)

.PHONY: screens
screens: $(SUITE) ## take the screenshots of docs/screens in the browser stories
	$(SUITE) screens

.PHONY: bench
bench: $(SUITE) ## measure on Postgres and Redis, for PKG=./internal/…
	$(SUITE) bench $(PKG)

.PHONY: lint
lint: $(LINTER) ## lint alone
	$(ROOMY) $(LINTER) run ./...

.PHONY: fmt
fmt: $(LINTER) ## format the Go files
	$(LINTER) fmt ./...

.PHONY: verify
verify: $(LINTER) ## fail when modules, formatting or generated files are not as committed
	$(GO) mod verify
	$(GO) mod tidy -diff
	$(LINTER) fmt --diff ./...
	$(GO) generate ./...
	git diff --exit-code

.PHONY: add-string
add-string: export TEXT_KEY := $(value KEY)
add-string: export TEXT_EN := $(value EN)
add-string: export TEXT_NB := $(value NB)
add-string: export TEXT_DA := $(value DA)
add-string: export TEXT_SV := $(value SV)
add-string: export TEXT_NN := $(value NN)
add-string: export TEXT_FI := $(value FI)
add-string: export TEXT_DE := $(value DE)
add-string: export TEXT_PL := $(value PL)
add-string: ## add a text to every language: KEY=invite.title EN="Welcome" NB="Velkommen" NN=… DA=… SV=… FI=… DE=… PL=…
	$(GO) run ./internal/testenv/cmd/addstring templates/i18n

.PHONY: clean
clean: ## remove what was built; the data under var/ stays
	rm -rf bin .bin

# The version is part of the linter's name, so that a new one is fetched.
$(LINTER):
	$(ROOMY) GOBIN=$(CURDIR)/.bin $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
	mv .bin/golangci-lint $@

.PHONY: $(SUITE)
$(SUITE):
	$(GO) build -o $@ ./internal/testenv/cmd/suite
