# %% [raw] tags=["instructor"]
# minutes = [4, 13, 14, 13, 15, 18, 10, 12, 8, 9, 7]
# measured = "Reading at 180 words a minute, exercises and questions as one reader took them, rounded; the cells run for under a minute in all."
# pause = "after section 4. Sections 5 to 8 use the model of section 2; section 9 stands alone."
# skip = "sections 1 to 5 make 75 minutes, and are the core. Section 8 can wait; section 9 is good homework."

# %% [markdown]
# # 04 · Multilabel sigmoid
#
# A film can be a comedy and a romance at once. Your model says yes or no to ten genres for each film, and most of these
# answers are right. Could it be a model that never names a genre? This notebook shows how to notice.
#
# **After this notebook you can**
#
# 1. choose head and loss for labels that go together, and prove why softmax cannot serve (predictions and questions in 1
#    and 6, exercise 2.1);
# 2. compute subset accuracy, Hamming loss and F1 in its three averages, and pick the one that fits a wish (exercises 4.1
#    and 4.2, predictions and questions in 3 and 4);
# 3. choose a threshold for each label on validation data, and say when it deserves no trust (exercises 5.1 and 5.2,
#    questions in 5);
# 4. find the silent mistakes of a multilabel run: metric names, head and loss, class weights (exercises 7.1 and 9.1,
#    predictions in 2, 3, 6 and 7).
#
# **Time:** about 125 minutes, best in two sittings: a break fits after section 4. When you come back, choose *Run*,
# *Run All Above Selected Cell*: your answers have been kept. **You need:** notebooks 02 and 03: binary
# cross-entropy, thresholds, softmax, F1 for one class and its macro average.
#
# **Contents**
#
# {{contents}}

# %% [markdown]
# ## 0. Do you still know?
#
# Four questions, from notebooks 01, 02 and 03. Answer before you look anything up: that is what makes it stick.

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
seed = 0  # where the experiments below start; any other whole number will do

# %% [raw] tags=["question"]
# id = "recall-sum-under-mae"
# ask = "From notebook 01: incomes are skewed, and a model of them is trained with MAE. You add up its predictions. The sum is …"
# [right]
# text = "too low: MAE aims at medians"
# why = "For skewed values the median lies below the mean, and only means add up to the sum."
# [[wrong]]
# text = "about right"
# misconception = "mae-gives-the-mean"
# why = "That is what MSE would give. MAE aims at the median."
# [[wrong]]
# text = "too high: a few large incomes pull it up"
# misconception = "outliers-pull-up-mae"
# why = "Under MAE a far value pulls no harder than a near one."

# %% [raw] tags=["question"]
# id = "recall-threshold-from-costs"
# given = "4: premise; 0.2: 1 / (1 + 4)"
# ask = """From notebook 02: a missed illness costs 4 times as much as a false alarm. The probabilities are honest. From which
# probability on do you raise the alarm?"""
# [right]
# text = "0.2"
# why = "1 / (1 + 4): below it, the alarm costs more than the risk of a miss."
# [[wrong]]
# text = "0.5"
# misconception = "half-is-natural"
# why = "One half is right when both mistakes cost the same."
# [[wrong]]
# text = "0.8"
# misconception = "threshold-reversed"
# why = "The other way around: if misses are dear, raise the alarm sooner, so at a lower probability."
# [[wrong]]
# text = "the share of the ill"
# misconception = "threshold-is-prevalence"
# why = "Honest probabilities hold that share already. The costs decide the threshold."

# %% [raw] tags=["question"]
# id = "recall-one-whole"
# given = "0.6 0.3 0.1: premises of the question"
# ask = "From notebook 03: a softmax gives 0.6, 0.3 and 0.1. Now only the third logit rises. What happens to the first probability?"
# [right]
# text = "it falls"
# why = "Softmax shares out one whole. What one class gains, the others lose."
# [[wrong]]
# text = "it stays: its own logit did not change"
# misconception = "softmax-is-per-class"
# why = "Every probability is divided by the sum over all classes, and that sum rose."
# [[wrong]]
# text = "it rises, and all are made to add up to 1 again"
# misconception = "softmax-lifts-all"
# why = "The sum stays 1, so if one part rises, others must fall."

# %% [raw] tags=["question"]
# id = "recall-ln-k"
# given = "2.30: the logarithm of 10, as the sentence says"
# ask = "From notebook 03: ten balanced classes, softmax, a model that knows nothing yet and gives each class the same. Its cross-entropy?"
# [right]
# text = "about 2.30, the logarithm of 10"
# why = "Each class has probability 1/10, and −log(1/10) is log 10."
# [[wrong]]
# text = "0.9: nine in ten guesses are wrong"
# misconception = "loss-counts-errors"
# why = "That is the error rate. Cross-entropy is −log of the probability of the true class."
# [[wrong]]
# text = "1: the most that a loss can be"
# misconception = "loss-is-bounded-by-one"
# why = "A cross-entropy has no such limit: it grows as the probability of the truth goes to 0."
# [[wrong]]
# text = "10: the number of classes"
# misconception = "loss-is-class-count"
# why = "10 is what stands under the logarithm."

# %% [markdown]
# ## 1. Two genres, one film
#
# The films again. This time the question is: which of the ten most frequent genres does a film have?

# %%
films = data.genres()
print(films)
print("columns of y:", ", ".join(films.classes))
for how_many in [1, 2, 3]:
    row = np.flatnonzero(films.y_train.sum(axis=1) == how_many)[0]
    named = [g for g, has in zip(films.classes, films.y_train[row]) if has]
    print(films.y_train[row].astype(int), f"{films.titles_train[row]}: {', '.join(named)}")
print(f"share of films with two or more genres: {np.mean(films.y_train.sum(axis=1) > 1):.0%}")
print("leak:", films.leaks[2])
shares = dict(zip(films.classes, films.y_train.mean(axis=0)))
assert [round(float(shares[g]), 2) for g in ["Drama", "Romance", "Sci-Fi"]] == [0.54, 0.16, 0.07]
assert len(films.y_val) > 3000

# %% [markdown]
# Such a row is called **multi-hot**: a 1 for each label that applies, and there may be several. In notebook 03 each row
# had a single 1.
#
# Two heads are within reach. Softmax gives ten probabilities that share one whole. Ten sigmoids give ten
# probabilities, each for itself. Both in plain Keras:

# %%
from helpers.quiet import quiet
with quiet():  # without TensorFlow's start-up log
    import keras, tensorflow as tf

def build(head="sigmoid", loss="binary_crossentropy", hidden=32, inputs=films.X_train.shape[1], **more):
    model = keras.Sequential([keras.Input((inputs,)),
                              keras.layers.Dense(hidden, activation="relu"),
                              keras.layers.Dense(10, activation=head)])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss, **more)
    return model

# %% [markdown]
# First an easy task. We pick 64 training films with exactly two genres, and let each head learn them **by heart**: 300
# passes over the same 64 films, judged on these films. Softmax and its cross-entropy want a row that adds up to 1, so
# there each of the two genres gets one half.

# %% tags=["training"]
# 64 films with two genres, drawn at random
rng = np.random.default_rng(seed)
by_heart = rng.choice(np.flatnonzero(films.y_train.sum(axis=1) == 2), 64, replace=False)
X_64, y_64 = films.X_train[by_heart], films.y_train[by_heart]
# train both heads
keras.utils.set_random_seed(seed)
sigmoids = build("sigmoid", "binary_crossentropy", hidden=128)
sigmoids.fit(X_64, y_64, batch_size=64, epochs=300, verbose=0)
softmax = build("softmax", "categorical_crossentropy", hidden=128)
halves = softmax.fit(X_64, y_64 / 2, batch_size=64, epochs=300, verbose=0)

# %% [raw] tags=["prediction"]
# id = "by-heart-both-pass"
# ask = "For how many of the 64 films will **both** true genres get a probability above one half?"
# [right]
# text = "sigmoids: for all of them; softmax: for none"
# why = "Ten sigmoids can all say yes. Two shares of one whole cannot both be more than half of it."
# [[wrong]]
# text = "both heads: for all of them, since they were learned by heart"
# misconception = "softmax-is-per-class"
# why = "The softmax has learned them, too: one half for each genre is all that it can give."
# [[wrong]]
# text = "softmax: for about half of the films; sigmoids: for all"
# misconception = "softmax-half-of-the-time"
# why = "Not for one of them: if one genre passes one half, less than one half is left."
# [[wrong]]
# text = "neither head for any film: two genres share the probability"
# misconception = "sigmoids-share-one-whole"
# why = "Sigmoids share nothing. Each is computed from its own logit alone."

# %% tags=["training"]
# the probabilities of the two true genres, in the order of the columns: (64, 2)
def of_true_genres(p, y):
    return p[y == 1].reshape(-1, 2)

learned = {"softmax": of_true_genres(softmax.predict(X_64, verbose=0), y_64),
           "ten sigmoids": of_true_genres(sigmoids.predict(X_64, verbose=0), y_64)}
for name, pair in learned.items():
    print(f"{name:13} both above one half: {np.sum(np.all(pair > 0.5, axis=1))} of {len(pair)} films")
print(f"lowest loss of the softmax: {min(halves.history['loss']):.3f}; log 2 = {np.log(2):.3f}")

# %%
compare("by-heart-both-pass")

# %% [markdown]
# **Compare with your prediction.** The proof is one sentence: the ten outputs of a softmax add up to 1, so two of them
# above one half would add up to more than 1.
#
# And the loss says that this is as good as it gets: two shares of one half cost log 2 for each film, and no training
# gets below that.
#
# That was one seed, and films learned by heart. Now 16 seeds, all training films, and test films that no model
# has seen.

# %% tags=["training"]
from helpers.replicates import fit_replicates

recipe = dict(seeds=16, base_seed=1000 * seed, epochs=15, batch_size=256)
runs = fit_replicates(build, films.X_train, films.y_train, **recipe)
p_test, p_val = runs.predict(films.X_test), runs.predict(films.X_val)     # (16 seeds, films, 10)
shares_of_one = films.y_train / films.y_train.sum(axis=1, keepdims=True)
p_softmax = fit_replicates(lambda: build("softmax", "categorical_crossentropy"), films.X_train, shares_of_one,
                           **recipe).predict(films.X_test)

# %% [raw] tags=["alt"] id="two-genres-alt"
# Two scatter plots of test films with exactly two genres: probability of one true genre across, of the other upward, both
# from 0 to 1. A dashed line runs from (0, 1) to (1, 0), where the two add up to 1; the square above and right of one half is
# outlined. Left, softmax: all dots lie on or below the dashed line, none in the square. Right, ten sigmoids: most dots
# lie below as well, and {share:.0%} lie in the square.

# %% tags=["training"]
two = films.y_test.sum(axis=1) == 2
fig, panels = figures.axes(2, xlabel="probability of one true genre", ylabel="of the other true genre", height=4.6)
for ax, (name, p) in zip(panels, {"softmax": p_softmax, "ten sigmoids": p_test}.items()):
    one, other = of_true_genres(p[0][two], films.y_test[two]).T
    ax.plot(one, other, ".", color=figures.COLORS[0], markersize=4)
    ax.plot([0, 1], [1, 0], "--", color="black", linewidth=1.5)
    ax.plot([0.5, 0.5, 1], [1, 0.5, 0.5], color="black", linewidth=1.5)
    ax.annotate("both pass\none half", (0.75, 0.85), ha="center", va="center", backgroundcolor="white")
    ax.set(title=f"{name}: {np.mean((one > 0.5) & (other > 0.5)):.0%} in the square", xlim=(0, 1), ylim=(0, 1))
figures.show(fig, "two-genres-alt", share=np.mean((one > 0.5) & (other > 0.5)))

# %% tags=["training"]
several = (p_test > 0.5).sum(axis=2) > 1   # (16, films): more than one genre above one half
assert np.sort(p_softmax, axis=2)[:, :, -2].max() <= 0.5
print(claim("Ten sigmoids name two or more genres at one half for at least one test film in thirty.",
            several.mean(axis=1), ">", 1 / 30))
print("the softmax does so for", np.sum((p_softmax > 0.5).sum(axis=2) > 1), "films in all 16 runs")

# %% [raw] tags=["question"]
# id = "comedy-and-romance-under-softmax"
# given = "2: one and one"
# ask = "A film is a comedy and a romance. With a softmax over the ten genres, trained as well as can be, what can the two probabilities be?"
# discuss = true
# [right]
# text = "not both above one half"
# why = "They are two parts of one whole. The best that training can reach is one half for each."
# [[wrong]]
# text = "both near 1, with enough training"
# misconception = "softmax-is-per-class"
# why = "Two values near 1 add up to about 2, and softmax adds up to 1."
# [[wrong]]
# text = "the same as with ten sigmoids: only the name of the layer differs"
# misconception = "softmax-and-sigmoid-interchangeable"
# why = "Softmax divides by a sum over all labels. A sigmoid looks at its own logit only."
# [[wrong]]
# text = "both above one half, if two models are trained, one for each genre"
# misconception = "one-head-one-label"
# why = "Two models are not needed: one network with ten sigmoids has one answer for each label."

# %% [raw] tags=["question"]
# id = "what-ten-sigmoids-add-up-to"
# given = "0.8 2.5: premises of the question; 3: one for each genre"
# ask = "The ten softmax probabilities of a film add up to 1. What do its ten sigmoids add up to, if they are honest?"
# [right]
# text = "the number of genres to be expected for it, which can be 0.8 or 2.5"
# why = "Each is the expected value of a 0 or 1, so their sum is the expected number of ones."
# [[wrong]]
# text = "1 as well, after training"
# misconception = "sigmoids-share-one-whole"
# why = "Nothing ties them together. A film with three genres should get about 3."
# [[wrong]]
# text = "10: one for each label"
# misconception = "loss-is-class-count"
# why = "That would be yes to every genre."
# [[wrong]]
# text = "nothing that has a meaning"
# misconception = "sum-of-sigmoids-is-meaningless"
# why = "It has: expected values may be added, whether or not the labels go together."

# %% tags=["training"]
tell("Over the test films the ten sigmoids add up to {ours:.2f} on average; the films have {true:.2f} genres.",
     ours=np.median(p_test.sum(axis=2).mean(axis=1)), true=films.y_test.sum(axis=1).mean())
print(claim("The sigmoids' sum is within 8% of the real number of genres, on average over the test films.",
            abs(p_test.sum(axis=2).mean(axis=1) / films.y_test.sum(axis=1).mean() - 1), "<", 0.08))

# %% [markdown]
# ### Where it bites
#
# Is softmax useless here, then? No. Cut at one half, it fails. But it can still **rank** the genres of a film, and if
# somebody wants just "the main genre", it answers that. Section 9 comes back to it. For yes or no to each label, use one
# sigmoid for each label.
#
# %% [markdown]
# ## 2. One loss for ten labels
#
# Ten sigmoids give ten answers for each film, so there are ten losses for each film. Training needs one number.
# Binary cross-entropy (BCE) takes the **mean over all cells**: over the labels of a film, and over the films.

# %%
def bce_cells(y_true, p):
    # each cell: -log of the probability that was given to what is true
    return -np.log(np.where(y_true == 1, p, 1 - p))

def bce(y_true, p):
    # one number: the mean over labels and films
    return np.mean(bce_cells(y_true, p))

