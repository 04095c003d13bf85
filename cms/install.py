"""Make .venv and install the locked requirements into it: `python3 cms/install.py requirements.txt …`.

Runs on the machine's own Python with nothing installed, so it speaks plainly and imports only the standard library.
A stamp in .venv remembers what was installed; the second time takes no time.
"""

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed"


def main(names: list[str]) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - this runs before we know what Python there is
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit("Marquee needs Python 3.11 or newer, but this is %s. Name another: make run PYTHON=python3.11" % found)  # noqa: UP031
    if not (VENV / "bin" / "python").exists():
        make_venv()
    wanted = {name: fingerprint(ROOT / name) for name in names}
    done = dict(line.split() for line in STAMP.read_text().splitlines()) if STAMP.exists() else {}
    missing = [name for name in names if done.get(name) != wanted[name]]
    # Development requirements hold the runtime's as well, so that one installation is enough.
    for name in missing[-1:]:
        install(name)
    if missing:
        STAMP.write_text("".join(f"{name} {digest}\n" for name, digest in (done | wanted).items()))


def fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def make_venv() -> None:
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit("This Python lacks its venv module. Install it first (on Debian: apt-get install python3-venv).")
    print("Creating .venv …", flush=True)
    run([sys.executable, "-m", "venv", str(VENV)], "The virtual environment .venv could not be created; see above.")


def install(name: str) -> None:
    """Install one locked file with hashes; uv does it where it is there already, else pip."""
    print(f"Installing {name} …", flush=True)
    uv, python = VENV / "bin" / "uv", str(VENV / "bin" / "python")
    flags = ["--quiet", "--require-hashes", "-r", str(ROOT / name)]
    if uv.exists():
        tool = [str(uv), "pip", "install", "--python", python]
    else:
        tool = [python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    run([*tool, *flags], f"{name} could not be installed; see above. Is there a network?")


def run(command: list[str], sentence: str) -> None:
    try:
        if subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode:  # noqa: S603
            sys.exit(sentence)
    except KeyboardInterrupt:
        sys.exit("Stopped while installing. Run it again to go on.")


if __name__ == "__main__":
    main(sys.argv[1:])
