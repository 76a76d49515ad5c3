-- Scans that were asked for, the messages that carry them, and what the server of this folder must remember.
-- Times are milliseconds since 1970, UTC.

-- One live run a tenant: the index refuses a second one.
CREATE TABLE scan_runs (
    tenant_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    live INTEGER NOT NULL CHECK (live IN (0, 1)),
    body BLOB NOT NULL,
    PRIMARY KEY (tenant_id, run_id)
) STRICT;

CREATE UNIQUE INDEX scan_runs_live ON scan_runs (tenant_id) WHERE live = 1;
CREATE INDEX scan_runs_by_time ON scan_runs (tenant_id, requested_at);

-- number counts deliveries for ever, attempts those since the message was sent or replayed. Handled messages stay for a while as done,
-- so that a late repeat is known.
CREATE TABLE queue_messages (
    message_id TEXT NOT NULL PRIMARY KEY,
    tenant_id TEXT,
    body BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'leased', 'parked', 'done')),
    number INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    sent_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    leased_until INTEGER CHECK ((leased_until IS NOT NULL) = (state = 'leased')),
    settled_at INTEGER,
    reason TEXT
) STRICT;

CREATE INDEX queue_messages_due ON queue_messages (state, due_at);

-- status is null while the request is carried out.
CREATE TABLE idempotency_keys (
    tenant_id TEXT NOT NULL,
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    request_digest BLOB NOT NULL,
    claimed_at INTEGER NOT NULL,
    status INTEGER,
    location TEXT,
    body BLOB,
    PRIMARY KEY (tenant_id, caller, key)
) STRICT;

-- Tokens for the server of this folder: the SHA-256 alone is kept. roles is separated by blanks.
CREATE TABLE api_tokens (
    token_hash BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    roles TEXT NOT NULL,
    made_at INTEGER NOT NULL
) STRICT;

-- The server that has the folder; number grows with every start and fences off an earlier one.
CREATE TABLE servers (
    name TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL,
    holder TEXT NOT NULL,
    since INTEGER NOT NULL
) STRICT;

-- The last occurrence of each schedule that was started.
CREATE TABLE schedule_marks (
    name TEXT NOT NULL PRIMARY KEY,
    occurrence INTEGER NOT NULL
) STRICT;

-- Random keys made once for this folder.
CREATE TABLE server_keys (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;
