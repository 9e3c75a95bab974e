# %% [raw] tags=["instructor"]
# minutes = [4, 12, 5, 9, 10, 10, 11, 7, 7]
# measured = "Reckoned: 180 words or 40 lines of code a minute, 45 seconds a question, four minutes an exercise, one a reflection. Not in it: votes in a room, and the run time of the cells, about a minute in all."
# pause = "after section 4. Section 5 uses the titles of section 1 and the network function of section 2: choose Run All Above Selected Cell."
# skip = "run all cells, and discuss sections 1, 3, 5 and 6 only: about 45 minutes. Section 2 can wait, section 4 needs only section 3, and section 7 is good homework."
# terms = ["Perplexity", "n-gram", "Word error rate", "BLEU", "brevity penalty", "teacher forcing", "Beam search"]

# %% [markdown]
# # 08 · Sequence metrics
#
# A network writes text. During training it reports a cross-entropy for each character. The person who reads the text
# counts wrong words. Do the two agree on when to stop the training? You will predict it, and then count.
#
# **After this notebook you can**
#
# 1. compute perplexity and bits a character, decide whether two such numbers may be compared, and hold one against a
#    model that only counts (exercises 1.1 and 7.1, predictions and questions in 1, 2 and 7);
# 2. compute the word error rate of a corpus and put BLEU together from its parts, and find the mistake in such a
#    computation (exercises 3.1 and 4.1, predictions and questions in 3 and 4);
# 3. choose which checkpoint of a network to keep, by the metric that the reader cares about (the order, predictions and
#    questions in 5 and 8);
# 4. choose between greedy search, beam search and sampling, and implement one of them (exercise 6.1, predictions and
#    questions in 6).
#
# **Time:** about 75 minutes, best in two sittings: a break fits after section 4. When you come back, choose *Run*,
# *Run All Above Selected Cell*: your answers have been kept. **You need:**
# [03 Multiclass cross-entropy](03_multiclass_cross_entropy.ipynb), with softmax and temperature;
# [05 Metric versus loss](05_metric_versus_loss.ipynb); and of [06 Closing the gap](06_closing_the_gap.ipynb) the
# choice of an epoch.
#
# **Contents**
#
# {{contents}}

# %% [markdown]
# ## 0. Do you still know?
#
# Four questions from earlier notebooks. Answer before you look anything up.

# %%
# every notebook starts with this cell: it finds the workbook's folder, wherever you opened the notebook
import pathlib, sys
sys.path[:0] = [str(p) for p in [pathlib.Path.cwd(), *pathlib.Path.cwd().parents] if (p / "helpers").is_dir()][:1]

# %%
import numpy as np
from helpers import bleu, data, figures, wer
from helpers.claims import claim, tell
from helpers.ngram import NGram
from helpers.perplexity import units
from helpers.practice import check, compare, my_progress, predict, question, reflect, repeat

# %% tags=["parameters"]
seed = 0  # where the experiments below start; any whole number from 0 on will do

# %% [raw] tags=["question"]
# id = "recall-one-probability"
# given = ["0.01: asserted below", "0.99: premise"]
# ask = "Notebook 03: the class that is true got a probability of 0.99. What is the cross-entropy of this row?"
# [right]
# text = "0.01"
# why = "It is −log 0.99. Only the probability of what came counts; how the rest is spread does not."
# [[wrong]]
# text = "0.99"
# misconception = "loss-is-probability"
# why = "That is the probability. The loss is −log of it."
# [[wrong]]
# text = "0: the row is right"
# misconception = "loss-counts-errors"
# why = "The error count of this row is 0. Cross-entropy is a surprise, and a little surprise is left."
# [[wrong]]
# text = "it depends on the other classes"
# misconception = "runner-up-counts"
# why = "They share the rest of the probability. The loss does not look at how."

# %% [raw] tags=["question"]
# id = "recall-loss-up-errors-down"
# ask = "Notebook 05: on the digits, the validation cross-entropy climbed from epoch to epoch, and accuracy did not fall. How is that possible?"
# [right]
# text = "a few rows became very sure and wrong; most decisions stayed or improved"
# why = "One row that is sure and wrong can cost as much as hundreds that are right. Accuracy counts it once."
# [[wrong]]
# text = "it is not: one of the two was computed wrongly"
# misconception = "metric-is-inverted-loss"
# why = "They ask different questions: how sure, and on which side."
# [[wrong]]
# text = "the validation set had changed between the epochs"
# misconception = "evaluate-uses-other-data"
# why = "It was the same set each time. The predictions had changed."

# %% [raw] tags=["question"]
# id = "recall-best-epoch"
# ask = "Notebook 06: you keep the epoch with the best validation metric, and report that metric. What is wrong with the report?"
# [right]
# text = "it flatters: the best of many numbers is partly luck"
# why = "This is the winner's curse. Choose on validation rows, and report on rows that chose nothing."
# [[wrong]]
# text = "nothing: the validation rows were not trained on"
# misconception = "selection-is-free"
# why = "They were not trained on, but they chose. Choosing uses them up a little, too."
# [[wrong]]
# text = "one must keep the last epoch"
# misconception = "last-is-best"
# why = "Keeping the best epoch is fine. Only its own number must not be the report."

# %% [raw] tags=["question"]
# id = "recall-pooled"
# given = ["0.5: arithmetic, 1 of 2"]
# ask = "Notebook 05: batch 1 has no positive row, batch 2 finds one of two. Recall of the epoch (positive: label 1)?"
# [right]
# text = "0.5: add the counts first, divide once"
# why = "One found of two there were. A batch without positives adds nothing above and nothing below the line."
# [[wrong]]
# text = "0.25: the mean of the two batches"
# misconception = "metrics-average-over-batches"
# why = "Recall of a batch without positives is no number that could be averaged. Pool the counts."
# [[wrong]]
# text = "undefined: a batch without positives spoils it"
# misconception = "zero-over-zero"
# why = "Only if one divides in each batch. Pooled, there is nothing to spoil."

# %%
assert round(-np.log(0.99), 2) == 0.01   # the first question

# %% [markdown] given="26: letters; 1,500 300: set in code"
# ## 1. How surprised is a model?
#
# A report says: "our model of film titles has a perplexity of 8." Is that good? First we have to know what it says.
#
# We keep titles of letters and blanks only, and write them small: 26 letters and the blank are left. 1,500 titles
# are for training. 300 others are for validation, and 300 *later* titles are for section 5. None of these is a training
# title.

# %%
import re

def plain(titles):
    """Those titles that have letters and blanks only, in small letters, each once."""
    return list(dict.fromkeys(t.lower() for t in titles if re.fullmatch("[A-Za-z ]{1,30}", t)))

films = data.titles()
train = plain(films.titles_train)[:1500]
other = [t for t in plain(films.titles_val) if t not in set(train)]
val, later = other[:300], other[300:600]
LETTERS = " abcdefghijklmnopqrstuvwxyz"
print(len(train), "titles to train on, such as:", ", ".join(train[:3]))

# %% [markdown]
# A language model gives each possible next *token* a probability. A token is what is predicted in one step; here, a
# character. The simplest model counts. An **n-gram** is a run of n tokens. An n-gram model looks at the last n − 1
# tokens, and counts in the training titles what came after them. With n = 4, what comes after "the"?

# %%
from collections import Counter
after_the = Counter((t + "⏎")[i + 3] for t in train for i in range(len(t) - 2) if t[i:i + 3] == "the")
for character, times in after_the.most_common(3):   # ⏎ would be the end of the title
    print(f"{character.replace(' ', '␣')}  {times} of {after_the.total()} times, a share of "
          f"{times / after_the.total():.2f}")

# %% [markdown]
# These shares are the probabilities, nearly. Our `NGram` does this for each run of three, and mixes in what it knows of
# shorter runs, so that nothing has a probability of 0. It predicts the end of a title, too, as one more token.

# %%
counted = NGram(4, vocabulary=LETTERS).fit(train)
title = next(t for t in val if t.startswith("the ") and len(t) > 12)
nats = counted.nats([title])[0]   # −log p of each character, and of the end
for character, surprise in zip(title + "⏎", nats):
    print(f"{character.replace(' ', '␣')}  p = {np.exp(-surprise):.4f}   nats = {surprise:.2f}")

# %% [markdown]
# One line for each character: the probability that it got, and its surprise, −log p. That is the cross-entropy of
# [notebook 03](03_multiclass_cross_entropy.ipynb), one class for each character. With the natural logarithm the unit
# is called a nat.

# %% [raw] tags=["alt"] id="title-surprise-alt"
# Bar chart of the surprise in nats, 0 to {top:.1f}, of each character of the title "{title}" and of its end. The
# lowest bars belong to characters that nearly follow from those before; the highest, {top:.1f} nats, belongs to
# "{worst}". A dotted line shows the mean, {mean:.2f} nats.

# %%
fig, ax = figures.axes(ylabel="surprise, nats")
ax.bar(range(len(nats)), nats, color=figures.COLORS[0])
ax.axhline(nats.mean(), color="black", linestyle=":")
ax.annotate("mean", (len(nats) - 0.4, nats.mean()), va="bottom")
ax.set_xticks(range(len(nats)), [*title.replace(" ", "␣"), "end"])
figures.show(fig, "title-surprise-alt", title=title, top=nats.max(), mean=nats.mean(),
             worst=[*title.replace(" ", "␣"), "end"][nats.argmax()])

# %% [markdown]
# **Perplexity** is exp of the mean surprise of a token. Why exp? Guess before you see it.

# %% [raw] tags=["prediction"]
# id = "uniform-perplexity"
# given = ["27: the letters and the blank"]
# ask = "A model knows nothing: 29 outcomes (27 characters, the end, and \"anything else\"), the same probability for each. What is its perplexity?"
# right = 29
# tolerance = 0.03
# why = "Each outcome has p = 1/29, so each surprise is log 29, and exp of log 29 is 29. Perplexity is the number of equally likely choices that would surprise as much."
# [[near]]
# value = 3.37
# misconception = "nats-are-perplexity"
# why = "That is log 29, the surprise in nats. Perplexity is exp of it."
# [[near]]
# value = 4.86
# misconception = "bits-are-perplexity"
# why = "That is the surprise in bits. Perplexity is 2 to that power."
# [[near]]
# value = 0.034
# misconception = "loss-is-probability"
# why = "That is the probability of each outcome, 1/29. Perplexity is 1 divided by a typical probability."

# %%
knows_nothing = np.full(100, -np.log(1 / 29))
in_val = np.concatenate(counted.nats(val))
print(f"knows nothing: {np.exp(knows_nothing.mean()):.1f}")
print(f"counted, n = 4: {np.exp(in_val.mean()):.1f}, from a mean of {in_val.mean():.2f} nats, "
      f"which are {in_val.mean() / np.log(2):.2f} bits")

# %%
compare("uniform-perplexity", np.exp(knows_nothing.mean()))

# %% [markdown]
# **Compare with your prediction.** The perplexity of a model that knows nothing is the number of outcomes. That is what
# exp is for: perplexity counts equally likely choices. So the 8 of the report means: this model is as surprised, on
# average, as somebody who guesses the throw of a die with eight faces. A bit is the surprise at a coin: bits are nats
# divided by log 2. Nats, bits and perplexity say the same thing in three units.

# %% [raw] tags=["question"]
# id = "which-mean"
# given = ["1 3 7: premises; exp 2"]
# ask = "Two titles of equal length. Mean surprise 1 nat in the first, 3 nats in the second. Perplexity of both together?"
# [right]
# text = "exp(2), about 7"
# why = "Mean first, then exp. All tokens go into one mean."
# [[wrong]]
# text = "(exp(1) + exp(3)) / 2, about 11"
# misconception = "mean-of-perplexities"
# why = "That is the mean of two perplexities: exp first, then the mean. It is larger, and the worst titles rule it."
# [[wrong]]
# text = "exp(4), about 55"
# misconception = "sum-for-a-mean"
# why = "You added the means. exp of a sum grows with the number of titles; perplexity is of a typical token."
# [[wrong]]
# text = "2"
# misconception = "nats-are-perplexity"
# why = "That is the mean in nats. exp is missing."

# %% [markdown]
# ### Exercise 1.1: perplexity of padded titles
#
# A network gets titles of different lengths as one table. Short rows are filled up with padding, and the network gives
# a loss there, too. Write the perplexity of a table of nats. `real` is 1 where a character (or the end) stands, 0
# where padding stands.

# %% tags=["preamble"]
import numpy as np

