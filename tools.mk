# Part of the Makefile: how each set of tools gets into this folder. Each has a stamp that is older than its lock file only when there
# is something to install.
.PHONY: python-tools supply-chain-tools node-tools pipeline-tools local-gitlab preflight-rust preflight-fuzz preflight-valgrind
python-tools: $(VENV)/.installed
$(VENV)/.installed: requirements.txt
	@PYTHON=$(PYTHON) local/preflight.sh python openssl
	@echo "installing the Python tools into $(VENV)" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.txt
	@touch $@

# Apart from what builds and tests: these read lock files, and need packages that nothing else does.
supply-chain-tools: .tools/supply-chain/.installed
.tools/supply-chain/.installed: supply_chain/requirements.txt
	@PYTHON=$(PYTHON) local/preflight.sh python
	@echo "installing the tools of audit and sbom into .tools/supply-chain" >&2
	@$(PYTHON) -m venv .tools/supply-chain
	@.tools/supply-chain/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

# What the functions are measured beside: Python packages, and JavaScript with AWS's runtime client, which is compiled.
.PHONY: bench-peers
bench-peers: .tools/bench/.installed bench/peers/node/dist/.built
.tools/bench/.installed: bench/peers/python/requirements.txt
	@PYTHON=$(PYTHON) local/preflight.sh python
	@echo "installing the Python peers into .tools/bench" >&2
	@$(PYTHON) -m venv .tools/bench
	@.tools/bench/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement $<
	@touch $@

bench/peers/node/node_modules/.installed: bench/peers/node/package-lock.json
	@local/preflight.sh node cc cmake autotools
	@echo "installing the Node.js peers into bench/peers/node (compiles AWS's runtime client: some minutes, once)" >&2
	@npm --prefix bench/peers/node ci --silent --no-audit --no-fund
	@touch $@

bench/peers/node/dist/.built: bench/peers/node/node_modules/.installed $(wildcard bench/peers/node/*.js)
	@npm --prefix bench/peers/node run --silent build
	@touch $@

node-tools: infra/node_modules/.installed
infra/node_modules/.installed: infra/package-lock.json
	@local/preflight.sh node
	@echo "installing the Node tools into infra/node_modules" >&2
	@npm --prefix infra ci --silent --no-audit --no-fund
	@touch $@

# What runs .gitlab-ci.yml files in the end-to-end tests.
pipeline-tools: tests/pipeline/node_modules/.installed
tests/pipeline/node_modules/.installed: tests/pipeline/package-lock.json
	@local/preflight.sh node git rsync
	@echo "installing gitlab-ci-local into tests/pipeline/node_modules" >&2
	@npm --prefix tests/pipeline ci --silent --no-audit --no-fund
	@touch $@

$(CARGO_DENY): Makefile
	@local/preflight.sh cargo cc
	@echo "building cargo-deny $(CARGO_DENY_VERSION) into .tools (a few minutes, once)" >&2
	@$@ --version 2>/dev/null | grep -qx "cargo-deny $(CARGO_DENY_VERSION)" || \
	  cargo install --quiet --locked cargo-deny@$(CARGO_DENY_VERSION) --root .tools
	@touch $@

$(CARGO_FUZZ): Makefile | preflight-fuzz
	@echo "building cargo-fuzz $(CARGO_FUZZ_VERSION) into .tools (a minute or two, once)" >&2
	@$@ --version 2>/dev/null | grep -qx "cargo-fuzz $(CARGO_FUZZ_VERSION)" || \
	  cargo install --quiet --locked cargo-fuzz@$(CARGO_FUZZ_VERSION) --root .tools
	@touch $@

$(CARGO_MUTANTS): Makefile
	@local/preflight.sh cargo cc
	@echo "building cargo-mutants $(CARGO_MUTANTS_VERSION) into .tools (a minute or two, once)" >&2
	@$@ mutants --version 2>/dev/null | grep -qx "cargo-mutants $(CARGO_MUTANTS_VERSION)" || \
	  cargo install --quiet --locked cargo-mutants@$(CARGO_MUTANTS_VERSION) --root .tools
	@touch $@

$(CARGO_LLVM_COV): Makefile
	@local/preflight.sh cargo cc
	@echo "building cargo-llvm-cov $(CARGO_LLVM_COV_VERSION) into .tools (a minute or two, once)" >&2
	@$@ llvm-cov --version 2>/dev/null | grep -qx "cargo-llvm-cov $(CARGO_LLVM_COV_VERSION)" || \
	  cargo install --quiet --locked cargo-llvm-cov@$(CARGO_LLVM_COV_VERSION) --root .tools
	@touch $@

# Programs of users of Brevet, each with an AWS SDK as it is released. The one in Rust is a workspace of its own.
SDK_CLIENT := tests/clients/rust/Cargo.toml
.PHONY: sdk-clients
sdk-clients: tests/clients/js/node_modules/.installed preflight-rust
	@cargo build --quiet --locked --manifest-path $(SDK_CLIENT) --target-dir target

tests/clients/js/node_modules/.installed: tests/clients/js/package-lock.json
	@local/preflight.sh node
	@echo "installing the AWS SDK for JavaScript into tests/clients/js/node_modules" >&2
	@npm --prefix tests/clients/js ci --silent --no-audit --no-fund
	@touch $@

local-gitlab: preflight-rust
	@cargo build --quiet --locked --package brevet-tests --bin local-gitlab --bin load

preflight-rust:
	@local/preflight.sh cargo cc

preflight-fuzz:
	@local/preflight.sh cargo cc nightly

preflight-valgrind:
	@local/preflight.sh cargo cc valgrind
