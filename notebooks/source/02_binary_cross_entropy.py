# %% [raw] tags=["instructor"]
# minutes = [4, 11, 9, 6, 17, 9, 14, 15, 10, 7, 8, 5]
# measured = "Reckoned: 180 words or 40 lines of code a minute, 45 seconds a question, four minutes an exercise, one a reflection. Not in it: votes in a room (two minutes each), exercise 8.1 (an extra), and the run time of the cells."
# pause = "after section 4. Sections 5 to 8 use the 16 models of the Oscars that section 4 has trained."
# skip = "run all cells, and discuss sections 1, 5 and 7 only: about 40 minutes. Section 3, the table of traps in 6 and section 9 can wait; section 10 is good homework."
# terms = ["logit", "precision", "recall", "ROC AUC", "average precision", "calibrated", "oversampling"]

# %% [markdown] given="96%: claimed below, in section 5"
# # 02 · Binary cross-entropy
#
# Which films have an Oscar? A small network answers, and it is right for 96% of the films. Would you ship it? To say
# so you must ask three things apart. Does the loss get what it expects? Do winners come first? And where is the cut?
#
# **After this notebook you can**
#
# 1. read a logit as odds, compute binary cross-entropy from logits without overflow, and compare its pull with that
#    of MSE (exercises 1.1 and 2.1, predictions and questions in 1 and 2);
# 2. match head, loss and labels for a yes-or-no task, and find the mismatch behind a strange run (exercises 4.1 and
#    6.1, predictions and questions in 3 and 4);
# 3. report a binary model by the metrics that fit the objective, beside a baseline (exercises 5.1 and 10.1,
#    predictions and questions in 5, 6, 9 and 10);
# 4. choose a threshold from costs or for a metric, and judge what class weights are good for (exercises 7.1, 8.1 and
#    10.1, predictions and questions in 7, 8 and 11).
#
# **Time:** about 115 minutes, best in two sittings: a break fits after section 4. When you come back, choose *Run*,
# *Run All Above Selected Cell*: your answers have been kept. **You need:**
# [01 Regression losses](01_regression_losses.ipynb), and to have met logarithm and exponential, the odds of a bet, the
# slope of a chain of functions, sigmoid and softmax, and a confusion matrix.
#
# **Contents**
#
# {{contents}}

# %% [markdown]
# ## 0. Do you still know?
#
# Three questions from notebooks 00 and 01. Answer before you look anything up: that is what makes it stick.

# %%
# every notebook starts with this cell: it finds the workbook's folder, wherever you opened the notebook
import pathlib, sys
sys.path[:0] = [str(p) for p in [pathlib.Path.cwd(), *pathlib.Path.cwd().parents] if (p / "helpers").is_dir()][:1]

# %%
import warnings
import numpy as np
from helpers import data, figures
from helpers.claims import claim, tell
from helpers.doctor import examine
from helpers.practice import check, compare, my_progress, predict, question, reflect, repeat

# %% tags=["parameters"]
seed = 0  # where the experiments below start; any whole number from 0 on will do

# %% [raw] tags=["question"]
# id = "recall-eight-copies"
# ask = "In notebook 00, model 2 met every winner eight times in each epoch. What did that do to its probabilities?"
# [right]
# text = "they came out too high: the model believed that winners are common"
# why = "A model reports the world that it was shown. With eight copies, winners were common in that world."
# [[wrong]]
# text = "nothing: copies bring no new information"
# misconception = "copies-change-nothing"
# why = "They bring no new film, but they change how common winners look, and the probabilities follow."
# [[wrong]]
# text = "they became more honest: both classes were heard"
# misconception = "balanced-is-calibrated"
# why = "By log loss it was worse than giving every film the share of winners. Its probabilities were far too high."

# %% [raw] tags=["question"]
# id = "recall-accuracy-cuts"
# given = "0.5: Keras' default threshold"
# ask = "Notebook 01: for one output unit, what does Keras' `accuracy` do with a prediction before it compares?"
# [right]
# text = "it turns it into 0 or 1, cut at 0.5"
# why = "That is why accuracy was 0 for a perfect regression. Keep the cut in mind: it will matter below."
# [[wrong]]
# text = "nothing: it asks whether both numbers are equal"
# misconception = "accuracy-means-exact"
# why = "Then a perfect regression would have had accuracy 1. It had 0."
# [[wrong]]
# text = "it applies the sigmoid, then compares"
# misconception = "metrics-know-the-head"
# why = "A metric takes what the model returns. It does not know whether that is a probability."

# %% [raw] tags=["question"]
# id = "recall-tau"
# given = "0.9: asserted below"
# ask = "Notebook 01: a unit too low costs 9, a unit too high costs 1. Which `tau` for the pinball loss?"
# [right]
# text = "0.9"
# why = "9 / (9 + 1): the share that the costly side has in both costs together."
# [[wrong]]
# text = "9"
# misconception = "ratio-is-not-a-share"
# why = "That is the ratio of the costs. tau is a share of their sum."
# [[wrong]]
# text = "0.1"
# misconception = "quantile-reversed"
# why = "That charges too high nine times as much as too low."
# [[wrong]]
# text = "0.5"
# misconception = "every-loss-gives-the-middle"
# why = "One half is right only when both sides cost the same."

# %% [markdown] given="0.2: premise, one race in five"
# ## 1. From any number to a probability
#
# A network adds and multiplies. What comes out can be −7 or 300. A probability must lie between 0 and 1. How does one
# become the other?
#
# Ask a bookmaker. A horse that wins one race in five has a probability of 0.2. The bookmaker gives odds of one to
# four: one win against four losses, p / (1 − p). Odds can be any number above 0. Their logarithm can be
# any number at all: it is called the **logit**. So we read whatever the network says as a logit. The sigmoid turns a
# logit back into a probability.

# %%
def logit(p):
    return np.log(p / (1 - p))

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

# there and back again
print("probability    odds      logit")
for p in [0.01, 0.2, 0.5, 0.8, 0.99]:
    print(f"{p:11} {p / (1 - p):7.3f} {logit(p):10.2f}")
    assert np.isclose(sigmoid(logit(p)), p)

# %% [raw] tags=["question"]
# id = "logit-plus-log-two"
# given = "0.2 0.8: rows of the table above; 0.33 −2.3: asserted below"
# ask = "The logit of a film grows by log 2. What doubles?"
# [right]
# text = "its odds"
# why = "Adding on the log scale multiplies below it. A film with probability 0.2 has odds of 1 to 4; doubled, 2 to 4, which is a probability of 0.33."
# [[wrong]]
# text = "its probability"
# misconception = "odds-are-probability"
# why = "A probability of 0.8 cannot double. Odds can."
# [[wrong]]
# text = "its logit"
# misconception = "log-scale-is-a-factor"
# why = "The logit grew by log 2; nothing says that it doubled. From −3 it goes to about −2.3."

# %% [markdown]
# ### How surprised are you?
#
# In notebook 00 the log loss was the mean of −log of the probability that the model gave to what really happened. In
# Keras it is called binary cross-entropy, BCE. For one film it measures **how surprised** the model must be by the
# truth.

# %%
def bce(y_true, p):
    # for a winner -log p, for the others -log(1 - p)
    surprise = -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
    return np.mean(surprise)

# %% [raw] tags=["prediction"]
# id = "surprise-when-right"
# given = "0.51 0.99: premises; 0.67 0.01: asserted below"
# ask = "Two films have an Oscar. The model gives one 0.51 and the other 0.99, so at one half it flags both, rightly. What is the BCE of each?"
# [right]
# text = "0.67 and 0.01"
# why = "−log 0.51 and −log 0.99. Both flags are right, but 0.51 was hardly better than a coin."
# [[wrong]]
# text = "0 and 0"
# misconception = "loss-counts-errors"
# why = "No flag is wrong, but BCE does not look at flags. It looks at how much probability the truth got."
# [[wrong]]
# text = "the same for both, above 0"
# misconception = "loss-is-thresholded"
# why = "Nothing is cut at one half in BCE. Every step toward the truth lowers it."
# [[wrong]]
# text = "0.01 and 0.67"
# misconception = "log-without-its-sign"
# why = "There is a logarithm and a minus: near 1 the surprise is near 0."

# %% [raw] tags=["alt"] id="surprise-alt" given="0.51 0.99: premises of the prediction"
# Line plot of BCE, 0 to 5, over the predicted probability, 0 to 1. For a winner the curve falls from beyond 5 near
# probability 0 to 0 at probability 1; for another film it is the mirror image. They cross at one half. Two points on
# the winner's curve are ringed: {middle:.2f} at probability 0.51 and {sure:.2f} at 0.99.

# %%
probabilities = np.linspace(0.002, 0.998, 499)
fig, ax = figures.axes(xlabel="predicted probability of an Oscar", ylabel="BCE of one film")
# one curve for each truth
figures.lines(ax, probabilities, {"winner": -np.log(probabilities), "other film": -np.log(1 - probabilities)},
              label_at=None)
ax.annotate("winner: −log p", (0.06, 3.1))
ax.annotate("other film: −log(1 − p)", (0.94, 3.1), ha="right")
# the two films of the prediction
for p, offset in [(0.51, (4, 14)), (0.99, (-42, 16))]:
    figures.mark(ax, p, -np.log(p), f"{-np.log(p):.2f}", offset=offset)
ax.set_ylim(0, 5)
figures.show(fig, "surprise-alt", middle=-np.log(0.51), sure=-np.log(0.99))

# %%
compare("surprise-when-right")

# %% [markdown]
# **Compare with your prediction.** The curve of a winner falls all the way to the right edge. There is no step at one
# half. A model that is right and unsure still has something to gain.
#
# At the left edge the curve climbs without end. What does a computer do there?

# %% [raw] tags=["prediction"]
# id = "certain-and-wrong"
# given = "16: asserted below; 1e-7: the epsilon of Keras"
# ask = "A film has an Oscar, and the model gives it a probability of exactly 0. You hand this to Keras' `BinaryCrossentropy()`. What comes back?"
# [right]
# text = "about 16: Keras cuts probabilities off near 0 and 1 first"
# why = "Keras moves every probability into the range from 1e-7 to 1 − 1e-7. −log of 1e-7 is about 16, and no film can cost more than that."
# [[wrong]]
# text = "infinity: −log 0"
# misconception = "log-zero-reaches-keras"
# why = "That is what the formula says, and what our own `bce` gives. Keras cuts the probability off first."
# [[wrong]]
# text = "an error message: the logarithm of 0 does not exist"
# misconception = "keras-would-refuse"
# why = "Nothing is refused. A finite number comes back, and it is not the BCE of what you handed over."
# [[wrong]]
# text = "1: the largest possible loss"
# misconception = "loss-is-bounded-by-one"
# why = "1 is the largest squared error of a probability. A surprise has no such limit."

# %% tags=["training"]
from helpers.quiet import quiet
with quiet():  # without TensorFlow's start-up log
    import keras, tensorflow as tf
tf.get_logger().setLevel("ERROR")  # we build many small models; TensorFlow would remark on each

from_p, from_logits = keras.losses.BinaryCrossentropy(), keras.losses.BinaryCrossentropy(from_logits=True)
print("one film                   p in float32   our bce   Keras from p   Keras from the logit")
for name, y, z in [("winner", 1, -10), ("winner", 1, -50), ("winner", 1, -120), ("other film", 0, 17),
                   ("winner", 1, 17)]:
    # the probability as the computer holds it, then the loss in three ways
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        p = sigmoid(np.float32(z))
        own = bce(np.float32(y), p)
    y, by_hand, raw = (np.array([[value]], "float32") for value in (y, p, z))
    print(f"{name:10} logit {z:5} {p:15.3g} {own:10.2f} {float(from_p(y, by_hand)):14.2f} "
          f"{float(from_logits(y, raw)):22.2f}")

# %%
compare("certain-and-wrong")

# %% [markdown] given="16: asserted below; 17: row of the table above"
# **Compare with your prediction.** Two ways fail. Our own formula gives infinity where the truth got a p of 0. And
# for a winner at logit 17, where p is rounded to 1, it gives NaN, although the model is right: it takes zero
# times −log 0. Keras' formula for *probabilities* stops at about 16. Beyond that cut its slope is 0: nothing pulls such
# a film back. The third way is right everywhere. It never forms the probability:
#
# - for a winner, −log(sigmoid(z)) is log(1 + exp(−z));
# - for any other film it is log(1 + exp(z)).
#
# Both have the form log(1 + exp(x)), and that can be computed without the exponential of a large number:

# %%
# the values of the question and the predictions above
assert round(sigmoid(logit(0.2) + np.log(2)), 2) == 0.33 and round(-3 + np.log(2), 1) == -2.3
assert round(-np.log(0.51), 2) == 0.67 and round(-np.log(0.99), 2) == 0.01
assert round(-np.log(1e-7), 2) == 16.12 and round(16.12, 1) == 16.1 and round(16.12) == 16
assert np.isclose(float(from_p(np.ones((1, 1), "float32"), np.zeros((1, 1), "float32"))), -np.log(1e-7))

def softplus(x):
    # log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)): the exponent is never positive
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))

print(softplus(np.array([-1000.0, -1.0, 0.0, 1.0, 1000.0])))

# %% [markdown]
# ### Exercise 1.1: BCE that never overflows
#
# Fill in the missing line: BCE straight from logits.

# %% tags=["preamble"]
import numpy as np

def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))

# %% tags=["exercise"] id="bce-on-logits"
def bce_on_logits(y_true, logits):
    """Mean BCE. y_true: (n,) of 0 and 1, logits: (n,), any size."""
    # for each film: softplus, of what?
    ### BEGIN SOLUTION
    surprise = softplus(np.where(y_true == 1, -logits, logits))
    ### END SOLUTION
    # all films together
    return np.mean(surprise)

# %% tags=["start"]
def bce_on_logits(y_true, logits):
    """Mean BCE. y_true: (n,) of 0 and 1, logits: (n,), any size."""
    # for each film: softplus, of what?
    surprise = ...  # your code here
    # all films together
    return np.mean(surprise)

# %% tags=["cases"]
cases = [(np.array([1, 0, 1, 0]), np.array([2.0, -1.0, -3.0, 0.5])), (np.array([1, 1]), np.array([-40.0, 4.0])),
         (np.array([0, 1, 0]), np.array([1000.0, -1000.0, -1000.0])), (np.array([0, 0, 1]), np.array([0.0, 3.0, 0.0]))]
labels = ["y_true", "logits"]

# %% tags=["hint"]
# Compare the two lines with log(1 + exp(…)) above. In which of them does the logit get a minus?

# %% tags=["hint"]
# `np.where(y_true == 1, a, b)` takes `a` for winners and `b` for the others. Give its result to `softplus`.

# %% tags=["right"]
def bce_on_logits(y_true, logits):
    return np.mean(np.maximum(logits, 0) - logits * y_true + np.log1p(np.exp(-np.abs(logits))))

# %% tags=["right"]
def bce_on_logits(y_true, logits):
    return np.mean(softplus((1 - 2 * y_true) * logits))

# %% tags=["wrong"] misconception="logit-sign"
# The minus is at the wrong class. A winner with a large logit was expected, so its surprise must be near 0.
def bce_on_logits(y_true, logits):
    return np.mean(softplus(np.where(y_true == 1, logits, -logits)))

# %% tags=["wrong"] misconception="one-class-forgotten"
# You treat every film as a winner. A film without an Oscar has a surprise of its own, with the other sign.
def bce_on_logits(y_true, logits):
    return np.mean(softplus(-logits))

# %% tags=["wrong"] misconception="one-class-forgotten"
# You count the surprise of the winners only. The other films surprise as well, and most films are others.
def bce_on_logits(y_true, logits):
    return np.mean(y_true * softplus(-logits))

# %% tags=["wrong"] misconception="one-class-forgotten"
# For a film without an Oscar the product of label and logit is 0 whatever the logit: it costs log 2 even where the model is sure. It needs its own logit, with the other sign than a winner's.
def bce_on_logits(y_true, logits):
    return np.mean(softplus(-y_true * logits))

# %% tags=["wrong"] misconception="logit-sign"
# Labels 0 and 1 are no signs: 0 wipes the logit out, and 1 leaves it as it is, where a winner needs a minus.
def bce_on_logits(y_true, logits):
    return np.mean(softplus(y_true * logits))

# %% tags=["wrong"] misconception="probability-before-log" given="1000: premise, in the cases"
# That is the right formula by way of the probability. At a logit of 1000 it takes the logarithm of 0: use softplus.
def bce_on_logits(y_true, logits):
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-logits))
        return np.mean(-(y_true * np.log(p) + (1 - y_true) * np.log(1 - p)))

# %% tags=["wrong"] misconception="clip-is-harmless"
# You cut the probability off, as Keras does. Then no film can cost more than 16, however sure and wrong the model is.
def bce_on_logits(y_true, logits):
    with np.errstate(all="ignore"):
        p = np.clip(1 / (1 + np.exp(-logits)), 1e-7, 1 - 1e-7)
        return np.mean(-(y_true * np.log(p) + (1 - y_true) * np.log(1 - p)))

# %% tags=["wrong"] misconception="exp-never-overflows"
# The formula is right, and exp of a large logit overflows in it. The function `softplus` above computes the same without that.
def bce_on_logits(y_true, logits):
    with np.errstate(all="ignore"):
        return np.mean(np.log(1 + np.exp(np.where(y_true == 1, -logits, logits))))

# %% tags=["wrong"] misconception="logits-are-log-probabilities"
# That is what goes into softplus, with the right signs. The surprise is the softplus of it.
def bce_on_logits(y_true, logits):
    return np.mean(np.where(y_true == 1, -logits, logits))

# %% tags=["wrong"] misconception="one-class-forgotten"
# You treat every film as one without an Oscar. A winner has a surprise of its own, with the other sign.
def bce_on_logits(y_true, logits):
    return np.mean(softplus(logits))

# %% tags=["wrong"] misconception="logits-are-probabilities"
# You gave softplus the probability. It wants the logit itself, whatever its size.
def bce_on_logits(y_true, logits):
    with np.errstate(all="ignore"):
        p = 1 / (1 + np.exp(-logits))
    return np.mean(softplus(np.where(y_true == 1, -p, p)))

# %% tags=["wrong"] misconception="one-class-forgotten"
# You count the surprise of the other films only. A winner that the model did not expect surprises as well.
def bce_on_logits(y_true, logits):
    return np.mean((1 - y_true) * softplus(logits))

# %% tags=["wrong"] misconception="sign-lost"
# You took the sign of the logit away. It says which answer the model expects, and so whether the truth is a surprise.
def bce_on_logits(y_true, logits):
    return np.mean(softplus(np.abs(logits)))

# %% [markdown]
# The same in one line, held against Keras and scikit-learn:

# %%
from sklearn import metrics as sk

some_y, some_z = np.array([1, 0, 1, 0]), np.array([2.0, -1.0, -3.0, 0.5])
ours = np.mean(softplus((1 - 2 * some_y) * some_z))
print(f"ours {ours:.6f}, Keras {float(from_logits(some_y[:, None], some_z[:, None])):.6f}, "
      f"scikit-learn {sk.log_loss(some_y, sigmoid(some_z)):.6f}, by way of p {bce(some_y, sigmoid(some_z)):.6f}")
assert np.isclose(ours, sk.log_loss(some_y, sigmoid(some_z)))

# %% [markdown] given="17: row of the table above"
# ### Where it bites
#
# A logarithm of a probability, written by hand into a loss of your own, works for weeks. Then one film without an
# Oscar gets a logit of 17. In float32 its p is exactly 1, the loss is infinite, and the next step makes every weight
# NaN. Compute losses from logits.

# %% [markdown]
# ## 2. Sure and wrong
#
# Labels are 0 and 1, predictions lie between them. Why not simply take the squared difference, MSE, as in notebook
# 01? Look at the pull: the slope of the loss with respect to the **logit**, because the logit is what the network
# moves. Here is that of BCE.

# %%
def bce_slope(y_true, z):
    # slope of log(1 + exp(-z)) for a winner, of log(1 + exp(z)) for the others: both are p - y
    return sigmoid(z) - y_true

# does a small step agree?
rise = softplus(-(-6 + 1e-4)) - softplus(-(-6 - 1e-4))
assert np.isclose(bce_slope(1, -6.0), rise / 2e-4)

# %% [raw] tags=["prediction"]
# id = "who-pulls-harder"
# ask = "A winner has the logit −6: the model is sure that it has no Oscar. Which loss pulls its logit up harder, BCE or MSE?"
# discuss = true
# [right]
# text = "BCE, by far"
# why = "MSE moves the probability, and the probability hardly moves where the sigmoid is flat. In BCE the logarithm undoes the flatness: its slope is just p − y."
# [[wrong]]
# text = "MSE: squares punish large errors hardest"
# misconception = "squares-always-pull-harder"
# why = "That was so for a plain number. Behind a sigmoid an error is never larger than 1, and its slope passes through the flat sigmoid."
# [[wrong]]
# text = "both the same: the error is the same"
# misconception = "same-error-same-pull"
# why = "The error p − y is the same. MSE multiplies it by the slope of the sigmoid, BCE does not."
# [[wrong]]
# text = "neither: the sigmoid is flat there"
# misconception = "flat-sigmoid-stops-everything"
# why = "The sigmoid is flat, and −log is steep just there. The two cancel."

# %% [raw] tags=["alt"] id="sure-and-wrong-alt" given="-1.1 0.1: ends of the axis; -0.3: lowest value, asserted below"
# Two line plots over the logit of a winner, -8 to 8. Left: the loss, 0 to 8; BCE falls nearly straight from 8 at logit
# -8, bends in the middle and is near 0 at the right end; MSE falls from 1 to 0, mostly in the middle. Right: the slope, -1.1 to 0.1; BCE rises from -1 to 0, MSE is
# near 0 at both ends and dips to about -0.3 in the middle. At logit -6, marked by a dotted line, BCE has slope
# {bce:.2f} and MSE {mse:.3f}.

# %%
z = np.linspace(-8, 8, 321)
squared = (sigmoid(z) - 1) ** 2
by_step = {"BCE": np.gradient(softplus(-z), z), "MSE": np.gradient(squared, z)}
fig, (left, right) = figures.axes(2, xlabel="logit of a winner")
# left: the loss of the winner
figures.lines(left, z, {"BCE": softplus(-z), "MSE": squared}, label_at=None)
left.annotate("BCE", (-5.6, 6.1)), left.annotate("MSE", (-7.5, 1.25))
left.set(ylabel="loss", title="the price", ylim=(0, 8))
# right: what a small step of the logit does to it
figures.lines(right, z, by_step, label_at=None)
right.annotate("BCE", (-3.9, -0.93)), right.annotate("MSE", (-5.7, -0.14)), right.annotate("logit −6", (-5.8, -0.55))
right.set(ylabel="slope of the loss", title="the pull on the logit", ylim=(-1.1, 0.1))
right.axvline(-6, color="black", linestyle=":")
figures.show(fig, "sure-and-wrong-alt", **{k.lower(): v[np.argmin(abs(z + 6))] for k, v in by_step.items()})

# %%
compare("who-pulls-harder")

# %% [markdown]
# **Compare with your prediction.** At the left edge the model is wrong and sure of it. There the pull of BCE is
# strongest. That of MSE is nearly nothing. The figure took its slopes from small steps. Now derive the one of MSE.
#
# ### Exercise 2.1: the pull of MSE behind a sigmoid
#
# Write the slope of (p − y)² with respect to the logit, one number a film, where p is the sigmoid of the logit. The
# slope of the sigmoid itself is p (1 − p).

