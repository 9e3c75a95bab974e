"""The films: what the table holds, how it is split, and what a damaged file says."""

from __future__ import annotations

import gzip
import importlib.util
import os
import socket
import time
import unicodedata
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from helpers import data
from helpers.data import film_titles, make_films

LOADERS = [data.films, data.box_office, data.oscars, data.genres, data.certificates, data.titles]
TASKS = ["box office", "oscars", "genres", "certificates"]
TEN_GENRES = ["Drama", "Comedy", "Romance", "Action", "Crime", "Thriller", "Horror", "Documentary", "Sci-Fi", "Fantasy"]


@pytest.fixture(scope="module")
def films():
    return data.films()


@pytest.fixture(scope="module")
def tasks():
    return {task.name: task for task in (data.box_office(), data.oscars(), data.genres(), data.certificates())}


@pytest.fixture(scope="module")
def titles():
    return data.titles()


@pytest.fixture(scope="module")
def digits():
    return data.digits()


def films_of(name, films):
    """The rows of the table that the task keeps, found again from the table itself."""
    table = films.table
    if name == "box office":
        return table.dropna(subset="box_office_usd")
    if name == "genres":
        return table[table["genres"].fillna("").map(lambda names: bool(set(names.split("|")) & set(TEN_GENRES)))]
    if name == "certificates":
        return table[table["certificate"].isin(["G", "PG", "PG-13", "R"])]
    return table


def target_of(name, table):
    """The task's y for these rows, found again from the table itself."""
    if name == "box office":
        return table["box_office_usd"] / 1e6
    if name == "genres":
        return [[genre in names.split("|") for genre in TEN_GENRES] for names in table["genres"]]
    if name == "certificates":
        return table["certificate"].map({"G": 0, "PG": 1, "PG-13": 2, "R": 3})
    return table["oscars"] > 0


def movies_db() -> Path | None:
    """The source database, where someone has it: MOVIES_DB, or an installed bokeh-sampledata."""
    if "MOVIES_DB" in os.environ:
        return Path(os.environ["MOVIES_DB"])
    package = importlib.util.find_spec("bokeh_sampledata")
    return Path(package.submodule_search_locations[0]) / "_data" / "movies.db" if package else None


# The table


def test_table_has_every_film_and_explains_every_column(films):
    assert len(films.table) == 17_472
    assert list(films.table.columns) == list(films.fields)
    assert films.table["id"].is_unique and films.table["id"].is_monotonic_increasing
    assert films.license == "CC0-1.0" and "Wikidata" in films.source and films.row.startswith("One film")
    assert len(films.leaks) >= 3


def test_table_has_the_counts_that_the_readme_states(films):
    missing = films.table.isna().sum()
    readme = (data.FILMS_PATH.parent / "README.md").read_text(encoding="utf-8")
    for name in films.fields:
        line = next(line for line in readme.splitlines() if line.startswith(f"| `{name}` |"))
        assert int(line.rstrip(" |").split("|")[-1].replace(",", "")) == missing[name], name
    assert (films.table["oscars"] > 0).sum() == 710


@pytest.mark.parametrize(
    ("film_id", "title", "year", "runtime", "genres", "gross", "oscars"),
    [
        (44578, "Titanic", 1997, 194, "Romance", 1_850_197_130, 8),
        (595, "The Intouchables", 2011, 112, "Biography|Comedy|Drama", 426_588_510, 0),
        (609436, "Wonder Woman", 2009, 70, "Animation", 7.386, 0),
    ],
)
def test_known_films(films, film_id, title, year, runtime, genres, gross, oscars):
    film = films.table.set_index("id").loc[film_id]
    assert (film.title, film.year, film.runtime_minutes, film.oscars) == (title, year, runtime, oscars)
    assert genres in film.genres and film.box_office_usd == pytest.approx(gross, rel=1e-9)


def test_absurdly_small_gross_is_kept_not_repaired(films):
    small = films.table["box_office_usd"].nsmallest(6)
    assert list(small) == [7.386, 10.084, 22.812, 56.964, 126.404, 795.661]


