-- What reports measured of the media of pinned calls. body is a block (storage.texts) of rows as JSON.
CREATE TABLE IF NOT EXISTS pinned_quality (
  pin_id BIGINT UNSIGNED NOT NULL,
  number INT UNSIGNED NOT NULL,
  body   LONGBLOB NOT NULL,
  PRIMARY KEY (pin_id, number),
  CONSTRAINT pinned_quality_pin FOREIGN KEY (pin_id) REFERENCES pins (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=binary;
