"""Which processes there are, by role, and what each is given."""

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from appliance.ingest import receiver, writer
from appliance.ingest.config import ProcessConfig
from appliance.ingest.sockets import Listeners
from appliance.rotation.policy import load as load_policy
from appliance.settings import Settings
from appliance.supervise import mariadb, redis, scheduler, web
from appliance.supervise.child import Child, Program, Worker

ROLES = ("mysql", "redis", "writer", "receiver", "scheduler", "web")
"""In the order in which they start; they stop the other way round, but receivers before writers."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What this supervisor runs."""

    settings: Settings
    roles: frozenset[str]
    site: str

    @property
    def own_mysql(self) -> bool:
        return "mysql" in self.roles and not self.settings.mysql.host

    @property
    def own_redis(self) -> bool:
        return "redis" in self.roles and not self.settings.redis.url


def resolved(settings: Settings) -> Settings:
    """Numbers of processes filled in by the machine's cores."""
    cores = len(os.sched_getaffinity(0))
    hep = settings.hep.model_copy(
        update={"processes": settings.hep.processes or cores, "writers": settings.hep.writers or cores}
    )
    return settings.model_copy(update={"hep": hep})


def servers(plan: Plan) -> list[Child]:
    """Our own servers."""
    children = []
    if plan.own_mysql:
        children.append(Child("mysql", lambda: Program(mariadb.command(plan.settings))))
    if plan.own_redis:
        children.append(Child("redis", lambda: _redis(plan.settings)))
    return children


def _redis(settings: Settings) -> Program:
    redis.mend(settings)
    return Program(redis.command(settings))


def workers(plan: Plan, listeners: Listeners | None, web_listener: socket.socket | None) -> list[Child]:
    """Our own processes, in the order in which they start."""
    policy = load_policy(plan.settings.paths.rotation)
    config = partial(
        ProcessConfig,
        settings=plan.settings,
        site=plan.site,
        oldest_days=policy.longest_days,
        limits=policy.limits,
    )
    children: list[Child] = []
    if "writer" in plan.roles:
        children += [
            _worker("writer", n, writer.main, (config(number=n),)) for n in range(plan.settings.hep.writers or 1)
        ]
    if listeners is not None:
        receivers = range(len(listeners.udp))
        children += [_worker("receiver", n, receiver.main, (config(number=n), listeners)) for n in receivers]
    if "scheduler" in plan.roles:
        children.append(_worker("scheduler", None, scheduler.main, (config(number=0),)))
    if web_listener is not None:
        children.append(_worker("web", None, web.main, (config(number=0), web_listener)))
    return children


def _worker(role: str, number: int | None, target: object, arguments: Sequence[object]) -> Child:
    name = role if number is None else f"{role}-{number}"
    return Child(name, partial(Worker, name, target, tuple(arguments)))  # type: ignore[arg-type]
