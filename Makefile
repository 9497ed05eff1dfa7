# The front door: `make` lists what is here. CI calls the same targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
# The architecture of the functions: x86_64 or arm64. CDK reads the same variable.
ARCH ?= x86_64
HOST_ARCH := $(subst aarch64,arm64,$(shell uname -m))
# How `make build` compiles: release, or local (the same code without whole-program optimisation).
PROFILE ?= release

# Named as packages: what the command line and the tests ask of a shared dependency does not get into the functions.
FUNCTIONS := authorizer credentials mapping-auditor

VENV := .venv
# What is released names no folder of the machine that built it: the same commit gives the same bytes anywhere.
CARGO_SOURCES = $(or $(CARGO_HOME),$(HOME)/.cargo)/registry/src
REMAP = --remap-path-prefix=$(CARGO_SOURCES)=/cargo --remap-path-prefix=$(CURDIR)=/brevet
REMAPPED ?= release
# As a setting, which cargo-lambda adds the processor to; `RUSTFLAGS` would replace that.
CARGO_LAMBDA = $(if $(filter $(REMAPPED),$(PROFILE)),CARGO_BUILD_RUSTFLAGS="$(REMAP)") $(VENV)/bin/cargo-lambda lambda
CARGO_DENY := .tools/bin/cargo-deny
CARGO_DENY_VERSION := 0.20.2
CARGO_FUZZ := .tools/bin/cargo-fuzz
CARGO_FUZZ_VERSION := 0.13.2
CARGO_MUTANTS := .tools/bin/cargo-mutants
CARGO_MUTANTS_VERSION := 27.1.0
CARGO_LLVM_COV := .tools/bin/cargo-llvm-cov
CARGO_LLVM_COV_VERSION := 0.9.1
LOCAL := $(VENV)/bin/python -m local
SUPPLY_CHAIN := .tools/supply-chain/bin/python -m
INFRA := npm --prefix infra run --silent
export BREVET_ARCH := $(ARCH)
# cargo-lambda looks for zig on the path.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

##@ Start here
.PHONY: help
help: ## List everything that make can do here
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: stack-parts ## Tell the whole story on a fresh local stack (KEEP=1 leaves it up, JSON=1 for machines)
	@$(LOCAL) demo $(if $(KEEP),--keep) $(if $(JSON),--json)

.PHONY: setup
setup: python-tools node-tools ## Install the pinned tools into .venv and infra/node_modules

##@ Build
.PHONY: build
build: | python-tools preflight-rust ## Build the functions for Lambda (PROFILE=release, ARCH=x86_64|arm64)
	@$(CARGO_LAMBDA) build --locked --profile $(PROFILE) $(if $(filter arm64,$(ARCH)),--arm64,--x86-64) $(FUNCTIONS:%=--package brevet-%)

.PHONY: brevet
brevet: preflight-rust ## Build the command line quickly, for this machine: target/debug/brevet
	@cargo build --quiet --locked --package brevet-cli --bin brevet

.PHONY: cli
cli: | python-tools preflight-rust ## Build the command line for any Linux with glibc 2.30: target/cli/brevet and its checksum (PROFILE, ARCH)
	@$(CARGO_LAMBDA) build --locked --profile $(PROFILE) $(if $(filter arm64,$(ARCH)),--arm64,--x86-64) --package brevet-cli \
	  --disable-optimizations --lambda-dir target/cli/build
	@install -m 755 target/cli/build/brevet/bootstrap target/cli/brevet
	@cd target/cli && openssl dgst -sha256 -r brevet > brevet.sha256

.PHONY: build-local
build-local: ## Build the functions the quick way, for the local stack
	@$(MAKE) build PROFILE=local ARCH=$(HOST_ARCH)

##@ The local stack
.PHONY: up
up: stack-parts ## Start the local AWS and the local GitLab, and deploy Brevet and its examples
	@$(LOCAL) up

.PHONY: down
down: python-tools ## Stop everything that `up` started
	@$(LOCAL) down

.PHONY: status
status: python-tools ## Tell which parts run, where, and which died
	@$(LOCAL) status

.PHONY: logs
logs: python-tools ## Show the end of every log of the local stack
	@$(LOCAL) logs

.PHONY: admin
admin: python-tools ## Print what a shell needs to administrate the local stack: eval "$$(make admin)"
	@$(LOCAL) admin

