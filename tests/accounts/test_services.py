from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from foyer.accounts import lockout, services, slips
from foyer.accounts.models import Role, SignInLock, SignInSlip, User
from foyer.accounts.passwords import Passwords, Weakness, find_weakness, passwords
from foyer.audit.models import AuditEntry
from foyer.database import db, utc_now
from tests.factories import make_residence, make_user

PASSWORD = "kereta langit jambu"


@pytest.fixture
def user_id(app: Flask) -> int:
    with app.app_context():
        user = make_user(make_residence(), Role.COUNSELLOR, username="ratna.wulandari", password=PASSWORD)
        db.session.commit()
        return user.id


def _try(password: str, username: str = "ratna.wulandari") -> User | None:
    attempt = services.begin_sign_in(username)
    user = services.finish_sign_in(attempt, is_right=passwords().matches(password, attempt.password_hash))
    db.session.commit()
    return user


def _verbs() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)))


def test_the_right_password_signs_in_and_is_written_down(app: Flask, user_id: int) -> None:
    with app.app_context():
        user = _try(PASSWORD, "Ratna.Wulandari ")
        assert user is not None
        assert user.id == user_id
        db.session.refresh(user)
        assert user.last_sign_in_at is not None
        assert user.version == 1, "signing in edits nothing: two devices may do it at once"
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert entry is not None
        assert (entry.verb, entry.actor_id, entry.subject_id) == ("signed_in", user_id, user_id)


def test_the_fifth_wrong_password_pauses_the_name_and_each_further_one_longer(app: Flask, user_id: int) -> None:
    with app.app_context():
        for _ in range(5):
            assert _try("wrong") is None
        with pytest.raises(lockout.AccountLocked) as locked:
            _try(PASSWORD)
        assert timedelta(0) < locked.value.until - utc_now() <= timedelta(minutes=1)
        db.session.rollback()
        assert "sign_in_paused" in _verbs()
        lock = lockout.find_lock("ratna.wulandari")
        assert lock is not None
        lock.locked_until = utc_now() - timedelta(seconds=1)
        db.session.commit()
        assert _try("wrong") is None
        lock = lockout.find_lock("ratna.wulandari")
        assert lock is not None
        assert lock.locked_until is not None
        assert lock.locked_until - utc_now() > timedelta(minutes=1)


def test_names_that_nobody_has_are_paused_just_the_same(app: Flask) -> None:
    with app.app_context():
        for _ in range(5):
            assert _try("wrong", "nobody.here") is None
        with pytest.raises(lockout.AccountLocked):
            services.begin_sign_in("Nobody.Here")
        rows = db.session.scalars(select(SignInLock)).all()
        assert "nobody" not in "".join(row.name_digest for row in rows)


def test_the_right_password_forgives_the_wrong_ones_before_it(app: Flask, user_id: int) -> None:
    with app.app_context():
        for _ in range(4):
            _try("wrong")
        assert _try(PASSWORD) is not None
        for _ in range(4):
            _try("wrong")
        assert _try(PASSWORD) is not None


def test_every_try_is_counted_before_its_password_is_looked_at(app: Flask, user_id: int) -> None:
    with app.app_context():
        for _ in range(5):
            services.begin_sign_in("ratna.wulandari")  # five at once, none answered yet
        db.session.commit()
        with pytest.raises(lockout.AccountLocked):
            services.begin_sign_in("ratna.wulandari")


def test_many_tries_at_once_cannot_slip_past_the_limit(app: Flask) -> None:
    barrier = threading.Barrier(8)

    def try_once(_n: int) -> bool:
        with app.app_context():
            barrier.wait(10)
            try:
                services.begin_sign_in("ratna.wulandari")
                db.session.commit()
            except lockout.AccountLocked:
                return False
            return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(try_once, range(8))) == lockout.FREE_TRIES


def test_an_unknown_name_costs_the_same_hash_as_a_wrong_password() -> None:
    worked = []
    hasher = Passwords(memory_kib=64, rounds=1, at_once=1)
    right = hasher.hash("x")
    verify = hasher._hasher.verify
    hasher._hasher.verify = lambda *given: worked.append(given) or verify(*given)  # type: ignore[method-assign,func-returns-value]
    assert not hasher.matches("y", right)
    assert not hasher.matches("y", None)
    assert not hasher.matches("nobody has this password", None)
    assert len(worked) == 3