# %% tags=["exercise"] id="mse-slope-on-logit"
def mse_slope(y_true, logits):
    """Slope of the squared error of each film with respect to its logit. Both: (n,) arrays; returns (n,)."""
    ### BEGIN SOLUTION
    p = 1 / (1 + np.exp(-logits))
    return 2 * (p - y_true) * p * (1 - p)
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([1, 1, 0]), np.array([-6.0, 0.5, 2.0])), (np.array([0, 1]), np.array([-1.0, 3.0])),
         (np.array([0, 0, 1, 1]), np.array([4.0, -0.3, 1.0, -2.0]))]
labels = ["y_true", "logits"]

# %% tags=["hint"]
# Two links of a chain: from the logit to p, and from p to (p − y)². Multiply their slopes.

# %% tags=["hint"]
# The slope of (p − y)² with respect to p is 2 (p − y). What is left is the slope of p with respect to the logit.

# %% tags=["right"]
def mse_slope(y_true, logits):
    p = 0.5 * (1 + np.tanh(logits / 2))
    return 2 * (p - y_true) * (p - p**2)

# %% tags=["wrong"] misconception="chain-rule-forgotten"
# That is the slope with respect to p. The network moves the logit, so the slope of the sigmoid comes in as a factor.
def mse_slope(y_true, logits):
    p = 1 / (1 + np.exp(-logits))
    return 2 * (p - y_true)

# %% tags=["wrong"] misconception="same-error-same-pull"
# That is the slope of BCE. MSE has the error as well, and two factors beside it.
def mse_slope(y_true, logits):
    return 1 / (1 + np.exp(-logits)) - y_true

# %% tags=["wrong"] misconception="logits-are-probabilities"
# You put the logit where p belongs. First take its sigmoid.
def mse_slope(y_true, logits):
    return 2 * (logits - y_true) * logits * (1 - logits)

# %% tags=["wrong"] misconception="factor-two-lost"
# The square brings a factor 2 into its slope. You lost it.
def mse_slope(y_true, logits):
    p = 1 / (1 + np.exp(-logits))
    return (p - y_true) * p * (1 - p)

# %% tags=["wrong"] misconception="sign-reversed"
# The sign is reversed: for a winner the loss falls when the logit grows, so the slope is negative there.
def mse_slope(y_true, logits):
    p = 1 / (1 + np.exp(-logits))
    return 2 * (y_true - p) * p * (1 - p)

# %% tags=["wrong"] misconception="value-instead-of-slope"
# That is the squared error itself. The slope says how much it changes when the logit moves.
def mse_slope(y_true, logits):
    return (1 / (1 + np.exp(-logits)) - y_true) ** 2

# %% tags=["wrong"] misconception="value-instead-of-slope"
# You multiplied the squared error itself by the slope of the sigmoid. Both links of the chain must be slopes: that of the square is missing.
def mse_slope(y_true, logits):
    p = 1 / (1 + np.exp(-logits))
    return (p - y_true) ** 2 * p * (1 - p)

# %% tags=["wrong"] misconception="chain-rule-forgotten"
# That is the slope of the sigmoid alone. The other link of the chain is missing: from p to (p − y)².
def mse_slope(y_true, logits):
    p = 1 / (1 + np.exp(-logits))
    return p * (1 - p)

# %% tags=["wrong"] misconception="logits-are-probabilities"
# The slope of the sigmoid is written with p, not with the logit: p (1 − p).
def mse_slope(y_true, logits):
    p = 1 / (1 + np.exp(-logits))
    return 2 * (p - y_true) * logits * (1 - logits)

# %% tags=["wrong"] misconception="chain-rule-forgotten"
# You added the two slopes. Along a chain they are multiplied.
def mse_slope(y_true, logits):
    p = 1 / (1 + np.exp(-logits))
    return 2 * (p - y_true) + p * (1 - p)

# %% tags=["wrong"] misconception="chain-rule-forgotten"
# The slope of the sigmoid is p (1 − p). Its second factor is missing.
def mse_slope(y_true, logits):
    p = 1 / (1 + np.exp(-logits))
    return 2 * (p - y_true) * p

# %% tags=["wrong"] misconception="chain-rule-forgotten"
# The slope of the sigmoid is p (1 − p). Its first factor is missing.
def mse_slope(y_true, logits):
    p = 1 / (1 + np.exp(-logits))
    return 2 * (p - y_true) * (1 - p)

# %% tags=["wrong"] misconception="sum-is-over-all-rows"
# You divided by the number of films. That belongs to the mean over all; here each film has a slope of its own.
def mse_slope(y_true, logits):
    p = 1 / (1 + np.exp(-logits))
    return 2 * (p - y_true) * p * (1 - p) / len(logits)

# %% [markdown]
# ### A start that is sure and wrong
#
# Does it matter in training? We let a model start badly on purpose: its bias is 8, so it calls every film a winner.
# Few films are. The rest is plain Keras, once with each loss.

# %%
assert round(by_step["MSE"].min(), 1) == -0.3
# the data, then the model
films = data.oscars()
print(films)
print("features:", ", ".join(films.feature_names))
print(f"share of films with at least one Oscar: {films.y_train.mean():.3f}; a logit of 8 is p = {sigmoid(8.0):.4f}")

def build_sure(loss):
    head = keras.layers.Dense(1, activation="sigmoid", bias_initializer=keras.initializers.Constant(8))
    model = keras.Sequential([keras.Input((25,)), head])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss=loss)
    return model

# %% [raw] tags=["prediction"]
# id = "sure-start"
# given = "1: p − y for p near 1, shown in the figure of the slopes"
# ask = "This start, six epochs, 16 seeds. Where is the mean probability of an Oscar after training with BCE, and with MSE?"
# [right]
# text = "BCE: far down. MSE: still near 1"
# why = "Under BCE each wrong film pulls with nearly 1. Under MSE it pulls with next to nothing, because the sigmoid is flat at a logit of 8."
# [[wrong]]
# text = "both far down: same data, same labels"
# misconception = "loss-is-cosmetic"
# why = "Both have their lowest point there. Only one of them pulls the model to it."
# [[wrong]]
# text = "MSE: far down. BCE: still near 1"
# misconception = "squares-always-pull-harder"
# why = "Squares pull harder on plain numbers. Behind a sigmoid they fade where the model is sure."
# [[wrong]]
# text = "both still near 1: a model that is sure learns nothing"
# misconception = "flat-sigmoid-stops-everything"
# why = "Under BCE a model that is sure and wrong is pulled hardest."

# %% tags=["training"]
# one seed, in plain Keras
keras.utils.set_random_seed(seed)
model = build_sure("binary_crossentropy")
model.fit(films.X_train, films.y_train, batch_size=256, epochs=6, verbose=0)
print(f"BCE, one seed: mean probability {model.predict(films.X_test, verbose=0).mean():.3f}")

from helpers.replicates import fit_replicates     # the same training from 16 seeds

# both losses from the same 16 starts; then the mean probability on the test films
recipe = dict(seeds=16, base_seed=1000 * seed, epochs=6, batch_size=256)
after = {name: fit_replicates(lambda: build_sure(loss), films.X_train, films.y_train, **recipe)
         .predict(films.X_test)[..., 0].mean(axis=1)
         for name, loss in [("BCE", "binary_crossentropy"), ("MSE", "mean_squared_error")]}

# %% [raw] tags=["alt"] id="sure-start-alt"
# Dot plot, one dot for each of 16 seeds, two rows; the axis is the mean predicted probability, 0 to 1, with a dotted
# line at the real share of winners, {share:.2f}. The dots of BCE lie close together around {bce:.2f}, a little to the
# right of that line. The dots of MSE lie at the other end, around {mse:.2f}.

# %% tags=["training"]
fig, ax = figures.axes(xlabel="mean predicted probability after training, test films", height=2.6)
figures.strip(ax, after, reference=films.y_test.mean(), reference_label="real share")
ax.set_xlim(0, 1.03)
figures.show(fig, "sure-start-alt", share=films.y_test.mean(), **{k.lower(): np.median(v) for k, v in after.items()})

# %%
compare("sure-start")

# %% tags=["training"]
print(claim("From a start that is sure and wrong, MSE leaves the mean probability above 0.9.", after["MSE"], ">", 0.9))
print(claim("From the same start, BCE brings it below 0.15.", after["BCE"], "<", 0.15))

# %% [markdown]
# Under BCE the model is on its way to the real share. Under MSE it has hardly left. Nobody sets a bias of 8. But a
# network with a high learning rate, or with badly scaled features, can become sure and wrong in its first steps. If a
# sigmoid trained with MSE does not move, look first where its outputs lie.

# %% [markdown]
# ## 3. Three heads
#
# Tutorials end a yes-or-no model in three ways. Are these three models, or one?
#
# | head | loss | labels |
# |---|---|---|
# | `Dense(1, activation="sigmoid")` | `BinaryCrossentropy()` | 0 or 1 |
# | `Dense(1)` | `BinaryCrossentropy(from_logits=True)` | 0 or 1 |
# | `Dense(2, activation="softmax")` | `SparseCategoricalCrossentropy()` | 0 or 1 |
#
# (With rows such as 0 1 as labels, the third takes `CategoricalCrossentropy()`.) Softmax turns several numbers into
# shares: for two numbers a and b, the share of b is exp(b) / (exp(a) + exp(b)).
#
# Train all three from one start, with the films in the same order. The softmax head starts with zeros for "no" and
# the weights of the others for "yes". It gets half the learning rate; you will see why.

# %% [raw] tags=["prediction"]
# id = "three-heads"
# ask = "Same start, same order, two epochs of plain gradient descent. How far apart are the predicted probabilities of the three heads?"
# [right]
# text = "not at all, up to rounding"
# why = "The three compute the same function by the same loss. One of the two softmax units is spare."
# [[wrong]]
# text = "the softmax head is clearly elsewhere: it has twice the weights"
# misconception = "more-weights-more-model"
# why = "Only the difference of its two logits counts. The second set of weights adds nothing that the first could not do."
# [[wrong]]
# text = "the one without a sigmoid is elsewhere: it was trained on raw numbers"
# misconception = "head-changes-the-model"
# why = "With `from_logits=True` the sigmoid stands in the loss instead of the head. The same numbers flow."
# [[wrong]]
# text = "all three differ: three losses, three answers"
# misconception = "softmax-is-another-model"
# why = "The three losses are one loss, written three times."

# %%
def train_heads(softmax_rate):
    # name: head, loss, learning rate, first weights
    heads = {"sigmoid": (keras.layers.Dense(1, activation="sigmoid"), from_p, 0.1, start),
             "logits": (keras.layers.Dense(1), from_logits, 0.1, start),
             "softmax of two": (keras.layers.Dense(2, activation="softmax"),
                                keras.losses.SparseCategoricalCrossentropy(), softmax_rate,
                                np.hstack([0 * start, start]))}
    p_of = {}
    for name, (head, loss, rate, weights) in heads.items():
        # plain training, without shuffling; then the probability of a winner
        model = keras.Sequential([keras.Input((25,)), head])
        model.compile(optimizer=keras.optimizers.SGD(rate), loss=loss)
        head.set_weights([weights, np.zeros(weights.shape[1])])
        model.fit(films.X_train, films.y_train, batch_size=256, epochs=2, shuffle=False, verbose=0)
        out = model.predict(films.X_test, verbose=0)[:, -1]
        p_of[name] = sigmoid(out) if name == "logits" else out
    return p_of

# %% tags=["training"]
start = np.random.default_rng(seed).normal(0, 0.1, (25, 1))
p_of = train_heads(softmax_rate=0.05)
for name, p in p_of.items():
    print(f"{name:15} mean p {p.mean():.3f}, differs from the first head by at most "
          f"{np.abs(p - p_of['sigmoid']).max():.0e}")

# %%
compare("three-heads")

# %% [markdown] given="0.1: set in code"
# **Compare with your prediction.** One model, three spellings. What differs is rounding. Divide top and bottom of the
# share by exp(b): it is the sigmoid of b − a.
#
# Now change something: in the cell that calls `train_heads` set `softmax_rate` to 0.1, as for the other two heads. Run
# it again.

# %% [raw] tags=["question"]
# id = "softmax-full-rate"
# given = "0.1: the rate of the other heads, set in code"
# ask = "All three began near one half and sink toward the share of winners. With 0.1 for the softmax head as well: where is its mean p now, and why?"
# [right]
# text = "lower: its difference b − a takes double steps"
# why = "Its two sets of weights move in opposite directions. So b − a moves twice as far in a step, and half the rate makes the steps equal. With Adam, too, half the rate does it."
# [[wrong]]
# text = "where it was: softmax only compares, so a common factor drops out"
# misconception = "softmax-cancels-a-factor"
# why = "Softmax cancels what is added to both numbers. A longer step makes their difference larger."
# [[wrong]]
# text = "somewhere else: two units can learn what one cannot"
# misconception = "more-weights-more-model"
# why = "It can express just what one unit can. It only got further in two epochs."

# %% [markdown]
# We use the first spelling, because `predict` then returns probabilities. And the cut of section 1, where the pull
# ends? With TensorFlow, Keras' own sigmoid attaches its logits to its output, and Keras' BCE reads those. So this
# spelling is computed from logits too. The cut meets you when something stands between sigmoid and loss, or when you
# hand over probabilities yourself:

# %% tags=["training"]
others = films.y_test == 0
sure = keras.initializers.Constant(30)   # each film gets the logit 30
for name, between in [("sigmoid, then BCE", []), ("sigmoid, Reshape, then BCE", [keras.layers.Reshape((1,))])]:
    # films without an Oscar only: each should cost 30
    head = keras.layers.Dense(1, activation="sigmoid", kernel_initializer="zeros", bias_initializer=sure)
    model = keras.Sequential([keras.Input((25,)), head, *between])
    model.compile(loss="binary_crossentropy")
    loss = model.evaluate(films.X_test[others], films.y_test[others], batch_size=4096, verbose=0)
    print(f"{name:28} {loss:6.2f}")
    assert round(loss) == 30 or round(loss, 1) in (15.9, 16.0, 16.1)

# %% [raw] tags=["question"]
# id = "logit-from-predict"
# given = "0.12: asserted below"
# ask = "The head is `Dense(1)`, the loss has `from_logits=True`. `predict` returns −2 for a film. Its probability of an Oscar?"
# [right]
# text = "about 0.12"
# why = "Without a sigmoid in the head, `predict` returns the logit. The sigmoid of −2 is 0.12."
# [[wrong]]
# text = "0: a negative number means no"
# misconception = "logit-is-decision"
# why = "Negative means below one half. How far below, the sigmoid says."
# [[wrong]]
# text = "none: a negative output shows that the model is broken"
# misconception = "predict-returns-probabilities"
# why = "`predict` returns what the last layer computes. Here that is a logit, and a logit may be negative."
# [[wrong]]
# text = "about 0.88"
# misconception = "logit-sign"
# why = "That is the probability of no Oscar. A negative logit is below one half."

# %% [markdown]
# ## 4. When head, loss and labels do not fit
#
# Four people ask for help. Each changed one thing in a program that works. Here is the one that works: the films, with
# a hidden layer. `listen` shows what Keras says. Beside the loss that Keras reports stands the BCE that we compute from
# `predict`.

