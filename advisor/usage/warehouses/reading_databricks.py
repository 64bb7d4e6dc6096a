"""Databricks as Ibis knows it, without the volume that it makes when it connects and the view by which it asks for
the columns of a table."""

import json
from typing import Any

from ibis.backends.databricks import Backend, _databricks_schema_to_ibis


class ReadingDatabricks(Backend):  # type: ignore[misc]
    """Sends nothing but questions."""

    def _post_connect(self, *, memtable_volume: str) -> None:
        """Makes no volume: no table of ours goes there."""

    def get_schema(self, table_name: str, *, catalog: str | None = None, database: str | None = None) -> Any:
        from sqlglot.expressions import table_

        table = table_(table_name, db=database, catalog=catalog, quoted=True).sql(self.dialect)
        with self.con.cursor() as cursor:
            [(described,)] = cursor.execute(f"DESCRIBE TABLE EXTENDED {table} AS JSON").fetchall()
        return _databricks_schema_to_ibis(json.loads(described)["columns"])
