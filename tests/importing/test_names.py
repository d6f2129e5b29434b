"""Names of imported documents: short, stable, and never one that is taken."""

import pytest

from flowctl.operations.importing.drafts import Variables
from flowctl.operations.importing.names import names, slug


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Shop customers", "shop-customers"),
        ("  Orders (EU) / daily ", "orders-eu-daily"),
        ("Größe & Ñandú", "grosse-nandu"),
        ("☃ ★", "pipeline"),
        ("", "pipeline"),
        ("CON", "con-pipeline"),
        ("1.0", "1-0"),
        ("x" * 300, "x" * 60),
        ("a" * 50 + " " + "b" * 50, "a" * 50),
        ("a" * 50 + " " + "b" * 50 + " c", "a" * 50),
        ("a" * 50 + " " + "b" * 9, "a" * 50 + "-" + "b" * 9),
    ],
)
def test_a_name_is_made_of_a_title(title: str, name: str) -> None:
    assert slug(title, "pipeline") == name


def test_the_oldest_has_the_bare_name_and_others_a_number() -> None:
    titles = [("old", "Orders"), ("two", "orders-2"), ("new", "ORDERS")]
    assert names(titles, (), "pipeline") == {"old": "orders", "two": "orders-2", "new": "orders-3"}


def test_a_taken_name_is_never_given_again() -> None:
    assert names([("a", "Orders"), ("b", "Orders")], {"orders", "orders-2"}, "pipeline") == {
        "a": "orders-3",
        "b": "orders-4",
    }


def test_a_variable_stands_for_one_secret() -> None:
    variables = Variables()
    first = variables.chosen("shop-db_pass_word")
    assert first == "SHOP_DB_PASS_WORD"
    assert variables.chosen("shop-db_pass_word") == first
    assert variables.chosen("shop_db-pass_word") == "SHOP_DB_PASS_WORD_2"
    assert variables.chosen("1-first_key") == "SECRET_1_FIRST_KEY"
    assert variables.all == ("SECRET_1_FIRST_KEY", "SHOP_DB_PASS_WORD", "SHOP_DB_PASS_WORD_2")
