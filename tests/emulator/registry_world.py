"""The resources of Schema Registry that documented requests take for granted."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from .conftest import REGISTRY, XDM

if TYPE_CHECKING:
    from .conftest import Client


class RegistryWorld:
    """Classes, data types, field groups and schemas, by the names of the pages."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def _registered(self, kind: str, **body: Any) -> dict[str, Any]:
        return dict(self.client.made(f"{REGISTRY}/tenant/{kind}", {"type": "object", "description": "Ours", **body}))

    def _group(self, title: str, class_id: str, fields: dict[str, Any]) -> dict[str, Any]:
        own = {"property": {"properties": {"_local": {"type": "object", "properties": fields}}}}
        refs = [{"$ref": "#/definitions/property"}]
        extend = {"meta:intendedToExtend": [class_id]}
        return self._registered("fieldgroups", title=title, definitions=own, allOf=refs, **extend)

    @cached_property
    def _schema(self) -> dict[str, Any]:
        return self._registered("schemas", title="Loyalty", allOf=[{"$ref": f"{XDM}/profile"}])

    @property
    def schema_id(self) -> str:
        return str(self._schema["$id"])

    @property
    def schema_alt_id(self) -> str:
        return str(self._schema["meta:altId"])

    @cached_property
    def _hotel_group(self) -> dict[str, Any]:
        field = {"favoriteHotel": {"type": "string", "title": "Favorite Hotel", "description": "A hotel."}}
        return self._group("Favorite Hotel", f"{XDM}/profile", field)

    @property
    def hotel_group_id(self) -> str:
        return str(self._hotel_group["$id"])

    @cached_property
    def _members(self) -> dict[str, Any]:
        refs = [f"{XDM}/profile", f"{XDM}/profile-person-details", f"{XDM}/profile-personal-details"]
        refs.append(self.hotel_group_id)
        return self._registered("schemas", title="Loyalty Members", allOf=[{"$ref": ref} for ref in refs])

    @property
    def members_id(self) -> str:
        return str(self._members["$id"])

    @property
    def members_alt_id(self) -> str:
        return str(self._members["meta:altId"])

    @cached_property
    def hotels_id(self) -> str:
        group = self._group("Hotel fields", self.class_id, {"email": {"type": "string", "title": "Email"}})
        refs = [{"$ref": self.class_id}, {"$ref": group["$id"]}]
        return str(self._registered("schemas", title="Hotels", allOf=refs)["$id"])

    @cached_property
    def _class(self) -> dict[str, Any]:
        fields = {"propertyId": {"title": "Property Identification Number", "type": "string", "description": "An ID."}}
        info = {"title": "Property Information", "type": "object", "description": "Text"}
        own = {"property": {**info, "properties": fields}}
        definition = {"type": "object", "properties": {"_local": {"type": "object", "properties": own}}}
        refs = [{"$ref": "https://ns.adobe.com/xdm/data/record"}, {"$ref": "#/definitions/property"}]
        return self._registered("classes", title="Property", definitions={"property": definition}, allOf=refs)

    @property
    def class_id(self) -> str:
        return str(self._class["$id"])

    @property
    def class_alt_id(self) -> str:
        return str(self._class["meta:altId"])

    @cached_property
    def _construction(self) -> dict[str, Any]:
        fields = {"yearBuilt": {"type": "integer", "title": "Year Built"}}
        return self._registered("datatypes", title="Property Construction", properties=fields)

    @property
    def construction_id(self) -> str:
        return str(self._construction["$id"])

    @property
    def construction_alt_id(self) -> str:
        return str(self._construction["meta:altId"])

    @cached_property
    def data_type_alt_id(self) -> str:
        levels = {"platinum": "Platinum", "gold": "Gold", "silver": "Silver", "bronze": "Bronze"}
        text = {"type": "string", "description": "Text"}
        fields = {
            "loyaltyId": {"title": "Loyalty ID", **text},
            "memberSince": {"title": "Member Since", **text, "format": "date"},
            "points": {"title": "Points", "type": "integer", "description": "Text"},
            "loyaltyLevel": {"title": "Loyalty Level", **text, "enum": list(levels), "meta:enum": levels},
        }
        own = {"customFields": {"properties": fields}}
        refs = [{"$ref": "#/definitions/customFields"}]
        return str(self._registered("datatypes", title="Loyalty", definitions=own, allOf=refs)["meta:altId"])

    @cached_property
    def property_group_alt_id(self) -> str:
        fields = {
            "propertyName": {"type": "string", "title": "Property Name", "description": "Name of the property"},
            "propertyCity": {"type": "string", "title": "Property City", "description": "City."},
            "phoneNumber": {"type": "string", "title": "Phone Number", "description": "Primary phone number."},
            "propertyType": {
                "type": "string",
                "title": "Property Type",
                "description": "Type and primary use of property.",
                "enum": ["retail", "yoga", "fitness"],
                "meta:enum": {"retail": "Retail Store", "yoga": "Yoga Studio", "fitness": "Fitness Center"},
            },
            "propertyConstruction": {"$ref": self.construction_id},
        }
        return str(self._group("Property Details", self.class_id, fields)["meta:altId"])

    @cached_property
    def changed_group_alt_id(self) -> str:
        group = self._hotel_group
        field = {"type": "string", "title": "Brand", "description": "Text"}
        path = "/definitions/property/properties/_local/properties/brand"
        change = [{"op": "add", "path": path, "value": field}]
        assert self.client.patch(f"{REGISTRY}/tenant/fieldgroups/{group['meta:altId']}", json=change).status_code == 200
        return str(group["meta:altId"])

    @cached_property
    def union_schema_id(self) -> str:
        """A schema with a primary identity that is part of the union of its class."""
        identity = {
            "@type": "xdm:descriptorIdentity",
            "xdm:sourceSchema": self.members_id,
            "xdm:sourceVersion": 1,
            "xdm:sourceProperty": "/personalEmail/address",
            "xdm:namespace": "Email",
            "xdm:property": "xdm:code",
            "xdm:isPrimary": True,
        }
        self.client.made(f"{REGISTRY}/tenant/descriptors", identity)
        change = [{"op": "add", "path": "/meta:immutableTags", "value": ["union"]}]
        tagged = self.client.patch(f"{REGISTRY}/tenant/schemas/{self.members_alt_id}", json=change)
        assert tagged.status_code == 200, tagged.text
        return self.members_id

    @property
    def union_id(self) -> str:
        assert self.union_schema_id
        return f"{XDM}/profile__union"
