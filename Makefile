# Real data that the engine is measured on, and other programs that it is measured beside; both optional.
EVAL_DATA ?= ../shared/data
PEERS ?= ../shared/peers

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
export PYTHONDONTWRITEBYTECODE := 1
.DEFAULT_GOAL := help
.PHONY: help run build dev test lint format coverage model bench bench-jobs bench-jobs-scale bench-jobs-churn bench-identity bench-quality nightly nightly-faults nightly-identity nightly-jobs nightly-scale nightly-scan release-check clean

data = EVAL_DATA="$(realpath $(EVAL_DATA))"
jobs = $(shell nproc)

help: ## List these targets
	@awk -F ':[^#]*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build what is missing and start AfterResume in the foreground
	@exec build/afterresume up

build: ## Install what the build needs; leave the program as build/afterresume
	@tools/setup build
	@tools/build release

format: ## Lay out every source as .clang-format says
	@tools/setup lint
	@git ls-files -z --cached --others --exclude-standard "backend/*.h" "backend/*.cpp" | xargs -0 clang-format-19 -i

dev: ## The same with a debug build, checks on and every log line
	@tools/setup build
	@tools/build debug
	@LOG_LEVEL=$${LOG_LEVEL:-debug} exec build/debug/afterresume up

test: ## All tests: release and address sanitizer, on SQLite and PostgreSQL
	@tools/setup build test
	@$(data) tools/with-postgres tools/test release asan

lint: ## Layout, static analysis and the direction of includes (FILES="…" for some files)
	@tools/setup build test lint
	@tools/lint $(FILES)

coverage: ## Lines covered per slice; fails when a feature is under 80 %
	@tools/setup build test
	@$(data) tools/with-postgres tools/coverage

model: ## The protocols of engine and sign-in, searched to the end by Spin, and their broken variants (MODEL="…" for some)
	@tools/setup model
	@python3 -B backend/tests/model/check.py $(MODEL)

bench: build ## Speed and memory of the HTTP server beside PostgreSQL's and other programs'
	@tools/setup bench
	@PEERS="$(realpath $(PEERS))" python3 backend/bench/http/bench.py

bench-jobs: ## Speed of the job engine on PostgreSQL and SQLite, beside other queues
	@tools/setup build test bench
	@cmake --preset release -DAFTERRESUME_TESTS=OFF
	@cmake --build build/release -j $(jobs) --target jobs-bench
	@PEERS="$(realpath $(PEERS))" python3 backend/bench/jobs/bench.py

bench-jobs-scale: ## Claims among a million queued and five million ended jobs, and a tenant beside a flood
	@tools/setup build test bench
	@cmake --preset release -DAFTERRESUME_TESTS=OFF
	@cmake --build build/release -j $(jobs) --target jobs-scale
	@python3 backend/bench/jobs/scale.py

# How long the old transaction is open.
MINUTES ?= 20
bench-jobs-churn: ## Speed of jobs beside a transaction that stays open (MINUTES=20)
	@tools/setup build test bench
	@cmake --preset release -DAFTERRESUME_TESTS=OFF
	@cmake --build build/release -j $(jobs) --target jobs-churn
	@python3 backend/bench/jobs/churn.py --minutes $(MINUTES)

release-check: ## What takes too long for a night: two hours beside a transaction that stays open
	@$(MAKE) bench-jobs-churn MINUTES=120

bench-identity: build ## What sign-in costs: a flood of it beside people who are signed in, and each request of theirs
	@tools/setup bench
	@python3 backend/bench/identity/bench.py

bench-quality: ## How well skills are found in text that people have marked (needs EVAL_DATA)
	@test -n "$(realpath $(EVAL_DATA))" || { echo "There is no $(EVAL_DATA); name the data's folder by EVAL_DATA=FOLDER." >&2; exit 1; }
	@tools/setup build
	@cmake --preset release -DAFTERRESUME_TESTS=OFF
	@cmake --build build/release -j $(jobs) --target skills-quality
	@build/release/backend/skills-quality "$(realpath $(EVAL_DATA))"

# What passed is not run again until code changes; see tools/nightly.
nightly: ## The long checks: every suite under every sanitizer, many times over
	@$(data) tools/nightly suites

nightly-jobs: ## The long checks of the job engine: models, traces, many histories, planted mistakes
	@tools/nightly jobs

nightly-identity: ## The long checks of sign-in: models, a thousand rounds of many uses at once, ten thousand histories, what times tell, who sees words of another tenant, and what pages of others can have a browser do
	@tools/nightly identity

nightly-scan: ## sqlmap and wapiti, signed in, over every operation on both databases; half an hour
	@tools/nightly scan

nightly-faults: ## Broken processes, crashes and failover of PostgreSQL, refreshing beside them, killed imports
	@tools/nightly faults

nightly-scale: ## Claims among a million queued and five million ended jobs, a tenant beside a flood, jobs beside an old transaction
	@tools/nightly scale

clean: ## Remove everything that was built
	rm -rf build