# %%
def listen(run):
    """Run something and print what Keras says. Returns the result, or None where it raised."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", DeprecationWarning)  # what Keras is told about itself
        try:
            result = run()
        except Exception as error:
            lines = [line for line in str(error).splitlines() if "Received" in line] or [str(error).split("\n")[0]]
            print(f"   raises {type(error).__name__}: {lines[0].split('}} ')[-1][:150]}")
            return None
    for text in dict.fromkeys(str(one.message).split(". ")[0][:150] for one in said):
        print(f"   warns: {text}")
    print("   says nothing" if not said else "   and goes on")
    return result

# %%
# the model; its training; the right head
def build(head, loss="binary_crossentropy", **more):
    model = keras.Sequential([keras.Input((25,)), keras.layers.Dense(32, activation="relu"), *head()])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss, **more)
    return model

def train(head, loss="binary_crossentropy", y=films.y_train, epochs=3, rows=slice(None), **more):
    keras.utils.set_random_seed(seed)
    model = build(head, loss, **more)
    model.optimizer.build(model.trainable_variables)  # saves time only: TensorFlow traces the step once, not twice
    model.fit(films.X_train[rows], y[rows], batch_size=256, epochs=epochs, verbose=0)
    return model

def sigmoid_head():
    return [keras.layers.Dense(1, activation="sigmoid")]

# %% tags=["training"]
def both_losses(model):
    # the warnings have been printed in training
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reported = model.evaluate(films.X_test, films.y_test, batch_size=4096, verbose=0)
        p = model.predict(films.X_test, batch_size=4096, verbose=0)[:, -1]
    # outside 0 to 1 there is no logarithm: cut as Keras does
    recomputed = bce(films.y_test, np.clip(p.astype(float), 1e-7, 1 - 1e-7))
    print(f"   test loss that Keras reports {reported:.3f}, BCE recomputed from predict {recomputed:.3f}, "
          f"predictions from {p.min():.3f} to {p.max():.3f}")

right_one = listen(lambda: train(sigmoid_head))
both_losses(right_one)

# %% [markdown]
# Reported and recomputed agree. Now the four.
#
# ### Softmax on a single unit

# %% [raw] tags=["prediction"]
# id = "softmax-on-one-unit"
# ask = "`Dense(1, activation=\"softmax\")` with BCE. What do you see?"
# [right]
# text = "the loss falls as with a sigmoid, and every prediction is 1"
# why = "The share of one number in itself is always 1. But Keras' activations attach the logits to their output, and its cross-entropies read those. So training runs as if there were a sigmoid, and `predict` returns 1 for every film."
# [[wrong]]
# text = "the loss stays high and never moves"
# misconception = "folklore-stuck-softmax"
# why = "That is what older answers on the web show. Keras with TensorFlow now reads the logits behind the softmax, so the loss falls."
# [[wrong]]
# text = "an error message: softmax needs two units"
# misconception = "keras-would-refuse"
# why = "There is a warning, and training goes on."
# [[wrong]]
# text = "the same as with a sigmoid, in every respect"
# misconception = "softmax-is-sigmoid"
# why = "In the loss, yes. In the predictions, no: the share of one number in itself is always 1."

# %% tags=["training"]
one_softmax = listen(lambda: train(lambda: [keras.layers.Dense(1, activation="softmax")]))
both_losses(one_softmax)
# the loss in training, beside that of the sigmoid head
print("training loss by epoch")
for name, model in [("sigmoid", right_one), ("softmax", one_softmax)]:
    print(f"   {name}  " + "  ".join(f"{value:.4f}" for value in model.history.history["loss"]))
# what is flagged at one half
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    flagged = one_softmax.predict(films.X_test, batch_size=4096, verbose=0)[:, 0] > 0.5
print(f"flagged: {flagged.mean():.0%} of the films; accuracy {(flagged == films.y_test).mean():.3f}")

# %%
compare("softmax-on-one-unit")

# %% [markdown]
# **Compare with your prediction.** The loss curve cannot show this mistake. The reported loss is that of another model
# than the one that predicts. Four things give it away: the warning, if somebody reads it; the head; the predictions;
# and the BCE recomputed from them. (On Keras' other backends the logits are not read. There the old symptom should be
# back.)
#
# ### A head without activation, and no `from_logits`

# %% [raw] tags=["prediction"]
# id = "linear-head"
# given = "1e-7: the epsilon of Keras"
# ask = "`Dense(1)` with plain `\"binary_crossentropy\"`: the outputs are logits, and nobody told the loss. Where is the training loss after six epochs, over 16 seeds?"
# [right]
# text = "too high on every seed, and on some it is stuck"
# why = "Outputs below 0 are taken for impossible probabilities and cut to 1e-7. There every winner costs 16, no other film costs anything, and the slope is 0. A seed whose outputs all fall below 0 is dead. Outputs above 1 are cut too: there each other film costs 16."
# [[wrong]]
# text = "where it should be: Keras sees that these are logits"
# misconception = "keras-repairs-everything"
# why = "Keras knows logits only behind its own sigmoid or softmax. Here there is neither."
# [[wrong]]
# text = "nowhere: it is NaN, the logarithm of a negative number"
# misconception = "log-of-negative-reaches-keras"
# why = "The cut at 1e-7 comes first, so no logarithm of a negative number is taken."
# [[wrong]]
# text = "there is none: an error says that these are no probabilities"
# misconception = "keras-would-refuse"
# why = "Keras does not look whether the outputs are probabilities."

# %% tags=["training"]
def linear_head():
    return [keras.layers.Dense(1)]

# one seed: what Keras says
linear_one = listen(lambda: train(linear_head))
both_losses(linear_one)
# 16 seeds of each head
runs_of = {name: fit_replicates(lambda head=head: build(head), films.X_train, films.y_train, **recipe)
           for name, head in [("sigmoid head", sigmoid_head), ("linear head", linear_head)]}
last_loss = {name: runs.history["loss"][:, -1] for name, runs in runs_of.items()}
level = films.y_train.mean() * -np.log(1e-7)

# %% [raw] tags=["alt"] id="linear-head-alt" given="0.005: set in code"
# Dot plot, one dot for each of 16 seeds, two rows; the axis is the training loss after six epochs, 0 to {end:.1f}, with a
# dotted line at {line:.2f}. The dots of the sigmoid head lie close together at {right:.2f}. Those of the linear head
# are scattered to the right of it, from {low:.2f} to {high:.2f}; {many} of them lie within 0.005 of the dotted line.

# %% tags=["training"]
on_the_line = int((abs(last_loss["linear head"] - level) < 0.005).sum())
fig, ax = figures.axes(xlabel="training loss that Keras reports after six epochs", height=2.6)
figures.strip(ax, last_loss, reference=level, reference_label=f"{level:.2f}")
ax.set_xlim(0, 1.1 * last_loss["linear head"].max())
figures.show(fig, "linear-head-alt", end=ax.get_xlim()[1], line=level, right=np.median(last_loss["sigmoid head"]),
             low=last_loss["linear head"].min(), high=last_loss["linear head"].max(), many=on_the_line)

# %%
compare("linear-head")

# %% tags=["training"]
tell("{many} of 16 seeds are dead: they sit where every winner costs 16 and no other film anything.",
     many=on_the_line)
print(claim("The loss of the linear head ends at least 1.2 times as high as that of the sigmoid head.",
            last_loss["linear head"] / last_loss["sigmoid head"], ">", 1.2))

# %% [markdown]
# **Compare with your prediction.** The dots of the sigmoid head lie in one place. Those of the linear head lie to the
# right of it, and no message tells. On the dotted line all outputs are below 0 and cut off: nothing pulls them back. Left
# of it, some winners still have an output above 0. A dot right of it pays for other films too: one with an output of 1
# or more costs 16.
#
# ### `from_logits=True` behind a sigmoid
#
# Two sigmoids, then: one in the head, one in the loss. First plainly:

# %% tags=["training"]
flag_plain = listen(lambda: train(sigmoid_head, from_logits))
both_losses(flag_plain)

# %% [markdown]
# Keras warns, and uses the logits behind the sigmoid. Nothing is lost. Now put a layer behind it that changes nothing
# at all: `Reshape((1,))`.

# %% [raw] tags=["prediction"]
# id = "flag-behind-reshape"
# given = "0.69 0.5 0.73: asserted below"
# ask = "Sigmoid, then `Reshape((1,))`, then the loss with `from_logits=True`. What happens?"
# discuss = true
# [right]
# text = "no warning; the loss sticks near 0.69 and the predictions go to 0"
# why = "The reshaped output carries no logits any more, so the second sigmoid is real. A p between 0 and 1 becomes something between 0.5 and 0.73. For films without an Oscar 0.5 is the best on offer: −log 0.5 is 0.69."
# [[wrong]]
# text = "as before: a warning, and the right loss"
# misconception = "keras-repairs-everything"
# why = "The repair needs the logits that the sigmoid attached. They are lost at the next layer, and so is the warning."
# [[wrong]]
# text = "no warning, and the loss sinks below 0"
# misconception = "wrong-head-gives-negative-loss"
# why = "Each film costs −log of a number below 1, and that is above 0."
# [[wrong]]
# text = "no warning, and it trains nearly as well: two sigmoids only flatten"
# misconception = "double-sigmoid-is-harmless"
# why = "The second sigmoid cannot go below 0.5. To call most films a no is out of its reach."

# %% tags=["training"]
# the head, its training, its loss by epoch
def reshaped_head():
    return [keras.layers.Dense(1, activation="sigmoid"), keras.layers.Reshape((1,))]

flag_reshaped = listen(lambda: train(reshaped_head, from_logits))
both_losses(flag_reshaped)
print("   training loss by epoch  " + "  ".join(f"{v:.4f}" for v in flag_reshaped.history.history["loss"]))

# %%
compare("flag-behind-reshape")

# %% [markdown]
# **Compare with your prediction.** It is not Reshape's fault. Whatever stands between the sigmoid and the loss, be
# it only a cast to another type, takes the logits away:

# %% tags=["training"]
def behind(layer):
    return lambda: [keras.layers.Dense(1, activation="sigmoid"), layer]

forms = {"p * 1.0": behind(keras.layers.Rescaling(1.0)),
         "p clipped to 0.001 … 0.999": behind(keras.layers.Lambda(lambda p: keras.ops.clip(p, 0.001, 0.999))),
         "a sigmoid head in mixed_float16": lambda: [keras.layers.Dense(1, activation="sigmoid",
                                                                        dtype="mixed_float16")]}
# the flag with each of them; a part of the films, without a graph, is sooner done
for name, head in forms.items():
    print(name)
    both_losses(listen(lambda: train(head, from_logits, epochs=1, rows=slice(4096), run_eagerly=True)))

# %% tags=["training"]
# 16 seeds of the reshaped head
assert round(np.log(2), 2) == 0.69 and sigmoid(0.0) == 0.5 and round(sigmoid(1.0), 2) == 0.73
assert round(sigmoid(-2.0), 2) == 0.12
twice = fit_replicates(lambda: build(reshaped_head, from_logits), films.X_train, films.y_train, **recipe)
print(claim("With two real sigmoids, the training loss ends within 0.005 of log 2.",
            abs(twice.history["loss"][:, -1] - np.log(2)), "<", 0.005))
print(claim("With two real sigmoids, no test film gets a probability above 0.05.",
            twice.predict(films.X_test)[..., 0].max(axis=1), "<", 0.05))

# %% [raw] tags=["question"]
# id = "diagnose-half"
# given = "0.69: asserted above"
# ask = "Few winners; labels 0 and 1. The loss has been at 0.69 since the first epochs, and all predictions are near 0. No warning. What is it?"
# [right]
# text = "the loss takes probabilities for logits: two sigmoids"
# why = "0.69 is log 2, the BCE of one half. A second sigmoid cannot give less than one half."
# [[wrong]]
# text = "the learning rate is too low"
# misconception = "any-plateau-is-the-rate"
# why = "Then the predictions would still be near their start. They have gone all the way to 0."
# [[wrong]]
# text = "imbalance: the model says no to everything"
# misconception = "imbalance-explains-everything"
# why = "A model that says no with p near the share of winners has a much lower loss than 0.69."
# [[wrong]]
# text = "softmax on one unit"
# misconception = "folklore-stuck-softmax"
# why = "Then all predictions would be 1, and the loss would look healthy."

# %% [markdown]
# The doctor of notebook 01 looks at the model, its data and one batch. Does it see what you saw?

# %% tags=["training"]
examine(flag_reshaped, films.X_train, films.y_train)

# %% [markdown]
# It found the sigmoid behind the Reshape, because it walks back through the layers. It judges the program, not the
# answers: whether the model is any good, it cannot see.
#
# ### Labels that are not 0 and 1
#
# A table from elsewhere codes no as 1 and yes as 2. Nobody recodes.

# %% [raw] tags=["prediction"]
# id = "labels-one-and-two"
# ask = "Labels 1 and 2, sigmoid, BCE, `accuracy`. What does Keras report after training?"
# [right]
# text = "a loss far below 0, and the accuracy of always saying no"
# why = "For y = 2 the formula is −2 log p + log(1 − p): it falls without end as p goes to 1. So p goes to 1 for all films. Cut at one half that is 1, and 1 is the code of no here: right for every film without an Oscar."
# [[wrong]]
# text = "just what it reports for 0 and 1: a code is only a name"
# misconception = "labels-are-only-names"
# why = "The loss computes with the code. 2 is not a name there but a weight."
# [[wrong]]
# text = "a loss that falls to 0 and stays, and a high accuracy"
# misconception = "loss-cannot-be-negative"
# why = "BCE cannot be negative for labels from 0 to 1. Outside, nothing holds it at 0."
# [[wrong]]
# text = "an error message: BCE needs labels from 0 to 1"
# misconception = "keras-would-refuse"
# why = "Keras looks at shapes and types, not at the values of labels."

# %% tags=["training"]
# the number of Oscars of each training film
table = data.films().table
oscars_won = table.oscars.to_numpy()[table.split == "train"]
assert ((oscars_won > 0) == films.y_train).all()
loss_of = {}
for name, y in [("0 and 1", films.y_train), ("1 and 2", films.y_train + 1), ("−1 and 1", 2 * films.y_train - 1),
                ("0 and 255", 255 * films.y_train), ("number of Oscars", oscars_won)]:
    print(f"{name}: from {y.min()} to {y.max()}")
    # train with these labels; what Keras reports, and what the model says on average
    one = listen(lambda: train(sigmoid_head, y=y, metrics=["accuracy"]))
    loss_of[name], accuracy = (one.history.history[what][-1] for what in ["loss", "accuracy"])
    p = one.predict(films.X_test, batch_size=4096, verbose=0)[:, 0]
    print(f"   loss {loss_of[name]:10.2f}   accuracy {accuracy:.3f}   mean p {p.mean():.2f}")

# %%
compare("labels-one-and-two")

# %% tags=["training"]
print(f"always saying no: accuracy {np.mean(films.y_train == 0):.3f}")
assert max(loss_of[name] for name in ["1 and 2", "−1 and 1", "0 and 255"]) < 0 < loss_of["number of Oscars"]
tell("Most labels are fine even there: {share:.1%} of the numbers of Oscars are 0 or 1, and the largest is {most}.",
     share=np.mean(oscars_won <= 1), most=oscars_won.max())

# %% [markdown]
# The most dangerous is the last one: the *number* of Oscars as label. Its loss does not look strange, because nearly
# every label is 0 or 1. It may even look better than with right labels: a label above 1 *lowers* the loss of a film
# with a high p. A film with several Oscars pulls several times as hard. And accuracy asks whether a label equals the
# flag, 0 or 1: a label of −1, 2 or 255 never does. A BCE below 0 always says the same: there are labels outside 0 to 1.
# Look at the smallest and the largest label first.

# %% [markdown]
# ### What Keras does refuse
#
# Four mistakes, and hardly a word. Does Keras let everything pass? Look which of these eight it stops, on a few hundred
# films; "rows" are labels such as 0 1 for yes and 1 0 for no:

# %% tags=["training"]
y_few, rows_few, bce_name = films.y_train[:512], np.eye(2)[films.y_train[:512]], "binary_crossentropy"

def softmax_head():
    return [keras.layers.Dense(2, activation="softmax")]

# name, head, loss, labels
set_ups = [("rows, one sigmoid, BCE", sigmoid_head, bce_name, rows_few),
           ("0/1, two softmax, BCE", softmax_head, bce_name, y_few),
           ("0/1, two softmax, categorical", softmax_head, "categorical_crossentropy", y_few),
           ("0/1, one sigmoid, sparse", sigmoid_head, "sparse_categorical_crossentropy", y_few),
           ("text, one sigmoid, BCE", sigmoid_head, bce_name, np.where(y_few == 1, "yes", "no")),
           ("a list, one sigmoid, BCE", sigmoid_head, bce_name, y_few.tolist()),
           ("0/1, one sigmoid, categorical", sigmoid_head, "categorical_crossentropy", y_few),
           ("rows, two softmax, BCE", softmax_head, bce_name, rows_few)]

# %% tags=["training"]
def loss_and_p(head, loss, y):
    model = train(head, loss, y, epochs=1, rows=slice(512), run_eagerly=True)  # few rows: no graph, sooner done
    return (model.evaluate(films.X_train[:512], y, verbose=0),
            model.predict(films.X_train[:512], verbose=0)[:, -1].astype(float))

for name, head, loss, y in set_ups:
    print(name)
    ran = listen(lambda: loss_and_p(head, loss, y))
    if ran:
        # its loss, and the BCE of what it predicts
        print(f"   loss {ran[0]:.3f}, BCE recomputed from predict {bce(y_few, ran[1]):.3f}")

# %% [raw] tags=["question"]
# id = "the-two-that-ran"
# ask = "Six raise an error, two run. Why are those two the worse ones?"
# [right]
# text = "because they report a loss that is not that of the predictions"
# why = "With one unit, the share of one number in itself is 1, so categorical cross-entropy is 0 for any weights. And BCE on two softmax units takes the logits for two sigmoids, while `predict` returns shares."
# [[wrong]]
# text = "they are not worse: Keras found out what was meant and did it"
# misconception = "keras-repairs-everything"
# why = "A loss of 0 after one epoch is no success. Nobody asked whether the answers are right."
# [[wrong]]
# text = "because they train more slowly than the right set-up"
# misconception = "mismatch-trains-badly"
# why = "One of the two learns nothing and reports a perfect loss. Slowness would at least be seen."

# %% [markdown]
# ### Exercise 4.1: your own check before training
#
# Three facts are known before any training: the last activation, `from_logits`, and the labels. For one output unit
# and BCE, write the check that names what does not fit.

# %% tags=["exercise"] id="what-does-not-fit"
def what_does_not_fit(activation, from_logits, y):
    """Returns "labels", "head", "flag", or "" if all fits. At most one thing is wrong.

    activation: of the only unit: "sigmoid", "softmax" or None. y: (n,) labels; shares between 0 and 1 are fine.
    "head": this activation never fits one unit. "flag": `from_logits` does not fit the activation.
    """
    ### BEGIN SOLUTION
    if np.min(y) < 0 or np.max(y) > 1:
        return "labels"
    if activation == "softmax":
        return "head"
    if from_logits == (activation == "sigmoid"):
        return "flag"
    return ""
    ### END SOLUTION

# %% tags=["cases"]
cases = [("sigmoid", False, np.array([0, 1, 0, 0])), (None, False, np.array([0, 1, 1])),
         (None, True, np.array([1, 0, 0])), ("sigmoid", True, np.array([0, 1])),
         ("softmax", False, np.array([0, 1, 0])), ("softmax", True, np.array([0, 1, 1])),
         ("sigmoid", False, np.array([1, 2, 1])),
         (None, True, np.array([-1, 1, 1])), ("sigmoid", False, np.array([0.0, 0.3, 1.0])),
         ("sigmoid", False, np.array([0, 0, 0]))]
labels = ["activation", "from_logits", "y"]

# %% tags=["hint"]
# Three questions, one after another. Are all labels between 0 and 1? Does this activation make sense on one unit? Does the loss expect what the head gives?

# %% tags=["hint"]
# A sigmoid gives probabilities: then `from_logits` must be False. Without activation the unit gives logits: then it must be True. Softmax on one unit is wrong either way.

# %% tags=["right"]
def what_does_not_fit(activation, from_logits, y):
    if not all(0 <= one <= 1 for one in y):
        return "labels"
    expected = {"sigmoid": False, None: True}
    if activation not in expected:
        return "head"
    return "" if expected[activation] == from_logits else "flag"

# %% tags=["wrong"] misconception="loss-sees-the-head"
# Your flag is the wrong way around: `from_logits=True` says that there is no sigmoid in the head.
def what_does_not_fit(activation, from_logits, y):
    if np.min(y) < 0 or np.max(y) > 1:
        return "labels"
    if activation == "softmax":
        return "head"
    return "flag" if from_logits != (activation == "sigmoid") else ""

# %% tags=["wrong"] misconception="softmax-is-sigmoid"
# Softmax on one unit passes your check. It gives 1 for every film, whatever the flag says.
def what_does_not_fit(activation, from_logits, y):
    if np.min(y) < 0 or np.max(y) > 1:
        return "labels"
    return "flag" if from_logits == (activation in ("sigmoid", "softmax")) else ""

# %% tags=["wrong"] misconception="flag-taken-for-head"
# A unit without activation is a fine head, if the loss knows of it. What does not fit then is the flag.
def what_does_not_fit(activation, from_logits, y):
    if np.min(y) < 0 or np.max(y) > 1:
        return "labels"
    if activation == "softmax" or (activation is None and not from_logits):
        return "head"
    return "flag" if from_logits and activation == "sigmoid" else ""

# %% tags=["wrong"] misconception="keras-repairs-everything"
# A unit without activation and a loss without the flag passes your check. The loss then takes logits for probabilities.
def what_does_not_fit(activation, from_logits, y):
    if np.min(y) < 0 or np.max(y) > 1:
        return "labels"
    if activation == "softmax":
        return "head"
    return "flag" if from_logits and activation == "sigmoid" else ""

# %% tags=["wrong"] misconception="ratio-one-sided"
# You look at the largest label only. Labels of −1 and 1 pass.
def what_does_not_fit(activation, from_logits, y):
    if np.max(y) > 1:
        return "labels"
    if activation == "softmax":
        return "head"
    return "flag" if from_logits == (activation == "sigmoid") else ""

# %% tags=["wrong"] misconception="labels-are-only-names"
# The labels are never looked at. With 1 and 2 the loss falls below 0 and every film is flagged.
def what_does_not_fit(activation, from_logits, y):
    if activation == "softmax":
        return "head"
    return "flag" if from_logits == (activation == "sigmoid") else ""

# %% tags=["wrong"] misconception="shares-are-no-labels" given="0.3: in the cases"
# Labels need not be exactly 0 and 1: a share such as 0.3 is fine for BCE, and so is a part of the data that holds no winner.
def what_does_not_fit(activation, from_logits, y):
    if set(np.unique(y)) != {0, 1}:
        return "labels"
    if activation == "softmax":
        return "head"
    return "flag" if from_logits == (activation == "sigmoid") else ""

# %% tags=["wrong"] misconception="shares-are-no-labels" given="0.3: in the cases"
# You let only 0 and 1 pass. A share such as 0.3 is fine for BCE: ask whether a label lies outside the range from 0 to 1.
def what_does_not_fit(activation, from_logits, y):
    if not np.all(np.isin(y, [0, 1])):
        return "labels"
    if activation == "softmax":
        return "head"
    return "flag" if from_logits == (activation == "sigmoid") else ""

# %% tags=["wrong"] misconception="shares-are-no-labels"
# You want a 0 and a 1 to occur. A part of the data may hold no winner: ask whether a label lies outside the range from 0 to 1.
def what_does_not_fit(activation, from_logits, y):
    if np.min(y) != 0 or np.max(y) != 1:
        return "labels"
    if activation == "softmax":
        return "head"
    return "flag" if from_logits == (activation == "sigmoid") else ""

# %% tags=["wrong"] misconception="flag-taken-for-head"
# You call every head without a sigmoid wrong. A unit without activation is a fine head, if the loss is told that it gets logits.
def what_does_not_fit(activation, from_logits, y):
    if np.min(y) < 0 or np.max(y) > 1:
        return "labels"
    if activation != "sigmoid":
        return "head"
    return "flag" if from_logits else ""

# %% tags=["wrong"] misconception="ratio-one-sided"
# You look at the smallest label only. Labels of 1 and 2 pass.
def what_does_not_fit(activation, from_logits, y):
    if np.min(y) < 0:
        return "labels"
    if activation == "softmax":
        return "head"
    return "flag" if from_logits == (activation == "sigmoid") else ""

# %% tags=["wrong"] misconception="flag-taken-for-head"
# With `from_logits=True` you blame the flag for a softmax on one unit. No flag makes that head right.
def what_does_not_fit(activation, from_logits, y):
    if np.min(y) < 0 or np.max(y) > 1:
        return "labels"
    if activation == "softmax":
        return "flag" if from_logits else "head"
    return "flag" if from_logits == (activation == "sigmoid") else ""

# %% tags=["wrong"] misconception="softmax-is-sigmoid"
# Softmax on one unit passes your check where `from_logits=True`. No flag makes that head right.
def what_does_not_fit(activation, from_logits, y):
    if np.min(y) < 0 or np.max(y) > 1:
        return "labels"
    if activation == "softmax":
        return "" if from_logits else "head"
    return "flag" if from_logits == (activation == "sigmoid") else ""

# %% tags=["wrong"] misconception="double-sigmoid-is-harmless"
# A sigmoid in the head and `from_logits=True` pass your check. Those are two sigmoids, one behind the other.
def what_does_not_fit(activation, from_logits, y):
    if np.min(y) < 0 or np.max(y) > 1:
        return "labels"
    if activation == "softmax":
        return "head"
    return "flag" if activation is None and not from_logits else ""

# %% tags=["wrong"] misconception="shares-are-no-labels"
# You refuse 0 and 1 themselves. Only a label outside the range from 0 to 1 is wrong.
def what_does_not_fit(activation, from_logits, y):
    if np.min(y) <= 0 or np.max(y) >= 1:
        return "labels"
    if activation == "softmax":
        return "head"
    return "flag" if from_logits == (activation == "sigmoid") else ""

# %% tags=["wrong"] misconception="folklore-stuck-softmax"
# You never ask about softmax, and treat it as no activation at all. On one unit it gives 1 for every film: the head is wrong.
def what_does_not_fit(activation, from_logits, y):
    if np.min(y) < 0 or np.max(y) > 1:
        return "labels"
    return "flag" if from_logits == (activation == "sigmoid") else ""

# %% tags=["wrong"] misconception="folklore-stuck-softmax"
# Without the flag you give the case of softmax to the flag. No flag makes that head right: ask about it first.
def what_does_not_fit(activation, from_logits, y):
    if np.min(y) < 0 or np.max(y) > 1:
        return "labels"
    if activation == "softmax" and from_logits:
        return "head"
    return "flag" if from_logits == (activation == "sigmoid") or activation == "softmax" else ""

# %% [markdown]
# ### Where it bites
#
# Before any training: your check. After it, two lines: the smallest and the largest prediction, and the loss
# recomputed from `predict`. The linear head shows why you need both: its two losses agree, and its predictions lie
# outside 0 to 1.

# %% [markdown]
# ## 5. Would you ship it?
#
# Now the right model, and what it is worth. **Which class is positive is said first:** here it is the films with at
# least one Oscar. They are the *winners*; a film that the model calls a winner is *flagged*.

# %%
sigmoid_runs = runs_of["sigmoid head"]
# what the 16 models say
p_val, p_test = (sigmoid_runs.predict(X)[..., 0].astype(float) for X in (films.X_val, films.X_test))
y_val, y_test = films.y_val, films.y_test
print(f"{p_test.shape[0]} seeds, {len(y_val):,} validation films, {len(y_test):,} test films")
print(f"winners among the test films: {y_test.sum()}; accuracy of always saying no: {np.mean(y_test == 0):.3f}")

# %% [raw] tags=["prediction"]
# id = "winners-flagged"
# given = "96%: claimed below; 0.5: the default threshold"
# ask = "The model is right for 96% of the test films. 144 of them have an Oscar. How many of these 144 does it flag at 0.5?"
# unit = " winners"
# range = [0, 144]
# right = 32
# tolerance = 0.3
# why = "These features seldom make an Oscar more likely than not, so few films get more than one half. The accuracy comes from the films without one."
# [[near]]
# value = 138
# misconception = "accuracy-is-recall"
# why = "That is 96% of the winners. Accuracy counts all films, and nearly all of them are no winners."
# [[near]]
# value = 72
# misconception = "threshold-is-a-share"
# why = "A threshold of one half does not split the winners in half. It asks for each film whether its p is above it."
# [[near]]
# value = 144
# misconception = "high-accuracy-misses-none"
# why = "Then the model would miss no winner. At this accuracy it can miss nearly all."
# [[near]]
# value = 0
# misconception = "same-accuracy-same-decisions"
# why = "That is what always saying no does. Nearly the same accuracy does not make it the same rule."

# %%
def four_counts(y_true, flagged):
    # winners flagged, winners missed, others flagged (false alarms), others left alone
    winner = y_true == 1
    return np.array([np.sum(flagged & winner), np.sum(~flagged & winner),
                     np.sum(flagged & ~winner), np.sum(~flagged & ~winner)])

# the four counts of each seed, and their medians
counts = np.array([four_counts(y_test, p > 0.5) for p in p_test])
found, missed, false_alarms, left_alone = np.median(counts, axis=0)
print(f"median of 16 seeds    flagged   not flagged\n   winners            {found:7.0f} {missed:13.0f}"
      f"\n   others             {false_alarms:7.0f} {left_alone:13.0f}")

# %%
compare("winners-flagged", found)

# %% tags=["training"] given="0.5: the default threshold; 96%: bound of the claim"
# accuracy: what is right, flagged or left alone, of all films
accuracy = (counts[:, 0] + counts[:, 3]) / len(y_test)
tell("The accuracy is {model:.3f}. Always saying no has {no:.3f}, and flags no winner.", model=np.median(accuracy),
     no=np.mean(y_test == 0))
print(claim("The accuracy of the Oscar model is within one point of 96%.", abs(accuracy - 0.96), "<", 0.01))
print(claim("The model's accuracy is above that of always saying no, by less than 0.01, on nine seeds in ten.",
            abs(accuracy - np.mean(y_test == 0) - 0.005), "<", 0.005, share=0.9))   # between 0 and 0.01
print(claim("At 0.5 the Oscar model misses more than half of the winners.", counts[:, 1] / y_test.sum(), ">", 0.5))

# %% [raw] tags=["question"]
# id = "accuracy-against-always-no"
# ask = "So the model is right for about as many films as somebody who always says no. Another model is right for exactly as many. What do you know about that one?"
# [right]
# text = "almost nothing: it may find many winners, or none"
# why = "Each winner found adds a film that is right, and each false alarm takes one away. With as many of both, the accuracy is that of always saying no. How many of both, it does not show."
# [[wrong]]
# text = "that it flags nobody, like the rule"
# misconception = "same-accuracy-same-decisions"
# why = "It may find some winners, and flag as many other films for nothing. Then it is right as often as the rule."
# [[wrong]]
# text = "that it finds nearly all winners"
# misconception = "accuracy-is-recall"
# why = "The rule has this accuracy as well, and finds none."
# [[wrong]]
# text = "that it is worth less than ours"
# misconception = "accuracy-is-the-objective"
# why = "It may find many more winners, at the price of as many false alarms. Whether that is worth more, accuracy does not say."

# %% [markdown] given="96%: claimed above"
# **Compare with your prediction.** The model misses more than half of the winners, and is right for 96% of the films
# all the same. The table of the four counts is the confusion matrix. Accuracy is (flagged winners + others left alone)
# / all films, and throws most of it away. Two questions bring it back:
#
# - Of the flagged films, which share has an Oscar? That is **precision**.
# - Of the winners, which share is flagged? That is **recall**.
#
# F1, from notebook 00, joins them: 2 · flagged winners / (flagged films + winners). If nothing is flagged, precision
# has no answer. It is then taken as 0, by agreement, in scikit-learn (which warns) and in Keras.
#
# ### Exercise 5.1: precision, recall, F1
#
# The positive class is y = 1. Where a share would be 0 / 0, give 0.

# %% tags=["exercise"] id="precision-recall-f1"
def precision_recall_f1(y_true, flagged):
    """y_true: (n,) of 0 and 1, flagged: (n,) of True and False. Returns {"precision": …, "recall": …, "f1": …}."""
    ### BEGIN SOLUTION
    found = np.sum(flagged & (y_true == 1))
    return {"precision": found / max(np.sum(flagged), 1),
            "recall": found / max(np.sum(y_true == 1), 1),
            "f1": 2 * found / max(np.sum(flagged) + np.sum(y_true == 1), 1)}
    ### END SOLUTION

# %% tags=["cases"]
some = np.array([1, 1, 1, 0, 0, 0, 0, 0])
cases = [(some, np.array([True, False, False, True, False, False, False, False])),
         (some, np.array([True, True, False, True, True, True, False, False])),
         (some, np.zeros(8, bool)), (np.zeros(4, int), np.array([True, False, False, False])),
         (some, np.ones(8, bool))]
labels = ["y_true", "flagged"]

# %% tags=["hint"]
# Three counts are enough: flagged winners, flagged films, winners. Which is divided by which?

# %% tags=["hint"]
# `max(count, 1)` below the line makes 0 / 0 into 0 / 1, and leaves every other count as it is.

# %% tags=["right"]
def precision_recall_f1(y_true, flagged):
    found = float(np.sum(y_true[flagged]))
    precision = found / flagged.sum() if flagged.any() else 0.0
    recall = found / y_true.sum() if y_true.any() else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return dict(precision=precision, recall=recall, f1=f1)

# %% tags=["wrong"] misconception="precision-recall-swapped"
# Precision and recall are exchanged. Precision looks at what was flagged, recall at the winners.
def precision_recall_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1))
    return {"precision": found / max(np.sum(y_true == 1), 1), "recall": found / max(np.sum(flagged), 1),
            "f1": 2 * found / max(np.sum(flagged) + np.sum(y_true == 1), 1)}

# %% tags=["wrong"] misconception="f1-is-the-plain-mean" given="0.04: the share of winners, printed in section 2"
# F1 is not the plain mean of the two. The plain mean of recall 1 and precision 0.04 would be above one half: flag everything.
def precision_recall_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1))
    precision, recall = found / max(np.sum(flagged), 1), found / max(np.sum(y_true == 1), 1)
    return {"precision": precision, "recall": recall, "f1": (precision + recall) / 2}

# %% tags=["wrong"] misconception="accuracy-is-recall"
# Your recall counts the films that were left alone rightly. Recall is about winners only.
def precision_recall_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1))
    return {"precision": found / max(np.sum(flagged), 1), "recall": np.mean(flagged == (y_true == 1)),
            "f1": 2 * found / max(np.sum(flagged) + np.sum(y_true == 1), 1)}

# %% tags=["wrong"] misconception="wrong-positive-class"
# You took the films without an Oscar as the positive class. Here it is y = 1, the films with one.
def precision_recall_f1(y_true, flagged):
    found = np.sum(~flagged & (y_true == 0))
    return {"precision": found / max(np.sum(~flagged), 1), "recall": found / max(np.sum(y_true == 0), 1),
            "f1": 2 * found / max(np.sum(~flagged) + np.sum(y_true == 0), 1)}

# %% tags=["wrong"] misconception="zero-over-zero"
# Where nothing is flagged, or nothing is there to be found, yours is 0 / 0. Give 0 there.
def precision_recall_f1(y_true, flagged):
    found, flags, winners = np.sum(flagged & (y_true == 1)), np.sum(flagged), np.sum(y_true == 1)
    with np.errstate(all="ignore"):
        return {"precision": found / flags, "recall": found / winners, "f1": 2 * found / (flags + winners)}

# %% tags=["wrong"] misconception="empty-share-is-perfect"
# Where nothing is flagged, or nothing is there to be found, you give 1. By agreement 0 / 0 counts as 0 here.
def precision_recall_f1(y_true, flagged):
    found, flags, winners = np.sum(flagged & (y_true == 1)), np.sum(flagged), np.sum(y_true == 1)
    return {"precision": found / flags if flags else 1.0, "recall": found / winners if winners else 1.0,
            "f1": 2 * found / (flags + winners) if flags + winners else 1.0}

# %% tags=["wrong"] misconception="zero-over-zero"
# Precision and recall are guarded, F1 is not: where both are 0, yours is 0 / 0. Give 0 there as well.
def precision_recall_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1))
    precision, recall = found / max(np.sum(flagged), 1), found / max(np.sum(y_true == 1), 1)
    with np.errstate(all="ignore"):
        return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall)}

# %% tags=["wrong"] misconception="f1-forgets-the-two"
# Precision and recall are right. In F1 the factor of two is missing.
def precision_recall_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1))
    return {"precision": found / max(np.sum(flagged), 1), "recall": found / max(np.sum(y_true == 1), 1),
            "f1": found / max(np.sum(flagged) + np.sum(y_true == 1), 1)}

# %% tags=["wrong"] misconception="accuracy-is-recall"
# Your precision is the accuracy: it counts the films that were left alone rightly. Precision is about flagged films only.
def precision_recall_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1))
    return {"precision": np.mean(flagged == (y_true == 1)), "recall": found / max(np.sum(y_true == 1), 1),
            "f1": 2 * found / max(np.sum(flagged) + np.sum(y_true == 1), 1)}

# %% tags=["wrong"] misconception="f1-is-the-plain-mean"
# Precision and recall are right. F1 is not their product: it is 2 · flagged winners / (flagged films + winners).
def precision_recall_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1))
    precision, recall = found / max(np.sum(flagged), 1), found / max(np.sum(y_true == 1), 1)
    return {"precision": precision, "recall": recall, "f1": precision * recall}

# %% tags=["wrong"] misconception="f1-is-the-plain-mean"
# Precision and recall are right. F1 is not the root of their product: it is 2 · flagged winners / (flagged films + winners).
def precision_recall_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1))
    precision, recall = found / max(np.sum(flagged), 1), found / max(np.sum(y_true == 1), 1)
    return {"precision": precision, "recall": recall, "f1": (precision * recall) ** 0.5}

# %% tags=["wrong"] misconception="precision-recall-swapped"
# You divided the false alarms by all other films. Precision looks at the flagged films only: which share of them are winners?
def precision_recall_f1(y_true, flagged):
    found, alarms = np.sum(flagged & (y_true == 1)), np.sum(flagged & (y_true == 0))
    return {"precision": 1 - alarms / max(np.sum(y_true == 0), 1), "recall": found / max(np.sum(y_true == 1), 1),
            "f1": 2 * found / max(np.sum(flagged) + np.sum(y_true == 1), 1)}

# %% tags=["wrong"] misconception="accuracy-is-recall"
# You divided by all films. Precision divides by the flagged films, recall by the winners.
def precision_recall_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1))
    return {"precision": found / len(y_true), "recall": found / len(y_true),
            "f1": 2 * found / max(np.sum(flagged) + np.sum(y_true == 1), 1)}

# %% tags=["wrong"] misconception="accuracy-is-recall"
# That is the accuracy, under all three names: it counts the films that were left alone rightly. Precision divides by the flagged films, recall by the winners.
def precision_recall_f1(y_true, flagged):
    accuracy = np.mean(flagged == (y_true == 1))
    return {"precision": accuracy, "recall": accuracy, "f1": accuracy}

# %% tags=["wrong"] misconception="zero-over-zero"
# Nothing guards your divisions: where nothing is flagged, nothing is there, or nothing was found, you get 0 / 0. Give 0 there.
def precision_recall_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1))
    with np.errstate(all="ignore"):
        precision, recall = found / np.sum(flagged), found / np.sum(y_true == 1)
        return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / (precision + recall)}

# %% tags=["wrong"] misconception="zero-over-zero"
# In F1, `max(…, 1)` stands under shares, and precision + recall is mostly below 1. It guards counts only: use the three counts, or ask for 0.
def precision_recall_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1))
    precision, recall = found / max(np.sum(flagged), 1), found / max(np.sum(y_true == 1), 1)
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / max(precision + recall, 1)}

# %% tags=["wrong"] misconception="empty-share-is-perfect"
# Where nothing is flagged, your precision is 1. By agreement 0 / 0 counts as 0 here.
def precision_recall_f1(y_true, flagged):
    found, flags, winners = np.sum(flagged & (y_true == 1)), np.sum(flagged), np.sum(y_true == 1)
    return {"precision": found / flags if flags else 1.0, "recall": found / max(winners, 1),
            "f1": 2 * found / max(flags + winners, 1)}

# %% tags=["wrong"] misconception="jaccard-is-f1"
# Precision and recall are right. Below the line of F1 stand flagged films plus winners; you took off those in both, and that is another ratio.
def precision_recall_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1))
    return {"precision": found / max(np.sum(flagged), 1), "recall": found / max(np.sum(y_true == 1), 1),
            "f1": 2 * found / max(np.sum(flagged) + np.sum(y_true == 1) - found, 1)}

# %% tags=["training"]
def all_three(y_true, flagged):
    precision, recall, f1, _ = sk.precision_recall_fscore_support(y_true, flagged, average="binary", zero_division=0)
    return precision, recall, f1

# one seed by Keras, by scikit-learn, and by your function
by_keras = [keras.metrics.Precision(), keras.metrics.Recall(), keras.metrics.F1Score(threshold=0.5)]
for metric in by_keras:
    metric.update_state(y_test[:, None], p_test[0][:, None])
print("one seed           precision  recall     F1")
print("scikit-learn       " + "  ".join(f"{value:9.4f}" for value in all_three(y_test, p_test[0] > 0.5)))
print("Keras              " + "  ".join(f"{float(np.squeeze(metric.result())):9.4f}" for metric in by_keras))
print("your function      ", precision_recall_f1(y_test, p_test[0] > 0.5))

# %% [raw] tags=["question"]
# id = "precision-or-recall"
# ask = "A rights lawyer must see every film that may have an Oscar. A glance at a wrong one costs a minute. What should the model be chosen by?"
# discuss = true
# [right]
# text = "recall, as long as the list can still be read"
# why = "Missing a film is what hurts, so the share of winners found counts. Precision decides how long the list gets."
# [[wrong]]
# text = "precision: the list must be right"
# misconception = "precision-recall-swapped"
# why = "A precise list of ten films can miss all the others. Wrong films on the list cost a minute each."
# [[wrong]]
# text = "accuracy: it counts everything"
# misconception = "accuracy-is-the-objective"
# why = "It counts mostly the films that nobody asks about. An empty list is nearly as accurate."
# [[wrong]]
# text = "F1: it is the fair compromise"
# misconception = "f1-fits-every-objective"
# why = "F1 weighs the two in its own way. Nobody asked whether a minute and a missed film are worth that."

# %% [markdown]
# Either of the two alone is cheap: recall 1 by flagging every film, a high precision by flagging only the few films of
# which the model is most sure. Give both, at a threshold that you name, beside the baseline.

# %% [markdown]
# ## 6. Ranking without a threshold
#
# All of section 5 hung on the cut at one half. Leave the cut out, and look at the order of the films alone.
#
# Take one winner and one other film at random. Does the winner have the higher probability? The share of such pairs
# is the **ROC AUC**, here short: AUC. Half a point for a tie. (The long name is *area under the receiver operating
# characteristic curve*; the curve comes with the next figure.)

# %%
def auc(y_true, p):
    # every winner against every other film
    higher = p[y_true == 1][:, None] - p[y_true == 0][None, :]
    return np.mean((higher > 0) + 0.5 * (higher == 0))

print(f"from pairs {auc(y_test, p_test[0]):.6f}, scikit-learn {sk.roc_auc_score(y_test, p_test[0]):.6f}")
assert np.isclose(auc(y_test, p_test[0]), sk.roc_auc_score(y_test, p_test[0]))

# %% [raw] tags=["question"]
# id = "auc-of-point-nine"
# given = "0.9 90%: premises"
# ask = "A model has AUC 0.9. What does that say?"
# [right]
# text = "a winner outranks another film in 90% of pairs"
# why = "AUC is a statement about pairs of one winner and one other film, so about the order alone."
# [[wrong]]
# text = "90% of the films are classified rightly"
# misconception = "auc-is-accuracy"
# why = "Nothing is classified without a threshold, and AUC has none."
# [[wrong]]
# text = "90% of the winners are found by the model"
# misconception = "auc-is-recall"
# why = "How many are found depends on where you cut. At a high threshold it can be none."
# [[wrong]]
# text = "0.9 is the threshold to use"
# misconception = "auc-is-a-threshold"
# why = "AUC is a property of the whole ranking. It does not name a place to cut."

# %% [markdown]
# Is such an AUC good when winners are rare? Somebody who reads the list from the top asks otherwise: how
# many of the first films are winners? Each of these two questions has its curve. Both walk down the ranking.
#
# - The ROC curve draws recall against the share of *other* films flagged so far. Its area is the share of pairs.
# - The other curve draws precision against recall. Its number is the **average precision**, AP: note the precision
#   so far at each winner, and take the mean.

# %%
def average_precision(y_true, p):
    # down the ranking: precision so far, at each winner
    y = y_true[np.argsort(-p, kind="stable")]
    precision_so_far = np.cumsum(y) / np.arange(1, len(y) + 1)
    return np.mean(precision_so_far[y == 1])

assert np.isclose(average_precision(y_test, p_test[0]), sk.average_precision_score(y_test, p_test[0]))

# %% [raw] tags=["prediction"]
# id = "random-ap"
# ask = "Order the test films at random. AUC is then about one half. About how high is the average precision?"
# range = [0, 1]
# right = 0.041
# tolerance = 0.35
# why = "In a random order the films flagged so far hold, on average, the same share of winners as all films do. That share is the baseline of AP: with other data it is another one."
# [[near]]
# value = 0.5
# misconception = "ap-baseline-is-half"
# why = "One half is the baseline of AUC, whatever the share. Precision has the share of winners as its baseline."
# [[near]]
# value = 0.0
# misconception = "random-finds-nothing"
# why = "Random flags find some winners: as many as there are among any films."

# %% [raw] tags=["alt"] id="roc-pr-alt"
# Two line plots, both axes from 0 to 1, median and band over 16 seeds. Left, ROC curve: recall over the share of
# other films flagged; the curve rises steeply, to about {early:.2f} at a tenth, far above the dotted diagonal of a
# random order; area {auc:.3f}. Right: precision over recall; the curve falls from near 1 to near 0; average
# precision {ap:.2f}; a dotted line at {share:.2f} marks a random order.

# %%
others_flagged, recalls = np.linspace(0, 1, 201), np.linspace(0.02, 1, 99)
roc_curves, pr_curves = [], []
for p in p_test:
    # both curves of one seed, read off at the same places for all
    fpr, tpr, _ = sk.roc_curve(y_test, p)
    roc_curves.append(np.interp(others_flagged, fpr, tpr))
    precision, recall, _ = sk.precision_recall_curve(y_test, p)
    pr_curves.append(np.interp(recalls, recall[::-1], precision[::-1]))
aucs = np.array([sk.roc_auc_score(y_test, p) for p in p_test])
aps = np.array([sk.average_precision_score(y_test, p) for p in p_test])
# 32 random orders
shuffled = [average_precision(y_test, np.random.default_rng(seed + k).random(len(y_test))) for k in range(32)]

# %%
fig, (left, right) = figures.axes(2)
figures.lines(left, others_flagged, {"model": np.array(roc_curves)}, label_at=None)
left.plot([0, 1], [0, 1], ":", color="black")
left.annotate("random order", (0.56, 0.44))
left.set(xlabel="share of other films flagged", ylabel="recall", title=f"ROC curve: AUC {np.median(aucs):.3f}")
figures.lines(right, recalls, {"model": np.array(pr_curves)}, label_at=None)
right.axhline(y_test.mean(), color="black", linestyle=":")
right.annotate("random order", (0.02, y_test.mean() + 0.03))
right.set(xlabel="recall", ylabel="precision", title=f"average precision {np.median(aps):.2f}", ylim=(0, 1.02))
figures.show(fig, "roc-pr-alt", early=np.median(roc_curves, axis=0)[20], auc=np.median(aucs), ap=np.median(aps),
             share=y_test.mean())

# %%
compare("random-ap", np.median(shuffled))

# %% tags=["training"]
assert round(y_test.mean(), 3) == 0.041
# winners among the first hundred of each seed
first = [np.mean(y_test[np.argsort(-p)[:100]]) for p in p_test]
tell("Of the first 100 films of the ranking, {many:.0f} are winners (median of 16 seeds); in a random order, about "
     "{few:.0f}.", many=100 * np.median(first), few=100 * y_test.mean())
print(claim("The AUC of the Oscar model is above 0.93.", aucs, ">", 0.93))
print(claim("Its average precision is at least eight times that of a random order.", aps / y_test.mean(), ">", 8))

# %% [markdown]
# **Compare with your prediction.** The model that looked useless in section 5 ranks very well. The ranking is there.
# What was bad is the cut.
#
# ### Too good to be true?
#
# Before you believe an AUC, ask what the features know, and since when. Here are all 25:

# %%
print(*films.feature_names, sep=", ")

# %% [raw] tags=["question"]
# id = "which-feature-leaks"
# ask = "You want to use this model for films that come out today. Which features must go before you believe its AUC?"
# discuss = true
# [right]
# text = "the number of reviews, and the ratings"
# why = "For a film of today there are hardly any reviews and ratings yet. In our data they were counted years later, and the award itself had brought part of them. Their columns for missing values must go as well: fields of famous films get filled in, so even a gap is a clue."
# [[wrong]]
# text = "none: they are in the test films as well"
# misconception = "leak-cancels-in-the-test"
# why = "That is the trouble. The test films carry the same leak, so the test cannot see it."
# [[wrong]]
# text = "the year: it differs between old and new films"
# misconception = "any-old-feature-leaks"
# why = "The year is known on the first day. A leak is what is known only after the answer."
# [[wrong]]
# text = "the language and the country, if they help the model a lot"
# misconception = "strong-features-leak"
# why = "They are known on the first day, so they may help as much as they can. A leak is what is known only after the answer."

# %% [markdown]
# Such a feature is a **leak**: it came after the answer, and knows of it. The data set says it itself:

# %%
print(*films.leaks, sep="\n")

# %% tags=["training"]
# train without them, and without the runtime, which is filled in for famous films
early = [i for i, name in enumerate(films.feature_names)
         if not any(word in name for word in ["reviews", "metacritic", "tomatometer", "critics", "runtime"])]
print("kept:", ", ".join(films.feature_names[i] for i in early))

def build_early():
    model = keras.Sequential([keras.Input((len(early),)), keras.layers.Dense(32, activation="relu"), *sigmoid_head()])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy")
    return model

early_runs = fit_replicates(build_early, films.X_train[:, early], films.y_train, **recipe)
early_aucs = np.array([sk.roc_auc_score(y_test, p) for p in early_runs.predict(films.X_test[:, early])[..., 0]])
tell("Without them the AUC is {early:.2f}, with them {all:.2f}.", early=np.median(early_aucs), all=np.median(aucs))
print(claim("Without reviews, ratings and runtime, the AUC is lower by more than 0.1.",
            early_aucs - aucs, "<", -0.1))
print(claim("Without them it is still above 0.75.", early_aucs, ">", 0.75))

# %% [markdown]
# That much of the AUC *may* come from what the world wrote after the award. (Part of it was known before: nobody can
# say how much.) What is left is still far above one half. We go on with all features, because the steps are the same.
# What you may *claim* with such a model is another matter.

# %% [markdown]
# ### Another head, the same dashboard
#
# A colleague takes the model over, with a head without activation and `from_logits=True`. Training is right, the log
# loss too. Yet the dashboard shows a much lower recall than before, and an AUC not far above one half.

# %% [raw] tags=["prediction"]
# id = "metrics-on-logits"
# given = "0.5: Keras' default threshold; 0.62: asserted below"
# ask = "The dashboard uses `Recall()` and `AUC()`. Where do its numbers come from?"
# [right]
# text = "both compare the logits with thresholds between 0 and 1"
# why = "Recall cuts logits at 0.5, which is a probability of 0.62: fewer films pass. AUC sweeps thresholds from 0 to 1, and nearly all films have logits below 0: to it they are all tied."
# [[wrong]]
# text = "the new head ranks worse, and both metrics say so"
# misconception = "head-changes-the-model"
# why = "The head computes the same logits as before, and the log loss is right. So the order is the same."
# [[wrong]]
# text = "recall is cut wrongly; the AUC must be right, it has no cut"
# misconception = "auc-metric-is-exact"
# why = "True AUC only looks at the order. Keras estimates it at 200 thresholds between 0 and 1, and logits lie elsewhere."
# [[wrong]]
# text = "both apply a sigmoid, which is one too many"
# misconception = "metrics-know-the-head"
# why = "A metric takes what the head gives. It applies nothing."

# %%
# one seed, in the forms that other heads would give; nothing is trained anew
p = p_test[0]
as_logits = logit(p)[:, None]                 # what Dense(1) without activation gives
as_shares = np.column_stack([1 - p, p])       # what two softmax units give
y_column, y_rows, signed = y_test[:, None], np.eye(2)[y_test], 2 * y_test[:, None] - 1
noise = np.random.default_rng(seed).random((len(y_test), 1)).astype("float32")

def keras_says(metric, y, out):
    metric.update_state(y, out)
    return float(np.squeeze(metric.result()))

# %%
K, flags = keras.metrics, p > 0.5
true_three, true_auc, true_accuracy = all_three(y_test, flags), sk.roc_auc_score(y_test, p), np.mean(flags == y_test)
# name; metric, labels and outputs as written; what scikit-learn finds from p, cut at one half
forms = [("recall on logits", K.Recall(), y_column, as_logits, true_three[1]),
         ("AUC on logits", K.AUC(), y_column, as_logits, true_auc),
         ("accuracy on logits", K.BinaryAccuracy(), y_column, as_logits, true_accuracy),
         ("accuracy, labels −1 and 1", K.BinaryAccuracy(threshold=0), signed, as_logits, true_accuracy),
         ("precision, two softmax columns", K.Precision(), y_rows, as_shares, true_three[0]),
         ("recall, two softmax columns", K.Recall(), y_rows, as_shares, true_three[1]),
         ("F1Score() of the model", K.F1Score(), y_column, p[:, None], true_three[2]),
         ("F1Score() of random numbers", K.F1Score(), y_column, noise, all_three(y_test, noise[:, 0] > 0.5)[2]),
         ("AUC, every p divided by 100", K.AUC(), y_column, p / 100, true_auc)]

# %% tags=["training"]
print(f"{'':32} Keras shows   scikit-learn")
for name, metric, y, out, truth in forms:
    print(f"{name:32} {keras_says(metric, y, out):11.3f} {truth:14.3f}")

# %%
compare("metrics-on-logits")

# %% tags=["training"]
# recall and AUC of 16 seeds, from logits
on_logits = np.array([[keras_says(metric(), y_column, logit(q)[:, None]) for metric in (K.Recall, K.AUC)]
                      for q in p_test])
assert round(sigmoid(0.5), 2) == 0.62 and K.AUC().num_thresholds == 200
print(claim("On logits Keras' recall is too low by more than 0.03.",
            on_logits[:, 0] - counts[:, 0] / y_test.sum(), "<", -0.03))
print(claim("On logits Keras' AUC is too low by more than 0.15.", on_logits[:, 1] - aucs, "<", -0.15))

# %% [markdown]
# The first two rows are the dashboard. Three others deserve a word. Two softmax columns are counted together, so that
# precision and recall both show the accuracy. With labels −1 and 1 every film without an Oscar counts as wrong, for no
# prediction is ever −1. And Keras' AUC interpolates between 200 thresholds: for small p that is too coarse.

# %% [raw] tags=["question"]
# id = "f1-as-it-comes"
# given = "1e-9: in Keras' code"
# ask = "`F1Score()` shows the same for the model and for random numbers. What does it compute?"
# [right]
# text = "the F1 of flagging every film"
# why = "Without a threshold, F1Score flags the largest column of each row. With a single column that is always this one. (Only a p below 1e-9 is left out.) Write `F1Score(threshold=0.5)`."
# [[wrong]]
# text = "the F1 at a threshold of one half"
# misconception = "f1-has-a-default-threshold"
# why = "The column beside it has that. Keras' default threshold is None: the largest column wins."
# [[wrong]]
# text = "the best F1 of all thresholds"
# misconception = "metrics-search-for-a-threshold"
# why = "Keras does not search for a threshold. And random numbers would not reach the model."

# %% [markdown]
# ### Exercise 6.1: find the fault
#
# This report is fed with logits, from a head without activation. It runs and does not look strange. Yet it finds
# fewer winners than the model does. There is **one** fault. Find it and mend it.

# %% tags=["exercise"] id="planted-logits"
def report_from_logits(y_true, logits):
    """Log loss, share of films flagged at a probability of one half, and recall. y_true: (n,) of 0 and 1."""
    surprise = np.maximum(logits, 0) - logits * y_true + np.log1p(np.exp(-np.abs(logits)))
    ### BEGIN SOLUTION
    flagged = logits > 0
    ### END SOLUTION
    found = np.sum(flagged & (y_true == 1))
    return {"log loss": np.mean(surprise), "flagged": np.mean(flagged), "recall": found / np.sum(y_true == 1)}

# %% tags=["start"]
def report_from_logits(y_true, logits):
    """Log loss, share of films flagged at a probability of one half, and recall. y_true: (n,) of 0 and 1."""
    surprise = np.maximum(logits, 0) - logits * y_true + np.log1p(np.exp(-np.abs(logits)))
    flagged = logits > 0.5
    found = np.sum(flagged & (y_true == 1))
    return {"log loss": np.mean(surprise), "flagged": np.mean(flagged), "recall": found / np.sum(y_true == 1)}

# %% tags=["cases"]
cases = [(np.array([1, 0, 1, 0, 1]), np.array([0.3, -2.0, 0.6, 0.2, -0.4])),
         (np.array([1, 0, 0, 0]), np.array([0.4, -1.0, -3.0, 5.0])),
         (np.array([0, 1, 1, 1]), np.array([-0.2, 0.1, 0.55, 0.7]))]
labels = ["y_true", "logits"]

# %% tags=["hint"]
# The log loss is right, so the logits are. Which line asks something of a logit that may only be asked of a probability?

# %% tags=["hint"]
# A probability of one half has odds of 1 to 1. What is the logarithm of 1?

# %% tags=["right"]
def report_from_logits(y_true, logits):
    p = 1 / (1 + np.exp(-logits))
    flagged = p > 0.5
    return {"log loss": np.mean(-(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))), "flagged": np.mean(flagged),
            "recall": np.sum(flagged & (y_true == 1)) / np.sum(y_true)}

# %% tags=["wrong"] misconception="threshold-through-the-wrong-function"
# You took the sigmoid of the threshold. The logit of one half is needed: that is 0.
def report_from_logits(y_true, logits):
    surprise = np.maximum(logits, 0) - logits * y_true + np.log1p(np.exp(-np.abs(logits)))
    flagged = logits > 1 / (1 + np.exp(-0.5))
    return {"log loss": np.mean(surprise), "flagged": np.mean(flagged),
            "recall": np.sum(flagged & (y_true == 1)) / np.sum(y_true == 1)}

# %% tags=["wrong"] misconception="report-mended-not-flags"
# You changed the recall. It was computed rightly, from wrong flags; and the flags are still wrong.
def report_from_logits(y_true, logits):
    surprise = np.maximum(logits, 0) - logits * y_true + np.log1p(np.exp(-np.abs(logits)))
    flagged = logits > 0.5
    return {"log loss": np.mean(surprise), "flagged": np.mean(flagged),
            "recall": np.sum(flagged & (y_true == 1)) / max(np.sum(flagged), 1)}

# %% tags=["wrong"] misconception="mended-too-much"
# The flags are right now, and the log loss is not any more: you turned the logits into probabilities for it as well.
def report_from_logits(y_true, logits):
    logits = 1 / (1 + np.exp(-logits))
    surprise = np.maximum(logits, 0) - logits * y_true + np.log1p(np.exp(-np.abs(logits)))
    flagged = logits > 0.5
    return {"log loss": np.mean(surprise), "flagged": np.mean(flagged),
            "recall": np.sum(flagged & (y_true == 1)) / np.sum(y_true == 1)}

# %% tags=["wrong"] misconception="logit-sign"
# A negative threshold flags films below one half as well. At which logit are the odds 1 to 1?
def report_from_logits(y_true, logits):
    surprise = np.maximum(logits, 0) - logits * y_true + np.log1p(np.exp(-np.abs(logits)))
    flagged = logits > -0.5
    return {"log loss": np.mean(surprise), "flagged": np.mean(flagged),
            "recall": np.sum(flagged & (y_true == 1)) / np.sum(y_true == 1)}

# %% tags=["wrong"] misconception="report-mended-not-flags"
# The recall is right now, and the share of flagged films is still wrong. Mend the flags themselves: both are made of them.
def report_from_logits(y_true, logits):
    surprise = np.maximum(logits, 0) - logits * y_true + np.log1p(np.exp(-np.abs(logits)))
    flagged = logits > 0.5
    return {"log loss": np.mean(surprise), "flagged": np.mean(flagged),
            "recall": np.sum((logits > 0) & (y_true == 1)) / np.sum(y_true == 1)}

# %% tags=["wrong"] misconception="logit-sign"
# You flag the films below one half. A positive logit means more than one half.
def report_from_logits(y_true, logits):
    surprise = np.maximum(logits, 0) - logits * y_true + np.log1p(np.exp(-np.abs(logits)))
    flagged = logits < 0
    return {"log loss": np.mean(surprise), "flagged": np.mean(flagged),
            "recall": np.sum(flagged & (y_true == 1)) / np.sum(y_true == 1)}

# %% tags=["wrong"] misconception="sign-reversed"
# You reversed a sign in the log loss, which was right before. The fault is in another line: it asks something of a logit.
def report_from_logits(y_true, logits):
    surprise = np.maximum(logits, 0) + logits * y_true + np.log1p(np.exp(-np.abs(logits)))
    flagged = logits > 0.5
    return {"log loss": np.mean(surprise), "flagged": np.mean(flagged),
            "recall": np.sum(flagged & (y_true == 1)) / np.sum(y_true == 1)}

# %% tags=["wrong"] misconception="mended-too-much"
# The flags are right now. But you also changed whom you find: the positive class is y = 1, the winners.
def report_from_logits(y_true, logits):
    surprise = np.maximum(logits, 0) - logits * y_true + np.log1p(np.exp(-np.abs(logits)))
    flagged = logits > 0
    found = np.sum(flagged & (y_true == 0))
    return {"log loss": np.mean(surprise), "flagged": np.mean(flagged), "recall": found / np.sum(y_true == 1)}

# %% [markdown]
# And Keras' metrics, how should they be written? Compare with the column of scikit-learn above:

# %% tags=["training"]
# the labels and the outputs, then the metric that fits them
assert 1e-5 < abs(keras_says(K.AUC(), y_column, p[:, None]) - sk.roc_auc_score(y_test, p)) < 0.01
for name, y, out, metric in [("recall on logits", y_column, as_logits, K.Recall(thresholds=0)),
                             ("AUC on logits", y_column, as_logits, K.AUC(from_logits=True)),
                             ("accuracy on logits", y_column, as_logits, K.BinaryAccuracy(threshold=0)),
                             ("precision, two softmax columns", y_rows, as_shares, K.Precision(class_id=1)),
                             ("recall, two softmax columns", y_rows, as_shares, K.Recall(class_id=1)),
                             ("F1 of the model", y_column, p[:, None], K.F1Score(threshold=0.5)),
                             ("F1 of random numbers", y_column, noise, K.F1Score(threshold=0.5)),
                             ("AUC, every p divided by 100", y_column, p / 100, K.AUC(num_thresholds=20000))]:
    print(f"{name:32} {keras_says(metric, y, out):11.3f}")

# %% [markdown]
# Labels −1 and 1 are missing here: recode them. And Keras' AUC, even from the right outputs, differs a little from the
# pairs: it looks at 200 thresholds, not at every film.

# %% [markdown]
# Does the doctor see what you saw? Here is the colleague's model, compiled with the dashboard's metrics:

# %% tags=["training"]
dashboard = build(linear_head, from_logits, metrics=[keras.metrics.Recall(), keras.metrics.AUC()])
examine(dashboard, films.X_train, films.y_train)

# %% [markdown]
# It compares the head with what each metric expects. A report in plain NumPy, such as that of the exercise, it cannot
# see. There you test yourself: feed a metric something whose answer you know, such as random numbers, or flagging
# every film.

# %% [markdown]
# ## 7. Where to cut
#
# Between the probability and the flag stands a threshold, and nobody trained it. Let us move it. One seed serves
# here, because a slider shows one model.

# %% [raw] tags=["prediction"]
# id = "what-the-threshold-moves"
# given = "0.5 0.1: premises"
# ask = "You move the threshold of a trained model from 0.5 to 0.1. Which of these change: the four counts with precision, recall, F1 and accuracy; the AUC; the log loss; the weights?"
# discuss = true
# [right]
# text = "the counts and what is made of them"
# why = "The threshold decides who is flagged, and nothing else. Probabilities, log loss and the ranking stay as they were."
# [[wrong]]
# text = "the counts and the AUC: the model moves along its curve"
# misconception = "point-is-curve"
# why = "A threshold is one point of the curve. The curve and its area stay."
# [[wrong]]
# text = "the counts and the log loss: there are other errors now"
# misconception = "loss-is-thresholded"
# why = "The log loss is made of probabilities, and those did not move."
# [[wrong]]
# text = "all four: the model adapts to the threshold"
# misconception = "threshold-retrains"
# why = "Nothing is trained. The threshold is applied after the model has spoken."

# %% [raw] tags=["alt"] id="threshold-slider-alt" given="0.5: the slider's start"
# Two panels, one threshold marked in both: left, histograms of the logit from -14 or less to 4, for winners and for
# other films, each as share of its own class, 0 to {top:.2f}; right, the ROC curve, recall from 0 to 1 over the share
# of other films flagged, 0 to 1, which rises steeply and then flattens. The others are spread over the whole range below {others:.1f}, the winners crowd
# between {low:.0f} and {high:.0f}. At threshold 0.5 a line at logit 0 has {recall:.2f} of the winners to its right,
# and the ringed point lies at the left edge, at recall {recall:.2f}.

# %%
fpr, tpr, _ = sk.roc_curve(y_test, p)
drawn = {name: np.clip(logit(p[y_test == kind]), -14, 4) for name, kind in [("other films", 0), ("winners", 1)]}

def more():
    return f"AUC {sk.roc_auc_score(y_test, p):.3f}, log loss {bce(y_test, p):.3f}"

def draw_threshold(t, left, right):
    tp, fn, fp, tn = four_counts(y_test, p > t)
    # left: who lies above the threshold
    for i, (name, z) in enumerate(drawn.items()):
        left.hist(z, bins=np.linspace(-14, 4, 37), weights=np.full(len(z), 1 / len(z)), label=name, histtype="step",
                  linewidth=2.2, color=figures.COLORS[i], linestyle=figures.STYLES[i])
    left.axvline(logit(t), color="black")
    left.set(xlabel="logit of the film (left end: −14 or less)", ylabel="share of its class", title=f"threshold {t:g}")
    left.legend(loc="upper left")
    # right: the point on the curve
    right.plot(fpr, tpr, color=figures.COLORS[0])
    figures.mark(right, fp / (fp + tn), tp / (tp + fn), f"threshold {t:g}", offset=(14, -4))
    right.set(xlabel="share of other films flagged", ylabel="recall", title=more(), ylim=(0, 1.02))

# %%
def at_threshold(t):
    tp, fn, fp, tn = four_counts(y_test, p > t)
    fig, (left, right) = figures.axes(2)
    draw_threshold(t, left, right)
    return fig, (f"Threshold {t:g}: {tp + fp} films flagged, {tp} of {tp + fn} winners among them. Precision "
                 f"{tp / max(tp + fp, 1):.2f}, recall {tp / (tp + fn):.2f}, accuracy {(tp + tn) / len(y_test):.3f}. "
                 f"{more()}.")

low, high = np.percentile(drawn["winners"], [5, 95])
figures.slider(at_threshold, [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], label="threshold", value=0.5,
               alt="threshold-slider-alt", recall=np.mean(p[y_test == 1] > 0.5), low=low, high=high,
               others=np.percentile(drawn["other films"], 99),
               top=max(np.histogram(z, np.linspace(-14, 4, 37))[0].max() / len(z) for z in drawn.values()))

# %% [markdown]
# The same without a slider:

# %%
print("threshold  flagged  found  precision  recall  accuracy     AUC  log loss")
for t in [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7]:
    # one row a threshold
    tp, fn, fp, tn = four_counts(y_test, p > t)
    precision, recall, _ = all_three(y_test, p > t)
    print(f"{t:9} {tp + fp:8} {tp:6} {precision:10.2f} {recall:7.2f} {(tp + tn) / len(y_test):9.3f} "
          f"{sk.roc_auc_score(y_test, p):7.3f} {bce(y_test, p):9.3f}")

# %%
compare("what-the-threshold-moves")

# %% [markdown] given="0.3 30%: an example in a definition"
# **Compare with your prediction.** The last two columns stand still: AUC and log loss do not know the threshold.
#
# ### From costs to a threshold
#
# Which cut is best? As in notebook 01, there is no answer before somebody says what a mistake costs. An archive says:
# a missed winner costs 9, a false alarm costs 1.
#
# One thing must be known about the probabilities. A model is **calibrated**, and its probabilities are *honest*, if they
# mean what they say: of the films with p = 0.3, 30% are winners. Section 8 looks whether ours is. Suppose it is.

# %% [raw] tags=["prediction"]
# id = "threshold-nine-to-one"
# ask = "A missed winner costs 9, a false alarm 1, and the probabilities are calibrated. From which probability on is a flag the cheaper choice?"
# range = [0, 1]
# right = 0.1
# tolerance = 0.05
# why = "Flagging a film costs 1 with probability 1 − p. Not flagging it costs 9 with probability p. The two are equal where 9 p = 1 − p."
# [[near]]
# value = 0.5
# misconception = "half-is-natural"
# why = "One half is right if both mistakes cost the same. Here a miss is nine times as bad."
# [[near]]
# value = 0.9
# misconception = "cost-reversed"
# why = "At 0.9 you would flag only what is nearly sure, and miss the most: the costly side."
# [[near]]
# value = 0.111
# misconception = "ratio-is-not-a-share"
# why = "1/9 is the ratio of the costs, and of the odds at the threshold. As a probability that is 1/10."
# [[near]]
# value = 0.041
# misconception = "threshold-is-prevalence"
# why = "That is the share of winners. The threshold comes from the costs; the share of winners is already in the probabilities."

# %%
thresholds = np.linspace(0.005, 0.995, 199)

def mean_cost(y_true, p, threshold, miss=9, false_alarm=1):
    # each film: what does this decision cost?
    missed, alarm = (y_true == 1) & (p <= threshold), (y_true == 0) & (p > threshold)
    return np.mean(miss * missed + false_alarm * alarm)

# the cost at each threshold, for each seed
cost_val = np.array([[mean_cost(y_val, one, t) for t in thresholds] for one in p_val])
nobody = 9 * y_val.mean()   # flag no film: every winner costs 9

# %% [raw] tags=["alt"] id="cost-curve-alt" given="0.6: end of the axis; 0.5: the default threshold"
# Line plot of the mean cost per validation film, 0 to 0.6, over the threshold, 0 to 1; median and band over 16 seeds.
# From high values at the left edge the curve falls steeply to its lowest place, around {low:.2f} near threshold
# {where:.2f}, which is ringed, and rises slowly to a dotted line at {nobody:.2f}, the cost of flagging no film. At
# 0.5, ringed too, it is {half:.2f}.

# %%
middle = np.median(cost_val, axis=0)
fig, ax = figures.axes(xlabel="threshold", ylabel="mean cost per validation film")
figures.lines(ax, thresholds, {"model": cost_val}, label_at=None)
# the lowest place, and the default
for place, name, offset in [(middle.argmin(), "lowest", (-4, -26)), (99, "one half", (4, -22))]:
    figures.mark(ax, thresholds[place], middle[place], f"{name}: {thresholds[place]:.2f}", offset=offset)
ax.axhline(nobody, color="black", linestyle=":")
ax.annotate("flag no film", (0.8, nobody + 0.012))
ax.set_ylim(0, 0.6)
figures.show(fig, "cost-curve-alt", low=middle.min(), where=thresholds[middle.argmin()], nobody=nobody,
             half=middle[99])

# %%
compare("threshold-nine-to-one", 0.1)

# %% tags=["training"]
# the rule: 9 p = 1 − p
assert np.isclose(9 * 0.1, 1 - 0.1) and np.isclose(9 / (9 + 1), 0.9) and np.isclose(1 / (1 + 9), 0.1)
cost_at = {t: np.array([mean_cost(y_test, one, t) for one in p_test]) for t in [0.1, 0.5]}
cheapest = np.array([min(mean_cost(y_test, one, t) for t in thresholds) for one in p_test])
print(claim("On the test films, cutting at 0.1 costs at most three quarters of cutting at 0.5.",
            cost_at[0.1] / cost_at[0.5], "<", 0.75))
print(claim("Cutting at 0.1 costs at most a fifth more than the cheapest threshold, known only afterwards, on nine "
            "seeds in ten.", cost_at[0.1] / cheapest, "<", 1.2, share=0.9))

# %% [markdown] given="0.1: asserted above"
# **Compare with your prediction.** The curve is lowest near the 0.1 that follows from the two costs. No label was
# looked at for that, so there was nothing to tune. That is the gift of calibrated probabilities. For costs c and f
# it is f / (c + f), where c is that of a miss and f that of a false alarm.

# %% [markdown]
# ### A threshold for F1
#
# F1 has no costs to compute from. But it has a rule. Look at one film with probability p, at the edge of the list.
# Flag it, and on average the top of F1, 2 · flagged winners, grows by 2 p, while its bottom, flagged films + winners,
# grows by 1. That lifts F1 as long as 2 p is larger than F1 itself.

# %%
def f1_at(y_true, p, thresholds):
    # one row of flags for each threshold
    flagged = p[None, :] > thresholds[:, None]
    return 2 * (flagged @ y_true) / (flagged.sum(axis=1) + y_true.sum())

# F1 at each threshold, for each seed; its best value, and where
f1_val = np.array([f1_at(y_val, one, thresholds) for one in p_val])
best_f1 = f1_val.max(axis=1)
best_t = thresholds[f1_val.argmax(axis=1)]
assert np.isclose(f1_val[0, 99], all_three(y_val, p_val[0] > thresholds[99])[2])
tell("The best F1 on the validation films, over all thresholds, is {best:.2f} (median of 16 seeds).",
     best=np.median(best_f1))

# %% [raw] tags=["prediction"]
# id = "threshold-for-f1"
# ask = "You have just seen the best F1 on the validation films. Near which threshold is it reached, if the probabilities are calibrated?"
# range = [0, 1]
# right = 0.22
# tolerance = 0.25
# why = "At the edge 2 p equals F1. So the best threshold is half of the best F1 (Lipton, Elkan and Narayanaswamy 2014)."
# [[near]]
# value = 0.5
# misconception = "half-is-natural"
# why = "One half is the default, not the best. It would be the best only if F1 were 1."
# [[near]]
# value = 0.44
# misconception = "threshold-equals-f1"
# why = "That is F1 itself. At the edge it is 2 p that equals F1."
# [[near]]
# value = 0.041
# misconception = "threshold-is-prevalence"
# why = "That is the share of winners. A film with such a p would lower F1: 2 p is far below it."

# %% [raw] tags=["alt"] id="f1-curve-alt" given="0.6: end of the axis"
# Line plot of F1 on the validation films, 0 to 0.6, over the threshold, 0 to 1; median and band over 16 seeds. The
# median climbs from about {start:.2f} at the left edge to a broad top, {top:.2f} at best, around threshold
# {where:.2f}, and falls to 0 toward the right. A dotted line at {line:.2f} marks the place of the seeds' best
# thresholds, in the median.

# %% tags=["training"]
fig, ax = figures.axes(xlabel="threshold", ylabel="F1 on the validation films")
figures.lines(ax, thresholds, {"model": f1_val}, label_at=None)
ax.axvline(np.median(best_t), color="black", linestyle=":")
ax.annotate(f" best place: {np.median(best_t):.2f}", (np.median(best_t), 0.55))
ax.set_ylim(0, 0.6)
figures.show(fig, "f1-curve-alt", line=np.median(best_t), start=np.median(f1_val[:, 0]),
             top=np.median(f1_val, axis=0).max(), where=thresholds[np.median(f1_val, axis=0).argmax()])

# %%
compare("threshold-for-f1", np.median(best_t))

# %% tags=["training"]
tell("Half of the best F1 is {half:.2f}.", half=np.median(best_f1) / 2)
at_half, at_whole = (np.array([f1_at(y_val, one, np.array([part * best]))[0] for one, best in zip(p_val, best_f1)])
                     for part in (0.5, 1))
print(claim("A threshold of half the best F1 gives at least 0.85 of the best F1 on the validation films.",
            at_half / best_f1, ">", 0.85))
print(claim("A threshold as high as the best F1 gives an F1 lower by more than 0.01 than half of it does, on nine "
            "seeds in ten.", at_half - at_whole, ">", 0.01, share=0.9))

# %% [markdown]
# **Compare with your prediction.** The top of the curve is broad, and half of the best F1 lies on it. One half lies to
# the right of it, where F1 is falling already.
#
# ### On which films?

# %% [raw] tags=["question"]
# id = "tune-on-what"
# ask = "You have training, validation and test films. On which do you search for the threshold with the best F1?"
# discuss = true
# [right]
# text = "on the validation films"
# why = "The test films must not have a say in anything, or they no longer tell what happens on new films. And on the films that the weights were fitted to, the model may look too sure."
# [[wrong]]
# text = "on the test films: that is what they are for"
# misconception = "test-is-for-tuning"
# why = "Then nothing is left that says how good the chosen threshold is elsewhere."
# [[wrong]]
# text = "on the training films: the model knows them best"
# misconception = "fitting-data-is-safe"
# why = "That is the trouble. On films that it has fitted, it may look too sure."
# [[wrong]]
# text = "on all of them: more winners, a better threshold"
# misconception = "more-data-for-tuning"
# why = "A better threshold, perhaps, and no honest number to report."

# %% [markdown]
# How much better does F1 look where its threshold was chosen? We choose on 400 validation films, as one would have in
# a smaller project, and look at the other validation films. Twenty draws for each seed.

# %% tags=["training"]
def f1_gap(one, rng):
    # choose on 400 films, look there and at the rest
    order = rng.permutation(len(y_val))
    few, rest = order[:400], order[400:]
    f1s = f1_at(y_val[few], one[few], thresholds)
    return f1s.max() - f1_at(y_val[rest], one[rest], thresholds[[f1s.argmax()]])[0]

rng = np.random.default_rng(seed)
gaps = np.array([np.mean([f1_gap(one, rng) for _ in range(20)]) for one in p_val])
print(claim("Where the threshold was chosen, F1 looks better by more than 0.03 on average.", gaps, ">", 0.03))

# %% [markdown]
# Among 400 films a handful of winners decides which threshold looks best. The search takes the one that luck favored
# there. Elsewhere that luck is gone.

# %% [raw] tags=["order"]
# id = "order-threshold"
# ask = "Put the steps in order: a threshold that is chosen and reported honestly."
# lines = ["train on the training films", "predict the validation films", "compute the metric at each candidate threshold",
#  "keep the best threshold", "predict the test films and cut them there", "report the metric on the test films, once"]
# right = [[1, 2, 3, 4, 5, 6]]
# why = "The test films come last and have no say. Once they have been used to choose, they are validation films."
# [[wrong]]
# order = [1, 5, 3, 4, 2, 6]
# misconception = "test-is-for-tuning"
# why = "Here the test films choose the threshold. They have then seen what they are to judge."
# [[wrong]]
# order = [1, 2, 4, 3, 5, 6]
# misconception = "choice-before-comparison"
# why = "The best threshold cannot be kept before the metric has been computed for each."

# %% [markdown]
# ### Exercise 7.1: choose and report
#
# Write these steps down, for F1. Which data choose the threshold, and which give the number that you report? A film
# is flagged if its p is **above** the threshold.

# %% tags=["exercise"] id="choose-for-f1"
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    """Returns {"threshold": …, "f1": …}: the candidate with the best F1, the first one of equals, and the F1 to report.

    Labels: (n,) of 0 and 1, some of them 1; probabilities: (n,). candidates: thresholds, ascending.
    """
    ### BEGIN SOLUTION
    def f1(y, p, t):
        return 2 * np.sum((p > t) & (y == 1)) / (np.sum(p > t) + np.sum(y == 1))

    best = candidates[np.argmax([f1(y_val, p_val, t) for t in candidates])]
    return {"threshold": best, "f1": f1(y_test, p_test, best)}
    ### END SOLUTION

# %% tags=["cases"]
rng = np.random.default_rng(7)
def drawn_case(n, candidates):
    y = (rng.random(2 * n) < 0.35).astype(int)
    y[[0, 1, n, n + 1]] = [1, 0, 1, 0]
    p = np.round(np.clip(0.15 + 0.3 * y + 0.2 * rng.normal(size=2 * n), 0.02, 0.98), 2)
    return y[:n], p[:n], y[n:], p[n:], np.array(candidates)

cases = [drawn_case(12, [0.1, 0.2, 0.3, 0.4, 0.5]), drawn_case(15, [0.05, 0.25, 0.35, 0.6]),
         drawn_case(20, [0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6]),
         drawn_case(20, [0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6]), drawn_case(16, [0.2, 0.3, 0.4, 0.5, 0.7]),
         (np.array([1, 0, 0, 1]), np.array([0.8, 0.3, 0.1, 0.7]), np.array([1, 0, 1, 0]),
          np.array([0.45, 0.2, 0.9, 0.5]), np.array([0.2, 0.3, 0.4, 0.5]))]
labels = ["y_val", "p_val", "y_test", "p_test", "candidates"]

# %% tags=["hint"]
# Write F1 for labels, probabilities and one threshold as a function of its own. Which data does the search use, and which the report?

# %% tags=["hint"]
# `np.argmax` of a list of F1 values is the place of its first largest one. Use the validation films for that list, and the test films for the number that you return.

# %% tags=["right"]
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    flagged = p_val[None] > candidates[:, None]
    f1s = 2 * (flagged @ y_val) / (flagged.sum(axis=1) + y_val.sum())
    threshold = candidates[f1s == f1s.max()][0]
    flagged = p_test > threshold
    return dict(threshold=threshold, f1=2 * np.sum(y_test[flagged]) / (flagged.sum() + y_test.sum()))

# %% tags=["wrong"] misconception="test-is-for-tuning"
# The test films chose the threshold. They are to judge it, so they must not choose it.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        return 2 * np.sum((p > t) & (y == 1)) / (np.sum(p > t) + np.sum(y == 1))
    best = candidates[np.argmax([f1(y_test, p_test, t) for t in candidates])]
    return {"threshold": best, "f1": f1(y_test, p_test, best)}

# %% tags=["wrong"] misconception="reported-where-chosen"
# Your F1 is that of the validation films, where the threshold was chosen. Of many thresholds the search took the one that luck favored there.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        return 2 * np.sum((p > t) & (y == 1)) / (np.sum(p > t) + np.sum(y == 1))
    values = [f1(y_val, p_val, t) for t in candidates]
    return {"threshold": candidates[np.argmax(values)], "f1": max(values)}

# %% tags=["wrong"] misconception="more-data-for-tuning"
# You chose on validation and test films together. Then the test films had a say.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        return 2 * np.sum((p > t) & (y == 1)) / (np.sum(p > t) + np.sum(y == 1))
    y, p = np.concatenate([y_val, y_test]), np.concatenate([p_val, p_test])
    best = candidates[np.argmax([f1(y, p, t) for t in candidates])]
    return {"threshold": best, "f1": f1(y_test, p_test, best)}

# %% tags=["wrong"] misconception="accuracy-chooses-the-threshold"
# You chose by accuracy. It likes to flag few films. Here F1 was asked for.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        return 2 * np.sum((p > t) & (y == 1)) / (np.sum(p > t) + np.sum(y == 1))
    best = candidates[np.argmax([np.mean((p_val > t) == y_val) for t in candidates])]
    return {"threshold": best, "f1": f1(y_test, p_test, best)}

# %% tags=["wrong"] misconception="cut-counts-as-above"
# You also flag a film whose p is just the threshold. Flag it only if its p is above.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        return 2 * np.sum((p >= t) & (y == 1)) / (np.sum(p >= t) + np.sum(y == 1))
    best = candidates[np.argmax([f1(y_val, p_val, t) for t in candidates])]
    return {"threshold": best, "f1": f1(y_test, p_test, best)}

# %% tags=["wrong"] misconception="last-of-equals"
# Of thresholds with the same F1 you keep the last. The first was asked for.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        return 2 * np.sum((p > t) & (y == 1)) / (np.sum(p > t) + np.sum(y == 1))
    f1s = np.array([f1(y_val, p_val, t) for t in candidates])
    best = candidates[np.flatnonzero(f1s == f1s.max())[-1]]
    return {"threshold": best, "f1": f1(y_test, p_test, best)}

# %% tags=["wrong"] misconception="place-instead-of-value"
# Your threshold is a place in the list of candidates. Take the candidate that stands there.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        return 2 * np.sum((p > t) & (y == 1)) / (np.sum(p > t) + np.sum(y == 1))
    place = int(np.argmax([f1(y_val, p_val, t) for t in candidates]))
    return {"threshold": place, "f1": f1(y_test, p_test, candidates[place])}

# %% tags=["wrong"] misconception="test-is-for-tuning"
# Your threshold comes from the validation films, and the F1 that you report is the best of all thresholds on the test films. Report the F1 of the one that was chosen.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        return 2 * np.sum((p > t) & (y == 1)) / (np.sum(p > t) + np.sum(y == 1))
    best = candidates[np.argmax([f1(y_val, p_val, t) for t in candidates])]
    return {"threshold": best, "f1": max(f1(y_test, p_test, t) for t in candidates)}

# %% tags=["wrong"] misconception="threshold-equals-f1"
# Half of the best F1 is the rule for calibrated probabilities. Here the candidate that reaches the best F1 was asked for.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        return 2 * np.sum((p > t) & (y == 1)) / (np.sum(p > t) + np.sum(y == 1))
    best = max(f1(y_val, p_val, t) for t in candidates) / 2
    return {"threshold": best, "f1": f1(y_test, p_test, best)}

# %% tags=["wrong"] misconception="test-is-for-tuning"
# The two sets are exchanged: your test films choose the threshold, and your validation films report.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        return 2 * np.sum((p > t) & (y == 1)) / (np.sum(p > t) + np.sum(y == 1))
    best = candidates[np.argmax([f1(y_test, p_test, t) for t in candidates])]
    return {"threshold": best, "f1": f1(y_val, p_val, best)}

# %% tags=["wrong"] misconception="f1-fits-every-objective"
# You chose by recall. It likes to flag many films, so the lowest threshold wins. Here F1 was asked for.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        return 2 * np.sum((p > t) & (y == 1)) / (np.sum(p > t) + np.sum(y == 1))
    best = candidates[np.argmax([np.sum((p_val > t) & (y_val == 1)) for t in candidates])]
    return {"threshold": best, "f1": f1(y_test, p_test, best)}

# %% tags=["wrong"] misconception="f1-fits-every-objective"
# You chose by precision. It likes to flag few films. Here F1 was asked for.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        return 2 * np.sum((p > t) & (y == 1)) / (np.sum(p > t) + np.sum(y == 1))
    best = candidates[np.argmax([np.sum((p_val > t) & (y_val == 1)) / max(np.sum(p_val > t), 1) for t in candidates])]
    return {"threshold": best, "f1": f1(y_test, p_test, best)}

# %% tags=["wrong"] misconception="half-is-natural"
# The threshold is right, and then you report the F1 at one half. Cut the test films at the threshold that was chosen.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        return 2 * np.sum((p > t) & (y == 1)) / (np.sum(p > t) + np.sum(y == 1))
    best = candidates[np.argmax([f1(y_val, p_val, t) for t in candidates])]
    return {"threshold": best, "f1": f1(y_test, p_test, 0.5)}

# %% tags=["wrong"] misconception="f1-forgets-the-two"
# The threshold is right. In the F1 that you report the factor of two is missing.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        return np.sum((p > t) & (y == 1)) / (np.sum(p > t) + np.sum(y == 1))
    best = candidates[np.argmax([f1(y_val, p_val, t) for t in candidates])]
    return {"threshold": best, "f1": f1(y_test, p_test, best)}

# %% tags=["wrong"] misconception="zero-over-zero"
# Where a threshold flags nothing, your precision is 0 / 0, and `np.argmax` takes the NaN for the best. Give 0 there.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        found = np.sum((p > t) & (y == 1))
        precision, recall = found / np.sum(p > t), found / np.sum(y == 1)
        return 2 * precision * recall / (precision + recall)
    with np.errstate(all="ignore"):
        best = candidates[np.argmax([f1(y_val, p_val, t) for t in candidates])]
        return {"threshold": best, "f1": f1(y_test, p_test, best)}

# %% tags=["wrong"] misconception="half-is-natural"
# You report one half without a search. Take the candidate with the best F1 on the validation films.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        return 2 * np.sum((p > t) & (y == 1)) / (np.sum(p > t) + np.sum(y == 1))
    return {"threshold": 0.5, "f1": f1(y_test, p_test, 0.5)}

# %% tags=["wrong"] misconception="wrong-direction"
# You took the candidate with the lowest F1. A high F1 is wanted: `argmax`.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        return 2 * np.sum((p > t) & (y == 1)) / (np.sum(p > t) + np.sum(y == 1))
    t = candidates[np.argmin([f1(y_val, p_val, t) for t in candidates])]
    return {"threshold": t, "f1": f1(y_test, p_test, t)}

# %% tags=["wrong"] misconception="accuracy-for-f1"
# The threshold is right. What you report under "f1" is the accuracy on the test films.
def choose_for_f1(y_val, p_val, y_test, p_test, candidates):
    def f1(y, p, t):
        return 2 * np.sum((p > t) & (y == 1)) / (np.sum(p > t) + np.sum(y == 1))
    t = candidates[np.argmax([f1(y_val, p_val, t) for t in candidates])]
    return {"threshold": t, "f1": np.mean((p_test > t) == (y_test == 1))}

# %% tags=["training"] given="0.5: the default threshold"
f1_test = np.array([f1_at(y_test, one, np.array([chosen, 0.5])) for one, chosen in zip(p_test, best_t)])
print(claim("On the test films, F1 at the threshold chosen on validation films is higher than at 0.5, by over "
            "0.02 on nine seeds in ten.", f1_test[:, 0] - f1_test[:, 1], ">", 0.02, share=0.9))
print("your choice, one seed (None: not written yet):", choose_for_f1(y_val, p_val[0], y_test, p_test[0], thresholds))

# %% [markdown]
# Must you write that search yourself? scikit-learn has it ready: `TunedThresholdClassifierCV`. It needs `fit`,
# `predict_proba` and `classes_`. A trained Keras model gets them in a few lines. (Keras' own wrapper,
# `SKLearnClassifier`, offers no `predict_proba`.) Does it find your threshold?

# %% tags=["training"]
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import TunedThresholdClassifierCV

class AlreadyTrained(ClassifierMixin, BaseEstimator):
    """A trained binary Keras model as scikit-learn wants it; `fit` leaves the model as it is."""
    def __init__(self, model):
        self.model = model
    def fit(self, X, y):
        self.classes_ = np.unique(y)
        return self
    def predict_proba(self, X):
        yes = self.model.predict(X, batch_size=4096, verbose=0)[:, 0]
        return np.column_stack([1 - yes, yes])

# %% tags=["training"]
# "prefit": take the model as it is, and search on the films given here
wrapped = AlreadyTrained(sigmoid_runs.model(0)).fit(films.X_val, y_val)
tuned = TunedThresholdClassifierCV(wrapped, scoring="f1", cv="prefit", refit=False).fit(films.X_val, y_val)
print(f"threshold by scikit-learn {tuned.best_threshold_:.3f}, by our search, same model, {best_t[0]:.3f}")
print(f"F1 on the validation films {tuned.best_score_:.3f} and {best_f1[0]:.3f}; on the test films "
      f"{all_three(y_test, tuned.predict(films.X_test) == 1)[2]:.3f}")
assert 0 < tuned.best_threshold_ < 1 and abs(tuned.best_score_ - best_f1[0]) < 0.02

# %% [markdown]
# Two thresholds, and nearly one F1: scikit-learn tries other candidates, and the top of the curve is broad. With
# `cv=5` and `refit=True`, and a `fit` that builds and trains, it does without validation films: it trains five
# models to choose the threshold, and a sixth on all films.
#
# ### Where it bites
#
# A threshold of one half is a choice of costs that nobody has made. Write the costs down, and compute it; or choose
# it for your metric, on validation data.

# %% [markdown] given="24: asserted below"
# ## 8. Weights or a threshold?
#
# "Winners are rare, so make them count more": you will read that everywhere. `class_weight={0: 1, 1: 24}` multiplies
# the loss of each winner by 24, so that both classes weigh the same. Or show each winner 24 times, as notebook 00
# showed it eight times: that is **oversampling**. What do you get for it?

# %% [raw] tags=["prediction"]
# id = "val-loss-under-weights"
# ask = "A model is trained with `class_weight`, validation data, and an accuracy under `metrics`. Which of `loss`, `accuracy` and `val_loss` are weighted?"
# [right]
# text = "`loss` alone"
# why = "`class_weight` is for the training loss only. Metrics are weighted if they are listed under `weighted_metrics`, and validation data never by `class_weight`."
# [[wrong]]
# text = "`loss` and `val_loss`, or they could not be compared"
# misconception = "validation-is-weighted-too"
# why = "They cannot be compared. `class_weight` is not applied to validation data; give sample weights in `validation_data` if you want that."
# [[wrong]]
# text = "`loss` and `accuracy`: both are from training"
# misconception = "metrics-are-weighted-too"
# why = "A metric is weighted only if it is listed under `weighted_metrics`."
# [[wrong]]
# text = "all three"
# misconception = "validation-is-weighted-too"
# why = "`class_weight` does not reach validation data, and metrics only under `weighted_metrics`."

# %% tags=["training"]
weight = round((1 - films.y_train.mean()) / films.y_train.mean())   # others for each winner
assert weight == 24
# train with weights
keras.utils.set_random_seed(seed)
weighted_one = build(sigmoid_head, metrics=[keras.metrics.BinaryAccuracy(name="accuracy")],
                     weighted_metrics=[keras.metrics.BinaryAccuracy(name="weighted accuracy")])
history = weighted_one.fit(films.X_train, films.y_train, batch_size=256, epochs=6, verbose=0,
                           class_weight={0: 1, 1: weight}, validation_data=(films.X_val, y_val)).history

# %% tags=["training"]
print({name: round(values[-1], 3) for name, values in history.items()})
for name, X, y in [("training", films.X_train, films.y_train), ("validation", films.X_val, y_val)]:
    # loss and accuracy by hand, without weights and with them
    yes, w = weighted_one.predict(X, batch_size=4096, verbose=0)[:, 0].astype(float), np.where(y == 1, weight, 1)
    surprise, hit = -np.where(y == 1, np.log(yes), np.log(1 - yes)), (yes > 0.5) == y
    print(f"{name:10}  loss {surprise.mean():.3f}, weighted {np.mean(w * surprise):.3f};  "
          f"accuracy {hit.mean():.3f}, weighted {np.average(hit, weights=w):.3f}")
    plain_loss = surprise.mean()

# %%
compare("val-loss-under-weights")

# %% [markdown]
# **Compare with your prediction.** Line by line: `val_loss` is the plain one, `accuracy` too. `weighted accuracy`
# is what its name says, but its `val_` line is plain: class weights do not reach validation data. (The training
# line differs a little: Keras reports a mean over an epoch in which the weights still change.) So `loss` is a
# weighted number here, and `val_loss` a plain one. Their difference says nothing about unseen films: compare like with
# like, plain with plain or weighted with weighted.
#
# In which forms does Keras take the weights? No weights, and five ways to write them, on a part of the films:

# %% tags=["training"]
assert np.isclose(history["val_loss"][-1], plain_loss, rtol=1e-3)
share = {}
for name, given in [("no weights", None), ("{0: 1, 1: 24}", {0: 1, 1: 24}), ("{1: 24}", {1: 24}),
                    ("{'0': 1, '1': 24}", {"0": 1, "1": 24}), ("[1, 24]", [1, 24]), ("'balanced'", "balanced")]:
    # train with them; then the mean probability, which shows whether they were heard
    keras.utils.set_random_seed(seed)
    print(f"class_weight={name}")
    model = build(sigmoid_head, run_eagerly=True)  # no graph: sooner done
    fitted = listen(lambda: model.fit(films.X_train[:4096], films.y_train[:4096], batch_size=256, verbose=0,
                                      class_weight=given))
    if fitted:
        share[name] = model.predict(films.X_test, batch_size=4096, verbose=0).mean()
        print(f"   mean probability {share[name]:.3f}")

# %% [raw] tags=["question"]
# id = "class-weight-forms"
# ask = "Compare the mean probabilities of the forms that ran. What did Keras do with `{1: 24}` and with the string keys?"
# [right]
# text = "`{1: 24}`: the missing class counts 1; string keys: ignored"
# why = "A class that is missing counts 1. A key that is no label is never found, and Keras does not say so. Lists and names are refused; scikit-learn's 'balanced' must be computed first."
# [[wrong]]
# text = "`{1: 24}`: class 0 is left out; string keys: turned into numbers"
# misconception = "keras-repairs-everything"
# why = "A class that is left out would give probabilities near 1. And with the string keys the mean probability is that without weights."
# [[wrong]]
# text = "nothing: both came out as without weights"
# misconception = "missing-key-means-no-weights"
# why = "Look at the mean probabilities: that of `{1: 24}` is as high as with both keys."

# %% [markdown]
# One of the forms was let pass and did nothing. Does the doctor see what you saw?

# %% tags=["training"]
assert np.isclose(share["no weights"], share["{'0': 1, '1': 24}"]) and np.isclose(
    share["{1: 24}"], share["{0: 1, 1: 24}"])
examine(build(sigmoid_head), films.X_train, films.y_train, class_weight={"0": 1, "1": 24})

# %% [markdown]
# It compares the keys with the labels. Whether weights are a good idea at all, it cannot see. You can: both recipes
# over 16 seeds.

# %% [raw] tags=["prediction"]
# id = "what-weights-do"
# given = "24: asserted above"
# ask = "Winners weighted by 24, or shown 24 times. What becomes of the probabilities, of the AUC, and of F1 if each model gets the threshold that is best for it on validation films?"
# discuss = true
# [right]
# text = "probabilities far too high; AUC and F1 about as before"
# why = "The model reports the world that it was shown, in which every second film is a winner. It learned nothing new about which film, so the ranking stays, and a threshold of its own gives about the same flags."
# [[wrong]]
# text = "probabilities far too high; AUC and F1 clearly better"
# misconception = "copies-add-information"
# why = "No new film came in. What tells winners from others has not changed."
# [[wrong]]
# text = "probabilities better calibrated; AUC and F1 about as before"
# misconception = "balanced-is-calibrated"
# why = "Balanced classes are not the world in which the model is used. There winners are rare, and its probabilities are far too high."
# [[wrong]]
# text = "probabilities far too high; AUC and F1 clearly worse"
# misconception = "calibration-is-quality"
# why = "Order and flags do not need honest probabilities. A threshold can move with them."

# %% tags=["training"]
# both recipes: each winner weighted, or each winner's row repeated
rows = np.repeat(np.arange(len(films.y_train)), np.where(films.y_train == 1, weight, 1))
assert 1.8 < len(rows) / len(films.y_train) < 2
weighted = fit_replicates(lambda: build(sigmoid_head), films.X_train, films.y_train, class_weight={0: 1, 1: weight},
                          **recipe)
copied = fit_replicates(lambda: build(sigmoid_head), films.X_train[rows], films.y_train[rows], **recipe)
# what each says of the validation and the test films
on_val = {"as it is": p_val} | {name: runs.predict(films.X_val)[..., 0].astype(float)
                                for name, runs in [("weighted", weighted), ("oversampled", copied)]}
on_test = {"as it is": p_test} | {name: runs.predict(films.X_test)[..., 0].astype(float)
                                  for name, runs in [("weighted", weighted), ("oversampled", copied)]}

# %% [markdown] given="0.1 0.2: edges of the groups"
# Do probabilities mean what they say? Sort the films into ten groups by p: 0 to 0.1, 0.1 to 0.2, and so on. In each
# group compare the mean p with the share of winners. On the diagonal of this calibration plot the two agree: the model
# is calibrated. Groups of fewer than 20 films are left out.

# %%
def reliability(y_true, p, at_least=20):
    # ten groups by p; for each: mean p, share of winners
    group = np.minimum((10 * p).astype(int), 9)
    groups = [group == g for g in range(10)]
    return np.array([[p[g].mean(), y_true[g].mean()] if g.sum() >= at_least else [np.nan, np.nan] for g in groups]).T

curves = {name: np.array([reliability(y_test, one) for one in p]) for name, p in on_test.items()}

# %%
def draw_reliability(ax, names):
    for i, name in names.items():
        # groups that at least half of the seeds have: median and band of their shares
        kept = np.isfinite(curves[name][:, 0]).sum(axis=0) >= 8
        mean_p, share = np.nanmedian(curves[name][:, :, kept], axis=0)
        low, high = np.nanpercentile(curves[name][:, 1, kept], [5, 95], axis=0)
        ax.plot(mean_p, low, mean_p, high, color=figures.COLORS[i], linestyle=figures.STYLES[i], linewidth=0.8)
        ax.plot(mean_p, share, figures.MARKERS[i], linestyle=figures.STYLES[i], color=figures.COLORS[i], label=name)
    ax.plot([0, 1], [0, 1], ":", color="black")
    ax.annotate("calibrated", (0.71, 0.62))
    ax.set(xlabel="mean p of the group", ylabel="share of winners", xlim=(0, 1), ylim=(0, 1))
    ax.legend(loc="upper left", handlelength=3)

# %% [raw] tags=["alt"] id="reliability-alt"
# Two calibration plots, share of winners over mean predicted probability, both axes 0 to 1, ten groups, median and
# band over 16 seeds, dotted diagonal labeled calibrated. Left, trained as it is: the points follow the diagonal up to
# {last:.2f}, where groups get too small, with a band that widens. Right, weighted and oversampled: both curves hang
# far below the diagonal, at {middle_w:.2f} and {middle_o:.2f} in the group above one half, and reach {weighted:.2f}
# and {oversampled:.2f} in the highest group, where the model says about {says:.2f}.

# %% tags=["training"]
fig, (left, right) = figures.axes(2)
draw_reliability(left, {0: "as it is"})
draw_reliability(right, {1: "weighted", 2: "oversampled"})
left.set_title("trained as it is"), right.set_title("trained with weights or copies")
drawn_last = np.nanmedian(curves["as it is"][:, 0][:, np.isfinite(curves["as it is"][:, 0]).sum(axis=0) >= 8], axis=0)
figures.show(fig, "reliability-alt", weighted=np.median(curves["weighted"][:, 1, 9]), last=drawn_last[-1],
             oversampled=np.median(curves["oversampled"][:, 1, 9]), says=np.median(curves["weighted"][:, 0, 9]),
             middle_w=np.nanmedian(curves["weighted"][:, 1, 5]), middle_o=np.nanmedian(curves["oversampled"][:, 1, 5]))

# %% tags=["training"]
def with_own_threshold(name):
    # F1 on the test films, at each seed's best threshold on the validation films
    return np.array([f1_at(y_test, one, thresholds[[f1_at(y_val, v, thresholds).argmax()]])[0]
                     for one, v in zip(on_test[name], on_val[name])])

measure = {"AUC": sk.roc_auc_score, "AP": sk.average_precision_score, "log loss": bce,
           "flagged at 0.5": lambda y, p: np.mean(p > 0.5), "recall at 0.5": lambda y, p: all_three(y, p > 0.5)[1],
           "F1 at 0.5": lambda y, p: all_three(y, p > 0.5)[2], "mean p / share": lambda y, p: p.mean() / y.mean()}
of = {what: {name: np.array([measure[what](y_test, one) for one in p]) for name, p in on_test.items()}
      for what in measure}
of["F1, own threshold"] = {name: with_own_threshold(name) for name in on_test}
# one row a metric
print(f"{'':18}" + "".join(f"{name:>14}" for name in on_test) + "      (median of 16 seeds)")
for what, values in of.items():
    print(f"{what:18}" + "".join(f"{np.median(values[name]):14.3f}" for name in on_test))

# %%
compare("what-weights-do")

# %% tags=["training"] given="0.1 0.5: edges of the groups"
# groups 0.1 to 0.5: how far is the share from the mean p?
off = {name: np.nanmean(abs(curves[name][:, 1, 1:5] - curves[name][:, 0, 1:5]), axis=1) for name in curves}
print(claim("As it is, the share of winners differs from the mean p by less than 0.1, on average over the groups from "
            "0.1 to 0.5, on nine seeds in ten.", off["as it is"], "<", 0.1, share=0.9))
print(claim("Trained weighted, the share of winners differs from the mean p by more than 0.2 there.",
            off["weighted"], ">", 0.2))

# %% tags=["training"] given="0.5: the default threshold"
# do both decide alike, each at its own cut?
same_as = {name: np.mean((on_test[name] > 0.5) == (p_test > 1 / 25), axis=1) for name in ["weighted", "oversampled"]}
for name, bound, alike in [("weighted", 3.5, 0.92), ("oversampled", 2.5, 0.87)]:
    print(claim(f"Trained {name}, the model's mean probability is more than {bound} times the real share of winners.",
                of["mean p / share"][name], ">", bound))
    print(claim(f"Trained {name}, its AUC differs from that of the model as it is by less than 0.02.",
                abs(of["AUC"][name] - of["AUC"]["as it is"]), "<", 0.02))
    print(claim(f"Trained {name}, it decides at 0.5 as the model as it is at 1/25, for more than {alike:.0%} of films.",
                same_as[name], ">", alike))
# each at the threshold that its validation films chose
for name in same_as:
    print(claim(f"Trained {name}, its F1 at a threshold of its own differs by less than 0.07, on three seeds in four.",
                abs(of["F1, own threshold"][name] - of["F1, own threshold"]["as it is"]), "<", 0.07, share=0.75))

# %% [markdown] given="24: asserted above; 0.5: the default threshold"
# **Compare with your prediction.** As it is, the model is roughly calibrated up to one half; above that there are too
# few films to say. Weights and copies did one thing: they moved all probabilities up. At 0.5 more films are flagged
# and more winners found, and that is why people like them. A weight of 24 is a miss that costs 24, so its threshold
# is 1 / (24 + 1). Moving the threshold to 1/25 decides nearly alike, costs no training, and leaves the probabilities
# honest. (So found van den Goorbergh and others, 2022, for medical models.) And the copies nearly double the rows of an
# epoch.
#
# And if somebody gives you such a model? What was multiplied can be divided. With a weight of 24, every winner
# counted as 24. So the **odds** came out 24 times too high.
#
# ### Exercise 8.1: take the weight out (an extra)
#
# If you have time: turn the probabilities of a weighted model back into honest ones.

# %% tags=["exercise"] id="undo-weight"
def undo_weight(p, weight):
    """Probabilities of a model whose positives were weighted by `weight`, turned back. p: (n,), 0 < p < 1."""
    ### BEGIN SOLUTION
    odds = p / (1 - p) / weight
    return odds / (1 + odds)
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([0.5, 0.9, 0.1]), 4.0), (np.array([0.2, 0.96]), 24.0), (np.array([0.3, 0.7]), 1.0),
         (np.array([0.5, 0.05]), 0.5)]
labels = ["p", "weight"]

# %% tags=["hint"]
# Three steps: from p to odds, divide, and back from odds to p.

# %% tags=["hint"]
# If odds = p / (1 − p), then p = odds / (1 + odds).

# %% tags=["right"]
def undo_weight(p, weight):
    return p / (p + weight * (1 - p))

# %% tags=["right"]
def undo_weight(p, weight):
    return 1 / (1 + np.exp(-(np.log(p / (1 - p)) - np.log(weight))))

# %% tags=["wrong"] misconception="odds-are-probability"
# You divided the probability. The weight multiplied the odds; a probability near 1 would come out far too low this way.
def undo_weight(p, weight):
    return p / weight

# %% tags=["wrong"] misconception="scale-reversed"
# The other way around: the weight made the odds too high, so divide by it.
def undo_weight(p, weight):
    odds = p / (1 - p) * weight
    return odds / (1 + odds)

# %% tags=["wrong"] misconception="odds-are-probability"
# Those are odds. One step is missing: back to a probability.
def undo_weight(p, weight):
    return p / (1 - p) / weight

# %% tags=["wrong"] misconception="log-scale-is-a-factor"
# You divided the logit. On the log scale, dividing the odds by the weight is subtracting its logarithm.
def undo_weight(p, weight):
    return 1 / (1 + np.exp(-np.log(p / (1 - p)) / weight))

# %% tags=["wrong"] misconception="log-scale-is-a-factor"
# Those are logits. One step is missing: the sigmoid, back to a probability.
def undo_weight(p, weight):
    return np.log(p / (1 - p)) - np.log(weight)

# %% tags=["wrong"] misconception="odds-are-probability"
# The odds are right, the way back is not: p = odds / (1 + odds).
def undo_weight(p, weight):
    odds = p / (1 - p) / weight
    with np.errstate(all="ignore"):
        return odds / (1 - odds)

# %% tags=["wrong"] misconception="log-scale-is-a-factor"
# You subtracted the weight from the logit. On the log scale a factor of the odds is its logarithm: subtract that.
def undo_weight(p, weight):
    return 1 / (1 + np.exp(-(np.log(p / (1 - p)) - weight)))

# %% tags=["wrong"] misconception="log-scale-is-a-factor"
# You took the logarithm to base 10. The logit is made with the natural one, `np.log`.
def undo_weight(p, weight):
    return 1 / (1 + np.exp(-(np.log(p / (1 - p)) - np.log10(weight))))

# %% tags=["wrong"] misconception="log-scale-is-a-factor"
# You subtracted the weight from the odds. It multiplied them, so divide by it.
def undo_weight(p, weight):
    odds = p / (1 - p) - weight
    with np.errstate(all="ignore"):
        return odds / (1 + odds)

# %% tags=["wrong"] misconception="ratio-is-not-a-share"
# You divided by one more than the weight. That belongs to the threshold, which is a share; the odds grew by the weight itself.
def undo_weight(p, weight):
    odds = p / (1 - p) / (weight + 1)
    return odds / (1 + odds)

# %% tags=["wrong"] misconception="odds-are-probability"
# You divided the probability first, and then made odds of it. The weight multiplied the odds: make odds first, then divide.
def undo_weight(p, weight):
    q = p / weight
    with np.errstate(all="ignore"):
        odds = q / (1 - q)
        return odds / (1 + odds)

# %% tags=["wrong"] misconception="argument-ignored"
# You divided by 24, whatever the weight. Another model has another weight: use the argument.
def undo_weight(p, weight):
    odds = p / (1 - p) / 24
    return odds / (1 + odds)

# %% tags=["wrong"] misconception="order-reversed"
# The weight stands with p, so the odds are multiplied again. To undo it, it belongs to 1 − p.
def undo_weight(p, weight):
    return (p / weight) / (p / weight + (1 - p) * weight)

# %% tags=["training"]
# divide the odds, then compare the log loss
undone = sigmoid(logit(on_test["weighted"]) - np.log(weight))
log_loss_undone = np.array([bce(y_test, one) for one in undone])
print(claim("With the odds divided by 24, the weighted model's log loss is within 10% of that of the model as it is.",
            abs(log_loss_undone / of["log loss"]["as it is"] - 1), "<", 0.1))
for a, b in zip(undone, on_test["weighted"]):     # the order of the films is the same, so AUC is
    assert np.isclose(sk.roc_auc_score(y_test, a), sk.roc_auc_score(y_test, b))

# %% [raw] tags=["question"]
# id = "weights-or-threshold"
# ask = "Few houses burn. An insurer needs honest probabilities for its prices, and flags for its inspectors: a visit for nothing costs 1, a fire that nobody prevented 60. What do you do?"
# given = "60 61: premises"
# discuss = true
# [right]
# text = "train without weights, and flag above 1/61"
# why = "The probabilities stay honest for the prices. The flags get the threshold that follows from what a visit and a fire cost."
# [[wrong]]
# text = "give fires a weight of 60, and flag above one half"
# misconception = "costs-belong-in-training"
# why = "The flags would be about the same. But nearly every price would be far too high."
# [[wrong]]
# text = "oversample the fires: more fires, a better model"
# misconception = "copies-add-information"
# why = "Copies are no new fires. The ranking stays about what it was."
# [[wrong]]
# text = "train without weights, and keep one half: anything else bends the model"
# misconception = "half-is-natural"
# why = "A threshold bends nothing: the model has spoken before it is applied. At one half hardly any house would be visited."

# %% [markdown]
# ### Where it bites
#
# Whoever takes weighted probabilities at their word expects several times too many winners. If flags are all you
# need, weights do no harm; a threshold does the same without training.

# %% [markdown] given="5%: premise, set in code; 64 20 800 200: settings of the recipe"
# ## 9. An example of the kind that tutorials print
#
# In [notebook 01](01_regression_losses.ipynb) we ran the first of three recipes that tutorials print: its training stopped before it had arrived.
# (The second waits in [notebook 07](07_reading_curves.ipynb).) Here is the third: "track F1 while you train". A thousand rows of 20 random features, about 5%
# positive labels, a hidden layer of 64, Adam with its default rate, 20 epochs; 800 rows to train, 200 to validate. It
# draws F1 for the positive class, label 1, over the epochs. **The set is constructed**, as
# it is printed.

# %% tags=["training"]
def rows_of(kind, seed, n=1000):
    """Features (n, 20) and labels (n,), 5% of them 1."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 20)).astype("float32")
    if kind == "as printed":
        return X, (rng.random(n) < 0.05).astype(int)
    # with signal: the sum of five features, and noise
    hidden = X[:, :5].sum(axis=1) + rng.normal(0, 1, n)
    return X, (hidden > np.quantile(hidden, 0.95)).astype(int)