y_one, p_one = films.y_test[:1], p_test[0][:1]
print("ten cells of one test film:", bce_cells(y_one, p_one).round(2))
print(f"their mean: {bce(y_one, p_one):.4f}; Keras: {float(keras.losses.BinaryCrossentropy()(y_one, p_one)):.4f}")

# %% [markdown] given="0.99 0.01: premises of the question"
# Look at what a mean hides. A film has ten labels. For nine of them the model gives 0.99 to what is true. For the tenth it
# is sure and wrong: it gives 0.01 to what is true.

# %% [raw] tags=["prediction"]
# id = "bce-one-bad-cell"
# given = "0.99 0.01: premises of the question"
# ask = "Nine cells with 0.99 on the truth, one cell with 0.01 on it. What is the BCE of this film?"
# right = 0.4696
# why = "The bad cell costs 4.6, the good ones 0.01 each. The mean over ten is 0.47: like a model that is mildly unsure about everything."
# [[near]]
# value = 4.6
# misconception = "worst-case"
# why = "That is the bad cell, and about the sum. BCE is the mean over the ten cells."
# [[near]]
# value = 0.01
# misconception = "typical-is-the-mean"
# why = "That is the loss of a typical cell. A mean takes the bad one in as well, with one tenth of its weight."
# [[near]]
# value = 0.1
# misconception = "loss-counts-errors"
# why = "One cell of ten is wrong, but a loss is no count: being sure and wrong costs 4.6."
# [[near]]
# value = 2.3
# misconception = "mean-over-the-wrong-axis"
# why = "That is half of the bad cell's loss. The mean is over ten cells, not over two kinds of cells."

# %%
ten_true = np.ones((1, 10))
ten_given = np.array([[0.99] * 9 + [0.01]])
assert np.isclose(bce(ten_true, ten_given), (9 * 0.01005 + 4.60517) / 10, atol=1e-5)
print(f"the bad cell alone: {bce_cells(ten_true, ten_given)[0, -1]:.2f}; "
      f"BCE of the film: {bce(ten_true, ten_given):.2f}")

# %%
compare("bce-one-bad-cell", bce(ten_true, ten_given))

# %% [markdown]
# The same holds for the gradient. Each label's slope is divided by the number of labels. Write it.
#
# ### Exercise 2.1: the slope of BCE
#
# Notebook 02 had one logit for each film, and the slope of its loss was p − y. Now there are n films and k labels, and the
# loss is the mean over all cells. Give the slope of this mean with respect to **each** logit.

# %% tags=["preamble"]
import numpy as np

def f1(y_true, flagged):
    """F1 of one label. y_true: (n,) of 0 and 1, flagged: (n,) of True and False. 0 where there is nothing to find."""
    total = np.sum(flagged) + np.sum(y_true)
    return 2 * np.sum(flagged & (y_true == 1)) / total if total > 0 else 0.0

# %% tags=["exercise"] id="bce-gradient"
def bce_gradient(y_true, logits):
    """Slope of the mean BCE with respect to each logit. y_true and logits: (n, k); the result as well."""
    # each cell: the probability
    p = 1 / (1 + np.exp(-logits))
    # each cell: the slope of the mean over all cells
    ### BEGIN SOLUTION
    slope = (p - y_true) / y_true.size
    ### END SOLUTION
    return slope

# %% tags=["start"]
def bce_gradient(y_true, logits):
    """Slope of the mean BCE with respect to each logit. y_true and logits: (n, k); the result as well."""
    # each cell: the probability
    p = 1 / (1 + np.exp(-logits))
    # each cell: the slope of the mean over all cells
    slope = ...  # your code here
    return slope

# %% tags=["cases"]
cases = [(np.array([[1.0, 0.0, 1.0]]), np.array([[0.0, 2.0, -1.0]])),
         (np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 1.0]]), np.array([[3.0, -1.0], [0.5, 0.0], [-2.0, 1.0]])),
         (np.array([[0.0], [1.0]]), np.array([[1.0], [1.0]]))]
labels = ["y_true", "logits"]

# %% tags=["hint"]
# The slope of one cell's own loss is p − y, as in notebook 02. What does the mean do to it?

# %% tags=["hint"]
# A mean over n · k cells divides each by n · k. For an array of shape (n, k), `y_true.size` is n · k.

# %% tags=["right"]
def bce_gradient(y_true, logits):
    n, k = y_true.shape
    return (1 / (1 + np.exp(-logits)) - y_true) / n / k

# %% tags=["right"]
def bce_gradient(y_true, logits):
    slope = np.zeros(np.shape(logits))
    for i in range(len(logits)):
        for j in range(len(logits[i])):
            slope[i, j] = (1 / (1 + np.exp(-logits[i][j])) - y_true[i][j]) / (len(logits) * len(logits[i]))
    return slope

# %% tags=["wrong"] misconception="labels-are-summed"
# You divided by the number of films only. BCE is a mean over the labels, too, so each slope is also divided by their number.
def bce_gradient(y_true, logits):
    p = 1 / (1 + np.exp(-logits))
    return (p - y_true) / len(y_true)

# %% tags=["wrong"] misconception="labels-are-summed"
# You divided by the number of labels only. The mean is over the films as well.
def bce_gradient(y_true, logits):
    p = 1 / (1 + np.exp(-logits))
    return (p - y_true) / y_true.shape[1]

# %% tags=["wrong"] misconception="slope-of-one-cell"
# That is the slope of each cell's own loss. The loss is the mean over all cells, so a cell's share in it is smaller.
def bce_gradient(y_true, logits):
    p = 1 / (1 + np.exp(-logits))
    return p - y_true

# %% tags=["wrong"] misconception="sign-reversed"
# The sign is reversed: where the label is 0, a larger logit costs more, so the slope is positive there.
def bce_gradient(y_true, logits):
    p = 1 / (1 + np.exp(-logits))
    return (y_true - p) / y_true.size

# %% tags=["wrong"] misconception="value-instead-of-slope"
# That is the loss of each cell. The slope was asked for: how much the loss changes when the logit moves.
def bce_gradient(y_true, logits):
    p = 1 / (1 + np.exp(-logits))
    return -np.log(np.where(y_true == 1, p, 1 - p)) / y_true.size

# %% tags=["wrong"] misconception="softmax-and-sigmoid-interchangeable"
# You shared one whole among the labels: that is softmax. Each label has a sigmoid of its own here.
def bce_gradient(y_true, logits):
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return (p - y_true) / y_true.size

# %% [raw] tags=["question"]
# id = "one-label-or-ten"
# ask = """Plain gradient descent (SGD), same rate. Once you train Drama alone, once Drama as one of ten labels. How large is
# Drama's first step in the second run?"""
# [right]
# text = "one tenth of the first run's"
# why = "The mean over ten labels divides Drama's slope by ten, and SGD's step is in proportion to the slope."
# [[wrong]]
# text = "the same: Drama has its own sigmoid"
# misconception = "slope-of-one-cell"
# why = "Its probability is its own. Its part in the loss is divided by the number of labels."
# [[wrong]]
# text = "ten times as large: ten labels push together"
# misconception = "labels-are-summed"
# why = "Each label pushes its own output. And they are averaged, not added."
# [[wrong]]
# text = "it cannot be said: it depends on the other labels"
# misconception = "softmax-is-per-class"
# why = "Under softmax it would depend on them. A sigmoid's slope holds its own label only, divided by ten."

# %%
first_logits = tf.Variable(np.zeros((100, 10)))
y_100 = films.y_train[:100].astype(float)
with tf.GradientTape() as tape:
    of_ten = keras.losses.BinaryCrossentropy(from_logits=True)(y_100, first_logits)
slope_of_ten = tape.gradient(of_ten, first_logits)[:, 0]
with tf.GradientTape() as tape:
    alone = keras.losses.BinaryCrossentropy(from_logits=True)(y_100[:, :1], first_logits[:, :1])
slope_alone = tape.gradient(alone, first_logits)[:, 0]
print("slope of Drama's logits alone / as one of ten:", np.unique(np.round(slope_alone / slope_of_ten, 6)))

# %% [markdown]
# Adam divides by the size of the gradient, so for Adam this hardly matters. For SGD it is the learning rate that you must
# raise. And it matters when you read a loss: **a loss for 10 labels and one for 100 labels are not on the same scale of
# trouble.** One broken label of a hundred is nearly invisible.
#
# ### Which genre has the model learned?
#
# The mean can be taken apart again: one loss for each label. A label's **base rate** is the share of films that have it. The
# baseline here gives every film the base rate of the training films.

# %% [raw] tags=["prediction"]
# id = "low-loss-well-learned"
# given = "7% 54%: shares, asserted"
# ask = """Sci-Fi (7% of the films) has a far lower loss on test films than Drama (54%). Against the baseline, for which of the
# two has the model taken away the larger share of the loss?"""
# [right]
# text = "Drama"
# why = "A rare label has a low loss even when nothing has been learned: its baseline is low already. Only the distance to the baseline counts."
# [[wrong]]
# text = "Sci-Fi: its loss is lower"
# misconception = "low-loss-means-learned"
# why = "Its baseline is just as low. A rare label is easy to be right about by saying a small probability to all."
# [[wrong]]
# text = "both the same: they share one loss"
# misconception = "mean-loss-is-every-loss"
# why = "The mean is shared. Each label has a loss of its own, and a distance to its own baseline."
# [[wrong]]
# text = "neither: the loss of a mean cannot be taken apart"
# misconception = "mean-loss-is-every-loss"
# why = "It can: take the mean over the films only, and keep the labels apart."

# %% [raw] tags=["alt"] id="loss-by-label-alt" given="0.75: end of the axis"
# Dot plot, one row for each of ten genres from Drama (most frequent) to Fantasy; the axis is the loss on test films from 0
# to 0.75. An open diamond marks the baseline, a filled dot the model (median of 16 seeds); a line joins them. Drama: {drama_base:.2f}
# to {drama:.2f}. Sci-Fi: {scifi_base:.2f} to {scifi:.2f}. The longest line is that of Documentary, the shortest in proportion
# that of Romance.

# %% tags=["training"]
base_rate = films.y_train.mean(axis=0)
loss_of = np.array([bce_cells(films.y_test, one).mean(axis=0) for one in p_test])      # (16, 10)
baseline_of = bce_cells(films.y_test, np.broadcast_to(base_rate, films.y_test.shape)).mean(axis=0)
fig, ax = figures.axes(xlabel="loss on test films (BCE of one label)", height=4.6)
for k, (low, high) in enumerate(zip(np.median(loss_of, axis=0), baseline_of)):
    ax.plot([low, high], [k, k], color="#666666")
    ax.plot(high, k, "D", color="black", markerfacecolor="white", markersize=8, label="baseline" if k == 0 else None)
    ax.plot(low, k, "o", color=figures.COLORS[0], markersize=8, label="model" if k == 0 else None)
ax.set(yticks=range(10), yticklabels=films.classes, xlim=(0, 0.75), ylim=(9.6, -0.6))
ax.legend(loc="lower right")
numbers = dict(drama_base=baseline_of[0], drama=np.median(loss_of[:, 0]),
               scifi_base=baseline_of[8], scifi=np.median(loss_of[:, 8]))
figures.show(fig, "loss-by-label-alt", **numbers)

# %%
compare("low-loss-well-learned")

# %% tags=["training"]
learned_share = 1 - loss_of / baseline_of   # share of the baseline's loss that the model has taken away
print("taken away: ",
      ", ".join(f"{g} {share:.0%}" for g, share in zip(films.classes, np.median(learned_share, axis=0))))
print(claim("Sci-Fi has less than half of the loss of Drama.", loss_of[:, 8] / loss_of[:, 0], "<", 0.5))
print(claim("Of Drama's baseline the model takes away over 0.02 more than of Sci-Fi's.",
            learned_share[:, 0] - learned_share[:, 8], ">", 0.02))
print(claim("Of Romance's, a frequent genre, it takes away less than half as much as of Drama's.",
            learned_share[:, 2] / learned_share[:, 0], "<", 0.5))

# %% [markdown]
# **Compare with your prediction.** A low loss is no achievement for a rare label. Look at the distance to its baseline,
# label by label.
#
# ### Where it bites
#
# An export goes wrong, and the column of Horror arrives with nothing but zeros. Nobody notices. The same model is
# trained.

# %% [raw] tags=["prediction"]
# id = "horror-column-lost"
# ask = "All labels of Horror are 0 by mistake. How does the training loss compare with the run on the true labels?"
# [right]
# text = "it is lower: the run looks better"
# why = "A column of zeros is the easiest label there is. Its loss goes to 0, and the mean goes down."
# [[wrong]]
# text = "it is higher: the labels are wrong"
# misconception = "wrong-labels-raise-the-loss"
# why = "The loss is computed with the labels that you give. It cannot know that they are wrong."
# [[wrong]]
# text = "the same: one label of ten does not show"
# misconception = "mean-loss-is-every-loss"
# why = "It shows, a little, and in the direction that nobody looks into."
# [[wrong]]
# text = "Keras reports an error: a label without any 1"
# misconception = "keras-would-warn"
# why = "Keras does not look at the labels. Nothing is reported."

# %% tags=["training"]
horror = films.classes.index("Horror")
y_lost = films.y_train.copy()
y_lost[:, horror] = 0
lost = fit_replicates(build, films.X_train, y_lost, **recipe)
p_lost = lost.predict(films.X_test)
for name, run in [("true labels", runs), ("column lost", lost)]:
    print(f"{name}: training loss {np.median(run.history['loss'][:, -1]):.3f} (median of 16 seeds)")
print("largest probability of Horror for any test film: "
      f"{p_test[:, :, horror].max():.2f} with true labels, {p_lost[:, :, horror].max():.2f} with the column lost")
ratio = lost.history["loss"][:, -1] / runs.history["loss"][:, -1]
print(claim("With Horror's column lost, the training loss is lower by a twentieth or more.", ratio, "<", 0.95))

# %%
compare("horror-column-lost")

# %% [markdown]
# No film is Horror any more, and the loss is better than ever. Count the ones of each column before you train, and look at
# each label's loss alone.
#
# ## 3. Right in four cells of five
#
# A probability above one half means yes. How many of the cells does the model get right? This share is called **binary
# accuracy**. First the baseline: a rule that never names a genre.

# %% [raw] tags=["prediction"]
# id = "binary-accuracy-of-nothing"
# given = "1.8 8.2: shares, asserted"
# ask = "The rule says no to every genre of every test film. Its binary accuracy, in percent?"
# unit = "%"
# right = 82.16
# range = [0, 100]
# tolerance = 0.04
# why = "A film has 1.8 of 10 genres on average, so no is right for 8.2 of 10 cells."
# [[near]]
# value = 0
# misconception = "no-winners-no-accuracy"
# why = "It finds no genre, but it is right about every genre that a film does not have."
# [[near]]
# value = 17.8
# misconception = "accuracy-is-positive-rate"
# why = "That is the share of ones. The rule says no, so it is right about the zeros."
# [[near]]
# value = 50
# misconception = "baseline-is-a-coin"
# why = "A coin would be right half of the time. Always-no does far better where ones are rare."
# [[near]]
# value = 90
# misconception = "one-label-a-row"
# why = "That would be so with one genre for each film. Here a film has 1.8 on average."

