"""Nobody's change is lost: three writers count on one row at the same time, in processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from flask import Flask

from foyer.config import Settings
from foyer.database import db, house_scope
from foyer.residences.models import Residence
from tests.factories import make_residence

ROOT = Path(__file__).resolve().parent.parent
EACH = 200

WRITER = """
import sys
from sqlalchemy.orm.exc import StaleDataError
from foyer import create_app
from foyer.config import Settings
from foyer.database import db
from foyer.residences.models import Residence

app = create_app(Settings(data=sys.argv[1], database_url=sys.argv[2]))
stale = 0
with app.app_context():
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(int(sys.argv[4])):
        while True:
            try:
                house = db.session.get_one(Residence, int(sys.argv[3]))
                house.name = str(int(house.name) + 1)
                db.session.commit()
                break
            except StaleDataError:
                stale += 1
                db.session.rollback()
print(stale)
"""


def test_three_writers_lose_no_update(app: Flask, house_settings: Settings) -> None:
    with app.app_context():
        residence = make_residence(name="0")
        db.session.commit()
        residence_id = residence.id
    command = [
        sys.executable,
        "-c",
        WRITER,
        str(house_settings.data),
        house_settings.database_url,
        str(residence_id),
        str(EACH),
    ]
    writers = [
        subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(3)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=300)
        assert writer.returncode == 0
    with app.app_context(), house_scope(residence_id):
        arrived = db.session.get_one(Residence, residence_id)
        assert (arrived.name, arrived.version) == (str(3 * EACH), 3 * EACH + 1)