.PHONY: token
token: python-tools ## Print a job's ID token: PROJECT=path REF=branch [AUD= ENVIRONMENT= SOURCE= TAG=1 FORK=1 UNPROTECTED=1]
	@$(LOCAL) token $(if $(PROJECT),--project "$(PROJECT)") $(if $(REF),--ref "$(REF)") $(if $(AUD),--audience "$(AUD)") \
	  $(if $(ENVIRONMENT),--environment "$(ENVIRONMENT)") $(if $(SOURCE),--source "$(SOURCE)") \
	  $(if $(TAG),--tag) $(if $(FORK),--fork) $(if $(UNPROTECTED),--unprotected)

##@ Check
.PHONY: lint
lint: setup $(CARGO_DENY) ## Formatting and every linter: Rust, licences and sources, TypeScript, Python
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	$(CARGO_DENY) --locked check bans licenses sources
	cargo fmt --manifest-path $(SDK_CLIENT) --check
	cargo fmt --manifest-path fuzz/Cargo.toml --check
	cargo clippy --locked --manifest-path fuzz/Cargo.toml --lib --all-features --target-dir target -- -D warnings
	cargo clippy --locked --manifest-path $(SDK_CLIENT) --target-dir target -- -D warnings
	$(CARGO_DENY) --manifest-path $(SDK_CLIENT) --config deny.toml --locked check licenses sources
	$(INFRA) lint
	infra/node_modules/.bin/prettier --config infra/.prettierrc.json --log-level warn --check 'tests/clients/**/*.{js,mjs}' 'bench/peers/node/*.js'
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

.PHONY: audit
audit: supply-chain-tools $(CARGO_DENY) | preflight ## Look every locked dependency up in its advisory database: 0 pass, 1 found, 3 cannot tell (JSON=1)
	@$(SUPPLY_CHAIN) supply_chain.audit $(if $(JSON),--json)

.PHONY: sbom
sbom: supply-chain-tools | preflight ## List what a release is made of as CycloneDX JSON: target/sbom (JSON=1)
	@$(SUPPLY_CHAIN) supply_chain.sbom $(if $(JSON),--json)

.PHONY: reproducible
reproducible: python-tools preflight-rust ## Build the functions of the last commit in two folders and compare digests (PROFILE, half an hour; JSON=1)
	@supply_chain/reproducible.sh $(PROFILE) $(if $(JSON),--json)

.PHONY: test
test: stack-parts pipeline-tools sdk-clients ## Every test, and one summary
	@$(VENV)/bin/python -m local.testing all

.PHONY: test-unit
test-unit: stack-parts ## The fast tests only: no stack
	@$(VENV)/bin/python -m local.testing unit

.PHONY: test-e2e
test-e2e: stack-parts pipeline-tools sdk-clients ## The end-to-end tests only, on a stack of their own
	@$(VENV)/bin/python -m local.testing e2e

.PHONY: fuzz
fuzz: preflight-fuzz $(CARGO_FUZZ) ## Fuzz every target for SECONDS=60 each, or TARGET="row tags" alone (JSON=1 for machines; needs a nightly Rust)
	@$(PYTHON) fuzz/run.py $(if $(SECONDS),--seconds $(SECONDS)) $(TARGET:%=--target %) $(if $(JSON),--json)

# A released build is asked for by name (`make load PROFILE=release`); the quick one does otherwise.
LOAD_PROFILE := $(if $(filter command line,$(origin PROFILE)),$(PROFILE),local)
.PHONY: load
load: | python-tools preflight-rust ## Hold the functions under load and check each answer: REQUESTS=1000000 ENVIRONMENTS=2 (ROTATIONS, SEED, PROFILE=release, JSON=1)
	@$(MAKE) build PROFILE=$(LOAD_PROFILE) ARCH=$(HOST_ARCH)
	@cargo run --quiet --locked --profile local --package brevet-tests --bin load -- --profile $(LOAD_PROFILE) \
	  $(if $(REQUESTS),--requests $(REQUESTS)) $(if $(ENVIRONMENTS),--environments $(ENVIRONMENTS)) \
	  $(if $(ROTATIONS),--rotations $(ROTATIONS)) $(if $(SEED),--seed $(SEED)) $(if $(JSON),--json)

# The harness and the smallest of its peers are compiled apart from the functions: what they ask of a shared dependency
# does not get into what is measured.
.PHONY: bench
bench: | python-tools bench-peers preflight-rust ## Measure the functions beside what people would use instead: bench/results.md (ONLY=authorizer, QUICK=1, ROUNDS=11)
	@$(MAKE) build PROFILE=release ARCH=$(HOST_ARCH)
	@for peer in do-nothing bare-verification; do \
	  $(CARGO_LAMBDA) build --locked --profile release $(if $(filter arm64,$(HOST_ARCH)),--arm64,--x86-64) --package brevet-bench-$$peer; done
	@cargo run --quiet --locked --profile bench --package brevet-bench -- run \
	  $(ONLY:%=--only %) $(if $(QUICK),--quick) $(if $(ROUNDS),--rounds $(ROUNDS))
	@$(if $(QUICK),,$(MAKE) pictures $(if $(ONLY),,cost))

