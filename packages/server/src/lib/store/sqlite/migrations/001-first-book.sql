-- People. A closed account keeps its row, emptied, so that its id is never given again.
CREATE TABLE users (
  id TEXT NOT NULL PRIMARY KEY,
  nickname TEXT,
  avatar_url TEXT,
  phone TEXT,
  created_at_ms INTEGER NOT NULL,
  banned_at_ms INTEGER,
  closed_at_ms INTEGER
) STRICT, WITHOUT ROWID;

-- openid names nobody without its appid. key_ring is a JSON array of sealed keys, newest first.
CREATE TABLE identities (
  platform TEXT NOT NULL,
  appid TEXT NOT NULL,
  openid TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  unionid TEXT,
  union_scope TEXT NOT NULL,
  key_ring TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (platform, appid, openid)
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_user ON identities (user_id);
CREATE INDEX identities_union ON identities (union_scope, unionid) WHERE unionid IS NOT NULL;

-- selector grows with time, so new rows stand side by side. device is a JSON array: id, brand, model, platform, label.
CREATE TABLE sessions (
  selector INTEGER PRIMARY KEY,
  token_hash BLOB NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id),
  platform TEXT NOT NULL,
  appid TEXT NOT NULL,
  openid TEXT NOT NULL,
  device TEXT,
  created_at_ms INTEGER NOT NULL,
  idle_seconds INTEGER NOT NULL,
  idle_deadline_ms INTEGER NOT NULL,
  absolute_deadline_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  end_reason TEXT
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id, ended_at_ms);
CREATE INDEX sessions_end ON sessions (coalesce(ended_at_ms, min(idle_deadline_ms, absolute_deadline_ms)));

CREATE TABLE codes (
  hash BLOB NOT NULL PRIMARY KEY,
  selector INTEGER NOT NULL,
  used_at_ms INTEGER NOT NULL,
  seed BLOB,
  is_new INTEGER NOT NULL,
  forget_after_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX codes_forget ON codes (forget_after_ms);
CREATE INDEX codes_seed ON codes (used_at_ms) WHERE seed IS NOT NULL;

CREATE TABLE open_data (
  hash BLOB NOT NULL PRIMARY KEY,
  forget_after_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX open_data_forget ON open_data (forget_after_ms);

-- facts is a JSON object of short codes and counts.
CREATE TABLE events (
  id TEXT NOT NULL PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  type TEXT NOT NULL,
  appid TEXT,
  user_id TEXT,
  session_id TEXT,
  request_id TEXT,
  ip TEXT,
  facts TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX events_user ON events (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX events_at ON events (at_ms);

-- AUTOINCREMENT: a number is never given twice, also when the newest rows were swept.
CREATE TABLE changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  selector INTEGER
) STRICT;
CREATE INDEX changes_at ON changes (at_ms);

-- One row, written to find out whether writing works again.
CREATE TABLE write_probe (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  tries INTEGER NOT NULL
) STRICT;
INSERT INTO write_probe (id, tries) VALUES (1, 0);