# %% tags=["exercise"] id="padded-perplexity"
def padded_perplexity(nats, real):
    """nats: (titles, T), surprise at each place. real: (titles, T) of 0 and 1. Returns one number."""
    ### BEGIN SOLUTION
    return np.exp((nats * real).sum() / real.sum())
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([[1.0, 2.0, 0.1, 0.1], [3.0, 1.5, 2.5, 0.5]]), np.array([[1, 1, 0, 0], [1, 1, 1, 1]])),
         (np.array([[0.2, 0.4, 0.0], [2.0, 0.0, 0.0], [1.1, 0.3, 0.7]]), np.array([[1, 1, 0], [1, 0, 0], [1, 1, 1]])),
         (np.array([[2.0, 9.0], [1.0, 7.0], [0.5, 0.25]]), np.array([[1, 0], [1, 0], [1, 1]]))]
labels = ["nats", "real"]

# %% tags=["hint"]
# Three steps: throw out the nats of the padding; one mean over all that is left; exp.

# %% tags=["hint"]
# The number of tokens that count is `real.sum()`. A mean over the whole table divides by too much.

# %% tags=["right"]
def padded_perplexity(nats, real):
    return np.exp(np.mean(nats[real == 1]))

# %% tags=["right"]
def padded_perplexity(nats, real):
    return 2 ** np.average(nats / np.log(2), weights=real)

# %% tags=["wrong"] misconception="padding-counts"
# You divide by all places, padding too. Each place of padding then counts as a character without surprise, and the perplexity is too low.
def padded_perplexity(nats, real):
    return np.exp(np.mean(nats * real))

# %% tags=["wrong"] misconception="padding-counts"
# You do not use `real`: the surprise at padding is in your mean.
def padded_perplexity(nats, real):
    return np.exp(np.mean(nats))

# %% tags=["wrong"] misconception="mean-of-perplexities"
# You take exp in each title, and the mean of that. Mean first, exp last.
def padded_perplexity(nats, real):
    return np.mean(np.exp((nats * real).sum(axis=1) / real.sum(axis=1)))

# %% tags=["wrong"] misconception="mean-of-perplexities"
# You take exp at each character, and the mean of that. One character that was a great surprise then rules it. Mean first, exp last.
def padded_perplexity(nats, real):
    return np.mean(np.exp(nats[real == 1]))

# %% tags=["wrong"] misconception="divides-by-another-count"
# You divide by the number of titles. Perplexity is of a token: divide by the characters that count.
def padded_perplexity(nats, real):
    return np.exp((nats * real).sum() / len(nats))

# %% tags=["wrong"] misconception="sum-for-a-mean"
# You take exp of a sum, which grows with every character. Divide the sum by the characters that count, then exp.
def padded_perplexity(nats, real):
    return np.exp((nats * real).sum())

# %% tags=["wrong"] misconception="log-without-its-sign"
# The nats are surprises, so the minus of −log p is in them already. A perplexity is never below 1.
def padded_perplexity(nats, real):
    return np.exp(-(nats * real).sum() / real.sum())

# %% tags=["wrong"] misconception="every-title-weighs-alike"
# You take the mean of each title, then the mean of these: a character of a short title then weighs more. Pool all characters.
def padded_perplexity(nats, real):
    return np.exp(np.mean((nats * real).sum(axis=1) / real.sum(axis=1)))

# %% tags=["wrong"] misconception="nats-are-perplexity"
# That is the mean surprise in nats. exp is missing.
def padded_perplexity(nats, real):
    return (nats * real).sum() / real.sum()

# %% tags=["wrong"] misconception="bits-and-nats-mixed"
# You raise 2 to a power in nats. Use exp with nats, or 2 with bits.
def padded_perplexity(nats, real):
    return 2 ** ((nats * real).sum() / real.sum())

# %% tags=["wrong"] misconception="numbers-for-a-mask"
# `nats[real]` does not choose where `real` is 1: whole numbers as an index pick out the rows 0 and 1, again and again. Multiply by `real`, or write `nats[real == 1]`.
def padded_perplexity(nats, real):
    return np.exp(np.mean(nats[real]))

# %% tags=["wrong"] misconception="mean-of-probabilities"
# You take the mean of the probabilities, and 1 divided by that. Perplexity takes the mean of the nats.
def padded_perplexity(nats, real):
    return 1 / np.mean(np.exp(-nats[real == 1]))

# %% tags=["wrong"] misconception="mean-of-perplexities"
# You take exp at each place, padding too, where exp(0) is 1. Sum, divide, and exp last.
def padded_perplexity(nats, real):
    return np.exp(nats * real).sum() / real.sum()

# %% [markdown]
# ### The same titles in larger pieces
#
# A token need not be a character. Large models use pieces of words. We cut the same titles into pieces of two
# characters (the last one may be single) and count again. Each possible pair is an outcome, so that both models can
# spell out the same texts.

# %% [raw] tags=["prediction"]
# id = "pairs-or-characters"
# ask = "Two counting models on the same titles, tokens of one and of two characters. How will the perplexity a token of the second compare with that of the first?"
# discuss = true
# [right]
# text = "several times as high, and that says nothing about which is better"
# why = "A piece of two characters is about as surprising as two characters together. There are fewer tokens, and each has more to tell."
# [[wrong]]
# text = "lower: there are half as many tokens to predict"
# misconception = "fewer-tokens-less-surprise"
# why = "Half as many, but each is one of several hundred. Perplexity is per token, so the fewer the tokens, the more each carries."
# [[wrong]]
# text = "about equal: they are the same titles"
# misconception = "perplexity-knows-no-token"
# why = "The texts are the same, so the nats of the whole text are comparable. Perplexity divides them by the number of tokens."
# [[wrong]]
# text = "twice as high: each token is twice as long"
# misconception = "perplexity-is-linear"
# why = "The mean nats about double. exp of twice as much is the square, not the double."

# %%
PAIRS = [*LETTERS, *(a + b for a in LETTERS for b in LETTERS)]
def pairs(titles):
    return [[t[i:i + 2] for i in range(0, len(t), 2)] for t in titles]

paired = NGram(2, k=0.03, vocabulary=PAIRS).fit(pairs(train))
one, two = units(counted.nats(val), val), units(paired.nats(pairs(val)), val)
print("tokens of    tokens   perplexity a token   bits a character")
for name, u in [("1 character", one), ("2 characters", two)]:
    print(f"{name:12} {u.tokens:6,} {u.perplexity:15.1f} {u.bits_per_character:19.2f}")

# %%
compare("pairs-or-characters")

# %%
assert two.perplexity > 3 * one.perplexity
assert one.bits_per_character < two.bits_per_character < 1.25 * one.bits_per_character
tell("A token of two characters has {times:.1f} times the perplexity of a single one. A character costs {one:.2f} "
     "bits in one model, {two:.2f} in the other.", times=two.perplexity / one.perplexity, one=one.bits_per_character,
     two=two.bits_per_character)

# %% [markdown]
# **Compare with your prediction.** A larger token is a greater surprise. **Bits a character** divides the surprise
# of the whole text by its characters. The tokens drop out, so this number may be compared: on these titles the model of
# single characters needs fewer bits. Two conditions remain. It must be the same text, ends included. And no model may
# say "unknown" where another one has to spell.

# %% [raw] tags=["question"]
# id = "words-or-subwords"
# given = ["20: premise", "7.4 2.7: exp 2 and exp 1"]
# ask = "Two models each need 20 nats for one sentence. One has cut it into 10 words, the other into 20 pieces of words. Which is the better model of this sentence?"
# discuss = true
# [right]
# text = "neither: perplexities of 7.4 and 2.7, but the same surprise for the same text"
# why = "exp(20/10) and exp(20/20). The sentence as a whole got the same probability from both."
# [[wrong]]
# text = "the second: its perplexity is lower"
# misconception = "perplexity-knows-no-token"
# why = "It is lower because 20 nats are shared among more tokens. Cut fine enough, any model has a perplexity near 1."
# [[wrong]]
# text = "the first: its tokens are harder, and it needs no more nats"
# misconception = "harder-token-better-model"
# why = "Its tokens are larger, and fewer. The whole sentence is what both had to predict, and both paid 20 nats."
# [[wrong]]
# text = "nobody can say: nats of different models cannot be compared"
# misconception = "nats-are-incomparable"
# why = "Nats *a token* cannot. The nats of the same whole text can."

# %% [markdown]
# ### Where it bites
#
# Two papers report a perplexity on the same texts, one a word, one a piece of a word. The smaller number goes into the
# table as the record. Ask for the tokens first, or for bits a character.

# %% [markdown] given="1,500: set in code"
# ## 2. Does a network know more than counting?
#
# A number needs a baseline. For a model of text the baseline is one that only counts. So we train a small network on
# the same 1,500 titles, with the same task: three characters are seen, the next one is asked for.
#
# Each character is a class. So the head and the loss are those of notebook 03: one logit for each outcome, integer
# labels. An `Embedding` gives each character twelve numbers of its own, which are learned.

# %% tags=["training"]
from helpers.quiet import quiet
with quiet():  # without TensorFlow's start-up log
    import keras, tensorflow as tf
tf.get_logger().setLevel("ERROR")

