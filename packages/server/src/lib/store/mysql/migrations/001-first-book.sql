-- MySQL and MariaDB know no collation in common that tells a text with a blank behind it from one without. So what is
-- compared or sorted is VARBINARY, and goes by the bytes of its UTF-8, which is the order of its characters' codes; what
-- is only kept is text. Times are milliseconds since 1970. No foreign keys: tables with them cannot be partitioned, and
-- their checks lock rows of other tables in an order of their own. Each statement may be run again.

-- People. A closed account keeps its row, emptied, so that its id is never given again.
CREATE TABLE IF NOT EXISTS yaopai_users (
  id VARBINARY(64) NOT NULL PRIMARY KEY,
  nickname TEXT,
  avatar_url TEXT,
  phone TEXT,
  created_at_ms BIGINT NOT NULL,
  banned_at_ms BIGINT,
  closed_at_ms BIGINT
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- openid names nobody without its appid. id_key is the SHA-256 of platform, appid and openid, union_key that of scope and
-- unionid: an index takes 3,072 bytes at most. key_ring is an array of sealed keys, newest first. JSON is kept as text,
-- here and below: nothing searches inside.
CREATE TABLE IF NOT EXISTS yaopai_identities (
  id_key VARBINARY(32) NOT NULL PRIMARY KEY,
  platform VARBINARY(32) NOT NULL,
  appid VARBINARY(8192) NOT NULL,
  openid TEXT NOT NULL,
  user_id VARBINARY(64) NOT NULL,
  unionid TEXT,
  union_scope TEXT NOT NULL,
  union_key VARBINARY(32),
  key_ring MEDIUMTEXT NOT NULL,
  created_at_ms BIGINT NOT NULL,
  version BIGINT NOT NULL,
  KEY identities_user (user_id),
  KEY identities_union (union_key)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- bucket is selector mod 256, named by all who look a session up: by it the table can be partitioned. selector grows with
-- time, so new rows of a bucket stand side by side. device: id, brand, model, platform, label; NULL where the account was
-- closed. next_hash is that of a token that waits for its first use, renewal_seed what it is derived under. ends_at_ms is
-- when the session ended or will end by itself; seed_ends_at_ms the same where there is a seed to be wiped then.
CREATE TABLE IF NOT EXISTS yaopai_sessions (
  bucket SMALLINT NOT NULL,
  selector BIGINT NOT NULL,
  token_hash VARBINARY(64) NOT NULL,
  user_id VARBINARY(64) NOT NULL,
  platform VARBINARY(32) NOT NULL,
  appid VARBINARY(8192) NOT NULL,
  openid TEXT NOT NULL,
  device MEDIUMTEXT,
  created_at_ms BIGINT NOT NULL,
  idle_seconds BIGINT NOT NULL,
  idle_deadline_ms BIGINT NOT NULL,
  absolute_deadline_ms BIGINT NOT NULL,
  ended_at_ms BIGINT,
  end_reason VARBINARY(64),
  next_hash VARBINARY(64),
  renewal_seed VARBINARY(64),
  renewals BIGINT NOT NULL DEFAULT 0,
  ends_at_ms BIGINT GENERATED ALWAYS AS
    (COALESCE(ended_at_ms, LEAST(idle_deadline_ms, absolute_deadline_ms))) STORED,
  seed_ends_at_ms BIGINT GENERATED ALWAYS AS
    (IF(renewal_seed IS NULL, NULL, COALESCE(ended_at_ms, LEAST(idle_deadline_ms, absolute_deadline_ms)))) STORED,
  PRIMARY KEY (bucket, selector),
  KEY sessions_user (user_id, ended_at_ms),
  KEY sessions_end (ends_at_ms),
  KEY sessions_seed (seed_ends_at_ms)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Tokens that a session had before. Read only where a token is neither the session's present one nor the next.
CREATE TABLE IF NOT EXISTS yaopai_retired_tokens (
  bucket SMALLINT NOT NULL,
  selector BIGINT NOT NULL,
  token_hash VARBINARY(64) NOT NULL,
  seed VARBINARY(64),
  good_until_ms BIGINT NOT NULL,
  seed_until_ms BIGINT GENERATED ALWAYS AS (IF(seed IS NULL, NULL, good_until_ms)) STORED,
  PRIMARY KEY (bucket, selector, token_hash),
  KEY retired_tokens_seed (seed_until_ms)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS yaopai_codes (
  hash VARBINARY(64) NOT NULL PRIMARY KEY,
  selector BIGINT NOT NULL,
  used_at_ms BIGINT NOT NULL,
  seed VARBINARY(64),
  is_new TINYINT NOT NULL,
  forget_after_ms BIGINT NOT NULL,
  seed_used_at_ms BIGINT GENERATED ALWAYS AS (IF(seed IS NULL, NULL, used_at_ms)) STORED,
  KEY codes_forget (forget_after_ms),
  KEY codes_seed (seed_used_at_ms)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE IF NOT EXISTS yaopai_open_data (
  hash VARBINARY(64) NOT NULL PRIMARY KEY,
  forget_after_ms BIGINT NOT NULL,
  KEY open_data_forget (forget_after_ms)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- facts is an object of short codes and counts.
CREATE TABLE IF NOT EXISTS yaopai_events (
  id VARBINARY(64) NOT NULL PRIMARY KEY,
  at_ms BIGINT NOT NULL,
  type VARBINARY(64) NOT NULL,
  appid TEXT,
  user_id VARBINARY(64),
  session_id VARBINARY(64),
  request_id TEXT,
  ip TEXT,
  facts MEDIUMTEXT NOT NULL,
  KEY events_user (user_id, id),
  KEY events_at (at_ms)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Numbers are drawn in one order and committed in another: see yaopai_gates.
CREATE TABLE IF NOT EXISTS yaopai_changes (
  seq BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  at_ms BIGINT NOT NULL,
  user_id VARBINARY(64) NOT NULL,
  selector BIGINT,
  KEY changes_at (at_ms)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Rows that are only locked. 512 is the gate of changes: whoever draws a number shares it from before the drawing until
-- the commit, and who lists changes and finds a hole in the numbers takes it alone, once. 0 to 511 stand for unionids, of
-- which there may be no row yet that could be locked.
CREATE TABLE IF NOT EXISTS yaopai_gates (
  id SMALLINT NOT NULL PRIMARY KEY
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

INSERT IGNORE INTO yaopai_gates (id)
  WITH RECURSIVE ids (id) AS (SELECT 0 UNION ALL SELECT id + 1 FROM ids WHERE id < 512) SELECT id FROM ids;

-- What became of transactions: one row for each connection, with the number of its last one that was committed.
CREATE TABLE IF NOT EXISTS yaopai_outcomes (
  id VARBINARY(16) NOT NULL PRIMARY KEY,
  number BIGINT NOT NULL,
  at_s BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One row, written to find out whether writing works again.
CREATE TABLE IF NOT EXISTS yaopai_write_probe (
  id SMALLINT NOT NULL PRIMARY KEY,
  tries BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

INSERT IGNORE INTO yaopai_write_probe (id, tries) VALUES (1, 0);
