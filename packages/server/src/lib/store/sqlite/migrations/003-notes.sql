-- Small words that nodes leave each other, such as who asks WeChat for an access token. A name of a fixed list, so few.
CREATE TABLE notes (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
