"""Passwords: long ones that are not the first to be tried, and no rules of composition."""

import pytest

from portal import demo
from services.identity.authentication.common_passwords import common_passwords
from services.identity.authentication.password_rules import (
    LONGEST,
    SHORTEST,
    PasswordPersonal,
    PasswordTooCommon,
    PasswordTooLong,
    PasswordTooShort,
    WeakPassword,
    check_password,
)


def check(password: str, email: str = "ada.byron@example.com", name: str = "Ada Byron") -> None:
    check_password(password, email=email, name=name)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "kKz8sh2!xxPw",
        "один два три четыре",
        "x" * 4 + "quiet river stone",
        "dragonfly over Lake Constance",
        demo.PASSWORD,
    ],
)
def test_what_is_long_and_unheard_of_is_good(password: str) -> None:
    check(password)


def test_length_is_counted_in_characters_whatever_bytes_they_take() -> None:
    emoji = "".join(chr(0x1F600 + 3 * n % 61) for n in range(SHORTEST))

    check(emoji)
    with pytest.raises(PasswordTooShort):
        check(emoji[1:])


def test_the_longest_password_is_long_enough_for_any_sentence() -> None:
    sentence = "so many words and not one of them twice, or nearly so: " * 4

    check(sentence[:LONGEST])
    with pytest.raises(PasswordTooLong):
        check(sentence[: LONGEST + 1])


def test_every_long_password_of_the_list_is_refused() -> None:
    known = [each for each in common_passwords() if len(each) >= SHORTEST]

    accepted = [each for each in known if not refuses(each)]

    assert len(known) > 100
    assert accepted == []


def refuses(password: str) -> bool:
    try:
        check(password)
    except WeakPassword:
        return True
    return False


@pytest.mark.parametrize(
    "password",
    [
        "Password2024!",
        "P@ssw0rd2024",
        "iloveyou12345678",
        "sunshine!!!!!!!!!!!!!!",
        "password123456789",
        "2024-Monkey-2024",
        "passwordpassword",
        "letmein-letmein",
        "ＰＡＳＳＷＯＲＤ１２３４",
        "𝒑𝒂𝒔𝒔𝒘𝒐𝒓𝒅1234",
    ],
)
def test_a_common_password_that_was_made_longer_is_common(password: str) -> None:
    with pytest.raises(PasswordTooCommon):
        check(password)


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaa",
        "123456789012",
        "987654321098",
        "abcdefghijklm",
        "zyxwvutsrqpon",
        "abcabcabcabc",
    ],
)
def test_a_pattern_is_common_however_long(password: str) -> None:
    with pytest.raises(PasswordTooCommon):
        check(password)


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("byron@example.com", "A B"),
        ("a.byron+portal@example.com", "A B"),
        ("x@example.com", "Ada Byron"),
        ("BYRON@example.com", "A B"),
    ],
)
def test_what_says_who_the_person_is_is_refused(email: str, name: str) -> None:
    with pytest.raises(PasswordPersonal):
        check("very much byRON of me", email, name)


def test_a_part_of_a_name_that_is_short_may_be_there_by_chance() -> None:
    check("adaptable canoe on Lake Como", "ada@example.com", "Ada Li")


def test_a_refusal_repeats_nothing_of_the_password() -> None:
    with pytest.raises(WeakPassword) as refusal:
        check("P@ssw0rd2024")

    assert "ssw0rd" not in str(refusal.value)
