-- What lives beside the daily tables: the batches that were stored, the calls that they changed, what could not be stored.
-- Every statement can be run again: MySQL commits each CREATE by itself, so a migration that was cut off starts anew.

-- One row per batch that was stored, written in the transaction of its rows: a batch that comes again is only acknowledged.
CREATE TABLE IF NOT EXISTS ingest_ledger (
  name      VARBINARY(64) NOT NULL,
  stored_at BIGINT UNSIGNED NOT NULL,
  packets   INT UNSIGNED NOT NULL,
  PRIMARY KEY (name),
  KEY stored_at (stored_at)
) ENGINE=InnoDB DEFAULT CHARSET=binary;

-- Which Call-IDs a batch touched; the settler folds those calls and deletes the row.
CREATE TABLE IF NOT EXISTS call_changes (
  batch    VARBINARY(64) NOT NULL,
  noted_at BIGINT UNSIGNED NOT NULL,
  body     LONGBLOB NOT NULL,
  PRIMARY KEY (batch),
  KEY noted_at (noted_at)
) ENGINE=InnoDB DEFAULT CHARSET=binary;

-- Packets that the server would not store, whole, with its reason.
CREATE TABLE IF NOT EXISTS quarantine (
  id     BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  put_at BIGINT UNSIGNED NOT NULL,
  reason VARBINARY(255) NOT NULL,
  batch  VARBINARY(64) NOT NULL,
  sender VARBINARY(64) NOT NULL,
  data   LONGBLOB NOT NULL,
  PRIMARY KEY (id),
  KEY put_at (put_at)
) ENGINE=InnoDB DEFAULT CHARSET=binary;

-- The name of this appliance in message ids; the key admits one row only.
CREATE TABLE IF NOT EXISTS site (
  id      TINYINT UNSIGNED NOT NULL DEFAULT 1,
  name    VARBINARY(32) NOT NULL,
  made_at BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=binary;

-- Days that hold imported captures: they are kept their days from the import, not from their own date.
CREATE TABLE IF NOT EXISTS import_days (
  day         DATE NOT NULL,
  imported_at BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (day)
) ENGINE=InnoDB DEFAULT CHARSET=binary;

-- Agents that were heard: node is chunk 0x0013, else 0x000c, else the sender's address.
CREATE TABLE IF NOT EXISTS agents (
  node        VARBINARY(128) NOT NULL,
  sender_ip   VARBINARY(45) NOT NULL,
  hep_version TINYINT UNSIGNED NOT NULL,
  first_seen  BIGINT UNSIGNED NOT NULL,
  last_seen   BIGINT UNSIGNED NOT NULL,
  packets     BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (node)
) ENGINE=InnoDB DEFAULT CHARSET=binary;