def tutorial(**more):
    model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(64, activation="relu"),
                              keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer="adam", loss="binary_crossentropy", **more)
    return model

# %% tags=["training"]
# the recipe as printed
X_printed, y_printed = rows_of("as printed", seed)
keras.utils.set_random_seed(seed)
model = tutorial()
history = model.fit(X_printed[:800], y_printed[:800], epochs=20, batch_size=32, verbose=0).history

# %% [raw] tags=["prediction"]
# id = "tutorial-f1-curve"
# ask = "The training loss falls from epoch to epoch. What does the printed F1 curve show?"
# discuss = true
# [right]
# text = "a flat line at 0"
# why = "The labels are noise, so nothing learned carries over, and p stays near the share of positives: nothing is flagged. And the curve is flat because it is one number, repeated."
# [[wrong]]
# text = "it rises while the loss falls"
# misconception = "metric-is-inverted-loss"
# why = "The loss falls because the network learns the share of positives, and then the training rows by heart. On other rows there is nothing to be right about."
# [[wrong]]
# text = "it wanders around the share of positives"
# misconception = "noise-flags-at-random"
# why = "Random flags would get about that. But this model flags nothing at all."
# [[wrong]]
# text = "it rises first and falls later: overfitting"
# misconception = "any-gap-is-overfitting"
# why = "It cannot fall, since it never rose. And the list holds one number only."

