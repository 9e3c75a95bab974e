# %% [raw] tags=["instructor"]
# minutes = [4, 16, 11, 7, 18, 13, 15, 22, 14, 8, 10, 6]
# measured = "Reading at 180 words a minute, exercises and questions as one reader took them, rounded; the cells run for under a minute in all."
# pause = "after section 4. Sections 5 to 8 use one trained model of the Oscars; sections 9 and 10 stand alone."
# skip = "sections 1, 5 and 7 make an hour. Section 3, the list of metric traps in 6 and section 9 can wait; section 10 is good homework."

# %% [markdown] given="96%: claimed below, in section 5"
# # 02 · Binary cross-entropy
#
# Which films have an Oscar? A small network answers, and it is right for 96% of the films. It misses most of the
# winners. Is it a bad model, the wrong loss, or only a badly chosen threshold? This notebook takes the three apart.
#
# **After this notebook you can**
#
# 1. compute binary cross-entropy from logits without overflow, and say why it pulls where MSE gives up (exercises 1.1
#    and 2.1, predictions in 1 and 2);
# 2. match head, loss and labels for a yes-or-no task, and find the mismatch behind a strange run (predictions and
#    questions in 3, 4 and 6, exercise 6.1);
# 3. report a binary model by the metrics that fit the objective, beside a baseline (exercises 5.1 and 10.1,
#    predictions and questions in 5, 6, 9 and 10);
# 4. choose a threshold from costs or for F1, on validation data, instead of reweighting the classes (exercises 7.1,
#    7.2 and 8.1, predictions and questions in 7 and 8).
#
# **Time:** about 144 minutes, best in two sittings: a break fits after section 4. When you come back, choose *Run*,
# *Run All Above Selected Cell*: your answers have been kept. **You need:**
# [01 Regression losses](01_regression_losses.ipynb), and to have met logarithm and exponential, odds, the
# sigmoid, and a confusion matrix.
#
# **Contents**
#
# {{contents}}

# %% [markdown]
# ## 0. Do you still know?
#
# Four questions from notebooks 00 and 01. Answer before you look anything up: that is what makes it stick.

# %%
# every notebook starts with this cell: it finds the workbook's folder, wherever you opened the notebook
import pathlib, sys
sys.path[:0] = [str(p) for p in [pathlib.Path.cwd(), *pathlib.Path.cwd().parents] if (p / "helpers").is_dir()][:1]

# %%
import warnings
import numpy as np
from helpers import data, figures
from helpers.claims import claim, tell
from helpers.practice import check, compare, my_progress, predict, question, reflect, repeat

# %% tags=["parameters"]
seed = 0  # where the experiments below start; any other whole number will do

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
# id = "recall-lower-log-loss"
# ask = "Still notebook 00: model 1 had the lower log loss. Which model had the better F1, at a threshold of one half?"
# [right]
# text = "model 2"
# why = "Model 1 gave hardly any film more than one half, so it flagged few winners. Its probabilities were better and its flags were worse."
# [[wrong]]
# text = "model 1"
# misconception = "metric-is-inverted-loss"
# why = "A metric is not the loss upside down. Loss and F1 ranked the two models in opposite orders."
# [[wrong]]
# text = "neither: with equal networks F1 is equal"
# misconception = "same-network-same-answers"
# why = "They saw different data and learned different probabilities."

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
# why = "9 / (9 + 1): the share that the costly side has in both costs together. You will need such a share again."
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
# Ask a bookmaker. A horse that wins one race in five has a probability of 0.2. The bookmaker says: one win against
# four losses. Such a ratio is called the odds, p / (1 − p). Odds can be any number above 0. Their logarithm can be
# any number at all: it is called the **logit**. So we read whatever the network says as a logit. The sigmoid turns a
# logit back into a probability.

# %%
def logit(p):
    return np.log(p / (1 - p))

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

assert np.isclose(9 / (9 + 1), 0.9) and np.isclose(1 - 0.9, 0.1)       # for the last question
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

assert round(sigmoid(logit(0.2) + np.log(2)), 2) == 0.33 and round(-3 + np.log(2), 1) == -2.3   # doubled odds

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
# misconception = "loss-is-probability"
# why = "There is a logarithm and a minus: near 1 the surprise is near 0."

# %% [raw] tags=["alt"] id="surprise-alt" given="0.51 0.99: premises of the prediction"
# Line plot of BCE, 0 to 5, over the predicted probability, 0 to 1. For a winner the curve falls from beyond 5 near
# probability 0 to 0 at probability 1; for another film it is the mirror image. They cross at one half. Two points on
# the winner's curve are ringed: {middle:.2f} at probability 0.51 and {sure:.2f} at 0.99.

# %%
probabilities = np.linspace(0.002, 0.998, 499)
fig, ax = figures.axes(xlabel="predicted probability of an Oscar", ylabel="BCE of one film")
figures.lines(ax, probabilities, {"winner": -np.log(probabilities), "other film": -np.log(1 - probabilities)},
              label_at=None)
ax.annotate("winner: −log p", (0.06, 3.1))
ax.annotate("other film: −log(1 − p)", (0.94, 3.1), ha="right")
for p, offset in [(0.51, (4, 14)), (0.99, (-42, 16))]:
    figures.mark(ax, p, -np.log(p), f"{-np.log(p):.2f}", offset=offset)
ax.set_ylim(0, 5)
figures.show(fig, "surprise-alt", middle=-np.log(0.51), sure=-np.log(0.99))

# %%
compare("surprise-when-right")
assert round(-np.log(0.51), 2) == 0.67 and round(-np.log(0.99), 2) == 0.01

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
winner = np.array([[1.0]], "float32")
print("BCE of a winner\n logit   p in float32    our bce    Keras from p   Keras from the logit")
for z in np.array([-10, -50, -120], "float32"):
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        p = sigmoid(z)
        own = -np.log(p)
    row = np.array([[p]], "float32"), np.array([[z]])
    print(f"{z:6.0f} {p:14.3g} {own:10.2f} {float(from_p(winner, row[0])):15.2f} "
          f"{float(from_logits(winner, row[1])):22.2f}")

# %%
compare("certain-and-wrong")
assert np.isclose(float(from_p(winner, 0 * winner)), -np.log(1e-7)) and round(-np.log(1e-7), 2) == 16.12
assert round(16.12) == 16 and round(16.12, 1) == 16.1

# %% [markdown] given="16.12: asserted above"
# Two ways fail. Our own formula gives infinity as soon as p is rounded to 0. Keras' formula for probabilities stops
# at 16.12, and beyond the cut its slope is 0: nothing pulls such a film back. The third way is right everywhere. It
# never forms the probability:
#
# - for a winner, −log(sigmoid(z)) is log(1 + exp(−z));
# - for any other film it is log(1 + exp(z)).
#
# Both have the form log(1 + exp(x)), and that can be computed without the exponential of a large number:

# %%
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
    # for each film: what goes into softplus?
    ### BEGIN SOLUTION
    surprise = softplus(np.where(y_true == 1, -logits, logits))
    ### END SOLUTION
    # all films together
    return np.mean(surprise)

# %% tags=["start"]
def bce_on_logits(y_true, logits):
    """Mean BCE. y_true: (n,) of 0 and 1, logits: (n,), any size."""
    # for each film: what goes into softplus?
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

# %% [markdown]
# The same in one line, held against Keras and scikit-learn:

# %%
from sklearn import metrics as sk

some_y, some_z = np.array([1, 0, 1, 0]), np.array([2.0, -1.0, -3.0, 0.5])
ours = np.mean(softplus((1 - 2 * some_y) * some_z))
print(f"ours {ours:.6f}, Keras {float(from_logits(some_y[:, None], some_z[:, None])):.6f}, "
      f"scikit-learn {sk.log_loss(some_y, sigmoid(some_z)):.6f}, by way of p {bce(some_y, sigmoid(some_z)):.6f}")
assert np.isclose(ours, sk.log_loss(some_y, sigmoid(some_z)))

# %% [markdown]
# ### Where it bites
#
# A logarithm of a probability, written by hand into a loss of your own, works for weeks. Then one film gets a logit
# of 120, the loss is infinite, and the next step makes every weight NaN. Compute losses from logits.

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
# given = "0: the slope that the figure prints to three digits"
# ask = "A winner has the logit −6: the model is sure that it has no Oscar. Which loss pulls its logit up harder, BCE or MSE?"
# [right]
# text = "BCE, by far: the slope of MSE is nearly 0 there"
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
# text = "neither: the sigmoid is flat there, so nothing gets through"
# misconception = "flat-sigmoid-stops-everything"
# why = "The sigmoid is flat, and −log is steep just there. The two cancel."

# %% [raw] tags=["alt"] id="sure-and-wrong-alt" given="-1.1 0.1: ends of the axis; -0.3: lowest value, asserted below"
# Two line plots over the logit of a winner, -8 to 8. Left: the loss, 0 to 8; BCE falls as a straight line from 8 at
# logit -8 to near 0 above 3, MSE stays between 1 and 0. Right: the slope, -1.1 to 0.1; BCE rises from -1 to 0, MSE is
# near 0 at both ends and dips to about -0.3 in the middle. At logit -6, marked by a dotted line, BCE has slope
# {bce:.2f} and MSE {mse:.3f}.

# %%
z = np.linspace(-8, 8, 321)
squared = (sigmoid(z) - 1) ** 2
by_step = {"BCE": np.gradient(softplus(-z), z), "MSE": np.gradient(squared, z)}
fig, (left, right) = figures.axes(2, xlabel="logit of a winner")
figures.lines(left, z, {"BCE": softplus(-z), "MSE": squared}, label_at="legend")
left.set(ylabel="loss", title="the price", ylim=(0, 8))
figures.lines(right, z, by_step, label_at=None)
right.set(ylabel="slope of the loss", title="the pull on the logit", ylim=(-1.1, 0.1))
right.axvline(-6, color="black", linestyle=":")
assert round(by_step["MSE"].min(), 1) == -0.3
figures.show(fig, "sure-and-wrong-alt", **{k.lower(): v[np.argmin(abs(z + 6))] for k, v in by_step.items()})

# %%
compare("who-pulls-harder")

# %% [markdown]
# **Compare with your prediction.** At the left edge the model is wrong and sure of it. There the pull of BCE is
# strongest. That of MSE is nearly nothing, as weak as at the right edge, where the model is right. The figure took
# its slopes from small steps. Now derive the one of MSE.
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

# %% [markdown]
# ### A start that is sure and wrong
#
# Does it matter in training? We let a model start badly on purpose: its bias is 8, so it calls every film a winner.
# Few films are. The rest is plain Keras, once with each loss.

# %%
films = data.oscars()
print(films)
print(f"share of films with at least one Oscar: {films.y_train.mean():.3f}; a logit of 8 is p = {sigmoid(8.0):.4f}")

def build_sure(loss):
    head = keras.layers.Dense(1, activation="sigmoid", bias_initializer=keras.initializers.Constant(8))
    model = keras.Sequential([keras.Input((25,)), head])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss=loss)
    return model

# %% tags=["training"]
keras.utils.set_random_seed(seed)
model = build_sure("binary_crossentropy")
model.fit(films.X_train, films.y_train, batch_size=256, epochs=6, verbose=0)
print(f"BCE, one seed: mean probability after 6 epochs {model.predict(films.X_test, verbose=0).mean():.3f}")

# %% [raw] tags=["prediction"]
# id = "sure-start"
# given = "1: p − y for p near 1, shown in the figure of the slopes"
# ask = "The same start, six epochs, 16 seeds. Where is the mean probability of an Oscar after training with BCE, and with MSE?"
# [right]
# text = "BCE: down near the real share. MSE: still near 1"
# why = "Under BCE each wrong film pulls with nearly 1. Under MSE it pulls with next to nothing, because the sigmoid is flat at a logit of 8."
# [[wrong]]
# text = "both down near the real share: same data, same labels"
# misconception = "loss-is-cosmetic"
# why = "Both have their lowest point there. Only one of them pulls the model to it."
# [[wrong]]
# text = "MSE: down. BCE: still on its way"
# misconception = "squares-always-pull-harder"
# why = "Squares pull harder on plain numbers. Behind a sigmoid they fade where the model is sure."
# [[wrong]]
# text = "both still near 1: a model that is sure learns nothing"
# misconception = "flat-sigmoid-stops-everything"
# why = "Under BCE a model that is sure and wrong learns fastest."

