"""What openapi-python-client made, read by a script that mypy holds to its types."""

import json
import sys

from made.marquee import Client
from made.marquee.api.articles import get_article, list_articles
from made.marquee.models import Article, ArticlePage, OpenBlock, ParagraphBlock


def main(host: str, slug: str) -> None:
    client = Client(base_url=host)
    listed = list_articles.sync(client=client, section=["film"], page_size=5)
    article = get_article.sync(slug, client=client)
    assert isinstance(listed, ArticlePage) and isinstance(article, Article)
    kinds: list[str] = [card.kind for card in listed.results]
    words: list[str] = [block.html for block in article.body if isinstance(block, ParagraphBlock)]
    others: list[str] = [block.type_ for block in article.body if isinstance(block, OpenBlock)]
    told = {"listed": kinds, "kind": article.kind, "blocks": len(article.body), "others": others, "words": words}
    print(json.dumps(told))


main(*sys.argv[1:3])
