-- What agents sent of late, and of which kinds: the page of agents tells rates, clocks and oddities from it.

-- Counts of one agent in one minute (minutes since 1970); an hour of them is kept.
CREATE TABLE IF NOT EXISTS agent_minutes (
  minute    INT UNSIGNED NOT NULL,
  node      VARBINARY(128) NOT NULL,
  packets   INT UNSIGNED NOT NULL,
  requests  INT UNSIGNED NOT NULL,
  responses INT UNSIGNED NOT NULL,
  repeated  INT UNSIGNED NOT NULL,
  malformed INT UNSIGNED NOT NULL,
  clock_us  BIGINT NULL,
  PRIMARY KEY (minute, node)
) ENGINE=InnoDB DEFAULT CHARSET=binary;

CREATE TABLE IF NOT EXISTS agent_kinds (
  node      VARBINARY(128) NOT NULL,
  kind      VARBINARY(16) NOT NULL,
  packets   BIGINT UNSIGNED NOT NULL,
  last_seen BIGINT UNSIGNED NOT NULL,
  PRIMARY KEY (node, kind)
) ENGINE=InnoDB DEFAULT CHARSET=binary;
