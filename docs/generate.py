"""Write the parts of docs/model.md that the code knows best: `make docs`. tests/test_docs.py fails when they are old.

A part stands between `<!-- begin NAME -->` and `<!-- end NAME -->`; everything else on the page is written by hand.
"""

import ast
import importlib
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "model.md"
APPS = ("media", "articles")


def main() -> None:
    import django

    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")
    django.setup()
    PAGE.write_text(filled(PAGE.read_text()))


def filled(page: str) -> str:
    """Return the page with every generated part written anew. Raises KeyError for a part nobody writes."""
    return re.sub(
        r"(<!-- begin ([\w-]+) -->\n).*?(<!-- end \2 -->)",
        lambda match: f"{match[1]}{PARTS[match[2]]()}\n{match[3]}",
        page,
        flags=re.DOTALL,
    )


# Models


def models() -> str:
    from django.apps import apps

    rows = sorted((model for app in APPS for model in apps.get_app_config(app).get_models()), key=place)
    return "\n".join(model_section(model) for model in rows)


def place(model) -> tuple:
    return APPS.index(model._meta.app_label), model.__name__


def model_section(model) -> str:
    from media.insert_only import InsertOnlyModel

    meta = model._meta
    kind = " · insert-only" if issubclass(model, InsertOnlyModel) else ""
    lines = [f"#### {model.__name__} ({meta.app_label}){kind}", "", summary(model), ""]
    lines += ["| field | type | says |", "|---|---|---|"]
    fields = [*meta.local_concrete_fields, *meta.local_many_to_many]
    lines += [f"| `{field.name}` | {field_type(field)} | {cell(field.help_text)} |" for field in fields]
    lines += ["", *listed("Constraints", [constraint_line(each) for each in meta.constraints])]
    lines += listed("Indexes", [f"`{index.name}`" for index in meta.indexes])
    return "\n".join(lines)


def summary(model) -> str:
    text = (model.__doc__ or "").strip()
    return "" if text.startswith(f"{model.__name__}(") else " ".join(text.split("\n\n")[0].split())


def field_type(field) -> str:
    words = [re.sub(r"Field$", "", type(field).__name__)]
    if field.is_relation and field.related_model:
        rule = getattr(field.remote_field, "on_delete", None)
        words = [f"→ {field.related_model.__name__}", rule.__name__ if rule else "many"]
    words += ["unique"] if field.unique and not field.primary_key else []
    words += ["primary key"] if field.primary_key else []
    words += ["or nothing"] if field.null else []
    if field.choices and len(field.choices) <= 12:
        words.append(f"one of {', '.join(str(value) for value, _ in field.choices)}")
    return cell(", ".join(words))


def cell(text) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def constraint_line(constraint) -> str:
    said = constraint.violation_error_message
    generic = str(type(constraint).default_violation_error_message)
    return f"`{constraint.name}`" if not said or said == generic else f"`{constraint.name}`: {said}"


def listed(title: str, items: list[str]) -> list[str]:
    return [f"{title}:", "", *(f"- {item}" for item in items), ""] if items else []


def insert_only() -> str:
    from django.apps import apps

    from media.insert_only import InsertOnlyModel

    names = sorted(model.__name__ for model in apps.get_models() if issubclass(model, InsertOnlyModel))
    return "\n".join(f"- {name}" for name in names)


# Roles


def roles() -> str:
    """Return the table of actions and roles, from the migration that makes the roles."""
    from articles.models import Article
    from media.models import Photo

    given = role_permissions()
    actions = [*Article._meta.permissions, *Photo._meta.permissions]
    actions += [
        ("add_article", "Can write stories"),
        ("add_photo", "Can upload photos"),
        ("change_photo", "Can edit photos"),
        ("add_right", "Can record rights"),
        ("change_agency", "Can edit agencies and their spellings"),
        ("add_person", "Can record people and works"),
        ("change_section", "Can edit sections"),
        ("view_auditentry", "Can read the audit log"),
        ("add_user", "Can add colleagues"),
    ]
    head = f"| action | {' | '.join(given)} | admin |\n|---|{'---|' * (len(given) + 1)}\n"
    rows = [
        f"| {words} (`{code}`) | {' | '.join('yes' if code in codes else '–' for codes in given.values())} | yes |"
        for code, words in actions
    ]
    return head + "\n".join(rows)


