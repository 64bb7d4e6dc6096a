"""Training and evaluation sets of a team's own: what is in them, what is wrong with them, what tuning on them takes."""
