"""What was released goes to the intranet, and can be proved to be what it was.

``manifest`` says what a folder holds, ``pages`` are the site's own, ``deliver`` brings editions to a site in one switch,
``verify`` compares a folder or an archive with its manifest, ``archive`` writes one file for carrying.
``files`` is the only one of them that touches the file system.
"""

from evalbook.publish.archive import write_archive
from evalbook.publish.deliver import Delivered, Released, publish
from evalbook.publish.manifest import MANIFEST, check_code, manifest_of
from evalbook.publish.verify import checksum_file, verify

__all__ = [
    "MANIFEST",
    "Delivered",
    "Released",
    "check_code",
    "checksum_file",
    "manifest_of",
    "publish",
    "verify",
    "write_archive",
]
