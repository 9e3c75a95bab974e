# %% [raw] tags=["instructor"]
# minutes = [4, 15, 10, 16, 22, 11, 11, 11, 8, 7]
# measured = "Reckoned: 180 words or 40 lines of code a minute, 45 seconds a question, four minutes an exercise, one a reflection. Not in it: votes in a room, and the run time of the cells, which stands below."
# pause = "after section 4. Sections 5 to 8 use runs and functions of sections 1 to 4: choose Run All Above Selected Cell."
# skip = "run all cells, and discuss sections 1, 3, 4 and 7 only: about an hour. Section 5 and the end of section 6 can wait; section 8 is good homework, because each learner gets cases of their own."
# terms = ["overfitting", "turn", "memorize test", "Dead units", "capacity", "collapse"]

# %% [markdown]
# # 07 · Reading curves
#
# A training run has ended. All that you see is two lines, one for the training loss and one for the validation loss.
# Do you train on, stop earlier, change the learning rate, or look for a bug in the data?
#
# This notebook is a clinic. Thirteen patients come in: real training runs, nearly all with a fault that we planted. You
# say what you see, choose the experiment that decides, and check that the cure works.
#
# **After this notebook you can**
#
# 1. read level, slope, gap and jumps from a curve, beside a baseline, and say what they do not show (exercise 1.1,
#    predictions and questions in 1, 2 and 3);
# 2. name the causes that a curve allows, and choose the experiment that tells them apart (exercise 4.1, the order of
#    section 6, predictions and questions in 2, 4, 5, 6 and 9);
# 3. cure a sick run, and show that the cure worked (exercises 3.1, 4.2 and 5.1, predictions and questions in 1, 3, 4
#    and 5);
# 4. judge a diagnosis, yours or a tool's, on runs whose cause is known (exercise 8.1, predictions and questions in 7
#    and 8).
#
# **Time:** about 115 minutes, best in two sittings: a break fits after section 4. When you come back, choose *Run*,
# *Run All Above Selected Cell*: your answers have been kept. **You need:**
# [01 Regression losses](01_regression_losses.ipynb) to
# [03 Multiclass cross-entropy](03_multiclass_cross_entropy.ipynb), and
# [05 Metric versus loss](05_metric_versus_loss.ipynb).
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
from sklearn import metrics as sk
from helpers import data, figures
from helpers.claims import claim, tell
from helpers.practice import check, compare, my_progress, predict, question, reflect, repeat

# %% tags=["parameters"]
seed = 0  # where the experiments below start; any whole number from 0 on will do

# %% [raw] tags=["question"]
# id = "recall-what-is-possible"
# ask = "Notebook 01: a recipe that tutorials print showed a smooth, falling curve, and had not arrived. What gave it away?"
# [right]
# text = "the level that is possible, drawn beside the curve"
# why = "The true line had an MSE that the recipe was still far from. A curve alone has no scale of its own."
# [[wrong]]
# text = "the shape of the curve: it was too smooth"
# misconception = "shape-tells-everything"
# why = "Recipes that arrive are as smooth. The shape was that of a success."
# [[wrong]]
# text = "the training loss: it lay far above the validation loss"
# misconception = "sign-of-the-gap-is-the-fit"
# why = "It drew the validation loss alone. Nothing in that line said how far there was still to go."

# %% [raw] tags=["question"]
# id = "recall-falling-on-noise"
# ask = "Notebook 02: labels drawn at random, and the training loss fell all the same. How could it?"
# [right]
# text = "the network learned the training rows by heart"
# why = "Each row can be learned by itself. On other rows nothing of it holds."
# [[wrong]]
# text = "there was signal after all: a loss falls only when a pattern is found"
# misconception = "falling-means-pattern"
# why = "Features and labels were drawn each for itself. There was no pattern."
# [[wrong]]
# text = "by chance: with another seed it would have risen"
# misconception = "only-luck-decides"
# why = "It fell with every seed. Training makes the training loss small; that is all it does."

# %% [raw] tags=["question"]
# id = "recall-untrained-four"
# given = "1.39 0.25: asserted below"
# ask = "Notebook 03: four classes, a network that gives each the same probability. Its cross-entropy?"
# [right]
# text = "1.39"
# why = "log 4: the surprise of a probability of 0.25. If the classes are not equally frequent, always giving their shares does better than that."
# [[wrong]]
# text = "0.25"
# misconception = "loss-is-probability"
# why = "That is the probability. The loss is −log of it."
# [[wrong]]
# text = "4"
# misconception = "loss-is-class-count"
# why = "The loss is not the number of classes but its logarithm."
# [[wrong]]
# text = "0.75"
# misconception = "loss-counts-errors"
# why = "That is the share of errors of a guess. Cross-entropy is a surprise."

# %% [raw] tags=["question"]
# id = "recall-loss-up"
# ask = "Notebook 05: the validation cross-entropy rises. What must the accuracy do?"
# [right]
# text = "nothing in particular: it may fall, stay, or rise"
# why = "A few predictions that become very sure and wrong raise the loss. Accuracy looks only at which side they are on."
# [[wrong]]
# text = "fall: it is the same thing upside down"
# misconception = "metric-is-inverted-loss"
# why = "A loss and a metric ask different questions, so one can worsen while the other improves."
# [[wrong]]
# text = "stay: the two have nothing to do with each other"
# misconception = "loss-and-metric-are-unrelated"
# why = "They often move together. They just do not have to."

# %%
assert round(np.log(4), 2) == 1.39 and 1 / 4 == 0.25   # the third question

# %% [markdown]
# ## 1. A recipe that is printed to show overfitting
#
# Tutorials explain curves with small recipes. We run three of them as they are printed, each in its place. The first,
# in [notebook 01](01_regression_losses.ipynb), was to show a model that has been trained well: it had not arrived.
# The third, in [notebook 02](02_binary_cross_entropy.ipynb), was to show F1 as a curve: its labels were noise. Here
# is the second. It is to show **overfitting**: learning the training rows by heart, so that other rows are judged
# worse than before.
#
# 500 points in a plane, in two round clouds: the two classes. Two hidden layers of 64 units, a sigmoid, binary
# cross-entropy, Adam with its default rate, batches of 32, 50 epochs. 400 points to train, 100 to validate. **The set
# is constructed**, so that we know everything about it.