# %% [raw] tags=["alt"] id="tutorial-f1-alt" given="-0.05 0.6: ends of the axes"
# Two line plots over 20 epochs. Left: the training loss falls from {first:.2f} to {last:.2f}, axis 0 to 0.6. Right:
# the printed F1 curve, axis -0.05 to 1, a flat line at {f1:.2f}.

# %% tags=["training"]
fig, (left, right) = figures.axes(2, xlabel="epoch", height=3.4)
figures.lines(left, np.arange(1, 21), {"loss": history["loss"]}, label_at=None)
left.set(ylabel="training loss", ylim=(0, 0.6), title="the loss falls")
# as the recipe does it
flagged = model.predict(X_printed[800:], verbose=0)[:, 0] > 0.5
f1 = sk.f1_score(y_printed[800:], flagged, zero_division=0)
f1_curve = [f1] * 20
figures.lines(right, np.arange(1, 21), {"F1": f1_curve}, label_at=None)
right.set(ylabel="F1", ylim=(-0.05, 1), title="the F1 curve, as printed")
figures.show(fig, "tutorial-f1-alt", first=history["loss"][0], last=history["loss"][-1], f1=f1)
print(f"rows flagged: {flagged.sum()} of 200; accuracy {np.mean(flagged == y_printed[800:]):.3f}, "
      f"always no {np.mean(y_printed[800:] == 0):.3f}")

