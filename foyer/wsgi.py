"""For larger houses with a WSGI server of their own: ``gunicorn --threads 8 foyer.wsgi:app``, and ``foyer worker``
beside it."""

from __future__ import annotations

from foyer import create_app
from foyer.logs import write_logs

app = create_app()
write_logs(app.config["FOYER"].log_level)
