"""Makes the tables and ROWS users, and writes some of their login states to a file: seed.py ROWS FILE"""
import os
import sys
import uuid

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "origin.settings"
django.setup()

from django.core.management import call_command
from django.db import connection
from origin.models import User

STATES_KEPT = 10_000
rows, states_file = int(sys.argv[1]), sys.argv[2]
call_command("migrate", "--run-syncdb", verbosity=0)
states = [str(uuid.uuid4()) for _ in range(rows)]
with connection.cursor() as cursor:
    cursor.execute("BEGIN")
    cursor.executemany(
        "INSERT INTO origin_user (openid, session_key, user_uuid, username) VALUES (%s, %s, %s, %s)",
        ((f"oseed{number:023d}", "A" * 24, state, "alice") for number, state in enumerate(states)),
    )
    cursor.execute("COMMIT")
with open(states_file, "w") as file:
    file.write("\n".join(states[:: max(1, rows // STATES_KEPT)]) + "\n")