def test_tables_are_fresh_so_that_a_learner_cannot_spoil_the_next_one(films):
    spoiled = data.films()
    spoiled.table["year"] = 0
    assert data.films().table["year"].equals(films.table["year"])


# Splits


def test_split_comes_from_the_id_alone(films):
    assert [make_films.split_of(film_id) for film_id in films.table["id"]] == list(films.table["split"])
    shares = films.table["split"].value_counts(normalize=True)
    assert shares["train"] == pytest.approx(0.6, abs=0.01)
    assert shares["validation"] == pytest.approx(0.2, abs=0.01)
    assert shares["test"] == pytest.approx(0.2, abs=0.01)


@pytest.mark.parametrize("name", TASKS)
def test_tasks_keep_each_film_in_its_split(films, tasks, name):
    table = films_of(name, films)
    for split, short in [("train", "train"), ("validation", "val"), ("test", "test")]:
        here = table[table["split"] == split]
        assert list(getattr(tasks[name], f"titles_{short}")) == list(here["title"])
        np.testing.assert_allclose(getattr(tasks[name], f"y_{short}"), target_of(name, here), rtol=1e-6)


# Tasks


@pytest.mark.parametrize("name", TASKS)
def test_features_are_standardized_with_the_training_films_only(films, tasks, name):
    task = tasks[name]
    for X, y in [(task.X_train, task.y_train), (task.X_val, task.y_val), (task.X_test, task.y_test)]:
        assert X.dtype == np.float32 and X.shape == (len(y), len(task.feature_names))
        assert y.shape[1:] == ((10,) if name == "genres" else ())
        assert np.isfinite(X).all()
    for i, feature in enumerate(task.feature_names):
        if feature in task.scaling:
            assert task.X_train[:, i].mean() == pytest.approx(0, abs=1e-5)
            assert task.X_train[:, i].std() == pytest.approx(1, abs=1e-5)
        else:
            assert set(np.unique(task.X_train[:, i])) <= {0, 1}
    mean, std = task.scaling["year"]
    years = task.X_test[:, task.feature_names.index("year")] * std + mean
    table = films_of(name, films)
    np.testing.assert_allclose(years, table.loc[table["split"] == "test", "year"], atol=1e-3)
    assert set(task.units) == {*task.feature_names, "y"}
    assert len(task.leaks) >= 3 and task.row.startswith("One film")


def test_missing_numbers_become_the_training_median_and_are_flagged(films, tasks):
    task, table = tasks["oscars"], films.table
    mean, std = task.scaling["metacritic"]
    metacritic = task.X_val[:, task.feature_names.index("metacritic")] * std + mean
    missing = task.X_val[:, task.feature_names.index("metacritic_missing")] == 1
    expected = table.loc[table["split"] == "validation", "metacritic"]
    assert list(missing) == list(expected.isna())
    median = table.loc[table["split"] == "train", "metacritic"].median()
    np.testing.assert_allclose(metacritic, expected.fillna(median), atol=1e-3)


def test_list_features_look_at_the_whole_list(films, tasks):
    task, table = tasks["oscars"], films.table
    train = table[table["split"] == "train"]
    for column, value in [("countries", "United States"), ("languages", "English"), ("genres", "Sci-Fi")]:
        expected = train[column].fillna("").str.split("|").map(lambda entries, value=value: value in entries)
        np.testing.assert_array_equal(task.X_train[:, task.feature_names.index(value)] == 1, expected)


def test_box_office_uses_nothing_from_after_the_release(tasks):
    later = ("metacritic", "tomatometer", "rating", "review", "oscar", "certificate", "month", "gross", "box")
    assert not [name for name in tasks["box office"].feature_names if any(word in name.lower() for word in later)]
    task = tasks["box office"]
    assert task.y_train.dtype == np.float32
    assert len(task.y_train) + len(task.y_val) + len(task.y_test) == 2_760


def test_oscars_are_zero_and_one_with_four_percent_positive(tasks):
    y = np.concatenate([tasks["oscars"].y_train, tasks["oscars"].y_val, tasks["oscars"].y_test])
    assert y.dtype == np.int64 and set(y) == {0, 1} and y.sum() == 710