# %% tags=["training"]
def network(inputs, symbols, outputs, units=64, rate=0.005):
    """A compiled network: `inputs` whole numbers below `symbols` → one logit for each of `outputs` classes."""
    model = keras.Sequential([
        keras.Input((inputs,), dtype="int32"), keras.layers.Embedding(symbols, 12), keras.layers.Flatten(),
        keras.layers.Dense(units, activation="relu"), keras.layers.Dense(outputs)])
    model.compile(keras.optimizers.Adam(rate), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model

NUMBER = {c: i for i, c in enumerate("^" + LETTERS + "$")}   # ^ before the start, $ at the end

def next_characters(titles):
    """X (places, 3): three characters, y (places,): the one after them. One row for each character and each end."""
    # three characters, and the one after them
    rows = [(s[i:i + 3], s[i + 3]) for s in (f"^^^{t}$" for t in titles) for i in range(len(s) - 3)]
    # as numbers
    return np.array([[NUMBER[c] for c in seen] for seen, _ in rows]), np.array([NUMBER[c] for _, c in rows])

# %% tags=["training"]
(X, y), (X_val, y_val) = next_characters(train), next_characters(val)
keras.utils.set_random_seed(seed)
model = network(3, len(NUMBER), len(NUMBER), rate=0.01)
history = model.fit(X, y, validation_data=(X_val, y_val), batch_size=256, epochs=2, verbose=0).history
after_two = history["val_loss"][-1]
print(f"{len(X):,} rows. After two epochs: {after_two:.2f} nats, {after_two / np.log(2):.2f} bits a character, "
      f"perplexity {np.exp(after_two):.1f}")

# %% [markdown]
# Keras reports the mean of the nats, so perplexity is exp of `loss`, if no padding plays a part. There is none here:
# each row is one place.

# %% [raw] tags=["prediction"]
# id = "network-or-counting"
# ask = "16 seeds of this network, six epochs, the best epoch on the validation titles. Bits a character against the counting model on the same titles?"
# discuss = true
# [right]
# text = "the network needs more bits: counting wins"
# why = "Both see three characters. What follows three characters can simply be counted, and where the counts are thin, shorter runs help. The network has to find all this by small steps, with few numbers."
# [[wrong]]
# text = "the network needs clearly fewer: networks understand, counting only remembers"
# misconception = "networks-beat-counting"
# why = "A network with a long memory can know what no table of counts can hold. Here both see the same three characters of the same titles."
# [[wrong]]
# text = "exactly the same: both see three characters"
# misconception = "same-input-same-model"
# why = "They see the same and generalize differently to runs that were never seen."
# [[wrong]]
# text = "one cannot say: one is a loss, the other a count"
# misconception = "nats-are-incomparable"
# why = "Both give each next character a probability, so both have nats. Same tokens, same text: they may be compared."

# %% tags=["training"]
from helpers.replicates import fit_replicates
sixteen = dict(seeds=16, base_seed=1000 * seed, batch_size=256)
learned = fit_replicates(lambda: network(3, len(NUMBER), len(NUMBER), rate=0.01), X, y[:, None], epochs=6,
                         validation_data=(X_val, y_val[:, None]), **sixteen)
bits = {name: learned.history[name] / np.log(2) for name in ("loss", "val_loss")}

# %% [raw] tags=["alt"] id="char-curves-alt" given="2.5 4.5: ends of the axis"
# Line plot of bits a character, 2.5 to 4.5, over 6 epochs, medians and bands over 16 seeds. Training falls from
# {first:.2f} to
# {end:.2f}, validation from {val_first:.2f} to {val_end:.2f}, nearly flat at the end. A dotted line at {counted:.2f} marks the counting model
# on the validation titles, and validation stays above it.

# %% tags=["training"]
fig, ax = figures.axes(xlabel="epoch", ylabel="bits a character")
figures.lines(ax, range(1, 7), {"training": bits["loss"], "validation": bits["val_loss"]}, label_at="legend")
ax.axhline(one.bits_per_character, color="black", linestyle=":")
ax.annotate("counting, on validation", (1, one.bits_per_character - 0.12))
ax.set(ylim=(2.5, 4.5))
middle = {name: np.median(values, axis=0) for name, values in bits.items()}
figures.show(fig, "char-curves-alt", first=middle["loss"][0], end=middle["loss"][-1], counted=one.bits_per_character,
             val_first=middle["val_loss"][0], val_end=middle["val_loss"][-1])

# %%
compare("network-or-counting")

# %% tags=["training"]
tell("Best epoch, median of 16 seeds: {network:.2f} bits a character. Counting: {counted:.2f}.",
     network=np.median(bits["val_loss"].min(axis=1)), counted=one.bits_per_character)
print(claim("On these titles the network needs at least 0.05 bits a character more than counting.",
            bits["val_loss"].min(axis=1) - one.bits_per_character, ">", 0.05))

# %% [markdown]
# **Compare with your prediction.** The curve falls, and after six epochs it is still above the dotted line. The network
# sees what the counts see, and knows less of what comes next. What more epochs would bring was not measured here.

# %% [raw] tags=["question"]
# id = "falling-curve-baseline"
# ask = "Somebody shows you this curve, without the dotted line, and says: \"It learns English.\" What do you ask for first?"
# [right]
# text = "the bits a character of a model that counts, on the same titles"
# why = "It takes a second to compute, and says what a table of counts reaches. Without it any falling curve looks like a success: here it ends above the counts."
# [[wrong]]
# text = "more epochs: it has not reached 0"
# misconception = "loss-must-reach-zero"
# why = "The next character of a title is uncertain for everybody. The best possible value is not 0, and nobody knows it."
# [[wrong]]
# text = "the accuracy: only it says how good the network is"
# misconception = "accuracy-is-the-objective"
# why = "Accuracy without a baseline is as mute: the blank and the \"e\" are frequent."
# [[wrong]]
# text = "the perplexity: it says more than the loss"
# misconception = "perplexity-adds-knowledge"
# why = "It is exp of the same number. What is missing is something to compare it with."

# %% [markdown]
# ### Where it bites
#
# A network is trained for a week, and nobody has counted. Counting takes a second: do it first. With more text, or a
# network that looks farther back, the other one may win: count again.

# %% [markdown]
# ## 3. How many words are wrong?
#
# Speech recognition, subtitles, a form read by a camera: something was said, the **reference**, and something was
# written, the **hypothesis**. People ask how many words are wrong. But which word belongs to which? One word too many
# at the start, and every place after it holds another word.
#
# So we look for the fewest edits that turn the reference into the hypothesis: substitute a word, insert one, delete
# one. **Word error rate** (WER) is their number, divided by the words of the *reference*.

# %% [raw] tags=["prediction"]
# id = "fewest-edits"
# ask = "Reference: \"the return of the living dead\". Hypothesis: \"return of the the loving dead\". How many edits are needed at the least?"
# right = 3
# tolerance = 0.03
# why = "Delete the first \"the\", insert one before \"loving\", substitute \"loving\" for \"living\". The words between are hits, though each stands at another place."
# [[near]]
# value = 4
# misconception = "compares-place-by-place"
# why = "That is the number of places that differ. One word less at the start moves the next ones, and none of them is wrong."
# [[near]]
# value = 1
# misconception = "bag-of-words"
# why = "Only one word is another, if the order does not matter. It does: a \"the\" is missing at the start, and one too many stands in the middle."
# [[near]]
# value = 2
# misconception = "found-means-right"
# why = "Did you take both \"the\" in the middle for right? A word of the reference can be the partner of one word only."

# %%
from helpers.wer import edit_distance   # the fewest edits, and below we write it ourselves
heard = "the return of the living dead".split()
written = "return of the the loving dead".split()
at_place = sum(a != b for a, b in zip(heard, written))
steps = wer.align(heard, written)
print(f"place by place: {at_place} of {len(heard)} words differ")
print(f"fewest edits: {edit_distance(heard, written)}, so WER = {wer.wer(heard, written):.2f}")

# %% [raw] tags=["alt"] id="alignment-alt"
# Diagram of an alignment: the words of the reference above, those of the hypothesis below, over a width of {words}
# steps, each edit framed and marked with a letter. {said}. {errors} edits, all others are hits.

# %%
fig, ax = figures.axes(height=1.8)
wer.draw(ax, steps)
figures.show(fig, "alignment-alt", words=len(steps), said=wer.describe(steps), errors=wer.count(steps).errors)

# %%
compare("fewest-edits", edit_distance(heard, written))

# %% [markdown]
# **Compare with your prediction.** The frames are the edits. Between them three words are hits, each at another place
# than in the reference.
#
# How is the fewest number found? By a table: `D[i, j]` is the number of edits that turn the first i words into the
# first j. Each cell is one step away from three neighbors, and takes the cheapest.

# %%
def edits(reference, hypothesis):
    """The table of edits, (n + 1, m + 1); the answer stands in its last corner. Both: lists of words."""
    D = np.zeros((len(reference) + 1, len(hypothesis) + 1), int)
    D[:, 0] = range(len(reference) + 1)    # nothing written: delete them all
    D[0, :] = range(len(hypothesis) + 1)   # nothing said: insert them all
    for i, said in enumerate(reference, 1):
        for j, word in enumerate(hypothesis, 1):
            D[i, j] = min(D[i - 1, j - 1] + (said != word), D[i - 1, j] + 1, D[i, j - 1] + 1)
    return D

print(edits(heard, written))
assert edits(heard, written)[-1, -1] == edit_distance(heard, written)

# %% [raw] tags=["prediction"]
# id = "hello-friend"
# given = ["300%: 3 as a percentage"]
# ask = "Reference: \"hello\". Hypothesis: \"oh hello there friend\". What is the WER?"
# [right]
# text = "3, which is 300%"
# why = "Three words were inserted, and the reference has one. Nothing keeps WER below 1."
# [[wrong]]
# text = "0.75, which is 75%"
# misconception = "divides-by-hypothesis"
# why = "Three wrong of four written words. WER divides by the words that were said: one."
# [[wrong]]
# text = "1: a rate cannot be more"
# misconception = "rate-is-capped"
# why = "It is called a rate, but the words too many are no part of the reference. It is a ratio, and has no upper end."
# [[wrong]]
# text = "0: the word is there"
# misconception = "found-means-right"
# why = "The word is there, with three others that nobody said. Each of them is an edit."

# %%
print(f"WER = {wer.wer('hello'.split(), 'oh hello there friend'.split()):.0%}")
print(f"nothing written at all: WER = {wer.wer('hello'.split(), []):.0%}")

# %%
compare("hello-friend")

# %% [markdown]
# **Compare with your prediction.** A system that writes nothing has a WER of exactly 1, on every text. That is the
# baseline, and a talkative system can be worse.

# The same edits can be counted over letters and blanks, and divided by those of the reference. That is the *character
# error rate*.

# %% [raw] tags=["question"]
# id = "two-letters"
# ask = "Reference \"despicable me\". A writes \"despicible me\", B writes \"banana me\". What do WER and the character error rate say?"
# discuss = true
# [right]
# text = "WER calls them equal; by characters A is far better"
# why = "A word is right or wrong. Over characters a slip costs less than another word."
# [[wrong]]
# text = "both call A better: it is nearly right"
# misconception = "wer-sees-nearness"
# why = "WER compares whole words. Nearly right is wrong."
# [[wrong]]
# text = "both call them equal: one word is wrong in each"
# misconception = "characters-count-words"
# why = "Over characters the unit is the letter: one edit for A, and many for B."
# [[wrong]]
# text = "WER calls A better, and by characters they are equal"
# misconception = "units-exchanged"
# why = "The other way around: the larger the unit, the less it sees of what lies inside it."

# %%
for name, text in [("A", "despicible me"), ("B", "banana me")]:
    words, letters = wer.wer("despicable me".split(), text.split()), wer.wer(list("despicable me"), list(text))
    print(f"{name}: {text:14} word error rate {words:.2f}   character error rate {letters:.2f}")

# %% [markdown]
# ### Exercise 3.1: a colleague's WER
#
# In the WER of a whole test set every word that was said weighs the same, whether its text is short or long. A colleague
# reports a WER that is lower than what the usual library says on the same texts. Find out why, and mend it.
# `edit_distance(reference, hypothesis)` is right.

# %% tags=["preamble"]
from helpers.wer import edit_distance

# %% tags=["exercise"] id="corpus-wer"
def corpus_wer(references, hypotheses):
    """WER of a corpus. Both: a list of texts, each a list of words; no reference is empty."""
    ### BEGIN SOLUTION
    errors, words = 0, 0
    for reference, hypothesis in zip(references, hypotheses):
        errors += edit_distance(reference, hypothesis)
        words += len(reference)
    return errors / words
    ### END SOLUTION

# %% tags=["start"]
def corpus_wer(references, hypotheses):
    """WER of a corpus. Both: a list of texts, each a list of words; no reference is empty."""
    rates = []
    for reference, hypothesis in zip(references, hypotheses):
        errors = edit_distance(reference, hypothesis)
        words = max(len(reference), len(hypothesis))
        rates.append(errors / words)
    return sum(rates) / len(rates)

# %% tags=["cases"]
_s = str.split
cases = [([_s("hello")], [_s("oh hello there friend")]),
         ([_s("the long way home again"), _s("jaws")], [_s("the long way home again"), _s("claws")]),
         ([_s("a b c d"), _s("x y")], [_s("a c d"), _s("x z y w")]),
         ([_s("one two three"), _s("four")], [[], _s("four five six")])]
labels = ["references", "hypotheses"]

# %% tags=["hint"]
# There are two mistakes. Try the function by hand on "hello" against "oh hello there friend"; then on two texts of very different lengths.

# %% tags=["hint"]
# WER divides by the words of the reference alone. And a corpus is pooled: add all errors, add all words, divide once.

# %% tags=["right"]
def corpus_wer(references, hypotheses):
    pairs = list(zip(references, hypotheses))
    return sum(edit_distance(r, h) for r, h in pairs) / sum(len(r) for r, _ in pairs)

# %% tags=["wrong"] misconception="every-title-weighs-alike"
# You divide by the right words, and still average the rates of the texts. A short text then weighs as much as a long one: add up first.
def corpus_wer(references, hypotheses):
    rates = [edit_distance(r, h) / len(r) for r, h in zip(references, hypotheses)]
    return sum(rates) / len(rates)

# %% tags=["wrong"] misconception="divides-by-hypothesis"
# You pool now, but divide by the longer of the two texts. Then words too many make the divisor larger, and WER cannot exceed 1.
def corpus_wer(references, hypotheses):
    pairs = list(zip(references, hypotheses))
    return sum(edit_distance(r, h) for r, h in pairs) / sum(max(len(r), len(h)) for r, h in pairs)

# %% tags=["wrong"] misconception="divides-by-hypothesis"
# You divide by the words that were written. WER divides by the words that were said.
def corpus_wer(references, hypotheses):
    pairs = list(zip(references, hypotheses))
    return sum(edit_distance(r, h) for r, h in pairs) / max(sum(len(h) for _, h in pairs), 1)

# %% tags=["wrong"] misconception="divides-by-hypothesis"
# You divide by the larger of the two totals. Many words too many still make the divisor larger: divide by the words of the references.
def corpus_wer(references, hypotheses):
    errors = sum(edit_distance(r, h) for r, h in zip(references, hypotheses))
    return errors / max(sum(map(len, references)), sum(map(len, hypotheses)))

# %% tags=["wrong"] misconception="divides-by-another-count"
# You divide by the number of texts: that is errors a text. WER is errors a word of the reference.
def corpus_wer(references, hypotheses):
    return sum(edit_distance(r, h) for r, h in zip(references, hypotheses)) / len(references)

# %% tags=["wrong"] misconception="texts-run-together"
# You join all texts to one long text. Then a word too many in one text can pair with a word of the next. Count the edits text by text.
def corpus_wer(references, hypotheses):
    said, written = sum(references, []), sum(hypotheses, [])
    return edit_distance(said, written) / len(said)

# %% tags=["wrong"] misconception="rate-is-capped"
# You cut the result at 1. A hypothesis with many words too many is worse than an empty one, and WER says so.
def corpus_wer(references, hypotheses):
    pairs = list(zip(references, hypotheses))
    return min(sum(edit_distance(r, h) for r, h in pairs) / sum(len(r) for r, _ in pairs), 1.0)

# %% tags=["wrong"] misconception="compares-place-by-place"
# You compare the words place by place: after one word too many, all others count as wrong. `edit_distance` aligns the words first.
def corpus_wer(references, hypotheses):
    errors = sum(sum(a != b for a, b in zip(r, h)) + abs(len(r) - len(h)) for r, h in zip(references, hypotheses))
    return errors / sum(map(len, references))

# %% tags=["wrong"] misconception="characters-count-words"
# You count letters: that is the character error rate. `references` and `hypotheses` are lists of words already, so give them to `edit_distance` as they are.
def corpus_wer(references, hypotheses):
    said, written = ([list(" ".join(words)) for words in texts] for texts in (references, hypotheses))
    return sum(map(edit_distance, said, written)) / sum(map(len, said))

# %% tags=["wrong"] misconception="divides-by-another-count"
# You divide by the shorter of the two texts. Then words left out make the rate larger twice. Divide by the words that were said.
def corpus_wer(references, hypotheses):
    pairs = list(zip(references, hypotheses))
    return sum(edit_distance(r, h) for r, h in pairs) / sum(min(len(r), len(h)) for r, h in pairs)

# %% tags=["wrong"] misconception="share-right-for-wrong"
# That is 1 − WER. The rate of errors is asked for.
def corpus_wer(references, hypotheses):
    pairs = list(zip(references, hypotheses))
    return 1 - sum(edit_distance(r, h) for r, h in pairs) / sum(len(r) for r, _ in pairs)

# %% tags=["wrong"] misconception="sum-for-a-mean"
# You add up the rates of the texts, so that the result grows with their number. Add up the errors and the words, and divide once.
def corpus_wer(references, hypotheses):
    return sum(edit_distance(r, h) / len(r) for r, h in zip(references, hypotheses))

# %% tags=["wrong"] misconception="text-right-or-wrong"
# You count texts with an error in them. WER counts words.
def corpus_wer(references, hypotheses):
    return sum(r != h for r, h in zip(references, hypotheses)) / len(references)

# %% [markdown]
# ### Where it bites
#
# "Hello," is not "hello". Whoever lowers the case and strips the commas before counting gets a lower WER without a
# better system. jiwer, the usual library, leaves case and signs as they are unless it is told otherwise. So a WER comes
# with a sentence about how the texts were prepared.

# %%
spoken, typed = "Hello, there. Good Luck!", "hello there good luck"
def bare(text):
    return re.sub(r"[^\w\s]", "", text.lower()).split()

print(f"as they are: {wer.wer(spoken.split(), typed.split()):.2f}   "
      f"small letters, no signs: {wer.wer(bare(spoken), bare(typed)):.2f}")

# %% [markdown]
# ## 4. Translations: how much is shared?
#
# A sentence can be translated well in several ways, in another order and in other words. WER would count errors in all
# but one. **BLEU** asks another question: which runs of one to four words of the hypothesis stand in a reference, too?
# It is made of shares, so it goes from 0 to 1, and higher is better.
#
# First idea: the share of the words of the hypothesis that stand in the reference. It can be gamed by repeating one
# word. So BLEU *clips*: a run counts at most as often as it stands in the reference. If there are several references,
# it counts as often as in the one that has most of it.

# %%
def runs(words, n):
    """How often each run of n words stands there."""
    return Counter(tuple(words[i:i + n]) for i in range(len(words) - n + 1))

def clipped(references, hypothesis, n):
    """Number of runs of n words of the hypothesis that a reference has, too, each at most as often as there."""
    allowed = Counter()
    for reference in references:
        allowed |= runs(reference, n)                 # of two counts the larger
    return (runs(hypothesis, n) & allowed).total()    # of two counts the smaller

# %%
reference = "there is a cat on the mat".split()
for hypothesis in ["the the the the the the the", "the cat is on the mat"]:
    h = hypothesis.split()
    simple = sum(word in reference for word in h) / len(h)
    print(f"{hypothesis:28}  simple {simple:.2f}   clipped {clipped([reference], h, 1) / len(h):.2f}")

# %% [markdown]
# Now with longer runs, and with two right translations of one sentence:

# %%
references = ["there is a cat on the mat".split(), "the cat is lying on the mat".split()]
h = "there is a cat lying on the mat".split()
print("runs of     1      2      3      4 words shared, of all in the hypothesis")
for name, some in [("one", references[:1]), ("both", references)]:
    shares = [f"{clipped(some, h, n)} of {len(h) - n + 1}" for n in (1, 2, 3, 4)]
    print(f"{name:6}", *(f"{share:>6}" for share in shares), f"   BLEU {bleu.sentence_bleu(some, h):.2f}")

# %% [markdown]
# More references, more ways to be right. So a BLEU from four references is not comparable with one from a single
# reference.
#
# BLEU takes the four shares together: the exp of the mean of their logs, their geometric mean.

# %% [raw] tags=["prediction"]
# id = "paraphrase-bleu"
# ask = "Reference: \"he was very happy about the good news\". Hypothesis: \"the good news made him very happy\". A fine paraphrase. What is its BLEU?"
# discuss = true
# [right]
# text = "0"
# why = "No run of four words is shared. One share of 0 makes the geometric mean 0, whatever the others are."
# [[wrong]]
# text = "high: it says the same"
# misconception = "bleu-reads-meaning"
# why = "BLEU compares words, not meaning. What is said in other words does not count."
# [[wrong]]
# text = "about 0.5: more than half of its words are shared"
# misconception = "bleu-gives-partial-credit"
# why = "The shares of words and pairs are well above 0. But the four shares are multiplied, and the last is 0."
# [[wrong]]
# text = "close to 1: it reads as well as the reference"
# misconception = "bleu-is-fluency"
# why = "BLEU does not ask how a text reads. It asks which runs of words are shared."

# %%
happy = "he was very happy about the good news".split()
paraphrase = "the good news made him very happy".split()
shares = [clipped([happy], paraphrase, n) / (len(paraphrase) - n + 1) for n in (1, 2, 3, 4)]
print("shares:", np.round(shares, 2), f"  BLEU {bleu.sentence_bleu([happy], paraphrase):.2f}")

# %%
compare("paraphrase-bleu")

# %% [markdown]
# **Compare with your prediction.** For single sentences BLEU is a poor judge. Libraries therefore *smooth* it: a share
# of 0 counts as a small number. Which small number, that is a choice, and the result depends on it. sacrebleu, the
# usual library, smooths unless it is told not to, and its numbers go from 0 to 100.
#
# Shares alone reward brevity: whoever writes only four words in a row that are surely right has all shares at 1. So
# BLEU multiplies by the **brevity penalty**: 1 if the hypothesis is at least as long as the reference, else
# exp(1 − reference length / hypothesis length). Of several references, the one closest in length counts.
#
# ### Exercise 4.1: BLEU from its parts
#
# The shares are given. Put them together.

# %% tags=["preamble"]
import numpy as np

# %% tags=["exercise"] id="bleu-from-parts"
def bleu_from_parts(shares, length, reference_length):
    """shares: (4,), of runs of 1 to 4 words. Lengths in words, both above 0. Returns BLEU, from 0 to 1."""
    # one share of 0 decides
    if min(shares) == 0:
        return 0.0
    # the geometric mean of the shares
    ### BEGIN SOLUTION
    mean = np.exp(np.mean(np.log(shares)))
    ### END SOLUTION
    # too short?
    ### BEGIN SOLUTION
    penalty = 1.0 if length >= reference_length else np.exp(1 - reference_length / length)
    ### END SOLUTION
    return penalty * mean

# %% tags=["start"]
def bleu_from_parts(shares, length, reference_length):
    """shares: (4,), of runs of 1 to 4 words. Lengths in words, both above 0. Returns BLEU, from 0 to 1."""
    # one share of 0 decides
    if min(shares) == 0:
        return 0.0
    # the geometric mean of the shares
    mean = ...  # your code here
    # too short?
    penalty = ...  # your code here
    return penalty * mean

# %% tags=["cases"]
cases = [(np.array([0.8, 0.5, 0.25, 0.1]), 10, 10), (np.array([0.9, 0.7, 0.5, 0.4]), 6, 9),
         (np.array([0.6, 0.4, 0.3, 0.2]), 12, 8), (np.array([0.5, 0.2, 0.1, 0.0]), 7, 8),
         (np.array([1.0, 1.0, 1.0, 1.0]), 5, 10)]
labels = ["shares", "length", "reference_length"]

# %% tags=["hint"]
# The mean of the logs, then exp. It is the same move as from nats to perplexity.

# %% tags=["hint"]
# Two cases for the penalty: at least as long as the reference, 1; shorter, exp(1 − reference_length / length), which is below 1.

# %% tags=["right"]
def bleu_from_parts(shares, length, reference_length):
    return min(1.0, np.exp(1 - reference_length / length)) * np.prod(shares) ** (1 / len(shares))

# %% tags=["wrong"] misconception="bleu-gives-partial-credit"
# You take the plain mean of the shares. BLEU takes the geometric mean, in which a low share of long runs weighs far more.
def bleu_from_parts(shares, length, reference_length):
    if min(shares) == 0:
        return 0.0
    penalty = 1.0 if length >= reference_length else np.exp(1 - reference_length / length)
    return penalty * np.mean(shares)

# %% tags=["wrong"] misconception="product-is-no-mean"
# You multiply the shares and take no root: the exponent 1/4 is missing, which the mean of the logs brings.
def bleu_from_parts(shares, length, reference_length):
    if min(shares) == 0:
        return 0.0
    penalty = 1.0 if length >= reference_length else np.exp(1 - reference_length / length)
    return penalty * np.prod(shares)

# %% tags=["wrong"] misconception="long-is-rewarded"
# Your penalty is above 1 where the hypothesis is longer than the reference. Long is not rewarded: it stays at 1.
def bleu_from_parts(shares, length, reference_length):
    if min(shares) == 0:
        return 0.0
    return np.exp(1 - reference_length / length) * np.exp(np.mean(np.log(shares)))

# %% tags=["wrong"] misconception="lengths-exchanged"
# You have exchanged the two lengths: what is punished is a hypothesis that is too long. Too long costs shares already.
def bleu_from_parts(shares, length, reference_length):
    if min(shares) == 0:
        return 0.0
    penalty = 1.0 if reference_length >= length else np.exp(1 - length / reference_length)
    return penalty * np.exp(np.mean(np.log(shares)))

# %% tags=["wrong"] misconception="lengths-exchanged"
# Your ratio is upside down: for a short hypothesis the penalty is exp(1 − reference_length / length), below 1. Yours is above 1.
def bleu_from_parts(shares, length, reference_length):
    if min(shares) == 0:
        return 0.0
    penalty = 1.0 if length >= reference_length else np.exp(1 - length / reference_length)
    return penalty * np.exp(np.mean(np.log(shares)))

# %% tags=["wrong"] misconception="penalty-starts-below-1"
# Your penalty lacks the 1: exp(1 − reference_length / length) begins at 1 for equal lengths, and yours far below.
def bleu_from_parts(shares, length, reference_length):
    if min(shares) == 0:
        return 0.0
    penalty = 1.0 if length >= reference_length else np.exp(-reference_length / length)
    return penalty * np.exp(np.mean(np.log(shares)))

# %% tags=["wrong"] misconception="log-is-left-standing"
# You take the mean of the logs, and stop there. exp brings it back to a share from 0 to 1.
def bleu_from_parts(shares, length, reference_length):
    if min(shares) == 0:
        return 0.0
    return min(1.0, np.exp(1 - reference_length / length)) * np.mean(np.log(shares))

# %% tags=["wrong"] misconception="no-penalty"
# The brevity penalty is missing: a hypothesis that is too short goes unpunished.
def bleu_from_parts(shares, length, reference_length):
    return 0.0 if min(shares) == 0 else np.exp(np.mean(np.log(shares)))

# %% tags=["wrong"] misconception="ratio-for-the-penalty"
# For a short hypothesis you multiply by the ratio of the lengths. The penalty is exp(1 − reference_length / length), which falls faster.
def bleu_from_parts(shares, length, reference_length):
    if min(shares) == 0:
        return 0.0
    return min(1.0, length / reference_length) * np.exp(np.mean(np.log(shares)))

# %% tags=["wrong"] misconception="ratio-for-the-penalty"
# Your exponent is length / reference_length − 1. It is 1 − reference_length / length: the reference stands above the line.
def bleu_from_parts(shares, length, reference_length):
    if min(shares) == 0:
        return 0.0
    penalty = 1.0 if length >= reference_length else np.exp(length / reference_length - 1)
    return penalty * np.exp(np.mean(np.log(shares)))

# %% tags=["wrong"] misconception="lengths-exchanged"
# Your penalty also punishes a hypothesis that is longer than the reference. There it is 1: too long costs shares already.
def bleu_from_parts(shares, length, reference_length):
    if min(shares) == 0:
        return 0.0
    return np.exp(-abs(1 - reference_length / length)) * np.exp(np.mean(np.log(shares)))

# %% tags=["wrong"] misconception="sign-of-the-penalty"
# Your exponent has its sign turned around: a short hypothesis gets a factor above 1. It is 1 − reference_length / length, below 0.
def bleu_from_parts(shares, length, reference_length):
    if min(shares) == 0:
        return 0.0
    penalty = 1.0 if length >= reference_length else np.exp(reference_length / length - 1)
    return penalty * np.exp(np.mean(np.log(shares)))

# %% tags=["wrong"] misconception="harmonic-for-geometric"
# You take the harmonic mean, as F1 does. BLEU takes the geometric one: the mean of the logs, then exp.
def bleu_from_parts(shares, length, reference_length):
    if min(shares) == 0:
        return 0.0
    penalty = 1.0 if length >= reference_length else np.exp(1 - reference_length / length)
    return penalty * len(shares) / np.sum(1 / shares)

# %% tags=["wrong"] misconception="product-is-no-mean"
# You take the square root of the product. There are four shares, so it is the fourth root: the mean of the logs brings it.
def bleu_from_parts(shares, length, reference_length):
    if min(shares) == 0:
        return 0.0
    penalty = 1.0 if length >= reference_length else np.exp(1 - reference_length / length)
    return penalty * np.sqrt(np.prod(shares))

# %% tags=["wrong"] misconception="logs-of-two-bases"
# You take logs to the base of ten, and undo them with exp. `np.log` belongs to `np.exp`.
def bleu_from_parts(shares, length, reference_length):
    if min(shares) == 0:
        return 0.0
    penalty = 1.0 if length >= reference_length else np.exp(1 - reference_length / length)
    return penalty * np.exp(np.mean(np.log10(shares)))

# %% [raw] tags=["question"]
# id = "corpus-or-mean"
# ask = "A test set of many short sentences. You compute BLEU of each and take the mean; sacrebleu pools all counts first and divides once. What will you see?"
# [right]
# text = "another number: in the mean each sentence without a shared run of four counts as 0"
# why = "Pooled, such a sentence only adds nothing above the line. BLEU was made for a corpus, and corpus BLEU is the pooled one."
# [[wrong]]
# text = "the same: a mean is a sum divided once"
# misconception = "metrics-average-over-batches"
# why = "The mean of ratios is not the ratio of sums. You met that with F1 and with WER."
# [[wrong]]
# text = "nearly the same: with many sentences the difference averages out"
# misconception = "bias-averages-out"
# why = "It does not shrink with more sentences. Each short sentence is treated differently by the two rules."

# %%
texts = [("the cat sat on the mat", "the cat sat on the mat"), ("he left early", "he left early"),
         ("we saw a very good film", "we saw a good film"), ("it rains", "it is raining")]
refs, hyps = [[a.split()] for a, _ in texts], [b.split() for _, b in texts]
each = [bleu.sentence_bleu(r, h) for r, h in zip(refs, hyps)]
print("each sentence:", np.round(each, 2),
      f"  their mean {np.mean(each):.2f}   pooled {bleu.corpus_bleu(refs, hyps):.2f}")

# %% [markdown]
# Look at the second sentence. It is identical, and gets 0: three words have no run of four.
#
# Last, the tokens again. The same pair of texts, cut at blanks, and cut as most reports do, with signs as tokens of
# their own:

# %%
said, got = "It's late, and we're leaving (at last).", "It's late, and we are leaving (at last)!"
for name, cut_up in [("at blanks", str.split), ("13a, signs apart", bleu.tokenize_13a)]:
    print(f"{name:17} {len(cut_up(said)):2} tokens   BLEU {bleu.sentence_bleu([cut_up(said)], cut_up(got)):.2f}")

# %% [markdown]
# ### Where it bites
#
# A BLEU alone cannot be compared with anything. It needs the number of references, the tokens, the smoothing, and the
# word "corpus". sacrebleu prints these beside the number as a *signature*; copy it into your report.

# %% [markdown]
# ## 5. Which checkpoint would you keep?
#
# The vowels are gone: an old sign, a message typed in haste, a script that writes none. A network is to restore the
# titles. The objective: people read them, so as few words as possible may be wrong.
#
# We cut a title after each consonant or blank; y counts as a consonant. What stood between is the *fill*, and may be
# empty. The network sees
# three consonants to the left, this one, three to the right, and the two fills before. It gives each possible fill a
# probability. Titles with a fill that training never had are left out: no probability is kept for it.

# %%
def cut(title):
    """Consonants and blanks, after a ^ for the start; and after each the vowels that follow: its fill."""
    parts = re.findall(r"([^aeiou])([aeiou]*)", "^" + title)
    return [c for c, _ in parts], [fill for _, fill in parts]

FILLS = sorted({fill for t in train for fill in cut(t)[1]})
val_known, later_known = ([t for t in titles if set(cut(t)[1]) <= set(FILLS)] for titles in (val, later))
SYMBOLS = ["_", *"^$ bcdfghjklmnpqrstvwxyz", *(f"<{fill}>" for fill in FILLS)]
CODE = {symbol: i for i, symbol in enumerate(SYMBOLS)}
FIRST = CODE["<>"]   # fill number j has the code FIRST + j
print("jaws:", *cut("jaws"), f"  {len(FILLS)} fills, such as:", *FILLS[:6])

# %%
def around(consonants, i):
    """The codes of seven consonants, number i in the middle; _ where there is none, $ after the last."""
    padded = ["_"] * 3 + consonants + ["$"] + ["_"] * 40
    return [CODE[s] for s in padded[i:i + 7]]

def places(titles):
    """X (places, 9): seven consonants and the two fills before. y (places,): the number of the fill."""
    X, y = [], []
    for consonants, fills in map(cut, titles):
        # the true fills before
        before = ["_", "_", *(f"<{fill}>" for fill in fills)]
        # a row for each place
        X += [around(consonants, i) + [CODE[s] for s in before[i:i + 2]] for i in range(len(fills))]
        y += [FILLS.index(fill) for fill in fills]
    return np.array(X), np.array(y)

# %% [markdown]
# Look at "the true fills before". In training these are the true ones, whatever the network would have said. This
# is called **teacher forcing**. The cross-entropy, for training and for validation, is computed that way, all places
# at once.
#
# Whoever uses the network has no true fills. It must go on from what it wrote itself. Put that in order:

# %% [raw] tags=["order"]
# id = "order-free-running"
# ask = "The network writes a title by itself. Put the steps in order."
# lines = ["begin with no fill written", "take the consonants around the next place, and the last two fills that were written", "let the network give each fill a probability", "choose one fill, and add it to what was written", "no place is left: join consonants and fills"]
# right = [[1, 2, 3, 4, 5]]
# why = "Steps two to four are repeated at every place. What is chosen becomes input: a wrong fill goes along to the next places."
# [[wrong]]
# order = [1, 2, 4, 3, 5]
# misconception = "choice-before-probability"
# why = "You choose before the network has said anything about this place."
# [[wrong]]
# order = [2, 3, 1, 4, 5]
# misconception = "start-in-the-loop"
# why = "Here what was written is thrown away at each place. The network needs the last two fills."
# [[wrong]]
# order = [1, 3, 2, 4, 5]
# misconception = "output-before-input"
# why = "You ask for probabilities before the network has its input for this place."

# %% [markdown]
# So here is the writing, for many networks at once. The network is five arrays, so its logits are two lines of NumPy.

# %%
def logits(weights, rows):
    """rows (R, n, 9) → (R, n, fills), for R networks. weights: the five arrays of `get_weights()`, stacked."""
    table, W1, b1, W2, b2 = weights
    x = table[np.arange(len(table))[:, None, None], rows].reshape(*rows.shape[:2], -1)   # embedding, flattened
    return np.maximum(x @ W1 + b1[:, None], 0) @ W2 + b2[:, None]

def join(titles, written):
    """Consonants of the titles, and the fills written (n, places) → texts."""
    return ["".join(c + FILLS[j - FIRST] for c, j in zip(cut(t)[0], row))[1:] for t, row in zip(titles, written)]

# %%
def write(weights, titles, choose=lambda z: z.argmax(axis=-1)):
    """Texts of R networks, each going on from what it wrote. choose: logits (R, n, fills) → fill numbers (R, n)."""
    skeletons = [cut(t)[0] for t in titles]
    R, last = len(weights[0]), max(map(len, skeletons))
    # no fill written
    written = np.full((R, len(titles), last + 2), CODE["_"])
    for i in range(last):
        # the consonants around, and the last two fills written
        now = np.array([around(s, i) for s in skeletons])
        rows = np.concatenate([np.broadcast_to(now, (R, *now.shape)), written[..., i:i + 2]], axis=-1)
        # choose, and add
        written[..., i + 2] = FIRST + choose(logits(weights, rows))
    return [join(titles, one[:, 2:]) for one in written]

def wer_of(texts, titles):
    return wer.corpus_wer([t.split() for t in titles], [t.split() for t in texts])

# %% [markdown]
# First one network, in plain Keras. After every epoch we keep its weights: a **checkpoint**. We look at two numbers on
# the validation titles: the cross-entropy, teacher-forced, and the WER of what it writes by itself.

# %% [raw] tags=["prediction"]
# id = "lowest-loss-fewest-errors"
# ask = "The validation cross-entropy falls, turns, and rises to the end. What will the WER do after the turn?"
# discuss = true
# [right]
# text = "stay or fall a little further: the end writes no more wrong words than the turn"
# why = "The loss rises because the network becomes sure, also where it is wrong. WER does not see how sure. It sees which fill is first."
# [[wrong]]
# text = "rise with it: overfitting makes everything worse"
# misconception = "metric-is-inverted-loss"
# why = "Overfitting makes wrong answers surer. Whether they become more is another question, and only counting answers it."
# [[wrong]]
# text = "rise faster: each wrong fill leads to more wrong ones"
# misconception = "errors-must-snowball"
# why = "Wrong fills do go along as input, but at every epoch alike. That is no reason for more of them after the turn."
# [[wrong]]
# text = "jump about: it has nothing to do with the loss"
# misconception = "loss-and-metric-are-unrelated"
# why = "While the loss falls, WER falls as well. They part company only later."

# %% tags=["training"]
X_fill, y_fill = places(train)
X_fill_val, y_fill_val = places(val_known)
EPOCHS = 12
def build():
    return network(9, len(SYMBOLS), len(FILLS), units=128, rate=0.01)

keras.utils.set_random_seed(seed)
model, kept = build(), []
keep = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: kept.append(model.get_weights()))
one_run = model.fit(X_fill, y_fill, validation_data=(X_fill_val, y_fill_val), batch_size=256, epochs=EPOCHS,
                    callbacks=[keep], verbose=0).history
