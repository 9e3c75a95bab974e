# %% [raw] tags=["instructor"]
# minutes = [4, 8, 9, 7, 17, 17, 5, 8, 6, 9, 5]
# measured = "Estimated, not timed: reading at 180 words a minute, code at 45 lines a minute, under one minute a question, one to four an exercise. Votes in a room come on top, two minutes each."
# pause = "after section 4. Sections 5, 7 and 8 use what sections 1 to 4 have computed: choose Run All Above Selected Cell. Section 6 needs sections 0 and 1; section 9 needs section 0, and from section 1 the first cell, the function build and fit_replicates."
# skip = "sections 1 to 5 make an hour, and are the core. Section 8 can wait; section 9 is good homework."
# terms = ["multi-hot", "base rate", "subset accuracy", "Hamming loss", "samples F1", "co-occurrence"]

# %% [markdown]
# # 04 · Multilabel sigmoid
#
# A film can be a comedy and a romance at once. Your model says yes or no to ten genres for each film. How do you find out
# whether it is any better than a rule that never looks at a film?
#
# **After this notebook you can**
#
# 1. choose head, loss and labels that fit when labels go together, and say what goes wrong otherwise (predictions and
#    questions in 1 and 6, exercise 9.1);
# 2. judge a multilabel model beside its baselines: by the loss of each label, subset accuracy, Hamming loss and the three
#    averages of F1, and pick what fits a wish (predictions and questions in 2, 3, 4 and 10, exercises 2.1, 4.1 and 4.2);
# 3. decide without training again, by thresholds chosen on validation data or by a known number of labels, and say when a
#    choice deserves no trust (predictions and questions in 5 and 9, exercises 5.1, 5.2 and 9.2);
# 4. find what Keras makes of `'accuracy'` and `class_weight` on such rows, and write what was meant instead: weights for
#    cells, and a label for two genres at once (predictions and questions in 3, 7 and 8, exercises 7.1 and 8.1).
#
# **Time:** about 95 minutes, best in two sittings: a break fits after section 4. When you come back, choose *Run*,
# *Run All Above Selected Cell*: your answers have been kept. **You need:**
# [01 Regression losses](01_regression_losses.ipynb) to [03 Multiclass cross-entropy](03_multiclass_cross_entropy.ipynb), with
# what MAE aims at, binary cross-entropy, thresholds, softmax, F1 for one class and its macro average.
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
seed = 0  # where the experiments below start; any whole number from 0 on will do

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
# one film with one genre, one with two, one with three
for how_many in [1, 2, 3]:
    row = np.flatnonzero(films.y_train.sum(axis=1) == how_many)[0]
    named = [g for g, has in zip(films.classes, films.y_train[row]) if has]
    print(films.y_train[row].astype(int), f"{films.titles_train[row]}: {', '.join(named)}")
print(f"share of films with two or more genres: {np.mean(films.y_train.sum(axis=1) > 1):.0%}")
# what to know before trusting these labels
for number, caveat in enumerate(films.leaks[:3], 1):
    print(f"caveat {number}: {caveat}")
shares = dict(zip(films.classes, films.y_train.mean(axis=0)))
assert [round(float(shares[g]), 2) for g in ["Drama", "Romance", "Sci-Fi"]] == [0.54, 0.16, 0.07]
assert len(films.y_val) > 3000 and not np.any(films.y_test.sum(axis=1) == 0)

# %% [markdown]
# Such a row is called **multi-hot**: a 1 for each label that applies, and there may be several. In notebook 03 each row
# had a single 1. For each label the positive class is "the film has this genre", coded 1.
#
# Two heads are within reach, both with ten outputs, one for each genre. In plain Keras:

# %%
from helpers.quiet import quiet
with quiet():  # without TensorFlow's start-up log
    import keras, tensorflow as tf

def build(head="sigmoid", loss="binary_crossentropy", hidden=32, inputs=films.X_train.shape[1], outputs=10, **more):
    model = keras.Sequential([keras.Input((inputs,)),
                              keras.layers.Dense(hidden, activation="relu"),
                              keras.layers.Dense(outputs, activation=head)])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss, **more)
    return model

# %% [raw] tags=["prediction"]
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
# text = "that needs two models: one network can say only one yes"
# misconception = "one-network-one-yes"
# why = "One network with ten sigmoids has an answer of its own for each label."

# %% [markdown]
# Try it on an easy task. We pick 64 training films with exactly two genres, and let each head learn them **by heart**: 100
# passes over the same films, judged on these films. Softmax and its cross-entropy want rows that add up to 1, so
# for the softmax each row is divided by its sum.

# %% tags=["training"]
how_many = 2   # genres of each film
# 64 such films, drawn at random
rng = np.random.default_rng(seed)
by_heart = rng.choice(np.flatnonzero(films.y_train.sum(axis=1) == how_many), 64, replace=False)
X_64, y_64 = films.X_train[by_heart], films.y_train[by_heart]
# train both heads
keras.utils.set_random_seed(seed)
sigmoids = build("sigmoid", "binary_crossentropy", hidden=128)
sigmoids.fit(X_64, y_64, batch_size=16, epochs=100, verbose=0)
softmax = build("softmax", "categorical_crossentropy", hidden=128)
softmax.fit(X_64, y_64 / y_64.sum(axis=1, keepdims=True), batch_size=16, epochs=100, verbose=0)
# the probabilities of the true genres of each film: (64, how_many)
def of_true_genres(p, y):
    return p[y == 1].reshape(len(y), -1)

for name, model in [("softmax", softmax), ("ten sigmoids", sigmoids)]:
    pair = of_true_genres(model.predict(X_64, verbose=0), y_64)
    print(f"{name:13} all true genres above one half: {np.sum(np.all(pair > 0.5, axis=1))} of {len(pair)} films; "
          f"typical probability of a true genre {np.median(pair):.2f}")

# %%
compare("comedy-and-romance-under-softmax")

# %% [markdown]
# **Compare with your prediction.** The proof is one sentence: the ten outputs of a softmax add up to 1, so two of them
# above one half would add up to more than 1. More training does not help.

# %% [raw] tags=["prediction"]
# id = "three-genres-under-softmax"
# given = "0.33: 1 / 3"
# ask = "Now 64 films with exactly three genres. What probability will a typical true genre get from the softmax that has learned them by heart?"
# [right]
# text = "about 0.33"
# why = "Three equal shares of one whole are one third each."
# [[wrong]]
# text = "about 0.5"
# misconception = "one-half-for-any-number"
# why = "One half is the share among two genres. Three share the same whole."
# [[wrong]]
# text = "near 1"
# misconception = "softmax-is-per-class"
# why = "A sigmoid can give that. Three values near 1 would add up to three times one whole."
# [[wrong]]
# text = "about 0.1"
# misconception = "equal-shares-for-all-labels"
# why = "One tenth is the share of a label when nothing is known. These films have been learned."

# %% [markdown]
# Go back, set `how_many = 3` in the cell above, run it again, and then compare.

# %%
compare("three-genres-under-softmax")

# %% [markdown]
# With three genres the softmax gives a typical one about one third; the sigmoids are still sure of it.
#
# That was one seed, and films learned by heart. Now 16 seeds, all training films, and test films that no model
# has seen.

# %% tags=["training"]
from helpers.replicates import fit_replicates

recipe = dict(seeds=16, base_seed=1000 * seed, epochs=15, batch_size=256)
# ten sigmoids
runs = fit_replicates(build, films.X_train, films.y_train, **recipe)
p_test, p_val = runs.predict(films.X_test), runs.predict(films.X_val)     # (16 seeds, films, 10)
# a softmax, on rows that add up to 1
shares_of_one = films.y_train / films.y_train.sum(axis=1, keepdims=True)
p_softmax = fit_replicates(lambda: build("softmax", "categorical_crossentropy"), films.X_train, shares_of_one,
                           **recipe).predict(films.X_test)

# %% [raw] tags=["prediction"]
# id = "both-pass-on-test"
# ask = "Test films with exactly two genres, ten sigmoids. For how many of these films do both true genres get a probability above one half?"
# [right]
# text = "for fewer than one film in ten"
# why = "Ten sigmoids may say two yeses. But the features leave doubt, and the model is seldom sure enough for that."
# [[wrong]]
# text = "for most of them: sigmoids can say yes twice"
# misconception = "may-means-does"
# why = "They can, and by heart they did. Over thousands of films the features leave doubt, and most probabilities stay below one half."
# [[wrong]]
# text = "for about half of them, since the cut lies at one half"
# misconception = "threshold-is-a-share"
# why = "A cut at one half asks each probability. It does not promise that half of the films pass."
# [[wrong]]
# text = "for none: two genres share the probability here as well"
# misconception = "sigmoids-share-one-whole"
# why = "Sigmoids share nothing. Some films do pass, and more would if the model were surer."

# %% [raw] tags=["alt"] id="two-genres-alt"
# Two scatter plots of test films with exactly two genres, first of 16 seeds: probability of the more frequent true genre across, of
# the rarer one upward, both from 0 to 1. A dashed line runs from (0, 1) to (1, 0), where the two add up to 1; the square above and
# right of one half is outlined. Left, softmax: all dots lie on or below the dashed line, none in the square. Right, ten sigmoids:
# most dots lie low as well, many lie beyond the dashed line, and {share:.1%} lie in the square. In both, dots are dense where the rarer genre is below one half.

# %% tags=["training"]
two = films.y_test.sum(axis=1) == 2
fig, panels = figures.axes(2, xlabel="probability of the more frequent true genre", ylabel="of the rarer one",
                           height=4.6)
for ax, (name, p) in zip(panels, {"softmax": p_softmax, "ten sigmoids": p_test}.items()):
    # the two true genres of each film, first seed
    frequent, rarer = of_true_genres(p[0][two], films.y_test[two]).T
    ax.plot(frequent, rarer, ".", color=figures.COLORS[0], markersize=4)
    # where they add up to 1, and where both pass
    ax.plot([0, 1], [1, 0], "--", color="black", linewidth=1.5)
    ax.plot([0.5, 0.5, 1], [1, 0.5, 0.5], color="black", linewidth=1.5)
    ax.annotate("both pass\none half", (0.75, 0.85), ha="center", va="center", backgroundcolor="white")
    ax.set(title=name, xlim=(0, 1), ylim=(0, 1))
figures.show(fig, "two-genres-alt", share=np.mean((frequent > 0.5) & (rarer > 0.5)))

# %%
compare("both-pass-on-test")

# %% tags=["training"]
# the share of two-genre films in the square, for each seed
in_square = [np.array([np.mean(np.all(of_true_genres(one[two], films.y_test[two]) > 0.5, axis=1)) for one in p])
             for p in (p_softmax, p_test)]
assert in_square[0].max() == 0
print(claim("Of the test films with two genres, ten sigmoids put both above one half for fewer than one in ten.",
            in_square[1], "<", 0.1))
several = (p_test > 0.5).sum(axis=2) > 1
print(claim("Ten sigmoids name two or more genres at one half for at least 3% of the test films.",
            several.mean(axis=1), ">", 0.03))

# %% [markdown]
# **Compare with your prediction.** Softmax: none, as proved. Ten sigmoids may say two yeses, but being allowed to is not doing
# it. Section 5 comes back to that.

# %% [raw] tags=["question"]
# id = "what-ten-sigmoids-add-up-to"
# given = "1.2 2.5: premises of the question"
# ask = "The ten softmax probabilities of a film add up to 1. What do its ten sigmoids add up to, if they are honest?"
# [right]
# text = "the number of genres to be expected, such as 1.2 or 2.5"
# why = "Each is the expected value of a 0 or 1, so their sum is the expected number of ones."
# [[wrong]]
# text = "1 as well, once the model has been trained"
# misconception = "sigmoids-share-one-whole"
# why = "Nothing ties them together. The films have more than one genre on average, and so has the sum."
# [[wrong]]
# text = "the number of genres that the film really has"
# misconception = "expectation-is-the-truth"
# why = "That would need a model without any doubt. The sum is right on average over many films, not for each."
# [[wrong]]
# text = "nothing that has a meaning"
# misconception = "sum-of-sigmoids-is-meaningless"
# why = "It has: expected values may be added, whether or not the labels go together."

# %% tags=["training"]
# the sum over the ten labels, on average over the films, for each seed
sums, true_sum = p_test.sum(axis=2).mean(axis=1), films.y_test.sum(axis=1).mean()
tell("Over the test films the ten sigmoids add up to {ours:.2f} on average; the films have {true:.2f} genres.",
     ours=np.median(sums), true=true_sum)
print(claim("The sigmoids' sum is within 8% of the real number of genres, on average over the test films.",
            abs(sums / true_sum - 1), "<", 0.08))

# %% [markdown]
# ### Where it bites
#
# Is softmax useless here, then? Not for every wish. It can still **rank** the labels, as section 9 tries on other data. For yes or
# no to each label, use one sigmoid for each label.

# %% [markdown]
# ## 2. One loss for ten labels
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
# misconception = "one-label-never-shows"
# why = "It shows, a little, and looks like progress: the mean goes down."
# [[wrong]]
# text = "Keras reports an error: a label without any 1"
# misconception = "keras-would-warn"
# why = "Keras does not look at the values of your labels. Nothing is reported."

# %% tags=["training"]
# the same training, with one column of zeros
horror = films.classes.index("Horror")
y_lost = films.y_train.copy()
y_lost[:, horror] = 0
lost = fit_replicates(build, films.X_train, y_lost, **recipe)
p_lost = lost.predict(films.X_test)
# both runs side by side
for name, run in [("true labels", runs), ("column lost", lost)]:
    print(f"{name}: training loss {np.median(run.history['loss'][:, -1]):.3f} (median of 16 seeds)")
print("largest probability of Horror for any test film: "
      f"{p_test[:, :, horror].max():.2f} with true labels, {p_lost[:, :, horror].max():.2f} with the column lost")

# %%
compare("horror-column-lost")

# %% tags=["training"]
ratio = lost.history["loss"][:, -1] / runs.history["loss"][:, -1]
print(claim("With Horror's column lost, the training loss is lower by a twentieth or more.", ratio, "<", 0.95))

# %% [markdown]
# **Compare with your prediction.** No film is Horror any more, and the loss is better than ever. How can it miss that? Call one
# film with one label a *cell*. Ten sigmoids give ten answers for each film, so there is a loss for each cell. Training needs one
# number. Binary cross-entropy (BCE) takes the **mean over all cells**: over the labels of a film, and over the films.

# %%
def bce_cells(y_true, p):
    # each cell: -log of the probability that was given to what is true
    return -np.log(np.where(y_true == 1, p, 1 - p))

