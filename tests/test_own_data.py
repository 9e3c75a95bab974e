"""helpers/own_data: tables that nobody here made, bad input, hostile entries, the command, and what is kept."""

from __future__ import annotations

import dataclasses
import html.parser
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers import data, own_data
from helpers.own_data import OwnDataError, columns, heads, leaks, metrics, plans, reading, training
from helpers.own_data.__main__ import harmless, main
from helpers.own_data.card import card_of

sys.path.insert(0, str(Path(__file__).parent))
from own_data_tables import CASES, MOST  # noqa: E402

ROOT = Path(__file__).parents[1]
FAST = dict(seeds=2, epochs=6)


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch):
    """An interval of a test needs no second digit."""
    monkeypatch.setattr(training, "RESAMPLES", 40)


def mixed(n=240, seed=0) -> pd.DataFrame:
    """A table with every kind of column; "y" is a number that follows from "a" and "color"."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({
        "a": rng.normal(size=n), "color": rng.choice(["red", "green", "blue"], n),
        "when": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, n), "D"),
        "kinds": ["|".join(sorted(set(rng.choice(list("uvwxyz"), 3)))) for _ in range(n)],
        "words": [" ".join(rng.choice(["sun", "rain", "snow", "fog", "hail", "wind", "ice"], 5)) + f" {i}"
                  for i in range(n)]})
    frame["y"] = 3 * frame["a"] + 2 * (frame["color"] == "red") + rng.normal(size=n) / 4
    return frame


@pytest.fixture(scope="module")
def yes_no():
    frame = mixed(400)
    frame["won"] = np.where(frame.pop("y") > 2, "yes", "no")
    task = own_data.describe(frame, "won")
    return frame, task, own_data.prepare(task)


@pytest.fixture(scope="module")
def result(yes_no):
    return own_data.train(yes_no[2], seeds=3, epochs=40, miss=5.0)


# Tables that nobody here made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_table_ends_in_a_report_or_a_clear_refusal(case, tmp_path):
    table = case.load()
    frame = getattr(table, "frame", table)
    if len(frame) > MOST and case.name != "population":
        frame = frame.sample(MOST, random_state=0)
    if case.refused:
        with pytest.raises(OwnDataError, match=case.expect):
            own_data.describe(frame, case.target, **case.options)
        return
    task = own_data.describe(frame, case.target, **case.options)
    assert task.kind == case.expect
    plan = own_data.prepare(task)
    for part in plans.PARTS:
        assert plan.X[part].dtype == np.float32 and np.isfinite(plan.X[part]).all()
        assert len(plan.X[part]) == len(plan.y[part]) > 0
    found = own_data.train(plan, **FAST | case.training)
    assert np.isfinite(found.values).all() and found.better == (found.interval[0] > 0)
    assert not found.findings.of("error")
    report = own_data.write_report(found, tmp_path / "report.html").read_text(encoding="utf-8")
    assert ("Better than the baseline" in report) != ("Not shown to be better" in report)


def test_what_is_predictable_is_found_better_and_noise_is_not():
    frame = mixed(300)
    assert own_data.train(own_data.prepare(own_data.describe(frame, "y")), seeds=4, epochs=40).better
    better = 0
    for seed in range(3):
        frame["y"] = np.random.default_rng(100 + seed).normal(size=len(frame))
        better += own_data.train(own_data.prepare(own_data.describe(frame, "y")), seeds=2, epochs=4).better
    assert better < 2


# What is read


CSV = "a,b\n" + "\n".join(f"{i},{i % 3}" for i in range(30)) + "\n"
BAD_FILES = {
    "empty": (b"", "is empty"), "names alone": (b"a,b\n", "no rows"),
    "doubled names": (b"a,a\n1,2\n", "same name, 'a'"), "doubled after ours": (b"a,b,a\n1,2,3\n", "same name"),
    "semicolons": (b"a;b;c\n1;2;3\n", "a semicolon between its fields.*sep=';'"),
    "tabs": (b"a\tb\n1\t2\n", "a tab between its fields"),
    "latin-1": ("name,b\nJosé,1\n".encode("latin-1"), "not UTF-8 text.*0xe9"),
    "latin-1 names": ("größe,b\n1,1\n".encode("latin-1"), "not UTF-8 text"),
    "utf-16": ("a,b\n1,2\n".encode("utf-16"), "not UTF-8 text"),
    "a longer line": (b"a,b\n1,2\n1,2,3\n", "Not all lines"),
    "all lines longer": (b"a,b\n1,2,3\n4,5,6\n", "Not all lines"),
    "Excel": (b"PK\x03\x04" + bytes(40), "Excel"), "zeros": (bytes(100), "not text|no line of column names"),
    "broken gzip": (b"\x1f\x8b" + bytes(30), "cannot be read|damaged"),
    "broken Parquet": (b"PAR1" + bytes(30), "damaged"),
    "an open quote": (b'a,b\n1,2\n"3,4\n5,6\n', "Not all lines"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_gets_one_sentence(name, tmp_path):
    content, words = BAD_FILES[name]
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(OwnDataError, match=words) as caught:
        own_data.read(path)
    assert one_sentence(str(caught.value))


def one_sentence(message):
    return "\n" not in message and message.rstrip().endswith((".", ").")) and 20 < len(message) < 900


def test_no_file_a_folder_and_a_file_larger_than_memory(tmp_path, monkeypatch):
    with pytest.raises(OwnDataError, match="no file"):
        own_data.read(tmp_path / "none.csv")
    with pytest.raises(OwnDataError, match="folder"):
        own_data.read(tmp_path)
    path = tmp_path / "table.csv"
    path.write_text(CSV)
    assert len(own_data.read(path).frame) == 30
    own_data.read(path).frame.to_csv(tmp_path / "table.csv.gz", index=False)
    own_data.read(path).frame.to_parquet(tmp_path / "table.parquet")
    needed = len(CSV) * reading.BYTES_OF_TEXT
    for name, enough in (("table.csv", needed), ("table.csv.gz", needed), ("table.parquet", 30 * 2 * 100)):
        monkeypatch.setattr(reading, "free_memory", lambda enough=enough: enough)
        assert len(own_data.read(tmp_path / name).frame) == 30
        monkeypatch.setattr(reading, "free_memory", lambda enough=enough: enough - 1)
        with pytest.raises(OwnDataError, match="MB are free"):
            own_data.read(tmp_path / name)
    task = own_data.describe(mixed(60), "y")
    monkeypatch.setattr(plans, "free_memory", lambda: 1000)
    with pytest.raises(OwnDataError, match="do not fit into memory"):
        own_data.prepare(task)


def test_csv_packed_with_a_byte_order_mark_and_parquet_give_the_same(tmp_path):
    frame = mixed(30)
    frame.to_csv(tmp_path / "a.csv", index=False, encoding="utf-8-sig")
    frame.to_csv(tmp_path / "a.csv.gz", index=False)
    frame.to_parquet(tmp_path / "a.parquet")
    frame.to_csv(tmp_path / "b.csv", index=False, sep=";")
    tables = [own_data.read(tmp_path / name).frame for name in ("a.csv", "a.csv.gz", "a.parquet")]
    tables.append(own_data.read(tmp_path / "b.csv", sep=";").frame)
    for table in tables:
        assert list(table) == list(frame)
        np.testing.assert_allclose(table["y"], frame["y"])


def test_infinite_values_are_missing_ones():
    frame = mixed(100)
    frame.loc[[3, 4], "a"] = [np.inf, -np.inf]
    frame.loc[5, "y"] = -np.inf
    task = own_data.describe(frame, "y")
    assert len(task.frame) == 99 and any("'a': 2 infinite" in note for note in task.notes)
    assert np.isfinite(own_data.prepare(task).X["train"]).all()


# What is asked


def refused(words, frame, target, **options):
    with pytest.raises(OwnDataError, match=words) as caught:
        own_data.describe(frame, target, **options)
    assert one_sentence(str(caught.value))


def test_bad_targets_are_refused():
    frame = mixed(60)
    frame["empty"], frame["same"] = np.nan, "x"
    frame["price"] = ["12 EUR" if i % 3 == 0 else str(i) for i in range(60)]
    frame["stars"] = np.arange(60) % 5
    refused("no column 'cost'", frame, "cost")
    refused("No target", frame, [])
    refused("missing in every row", frame, "empty")
    refused("one value only", frame, "same")
    refused("are text, such as '12 EUR'", frame, "price")
    refused("must hold numbers for kind='amount'", frame, "color", kind="amount")
    refused("is a date", frame, "when")
    refused("different values", frame, "words")
    refused("must be numbers", frame, ["stars", "color"])
    refused("too large to compute with", frame.assign(y=10.0 ** np.arange(60)), "y", kind="amount")
    refused("also named in drop", frame, "y", drop=["y"])
    refused("at least 20", frame.head(19), "y")
    refused("no column 'z' .drop.", frame, "y", drop=["z"])
    refused("No column is left", frame[["y", "same"]], "y")
    refused("The positive class 'maybe'", frame.assign(w=np.where(frame.a > 0, "yes", "no")), "w", positive="maybe")
    with pytest.raises(own_data.AskBack, match="no code can tell") as caught:
        own_data.describe(frame, "stars")
    assert {"classes", "order", "amount", "count"} == set(caught.value.options)
    assert own_data.describe(frame, "stars", kind="order").kind == "order"


def test_each_column_is_what_it_is():
    frame = mixed(200)
    frame["huge"], frame["dots"] = 10.0 ** np.linspace(0, 307, 200), [". " + "." * (i % 60) for i in range(200)]
    frame["id"], frame["same"], frame["code"] = np.arange(200), 1, [f"k{i}" for i in range(200)]
    frame["dirty"] = ["?" if i == 7 else str(i / 7) for i in range(200)]
    frame["empty"], frame["later"] = None, frame["when"] + pd.Timedelta(days=3)
    frame["almost y"] = frame["y"] * 2 + 1
    task = own_data.describe(frame, "y")
    assert task.features == {"a": "number", "color": "category", "when": "date", "kinds": "list", "words": "text",
                             "huge": "number", "id": "number", "dirty": "number", "later": "date", "almost y": "number"}
    assert set(task.left_out) == {"same", "code", "empty", "dots"}
    assert {(s.column, s.kind) for s in task.suspects} == {("id", "id"), ("later", "date"), ("almost y", "tells all")}
    assert any("'dirty': 1 entries are not numbers, such as '?'" in note for note in task.notes)
    assert "almost y" not in own_data.describe(frame, "y", drop=["almost y"]).features


def test_columns_of_noise_are_worth_nothing_alone_and_a_copy_everything():
    rng = np.random.default_rng(1)
    y = rng.integers(0, 2, 200)
    frame = pd.DataFrame({f"noise {k}": rng.normal(size=200) for k in range(20)})
    frame = frame.assign(copy=y, gap=np.where(y == 1, np.nan, 1.0))
    told = leaks.alone(frame, dict.fromkeys(frame, "number"), y, classes=True)
    assert told.pop("copy") == told.pop("gap") == 1.0
    # 0.03 to 0.06 for eight seeds; 0.26 if one of the two halves were judged by the rows of its own fit
    assert np.mean(list(told.values())) < 0.15


def test_labels_in_lists():
    frame = mixed(200)
    task = own_data.describe(frame, "kinds")
    assert task.kind == "several labels" and set(task.classes) == set("uvwxyz")
    first = {name for name, on in zip(task.classes, task.y[0], strict=True) if on}
    assert first == set(frame["kinds"][0].split("|"))


# Split and preprocessing


def parts_of(plan, key):
    """The largest number of parts in which rows of one key stand."""
    return pd.Series(plan.split).groupby(np.asarray(key)).nunique().max()


def test_duplicates_and_groups_stay_together_and_classes_keep_their_share():
    frame = pd.concat([mixed(200).drop(columns="words")] * 3, ignore_index=True)
    frame["won"] = np.where(frame.pop("y") > 1, "yes", "no")
    plan = own_data.prepare(own_data.describe(frame, "won"))
    assert parts_of(plan, frame["a"]) == 1 and any("equal in all features" in note for note in plan.notes)
    shares = [plan.y[part].mean() for part in plans.PARTS]
    assert max(shares) - min(shares) <= 1 / 40 + 1e-9  # one group of the 40 in a part
    frame["who"], frame["a"] = np.arange(600) // 5, np.random.default_rng(0).normal(size=600)
    assert parts_of(own_data.prepare(own_data.describe(frame, "won", drop="who")), frame["who"]) == 3
    plan = own_data.prepare(own_data.describe(frame, "won", group="who"))
    assert parts_of(plan, frame["who"]) == 1 and "who" not in plan.task.features


def test_preprocessing_is_fitted_on_training_rows_alone():
    frame = mixed(300)
    plan = own_data.prepare(own_data.describe(frame, "y"))
    changed = frame.copy()
    changed.loc[plan.split != "train", "a"] += 5
    task = own_data.describe(changed, "y")
    other = plans._transformer(task, task.frame[plan.split == "train"]).fit(
        plans.tidied(task.frame[plan.split == "train"], task.features))
    np.testing.assert_array_equal(plan.X["train"], plans.numbers(other, task.features,
                                                                 task.frame[plan.split == "train"]))
    place = plan.names.index("number__a")
    assert abs(plan.X["train"][:, place].mean()) < 1e-6 and abs(plan.X["test"][:, place].mean()) > 1e-6


# Thresholds, baselines, metrics


@pytest.mark.parametrize("costs", [(1.0, 1.0), (10.0, 1.0), (1.0, 7.0)])
def test_the_threshold_is_the_cheapest(costs):
    rng = np.random.default_rng(3)
    p = np.round(rng.random(300), 2)
    y = (rng.random(300) < p).astype(int)

    def cost(threshold):
        return costs[0] * ((y == 1) & (p <= threshold)).sum() + costs[1] * ((y == 0) & (p > threshold)).sum()

    best = training.cheapest(y, p, costs)
    assert cost(best) == min(cost(t) for t in np.linspace(0, 1, 2001))
    assert 0 <= best <= 1


def test_thresholds_follow_the_costs_whatever_the_metric_is(yes_no):
    at = {}
    for miss, metric in ((9.0, "accuracy"), (9.0, "roc_auc"), (1 / 9, "accuracy")):
        found = own_data.train(yes_no[2], metric=metric, miss=miss, **FAST)
        at[miss, metric] = found.thresholds
        assert found.metric == metric
    np.testing.assert_array_equal(at[9.0, "accuracy"], at[9.0, "roc_auc"])
    assert (at[9.0, "accuracy"] < at[1 / 9, "accuracy"]).all()


def test_the_best_constant_of_labels_is_chosen_label_by_label():
    y = np.column_stack([np.ones(100), np.zeros(100)])
    y[:10] = 1 - y[:10]  # label 0 mostly holds, label 1 mostly does not
    assert metrics.baseline("several labels", "binary_accuracy", y, y, (1, 1)) == pytest.approx(0.9)
    assert metrics.baseline("several labels", "cost", y, y, (1, 1)) == pytest.approx(0.1)
    assert metrics.baseline("several labels", "cost", y, y, (20, 1)) == pytest.approx((0.1 + 0.9) / 2)
    tall = np.column_stack([np.arange(9.0), 100 + np.arange(9.0) ** 2])
    assert metrics.baseline("several amounts", "mae", tall, tall, (1, 1)) == pytest.approx(
        np.abs(tall - np.median(tall, axis=0)).mean())


def test_no_constant_beats_the_baseline_of_a_decision():
    rng = np.random.default_rng(0)
    y = (rng.random(200) < 0.3).astype(int)
    for name, sign in (("accuracy", 1), ("f1", 1), ("cost", -1)):
        for costs in ((1, 1), (9, 1), (1, 9)):
            best = metrics.baseline("binary", name, y, y, costs)
            others = [metrics.evaluate("binary", name, y, np.full(200, 0.3), np.full(200, d), costs) for d in (0, 1)]
            assert best * sign == pytest.approx(max(sign * other for other in others))


@pytest.mark.parametrize("kind, y", [("amount", np.exp(np.linspace(0, 5, 50))), ("order", np.arange(50) % 4),
                                     ("count", np.arange(50)), ("several amounts", np.arange(100.0).reshape(50, 2))])
def test_targets_come_back_from_what_the_head_predicts(kind, y):
    frame = pd.DataFrame({"x": np.arange(50.0)})
    given = {"y": y} if y.ndim == 1 else {"y0": y[:, 0], "y1": y[:, 1]}
    task = own_data.describe(frame.assign(**given), list(given), kind="ask" if y.ndim == 2 else kind)
    head = heads.head_for(task, task.y)
    back = head.decide(head.decode(head.encode(task.y)[None]))[0]
    np.testing.assert_allclose(back, task.y, rtol=1e-4, atol=1e-4)


def test_bad_orders_are_refused(yes_no):
    plan = yes_no[2]
    for words, options in (("no metric 'beauty'", {"metric": "beauty"}), ("from 2 on", {"seeds": 1}),
                           ("epochs is 0", {"epochs": 0}), ("A cost is -1", {"miss": -1}),
                           ("A cost is nan", {"false_alarm": float("nan")})):
        with pytest.raises(OwnDataError, match=words):
            own_data.train(plan, **options)
    amounts = own_data.prepare(own_data.describe(mixed(60), "y"))
    with pytest.raises(OwnDataError, match="yes-or-no"):
        own_data.train(amounts, miss=3)


# The report, and what is kept


class Tags(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.alts, self.foreign = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append(tag)
        for name, value in attributes:
            if name.startswith("on") or name in ("src", "href") and not value.startswith("data:image/png;base64,"):
                self.foreign.append((tag, name, value))
            if tag == "img" and name == "alt":
                self.alts.append(value)


HOSTILE = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "=HYPERLINK(\"http://x\")", "$\\frac{",
           "a\x07b\u202e",
           "__import__('os').system('touch hacked')", "{0.__class__}", "%s%n"]


def test_entries_and_names_are_data(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({name: rng.normal(size=160) for name in HOSTILE[:6]})
    frame["c"] = rng.choice(HOSTILE, 160)
    frame["<b>target</b>"] = rng.choice(HOSTILE[:3], 160)
    frame.to_csv("bad.csv", index=False)
    found = own_data.train(own_data.prepare(own_data.describe(own_data.read("bad.csv"), "<b>target</b>")), **FAST)
    text = own_data.write_report(found, "report.html").read_text(encoding="utf-8")
    tags = Tags(text)
    assert not {"script", "b", "iframe", "object", "link", "svg"} & set(tags.found) and not tags.foreign
    assert "&lt;script&gt;" in text and "\x07" not in text and "\u202e" not in text
    assert tags.found.count("img") == 2 == len(tags.alts) and min(map(len, tags.alts)) > 60
    assert "default-src 'none'" in text and "<script" not in found.plan.task._repr_html_()
    assert sorted(os.listdir(tmp_path)) == ["bad.csv", "report.html"]


def test_a_spreadsheet_finds_no_formula():
    for text in ("=1+1", "+1", "-1", "@x", "\t=1"):
        assert harmless(text) == "'" + text
    assert harmless("plain") == "plain"


def test_a_saved_model_predicts_as_the_trained_one(result, yes_no, tmp_path):
    frame, task, plan = yes_no
    saved = own_data.load(own_data.save(result, tmp_path / "model"))
    rows = frame[plan.split == "test"]
    found = saved.predict(rows.drop(columns="won"))
    np.testing.assert_allclose(found["p"], result.p_test[result.chosen], atol=1e-5)
    says_yes = result.p_test[result.chosen] > result.thresholds[result.chosen]
    assert (found["decision"].to_numpy() == np.where(says_yes, "yes", "no")).all() and list(found.index) == list(
        rows.index)
    new = rows.head(3).assign(color=["violet", None, "red"], a=[np.nan, np.inf, 1e300],
                              when=["soon", None, "2021-01-01"])
    assert saved.predict(new)["p"].between(0, 1).all()
    with pytest.raises(OwnDataError, match="no column 'a', 'color'"):
        saved.predict(rows.drop(columns=["a", "color"]))
    own_data.save(result, tmp_path / "model")  # over the old one
    with pytest.raises(OwnDataError, match="is no saved model"):
        own_data.load(tmp_path)


def test_a_card_goes_with_the_model(result, tmp_path):
    card = (own_data.save(result, tmp_path / "model") / "model_card.txt").read_text(encoding="utf-8")
    for words in ("'won', binary", "'yes'", "'color'", "240 train", "95 % interval", "a miss costs 5", "later time"):
        assert words in card, words
    assert card.count("(to be filled in)") == 4 and card.count("\n") < 30
    hostile = dataclasses.replace(result, summary=("two\nlines \x07",))
    assert "two lines \N{REPLACEMENT CHARACTER}\n" in card_of(hostile, [])


def test_nothing_half_written(result, tmp_path, monkeypatch):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(OwnDataError, match="exists and is no saved model"):
        own_data.save(result, tmp_path / "mine")
    with pytest.raises(OwnDataError, match="cannot be written"):
        own_data.write_report(result, tmp_path / "no" / "report.html")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    (tmp_path / "report.html").write_text("an older report")
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OwnDataError, match="No space left"):
        own_data.write_report(result, tmp_path / "report.html")
    with pytest.raises(OwnDataError, match="No space left"):
        own_data.save(result, tmp_path / "model")
    assert (tmp_path / "report.html").read_text() == "an older report"
    assert sorted(os.listdir(tmp_path)) == ["mine", "report.html"]
    assert os.listdir(tmp_path / "mine") == ["thesis.txt"]


def test_the_result_says_what_it_is(result):
    assert "'yes'" in str(result) and "a miss costs 5" in str(result) and result.metric == "cost"
    losses = np.nanmin(result.runs.history["val_loss"], axis=1)
    assert losses[result.chosen] == np.median(losses)
    assert result.better and result.baselines["cost"] == result.baseline


def test_a_metric_that_the_loss_does_not_aim_at_is_named():
    """A skewed count: the Poisson loss aims at the mean, and the best constant for mae is the median, nearly 0."""
    rng = np.random.default_rng(2)
    x = rng.normal(size=1000)
    frame = pd.DataFrame({"x": x, "visits": rng.poisson(np.exp(0.8 * x) * rng.gamma(0.3, 4, size=1000))})
    plan = own_data.prepare(own_data.describe(frame, "visits", kind="count"))
    by_mae, by_rmse = (own_data.train(plan, metric=metric, seeds=2, epochs=20) for metric in ("mae", "rmse"))
    assert not by_mae.better and "the loss aims at the mean" in str(by_mae)
    assert np.median(by_rmse.values) < by_rmse.baseline and "aims at the mean" not in str(by_rmse)


# The command


def test_the_command_from_table_to_predictions(tmp_path, monkeypatch, capsys):
    frame = mixed(150)
    frame["won"] = np.where(frame.pop("y") > 2, "=yes", "no")
    frame.to_csv(tmp_path / "t.csv", index=False)

    asked = ["t.csv", "--target", "won", "--positive", "=yes", "--seeds", "2", "--epochs", "5", "--miss", "4"]
    done = subprocess.run([sys.executable, "-m", "helpers.own_data", *asked], cwd=tmp_path, text=True,
                          capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr
    assert sorted(os.listdir(tmp_path)) == ["own_model", "report.html", "t.csv"]
    monkeypatch.chdir(tmp_path)
    assert main(["t.csv", "--predict", "own_model"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "p,decision" and len(lines) == 151
    assert {line.split(",")[1] for line in lines[1:]} <= {"'=yes", "no"}


@pytest.mark.parametrize("arguments, words", [
    (["none.csv", "--target", "a"], "no file"), (["t.csv", "--target", "z"], "no column 'z'"), (["t.csv"], "--target"),
    (["t.csv", "--target", "b"], "--kind"), (["t.csv", "--target", "a", "--report", "no/r.html"], "no folder 'no'"),
    (["t.csv", "--predict", "nowhere"], "no saved model")])
def test_the_command_refuses_in_one_sentence_with_code_2(arguments, words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text(CSV)
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert words in error and error.count("\n") == 1
    assert os.listdir(tmp_path) == ["t.csv"]


def test_the_films(tmp_path):
    table, oscars = own_data.read(own_data.example(tmp_path / "films.csv")), data.oscars()
    assert table.frame.shape == (17_472, 14) and (table.frame["won_oscar"] == "yes").sum() == sum(
        y.sum() for y in (oscars.y_train, oscars.y_val, oscars.y_test))
    assert columns.kind_of(table.frame["genres"]) == ("list", "")