# %% [markdown]
# One layer is few enough lines to write the training ourselves. `slope` is the only place where the loss speaks:
# `bce_slope`, or what you derived.

# %%
def train_sure(slope, seed, epochs=6, rate=0.1):
    """Gradient descent on one sigmoid unit whose bias starts at 8. Returns the mean probability on the test films."""
    rng = np.random.default_rng(seed)
    # the start of Keras' Dense: small random weights
    w, b = rng.uniform(-1, 1, 25) * np.sqrt(6 / 26), 8.0
    for _ in range(epochs):
        order = rng.permutation(len(films.y_train))
        for start in range(0, len(order), 256):
            batch = order[start:start + 256]
            # the pull on each film's logit, then on the weights and the bias
            g = slope(films.y_train[batch], films.X_train[batch] @ w + b)
            w, b = w - rate * films.X_train[batch].T @ g / len(batch), b - rate * g.mean()
    return sigmoid(films.X_test @ w + b).mean()

def squared_slope(y_true, z):
    return 2 * bce_slope(y_true, z) * sigmoid(z) * sigmoid(-z)   # exercise 2.1

after = {name: np.array([train_sure(slope, seed + k) for k in range(16)])
         for name, slope in [("BCE", bce_slope), ("MSE", squared_slope)]}

# %% [raw] tags=["alt"] id="sure-start-alt"
# Dot plot, one dot for each of 16 seeds, two rows; the axis is the mean predicted probability, 0 to 1, with a dotted
# line at the real share of winners, {share:.2f}. All dots of BCE lie near that line, around {bce:.2f}. All dots of
# MSE lie at the other end, around {mse:.2f}.

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
# ### Where it bites
#
# Nobody sets a bias of 8. But a network with a high learning rate, or with badly scaled features, can become sure and
# wrong in its first steps. With BCE it comes back.

# %% [raw] tags=["question"]
# id = "mse-for-classes"
# given = "0: the slope that the figure above shows"
# ask = "A colleague trains a sigmoid with MSE: the loss hardly moves, and is near 1 minus the share of winners. What do you look at first?"
# [right]
# text = "whether the outputs all sit near 1, where the slope of MSE is almost 0"
# why = "Then the squared error is 1 for every film without an Oscar and 0 for every winner: just that number. The remedy is BCE."
# [[wrong]]
# text = "whether there are too few epochs"
# misconception = "epochs-mean-trained"
# why = "Where the slope is almost 0, more steps are more of almost nothing."
# [[wrong]]
# text = "nothing: a loss below 1 is good"
# misconception = "losses-are-comparable"
# why = "A squared error of probabilities cannot exceed 1. Near 1 is as bad as it gets."
# [[wrong]]
# text = "whether the model is overfit"
# misconception = "any-gap-is-overfitting"
# why = "No gap was reported. It does not even fit the training data."

# %% [markdown]
# ## 3. Three heads, one model
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
# shares: the exponential of each, divided by their sum. For two numbers a and b, the share of b is exp(b) / (exp(a) +
# exp(b)).

# %%
for a, b in [(0.0, 2.0), (5.0, 7.0), (-3.0, 1.5)]:
    share_of_b = np.exp(b) / (np.exp(a) + np.exp(b))
    print(f"softmax of ({a}, {b}): share of b {share_of_b:.4f}; sigmoid of b - a: {sigmoid(b - a):.4f}")
    assert np.isclose(share_of_b, sigmoid(b - a))

# %% [markdown]
# Only the difference of the two numbers counts. Now train all three from one start, with the films in the same order.
# The softmax head starts with zeros for "no" and the weights of the others for "yes". Its two rows of weights move in
# opposite directions, so their difference moves twice as far in a step: it gets half the learning rate.

# %% [raw] tags=["prediction"]
# id = "three-heads"
# ask = "Same start, same order, two epochs of plain gradient descent. How far apart are the predicted probabilities of the three heads?"
# [right]
# text = "not at all, up to rounding"
# why = "The three compute the same function by the same loss. One of the two softmax units is spare."
# [[wrong]]
# text = "the softmax head is clearly elsewhere: it has twice the weights"
# misconception = "more-weights-more-model"
# why = "Only the difference of its two logits counts. The second row of weights adds nothing that the first could not do."
# [[wrong]]
# text = "the one without a sigmoid is elsewhere: it was trained on raw numbers"
# misconception = "head-changes-the-model"
# why = "With `from_logits=True` the sigmoid stands in the loss instead of the head. The same numbers flow."
# [[wrong]]
# text = "all three differ: three losses, three answers"
# misconception = "softmax-is-another-model"
# why = "The three losses are one loss, written three times."

# %% tags=["training"]
start = np.random.default_rng(seed).normal(0, 0.1, (25, 1))
heads = {"sigmoid": (keras.layers.Dense(1, activation="sigmoid"), from_p, 0.1, start),
         "logits": (keras.layers.Dense(1), from_logits, 0.1, start),
         "softmax of two": (keras.layers.Dense(2, activation="softmax"),
                            keras.losses.SparseCategoricalCrossentropy(), 0.05, np.hstack([0 * start, start]))}
p_of = {}
for name, (head, loss, rate, weights) in heads.items():
    model = keras.Sequential([keras.Input((25,)), head])
    model.compile(optimizer=keras.optimizers.SGD(rate), loss=loss)
    head.set_weights([weights, np.zeros(weights.shape[1])])
    history = model.fit(films.X_train, films.y_train, batch_size=256, epochs=2, shuffle=False, verbose=0).history
    out = model.predict(films.X_test, verbose=0)[:, -1]
    p_of[name] = sigmoid(out) if name == "logits" else out
    print(f"{name:15} loss {history['loss'][-1]:.6f}   probabilities differ from the first head's by at most "
          f"{np.abs(p_of[name] - p_of['sigmoid']).max():.0e}")

# %%
compare("three-heads")
assert max(np.abs(p - p_of["sigmoid"]).max() for p in p_of.values()) < 1e-5

# %% [markdown]
# **One model, three spellings.** We use the first, because `predict` then returns probabilities. (Adam would walk the
# softmax head along another path, because it scales its steps weight by weight. What the head can express stays the
# same.)

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
# ### Where it bites
#
# Whoever gets such a model from you must know what `predict` returns. With logits the cut at one half is a cut at
# **0**. Section 6 shows what metrics make of it.
#
# ## 4. When head, loss and labels do not fit
#
# The films again, with a hidden layer, and first the way it should be. `listen` shows what Keras says; beside the
# loss that it reports stands the BCE that we compute from `predict`.

# %%
assert round(sigmoid(-2.0), 2) == 0.12