# %%
compare("tutorial-f1-curve")

# %% [markdown] given="4,000: the rows after the first 800 of 4800"
# **Compare with your prediction.** The recipe shows that the code runs. It cannot show what F1 does while a model
# learns: features and labels are drawn each for itself, so there is nothing to learn, and F1 was computed once.
# Accuracy, meanwhile, looks splendid.
#
# Now with signal: the label depends on five of the features. And F1 is computed after each epoch, on rows set aside,
# by a Keras metric, with its threshold and with labels of shape (n, 1). 800 rows to train, as before; 4,000 to
# validate, because on ten positives F1 would be mostly luck.

# %% [raw] tags=["prediction"]
# id = "f1-with-signal"
# ask = "With signal, 40 epochs, 16 seeds. How does the validation F1 start?"
# [right]
# text = "it is soon at 0 for some epochs, while the loss falls; then it rises"
# why = "At the start the weights are random and some rows pass one half; their F1 is low. Then the model learns that positives are rare, and all p sink. That lowers the loss and flags nothing. Only when some p pass one half again can F1 move."
# [[wrong]]
# text = "it rises from the first epoch on, as the loss falls"
# misconception = "metric-is-inverted-loss"
# why = "The loss feels every small step of p. F1 feels only rows that cross the threshold."
# [[wrong]]
# text = "it starts at about one half, where chance is, and then it rises"
# misconception = "ap-baseline-is-half"
# why = "One half is the baseline of AUC. The F1 of random flags is far lower when positives are rare."
# [[wrong]]
# text = "it stays at 0, as before: positives are just as rare"
# misconception = "imbalance-explains-everything"
# why = "The labels were the trouble before, not the imbalance. With signal some p do pass one half."

