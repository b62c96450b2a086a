-- Small words that nodes leave each other, such as who asks WeChat for an access token. A name of a fixed list, so few.
CREATE TABLE yaopai.notes (
  name text COLLATE "C" NOT NULL PRIMARY KEY,
  value text COLLATE "C" NOT NULL
);