# all checkpoints write side by side
checkpoints = [np.stack(arrays) for arrays in zip(*kept)]
wer_by_epoch = [wer_of(texts, val_known) for texts in write(checkpoints, val_known)]
same = model.predict(X_fill_val[:8], verbose=0) - logits(checkpoints, np.tile(X_fill_val[:8], (EPOCHS, 1, 1)))[-1]
assert abs(same).max() < 1e-3   # the two lines of NumPy are the network

# %% [raw] tags=["alt"] id="one-run-alt"
# Two line plots over {epochs} epochs of one network, on the validation titles. Left: cross-entropy in nats a fill,
# teacher-forced,
# {ce_low:.2f} to {ce_high:.2f}: it falls until epoch {turn} and then rises to {ce_end:.2f}. Right: WER of what the network writes
# by itself, {wer_low:.2f} to {wer_high:.2f}: {wer_turn:.2f} at epoch {turn}, {wer_end:.2f} at the end. A dotted line
# marks epoch {turn} in both.

# %% tags=["training"]
fig, (left, right) = figures.axes(2, xlabel="epoch")
turn = int(np.argmin(one_run["val_loss"]))
for ax, values, name in [(left, one_run["val_loss"], "cross-entropy, nats"), (right, wer_by_epoch, "WER")]:
    ax.plot(range(1, EPOCHS + 1), values, marker="o", color=figures.COLORS[0])
    ax.axvline(turn + 1, color="black", linestyle=":")
    ax.set(ylabel=name)
