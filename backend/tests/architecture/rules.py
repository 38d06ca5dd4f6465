"""Who may include whom. Read from top to bottom this is the map of the backend."""

import re

# The rooms, lowest first: each may include itself and the rooms named after it.
ROOMS = {
    "core": [],
    "infra": ["core"],
    "engine": ["core", "infra"],
    "ai": ["core"],
    "features": ["core", "infra"],
    "workflows": ["core", "infra", "engine", "ai", "features"],
    "api": ["core", "infra", "engine", "features"],
    "app": ["core", "infra", "engine", "ai", "features", "workflows", "api"],
}

# Features, lowest first: each may include those that stand before it, and only these headers of theirs.
FEATURES = [
    "auditing", "tenants", "invitations", "accounts", "exports", "profile", "worklog", "skills", "artifacts",
    "reporting", "review", "tailoring", "sharing", "integrations", "system",
    "billing", "gamification", "notifications",
]
SEEN_BY_FEATURES = {"model.h", "service.h"}
SEEN_BY_WORKFLOWS = {"model.h", "service.h", "events.h"}
# Things happen to these because of what the others do; no feature knows of them.
SEEN_BY_NO_FEATURE = {"billing", "gamification", "notifications"}

# Exceptions upwards: (who, what) as patterns of paths below src/.
ALLOWED = [
    (r"features/[^/]+/.*", r"engine/inspect\.h"),
    # What an api file tells the audit of its caller.
    (r"features/[^/]+/api(_\w+)?\.(h|cpp)", r"features/auditing/api\.h"),
    # Links have passwords as people do; what is shared is laid out as what is exported.
    (r"features/sharing/.*", r"features/(accounts/(hashing|guesses)|reporting/(layout|resume_document))\.h"),
    # A model's client speaks to the network and guards its keys; it has no database.
    (r"ai/llm/.*", r"infra/(?!sql/).*"),
]

# (what, who alone may include it, why). Tests are free of these.
RESERVED = [
    (r"core/scope_mint\.h", r"(core/scope\.cpp|(api|engine|app)/.*|features/accounts/(sign_in|sign_in_steps|sign_up|sign_ups|refresh|credentials|personal_tokens|staff_sign_in|administration|service)\.(h|cpp)|features/sharing/opening\.cpp)",
     "only sign-in, share links, operators in tenants, the job runner and the commands make a Scope"),
    (r"infra/http/.*", r"(infra/http/.*|api/.*|app/.*|features/[^/]+/(api(_\w+)?|module)\.(h|cpp)|engine/(.*/)?api(\.(h|cpp)|/.*)|ai/llm/.*)",
     "HTTP stays in api files, api/, app/ and infra/http"),
    (r"features/[^/]+/module\.h", r"(app/.*|features/[^/]+/module\.cpp)",
     "wiring belongs to the composition root"),
    (r"infra/single_use/single_use\.h",
     r"(infra/single_use/single_use\.cpp|features/accounts/(codes|totp_use|refresh_use)\.h|features/invitations/redemption\.h|features/sharing/viewing\.h)",
     "what is used once is listed here, and has a test of many uses at once"),
    (r"(.*/)?testing\.h", r"(.*/)?testing\.cpp", "test builders belong to tests"),
]

TEST_FILE = re.compile(r"(.*_test\.cpp|(.*/)?testing\.(h|cpp))")

# What is long because it is a table, one thing a line: (path below src/, of what).
TABLES = {
    "ai/agents/verb_table.h": "verbs",
}

# Lines a file or function may have before it is listed.
BUDGETS = {"source": 300, "header": 150, "test": 500, "function": 45, "composition root": 200}

# What must not stand in any file of the repository.
UNFINISHED = re.compile(r"(//|#|--|/\*|<!--).*\b(TODO|FIXME|XXX|HACK)\b")
FORBIDDEN = [
    (re.compile(r"(?<![\w.$}/~-])/(home|Users|root|work)/[A-Za-z]"), "a path of one machine"),
    (re.compile(r"https?://([\w-]+\.)*(registry|mirrors?|deb|pypi|proxy|packages)\."), "a package registry's address"),
]
