-- What people of a tenant confirmed apps to be; the last entry on an app counts, earlier ones stay.
CREATE TABLE learned_apps (
    tenant_id TEXT NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    app_id TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('NotAi', 'AiFeature', 'Ai')),
    product TEXT,
    confirmed_by TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (length(reason) > 0),
    confirmed_at TEXT NOT NULL,
    PRIMARY KEY (tenant_id, sequence)
) STRICT;
