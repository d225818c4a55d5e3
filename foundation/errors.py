"""Errors with an exit code and a remedy. Their texts never hold a personal value."""

from __future__ import annotations


class TongchuanError(Exception):
    """An error a person can act on.

    Attributes:
        exit_code: what the command line ends with (2 usage or configuration, 3 internal).
        remedy: what to do next, in one sentence.
    """

    exit_code = 3

    def __init__(self, message: str, remedy: str = "") -> None:
        """Keep message and remedy; both are shown to the user as they are."""
        super().__init__(message)
        self.remedy = remedy

    def __str__(self) -> str:
        """Message, then remedy."""
        text = super().__str__()
        return f"{text}\n  → {self.remedy}" if self.remedy else text


class ConfigurationError(TongchuanError):
    """The configuration, a contract or the arguments are wrong (exit code 2)."""

    exit_code = 2


class BusyError(TongchuanError):
    """Another process holds the lock (exit code 1: nothing was done, a person may look)."""

    exit_code = 1


class IntegrityError(TongchuanError):
    """Something stored does not agree with its hash, signature or counts (exit code 1)."""

    exit_code = 1


def safe_error(error: BaseException) -> str:
    """Describe an exception without its text, which may quote a value.

    Returns the class and the innermost frame of our own code; texts of `TongchuanError` are
    written by us and are kept.
    """
    if isinstance(error, TongchuanError):
        return str(error)
    place, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if "site-packages" not in code.co_filename:
            name = code.co_filename.rsplit("/", 1)[-1]
            place = f" ({name}:{trace.tb_lineno} in {code.co_name})"
        trace = trace.tb_next
    return f"{type(error).__name__}{place}"
