"""What is new in an answer."""

import pytest

from services.cases.mail_in.quotes import without_quotes

QUOTED = "> Our support has answered:\n>\n> Turn it off.\n"


@pytest.mark.parametrize(
    "behind",
    [
        "",
        "\n-- \nAda Byron\nAnalytical Engines\n",
        f"\nOn Mon, 2 Nov 2026 at 10:00, Customer support <s@example.com> wrote:\n{QUOTED}",
        f"\nOn Mon, 2 Nov 2026 at 10:00, Customer support\n<s@example.com> wrote:\n\n{QUOTED}",
        f"\nLe lun. 2 nov. 2026 à 10:00, Assistance <s@example.com> a écrit :\n{QUOTED}",
        "\nOn Monday, Support wrote:\n— Write your answer above this line —\n\nHello,\n",
        "\n> — Write your answer above this line —\n>\n> Hello,\n",
        "\n— Écrivez votre réponse au-dessus de cette ligne —\nBonjour,\n",
        "\n-----Original Message-----\nFrom: Support\n\nTurn it off.\n",
        "\n________________________________\nFrom: Support\n\nTurn it off.\n",
        f"\n{QUOTED}",
    ],
)
def test_quotation_and_signature_are_left_out(behind: str) -> None:
    text = without_quotes(f"I did.\r\n\r\nIt burns still.\r\n{behind}")

    assert text == "I did.\n\nIt burns still."


@pytest.mark.parametrize(
    "text",
    [
        "On the screen the server wrote:\nnothing at all.",
        "The log says -- twice --\nthat it is full.",
        "Le serveur a écrit :\nrien.",
        "a > b",
        "First\n\nOn second thoughts, no.",
    ],
)
def test_what_only_resembles_a_quotation_stays(text: str) -> None:
    assert without_quotes(text) == text


def test_answers_between_the_quoted_lines_stay() -> None:
    text = without_quotes("> Is it on?\nYes.\n> Is it hot?\nVery.\n")

    assert text == "Yes.\nVery."


def test_nothing_but_a_quotation_says_nothing() -> None:
    assert without_quotes(f"On Monday, Support wrote:\n{QUOTED}") == ""


def test_a_long_mail_is_read_in_time_that_grows_with_it() -> None:
    text = "on " + "x\non " * 50_000

    assert without_quotes(text).startswith("on x")