# %% tags=["training"]
def tutorial_with_f1():
    return tutorial(metrics=[keras.metrics.F1Score(threshold=0.5, name="f1")])

data_of = {"labels with signal": rows_of("signal", seed, n=4800),
           "labels as printed": rows_of("as printed", seed, n=4800)}
# 16 seeds on each of the two sets
runs_on = {name: fit_replicates(tutorial_with_f1, X[:800], y[:800, None], validation_data=(X[800:], y[800:, None]),
                                seeds=16, base_seed=1000 * seed, epochs=40, batch_size=32)
           for name, (X, y) in data_of.items()}
histories = {name: runs.history for name, runs in runs_on.items()}
val_f1 = {name: h["val_f1"].reshape(16, 40) for name, h in histories.items()}   # one number an epoch

# %% [raw] tags=["alt"] id="signal-f1-alt" given="-0.05: end of the axis; 0.05: set in code"
# Two line plots over 40 epochs, median and band over 16 seeds. Left: the validation loss, 0 to 1; both start at about
# {start:.2f}; with signal it falls to {loss:.2f}; with the labels as printed it falls to {lowest:.2f} and then rises
# slowly. Right: the validation F1, -0.05 to 1. With signal it starts at {first:.2f}, is lowest, {least:.2f}, at epoch
# {epoch}, stays below 0.05 until epoch {wakes}, and climbs to {f1:.2f}; with the labels as printed it goes from {noise:.2f} to {noise_last:.2f}.

# %% tags=["training"]
fig, (left, right) = figures.axes(2, xlabel="epoch")
figures.lines(left, np.arange(1, 41), {name: h["val_loss"] for name, h in histories.items()}, label_at="legend")
left.set(ylabel="validation loss", ylim=(0, 1))
figures.lines(right, np.arange(1, 41), val_f1, label_at="legend")
right.set(ylabel="validation F1 at 0.5", ylim=(-0.05, 1))
# numbers for the alt text
middle = {name: np.median(values, axis=0) for name, values in val_f1.items()}
loss = {name: np.median(h["val_loss"], axis=0) for name, h in histories.items()}
with_signal, on_noise = middle["labels with signal"], loss["labels as printed"]
figures.show(fig, "signal-f1-alt", loss=loss["labels with signal"][-1], start=on_noise[0], lowest=on_noise.min(),
             first=with_signal[0], least=with_signal.min(), epoch=int(with_signal.argmin()) + 1, f1=with_signal[-1],
             wakes=int(np.flatnonzero(with_signal < 0.05).max(initial=0)) + 1,
             noise=middle["labels as printed"][0], noise_last=middle["labels as printed"][-1])

# %%
compare("f1-with-signal")

# %% tags=["training"]
signal, printed = "labels with signal", "labels as printed"
fall = {name: h["val_loss"][:, 3] / h["val_loss"][:, 0] for name, h in histories.items()}
print(claim("With the labels as printed, F1 after one epoch is below 0.13.",
            val_f1[printed][:, 0], "<", 0.13))
print(claim("With signal, F1 after one epoch is below 0.3.", val_f1[signal][:, 0], "<", 0.3))
print(claim("With signal, the validation F1 is below 0.05 after four epochs, on nine seeds in ten.",
            val_f1[signal][:, 3], "<", 0.05, share=0.9))
print(claim("In the same four epochs its validation loss falls by a fifth or more.", fall[signal], "<", 0.8))
print(claim("With signal, the validation F1 after the last epoch is above 0.2.", val_f1[signal][:, -1], ">", 0.2))
print(claim("With the labels as printed, F1 after 20 epochs is exactly 0 on other rows, on nine seeds in ten or more.",
            val_f1[printed][:, 19], "<=", 0, share=0.9))
print(claim("With the labels as printed, the training loss falls by a quarter or more in 20 epochs all the same.",
            histories[printed]["loss"][:, 19] / histories[printed]["loss"][:, 0], "<", 0.75))
print(claim("In the end the validation loss with signal is below 0.7 of that with the labels as printed.",
            histories[signal]["val_loss"][:, -1] / histories[printed]["val_loss"][:, -1], "<", 0.7))

# %% [markdown] given="0.95 0.5: set in code, and what to set there"
# **Compare with your prediction.** At the very start random weights flag some rows. After that F1 waits for the
# first p above one half, while the loss is already falling.
#
# Now change something: in `rows_of` take the quantile 0.5 in place of 0.95, so that half of the rows are positive. Run
# that cell, the one with `tutorial_with_f1`, and the figure again. (Afterwards set it back, and run the three again.)

# %% [raw] tags=["question"]
# id = "f1-when-half-are-positive"
# ask = "With half of the rows positive, what does the F1 with signal do in the first epochs, and why?"
# [right]
# text = "it starts well above 0 and rises: many p lie above one half"
# why = "Now p stays near the share of positives, which is one half. So many rows pass from the first epoch on, and F1 feels every better order."
# [[wrong]]
# text = "it waits at 0 all the same: F1 always lags behind the loss"
# misconception = "f1-lags-by-nature"
# why = "It lagged because no p was above one half. That comes from rare positives and a fixed cut, not from F1."
# [[wrong]]
# text = "it stays at one half: balanced labels make F1 a coin"
# misconception = "balanced-means-half"
# why = "One half is about what random flags get here. With signal the model is far above it after a few epochs."

# %% [raw] tags=["question"]
# id = "before-any-f1-curve"
# ask = "A blog shows an F1 that stays at 0 in training, and concludes: imbalance. What would you run first?"
# [right]
# text = "the AUC on other rows"
# why = "If positives rank no higher than others, the model has found no signal, and no threshold will help. If they do, move the threshold."
# [[wrong]]
# text = "class weights"
# misconception = "imbalance-explains-everything"
# why = "With labels that are noise, weights make it flag more, and wrongly. First ask whether there is anything to find."
# [[wrong]]
# text = "more epochs"
# misconception = "epochs-mean-trained"
# why = "More epochs on noise are more learning by heart."
# [[wrong]]
# text = "a lower threshold"
# misconception = "threshold-makes-signal"
# why = "That comes second. In a random ranking it finds positives at the rate of chance: first look whether they rank higher than others."

