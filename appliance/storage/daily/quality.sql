-- One row per stream that a report tells of; `id` is the packet's in the table of its kind (packet_kind), `part` counts
-- the packet's streams. Written by the writers in the packet's own transaction. Fractions are whole numbers of a small
-- unit; unknown is NULL, of ports 0.
-- callid_key      as in sip.sql; callid "" is of a report that says nothing of its call. With the MOS in the same index a
--                 call's worst is told without reading rows
-- sent_ssrc, sent_packets   what the sender of an RTCP report says in it of its own stream, the other way
-- mos_model       reported, E-model (whose words and R factor are made again from the figures) or ""
CREATE TABLE IF NOT EXISTS `{name}` (
  micro_ts          BIGINT UNSIGNED NOT NULL,
  id                BIGINT UNSIGNED NOT NULL,
  part              SMALLINT UNSIGNED NOT NULL,
  callid_key        BIGINT UNSIGNED NOT NULL,
  own_ts            BIGINT UNSIGNED NULL,
  source_port       SMALLINT UNSIGNED NOT NULL,
  destination_port  SMALLINT UNSIGNED NOT NULL,
  ssrc              INT UNSIGNED NULL,
  clock_rate_hz     INT UNSIGNED NULL,
  packets           BIGINT UNSIGNED NULL,
  lost              BIGINT UNSIGNED NULL,
  loss_milli_percent INT UNSIGNED NULL,
  jitter_us         BIGINT UNSIGNED NULL,
  round_trip_us     BIGINT UNSIGNED NULL,
  mos_hundredths    SMALLINT UNSIGNED NULL,
  r_tenths          SMALLINT UNSIGNED NULL,
  sent_ssrc         INT UNSIGNED NULL,
  sent_packets      BIGINT UNSIGNED NULL,
  packet_kind       VARBINARY(12)  NOT NULL,
  kind              VARBINARY(12)  NOT NULL,
  told              VARBINARY(8)   NOT NULL,
  mos_model         VARBINARY(12)  NOT NULL,
  callid            VARBINARY(255) NOT NULL,
  source_ip         VARBINARY(45)  NOT NULL,
  destination_ip    VARBINARY(45)  NOT NULL,
  codec             VARBINARY(32)  NOT NULL,
  node              VARBINARY(128) NOT NULL,
  PRIMARY KEY (micro_ts, id, part),
  KEY callid (callid_key, mos_hundredths)
) ENGINE=InnoDB DEFAULT CHARSET=binary {options} COMMENT='hepbox schema 1'
