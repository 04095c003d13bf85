"""manage.py parse_credits: take the credits of captions apart, or read the stored ones again."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from media.credits import line as credit_line
from media.credits.grammar import house_of
from media.credits.label import may_be_cut
from media.credits.line import Chain, CreditParts, Split, Vocabulary, chains
from media.models import Agency, PhotoCredit

from ...counted import counted


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
            before, after = said(named(credit), vocabulary), said(read, vocabulary)
            if before == after and not credit.needs_check:
                continue
            changed += 1
            self.show(credit, before, after)
            if apply:
                credit.set_chains(read)
        done = "changed" if apply else "would change; run again with --apply to change them"
        self.stdout.write(f"{counted(changed, 'credit')} {done}.")

    def show(self, credit: PhotoCredit, before: list[dict], after: list[dict]) -> None:
        self.stdout.write(f"{credit.pk}: {credit.supplied_line}")
        nothing: dict[str, Any] = {name: [] if isinstance(value, list) else None for name, value in after[0].items()}
        for number, (was, will) in enumerate(zip_longest(before, after, fillvalue=nothing), 1):
            for name in (name for name in was if was[name] != will[name]):
                which = name if len(before) == len(after) == 1 else f"{name} of credit {number}"
                self.stdout.write(f"  - {which}: {was[name]}\n  + {which}: {will[name]}")


def houses(parts: CreditParts, vocabulary: Vocabulary) -> list[str]:
    """Return the names of the rows that a credit's spellings stand for."""
    found = ((name, house_of(name, vocabulary)) for name in parts.agencies)
    return list(dict.fromkeys(house.name if house else name for name, house in found))


def named(credit: PhotoCredit) -> list[Chain]:
    """Return a credit's chains under the names of its rows, whatever is printed."""
    found = []
    for number, chain in zip(credit.distributors, credit.chains, strict=True):
        people = [row.photographer.name for row in credit.creditphotographer_set.all() if row.chain == number]
        agencies = [row.agency.name for row in credit.creditagency_set.all() if row.chain == number]
        parts = replace(chain.parts or CreditParts(), photographers=tuple(people), agencies=tuple(agencies))
        found.append(replace(chain, parts=parts))
    return found


def said(read: Sequence[Chain], vocabulary: Vocabulary) -> list[dict]:
    """Return what chains say, as it is compared and shown; a place only where there are several."""
    found = []
    for chain in read:
        parts = chain.parts or CreditParts()
        people = dict.fromkeys(vocabulary.photographer(name) or name for name in parts.photographers)
        which = {"position": chain.place if len(read) > 1 else None}
        found.append(pairs(parts) | {"photographers": list(people), "agencies": houses(parts, vocabulary)} | which)
    return found


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
