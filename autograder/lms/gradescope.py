"""Gradescope: the export of all submissions, folders beside a `submission_metadata.yml`.

The file is YAML as Ruby writes it, its keys symbols: `submission_7: {":submitters": [{":name": ..,
":sid": .., ":email": ..}], ":created_at": ..}`. It holds no due date.
"""

import datetime
import re
from collections.abc import Mapping
from typing import Any, Final

import yaml

from autograder.lms.download import Belonging, Download, DownloadError, Listing, Work
from autograder.results import Source

METADATA: Final = "submission_metadata.yml"
_FOLDER: Final = "submission_"


def recognise(listing: Listing) -> Download | None:
    """Returns the download, if the metadata lies at its top.

    Raises:
        DownloadError: the metadata cannot be read.
    """
    if METADATA not in listing.top_files:
        return None
    metadata = _metadata(listing.read(METADATA))
    folders = [name for name in listing.top if name not in listing.top_files]
    return Download(
        "gradescope",
        [_work(folder, metadata.get(folder)) for folder in folders if folder.startswith(_FOLDER)],
    )


def _metadata(data: bytes) -> Mapping[str, Any]:
    try:
        # BaseLoader: sids keep their leading zeros, and nothing becomes more than text.
        found = yaml.load(data, Loader=_PlainLoader)  # noqa: S506 - It makes no objects.
    except (yaml.YAMLError, ValueError, RecursionError):
        raise DownloadError(
            f"its {METADATA} is not what Gradescope writes: download the export again"
        ) from None
    if not isinstance(found, dict):
        raise DownloadError(f"its {METADATA} names no submissions: download the export again")
    return found


class _PlainLoader(yaml.BaseLoader):  # type: ignore[misc]
    """Reads text, lists and mappings; no aliases, of which a few lines could make gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias")
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


def _work(folder: str, about: Any) -> Work:
    about = about if isinstance(about, dict) else {}
    submitters = [s for s in _get(about, "submitters", []) if isinstance(s, dict)]
    people = {
        key: [value for s in submitters if isinstance(value := _get(s, key, ""), str) and value]
        for key in ("name", "sid", "email")
    }
    ids = {"gradescope_submission_id": folder.removeprefix(_FOLDER)}
    for key, values in (("sid", people["sid"]), ("email", people["email"])):
        if values:
            ids[key] = ", ".join(values)
    names = people["name"]
    notes = () if about else (f"{METADATA} says nothing about {folder}.",)
    source = Source(
        " & ".join(names) or folder,
        lms="gradescope",
        ids=ids,
        members=tuple(names) if len(names) > 1 else (),
        submitted_at=_instant(_get(about, "created_at", "")),
    )
    return Work(folder, source, (Belonging(folder, ""),), notes)


def _get(mapping: Mapping[str, Any], key: str, default: Any) -> Any:
    """Returns a value by its key, a Ruby symbol or plain."""
    return mapping.get(f":{key}", mapping.get(f":{key}:", mapping.get(key, default))) or default


def _instant(text: Any) -> datetime.datetime | None:
    try:
        # Ruby writes a space before the offset, or UTC.
        iso = re.sub(r" +(?=[+-]\d\d:?\d\d$)", "", str(text)).replace(" UTC", "+00:00")
        moment = datetime.datetime.fromisoformat(iso)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
