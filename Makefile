# The commands of everyday work; `make help` lists them. Works with GNU make 3.81, the one on a Mac.

.DEFAULT_GOAL := help
.PHONY: help run big test bench load chaos soak drill release check format

help: ## this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## a demonstration: PostgreSQL (found or installed), a demo organization, the service on 127.0.0.1:8080
	cargo run --locked -- dev

big: ## the same, with a thousand organizations and a million appointments
	cargo run --release --locked -- dev --big

# Most tests wait as long as they work, so that there are two for each processor.
test: ## every test; PostgreSQL is found or installed as for a demonstration
	RUST_TEST_THREADS=$${RUST_TEST_THREADS:-$$((2 * $$(getconf _NPROCESSORS_ONLN)))} cargo test --locked --workspace --tests --no-fail-fast

bench: ## how long understanding a date, verifying, parsing and replying take
	cargo bench --locked --bench when --bench webhook

load: ## the load test: against plain Fastify, the bare server and pgbench, budgets, growth; fails below the goals
	cargo run --release --locked --package loadtest -- --json target/load.json

chaos: ## faults under load, and what became of every call: some eight minutes
	cargo test --locked --profile chaos --test chaos

soak: ## the previous release through an upgrade under load (PREVIOUS=<commit> for another), 204 kills, plans on a million appointments: ten minutes
	sh tests/soak/previous.sh
	cargo test --locked --test soak
	FRONTDESK_KILL_SEEDS=17 cargo test --locked --test api kills
	FRONTDESK_PLANS_ORGANIZATIONS=1000 cargo test --locked --test plans

release: ## writes what the next release is held against: fixtures/releases/<version>/ (CONTRIBUTING.md)
	FRONTDESK_RELEASES=fixtures/releases cargo test --locked --test plans -- --exact release::what_the_next_release_is_held_against_can_be_written_down

drill: ## a backup that is restored into a new cluster and compared: half a minute
	cargo test --locked --test drill

check: ## formatting and lints, warnings are errors
	cargo fmt --all --check
	rustfmt --check --edition 2024 tests/fuzz/fuzz_targets/*.rs
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo clippy --locked --test documents --test chaos --test soak --test drill -- -D warnings

format: ## formats the code
	cargo fmt --all
	rustfmt --edition 2024 tests/fuzz/fuzz_targets/*.rs
