# %% [raw] tags=["instructor"]
# minutes = [4, 10, 9, 11, 14, 7, 13, 5, 10, 6, 5]
# measured = "Not timed with readers yet: reading at 180 words a minute, three minutes an exercise, under one a question. Votes in a room come on top, two minutes each."
# pause = "after section 4. Sections 5 to 8 need only the cells above them to have run."
# skip = "sections 0 to 4 and 6 make about an hour, votes not counted. Section 7 can wait; the tables at the end of section 4 can be read at home; section 9 is good homework."
# terms = ["log-sum-exp", "one-hot", "Top-k accuracy", "macro average", "micro average", "Label smoothing", "temperature"]

# %% [markdown]
# # 03 · Multiclass cross-entropy
#
# A network learns to read ten digits. Its loss stops falling, for good. No error, no warning, and it reads most digits. What
# is wrong? Section 4 finds out.
#
# **After this notebook you can**
#
# 1. compute softmax and the multiclass cross-entropy from logits so that nothing overflows, and say what the loss must be
#    before training (exercises 1.1 and 2.1, predictions and questions in 1 and 2);
# 2. choose head and loss to fit the labels, and predict which mismatches Keras refuses and which it lets pass (exercises 3.1
#    and 9.1, predictions and questions in 3, 4 and 10);
# 3. find the fault behind a loss or a metric that looks healthy or is stuck (exercise 4.1, predictions and questions in 4, 5
#    and 7);
# 4. report a model of many classes class by class, and say how far its probabilities can be trusted (exercises 6.1, 6.2
#    and 8.1, predictions and questions in 5, 6, 8 and 9).
#
# **Time:** about 94 minutes, best in two sittings: a break fits after section 4. When you come back, choose *Run*,
# *Run All Above Selected Cell*: your answers have been kept. **You need:**
# [00 Start here](00_start_here.ipynb), [01 Regression losses](01_regression_losses.ipynb), and
# [02 Binary cross-entropy](02_binary_cross_entropy.ipynb): logit, sigmoid, binary cross-entropy, threshold, recall.
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
from helpers.claims import claim, tell
from helpers.practice import check, compare, my_progress, predict, question, reflect, repeat

# %% tags=["parameters"]
seed = 0  # where the experiments below start; any whole number from 0 on will do

# %% [raw] tags=["question"]
# id = "recall-two-losses"
# given = ["20,000 90: premises", "141: its root, arithmetic"]
# ask = "One model of what films earn, in millions of dollars, is trained with MSE and ends at a loss of 20,000. Another is trained with MAE and ends at 90. Which is better?"
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
# ask = "A trained model says how probable it is that a film has an Oscar (the positive class). You name the films above 0.5 as winners. Now you take 0.2 instead. What changes?"
# [right]
# text = "which films are named, and so precision and recall"
# why = "The threshold turns probabilities into decisions. Probabilities, loss and AUC stand still."
# [[wrong]]
# text = "the loss as well: more films are now counted as winners"
# misconception = "loss-is-thresholded"
# why = "The loss is computed from the probabilities. It never sees a decision."
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

# %% [markdown] given="0.9: the rule of the story"
# ## 1. Ten numbers, one digit
#
# A machine reads the digits on parcels. For each image it must say which digit it is, and how sure it is: where it is less
# sure than 0.9, a person looks. The images are small, 8 by 8 pixels, by thirteen writers.

# %%
from helpers.quiet import quiet
with quiet():  # without TensorFlow's start-up log
    import keras, tensorflow as tf
from keras import layers
tf.get_logger().setLevel("ERROR")  # we build many small models: no advice on speed

digits = data.digits()
print(digits, digits.source, *digits.leaks, sep="\n")

# %% [markdown]
# So what is measured here holds for these thirteen hands. Mail from anybody is another matter.
#
# A plain network, ten units at the end and no activation behind them. So its output is ten logits, as in notebook 02.

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
# text = "numbers of both signs, with no fixed sum; the largest is the digit's"
# why = "Nothing holds a logit between 0 and 1, and nothing makes the ten add up. Only which is larger, and by how much, will count."
# [[wrong]]
# text = "ten numbers between 0 and 1 that add up to 1; the largest is the digit's"
# misconception = "logits-are-probabilities"
# why = "That would be probabilities. This head has no activation, so nothing has made shares of them yet."
# [[wrong]]
# text = "nine zeros, and a 1 for the digit"
# misconception = "output-looks-like-the-label"
# why = "The label may be written so. The output is a weighted sum, and comes out exactly 0 practically never."
# [[wrong]]
# text = "all are positive, since a digit cannot be less than absent"
# misconception = "logits-are-amounts"
# why = "A logit is no amount. A negative one only says: less likely than another with a higher one."

# %% [raw] tags=["alt"] id="one-image-alt"
# Left: a gray-scale image of 8 by 8 pixels, a handwritten {digit}. Right: bar chart of its ten logits by digit, from
# {low:.0f} to {high:.0f}; bars to both sides of 0, the longest to the right is that of the digit {top}.

# %% tags=["training"]
first = 0  # the first image of the test set
fig, (left, right) = figures.axes(2, height=3.4)
# the image
left.imshow(digits.X_test[first].reshape(8, 8), cmap="gray_r")
left.set(title=f"labeled {digits.y_test[first]}", xticks=[], yticks=[])
left.grid(False)
# its ten logits
right.barh(range(10), logits[first], color=figures.COLORS[0])
right.axvline(0, color="black", linewidth=1)
right.set(xlabel="logit", ylabel="digit", yticks=range(10), title="what the network says")
figures.show(fig, "one-image-alt", digit=digits.y_test[first], top=logits[first].argmax(), low=logits[first].min(),
             high=logits[first].max())

# %%
compare("logits-of-one-image")

# %% [markdown]
# **Compare with your prediction.** Bars to both sides of 0, and no fixed sum. The longest to the right is that of the digit.
#
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
# That was NumPy's float64. Keras computes in float32, with about seven digits.

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
moved = three.astype(np.float32) + 100
with np.errstate(all="ignore"):  # we look at the numbers ourselves
    print("our function:      ", softmax_naive(moved))
print("Keras' own softmax:", keras.ops.softmax(moved).numpy().round(4))

# %%
compare("naive-in-float32")

# %%
ends = {kind.__name__: float(np.log(np.finfo(kind).max)) for kind in (np.float64, np.float32, np.float16)}
print("largest x with a finite exp(x):", ", ".join(f"{end:.1f} in {kind}" for kind, end in ends.items()))
assert round(ends["float32"], 1) == 88.7 and ends["float32"] < 98 and int(ends["float16"]) == 11

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
         (np.array([[-800.0, -801.0], [2.0, -2.0], [0.5, 0.5]]),), (np.array([[0.0, -1000.0, 1000.0]]),), (np.array([[-900.0, -901.0]]),)]
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

# %% tags=["wrong"] misconception="shift-not-undone"
# You took the largest logit off once more. It was taken off before the exponential, so now it must be added.
def log_sum_exp(z):
    m = z.max(axis=1)
    e = np.exp(z - m[:, None])
    return np.log(e.sum(axis=1)) - m

# %% tags=["wrong"] misconception="log-of-a-product"
# The factor exp(m) stands inside the logarithm. Outside, a product becomes a sum: m is added, not multiplied.
def log_sum_exp(z):
    m = z.max(axis=1)
    e = np.exp(z - m[:, None])
    return m * np.log(e.sum(axis=1))

# %% tags=["wrong"] misconception="log-of-a-product"
# Here exp still meets the largest logit, and overflows. Take it off before exp, and bring it back after the logarithm, where it is only added.
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

# %% tags=["wrong"] misconception="exp-never-overflows"
# You shifted by the smallest logit of the row, so the largest exponent grew. Shift by the largest: then no exponential is above 1.
def log_sum_exp(z):
    m = z.min(axis=1)
    with np.errstate(all="ignore"):
        return np.log(np.exp(z - m[:, None]).sum(axis=1)) + m

# %% tags=["wrong"] misconception="log-of-a-product"
# You added exp(m). Under the logarithm the factor exp(m) becomes m: add that.
def log_sum_exp(z):
    m = z.max(axis=1)
    with np.errstate(all="ignore"):
        return np.log(np.exp(z - m[:, None]).sum(axis=1)) + np.exp(m)

# %% tags=["wrong"] misconception="log-of-a-product"
# You added log(m). The factor is exp(m), and its logarithm is m.
def log_sum_exp(z):
    m = z.max(axis=1)
    with np.errstate(all="ignore"):
        return np.log(np.exp(z - m[:, None]).sum(axis=1)) + np.log(m)

# %% tags=["wrong"] misconception="exp-never-overflows"
# You shifted all rows by one number. A row that lies far below it has only exponentials of 0, and log 0 is infinite: give each row its own largest logit.
def log_sum_exp(z):
    m = z.max()
    with np.errstate(all="ignore"):
        return np.log(np.exp(z - m).sum(axis=1)) + m

# %% tags=["wrong"] misconception="exp-never-overflows"
# You shifted by the largest size, without its sign. In a row of negative logits all exponentials become 0, and log 0 is infinite: shift by the largest logit, sign and all.
def log_sum_exp(z):
    m = np.abs(z).max(axis=1)
    with np.errstate(all="ignore"):
        return np.log(np.exp(z - m[:, None]).sum(axis=1)) + m

# %% tags=["wrong"] misconception="exp-never-overflows"
# You shifted by the mean of the row. A logit far above the mean still overflows in exp: shift by the largest.
def log_sum_exp(z):
    m = z.mean(axis=1)
    with np.errstate(all="ignore"):
        return np.log(np.exp(z - m[:, None]).sum(axis=1)) + m

# %% tags=["wrong"] misconception="largest-alone"
# That is the largest logit alone. The others count as well: the log-sum-exp lies above the largest logit, by the logarithm of the sum.
def log_sum_exp(z):
    return z.max(axis=1)

# %% [markdown]
# ### Where it bites
#
# In float16, exp ends at 11 already. So a softmax written by hand may work for months, and fail on the first sure image.
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
# why = "How the rest is spread does not stand in the formula. The cross-entropy with one true class does not notice it."
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
# **Compare with your prediction.** The values are equal. The pulls are not. Each is the slope of the loss along one logit, and
# training goes down the slope: a logit with a positive pull falls, one with a negative pull rises. So each wrong class is
# pushed down by as much probability as it holds, and the true one is lifted by what it lacks. That is the whole gradient with
# respect to the logits: *p minus the label*, the label written as 1 at the true class and 0 elsewhere. In notebook 02 it was
# p − y.
#
# ### Exercise 2.1: the loss of a batch
#
# Write it yourself, without gaps this time. `logits` has one row for each image, `y` says which column is the true one.
# A logit of 1000 must not break it.

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
         (np.array([[1000.0, 0.0, 990.0]]), np.array([1])),
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

# %% tags=["wrong"] misconception="probability-before-log"
# Your softmax does not overflow. But where the true class is far behind, its probability is rounded to 0, and log 0 is infinite: take log-sum-exp minus its logit.
def cross_entropy(logits, y):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        return -np.mean(np.log(p[np.arange(len(y)), y]))

# %% tags=["wrong"] misconception="clip-is-harmless"
# You cut the probability off, as Keras does. Then no image can cost more than 16, however sure and wrong the model is: stay with the logits.
def cross_entropy(logits, y):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(y)), y].clip(1e-7, 1)))

# %% tags=["wrong"] misconception="shift-not-undone"
# The shift is not undone: the log-sum-exp is that of the shifted logits, and the true logit is taken as it was. Shift both, or bring the largest logit back.
def cross_entropy(logits, y):
    m = logits.max(axis=1)
    log_sum = np.log(np.exp(logits - m[:, None]).sum(axis=1))
    return np.mean(log_sum - logits[np.arange(len(y)), y])

# %% tags=["wrong"] misconception="zeros-in-the-label-count"
# Your mean is over all cells, n times K. Each image has one true class: sum over the classes, and take the mean over the images.
def cross_entropy(logits, y):
    m = logits.max(axis=1, keepdims=True)
    log_p = logits - m - np.log(np.exp(logits - m).sum(axis=1, keepdims=True))
    return -np.mean(np.eye(logits.shape[1])[y] * log_p)

# %% tags=["wrong"] misconception="mean-survives-the-log"
# You took the mean of the probabilities first, and then one logarithm. Each image has its own −log p: take the mean of these.
def cross_entropy(logits, y):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        return -np.log(np.mean(p[np.arange(len(y)), y]))

# %% tags=["wrong"] misconception="exp-never-overflows"
# You shifted all rows by one number. A row that lies far below it has only exponentials of 0, and log 0 is infinite: give each row its own largest logit.
def cross_entropy(logits, y):
    m = logits.max()
    with np.errstate(all="ignore"):
        log_sum = m + np.log(np.exp(logits - m).sum(axis=1))
    return np.mean(log_sum - logits[np.arange(len(y)), y])

# %% tags=["wrong"] misconception="clip-is-harmless" given="1000: a case of the exercise"
# A small number added to p keeps the logarithm finite, and puts a lid on the loss: an image that costs 1000 comes out far cheaper. Stay with the logits.
def cross_entropy(logits, y):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(y)), y] + 1e-12))

# %% tags=["wrong"] misconception="runner-up-counts"
# Your mean takes −log p of every class. Only the true class of each image counts: pick it before the mean.
def cross_entropy(logits, y):
    m = logits.max(axis=1, keepdims=True)
    return -np.mean(logits - m - np.log(np.exp(logits - m).sum(axis=1, keepdims=True)))

# %% tags=["wrong"] misconception="labels-start-at-one"
# You took the column before the true one. The labels count from 0, like the columns: y is the place as it is.
def cross_entropy(logits, y):
    m = logits.max(axis=1, keepdims=True)
    log_p = logits - m - np.log(np.exp(logits - m).sum(axis=1, keepdims=True))
    return -np.mean(log_p[np.arange(len(y)), y - 1])

# %% [markdown]
# Does Keras compute the same, value and pull, on the logits of the trained network? And scikit-learn, on its probabilities?

# %% tags=["training"]
from sklearn.metrics import log_loss

# value and pull by hand
rows, y_test = np.arange(len(digits.y_test)), digits.y_test
p = softmax(logits.astype(float))
ours = -np.mean(np.log(p[rows, y_test]))
our_pull = (p - np.eye(10)[y_test]) / len(y_test)
# the same from Keras
with tf.GradientTape() as tape:
    z = tf.Variable(logits)
    theirs = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y_test, z)
print("value as in Keras:       ", np.isclose(ours, theirs, rtol=1e-5))
print("pull as in Keras:        ", np.allclose(our_pull, tape.gradient(theirs, z), atol=1e-7))
print("value as in scikit-learn:", np.isclose(ours, log_loss(y_test, p), rtol=1e-5))

# %% [markdown]
# ### Before the first step
#
# A network that has learned nothing has no reason to prefer a digit. Suppose it gives all ten the same probability.

# %% [raw] tags=["prediction"]
# id = "start-of-ten"
# ask = "Ten classes, each gets the same probability. What is the cross-entropy?"
# right = 2.303
# why = "Each gets 1/10, and −ln(1/10) = ln 10, however frequent the classes are. For K classes it is ln K: remember it as the loss of knowing nothing."
# [[near]]
# value = 0.9
# misconception = "loss-counts-errors"
# why = "0.9 is the share of errors when guessing. The loss is not a share."
# [[near]]
# value = 1
# misconception = "loss-is-bounded-by-one"
# why = "1 is the largest error rate, or the logarithm to the base 10. Cross-entropy has no such end, and takes the natural logarithm."
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

