"""What goes wrong with a ZIP that somebody else made."""

import zipfile
import zlib

ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
"""Raised for a broken archive; the fourth and fifth for a method that ``zipfile`` has not, and for a password."""
