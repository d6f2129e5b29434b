"""The types that members of Flow Service's objects have, if a body has them. Other members have rules of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flowctl.emulator.services.flow_service.errors import service_error
from flowctl.emulator.services.flow_service.kinds import CONNECTION, FLOW, RUN, SOURCE_CONNECTION, TARGET_CONNECTION
from flowctl.emulator.shapes import is_object, is_text, list_of, members, odd_member, or_null

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flowctl.emulator.services.flow_service.kinds import Kind
    from flowctl.emulator.shapes import Shape

# Scripts send the description of an object that has none as null.
_NAMED: Final[Mapping[str, Shape]] = {"name": is_text, "description": or_null(is_text)}
_SHAPES: Final[Mapping[str, Mapping[str, Shape]]] = {
    CONNECTION.name: {
        **_NAMED,
        "auth": members({"params": members({"accessKeyId": is_text, "secretAccessKey": is_text})}),
    },
    SOURCE_CONNECTION.name: {**_NAMED, "params": members({"path": is_text})},
    TARGET_CONNECTION.name: {
        **_NAMED,
        "data": members({"schema": or_null(members({"version": is_text}))}),
    },
    FLOW.name: _NAMED,
    RUN.name: {
        "flowSpec": members({}, "id", "version"),
        "providerRefId": is_text,
        "parentFlowRunId": is_text,
        "childFlowRunIds": list_of(is_text),
        "predecessors": list_of(is_object),
        "activities": list_of(is_object),
        "recordTypes": list_of(is_text),
    },
}


def check_members(kind: Kind, body: Mapping[str, Any]) -> None:
    """Refuse a member that has another type than the API describes (FLOW-1452-400)."""
    odd = odd_member(body, _SHAPES[kind.name])
    if odd is not None:
        raise service_error("1452", f"The value of {odd} does not have the type that the API describes.")
