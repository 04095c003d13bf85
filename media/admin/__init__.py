"""The photo desk in the Django admin, a file per noun."""

from .collections import CollectionAdmin
from .credit import AgencyAdmin, PhotoCreditAdmin, PhotographerAdmin
from .hot_folder import FolderRuleAdmin, UntakenFileAdmin
from .ledger import UsageAdmin
from .notice import NoticeAdmin
from .photo import PhotoAdmin
from .right import ClearanceAdmin, LicenceAdmin
from .site import SiteAdmin

__all__ = [
    "AgencyAdmin",
    "ClearanceAdmin",
    "CollectionAdmin",
    "FolderRuleAdmin",
    "LicenceAdmin",
    "NoticeAdmin",
    "PhotoAdmin",
    "PhotoCreditAdmin",
    "PhotographerAdmin",
    "SiteAdmin",
    "UntakenFileAdmin",
    "UsageAdmin",
]