def listen(run):
    """Run something and print what Keras says. Returns the result, or None where it raised."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            result = run()
        except Exception as error:
            lines = [line for line in str(error).splitlines() if "Received" in line] or [str(error).split("\n")[0]]
            print(f"   raises {type(error).__name__}: {lines[0][:150]}")
            return None
    for text in dict.fromkeys(str(one.message).split(". ")[0][:150] for one in said):
        print(f"   warns: {text}")
    print("   says nothing" if not said else "   and goes on")
    return result

# %%
def build(head, loss="binary_crossentropy", **more):
    model = keras.Sequential([keras.Input((25,)), keras.layers.Dense(32, activation="relu"), *head()])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss, **more)
    return model

def train(head, loss="binary_crossentropy", y=films.y_train, epochs=6, rows=slice(None), **more):
    keras.utils.set_random_seed(seed)
    model = build(head, loss, **more)
    model.fit(films.X_train[rows], y[rows], batch_size=256, epochs=epochs, verbose=0)
    return model

def sigmoid_head():
    return [keras.layers.Dense(1, activation="sigmoid")]

# %% tags=["training"]
def both_losses(model):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")         # what they say, they said in training
        reported = model.evaluate(films.X_test, films.y_test, batch_size=4096, verbose=0)
        p = model.predict(films.X_test, batch_size=4096, verbose=0)[:, -1]
    recomputed = bce(films.y_test, np.clip(p.astype(float), 1e-7, 1 - 1e-7))
    print(f"   test loss that Keras reports {reported:.3f}, BCE recomputed from predict {recomputed:.3f}, "
          f"predictions from {p.min():.3f} to {p.max():.3f}")

right_one = listen(lambda: train(sigmoid_head))
both_losses(right_one)

# %% [markdown]
# Reported and recomputed agree. Now the classic mistakes, one after another. Each is something that people really
# write.
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
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    says_yes = one_softmax.predict(films.X_test, batch_size=4096, verbose=0)[:, 0] > 0.5
print(f"flagged: {says_yes.mean():.0%} of the films; accuracy {(says_yes == films.y_test).mean():.3f}")

# %%
compare("softmax-on-one-unit")

# %% tags=["training"]
assert says_yes.all()
print("training loss by epoch")
for name, model in [("sigmoid", right_one), ("softmax", one_softmax)]:
    print(f"   {name}  " + "  ".join(f"{value:.4f}" for value in model.history.history["loss"]))
assert np.allclose(right_one.history.history["loss"], one_softmax.history.history["loss"], rtol=1e-4)

# %% [markdown]
# **So the loss curve cannot show this mistake.** The reported loss is that of another model than the one that
# predicts. Only the head, or the predictions, give it away. (On Keras' other backends the logits are not read. There
# the old symptom should be back.)
#
# ### A head without activation, and no `from_logits`

# %% [raw] tags=["prediction"]
# id = "linear-head"
# given = "1e-7: the epsilon of Keras"
# ask = "`Dense(1)` with plain `\"binary_crossentropy\"`: the outputs are logits, and nobody told the loss. Which training loss do you see after six epochs, over 16 seeds?"
# [right]
# text = "higher than it should be on every seed; on many it does not move at all"
# why = "Outputs below 0 are taken for impossible probabilities and cut to 1e-7. There every winner costs 16, no other film costs anything, and the slope is 0. A seed whose outputs all fall below 0 is dead."
# [[wrong]]
# text = "the right one: Keras sees that these are logits"
# misconception = "keras-repairs-everything"
# why = "Keras knows logits only behind its own sigmoid or softmax. Here there is neither."
# [[wrong]]
# text = "NaN: the logarithm of a negative number"
# misconception = "log-zero-reaches-keras"
# why = "The cut at 1e-7 comes first, so no logarithm of a negative number is taken."
# [[wrong]]
# text = "an error message: these are no probabilities"
# misconception = "keras-would-refuse"
# why = "Keras does not look whether the outputs are probabilities."

# %% tags=["training"]
linear_one = listen(lambda: train(lambda: [keras.layers.Dense(1)]))
both_losses(linear_one)

from helpers.replicates import fit_replicates     # the same training from 16 seeds

recipe = dict(seeds=16, base_seed=1000 * seed, epochs=6, batch_size=256)
sigmoid_runs = fit_replicates(lambda: build(sigmoid_head), films.X_train, films.y_train, **recipe)
sigmoid_loss = sigmoid_runs.history["loss"][:, -1]
linear_loss = fit_replicates(lambda: build(lambda: [keras.layers.Dense(1)]), films.X_train, films.y_train,
                             **recipe).history["loss"][:, -1]
dead = films.y_train.mean() * -np.log(1e-7)  # every winner costs 16.1, the others nothing

# %% [raw] tags=["alt"] id="linear-head-alt" given="0.8: end of the axis"
# Dot plot, one dot for each of 16 seeds, two rows; the axis is the training loss after six epochs, 0 to 0.8, with a
# dotted line at {dead:.2f}. The dots of the sigmoid head lie close together at {right:.2f}. Those of the linear head
# are scattered to the right of it, from {low:.2f} to {high:.2f}; {many} of them lie on the dotted line.

# %% tags=["training"] given="16.1: asserted above"
on_the_line = int((abs(linear_loss - dead) < 0.005).sum())
fig, ax = figures.axes(xlabel="training loss that Keras reports after six epochs", height=2.6)
figures.strip(ax, {"sigmoid head": sigmoid_loss, "linear head": linear_loss}, reference=dead,
              reference_label="share of winners × 16.1")
ax.set_xlim(0, 0.8)
figures.show(fig, "linear-head-alt", dead=dead, right=np.median(sigmoid_loss), low=linear_loss.min(),
             high=linear_loss.max(), many=on_the_line)
tell("{many} of 16 seeds are dead: they sit where every winner costs 16.1.", many=on_the_line)
print(claim("The loss of the linear head ends at least 1.2 times as high as that of the sigmoid head.",
            linear_loss / sigmoid_loss, ">", 1.2))

# %%
compare("linear-head")

# %% [markdown]
# On a set with as many yes as no, such a head often starts high, learns, and looks fine in the end. With few winners
# the same mistake is deadly.
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
# [right]
# text = "no warning; the loss sticks near 0.69 and the predictions go to 0"
# why = "The reshaped output carries no logits any more, so the second sigmoid is real. A p between 0 and 1 becomes something between 0.5 and 0.73. For films without an Oscar 0.5 is the best on offer: −log 0.5 is 0.69."
# [[wrong]]
# text = "as before: a warning, and the right loss"
# misconception = "keras-repairs-everything"
# why = "The repair needs the logits that the sigmoid attached. They are lost at the next layer, and so is the warning."
# [[wrong]]
# text = "no warning, and the loss sinks below 0"
# misconception = "loss-below-zero-from-heads"
# why = "A loss below 0 comes from labels outside 0 and 1. Here the labels are fine."
# [[wrong]]
# text = "no warning, and it trains nearly as well: two sigmoids only flatten"
# misconception = "double-sigmoid-is-harmless"
# why = "The second sigmoid cannot go below 0.5. To call most films a no is out of its reach."

# %% tags=["training"]
def reshaped_head():
    return [keras.layers.Dense(1, activation="sigmoid"), keras.layers.Reshape((1,))]

flag_reshaped = listen(lambda: train(reshaped_head, from_logits))
both_losses(flag_reshaped)
twice = fit_replicates(lambda: build(reshaped_head, from_logits), films.X_train, films.y_train, **recipe)
highest = twice.predict(films.X_test)[..., 0].max(axis=1)
print(claim("With two real sigmoids, the training loss ends within 0.005 of log 2.",
            abs(twice.history["loss"][:, -1] - np.log(2)), "<", 0.005))
print(claim("No test film gets a probability above 0.2.", highest, "<", 0.2))

# %%
compare("flag-behind-reshape")
assert round(np.log(2), 2) == 0.69 and sigmoid(0.0) == 0.5 and round(sigmoid(1.0), 2) == 0.73

# %% [markdown]
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
# text = "what it reports for 0 and 1: a code is only a name"
# misconception = "labels-are-only-names"
# why = "The loss computes with the code. 2 is not a name there but a weight."
# [[wrong]]
# text = "a loss that falls to 0 and stays"
# misconception = "loss-cannot-be-negative"
# why = "BCE cannot be negative for labels from 0 to 1. Outside, nothing holds it at 0."
# [[wrong]]
# text = "an error message: BCE needs labels from 0 to 1"
# misconception = "keras-would-refuse"
# why = "Keras looks at shapes and types, not at the values of labels."

# %% tags=["training"]
table = data.films().table
oscars_won = table.oscars.to_numpy()[table.split == "train"]
assert ((oscars_won > 0) == films.y_train).all()
for name, y in [("1 and 2", films.y_train + 1), ("−1 and 1", 2 * films.y_train - 1), ("number of Oscars", oscars_won)]:
    print(name)
    wrong_labels = listen(lambda: train(sigmoid_head, y=y, epochs=3, metrics=["accuracy"]))
    loss, accuracy = (wrong_labels.history.history[what][-1] for what in ["loss", "accuracy"])
    p = wrong_labels.predict(films.X_test, batch_size=4096, verbose=0)[:, 0]
    print(f"   loss {loss:9.2f}   accuracy {accuracy:.3f}   films above one half {np.mean(p > 0.5):6.1%}")
    assert loss < 0 or name == "number of Oscars"
print(f"always saying no: accuracy {np.mean(films.y_train == 0):.3f}")

# %%
compare("labels-one-and-two")

# %% [markdown]
# The most dangerous is the last one: the *number* of Oscars as label. Nothing looks strange at first, because nearly
# every label is 0 or 1. A film with 11 Oscars pulls eleven times and more. Look at the smallest and the largest
# label, always.
#
# ### What Keras does refuse
#
# Eight more set-ups, on a few hundred films. "Rows" are labels such as 0 1 for yes and 1 0 for no.

# %% [raw] tags=["prediction"]
# id = "how-many-raise"
# ask = """Rows with one sigmoid and BCE · 0/1 with two softmax units and BCE · 0/1 with two softmax units and CategoricalCrossentropy · 0/1 with one
# sigmoid and SparseCategoricalCrossentropy · 0/1 with one sigmoid and CategoricalCrossentropy · rows with two softmax units and BCE · labels "yes" and "no" · labels as a Python list.
# How many of these eight raise an error?"""
# right = 6
# why = "Shapes, types and ids out of range are refused. One unit with a categorical loss only warns, and BCE on two softmax units says nothing."
# tolerance = 0.05
# [[near]]
# value = 8
# misconception = "keras-would-refuse"
# why = "Keras refuses shapes and types that cannot be computed. What can be computed, it computes."
# [[near]]
# value = 0
# misconception = "keras-would-warn"
# why = "Some cannot even be computed, and then Keras says so."
# [[near]]
# value = 3
# misconception = "keras-would-warn"
# why = "More than that: all whose shape, type or range cannot be computed."

# %%
def softmax_head():
    return [keras.layers.Dense(2, activation="softmax")]

y_few = films.y_train[:512]
rows_few = np.eye(2)[y_few]
eight = {"rows, one sigmoid, BCE": (sigmoid_head, "binary_crossentropy", rows_few),
         "0/1, two softmax, BCE": (softmax_head, "binary_crossentropy", y_few),
         "0/1, two softmax, categorical": (softmax_head, "categorical_crossentropy", y_few),
         "0/1, one sigmoid, sparse categorical": (sigmoid_head, "sparse_categorical_crossentropy", y_few),
         "0/1, one sigmoid, categorical": (sigmoid_head, "categorical_crossentropy", y_few),
         "rows, two softmax, BCE": (softmax_head, "binary_crossentropy", rows_few),
         "yes/no as text": (sigmoid_head, "binary_crossentropy", np.where(y_few == 1, "yes", "no")),
         "a Python list": (sigmoid_head, "binary_crossentropy", y_few.tolist())}

# %% tags=["training"]
ran = {}
for name, (head, loss, y) in eight.items():
    print(name)
    ran[name] = listen(lambda: train(head, loss, y, epochs=1, rows=slice(512)))
refused = sum(model is None for model in ran.values())

# %%
compare("how-many-raise", refused)

# %% [markdown]
# Two ran, and both are worth a look. With one unit, categorical cross-entropy divides the output by itself: the loss
# is 0 for any weights. And BCE on two softmax units takes the logits for two sigmoids of their own, while `predict`
# returns shares.

# %% tags=["training"]
print(f"categorical on one unit: loss {ran['0/1, one sigmoid, categorical'].history.history['loss'][-1]:.3f}")
two = ran["rows, two softmax, BCE"]
shares = two.predict(films.X_test, batch_size=4096, verbose=0)[:, 1].astype(float)
reported = two.evaluate(films.X_test, np.eye(2)[films.y_test], batch_size=4096, verbose=0)
print(f"BCE on two softmax units: reported {reported:.4f}, recomputed from predict {bce(films.y_test, shares):.4f}")

# %% [markdown]
# Now you are the one who is asked.

# %% [raw] tags=["question"]
# id = "diagnose-half"
# given = "0.69: asserted above"
# ask = "Few winners; labels 0 and 1. The loss has been at 0.69 since the first epochs, and all predictions are near 0. No warning. What is it?"
# discuss = true
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
# misconception = "softmax-is-sigmoid"
# why = "Then all predictions would be 1, and the loss would look healthy."

# %% [raw] tags=["question"]
# id = "diagnose-negative"
# ask = "The loss is −37 after five epochs and falls. Where do you look?"
# [right]
# text = "at the smallest and largest label"
# why = "BCE of a label from 0 to 1 is never below 0. A negative loss means labels outside that range."
# [[wrong]]
# text = "nowhere: lower is better"
# misconception = "lower-is-always-better"
# why = "Below its possible minimum a loss is not better but broken."
# [[wrong]]
# text = "at `from_logits`"
# misconception = "loss-below-zero-from-heads"
# why = "Heads and flags change what p is. For labels 0 and 1 the loss stays above 0 with any of them."
# [[wrong]]
# text = "at the sign of the loss: somebody maximizes"
# misconception = "sign-reversed"
# why = "With a flipped sign the predictions would get worse and worse. Possible in a loss of one's own; first look at the labels, it is one line."

# %% [markdown]
# ### Where it bites
#
# Three lines before any training: print the last layer's activation, the loss with its `from_logits`, and the
# smallest and largest label. One line after it: the loss recomputed from `predict`.

# %% [markdown]
# ## 5. Four counts
#
# Now the right model, and what it is worth. **Which class is positive is said first:** here it is the films with at
# least one Oscar. They are the *winners*; a film that the model calls a winner is *flagged*.

# %%
p_val, p_test = (sigmoid_runs.predict(X)[..., 0].astype(float) for X in (films.X_val, films.X_test))
y_val, y_test = films.y_val, films.y_test
print(f"{p_test.shape[0]} seeds, {len(y_val):,} validation films, {len(y_test):,} test films")
print(f"winners among the test films: {y_test.sum()}; accuracy of always saying no: {np.mean(y_test == 0):.3f}")

# %% [raw] tags=["prediction"]
# id = "winners-flagged"
# given = "96%: claimed below; 0.5: the default threshold"
# ask = "The model is right for 96% of the test films. 144 of them have an Oscar. How many of these 144 does it flag at 0.5?"
# unit = " winners"
# right = 32
# tolerance = 0.3
# why = "Hardly any film gets more than one half, because hardly any has an Oscar. The accuracy comes from the films without one."
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
# misconception = "accuracy-is-recall"
# why = "Then the model would miss no winner. At this accuracy it can miss nearly all."

# %%
def four_counts(y_true, flagged):
    # winners flagged, winners missed, others flagged (false alarms), others left alone
    winner = y_true == 1
    return np.array([np.sum(flagged & winner), np.sum(~flagged & winner),
                     np.sum(flagged & ~winner), np.sum(~flagged & ~winner)])

counts = np.array([four_counts(y_test, p > 0.5) for p in p_test])
found, missed, false_alarms, left_alone = np.median(counts, axis=0)
print(f"median of 16 seeds    flagged   not flagged\n   winners            {found:7.0f} {missed:13.0f}"
      f"\n   others             {false_alarms:7.0f} {left_alone:13.0f}")

# %%
compare("winners-flagged", found)

# %% tags=["training"] given="0.5: the default threshold; 96%: bound of the claim"
accuracy = (counts[:, 0] + counts[:, 3]) / len(y_test)
tell("The accuracy is {model:.3f}. Always saying no has {no:.3f}, and flags no winner.", model=np.median(accuracy),
     no=np.mean(y_test == 0))
print(claim("The accuracy is within one point of 96%.", abs(accuracy - 0.96), "<", 0.01))
print(claim("The model's accuracy is less than 0.01 above that of always saying no.",
            accuracy - np.mean(y_test == 0), "<", 0.01))
print(claim("At 0.5 the model misses more than half of the winners.", counts[:, 1] / y_test.sum(), ">", 0.5))

# %% [markdown]
# **Compare with your prediction.** This table is the confusion matrix, and accuracy throws most of it away. Two
# questions bring it back:
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

