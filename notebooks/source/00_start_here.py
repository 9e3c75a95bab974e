# %% [raw] tags=["instructor"]
# minutes = [3, 10, 6, 15, 6, 3]
# measured = "Reading at 180 words a minute, exercises and questions as one reader took them."
# pause = "none needed."
# skip = "section 4 can be read at home."
# terms = ["loss", "log loss", "positive class", "F1", "metric", "objective", "baseline"]

# %% [markdown]
# # 00 · Start here
#
# Two models, one question: which would you ship? The first result comes after some ten minutes. Then you will know how
# to work with this book.
#
# **After this notebook you can**
#
# 1. name the loss, the metric and the objective of a project, and say what each decides (prediction and questions in
#    section 1, prediction and question in section 2);
# 2. compute the baseline that a metric must beat, and say when to ask for it (exercises 3.1 to 3.3, questions and order
#    task in section 3);
# 3. pick the row of the table for a task (question and exercise 4.1 in section 4).
#
# **Time:** about 43 minutes. **You need:** Python, NumPy, and to have met accuracy, a random seed, and training a model.
#
# **Contents**
#
# {{contents}}

# %% [markdown]
# ## 0. Does everything work?
#
# Run the two cells below: click on the first and press Shift and Enter, twice. The second ends with *PASS*, or it
# says what to do. It loads TensorFlow, which takes a while.

# %%
# every notebook starts with this cell: it finds the workbook's folder, wherever you opened the notebook
import pathlib, sys
sys.path[:0] = [str(p) for p in [pathlib.Path.cwd(), *pathlib.Path.cwd().parents] if (p / "helpers").is_dir()][:1]

# %% tags=["training"]
from helpers import setup_check
setup_check.run()

# %% tags=["parameters"]
seed = 0  # where the experiments below start; any whole number from 0 on will do

# %% [markdown]
# ## 1. Which model would you ship?
#
# A streaming service wants to put films with an Oscar on its front page. For many films in its catalog nobody has entered
# the awards. So somebody has trained two models that say, from year, length, genres and reviews, how likely it is that a
# film has at least one Oscar. A film is flagged when its probability is above one half.
#
# Both models are the same network. They differ in what they were shown.

# %%
# the tools
import numpy as np
from helpers import data, figures
from helpers.quiet import quiet
with quiet():
    import keras
from helpers.practice import check, compare, my_progress, predict, question, reflect, repeat

# the films
films = data.oscars()
print(films)
print(f"share of winners: {films.y_train.mean():.3f}")

# %% [markdown]
# This is model 1, in plain Keras. `compile` names the **loss**: what training makes small.

# %%
def build():
    # one layer with one unit: a probability
    model = keras.Sequential([keras.Input((films.X_train.shape[1],)),
                              keras.layers.Dense(1, activation="sigmoid")])
    # the loss, and who makes it small
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy")
    return model

# train from one seed
keras.utils.set_random_seed(seed)
model_1 = build()
history_1 = model_1.fit(films.X_train, films.y_train, batch_size=256, epochs=10, verbose=0)

# %% [markdown]
# Model 2 is built by the same function. The one difference: it meets every winner eight times in each epoch.

# %%
# eight copies of each winner
rows_2 = np.repeat(np.arange(len(films.y_train)), np.where(films.y_train == 1, 8, 1))
# the same training as before
keras.utils.set_random_seed(seed)
model_2 = build()
history_2 = model_2.fit(films.X_train[rows_2], films.y_train[rows_2], batch_size=256, epochs=10, verbose=0)

# %% [markdown]
# We judge both on films that neither has seen, in two ways. The first is the **log loss**: the mean of −log of the
# probability that the model gave to what really happened. Lower is better. In Keras it is called binary cross-entropy: it
# is what `compile` named above.

# %%
def log_loss(y_true, p):
    return -np.mean(np.log(np.where(y_true == 1, p, 1 - p)))

# %% [raw] tags=["question"]
# id = "log-loss-of-one-film"
# given = ["0.9: premise of the question", "0.1: premise of the question; -log 0.9, asserted below", "2.3: -log 0.1, asserted below"]
# ask = "Two films have an Oscar. A model gives one the probability 0.9 and the other 0.1. Which adds more to the log loss?"
# [right]
# text = "the one with 0.1"
# why = "−log 0.1 is 2.3, −log 0.9 is 0.1: little probability for what happened costs much."
# [[wrong]]
# text = "the one with 0.9: the larger number"
# misconception = "loss-is-probability"
# why = "There is a logarithm and a minus: near 1 the loss is near 0."
# [[wrong]]
# text = "both the same: both films have an Oscar"
# misconception = "labels-alone"
# why = "The log loss asks how much probability each film got, not only what happened."

