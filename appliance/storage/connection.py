"""Connections to MySQL or MariaDB: a pool that reads and writes small things, and single ones for bulk loads.

Values from the wire are VARBINARY and come back as bytes; our own words are utf8mb4 and come back as str.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiomysql
import pymysql.err

from appliance.settings import MysqlSettings

Row = tuple[Any, ...]
DatabaseError = pymysql.err.MySQLError
"""What every function of this package may raise when the server refuses or is away."""

CONNECT_TIMEOUT_SECONDS = 5
# the first comment is read by MariaDB alone, which knew only its older name until 11.1; the second by MySQL alone
_ISOLATION = "/*M!100000 tx_isolation */ /*!80000 transaction_isolation */ = 'READ-COMMITTED'"
_SESSION = f"SET time_zone = '+00:00', sql_mode = 'TRADITIONAL', {_ISOLATION}"


def connect_arguments(settings: MysqlSettings) -> dict[str, Any]:
    """What PyMySQL and aiomysql alike need to reach the server."""
    place = {"unix_socket": str(settings.socket)} if settings.socket else {"host": settings.host, "port": settings.port}
    tls = {"ssl": ssl.create_default_context(cafile=settings.tls_ca)} if settings.tls_ca else {}
    return {
        **place,
        **tls,
        "user": settings.user,
        # both drivers encode it as latin1, the server's own clients as UTF-8
        "password": settings.password.encode().decode("latin1"),
        "db": settings.database,
        "charset": "utf8mb4",
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
        "init_command": _SESSION,
    }


async def connect(settings: MysqlSettings, *, local_infile: bool = False) -> aiomysql.Connection:
    """One connection without autocommit, for a writer."""
    return await aiomysql.connect(**connect_arguments(settings), local_infile=local_infile)


class Database:
    """A pool of autocommitting connections."""

    def __init__(self, pool: aiomysql.Pool, limit_seconds: float | None = None) -> None:
        self._pool = pool
        self._limit_seconds = limit_seconds
        self.catalogue: tuple[float, frozenset[str]] | None = None
        """When searches asked which tables there are, and which (storage.search.catalogue)."""

    @classmethod
    async def open(
        cls, settings: MysqlSettings, *, size: int = 8, local_infile: bool = False, limit_seconds: float | None = None
    ) -> "Database":
        """`limit_seconds` is how long one use of a connection may take; None for work that may."""
        pool = await aiomysql.create_pool(
            **connect_arguments(settings),
            minsize=0,
            maxsize=size,
            autocommit=True,
            pool_recycle=300,
            local_infile=local_infile,
        )
        return cls(pool, limit_seconds)

    def within(self, limit_seconds: float) -> "Database":
        """The same pool with another limit for each use."""
        return Database(self._pool, limit_seconds)

    async def close(self) -> None:
        self._pool.terminate()
        await self._pool.wait_closed()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[aiomysql.Connection]:
        """A connection of the pool; one that fails with an error of the wire is not used again.

        Raises OperationalError when the whole takes longer than the pool's limit: a server may hang as well as refuse.
        """
        try:
            async with asyncio.timeout(self._limit_seconds), self._pool.acquire() as connection:
                try:
                    yield connection
                except (pymysql.err.OperationalError, pymysql.err.InterfaceError, OSError, asyncio.CancelledError):
                    connection.close()
                    raise
        except TimeoutError as error:
            raise pymysql.err.OperationalError(2013, f"no answer within {self._limit_seconds} s") from error

    async def fetch(self, sql: str, arguments: Sequence[object] = ()) -> list[Row]:
        async with self.connection() as connection, connection.cursor() as cursor:
            await cursor.execute(sql, tuple(arguments))
            return list(await cursor.fetchall())

    async def fetch_one(self, sql: str, arguments: Sequence[object] = ()) -> Row | None:
        rows = await self.fetch(sql, arguments)
        return rows[0] if rows else None

    async def execute(self, sql: str, arguments: Sequence[object] = ()) -> int:
        """Run one statement; returns the number of rows it changed."""
        async with self.connection() as connection, connection.cursor() as cursor:
            return int(await cursor.execute(sql, tuple(arguments)))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[aiomysql.Cursor]:
        """A cursor inside BEGIN … COMMIT; rolled back when the block raises."""
        async with self.connection() as connection, connection.cursor() as cursor:
            await connection.begin()
            try:
                yield cursor
            except BaseException:
                await connection.rollback()
                raise
            await connection.commit()
