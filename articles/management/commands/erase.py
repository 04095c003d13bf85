"""Erase the words of a story, or a person's name, for a court order or a data-protection request."""

from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from articles.models import Article, Person
from articles.stories import erasing
from articles.stories.sealing import OUT_OF_REACH
from media.local_time import say
from media.models import Site


class Command(BaseCommand):
    help = (
        "Seal a story (--article ID), or erase a person's name (--person SLUG), for a court order or a data-protection "
        "request. Says what is blanked, what is kept and why. It cannot be undone: begin with --dry-run."
    )

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--article", metavar="ID", help="The id of the story.")
        what.add_argument("--person", metavar="SLUG", help="The last part of the address of the person's page.")
        parser.add_argument("--reason", required=True, help="Kept in the log: do not repeat the words that must go.")
        parser.add_argument(
            "--by", required=True, metavar="USER", help="Who answers for it: a user who may seal stories."
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done and change nothing.")

    def handle(self, *, article, person, reason, by, dry_run, **options):
        user = get_user_model().objects.filter(username=by).first()
        if user is None:
            raise CommandError(f"There is no user “{by}”. Name a colleague who may seal stories.")
        try:
            (self._story if article else self._person)(article or person, user, reason, dry_run)
        except (ValidationError, PermissionDenied) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error

    def _story(self, key, user, reason, dry_run):
        story = _story_of(key)
        for left in story.left():
            place = left.place
            self.stdout.write(f"{place.name}: {left.count}. Blanked: {place.blanked or '–'} Kept: {place.kept or '–'}")
        for sentence in OUT_OF_REACH:
            self.stdout.write(f"Not changed: {sentence}")
        copies = story.copies()
        for copy in copies.stories:
            self.stdout.write(
                f"Began with its words, and stays as it is: story {copy.pk}. Erase it by its id if need be."
            )
        for template in copies.templates:
            self.stdout.write(
                f"Began with its words, and stays as it is: template {template.pk}. Remove it on the templates page."
            )
        self._end(dry_run or story.seal(by=user, reason=reason), dry_run)

    def _person(self, slug, user, reason, dry_run):
        person = Person.objects.filter(slug=slug).first()
        if person is None:
            raise CommandError(f"There is no person at the address “{slug}”.")
        for place in erasing.left(person):
            self.stdout.write(f"{place.name}: {place.count}. {place.becomes}")
        self._end(dry_run or erasing.erase(person, by=user, reason=reason), dry_run)

    def _end(self, entry, dry_run):
        said = "Nothing was changed." if dry_run else f"Done and logged {say(entry.at, Site.objects.zone())}."
        self.stdout.write(said)


def _story_of(key):
    try:
        story = Article.objects.filter(pk=UUID(key)).first()
    except ValueError as error:
        raise CommandError(f"“{key}” is not the id of a story. It stands in the address of its page.") from error
    if story is None:
        raise CommandError(f"There is no story with the id {key}.")
    return story
