"""Train the model that tells persons' names from companies': `python -m bench.names`, with `--measure` on names kept apart.

Names of persons are made of given names and surnames, names of companies of words; the lists are in names.txt and in the
vocabulary of media/credits. One seed: the same lists give the same file.
"""

import argparse
import json
import math
import random
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import available_timezones

from media.credits.name_model import BUCKETS, MODEL, features

SEED = Path(MODEL).with_name("vocabulary.json")
LISTS = Path(__file__).with_name("names.txt")
EXAMPLES, ROUNDS, RATE, DECAY = 90_000, 8, 2.0, 1e-5
Lists = dict[str, list[str]]


def lists() -> Lists:
    """Return given names, surnames, words of companies by language, and whole names of companies and places."""
    found: Lists = {"given": [], "surnames": [], "words": [], "houses": []}
    for line in LISTS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        else:
            text = line.partition(": ")[2] or line
            found[section] += text.split("; ") if section == "houses" else text.split()
    seed = json.loads(SEED.read_text(encoding="utf-8"))
    found["given"] += seed["given_names"]
    found["words"] += seed["organisation_words"]
    for row in seed["organisations"]:
        found["houses"] += [row["name"], *row["aliases"]]
    found["houses"] += [zone.rpartition("/")[2].replace("_", " ") for zone in sorted(available_timezones())]
    return {key: sorted(set(values)) for key, values in found.items()}


def persons(names: Lists, dice: random.Random) -> Iterator[str]:
    while True:
        given, surname = dice.choice(names["given"]), dice.choice(names["surnames"])
        initial = dice.choice("abcdefghijklmnoprstvw")
        forms = [f"{given} {surname}"] * 12
        forms += [
            f"{given} {initial}. {surname}",
            f"{initial}. {surname}",
            given,
            surname,
            f"{initial}.{initial}. {surname}",
        ]
        forms += [
            f"{given} {dice.choice(names['given'])} {surname}",
            f"{given} {surname} {dice.choice(names['surnames'])}",
        ]
        yield dice.choice(forms)


def companies(names: Lists, dice: random.Random) -> Iterator[str]:
    while True:
        one, two, three = (dice.choice(names["words"]) for _ in range(3))
        surname, house = dice.choice(names["surnames"]), dice.choice(names["houses"])
        forms = [house] * 8 + [f"{one} {two}"] * 8 + [f"{one} {two} {three}"] * 3
        forms += [f"{one} of the {two}", f"{one} in {two}", f"{one} {two} {three} {house}"]
        forms += [f"the {one}", f"the {one} {two}", f"{one} and {two}", f"{one} & {two}", one, one, f"{surname} {one}"]
        forms += [f"{surname} {one} {two}", f"{surname} & {dice.choice(names['surnames'])}", f"{house} {one}"]
        yield dice.choice(forms)


def train(names: Lists) -> tuple[list[float], float]:
    dice = random.Random(13)
    people, houses = persons(names, dice), companies(names, dice)
    rows = [(features(next(people)), 1) for _ in range(EXAMPLES // 2)]
    rows += [(features(next(houses)), 0) for _ in range(EXAMPLES // 2)]
    weights, bias = [0.0] * BUCKETS, 0.0
    for turn in range(ROUNDS):
        dice.shuffle(rows)
        rate = RATE / (1 + turn)
        for found, label in rows:
            share = 1 / math.sqrt(len(found))
            guess = 1 / (1 + math.exp(-(bias + share * sum(weights[bucket] for bucket in found))))
            step = rate * (label - guess)
            bias += 0.1 * step
            for bucket in found:
                weights[bucket] += step * share - DECAY * weights[bucket]
    return weights, bias


def write(weights: list[float], bias: float) -> None:
    scale = max(map(abs, weights)) / 127
    signed = bytes(round(weight / scale) & 255 for weight in weights)
    stored = {"bias": round(bias, 4), "scale": round(scale, 6), "weights": b64encode(signed).decode()}
    MODEL.write_text(json.dumps(stored) + "\n", encoding="ascii")


def halves(names: Lists) -> tuple[Lists, Lists]:
    """Return four fifths of each list to learn from and a fifth to be asked about."""
    dice, learned, kept = random.Random(7), {}, {}
    for key, values in names.items():
        shuffled = dice.sample(values, len(values))
        cut = len(shuffled) // 5
        kept[key], learned[key] = shuffled[:cut], shuffled[cut:]
    return learned, kept


def measure() -> None:
    """Print how many made-up names of the words kept apart are told right, and how many at each threshold."""
    learned, kept = halves(lists())
    weights, bias = train(learned)
    dice = random.Random(5)
    for label, made in ((1, persons(kept, dice)), (0, companies(kept, dice))):
        chances = []
        for _ in range(2000):
            found = features(next(made))
            chances.append(1 / (1 + math.exp(-(bias + sum(weights[b] for b in found) / math.sqrt(len(found))))))
        shares = {edge: sum(chance >= edge for chance in chances) / len(chances) for edge in (0.1, 0.5, 0.8, 0.9, 0.95)}
        print("persons  " if label else "companies", {edge: round(share, 3) for edge, share in shares.items()})


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--measure", action="store_true")
    if asked.parse_args().measure:
        return measure()
    weights, bias = train(lists())
    write(weights, bias)


if __name__ == "__main__":
    main()
