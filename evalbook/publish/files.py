"""Every touch of the file system while publishing, in one place, so that a test can plant a fault at each."""

from __future__ import annotations

import datetime
import errno
import hashlib
import os
import shutil
import time
import warnings
from contextlib import ExitStack, contextmanager, suppress
from typing import IO, TYPE_CHECKING, BinaryIO

from filelock import FileLock, SoftFileLock, Timeout

from evalbook.errors import EvalbookError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FILE_MODE, FOLDER_MODE = 0o644, 0o755
"""Whatever the umask of whoever publishes, the web server must be able to read."""

PAUSES = (0.1, 0.2, 0.4, 0.8, 1.5)
"""Seconds to wait before moving again: Windows keeps a file in its place while somebody reads it."""

NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL}

SOFT = ".soft"
"""Ending of the lock file where the system has no locks."""

REMEDIES = {
    errno.ENOSPC: "磁盘空间不足。请清理出空间",
    errno.EDQUOT: "磁盘配额用完了。请清理出空间，或请管理员增加配额",
    errno.EFBIG: "文件太大，这个磁盘的格式（例如 FAT32）或配额放不下。请换一个磁盘",
    errno.EROFS: "磁盘是只读的。请换一个可以写入的文件夹，或请管理员放开写入",
    errno.ENOENT: "文件或文件夹不见了。请检查路径和网络连接",
    errno.EACCES: "没有权限，或者文件正被别的程序打开。请关闭打开着的网页和 PDF，或请管理员给予写入权限",
    errno.EPERM: "没有权限。请管理员给予写入权限",
    errno.EEXIST: "已经有同名的文件。请换一个名称",
    errno.ENOTDIR: "路径中间有一个是文件，不是文件夹。请核对路径",
    errno.ENAMETOOLONG: "路径太长。请换一个路径短一些的文件夹",
    errno.EIO: "磁盘或网络读写出错。请检查网络连接和磁盘",
}


@contextmanager
def explained(doing: str, ending: Callable[[], str]) -> Iterator[None]:
    """Tell a fault of the file system in Chinese.

    Parameters
    ----------
    doing
        What was being done, in Chinese.
    ending
        Says what became of it; asked after the fault.

    Raises
    ------
    EvalbookError
        For any ``OSError``.
    """
    try:
        yield
    except OSError as error:
        where = f"（{error.filename}）" if error.filename else ""
        unknown = f"系统报告错误 {error.errno}。请检查网络连接和磁盘，不行就把这句话发给维护人员"
        remedy = REMEDIES.get(error.errno or 0, unknown)
        raise EvalbookError(f"{doing}时出错{where}：{remedy}。{ending()}") from error


# -- reading


def walk(folder: Path) -> dict[str, int | str]:
    """Everything below a folder that is no folder: path with ``/`` → size in bytes, or what it is if no file.

    Links are named and never followed.
    """
    found: dict[str, int | str] = {}
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        with os.scandir(folder / prefix) as entries:
            for entry in entries:
                path = prefix + entry.name
                if entry.is_symlink():
                    found[path] = "链接"
                elif entry.is_dir():
                    waiting.append(f"{path}/")
                else:
                    found[path] = entry.stat().st_size if entry.is_file() else "特殊文件"
    return found


def names(folder: Path) -> set[str]:
    """Names in a folder."""
    return {path.name for path in folder.iterdir()}


def opened(path: Path) -> BinaryIO:
    """File to be read in parts."""
    return path.open("rb")


def read(path: Path) -> bytes:
    """Content of a file."""
    return path.read_bytes()


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as stream:
        return digest_of(stream)


def digest_of(stream: IO[bytes]) -> str:
    """SHA-256 of what is left in a stream."""
    digest = hashlib.sha256()
    while part := stream.read(1024 * 1024):
        digest.update(part)
    return digest.hexdigest()


def modified(path: Path) -> datetime.date:
    """Day, in UTC, on which a file says that it was changed last."""
    return datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.UTC).date()


def space(folder: Path) -> int | None:
    """Free bytes, or None where the file system does not tell."""
    usage = shutil.disk_usage(folder)
    return usage.free if usage.total else None


# -- writing


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, unless it is there."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        _permit(path, FOLDER_MODE)


@contextmanager
def created(path: Path) -> Iterator[BinaryIO]:
    """File to be written in parts; on the disk, not in a buffer, when the context ends."""
    with path.open("wb") as stream:
        yield stream
        stream.flush()
        os.fsync(stream.fileno())
    _permit(path, FILE_MODE)
    _settle(path.parent)


def write(path: Path, content: bytes, day: datetime.date | None = None) -> None:
    """Write a file that says it was changed last on a day (midnight UTC), or now."""
    with created(path) as stream:
        stream.write(content)
    if day is not None:
        midnight = datetime.datetime(day.year, day.month, day.day, tzinfo=datetime.UTC).timestamp()
        with suppress(OSError):  # a share without times; what counts is the content
            os.utime(path, (midnight, midnight))


def move(source: Path, target: Path) -> None:
    """Put a file in the place of another, or a folder where there is none, in one step."""
    for pause in PAUSES:
        try:
            source.replace(target)
            break
        except PermissionError:
            time.sleep(pause)
    else:
        source.replace(target)
    _settle(target.parent)


def remove(path: Path) -> None:
    """Remove a file, if it is there."""
    path.unlink(missing_ok=True)
    _settle(path.parent)


def clear(folder: Path) -> None:
    """Remove a folder with everything in it, if it is there."""
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)


def _permit(path: Path, mode: int) -> None:
    with suppress(OSError):  # a share without rights of its own
        path.chmod(mode)


def _settle(folder: Path) -> None:
    """Have the names in a folder on the disk, where the system can open a folder."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# -- one at a time


@contextmanager
def held(path: Path, patience: float) -> Iterator[None]:
    """Hold a lock.

    The system's lock is gone with its process, however that ends. Shares that have none (some mounts of SMB and
    NFS) get a lock file with process and computer instead, because refusing them would leave their owners without
    any way to publish: of a killed process on the same computer it is recognised and ignored.

    Parameters
    ----------
    path
        Lock file.
    patience
        Seconds to wait for whoever holds it.

    Raises
    ------
    EvalbookError
        Somebody else holds it still.
    """
    with ExitStack() as stack:
        try:
            try:
                stack.enter_context(_acquired(FileLock(path), patience))
            except (NotImplementedError, OSError) as error:
                if isinstance(error, Timeout) or getattr(error, "errno", errno.ENOSYS) not in NO_LOCKS:
                    raise
                path = path.with_name(path.name + SOFT)
                stack.enter_context(_acquired(SoftFileLock(path), patience))
        except Timeout:
            left = f"如果肯定没有人在定版或发布，请删去 {path} 再试。" if path.suffix == SOFT else ""
            raise EvalbookError(
                f"另一个定版或发布正在进行（等了{patience:g}秒）。请等它结束再试；这次没有做任何改动。{left}"
            ) from None
        yield


def _acquired(lock: FileLock | SoftFileLock, patience: float) -> FileLock | SoftFileLock:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # in English, about a share without locks
        lock.acquire(timeout=patience)
    return lock