# %% tags=["training"]
nothing = np.mean(films.y_test == 0)
assert round(10 * nothing, 1) == 8.2 and round(10 - 10 * nothing, 1) == 1.8
accuracy_half = np.mean((p_test > 0.5) == films.y_test, axis=(1, 2))
print(f"naming nothing: {nothing:.1%}; the model: {np.median(accuracy_half):.1%}")
print(claim("The model's binary accuracy is at most 0.04 above that of naming nothing.",
            accuracy_half - nothing, "<", 0.04))

# %%
compare("binary-accuracy-of-nothing", 100 * nothing)

# %% [raw] tags=["question"]
# id = "four-in-five"
# given = "82.1% 82%: premises of the question"
# ask = "Somebody's genre model has a binary accuracy of 82.1%. What does it say?"
# discuss = true
# [right]
# text = "nothing yet: a rule that names no genre gets about this"
# why = "You have just computed it. Without the baseline the number means nothing."
# [[wrong]]
# text = "82% of the films have all their genres right"
# misconception = "binary-is-subset-accuracy"
# why = "It counts cells, not films. A film with nine cells right counts as nine tenths here."
# [[wrong]]
# text = "82% of the genres were found"
# misconception = "accuracy-is-recall"
# why = "It can be 82% while not one genre was found: most cells are zeros."
# [[wrong]]
# text = "the model is good: right in four cells of five"
# misconception = "no-baseline"
# why = "So is a rule that never looks at a film."

# %% [markdown]
# ### What does `'accuracy'` count?
#
# Many templates just say `metrics=['accuracy']`. Keras then picks one of its accuracies by the shapes of labels and
# predictions. We evaluate one trained model.

# %% [raw] tags=["prediction"]
# id = "what-accuracy-counts"
# ask = "`metrics=['accuracy']`, ten sigmoids, multi-hot labels. What will it report for the model above?"
# [right]
# text = "far less than binary accuracy: it compares one genre of each film with one guess"
# why = """The labels have ten columns, so Keras takes them for one-hot rows and reports CategoricalAccuracy: does the largest
# probability stand where the label row has its largest value? In a multi-hot row that is the **first** 1, in the order of the columns."""
# [[wrong]]
# text = "binary accuracy: the loss is binary cross-entropy"
# misconception = "accuracy-follows-the-loss"
# why = "Keras looks at shapes, not at the loss. Ten columns look like ten classes."
# [[wrong]]
# text = "the share of films with all ten cells right"
# misconception = "binary-is-subset-accuracy"
# why = "That would be a sensible reading. Keras does not have it in mind."
# [[wrong]]
# text = "an error: accuracy is not defined for several labels"
# misconception = "keras-would-warn"
# why = "No message. You get a number between 0 and 1."

# %% tags=["training"]
one_model, p_one, y_test = runs.model(0), p_test[0], films.y_test
one_model.compile(loss="binary_crossentropy", metrics=["accuracy", "binary_accuracy"])
reported = one_model.evaluate(films.X_test, y_test, verbose=0, return_dict=True)
print("Keras reports:", {name: round(value, 3) for name, value in reported.items()})
# by hand: the place of the largest probability against the place of the first 1
by_hand = np.mean(p_one.argmax(axis=1) == y_test.argmax(axis=1))
print(f"'accuracy' by hand: {by_hand:.3f}")
assert np.isclose(reported["accuracy"], by_hand, atol=1e-6)
# the same films and predictions, with the columns in reverse order
reverse = np.mean(p_one[:, ::-1].argmax(axis=1) == y_test[:, ::-1].argmax(axis=1))
print(f"with the ten columns in reverse order: {reverse:.3f}")

# %%
compare("what-accuracy-counts")

# %% tags=["training"]
def first_one(p, y):
    return np.mean(p.argmax(axis=2) == y.argmax(axis=1), axis=1)   # for each seed

print(claim("What 'accuracy' reports falls by over 0.2 when the columns are put in reverse order.",
            first_one(p_test, y_test) - first_one(p_test[:, :, ::-1], y_test[:, ::-1]), ">", 0.2))

# %% [raw] tags=["question"]
# id = "why-the-order-matters"
# ask = "Same films, same probabilities, other order of the columns, and `'accuracy'` is another number. Why?"
# [right]
# text = "of a film's genres only the first column counts as right"
# why = "With Drama first, a drama and romance counts as Drama. Reversed, it counts as Romance, which the model seldom puts on top."
# [[wrong]]
# text = "the model was trained with the columns in one order"
# misconception = "order-was-learned"
# why = "Columns of labels and of probabilities were reversed together. Each probability still meets its own label."
# [[wrong]]
# text = "ties between probabilities are broken by position"
# misconception = "rounding-explains-it"
# why = "Ties between probabilities are next to never. The ties are in the labels: several ones in a row."
# [[wrong]]
# text = "chance: another order is another draw"
# misconception = "only-luck-decides"
# why = "Nothing was drawn anew. The claim above holds on every seed."

# %% [markdown]
# More names, all given to the same model. Each is accepted without a word.

# %% tags=["training"]
m = keras.metrics
names = [m.Accuracy("Accuracy"), m.CategoricalAccuracy("CategoricalAccuracy"), m.BinaryAccuracy("BinaryAccuracy"),
         m.F1Score(average="macro", name="F1Score, as it comes"),
         m.F1Score(average="macro", threshold=0.5, name="F1Score, threshold=0.5"),
         m.AUC(name="AUC, as it comes"), m.AUC(multi_label=True, name="AUC, multi_label=True")]
for metric in names:
    metric.update_state(y_test, p_one)
    print(f"{metric.name:24} {float(metric.result()):.3f}")
# what F1Score does as it comes: yes to the largest probability of each film, and to nothing else
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score
largest_only = (p_one == p_one.max(axis=1, keepdims=True)).astype(int)
print(f"F1 with one genre a film: {f1_score(y_test, largest_only, average='macro', zero_division=0):.3f}")

# %% [markdown]
# `Accuracy` asks whether a probability **equals** its label. `F1Score` as it comes says yes to one genre of each film. It
# needs `threshold=`, as on one unit in notebook 02. Here the two F1 lie near each other: that is an accident, and nothing
# to rely on.
#
# And the two AUC? Take a "model" that gives every film the base rates: it knows no film from another.

# %% [raw] tags=["prediction"]
# id = "auc-of-base-rates"
# given = "0.5: a ranking by chance"
# ask = "Every film gets the ten base rates as its probabilities. What does `keras.metrics.AUC()`, as it comes, say?"
# [right]
# text = "clearly above 0.5"
# why = """It puts all cells into one heap. There a cell of Drama outranks a cell of Sci-Fi, and Drama is more often true. That is
# knowledge about genres, not about films. `multi_label=True` asks within each label, and says 0.5."""
# [[wrong]]
# text = "0.5: it knows nothing about the films"
# misconception = "auc-as-it-comes-is-per-label"
# why = "0.5 is what `multi_label=True` says. In one heap, knowing which genres are frequent is enough to rank."
# [[wrong]]
# text = "0: it never tells two films apart"
# misconception = "no-knowledge-is-zero-auc"
# why = "An AUC of 0 would need every pair in the wrong order. Without knowledge it is 0.5."
# [[wrong]]
# text = "1: base rates are honest probabilities"
# misconception = "calibration-is-quality"
# why = "Honest they are. AUC asks for order, and within a label there is none."

# %% tags=["training"]
same_for_all = np.tile(base_rate, (len(y_test), 1))
heap_of_base_rates = roc_auc_score(y_test.ravel(), same_for_all.ravel())
print(f"base rates for all: AUC in one heap {heap_of_base_rates:.2f}, "
      f"by label {roc_auc_score(y_test, same_for_all):.2f}")
by_label = np.array([roc_auc_score(y_test, one) for one in p_test])
heap = np.array([roc_auc_score(y_test.ravel(), one.ravel()) for one in p_test])
print(f"the model:          AUC in one heap {np.median(heap):.2f}, by label {np.median(by_label):.2f}")
print(claim("By label the model's AUC is lower than in one heap, by over 0.05.", heap - by_label, ">", 0.05))

# %%
compare("auc-of-base-rates")
assert heap_of_base_rates > 0.7

# %% [raw] tags=["question"]
# id = "which-metrics-to-ask-for"
# ask = "You compile a model with ten sigmoids for genres. Which list of metrics asks for what you mean?"
# [right]
# text = "`[AUC(multi_label=True), F1Score(average=\"macro\", threshold=0.5)]`"
# why = "The first ranks films within each label. The second judges yes and no, label by label, at a threshold that you name."
# [[wrong]]
# text = "`[\"accuracy\"]`"
# misconception = "accuracy-follows-the-loss"
# why = "It compares one genre of each film with one guess, and depends on the order of the columns."
# [[wrong]]
# text = "`[\"accuracy\", \"binary_accuracy\"]`"
# misconception = "no-baseline"
# why = "The second is what its name says, and hardly differs from naming nothing. The first is something else."
# [[wrong]]
# text = "`[AUC(), F1Score()]`"
# misconception = "safe-default"
# why = "As they come, one puts all labels into a heap, the other says yes to one genre of each film."

# %% [markdown]
# ### Where it bites
#
# A metric in the log is a name and a number. The name is not what you meant until you have recomputed it once by hand.
#
# %% [markdown]
# ## 4. Three films by hand
#
# Three films, four labels. On the left the truth, on the right what a model names. For each label the **positive class** is
# "the film has this genre".
#
# | film | true: Drama, Comedy, Romance, Horror | named |
# |---|---|---|
# | A | 1 0 0 0 | 1 0 0 0 |
# | B | 1 1 1 0 | 1 1 0 0 |
# | C | 0 0 0 1 | 1 0 0 0 |
#
# Two ways to count. **Subset accuracy**: the share of films with *all* cells right. **Hamming loss**: the share of cells that
# are wrong. (It is called a loss, but it is a metric: nothing can be trained on it.)

# %% [raw] tags=["prediction"]
# id = "subset-of-three"
# ask = "Subset accuracy of these three films, as a share?"
# right = 0.3333
# range = [0, 1]
# why = "Only film A has all four cells right."
# [[near]]
# value = 0.75
# misconception = "binary-is-subset-accuracy"
# why = "That is the share of right cells, binary accuracy. One wrong cell makes the whole film wrong here."
# [[near]]
# value = 0.6667
# misconception = "one-hit-is-enough"
# why = "Two films have at least one genre found. Subset accuracy wants all cells of a film right."
# [[near]]
# value = 1
# misconception = "count-is-not-a-share"
# why = "One film is right. Its share among three was asked for."

# %% [raw] tags=["prediction"]
# id = "hamming-of-three"
# ask = "And their Hamming loss?"
# right = 0.25
# range = [0, 12]
# why = "Romance of film B, Drama and Horror of film C: three wrong cells of twelve."
# [[near]]
# value = 0.75
# misconception = "hamming-counts-right-cells"
# why = "That is the share of right cells. Hamming loss counts the wrong ones."
# [[near]]
# value = 3
# misconception = "count-is-not-a-share"
# why = "Three cells are wrong, of twelve. A share was asked for."
# [[near]]
# value = 0.1667
# misconception = "swap-counts-once"
# why = "In film C two cells are wrong: Drama is named and false, Horror is true and not named."
# [[near]]
# value = 0.6667
# misconception = "binary-is-subset-accuracy"
# why = "Two of three films have an error. Hamming loss counts cells."

# %%
true_three = np.array([[1, 0, 0, 0], [1, 1, 1, 0], [0, 0, 0, 1]])
named_three = np.array([[1, 0, 0, 0], [1, 1, 0, 0], [1, 0, 0, 0]]) == 1

def subset_accuracy(y_true, flagged):
    return np.mean(np.all(flagged == y_true, axis=-1))

def hamming_loss(y_true, flagged):
    return np.mean(flagged != y_true)

assert hamming_loss(true_three, named_three) == 3 / 12
print("subset accuracy", round(subset_accuracy(true_three, named_three), 3),
      "  Hamming loss", hamming_loss(true_three, named_three))

# %%
compare("subset-of-three", subset_accuracy(true_three, named_three))

# %%
compare("hamming-of-three", hamming_loss(true_three, named_three))

# %% [markdown]
# One is strict, the other lenient, and neither asks whether the *ones* were found. F1 does. For one label it is
# 2 · found / (named + true). With several labels there are three ways to average.
#
# - **Micro**: count over all cells first, then one F1. Frequent labels rule.
# - **Macro**: one F1 for each label, then their mean. Every label counts alike.
# - **Samples F1**: one F1 for each film, then their mean. Every film counts alike.
#
# Micro and macro you met in notebook 03; samples F1 is new. Worked, for micro:

# %%
def micro_f1(y_true, flagged):
    # all cells together: found, named, true
    found = np.sum(flagged & (y_true == 1))
    total = np.sum(flagged) + np.sum(y_true)
    # one F1
    return 2 * found / total

assert micro_f1(true_three, named_three) == 2 * 3 / (4 + 5)   # 3 found; 4 named, 5 true
print(f"micro F1 of the three films: {micro_f1(true_three, named_three):.3f}")

# %% [raw] tags=["prediction"]
# id = "lowest-f1-of-three"
# given = "0.8 0.45 0.6: arithmetic, asserted with the figure of the three films; 0.67: 6 / 9, asserted there as well"
# ask = "The three films again: Romance and Horror were never named. Which F1 is the lowest?"
# [right]
# text = "macro"
# why = "Two of four labels have F1 = 0, and macro gives each label the same weight: (0.8 + 1 + 0 + 0) / 4 = 0.45."
# [[wrong]]
# text = "micro"
# misconception = "micro-is-macro"
# why = "Micro counts cells. The two missed ones are 2 of 5 true cells, so it falls less: 0.67."
# [[wrong]]
# text = "samples"
# misconception = "samples-is-macro"
# why = "Only film C has F1 = 0; A has 1 and B has 0.8. The mean is 0.6."
# [[wrong]]
# text = "all the same: it is one F1"
# misconception = "averages-agree"
# why = "Three ways to average give three values. They agree only when all labels and films are alike."

# %%
three = {way: f1_score(true_three, named_three, average=way, zero_division=0) for way in ["micro", "macro", "samples"]}
assert np.isclose(three["micro"], 6 / 9) and round(three["micro"], 2) == 0.67
assert np.isclose(three["macro"], 0.45) and np.isclose(three["samples"], 0.6)
print({way: round(float(value), 3) for way, value in three.items()})

# %%
compare("lowest-f1-of-three")

# %% [markdown]
# ### Exercise 4.1: macro F1
#
# Fill in the missing line. A label that is neither true nor named anywhere counts as 0, as in Keras.

# %% tags=["exercise"] id="macro-f1"
def macro_f1(y_true, flagged):
    """Mean of the labels' F1. y_true: (n, k) of 0 and 1, flagged: (n, k) of True and False."""
    # each label: found, and named + true
    found = np.sum(flagged & (y_true == 1), axis=0)
    total = np.sum(flagged, axis=0) + np.sum(y_true, axis=0)
    # each label: its F1, 0 where there is nothing
    ### BEGIN SOLUTION
    by_label = 2 * found / np.maximum(total, 1)
    ### END SOLUTION
    # every label counts alike
    return np.mean(by_label)

