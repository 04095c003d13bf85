"""The checks behind test_layout: what is pure, which ways lead around the floors, what strings name, how long things are."""

import ast
import re
from importlib import import_module

from .code_figures import functions, length
from .import_graph import APPS, FLOORS, app_of, dotted_name, imports, nodes, sources

FILE_LINES, FUNCTION_LINES = 600, 50
# Rooms that know no database: all their files but those named, which are tables or guard one.
PURE_ROOMS = {
    "articles.text": "",
    "media.files": "",
    "media.credits": "agency credit kept_vocabulary revised",
    "media.words": "dictionary",
    "media.rights": "bearing quotas right usable validators",
}
PURE_MODULES = {
    *("articles.history.log_words", "articles.history.timeline", "articles.imports.plain_text"),
    *("articles.imports.documents", "articles.imports.packed", "articles.imports.rich"),
    *(
        "articles.imports.story_head",
        "articles.imports.word_file",
        "articles.live.structured_data",
        "articles.stories.diff",
    ),
    *("articles.stories.fields", "articles.stories.replace"),
    *("media.local_time", "media.photos.delivered", "media.photos.proposal"),
}
# What tables of articles are called from the rows of media: `photo.uses`, `uses__article`, `shown_in__document`.
WAYS_TO_ARTICLES = {"articles", "people", "portrait_of", "sections", "shown_in", "uses"}
FORBIDDEN_NAMES = {
    *("base", "common", "core", "helper", "helpers", "misc", "util", "utils"),
    *("repositories", "repository", "selector", "selectors", "service", "services"),
}
# Users are Django's rows, and nothing else tells of a new password wherever it was typed.
LET_THROUGH = {("articles.access.audit_login", "post_save")}
FORBIDDEN_WORDS = {
    "GenericForeignKey": "a relation to anything at all",
    "auto_now": "a clock of its own: instants are arguments",
    "post_save": "a signal for our own flow",
    "pre_save": "a signal for our own flow",
    "m2m_changed": "a signal for our own flow",
}


# What stays pure


def is_pure_module(name):
    app_and_room, _, module = name.rpartition(".")
    return name in PURE_MODULES or (app_and_room in PURE_ROOMS and module not in PURE_ROOMS[app_and_room].split())


def purity_violations(root):
    for name, path in sources(root):
        if is_pure_module(name):
            found = (one for one in imports(root, name, path) if not (one.typing or may_be_used_by_pure(one.target)))
            yield from (f"{one}, but {name} must stay pure" for one in found)


def may_be_used_by_pure(target):
    if (top := app_of(target)) in APPS:
        return is_pure_module(target.rpartition(".")[0]) or (target.count(".") == 2 and is_pure_module(target))
    # Where this server is reached is a setting; it names no model and asks no database.
    return top not in ("django", "rest_framework") or target == "django.conf.settings"


def pure_names_without_a_file(root):
    """Yield what the lists above name and the tree has not: a list that has gone stale holds nothing."""
    known = {name for name, _ in sources(root)}
    tables = {f"{room}.{name}" for room, names in PURE_ROOMS.items() for name in names.split()}
    yield from sorted((set(PURE_ROOMS) | PURE_MODULES | tables) - known)


# Ways around the floors that no import shows


def ways_from_media_to_articles(root):
    for name, path in sources(root):
        if app_of(name) == "media":
            for one in nodes(path.read_text()):
                yield from (
                    f"{path.relative_to(root)}:{one.node.lineno} reaches articles by “{word}”"
                    for word in words_of(one.node)
                    if leads_to_articles(word)
                )


def words_of(node):
    """Yield the attributes, keywords and lookups that a node names."""
    match node:
        # The names in a file's labels are called `people` too.
        case ast.Attribute(value=ast.Name(id="said")):
            return
        case ast.Attribute(attr=word) | ast.keyword(arg=str(word)) | ast.Name(id="related_model" as word):
            yield word
        case ast.Call(args=args):
            words = (arg.value for arg in args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))
            yield from (word for word in words if "__" not in word)
        case ast.Constant(value=str(word)) if re.fullmatch(r"-?\w+__\w+", word):
            yield word


def leads_to_articles(word):
    model = re.fullmatch(r"articles\.[A-Z]\w*", word)
    return word == "related_model" or bool(model) or bool(WAYS_TO_ARTICLES & set(word.lstrip("-").split("__")))


def foreign_assignments(root):
    """Yield where a module changes a class or a module of another app from outside."""
    for name, path in sources(root):
        foreign = {imp.target.split(".")[-1] for imp in ours(root, name, path) if app_of(imp.target) != app_of(name)}
        for one in nodes(path.read_text()) if foreign else ():
            if foreign & set(assigned_owners(one.node)):
                yield f"{path.relative_to(root)}:{one.node.lineno} changes what is another app’s"


