# %% [raw] tags=["instructor"]
# minutes = [4, 5, 13, 9, 8, 8, 9, 8, 6]
# measured = "Reckoned: 180 words or 40 lines of code a minute, 45 seconds a question, four minutes an exercise, one a reflection. Not in it: votes in a room, and the run time of the cells, about a minute in all."
# pause = "after section 4. Section 6 uses the runs of section 4: choose Run All Above Selected Cell."
# skip = "run all cells, and discuss sections 2, 3 and 5 only: about half an hour. Section 7 is good homework, best with a table of one's own."
# terms = ["due", "group", "model card", "brief"]

# %% [markdown]
# # 09 · Your own data
#
# You have a table and a question about one of its columns. What do you do first, what must you look for, and how much
# of the result may you believe?
#
# Here you take the films from a file to a model and a report, in plain Keras and then with one command. The command
# works for a table of yours as well. What it cannot do is know where your columns come from. That part is yours, and
# most of this notebook is about it.
#
# **After this notebook you can**
#
# 1. take a table from a file to a report and a model that predicts new rows (exercise 7.1, predictions and questions in
#    1, 5 and 7);
# 2. find columns and rows that give the answer away (exercises 2.1 and 3.1, predictions and questions in 2 and 3);
# 3. say what a model must beat, and how far its result can be trusted (exercises 4.1 and 6.1, predictions and questions
#    in 4, 6 and 8).
#
# **Time:** about 70 minutes, best in two sittings: a break fits after section 4. When you come back, choose *Run*,
# *Run All Above Selected Cell*: your answers have been kept. **You need:**
# [02 Binary cross-entropy](02_binary_cross_entropy.ipynb) and [07 Reading curves](07_reading_curves.ipynb).
#
# **Contents**
#
# {{contents}}

# %% [markdown]
# ## 0. Do you still know?
#
# Three questions from earlier notebooks. Answer before you look anything up.

# %%
# every notebook starts with this cell: it finds the workbook's folder, wherever you opened the notebook
import pathlib, sys
sys.path[:0] = [str(p) for p in [pathlib.Path.cwd(), *pathlib.Path.cwd().parents] if (p / "helpers").is_dir()][:1]

# %%
import numpy as np
import pandas as pd
from sklearn import metrics as sk
from helpers import figures, own_data
from helpers.claims import claim, tell
from helpers.practice import check, compare, my_progress, predict, question, reflect, repeat

# %% [markdown]
# The next cell holds the settings of section 5. As they stand, the films are used. For a table of yours, set `path` and
# `target`, and leave what you do not need.

# %% tags=["parameters"]
seed = 0  # where the experiments below start; any whole number from 0 on will do
path = ""  # a CSV or Parquet file; empty: the films
target: object = "won_oscar"  # the column to predict, or a list of them
kind = "ask"  # what the target is, where whole numbers could mean several things
positive = ""  # the value that is looked for, as text; empty: the larger of the two
drop: list = []  # columns that the model must not see
group = ""  # a column whose rows must stay together, such as a patient; empty: none
metric = ""  # the metric that matters; empty: one that suits the target
miss = 0.0  # what a missed case of the positive class costs; 0: not said
false_alarm = 0.0  # what a false alarm costs; 0: not said
seeds = 16  # how many trainings
report = ""  # where the report goes; empty: into a scratch folder

# %% [raw] tags=["question"]
# id = "recall-test-rows-once"
# ask = "Notebook 02: a threshold was chosen on validation films. Why not on the test films, which are just as many?"
# [right]
# text = "a value that was chosen on rows looks better on these rows than on new ones"
# why = "Of many thresholds the best one is partly the luckiest. Rows that helped to choose cannot judge the choice."
# [[wrong]]
# text = "the test films are harder"
# misconception = "unseen-is-always-worse"
# why = "They were drawn in the same way. What differs is what they have been used for."
# [[wrong]]
# text = "choosing a threshold is no training, so it does not matter: both are fine"
# misconception = "selection-is-free"
# why = "Choosing is fitting, with one number. It costs less than training does, but not nothing."

# %% [raw] tags=["question"]
# id = "recall-cost-threshold"
# given = "10 11: premises of the example"
# ask = "Notebook 02: a missed winner costs 10 times a false alarm. Where is the cheapest threshold for honest probabilities?"
# [right]
# text = "far below one half"
# why = "A false alarm is cheap, so it pays to say yes where a winner is merely possible: from 1 in 11 on."
# [[wrong]]
# text = "at one half, as always"
# misconception = "half-is-natural"
# why = "One half is right where both errors cost the same."
# [[wrong]]
# text = "far above one half: be sure before you say yes"
# misconception = "threshold-reversed"
# why = "That suits dear false alarms. Here it is the miss that is dear."

# %% [raw] tags=["question"]
# id = "recall-leak-in-curves"
# ask = "Notebook 07: the validation loss falls smoothly and ends very low. Which sickness can look just like this?"
# [right]
# text = "a leak: the validation rows share something with the training rows"
# why = "A leak makes a curve look healthy. No curve shows it."
# [[wrong]]
# text = "none: a low validation loss is the proof of health"
# misconception = "low-loss-means-learned"
# why = "It proves that the validation rows are predicted. Why they are is another question."
# [[wrong]]
# text = "overfitting"
# misconception = "any-fault-shows-as-overfitting"
# why = "Overfitting shows as a turn of the validation loss. Here it falls."

# %% [markdown]
# ## 1. A table arrives
#
# A file lies on your desk: films, one a row, and whether each has won at least one Academy Award. You write it
# yourself here, from the films of this workbook. Then you look at it, as you would at any file: types, gaps, and
# how many different values there are.

# %%
import tempfile
folder = pathlib.Path(tempfile.mkdtemp())
films = pd.read_csv(own_data.example(folder / "films.csv"))
print(f"{len(films):,} rows")
pd.DataFrame({"type": films.dtypes.astype(str), "filled": films.notna().mean().round(2),
              "different": films.nunique(), "for example": films.iloc[4].astype(str)})

# %% [markdown]
# Any of these columns could be a target. Head and loss depend on which. A program can look at the values and say what
# they most likely are. Sometimes the values are not enough.

# %% [raw] tags=["prediction"]
# id = "which-target-needs-you"
# ask = "A program sees the values only. At which of these targets must it ask you, before it can name head and loss?"
# [right]
# text = "`month`: whole numbers from 1 to 12"
# why = "Are twelve months twelve names, an order, an amount, or a count? The digits are the same. Who knows the question has to say it."
# [[wrong]]
# text = "`certificate`: text such as PG-13"
# misconception = "labels-are-only-names"
# why = "A few different texts, one a row: it calls them classes, and nothing in the values speaks against that. You may know more: age ratings have an order, too."
# [[wrong]]
# text = "`genres`: text such as Comedy|Drama"
# misconception = "several-values-mean-multilabel"
# why = "Here several values do mean several labels: the entries list parts, and the parts come back in other rows."
# [[wrong]]
# text = "`critics_rating`: numbers such as 7.2"
# misconception = "numbers-mean-regression"
# why = "Numbers alone would not settle it. But these have decimals and lie close together on a scale: an amount."

# %%
some = films.sample(1000, random_state=seed)
for name in ["won_oscar", "certificate", "genres", "critics_rating", "month"]:
    try:
        found = own_data.describe(some[["title", "year", name]], name).recommendation
        print(f"{name:15} {found.kind}: {found.reason}.\n{'':15} {found.head}, {found.loss}")
    except own_data.AskBack as ask:
        print(f"{name:15} {str(ask).split(':')[0]}.\n{'':15} Say kind= one of: {', '.join(ask.options)}")

# %%
compare("which-target-needs-you")

# %% [markdown]
# **Compare with your prediction.** One program, five targets, and for one of them it asks back. That is no weakness. A
# program that never asks guesses, and may be wrong without a word.

# %% [raw] tags=["question"]
# id = "what-month-means"
# ask = "You want to predict the `month` so as to book cinemas, and December and January lie next to each other. Which kind do you say?"
# discuss = true
# [right]
# text = "classes, knowing that it forgets that months are neighbors"
# why = "Amount and order both put December eleven steps from January. Classes put all months at the same distance: that is wrong as well, but not as far wrong."
# [[wrong]]
# text = "amount: the months are numbers"
# misconception = "numbers-mean-regression"
# why = "Then a December predicted as January is the largest error there is. They are neighbors."
# [[wrong]]
# text = "count: the month counts the months since New Year"
# misconception = "numbers-mean-regression"
# why = "It could be read so, but the year goes round, and a count does not."
# [[wrong]]
# text = "it does not matter: the network finds the structure itself"
# misconception = "head-decides-alone"
# why = "The loss says what a miss costs. The network learns only what the loss charges for."

# %% [markdown]
# ### Change it
#
# Put `"reviews"` into the list of the cell above that asks about five targets, and run that cell again. The reviews
# are whole numbers too: how many there are of each film.

# %% [raw] tags=["question"]
# id = "reviews-without-asking"
# ask = "For `reviews` the program does not ask back. What is left for you to say?"
# [right]
# text = "`kind=\"count\"`: it took them for an amount, and they say how often something happened"
# why = "It asks where the whole numbers are few. Here they are many, so it guesses: an amount. A count has a head and a loss of its own."
# [[wrong]]
# text = "nothing: where it has a doubt, it asks"
# misconception = "no-question-no-doubt"
# why = "It asks where its rules have a doubt. The many numbers look like a scale, and it does not know that they were counted."
# [[wrong]]
# text = "`kind=\"classes\"`: they are whole numbers, like the months"
# misconception = "whole-numbers-mean-classes"
# why = "Then two films with nearly as many reviews would have no more in common than two with few and many."
# [[wrong]]
# text = "`kind=\"order\"`: more reviews are more, but nobody knows how much more"
# misconception = "whole-numbers-mean-classes"
# why = "Here it is known: ten reviews more are ten more. An order is for steps of unknown size, such as grades."

