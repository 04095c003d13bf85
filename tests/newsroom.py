"""Plain functions that make what tests need: real rows through the real verbs, and real image files."""

import io
from functools import cache

from PIL import Image

from articles.models import Article, Author, Person, Section, Tag, Work
from media.models import Agency, Caption, Photo, PhotoCredit, Site


def site(**fields) -> Site:
    return Site.objects.filter(is_default=True).first() or Site.objects.create(
        **{"name": "Marquee Daily", "is_default": True, "url_template": "https://www.example.com{path}"} | fields
    )


def section(name="Film", **fields) -> Section:
    return Section.objects.filter(name=name).first() or Section.objects.create(name=name, site=site(), **fields)


def author(name="June Castellane", **fields) -> Author:
    return Author.objects.get_or_create(name=name, defaults={"job_title": "Staff writer"} | fields)[0]


def person(name="Mara Okonjo", **fields) -> Person:
    return Person.objects.filter(name=name).first() or Person.objects.create(name=name, **fields)


def work(title="The Glass Orchard", **fields) -> Work:
    return Work.objects.filter(title=title).first() or Work.objects.create(title=title, **fields)


def tag(name="Festival season") -> Tag:
    return Tag.objects.filter(name=name).first() or Tag.objects.create(name=name)


@cache
def jpeg(width=1400, height=1000, color=(120, 40, 90), seed=0) -> bytes:
    """Return a small real JPEG with some texture, different for every seed."""
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    image = Image.blend(image, Image.new("RGB", (width, height), color), 0.5)
    image.putpixel((seed % width, 0), (255, 255, 255))
    image.paste((seed * 37 % 256, seed * 91 % 256, seed * 13 % 256), (8, 8, 48, 48))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


def credit(line="Photo by Petra Lindqvist/Getty Images for StreamCo") -> PhotoCredit:
    return PhotoCredit.objects.read(line, Agency.objects.vocabulary())


def photo(
    *,
    caption="Mara Okonjo at the premiere.",
    alt="A woman in a red dress on a red carpet.",
    line=None,
    slot=False,
    seed=None,
    kind="agency",
    **fields,
) -> Photo:
    made = Photo(kind=kind, credit=credit(line) if line else credit(), **fields)
    made.save()
    Caption.objects.create(photo=made, kind="house", text=caption, alt=alt)
    if not slot:
        made.receive(jpeg(seed=Photo.objects.count() if seed is None else seed), name="premiere.jpg")
    return made


def body(*photos, words="The film opens on Friday. Everybody came.") -> str:
    figures = "".join(f'<figure data-photo="{each.pk}" data-layout="wide"></figure>' for each in photos)
    return f"<p>{words}</p><h2>What happened next</h2>{figures}<p>And then the lights went <strong>down</strong>.</p>"


def article(
    headline="Mara Okonjo returns to the red carpet", *, lead=None, photos=(), people=(), works=(), tags=(), **fields
) -> Article:
    made = Article(
        headline=headline,
        section=fields.pop("section", None) or section(),
        site=site(),
        lead_photo=lead,
        **{"body": body(*photos), "standfirst": "A night of long dresses."} | fields,
    )
    made.save()
    made.articleauthor_set.create(author=author())
    for position, each in enumerate(people):
        made.articleperson_set.create(person=each, position=position)
    for position, each in enumerate(works):
        made.articlework_set.create(work=each, position=position)
    made.tags.set(tags)
    return made
