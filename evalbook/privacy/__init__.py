"""The privacy gate: personal data in what is read or released is refused, not masked; what only may be is asked about.

``hit`` is what was found: ``numbers`` finds numbers that name a person in a text, ``persons`` what seems to be told of
one in words, ``headings`` columns about persons, ``passages``, ``containers``, ``pdf`` and ``unpacking`` read what a
file says anywhere, ``scan`` puts them together, ``counts`` finds numbers of people so small that they tell who it is.
"""

from evalbook.privacy.counts import small_counts
from evalbook.privacy.hit import Hit, PersonalDataError
from evalbook.privacy.numbers import county_names
from evalbook.privacy.scan import scan_file, scan_folder, texts

__all__ = ["Hit", "PersonalDataError", "county_names", "scan_file", "scan_folder", "small_counts", "texts"]