.PHONY: bench-page
bench-page: preflight-rust ## Write bench/results.md again from bench/results.json
	@cargo run --quiet --locked --profile bench --package brevet-bench -- render

.PHONY: gate
gate: | preflight-valgrind ## Count the instructions of what a request does, and fail where they grew by a tenth (UPDATE=1 keeps the new figures, JSON=1)
	@cargo run --quiet --locked --profile bench --package brevet-gate -- $(if $(UPDATE),--update) $(if $(JSON),--json)

.PHONY: requests
requests: | python-tools preflight-valgrind ## Count the instructions and allocations of whole warm requests of the released functions (JSON=1)
	@$(MAKE) build PROFILE=release ARCH=$(HOST_ARCH)
	@cargo run --quiet --locked --profile bench --package brevet-gate -- requests $(if $(JSON),--json)

.PHONY: profile
profile: | preflight-rust preflight-valgrind ## Tell where the instructions of a warm request go: bench/profile.md (JSON=1)
	@cargo build --quiet --locked --profile symbols --package brevet-authorizer --package brevet-credentials
	@cargo run --quiet --locked --profile bench --package brevet-gate -- profile $(if $(JSON),--json)

.PHONY: mutants
mutants: $(CARGO_MUTANTS) | python-tools ## Break identity and policy in every way, and see that a test notices: CRATE=policy SHARD=0/8 JOBS=2 JSON=1
	@$(VENV)/bin/python -m local.mutants $(CRATE:%=--crate %) $(if $(SHARD),--shard $(SHARD)) $(if $(JOBS),--jobs $(JOBS)) $(if $(JSON),--json)

.PHONY: coverage
coverage: $(CARGO_LLVM_COV) | python-tools ## Measure what of identity and policy their own tests run (MISSING=1 names the lines, JSON=1 for machines)
	@$(VENV)/bin/python -m local.coverage $(if $(MISSING),--missing) $(if $(JSON),--json)

.PHONY: nightly
nightly: ## What is too long for every change: fuzzing, load, and an eighth of the mutants, another each day
	@$(MAKE) fuzz
	@$(MAKE) load
	@$(MAKE) mutants SHARD=$$((10#$$(date +%j) % 8))/8

.PHONY: cost
cost: ## Write bench/cost.md, what Brevet costs and what breaks first, from bench/results.json (SCALE=40, SEED, JSON=1)
	@$(PYTHON) -m bench.cost $(if $(SCALE),--scale $(SCALE)) $(if $(SEED),--seed $(SEED)) $(if $(JSON),--json)

.PHONY: pictures
pictures: ## Draw bench/pictures from bench/results.json
	@$(PYTHON) -m bench.drawing

.PHONY: clients-table
clients-table: stack-parts sdk-clients ## Write docs/clients.md from what AWS SDKs and tools do on a local stack
	@$(VENV)/bin/python -m pytest --quiet tests/e2e/test_clients_*.py --stack clients-table --write-clients-table

##@ Real AWS (credentials and settings come from the environment; see infra/README.md)
.PHONY: diff
diff: build node-tools ## Show what a deploy would change
	@$(INFRA) diff

.PHONY: deploy
deploy: build node-tools ## Deploy Brevet
	@$(INFRA) deploy

.PHONY: destroy
destroy: build node-tools ## Remove Brevet; the table of role mappings stays
	@$(INFRA) destroy

##@ Housekeeping
.PHONY: lock
lock: python-tools ## Lock each requirements.in into its requirements.txt again, after editing it
	@local/lock.sh

.PHONY: clean
clean: ## Remove what was built and installed here (stop the local stack first)
	@if [ -x $(VENV)/bin/python ]; then $(LOCAL) down; fi
	rm -rf target fuzz/target .venv .tools .stack infra/node_modules infra/cdk.out tests/pipeline/node_modules tests/clients/js/node_modules bench/peers/node/node_modules bench/peers/node/dist

# What the local stack is made of. What is missing on the machine is told first, and what takes minutes comes last.
.PHONY: stack-parts preflight
stack-parts: | preflight python-tools node-tools build-local local-gitlab brevet

preflight:
	@PYTHON=$(PYTHON) local/preflight.sh cargo cc node python openssl

# How the tools get here.
include tools.mk
