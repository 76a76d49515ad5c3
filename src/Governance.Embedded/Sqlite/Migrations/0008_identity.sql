-- Tells this file from every other one at its path, an older copy of itself included: writes grows with each transaction.
CREATE TABLE store_identity (id TEXT NOT NULL, writes INTEGER NOT NULL) STRICT;
INSERT INTO store_identity VALUES (lower(hex(randomblob(16))), 0);
