"""The photo desk's models, one file each."""

from .credits.agency import Agency, AgencyAlias, Photographer, PhotographerAlias
from .credits.credit import CreditAgency, CreditChain, CreditPhotographer, PhotoCredit
from .insert_only import Pause
from .ledger.usage import Usage
from .photos.alike import KilledHash, PerceptualHash
from .photos.caption import Caption
from .photos.collection import CollectedPhoto, Collection
from .photos.finding import PhotoEntry, PhotoToRead, PhotoVariant, PhotoWord
from .photos.folder_rule import FolderRule, UntakenFile
from .photos.notice import Notice, NoticeMark
from .photos.photo import Photo
from .photos.rendition import Rendition
from .rights.right import Clearance, Licence, Right
from .site import Site

__all__ = [
    "Agency",
    "AgencyAlias",
    "Caption",
    "Clearance",
    "CollectedPhoto",
    "Collection",
    "CreditAgency",
    "CreditChain",
    "CreditPhotographer",
    "FolderRule",
    "KilledHash",
    "Licence",
    "Notice",
    "NoticeMark",
    "Pause",
    "PerceptualHash",
    "Photo",
    "PhotoCredit",
    "PhotoEntry",
    "PhotoToRead",
    "PhotoVariant",
    "PhotoWord",
    "Photographer",
    "PhotographerAlias",
    "Rendition",
    "Right",
    "Site",
    "UntakenFile",
    "Usage",
]
