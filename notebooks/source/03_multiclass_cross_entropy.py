# %% [raw] tags=["instructor"]
# minutes = [4, 13, 14, 16, 17, 10, 15, 8, 14, 8, 6]
# measured = "Estimated: reading at 180 words a minute, three minutes an exercise, under one a question; the cells run for about half a minute in all."
# pause = "after section 4. Sections 5 to 8 need only the cells above them to have run."
# skip = "sections 1 to 4 and 6 make an hour. Section 7 can wait, the table of heads at the end of 4 can be read at home; section 9 is good homework."

# %% [markdown] given="1.46: ln(1 + 9/e), asserted in section 4"
# # 03 · Multiclass cross-entropy
#
# A network learns to read ten digits. Its loss falls to 1.46 and stays there, for good. No error, no warning, and it
# reads most digits. What is wrong? A second softmax, as it turns out, and this notebook shows how to tell.
#
# **After this notebook you can**
#
# 1. compute softmax and the multiclass cross-entropy from logits so that nothing overflows, and say what the loss must be
#    before training (exercises 1.1 and 2.1, predictions in 1 and 2);
# 2. choose the loss from the labels, and predict which mismatches Keras refuses and which it lets pass (exercises 3.1 and
#    9.1, predictions in 3 and 4);
# 3. find the fault behind a loss that looks healthy or is stuck (exercise 4.1, predictions and questions in 4, 5 and 7);
# 4. report a model of many classes class by class, and say how far its probabilities can be trusted (exercises 6.1, 6.2
#    and 8.1, questions in 5, 6 and 8).
#
# **Time:** about 125 minutes, best in two sittings: a break fits after section 4. When you come back, choose *Run*,
# *Run All Above Selected Cell*: your answers have been kept. **You need:**
# [00 Start here](00_start_here.ipynb), [01 Regression losses](01_regression_losses.ipynb), and notebook 02: logit, sigmoid,
# binary cross-entropy, threshold, recall.
#
# **Contents**
#
# {{contents}}

# %% [markdown]
# ## 0. Do you still know?
#
# Four questions, one from notebook 01 and three from 02. Answer before you look anything up: that is what makes it stick.

# %%
# every notebook starts with this cell: it finds the workbook's folder, wherever you opened the notebook
import pathlib, sys
sys.path[:0] = [str(p) for p in [pathlib.Path.cwd(), *pathlib.Path.cwd().parents] if (p / "helpers").is_dir()][:1]

# %%
import numpy as np
from helpers import data, figures
from helpers.claims import claim
from helpers.practice import check, compare, my_progress, predict, question, reflect, repeat

# %% tags=["parameters"]
seed = 0  # where the experiments below start; any other whole number will do

# %% [raw] tags=["question"]
# id = "recall-two-losses"
# given = ["20,000 90: premises", "141: its root, arithmetic"]
# ask = "One model of what films earn is trained with MSE and ends at a loss of 20,000. Another is trained with MAE and ends at 90. Which is better?"
# [right]
# text = "the two numbers do not tell"
# why = "One is in squared millions, the other in millions. Two losses are two units, and two questions."
# [[wrong]]
# text = "the second: its loss is far lower"
# misconception = "losses-are-comparable"
# why = "Lower in what unit? The root of 20,000 is 141, and even that answers another question than an MAE."
# [[wrong]]
# text = "the first: MSE aims at the mean, so it is the more exact one"
# misconception = "every-loss-gives-the-mean"
# why = "It aims at the mean, the other at the median. Which of the two is wanted, the objective says."

# %% [raw] tags=["question"]
# id = "recall-threshold-moves"
# given = ["0.5 0.2: premises"]
# ask = "A trained model for the Oscars flags a film at 0.5. You flag at 0.2 instead. What changes?"
# [right]
# text = "which films are flagged, and so precision and recall"
# why = "The threshold turns probabilities into decisions. Probabilities, loss and AUC stand still."
# [[wrong]]
# text = "the loss as well: more films are now counted as winners"
# misconception = "loss-is-thresholded"
# why = "The loss is computed from the probabilities. It never sees a flag."
# [[wrong]]
# text = "the AUC: it is measured at the threshold"
# misconception = "auc-has-a-threshold"
# why = "AUC asks how the films are ranked. A threshold cuts the ranking and does not change it."

# %% [raw] tags=["question"]
# id = "recall-log-zero"
# given = ["16 1e-7: the clip of Keras' probability losses"]
# ask = "A model with a sigmoid gives 0 to a film that has an Oscar. What does Keras report as the loss of this film, computed from the probability alone?"
# [right]
# text = "about 16: the probability is lifted to 1e-7 first"
# why = "−log(1e-7) is about 16. The clip keeps the loss finite, and hides how wrong the model was."
# [[wrong]]
# text = "infinity, or NaN"
# misconception = "log-zero-reaches-keras"
# why = "The formula alone says so. Keras lifts the probability to 1e-7 before it takes the logarithm."
# [[wrong]]
# text = "1: the film is missed completely"
# misconception = "loss-counts-errors"
# why = "Cross-entropy is no count of errors: −log p has no upper end of its own."

# %% [raw] tags=["question"]
# id = "recall-calibrated"
# given = ["0.3 30%: premises"]
# ask = "Of all films that get about 0.3 from a model, 30% have an Oscar, and so on at every level. What do you know about the model?"
# [right]
# text = "its probabilities can be taken at their word"
# why = "That is calibration. Whether the model tells films apart well is another question."
# [[wrong]]
# text = "it is right for most films"
# misconception = "calibration-is-quality"
# why = "A model that says the share of winners to every film is calibrated, and tells no film from another."
# [[wrong]]
# text = "0.3 is the right threshold for it"
# misconception = "threshold-is-a-probability-seen"
# why = "The threshold follows from the two costs of being wrong, not from one level that was looked at."

# %% [markdown]
# ## 1. Ten numbers, one digit
#
# A machine reads the digits on parcels. For each image it must say which digit it is, and how sure it is, because unclear
# parcels go to a person. The images are small: 8 by 8 pixels, by thirteen writers.

# %%
from helpers.quiet import quiet
with quiet():  # without TensorFlow's start-up log
    import keras, tensorflow as tf
from keras import layers
tf.get_logger().setLevel("ERROR")  # we build many small models: no advice on speed

digits = data.digits()
print(digits)

# %% [markdown]
# A plain network, ten units at the end and no activation behind them. So its output is ten logits, as in notebook 02: any
# number from minus to plus infinity, one for each digit.

# %% tags=["training"]
# build
keras.utils.set_random_seed(seed)
model = keras.Sequential([keras.Input((64,)), layers.Dense(32, activation="relu"), layers.Dense(10)])
# name the loss; the labels are the integers 0 to 9, the outputs are logits
model.compile(optimizer=keras.optimizers.Adam(0.005),
              loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
# train, and look at what comes out
model.fit(digits.X_train, digits.y_train, batch_size=64, epochs=30, verbose=0)
logits = model.predict(digits.X_test, verbose=0)
print("shape of the output:", logits.shape)
print("test accuracy:", round(model.evaluate(digits.X_test, digits.y_test, verbose=0)[1], 2))

# %% [markdown]
# In the figure that comes: one image, and its ten logits.

# %% [raw] tags=["prediction"]
# id = "logits-of-one-image"
# ask = "The ten logits of one image, from a network that reads it rightly. What do they look like?"
# [right]
# text = "some are negative, they add up to nothing special, and the largest is that of the digit"
# why = "Nothing holds a logit between 0 and 1, and nothing makes the ten add up. Only which is larger, and by how much, will count."
# [[wrong]]
# text = "ten numbers between 0 and 1 that add up to 1"
# misconception = "logits-are-probabilities"
# why = "That would be probabilities. This head has no activation, so nothing has made shares of them yet."
# [[wrong]]
# text = "nine zeros, and a 1 for the digit"
# misconception = "output-looks-like-the-label"
# why = "The label may be written so. The output is a weighted sum, and comes out exactly 0 practically never."
# [[wrong]]
# text = "all are positive: a digit cannot be less than absent"
# misconception = "logits-are-amounts"
# why = "A logit is no amount. A negative one only says: less likely than another with a higher one."

# %% [raw] tags=["alt"] id="one-image-alt"
# Left: a gray-scale image of 8 by 8 pixels, a handwritten {digit}. Right: bar chart of its ten logits by digit, from
# {low:.0f} to {high:.0f}; bars to both sides of 0, the longest to the right is that of the digit {top}.

# %% tags=["training"]
first = 0  # the first image of the test set
fig, (left, right) = figures.axes(2, height=3.4)
left.imshow(digits.X_test[first].reshape(8, 8), cmap="gray_r")
left.set(title=f"labeled {digits.y_test[first]}", xticks=[], yticks=[])
left.grid(False)
right.barh(range(10), logits[first], color=figures.COLORS[0])
right.axvline(0, color="black", linewidth=1)
right.set(xlabel="logit", ylabel="digit", yticks=range(10), title="what the network says")
figures.show(fig, "one-image-alt", digit=digits.y_test[first], top=logits[first].argmax(), low=logits[first].min(),
             high=logits[first].max())

# %%
compare("logits-of-one-image")

# %% [markdown]
# How do probabilities come out of these? Softmax does it in two steps. The exponential makes every number
# positive. Division by the sum makes shares of one whole. (You met it with two numbers in notebook 02.)
#
# Take three logits: 5, 3 and −2.

# %% [raw] tags=["prediction"]
# id = "gap-of-two"
# ask = "Logits 5, 3 and −2. How many times as probable is the first class as the second, under softmax?"
# unit = " times"
# right = 7.389
# why = "exp(5) / exp(3) = exp(2): a gap of 2 between two logits is a factor of about 7.4, wherever the two stand."
# [[near]]
# value = 1.667
# misconception = "logits-are-amounts"
# why = "That is 5 / 3. Logits are no amounts that are shared out: their difference counts, through the exponential."
# [[near]]
# value = 2
# misconception = "difference-is-not-a-ratio"
# why = "2 is the difference of the logits. A difference of logits becomes a ratio of probabilities through exp."
# [[near]]
# value = 100
# misconception = "logs-are-decimal"
# why = "That is 10². Logits are natural logarithms, so it is e²."

# %%
def softmax_naive(z):
    # make every logit positive
    e = np.exp(z)
    # make shares of one whole
    return e / e.sum(axis=-1, keepdims=True)

three = np.array([5.0, 3.0, -2.0])
shares = softmax_naive(three)
print(shares.round(4), "sum", shares.sum().round(6))

# %%
compare("gap-of-two", shares[0] / shares[1])

# %% [raw] tags=["prediction"]
# id = "shift-all-logits"
# ask = "Add 100 to each of the three logits. With exact arithmetic, what happens to the three probabilities?"
# [right]
# text = "nothing"
# why = "exp(z + 100) = exp(z) · exp(100). The factor stands above and below the line and cancels. Only differences of logits count."
# [[wrong]]
# text = "the first comes closer to 1: larger logits mean more certainty"
# misconception = "large-logits-are-certain"
# why = "Larger gaps mean more certainty. The gaps have not changed."
# [[wrong]]
# text = "they come closer together: next to 100, a gap of 2 is small"
# misconception = "logits-are-amounts"
# why = "That would hold if logits were amounts to be shared out. Gaps count, not proportions."
# [[wrong]]
# text = "all three grow"
# misconception = "softmax-is-per-class"
# why = "They cannot: they add up to 1. Each class gets its share of one whole."

# %%
print("float64, as they are:", softmax_naive(three).round(4))
print("float64, plus 100:   ", softmax_naive(three + 100).round(4))

# %%
compare("shift-all-logits")
assert np.allclose(softmax_naive(three), softmax_naive(three + 100))

# %% [markdown]
# That was NumPy's float64. Keras computes in float32, with about seven digits and a smaller largest number.

# %% [raw] tags=["prediction"]
# id = "naive-in-float32"
# given = ["105 103 98: premises", "88.7: asserted below", "3: float32, in IEEE 754"]
# ask = "The same function, the same logits 105, 103 and 98, in float32. What comes out?"
# [right]
# text = "NaN, three times"
# why = "In float32 exp overflows to infinity beyond 88.7. All three exponentials are infinite, and infinity over infinity is not a number."
# [[wrong]]
# text = "the same, with fewer digits"
# misconception = "float32-only-rounds"
# why = "float32 also ends sooner: its largest number is about 3·10³⁸, and exp(98) is larger than that."
# [[wrong]]
# text = "1, 0 and 0: the largest wins"
# misconception = "overflow-saturates"
# why = "Infinity is not simply a very large number. Divided by itself it gives NaN, not 1."
# [[wrong]]
# text = "an error message"
# misconception = "numpy-would-complain"
# why = "Overflow in an array is at most a warning. The NaN goes on into whatever comes next."

# %%
with np.errstate(over="ignore", invalid="ignore"):
    print("float32, plus 100:", softmax_naive(three.astype(np.float32) + 100))
    print("exp(100) in float32:", np.exp(np.float32(100)))
print("Keras' own softmax:", keras.ops.softmax(three.astype(np.float32) + 100).numpy().round(4))
print(f"largest x with a finite exp(x): {np.log(np.finfo(np.float32).max):.1f} in float32, "
      f"{np.log(np.finfo(np.float16).max):.1f} in float16")

# %%
compare("naive-in-float32")
assert round(float(np.log(np.finfo(np.float32).max)), 1) == 88.7 and np.exp(98.0) > np.finfo(np.float32).max

# %% [markdown]
# **Compare with your prediction.** Keras gets it right, with the same numbers. It uses what you have just seen: shifting all
# logits changes nothing. So it shifts them by the largest, and every exponent is 0 or less.

# %%
def softmax(z):
    # shift: the largest becomes 0
    shifted = z - z.max(axis=-1, keepdims=True)
    # no exponential exceeds 1 now
    e = np.exp(shifted)
    # make shares of one whole
    return e / e.sum(axis=-1, keepdims=True)

from sklearn.utils.extmath import softmax as sklearn_softmax
wild = np.array([[1000.0, 999.0, -1000.0], [0.0, 0.0, 0.0]])
print("as in Keras:       ", np.allclose(softmax(wild), keras.ops.softmax(wild)))
print("as in scikit-learn:", np.allclose(softmax(wild), sklearn_softmax(wild)))

# %% [markdown]
# ### Exercise 1.1: the logarithm of that sum
#
# A loss needs the *logarithm* of a probability: log p = logit − log(sum of all exponentials). The second part is called
# **log-sum-exp**. Write it with the same trick: what is taken out before the exponential must come back after the logarithm.
# Two lines are missing.

# %% tags=["preamble"]
import numpy as np

# %% tags=["exercise"] id="log-sum-exp"
def log_sum_exp(z):
    """log(sum(exp(z))) of each row, without overflow. z: (n, K). Returns (n,)."""
    # by how much each row is shifted: (n,)
    ### BEGIN SOLUTION
    m = z.max(axis=1)
    ### END SOLUTION
    # exponentials, none above 1: (n, K)
    e = np.exp(z - m[:, None])
    # what was taken out comes back: (n,)
    ### BEGIN SOLUTION
    back = m
    ### END SOLUTION
    return np.log(e.sum(axis=1)) + back

# %% tags=["start"]
def log_sum_exp(z):
    """log(sum(exp(z))) of each row, without overflow. z: (n, K). Returns (n,)."""
    # by how much each row is shifted: (n,)
    m = ...  # your code here
    # exponentials, none above 1: (n, K)
    e = np.exp(z - m[:, None])
    # what was taken out comes back: (n,)
    back = ...  # your code here
    return np.log(e.sum(axis=1)) + back

# %% tags=["cases"]
cases = [(np.array([[5.0, 3.0, -2.0], [0.0, 0.0, 0.0]]),), (np.array([[1000.0, 999.0, 0.0]]),),
         (np.array([[-800.0, -801.0], [2.0, -2.0], [0.5, 0.5]]),)]
labels = ["z"]

# %% tags=["hint"]
# exp(z) = exp(m) · exp(z − m). What does the factor exp(m) become under the logarithm?

# %% tags=["hint"]
# log(exp(m) · sum) = m + log(sum). Each row is shifted by its own largest logit: `z.max(axis=1)`.

# %% tags=["right"]
def log_sum_exp(z):
    return np.logaddexp.reduce(z, axis=1)

# %% tags=["wrong"] misconception="shift-not-undone"
# The largest logit is still missing: what you have is the log-sum-exp of the shifted logits. Bring it back.
def log_sum_exp(z):
    m = z.max(axis=1)
    e = np.exp(z - m[:, None])
    return np.log(e.sum(axis=1))

# %% tags=["wrong"] misconception="log-of-a-product"
# The factor exp(m) stands inside the logarithm. Outside, a product becomes a sum: m is added, not multiplied.
def log_sum_exp(z):
    m = z.max(axis=1)
    e = np.exp(z - m[:, None])
    return m * np.log(e.sum(axis=1))

# %% tags=["wrong"] misconception="log-of-a-product"
# You put exp(m) back before the logarithm. That is right on paper, and it overflows again: take the logarithm first.
def log_sum_exp(z):
    m = z.max(axis=1)
    e = np.exp(z - m[:, None])
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        return np.log(np.exp(m) * e.sum(axis=1))

# %% tags=["wrong"] misconception="log-before-the-sum"
# You took the logarithm of each term and then the sum. The sum comes first, as in the denominator of softmax.
def log_sum_exp(z):
    m = z.max(axis=1)
    e = np.exp(z - m[:, None])
    return m + np.log(e).sum(axis=1)

# %% tags=["wrong"] misconception="mean-for-a-sum"
# That is the mean of the exponentials. Softmax divides by their sum.
def log_sum_exp(z):
    m = z.max(axis=1)
    e = np.exp(z - m[:, None])
    return m + np.log(e.mean(axis=1))

# %% [markdown] given="11: ln of the largest float16, printed above"
# ### Where it bites
#
# Whoever writes softmax by hand for a phone writes it in float16, and there it ends at 11. Trained logits reach that easily.
# The loss is safest when it gets the logits themselves, `from_logits=True`: then it never takes the logarithm of a rounded 0.
#
# ## 2. What does the loss look at?
#
# For one image, the cross-entropy is −log of the probability that the model gave to the true class. It is the surprise of
# notebook 02, now for more than two classes.

# %%
def cross_entropy_of_one(p, true):
    return -np.log(p[true])

model_1 = np.array([0.6, 0.39, 0.01])   # class 0 is the true one
model_2 = np.array([0.6, 0.20, 0.20])
assert np.isclose(model_1.sum(), 1) and np.isclose(model_2.sum(), 1)

# %% [raw] tags=["prediction"]
# id = "runner-up"
# given = ["0.6 0.39 0.01 0.2: premises"]
# ask = "Class 0 is true. Model 1 says 0.6, 0.39, 0.01; model 2 says 0.6, 0.2, 0.2. Which has the larger cross-entropy?"
# [right]
# text = "neither: they are equal"
# why = "Only the probability of the true class stands in the formula, and it is 0.6 in both."
# [[wrong]]
# text = "model 1: another class comes dangerously close"
# misconception = "runner-up-counts"
# why = "A close runner-up can cost accuracy one day. The cross-entropy of this image does not look at it."
# [[wrong]]
# text = "model 2: its doubt is spread over more classes"
# misconception = "spread-counts"
# why = "How the rest is spread does not stand in the formula. The entropy of the prediction would notice; the cross-entropy with one true class does not."
# [[wrong]]
# text = "it depends on the order of the wrong classes"
# misconception = "order-of-classes-counts"
# why = "Classes have no order here. Exchange the wrong ones as you like: p of the true class stays 0.6."

# %%
for name, p in [("model 1", model_1), ("model 2", model_2)]:
    # the pull on each logit: p, minus 1 at the true class
    pull = p - np.array([1.0, 0.0, 0.0])
    print(f"{name}: cross-entropy {cross_entropy_of_one(p, 0):.4f}   pull on the three logits {pull.round(2)}")

# %%
compare("runner-up")

# %% [markdown] given="1000: a case of the exercise"
# **Compare with your prediction.** The values are equal. The pulls are not: each wrong class is pushed down by as much
# probability as it holds, and the true one is pulled up by what it lacks. That is the whole gradient with respect to the
# logits: **p minus the label**, the label written as 1 at the true class and 0 elsewhere. In notebook 02 it was p − y.
#
# ### Exercise 2.1: the loss of a batch
#
# Write it yourself, without gaps this time. `logits` has one row for each image, `y` says which column is the true one.
# It must stand a logit of 1000.

# %% tags=["exercise"] id="cross-entropy-from-logits"
def cross_entropy(logits, y):
    """Mean cross-entropy. logits: (n, K). y: (n,) integers from 0 to K - 1. Returns a number."""
    ### BEGIN SOLUTION
    m = logits.max(axis=1)
    log_sum = m + np.log(np.exp(logits - m[:, None]).sum(axis=1))
    return np.mean(log_sum - logits[np.arange(len(y)), y])
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([[5.0, 3.0, -2.0], [0.0, 1.0, 0.0], [2.0, 2.0, 1.0]]), np.array([1, 1, 2])),
         (np.array([[1000.0, 0.0, 990.0], [1.0, 2.0, 3.0]]), np.array([2, 0])),
         (np.array([[0.0, 0.0, 0.0, 0.0]]), np.array([3])), (np.array([[-3.0, 1.0], [0.5, 0.0]]), np.array([0, 0]))]
