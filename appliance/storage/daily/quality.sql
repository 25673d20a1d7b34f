-- One row per stream that a report tells of; `id` is the packet's in the table of its kind, `part` counts its streams.
-- Written by the writers with the packet. callid "" is not joined yet; callid_key is then made of the stream's two
-- ends (see storage/quality.py), else of the Call-ID. Tenths and thousandths are stored as integers: NULL is unknown.
CREATE TABLE IF NOT EXISTS `{name}` (
  micro_ts          BIGINT UNSIGNED NOT NULL,
  id                BIGINT UNSIGNED NOT NULL,
  part              SMALLINT UNSIGNED NOT NULL,
  callid_key        BIGINT UNSIGNED NOT NULL,
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
  mos_model         VARBINARY(160) NOT NULL,
  node              VARBINARY(128) NOT NULL,
  PRIMARY KEY (micro_ts, id, part),
  KEY callid (callid_key)
) ENGINE=InnoDB DEFAULT CHARSET=binary {options} COMMENT='hepbox schema 1'