# %% [markdown]
# The second needs one word first. Having an Oscar is the **positive class**: what we look for. **F1** says how well the
# flagged films and the winners overlap, from 0 (not at all) to 1 (the same films). In full: two times the winners that were
# flagged, divided by (flagged films + winners). Higher is better.

# %%
def f1(y_true, p):
    flagged = p > 0.5
    found = np.sum(flagged & (y_true == 1))
    return 2 * found / (flagged.sum() + y_true.sum())

# the two films of the question above
assert round(-np.log(0.1), 1) == 2.3 and round(-np.log(0.9), 1) == 0.1

# %% [markdown]
# Before you run on, **commit to a prediction**: click one of the answers, or, where you see no buttons, type the call that
# is shown into a new cell. It is kept, and compared with what comes out.

# %% [raw] tags=["prediction"]
# id = "lower-loss-better-f1"
# ask = "On films that neither model has seen, model 1 has the lower log loss. Which has the better F1?"
# [right]
# text = "model 2, and clearly"
# why = """Winners are rare, so model 1 gives hardly any film more than one half, and flags few. Model 2 has seen eight times as
# many winners. Its probabilities are too high, which costs log loss, and its flags find more winners."""
# [[wrong]]
# text = "model 1: the lower loss is the better model"
# misconception = "metric-is-inverted-loss"
# why = "F1 is not the log loss upside down: each asks a question of its own."
# [[wrong]]
# text = "Both the same: they are the same network"
# misconception = "same-network-same-answers"
# why = "The same network, shown other data, learns other probabilities."

# %% tags=["training"]
from helpers.replicates import fit_replicates

# train both from 16 seeds
recipe = dict(seeds=16, base_seed=1000 * seed, batch_size=256, epochs=10)
runs = {"model 1": fit_replicates(build, films.X_train, films.y_train, **recipe),
        "model 2": fit_replicates(build, films.X_train[rows_2], films.y_train[rows_2], **recipe)}
# judge them on the test films
p = {name: run.predict(films.X_test)[..., 0] for name, run in runs.items()}
losses = {name: np.array([log_loss(films.y_test, one) for one in p[name]]) for name in p}
f1s = {name: np.array([f1(films.y_test, one) for one in p[name]]) for name in p}

# %% [markdown] given="16: set in code"
# We trained each model 16 times, each time from another seed: the number that fixes the random start and the
# order of the films. One run could be luck. Sixteen can hardly be. Each dot is a seed; the bar is their median.

# %% [raw] tags=["alt"] id="two-models-alt" given="0.3 0.5: ends of the axes, set in code"
# Two dot plots, one dot for each of 16 seeds, rows model 1 and model 2. Left: log loss from 0 to 0.3; all dots of
# model 1 lie left of all dots of model 2, so model 1 is better. Right: F1 from 0 to 0.5; all dots of model 2 lie
# far to the right of all dots of model 1, so model 2 is better. No dots of the two models overlap in either
# panel.

# %% tags=["training"]
# one panel for each way to judge, one dot for each seed
fig, (left, right) = figures.axes(2, height=2.8)
figures.strip(left, losses)
left.set(xlabel="log loss (lower is better)", xlim=(0, 0.3), title="log loss, on unseen films")
figures.strip(right, f1s)
right.set(xlabel="F1 (higher is better)", xlim=(0, 0.5), title="F1, on unseen films")
figures.show(fig, "two-models-alt")

# %%
compare("lower-loss-better-f1")

# %% tags=["training"]
from helpers.claims import claim

# what the figure's description says: no overlap
assert losses["model 1"].max() < losses["model 2"].min() and f1s["model 1"].max() < f1s["model 2"].min()
# the two panels
print(claim("Model 1 has the lower log loss: that of model 2 is at least 1.3 times as high.",
            losses["model 2"] / losses["model 1"], ">", 1.3))
print(claim("Model 2 has the better F1: it is at least 1.5 times that of model 1.",
            f1s["model 2"] / f1s["model 1"], ">", 1.5))