# %% tags=["training"]
def ranking(name):
    # AUC and AP of each seed on the rows set aside, and the share of positives there
    X, y = (part[800:] for part in data_of[name])
    p = runs_on[name].predict(X)[..., 0]
    return [np.array([metric(y, one) for one in p]) for metric in (sk.roc_auc_score, sk.average_precision_score)]

for name in data_of:
    share = data_of[name][1][800:].mean()
    print(f"{name:20} AUC {np.median(ranking(name)[0]):.3f}   AP {np.median(ranking(name)[1]):.3f}   "
          f"share of positives {share:.3f}")
print(claim("On noise, the AUC is within 0.1 of one half.", abs(ranking(printed)[0] - 0.5), "<", 0.1))
print(claim("On noise, the AP is between two thirds and three halves of the share of positives.",
            abs(np.log(ranking(printed)[1] / data_of[printed][1][800:].mean())), "<", np.log(1.5)))
print(claim("With signal, the AUC is above 0.9.", ranking(signal)[0], ">", 0.9))

# %% [markdown] given="569: asserted below"
# ## 10. Other data: a clinic
#
# 569 tumors, thirty measurements each from a microscope picture (scikit-learn's `load_breast_cancer`, from Wolberg,
# Street and Mangasarian, 1995). **The positive class is said first:** here it is *malignant*, because that is what
# the clinic must not miss.

# %%
from sklearn.datasets import load_breast_cancer

# which code means what?
tumors = load_breast_cancer()
assert len(tumors.target) == 569
for code, name in enumerate(tumors.target_names):
    print(f"code {code}: {name:10} {np.sum(tumors.target == code)} tumors")

# %% [raw] tags=["question"]
# id = "code-of-the-positive"
# ask = "Look at the codes above. You train on `tumors.target` as it stands, and compile with Keras' `Recall()`. What does it show?"
# [right]
# text = "the share of benign tumors called benign"
# why = "Keras takes code 1 for the positive class. Here code 1 is benign, so recode first: y = 1 − target."
# [[wrong]]
# text = "the share of malignant tumors found"
# misconception = "keras-knows-the-positive-class"
# why = "Keras knows no illness. Code 1 is its positive class, and code 1 is benign here."
# [[wrong]]
# text = "a mean over both classes, since both have a recall"
# misconception = "recall-is-of-both-classes"
# why = "For one output, recall is about code 1 alone."

# %% tags=["training"]
# positive: malignant; shuffle; scale by the training rows
order = np.random.default_rng(seed).permutation(len(tumors.target))
X_all_t, y_all_t = tumors.data[order], 1 - tumors.target[order]
X_all_t = (X_all_t - X_all_t[:300].mean(axis=0)) / X_all_t[:300].std(axis=0)

def clinic_model():
    model = keras.Sequential([keras.Input((30,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.Adam(0.02), loss="binary_crossentropy")
    return model

# 16 seeds; judged on the tumors set aside
clinic_runs = fit_replicates(clinic_model, X_all_t[:300], y_all_t[:300], seeds=16, base_seed=1000 * seed, epochs=20)
p_clinic = clinic_runs.predict(X_all_t[300:])[..., 0].astype(float)
y_known, y_later = y_all_t[:300], y_all_t[300:]
auc_later = [sk.roc_auc_score(y_later, one) for one in p_clinic]
print(f"AUC on the tumors set aside {np.median(auc_later):.3f}, accuracy at 0.5 "
      f"{np.median(((p_clinic > 0.5) == y_later).mean(axis=1)):.3f}")

# %% [markdown] given="50: premise, set in code"
# Nearly perfect? The clinic says: a malignant tumor that is missed costs 50 times as much as a second look at a
# benign one.
#
# ### Exercise 10.1: the report for the clinic
#
# Two rules need no model: look at everybody, or at nobody. The cheaper of the two **on the known cases** is the
# baseline; it is then judged on the later ones. The model flags **above** the threshold that follows from the costs.
# (That supposes calibrated probabilities. The tumors set aside are too few to look.) Report the mean cost of both per
# later case.

# %% tags=["exercise"] id="cost-report"
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    """Returns {"threshold": …, "cost": …, "baseline": …}. Labels: 1 is positive. p_later: probabilities, (n,)."""
    ### BEGIN SOLUTION
    threshold = cost_false_alarm / (cost_miss + cost_false_alarm)

    def mean_cost(y, flagged):
        return np.mean(cost_miss * ((y == 1) & ~flagged) + cost_false_alarm * ((y == 0) & flagged))

    everybody, nobody = np.ones(len(y_later), bool), np.zeros(len(y_later), bool)
    look = np.mean(y_known == 0) * cost_false_alarm < np.mean(y_known == 1) * cost_miss
    return {"threshold": threshold, "cost": mean_cost(y_later, p_later > threshold),
            "baseline": mean_cost(y_later, everybody if look else nobody)}
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([0, 0, 0, 1, 0]), np.array([0, 1, 0, 1, 0, 0]), np.array([0.08, 0.7, 0.3, 0.15, 0.05, 0.4]), 9.0,
          1.0),
         (np.array([0, 0, 0, 1, 0, 0, 0, 0]), np.array([0, 1, 0, 0, 0, 0]), np.array([0.25, 0.6, 0.3, 0.16, 0.1, 0.2]),
          6.0, 2.0),
         (np.array([0, 0, 0, 0, 0, 0, 0, 1]), np.array([1, 1, 0, 1]), np.array([0.6, 0.2, 0.1, 0.35]), 2.0, 1.0),
         (np.array([1, 1, 0]), np.array([0, 0, 0, 0, 1, 0]), np.array([0.2, 0.6, 0.9, 0.4, 0.8, 0.1]), 1.0, 1.0)]
labels = ["y_known", "y_later", "p_later", "cost_miss", "cost_false_alarm"]

# %% tags=["hint"]
# Three parts: the threshold (section 7, from costs), the mean cost of the model's flags, the mean cost of the cheaper rule. Write the mean cost once, as a function of flags.

# %% tags=["hint"]
# Looking at everybody costs `cost_false_alarm` for each negative; looking at nobody costs `cost_miss` for each positive. Compare the two on `y_known`, and compute the cost of the cheaper one on `y_later`.

# %% tags=["right"]
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = 1 / (1 + cost_miss / cost_false_alarm)
    def everybody(y): return cost_false_alarm * np.mean(1 - y)
    def nobody(y): return cost_miss * np.mean(y)
    rule = everybody if everybody(y_known) < nobody(y_known) else nobody
    cost = cost_miss * np.mean(y_later * (p_later <= t)) + cost_false_alarm * np.mean((1 - y_later) * (p_later > t))
    return {"threshold": t, "cost": cost, "baseline": rule(y_later)}

# %% tags=["wrong"] misconception="baseline-leaks-test"
# You picked the rule by the later cases. Nobody could have known them.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    cost = np.mean(cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * ((y_later == 0) & (p_later > t)))
    return {"threshold": t, "cost": cost,
            "baseline": min(cost_miss * np.mean(y_later == 1), cost_false_alarm * np.mean(y_later == 0))}

# %% tags=["wrong"] misconception="baseline-on-training-data"
# You judged the rule on the known cases and the model on the later ones. Both must be judged on the same cases.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    cost = np.mean(cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * ((y_later == 0) & (p_later > t)))
    return {"threshold": t, "cost": cost,
            "baseline": min(cost_miss * np.mean(y_known == 1), cost_false_alarm * np.mean(y_known == 0))}

# %% tags=["wrong"] misconception="cost-reversed"
# Your threshold is the other way around: a costly miss must lower it.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_miss / (cost_miss + cost_false_alarm)
    cost = np.mean(cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * ((y_later == 0) & (p_later > t)))
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    return {"threshold": t, "cost": cost,
            "baseline": cost_false_alarm * np.mean(y_later == 0) if everybody else cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="ratio-is-not-a-share"
# Your threshold is the ratio of the two costs. It must be the share that a false alarm has in both together.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / cost_miss
    cost = np.mean(cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * ((y_later == 0) & (p_later > t)))
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    return {"threshold": t, "cost": cost,
            "baseline": cost_false_alarm * np.mean(y_later == 0) if everybody else cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="every-flag-is-an-alarm"
# You charge a false alarm for every flagged case. A flagged positive is no false alarm.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    cost = np.mean(cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * (p_later > t))
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    return {"threshold": t, "cost": cost,
            "baseline": cost_false_alarm * np.mean(y_later == 0) if everybody else cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="half-is-natural"
# You cut at one half. The costs are not equal.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = 0.5
    cost = np.mean(cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * ((y_later == 0) & (p_later > t)))
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    return {"threshold": t, "cost": cost,
            "baseline": cost_false_alarm * np.mean(y_later == 0) if everybody else cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="costs-exchanged"
# The two costs are exchanged in the model's cost: a positive that is not flagged is a miss, a flagged negative a false alarm.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    cost = np.mean(cost_false_alarm * ((y_later == 1) & (p_later <= t)) + cost_miss * ((y_later == 0) & (p_later > t)))
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    return {"threshold": t, "cost": cost,
            "baseline": cost_false_alarm * np.mean(y_later == 0) if everybody else cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="no-baseline"
# Your baseline always looks at everybody. Where positives are few and a miss is cheap, looking at nobody costs less: compare the two on the known cases.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    cost = np.mean(cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * ((y_later == 0) & (p_later > t)))
    return {"threshold": t, "cost": cost, "baseline": cost_false_alarm * np.mean(y_later == 0)}

# %% tags=["wrong"] misconception="majority-is-cheapest"
# You took the rule of the more frequent class. Which rule is cheaper, the shares decide together with the costs.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    cost = np.mean(cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * ((y_later == 0) & (p_later > t)))
    everybody = np.mean(y_known == 1) > 0.5
    return {"threshold": t, "cost": cost,
            "baseline": cost_false_alarm * np.mean(y_later == 0) if everybody else cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="sum-for-a-mean"
# Those are sums over the cases. The mean cost per later case was asked for.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    cost = np.sum(cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * ((y_later == 0) & (p_later > t)))
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    return {"threshold": t, "cost": cost,
            "baseline": cost_false_alarm * np.sum(y_later == 0) if everybody else cost_miss * np.sum(y_later == 1)}

# %% tags=["wrong"] misconception="false-alarm-costs-one"
# Your threshold takes it that a false alarm costs 1. It has a cost of its own: give the share of that in both costs together.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = 1 / (1 + cost_miss)
    cost = np.mean(cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * ((y_later == 0) & (p_later > t)))
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    return {"threshold": t, "cost": cost,
            "baseline": cost_false_alarm * np.mean(y_later == 0) if everybody else cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="threshold-is-prevalence"
# Your threshold is the share of positives. It must come from the two costs.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = np.mean(y_known)
    cost = np.mean(cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * ((y_later == 0) & (p_later > t)))
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    return {"threshold": t, "cost": cost,
            "baseline": cost_false_alarm * np.mean(y_later == 0) if everybody else cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="cut-counts-as-above"
# You also flag a case whose p is just the threshold. Flag it only if its p is above.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    cost = np.mean(cost_miss * ((y_later == 1) & (p_later < t)) + cost_false_alarm * ((y_later == 0) & (p_later >= t)))
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    return {"threshold": t, "cost": cost,
            "baseline": cost_false_alarm * np.mean(y_later == 0) if everybody else cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="costs-alone-choose-the-rule"
# You took the rule by the costs alone. How often each mistake would happen counts as well: compare the two rules on the known cases.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    cost = np.mean(cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * ((y_later == 0) & (p_later > t)))
    everybody = cost_miss > cost_false_alarm
    return {"threshold": t, "cost": cost,
            "baseline": cost_false_alarm * np.mean(y_later == 0) if everybody else cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="cost-reversed"
# You took the dearer of the two rules. The baseline is the one that is cheaper on the known cases.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    cost = np.mean(cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * ((y_later == 0) & (p_later > t)))
    everybody = cost_false_alarm * np.mean(y_known == 0) > cost_miss * np.mean(y_known == 1)
    return {"threshold": t, "cost": cost,
            "baseline": cost_false_alarm * np.mean(y_later == 0) if everybody else cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="no-baseline"
# Your baseline always looks at nobody. Where a miss is dear, looking at everybody costs less: compare the two on the known cases.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    cost = np.mean(cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * ((y_later == 0) & (p_later > t)))
    return {"threshold": t, "cost": cost,
            "baseline": cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="every-flag-is-an-alarm"
# Looking at everybody costs nothing for the positives: only a negative that is flagged is a false alarm.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    cost = np.mean(cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * ((y_later == 0) & (p_later > t)))
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    return {"threshold": t, "cost": cost,
            "baseline": cost_false_alarm if everybody else cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="one-class-forgotten"
# The model's cost holds its misses only. Add what its false alarms cost.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    cost = np.mean(cost_miss * ((y_later == 1) & (p_later <= t)))
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    return {"threshold": t, "cost": cost,
            "baseline": cost_false_alarm * np.mean(y_later == 0) if everybody else cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="rates-for-shares"
# You added the share of the positives that is missed and the share of the negatives that is flagged. For a mean over the cases, divide both counts by the number of all cases.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    cost = cost_miss * np.mean(p_later[y_later == 1] <= t) + cost_false_alarm * np.mean(p_later[y_later == 0] > t)
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    return {"threshold": t, "cost": cost,
            "baseline": cost_false_alarm * np.mean(y_later == 0) if everybody else cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="model-judges-itself"
# That is the cost that the model expects from its own probabilities. What it did cost, the labels say.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    cost = np.mean(np.where(p_later > t, cost_false_alarm * (1 - p_later), cost_miss * p_later))
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    return {"threshold": t, "cost": cost,
            "baseline": cost_false_alarm * np.mean(y_later == 0) if everybody else cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="costs-exchanged"
# The two costs are exchanged in your baseline: looking at everybody costs false alarms, looking at nobody costs misses.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    cost = np.mean(cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * ((y_later == 0) & (p_later > t)))
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    return {"threshold": t, "cost": cost,
            "baseline": cost_miss * np.mean(y_later == 0) if everybody else cost_false_alarm * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="test-is-for-tuning"
# You searched the threshold that is cheapest on the later cases. Nobody could have known them: the threshold follows from the two costs.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    def cost_at(t):
        return np.mean(cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * ((y_later == 0) & (p_later > t)))
    t = min(np.sort(p_later), key=cost_at)
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    return {"threshold": t, "cost": cost_at(t),
            "baseline": cost_false_alarm * np.mean(y_later == 0) if everybody else cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="percentage-of-another-whole"
# You divided the model's cost by the number of its errors. Divide by the number of later cases, those without an error included.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    costs = cost_miss * ((y_later == 1) & (p_later <= t)) + cost_false_alarm * ((y_later == 0) & (p_later > t))
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    return {"threshold": t, "cost": costs.sum() / max(np.count_nonzero(costs), 1),
            "baseline": cost_false_alarm * np.mean(y_later == 0) if everybody else cost_miss * np.mean(y_later == 1)}

# %% tags=["wrong"] misconception="half-is-natural"
# Your threshold is right, but the model is cut at one half. Cut it at the threshold.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    def cost_at(cut):
        return np.mean(cost_miss * ((y_later == 1) & (p_later <= cut)) + cost_false_alarm * ((y_later == 0) & (p_later > cut)))
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    look, leave = cost_false_alarm * np.mean(y_later == 0), cost_miss * np.mean(y_later == 1)
    return {"threshold": t, "cost": cost_at(0.5), "baseline": look if everybody else leave}

# %% tags=["wrong"] misconception="no-baseline"
# Your baseline is the mean of the two rules. Nobody follows both: take the one that is cheaper on the known cases.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    def cost_at(cut):
        return np.mean(cost_miss * ((y_later == 1) & (p_later <= cut)) + cost_false_alarm * ((y_later == 0) & (p_later > cut)))
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    look, leave = cost_false_alarm * np.mean(y_later == 0), cost_miss * np.mean(y_later == 1)
    return {"threshold": t, "cost": cost_at(t), "baseline": (look + leave) / 2}

# %% tags=["wrong"] misconception="cost-reversed"
# Your baseline is the dearer rule on the later cases. Take the rule that is cheaper on the known ones.
def cost_report(y_known, y_later, p_later, cost_miss, cost_false_alarm):
    t = cost_false_alarm / (cost_miss + cost_false_alarm)
    def cost_at(cut):
        return np.mean(cost_miss * ((y_later == 1) & (p_later <= cut)) + cost_false_alarm * ((y_later == 0) & (p_later > cut)))
    everybody = cost_false_alarm * np.mean(y_known == 0) < cost_miss * np.mean(y_known == 1)
    look, leave = cost_false_alarm * np.mean(y_later == 0), cost_miss * np.mean(y_later == 1)
    return {"threshold": t, "cost": cost_at(t), "baseline": max(look, leave)}

# %% [raw] tags=["prediction"]
# id = "clinic-at-half"
# given = "50: set in code"
# ask = "The model is right for nearly every tumor at one half, and a missed one costs 50. You cut where the costs say instead. What happens to the false alarms, and to the mean cost?"
# [right]
# text = "more false alarms, lower cost"
# why = "The threshold goes far down, so more benign tumors get a second look. Each costs 1; each malignant one that is found in exchange saves 50."
# [[wrong]]
# text = "fewer false alarms, lower cost"
# misconception = "cost-reversed"
# why = "A costly miss lowers the threshold, and more is flagged."
# [[wrong]]
# text = "more false alarms, higher cost"
# misconception = "accuracy-is-the-objective"
# why = "Accuracy goes down. The clinic pays for what is missed, and that costs 50 times as much."
# [[wrong]]
# text = "the same of both: a model this good has no use for it"
# misconception = "half-is-natural"
# why = "A few missed tumors at 50 each weigh as much as all the second looks."

# %% tags=["training"]
at = {"0.5": 0.5, "1/51": 1 / 51}
look_at_all = np.mean(y_later == 0)           # a second look at each benign tumor costs 1
clinic_cost = {name: np.array([mean_cost(y_later, one, t, miss=50, false_alarm=1) for one in p_clinic])
               for name, t in at.items()}
print(f"a second look at everybody: cost {look_at_all:.2f} per tumor")
for name, t in at.items():
    # the median seed: what is missed, what is looked at for nothing, what it costs
    missed, alarms = np.median([four_counts(y_later, one > t)[1:3] for one in p_clinic], axis=0)
    print(f"the model, cut at {name:5}: {missed:3.0f} missed, {alarms:3.0f} false alarms, cost "
          f"{np.median(clinic_cost[name]):.2f} (median of 16 seeds)")
print("your report (None: not written yet):", cost_report(y_known, y_later, p_clinic[0], 50.0, 1.0))

# %%
compare("clinic-at-half")

# %% tags=["training"]
print(claim("Cut where the costs say, the model costs less than 0.9 of a second look at everybody.",
            clinic_cost["1/51"] / look_at_all, "<", 0.9))
saved = clinic_cost["0.5"] - clinic_cost["1/51"]
tell("Cut there, it saves {saved:.2f} per tumor against one half, median of 16 seeds.", saved=np.median(saved))
print(claim("At worst it costs 0.25 per tumor more than at one half.", -saved, "<", 0.25))
# what it pays for that
alarms = [np.mean((one > 1 / 51) & (y_later == 0)) - np.mean((one > 0.5) & (y_later == 0)) for one in p_clinic]
print(claim("Cut there, more than one tumor in fifty more is a false alarm than at one half.", alarms, ">", 0.02))

# %% [markdown]
# **Compare with your prediction.** AUC was splendid, accuracy at one half too, and a handful of missed tumors was
# still expensive. (Is the model at one half even cheaper than a second look at everybody? See above, for this `seed`.)
# The lower cut insures against them. The premium is more false alarms, each at a cost of 1. Like any insurance it can
# come out dearer. Where one half happens to miss no tumor at all, only the premium is left. With
# some other `seed` you will meet such a split.
#
# ## 11. What you take along
#
# Back to the first question: would you ship the Oscar model? Its loss gets what it expects: reported and recomputed
# agree, and all predictions lie between 0 and 1. Its ranking is good, if the leak does not matter to you. Its
# probabilities are roughly honest up to one half. Only the cut at one half, which nobody had chosen, made it look
# useless.
#
# | step | for a yes-or-no task | what goes wrong |
# |---|---|---|
# | labels | 0 and 1; say which is positive | 1 and 2, −1 and 1: loss below 0; counts: loss looks fine; never a message |
# | head and loss | `Dense(1, "sigmoid")` with BCE, or `Dense(1)` with `from_logits=True` | one softmax unit; `from_logits` forgotten, or one too many |
# | after training | smallest and largest prediction; loss recomputed from `predict` | predictions outside 0 to 1, or two different losses |
# | ranking | AUC, AP, beside their baselines; which feature knows the answer? | AUC on logits, or on two softmax columns; a feature that came after the answer |
# | probabilities | log loss, calibration plot | class weights and copies move them up |
# | flags | precision and recall at a named threshold, or the cost | accuracy alone; a threshold of one half that nobody chose |
# | threshold | from costs, or for the metric, on validation data | chosen on the films it is judged on |
#
# One last case for the table.

# %% [raw] tags=["question"]
# id = "which-step"
# ask = "A spam filter; spam is positive. AUC is excellent, the calibration plot follows the diagonal, and users complain that real mail is lost. Where do you act?"
# [right]
# text = "at the threshold: price a lost mail, and compute it"
# why = "Ranking and probabilities are fine. What is wrong is the decision, and that is the threshold's business."
# [[wrong]]
# text = "at the loss: train with a cost for lost mail"
# misconception = "retrain-instead-of-cut"
# why = "That can be done, and bends probabilities that are right. The threshold does it without training."
# [[wrong]]
# text = "at the data: oversample the real mail in training"
# misconception = "copies-add-information"
# why = "It moves all probabilities down. Less mail is lost, as with a higher threshold, but the probabilities are spoiled."
# [[wrong]]
# text = "at the ranking: train until the AUC is higher still"
# misconception = "ranking-for-the-decision"
# why = "Any ranking must be cut somewhere, and this one is cut too low. A higher AUC leaves the cut where it is."

# %% [markdown]
# What was claimed, and held, while this notebook ran:

# %% tags=["training"]
from helpers.claims import list_claims
list_claims()

# %% tags=["training"]
my_progress()

# %%
repeat("02_binary_cross_entropy")

# %% [raw] tags=["reflection"]
# id = "summary-02"
# ask = "In three sentences: what do the loss, the ranking and the threshold of a yes-or-no model have to do with each other?"

# %% [raw] tags=["reflection"]
# id = "muddiest-02"
# ask = "A minute card: what was the most important thing here, and what is still unclear?"

# %% [raw] tags=["reflection"]
# id = "confidence-02"
# ask = "From 1 (not at all) to 5 (surely): could you find the mismatch in a colleague's yes-or-no model, and choose its threshold?"

# %% [markdown]
# Go on with [03 Multiclass cross-entropy](03_multiclass_cross_entropy.ipynb): more than two classes.
#
# Further reading: Elkan, [The foundations of cost-sensitive
# learning](https://dl.acm.org/doi/10.5555/1642194.1642224), 2001, on thresholds from costs · Lipton, Elkan and
# Narayanaswamy, [Optimal thresholding of classifiers to maximize F1](https://doi.org/10.1007/978-3-662-44851-9_15),
# 2014 · van den Goorbergh and others, [The harm of class imbalance
# corrections](https://doi.org/10.1093/jamia/ocac093), 2022 · scikit-learn on [tuning the decision
# threshold](https://scikit-learn.org/stable/modules/classification_threshold.html).