def test_genres_are_ten_columns_of_zero_and_one_without_a_row_of_zeros(tasks, films):
    task = tasks["genres"]
    y = np.concatenate([task.y_train, task.y_val, task.y_test])
    assert y.dtype == np.float32 and y.shape == (16_587, 10) and set(np.unique(y)) == {0, 1}
    assert y.any(axis=1).all() and y.sum() / len(y) == pytest.approx(1.79, abs=0.005)
    frequent = films.table["genres"].dropna().str.split("|").explode().value_counts()
    assert list(task.classes) == list(frequent.index[:10]) == TEN_GENRES
    assert not set(task.feature_names) & set(frequent.index), "a genre among the features gives the answer away"
    psycho = films.table[films.table["title"] == "Psycho"].set_index("year")["genres"].str.split("|")
    assert {"Drama", "Crime"} <= set(psycho[1960]) and not {"Drama", "Crime"} & set(psycho[1998])


def test_certificates_are_numbered_from_the_youngest_audience(tasks, films):
    task = tasks["certificates"]
    y = np.concatenate([task.y_train, task.y_val, task.y_test])
    assert y.dtype == np.int64 and list(np.bincount(y)) == [205, 644, 525, 1124]
    assert task.classes == ("G", "PG", "PG-13", "R")
    assert not set(task.feature_names) & {*task.classes, "certificate_missing"}
    early = films.table[(films.table["certificate"] == "PG-13") & (films.table["year"] < 1984)]
    assert len(early) == 14 and "PG-13 exists only since 1984" in task.leaks[0]


def test_tasks_without_classes_have_none(tasks):
    assert tasks["box office"].classes == tasks["oscars"].classes == ()


def test_digits_are_scikit_learns_split_by_place(digits):
    from sklearn.datasets import load_digits

    images = load_digits()
    assert (len(digits.y_train), len(digits.y_val), len(digits.y_test)) == (1_120, 339, 338)
    seen = []
    for split, short in [("train", "train"), ("validation", "val"), ("test", "test")]:
        X, y, titles = (getattr(digits, f"{kind}_{short}") for kind in ("X", "y", "titles"))
        places = [int(title.removeprefix("image ")) for title in titles]
        assert X.dtype == np.float32 and X.shape == (len(y), 64) and y.dtype == np.int64
        assert {data.split_of(place) for place in places} == {split}
        np.testing.assert_array_equal(X * 16, images.data[places])
        np.testing.assert_array_equal(y, images.target[places])
        assert set(y) == set(range(10))
        seen += places
    assert sorted(seen) == list(range(1797))
    assert digits.X_train.min() == 0 and digits.X_train.max() == 1 and digits.scaling == {}
    assert set(digits.units) == {*digits.feature_names, "y"} and digits.classes == tuple("0123456789")


def test_titles_are_shifted_by_one_and_can_be_read_back(films, titles):
    assert (data.PAD, data.BOS, data.EOS, data.UNK) == (0, 1, 2, 3)
    table = films.table
    for split, short in [("train", "train"), ("validation", "val"), ("test", "test")]:
        X, y, texts = (getattr(titles, f"{kind}_{short}") for kind in ("X", "y", "titles"))
        assert list(texts) == list(table.loc[table["split"] == split, "title"])
        assert X.dtype == y.dtype == np.int32 and X.shape == y.shape == (len(texts), titles.length + 1)
        lengths = np.array([len(text) for text in texts])
        places = np.arange(titles.length + 1)
        np.testing.assert_array_equal(X[:, 0], data.BOS)
        np.testing.assert_array_equal(y[np.arange(len(y)), lengths], data.EOS)
        np.testing.assert_array_equal(titles.weights(y), places <= lengths[:, None])
        np.testing.assert_array_equal(X != data.PAD, places <= lengths[:, None])
        inside = places[1:] <= lengths[:, None]
        np.testing.assert_array_equal(X[:, 1:][inside], y[:, :-1][inside])
        for x, shifted, text in zip(X, y, texts, strict=True):
            known = "".join(character if character in titles.characters else "\ufffd" for character in text)
            assert titles.decode(shifted) == known and titles.decode(x) == known
    assert titles.length == table["title"].str.len().max() == 79
    assert titles.weights(titles.y_val).dtype == np.float32


