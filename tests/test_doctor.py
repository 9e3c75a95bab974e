"""The doctor: finds planted faults, is silent on sound programs, survives nonsense, changes nothing, and is fast."""

from __future__ import annotations

import ast
import random
import re
import time
import warnings

import doctor_asked
import doctor_faulty
import doctor_faulty_later
import doctor_fuzz
import doctor_sound
import numpy as np
import pytest
from doctor_programs import features, head, network
from doctor_table import EXPECTED, accepted

from helpers.authoring import source as src
from helpers.doctor import Finding, Findings, examine, learn, recommend

pytestmark = pytest.mark.filterwarnings("ignore")
FAULTY, SOUND, FUZZ = list(doctor_faulty.faulty()), list(doctor_sound.sound()), 500


def keras():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import keras

    return keras


def judge(program):
    failures = []
    found = examine(program.model, program.x, program.y, **program.options, _failures=failures)
    assert not failures, f"{program.kind}: a rule raised: {failures}"
    return found


# Recall and silence


def test_there_are_enough_programs():
    assert len(FAULTY) >= 150 and len(SOUND) >= 150 and FUZZ >= 500
    assert {kind for kind, _, _ in FAULTY} == set(EXPECTED)


@pytest.mark.parametrize("kind", EXPECTED)
def test_each_planted_fault_is_found(kind):
    for number, make in [(number, make) for k, number, make in FAULTY if k == kind]:
        found = judge(make())
        hits = [f for f in found if f.code in accepted(kind)]
        assert hits, f"{kind} #{number} not found; said: {found.codes}"
        for f in hits:
            assert f.title and f.why and f.see, f.code
            assert f.fix, f"{f.code} has no corrected line"
            ast.parse(f.fix.replace("...", "_"))  # raises SyntaxError if the line is no Python


@pytest.mark.parametrize("programs", [doctor_faulty_later.later, doctor_asked.asked], ids=["second", "third"])
def test_each_fault_of_the_later_sets_is_found(programs):
    for name, codes, make in programs():
        program = make()
        program.kind = name
        found = judge(program)
        assert codes & set(found.codes), f"{name} not found; said: {found.codes}"
        for f in found:
            ast.parse(f.fix.replace("...", "_"))


GROUPS = sorted({name.split()[0] for name, _ in SOUND})


@pytest.mark.parametrize("group", GROUPS)
def test_sound_programs_are_silent(group):
    for name, make in SOUND:
        if name.split()[0] == group:
            alarms = judge(make()).of("error", "warning")
            assert not alarms, f"{name}:\n{alarms}"


def test_where_people_suspected_a_fault_and_there_is_none_it_is_silent():
    for name, make in doctor_asked.fine():
        alarms = judge(make()).of("error", "warning")
        assert not alarms, f"{name}:\n{alarms}"


