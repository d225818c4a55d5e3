"""What Dagster hands to the steps: the night this process runs, or one made from its settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import dagster as dg

from foundation.errors import safe_error
from orchestration.context import Night, active, active_night, make_night
from orchestration.state import finish_run


def _own(made: Night) -> Iterator[Night]:
    """A night of this step alone, ended in the ledger as the step ends."""
    status = "failed"
    try:
        yield made
        status = "done"
    finally:
        finish_run(made, status)


class NightResource(dg.ConfigurableResource):  # type: ignore[type-arg]  # Dagster leaves it open
    """Settings of a night that is started from the UI, the schedule or the sensor."""

    business_date: str | None = None
    settle_seconds: float = 60.0

    @contextmanager
    def use(self) -> Iterator[Night]:
        """The active night, or one of its own.

        Whatever a step raises leaves here without its text, which may quote a value: Dagster keeps
        error texts in its event log.
        """
        failure: dg.Failure | None = None
        try:
            running = active_night()
            if running is not None:
                yield running
            else:
                day = date.fromisoformat(self.business_date) if self.business_date else None
                made = make_night(business_date=day, settle_seconds=self.settle_seconds)
                with active(made):
                    yield from _own(made)
        except dg.Failure:
            raise
        except Exception as error:  # noqa: BLE001  (scrubbed and raised again below)
            failure = dg.Failure(description=safe_error(error))
        if failure is not None:
            raise failure from None