def bce(y_true, p):
    # one number: the mean over labels and films
    return np.mean(bce_cells(y_true, p))

y_one, p_first = films.y_test[:1], p_test[0][:1]
print("ten cells of one test film:", bce_cells(y_one, p_first).round(2))
print(f"their mean: {bce(y_one, p_first):.4f}; Keras: {float(keras.losses.BinaryCrossentropy()(y_one, p_first)):.4f}")

# %% [raw] tags=["prediction"]
# id = "bce-one-bad-cell"
# given = "0.99 0.01: premises of the question"
# ask = "A film has ten labels. Nine cells get 0.99 on what is true. The tenth is sure and wrong: 0.01 on what is true. What is the BCE of this film?"
# right = 0.4696
# why = "The bad cell costs 4.6, the good ones 0.01 each. The mean over ten is 0.47: like a model that is mildly unsure about everything."
# [[near]]
# value = 4.6
# misconception = "worst-cell-is-the-loss"
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
def one_bad_cell(labels):
    """BCE of one film with so many labels, all cells good but the last."""
    given = np.full((1, labels), 0.99)
    given[0, -1] = 0.01
    return bce(np.ones((1, labels)), given)

print(f"BCE of the film: {one_bad_cell(10):.2f}")   # afterwards, try 100 labels

# %%
compare("bce-one-bad-cell", one_bad_cell(10))
assert np.isclose(one_bad_cell(10), (9 * 0.01005 + 4.60517) / 10, atol=1e-5)

# %% [markdown]
# **Compare with your prediction.** The more labels, the less one broken label moves the mean: by a tenth of its loss among ten, by
# a hundredth among a hundred. So look at the labels one by one.
#
# ### Which genre has the model learned?
#
# A label's **base rate** is the share of films that have it. The baseline here gives every film the base rate of the
# training films.

# %% [raw] tags=["prediction"]
# id = "low-loss-well-learned"
# given = "7% 54%: shares, asserted"
# ask = """Sci-Fi (7% of the films) has a far lower loss on test films than Drama (54%). Against the baseline, for which of the
# two has the model taken away the larger share of the loss?"""
# [right]
# text = "Drama"
# why = "Of Drama's baseline a larger share has gone. The two losses could not tell you that: a rare label has a low baseline, so its loss is low even when nothing has been learned."
# [[wrong]]
# text = "Sci-Fi: its loss is lower"
# misconception = "low-loss-means-learned"
# why = "Its loss is lower, and so is its baseline: a rare label is easy to be right about by saying a small probability to all. The share that has gone is smaller than Drama's."
# [[wrong]]
# text = "both the same: they share one loss"
# misconception = "mean-loss-is-every-loss"
# why = "The mean is shared. Each label has a loss of its own, and a baseline of its own."

# %% [raw] tags=["alt"] id="loss-by-label-alt" given="0.75: end of the axis"
# Dot plot, one row for each of ten genres from Drama (most frequent) to Fantasy; the axis is the loss on test films from 0
# to 0.75. An open diamond marks the baseline, a filled dot the model (median of 16 seeds); a line joins them. Drama: {drama_base:.2f}
# to {drama:.2f}. Sci-Fi: {scifi_base:.2f} to {scifi:.2f}. The baselines fall with the base rate, but for the last row. In proportion to its baseline, {longest} has
# come farthest and {shortest} least.

# %% tags=["training"]
def two_ends(ax, baseline, model, end):
    """One row a genre: an open diamond at the baseline, a dot at the model, a line between them."""
    for k, pair in enumerate(zip(baseline, model)):
        ax.plot(pair, [k, k], color="#666666")
    for name, x, mark, inside in [("baseline", baseline, "D", "white"), ("model", model, "o", figures.COLORS[0])]:
        ax.plot(x, range(10), mark, color="black", markerfacecolor=inside, markersize=8)
        ax.annotate(name, (x[0], -0.35), ha="center", va="bottom")
    ax.set(yticks=range(10), yticklabels=films.classes, xlim=(0, end), ylim=(9.6, -1.1))

# the loss of each label, by the model and by the baseline
base_rate = films.y_train.mean(axis=0)
loss_of = np.array([bce_cells(films.y_test, one).mean(axis=0) for one in p_test])      # (16, 10)
baseline_of = bce_cells(films.y_test, np.broadcast_to(base_rate, films.y_test.shape)).mean(axis=0)

# %% tags=["training"]
fig, ax = figures.axes(xlabel="loss on test films (BCE of one label)", height=4.8)
# each label: its baseline, and the model
median_of = np.median(loss_of, axis=0)
two_ends(ax, baseline_of, median_of, 0.75)
by_share = np.argsort(median_of / baseline_of)
figures.show(fig, "loss-by-label-alt", drama_base=baseline_of[0], drama=median_of[0], scifi_base=baseline_of[8],
             scifi=median_of[8], longest=films.classes[by_share[0]], shortest=films.classes[by_share[-1]])

# %%
compare("low-loss-well-learned")

# %% [markdown]
# **Compare with your prediction.** A low loss is no achievement for a rare label. Nor must a rare label be hard: Documentary
# is rare, and has come far from its baseline. Look at the share of the baseline that has gone, label by label. Write that.
#
# ### Exercise 2.1: what has been learned, label by label
#
# Which share of the baseline's loss has the model taken away? One number for each label: 1 if nothing is left, 0 if the
# model is no better than the base rates.

# %% tags=["preamble"]
import numpy as np

def f1(y_true, flagged):
    """F1 of one label. y_true: (n,) of 0 and 1, flagged: (n,) of True and False. 0 where there is nothing to find."""
    total = np.sum(flagged) + np.sum(y_true)
    return 2 * np.sum(flagged & (y_true == 1)) / total if total > 0 else 0.0

# %% tags=["exercise"] id="taken-away"
def taken_away(y_true, p, base_rate):
    """Share of the baseline's loss that the model has taken away: (k,). y_true, p: (n, k); base_rate: (k,)."""
    # each cell: its loss, by the model and by the baseline
    of_model = -np.log(np.where(y_true == 1, p, 1 - p))
    of_baseline = -np.log(np.where(y_true == 1, base_rate, 1 - base_rate))
    # each label: the share that has been taken away
    ### BEGIN SOLUTION
    share = 1 - of_model.mean(axis=0) / of_baseline.mean(axis=0)
    ### END SOLUTION
    return share

# %% tags=["start"]
def taken_away(y_true, p, base_rate):
    """Share of the baseline's loss that the model has taken away: (k,). y_true, p: (n, k); base_rate: (k,)."""
    # each cell: its loss, by the model and by the baseline
    of_model = -np.log(np.where(y_true == 1, p, 1 - p))
    of_baseline = -np.log(np.where(y_true == 1, base_rate, 1 - base_rate))
    # each label: the share that has been taken away
    share = ...  # your code here
    return share

# %% tags=["cases"]
cases = [(np.array([[1, 0], [0, 0], [1, 1], [0, 0]]), np.array([[0.8, 0.1], [0.3, 0.2], [0.7, 0.6], [0.4, 0.1]]),
          np.array([0.5, 0.2])),
         (np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0]]), np.array([[0.9, 0.4, 0.1], [0.2, 0.7, 0.3], [0.6, 0.5, 0.2]]),
          np.array([0.6, 0.4, 0.1]))]
labels = ["y_true", "p", "base_rate"]

# %% tags=["hint"]
# A mean over the films keeps the labels apart. Over which axis do the films lie?

# %% tags=["hint"]
# `of_model.mean(axis=0)` is the loss of each label. What is left of the baseline's loss, and what has gone?

# %% tags=["right"]
def taken_away(y_true, p, base_rate):
    result = []
    for k in range(y_true.shape[1]):
        mine = np.mean([-np.log(q if y == 1 else 1 - q) for y, q in zip(y_true[:, k], p[:, k])])
        theirs = np.mean([-np.log(base_rate[k] if y == 1 else 1 - base_rate[k]) for y in y_true[:, k]])
        result.append((theirs - mine) / theirs)
    return np.array(result)

# %% tags=["wrong"] misconception="mean-loss-is-every-loss"
# That is one number for all labels together. One for each label was asked for: take the mean over the films only.
def taken_away(y_true, p, base_rate):
    of_model = -np.log(np.where(y_true == 1, p, 1 - p))
    of_baseline = -np.log(np.where(y_true == 1, base_rate, 1 - base_rate))
    return 1 - of_model.mean() / of_baseline.mean()

# %% tags=["wrong"] misconception="mean-over-the-wrong-axis"
# You took the mean over the labels of each film. The films are to be averaged, and the labels kept apart.
def taken_away(y_true, p, base_rate):
    of_model = -np.log(np.where(y_true == 1, p, 1 - p))
    of_baseline = -np.log(np.where(y_true == 1, base_rate, 1 - base_rate))
    return 1 - of_model.mean(axis=1) / of_baseline.mean(axis=1)

# %% tags=["wrong"] misconception="ratio-is-not-a-share"
# That is the share that is left. Asked for is the share that has been taken away.
def taken_away(y_true, p, base_rate):
    of_model = -np.log(np.where(y_true == 1, p, 1 - p))
    of_baseline = -np.log(np.where(y_true == 1, base_rate, 1 - base_rate))
    return of_model.mean(axis=0) / of_baseline.mean(axis=0)

# %% tags=["wrong"] misconception="difference-is-not-a-ratio"
# That is how much the loss fell. A share is due: divide by the loss of the baseline.
def taken_away(y_true, p, base_rate):
    of_model = -np.log(np.where(y_true == 1, p, 1 - p))
    of_baseline = -np.log(np.where(y_true == 1, base_rate, 1 - base_rate))
    return of_baseline.mean(axis=0) - of_model.mean(axis=0)

# %% tags=["wrong"] misconception="mean-of-ratios"
# You divided cell by cell and then took the mean. First the loss of each label, then one division.
def taken_away(y_true, p, base_rate):
    of_model = -np.log(np.where(y_true == 1, p, 1 - p))
    of_baseline = -np.log(np.where(y_true == 1, base_rate, 1 - base_rate))
    return np.mean(1 - of_model / of_baseline, axis=0)

# %% tags=["wrong"] misconception="whole-divided-by-part"
# You divided by the loss of the model. The share is one of the baseline's loss: divide by that.
def taken_away(y_true, p, base_rate):
    of_model = -np.log(np.where(y_true == 1, p, 1 - p))
    of_baseline = -np.log(np.where(y_true == 1, base_rate, 1 - base_rate))
    return of_baseline.mean(axis=0) / of_model.mean(axis=0) - 1

# %% tags=["wrong"] misconception="mean-loss-is-every-loss"
# You divided by the baseline's loss over all labels. Each label has a baseline of its own: divide by that.
def taken_away(y_true, p, base_rate):
    of_model = -np.log(np.where(y_true == 1, p, 1 - p))
    of_baseline = -np.log(np.where(y_true == 1, base_rate, 1 - base_rate))
    return 1 - of_model.mean(axis=0) / of_baseline.mean()

# %% tags=["wrong"] misconception="ratio-before-the-mean"
# That is one share for each cell. First take the mean over the films, which leaves one loss for each label. Then divide.
def taken_away(y_true, p, base_rate):
    of_model = -np.log(np.where(y_true == 1, p, 1 - p))
    of_baseline = -np.log(np.where(y_true == 1, base_rate, 1 - base_rate))
    return 1 - of_model / of_baseline

# %% tags=["training"]
learned_share = 1 - loss_of / baseline_of   # share of the baseline's loss that the model has taken away
print("taken away: ",
      ", ".join(f"{g} {share:.0%}" for g, share in zip(films.classes, np.median(learned_share, axis=0))))
assert np.all(loss_of[:, 8] < 0.5 * loss_of[:, 0])
print(claim("Of Drama's baseline the model takes away over 0.02 more than of Sci-Fi's.",
            learned_share[:, 0] - learned_share[:, 8], ">", 0.02))
print(claim("Of the baseline of Romance the model takes away less than half as much as of Drama's.",
            learned_share[:, 2] / learned_share[:, 0], "<", 0.5))

# %% [markdown]
# ### Where it bites
#
# Count the ones of each column before you train. After training, put each label's loss beside its baseline. In a mean of
# ten losses a lost column looks like progress, and a label that has hardly been learned does not show. Romance is such a label.

# %% [markdown]
# ## 3. How many answers are right?
#
# A probability above one half means yes. The share of cells that are right is the **binary accuracy** of notebook 03.

# %% [raw] tags=["prediction"]
# id = "four-in-five"
# given = "82.2% 82%: asserted with the result"
# ask = "Somebody's genre model has a binary accuracy of 82.2% on our test films. What does it say?"
# discuss = true
# [right]
# text = "nothing yet: a rule that names no genre may get this"
# why = "It gets exactly this: a film has fewer than two of the ten genres, so no is right for more than eight cells of ten."
# [[wrong]]
# text = "82% of the films have all their genres right"
# misconception = "binary-is-subset-accuracy"
# why = "It counts cells, not films. A film with nine cells right counts as nine tenths here."
# [[wrong]]
# text = "82% of the films' genres were found"
# misconception = "accuracy-is-recall"
# why = "It can be 82% while not one genre was found: most cells are zeros."
# [[wrong]]
# text = "the model is good: it is right in four cells of five"
# misconception = "no-baseline"
# why = "So is a rule that never looks at a film."

# %% tags=["training"]
y_test = films.y_test
# a rule that says no to every genre of every film
nothing = np.mean(y_test == 0)
# the model, cut at one half, for each seed
accuracy_half = np.mean((p_test > 0.5) == y_test, axis=(1, 2))
print(f"binary accuracy of naming nothing: {nothing:.1%}; of our model: {np.median(accuracy_half):.1%}")

# %%
compare("four-in-five")

# %% tags=["training"]
assert round(100 * nothing, 1) == 82.2
print(claim("The model's binary accuracy is above that of naming nothing, by more than 0.02.",
            accuracy_half - nothing, ">", 0.02))
print(claim("The model's binary accuracy is less than 0.04 above that of naming nothing.",
            accuracy_half - nothing, "<", 0.04))

# %% [markdown]
# **Compare with your prediction.** Naming nothing is right for more than eight cells of ten. A binary accuracy means
# something only beside this number.
#
# ### What does `'accuracy'` count?
#
# Many templates just say `metrics=['accuracy']`. Keras has several accuracies, and picks one. We evaluate one trained model.

