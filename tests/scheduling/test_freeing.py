"""Planning gives back what it no longer needs."""

from __future__ import annotations

import platform

from foyer.scheduling.freeing import free_at_once


def test_the_c_library_of_debian_and_ubuntu_takes_the_setting() -> None:
    assert free_at_once() is (platform.libc_ver()[0] == "glibc")
