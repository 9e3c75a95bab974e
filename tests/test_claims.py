"""A claim holds or stops the notebook, and its sentence carries the numbers."""
import json

import numpy as np
import pytest

from helpers.claims import ClaimError, claim, interval_of_median, interval_of_share, list_claims, tell

EVIDENCE = np.linspace(1.0, 2.0, 16)


def test_a_claim_that_holds_shows_its_numbers():
    shown = str(claim("B is better.", EVIDENCE, ">", 0.9))
    assert "B is better." in shown and "16 of 16 seeds" in shown and "it had to be > 0.9" in shown
    assert "Median 1.5, its 95% interval 1.2 to 1.8; 90% of seeds from 1.1 to 1.9." in shown


@pytest.mark.parametrize(("order", "bound"), [(">", 1.0), (">=", 1.01), ("<", 2.0), ("<=", 1.99)])
def test_one_seed_on_the_wrong_side_is_too_many(order, bound):
    with pytest.raises(ClaimError, match="15 of 16"):
        claim("Never fails.", EVIDENCE, order, bound)
    assert claim("Nearly always.", EVIDENCE, order, bound, share=0.9).held == 15


def test_exactly_the_required_share_is_enough():
    evidence = np.append(np.ones(11), np.zeros(9))  # 0.55 * 20 is a little over 11 in floating point
    assert claim("On eleven of twenty.", evidence, ">", 0.5, share=0.55).held == 11
    with pytest.raises(ClaimError):
        claim("On twelve of twenty.", evidence, ">", 0.5, share=0.6)


@pytest.mark.parametrize("evidence", [[], EVIDENCE[:15], EVIDENCE[None], 1.0])
def test_too_little_evidence_is_no_claim(evidence):
    with pytest.raises(ValueError, match="at least 16"):
        claim("Thin.", evidence, ">", 0)


def test_nan_fails_the_claim():
    with pytest.raises(ClaimError, match="NaN"):
        claim("Broken.", np.append(EVIDENCE, np.nan), ">", 0)


@pytest.mark.parametrize(("order", "bound", "share", "sentence"), [
    ("==", 1, 1, "order must be one of"), (">", EVIDENCE, 1, "bound must be one number"),
    (">", np.nan, 1, "bound must be one number"), (">", 1, 0, "share must be above 0"), (">", 1, 90, "such as 0.9")])
def test_what_is_no_claim_is_refused(order, bound, share, sentence):
    with pytest.raises(ValueError, match=sentence):
        claim("Odd.", EVIDENCE, order, bound, share=share)


def test_the_interval_of_a_median_holds_it_in_at_least_95_percent_of_samples():
    rng = np.random.default_rng(0)
    inside = [low <= 0 <= high for low, high in (interval_of_median(rng.standard_cauchy(16)) for _ in range(2000))]
    assert 0.94 < np.mean(inside) < 0.99  # exact coverage with ranks 4 and 13 of 16: 0.979
    assert interval_of_median(np.arange(1.0, 17)) == (4, 13)


def test_the_interval_of_a_share_is_exact():
    low, high = interval_of_share(20, 20)
    assert high == 1 and np.isclose(low**20, 0.025)  # the lowest share under which 20 of 20 is no rarer than 2.5%
    assert interval_of_share(0, 20) == pytest.approx((0, 1 - low))


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """Let claims be recorded; returns a function that reads the records."""
    path = tmp_path / "claims.jsonl"
    monkeypatch.setenv("WORKBOOK_CLAIMS", str(path))
    return lambda: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_claims_are_recorded_held_or_not(recorded):
    claim("Holds.", EVIDENCE, ">", 0.9)
    for evidence in (EVIDENCE, np.append(EVIDENCE, np.inf)):
        with pytest.raises(ClaimError):
            claim("Fails.", evidence, "<", 1.5, share=0.9)
    held, failed, broken = recorded()
    assert (held["sentence"], held["holds"], held["held"], held["seeds"]) == ("Holds.", True, 16, 16)
    assert (failed["order"], failed["bound"], failed["share"], failed["worst"]) == ("<", 1.5, 0.9, 2.0)
    assert not failed["holds"] and failed["evidence"] == list(EVIDENCE) and failed["median_interval"] == [1.2, 1.8]
    assert not broken["holds"] and broken["evidence"][-1] is None and broken["median"] is None


def test_the_sweep_lets_a_notebook_go_on_after_a_claim_that_does_not_hold(recorded, monkeypatch, capsys):
    monkeypatch.setenv("WORKBOOK_CLAIMS_GO_ON", "1")
    shown = str(claim("Fails and goes on.", EVIDENCE, ">", 5))
    assert "does not hold" in shown and "0 of 16" in shown and not recorded()[0]["holds"]
    list_claims()
    assert "Fails and goes on." not in capsys.readouterr().out  # it lists what has held


def test_a_told_sentence_takes_its_numbers_from_code(capsys):
    tell("It is {share:.2f} of the truth.", share=0.6151)
    assert capsys.readouterr().out == "It is 0.62 of the truth.\n"
    with pytest.raises(KeyError):
        tell("It is {share:.2f}.")