# the loss of one image when all digits get the same
equal_shares = np.full((1, 10), 0.1, dtype="float32")
know_nothing = float(SCE()(np.array([7]), equal_shares))
print(f"Keras, one tenth for each digit: {know_nothing:.4f}")

# %%
compare("start-of-ten", know_nothing)

# %% [markdown]
# And real networks, untrained, with their random start? Sixteen of them:

# %% tags=["training"]
def start_loss(k, scale=1.0):
    """Loss on the training images before any training; k: which random start, scale: a factor."""
    keras.utils.set_random_seed(1000 * seed + k)
    untrained = build(layers.Dense(10, activation="softmax"), loss=SCE())
    return float(SCE()(digits.y_train, untrained(scale * digits.X_train)))

# sixteen random starts, and how they compare with ln 10
starts = np.array([start_loss(k) for k in range(16)])
tell("Their losses lie between {low:.2f} and {high:.2f}; ln 10 is {ln:.2f}.", low=starts.min(), high=starts.max(),
     ln=np.log(10))
print(claim("Untrained, the loss of every network lies within a fifth of ln 10.",
            abs(starts / np.log(10) - 1), "<", 0.2))
print(claim("Most networks, three in five or more, start above ln 10 by more than 0.01.",
            starts - np.log(10), ">", 0.01, share=0.6))

# %% [markdown]
# A random start prefers some digits without a reason. On most seeds these opinions cost more than having none. But not much
# more: the loss of every network is near ln 10.

# %% [raw] tags=["question"]
# id = "first-loss-of-eight"
# ask = "Ten classes, and before any training the loss is 8. What do you suspect first?"
# discuss = true
# [right]
# text = "something does not fit: loss and head, or the scale of the inputs"
# why = "A right set-up starts near ln 10. Outputs that are taken for probabilities and are none start far above, and so do pixels that nobody scaled."
# [[wrong]]
# text = "nothing: a network has to learn first, so any start is as good as another"
# misconception = "any-start-is-normal"
# why = "Knowing nothing costs ln 10. Whoever starts far above it is not ignorant but sure of nonsense."
# [[wrong]]
# text = "the classes are imbalanced: the rare ones cost more"
# misconception = "imbalance-explains-everything"
# why = "Equal shares cost ln 10 for every image, whichever class it is of. Balance does not move the start."
# [[wrong]]
# text = "eight of the ten digits are still misread"
# misconception = "loss-counts-errors"
# why = "The loss is no count. It is the mean of −ln p."

# %% tags=["training"]
# the same sixteen random starts, with larger pixels
unscaled = np.array([start_loss(k, scale=16) for k in range(16)])
print(f"right head and loss, pixels from 0 to 16 as in the file: loss before training {np.median(unscaled):.1f}")
print(claim("With the pixels as they are in the file, 0 to 16, the loss before training is at least twice ln 10.",
            unscaled / np.log(10), ">=", 2))

# %% [markdown]
# ### Where it bites
#
# This is the cheapest check there is: print the loss before training, and compare it with ln K.

# %% [markdown]
# ## 3. Which loss for which labels?
#
# A colleague sends you the digits with labels in ten columns instead of one. Do you need another loss? The labels so far were
# integers: 7 for a seven. Hers hold a row for each image, with a single 1: **one-hot** labels.
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
    """Value of the loss on the logits of the test images, and its gradient, image by image."""
    with tf.GradientTape() as tape:
        z = tf.Variable(logits)
        value = loss(labels, z)
    return float(value), tape.gradient(value, z).numpy() * len(labels)

# both losses on the same logits
values, pulls = zip(value_and_pull(SCE(from_logits=True), digits.y_test),
                    value_and_pull(CCE(from_logits=True), one_hot_test))
for name, value, pull in zip(["sparse, integers", "categorical, rows"], values, pulls):
    print(f"{name:18} value {value:.6f}   pull on the ten logits of the first image {pull[0].round(3)}")

# %%
compare("two-formats")
assert np.isclose(*values, rtol=1e-5) and np.allclose(*pulls, atol=1e-5) and (pulls[0] != 0).sum(axis=1).min() > 1

# %% [markdown]
# ### A folder full of label files
#
# Files come as they come: text, floats, digits counted from 1, scaled labels, a −1 for "unknown". What does Keras do with
# each, today? First a prediction about four of them.

# %% [raw] tags=["prediction"]
# id = "which-file-trains"
# given = ["0.9: a label that is cut off, arithmetic"]
# ask = "Four files meet a loss that does not fit; the head has ten units. With which of them does Keras train, without a word?"
# [right]
# text = "labels 0, 1/9, … 1, because somebody scaled all columns; sparse loss"
# why = "Keras cuts a float label to a whole number before it looks whether it is in range: 0.9 arrives as 0. So nothing is out of range, and nothing is said."
# [[wrong]]
# text = "integers 0 to 9; categorical loss, which turns them into rows first"
# misconception = "keras-repairs-everything"
# why = "Nothing is turned into anything. Labels have one axis, outputs two: Keras compares the number of axes, and stops."
# [[wrong]]
# text = "digits counted from 1 to 10, since labels are only names; sparse loss"
# misconception = "labels-are-only-names"
# why = "Here they are places in a row of ten, counted from 0. There is no place 10, and the first batch that holds one stops the run."
# [[wrong]]
# text = "one-hot rows, which name the same classes; sparse loss"
# misconception = "formats-are-interchangeable"
# why = "The sparse loss wants one number for each image and gets ten. It stops."

# %%
messages, accuracy_of = [], {}   # what Keras says, each message once; accuracy where it trains

def try_out(name, labels, loss):
    """Five epochs on these labels: the training loss, or the number of the message."""
    keras.utils.set_random_seed(seed)
    model = build(layers.Dense(10, activation="softmax"), loss=loss)
    model.optimizer.build(model.trainable_variables)  # saves time only: TensorFlow traces the step once, not twice
    try:
        history = model.fit(digits.X_train, labels, batch_size=128, epochs=5, verbose=0).history
    except Exception as error:
        said = f"{type(error).__name__}: {first_line(error)}"
        messages.extend([] if said in messages else [said])
        return f"raises [{messages.index(said) + 1}]"
    accuracy_of[name, loss] = np.mean(model(digits.X_test).numpy().argmax(axis=1) == digits.y_test)
    return f"trains, loss {history['loss'][-1]:.3f}"

