-- Messages to people: one row for a slot. state and audience are names of the closed choices in Governance.Core.Digest;
-- changed_at is ISO 8601 with seven decimals and offset. detail holds no address and no secret.
-- No reference to tenants: a test message may come before the first scan.
CREATE TABLE digest_outbox (
    tenant_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    audience TEXT NOT NULL,
    period TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('Pending', 'Accepted', 'Delivered', 'Unknown', 'Failed')),
    attempt INTEGER NOT NULL CHECK (attempt > 0),
    scan_id TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    detail TEXT NOT NULL,
    run_id TEXT,
    PRIMARY KEY (tenant_id, channel, audience, period)
) STRICT, WITHOUT ROWID;
