"""What editors write and readers get, a file per noun."""

from .access.known_address import KnownAddress
from .access.login_failure import LoginFailure
from .access.section_scope import SectionScope
from .access.sent_form import SentForm
from .access.token import ApiToken, KeptAnswer
from .directory.address import Address, make_slug
from .directory.author import Author, Source
from .directory.merge import Merger
from .directory.person import Appearance, Person, PersonAlias, Work, WorkAlias
from .directory.section import Section, Tag
from .history.audit import AuditEntry
from .history.edition import Cancellation, Correction, Edition
from .history.photo_use import PhotoUse
from .history.version import Version
from .live.directory_pages import DirectoryPage
from .live.document import BestBefore, ChannelBytes, DocumentLink, DocumentPhoto, Facet, LiveDocument, LiveDocumentBody
from .live.search_entry import SearchEntry, SearchName, SearchVariant, SearchWord
from .outbox.delivery import EVENTS, Delivery, Endpoint
from .outbox.heartbeat import Heartbeat
from .outbox.purge import Purge
from .stories.article import Article
from .stories.calendar_link import CalendarLink
from .stories.desk import Autosave, Comment, Presence, TabAutosave, Task
from .stories.finding import StoryEntry
from .stories.links import ArticleAuthor, ArticlePerson, ArticleWork
from .stories.preview_frame import PreviewFrame
from .stories.preview_link import PreviewLink
from .stories.saved_filter import SavedFilter
from .stories.template import Template

__all__ = [
    "EVENTS", "Address", "ApiToken", "Appearance", "Article", "ArticleAuthor", "ArticlePerson", "ArticleWork", "AuditEntry",
    "Author", "Autosave", "BestBefore", "CalendarLink", "Cancellation", "ChannelBytes", "Comment", "Correction", "Delivery", "DirectoryPage", "DocumentLink", "DocumentPhoto",
    "Edition", "Endpoint", "Facet", "Heartbeat", "KeptAnswer", "KnownAddress", "LiveDocument", "LiveDocumentBody", "LoginFailure", "Merger", "Person", "PersonAlias",
    "PhotoUse", "Presence", "PreviewFrame", "PreviewLink", "Purge", "SavedFilter", "SearchEntry", "SearchName", "SearchVariant", "SearchWord", "Section", "SectionScope", "SentForm", "Source", "StoryEntry", "TabAutosave", "Tag", "Task", "Template", "Version", "Work", "WorkAlias",
    "make_slug",
]  # fmt: skip
