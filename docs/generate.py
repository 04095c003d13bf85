"""Write what the code knows best, parts of docs/model.md and the whole of docs/reference.md: `make docs`.

A part stands between `<!-- begin NAME -->` and `<!-- end NAME -->`; everything else on the page is written by hand.
tests/test_docs.py fails when they are old.
"""

import ast
import importlib
import json
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE, REFERENCE = ROOT / "docs" / "model.md", ROOT / "docs" / "reference.md"
APPS = ("media", "articles")


def main() -> None:
    import django

    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")
    django.setup()
    PAGE.write_text(filled(PAGE.read_text()))
    REFERENCE.write_text(reference())


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
    from media.models import Photo, Usage

    given = role_permissions()
    actions = [*Article._meta.permissions, *Photo._meta.permissions, *Usage._meta.permissions]
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
    given: dict[str, list[str]] = {}
    for path in sorted((ROOT / "articles" / "migrations").glob("*_roles.py")):
        for name, codes in importlib.import_module(f"articles.migrations.{path.stem}").ROLES.items():
            given[name] = [*given.get(name, []), *codes]
    return given


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
    from articles.stories.checklist import SENTENCES

    found = {}
    for tree in trees():
        for node in ast.walk(tree):
            name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if name in ("Problem", "Finding") and node.args and isinstance(node.args[0], ast.Constant):
                given = {keyword.arg: keyword.value for keyword in node.keywords}
                code = node.args[0].value
                if name == "Problem":
                    found[code] = (sentence(node.args[1]), getattr(given.get("blocks"), "value", True))
                elif code in SENTENCES:
                    said = cell(re.sub(r"\{\w+\}", "…", SENTENCES[code]))
                    found[code] = (said, getattr(given.get("blocks"), "value", False))
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


# The reference


INTRODUCTION = """# Reference

Every operation, event and shape of the [API](api.md), as its OpenAPI description has them; `make docs` writes this page.
A server shows the same with examples and lets you try it at `/api/docs/`. Fields in *italics* may be missing. Ignore
fields, kinds and types of blocks that you do not know.
"""


def reference() -> str:
    """Return the page that describes the whole schema."""
    from cms import api

    schema = json.loads(api.schema())
    lines = [INTRODUCTION, "## Operations", ""]
    for path, item in sorted(schema["paths"].items()):
        for method, operation in item.items():
            lines += operation_section(path, method, operation)
    lines += ["## Events", "", "| event | posts | when |", "|---|---|---|"]
    for name, item in schema["webhooks"].items():
        (content,) = item["post"]["requestBody"]["content"].values()
        lines.append(f"| `{name}` | {type_of(content['schema'])} | {cell(item['post']['summary'])} |")
    lines += ["", "## Shapes", ""]
    for name, shape in sorted(schema["components"]["schemas"].items()):
        lines += shape_section(name, shape)
    return "\n".join(lines).rstrip() + "\n"


def operation_section(path: str, method: str, operation: dict) -> list[str]:
    said = f"{operation['summary']}. {operation.get('description', '')}".strip()
    token = " With a token." if operation["security"] else ""
    lines = [f"### {operation['operationId']}", "", f"`{method.upper()} {path}` {said}{token}", ""]
    if parameters := operation.get("parameters"):
        lines += ["| parameter | in | type | says |", "|---|---|---|---|"]
        for each in parameters:
            name = f"`{each['name']}`" if each.get("required") else f"*`{each['name']}`*"
            lines.append(f"| {name} | {each['in']} | {type_of(each['schema'])} | {cell(each.get('description', ''))} |")
        lines.append("")
    sent = {type_of(content["schema"]) for content in operation.get("requestBody", {}).get("content", {}).values()}
    lines += [f"Sent: {', '.join(sorted(sent))}.", ""] if sent else []
    answers = []
    for status, response in operation["responses"].items():
        shapes = [type_of(content["schema"]) for content in response.get("content", {}).values()]
        answers.append(" ".join([status, *shapes]))
    return [*lines, f"Answers: {', '.join(answers)}.", ""]


def shape_section(name: str, shape: dict) -> list[str]:
    lines = [f"### {name}", "", *([shape["description"], ""] if "description" in shape else [])]
    if "properties" not in shape:
        return [*lines, f"{type_of(shape)}.", ""]
    lines += ["| field | type | says |", "|---|---|---|"]
    for field, each in shape["properties"].items():
        title = f"`{field}`" if field in shape.get("required", ()) else f"*`{field}`*"
        # Words of a list are in its type.
        said = re.sub(r"\n\n\* .*?(?=\n\n|$)", "", each.get("description", ""), flags=re.DOTALL)
        lines.append(f"| {title} | {type_of(each)} | {cell(said)} |")
    return [*lines, ""]


def type_of(shape: dict) -> str:
    """Return the type of a value in words, with links to the shapes it names."""
    if "$ref" in shape:
        name = shape["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    for word in ("oneOf", "anyOf", "allOf"):
        if word in shape:
            return " or ".join(dict.fromkeys(type_of(each) for each in shape[word]))
    if "enum" in shape or "const" in shape:
        return " or ".join(f"`{value}`" for value in shape.get("enum", [shape.get("const")]))
    if shape.get("type") == "array":
        return f"list of {type_of(shape['items'])}"
    kinds = shape.get("type", "anything")
    words = [kinds] if isinstance(kinds, str) else kinds
    return " or ".join(shape["format"] if word == "string" and "format" in shape else word for word in words)


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