# %% tags=["wrong"] misconception="empty-share-is-perfect"
# Where nothing is flagged, or nothing is there to be found, you give 1. By agreement 0 / 0 counts as 0 here.
def precision_recall_f1(y_true, flagged):
    found, flags, winners = np.sum(flagged & (y_true == 1)), np.sum(flagged), np.sum(y_true == 1)
    return {"precision": found / flags if flags else 1.0, "recall": found / winners if winners else 1.0,
            "f1": 2 * found / (flags + winners) if flags + winners else 1.0}

# %% tags=["training"]
def all_three(y_true, flagged):
    precision, recall, f1, _ = sk.precision_recall_fscore_support(y_true, flagged, average="binary", zero_division=0)
    return precision, recall, f1

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
# misconception = "no-baseline"
# why = "It counts mostly the films that nobody asks about. An empty list is nearly as accurate."
# [[wrong]]
# text = "F1: it is the fair compromise"
# misconception = "f1-fits-every-objective"
# why = "F1 weighs the two in its own way. Nobody asked whether a minute and a missed film are worth that."

# %% [raw] tags=["question"]
# id = "recall-of-one"
# ask = "Somebody offers a model for the Oscars with a recall of 1. What do you ask?"
# [right]
# text = "its precision: flagging every film has recall 1 as well"
# why = "Flag everything and no winner is missed. The precision is then the share of winners, about one in twenty-five."
# [[wrong]]
# text = "nothing: no winner is missed"
# misconception = "no-baseline"
# why = "A rule without a model does the same: flag everything."
# [[wrong]]
# text = "its accuracy, which must be 1 as well"
# misconception = "accuracy-is-recall"
# why = "Recall says nothing about the films without an Oscar. They may all be flagged."
# [[wrong]]
# text = "whether it is overfit"
# misconception = "high-means-overfit"
# why = "Perhaps. But recall 1 needs no training at all."

# %% [markdown]
# ### Where it bites
#
# A report that gives one of the two alone can be met without a model: recall by flagging all, precision by flagging
# one sure film. Give both, at a threshold that you name, beside the baseline.
#
# ## 6. Ranking without a threshold
#
# All of section 5 hung on the cut at one half. What is the model worth before anybody cuts? Then only the order of
# the films counts.
#
# Take one winner and one other film at random. Does the winner have the higher probability? The share of such pairs
# is the **ROC AUC**, here short: AUC. Half a point for a tie.

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
# discuss = true
# [right]
# text = "of a random winner and a random other film, the winner is ranked higher in 90% of the pairs"
# why = "AUC is a statement about pairs, so about the order alone."
# [[wrong]]
# text = "90% of the films are classified rightly"
# misconception = "auc-is-accuracy"
# why = "Nothing is classified without a threshold, and AUC has none."
# [[wrong]]
# text = "90% of the winners are found"
# misconception = "auc-is-recall"
# why = "How many are found depends on where you cut. At a high threshold it can be none."
# [[wrong]]
# text = "0.9 is the threshold to use"
# misconception = "auc-is-a-threshold"
# why = "AUC is a property of the whole ranking. It does not name a place to cut."

# %% [markdown]
# The name comes from a curve: walk down the ranking, and draw recall against the share of other films that have been
# flagged so far. Its area is the share of pairs. A second curve draws precision against recall. A number for it is
# the **average precision**, AP: at each winner on the way down, note the precision so far, and take the mean.

# %%
def average_precision(y_true, p):
    # down the ranking: precision so far, at each winner
    y = y_true[np.argsort(-p, kind="stable")]
    precision_so_far = np.cumsum(y) / np.arange(1, len(y) + 1)
    return np.mean(precision_so_far[y == 1])

assert np.isclose(average_precision(y_test, p_test[0]), sk.average_precision_score(y_test, p_test[0]))

# %% [raw] tags=["prediction"]
# id = "random-ap"
# given = "4%: the share of winners, printed in section 2"
# ask = "Order the test films at random. AUC is then about one half. About what is the average precision? (4% of the films are winners.)"
# range = [0, 1]
# right = 0.041
# tolerance = 0.35
# why = "At any place in a random order the flagged films hold as many winners as all films do: their share. That is the baseline of AP, and it changes with the share."
# [[near]]
# value = 0.5
# misconception = "ap-baseline-is-half"
# why = "One half is the baseline of AUC, whatever the share. Precision has the share of winners as its baseline."
# [[near]]
# value = 0.0
# misconception = "random-finds-nothing"
# why = "Random flags find some winners: as many as there are among any films."
# [[near]]
# value = 1.0
# misconception = "ap-baseline-is-half"
# why = "1 is the perfect order: all winners on top."

# %% [raw] tags=["alt"] id="roc-pr-alt"
# Two line plots, both axes from 0 to 1, median and band over 16 seeds. Left, ROC curve: recall over the share of
# other films flagged; the curve rises steeply, to about {early:.2f} at a tenth, far above the dotted diagonal of a
# random order; area {auc:.3f}. Right: precision over recall; the curve falls from near 1 to near 0, with area
# {ap:.2f}; a dotted line at {share:.2f} marks a random order.

# %%
others_flagged = np.linspace(0, 1, 201)
recalls = np.linspace(0.02, 1, 99)
roc_curves, pr_curves = [], []
for p in p_test:
    fpr, tpr, _ = sk.roc_curve(y_test, p)
    roc_curves.append(np.interp(others_flagged, fpr, tpr))
    precision, recall, _ = sk.precision_recall_curve(y_test, p)
    pr_curves.append(np.interp(recalls, recall[::-1], precision[::-1]))
aucs = np.array([sk.roc_auc_score(y_test, p) for p in p_test])
aps = np.array([sk.average_precision_score(y_test, p) for p in p_test])

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
shuffled = [average_precision(y_test, np.random.default_rng(seed + k).random(len(y_test))) for k in range(32)]

# %%
compare("random-ap", np.median(shuffled))
assert round(y_test.mean(), 3) == 0.041

# %% tags=["training"]
print(claim("The AUC of the model is above 0.93.", aucs, ">", 0.93))
print(claim("Its average precision is at least eight times that of a random order.", aps / y_test.mean(), ">", 8))

# %% [markdown]
# So the same model that looked useless in section 5 ranks very well. The ranking is there. What was bad is the cut.
#
# ### What Keras' metrics do with other heads
#
# A metric takes what the head gives, and does not ask what it is. We hand the predictions of one seed to Keras'
# metrics, in the forms that other heads would deliver. Nothing is trained anew, so every difference is the metric's.

# %%
p = p_test[0]
as_logits = logit(p)[:, None]                 # what Dense(1) without activation gives
as_shares = np.column_stack([1 - p, p])       # what two softmax units give
y_column, y_rows = y_test[:, None], np.eye(2)[y_test]

def keras_says(metric, y, out):
    metric.update_state(y, out)
    return float(np.squeeze(metric.result()))

# %% [raw] tags=["prediction"]
# id = "metrics-on-logits"
# given = "0.5: Keras' default threshold; 0.62: asserted below"
# ask = "`Recall()` and `AUC()` get logits instead of probabilities. What do they report, compared with the truth?"
# [right]
# text = "recall too low, AUC far too low"
# why = "Recall cuts logits at 0.5, which is a probability of 0.62: fewer films pass. AUC sweeps thresholds from 0 to 1, and nearly all films have logits below 0: to it they are all tied."
# [[wrong]]
# text = "both right: the order of the films is the same"
# misconception = "metrics-know-the-head"
# why = "The order is the same. The thresholds that the metrics use are made for probabilities."
# [[wrong]]
# text = "recall too low, AUC right: AUC only looks at the order"
# misconception = "auc-metric-is-exact"
# why = "True AUC only looks at the order. Keras estimates it at 200 thresholds between 0 and 1, and logits lie elsewhere."

# %% tags=["training"]
K = keras.metrics
print("                     from p   from logits   with the remedy")
for name, plain, remedy in [("recall", K.Recall, K.Recall(thresholds=0)),
                            ("precision", K.Precision, K.Precision(thresholds=0)),
                            ("AUC", K.AUC, K.AUC(from_logits=True))]:
    print(f"{name:18} {keras_says(plain(), y_column, p):8.3f} {keras_says(plain(), y_column, as_logits):13.3f} "
          f"{keras_says(remedy, y_column, as_logits):17.3f}")
assert round(sigmoid(0.5), 2) == 0.62 and K.AUC().num_thresholds == 200
on_logits = np.array([[keras_says(metric(), y_column, logit(q)[:, None]) for metric in (K.Recall, K.AUC)]
                      for q in p_test])
print(claim("On logits Keras' recall is too low by more than 0.03.",
            on_logits[:, 0] - counts[:, 0] / y_test.sum(), "<", -0.03))
print(claim("On logits Keras' AUC is too low by more than 0.15.", on_logits[:, 1] - aucs, "<", -0.15))

# %%
compare("metrics-on-logits")

# %% [markdown] given="0.5: Keras' default threshold"
# `accuracy` cuts at 0.5 as well. With logits, use `BinaryAccuracy(threshold=0)`.

# %% [raw] tags=["prediction"]
# id = "softmax-precision"
# ask = "Two softmax units, rows as labels, `metrics=[\"Precision\", \"Recall\"]`. What do they show?"
# [right]
# text = "both show the accuracy"
# why = "They count over both columns together. Each film is flagged once, in one of two columns, so precision and recall both become the share of right answers."
# [[wrong]]
# text = "precision and recall of class 1, the winners"
# misconception = "keras-knows-the-positive-class"
# why = "Nobody told Keras which column is the positive class. `class_id=1` does."
# [[wrong]]
# text = "the mean over both classes"
# misconception = "micro-is-macro"
# why = "It does not average two precisions. It pools the counts of both columns, and the many films without an Oscar fill them."

# %% tags=["training"]
print(f"accuracy                                {keras_says(K.CategoricalAccuracy(), y_rows, as_shares):.4f}")
for metric in [K.Precision, K.Recall, K.AUC]:
    more = {} if metric is K.AUC else {"class_id": 1}
    print(f"{metric.__name__:10} both columns {keras_says(metric(), y_rows, as_shares):.4f}   the winners' column "
          f"{keras_says(metric(**more), *([y_rows, as_shares] if more else [y_column, p])):.4f}")
assert np.isclose(keras_says(K.Precision(), y_rows, as_shares), keras_says(K.Recall(), y_rows, as_shares))

# %%
compare("softmax-precision")

# %% [markdown]
# Three more, quickly. One sigmoid unit and `F1Score()` as it comes; labels −1 and 1 with hinge loss, a loss that
# reads its outputs as logits, and `accuracy`; and probabilities that are all small.

# %% [raw] tags=["prediction"]
# id = "f1-as-it-comes"
# given = "1e-9: in Keras' code"
# ask = "One sigmoid unit, `F1Score()` without arguments. What does it show for our model, and what for random numbers?"
# [right]
# text = "the same for both: the F1 of flagging every film"
# why = "Without a threshold, F1Score flags the largest column of each row. With a single column that is always this one. (Only a p below 1e-9 is left out.)"
# [[wrong]]
# text = "the F1 at one half for both"
# misconception = "f1-has-a-default-threshold"
# why = "That is what `threshold=0.5` gives. The default is None: the largest column wins."
# [[wrong]]
# text = "the best F1 of all thresholds"
# misconception = "f1-has-a-default-threshold"
# why = "Keras does not search for a threshold."

# %% tags=["training"]
rng = np.random.default_rng(seed)
noise = rng.random((len(y_test), 1)).astype("float32")
flag_all = 2 * y_test.sum() / (len(y_test) + y_test.sum())
print(f"F1Score():              model {keras_says(K.F1Score(), y_column, p[:, None]):.4f}, "
      f"random numbers {keras_says(K.F1Score(), y_column, noise):.4f}, flagging every film {flag_all:.4f}")
print(f"F1Score(threshold=0.5): model {keras_says(K.F1Score(threshold=0.5), y_column, p[:, None]):.4f}, "
      f"random numbers {keras_says(K.F1Score(threshold=0.5), y_column, noise):.4f}")