labels = ["logits", "y"]

# %% tags=["hint"]
# For one image: −log p = log-sum-exp of its logits, minus the logit of the true class.

# %% tags=["hint"]
# Row i, column y[i], for all i at once: `logits[np.arange(len(y)), y]`. Your `log_sum_exp` gives the other half.

# %% tags=["right"]
def cross_entropy(logits, y):
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -sum(log_p[i, k] for i, k in enumerate(y)) / len(y)

# %% tags=["wrong"] misconception="exp-never-overflows" given="1000: a case of the exercise"
# A logit of 1000 overflows in exp, and the loss is no number any more. Shift each row by its largest logit first.
def cross_entropy(logits, y):
    with np.errstate(all="ignore"):
        e = np.exp(logits)
        p = e / e.sum(axis=1, keepdims=True)
        return -np.mean(np.log(p[np.arange(len(y)), y]))

# %% tags=["wrong"] misconception="runner-up-counts"
# You took −log p of every class. Only the true class of each image counts.
def cross_entropy(logits, y):
    m = logits.max(axis=1, keepdims=True)
    log_p = logits - m - np.log(np.exp(logits - m).sum(axis=1, keepdims=True))
    return -np.mean(log_p.sum(axis=1))

# %% tags=["wrong"] misconception="favorite-is-truth"
# You took the class that the model likes best. The label says which class is true, and that may be another one.
def cross_entropy(logits, y):
    m = logits.max(axis=1, keepdims=True)
    log_p = logits - m - np.log(np.exp(logits - m).sum(axis=1, keepdims=True))
    return -np.mean(log_p.max(axis=1))

# %% tags=["wrong"] misconception="index-makes-a-square"
# `logits[:, y]` takes every column of y for every row: n × n numbers. Pair row i with column y[i].
def cross_entropy(logits, y):
    m = logits.max(axis=1, keepdims=True)
    log_p = logits - m - np.log(np.exp(logits - m).sum(axis=1, keepdims=True))
    return -np.mean(log_p[:, y])

# %% tags=["wrong"] misconception="logits-are-log-probabilities"
# A logit is not yet the logarithm of a probability: the log-sum-exp of its row must be taken off.
def cross_entropy(logits, y):
    return -np.mean(logits[np.arange(len(y)), y])

# %% tags=["wrong"] misconception="sum-for-a-mean"
# That is the sum over the images. The mean was asked for, so that the loss does not grow with the batch.
def cross_entropy(logits, y):
    m = logits.max(axis=1, keepdims=True)
    log_p = logits - m - np.log(np.exp(logits - m).sum(axis=1, keepdims=True))
    return -np.sum(log_p[np.arange(len(y)), y])

# %% tags=["wrong"] misconception="loss-is-probability"
# That is the mean of 1 − p. Cross-entropy is −log p: a small probability for what is true costs much more.
def cross_entropy(logits, y):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return np.mean(1 - p[np.arange(len(y)), y])

# %% [markdown]
# Does Keras compute the same, value and pull, on the logits of the trained network? And scikit-learn, on its probabilities?

# %% tags=["training"]
from sklearn.metrics import log_loss

rows, y = np.arange(len(digits.y_test)), digits.y_test
p = softmax(logits.astype(float))
ours = -np.mean(np.log(p[rows, y]))
our_pull = (p - np.eye(10)[y]) / len(y)
with tf.GradientTape() as tape:
    z = tf.Variable(logits)
    theirs = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, z)
print("value as in Keras:       ", np.isclose(ours, theirs, rtol=1e-5))
print("pull as in Keras:        ", np.allclose(our_pull, tape.gradient(theirs, z), atol=1e-7))
print("value as in scikit-learn:", np.isclose(ours, log_loss(y, p), rtol=1e-5))

# %% [markdown]
# ### Before the first step
#
# A network that has learned nothing has no reason to prefer a digit. Suppose it gives all ten the same probability.

# %% [raw] tags=["prediction"]
# id = "start-of-ten"
# ask = "Ten classes, equally frequent, each gets the same probability. What is the cross-entropy?"
# right = 2.303
# why = "Each gets 1/10, and −ln(1/10) = ln 10. For K classes it is ln K: remember it as the loss of knowing nothing."
# [[near]]
# value = 0.9
# misconception = "loss-counts-errors"
# why = "0.9 is the share of errors when guessing. The loss is not a share."
# [[near]]
# value = 1
# misconception = "loss-is-bounded-by-one"
# why = "1 is the largest error rate. Cross-entropy has no such end."
# [[near]]
# value = 10
# misconception = "loss-is-the-number-of-classes"
# why = "10 is e to that loss. The loss is the logarithm of the number of classes."
# [[near]]
# value = 0.1
# misconception = "loss-is-probability"
# why = "0.1 is the probability itself. The loss is −ln of it."

# %%
SCE, CCE = keras.losses.SparseCategoricalCrossentropy, keras.losses.CategoricalCrossentropy

def build(*head, loss, inputs=64, hidden=32, rate=0.005, **more):
    """One hidden layer, then the layers of `head`; compiled."""
    model = keras.Sequential([keras.Input((inputs,)), layers.Dense(hidden, activation="relu"), *head])
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss, **more)
    return model

equal_shares = np.full((1, 10), 0.1, dtype="float32")
know_nothing = float(SCE()(np.array([7]), equal_shares))
print(f"Keras, one tenth for each digit: {know_nothing:.4f}   ln 10: {np.log(10):.4f}")

# %%
compare("start-of-ten", know_nothing)

# %% [markdown]
# And real networks, with their random start?

# %% [raw] tags=["prediction"]
# id = "untrained-networks"
# ask = "Sixteen networks, each with another random start and untrained. Where do their losses on the digits lie?"
# [right]
# text = "near ln 10, most of them a little above"
# why = "Random logits are not all equal, so the network has opinions already, and they are wrong as often as chance. That costs a little more than none."
# [[wrong]]
# text = "anywhere from 0 to 10: they are random"
# misconception = "only-luck-decides"
# why = "Random weights of the usual size give small logits. So the ten probabilities start near one tenth."
# [[wrong]]
# text = "below ln 10: even a random network is better than nothing"
# misconception = "random-beats-nothing"
# why = "Opinions that come from nowhere are wrong nine times in ten, and they cost more than having none."
# [[wrong]]
# text = "near 0.5, as a coin would do"
# misconception = "start-is-one-half"
# why = "A coin has two sides and a loss of ln 2. Ten classes start near ln 10."

# %% [raw] tags=["alt"] id="start-losses-alt"
# Dot plot, one dot for each of 16 seeds, one row; the axis is the loss of untrained networks from 0 to 3. All dots lie
# between {low:.2f} and {high:.2f}, around and mostly to the right of a dotted line at ln 10.

# %% tags=["training"]
start_losses = []
for k in range(16):
    keras.utils.set_random_seed(seed + k)
    untrained = build(layers.Dense(10, activation="softmax"), loss=SCE())
    start_losses.append(float(SCE()(digits.y_train, untrained(digits.X_train))))
start_losses = np.array(start_losses)

fig, ax = figures.axes(xlabel="cross-entropy on the training images, before training", height=2.2)
figures.strip(ax, {"untrained": start_losses}, reference=np.log(10), reference_label="ln 10")
ax.set_xlim(0, 3)
figures.show(fig, "start-losses-alt", low=start_losses.min(), high=start_losses.max())
print(claim("Untrained, the loss of every network lies within a fifth of ln 10.",
            abs(start_losses / np.log(10) - 1), "<", 0.2))
print(claim("At least nine networks in ten start above ln 10.", start_losses / np.log(10), ">", 1, share=0.9))

# %%
compare("untrained-networks")

# %% [markdown]
# ### Where it bites
#
# This is the cheapest check there is: print the loss before training. Far above ln K, and something does not fit.

# %% [raw] tags=["question"]
# id = "start-at-seven"
# given = ["1e-7: Keras' clip"]
# ask = "Ten classes, and before any training the loss is 8. What do you suspect first?"
# discuss = true
# [right]
# text = "the loss takes outputs for probabilities that are none"
# why = "Outputs of a head without softmax are cut to the range of probabilities, many of them to 1e-7. There −ln p is 16, and the mean comes out far above ln 10. Section 4 runs it."
# [[wrong]]
# text = "nothing: a network has to learn first"
# misconception = "any-start-is-normal"
# why = "Knowing nothing costs ln 10. Whoever starts far above it is not ignorant but sure of nonsense."
# [[wrong]]
# text = "too few classes in the head"
# misconception = "loss-is-the-number-of-classes"
# why = "A label without a unit of its own raises an error on the processor, as section 3 shows. It does not move the start to 8."
# [[wrong]]
# text = "the learning rate is too high"
# misconception = "any-plateau-is-the-rate"
# why = "Before the first step no rate has acted yet."

# %% [markdown]
# ## 3. One-hot or integers?
#
# The labels so far were integers: 7 for a seven. Other files hold a row for each image, ten columns, a single 1:
# **one-hot** labels. Keras has a loss for each format.
#
# | labels | shape | loss |
# |---|---|---|
# | integers 0 … K−1 | (n,) or (n, 1) | `SparseCategoricalCrossentropy` |
# | one-hot rows | (n, K) | `CategoricalCrossentropy` |

# %%
one_hot = np.eye(10, dtype="float32")[digits.y_train]        # row y of the identity matrix
one_hot_test = np.eye(10, dtype="float32")[digits.y_test]
print("integers:", digits.y_train[:3], "   shape", digits.y_train.shape)
print("one-hot, the first of them:", one_hot[0].astype(int), "   shape", one_hot.shape)
assert (one_hot.argmax(axis=1) == digits.y_train).all()      # and back again

# %% [raw] tags=["prediction"]
# id = "two-formats"
# ask = "The same logits; once with integer labels and the sparse loss, once with one-hot labels and the categorical loss. How do value and gradient compare?"
# [right]
# text = "the same, up to rounding"
# why = "Both pick the logarithm of the true class's probability. The format says how the class is written down, nothing else."
# [[wrong]]
# text = "the categorical loss is larger: it also sees the nine zeros"
# misconception = "zeros-in-the-label-count"
# why = "Each zero multiplies its logarithm away. One term of ten is left: the true class's."
# [[wrong]]
# text = "the sparse loss has another gradient: it treats 7 as more than 3"
# misconception = "numbers-mean-regression"
# why = "The integer is used as the place in the row. Its size plays no part."
# [[wrong]]
# text = "the same value, but the sparse loss moves one logit only"
# misconception = "only-the-true-logit-moves"
# why = "In both, every logit is pulled by p minus the label: softmax ties all ten together."

