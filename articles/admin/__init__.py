"""The newsroom's side of the admin, a file per noun."""

from . import article
