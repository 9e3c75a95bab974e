"""A claim holds or stops the notebook, and its sentence carries the numbers."""
import numpy as np
import pytest

from helpers.claims import ClaimError, claim, tell

EVIDENCE = np.linspace(1.0, 2.0, 16)


def test_a_claim_that_holds_shows_its_numbers():
    shown = str(claim("B is better.", EVIDENCE, ">", 0.9))
    assert "B is better." in shown and "16 of 16 seeds" in shown and "1.5" in shown


@pytest.mark.parametrize(("order", "bound"), [(">", 1.0), (">=", 1.01), ("<", 2.0), ("<=", 1.99)])
def test_one_seed_on_the_wrong_side_is_too_many(order, bound):
    with pytest.raises(ClaimError, match="15 of 16"):
        claim("Never fails.", EVIDENCE, order, bound)
    assert claim("Nearly always.", EVIDENCE, order, bound, share=0.9).held == 15


@pytest.mark.parametrize("evidence", [[], EVIDENCE[:15], EVIDENCE[None], 1.0])
def test_too_little_evidence_is_no_claim(evidence):
    with pytest.raises(ValueError, match="at least 16"):
        claim("Thin.", evidence, ">", 0)


def test_nan_fails_the_claim():
    with pytest.raises(ClaimError, match="NaN"):
        claim("Broken.", np.append(EVIDENCE, np.nan), ">", 0)


def test_an_unknown_order_is_refused():
    with pytest.raises(ValueError, match="order must be one of"):
        claim("Odd.", EVIDENCE, "==", 1)


def test_a_told_sentence_takes_its_numbers_from_code(capsys):
    tell("It is {share:.2f} of the truth.", share=0.6151)
    assert capsys.readouterr().out == "It is 0.62 of the truth.\n"
    with pytest.raises(KeyError):
        tell("It is {share:.2f}.")