# %% tags=["training"]
def value_and_pull(loss, labels):
    with tf.GradientTape() as tape:
        z = tf.Variable(logits)
        value = loss(labels, z)
    return float(value), tape.gradient(value, z).numpy()

sparse_value, sparse_pull = value_and_pull(SCE(from_logits=True), digits.y_test)
rows_value, rows_pull = value_and_pull(CCE(from_logits=True), one_hot_test)
print(f"largest difference: value {abs(sparse_value - rows_value):.0e}, pull {abs(sparse_pull - rows_pull).max():.0e}")
print("logits that are pulled, of 10 for each image:", (sparse_pull != 0).sum(axis=1).min(), "or more")

# %%
compare("two-formats")
assert np.isclose(sparse_value, rows_value, rtol=1e-5) and np.allclose(sparse_pull, rows_pull, atol=1e-6)

# %% [markdown]
# ### Every format with every loss
#
# Files come as they come: strings, floats, digits counted from 1, scaled labels, a −1 for "unknown". What does Keras do with
# each, today? We try it, with the same network and one softmax. First three predictions.

# %% [raw] tags=["prediction"]
# id = "integers-to-categorical"
# ask = "Integer labels, and by mistake the *categorical* loss. What does Keras do?"
# [right]
# text = "it raises an error that speaks of ranks"
# why = "Labels with one axis against outputs with two: Keras compares the number of axes, its *rank*, and stops."
# [[wrong]]
# text = "it turns the integers into one-hot rows"
# misconception = "keras-repairs-everything"
# why = "Nothing is converted. Which loss fits is for you to say."
# [[wrong]]
# text = "it trains, and accuracy stays near a tenth"
# misconception = "mismatch-trains-badly"
# why = "Once it was told so in many answers on the web. Today this mismatch is loud."
# [[wrong]]
# text = "it trains as well as ever"
# misconception = "formats-are-interchangeable"
# why = "The categorical loss multiplies each column by its label. A single integer has no columns."

# %% [raw] tags=["prediction"]
# id = "counted-from-one"
# ask = "The digits are numbered 1 to 10 instead of 0 to 9; sparse loss, ten units, on a processor (no `jit_compile`). What happens?"
# [right]
# text = "an error: the label 10 is out of range"
# why = "Ten units are the classes 0 to 9. The first batch that holds a 10 stops the run."
# [[wrong]]
# text = "it trains: labels are only names"
# misconception = "labels-are-only-names"
# why = "Here they are places in a row of ten, counted from 0. There is no place 10."
# [[wrong]]
# text = "it trains, and every prediction is off by one"
# misconception = "labels-start-at-one"
# why = "That would be so for labels 1 to 9 alone. The 10 has no unit of its own."
# [[wrong]]
# text = "the tens are skipped, the rest is trained"
# misconception = "bad-rows-are-skipped"
# why = "No row is left out silently here. The whole run stops."

# %% [raw] tags=["prediction"]
# id = "scaled-labels"
# given = ["0.9: a label that is cut off, arithmetic"]
# ask = "Somebody scaled pixels *and* labels to the range from 0 to 1: labels 0, 1/9, … 1. Sparse loss, ten units. What happens?"
# [right]
# text = "no error; the loss falls far below any other, and the model is useless"
# why = "The sparse loss cuts the fraction off: 0.9 becomes class 0. Almost every image is now a zero, which is easy to learn."
# [[wrong]]
# text = "an error: class labels must be whole numbers"
# misconception = "keras-would-refuse"
# why = "Keras looks at shapes and types, not at the values of labels. A float that is a whole number is welcome, so all floats are let in."
# [[wrong]]
# text = "no error; the loss stays near ln 10"
# misconception = "mismatch-trains-badly"
# why = "It would if the task had become impossible. It has become trivial: nearly all labels are the same class."
# [[wrong]]
# text = "it trains as well as ever: scaling is only a change of unit"
# misconception = "scaling-labels-is-harmless"
# why = "For a number to be predicted, yes. A class has no unit: 7/9 names no class at all."

# %%
messages = []   # what Keras says, each message once

def try_out(labels, loss):
    """Five epochs on these labels: loss and test accuracy, or the number of the message."""
    keras.utils.set_random_seed(seed)
    model = build(layers.Dense(10, activation="softmax"), loss=loss)
    try:
        history = model.fit(digits.X_train, labels, batch_size=128, epochs=5, verbose=0).history
    except Exception as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        line = next((line for line in lines if "label value" in line), lines[0])
        message = f"{type(error).__name__}: {line.split(' Received: t')[0].split('  Label values')[0].split(': x=')[0]}"
        messages.extend([] if message in messages else [message])
        return f"raises [{messages.index(message) + 1}]"
    accuracy = np.mean(model(digits.X_test).numpy().argmax(axis=1) == digits.y_test)
    return f"loss {history['loss'][-1]:8.3f}, accuracy {accuracy:.2f}"

# %%
y, two_ones = digits.y_train, np.clip(one_hot + np.roll(one_hot, 1, axis=1), 0, 1)
formats = {"integers, (n,)": y, "integers, (n, 1)": y[:, None], "whole floats": y.astype(float),
           "one-hot": one_hot, "list of integers": y.tolist(), "strings": y.astype(str),
           "integers 1 to 10": y + 1, "one -1 among them": np.where(np.arange(len(y)) == 5, -1, y),
           "integers / 9": y / 9, "one-hot * 255": one_hot * 255, "rows with two ones": two_ones}

# %% tags=["training"]
with_sparse = {name: try_out(labels, "sparse_categorical_crossentropy") for name, labels in formats.items()}

# %% tags=["training"]
with_rows = {name: try_out(labels, "categorical_crossentropy") for name, labels in formats.items()}
print(f"{'labels':19}{'sparse loss':31}categorical loss")
for name in formats:
    print(f"{name:19}{with_sparse[name]:31}{with_rows[name]}")
for number, message in enumerate(messages, 1):
    print(f"[{number}] {message}")

# %%
compare("integers-to-categorical")

# %%
compare("counted-from-one")

# %%
compare("scaled-labels")

# %% [markdown] given="255: the factor by which the rows were scaled"
# **Compare with your predictions, line by line.** Four cells are right pairs, and read most digits: integers flat, in a column or
# as floats, and one-hot rows. Most wrong pairs are loud. Three are silent, and they are the dangerous ones: scaled integers,
# scaled rows, and rows with two ones.
#
# - The message that asks for rank `target.ndim - 1` says it backwards: the *labels* should have one axis less than the output.
# - One-hot times 255: the loss is 255 times as large, and so is each pull. The first steps throw the network far off.
# - Two ones in a row: the softmax must share one whole between two classes. Its best is one half each, and ln 2 + ln 2 is the
#   floor of its loss. For such rows you want the heads of notebook 04.
#
# One seed is no proof. So the worst of them once more, over 16 seeds.

# %% tags=["training"]
from helpers.replicates import fit_replicates

recipe = dict(seeds=16, base_seed=1000 * seed, epochs=30, batch_size=64)
scaled = fit_replicates(lambda: build(layers.Dense(10, activation="softmax"), loss=SCE()),
                        digits.X_train, digits.y_train / 9, **recipe)
scaled_accuracy = (scaled.predict(digits.X_test).argmax(axis=-1) == digits.y_test).mean(axis=1)
print(claim("With labels scaled to 1, the training loss ends below 0.1.", scaled.history["loss"][:, -1], "<", 0.1))
print(claim("Of the test images, fewer than a share of 0.15 are read.", scaled_accuracy, "<", 0.15))

# %% [markdown]
# **The lowest loss of this notebook, on the most useless model.** No loss curve can show it.
#
# The error for a label out of range is a courtesy of the processor. With `jit_compile=True`, as on many accelerators, the same
# label goes another way.

# %% [raw] tags=["prediction"]
# id = "jit-bad-label"
# ask = "A thousand good labels and a single 10, sparse loss, ten units, `jit_compile=True`. What happens?"
# [right]
# text = "no error: the loss and most of the weights become NaN"
# why = "The compiled code has no message to give, so it marks the loss of that image as NaN. NaN enters the mean, the gradient, and from there the weights."
# [[wrong]]
# text = "the same error, only faster"
# misconception = "compiled-code-checks-too"
# why = "The check of the label belongs to the processor's code. The compiled code has none that raises."
# [[wrong]]
# text = "the one image is skipped"
# misconception = "bad-rows-are-skipped"
# why = "It is not skipped. It turns its whole batch into NaN, and through the weights all batches after it."
# [[wrong]]
# text = "the 10 is read as the last class, 9"
# misconception = "out-of-range-is-clipped"
# why = "Nothing is moved to the nearest class."

# %% tags=["training"]
one_bad = digits.y_train.copy()
one_bad[5] = 10
keras.utils.set_random_seed(seed)
compiled = build(layers.Dense(10, activation="softmax"), loss=SCE(), jit_compile=True)
loss_of_epoch = compiled.fit(digits.X_train, one_bad, batch_size=128, epochs=1, verbose=0).history["loss"][0]
lost = np.mean([np.isnan(w).mean() for w in compiled.get_weights()])
print(f"loss: {loss_of_epoch}   share of the weights that are NaN, mean over the layers' arrays: {lost:.0%}")

# %%
compare("jit-bad-label")
assert np.isnan(loss_of_epoch) and lost > 0.5

# %% [markdown] given="0.9 0.1: an example of a label"
# ### Exercise 3.1: look at the labels first
#
# Write the check that would have caught all of these. It looks at the labels and at the number of classes, and answers
# with the one word that fits:
#
# - `"sparse"`: whole numbers from 0 to K − 1, in the shape (n,) or (n, 1);
# - `"categorical"`: rows of K numbers, none below 0, that add up to 1. (They may be shares: a label such as 0.9, 0.1, 0 is
#   welcome there);
# - `"neither"`: everything else, to be looked at by a person.

# %% tags=["exercise"] id="loss-for-labels"
def loss_for(y, num_classes):
    """"sparse", "categorical" or "neither". y: array of numbers, 1 or 2 axes. num_classes: K, at least 2."""
    ### BEGIN SOLUTION
    if y.ndim == 2 and y.shape[1] == num_classes:
        shares = np.all(y >= 0) and np.allclose(y.sum(axis=1), 1)
        return "categorical" if shares else "neither"
    column = y.ndim == 1 or y.shape[1] == 1
    whole = np.all(y == np.round(y)) and np.all(y >= 0) and np.all(y < num_classes)
    return "sparse" if column and whole else "neither"
    ### END SOLUTION

# %% tags=["cases"]
ids = np.array([0, 2, 1, 2])
rows = np.eye(3)[ids]
cases = [(ids, 3), (ids[:, None], 3), (ids.astype(float), 3), (rows, 3), (np.array([[0.9, 0.1, 0.0], [0.2, 0.2, 0.6]]), 3),
         (ids + 1, 3), (np.array([0, -1, 2]), 3), (ids / 2, 3), (rows * 255, 3), (np.array([[1, 1, 0], [0, 0, 1]]), 3),
         (np.eye(4)[ids], 3), (np.array([[1.5, -0.5, 0.0]]), 3)]
labels = ["y", "num_classes"]

# %% tags=["hint"]
# First the shape: how many columns may integers have, how many must rows have? Then the values.

# %% tags=["hint"]
# Whole numbers: `np.all(y == np.round(y))`. Rows that add up to 1: `np.allclose(y.sum(axis=1), 1)`. Do not forget the lower end.

# %% tags=["right"]
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if y.ndim == 1:
        return "sparse" if set(y.tolist()) <= set(range(num_classes)) else "neither"
    good = y.shape[1] == num_classes and y.min() >= 0 and np.allclose(y.sum(axis=1), 1)
    return "categorical" if good else "neither"

# %% tags=["wrong"] misconception="shape-is-enough"
# You looked at the shape alone. Scaled labels, and labels counted from 1, have a perfect shape: look at the values.
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] == num_classes:
        return "categorical"
    return "sparse" if y.ndim == 1 or y.shape[1] == 1 else "neither"

# %% tags=["wrong"] misconception="labels-start-at-one"
# The classes of K units are 0 to K − 1. You let the label K in, which has no unit.
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] == num_classes:
        return "categorical" if np.all(y >= 0) and np.allclose(y.sum(axis=1), 1) else "neither"
    column = y.ndim == 1 or y.shape[1] == 1
    whole = np.all(y == np.round(y)) and np.all(y >= 0) and np.all(y <= num_classes)
    return "sparse" if column and whole else "neither"

# %% tags=["wrong"] misconception="fractions-are-classes"
# A label of one half is in range and names no class. The sparse loss would cut it off to 0, silently: ask for whole numbers.
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] == num_classes:
        return "categorical" if np.all(y >= 0) and np.allclose(y.sum(axis=1), 1) else "neither"
    column = y.ndim == 1 or y.shape[1] == 1
    return "sparse" if column and np.all(y >= 0) and np.all(y < num_classes) else "neither"

# %% tags=["wrong"] misconception="integers-must-be-flat"
# Integers in a single column, shape (n, 1), are fine for the sparse loss. You sent them away.
def loss_for(y, num_classes):
    if y.ndim == 2:
        good = y.shape[1] == num_classes and np.all(y >= 0) and np.allclose(y.sum(axis=1), 1)
        return "categorical" if good else "neither"
    whole = np.all(y == np.round(y)) and np.all(y >= 0) and np.all(y < num_classes)
    return "sparse" if whole else "neither"

# %% tags=["wrong"] misconception="float-means-wrong" given="2.0: an example"
# The type does not decide: 2.0 is as whole as 2, and Keras takes it. Look at the values.
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] == num_classes:
        return "categorical" if np.all(y >= 0) and np.allclose(y.sum(axis=1), 1) else "neither"
    column = y.ndim == 1 or y.shape[1] == 1
    whole = y.dtype.kind in "iu" and np.all(y >= 0) and np.all(y < num_classes)
    return "sparse" if column and whole else "neither"

# %% tags=["wrong"] misconception="multi-hot-is-one-hot"
# You ask for zeros and ones only. A row with two ones passes, and a row of shares does not. The sum of each row decides.
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] == num_classes:
        return "categorical" if np.isin(y, [0, 1]).all() else "neither"
    column = y.ndim == 1 or y.shape[1] == 1
    whole = np.all(y == np.round(y)) and np.all(y >= 0) and np.all(y < num_classes)
    return "sparse" if column and whole else "neither"

# %% tags=["wrong"] misconception="unknown-is-a-class"
# A −1, the usual mark for "unknown", slipped through. It is a whole number, and no class.
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] == num_classes:
        return "categorical" if np.all(y >= 0) and np.allclose(y.sum(axis=1), 1) else "neither"
    column = y.ndim == 1 or y.shape[1] == 1
    return "sparse" if column and np.all(y == np.round(y)) and np.all(y < num_classes) else "neither"

# %% [markdown]
# ### Where it bites
#
# A preparation step that scales "all columns to 0 … 1" scales the label along with the pixels. It happens in a line that
# nobody looks at. So look at the labels where they enter `fit`, not where the file was read.

# %% [markdown]
# ## 4. Two softmaxes, or none
#
# Back to the loss that sticks. The head has a softmax, and somebody adds another one behind it: "to be sure that they are
# probabilities". This is easily done: one in the model, one in a wrapper.
#
# The test images serve to report here; nothing is chosen by them.

# %%
as_integers = dict(y=digits.y_train, validation_data=(digits.X_test, digits.y_test))
as_rows = dict(y=one_hot, validation_data=(digits.X_test, one_hot_test))