# %% [markdown]
# ### Where it bites
#
# A postal code is a whole number. So is a grade, a number of children, the number of a customer, a year. Five
# meanings, five losses, one type of column. Ask the person who made the table.

# %% [markdown]
# ## 2. What is known, and when?
#
# The file is open, the target is clear. **The positive class is the films with at least one award.** Now ask of each
# column: is it known when the prediction is **due**? A prediction is *due* at the moment when somebody acts on it. Say
# a cinema wants to know on the day of the release. Then year, month, length, genres, languages and countries are known.
# (So are title and certificate. The networks of this section do without: they are small.) Ratings, reviews and the
# gross are not known: in this file they were collected years later.
#
# The count of reviews is the first suspect, as in notebook 02: an award may well bring reviews. What is each column worth?

# %% [raw] tags=["prediction"]
# id = "worth-of-a-leak"
# ask = "Three models: with all columns; without the count of reviews; with only what is known on the day. What does the area under the precision-recall curve, the average precision of notebook 02, do from the first to the third?"
# discuss = true
# [right]
# text = "it falls a little without the reviews, and by a lot with only what is known on the day"
# why = "The ratings know much of what the count of reviews knows. Take one witness away, and the others still talk. Only without all of them do you see what is known on the day."
# [[wrong]]
# text = "it falls by a lot without the reviews, and hardly any further after that"
# misconception = "one-leak-is-all-the-leaks"
# why = "A leak seldom lives in one column. What came later came in several columns at once."
# [[wrong]]
# text = "it falls by little in both steps: the network makes up for what is missing"
# misconception = "training-repairs-everything"
# why = "It makes up for one column from others that know the same. When all are gone there is nothing to make it up from."
# [[wrong]]
# text = "it goes up: columns that leak only confuse the network"
# misconception = "leak-cancels-in-the-test"
# why = "The test rows carry the leak as well. There it helps, and that is the trouble."

# %% tags=["training"]
from helpers.quiet import quiet
with quiet():  # without TensorFlow's start-up log
    import keras, tensorflow as tf
tf.get_logger().setLevel("ERROR")  # we build several small models; TensorFlow would remark on each
from helpers.replicates import fit_replicates

# %% [markdown] given="60% 20%: settings, set in code as 0.6 and 0.5"
# First the split: 60% to train, 20% to validate, 20% to test, with the same share of winners in each. Then
# scikit-learn makes numbers of the columns. It learns medians, means and the list of genres from the training rows alone.

# %%
from sklearn.model_selection import train_test_split

y = films["won_oscar"].eq("yes").to_numpy("float32")
train, rest = train_test_split(np.arange(len(y)), train_size=0.6, stratify=y, random_state=seed)
val, test = train_test_split(rest, train_size=0.5, stratify=y[rest], random_state=seed)
print({name: f"{len(rows):,} rows, {y[rows].mean():.1%} winners" for name, rows in
       [("train", train), ("validation", val), ("test", test)]})

# %%
from sklearn.compose import make_column_transformer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

def numbers_of(frame, rows, columns, lists):
    """The frame as an array (n, features). Medians, means and the parts of the lists come from `rows` alone."""
    number = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    parts = [(CountVectorizer(token_pattern=r"[^|]+", binary=True, max_features=20, lowercase=False), name)
             for name in lists]
    frame = frame.fillna({name: "" for name in lists})
    ready = make_column_transformer((number, columns), *parts, sparse_threshold=0).fit(frame.iloc[rows])
    return ready.transform(frame).astype("float32")

# %% tags=["training"]
EARLY, LATE = ["year", "month", "runtime_minutes"], ["metacritic", "tomatometer", "critics_rating", "box_office_usd"]
columns_of = {"all columns": EARLY + LATE + ["reviews"], "no reviews": EARLY + LATE, "known on the day": EARLY,
              "day and reviews": EARLY + ["reviews"]}  # the last one: for the reason

def winner_model(features, units=(32,)):
    """A compiled network for one yes or no, from `features` columns."""
    hidden = [keras.layers.Dense(width, activation="relu") for width in units]
    model = keras.Sequential([keras.Input((features,)), *hidden, keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="binary_crossentropy")
    return model

# %% tags=["training"]
# one of them in plain Keras, one seed
X = numbers_of(films, train, EARLY, ["genres", "languages", "countries"])
keras.utils.set_random_seed(seed)
model = winner_model(X.shape[1])
history = model.fit(X[train], y[train], validation_data=(X[val], y[val]), batch_size=512, epochs=6, verbose=0).history
print(f"{X.shape[1]} features, validation loss by epoch:", np.round(history["val_loss"], 3))

# %% tags=["training"]
def from_seeds(X, y, rows, others, epochs, batch_size=512, units=(32,)):
    """16 seeds of the network. rows, others: places of the training and the validation rows."""
    return fit_replicates(lambda: winner_model(X.shape[1], units), X[rows], y[rows, None], seeds=16, epochs=epochs,
                          base_seed=1000 * seed, batch_size=batch_size, validation_data=(X[others], y[others, None]))

area, auc, p = {}, {}, {}
for name, columns in columns_of.items():
    # columns to numbers, 16 trainings, probabilities, two metrics on the test films
    X = numbers_of(films, train, columns, ["genres", "languages", "countries"])
    runs = from_seeds(X, y, train, val, epochs=6)
    p[name] = {part: runs.predict(X[rows])[..., 0] for part, rows in [("validation", val), ("test", test)]}
    area[name] = np.array([sk.average_precision_score(y[test], q) for q in p[name]["test"]])
    auc[name] = np.array([sk.roc_auc_score(y[test], q) for q in p[name]["test"]])

# %% [raw] tags=["alt"] id="worth-of-a-leak-alt"
# Dot plot, the area under the precision-recall curve on the test films across, 0 to {top:.1f}, a dot for each of 16 seeds,
# in four rows. With all columns the dots lie around {all:.2f}, without the reviews around {most:.2f}, and with only what is
# known on the day far lower, around {early:.2f}; with that and the reviews, {some:.2f}. A dotted line marks the share of
# winners, {share:.2f}.

# %% tags=["training"]
fig, ax = figures.axes(xlabel="area under the precision-recall curve")
top = max(0.6, 1.05 * max(values.max() for values in area.values()))
figures.strip(ax, area, reference=float(y[test].mean()), reference_label="share of winners")
ax.set_xlim(0, top)
middle = [np.median(values) for values in area.values()]
figures.show(fig, "worth-of-a-leak-alt", top=top, all=middle[0], most=middle[1], early=middle[2], some=middle[3],
             share=y[test].mean())

# %%
compare("worth-of-a-leak")

# %% tags=["training"]
tell("Area under precision-recall, median of 16 seeds: {all:.2f}, {most:.2f} without the reviews, {early:.2f} on the "
     "day, {some:.2f} on the day with the reviews. ROC AUC without the reviews {b:.3f}, else {a:.3f}.",
     **dict(zip(["all", "most", "early", "some"], middle)), a=np.median(auc["all columns"]),
     b=np.median(auc["no reviews"]))
on_top, on_the_day = area["all columns"] - area["no reviews"], area["day and reviews"] - area["known on the day"]
print(claim("Without the count of reviews, the area under precision-recall falls by less than 0.1.",
            on_top, "<", 0.1))
print(claim("With only what is known on the day it is lower again, by more than 0.05.",
            area["no reviews"] - area["known on the day"], ">", 0.05))
print(claim("On nine seeds of ten, the reviews add more to the columns of the day than to all others.",
            on_the_day - on_top, ">", 0, share=0.9))

# %% [markdown]
# **Compare with your prediction.** The last row of dots is the reason. To the columns of the day, the reviews
# add much. Beside ratings and gross they add little: their neighbors know most of it already. Whoever drops the one column
# that everybody talks about has cured next to nothing. Ask for a date, column by column.
#
# Do not read the difference as "so much is cheating", though. Part of a rating was known before the award. The file
# does not say which part. What can be said: with only what is known on the day, the model reaches the lower number.
#
# ### A gap can talk, too
#
# Some columns say something by being empty. A gross is recorded for films that somebody cared about.

# %% [markdown]
# ### Exercise 2.1: what an empty cell knows
#
# How much more often is a film of the positive class where the column is filled than where it is empty? Give the
# difference of the two shares, as a number from −1 to 1. Where one side has no rows, there is nothing to compare: 0.

# %% tags=["preamble"]
import numpy as np

# %% tags=["exercise"] id="what-a-gap-knows"
def gap_knows(column, y):
    """column: (n,), with NaN where empty. y: (n,) of 0 and 1. Returns the difference of two shares of positives."""
    ### BEGIN SOLUTION
    filled = ~np.isnan(column)
    if filled.all() or not filled.any():
        return 0.0
    return y[filled].mean() - y[~filled].mean()
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([1.0, np.nan, 3.0, np.nan, 5.0, 6.0]), np.array([1, 0, 0, 0, 0, 0])),
         (np.array([np.nan, np.nan, 2.0, 2.0, np.nan, 1.0, 7.0]), np.array([1, 1, 0, 1, 0, 0, 0])),
         (np.array([1.0, 2.0, 3.0]), np.array([1, 0, 1])),
         (np.array([np.nan, np.nan]), np.array([1, 0]))]
labels = ["column", "y"]

def probe(answer, column, y):
    found = answer(column.copy(), y.copy())
    return found if found is None else round(float(found), 6)

# %% tags=["hint"]
# Two groups of rows: filled and empty. Each has a share of positives: the mean of `y` over its rows.

# %% tags=["hint"]
# `np.isnan(column)` is True where the column is empty; `~` turns it around. The mean of no rows at all is NaN, so ask first whether both groups have rows.

# %% tags=["right"]
def gap_knows(column, y):
    empty = np.isnan(column)
    if empty.sum() in (0, len(y)):
        return 0
    return np.mean(y[empty == 0]) - np.mean(y[empty])