def role_permissions() -> dict[str, list[str]]:
    found = next((ROOT / "articles" / "migrations").glob("*_roles.py"))
    return importlib.import_module(f"articles.migrations.{found.stem}").ROLES


# Words that machines read


def events() -> str:
    from articles.models import EVENTS

    return "| event | when |\n|---|---|\n" + "\n".join(f"| `{name}` | {said} |" for name, said in EVENTS.items())


def trees():
    for app in ("media", "articles", "cms"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield ast.parse(path.read_text())


def checklist() -> str:
    """Return every finding of the checklist; those that do not block say so in the code."""
    found = {}
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                if node.args and isinstance(node.args[0], ast.Constant):
                    blocks = getattr(given.get("blocks"), "value", True)
                    found[node.args[0].value] = (sentence(node.args[1]), blocks)
    rows = [
        f"| `{code}` | {'blocks' if blocks else 'advises'} | {said} |" for code, (said, blocks) in sorted(found.items())
    ]
    return "| code | effect | sentence |\n|---|---|---|\n" + "\n".join(rows)


def sentence(node) -> str:
    """Return a string literal, with “…” for what is filled in."""
    if isinstance(node, ast.Constant):
        return cell(node.value)
    if isinstance(node, ast.JoinedStr):
        return cell("".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values))
    return "…"


def problem_types() -> str:
    """Return the types of problem+json: every `kind` an API error gives itself, and those of plain HTTP."""
    found = set()
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") == "APIException" for base in node.bases):
                found |= {word for child in ast.walk(node) for word in kinds(child)}
            elif isinstance(node, ast.Call):
                found |= {
                    word for keyword in node.keywords if keyword.arg == "kind" for word in kinds_of_call(node, keyword)
                }
                if getattr(node.func, "id", "") == "Refusal" and isinstance(node.args[1], ast.Constant):
                    found.add(node.args[1].value)
    rows = [f"- `urn:marquee:problem:{kind}`" for kind in sorted(found)]
    return "\n".join([*rows, "- `about:blank`: the HTTP status says all there is to say"])


def kinds(node):
    if isinstance(node, ast.Assign) and any(
        getattr(each, "id", getattr(each, "attr", "")) == "kind" for each in node.targets
    ):
        yield from (part.value for part in ast.walk(node.value) if isinstance(part, ast.Constant) and part.value)


def kinds_of_call(call, keyword):
    if getattr(call.func, "id", getattr(call.func, "attr", "")) == "problem_response" and isinstance(
        keyword.value, ast.Constant
    ):
        yield keyword.value.value


# The contract


def api_fields() -> str:
    from articles.live.serializers import ArticleSerializer

    lines = ["| field | type | says |", "|---|---|---|"]
    lines += [f"| `{name}` | {kind} | {cell(said)} |" for name, kind, said in fields_of(ArticleSerializer())]
    return "\n".join(lines)


def fields_of(serializer, prefix: str = ""):
    """Yield (dotted name, type, help) of every field of a serializer, nested ones after their parent."""
    from rest_framework.serializers import BaseSerializer, ListSerializer

    for name, field in serializer.fields.items():
        inner = field.child if isinstance(field, ListSerializer) else field
        many = "[]" if isinstance(field, ListSerializer) else ""
        nullable = " or null" if field.allow_null else ""
        yield f"{prefix}{name}{many}", json_type(field) + nullable, field.help_text or ""
        if isinstance(inner, BaseSerializer) and hasattr(inner, "fields") and not prefix.count("."):
            yield from fields_of(inner, f"{prefix}{name}{many}.")


def json_type(field) -> str:
    from rest_framework import serializers as drf

    known = {
        "object": (drf.BaseSerializer, drf.DictField), "array": drf.ListField, "boolean": drf.BooleanField,
        "integer": drf.IntegerField, "number": (drf.FloatField, drf.DecimalField), "date-time": drf.DateTimeField,
        "date": drf.DateField, "uuid": drf.UUIDField, "string": (drf.ChoiceField, drf.CharField),
    }  # fmt: skip
    if isinstance(field, drf.ListSerializer):
        return "array of objects"
    return next((name for name, kind in known.items() if isinstance(field, kind)), "any")


PARTS = {
    "models": models,
    "insert-only": insert_only,
    "roles": roles,
    "events": events,
    "checklist": checklist,
    "problem-types": problem_types,
    "api-fields": api_fields,
}

if __name__ == "__main__":
    main()