def ours(root, name, path):
    return [one for one in imports(root, name, path) if app_of(one.target) in APPS]


def assigned_owners(node):
    """Yield the name before the first dot of every attribute that a node sets."""
    match node:
        case ast.Assign(targets=targets):
            yield from map(owner_of, targets)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            yield owner_of(target)
        case ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id=owner), *_]):
            yield owner


def owner_of(target):
    if not isinstance(target, ast.Attribute | ast.Subscript):
        return None
    while isinstance(target, ast.Attribute | ast.Subscript):
        target = target.value
    return target.id if isinstance(target, ast.Name) else None


# The indexes


def unindexed_models(root):
    """Yield the models that models.py of their app does not import: Django would not find their tables."""
    indexes = {app: root / app / "models.py" for app in FLOORS}
    known = {one.target for app, path in indexes.items() for one in ours(root, f"{app}.models", path)}
    yield from (f"{model} is not in {app_of(model)}/models.py" for model in models(root) if model not in known)


def models(root):
    """Return the dotted names of all models: classes with a model among their ancestors, abstract ones not."""
    found = dict(classes(root))
    known = {"Model"}
    while new := {node.name for node in found.values() if bases(node) & known} - known:
        known |= new
    return [name for name, node in found.items() if node.name in known and not is_abstract(node)]


def classes(root):
    for name, path in sources(root):
        nodes_of_class = (one.node for one in nodes(path.read_text()) if isinstance(one.node, ast.ClassDef))
        yield from ((f"{name}.{node.name}", node) for node in nodes_of_class)


def bases(node):
    return {base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", None) for base in node.bases}


def is_abstract(node):
    metas = [part for part in node.body if isinstance(part, ast.ClassDef) and part.name == "Meta"]
    return any("abstract = True" in ast.unparse(meta) for meta in metas)


# Paths written as strings


def dotted_paths(root):
    """Yield (file, path) of every string that names a module or something in one."""
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            least = 1 if path.name in ("apps.py", "settings.py", "urls.py") else 2
            for one in nodes(path.read_text()):
                if isinstance(one.node, ast.Constant) and is_dotted_path(one.node.value, least):
                    yield path.relative_to(root), one.node.value


def is_dotted_path(value, least):
    return isinstance(value, str) and bool(re.fullmatch(rf"({'|'.join(APPS)})(\.\w+){{{least},}}", value))


def migration_paths(root):
    """Yield (file, path) of every migration and of what it imports, late imports included."""
    for path in sorted(root.glob("*/migrations/0*.py")):
        name = dotted_name(root, path)
        yield path.relative_to(root), name
        yield from ((path.relative_to(root), one.target) for one in ours(root, name, path))


def unresolved(paths):
    return [f"{file} names {path}" for file, path in paths if not resolves(path)]


def resolves(path):
    try:
        found(path)
    except (ImportError, AttributeError):
        return False
    return True


def found(path):
    """Return the module of a dotted path, or what stands in one, however deep."""
    try:
        return import_module(path)
    except ModuleNotFoundError:
        owner, _, name = path.rpartition(".")
        if not owner:
            raise
        return getattr(found(owner), name)


def tasks(root):
    """Yield the dotted name of every function that a worker runs: rows that wait in the queue hold it."""
    for name, path in sources(root):
        for function in functions(path):
            if any(is_task(decorator) for decorator in function.decorator_list):
                yield f"{name}.{function.name}"


def is_task(decorator):
    return ast.unparse(decorator).partition("(")[0] in ("task", "django_tasks.task")


# Sizes and names


def size_violations(root):
    for _, path in sources(root):
        lines = len(path.read_text().splitlines())
        if lines > FILE_LINES:
            yield f"{path.relative_to(root)} has {lines} lines"
        for function in functions(path):
            if length(function) > FUNCTION_LINES:
                yield f"{path.relative_to(root)}:{function.name} has {length(function)} lines"


def name_violations(root):
    for name, path in sources(root):
        if FORBIDDEN_NAMES & set(name.split(".")):
            yield f"{path.relative_to(root)} has a name that says nothing"
        used = set(identifiers(path))
        for word, what in FORBIDDEN_WORDS.items():
            if word in used and (name, word) not in LET_THROUGH:
                yield f"{path.relative_to(root)} uses {word}: {what}"


def identifiers(path):
    for one in nodes(path.read_text()):
        match one.node:
            case ast.Name(id=word) | ast.Attribute(attr=word) | ast.keyword(arg=word) | ast.alias(name=word):
                yield word