# the mean probability beside the share of winners
too_high = {name: p[name].mean(axis=1) / films.y_test.mean() for name in p}
print(claim("Model 2's mean probability is at least twice the real share of winners.", too_high["model 2"], ">", 2))
print(claim("Model 2's mean probability is at least three times as far from that share as model 1's.",
            (too_high["model 2"] - 1) / abs(too_high["model 1"] - 1), ">", 3))

# %% [markdown] given="95%: the confidence that helpers/claims.py asks for"
# **Compare with your prediction.** In the left panel model 1 wins with every seed. In the right panel model 2 wins
# with every seed. Nothing is broken. The two panels answer two questions.
#
# The lines that start with "Claim" are a promise of this book: each sentence about a result is checked over at
# least 16 seeds while the notebook runs. If one fails, the notebook stops. Beside the median of its seeds stands between
# which two values it would lie if we trained from ever more seeds (with 95% confidence).

# %% tags=["training"]
# what each model flags, and how many winners are among it
flagged = {name: (p[name] > 0.5).sum(axis=1) for name in p}
found = {name: ((p[name] > 0.5) & (films.y_test == 1)).sum(axis=1) for name in p}
winners = films.y_test.sum()
# in numbers
for name in p:
    print(f"{name} flags {np.median(flagged[name]):.0f} films and finds {np.median(found[name]):.0f} "
          f"of {winners} winners (median over 16 seeds)")
print(claim("Model 1 flags fewer than half as many films as there are winners.",
            flagged["model 1"] / winners, "<", 0.5))
print(claim("Model 1 misses more than four winners in five.", found["model 1"] / winners, "<", 0.2))
print(claim("Model 2 finds at least four times as many winners as model 1.",
            found["model 2"] / found["model 1"], ">", 4))

# %% tags=["training"]
# a rule without a model
same_for_all = log_loss(films.y_test, np.full(len(films.y_test), films.y_train.mean()))
print(f"log loss of giving every film the share of winners, without a model: {same_for_all:.3f}")
# model 2 beside it
print(claim("By log loss, model 2 is worse than giving every film the share of winners, by a tenth "
            "or more.",
            losses["model 2"] / same_for_all, ">", 1.1))

# %% [raw] tags=["question"]
# id = "which-to-ship"
# ask = """The front page needs films with an Oscar. A wrong film up there costs little; a missed winner costs a lot.
# Which model would you ship as it stands?"""
# discuss = true
# [right]
# text = "model 2: the service wants winners found"
# why = "What the service wants decides. Here a missed winner costs more than a wrong film, and model 2 misses far fewer."
# [[wrong]]
# text = "model 1: its loss is lower"
# misconception = "metric-is-inverted-loss"
# why = "The loss was the means of training. The service pays for missed winners, and model 1 misses nearly all."
# [[wrong]]
# text = "model 1: its probabilities are nearer to the truth"
# misconception = "calibration-is-quality"
# why = "They are, and that helps whoever reads probabilities. This front page reads flags only."
# [[wrong]]
# text = "Neither: a model whose loss is higher has a bug"
# misconception = "loss-must-be-lowest"
# why = "The higher loss is the price of showing winners eight times. It is a choice, not a bug."

# %% [markdown]
# ### Where it bites
#
# Suppose the service sold bets on films. Then the probabilities themselves would count, and model 1 would be the one to ship.
# And there is a third way: keep model 1, and flag a film at less than one half. Notebooks 02 and 06 try that.

# %% [markdown]
# ## 2. Three words
#
# The book uses three words, always in this sense. You have met the first; **metric** and **objective** are the others.
#
# | word | what it is | here |
# |---|---|---|
# | **loss** | what training makes small | log loss |
# | **metric** | what is reported about the trained model | F1 |
# | **objective** | what the person wants | missed winners cost much, wrong films cost little |

# %% [markdown]
# Now train model 1 once more, from the same seed, and ask `compile` for one metric more: `metrics=["AUC"]`. (AUC is for
# notebook 02; only its name is needed here.)

# %% [raw] tags=["prediction"]
# id = "what-adding-a-metric-changes"
# ask = "Model 1 again, same seed, same films, with `metrics=[\"AUC\"]` added to `compile`. What changes?"
# discuss = true
# [right]
# text = "only what is reported"
# why = "Training follows the gradient of the loss. A metric is computed beside it and touches no weight."
# [[wrong]]
# text = "the weights: training now improves AUC as well"
# misconception = "metrics-train"
# why = "Nothing flows from a metric back to the weights. Only the loss has a gradient in training."
# [[wrong]]
# text = "the loss value: AUC is added to it"
# misconception = "metrics-add-to-the-loss"
# why = "The loss is what you gave as `loss`. Metrics are listed beside it."
# [[wrong]]
# text = "the optimizer: it is chosen to fit the metric"
# misconception = "metric-selects-the-optimizer"
# why = "The optimizer is what you gave as `optimizer`. It never sees a metric."