# %% [raw] tags=["prediction"]
# id = "what-accuracy-counts"
# ask = "`metrics=['accuracy']`, ten sigmoids, multi-hot labels. What will it report for the model above?"
# [right]
# text = "far less than binary accuracy: it compares one genre of each film with one guess"
# why = """The labels have ten columns, so Keras takes them for one-hot rows and reports CategoricalAccuracy: does the largest
# probability stand where the label row has its largest value? In a multi-hot row that is the first 1, in the order of the columns."""
# [[wrong]]
# text = "binary accuracy, since the loss is binary cross-entropy and the head has sigmoids"
# misconception = "accuracy-follows-the-loss"
# why = "Keras looks at shapes, not at the loss or the head. Ten columns look like ten classes."
# [[wrong]]
# text = "far less than binary accuracy: it is the share of films with all ten cells right"
# misconception = "binary-is-subset-accuracy"
# why = "That would be a sensible reading. Keras does not have it in mind."
# [[wrong]]
# text = "an error: accuracy is not defined for several labels"
# misconception = "keras-would-refuse"
# why = "No message. You get a number between 0 and 1."

# %% tags=["training"]
one_model, p_one = runs.model(0), p_test[0]
one_model.compile(loss="binary_crossentropy", metrics=["accuracy", "binary_accuracy"])
reported = one_model.evaluate(films.X_test, y_test, verbose=0, return_dict=True)
print("Keras reports:", {name: round(value, 3) for name, value in reported.items()})

# %%
compare("what-accuracy-counts")

# %% tags=["training"]
def first_one(p, y):   # is the largest probability where the row has its first 1?
    return np.mean(p.argmax(axis=-1) == y.argmax(axis=-1), axis=-1)

assert np.isclose(reported["accuracy"], first_one(p_one, y_test), atol=1e-6)
# the same films and probabilities, with the ten columns in reverse order
reverse = first_one(p_test[:, :, ::-1], y_test[:, ::-1])
print(f"'accuracy' by hand: {first_one(p_one, y_test):.3f}; with the columns in reverse order: {reverse[0]:.3f}")
print(claim("What 'accuracy' reports falls by over 0.2 when the columns are put in reverse order.",
            first_one(p_test, y_test) - reverse, ">", 0.2))

# %% [raw] tags=["question"]
# id = "why-the-order-matters"
# ask = "Same films, same probabilities, other order of the columns, and `'accuracy'` is another number. Why?"
# [right]
# text = "of a film's genres only the first column counts as right"
# why = "With Drama first, a drama and romance counts as Drama. Reversed, it counts as Romance, which the model seldom puts on top."
# [[wrong]]
# text = "the model was trained with the columns in one order only"
# misconception = "order-was-learned"
# why = "Columns of labels and of probabilities were reversed together. Each probability still meets its own label."
# [[wrong]]
# text = "ties between probabilities are broken by position"
# misconception = "ties-explain-it"
# why = "Ties between probabilities are next to never. The ties are in the labels: several ones in a row."
# [[wrong]]
# text = "chance: another order of columns is another draw"
# misconception = "chance-explains-it"
# why = "Nothing was drawn anew. The claim above holds on every seed."

# %% [markdown]
# ### What does a metric say about a model that knows nothing?
#
# Give every film the ten base rates as its probabilities. This "model" knows no film from another. Now ask the metrics that a
# template may list.

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
# the names, and what they stand for
m = keras.metrics
templates = {"'accuracy' (CategoricalAccuracy)": m.CategoricalAccuracy, "BinaryAccuracy()": m.BinaryAccuracy,
             "AUC()": m.AUC, "AUC(multi_label=True)": lambda: m.AUC(multi_label=True),
             "F1Score(average='macro')": lambda: m.F1Score(average="macro"),
             "F1Score(…, threshold=0.5)": lambda: m.F1Score(average="macro", threshold=0.5)}
same_for_all = np.tile(base_rate, (len(y_test), 1))

def asked(make, p):
    metric = make()
    metric.update_state(y_test, p)
    return float(metric.result())

# each metric, asked about our model and about the base rates
print(f"{'':34}{'our model':>10}{'base rates for all':>20}")
said = {name: (asked(make, p_one), asked(make, same_for_all)) for name, make in templates.items()}
for name, (of_model, of_nothing) in said.items():
    print(f"{name:34}{of_model:10.3f}{of_nothing:20.3f}")

# %%
compare("auc-of-base-rates")

# %% tags=["training"]
assert said["AUC()"][1] > 0.7 and np.isclose(said["AUC(multi_label=True)"][1], 0.5)
assert said["AUC()"][0] - said["AUC()"][1] < said["AUC()"][1] - 0.5
assert said["'accuracy' (CategoricalAccuracy)"][1] > 0.5
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score
# the same two AUC for each seed, exactly: Keras' AUC looks at 200 thresholds, as in notebook 02
auc_of = np.array([roc_auc_score(y_test, one, average=None) for one in p_test])      # (16, 10)
in_a_heap = np.array([roc_auc_score(y_test.ravel(), one.ravel()) for one in p_test])
print(claim("By label the model's AUC is lower than in one heap, by over 0.05.",
            in_a_heap - auc_of.mean(axis=1), ">", 0.05))

# %% [markdown]
# **Compare with your prediction.** The right column shows what a model without knowledge gets. `'accuracy'` gives a model without any
# knowledge more than half of the films, and `AUC()` puts it nearer to our model than to one half. Only `multi_label=True` starts at one half.
# `F1Score` without `threshold=` says yes to the largest output of each row: here to one genre of each film, on the one unit of
# notebook 02 to every film. The number need not give that away: compare the last two lines.

# %% [markdown]
# ### Does the tool see it?
#
# Does the doctor see what you saw?

# %% tags=["training"]
from helpers.doctor import examine
examine(one_model, films.X_test, y_test)

# %% [markdown]
# It names the metric, and one to ask for in its place. It cannot tell whether the model is any good: for that you need a baseline.
#
# ### Where it bites
#
# A metric in the log is a name and a number. Ask it once about a model that knows nothing, and you know where its scale begins.

# %% [markdown]
# ## 4. Three films, and people who count differently
#
# Three films, four labels. On the left the truth, on the right what a model names.
#
# | film | true: Drama, Comedy, Romance, Horror | named |
# |---|---|---|
# | A | 1 0 0 0 | 1 0 0 0 |
# | B | 1 1 1 0 | 1 1 0 0 |
# | C | 0 0 0 1 | 1 0 0 0 |
#
# A printer must print each film's line again if anything in it is wrong. She counts films with *all* cells right: **subset
# accuracy**. A clerk is paid for each cell that he corrects. He counts the share of wrong cells: **Hamming loss**, which is
# 1 − binary accuracy. (It is called a loss, but it is a metric: nothing can be trained on it.)

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

# by the printer, and by the clerk
print("subset accuracy", round(subset_accuracy(true_three, named_three), 3),
      "  Hamming loss", hamming_loss(true_three, named_three))

# %%
compare("subset-of-three", subset_accuracy(true_three, named_three))

# %%
compare("hamming-of-three", hamming_loss(true_three, named_three))

# %% [markdown]
# Subset accuracy gives film B nothing for finding two of its three genres. Hamming loss counts a zero that is right like a
# genre that was found, and most cells are zeros: it is low even when nothing is named. F1 leaves out the zeros that are right.
# For one label it is 2 · found / (named + true). With several labels, three people average it in three ways.
#
# - The owner of a catalog counts over all its cells first, then takes one F1: **micro**. Frequent labels rule.
# - The keepers of the genre shelves want one F1 for each label, then the mean: **macro**. Every label counts alike.
# - The reader sees one film at a time and wants one F1 for each film, then the mean: **samples F1**. Every film counts alike.
#
# Micro and macro you met in notebook 03; samples F1 is new. Worked, for micro:

# %%
def micro_f1(y_true, flagged):
    # all cells together: found, named, true
    found = np.sum(flagged & (y_true == 1))
    total = np.sum(flagged) + np.sum(y_true)
    # one F1
    return 2 * found / total

assert hamming_loss(true_three, named_three) == 3 / 12
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
# why = "Three ways to average give three values. They need not agree."

# %%
three = {way: f1_score(true_three, named_three, average=way, zero_division=0) for way in ["micro", "macro", "samples"]}
print({way: round(float(value), 3) for way, value in three.items()})

# %%
compare("lowest-f1-of-three")
assert np.isclose(three["micro"], 6 / 9) and round(three["micro"], 2) == 0.67
assert np.isclose(three["macro"], 0.45) and np.isclose(three["samples"], 0.6)

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

# %% tags=["wrong"] misconception="recall-is-f1"
# That is the mean of the labels' recall. F1 also counts what was named and is not true.
def macro_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=0)
    return np.mean(found / np.maximum(np.sum(y_true, axis=0), 1))

# %% tags=["wrong"] misconception="zero-over-zero"
# A label that is neither true nor named is 0 / 0 in yours, and NaN takes the mean with it. Give 0 there.
def macro_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=0)
    total = np.sum(flagged, axis=0) + np.sum(y_true, axis=0)
    with np.errstate(all="ignore"):
        return np.mean(2 * found / total)

# %% tags=["wrong"] misconception="empty-means-perfect"
# A label that is neither true nor named gets 1 from you. Here it counts as 0.
def macro_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=0)
    total = np.sum(flagged, axis=0) + np.sum(y_true, axis=0)
    return np.mean(np.where(total > 0, 2 * found / np.maximum(total, 1), 1.0))

# %% tags=["wrong"] misconception="precision-is-f1"
# That is the mean of the labels' precision. F1 also counts what is true and was not named.
def macro_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=0)
    return np.mean(found / np.maximum(np.sum(flagged, axis=0), 1))

# %% tags=["wrong"] misconception="jaccard-is-f1"
# That is found over the union (the Jaccard index). F1 is two times found over the sum of both counts.
def macro_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=0)
    total = np.sum(flagged, axis=0) + np.sum(y_true, axis=0)
    return np.mean(found / np.maximum(total - found, 1))

# %% tags=["wrong"] misconception="weighted-is-macro"
# You let a label count the more, the more films have it. In macro F1 every label counts alike: take the plain mean.
def macro_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=0)
    total = np.sum(flagged, axis=0) + np.sum(y_true, axis=0)
    return np.average(2 * found / np.maximum(total, 1), weights=np.sum(y_true, axis=0))

# %% tags=["wrong"] misconception="f1-of-means"
# You took the means of precision and of recall first, and then one F1 of the two. Each label gets its own F1, and then comes the mean.
def macro_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=0)
    precision = np.mean(found / np.maximum(np.sum(flagged, axis=0), 1))
    recall = np.mean(found / np.maximum(np.sum(y_true, axis=0), 1))
    return 2 * precision * recall / (precision + recall)

# %% [markdown]
# ### Exercise 4.2: samples F1
#
# Now alone, for the reader. Write the F1 that gives **each film** the same weight. A
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

# %% tags=["wrong"] misconception="micro-is-samples"
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

# %% tags=["wrong"] misconception="zero-over-zero"
# A film with nothing true and nothing named is 0 / 0 in yours, and NaN takes the mean with it. Give 0 there.
def samples_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=1)
    total = np.sum(flagged, axis=1) + np.sum(y_true, axis=1)
    with np.errstate(all="ignore"):
        return np.mean(2 * found / total)

# %% tags=["wrong"] misconception="recall-is-f1"
# That is the mean of the films' recall. F1 also counts what was named and is not true.
def samples_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=1)
    return np.mean(found / np.maximum(np.sum(y_true, axis=1), 1))

# %% tags=["wrong"] misconception="f1-forgets-the-two"
# The 2 is missing: F1 is found over the mean of named and true, not over their sum.
def samples_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=1)
    total = np.sum(flagged, axis=1) + np.sum(y_true, axis=1)
    return np.mean(found / np.maximum(total, 1))

# %% tags=["wrong"] misconception="precision-is-f1"
# That is the mean of the films' precision. F1 also counts what is true and was not named.
def samples_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=1)
    return np.mean(found / np.maximum(np.sum(flagged, axis=1), 1))

# %% tags=["wrong"] misconception="binary-is-subset-accuracy"
# That is subset accuracy: a film with two of three genres found gets nothing. Samples F1 gives it a part.
def samples_f1(y_true, flagged):
    return np.mean(np.all(flagged == y_true, axis=1))

# %% tags=["wrong"] misconception="f1-of-means"
# You took the means of precision and of recall first, and then one F1 of the two. Each film gets its own F1, and then comes the mean.
def samples_f1(y_true, flagged):
    found = np.sum(flagged & (y_true == 1), axis=1)
    precision = np.mean(found / np.maximum(np.sum(flagged, axis=1), 1))
    recall = np.mean(found / np.maximum(np.sum(y_true, axis=1), 1))
    return 2 * precision * recall / (precision + recall)

# %% [markdown]
# ### The films
#
# Now the model, cut at one half. A baseline for macro F1 is not "name nothing", which has F1 = 0. It is the other extreme:
# name **all ten genres for every film**.

# %% [raw] tags=["prediction"]
# id = "every-genre-macro-f1"
# ask = "Macro F1 on the test films: the trained model, cut at one half, against naming all ten genres for every film. Which is higher?"
# discuss = true
# [right]
# text = "naming all ten genres, without a model"
# why = "At one half most genres are next to never named, so several labels have an F1 near 0. Naming all finds everything, at a price that F1 forgives."
# [[wrong]]
# text = "the model, by far: it has learned something"
# misconception = "learned-means-useful-at-half"
# why = "What it has learned need not show at one half: most genres are next to never named there."
# [[wrong]]
# text = "the model: naming all ten has an F1 of 0, since most of it is wrong"
# misconception = "wrong-names-make-f1-zero"
# why = "Wrong names lower precision. Recall is 1, and F1 lies between the two."

# %% tags=["training"]
def f1_by_label(y_true, flagged):
    """F1 of each label: (..., k). flagged: (..., n, k), so that it takes one model or 16."""
    found = np.sum(flagged & (y_true == 1), axis=-2)
    return 2 * found / np.maximum(flagged.sum(axis=-2) + y_true.sum(axis=0), 1)

# the model cut at one half, and a rule that names everything
at_half = f1_by_label(y_test, p_test > 0.5)                       # (16, 10)
assert np.isclose(at_half[0].mean(), f1_score(y_test, p_test[0] > 0.5, average="macro", zero_division=0))
all_ten = f1_by_label(y_test, np.ones(y_test.shape, bool)).mean()

# %% [raw] tags=["alt"] id="macro-f1-alt" given="0.5: end of the axis"
# Dot plot, one dot for each of 16 seeds: macro F1 on the test films, axis from 0 to 0.5. The trained model cut at one half
# lies around {model:.2f}. A dotted line at {every:.2f} marks naming all ten genres for every film; {left} of the 16 dots lie left of it.

