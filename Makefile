.PHONY: help run test bench faults smoke cli ask view token psql sql format lint golden clean

# From the command line only: some systems set NAME in the environment.
name := $(if $(filter command line,$(origin NAME)),$(NAME))
roles := $(if $(filter command line,$(origin ROLES)),$(ROLES))
days := $(if $(filter command line,$(origin DAYS)),$(DAYS))
file := $(if $(filter command line,$(origin FILE)),$(FILE))

help: ## show this list
	@grep -E '^[a-z]+:.*## ' Makefile | awk -F ':.*## ' '{ printf "make %-8s %s\n", $$1, $$2 }'

run: ## start PostgreSQL and the forum on http://127.0.0.1:5080 (or PORT=...); Ctrl-C stops both
	@ops/app run

test: ## run every test; ARGS go to the test programs, as in ARGS='-class "*QuotePost*"'
	@ops/test $(ARGS)

bench: ## run the benchmarks; ARGS go to the program
	@ops/app bench $(ARGS)

faults: ## kill, freeze and starve servers and PostgreSQL under load; ARGS go to the program
	@ops/app faults $(ARGS)

smoke: ## try the program as it is shipped
	@ops/smoke $(ARGS)

cli: ## run a command of the program, as in ARGS="import FILE"; ARGS=help lists them
	@ops/app cli $(ARGS)

ask: ## ask a question of the past, as in FILE=ops/questions/newcomers.cs ARGS="--last 90d --csv"
	@ops/app ask '$(file)' $(ARGS)

view: ## write the start of a read view and its test, as in make view NAME=LongThreads
	@ops/view '$(name)'

token: ## print a token, as in make -s token NAME=alice ROLES=member,moderator DAYS=7
	@ops/app token '$(name)' '$(roles)' '$(days)'

psql: ## open psql on the forum's database; ARGS go to psql
	@ops/postgres psql .data $(ARGS)

sql: ## open psql on the views of the schema history, as who may read nothing else; ARGS go to psql
	@ops/postgres sql .data $(ARGS)

format: ## format the sources
	@dotnet tool restore >/dev/null
	@dotnet csharpier format .

lint: ## check the format and build with every warning an error
	@dotnet tool restore >/dev/null
	@dotnet csharpier check .
	@dotnet build EventForum.sln -c Debug --nologo -v minimal -warnaserror

golden: ## run the tests and rewrite the golden files
	@UPDATE_GOLDEN=1 ops/test $(ARGS)

clean: ## delete what builds and tests produce; never the data in .data
	@rm -rf artifacts
