"""Cases that are kept: append-only revisions with the figures frozen, in SQLite or PostgreSQL.

``database.open_store`` opens; ``cases``, ``drafts``, ``notes``, ``sharing`` and ``links`` are the doors to what is in
it, each function one transaction; ``backup`` copies and verifies. Who acts and when is told by the caller. Another
user's case is as unknown as one that does not exist.
"""