# %% tags=["wrong"] misconception="difference-reversed"
# Your sign is turned around: it must be positive where filled rows are positive more often.
def gap_knows(column, y):
    empty = np.isnan(column)
    if empty.all() or not empty.any():
        return 0.0
    return y[empty].mean() - y[~empty].mean()

# %% tags=["wrong"] misconception="zero-over-zero"
# Where one side has no rows, your result is NaN: the mean of nothing. Say 0 there.
def gap_knows(column, y):
    with np.errstate(all="ignore"):
        filled = ~np.isnan(column)
        return y[filled].sum() / np.float64(filled.sum()) - y[~filled].sum() / np.float64((~filled).sum())

# %% tags=["wrong"] misconception="nothing-counts-as-zero"
# Where one side has no rows, you take its share for 0 and compare with it. There is nothing to compare: the answer is 0.
def gap_knows(column, y):
    filled = ~np.isnan(column)
    return (y[filled].mean() if filled.any() else 0) - (y[~filled].mean() if not filled.all() else 0)

# %% tags=["wrong"] misconception="nan-equals-nan"
# You compare with NaN, but NaN differs from everything, itself included: every cell passes for filled. Use `np.isnan`.
def gap_knows(column, y):
    filled = column != np.nan
    return 0.0 if filled.all() else y[filled].mean() - y[~filled].mean()

# %% tags=["wrong"] misconception="conditions-swapped"
# You compare how often the column is filled among the positives and among the others. Asked for is how often a row is positive, among filled and among empty ones.
def gap_knows(column, y):
    filled = ~np.isnan(column)
    if filled.all() or not filled.any():
        return 0.0
    return filled[y == 1].mean() - filled[y == 0].mean()

# %% tags=["wrong"] misconception="count-is-not-a-share"
# You compare numbers of positives. The larger group has more of them in any case: compare shares.
def gap_knows(column, y):
    filled = ~np.isnan(column)
    if filled.all() or not filled.any():
        return 0.0
    return y[filled].sum() - y[~filled].sum()

# %% tags=["wrong"] misconception="part-against-the-whole"
# You compare filled rows with all rows, and filled rows are among these. Compare them with the empty ones.
def gap_knows(column, y):
    filled = ~np.isnan(column)
    if filled.all() or not filled.any():
        return 0.0
    return y[filled].mean() - y.mean()

# %% tags=["wrong"] misconception="nothing-to-compare"
# Where one side has no rows, you return None or nothing. Say 0 there, as a number.
def gap_knows(column, y):
    filled = ~np.isnan(column)
    return None if filled.all() or not filled.any() else y[filled].mean() - y[~filled].mean()

# %% tags=["wrong"] misconception="one-whole-for-two-groups"
# You divide both numbers of positives by the number of all rows. Each share is a share of its own group: divide by the rows of that group.
def gap_knows(column, y):
    filled = ~np.isnan(column)
    if filled.all() or not filled.any():
        return 0.0
    return (y[filled].sum() - y[~filled].sum()) / len(y)

# %% tags=["wrong"] misconception="ratio-for-a-difference"
# You divide one share by the other. Asked for is their difference.
def gap_knows(column, y):
    filled = ~np.isnan(column)
    if filled.all() or not filled.any():
        return 0.0
    with np.errstate(all="ignore"):
        return y[filled].mean() / y[~filled].mean()

# %%
# your function on the films (None: not written yet)
for name in ["box_office_usd", "metacritic", "runtime_minutes", "month", "year"]:
    column = films[name].to_numpy(float)
    found = gap_knows(column, y)
    print(f"{name:16} filled in {np.mean(~np.isnan(column)):4.0%} of the rows, difference",
          f"{found:+.3f}" if np.isscalar(found) else found)

# %% [raw] tags=["question"]
# id = "known-but-not-recorded"
# ask = "The month of a release is known on the day. In this file it is filled in more often for winners, and the model for the day sees which months are empty. What follows for its result?"
# [right]
# text = "it may be too good: the month was known, but not whether somebody would record it"
# why = "Films that won may have been described with more care, later. The empty cells carry that back to the day. On the day itself each month would be filled in, and the clue would be gone."
# [[wrong]]
# text = "it can be trusted: the month is known on the day"
# misconception = "missing-means-nothing"
# why = "The value is honest. The gap is not: it was left, or filled, after the award."
# [[wrong]]
# text = "it may be too low: the empty months were of no use"
# misconception = "missing-means-nothing"
# why = "They are of use, and that is the trouble: `add_indicator=True` adds a column that says which cells were empty, and winners have fewer of them."
# [[wrong]]
# text = "it can be trusted: the test films have gaps of the same kind"
# misconception = "leak-cancels-in-the-test"
# why = "That is why the test cannot show it. A film of tomorrow will not have them."

# %% [markdown]
# ### What a program can find
#
# A program can try each column alone, with a small decision tree. It can look for numbers of rows, and compare dates. We plant two faults in a part of the
# films: a column with the length of the speech in seconds, filled in for winners only, and the number of the row.

# %% [raw] tags=["prediction"]
# id = "what-the-program-names"
# ask = "Which columns will the program name as suspects?"
# [right]
# text = "the speech and the row number; not the reviews and ratings"
# why = "The speech predicts the target all by itself, and a row number is easy to tell. The ratings look like any honest column that is of some use. That they came later stands nowhere in the file."
# [[wrong]]
# text = "the speech, the row number, the reviews and the ratings"
# misconception = "tool-knows-the-calendar"
# why = "Nothing in the values says when they were known. A program sees values, not their dates."
# [[wrong]]
# text = "the speech alone: the row number predicts nothing"
# misconception = "harmless-until-it-predicts"
# why = "The row number is named because of what it is. In a file that was sorted it would predict, and new rows would have other numbers."
# [[wrong]]
# text = "the reviews alone: a column with so many gaps as the speech is no help"
# misconception = "missing-means-nothing"
# why = "The gaps are the answer here: filled means winner."

# %%
rng = np.random.default_rng(seed)
some = films.sample(4000, random_state=seed).reset_index(drop=True)
speech = np.where(some["won_oscar"] == "yes", rng.integers(20, 90, len(some)), np.nan)
planted = some.assign(row_number=np.arange(1, len(some) + 1), speech_seconds=speech)
for suspect in own_data.describe(planted, "won_oscar").suspects:
    print(suspect)

# %%
compare("what-the-program-names")

# %% [markdown]
# **Compare with your prediction.** The program asks: *is it known when a prediction is due?* It drops nothing. It cannot
# answer the question either, and about the reviews it did not even ask.
#
# ### Where it bites
#
# Files are collected after the fact: the ward where a patient ended up, the date an account was closed, the discount
# that was given because the customer was leaving. Each is an honest column. Each came after the answer.

# %% [markdown]
# ## 3. Which rows belong together?
#
# Somebody wants the films by country, and joins the table of films with a table of countries. Now a film that was made
# in three countries has three rows. Nothing was added but rows. **We look at the films with several countries only**,
# with all columns, whatever they know: this section is about rows.

# %%
# one row for each film and country, of films with several
by_country = films.assign(film=np.arange(len(films)), country=films["countries"].str.split("|")).explode("country")
by_country = by_country[by_country["film"].duplicated(keep=False)].reset_index(drop=True)
# which film, and whether it won
film, won = by_country["film"].to_numpy(), by_country["won_oscar"].eq("yes").to_numpy("float32")
print(f"{len(film):,} rows, {len(set(film)):,} films")
by_country.loc[film == film[0], ["title", "year", "country", "reviews", "won_oscar"]]

# %% [markdown]
# We split in two ways. By *rows*: each row is drawn by itself, as `train_test_split` does it. By *films*: all rows of a
# film go to the same side. A set of rows that must stay together is a **group**: here, a film is a group. A larger
# network trains for 12 epochs on each.

# %% [raw] tags=["prediction"]
# id = "rows-or-films"
# ask = "What do the two validation losses do?"
# [right]
# text = "by rows it falls to the end; by films it turns and climbs"
# why = "By rows, most validation rows have a twin among the training rows: another row of the same film. Learning by heart pays there. By films it does not, and the curve shows the overfitting that was there all along."
# [[wrong]]
# text = "both fall: it is the same network on the same films"
# misconception = "new-row-means-new-case"
# why = "The same network, but not the same question. One asks about films that it has seen in another row."
# [[wrong]]
# text = "both turn: a network of this size overfits on so few films"
# misconception = "any-fault-shows-as-overfitting"
# why = "It does overfit, in both. By rows, the validation loss cannot show it: most validation films have been learned by heart, in another row."
# [[wrong]]
# text = "by rows it turns: the twins make it learn the same thing twice"
# misconception = "copies-make-jumps"
# why = "Learning a film twice makes it surer about that film. By rows, that film is the one it is asked about."

# %% tags=["training"]
from sklearn.model_selection import GroupShuffleSplit

# two ways to split
places, twins = np.arange(len(film)), {}
splits = {"by rows": train_test_split(places, train_size=0.7, random_state=seed),
          "by films": next(GroupShuffleSplit(1, train_size=0.7, random_state=seed).split(places, groups=film))}
# the same network on each
for how, (rows, others) in splits.items():
    X = numbers_of(by_country, rows, EARLY + LATE + ["reviews"], ["genres", "languages"])
    twins[how] = from_seeds(X, won, rows, others, epochs=12, batch_size=256, units=(64, 64)).history
    print(f"{how}: {np.isin(film[others], film[rows]).mean():.0%} of the validation rows have a twin in training")

# %% [raw] tags=["alt"] id="rows-or-films-alt"
# Two line plots of the loss over 12 epochs, 0 to {top:.1f}, medians and bands over 16 seeds, training and validation.
# Left, split by rows: both fall, validation to {rows:.2f}. Right, split by films: training falls as before, validation
# is lowest at {lowest:.2f}, turns within the first epochs and climbs to {films:.2f}.