# %% tags=["training"]
fig, ax = figures.axes(xlabel="macro F1, test films", height=2.2)
figures.strip(ax, {"the model,\ncut at one half": at_half.mean(axis=1)}, reference=all_ten,
              reference_label="all ten genres for every film")
ax.set_xlim(0, 0.5)
figures.show(fig, "macro-f1-alt", model=np.median(at_half.mean(axis=1)), every=all_ten,
             left=np.sum(at_half.mean(axis=1) < all_ten))

# %%
compare("every-genre-macro-f1")

# %% tags=["training"]
print(claim("At one half, the model's macro F1 is below that of naming all ten genres for every film, by a twentieth "
            "or more.",
            at_half.mean(axis=1) / all_ten, "<", 0.95))
# each person's number, for the model and for four rules that never look at a film
ways = {"micro F1": micro_f1, "macro F1": lambda y, f: f1_by_label(y, f).mean(),
        "samples F1": lambda y, f: f1_score(y, f, average="samples", zero_division=0),
        "subset accuracy": subset_accuracy, "Hamming loss": hamming_loss}
rank = np.argsort(np.argsort(-base_rate))                              # 0: the most frequent genre
rules = {name: np.tile(rank < named, (len(y_test), 1)) for name, named in
         [("nothing", 0), ("Drama", 1), ("Drama, Comedy", 2), ("all ten", 10)]}
of_model = {way: np.array([count(y_test, one > 0.5) for one in p_test]) for way, count in ways.items()}
print(f"{'':16}{'the model':>14}" + "".join(f"{name:>14}" for name in rules))
for way, count in ways.items():
    row = [np.median(of_model[way]), *(count(y_test, flagged) for flagged in rules.values())]
    print(f"{way:16}" + "".join(f"{value:14.3f}" for value in row))

# %% [markdown]
# **Compare with your prediction.** By macro F1 the model loses against naming all ten. By micro and samples F1 it beats that rule, and
# meets another one: Drama and Comedy for every film. That rule is a little better than the model, by micro F1 on most seeds and
# by samples F1 on nearly all. By Hamming loss the best rule is Drama alone, since more than half of the films have it; by subset
# accuracy as well, since no other row of labels is as frequent. There the model wins, by little. So each metric has a baseline of
# its own: the best that can be had without looking at a film. (Naming nothing has subset accuracy 0 only
# because films without any of the ten genres were left out: caveat 1.)

# %% [raw] tags=["question"]
# id = "what-a-zero-means"
# ask = "Caveat 2: for Psycho (1960) Drama and Crime are recorded, for its remake they are not. The model names Crime for the remake. What is this in our counts, and what in the world?"
# [right]
# text = "a wrong name in our counts, and perhaps right in the world"
# why = "A 0 says that nobody has entered the genre. So the counts of wrong names are too high, by an amount that we do not know."
# [[wrong]]
# text = "a wrong name in both: a 0 says that the film does not have the genre"
# misconception = "unrecorded-is-absent"
# why = "A 0 says that the genre is not recorded. In a catalog filled in by many hands that is less."
# [[wrong]]
# text = "nothing in our counts: unknown cells are left out"
# misconception = "unrecorded-is-left-out"
# why = "Only films without any recorded genre are left out. Within a film, each 0 counts as a no."
# [[wrong]]
# text = "a right name in both: the model has seen the first film"
# misconception = "counts-follow-the-world"
# why = "Metrics compare with the recorded labels, whatever the model has seen and whatever is true."

# %% tags=["training"]
every = {way: ways[way](y_test, rules["Drama, Comedy"]) for way in ["micro F1", "samples F1"]}
print(claim("By micro F1 the model, cut at one half, is behind naming Drama and Comedy for all, on three seeds in "
            "four.", of_model["micro F1"] - every["micro F1"], "<", 0, share=0.75))
print(claim("By samples F1 the model, cut at one half, is behind naming Drama and Comedy for all, on nine seeds in "
            "ten.", of_model["samples F1"] - every["samples F1"], "<", 0, share=0.9))
ahead = of_model["subset accuracy"] - subset_accuracy(y_test, rules["Drama"])
print(claim("By subset accuracy the model, cut at one half, is ahead of naming Drama for all, on nine seeds in ten.",
            ahead, ">", 0, share=0.9))
print(claim("By subset accuracy it is ahead of naming Drama for all by less than 0.05.", ahead, "<", 0.05))
lower = hamming_loss(y_test, rules["Drama"]) - of_model["Hamming loss"]
print(claim("Its Hamming loss is lower than that of naming Drama for all, by more than 0.01.", lower, ">", 0.01))
# where macro F1 is lost
print("F1 by label at one half: ", ", ".join(f"{g} {v:.2f}" for g, v in zip(films.classes, np.median(at_half, axis=0))))
assert np.median(at_half[:, 8]) < 0.12

# %% [markdown]
# Sci-Fi is rare, and next to never named. Documentary is rare too, and named. And Romance is frequent, and next to never named. Is the
# model bad at these genres, or is one half the wrong cut? Two metrics of notebook 02 look at no cut: AUC, and average precision.

# %% [raw] tags=["prediction"]
# id = "auc-of-scifi"
# given = "0.1 0.5: premises and options of the question"
# ask = "At one half, Sci-Fi has an F1 near 0.1 or below. AUC looks at no cut, and starts at 0.5 for every label. What is the AUC of Sci-Fi?"
# [right]
# text = "well above 0.5, and no lower than that of Romance"
# why = "The model ranks films by Sci-Fi much better than by chance. At one half nobody sees it, since hardly any film passes."
# [[wrong]]
# text = "near 0.5: an F1 near 0 means that nothing has been learned"
# misconception = "low-f1-means-no-ranking"
# why = "F1 at one half judges one cut. The order of the films can be good while next to none passes that cut."
# [[wrong]]
# text = "above 0.5, and lower than that of Romance, which has more films to learn from"
# misconception = "frequent-is-easy"
# why = "More films help, but what can be told from the features matters more. Sci-Fi can be told far better."
# [[wrong]]
# text = "near 0.1, like its F1: both judge the same probabilities"
# misconception = "averages-agree"
# why = "F1 judges one cut, AUC the order of the films. An AUC of 0.1 would mean a ranking upside down."

# %% [raw] tags=["alt"] id="ranking-by-label-alt" given="0.5: a ranking by chance"
# Two dot plots, one row for each of ten genres, axes from 0 to 1; an open diamond marks the baseline, a dot the model (median of
# 16 seeds), a line joins them. Left, AUC on the test films: baseline 0.5 in every row; Drama {auc_drama:.2f}, Romance
# {auc_romance:.2f}, Sci-Fi {auc_scifi:.2f}, highest {best} with {auc_best:.2f}. Right, average precision: the baseline is the base
# rate, falling from Drama {base_drama:.2f} to the rare ones, Fantasy {base_fantasy:.2f}; the model has Drama {ap_drama:.2f}, Sci-Fi {ap_scifi:.2f}.
# All dots lie right of their diamonds.

# %% tags=["training"]
# average precision of each label, and its baseline
ap_of = np.array([average_precision_score(y_test, one, average=None) for one in p_test])   # (16, 10)
base_test = y_test.mean(axis=0)
fig, (left, right) = figures.axes(2, height=4.8)
ap, auc = np.median(ap_of, axis=0), np.median(auc_of, axis=0)
two_ends(left, np.full(10, 0.5), auc, 1)
left.set_xlabel("AUC, test films")
two_ends(right, base_test, ap, 1)
right.set_xlabel("average precision, test films")
figures.show(fig, "ranking-by-label-alt", auc_drama=auc[0], auc_romance=auc[2], auc_scifi=auc[8],
             best=films.classes[auc.argmax()], auc_best=auc.max(), base_drama=base_test[0], base_fantasy=base_test[9],
             ap_drama=ap[0], ap_scifi=ap[8])

# %%
compare("auc-of-scifi")

# %% tags=["training"]
print(claim("The AUC of Sci-Fi is above 0.7.", auc_of[:, 8], ">", 0.7))
print(claim("The AUC of Sci-Fi is above that of Romance, by over 0.03.", auc_of[:, 8] - auc_of[:, 2], ">", 0.03))
print(claim("The average precision of Sci-Fi is at least twice its base rate.", ap_of[:, 8] / base_test[8], ">", 2))

# %% [markdown]
# **Compare with your prediction.** The model ranks Sci-Fi well above chance; the cut hides it. **Average precision by label** tells the
# same, but read it with care. Its baseline is the base rate, another one for each label. So a low value can be far above its
# baseline, and values of two labels cannot be compared. For that, AUC by label has one baseline for all.
#
# ### Where it bites
#
# Whose number goes into the report?

# %% [raw] tags=["question"]
# id = "which-average"
# given = "14: premise of the question"
# ask = """A clinic's model names, for each X-ray, which of 14 findings it shows. Some are rare. In the report every finding
# shall count alike, however rare it is. Which number goes in?"""
# discuss = true
# [right]
# text = "macro F1, and F1 by finding beside it"
# why = "Every finding counts alike, the rare ones as well, and the list shows which one fails."
# [[wrong]]
# text = "micro F1, since it uses all cells of all X-rays"
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
# ## 5. Where to cut
#
# The model ranks. Where should its labels be cut? Notebook 02 asked that for one label. Here are ten. First look at F1 against the
# threshold, on validation films.

# %% [raw] tags=["prediction"]
# id = "romance-threshold"
# given = "16%: share, asserted"
# ask = "Romance: 16% of the films, hard to tell. Where does the threshold with the best F1 on validation films lie?"
# [right]
# text = "well below one half, below that of Drama too"
# why = "With honest probabilities the best threshold is half of the best F1 that can be reached, and that F1 is low here."
# [[wrong]]
# text = "near one half: the probabilities are honest"
# misconception = "half-is-natural"
# why = "Honest, yes. One half is right for counting errors. F1 wants more yes than that when a label is hard to tell."
# [[wrong]]
# text = "well above one half: a label that is hard to tell needs certainty"
# misconception = "threshold-reversed"
# why = "The model is next to never sure of Romance. So high a cut would name no film."
# [[wrong]]
# text = "at the same place as for Drama: one model, one threshold"
# misconception = "one-threshold-for-all"
# why = "Drama is frequent and easier, so its best F1 is higher, and its best threshold as well."

# %% tags=["training"]
candidates = np.arange(2, 81, 2) / 100                                              # 0.02, 0.04, … 0.80
# F1 of each label at each candidate, and the best candidate of each label
f1_val = np.array([f1_by_label(films.y_val, p_val > c) for c in candidates])        # (40, 16 seeds, 10)
thresholds = candidates[f1_val.argmax(axis=0)]                                      # (16, 10)

# %% [raw] tags=["alt"] id="f1-threshold-alt" given="0.8 0.85: ends of the axes"
# Line plot of F1 on validation films over the threshold, 0 to 0.8, median and band over 16 seeds, F1 axis from 0 to 0.85. Drama
# goes from {drama_first:.2f} over {drama_half:.2f} at one half to {drama_last:.2f}, and is highest at about {drama:.2f}. Comedy is
# highest at about {comedy:.2f}, and falls to {comedy_half:.2f} at one half. Romance is highest at about {romance:.2f}, and has
# {romance_half:.2f} at one half.

# %% tags=["training"]
fig, ax = figures.axes(xlabel="threshold", ylabel="F1, validation films")
three_labels = {films.classes[k]: f1_val[:, :, k].T for k in [0, 1, 2]}
figures.lines(ax, candidates, three_labels, label_at="")
numbers = dict(zip(["drama", "comedy", "romance"], np.median(thresholds, axis=0)))
for (name, curves), up in zip(three_labels.items(), [0.03, 0.03, 0.02]):
    # each curve's name where it crosses one half
    middle = np.median(curves, axis=0)
    ax.annotate(name, (0.51, middle[24] + up))
    numbers |= {f"{name.lower()}_{at}": middle[i] for at, i in [("first", 0), ("half", 24), ("last", -1)]}
ax.axvline(0.5, color="black", linestyle=":", linewidth=1.5)
ax.set(xlim=(0, 0.8), ylim=(0, 0.85))
figures.show(fig, "f1-threshold-alt", **numbers)

# %%
compare("romance-threshold")

# %% tags=["training"]
# where the curves are highest, beside half of that height
best_f1 = f1_val.max(axis=0)
for k in [0, 1, 2, 8]:
    print(f"{films.classes[k]:8} best threshold {np.median(thresholds[:, k]):.2f}, "
          f"half of the best F1 {np.median(best_f1[:, k]) / 2:.2f}, base rate {base_rate[k]:.2f}")
print(claim("On validation films, every label's best threshold lies below one half, on three seeds in four.",
            thresholds.max(axis=1), "<", 0.5, share=0.75))
print(claim("On validation films, the best threshold of Romance lies below 0.3.", thresholds[:, 2], "<", 0.3))
to_rule = np.abs(thresholds - best_f1 / 2).mean(axis=1)
to_common = np.abs(thresholds - np.median(thresholds, axis=1, keepdims=True)).mean(axis=1)
print(claim("The best thresholds lie nearer to half of their best F1 than to any common value: at most 0.8 of that "
            "distance, on average over the labels, on eight seeds in ten.", to_rule / to_common, "<", 0.8, share=0.8))

