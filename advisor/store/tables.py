"""The tables as this release reads them; ``migrations`` makes them.

Times and JSON are text, so that a revision has the same bytes and the same hash in either database.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text

VERSION = "0003"
"""The last migration."""
metadata = MetaData()


def _of_case(*, primary_key: bool = False) -> Column[str]:
    return Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=primary_key, nullable=False)


alembic_version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
cases = Table(
    "cases",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("owner", String(300), nullable=False, index=True),
    Column("status", String(20), nullable=False),
    Column("tags", Text, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("changed_at", String(40), nullable=False),
    Column("latest", Integer, nullable=False),
    Column("head", String(64), nullable=False),
)
members = Table(
    "members",
    metadata,
    _of_case(primary_key=True),
    Column("user", String(300), primary_key=True),
    Column("role", String(20), nullable=False),
)
revisions = Table(
    "revisions",
    metadata,
    _of_case(primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", String(40), nullable=False),
    Column("by", String(300), nullable=False),
    Column("why", Text, nullable=False),
    Column("answers", Text, nullable=False),
    Column("as_of", String(10), nullable=False),
    Column("language", String(20), nullable=False),
    Column("product_version", String(40), nullable=False),
    Column("catalog_version", String(80), nullable=False),
    Column("evidence", Text, nullable=False),
    Column("prices", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("report", Text, nullable=False),
    Column("pdf", LargeBinary),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", String(40), nullable=False, index=True),
    Column("at", String(40), nullable=False),
    Column("by", String(300), nullable=False),
    Column("action", String(40), nullable=False),
    Column("detail", Text, nullable=False),
)
notes = Table(
    "notes",
    metadata,
    Column("id", String(40), primary_key=True),
    _of_case(),
    Column("assumption", String(80), nullable=False),
    Column("text", Text, nullable=False),
    Column("told_by", Text, nullable=False),
    Column("at", String(40), nullable=False),
    Column("by", String(300), nullable=False),
)
drafts = Table(
    "drafts",
    metadata,
    Column("user", String(300), primary_key=True),
    Column("case_id", String(40), primary_key=True),
    Column("seen", Integer, nullable=False),
    Column("answers", Text, nullable=False),
    Column("beside", Text, nullable=False),
    Column("at", String(40), nullable=False),
)
links = Table(
    "links",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    _of_case(),
    Column("number", Integer, nullable=False),
    Column("at", String(40), nullable=False),
    Column("by", String(300), nullable=False),
    Column("expires_at", String(40), nullable=False),
    Column("revoked_at", String(40)),
)
people = Table(
    "people",
    metadata,
    Column("user", String(300), primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", String(320), nullable=False, index=True),
    Column("issuer", Text, nullable=False),
    Column("first_seen", String(40), nullable=False),
    Column("last_seen", String(40), nullable=False),
)