ce = one_run["val_loss"]
figures.show(fig, "one-run-alt", epochs=EPOCHS, ce_low=min(ce), ce_high=max(ce), turn=turn + 1, ce_end=ce[-1],
             wer_low=min(wer_by_epoch), wer_high=max(wer_by_epoch), wer_turn=wer_by_epoch[turn],
             wer_end=wer_by_epoch[-1])

# %%
compare("lowest-loss-fewest-errors")

# %% [markdown]
# One network may be luck. So 16, twice: once with `EarlyStopping` on the validation loss, which waits two epochs and
# goes back to the checkpoint with the lowest cross-entropy; and once to the last epoch. We judge both by the later
# titles, which chose nothing.

# %% tags=["training"]
fills_val = (X_fill_val, y_fill_val[:, None])
stop = keras.callbacks.EarlyStopping("val_loss", patience=2, restore_best_weights=True)
lowest = fit_replicates(build, X_fill, y_fill[:, None], validation_data=fills_val, epochs=EPOCHS, callbacks=[stop],
                        **sixteen)

# %% tags=["training"]
to_the_end = fit_replicates(build, X_fill, y_fill[:, None], validation_data=fills_val, epochs=EPOCHS, **sixteen)

def stacked(runs):
    return [np.stack(arrays) for arrays in zip(*(runs.model(k).get_weights() for k in range(16)))]

