"""Damaged and hostile files against the upload check, in a process of its own that a crash or a hang would end."""

import io
import os
import random
import signal
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

from PIL import Image

from media.files.imaging import UnusableImage, inspect, open_master, renditions
from tests.pictures import FORMATS, claiming, saved, scene

MUTANTS = 2_000 if os.environ.get("MARQUEE_LONG") else 300
HANG_SECONDS = 5
MOST_MEMORY = 700  # MiB; a header that lies must not be believed when memory is taken.


def test_no_mutated_picture_crashes_hangs_or_gets_in_without_decoding():
    command = [sys.executable, "-X", "faulthandler", "-m", "tests.test_image_fuzz", str(MUTANTS)]
    run = subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout[-500:] + run.stderr[-3000:]
    refused, accepted = map(int, run.stdout.split()[-2:])
    assert refused + accepted == MUTANTS
    assert refused > MUTANTS // 2
    assert accepted > MUTANTS // 50


# --- in the process of its own ----------------------------------------------------------------------------------------


def flip_bits(data, format, rnd):
    flipped = bytearray(data)
    for _ in range(rnd.choice([1, 2, 8, 40])):
        flipped[rnd.randrange(len(flipped))] ^= 1 << rnd.randrange(8)
    return bytes(flipped)


def flip_header(data, format, rnd):
    return flip_bits(data[:200], format, rnd) + data[200:]


def truncate(data, format, rnd):
    return data[: rnd.randrange(len(data) - 20)]


def blank_out(data, format, rnd):
    start, length = rnd.randrange(len(data)), rnd.randrange(1, 400)
    return data[:start] + bytes([rnd.choice([0, 255])]) * len(data[start : start + length]) + data[start + length :]


def repeat_or_drop(data, format, rnd):
    start, length = rnd.randrange(len(data)), rnd.randrange(1, 400)
    return data[:start] + data[start : start + length] * rnd.choice([0, 2, 50]) + data[start + length :]


def splice(data, format, rnd):
    other = rnd.choice(SEEDS)[1]
    return data[: rnd.randrange(len(data))] + other[rnd.randrange(len(other)) :]


def lie(data, format, rnd):
    if format == "gif":
        return data
    sides = [1, 17, 121, 5_000, 16_383, 50_000]
    return claiming(data, format, rnd.choice(sides), rnd.choice(sides))


def claim_fifty_thousand(data, format, rnd):
    return data if format == "gif" else claiming(data, format, 50_000, 50_000)


def append_archive(data, format, rnd):
    buffer = io.BytesIO(data)
    buffer.seek(0, io.SEEK_END)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("a.php", rnd.randbytes(50))
    return buffer.getvalue()


def append_page(data, format, rnd):
    return data + rnd.choice([b"<html><script>alert(1)</script>", b"%PDF-1.7 1 0 obj", b"*/=1;alert(1)//////////"])


def prepend(data, format, rnd):
    return (
        rnd.choice([b"<svg onload=alert(1)>", b"%!PS-Adobe-3.0\n", b"push graphic-context\n", b"\0", b"PK\x03\x04"])
        + data
    )


def write_script(data, format, rnd):
    text = rnd.choice(
        [
            b"push graphic-context\nviewbox 0 0 640 480\nimage over 0,0 0,0 'ephemeral:/etc/passwd'\npop graphic-context",
            b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
            b"%!PS\nuserdict /setpagedevice undef\n(%pipe%id) (r) file\n",
            b"<?xml version='1.0'?><image><read filename='https://example.com/x.png'/></image>",
        ]
    )
    return text + rnd.randbytes(rnd.randrange(40))


MUTATIONS = (
    flip_bits, flip_header, truncate, blank_out, repeat_or_drop, splice, lie,
    claim_fifty_thousand, append_archive, append_page, prepend, write_script,
)  # fmt: skip
NEVER_ACCEPTED = {truncate, claim_fifty_thousand, append_archive, append_page, prepend, write_script}


def make_seeds():
    noise = Image.frombytes("RGB", (97, 61), random.Random(7).randbytes(97 * 61 * 3))
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "A caption"
    exif.get_ifd(0x8825)[1] = "N"
    pictures = (scene(160, 120), noise)
    seeds = [(format, saved(picture, format, exif=exif.tobytes())) for format in FORMATS for picture in pictures]
    seeds += [("jpeg", saved(noise, "jpeg", progressive=True)), ("webp", saved(noise, "webp", lossless=True))]
    seeds += [("jpeg", saved(scene().convert("CMYK"), "jpeg")), ("png", saved(scene().convert("RGBA"), "png"))]
    seeds += [("avif", saved(scene().convert("RGBA"), "avif")), ("gif", saved(scene(), "gif"))]
    seeds += [("tiff", saved(noise, "tiff", compression=kind)) for kind in ("tiff_lzw", "jpeg", "tiff_deflate")]
    return seeds


SEEDS = make_seeds()


def is_accepted(data):
    """Whether the check lets it in; what it lets in must decode, whole and small, to the size it said."""
    try:
        found = inspect(data)
    except UnusableImage as refused:
        assert str(refused).endswith("."), refused
        return False
    assert open_master(data).size == (found.width, found.height)
    assert list(renditions(data, crops=["ratio_1_1"], widths=[320], formats=["jpg"]))
    return True


def most_memory():
    """Return the most MiB that this process ever held. `ru_maxrss` would tell of the process that began it, too."""
    return int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) // 1024


def fuzz(count):
    import faulthandler

    warnings.simplefilter("ignore")
    # Seconds of our own CPU: on a busy machine the clock on the wall says nothing about a decoder.
    faulthandler.register(signal.SIGPROF, chain=True)
    tally = [0, 0]
    for number in range(count):
        rnd = random.Random(number)
        format, seed = SEEDS[number % len(SEEDS)]
        mutation = MUTATIONS[number // len(SEEDS) % len(MUTATIONS)]
        print(number, format, mutation.__name__, flush=True)
        mutant = mutation(seed, format, rnd)
        signal.setitimer(signal.ITIMER_PROF, HANG_SECONDS)
        accepted = is_accepted(mutant)
        signal.setitimer(signal.ITIMER_PROF, 0)
        assert not (accepted and mutation in NEVER_ACCEPTED), "This should never be let in."
        tally[accepted] += 1
    assert most_memory() < MOST_MEMORY, most_memory()
    print(*tally)


if __name__ == "__main__":
    fuzz(int(sys.argv[1]))
