"""JSON against its schema, by a validator that shares nothing with what rootsweep writes; one is built for each schema."""

import json
from functools import lru_cache

import jsonschema_rs


def validate(document: object, schema: object) -> None:
    """Raise ``jsonschema_rs.ValidationError`` for a document that the schema forbids; formats are checked too."""
    validator(json.dumps(schema)).validate(document)


@lru_cache(maxsize=32)
def validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    """Build the validator of a schema, for the draft that it names."""
    return jsonschema_rs.validator_for(schema, validate_formats=True)  # type: ignore[return-value]
