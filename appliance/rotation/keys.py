"""The sections of rotation.ini and the keys that each may hold: HOMER 5's own, and those of kinds it did not have."""

from appliance.model.kinds import FAMILY, Kind

NEWTABLES = "newtables"

TABLES: dict[str, Kind] = {family: kind for kind, family in FAMILY.items()} | {
    "logs_capture": Kind.LOG,
    "report_capture": Kind.REPORT,
    "rtcp_capture": Kind.RTCP,
    "webrtc_capture": Kind.WEBRTC,
    "isup_capture": Kind.ISUP,
}
"""Names of tables as HOMER 5 wrote them (some without a day) and ours, and the kind that they hold."""

STATISTICS = (
    "stats_ip", "stats_geo", "alarm_data", "stats_method", "stats_useragent", "stats_data", "stats_generic",
    "stats_dest", "stats_dest_reply",
)  # fmt: skip

CONNECTION = (
    "user", "password", "host", "port", "usesocket", "socket", "db_data", "db_stats", NEWTABLES, "engine", "compress",
    "tablespace",
)  # fmt: skip

SCHEMAS = ("sip", "isup", "webrtc", "rtcp", "logs", "report", "other")

SECTIONS: dict[str, tuple[str, ...]] = {
    "MYSQL": CONNECTION,
    "PGSQL": CONNECTION,
    "DATA_TABLE_ROTATION": tuple(TABLES),
    "DATA_TABLE_TYPE_TIMESTAMP": tuple(TABLES),
    "DATA_TABLE_STEP": tuple(TABLES),
    "DROP_OLD_PARTITIONS": tuple(TABLES),
    "STATS_TABLE_ROTATION": STATISTICS,
    "STATS_TABLE_STEP": STATISTICS,
    "SYSTEM": ("debug", "exec"),
    "MSG_TABLE_SIZE": tuple(TABLES),
}