def test_the_vocabulary_comes_from_the_training_titles_alone(titles, monkeypatch):
    assert titles.vocabulary[:4] == ("<pad>", "<bos>", "<eos>", "<unk>")
    times = Counter("".join(titles.titles_train))
    assert titles.characters == tuple(sorted(c for c in times if times[c] >= 2)) and len(titles.vocabulary) == 96
    unknown = [int((y == data.UNK).sum()) for y in (titles.y_train, titles.y_val, titles.y_test)]
    assert unknown == [18, 8, 15]
    columns = film_titles.read(data.FILMS_PATH)
    columns["title"] = np.where(columns["split"] == "train", columns["title"], "Ж" * 5)  # validation and test changed
    monkeypatch.setattr(film_titles, "read", lambda path: columns)
    assert data.titles().vocabulary == titles.vocabulary


def test_titles_longer_than_asked_are_left_out(films, titles):
    short = data.titles(longest=40)
    assert short.length == 40 and short.X_train.shape[1] == 41 and short.vocabulary == titles.vocabulary
    assert max(map(len, short.titles_test)) <= 40
    left_out = 17_472 - sum(len(getattr(short, f"titles_{part}")) for part in ("train", "val", "test"))
    assert left_out == (films.table["title"].str.len() > 40).sum() == 277
    with pytest.raises(ValueError, match="longest is 0"):
        data.titles(longest=0)


def test_new_titles_can_be_encoded(titles):
    X, y = titles.encode(["Up", "Žž", ""])
    assert [titles.decode(row) for row in y] == ["Up", "\ufffd\ufffd", ""]
    assert list(X[0, :4]) == [1, *(titles.vocabulary.index(c) for c in "Up"), 0] and list(y[2, :2]) == [2, 0]
    np.testing.assert_array_equal(titles.encode(titles.titles_val)[1], titles.y_val)
    assert titles.encode([])[0].shape == (0, 80)
    assert titles.decode([1, titles.vocabulary.index("U"), 2, titles.vocabulary.index("p")]) == "U", "EOS ends it"
    for call, said in [(lambda: titles.encode("Up"), "give ['Up']"), (lambda: titles.decode([96]), "no character 96"),
                       (lambda: titles.encode(["x" * 80]), "at most 79 fit"), (lambda: titles.decode([-1]), "-1")]:
        with pytest.raises(ValueError) as caught:
            call()
        assert said in str(caught.value) and "\n" not in str(caught.value)


def test_the_readme_states_what_is_wrong_with_the_titles(titles):
    readme = " ".join((data.FILMS_PATH.parent / "README.md").read_text(encoding="utf-8").split())
    assert "18 places in the training titles, 8 in the validation and 15 in the test titles" in readme
    again = np.isin(titles.titles_val.astype(str), titles.titles_train.astype(str)).mean()
    assert "4 % of the validation titles are word for word" in readme and 0.035 < again < 0.045
    assert "One validation title in 25" in titles.leaks[0] and round(1 / again) == 25
    assert "at most 14 characters" in readme and np.median([len(text) for text in titles.titles_train]) == 14
    assert "4 of 5 places are padding" in readme and 0.75 < (titles.y_train == data.PAD).mean() < 0.85
    everything = "".join([*titles.titles_train, *titles.titles_val, *titles.titles_test])
    assert "composed form (NFC)" in readme and unicodedata.normalize("NFC", everything) == everything