def runs_of(head, loss, labels=as_integers):
    """16 runs of 30 epochs. head: a function that returns the layers behind the hidden one."""
    return fit_replicates(lambda: build(*head(), loss=loss), digits.X_train, **labels, **recipe)

def once_head():
    return [layers.Dense(10, activation="softmax")]

def twice_head():
    return [*once_head(), layers.Activation("softmax")]

# %% [raw] tags=["prediction"]
# id = "softmax-twice"
# ask = "The second softmax gets numbers between 0 and 1 instead of logits. Suppose that the first is perfect: 1 for the true digit, 0 for the nine others. Which loss comes out of the second?"
# right = 1.461
# tolerance = 0.05
# why = "The second softmax makes e / (e + 9) of the 1: less than a quarter. −ln of it is ln(1 + 9/e), and no training gets below."
# [[near]]
# value = 0
# misconception = "softmax-keeps-probabilities"
# why = "That would be so if the second softmax left probabilities as they are. It takes them for logits, and a gap of 1 is a small gap."
# [[near]]
# value = 2.303
# misconception = "second-softmax-forgets"
# why = "That is ln 10, knowing nothing. A gap of 1 is small, but it is a gap: a factor of e."
# [[near]]
# value = 1
# misconception = "loss-is-bounded-by-one"
# why = "The loss is −ln p of what comes out for the true class. Work out p: e¹ against nine times e⁰."
# [[near]]
# value = 0.552
# misconception = "argument-ignored"
# why = "That is the value for three classes, ln(1 + 2/e). Here nine others share the whole with the true one."

# %%
floor = -np.log(np.e / (np.e + 9))
compare("softmax-twice", floor)
assert round(floor, 2) == 1.46 and np.isclose(floor, np.log(1 + 9 / np.e))

# %% [markdown]
# So much for paper. What does training look like?

# %% [raw] tags=["prediction"]
# id = "twice-accuracy"
# ask = "With two softmaxes the loss cannot fall below that floor. And the test accuracy, after 30 epochs, beside that of one softmax?"
# [right]
# text = "about the same on most seeds"
# why = "The second softmax keeps the order of the classes, and accuracy looks at the order only. On some seeds a whole digit is never learned, because the pull is so weak."
# [[wrong]]
# text = "about 0.1: a stuck loss is a stuck model"
# misconception = "loss-and-accuracy-stick-together"
# why = "The loss is stuck because probabilities are squeezed together. Which of them is the largest is hardly touched."
# [[wrong]]
# text = "better: the squeezed probabilities prevent overfitting"
# misconception = "bug-as-regularizer"
# why = "The runs do not show that. What they show is slower learning and, on some seeds, a digit that is lost."
# [[wrong]]
# text = "exactly the same: softmax keeps the order"
# misconception = "same-network-same-answers"
# why = "For fixed weights, yes. But training follows other pulls, so the weights come out different."

# %% tags=["training"]
once, twice = runs_of(once_head, SCE()), runs_of(twice_head, SCE())

def accuracy(runs):
    """Test accuracy, one number a seed."""
    return (runs.predict(digits.X_test).argmax(axis=-1) == digits.y_test).mean(axis=1)

# %% [raw] tags=["alt"] id="softmax-twice-alt"
# Line plot of the training loss over 30 epochs, axis from 0 to {top:.1f}, median and band over 16 seeds. One softmax falls from
# {one_first:.1f} to {one_last:.2f}. Two softmaxes fall slowly from {two_first:.1f} and flatten just above a dotted line at
# {floor:.2f}.

# %% tags=["training"]
fig, ax = figures.axes(xlabel="epoch", ylabel="training loss")
figures.lines(ax, np.arange(1, 31), {"one": once.history["loss"], "two": twice.history["loss"]}, label_at="legend")
ax.axhline(floor, color="black", linestyle=":")
ax.annotate("ln(1 + 9/e)", (12, floor), xytext=(0, -18), textcoords="offset points")
ax.set(ylim=(0, 2.5), title="softmax, once and twice")
(one_first, one_last), (two_first, _) = (np.median(run.history["loss"], axis=0)[[0, -1]] for run in (once, twice))
figures.show(fig, "softmax-twice-alt", floor=floor, top=ax.get_ylim()[1], one_first=one_first, one_last=one_last,
             two_first=two_first)

# %% tags=["training"]
highest = twice.predict(digits.X_test).max(axis=(1, 2))
print(f"accuracy, median of 16 seeds: one softmax {np.median(accuracy(once)):.2f}, "
      f"two {np.median(accuracy(twice)):.2f}")
print(f"the highest probability that two softmaxes ever gave: {highest.max():.3f}")
lost_digit = twice.history["loss"][:, -1] > floor + 0.05
print("seeds that end above the floor by over 0.05, because a digit is lost:", lost_digit.sum())

# %%
compare("twice-accuracy")

# %% tags=["training"]
print(claim("With two softmaxes the training loss never gets below ln(1 + 9/e), rounding aside.",
            twice.history["loss"].min(axis=1) / floor, ">=", 0.9999))
print(claim("With one softmax it ends below a tenth.",
            once.history["loss"][:, -1], "<", 0.1))
print(claim("On most seeds the accuracy with two softmaxes is within 0.03 of that with one.",
            abs(accuracy(twice) - accuracy(once)), "<", 0.03, share=0.6))
print(claim("No image gets more than e / (e + 9) from two softmaxes.", highest / np.exp(-floor), "<=", 1.0001))

# %% [markdown] given="0.9: a rule made up for the example"
# **Compare with your predictions.** The loss is stuck and the accuracy hardly shows it. But the probabilities are ruined:
# nothing ever passes a quarter, so "send it to a person below 0.9" sends every parcel.

# %% [raw] tags=["question"]
# id = "stuck-at-1-46"
# given = ["1.46: asserted above", "0.97: premise"]
# ask = "A colleague's ten-class loss has been near 1.46 for twenty epochs, at a training accuracy of 0.97. What do you check first?"
# discuss = true
# [right]
# text = "whether a softmax is applied twice, in the head or in the loss"
# why = "1.46 is ln(1 + 9/e), the floor of a doubled softmax with ten classes. High accuracy beside it makes the case: the order is right, the probabilities are squeezed."
# [[wrong]]
# text = "overfitting: the model no longer improves"
# misconception = "any-plateau-is-overfitting"
# why = "Overfitting shows between training and unseen data. This is the training loss itself."
# [[wrong]]
# text = "the balance of the classes"
# misconception = "imbalance-explains-everything"
# why = "An imbalanced set moves the start of the loss, not a floor beneath a training accuracy of 0.97."
# [[wrong]]
# text = "the learning rate: it is too low to go on"
# misconception = "any-plateau-is-the-rate"
# why = "A higher rate comes to the same floor sooner. The number itself says where the floor comes from."

# %% [markdown]
# ### The flag behind a softmax
#
# The most common way to two softmaxes is said to be this: a softmax in the head, *and* `from_logits=True` in the loss. The
# loss then applies its own softmax to probabilities. In notebook 02 you saw what Keras does with that behind a sigmoid. And
# here, with a softmax?

# %% [raw] tags=["prediction"]
# id = "softmax-and-flag"
# ask = "`Dense(10, activation=\"softmax\")` and `from_logits=True`. What becomes of training?"
# [right]
# text = "a warning, and exactly the training of the right set-up"
# why = "Keras' softmax leaves the logits attached to its output. The loss finds them, warns, and uses them."
# [[wrong]]
# text = "the loss sticks near 1.46"
# misconception = "folklore-double-softmax"
# why = "That is the classic symptom, and the web is full of it. It comes back only when something stands between the softmax and the loss."
# [[wrong]]
# text = "an error: softmax and logits contradict each other"
# misconception = "keras-would-refuse"
# why = "It is a warning, and it is easily missed among others."
# [[wrong]]
# text = "a silent repair: nobody hears of it"
# misconception = "repair-is-silent"
# why = "For this case there is a warning. Other cases in this section are silent."

# %% [markdown]
# In the table that comes, *reported* is what Keras says on the test images after 30 epochs, *recomputed* is the same loss from
# what `predict` returns. Both are medians of 16 seeds.

# %%
def categorical_from(p):
    p = p / p.sum(axis=-1, keepdims=True)     # Keras divides each row by its sum, too
    return -np.log(p[:, np.arange(len(digits.y_test)), digits.y_test].clip(1e-7)).mean(axis=1)

def binary_from(p):
    p = p.clip(1e-7, 1 - 1e-7)
    return -np.where(one_hot_test == 1, np.log(p), np.log(1 - p)).mean(axis=(1, 2))

def reshaped_head():
    return [*once_head(), layers.Reshape((10,))]

def sigmoid_head():
    return [layers.Dense(10, activation="sigmoid")]

# %%
import warnings
runs, reported, recomputed = {"softmax": once}, {}, {}

