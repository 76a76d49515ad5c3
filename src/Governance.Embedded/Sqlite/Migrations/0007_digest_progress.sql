-- How far a digest of several messages is, such as '2/3 accepted 0a1b2c3d4e5f'; null for one in a single message.
ALTER TABLE digest_outbox ADD COLUMN progress TEXT;
