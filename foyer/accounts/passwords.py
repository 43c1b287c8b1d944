"""Hashing of passwords, and what makes one too easy to guess.

One argon2 hash takes 64 MiB and a tenth of a second on purpose, so only a few are made at a time in one process; the
others queue for a moment. Settings make hashing cheap for tests.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from flask import Flask, current_app
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from foyer.accounts.models import Role
from foyer.errors import FoyerError

LONGEST = 128
_PATIENCE = 10.0  # seconds that a person waits for a free slot


class TooBusy(FoyerError):
    """More people are signing in at this moment than the machine can take."""


class Passwords:
    """Makes and checks hashes, a few at a time."""

    def __init__(self, *, memory_kib: int, rounds: int, at_once: int):
        self._hasher = PasswordHash((Argon2Hasher(memory_cost=memory_kib, time_cost=rounds),))
        self._slots = threading.BoundedSemaphore(at_once)

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self._slots.acquire(timeout=_PATIENCE):
            raise TooBusy
        try:
            yield
        finally:
            self._slots.release()

    def hash(self, password: str) -> str:
        with self._slot():
            return self._hasher.hash(password)

    @cached_property
    def _nobodys(self) -> str:
        return self.hash("nobody has this password")

    def matches(self, password: str, hashed: str | None) -> bool:
        """Whether the password is the hashed one. Without a hash (no such account, or none chosen yet) the same work is
        done, so that the time taken tells nothing."""
        against = hashed or self._nobodys
        with self._slot():
            right = self._hasher.verify(password, against)
        return right and hashed is not None


def init_passwords(app: Flask) -> None:
    settings = app.config["FOYER"]
    app.extensions["foyer.passwords"] = Passwords(
        memory_kib=settings.password_memory_kib,
        rounds=settings.password_rounds,
        at_once=settings.sign_ins_at_once,
    )


def passwords() -> Passwords:
    """This application's hasher."""
    found: Passwords = current_app.extensions["foyer.passwords"]
    return found


class Weakness(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    NAME = "name"
    PATTERN = "pattern"


class WeakPassword(FoyerError):
    """The password is too easy to guess."""

    def __init__(self, weakness: Weakness):
        super().__init__(weakness)
        self.weakness = weakness


def shortest(role: Role) -> int:
    """Fewest characters of a password: people with case files choose longer ones."""
    return 8 if role is Role.RESIDENT else 10


# What is tried first, here and everywhere; compared without digits and signs at the ends.
_COMMON = frozenset(
    "password passw0rd pass katasandi sandi rahasia admin administrator foyer qwerty qwertyui qwertyuiop asdf asdfgh "
    "asdfghjkl zxcvbnm abc abcd abcdef abcdefgh indonesia jakarta bandung surabaya merdeka garuda pancasila bismillah "
    "alhamdulillah assalamualaikum sayang sayangku cinta cintaku akusayangkamu iloveyou loveyou sahabat keluarga mama "
    "papa ibu ayah anak panti taruna pantiasuhan welcome selamat selamatdatang letmein monkey dragon football "
    "sepakbola persija persib manchester barcelona realmadrid doraemon naruto superman samsung oppo vivo xiaomi google "
    "facebook instagram tiktok whatsapp mobilelegends freefire princess sunshine secret test user guest".split()
)


def _is_pattern(text: str) -> bool:
    """One character, or a step of one, over and over: 11111111, 12345678, hgfedcba, or a short piece repeated."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return len(set(text)) <= 2 or (len(steps) == 1) or bool(re.fullmatch(r"(.{1,4})\1+", text))


def find_weakness(password: str, *, username: str, role: Role) -> Weakness | None:
    """Why this password would be too easy to guess for this account, if it would."""
    plain = password.casefold()
    core = re.sub(r"^[^a-z]+|[^a-z]+$", "", plain)
    names = [part for part in re.split(r"[^a-z]+", username) if len(part) >= 3]
    if len(password) < shortest(role):
        return Weakness.SHORT
    if len(password) > LONGEST:
        return Weakness.LONG
    if _is_pattern(plain) or plain in ("1234567890", "0123456789", "0987654321"):
        return Weakness.PATTERN
    if core in _COMMON:
        return Weakness.COMMON
    if username in plain or core in names or core == "".join(names):
        return Weakness.NAME
    return None
