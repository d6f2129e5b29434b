"""Big decimals, which JEXL computes with 34 digits."""

from decimal import Decimal

from flowctl.dataprep.arithmetic import divide


def test_a_quotient_of_big_decimals_has_34_digits() -> None:
    assert divide(Decimal(1), Decimal(3)) == Decimal("0." + "3" * 34)
