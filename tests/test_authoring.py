"""From source to editions: what the learner must not see, ids that stay, and sources that cannot be built."""
import nbformat
import pytest

from helpers import bank
from helpers.authoring import build, instructor
from helpers.authoring import source as src

HEAD = '# %% [markdown]\n# # Title\n\n'
EXERCISE = HEAD + '''# %% tags=["exercise"] id="double"
def double(x):
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% tags=["cases"]
cases = [(1,), (2,)]

# %% tags=["hint"]
# Add it to itself.

# %% tags=["wrong"] misconception="sign-lost"
# You squared it.
def double(x):
    return x * x
'''


def test_the_learner_gets_a_stub_and_the_solution_folded_away(read):
    cells = build.assemble(read(EXERCISE), "learner").cells
    code = [c.source for c in cells if c.cell_type == "code"]
    assert code == [f'def double(x):\n    """Twice x."""\n    {src.STUB}', 'check("double", double)']
    assert "<summary>Solution</summary>" in cells[-1].source and "return 2 * x" in cells[-1].source
    assert "BEGIN" not in str(cells) and "squared" not in str(cells)


def test_the_solution_edition_has_the_solution_and_no_marks(read):
    cells = build.assemble(read(EXERCISE), "solutions").cells
    assert cells[1].source == 'def double(x):\n    """Twice x."""\n    return 2 * x'
    assert "###" not in str(cells) and "<details>" not in str(cells)


def test_wrong_answers_carry_their_feedback(read):
    item = read(EXERCISE).items["double"]
    assert item["wrong"][0]["feedback"] == "You squared it." and item["wrong"][0]["misconception"] == "sign-lost"
    assert item["hints"] == ["Add it to itself."] and item["name"] == "double"


def test_ids_of_other_cells_stay_when_one_is_added(read):
    before = {c.id for c in build.assemble(read(EXERCISE), "learner").cells}
    after = {c.id for c in build.assemble(read(EXERCISE + "\n# %%\nnew = 1\n"), "learner").cells}
    assert before < after and len(after) == len(before) + 1


CODE = "# %%\nx = 1\n\n"


QUESTION = '''# %% [raw] tags=["question"]
# id = "q"
# ask = "One?"
# [right]
# text = "yes"
# why = "So it is."
# [[wrong]]
# text = "no"
# misconception = "sign-lost"
# why = "It is not."
'''


@pytest.fixture
def stored(read, tmp_path, monkeypatch):
    """A function that stores the edition of a source as if it had been run: its first code cell has put out "kept"."""
    def store(text):
        monkeypatch.setattr(build, "EDITIONS", {"learner": tmp_path})
        monkeypatch.setattr(build, "PRACTICE", tmp_path)
        source = read(text)
        notebook = build.assemble(source, "learner")
        first = next(cell for cell in notebook.cells if cell.cell_type == "code")
        first.outputs = [nbformat.v4.new_output("stream", text="kept")]
        nbformat.write(notebook, build.edition_path(source.name, "learner"))
        (tmp_path / f"{source.name}.json").write_text(build.practice_json(source), encoding="utf-8")
    return store


def test_a_changed_text_keeps_the_stored_outputs(read, stored):
    stored(HEAD + CODE)
    told = str(build.with_stored_outputs(read(HEAD + "# New words.\n\n" + CODE), "learner"))
    assert "New words." in told and "kept" in told


def test_a_changed_question_keeps_the_stored_outputs(read, stored):
    stored(HEAD + CODE + QUESTION)
    assert "kept" in str(build.with_stored_outputs(read(HEAD + CODE + QUESTION.replace("One?", "Two?")), "learner"))


@pytest.mark.parametrize("changed", [CODE.replace("1", "2"), CODE + CODE, QUESTION, CODE + QUESTION])
def test_a_changed_code_needs_a_run(read, stored, changed):
    stored(HEAD + CODE)
    with pytest.raises(src.SourceError, match="more than texts"):
        build.with_stored_outputs(read(HEAD + changed), "learner")


def test_a_changed_exercise_needs_a_run_unless_only_a_wrong_answer_changed(read, stored):
    stored(EXERCISE)
    build.with_stored_outputs(read(EXERCISE.replace("You squared it.", "That is the square.")), "learner")
    with pytest.raises(src.SourceError, match="more than texts"):
        build.with_stored_outputs(read(EXERCISE.replace("Add it to itself.", "Add it.")), "learner")