weights = {"lowest cross-entropy": stacked(lowest), "last epoch": stacked(to_the_end)}
found = np.nanmin(lowest.history["val_loss"], axis=1) < to_the_end.history["val_loss"].min(axis=1) + 0.001
print(f"early stopping kept the lowest of all {EPOCHS} epochs in {found.sum()} of 16 networks")

# %% tags=["training"]
X_later, y_later = places(later_known)
def surprise(weights):
    """Nats at each place of the later titles, teacher-forced: (16, places)."""
    z = logits(weights, np.broadcast_to(X_later, (16, *X_later.shape)))
    z = z - z.max(axis=-1, keepdims=True)
    return np.log(np.exp(z).sum(axis=-1)) - z[:, np.arange(len(y_later)), y_later]

nats_at = {name: surprise(w) for name, w in weights.items()}
nats_of = {name: nats.mean(axis=1) for name, nats in nats_at.items()}
texts_of = {name: write(w, later_known) for name, w in weights.items()}
errors_of = {name: np.array([wer_of(t, later_known) for t in texts]) for name, texts in texts_of.items()}

# %% [raw] tags=["alt"] id="two-checkpoints-alt"
# Two strip plots, one dot for each of 16 networks, a bar at the median, two rows: the checkpoint with the lowest
# validation cross-entropy and the last epoch. Left: cross-entropy on the later titles, {ce_min:.2f} to {ce_max:.2f};
# medians {ce_low:.2f} and {ce_last:.2f}: the last epoch is worse. Right: WER on the same titles, {wer_min:.2f} to
# {wer_max:.2f}; medians
# {wer_low:.2f} and {wer_last:.2f}: the last epoch is better.

# %% tags=["training"]
fig, (left, right) = figures.axes(2, height=3)
figures.strip(left, nats_of), figures.strip(right, errors_of)
left.set(xlabel="cross-entropy, nats a fill"), right.set(xlabel="WER", yticklabels=[])
a, b = weights
figures.show(fig, "two-checkpoints-alt", ce_low=np.median(nats_of[a]), ce_last=np.median(nats_of[b]),
             wer_low=np.median(errors_of[a]), wer_last=np.median(errors_of[b]),
             ce_min=min(map(np.min, nats_of.values())), ce_max=max(map(np.max, nats_of.values())),
             wer_min=min(map(np.min, errors_of.values())), wer_max=max(map(np.max, errors_of.values())))

# %% tags=["training"]
tell("{n} later titles, medians. Lowest cross-entropy: {ce_a:.2f} nats, WER {wer_a:.2f}. Last epoch: {ce_b:.2f} nats, "
     "WER {wer_b:.2f}.", n=len(later_known), ce_a=np.median(nats_of[a]), wer_a=np.median(errors_of[a]),
     ce_b=np.median(nats_of[b]), wer_b=np.median(errors_of[b]))
print(claim("The last epoch has a cross-entropy at least 1.03 times that of the checkpoint with the lowest one.",
            nats_of[b] / nats_of[a], ">", 1.03))
print(claim("The last epoch writes fewer wrong words, on three seeds in four.", errors_of[a] - errors_of[b], ">", 0,
            share=0.75))
bleu_of = {name: np.array([bleu.corpus_bleu([[t.split()] for t in later_known], [t.split() for t in one], max_n=2)
                           for one in texts]) for name, texts in texts_of.items()}
print(claim("By BLEU of runs of one and two words the last epoch is better as well, on three seeds in four.",
            bleu_of[b] - bleu_of[a], ">", 0, share=0.75))

# %% [markdown]
# **Compare with your prediction.** The checkpoint with the lowest cross-entropy wrote *more* wrong words, in at least
# three networks of four. By BLEU, too, the last epoch is better; titles are short, so only runs of one and two words
# were counted. Let us see what the first of the 16 networks wrote:

# %% tags=["training"]
print(f"{'title':26} {'lowest cross-entropy':26} last epoch")
for row in list(zip(later_known, *(texts[0] for texts in texts_of.values())))[:9]:
    print(" ".join(f"{text:26}" for text in row))

# %% tags=["training"]
seen_words = {word for t in train for word in t.split()}
# for each place of the later titles: had training the word that it lies in?
word_of = [t.split(" ")[k] for t in later_known for k in np.cumsum([c == " " for c in cut(t)[0]])]
had = np.array([word in seen_words for word in word_of])

def share_right(texts, seen):
    """Share of right words among those that a training title has (seen), or that none has. Equal lengths only."""
    both = [(t.split(), h.split()) for t, h in zip(later_known, texts)]
    right = [a == b for T, H in both if len(T) == len(H) for a, b in zip(T, H) if (a in seen_words) == seen]
    return np.mean(right)

right_of = {(name, seen): np.array([share_right(texts, seen) for texts in texts_of[name]])
            for name in texts_of for seen in (True, False)}

# %% tags=["training"]
print("words that training   checkpoint             nats a fill   words right")
for seen, said in [(True, "had"), (False, "never had")]:
    for name in weights:
        nats, right = nats_at[name][:, had == seen].mean(axis=1), right_of[name, seen]
        print(f"{said:21} {name:21} {np.median(nats):12.2f} {np.median(right):13.0%}")
change = {seen: (nats_at[b] - nats_at[a])[:, had == seen].mean(axis=1) for seen in (True, False)}
print(claim("In words that training had, the last epoch has the lower cross-entropy, on three seeds in four.",
            change[True], "<", 0, share=0.75))
print(claim("Of the words that training had, the last epoch gets more right, on three seeds in four.",
            right_of[b, True] - right_of[a, True], ">", 0, share=0.75))
print(claim("In words that training never had, the last epoch needs at least 0.05 nats a fill more.",
            change[False], ">", 0.05))

# %% [markdown]
# These lines, medians of 16 networks, say where the difference comes from. After the turn the network goes on learning
# the words of the training titles. Where other titles use them, the true fills become more probable, and more words are
# right. In words that it never met the true fills become less probable: there the cross-entropy rises. But few of those
# words were right before, so WER has little to lose. [Notebook 05](05_metric_versus_loss.ipynb) showed something like it
# on digits: the loss climbed, and accuracy did not fall.

# %% [raw] tags=["question"]
# id = "which-checkpoint"
# ask = "The titles are to be printed on a sign. Which checkpoint do you keep?"
# discuss = true
# [right]
# text = "the one with the lowest WER on validation titles, and I report its WER on others"
# why = "Wrong words are what the reader pays for. That it was chosen on validation titles makes its number there too good: the winner's curse of notebook 06."
# [[wrong]]
# text = "the one with the lowest cross-entropy: it is the better model"
# misconception = "loss-is-the-metric"
# why = "It is the better model of probabilities. The sign shows no probabilities."
# [[wrong]]
# text = "always the last: it had the fewest wrong words here"
# misconception = "last-is-best"
# why = "Here, with this network and so many epochs. What one keeps is the habit of measuring, not the last epoch."
# [[wrong]]
# text = "the one with the lowest WER on the later titles"
# misconception = "test-is-for-tuning"
# why = "Then these have chosen as well, and no titles are left that judge without having chosen."

# %% [raw] tags=["question"]
# id = "when-cross-entropy"
# ask = "For which use is the checkpoint with the lowest cross-entropy the right one?"
# [right]
# text = "a person is shown each fill with its probability, and looks up the doubtful ones"
# why = "There the probability itself is used. A network that is sure and wrong sends nobody to look it up."
# [[wrong]]
# text = "none: in the end only words count"
# misconception = "calibration-is-useless"
# why = "Where probabilities are shown, mixed with another model's, or compared with costs, they are the product."
# [[wrong]]
# text = "any: early stopping watches the loss unless it is told otherwise, so that is the safe choice"
# misconception = "defaults-fit-every-task"
# why = "A default knows no use. On the sign it costs words."

# %% [markdown]
# ### Where it bites
#
# `EarlyStopping` watches `val_loss` unless it is told otherwise. For a network that writes text this is a decision
# that nobody made. Keep a few checkpoints, let each write 300 texts, and count.

# %% [markdown]
# ## 6. First choice, several at once, or a draw?
#
# The network gives probabilities. Somebody must choose a fill from them. So far we took the most probable one each
# time: *greedy*. Two others are common.
#
# - **Beam search** goes on with several beginnings at once, say four. At each place it extends all of them, and keeps the four
#   whose fills together are most probable.
# - **Sampling** draws a fill by its probability. A *temperature* divides the logits first: below 1 the draw keeps closer to the
#   favorite, above 1 it strays. You know it from [notebook 03](03_multiclass_cross_entropy.ipynb).
#
# A threshold turned probabilities into decisions in [notebook 02](02_binary_cross_entropy.ipynb). This is the same
# step, for text.

# %% [raw] tags=["question"]
# id = "what-decoding-changes"
# ask = "You switch the same network from greedy to sampling. What changes?"
# [right]
# text = "the texts, and with them WER and BLEU; the validation cross-entropy stays the same to the last digit"
# why = "Cross-entropy looks at the probability of the true fill. How somebody chooses afterwards plays no part, as with a threshold."
# [[wrong]]
# text = "the cross-entropy as well: other fills go in as input"
# misconception = "loss-sees-decoding"
# why = "It is teacher-forced: the true fills go in. What the network would write is not looked at."
# [[wrong]]
# text = "the weights: the network learns from what it draws"
# misconception = "threshold-retrains"
# why = "Nothing is trained. It is only a decision about its answers."
# [[wrong]]
# text = "nothing that can be measured: the probabilities are the same"
# misconception = "decisions-come-from-training"
# why = "The probabilities are the same, the choices are not. WER is a metric of choices."

# %% [markdown]
# ### Exercise 6.1: draw with a temperature
#
# Write the choice. `u` is a random number from 0 to 1: give the number of the first fill at which the probabilities,
# added up from the left, exceed `u`. So the chance is in `u`, and the function draws no number itself. A temperature of 0
# means greedy.

# %% tags=["preamble"]
import numpy as np

# %% tags=["exercise"] id="draw-fill"
def draw(z, temperature, u):
    """z: (fills,) logits. temperature: 0 or more. u: 0 <= u < 1. Returns the number of a fill."""
    ### BEGIN SOLUTION
    if temperature == 0:
        return int(np.argmax(z))
    z = z / temperature
    p = np.exp(z - z.max())
    return int(np.argmax(np.cumsum(p / p.sum()) > u))
    ### END SOLUTION

# %% tags=["cases"]
_z = np.array([0.0, 2.0, 1.0, -1.0])
cases = [(_z, 1.0, 0.5), (_z, 0.0, 0.99), (_z, 2.0, 0.15), (_z, 2.0, 0.6), (_z, 0.5, 0.05), (_z, 0.5, 0.9),
         (_z, 4.0, 0.95), (_z + 1000, 1.0, 0.9), (np.array([3.0, 3.0, 3.0]), 1.0, 0.4), (_z, 0.5, 0.7), (_z, 2.0, 0.2),
         (_z, 1.0, 0.09), (_z + 1000, 0.5, 0.95), (_z + 1000, 2.0, 0.7)]
labels = ["z", "temperature", "u"]

# %% tags=["hint"]
# Temperature 0 first, because one cannot divide by it. Then divide the logits, take the softmax, add up with `np.cumsum`.

# %% tags=["hint"]
# `np.argmax` of an array of True and False gives the place of the first True: `np.argmax(np.cumsum(p) > u)`. And subtract the largest logit before exp.

# %% tags=["right"]
def draw(z, temperature, u):
    if temperature == 0:
        return z.argmax()
    p = np.exp((z - np.max(z)) / temperature)
    return np.searchsorted(np.cumsum(p) / p.sum(), u, side="right")

# %% tags=["wrong"] misconception="temperature-on-probabilities"
# The temperature changes nothing in your answer. If you divide the probabilities, normalizing takes it out again: divide the logits, before the softmax.
def draw(z, temperature, u):
    if temperature == 0:
        return int(np.argmax(z))
    p = np.exp(z - z.max())
    p = p / p.sum() / temperature
    return int(np.argmax(np.cumsum(p / p.sum()) > u))

# %% tags=["wrong"] misconception="temperature-reversed"
# You multiply by the temperature. Then a high one makes the favorite surer, and a low one flattens.
def draw(z, temperature, u):
    if temperature == 0:
        return int(np.argmax(z))
    p = np.exp((z - z.max()) * temperature)
    return int(np.argmax(np.cumsum(p / p.sum()) > u))

# %% tags=["wrong"] misconception="most-probable-always"
# You always give the most probable fill. That is greedy; here `u` decides.
def draw(z, temperature, u):
    return int(np.argmax(z))