# %% tags=["start"]
def macro_f1(y_true, flagged):
    """Mean of the labels' F1. y_true: (n, k) of 0 and 1, flagged: (n, k) of True and False."""
    # each label: found, and named + true
    found = np.sum(flagged & (y_true == 1), axis=0)
    total = np.sum(flagged, axis=0) + np.sum(y_true, axis=0)
    # each label: its F1, 0 where there is nothing
    by_label = ...  # your code here
    # every label counts alike
    return np.mean(by_label)

# %% tags=["cases"]
cases = [(np.array([[1, 0, 0, 0], [1, 1, 1, 0], [0, 0, 0, 1]]),
          np.array([[1, 0, 0, 0], [1, 1, 0, 0], [1, 0, 0, 0]]) == 1),
         (np.array([[1, 0, 0], [1, 1, 0]]), np.array([[1, 1, 0], [0, 1, 0]]) == 1),
         (np.array([[1, 0], [0, 1], [1, 1], [1, 0]]), np.array([[1, 1], [1, 1], [0, 1], [1, 0]]) == 1)]
labels = ["y_true", "flagged"]

# %% tags=["hint"]
# For one label: 2 · found / (named + true). `found` and `total` hold one number for each label.

# %% tags=["hint"]
# Where `total` is 0, `found` is 0 as well. `np.maximum(total, 1)` keeps the division possible and gives 0 there.

# %% tags=["right"]
def macro_f1(y_true, flagged):
    values = []
    for k in range(y_true.shape[1]):
        values.append(f1(y_true[:, k], flagged[:, k]))
    return sum(values) / len(values)

# %% tags=["wrong"] misconception="micro-is-macro"
# You added up all labels first: that is micro F1. For macro, each label gets its own F1, and then the mean.
def macro_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1))
    total = np.sum(flagged) + np.sum(y_true)
    return 2 * found / total

# %% tags=["wrong"] misconception="samples-is-macro"
# You averaged over the films: each film got an F1. For macro, each label gets one.
def macro_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=1)
    total = np.sum(flagged, axis=1) + np.sum(y_true, axis=1)
    return np.mean(2 * found / np.maximum(total, 1))

# %% tags=["wrong"] misconception="empty-label-left-out"
# You left out the labels that nobody has and nobody names. Here they count as 0, as in Keras.
def macro_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=0)
    total = np.sum(flagged, axis=0) + np.sum(y_true, axis=0)
    return np.mean(2 * found[total > 0] / total[total > 0])

# %% tags=["wrong"] misconception="f1-forgets-the-two"
# The 2 is missing: F1 is found over the mean of named and true, not over their sum.
def macro_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=0)
    total = np.sum(flagged, axis=0) + np.sum(y_true, axis=0)
    return np.mean(found / np.maximum(total, 1))

# %% tags=["wrong"] misconception="accuracy-is-recall"
# That is the mean of the labels' recall. F1 also counts what was named and is not true.
def macro_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=0)
    return np.mean(found / np.maximum(np.sum(y_true, axis=0), 1))

# %% [markdown]
# ### Exercise 4.2: samples F1
#
# Now alone. The reader of a catalog sees one film at a time. Write the F1 that gives **each film** the same weight. A
# film for which nothing is true and nothing is named counts as 0.

# %% tags=["exercise"] id="samples-f1"
def samples_f1(y_true, flagged):
    """Mean of the films' F1. y_true: (n, k) of 0 and 1, flagged: (n, k) of True and False."""
    ### BEGIN SOLUTION
    found = np.sum(flagged & (y_true == 1), axis=1)
    total = np.sum(flagged, axis=1) + np.sum(y_true, axis=1)
    return np.mean(2 * found / np.maximum(total, 1))
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([[1, 0, 0, 0], [1, 1, 1, 0], [0, 0, 0, 1]]),
          np.array([[1, 0, 0, 0], [1, 1, 0, 0], [1, 0, 0, 0]]) == 1),
         (np.array([[1, 0, 0], [0, 0, 0]]), np.array([[1, 1, 0], [0, 0, 0]]) == 1),
         (np.array([[1, 0], [0, 1], [1, 1], [1, 0]]), np.array([[1, 1], [0, 0], [0, 1], [1, 0]]) == 1)]
labels = ["y_true", "flagged"]

# %% tags=["hint"]
# What changes against macro F1 is only over what you sum, and over what you take the mean.

# %% tags=["hint"]
# One F1 for each row: sum with `axis=1`. Guard the division as in exercise 4.1.

# %% tags=["right"]
def samples_f1(y_true, flagged):
    total = 0.0
    for truth, named in zip(y_true, flagged):
        both = (truth == 1) & named
        if truth.sum() + named.sum() > 0:
            total += 2 * both.sum() / (truth.sum() + named.sum())
    return total / len(y_true)

# %% tags=["wrong"] misconception="samples-is-macro"
# That is macro F1: one value for each label. The reader sees films, so each film needs its own.
def samples_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=0)
    total = np.sum(flagged, axis=0) + np.sum(y_true, axis=0)
    return np.mean(2 * found / np.maximum(total, 1))

# %% tags=["wrong"] misconception="micro-is-macro"
# That is micro F1: all cells in one count. A film with many genres then weighs more than a film with one.
def samples_f1(y_true, flagged):
    return 2 * np.sum(flagged & (y_true == 1)) / (np.sum(flagged) + np.sum(y_true))

# %% tags=["wrong"] misconception="jaccard-is-f1"
# That is found over the union (the Jaccard index). F1 is two times found over the sum of both counts.
def samples_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=1)
    union = np.sum(flagged | (y_true == 1), axis=1)
    return np.mean(found / np.maximum(union, 1))

# %% tags=["wrong"] misconception="empty-label-left-out"
# You left out the films with nothing true and nothing named. They count as 0 here.
def samples_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=1)
    total = np.sum(flagged, axis=1) + np.sum(y_true, axis=1)
    return np.mean(2 * found[total > 0] / total[total > 0])

# %% tags=["wrong"] misconception="empty-means-perfect"
# Nothing true and nothing named: you gave such a film 1. That is a choice some people make; here it counts as 0.
def samples_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=1)
    total = np.sum(flagged, axis=1) + np.sum(y_true, axis=1)
    return np.mean(np.where(total > 0, 2 * found / np.maximum(total, 1), 1.0))

# %% [markdown]
# ### The films
#
# Now the model, cut at one half. The baseline for F1 is not "name nothing", which has F1 = 0. It is the other extreme:
# name **all ten genres for every film**.

# %% [raw] tags=["prediction"]
# id = "every-genre-macro-f1"
# ask = "Macro F1 on the test films: the trained model, cut at one half, against naming all ten genres for every film. Which is higher?"
# discuss = true
# [right]
# text = "naming all ten genres, without a model"
# why = "At one half the model hardly ever names a rare genre, so many labels have an F1 near 0. Naming all finds everything, at a price that F1 forgives."
# [[wrong]]
# text = "the model, by far: it has learned something"
# misconception = "learned-means-useful-at-half"
# why = "It has learned to rank. Cut at one half, a rare genre is next to never named."
# [[wrong]]
# text = "both the same"
# misconception = "averages-agree"
# why = "They name very different things, and macro F1 shows it."
# [[wrong]]
# text = "naming all ten has an F1 of 0: most of it is wrong"
# misconception = "wrong-names-make-f1-zero"
# why = "Wrong names lower precision. Recall is 1, and F1 lies between the two."

# %% tags=["training"]
def f1_by_label(y_true, flagged):
    """F1 of each label: (..., k). flagged: (..., n, k), so that it takes one model or 16."""
    found = np.sum(flagged & (y_true == 1), axis=-2)
    return 2 * found / np.maximum(flagged.sum(axis=-2) + y_true.sum(axis=0), 1)

at_half = f1_by_label(y_test, p_test > 0.5)                       # (16, 10)
assert np.isclose(at_half[0].mean(), f1_score(y_test, p_test[0] > 0.5, average="macro", zero_division=0))
all_ten = f1_by_label(y_test, np.ones(y_test.shape, bool)).mean()
print("F1 by label at one half: ", ", ".join(f"{g} {v:.2f}" for g, v in zip(films.classes, np.median(at_half, axis=0))))

# %% [raw] tags=["alt"] id="macro-f1-alt" given="0.5: end of the axis"
# Dot plot, one dot for each of 16 seeds: macro F1 on the test films, axis from 0 to 0.5. The trained model cut at one half
# lies around {model:.2f}. A dotted line at {every:.2f} marks naming all ten genres for every film; all dots lie left of it.

# %% tags=["training"]
fig, ax = figures.axes(xlabel="macro F1, test films", height=2.2)
figures.strip(ax, {"the model,\ncut at one half": at_half.mean(axis=1)}, reference=all_ten,
              reference_label="all ten genres for every film")
ax.set_xlim(0, 0.5)
figures.show(fig, "macro-f1-alt", model=np.median(at_half.mean(axis=1)), every=all_ten)

# %%
compare("every-genre-macro-f1")

# %% tags=["training"]
print(claim("At one half, the model's macro F1 is below that of naming all ten genres for every film, by a twentieth "
            "or more.",
            at_half.mean(axis=1) / all_ten, "<", 0.95))
ways = {"micro F1": lambda y, f: f1_score(y, f, average="micro"), "macro F1": lambda y, f: f1_by_label(y, f).mean(),
        "samples F1": lambda y, f: f1_score(y, f, average="samples", zero_division=0),
        "subset accuracy": subset_accuracy, "Hamming loss": hamming_loss}
rules = {"name nothing": np.zeros(y_test.shape, bool), "name all ten": np.ones(y_test.shape, bool)}
print(f"{'':16}{'the model':>14}" + "".join(f"{name:>14}" for name in rules))
for way, count in ways.items():
    model_value = np.median([count(y_test, one > 0.5) for one in p_test])
    print(f"{way:16}{model_value:14.3f}" + "".join(f"{count(y_test, flagged):14.3f}" for flagged in rules.values()))

# %% [markdown]
# **Compare with your prediction.** Cut at one half, the model loses against a rule without a model, by macro F1. By subset
# accuracy and Hamming loss it wins easily. Look at the F1 of each label: the rare ones are hardly ever named.
#
# Is the model bad at rare genres, or is one half the wrong cut? A metric without a cut can tell: **average precision**, known
# from notebook 02. Its baseline is the base rate of the label.

# %% [raw] tags=["prediction"]
# id = "ap-above-base"
# ask = "Average precision of Comedy is about twice that of Sci-Fi. Which of the two is further above its own baseline, as a multiple of it?"
# [right]
# text = "Sci-Fi"
# why = "Its base rate is far lower. The model ranks Sci-Fi well, and at one half nobody sees it."
# [[wrong]]
# text = "Comedy: its average precision is higher"
# misconception = "ap-without-its-baseline"
# why = "So is its base rate. A ranking by chance already has an average precision equal to the base rate."
# [[wrong]]
# text = "both alike: one model, one quality"
# misconception = "mean-loss-is-every-loss"
# why = "Each label is a task of its own, and some can be told from the features better than others."
# [[wrong]]
# text = "it cannot be said: average precision has no baseline"
# misconception = "no-baseline"
# why = "It has: the base rate of the label, which a random order reaches."

# %% [raw] tags=["alt"] id="ap-by-label-alt"
# Dot plot, one row for each of ten genres; the axis is average precision on the test films, 0 to 1. An open diamond marks
# the baseline, the base rate; a filled dot the model (median of 16 seeds). Drama {drama:.2f} over {drama_base:.2f}, Comedy
# {comedy:.2f} over {comedy_base:.2f}, Sci-Fi {scifi:.2f} over {scifi_base:.2f}. All dots lie right of their diamonds.

# %% tags=["training"]
ap = np.array([average_precision_score(y_test, one, average=None) for one in p_test])   # (16, 10)
base_test = y_test.mean(axis=0)
fig, ax = figures.axes(xlabel="average precision, test films", height=4.6)
for k, (low, high) in enumerate(zip(base_test, np.median(ap, axis=0))):
    ax.plot([low, high], [k, k], color="#666666")
    ax.plot(low, k, "D", color="black", markerfacecolor="white", markersize=8, label="base rate" if k == 0 else None)
    ax.plot(high, k, "o", color=figures.COLORS[0], markersize=8, label="model" if k == 0 else None)
    ax.annotate(f"{high / low:.1f} times", (high, k), xytext=(9, 0), textcoords="offset points", va="center")
ax.set(yticks=range(10), yticklabels=films.classes, xlim=(0, 1), ylim=(9.6, -0.6))
ax.legend(loc="lower right")
shown = {f"{name}{end}": values[k] for name, k in [("drama", 0), ("comedy", 1), ("scifi", 8)]
         for end, values in [("", np.median(ap, axis=0)), ("_base", base_test)]}
figures.show(fig, "ap-by-label-alt", **shown)

# %%
compare("ap-above-base")

# %% tags=["training"]
times = ap / base_test
print(claim("Over its base rate, the average precision of Sci-Fi is at least 1.5 times as high as that of Comedy.",
            times[:, 8] / times[:, 1], ">", 1.5))

# %% [markdown]
# ### Where it bites
#
# Keras can average a metric over **batches**, if you hand it a plain function.

# %% [raw] tags=["question"]
# id = "recall-over-two-batches"
# ask = "Batch 1 holds no horror film. Batch 2 holds two, and the model finds one. What is the recall of Horror over both batches?"
# [right]
# text = "one half"
# why = "Two horror films in all, one found. The counts are put together, and then divided."
# [[wrong]]
# text = "one quarter: the mean of 0 and one half"
# misconception = "mean-of-batches"
# why = "Batch 1 has nothing to find. Its 0 is no failure, and must not be averaged in."
# [[wrong]]
# text = "0: the worst batch counts"
# misconception = "worst-case"
# why = "A metric over all films does not know batches."
# [[wrong]]
# text = "undefined: batch 1 has no recall"
# misconception = "empty-batch-poisons"
# why = "Batch 1 alone has none. Both together hold two horror films."

# %% tags=["training"]
def f1_of_batch(y_true, p):
    flagged = keras.ops.cast(p > 0.5, "float32")
    found = keras.ops.sum(flagged * y_true, axis=0)
    total = keras.ops.sum(flagged, axis=0) + keras.ops.sum(y_true, axis=0)
    return keras.ops.mean(2 * found / keras.ops.maximum(total, 1.0))

one_model.compile(loss="binary_crossentropy", metrics=[f1_of_batch, m.F1Score(average="macro", threshold=0.5)])
for size in [8, 32, 256, len(y_test)]:
    values = one_model.evaluate(films.X_test, y_test, batch_size=size, verbose=0, return_dict=True)
    print(f"batches of {size:4}: function {values['f1_of_batch']:.3f}   metric object {values['f1_score']:.3f}")
cut_up = np.mean([f1_by_label(y_test[i:i + 8], p_test[:, i:i + 8] > 0.5).mean(axis=1)
                  for i in range(0, len(y_test) - 7, 8)], axis=0)
print(claim("Averaged over batches of 8, macro F1 comes out below nine tenths of its value over all films.",
            cut_up / at_half.mean(axis=1), "<", 0.9))

# %% [markdown]
# Same model, same films: the function's value depends on the batch size. A metric *object* collects counts and divides once.
# Notebook 05 takes this further.
#
# %% [markdown]
# ## 5. A threshold for each label
#
# The model can rank rare genres, and at one half it never says yes to them. So move the cut, label by label. Notebook 02 did
# this for one label. First look at F1 against the threshold, on validation films.

