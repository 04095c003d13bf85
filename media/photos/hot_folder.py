"""Files that arrive in a folder, from an agency's feed or a photographer, become photos."""

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from django.conf import settings

from ..files import store
from ..files.containers import format_of
from ..files.unusable import UnusableImage
from .folder_rule import REFUSED, TAKEN, FolderRule, UntakenFile
from .photo import Photo

# What systems leave in every folder, and what a transfer is called before it has ended.
_LITTER: Final = frozenset({"thumbs.db", "desktop.ini", "icon\r"})
_UNFINISHED: Final = (
    ".part",
    ".partial",
    ".filepart",
    ".crdownload",
    ".download",
    ".tmp",
    ".temp",
    ".upload",
    ".!ut",
    "~",
)
_SIDECAR: Final = ".xmp"
# How long a sidecar waits for its picture, in seconds.
_PATIENCE: Final = 600
_HEAD: Final = 4096


class StoreAway(Exception):
    """The store of photos does not answer: nothing is wrong with the file, and it is taken another time."""


def pictures(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files themselves and, of folders, everything inside but sidecars and what systems leave behind."""
    for path in paths:
        if path.is_dir():
            yield from (file for file in _inside(path) if file.suffix.lower() != _SIDECAR)
        else:
            yield path


def _inside(folder: Path, besides: frozenset[Path] = frozenset()) -> Iterator[Path]:
    """Yield the files of a folder and its folders in order. Hidden ones, links to folders and unfinished files are left."""
    for name, folders, files in os.walk(folder):
        here = Path(name)
        folders[:] = sorted(each for each in folders if not each.startswith(".") and here / each not in besides)
        yield from (here / each for each in sorted(files) if not _is_litter(each))


def _is_litter(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _LITTER or name.lower().endswith(_UNFINISHED)


def take(file: Path, rule: FolderRule | None = None) -> tuple[Photo | None, str]:
    """Return the photo, or None and a sentence why the file is refused. Raises StoreAway."""
    sidecar = sidecar_of(file)
    try:
        data, xmp = _read(file), sidecar.read_bytes() if sidecar else b""
        said = rule.said_of_photo() if rule else {}
        return Photo.objects.take(data, file.name, sidecar=xmp, **said), ""
    except UnusableImage as error:
        return None, str(error)
    except Exception as error:
        if store.is_down(error):
            raise StoreAway(f"{file.name} could not be stored: photo storage is full or not responding.") from error
        if isinstance(error, OSError) and not file.is_file():
            return None, "The file is gone."
        if isinstance(error, PermissionError):
            return None, f"The file can’t be read: {error.strerror}."
        raise


def _read(file: Path) -> bytes:
    """Return the bytes of a picture. Raises UnusableImage before a film of gigabytes is read."""
    if file.is_symlink():
        raise UnusableImage("This is a link to a file. Put the file itself here.")
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
        if head:
            format_of(head)
        most = settings.PHOTO_LIMITS.max_bytes
        return head + opened.read(max(0, most + 1 - len(head)))


def outcome(photo: Photo | None, sentence: str) -> str:
    """Return what a command says became of a file."""
    if photo is None:
        return sentence
    return f"{photo.pk}. {photo.state_sentence}" if photo.is_to_compare else str(photo.pk)


def sidecar_of(file: Path) -> Path | None:
    """Return “name.xmp” or “name.jpg.xmp” beside a file."""
    candidates = (file.with_suffix(".xmp"), file.with_suffix(".XMP"), file.with_name(file.name + ".xmp"))
    return next((each for each in candidates if each != file and each.is_file()), None)


class HotFolder:
    """A folder looked at again and again, with the folders in it.

    A file is taken when its size has not changed between two looks, and then moved to “taken” or “refused”.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.states: dict[Path, tuple[int, float]] = {}

    def look(self, *, settled: bool = True) -> Iterator[tuple[Path, Photo | None, str]]:
        """Take what has arrived; with `settled` False, without waiting for a second look. Raises StoreAway, OSError."""
        for place in (TAKEN, REFUSED):  # Before anything is taken that could then not be put away.
            (self.folder / place).mkdir(exist_ok=True)
        rules = FolderRule.objects.by_folder()
        before, self.states = self.states, {}
        for file in list(_inside(self.folder, frozenset({self.folder / TAKEN, self.folder / REFUSED}))):
            state = self._state(file)
            if state is None or (settled and before.get(file) != state):
                self.states |= {file: state} if state else {}
                continue
            if file.suffix.lower() == _SIDECAR:
                if not self._is_orphan(file):
                    self.states[file] = state
                    continue
                photo, sentence = None, "No picture of this name arrived with these labels. Send the picture again."
            else:
                photo, sentence = take(file, self._rule(file, rules))
            self._put_away(file, sentence)
            yield file, photo, sentence

    @staticmethod
    def _state(file: Path) -> tuple[int, float] | None:
        """Return what changes while a file arrives; None where it is gone by now, as a sidecar put away with its picture."""
        try:
            found = file.lstat()
        except OSError:
            return None
        return found.st_size, found.st_mtime

    @staticmethod
    def _is_orphan(sidecar: Path) -> bool:
        stem = sidecar.name[: -len(_SIDECAR)].lower()
        beside = (each.name.lower() for each in sidecar.parent.iterdir() if each.suffix.lower() != _SIDECAR)
        if any(name == stem or name.rpartition(".")[0] == stem for name in beside):
            return False
        found = sidecar.lstat()
        return time.time() - max(found.st_mtime, found.st_ctime) > _PATIENCE

    def _rule(self, file: Path, rules: dict[str, FolderRule]) -> FolderRule | None:
        """Return the rule of the nearest folder that has one."""
        parts = [part.casefold() for part in file.parent.relative_to(self.folder).parts]
        keys = ("/".join(parts[:length]) for length in range(len(parts), -1, -1))
        return next((rules[key] for key in keys if key in rules), None)

    def _put_away(self, file: Path, sentence: str) -> None:
        inside = file.relative_to(self.folder)
        folder = self.folder / (REFUSED if sentence else TAKEN) / inside.parent
        folder.mkdir(parents=True, exist_ok=True)
        sidecar = sidecar_of(file)
        place = _free(folder / file.name)
        if sidecar:
            sidecar.replace(_free(folder / sidecar.name))
        if file.exists() or file.is_symlink():
            file.replace(place)
        if sentence:
            place.with_name(f"{place.name}.txt").write_text(sentence + "\n")
            UntakenFile.objects.note(inside.as_posix(), sentence)


def _free(path: Path) -> Path:
    """Return a path that nothing has yet: a second “a.jpg” becomes “a (2).jpg”."""
    number, free = 1, path
    while free.exists() or free.is_symlink():
        number += 1
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return free