def test_questions_are_asked_again_and_nothing_else_is_run(tmp_path):
    question = nbformat.v4.new_code_cell('question("which-to-ship")', execution_count=7)
    code = nbformat.v4.new_code_cell("1 / 0")
    outputs = [nbformat.v4.new_output("stream", text="stale"), nbformat.v4.new_output("stream", text="kept")]
    comparison = nbformat.v4.new_code_cell('compare("what-adding-a-metric-changes")\n1 / 0', outputs=outputs)
    build.ask_again(nbformat.v4.new_notebook(cells=[code, question, comparison]), tmp_path)
    assert bank.items()["which-to-ship"]["ask"] in str(question.outputs) and question.execution_count == 7
    assert "Compare." in str(comparison.outputs[0]) and comparison.outputs[1:] == outputs[-1:]


def test_the_right_option_is_marked_and_asked_without_the_answer(read):
    source = read(HEAD + QUESTION)
    assert [o["text"] for o in source.items["q"]["options"] if o.get("right")] == ["yes"]
    learner, solved = (build.assemble(source, edition).cells[-1].source for edition in ("learner", "solutions"))
    assert learner == 'question("q")' and solved in ('question("q", "A")', 'question("q", "B")')


@pytest.mark.parametrize(("text", "sentence"), [
    (HEAD + QUESTION.replace("sign-lost", "no-such-thing"), "not in misconceptions.toml"),
    (HEAD + QUESTION.replace('ask = "One?"', ""), "needs 'ask'"),
    (HEAD + QUESTION.replace('ask = "One?"', "ask = One"), "not TOML"),
    (HEAD + QUESTION + "\n" + QUESTION, "used twice"),
    (EXERCISE.replace("### BEGIN SOLUTION", "# BEGIN"), "no solution between"),
    (EXERCISE.replace(' id="double"', ""), "needs id="),
    (EXERCISE.replace("# You squared it.\n", ""), "starts with a comment"),
    (HEAD + '# %% tags=["hint"]\n# Lost.\n', "must follow its exercise"),
])
def test_a_source_that_cannot_be_built_says_where_and_why(read, text, sentence):
    with pytest.raises(src.SourceError, match=f"90_trial.py, cell \\d+: .*{sentence}"):
        read(text)


PREDICTION = QUESTION.replace('["question"]', '["prediction"]') + '''
# %%
print("the answer")

# %%
compare("q")

# %%
print("the claim")

# %% [markdown]
# Why.

# %%
print("later")
'''


def test_what_is_to_be_predicted_is_folded_for_the_learner_alone(read):
    source = read(HEAD + PREDICTION)
    folded = {edition: [c.source for c in build.assemble(source, edition).cells
                        if c.metadata.get("jupyter", {}).get("outputs_hidden")] for edition in build.EDITIONS}
    assert folded == {"learner": ['print("the answer")', 'compare("q")', 'print("the claim")'], "solutions": []}


def test_the_right_option_stands_everywhere_equally_often(read):
    option = '[[wrong]]\n# text = "{}"\n# misconception = "sign-lost"\n# why = "No {}."\n'
    more = "".join("# " + option.format(word, word) for word in ("maybe", "never"))
    text = HEAD + "".join(QUESTION.replace('"q"', f'"q{k}"') + more + "\n" for k in range(8))
    places = [next(i for i, o in enumerate(item["options"]) if o.get("right")) for item in read(text).items.values()]
    assert sorted(places) == [0, 0, 1, 1, 2, 2, 3, 3]


INSTRUCTOR = '''# %% [raw] tags=["instructor"]
# minutes = [4, 6]
# measured = "With a clock."
# pause = "none"
# skip = "nothing"

'''


def test_the_instructors_page_adds_up_and_names_every_wrong_answer(read):
    page = instructor.page(read(INSTRUCTOR + EXERCISE.replace("# # Title", "# # Title\n# ## One\n# ## Two") + QUESTION))
    assert "**10 minutes**" in page and "| Two | 6 |" in page
    assert "You squared it." in page and "return x * x" in page and "It is not." in page


def test_minutes_for_other_sections_are_refused(read):
    with pytest.raises(src.SourceError, match="0 sections, but minutes for 2"):
        instructor.page(read(INSTRUCTOR + EXERCISE))