# %%
my_metrics = ["AUC"]

# %% tags=["training"]
# the same start, the same films, and metrics beside the loss
keras.utils.set_random_seed(seed)
model_3 = build()
model_3.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy", metrics=my_metrics)
history_3 = model_3.fit(films.X_train, films.y_train, batch_size=256, epochs=10, verbose=0)
# what is reported, and the weights beside those of model 1
print("reported without and with:", list(history_1.history), list(history_3.history))
print("log loss in the last epoch:", history_1.history["loss"][-1], history_3.history["loss"][-1])
pairs = list(zip(model_1.get_weights(), model_3.get_weights()))
print("weights in all:", sum(a.size for a, b in pairs), " that differ:", sum(np.sum(a != b) for a, b in pairs))

# %%
compare("what-adding-a-metric-changes")
assert all(np.array_equal(a, b) for a, b in pairs) and history_1.history["loss"] == history_3.history["loss"]

# %% [markdown]
# **Compare with your prediction.** Does the second line show one log loss twice, and the third no weight that differs? One
# metric could be a harmless one. Try others: set `my_metrics` to `["accuracy"]` or to `["AUC", "mse", "accuracy"]`, and run
# the cells from there on again. Which of the three printed lines changes?

# %% [raw] tags=["question"]
# id = "name-the-three"
# ask = """A shop trains a model with squared error to predict tomorrow's sales. It reports how many loaves it is off on
# average. It wants to throw away less bread. Which is the metric?"""
# [right]
# text = "how many loaves it is off on average"
# why = "It is what is reported. Squared error is the loss, and less bread thrown away is the objective."
# [[wrong]]
# text = "squared error"
# misconception = "loss-is-the-metric"
# why = "Squared error is what training makes small: that is the loss."
# [[wrong]]
# text = "less bread thrown away"
# misconception = "objective-is-the-metric"
# why = "That is what the shop wants: the objective. A metric is a number that stands in for it, well or badly."

# %% [markdown]
# ## 3. How an exercise works
#
# Write your code where the stub stands, run the cell, and run the check below it. The check says one of three
# things: *not attempted*, *not yet* (with what it tried, and the likely mistake), or *correct*. Open the hints if
# you are stuck. Try a wrong answer once, to see what happens.
#
# ### Exercise 3.1: what does a rule without a model achieve?
#
# A **baseline** is what a rule without any model achieves. A metric alone says little; a metric beside its baseline says
# something. Accuracy is the share of right answers. Somebody says "no Oscar" to every film, without looking. Which accuracy
# does this rule reach on labels `y` (1 = at least one Oscar, 0 = none)?

# %% tags=["preamble"]
import numpy as np

# %% tags=["exercise"] id="always-no-accuracy"
def accuracy_of_always_no(y):
    """Share of right answers of the rule "always no". y: array of 0 and 1, shape (n,)."""
    # for each film: is "no" the right answer?
    ### BEGIN SOLUTION
    right = y == 0
    ### END SOLUTION
    return np.mean(right)

# %% tags=["start"]
def accuracy_of_always_no(y):
    """Share of right answers of the rule "always no". y: array of 0 and 1, shape (n,)."""
    # for each film: is "no" the right answer?
    right = ...  # your code here
    return np.mean(right)

# %% tags=["cases"]
cases = [(np.array([0, 0, 0, 1]),), (np.array([1, 1, 0, 1, 1]),), (np.array([0, 0]),)]
labels = ["y"]

# %% tags=["hint"]
# For which films is "no" the right answer?

# %% tags=["hint"]
# `y == 0` is True exactly there. The mean of an array of True and False is the share of True.

# %% tags=["right"]
def accuracy_of_always_no(y):
    return 1 - y.sum() / len(y)

# %% tags=["right"]
def accuracy_of_always_no(y):
    guess = np.zeros(len(y))
    return float((guess == y).mean())

# %% tags=["wrong"] misconception="accuracy-is-positive-rate"
# That is the share of winners. The rule says "no", so it is right about the others.
def accuracy_of_always_no(y):
    return np.mean(y == 1)

