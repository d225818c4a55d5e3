"""The first thing that the process loads from which commands are forked (`commands.py`).

It has no script, so DuckDB would take it for a person at a prompt and write a progress bar between
the lines of long queries. A command that is started has one.
"""

from __future__ import annotations

import sys

sys.modules["__main__"].__file__ = __file__
