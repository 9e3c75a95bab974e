"""The prose lint: every number in the sources comes from somewhere, and the lint finds those that do not."""
import re

import pytest

from helpers.authoring import build, numbers, prose
from helpers.authoring import source as src

HEAD = "# %% [markdown]\n# # Title\n\n"
CODE = '''# %%
runs = fit(seeds=16, rate=0.05)
assert round(share, 3) == 0.959
print(claim("B is 1.3 times A.", r, ">", 1.3))

'''


@pytest.fixture
def read(read):
    """Parse a source that begins with HEAD and CODE."""
    return lambda text: read(HEAD + CODE + text)


def cell(text, given=""):
    mark = f' given="{given}"' if given else ""
    return f"# %% [markdown]{mark}\n" + "\n".join(f"# {line}" for line in text.split("\n"))


@pytest.mark.parametrize("name", src.names())
def test_every_number_in_the_prose_comes_from_somewhere(name):
    assert prose.check(src.read(name)) == [], prose.ADVICE


def test_every_number_in_the_bank_of_misconceptions_comes_from_somewhere():
    assert prose.check_misconceptions() == [], prose.ADVICE


MEASURED = ["The mean is 0.62.", "It reaches 97 %.", "Accuracy is 97.34%.", "It wins on 14 seeds of them.",
            "The text says 66/9/441.", "It takes 7 seconds.", "They earn 3 million dollars.", "It is 5 times as good.",
            "It falls to about 4.", "Some 1,600 films.", "An MSE of 2500.", "R² is −0.3.", "The loss is 1e-7.",
            "| a | 37 |\n|---|---|", "Over 2,000 rows.", "It grows 4× as fast.", "In the end 2.5x.", "ends at 16.118."]


@pytest.mark.parametrize("text", MEASURED)
def test_a_number_that_looks_measured_is_found(read, text):
    found = prose.check(read(cell(text)))
    assert found and all("90_trial.py, cell 3" in one and "comes from nowhere" in one for one in found)


FREE = ["`x = 0.5` and $p < 0.05$ and \\(e^{2.5}\\)", "```\n0.62\n```", "Published in 1964, read in 2006.",
        "See sections 3, 4 and 15, notebook 06, exercise 13.2 and questions in 14.",
        "## 14. A title\n## Exercise 2.1: more", "1. One\n12. Twelve", "y = 2x + 5",
        "It is 1 or 0; five of 12 bills, 3 pulls.", "Keras 3.15 and Python 3.11",
        "[a link](https://doi.org/10.1198/jasa.2011.r10138)", "**Time:** about 125 minutes", "Trained from 16 seeds.",
        "F1 and float32 and R²"]


@pytest.mark.parametrize("text", FREE)
def test_formulas_references_and_small_counts_are_free(read, text):
    assert prose.check(read(cell(text))) == []


def test_a_mark_with_its_reason_lets_a_number_stand(read):
    text = "Above 0.5, so 1,600 of 5 % and −2.5."
    assert len(prose.check(read(cell(text)))) == 4
    assert prose.check(read(cell(text, "0.5: the default threshold; 1600 5% -2.5: premises of the example"))) == []


@pytest.mark.parametrize(("given", "sentence"), [
    ("0.5", "lacks its reason"), ("0.5:", "lacks its reason"), ("a half: the threshold", "a number, a colon"),
    ("0.6: the threshold", "0.6 is for a number that does not stand in the prose")])
def test_a_mark_that_says_nothing_is_refused(read, given, sentence):
    with pytest.raises(src.SourceError, match=f"90_trial.py, cell 3: .*{sentence}"):
        read(cell("Above 0.5.", given))


@pytest.mark.parametrize(("text", "mark", "proven"), [
    ("It is 95.9%.", "95.9%: asserted below", True), ("It is 95.8%.", "95.8%: asserted below", False),
    ("It is 0.96.", "0.96: asserted below", True), ("It is 0.05.", "0.05: asserted below", False),
    ("It is 0.05.", "0.05: set in code", True), ("It is 0.06.", "0.06: set in code", False),
    ("It is 1.3.", "1.3: claimed above", True), ("It is 1.4.", "1.4: claimed above", False)])
def test_a_mark_that_names_its_proof_is_held_against_the_code(read, text, mark, proven):
    found = prose.check(read(cell(text, mark)))
    assert len(found) == (not proven) and all("holds that number" in one for one in found)


