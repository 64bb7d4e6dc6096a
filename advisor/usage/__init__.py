"""Logs and bills of a team's own: files become one canonical table, the table a profile, the profile answers."""