hinge_labels = 2 * y_column - 1               # hinge wants −1 and 1; Keras also takes 0 and 1, and recodes them
print(f"hinge loss:    labels −1/1 {float(keras.losses.Hinge()(hinge_labels, as_logits)):.3f}, "
      f"labels 0/1 {float(keras.losses.Hinge()(y_column, as_logits)):.3f}")
print(f"accuracy at 0: labels −1/1 {keras_says(K.BinaryAccuracy(threshold=0), hinge_labels, as_logits):.3f}, "
      f"labels 0/1 {keras_says(K.BinaryAccuracy(threshold=0), y_column, as_logits):.3f}")
print(f"AUC, all p divided by 100: by pairs {auc(y_test, p / 100):.3f}, "
      f"Keras {keras_says(K.AUC(), y_column, p / 100):.3f}, Keras with 20,000 thresholds "
      f"{keras_says(K.AUC(num_thresholds=20000), y_column, p / 100):.3f}")

# %%
compare("f1-as-it-comes")
assert abs(keras_says(K.F1Score(), y_column, p[:, None]) - keras_says(K.F1Score(), y_column, noise)) < 1e-3

# %% [markdown]
# With labels −1 and 1 the hinge loss is right and the accuracy wrong: a prediction becomes 0 or 1, and −1 is neither.
# And dividing all probabilities by 100 changes no order, but Keras' 200 thresholds lie too far apart to see it.
#
# ### Exercise 6.1: find the fault
#
# A colleague's report gets logits, from a head without activation. It runs, and its log loss is right. Yet it finds
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

# %% tags=["wrong"] misconception="symptom-not-cause"
# You changed the recall. It was computed rightly, from wrong flags; and the flags are still wrong.
def report_from_logits(y_true, logits):
    surprise = np.maximum(logits, 0) - logits * y_true + np.log1p(np.exp(-np.abs(logits)))
    flagged = logits > 0.5
    return {"log loss": np.mean(surprise), "flagged": np.mean(flagged),
            "recall": np.sum(flagged & (y_true == 1)) / max(np.sum(flagged), 1)}

# %% tags=["wrong"] misconception="symptom-not-cause"
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

# %% [markdown]
# ### Where it bites
#
# None of these metrics complains. Before you believe one, feed it something whose answer you know: random numbers, or
# flagging every film.

# %% [markdown]
# ## 7. Where to cut
#
# Between the probability and the flag stands a threshold, and nobody trained it. Let us move it. One seed serves
# here, because a slider shows one model.

# %% [raw] tags=["prediction"]
# id = "what-the-threshold-moves"
# given = "0.5 0.1: premises"
# ask = "You move the threshold of a trained model from 0.5 to 0.1. Which of these change?"
# [right]
# text = "the four counts and what is made of them: precision, recall, F1, accuracy"
# why = "The threshold decides who is flagged, and nothing else. Probabilities, log loss and the ranking stay as they were."
# [[wrong]]
# text = "the AUC as well: the model moves along its ROC curve"
# misconception = "point-is-curve"
# why = "A threshold is one point of the curve. The curve and its area stay."
# [[wrong]]
# text = "the log loss as well: there are other errors now"
# misconception = "loss-is-thresholded"
# why = "The log loss is made of probabilities, and those did not move."
# [[wrong]]
# text = "the weights as well: the model adapts"
# misconception = "threshold-retrains"
# why = "Nothing is trained. The threshold is applied after the model has spoken."

# %% [raw] tags=["alt"] id="threshold-slider-alt" given="0.5: the slider's start"
# Two panels at threshold 0.5. Left: histograms of the logit from -14 to 4 for winners and for other films, each as
# share of its own class; the others spread from -14 to -1, the winners mostly from -4 to 1; a line at logit 0 marks
# the threshold, with {recall:.2f} of the winners to its right. Right: ROC curve, recall from 0 to 1 over the share of
# other films flagged, 0 to 1; the ringed point of this threshold lies near the lower left corner, at recall
# {recall:.2f}.

# %%
fpr, tpr, _ = sk.roc_curve(y_test, p)
stands_still = f"AUC {sk.roc_auc_score(y_test, p):.3f}, log loss {bce(y_test, p):.3f}"

def draw_threshold(t, left, right):
    tp, fn, fp, tn = four_counts(y_test, p > t)
    for i, (name, who) in enumerate([("other films", y_test == 0), ("winners", y_test == 1)]):
        left.hist(logit(p[who]), bins=np.linspace(-14, 4, 37), weights=np.full(who.sum(), 1 / who.sum()), label=name,
                  histtype="step", linewidth=2.2, color=figures.COLORS[i], linestyle=figures.STYLES[i])
    left.axvline(logit(t), color="black")
    left.set(xlabel="logit of the film", ylabel="share of its class", title=f"threshold {t:g} is logit {logit(t):.1f}")
    left.legend(loc="upper left")
    right.plot(fpr, tpr, color=figures.COLORS[0])
    figures.mark(right, fp / (fp + tn), tp / (tp + fn), f"threshold {t:g}", offset=(14, -4))
    right.set(xlabel="share of other films flagged", ylabel="recall", title=stands_still, ylim=(0, 1.02))

# %%
def at_threshold(t):
    tp, fn, fp, tn = four_counts(y_test, p > t)
    fig, (left, right) = figures.axes(2)
    draw_threshold(t, left, right)
    return fig, (f"Threshold {t:g}: {tp + fp} films flagged, {tp} of {tp + fn} winners among them. Precision "
                 f"{tp / max(tp + fp, 1):.2f}, recall {tp / (tp + fn):.2f}, F1 {2 * tp / (2 * tp + fp + fn):.2f}, "
                 f"accuracy {(tp + tn) / len(y_test):.3f}. As at every threshold: {stands_still}.")

figures.slider(at_threshold, [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], label="threshold", value=0.5,
               alt="threshold-slider-alt", recall=four_counts(y_test, p > 0.5)[0] / y_test.sum())

# %% [markdown]
# The same without a slider:

# %%
print("threshold  flagged  found  precision  recall     F1  accuracy     AUC  log loss")
for t in [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7]:
    tp, fn, fp, tn = four_counts(y_test, p > t)
    precision, recall, f1 = all_three(y_test, p > t)
    print(f"{t:9} {tp + fp:8} {tp:6} {precision:10.2f} {recall:7.2f} {f1:6.2f} {(tp + tn) / len(y_test):9.3f} "
          f"{sk.roc_auc_score(y_test, p):7.3f} {bce(y_test, p):9.3f}")

# %%
compare("what-the-threshold-moves")

# %% [markdown] given="0.3 30%: an example in a definition"
# **Compare with your prediction.** The last two columns stand still. (For a neater table we could have left them out.
# They are the point.)
#
# ### From costs to a threshold
#
# Which cut is best? As in notebook 01, there is no answer before somebody says what a mistake costs. An archive says:
# a missed winner costs 9, a false alarm costs 1.
#
# One thing must be known about the probabilities. A model is **calibrated** if they mean what they say: of the films
# with p = 0.3, 30% are winners. Section 8 looks whether ours is. Suppose it is.

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

cost_val = np.array([[mean_cost(y_val, one, t) for t in thresholds] for one in p_val])
cost_at = {t: np.array([mean_cost(y_test, one, t) for one in p_test]) for t in [0.1, 0.5]}
nobody = 9 * y_val.mean()   # flag no film: every winner costs 9

# %% [raw] tags=["alt"] id="cost-curve-alt" given="0.6: end of the axis; 0.1 0.5: thresholds of the claims"
# Line plot of the mean cost per validation film, 0 to 0.6, over the threshold, 0 to 1; median and band over 16 seeds.
# From high values at the left edge the curve falls steeply to its lowest place, around {low:.2f} near threshold
# {where:.2f}, and rises slowly to a dotted line at {nobody:.2f}, the cost of flagging no film. At 0.1, ringed, it is
# {tenth:.2f}; at 0.5 {half:.2f}.

# %%
middle = np.median(cost_val, axis=0)
place = {t: np.argmin(abs(thresholds - t)) for t in [0.1, 0.5]}
fig, ax = figures.axes(xlabel="threshold", ylabel="mean cost per validation film")
figures.lines(ax, thresholds, {"model": cost_val}, label_at=None)
for t, offset in [(0.1, (-4, -26)), (0.5, (4, -22))]:
    figures.mark(ax, t, middle[place[t]], f"threshold {t:g}", offset=offset)
ax.axhline(nobody, color="black", linestyle=":")
ax.annotate("flag no film", (0.8, nobody + 0.012))
ax.set_ylim(0, 0.6)
figures.show(fig, "cost-curve-alt", low=middle.min(), where=thresholds[middle.argmin()], nobody=nobody,
             tenth=middle[place[0.1]], half=middle[place[0.5]])

# %%
compare("threshold-nine-to-one", 1 / (1 + 9))
assert np.isclose(9 * 0.1, 1 - 0.1)

# %% tags=["training"]
cheapest = np.array([min(mean_cost(y_test, one, t) for t in thresholds) for one in p_test])
print(claim("On the test films, cutting at 0.1 costs at most three quarters of cutting at 0.5.",
            cost_at[0.1] / cost_at[0.5], "<", 0.75))
print(claim("Cutting at 0.1 costs at most a quarter more than the cheapest threshold, known only afterwards.",
            cost_at[0.1] / cheapest, "<", 1.25))

# %% [markdown]
# The threshold was computed from two costs. No label was looked at, so there was nothing to tune. That is the gift of
# calibrated probabilities.
#
# ### Exercise 7.1: from costs to the threshold
#
# For any two costs: from which probability on is a flag the cheaper choice?

# %% tags=["exercise"] id="threshold-from-costs"
def threshold_from_costs(cost_miss, cost_false_alarm):
    """The probability above which a flag is cheaper. Both costs: positive numbers."""
    ### BEGIN SOLUTION
    return cost_false_alarm / (cost_miss + cost_false_alarm)
    ### END SOLUTION

# %% tags=["cases"]
cases = [(9.0, 1.0), (1.0, 1.0), (50.0, 2.0), (1.0, 4.0)]
labels = ["cost_miss", "cost_false_alarm"]

# %% tags=["hint"]
# Write down what a flag costs on average, and what no flag costs. Where are the two equal?

# %% tags=["hint"]
# p · cost_miss = (1 − p) · cost_false_alarm. Solve for p.

# %% tags=["right"]
def threshold_from_costs(cost_miss, cost_false_alarm):
    return 1 / (1 + cost_miss / cost_false_alarm)

# %% tags=["wrong"] misconception="cost-reversed"
# The other way around: if a miss is the costly mistake, flag more films, so the threshold must go down.
def threshold_from_costs(cost_miss, cost_false_alarm):
    return cost_miss / (cost_miss + cost_false_alarm)

# %% tags=["wrong"] misconception="ratio-is-not-a-share"
# That is the ratio of the costs, and can exceed 1. It is the odds at the threshold; a probability was asked for.
def threshold_from_costs(cost_miss, cost_false_alarm):
    return cost_false_alarm / cost_miss

# %% tags=["wrong"] misconception="half-is-natural"
# One half is right only when both mistakes cost the same.
def threshold_from_costs(cost_miss, cost_false_alarm):
    return 0.5

# %% tags=["wrong"] misconception="threshold-is-prevalence"
# The share of winners does not belong here. It is in the probabilities already; only the two costs decide.
def threshold_from_costs(cost_miss, cost_false_alarm):
    return 0.041

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
# why = "At the edge 2 p equals F1. So the best threshold is half of the best F1 (Lipton, Elkan and Naryanaswamy 2014)."
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
# Line plot of F1 on the validation films, 0 to 0.6, over the threshold, 0 to 1; median and band over 16 seeds. F1
# climbs from about {start:.2f} at the left edge to a broad top, {best:.2f} at best, around threshold {where:.2f}, and
# falls to 0 near the right edge. A dotted line marks half of the best F1, {half:.2f}.

