-- All texts compare by their bytes, whatever the locale of the database: ids are listed in the order in which they
-- were made, and a key is the same key on every server. Times are milliseconds since 1970.

-- People. A closed account keeps its row, emptied, so that its id is never given again.
CREATE TABLE yaopai.users (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  nickname text COLLATE "C",
  avatar_url text COLLATE "C",
  phone text COLLATE "C",
  created_at_ms bigint NOT NULL,
  banned_at_ms bigint,
  closed_at_ms bigint
);

-- openid names nobody without its appid. key_ring is an array of sealed keys, newest first. json and not jsonb, here
-- and below: jsonb cannot hold all that JSON can say, and nothing searches inside.
CREATE TABLE yaopai.identities (
  platform text COLLATE "C" NOT NULL,
  appid text COLLATE "C" NOT NULL,
  openid text COLLATE "C" NOT NULL,
  user_id text COLLATE "C" NOT NULL REFERENCES yaopai.users (id),
  unionid text COLLATE "C",
  union_scope text COLLATE "C" NOT NULL,
  key_ring json NOT NULL,
  created_at_ms bigint NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (platform, appid, openid)
);
CREATE INDEX identities_user ON yaopai.identities (user_id);
CREATE INDEX identities_union ON yaopai.identities (union_scope, unionid) WHERE unionid IS NOT NULL;

-- bucket is selector modulo 256, and stands first in the keys, so that these tables can be divided by it. selector grows
-- with time, so new rows of a bucket stand side by side. device: id, brand, model, platform, label; NULL where the
-- account was closed. next_hash is that of a token that waits for its first use, renewal_seed what it is derived under.
CREATE TABLE yaopai.sessions (
  bucket smallint NOT NULL CHECK (bucket = selector % 256),
  selector bigint NOT NULL,
  token_hash bytea NOT NULL,
  user_id text COLLATE "C" NOT NULL REFERENCES yaopai.users (id),
  platform text COLLATE "C" NOT NULL,
  appid text COLLATE "C" NOT NULL,
  openid text COLLATE "C" NOT NULL,
  device json,
  created_at_ms bigint NOT NULL,
  idle_seconds bigint NOT NULL,
  idle_deadline_ms bigint NOT NULL,
  absolute_deadline_ms bigint NOT NULL,
  ended_at_ms bigint,
  end_reason text COLLATE "C",
  next_hash bytea,
  renewal_seed bytea,
  renewals bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (bucket, selector)
);
CREATE INDEX sessions_user ON yaopai.sessions (user_id, ended_at_ms);
CREATE INDEX sessions_end
  ON yaopai.sessions (coalesce(ended_at_ms, least(idle_deadline_ms, absolute_deadline_ms)), selector);
CREATE INDEX sessions_seed
  ON yaopai.sessions (coalesce(ended_at_ms, least(idle_deadline_ms, absolute_deadline_ms)))
  WHERE renewal_seed IS NOT NULL;

-- Tokens that a session had before. Read only where a token is neither the session's present one nor the next.
CREATE TABLE yaopai.retired_tokens (
  bucket smallint NOT NULL,
  selector bigint NOT NULL,
  token_hash bytea NOT NULL,
  seed bytea,
  good_until_ms bigint NOT NULL,
  PRIMARY KEY (bucket, selector, token_hash),
  FOREIGN KEY (bucket, selector) REFERENCES yaopai.sessions (bucket, selector)
);
CREATE INDEX retired_tokens_seed ON yaopai.retired_tokens (good_until_ms) WHERE seed IS NOT NULL;

CREATE TABLE yaopai.codes (
  hash bytea NOT NULL PRIMARY KEY,
  selector bigint NOT NULL,
  used_at_ms bigint NOT NULL,
  seed bytea,
  is_new boolean NOT NULL,
  forget_after_ms bigint NOT NULL
);
CREATE INDEX codes_forget ON yaopai.codes (forget_after_ms);
CREATE INDEX codes_seed ON yaopai.codes (used_at_ms) WHERE seed IS NOT NULL;

CREATE TABLE yaopai.open_data (
  hash bytea NOT NULL PRIMARY KEY,
  forget_after_ms bigint NOT NULL
);
CREATE INDEX open_data_forget ON yaopai.open_data (forget_after_ms);

-- facts is an object of short codes and counts.
CREATE TABLE yaopai.events (
  id text COLLATE "C" NOT NULL PRIMARY KEY,
  at_ms bigint NOT NULL,
  type text COLLATE "C" NOT NULL,
  appid text COLLATE "C",
  user_id text COLLATE "C",
  session_id text COLLATE "C",
  request_id text COLLATE "C",
  ip text COLLATE "C",
  facts json NOT NULL
);
CREATE INDEX events_user ON yaopai.events (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX events_at ON yaopai.events (at_ms);

-- Numbers are drawn in one order and committed in another. Whoever draws one therefore holds the gate from before the
-- drawing until the commit, together with all others who do; who lists changes and finds a hole in the numbers goes
-- once through the gate alone: what has not come by then will never come. 7309940817 is CHANGES_GATE in locks.ts.
CREATE SEQUENCE yaopai.changes_seq AS bigint CACHE 1;
CREATE FUNCTION yaopai.next_change() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(7309940817);
  RETURN nextval('yaopai.changes_seq');
END
$$;

CREATE TABLE yaopai.changes (
  seq bigint NOT NULL PRIMARY KEY DEFAULT yaopai.next_change(),
  at_ms bigint NOT NULL,
  user_id text COLLATE "C" NOT NULL,
  selector bigint
);
CREATE INDEX changes_at ON yaopai.changes (at_ms);

-- One row, written to find out whether writing works again.
CREATE TABLE yaopai.write_probe (
  id bigint NOT NULL PRIMARY KEY CHECK (id = 1),
  tries bigint NOT NULL
);
INSERT INTO yaopai.write_probe (id, tries) VALUES (1, 0);
