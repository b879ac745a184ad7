# 联席 Lianxi. `make demo` starts the demo street, `make test` runs everything; `make help` lists the rest.
VENV ?= .venv
PORT ?= 8000
HOST ?= 127.0.0.1
DATA ?= data
ARGS ?=
TESTERS ?= logical
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
RUN = PYTHONPATH=src $(VENV)/bin/python

.PHONY: help demo serve install test slow real check lock translations wheel clean python dev

help: ## 列出全部命令 · list the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile

python:
	@[ -n "$(PYTHON)" ] && "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		have=$$("$(or $(PYTHON),python3)" --version 2>&1 | head -n 1); \
		echo "✗ 需要Python 3.11或更新的版本；这台机器上是：$$have。" >&2; \
		echo "  Python 3.11 or newer is needed; this machine has: $$have." >&2; exit 1; }

install: python ## 建立环境，安装lianxi命令 · make the environment and the command lianxi
	@PYTHONPATH=src $(PYTHON) -m lianxi.portal.starting.install --venv $(VENV)

dev: python
	@PYTHONPATH=src $(PYTHON) -m lianxi.portal.starting.install --venv $(VENV) --dev --browser

demo: install ## 启动示范街道（FRESH=1重来，PORT=… DATA=…另选） · start the demo street (FRESH=1 begins again, PORT=… DATA=… choose)
	@LIANXI_WITH_PARENT=1 $(RUN) -m lianxi.portal.command demo --port "$(PORT)" --host "$(HOST)" --data "$(DATA)" $(if $(filter-out 0,$(FRESH)),--fresh) $(if $(filter-out 0,$(SMALL)),--small)

serve: install ## 正式启动 · start for production
	@LIANXI_WITH_PARENT=1 $(RUN) -m lianxi.portal.command serve --port "$(PORT)" --host "$(HOST)" --data "$(DATA)"

test: dev ## 运行全部测试（DATABASE_URL=…用指定的数据库，TESTERS=…几个同时，ARGS=…传给pytest） · run all tests
	@$(RUN) -m pytest -n $(TESTERS) $(ARGS)

slow: dev ## 引擎的全部随机案例，每页每人（很久） · all random cases of the engines, every page for everybody (long)
	@LIANXI_SLOW=1 $(RUN) -m pytest -n $(TESTERS) tests/engines_* tests/pages $(ARGS)

REAL ?= ../shared/data/voices
real: dev ## 让真实的留言走一遍（REAL=…是它们所在的文件夹；算完不留） · walk real messages through the services (REAL=… is their folder; nothing is kept)
	@LIANXI_REAL_VOICES="$(abspath $(REAL))" $(RUN) -m pytest tests/real -q -s

check: dev ## 只做静态检查 · static checks only
	@$(VENV)/bin/ruff check . && $(RUN) -m mypy && PYTHONPATH=src $(VENV)/bin/lint-imports --no-cache && $(RUN) -m lianxi.portal.translations check

translations: install ## 补全并检查译文 · add missing entries and check the English
	@$(RUN) -m lianxi.portal.translations extract --update && $(RUN) -m lianxi.portal.translations check

wheel: dev ## 生成可安装的软件包 · build the wheel
	@$(RUN) -m build --wheel --no-isolation

COMPILE = $(VENV)/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url $(ARGS) pyproject.toml
lock: install ## 更新锁定文件 · renew the lock files
	@$(VENV)/bin/python -m pip install -q uv
	@$(COMPILE) -o requirements.txt
	@$(COMPILE) --extra build -c requirements.txt -o requirements-build.txt
	@$(COMPILE) --extra build --extra dev -c requirements-build.txt -o requirements-dev.txt

clean: ## 删除生成的文件（不动数据） · remove what was built (not the data)
	@rm -rf build dist node_modules src/lianxi/portal/built .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find src -name '*.mo' -delete