# %%
fig, ax = figures.axes(xlabel="threshold", ylabel="F1 on the validation films")
figures.lines(ax, thresholds, {"model": f1_val}, label_at=None)
ax.axvline(np.median(best_f1) / 2, color="black", linestyle=":")
ax.annotate(f" half of the best F1: {np.median(best_f1) / 2:.2f}", (np.median(best_f1) / 2, 0.55))
ax.set_ylim(0, 0.6)
figures.show(fig, "f1-curve-alt", best=np.median(best_f1), half=np.median(best_f1) / 2, start=np.median(f1_val[:, 0]),
             where=np.median(best_t))

# %%
compare("threshold-for-f1", np.median(best_t))

# %% tags=["training"] given="0.5: the default threshold"
at_half_f1 = np.array([f1_at(y_val, one, np.array([best / 2]))[0] for one, best in zip(p_val, best_f1)])
print(claim("A threshold of half the best F1 gives at least 0.8 of the best F1 on the validation films.",
            at_half_f1 / best_f1, ">", 0.8))
f1_test = np.array([f1_at(y_test, one, np.array([chosen, 0.5])) for one, chosen in zip(p_test, best_t)])
print(claim("On the test films, F1 at the threshold chosen on validation films is higher than at 0.5, by over "
            "0.02 on nine seeds in ten.", f1_test[:, 0] - f1_test[:, 1], ">", 0.02, share=0.9))

# %% [markdown]
# ### Exercise 7.2: at least so many winners
#
# A third kind of wish. The lawyer of section 5 says: "Find at least eight winners in ten, with as few flags as you
# can." Of the candidate thresholds, which one? A film is flagged if its p is **above** the threshold.

# %% tags=["exercise"] id="threshold-for-recall"
def threshold_for_recall(y_true, p, candidates, at_least):
    """The candidate with a recall of at least `at_least` for y = 1, and as few flags as possible.

    y_true, p: (n,). candidates: thresholds in ascending order; the first one flags every film.
    """
    ### BEGIN SOLUTION
    recall = np.array([np.mean(p[y_true == 1] > t) for t in candidates])
    return candidates[recall >= at_least][-1]
    ### END SOLUTION

# %% tags=["cases"]
told = np.array([1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 1])
given = np.array([0.6, 0.4, 0.35, 0.3, 0.2, 0.1, 0.05, 0.05, 0.15, 0.02, 0.7, 0.08])
cases = [(told, given, np.array([0.0, 0.1, 0.25, 0.32, 0.5]), 0.8),
         (told, given, np.array([0.0, 0.1, 0.25, 0.32, 0.65]), 0.6),
         (told, given[::-1].copy(), np.array([0.0, 0.03, 0.06, 0.5]), 0.5),
         (told, given, np.array([0.0, 0.07, 0.5]), 1.0)]
labels = ["y_true", "p", "candidates", "at_least"]

# %% tags=["hint"]
# First the recall for each candidate. What happens to it, and to the number of flags, when the threshold rises?

# %% tags=["hint"]
# Both fall. So of all candidates with enough recall you want the highest. `candidates[mask][-1]` is the last one that a mask keeps.

# %% tags=["right"]
def threshold_for_recall(y_true, p, candidates, at_least):
    chosen = candidates[0]
    for t in candidates:
        if np.sum((p > t) & (y_true == 1)) >= at_least * np.sum(y_true):
            chosen = t
    return chosen

# %% tags=["wrong"] misconception="flag-everything"
# Enough winners are found, but you took the lowest threshold that does it: it flags every film.
def threshold_for_recall(y_true, p, candidates, at_least):
    recall = np.array([np.mean(p[y_true == 1] > t) for t in candidates])
    return candidates[recall >= at_least][0]

# %% tags=["wrong"] misconception="precision-recall-swapped"
# You asked that of the flagged films so many are winners: that is precision. The lawyer asks for a share of the winners.
def threshold_for_recall(y_true, p, candidates, at_least):
    precision = np.array([np.sum((p > t) & (y_true == 1)) / max(np.sum(p > t), 1) for t in candidates])
    enough = candidates[precision >= at_least]
    return enough[0] if len(enough) else candidates[-1]

# %% tags=["wrong"] misconception="threshold-is-a-share"
# You flag that share of all films. It is the winners of whom so many must be found.
def threshold_for_recall(y_true, p, candidates, at_least):
    flagged = np.array([np.mean(p > t) for t in candidates])
    return candidates[flagged >= at_least][-1]

# %% tags=["wrong"] misconception="ends-left-out"
# "At least" includes the share itself. You ask for more than that.
def threshold_for_recall(y_true, p, candidates, at_least):
    recall = np.array([np.mean(p[y_true == 1] > t) for t in candidates])
    enough = candidates[recall > at_least]
    return enough[-1] if len(enough) else candidates[0]

# %% tags=["wrong"] misconception="place-instead-of-value"
# That is the place in the list of candidates. Take the candidate that stands there.
def threshold_for_recall(y_true, p, candidates, at_least):
    recall = np.array([np.mean(p[y_true == 1] > t) for t in candidates])
    return int(np.sum(recall >= at_least) - 1)

# %% [markdown]
# ### On which films?
#
# A search finds the best threshold *for the films that it has seen*. How good does it look there, and how good is it
# elsewhere? To see it clearly we choose on few films: 400, with some sixteen winners. Then we look at all the other
# films. Twenty draws for each seed.

# %% [raw] tags=["prediction"]
# id = "chosen-looks-better"
# ask = "The threshold has been chosen on 400 films. How is its F1 on these 400, compared with all the other films?"
# [right]
# text = "clearly higher on the 400"
# why = "Of many thresholds the search took the one that luck favored on these 400. The luck does not travel."
# [[wrong]]
# text = "about the same: a threshold is one number, it cannot overfit"
# misconception = "selection-is-free"
# why = "One number, picked from many by the same films it is judged on. With sixteen winners that is enough."
# [[wrong]]
# text = "lower: 400 films are too few to find a good one"
# misconception = "small-data-looks-worse"
# why = "It is worse elsewhere because of that. On the 400 themselves it looks best of all."
# [[wrong]]
# text = "the same on average: luck goes both ways"
# misconception = "luck-cancels-in-a-maximum"
# why = "Luck cancels in a mean, not in a maximum. The search keeps only the good luck."

# %% tags=["training"]
y_all, p_all = np.concatenate([y_val, y_test]), np.concatenate([p_val, p_test], axis=1)
candidates = np.linspace(0.02, 0.8, 40)

def f1_gap(one, rng):
    order = rng.permutation(len(y_all))
    few, rest = order[:400], order[400:]
    f1s = f1_at(y_all[few], one[few], candidates)
    return f1s.max() - f1_at(y_all[rest], one[rest], candidates[[f1s.argmax()]])[0]

rng = np.random.default_rng(seed)
gaps = np.array([np.mean([f1_gap(one, rng) for _ in range(20)]) for one in p_all])
print(claim("Where the threshold was chosen, F1 looks better by more than 0.03 on average.", gaps, ">", 0.03))

# %%
compare("chosen-looks-better")

# %% [raw] tags=["question"]
# id = "tune-on-what"
# ask = "You have training, validation and test films. Where do you choose the threshold?"
# discuss = true
# [right]
# text = "on the validation films, or by cross-validation within the training films"
# why = "The test films must not have a say in anything, or they no longer tell what happens on new films. And the films that the weights were fitted to look too easy."
# [[wrong]]
# text = "on the test films: that is what they are for"
# misconception = "test-is-for-tuning"
# why = "Then nothing is left that says how good the chosen threshold is elsewhere."
# [[wrong]]
# text = "on the training films: the model knows them"
# misconception = "fitting-data-is-safe"
# why = "That is the trouble. On films that it has fitted, its probabilities are too sure."
# [[wrong]]
# text = "on all of them: more winners, a better threshold"
# misconception = "more-data-for-tuning"
# why = "A better threshold, perhaps, and no honest number to report."

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
# misconception = "move-before-looking"
# why = "The best threshold cannot be kept before the metric has been computed for each."

# %% [markdown]
# ### With scikit-learn
#
# scikit-learn has the search ready: `TunedThresholdClassifierCV`. It needs an estimator with `fit`, `predict_proba`
# and `classes_`. A Keras model becomes one in a few lines. (Keras brings a wrapper, `SKLearnClassifier`. It offers no
# `predict_proba`, and today its predictions do not fit this search.)

# %%
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import TunedThresholdClassifierCV

class KerasYesNo(ClassifierMixin, BaseEstimator):
    """A binary Keras model as scikit-learn wants it. build: () -> compiled model with one sigmoid unit."""

    def __init__(self, build, epochs=6):
        self.build, self.epochs = build, epochs

    def fit(self, X, y):
        self.classes_, self.model_ = np.unique(y), self.build()
        self.model_.fit(X, y, batch_size=256, epochs=self.epochs, verbose=0)
        return self

    def predict_proba(self, X):
        yes = self.model_.predict(X, batch_size=4096, verbose=0)[:, 0]
        return np.column_stack([1 - yes, yes])

# %% tags=["training"]
# train on the training films; choose on the validation films, without fitting the model again
keras.utils.set_random_seed(seed)
trained = FrozenEstimator(KerasYesNo(lambda: build(sigmoid_head)).fit(films.X_train, films.y_train))
tuned = TunedThresholdClassifierCV(trained, scoring="f1", cv="prefit", refit=False).fit(films.X_val, y_val)
flagged = tuned.predict(films.X_test) == 1
yes_val = trained.predict_proba(films.X_val)[:, 1]
print(f"scikit-learn's threshold {tuned.best_threshold_:.3f}; F1 there on the validation films {tuned.best_score_:.3f}")
print(f"our search, same model:  {thresholds[f1_at(y_val, yes_val, thresholds).argmax()]:.3f}")
print(f"F1 on the test films {all_three(y_test, flagged)[2]:.3f}")

# %% [markdown] given="24: asserted below"
# `cv="prefit"` takes the model as it is and gives it films that it has not seen. With `cv=5` in its place, and all
# films of training and validation, it would train five models and choose by cross-validation.
#
# ### Where it bites
#
# A threshold of one half is a choice of costs that nobody has made. Write the costs down, and compute it; or choose
# it for your metric, on validation data.
#
# ## 8. Weights or a threshold?
#
# Another popular advice: winners are rare, so make them count more. `class_weight={0: 1, 1: 24}` multiplies the loss
# of each winner by 24, so that both classes weigh the same. Or show each winner 24 times, as notebook 00 showed it
# eight times: that is **oversampling**. What does it change?

# %% tags=["training"]
weight = round((1 - films.y_train.mean()) / films.y_train.mean())   # others for each winner
assert weight == 24
keras.utils.set_random_seed(seed)
weighted_one = build(sigmoid_head)
history = weighted_one.fit(films.X_train, films.y_train, batch_size=256, epochs=6, verbose=0,
                           class_weight={0: 1, 1: weight}, validation_data=(films.X_val, y_val)).history
val_loss = history["val_loss"][-1]

# %% [raw] tags=["prediction"]
# id = "val-loss-under-weights"
# ask = "This was trained with `class_weight` and validation data. What is its `val_loss`?"
# [right]
# text = "the plain mean over the validation films, without weights"
# why = "`class_weight` is for training only. So `loss` and `val_loss` are not the same measure, and their gap says nothing."
# [[wrong]]
# text = "weighted like the training loss"
# misconception = "validation-is-weighted-too"
# why = "`class_weight` is not applied to validation data. Give sample weights in `validation_data` if you want that."
# [[wrong]]
# text = "computed on a balanced sample of the validation films"
# misconception = "weights-resample"
# why = "Weights draw nothing. Every validation film counts once."
# [[wrong]]
# text = "not defined: weights and validation exclude each other"
# misconception = "keras-would-refuse"
# why = "Both may be given. Keras says nothing about the difference."

# %% tags=["training"]
yes = weighted_one.predict(films.X_val, batch_size=4096, verbose=0)[:, 0].astype(float)
surprise = -np.where(y_val == 1, np.log(yes), np.log(1 - yes))
print(f"val_loss {val_loss:.3f}")
print(f"recomputed without weights {surprise.mean():.3f}, "
      f"with weights {np.mean(np.where(y_val == 1, weight, 1) * surprise):.3f}")
