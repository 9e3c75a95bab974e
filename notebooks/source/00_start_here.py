# %% [markdown]
# # 00 · Start here
#
# Two models, one question: which would you ship? In ten minutes you will see that a lower loss and a better metric
# are two different things. Then you will know how to work with this book.
#
# **After this notebook you can**
#
# 1. tell a loss, a metric and an objective apart in a real project (questions in sections 1 and 2);
# 2. compute the baseline that a metric must beat (exercise 3.1).
#
# **Time:** 15 minutes. **You need:** Python, NumPy, and a first idea of what training a model means.
#
# **Contents**
#
# {{contents}}

# %% [markdown]
# ## 0. Does everything work?
#
# Run the two cells below: click on the first and press Shift and Enter, twice. The second ends with *PASS*, or it
# says what to do. It loads TensorFlow, which takes about ten seconds.

# %%
# every notebook starts with this cell: it finds the workbook's folder, wherever you opened the notebook
import pathlib, sys
sys.path[:0] = [str(p) for p in [pathlib.Path.cwd(), *pathlib.Path.cwd().parents] if (p / "helpers").is_dir()][:1]

# %% tags=["training"]
from helpers import setup_check
setup_check.run()

# %% tags=["parameters"]
seed = 0  # the first seed of every experiment below; with another one the sentences must still hold

# %% [markdown]
# ## 1. Which model would you ship?
#
# A streaming service wants to put films with an Oscar on its front page. Most films have none: 17,472 films are in
# our table, and only about one in 25 has won. Somebody has trained two models.
#
# - Both give each film a probability: "this film has at least one Oscar". Having one is the **positive class**.
# - A film is *flagged* when its probability is above one half.
#
# Both models are the same network. They differ in what they were shown.

# %%
import numpy as np
from helpers import data, figures
from helpers.quiet import quiet
with quiet():
    import keras
from helpers.practice import check, compare, my_progress, predict, question, reflect, repeat

films = data.oscars()
films

# %% [markdown]
# This is model 1, in plain Keras. `compile` names the loss: what training makes small.

