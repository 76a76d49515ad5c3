-- How far unfinished readings have come. No scan refers to it, and the commit of a scan of the tenant empties it.
CREATE TABLE checkpoints (
    reading TEXT NOT NULL,
    started_at TEXT NOT NULL,
    part INTEGER NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence >= 0),
    tenant_id TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (reading, started_at, part, sequence)
) STRICT;

CREATE INDEX checkpoints_by_tenant ON checkpoints (tenant_id);