# %% [raw] tags=["prediction"]
# id = "romance-threshold"
# given = "16%: share, asserted; 0.1 0.3: the bounds of the answer"
# ask = "Romance: 16% of the films, hard to tell. Which threshold gives the best F1 on validation films?"
# [right]
# text = "well below one half: 0.1 to 0.3"
# why = "With honest probabilities the best threshold is near half of the best F1 that can be reached, and that F1 is low here."
# [[wrong]]
# text = "near one half: the probabilities are honest"
# misconception = "half-is-natural"
# why = "Honest, yes. One half is right for counting errors. F1 wants more yes than that when the label is rare."
# [[wrong]]
# text = "well above one half: a rare label needs certainty"
# misconception = "threshold-reversed"
# why = "The model is next to never sure of Romance. So high a cut would name no film."
# [[wrong]]
# text = "the same as for Drama: one model, one threshold"
# misconception = "one-threshold-for-all"
# why = "Drama is frequent and easier, so its best F1 is higher, and its best threshold as well."

# %% tags=["training"]
candidates = np.arange(2, 81, 2) / 100                                              # 0.02, 0.04, … 0.80
f1_val = np.array([f1_by_label(films.y_val, p_val > c) for c in candidates])        # (40, 16 seeds, 10)
thresholds = candidates[f1_val.argmax(axis=0)]                                      # (16, 10)

# %% [raw] tags=["alt"] id="f1-threshold-alt" given="0.8 0.85: ends of the axes; 0.7 0.1: read off the curves, to one digit"
# Line plot of F1 on validation films over the threshold, 0 to 0.8, median and band over 16 seeds, axis from 0 to 0.85. Drama
# is flat near 0.7 and highest at about {drama:.2f}. Comedy rises to its top at about {comedy:.2f} and falls to near 0.1 at 0.7.
# Romance is highest at about {romance:.2f}, and near 0 from one half on.

# %% tags=["training"]
fig, ax = figures.axes(xlabel="threshold", ylabel="F1, validation films")
figures.lines(ax, candidates, {films.classes[k]: f1_val[:, :, k].T for k in [0, 1, 2]}, label_at="legend")
ax.axvline(0.5, color="black", linestyle=":", linewidth=1.5)
ax.annotate("one half", (0.5, 0.8), xytext=(5, 0), textcoords="offset points")
ax.set(xlim=(0, 0.8), ylim=(0, 0.85))
figures.show(fig, "f1-threshold-alt", **dict(zip(["drama", "comedy", "romance"], np.median(thresholds, axis=0))))

# %%
compare("romance-threshold")

# %% tags=["training"]
best_f1 = f1_val.max(axis=0)
for k in [0, 1, 2, 8]:
    print(f"{films.classes[k]:8} best threshold {np.median(thresholds[:, k]):.2f}, "
          f"half of the best F1 {np.median(best_f1[:, k]) / 2:.2f}")
print(claim("On validation films, every label's best threshold lies below one half.", thresholds.max(axis=1), "<", 0.5))
print(claim("The best thresholds are near half of the best F1: 0.05 away or less, on average over the labels.",
            np.abs(thresholds - best_f1 / 2).mean(axis=1), "<", 0.05))

# %% [markdown]
# ### Exercise 5.1: choose it
#
# Write the choice for one label. F1 is defined for you as `f1(y_true, flagged)`: it is 0 where there is nothing to find and
# nothing named.

# %%
def f1(y_true, flagged):
    total = np.sum(flagged) + np.sum(y_true)
    return 2 * np.sum(flagged & (y_true == 1)) / total if total > 0 else 0.0

# %% tags=["exercise"] id="best-threshold"
def best_threshold(y_true, p, candidates):
    """The candidate c with the highest F1 of p > c; if several tie, the lowest. y_true, p: (n,), candidates: rising."""
    ### BEGIN SOLUTION
    values = [f1(y_true, p > c) for c in candidates]
    return candidates[np.argmax(values)]
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([1, 0, 0, 1, 0, 0]), np.array([0.4, 0.3, 0.1, 0.25, 0.05, 0.2]), np.array([0.05, 0.2, 0.35, 0.5])),
         (np.array([0, 0, 0, 1]), np.array([0.6, 0.2, 0.1, 0.7]), np.array([0.1, 0.5, 0.65, 0.9])),
         (np.array([1, 0, 0, 0, 0, 0]), np.array([0.3, 0.1, 0.3, 0.6, 0.4, 0.3]), np.array([0.1, 0.2, 0.5])),
         (np.array([1, 1, 0]), np.array([0.3, 0.3, 0.3]), np.array([0.3, 0.5])),
         (np.array([1, 0, 0, 0, 0, 0, 0, 1]), np.array([0.35, 0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.3]),
          np.array([0.2, 0.25, 0.6]))]
labels = ["y_true", "p", "candidates"]

# %% tags=["hint"]
# Compute one F1 for each candidate. What is wanted is not the highest F1 but where it is reached.

# %% tags=["hint"]
# `np.argmax(values)` is the place of the first largest value. Use it to look up the candidate.

# %% tags=["right"]
def best_threshold(y_true, p, candidates):
    best, best_value = candidates[0], -1.0
    for c in candidates:
        flagged = p > c
        value = 2 * np.sum(flagged * y_true) / max(np.sum(flagged) + np.sum(y_true), 1)
        if value > best_value:
            best, best_value = c, value
    return best

# %% tags=["wrong"] misconception="accuracy-chooses-the-threshold"
# You chose by accuracy. For a rare label that prefers to name nothing; F1 was asked for.
def best_threshold(y_true, p, candidates):
    return candidates[np.argmax([np.mean((p > c) == y_true) for c in candidates])]

# %% tags=["wrong"] misconception="threshold-equals-f1"
# That is the highest F1, not the threshold at which it is reached.
def best_threshold(y_true, p, candidates):
    return np.max([f1(y_true, p > c) for c in candidates])

# %% tags=["wrong"] misconception="place-instead-of-value"
# That is the place of the candidate in the list. Look up the candidate itself.
def best_threshold(y_true, p, candidates):
    return np.argmax([f1(y_true, p > c) for c in candidates])

# %% tags=["wrong"] misconception="tie-overlooked"
# If several candidates tie, the lowest was asked for. You took the last one.
def best_threshold(y_true, p, candidates):
    values = np.array([f1(y_true, p > c) for c in candidates])
    return candidates[np.flatnonzero(values == values.max())[-1]]

# %% tags=["wrong"] misconception="ends-left-out"
# A probability equal to the threshold is named in your version. Named means p > c.
def best_threshold(y_true, p, candidates):
    return candidates[np.argmax([f1(y_true, p >= c) for c in candidates])]

# %% tags=["wrong"] misconception="threshold-is-prevalence"
# You took the candidate nearest to the base rate. That is a usable rule of thumb, not the best F1.
def best_threshold(y_true, p, candidates):
    return candidates[np.argmin(np.abs(candidates - np.mean(y_true)))]

# %% [markdown]
# Before the result: how must the steps be ordered, so that the number reported at the end can be believed?

# %% [raw] tags=["order"]
# id = "order-honest-thresholds"
# ask = "Put the steps in order, from the model to a number that can be believed."
# lines = ["train on the training films", "predict the validation films", "choose each label's threshold by F1 on them",
#  "predict the test films and cut them at these thresholds", "report macro F1 on the test films, once"]
# right = [[1, 2, 3, 4, 5]]
# why = "The thresholds are chosen where the model was not trained, and judged where they were not chosen."
# [[wrong]]
# order = [1, 4, 2, 3, 5]
# misconception = "cut-before-choosing"
# why = "The test films cannot be cut before the thresholds exist."
# [[wrong]]
# order = [2, 3, 1, 4, 5]
# misconception = "move-before-looking"
# why = "An untrained model has nothing to choose thresholds for. Train first."

# %% [raw] tags=["prediction"]
# id = "after-tuning"
# ask = "The chosen thresholds raise macro F1 on test films. What happens to subset accuracy and to binary accuracy?"
# discuss = true
# [right]
# text = "both fall; binary accuracy even below that of naming nothing"
# why = "Lower cuts name more genres, and for rare genres most names are wrong. F1 forgives that for what it finds; the other two count every wrong cell."
# [[wrong]]
# text = "both rise: better decisions are better everywhere"
# misconception = "averages-agree"
# why = "Better by F1. Each of the metrics asks for something else, and one half was near the best cut for cells."
# [[wrong]]
# text = "nothing: only F1 looks at thresholds"
# misconception = "threshold-free-accuracy"
# why = "Every metric of yes and no depends on the cut. AUC and the loss do not."
# [[wrong]]
# text = "subset accuracy rises, binary accuracy falls"
# misconception = "finding-more-means-all-right"
# why = "A film is all right only without a single wrong name, and many wrong names have been added."

# %% tags=["training"]
flagged_tuned = p_test > thresholds[:, None, :]
tuned = f1_by_label(y_test, flagged_tuned)                     # (16, 10)
print(f"{'test films, median of 16 seeds':32}{'cut at one half':>17}{'cut by label':>14}")
for way, count in ways.items():
    before = np.median([count(y_test, one > 0.5) for one in p_test])
    after = np.median([count(y_test, flagged) for flagged in flagged_tuned])
    print(f"{way:32}{before:17.3f}{after:14.3f}")
print(f"{'AUC by label (looks at no cut)':32}{np.median(by_label):17.3f}{np.median(by_label):14.3f}")

# %% [raw] tags=["alt"] id="tuned-f1-alt" given="0.5 0.7 0.9: ends of the axes"
# Two dot plots, one dot for each of 16 seeds, two rows each: cut at one half, and cut by label. Left, macro F1 from 0 to 0.5:
# around {half:.2f} and around {tuned:.2f}; a dotted line at {every:.2f} marks naming all ten genres. Right, binary accuracy from
# 0.7 to 0.9: around {acc_half:.2f} and {acc_tuned:.2f}; a dotted line at {nothing:.2f} marks naming nothing. The better row on
# the left is the worse one on the right.

# %% tags=["training"]
accuracy_tuned = np.mean(flagged_tuned == y_test, axis=(1, 2))
fig, (left, right) = figures.axes(2, height=2.9)
figures.strip(left, {"cut at one half": at_half.mean(axis=1), "cut by label": tuned.mean(axis=1)},
              reference=all_ten, reference_label="all ten")
left.set(xlabel="macro F1, test films", xlim=(0, 0.5))
figures.strip(right, {"one half ": accuracy_half, "by label": accuracy_tuned}, reference=nothing,
              reference_label="nothing")
right.set(xlabel="binary accuracy, test films", xlim=(0.7, 0.9))
figures.show(fig, "tuned-f1-alt", half=np.median(at_half.mean(axis=1)), tuned=np.median(tuned.mean(axis=1)),
             every=all_ten, acc_half=np.median(accuracy_half), acc_tuned=np.median(accuracy_tuned), nothing=nothing)

# %%
compare("after-tuning")

# %% tags=["training"]
print(claim("Thresholds by label raise macro F1 on test films to at least 1.5 times its value at one half.",
            tuned.mean(axis=1) / at_half.mean(axis=1), ">", 1.5))
print(claim("With them, macro F1 is at least a quarter above that of naming all ten genres.",
            tuned.mean(axis=1) / all_ten, ">", 1.25))
print(claim("With them, binary accuracy is more than 0.02 below that of naming nothing.",
            nothing - accuracy_tuned, ">", 0.02))
print(claim("With them, subset accuracy falls to less than 0.8 of its value at one half.",
            np.array([subset_accuracy(y_test, f) for f in flagged_tuned])
            / np.array([subset_accuracy(y_test, one > 0.5) for one in p_test]), "<", 0.8))

# %% [markdown]
# **Compare with your prediction.** Nothing was trained again. The same probabilities, cut elsewhere: one metric is far
# better, two are worse. Which cut is right? The objective decides. If a missed genre hides a film from everybody who
# searches for it, macro F1 is near to what you want. If every wrong name annoys a reader, it is not.

# %% [raw] tags=["question"]
# id = "what-thresholds-move"
# given = "0.5 0.2: premises of the question"
# ask = "You move the threshold of Horror from 0.5 to 0.2. Which of these changes?"
# [right]
# text = "F1 and recall of Horror, and with them macro F1"
# why = "Decisions change, so what is counted from decisions changes."
# [[wrong]]
# text = "the AUC of Horror"
# misconception = "point-is-curve"
# why = "AUC looks at the order of the films, for all cuts at once."
# [[wrong]]
# text = "the validation loss"
# misconception = "loss-is-thresholded"
# why = "The loss is computed from probabilities. It never sees a threshold."
# [[wrong]]
# text = "what is named for the other genres as well: they make room"
# misconception = "sigmoids-share-one-whole"
# why = "Each label has its own sigmoid and its own threshold. The others stay as they are."

# %% [markdown] given="3,000: validation films, asserted; 14: 7% of 200; 20: set in code"
# ### How far to trust ten thresholds
#
# We had over 3,000 validation films. Suppose there were only 200. Then a rare genre has about 14 films among them, and the
# threshold that looks best may look best by luck. We draw 200 validation films, choose ten thresholds on them, and
# look at F1 twice: on these 200 films, and on the test films. This 20 times for each seed.

# %% tags=["training"]
def choose_on(rows, s):
    # choose on some validation films: a threshold for each label, and one for all
    f = np.array([f1_by_label(films.y_val[rows], p_val[s][rows] > c) for c in candidates])   # (40, 10)
    each, common = candidates[f.argmax(axis=0)], candidates[f.mean(axis=1).argmax()]
    # judge both on the test films
    on_test = f1_by_label(y_test, p_test[s] > each)
    return f.max(axis=0) - on_test, on_test.mean(), f1_by_label(y_test, p_test[s] > common).mean()

rng = np.random.default_rng(seed)
drawn = [[choose_on(rng.choice(len(films.y_val), 200, replace=False), s) for _ in range(20)] for s in range(16)]
too_good = np.array([np.mean([gap for gap, _, _ in of_seed], axis=0) for of_seed in drawn])      # (16, 10)
each_f1, common_f1 = (np.array([np.mean([one[i] for one in of_seed]) for of_seed in drawn]) for i in (1, 2))

# %% [raw] tags=["prediction"]
# id = "tuned-on-few"
# given = "14: 7% of 200"
# ask = "Each label's best F1 on the 200 films it was chosen on, against F1 on test films with the same threshold. What do you expect?"
# [right]
# text = "lower on the test films, most of all for rare genres"
# why = "The best of forty candidates is in part the luckiest. The fewer positives, the more luck there is to pick from."
# [[wrong]]
# text = "the same: a threshold is only one number, it cannot overfit"
# misconception = "selection-is-free"
# why = "It was the best of forty on these films. Being picked for its value, the value is too good."
# [[wrong]]
# text = "lower, and equally so for every genre"
# misconception = "few-positives-do-not-matter"
# why = "Luck shrinks with the number of positives. Drama has over a hundred among 200 films, Sci-Fi about 14."
# [[wrong]]
# text = "higher on the test films: there are more of them"
# misconception = "more-films-raise-f1"
# why = "More films make F1 more certain, not higher."

