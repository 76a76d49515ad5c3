-- The decision ledger: one chain of entries for each tenant. Requests, sign-offs, decisions, mutes and revocation orders are
-- derived from it. tenant_id has no reference to tenants: a decision may come before the first scan.

-- body is the canonical line in UTF-8, hash its SHA-256 in hexadecimal digits. Rows are never updated or deleted.
CREATE TABLE ledger_entries (
    tenant_id TEXT NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    body BLOB NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (tenant_id, sequence)
) STRICT;

-- Text beside an entry: what may have to be erased. The entry holds a salted digest of it.
CREATE TABLE ledger_parts (
    tenant_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    salt BLOB NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (tenant_id, sequence),
    FOREIGN KEY (tenant_id, sequence) REFERENCES ledger_entries
) STRICT;

CREATE TABLE ledger_heads (
    tenant_id TEXT NOT NULL PRIMARY KEY,
    count INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Names behind pseudonyms, as the persons gave them. Erasing a person removes the rows.
CREATE TABLE persons (
    tenant_id TEXT NOT NULL,
    pseudonym TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (tenant_id, pseudonym)
) STRICT, WITHOUT ROWID;
