"""Engines that hold logs too large to move: how one is named and opened, and a table of it as an import."""
