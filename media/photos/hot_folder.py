"""Files that arrive in a folder, from an agency's feed or a photographer, become photos."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from ..files import store
from ..files.unusable import UnusableImage
from .photo import Photo


class StoreAway(Exception):
    """The store of photos does not answer: nothing is wrong with the file, and it is taken another time."""


SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".avif", ".tif", ".tiff"})


def pictures(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files themselves and, of folders, everything inside that is named like a picture."""
    for path in paths:
        if path.is_dir():
            yield from sorted(each for each in path.rglob("*") if each.is_file() and each.suffix.lower() in SUFFIXES)
        else:
            yield path


def take(file: Path) -> tuple[Photo | None, str]:
    """Return the photo, or None and a sentence why the file is refused. Raises StoreAway."""
    sidecar = sidecar_of(file)
    try:
        data, xmp = file.read_bytes(), sidecar.read_bytes() if sidecar else b""
    except OSError as error:
        return None, f"The file can’t be read: {error.strerror}."
    try:
        return Photo.objects.take(data, file.name, sidecar=xmp), ""
    except UnusableImage as error:
        return None, str(error)
    except Exception as error:
        if not store.is_down(error):
            raise
        raise StoreAway(f"{file.name} could not be stored: photo storage is full or not responding.") from error


def outcome(photo: Photo | None, sentence: str) -> str:
    """Return what a command says became of a file."""
    if photo is None:
        return sentence
    return f"{photo.pk}. {photo.state_sentence}" if photo.is_to_compare else str(photo.pk)


def sidecar_of(file: Path) -> Path | None:
    """Return “name.xmp” or “name.jpg.xmp” beside a file."""
    candidates = (file.with_suffix(".xmp"), file.with_suffix(".XMP"), file.with_name(file.name + ".xmp"))
    return next((each for each in candidates if each.is_file()), None)


class HotFolder:
    """A folder looked at again and again; a file is taken when its size has not changed between two looks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sizes: dict[Path, tuple[int, float]] = {}

    def look(self, *, settled: bool = True) -> Iterator[tuple[Path, Photo | None, str]]:
        """Take what has arrived; with `settled` False, without waiting for a second look. Raises StoreAway."""
        for file in sorted(
            each for each in self.folder.iterdir() if each.suffix.lower() in SUFFIXES and each.is_file()
        ):
            state = file.stat()
            now = (state.st_size, state.st_mtime)
            if settled and self.sizes.get(file) != now:
                self.sizes[file] = now
                continue
            self.sizes.pop(file, None)
            sidecar = sidecar_of(file)
            photo, sentence = take(file)
            self._put_away(file, sidecar, sentence)
            yield file, photo, sentence

    def _put_away(self, file: Path, sidecar: Path | None, sentence: str) -> None:
        folder = self.folder / ("refused" if sentence else "taken")
        folder.mkdir(exist_ok=True)
        for each in filter(None, (file, sidecar)):
            each.replace(folder / each.name)
        if sentence:
            (folder / f"{file.name}.txt").write_text(sentence + "\n")