def row(name, from_predict, *run):
    """Train if need be (head, loss, labels), and print one line of the table."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        runs[name] = runs_of(*run) if run else runs[name]
    reported[name] = runs[name].history["val_loss"][:, -1]
    recomputed[name] = from_predict(runs[name].predict(digits.X_test))
    said = next((str(w.message) for w in caught if "from_logits" in str(w.message)), "")
    print(f"{name:27} warns: {'yes' if said else 'no ':4} reported {np.median(reported[name]):.3f}   "
          f"recomputed {np.median(recomputed[name]):.3f}   accuracy {np.median(accuracy(runs[name])):.2f}")
    return said

# %% tags=["training"]
row("softmax", categorical_from)
warning = row("softmax + flag", categorical_from, once_head, SCE(from_logits=True))
row("softmax + Reshape + flag", categorical_from, reshaped_head, SCE(from_logits=True))
print(warning[:127], "…")

# %%
compare("softmax-and-flag")

# %% tags=["training"]
same = runs["softmax + flag"].predict(digits.X_test) - runs["softmax"].predict(digits.X_test)
print(claim("With the flag behind a softmax the predictions are those of the right set-up, to a thousandth.",
            abs(same).max(axis=(1, 2)), "<", 1e-3))
name = "softmax + Reshape + flag"
print(claim("With a Reshape between, the loss of no seed is reported below ln(1 + 9/e).",
            reported[name] / floor, ">=", 0.9999))
print(claim("On most seeds it is reported at over five times what predict gives.",
            reported[name] / recomputed[name], ">", 5, share=0.6))

# %% [markdown]
# **Compare with your prediction.** Folklore says that the flag behind a softmax doubles it. Run today, it does not: Keras finds
# the attached logits, and warns. It takes one more layer, such as a `Reshape` that changes nothing, and the logits are lost.
# Then the second softmax is real, and no warning is given any more.

# %% tags=["training"]
out = keras.layers.Dense(10, activation="softmax")(digits.X_test[:1])
print("logits attached behind a softmax:", hasattr(out, "_keras_logits"),
      "  one layer later:", hasattr(keras.layers.Reshape((10,))(out), "_keras_logits"))

# %% [markdown]
# ### The wrong activation for the loss
#
# The loss looks for attached logits in every case, not only where you set the flag. What follows from that when the activation
# is another one than the loss was made for?

# %% [raw] tags=["prediction"]
# id = "sigmoid-and-categorical"
# ask = "Ten *sigmoids* and the categorical loss. Keras reports a loss on the test images. You compute the categorical cross-entropy from what `predict` returns, with each row divided by its sum. How do the two compare?"
# [right]
# text = "the one from `predict` is several times as high"
# why = "The loss finds the logits behind the sigmoids and puts a softmax on them: it trains and reports a model with softmax. `predict` returns the sigmoids, whose rows add up to two or more."
# [[wrong]]
# text = "they are equal: the loss is computed from the predictions"
# misconception = "loss-is-computed-from-predict"
# why = "So one should think. It is computed from the logits that the sigmoids carry along."
# [[wrong]]
# text = "no comparison: Keras refuses sigmoids with this loss"
# misconception = "keras-would-refuse"
# why = "Shapes fit, so nothing is said. There is not even a warning."
# [[wrong]]
# text = "the reported one is higher: sigmoids cannot be trained so"
# misconception = "mismatch-trains-badly"
# why = "They are trained very well, as a softmax. Only what `predict` returns is wrong."

# %% [raw] tags=["prediction"]
# id = "softmax-and-binary"
# given = ["0.99 0.9: asserted below"]
# ask = "A softmax of ten and *binary* cross-entropy on the one-hot rows, with `BinaryAccuracy` as metric. The model reads well over nine images in ten. What does the metric show?"
# [right]
# text = "about 0.99"
# why = "It counts cells. Of the ten cells of a row, nine are rightly below one half for almost any model; predicting no class at all has 0.9."
# [[wrong]]
# text = "about 0.95: as many as are read"
# misconception = "binary-accuracy-is-accuracy"
# why = "That is categorical accuracy, which counts rows. A misread image has two wrong cells of ten, not ten of ten."
# [[wrong]]
# text = "about 0.5: binary means yes or no"
# misconception = "start-is-one-half"
# why = "Nine of ten cells are no. Saying no to all is right for nine cells in ten."
# [[wrong]]
# text = "an error: softmax is not for binary cross-entropy"
# misconception = "keras-would-refuse"
# why = "Shapes fit. Nothing is said."

# %% tags=["training"]
row("sigmoid, categorical loss", categorical_from, sigmoid_head, CCE(), as_rows)
row("softmax, binary loss", binary_from, once_head, keras.losses.BinaryCrossentropy(), as_rows)
cells = ((runs["softmax, binary loss"].predict(digits.X_test) > 0.5) == one_hot_test).mean(axis=(1, 2))
print(f"binary accuracy of the last one: {np.median(cells):.3f}; "
      f"of predicting no class: {np.mean(one_hot_test == 0):.3f}")

# %%
compare("sigmoid-and-categorical")

# %%
compare("softmax-and-binary")
assert round(float(np.median(cells)), 2) == 0.99 and np.isclose(np.mean(one_hot_test == 0), 0.9)

# %% tags=["training"]
name = "sigmoid, categorical loss"
print(claim("With sigmoids and the categorical loss, the recomputed loss is over 2.5 times the reported one.",
            recomputed[name] / reported[name], ">", 2.5))
print(claim("There the ten outputs add up to more than 1.4, in the mean over the images.",
            runs[name].predict(digits.X_test).sum(axis=-1).mean(axis=1), ">", 1.4))
name = "softmax, binary loss"
print(claim("With softmax and binary cross-entropy, the recomputed loss is below nine tenths of the reported one.",
            recomputed[name] / reported[name], "<", 0.9))
print(claim("Its binary accuracy is above 0.98, while over 3 images in 100 are misread.",
            np.minimum(cells - 0.98, 0.97 - accuracy(runs[name])), ">", 0))

# %% [markdown]
# **Compare with your predictions.** So there is a trap in the repair. **The reported loss need not be the loss of what `predict`
# returns.** With sigmoids and the categorical loss, the curve looks perfect, accuracy is right, and the "probabilities" that
# the user gets are none.
#
# Other backends of Keras are said to attach nothing. Do not rely on the repair: **a head and its loss must fit by
# themselves.**

# %% [markdown]
# And a head without softmax, when the flag is forgotten? Three versions, three epochs each. Mean squared error on one-hot rows
# stands beside them.

# %% tags=["training"]
for name, activation, loss, labels in [
        ("linear, sparse", None, SCE(), digits.y_train), ("linear, categorical", None, CCE(), one_hot),
        ("relu, categorical", "relu", CCE(), one_hot),
        ("softmax, MSE", "softmax", keras.losses.MeanSquaredError(), one_hot)]:
    keras.utils.set_random_seed(seed)
    model = build(layers.Dense(10, activation=activation), loss=loss)
    before = float(loss(labels, model(digits.X_train)))
    model.fit(digits.X_train, labels, batch_size=64, epochs=3, verbose=0)
    hits = np.mean(model(digits.X_test).numpy().argmax(axis=1) == digits.y_test)
    print(f"{name:20} loss before training {before:7.3f}, after {float(loss(labels, model(digits.X_train))):7.3f}, "
          f"test accuracy {hits:.2f}")

# %% tags=["training"]
linear_start = []
for k in range(16):
    keras.utils.set_random_seed(seed + k)
    linear_start.append(float(SCE()(digits.y_train, build(layers.Dense(10), loss=SCE())(digits.X_train))))
print(claim("Before training, the loss of a linear head without the flag is at least 1.5 times ln 10.",
            np.array(linear_start) / np.log(10), ">", 1.5))

# %% [markdown]
# Nothing is said here either. The loss before training gives the first three away: compare it with ln 10. MSE trains. It is
# a loss for probabilities, with a pull that fades where the model is sure and wrong: notebook 02 showed that for two classes.
#
# ### Exercise 4.1: find the fault
#
# A colleague judges models by this function. A model that is right about everything, and sure, gets a loss far above 0.
# The accuracy that it returns is always right. There is **one** fault. Find it and mend it.

# %% tags=["exercise"] id="planted-report"
def judge(outputs, y):
    """outputs: (n, K), what `predict` returns from a softmax head. y: (n,) integers. Returns loss and accuracy."""
    rows = np.arange(len(y))
    favorites = outputs.argmax(axis=1)
    accuracy = np.mean(favorites == y)
    ### BEGIN SOLUTION
    shares = outputs  # they are shares of one whole already
    ### END SOLUTION
    surprise = -np.log(shares[rows, y].clip(1e-7, 1))
    return {"loss": np.mean(surprise), "accuracy": accuracy}

# %% tags=["start"]
def judge(outputs, y):
    """outputs: (n, K), what `predict` returns from a softmax head. y: (n,) integers. Returns loss and accuracy."""
    rows = np.arange(len(y))
    favorites = outputs.argmax(axis=1)
    accuracy = np.mean(favorites == y)
    weights = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    shares = weights / weights.sum(axis=1, keepdims=True)
    surprise = -np.log(shares[rows, y].clip(1e-7, 1))
    return {"loss": np.mean(surprise), "accuracy": accuracy}

# %% tags=["cases"]
sure = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
cases = [(sure, np.array([0, 2])), (sure, np.array([0, 1])), (np.array([[0.7, 0.2, 0.1], [0.3, 0.4, 0.3]]), np.array([0, 0])),
         (np.array([[0.25, 0.25, 0.25, 0.25]]), np.array([3]))]
labels = ["outputs", "y"]

# %% tags=["hint"]
# Work out by hand, line by line, what happens to one row that is perfect: 1, 0, 0.

# %% tags=["hint"]
# What does `predict` return from a softmax head: logits, or shares of one whole already?

# %% tags=["right"]
def judge(outputs, y):
    p = np.array([row[k] for row, k in zip(outputs, y)])
    return {"loss": -np.log(np.maximum(p, 1e-7)).mean(), "accuracy": (outputs.argmax(axis=1) == y).mean()}

# %% tags=["wrong"] misconception="fix-it-by-hand"
# You took the floor off the loss, so a perfect model gets 0. All others still get the loss of squeezed shares.
def judge(outputs, y):
    rows = np.arange(len(y))
    accuracy = np.mean(outputs.argmax(axis=1) == y)
    weights = np.exp(outputs)
    shares = weights / weights.sum(axis=1, keepdims=True)
    loss = -np.log(shares[rows, y]).mean() - np.log(1 + (outputs.shape[1] - 1) / np.e)
    return {"loss": loss, "accuracy": accuracy}

# %% tags=["wrong"] misconception="log-of-zero"
# The second softmax is gone, and the clip with it. A true class that got exactly 0 makes the loss infinite.
def judge(outputs, y):
    rows = np.arange(len(y))
    accuracy = np.mean(outputs.argmax(axis=1) == y)
    with np.errstate(divide="ignore"):
        return {"loss": -np.log(outputs[rows, y]).mean(), "accuracy": accuracy}

# %% tags=["wrong"] misconception="shift-cures-everything"
# Without the shift it is the same softmax. Shifting changes no share: the question is why there is an exponential at all.
def judge(outputs, y):
    rows = np.arange(len(y))
    accuracy = np.mean(outputs.argmax(axis=1) == y)
    weights = np.exp(outputs)
    shares = weights / weights.sum(axis=1, keepdims=True)
    return {"loss": -np.log(shares[rows, y].clip(1e-7, 1)).mean(), "accuracy": accuracy}

# %% tags=["wrong"] misconception="runner-up-counts"
# The squeeze is gone, and now every class counts in the loss. Only the true class of each row should.
def judge(outputs, y):
    accuracy = np.mean(outputs.argmax(axis=1) == y)
    return {"loss": -np.log(outputs.clip(1e-7, 1)).mean(), "accuracy": accuracy}

# %% [markdown]
# ### Where it bites
#
# Such a function judges every model of a team. All of them look equally bad, and somebody goes to look for better data.

# %% [markdown]
# ## 5. Which digits?
#
# Now to metrics, with the right set-up and its 16 runs. Their accuracy is the share of images whose most probable class is the
# true one. It hides which digits are mistaken for which. A confusion matrix shows it: a row for each true digit, a column for
# each predicted one.

# %%
def confusion(y_true, y_pred, num_classes):
    counts = np.zeros((num_classes, num_classes), dtype=int)
    # one more in row "true", column "predicted", for each image
    np.add.at(counts, (y_true, y_pred), 1)
    return counts

from sklearn.metrics import confusion_matrix
favorites = once.predict(digits.X_test).argmax(axis=-1)          # (16 seeds, images)
tables = np.array([confusion(digits.y_test, one, 10) for one in favorites])
assert (tables[0] == confusion_matrix(digits.y_test, favorites[0])).all()

# %% [raw] tags=["prediction"]
# id = "mistaken-for"
# ask = "Some images are misread. Which digit do the misread images turn into most often?"
# [right]
# text = "9"
# why = "More than a quarter of the misread images become a 9: a 1, a 4, a 5 or a 7 with a bow in the wrong place looks like one in 8 by 8 pixels."
# [[wrong]]
# text = "0: an unclear image is closest to nothing"
# misconception = "zero-means-nothing"
# why = "0 is a name here, not an amount. An unclear image has no reason to become the digit zero."
# [[wrong]]
# text = "all ten, about equally"
# misconception = "errors-are-spread-evenly"
# why = "Errors follow shapes. Which class looks like which is the first thing to learn from this table."
# [[wrong]]
# text = "the digit that is most frequent in the training set"
# misconception = "imbalance-explains-everything"
# why = "The ten are about equally frequent here, so frequency has little to say."

# %% [raw] tags=["alt"] id="digits-confusion-alt"
# Table of 10 rows, true digit, by 10 columns, predicted digit; each cell holds the mean count over 16 seeds. The diagonal
# holds from {low:.0f} to {high:.0f} images a digit. Beside it most cells are empty; the column of 9 holds {nines:.0%} of all
# misread images, more than any other column.

# %% tags=["training"]
mean_table = tables.mean(axis=0)
misread = mean_table * (1 - np.eye(10))
fig, ax = figures.axes(xlabel="predicted digit", ylabel="true digit", height=6)
ax.imshow(misread, cmap="Greys", vmax=4)                          # gray: misread images only
for i, j in np.ndindex(10, 10):
    if mean_table[i, j] >= 0.05:
        ax.text(j, i, f"{mean_table[i, j]:.0f}" if i == j else f"{mean_table[i, j]:.1f}", ha="center", va="center",
                weight="bold" if i == j else "normal", fontsize=11)
ax.set(xticks=range(10), yticks=range(10), title="test images, mean of 16 seeds (bold: read rightly)")
ax.grid(False)
figures.show(fig, "digits-confusion-alt", low=np.diag(mean_table).min(), high=np.diag(mean_table).max(),
             nines=misread[:, 9].sum() / misread.sum())

# %%
compare("mistaken-for")

# %% tags=["training"]
off = tables * (1 - np.eye(10, dtype=int))
into_nine = off[:, :, 9].sum(axis=1) / off.sum(axis=(1, 2))
assert misread[[1, 4, 5, 7], 9].min() > 0.3
print(claim("Of the misread images, at least a quarter become a 9.", into_nine, ">=", 0.25))
per_digit = np.array([np.diag(t) / t.sum(axis=1) for t in tables])      # recall, digit by digit
print("recall of each digit, median of 16 seeds:", np.median(per_digit, axis=0).round(2))

# %% [markdown]
# A row divided by its sum gives, on the diagonal, the recall of that class: of the true fours, which share is read as a
# four? (For one class at a time, *that class* is the positive one and all others together are the negative one.)
#
# ### The second guess counts, too
#
# A person who checks a parcel sees the three most probable digits. What counts for her is whether the true one is among the
# three. **Top-k accuracy** is the share of images whose true class is among the k most probable.

# %% tags=["training"]
def top_k_accuracy(p, y, k):
    # the k most probable classes of each image
    best = np.argsort(-p, axis=1)[:, :k]
    # is the true one among them?
    return np.mean((best == y[:, None]).any(axis=1))

p_once = once.predict(digits.X_test)                              # (16 seeds, images, 10)
for k in [1, 2, 3]:
    keras_top = keras.metrics.SparseTopKCategoricalAccuracy(k=k)(digits.y_test, p_once[0])
    ours = [top_k_accuracy(p, digits.y_test, k) for p in p_once]
    print(f"k = {k}: median of 16 seeds {np.median(ours):.3f}   the first seed as in Keras: "
          f"{np.isclose(ours[0], keras_top)}")

# %% [raw] tags=["prediction"]
# id = "top-k-of-a-constant"
# given = ["0.1: premise", "1.0: asserted below"]
# ask = "A model gives every one of ten classes exactly 0.1, for every image. What does Keras' `SparseTopKCategoricalAccuracy(k=1)` say?"
# [right]
# text = "1.0"
# why = "Keras asks whether any class is *more* probable than the true one. In a tie none is, so every image counts as a hit."
# [[wrong]]
# text = "0.1: one guess of ten"
# misconception = "ties-are-broken-by-chance"
# why = "That would need a choice among the ten. Keras makes none: in a tie all of them count as first."
# [[wrong]]
# text = "0.0: no class is ahead"
# misconception = "ties-are-misses"
# why = "Nobody is ahead of the true class either. Keras calls that a hit, for every image."
# [[wrong]]
# text = "the same as `accuracy`, for k = 1"
# misconception = "top-one-is-accuracy"
# why = "Without ties they agree. In a tie `accuracy` takes the first class, and top-k lets all of them pass."

# %%
every_digit, constant = np.arange(10), np.full((10, 10), 0.1, dtype="float32")
flat = {"top-k, k = 1": keras.metrics.SparseTopKCategoricalAccuracy(k=1),
        "accuracy": keras.metrics.SparseCategoricalAccuracy()}
for name, metric in flat.items():
    print(f"constant model, {name:13}: {float(metric(every_digit, constant)):.1f}")
# four classes, and a model that gives the true one the least
least = 0.3 - 0.2 * np.eye(4, dtype="float32")
default = keras.metrics.SparseTopKCategoricalAccuracy()
print(f"always the least for the true class of four, k left at its default, {default.get_config()['k']}: "
      f"{float(default(np.arange(4), least)):.1f}")

# %%
compare("top-k-of-a-constant")
assert float(keras.metrics.SparseTopKCategoricalAccuracy(k=1)(every_digit, constant)) == 1.0

# %% [raw] tags=["question"]
# id = "top-five-of-four"
# given = ["1.0: the largest share there is"]
# ask = "A report on four age ratings says: top-5 accuracy 1.0. What does it say about the model?"
# [right]
# text = "nothing: among five of four classes the true one is always found"
# why = "With k at or above the number of classes every model gets 1.0. Keras' default is 5, and it says nothing."
# [[wrong]]
# text = "that the model ranks perfectly"
# misconception = "top-k-needs-no-baseline"
# why = "So does a constant. The baseline of top-k is about k divided by the number of classes, and here it is 1."
# [[wrong]]
# text = "that it is overfit"
# misconception = "high-means-overfit"
# why = "It would be 1.0 on any data and for any model."
# [[wrong]]
# text = "that the metric is broken: k may not exceed the classes"
# misconception = "keras-would-refuse"
# why = "Nobody checks that. It runs, and means nothing."

# %% [markdown]
# ### Three accuracies and their labels
#
# `"accuracy"` lets Keras choose by the shapes. Whoever names a variant must match the labels. One trained model, six
# times:

# %% [raw] tags=["prediction"]
# id = "wrong-accuracy"
# ask = "Integer labels, softmax, and `metrics=[\"categorical_accuracy\"]`. The model reads most images. What is reported?"
# [right]
# text = "about a tenth, without a word"
# why = "The metric takes the place of the largest entry of each label. An integer alone has one place, number 0. So it counts how often the model says 0."
# [[wrong]]
# text = "the right accuracy: an accuracy is an accuracy"
# misconception = "formats-are-interchangeable"
# why = "Each variant reads labels in its own way: places in a row, or rows."
# [[wrong]]
# text = "an error about ranks, as with the loss"
# misconception = "metrics-check-like-losses"
# why = "The loss compares ranks and stops. This metric makes its own sense of what it gets."
# [[wrong]]
# text = "0.9: nine of ten cells agree"
# misconception = "binary-accuracy-everywhere"
# why = "That is binary accuracy on one-hot rows, which counts cells."

# %% tags=["training"]
good = once.model(0)
for kind, labels, loss, names in [
        ("integers", digits.y_test, SCE(), ["accuracy", "sparse_categorical_accuracy", "categorical_accuracy"]),
        ("one-hot", one_hot_test, CCE(), ["accuracy", "binary_accuracy", keras.metrics.Accuracy(name="Accuracy()")])]:
    good.compile(loss=loss, metrics=names)
    for name, value in good.evaluate(digits.X_test, labels, verbose=0, return_dict=True).items():
        print(f"{kind:9} {name:28} {value:.3f}")
print(f"binary accuracy of predicting no class at all: {np.mean(one_hot_test == 0):.1f}")

# %%
compare("wrong-accuracy")

# %% [markdown] given="0.99: asserted above; 2,498: asserted below"
# On integers `categorical_accuracy` is nonsense. On one-hot rows `binary_accuracy` counts cells, of which nine in ten are 0
# for everybody. And `Accuracy()` asks whether a probability *equals* 0 or 1. Write `"accuracy"`, and check it once against
# your own mean of hits.
#
# ### Where it bites
#
# A metric of a hundredth is seen at once. A metric of 0.99 is framed and hung on the wall. The binary accuracy above is
# higher than the accuracy, for the same predictions.
#
# ## 6. Four age ratings, one of them rare
#
# The digits are balanced. These classes are not: the American age ratings of 2,498 films, from G, for everybody, over PG
# and PG-13 to R, for grown-ups. A catalog wants the missing ratings filled in.

# %%
films = data.certificates()
assert sum(map(len, (films.y_train, films.y_val, films.y_test))) == 2498
share = np.bincount(films.y_train) / len(films.y_train)
print(films)
for name, part in zip(films.classes, share):
    print(f"{name:6} {part:.2f} of the training films")
always_r = np.mean(films.y_test == share.argmax())
print(f"always saying {films.classes[share.argmax()]}: test accuracy {always_r:.2f}")

# %% [markdown]
# A plain softmax on the features, without a hidden layer, from 16 seeds.

# %% tags=["training"]
def build_ratings():
    model = keras.Sequential([keras.Input((films.X_train.shape[1],)), layers.Dense(4)])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=SCE(from_logits=True))
    return model

ratings = fit_replicates(build_ratings, films.X_train, films.y_train, **recipe)
p_films = softmax(ratings.predict(films.X_test).astype(float))            # (16 seeds, films, 4)
said = p_films.argmax(axis=-1)
accuracy_films = (said == films.y_test).mean(axis=1)
print(f"test accuracy, median of 16 seeds: {np.median(accuracy_films):.2f}")
print(claim("The model is right for at least 0.1 more of the films than always saying R.",
            accuracy_films - always_r, ">", 0.1))

# %% [markdown]
# ### One vote for each film, or one for each class?
#
# Accuracy gives every film one vote, so the frequent class has the most votes. The alternative gives every *class* one vote:
# compute the recall of each class, and take the plain mean. That is a **macro average**. Pooling all films first is a
# **micro average**.

# %% [raw] tags=["prediction"]
# id = "mean-of-recalls"
# ask = "R is by far the most frequent rating, G the rarest. How does the mean of the four recalls compare with the accuracy?"
# [right]
# text = "clearly lower"
# why = "The model is best at the frequent class and poor at the rare ones. Accuracy counts mostly R; the mean of recalls counts G as much as R."
# [[wrong]]
# text = "equal: both are shares of right answers"
# misconception = "micro-is-macro"
# why = "They are equal only if each class is found equally well, or all are equally frequent."
# [[wrong]]
# text = "clearly higher: rare classes are easier to keep apart"
# misconception = "rare-is-easy"
# why = "The loss is a mean over films. For a rare class there is little to gain, so the model seldom says it."
# [[wrong]]
# text = "it cannot be compared: recall needs two classes"
# misconception = "recall-needs-two-classes"
# why = "Each class has its own recall: that class is the positive one, all others together the negative one."

# %% [raw] tags=["alt"] id="recall-by-class-alt"
# Dot plot, one dot for each of 16 seeds, six rows; the axis is a share from 0 to 1. Recall is highest for R, around
# {r:.2f}, and far lower for G, PG and PG-13, between {low:.2f} and {high:.2f}. The mean of the four recalls lies around
# {mean:.2f}, left of the accuracy at {acc:.2f}, without overlap.

# %% tags=["training"]
def recalls(y_true, said):
    """Recall of each class, by seed: (seeds, 4)."""
    return np.stack([(said == k)[:, y_true == k].mean(axis=1) for k in range(4)], axis=1)

# %% tags=["training"]
by_class = recalls(films.y_test, said)
groups = {f"recall of {name}": by_class[:, k] for k, name in enumerate(films.classes)}
groups |= {"mean of the four": by_class.mean(axis=1), "accuracy": accuracy_films}
fig, ax = figures.axes(xlabel="share, test films", height=4)
figures.strip(ax, groups)
ax.set_xlim(0, 1)
middle = np.median(by_class, axis=0)
figures.show(fig, "recall-by-class-alt", r=middle[3], low=middle[:3].min(), high=middle[:3].max(),
             mean=np.median(by_class.mean(axis=1)), acc=np.median(accuracy_films))
print(claim("The mean of the four recalls is at least 0.05 below the accuracy.",
            accuracy_films - by_class.mean(axis=1), ">=", 0.05))
print(claim("R is found at least 1.4 times as often as any other rating.",
            by_class[:, 3] / by_class[:, :3].max(axis=1), ">", 1.4))

# %%
compare("mean-of-recalls")

# %% [markdown]
# ### Exercise 6.1: the mean of recalls
#
# Write it for any number of classes. A class that does not occur in `y_true` has no recall: leave it out of the mean.

# %% tags=["exercise"] id="macro-recall"
def macro_recall(y_true, y_pred, num_classes):
    """Mean of the recalls of the classes in y_true. y_true, y_pred: (n,) integers from 0 to num_classes - 1."""
    ### BEGIN SOLUTION
    found = [np.mean(y_pred[y_true == k] == k) for k in range(num_classes) if np.any(y_true == k)]
    return np.mean(found)
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([0, 0, 0, 0, 1, 2]), np.array([0, 0, 0, 1, 1, 0]), 3),
         (np.array([0, 0, 0, 3]), np.array([0, 1, 3, 3]), 4), (np.array([1, 1, 0]), np.array([0, 0, 0]), 2)]
labels = ["y_true", "y_pred", "num_classes"]

# %% tags=["hint"]
# For one class k: look only at the films whose true class is k. Which share of them was called k?

# %% tags=["hint"]
# `y_pred[y_true == k] == k` is that list of hits. Skip k where `np.any(y_true == k)` is False, then take the mean.

# %% tags=["right"]
def macro_recall(y_true, y_pred, num_classes):
    hits = np.bincount(y_true[y_true == y_pred], minlength=num_classes)
    there = np.bincount(y_true, minlength=num_classes)
    return (hits[there > 0] / there[there > 0]).mean()

# %% tags=["wrong"] misconception="micro-is-macro"
# That is the accuracy: every film has one vote. Take each class's recall first, and then the mean over the classes.
def macro_recall(y_true, y_pred, num_classes):
    return np.mean(y_true == y_pred)

# %% tags=["wrong"] misconception="precision-recall-swapped"
# You divided by the films that were *called* k: that is the precision of k. Recall divides by those that *are* k.
def macro_recall(y_true, y_pred, num_classes):
    found = [np.mean(y_true[y_pred == k] == k) for k in range(num_classes) if np.any(y_pred == k)]
    return np.mean(found)

# %% tags=["wrong"] misconception="absent-class-is-zero"
# A class that does not occur was counted with recall 0. Nobody could have found it: leave it out.
def macro_recall(y_true, y_pred, num_classes):
    found = [np.mean(y_pred[y_true == k] == k) if np.any(y_true == k) else 0.0 for k in range(num_classes)]
    return np.mean(found)

# %% tags=["wrong"] misconception="zero-over-zero"
# For a class without films this is 0/0, and NaN takes the whole mean with it. Leave such a class out.
def macro_recall(y_true, y_pred, num_classes):
    with np.errstate(all="ignore"):
        hits = np.array([np.sum((y_pred == k) & (y_true == k)) for k in range(num_classes)])
        return np.mean(hits / np.array([np.sum(y_true == k) for k in range(num_classes)]))

# %% [markdown] given="0.5: Keras' default threshold"
# ### What does `Precision()` mean with four columns?
#
# Keras' `Precision` and `Recall` know two classes. Given four softmax columns and one-hot labels, they take every *cell* as a case
# of its own, cut at 0.5. Which class is positive then?

# %% [raw] tags=["prediction"]
# id = "precision-of-columns"
# given = ["0.5: Keras' default threshold"]
# ask = "`Precision()` and `Recall()` on four softmax columns. G, say, is found rarely. Do these two metrics show it?"
# [right]
# text = "no: they pool all cells, and belong to no class"
# why = "All cells above one half are counted together, whatever their column. That is a micro average, cut at 0.5. `class_id=0` asks for G."
# [[wrong]]
# text = "yes: they are means over the classes"
# misconception = "micro-is-macro"
# why = "Nothing is computed class by class. Cells are pooled first."
# [[wrong]]
# text = "yes: class 0, here G, is the positive one by default"
# misconception = "first-class-is-positive"
# why = "Only if you say `class_id=0`. Otherwise every column is positive in its own rows."
# [[wrong]]
# text = "no: with softmax both are always equal to the accuracy"
# misconception = "micro-is-always-accuracy"
# why = "Nearly: with a cut at the largest column they would be. Keras cuts at 0.5, and where no class passes one half, nothing is predicted at all."

# %% tags=["training"]
one_run = keras.ops.softmax(ratings.predict(films.X_test)[0])
film_rows = np.eye(4, dtype="float32")[films.y_test]
table = {"accuracy": keras.metrics.CategoricalAccuracy(), "Precision()": keras.metrics.Precision(),
         "Recall()": keras.metrics.Recall(), "Precision(class_id=0), G positive": keras.metrics.Precision(class_id=0),
         "Recall(class_id=0), G positive": keras.metrics.Recall(class_id=0),
         "F1Score(average='micro')": keras.metrics.F1Score(average="micro"),
         "F1Score(average='macro')": keras.metrics.F1Score(average="macro")}
shown = {name: float(metric(film_rows, one_run)) for name, metric in table.items()}
for name, value in shown.items():
    print(f"{name:34} {value:.2f}")
print(f"films of which no class passes one half: {np.mean(one_run.numpy().max(axis=1) <= 0.5):.0%}")
try:
    keras.metrics.Precision()(films.y_test, one_run)
except Exception as error:
    print("with integer labels:", type(error).__name__)

# %%
compare("precision-of-columns")
assert np.isclose(shown["F1Score(average='micro')"], shown["accuracy"])

# %% [markdown]
# With one class for each film, micro-averaged precision, recall and F1 *are* the accuracy when the most probable class is
# taken: each wrong film is one false alarm and one miss. So a micro average adds nothing here. The macro average does.
#
# ### Exercise 6.2: another decision, without training
#
# In notebook 02 a threshold traded misses for false alarms. With four classes there is no single threshold. But there is
# this: the model says R so often also because R is frequent. Suppose each *class* is to have one vote. Then a film should go
# to the class whose probability is highest **compared with its share of the training films**. Write that decision.

# %% tags=["exercise"] id="balanced-decision"
def decide(p, share):
    """The class to say for each film. p: (n, K) probabilities. share: (K,) shares of the classes. Returns (n,)."""
    ### BEGIN SOLUTION
    return np.argmax(p / share, axis=1)
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([[0.2, 0.2, 0.6], [0.05, 0.15, 0.8], [0.3, 0.4, 0.3]]), np.array([0.1, 0.3, 0.6])),
         (np.array([[0.25, 0.75], [0.1, 0.9]]), np.array([0.2, 0.8])),
         (np.array([[0.1, 0.46, 0.44]]), np.array([0.02, 0.38, 0.6])),
         (np.array([[0.12, 0.48, 0.4], [0.09, 0.5, 0.41]]), np.array([0.1, 0.3, 0.6]))]
labels = ["p", "share"]

# %% tags=["hint"] given="0.2 0.1 0.6: an example"
# A rare class with probability 0.2 and a share of 0.1 is twice as probable as usual. A class with 0.6 and 0.6 is just as usual.

# %% tags=["hint"]
# "Compared with" is a ratio: `p / share`. Then take the largest of each row: `np.argmax(…, axis=1)`.

# %% tags=["right"]
def decide(p, share):
    return (np.log(p) - np.log(share)).argmax(axis=1)

# %% tags=["wrong"] misconception="most-probable-always"
# That is the most probable class, as before. The shares play no part in it.
def decide(p, share):
    return np.argmax(p, axis=1)

# %% tags=["wrong"] misconception="scale-reversed"
# The other way around: you gave the frequent class even more weight.
def decide(p, share):
    return np.argmax(p * share, axis=1)

# %% tags=["wrong"] misconception="difference-is-not-a-ratio" given="0.1: an example"
# A difference of 0.1 is much for a rare class and little for a frequent one. Compare by a ratio.
def decide(p, share):
    return np.argmax(p - share, axis=1)

# %% tags=["wrong"] misconception="first-over-the-bar"
# You took the first class that is more probable than usual. There may be another one that is so by far more.
def decide(p, share):
    return np.argmax(p > share, axis=1)

# %% tags=["wrong"] misconception="most-probable-always"
# You gave always the class that is rarest among those with some probability. How probable they are must count as well.
def decide(p, share):
    return np.argmax(np.where(p > 0.05, 1 / share, 0), axis=1)

# %% [markdown]
# What does it do to our 16 models? Their weights and probabilities stay as they are. We use the finished decision of the workbook's
# own solution, in one line.

# %% [raw] tags=["prediction"]
# id = "after-the-new-decision"
# ask = "Each film goes to the class whose probability is highest compared with its share. What happens to accuracy and to the mean of the recalls?"
# [right]
# text = "accuracy falls, the mean of the recalls rises"
# why = "The most probable class is the best bet on accuracy, so any other choice loses some. What is lost on R is won on the rare classes."
# [[wrong]]
# text = "both rise: the bias toward R is gone"
# misconception = "one-decision-wins-everywhere"
# why = "No decision wins both. The old one was made for accuracy, the new one is made for the mean of recalls."
# [[wrong]]
# text = "neither moves: nothing was trained"
# misconception = "decisions-come-from-training"
# why = "The probabilities do not move. Decisions do, and both metrics are made of decisions."
# [[wrong]]
# text = "both fall: the probabilities were the best guess"
# misconception = "most-probable-always"
# why = "The best guess for what? For accuracy it was. For the mean of recalls it was not."

# %% tags=["training"]
said_2 = (p_films / share).argmax(axis=-1)
by_class_2, accuracy_2 = recalls(films.y_test, said_2), (said_2 == films.y_test).mean(axis=1)
both = {f"recall of {name}": (by_class[:, k], by_class_2[:, k]) for k, name in enumerate(films.classes)}
both |= {"mean of the four": (by_class.mean(axis=1), by_class_2.mean(axis=1)), "accuracy": (accuracy_films, accuracy_2)}
for name, (old, new) in both.items():
    print(f"{name:17} most probable {np.median(old):.2f}   compared with its share {np.median(new):.2f}")
print(claim("With the new decision the mean of the recalls is at least 0.03 higher.",
            by_class_2.mean(axis=1) - by_class.mean(axis=1), ">=", 0.03))
print(claim("Its accuracy is at least 0.01 lower.", accuracy_films - accuracy_2, ">=", 0.01))

# %%
compare("after-the-new-decision")

# %% [raw] tags=["question"]
# id = "which-decision-to-ship"
# ask = "A streaming service wants a shelf of films that small children may see: rating G. An R film on that shelf is a disaster. Which decision do you take?"
# discuss = true
# [right]
# text = "neither as it stands: set a high probability of G as the condition for this shelf"
# why = "The cost is in calling a film G that is R. Precision of G, the positive class here, is what counts, and it is set by a high threshold on the probability of G."
# [[wrong]]
# text = "the new one: it finds more of the G films"
# misconception = "recall-at-any-price"
# why = "It finds more, and it also calls more other films G. Here the false alarm is the disaster."
# [[wrong]]
# text = "the old one: it is more accurate"
# misconception = "accuracy-is-the-objective"
# why = "Accuracy charges the same for every mistake. This service does not."
# [[wrong]]
# text = "the one with the higher macro F1"
# misconception = "f1-fits-every-objective"
# why = "F1 weighs precision and recall alike, and the macro average all classes alike. The service told you that it does not."

# %% [markdown]
# ### Where it bites
#
# A report with one accuracy hides which class pays for it. Print the recalls, one line a class, with the number of cases.
# Whoever needs one number must say first whether films or classes have a vote.

# %% [markdown]
# ## 7. A label that is not quite sure
#
# Some labels are wrong, and 1 and 0 are strong words. **Label smoothing** takes a little from the true class and spreads it over
# all K classes. With a smoothing of s the target is (1 − s) · one-hot + s / K.

# %%
def smoothed(one_hot_row, s):
    return (1 - s) * one_hot_row + s / len(one_hot_row)

target = smoothed(np.eye(10)[3], 0.1)
print("the label 3, smoothed by 0.1:", target.round(2))

def loss_at(p_true, s, num_classes=10):
    """Smoothed loss of one image when the true class gets p_true and the others share the rest equally."""
    p = np.full(num_classes, (1 - p_true) / (num_classes - 1))
    p[0] = p_true
    return -np.sum(smoothed(np.eye(num_classes)[0], s) * np.log(p))

# %% [raw] tags=["prediction"]
# id = "smoothing-and-certainty"
# given = ["0.1: premise"]
# ask = "Smoothing 0.1, ten classes. Which probability of the true class gives the lowest loss?"
# right = 0.91
# range = [0, 1]
# tolerance = 0.02
# why = "The loss is lowest where the prediction equals the target: 0.9 plus a tenth of 0.1. Beyond it, certainty costs."
# [[near]]
# value = 1
# misconception = "more-certain-is-always-better"
# why = "That is so without smoothing. With it, the nine others have a claim of a hundredth each, and −log of almost nothing is dear."
# [[near]]
# value = 0.5
# misconception = "smoothing-is-half"
# why = "Smoothing takes a tenth away, not a half."

# %% [raw] tags=["alt"] id="smoothing-alt"
# Line plot of the loss of one image over the probability of its true class, from one half upward, loss from 0 to {top:.1f}. Without
# smoothing the loss falls to 0. With smoothing it falls to a lowest point of {floor:.2f} at {best:.2f}, which is
# ringed, and rises again to the right of it, steeply at the end.

# %%
p_true = np.append(np.linspace(0.5, 0.999, 500), 0.9999)
curves = {s: np.array([loss_at(p, s) for p in p_true]) for s in (0.0, 0.1)}
best_p = p_true[curves[0.1].argmin()]
fig, ax = figures.axes(xlabel="probability of the true class", ylabel="loss of one image")
figures.lines(ax, p_true, {"no smoothing": curves[0.0], "smoothing 0.1": curves[0.1]}, label_at="legend")
figures.mark(ax, best_p, curves[0.1].min(), f"lowest: {curves[0.1].min():.2f} at {best_p:.2f}", offset=(-150, -22))
ax.set_ylim(0, 1.5)
figures.show(fig, "smoothing-alt", top=ax.get_ylim()[1], floor=curves[0.1].min(), best=best_p)
smooth_floor = -np.sum(target * np.log(target))
at_target = float(CCE(label_smoothing=0.1)(np.eye(10)[3:4], target[None]))
print(f"Keras' loss of a prediction that equals the target: {at_target:.3f}, entropy of the target: {smooth_floor:.3f}")

# %%
compare("smoothing-and-certainty", target.max())
assert np.isclose(at_target, smooth_floor, rtol=1e-5) and abs(best_p - target.max()) < 0.002

# %% [markdown]
# The floor is the entropy of the target. No training gets below it, and 0 is far away. What else changes?

# %% tags=["training"]
smooth = runs_of(once_head, CCE(label_smoothing=0.1), as_rows)
sure_once, sure_smooth = (run.predict(digits.X_test).max(axis=-1).mean(axis=1) for run in (once, smooth))
for name, run, sure in [("no smoothing", once, sure_once), ("smoothing 0.1", smooth, sure_smooth)]:
    print(f"{name:14} training loss {np.median(run.history['loss'][:, -1]):.2f}   highest probability, mean "
          f"{np.median(sure):.2f}   test accuracy {np.median(accuracy(run)):.2f}")
print(claim("With smoothing 0.1 the training loss stays above the floor.",
            smooth.history["loss"].min(axis=1) / smooth_floor, ">", 1))
print(claim("The mean of the highest probabilities is lower by at least 0.08.", sure_once - sure_smooth, ">=", 0.08))
print(claim("The test accuracy is not lower by more than 0.02.", accuracy(smooth) - accuracy(once), ">", -0.02))

# %% [markdown]
# ### What Keras accepts

# %% tags=["training"]
try:
    SCE(label_smoothing=0.1)
except TypeError as error:
    print("the sparse loss:", error)
too_much = float(CCE(label_smoothing=1.5)(np.eye(10)[3:4], np.eye(10)[3:4] * 0.99 + 0.001))
print(f"a smoothing of 1.5 is taken without a word: loss {too_much:.2f} for a prediction of 0.99")
flat, hot = np.full((1, 10), 0.1), np.eye(10)[3:4]
print("one tenth for each class:", *[f"{name} {float(loss(hot, flat)):.3f}" for name, loss in [
    ("CCE", CCE()), ("BCE", keras.losses.BinaryCrossentropy()), ("MSE", keras.losses.MeanSquaredError())]])
wrong_and_sure = np.eye(10)[4:5]
print(f"sure and wrong: from probabilities {float(CCE()(hot, wrong_and_sure)):.1f}, "
      f"from logits with a gap of 50 {float(CCE(from_logits=True)(hot, 50 * wrong_and_sure)):.1f}")

# %% [raw] tags=["question"]
# id = "compare-two-training-losses"
# given = ["0.1 0.6 0.04: premises", "0.5: entropy of the target, asserted above"]
# ask = "Model A is trained with smoothing 0.1 and ends at a training loss of 0.6. Model B is trained without and ends at 0.04. What follows?"
# discuss = true
# [right]
# text = "nothing yet: the two losses have different floors"
# why = "0.5 of A's loss is the entropy of its targets and cannot go away. Compare both by one metric, on the same unseen images."
# [[wrong]]
# text = "B is better by far"
# misconception = "losses-are-comparable"
# why = "The scales differ: a perfect model gets about 0.5 on one of them and 0 on the other."
# [[wrong]]
# text = "A has not been trained long enough"
# misconception = "loss-can-reach-zero"
# why = "It is close to what is possible. With smoothing, 0 cannot be reached by any model."
# [[wrong]]
# text = "A is better: it cannot be overfit"
# misconception = "bug-as-regularizer"
# why = "Smoothing lowers certainty. Whether it helps on unseen data is for a metric to say."

# %% [markdown] given="0.9: a rule made up for the example; 1,000: set in code"
# ### Where it bites
#
# Take smoothing off before you compare losses, and do not call the lower one the better model. The same holds for CCE, BCE and
# MSE: the same flat prediction gets three numbers above.
#
# ## 8. How sure is it really?
#
# The parcel machine sends unclear images to a person: those whose highest probability is below 0.9. Then a parcel arrives
# on which nobody wrote any digit, only dirt. We make such images: 1,000 of them, every pixel drawn at random. **They are
# constructed**, so that we know the truth: no digit.

# %%
noise = np.random.default_rng(seed).uniform(0, 1, (1000, 64)).astype("float32")

# %% [raw] tags=["prediction"]
# id = "softmax-on-noise"
# given = ["1,000: set in code", "0.9: the rule of the example"]
# ask = "The networks of section 4 with one softmax get 1,000 images of random pixels. How many of them get more than 0.9 for some digit?"
# [right]
# text = "a quarter or more"
# why = "Softmax shares out one whole among the ten digits. There is no place for none of them, and large logits come out for strange images as well."
# [[wrong]]
# text = "none: the model sees that these are no digits"
# misconception = "softmax-can-say-none"
# why = "It has ten answers, and none of them is: no digit."
# [[wrong]]
# text = "none: all ten get about one tenth"
# misconception = "unknown-means-equal-shares"
# why = "That would need ten equal logits. Nothing in training pushes strange images there."
# [[wrong]]
# text = "a few in a hundred, by chance"
# misconception = "confidence-is-rare-by-chance"
# why = "High values come often: far from the data, gaps between logits are large."

# %% [raw] tags=["alt"] id="noise-alt"
# Histogram with two outlines; the axis is the highest probability from 0 to 1, in twenty steps, the height is the share
# of images, all 16 seeds together. Test digits pile up in the last step, near 1. Noise is spread from {low:.1f} to 1, and its
# highest step, too, is the last one, with {last:.0%} of the noise images.

# %% tags=["training"]
top_digits, top_noise = once.predict(digits.X_test).max(axis=-1), once.predict(noise).max(axis=-1)
bins = np.linspace(0, 1, 21)
heights = {name: np.histogram(v, bins)[0] / v.size for name, v in [("test digits", top_digits), ("noise", top_noise)]}
fig, ax = figures.axes(xlabel="highest of the ten probabilities", ylabel="share of the images")
for i, (name, height) in enumerate(heights.items()):
    ax.stairs(height, bins, color=figures.COLORS[i], linestyle=figures.STYLES[i], linewidth=2.2, label=name)
ax.legend(handlelength=3, loc="upper left")
ax.set(xlim=(0, 1), ylim=(0, 1))
figures.show(fig, "noise-alt", last=heights["noise"][-1], low=np.percentile(top_noise, 1))
print(claim("Of the noise images, at least a fifth get more than 0.9 for some digit.",
            (top_noise > 0.9).mean(axis=1), ">", 0.2))
print(claim("More than one in twenty gets more than 0.97.", (top_noise > 0.97).mean(axis=1), ">", 0.05))

# %%
compare("softmax-on-noise")

# %% [raw] tags=["question"]
# id = "what-does-97-mean"
# given = ["0.97: premise"]
# ask = "An image of noise gets 0.97 for the digit 3. What does this number say?"
# [right]
# text = "that the 3 is far ahead of the nine other digits, no more"
# why = "Softmax compares the ten with each other. It does not say whether the image belongs to any of them."
# [[wrong]]
# text = "that a 3 is right with a chance of 97 in 100"
# misconception = "calibrated-by-construction"
# why = "That would have to be checked on images whose truth is known, and of the kind that it was checked on. Being between 0 and 1 makes no number a chance."
# [[wrong]]
# text = "that it has seen such an image in training"
# misconception = "confidence-is-memory"
# why = "It has seen nothing like it."
# [[wrong]]
# text = "that the image surely belongs to some digit"
# misconception = "softmax-can-say-none"
# why = "The ten shares add up to 1 for every image whatever, so their sum says nothing."

# %% [markdown]
# ### Too sure on its own kind of data
#
# Noise is far away. What about films like those of the training set? Here is a larger network for the age ratings, trained for
# too long, as happens.

# %% tags=["training"]
def build_eager():
    return build(layers.Dense(4), loss=SCE(from_logits=True), inputs=films.X_train.shape[1], hidden=64, rate=0.01)

eager = fit_replicates(build_eager, films.X_train, films.y_train, **recipe | dict(epochs=100))
z_val, z_test = (eager.predict(X).astype(float) for X in (films.X_val, films.X_test))   # logits: (seeds, films, 4)

def mean_loss(z, y):
    """Cross-entropy from logits, one number a seed. z: (seeds, n, K)."""
    return -np.log(softmax(z)[:, np.arange(len(y)), y].clip(1e-12)).mean(axis=1)

# %% tags=["training"]
right = (z_test.argmax(axis=-1) == films.y_test).mean(axis=1)
sure = softmax(z_test).max(axis=-1).mean(axis=1)
no_model = -np.mean(np.log(share[films.y_test]))      # every film gets the shares of the training films
print("test films, median of 16 seeds")
print(f"right: {np.median(right):.2f}   highest probability, mean: {np.median(sure):.2f}")
print(f"cross-entropy: {np.median(mean_loss(z_test, films.y_test)):.2f}   without a model: {no_model:.2f}")
print(claim("The mean of the highest probabilities is above the share of right answers by at least 0.15.",
            sure - right, ">", 0.15))
print(claim("By cross-entropy the model is worse than the shares of the classes alone, by a tenth or more.",
            mean_loss(z_test, films.y_test) / no_model, ">", 1.1))

# %% [markdown]
# It is right more often than always saying R, and yet its probabilities are worse than no model: it is far too sure. A small
# remedy needs no training. Divide all logits by one number, the **temperature** T, before softmax. A T above 1 brings the
# logits closer together.

# %% [raw] tags=["prediction"]
# id = "temperature-changes"
# ask = "All logits of this model are divided by T = 4. What happens to its accuracy and to its probabilities?"
# [right]
# text = "accuracy stays to the last film; probabilities come closer together"
# why = "Dividing by a positive number keeps the order of the four logits, so the same class is ahead. The gaps shrink, and with them the certainty."
# [[wrong]]
# text = "accuracy falls a little: the model becomes less sure"
# misconception = "temperature-moves-accuracy"
# why = "Less sure of the same answer is still the same answer."
# [[wrong]]
# text = "nothing: softmax divides by the sum anyway"
# misconception = "softmax-cancels-a-factor"
# why = "Softmax cancels what is added to all logits. A factor changes the gaps, and gaps are what counts."
# [[wrong]]
# text = "all probabilities are divided by 4"
# misconception = "temperature-on-probabilities"
# why = "They would no longer add up to 1. The logits are divided, and softmax is taken after that."

# %% tags=["training"]
for T in [1.0, 4.0]:
    p_T = softmax(z_test[0] / T)
    print(f"T = {T}: accuracy {np.mean(p_T.argmax(axis=1) == films.y_test):.4f}, "
          f"highest probability, mean {p_T.max(axis=1).mean():.2f}")

# %%
compare("temperature-changes")
assert (softmax(z_test / 4).argmax(axis=-1) == z_test.argmax(axis=-1)).all()

# %% [markdown]
# Which T? The loss can say it. Not on the training films: there the model is rightly sure of itself. Not on the test films: they must
# judge the result. So on the validation films.
#
# ### Exercise 8.1: choose the temperature
#
# From a list of candidates, return the T with the lowest cross-entropy on the data given. `softmax` is at hand.

# %% tags=["preamble"]
import numpy as np

def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

# %% tags=["exercise"] id="best-temperature"
def best_temperature(logits, y, candidates):
    """The candidate with the lowest mean cross-entropy. logits: (n, K). y: (n,) integers. candidates: list of T > 0."""
    ### BEGIN SOLUTION
    rows = np.arange(len(y))
    losses = [-np.mean(np.log(softmax(logits / T)[rows, y])) for T in candidates]
    return candidates[int(np.argmin(losses))]
    ### END SOLUTION

# %% tags=["cases"]
few = np.array([[4.0, 0.0, 0.0], [0.0, 5.0, 1.0], [6.0, 0.0, 1.0], [0.0, 3.0, 3.5]])
cases = [(few, np.array([0, 1, 1, 1]), [0.5, 1.0, 2.0, 4.0, 8.0]), (few, np.array([0, 1, 0, 2]), [2.0, 0.25, 1.0, 8.0]),
         (few / 4, np.array([0, 1, 2, 1]), [8.0, 0.5, 1.0, 2.0]), (few, np.array([0, 1, 0, 1]), [0.5, 1.0, 1.5, 3.0])]
labels = ["logits", "y", "candidates"]

# %% tags=["hint"]
# For one T: divide the logits, take softmax, pick the probability of the true class in each row, −log, mean.

# %% tags=["hint"]
# Make a list of such losses, one for each candidate. `np.argmin(losses)` is the place of the lowest.

# %% tags=["right"]
def best_temperature(logits, y, candidates):
    def loss(T):
        z = logits / T
        return np.mean(np.logaddexp.reduce(z, axis=1) - z[np.arange(len(y)), y])
    return min(candidates, key=loss)

# %% tags=["wrong"] misconception="temperature-reversed"
# You multiplied by T. A temperature divides: a T above 1 must make the model less sure.
def best_temperature(logits, y, candidates):
    rows = np.arange(len(y))
    losses = [-np.mean(np.log(softmax(logits * T)[rows, y])) for T in candidates]
    return candidates[int(np.argmin(losses))]

# %% tags=["wrong"] misconception="temperature-moves-accuracy"
# You chose by accuracy. It is the same at every temperature, so you always get the first candidate.
def best_temperature(logits, y, candidates):
    hits = [np.mean((logits / T).argmax(axis=1) == y) for T in candidates]
    return candidates[int(np.argmax(hits))]

# %% tags=["wrong"] misconception="higher-is-better"
# You took the T with the highest loss. Cross-entropy is better when it is lower.
def best_temperature(logits, y, candidates):
    rows = np.arange(len(y))
    losses = [-np.mean(np.log(softmax(logits / T)[rows, y])) for T in candidates]
    return candidates[int(np.argmax(losses))]

# %% tags=["wrong"] misconception="temperature-on-probabilities"
# You divided the probabilities and took softmax again: a second softmax. Divide the logits.
def best_temperature(logits, y, candidates):
    rows = np.arange(len(y))
    losses = [-np.mean(np.log(softmax(softmax(logits) / T)[rows, y])) for T in candidates]
    return candidates[int(np.argmin(losses))]

# %% tags=["wrong"] misconception="humble-is-calibrated"
# You took the T that makes the model least sure. Too modest is wrong as well: the loss finds the middle.
def best_temperature(logits, y, candidates):
    sure = [softmax(logits / T).max(axis=1).mean() for T in candidates]
    return candidates[int(np.argmin(sure))]

# %% tags=["wrong"] misconception="more-certain-is-always-better"
# You took the T that makes the model most sure. Whether it is right when it is sure must be looked at.
def best_temperature(logits, y, candidates):
    sure = [softmax(logits / T).max(axis=1).mean() for T in candidates]
    return candidates[int(np.argmax(sure))]

# %% [markdown]
# And for our 16 eager networks?

# %% [raw] tags=["prediction"]
# id = "where-is-t"
# ask = "For the eager networks, at which temperature is the validation loss lowest?"
# [right]
# text = "well above 1: 2 or more"
# why = "They are too sure, so their logits must come closer together."
# [[wrong]]
# text = "at 1: training has made the loss as low as it goes"
# misconception = "training-loss-is-all-loss"
# why = "On the training films, perhaps. On others it is too sure, and only others show it."
# [[wrong]]
# text = "below 1: a better model is surer of itself"
# misconception = "more-certain-is-always-better"
# why = "Below 1 the gaps grow. The model was right less often than it was sure already."
# [[wrong]]
# text = "nowhere: the loss does not depend on T, as the accuracy does not"
# misconception = "metric-is-inverted-loss"
# why = "Accuracy looks at the order, the loss at the probabilities. T moves the second only."

# %% [raw] tags=["alt"] id="temperature-alt"
# Line plot of the validation loss of the eager networks over the temperature, 1 to 10, median and band over 16 seeds. The
# loss falls steeply from {start:.2f} at T = 1, is lowest near T = {best:.1f}, and rises slowly after that. A dotted line
# at {base:.2f} marks the loss without a model; the curve crosses it on its way down.

# %% tags=["training"]
candidates = np.linspace(1, 10, 91)
curve = np.stack([mean_loss(z_val / T, films.y_val) for T in candidates], axis=1)     # (seeds, temperatures)
T_best = candidates[curve.argmin(axis=1)]
no_model_val = -np.mean(np.log(share[films.y_val]))
fig, ax = figures.axes(xlabel="temperature T", ylabel="validation loss")
figures.lines(ax, candidates, {"eager networks": curve}, label_at=None)
ax.axhline(no_model_val, color="black", linestyle=":")
ax.annotate("shares of the classes, without a model", (3.5, no_model_val), xytext=(0, 6), textcoords="offset points")
ax.set_ylim(0.8)
middle = np.median(curve, axis=0)
figures.mark(ax, candidates[middle.argmin()], middle.min(), "lowest", offset=(-10, -24))
figures.show(fig, "temperature-alt", start=middle[0], best=candidates[middle.argmin()], base=no_model_val)

# %%
compare("where-is-t")

# %% tags=["training"]
cooled = z_test / T_best[:, None, None]
sure_cooled = softmax(cooled).max(axis=-1).mean(axis=1)
print(f"T, median of 16 seeds: {np.median(T_best):.1f}")
print(f"highest probability, mean: {np.median(sure):.2f} before, {np.median(sure_cooled):.2f} after; "
      f"right: {np.median(right):.2f}")
print(claim("The best temperature on the validation films is above 2.", T_best, ">", 2))
print(claim("On the test films it lowers the cross-entropy by a quarter or more.",
            mean_loss(cooled, films.y_test) / mean_loss(z_test, films.y_test), "<", 0.75))
print(claim("After it the model beats the shares of the classes, by a tenth or more.",
            mean_loss(cooled, films.y_test) / no_model, "<", 0.9))
print(claim("The mean of the highest probabilities is within 0.1 of the share of right answers.",
            abs(sure_cooled - right), "<", 0.1))

# %% [markdown]
# One number, chosen on the validation films, and the same networks went from worse than nothing to better than nothing. Not one
# of their answers changed. What a temperature does to noise is another question: nothing here has asked it.
#
# Now put a whole project in order.

# %% [raw] tags=["order"]
# id = "order-of-a-project"
# ask = "From a file with ratings as text to a report that can be trusted. Put the steps in order."
# lines = ["split the films into training, validation and test", "number the classes from the training labels, and use the same numbers everywhere",
#  "train on the training films", "choose the temperature on the validation films", "report loss, recalls and baseline on the test films, once"]
# right = [[1, 2, 3, 4, 5]]
# why = "Each step may use what the steps before it have fixed, and nothing that comes after. The test films are looked at once, at the end."
# [[wrong]]
# order = [1, 2, 3, 5, 4]
# misconception = "tune-after-the-report"
# why = "Whoever chooses a temperature after the report has seen the test films, and reports another model than the one that ships."
# [[wrong]]
# order = [2, 1, 3, 4, 5]
# misconception = "numbering-before-the-split"
# why = "Then the numbering has seen the test labels. Mostly harmless; but a class that only the test set has would get a unit that nothing ever trained, and you would not notice."
# [[wrong]]
# order = [1, 2, 4, 3, 5]
# misconception = "temperature-before-training"
# why = "There are no logits to divide before there is a trained model."

# %% [markdown] given="0.9: the rule of the example; 178: asserted below"
# ### Where it bites
#
# "Above 0.9 the machine decides" is a sentence about a number that nobody has checked. Check it on validation data. And for
# what is no digit at all, give the machine another way to say so: images without a digit as a class of their own, or a person.
#
# ## 9. Other data: three growers of wine
#
# Somebody else's table: 178 wines by three growers, thirteen measurements each (scikit-learn's `load_wine`, from Forina et
# al., by way of the UCI repository). In the original file the growers are numbered 1, 2 and 3. Others write "barolo",
# "barbera" and "grignolino".
#
# ### Exercise 9.1: number the classes
#
# Write the step that stands before every training: turn labels of any kind into integers 0 to K − 1. The numbering is fixed by
# the **training** labels, in sorted order. Then it is used for other labels, which may lack a class.

# %% tags=["exercise"] id="encode-labels"
def encode(train_labels, labels):
    """Integers 0 to K - 1 for `labels`, in the order of the sorted `train_labels`. Both (n,), numbers or text."""
    ### BEGIN SOLUTION
    classes = np.unique(train_labels)
    return np.searchsorted(classes, labels)
    ### END SOLUTION

# %% tags=["cases"]
growers = np.array(["barolo", "barbera", "grignolino", "barolo"])
cases = [(np.array([1, 2, 3, 2]), np.array([3, 1, 1])), (np.array([10, 40, 20, 40]), np.array([40, 10, 20])),
         (growers, np.array(["grignolino", "barolo", "barbera"])), (growers, np.array(["grignolino", "barolo"])),
         (np.array([3, 1, 2, 1]), np.array([2, 3, 2]))]
labels = ["train_labels", "labels"]

# %% tags=["hint"]
# `np.unique(train_labels)` gives the classes, sorted and each once. What you want is the place of each label in that list.

# %% tags=["hint"]
# `np.searchsorted(classes, labels)` finds these places. A dict from class to place, and a loop, does it as well.

# %% tags=["right"]
def encode(train_labels, labels):
    place = {name: i for i, name in enumerate(sorted(set(train_labels.tolist())))}
    return np.array([place[name] for name in labels.tolist()])

# %% tags=["wrong"] misconception="encoder-refitted"
# You numbered the new labels by themselves. Where a class is missing there, the same name gets another number than in training.
def encode(train_labels, labels):
    return np.unique(labels, return_inverse=True)[1]

# %% tags=["wrong"] misconception="labels-have-no-gaps"
# Taking off the smallest works for 1, 2, 3. It fails for 10, 20, 40, and for names. Use the place in the sorted list.
def encode(train_labels, labels):
    return labels - train_labels.min()

# %% tags=["wrong"] misconception="labels-have-no-gaps"
# Taking off 1 works for 1, 2, 3 alone. Use the place in the sorted list of the training classes.
def encode(train_labels, labels):
    return labels - 1

# %% tags=["wrong"] misconception="order-of-appearance"
# You numbered the classes as they came. Another shuffle would give other numbers: sort them.
def encode(train_labels, labels):
    place = {}
    for name in train_labels.tolist():
        place.setdefault(name, len(place))
    return np.array([place[name] for name in labels.tolist()])

# %% tags=["wrong"] misconception="labels-start-at-one"
# Your numbers start at 1. The units of a head are counted from 0.
def encode(train_labels, labels):
    return np.searchsorted(np.unique(train_labels), labels) + 1

# %% tags=["wrong"] misconception="one-hot-for-integers"
# These are one-hot rows. Integers were asked for; rows would need the categorical loss.
def encode(train_labels, labels):
    return (labels[:, None] == np.unique(train_labels)[None, :]).astype(int)

# %% [markdown]
# Now use it. A colleague left you the head and the loss in the first cell. Run the three cells. Do the two fit the labels, and
# each other? Look at the loss before training. If you are not content, change the first cell and run again.

# %%
my_activation = None
my_loss = "sparse_categorical_crossentropy"     # by name, or as an object of keras.losses

# %% tags=["training"]
from sklearn.datasets import load_wine

# shuffle, scale by the training wines, and number the growers as the original file does
X_wine, y_wine = load_wine(return_X_y=True)
assert len(y_wine) == 178
order = np.random.default_rng(seed).permutation(len(y_wine))
X_wine, ids = X_wine[order], y_wine[order]
X_wine = ((X_wine - X_wine[:100].mean(axis=0)) / X_wine[:100].std(axis=0)).astype("float32")
grower = ids + 1
print("your numbers are 0, 1, 2 (None: not written yet):", encode(grower[:100], grower[:5]), "for growers", grower[:5])

def build_wine(activation, loss):
    model = keras.Sequential([keras.Input((13,)), layers.Dense(3, activation=activation)])
    model.compile(optimizer=keras.optimizers.Adam(0.02), loss=loss, metrics=["accuracy"])
    return model

# %% tags=["training"]
keras.utils.set_random_seed(seed)
yours = build_wine(my_activation, my_loss)
before = yours.evaluate(X_wine[:100], ids[:100], verbose=0)[0]
yours.fit(X_wine[:100], ids[:100], batch_size=32, epochs=30, verbose=0)
said_yours = yours.predict(X_wine[100:], verbose=0).argmax(axis=1)
frequent = np.mean(ids[100:] == np.bincount(ids[:100]).argmax())
print(f"loss before training: {before:.2f}; ln 3 is {np.log(3):.2f}")
print(f"test accuracy: {np.mean(said_yours == ids[100:]):.2f}; always the most frequent grower: {frequent:.2f}")
for k in range(3):
    print(f"recall of grower {k + 1}: {np.mean(said_yours[ids[100:] == k] == k):.2f}")

# %% [raw] tags=["reflection"]
# id = "wine-choice"
# ask = "Which head and which loss did you choose for the wines, and which number told you that they fit?"

# %% [markdown]
# And a pair that does fit, from 16 seeds:

# %% tags=["training"]
def build_fitting():
    model = keras.Sequential([keras.Input((13,)), layers.Dense(3)])
    model.compile(optimizer=keras.optimizers.Adam(0.02), loss=SCE(from_logits=True))
    return model

wine = fit_replicates(build_fitting, X_wine[:100], ids[:100], seeds=16, base_seed=1000 * seed, epochs=30, batch_size=32)
right_wine = (wine.predict(X_wine[100:]).argmax(axis=-1) == ids[100:]).mean(axis=1)
print(claim("With a head, labels and loss that fit, accuracy on the wines is at least 0.3 above the baseline.",
            right_wine - frequent, ">", 0.3))

# %% [raw] tags=["question"]
# id = "fourth-grower"
# given = ["0.96: premise"]
# ask = "A bottle by a fourth grower, unknown in training, comes in. The softmax gives 0.96 to grower 2. What do you do with that number?"
# [right]
# text = "nothing: it compares three growers, and the right one is not among them"
# why = "The three shares add up to 1 for every bottle. Whether it is by one of the three has to be found out in another way."
# [[wrong]]
# text = "trust it: 0.96 is above any threshold"
# misconception = "calibrated-by-construction"
# why = "Whatever the threshold, it was set on bottles by these three."
# [[wrong]]
# text = "cool it: with a temperature it would be honest"
# misconception = "temperature-cures-everything"
# why = "The temperature was chosen on the three growers. It lowers all certainty, and still cannot say: none of them."
# [[wrong]]
# text = "train longer: then unknown bottles get equal shares"
# misconception = "unknown-means-equal-shares"
# why = "Nothing in the loss asks for that. Longer training makes the gaps larger."

# %% [markdown] given="1.46: ln(1 + 9/e), asserted in section 4"
# ## 10. What you take along
#
# | labels | head | loss | start | metrics | if mixed up |
# |---|---|---|---|---|---|
# | integers 0 … K−1 | `Dense(K)` | `SparseCategoricalCrossentropy(from_logits=True)` | ln K | accuracy, recall of each class, macro average, top-k with k well below K | scaled to 0 … 1: loss near 0, model useless |
# | one-hot rows, or shares that add up to 1 | `Dense(K)` | `CategoricalCrossentropy(from_logits=True)` | ln K | the same | 255 instead of 1, or two ones: trains, without a word |
# | either | `Dense(K, "softmax")` | the same without `from_logits` | ln K | the same | softmax twice: ln(1 + (K−1)/e), for ten classes 1.46 |
#
# Print the loss before training. Look at the labels where they enter `fit`. Recompute the loss from `predict` once. A softmax compares, and
# cannot say "none".
#
# One last case for the table.

# %% [raw] tags=["question"]
# id = "which-row-03"
# ask = "Labels 0, 1, 2 in a column of shape (n, 1), and a head `Dense(3)` without activation. Which loss?"
# [right]
# text = "`SparseCategoricalCrossentropy(from_logits=True)`"
# why = "Integers, also in a column, need the sparse loss. A head without activation gives logits, and the loss must be told."
# [[wrong]]
# text = "`SparseCategoricalCrossentropy()`"
# misconception = "loss-sees-the-head"
# why = "It would take logits for probabilities. Nothing warns; the loss before training is far above ln 3."
# [[wrong]]
# text = "`CategoricalCrossentropy(from_logits=True)`: the labels have two axes"
# misconception = "shape-is-enough"
# why = "Two axes, but one column. The categorical loss wants three columns, and raises an error."
# [[wrong]]
# text = "`MeanSquaredError()`: the labels are numbers"
# misconception = "numbers-mean-regression"
# why = "The numbers name classes. Between 0 and 1 there is nothing."

# %% [markdown]
# What was claimed, and held, while this notebook ran:

# %% tags=["training"]
from helpers.claims import list_claims
list_claims()

# %% tags=["training"]
my_progress()

# %%
repeat("03_multiclass_cross_entropy")

# %% [raw] tags=["reflection"]
# id = "summary-03"
# ask = "In three sentences: what must fit together in a model of many classes, and how do you notice when it does not?"

# %% [raw] tags=["reflection"]
# id = "muddiest-03"
# ask = "A minute card: what was the most important thing here, and what is still unclear?"

# %% [raw] tags=["reflection"]
# id = "confidence-03"
# ask = "From 1 (not at all) to 5 (surely): could you set up and report a model of many classes for a project of your own?"

# %% [markdown]
# Notebook 04 goes on with films that have several genres at once: many yes-or-no questions instead of one choice.
#
# Further reading: Guo and others, [On calibration of modern neural networks](https://arxiv.org/abs/1706.04599), 2017, on
# temperature · Szegedy and others, [Rethinking the Inception architecture](https://arxiv.org/abs/1512.00567), 2016, on label
# smoothing · Hein and others, [Why ReLU networks yield high-confidence predictions far away from the training
# data](https://arxiv.org/abs/1812.05720), 2019, on noise · the [Keras page on probabilistic
# losses](https://keras.io/api/losses/probabilistic_losses/).
