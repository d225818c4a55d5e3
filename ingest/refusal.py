"""Why a whole delivery is refused."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818  (an outcome, not a fault of the program)
    """The delivery is refused under a rule.

    Attributes:
        rule_id: the rule of the register.
        message_cn: what was found, in Chinese, without any personal value.
    """

    def __init__(self, rule_id: str, message_cn: str) -> None:
        """Keep rule and message."""
        super().__init__(f"{rule_id} {message_cn}")
        self.rule_id, self.message_cn = rule_id, message_cn
