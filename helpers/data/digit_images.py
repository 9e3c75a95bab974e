"""Handwritten digits from scikit-learn, as a multiclass task. They come with the package: no network."""

from __future__ import annotations

import numpy as np

from helpers.data.task import Task, in_splits, split_of

LEAKS = (
    "Thirteen people wrote these digits, and the split is at random: a writer's digits stand in all three splits.",
    "Small and clean: 8 × 8 pixels, ten classes of about equal size. Real mail is harder.",
)


def digits() -> Task:
    """Return the multiclass task: which digit does an image of 8 × 8 pixels show? 1,797 images, ten classes.

    X is float32, shape (n, 64): how dark each pixel is, row by row, from 0 to 1, not standardized. y is int64, shape
    (n,), 0 to 9. `classes` holds "0" to "9". Split by `split_of` of an image's place in scikit-learn's set, which
    stands in `titles_*` ("image 17"): near 60, 20 and 20 %, the same everywhere, not stratified.
    """
    from sklearn.datasets import load_digits  # here, because the tasks of films need no scikit-learn

    images = load_digits()
    places = range(len(images.target))
    X = (images.data / 16).astype(np.float32)  # 16 is the darkest value of a pixel
    titles = np.array([f"image {place}" for place in places], dtype=object)
    split = np.array([split_of(place) for place in places])
    names = tuple(f"row {row}, column {column}" for row in range(8) for column in range(8))
    units = {name: "0 = paper, 1 = darkest ink" for name in names} | {"y": "the digit, 0 to 9"}
    return Task(name="digits", **in_splits(X, images.target.astype(np.int64), titles, split), feature_names=names,
                scaling={}, units=units, row="One image of a handwritten digit.", leaks=LEAKS, license="CC-BY-4.0",
                source="Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI (1998), test part, "
                       "by way of sklearn.datasets.load_digits",
                classes=tuple("0123456789"), samples="images")
