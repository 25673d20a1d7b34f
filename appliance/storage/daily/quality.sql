-- One row per stream that a report tells of; `id` is the packet's in the table of its kind (packet_kind), `part` counts
-- the packet's streams. Written by the writers in the packet's own transaction. Fractions are whole numbers of a small
-- unit; unknown is NULL, of ports 0.
-- callid_key      as in sip.sql; callid "" is of a report that says nothing of its call
-- source_key, destination_key   the same hour and the hash of that end of the stream (storage/media_ends.py), by which
--                 reports without a call's Call-ID are found; NULL for an end that is not known
CREATE TABLE IF NOT EXISTS `{name}` (
  micro_ts          BIGINT UNSIGNED NOT NULL,
  id                BIGINT UNSIGNED NOT NULL,
  part              SMALLINT UNSIGNED NOT NULL,
  callid_key        BIGINT UNSIGNED NOT NULL,
  source_key        BIGINT UNSIGNED NULL,
  destination_key   BIGINT UNSIGNED NULL,
  own_ts            BIGINT UNSIGNED NULL,
  packet_kind       VARBINARY(12)  NOT NULL,
  callid            VARBINARY(255) NOT NULL,
  kind              VARBINARY(12)  NOT NULL,
  told              VARBINARY(8)   NOT NULL,
  source_ip         VARBINARY(45)  NOT NULL,
  source_port       SMALLINT UNSIGNED NOT NULL,
  destination_ip    VARBINARY(45)  NOT NULL,
  destination_port  SMALLINT UNSIGNED NOT NULL,
  ssrc              INT UNSIGNED NULL,
  codec             VARBINARY(32)  NOT NULL,
  clock_rate_hz     INT UNSIGNED NULL,
  packets           BIGINT UNSIGNED NULL,
  lost              BIGINT UNSIGNED NULL,
  loss_milli_percent INT UNSIGNED NULL,
  jitter_us         BIGINT UNSIGNED NULL,
  round_trip_us     BIGINT UNSIGNED NULL,
  mos_hundredths    SMALLINT UNSIGNED NULL,
  mos_model         VARBINARY(255) NOT NULL,
  node              VARBINARY(128) NOT NULL,
  PRIMARY KEY (micro_ts, id, part),
  KEY callid (callid_key, mos_hundredths),
  KEY source (source_key),
  KEY destination (destination_key)
) ENGINE=InnoDB DEFAULT CHARSET=binary {options} COMMENT='hepbox schema 1'
