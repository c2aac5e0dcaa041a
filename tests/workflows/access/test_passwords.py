"""What may be a password: long enough, no name, nothing that everybody would try."""

import pytest
from argon2 import Type

from workflows.access import passwords
from workflows.access.passwords import check_new, fits, hashed
from workflows.refusal import Refusal

NAMES = ("anna.muster", "Anna Rosenbaum")


@pytest.mark.parametrize(
    "password",
    [
        "Regen fällt auf das Wellblechdach",
        "vier zufällige wörter genügen",
        "k7#Vq!mZ2p-xL",
        "          führende Leerzeichen",
        "пароль не из словаря",
        "🦉🦉🌧️ nachts im Regen",
        "x9" + "ß" * 3 + "langes Wort dazu" * 10,
    ],
)
def test_any_signs_will_do(password):
    check_new(password, NAMES, 12)
    assert fits(hashed(password), password)


@pytest.mark.parametrize("password", ["", "elfzeichen!", "x" * 257, "ein halbes Zeichen \udcff"])
def test_too_short_and_too_long_are_refused(password):
    with pytest.raises(Refusal, match="12 to 256"):
        check_new(password, NAMES, 12)


@pytest.mark.parametrize(
    "password",
    [
        "annamuster2026",
        "Rosenbaum-Rosenbaum",
        "ROSENBAUM reist",
        "xx-Müster-muster-yy",
        "rósénbaum 1234",
    ],
)
def test_parts_of_the_own_names_are_refused(password):
    with pytest.raises(Refusal, match="names"):
        check_new(password, NAMES, 12)


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Passwort2026!",
        "P@ssw0rd12345",
        "!!!passwort!!!",
        "passwortpasswort",
        "hallohallohallo",
        "meinpasswort",
        "123456789012",
        "987654321098",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "qwertzuiopasdfgh",
        "1q2w3e4r5t6z",
        "asdfghjklöäyxcvbnm",
        "Sommer2026!!!!",
        "Dortmund-2026",
        "Förderkette1!",
        "integrationskurs",
        "12341234123412341234",
    ],
)
def test_what_everybody_would_try_is_refused(password):
    with pytest.raises(Refusal, match="too easy"):
        check_new(password, NAMES, 12)


def test_a_common_word_among_others_does_no_harm():
    check_new("Sommer riecht nach Asphalt", NAMES, 12)


def test_every_line_of_the_list_is_in_small_letters_and_stands_there_once():
    lines = [line for line in passwords._COMMON_FILE.read_text("utf-8").splitlines() if line[0] != "#"]
    assert len(lines) > 250
    assert lines == sorted(set(lines)) and lines == [line.casefold() for line in lines]


def test_without_a_hash_nothing_fits_and_it_is_tried_all_the_same():
    assert not fits(None, "Regen fällt auf das Wellblechdach")
    assert not fits("kein Hash", "Regen fällt auf das Wellblechdach")


def test_a_password_is_never_cut_and_its_capitals_count():
    long = "Regen fällt auf das Wellblechdach" * 5
    kept = hashed(long)
    assert not fits(kept, long[:-1]) and not fits(kept, long.lower())


def test_the_hash_is_as_strong_as_rfc_9106_asks(monkeypatch):
    monkeypatch.undo()  # the cheap one of these tests
    hasher = passwords.HASHER
    assert hasher.type is Type.ID
    assert (hasher.memory_cost, hasher.time_cost, hasher.parallelism) == (64 * 1024, 3, 4)
    assert hasher.salt_len >= 16 and hasher.hash_len >= 32
