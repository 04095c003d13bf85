"""The photo desk's nouns, a file each."""

from ..insert_only import Pause
from .agency import Agency, AgencyAlias, Photographer, PhotographerAlias
from .caption import Caption
from .credit import CreditAgency, CreditPhotographer, PhotoCredit
from .notice import Notice, NoticeMark
from .photo import Photo
from .rendition import Rendition
from .right import Clearance, Licence, Right
from .site import Site
from .usage import Usage

__all__ = [
    "Agency",
    "AgencyAlias",
    "Caption",
    "Clearance",
    "CreditAgency",
    "CreditPhotographer",
    "Licence",
    "Notice",
    "NoticeMark",
    "Pause",
    "Photo",
    "PhotoCredit",
    "Photographer",
    "PhotographerAlias",
    "Rendition",
    "Right",
    "Site",
    "Usage",
]
