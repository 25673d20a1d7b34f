"""`hepbox run`: starts everything in order, keeps it alive, and stops it in order, losing nothing.

The parent opens the sockets and does nothing with them; it reads no packet, asks no database once it is up, and has
no thread, so that there is little in it that could end it.
"""

import asyncio
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any

from appliance.ingest.rules import Rules
from appliance.ingest.sockets import ListenError, Listeners, address_of
from appliance.log import configure, logger
from appliance.rotation.policy import PolicyError
from appliance.settings import Settings, SettingsError
from appliance.storage import migrate
from appliance.supervise import data_dir, mariadb, own_server, redis
from appliance.supervise.child import Child
from appliance.supervise.listening import check_tls, hep_listeners, open_web
from appliance.supervise.readiness import until_ready
from appliance.supervise.tree import Plan, servers, workers

TURN_SECONDS = 0.1
STATUS_EVERY_SECONDS = 1.0
SERVER_TIMEOUT_SECONDS = 120.0
END_SECONDS = 20.0
SERVER_END_SECONDS = 90.0
_STOP_ORDER = ("web", "receiver", "scheduler", "writer")

log = logger()


class _StoppedEarly(Exception):
    """Told to stop while starting, which may wait two minutes for a server."""


class Supervisor:
    """One instance of hepbox."""

    def __init__(self, plan: Plan, read_again: Callable[[], Settings]) -> None:
        self._plan = plan
        self._read_again = read_again
        self._servers: list[Child] = []
        self._workers: list[Child] = []
        self._listeners: Listeners | None = None
        self._web: socket.socket | None = None
        self._starting = False
        self._stopping = False
        self._rereading = False
        self._ready = False
        self._status_at = 0.0
        self._told = True
        self._started_us = time.time_ns() // 1000

    def run(self) -> None:
        """Until SIGTERM or SIGINT. Raises DataDirError, ListenError, ServerError, MigrationError, PolicyError,
        SettingsError.
        """
        configure("supervisor")
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGHUP, self._on_hangup)
        lock = data_dir.prepare(self._plan.settings)
        try:
            self._start()
            while not self._stopping:
                self._turn()
                time.sleep(TURN_SECONDS)
        except _StoppedEarly:
            log.info("stopped_while_starting")
        finally:
            self._end()
            lock.close()

    def _start(self) -> None:
        Rules(self._plan.settings.sip)
        self._starting = True
        try:
            self._open_sockets()
            self._start_servers()
            self._start_workers()
        finally:
            self._starting = False

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True
        if self._starting:
            self._starting = False
            raise _StoppedEarly

    def _on_hangup(self, _number: int, _frame: FrameType | None) -> None:
        self._rereading = True

    def _open_sockets(self) -> None:
        settings = self._plan.settings
        if "receiver" in self._plan.roles:
            self._listeners = hep_listeners(settings.hep)
        if "web" in self._plan.roles:
            self._web = open_web(settings.web.listen)

    def _start_servers(self) -> None:
        settings = self._plan.settings
        if self._plan.own_mysql:
            mariadb.prepare(settings)
        if self._plan.own_redis:
            redis.prepare(settings)
        self._servers = servers(self._plan)
        if self._servers and own_server.account() is None and os.geteuid() == 0:
            log.warning("servers_run_as_root", remedy="make a user hepbox: the servers then run as that user")
        own = {child.name: child for child in self._servers}
        for child in self._servers:
            child.begin()
        if "mysql" in self._plan.roles:
            asyncio.run(until_ready(mariadb.wait_ready(settings, SERVER_TIMEOUT_SECONDS), own.get("mysql")))
            migrate.migrate(settings.mysql)
        if "redis" in self._plan.roles:
            asyncio.run(until_ready(redis.wait_ready(settings, SERVER_TIMEOUT_SECONDS), own.get("redis")))

    def _start_workers(self) -> None:
        self._workers = workers(self._plan, self._listeners, self._web)
        for child in self._workers:
            child.begin()
            log.info("process_started", child=child.name, pid=child.running.pid if child.running else None)

    def _replace_workers(self) -> None:
        """Read the settings again and start our own processes anew with them, one by one; a mistake changes nothing.

        Addresses that are listened on and the servers underneath stay as they are until the next start.
        """
        try:
            plan = replace(self._plan, settings=self._read_again())
            check_tls(plan.settings.hep)
            Rules(plan.settings.sip)
            fresh = workers(plan, self._listeners, self._web)
        except (SettingsError, PolicyError, ListenError) as error:
            log.error("settings_not_taken", error=str(error))
            return
        self._plan = plan
        for child in self._workers:
            if child.name not in {other.name for other in fresh}:
                child.end(END_SECONDS)
        running = {child.name: child for child in self._workers}
        for child in fresh:
            if child.name in running:
                running[child.name].end(END_SECONDS)
            child.begin()
        self._workers = fresh
        log.info("settings_taken")

    def _turn(self) -> None:
        if self._rereading:
            self._rereading = False
            self._replace_workers()
        for child in (*self._servers, *self._workers):
            ending = child.look()
            if ending is not None and not self._stopping:
                log.warning("process_ended", child=child.name, how=ending)
        if time.monotonic() >= self._status_at:
            self._status_at = time.monotonic() + STATUS_EVERY_SECONDS
            began, self._ready = not self._ready, self._ready or self._is_ready()
            self._tell(self._status())
            if began and self._ready:
                print(f"ready: {web_url(self._plan)}", flush=True)  # noqa: T201 - INTERFACES: on stdout

    def _tell(self, status: dict[str, Any]) -> None:
        """Write the status; on a disk without room the one before stays, whose age `hepbox status` sees."""
        try:
            data_dir.write_status(self._plan.settings, status)
        except OSError as error:
            if self._told:
                log.error("status_not_written", error=str(error))
            self._told = False
        else:
            self._told = True

    def _is_ready(self) -> bool:
        if not all(child.is_alive() for child in (*self._servers, *self._workers)):
            return False
        if self._web is None:
            return True
        try:
            with urllib.request.urlopen(f"{_local_url(self._plan)}/readyz", timeout=2) as answer:  # noqa: S310
                return int(answer.status) == 200
        except (urllib.error.URLError, OSError):
            return False

    def _status(self) -> dict[str, Any]:
        return {
            "pid": os.getpid(),
            "at_us": time.time_ns() // 1000,
            "started_us": self._started_us,
            "ready": self._ready,
            "site": self._plan.site,
            "hep": self._plan.settings.hep.listen,
            "hep_tls": self._plan.settings.hep.tls_listen,
            "web": web_url(self._plan) if self._web is not None else None,
            "processes": [_facts(child) for child in (*self._servers, *self._workers)],
        }

    def _end(self) -> None:
        log.info("stopping")
        for role in _STOP_ORDER:
            group = [child for child in self._workers if child.name.split("-")[0] == role]
            for child in group:
                if child.running is not None:
                    child.running.signal(signal.SIGTERM)
            for child in group:
                child.end(END_SECONDS)
        for child in reversed(self._servers):
            child.end(SERVER_END_SECONDS)
        if self._listeners is not None:
            self._listeners.close()
        self._tell({**self._status(), "pid": None, "ready": False})
        sys.stdout.flush()


def _facts(child: Child) -> dict[str, Any]:
    alive = child.is_alive()
    return {
        "name": child.name,
        "pid": child.running.pid if child.running is not None and alive else None,
        "alive": alive,
        "restarts": child.restarts,
        "last_ending": child.last_ending,
    }


def web_url(plan: Plan) -> str:
    """The GUI's address as users reach it."""
    settings = plan.settings.web
    return settings.url.rstrip("/") if settings.url else f"http://{settings.listen}"


def _local_url(plan: Plan) -> str:
    host, port = address_of(plan.settings.web.listen)
    local = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{local}:{port}"
