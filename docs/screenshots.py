"""Pictures of the main screens, light, dark and on a phone, of a running demo.

    make run                                             # in another terminal
    .venv/bin/python docs/screenshots.py                 # into var/screens/
    .venv/bin/python docs/screenshots.py --tour          # those of the README, into docs/screenshots/

Needs the development requirements and a Chromium.
"""

import argparse
import io
import json
import re
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1360, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1360, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "has_touch": True},
}
STORY = "‘A Map of Small Fires’ Review"
PHOTO = "Mirela"
TOUR = {"story": "editor", "picker": "picker", "publishing": "publishing", "photo": "photo"}


def main() -> None:
    options = arguments()
    looks = {"light": LOOKS["light"]} if options.tour else LOOKS
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=["--no-sandbox"])
        for look, settings in looks.items():
            context = browser.new_context(**settings, locale="en-US")
            context.set_default_timeout(60_000)
            walk(context.new_page(), options, look)
            context.close()
        browser.close()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--into", type=Path, default=ROOT / "var" / "screens")
    parser.add_argument("--logins", type=Path, default=ROOT / "var" / "logins.json")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--tour", action="store_true", help="only the pictures of the README, small, as WebP")
    parser.add_argument("--only", nargs="*", help="names of screens")
    return parser.parse_args()


def walk(page: Page, options: argparse.Namespace, look: str) -> None:
    def keep(name: str, whole: bool = True) -> None:
        if options.only and name not in options.only:
            return
        page.wait_for_timeout(600)
        if options.tour:
            if name in TOUR:
                small(page.screenshot(), ROOT / "docs" / "screenshots" / f"{TOUR[name]}.webp")
            return
        options.into.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=options.into / f"{name}-{look}.png", full_page=whole)

    page.goto(f"{options.url}/admin/")
    keep("login")
    log_in(page, options)
    keep("dashboard")
    for name, visit in SCREENS.items():
        if not options.only or name in options.only:
            visit(page, options.url)
            keep(name, whole=name != "picker")


def log_in(page: Page, options: argparse.Namespace) -> None:
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(json.loads(options.logins.read_text())["admin"])
    page.get_by_role("button", name="Log in").click()
    page.wait_for_load_state("networkidle")


def small(png: bytes, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    Image.open(io.BytesIO(png)).convert("RGB").save(path, "WEBP", quality=82, method=6)


# ---- the screens -----------------------------------------------------------------------------------------------------


def stories(page: Page, url: str) -> None:
    page.goto(f"{url}/admin/articles/article/")


def story(page: Page, url: str) -> None:
    page.goto(f"{url}/admin/articles/article/?q=A+Map+of+Small+Fires")
    page.locator("#result_list .field-headline_line a", has_text=STORY).first.click()
    page.locator(".tiptap").wait_for()
    page.locator(".panel").wait_for()
    page.wait_for_load_state("networkidle")


def picker(page: Page, url: str) -> None:
    story(page, url)
    page.locator(".tiptap p").first.click()
    page.keyboard.press("Control+Alt+p")
    page.locator(".mq-tile img").first.wait_for()
    page.locator(".mq-tile").nth(2).click()
    page.wait_for_load_state("networkidle")


def publishing(page: Page, url: str) -> None:
    story(page, url)
    page.goto(re.sub(r"change/.*$", "publishing/", page.url))
    page.get_by_text("Schedule", exact=True).first.click()


def history(page: Page, url: str) -> None:
    story(page, url)
    page.goto(re.sub(r"change/.*$", "versions/", page.url))
    if page.get_by_role("link", name="Compare").count():
        page.get_by_role("link", name="Compare").first.click()


def import_(page: Page, url: str) -> None:
    page.goto(f"{url}/admin/articles/article/import/")
    text = (ROOT / "articles" / "demo" / "stories" / "salt-meridian-premiere.txt").read_text()
    page.get_by_label("Story", exact=True).fill(text)
    page.get_by_role("button", name="Read the story").click()
    page.locator(".lines").wait_for()


def photos(page: Page, url: str) -> None:
    page.goto(f"{url}/admin/media/photo/")
    page.wait_for_load_state("networkidle")


def photo(page: Page, url: str) -> None:
    page.goto(f"{url}/admin/media/photo/?q={PHOTO}")
    page.locator("#result_list a[href*='/change/']").first.click()
    page.wait_for_load_state("networkidle")


SCREENS = {
    "stories": stories, "story": story, "picker": picker, "import": import_, "publishing": publishing,
    "history": history, "photos": photos, "photo": photo,
}  # fmt: skip


if __name__ == "__main__":
    main()
