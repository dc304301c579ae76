"""The law as data: reads ``law/``, refuses what is not dated, cited and whole, answers what is in force on a day."""

from motcua.lawbook.book import Lawbook, load
from motcua.lawbook.errors import LawFileError
from motcua.lawbook.versions import as_of

__all__ = ["LawFileError", "Lawbook", "as_of", "load"]
