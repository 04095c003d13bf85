"""What editors write and readers get, a file per noun."""

from .address import Address, make_slug
from .article import Article
from .audit import AuditEntry
from .author import Author, Source
from .desk import Autosave, Comment, Presence, Task
from .edition import Cancellation, Correction, Edition
from .heartbeat import Heartbeat
from .links import ArticleAuthor, ArticlePerson, ArticleWork
from .live import BestBefore, DocumentLink, DocumentPhoto, Facet, LiveDocument, LiveDocumentBody
from .login import LoginFailure
from .merging import Merger
from .person import Appearance, Person, PersonAlias, Work, WorkAlias
from .photo_use import PhotoUse
from .preview import PreviewLink
from .purge import Purge
from .search import SearchEntry, SearchName
from .section import Section, Tag
from .section_scope import SectionScope
from .template import Template
from .token import ApiToken, KeptAnswer
from .version import Version
from .webhook import EVENTS, Delivery, Endpoint

__all__ = [
    "EVENTS", "Address", "ApiToken", "Appearance", "Article", "ArticleAuthor", "ArticlePerson", "ArticleWork", "AuditEntry",
    "Author", "Autosave", "BestBefore", "Cancellation", "Comment", "Correction", "Delivery", "DocumentLink", "DocumentPhoto",
    "Edition", "Endpoint", "Facet", "Heartbeat", "KeptAnswer", "LiveDocument", "LiveDocumentBody", "LoginFailure", "Merger", "Person", "PersonAlias",
    "PhotoUse", "Presence", "PreviewLink", "Purge", "SearchEntry", "SearchName", "Section", "SectionScope", "Source", "Tag", "Task", "Template", "Version", "Work", "WorkAlias",
    "make_slug",
]  # fmt: skip
