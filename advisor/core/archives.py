"""What goes wrong with a ZIP that somebody else made."""

import zipfile
import zlib

ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, ValueError)
"""Raised for a broken archive; the fourth for a method of packing that ``zipfile`` has not, and for a password."""
