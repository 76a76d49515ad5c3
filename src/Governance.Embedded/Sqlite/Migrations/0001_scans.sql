-- Scans and what they showed. tenant_id is part of every key. Bodies are JSON in UTF-8 unless a comment says otherwise;
-- times are ISO 8601 with seven decimals and offset.

-- The fence: generation of the last committed scan.
CREATE TABLE tenants (
    tenant_id TEXT NOT NULL PRIMARY KEY,
    generation INTEGER NOT NULL CHECK (generation > 0)
) STRICT, WITHOUT ROWID;

-- Policy files as read, each text once.
CREATE TABLE policy_texts (
    tenant_id TEXT NOT NULL REFERENCES tenants,
    digest BLOB NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (tenant_id, digest)
) STRICT;

CREATE TABLE scans (
    tenant_id TEXT NOT NULL REFERENCES tenants,
    generation INTEGER NOT NULL,
    scan_id TEXT NOT NULL,
    policy_digest BLOB NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (tenant_id, generation),
    UNIQUE (tenant_id, scan_id),
    FOREIGN KEY (tenant_id, policy_digest) REFERENCES policy_texts
) STRICT;

-- last_seen is null for the start of the tenant's last scan, so that an app seen again unchanged is not written again.
-- An app that the last scan did not see has gone_in (its generation) and no body.
CREATE TABLE apps (
    tenant_id TEXT NOT NULL REFERENCES tenants,
    service_principal_id TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT,
    gone_in INTEGER,
    digest BLOB,
    body BLOB,
    PRIMARY KEY (tenant_id, service_principal_id),
    CHECK ((gone_in IS NULL) = (body IS NOT NULL) AND (digest IS NULL) = (body IS NULL))
) STRICT;

-- last_seen as for apps.
CREATE TABLE findings (
    tenant_id TEXT NOT NULL REFERENCES tenants,
    finding_id TEXT NOT NULL,
    last_seen TEXT,
    digest BLOB NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (tenant_id, finding_id)
) STRICT;

CREATE TABLE finding_events (
    tenant_id TEXT NOT NULL,
    finding_id TEXT NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence > 0),
    scan_id TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (tenant_id, finding_id, sequence),
    FOREIGN KEY (tenant_id, finding_id) REFERENCES findings
) STRICT;

CREATE INDEX finding_events_by_scan ON finding_events (tenant_id, scan_id);

-- All KPI values of a scan in one body.
CREATE TABLE kpis (
    tenant_id TEXT NOT NULL,
    generation INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (tenant_id, generation),
    FOREIGN KEY (tenant_id, generation) REFERENCES scans
) STRICT;

-- Manifests of the inventories kept; they name the chunks. Not JSON alone: head and checksum come first.
CREATE TABLE inventories (
    tenant_id TEXT NOT NULL,
    generation INTEGER NOT NULL,
    manifest BLOB NOT NULL,
    PRIMARY KEY (tenant_id, generation),
    FOREIGN KEY (tenant_id, generation) REFERENCES scans
) STRICT;

-- Chunks of inventories, compressed; chunk_id is the SHA-256 of the content.
CREATE TABLE chunks (
    tenant_id TEXT NOT NULL REFERENCES tenants,
    chunk_id BLOB NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (tenant_id, chunk_id)
) STRICT;
