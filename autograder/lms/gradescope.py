"""Gradescope: the export of all submissions, folders beside a `submission_metadata.yml`.

The file is YAML as Ruby writes it, its keys symbols: `submission_7: {":submitters": [{":name": ..,
":sid": .., ":email": ..}], ":created_at": ..}`. It holds no due date.
"""

import datetime
import re
from collections.abc import Mapping
from typing import Any, Final

import yaml

from autograder.lms.download import Belonging, Download, DownloadError, Entry, Listing
from autograder.results import Source

METADATA: Final = "submission_metadata.yml"
_FOLDER: Final = "submission_"
_MOST_OF_A_MOMENT: Final = 80
# Loads text, lists and mappings only, so that sids keep their zeros; in C where available.
_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def recognise(listing: Listing) -> Download | None:
    """Returns the download, if the metadata lies at its top.

    Raises:
        DownloadError: the metadata cannot be read.
    """
    if METADATA not in listing.top_files:
        return None
    metadata = _metadata(listing.read(METADATA))
    works = [name for name in listing.top if listing.may_be_work(name)]
    # Each student in the metadata gets a result, even if the folder is missing.
    there = set(works)
    gone = [name for name in metadata if name.startswith(_FOLDER) and name not in there]
    return Download(
        "gradescope",
        [
            *(_entry(name, metadata.get(name), (Belonging(name, ""),)) for name in works),
            *(_entry(name, metadata[name], ()) for name in gone),
        ],
        about=(METADATA,),
    )


def _metadata(data: bytes) -> Mapping[str, Any]:
    try:
        # With aliases, a few lines could expand to gigabytes.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(data, Loader=_LOADER)):
            raise yaml.YAMLError("an alias")
        found = yaml.load(data, Loader=_LOADER)  # noqa: S506 - It makes no objects.
    except (yaml.YAMLError, ValueError, RecursionError):
        raise DownloadError(
            f"its {METADATA} is not what Gradescope writes: download the export again"
        ) from None
    if not isinstance(found, dict):
        raise DownloadError(f"its {METADATA} names no submissions: download the export again")
    return found


def _entry(folder: str, about: Any, belongings: tuple[Belonging, ...]) -> Entry:
    about = about if isinstance(about, dict) else {}
    submitters = [s for s in _get(about, "submitters", []) if isinstance(s, dict)]
    people = {
        key: [_clean(value) for s in submitters if isinstance(value := _get(s, key, ""), str)]
        for key in ("name", "sid", "email")
    }
    ids = {"gradescope_submission_id": folder.removeprefix(_FOLDER)}
    for key in ("sid", "email"):
        if values := list(filter(None, people[key])):
            ids[key] = ", ".join(values)
    names = list(filter(None, people["name"]))
    notes = () if about else (f"{METADATA} says nothing about {folder}.",)
    source = Source(
        " & ".join(names) or folder,
        lms="gradescope",
        ids=ids,
        members=tuple(names) if len(names) > 1 else (),
        submitted_at=_instant(_get(about, "created_at", "")),
    )
    # A resubmission has another folder number, so the id is made of the student's sid or email.
    known_by = ids.get("sid") or ids.get("email")
    return Entry(f"{source.name}_{known_by}" if known_by else folder, source, belongings, notes)


def _clean(text: str) -> str:
    """Returns text without lone surrogates, which cannot be encoded."""
    return text.encode("utf-8", "replace").decode()


def _get(mapping: Mapping[str, Any], key: str, default: Any) -> Any:
    """Returns a value by its key, a Ruby symbol or plain."""
    return mapping.get(f":{key}", mapping.get(f":{key}:", mapping.get(key, default))) or default


def _instant(text: Any) -> datetime.datetime | None:
    try:
        # Ruby writes a space before the offset, or UTC.
        # No time is longer, and with very many spaces the search would take minutes.
        iso = re.sub(r" +(?=[+-]\d\d:?\d\d$)", "", str(text)[:_MOST_OF_A_MOMENT])
        iso = iso.replace(" UTC", "+00:00")
        moment = datetime.datetime.fromisoformat(iso)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