assert np.isclose(val_loss, surprise.mean(), rtol=1e-3)

# %%
compare("val-loss-under-weights")

# %% [markdown]
# Keras' metrics are unweighted as well, unless they are listed under `weighted_metrics`. Now both recipes over 16
# seeds.

# %% [raw] tags=["prediction"]
# id = "what-weights-do"
# given = "24: asserted above"
# ask = "Winners weighted by 24, or shown 24 times. What does that do to the probabilities and to the AUC?"
# [right]
# text = "probabilities several times too high; AUC about as before"
# why = "The model reports the world that it was shown, in which every second film is a winner. It learned nothing new about which film."
# [[wrong]]
# text = "probabilities better calibrated; AUC about as before"
# misconception = "balanced-is-calibrated"
# why = "Balanced classes are not the world in which the model is used. There winners are rare, and its probabilities are far too high."
# [[wrong]]
# text = "probabilities about as before; AUC clearly higher"
# misconception = "copies-add-information"
# why = "No new film came in. What tells winners from others has not changed."
# [[wrong]]
# text = "both about as before: copies bring nothing new"
# misconception = "copies-change-nothing"
# why = "They change how common winners look, and the probabilities follow."

# %% tags=["training"]
rows = np.repeat(np.arange(len(films.y_train)), np.where(films.y_train == 1, weight, 1))
weighted = fit_replicates(lambda: build(sigmoid_head), films.X_train, films.y_train, class_weight={0: 1, 1: weight},
                          **recipe)
copied = fit_replicates(lambda: build(sigmoid_head), films.X_train[rows], films.y_train[rows], **recipe)
on_val = {"as it is": p_val} | {name: runs.predict(films.X_val)[..., 0].astype(float)
                                for name, runs in [("weighted", weighted), ("oversampled", copied)]}
on_test = {"as it is": p_test} | {name: runs.predict(films.X_test)[..., 0].astype(float)
                                  for name, runs in [("weighted", weighted), ("oversampled", copied)]}

# %% [markdown] given="0.1 0.2: edges of the groups"
# To see whether probabilities mean what they say, sort the films into ten groups by p: 0 to 0.1, 0.1 to 0.2, and so
# on. In each group compare the mean p with the share of winners. On the diagonal the two agree. Groups of fewer than
# 20 films are left out.

# %%
def reliability(y_true, p, at_least=20):
    # ten groups by p; for each: mean p, share of winners
    group = np.minimum((10 * p).astype(int), 9)
    groups = [group == g for g in range(10)]
    return np.array([[p[g].mean(), y_true[g].mean()] if g.sum() >= at_least else [np.nan, np.nan] for g in groups]).T

curves = {name: np.array([reliability(y_test, one) for one in p]) for name, p in on_test.items()}

def draw_reliability(ax, names):
    for i, name in enumerate(names):
        kept = np.isfinite(curves[name][:, 0]).sum(axis=0) >= 8     # groups that at least half of the seeds have
        mean_p, share = np.nanmedian(curves[name][:, :, kept], axis=0)
        low, high = np.nanpercentile(curves[name][:, 1, kept], [5, 95], axis=0)
        ax.fill_between(mean_p, low, high, color=figures.COLORS[i], alpha=0.2, linewidth=0)
        ax.plot(mean_p, share, figures.MARKERS[i], linestyle=figures.STYLES[i], color=figures.COLORS[i], label=name)
    ax.plot([0, 1], [0, 1], ":", color="black")
    ax.set(xlabel="mean p of the group", ylabel="share of winners", xlim=(0, 1), ylim=(0, 1))
    ax.legend(loc="upper left")

# %% [raw] tags=["alt"] id="reliability-alt" given="0.6: last group with 20 films; 0.5: where the curves are flat"
# Two reliability plots, share of winners over mean predicted probability, both axes 0 to 1, ten groups, median and
# band over 16 seeds, dotted diagonal. Left, trained as it is: the points follow the diagonal up to about 0.6, where
# groups get too small. Right, weighted and oversampled: both curves hang far below the diagonal, near 0 up to 0.5,
# and reach {weighted:.2f} and {oversampled:.2f} in the highest group, where the model says about {says:.2f}.

# %% tags=["training"]
fig, (left, right) = figures.axes(2)
draw_reliability(left, ["as it is"])
draw_reliability(right, ["weighted", "oversampled"])
left.set_title("before"), right.set_title("after")
figures.show(fig, "reliability-alt", weighted=np.median(curves["weighted"][:, 1, 9]),
             oversampled=np.median(curves["oversampled"][:, 1, 9]), says=np.median(curves["weighted"][:, 0, 9]))

# %%
compare("what-weights-do")

# %% tags=["training"]
measure = {"AUC": sk.roc_auc_score, "AP": sk.average_precision_score, "log loss": bce,
           "F1 at 0.5": lambda y, p: all_three(y, p > 0.5)[2]}
of = {what: {name: np.array([measure[what](y_test, one) for one in p]) for name, p in on_test.items()}
      for what in measure}
of["F1, own threshold"] = {name: np.array([f1_at(y_test, one, thresholds[[f1_at(y_val, v, thresholds).argmax()]])[0]
                                           for one, v in zip(on_test[name], on_val[name])]) for name in on_test}
print(f"{'':18}" + "".join(f"{name:>14}" for name in on_test) + "      (median of 16 seeds)")
for what, values in of.items():
    print(f"{what:18}" + "".join(f"{np.median(values[name]):14.3f}" for name in on_test))
mean_over_share = {name: p.mean(axis=1) / y_test.mean() for name, p in on_test.items()}
print(f"{'mean p / share':18}" + "".join(f"{np.median(values):14.2f}" for values in mean_over_share.values()))

# %% tags=["training"]
for name, bound in [("weighted", 3.5), ("oversampled", 2.5)]:
    print(claim(f"Trained {name}, the model's mean probability is more than {bound} times the real share of winners.",
                mean_over_share[name], ">", bound))
    print(claim(f"Trained {name}, its log loss is more than 1.8 times that of the model as it is.",
                of["log loss"][name] / of["log loss"]["as it is"], ">", 1.8))
    print(claim(f"Trained {name}, its AUC is not higher than before by more than 0.01.",
                of["AUC"][name] - of["AUC"]["as it is"], "<", 0.01))
    print(claim(f"Trained {name}, and with a threshold of its own, its F1 is not higher by more than 0.05, on nine "
                "seeds in ten.", of["F1, own threshold"][name] - of["F1, own threshold"]["as it is"], "<", 0.05,
                share=0.9))

# %% [markdown] given="24: asserted above"
# **Compare with your prediction.** Weights and copies did one thing: they moved all probabilities up. At a fixed cut
# of one half more films pass, and that is why people like them. Moving the threshold does the same to the flags,
# costs no training, and leaves the probabilities honest. (So found van den Goorbergh and others, 2022, for medical
# models.)
#
# And if somebody gives you such a model? What was multiplied can be divided. With a weight of 24, every winner
# counted as 24. So the **odds** came out 24 times too high.
#
# ### Exercise 8.1: take the weight out
#
# Turn the probabilities of a weighted model back into honest ones.

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

# %% tags=["training"]
def odds_divided(p, weight):
    return sigmoid(logit(p) - np.log(weight))

undone = odds_divided(on_test["weighted"], weight)
log_loss_undone = np.array([bce(y_test, one) for one in undone])
print(claim("With the odds divided by 24, the weighted model's log loss is within 10% of that of the model as it is.",
            abs(log_loss_undone / of["log loss"]["as it is"] - 1), "<", 0.1))
for a, b in zip(undone, on_test["weighted"]):     # the order of the films is the same, so AUC is
    assert np.isclose(sk.roc_auc_score(y_test, a), sk.roc_auc_score(y_test, b))

# %% [raw] tags=["question"]
# id = "weights-or-threshold"
# ask = "An insurer needs honest probabilities for its prices, and flags for its inspectors, who can visit few houses. Few houses burn. What do you do?"
# discuss = true
# [right]
# text = "train without weights, and choose the threshold for the inspectors"
# why = "The probabilities stay honest for the prices. The flags get a threshold from what a visit and a missed fire cost."
# [[wrong]]
# text = "weight the classes equally: fires are rare"
# misconception = "balanced-is-calibrated"
# why = "Then every price is far too high. The flags could have been had by a threshold."
# [[wrong]]
# text = "oversample the fires: more fires, a better model"
# misconception = "copies-add-information"
# why = "Copies are no new fires. The ranking stays about what it was."
# [[wrong]]
# text = "keep one half: anything else bends the model"
# misconception = "half-is-natural"
# why = "A threshold bends nothing: the model has spoken before it is applied. At one half hardly any house would be visited."

# %% [markdown]
# ### Where it bites
#
# A colleague compares `loss` and `val_loss` under `class_weight` and reads a gap into it. Two measures, no gap. And
# whoever takes weighted probabilities at their word expects several times too many winners.

# %% [markdown] given="5%: premise, set in code; 64 20 800 200: settings of the recipe"
# ## 9. An example of the kind that tutorials print
#
# In notebook 01 we ran the first of three recipes that tutorials print, and it had not arrived. (The second waits in
# notebook 07.) Here is the third: "track F1 while you train". A thousand rows of 20 random features, about 5%
# positive labels, a hidden layer of 64, Adam with its default rate, 20 epochs; 800 rows to train, 200 to validate. At
# the end F1 is computed, for the positive class, and drawn over the epochs. **The set is constructed**, as it is
# printed: features and labels are drawn at random, each for itself.