# %% tags=["training"]
fig, panels = figures.axes(2, xlabel="epoch", ylabel="loss")
top = 1.1 * np.percentile(twins["by films"]["val_loss"][:, -1], 95)
for ax, (how, history) in zip(panels, twins.items()):
    figures.lines(ax, np.arange(1, 13), {"training": history["loss"], "validation": history["val_loss"]},
                  label_at="legend" if how == "by rows" else None)
    ax.set(title=f"split {how}", ylim=(0, top))
figures.show(fig, "rows-or-films-alt", top=top, rows=np.median(twins["by rows"]["val_loss"][:, -1]),
             lowest=np.median(twins["by films"]["val_loss"].min(axis=1)),
             films=np.median(twins["by films"]["val_loss"][:, -1]))

# %%
compare("rows-or-films")

# %% tags=["training"]
by_rows, by_films = (twins[how]["val_loss"] for how in ("by rows", "by films"))
print(claim("At the end, the validation loss by films is at least 1.5 times that by rows.",
            by_films[:, -1] / by_rows[:, -1], ">", 1.5))
print(claim("By films, the loss ends at least 1.2 times as high as its lowest.",
            by_films[:, -1] / by_films.min(axis=1), ">", 1.2))
print(claim("By rows, on nine seeds of ten, it is lower after the last epoch than after the first.",
            1 - by_rows[:, -1] / by_rows[:, 0], ">", 0, share=0.9))

# %% [markdown]
# **Compare with your prediction.** The left picture is the one that everybody would be pleased with. Early stopping would
# have let it train on. The cinema asks about films that are *not* in the table, and for these the right picture holds.

# %% [raw] tags=["question"]
# id = "which-group"
# ask = "A table of X-ray images: 4,000 images of 900 patients, from 6 hospitals. The model will be used in hospitals that are not among the 6. What is the group?"
# discuss = true
# given = "4,000 900: premises of the example"
# [right]
# text = "the hospital: the test must ask what the use will ask"
# why = "The model will meet new hospitals, with other machines. A split by patients would leave each hospital on both sides."
# [[wrong]]
# text = "the patient: images of one patient are alike"
# misconception = "group-of-the-file"
# why = "That keeps patients apart, as it must. But each machine stands on both sides still, and the use will bring new machines."
# [[wrong]]
# text = "the image: each row is a case of its own"
# misconception = "new-row-means-new-case"
# why = "Two images of one lung are no two cases."
# [[wrong]]
# text = "none: with 4,000 rows a random split is fair"
# misconception = "more-validation-rows-cure-a-leak"
# why = "More rows make twins more frequent, not rarer."

# %% [markdown]
# ### Exercise 3.1: whole films only
#
# A colleague has written a function that is to draw a given share of the *films* for the test. All rows of a film stay on
# one side. Asked for a fifth, it gives far more than a fifth of the films. Find the fault, and repair it.

# %% tags=["exercise"] id="test-rows-by-group"
def test_rows(group, share, seed):
    """group: (rows,), the group of each row. Returns (rows,), True for the test: `share` of the groups, whole ones."""
    rng = np.random.default_rng(seed)
    ### BEGIN SOLUTION
    order = rng.permutation(np.unique(group))
    ### END SOLUTION
    count = round(share * len(order))
    return np.isin(group, order[:count])

