"""The titles of the films as sequences of characters: a task for language models. No TensorFlow."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers.data.film_table import FILMS_PATH, LICENSE, ROW, SIBLINGS, SOURCE, read
from helpers.data.task import Splits, in_splits

PAD, BOS, EOS, UNK = range(4)  # the first four numbers of every vocabulary
SPECIAL = ("<pad>", "<bos>", "<eos>", "<unk>")
SEEN_AT_LEAST = 2  # a rarer character is read as UNK, so that the training titles hold some UNK to learn from


@dataclass(frozen=True, eq=False, repr=False)
class Titles(Splits):
    """Titles in three splits, as numbers: what a model is given, and what comes next at each place.

    X_*: int32, shape (n, length + 1): BOS, the characters, then PAD up to the end.
    y_*: int32, same shape: the characters, EOS, then PAD. y[:, t] is what comes after X[:, : t + 1].
    titles_*: the titles as text, shape (n,). length: number of characters of the longest title, in any split.
    vocabulary: what each number stands for: "<pad>", "<bos>", "<eos>", "<unk>", then the characters. Only training
    titles decide which; every other character is UNK.
    """

    vocabulary: tuple[str, ...]
    length: int
    row: str
    leaks: tuple[str, ...]
    license: str = LICENSE
    source: str = SOURCE
    name: str = "titles"
    samples: str = "films"

    def __repr__(self) -> str:
        return f"<titles: {self.sizes} films, up to {self.length} characters, vocabulary of {len(self.vocabulary)}>"

    @property
    def characters(self) -> tuple[str, ...]:
        """The vocabulary without the first four: characters alone, in the order of their code points."""
        return self.vocabulary[len(SPECIAL):]

    def encode(self, titles) -> tuple[np.ndarray, np.ndarray]:
        """Return X and y of these titles, as for the splits. ValueError for a title longer than `length`."""
        if isinstance(titles, str):
            raise ValueError(f"titles must be a list of titles, but {titles!r} is one string: give [{titles!r}].")
        return _encoded(titles, self.vocabulary, self.length)

    def decode(self, numbers) -> str:
        """Return the text of one row, shape (T,), up to its EOS. BOS and PAD are nothing, UNK is �."""
        text = ""
        for number in np.asarray(numbers):
            if not 0 <= number < len(self.vocabulary):
                raise ValueError(f"There is no character {number}: the vocabulary goes from 0 to "
                                 f"{len(self.vocabulary) - 1}.")
            if number == EOS:
                break
            text += {PAD: "", BOS: "", UNK: "\ufffd"}.get(int(number), self.vocabulary[number])
        return text

    def weights(self, y) -> np.ndarray:
        """Return 1.0 where y is a character, UNK or EOS, and 0.0 where it is PAD; float32, shape of y."""
        return (np.asarray(y) != PAD).astype(np.float32)


def titles(path: Path = FILMS_PATH, *, longest: int | None = None) -> Titles:
    """Return the task of language models: which character of a film's title comes next? All 17,472 films.

    longest: leave out titles of more characters than this; a few long ones make all others pad. None: keep all.
    The vocabulary is that of all training titles, whatever `longest`. Raises DataError as `films` does.
    """
    columns = read(path)
    texts, split = columns["title"], columns["split"]
    seen = Counter("".join(texts[split == "train"]))
    vocabulary = SPECIAL + tuple(sorted(character for character, times in seen.items() if times >= SEEN_AT_LEAST))
    if longest is not None:
        if longest < 1:
            raise ValueError(f"longest is {longest}, but must be at least 1: the number of characters of a title.")
        kept = np.array([len(text) <= longest for text in texts])
        texts, split = texts[kept], split[kept]
    length = max(map(len, texts))
    X, y = _encoded(texts, vocabulary, length)
    leaks = (
        "One validation title in 25 is word for word a training title: of a remake, or of another film of that name.",
        "Sequels share most of their title with a film that may stand in another split.",
        "Titles are English where Wikidata has an English one, so the language of a title is not that of the film.",
        SIBLINGS,
    )
    return Titles(**in_splits(X, y, texts, split), vocabulary=vocabulary, length=length, row=ROW, leaks=leaks)


def _encoded(titles, vocabulary, length):
    number = {character: i for i, character in enumerate(vocabulary)}
    X = np.full((len(titles), length + 1), PAD, dtype=np.int32)
    y = X.copy()
    for row, title in enumerate(titles):
        if len(title) > length:
            raise ValueError(f"{title!r} has {len(title)} characters, but at most {length} fit.")
        codes = [number.get(character, UNK) for character in title]
        X[row, : len(codes) + 1] = [BOS, *codes]
        y[row, : len(codes) + 1] = [*codes, EOS]
    return X, y