def test_alt_texts_need_placeholders(read):
    alt = '# %% [raw] tags=["alt"] id="some-alt"\n# The curve falls from {start:.2f} to 0.31.'
    assert "0.31" in prose.check(read(alt))[0] and len(prose.check(read(alt))) == 1
    assert prose.check(read(alt.replace("0.31", "{end:.2f}"))) == []


def test_told_sentences_and_alt_texts_in_code_are_read(read):
    for line in ['tell("It is 0.31.")', 'figures.show(fig, "It ends at 0.31.")', 'slider(draw, alt="It ends at 0.31.")',
                 'claim("It is 0.31 lower.", e, "<", 0.3)', 'tell(f"{name} is 0.31.")']:
        assert "0.31" in prose.check(read(f"# %%\n{line}"))[0], line
    for line in ['tell("It is {x:.2f}.", x=0.31)', 'claim("It is 31% lower.", e, "<", 0.31)', "print(0.31)"]:
        assert prose.check(read(f"# %%\n{line}")) == [], line


QUESTION = '''# %% [raw] tags=["question"]
# id = "q"
# ask = "One model has 0.9. Two?"
# given = ["0.9: premise of the question"]
# [right]
# text = "yes"
# why = "So it is."
# [[wrong]]
# text = "no: it has 0.77"
# misconception = "sign-lost"
# why = "It is not."
'''


def test_questions_and_their_feedback_are_read_but_not_wrong_options(read):
    assert prose.check(read(QUESTION)) == []
    assert "given" not in read(QUESTION).items["q"]
    for piece in ("One model has 0.9.", "So it is.", "It is not.", '"yes"'):
        changed = QUESTION.replace(piece, piece.replace('yes"', 'yes, 0.31"').replace(".", ". By 0.31.", 1))
        changed = changed.replace("0. By 0.31.9", "0.9 and 0.31")
        assert "0.31" in prose.check(read(changed))[0], changed


def test_the_answers_of_a_question_may_stand_in_its_feedback(read):
    asked = '''# %% [raw] tags=["prediction"]
# id = "p"
# ask = "How many?"
# right = 20.5
# why = "It is 20.5."
# [[near]]
# value = 11.25
# misconception = "sign-lost"
# why = "11.25 is half of it."
'''
    assert prose.check(read(asked)) == []
    assert len(prose.check(read(asked.replace('"It is 20.5."', '"It is 21.5."')))) == 1


def test_hints_and_feedback_of_exercises_are_read(read):
    exercise = ('# %% tags=["exercise"] id="x"\n### BEGIN SOLUTION\na = 1\n### END SOLUTION\n\n'
                '# %% tags=["hint"]\n# Not 0.31.\n\n'
                '# %% tags=["wrong"] misconception="sign-lost"\n# You took 0.32.\na = 0.33\n')
    assert [one.split(" looks")[0][-4:] for one in prose.check(read(exercise))] == ["0.31", "0.32"]


def test_a_number_that_comes_from_nowhere_fails_the_build(read, capsys):
    read(cell("It is 0.62."))
    with pytest.raises(src.SourceError, match="0.62 looks measured"):
        build.main(["90_trial"])


def test_the_command_names_each_number_and_fails(read, capsys):
    read(cell("It is 0.62."))
    assert prose.main(["90_trial"]) == 1
    assert "0.62 looks measured" in capsys.readouterr().out


@pytest.mark.parametrize("name", src.names())
def test_the_minutes_that_are_promised_are_those_of_the_instructors_page(name):
    """The head of a notebook and the map in 00 say one number, rounded to five minutes at most."""
    said = int(re.search(r"\*\*Time:\*\* about (\d+) minutes", src.read(name).cells[0][1])[1])
    assert abs(said - sum(src.read(name).instructor["minutes"])) <= 2.5
    course = "\n".join(text for kind, text, *_ in src.read("00_start_here").cells if kind == "markdown")
    row = rf"^\| \[?{name[:2]} [^|]+\| {said} \|"
    assert re.search(row, course, re.M), f"the map in 00 lacks {name}, {said} minutes"


def test_numbers_are_equal_to_the_digits_that_are_written():
    half, = numbers.find("0.50 of it")
    assert half.equals(0.5) and half.equals(0.4951) and not half.equals(0.49)
    percent, = numbers.find("about 12.5% of it")
    assert percent.equals(0.125) and percent.equals(12.5) and not percent.equals(1.25)
