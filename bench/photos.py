"""What photos cost: `python -m bench.photos relabel` writes an agency's new name into its files, `… upload` takes a picture in,
`… intake` takes in several with a credit, at a desk that knows many photographers.

Each run has a database and files of its own in a folder that is removed afterwards. CPU is the process's own, so that a
busy machine changes it little.
"""

import argparse
import io
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    options = _arguments()
    folder = tempfile.mkdtemp(prefix="marquee-bench-")
    os.environ |= {"VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "bench.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    try:
        call_command("migrate", verbosity=0)
        options.run(options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.photos")
    kinds = parser.add_subparsers(required=True)
    relabelling = kinds.add_parser("relabel", help="correct the name of an agency and write it into every file")
    relabelling.add_argument("--photos", type=int, default=500, help="how many photos to make; the figures are scaled")
    relabelling.set_defaults(run=relabel)
    taking = kinds.add_parser("upload", help="take a picture in and make its renditions, in a process of their own")
    taking.add_argument("--megapixels", type=float, default=12)
    taking.add_argument("--format", choices=["JPEG", "PNG", "WEBP", "AVIF", "TIFF"], default="JPEG")
    taking.set_defaults(run=upload)
    several = kinds.add_parser(
        "intake", help="take in pictures one after another at a desk that knows many photographers"
    )
    several.add_argument("--megapixels", type=float, default=2)
    several.add_argument("--photographers", type=int, default=1000)
    several.add_argument("--pictures", type=int, default=10, help="how many are measured, after one that is not")
    several.set_defaults(run=intake)
    step = kinds.add_parser("step")
    step.add_argument("name", choices=sorted(STEPS))
    step.add_argument("file")
    step.set_defaults(run=lambda options: STEPS[options.name](Path(options.file)))
    return parser.parse_args()


# The files of an agency


def relabel(options) -> None:
    from media import tasks
    from media.models import Agency, Rendition

    agency = Agency.objects.get(name="Getty Images")
    _grow(options.photos, agency)
    files = Rendition.objects.count()
    print(f"{options.photos:,} photos with {files:,} files of {_bytes_of(Rendition):,} bytes")
    agency.name = "Getty Pictures"
    began, cpu = time.perf_counter(), time.process_time()
    agency.save()
    print(f"saving the name: {time.perf_counter() - began:.2f} s")
    began, cpu = time.perf_counter(), time.process_time()
    changed = sum(_run(tasks.relabel))
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    print(
        f"{changed:,} files changed: {cpu:.1f} s of CPU, {wall:.1f} s in all, {cpu / files * 1e6:.0f} µs of CPU a file"
    )
    share = 10_000 / options.photos
    print(f"10,000 such photos: {cpu * share / 60:.1f} min of CPU, {wall * share / 60:.1f} min in all")


def _run(task):
    """Run the tasks that wait, as a worker does, and yield what they return."""
    from django_tasks_db.models import DBTaskResult

    while waiting := list(DBTaskResult.objects.ready().filter(task_path=task.module_path)):
        for row in waiting:
            row.status = "SUCCESSFUL"
            row.save(update_fields=["status"])
            yield task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])


def _grow(count: int, agency) -> None:
    """Make one photo with all its files, and the others as copies of it."""
    from media import tasks
    from media.models import CreditAgency, Photo, PhotoCredit, Rendition

    credit = PhotoCredit.objects.create(supplied_line="Getty Images")
    CreditAgency.objects.create(credit=credit, agency=agency, position=0)
    first = Photo.objects.take(_picture(2, "JPEG"), "first.jpg", credit=credit)
    for task in (tasks.make_renditions, tasks.make_avif):
        task.call(str(first.pk))
    first.refresh_from_db()
    made = list(first.renditions.all())
    for number in range(count - 1):
        photo = Photo.objects.get(pk=first.pk)
        photo.pk, photo.sha256, photo._state.adding = Photo().pk, f"{number:064x}", True
        Photo.objects.bulk_create([photo])
        Rendition.objects.bulk_create([_copy(row, photo) for row in made])


def _copy(row, photo):
    from media.models import Rendition

    values = {
        name: getattr(row, name) for name in ("version", "crop", "format", "width", "height", "byte_size", "labels")
    }
    copy = Rendition(photo=photo, packet_at=row.packet_at, **values)
    copy.file.name = copy.path
    Path(copy.file.path).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(row.file.path, copy.file.path)
    return copy


def _bytes_of(model) -> int:
    from django.db.models import Sum

    return model.objects.aggregate(total=Sum("byte_size"))["total"]


# One picture


