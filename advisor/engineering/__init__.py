"""Memory, time and serving speed of a described setup: names become numbers here; formulas are in ``formulas``."""
