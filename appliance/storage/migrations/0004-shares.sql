-- Links that show one call without a login, what people wrote beside calls, and calls that outlive their days.
-- Every statement can be run again: MySQL commits each CREATE by itself, so a migration that was cut off starts anew.

-- token_hash  SHA-256 of the link's token, which is kept nowhere; hiding_key makes the stand-ins of this share
-- call_at     a time within the call (microseconds), NULL for the latest of its Call-ID
-- legs        Call-IDs that are shown, JSON; NULL for all
CREATE TABLE IF NOT EXISTS shares (
  id             BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  token_hash     BINARY(32) NOT NULL,
  hiding_key     BINARY(32) NOT NULL,
  user_id        BIGINT UNSIGNED NOT NULL,
  callid         VARBINARY(4096) NOT NULL,
  call_at        BIGINT UNSIGNED NULL,
  legs           MEDIUMTEXT NULL,
  redaction      VARCHAR(32) CHARACTER SET ascii NOT NULL,
  words          VARCHAR(1000) NOT NULL,
  password_hash  VARCHAR(255) CHARACTER SET ascii NULL,
  note           VARCHAR(500) NOT NULL,
  made_at        BIGINT UNSIGNED NOT NULL,
  expires_at     BIGINT UNSIGNED NOT NULL,
  revoked_at     BIGINT UNSIGNED NULL,
  opens          INT UNSIGNED NOT NULL DEFAULT 0,
  last_opened_at BIGINT UNSIGNED NULL,
  PRIMARY KEY (id),
  UNIQUE KEY token_hash (token_hash),
  KEY owner (user_id),
  KEY expires_at (expires_at),
  CONSTRAINT shares_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- message_id is empty for what is said of the whole call; call_at tells calls of one Call-ID apart.
CREATE TABLE IF NOT EXISTS notes (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  callid     VARBINARY(255) NOT NULL,
  call_at    BIGINT UNSIGNED NOT NULL,
  message_id VARBINARY(160) NOT NULL,
  user_id    BIGINT UNSIGNED NULL,
  user_name  VARCHAR(64) NOT NULL,
  text       VARCHAR(2000) NOT NULL,
  made_at    BIGINT UNSIGNED NOT NULL,
  changed_at BIGINT UNSIGNED NULL,
  PRIMARY KEY (id),
  KEY callid (callid),
  KEY message_id (message_id),
  KEY made_at (made_at),
  CONSTRAINT notes_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- A call that is kept until then, whatever becomes of its day; share_id when a link asked for it.
CREATE TABLE IF NOT EXISTS pins (
  id         BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  callid     VARBINARY(255) NOT NULL,
  call_at    BIGINT UNSIGNED NOT NULL,
  user_id    BIGINT UNSIGNED NULL,
  user_name  VARCHAR(64) NOT NULL,
  share_id   BIGINT UNSIGNED NULL,
  made_at    BIGINT UNSIGNED NOT NULL,
  keep_until BIGINT UNSIGNED NOT NULL,
  messages   INT UNSIGNED NOT NULL,
  bytes      BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (id),
  KEY callid (callid),
  KEY keep_until (keep_until),
  CONSTRAINT pins_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL,
  CONSTRAINT pins_share FOREIGN KEY (share_id) REFERENCES shares (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

-- The copies. body is a block (storage.texts) of the row as JSON and the octets; message_id is empty for a call record.
CREATE TABLE IF NOT EXISTS pinned_messages (
  pin_id     BIGINT UNSIGNED NOT NULL,
  number     INT UNSIGNED NOT NULL,
  callid     VARBINARY(255) NOT NULL,
  message_id VARBINARY(160) NOT NULL,
  body       LONGBLOB NOT NULL,
  PRIMARY KEY (pin_id, number),
  KEY callid (callid),
  KEY message_id (message_id),
  CONSTRAINT pinned_messages_pin FOREIGN KEY (pin_id) REFERENCES pins (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=binary;
