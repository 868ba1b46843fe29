# The newest Python that is new enough; Debian 12 calls it python3.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.PHONY: help report test bench setup tools notebooks screenshot requirements clean

help: ## 列出命令
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/'

report: ## 生成全部年度的报告（首次运行时自动安装所需软件）
	@$(or $(PYTHON),python3) bootstrap.py report

test: ## 运行全部检查和测试
	@$(or $(PYTHON),python3) bootstrap.py test

bench: tools ## 与照搬 papermill 和 jupyter-book 的做法比速度，写出 docs/performance.md
	@.venv/bin/python benchmarks/bench.py

setup: ## 只安装生成报告所需软件
	@$(or $(PYTHON),python3) bootstrap.py setup

tools: ## 再装上测试和开发用的软件
	@$(or $(PYTHON),python3) bootstrap.py tools

notebooks: setup ## 重新写入笔记本里供 nbval 比对的输出
	@.venv/bin/python tests/refresh_notebooks.py

screenshot: report tools ## 重拍自述文件里的两幅图（需要 Chromium 浏览器）
	@.venv/bin/python tests/refresh_screenshot.py

requirements: ## 由 pyproject.toml 重新锁定 requirements.txt（需要 uv 和网络）
	uv pip compile --universal --python-version 3.11 --generate-hashes --extra install --no-annotate \
		--custom-compile-command "make requirements" -o requirements.txt pyproject.toml
	uv pip compile --universal --python-version 3.11 --generate-hashes --extra install --extra dev --no-annotate \
		--custom-compile-command "make requirements" -c requirements.txt -o requirements-test.txt pyproject.toml

clean: ## 删除生成的内容
	rm -rf book/_build book/years