# %% tags=["wrong"] misconception="count-is-not-a-share"
# That counts the right answers. Accuracy is their share: divide by the number of films.
def accuracy_of_always_no(y):
    return np.sum(y == 0)

# %% tags=["wrong"] misconception="no-winners-no-accuracy"
# "Always no" finds no winner, but it is right about every film that has none. Accuracy counts those as well.
def accuracy_of_always_no(y):
    return 0.0

# %% [markdown]
# Now hold this rule against the two models.

# %% tags=["training"]
# the rule "always no"
always_no = np.mean(films.y_test == 0)
assert round(always_no, 3) == 0.959
nobody = np.zeros(len(films.y_test))
print(f"always no: accuracy {always_no:.3f}, F1 {f1(films.y_test, nobody):.3f}")
# the two models
for name in p:
    print(f"{name}:   accuracy {np.median(((p[name] > 0.5) == films.y_test).mean(axis=1)):.3f}, "
          f"F1 {np.median(f1s[name]):.3f}")
accuracy_2 = ((p["model 2"] > 0.5) == films.y_test).mean(axis=1)
print(claim("Model 2 is less accurate than always saying no, by more than 0.02.",
            always_no - accuracy_2, ">", 0.02))

# %% [raw] tags=["question"]
# id = "always-no"
# given = ["96.1%: premise of the question", "95.9%: asserted above"]
# ask = "A model for the Oscars has an accuracy of 96.1%. Always saying no has 95.9%. What does the accuracy say?"
# [right]
# text = "almost nothing: the rule without a model has nearly the same"
# why = "With so few winners, accuracy is high for anybody who says no. Look at a metric that counts winners."
# [[wrong]]
# text = "the model is excellent"
# misconception = "no-baseline"
# why = "High against what? Always saying no is nearly as high."
# [[wrong]]
# text = "the model finds 96% of the winners"
# misconception = "accuracy-is-recall"
# why = "Accuracy counts all films. The share of winners found can be 0 at this accuracy."
# [[wrong]]
# text = "the model is overfit: real data never give so much"
# misconception = "high-means-overfit"
# why = "Whether it is overfit, unseen films tell. A rare class alone gives high accuracy, on any films."

# %% [markdown] given="569: asserted below"
# ### Exercise 3.2: a colleague's baseline
#
# Other data: 569 tumors, 1 = benign, 0 = malignant (scikit-learn's `load_breast_cancer`, from Wolberg and others, 1995). A
# colleague holds each model against this rule: always say the class that is more frequent in the training labels. Her
# function has **one** fault. Find it and mend it.

# %% tags=["exercise"] id="planted-baseline"
def accuracy_of_more_frequent(y_train, y_test):
    """Accuracy on y_test of always saying the class that is more frequent in y_train. Both: (n,) arrays of 0 and 1."""
    # the class to say
    answer = 1 if np.mean(y_train) > 0.5 else 0
    # how often it is right
    ### BEGIN SOLUTION
    right = y_test == answer
    ### END SOLUTION
    return np.mean(right)

# %% tags=["start"]
def accuracy_of_more_frequent(y_train, y_test):
    """Accuracy on y_test of always saying the class that is more frequent in y_train. Both: (n,) arrays of 0 and 1."""
    # the class to say
    answer = 1 if np.mean(y_train) > 0.5 else 0
    # how often it is right
    right = y_train == answer
    return np.mean(right)

# %% tags=["cases"]
cases = [(np.array([1, 1, 1, 0]), np.array([1, 0, 0, 0, 0])), (np.array([0, 0, 1]), np.array([0, 0, 0, 1, 1])),
         (np.array([1, 1, 0, 1, 1]), np.array([1, 0]))]
labels = ["y_train", "y_test"]

# %% tags=["hint"]
# The rule is made from one set of labels and judged on another. Which line uses which?

# %% tags=["hint"]
# Whoever uses the rule meets new tumors: the share of right answers must be that of `y_test`.

# %% tags=["right"]
def accuracy_of_more_frequent(y_train, y_test):
    return np.mean(y_test) if 2 * np.sum(y_train) > len(y_train) else 1 - np.mean(y_test)

# %% tags=["wrong"] misconception="baseline-leaks-test"
# You choose the class from the test labels. Nobody knows them when the rule is made.
def accuracy_of_more_frequent(y_train, y_test):
    return max(np.mean(y_test), 1 - np.mean(y_test))