# %% [markdown]
# **Compare with your prediction.** The curve of Romance is highest far left of one half, and at one half next to nothing is
# left of it. That of Drama is highest a little below one half, and flat. Half of the best F1, the rule of notebook 02, comes near
# the best cut: the lower the F1 that a label can reach, the lower its cut.
#
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
          np.array([0.2, 0.25, 0.6])),
         (np.array([1, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
          np.array([0.7, 0.2, 0.25, 0.3, 0.18, 0.1, 0.05, 0.1, 0.1, 0.05]), np.array([0.15, 0.4]))]
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

# %% tags=["wrong"] misconception="tie-rule-overlooked"
# If several candidates tie, the lowest was asked for. You took the last one.
def best_threshold(y_true, p, candidates):
    values = np.array([f1(y_true, p > c) for c in candidates])
    return candidates[np.flatnonzero(values == values.max())[-1]]

# %% tags=["wrong"] misconception="cut-counts-as-above"
# A probability equal to the threshold is named in your version. Named means p > c.
def best_threshold(y_true, p, candidates):
    return candidates[np.argmax([f1(y_true, p >= c) for c in candidates])]

# %% tags=["wrong"] misconception="threshold-is-prevalence"
# You took the candidate nearest to the base rate. That is a usable rule of thumb, not the best F1.
def best_threshold(y_true, p, candidates):
    return candidates[np.argmin(np.abs(candidates - np.mean(y_true)))]

# %% tags=["wrong"] misconception="threshold-equals-f1"
# Half of the best F1 is where the best threshold lies for honest probabilities, roughly. Here the candidate itself was asked for.
def best_threshold(y_true, p, candidates):
    return np.max([f1(y_true, p > c) for c in candidates]) / 2

# %% tags=["wrong"] misconception="recall-at-any-price"
# You chose by how many true ones are found. That is recall, and it takes the lowest threshold; F1 also charges the false ones.
def best_threshold(y_true, p, candidates):
    return candidates[np.argmax([np.sum((p > c) & (y_true == 1)) for c in candidates])]

# %% tags=["wrong"] misconception="precision-is-f1"
# You chose by the share of right ones among the named. That is precision; F1 also charges what was missed.
def best_threshold(y_true, p, candidates):
    return candidates[np.argmax([np.sum((p > c) & (y_true == 1)) / max(np.sum(p > c), 1) for c in candidates])]

# %% tags=["wrong"] misconception="right-zeros-count"
# You weighed the share of ones found against the share of zeros named. Where ones are rare that cuts lower than F1 does:
# F1 sets wrong names against what was found, not against all zeros.
def best_threshold(y_true, p, candidates):
    return candidates[np.argmax([np.mean((p > c)[y_true == 1]) - np.mean((p > c)[y_true == 0]) for c in candidates])]

# %% tags=["wrong"] misconception="more-than-was-asked"
# You return the candidate and its F1. Only the candidate was asked for: F1 is the way to find it.
def best_threshold(y_true, p, candidates):
    values = [f1(y_true, p > c) for c in candidates]
    return candidates[np.argmax(values)], max(values)

# %% [markdown]
# Before the result: how must the steps be ordered, so that the number reported at the end can be believed?

# %% [raw] tags=["order"]
# id = "order-honest-thresholds"
# ask = "Put the steps in order, from the model to a number that can be believed."
# lines = ["train on the training films", "predict the validation films", "choose each label's threshold by F1 on the validation films",
#  "predict the test films and name what lies above the thresholds", "report macro F1 on the test films, once"]
# right = [[1, 2, 3, 4, 5]]
# why = "The thresholds are chosen where the model was not trained, and judged where they were not chosen."
# [[wrong]]
# order = [1, 4, 2, 3, 5]
# misconception = "cut-before-choosing"
# why = "The test films cannot be cut before the thresholds exist."
# [[wrong]]
# order = [2, 3, 1, 4, 5]
# misconception = "choice-before-training"
# why = "An untrained model has nothing to choose thresholds for. Train first."

# %% [raw] tags=["prediction"]
# id = "after-tuning"
# ask = "Each label is cut at its own best threshold, and macro F1 on test films rises. What happens to subset accuracy and to binary accuracy?"
# discuss = true
# [right]
# text = "both fall; binary accuracy even below that of naming nothing"
# why = "Lower cuts name more genres, and more of the names are wrong. F1 forgives that for what it finds; the other two count every wrong cell."
# [[wrong]]
# text = "both rise: better decisions are better everywhere"
# misconception = "averages-agree"
# why = "Better by F1. Each of the metrics asks for something else, and one half was near the best cut for cells."
# [[wrong]]
# text = "nothing: of these, only F1 depends on thresholds"
# misconception = "threshold-free-accuracy"
# why = "Every metric of yes and no depends on the cut. AUC and the loss do not."
# [[wrong]]
# text = "subset accuracy rises, since more is found; binary accuracy falls"
# misconception = "finding-more-means-all-right"
# why = "A film is all right only without a single wrong name, and many wrong names have been added."

# %% tags=["training"]
flagged_tuned = p_test > thresholds[:, None, :]
tuned = f1_by_label(y_test, flagged_tuned)                     # (16, 10)
# each metric before and after
print(f"{'test films, median of 16 seeds':32}{'cut at one half':>17}{'cut by label':>14}")
of_tuned = {way: np.array([count(y_test, flagged) for flagged in flagged_tuned]) for way, count in ways.items()}
for way, after in of_tuned.items():
    print(f"{way:32}{np.median(of_model[way]):17.3f}{np.median(after):14.3f}")
# of the names given, the share that is right, for each seed
right_before, right_after = (np.sum(flagged & (y_test == 1), axis=(1, 2)) / flagged.sum(axis=(1, 2))
                             for flagged in (p_test > 0.5, flagged_tuned))
print(f"{'right among the names':32}{np.median(right_before):17.3f}{np.median(right_after):14.3f}")

# %%
compare("after-tuning")

# %% tags=["training"]
accuracy_tuned = np.mean(flagged_tuned == y_test, axis=(1, 2))
gain = {way: of_tuned[way] - of_model[way] for way in ["micro F1", "samples F1"]}
print(claim("Thresholds by label raise micro F1 and samples F1 as well, each by over 0.01.",
            np.minimum(*gain.values()), ">", 0.01))
print(claim("Thresholds by label raise macro F1 on test films to at least 1.5 times its value at one half.",
            tuned.mean(axis=1) / at_half.mean(axis=1), ">", 1.5))
print(claim("With thresholds by label, binary accuracy is more than 0.02 below that of naming nothing.",
            nothing - accuracy_tuned, ">", 0.02))
print(claim("With thresholds by label, subset accuracy falls to less than 0.8 of its value at one half.",
            of_tuned["subset accuracy"] / of_model["subset accuracy"], "<", 0.8))
print(claim("With thresholds by label, the share of right ones among the names falls to less than 0.8 of its value at "
            "one half.",
            right_after / right_before, "<", 0.8))

# %% [markdown]
# **Compare with your prediction.** Nothing was trained again. The same probabilities, cut elsewhere: F1 in all its forms is better, the
# other metrics of the table are worse. Which cut is right? The objective decides. Suppose a wrong name costs as much as a missed
# genre. Then one half is right for honest probabilities, as in notebook 02, and Hamming loss is the metric. F1 asks for something
# else: many finds for the mistakes made, and no credit for what is rightly left out. Where each genre is a search of its own,
# macro F1 is nearer to the wish of the one who searches.
#
# Macro F1 is now well above that of one half and of naming all ten. Which part of this needs ten thresholds? Ask for the fair
# baseline: *one* common threshold for all ten labels, chosen on the same validation films by the same macro F1.

# %% [raw] tags=["prediction"]
# id = "one-common-cut"
# ask = "One common threshold, chosen on all validation films. How much of the gain that ten thresholds bring on the test films does it bring?"
# [right]
# text = "nearly all of it"
# why = "The gain comes from leaving one half. Most of these labels have their best cut at a similar place, and F1 is flat around it."
# [[wrong]]
# text = "about half of it"
# misconception = "each-choice-adds-alike"
# why = "Choices do not bring equal parts. The first, away from one half, brings most, and the fine ones little."
# [[wrong]]
# text = "next to none: labels as different as Drama and Sci-Fi have no common cut"
# misconception = "one-threshold-for-all-fails"
# why = "Their best cuts differ. But F1 falls slowly on either side, so a cut between them loses little."
# [[wrong]]
# text = "more than all of it: fewer thresholds can overfit less"
# misconception = "fewer-choices-always-win"
# why = "That can happen with few validation films. Here there are over three thousand."

# %% tags=["training"]
# one common threshold for each seed, by macro F1 on the validation films
common = candidates[f1_val.mean(axis=2).argmax(axis=0)]                             # (16,)
flagged_common = p_test > common[:, None, None]
one_cut = f1_by_label(y_test, flagged_common)                                       # (16, 10)
accuracy_common = np.mean(flagged_common == y_test, axis=(1, 2))

# %% [raw] tags=["alt"] id="tuned-f1-alt" given="0.5 0.7 0.9: ends of the axes"
# Two dot plots, one dot for each of 16 seeds, three rows each: cut at one half, one common cut, a cut for each label. Left, macro F1
# from 0 to 0.5: around {half:.3f}, {common:.3f} and {tuned:.3f}; a dotted line at {every:.2f} marks naming all ten genres. Right,
# binary accuracy from 0.7 to 0.9: around {acc_half:.2f}, {acc_common:.2f} and {acc_tuned:.2f}; a dotted line at {nothing:.2f} marks
# naming nothing. One half is lowest on the left and highest on the right.

# %% tags=["training"]
rows = ["cut at one half", "one common cut", "a cut for each"]
fig, (left, right) = figures.axes(2, height=3.4)
# macro F1, and the rule that names everything
f1_rows = [at_half.mean(axis=1), one_cut.mean(axis=1), tuned.mean(axis=1)]
figures.strip(left, dict(zip(rows, f1_rows)), reference=all_ten, reference_label="naming all ten")
left.set(xlabel="macro F1, test films", xlim=(0, 0.5))
# binary accuracy, and the rule that names nothing
accuracy_rows = [accuracy_half, accuracy_common, accuracy_tuned]
figures.strip(right, dict(zip(rows, accuracy_rows)), reference=nothing, reference_label="naming nothing")
right.set(xlabel="binary accuracy, test films", xlim=(0.7, 0.9))
(half, one, ten), (acc_half, acc_common, acc_tuned) = np.median(f1_rows, axis=1), np.median(accuracy_rows, axis=1)
figures.show(fig, "tuned-f1-alt", half=half, common=one, tuned=ten, every=all_ten, acc_half=acc_half,
             acc_common=acc_common, acc_tuned=acc_tuned, nothing=nothing)

# %%
compare("one-common-cut")

# %% tags=["training"]
half, one, ten = f1_rows   # macro F1 of each seed
tell("Macro F1 on the test films: {half:.3f} at one half, {one:.3f} with one common cut, {ten:.3f} with ten. "
     "One common cut brings {share:.0%} of the gain.", half=np.median(half), one=np.median(one), ten=np.median(ten),
     share=np.median((one - half) / (ten - half)))
print(claim("One common cut, chosen on all validation films, brings over 0.85 of the gain in macro F1 that ten bring.",
            (one - half) / (ten - half), ">", 0.85))
print(claim("Ten cuts, chosen on all validation films, differ from one common cut by less than 0.02 of macro F1.",
            np.abs(ten - one), "<", 0.02))
print(claim("With one common cut, macro F1 is at least a quarter above that of naming all ten genres.",
            one / all_ten, ">", 1.25))

# %% [markdown]
# **Compare with your prediction.** Leave one half first: that is nearly the whole gain in macro F1. A cut for each label is the small
# rest, and it needs films to choose on.

# %% [markdown] given="16: 8% of 200, asserted; 20: set in code"
# ### With 200 validation films
#
# There are thousands of validation films here. Suppose there were only 200. Then Sci-Fi has about 16 among them. We draw 200
# validation films, choose ten thresholds on them, and look at each label's F1 twice: on these 200 films, and on all validation
# films that were not drawn. This 20 times for each seed.

# %% tags=["training"]
assert round(200 * films.y_val[:, 8].mean()) == 16

def choose_on(rows, s):
    # choose on some validation films: a threshold for each label, and one for all
    f = np.array([f1_by_label(films.y_val[rows], p_val[s][rows] > c) for c in candidates])   # (40, 10)
    each, common = candidates[f.argmax(axis=0)], candidates[f.mean(axis=1).argmax()]
    # judge both on the films that were not drawn
    y_others, p_others = np.delete(films.y_val, rows, axis=0), np.delete(p_val[s], rows, axis=0)
    on_others = f1_by_label(y_others, p_others > each)
    return f.max(axis=0) - on_others, on_others.mean(), f1_by_label(y_others, p_others > common).mean(), each

# %% tags=["training"]
rng = np.random.default_rng(seed)
drawn = [[choose_on(rng.choice(len(films.y_val), 200, replace=False), s) for _ in range(20)] for s in range(16)]
# for each seed: means over the draws, and how far the chosen thresholds scatter
differences, each_f1, common_f1 = (np.array([np.mean([one[i] for one in of_seed], axis=0) for of_seed in drawn])
                                   for i in range(3))
scatter = np.array([np.std([one[3] for one in of_seed], axis=0) for of_seed in drawn])          # (16, 10)

# %% [raw] tags=["prediction"]
# id = "tuned-on-few"
# given = "16: 8% of 200, asserted"
# ask = "Each label's best F1 on the 200 films it was chosen on, against F1 on the other films with the same threshold. What do you expect on the other films?"
# [right]
# text = "lower, and by more for the rarer labels"
# why = "The best of forty candidates is in part the luckiest. Where positives are few and F1 moves much from draw to draw, there is more luck to pick from."
# [[wrong]]
# text = "the same: a threshold is only one number, it cannot overfit"
# misconception = "selection-is-free"
# why = "It was the best of forty on these films. Being picked for its value, the value is too good."
# [[wrong]]
# text = "lower, and by about the same amount for every label"
# misconception = "few-positives-do-not-matter"
# why = "Luck depends on the positives. Drama has over a hundred among 200 films, Sci-Fi about 16."
# [[wrong]]
# text = "higher: there are more of the other films, and chance plays no part"
# misconception = "more-films-raise-f1"
# why = "More films make F1 more certain, not higher."

# %% [raw] tags=["alt"] id="chosen-on-200-alt" given="-0.05 0.2: ends of the axis; 160: ten labels, 16 seeds"
# Dot plot, ten rows by genre from Drama to Fantasy, one dot for each of 16 seeds (each the mean of 20 draws): F1 on the 200
# films that the threshold was chosen on, minus F1 on the validation films not drawn, axis from -0.05 to 0.2, a dotted line at 0.
# {right} of the 160 dots lie right of it. Drama lies near {drama:.2f}, Documentary near {documentary:.2f}, Sci-Fi near
# {scifi:.2f}; farthest right {most} near {top:.2f}.

# %% tags=["training"]
fig, ax = figures.axes(xlabel="F1 on the 200 films chosen on − F1 on films not drawn", height=5)
for k in range(10):
    # one dot a seed, and a bar at the median
    ax.plot(differences[:, k], k + np.linspace(-0.16, 0.16, 16), "o", color=figures.COLORS[0],
            markersize=6, markerfacecolor="none")
    ax.plot([np.median(differences[:, k])] * 2, [k - 0.3, k + 0.3], color="black", linewidth=2)
ax.axvline(0, color="black", linestyle=":", linewidth=1.5)
ax.annotate("no difference", (0, -0.75), ha="center", backgroundcolor="white")
ax.set(yticks=range(10), yticklabels=films.classes, ylim=(9.6, -1.1), xlim=(-0.05, 0.2))
typical = np.median(differences, axis=0)
figures.show(fig, "chosen-on-200-alt", right=np.sum(differences > 0), drama=typical[0], documentary=typical[7],
             scifi=typical[8], most=films.classes[typical.argmax()], top=typical.max())

# %%
compare("tuned-on-few")

# %% tags=["training"]
print(claim("Chosen on 200 films, F1 looks better than it is by over 0.03, on average over the labels.",
            differences.mean(axis=1), ">", 0.03))
print(claim("Chosen on 200 films, the F1 of Sci-Fi looks too good by over 0.02 more than that of Drama, on three seeds "
            "in four.", differences[:, 8] - differences[:, 0], ">", 0.02, share=0.75))
print(claim("Chosen on 200 films, the thresholds scatter by over 0.04 (standard deviation), on average over the "
            "labels.",
            scatter.mean(axis=1), ">", 0.04))
print("scatter of the chosen thresholds over the draws: ",
      ", ".join(f"{g} {v:.2f}" for g, v in zip(films.classes, np.median(scatter, axis=0))))
print(f"macro F1 on films not drawn, chosen on 200: ten thresholds {np.median(each_f1):.3f}, "
      f"one common {np.median(common_f1):.3f}")
print(claim("Chosen on 200 films, ten thresholds and one common threshold differ by less than 0.02 of macro F1.",
            np.abs(each_f1 - common_f1), "<", 0.02))

# %% [markdown]
# **Compare with your prediction.** Two things happen with few films. The F1 that is *reported* where the choice was made is too
# good. And the *chosen* thresholds scatter. With 200 films, ten thresholds bring about as much macro F1 as one. So few films do not pay for
# many choices. And report only what was measured on films that took no part in the choice.

# %% [raw] tags=["question"]
# id = "threshold-with-nine-positives"
# ask = "A new label has 9 positives in your validation data. How do you set its threshold?"
# discuss = true
# [right]
# text = "by a rule with less choice: the common threshold of all labels"
# why = "Nine positives cannot tell forty candidates apart. The common threshold rests on all positives together, and loses little."
# [[wrong]]
# text = "by its best F1 on the 9: that is what validation data are for"
# misconception = "selection-is-free"
# why = "The value it reports is far too good, as you have just seen with sixteen, and the cut itself moves with every draw."
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
# in none of them do two candidates tie on the validation films: the task does not say which would be taken
cases = [(*draw(11, 2), *draw(9, 2), few), (*draw(15, 3), *draw(11, 3), few), (*draw(16, 1), *draw(7, 1), few)]
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

# %% tags=["wrong"] misconception="more-data-for-tuning"
# You chose on validation and new films together. Then the new films still have a say in the threshold.
def report(y_val, p_val, y_new, p_new, candidates):
    values = []
    for k in range(y_val.shape[1]):
        y, p = np.concatenate([y_val[:, k], y_new[:, k]]), np.concatenate([p_val[:, k], p_new[:, k]])
        chosen = candidates[np.argmax([f1(y, p > c) for c in candidates])]
        values.append(f1(y_new[:, k], p_new[:, k] > chosen))
    return np.mean(values)

# %% tags=["wrong"] misconception="test-is-for-tuning"
# The place is still that of the best F1 on the new films, so it is the largest F1 again. `on_val` must say which place.
def report(y_val, p_val, y_new, p_new, candidates):
    return np.mean([np.max([f1(y_new[:, k], p_new[:, k] > c) for c in candidates]) for k in range(y_val.shape[1])])

# %% tags=["wrong"] misconception="place-instead-of-value"
# You append the place of the candidate. Append the F1 that the new films have at this place.
def report(y_val, p_val, y_new, p_new, candidates):
    values = []
    for k in range(y_val.shape[1]):
        values.append(np.argmax([f1(y_val[:, k], p_val[:, k] > c) for c in candidates]))
    return np.mean(values)

# %% tags=["wrong"] misconception="threshold-equals-f1"
# You append the chosen thresholds. Append the F1 that each of them has on the new films.
def report(y_val, p_val, y_new, p_new, candidates):
    values = []
    for k in range(y_val.shape[1]):
        values.append(candidates[np.argmax([f1(y_val[:, k], p_val[:, k] > c) for c in candidates])])
    return np.mean(values)

# %% [markdown]
# ## 6. A softmax from a template
#
# In section 1 each row was divided by its sum before softmax saw it. A template does not know that. It reads "ten columns",
# and says `softmax` and `categorical_crossentropy`. The multi-hot rows stay as they are. In notebook 03 Keras took two ones
# in a row. For such a film the formula is lowest when each of the two gets one half: 2 · ln 2. Does training go there?

# %% [raw] tags=["prediction"]
# id = "softmax-on-multi-hot"
# ask = "Softmax, `categorical_crossentropy`, multi-hot rows, 15 epochs. What does the training loss that Keras reports do?"
# discuss = true
# [right]
# text = "it rises"
# why = """For a film with m genres the slope of this loss is m·p − y. TensorFlow, which Keras calls, returns p − y: right only when a
# row adds up to 1. Training follows a slope that is not the slope of the loss, and the loss goes up."""
# [[wrong]]
# text = "it falls toward such values: training makes the loss small"
# misconception = "training-lowers-any-loss"
# why = "Training follows the slope that it is given. Here that slope does not belong to the loss."
# [[wrong]]
# text = "it stays where it begins: two ones pull in two directions"
# misconception = "mismatch-trains-badly"
# why = "Two ones could settle at one half each. The loss does move, and not in that direction."

# %% tags=["training"]
keras.utils.set_random_seed(seed)
template = build("softmax", "categorical_crossentropy")
one_history = template.fit(films.X_train, films.y_train, batch_size=256, epochs=5, verbose=0).history["loss"]
print("one model, 5 epochs:", np.round(one_history, 2))

def plain_cross_entropy(y_true, p):   # the same formula, written out
    return -keras.ops.sum(y_true * keras.ops.log(p + 1e-7), axis=-1)

# 16 seeds of both
both_losses = {name: fit_replicates(lambda: build("softmax", loss), films.X_train, films.y_train, **recipe)
               for name, loss in [("Keras' categorical_crossentropy", "categorical_crossentropy"),
                                  ("the same formula, written out", plain_cross_entropy)]}

# %% [raw] tags=["alt"] id="softmax-loss-alt" given="2 50: ends of the axis"
# Line plot of the training loss over 15 epochs, logarithmic axis from 2 to 50, median and band over 16 seeds. Keras'
# categorical cross-entropy on multi-hot rows goes, unevenly, from {first:.1f} to a median of {last:.0f},
# with a band that widens. The same formula written out goes from {own_first:.1f} to {own_last:.1f}, in a band too thin to see.

# %% tags=["training"]
curves = {name: run.history["loss"] for name, run in both_losses.items()}
fig, ax = figures.axes(xlabel="epoch", ylabel="training loss (logarithmic axis)")
figures.lines(ax, np.arange(1, 16), curves, label_at="")
# each curve's name beside it
keras_curve, own_curve = (np.median(curve, axis=0) for curve in curves.values())
for name, place in zip(curves, [(1.2, 7.5), (5, 2.65)]):
    ax.annotate(name, place)
ax.set(yscale="log", ylim=(2, 50), yticks=[2, 5, 10, 20, 50], yticklabels=[2, 5, 10, 20, 50])
ax.minorticks_off()
figures.show(fig, "softmax-loss-alt", first=keras_curve[0], last=keras_curve[-1],
             own_first=own_curve[0], own_last=own_curve[-1])

# %%
compare("softmax-on-multi-hot")

# %% tags=["training"]
of_keras, written_out = curves.values()
print(claim("On multi-hot rows, the loss that Keras' categorical cross-entropy reports is higher in the last epoch "
            "than in the first, by a tenth or more.", of_keras[:, -1] / of_keras[:, 0], ">", 1.1))
print(claim("On multi-hot rows, the same formula written out falls, by a twentieth or more.",
            written_out[:, -1] / written_out[:, 0], "<", 0.95))
# the mean probability of each genre after the last epoch
mean_p = both_losses["Keras' categorical_crossentropy"].predict(films.X_test).mean(axis=1)          # (16, 10)
print("mean probability, first seed: ", ", ".join(f"{g} {v:.3f}" for g, v in zip(films.classes, mean_p[0])))
print(claim("With Keras' slope, two genres or more end with a mean probability below a tenth of their base rate, on "
            "nine seeds in ten.", np.sum(mean_p < 0.1 * films.y_train.mean(axis=0), axis=1), ">=", 2, share=0.9))

# %% [markdown]
# **Compare with your prediction.** A wrong pair need not stand still. This one moves the wrong way, and nothing is said.
# Why? Keras' slope for each logit, the pull of notebook 03, is p − y.

# %% [raw] tags=["prediction"]
# id = "slopes-add-up-to"
# ask = "A film with two genres, so y has two ones. Its softmax probabilities are p. What do the slopes p − y of all its logits add up to?"
# right = -1
# range = [-10, 10]
# why = "The probabilities add up to 1, the labels to 2. With one genre it would be 0."
# [[near]]
# value = 0
# misconception = "multi-hot-is-one-hot"
# why = "That is so when a row has a single one: p and y both add up to 1. Here y adds up to 2."
# [[near]]
# value = 1
# misconception = "sign-reversed"
# why = "The other way around: p adds up to 1, and 2 is taken away."
# [[near]]
# value = -2
# misconception = "probabilities-left-out"
# why = "Do not forget p: a softmax adds up to 1."

# %% tags=["training"]
cce = keras.losses.CategoricalCrossentropy(from_logits=True)
# one film, four labels, two of them true
y_two, z = np.array([[1.0, 1.0, 0.0, 0.0]]), np.array([[0.2, -0.4, 0.1, 0.3]])
# the slope that Keras returns
logits = tf.Variable(z)
with tf.GradientTape() as tape:
    value = cce(y_two, logits)
returned = tape.gradient(value, logits).numpy()[0]
# the slope of the value: move each logit a little, and read the loss
p_two = np.exp(z[0]) / np.exp(z[0]).sum()
moved = [(float(cce(y_two, z + 1e-3 * step)) - float(cce(y_two, z - 1e-3 * step))) / 2e-3 for step in np.eye(4)]
for name, slope in [("Keras returns", returned), ("p − y", p_two - y_two[0]), ("moved a little", moved),
                    ("2·p − y", 2 * p_two - y_two[0])]:
    print(f"{name:15}{np.round(slope, 3)}   sum {np.sum(slope):.2f}")

# %%
compare("slopes-add-up-to", returned.sum())
assert np.allclose(returned, p_two - y_two[0], atol=1e-5) and np.allclose(moved, 2 * p_two - y_two[0], atol=1e-3)

# %% [markdown]
# Keras' value is the loss of the formula. Its slope is a shortcut, right for rows that add up to 1. Where does p − y lead? It is 0 on
# average only where the mean p of each genre equals its base rate. But the ten p of a film add up to 1, and the base rates to more
# than that: it cannot be. So some genres take more than their part and others sink toward 0, and −log of that is dear. And as the
# slopes of a film with m genres add up to 1 − m, the level of all its logits rises, step after step. Softmax sees no level.

# %% [raw] tags=["question"]
# id = "what-finds-it"
# ask = "Notebook 03 recomputed the reported loss from `predict`, to find a head and a loss that do not fit. Which check finds *this* fault before training?"
# [right]
# text = "the sums of the label rows: some are above 1"
# why = "Head and loss fit each other here. The labels do not fit them, so look at the labels."
# [[wrong]]
# text = "the same: reported and recomputed loss differ"
# misconception = "recomputing-finds-everything"
# why = "The softmax is the one that the loss expects, so the two agree while no probability is cut off. This check sees head and loss, not labels."
# [[wrong]]
# text = "the shapes of labels and predictions"
# misconception = "shape-is-enough"
# why = "Both are (n, 10). One-hot and multi-hot rows look alike to a check of shapes."
# [[wrong]]
# text = "a message of Keras, which sees head, loss and labels"
# misconception = "keras-would-warn"
# why = "You have just trained this model, and no message came. Keras checks shapes, not the sums of rows."

# %% [markdown]
# The doctor again, on this model:

# %% tags=["training"]
from helpers.doctor import examine
examine(template, films.X_train, films.y_train)

# %% [markdown]
# It looks at the rows, not at the curve. It cannot know what you want: with only the main genre of each
# film as its label, a single 1 in each row, softmax would be right.

# %% [markdown]
# ### Where it bites
#
# Ten columns look like ten classes: to Keras, to a template, and to a colleague. Ask one question: can a row have two ones?

# %% [markdown] given="0.5: the default threshold"
# ## 7. More weight for a rare genre
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
# text = "the cells of Fantasy that are 1: one cell in each film that has Fantasy among its genres"
# misconception = "class-weight-weighs-cells"
# why = "That is what was wanted. Keras has one weight for a film, and finds the film's class by argmax."
# [[wrong]]
# text = "every film that has Fantasy among its genres, and then all ten of its cells"
# misconception = "class-weight-sees-all-labels"
# why = "Most of these films have another genre further to the left, and that one decides."
# [[wrong]]
# text = "nothing: Keras refuses class weights for rows with several ones"
# misconception = "keras-would-refuse"
# why = "It takes them, without a word."

# %% tags=["training"]
fantasy = films.classes.index("Fantasy")
class_weight = {k: 10.0 if k == fantasy else 1.0 for k in range(10)}
# one epoch with a learning rate of 0: fit reports a weighted loss, and no weight moves
X_val, y_val = films.X_val, films.y_val
one_model.compile(optimizer=keras.optimizers.SGD(0.0), loss="binary_crossentropy")

def loss_with(class_weight):
    return one_model.fit(X_val, y_val, batch_size=len(y_val), class_weight=class_weight, verbose=0).history["loss"][0]

# three readings, by hand
cells = bce_cells(y_val, p_val[0].astype(float))
first_is_fantasy = np.where(y_val.argmax(axis=1) == fantasy, 10, 1)[:, None]
has_fantasy = np.where(y_val[:, fantasy] == 1, 10, 1)[:, None]
fantasy_cells = np.where((np.arange(10) == fantasy) & (y_val == 1), 10, 1)

# %% tags=["training"]
with_weights = loss_with(class_weight)
print(f"{'Keras reports':36}{with_weights:.3f}")
for name, weight in [("films whose first genre is Fantasy", first_is_fantasy),
                     ("all films that have Fantasy", has_fantasy), ("the true cells of Fantasy", fantasy_cells)]:
    print(f"{name:36}{np.mean(weight * cells):.3f}")

# %%
compare("class-weight-which-cells")

# %% tags=["training"]
assert np.isclose(with_weights, np.mean(first_is_fantasy * cells), rtol=1e-4)
# the same rule, counted on the training films
have = films.y_train[:, fantasy] == 1
tell("By this rule, of the {n} Fantasy films for training only {share:.0%} would get the weight.", n=int(have.sum()),
     share=np.mean(films.y_train[have].argmax(axis=1) == fantasy))

# %% [markdown]
# **Compare with your prediction.** One reading fits to three digits: a film counts as its first genre. Somebody finds a dictionary with numbers for keys hard to read,
# and writes the name of the genre.

# %% [raw] tags=["prediction"]
# id = "class-weight-by-name"
# ask = "`class_weight={\"Fantasy\": 10.0}`, the same model and films. What does Keras do?"
# [right]
# text = "it trains as if there were no weights, and says nothing"
# why = "Keras looks up the number of the class. It finds no such key, and takes 1."
# [[wrong]]
# text = "it gives Fantasy the weight 10, and the others 1"
# misconception = "keys-are-names"
# why = "Keras does not know the names of your columns. It looks for whole numbers."
# [[wrong]]
# text = "it refuses: this key is no class number"
# misconception = "keras-would-refuse"
# why = "Keys are not checked. Each row's number is looked up, and 1 is taken where it is missing."

# %% tags=["training"]
forms = {"no weights": None, "{0: 1.0, …, 9: 10.0}": class_weight, "{9: 10.0}": {9: 10.0},
         '{"Fantasy": 10.0}': {"Fantasy": 10.0}, "[1.0, …, 10.0]": [1.0] * 9 + [10.0], '"balanced"': "balanced"}
losses = {}
for form, weight in forms.items():
    try:
        losses[form] = f"{loss_with(weight):.3f}"
    except Exception as refusal:   # a message, or silence?
        losses[form] = f"{type(refusal).__name__}: {refusal}"
    print(f"class_weight = {form:22}{losses[form]}")
# a weight for each cell, shape (n, 10)
try:
    one_model.fit(X_val, y_val, sample_weight=np.where(y_val == 1, 10.0, 1.0), verbose=0)
except Exception as refusal:
    losses["cells"] = f"{type(refusal).__name__}: {str(refusal).splitlines()[0]}"
    print(f"sample_weight of shape (n, 10)       {losses['cells']}")

# %%
compare("class-weight-by-name")
by_hand, by_name, by_list, balanced = (losses[form] for form in list(forms)[2:])
assert by_name == losses["no weights"] and by_hand == losses["{0: 1.0, …, 9: 10.0}"]
assert "Error" in by_list and "Error" in balanced and "Error" in losses["cells"]

# %% [markdown]
# **Compare with your prediction.** Names are ignored, and a class without a key gets 1. A list or `"balanced"` is refused, with a message
# that speaks of something else. `sample_weight` too belongs to films; a weight for each cell was refused. Weights for cells
# belong into the loss.
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

# %% tags=["wrong"] misconception="labels-are-summed"
# You added up all cells. BCE takes the mean over them: over the labels and over the films.
def weighted_bce(y_true, p, label_weight):
    cells = -np.log(np.where(y_true == 1, p, 1 - p))
    return np.sum(np.where(y_true == 1, label_weight, 1.0) * cells)

# %% tags=["wrong"] misconception="class-weight-weighs-films"
# A whole film gets the largest weight among its labels. Each cell needs a weight of its own: the label's for a 1, else 1.
def weighted_bce(y_true, p, label_weight):
    cells = -np.log(np.where(y_true == 1, p, 1 - p))
    return np.mean(np.where(y_true == 1, label_weight, 1.0).max(axis=1, keepdims=True) * cells)

# %% tags=["wrong"] misconception="weight-is-an-addition"
# A cell with a 1 counts once more than its weight in yours: 1 + weight. It counts with the weight alone.
def weighted_bce(y_true, p, label_weight):
    cells = -np.log(np.where(y_true == 1, p, 1 - p))
    return np.mean((1 + label_weight * y_true) * cells)

# %% tags=["wrong"] misconception="negatives-are-ignored"
# Cells with a 0 cost nothing in yours. They count as well, with a weight of 1.
def weighted_bce(y_true, p, label_weight):
    return np.mean(-label_weight * y_true * np.log(p))

# %% tags=["wrong"] misconception="wrong-positive-class"
# The weight is at the wrong cells. It belongs to those with a 1; the others count with 1.
def weighted_bce(y_true, p, label_weight):
    cells = -np.log(np.where(y_true == 1, p, 1 - p))
    return np.mean(np.where(y_true == 1, 1.0, label_weight) * cells)

# %% tags=["wrong"] misconception="weight-inside-the-log"
# The weight stands inside the logarithm. There it only adds a constant to the loss: multiply the loss of the cell.
def weighted_bce(y_true, p, label_weight):
    return np.mean(-np.log(np.where(y_true == 1, label_weight * p, 1 - p)))

# %% [markdown]
# The doctor on the first attempt, the dictionary with ten for Fantasy:

# %% tags=["training"]
examine(build(), X_val, y_val, class_weight=class_weight)

# %% [markdown]
# It sees that rows have several ones, and writes your loss as Keras wants it. It cannot see which weighting you wanted: a weight
# for a film, or for a cell.
#
# Weights or thresholds, then? Section 8 of notebook 02 measured both: weights moved the probabilities away from the real shares, and
# neither AUC nor F1 was better than with a threshold. So for better F1, move the cut. Put weights into the loss if training itself
# should care more about some cells.
#
# ### Where it bites
#
# "I gave the rare class more weight." Which films got it? Recompute the reported loss once, as above.

# %% [markdown]
# ## 8. Both at once?
#
# A club shows romantic comedies only. It wants the probability that a film is **both** a comedy and a romance. Somebody
# multiplies the two sigmoids.

# %% [raw] tags=["prediction"]
# id = "product-of-two-sigmoids"
# ask = "Multiply the sigmoids of Comedy and Romance for each test film, and take the mean. Against the real share of films that are both, it is …"
# discuss = true
# [right]
# text = "too low"
# why = "The product is right if, for films with these features, the two genres come independently. They do not: the features know too little, and the two genres go together."
# [[wrong]]
# text = "about right: the sigmoids are honest"
# misconception = "product-of-marginals"
# why = "Each is about right for its own label, as the table shows. Nothing was trained to make the product right."
# [[wrong]]
# text = "too high, because each of the two is inflated"
# misconception = "cross-entropy-inflates"
# why = "Each of the two is about right on average, as the table shows. The product is the problem."
# [[wrong]]
# text = "too low for some seeds, and too high for others"
# misconception = "chance-explains-it"
# why = "The seed scatters it, and it stays below. That two genres go together is a matter of the films."

# %% tags=["training"]
comedy, romance, drama, thriller = (films.classes.index(g) for g in ["Comedy", "Romance", "Drama", "Thriller"])
product = p_test[:, :, comedy] * p_test[:, :, romance]
real_both = np.mean(y_test[:, comedy] * y_test[:, romance])
# each sigmoid alone, and the product
for name, p, real in [("Comedy", p_test[:, :, comedy], y_test[:, comedy].mean()),
                      ("Romance", p_test[:, :, romance], y_test[:, romance].mean()), ("product", product, real_both)]:
    print(f"{name:8} mean probability {np.median(p.mean(axis=1)):.3f}, real share {real:.3f}")

# %%
compare("product-of-two-sigmoids")

# %% tags=["training"]
print(claim("Multiplied, the sigmoids of Comedy and Romance give less than 0.85 of the real share of films that are "
            "both.", product.mean(axis=1) / real_both, "<", 0.85))
real_other = np.mean(y_test[:, comedy] * y_test[:, thriller])
print(claim("For Comedy and Thriller, which avoid each other, the product is over twice the real share.",
            (p_test[:, :, comedy] * p_test[:, :, thriller]).mean(axis=1) / real_other, ">", 2))

# %% [markdown]
# **Compare with your prediction.** Each sigmoid is about right on average, and the product is too low: these two genres attract each
# other. Comedy and Thriller avoid each other, and there it is too high. How often two labels occur in the same film is their **co-occurrence**. Divide it by what chance would
# give, base rate times base rate (`lift` in the code): 1 means "as by chance", 2 "twice as often".

# %% [raw] tags=["prediction"]
# id = "partner-of-romance"
# given = "62% 61%: asserted with the result"
# ask = "Of the romances for training, 62% are dramas as well, and 61% are comedies. Divided by what chance would give, which partner is the stronger one?"
# [right]
# text = "Comedy"
# why = "Drama is the most frequent genre: many romances would be dramas by chance alone. Comedy is rarer, so the same number is far above chance."
# [[wrong]]
# text = "Drama: there is more of it"
# misconception = "frequent-means-together"
# why = "There is more Drama everywhere. Divide by what chance would give."
# [[wrong]]
# text = "both about alike, like the two percentages"
# misconception = "counts-need-no-chance"
# why = "The counts are alike. The counts that chance would give are not."

# %%
together = films.y_train.T @ films.y_train / len(films.y_train)            # share of films with both: (10, 10)
lift = together / np.outer(base_rate, base_rate)

# %% [raw] tags=["alt"] id="co-occurrence-alt"
# Heat map of nine genres against nine, Comedy to Fantasy downward and Drama to Sci-Fi across, lower half only: how often two genres
# occur together in training films, divided by what chance would give; light is less, dark is more than chance, and the number stands
# in each cell, from {least:.1f} to {most:.1f}. Highest: {first}, {second} and {third}. Romance with Comedy {comedy:.1f}, with Drama
# {drama:.1f}. The row of Documentary is lowest: at most {documentary:.1f} up to Horror.

# %%
fig, ax = figures.axes(height=6.2)
below = np.tril(np.ones((10, 10), bool), k=-1)
image = ax.imshow(np.where(below, lift, np.nan), cmap="Greys", vmin=0, vmax=4)
# the number of each pair, from the least to the most
pairs = sorted(np.argwhere(below).tolist(), key=lambda pair: lift[tuple(pair)])
for i, j in pairs:
    ax.annotate(f"{lift[i, j]:.1f}", (j, i), ha="center", va="center", fontsize=11,
                color="white" if lift[i, j] > 2.4 else "black")
ax.set(xticks=range(9), yticks=range(1, 10), yticklabels=films.classes[1:], ylim=(9.5, 0.5), xlim=(-0.5, 8.5))
ax.set_xticklabels(films.classes[:9], rotation=40, ha="right")
ax.set_title("times as often together as by chance")
ax.grid(visible=False)
third, second, first = (f"{films.classes[i]} with {films.classes[j]} {lift[i, j]:.1f}" for i, j in pairs[-3:])
figures.show(fig, "co-occurrence-alt", least=lift[below].min(), most=lift[below].max(), first=first, second=second,
             third=third, comedy=lift[romance, comedy], drama=lift[romance, drama], documentary=lift[7, :7].max())

# %%
compare("partner-of-romance")

# %% tags=["training"]
assert lift[romance, comedy] > 1.3 * lift[romance, drama] and lift[7, :7].max() < 0.1
assert [round(100 * together[romance, k] / base_rate[romance]) for k in (drama, comedy)] == [62, 61]
tell("Romance with Comedy: {comedy:.2f} times as often as by chance; with Drama: {drama:.2f} times.",
     comedy=lift[romance, comedy], drama=lift[romance, drama])

# %% [markdown]
# **Compare with your prediction.** Equal counts, unequal partners. Whoever needs a probability for two labels together can give the
# pair a label, and so a sigmoid, of its own.
#
# ### Exercise 8.1: a label of its own
#
# Add one column to the labels: 1 for each film that has both label a and label b.

# %% tags=["exercise"] id="label-of-its-own"
def with_both(y, a, b):
    """The labels y, (n, k), and after them one more column: 1 where both column a and column b are 1, else 0."""
    ### BEGIN SOLUTION
    both = y[:, a] * y[:, b]
    return np.column_stack([y, both])
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([[1, 1, 0], [1, 0, 1], [0, 1, 1], [0, 0, 1]]), 0, 1),
         (np.array([[1, 1, 1, 0], [0, 1, 1, 0], [1, 0, 1, 1], [1, 1, 0, 0]], dtype="float32"), 2, 0)]