# %% tags=["start"]
def test_rows(group, share, seed):
    """group: (rows,), the group of each row. Returns (rows,), True for the test: `share` of the groups, whole ones."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(group)
    count = round(share * len(order))
    return np.isin(group, order[:count])

# %% tags=["cases"]
cases = [(np.array([4, 4, 4, 7, 7, 1, 1, 1, 1, 9, 9, 9, 2, 2, 2, 3, 3, 5, 5, 6, 6, 6, 8, 8]), 0.2, 0),
         (np.repeat(np.arange(20), 3), 0.25, 1), (np.repeat(np.arange(10), [1, 9, 1, 1, 1, 9, 1, 1, 1, 1]), 0.4, 2)]
labels = ["group", "share", "seed"]

def probe(answer, group, share, seed):
    drawn = [np.asarray(answer(group.copy(), share, seed + k)) for k in range(20)]
    if any(rows.shape != group.shape for rows in drawn):
        return {"one True or False for each row": False}
    drawn = [rows.astype(bool) for rows in drawn]
    torn = any(len(set(rows[group == g])) > 1 for rows in drawn for g in set(group.tolist()))
    shares = [len(set(group[rows].tolist())) / len(set(group.tolist())) for rows in drawn]
    first = {tuple(sorted(set(group[rows].tolist()))) for rows in drawn}
    return {"one True or False for each row": True, "a group is torn apart": torn,
            "share of groups in the test": round(float(np.mean(shares)), 3),
            "another seed draws other groups": len(first) > 1}

# %% tags=["hint"]
# Take a table by hand: film 1 with nine rows, film 2 with one. What stands in `order`, how often, and what does `count` count?

# %% tags=["hint"]
# `np.unique(group)` has each group once.

# %% tags=["right"]
def test_rows(group, share, seed):
    names = np.array(sorted(set(group.tolist())))
    chosen = np.random.default_rng(seed).choice(names, size=round(share * len(names)), replace=False)
    return np.isin(group, chosen)

# %% tags=["wrong"] misconception="new-row-means-new-case"
# Now the share is right, but rows are drawn one by one: groups are torn apart.
def test_rows(group, share, seed):
    order = np.random.default_rng(seed).permutation(len(group))
    chosen = np.zeros(len(group), bool)
    chosen[order[:round(share * len(order))]] = True
    return chosen

# %% tags=["wrong"] misconception="order-does-not-matter"
# Each group stands there once now, but every seed gives the same groups: shuffle them, with `seed`.
def test_rows(group, share, seed):
    order = np.unique(group)
    return np.isin(group, order[:round(share * len(order))])

# %% tags=["wrong"] misconception="names-for-a-mask"
# You return which groups or places were drawn. Asked for is one True or False for each row: `np.isin(group, ...)` gives it.
def test_rows(group, share, seed):
    order = np.random.default_rng(seed).permutation(np.unique(group))
    return order[:round(share * len(order))]

# %% tags=["wrong"] misconception="complement-of-the-share"
# You give the training rows: the share is that of the others.
def test_rows(group, share, seed):
    order = np.random.default_rng(seed).permutation(np.unique(group))
    return np.isin(group, order[round(share * len(order)):])

# %% tags=["wrong"] misconception="symptom-not-cause"
# The number of entries is that of the groups now, but they are still drawn from the rows: a group can be drawn twice, and a large one nearly always is.
def test_rows(group, share, seed):
    order = np.random.default_rng(seed).permutation(group)
    return np.isin(group, order[:round(share * len(set(group.tolist())))])

# %% tags=["wrong"] misconception="rows-for-groups"
# The groups are drawn one by one now, but how many is still reckoned from the rows. `share` is a share of the groups.
def test_rows(group, share, seed):
    order = np.random.default_rng(seed).permutation(np.unique(group))
    return np.isin(group, order[:round(share * len(group))])

# %% tags=["wrong"] misconception="rows-for-groups"
# You draw groups until they hold `share` of the rows. Asked for is `share` of the groups, however large they are.
def test_rows(group, share, seed):
    chosen = np.zeros(len(group), bool)
    for name in np.random.default_rng(seed).permutation(np.unique(group)):
        if chosen.sum() >= share * len(group):
            break
        chosen |= group == name
    return chosen

# %% tags=["wrong"] misconception="share-on-average"
# You toss a coin for each group: only on average is the share right. Draw as many groups as `share` says.
def test_rows(group, share, seed):
    names = np.unique(group)
    return np.isin(group, names[np.random.default_rng(seed).random(len(names)) < share])

# %%
# your function on the films by country; as it came, it draws too many
drawn = test_rows(film, 0.2, seed)
if np.shape(drawn) == film.shape:
    print(f"films in the test: {len(set(film[drawn])) / len(set(film)):.0%}, rows: {np.mean(drawn):.0%}")

# %% [markdown]
# ### Where it bites
#
# Rows multiply quietly: a join, several visits of a patient, frames of a video, the same text with another headline,
# oversampling before the split. Count the groups before you count the rows.

# %% [markdown]
# ## 4. What must be beaten?
#
# Back to the films, with what is known on the day. A missed winner costs the cinema 10, a needless poster costs 1. The
# metric is the cost per film. Without any model there are two constants: say no to all films, or yes to all.

# %%
MISS, ALARM = 10, 1

def cost_of(y, said_yes):
    """Mean cost of a row. y: (n,) of 0 and 1; said_yes: (n,) of True and False."""
    return np.mean(MISS * ((y == 1) & ~said_yes) + ALARM * ((y == 0) & said_yes))

always_no, always_yes = (cost_of(y[test], np.full(len(test), yes)) for yes in (False, True))
print(f"cost per film: always no {always_no:.2f}, always yes {always_yes:.2f}")

# %% [raw] tags=["prediction"]
# id = "cost-at-one-half"
# ask = "The model for the day says yes above a probability of one half. Its cost per film, beside *always no*?"
# [right]
# text = "about the same"
# why = "Hardly any film reaches one half, so it says no nearly always. The ranking is there, and nobody uses it."
# [[wrong]]
# text = "half of it or less: it knows something, and the constant knows nothing"
# misconception = "half-is-natural"
# why = "What it knows lies below one half. A cut there throws it away."
# [[wrong]]
# text = "several times as high: it flags the wrong films"
# misconception = "finding-more-means-all-right"
# why = "To flag the wrong films it would have to flag films. It hardly does."

# %% tags=["training"]
def cheapest(y, p):
    """The threshold with the lowest cost. y, p: (n,), of rows that may be used to choose."""
    # candidates, evenly through the rows; then the cheapest
    cuts = np.quantile(p, np.linspace(0, 1, 201))
    return cuts[np.argmin([cost_of(y, p > cut) for cut in cuts])]

day = p["known on the day"]
cuts = np.array([cheapest(y[val], q) for q in day["validation"]])
costs = {"at one half": np.array([cost_of(y[test], q > 0.5) for q in day["test"]]),
         "chosen on validation": np.array([cost_of(y[test], q > cut) for q, cut in zip(day["test"], cuts)])}

# %% [raw] tags=["alt"] id="cost-at-one-half-alt"
# Dot plot, the cost per test film across, 0 to {top:.1f}, a dot for each of 16 seeds, in two rows. Cut at one half the dots
# lie around {half:.2f}; cut at the threshold chosen on validation films, lower, around {chosen:.2f}. A dotted line marks
# always no, at {no:.2f}.

# %% tags=["training"]
fig, ax = figures.axes(xlabel="cost per film")
figures.strip(ax, costs, reference=always_no, reference_label="always no")
top = 1.2 * max(always_no, *(values.max() for values in costs.values()))
ax.set_xlim(0, top)
half, chosen = (np.median(values) for values in costs.values())
figures.show(fig, "cost-at-one-half-alt", top=top, half=half, chosen=chosen, no=always_no)

# %%
compare("cost-at-one-half")

# %% tags=["training"]
tell("Cost per film: {half:.2f} at one half, {chosen:.2f} at the chosen threshold, {no:.2f} for always no. One half is "
     "reached by {yes:.1%} of the films. Chosen thresholds: median {cut:.2f}; honest probabilities ask for {due:.2f}.",
     half=half, chosen=chosen, no=always_no, yes=np.mean(day["test"] > 0.5), cut=np.median(cuts),
     due=ALARM / (MISS + ALARM))
print(claim("Cut at one half, its cost and that of always no differ by less than a tenth.",
            abs(1 - costs["at one half"] / always_no), "<", 0.1))
print(claim("Cut at the threshold from validation films, it saves more than 0.15 of it.",
            1 - costs["chosen on validation"] / always_no, ">", 0.15))

# %% [markdown]
# **Compare with your prediction.** The same probabilities, another cut. And a warning: "better than always no" holds for
# *this* price. Where a miss costs far more, *always yes* is cheaper than *always no*, and is the one to beat.
#
# ### Exercise 4.1: the constant to beat, for several labels
#
# A film can have several genres, so the target is several columns of 0 and 1. The constant to beat may answer differently
# for each label: always yes for one, always no for another. Write its cost. Which answer it gives is decided before the test
# rows are seen.

# %% tags=["exercise"] id="constant-by-label"
def constant_cost(y_train, y_test, miss, false_alarm):
    """y_train: (n, labels), y_test: (m, labels), of 0 and 1. Returns the mean cost over all cells of y_test."""
    ### BEGIN SOLUTION
    share = y_train.mean(axis=0)
    yes = (1 - share) * false_alarm < share * miss
    return np.mean(np.where(yes, (1 - y_test) * false_alarm, y_test * miss))
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([[1, 0], [1, 0], [0, 0], [1, 1]]), np.array([[1, 1], [0, 0], [0, 0]]), 1, 1),
         (np.array([[1, 0, 0], [0, 0, 1], [0, 1, 0], [0, 0, 1]]), np.array([[0, 0, 1], [1, 0, 0]]), 2, 1),
         (np.array([[0, 1], [1, 1], [0, 1], [0, 0], [0, 0]]), np.array([[0, 0], [1, 0], [0, 1]]), 6, 1),
         (np.array([[1, 1], [1, 0], [0, 0]]), np.array([[1, 1], [1, 1]]), 1, 5)]
labels = ["y_train", "y_test", "miss", "false_alarm"]

def probe(answer, *values):
    return np.round(answer(*values), 6)

# %% tags=["hint"]
# For one label: what does a row cost on average if you always say no? And if you always say yes? Both follow from the share of ones among the training rows.

# %% tags=["hint"]
# Three steps: `share = y_train.mean(axis=0)`; `yes`, (labels,), True where always yes is cheaper; then `np.where(yes, cost of yes, cost of no)` for each cell of `y_test`, and its mean.

# %% tags=["right"]
def constant_cost(y_train, y_test, miss, false_alarm):
    total = 0.0
    for label in range(y_train.shape[1]):
        no = miss * np.sum(y_train[:, label] == 1)
        yes = false_alarm * np.sum(y_train[:, label] == 0)
        column = y_test[:, label]
        total += miss * np.sum(column == 1) if no <= yes else false_alarm * np.sum(column == 0)
    return total / y_test.size

# %% tags=["wrong"] misconception="one-constant-for-all-labels"
# You give all labels the same answer. A frequent label may ask for yes where a rare one asks for no: decide label by label.
def constant_cost(y_train, y_test, miss, false_alarm):
    share = y_train.mean()
    yes = (1 - share) * false_alarm < share * miss
    return np.mean((1 - y_test) * false_alarm if yes else y_test * miss)

# %% tags=["wrong"] misconception="baseline-leaks-test"
# You choose the answers on the test rows. Your constant then has seen what no model may see, and is too hard to beat.
def constant_cost(y_train, y_test, miss, false_alarm):
    share = y_test.mean(axis=0)
    return np.mean(np.minimum((1 - share) * false_alarm, share * miss))

# %% tags=["wrong"] misconception="baseline-on-training-data"
# That is the cost on the training rows. Choose there, and measure on the test rows, as for a model.
def constant_cost(y_train, y_test, miss, false_alarm):
    share = y_train.mean(axis=0)
    return np.mean(np.minimum((1 - share) * false_alarm, share * miss))

# %% tags=["wrong"] misconception="majority-is-cheapest"
# You choose what is more frequent. Asked for is what is cheaper: a rare label with dear misses may ask for yes.
def constant_cost(y_train, y_test, miss, false_alarm):
    yes = y_train.mean(axis=0) > 0.5
    return np.mean(np.where(yes, (1 - y_test) * false_alarm, y_test * miss))

# %% tags=["wrong"] misconception="costs-exchanged"
# The two costs are exchanged: a miss is a 1 that was called no.
def constant_cost(y_train, y_test, miss, false_alarm):
    share = y_train.mean(axis=0)
    yes = (1 - share) * miss < share * false_alarm
    return np.mean(np.where(yes, (1 - y_test) * miss, y_test * false_alarm))

# %% tags=["wrong"] misconception="accuracy-is-the-objective"
# You count mistakes. Each has its price: `miss` where a 1 was called no, `false_alarm` where a 0 was called yes.
def constant_cost(y_train, y_test, miss, false_alarm):
    share = y_train.mean(axis=0)
    return np.mean(y_test != ((1 - share) * false_alarm < share * miss))

# %% tags=["wrong"] misconception="sum-for-a-mean"
# You add the costs of the labels of a row. Asked for is the mean over all cells.
def constant_cost(y_train, y_test, miss, false_alarm):
    share = y_train.mean(axis=0)
    yes = (1 - share) * false_alarm < share * miss
    return np.where(yes, (1 - y_test) * false_alarm, y_test * miss).sum(axis=1).mean()

# %% tags=["wrong"] misconception="sum-for-a-mean"
# You add the costs of all cells. Asked for is their mean.
def constant_cost(y_train, y_test, miss, false_alarm):
    share = y_train.mean(axis=0)
    yes = (1 - share) * false_alarm < share * miss
    return np.where(yes, (1 - y_test) * false_alarm, y_test * miss).sum()

# %% tags=["wrong"] misconception="no-is-the-only-constant"
# You say no to every label. *Always yes* is a constant, too: where it is cheaper on the training rows, it is the one to beat.
def constant_cost(y_train, y_test, miss, false_alarm):
    return np.mean(y_test * miss)

# %% tags=["wrong"] misconception="each-yes-is-an-alarm"
# Where you say yes, you pay for every row. A yes costs something only where the truth is 0.
def constant_cost(y_train, y_test, miss, false_alarm):
    share = y_train.mean(axis=0)
    yes = (1 - share) * false_alarm < share * miss
    return np.mean(np.where(yes, false_alarm, y_test * miss))

# %% tags=["wrong"] misconception="threshold-reversed"
# You say yes where *no* is cheaper, and no where *yes* is. Dear misses ask for yes at lower shares, not at higher ones.
def constant_cost(y_train, y_test, miss, false_alarm):
    yes = y_train.mean(axis=0) > miss / (miss + false_alarm)
    return np.mean(np.where(yes, (1 - y_test) * false_alarm, y_test * miss))

# %% tags=["wrong"] misconception="threshold-reversed"
# You say yes where *no* is cheaper, and no where *yes* is. Compare the two costs again: the lower one wins.
def constant_cost(y_train, y_test, miss, false_alarm):
    share = y_train.mean(axis=0)
    yes = (1 - share) * false_alarm > share * miss
    return np.mean(np.where(yes, (1 - y_test) * false_alarm, y_test * miss))

# %%
# three genres of the films; one constant for all labels, and yours (None: not written yet)
genre = films["genres"].fillna("").str.get_dummies("|")[["Drama", "Comedy", "Musical"]].to_numpy()
share = genre[train].mean()
one_for_all = np.mean(2 * genre[test]) if 2 * share < 1 - share else np.mean(1 - genre[test])
yours = constant_cost(genre[train], genre[test], 2, 1)
print("cost per cell, a miss at 2 and a false alarm at 1: one constant for all labels", round(one_for_all, 3),
      "yours", round(yours, 3) if np.isscalar(yours) else yours)

# %% [markdown]
# ### Where it bites
#
# A baseline that is too weak makes any model look good. One that has seen the test rows makes any model look bad.
# Before you compare, ask on which rows the constant was chosen.

# %% [markdown]
# ## 5. One command
#
# You have seen every step by itself. Before the package repeats them, put them in order.

# %% [raw] tags=["order"]
# id = "order-from-file-to-report"
# ask = "From a file to a report. Put the steps in order."
# lines = ["say what the target is, what the errors cost, and when the prediction is due", "drop what is not known then, and split by groups",
#  "fit medians, means and categories on the training rows", "train, and stop by the validation rows",
#  "choose the threshold on the validation rows", "look at the test rows"]
# right = [[1, 2, 3, 4, 5, 6]]
# why = "What is wanted comes first: it decides which columns may stay, and what a group is. The test rows come last, when nothing is left to choose."
# [[wrong]]
# order = [1, 3, 2, 4, 5, 6]
# misconception = "scaled-before-the-split"
# why = "Then the medians have seen test rows. Split first."
# [[wrong]]
# order = [2, 3, 4, 5, 6, 1]
# misconception = "objective-comes-last"
# why = "Which columns go, and where to cut, follows from what is wanted. It cannot come last."
# [[wrong]]
# order = [1, 2, 3, 4, 6, 5]
# misconception = "test-is-for-tuning"
# why = "A threshold that is chosen after the test has been seen is chosen by the test."

# %% [markdown]
# Now for the table that the settings at the top name: the films, unless you have changed them. For the films we say
# what we found in section 2 and section 4: what is not known on the day is dropped, and the costs are told. Title and
# certificate stay in, so the films' model here knows a little more than that of section 4.

# %%
# the films, with what we know of them
if not path:
    path = str(folder / "films.csv")
    if target == "won_oscar":
        drop, miss, false_alarm = drop or [*LATE, "reviews"], miss or MISS, false_alarm or ALARM
# read the table, and say what it holds (after an error no older task is left to go on with)
task = None
table = own_data.read(path)
task = own_data.describe(table, target, kind=kind, positive=positive or None, drop=drop, group=group or None)
task

# %% [raw] tags=["reflection"]
# id = "own-result-expected"
# ask = "Before you train: will every seed be better than the best constant, some of them, or none? Say what you expect, and which column you expect it from."

# %% [markdown]
# The next cell splits the rows and trains. Where a yes or no is predicted, it chooses the threshold on the validation rows.
# It prints the metric on the test rows, a reading of the curves as in notebook 07, and what the doctor of the earlier
# notebooks finds.

# %% tags=["training"]
# split and preprocessing; then the trainings
plan = own_data.prepare(task, seed=seed)
result = own_data.train(plan, seeds=seeds, base_seed=1000 * seed, metric=metric or None, miss=miss or None,
                        false_alarm=false_alarm or None)
# the result, the curves, and what the doctor says
print(plan, result, "", result.reading, "", result.findings.summary, sep="\n")

# %% [raw] tags=["alt"] id="own-result-alt"
# Dot plot, {metric} on the test rows across, {low:.3g} to {high:.3g}, a dot for each seed. The median of the seeds is {middle:.3g}.
# A dotted line marks the best constant, at {baseline:.3g}; {trend} is better.

# %% tags=["training"]
fig, ax = figures.axes(xlabel=f"{result.metric} on the test rows")
values = result.values[np.isfinite(result.values)]
figures.strip(ax, {f"{len(values)} seeds": values}, reference=result.baseline, reference_label="best constant")
figures.show(fig, "own-result-alt", metric=result.metric, low=min(values.min(), result.baseline),
             high=max(values.max(), result.baseline), middle=np.median(values), baseline=result.baseline,
             trend="more" if result.larger_is_better else "less")

# %% [markdown]
# **Compare with what you wrote.** Two things are to be seen. The distance of the dots from the dotted line is what the
# model gains over the best constant. Their distance from each other is the luck of the training. Look at the side as well:
# for some metrics less is better, for others more. Which columns tell most by themselves stands in the table before the
# training, in the row *alone*. The interval that is printed above the figure is the subject of section 6.
#
# ### A report, and a model for new rows
#
# The report is one HTML file that you can send to someone. The model lies in a folder, together with its preprocessing,
# its threshold and a **model card**: one page that says what the model is for, how it was tested, and what nobody has
# tested. It takes new rows as they come, in the columns of the table.

# %% tags=["training"]
import re
# the report, for people
page = own_data.write_report(result, report or folder / "report.html").read_text(encoding="utf-8")
print("The parts of the report:", *re.findall("<h2[^>]*>(.*?)</h2>", page), sep="\n- ")
# the model, for new rows, and its card
own_data.save(result, folder / "model")
print("", (folder / "model" / "model_card.txt").read_text(encoding="utf-8"), sep="\n")
# as a colleague would use it
saved = own_data.load(folder / "model")
saved.predict(table.frame.tail(3).drop(columns=list(task.target))).round(3)

# %% [markdown]
# Four lines of the card are empty. No program can fill them in.
#
# Outside a notebook the same is one line in a terminal, from the workbook's folder:
#
# ```
# python -m helpers.own_data my_table.csv --target my_column --drop my_late_column --miss 10 --false-alarm 1
# python -m helpers.own_data new_rows.csv --predict own_model
# ```
#
# What if something is wrong with the file? We call the command from here, on files made from the films, with four faults.

# %%
import contextlib
from helpers.own_data.__main__ import main

# three faulty files (the fourth fault is a wrong column)
(folder / "semicolons.csv").write_text("length;won\n" + "90;yes\n100;no\n" * 20, encoding="utf-8")
films.head(10).to_csv(folder / "ten.csv", index=False)
films[films["won_oscar"] == "no"].head(100).to_csv(folder / "losers.csv", index=False)
# the command on each
for file, column in [("films.csv", "oscars"), ("semicolons.csv", "won"), ("ten.csv", "won_oscar"),
                     ("losers.csv", "won_oscar")]:
    with contextlib.chdir(folder), contextlib.redirect_stderr(sys.stdout):
        code = main([file, "--target", column, "--report", "no.html"])
        print(f"   exit code {code}, report written: {pathlib.Path('no.html').exists()}")

# %% [markdown]
# ### Change one thing
#
# Let the films' model see the ratings and the gross. Set `drop = ["reviews"]` in the settings at the top, and run that cell.
# Then run this section again, up to the figure. Afterwards set `drop` back to `[]`.

# %% [raw] tags=["question"]
# id = "lower-cost-with-the-ratings"
# ask = "Suppose the cost per film comes out lower with the ratings. The cinema acts on the day of the release. Which of the two models do you give it?"
# [right]
# text = "the one without ratings: on the day there are none to put in"
# why = "The lower cost was measured with values that nobody has on the day. It is no promise for that day."
# [[wrong]]
# text = "the one with the lower cost on the test rows"
# misconception = "leak-cancels-in-the-test"
# why = "The test rows hold the ratings as well. The films of the day do not."
# [[wrong]]
# text = "the one with ratings: on the day their gaps are filled with medians"
# misconception = "training-repairs-everything"
# why = "It would run. But it has learned to rely on the ratings, and was tested on films of which nearly all have some."
# [[wrong]]
# text = "either one: both were compared with the same constant"
# misconception = "test-set-is-the-world"
# why = "The constant is the same. But only one of the tests stands for the day of the release."

# %% [raw] tags=["question"]
# id = "model-for-another-day"
# ask = "Say that the saved model is the one for the films, trained without ratings. A colleague wants to use it for films whose rating is known by now. What do you say?"
# [right]
# text = "the rating is not used: this model was made for the day of the release"
# why = "The saved model takes the columns it was trained on and leaves others alone. For another moment it takes another model, with its own test."
# [[wrong]]
# text = "just add the column: the model will use what is there"
# misconception = "argument-is-used"
# why = "A network has one weight for each input it was trained with. There is none for the rating."
# [[wrong]]
# text = "it will refuse: the columns are not the same"
# misconception = "keras-would-refuse"
# why = "Columns too many are left alone. It refuses when one is missing."
# [[wrong]]
# text = "raise the threshold a little, because more is known now"
# misconception = "threshold-makes-signal"
# why = "A threshold cuts the probabilities that are there. It adds nothing of what the rating knows."

# %% [markdown]
# ### Where it bites
#
# One command makes it easy to run it ten times: another column dropped, another seed, another metric. The test rows
# are then no longer looked at once. If you tried the change above, you have looked at them twice. Write down how often you
# ran it, and say so in the report.

# %% [markdown]
# ## 6. How far can it be trusted?
#
# Back to section 4 and its model for the day. It saves money on the test films. Would it on others of the same kind? We
# cannot draw new films, but we can draw from the test films, with replacement, and see how the gain moves: the bootstrap
# of notebook 06.

# %% [raw] tags=["prediction"]
# id = "hundred-test-films"
# ask = "The gain over always no, with its 95% interval. On all test films the interval lies above 0. What if only 100 of them had been there?"
# given = "95%: the usual level"
# [right]
# text = "it mostly holds 0: of 100 films, about four are winners"
# why = "The gain comes from winners that are found. What counts is how many of these there are, and four are few."
# [[wrong]]
# text = "it lies above 0 as well: 100 is a fair number"
# misconception = "few-positives-do-not-matter"
# why = "A hundred films, but about four winners. One more or less moves everything."
# [[wrong]]
# text = "it is the same: the model has not changed"
# misconception = "test-set-is-the-world"
# why = "The model is the same. What is known about it is less."
# [[wrong]]
# text = "it lies below 0: with few films a model is worse"
# misconception = "unseen-is-always-worse"
# why = "Few test films do not make it worse. They make it uncertain, in both directions."

# %% [markdown] given="95%: the usual level"
# ### Exercise 6.1: an interval for the gain
#
# You get the cost of each test row under the constant and under the model, and a table of draws: each line holds places of
# rows, drawn with replacement. For each line, how much does the model save per row? Give the bounds that hold the middle
# 95% of the answers.

# %% tags=["exercise"] id="interval-of-the-gain"
def gain_interval(constant, model, draws):
    """constant, model: (n,), costs of the same rows. draws: (resamples, n), places of rows. Returns (low, high)."""
    ### BEGIN SOLUTION
    gains = (constant - model)[draws].mean(axis=1)
    return np.quantile(gains, 0.025), np.quantile(gains, 0.975)
    ### END SOLUTION

# %% tags=["cases"]
def _case(n, seed, scale):
    rng = np.random.default_rng(seed)
    constant = 10.0 * (rng.random(n) < 0.2)
    model = np.where(constant > 0, scale * (rng.random(n) < 0.5), 1.0 * (rng.random(n) < 0.1))
    return constant, model, rng.integers(n, size=(200, n))

cases = [_case(30, 0, 10.0), _case(50, 1, 10.0), _case(12, 2, 8.0)]
labels = ["constant", "model", "draws"]

def probe(answer, *values):
    return [round(float(bound), 6) for bound in np.atleast_1d(answer(*(np.array(value) for value in values)))]

# %% tags=["hint"]
# `constant[draws]` has the shape of `draws`. The same draw must be used for both costs: why?

# %% tags=["hint"] given="0.025 0.975: what cuts off a fortieth on each side"
# `(constant - model)[draws].mean(axis=1)` is one gain a line. Then `np.quantile` with 0.025 and 0.975.

# %% tags=["right"]
def gain_interval(constant, model, draws):
    gains = [np.mean(constant[rows]) - np.mean(model[rows]) for rows in draws]
    return tuple(np.percentile(gains, [2.5, 97.5]))

# %% tags=["wrong"] misconception="difference-reversed"
# Your sign is turned around: what the model saves is the constant's cost minus its own.
def gain_interval(constant, model, draws):
    return np.quantile((model - constant)[draws].mean(axis=1), [0.025, 0.975])

# %% tags=["wrong"] misconception="pairing-lost"
# You draw rows for the constant and other rows for the model. Then the luck of the draw does not cancel: use the same rows for both.
def gain_interval(constant, model, draws):
    gains = constant[draws].mean(axis=1) - model[np.roll(draws, 1, axis=0)].mean(axis=1)
    return np.quantile(gains, [0.025, 0.975])

# %% tags=["wrong"] misconception="level-cut-on-each-side" given="90% 5% 95%: levels"
# Between your bounds lie 90% of the answers: 5% are cut off on each side. Asked for are 95%.
def gain_interval(constant, model, draws):
    return np.quantile((constant - model)[draws].mean(axis=1), [0.05, 0.95])

# %% tags=["wrong"] misconception="share-for-a-percentage" given="100: the end of the scale of percentages"
# `np.percentile` counts from 0 to 100: your two bounds lie both at the lowest gain. With shares, use `np.quantile`.
def gain_interval(constant, model, draws):
    return np.percentile((constant - model)[draws].mean(axis=1), [0.025, 0.975])

# %% tags=["wrong"] misconception="mean-over-the-wrong-axis"
# You average over the draws, row by row. Asked for is one gain a line: the mean over the rows of a draw.
def gain_interval(constant, model, draws):
    return np.quantile((constant - model)[draws].mean(axis=0), [0.025, 0.975])

# %% tags=["wrong"] misconception="spread-of-one-row"
# That is where single rows lie. Asked for is where their mean lies.
def gain_interval(constant, model, draws):
    return np.quantile(constant - model, [0.025, 0.975])

# %% tags=["wrong"] misconception="every-spread-is-a-bell" given="1.96: the normal distribution's bound"
# You take the mean and 1.96 standard deviations, as for a bell-shaped spread. Asked for are the bounds of the answers themselves, whatever their shape: cut off their ends.
def gain_interval(constant, model, draws):
    gains = (constant - model)[draws].mean(axis=1)
    return gains.mean() - 1.96 * gains.std(), gains.mean() + 1.96 * gains.std()

# %% tags=["wrong"] misconception="pairing-lost"
# You take the bounds of each cost by itself, and subtract them. First the difference for each line, then the bounds.
def gain_interval(constant, model, draws):
    of_constant = np.quantile(constant[draws].mean(axis=1), [0.025, 0.975])
    return of_constant - np.quantile(model[draws].mean(axis=1), [0.025, 0.975])

# %% tags=["wrong"] misconception="extremes-for-an-interval"
# You give the lowest and the highest answer: all of them lie between these. Asked for is the middle, with the ends cut off.
def gain_interval(constant, model, draws):
    gains = (constant - model)[draws].mean(axis=1)
    return gains.min(), gains.max()

# %% [markdown]
# The cell below does the same for 16 seeds, with all test films, and with 25 draws of 100 of them for each seed.

# %% tags=["training"]
def bounds(y, said_yes, rng):
    """95% interval of the gain over always no. y, said_yes: (n,)."""
    gain = MISS * (y == 1) - (MISS * ((y == 1) & ~said_yes) + ALARM * ((y == 0) & said_yes))
    return np.quantile(gain[rng.integers(len(y), size=(500, len(y)))].mean(axis=1), [0.025, 0.975])

# for each seed: all test films, then 25 draws of 100
rng, every, hundred, found = np.random.default_rng(seed), [], [], []
for q, cut in zip(day["test"], cuts):
    every.append(bounds(y[test], q > cut, rng))
    draws = [rng.choice(len(test), 100, replace=False) for _ in range(25)]
    hundred.append([bounds(y[test][few], q[few] > cut, rng) for few in draws])
    found.append([np.sum((y[test][few] == 1) & (q[few] > cut)) for few in draws])
every, hundred, found = map(np.array, (every, hundred, found))   # (seeds, 2), (seeds, draws, 2) and (seeds, draws)
# where the intervals lie
holds, below = (hundred[..., 0] <= 0) & (hundred[..., 1] >= 0), hundred[..., 1] < 0

# %% [raw] tags=["alt"] id="hundred-test-films-alt" given="95%: the usual level"
# Two panels of 16 vertical bars, one a seed: 95% intervals of the gain per film over always no, {low:.1f} to {high:.1f}. Left,
# all test films: short bars around {all:.2f}, all above the line at 0. Right, the first 100 films drawn: bars that are mostly
# far longer, {holds} of 16 across 0.

# %% tags=["training"]
from matplotlib.ticker import MaxNLocator

fig, panels = figures.axes(2, xlabel="seed", ylabel="gain per film")
ends = np.concatenate([every, hundred[:, 0]])
for ax, (name, values) in zip(panels, [("all", every), ("100", hundred[:, 0])]):
    ax.vlines(np.arange(1, 17), *values.T, linewidth=3)
    ax.axhline(0, color="black", linestyle=":")
    ax.set(title=f"{name} test films", ylim=(1.05 * min(ends.min(), -0.1), 1.05 * ends.max()))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))  # seeds are whole numbers
figures.show(fig, "hundred-test-films-alt", low=ends.min(), high=ends.max(), all=every.mean(),
             holds=int(holds[:, 0].sum()))

# %%
compare("hundred-test-films")

# %% tags=["training"]
tell("With 100 test films, {share:.0%} of the intervals hold 0, and {below:.0%} lie wholly below it. There the model "
     "finds {few:.1f} winners on average, elsewhere {more:.1f}.", share=holds.mean(), below=below.mean(),
     few=found[below].mean() if below.any() else 0, more=found[~below].mean())
print(claim("With all test films, the interval of the gain lies above 0.", every[:, 0], ">", 0))
print(claim("With 100 of them it is on average more than three times as wide.",
            np.diff(hundred).mean(axis=(1, 2)) / np.diff(every)[:, 0], ">", 3))
print(claim("With 100 of them it holds 0 in more than half of the draws.", holds.mean(axis=1), ">", 0.5))

# %% [markdown]
# **Compare with your prediction.** The same model, the same threshold. What shrank is what is known. And where a bar lies
# wholly below 0, its 100 films hold hardly a winner that the model finds. Drawing from them again cannot bring one in. So
# with very few positives the interval is not only wide but wrong: count the positives before you believe it. The package prints
# such an interval, over test rows and seeds together, and says *better* only if all of it lies on the good side.

# %% [raw] tags=["question"]
# id = "what-the-interval-leaves-out"
# ask = "The interval lies well above 0. A year later the cinema loses money with the model all the same. Which explanation lies outside of what the interval looks at?"
# discuss = true
# [right]
# text = "the films of that year are of another kind than those in the table"
# why = "Drawing from the test films shows what other films *of the same kind* would give. It cannot draw films that are not there: later ones, other countries, other voters."
# [[wrong]]
# text = "by luck, the test films had some winners that are easily found"
# misconception = "only-luck-decides"
# why = "That is what it looks at: how far the gain moves with other test films of the same kind. It lies well above 0, so this luck is an unlikely reason."
# [[wrong]]
# text = "the threshold is not one half, so the probabilities are read wrongly"
# misconception = "half-is-natural"
# why = "The gains inside the interval were counted with this very threshold. With it, the model saved money."
# [[wrong]]
# text = "a model that saves money on average still misses some winners"
# misconception = "spread-of-one-row"
# why = "It missed some in the test as well. Their costs are in each gain that the interval looks at."

# %% [markdown]
# ### Where it bites
#
# An interval is a promise about rows like these. The report says so in a line. Do not cut that line off when you paste the
# number into a slide.

# %% [markdown] given="200 50: premises of the example"
# ## 7. Another table
#
# A clinic sends 569 rows, one a patient: thirty measures of cells in a sample, and what was found later. The set is
# scikit-learn's `load_breast_cancer`. Two columns are ours: a number for each sample, and the days until the treatment
# began. In the column `target`, 0 stands for a malignant tumor and 1 for a benign one. The table below shows some of each.
#
# The clinic writes: "A needless second test costs us 200 dollars. A malignant tumor that we send home costs 50 times as
# much. The program is to decide on the day when the sample is taken."

# %%
from sklearn.datasets import load_breast_cancer

rng = np.random.default_rng(seed)
# the file, and our two columns
clinic = load_breast_cancer(as_frame=True).frame
clinic["sample_number"] = rng.permutation(len(clinic)) + 1
clinic["days_to_treatment"] = np.where(clinic["target"] == 0, rng.integers(3, 40, len(clinic)), np.nan)
assert len(clinic) == 569
clinic.iloc[17:21, -4:]

# %% [markdown]
# ### Exercise 7.1: the brief
#
# A **brief** is what a person has to say before any program runs: who is looked for, what the errors cost, what
# must not be seen. Write it for the clinic.

# %% tags=["exercise"] id="brief-for-a-clinic"
def brief():
    """What own_data is told: positive (text), drop (list of columns), miss and false_alarm (both in one unit)."""
    ### BEGIN SOLUTION
    positive = "0"
    drop = ["sample_number", "days_to_treatment"]
    miss, false_alarm = 10_000, 200
    ### END SOLUTION
    return {"positive": positive, "drop": drop, "miss": miss, "false_alarm": false_alarm}

# %% tags=["start"]
def brief():
    """What own_data is told: positive (text), drop (list of columns), miss and false_alarm (both in one unit)."""
    positive = ...  # the value of the target that is looked for, as text
    drop = ...  # columns that the model must not see
    miss, false_alarm = ..., ...  # what each costs
    return {"positive": positive, "drop": drop, "miss": miss, "false_alarm": false_alarm}

# %% tags=["cases"]
cases = [("positive",), ("drop",), ("a miss costs so many false alarms",)]
labels = ["what is told"]

def probe(answer, told):
    said = answer()
    if told == "positive":
        return str(said["positive"])
    if told == "drop":
        return sorted([said["drop"]] if isinstance(said["drop"], str) else said["drop"])
    return round(float(said["miss"] / said["false_alarm"]), 3)

# %% tags=["hint"]
# Read the letter of the clinic again: which class is looked for, and which number stands for it in the file?

# %% tags=["hint"]
# On the day of the sample, which of our two columns is filled? And what does the other one say about a patient? For the costs, mind which of the two errors sends a patient home.

# %% tags=["right"]
def brief():
    return {"positive": 0, "drop": ["days_to_treatment", "sample_number"], "miss": 50, "false_alarm": 1}

# %% tags=["wrong"] misconception="keras-knows-the-positive-class"
# Your positive class is the benign tumors. A program takes 1 for positive unless told; the file says 0 for malignant.
def brief():
    return {"positive": "1", "drop": ["days_to_treatment", "sample_number"], "miss": 50, "false_alarm": 1}

# %% tags=["wrong"] misconception="name-for-the-value"
# Your positive class is the right one by its name. But the file holds 0 and 1, and a program looks for what stands there.
def brief():
    return {"positive": "malignant", "drop": ["days_to_treatment", "sample_number"], "miss": 50, "false_alarm": 1}

# %% tags=["wrong"] misconception="costs-exchanged"
# Your costs are exchanged. A miss is a malignant tumor that is sent home; a false alarm is a needless second test.
def brief():
    return {"positive": "0", "drop": ["days_to_treatment", "sample_number"], "miss": 1, "false_alarm": 50}

# %% tags=["wrong"] misconception="times-for-an-amount" given="50 200: premises of the example"
# Your miss costs less than a false alarm. The 50 of the letter are no dollars: a miss costs 50 times the 200.
def brief():
    return {"positive": "0", "drop": ["days_to_treatment", "sample_number"], "miss": 50, "false_alarm": 200}

# %% tags=["wrong"] misconception="missing-means-nothing"
# You keep the days to treatment. They are filled in for malignant tumors only, and later: they are the answer.
def brief():
    return {"positive": "0", "drop": ["sample_number"], "miss": 50, "false_alarm": 1}

# %% tags=["wrong"] misconception="harmless-until-it-predicts"
# You keep the number of the sample. It says nothing about a patient, and new samples will have other numbers.
def brief():
    return {"positive": "0", "drop": ["days_to_treatment"], "miss": 50, "false_alarm": 1}

# %% tags=["wrong"] misconception="half-is-natural" given="50: premise of the example"
# Both errors cost the same in your brief. The clinic says that one of them costs 50 times as much.
def brief():
    return {"positive": "0", "drop": ["days_to_treatment", "sample_number"], "miss": 1, "false_alarm": 1}

# %% tags=["wrong"] misconception="leak-cancels-in-the-test"
# You drop nothing. One column is the answer, filled in later; the other is the number of a row.
def brief():
    return {"positive": "0", "drop": [], "miss": 50, "false_alarm": 1}

# %% tags=["wrong"] misconception="target-is-dropped"
# You drop the target. It is no feature in any case, and without it there is nothing to learn.
def brief():
    return {"positive": "0", "drop": ["days_to_treatment", "sample_number", "target"], "miss": 50, "false_alarm": 1}

# %% tags=["wrong"] misconception="clue-is-cheating"
# You drop a measure of the cells. These are taken from the sample itself, so they are known on the day, and honest.
def brief():
    return {"positive": "0", "drop": ["days_to_treatment", "mean radius", "sample_number"], "miss": 50, "false_alarm": 1}

# %% tags=["training"]
# your brief at work (nothing is trained as long as it is open)
said = brief()
if said is None or any(value is ... for value in said.values()):
    print("The brief is open still.")
else:
    try:
        asked = own_data.describe(clinic, "target", positive=said["positive"], drop=said["drop"])
        told = own_data.train(own_data.prepare(asked, seed=seed), seeds=8, base_seed=1000 * seed, miss=said["miss"],
                              false_alarm=said["false_alarm"])
        print(*asked.suspects, told, sep="\n")
    except own_data.OwnDataError as error:
        print(error)

# %% [raw] tags=["question"]
# id = "ship-it-to-the-clinic"
# ask = "Suppose the report says *better than the baseline*, with a wide interval. The clinic asks whether it may send patients home by it. What do you answer?"
# discuss = true
# [right]
# text = "not yet: few tumors in the test, one hospital; try it beside the doctors first, on new patients"
# why = "Better than a constant is the least that can be asked. The clinic's rivals are its doctors, and its patients are those to come."
# [[wrong]]
# text = "yes: the whole interval lies on the good side"
# misconception = "test-set-is-the-world"
# why = "On the good side of a constant, for patients like these. Nobody's rival is a constant."
# [[wrong]]
# text = "no: a network cannot be trusted with patients"
# misconception = "verdict-on-the-kind"
# why = "It may turn out useful. What is lacking is the test against what is done today."
# [[wrong]]
# text = "yes, if we lower the threshold until no tumor is missed in the test"
# misconception = "test-is-for-tuning"
# why = "Then the test has chosen the threshold, and nothing is left to judge it."

# %% [markdown]
# ### Your own table
#
# Write your brief first. Then put it into the settings at the top (`path` in full, `target`, `positive`, `drop`, `group` and
# the two costs). Run that cell, and then section 5, from the cell that reads the table to the model card. Where something
# does not fit, the last line of the error says what to do: for whole numbers, for example, to set `kind`.

# %% [raw] tags=["reflection"]
# id = "brief-of-your-own"
# ask = "For a table of yours, or one that you would like to have: when is the prediction due, which columns are known then, what is a group, and what do the two errors cost?"

# %% [markdown]
# ## 8. What you take along
#
# | ask | because | who can answer |
# |---|---|---|
# | what does the target mean? | the digits do not say | you |
# | when is the prediction due, and is each column known then? | later columns leak, several at once | you |
# | does a gap mean something? | empty cells talk | you; a program shows them |
# | what is a group? | twins make the validation loss blind | you |
# | what do the errors cost? | it sets the threshold, and the constant to beat | you |
# | is it better than that constant? | with an interval over rows and seeds | the program |
#
# Five rows of six are yours. That is why the command asks you for them.

# %% [raw] tags=["question"]
# id = "first-look-at-a-marvel"
# ask = "A colleague's table, one command, and an area under the ROC curve that is nearly perfect. What do you look at first?"
# [right]
# text = "which column alone predicts the target, and when it was filled in; then whether rows are twins"
# why = "Both take a minute, and they are the two usual reasons. A fault in the network would make the result worse, not better."
# [[wrong]]
# text = "the network: it may be too large"
# misconception = "network-first"
# why = "Too large a network makes it worse on new rows. Too good a result comes from the data."
# [[wrong]]
# text = "more seeds, to see whether it was luck"
# misconception = "only-luck-decides"
# why = "A leak is there with every seed. Seeds tell about luck in training."
# [[wrong]]
# text = "nothing: the test rows were not used in training"
# misconception = "leak-cancels-in-the-test"
# why = "The test rows carry the same leak."

# %% [markdown]
# What was claimed, and held, while this notebook ran:

# %% tags=["training"]
from helpers.claims import list_claims
list_claims()

# %% tags=["training"]
my_progress()

# %%
repeat("09_your_own_data")

# %% [raw] tags=["reflection"]
# id = "summary-09"
# ask = "In three sentences: what must a person say before a program trains on a table, what can the program find, and what can it not?"

# %% [raw] tags=["reflection"]
# id = "muddiest-09"
# ask = "A minute card: what was the most important thing here, and what is still unclear?"

# %% [raw] tags=["reflection"]
# id = "confidence-09"
# ask = "From 1 (not at all) to 5 (surely): could you take a table of yours to a report that you would sign?"

# %% [markdown]
# Back to [00 Start here](00_start_here.ipynb).
#
# Further reading: Kaufman, Rosset, Perlich and Stitelman, [Leakage in
# data mining](https://doi.org/10.1145/2382577.2382579), 2012,
# on columns that know the answer · Kapoor and Narayanan, [Leakage and the reproducibility
# crisis](https://doi.org/10.1016/j.patter.2023.100804), 2023 · Elkan, [The foundations of cost-sensitive
# learning](https://dl.acm.org/doi/10.5555/1642194.1642224), 2001 · Efron and Tibshirani, *An Introduction to the
# Bootstrap*, 1993, on drawing with replacement.
