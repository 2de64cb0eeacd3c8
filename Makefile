.PHONY: help build test race check bench bench-files gold sbom licences fuzz folds portals docker

help: ## list the verbs
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build ./dist/cigogne
	go build -trimpath -ldflags='-s -w' -o dist/cigogne ./cmd/cigogne

test: ## run the tests
	go test ./...

race: ## run the tests under the race detector
	go test -race -timeout 45m ./...

check: ## what CI runs: format, vet, staticcheck, tests, race
	CI=true bash .ci/run

bench: ## run the benchmarks
	go test -run=NONE -bench=. -benchmem ./...

bench-files: ## print what reading large files costs beside DuckDB's own COPY, in this run
	CIGOGNE_RATIOS=1 go test -count=1 -timeout 60m -run '^TestRatios$$' -v ./internal/table

gold: ## lift the SQL of all public questions of ../shared into plans, and measure them
	CIGOGNE_WHOLE=1 go test ./internal/plan/lift -run TestGold -v

sbom: ## list what ./dist/cigogne is made of (CycloneDX)
	go run github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0 bin -json \
		-version "$$(git describe --tags --always)" -output dist/sbom.cdx.json dist/cigogne

licences: ## gather the licence texts of all modules anew
	go generate ./internal/licences

FUZZTIME ?= 20s

fuzz: ## fuzz each parser of outside bytes for FUZZTIME each
	@for p in $$(go list ./...); do \
		for f in $$(go test -list='^Fuzz' $$p | grep '^Fuzz' || true); do \
			echo "$$p $$f"; go test -run=NONE -fuzz="^$$f$$" -fuzztime=$(FUZZTIME) -fuzzminimizetime=2s $$p || exit 1; \
		done; \
	done

folds: ## learn the weights of search by cross-validation, write internal/search/FOLDS.md
	CIGOGNE_FOLDS=1 go test -count=1 -run '^TestFolds$$' -v ./internal/search

portals: ## print what of records comes through, of recorded answers and of the real servers that the environment names
	@go test -count=1 -v -run '^Test(RecordedPayloads|Pycsw.*|Pygeoapi|CKAN|TrialPortal|MapServer)$$' ./internal/harvest/folder ./internal/harvest/portal ./internal/fetch \
		| awk '/^ +records/ && !head++ || /^(recorded|server): / || /--- SKIP|--- FAIL/ || / no (Python|address|MapServer)/'

docker: ## build the container image
	docker build -t cigogne .