def upload(options) -> None:
    """Print what each step costs in a process that does nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture"
        path.write_bytes(_picture(options.megapixels, options.format))
        print(f"{options.megapixels:g} megapixels, {options.format}, {path.stat().st_size / 1e6:.1f} MB")
        for name in STEPS:
            command = [sys.executable, "-m", "bench.photos", "step", name, str(path)]
            subprocess.run(command, check=True)


def _taken(path: Path) -> None:
    from media.models import Photo

    with _measured("upload request (checked, read, kept, first files made)"):
        Photo.objects.take(path.read_bytes(), "picture")


def _made(path: Path) -> None:
    from media.files import imaging

    data = path.read_bytes()
    with _measured("every crop and width as JPEG and WebP"):
        for _ in imaging.renditions(data, (0.5, 0.4), tuple(imaging.CROPS), None, ("jpg", "webp")):
            pass


def _avif(path: Path) -> None:
    from media.files import imaging

    data = path.read_bytes()
    with _measured("every width as AVIF"):
        for _ in imaging.renditions(data, (0.5, 0.4), ("full",), None, ("avif",)):
            pass


STEPS = {"taken": _taken, "made": _made, "avif": _avif}


# Many pictures


_GIVEN = ("Ada", "Ben", "Cleo", "Dan", "Edda", "Finn", "Greta", "Hal", "Iris", "Jon")
_CAPTION = (
    "LOS ANGELES, CALIFORNIA - DECEMBER 0{day}: Marla Quint attends the premiere of “The Glass Orchard” at the Corona "
    "Theater on December 0{day}, 2031 in Los Angeles, California. (Photo by {name}/Getty Images for Netflix)"
)
_PACKET = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
    'photoshop:Credit="Getty Images for Netflix" photoshop:Source="Getty Images North America" '
    'photoshop:DateCreated="2031-12-0{day}T19:30:00-08:00" photoshop:City="Los Angeles" '
    'photoshop:TransmissionReference="77580{day}" photoshop:Instructions="Not for sale in Germany.">'
    "<dc:creator><rdf:Seq><rdf:li>{name}</rdf:li></rdf:Seq></dc:creator><dc:description><rdf:Alt>"
    '<rdf:li xml:lang="x-default">{caption}</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF></x:xmpmeta>'
)


def intake(options) -> None:
    """Print the median of what a picture costs, where every fifth credits somebody nobody has heard of."""
    from statistics import median

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from media.models import Photo, Photographer

    names = [f"{_GIVEN[number % 10]} Q{_letters(number)}" for number in range(options.photographers)]
    Photographer.objects.bulk_create(Photographer(name=name) for name in names)
    files = [_labelled(options, number, names) for number in range(options.pictures + 1)]
    spent, statements = [], []
    for number, data in enumerate(files):
        with CaptureQueriesContext(connection) as asked:
            cpu = time.process_time()
            Photo.objects.take(data, f"{number}.jpg")
            spent.append(time.process_time() - cpu)
        statements.append(len(asked))
    print(
        f"{options.megapixels:g} megapixels, {options.photographers:,} photographers: {median(spent[1:]):.3f} s of CPU a "
        f"picture (most {max(spent[1:]):.3f}, the first {spent[0]:.3f}), {median(statements[1:]):g} statements, peak {_peak()} MB"
    )


def _letters(number: int) -> str:
    return "".join(chr(97 + number // 26**place % 26) for place in range(4))


def _labelled(options, number: int, names: list[str]) -> bytes:
    from PIL import Image

    name = names[number * 7 % len(names)] if number % 5 else f"Newcomer Q{_letters(number + 7)}"
    values = {"name": name, "day": number % 9 + 1}
    packet = _PACKET.format(caption=_CAPTION.format(**values), **values)
    picture = Image.open(io.BytesIO(_picture(options.megapixels, "PNG")))
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=88, xmp=packet.encode())
    return buffer.getvalue()


class _measured:
    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self):
        self.began, self.cpu, self.before = time.perf_counter(), time.process_time(), _peak()

    def __exit__(self, *error):
        wall, cpu = time.perf_counter() - self.began, time.process_time() - self.cpu
        print(f"{self.name}: {cpu:.2f} s of CPU, {wall:.2f} s in all, peak {_peak()} MB (before: {self.before} MB)")


def _peak() -> int:
    """Return the most memory this process ever held, in megabytes; Linux counts a parent's into getrusage."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) // 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1024 * 1024) if sys.platform == "darwin" else most // 1024


def _picture(megapixels: float, form: str) -> bytes:
    """Return a picture with detail everywhere, as a camera's has: noise over soft gradients, 3:2."""
    from PIL import Image, ImageChops

    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    size = (round(height * 1.5), height)
    grain = Image.effect_noise((size[0] // 2, size[1] // 2), 24).resize(size)
    bands = [Image.radial_gradient("L").rotate(turn).resize(size) for turn in (0, 90, 210)]
    picture = Image.merge("RGB", [ImageChops.overlay(band, grain) for band in bands])
    buffer = io.BytesIO()
    picture.save(buffer, form, **({"quality": 88} if form in {"JPEG", "WEBP", "AVIF"} else {}))
    return buffer.getvalue()


if __name__ == "__main__":
    main()
