"""What a page costs the database: queries made and rows fetched.

with spending() as spent:
    client.get(url)
assert spent == Spent(queries=8, rows=40)
"""

from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from django.db.backends.utils import CursorWrapper


@dataclass
class Spent:
    queries: int = 0
    rows: int = 0


@contextmanager
def spending():
    """Count the queries and rows of everything inside, savepoints left out."""
    spent = Spent()

    class Counted(CursorWrapper):
        def execute(self, sql, params=None):
            spent.queries += "SAVEPOINT" not in str(sql)
            return super().execute(sql, params)

        def fetchone(self):
            row = self.cursor.fetchone()
            spent.rows += row is not None
            return row

        def fetchmany(self, *size):
            rows = self.cursor.fetchmany(*size)
            spent.rows += len(rows)
            return rows

        def fetchall(self):
            rows = self.cursor.fetchall()
            spent.rows += len(rows)
            return rows

    connection.make_cursor = lambda cursor: Counted(cursor, connection)
    try:
        yield spent
    finally:
        del connection.make_cursor