# %% tags=["wrong"] misconception="baseline-on-training-data"
# The rule is still judged on the training labels. A model is judged on the test labels, so its baseline must be, too.
def accuracy_of_more_frequent(y_train, y_test):
    return max(np.mean(y_train), 1 - np.mean(y_train))

# %% tags=["wrong"] misconception="count-is-not-a-share"
# That counts the right answers. Accuracy is their share: divide by the number of tumors.
def accuracy_of_more_frequent(y_train, y_test):
    return np.sum(y_test == (1 if np.mean(y_train) > 0.5 else 0))

# %% tags=["wrong"] misconception="argument-ignored"
# You always say 1. Which class is the more frequent one must come from y_train.
def accuracy_of_more_frequent(y_train, y_test):
    return np.mean(y_test == 1)

# %% tags=["training"]
from sklearn.datasets import load_breast_cancer

# shuffle, and keep some tumors as new ones
tumors = load_breast_cancer().target
order = np.random.default_rng(seed).permutation(len(tumors))
y_known, y_new = tumors[order[:400]], tumors[order[400:]]
# the rule, by your function
print(f"new tumors, share benign: {np.mean(y_new):.3f}")
print(f"your function's accuracy of the rule: {accuracy_of_more_frequent(y_known, y_new):.3f}")
assert len(tumors) == 569 and 0.5 < np.mean(y_known) and 0.5 < np.mean(y_new) < 0.75

# %% [raw] tags=["question"]
# id = "same-accuracy-two-tables"
# given = ["90%: premise of the question"]
# ask = """One model is right for 90% of the new tumors, another for 90% of the films. About six tumors in ten are benign;
# more than nine films in ten have no Oscar. What do the two accuracies say?"""
# [right]
# text = "the first model knows something, the second is worse than a rule without a model"
# why = "Held against its baseline, the same number is much for the tumors and too little for the films."
# [[wrong]]
# text = "both models are equally good: the accuracies are equal"
# misconception = "no-baseline"
# why = "Equal numbers, but different baselines: always saying benign is right for six in ten, always saying no for more than nine."
# [[wrong]]
# text = "the second is the better one: it finds nine in ten of the rare winners"
# misconception = "accuracy-is-recall"
# why = "Accuracy counts all films. Always saying no has a higher one, and finds no winner."

# %% [markdown]
# ### Exercise 3.3: a baseline for F1
#
# "Always no" has an F1 of 0: it finds nobody. For F1 the rule to beat is another one: flag every case. Write the F1 of
# "always yes". The formula stands in section 1; the positive class is 1.

# %% tags=["exercise"] id="f1-of-always-yes"
def f1_of_always_yes(y):
    """F1 of the rule "always yes". y: array of 0 and 1, shape (n,), with at least one 1."""
    ### BEGIN SOLUTION
    return 2 * np.sum(y) / (len(y) + np.sum(y))
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([0, 0, 0, 1]),), (np.array([1, 1, 0, 1, 1]),), (np.array([1, 1]),)]
labels = ["y"]

# %% tags=["hint"]
# How many cases does the rule flag? How many of them are positive?

# %% tags=["hint"]
# It flags all `len(y)` cases, and finds all `np.sum(y)` positives. Put both into the formula.

# %% tags=["right"]
def f1_of_always_yes(y):
    flagged = np.ones(len(y))
    return 2 * (flagged * y).sum() / (flagged.sum() + y.sum())

# %% tags=["right"]
def f1_of_always_yes(y):
    share = np.mean(y)
    return 2 * share / (1 + share)

# %% tags=["wrong"] misconception="accuracy-for-f1"
# That is the accuracy of "always yes". F1 is two times the found, divided by the flagged plus the positives.
def f1_of_always_yes(y):
    return np.mean(y)

# %% tags=["wrong"] misconception="wrong-flags-are-free"
# All positives are found, but F1 also counts how many cases were flagged. You let wrong flags cost nothing.
def f1_of_always_yes(y):
    return 1.0

# %% tags=["wrong"] misconception="f1-forgets-the-two"
# The 2 is missing: a rule that flags exactly the positives would get one half instead of 1.
def f1_of_always_yes(y):
    return np.sum(y) / (len(y) + np.sum(y))

# %% tags=["wrong"] misconception="count-is-not-a-share"
# That is a count of cases. F1 is a share: something divided by flagged plus positives.
def f1_of_always_yes(y):
    return 2 * np.sum(y)

