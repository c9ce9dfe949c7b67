# Every target sets up what it needs in .venv/ and nothing outside the checkout. PYTHON chooses the
# interpreter: make test PYTHON=python3.13
PYTHON ?= python3
BIN := .venv/bin
# Where a machine says this, each of the hundreds of processes in a test run would compile us anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test quick lint prove stubs packages site serve editor screens bench bench-keep release clean

demo: .venv/.base
	$(BIN)/autograder grade examples/class --out build/demo

# A part of the tests: make test ARGS="tests/engine -k name". Where no browser is found, Playwright's is
# got first; where that cannot be had, the other tests run.
test: lint
	-@$(BIN)/python -m examples.pages.browser
	$(BIN)/pytest $(ARGS)

# One minute: what needs no command, browser, Keras or Otter.
quick: lint
	$(BIN)/pytest --quick $(ARGS)

lint: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo --cache-dir build/layers
	mkdir -p build/types && ln -sfn ../.. build/types/the_course
	$(BIN)/mypy

# Before a release: the laws that the tests hold a share of, at full size (whatever looks for PROVE),
# and the graders under three fresh seeds.
prove: .venv/.test
	PROVE=1 $(BIN)/pytest $$(grep -rl --include='test_*.py' -e PROVE -e tests.laws -e mark.share tests)
	for round in 1 2 3; do $(BIN)/autograder verify || exit 1; done

# Rewrites what is made of the solutions and of the catalogue of mistakes: the stubs in exercises/, and
# the table that names mistakes while students practise. A test fails where they differ.
stubs: .venv/.notebooks
	$(BIN)/autograder course generate

packages: .venv/.base
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[otter]'
	$(BIN)/autograder package student --out build/packages
	$(BIN)/autograder package gradescope --out build/packages
	$(BIN)/autograder package otter --out build/packages

# The lessons, built into build/site; `serve` builds again whenever one is saved. The exercises' Python
# is put among the sources first, where git ignores it: so either command copies it like any file.
# MkDocs counts no warning that --quiet keeps from being said, so its progress is left out here.
site: .venv/.site
	$(BIN)/python -m autograder.publishing.runtime --course . site/runtime
	mkdir -p build
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict >build/site.log 2>&1 || { grep -v '^INFO' build/site.log >&2; exit 1; }
	$(BIN)/python -m autograder.publishing.moodle_quiz --course . build/site/quizzes

serve: .venv/.site
	$(BIN)/python -m autograder.publishing.runtime --course . site/runtime
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs serve

# Bundles the editor of the exercises, the only thing that needs Node; a CI job fails where it differs.
editor:
	npm --prefix editor ci --ignore-scripts --no-audit --no-fund
	npm --prefix editor run build

# Takes the pictures of the README and of examples/README.md anew; a test fails where those of the
# student's loop differ from it.
screens: .venv/.test site
	$(BIN)/python -m examples.loop
	$(BIN)/python -m examples.pages

# Grades the same submissions here and with other tools, each in an environment of its own below
# build/bench: half an hour on two cores, or a few minutes with QUICK=1. Then `make bench-keep` takes
# what was measured into the site.
bench: .venv/.test
	$(BIN)/python -m benchmarks $(if $(QUICK),--quick)

bench-keep: .venv/.test
	$(BIN)/python -m benchmarks --keep

# What a release is made of: wheel and source archive in dist/, and the site. The wheel has to work in an
# environment with nothing else in it, outside of the checkout.
release: site
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'build>=1.2,<2'
	rm -rf dist build/empty
	$(BIN)/python -m build --outdir dist
	$(PYTHON) -m venv build/empty
	build/empty/bin/python -m pip install --quiet --disable-pip-version-check dist/*.whl
	cd build/empty && bin/autograder doctor
	cd build/empty && bin/autograder grade ../../examples/class --out graded
	grep --quiet '^ada,ada,100,' build/empty/graded/grades.csv

clean:
	rm -rf .venv build dist site/runtime

# The stamps are made last, so an interrupted installation is taken up again.
.venv/.python:
	$(PYTHON) -c "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 'Python 3.11 or newer is needed: make demo PYTHON=/path/to/python3.11')"
	$(PYTHON) -m venv .venv
	touch $@

.venv/.base: pyproject.toml .venv/.python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

.venv/.notebooks: pyproject.toml .venv/.python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[notebooks]'
	touch $@ .venv/.base

.venv/.site: pyproject.toml .venv/.python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[site]'
	touch $@ .venv/.base

.venv/.test: pyproject.toml .venv/.python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,lint]'
	touch $@ .venv/.base .venv/.notebooks .venv/.site
