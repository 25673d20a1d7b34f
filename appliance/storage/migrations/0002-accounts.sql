-- Accounts: who may sign in, open sessions, API tokens, sign-in throttle, audit trail.
-- All times are microseconds UTC. Of sessions and tokens only the SHA-256 is kept.
-- depends:

CREATE TABLE IF NOT EXISTS users (
  id                  BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  name                VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_general_ci NOT NULL,
  role                VARCHAR(16)  CHARACTER SET ascii NOT NULL,
  password_hash       VARCHAR(255) CHARACTER SET ascii NOT NULL,
  must_change         BOOLEAN NOT NULL,
  disabled            BOOLEAN NOT NULL DEFAULT FALSE,
  made_at             BIGINT UNSIGNED NOT NULL,
  password_changed_at BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (id),
  UNIQUE KEY name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS sessions (
  token_hash   BINARY(32) NOT NULL,
  user_id      BIGINT UNSIGNED NOT NULL,
  started_at   BIGINT UNSIGNED NOT NULL,
  last_seen_at BIGINT UNSIGNED NOT NULL,
  address      VARBINARY(45) NOT NULL,
  PRIMARY KEY (token_hash),
  KEY last_seen_at (last_seen_at),
  CONSTRAINT sessions_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS api_tokens (
  id           BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  user_id      BIGINT UNSIGNED NOT NULL,
  name         VARCHAR(64) NOT NULL,
  token_hash   BINARY(32) NOT NULL,
  made_at      BIGINT UNSIGNED NOT NULL,
  last_used_at BIGINT UNSIGNED NULL,
  PRIMARY KEY (id),
  UNIQUE KEY token_hash (token_hash),
  UNIQUE KEY owner (user_id, name),
  CONSTRAINT api_tokens_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS sign_in_throttle (
  subject    VARBINARY(128) NOT NULL,
  failures   DOUBLE NOT NULL,
  updated_at BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (subject),
  KEY updated_at (updated_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS audit (
  id        BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  at        BIGINT UNSIGNED NOT NULL,
  user_name VARCHAR(64) NOT NULL,
  action    VARCHAR(32) CHARACTER SET ascii NOT NULL,
  object    VARCHAR(1000) NOT NULL,
  address   VARBINARY(45) NOT NULL,
  PRIMARY KEY (id),
  KEY at (at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