labels = ["y", "a", "b"]

# %% tags=["hint"]
# Two columns of 0 and 1. Which operation gives 1 only where both are 1?

# %% tags=["hint"]
# `y[:, a] * y[:, b]` is the new column; `np.column_stack([y, column])` puts it after the others.

# %% tags=["right"]
def with_both(y, a, b):
    return np.concatenate([y, np.minimum(y[:, [a]], y[:, [b]])], axis=1)

# %% tags=["wrong"] misconception="both-is-either"
# Your column says "a or b". Both were wanted.
def with_both(y, a, b):
    return np.column_stack([y, np.maximum(y[:, a], y[:, b])])

# %% tags=["wrong"] misconception="sum-of-two-labels"
# You added the columns: a film with both gets 2. A label is 0 or 1.
def with_both(y, a, b):
    return np.column_stack([y, y[:, a] + y[:, b]])

# %% tags=["wrong"] misconception="new-label-replaces-old"
# You put the new label in the place of the old ones. Each label keeps its own column, and the pair gets one more.
def with_both(y, a, b):
    return (y[:, a] * y[:, b])[:, None]

# %% tags=["wrong"] misconception="new-label-replaces-old"
# You wrote the pair over column a. Each label keeps its own column, and the pair gets one more, after the others.
def with_both(y, a, b):
    z = y.copy()
    z[:, a] = y[:, a] * y[:, b]
    return z

