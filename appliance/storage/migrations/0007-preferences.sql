-- What each person chose for how pages look: columns of a view's table, the zone of times. The value is our own text.
CREATE TABLE IF NOT EXISTS preferences (
  user_id BIGINT UNSIGNED NOT NULL,
  name    VARCHAR(64) CHARACTER SET ascii NOT NULL,
  value   VARCHAR(4000) NOT NULL,
  PRIMARY KEY (user_id, name),
  CONSTRAINT preferences_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
