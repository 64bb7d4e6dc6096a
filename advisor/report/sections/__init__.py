"""The parts of the report, each a function from the case to blocks."""
