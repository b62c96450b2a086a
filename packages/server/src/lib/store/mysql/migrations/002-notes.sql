-- Small words that nodes leave each other, such as who asks WeChat for an access token. A name of a fixed list, so few.
CREATE TABLE IF NOT EXISTS yaopai_notes (
  name VARBINARY(128) NOT NULL PRIMARY KEY,
  value VARBINARY(8192) NOT NULL,
  swaps BIGINT NOT NULL DEFAULT 0
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