# %% tags=["wrong"] misconception="exp-never-overflows"
# With large logits exp overflows, and your probabilities are NaN. Subtract the largest logit first: the softmax stays the same.
def draw(z, temperature, u):
    if temperature == 0:
        return int(np.argmax(z))
    with np.errstate(all="ignore"):
        p = np.exp(z / temperature)
        return int(np.argmax(np.cumsum(p / p.sum()) > u))

# %% tags=["wrong"] misconception="not-made-a-distribution"
# You add up exp of the logits, which do not sum to 1. Divide by their sum before you compare with `u`.
def draw(z, temperature, u):
    if temperature == 0:
        return int(np.argmax(z))
    return int(np.argmax(np.cumsum(np.exp((z - z.max()) / temperature)) > u))

# %% tags=["wrong"] misconception="zero-over-zero"
# At a temperature of 0 you divide by 0. Give the largest logit before you come to the division.
def draw(z, temperature, u):
    with np.errstate(all="ignore"):
        p = np.exp((z - z.max()) / temperature)
        return int(np.argmax(np.cumsum(p / p.sum()) > u))

# %% tags=["wrong"] misconception="order-is-given"
# You sort the fills by probability first. Add up in the order in which they stand, so that `u` picks the same fill for everybody.
def draw(z, temperature, u):
    if temperature == 0:
        return int(np.argmax(z))
    order = np.argsort(-z)
    p = np.exp((z[order] - z.max()) / temperature)
    return int(order[np.argmax(np.cumsum(p / p.sum()) > u)])

# %% tags=["wrong"] misconception="single-probability-for-a-sum"
# You look for one probability above `u`. The probabilities must be added up from the left, so that each fill owns a stretch as long as its probability.
def draw(z, temperature, u):
    if temperature == 0:
        return int(np.argmax(z))
    p = np.exp((z - z.max()) / temperature)
    return int(np.argmax(p / p.sum() > u))

# %% tags=["wrong"] misconception="shift-and-scale-mixed"
# You divide the logits by the temperature, but subtract a maximum that is not divided. With large logits exp then runs over, or everything becomes 0. Divide both: `(z - z.max()) / temperature`.
def draw(z, temperature, u):
    if temperature == 0:
        return int(np.argmax(z))
    with np.errstate(all="ignore"):
        p = np.exp(z / temperature - z.max())
        return int(np.argmax(np.cumsum(p / p.sum()) > u))

# %% tags=["wrong"] misconception="value-instead-of-place"
# You give the probability of the fill. Its number is asked for: the place in the array.
def draw(z, temperature, u):
    if temperature == 0:
        return int(np.argmax(z))
    p = np.exp((z - z.max()) / temperature)
    p = p / p.sum()
    return float(p[np.argmax(np.cumsum(p) > u)])

# %% tags=["wrong"] misconception="value-instead-of-place"
# At a temperature of 0 you give the largest logit itself. Its number is asked for: `np.argmax`.
def draw(z, temperature, u):
    if temperature == 0:
        return float(np.max(z))
    p = np.exp((z - z.max()) / temperature)
    return int(np.argmax(np.cumsum(p / p.sum()) > u))

# %% tags=["wrong"] misconception="nearest-for-first-above"
# You take the fill whose sum is nearest to `u`. Asked for is the first whose sum exceeds it.
def draw(z, temperature, u):
    if temperature == 0:
        return int(np.argmax(z))
    p = np.exp((z - z.max()) / temperature)
    return int(np.argmin(np.abs(np.cumsum(p / p.sum()) - u)))

# %% tags=["wrong"] misconception="place-off-by-one"
# You give the last fill whose sum is still below `u`. The draw is the next one, whose sum exceeds `u`.
def draw(z, temperature, u):
    if temperature == 0:
        return int(np.argmax(z))
    p = np.exp((z - z.max()) / temperature)
    return int(np.sum(np.cumsum(p / p.sum()) < u)) - 1

# %% tags=["wrong"] misconception="place-off-by-one"
# You go one fill too far. The number of sums that do not exceed `u` is the number of the fill: counting begins at 0.
def draw(z, temperature, u):
    if temperature == 0:
        return int(np.argmax(z))
    p = np.exp((z - z.max()) / temperature)
    return int(np.sum(np.cumsum(p / p.sum()) < u)) + 1

# %% tags=["wrong"] misconception="below-for-above"
# You look for the first sum below `u`: that is fill 0 or none. Look for the first that exceeds it.
def draw(z, temperature, u):
    if temperature == 0:
        return int(np.argmax(z))
    p = np.exp((z - z.max()) / temperature)
    return int(np.argmax(np.cumsum(p / p.sum()) < u))

# %% tags=["wrong"] misconception="sums-from-the-right"
# You add up from the right. Add up from the left, so that `u` picks the same fill for everybody.
def draw(z, temperature, u):
    if temperature == 0:
        return int(np.argmax(z))
    p = np.exp((z - z.max()) / temperature)
    p = p / p.sum()
    return len(p) - 1 - int(np.argmax(np.cumsum(p[::-1]) > u))

# %% tags=["wrong"] misconception="argument-left-unused"
# The temperature is not in your answer. Give the largest logit where it is 0, and else divide the logits by it.
def draw(z, temperature, u):
    p = np.exp(z - z.max())
    return int(np.argmax(np.cumsum(p / p.sum()) > u))

# %% [markdown]
# For 16 networks at once the notebook draws in another way that gives the same distribution: it adds noise of a
# certain kind (Gumbel's) to the logits and takes the largest.

# %%
rng = np.random.default_rng(seed)

def sampling(temperature):
    """A `choose` for `write`: one draw for each place."""
    return lambda z: (z / temperature + rng.gumbel(size=z.shape)).argmax(axis=-1)

drawn = sampling(1.0)(np.tile(np.log([0.7, 0.2, 0.1]), (1, 20_000, 1)))
print("asked for 0.7 0.2 0.1, drawn:", (np.bincount(drawn.ravel()) / drawn.size).round(2))

# %% [markdown]
# Beam search in two cells. The first, `beam_step`, holds the idea; the second keeps the books for many titles, and may
# be skipped.