# %% tags=["training"]
# the rule "always yes" on both tables, by the function of section 1
for name, y in [("films, 1 = Oscar", films.y_test), ("new tumors, 1 = benign", y_new)]:
    print(f"always yes, {name:22} F1 {f1(y, np.ones(len(y))):.3f}")

# %% [raw] tags=["order"]
# id = "order-first-project"
# ask = "Put the steps of a project in order."
# lines = ["say what the person wants: the objective", "choose a loss that stands for it", "train on the training films",
#  "predict films that the model has not seen", "compute the metric from these predictions, and beside it the baseline"]
# right = [[1, 2, 3, 4, 5]]
# why = "The objective comes first: it decides on the loss and on the metric. The metric comes last, on unseen films, beside a baseline."
# [[wrong]]
# order = [2, 3, 4, 5, 1]
# misconception = "objective-comes-last"
# why = "You ask what is wanted when everything is done. Then nobody knows whether the loss or the metric stands for it."
# [[wrong]]
# order = [1, 3, 2, 4, 5]
# misconception = "train-without-a-loss"
# why = "Training makes a loss small. Without one there is nothing to train by."

# %% [markdown] given="43 135 115 94 95 117 120 115 75 70: minutes, by each notebook's instructor cell"
# ## 4. The map
#
# | notebook | minutes | it answers |
# |---|---|---|
# | 00 Start here | 43 | Why are a loss and a metric two things? |
# | [01 Regression losses](01_regression_losses.ipynb) | 135 | What does a model predict when I pick MSE, MAE or Huber? |
# | [02 Binary cross-entropy](02_binary_cross_entropy.ipynb) | 115 | Why is accuracy high and the model useless? |
# | [03 Multiclass cross-entropy](03_multiclass_cross_entropy.ipynb) | 94 | Which label format goes with which loss? |
# | [04 Multilabel sigmoid](04_multilabel_sigmoid.ipynb) | 95 | Why never softmax for genres? |
# | [05 Metric versus loss](05_metric_versus_loss.ipynb) | 117 | The loss falls and the metric does not. Why? |
# | [06 Closing the gap](06_closing_the_gap.ipynb) | 120 | Which remedy, at which price? |
# | [07 Reading curves](07_reading_curves.ipynb) | 115 | What is wrong with this training run? |
# | [08 Sequence metrics](08_sequence_metrics.ipynb) | 75 | What do perplexity, BLEU and WER say? |
# | [09 Your own data](09_your_own_data.ipynb) | 70 | And on my own table? |
#
# **The table to print,** for later. Its words are explained in the notebook of each row. Read only the first two columns
# now: the task and its labels decide the rest.
#
# | task | labels | notebook | head | the same with `from_logits=True` | loss | metrics | if mixed up |
# |---|---|---|---|---|---|---|---|
# | regression: how much? | numbers | 01 | `Dense(1)` | – | MSE, MAE, Huber | MAE, RMSE, R² | accuracy runs, and says nothing |
# | binary: yes or no? | 0 or 1 | 02 | `Dense(1, "sigmoid")` | `Dense(1)` | `BinaryCrossentropy` | AUC, F1, precision, recall | softmax on one unit runs, and is useless |
# | multiclass: which one? | rows with a single 1, such as 0 0 1 | 03 | `Dense(K, "softmax")` | `Dense(K)` | `CategoricalCrossentropy` | accuracy, top-k | an error, or another loss without a word |
# | multiclass: which one? | a number, 0 … K−1 | 03 | `Dense(K, "softmax")` | `Dense(K)` | `SparseCategoricalCrossentropy` | accuracy, top-k | an error, or another loss without a word |
# | multilabel: which ones? | rows such as 1 0 1 | 04 | `Dense(K, "sigmoid")` | `Dense(K)` | `BinaryCrossentropy` | F1 by label, AUC | softmax: two labels cannot both pass one half |

# %% [raw] tags=["question"]
# id = "softmax-for-genres"
# ask = "A film can be a comedy and a romance at once. Which task of the table is it?"
# [right]
# text = "multilabel: one sigmoid for each genre"
# why = "Each genre is a yes or no of its own, so each gets its own sigmoid."
# [[wrong]]
# text = "multiclass with softmax: there are many genres"
# misconception = "many-classes-means-softmax"
# why = "Softmax shares out one whole among the classes. It is for exactly one right answer."
# [[wrong]]
# text = "binary: each genre is 0 or 1"
# misconception = "one-head-one-label"
# why = "Near: each label is a yes or no. But there are many labels for each film, so the head has many units."
# [[wrong]]
# text = "regression: the labels are numbers"
# misconception = "numbers-mean-regression"
# why = "The 0 and 1 here are names for no and yes. Nothing lies between them."

