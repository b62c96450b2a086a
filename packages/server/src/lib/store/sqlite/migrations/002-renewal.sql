-- next_hash: the token that a renewal has made and nobody has used yet. Under renewal_seed it can be derived again.
ALTER TABLE sessions ADD COLUMN next_hash BLOB;
ALTER TABLE sessions ADD COLUMN renewal_seed BLOB;
ALTER TABLE sessions ADD COLUMN renewals INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sessions_seed ON sessions (coalesce(ended_at_ms, min(idle_deadline_ms, absolute_deadline_ms)))
  WHERE renewal_seed IS NOT NULL;

-- Tokens that a session had before. Read only where a token is neither the session's present one nor the next.
CREATE TABLE retired_tokens (
  selector INTEGER NOT NULL REFERENCES sessions (selector),
  token_hash BLOB NOT NULL,
  seed BLOB,
  good_until_ms INTEGER NOT NULL,
  PRIMARY KEY (selector, token_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX retired_tokens_seed ON retired_tokens (good_until_ms) WHERE seed IS NOT NULL;
