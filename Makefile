# Each target in one line; `make` alone lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
UV := uv==0.13.9
# A worker more than cores, since a browser lets its worker wait; the module that takes longest is
# not the last.
WORKERS := -n 3 --dist loadgroup --no-loadscope-reorder
# What uses one core for most of its time is made beside others; each prints all it says at once.
TOGETHER := --jobs=2 $(if $(filter output-sync,$(.FEATURES)),--output-sync)

# Tests and notebooks run a few at a time: matrices of one do not wait for those of the other.
export OPENBLAS_NUM_THREADS := 1

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

site: $(INSTALLED) ## verify every notebook and build the site
	$(BIN)/jupyter-book build .
	@test -f _build/html/index.html && echo "$(CURDIR)/_build/html/index.html"

serve: site ## build the site and serve it at http://localhost:8000
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

pdf: site ## print the site as one PDF, with Chromium
	PYTHONPATH=book/_ext $(BIN)/python -m website.pdf

launch: $(INSTALLED) ## put what launch buttons open into _build/launch, from the site
	PYTHONPATH=book/_ext $(BIN)/python -m website.launch _build/launch

test: site ## run every test: notebooks, and the site in a browser if there is one
	$(BIN)/python -m pytest $(WORKERS)

lint: $(INSTALLED) ## style and types, of code and notebooks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

prove: $(INSTALLED) ## prove f and f' correctly rounded for every float32, float16 and bfloat16
	$(BIN)/python -m actlib.proof --all
	$(BIN)/python -m actlib.vectors.hardest proofs

hardest: $(INSTALLED) ## keep the hardest inputs of all proofs for the test vectors
	$(BIN)/python -m actlib.vectors.hardest proofs

digests: $(INSTALLED) ## hash every float32 result of every function, for ports: half an hour
	$(BIN)/python -m actlib.vectors.digests --dtype float32 digests

due: $(INSTALLED) ## prove what changed or has its turn, and try a random million of every function
	$(BIN)/python -m actlib.proof --due

trial: $(INSTALLED) ## replace each chapter's function, turn its facts around: what is said must fail
	$(BIN)/python -m pytest -n 2 tests/test_trial.py tests/test_claims.py --whole

whole: site ## ask all pages, test vectors and downloaded notebooks at once that take turns
	$(BIN)/python -m pytest $(WORKERS) tests/browser tests/test_addresses.py tests/test_testvectors.py \
		tests/test_digests.py --whole

check: $(INSTALLED) ## all that continuous integration runs
	$(MAKE) $(TOGETHER) site lint due
	$(MAKE) test --old-file=site

code: $(INSTALLED) ## run the tests of the library alone, without the book
	$(BIN)/python -m pytest $(WORKERS) tests --library

# Packages of their own. What asks is that of requirements.txt, what is asked is not.
oldest newest frameworks: TOOLS = $(shell grep -E '^(pytest|pytest-xdist|ruff|mypy)==' requirements.txt)
oldest newest frameworks: ALONE = $(VENV)/$@/bin/python -m pytest -o addopts= -p no:cacheprovider $(WORKERS)
oldest: RESOLUTION := lowest-direct
newest: RESOLUTION := highest

oldest: ## the same with the oldest packages that pyproject.toml allows
newest: ## the same with the newest packages
oldest newest:
	$(PYTHON) -m venv --clear $(VENV)/$@
	$(VENV)/$@/bin/pip install --quiet $(UV)
	$(VENV)/$@/bin/uv pip install --python $(VENV)/$@ --resolution $(RESOLUTION) \
		$(TOOLS) --editable ".[verify,plot,cluster]"
	$(ALONE) tests --library -m "not locked"

frameworks: ## measure again what the book says of other frameworks
	$(PYTHON) -m venv --clear $(VENV)/$@
	$(VENV)/$@/bin/pip install --quiet --requirement requirements-peers.txt $(TOOLS)
	REQUIRE_FRAMEWORKS=1 $(ALONE) tests/test_frameworks.py tests/test_onnx.py tests/test_conditions.py tests/test_audit_peers.py tests/test_audit_pages.py tests/test_errata_lines.py

chapters: $(INSTALLED) ## run every notebook from scratch and store it normalised
	PYTHONPATH=book/_ext $(BIN)/python -m gate.normalise

stubs: $(INSTALLED) ## write what type checkers and editors know of the records
	$(BIN)/python -m actlib.show.stub > $(VENV)/stub.pyi
	$(BIN)/ruff format --quiet - --stdin-filename actlib/__init__.pyi < $(VENV)/stub.pyi > actlib/__init__.pyi

lock: ## resolve requirements.in into requirements.txt, for Python 3.11 and later
	$(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/pip install --quiet $(UV)
	$(VENV)/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
		--upgrade --custom-compile-command "make lock" requirements.in --output-file requirements.txt

# Nothing is compiled before it is imported: most modules of these packages never are.
$(INSTALLED): requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --requirement requirements.txt
	@touch $@

.PHONY: help site serve pdf launch test lint prove hardest digests due trial whole check code oldest newest frameworks chapters stubs lock