def test_the_readme_states_the_sizes_of_the_tasks(tasks, titles, digits):
    readme = (data.FILMS_PATH.parent / "README.md").read_text(encoding="utf-8")
    for call, task in [("box_office", tasks["box office"]), ("genres", tasks["genres"]), ("oscars", tasks["oscars"]),
                       ("certificates", tasks["certificates"]), ("titles", titles)]:
        line = next(line for line in readme.splitlines() if line.startswith("|") and f"`data.{call}()`" in line)
        sizes = [int(cell.replace(",", "")) for cell in line.strip("| ").split("|")[1:]]
        assert sizes == [len(task.y_train), len(task.y_val), len(task.y_test)]
    assert "1,120, 339 and 338" in readme


def test_repr_is_one_short_line(films, tasks, titles, digits):
    for thing in (films, *tasks.values(), titles, digits):
        assert "\n" not in repr(thing) and len(repr(thing)) < 120


def test_loading_is_quick_and_needs_no_network(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("the loader opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    seconds = []
    for load in LOADERS * 2:
        start = time.process_time()
        load()
        seconds.append(time.process_time() - start)
    # of the processor: on two busy cores the clock says more about the neighbor
    assert max(map(min, zip(seconds[:len(LOADERS)], seconds[len(LOADERS):], strict=True))) < 1


# Damage

PACKED = data.FILMS_PATH.read_bytes()
DAMAGE = {
    "missing": (None, "missing"),
    "empty": (b"", "empty"),
    "truncated": (PACKED[: len(PACKED) // 2], "breaks off"),
    "truncated in the header": (PACKED[:5], "breaks off"),
    "garbage": (b"not a table at all" * 100, "not the compressed table"),
    "garbage inside": (PACKED[:1000] + bytes(1000) + PACKED[2000:], "damaged"),
    "another table": (gzip.compress(b"id,title\n1,A film\n"), "changed"),
    "a folder": ("folder", "cannot be read"),
}


@pytest.mark.parametrize("load", LOADERS)
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_gives_one_clear_message(tmp_path, load, damage):
    content, said = DAMAGE[damage]
    path = tmp_path / "films.csv.gz"
    if content == "folder":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(data.DataError) as caught:
        load(path)
    message = str(caught.value)
    assert said in message and str(path) in message and "\n" not in message
    assert "git checkout -- helpers/data/films.csv.gz" in message


# Making the extract


def test_the_same_text_gives_the_same_bytes(tmp_path):
    text = gzip.decompress(PACKED)
    make_films.write(text, tmp_path / "a.gz")
    make_films.write(text, tmp_path / "b.gz")
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    assert (tmp_path / "a.gz").read_bytes()[4:8] == bytes(4), "the header must not hold the time"
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()) == text
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.gz", "b.gz"]
    assert len(PACKED) < 1_000_000


@pytest.mark.skipif(movies_db() is None, reason="no bokeh-sampledata here; the loader checks the SHA-256")
def test_a_fresh_extraction_gives_the_committed_text():
    assert make_films.extract(movies_db()) == gzip.decompress(PACKED)


@pytest.mark.parametrize("content", [None, b"", b"SQLite format 3\x00 of something else"])
def test_another_database_is_refused(tmp_path, capsys, content):
    database, output = tmp_path / "movies.db", tmp_path / "films.csv.gz"
    if content is not None:
        database.write_bytes(content)
    assert make_films.main([str(database), "--output", str(output)]) == 1
    message = capsys.readouterr().err
    assert str(database) in message and "pip download bokeh-sampledata==2026.1 --no-deps" in message
    assert not output.exists()


def test_without_a_path_and_without_the_package_it_says_what_to_do(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert make_films.main(["--output", str(tmp_path / "films.csv.gz")]) == 1
    assert "pip download bokeh-sampledata==2026.1 --no-deps" in capsys.readouterr().err


def test_small_rules_of_the_extract():
    assert make_films.month_of("2009-01-01") == "" and make_films.month_of("2009-01-19") == "1"
    assert make_films.month_of("1974-12-01") == "12"
    assert make_films.number(7.386) == "7.386" and make_films.number(426588510.0) == "426588510"
    assert make_films.number(None) == "" and make_films.number(0) == "0"
    assert make_films.names("Drama, Sci-Fi") == "Drama|Sci-Fi" and make_films.names(None) == ""
