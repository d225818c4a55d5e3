"""Where the city lies, and how far geometry may be mended: `geography.yml`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, model_validator

from catalog.yamlfile import StrictModel, YamlFile


class Box(StrictModel):
    """A box of longitudes and latitudes in degrees (CGCS2000), its edges included."""

    west: float = Field(ge=-180, le=180)
    south: float = Field(ge=-90, le=90)
    east: float = Field(ge=-180, le=180)
    north: float = Field(ge=-90, le=90)

    @model_validator(mode="after")
    def _is_a_box(self) -> Box:
        if not (self.west < self.east and self.south < self.north):
            raise ValueError("west must lie before east, and south before north")
        return self


class Geography(StrictModel):
    """The settings of geometry.

    Attributes:
        city_box: no point of the city lies outside.
        repair_tolerance: the share of its area by which a repair may change a polygon.
        max_vertices: how many vertices one file may hold.
    """

    city_box: Box
    repair_tolerance: float = Field(gt=0, lt=1)
    max_vertices: int = Field(ge=1)


def read_geography(path: Path) -> Geography:
    """Read the settings.

    Raises:
        CatalogError: the file does not fit.
    """
    return YamlFile(path).parse(Geography)
