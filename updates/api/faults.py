"""What validation complains of, as a sentence for each field."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction

from updates.api.problems import Problem, invalid, not_found

_SENTENCES = {
    "extra_forbidden": "There is no such field.",
    "missing": "This is missing.",
    "model_type": "Give a JSON object.",
    "model_attributes_type": "Give a JSON object.",
}


def of_parameters(errors: Sequence[Mapping[str, Any]]) -> Problem:
    """What pydantic found wrong. A key in the path that no row can have is a 404."""
    if errors and all(one["loc"][0] == "path" for one in errors):
        return not_found("such thing here")
    return invalid([{"field": _field(one["loc"]), "message": _sentence(one)} for one in errors])


def save(row: models.Model, fields: Iterable[str] | None = None) -> None:
    """Validate a row and save it, or these fields of it.

    Raises Problem: 422 by field, 409 if such a row is there.
    """
    try:
        row.full_clean()
        with transaction.atomic():
            row.save(update_fields=fields)
    except ValidationError as error:
        raise _of_row(error) from error
    except IntegrityError as error:
        raise Problem(409, "Somebody else saved such a row at the same moment.") from error


def _of_row(error: ValidationError) -> Problem:
    """What a model's own checks found; a value that another row has is a 409."""
    found = error.error_dict
    if twice := [one for faults in found.values() for one in faults if one.code == "unique"]:
        return Problem(409, " ".join(_texts(twice)))
    return invalid(
        [
            {"field": "" if field == NON_FIELD_ERRORS else field, "message": text}
            for field, faults in found.items()
            for text in _texts(faults)
        ]
    )


def _texts(faults: Iterable[ValidationError]) -> Iterator[str]:
    for fault in faults:
        yield from fault.messages


def _field(loc: Sequence[Any]) -> str:
    """ "hosts.0": where it is, without the part of the request; the body's own name is left out."""
    skipped = 2 if loc[0] == "body" else 1
    return ".".join(str(part) for part in loc[skipped:])


def _sentence(error: Mapping[str, Any]) -> str:
    said = _SENTENCES.get(error["type"]) or str(error["msg"])
    return said if said.endswith(".") else f"{said}."
