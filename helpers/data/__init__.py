"""The films: one table, four prediction tasks made from it, and their titles; and digits. No network, no TensorFlow.

>>> from helpers import data
>>> films = data.films()            # 17,472 films: films.table, films.fields, films.leaks, ...
>>> task = data.box_office()        # regression: task.X_train, task.y_train, ...
>>> task = data.oscars()            # binary classification, 4.1 % positive
>>> task = data.genres()            # multilabel: ten genres, named in task.classes
>>> task = data.certificates()      # multiclass: G, PG, PG-13, R
>>> task = data.titles()            # language model: which character comes next? task.vocabulary, task.encode, ...
>>> task = data.digits()            # multiclass: 0 to 9, images of 8 × 8 pixels

README.md beside this file says where the data come from and what is wrong with them.
"""

from helpers.data.digit_images import digits
from helpers.data.film_table import COLUMNS, FIELDS, FILMS_PATH, LICENSE, SOURCE, TEXT_SHA256, DataError, Films, films
from helpers.data.film_tasks import CERTIFICATES, TOP_GENRES, box_office, certificates, genres, oscars
from helpers.data.film_titles import BOS, EOS, PAD, UNK, Titles, titles
from helpers.data.task import Task, split_of

__all__ = [
    "films", "box_office", "oscars", "genres", "certificates", "titles", "digits",
    "Films", "Task", "Titles", "DataError", "split_of",
    "CERTIFICATES", "COLUMNS", "FIELDS", "FILMS_PATH", "LICENSE", "SOURCE", "TEXT_SHA256", "TOP_GENRES",
    "PAD", "BOS", "EOS", "UNK",
]  # fmt: skip