# %% tags=["training"]
def beam_step(total, z, width):
    """One place of beam search. total (…, beams): log-probabilities so far; z (…, beams, fills).

    Returns the totals of the best `width` beginnings, which beam each comes from, and its fill.
    """
    # from logits to log-probabilities
    z = z - z.max(axis=-1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    # every beam with every fill
    longer = (total[..., None] + log_p).reshape(*total.shape[:-1], -1)
    # keep the best
    best = np.argsort(-longer, axis=-1)[..., :width]
    return np.take_along_axis(longer, best, axis=-1), best // z.shape[-1], best % z.shape[-1]

# %% tags=["training"]
def beam_search(weights, titles, width=4):
    """The most probable texts found, for R networks, and their log-probabilities (R, n)."""
    skeletons = [cut(t)[0] for t in titles]
    shape, last = (len(weights[0]), len(titles), width), max(map(len, skeletons))
    written, total = np.full((*shape, last + 2), CODE["_"]), np.full(shape, -np.inf)
    total[..., 0] = 0   # all beams begin alike, so only the first one counts
    for i in range(last):
        # what the network sees, in each beam
        now = np.broadcast_to(np.array([around(s, i) for s in skeletons])[:, None], (*shape, 7))
        rows = np.concatenate([now, written[..., i:i + 2]], axis=-1).reshape(shape[0], -1, 9)
        # the best beginnings, each with its new fill
        new, beam, fill = beam_step(total, logits(weights, rows).reshape(*shape, -1), width)
        longer = np.take_along_axis(written, beam[..., None], axis=2)
        longer[..., i + 2] = FIRST + fill
        # a title that is at its end stays as it is
        goes_on = np.array([i < len(s) for s in skeletons])[None, :, None]
        written, total = np.where(goes_on[..., None], longer, written), np.where(goes_on, new, total)
    return [join(titles, one[:, 0, 2:]) for one in written], total[..., 0]

# %% [raw] tags=["prediction"]
# id = "beam-or-greedy"
# ask = "Beam search with four beams finds more probable texts than greedy. What will its WER be, beside greedy and beside draws at temperature 1?"
# [right]
# text = "beam and greedy close together; draws at temperature 1 clearly worse"
# why = "The probability of the text is the network's opinion. Improving on it helps as far as the opinion is right. Draws take less probable fills on purpose."
# [[wrong]]
# text = "beam far better than greedy: it looks ahead"
# misconception = "more-probable-means-right"
# why = "It looks ahead in the network's opinion. A text that is more probable there need not be nearer to the true title."
# [[wrong]]
# text = "draws best: they follow the probabilities as they are"
# misconception = "sampling-is-honest"
# why = "They follow the probabilities, so a fill of probability one fifth is written one time in five. For the fewest errors take the most probable one each time."
# [[wrong]]
# text = "all the same: it is the same network"
# misconception = "decisions-come-from-training"
# why = "The same network, other decisions. WER judges decisions."

# %% tags=["training"]
end = weights["last epoch"]
beamed, beam_total = beam_search(end, later_known)
_, greedy_total = beam_search(end, later_known, width=1)

# %% tags=["training"]
errors = {"greedy": errors_of["last epoch"], "beam of 4": np.array([wer_of(t, later_known) for t in beamed])}
twice, temperatures = {}, (0.25, 0.5, 1.0)
for temperature in temperatures:
    first, second = (write(end, later_known, sampling(temperature)) for _ in range(2))
    errors[f"draws, T = {temperature:g}"] = np.array([wer_of(t, later_known) for t in first])
    twice[temperature] = np.array([np.mean([a != b for a, b in zip(*both)]) for both in zip(first, second)])

# %% [raw] tags=["alt"] id="decoding-alt"
# Strip plot of WER, {low:.2f} to {high:.2f}, one dot for each of 16 networks, a bar at the median, a row for each way
# to choose. Greedy {greedy:.2f} and a beam of four {beam:.2f} lie close together. Draws at temperatures from {t_low:g}
# to {t_high:g} rise from
# {draws_low:.2f} to {draws_high:.2f}.

# %% tags=["training"]
fig, ax = figures.axes(xlabel="WER on the later titles")
figures.strip(ax, errors)
medians = [np.median(values) for values in errors.values()]
figures.show(fig, "decoding-alt", low=min(map(np.min, errors.values())), high=max(map(np.max, errors.values())),
             greedy=medians[0], beam=medians[1], draws_low=medians[2], draws_high=medians[-1], t_low=temperatures[0],
             t_high=temperatures[-1])

# %%
compare("beam-or-greedy")

# %% tags=["training"]
gain = errors["greedy"] - errors["beam of 4"]
tell("Beam search lowers the WER by {gain:.3f} in the median, and finds texts that are {times:.2f} times as probable.",
     gain=np.median(gain), times=np.exp(np.median((beam_total - greedy_total).mean(axis=1))))
print(claim("Beam search finds more probable texts: the mean log-probability is higher.",
            (beam_total - greedy_total).mean(axis=1), ">", 0.05))
print(claim("The WER of beam search is within 0.04 of that of greedy search.", abs(gain), "<", 0.04))
print(claim("Draws at temperature 1 have a WER at least 0.03 higher than greedy search.",
            errors["draws, T = 1"] - errors["greedy"], ">", 0.03))
print(claim("Two draws at temperature 1 differ for at least half of the titles.", twice[1.0], ">", 0.5))

# %% [markdown]
# **Compare with your prediction.** The beam found more probable texts, and its WER is nearly that of greedy search. Draws
# at temperature 1 wrote clearly more wrong words. The weights were the same each time. So if two networks are compared,
# both must choose in the same way.
#
# Who would ever draw? Somebody who wants *different* texts: three proposals for a title, not three times the same.
# Greedy search gives the same text each time. There the objective is variety that still makes sense, and the
# temperature is what you turn, as you turned the threshold.

# %%
my_temperature = 0.5   # 0.25, 0.5 or 1.0: which would you take for three proposals?

# %% tags=["training"]
print("temperature   WER    titles for which two draws differ")
for temperature in temperatures:
    chosen = " <- yours" if temperature == my_temperature else ""
    error = np.median(errors[f"draws, T = {temperature:g}"])
    print(f"{temperature:11g}   {error:.2f}   {np.median(twice[temperature]):.0%}{chosen}")

# %% [raw] tags=["question"]
# id = "choose-a-decoder"
# ask = "Three uses: restoring signs, proposing three new titles, and comparing two networks by WER in a paper. How do you choose the fills?"
# discuss = true
# [right]
# text = "signs: what has the lowest WER on validation titles. Proposals: draws. Paper: the same way for both"
# why = "The objective decides: few errors, variety, or a fair comparison. The network is the same in all three. The paper says which way it was."
# [[wrong]]
# text = "beam search for all three: it finds the most probable text, and that is what the network means"
# misconception = "more-probable-means-right"
# why = "For proposals it gives the same text each time. The most probable text is not what everybody wants."
# [[wrong]]
# text = "draws for all three: they show what the network really believes, doubts included"
# misconception = "sampling-is-honest"
# why = "On a sign a drawn fill is an error that need not have been made."
# [[wrong]]
# text = "in all three, the way that has the lowest WER on the titles that the report is about"
# misconception = "test-is-for-tuning"
# why = "Then these titles have chosen, and the report flatters. And for proposals a low WER is not what is wanted."

# %% [markdown]
# ### Where it bites
#
# A report compares a new network, with beam search, to an old one, greedy. Nobody can tell how much of the gain is the
# beam. Let both write in both ways.

# %% [markdown]
# ## 7. Other texts
#
# A model of film titles meets other texts: the descriptions that come with scikit-learn's tables of wines, tumors and
# digits. They are English, by other authors, about other things. We cut them into lines of letters and blanks.

# %%
from sklearn.datasets import load_breast_cancer, load_digits, load_wine

def lines(description):
    """Its lines, in small letters, everything else than letters read as a blank; short ones left out."""
    cleaned = (" ".join(re.sub("[^a-z]", " ", line.lower()).split()) for line in description.splitlines())
    return [line for line in cleaned if len(line) >= 20]

others = {name: lines(load().DESCR) for name, load in
          [("wines", load_wine), ("tumors", load_breast_cancer), ("digits", load_digits)]}
print("tumors:", others["tumors"][8:10])

# %% [markdown]
# ### Exercise 7.1: one number that may be compared
#
# You have two models, one of characters and one of pairs. Write the number that compares them on any texts: bits a
# character. The check tries it on lines of the tumors. The end of each text was predicted, too, and counts as one character.

# %% tags=["preamble"]
import numpy as np

# %% tags=["exercise"] id="bits-a-character"
def bits_a_character(nats, texts):
    """nats: a list of arrays, one for each text, the nats of its tokens and of its end. texts: the texts, strings."""
    ### BEGIN SOLUTION
    characters = sum(len(text) + 1 for text in texts)
    return sum(part.sum() for part in nats) / characters / np.log(2)
    ### END SOLUTION

# %% tags=["cases"]
from helpers.ngram import NGram
_lines = ["compactness perimeter area", "concavity severity of concave portions of the contour"]   # of the tumors
_cut = [[line[i:i + 2] for i in range(0, len(line), 2)] for line in _lines]
cases = [([np.array([1.0, 2.0, 0.5])], ["ab"]), ([np.array([3.0, 0.5]), np.array([2.0, 1.0, 0.25])], ["ab", "abc"]),
         (NGram(3).fit(_lines[:1]).nats(_lines), _lines), (NGram(2).fit(_cut[1:]).nats(_cut), _lines)]
labels = ["nats", "texts"]

# %% tags=["hint"]
# Three steps: all nats together; divided by all characters, ends included; from nats to bits.

# %% tags=["hint"]
# An array has one number a *token*, so its length is no number of characters. Count characters in `texts`. To go from nats to bits, divide by `np.log(2)`.

# %% tags=["right"]
def bits_a_character(nats, texts):
    return np.concatenate(nats).sum() / np.log(2) / (len("".join(texts)) + len(texts))

# %% tags=["wrong"] misconception="perplexity-knows-no-token"
# You divide by the number of tokens. With pairs there are about half as many, and the two models cannot be compared.
def bits_a_character(nats, texts):
    return np.mean(np.concatenate(nats)) / np.log(2)

# %% tags=["wrong"] misconception="end-is-free"
# You leave out the ends of the texts below the line. Their nats are in the sum above it.
def bits_a_character(nats, texts):
    return sum(part.sum() for part in nats) / sum(map(len, texts)) / np.log(2)

# %% tags=["wrong"] misconception="end-is-free"
# You leave the ends out above the line and below. They were predicted, too: both belong in.
def bits_a_character(nats, texts):
    return sum(part[:-1].sum() for part in nats) / sum(map(len, texts)) / np.log(2)

# %% tags=["wrong"] misconception="end-is-free"
# You count one end in all. Each text has one.
def bits_a_character(nats, texts):
    return sum(part.sum() for part in nats) / (sum(map(len, texts)) + 1) / np.log(2)

# %% tags=["wrong"] misconception="divides-by-another-count"
# You divide by the number of texts: that is bits a text. Divide by characters.
def bits_a_character(nats, texts):
    return sum(part.sum() for part in nats) / len(texts) / np.log(2)

# %% tags=["wrong"] misconception="divides-by-another-count"
# You divide by the number of words: that is bits a word. Divide by characters.
def bits_a_character(nats, texts):
    return sum(part.sum() for part in nats) / sum(len(text.split()) for text in texts) / np.log(2)

# %% tags=["wrong"] misconception="bits-are-perplexity"
# You went on to exp, or to 2 to that power: that is the perplexity of a character. Bits are asked for.
def bits_a_character(nats, texts):
    return np.exp(sum(part.sum() for part in nats) / sum(len(text) + 1 for text in texts))

# %% tags=["wrong"] misconception="bits-and-nats-mixed"
# That is in nats. Bits are nats divided by `np.log(2)`.
def bits_a_character(nats, texts):
    return sum(part.sum() for part in nats) / sum(len(text) + 1 for text in texts)

# %% tags=["wrong"] misconception="logs-of-two-bases"
# You divide by a log of another base. Nats are natural logs, so divide by `np.log(2)`.
def bits_a_character(nats, texts):
    return sum(part.sum() for part in nats) / sum(len(text) + 1 for text in texts) / np.log10(2)

# %% tags=["wrong"] misconception="bits-and-nats-mixed"
# You divide the nats by 2. Divide them by the surprise at a coin, `np.log(2)`.
def bits_a_character(nats, texts):
    return sum(part.sum() for part in nats) / sum(len(text) + 1 for text in texts) / 2

# %% tags=["wrong"] misconception="conversion-upside-down"
# You multiply by log 2. A nat is more than a bit, so the number of bits must be larger than that of nats.
def bits_a_character(nats, texts):
    return sum(part.sum() for part in nats) / sum(len(text) + 1 for text in texts) * np.log(2)

# %% tags=["wrong"] misconception="every-title-weighs-alike"
# You take the mean of the texts' own numbers, so that a character of a short text weighs more. Pool first.
def bits_a_character(nats, texts):
    return np.mean([part.sum() / (len(text) + 1) for part, text in zip(nats, texts)]) / np.log(2)

# %% tags=["wrong"] misconception="blank-is-no-character"
# You leave out the blanks below the line. A blank is predicted like a letter, and its nats are in the sum above.
def bits_a_character(nats, texts):
    characters = sum(len(text.replace(" ", "")) + 1 for text in texts)
    return sum(part.sum() for part in nats) / characters / np.log(2)

# %% tags=["wrong"] misconception="sum-for-a-mean"
# Those are the bits of all texts together. Divide them by the characters.
def bits_a_character(nats, texts):
    return sum(part.sum() for part in nats) / np.log(2)

# %% tags=["wrong"] misconception="log-taken-twice"
# You take the log of the nats. They are logs already: bits are nats divided by `np.log(2)`.
def bits_a_character(nats, texts):
    return np.log2(sum(part.sum() for part in nats) / sum(len(text) + 1 for text in texts))

# %% tags=["wrong"] misconception="perplexity-knows-no-token"
# You take the mean over the tokens of each text, and the mean of these. Divide all nats by all characters.
def bits_a_character(nats, texts):
    return np.mean([part.mean() for part in nats]) / np.log(2)

# %% tags=["wrong"] misconception="first-for-all"
# You look at the first text only. All texts go into the sum.
def bits_a_character(nats, texts):
    return nats[0].sum() / (len(texts[0]) + 1) / np.log(2)

# %% [raw] tags=["prediction"]
# id = "titles-model-elsewhere"
# ask = "Both models learned from titles. On the descriptions of wines, tumors and digits, how many bits a character will they need?"
# [right]
# text = "clearly more than on titles: other words, other habits"
# why = "A model is as good as its texts are like those it learned from. Bits a character are a property of a model *and* a text."
# [[wrong]]
# text = "about as many: it is English, and so are most titles"
# misconception = "test-set-is-the-world"
# why = "The frequent runs of three letters are shared. Names of measurements, citations and long lines are not."
# [[wrong]]
# text = "fewer: longer lines give more to go by"
# misconception = "longer-text-is-easier"
# why = "Both models look back a few characters at most, however long the line is."

# %%
print("bits a character    of characters   of pairs")
for name, texts in {"titles": val, **others}.items():
    a, b = (units(m.nats(cut_up), texts).bits_per_character for m, cut_up in [(counted, texts), (paired, pairs(texts))])
    print(f"{name:19} {a:13.2f} {b:10.2f}")
    assert a < b if name == "titles" else b < a and min(a, b) > 1.1 * two.bits_per_character

# %%
compare("titles-model-elsewhere")

# %% [markdown]
# **Compare with your prediction.** "Our model needs so many bits a character" is half a sentence. The other half is
# the text. Look along the rows, too. On titles the model of characters needs fewer bits, on the other texts the model
# of pairs. So even the order of two models belongs to a text. These descriptions are short: read the table as an
# example, not as a law.
#
# ### Where it bites
#
# A model is validated on titles of the same list, and used on whatever people type. Validate on what will be typed.

# %% [markdown]
# ## 8. What you take along
#
# | task | labels | head | loss | metrics | what goes wrong if mixed up |
# |---|---|---|---|---|---|
# | sequence: which token comes next? | a number, 0 … K−1, at each place | `Dense(K)` at each place | `SparseCategoricalCrossentropy(from_logits=True)` | bits a character; WER or BLEU of the text that is *written* | perplexities of other tokens compared; padding counted; the checkpoint chosen by a number that nobody reads |
#
# | you report | say with it |
# |---|---|
# | perplexity | what a token is; whether ends and padding count; better, bits a character |
# | WER | how case and signs were treated; pooled over the corpus; that it can exceed 1 |
# | BLEU | corpus or sentence; number of references; tokens; smoothing |
# | any metric of written text | greedy, beam or draws, with width or temperature; which texts chose the checkpoint |

# %% [raw] tags=["question"]
# id = "report-to-mend"
# given = ["12 31: premises"]
# ask = "\"Our model reaches perplexity 12 and beats theirs, which has 31. We kept the epoch with the lowest validation loss. Users say that theirs writes fewer wrong words.\" What do you check first?"
# discuss = true
# [right]
# text = "whether the tokens are the same, then the WER of both on the same texts, written in the same way"
# why = "The perplexities may not be comparable at all. What users count is a metric of written text, and the epoch was chosen by another number."
# [[wrong]]
# text = "whether the users are right: a lower perplexity means fewer wrong words"
# misconception = "loss-is-the-metric"
# why = "Section 5 showed the opposite, with the same tokens even."
# [[wrong]]
# text = "whether our model was trained for long enough: the loss can go lower still"
# misconception = "loss-must-reach-zero"
# why = "A lower loss is not what the users ask for."
# [[wrong]]
# text = "whether both perplexities were converted to bits"
# misconception = "perplexity-adds-knowledge"
# why = "Bits a *token* have the same fault. The unit is not the matter, the token is."

# %% [markdown]
# What was claimed, and held, while this notebook ran:

# %% tags=["training"]
from helpers.claims import list_claims
list_claims()

# %% tags=["training"]
my_progress()

# %%
repeat("08_sequence_metrics")

# %% [raw] tags=["reflection"]
# id = "summary-08"
# ask = "In three sentences: what do perplexity, WER and BLEU each count, and how do you choose the checkpoint of a network that writes?"

# %% [raw] tags=["reflection"]
# id = "muddiest-08"
# ask = "A minute card: what was the most important thing here, and what is still unclear?"

# %% [raw] tags=["reflection"]
# id = "confidence-08"
# ask = "From 1 (not at all) to 5 (surely): could you say whether two reported numbers about texts may be compared?"

# %% [markdown]
# Go on with [09 Your own data](09_your_own_data.ipynb): a table of your own.
#
# Further reading: Papineni and others, [BLEU: a method for automatic evaluation of machine
# translation](https://doi.org/10.3115/1073083.1073135), 2002 · Post, [A call for clarity in reporting BLEU
# scores](https://arxiv.org/abs/1804.08771), 2018 · Jelinek and others, [Perplexity: a measure of the difficulty of
# speech recognition tasks](https://doi.org/10.1121/1.2016299), 1977 · Holtzman and others, [The curious case of neural
# text degeneration](https://arxiv.org/abs/1904.09751), 2020, on beams and draws · Bengio and others, [A neural
# probabilistic language model](https://www.jmlr.org/papers/v3/bengio03a.html), 2003, on networks with a window.
