"""What waits in the inbox, and what is left alone and why."""

from __future__ import annotations

import os
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from foundation.paths import DataRoot

UNFINISHED = (".tmp", ".part", ".filepart", ".swp")
CONTROL_SUFFIX = ".ok.json"
DEFAULT_SETTLE_SECONDS = 60.0


@dataclass(frozen=True)
class Waiting:
    """A file that may be taken.

    Attributes:
        provider: the first folder below the inbox, `_` when the file lies higher.
        extract: `<domain>/<extract>` of its folder (whatever stands there), `_` when higher.
        arrived: the file's modification time in nanoseconds: orders files of one business date.
    """

    path: Path
    provider: str
    extract: str
    control: Path | None
    arrived: int
    size: int


@dataclass(frozen=True)
class LeftAlone:
    """Something in the inbox that was not taken, and why (Chinese, for the summary)."""

    path: Path
    reason_cn: str
    is_still_being_written: bool = False


@dataclass(frozen=True)
class Scan:
    """One look at the inbox."""

    waiting: tuple[Waiting, ...]
    left_alone: tuple[LeftAlone, ...]


def scan(root: DataRoot, settle_seconds: float = DEFAULT_SETTLE_SECONDS) -> Scan:
    """Look through the inbox without changing anything.

    A file waits when its control file lies beside it, or when its name is not that of an
    unfinished transfer and it has not changed for `settle_seconds`.
    """
    waiting: list[Waiting] = []
    left: list[LeftAlone] = []
    _walk(root.inbox, root.inbox, settle_seconds, waiting, left)
    waiting.sort(key=lambda w: (w.arrived, str(w.path)))
    return Scan(tuple(waiting), tuple(left))


def _walk(
    inbox: Path, folder: Path, settle: float, waiting: list[Waiting], left: list[LeftAlone]
) -> None:
    if not folder.is_dir():
        return
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda e: e.name)
    names = {entry.name for entry in entries if entry.is_file(follow_symlinks=False)}
    for entry in entries:
        path = Path(entry.path)
        if entry.is_symlink():
            left.append(LeftAlone(path, "符号链接，不予处理；请放入真实文件"))
        elif entry.is_dir(follow_symlinks=False):
            if path.suffix.lower() in {".csv", ".txt", ".xlsx", ".xls", ".zip", ".jsonl"}:
                left.append(LeftAlone(path, "名称像文件的文件夹，不予处理；请放入真实文件"))
            else:
                _walk(inbox, path, settle, waiting, left)
        elif not stat.S_ISREG(entry.stat(follow_symlinks=False).st_mode):
            left.append(LeftAlone(path, "不是普通文件，不予处理"))
        elif entry.name.endswith(CONTROL_SUFFIX):
            if entry.name.removesuffix(CONTROL_SUFFIX) not in names:
                left.append(LeftAlone(path, "控制文件没有对应的数据文件，等待数据文件", True))
        else:
            _consider(inbox, path, entry.stat(), names, settle, waiting, left)


def _consider(
    inbox: Path,
    path: Path,
    status: os.stat_result,
    names: set[str],
    settle: float,
    waiting: list[Waiting],
    left: list[LeftAlone],
) -> None:
    control = (
        path.with_name(path.name + CONTROL_SUFFIX) if path.name + CONTROL_SUFFIX in names else None
    )
    if control is None:
        if path.name.lower().endswith(UNFINISHED) or path.name.startswith("."):
            left.append(LeftAlone(path, "传输未完成的文件（按扩展名判断），等待改名", True))
            return
        if settle > 0 and time.time() - status.st_mtime < settle:
            left.append(LeftAlone(path, f"{settle:g} 秒内有变动，等待写完", True))
            return
    parts = path.relative_to(inbox).parts[:-1]
    provider = parts[0] if parts else "_"
    extract = "/".join(parts[1:]) or "_"
    waiting.append(Waiting(path, provider, extract, control, status.st_mtime_ns, status.st_size))