# %% [raw] tags=["alt"] id="winners-curse-alt" given="-0.05 0.2: ends of the axis"
# Dot plot, ten rows by genre from Drama to Fantasy, one dot for each of 16 seeds (each the mean of 20 draws): F1 on the 200
# films that the threshold was chosen on, minus F1 on the test films, axis from -0.05 to 0.2, a dotted line at 0. Drama lies near
# {drama:.2f}. The rare genres lie far to the right, Sci-Fi near {scifi:.2f}.

# %% tags=["training"]
fig, ax = figures.axes(xlabel="F1 on the films chosen on − F1 on test films", height=5)
figures.strip(ax, dict(zip(films.classes, too_good.T)), reference=0.0, reference_label="no difference")
ax.set_xlim(-0.05, 0.2)
figures.show(fig, "winners-curse-alt", drama=np.median(too_good[:, 0]), scifi=np.median(too_good[:, 8]))

# %%
compare("tuned-on-few")

# %% tags=["training"]
print(claim("Chosen on 200 films, F1 looks better than it is by over 0.03, on average over the labels.",
            too_good.mean(axis=1), ">", 0.03))
print(claim("For Sci-Fi it looks better by at least 0.03 more than for Drama.",
            too_good[:, 8] - too_good[:, 0], ">", 0.03))
print(f"macro F1 on test films: ten thresholds {np.median(each_f1):.3f}, "
      f"one threshold for all {np.median(common_f1):.3f}")
print(claim("Chosen on 200 films, ten thresholds bring at most 0.005 more macro F1 than one threshold for all ten "
            "labels.", each_f1 - common_f1, "<", 0.005))

# %% [markdown]
# With 200 films, one threshold for all labels does as well as ten. Most of the gain came from leaving one half, not from the
# fine choice. So: few positives, few choices. And report only what was measured on films that took no part in the choice.

# %% [raw] tags=["question"]
# id = "threshold-with-nine-positives"
# ask = "A new label has 9 positives in your validation data. How do you set its threshold?"
# discuss = true
# [right]
# text = "by a rule with less choice, such as one threshold for all rare labels together"
# why = "Nine positives cannot tell forty candidates apart. Put labels together, or use cross-validation."
# [[wrong]]
# text = "by its best F1 on the 9: that is what validation data are for"
# misconception = "selection-is-free"
# why = "The best of forty on nine positives is mostly luck, as you have just seen with 14."
# [[wrong]]
# text = "by its best F1 on validation and test data together: more positives"
# misconception = "test-is-for-tuning"
# why = "Then no data are left on which the result can be believed."
# [[wrong]]
# text = "by its best F1 on the training data: there are most positives"
# misconception = "fitting-data-is-safe"
# why = "The model has seen these films. Its probabilities are too sure there, so the threshold comes out wrong."

# %% [markdown]
# ### Exercise 5.2: find the fault
#
# A colleague's report of macro F1 is always a little higher than what the users of the catalog measure later. There is
# **one** fault. Find it and mend it.

# %% tags=["exercise"] id="planted-thresholds"
def report(y_val, p_val, y_new, p_new, candidates):
    """Macro F1 on new films; each label's threshold is chosen on validation films. y, p: (n, k)."""
    values = []
    for k in range(y_val.shape[1]):
        on_val = [f1(y_val[:, k], p_val[:, k] > c) for c in candidates]
        on_new = [f1(y_new[:, k], p_new[:, k] > c) for c in candidates]
        ### BEGIN SOLUTION
        values.append(on_new[np.argmax(on_val)])
        ### END SOLUTION
    return np.mean(values)

# %% tags=["start"]
def report(y_val, p_val, y_new, p_new, candidates):
    """Macro F1 on new films; each label's threshold is chosen on validation films. y, p: (n, k)."""
    values = []
    for k in range(y_val.shape[1]):
        on_val = [f1(y_val[:, k], p_val[:, k] > c) for c in candidates]
        on_new = [f1(y_new[:, k], p_new[:, k] > c) for c in candidates]
        values.append(np.max(on_new))
    return np.mean(values)

# %% tags=["cases"]
rng = np.random.default_rng(4)

def draw(n, k):
    p = rng.uniform(0, 1, (n, k))
    return (rng.uniform(0, 1, (n, k)) < p**2).astype(int), np.round(p, 2)

few = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
cases = [(*draw(12, 2), *draw(10, 2), few), (*draw(9, 3), *draw(14, 3), few), (*draw(20, 1), *draw(6, 1), few)]
labels = ["y_val", "p_val", "y_new", "p_new", "candidates"]

# %% tags=["hint"]
# Which films decide about the threshold, in the line that appends a value?

# %% tags=["hint"]
# The place is to be found with `on_val`, the value to be read from `on_new`.

# %% tags=["right"]
def report(y_val, p_val, y_new, p_new, candidates):
    values = []
    for k in range(y_val.shape[1]):
        chosen = candidates[np.argmax([f1(y_val[:, k], p_val[:, k] > c) for c in candidates])]
        values.append(f1(y_new[:, k], p_new[:, k] > chosen))
    return np.mean(values)

# %% tags=["wrong"] misconception="reported-where-chosen"
# Now you report F1 on the validation films, where the threshold was chosen. That is too good as well.
def report(y_val, p_val, y_new, p_new, candidates):
    values = []
    for k in range(y_val.shape[1]):
        values.append(np.max([f1(y_val[:, k], p_val[:, k] > c) for c in candidates]))
    return np.mean(values)

# %% tags=["wrong"] misconception="test-is-for-tuning"
# The threshold is still chosen on the new films, and then tried on the validation films: the roles are exchanged.
def report(y_val, p_val, y_new, p_new, candidates):
    values = []
    for k in range(y_val.shape[1]):
        on_val = [f1(y_val[:, k], p_val[:, k] > c) for c in candidates]
        on_new = [f1(y_new[:, k], p_new[:, k] > c) for c in candidates]
        values.append(on_val[np.argmax(on_new)])
    return np.mean(values)

# %% tags=["wrong"] misconception="one-threshold-for-all"
# That chooses one threshold for all labels. The task wants one for each label.
def report(y_val, p_val, y_new, p_new, candidates):
    labels = range(y_val.shape[1])
    means = [np.mean([f1(y_val[:, k], p_val[:, k] > c) for k in labels]) for c in candidates]
    return np.mean([f1(y_new[:, k], p_new[:, k] > candidates[np.argmax(means)]) for k in labels])

# %% tags=["wrong"] misconception="half-is-natural"
# You went back to one half for every label. The choice on validation films is what makes the difference.
def report(y_val, p_val, y_new, p_new, candidates):
    return np.mean([f1(y_new[:, k], p_new[:, k] > 0.5) for k in range(y_val.shape[1])])

# %% [markdown]
# ## 6. Head and loss that do not fit
#
# In section 1 each film's genres were turned into shares that add up to 1, and softmax trained well on them. Most people
# do not do that. They leave the multi-hot rows as they are and write `softmax` and `categorical_crossentropy`, because there
# are ten columns. Keras takes it without a word.

# %% [raw] tags=["prediction"]
# id = "softmax-on-multi-hot"
# ask = "Softmax, `categorical_crossentropy`, multi-hot rows, 15 epochs. What does the training loss that Keras reports do?"
# [right]
# text = "it rises"
# why = """For a film with m genres the slope of this loss is m·p − y. TensorFlow, which Keras calls, returns p − y: right only when a
# row adds up to 1. Training follows a slope that is not the slope of the loss, and the loss goes up."""
# [[wrong]]
# text = "it falls, as always: training makes the loss small"
# misconception = "training-lowers-any-loss"
# why = "Training follows the slope that it is given. Here that slope does not belong to the loss."
# [[wrong]]
# text = "it stays near log 10: nothing can be learned"
# misconception = "loss-is-class-count"
# why = "log 10 is the value of no knowledge when each row has a single 1. Here rows have more, and the loss does move."
# [[wrong]]
# text = "nothing: Keras refuses rows that do not add up to 1"
# misconception = "keras-would-warn"
# why = "It does not look at the sums of your rows."

# %% tags=["training"]
keras.utils.set_random_seed(seed)
misfit = build("softmax", "categorical_crossentropy")
one_history = misfit.fit(films.X_train, films.y_train, batch_size=256, epochs=5, verbose=0).history["loss"]
print("one model, 5 epochs:", np.round(one_history, 2))

def plain_cross_entropy(y_true, p):   # the same formula, written out
    return -keras.ops.sum(y_true * keras.ops.log(p + 1e-7), axis=-1)

both_losses = {name: fit_replicates(lambda: build("softmax", loss), films.X_train, films.y_train, **recipe)
               for name, loss in [("categorical_crossentropy", "categorical_crossentropy"),
                                  ("the same formula, written out", plain_cross_entropy)]}

# %% [raw] tags=["alt"] id="rising-loss-alt"
# Line plot of the training loss over 15 epochs, logarithmic axis from 2 to 200, median and band over 16 seeds. Keras'
# categorical cross-entropy on multi-hot rows starts near {first:.1f} and rises to a median of {last:.0f}, with a band that
# widens. The same formula written out falls from {own_first:.1f} to {own_last:.1f}, in a band too thin to see.

# %% tags=["training"]
curves = {name: run.history["loss"] for name, run in both_losses.items()}
fig, ax = figures.axes(xlabel="epoch", ylabel="training loss (logarithmic axis)")
figures.lines(ax, np.arange(1, 16), curves, label_at="legend")
ax.set(yscale="log", ylim=(2, 200), yticks=[2, 5, 10, 20, 50, 100, 200], yticklabels=[2, 5, 10, 20, 50, 100, 200])
ax.minorticks_off()
keras_curve, own_curve = (np.median(curve, axis=0) for curve in curves.values())
figures.show(fig, "rising-loss-alt", first=keras_curve[0], last=keras_curve[-1],
             own_first=own_curve[0], own_last=own_curve[-1])

# %%
compare("softmax-on-multi-hot")

# %% tags=["training"]
print(claim("On multi-hot rows, the loss that Keras' categorical cross-entropy reports is higher in the last epoch "
            "than in the first, by a tenth or more.",
            curves["categorical_crossentropy"][:, -1] / curves["categorical_crossentropy"][:, 0], ">", 1.1))
print(claim("The same formula written out falls, by a twentieth or more.",
            curves["the same formula, written out"][:, -1] / curves["the same formula, written out"][:, 0], "<", 0.95))

# %% [markdown]
# Why? Take one film with four labels, two of them true, and compare three slopes: what Keras returns, p − y, and what comes
# out when each logit is moved a little and the loss is read off.

# %% tags=["training"]
cce = keras.losses.CategoricalCrossentropy(from_logits=True)
y_two, z = np.array([[1.0, 1.0, 0.0, 0.0]]), np.array([[0.2, -0.4, 0.1, 0.3]])
logits = tf.Variable(z)
with tf.GradientTape() as tape:
    value = cce(y_two, logits)
returned = tape.gradient(value, logits).numpy()[0]
p_two = np.exp(z[0]) / np.exp(z[0]).sum()
moved = [(float(cce(y_two, z + 1e-3 * step)) - float(cce(y_two, z - 1e-3 * step))) / 2e-3 for step in np.eye(4)]
for name, slope in [("Keras returns", returned), ("p − y", p_two - y_two[0]), ("moved a little", moved),
                    ("2·p − y", 2 * p_two - y_two[0])]:
    print(f"{name:15}", np.round(slope, 3))
assert np.allclose(returned, p_two - y_two[0], atol=1e-5) and np.allclose(moved, 2 * p_two - y_two[0], atol=1e-3)

# %% [markdown]
# Keras' value is the loss of the formula. Its slope is a shortcut, p − y, which is right for rows that add up to 1. For a
# film with m genres these slopes add up to 1 − m, not to 0. So step by step all logits of the film are pushed up.
#
# Softmax does not care when all logits rise together. Sigmoids do.

# %% [raw] tags=["prediction"]
# id = "sigmoid-with-cce"
# ask = "Now ten sigmoids with `categorical_crossentropy` on the multi-hot rows. How many genres does the trained model name for a film, at one half?"
# [right]
# text = "all ten"
# why = "Keras takes the logits that lie behind the sigmoids, and trains them as if they were those of a softmax. All are pushed up, and every sigmoid goes to 1."
# [[wrong]]
# text = "about two, as many as films have"
# misconception = "head-decides-alone"
# why = "That is what the sigmoids learn under binary cross-entropy. This loss never says no to a genre."
# [[wrong]]
# text = "none: the probabilities become small"
# misconception = "sigmoids-share-one-whole"
# why = "Sigmoids do not share. Here all of them grow."
# [[wrong]]
# text = "exactly one: this loss wants a single class"
# misconception = "loss-makes-one-hot"
# why = "The loss wants a large share for the true genres. What the sigmoids then say at one half is another matter."

# %% tags=["training"]
heads = [("sigmoid", "binary_crossentropy"), ("softmax", "categorical_crossentropy"),
         ("sigmoid", "categorical_crossentropy"), ("softmax", "binary_crossentropy")]
fitted = {pair: fit_replicates(lambda: build(*pair), films.X_train, films.y_train, **recipe) for pair in heads[1:]}
fitted = {heads[0]: runs} | fitted
named = {pair: (run.predict(films.X_test) > 0.5).sum(axis=2).mean(axis=1) for pair, run in fitted.items()}

# %% tags=["training"]
def recomputed(loss, p):
    # by the formula, from what predict returns; cross-entropy over classes first makes the row add up to 1, as in Keras
    p = np.clip(p, 1e-7, 1 - 1e-7)
    shares = np.clip(p / p.sum(axis=1, keepdims=True), 1e-7, 1)
    return bce(y_test, p) if loss == "binary_crossentropy" else -np.mean(np.sum(y_test * np.log(shares), axis=1))

print(f"{'head':9}{'loss':26}{'Keras reports':>14}{'recomputed':>12}{'named a film':>14}")
for (head, loss), run in fitted.items():
    reports = run.model(0)
    reports.compile(loss=loss)
    said = reports.evaluate(films.X_test, y_test, verbose=0, return_dict=True)["loss"]
    print(f"{head:9}{loss:26}{said:14.3f}"
          f"{recomputed(loss, run.predict(films.X_test)[0].astype(float)):12.3f}{np.median(named[head, loss]):14.2f}")
print(f"a film really has {y_test.sum(axis=1).mean():.2f}")

# %%
compare("sigmoid-with-cce")

# %% tags=["training"]
print(claim("Ten sigmoids trained with categorical cross-entropy name more than 9.9 of ten genres for a film.",
            named["sigmoid", "categorical_crossentropy"], ">", 9.9))
print(claim("Softmax trained with binary cross-entropy names less than 0.8 genres for a film.",
            named["softmax", "binary_crossentropy"], "<", 0.8))
same = [np.allclose(fitted[heads[0]].history["loss"], fitted[heads[3]].history["loss"], rtol=1e-3)]
print("softmax with binary cross-entropy: the same training losses as ten sigmoids:", same[0])

