"""The lives of objections in the ledger: spans, and what each release changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date

from sqlalchemy import bindparam, delete, insert, select, update

from ledger import schema as t
from ledger.records import ObjectionCount, ObjectionLife
from ledger.store import Ledger


class ObjectionLives:
    """The tables of objections of one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        """On a ledger that is open."""
        self._engine = ledger.engine

    def followed(self) -> set[tuple[int, str]]:
        """The releases and products that are entered."""
        with self._engine.connect() as connection:
            rows = connection.execute(
                select(t.objection_count.c.release, t.objection_count.c.product)
            ).all()
        return {(int(row.release), str(row.product)) for row in rows}

    def enter(
        self,
        count: ObjectionCount,
        opened: Iterable[ObjectionLife],
        resolved: Iterable[ObjectionLife],
    ) -> None:
        """Enter what one release changed in one product, in one transaction."""
        begun = [{**dataclasses.asdict(o), "resolved_by": list(o.resolved_by)} for o in opened]
        ended = [
            {
                "of_id": o.objection_id,
                "of_release": o.first_release,
                "to_last_release": o.last_release,
                "to_resolved_release": o.resolved_release,
                "to_resolved_date": o.resolved_date,
                "to_resolved_by": list(o.resolved_by),
            }
            for o in resolved
        ]
        life = t.objection_life
        span = update(life).where(
            life.c.objection_id == bindparam("of_id"),
            life.c.first_release == bindparam("of_release"),
        )
        ends = (
            life.c.last_release,
            life.c.resolved_release,
            life.c.resolved_date,
            life.c.resolved_by,
        )
        values = {column: bindparam(f"to_{column.name}", type_=column.type) for column in ends}
        with self._engine.begin() as connection:
            if begun:
                connection.execute(insert(life), begun)
            if ended:
                connection.execute(span.values(values), ended)
            connection.execute(insert(t.objection_count).values(**dataclasses.asdict(count)))

    def forget(self) -> None:
        """Drop everything that is entered, to derive it anew from the releases."""
        with self._engine.begin() as connection:
            connection.execute(delete(t.objection_life))
            connection.execute(delete(t.objection_count))

    def lives(
        self,
        *,
        product: str | None = None,
        provider: str | None = None,
        rule_id: str | None = None,
        is_open: bool | None = None,
        resolved_since: date | None = None,
    ) -> list[ObjectionLife]:
        """Spans by (product, rule, id, first release).

        Args:
            is_open: only open ones, only resolved ones, or (None) both.
            resolved_since: open ones, and those resolved on that business date or later.
        """
        life = t.objection_life
        query = select(life).order_by(
            life.c.product, life.c.rule_id, life.c.objection_id, life.c.first_release
        )
        if product is not None:
            query = query.where(life.c.product == product)
        if provider is not None:
            query = query.where(life.c.provider == provider)
        if rule_id is not None:
            query = query.where(life.c.rule_id == rule_id)
        if is_open is not None:
            ended = life.c.resolved_release
            query = query.where(ended.is_(None) if is_open else ended.is_not(None))
        if resolved_since is not None:
            query = query.where(
                life.c.resolved_release.is_(None) | (life.c.resolved_date >= resolved_since)
            )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return [
            ObjectionLife(**{**row._mapping, "resolved_by": tuple(row.resolved_by)}) for row in rows
        ]

    def counts(self, release: int | None = None) -> list[ObjectionCount]:
        """What each release (or one) changed, by release and product."""
        query = select(t.objection_count).order_by(
            t.objection_count.c.release, t.objection_count.c.product
        )
        if release is not None:
            query = query.where(t.objection_count.c.release == release)
        with self._engine.connect() as connection:
            return [ObjectionCount(**row._mapping) for row in connection.execute(query).all()]