# %%
def some(rows, share, rng):
    """Which of the rows: of each ten in a row `10 * share`, drawn at random. Returns booleans (rows,)."""
    tens = rng.permuted(np.tile(np.arange(10), (-(-rows // 10), 1)), axis=1)
    return tens.ravel()[:rows] < round(10 * share)

# %%
def points(rows, columns=2, wrong=0.0):
    """Points (rows, columns) in two clouds, and their classes (rows,).

    The first two columns tell the cloud, further ones are noise. A share `wrong` of the classes is turned around.
    """
    rng = np.random.default_rng(seed)
    # the class first, then a point around the center of its class
    y = rng.integers(0, 2, rows)
    X = rng.normal(size=(rows, columns)).astype("float32")
    X[:, :2] += np.where(y == 1, 2, -2)[:, None]
    # a share of the classes is turned around
    return X, np.where(some(rows, wrong, rng), 1 - y, y)

X, y = points(500)
# the baseline: the share of class 1 as the probability of every point
share = y[:400].mean()
baseline = -np.mean(np.log(np.where(y[400:] == 1, share, 1 - share)))
print(f"{share:.0%} of the training points are of class 1; always saying so has a validation loss of {baseline:.2f}")

# %% [markdown]
# The last number is a baseline, as in notebook 00: what a rule gets that looks at no feature. We draw it into most figures
# of losses, as a dotted line.

# %% [raw] tags=["prediction"]
# id = "printed-overfitting"
# given = ["4,400: asserted below"]
# ask = "About 4,400 weights, 400 points, 50 epochs. How do the two loss curves end?"
# discuss = true
# [right]
# text = "both near 0, close together, with no upward turn"
# why = "Where the border between the clouds lies, 400 points show well, and it lies there for the other 100 as well. There is nothing to be learned by heart that would be wrong elsewhere."
# [[wrong]]
# text = "training near 0; validation turns upward and ends higher than the baseline"
# misconception = "large-means-overfit"
# why = "More weights than points make overfitting possible. It needs something to overfit to as well: noise, or too few rows to see the rule."
# [[wrong]]
# text = "training near 0; validation levels off at about 0.4"
# misconception = "unseen-is-always-worse"
# why = "Unseen rows are judged worse where the rule is uncertain. Here it is the same simple rule for all."
# [[wrong]]
# text = "both stay near the baseline: the network is the wrong tool for a straight border"
# misconception = "simple-cannot-be-learned"
# why = "It needs no network, but a network can learn a straight border as well."

# %% tags=["training"]
from helpers.quiet import quiet
with quiet():  # without TensorFlow's start-up log
    import keras, tensorflow as tf
tf.get_logger().setLevel("ERROR")  # we build many small models; TensorFlow would remark on each

# %% tags=["training"]
def recipe_2(columns=2):
    layers = [keras.layers.Dense(64, activation="relu") for _ in range(2)]
    model = keras.Sequential([keras.Input((columns,)), *layers, keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    return model

# one seed, in plain Keras, the first three epochs
keras.utils.set_random_seed(seed)
model = recipe_2()
assert round(model.count_params(), -2) == 4400
history = model.fit(X[:400], y[:400], validation_data=(X[400:], y[400:]), batch_size=32, epochs=3,
                    verbose=0).history
print("the history holds:", ", ".join(history))
print(f"validation loss after epoch 1: {history['val_loss'][0]:.2f}, after epoch 3: {history['val_loss'][-1]:.2f}")

# %% [markdown]
# `history` is what this notebook is about: one number an epoch for each name. `fit_replicates` runs all 50 epochs,
# from 16 seeds. `admit` calls it for every patient of the clinic, and `chart` draws what comes back.

# %% tags=["training"]
from helpers.replicates import fit_replicates

def admit(build, training, validation, **recipe):
    """16 seeds of one training run. training, validation: (X, y). recipe: epochs, batch_size."""
    (X, y), (X_val, y_val) = training, validation
    return fit_replicates(build, X, y[:, None], validation_data=(X_val, y_val[:, None]), seeds=16,
                          base_seed=1000 * seed, **recipe)

def chart(ax, history, what="loss", baseline=None, labels=True):
    """Both curves, median and band over the seeds, and a dotted baseline."""
    # both curves over the epochs
    epochs = np.arange(1, history["val_" + what].shape[1] + 1)
    figures.lines(ax, epochs, {"training": history[what], "validation": history["val_" + what]},
                  label_at="legend" if labels else None)
    # the level of a rule that looks at no feature
    if baseline is not None:
        ax.axhline(baseline, color="black", linestyle=":", linewidth=1.5)
    ax.set(xlabel="epoch", ylabel=what)
    ax.xaxis.get_major_locator().set_params(integer=True)

# %% tags=["training"]
printed = admit(recipe_2, (X[:400], y[:400]), (X[400:], y[400:]), epochs=50, batch_size=32).history

# %% [raw] tags=["alt"] id="printed-overfitting-alt" given="0.8 0.5: ends of the axes"
# Two line plots over 50 epochs, medians and bands over 16 seeds, training and validation. Left: the loss, 0 to 0.8,
# with a dotted baseline at {baseline:.2f}; both curves fall together, within twenty epochs below {early:.2f}, and end
# at {loss:.3f} and {val_loss:.3f}. Right: the accuracy, 0.5 to 1; both rise to the top and end at {accuracy:.2f} and
# {val_accuracy:.2f}.

# %% tags=["training"]
fig, (left, right) = figures.axes(2)
chart(left, printed, baseline=baseline)
chart(right, printed, "accuracy", labels=False)
left.set(ylim=(0, 0.8), title="the loss"), right.set(ylim=(0.5, 1.03), title="the accuracy")
end = {name: np.median(values[:, -1]) for name, values in printed.items()}
figures.show(fig, "printed-overfitting-alt", baseline=baseline, early=np.median(printed["val_loss"][:, 19]) + 0.005,
             **end)

# %%
compare("printed-overfitting")

# %% tags=["training"]
tell("After 50 epochs, median of 16 seeds: validation loss {val_loss:.3f}, validation accuracy {val_accuracy:.2f}.",
     **end)
print(claim("As printed, the second recipe ends with a validation loss below a sixth of the baseline.",
            printed["val_loss"][:, -1] / baseline, "<", 1 / 6))
turned_up = printed["val_loss"][:, -1] - printed["val_loss"].min(axis=1)
print(claim("As printed, validation ends less than a twentieth of the baseline above its lowest loss.",
            turned_up / baseline, "<", 0.05))
print(claim("As printed, it ends with a validation accuracy of at least 0.95.", printed["val_accuracy"][:, -1], ">=",
            0.95))

# %% [markdown]
# **Compare with your prediction.** Both curves go down and stay down. Whoever shows this figure to explain
# overfitting shows a healthy run. The number of weights is no diagnosis.
#
# What would it take? Something that can be learned by heart and is wrong elsewhere. We change three things. One class
# in five is turned around, in both parts of the data. Beside the two columns stand others of pure noise, twenty columns
# in all. And 100 points are left to train on. Network and optimizer stay as printed, and it trains for 100 epochs.

# %% [raw] tags=["prediction"]
# id = "loss-and-accuracy-at-the-turn"
# ask = "Now it overfits. From its lowest point on, what do validation loss and validation accuracy do?"
# [right]
# text = "the loss rises to well over the baseline; the accuracy falls far less"
# why = "The network becomes sure of what it learned by heart. A point that is wrong and sure costs more and more, but it counts as one error all the time."
# [[wrong]]
# text = "both get worse in step: the accuracy falls to one half as the loss rises"
# misconception = "metric-is-inverted-loss"
# why = "The loss feels how sure each wrong answer is. Accuracy only counts the wrong answers, and their number grows far less than their price."
# [[wrong]]
# text = "the loss stays at its lowest point; the accuracy falls"
# misconception = "loss-cannot-rise"
# why = "The *training* loss cannot rise for long, since training makes it small. Nothing holds the validation loss."
# [[wrong]]
# text = "both stay where they are: nothing more can be learned"
# misconception = "training-stops-by-itself"
# why = "The training loss still falls, so the weights still move, now for the sake of the turned points."

# %% tags=["training"]
X_few, y_few = points(600, columns=20, wrong=0.2)
overfit = admit(lambda: recipe_2(20), (X_few[:100], y_few[:100]), (X_few[100:], y_few[100:]), epochs=100,
                batch_size=32).history

# %% [raw] tags=["alt"] id="shown-overfitting-alt" given="0.5: end of the axis"
# Two line plots over 100 epochs, medians and bands over 16 seeds. Left: the loss, 0 to {top:.1f}, with a dotted
# baseline at {baseline:.2f}; training falls to {loss:.2f}; validation falls to {lowest:.2f} at about epoch {turn},
# turns, and climbs to {val_loss:.2f}. Right: the accuracy, 0.5 to 1; training rises to {accuracy:.2f}, validation
# rises to {best:.2f} and sinks to {val_accuracy:.2f}.

# %% tags=["training"]
fig, (left, right) = figures.axes(2)
chart(left, overfit, baseline=baseline)
chart(right, overfit, "accuracy", labels=False)
middle = {name: np.median(values, axis=0) for name, values in overfit.items()}
top = max(0.8, 1.15 * np.percentile(overfit["val_loss"][:, -1], 95))
left.set(ylim=(0, top), title="the loss"), right.set(ylim=(0.5, 1.03), title="the accuracy")
figures.show(fig, "shown-overfitting-alt", baseline=baseline, top=top, lowest=middle["val_loss"].min(),
             turn=int(middle["val_loss"].argmin()) + 1, best=middle["val_accuracy"].max(),
             **{name: values[-1] for name, values in middle.items()})

# %%
compare("loss-and-accuracy-at-the-turn")

# %% tags=["training"]
# for each seed: where it turns, how far it climbs, what the accuracy loses on the way
turn_at = overfit["val_loss"].argmin(axis=1)
rise = overfit["val_loss"][:, -1] / overfit["val_loss"].min(axis=1)
lost = [accuracy[at] - accuracy[-1] for accuracy, at in zip(overfit["val_accuracy"], turn_at)]
print(claim("With few points and turned classes, the validation loss ends at least 1.3 times as high as its lowest.",
            rise, ">", 1.3))
print(claim("It turns within the first 40 of the 100 epochs.", turn_at + 1, "<=", 40))
print(claim("From the turn to the end, validation accuracy loses less than 0.15.", lost, "<", 0.15))

# %% [markdown]
# **Compare with your prediction.** This version shows what the printed one was to show. Four questions can be put to
# it, and to any pair of curves. How low does validation come, beside the baseline? Does it still fall at the end? How far
# apart do the two end? How far do they jump from epoch to epoch?
#
# And one epoch has a name: the **turn**, where the validation loss is at its lowest before it rises.
#
# Now change something: in the cell with `X_few` set `wrong=0.0`, run it and the figure again. What is left of the
# turn? (Then set it back, and run both again.)

# %% [raw] tags=["question"]
# id = "few-rows-alone"
# ask = "100 points, the columns of noise, no class turned around. What do the curves show now?"
# [right]
# text = "no turn: both fall, and validation ends a little above training"
# why = "100 points in two clouds still show where the clouds are. What made the loss climb were sure answers that are wrong elsewhere, and there are hardly any now."
# [[wrong]]
# text = "the same turn as before: 100 points are too few for so many weights"
# misconception = "large-means-overfit"
# why = "The weights are as many, the points as few. Only the turned classes are gone, and with them the climb."
# [[wrong]]
# text = "validation at the baseline: from 100 points nothing carries over"
# misconception = "few-rows-teach-nothing"
# why = "The border between two clouds is found from a hundred points."

# %% [markdown]
# ### Exercise 1.1: four numbers from a curve
#
# Numbers for three of the four questions: what is gained on the baseline; the turn, and the rise after it; the gap at the
# end. Fill in the missing lines. Each epoch counts from 1, as in the figures.

# %% tags=["preamble"]
import numpy as np

# %% tags=["exercise"] id="read-curve"
def read_curve(loss, val_loss, baseline):
    """loss, val_loss: (epochs,), training and validation. baseline: a number. Returns four numbers by name."""
    # the epoch of the lowest validation loss
    turn = int(np.argmin(val_loss)) + 1
    # the share of the baseline's loss that is gone at the turn: 0 is no better than the baseline, 1 is perfect
    ### BEGIN SOLUTION
    gained = 1 - val_loss[turn - 1] / baseline
    ### END SOLUTION
    # how many times as high as at the turn the validation loss is at the end
    ### BEGIN SOLUTION
    rise = val_loss[-1] / val_loss[turn - 1]
    ### END SOLUTION
    # the gap at the end, positive where validation is worse
    ### BEGIN SOLUTION
    gap = val_loss[-1] - loss[-1]
    ### END SOLUTION
    return {"turn": turn, "gained": gained, "rise": rise, "gap": gap}

# %% tags=["start"]
def read_curve(loss, val_loss, baseline):
    """loss, val_loss: (epochs,), training and validation. baseline: a number. Returns four numbers by name."""
    # the epoch of the lowest validation loss
    turn = int(np.argmin(val_loss)) + 1
    # the share of the baseline's loss that is gone at the turn: 0 is no better than the baseline, 1 is perfect
    gained = ...  # your code here
    # how many times as high as at the turn the validation loss is at the end
    rise = ...  # your code here
    # the gap at the end, positive where validation is worse
    gap = ...  # your code here
    return {"turn": turn, "gained": gained, "rise": rise, "gap": gap}

# %% tags=["cases"]
cases = [(np.array([0.6, 0.4, 0.2, 0.1]), np.array([0.65, 0.5, 0.6, 0.8]), 0.7),
         (np.array([2.0, 1.5, 1.2]), np.array([1.9, 1.1, 1.4]), 1.2),
         (np.array([0.5, 0.45, 0.44, 0.43]), np.array([0.4, 0.3, 0.25, 0.26]), 0.5)]
labels = ["loss", "val_loss", "baseline"]

# %% tags=["hint"]
# `turn` counts from 1, and arrays count from 0. Which place in `val_loss` is the turn?

# %% tags=["hint"]
# `val_loss[turn - 1]` is the lowest validation loss. `gained` compares it with the baseline, `rise` compares the end with it.

# %% tags=["right"]
def read_curve(loss, val_loss, baseline):
    lowest = min(val_loss)
    return {"turn": list(val_loss).index(lowest) + 1, "gained": (baseline - lowest) / baseline,
            "rise": val_loss[-1] / lowest, "gap": val_loss[-1] - loss[-1]}

# %% tags=["wrong"] misconception="counting-from-zero"
# The turn counts from 1, the array from 0: you look one epoch too late.
def read_curve(loss, val_loss, baseline):
    turn = int(np.argmin(val_loss)) + 1
    at = turn
    return {"turn": turn, "gained": 1 - val_loss[at] / baseline, "rise": val_loss[-1] / val_loss[at],
            "gap": val_loss[-1] - loss[-1]}

# %% tags=["wrong"] misconception="training-loss-is-all-loss"
# You measure what was gained on the training loss. What counts is what holds on other rows.
def read_curve(loss, val_loss, baseline):
    turn = int(np.argmin(val_loss)) + 1
    return {"turn": turn, "gained": 1 - loss[turn - 1] / baseline, "rise": val_loss[-1] / val_loss[turn - 1],
            "gap": val_loss[-1] - loss[-1]}

# %% tags=["wrong"] misconception="difference-reversed"
# Your gap has the other sign. It must be positive where validation is worse than training.
def read_curve(loss, val_loss, baseline):
    turn = int(np.argmin(val_loss)) + 1
    return {"turn": turn, "gained": 1 - val_loss[turn - 1] / baseline, "rise": val_loss[-1] / val_loss[turn - 1],
            "gap": loss[-1] - val_loss[-1]}

# %% tags=["wrong"] misconception="sign-lost"
# Your gap is never negative. A validation loss below the training loss is a finding, and the sign tells it.
def read_curve(loss, val_loss, baseline):
    turn = int(np.argmin(val_loss)) + 1
    return {"turn": turn, "gained": 1 - val_loss[turn - 1] / baseline, "rise": val_loss[-1] / val_loss[turn - 1],
            "gap": abs(val_loss[-1] - loss[-1])}

# %% tags=["wrong"] misconception="difference-is-not-a-ratio"
# Your rise says by how much higher. "How many times as high" is 1 more: no rise at all is 1.
def read_curve(loss, val_loss, baseline):
    turn = int(np.argmin(val_loss)) + 1
    return {"turn": turn, "gained": 1 - val_loss[turn - 1] / baseline, "rise": val_loss[-1] / val_loss[turn - 1] - 1,
            "gap": val_loss[-1] - loss[-1]}

# %% tags=["wrong"] misconception="curve-without-a-baseline"
# You measure the gain from the first epoch. It is asked for beside the baseline.
def read_curve(loss, val_loss, baseline):
    turn = int(np.argmin(val_loss)) + 1
    return {"turn": turn, "gained": 1 - val_loss[turn - 1] / val_loss[0], "rise": val_loss[-1] / val_loss[turn - 1],
            "gap": val_loss[-1] - loss[-1]}

# %% tags=["wrong"] misconception="difference-is-not-a-ratio"
# Your rise is a difference. "How many times as high" is a ratio.
def read_curve(loss, val_loss, baseline):
    turn = int(np.argmin(val_loss)) + 1
    return {"turn": turn, "gained": 1 - val_loss[turn - 1] / baseline, "rise": val_loss[-1] - val_loss[turn - 1],
            "gap": val_loss[-1] - loss[-1]}

# %% tags=["wrong"] misconception="difference-is-not-a-ratio"
# Your gain is a difference of two losses. As a share it must be divided by the baseline.
def read_curve(loss, val_loss, baseline):
    turn = int(np.argmin(val_loss)) + 1
    return {"turn": turn, "gained": baseline - val_loss[turn - 1], "rise": val_loss[-1] / val_loss[turn - 1],
            "gap": val_loss[-1] - loss[-1]}

# %% tags=["wrong"] misconception="complement-of-the-share"
# That is the share of the baseline's loss that is left. What is gone is 1 minus that.
def read_curve(loss, val_loss, baseline):
    turn = int(np.argmin(val_loss)) + 1
    return {"turn": turn, "gained": val_loss[turn - 1] / baseline, "rise": val_loss[-1] / val_loss[turn - 1],
            "gap": val_loss[-1] - loss[-1]}

# %% tags=["wrong"] misconception="last-is-best"
# You measure the gain at the end. After a turn the end is worse than what the run had already reached.
def read_curve(loss, val_loss, baseline):
    turn = int(np.argmin(val_loss)) + 1
    return {"turn": turn, "gained": 1 - val_loss[-1] / baseline, "rise": val_loss[-1] / val_loss[turn - 1],
            "gap": val_loss[-1] - loss[-1]}

# %% tags=["wrong"] misconception="gap-at-the-turn"
# Your gap is that at the turn. It is asked for at the end.
def read_curve(loss, val_loss, baseline):
    turn = int(np.argmin(val_loss)) + 1
    return {"turn": turn, "gained": 1 - val_loss[turn - 1] / baseline, "rise": val_loss[-1] / val_loss[turn - 1],
            "gap": val_loss[turn - 1] - loss[turn - 1]}

# %% tags=["training"]
# the two runs of this section, medians over the seeds (… where the exercise is still open); a rise near 1 is no turn
for name, history in [("as printed", printed), ("few points, turned classes", overfit)]:
    numbers = read_curve(np.median(history["loss"], axis=0), np.median(history["val_loss"], axis=0), baseline)
    print(f"{name:27}", {key: value if value is ... else round(float(value), 2) for key, value in numbers.items()})

# %% [markdown]
# ### Where it bites
#
# Three printed recipes, three curves that do not show what they were printed for. Each lacked one thing. The first
# lacked the level that is possible. The second lacked a cause: what it learned was right elsewhere, too. The third
# lacked signal.

# %% [markdown]
# ## 2. Still falling
#
# The clinic opens. Most patients learn from the same films: which certificate did a film get in the United States, G,
# PG, PG-13 or R? These are the age ratings of notebook 03.

# %%
task = data.certificates()
print(task)
training, validation = (task.X_train, task.y_train), (task.X_val, task.y_val)
# the baseline: give every film the shares of the four classes among the training films
shares = np.bincount(task.y_train) / len(task.y_train)
baseline = -np.mean(np.log(shares[task.y_val]))
print("shares of G, PG, PG-13, R:", shares.round(2), f"  baseline: a validation loss of {baseline:.2f}")

# %%
def network(optimizer, units=(32,), dropout=0.0, inputs=24, activation="relu", outputs=4, metrics=()):
    """A compiled network with hidden layers of `units`, each followed by dropout if it is above 0."""
    layers = []
    for width in units:
        layers += [keras.layers.Dense(width, activation=activation)]
        layers += [keras.layers.Dropout(dropout)] if dropout else []
    head = keras.layers.Dense(outputs, activation="softmax")
    model = keras.Sequential([keras.Input((inputs,)), *layers, head])
    model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=list(metrics))
    return model

def sgd(rate):
    return lambda: network(keras.optimizers.SGD(rate))

# %% [markdown] given="0.04 0.004: settings, set in code"
# Patient 1 has trained for 10 epochs with plain gradient descent, SGD, at a rate of 0.04. Patient 2 has trained for 100
# epochs at 0.004. (We trained patient 1 for longer and show its first ten epochs: the first ten of a long run are a run
# of ten.)

# %% [raw] tags=["prediction"]
# id = "ten-times-as-long"
# given = ["0.04 0.004: settings, set in code"]
# ask = "Patient 1: 10 epochs at 0.04. Patient 2: 100 epochs at 0.004. What will their curves look like?"
# [right]
# text = "alike: the same curve over ten times as many epochs, with the same end"
# why = "A small step of SGD is the rate times the slope. Ten small steps lead about as far as one that is ten times as long."
# [[wrong]]
# text = "patient 2 ends much lower: it has trained ten times as long"
# misconception = "epochs-mean-trained"
# why = "It has taken ten times as many steps, each a tenth as long. What counts is the way, steps times their length."
# [[wrong]]
# text = "patient 1 ends much lower: a higher rate learns more"
# misconception = "rate-is-how-much-is-learned"
# why = "A higher rate goes farther in one step. It had a tenth of the steps."
# [[wrong]]
# text = "patient 2 is level at the end: after 100 epochs it has arrived"
# misconception = "long-means-converged"
# why = "Nothing arrives because many epochs have passed. It arrives when the way has been gone."

# %% tags=["training"]
faster = admit(sgd(0.04), training, validation, epochs=100, batch_size=64).history
slower = admit(sgd(0.004), training, validation, epochs=100, batch_size=64).history
patient_1 = {name: values[:, :10] for name, values in faster.items()}
patient_2 = slower

# %% [raw] tags=["alt"] id="still-falling-alt" given="0.9 1.5: ends of the axes"
# Two line plots of the loss, 0.9 to 1.5, medians and bands over 16 seeds, training and validation, with a dotted
# baseline at {baseline:.2f}. Left, patient 1, over 10 epochs: validation falls from {start_1:.2f} to {end_1:.2f} and
# is still falling; training ends at {train_1:.2f}. Right, patient 2, over 100 epochs: validation falls in the same bend
# from {start_2:.2f} to {end_2:.2f} and is still falling; training ends at {train_2:.2f}.

# %% tags=["training"]
fig, (left, right) = figures.axes(2)
chart(left, patient_1, baseline=baseline)
chart(right, patient_2, baseline=baseline, labels=False)
left.set(title="patient 1", ylim=(0.9, 1.5)), right.set(title="patient 2", ylim=(0.9, 1.5))
ends = [np.median(p["val_loss"][:, at]) for p in (patient_1, patient_2) for at in (0, -1)]
train_1, train_2 = (np.median(p["loss"][:, -1]) for p in (patient_1, patient_2))
figures.show(fig, "still-falling-alt", baseline=baseline, start_1=ends[0], end_1=ends[1], start_2=ends[2],
             end_2=ends[3], train_1=train_1, train_2=train_2)

# %%
compare("ten-times-as-long")

# %% tags=["training"]
print(claim("Patients 1 and 2 end with the same validation loss, to 4%, on nine seeds in ten.",
            abs(patient_1["val_loss"][:, -1] / patient_2["val_loss"][:, -1] - 1), "<", 0.04, share=0.9))
print(claim("Both still fall: patient 1 loses at least 1% in its last two epochs.",
            1 - patient_1["val_loss"][:, -1] / patient_1["val_loss"][:, -3], ">", 0.01))
print(claim("Patient 2 loses at least 1% in its last twenty epochs.",
            1 - patient_2["val_loss"][:, -1] / patient_2["val_loss"][:, -21], ">", 0.01))

# %% [markdown]
# **Compare with your prediction.** One sheet is the other one, stretched. The diagnosis of both is: still falling.

# %% [raw] tags=["question"]
# id = "epochs-or-rate"
# ask = "A curve still falls at the end, smoothly and slowly. From the curve alone: too few epochs, or a rate that is too low?"
# discuss = true
# [right]
# text = "the curve cannot say; try a higher rate first, because it costs no extra time"
# why = "The same curve belongs to both, and a higher rate may cure both. One run shows whether it does. If it falls lower and stays smooth, keep the rate. If it jumps, only more epochs are left, and they cost time."
# [[wrong]]
# text = "too few epochs: with a low rate it would hardly fall at all"
# misconception = "low-rate-means-flat"
# why = "Patient 2 has a low rate and falls as far as patient 1. It depends on how many steps it had."
# [[wrong]]
# text = "rate too low: with too few epochs it would fall steeply"
# misconception = "few-epochs-means-steep"
# why = "Patient 1 has few epochs. Drawn over the width of the page, its bend is that of patient 2."
# [[wrong]]
# text = "the curve cannot say; train longer, since a higher rate would make it jump"
# misconception = "higher-rate-is-unstable"
# why = "Only near the edge. Ten times the rate of patient 2 is that of patient 1, whose curve is as smooth. Try it first: it costs no extra time."
# [[wrong]]
# text = "neither: a smooth curve means that all is well"
# misconception = "shape-tells-everything"
# why = "It is smooth, and it has not arrived. Training on, or faster, would lower the loss."

# %% [markdown] given="1%: set in code as 0.99; 0.04 0.4: settings to try"
# ### Two cures
#
# Your turn. Change the rate or the epochs of patient 1, one of them, until the curve has arrived: no more than 1% of
# the validation loss lost in the last tenth of the epochs, clearly lower than before, and no turn.
#
# <details><summary>Hint 1</summary>Either number will do. Which of the two costs you no more time?</details>
# <details><summary>Hint 2</summary>Double the rate, run, and read the line that is printed. Double it again while it
# says "still falling".</details>
# <details><summary>A solution</summary>100 epochs at 0.04, or 10 epochs at 0.4.</details>

# %%
my_rate, my_epochs = 0.04, 10   # as patient 1

# %% tags=["training"]
# the run: that of patient 1 until you change something
as_before = (my_rate, my_epochs) == (0.04, 10)
mine = patient_1 if as_before else admit(sgd(my_rate), training, validation, epochs=my_epochs, batch_size=64).history
mine = np.median(mine["val_loss"], axis=0)
tenth = max(my_epochs // 10, 1)
print(f"validation loss at the end {mine[-1]:.2f}, lowest {mine.min():.2f}, "
      f"lost in the last tenth {1 - mine[-1] / mine[max(len(mine) - 1 - tenth, 0)]:.1%}")
# what the curve says: a turn, a level end, a lower end
turned, level = mine[-1] > 1.02 * mine.min(), mine[-1] > 0.99 * mine[max(len(mine) - 1 - tenth, 0)]
lower = mine[-1] < 0.95 * np.median(patient_1["val_loss"][:, -1])
print("too few epochs to see where it goes: take at least 5" if my_epochs < 5 else
      "above its lowest point: a turn, or jumps" if turned else "still falling" if not level else
      "arrived" if lower else "level, and hardly lower than patient 1: it crawls, or it cannot settle")

# %% [raw] tags=["prediction"]
# id = "after-the-cure"
# ask = "Patient 1 trains on to 100 epochs. (Ten times its rate makes the same run of patient 2.) Once the validation loss has leveled off, what does the training loss do?"
# [right]
# text = "it falls on, below the validation loss: a gap opens"
# why = "The weights are fitted to the training rows. There something is left to be learned, little of which holds for other films."
# [[wrong]]
# text = "it has leveled off too, at the same value: a run that has arrived has no gap"
# misconception = "gap-is-a-bug"
# why = "Rows that are learned from are judged better than others. A healthy run has a gap."
# [[wrong]]
# text = "it lies above the validation loss: it is a mean over the epoch"
# misconception = "running-mean-rules-the-gap"
# why = "That shows in the first epochs, in which the weights change a lot. Later an epoch changes little."
# [[wrong]]
# text = "it goes to 0: so many epochs are enough to learn the films by heart"
# misconception = "epochs-mean-trained"
# why = "What counts is the way, steps times their length. At this rate it is far too short for that."

# %% [raw] tags=["alt"] id="after-falling-alt" given="0.7 1.5: ends of the axis"
# Line plot of the loss, 0.7 to 1.5, over 100 epochs, median and band over 16 seeds, with a dotted baseline at
# {baseline:.2f} and a vertical dotted line at epoch 10, where patient 1 had stopped. Validation falls on from
# {before:.2f} to {after:.2f} and is nearly level at the end; training ends at {train:.2f}.

# %% tags=["training"]
fig, ax = figures.axes()
chart(ax, faster, baseline=baseline)
ax.axvline(10, color="black", linestyle=":")
ax.annotate("patient 1 had stopped here", (11, 1.35))
ax.set(ylim=(0.7, 1.5))
figures.show(fig, "after-falling-alt", baseline=baseline, before=ends[1], after=np.median(faster["val_loss"][:, -1]),
             train=np.median(faster["loss"][:, -1]))

# %%
compare("after-the-cure")

# %% tags=["training"]
both = np.minimum(patient_1["val_loss"][:, -1], patient_2["val_loss"][:, -1])
print(claim("Trained on, or ten times as fast, the validation loss ends at least 8% lower than patients 1 and 2.",
            1 - faster["val_loss"][:, -1] / both, ">", 0.08))
print(claim("There it loses less than 1% in the last ten epochs, on three seeds in four.",
            1 - faster["val_loss"][:, -1] / faster["val_loss"][:, -11], "<", 0.01, share=0.75))

# %% [markdown]
# **Compare with your prediction.** One figure shows the cure of both patients. A gap has opened, and it does no harm:
# validation has not risen.

# %% [raw] tags=["question"]
# id = "gap-while-falling"
# given = ["0.10 0.15: premises"]
# ask = "Training loss 0.10, validation loss 0.15, and both still fall. What do you do?"
# [right]
# text = "train on"
# why = "A gap is normal: the weights were fitted to the training rows. As long as validation falls, training on pays."
# [[wrong]]
# text = "stop: the gap says that it overfits"
# misconception = "any-gap-is-overfitting"
# why = "Overfitting shows in the validation loss itself: it turns. This one falls."
# [[wrong]]
# text = "a larger network: the training loss is not yet 0"
# misconception = "loss-must-reach-zero"
# why = "A loss above 0 does not show that the network is too small while it is still falling. And noise keeps it above 0 for good."
# [[wrong]]
# text = "look for a bug: both should be equal"
# misconception = "gap-is-a-bug"
# why = "Rows that were learned are judged better than others, without any bug."

# %% [markdown]
# ### Where it bites
#
# Somebody compares two networks after ten epochs each and keeps the lower one. What was compared is how fast they
# fall, not how low they get. Compare runs that have arrived, or say that the time was what you could afford.

# %% [markdown] given="30%: set in code as 0.3"
# ## 3. A gap
#
# Two patients, and the two curves of each lie apart.
#
# Patient 3 learned from 300 films, and 30% of their certificates had been typed in wrongly. The certificates of the
# validation films are right.

# %% [raw] tags=["prediction"]
# id = "three-in-ten-wrong"
# ask = "300 films, three certificates in ten wrong, 64 units, 30 epochs with Adam. What do the two curves of patient 3 do?"
# [right]
# text = "training falls all the way; validation turns early and ends above the baseline"
# why = "Few films and wrong certificates: there is much that can be learned by heart and is wrong elsewhere. It is the picture of section 1."
# [[wrong]]
# text = "both level off just below the baseline: three labels in ten cannot be learned"
# misconception = "noise-cannot-be-memorized"
# why = "Wrong labels can be learned by heart like right ones. The training loss falls on, and validation pays for it."
# [[wrong]]
# text = "both fall to the end: seven labels in ten are right, and the majority wins"
# misconception = "right-labels-outvote-wrong"
# why = "At first the majority does win, and validation falls. Then the network learns the wrong ones too, each by heart."
# [[wrong]]
# text = "training turns upward as well: wrong labels contradict right ones"
# misconception = "wrong-labels-raise-the-loss"
# why = "No two of these films have the same features, so nothing contradicts. Training makes the training loss small, with wrong labels too."

# %% tags=["training"]
def adam(rate=0.005, **more):
    return lambda: network(keras.optimizers.Adam(rate), **more)

# wrong certificates: one of the three others, at random
rng = np.random.default_rng(seed)
mistyped = some(len(task.y_train), 0.3, rng)
y_noisy = np.where(mistyped, (task.y_train + rng.integers(1, 4, len(mistyped))) % 4, task.y_train)
# the network of patient 3
recipe_3 = dict(validation=validation, epochs=30, batch_size=32)
patient_3 = admit(adam(0.01, units=(64,)), (task.X_train[:300], y_noisy[:300]), **recipe_3).history

# %% [raw] tags=["alt"] id="patient-3-alt"
# Line plot of the loss, 0 to {top:.1f}, over 30 epochs, medians and bands over 16 seeds, with a dotted baseline at
# {baseline:.2f}. Training falls to {loss:.2f}. Validation falls to {low:.2f} at epoch {turn}, turns, and climbs to
# {val:.2f}.

# %% tags=["training"]
fig, ax = figures.axes(height=3.4)
chart(ax, patient_3, baseline=baseline)
top, middle = 1.1 * np.percentile(patient_3["val_loss"][:, -1], 95), np.median(patient_3["val_loss"], axis=0)
ax.set(title="patient 3", ylim=(0, top))
figures.show(fig, "patient-3-alt", top=top, baseline=baseline, low=middle.min(), turn=int(middle.argmin()) + 1,
             val=middle[-1], loss=np.median(patient_3["loss"][:, -1]))

# %%
compare("three-in-ten-wrong")

# %% tags=["training"]
assert mistyped[:300].mean() == 0.3
print(claim("Patient 3 turns within the first 10 of the 30 epochs.", patient_3["val_loss"].argmin(axis=1) + 1, "<=",
            10))
print(claim("It ends with a validation loss at least 1.2 times the baseline, on nine seeds in ten.",
            patient_3["val_loss"][:, -1] / baseline, ">", 1.2, share=0.9))

# %% [markdown]
# **Compare with your prediction.** The turn comes early, and the end is worse than the baseline. You know the picture
# from section 1.
#
# Which of the two makes the turn, few films or wrong certificates? A curve of one run cannot say. An experiment can:
# few films or all, wrong certificates or right ones, all four.

# %% [raw] tags=["prediction"]
# id = "four-ways-to-overfit"
# given = "30%: set in code as 0.3; 1,487: the training films, printed in section 2"
# ask = "The same network, four times: 300 films or all 1,487, with 30% wrong labels or with right ones. The validation labels are always right. Which of the four turn?"
# discuss = true
# [right]
# text = "all four; they differ in how low they get before the turn, and how far they climb"
# why = "At this rate the network goes on to fit what is peculiar to its films, right labels or not. What few films and wrong labels cost can be read at the lowest point."
# [[wrong]]
# text = "only those with wrong labels: right labels cannot mislead"
# misconception = "right-labels-cannot-mislead"
# why = "Films that are much alike in their features can have different certificates. Learning each by heart misleads, too."
# [[wrong]]
# text = "only those with 300 films: enough data cannot be overfitted"
# misconception = "enough-data-cannot-overfit"
# why = "More films make it harder. A network with time and room still learns them."
# [[wrong]]
# text = "only patient 3: it takes both"
# misconception = "one-cause-a-symptom"
# why = "It takes neither: all films with right labels turn as well. With either of the two, the lowest point and the end lie higher."

# %% tags=["training"]
films_of = {"300 films, 30% wrong": (task.X_train[:300], y_noisy[:300]),
            "300 films, right": (task.X_train[:300], task.y_train[:300]),
            "all films, 30% wrong": (task.X_train, y_noisy), "all films, right": training}
four = {name: patient_3 if "300 films, 30%" in name else admit(adam(0.01, units=(64,)), films, **recipe_3).history
        for name, films in films_of.items()}
# what each had reached, and where it ended
print("                          lowest validation loss   at epoch   at the end")
for name, history in four.items():
    middle = np.median(history["val_loss"], axis=0)
    print(f"{name:22} {middle.min():20.2f} {middle.argmin() + 1:14} {middle[-1]:12.2f}")

# %% [raw] tags=["alt"] id="four-ways-alt" given="0.8: end of the axis"
# Line plot of the validation loss, 0.8 to {top:.1f}, over 30 epochs, medians and bands over 16 seeds, four curves.
# All fall, turn within ten epochs, and climb. 300 films with wrong labels end highest, at {a:.2f}, then 300 films
# with right labels at {b:.2f}, all films with wrong labels at {c:.2f} and with right labels at {d:.2f}. A dotted
# baseline at {baseline:.2f}.

# %% tags=["training"]
fig, ax = figures.axes(xlabel="epoch", ylabel="validation loss", height=4.8)
figures.lines(ax, np.arange(1, 31), {name: history["val_loss"] for name, history in four.items()}, label_at="legend")
ax.axhline(baseline, color="black", linestyle=":")
ax.set(ylim=(0.8, top))
figures.show(fig, "four-ways-alt", top=top, baseline=baseline,
             **dict(zip("abcd", [np.median(h["val_loss"][:, -1]) for h in four.values()])))

# %%
compare("four-ways-to-overfit")

# %% tags=["training"]
low = {name: history["val_loss"].min(axis=1) for name, history in four.items()}
rise = {name: history["val_loss"][:, -1] / low[name] for name, history in four.items()}
a, b, c, d = films_of
# as the alt text says
assert max(np.median(history["val_loss"], axis=0).argmin() + 1 for history in four.values()) <= 10
print(claim("All four turn: each ends at least 5% above its lowest validation loss.",
            np.min(list(rise.values()), axis=0) - 1, ">", 0.05))
print(claim("300 films end at least 1.2 times as high as all films, right labels both times, on nine seeds in ten.",
            four[b]["val_loss"][:, -1] / four[d]["val_loss"][:, -1], ">", 1.2, share=0.9))
print(claim("Right labels in place of wrong ones lower the lowest point, with all films, by at least 4%.",
            1 - low[d] / low[c], ">", 0.04))
print(claim("All films in place of 300 lower the lowest point, with right labels, by at least 4%.",
            1 - low[d] / low[b], ">", 0.04))

# %% [markdown]
# **Compare with your prediction.** The four curves have one shape. Nobody can read from it whether labels are wrong or
# films are few. The experiment can: train on more films, or on corrected labels, and see whether the lowest point moves.
#
# Stopping at the turn is a third cure. It costs nothing, and it is in Keras: `EarlyStopping(patience=…,
# restore_best_weights=True)`. (Notebook 06 stops on a metric with it.) It waits `patience` epochs for a lower validation loss, stops, and goes back to the best
# epoch it has seen.
#
# ### Exercise 3.1: stopping early, by hand
#
# Write what it does: return the epoch in which it stops and the epoch whose weights it keeps, both counted from 1. It
# stops in the epoch that is the `patience`-th in a row without a loss lower than the best so far; if that never
# happens, in the last epoch.

# %% tags=["exercise"] id="stop-early"
def stop_early(val_loss, patience):
    """val_loss: (epochs,). patience: a whole number from 1 on. Returns (epoch it stops in, epoch it keeps)."""
    ### BEGIN SOLUTION
    best, kept, waited = float("inf"), 0, 0
    for epoch, value in enumerate(val_loss, 1):
        if value < best:
            best, kept, waited = value, epoch, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, kept
    return len(val_loss), kept
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([0.9, 0.7, 0.6, 0.65, 0.7, 0.8]), 2),
         (np.array([0.9, 0.7, 0.75, 0.6, 0.65, 0.5, 0.55, 0.58, 0.6, 0.4]), 3),
         (np.array([0.9, 0.8, 0.7]), 2), (np.array([0.5, 0.5, 0.5, 0.4]), 2), (np.array([0.9, 0.95, 0.5, 0.6]), 1),
         (np.array([0.9, 0.7, 0.8, 0.75, 0.6, 0.7, 0.65]), 2), (np.array([0.9, 0.6, 0.7]), 3)]
labels = ["val_loss", "patience"]

# %% tags=["hint"]
# Go through the epochs one by one and keep three things in mind: the best loss so far, its epoch, and how many epochs in a row were no better.

# %% tags=["hint"]
# A lower loss sets the waiting back to 0; any other epoch, an equal one too, adds 1. When the waiting reaches `patience`, stop in that very epoch.

# %% tags=["right"]
def stop_early(val_loss, patience):
    kept = 1
    for epoch in range(1, len(val_loss) + 1):
        if val_loss[epoch - 1] < val_loss[kept - 1]:
            kept = epoch
        if epoch - kept == patience:
            return (epoch, kept)
    return (len(val_loss), kept)

# %% tags=["wrong"] misconception="best-of-all-epochs"
# You look at epochs that come after the stop. Whoever has stopped never sees them.
def stop_early(val_loss, patience):
    kept = int(np.argmin(val_loss)) + 1
    return min(kept + patience, len(val_loss)), kept

# %% tags=["wrong"] misconception="stop-is-restore"
# You keep the epoch in which it stops. It must go back to the best one that it has seen.
def stop_early(val_loss, patience):
    best, waited = float("inf"), 0
    for epoch, value in enumerate(val_loss, 1):
        waited = 0 if value < best else waited + 1
        best = min(best, value)
        if waited == patience:
            return epoch, epoch
    return len(val_loss), len(val_loss)

# %% tags=["wrong"] misconception="stop-is-restore"
# When it never stops, you keep the last epoch. It still goes back to the best one that it has seen.
def stop_early(val_loss, patience):
    best, kept, waited = float("inf"), 0, 0
    for epoch, value in enumerate(val_loss, 1):
        if value < best:
            best, kept, waited = value, epoch, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, kept
    return len(val_loss), len(val_loss)

# %% tags=["wrong"] misconception="equal-is-better"
# An epoch with an equal loss is no better: it must not end the waiting.
def stop_early(val_loss, patience):
    best, kept, waited = float("inf"), 0, 0
    for epoch, value in enumerate(val_loss, 1):
        if value <= best:
            best, kept, waited = value, epoch, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, kept
    return len(val_loss), kept

# %% tags=["wrong"] misconception="waiting-never-ends"
# Your waiting is never set back. A lower loss must start it anew.
def stop_early(val_loss, patience):
    best, kept, waited = float("inf"), 0, 0
    for epoch, value in enumerate(val_loss, 1):
        if value < best:
            best, kept = value, epoch
        else:
            waited += 1
        if waited == patience:
            return epoch, kept
    return len(val_loss), kept

# %% tags=["wrong"] misconception="compared-with-the-last-epoch"
# You compare each epoch with the one before it. What counts is the best so far.
def stop_early(val_loss, patience):
    kept, waited = 1, 0
    for epoch in range(2, len(val_loss) + 1):
        if val_loss[epoch - 1] < val_loss[epoch - 2]:
            kept, waited = epoch, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, kept
    return len(val_loss), kept

# %% tags=["wrong"] misconception="off-by-one-epoch"
# You stop one epoch too late: in the `patience`-th epoch without a better one, not in the one after.
def stop_early(val_loss, patience):
    best, kept, waited = float("inf"), 0, 0
    for epoch, value in enumerate(val_loss, 1):
        if value < best:
            best, kept, waited = value, epoch, 0
        else:
            waited += 1
        if waited > patience:
            return epoch, kept
    return len(val_loss), kept

# %% tags=["wrong"] misconception="counting-from-zero"
# Your epochs count from 0. They count from 1 here, as in the figures.
def stop_early(val_loss, patience):
    best, kept, waited = float("inf"), 0, 0
    for epoch, value in enumerate(val_loss):
        if value < best:
            best, kept, waited = value, epoch, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, kept
    return len(val_loss) - 1, kept

# %% tags=["training"]
# Keras' own callback, shown the curves of patient 3 epoch by epoch
watched = network("sgd")   # any model will do: the callback looks at the loss that it is told

def keras_stops(val_loss, patience=4, model=watched):
    stopper = keras.callbacks.EarlyStopping(patience=patience, restore_best_weights=True)
    model.stop_training = False
    stopper.set_model(model), stopper.on_train_begin()
    for epoch, value in enumerate(val_loss):
        model.stop_training or stopper.on_epoch_end(epoch, {"val_loss": value})
    return stopper.stopped_epoch + 1 if model.stop_training else len(val_loss), stopper.best_epoch + 1

def stopped_early(history):
    # for each seed, the validation loss of the epoch that is kept
    return np.array([curve[keras_stops(curve)[1] - 1] for curve in history["val_loss"]])

print("first seed: Keras", keras_stops(patient_3["val_loss"][0]), "  yours (None: not written yet)",
      stop_early(patient_3["val_loss"][0], 4))

# %% [raw] tags=["prediction"]
# id = "what-stopping-is-worth"
# ask = "Patient 3 gets three cures in turn: stop early; stop early and right certificates; stop early and right certificates and all films. Use the table of the four runs: what does each leave of the validation loss?"
# [right]
# text = "stopping takes away the climb; right labels and more films lower what was the lowest point"
# why = "Stopping goes back to the best that the run had seen. Only better or more data make that best better."
# [[wrong]]
# text = "stopping does all there is to do; the other two add nothing"
# misconception = "stopping-cures-everything"
# why = "Stopping adds no knowledge. The lowest point of 300 films with wrong certificates is still theirs."
# [[wrong]]
# text = "stopping does nothing: the weights were already spoiled at the turn"
# misconception = "overfit-from-the-start"
# why = "Up to the turn the validation loss fell: what was learned until then holds for other films."
# [[wrong]]
# text = "all three lead to the same loss: overfitting is overfitting"
# misconception = "one-cause-a-symptom"
# why = "The symptom is the same, the causes are not. Each cause that is removed lowers the loss by its own share."

# %% tags=["training"]
a, b, c, d = films_of
cures = {"patient 3, at the end": patient_3["val_loss"][:, -1], "stopped early": stopped_early(patient_3),
         "and right certificates": stopped_early(four[b]), "and all films": stopped_early(four[d])}
for name, values in cures.items():
    print(f"{name:24} {np.median(values):.2f}   ({values.min():.2f} to {values.max():.2f})")

# %%
compare("what-stopping-is-worth")

# %% tags=["training"]
print(claim("Stopped early, patient 3 ends with less than three quarters of its validation loss.",
            cures["stopped early"] / cures["patient 3, at the end"], "<", 0.75))
print(claim("Stopped early with right certificates, it ends lower still, on nine seeds in ten.",
            1 - cures["and right certificates"] / cures["stopped early"], ">", 0, share=0.9))
print(claim("Stopped early with all films and right certificates, it ends at least 4% lower than that.",
            1 - cures["and all films"] / cures["and right certificates"], ">", 0.04))

# %% [markdown] given="60%: set in code as 0.6"
# **Compare with your prediction.** Early stopping treats the symptom, and costs nothing. Lower than the lowest point of the
# run it cannot get; for that it takes better or more data. (The validation loss chose the epoch, so it is a little too
# friendly: [notebook 06](06_closing_the_gap.ipynb), section 6.)
#
# ### Patient 4: training above validation
#
# Patient 4 has all films, right certificates, two hidden layers, and dropout: 60% of the hidden units are set to 0 at
# random.

# %% [raw] tags=["prediction"]
# id = "below-the-training-loss"
# ask = "With dropout, the validation loss of patient 4 lies below its training loss, in the first epochs and at the end. What is behind it?"
# [right]
# text = "the training loss is measured with units switched off, and while the weights still improve"
# why = "Keras reports the mean over the batches of an epoch, with dropout at work. The validation loss is measured after the epoch, with all units. Measured alike, training is the lower one."
# [[wrong]]
# text = "a leak: validation rows stand among the training rows"
# misconception = "any-gap-is-a-leak"
# why = "A leak can make validation as good as training, hardly better. Here two different measurements are compared."
# [[wrong]]
# text = "it has not learned enough: that is what validation below training means"
# misconception = "sign-of-the-gap-is-the-fit"
# why = "The sign of the gap does not say that. Training on may help or not; first measure both alike."
# [[wrong]]
# text = "the validation films happen to be easier"
# misconception = "chance-explains-it"
# why = "That could be, and can be checked: measure the training films like the validation films. Then training is lower."

# %% tags=["training"]
runs_4 = admit(adam(units=(32, 32), dropout=0.6), training, validation, epochs=15, batch_size=64)
patient_4 = runs_4.history
# the training loss after the last epoch, with all units: from predict, as for the validation films
p = runs_4.predict(task.X_train)
alike = -np.log(p[:, np.arange(len(task.y_train)), task.y_train]).mean(axis=1)

# %% [raw] tags=["alt"] id="patient-4-alt" given="0.7 1.5: ends of the axis; 15: epochs, set in code"
# Line plot of the loss, 0.7 to 1.5, over 15 epochs, medians and bands over 16 seeds, with a dotted baseline at
# {baseline:.2f}. Both curves fall, steeply at first. Training, as reported, lies above validation in {above} of the
# 15 epochs, and goes from {loss1:.2f} to {loss:.2f}; validation goes from {val1:.2f} to {val:.2f}. A ringed point at epoch 15 marks the training loss measured like validation: {alike:.2f}, below both.

# %% tags=["training"]
fig, ax = figures.axes()
chart(ax, patient_4, baseline=baseline)
figures.mark(ax, 15, np.median(alike), "training, measured alike", offset=(-190, -8))
ax.set(title="patient 4", ylim=(0.7, 1.5))
reported, other = (np.median(patient_4[name], axis=0) for name in ("loss", "val_loss"))
figures.show(fig, "patient-4-alt", baseline=baseline, alike=np.median(alike), above=int((reported > other).sum()),
             loss1=reported[0], loss=reported[-1], val1=other[0], val=other[-1])

# %%
compare("below-the-training-loss")

# %% tags=["training"]
print(claim("With dropout, the reported training loss ends at least 2% above the validation loss.",
            patient_4["loss"][:, -1] / patient_4["val_loss"][:, -1] - 1, ">", 0.02))
print(claim("Measured alike, the training loss ends at least 2% below the validation loss.",
            1 - alike / patient_4["val_loss"][:, -1], ">", 0.02))

# %% [markdown]
# **Compare with your prediction.** Patient 4 is not ill. This is the gap of dropout, and the cure is a measurement:
# `model.evaluate` on the training rows, after training. [Notebook 05](05_metric_versus_loss.ipynb) takes such gaps
# apart, term by term.
#
# ### Where it bites
#
# A team reads "validation below training", concludes that the validation rows leaked, and spends a week on the
# search. One call of `evaluate` on the training rows would have explained the gap.

# %% [markdown]
# ## 4. Flat
#
# Three patients, numbers 5, 6 and 7, do not move. In alphabetical order, the three causes:
#
# - **Dead units**: a ReLU unit gives 0 for every film. Its slope is 0 as well, so it never learns again.
# - No signal: the certificates belong to other films. There is nothing to be found in the features.
# - Too little **capacity**: the network has too few units to express the pattern.
#
# Which patient has which cause is drawn from the `seed`. So you may read the cell: it will not tell.

# %% tags=["training"]
def in_own_units(X):
    """The film features as they were before scaling: years, minutes, points."""
    # undo the scaling of each column that was scaled
    X = X.copy()
    for name, (mean, std) in task.scaling.items():
        X[:, task.feature_names.index(name)] *= std
        X[:, task.feature_names.index(name)] += mean
    return X

# the patients: a network with one hidden unit gets the digits, the others get films
digits = data.digits()

def one_unit(units=(1,)):
    return network(keras.optimizers.Adam(0.03), units=units, activation="tanh", inputs=64, outputs=10)

# how each is built, its training rows, its validation rows
ward = {"dead units": (sgd(0.04), (in_own_units(task.X_train), task.y_train), (in_own_units(task.X_val), task.y_val)),
        "no signal": (adam(), (task.X_train, np.roll(task.y_train, 1)), (task.X_val, np.roll(task.y_val, 1))),
        "too little capacity": (one_unit, (digits.X_train, digits.y_train), (digits.X_val, digits.y_val))}
cause_of = dict(zip((5, 6, 7), np.random.default_rng(seed).permutation(list(ward)).tolist()))
runs_of = {number: admit(*ward[cause], epochs=12, batch_size=64) for number, cause in cause_of.items()}

# %% [markdown]
# The three learn from different data, so we divide each loss by a baseline: the training loss by that of the training
# rows, the validation loss by that of the validation rows. 1 is then what a constant reaches. The first two epochs are left out of the figure: there every network is still on its way.

# %% [raw] tags=["prediction"]
# id = "three-flat-curves"
# ask = "The three curves will be flat, or nearly so. Which of the three causes will you be able to tell from the validation curves alone?"
# discuss = true
# [right]
# text = "too little capacity: it is flat well below the baseline. The other two both lie at the baseline"
# why = "A network that is too small has learned something, as much as fits in. Without signal, and with dead units, nothing can be learned but the shares of the classes: that is the baseline."
# [[wrong]]
# text = "all three: each has a curve of its own"
# misconception = "a-curve-for-each-cause"
# why = "Whether nothing is there to be learned or nothing can be learned any more: the best constant is what is left."
# [[wrong]]
# text = "dead units: their loss does not move at all, from the first epoch on"
# misconception = "dead-means-frozen"
# why = "The last layer still learns its biases, so the loss comes to the baseline first. After that it looks much like the patient without signal."
# [[wrong]]
# text = "none: flat is flat"
# misconception = "flat-has-no-level"
# why = "Flat has a level. One of them lies clearly below the baseline."

# %% tags=["training"]
def base(training, validation):
    """The validation loss of always giving the shares of the classes among the training rows."""
    y, y_val = training[1], validation[1]
    return -np.mean(np.log((np.bincount(y) / len(y))[y_val]))

# each loss is divided by the baseline of the rows on which it was measured
flat = {}
for number, cause in cause_of.items():
    _, fitted, held = ward[cause]
    own = {"loss": base(fitted, fitted), "val_loss": base(fitted, held)}
    flat[number] = {name: values / own[name] for name, values in runs_of[number].history.items()}

# %% [raw] tags=["alt"] id="flat-alt" given="1.3: end of the axis; 5 6 7: numbers of patients"
# Three line plots of the loss divided by the baseline, 0 to 1.3, from epoch 3 to 12, medians and bands over 16 seeds,
# with a dotted line at 1. Patient 5: training goes from {p5_loss3:.2f} to {p5_loss:.2f}, validation from {p5_val3:.2f}
# to {p5_val:.2f}. Patient 6: training {p6_loss3:.2f} to {p6_loss:.2f}, validation {p6_val3:.2f} to {p6_val:.2f}.
# Patient 7: training {p7_loss3:.2f} to {p7_loss:.2f}, validation {p7_val3:.2f} to {p7_val:.2f}.

# %% tags=["training"]
fig, panels = figures.axes(3, height=3.6)
numbers = {}
for ax, (patient, history) in zip(panels, flat.items()):
    # from the third epoch on
    for name in ["loss", "val_loss"]:
        middle = np.median(history[name], axis=0)
        numbers |= {f"p{patient}_{name.replace('val_loss', 'val')}{at}": middle[e] for at, e in [("3", 2), ("", -1)]}
    lines = {"training": history["loss"][:, 2:], "validation": history["val_loss"][:, 2:]}
    figures.lines(ax, np.arange(3, 13), lines, label_at="legend" if patient == 5 else None)
    ax.axhline(1, color="black", linestyle=":", linewidth=1.5)
    ax.set(title=f"patient {patient}", xlabel="epoch", ylabel="loss / baseline" if patient == 5 else "", ylim=(0, 1.3))
figures.show(fig, "flat-alt", **numbers)

# %%
compare("three-flat-curves")

# %% [markdown]
# **Compare with your prediction.** One validation curve lies below the dotted line. Two lie on it, or a little above.
#
# Now look at the training curves of these two. One stays on the line: its units are dead, or it has no time to learn. The
# other sinks a little: it learns something by heart that does not hold for other films. That is a hint, and a weak one. An
# experiment makes the difference large.

# %% [raw] tags=["prediction"]
# id = "which-can-memorize"
# given = "32 150: settings, set in code"
# ask = "The experiment: take 32 training rows and train the same patient on these alone, for 150 epochs. Which of the three can learn these rows, so that the training loss goes toward 0?"
# [right]
# text = "only the one without signal"
# why = "32 rows can be learned by heart, right labels or wrong ones, if the network has room and its units are alive. Too small, it has no room; dead, it cannot move."
# [[wrong]]
# text = "the one without signal cannot; the other two can"
# misconception = "noise-cannot-be-memorized"
# why = "Learning by heart needs no pattern. What it needs is room, and living units."
# [[wrong]]
# text = "all three: 32 rows are few"
# misconception = "few-rows-need-no-capacity"
# why = "Few rows are easy for a network that works. These networks are what is being tested."
# [[wrong]]
# text = "none: what is flat stays flat"
# misconception = "flat-stays-flat"
# why = "The three are flat for different reasons, and one of the reasons lies in the labels, not in the network."

# %% [markdown]
# This is the **memorize test**.

# %% tags=["training"]
memorized = {}
for number, cause in cause_of.items():
    # 32 rows alone, long enough to learn them by heart
    build, (X, y), _ = ward[cause]
    few = fit_replicates(build, X[:32], y[:32, None], seeds=16, base_seed=1000 * seed, epochs=150, batch_size=32)
    # the loss that is left, as a share of the baseline of these rows
    shares = np.bincount(y[:32]) / 32
    memorized[number] = few.history["loss"][:, -1] / -np.mean(np.log(shares[y[:32]]))
    print(f"patient {number}: training loss on 32 rows, divided by their baseline: {np.median(memorized[number]):.2f} "
          f"({memorized[number].min():.2f} to {memorized[number].max():.2f})")

# %%
compare("which-can-memorize")

# %% [markdown]
# **Compare with your prediction.** The two on the dotted line are now apart. The test costs seconds. Where 32 rows
# cannot be fitted, the fault lies in the network, in the scale of its features or in its rate. Where a flat run can fit
# them, look at the labels. Write down your diagnosis of all three; the next cell judges it.

# %%
my_diagnosis = {5: "", 6: "", 7: ""}   # "dead units", "no signal" or "too little capacity"

# %%
def judge(diagnosis):
    for number, said in diagnosis.items():
        level, memory = np.median(flat[number]["val_loss"][:, -1]), np.median(memorized[number])
        facts = f"its level is {level:.2f} of the baseline, and of 32 rows it leaves {memory:.2f}"
        if said not in ward:
            print(f"{number}: not diagnosed yet. Write one of: {', '.join(ward)}.")
        elif said == cause_of[number]:
            print(f"{number}: {said}. That fits: {facts}.")
        else:
            expected = {"dead units": "at the baseline, and unable to learn 32 rows",
                        "no signal": "at the baseline, and able to learn 32 rows by heart",
                        "too little capacity": "below the baseline, and unable to learn 32 rows"}[said]
            print(f"{number}: {said}? Then it would be {expected}. But {facts}.")

judge(my_diagnosis)

# %% tags=["training"]
by_cause = {cause: number for number, cause in cause_of.items()}
level = {cause: flat[number]["val_loss"][:, -1] for cause, number in by_cause.items()}
memory = {cause: memorized[number] for cause, number in by_cause.items()}
sunk = {cause: 1 - flat[number]["loss"][:, -1] for cause, number in by_cause.items()}
print(claim("Without signal, the training loss sinks at least 2% below its baseline.", sunk["no signal"], ">", 0.02))
print(claim("With dead units it does not sink by 1%.", sunk["dead units"], "<", 0.01, share=0.9))
print(claim("Without signal and with dead units, the validation loss ends within 8% of the baseline.",
            np.maximum(abs(level["no signal"] - 1), abs(level["dead units"] - 1)), "<", 0.08, share=0.9))
print(claim("With too little capacity it ends below 0.9 of the baseline.", level["too little capacity"], "<", 0.9))
print(claim("Without signal, 32 rows are learned to below 0.2 of their baseline.", memory["no signal"], "<", 0.2))
print(claim("With dead units, or one unit, more than 0.4 of it is left.",
            np.minimum(memory["dead units"], memory["too little capacity"]), ">", 0.4, share=0.9))

# %% [markdown]
# ### Exercise 4.1: how many units are dead?
#
# Dead units can be counted. Take the outputs of a hidden ReLU layer for many rows, and decide for each unit.

# %% tags=["exercise"] id="dead-share"
def dead_share(hidden):
    """hidden: (rows, units), outputs of a ReLU layer. Returns the share of units that are dead on these rows."""
    ### BEGIN SOLUTION
    dead = np.all(hidden == 0, axis=0)
    return np.mean(dead)
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([[0.0, 0.2, 0.0], [0.0, 0.0, 1.5], [0.0, 3.0, 0.0], [0.0, 0.0, 0.0]]),),
         (np.array([[0.0, 0.0, 0.3, 0.0], [0.0, 1e-6, 0.1, 0.0]]),), (np.array([[0.4, 0.7], [0.2, 0.1]]),),
         (np.zeros((3, 2)),), (np.array([[0.0, 0.0, 0.0, 0.0], [0.0, 0.5, 0.0, 0.0], [0.6, 0.1, 0.0, 2.0]]),),
         (np.array([[0.5, 0.0, 0.0], [0.5, 0.0, 0.7]]),)]
labels = ["hidden"]

# %% tags=["hint"]
# A unit is a column. One row for which it is above 0 is enough to keep it alive.

# %% tags=["hint"]
# `np.all(..., axis=0)` asks a question of each column: is it true in all rows?

# %% tags=["right"]
def dead_share(hidden):
    return 1 - np.mean((hidden > 0).any(axis=0))

# %% tags=["right"]
def dead_share(hidden):
    return np.mean(hidden.max(axis=0) == 0)

# %% tags=["wrong"] misconception="zero-means-dead"
# That is the share of zeros. A living unit is 0 for many rows: that is what ReLU does.
def dead_share(hidden):
    return np.mean(hidden == 0)

# %% tags=["wrong"] misconception="zero-means-dead"
# You call a unit dead as soon as it is 0 for one row. It is dead when it is 0 for all of them.
def dead_share(hidden):
    return np.mean(np.any(hidden == 0, axis=0))

# %% tags=["wrong"] misconception="mean-over-the-wrong-axis"
# You look along the rows: that counts films for which all units are 0. Ask each column.
def dead_share(hidden):
    return np.mean(np.all(hidden == 0, axis=1))

# %% tags=["wrong"] misconception="mean-over-the-wrong-axis"
# You count dead units and divide by the number of rows. Divide by the number of units.
def dead_share(hidden):
    return np.sum(np.all(hidden == 0, axis=0)) / len(hidden)

# %% tags=["wrong"] misconception="constant-means-dead"
# A small output is not 0. A unit that gives a little learns a little.
def dead_share(hidden):
    return np.mean(hidden.max(axis=0) < 1e-3)

# %% tags=["wrong"] misconception="unchanging-means-dead"
# You count units whose output never changes. A unit that always gives one half has a slope, and learns.
def dead_share(hidden):
    return np.mean(hidden.max(axis=0) == hidden.min(axis=0))

# %% tags=["wrong"] misconception="complement-of-the-share"
# That is the share of units that live.
def dead_share(hidden):
    return np.mean(np.any(hidden > 0, axis=0))

# %% tags=["wrong"] misconception="count-is-not-a-share"
# That is the number of dead units. A share is due.
def dead_share(hidden):
    return np.sum(np.all(hidden == 0, axis=0))

# %% tags=["training"]
# the hidden layer of each patient, first seed, training rows (None: not written yet)
for number, cause in cause_of.items():
    hidden = runs_of[number].model(0).layers[0](ward[cause][1][0]).numpy()
    print(f"patient {number}: smallest output {hidden.min():.2f}, largest {hidden.max():.2f}, dead share",
          dead_share(np.maximum(hidden, 0)))

# %% [markdown]
# (A smallest output below 0 belongs to the patient whose unit is no ReLU. There the count says nothing.)
#
# ### The cures
#
# The dead units died of their features. The films stood in their own units, years in four digits among zeros and ones. So
# many units gave 0 for every film from the start, and the first slopes were so enormous that the first steps put out the
# others. The cure is to scale the features: then patient and network are
# those of section 2. Too little capacity: give it units. And no signal?
#
# Somebody prepares the rows for training. This is how. What comes out has no signal.
#
# ### Exercise 4.2: rows for training
#
# The function shuffles the rows, splits them and scales them by the training rows. Something in it is wrong. Repair
# it.

# %% tags=["exercise"] id="prepare-rows"
def prepare(X, y, share, seed):
    """X: (n, features), y: (n,). Shuffles; the first `share` of the rows train, the others validate.

    Returns X_train, y_train, X_val, y_val, with X scaled by means and standard deviations of the training rows.
    """
    rng = np.random.default_rng(seed)
    cut = int(len(X) * share)
    ### BEGIN SOLUTION
    order = rng.permutation(len(X))
    X, y = X[order], y[order]
    ### END SOLUTION
    mean, std = X[:cut].mean(axis=0), X[:cut].std(axis=0)
    X = (X - mean) / std
    return X[:cut], y[:cut], X[cut:], y[cut:]

# %% tags=["start"]
def prepare(X, y, share, seed):
    """X: (n, features), y: (n,). Shuffles; the first `share` of the rows train, the others validate.

    Returns X_train, y_train, X_val, y_val, with X scaled by means and standard deviations of the training rows.
    """
    rng = np.random.default_rng(seed)
    cut = int(len(X) * share)
    X = X[rng.permutation(len(X))]
    y = y[rng.permutation(len(y))]
    mean, std = X[:cut].mean(axis=0), X[:cut].std(axis=0)
    X = (X - mean) / std
    return X[:cut], y[:cut], X[cut:], y[cut:]

# %% tags=["cases"]
def _rows(n, columns, seed):
    rng = np.random.default_rng(seed)
    y = np.arange(n)                      # the label is the number of the row
    return np.column_stack([y * 2.0 + 5, rng.normal(3, 2, (n, columns - 1))]), y

cases = [(*_rows(20, 2, 0), 0.8, 0), (*_rows(20, 3, 1), 0.5, 1), (*_rows(15, 2, 2), 0.6, 7)]
labels = ["X", "y", "share", "seed"]

def probe(answer, X, y, share, seed):
    X_train, y_train, X_val, y_val = answer(X.copy(), y.copy(), share, seed)
    every, cut = np.concatenate([y_train, y_val]).tolist(), int(len(y) * share)
    # in each part the first column is a straight line over the label, if features and label stay together
    lines = [np.polyfit(labels, rows[:, 0], 1) for rows, labels in [(X_train, y_train), (X_val, y_val)]]
    together = all(np.allclose(np.polyval(line, labels), rows[:, 0]) for line, rows, labels in
                   zip(lines, (X_train, X_val), (y_train, y_val)))
    # by the training rows or by all, or not at all
    def standard(rows):
        return np.allclose(rows.mean(axis=0), 0) and np.allclose(rows.std(axis=0), 1)
    scaled_by = ("each part by itself" if standard(X_train) and standard(X_val) else
                 "training rows" if standard(X_train) and (np.allclose(*lines) or not together) else
                 "all rows" if standard(np.concatenate([X_train, X_val])) else
                 "validation rows" if standard(X_val) else "nothing that fits")
    return {"rows to train": len(y_train), "rows to validate": len(y_val),
            "every row once": sorted(every) == sorted(y.tolist()), "shuffled": every != sorted(every),
            "validation rows are a sample": sorted(y_val.tolist()) != list(range(cut, len(y))),
            "features and label of a row stay together": bool(together), "scaled by": scaled_by}

# %% tags=["hint"]
# Follow one film, by hand, through the function. Where is its row of X after each line, and where its label?

# %% tags=["hint"]
# Each call of `rng.permutation` draws a new order. X and y need the same one.

# %% tags=["right"]
def prepare(X, y, share, seed):
    cut = int(len(X) * share)
    order = np.random.default_rng(seed).permutation(len(y))
    train, val = order[:cut], order[cut:]
    mean, std = X[train].mean(axis=0), X[train].std(axis=0)
    return (X[train] - mean) / std, y[train], (X[val] - mean) / std, y[val]

# %% tags=["right"]
def prepare(X, y, share, seed):
    cut = int(len(X) * share)
    X = X[np.random.default_rng(seed).permutation(len(X))]
    y = y[np.random.default_rng(seed).permutation(len(y))]
    mean, std = X[:cut].mean(axis=0), X[:cut].std(axis=0)
    X = (X - mean) / std
    return X[:cut], y[:cut], X[cut:], y[cut:]

# %% tags=["wrong"] misconception="order-does-not-matter"
# Rows and labels belong together again, but nothing is shuffled now. The last rows of a sorted table are no sample.
def prepare(X, y, share, seed):
    cut = int(len(X) * share)
    mean, std = X[:cut].mean(axis=0), X[:cut].std(axis=0)
    X = (X - mean) / std
    return X[:cut], y[:cut], X[cut:], y[cut:]

# %% tags=["wrong"] misconception="shuffled-apart"
# Now only one of the two is shuffled. Each film still gets another film's label.
def prepare(X, y, share, seed):
    rng = np.random.default_rng(seed)
    cut = int(len(X) * share)
    X = X[rng.permutation(len(X))]
    mean, std = X[:cut].mean(axis=0), X[:cut].std(axis=0)
    X = (X - mean) / std
    return X[:cut], y[:cut], X[cut:], y[cut:]

# %% tags=["wrong"] misconception="order-does-not-matter"
# You shuffle after the cut. The validation rows are still the last of the table, and those are no sample.
def prepare(X, y, share, seed):
    rng = np.random.default_rng(seed)
    cut = int(len(X) * share)
    mean, std = X[:cut].mean(axis=0), X[:cut].std(axis=0)
    X = (X - mean) / std
    order = rng.permutation(cut)
    return X[:cut][order], y[:cut][order], X[cut:], y[cut:]

# %% tags=["wrong"] misconception="scaled-each-by-itself"
# The rows are right now. But each part is scaled by itself: use the numbers of the training rows for both.
def prepare(X, y, share, seed):
    cut = int(len(X) * share)
    order = np.random.default_rng(seed).permutation(len(y))
    X, y = X[order], y[order]
    train, val = [(rows - rows.mean(axis=0)) / rows.std(axis=0) for rows in (X[:cut], X[cut:])]
    return train, y[:cut], val, y[cut:]

# %% tags=["wrong"] misconception="scaled-before-the-split"
# The rows are right now. But you scale by all of them: the validation rows must not help to scale.
def prepare(X, y, share, seed):
    rng = np.random.default_rng(seed)
    cut = int(len(X) * share)
    order = rng.permutation(len(X))
    X, y = X[order], y[order]
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return X[:cut], y[:cut], X[cut:], y[cut:]

# %% tags=["wrong"] misconception="mended-too-much"
# The rows are right now, but the scaling is no longer what it was: each column less its mean, by its standard deviation, both from the training rows.
def prepare(X, y, share, seed):
    rng = np.random.default_rng(seed)
    cut = int(len(X) * share)
    order = rng.permutation(len(X))
    X, y = X[order], y[order]
    return X[:cut], y[:cut], X[cut:], y[cut:]

# %% tags=["wrong"] misconception="mended-too-much"
# Your parts are exchanged: the first `share` of the rows is for training.
def prepare(X, y, share, seed):
    order = np.random.default_rng(seed).permutation(len(y))
    cut = len(y) - int(len(y) * share)
    train, val = order[cut:], order[:cut]
    mean, std = X[val].mean(axis=0), X[val].std(axis=0)
    return (X[val] - mean) / std, y[val], (X[train] - mean) / std, y[train]

# %% [markdown]
# Now look whether the cures work: right certificates for the films, scaled features, 32 units in place of one.

# %% [raw] tags=["prediction"]
# id = "three-cures"
# ask = "After the cures: in which of the three will the validation loss lie farthest below the baseline?"
# [right]
# text = "the digits, by far: there was a lot to be learned, and one unit could not hold it"
# why = "What a cure can bring depends on what is there. Digits can be told apart nearly perfectly, certificates only in part."
# [[wrong]]
# text = "the films with right certificates: their signal had been missing altogether"
# misconception = "worst-gains-most"
# why = "Cured, a run gets as far as its features allow. The certificate of a film is only partly in them; a digit is nearly all there."
# [[wrong]]
# text = "all three alike: a healthy run goes to 0"
# misconception = "loss-can-reach-zero"
# why = "Healthy is not perfect. What the features do not say stays in the loss."

# %% tags=["training"]
# the runs after the cure, then each loss as a share of the baseline
healthy = admit(adam(metrics=["accuracy"]), training, validation, epochs=25, batch_size=64)
wider = admit(lambda: one_unit(units=(32,)), *ward["too little capacity"][1:], epochs=12, batch_size=64)
cured = {"dead units": faster["val_loss"][:, :12] / baseline,
         "no signal": healthy.history["val_loss"][:, :12] / baseline,
         "too little capacity": wider.history["val_loss"] / base(*ward["too little capacity"][1:])}

# %% [raw] tags=["alt"] id="cured-alt" given="1.3: end of the axis"
# Three line plots of the validation loss divided by the baseline, 0 to 1.3, over 12 epochs, medians and bands over 16
# seeds, before and after the cure, with a dotted line at 1. Dead units: {dead_before:.2f} at the end before,
# {dead_after:.2f} after, still falling. No signal: {no_before:.2f} before, {no_after:.2f} after. Too little capacity:
# {too_before:.2f} before, {too_after:.2f} after.

# %% tags=["training"]
fig, panels = figures.axes(3, xlabel="epoch", height=3.6)
for ax, (cause, after) in zip(panels, cured.items()):
    before = flat[by_cause[cause]]["val_loss"]
    figures.lines(ax, np.arange(1, 13), {"before": before, "after the cure": after},
                  label_at="legend" if cause == "dead units" else None)
    ax.axhline(1, color="black", linestyle=":", linewidth=1.5)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set(title=cause, ylim=(0, 1.3), ylabel="validation loss / baseline" if cause == "dead units" else "")
figures.show(fig, "cured-alt", **{f"{cause.split()[0]}_{when}": np.median(values[:, -1]) for cause in cured
             for when, values in [("before", flat[by_cause[cause]]["val_loss"]), ("after", cured[cause])]})

# %%
compare("three-cures")

# %% tags=["training"]
before = level
for cause, bound in [("dead units", 0.9), ("no signal", 0.85), ("too little capacity", 0.4)]:
    print(claim(f"Cured of {cause}, the validation loss ends below {bound} of what it was.",
                cured[cause][:, -1] / before[cause], "<", bound))

# %% [markdown]
# **Compare with your prediction.** All three move, and the digits by far the most: there, nearly everything can be learned.
# One more patient looks flat, in another way.
#
# ### Patient 8: which films have an Oscar?
#
# The positive class is the films with at least one Oscar. Patient 8 knows only what is known
# before the release: year, length, genres, language, country. (Notebook 02 left the length out: its gaps are a clue.) From
# the second epoch on its accuracy does not move.

# %% [raw] tags=["prediction"]
# id = "level-accuracy"
# ask = "The accuracy of patient 8 is level at the share of films without an Oscar; its loss falls. What does it do, and what would show that it has learned something?"
# discuss = true
# [right]
# text = "it flags hardly any film; the AUC on other films shows whether winners rank higher"
# why = "Saying no to all films has just this accuracy. The loss falls because the probabilities get better, all of them below one half. The order of the films needs no cut."
# [[wrong]]
# text = "it has learned nothing: the metric is what counts, and it does not move"
# misconception = "accuracy-is-the-objective"
# why = "The loss falls, so its probabilities get better. Accuracy only sees them when they cross one half."
# [[wrong]]
# text = "it flags the right share of films, but the wrong ones; the confusion matrix shows which"
# misconception = "errors-need-not-show"
# why = "Then it would be wrong for winners and for wrongly flagged films, and its accuracy would lie below the line."
# [[wrong]]
# text = "too little: it needs more epochs, or a larger network, to move"
# misconception = "any-plateau-is-capacity"
# why = "More of the same will hardly bring a probability above one half where winners are this rare."

# %% tags=["training"]
oscars = data.oscars()
reviews = ("metacritic", "tomatometer", "critics_rating", "log10_reviews")
early = [i for i, name in enumerate(oscars.feature_names) if not name.startswith(reviews)]
# only the features that are known before the release
X_early = {part: getattr(oscars, f"X_{part}")[:, early] for part in ("train", "val", "test")}

def winner_model():
    model = keras.Sequential([keras.Input((len(early),)), keras.layers.Dense(8, activation="relu"),
                              keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="binary_crossentropy", metrics=["accuracy"])
    return model

runs_8 = admit(winner_model, (X_early["train"], oscars.y_train), (X_early["val"], oscars.y_val), epochs=12,
               batch_size=256)
patient_8, always_no = runs_8.history, np.mean(oscars.y_val == 0)

# %% [raw] tags=["alt"] id="patient-8-alt" given="0.5 0.9 1.0: ends of the axes"
# Two line plots over 12 epochs, medians and bands over 16 seeds, training and validation. Left: the loss, 0 to 0.5;
# training falls from above the figure to {train:.2f}, validation from {first:.2f} to {last:.2f}; a dotted baseline at
# {base:.2f}. Right: the accuracy, 0.9 to 1.0; validation is level at
# {accuracy:.3f} from the second epoch on, on a dotted line: the share of films without an Oscar. Training ends at
# {train_accuracy:.3f}.

# %% tags=["training"]
share = oscars.y_train.mean()
base_8 = -np.mean(np.log(np.where(oscars.y_val == 1, share, 1 - share)))
fig, (left, right) = figures.axes(2)
chart(left, patient_8, baseline=base_8)
chart(right, patient_8, "accuracy", baseline=always_no, labels=False)
left.set(ylim=(0, 0.5)), right.set(ylim=(0.9, 1.0))
figures.show(fig, "patient-8-alt", base=base_8, train=np.median(patient_8["loss"][:, -1]),
             first=np.median(patient_8["val_loss"][:, 0]),
             last=np.median(patient_8["val_loss"][:, -1]), accuracy=np.median(patient_8["val_accuracy"][:, -1]),
             train_accuracy=np.median(patient_8["accuracy"][:, -1]))

# %% tags=["training"]
# what each seed flags at one half, and how it orders the films
p_val, p_test = (runs_8.predict(X_early[part])[..., 0] for part in ("val", "test"))
flagged = (p_test > 0.5).mean(axis=1)
auc = np.array([sk.roc_auc_score(oscars.y_test, p) for p in p_test])

def f1_of(y, flagged):
    return 2 * np.sum(flagged & (y == 1)) / (flagged.sum() + y.sum())

# the threshold with the best F1 on the validation films, and the F1 it has on the test films
def best_threshold(y, p):
    cuts = np.quantile(p, np.linspace(0.8, 0.995, 40))
    return cuts[np.argmax([f1_of(y, p > cut) for cut in cuts])]

f1 = {"at one half": [f1_of(oscars.y_test, p > 0.5) for p in p_test],
      "at a threshold from validation films": [f1_of(oscars.y_test, p > best_threshold(oscars.y_val, v))
                                               for v, p in zip(p_val, p_test)]}
print(f"share of test films flagged at one half: {np.median(flagged):.4f}   AUC {np.median(auc):.2f}")
for name, values in f1.items():
    print(f"F1 of the winners, {name:37} {np.median(values):.2f}")

# %%
compare("level-accuracy")

# %% tags=["training"]
f1_half, f1_cut = (np.array(values) for values in f1.values())
assert np.ptp(np.median(patient_8["val_accuracy"], axis=0)[1:]) < 0.0015  # level, as the alt text says
print(claim("Patient 8 flags less than half a percent of the films.", flagged, "<", 0.005))
print(claim("Its accuracy is within 0.003 of always saying no.", abs(patient_8["val_accuracy"][:, -1] - always_no), "<",
            0.003))
print(claim("Its AUC is above 0.7 all the same.", auc, ">", 0.7))
print(claim("With a threshold from the validation films, F1 on the test films is higher by more than 0.1.",
            f1_cut - f1_half, ">", 0.1))

# %% [markdown]
# **Compare with your prediction.** This is a **collapse** to the majority class, in the decisions alone. The cure is no
# training: it is a threshold, as in [notebook 02](02_binary_cross_entropy.ipynb), or a metric that does not cut.
#
# ### Patient 9: one film without a gross

# %% [raw] tags=["prediction"]
# id = "one-missing-label"
# given = "1,634: asserted below"
# ask = "Box office, in plain Keras: of 1,634 training films one has a gross that is missing, NaN, in `y`. What does the loss of the first epoch show?"
# [right]
# text = "NaN, and every weight is NaN from then on"
# why = "The slope of that film is NaN, and so is the mean slope of its batch. One step adds it to every weight. No later batch can repair that."
# [[wrong]]
# text = "a number, a little too low: the film is left out of the mean"
# misconception = "bad-rows-are-skipped"
# why = "pandas leaves NaN out of means. Keras does not."
# [[wrong]]
# text = "an error: labels must be numbers"
# misconception = "keras-would-refuse"
# why = "NaN is a number for a computer. Keras looks at types and shapes."
# [[wrong]]
# text = "NaN in the first epoch; then it recovers, since all other films are fine"
# misconception = "nan-heals"
# why = "The weights are NaN. Whatever is computed from them is NaN."

# %% tags=["training"]
box = data.box_office()
gross = np.log10(box.y_train)
# one label goes missing
gross[700] = np.nan

def gross_model():
    model = keras.Sequential([keras.Input((box.X_train.shape[1],)), keras.layers.Dense(16, activation="relu"),
                              keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
    return model

# train as if nothing had happened
keras.utils.set_random_seed(seed)
model = gross_model()
print("with the missing gross, loss by epoch:   ", model.fit(box.X_train, gross, epochs=2, verbose=0).history["loss"])
print("weights that are NaN:", f"{np.mean([np.isnan(w).mean() for w in model.get_weights()]):.0%}")
# the cure: find the row, and leave it out
known = np.isfinite(gross)
losses = gross_model().fit(box.X_train[known], gross[known], epochs=2, verbose=0).history["loss"]
print(f"row {np.flatnonzero(~known)[0]} left out, loss by epoch:", [round(value, 2) for value in losses])

# %%
compare("one-missing-label")

# %% tags=["training"]
from helpers.doctor import examine
examine(gross_model(), box.X_train, gross)

# %% [markdown]
# **Compare with your prediction.** Nothing is repaired by itself. The doctor, from notebook 01, looks at the labels
# before any training: it would have said so at once. Where else does NaN come from? The slopes of three losses, at
# their edge:

# %% tags=["training"]
assert len(box.y_train) == 1634 and np.isnan(model(box.X_train[:5])).all()
# three losses at the edge where they can break, and their slopes
w = tf.Variable(0.0)
edges = {"the root of an MSE of 0": lambda: tf.sqrt(tf.square(w - 0.0)), "0 · log 0": lambda: w * tf.math.log(w),
         "Poisson on a linear head below 0": lambda: (w - 1) - 2.0 * tf.math.log(w - 1)}
for name, loss in edges.items():
    with tf.GradientTape() as tape:
        value = loss()
    print(f"{name:34} value {float(value):6.2f}   slope {float(tape.gradient(value, w)):6.2f}")

# %% [markdown]
# A curve that ends in NaN names no cause, but it narrows the search: the epoch in which it began, a label, a
# logarithm, a root, a rate far too high. As the table shows, value or slope can be broken while the other is fine.
#
# ### Where it bites
#
# "It does not learn, so we need a larger network." Patients with dead units, without signal, collapsed, or with NaN: none
# of them needed one. All four got well here, each with the network that it had.

# %% [markdown] given="30: films, set in code"
# ## 5. Jumpy
#
# The validation accuracy of patients 10 and 11 goes up and down. One trains at a rate that is too high. The other trains
# well, but is validated on 30 films only. Which of them is which, the `seed` decides again.

# %% [raw] tags=["prediction"]
# id = "what-decides-jumps"
# ask = "One of the two has a rate that is too high, the other too few validation films. You will see their validation accuracy. What would tell them apart?"
# discuss = true
# [right]
# text = "judge the same training by many more films: with too few films the jumps shrink, with a rate too high they stay"
# why = "Either the model jumps, or the ruler does. A better ruler shows which. The training curve gives a hint for nothing: it knows of no validation film."
# [[wrong]]
# text = "more seeds: the median of 16 seeds is smooth for one and not for the other"
# misconception = "a-mean-cures-the-run"
# why = "A median over seeds is smooth for both. It hides the jumps; each run has them all the same."
# [[wrong]]
# text = "early stopping: it picks the best epoch of both, and the jumps do not matter"
# misconception = "selection-is-free"
# why = "The best of many jumping numbers is mostly luck. On other films it will be lower."
# [[wrong]]
# text = "the size of the jumps: a rate too high jumps farther"
# misconception = "a-curve-for-each-cause"
# why = "How far depends on the rate and on the number of films. Neither is written on the curve."

# %% tags=["training"]
# the two patients, each with its rows to train and to validate
few_films = (task.X_val[:30], task.y_val[:30])
jumpy = {"rate too high": (lambda: network(keras.optimizers.SGD(1.0), metrics=["accuracy"]), training, validation),
         "validation set too small": (adam(metrics=["accuracy"]), training, few_films)}
# who is who
which = dict(zip((10, 11), np.random.default_rng(seed + 1).permutation(list(jumpy)).tolist()))
histories = {number: admit(*jumpy[cause], epochs=25, batch_size=64).history for number, cause in which.items()}

# %% [raw] tags=["alt"] id="jumpy-alt" given="0.3 0.8: ends of the axis; 10 11: numbers of patients"
# Two line plots of the validation accuracy, 0.3 to 0.8, over 25 epochs, three seeds each as three lines. In both the
# lines jump up and down. After the first five epochs an epoch lies off the middle of its neighbors by {p10:.3f} on
# average for patient 10, by {p11:.3f} for patient 11. From epoch 6 to 25 the median over seeds goes from {p10_6:.2f}
# to {p10_25:.2f} for patient 10, from {p11_6:.2f} to {p11_25:.2f} for patient 11.

# %% tags=["training"]
def jump(values, start=5):
    """How far an epoch lies off the middle of its two neighbors, on average, after the first ones: (seeds,).

    values: (seeds, epochs). A curve that falls in a straight line does not jump at all.
    """
    values = values[:, start:]
    return np.abs(values[:, 1:-1] - (values[:, :-2] + values[:, 2:]) / 2).mean(axis=1)

fig, panels = figures.axes(2, xlabel="epoch", ylabel="validation accuracy", height=3.6)
for ax, (number, history) in zip(panels, histories.items()):
    # single seeds: a median over seeds would smooth the jumps away
    figures.lines(ax, np.arange(1, 26), {f"seed {k}": history["val_accuracy"][k] for k in range(3)}, label_at=None)
    ax.set(title=f"patient {number}", ylim=(0.3, 0.8))
numbers = {f"p{number}": np.median(jump(h["val_accuracy"])) for number, h in histories.items()}
numbers |= {f"p{number}_{epoch}": np.median(h["val_accuracy"][:, epoch - 1]) for number, h in histories.items()
            for epoch in (6, 25)}
figures.show(fig, "jumpy-alt", **numbers)

# %% [markdown]
# Which patient has the high rate? Say it now. The next cell does the experiment, and its last line names the two.

# %% tags=["training"]
by_jump = {cause: histories[number] for number, cause in which.items()}
high, small = by_jump["rate too high"], by_jump["validation set too small"]
print("how far an epoch lies off the middle of its neighbors, median of 16 seeds")
for number, cause in which.items():
    own = histories[number]
    # all films: with 30 films it is the same training as `healthy`, batch by batch; the other one had them all along
    all_films = high if cause == "rate too high" else healthy.history
    print(f"patient {number}: validation accuracy {np.median(jump(own['val_accuracy'])):.3f}, judged by all films "
          f"{np.median(jump(all_films['val_accuracy'])):.3f}; training loss {np.median(jump(own['loss'])):.4f}")
print(which)

# %%
compare("what-decides-jumps")

# %% tags=["training"]
print(claim("Judged by all films, the accuracy of the run with 30 films jumps less than three quarters as far, on nine "
            "seeds in ten.", jump(healthy.history["val_accuracy"]) / jump(small["val_accuracy"]), "<", 0.75, share=0.9))
print(claim("With the high rate, the validation loss jumps more than four times as far as in a healthy run.",
            jump(high["val_loss"]) / jump(healthy.history["val_loss"]), ">", 4))
print(claim("With the high rate, the training loss jumps more than 1.5 times as far as with 30 films, on nine seeds in "
            "ten.", jump(high["loss"]) / jump(small["loss"]), ">", 1.5, share=0.9))
print(claim("A twenty-fifth of the high rate takes more than nine tenths of the jumps away.",
            jump(faster["val_loss"][:, :25]) / jump(high["val_loss"]), "<", 0.1))

# %% [markdown]
# **Compare with your prediction.** Both validation curves jump, and the size of a jump names no cause. (Who looks closely
# finds that with 30 films the accuracy moves in steps of one film.) The experiment tells: judged by all films, the run
# with 30 films grows calm. The run with the high rate was judged by all films from the start, and jumps.
#
# The training curve costs nothing, and it helps: see the last column of the table. With the high rate it jumps, because
# the model itself jumps. In the other run it is far smoother: no validation film has a part in it. But do not take
# the fall of a curve for a jump: `jump` compares an epoch with the middle of its two neighbors.
#
# The claim about a twenty-fifth is the cure of the high rate: with that rate it is the run of section 2. The cure of
# the other run is a better ruler. How many films does a ruler need?

# %% [raw] tags=["prediction"]
# id = "thirty-films"
# given = ["60%: premise, near the accuracy of the healthy run", "0.6 0.4: 60%, and what is left"]
# ask = "A model is right for 60% of the films. You measure its accuracy on 30 films drawn at random, again and again. What is the standard deviation of what you get, as a share?"
# right = 0.089
# tolerance = 0.12
# why = "√(p (1 − p) / n): the root of 0.6 · 0.4 / 30. So twice that, up or down, is nothing unusual."
# [[near]]
# value = 0.008
# misconception = "variance-is-not-deviation"
# why = "That is p (1 − p) / n, the variance. Take its root."
# [[near]]
# value = 0.033
# misconception = "one-row-is-the-spread"
# why = "That is the weight of a single film, 1/30. Thirty films differ by chance more than by one."
# [[near]]
# value = 0.49
# misconception = "spread-of-one-row"
# why = "That is √(p (1 − p)), the standard deviation for a single film. A mean of n has it divided by √n."

# %% tags=["training"]
# the first seed of the healthy run, judged by 30 films at a time
is_right = healthy.predict(task.X_val)[0].argmax(axis=1) == task.y_val
rng = np.random.default_rng(seed)
measured = np.array([rng.choice(is_right, 30, replace=False).mean() for _ in range(1000)])
spread = measured.std()
print(f"accuracy on all {len(is_right)} films {is_right.mean():.2f}; on 30 films from {measured.min():.2f} to "
      f"{measured.max():.2f}, standard deviation {spread:.3f}")

# %%
compare("thirty-films", spread)

# %% [markdown]
# **Compare with your prediction.** The films are drawn without putting back, so it is slightly less than the formula.
# Two settings whose accuracies differ by five points cannot be told apart on 30 films.
#
# ### Exercise 5.1: how many validation rows?
#
# You want to know an accuracy to within `margin`, up or down: twice the standard deviation of what is measured must be at
# most `margin`. How many rows does it take, at least? (For the difference of two settings it takes still more.)

# %% tags=["exercise"] id="rows-needed"
def rows_needed(accuracy, margin):
    """accuracy: about what is expected, between 0 and 1. margin: above 0. Returns the least whole number of rows."""
    ### BEGIN SOLUTION
    return int(np.ceil(4 * accuracy * (1 - accuracy) / margin**2 - 1e-9))
    ### END SOLUTION

# %% tags=["cases"]
cases = [(0.6, 0.05), (0.9, 0.03), (0.5, 0.1), (0.975, 0.07), (0.6, 0.2), (0.5, 0.03), (0.5, 0.125)]
labels = ["accuracy", "margin"]

# %% tags=["hint"]
# 2 · √(p (1 − p) / n) ≤ margin. Square both sides, then solve for n.

# %% tags=["hint"]
# n ≥ 4 p (1 − p) / margin². Rows come in whole numbers: `np.ceil` rounds up.

# %% tags=["right"]
def rows_needed(accuracy, margin):
    n = 1
    while 2 * np.sqrt(accuracy * (1 - accuracy) / n) > margin + 1e-12:
        n += 1
    return n

# %% tags=["wrong"] misconception="margin-of-one-deviation"
# You lost the factor 2: twice the standard deviation is to be at most the margin, and 2 squared is 4.
def rows_needed(accuracy, margin):
    return int(np.ceil(accuracy * (1 - accuracy) / margin**2 - 1e-9))

# %% tags=["wrong"] misconception="factor-not-squared"
# The factor 2 stands under the root when you square both sides: it becomes 4.
def rows_needed(accuracy, margin):
    return int(np.ceil(2 * accuracy * (1 - accuracy) / margin**2 - 1e-9))

# %% tags=["wrong"] misconception="root-left-standing"
# That is √n. Square both sides before you solve for n.
def rows_needed(accuracy, margin):
    return int(np.ceil(2 * np.sqrt(accuracy * (1 - accuracy)) / margin - 1e-9))

# %% tags=["wrong"] misconception="variance-is-not-deviation"
# You compare the margin with a variance. The margin must be squared as well.
def rows_needed(accuracy, margin):
    return int(np.ceil(4 * accuracy * (1 - accuracy) / margin - 1e-9))

# %% tags=["wrong"] misconception="one-row-is-the-spread"
# That many rows give steps of the size of the margin. Chance moves the accuracy by more than one step.
def rows_needed(accuracy, margin):
    return int(np.ceil(1 / margin - 1e-9))

# %% tags=["wrong"] misconception="rounded-down"
# You rounded down: with one row fewer than needed, the spread is above the margin.
def rows_needed(accuracy, margin):
    return int(4 * accuracy * (1 - accuracy) / margin**2 + 1e-9)

# %% tags=["wrong"] misconception="rounded-down"
# You rounded to the nearest number. Where that is down, the spread is above the margin.
def rows_needed(accuracy, margin):
    return round(4 * accuracy * (1 - accuracy) / margin**2)

# %% tags=["wrong"] misconception="one-row-too-many"
# One row too many where the number comes out whole: "at most" allows the margin itself.
def rows_needed(accuracy, margin):
    return int(4 * accuracy * (1 - accuracy) / margin**2) + 1

# %% tags=["wrong"] misconception="one-side-of-the-spread"
# The spread comes from both sides, right and wrong: p (1 − p), not p alone.
def rows_needed(accuracy, margin):
    return int(np.ceil(4 * accuracy / margin**2 - 1e-9))

# %% tags=["wrong"] misconception="one-side-of-the-spread"
# The spread comes from both sides, right and wrong: p (1 − p), not 1 − p alone.
def rows_needed(accuracy, margin):
    return int(np.ceil(4 * (1 - accuracy) / margin**2 - 1e-9))

# %% tags=["wrong"] misconception="widest-spread-always"
# You took an accuracy of one half whatever is expected. That is safe, and often far more than needed.
def rows_needed(accuracy, margin):
    return int(np.ceil(1 / margin**2 - 1e-9))

# %%
print("to know an accuracy of 60% to within 5 points:", rows_needed(0.6, 0.05),
      "films (None: not written yet); there are", len(task.y_val))
assert round(np.sqrt(0.6 * 0.4 / 30), 3) == 0.089 and round(1 / 30, 2) == 0.03

# %% [markdown]
# ### Where it bites
#
# Somebody tries twenty settings on thirty validation films and keeps the best. What was kept is mostly the luckiest.

# %% [markdown]
# ## 6. Too good, too bad
#
# Two patients whose curves are believed too easily.
#
# ### Patient 12: copies of winners
#
# Winners are rare, so somebody gives every film with an Oscar eleven copies, shuffles, and sets a fifth aside for
# validation. Then a network is trained on all 25 features. **Positive are the films with an Oscar.**

# %% tags=["training"]
X_known, y_known = oscars.X_train, oscars.y_train
rng = np.random.default_rng(seed)

def with_copies(rows):
    """The given row numbers, each winner among them twelve times, shuffled."""
    # each winner eleven times more
    winners = rows[y_known[rows] == 1]
    return rng.permutation(np.concatenate([rows, *[winners] * 11]))

# copies first, then the split
everything = with_copies(np.arange(len(y_known)))
fifth = len(everything) // 5
rows_train, rows_val = everything[fifth:], everything[:fifth]

def oscar_model():
    model = keras.Sequential([keras.Input((25,)), keras.layers.Dense(64, activation="relu"),
                              keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy")
    return model

# %% [raw] tags=["prediction"]
# id = "curves-of-a-leak"
# ask = "Copies were made before the split. What do the two loss curves show?"
# discuss = true
# [right]
# text = "nothing strange: both fall together, with a small gap and no turn"
# why = "The same films stand in both parts. What the network learns by heart is right in validation as well, so there is nothing to turn up."
# [[wrong]]
# text = "overfitting: training falls, validation turns upward"
# misconception = "any-fault-shows-as-overfitting"
# why = "It does learn by heart. But validation asks for the very films that it learned, and so does not notice."
# [[wrong]]
# text = "validation below training: the telltale sign of a leak"
# misconception = "sign-of-the-gap-is-the-fit"
# why = "A leak makes validation about as good as training. A validation loss clearly below training usually has another cause, such as dropout."
# [[wrong]]
# text = "jumps from epoch to epoch: twelve copies of a film pull twelve times as hard"
# misconception = "copies-make-jumps"
# why = "They are shuffled among thousands of rows, so every batch has its share of them."

# %% tags=["training"]
leaky_recipe = dict(epochs=20, batch_size=256)
runs_12 = admit(oscar_model, (X_known[rows_train], y_known[rows_train]), (X_known[rows_val], y_known[rows_val]),
                **leaky_recipe)

# %% [raw] tags=["alt"] id="leak-alt" given="0.7: end of the axis"
# Line plot of the loss, 0 to 0.7, over 20 epochs, medians and bands over 16 seeds, with a dotted baseline at {base:.2f}. Both
# curves lie below it and fall all the way: training to {loss:.2f}, validation to {val:.2f}. There is no turn.

# %% tags=["training"]
share = y_known[rows_train].mean()
base_12 = -np.mean(np.log(np.where(y_known[rows_val] == 1, share, 1 - share)))
fig, ax = figures.axes(height=3.4)
chart(ax, runs_12.history, baseline=base_12)
ax.set(ylim=(0, 0.7), title="patient 12")
figures.show(fig, "leak-alt", base=base_12, loss=np.median(runs_12.history["loss"][:, -1]),
             val=np.median(runs_12.history["val_loss"][:, -1]))

# %%
compare("curves-of-a-leak")

# %% tags=["training"]
val_12 = runs_12.history["val_loss"]
print(claim("With copies before the split, the validation loss is lower after 20 epochs than after 10, on nine "
            "seeds in ten.", val_12[:, -1] / val_12[:, 9], "<", 1, share=0.9))

# %% [markdown]
# **Compare with your prediction.** Both lines fall, close together, and neither turns: a textbook curve. Which experiment
# would you ask for before this model ships?

# %% [raw] tags=["question"]
# id = "experiment-for-a-leak"
# ask = "The curves of patient 12 are fine and its validation metrics are excellent. Which experiment do you ask for?"
# [right]
# text = "films that had no part in any of this, and a count of validation rows that also stand in training"
# why = "A leak makes the validation set useless as a witness. Only rows from outside, or a look at the data themselves, can tell."
# [[wrong]]
# text = "a larger validation set, cut from the same shuffled rows"
# misconception = "more-validation-rows-cure-a-leak"
# why = "It would hold copies just as the small one does."
# [[wrong]]
# text = "more seeds"
# misconception = "seeds-show-every-fault"
# why = "Sixteen seeds have been run already. They agree, and all of them are deceived."
# [[wrong]]
# text = "the memorize test"
# misconception = "one-test-finds-everything"
# why = "It tells whether the network can learn rows by heart. This one can; that is how it exploits the copies."

# %% tags=["training"]
def found_and_right(runs, X, y):
    """Recall and precision of each seed at one half, (2, seeds)."""
    # cut at one half, then count for each seed
    flags = runs.predict(X)[..., 0] > 0.5
    return np.array([(sk.recall_score(y, f), sk.precision_score(y, f, zero_division=0)) for f in flags]).T

# which validation rows stand in the training rows as well
seen = set(rows_train.tolist())
twins = np.array([row in seen for row in rows_val])
own = found_and_right(runs_12, X_known[rows_val], y_known[rows_val])
fresh = found_and_right(runs_12, oscars.X_val, oscars.y_val)
print(f"validation rows that stand in the training rows too: {twins.mean():.0%}; of the winners among them "
      f"{twins[y_known[rows_val] == 1].mean():.0%}")
for name, (recall, precision) in [("its own validation rows", own), ("films without a part in it", fresh)]:
    print(f"{name:27} recall {np.median(recall):.2f}   precision {np.median(precision):.2f}")

# %% tags=["training"]
# the cure: split first, then copies of the training part only
films_in_order = np.random.default_rng(seed).permutation(len(y_known))
to_val, to_train = films_in_order[:2000], with_copies(films_in_order[2000:])
cured_12 = admit(oscar_model, (X_known[to_train], y_known[to_train]), (X_known[to_val], y_known[to_val]),
                 **leaky_recipe)
cured_own = found_and_right(cured_12, X_known[to_val], y_known[to_val])
recall, precision = np.median(cured_own, axis=1)
print(f"split first: recall {recall:.2f}, precision {precision:.2f} on its validation films")
print(claim("With copies before the split, validation recall is above 0.8.", own[0], ">", 0.8))
print(claim("On films without a part in it, recall is lower by at least 0.2, on nine seeds in ten.", own[0] - fresh[0],
            ">", 0.2, share=0.9))
print(f"winners among rows with copies {y_known[rows_train].mean():.0%}, among fresh films {oscars.y_val.mean():.0%}")
left = abs(cured_own[0] - found_and_right(cured_12, oscars.X_val, oscars.y_val)[0])
print(claim("Split first, the two recalls differ by less than two thirds of that, on nine seeds in ten.",
            left / (own[0] - fresh[0]), "<", 2 / 3, share=0.9))

# %% [markdown]
# The cured run looks worse, and it is the first honest one. Precision falls for another reason as well: winners are far
# more frequent among rows with copies than among fresh films; both shares are printed above.
#
# This was a leak by copies, and it left no mark in the curves. That of [notebook 02](02_binary_cross_entropy.ipynb) was of
# another kind, a feature. One that gives the label away can be suspected: there the loss is better than anybody had a right
# to expect.
#
# ### Patient 13: the last fifth of a table
#
# Certificates again. The table is sorted by year, newest films first, and `validation_split=0.2` cuts it.

# %% tags=["training"]
# all films in one table, sorted by year
X_table = np.concatenate([task.X_train, task.X_val])
y_table = np.concatenate([task.y_train, task.y_val])
newest_first = np.argsort(-X_table[:, task.feature_names.index("year")], kind="stable")
# the split: the last fifth validates
cut = len(y_table) * 4 // 5

def split_at(order):
    X, y = X_table[order], y_table[order]
    return (X[:cut], y[:cut]), (X[cut:], y[cut:])

# %% [raw] tags=["prediction"]
# id = "curves-of-a-tail"
# given = "20%: a share, set in code as 0.2"
# ask = "Keras' `validation_split` takes the last 20% of the rows as they stand, before any shuffling: here the oldest films. What do the curves show?"
# [right]
# text = "the picture of overfitting: training falls, validation rises from early on and ends far above the baseline"
# why = "The network is asked about years that it has never seen: films from before PG-13 existed. The surer it gets about recent films, the worse it fits the old ones."
# [[wrong]]
# text = "validation as noise: it jumps without a trend"
# misconception = "other-data-is-noise"
# why = "The old films are not noise. They follow another rule, steadily."
# [[wrong]]
# text = "a normal run: a fifth is a fifth"
# misconception = "order-does-not-matter"
# why = "A fifth drawn at random is a sample of all. The last fifth of a sorted table is a sample of its end."
# [[wrong]]
# text = "validation stays at the baseline: nothing carries over to other years"
# misconception = "unlearned-means-baseline"
# why = "The baseline is no floor: it hedges, with a probability for each class. A network that is sure and wrong pays far more."

# %% tags=["training"]
patient_13 = admit(adam(), *split_at(newest_first), epochs=25, batch_size=64).history

# %% [raw] tags=["alt"] id="tail-alt" given="25: epochs, set in code"
# Two line plots of the loss, 0 to {top:.1f}, over 25 epochs, medians and bands over 16 seeds. Left, patient 13:
# training falls to {loss:.2f}, validation rises from {first:.2f} to {last:.2f}; a dotted baseline at {tail_base:.2f}.
# Right, the same network with films split at random: training ends at {h_loss:.2f}, validation at {h_val:.2f}, below
# the dotted baseline at {baseline:.2f}.

# %% tags=["training"]
fig, (left, right) = figures.axes(2)
tail_base, top = base(*split_at(newest_first)), 1.1 * np.percentile(patient_13["val_loss"][:, -1], 95)
chart(left, patient_13, baseline=tail_base)
chart(right, healthy.history, baseline=baseline, labels=False)
left.set(title="newest films first", ylim=(0, top)), right.set(title="split at random", ylim=(0, top))
figures.show(fig, "tail-alt", top=top, tail_base=tail_base, baseline=baseline,
             loss=np.median(patient_13["loss"][:, -1]), first=np.median(patient_13["val_loss"][:, 0]),
             last=np.median(patient_13["val_loss"][:, -1]), h_loss=np.median(healthy.history["loss"][:, -1]),
             h_val=np.median(healthy.history["val_loss"][:, -1]))

# %%
compare("curves-of-a-tail")

# %% tags=["training"]
ratio = patient_13["val_loss"][:, -1] / patient_13["val_loss"].min(axis=1)
print(claim("With the oldest films as validation, the validation loss ends at least 1.3 times as high as its lowest.",
            ratio, ">", 1.3))
print(claim("Already in the first epoch, its validation loss lies above the training loss, on three seeds in four.",
            patient_13["val_loss"][:, 0] / patient_13["loss"][:, 0], ">", 1, share=0.75))
print(claim("Split at random, the same network ends at less than two thirds of that validation loss.",
            healthy.history["val_loss"][:, -1] / patient_13["val_loss"][:, -1], "<", 2 / 3))
# the evidence lies in the labels: shares of G, PG, PG-13, R in the two parts
for name, (_, y) in zip(["to train", "to validate"], split_at(newest_first)):
    print(f"{name:12}", (np.bincount(y, minlength=4) / len(y)).round(2))

# %% [markdown]
# **Compare with your prediction.** Hold patient 13 beside patient 3. Both could hang on a wall as "overfitting". One hint
# there is: here validation mostly lies above training from the first epoch on, before anything can have been learned by heart. Early stopping
# would be prescribed to both. It would hide the climb of patient 13, and mend nothing. One line decides: shuffle, split
# anew, train again. (If the model is to be used on films of other years, keep the split by year. Then the left panel
# is the honest one, and the question is another.)
#
# It gets worse when the table is sorted by the label. Four files, one a certificate, joined in the order G, PG, R,
# PG-13:

# %%
files = np.concatenate([np.flatnonzero(y_table == k) for k in (0, 1, 3, 2)])
# what Keras would train on, and what it would cut off: shares of G, PG, PG-13, R
for name, (_, y) in zip(["to train", "to validate"], split_at(files)):
    print(f"{name:12}", (np.bincount(y, minlength=4) / len(y)).round(2))
assert set(y_table[files][cut:]) == {2} and np.mean(y_table[files][:cut] == 2) < 0.05

# %% [markdown]
# Every validation film is PG-13, and next to no training film is. A network that says PG-13 as rarely as it has met it
# is wrong about nearly all of them.

# %% [raw] tags=["order"]
# id = "order-of-an-examination"
# ask = "A run looks wrong. Put the steps of the examination in order: what is cheap and rules out most comes first."
# lines = ["look at the data: NaN, the labels of both parts, copies, what the split cut off",
#  "hold the curves against the baseline", "train on 32 rows: can the network learn them by heart?",
#  "move the learning rate up or down, and train on", "change the size of the network, add dropout, or collect more rows"]
# right = [[1, 2, 3, 4, 5], [2, 1, 3, 4, 5]]
# why = "Looking costs nothing, and a fault in the data makes every later step a waste. The memorize test takes seconds and tells whether this network can learn at all. A rate is changed in one run. A new network, or new data, is the dearest cure."
# [[wrong]]
# order = [5, 1, 2, 3, 4]
# misconception = "network-first"
# why = "The network is the dearest thing to change, and most of the patients here had a network that was fine."
# [[wrong]]
# order = [1, 2, 4, 5, 3]
# misconception = "dear-tests-first"
# why = "The memorize test takes seconds, and its answer decides whether a rate or a network is worth changing at all."
# [[wrong]]
# order = [1, 3, 4, 5, 2]
# misconception = "curve-without-a-baseline"
# why = "Without the baseline you do not know whether there is anything to cure. Hold the curves against it first."
# [[wrong]]
# order = [1, 2, 3, 5, 4]
# misconception = "network-first"
# why = "A rate is one number and one run. A larger network at the wrong rate tells nothing about its size."

# %% [markdown]
# ### Where it bites
#
# Ratings by the same person, frames of the same film, visits of the same patient: shuffled rows leak as copies do.
# Split by person, film, patient. And ask of each table in which order it comes.

# %% [markdown]
# ## 7. A tool that reads curves
#
# `diagnose` is a tool of this workbook. It takes a history, measures level, slope, gap and jumps, and says what it
# sees, which causes that allows, how sure it is, and what to try next. Its rules were made on training runs with
# planted causes.

# %% [raw] tags=["prediction"]
# id = "tool-on-patient-12"
# ask = "The tool gets the curves of patients 1, 3, 12 and 13, and no more. What will it say of the copies of patient 12, and of the sorted table of patient 13?"
# discuss = true
# [right]
# text = "it will not name these causes for sure: it sees the curves, and they allow several"
# why = "The curves of patient 12 look healthy, those of patient 13 much like overfitting. What is not in the curves no tool can read from them."
# [[wrong]]
# text = "it will name both: it was made on hundreds of runs"
# misconception = "tool-sees-the-cause"
# why = "Hundreds of runs teach how often a cause goes with a picture. They add nothing to the picture at hand."
# [[wrong]]
# text = "it will name both: what is hidden from the eye shows in numbers"
# misconception = "numbers-see-more-than-curves"
# why = "The numbers are made from the same curves. What is not in them, no measure brings out."
# [[wrong]]
# text = "nothing of any use: without the model and the data it can find nothing"
# misconception = "curves-say-nothing"
# why = "Curves say a lot: that it falls, turns, jumps, lies at the baseline. Look at what it says of patients 1 and 3."

# %% tags=["training"]
from helpers.curves import cases, diagnose, unseen
from helpers.curves.patients import CAUSES

# the curves of four patients, and nothing else
sheets = {"patient 1, too few epochs": (patient_1, baseline), "patient 3, overfitting": (patient_3, baseline),
          "patient 12, leak": (runs_12.history, base_12), "patient 13, unshuffled tail": (patient_13, tail_base)}
for name, (history, base_of_it) in sheets.items():
    reading = diagnose(history, baseline=base_of_it)
    named = f"{', '.join(reading.causes)} ({reading.sure:.0%})" if reading.causes else "none named"
    print(f"{name:28} seen: {reading.finding}; causes: {named}; could be: {', '.join(reading.could_be)}")

# %%
compare("tool-on-patient-12")

# %% [markdown]
# **Compare with your prediction.** Read what it says of patient 13 in full. (Its numbers are shares of the baseline, from
# one of the seeds.) Its sentence tells the picture. For the cause it has a list, and an unshuffled tail is only one entry.
# What it would try next fits another entry, overfitting. That the table was sorted, only the table can say. So look at
# the data first, as in section 6, and ask the tool then.

# %% tags=["training"]
diagnose(patient_13, baseline=tail_base)

# %% [markdown]
# How good is it? Its makers kept runs apart on which nothing was built: other tasks, other settings, each with a cause
# that is known. We ask it about all of them. Beside it stand three rules of thumb, as they are taught: `gap`
# (validation more than a fifth above training: overfitting; both still high: too little learned), `minimum` (the lowest
# validation loss before the last epoch: overfitting) and `chart` (the table of pictures that courses print).

# %% [raw] tags=["prediction"]
# id = "share-of-the-tool"
# ask = "In how many of these runs will the causes that the tool names hold the planted one?"
# [right]
# text = "in well over half of them: more than for any rule of thumb, and far from all"
# why = "Some pictures have one cause, and some have several. Where the curves do not say, an honest tool names none or several."
# [[wrong]]
# text = "in nearly all of them"
# misconception = "tool-sees-the-cause"
# why = "A leak and a healthy run can have the same curves. Nobody who sees only these can be right about both."
# [[wrong]]
# text = "in about as many as for the rules of thumb: it reads the same curves"
# misconception = "all-rules-are-equal"
# why = "The rules of thumb use a gap or a minimum. Level against a baseline, slope and jumps say more."
# [[wrong]]
# text = "in one of fourteen: so many causes, and only two lines"
# misconception = "curves-say-nothing"
# why = "That is a guess among the fourteen. Curves say far more than nothing."

# %% tags=["training"]
from helpers.curves.thumbs import THUMBS

# the runs, and what the tool and each rule of thumb say about them
held_out = cases("held-out")
causes = list(dict.fromkeys(case.cause for case in held_out))
readings = [diagnose(case.history, baseline=case.baseline) for case in held_out]
named = {"the tool": [reading.causes for reading in readings],
         **{f"rule: {name}": [rule(case.history) for case in held_out] for name, rule in THUMBS.items()}}

# the planted cause among those named; and a stricter count, in which two named causes are worth half a hit each
def hits(answers, strict=False):
    return np.array([(case.cause in given) / (len(given) if strict else 1) if given else 0.0
                     for case, given in zip(held_out, answers)])

# %% tags=["training"]
print(f"{len(held_out)} held-out runs, {len(causes)} causes")
print("                 planted cause among those named   causes named, mean   counted strictly   none named")
for name, answers in named.items():
    many = np.mean([len(given) for given in answers if given])
    print(f"{name:16} {hits(answers).mean():33.0%} {many:20.1f} {hits(answers, True).mean():18.0%} "
          f"{np.mean([not given for given in answers]):12.0%}")

# %% [raw] tags=["alt"] id="tool-confusion-alt"
# Heat map of a table of counts: {rows} rows, the planted causes, and one column more, what the tool names first: the
# same causes and "cannot tell". Each cell holds a number of runs, 0 to {most}; darker is more. {diagonal} of {all}
# runs lie on the diagonal, {cannot} in the last column, {healthy} of them healthy runs. The largest other number among the
# causes is {off}, for {truth} called {called}. Never named first: {never}.

# %% tags=["training"]
columns = [*causes, "cannot tell"]
counts = np.zeros((len(causes), len(columns)), int)
for case, reading in zip(held_out, readings):
    counts[causes.index(case.cause), columns.index(reading.cause or "cannot tell")] += 1

# %% tags=["training"]
fig, ax = figures.axes(height=7.5)
ax.imshow(counts, cmap="Greys", vmax=counts.max() * 1.4)
for (i, j), n in np.ndenumerate(counts):
    if n:
        ax.annotate(str(n), (j, i), ha="center", va="center", color="white" if n > 0.85 * counts.max() else "black")
ax.set_xticks(range(len(columns)), columns, rotation=60, ha="right")
ax.set_yticks(range(len(causes)), causes)
ax.set(xlabel="named first by the tool", ylabel="planted"), ax.grid(visible=False)
off = counts[:, :-1] * (1 - np.eye(len(causes), dtype=int))
i, j = np.unravel_index(off.argmax(), off.shape)
figures.show(fig, "tool-confusion-alt", rows=len(causes), most=counts.max(), off=off.max(), truth=causes[i],
             called=causes[j], diagonal=np.trace(counts), all=counts.sum(), cannot=counts[:, -1].sum(),
             healthy=counts[causes.index("healthy"), -1],
             never=", ".join(c for c, n in zip(causes, counts.sum(axis=0)) if n == 0) or "none")

# %%
compare("share-of-the-tool")

# %% tags=["training"]
# counted strictly, run by run, against each rule; the interval from runs drawn anew 1,000 times
assert len(causes) == 14 and 0.55 < hits(named["the tool"]).mean() < 0.85
rng = np.random.default_rng(seed)
drawn = rng.integers(0, len(held_out), (1000, len(held_out)))
for name, answers in list(named.items())[1:]:
    ahead = hits(named["the tool"], True) - hits(answers, True)
    low_end, high_end = np.percentile(ahead[drawn].mean(axis=1), [2.5, 97.5])
    print(f"the tool is ahead of {name:14} by {ahead.mean():.0%}   (95% interval {low_end:.0%} to {high_end:.0%})")
    assert low_end > 0, "the tool is not better than this rule of thumb"
found = {cause: np.mean([cause in r.causes for c, r in zip(held_out, readings) if c.cause == cause])
         for cause in causes}
by_share = sorted(found, key=found.get)
tell("Found most often: {best}. Found least often: {worst}. Leaks by a feature: {leak:.0%}.",
     best=", ".join(by_share[:-4:-1]), worst=", ".join(by_share[:3]), leak=found["leak"])
assert found["leak"] > 0.7 and "leak" not in diagnose(runs_12.history, baseline=base_12).causes

# %% tags=["training"]
# is it right as often as it says? Runs for which it names causes, in three groups
sure, hit = np.array([reading.sure for reading in readings]), hits(named["the tool"])
for low, high in [(0.01, 0.7), (0.7, 0.85), (0.85, 1.01)]:
    group = (sure >= low) & (sure < high)
    says, does = sure[group].mean(), hit[group].mean()
    print(f"{group.sum():4} runs: it says that it is {says:.0%} sure; it names the planted cause in {does:.0%}")
    assert abs(says - does) < 0.15

# %% [markdown]
# **Compare with your prediction.** The tool is ahead of every rule of thumb, and far from always right. (The intervals
# are for more runs on the data sets at hand. They do not say how it fares on others.) Read the heat map
# by rows: where a row is spread, the curves do not say. But it is right about as often as it says.
#
# Two rows mislead. In these runs a leak is a feature that gives the label away. That lowers the loss so far that it
# can be suspected, so the tool names most of them. A leak by copies, as of patient 12, is not among the held-out runs: above,
# the tool did not name it. Nor is an unshuffled tail here that of patient 13: the rows
# were sorted by their labels, which is much coarser than by year.
#
# And the tool answers for runs like those it was measured on, where every cause is equally frequent. In your work some
# causes are more frequent than others, and some are not in the list: a wrong label format, a loss that does not fit the
# head, a feature that will not be there tomorrow.

# %% [raw] tags=["question"]
# id = "why-misses-stay"
# ask = "Which misses would stay with any tool that sees only the curves, however good?"
# [right]
# text = "those between causes whose curves are the same, such as too few epochs and a rate that is too low"
# why = "If two causes give the same curves, every answer is wrong for one of them. Only an experiment adds what is missing."
# [[wrong]]
# text = "none: with enough runs to learn from it would get all of them"
# misconception = "tool-sees-the-cause"
# why = "More runs show more exactly how often each cause goes with a picture. They do not make two pictures different."
# [[wrong]]
# text = "none: in longer runs every cause shows a curve of its own"
# misconception = "more-epochs-tell"
# why = "Longer curves tell some causes apart. The copies of patient 12 have the curves of a healthy run, however long it is."

# %% [markdown]
# ### Where it bites
#
# A tool that always names one cause is believed. One that says "still falling: too few epochs or rate too low, try a
# higher rate first" gets shrugged at, and is the better one: it names the next step.

# %% [markdown] given="97% 10% 2%: bounds that the exercise sets"
# ## 8. Unseen cases
#
# Now on other data. Four of the held-out data sets are constructed: spirals, clouds in pairs, faint patterns, and tags. The
# others are critics' ratings of films, and the tumors and the diabetes of earlier notebooks. You have seen none of these runs.
#
# The causes have the names that you know, but they were planted in other ways: a leak, for example, is a feature
# that gives the label away, and an unshuffled tail a table sorted by its labels.
#
# ### Exercise 8.1: your own first look
#
# Write a rule that reads any run. It returns the first of these words that fits:
#
# - `"NaN"`: some loss, of training or validation, is not a finite number;
# - `"flat"`: the lowest validation loss is above 97% of the baseline;
# - `"turned"`: the last validation loss is more than 10% above the lowest;
# - `"still falling"`: over the last fifth of the epochs (rounded down, at least one) the validation loss fell by more
#   than 2%, from the epoch before them to the last one;
# - `"level"`: nothing of all this.

# %% tags=["exercise"] id="first-look"
def first_look(loss, val_loss, baseline):
    """loss, val_loss: (epochs,), at least two epochs. baseline: a number. Returns one of the five words."""
    ### BEGIN SOLUTION
    if not (np.isfinite(loss).all() and np.isfinite(val_loss).all()):
        return "NaN"
    if val_loss.min() > 0.97 * baseline:
        return "flat"
    if val_loss[-1] > 1.1 * val_loss.min():
        return "turned"
    fifth = max(len(val_loss) // 5, 1)
    if val_loss[-1] < 0.98 * val_loss[-1 - fifth]:
        return "still falling"
    return "level"
    ### END SOLUTION

# %% tags=["cases"]
_falling = np.array([0.9, 0.8, 0.7, 0.65, 0.6, 0.55, 0.5, 0.47, 0.44, 0.41])
_level = np.array([0.9, 0.7, 0.6, 0.55, 0.52, 0.5, 0.5, 0.5, 0.499, 0.498])
_turned = np.array([0.9, 0.7, 0.5, 0.5, 0.55, 0.7, 0.9, 1.2, 1.15, 1.1])
_low = np.array([0.8, 0.6, 0.4, 0.3, 0.2, 0.15, 0.1, 0.08, 0.06, 0.05])
cases = [(_falling - 0.05, _falling, 1.0), (_falling - 0.05, _level, 1.0), (_low, _turned, 0.8),
         (_low, _level + 0.5, 0.9), (_low, np.append(_level[:-1], np.nan), 1.0),
         (np.array([0.9, np.nan, 0.8, 0.7]), np.array([0.9, 0.8, 0.7, 0.69]), 1.0),
         (_low[:5], np.array([1.2, 1.3, 1.6, 2.0, 1.9]), 1.1), (np.array([0.9, 0.8]), np.array([0.9, 0.8]), 1.0),
         (np.array([0.5, np.inf, 0.4]), np.array([0.6, 0.6, 0.6]), 1.0),
         (_low, np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.5, 0.5, 0.5, 0.498, 0.496]), 1.0),
         (_low, np.array([1.0, 0.9, 0.8, 0.6, 0.61, 0.7, 0.8, 0.78, 0.76, 0.74]), 1.0),
         (_low, np.array([1.0, 0.8, 0.6, 0.5, 0.5, 0.5, 0.5, 0.5, 0.51, 0.525]), 1.0),
         (_low, np.array([1.1, 1.05, 1.0, 0.99, 0.98, 0.98, 0.98, 0.98, 0.98, 0.98]), 1.0),
         (np.append(_low[:-1], np.nan), _turned, 0.8),
         (_low, np.array([0.9, 0.8, 0.7, 0.6, 0.55, 0.53, 0.52, 0.515, 0.505, 0.5]), 1.0),
         (_low, np.array([0.9, np.nan, 0.8, 0.7, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6]), 1.0),
         (np.linspace(0.9, 0.1, 20), np.append(np.linspace(1.0, 0.6, 15), [0.583, 0.582, 0.581, 0.58, 0.579]), 1.1),
         (_low, np.array([9.0, 8.0, 7.0, 6.0, 5.5, 5.2, 5.1, 5.0, 5.1, 5.2]), 10.0),
         (_low, np.array([9.0, 8.0, 7.0, 6.0, 5.5, 5.2, 5.1, 5.06, 5.03, 5.0]), 10.0),
         (_low, np.array([0.9, 0.7, 0.6, 0.55, 0.53, 0.52, 0.55, 0.57, 0.55, 0.53]), 1.0),
         (_low[:9], np.array([0.9, 0.8, 0.7, 0.65, 0.6, 0.58, 0.56, 0.53, 0.529]), 1.0),
         (_low, np.array([1.5, 1.2, 0.9, 0.7, 0.6, 0.57, 0.55, 0.53, 0.52, 0.5]), 2.0)]
labels = ["loss", "val_loss", "baseline"]

# %% tags=["hint"]
# NaN first: every comparison with NaN is False, so any other rule may pass by mistake. `np.isfinite(...)` is False for NaN and for infinity.

# %% tags=["hint"]
# `fifth = max(len(val_loss) // 5, 1)`; the epoch before the last fifth is `val_loss[-1 - fifth]`.

# %% tags=["right"]
def first_look(loss, val_loss, baseline):
    lowest, n = np.min(val_loss), len(val_loss)
    rules = [("NaN", not np.all(np.isfinite([*loss, *val_loss]))), ("flat", lowest / baseline > 0.97),
             ("turned", val_loss[-1] / lowest > 1.1),
             ("still falling", 1 - val_loss[-1] / val_loss[n - 1 - max(n // 5, 1)] > 0.02)]
    return next((word for word, fits in rules if fits), "level")

# %% tags=["wrong"] misconception="nan-heals"
# You look for NaN in the last epoch only. A run that was NaN or infinite in between is broken as well.
def first_look(loss, val_loss, baseline):
    if not (np.isfinite(loss[-1]) and np.isfinite(val_loss[-1])):
        return "NaN"
    lowest, fifth = np.nanmin(val_loss), max(len(val_loss) // 5, 1)
    return ("flat" if lowest > 0.97 * baseline else "turned" if val_loss[-1] > 1.1 * lowest else
            "still falling" if val_loss[-1] < 0.98 * val_loss[-1 - fifth] else "level")

# %% tags=["wrong"] misconception="infinity-is-a-number"
# An infinite loss passes your check for NaN. Ask whether it is finite.
def first_look(loss, val_loss, baseline):
    if np.isnan(loss).any() or np.isnan(val_loss).any():
        return "NaN"
    lowest, fifth = val_loss.min(), max(len(val_loss) // 5, 1)
    return ("flat" if lowest > 0.97 * baseline else "turned" if val_loss[-1] > 1.1 * lowest else
            "still falling" if val_loss[-1] < 0.98 * val_loss[-1 - fifth] else "level")

# %% tags=["wrong"] misconception="one-curve-is-enough"
# You look for NaN in the validation loss only. The training loss may be NaN as well.
def first_look(loss, val_loss, baseline):
    if not np.isfinite(val_loss).all():
        return "NaN"
    lowest, fifth = val_loss.min(), max(len(val_loss) // 5, 1)
    return ("flat" if lowest > 0.97 * baseline else "turned" if val_loss[-1] > 1.1 * lowest else
            "still falling" if val_loss[-1] < 0.98 * val_loss[-1 - fifth] else "level")

# %% tags=["wrong"] misconception="last-is-best"
# You call it flat by its end. A run that turned far up was better than the baseline on its way: look at the lowest point.
def first_look(loss, val_loss, baseline):
    if not (np.isfinite(loss).all() and np.isfinite(val_loss).all()):
        return "NaN"
    fifth = max(len(val_loss) // 5, 1)
    return ("flat" if val_loss[-1] > 0.97 * baseline else "turned" if val_loss[-1] > 1.1 * val_loss.min() else
            "still falling" if val_loss[-1] < 0.98 * val_loss[-1 - fifth] else "level")

# %% tags=["wrong"] misconception="order-of-rules"
# You ask for the turn before you ask for flat. A run that was never better than the baseline has nothing to turn from.
def first_look(loss, val_loss, baseline):
    if not (np.isfinite(loss).all() and np.isfinite(val_loss).all()):
        return "NaN"
    lowest, fifth = val_loss.min(), max(len(val_loss) // 5, 1)
    return ("turned" if val_loss[-1] > 1.1 * lowest else "flat" if lowest > 0.97 * baseline else
            "still falling" if val_loss[-1] < 0.98 * val_loss[-1 - fifth] else "level")

# %% tags=["wrong"] misconception="order-of-rules"
# You ask whether it still falls before you ask for the turn. A run can be far above its lowest point and fall again.
def first_look(loss, val_loss, baseline):
    if not (np.isfinite(loss).all() and np.isfinite(val_loss).all()):
        return "NaN"
    lowest, fifth = val_loss.min(), max(len(val_loss) // 5, 1)
    return ("flat" if lowest > 0.97 * baseline else "still falling" if val_loss[-1] < 0.98 * val_loss[-1 - fifth] else
            "turned" if val_loss[-1] > 1.1 * lowest else "level")

# %% tags=["wrong"] misconception="difference-is-not-a-ratio"
# Your "still falling" is a difference of losses. A percentage is a ratio: divide by the loss before the last fifth.
def first_look(loss, val_loss, baseline):
    if not (np.isfinite(loss).all() and np.isfinite(val_loss).all()):
        return "NaN"
    lowest, fifth = val_loss.min(), max(len(val_loss) // 5, 1)
    return ("flat" if lowest > 0.97 * baseline else "turned" if val_loss[-1] > 1.1 * lowest else
            "still falling" if val_loss[-1 - fifth] - val_loss[-1] > 0.02 else "level")

# %% tags=["wrong"] misconception="difference-is-not-a-ratio"
# Your "turned" is a difference of losses. A percentage is a ratio: divide by the lowest loss.
def first_look(loss, val_loss, baseline):
    if not (np.isfinite(loss).all() and np.isfinite(val_loss).all()):
        return "NaN"
    lowest, fifth = val_loss.min(), max(len(val_loss) // 5, 1)
    return ("flat" if lowest > 0.97 * baseline else "turned" if val_loss[-1] - lowest > 0.1 else
            "still falling" if val_loss[-1] < 0.98 * val_loss[-1 - fifth] else "level")

# %% tags=["wrong"] misconception="training-loss-is-all-loss"
# Your "still falling" looks at the training loss. It falls nearly always; what counts is validation.
def first_look(loss, val_loss, baseline):
    if not (np.isfinite(loss).all() and np.isfinite(val_loss).all()):
        return "NaN"
    lowest, fifth = val_loss.min(), max(len(val_loss) // 5, 1)
    return ("flat" if lowest > 0.97 * baseline else "turned" if val_loss[-1] > 1.1 * lowest else
            "still falling" if loss[-1] < 0.98 * loss[-1 - fifth] else "level")

# %% tags=["wrong"] misconception="rounded-down"
# Of fewer than five epochs a fifth is rounded down to none. It is to be at least one.
def first_look(loss, val_loss, baseline):
    if not (np.isfinite(loss).all() and np.isfinite(val_loss).all()):
        return "NaN"
    lowest, fifth = val_loss.min(), len(val_loss) // 5
    return ("flat" if lowest > 0.97 * baseline else "turned" if val_loss[-1] > 1.1 * lowest else
            "still falling" if val_loss[-1] < 0.98 * val_loss[-1 - fifth] else "level")

# %% tags=["wrong"] misconception="rounded-up"
# Your last fifth is rounded up. It is to be rounded down: of nine epochs it is one.
def first_look(loss, val_loss, baseline):
    if not (np.isfinite(loss).all() and np.isfinite(val_loss).all()):
        return "NaN"
    lowest, fifth = val_loss.min(), int(np.ceil(len(val_loss) / 5))
    return ("flat" if lowest > 0.97 * baseline else "turned" if val_loss[-1] > 1.1 * lowest else
            "still falling" if val_loss[-1] < 0.98 * val_loss[-1 - fifth] else "level")

# %% tags=["wrong"] misconception="percentage-of-another-whole"
# Your "still falling" is a share of the baseline. What counts is the share of the loss before the last fifth.
def first_look(loss, val_loss, baseline):
    if not (np.isfinite(loss).all() and np.isfinite(val_loss).all()):
        return "NaN"
    lowest, fifth = val_loss.min(), max(len(val_loss) // 5, 1)
    return ("flat" if lowest > 0.97 * baseline else "turned" if val_loss[-1] > 1.1 * lowest else
            "still falling" if val_loss[-1 - fifth] - val_loss[-1] > 0.02 * baseline else "level")

# %% tags=["wrong"] misconception="off-by-one-epoch"
# Your last fifth is one epoch short: measure from the epoch before it to the last one.
def first_look(loss, val_loss, baseline):
    if not (np.isfinite(loss).all() and np.isfinite(val_loss).all()):
        return "NaN"
    lowest, fifth = val_loss.min(), max(len(val_loss) // 5, 1)
    return ("flat" if lowest > 0.97 * baseline else "turned" if val_loss[-1] > 1.1 * lowest else
            "still falling" if val_loss[-1] < 0.98 * val_loss[-max(fifth, 2)] else "level")

# %% tags=["training"]
# your words on the held-out runs: for each, the causes behind it (None: not written yet)
words = [first_look(np.array(case.history["loss"]), np.array(case.history["val_loss"]), case.baseline)
         for case in held_out]
for word in dict.fromkeys(words):
    behind = [case.cause for case, said in zip(held_out, words) if said == word]
    often = sorted({*behind}, key=lambda cause: -behind.count(cause))[:4]
    print(f"{word!s:14} {len(behind):4} runs: " + ", ".join(f"{cause} {behind.count(cause)}" for cause in often))

# %% [markdown]
# Once your rule is right, read its counts. No word stands for one cause alone: even "NaN" has two.
#
# ### Three cases that nobody has seen
#
# `unseen` trains a new run. Three different causes are drawn for you from your `seed`; `my_number` draws others. What may
# have been planted is listed below the figure. (A collapse is not drawn: it shows in a metric, and only losses are plotted.)

# %%
my_number = 0   # any whole number: other cases

# %% tags=["training"]
number = 1000 * seed + 10 * my_number
# three different causes; a collapse shows in its metric, and only losses are drawn here
to_draw = [cause for cause in causes if cause != "collapse"]
three = np.random.default_rng([seed, my_number]).choice(to_draw, 3, replace=False).tolist()
my_cases = {k: unseen(number + k, cause=cause) for k, cause in zip((1, 2, 3), three)}

# %% [raw] tags=["alt"] id="unseen-alt"
# Three line plots of the loss of one run each, from 0, over its epochs, training and validation, with a dotted baseline. Case
# 1, {e1} epochs, baseline {z1:.2f}: validation goes from {a1:.2f} to {b1:.2f}, lowest {m1:.2f}, and moves by {j1:.3f} from
# epoch to epoch; training goes from {s1:.2f} to {t1:.2f}. Case 2, {e2} epochs, baseline {z2:.2f}: validation from {a2:.2f} to
# {b2:.2f}, lowest {m2:.2f}, moving by {j2:.3f}; training from {s2:.2f} to {t2:.2f}. Case 3, {e3} epochs, baseline {z3:.2f}:
# validation from {a3:.2f} to {b3:.2f}, lowest {m3:.2f}, moving by {j3:.3f}; training from {s3:.2f} to {t3:.2f}.

# %% tags=["training"]
fig, panels = figures.axes(3, xlabel="epoch", height=3.6)
numbers = {}
for ax, (k, case) in zip(panels, my_cases.items()):
    both = {"training": np.array(case.history["loss"]), "validation": np.array(case.history["val_loss"])}
    figures.lines(ax, np.arange(1, len(both["training"]) + 1), both, label_at="legend" if k == 1 else None)
    ax.axhline(case.baseline, color="black", linestyle=":")
    ax.set(title=f"case {k}", ylabel="loss" if k == 1 else "", ylim=(0, None))
    train, val = both.values()
    lowest = np.min(val[np.isfinite(val)], initial=val[0])
    numbers |= {f"e{k}": len(val), f"a{k}": val[0], f"b{k}": val[-1], f"m{k}": lowest,
                f"z{k}": case.baseline, f"j{k}": np.mean(abs(np.diff(val))), f"s{k}": train[0], f"t{k}": train[-1]}
figures.show(fig, "unseen-alt", **numbers)
print("choose from")
for cause, meaning in CAUSES.items():
    print(f"   {cause:26}{meaning}")

# %%
my_answers = {1: "", 2: "", 3: ""}   # one of the causes above for each case

# %%
def grade(case, answer):
    """Say whether the answer fits the case, what speaks for or against it, and what was planted."""
    # what the tool sees in the same curves, then your answer beside what was planted
    if answer not in causes:
        return "not answered yet: one of the causes of the list is due, spelled as there"
    reading = diagnose(case.history, baseline=case.baseline)
    seen = f"Seen: {reading.sentence} {' '.join(reading.evidence)}"
    if answer == case.cause:
        return f"right. Planted: {case.reveal()} {seen}"
    allowed = answer in {*reading.causes, *reading.could_be}
    verdict = "the curves allow it, but it is not what was planted" if allowed else "the curves speak against it"
    return f"{answer}: {verdict}. Planted: {case.reveal()} {seen} What would have decided: {reading.next}"

for k, answer in my_answers.items():
    print(f"case {k}: {grade(my_cases[k], answer)}\n")

# %% [raw] tags=["question"]
# id = "wrong-and-still-good"
# ask = "You said \"too few epochs\"; planted was a rate that is too low. The curves allow both. Was your reading bad?"
# [right]
# text = "the reading was fine; what was missing was an experiment"
# why = "Read what is there, name what it allows, then try a higher rate for as many epochs. A reading is judged by what it allows, a cure by the experiment."
# [[wrong]]
# text = "yes: a good reader sees the cause in the curve"
# misconception = "tool-sees-the-cause"
# why = "The two can have the same curves, as in section 2. Whoever names one for sure is guessing."
# [[wrong]]
# text = "no, and nothing is lost: more epochs help in both cases"
# misconception = "cure-without-a-price"
# why = "They help, at many times the price. One run at a higher rate would have told."

# %% [markdown]
# ### Where it bites
#
# Three cases are few. Draw ten, and keep count of the causes that you take for each other. That list is worth more to
# you than any table of pictures.

# %% [markdown]
# ## 9. What you take along
#
# | seen | what it allows | the experiment that decides | the cure that worked here |
# |---|---|---|---|
# | still falling at the end | too few epochs; rate too low | a higher rate, for the same epochs: does it stay smooth? | that rate; or more epochs |
# | a turn | learning by heart, the worse the fewer the rows and the more labels are wrong; a split that cuts off the end of a sorted table; a rate too high †; too few validation rows † | shuffle and split anew; more rows or checked labels | early stopping, then better or more data |
# | training above validation | dropout, running mean | `evaluate` on the training rows | none needed |
# | flat at the baseline | no signal; dead units; a rate far too low †; an unshuffled tail † | train on 32 rows | join rows and labels rightly; scale the features |
# | flat below the baseline | too little capacity; or that is all there is | more units | more units |
# | accuracy flat, loss falling | a collapse of the decisions | AUC on other rows | a threshold |
# | NaN | a missing label, a log, a root; a rate far too high † | look at the data, then at the loss | leave the row out |
# | jumps | rate too high; too few validation rows | look at the training curve; judge by more rows | a lower rate; more rows |
# | all is well | healthy; a leak by copies | rows from outside; count the rows that stand in both parts | split first |
#
# † No patient of this notebook: the counts of exercise 8.1 show it.
#
# **What curves cannot show:** whether copies stand in both parts, whether the labels mean what you think, whether the validation
# rows are like the rows to come, whether the loss fits the head, and whether anybody wants what the loss wants. For
# some of these there is the [doctor](01_regression_losses.ipynb); for the others, you.
#
# The three printed recipes, once more. The [first](01_regression_losses.ipynb) was a falling curve without the level
# that is possible. The second, here, was a picture of overfitting without overfitting. The
# [third](02_binary_cross_entropy.ipynb) was a curve of a metric without signal. All three code examples run, and all
# three curves are real. That something was missing, no curve said: an experiment did, each time.

# %% [raw] tags=["question"]
# id = "wall-of-curves"
# ask = "A colleague sends you a figure, two lines that part after epoch 12, and asks: \"Is this overfitting?\" What do you answer first?"
# discuss = true
# [right]
# text = "how were the rows split, where is the baseline, and which of the two lines rises?"
# why = "Parting alone is a gap. A rise of validation is a turn, and a turn has several causes; the split is the cheapest one to rule out."
# [[wrong]]
# text = "yes: the lines part"
# misconception = "any-gap-is-overfitting"
# why = "Lines part in healthy runs as well. What counts is whether validation rises."
# [[wrong]]
# text = "no: it needs more epochs to say"
# misconception = "more-epochs-tell"
# why = "More epochs show more of the same line. They do not say how the rows were split."
# [[wrong]]
# text = "add dropout and see whether the gap closes"
# misconception = "closing-the-gap-is-a-cure"
# why = "Dropout lifts the reported training loss, so the gap closes on paper in any case."

# %% [markdown]
# What was claimed, and held, while this notebook ran:

# %% tags=["training"]
from helpers.claims import list_claims
list_claims()

# %% tags=["training"]
my_progress()

# %%
repeat("07_reading_curves")

# %% [raw] tags=["reflection"]
# id = "summary-07"
# ask = "In three sentences: what can be read from a curve, what cannot, and what do you do then?"

# %% [raw] tags=["reflection"]
# id = "muddiest-07"
# ask = "A minute card: what was the most important thing here, and what is still unclear?"

# %% [raw] tags=["reflection"]
# id = "confidence-07"
# ask = "From 1 (not at all) to 5 (surely): could you name the causes that a colleague's curves allow, and the experiment that decides?"

# %% [markdown]
# Go on with [08 Sequence metrics](08_sequence_metrics.ipynb): losses and metrics of text.
#
# Further reading: Karpathy, [A recipe for training neural networks](https://karpathy.github.io/2019/04/25/recipe/),
# 2019, on learning one batch by heart · Zhang and others, [Understanding deep learning requires rethinking
# generalization](https://arxiv.org/abs/1611.03530), 2017, on networks that learn random labels · Prechelt, [Early
# stopping, but when?](https://doi.org/10.1007/3-540-49430-8_3), 1998 · Kapoor and Narayanan, [Leakage and the
# reproducibility crisis](https://doi.org/10.1016/j.patter.2023.100804), 2023.
