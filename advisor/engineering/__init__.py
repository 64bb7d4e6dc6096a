"""Memory, time and serving speed of a described setup: names become numbers here, the formulas stand in ``formulas``."""