@pytest.mark.parametrize("part", range(10))
def test_nonsense_never_raises(part):
    for number in range(part * FUZZ // 10, (part + 1) * FUZZ // 10):
        program = doctor_fuzz.program(number)
        program.kind = f"fuzz {number}"
        found = judge(program)
        assert isinstance(found, Findings) and str(found) and found._repr_html_()
        assert all(f.severity in ("error", "warning", "note") for f in found)


# The corrected line is right: applied, the doctor has nothing left to say


def small(last, loss, y, metrics=None, **arguments):
    k = keras()
    model = k.Sequential([k.Input((4,)), k.layers.Dense(8, activation="relu"), last])
    model.compile(optimizer="adam", loss=loss, metrics=metrics, **arguments)
    return model, features(np.random.default_rng(0), 64, 4), y


IDS = np.arange(64) % 3
ROWS = np.eye(3)[IDS]
YES = np.arange(64) % 2
REAL = np.linspace(-3, 3, 64)


def mended(model, y, fix):
    """The model with the lines of `fix` carried out: layers replace the last one, the rest is run as it stands."""
    k = keras()
    space = {"keras": k, "np": np, "y": y, "model": model}
    body = model.layers[:-1]
    for statement in ast.parse(fix).body:
        code = ast.unparse(statement).removeprefix("(").removesuffix(",)")
        if code.startswith("keras.layers"):
            space["model"] = k.Sequential([k.Input((4,)), *body, eval(code, space)])  # noqa: S307
            space["model"].compile(optimizer="adam", loss=model.loss,
                                   metrics=getattr(model._compile_metrics, "_user_metrics", None))
        else:
            exec(code, space)  # noqa: S102
    return space["model"], space["y"]


@pytest.mark.parametrize("units, activation, loss, y, metrics, code", [
    (1, "softmax", "bce", YES, None, "softmax-one-unit"),
    (1, None, "bce", YES, None, "probabilities-expected"),
    (3, "relu", "sparse_categorical_crossentropy", IDS, ["accuracy"], "probabilities-expected"),
    (3, "sigmoid", "categorical_crossentropy", ROWS, ["accuracy"], "sigmoid-categorical"),
    (3, "softmax", "binary_crossentropy", ROWS, ["accuracy"], "softmax-binary"),
    (3, "softmax", "sparse_categorical_crossentropy", ROWS, ["accuracy"], "sparse-one-hot"),
    (3, "softmax", "categorical_crossentropy", IDS, ["accuracy"], "categorical-integers"),
    (1, "sigmoid", "categorical_crossentropy", YES, ["accuracy"], "one-unit-categorical"),
    (1, "sigmoid", "sparse_categorical_crossentropy", IDS, ["accuracy"], "one-unit-categorical"),
    (1, "sigmoid", "bce", YES + 1, ["accuracy"], "labels-outside-0-1"),
    (1, "sigmoid", "bce", 2 * YES - 1, ["accuracy"], "labels-outside-0-1"),
    (1, "sigmoid", "bce", IDS, ["accuracy"], "labels-outside-0-1"),
    (3, "softmax", "sparse_categorical_crossentropy", IDS + 1, ["accuracy"], "sparse-out-of-range"),
    (2, "softmax", "sparse_categorical_crossentropy", IDS, ["accuracy"], "sparse-out-of-range"),
    (3, "softmax", "sparse_categorical_crossentropy", IDS / 255, ["accuracy"], "sparse-fractions"),
    (2, "softmax", "binary_crossentropy", YES, ["accuracy"], "shapes"),
    (5, "softmax", "categorical_crossentropy", ROWS, ["accuracy"], "shapes"),
    (3, None, "mse", REAL[:, None], None, "shapes"),
    (1, "sigmoid", "mse", REAL, None, "head-range"),
    (1, None, "mse", REAL, ["accuracy"], "accuracy-regression"),
    (3, "sigmoid", "bce", np.maximum(ROWS, ROWS[:, ::-1]), ["accuracy"], "accuracy-multilabel"),
    (1, "sigmoid", "bce", YES[:, None], ["f1_score"], "f1-threshold"),
    (3, "softmax", "categorical_crossentropy", ROWS, ["precision"], "micro-average"),
    (3, "softmax", "sparse_categorical_crossentropy", IDS, ["precision"], "metric-shape"),
    (1, "sigmoid", "bce", YES, ["categorical_accuracy"], "accuracy-variant"),
    (1, "tanh", "hinge", 2 * YES - 1, ["accuracy"], "accuracy-signs"),
    (3, "softmax", "sparse_categorical_crossentropy", IDS, ["sparse_top_k_categorical_accuracy"], "top-k"),
    (1, "sigmoid", "binary_cross_entropy", YES, None, "unknown-loss"),
    (1, "sigmoid", "bce", YES, ["f1"], "unknown-metric"),
    (1, "sigmoid", "bce", np.array(["no", "yes"])[YES], None, "text-labels"),
    (1, "sigmoid", "hinge", 2 * YES - 1, None, "hinge-head"),
])
def test_the_corrected_line_corrects(units, activation, loss, y, metrics, code):
    model, x, y = small(keras().layers.Dense(units, activation=activation), loss, y, metrics)
    found = next(f for f in examine(model, x, y) if f.code == code)
    fix = found.fix.split("\n# or ")[0]
    model, y = mended(model, y, fix)
    left = examine(model, x, y).of("error", "warning").codes
    assert code not in left, f"{fix}\ndid not help"
    # the repair may show one more thing, such as a metric that has to follow
    assert set(left) <= {"metric-flat-labels", "micro-average"}, left


def test_one_corrected_line_mends_every_metric_on_logits():
    k = keras()
    model, x, y = small(k.layers.Dense(1), k.losses.BinaryCrossentropy(from_logits=True), YES,
                        [k.metrics.Recall(), k.metrics.AUC()])
    first = examine(model, x, y).of("warning")[0]
    assert first.code == "metric-on-logits"
    model, y = mended(model, y, first.fix)
    assert "metric-on-logits" not in examine(model, x, y).codes


def test_a_corrected_line_keeps_what_was_set():
    k = keras()
    model, x, y = small(k.layers.Dense(1, activation="sigmoid"), "binary_crossentropy", YES, ["auc"])
    watching = [k.callbacks.EarlyStopping(monitor="val_roc", mode="max", patience=2, restore_best_weights=True),
                k.callbacks.ModelCheckpoint("best.keras", monitor="val_auc", mode="min", save_best_only=True)]
    found = examine(model, x, y, callbacks=watching, class_weight={"0": 1, "1": 24}, validation_data=(x, y))
    fixes = {f.code: f.fix for f in found}
    assert fixes["class-weight-keys"] == "class_weight = {0: 1, 1: 24}"
    stop, best = (eval(fixes[code], {"keras": k}) for code in ("monitor-name", "monitor-direction"))  # noqa: S307
    assert (stop.monitor, stop.mode, stop.patience, stop.restore_best_weights) == ("val_auc", "max", 2, True)
    assert (best.filepath, best.monitor, best.mode, best.save_best_only) == ("best.keras", "val_auc", "max", True)


# It changes nothing


def state(model):
    k = keras()
    from keras.src.backend.common import global_state

    generator = global_state.get_global_attribute("global_seed_generator")
    variables = [*model.variables, *model.optimizer.variables, *[v for m in model.metrics for v in m.variables]]
    return {"values": [np.array(v).tobytes() for v in variables], "python": random.getstate(),
            "numpy": [str(part) for part in np.random.get_state()],
            "seed": None if generator is None else np.array(generator.state).tobytes(),
            "names": dict(global_state.get_global_attribute("object_name_uids") or {}),
            "built": (model.built, model._compile_loss.built, model._compile_metrics.built),
            "layer": k.Layer.__call__}


@pytest.mark.parametrize("trained", [False, True])
@pytest.mark.parametrize("style", ["sequential", "functional", "subclass"])
def test_nothing_changes(style, trained):
    k = keras()

    def draws(y_true, y_pred):  # a metric that moves every random state there is
        return y_pred * (random.random() + np.random.rand() + k.random.uniform(()))

    rng = np.random.default_rng(0)
    k.utils.set_random_seed(7)
    body = [k.layers.Dense(8, activation="relu"), k.layers.Dropout(0.5), k.layers.BatchNormalization(),
            k.layers.Reshape((8, 1)), k.layers.GRU(3, dropout=0.2)]
    model = network(rng, head(rng, 3, None), body=body, style=style)
    model.compile(optimizer="adam", loss=k.losses.SparseCategoricalCrossentropy(from_logits=True),
                  metrics=["accuracy", k.metrics.SparseTopKCategoricalAccuracy(k=2), draws], run_eagerly=True)
    x, y = features(rng, 64, 4), IDS
    if trained:
        model.train_on_batch(x, y)
    before = state(model)
    examine(model, x, y, class_weight={0: 1.0, 1: 1.0, 2: 2.0})
    assert state(model) == before


def test_training_afterwards_is_the_same_to_the_bit():
    def weights(look):
        k = keras()
        k.utils.set_random_seed(3)
        model = k.Sequential([k.Input((4,)), k.layers.Dense(8, activation="relu"), k.layers.Dropout(0.5),
                              k.layers.Dense(1)])
        model.compile("adam", "mse", metrics=["mae"])
        x = features(np.random.default_rng(0), 64, 4)
        if look:
            examine(model, x, x[:, 0])
        history = model.fit(x, x[:, 0], epochs=2, verbose=0).history
        return [w.tobytes() for w in model.get_weights()], history, k.layers.Dense(1).name

    assert weights(look=False)[:2] == weights(look=True)[:2]


def test_an_unbuilt_model_stays_unbuilt():
    k = keras()
    model = k.Sequential([k.layers.Dense(8), k.layers.Dense(1, activation="softmax")])
    model.compile("adam", "bce")
    assert "softmax-one-unit" in examine(model, features(np.random.default_rng(0), 64, 4), YES).codes
    assert not model.built and not model.weights


def test_a_generator_is_not_used_up_and_a_data_set_can_be_endless():
    import tensorflow as tf

    model, x, y = small(keras().layers.Dense(1, activation="softmax"), "bce", YES)
    batches = ((x, y) for _ in range(3))
    assert "not-judged" in examine(model, batches).codes and len(list(batches)) == 3
    endless = tf.data.Dataset.from_tensor_slices((x, y)).batch(8).repeat()
    found = examine(model, endless)
    assert "softmax-one-unit" in found.codes
    said = "The first 128 rows of the dataset were looked at."  # 16 batches of 8
    assert str(found).endswith(said) and said in found._repr_html_() and found.of("error").looked_at == said


def test_a_list_of_arrays_that_cannot_be_stacked_is_judged_without_raising():
    model, _, y = small(keras().layers.Dense(1, activation="softmax"), "bce", YES)
    failures = []
    found = examine(model, [np.zeros((3, 4)), np.zeros((2, 4))], y, _failures=failures)
    assert "softmax-one-unit" in found.codes and not failures


# What it says where it cannot judge


def test_without_x_it_judges_what_stands_still():
    model, _, y = small(keras().layers.Dense(1, activation="softmax"), "bce", YES)
    assert examine(model, y=y).codes == ["softmax-one-unit"]


def test_what_is_missing_is_a_note():
    k = keras()
    assert examine("no model").codes == ["not-judged"]
    model = k.Sequential([k.Input((4,)), k.layers.Dense(1)])
    assert "not-compiled" in examine(model, np.ones((4, 4)), np.ones(4)).codes
    model.compile("adam", "mse")
    assert examine(model, np.zeros((9, 4), "float32")).codes == ["no-targets"]
    assert all(f.severity == "note" for f in examine(model, np.zeros((9, 4), "float32")))


def test_a_rule_that_raises_becomes_a_note(monkeypatch):
    from helpers.doctor.rules import registry

    def broken(case, out):
        raise RuntimeError("broken")

    monkeypatch.setattr(registry, "RULES", [registry.Rule("broken-rule", "error", broken, "output", ())])
    found = examine(*small(keras().layers.Dense(1), "mse", REAL))
    assert found.codes == ["not-judged"] and "broken-rule" in found[0].title


# Speed


def test_it_is_fast_on_a_small_model():
    program = small(keras().layers.Dense(1, activation="softmax"), "bce", YES, ["accuracy"])
    examine(*program)
    start = time.perf_counter()
    examine(*program)
    assert time.perf_counter() - start < 2


def test_of_large_data_one_batch_is_run_and_targets_are_sampled():
    class Rows:
        """A million rows of features that count how many of them are asked for."""

        shape, dtype, asked = (1_000_000, 4), np.dtype("float32"), 0

        def __len__(self):
            return self.shape[0]

        def __getitem__(self, rows):
            count = len(range(*rows.indices(len(self))))
            self.asked += count
            return np.random.default_rng(0).standard_normal((count, 4)).astype("float32")

    model, _, _ = small(keras().layers.Dense(1, activation="softmax"), "bce", YES)
    x, y = Rows(), np.arange(3_000_000).reshape(1_000_000, 3) % 2
    model_3, _, _ = small(keras().layers.Dense(3, activation="sigmoid"), "bce", YES)
    start = time.perf_counter()
    found = examine(model_3, x, y)
    assert not found.of("error", "warning") and found.looked_at == "Of the 1,000,000 rows of y, one in 2 was looked at."
    assert time.perf_counter() - start < 5 and x.asked < 600_000
    from helpers.doctor import labels

    assert labels.read(y).sampled and not labels.read(YES).sampled


# The result, and where it points


def test_findings_come_in_order_and_show_as_text_and_table():
    model, x, y = small(keras().layers.Dense(1, activation="softmax"), "bce", YES, ["categorical_accuracy"])
    found = examine(model, x, y, class_weight={0: 1.0, 1: 2.0})
    assert [f.severity for f in found] == ["error", "warning", "note"]
    assert str(found).startswith("1 error, 1 warning, 1 note.") and "fix:" in str(found)
    page = found._repr_html_()
    assert page.count("<tr>") == 4 and '<th scope="col"' in page
    assert "found nothing" in str(Findings()) and "found nothing" in Findings()._repr_html_()
    assert Findings([Finding("a", "note", "<b>")])._repr_html_().count("&lt;b&gt;") == 1


def test_every_code_has_a_pointer_and_the_headings_exist():
    from helpers.doctor.rules import RULES

    assert {one.code for one in RULES} <= set(learn.SECTIONS)
    assert set(learn.SEVERAL_UNITS) <= set(learn.SECTIONS)
    assert "02_" in learn.pointer("logits-expected", 1) and "03_" in learn.pointer("logits-expected", 3)
    for code, (notebook, section) in [*learn.SECTIONS.items(), *learn.SEVERAL_UNITS.items()]:
        text = src.SOURCES / f"{notebook}.py" if notebook else None
        if section:
            headings = re.findall(r"^# ## (.*)$", text.read_text(encoding="utf-8"), re.MULTILINE)
            assert section in headings, f"{code} points to {section!r}, which is no section of {notebook}"


@pytest.mark.parametrize("rate", [0, 0.5])
def test_a_penalty_is_no_reason_why_training_and_validation_loss_differ(rate):
    k = keras()
    model = k.Sequential([k.Input((4,)), k.layers.Dense(8, "relu", kernel_regularizer="l2"), k.layers.Dropout(rate),
                          k.layers.Dense(1)])
    model.compile("adam", "mse")
    rng = np.random.default_rng(0)
    note, = [f for f in examine(model, rng.normal(size=(64, 4)), rng.normal(size=(64, 1)))
             if f.code == "train-against-evaluate"]
    reasons_why_they_differ = note.title if "not be comparable" in note.title else ""
    assert "regularization" not in reasons_why_they_differ and bool(reasons_why_they_differ) == (rate > 0)
    assert "part of loss and of val_loss" in f"{note.title} {note.why}"


def test_several_outputs_are_named():
    model, x, y = doctor_faulty.two_outputs(np.random.default_rng(0), metrics={"price": ["accuracy"]})
    found = examine(model, x, y)
    assert [(f.code, f.output) for f in found] == [("accuracy-regression", "price")]
    assert '"price": ["mae"]' in found[0].fix and '"sold": "binary_crossentropy"' in found[0].fix


# recommend

TARGETS = {
    "0/1": YES, "bool": YES > 0, "1/2": YES + 1, "-1/1": 2 * YES - 1, "0/255": 255 * YES, "column": YES[:, None],
    "text, two": np.array(["no", "yes"])[YES], "text, three": np.array(["a", "b", "c"])[IDS], "stars": IDS + 1,
    "real": REAL, "skewed": np.exp(2 * REAL), "share": np.linspace(0, 1, 64), "one-hot": ROWS,
    "multi-hot": np.maximum(ROWS, ROWS[:, ::-1]), "rare": (np.arange(64) == 9).astype(int), "two reals": np.stack(
        [REAL, REAL[::-1]], 1), "counts": np.arange(64) % 30, "missing": np.where(np.arange(64) < 3, np.nan, REAL)}


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_recommended_compiles_and_is_sound(name):
    k = keras()
    y = TARGETS[name]
    first = recommend(y)
    asked = [recommend(y, kind=kind) for kind in first.options] if first.question else [first]
    assert bool(first.question) == (name == "stars")
    for advice in asked:
        assert advice.kind and advice.reason and advice.baseline and str(advice) and advice._repr_html_()
        x = features(np.random.default_rng(1), 64, 4)
        keep = np.isfinite(y) if name == "missing" else np.full(64, True)
        space = {"keras": k, "np": np, "x": x[keep], "y": y[keep]}
        exec(advice.code, space)  # noqa: S102
        found = examine(space["model"], space["x"], space["y"])
        assert not found.of("error", "warning"), f"{name}, {advice.kind}:\n{found}"


def test_ambiguous_targets_are_asked_back():
    asked = recommend(IDS + 1)
    assert asked.kind == "" and not asked.code and set(asked.options) == {"classes", "order", "amount", "count"}
    assert recommend(IDS + 1, kind="classes").head.startswith("keras.layers.Dense(3")
    assert recommend(IDS + 1, kind="order").head.startswith("keras.layers.Dense(2")


@pytest.mark.parametrize("y, said", [
    ([], "empty"), (np.full(4, np.nan), "missing"), ([None] * 4, "missing"), (np.array([1j, 2j]), "type"),
    (np.array([f"name {i}" for i in range(40)]), "free text")])
def test_targets_that_are_none_are_refused_in_one_sentence(y, said):
    with pytest.raises(ValueError, match=said):
        recommend(y)


def test_recommend_takes_a_table_and_refuses_what_does_not_fit():
    import pandas as pd

    assert recommend(pd.DataFrame({"won": YES}), "won").kind == "binary"
    assert "nothing to learn" in recommend(np.ones(9)).reason
    for kind, y in (("binary", IDS), ("classes", REAL), ("count", REAL), ("share", 3 * REAL), ("nonsense", YES)):
        with pytest.raises(ValueError):
            recommend(y, kind=kind)


def test_the_baseline_is_what_it_says():
    from sklearn.metrics import log_loss, mean_absolute_error

    y = (np.arange(60) % 5 == 0).astype(int)
    assert f"loss {log_loss(y, np.full(60, 0.2)):.3f}" in recommend(y).baseline and "0.800" in recommend(y).baseline
    skewed = np.exp(REAL)
    mae = mean_absolute_error(skewed, np.full(64, np.median(skewed)))
    assert f"MAE {mae:.4g}" in recommend(skewed).baseline
