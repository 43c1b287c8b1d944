"""Hall's theorem by augmenting paths: who cannot all be served, and by what."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

D = TypeVar("D", bound=Hashable)
C = TypeVar("C", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Hall(Generic[D, C]):
    """Demands that together exceed everything that could serve any of them."""

    demands: frozenset[D]
    servers: frozenset[C]
    needed: int
    free: int


def hall_sets(
    demands: Mapping[D, int], capacities: Mapping[C, int], servers: Mapping[D, tuple[C, ...]]
) -> tuple[Hall[D, C], ...]:
    """The connected sets of demands that exceed their servers' capacity, found by a maximum flow; none where
    all demands can be met at once. ``servers`` names who may serve a demand."""
    flow = _Flow(demands, capacities, servers)
    flow.fill()
    return flow.violators()


class _Flow(Generic[D, C]):
    def __init__(
        self, demands: Mapping[D, int], capacities: Mapping[C, int], servers: Mapping[D, tuple[C, ...]]
    ) -> None:
        self.demands, self.capacities, self.servers = demands, capacities, servers
        self.unserved = dict(demands)
        self.left = dict(capacities)
        self.sent: dict[C, dict[D, int]] = {c: {} for c in capacities}

    def fill(self) -> None:
        for demand in self.demands:
            while self.unserved[demand]:
                path = self._path(demand)
                if path is None:
                    break
                self._augment(demand, path)

    def _path(self, start: D) -> list[tuple[D, C]] | None:
        """A shortest way to free capacity: each step takes a server, the next step frees it from another
        demand."""
        came: dict[C, tuple[D, C | None]] = {}
        queue: deque[tuple[D, C | None]] = deque([(start, None)])
        seen = {start}
        while queue:
            demand, via = queue.popleft()
            for server in self.servers[demand]:
                if server in came:
                    continue
                came[server] = (demand, via)
                if self.left[server]:
                    return self._trace(server, came)
                for other, amount in self.sent[server].items():
                    if amount and other not in seen:
                        seen.add(other)
                        queue.append((other, server))
        return None

    def _trace(self, last: C, came: Mapping[C, tuple[D, C | None]]) -> list[tuple[D, C]]:
        path: list[tuple[D, C]] = []
        server: C | None = last
        while server is not None:
            demand, before = came[server]
            path.append((demand, server))
            server = before
        return path[::-1]

    def _augment(self, start: D, path: list[tuple[D, C]]) -> None:
        amount = min(self.unserved[start], self.left[path[-1][1]])
        for (_, server), (moved, _) in pairwise(path):
            amount = min(amount, self.sent[server][moved])
        before: C | None = None
        for demand, server in path:
            if before is not None:
                self.sent[before][demand] -= amount
            self.sent[server][demand] = self.sent[server].get(demand, 0) + amount
            before = server
        self.left[path[-1][1]] -= amount
        self.unserved[start] -= amount

    def violators(self) -> tuple[Hall[D, C], ...]:
        """What an unserved demand reaches: all its servers are full, of demands that reach full servers
        only."""
        found: list[Hall[D, C]] = []
        done: set[D] = set()
        for start in self.demands:
            if self.unserved[start] and start not in done:
                reached, servers = self._reach(start)
                done |= reached
                found.append(
                    Hall(
                        frozenset(reached),
                        frozenset(servers),
                        sum(self.demands[d] for d in reached),
                        sum(self.capacities[c] for c in servers),
                    )
                )
        return tuple(found)

    def _reach(self, start: D) -> tuple[set[D], set[C]]:
        reached, servers, queue = {start}, set[C](), deque([start])
        while queue:
            for server in self.servers[queue.popleft()]:
                if server not in servers:
                    servers.add(server)
                    more = [d for d, amount in self.sent[server].items() if amount and d not in reached]
                    reached.update(more)
                    queue.extend(more)
        return reached, servers
