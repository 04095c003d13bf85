"""Make .venv and install the locked requirements into it: `python3 cms/install.py requirements.txt …`.

Runs on the machine's own Python with nothing installed, so it speaks plainly and imports only the standard library.
A stamp in .venv remembers what was installed; the second time takes no time. There is no stamp while something is being
installed, so that whatever a kill leaves half done is recognized and made anew.
"""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "installed"
SECONDS_PER_DOT = 2


def main(names):
    if sys.version_info < (3, 11):  # noqa: UP036 - this runs before we know what Python there is
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit("Marquee needs Python 3.11 or newer, but this is %s. Name another: make run PYTHON=python3.11" % found)  # noqa: UP031
    turn = wait_for_turn()
    if not is_whole():
        make_venv(turn)
    wanted = {name: fingerprint(ROOT / name) for name in names}
    done = dict(line.split() for line in STAMP.read_text().splitlines())
    missing = [name for name in names if done.get(name) != wanted[name]]
    # Development requirements hold the runtime's as well, so that one installation is enough.
    for name in missing[-1:]:
        install(name, done, turn)
    if missing:
        stamp(dict(done, **wanted))


def wait_for_turn():
    """Return a lock that no other installation in this folder holds; pip inherits it, and outlives us if it must."""
    turn = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Waiting for another installation to end …", flush=True)
        fcntl.flock(turn, fcntl.LOCK_EX)
    return turn


def is_whole():
    """Return True if .venv was left by an installation that ended, and its Python is still there and has pip."""
    try:
        found = subprocess.run([str(PYTHON), "-c", "import pip"], check=False, capture_output=True)  # noqa: S603
    except OSError:
        return False
    return STAMP.exists() and found.returncode == 0


def fingerprint(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stamp(done: dict[str, str]) -> None:
    draft = STAMP.with_name("installed.new")
    draft.write_text("".join(f"{name} {digest}\n" for name, digest in done.items()))
    draft.replace(STAMP)


def make_venv(turn: int) -> None:
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit("This Python lacks its venv module. Install it first (on Debian: apt-get install python3-venv).")
    STAMP.unlink(missing_ok=True)
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if run("Creating .venv", command, turn):
        sys.exit("The virtual environment .venv could not be created; see above.")
    stamp({})


def install(name: str, done: dict[str, str], turn: int) -> None:
    """Install one locked file with hashes; uv does it where it is there already, else pip."""
    uv, path = VENV / "bin" / "uv", ROOT / name
    flags = ["--quiet", "--require-hashes", "-r", str(path)]
    if uv.exists():
        tool = [str(uv), "pip", "install", "--python", str(PYTHON)]
    else:
        tool = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    count = sum("==" in line and not line.startswith(" ") for line in path.read_text().splitlines())
    STAMP.unlink()
    if run(f"Installing {count} packages of {name}; this may take some minutes", [*tool, *flags], turn):
        # Whatever stopped it by itself left the packages of before in order.
        stamp(done)
        sys.exit(f"{name} could not be installed; the reason is above. If it is the network, run this again later.")


def run(doing: str, command: list[str], turn: int) -> int:
    """Say what is being done, with a dot every other second, and return how the command ended."""
    print(doing, end=" ", flush=True)
    try:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[turn])  # noqa: S603
        while True:
            try:
                code = child.wait(SECONDS_PER_DOT)
                print(flush=True)
                return code
            except subprocess.TimeoutExpired:
                print(".", end="", flush=True)
    except KeyboardInterrupt:
        sys.exit("\nStopped while installing. Run it again to start over.")


if __name__ == "__main__":
    main(sys.argv[1:])