# %% tags=["wrong"] misconception="new-label-replaces-old"
# You took columns a and b away. Each label keeps its own column, and the pair gets one more.
def with_both(y, a, b):
    return np.column_stack([np.delete(y, [a, b], axis=1), y[:, a] * y[:, b]])

# %% tags=["wrong"] misconception="agree-is-both"
# You asked whether the two columns differ: that is one of the two, without the other. Both were wanted.
def with_both(y, a, b):
    return np.column_stack([y, y[:, a] != y[:, b]])

# %% tags=["wrong"] misconception="half-a-label"
# That is one half for a film with one of the two. The pair is there or it is not.
def with_both(y, a, b):
    return np.column_stack([y, (y[:, a] + y[:, b]) / 2])

# %% tags=["wrong"] misconception="argument-ignored"
# Your pair is always that of the first two columns. Use a and b.
def with_both(y, a, b):
    return np.column_stack([y, y[:, 0] * y[:, 1]])

# %% tags=["wrong"] misconception="agree-is-both"
# You asked whether the two columns agree. They also agree where both are 0.
def with_both(y, a, b):
    return np.column_stack([y, y[:, a] == y[:, b]])

# %% tags=["training"]
y_eleven = np.column_stack([films.y_train, films.y_train[:, comedy] * films.y_train[:, romance]])
eleven = fit_replicates(lambda: build(outputs=11), films.X_train, y_eleven, **recipe)
of_its_own = eleven.predict(films.X_test)[:, :, 10]
# BCE of "both" on the test films, beside giving every film the training share of the pair
both_true, share_of_both = y_test[:, comedy] * y_test[:, romance], y_eleven[:, 10].mean()
bce_of = {name: -np.mean(np.where(both_true == 1, np.log(p), np.log(1 - p)), axis=-1) for name, p in
          [("own sigmoid", of_its_own), ("product", product), ("share for all", np.full(len(y_test), share_of_both))]}