# %%
def build():
    model = keras.Sequential([keras.Input((films.X_train.shape[1],)),
                              keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy")
    return model

keras.utils.set_random_seed(seed)
model_1 = build()
model_1.fit(films.X_train, films.y_train, batch_size=256, epochs=10, verbose=0);

# %% [markdown]
# Model 2 is built by the same function. The one difference: it meets every winner eight times in each epoch.

# %%
rows_2 = np.repeat(np.arange(len(films.y_train)), np.where(films.y_train == 1, 8, 1))
keras.utils.set_random_seed(seed)
model_2 = build()
model_2.fit(films.X_train[rows_2], films.y_train[rows_2], batch_size=256, epochs=10, verbose=0);

# %% [markdown]
# We judge both on films that neither has seen, in two ways.
#
# - **Log loss**: the mean surprise, −log of the probability that the model gave to what really happened. Lower is
#   better. It is the loss that both were trained on.
# - **F1**: how well the flagged films and the winners overlap, from 0 (not at all) to 1 (the same films). In full:
#   2 × hits / (flagged + winners), where a hit is a flagged winner. Higher is better.

# %%
def log_loss(y_true, p):
    return -np.mean(np.log(np.where(y_true == 1, p, 1 - p)))

def f1(y_true, p):
    flagged = p > 0.5
    hits = np.sum(flagged & (y_true == 1))
    return 2 * hits / (flagged.sum() + y_true.sum())

# %% [markdown]
# Commit before you run on. Model 1 has the lower log loss.

# %% [raw] tags=["prediction"]
# id = "lower-loss-better-f1"
# ask = "On films that neither model has seen, model 1 has the lower log loss. Which has the better F1?"
# [right]
# text = "model 2, and clearly"
# why = """Model 1 gives hardly any film more than one half, because winners are rare. Its probabilities are honest and its
# flags are few. Model 2's probabilities are too high, and its flags find far more winners."""
# [[wrong]]
# text = "model 1: the lower loss is the better model"
# misconception = "metric-is-inverted-loss"
# why = "A metric is not the loss upside down: each asks a question of its own."
# [[wrong]]
# text = "Both the same: they are the same network"
# misconception = "same-network-same-answers"
# why = "The same network, shown other data, learns other probabilities."

# %% tags=["training"]
from helpers.replicates import fit_replicates

recipe = dict(seeds=16, base_seed=seed, batch_size=256, epochs=10)
runs = {"model 1": fit_replicates(build, films.X_train, films.y_train, **recipe),
        "model 2": fit_replicates(build, films.X_train[rows_2], films.y_train[rows_2], **recipe)}
p = {name: run.predict(films.X_test)[..., 0] for name, run in runs.items()}
losses = {name: np.array([log_loss(films.y_test, one) for one in p[name]]) for name in p}
f1s = {name: np.array([f1(films.y_test, one) for one in p[name]]) for name in p}

# %% [markdown]
# We trained each model 16 times, each time from another **seed**: the number that fixes the random start and the
# order of the films. One run could be luck. Sixteen can hardly be.

# %% tags=["training"]
fig, (left, right) = figures.axes(2, height=2.8)
figures.strip(left, losses)
left.set(xlabel="log loss (lower is better)", xlim=(0, 0.3), title="What was trained")
figures.strip(right, f1s)
right.set(xlabel="F1 (higher is better)", xlim=(0, 0.5), title="What is reported")
figures.show(fig, alt="""\
Two dot plots, one dot for each of 16 seeds, rows model 1 and model 2. Left: log loss from 0 to 0.3; all dots of
model 1 lie left of all dots of model 2, so model 1 is better. Right: F1 from 0 to 0.5; all dots of model 2 lie
far to the right of all dots of model 1, so model 2 is better. No dots of the two models overlap in either
panel.""")

# %%
compare("lower-loss-better-f1")

# %% tags=["training"]
from helpers.claims import claim

print(claim("Model 1 has the lower log loss: that of model 2 is at least 1.3 times as high.",
            losses["model 2"] / losses["model 1"], ">", 1.3))
print(claim("Model 2 has the better F1: it is at least 1.5 times that of model 1.",
            f1s["model 2"] / f1s["model 1"], ">", 1.5))

# %% [markdown]
# **Compare with your prediction.** In the left panel model 1 wins with every seed. In the right panel model 2 wins
# with every seed. Nothing is broken. The two panels answer two questions.
#
# The lines that start with *Claim* are a promise of this book: each sentence about a result is checked over at
# least 16 seeds while the notebook runs. If one fails, the notebook stops.

# %% tags=["training"]
for name in p:
    flagged = p[name] > 0.5
    hits = (flagged & (films.y_test == 1)).sum(axis=1)
    print(f"{name} flags {np.median(flagged.sum(axis=1)):.0f} films and finds {np.median(hits):.0f} "
          f"of {films.y_test.sum()} winners (median over 16 seeds)")

# %% [raw] tags=["question"]
# id = "which-to-ship"
# ask = """The front page needs films with an Oscar. A wrong film up there costs little; a missed winner costs a lot.
# Which model would you ship as it stands?"""
# [right]
# text = "model 2: what the service wants is winners found"
# why = "The objective decides. Here a missed winner costs more than a wrong film, and model 2 misses far fewer."
# [[wrong]]
# text = "model 1: its loss is lower"
# misconception = "metric-is-inverted-loss"
# why = "The loss was the means of training. The service pays for missed winners, and model 1 misses nearly all."
# [[wrong]]
# text = "model 1: its probabilities are honest, and honest is always better"
# misconception = "calibration-is-quality"
# why = "Honest probabilities help whoever reads them. This front page reads flags only."
# [[wrong]]
# text = "Neither: a model whose loss is higher has a bug"
# misconception = "loss-must-be-lowest"
# why = "The higher loss is the price of showing winners eight times. It is a choice, not a bug."

# %% [markdown]
# ### Where it bites
#
# If tickets were sold by the probabilities, model 1 would be the one to ship: those of model 2 are far too high. And there is
# a third way: keep model 1 and move its threshold. That is the matter of notebooks 02 and 06.

# %% [markdown]
# ## 2. Three words
#
# The book uses three words, always in this sense.
#
# | word | what it is | here |
# |---|---|---|
# | **loss** | what training makes small | log loss |
# | **metric** | what is reported about the trained model | F1 |
# | **objective** | what the person wants | missed winners are dear, wrong films are cheap |
#
# A **baseline** is a fourth: what a rule without any model achieves. A metric means little beside nothing.

# %% [raw] tags=["question"]
# id = "what-adding-a-metric-changes"
# ask = "You add `metrics=[\"AUC\"]` to `compile` and train again from the same seed. What changes?"
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
# why = "The loss is what you gave as `loss`, and regularization. Metrics are listed beside it."
# [[wrong]]
# text = "the optimizer: it is chosen to fit the metric"
# misconception = "metric-selects-the-optimizer"
# why = "The optimizer is what you gave as `optimizer`. It never sees a metric."

# %% [raw] tags=["question"]
# id = "name-the-three"
# ask = """A shop trains a model with squared error to predict tomorrow's sales. It reports the mean error in pieces. It
# wants to throw away less bread. Which is the metric?"""
# [right]
# text = "the mean error in pieces"
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
# Accuracy is the share of right answers. Somebody says "no Oscar" to every film, without looking. Which accuracy
# does this rule reach on labels `y` (1 = at least one Oscar, 0 = none)?

# %% tags=["preamble"]
import numpy as np

# %% tags=["exercise"] id="always-no-accuracy"
def accuracy_of_always_no(y):
    """Share of right answers of the rule "always no". y: array of 0 and 1, shape (n,)."""
    ### BEGIN SOLUTION
    return np.mean(y == 0)
    ### END SOLUTION

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
always_no = np.mean(films.y_test == 0)
print(f"always no: accuracy {always_no:.3f}, F1 0.000")
for name in p:
    print(f"{name}:   accuracy {np.median(((p[name] > 0.5) == films.y_test).mean(axis=1)):.3f}, "
          f"F1 {np.median(f1s[name]):.3f}")
accuracy_2 = ((p["model 2"] > 0.5) == films.y_test).mean(axis=1)
print(claim("Model 2 is less accurate than always saying no, by more than 0.02.", always_no - accuracy_2, ">", 0.02))

# %% [raw] tags=["question"]
# id = "always-no"
# ask = "A model for the Oscars has an accuracy of 96.1 %. Always saying no has 95.9 %. What does the accuracy say?"
# [right]
# text = "almost nothing: the rule without a model has nearly the same"
# why = "With so few winners, accuracy is high for anybody who says no. Look at a metric that counts winners."
# [[wrong]]
# text = "the model is excellent"
# misconception = "no-baseline"
# why = "High against what? Always saying no is nearly as high."
# [[wrong]]
# text = "the model finds 96 % of the winners"
# misconception = "accuracy-is-recall"
# why = "Accuracy counts all films. The share of winners found can be 0 at this accuracy."
# [[wrong]]
# text = "the model is overfit: real data never give so much"
# misconception = "high-means-overfit"
# why = "Overfitting shows as a gap between training and unseen data. A rare class alone gives high accuracy."

# %% [markdown]
# ## 4. The map
#
# | notebook | minutes | it answers |
# |---|---|---|
# | 00 Start here | 15 | Why are a loss and a metric two things? |
# | [01 Regression losses](01_regression_losses.ipynb) | 70 | What does a model predict when I pick MSE, MAE or Huber? |
# | 02 Binary cross-entropy | 80 | Why is accuracy high and the model useless? |
# | 03 Multiclass cross-entropy | 65 | Which label format goes with which loss? |
# | 04 Multilabel sigmoid | 65 | Why never softmax for genres? |
# | 05 Metric versus loss | 65 | The loss falls and the metric does not. Why? |
# | 06 Closing the gap | 80 | Which remedy, at which price? |
# | 07 Reading curves | 65 | What is wrong with this training run? |
# | 08 Sequence metrics | 65 | What do perplexity, BLEU and WER say? |
# | 09 Your own data | 40 | And on my own table? |
#
# Notebooks without a link are still being written.
#
# **The table to print.** The kind of answer decides the rest. `from_logits=True` goes with a head that has no
# activation; without it, the head has the activation in the table.
#
# | task | labels | head | loss | metrics | if mixed up |
# |---|---|---|---|---|---|
# | regression | numbers | `Dense(1)` | MSE, MAE or Huber | MAE, RMSE, R² | accuracy shows 0.0 |
# | binary | 0 or 1 | `Dense(1, "sigmoid")` | `BinaryCrossentropy` | AUC, F1, precision, recall | every answer is 1 |
# | multiclass, one-hot | rows such as 0 0 1 | `Dense(K, "softmax")` | `CategoricalCrossentropy` | accuracy, top-k | an error, or a plateau |
# | multiclass, integers | 0 … K−1 | `Dense(K, "softmax")` | `SparseCategoricalCrossentropy` | the same | an error, or a plateau |
# | multilabel | rows such as 1 0 1 | `Dense(K, "sigmoid")` | `BinaryCrossentropy` | F1 by label, AUC | two labels never both pass ½ |

# %% [raw] tags=["question"]
# id = "softmax-for-genres"
# ask = "A film can be a comedy and a romance at once. Which row of the table is it?"
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
# ## 5. Before you go on
#
# Your answers stay on this machine, in one file: `progress.jsonl`, beside the README. Delete it to start afresh.
# Questions that went wrong come back when you call `repeat()`.

# %%
my_progress()

# %%
repeat()

# %% [raw] tags=["reflection"]
# id = "summary-00"
# ask = "In two sentences, for a friend: why did model 1 win in one panel and lose in the other?"

# %% [raw] tags=["reflection"]
# id = "confidence-00"
# ask = "From 1 (not at all) to 5 (surely): could you tell loss, metric and objective apart in your own project? And what is still unclear?"

# %% [markdown]
# Go on with [01 Regression losses](01_regression_losses.ipynb).
#
# Further reading: the [Keras guide to training and evaluation](https://keras.io/guides/training_with_built_in_methods/),
# and the [user guide of scikit-learn on metrics](https://scikit-learn.org/stable/modules/model_evaluation.html).
