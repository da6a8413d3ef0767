# Commands of this project; `make help` lists them.

PORT ?= 4566
STATE ?= .local
STACK ?=
SCOPES ?= read,write,admin

python = $(shell sh local/find_python.sh)
dev = .venv/dev/bin/python
region = $(if $(REGION),AWS_REGION="$(REGION)" AWS_DEFAULT_REGION="$(REGION)")
stack = --port $(PORT) --home "$(STATE)"

.DEFAULT_GOAL := help
.PHONY: help run stop env api-key import test check build bench deploy stack-name lock openapi environments

help: ## list the commands
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: environments ## start the whole stack on this machine (DETACH=1, PORT=4566, STATE=.local)
	@exec $(dev) -m local.run $(stack) $(if $(filter 1 true yes,$(DETACH)),--detach)

stop: environments ## stop the local stack and save its data
	@$(dev) -m local.stop $(stack)

env: environments ## print the local stack's URL and key for a shell: eval "$(make -s env)"
	@$(dev) -m local.endpoint $(stack)

api-key: environments ## create an API key: NAME=… [ORG=…] [SCOPES=read,write,admin] [STACK=… in your account]
	@test -n "$(NAME)" || { echo 'error: NAME: must name the key: make api-key NAME=…' >&2; exit 2; }
	@$(region) $(dev) -m local.api_key $(stack) --name "$(NAME)" --scopes "$(SCOPES)" \
		$(if $(ORG),--organization "$(ORG)") $(if $(STACK),--stack-name "$(STACK)")

import: environments ## import captured conversations as sessions: FILE=… KIND=agent|evaluation [NAME=…] [ORG=…] [STACK=… in your account]
	@test -n "$(FILE)" -a -n "$(KIND)" || { echo 'error: FILE, KIND: must both be set: make import FILE=… KIND=agent|evaluation' >&2; exit 2; }
	@$(region) $(dev) -m local.import_sessions $(stack) --file "$(FILE)" --kind "$(KIND)" \
		$(if $(NAME),--name "$(NAME)") $(if $(ORG),--organization "$(ORG)") $(if $(STACK),--stack-name "$(STACK)")

test: environments ## run all tests: unit, contract, smoke, integration (T="-k word" selects)
	@$(dev) -m local.build local
	@$(dev) -m pytest -q -n 2 --dist loadgroup $(T)

check: environments ## check format, lint, types and template
	@$(dev) -m ruff format --check .
	@$(dev) -m ruff check .
	@$(dev) -m mypy
	@.venv/tools/bin/cfn-lint -a cfn_lint_serverless.rules -- template.yaml
	@SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=eu-west-1 .venv/tools/bin/sam validate --lint --template-file template.yaml

build: environments ## build the artifact for AWS (ARCHITECTURE=x86_64 for Intel)
	@$(dev) -m local.build aws

bench: environments ## measure init and warm CPU time of the built functions
	@$(dev) -m local.build local
	@$(dev) -m benchmarks

deploy: stack-name environments ## deploy to your own account: STACK=… [REGION=…] [PARAMETERS="RateLimit=50 …"]
	@$(region) $(dev) -m local.release --stack-name "$(STACK)" $(if $(PARAMETERS),--parameters $(PARAMETERS))

stack-name:
	@test -n "$(STACK)" || { echo 'error: STACK: must name the stack: make deploy STACK=…' >&2; exit 2; }

openapi: environments ## generate shared/http/openapi.json and events/ from the routes
	@$(dev) -m local.openapi
	@$(dev) -m local.events

lock: environments ## resolve the dependencies into requirements/
	@$(dev) -m local.lock

environments:
	@python="$(python)"; test -n "$$python" && "$$python" -m local.environments dev emulator lambda tools
