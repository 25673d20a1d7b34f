-- Searches that people keep, and what each asked for lately. A line is octets, as it was typed.
-- Every statement can be run again: MySQL commits each CREATE by itself, so a migration that was cut off starts anew.

-- range_from, range_to   as they were typed: -3h, now, 2026-11-23T10:00; empty for the page's own
-- shown_columns          columns of the table, joined by commas; empty for the view's own
CREATE TABLE IF NOT EXISTS saved_searches (
  id            BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  user_id       BIGINT UNSIGNED NOT NULL,
  name          VARCHAR(100) NOT NULL,
  line          VARBINARY(4096) NOT NULL,
  range_from    VARCHAR(64) NOT NULL,
  range_to      VARCHAR(64) NOT NULL,
  view          VARCHAR(16) CHARACTER SET ascii NOT NULL,
  shown_columns VARCHAR(1000) NOT NULL,
  shared        BOOLEAN NOT NULL,
  made_at       BIGINT UNSIGNED NOT NULL,
  changed_at    BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY owner (user_id, name),
  KEY shared (shared, name),
  CONSTRAINT saved_searches_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- digest is the SHA-256 of view and line: the same search again moves up and is no second row.
CREATE TABLE IF NOT EXISTS recent_searches (
  user_id  BIGINT UNSIGNED NOT NULL,
  digest   BINARY(32) NOT NULL,
  line     VARBINARY(4096) NOT NULL,
  view     VARCHAR(16) CHARACTER SET ascii NOT NULL,
  asked_at BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (user_id, digest),
  KEY lately (user_id, asked_at),
  CONSTRAINT recent_searches_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