# %% [raw] tags=["question"]
# id = "softmax-with-bce"
# ask = """In the last row of the table Keras reports, for a softmax, the loss that ten sigmoids have, and the recomputed value is another. What
# has been trained?"""
# [right]
# text = "ten sigmoids; softmax was put on only when predicting"
# why = "Keras kept the logits behind the softmax and trained them as ten sigmoids. `predict` shows the softmax of these logits: other numbers than those that were trained."
# [[wrong]]
# text = "a softmax, as the head says"
# misconception = "head-decides-alone"
# why = "Then the reported loss would be that of the predicted probabilities. The recomputed value shows that it is not."
# [[wrong]]
# text = "a softmax; the difference is rounding"
# misconception = "rounding-explains-it"
# why = "Rounding shows in about the seventh digit. These differ in the first or second."
# [[wrong]]
# text = "nothing: the gradients cancel out"
# misconception = "training-lowers-any-loss"
# why = "The loss has fallen as it does for ten sigmoids. Something was trained, only not what is shown."

# %% [markdown]
# In folklore, softmax with the wrong loss "does not converge", or "gives poor results". Today two of the three misfits look
# healthy in one number or another, and none gives a message. **Recompute the reported loss from `predict` once.** If the
# two differ, head and loss do not fit.
#
# ### Where it bites
#
# Ten columns look like ten classes: to Keras, to a template, and to a colleague. Ask one question: can a row have two ones?
#
# %% [markdown] given="0.5: the default threshold"
# ## 7. Weights that look at one genre
#
# Fantasy is rare, and at 0.5 the model seldom names it. Somebody wants Fantasy found and gives it ten times the weight:
# `class_weight={0: 1, 1: 1, …, 9: 10}`. Fantasy is column 9, the last one.

# %% [raw] tags=["prediction"]
# id = "class-weight-which-cells"
# ask = "Multi-hot rows and `class_weight` with 10 for Fantasy. What gets the weight of 10?"
# [right]
# text = "only films of which Fantasy is the first genre in the order of the columns, and then all ten of their cells"
# why = """Keras asks each row for its class by argmax: the place of the first 1. A film that is Drama and Fantasy counts as Drama. And a
# weight belongs to a film, so all its cells get it."""
# [[wrong]]
# text = "the cells of Fantasy, in every film that has it"
# misconception = "class-weight-weighs-cells"
# why = "That is what was wanted. Keras has one weight for a film, and finds the film's class by argmax."
# [[wrong]]
# text = "every film that has Fantasy among its genres, with all ten cells"
# misconception = "class-weight-sees-all-labels"
# why = "Most of these films have another genre further to the left, and that one decides."
# [[wrong]]
# text = "nothing: Keras refuses class weights for rows with several ones"
# misconception = "keras-would-warn"
# why = "It takes them, without a word."

# %% tags=["training"]
fantasy = films.classes.index("Fantasy")
class_weight = {k: 10.0 if k == fantasy else 1.0 for k in range(10)}
# one epoch with a learning rate of 0: fit reports a weighted loss, and no weight moves
one_model.compile(optimizer=keras.optimizers.SGD(0.0), loss="binary_crossentropy")
one_epoch = one_model.fit(films.X_test, y_test, batch_size=len(y_test), class_weight=class_weight, verbose=0)
reported = one_epoch.history["loss"][0]
# three readings, by hand
cells = bce_cells(y_test, p_one.astype(float))
first_is_fantasy = np.where(y_test.argmax(axis=1) == fantasy, 10, 1)[:, None]
has_fantasy = np.where(y_test[:, fantasy] == 1, 10, 1)[:, None]
fantasy_cells = np.where(np.arange(10) == fantasy, np.where(y_test == 1, 10, 1), 1)
print(f"Keras reports                     {reported:.3f}")
for name, weight in [("films whose first genre is Fantasy", first_is_fantasy),
                     ("all films that have Fantasy", has_fantasy), ("the true cells of Fantasy", fantasy_cells)]:
    print(f"{name:34}{np.mean(weight * cells):.3f}")

# %%
compare("class-weight-which-cells")

# %% tags=["training"]
assert np.isclose(reported, np.mean(first_is_fantasy * cells), rtol=1e-4)
have = films.y_train[:, fantasy] == 1
tell("Of the {n} Fantasy films for training, {share:.0%} got the weight.", n=int(have.sum()),
     share=np.mean(films.y_train[have].argmax(axis=1) == fantasy))

# %% [markdown]
# What about `sample_weight` with a weight for each cell, shape (n, 10)?

# %% tags=["training"]
try:
    one_model.fit(films.X_test, y_test, sample_weight=np.where(y_test == 1, 10.0, 1.0), verbose=0)
except Exception as refusal:
    print(type(refusal).__name__ + ":", str(refusal).splitlines()[0])

# %% [markdown]
# Refused, with a message that does not say why: here a sample is a film, so a weight belongs to a film. Weights for cells belong
# into the loss.
#
# ### Exercise 7.1: weights where they belong
#
# Write BCE in which each **true** cell counts with the weight of its label, and each other cell with 1. Take the mean over
# all cells, as Keras does: do not divide by the sum of the weights.

# %% tags=["exercise"] id="weighted-bce"
def weighted_bce(y_true, p, label_weight):
    """Mean over all cells of weight · BCE. y_true, p: (n, k), 0 < p < 1; label_weight: (k,), for cells with a 1."""
    ### BEGIN SOLUTION
    cells = -np.log(np.where(y_true == 1, p, 1 - p))
    weights = np.where(y_true == 1, label_weight, 1.0)
    return np.mean(weights * cells)
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([[1, 0, 1], [0, 1, 1]]), np.array([[0.8, 0.3, 0.4], [0.2, 0.6, 0.1]]), np.array([1.0, 2.0, 10.0])),
         (np.array([[1, 0], [0, 0], [0, 1]]), np.array([[0.5, 0.25], [0.1, 0.9], [0.3, 0.7]]), np.array([3.0, 5.0])),
         (np.array([[0, 1, 0, 1]]), np.array([[0.5, 0.9, 0.2, 0.3]]), np.array([4.0, 1.0, 2.0, 8.0]))]
labels = ["y_true", "p", "label_weight"]

# %% tags=["hint"]
# First the loss of each cell, as in section 2. Then a weight for each cell. Which cells get 1?

# %% tags=["hint"]
# `np.where(y_true == 1, label_weight, 1.0)` has the shape (n, k): NumPy repeats label_weight in every row.

# %% tags=["right"]
def weighted_bce(y_true, p, label_weight):
    return np.mean(-(label_weight * y_true * np.log(p) + (1 - y_true) * np.log(1 - p)))

# %% tags=["wrong"] misconception="class-weight-weighs-films"
# That is what Keras makes of class_weight: one weight for each film, by the place of its first 1.
def weighted_bce(y_true, p, label_weight):
    cells = -np.log(np.where(y_true == 1, p, 1 - p))
    return np.mean(label_weight[y_true.argmax(axis=1)][:, None] * cells)

# %% tags=["wrong"] misconception="zeros-weighted-too"
# You weighted the whole column, zeros as well. Then yes and no of a label stay in the old balance.
def weighted_bce(y_true, p, label_weight):
    cells = -np.log(np.where(y_true == 1, p, 1 - p))
    return np.mean(label_weight * cells)

# %% tags=["wrong"] misconception="weighted-mean-divides-by-weights"
# You divided by the sum of the weights. Keras divides by the number of cells, and so does this exercise.
def weighted_bce(y_true, p, label_weight):
    cells = -np.log(np.where(y_true == 1, p, 1 - p))
    weights = np.where(y_true == 1, label_weight, 1.0)
    return np.sum(weights * cells) / np.sum(weights)

# %% tags=["wrong"] misconception="labels-are-summed"
# You summed over the labels of a film. BCE takes the mean over them as well.
def weighted_bce(y_true, p, label_weight):
    cells = -np.log(np.where(y_true == 1, p, 1 - p))
    return np.mean(np.sum(np.where(y_true == 1, label_weight, 1.0) * cells, axis=1))

# %% [markdown] given="10: the weight chosen above"
# Now train with it: first Fantasy times 10, by `class_weight` and by cells. Then all labels, each true cell with
# the weight (1 − base rate) / base rate, so that ones and zeros of each label weigh the same in all.

# %% tags=["training"]
def cells_weighted(label_weight):
    label_weight = np.asarray(label_weight, dtype="float32")

    def loss(y_true, p):
        p = keras.ops.clip(p, 1e-7, 1 - 1e-7)
        ones, zeros = -y_true * keras.ops.log(p), -(1 - y_true) * keras.ops.log(1 - p)
        return keras.ops.mean(label_weight * ones + zeros, axis=-1)
    return loss

def films_weighted(y_true, p):   # what class_weight does, as computed by hand above
    weight = keras.ops.where(keras.ops.argmax(y_true, axis=-1) == fantasy, 10.0, 1.0)
    return weight * keras.losses.binary_crossentropy(y_true, p)

weighted = {"class_weight": films_weighted, "cells": cells_weighted(np.where(np.arange(10) == fantasy, 10.0, 1.0)),
            "cells, all labels": cells_weighted((1 - base_rate) / base_rate)}
runs_of = {name: fit_replicates(lambda: build("sigmoid", loss), films.X_train, films.y_train, **recipe)
           for name, loss in weighted.items()}
p_of = {"no weights": p_test} | {name: run.predict(films.X_test) for name, run in runs_of.items()}

# %% [raw] tags=["prediction"]
# id = "weights-and-probabilities"
# ask = "With the true cells of Fantasy weighted by 10, recall of Fantasy at one half rises. What happens to its mean probability over the test films?"
# [right]
# text = "it rises to several times the real share of Fantasy films"
# why = "The weighted loss is lowest where yes is given ten times its odds. More is named, and the probabilities are no longer honest."
# [[wrong]]
# text = "it stays at the real share: only hard films change"
# misconception = "balanced-is-calibrated"
# why = "All films are pushed up: in the weighted data Fantasy is far more frequent."
# [[wrong]]
# text = "it falls: the model becomes careful"
# misconception = "threshold-reversed"
# why = "A heavy price on missed ones makes the model bold, not careful."
# [[wrong]]
# text = "it becomes one half: weights balance the classes"
# misconception = "balanced-is-calibrated"
# why = "One half on average would need far larger weights, and a model that knows nothing."

# %% tags=["training"]
def recall_of(k, p):
    return ((p[:, :, k] > 0.5) & (y_test[:, k] == 1)).sum(axis=1) / y_test[:, k].sum()

print(f"{'median of 16 seeds':20}{'recall, Fantasy':>17}{'mean p / share':>16}{'AUC, Fantasy':>14}{'macro F1':>10}")
for name, p in p_of.items():
    auc = np.median([roc_auc_score(y_test[:, fantasy], one[:, fantasy]) for one in p])
    print(f"{name:20}{np.median(recall_of(fantasy, p)):17.2f}"
          f"{np.median(p[:, :, fantasy].mean(axis=1)) / y_test[:, fantasy].mean():16.2f}{auc:14.2f}"
          f"{np.median(f1_by_label(y_test, p > 0.5).mean(axis=1)):10.3f}")
print(f"{'no weights, cut by label':67}{np.median(tuned.mean(axis=1)):10.3f}")

# %%
compare("weights-and-probabilities")

# %% tags=["training"]
print(claim("With weighted cells, recall of Fantasy at one half is over 0.15 higher than with class_weight.",
            recall_of(fantasy, p_of["cells"]) - recall_of(fantasy, p_of["class_weight"]), ">", 0.15))
print(claim("With weighted cells, the mean probability of Fantasy is over three times the real share.",
            p_of["cells"][:, :, fantasy].mean(axis=1) / y_test[:, fantasy].mean(), ">", 3))
balanced = f1_by_label(y_test, p_of["cells, all labels"] > 0.5).mean(axis=1)
print(claim("With all labels weighted, macro F1 at one half is at least 1.4 times that without weights.",
            balanced / at_half.mean(axis=1), ">", 1.4))
print(claim("Thresholds by label, without any weights, do better still, by over 0.005.",
            tuned.mean(axis=1) - balanced, ">", 0.005))

# %% [raw] tags=["question"]
# id = "weights-or-thresholds"
# ask = "You want better macro F1 on genres, and somebody else reads your probabilities. Weights in the loss, or thresholds?"
# [right]
# text = "thresholds: they do as much for F1 and leave the probabilities honest"
# why = "Weights moved the probabilities so that one half becomes a better cut. Moving the cut does this without touching them."
# [[wrong]]
# text = "weights: they teach the model the rare genres"
# misconception = "weights-add-information"
# why = "Look at the AUC of Fantasy in the table: it hardly moved. The films are ranked about as before."
# [[wrong]]
# text = "`class_weight`: Keras' own way must be the right one"
# misconception = "safe-default"
# why = "On multi-hot rows it weighs a few films by the order of the columns."
# [[wrong]]
# text = "both together: two improvements add up"
# misconception = "metrics-add-to-the-loss"
# why = "They do the same thing twice: after weighting, the best cuts simply lie higher."

# %% [markdown]
# ### Where it bites
#
# "I gave the rare class more weight." Which films got it? Recompute the reported loss once, as above. It takes three lines.
#
# ## 8. Which genres go together?
#
# Ten sigmoids give ten answers, each for itself. But genres are not scattered at random. How often two of them occur in
# the same film is their **co-occurrence**. Divide it by what chance would give, base rate times base rate: 1 means
# "as by chance", 2 "twice as often".

# %% [raw] tags=["prediction"]
# id = "partner-of-romance"
# ask = "About equally many romances are dramas and are comedies. Compared with chance, which partner is the stronger one?"
# [right]
# text = "Comedy"
# why = "Drama is the most frequent genre: many romances would be dramas by chance alone. Comedy is rarer, so the same number is far above chance."
# [[wrong]]
# text = "Drama: there is more of it"
# misconception = "frequent-means-together"
# why = "There is more Drama everywhere. Divide by what chance would give."
# [[wrong]]
# text = "both alike: equally many films"
# misconception = "frequent-means-together"
# why = "The counts are alike. The counts that chance would give are not."
# [[wrong]]
# text = "neither: genres are independent, so sigmoids fit"
# misconception = "sigmoids-assume-independence"
# why = "They are far from independent, and sigmoids are right all the same: each for its own label."

# %%
together = films.y_train.T @ films.y_train / len(films.y_train)            # share of films with both: (10, 10)
lift = together / np.outer(base_rate, base_rate)
romance, comedy, drama = (films.classes.index(g) for g in ["Romance", "Comedy", "Drama"])
print(f"romances that are dramas {together[romance, drama] / base_rate[romance]:.0%}, "
      f"that are comedies {together[romance, comedy] / base_rate[romance]:.0%}")

# %% [raw] tags=["alt"] id="co-occurrence-alt" given="0.0: start of the scale"
# Heat map of ten genres against ten genres, lower half only: how often two genres occur together in training films, divided by
# what chance would give; light is less, dark is more than chance, and the number stands in each cell, from 0.0 to {most:.1f}.
# Highest: Sci-Fi with Horror, Thriller with Crime, Thriller with Action, all near 3. Romance with Comedy {comedy:.1f}, with
# Drama {drama:.1f}. Documentary goes with nothing: its row is near 0.

# %%
fig, ax = figures.axes(height=6.2)
below = np.tril(np.ones((10, 10), bool), k=-1)
image = ax.imshow(np.where(below, lift, np.nan), cmap="Greys", vmin=0, vmax=4)
for i, j in np.argwhere(below):
    ax.annotate(f"{lift[i, j]:.1f}", (j, i), ha="center", va="center", fontsize=11,
                color="white" if lift[i, j] > 2.4 else "black")
