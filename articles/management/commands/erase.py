"""Erase the words of a story, or a person's name, for a court order or a data-protection request."""

from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from articles.models import Article
from articles.stories import erasing, sealing
from articles.text.given import whole_number
from media.local_time import say
from media.models import Site


class Command(BaseCommand):
    help = (
        "Seal a story (--article ID), or erase a name (--person, --author or --photographer with the slug or number of its "
        "page, or --name for one that only texts hold), for a court order or a data-protection request. Says what is "
        "blanked, what is kept and why. It cannot be undone: begin with --dry-run."
    )

    def add_arguments(self, parser):
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--article", metavar="ID", help="The id of the story.")
        what.add_argument("--person", metavar="SLUG", help="The last part of the address of the person's page.")
        what.add_argument("--author", metavar="SLUG", help="The last part of the address of the author's page.")
        what.add_argument("--photographer", metavar="NUMBER", help="The number in the address of the admin page.")
        what.add_argument("--name", help="The whole name of somebody who has no page here.")
        parser.add_argument("--reason", required=True, help="Kept in the log: do not repeat the words that must go.")
        parser.add_argument(
            "--by", required=True, metavar="USER", help="Who answers for it: a user who may seal stories."
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would be done and change nothing.")

    def handle(self, *, reason, by, dry_run, **options):
        user = get_user_model().objects.filter(username=by).first()
        if user is None:
            raise CommandError(f"There is no user “{by}”. Name a colleague who may seal stories.")
        try:
            if options.get("article"):
                self._story(options["article"], user, reason, dry_run)
            else:
                self._name(_named(options), user, reason, dry_run)
        except (ValidationError, PermissionDenied) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error

    def _story(self, key, user, reason, dry_run):
        story = _story_of(key)
        self._say(story.left(), sealing.OUT_OF_REACH)
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

    def _name(self, who, user, reason, dry_run):
        self._say(who.left(), erasing.OUT_OF_REACH)
        for row in who.namesakes():
            self.stdout.write(f"“{row}” has a page of its own: erase it by --{row._meta.model_name}, too.")
        self._end(dry_run or who.erase(by=user, reason=reason), dry_run)

    def _say(self, found, out_of_reach):
        for left in found:
            place = left.place
            self.stdout.write(f"{place.name}: {left.count}. Blanked: {place.blanked or '–'} Kept: {place.kept or '–'}")
        for sentence in out_of_reach:
            self.stdout.write(f"Not changed: {sentence}")

    def _end(self, entry, dry_run):
        said = "Nothing was changed." if dry_run else f"Done and logged {say(entry.at, Site.objects.zone())}."
        self.stdout.write(said)


def _named(options):
    if options.get("name"):
        return erasing.Named.called(options["name"])
    kind = next(kind for kind in erasing.KINDS if options.get(kind))
    given, rows = options[kind], erasing.KINDS[kind]._default_manager
    found = rows.filter(slug=given) if kind != "photographer" else rows.filter(pk=whole_number(given))
    if (row := found.first()) is None:
        raise CommandError(f"There is no {kind} at “{given}”. Look at the address of the page.")
    return erasing.Named.of(row)


def _story_of(key):
    try:
        story = Article.objects.filter(pk=UUID(key)).first()
    except ValueError as error:
        raise CommandError(f"“{key}” is not the id of a story. It stands in the address of its page.") from error
    if story is None:
        raise CommandError(f"There is no story with the id {key}.")
    return story
