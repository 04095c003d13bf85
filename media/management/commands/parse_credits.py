"""manage.py parse_credits: take the credits of captions apart, or read the stored ones again."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from media.credits import line as credit_line
from media.credits.label import may_be_cut
from media.credits.line import Chain, CreditParts, Split, Vocabulary, chains
from media.models import Agency, PhotoCredit


class Command(BaseCommand):
    help = """Reads captions on standard input, one a line or as JSON lines with "raw", and writes each as a JSON line with its credit taken apart."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reparse", action="store_true",
            help="Instead: read the stored credits anew, after agencies or spellings were added, and show what would change.",
        )  # fmt: skip
        parser.add_argument("--apply", action="store_true", help="With --reparse: change them.")

    def handle(self, *args: Any, reparse: bool, apply: bool, **options: Any) -> None:
        if reparse:
            return self.reparse(Agency.objects.vocabulary(checked=True), apply=apply)
        vocabulary = Agency.objects.vocabulary()
        for line in sys.stdin:
            if text := raw(line.rstrip("\n")):
                self.stdout.write(
                    json.dumps(described(credit_line.split(text, vocabulary), vocabulary), ensure_ascii=False)
                )

    def reparse(self, vocabulary: Vocabulary, *, apply: bool) -> None:
        changed = 0
        for credit in PhotoCredit.objects.reread().with_parts().iterator(chunk_size=500):
            read = chains(credit.supplied_line, vocabulary)
            is_unread = any(chain.parts is None for chain in read)
            if is_unread or (credit.needs_check and may_be_cut(credit.supplied_line)):
                continue
            stored = [replace(chain, parts=canonical(chain.parts or CreditParts(), vocabulary)) for chain in read]
            before, after = said(named(credit)), said(stored)
            if before == after and not credit.needs_check:
                continue
            changed += 1
            self.show(credit, before, after)
            if apply:
                credit.set_chains(stored)
        done = "changed" if apply else "would change; run again with --apply to change them"
        self.stdout.write(f"{changed} credit{'' if changed == 1 else 's'} {done}.")

    def show(self, credit: PhotoCredit, before: list[dict], after: list[dict]) -> None:
        self.stdout.write(f"{credit.pk}: {credit.supplied_line}")
        nothing = said([Chain("", CreditParts())])[0]
        for number, (was, will) in enumerate(zip_longest(before, after, fillvalue=nothing), 1):
            for name in (name for name in was if was[name] != will[name]):
                which = name if len(before) == len(after) == 1 else f"{name} of credit {number}"
                self.stdout.write(f"  - {which}: {was[name]}\n  + {which}: {will[name]}")


def canonical(parts: CreditParts, vocabulary: Vocabulary) -> CreditParts:
    """Return the parts under the names that rows have, as they will be stored."""
    organisations = ((name, vocabulary.organisation(name)) for name in parts.agencies)
    return replace(
        parts,
        agencies=tuple(dict.fromkeys(found.name if found else name for name, found in organisations)),
        photographers=tuple(dict.fromkeys(vocabulary.photographer(name) or name for name in parts.photographers)),
    )


def named(credit: PhotoCredit) -> list[Chain]:
    """Return a credit's chains under the names of its rows, before they are set in name case."""
    rows = credit.creditphotographer_set.all()
    names = (tuple(row.photographer.name for row in rows if row.chain == number) for number in credit.distributors)
    return [
        replace(chain, parts=replace(chain.parts or CreditParts(), photographers=each))
        for chain, each in zip(credit.chains, names, strict=True)
    ]


def said(read: Sequence[Chain]) -> list[dict]:
    """Return what chains say, as it is compared and shown; the place only where there are several."""
    return [
        pairs(chain.parts or CreditParts()) | ({"position": chain.place} if len(read) > 1 else {}) for chain in read
    ]


def raw(line: str) -> str:
    """Return the caption of a line, which may be a JSON object."""
    if line.startswith("{"):
        try:
            return str(json.loads(line)["raw"])
        except (ValueError, KeyError, TypeError):
            pass
    return line


def described(split: Split, vocabulary: Vocabulary) -> dict:
    """Return a caption's credit as one flat list of names, and as the credits it is made of."""
    parts, chains = split.parts or CreditParts(), split.chains(vocabulary)
    return {
        "raw": split.raw, "is_credited": split.credit_line is not None, "caption": split.caption,
        "credit_line": split.credit_line, **pairs(parts), "agencies": list(parts.organisations),
        "needs_check": any(chain.parts is None for chain in chains), "credits": [credited(chain) for chain in chains],
    }  # fmt: skip


def credited(chain: Chain) -> dict:
    """Return one credit of a line; `position` is where in the picture it holds, such as "left"."""
    parts = chain.parts or CreditParts()
    return {
        "position": chain.place, "line": chain.line, **pairs(parts), "agencies": list(parts.organisations),
        "license_url": parts.license_url,
    }  # fmt: skip


def pairs(parts: CreditParts) -> dict:
    return {
        "photographers": list(parts.photographers), "agencies": list(parts.agencies),
        "on_behalf_of": parts.on_behalf_of, "courtesy_of": parts.courtesy_of, "handle": parts.handle,
    }  # fmt: skip