# %% tags=["training"]
def rows_of(kind, seed, n=1000):
    """Features (n, 20) and labels (n,), 5% of them 1: at random, or by the sum of five features and noise."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 20)).astype("float32")
    if kind == "noise":
        return X, (rng.random(n) < 0.05).astype(int)
    hidden = X[:, :5].sum(axis=1) + rng.normal(0, 1, n)
    return X, (hidden > np.quantile(hidden, 0.95)).astype(int)

def tutorial(**more):
    model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(64, activation="relu"),
                              keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer="adam", loss="binary_crossentropy", **more)
    return model

# %% tags=["training"]
X_noise, y_noise = rows_of("noise", seed, n=4800)
keras.utils.set_random_seed(seed)
model = tutorial()
history = model.fit(X_noise[:800], y_noise[:800], epochs=20, batch_size=32, verbose=0).history
flagged = model.predict(X_noise[800:1000], verbose=0)[:, 0] > 0.5
f1 = sk.f1_score(y_noise[800:1000], flagged, zero_division=0)
f1_curve = [f1] * 20                     # as it is printed: one number, twenty times

# %% [raw] tags=["prediction"]
# id = "tutorial-f1-curve"
# ask = "The training loss falls from epoch to epoch. What does the F1 curve show?"
# discuss = true
# [right]
# text = "a flat line at 0"
# why = "The labels are noise, so nothing learned carries over, and with few positives no p passes one half: nothing is flagged. And the curve is flat because it is one number, repeated."
# [[wrong]]
# text = "it rises while the loss falls"
# misconception = "metric-is-inverted-loss"
# why = "The loss falls because the network learns the training rows by heart. On other rows there is nothing to be right about."
# [[wrong]]
# text = "it wanders around the share of positives"
# misconception = "random-finds-nothing"
# why = "Random flags would get about that. But this model flags nothing at all."
# [[wrong]]
# text = "it rises first and falls later: overfitting"
# misconception = "any-gap-is-overfitting"
# why = "It cannot fall, since it never rose. And the list holds one number only."

# %% [raw] tags=["alt"] id="tutorial-f1-alt" given="-0.05: end of the axis"
# Two line plots over 20 epochs. Left: the training loss falls from {first:.2f} to {last:.2f}, axis from 0. Right: the
# printed F1 curve, axis -0.05 to 1, a flat line at {f1:.2f}.

# %% tags=["training"]
fig, (left, right) = figures.axes(2, xlabel="epoch", height=3.4)
figures.lines(left, np.arange(1, 21), {"loss": history["loss"]}, label_at=None)
left.set(ylabel="training loss", ylim=(0, None), title="the loss falls")
figures.lines(right, np.arange(1, 21), {"F1": f1_curve}, label_at=None)
right.set(ylabel="F1", ylim=(-0.05, 1), title="the F1 curve, as printed")
figures.show(fig, "tutorial-f1-alt", first=history["loss"][0], last=history["loss"][-1], f1=f1)

# %%
compare("tutorial-f1-curve")

# %% tags=["training"]
print(f"rows flagged: {flagged.sum()} of 200; accuracy {np.mean(flagged == y_noise[800:1000]):.3f}, "
      f"always no {np.mean(y_noise[800:1000] == 0):.3f}")

# %% [markdown] given="4,000: the rows after the first 800 of 4800"
# **Compare with your prediction.** The recipe shows that the code runs. It cannot show what F1 does while a model
# learns: there is nothing to learn, and F1 was computed once. Accuracy, meanwhile, looks splendid.
#
# Now with signal: the label depends on five of the features. And F1 is computed after each epoch, on rows set aside,
# by a Keras metric, with its threshold and with labels of shape (n, 1). 800 rows to train, as before; 4,000 to
# validate, because on ten positives F1 would be mostly luck.

# %% [raw] tags=["prediction"]
# id = "f1-with-signal"
# ask = "With signal, 40 epochs, 16 seeds. How does the validation F1 start?"
# [right]
# text = "at or near 0 for some epochs, while the loss falls already; then it rises"
# why = "The model first learns that positives are rare: all p sink. That lowers the loss and flags nothing. Only when some p pass one half can F1 move."
# [[wrong]]
# text = "it rises from the first epoch on, as the loss falls"
# misconception = "metric-is-inverted-loss"
# why = "The loss feels every small step of p. F1 feels only films that cross the threshold."
# [[wrong]]
# text = "at one half, then it rises"
# misconception = "ap-baseline-is-half"
# why = "One half is the baseline of AUC. F1 is 0 as long as nothing is flagged rightly."
# [[wrong]]
# text = "it stays at 0, as before"
# misconception = "imbalance-explains-everything"
# why = "The labels were the trouble before, not the imbalance. With signal some p do pass one half."

# %% tags=["training"]
X_signal, y_signal = rows_of("signal", seed, n=4800)
def tutorial_with_f1():
    return tutorial(metrics=[keras.metrics.F1Score(threshold=0.5, name="f1")])

signal = {}
for name, X, y in [("labels with signal", X_signal, y_signal[:, None]),
                   ("labels at random", X_noise, y_noise[:, None])]:
    signal[name] = fit_replicates(tutorial_with_f1, X[:800], y[:800], validation_data=(X[800:], y[800:]),
                                  seeds=16, base_seed=1000 * seed, epochs=40, batch_size=32).history

# %% [raw] tags=["alt"] id="signal-f1-alt" given="-0.05: end of the axis"
# Two line plots over 40 epochs, median and band over 16 seeds. Left: the validation loss, 0 to 1, for labels with
# signal falls to {loss:.2f}; for labels at random it falls at first and then rises slowly. Right: the validation F1,
# -0.05 to 1; with signal it stays at 0 for some epochs and climbs to about {f1:.2f}, with a wide band; with labels at
# random it stays at 0.

# %% tags=["training"]
fig, (left, right) = figures.axes(2, xlabel="epoch")
figures.lines(left, np.arange(1, 41), {name: h["val_loss"] for name, h in signal.items()}, label_at="legend")
left.set(ylabel="validation loss", ylim=(0, 1))
val_f1 = {name: h["val_f1"].reshape(16, 40) for name, h in signal.items()}   # one number an epoch
figures.lines(right, np.arange(1, 41), val_f1, label_at=None)
right.set(ylabel="validation F1 at 0.5", ylim=(-0.05, 1))
figures.show(fig, "signal-f1-alt", loss=np.median(signal["labels with signal"]["val_loss"][:, -1]),
             f1=np.median(val_f1["labels with signal"][:, -1]))

# %%
compare("f1-with-signal")

# %% tags=["training"]
noise_loss, noise_f1 = signal["labels at random"]["loss"], val_f1["labels at random"]
print(claim("On labels that are noise, the training loss falls by a quarter or more in 20 epochs.",
            noise_loss[:, 19] / noise_loss[:, 0], "<", 0.75))
print(claim("On labels that are noise, F1 after 20 epochs is exactly 0 on other rows, on nine seeds in ten or more.",
            noise_f1[:, 19], "<=", 0, share=0.9))
print(claim("With signal, the validation F1 after the last epoch is above 0.3.",
            val_f1["labels with signal"][:, -1], ">", 0.3))
print(claim("With signal, the validation F1 is still below 0.12 after four epochs.",
            val_f1["labels with signal"][:, 3], "<", 0.12))
falls = signal["labels with signal"]["val_loss"]
print(claim("With signal, the validation loss has fallen by a tenth or more after four epochs.",
            falls[:, 3] / falls[:, 0], "<", 0.9))

# %% [raw] tags=["question"]
# id = "before-any-f1-curve"
# ask = "A blog shows a metric that stays at 0 in training, and concludes: imbalance. What would you run first?"
# [right]
# text = "the AUC on other rows: is there any ranking at all?"
# why = "If winners rank no higher than others, there is no signal, and no threshold or weight will help. If they do, move the threshold."
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
# why = "It flags more rows, and in a random ranking that finds winners at the rate of chance."

# %% [markdown]
# ### Where it bites
#
# A falling training loss proves that the weights move. Whether there is anything to learn, only other rows can tell.

# %% [markdown] given="569: asserted below"
# ## 10. Other data: a clinic
#
# 569 tumors, thirty measurements each from a microscope picture (scikit-learn's `load_breast_cancer`, from Wolberg,
# Street and Mangasarian, 1995). **The positive class is said first:** here it is *malignant*, because that is what
# the clinic must not miss.

# %%
from sklearn.datasets import load_breast_cancer

tumors = load_breast_cancer()
assert len(tumors.target) == 569
for code, name in enumerate(tumors.target_names):
    print(f"code {code}: {name:10} {np.sum(tumors.target == code)} tumors")

# %% [raw] tags=["question"]
# id = "code-of-the-positive"
# ask = "Look at the codes above. You compute Keras' `Recall()` with `tumors.target` as it stands. What do you get?"
# [right]
# text = "the share of benign tumors that are called benign"
# why = "Keras takes code 1 for the positive class. Here code 1 is benign, so recode first: y = 1 − target."
# [[wrong]]
# text = "the share of malignant tumors found"
# misconception = "keras-knows-the-positive-class"
# why = "Keras knows no illness. Code 1 is its positive class, and code 1 is benign here."
# [[wrong]]
# text = "an average of both classes"
# misconception = "micro-is-macro"
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

clinic_runs = fit_replicates(clinic_model, X_all_t[:300], y_all_t[:300], seeds=16, base_seed=1000 * seed, epochs=20)
p_clinic = clinic_runs.predict(X_all_t[300:])[..., 0].astype(float)
y_known, y_later = y_all_t[:300], y_all_t[300:]
print(f"AUC on the later tumors {np.median([sk.roc_auc_score(y_later, one) for one in p_clinic]):.3f}, accuracy at 0.5 "
      f"{np.median(((p_clinic > 0.5) == y_later).mean(axis=1)):.3f}")

# %% [markdown] given="50: premise, set in code"
# Nearly perfect? The clinic says: a malignant tumor that is missed costs 50 times as much as a second look at a
# benign one.
#
# ### Exercise 10.1: the report for the clinic
#
# Two rules need no model: look at everybody, or at nobody. The cheaper of the two **on the known cases** is the
# baseline; it is then judged on the later ones. The model flags above the threshold that follows from the costs.
# Report the mean cost of both per later case.

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
cases = [(np.array([0, 0, 0, 1, 0]), np.array([0, 1, 0, 1, 0, 0]), np.array([0.1, 0.7, 0.3, 0.15, 0.05, 0.4]), 9.0,
          1.0),
         (np.array([0, 0, 0, 0, 0, 0, 0, 1]), np.array([1, 1, 0, 1]), np.array([0.6, 0.2, 0.1, 0.35]), 2.0, 1.0),
         (np.array([1, 1, 0]), np.array([0, 0, 0, 0, 1, 0]), np.array([0.2, 0.6, 0.9, 0.4, 0.8, 0.1]), 1.0, 1.0)]
labels = ["y_known", "y_later", "p_later", "cost_miss", "cost_false_alarm"]

# %% tags=["hint"]
# Three parts: the threshold (exercise 7.1), the mean cost of the model's flags, the mean cost of the cheaper rule. Write the mean cost once, as a function of flags.

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

# %% [markdown]
# Before you run on: the model is right for nearly every tumor at one half. Is it also cheaper there than a second
# look at everybody?

# %% [raw] tags=["reflection"]
# id = "clinic-at-half"
# ask = "Your guess, with a reason: at one half, does the model cost more or less than a second look at everybody?"

# %% tags=["training"]
look_at_all = np.mean(y_later == 0)           # a second look at each benign tumor costs 1
clinic_cost = {t: np.array([mean_cost(y_later, one, t, miss=50, false_alarm=1) for one in p_clinic])
               for t in [0.5, 1 / 51]}
print(f"a second look at everybody: {look_at_all:.2f} per tumor")
for t, values in clinic_cost.items():
    print(f"the model, cut at {t:.3f}:   {np.median(values):.2f} (median of 16 seeds)")
print(claim("Cut where the costs say, the model costs less than 0.9 of a second look at everybody.",
            clinic_cost[1 / 51] / look_at_all, "<", 0.9))
print("your report (None: not written yet):", cost_report(y_known, y_later, p_clinic[0], 50.0, 1.0))

# %% [markdown]
# At one half, a handful of missed tumors can cost as much as looking at everybody, or more, although AUC and accuracy
# are splendid. At the threshold from the costs the same model is worth its place. We claim no order at one half: it
# hangs on the few tumors near the cut.
#
# ## 11. What you take along
#
# | step | for a yes-or-no task | what goes wrong |
# |---|---|---|
# | labels | 0 and 1; say which is positive | 1 and 2, −1 and 1, counts: loss below 0, no message |
# | head and loss | `Dense(1, "sigmoid")` with BCE, or `Dense(1)` with `from_logits=True` | one softmax unit, a flag forgotten, a flag too many |
# | after training | recompute the loss from `predict` | reported and recomputed differ: head and loss do not fit |
# | ranking | AUC, AP, beside their baselines | on logits, on two columns, between 200 thresholds |
# | probabilities | log loss, reliability | class weights and copies move them up |
# | flags | precision and recall at a named threshold, or the cost | accuracy alone; a threshold of one half that nobody chose |
# | threshold | from costs, or for the metric, on validation data | chosen on the films it is judged on |
#
# One last case for the table.

# %% [raw] tags=["question"]
# id = "which-step"
# ask = "Spam filter: AUC is excellent, the mean p is right, and users complain that real mail is lost. Where do you act?"
# [right]
# text = "at the threshold: put a high price on a lost mail, and compute it"
# why = "Ranking and probabilities are fine. What is wrong is the decision, and that is the threshold's business."
# [[wrong]]
# text = "at the loss: train with a cost for lost mail"
# misconception = "retrain-instead-of-cut"
# why = "That can be done, and bends probabilities that are right. The threshold does it without training."
# [[wrong]]
# text = "at the data: oversample real mail"
# misconception = "copies-add-information"
# why = "It moves all probabilities down, which a threshold does as well, and spoils them."
# [[wrong]]
# text = "at the metric: report accuracy instead"
# misconception = "loss-is-the-metric"
# why = "Another number in the report loses no mail less."

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
# Naryanaswamy, [Optimal thresholding of classifiers to maximize F1](https://doi.org/10.1007/978-3-662-44851-9_15),
# 2014 · van den Goorbergh and others, [The harm of class imbalance
# corrections](https://doi.org/10.1093/jamia/ocac093), 2022 · scikit-learn on [tuning the decision
# threshold](https://scikit-learn.org/stable/modules/classification_threshold.html).
