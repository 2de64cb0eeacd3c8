.PHONY: help build test race check bench gold fuzz folds docker

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

gold: ## lift the SQL of all public questions of ../shared into plans, and measure them
	CIGOGNE_WHOLE=1 go test ./internal/plan/lift -run TestGold -v

fuzz: ## fuzz each parser of outside bytes for 20 seconds
	@for p in $$(go list ./...); do \
		for f in $$(go test -list='^Fuzz' $$p | grep '^Fuzz' || true); do \
			echo "$$p $$f"; go test -run=NONE -fuzz="^$$f$$" -fuzztime=20s $$p || exit 1; \
		done; \
	done

folds: ## learn the weights of search by cross-validation, write internal/search/FOLDS.md
	CIGOGNE_FOLDS=1 go test -count=1 -run '^TestFolds$$' -v ./internal/search

docker: ## build the container image
	docker build -t cigogne .