# %%
def first_line(error):
    """The telling line of an error message, without the values that follow it."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    line = next((line for line in lines if "label value" in line), lines[0])
    return line.split(" Received: t")[0].split("  Label values")[0].split(": x=")[0]

y, two_ones = digits.y_train, np.clip(one_hot + np.roll(one_hot, 1, axis=1), 0, 1)
files = {"integers, (n,)": y, "integers, (n, 1)": y[:, None], "whole floats": y.astype(float),
         "uint8": y.astype("uint8"),
         "one-hot": one_hot, "one-hot, bool": one_hot.astype(bool), "list of integers": y.tolist(),
         "text": y.astype(str), "Python objects": y.astype(object), "integers 1 to 10": y + 1,
         "one -1 among them": np.where(np.arange(len(y)) == 5, -1, y), "integers / 9": y / 9,
         "one-hot * 255": one_hot * 255, "rows with two ones": two_ones}

# %% tags=["training"]
# each file under each loss, then the messages
said = {}
SPARSE, ROWS = "sparse_categorical_crossentropy", "categorical_crossentropy"
print(f"{'labels':20}{'sparse loss':24}categorical loss")
for name, labels in files.items():
    said[name] = try_out(name, labels, SPARSE), try_out(name, labels, ROWS)
    print(f"{name:20}{said[name][0]:24}{said[name][1]}")
for number, message in enumerate(messages, 1):
    print(f"[{number}] {message}")

# %%
compare("which-file-trains")

# %%
wrong = {"integers / 9": 0, "one-hot * 255": 1, "rows with two ones": 1}      # the file, and the loss that takes it
assert all(said[name][loss].startswith("trains") for name, loss in wrong.items())

# %% [markdown]
# **Compare with your prediction.** Right pairs train: integers for the sparse loss, in a column, as floats or as bytes, and
# one-hot rows for the categorical one. Most wrong pairs are loud. (The message that asks for rank `target.ndim - 1` says it
# backwards: the *labels* should have one axis less than the output.) Three are silent: the fractions, the rows of 255, the rows
# with two ones. Look at their losses again.

# %% [raw] tags=["prediction"]
# id = "what-low-loss-reads"
# given = ["1.0: a label of the example"]
# ask = "The labels 0, 1/9, … 1 came to a low training loss. Which share of the test images does this model read?"
# [right]
# text = "about a tenth"
# why = "It was taught that every digit but 9 is a 0, and that a 9, scaled to 1.0, is a 1. So it reads the zeros, and nothing else."
# [[wrong]]
# text = "more than the right pairs: its loss is the lowest"
# misconception = "low-loss-means-learned"
# why = "The loss is measured with the labels that it is given, and these are nearly all the same. Low loss, easy labels."
# [[wrong]]
# text = "as many as the right pairs: scaling is only a change of unit"
# misconception = "scaling-labels-is-harmless"
# why = "For a number to be predicted, yes. A class has no unit: 7/9 names no class at all."
# [[wrong]]
# text = "none: a fraction is no class"
# misconception = "bad-rows-are-skipped"
# why = "It is no class, and is not skipped either: the fraction is cut off, and what is left is class 0."

# %% tags=["training"]
from helpers.replicates import fit_replicates

for (name, loss), value in accuracy_of.items():
    print(f"{name:20}{loss:34}test accuracy {value:.2f}")
# the scaled labels once more, over 16 seeds
recipe = dict(seeds=16, base_seed=1000 * seed, epochs=30, batch_size=64)
scaled = fit_replicates(lambda: build(layers.Dense(10, activation="softmax"), loss=SCE(), metrics=["accuracy"]),
                        digits.X_train, digits.y_train / 9, **recipe)
scaled_read = (scaled.predict(digits.X_test).argmax(axis=-1) == digits.y_test).mean(axis=1)

# %%
compare("what-low-loss-reads")

# %% tags=["training"]
tell("Scaled labels, median of 16 seeds: training loss {loss:.3f}, training accuracy as Keras reports it {said:.2f}, "
     "test images read {read:.2f}.", loss=np.median(scaled.history["loss"][:, -1]),
     said=np.median(scaled.history["accuracy"][:, -1]), read=np.median(scaled_read))
print(claim("With labels scaled to 1, the training loss ends below 0.04.", scaled.history["loss"][:, -1], "<", 0.04))
print(claim("With labels scaled to 1, the accuracy that Keras reports in training is below 0.25.",
            scaled.history["accuracy"][:, -1], "<", 0.25))
print(claim("With labels scaled to 1, a share of less than 0.13 of the test images is read.", scaled_read, "<", 0.13))

# %% [markdown] given="255: the factor by which the rows were scaled"
# **A loss near zero, on a useless model.** The loss curve looks perfect. The training accuracy beside it does not: Keras compares
# the prediction with the label as it is, and a fraction equals no class. This is what metrics are for.
#
# The two other silent ones, rows times 255 and rows with two ones, do not add up to 1. What pulls there?

# %% tags=["training"]
odd_rows = {"times 255": 255 * one_hot_test, "two ones": np.clip(one_hot_test + np.roll(one_hot_test, 1, axis=1), 0, 1)}
for name, labels in odd_rows.items():
    value, pull = value_and_pull(CCE(from_logits=True), labels)
    slope = labels.sum(axis=1, keepdims=True) * p - labels      # the slope of this loss, worked out on paper
    print(f"{name:10} the pull is p minus the label: {np.allclose(pull, p - labels, atol=1e-3)}   "
          f"it is the slope of the loss: {np.allclose(pull, slope, atol=1e-3)}")

# %% [markdown] given="255: the factor by which the rows were scaled"
# TensorFlow takes *p minus the label* for the pull. That is the slope of the loss only if a row adds up to 1. At 255 the true logit
# is pulled up even at p = 1, and the wrong ones are hardly pushed down. With two ones, p minus the label is never 0 all over.
# Rows with several ones want the heads of notebook 04; rows times 255 want to be divided by 255.
#
# The message about a label out of range comes on a CPU only. On a GPU, says TensorFlow's documentation, there is none. Nor is
# there with `jit_compile=True`, which translates the whole step first. Good labels, and a single 10 among them:

# %% tags=["training"]
# one label that names no unit
one_bad = np.where(np.arange(len(y)) == 5, 10, y)
# one epoch, translated as a whole
keras.utils.set_random_seed(seed)
compiled = build(layers.Dense(10, activation="softmax"), loss=SCE(), jit_compile=True)
bad_loss = compiled.fit(digits.X_train, one_bad, batch_size=128, epochs=1, verbose=0).history["loss"][0]
print("loss of the epoch:", bad_loss, "  weights that are NaN:",
      f"{np.mean(np.concatenate([np.isnan(w).ravel() for w in compiled.get_weights()])):.0%}")
assert np.isnan(bad_loss)

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
cases = [(ids, 3), (ids[:, None], 3), (ids.astype(float), 3), (rows, 3), (np.array([[0.9, 0.1, 0.0], [0.7, 0.2, 0.1]]), 3),
         (ids + 1, 3), (np.array([0, -1, 2]), 3), (ids / 2, 3), (rows * 255, 3), (np.array([[1, 1, 0], [0, 0, 1]]), 3),
         (np.eye(4)[ids], 3), (np.array([[1.5, -0.5, 0.0]]), 3),
         (np.array([0, 2, 2]), 3), (np.array([0, 1, 1]), 3), (np.array([1, 2, 2]), 3),
         (np.array([[1, 1, 0], [0, 0, 0]]), 3), (np.array([[1], [3]]), 3), (np.array([[0], [-1]]), 3),
         (np.array([[0.5], [1.0]]), 3), (np.array([[0.7, 0.5, -0.2]]), 3), (np.array([[0.5, 0.2, 0.1]]), 3),
         (np.array([[1, 0, 0], [0, 1, 1]]), 3), (np.eye(2)[[0, 1, 1]], 3),
         (np.array([[0.5, 0.25, 0.25]]), 3)]
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

# %% tags=["wrong"] misconception="labels-have-no-gaps"
# You want every class to occur. A part of the data may lack one: ask only whether each label is one of 0 to K − 1.
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] == num_classes:
        return "categorical" if np.all(y >= 0) and np.allclose(y.sum(axis=1), 1) else "neither"
    column = y.ndim == 1 or y.shape[1] == 1
    return "sparse" if column and set(y.ravel().tolist()) == set(range(num_classes)) else "neither"

# %% tags=["wrong"] misconception="labels-have-no-gaps"
# You want the first and the last class to occur. A part of the data may lack one: ask only whether each label is one of 0 to K − 1.
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] == num_classes:
        return "categorical" if np.all(y >= 0) and np.allclose(y.sum(axis=1), 1) else "neither"
    column = y.ndim == 1 or y.shape[1] == 1
    whole = np.all(y == np.round(y)) and y.min() == 0 and y.max() == num_classes - 1
    return "sparse" if column and whole else "neither"

# %% tags=["wrong"] misconception="rounding-explains-it" given="0.7 0.2 0.1: in the cases"
# You compare the sums with 1 exactly. 0.7 + 0.2 + 0.1 is a little less in the computer: use `np.allclose`.
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] == num_classes:
        return "categorical" if np.all(y >= 0) and np.all(y.sum(axis=1) == 1) else "neither"
    column = y.ndim == 1 or y.shape[1] == 1
    whole = np.all(y == np.round(y)) and np.all(y >= 0) and np.all(y < num_classes)
    return "sparse" if column and whole else "neither"

# %% tags=["wrong"] misconception="multi-hot-is-one-hot"
# You added up the whole table. A row with two ones and a row with none make up for each other there: each row must add up to 1.
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] == num_classes:
        return "categorical" if np.all(y >= 0) and np.isclose(y.sum(), len(y)) else "neither"
    column = y.ndim == 1 or y.shape[1] == 1
    whole = np.all(y == np.round(y)) and np.all(y >= 0) and np.all(y < num_classes)
    return "sparse" if column and whole else "neither"

# %% tags=["wrong"] misconception="shape-is-enough"
# Rows with more columns than there are classes pass. Compare the number of columns with K.
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] > 1:
        return "categorical" if np.all(y >= 0) and np.allclose(y.sum(axis=1), 1) else "neither"
    return "sparse" if np.all(y == np.round(y)) and np.all(y >= 0) and np.all(y < num_classes) else "neither"

# %% tags=["wrong"] misconception="ratio-one-sided"
# A row with a number below 0 passes: it adds up to 1 all the same. Ask for the lower end as well.
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] == num_classes:
        return "categorical" if np.allclose(y.sum(axis=1), 1) else "neither"
    column = y.ndim == 1 or y.shape[1] == 1
    whole = np.all(y == np.round(y)) and np.all(y >= 0) and np.all(y < num_classes)
    return "sparse" if column and whole else "neither"

# %% tags=["wrong"] misconception="shape-is-enough"
# You let every single column pass. Its values must be whole numbers from 0 to K − 1 as well, as in the shape (n,).
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] == num_classes:
        return "categorical" if np.all(y >= 0) and np.allclose(y.sum(axis=1), 1) else "neither"
    whole = np.all(y == np.round(y)) and np.all(y >= 0) and np.all(y < num_classes)
    return "sparse" if y.ndim == 2 and y.shape[1] == 1 or y.ndim == 1 and whole else "neither"

# %% tags=["wrong"] misconception="ratio-one-sided"
# You ask that no number be above 1. A row can add up to 1 with a number below 0 in it: ask for the lower end.
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] == num_classes:
        return "categorical" if np.all(y <= 1) and np.allclose(y.sum(axis=1), 1) else "neither"
    column = y.ndim == 1 or y.shape[1] == 1
    whole = np.all(y == np.round(y)) and np.all(y >= 0) and np.all(y < num_classes)
    return "sparse" if column and whole else "neither"

# %% tags=["wrong"] misconception="ratio-one-sided"
# A row that adds up to less than 1 passes. Shares of one whole add up to 1, neither more nor less.
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] == num_classes:
        return "categorical" if np.all(y >= 0) and np.all(y.sum(axis=1) < 1.000001) else "neither"
    column = y.ndim == 1 or y.shape[1] == 1
    whole = np.all(y == np.round(y)) and np.all(y >= 0) and np.all(y < num_classes)
    return "sparse" if column and whole else "neither"

# %% tags=["wrong"] misconception="one-row-for-all"
# You looked at the first row alone. One bad row further down is enough: look at all.
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] == num_classes:
        return "categorical" if np.all(y >= 0) and np.isclose(y[0].sum(), 1) else "neither"
    column = y.ndim == 1 or y.shape[1] == 1
    whole = np.all(y == np.round(y)) and np.all(y >= 0) and np.all(y < num_classes)
    return "sparse" if column and whole else "neither"

# %% tags=["wrong"] misconception="shape-is-enough"
# Rows with fewer columns than there are classes pass. Compare the number of columns with K.
def loss_for(y, num_classes):
    if y.ndim == 2 and 1 < y.shape[1] <= num_classes:
        return "categorical" if np.all(y >= 0) and np.allclose(y.sum(axis=1), 1) else "neither"
    column = y.ndim == 1 or y.shape[1] == 1
    whole = np.all(y == np.round(y)) and np.all(y >= 0) and np.all(y < num_classes)
    return "sparse" if column and whole else "neither"

# %% tags=["wrong"] misconception="only-one-hot-rows"
# You want a 1 in each row. Shares such as nine tenths and one tenth are welcome in the categorical loss: let the sum of each row decide.
def loss_for(y, num_classes):
    if y.ndim == 2 and y.shape[1] == num_classes:
        one_hot = np.isin(y, [0, 1]).all() and np.all(y.sum(axis=1) == 1)
        return "categorical" if one_hot else "neither"
    column = y.ndim == 1 or y.shape[1] == 1
    whole = np.all(y == np.round(y)) and np.all(y >= 0) and np.all(y < num_classes)
    return "sparse" if column and whole else "neither"

# %% tags=["wrong"] misconception="shape-is-enough"
# You looked at the number of axes alone. A single column of integers has two axes too, and the values can be wrong in any shape.
def loss_for(y, num_classes):
    return "categorical" if y.ndim == 2 else "sparse"

# %% [markdown]
# Does the doctor see what you saw in the scaled labels?

# %% tags=["training"]
from helpers.doctor import examine
examine(scaled.model(0), digits.X_train, digits.y_train / 9)

# %% [markdown]
# It looks at values, as your function does. It cannot see labels that are whole numbers and wrong: a 7 that is called 1.
#
# ### Where it bites
#
# A preparation step that scales "all columns to 0 … 1" scales the label along with the pixels. It happens in a line that
# nobody looks at. So look at the labels where they enter `fit`, not where the file was read.

# %% [markdown]
# ## 4. The loss that sticks
#
# A colleague asks for help: ten classes, and a loss that does not fall any more.

# %% [raw] tags=["question"]
# id = "loss-that-sticks"
# given = ["1.46 0.97 −1.46: premises", "0.23: exp(−1.46)"]
# ask = "Her training loss has been at 1.46 for twenty epochs, with ten classes and a training accuracy of 0.97. What do you check first?"
# discuss = true
# [right]
# text = "whether a softmax is applied twice, in the head or in the loss"
# why = "A loss of 1.46 for every image would be a probability of exp(−1.46), about 0.23, for the true digit. And yet the true digit is ahead. So the probabilities are squeezed together, and a softmax whose inputs are shares between 0 and 1 does just that: no gap is above 1. What its lowest loss is, you will now work out."
# [[wrong]]
# text = "whether it is overfit, because it no longer improves"
# misconception = "any-plateau-is-overfitting"
# why = "Overfitting shows on unseen data. This is the training loss itself."
# [[wrong]]
# text = "the balance of the classes: a rare one may hold the loss up"
# misconception = "imbalance-explains-everything"
# why = "Imbalance does not move the start, which is ln K. And nearly all images are read, so no rare class holds the loss up."
# [[wrong]]
# text = "the learning rate, which may be too low to go on"
# misconception = "any-plateau-is-the-rate"
# why = "Nearly all images are read already. What is missing is not steps but certainty, and a rate does not bound that."

# %% [markdown]
# This is easily done: one softmax in the model, another in a wrapper, "to be sure that they are probabilities". The second one
# gets numbers between 0 and 1 instead of logits. Take five classes, for a change.

# %% [raw] tags=["prediction"]
# id = "softmax-twice"
# ask = "Five classes. Suppose that the first softmax is perfect: 1 for the true class, 0 for the four others. Which loss comes out of the second?"
# right = 0.905
# tolerance = 0.03
# why = "The second softmax makes e / (e + 4) of the 1. −ln of it is ln(1 + 4/e), and no training gets below."
# [[near]]
# value = 0
# misconception = "softmax-keeps-probabilities"
# why = "That would be so if the second softmax left probabilities as they are. It takes them for logits, and a gap of 1 is a small gap."
# [[near]]
# value = 0.405
# misconception = "loss-is-probability"
# why = "That is the probability, e / (e + 4). The loss is −ln of it."
# [[near]]
# value = 1.609
# misconception = "second-softmax-forgets"
# why = "That is ln 5, knowing nothing. A gap of 1 is small, but it is a gap: a factor of e."
# [[near]]
# value = 1.461
# misconception = "argument-ignored"
# why = "That is the value for ten classes. Here four others share the whole with the true one."

# %%
def lowest_loss(num_classes):
    """Loss of a perfect one-hot output that goes through softmax once more."""
    perfect = np.eye(num_classes)[0]
    return -np.log(softmax(perfect)[0])

# %%
compare("softmax-twice", lowest_loss(5))

# %%
floor = lowest_loss(10)
tell("For ten classes it is ln(1 + 9/e), {floor:.2f}: the loss of your colleague.", floor=floor)
assert np.isclose(floor, np.log(1 + 9 / np.e)) and round(floor, 2) == 1.46

# %% [markdown]
# So much for paper. What does training look like? The test images serve to report here; nothing is chosen by them. Beside the
# accuracy we print the *recall* of the digit that is read worst. (Recall of a digit: of the images that show it, the share that
# is read so. That digit is the positive class, all others together the negative one.)

# %% [raw] tags=["prediction"]
# id = "twice-accuracy"
# ask = "The loss of two softmaxes cannot fall below that floor. And the test accuracy, after 30 epochs, beside that of one softmax?"
# [right]
# text = "about the same on half of the seeds or more"
# why = "The second softmax keeps the order of the classes, and accuracy looks at the order only. But the pull is weaker, and some runs come out behind."
# [[wrong]]
# text = "clearly lower on every seed: a model so unsure cannot tell new images apart"
# misconception = "loss-and-accuracy-stick-together"
# why = "The loss is stuck because probabilities are squeezed together. Which of them is the largest is hardly touched."
# [[wrong]]
# text = "better: squeezed probabilities prevent overfitting"
# misconception = "bug-as-regularizer"
# why = "The runs do not show that. On half of the seeds or more the two are close, and some with two softmaxes come out behind."
# [[wrong]]
# text = "the same to the last image, on every seed: softmax keeps the order"
# misconception = "same-network-same-answers"
# why = "For fixed weights, yes. But training follows other pulls, so the weights come out different."

# %% tags=["training"]
# the two label formats, for training and for reporting
as_integers = dict(y=digits.y_train, validation_data=(digits.X_test, digits.y_test))
as_rows = dict(y=one_hot, validation_data=(digits.X_test, one_hot_test))

def runs_of(head, loss, labels=as_integers):
    """16 runs of 30 epochs. head: a function that returns the layers behind the hidden one."""
    return fit_replicates(lambda: build(*head(), loss=loss), digits.X_train, **labels, **recipe)

def accuracy(runs):
    """Test accuracy, one number a seed."""
    return (runs.predict(digits.X_test).argmax(axis=-1) == digits.y_test).mean(axis=1)

def softmax_head(*behind):
    return [layers.Dense(10, activation="softmax"), *behind]

# one softmax, and two
once = runs_of(softmax_head, SCE())
twice = runs_of(lambda: softmax_head(layers.Activation("softmax")), SCE())

# %% [raw] tags=["alt"] id="softmax-twice-alt"
# Line plot of the training loss over the epochs, 1 to 30, axis from 0 to {top:.1f}, median and band over 16 seeds. One softmax
# falls from {one_first:.1f} to {one_last:.2f}. Two softmaxes fall slowly from {two_first:.1f} and flatten just above a dotted
# line at {floor:.2f}.

# %% tags=["training"]
# the first and the last loss, for the alt text
outer = {name: np.median(run.history["loss"], axis=0)[[0, -1]] for name, run in [("one", once), ("two", twice)]}
# loss by epoch, with the floor
fig, ax = figures.axes(xlabel="epoch", ylabel="training loss")
figures.lines(ax, np.arange(1, 31), {"one softmax": once.history["loss"], "two softmaxes": twice.history["loss"]})
ax.axhline(floor, color="black", linestyle=":")
ax.annotate("lowest possible with two", (12, floor), xytext=(0, -18), textcoords="offset points")
ax.set(ylim=(0, 2.5), title="median of 16 seeds, band from 5% to 95%")
figures.show(fig, "softmax-twice-alt", floor=floor, top=ax.get_ylim()[1], one_first=outer["one"][0],
             one_last=outer["one"][1], two_first=outer["two"][0])
# accuracy beside it
print(f"test accuracy, median: one softmax {np.median(accuracy(once)):.2f}, two {np.median(accuracy(twice)):.2f}")

# %%
compare("twice-accuracy")

# %% tags=["training"]
highest = twice.predict(digits.X_test).max(axis=(1, 2))
# the recall of the digit that a run reads worst
said = twice.predict(digits.X_test).argmax(axis=-1)
worst = np.min([(said == k)[:, digits.y_test == k].mean(axis=1) for k in range(10)], axis=0)
tell("With two softmaxes no image gets more than {highest:.3f} for any digit. Recall of the digit that is read worst: "
     "median {worst:.2f} over the seeds, lowest {lowest:.2f}.", highest=highest.max(), worst=np.median(worst),
     lowest=worst.min())
assert (twice.history["loss"] / floor > 0.9999).all() and (highest * np.exp(floor) < 1.0001).all()
print(claim("On most seeds the training loss with two softmaxes ends within 0.1 of ln(1 + 9/e).",
            twice.history["loss"][:, -1] - floor, "<", 0.1, share=0.6))
print(claim("With one softmax the training loss ends below 0.06.", once.history["loss"][:, -1], "<", 0.06))
print(claim("On half of the seeds or more the accuracy with two softmaxes is less than 0.02 below that with one.",
            accuracy(once) - accuracy(twice), "<", 0.02, share=0.5))

# %% [markdown] given="0.9: the rule of the story"
# **Compare with your predictions.** The loss is stuck, and on many seeds accuracy hardly shows it. (One accuracy hides much: look at the lowest recall
# above.) But the probabilities are ruined: none ever passes a quarter. So the rule "less than 0.9 goes to a person" sends every
# parcel there.
#
# ### `from_logits=True` behind a softmax
#
# Here is another way to two softmaxes: one in the head, *and* `from_logits=True` in the loss. On paper, the loss then applies
# its own softmax, to probabilities. In notebook 02 you saw what Keras does with that behind a sigmoid. And here?
#
# To see it without training, put the trained weights of one network under several heads.

# %% [raw] tags=["prediction"]
# id = "softmax-and-from-logits"
# ask = "`Dense(10, activation=\"softmax\")`, a trained network, and `from_logits=True`. What does `evaluate` report?"
# [right]
# text = "the right loss, and a warning"
# why = "Keras' softmax leaves the logits attached to its output. The loss finds them, warns, and uses them."
# [[wrong]]
# text = "a loss above 1.46"
# misconception = "folklore-double-softmax"
# why = "That is the classic symptom. It comes back as soon as anything stands between the softmax and the loss, even a cast."
# [[wrong]]
# text = "an error: softmax and logits contradict each other"
# misconception = "keras-would-refuse"
# why = "It is a warning, and it is easily missed among others."
# [[wrong]]
# text = "the right loss, and not a word"
# misconception = "repair-is-silent"
# why = "For this case there is a warning. Other cases in this section are silent."

# %% [raw] tags=["prediction"]
# id = "four-small-additions"
# given = ["1e-7: the clip of Keras' probability losses"]
# ask = "Now four small changes, one at a time. Behind the softmax: a `Reshape((10,))`, a factor of 1, or a clip to the range from 1e-7 to 1. Or the softmax layer itself in `mixed_float16`, as people use it for speed. Under which of the four does Keras still report the loss of the predictions?"
# [right]
# text = "under none of the four"
# why = "The logits are attached to one output, the one that softmax returned. Each change ends in another one, with nothing attached."
# [[wrong]]
# text = "under all four: none of them changes anything that matters"
# misconception = "keras-repairs-everything"
# why = "To the numbers, no. But Keras does not look at numbers; it looks for logits attached to the output."
# [[wrong]]
# text = "under the first two, which change no number"
# misconception = "repair-follows-numbers"
# why = "Whether numbers change is not the question. Such an operation returns a new output, and nothing is attached to that."

# %%
import warnings

def softmax_loss(p):
    """Cross-entropy on the test images from probabilities: (n, 10) -> number."""
    return -np.log(p[np.arange(len(digits.y_test)), digits.y_test].clip(1e-7)).mean()

def report(name, *head):
    """The trained weights under another head: the loss that Keras reports, and that of what `predict` returns."""
    model = build(*head, loss=SCE(from_logits=True), metrics=["accuracy"])
    model.set_weights(trained)
    # what Keras reports, and whether it warns
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        reported, hits = model.evaluate(digits.X_test, digits.y_test, verbose=0)
    said = "a warning" if any("from_logits" in str(w.message) for w in caught) else "no word"
    # the same loss from what predict returns
    recomputed = softmax_loss(model.predict(digits.X_test, verbose=0).astype(float))
    print(f"{name:22} {said:10} reported {reported:.3f}   recomputed {recomputed:.3f}   accuracy {hits:.2f}")
    return model, reported, recomputed

# %% tags=["training"]
# the same trained weights under six heads
trained = once.model(0).get_weights()
shown = {name: report(name, *head) for name, head in {
    "softmax": softmax_head(),
    "softmax, Reshape": softmax_head(layers.Reshape((10,))),
    "softmax, times 1": softmax_head(layers.Rescaling(1.0)),
    "softmax, clip": softmax_head(layers.Lambda(lambda p: keras.ops.clip(p, 1e-7, 1))),
    "softmax, mixed_float16": [layers.Dense(10, activation="softmax", dtype="mixed_float16")],
    "softmax, softmax": softmax_head(layers.Activation("softmax"))}.items()}

# %%
compare("softmax-and-from-logits")

# %%
compare("four-small-additions")

# %%
(_, reported, recomputed), *others = shown.values()
assert np.isclose(reported, recomputed, atol=1e-3) and all(high > floor > low for _, high, low in others[:4])
assert np.isclose(*others[4][1:], atol=1e-3) and others[4][1] > floor

# %% [markdown]
# **Compare with your predictions.** Reported is what Keras says; recomputed is the same loss from what `predict` returns. In
# the first row Keras repairs: it finds the logits, and warns. Under each of the four changes it does not find them, does the second
# softmax, and says nothing. With `mixed_float16` the plain head is enough: the output is cast before the loss sees it.
# (There, give the last layer `dtype="float32"`.) In the last row the model itself has a softmax too many: both numbers agree,
# and both are too high. (The warning there is no comfort: what Keras finds attached are the outputs of the first softmax.)
#
# ### The wrong activation for the loss
#
# The loss looks for attached logits in every case, not only where you say `from_logits`. What follows from that when the
# activation is another one than the loss was made for?

# %% [raw] tags=["prediction"]
# id = "sigmoid-and-categorical"
# ask = "Ten sigmoids and the categorical loss. Keras reports a loss on the test images. You compute the categorical cross-entropy from what `predict` returns, with each row divided by its sum. How do the two compare?"
# [right]
# text = "the one from `predict` is several times as high"
# why = "The loss finds the logits behind the sigmoids and puts a softmax on them: it trains and reports a model with softmax. `predict` returns the sigmoids, whose rows add up to well over 1."
# [[wrong]]
# text = "they are equal, since the loss is computed from the predictions"
# misconception = "loss-is-computed-from-predict"
# why = "So one should think. It is computed from the logits that the sigmoids carry along."
# [[wrong]]
# text = "there is nothing to compare: Keras refuses sigmoids with this loss"
# misconception = "keras-would-refuse"
# why = "Shapes fit, so nothing is said. There is not even a warning."
# [[wrong]]
# text = "the reported one is higher, since sigmoids cannot be trained so"
# misconception = "mismatch-trains-badly"
# why = "They are trained very well, as a softmax. Only what `predict` returns is wrong."

# %%
def categorical_from(p):
    p = p / p.sum(axis=-1, keepdims=True)     # Keras divides each row by its sum, too
    return -np.log(p[:, np.arange(len(digits.y_test)), digits.y_test].clip(1e-7)).mean(axis=1)

def binary_from(p):
    p = p.clip(1e-7, 1 - 1e-7)
    return -np.where(one_hot_test == 1, np.log(p), np.log(1 - p)).mean(axis=(1, 2))

# %% tags=["training"]
# two heads, each under the loss of the other
sigmoids = runs_of(lambda: [layers.Dense(10, activation="sigmoid")], CCE(), as_rows)
shared = runs_of(softmax_head, keras.losses.BinaryCrossentropy(), as_rows)
results = {}
for name, runs, from_predict in [("sigmoid, categorical", sigmoids, categorical_from),
                                 ("softmax, binary", shared, binary_from)]:
    results[name] = runs.history["val_loss"][:, -1], from_predict(runs.predict(digits.X_test))
    reported, recomputed = np.median(results[name], axis=1)
    print(f"{name:22} reported {reported:.3f}   recomputed {recomputed:.3f}   accuracy {np.median(accuracy(runs)):.2f}")

# %%
compare("sigmoid-and-categorical")

# %% tags=["training"]
# recomputed over reported, for each pair and seed
ratio = {name: recomputed / reported for name, (reported, recomputed) in results.items()}
print(claim("With sigmoids and categorical loss, the loss recomputed from `predict` is over 3 times the reported.",
            ratio["sigmoid, categorical"], ">", 3))
print(claim("Trained with the categorical loss, ten sigmoids add up to more than 1.5, in the mean over the images.",
            sigmoids.predict(digits.X_test).sum(axis=-1).mean(axis=1), ">", 1.5))
print(claim("With softmax and binary cross-entropy, the recomputed loss is below nine tenths of the reported one.",
            ratio["softmax, binary"], "<", 0.9))

# %% [markdown]
# **Compare with your prediction.** Reported and recomputed differ in both rows, in the first by far. **The reported loss need not
# be the loss of what `predict` returns.** With sigmoids and the categorical loss, the loss puts a
# softmax on the attached logits and trains that; `predict` returns the sigmoids. With a softmax and binary cross-entropy, the
# loss reads the attached logits as ten sigmoids and trains those; `predict` returns their softmax. In both, curve and accuracy
# look fine, and the "probabilities" are not the ones that were trained. So choose the head for the loss as if Keras repaired
# nothing: for one class of many *a softmax, or no activation and* `from_logits=True`.
#
# And a head without softmax, when `from_logits=True` is forgotten? Three epochs each:

# %% tags=["training"]
for name, activation, loss, labels in [("linear, sparse", None, SCE(), digits.y_train),
                                       ("linear, categorical", None, CCE(), one_hot),
                                       ("relu, categorical", "relu", CCE(), one_hot)]:
    keras.utils.set_random_seed(seed)
    model = build(layers.Dense(10, activation=activation), loss=loss)
    model.optimizer.build(model.trainable_variables)
    # the loss before and after training
    before = float(loss(labels, model(digits.X_train)))
    model.fit(digits.X_train, labels, batch_size=64, epochs=3, verbose=0)
    print(f"{name:20} loss before training {before:7.2f}, after {float(loss(labels, model(digits.X_train))):7.2f}")

# %% tags=["training"]
def linear_start(k):
    keras.utils.set_random_seed(1000 * seed + k)
    return float(SCE()(digits.y_train, build(layers.Dense(10), loss=SCE())(digits.X_train)))

print(claim("Before training, the loss of a linear head without from_logits is mostly at least 2.5 times ln 10.",
            np.array([linear_start(k) for k in range(16)]) / np.log(10), ">=", 2.5, share=0.8))

# %% [markdown] given="1e-7: Keras' epsilon"
# Nothing is said here either, and the loss before training gives it away: compare it with ln 10. Where relu gives ten zeros for
# an image, the categorical loss divides the row by its sum, and 0/0 is NaN.
#
# And the first row? For integer labels Keras cuts each output to between 1e-7 and 1, and takes its share of the row. Outside, nothing
# pulls. An image with all ten outputs at or below the cut has ten equal shares, and costs ln 10. How many images end there?

# %% [raw] tags=["prediction"]
# id = "below-the-cut"
# ask = "The linear head with integer labels and no `from_logits`, three epochs, 16 seeds. How many training images have all ten outputs below the cut at the end?"
# [right]
# text = "on many seeds more than half of them"
# why = "Where an output is too high for its class, the loss pushes it down. Below the cut nothing pulls it up again. So image after image falls in."
# [[wrong]]
# text = "nearly none, on any seed: training pulls them out"
# misconception = "training-repairs-everything"
# why = "Below the cut the slope is 0. Only what other images do to the shared weights can bring an image back."
# [[wrong]]
# text = "about one in ten, the images of one digit"
# misconception = "fault-stays-in-one-class"
# why = "For each image nine outputs are pushed down, one up. All digits are concerned, and whole images fall below."

# %% tags=["training"]
stuck = fit_replicates(lambda: build(layers.Dense(10), loss=SCE()), digits.X_train, digits.y_train, seeds=16,
                       base_seed=1000 * seed, epochs=3, batch_size=64)
# images with all ten outputs at or below the cut, as a share of each seed's
below = (stuck.predict(digits.X_train) <= 1e-7).all(axis=-1).mean(axis=1)
print("share of images below the cut, one number a seed, sorted:", np.sort(below).round(2))

# %%
compare("below-the-cut")

# %% tags=["training"]
print(claim("On a third of the seeds or more, over half of the images end with all ten outputs below the cut.",
            below, ">", 0.5, share=1 / 3))

# %% [markdown]
# **Compare with your prediction.** A loss near ln 10 looks like a beginning. Here, on many seeds, it is an end: images below the cut
# pull no more. Count the images whose outputs are all below 0.
#
# ### Exercise 4.1: find the fault
#
# A colleague judges models by this function. A model that is right about everything, and sure, gets a loss far above 0.
# The accuracy that it returns is always right. There is **one** fault. Find it and mend it.

# %% tags=["exercise"] id="judge-a-model"
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
atol = 1e-6  # a clip at 1 - 1e-7 is as good

# %% tags=["hint"]
# Work out by hand, line by line, what happens to one row that is perfect: 1, 0, 0.

# %% tags=["hint"]
# What does `predict` return from a softmax head: logits, or shares of one whole already?

# %% tags=["right"]
def judge(outputs, y):
    p = np.array([row[k] for row, k in zip(outputs, y)])
    return {"loss": -np.log(np.maximum(p, 1e-7)).mean(), "accuracy": (outputs.argmax(axis=1) == y).mean()}

# %% tags=["wrong"] misconception="symptom-subtracted"
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

# %% tags=["wrong"] misconception="favorite-is-truth"
# The squeeze is gone. But the loss now asks for the favorite class of each row: the label says which one is true.
def judge(outputs, y):
    rows = np.arange(len(y))
    favorites = outputs.argmax(axis=1)
    return {"loss": -np.log(outputs[rows, favorites].clip(1e-7, 1)).mean(), "accuracy": np.mean(favorites == y)}

# %% tags=["wrong"] misconception="shift-cures-everything"
# You left the division out, and the exponential stayed. The outputs are shares already: no step is needed between them and the logarithm.
def judge(outputs, y):
    rows = np.arange(len(y))
    weights = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return {"loss": -np.log(weights[rows, y].clip(1e-7, 1)).mean(), "accuracy": np.mean(outputs.argmax(axis=1) == y)}

# %% tags=["wrong"] misconception="loss-is-probability"
# The squeeze is gone. But cross-entropy is −log of the probability of the true class, not 1 minus it: keep the logarithm.
def judge(outputs, y):
    rows = np.arange(len(y))
    return {"loss": np.mean(1 - outputs[rows, y]), "accuracy": np.mean(outputs.argmax(axis=1) == y)}

# %% tags=["wrong"] misconception="sum-for-a-mean"
# The squeeze is gone. But the loss is now the sum over the rows: take the mean, as before.
def judge(outputs, y):
    rows = np.arange(len(y))
    return {"loss": -np.log(outputs[rows, y].clip(1e-7, 1)).sum(), "accuracy": np.mean(outputs.argmax(axis=1) == y)}

# %% tags=["wrong"] misconception="symptom-subtracted"
# You widened the gaps before the softmax, and a perfect model comes near 0. All others get another loss than their own: the outputs need no softmax.
def judge(outputs, y):
    rows = np.arange(len(y))
    weights = np.exp(10 * outputs)
    shares = weights / weights.sum(axis=1, keepdims=True)
    return {"loss": -np.log(shares[rows, y].clip(1e-7, 1)).mean(), "accuracy": np.mean(outputs.argmax(axis=1) == y)}

# %% tags=["wrong"] misconception="mean-over-the-wrong-axis"
# You changed the axis of the sum. It was right: a row is one image. The question is why there is an exponential at all.
def judge(outputs, y):
    rows = np.arange(len(y))
    weights = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    shares = weights / weights.sum(axis=0, keepdims=True)
    return {"loss": -np.log(shares[rows, y].clip(1e-7, 1)).mean(), "accuracy": np.mean(outputs.argmax(axis=1) == y)}

# %% [markdown]
# And the head with the `Reshape`, from the table above: does the doctor see what you saw?

# %% tags=["training"]
examine(shown["softmax, Reshape"][0], digits.X_train, digits.y_train)

# %% [markdown]
# It follows the output back to the softmax. It cannot see a softmax in your own code behind `predict`, like that of exercise 4.1.
#
# ### Where it bites
#
# Such a function judges every model of a team. All of them look equally bad, and somebody goes to look for better data.

# %% [markdown]
# ## 5. Which digits?
#
# The parcels come back: which digits does the machine mistake for which? Take the right set-up of section 4 and its 16 runs. A
# confusion matrix counts: a row for each true digit, a column for each predicted one.

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
# ask = "Some of the 338 test images are misread. Which digit do the misread images turn into most often?"
# [right]
# text = "9"
# why = "Most runs misread more images as a 9 than as any other digit. In 8 by 8 pixels several digits come to look like one. The next figure shows the four images that are misread most often, whatever they turn into."
# [[wrong]]
# text = "8, since a printed 8 holds the strokes of most other digits"
# misconception = "print-for-handwriting"
# why = "So one would reason from print. Which digits look alike in these hands and these few pixels, only the counts can say."
# [[wrong]]
# text = "all ten, about equally"
# misconception = "errors-are-spread-evenly"
# why = "Errors follow likeness. Which class looks like which is the first thing to learn from this table."
# [[wrong]]
# text = "the digit that is most frequent in the training set"
# misconception = "imbalance-explains-everything"
# why = "The ten are about equally frequent here, so frequency has little to say."

# %% [raw] tags=["alt"] id="digits-confusion-alt"
# Table of 10 rows, true digit 0 to 9, by 10 columns, predicted digit 0 to 9; each cell holds the mean count over 16 seeds, gray
# where misread images are, darker for more. The diagonal holds from {low:.0f} to {high:.0f} images a digit. Beside it most
# cells are empty; the column of {column} holds {most:.0%} of all misread images, more than any other column.

# %% tags=["training"]
mean_table = tables.mean(axis=0)
misread = mean_table * (1 - np.eye(10))
share_of_column = misread.sum(axis=0) / misread.sum()
# one number a cell, gray for misread images
fig, ax = figures.axes(xlabel="predicted digit", ylabel="true digit", height=6)
ax.imshow(misread, cmap="Greys", vmax=4)
for i, j in zip(*np.nonzero(mean_table >= 0.05)):
    text, weight = (f"{mean_table[i, j]:.0f}", "bold") if i == j else (f"{mean_table[i, j]:.1f}", "normal")
    ax.text(j, i, text, ha="center", va="center", weight=weight, fontsize=11)
ax.set(xticks=range(10), yticks=range(10), 
       title="mean of 16 seeds; bold: read rightly, gray: misread, empty: under 0.05")
ax.grid(False)
figures.show(fig, "digits-confusion-alt", low=np.diag(mean_table).min(), high=np.diag(mean_table).max(),
             column=share_of_column.argmax(), most=share_of_column.max())

# %%
compare("mistaken-for")

# %% [raw] tags=["alt"] id="misread-alt"
# Four gray-scale images of 8 by 8 pixels, the four test images that most of the 16 runs misread, with their titles:
# {titles}.

# %% tags=["training"]
# the four images that most runs misread, with the answer that most runs give
hardest = np.argsort(-(favorites != digits.y_test).mean(axis=0), kind="stable")[:4]
titles = [f"{'an' if digits.y_test[i] == 8 else 'a'} {digits.y_test[i]}, "
          f"read as {np.bincount(favorites[:, i]).argmax()}" for i in hardest]
fig, panels = figures.axes(4, height=3)
for ax, i, title in zip(panels, hardest, titles):
    ax.imshow(digits.X_test[i].reshape(8, 8), cmap="gray_r")
    ax.set(title=title, xticks=[], yticks=[])
    ax.grid(False)
figures.show(fig, "misread-alt", titles=", ".join(titles))

# %% tags=["training"]
off = tables * (1 - np.eye(10, dtype=int))
print(claim("On at least four seeds in five, 0.3 or more of the misread images become a 9, on these 338 images.",
            off[:, :, 9].sum(axis=1) / off.sum(axis=(1, 2)), ">=", 0.3, share=0.8))
wrongly_said = off.sum(axis=1)                                    # (16 seeds, digits): misread images called so
print(claim("On at least four seeds in five, more images are misread as a 9 than as any other digit.",
            wrongly_said[:, 9] - wrongly_said[:, :9].max(axis=1), ">=", 1, share=0.8))
# recall of each digit: its diagonal cell over its row
by_digit = np.array([np.diag(t) / t.sum(axis=1) for t in tables])
print("recall of each digit, median of 16 seeds:", np.median(by_digit, axis=0).round(2))
tell("A run misreads {count:.0f} of the 338 images, in the median.", count=np.median(off.sum(axis=(1, 2))))

# %% [markdown]
# **Compare with your prediction.** The column of 9 holds more misread images than any other. The four images show why it is
# hard: look at each, cover its title, and say what you read. A row of the table divided by its sum gives, on the diagonal, the
# recall of that digit. So few images are misread that another test set could show another favorite mistake. Count anew there.
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

# %% [raw] tags=["question"]
# id = "k-up-to-ten"
# given = ["1.0: the largest share there is"]
# ask = "Change the list of k in the cell above to [1, 5, 10] and run it again. What does the value at k = 10 say about the model?"
# [right]
# text = "nothing: any model gets it"
# why = "Among ten of ten classes the true one is always found. Guessing reaches about k divided by the number of classes, so k should be well below it. Keras' default is 5, and with three or four classes it says nothing."
# [[wrong]]
# text = "that it ranks the digits perfectly"
# misconception = "top-k-needs-no-baseline"
# why = "Then so would a model that says the same of every image. Guessing k of K classes at random gets k / K, and here that is 1."
# [[wrong]]
# text = "that five or ten guesses are enough for this model"
# misconception = "no-baseline"
# why = "Ten guesses are enough for any model. Compare with what guessing reaches before you praise a value."
# [[wrong]]
# text = "nothing: Keras raises an error for such a k"
# misconception = "keras-would-refuse"
# why = "Nobody checks k. It runs, and means nothing."

# %%
# a constant model, and one that gives the true class of four the least
constant, least = np.full((10, 10), 0.1, dtype="float32"), 0.3 - 0.2 * np.eye(4, dtype="float32")
TopK = keras.metrics.SparseTopKCategoricalAccuracy
print(f"constant model, k = 1: ours {top_k_accuracy(constant, np.arange(10), 1):.1f}, "
      f"Keras {float(TopK(k=1)(np.arange(10), constant)):.1f}")
print(f"always the least for the true one of four, k left at its default: {float(TopK()(np.arange(4), least)):.1f}")

# %% [raw] tags=["question"]
# id = "tie-of-ten"
# given = ["0.1 1.0: printed above by code"]
# ask = "The constant model gives every digit 0.1. Your function and Keras' metric disagree about it at k = 1. Why?"
# [right]
# text = "in a tie Keras counts no class as ahead of the true one"
# why = "Keras asks whether any class is more probable than the true one. In a tie none is, so every image is a hit. `argsort` has to put one first, and takes just one."
# [[wrong]]
# text = "Keras breaks ties by chance, ours takes the first"
# misconception = "ties-are-broken-by-chance"
# why = "Chance would give about a tenth as well. Keras makes no choice: all of the tied count as first."
# [[wrong]]
# text = "Keras leaves tied images out of the mean"
# misconception = "bad-rows-are-skipped"
# why = "None is left out. All ten are counted, as hits."
# [[wrong]]
# text = "for k = 1 Keras computes the accuracy instead"
# misconception = "top-one-is-accuracy"
# why = "Accuracy takes the first class in a tie, and would give a tenth here. Top-k lets all of them pass."

# %% [markdown]
# ### Which accuracy did you get?
#
# `"accuracy"` lets Keras choose by the shapes.

# %% [raw] tags=["prediction"]
# id = "named-accuracy"
# ask = "Integer labels, softmax, and `metrics=[\"categorical_accuracy\"]`. The model reads most images. What is reported?"
# [right]
# text = "a small number that means nothing, without a word"
# why = "The metric looks for the place of the largest entry. With integers that is the place, within the batch, of the largest label. It counts how often the model says that number: another result for another batch size."
# [[wrong]]
# text = "the share of images that are read, as with the other names"
# misconception = "formats-are-interchangeable"
# why = "Each variant reads labels in its own way: places in a row, or rows."
# [[wrong]]
# text = "an error about shapes, as with the loss"
# misconception = "metrics-check-like-losses"
# why = "The loss compares shapes and stops. This metric makes its own sense of what it gets."
# [[wrong]]
# text = "about 0.9, since nine of ten cells agree"
# misconception = "binary-accuracy-everywhere"
# why = "That is binary accuracy on one-hot rows, which counts cells."

# %% tags=["training"]
good = once.model(0)

def reported(metric, labels, loss, batch_size=32):
    good.compile(loss=loss, metrics=[metric])
    return good.evaluate(digits.X_test, labels, batch_size=batch_size, verbose=0)[1]

# with integers as labels, then with rows
for name in ["accuracy", "sparse_categorical_accuracy", "categorical_accuracy"]:
    print(f"integers  {name:30} {reported(name, digits.y_test, SCE()):.3f}")
print(f"integers  {'the same, batches of 338':30} {reported(name, digits.y_test, SCE(), 338):.3f}")
for name, metric in {"accuracy": "accuracy", "binary_accuracy": "binary_accuracy",
                     "Accuracy() (equality)": keras.metrics.Accuracy()}.items():
    print(f"one-hot   {name:30} {reported(metric, one_hot_test, CCE()):.3f}")

# %%
compare("named-accuracy")
print(f"binary accuracy of naming no class at all: {np.mean(one_hot_test == 0):.1f}")

# %% [markdown]
# On integers `categorical_accuracy` is nonsense. On one-hot rows `binary_accuracy` counts cells, of which nine in ten are 0
# for everybody. And `Accuracy()` asks whether a probability *equals* 0 or 1. Write `"accuracy"`, and check it once against
# your own mean of hits.
#
# ### Where it bites
#
# A metric near 0 is noticed at once. A metric near 1 is believed, even where naming nothing gets nine tenths.

# %% [markdown] given="2,498: asserted below"
# ## 6. Four age ratings, one of them rare
#
# The digits are balanced. These classes are not: the American age ratings, or certificates, of 2,498 films. They go from G,
# for everybody, over PG and PG-13 to R, where the young need an adult with them. A catalog wants the missing ones filled in.

# %%
films = data.certificates()
assert sum(map(len, (films.y_train, films.y_val, films.y_test))) == 2498
print(films, *films.leaks, sep="\n")
# the share of each class in training, and the baseline
share = np.bincount(films.y_train) / len(films.y_train)
print(*[f"{name} {part:.2f}" for name, part in zip(films.classes, share)], sep="   ")
always_r = np.mean(films.y_test == share.argmax())
print(f"always saying {films.classes[share.argmax()]}: test accuracy {always_r:.2f}")

# %% [raw] tags=["question"]
# id = "films-without-a-rating"
# ask = "A model will be judged on the test films, which training never saw. Will it do as well on the films of the catalog that lack a rating? Read the list above first."
# discuss = true
# [right]
# text = "nobody knows: films with a rating are better known than those without"
# why = "The test films were drawn from the rated ones. A rating is on record for few films, mostly the better known, so the others are of another kind. To know, somebody must rate a sample of them by hand."
# [[wrong]]
# text = "yes: the test films are unseen, and so are the others"
# misconception = "unseen-means-alike"
# why = "Unseen is not enough. The films to come must be of the same kind as the test films, and these are not."
# [[wrong]]
# text = "no: the year is among the features, so the model has cheated"
# misconception = "clue-is-cheating"
# why = "The year is known for the other films as well. It tells which ratings existed then, which is a fair clue for a catalog; but a model that leans on it learns the calendar."
# [[wrong]]
# text = "better: there are far more of them"
# misconception = "more-films-raise-f1"
# why = "More films make a measured share more certain. They make no answer better."

# %% [markdown]
# A plain softmax on the features (year, runtime, genres, what critics gave), without a hidden layer, from 16 seeds.

# %% tags=["training"]
def build_ratings():
    model = keras.Sequential([keras.Input((films.X_train.shape[1],)), layers.Dense(4)])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=SCE(from_logits=True))
    return model

ratings = fit_replicates(build_ratings, films.X_train, films.y_train, **recipe)
# probabilities, and the most probable class of each film
p_films = softmax(ratings.predict(films.X_test).astype(float))            # (16 seeds, films, 4)
said_films = p_films.argmax(axis=-1)
accuracy_films = (said_films == films.y_test).mean(axis=1)
print(f"test accuracy, median of 16 seeds: {np.median(accuracy_films):.2f}")
print(claim("The model of the ratings is right for at least 0.1 more of the films than always saying R.",
            accuracy_films - always_r, ">", 0.1))

# %% [markdown]
# ### One vote for each film, or one for each class?
#
# Accuracy gives every film one vote. The alternative gives every *class* one vote:
# compute the recall of each class (that class is the positive one), and take the plain mean. That is a **macro average**.
# Pooling all films first is a **micro average**.

# %% [raw] tags=["prediction"]
# id = "mean-of-recalls"
# ask = "R is by far the most frequent rating, G the rarest. How does the mean of the four recalls compare with the accuracy?"
# [right]
# text = "clearly lower"
# why = "The model is best at the frequent class and poor at the rare ones. In accuracy R has the most votes; in the mean of recalls G has as many."
# [[wrong]]
# text = "equal: both are shares of right answers"
# misconception = "micro-is-macro"
# why = "They must be equal if each class is found equally well, or if all are equally frequent. Here neither is so."
# [[wrong]]
# text = "clearly higher: rare classes are easier to keep apart"
# misconception = "rare-is-easy"
# why = "The loss is a mean over films. For a rare class there is little to gain, so the model seldom says it."
# [[wrong]]
# text = "it cannot be compared: recall needs two classes"
# misconception = "recall-needs-two-classes"
# why = "Each class has its own recall: that class is the positive one, all others together the negative one."

# %% [raw] tags=["alt"] id="ratings-confusion-alt" given="5% 95%: the ends of the range, set in helpers"
# Table of 4 rows, the true ratings G, PG, PG-13 and R, by 4 columns, the decided ones in the same order; each cell holds the
# median count of test films over 16 seeds with its range from 5% to 95%, darker blue for a larger share of its row. Of the true
# {best}, a share of {high:.2f} stand on the diagonal; of the others between {low:.2f} and {next:.2f}. Off the
# diagonal stand {whole:.0f} films in the mean, {part:.0f} of them in the column of {column}.

# %% tags=["training"]
from helpers.classification_figures import confusion as draw_confusion

def recalls(y_true, said):
    """Recall of each class, by seed: (seeds, 4)."""
    return np.stack([(said == k)[:, y_true == k].mean(axis=1) for k in range(4)], axis=1)

by_class = recalls(films.y_test, said_films)
diagonal = np.median(by_class, axis=0)
# the counts, and for the alt text where the others go
fig, ax = figures.axes(height=4.8)
draw_confusion(ax, films.y_test, said_films, names=films.classes)
ax.set_title("test films: median of 16 seeds, and 5% to 95%")
away = (np.mean([confusion(films.y_test, one, 4) for one in said_films], axis=0) * (1 - np.eye(4))).sum(axis=0)
figures.show(fig, "ratings-confusion-alt", best=films.classes[diagonal.argmax()], high=diagonal.max(),
             low=diagonal.min(), next=np.sort(diagonal)[-2], column=films.classes[away.argmax()], part=away.max(),
             whole=away.sum())
print("recall:", *[f"{name} {value:.2f}" for name, value in zip(films.classes, diagonal)], sep="   ")
print(f"mean of the four {np.median(by_class.mean(axis=1)):.2f}   accuracy {np.median(accuracy_films):.2f}")

# %%
compare("mean-of-recalls")

# %% tags=["training"]
print(claim("The mean of the four recalls is at least 0.05 below the accuracy.",
            accuracy_films - by_class.mean(axis=1), ">=", 0.05))
print(claim("R is found at least 1.5 times as often as any other rating.",
            by_class[:, 3] / by_class[:, :3].max(axis=1), ">=", 1.5))

# %% [markdown]
# **Compare with your prediction.** On the diagonal the cell of R is the darkest. The other ratings are found far less often, and in the mean of the
# recalls they have three votes of four.
#
# ### Exercise 6.1: the mean of recalls
#
# `recalls` above does half of it, for four classes and 16 seeds at once. Write the whole for one run and any number of classes.
# A class that does not occur in `y_true` has no recall: leave it out of the mean.

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

# %% tags=["wrong"] misconception="never-said-is-absent"
# You left out the classes that are never said. They have a recall, and it is 0. Leave out only classes that do not occur in `y_true`.
def macro_recall(y_true, y_pred, num_classes):
    return np.mean([np.mean(y_pred[y_true == k] == k) for k in np.unique(y_pred) if np.any(y_true == k)])

# %% tags=["wrong"] misconception="labels-start-at-one"
# You left out class 0. The classes are counted from 0 to num_classes − 1.
def macro_recall(y_true, y_pred, num_classes):
    return np.mean([np.mean(y_pred[y_true == k] == k) for k in range(1, num_classes) if np.any(y_true == k)])

# %% tags=["wrong"] misconception="sum-for-a-mean"
# That is the sum of the recalls. Divide by the number of classes that occur.
def macro_recall(y_true, y_pred, num_classes):
    return np.sum([np.mean(y_pred[y_true == k] == k) for k in range(num_classes) if np.any(y_true == k)])

# %% tags=["wrong"] misconception="mean-over-the-wrong-axis"
# You divided the hits of each class by all films. The recall of a class divides by the films of that class.
def macro_recall(y_true, y_pred, num_classes):
    there = [k for k in range(num_classes) if np.any(y_true == k)]
    return np.mean([np.sum((y_true == k) & (y_pred == k)) / len(y_true) for k in there])

# %% tags=["wrong"] misconception="true-negatives-count"
# You counted the films that are not k and were not called k as hits, too. Recall looks only at the films whose true class is k.
def macro_recall(y_true, y_pred, num_classes):
    return np.mean([np.mean((y_true == k) == (y_pred == k)) for k in range(num_classes) if np.any(y_true == k)])

# %% tags=["wrong"] misconception="recall-is-f1"
# That is the mean of the F1 of the classes: false alarms count in it. Recall asks only how many films of a class were found.
def macro_recall(y_true, y_pred, num_classes):
    hits = {k: np.sum((y_true == k) & (y_pred == k)) for k in range(num_classes) if np.any(y_true == k)}
    return np.mean([2 * hit / (np.sum(y_true == k) + np.sum(y_pred == k)) for k, hit in hits.items()])

# %% tags=["wrong"] misconception="precision-recall-swapped"
# You divided by the columns of the confusion matrix, the films *called* k: that is the precision of each class. Divide by the rows.
def macro_recall(y_true, y_pred, num_classes):
    called = np.bincount(y_pred, minlength=num_classes).clip(1)
    return np.mean(np.bincount(y_true[y_true == y_pred], minlength=num_classes) / called)

# %% [markdown] given="0.5: Keras' default threshold"
# Keras' `Precision()` and `Recall()` on softmax columns do not do this. As in notebook 02, they pool all cells, cut at 0.5: a
# micro average that belongs to no class. `class_id=0` asks for G, cut at 0.5 as well. `F1Score` takes the largest column of each row instead.

# %% tags=["training"]
# one run's probabilities and one-hot rows, through five metrics
one_run, film_rows = keras.ops.softmax(ratings.predict(films.X_test)[0]), np.eye(4, dtype="float32")[films.y_test]
pooled = {"accuracy": keras.metrics.CategoricalAccuracy(), "Recall()": keras.metrics.Recall(),
          "Recall(class_id=0), G positive": keras.metrics.Recall(class_id=0),
          "F1Score(average='micro')": keras.metrics.F1Score(average="micro"),
          "F1Score(average='macro')": keras.metrics.F1Score(average="macro")}
shown_films = {name: float(metric(film_rows, one_run)) for name, metric in pooled.items()}
print("one run:", *[f"{name:32} {value:.2f}" for name, value in shown_films.items()], sep="\n")
try:
    keras.metrics.Precision()(films.y_test, one_run)
except Exception as error:
    print("Precision() with integer labels raises", type(error).__name__, "\n  ", str(error).splitlines()[0][:100])
assert np.isclose(shown_films["F1Score(average='micro')"], shown_films["accuracy"])

# %% [markdown]
# With the most probable class of each film, micro-averaged precision, recall and F1 *are* the accuracy: each wrong film is one
# false alarm and one miss. So a micro average adds nothing here. The macro average does. (With integer labels the last metric
# raised an error about shapes: it wants one-hot rows.)
#
# ### Exercise 6.2: another decision, without training
#
# In notebook 02 a threshold traded misses for false alarms, and class weights did it in training. With four classes there is no
# single threshold. But the model says R so often also because R is frequent. Suppose each *class* is to have one vote. Then a
# film should go to the class whose probability is highest *compared with its share of the training films*. Write that decision.

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
         (np.array([[0.12, 0.48, 0.4], [0.09, 0.5, 0.41]]), np.array([0.1, 0.3, 0.6])),
         (np.array([[0.2, 0.3, 0.5], [0.4, 0.4, 0.2]]), np.array([0.1, 0.3, 0.6]))]
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

# %% tags=["wrong"] misconception="value-instead-of-place"
# You give the ratios themselves. A decision names one class for each film: the place of the largest ratio.
def decide(p, share):
    return p / share

# %% tags=["wrong"] misconception="value-instead-of-place"
# You give the largest ratio. A decision names the class that has it: its place in the row.
def decide(p, share):
    return np.max(p / share, axis=1)

# %% tags=["wrong"] misconception="place-of-the-film"
# You looked down the columns: for each class the film that suits it best. Asked is the best class of each film.
def decide(p, share):
    return np.argmax(p / share, axis=0)

# %% tags=["wrong"] misconception="first-over-the-bar"
# You took the first class that is more probable than usual. There may be another one that is so by far more.
def decide(p, share):
    return np.argmax(p > share, axis=1)

# %% tags=["wrong"] misconception="rarest-always"
# You gave always the class that is rarest among those with some probability. How probable they are must count as well.
def decide(p, share):
    return np.argmax(np.where(p > 0.05, 1 / share, 0), axis=1)

# %% tags=["wrong"] misconception="scale-reversed"
# You took the class whose probability is lowest compared with its share. Divide p by share, and take the largest.
def decide(p, share):
    return np.argmax(share / p, axis=1)

# %% tags=["wrong"] misconception="mean-of-the-batch"
# You compared with the mean probability of the films given. `share` holds the shares of the training films: compare with these.
def decide(p, share):
    return np.argmax(p / p.mean(axis=0), axis=1)

# %% tags=["wrong"] misconception="difference-is-not-a-ratio"
# You weighed by 1 − share. That treats all rare classes nearly alike, however rare they are: divide by the share.
def decide(p, share):
    return np.argmax(p * (1 - share), axis=1)

# %% tags=["wrong"] misconception="first-over-the-bar"
# You took the most probable of the classes that are more probable than usual. The one that is so by most may be a rarer one.
def decide(p, share):
    return np.argmax(np.where(p > share, p, 0), axis=1)

# %% tags=["wrong"] misconception="value-instead-of-place"
# You say yes or no to each class. A decision names one class for each film: the place of the largest ratio.
def decide(p, share):
    return (p > share).astype(int)

# %% tags=["wrong"] misconception="rarest-always"
# You say the rarest class of every film. Its probability must count as well: divide it by the share.
def decide(p, share):
    return np.full(len(p), np.argmin(share))

# %% [markdown]
# What does it do to our 16 models? Their weights and probabilities stay as they are. We use the finished decision of the workbook's
# own solution, in one line.

# %% [raw] tags=["prediction"]
# id = "after-the-new-decision"
# ask = "Each film goes to the class whose probability is highest compared with its share. What happens to accuracy and to the mean of the recalls?"
# [right]
# text = "accuracy falls, the mean of the recalls rises"
# why = "Where the probabilities can be taken at their word, the most probable class is the best bet on accuracy, and any other choice loses some. R loses; G and PG-13 win; PG loses as well, though less."
# [[wrong]]
# text = "both rise, since the bias toward R is gone"
# misconception = "one-decision-wins-everywhere"
# why = "With honest probabilities no decision wins both. The old one was made for accuracy, the new one is made for the mean of recalls."
# [[wrong]]
# text = "neither moves, since nothing was trained"
# misconception = "decisions-come-from-training"
# why = "The probabilities do not move. Decisions do, and both metrics are made of decisions."
# [[wrong]]
# text = "both fall, since the probabilities were the best guess"
# misconception = "most-probable-always"
# why = "The best guess for what? For accuracy it was. For the mean of recalls it was not."

# %% tags=["training"]
said_2 = (p_films / share).argmax(axis=-1)
by_class_2, accuracy_2 = recalls(films.y_test, said_2), (said_2 == films.y_test).mean(axis=1)
# old and new, line by line
both = {f"recall of {name}": (by_class[:, k], by_class_2[:, k]) for k, name in enumerate(films.classes)}
both |= {"mean of the four": (by_class.mean(axis=1), by_class_2.mean(axis=1)), "accuracy": (accuracy_films, accuracy_2)}
for name, (old, new) in both.items():
    print(f"{name:17} most probable {np.median(old):.2f}   compared with its share {np.median(new):.2f}")

# %%
compare("after-the-new-decision")

# %% tags=["training"]
print(claim("With the new decision the mean of the recalls is at least 0.03 higher.",
            by_class_2.mean(axis=1) - by_class.mean(axis=1), ">=", 0.03))
print(claim("The accuracy of the new decision is at least 0.01 lower.", accuracy_films - accuracy_2, ">=", 0.01))
# of the films called G (positive: G), how many are it?
precision_g = [np.array([np.mean(films.y_test[one == 0] == 0) for one in said]) for said in (said_films, said_2)]
tell("Precision of G (positive: G): {old:.2f} with the most probable class, {new:.2f} compared with its share.",
     old=np.median(precision_g[0]), new=np.median(precision_g[1]))
print(claim("With the new decision the precision of G (positive: G) is at least 0.08 lower.",
            precision_g[0] - precision_g[1], ">=", 0.08))

# %% tags=["training"]
# by how much the recall of each class moves, seed by seed
moved_by = by_class_2 - by_class
print(claim("With the new decision the recalls of G and of PG-13 are each at least 0.1 higher.",
            moved_by[:, [0, 2]].min(axis=1), ">=", 0.1))
print(claim("With the new decision the recall of R is at least 0.12 lower.", -moved_by[:, 3], ">=", 0.12))
print(claim("On at least nine seeds in ten the recall of PG is lower with the new decision, by 0.03 or more.",
            -moved_by[:, 1], ">=", 0.03, share=0.9))

# %% [markdown]
# **Compare with your prediction.** R and PG lose recall, G and PG-13 win. The mean of the four goes up, and accuracy goes down.
#
# Why divide by the share? Every G film that is found adds 1 to the films that are found. To the recall of G it adds 1 divided by
# the number of G films. For the mean of recalls a film of a rare class is worth more, in that proportion. So weigh each
# probability by 1 over the share, and say the class with the largest product.

# %% [raw] tags=["question"]
# id = "which-decision-to-ship"
# ask = "A streaming service wants a shelf of films that small children may see: rating G. Every film on it that is not rated G brings angry parents. Which decision do you take?"
# discuss = true
# [right]
# text = "neither: only films with a high probability of G go on this shelf"
# why = "The cost is in calling a film G that is not. Precision of G, the positive class here, is what counts, and it is set by a high threshold on the probability of G."
# [[wrong]]
# text = "the new one: it finds more of the G films, and so fills the shelf"
# misconception = "recall-at-any-price"
# why = "It finds more of them, and its precision, printed above, is lower. Here the false alarm is what costs."
# [[wrong]]
# text = "the old one: it is more accurate"
# misconception = "accuracy-is-the-objective"
# why = "Accuracy charges the same for every mistake. This service does not."
# [[wrong]]
# text = "the one with the higher macro F1, which looks at precision and recall"
# misconception = "f1-fits-every-objective"
# why = "F1 weighs precision and recall alike, and the macro average all classes alike. The service told you that it does not."

# %% [markdown]
# ### Where it bites
#
# A report with one accuracy hides which class pays for it. Print the recalls, one line a class, with the number of cases.
# Whoever needs one number must say first whether films or classes have a vote.

# %% [markdown]
# ## 7. What if a label is not quite sure?
#
# A label of 1 or 0 is a strong word, and some labels may be wrong. Can one tell the loss so? **Label smoothing** takes a little from the true
# class and spreads it over all K classes. With a smoothing of s the target is (1 − s) · one-hot + s / K.

# %%
def smoothed(one_hot_row, s):
    return (1 - s) * one_hot_row + s / len(one_hot_row)

def loss_at(p_true, s, num_classes=10):
    """Smoothed loss of one image when the true class gets p_true and the others share the rest equally."""
    p = np.full(num_classes, (1 - p_true) / (num_classes - 1))
    p[0] = p_true
    return -np.sum(smoothed(np.eye(num_classes)[0], s) * np.log(p))

# %% [raw] tags=["prediction"]
# id = "smoothing-and-certainty"
# given = ["0.3: premise"]
# ask = "Smoothing 0.3, ten classes. Which probability of the true class gives the lowest loss?"
# right = 0.73
# range = [0, 1]
# tolerance = 0.03
# why = "The loss is lowest where the prediction equals the target: 0.7 plus a tenth of 0.3. Beyond it, certainty costs."
# [[near]]
# value = 0.7
# misconception = "smoothing-takes-all"
# why = "You forgot that the true class also gets its tenth of what was spread."
# [[near]]
# value = 0.97
# misconception = "smoothing-is-half"
# why = "That is 1 − s/K. The true class gives away all of s, and gets s/K back."
# [[near]]
# value = 1
# misconception = "more-certain-is-always-better"
# why = "That is so without smoothing. With it, the nine others have a claim of s/K each, and −log of almost nothing is dear."

# %% [raw] tags=["alt"] id="smoothing-alt" given="0.5: set in code"
# Line plot of the loss of one image, axis from 0 to {top:.1f}, over the probability of its true class, from 0.5 to 1. Without
# smoothing the loss falls to 0. With smoothing {amount:g} it falls to a lowest point of {floor:.2f} at {best:.2f}, which is
# ringed, and rises without end to the right of it.

# %%
p_true = np.append(np.linspace(0.5, 0.999, 500), [0.9999, 0.99999])
# the loss at every probability, for each smoothing
amount = 0.3
curves = {s: np.array([loss_at(p, s) for p in p_true]) for s in (0.0, amount)}
lowest = p_true[curves[amount].argmin()]
fig, ax = figures.axes(xlabel="probability of the true class", ylabel="loss of one image")
figures.lines(ax, p_true, {"no smoothing": curves[0.0], "smoothing": curves[amount]}, label_at=None)
for s, name in [(0.0, "no smoothing"), (amount, "smoothing")]:
    ax.annotate(name, (0.55, loss_at(0.55, s)), xytext=(8, 6), textcoords="offset points")
figures.mark(ax, lowest, curves[amount].min(), "lowest", offset=(-18, 14))
ax.set(ylim=(0, 2.5), xlim=(0.5, 1.01))
figures.show(fig, "smoothing-alt", top=ax.get_ylim()[1], floor=curves[amount].min(), best=lowest, amount=amount)

# %%
target = smoothed(np.eye(10)[3], 0.3)
compare("smoothing-and-certainty", target.max())

# %%
# a prediction that equals the target: by hand, and by Keras
floor_3 = -np.sum(target * np.log(target))
at_target = float(CCE(label_smoothing=0.3)(np.eye(10)[3:4], target[None]))
print("the label 3, smoothed by 0.3:", target.round(2))
print(f"Keras' loss of a prediction that equals the target: {at_target:.3f}, by hand {floor_3:.3f}")
assert np.isclose(at_target, floor_3, rtol=1e-5) and abs(lowest - smoothed(np.eye(10)[3], amount).max()) < 0.002

# %% [markdown]
# **Compare with your prediction.** With smoothing the curve has its lowest point before 1, and rises again. The floor is the loss of a
# prediction that equals the target. No training gets below it, and 0 is far away.

# %% [raw] tags=["question"]
# id = "smoothing-of-a-tenth"
# given = ["0.1: premise", "0.91: 0.9 plus a tenth of 0.1, asserted below", "0.9: arithmetic"]
# ask = "Set `amount` to 0.1 in the cell of the figure and run it again, but say first: where will the lowest point stand?"
# [right]
# text = "at 0.91"
# why = "0.9 is left of the 1, and a tenth of the 0.1 comes back."
# [[wrong]]
# text = "at 0.9"
# misconception = "smoothing-takes-all"
# why = "The true class is one of the ten over which the 0.1 is spread: it gets a tenth of it back."
# [[wrong]]
# text = "at 0.73, as before"
# misconception = "argument-ignored"
# why = "That was for the other smoothing. The target moves with s, and the lowest point with the target."
# [[wrong]]
# text = "at 0.99"
# misconception = "smoothing-is-half"
# why = "That is 1 − s/K. The true class gives away all of s, and gets s/K back."

# %% tags=["training"]
target = smoothed(np.eye(10)[3], 0.1)
smooth_floor = -np.sum(target * np.log(target))
assert round(smooth_floor, 1) == 0.5
# trained with and without, side by side
smooth = runs_of(softmax_head, CCE(label_smoothing=0.1), as_rows)
sure_once, sure_smooth = (run.predict(digits.X_test).max(axis=-1).mean(axis=1) for run in (once, smooth))
for name, run, sure in [("no smoothing", once, sure_once), ("smoothing 0.1", smooth, sure_smooth)]:
    print(f"{name:14} training loss {np.median(run.history['loss'][:, -1]):.2f}   highest probability, mean "
          f"{np.median(sure):.2f}   test accuracy {np.median(accuracy(run)):.2f}")

# %% tags=["training"]
assert (smooth.history["loss"] > smooth_floor).all() and np.isclose(target.max(), 0.91)
print(claim("With smoothing 0.1 the training loss ends within 0.15 of the floor.",
            smooth.history["loss"][:, -1] - smooth_floor, "<", 0.15))
print(claim("With smoothing 0.1 the mean of the highest probabilities is lower by at least 0.08.",
            sure_once - sure_smooth, ">=", 0.08))
print(claim("On nine seeds in ten or more, smoothing 0.1 moves the test accuracy by less than 0.03, up or down.",
            abs(accuracy(smooth) - accuracy(once)), "<", 0.03, share=0.9))

# %% [markdown]
# Two accuracies that are so close decide nothing, and here we made no label wrong. What does Keras make of other values?

# %%
try:
    SCE(label_smoothing=0.1)
except TypeError as error:
    print("the sparse loss:", error)
too_much = float(CCE(label_smoothing=1.5)(np.eye(10)[3:4], np.eye(10)[3:4] * 0.99 + 0.001))
print(f"a smoothing of 1.5 is taken without a word: loss {too_much:.1f} for a prediction that is right and sure;",
      "smallest entry of the target:", smoothed(np.eye(10)[3], 1.5).min().round(2))

# %% [raw] tags=["question"]
# id = "compare-two-training-losses"
# given = ["0.1 0.6 0.04: premises", "0.5: the floor, asserted above"]
# ask = "Model A is trained with smoothing 0.1 and ends at a training loss of 0.6. Model B is trained without and ends at 0.04. What follows?"
# discuss = true
# [right]
# text = "nothing yet: the two losses have different floors"
# why = "0.5 of A's loss is the floor and cannot go away. Compare both by one metric, on the same unseen images."
# [[wrong]]
# text = "B is better by far, since its loss is so much lower"
# misconception = "losses-are-comparable"
# why = "The scales differ: a perfect model gets about 0.5 on one of them and 0 on the other."
# [[wrong]]
# text = "A has not been trained long enough"
# misconception = "loss-can-reach-zero"
# why = "It is close to what is possible. With smoothing, 0 cannot be reached by any model."
# [[wrong]]
# text = "A is better: what is smoothed cannot be overfit"
# misconception = "bug-as-regularizer"
# why = "Smoothing lowers certainty. Whether it helps on unseen data is for a metric to say."

# %% [markdown] given="1.5: set in code above"
# ### Where it bites
#
# A smoothing above 1 gives the true class less than each wrong one, and 1.5 a negative target: the loss then punishes what is
# right. And two losses with other targets or formulas are never compared: not with and without smoothing, not CCE with BCE.

# %% [markdown] given="0.9: the rule of the story; 1,000: set in code"
# ## 8. How sure is it really?
#
# The parcel machine sends unclear images to a person: those below 0.9. Then a parcel arrives on which nobody wrote any digit,
# only dirt. What does it say? We make 1,000 such images, every pixel drawn at random. **They are constructed**, so that we know the
# truth: no digit.

# %%
noise = np.random.default_rng(seed).uniform(0, 1, (1000, 64)).astype("float32")

# %% [raw] tags=["prediction"]
# id = "softmax-on-noise"
# given = ["1,000: set in code", "0.9: the rule of the story"]
# ask = "The networks of section 4 with one softmax get these 1,000 images. For which share of them is the highest probability above 0.9?"
# [right]
# text = "about a half"
# why = "Softmax shares out one whole among the ten digits. There is no place for none of them, and large gaps between logits come out for strange images as well."
# [[wrong]]
# text = "none: the model sees that these are no digits"
# misconception = "softmax-can-say-none"
# why = "It has ten answers, and none of them is: no digit."
# [[wrong]]
# text = "none: all ten get about one tenth"
# misconception = "unknown-means-equal-shares"
# why = "That would need ten equal logits. Nothing in training pushes strange images there."
# [[wrong]]
# text = "about one in fifty, by chance"
# misconception = "confidence-is-rare-by-chance"
# why = "High values are no rare accident: about every second image of noise gets one. Nothing in the loss asks for low ones."

# %% [raw] tags=["alt"] id="noise-alt" given="0.9: the rule of the story"
# Histogram with two outlines; the axis is the highest probability from 0 to 1, in twenty steps, the height is the share
# of images from 0 to 1, all 16 seeds together; a dotted line stands at 0.9. Test digits pile up in the last step, with
# {digits_last:.0%}. Noise is spread from {low:.1f} to 1, and its highest step, too, is the last one, with {noise_last:.0%}. Above
# 0.9 are {digits_above:.0%} of the digits and {noise_above:.0%} of the noise.

# %% tags=["training"]
# the highest probability of each image
tops = {"test digits": once.predict(digits.X_test).max(axis=-1), "noise": once.predict(noise).max(axis=-1)}
bins = np.linspace(0, 1, 21)
heights = {name: np.histogram(top, bins)[0] / top.size for name, top in tops.items()}
above = {name: (top > 0.9).mean(axis=1) for name, top in tops.items()}
fig, ax = figures.axes(xlabel="highest of the ten probabilities", ylabel="share of the images")
for i, (name, height) in enumerate(heights.items()):
    ax.stairs(height, bins, color=figures.COLORS[i], linestyle=figures.STYLES[i], linewidth=2.2)
    ax.annotate(name, (0.88, height[-1]), ha="right", va="center")
ax.axvline(0.9, color="black", linestyle=":")
ax.set(xlim=(0, 1), ylim=(0, 1))
figures.show(fig, "noise-alt", digits_last=heights["test digits"][-1], noise_last=heights["noise"][-1],
             low=np.percentile(tops["noise"], 1), digits_above=above["test digits"].mean(),
             noise_above=above["noise"].mean())
print("above 0.9, median of 16 seeds:", *[f"{name} {np.median(part):.0%}" for name, part in above.items()], sep="   ")

# %%
compare("softmax-on-noise")

# %% tags=["training"] given="0.9: the rule of the story"
print(claim("On nine seeds in ten or more, at least 0.3 of the noise images get more than 0.9 for some digit.",
            above["noise"], ">=", 0.3, share=0.9))
print(claim("On nine seeds in ten or more, over a tenth of the noise images get more than 0.97.",
            (tops["noise"] > 0.97).mean(axis=1), ">", 0.1, share=0.9))
# each seed's noise in the twenty steps
steps = np.array([np.histogram(top, bins)[0] for top in tops["noise"]])
print(claim("The last of the twenty steps holds at least 1.3 times as many noise images as any other.",
            steps[:, -1] / steps[:, :-1].max(axis=1), ">=", 1.3))
print(claim("On nine seeds in ten or more, the mean highest probability is over 0.02 lower on noise than on digits.",
            tops["test digits"].mean(axis=1) - tops["noise"].mean(axis=1), ">", 0.02, share=0.9))

# %% [markdown]
# **Compare with your prediction.** The highest bar of the noise, too, stands at the right edge. On the whole the highest probability
# is lower on noise than on digits. It is not low enough to rely on.

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
# why = "That would have to be checked on images whose truth is known, and would hold for images of their kind only. Being between 0 and 1 makes no number a chance."
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
# too long, as happens. We call it the eager model.

# %% tags=["training"]
def build_eager():
    return build(layers.Dense(4), loss=SCE(from_logits=True), inputs=films.X_train.shape[1], hidden=64, rate=0.01)

eager = fit_replicates(build_eager, films.X_train, films.y_train, **recipe | dict(epochs=100))
z_train, z_val, z_test = (eager.predict(X).astype(float) for X in (films.X_train, films.X_val, films.X_test))

def mean_loss(z, y):
    """Cross-entropy from logits, one number a seed. z: (seeds, n, K)."""
    return -np.log(softmax(z)[:, np.arange(len(y)), y].clip(1e-12)).mean(axis=1)

def share_right(z, y):
    """Accuracy, one number a seed."""
    return (z.argmax(axis=-1) == y).mean(axis=1)

# %% tags=["training"]
right_films, right_train = share_right(z_test, films.y_test), share_right(z_train, films.y_train)
sure_films = softmax(z_test).max(axis=-1).mean(axis=1)
# the loss without a model: every film gets the shares of the training films
no_model = -np.mean(np.log(share[films.y_test]))
assert no_model < np.log(4)
print(f"medians of 16 seeds; training films right: {np.median(right_train):.2f}")
print(f"test films right: {np.median(right_films):.2f}   highest probability, mean: {np.median(sure_films):.2f}")
print(f"cross-entropy, test: {np.median(mean_loss(z_test, films.y_test)):.2f}   without a model: {no_model:.2f}")
print(claim("The eager model's highest probabilities lie, in the mean, at least 0.2 above its share of right answers.",
            sure_films - right_films, ">=", 0.2))
print(claim("By cross-entropy the eager model is worse than the shares of the classes alone, by a fifth or more.",
            mean_loss(z_test, films.y_test) / no_model, ">=", 1.2))
print(claim("The eager model is right for at least 0.05 more of the films than always saying R.",
            right_films - always_r, ">", 0.05))
print(claim("The eager model is right for at least 0.2 more of the training films than of the test films.",
            right_train - right_films, ">=", 0.2))

# %% [markdown]
# It is right more often than always saying R, and yet its probabilities are worse than no model. (The loss without a model lies
# below ln 4, since the shares of the classes are known: that is what imbalance does.) A small remedy needs no training. Divide all
# logits by one number, the **temperature** T, before softmax.

# %% [raw] tags=["prediction"]
# id = "temperature-changes"
# ask = "All logits of this model are divided by T = 2. What happens to its accuracy and to its probabilities?"
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
# text = "all probabilities are halved"
# misconception = "temperature-on-probabilities"
# why = "They would no longer add up to 1. The logits are divided, and softmax is taken after that."

# %% tags=["training"]
for T in [1.0, 2.0]:
    # divide the logits, then take softmax
    p_T = softmax(z_test[0] / T)
    print(f"T = {T}: accuracy {np.mean(p_T.argmax(axis=1) == films.y_test):.4f}, "
          f"highest probability, mean {p_T.max(axis=1).mean():.2f}")

# %%
compare("temperature-changes")
assert (softmax(z_test / 2).argmax(axis=-1) == z_test.argmax(axis=-1)).all()

# %% [markdown]
# **Compare with your prediction.** The two accuracies are the same to the last digit; the certainty is not.
#
# Which T? The loss can say it. Not on the training films, where the model is right far more often. Not on the test films: they
# must judge the result. So on the validation films.
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
# In each case you return the T that makes the model least sure. Too modest is wrong as well: the loss of the true classes finds the middle.
def best_temperature(logits, y, candidates):
    sure = [softmax(logits / T).max(axis=1).mean() for T in candidates]
    return candidates[int(np.argmin(sure))]

# %% tags=["wrong"] misconception="more-certain-is-always-better"
# In each case you return the T that makes the model most sure. Whether it is right when it is sure must be looked at: use the true classes, and softmax after the division.
def best_temperature(logits, y, candidates):
    sure = [softmax(logits / T).max(axis=1).mean() for T in candidates]
    return candidates[int(np.argmax(sure))]

# %% tags=["wrong"] misconception="value-instead-of-place"
# That is the lowest loss itself. Asked for is the T that reaches it.
def best_temperature(logits, y, candidates):
    rows = np.arange(len(y))
    return min(-np.mean(np.log(softmax(logits / T)[rows, y])) for T in candidates)

# %% tags=["wrong"] misconception="place-instead-of-value"
# That is the place of T in the list. Look up the candidate that stands there.
def best_temperature(logits, y, candidates):
    rows = np.arange(len(y))
    return int(np.argmin([-np.mean(np.log(softmax(logits / T)[rows, y])) for T in candidates]))

# %% tags=["wrong"] misconception="loss-is-probability"
# You judged by the mean probability of the true classes. Cross-entropy takes −log of each, and then the mean: a small probability for what is true costs much more.
def best_temperature(logits, y, candidates):
    rows = np.arange(len(y))
    return candidates[int(np.argmin([np.mean(1 - softmax(logits / T)[rows, y]) for T in candidates]))]

# %% tags=["wrong"] misconception="wrong-yardstick"
# You brought the mean of the highest probabilities near the share of right answers. That is another aim: here the cross-entropy of the true classes decides.
def best_temperature(logits, y, candidates):
    right = np.mean(logits.argmax(axis=1) == y)
    gap = [abs(softmax(logits / T).max(axis=1).mean() - right) for T in candidates]
    return candidates[int(np.argmin(gap))]

# %% tags=["wrong"] misconception="wrong-yardstick"
# That is the T with the lowest squared error of the probabilities. Asked for is the lowest cross-entropy: the mean of −log p of the true classes.
def best_temperature(logits, y, candidates):
    label = np.eye(logits.shape[1])[y]
    return candidates[int(np.argmin([np.mean((softmax(logits / T) - label) ** 2) for T in candidates]))]

# %% tags=["wrong"] misconception="place-instead-of-value"
# You looked up the place in a sorted list. The losses stand in the order of `candidates`: look it up there.
def best_temperature(logits, y, candidates):
    rows = np.arange(len(y))
    losses = [-np.mean(np.log(softmax(logits / T)[rows, y])) for T in candidates]
    return sorted(candidates)[int(np.argmin(losses))]

# %% tags=["wrong"] misconception="loss-can-reach-zero"
# Your search starts at a loss of 0, and no candidate gets below that: nothing is ever chosen. Start at `np.inf`.
def best_temperature(logits, y, candidates):
    best, lowest = None, 0
    for T in candidates:
        loss = -np.mean(np.log(softmax(logits / T)[np.arange(len(y)), y]))
        if loss < lowest:
            best, lowest = T, loss
    return best

# %% tags=["wrong"] misconception="first-over-the-bar"
# You stop at the first T that is better than none. A later candidate may be better still: compare them all.
def best_temperature(logits, y, candidates):
    rows = np.arange(len(y))
    losses = [-np.mean(np.log(softmax(logits / T)[rows, y])) for T in candidates]
    as_it_is = -np.mean(np.log(softmax(logits)[rows, y]))
    return next((T for T, loss in zip(candidates, losses) if loss < as_it_is), 1.0)

# %% [raw] tags=["prediction"]
# id = "which-temperature"
# given = ["1.0 10: the ends of the candidates, set in code"]
# ask = "Candidates from 1 to 10. Which T will be lowest on the validation films, for these networks, which are right far more often on their training films than on others?"
# right = 4.5
# tolerance = 0.2
# why = "Training made the gaps between logits several times too large for films that it has not seen."
# [[near]]
# value = 1
# misconception = "training-loss-is-all-loss"
# why = "At 1 the loss is lowest on the training films, perhaps. On others the model is too sure, and only others show it."
# [[near]]
# value = 10
# misconception = "humble-is-calibrated"
# why = "At 10 nearly all gaps are gone, and with them what the model does know."

# %% [raw] tags=["alt"] id="temperature-alt"
# Line plot of the validation loss of the eager networks, axis from {bottom:.1f} to {top:.1f}, over the temperature, 1 to 10, median
# and band over 16 seeds. The loss falls steeply from {start:.2f} at T = 1, is lowest, {least:.2f}, at T = {best:.1f}, and rises
# slowly after that. A dotted line at {base:.2f} marks the loss without a model; the curve crosses it on its way down.

# %% tags=["training"]
candidates = np.linspace(1, 10, 91)
# the loss at every temperature: (seeds, temperatures)
curve = np.stack([mean_loss(z_val / T, films.y_val) for T in candidates], axis=1)
# the best temperature of each seed, and the loss without a model
T_best = candidates[curve.argmin(axis=1)]
no_model_val = -np.mean(np.log(share[films.y_val]))
fig, ax = figures.axes(xlabel="temperature T", ylabel="validation loss")
figures.lines(ax, candidates, {"eager networks": curve}, label_at=None)
ax.axhline(no_model_val, color="black", linestyle=":")
ax.annotate("shares of the classes, without a model", (3.5, no_model_val), xytext=(0, 6), textcoords="offset points")
ax.set_ylim(0.8)
middle = np.median(curve, axis=0)
figures.mark(ax, candidates[middle.argmin()], middle.min(), "lowest", offset=(-10, -24))
figures.show(fig, "temperature-alt", start=middle[0], least=middle.min(), best=candidates[middle.argmin()],
             base=no_model_val, bottom=ax.get_ylim()[0], top=ax.get_ylim()[1])

# %%
compare("which-temperature", np.median(T_best))

# %% tags=["training"]
# each seed's logits divided by its own temperature
cooled = z_test / T_best[:, None, None]
sure_cooled = softmax(cooled).max(axis=-1).mean(axis=1)
print(f"T, chosen for each seed: median {np.median(T_best):.2f} (the ring marks the lowest point of the median curve)")
print(f"highest probability, mean: {np.median(sure_films):.2f} before, {np.median(sure_cooled):.2f} after; "
      f"right: {np.median(right_films):.2f}")
print(claim("The best temperature on the validation films is above 3.", T_best, ">", 3))
print(claim("On the test films the best temperature lowers the cross-entropy by a quarter or more.",
            mean_loss(cooled, films.y_test) / mean_loss(z_test, films.y_test), "<=", 0.75))
print(claim("With its temperature the eager model beats the shares of the classes, by a tenth or more.",
            mean_loss(cooled, films.y_test) / no_model, "<=", 0.9))
print(claim("With its temperature, its mean highest probability is within 0.1 of the share of right answers.",
            abs(sure_cooled - right_films), "<", 0.1))

# %% [markdown] given="0.9: the rule of the story"
# **Compare with your prediction.** From T = 1 the curve falls steeply, is lowest beyond 3, and rises slowly after that. One number,
# chosen on the validation films, took the same networks from a higher cross-entropy than without a model to a lower one, on the
# test films. Not one of their answers changed. All this holds for films of this kind: noise was not tested.
#
# ### Where it bites
#
# "Above 0.9 the machine decides" is a sentence about a number that nobody has checked. Check it on validation data. And for
# what is no digit at all, give the machine another way to say so: images without a digit as a class of their own, or a person.

# %% [markdown] given="178: asserted below"
# ## 9. Other data: three kinds of wine
#
# Somebody else's table: 178 Italian wines of three kinds, thirteen measurements each (scikit-learn's `load_wine`, from Forina et
# al., by way of the UCI repository). In the original file the kinds are numbered 1, 2 and 3. The cell prepares the table, and defines
# a model whose head and loss can be chosen:

# %% tags=["training"]
from sklearn.datasets import load_wine

# shuffle, scale by the training wines, and number the kinds as the original file does
X_wine, kind = load_wine(return_X_y=True)
assert len(kind) == 178
order = np.random.default_rng(seed).permutation(len(kind))
X_wine, kind = X_wine[order], kind[order] + 1
X_wine = ((X_wine - X_wine[:100].mean(axis=0)) / X_wine[:100].std(axis=0)).astype("float32")

def build_wine(activation, from_logits):
    model = keras.Sequential([keras.Input((13,)), layers.Dense(3, activation=activation)])
    model.compile(optimizer=keras.optimizers.Adam(0.02), loss=SCE(from_logits=from_logits), metrics=["accuracy"])
    return model

# %% [markdown]
# ### Exercise 9.1: mend the set-up
#
# A colleague wrote this function. It says what goes to `fit` as labels, and which head and loss stand in `build_wine`. The loss
# is the sparse one; `"linear"` means no activation. With the labels as they stand, `fit` raises an error, and that is not the
# only fault. Mend it, so that it also serves for tables in which some kind is missing. The kinds keep their order: the first
# becomes class 0. Then run the cell below the check: it uses your function.

# %% tags=["preamble"]
import numpy as np

# %% tags=["exercise"] id="wine-set-up"
def set_up(kind):
    """kind: (n,) integers, counted from 1. Returns labels (n,) for the sparse loss, activation, from_logits."""
    ### BEGIN SOLUTION
    labels = kind - 1
    activation, from_logits = "linear", True
    ### END SOLUTION
    return labels, activation, from_logits

# %% tags=["start"]
def set_up(kind):
    """kind: (n,) integers, counted from 1. Returns labels (n,) for the sparse loss, activation, from_logits."""
    labels = kind
    activation, from_logits = "linear", False
    return labels, activation, from_logits

# %% tags=["cases"]
cases = [(np.array([1, 3, 2, 2]),), (np.array([3, 2, 3]),), (np.array([3, 3]),), (np.array([1, 3, 1]),)]
labels = ["kind"]

def probe(answer, kind):
    labels, activation, from_logits = answer(kind)
    activation = "linear" if activation is None else activation
    gives_logits = activation == "linear"
    pair = ("from_logits is neither True nor False" if not isinstance(from_logits, (bool, int, np.bool_)) else "head and loss fit" if activation in ("linear", "softmax") and gives_logits == bool(from_logits)
            else "softmax twice" if activation == "softmax" else "logits taken for probabilities" if gives_logits
            else f"a head with {activation}")
    return {"labels": np.asarray(labels), "pair": pair}

# %% tags=["hint"]
# The units of a head are counted from 0. And who makes probabilities of the logits: the head, or the loss? One of the two must.

# %% tags=["hint"]
# Take 1 off the labels, whichever kinds are there. A "linear" head: `from_logits=True`. A "softmax" head: `False`.

# %% tags=["right"]
def set_up(kind):
    return np.array([k - 1 for k in kind]), "softmax", False

# %% tags=["wrong"] misconception="labels-start-at-one"
# Head and loss fit. But the labels still run from 1 to 3, and the three units are 0, 1 and 2.
def set_up(kind):
    return kind, "linear", True

# %% tags=["wrong"] misconception="loss-sees-the-head"
# The labels are right. But nobody makes probabilities of the logits: the head has no softmax, and the loss was not told.
def set_up(kind):
    return kind - 1, "linear", False

# %% tags=["wrong"] misconception="keras-repairs-everything"
# A softmax in the head and `from_logits=True` in the loss: one too many. Keras would repair it here, with a warning; do not rely on it.
def set_up(kind):
    return kind - 1, "softmax", True

# %% tags=["wrong"] misconception="labels-have-no-gaps"
# You took off the smallest label that is there. Where kind 1 is missing, kind 2 would become class 0: take off 1.
def set_up(kind):
    return kind - kind.min(), "linear", True

# %% tags=["wrong"] misconception="encoder-refitted"
# You numbered the kinds that are there. Where one is missing, the same kind gets another number: take off 1.
def set_up(kind):
    return np.unique(kind, return_inverse=True)[1], "linear", True

# %% tags=["wrong"] misconception="one-hot-for-integers"
# These are one-hot rows. The sparse loss wants one integer for each wine.
def set_up(kind):
    return np.eye(3)[kind - 1], "linear", True

# %% tags=["wrong"] misconception="head-decides-alone"
# The labels are right. But a sigmoid looks at its own logit only, and the sparse loss wants shares that add up to 1: softmax, or no activation and `from_logits=True`.
def set_up(kind):
    return kind - 1, "sigmoid", False

# %% tags=["wrong"] misconception="wrapped-around"
# Each kind has a unit now, but the order is lost: `kind % 3` makes the third kind class 0. Take 1 off, so that the first kind becomes class 0.
def set_up(kind):
    return kind % 3, "linear", True

# %% tags=["wrong"] misconception="labels-start-at-one"
# Cutting off at 2 makes one class of two kinds. Move all labels down by 1 instead.
def set_up(kind):
    return np.clip(kind, 0, 2), "linear", True

# %% tags=["wrong"] misconception="scaling-labels-is-harmless"
# You scaled the labels to the range from 0 to 1. A class has no unit, and the sparse loss cuts fractions off: take off 1, and no more.
def set_up(kind):
    return (kind - 1) / 2, "linear", True

# %% tags=["wrong"] misconception="head-decides-alone"
# The labels are right. But relu makes 0 of every negative logit, and 0 is neither a logit as it was nor a share: use no activation, or softmax.
def set_up(kind):
    return kind - 1, "relu", True

# %% tags=["training"]
# your labels, head and loss
labels, activation, from_logits = set_up(kind)
keras.utils.set_random_seed(seed)
yours = build_wine(activation, from_logits)
try:
    before = yours.evaluate(X_wine[:100], labels[:100], verbose=0)[0]
    yours.fit(X_wine[:100], labels[:100], batch_size=32, epochs=30, verbose=0)
    print(f"loss before training: {before:.2f}; ln 3 is {np.log(3):.2f}")
    said_wine = yours.predict(X_wine[100:], verbose=0).argmax(axis=1)
    print(f"test accuracy: {np.mean(said_wine == labels[100:]):.2f}")
except Exception as error:
    print(f"{type(error).__name__}: {first_line(error)}")

# %% [markdown]
# The last look of the doctor in this notebook, at the colleague's set-up. Does it see both faults?

# %% tags=["training"]
examine(build_wine("linear", False), X_wine[:100], kind[:100])

# %% [markdown]
# It sees both. What it cannot see: whether the numbers name the right kinds. And a set-up that fits, from 16 seeds:

# %% tags=["training"]
ids = kind - 1
wine = fit_replicates(lambda: build_wine("linear", True), X_wine[:100], ids[:100], seeds=16, base_seed=1000 * seed,
                      epochs=30, batch_size=32)
right_wine = (wine.predict(X_wine[100:]).argmax(axis=-1) == ids[100:]).mean(axis=1)
# the baseline: always the most frequent kind
frequent = np.mean(ids[100:] == np.bincount(ids[:100]).argmax())
print(claim("With a head, labels and loss that fit, accuracy on the wines is at least 0.4 above the baseline.",
            right_wine - frequent, ">=", 0.4))

# %% [raw] tags=["order"]
# id = "order-of-a-project"
# ask = "From a table with labels to a report that can be trusted. Put the steps in order."
# lines = ["split the rows into training, validation and test", "compute the means and standard deviations for scaling",
#  "train the network", "choose the temperature", "report loss, recalls and baseline, once"]
# right = [[1, 2, 3, 4, 5]]
# why = "Each step may use what the steps before it have fixed, and nothing that comes after: scaling and training the training rows, the temperature the validation rows. The test rows are looked at once, at the end."
# [[wrong]]
# order = [2, 1, 3, 4, 5]
# misconception = "scaled-before-the-split"
# why = "Then the means have seen the test rows. It is little, and it is unnecessary: split first."
# [[wrong]]
# order = [1, 2, 3, 5, 4]
# misconception = "tune-after-the-report"
# why = "Whoever chooses a temperature after the report has seen the test rows, and reports another model than the one that ships."
# [[wrong]]
# order = [1, 2, 4, 3, 5]
# misconception = "temperature-before-training"
# why = "There are no logits to divide before there is a trained model."

# %% [raw] tags=["question"]
# id = "fourth-kind-of-wine"
# given = ["0.96: premise"]
# ask = "A bottle of a fourth kind, unknown in training, comes in. The softmax gives 0.96 to kind 2. What do you do with that number?"
# discuss = true
# [right]
# text = "nothing: it compares three kinds, and the right one is not among them"
# why = "The three shares add up to 1 for every bottle. Whether it is of one of the three has to be found out in another way."
# [[wrong]]
# text = "trust it: 0.96 is above any threshold that one would set"
# misconception = "calibrated-by-construction"
# why = "Whatever the threshold, it was set on bottles of these three kinds."
# [[wrong]]
# text = "cool it: with a temperature it would be honest"
# misconception = "temperature-cures-everything"
# why = "The temperature was chosen on the three kinds. It lowers all certainty, and still cannot say: none of them."
# [[wrong]]
# text = "train longer: then unknown bottles get equal shares"
# misconception = "unknown-means-equal-shares"
# why = "Nothing in the loss asks for that. Longer training makes the gaps larger."

# %% [markdown]
# ## 10. What you take along
#
# One last case first.

# %% [raw] tags=["question"]
# id = "which-loss-for-a-column"
# ask = "Labels 0, 1, 2 in a column of shape (n, 1), and a head `Dense(3)` without activation. Which loss?"
# [right]
# text = "`SparseCategoricalCrossentropy(from_logits=True)`"
# why = "Integers, also in a column, need the sparse loss. A head without activation gives logits, and the loss must be told."
# [[wrong]]
# text = "`SparseCategoricalCrossentropy()`: three units are enough for it to know"
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

# %% [markdown] given="1.46: ln(1 + 9/e), asserted in section 4; 255: the factor of section 3"
# These rows of the table are now filled in:
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
# Go on with [04 Multilabel sigmoid](04_multilabel_sigmoid.ipynb): a film can have several genres at once.
#
# Further reading: Guo and others, [On calibration of modern neural networks](https://arxiv.org/abs/1706.04599), 2017, on
# temperature · Szegedy and others, [Rethinking the Inception architecture](https://arxiv.org/abs/1512.00567), 2016, on label
# smoothing · Hein and others, [Why ReLU networks yield high-confidence predictions far away from the training
# data](https://arxiv.org/abs/1812.05720), 2019, on noise · the [Keras page on probabilistic
# losses](https://keras.io/api/losses/probabilistic_losses/).
