# Commands of this project; `make help` lists them.

# The local stack's port: 4566 to start it, or the one on which it runs.
PORT ?=
STATE ?= .local
STACK ?=
SCOPES ?= read,write,admin
# The example of docs/testing-agents.md.
TAG ?= refunds
TARGET ?= http://127.0.0.1:8000/v1
export STATE SCOPES TAG TARGET

# Commands that need nothing installed run with any Python; `install` creates the environments that
# are missing. Values reach the commands as shell variables, so that they may have any character.
python = python=$$(sh local/find_python.sh) && "$$python" -m
install = $(python) local.environments
dev = .venv/dev/bin/python -m
region = $(if $(REGION),AWS_REGION="$(REGION)" AWS_DEFAULT_REGION="$(REGION)")
stack = $(if $(PORT),--port "$$PORT") --home "$$STATE"
organization = $(if $(ORG),--organization "$$ORG") $(if $(STACK),--stack-name "$$STACK")
models = $(if $(MODEL),--model "$$MODEL") $(if $(MODELS),--models "$$MODELS")
parameters = $(if $(PARAMETERS),--parameters $(PARAMETERS))

.DEFAULT_GOAL := help
.PHONY: help run stop env api-key secret import demo eval test check build bench deploy stack-name lock openapi

help: ## list the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## start the whole stack on this machine (DETACH=1, PORT=4566, STATE=.local, MODEL=openai/<name>@<base url>, MODELS=…, PARAMETERS="RateLimit=50 …")
	@$(python) local.start $(stack) $(if $(DETACH),--detach "$$DETACH") $(models) $(parameters)

stop: ## stop the local stack and save its data (PORT, STATE as in make run)
	@$(python) local.stop $(stack)

env: ## print the local stack's URL and key for a shell: eval "$(make -s env)"
	@$(python) local.env $(stack)

api-key: ## create an API key: NAME=… [ORG=…, else a new organization] [SCOPES=read,write,admin] [STACK=… in your account]
	@test -n "$$NAME" || { echo 'error: NAME: must name the key: make api-key NAME=…' >&2; exit 2; }
	@$(install) dev
	@$(region) $(dev) local.api_key $(stack) --name "$$NAME" --scopes "$$SCOPES" $(organization)

secret: ## store a secret for an organization's tools, read from stdin: NAME=… [ORG=…, else the local one] [STACK=… in your account]
	@test -n "$$NAME" || { echo 'error: NAME: must name the secret: make secret NAME=…' >&2; exit 2; }
	@$(install) dev
	@$(region) $(dev) local.secret $(stack) --name "$$NAME" $(organization)

import: ## import captured conversations as sessions: FILE=… KIND=agent|evaluation [NAME=…] [ORG=…] [STACK=… in your account]
	@test -n "$$FILE" -a -n "$$KIND" || { echo 'error: FILE, KIND: must both be set: make import FILE=… KIND=agent|evaluation' >&2; exit 2; }
	@$(install) dev
	@$(region) $(dev) local.import_sessions $(stack) --file "$$FILE" --kind "$$KIND" \
		$(if $(NAME),--name "$$NAME") $(organization)

demo: ## load sample sessions, a scenario and two runs into the local stack, once, for its console
	@$(install) dev
	@$(dev) local.demo $(stack)

eval: ## test an agent with the scenarios of the local stack: TAG=refunds TARGET=http://127.0.0.1:8000/v1 [ARGS="--repeats 3 --baseline last --html report.html …"]
	@$(install) dev
	@$(dev) local.eval $(stack) -- --tag "$$TAG" --target "$$TARGET" $(ARGS)

test: ## run all tests: unit, contract, smoke, integration, browser (T="-k word" selects)
	@$(install) dev emulator lambda node tools
	@$(dev) local.build local
	@$(dev) pytest -q -n 2 $(T)

check: ## check format, lint, types and template, and the web console
	@$(install) dev node tools
	@$(dev) local.check

build: ## build the artifact for AWS (ARCHITECTURE=x86_64 for Intel)
	@$(install) node tools
	@.venv/tools/bin/python -m local.build aws

bench: ## measure everything that docs/performance.md shows, and write it (B="--only turns" selects)
	@$(install) dev emulator lambda node tools langgraph plots
	@$(dev) local.build local
	@$(dev) benchmarks.report $(B)

deploy: stack-name ## deploy to your own account: STACK=… [REGION=…] [PARAMETERS="RateLimit=50 …"]
	@$(install) dev node tools
	@$(region) $(dev) local.release --stack-name "$$STACK" $(parameters)

stack-name:
	@test -n "$$STACK" || { echo 'error: STACK: must name the stack: make deploy STACK=…' >&2; exit 2; }

openapi: ## generate events/, the recorded answers and shared/http/openapi.json from the routes
	@$(install) dev
	@$(dev) local.events
	@$(dev) tests.support.example_answers
	@$(dev) local.openapi

lock: ## resolve the dependencies into requirements/
	@$(install) tools
	@.venv/tools/bin/python -m local.lock
