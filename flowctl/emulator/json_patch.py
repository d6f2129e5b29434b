"""JSON Patch (RFC 6902) by `jsonpatch`: the operations, without any service's rules about what may change.

A refusal names the operation and its path only: the library's own words repeat the document, which may hold secrets.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


class PatchError(ValueError):
    """An operation cannot be applied; the message says why."""


def apply(document: Any, operations: Sequence[dict[str, Any]]) -> Any:
    """Return `document` with all operations applied; neither is changed, and the result shares no part with them.

    Raises `PatchError` on a missing member, a bad index, an unknown operation or a failed test.
    """
    import jsonpatch

    result = copy.deepcopy(document)
    for operation in operations:
        name, path = operation.get("op"), operation.get("path")
        if not isinstance(name, str) or not isinstance(path, str) or not isinstance(operation.get("from", ""), str):
            raise PatchError("An operation has an op and a path, and they and its from are texts.")
        try:
            result = jsonpatch.apply_patch(result, [operation], in_place=True)
        except jsonpatch.JsonPatchTestFailed:
            raise PatchError(f'The value at "{path}" is another one.') from None
        except jsonpatch.InvalidJsonPatch:
            raise PatchError(f'"{name}" on "{path}" is not a complete operation of JSON Patch.') from None
        except (jsonpatch.JsonPatchPathNotFound, jsonpatch.JsonPointerException):
            raise PatchError(f'Missing field "{path}".') from None
        except jsonpatch.JsonPatchException:
            raise PatchError(f'The operation {name} is not possible at "{path}".') from None
    return result
