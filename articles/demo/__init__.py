"""The demo: stories, people and pictures of a world that does not exist.

Data and drawing only; `loading` alone knows the models.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@cache
def world() -> dict[str, Any]:
    """Return everything in world.json: site, sections, tags, authors, people, works, pictures and stories, by slug or name."""
    return json.loads((HERE / "world.json").read_text(encoding="utf-8"))


def story_text(name: str) -> str:
    """Return the story as it would be pasted. Raises KeyError for a name that world.json does not list."""
    return (HERE / "stories" / world()["stories"][name]["file"]).read_text(encoding="utf-8")


def picture(name: str) -> bytes:
    """Return the JPEG of a picture, drawn now (about half a second). Raises KeyError for an unknown name."""
    # Drawing needs Pillow; telling what the demo holds does not.
    from articles.demo.pictures import picture_file  # noqa: PLC0415

    entry = world()["pictures"][name]
    return picture_file(entry["spec"], entry["metadata"])
