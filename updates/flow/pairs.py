"""Label pairs, "key=value", that take containers in or keep them out.

Source: Watchtower's enable-containers-by-label and disable-containers-by-label.
"""

from collections.abc import Collection, Mapping

MAX_PAIRS = 100
MAX_BYTES = 4096


def has_any(labels: Mapping[str, str], pairs: Collection[str]) -> bool:
    """True if one of the pairs is among the labels; without a value its presence is enough."""
    return any(_has(labels, pair) for pair in pairs)


def split(texts: Collection[str]) -> tuple[str, ...]:
    """The pairs in comma separated lists; values may hold spaces."""
    pairs = (pair.strip() for text in texts for pair in text.split(","))
    return tuple(pair for pair in pairs if pair)


def why_wrong(pairs: Collection[str]) -> str:
    """The sentence that says what is wrong with these pairs; "" when nothing is."""
    if len(pairs) > MAX_PAIRS or sum(len(pair.encode()) for pair in pairs) > MAX_BYTES:
        return f"takes at most {MAX_PAIRS} pairs of {MAX_BYTES} bytes together."
    if any(not pair.partition("=")[0].strip() for pair in pairs):
        return "takes pairs of the form key=value, e.g. team=shop."
    return ""


def _has(labels: Mapping[str, str], pair: str) -> bool:
    key, _, value = (part.strip() for part in pair.partition("="))
    return key in labels and value in ("", labels[key])