print("BCE of both: ", ", ".join(f"{name} {np.median(value):.3f}" for name, value in bce_of.items()))
print(claim("By BCE the pair's own sigmoid is better than the product, on three seeds in four or more.",
            bce_of["own sigmoid"] / bce_of["product"], "<", 1, share=0.75))
print(claim("By BCE the pair's own sigmoid is better than the pair's share for every film, by a thirtieth or more.",
            bce_of["own sigmoid"] / bce_of["share for all"], "<", 29 / 30))

# %% [markdown]
# By its loss the pair's own sigmoid beats the product, on most seeds at least, and the rule that gives every film the share of
# the pair.
#
# ### Where it bites
#
# "Independent sigmoids" means: computed independently. It does not claim that the labels are independent. For each label alone
# that does no harm. Whoever asks about two labels at once must train for it.

# %% [markdown]
# ## 9. Other data: two digits in one picture
#
# Now other data. Each picture shows **two different digits side by side**, 8 × 16 pixels, made from scikit-learn's
# handwritten digits. **The set is constructed**: we put the pairs together, so we know that each picture holds exactly two
# digits. The task: which two? It does not matter which one is on the left.

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
print(X_pairs.shape, y_pairs.shape, "ones in each row:", set(y_pairs.sum(axis=1).tolist()))

# %% [raw] tags=["alt"] id="pairs-alt"
# Three pictures in a row, no axes: each 16 pixels wide and 8 high, dark ink on white, two handwritten digits side by side. The
# titles name the two digits, the smaller first: {first}; {second}; {third}.

# %%
fig, panels = figures.axes(3, height=2.3)
titles = [" and ".join(str(d) for d in np.flatnonzero(row)) for row in y_pairs[:3]]
for ax, picture, title in zip(panels, X_pairs, titles):
    ax.imshow(picture.reshape(8, 16), cmap="Greys")
    ax.set(xticks=[], yticks=[], title=title)
    ax.grid(visible=False)
figures.show(fig, "pairs-alt", **dict(zip(["first", "second", "third"], titles)))

# %% [markdown]
# ### Exercise 9.1: head and loss for the pairs
#
# The rows stay as they are, with two ones each, and pictures with one digit or three might come later. Name the activation of the
# head and the loss that fit, by Keras' names.

# %% tags=["exercise"] id="head-and-loss"
def head_and_loss():
    """(activation, loss), both as strings, for ten outputs and rows with two ones."""
    ### BEGIN SOLUTION
    return "sigmoid", "binary_crossentropy"
    ### END SOLUTION

# %% tags=["cases"]
cases = [(), ()]
labels = []

def probe(answer):
    # what the two names stand for, in words: the names themselves would be the answer
    head, loss = ("no name" if not isinstance(name, (str, type(None))) else name for name in answer())
    a_yes_or_no = ["binary_crossentropy", "BinaryCrossentropy", "bce", "BCE"]      # all of them are taken by Keras
    return {"head": "a probability for each output by itself" if head == "sigmoid" else f"an activation called {head}",
            "loss": "each output a yes or no of its own" if loss in a_yes_or_no else f"a loss called {loss}"}

# %% tags=["hint"]
# Can two of the ten outputs both be near 1 with your head?

# %% tags=["hint"]
# The loss must treat each output as a yes or no of its own: BCE. Its name in Keras has an underscore.

# %% tags=["right"]
def head_and_loss():
    activation = "sigmoid"
    loss = "binary_crossentropy"
    return (activation, loss)

# %% tags=["wrong"] misconception="many-classes-means-softmax"
# Ten digits look like ten classes. But a row has two ones, so these are ten labels, and the loss would rise as in section 6.
def head_and_loss():
    return "softmax", "categorical_crossentropy"

# %% tags=["wrong"] misconception="head-decides-alone"
# The head fits. This loss reads the logits behind it as those of a softmax: notebook 03, section 4.
def head_and_loss():
    return "sigmoid", "categorical_crossentropy"

# %% tags=["wrong"] misconception="softmax-and-sigmoid-interchangeable"
# The loss fits. With a softmax two digits cannot both pass one half: section 1.
def head_and_loss():
    return "softmax", "binary_crossentropy"

# %% tags=["wrong"] misconception="many-classes-means-softmax"
# The sparse loss wants one whole number for each picture. Here a row has two ones.
def head_and_loss():
    return "softmax", "sparse_categorical_crossentropy"

# %% tags=["wrong"] misconception="squares-for-yes-or-no"
# The head fits. MSE would train, but behind a sigmoid it hardly pulls where the model is sure and wrong: notebook 02, section 2.
def head_and_loss():
    return "sigmoid", "mse"

# %% tags=["wrong"] misconception="many-classes-means-softmax"
# The head fits. The sparse loss wants one whole number for each picture. Here a row has two ones.
def head_and_loss():
    return "sigmoid", "sparse_categorical_crossentropy"

# %% tags=["wrong"] misconception="names-exchanged"
# The right names, the other way around: first the activation, then the loss.
def head_and_loss():
    return "binary_crossentropy", "sigmoid"

# %% tags=["wrong"] misconception="keras-name-misspelled"
# That is the right idea, but Keras does not know the name of the loss: it is written binary_crossentropy.
def head_and_loss():
    return "sigmoid", "binary_cross_entropy"

# %% tags=["wrong"] misconception="loss-sees-the-head"
# Without activation the ten outputs are logits, and a loss that is only named is not told so. Let the head make probabilities.
def head_and_loss():
    return "linear", "binary_crossentropy"

# %% tags=["wrong"] misconception="loss-sees-the-head"
# With `None` the ten outputs are logits, and a loss that is only named is not told so. Let the head make probabilities.
def head_and_loss():
    return None, "binary_crossentropy"

# %% [raw] tags=["prediction"]
# id = "two-most-probable"
# ask = "A model of that kind. Both digits right when it is cut at one half, against both right when a picture gets what is known about all pictures: exactly two digits, its two most probable. What do you expect?"
# [right]
# text = "the two most probable: clearly more pictures right"
# why = "Where one sigmoid stays just below one half, or a third one passes it, the order is often right all the same. Knowing the number of labels is worth a lot."
# [[wrong]]
# text = "about the same: the two most probable are those above one half"
# misconception = "above-half-is-most-probable"
# why = "In a good part of the pictures one or three are above one half. Nothing ties the sigmoids to a number of labels."
# [[wrong]]
# text = "one half: the model was trained for that cut"
# misconception = "trained-for-one-half"
# why = "Training makes probabilities and knows no cut. For each cell alone one half is best; for the whole picture you know more."

# %% [markdown]
# ### Exercise 9.2: a decision for the pairs
#
# Write that decision: exactly two digits for each picture.

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

# %% tags=["wrong"] misconception="tie-rule-overlooked"
# In a tie you name three labels or more. Exactly two are wanted; the earlier columns win.
def name_two(p):
    return p >= np.sort(p, axis=1)[:, -2][:, None]

# %% tags=["wrong"] misconception="tie-rule-overlooked"
# In a tie your later columns win: argsort of rising values puts the later of equals last. The earlier columns were asked for.
def name_two(p):
    flagged = np.zeros(p.shape, dtype=bool)
    np.put_along_axis(flagged, np.argsort(p, axis=1, kind="stable")[:, -2:], True, axis=1)
    return flagged

# %% tags=["wrong"] misconception="order-reversed"
# Those are the two least probable labels: argsort puts the smallest first.
def name_two(p):
    flagged = np.zeros(p.shape, dtype=bool)
    np.put_along_axis(flagged, np.argsort(p, axis=1, kind="stable")[:, :2], True, axis=1)
    return flagged

# %% tags=["wrong"] misconception="index-makes-a-square"
# `flagged[:, columns]` sets the columns of all rows in every row. Each row needs its own: `np.put_along_axis`, or a loop.
def name_two(p):
    flagged = np.zeros(p.shape, dtype=bool)
    flagged[:, np.argsort(-p, axis=1, kind="stable")[:, :2]] = True
    return flagged

# %% tags=["wrong"] misconception="order-is-rank"
# `argsort` gives the columns in their order, not the rank of each column. Set True at the first two columns of that order.
def name_two(p):
    return np.argsort(-p, axis=1, kind="stable") < 2

# %% tags=["wrong"] misconception="other-axis"
# You named two rows for each label. Two labels for each row are wanted: sort along the row.
def name_two(p):
    flagged = np.zeros(p.shape, dtype=bool)
    np.put_along_axis(flagged, np.argsort(-p, axis=0, kind="stable")[:2], True, axis=0)
    return flagged

# %% tags=["wrong"] misconception="place-instead-of-value"
# Those are the places of the two. Asked for is True at these places and False elsewhere, in the shape of p.
def name_two(p):
    return np.argsort(-p, axis=1, kind="stable")[:, :2]

# %% tags=["training"]
# ten sigmoids, and a softmax on rows that add up to 1
pairs_recipe = dict(seeds=16, base_seed=1000 * seed, epochs=15, batch_size=128)
p_pairs = fit_replicates(lambda: build(hidden=64, inputs=128), X_pairs, y_pairs, **pairs_recipe).predict(X_pairs_test)
p_shares = fit_replicates(lambda: build("softmax", "categorical_crossentropy", hidden=64, inputs=128), X_pairs,
                          y_pairs / 2, **pairs_recipe).predict(X_pairs_test)

def both_right(flagged):   # (seeds, n, 10) -> for each seed, the share of pictures with all ten cells right
    return np.all(flagged == y_pairs_test, axis=2).mean(axis=1)

def two_largest(p):
    return np.argsort(np.argsort(-p, axis=2, kind="stable"), axis=2) < 2

# two decisions for each
print(f"{'both digits right, median':44}{'at one half':>12}{'two largest':>13}")
for name, p in [("ten sigmoids", p_pairs), ("softmax, each of the two digits one half", p_shares)]:
    print(f"{name:44}{np.median(both_right(p > 0.5)):12.2f}{np.median(both_right(two_largest(p))):13.2f}")

# %%
compare("two-most-probable")

# %% tags=["training"]
assert both_right(p_shares > 0.5).max() == 0
print(claim("On the pairs, the two largest sigmoids are both right for over 0.05 more of the pictures than one half.",
            both_right(two_largest(p_pairs)) - both_right(p_pairs > 0.5), ">", 0.05))
print(claim("On the pairs, the two largest outputs of the softmax are both right for a share of the pictures that is "
            "within 0.1 of that of the sigmoids.",
            abs(both_right(two_largest(p_shares)) - both_right(two_largest(p_pairs))), "<", 0.1))

# %% [raw] tags=["reflection"]
# id = "softmax-after-all"
# ask = "Look at the row of the softmax in the table above. When could a softmax serve for several labels after all, and what must be known then? One or two sentences."

# %% [markdown]
# **Compare with your prediction.** At one half the softmax never gets both digits, as proved in section 1. By its two largest it does
# about as well as the sigmoids: it ranks. What it cannot say is **how many** labels there are. If that is known, a ranking is
# enough. For films it is not known, so each label needs its own yes or no.
#
# ## 10. What you take along
#
# | task | labels | head | with `from_logits=True` | loss | metrics | baseline | if mixed up |
# |---|---|---|---|---|---|---|---|
# | multilabel: which ones? | rows such as 1 0 1 | `Dense(K, "sigmoid")` | `Dense(K)`; AUC needs `from_logits=True` too, and F1Score takes probabilities only | `BinaryCrossentropy` | F1 by label with `threshold=`, AUC with `multi_label=True`, average precision by label | name nothing, or what over half of the films have (accuracy), the most frequent row (subset accuracy), name all (macro F1), name the most frequent (micro and samples F1), base rates (loss, average precision) | softmax: two labels never pass one half, and the loss may rise |
#
# Count the ones of each column, and of each row. Look at each label's loss beside its baseline. If the objective is F1, leave one
# half: choose the cut on validation data, and choose little where positives are few. No `'accuracy'`, no `class_weight`.

# %% [raw] tags=["question"]
# id = "which-metrics-to-ask-for"
# ask = "You compile a model with ten sigmoids for genres. Which list of metrics asks for what you mean?"
# discuss = true
# [right]
# text = "`[AUC(multi_label=True), F1Score(average=\"macro\", threshold=0.2)]`"
# why = "The first ranks films within each label. The second judges yes and no, label by label, at a threshold that you name."
# [[wrong]]
# text = "`[\"accuracy\", \"binary_accuracy\"]`, read beside each other"
# misconception = "no-baseline"
# why = "The second hardly differs from naming nothing. The first compares one genre of each film with one guess."
# [[wrong]]
# text = "`[AUC(), F1Score(average=\"macro\")]`, as the documentation lists them"
# misconception = "defaults-fit-every-task"
# why = "As they come, one puts all labels into a heap, the other says yes to one genre of each film."
# [[wrong]]
# text = "`[AUC(), BinaryAccuracy(threshold=0.2)]`, both free of the order of the columns"
# misconception = "auc-as-it-comes-is-per-label"
# why = "Free of the order they are. But this AUC starts far above one half for a model that knows nothing, and most cells are zeros."

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
# Go on with [05 Metric versus loss](05_metric_versus_loss.ipynb): the loss falls, and the number that you care about does not rise.
#
# Further reading: Lipton, Elkan and Narayanaswamy, [Thresholding classifiers to maximize F1 score](https://arxiv.org/abs/1402.1892),
# 2014 · Zhang and Zhou, [A review on multi-label learning algorithms](https://doi.org/10.1109/TKDE.2013.39), 2014 · Wu and Zhou,
# [A unified view of multi-label performance measures](https://proceedings.mlr.press/v70/wu17a.html), 2017 ·
# scikit-learn's [guide to multilabel metrics](https://scikit-learn.org/stable/modules/model_evaluation.html#from-binary-to-multiclass-and-multilabel).