ax.set(xticks=range(9), yticks=range(1, 10), yticklabels=films.classes[1:], ylim=(9.5, 0.5), xlim=(-0.5, 8.5))
ax.set_xticklabels(films.classes[:9], rotation=40, ha="right")
ax.set_title("times as often together as by chance")
ax.grid(visible=False)
figures.show(fig, "co-occurrence-alt", most=lift[below].max(), comedy=lift[romance, comedy], drama=lift[romance, drama])

# %%
compare("partner-of-romance")
assert lift[romance, comedy] > 1.3 * lift[romance, drama] and lift[7, :7].max() < 0.1

# %% [markdown]
# Somebody wants the probability that a film is **both** a comedy and a romance, and multiplies the two sigmoids. Is that
# allowed?

# %% [raw] tags=["prediction"]
# id = "product-of-two-sigmoids"
# ask = "Multiply the sigmoids of Comedy and Romance for each test film, and take the mean. Against the real share of films that are both, it is …"
# [right]
# text = "too low"
# why = "The product is right if, for films with these features, the two genres come independently. They do not: the features know too little, and the genres attract each other."
# [[wrong]]
# text = "about right: the sigmoids are honest"
# misconception = "product-of-marginals"
# why = "Each is honest for its own label. Nothing was trained to make the product honest."
# [[wrong]]
# text = "too high: each of the two is inflated"
# misconception = "product-of-marginals"
# why = "Each of the two is right on average, as you saw in section 1. The product is the problem."
# [[wrong]]
# text = "right, because softmax would be needed only for exclusive labels"
# misconception = "sigmoids-assume-independence"
# why = "Labels that exclude each other are one case of labels that depend on each other. These attract, and that breaks the product as well."

# %% tags=["training"]
real_both = np.mean(y_test[:, comedy] * y_test[:, romance])
product = (p_test[:, :, comedy] * p_test[:, :, romance]).mean(axis=1)
print(f"really both {real_both:.3f}; mean of the products {np.median(product):.3f}")
print(claim("Multiplied, the sigmoids of Comedy and Romance give less than 0.85 of the real share of films that are "
            "both.", product / real_both, "<", 0.85))
thriller = films.classes.index("Thriller")
real_other = np.mean(y_test[:, comedy] * y_test[:, thriller])
print(claim("For Comedy and Thriller, which avoid each other, the product is over twice the real share.",
            (p_test[:, :, comedy] * p_test[:, :, thriller]).mean(axis=1) / real_other, ">", 2))

# %%
compare("product-of-two-sigmoids")

# %% [raw] tags=["question"]
# id = "both-genres-wanted"
# ask = "You need an honest probability for \"comedy and romance\" together. What do you do?"
# [right]
# text = "make it a label of its own, and give it a sigmoid"
# why = "Then this is what is trained. A sigmoid is honest for the label that it was trained on."
# [[wrong]]
# text = "multiply the two sigmoids"
# misconception = "product-of-marginals"
# why = "You have just measured by how much that is off."
# [[wrong]]
# text = "take the smaller of the two"
# misconception = "smaller-of-two-is-joint"
# why = "That is the most it can be, not what it is."
# [[wrong]]
# text = "use a softmax over the ten genres"
# misconception = "many-classes-means-softmax"
# why = "A softmax over ten genres has no output for two of them together."

# %% [markdown]
# ### Where it bites
#
# "Independent sigmoids" means: computed independently. It does not claim that the labels are independent. For each label alone
# that does no harm. Whoever asks about two labels at once must train for it.
#
# ## 9. Other data: two digits in one picture
#
# Now other data. Each picture shows **two different digits side by side**, 8 × 16 pixels, made from scikit-learn's
# handwritten digits. **The set is constructed**: we put the pairs together, so we know that each picture holds exactly two
# digits. The task: which two?

# %%
digits = data.digits()

def two_in_one(X, y, how_many, rng):
    # two different digits for each picture
    left, right = rng.integers(len(X), size=(2, 2 * how_many))
    different = np.flatnonzero(y[left] != y[right])[:how_many]
    left, right = left[different], right[different]
    # side by side, and a row with two ones
    pictures = np.concatenate([X[left].reshape(-1, 8, 8), X[right].reshape(-1, 8, 8)], axis=2)
    return pictures.reshape(len(left), -1), (np.eye(10)[y[left]] + np.eye(10)[y[right]]).astype("float32")

rng = np.random.default_rng(seed)
X_pairs, y_pairs = two_in_one(digits.X_train, digits.y_train, 6000, rng)
X_pairs_test, y_pairs_test = two_in_one(digits.X_test, digits.y_test, 2000, rng)
print(X_pairs.shape, y_pairs.shape, "ones in each row:", set(y_pairs.sum(axis=1)))

# %% [raw] tags=["alt"] id="pairs-alt"
# Three pictures in a row, each 16 pixels wide and 8 high, dark ink on white: two handwritten digits side by side. The titles name
# the two digits.

# %%
fig, panels = figures.axes(3, height=2.3)
for ax, picture, row in zip(panels, X_pairs, y_pairs):
    ax.imshow(picture.reshape(8, 16), cmap="Greys")
    ax.set(xticks=[], yticks=[], title=" and ".join(str(d) for d in np.flatnonzero(row)))
    ax.grid(visible=False)
figures.show(fig, "pairs-alt")

# %% [markdown]
# Choose a head and a loss for this task in the first line. Then run on. Try another pair afterwards: the cell works for all
# four.

# %%
# your choice: "sigmoid" or "softmax", and which cross-entropy?
my_head, my_loss = "softmax", "categorical_crossentropy"

# %% tags=["training"]
def pairs_run(head, loss):
    keep = dict(seeds=16, base_seed=1000 * seed, epochs=15, batch_size=128)
    return fit_replicates(lambda: build(head, loss, hidden=64, inputs=128), X_pairs, y_pairs, **keep)

mine, of_sigmoids = pairs_run(my_head, my_loss), pairs_run("sigmoid", "binary_crossentropy")
p_mine, p_pairs = mine.predict(X_pairs_test), of_sigmoids.predict(X_pairs_test)
first, last = np.median(mine.history['loss'][:, [0, -1]], axis=0)
print(f"your choice: training loss {first:.2f} → {last:.2f}, "
      f"both digits right at one half: {np.median([subset_accuracy(y_pairs_test, one > 0.5) for one in p_mine]):.0%}")

# %% [raw] tags=["question"]
# id = "head-for-two-digits"
# ask = "Which head and loss did the task call for?"
# [right]
# text = "ten sigmoids and binary cross-entropy"
# why = "A row has two ones, so each digit gets a yes or no of its own."
# [[wrong]]
# text = "softmax and categorical cross-entropy: ten digits are ten classes"
# misconception = "many-classes-means-softmax"
# why = "Run it: the loss rises. A row has two ones, so these are ten labels."
# [[wrong]]
# text = "softmax over twenty outputs, ten for each digit"
# misconception = "softmax-over-two-wholes"
# why = "Two softmaxes of ten, one for the left and one for the right, would be a good model if the sides were labeled. One softmax over twenty shares out a single whole."
# [[wrong]]
# text = "one unit and mean squared error: digits are numbers"
# misconception = "numbers-mean-regression"
# why = "A 3 and an 8 are no quantities here, and nothing lies between them."

# %% [markdown]
# ### Exercise 9.1: use what you know
#
# At one half a picture may get one digit, or three. But you **know** that each holds exactly two. Write the decision that
# uses this.

# %% tags=["exercise"] id="exactly-two"
def name_two(p):
    """True at the two most probable labels of each row, else False. p: (n, k). In a tie, the earlier column wins."""
    ### BEGIN SOLUTION
    order = np.argsort(-p, axis=1, kind="stable")
    flagged = np.zeros(p.shape, dtype=bool)
    np.put_along_axis(flagged, order[:, :2], True, axis=1)
    return flagged
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([[0.9, 0.2, 0.8, 0.1], [0.3, 0.1, 0.05, 0.2], [0.7, 0.6, 0.9, 0.8]]),),
         (np.array([[0.4, 0.4, 0.4], [0.1, 0.6, 0.1]]),), (np.array([[0.02, 0.01, 0.99]]),)]
labels = ["p"]

# %% tags=["hint"]
# No threshold will do. You need the order of the probabilities in each row.

# %% tags=["hint"]
# `np.argsort(-p, axis=1, kind="stable")[:, :2]` holds the columns of the two largest. Set True there, for example with
# `np.put_along_axis(flagged, columns, True, axis=1)`.

# %% tags=["right"]
def name_two(p):
    flagged = np.zeros(p.shape, dtype=bool)
    for i, row in enumerate(p):
        for _ in range(2):
            left_over = np.where(flagged[i], -1.0, row)
            flagged[i, np.argmax(left_over)] = True
    return flagged

# %% tags=["wrong"] misconception="half-is-natural"
# That is the cut at one half again: a row may get one label, or three.
def name_two(p):
    return p > 0.5

# %% tags=["wrong"] misconception="one-label-a-row"
# That names the most probable label only. Two are in each picture.
def name_two(p):
    return np.arange(p.shape[1]) == p.argmax(axis=1)[:, None]

# %% tags=["wrong"] misconception="tie-overlooked"
# In a tie you name three labels or more. Exactly two are wanted; the earlier columns win.
def name_two(p):
    return p >= np.sort(p, axis=1)[:, -2][:, None]

# %% tags=["wrong"] misconception="order-reversed"
# Those are the two least probable labels: argsort puts the smallest first.
def name_two(p):
    flagged = np.zeros(p.shape, dtype=bool)
    np.put_along_axis(flagged, np.argsort(p, axis=1, kind="stable")[:, :2], True, axis=1)
    return flagged

# %% [raw] tags=["prediction"]
# id = "two-most-probable"
# ask = "Ten sigmoids on the pairs: both digits right at one half, against both right among the two most probable. What do you expect?"
# [right]
# text = "the two most probable: clearly more pictures right"
# why = "Where one sigmoid stays just below one half, or a third one passes it, the order is often right all the same. Knowing the number of labels is worth a lot."
# [[wrong]]
# text = "the same: the two most probable are those above one half"
# misconception = "half-is-natural"
# why = "Often one or three are above one half. Nothing ties the sigmoids to a number of labels."
# [[wrong]]
# text = "one half: honest probabilities need no other cut"
# misconception = "half-is-natural"
# why = "One half is best for each cell alone. For the whole picture you know more: there are two."
# [[wrong]]
# text = "no difference without training again"
# misconception = "threshold-free-accuracy"
# why = "Decisions are made after training. Another decision gives another subset accuracy."

# %% tags=["training"]
def two_largest(p):   # (seeds, n, 10)
    return np.argsort(np.argsort(-p, axis=2, kind="stable"), axis=2) < 2

right_half = np.all((p_pairs > 0.5) == y_pairs_test, axis=2).mean(axis=1)
right_two = np.all(two_largest(p_pairs) == y_pairs_test, axis=2).mean(axis=1)
p_shares = fit_replicates(lambda: build("softmax", "categorical_crossentropy", hidden=64, inputs=128), X_pairs,
                          y_pairs / 2, seeds=16, base_seed=1000 * seed, epochs=15, batch_size=128).predict(X_pairs_test)
shares_half, shares_two = (np.all(f == y_pairs_test, axis=2).mean(axis=1)
                           for f in (p_shares > 0.5, two_largest(p_shares)))
print(f"{'both digits right, median':44}{'at one half':>12}{'two largest':>13}")
print(f"{'ten sigmoids':44}{np.median(right_half):12.2f}{np.median(right_two):13.2f}")
print(f"{'softmax, each of the two digits one half':44}{np.median(shares_half):12.2f}{np.median(shares_two):13.2f}")
print(claim("On the pairs, the two largest sigmoids are both right for over 0.05 more of the pictures than one half.",
            right_two - right_half, ">", 0.05))

# %%
compare("two-most-probable")
assert shares_half.max() == 0

# %% [raw] tags=["reflection"]
# id = "softmax-after-all"
# ask = "Look at the last row. When could a softmax serve for several labels after all, and what must be known then? One or two sentences."

# %% [markdown]
# At one half the softmax never gets both digits, as proved in section 1. By the two largest it does about as well as the
# sigmoids: it ranks. What it cannot say is **how many** labels there are. If that is known, a ranking is enough. For
# films it is not known, so each label needs its own yes or no.
#
# ## 10. What you take along
#
# | task | labels | head | with `from_logits=True` | loss | metrics | baseline | if mixed up |
# |---|---|---|---|---|---|---|---|
# | multilabel: which ones? | rows such as 1 0 1 | `Dense(K, "sigmoid")` | `Dense(K)` | `BinaryCrossentropy` | F1 by label with `threshold=`, AUC with `multi_label=True`, average precision by label | name nothing (accuracy), name all (F1), base rates (loss, average precision) | softmax: two labels never pass one half, and the loss may rise |
#
# Count the ones of each column first. Look at each label's loss beside its baseline. Choose thresholds on validation data, few
# choices where positives are few. No `'accuracy'`, no `class_weight`. Recompute the reported loss once.
#
# One last case.

# %% [raw] tags=["question"]
# id = "which-average"
# ask = """A clinic's model names, for each X-ray, which of 14 findings it shows. Some findings are rare, and missing them is as bad as missing
# a frequent one. Which number goes into the report?"""
# [right]
# text = "macro F1, and F1 by finding beside it"
# why = "Every finding counts alike, the rare ones as well, and the list shows which one fails."
# [[wrong]]
# text = "micro F1: it uses all cells"
# misconception = "micro-is-macro"
# why = "In micro F1 the frequent findings rule. A rare one can be missed always and hardly show."
# [[wrong]]
# text = "binary accuracy: the share of right answers"
# misconception = "no-baseline"
# why = "Naming no finding at all has a high one."
# [[wrong]]
# text = "the BCE of the test data: it is what was trained"
# misconception = "loss-is-the-metric"
# why = "It is a mean over findings, in which a broken one hides, and it says nothing about decisions."

# %% [markdown]
# What was claimed, and held, while this notebook ran:

# %% tags=["training"]
from helpers.claims import list_claims
list_claims()

# %% tags=["training"]
my_progress()

# %%
repeat("04_multilabel_sigmoid")

# %% [raw] tags=["reflection"]
# id = "summary-04"
# ask = "In three sentences: why ten sigmoids, which baselines, and how do you choose thresholds?"

# %% [raw] tags=["reflection"]
# id = "muddiest-04"
# ask = "A minute card: what was the most important thing here, and what is still unclear?"

# %% [raw] tags=["reflection"]
# id = "confidence-04"
# ask = "From 1 (not at all) to 5 (surely): could you set up a multilabel model for a project of your own, and defend its metrics?"

# %% [markdown]
# Back to [00 Start here](00_start_here.ipynb). Notebook 05, on loss and metric side by side, is being written.
#
# Further reading: Lipton, Elkan and Naryanaswamy, [Thresholding classifiers to maximize F1 score](https://arxiv.org/abs/1402.1892),
# 2014 · Zhang and Zhou, [A review on multi-label learning algorithms](https://doi.org/10.1109/TKDE.2013.39), 2014 · Wu and Zhou,
# [A unified view of multi-label performance measures](https://proceedings.mlr.press/v70/wu17a.html), 2017 ·
# scikit-learn's [guide to multilabel metrics](https://scikit-learn.org/stable/modules/model_evaluation.html#multilabel-ranking-metrics).