@pytest.mark.parametrize(
    ("password", "weakness"),
    [
        ("kerbau7", Weakness.SHORT),
        ("x" * 130, Weakness.LONG),
        ("12345678", Weakness.PATTERN),
        ("aaaaaaaaaa", Weakness.PATTERN),
        ("abcabcabc", Weakness.PATTERN),
        ("Indonesia2027", Weakness.COMMON),
        ("bismillah1", Weakness.COMMON),
        ("eja.novitasari", Weakness.NAME),
        ("Novitasari2009", Weakness.NAME),
        ("jambu langit", None),
        ("73059184", None),
    ],
)
def test_what_is_easily_guessed_is_refused(password: str, weakness: Weakness | None) -> None:
    assert find_weakness(password, username="eja.novitasari", role=Role.RESIDENT) == weakness


def test_people_with_case_files_need_longer_passwords() -> None:
    assert find_weakness("jambu air", username="ratna", role=Role.RESIDENT) is None
    assert find_weakness("jambu air", username="ratna", role=Role.MANAGER) == Weakness.SHORT


def test_usernames_are_made_from_names_and_are_free(app: Flask) -> None:
    with app.app_context():
        make_user(make_residence(), username="eja.novitasari")
        made = services.usernames_for(
            ["EJA NOVITASARI ", "Eja Novitasari Putri", "Ñina D'Árc", "M. Rizky Pratama", "Bo", "李"]
        )
        assert made == ["eja.novitasari2", "eja.novitasari3", "nina.arc", "rizky.pratama", "akun.bo", "akun"]
        assert [services.fit_username(name) for name in made] == made


def test_a_name_is_given_once(app: Flask) -> None:
    with app.app_context():
        make_user(make_residence(), username="eja")
        with pytest.raises(services.UsernameTaken):
            make_user(make_residence(), username=" EJA")
        with pytest.raises(services.UsernameUnfit):
            make_user(make_residence(), username="eja novita")


def test_a_slip_opens_once_and_its_code_is_kept_nowhere(app: Flask, user_id: int) -> None:
    with app.app_context():
        issued = slips.issue_slip(db.session.get(User, user_id))  # type: ignore[arg-type]
        db.session.commit()
        assert not set(issued.code) - set(slips.ALPHABET + "-")
        found = slips.slip_for_code(issued.code.lower().replace("-", " "))
        assert found.id == issued.slip.id
        slip, user = slips.open_slip(found.id)
        slips.use_slip(slip, user)
        db.session.commit()
        with pytest.raises(slips.SlipRefused):
            slips.slip_for_code(issued.code)
        kept = db.session.connection().exec_driver_sql("SELECT * FROM sign_in_slips").all()
        trail = db.session.connection().exec_driver_sql("SELECT * FROM audit_entries").all()
        assert issued.code.replace("-", "") not in str(kept + trail).replace("-", "")


def test_a_new_slip_replaces_the_one_before_and_old_slips_run_out(app: Flask, user_id: int) -> None:
    with app.app_context():
        user = db.session.get(User, user_id)
        assert user is not None
        first = slips.issue_slip(user)
        second = slips.issue_slip(user)
        with pytest.raises(slips.SlipRefused):
            slips.slip_for_code(first.code)
        assert second.slip.expires_at - second.slip.issued_at == timedelta(days=7)
        second.slip.expires_at = utc_now()
        db.session.flush()
        with pytest.raises(slips.SlipRefused):
            slips.slip_for_code(second.code)


def test_a_closed_account_has_no_open_slip(app: Flask, user_id: int) -> None:
    with app.app_context():
        user = db.session.get(User, user_id)
        assert user is not None
        issued = slips.issue_slip(user)
        user.is_enabled = False
        db.session.flush()
        with pytest.raises(slips.SlipRefused):
            slips.slip_for_code(issued.code)


def test_codes_do_not_repeat(app: Flask, user_id: int) -> None:
    with app.app_context():
        user = db.session.get(User, user_id)
        assert user is not None
        codes = {slips.issue_slip(user).code for _ in range(50)}
        assert len(codes) == 50
        assert db.session.scalars(select(SignInSlip).where(SignInSlip.expires_at > utc_now())).all()[-1]