# %% [markdown]
# The row is read off the labels. Here are some of those that you will meet.

# %%
# what the labels of four tables look like
certificates, genres = data.certificates(), data.genres()
print("receipts, in million dollars:   ", np.round(data.box_office().y_train[:5], 1))
first = films.y_train.argmax()   # the first winner
print("Oscars, at least one or none:   ", films.y_train[first - 2:first + 3])
print(f"certificates, {certificates.units['y']}:", certificates.y_train[:5])
print("genres, one column for each:\n" + str(genres.y_train[:3].astype(int)))

# %% [markdown]
# ### Exercise 4.1: which row?
#
# Name the task of each of the four tables, in the words of the first column: "regression", "binary", "multiclass" or
# "multilabel". The first one is done.

# %% tags=["exercise"] id="task-of-a-table"
def task_of(table):
    """The task of a table. table: "receipts", "Oscars", "certificates" or "genres"."""
    tasks = {"receipts": "regression"}
    ### BEGIN SOLUTION
    tasks["Oscars"] = "binary"
    tasks["certificates"] = "multiclass"
    tasks["genres"] = "multilabel"
    ### END SOLUTION
    return tasks[table]

# %% tags=["start"]
def task_of(table):
    """The task of a table. table: "receipts", "Oscars", "certificates" or "genres"."""
    tasks = {"receipts": "regression"}
    tasks["Oscars"] = ...  # your code here
    tasks["certificates"] = ...
    tasks["genres"] = ...
    return tasks[table]

# %% tags=["cases"]
cases = [("receipts",), ("Oscars",), ("certificates",), ("genres",)]
labels = ["table"]

# %% tags=["hint"]
# How many answers can be right for one film? And is there anything between two neighboring labels?

# %% tags=["hint"]
# A film has one certificate of four. It can have two genres, or none of the ten.

# %% tags=["right"]
def task_of(table):
    if table == "receipts":
        return "regression"
    return {"O": "binary", "c": "multiclass", "g": "multilabel"}[table[0]]

# %% tags=["wrong"] misconception="numbers-mean-regression"
# The 0, 1, 2 and 3 of the certificates are names: nothing lies between G and PG. Exactly one of them is right.
def task_of(table):
    return {"receipts": "regression", "Oscars": "binary", "certificates": "regression", "genres": "multilabel"}[table]

# %% tags=["wrong"] misconception="many-classes-means-softmax"
# A film can have two genres, or none of these ten. Multiclass is for exactly one right answer.
def task_of(table):
    return {"receipts": "regression", "Oscars": "binary", "certificates": "multiclass", "genres": "multiclass"}[table]

# %% tags=["wrong"] misconception="one-head-one-label"
# Each genre alone is a yes or no. But a film has ten such labels at once, so the head needs ten units.
def task_of(table):
    return {"receipts": "regression", "Oscars": "binary", "certificates": "multiclass", "genres": "binary"}[table]

# %% tags=["wrong"] misconception="several-values-mean-multilabel"
# The certificates stand in one column with one number a film. Multilabel needs a column of 0 and 1 for each label.
def task_of(table):
    return {"receipts": "regression", "Oscars": "binary", "certificates": "multilabel", "genres": "multilabel"}[table]

# %% [markdown]
# ## 5. Before you go on
#
# Your answers stay on this machine, in one file: `progress.jsonl`, beside the README. Delete it to start afresh.
# `repeat()` asks the questions again that went wrong, until each was right twice.

# %% tags=["training"]
my_progress()

# %%
repeat()

# %% [raw] tags=["reflection"]
# id = "summary-00"
# ask = "In two sentences, for a friend: why did model 1 win in one panel and lose in the other?"

# %% [raw] tags=["reflection"]
# id = "confidence-00"
# ask = "From 1 (not at all) to 5 (surely): could you tell loss, metric and objective apart in your own project?"

# %% [raw] tags=["reflection"]
# id = "muddiest-00"
# ask = "A minute card: what was the most important thing here, and what is still unclear?"

# %% [markdown]
# Go on with [01 Regression losses](01_regression_losses.ipynb).
#
# Further reading: the [Keras guide to training and evaluation](https://keras.io/guides/training_with_built_in_methods/),
# and the [user guide of scikit-learn on metrics](https://scikit-learn.org/stable/modules/model_evaluation.html).
