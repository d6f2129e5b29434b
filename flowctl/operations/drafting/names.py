"""Words in the names of columns and fields, and the fields that common columns mean."""

import re
from collections.abc import Mapping
from typing import Final

_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SHORT: Final[Mapping[str, str]] = {
    "fname": "first name",
    "firstname": "first name",
    "givenname": "first name",
    "lname": "last name",
    "lastname": "last name",
    "surname": "last name",
    "mail": "email",
    "tel": "phone",
    "telephone": "phone",
    "mobile": "mobile phone",
    "zip": "postal code",
    "postcode": "postal code",
    "dob": "birth date",
    "birthdate": "birth date",
    "birthday": "birth date",
    "addr": "address",
}
"""Words that stand for others."""
COMMON: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("_id",),
    "first name": ("person.name.firstName",),
    "last name": ("person.name.lastName",),
    "full name": ("person.name.fullName",),
    "birth date": ("person.birthDate",),
    "gender": ("person.gender",),
    "email": ("personalEmail.address", "workEmail.address"),
    "email address": ("personalEmail.address", "workEmail.address"),
    "phone": ("mobilePhone.number", "homePhone.number"),
    "mobile phone": ("mobilePhone.number",),
    "city": ("homeAddress.city", "workAddress.city"),
    "street": ("homeAddress.street1", "workAddress.street1"),
    "postal code": ("homeAddress.postalCode", "workAddress.postalCode"),
    "country": ("homeAddress.country", "workAddress.country"),
    "state": ("homeAddress.state", "workAddress.state"),
    "created at": ("_repo.createDate",),
    "updated at": ("_repo.modifyDate",),
    "timestamp": ("timestamp",),
}
"""The fields of standard field groups that columns of these words mean, the most usual first."""
CHANGED: Final = ("updated", "modified", "changed", "lastmodified", "timestamp", "created")
"""Words of columns that may tell new rows from old ones, the best first."""


def words_of(name: str) -> str:
    """The words of a name in lower case: `first name` for `firstName`, `FIRST_NAME`, `fname`."""
    found = [word.lower() for word in _WORDS.findall(name)]
    return " ".join(_SHORT.get(word, word) for word in found)
