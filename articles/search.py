"""Full-text search: the only runtime file that knows SQLite from PostgreSQL."""


def index(documents) -> None:
    """Index these live documents anew."""
