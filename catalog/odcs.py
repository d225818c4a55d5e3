"""The part of the Open Data Contract Standard (ODCS v3.1) that our contracts use.

Our own properties stand where the standard puts them: checks in `quality` with the engine
`tongchuan`, everything else in `customProperties`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from catalog.yamlfile import StrictModel


class CustomProperty(StrictModel):
    """A name and a value of ours."""

    property: str
    value: Any


class Quality(StrictModel):
    """A check: its kind and parameters in `implementation`."""

    type: Literal["custom"]
    engine: Literal["tongchuan"]
    implementation: dict[str, Any]
    severity: Literal["warning"] | None = None
    description: str | None = None


class Relationship(StrictModel):
    """A reference to the key of another product, as `domain.product.column`."""

    to: str


class Property(StrictModel):
    """A column."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    business_name: str = Field(alias="businessName")
    logical_type: Literal["string", "date", "timestamp", "number", "integer", "boolean"] = Field(
        alias="logicalType"
    )
    physical_type: str = Field(alias="physicalType")
    required: bool = False
    primary_key: bool = Field(False, alias="primaryKey")
    primary_key_position: int | None = Field(None, alias="primaryKeyPosition", ge=1)
    classification: Literal["1", "2", "3", "4"]
    description: str | None = None
    transform_source_objects: list[str] = Field([], alias="transformSourceObjects")
    relationships: list[Relationship] = []
    quality: list[Quality] = []
    custom_properties: list[CustomProperty] = Field([], alias="customProperties")


class SchemaObject(StrictModel):
    """The one table of a contract."""

    name: str
    logical_type: Literal["object"] = Field(alias="logicalType")
    physical_type: str = Field(alias="physicalType")
    description: str | None = None
    quality: list[Quality] = []
    properties: list[Property] = Field(min_length=1)


class Description(StrictModel):
    """What it is, how to use it, where it ends."""

    purpose: str
    usage: str | None = None
    limitations: str | None = None


class DataContract(StrictModel):
    """One contract file."""

    api_version: Literal["v3.1.0"] = Field(alias="apiVersion")
    kind: Literal["DataContract"]
    id: str
    name: str
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    status: Literal["proposed", "draft", "active", "deprecated", "retired"]
    domain: str
    tenant: str
    description: Description
    schema_: list[SchemaObject] = Field(alias="schema", min_length=1, max_length=1)
    custom_properties: list[CustomProperty] = Field(alias="customProperties")
