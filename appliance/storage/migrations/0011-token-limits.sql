-- What an API token may not: a token without a row here does all that its user may, and lasts until it is revoked.
-- Every statement can be run again: MySQL commits each CREATE by itself, so a migration that was cut off starts anew.

-- scope        all, read or ingest: storage/tokens.py
-- expires_at   microseconds UTC; NULL is never
CREATE TABLE IF NOT EXISTS api_token_limits (
  token_id   BIGINT UNSIGNED NOT NULL,
  scope      VARCHAR(16) CHARACTER SET ascii NOT NULL,
  expires_at BIGINT UNSIGNED NULL,
  PRIMARY KEY (token_id),
  CONSTRAINT api_token_limits_token FOREIGN KEY (token_id) REFERENCES api_tokens (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
