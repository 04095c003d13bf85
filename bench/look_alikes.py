"""What look-alikes cost and find: `python -m bench.look_alikes pictures FOLDER`, `… asked [--database postgres]`.

The first makes copies of ten pictures of the folder and asks for each, and for up to 10,000 others, if it looks like one of
fifty that were killed. The second asks a million hashes which are near one, and shows the plan. Their quarters are those
of the pictures of `--like FOLDER`, as unevenly as real ones are, or any.
"""

import argparse
import io
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from media.files.perceptual_hash import SAME, SIMILAR, distance, hashes_of_crops, perceptual_hash, quarters

KILLED, COPIED, COPIES, OTHERS, TRIM = 50, 10, 20, 10_000, 0.05


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.look_alikes")
    kinds = parser.add_subparsers(required=True)
    showing = kinds.add_parser("pictures", help="copies that are found, others that are taken for killed ones")
    showing.add_argument("folder", type=Path)
    showing.add_argument("--others", type=Path, help="a folder of its own for the others")
    showing.set_defaults(run=lambda options: pictures(options.folder, options.others))
    asking = kinds.add_parser("asked", help="how long a question takes")
    asking.add_argument("--hashes", type=int, default=1_000_000)
    asking.add_argument("--like", type=Path, help="a folder of pictures")
    asking.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    asking.set_defaults(run=asked)
    options = parser.parse_args()
    options.run(options)


# What is found


def pictures(folder: Path, others_in: Path | None) -> None:
    chance = random.Random(1)
    files = _files(folder)
    chance.shuffle(files)
    killed = [hashes_of_crops(_opened(file)) for file in files[:KILLED]]
    for trim in (0, TRIM, 2 * TRIM):
        copies = [_copy(Image.open(file), chance, trim) for file in files[:COPIED] for _ in range(COPIES)]
        found = sum(_is_like(killed, perceptual_hash(copy)) for copy in copies)
        print(f"trimmed by up to {trim:.0%} a side: {found} of {len(copies)} copies held")
    rest = files[KILLED:] if others_in is None else _files(others_in)
    chance.shuffle(rest)
    others = [perceptual_hash(_opened(file)) for file in rest[:OTHERS]]
    print(f"{sum(_is_like(killed, bits) for bits in others)} of {len(others)} others held, {others.count(None)} flat")


def _is_like(killed: list[list[int]], bits: int | None) -> bool:
    return bits is not None and any(distance(bits, each) <= SAME for hashes in killed for each in hashes)


def _files(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.suffix.lower() in {".jpg", ".jpeg", ".png", ".webp"})


def _opened(file: Path | io.BytesIO) -> Image.Image:
    with Image.open(file) as image:
        picture = image.convert("RGB")
    picture.thumbnail((320, 320))
    return picture


def _copy(image: Image.Image, chance: random.Random, trim: float) -> Image.Image:
    """Return a copy as others pass pictures on: trimmed, resized, encoded anew, without labels."""
    left, top, right, bottom = (chance.uniform(0, trim) for _ in range(4))
    box = left * image.width, top * image.height, (1 - right) * image.width, (1 - bottom) * image.height
    scale = chance.uniform(0.3, 1.2)
    size = round((box[2] - box[0]) * scale), round((box[3] - box[1]) * scale)
    buffer, form = io.BytesIO(), chance.choice(["JPEG", "WEBP"])
    image.convert("RGB").resize(size, chance.choice([2, 3, 1]), box=box).save(
        buffer, form, quality=chance.choice([30, 50, 70, 85])
    )
    return _opened(buffer)


# How long it takes


def asked(options: argparse.Namespace) -> None:
    folder = tempfile.mkdtemp(prefix="marquee-bench-")
    os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"}
    os.environ.pop("DATABASE_URL", None)
    name = "marquee_bench_looks"
    if options.database == "postgres":
        os.environ["DATABASE_URL"] = f"postgres:///{name}"
        os.system(f"dropdb --if-exists {name} && createdb {name}")
    try:
        _ask(options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if options.database == "postgres":
            os.system(f"dropdb --if-exists --force {name}")


def _ask(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from media.models import KilledHash, Notice, PerceptualHash

    call_command("migrate", verbosity=0)
    # Rolled back at the end: the photos that these hashes are said to be of were never there.
    with transaction.atomic():
        notice = Notice.objects.create(kind="kill")
        hashes = list(_hashes(options.hashes, options.like))
        _fill(PerceptualHash, hashes, lambda number: {"photo_id": f"{number:032x}"})
        _fill(KilledHash, hashes, lambda number: {"notice_id": notice.pk})
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        for rows, within in ((PerceptualHash.objects.all(), SIMILAR), (KilledHash.objects.standing(), SAME)):
            _measure(rows, within, hashes)
        transaction.set_rollback(True)


def _hashes(count: int, folder: Path | None) -> Iterator[int]:
    chance = random.Random(1)
    real = [bits for file in _files(folder) if (bits := perceptual_hash(_opened(file))) is not None] if folder else []
    cut = [quarters(bits) for bits in real]
    for _ in range(count):
        parts = [chance.choice(cut)[at] if cut else chance.getrandbits(16) for at in range(4)]
        yield int.from_bytes(b"".join(part.to_bytes(2, "big") for part in parts), "big", signed=True)


def _fill(model, hashes, more) -> None:
    for start in range(0, len(hashes), 10_000):
        part = enumerate(hashes[start : start + 10_000], start)
        model.objects.bulk_create([model(bits=bits, **more(number)) for number, bits in part])


def _measure(rows, within: int, hashes: list[int]) -> None:
    from media.photos.alike import _shares_a_quarter

    chance, took, used, found = random.Random(2), [], [], 0
    for bits in chance.sample(hashes, 60):
        for _ in range(2):
            bits ^= 1 << chance.randrange(62)
        began, cpu = time.perf_counter(), time.process_time()
        found += bool(rows.near(bits, within))
        took.append(time.perf_counter() - began)
        used.append(time.process_time() - cpu)
    candidates = rows.filter(_shares_a_quarter(bits, within // 4))
    read = candidates.count()
    print(
        f"{rows.model.__name__}, up to {within} bits: median {1000 * statistics.median(took):.1f} ms, worst "
        f"{1000 * max(took):.1f} ms ({1000 * statistics.median(used):.1f} ms of our CPU), {read} rows read, {found} of 60 found"
    )
    plan = candidates.values_list("bits", "pk").explain()
    print("\n".join(line[:110] for line in plan.splitlines()))


if __name__ == "__main__":
    main()
