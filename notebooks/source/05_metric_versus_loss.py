# %% [raw] tags=["instructor"]
# minutes = [4, 6, 16, 9, 8, 9, 12, 15, 10, 9, 7, 7, 5]
# measured = "Reckoned: 180 words or 40 lines of code a minute, 45 seconds a question, four minutes an exercise, one a reflection. Not in it: votes in a room, and the run time of the cells."
# pause = "after section 5. Sections 6 to 8 belong together; section 9 stands alone."
# skip = "run all cells, and discuss sections 2, 3 and 7 only: about 45 minutes. Section 4, the table of losses in 5 and section 10 can wait; section 11 is good homework."
# terms = ["dropout", "weight penalty", "running mean", "Batch normalization", "proxy", "Goodhart's law"]

# %% [markdown]
# # 05 · Metric versus loss
#
# Training has run all night. The loss went down, as it should. The number you promised to your boss did not go up. Is
# anything broken? Perhaps nothing at all: loss and metric are two questions, and they may have two answers. Or the
# number on the screen is not what you think it is. This notebook takes both apart.
#
# **After this notebook you can**
#
# 1. construct predictions for a given change of cross-entropy and accuracy, and explain a validation loss that climbs
#    (exercises 2.1 and 2.2, predictions and questions in 2 and 3);
# 2. say what a metric does to the weights, and whether one can train on accuracy (predictions and questions in 1 and 5);
# 3. compute a metric over batches, and account for the gap between the loss that `fit` reports and the one that you
#    compute, term by term (exercises 6.1, 7.1, 8.1 and 11.1, predictions and questions in 6 to 8, 11 and 12);
# 4. judge a model by the question that matters, ranking, calibration or decision, and say what happens to a metric once
#    people are paid by it (predictions and questions in 4, 9 and 10).
#
# **Time:** about 117 minutes, best in two sittings: a break fits after section 5. When you come back, choose *Run*,
# *Run All Above Selected Cell*: your answers have been kept. **You need:**
# [01 Regression losses](01_regression_losses.ipynb), with the median and R²;
# [02 Binary cross-entropy](02_binary_cross_entropy.ipynb), with thresholds, AUC and calibration;
# [03 Multiclass cross-entropy](03_multiclass_cross_entropy.ipynb), with temperature;
# [04 Multilabel sigmoid](04_multilabel_sigmoid.ipynb), with its films; and to have met gradients in Keras.
#
# **Contents**
#
# {{contents}}

# %% [markdown]
# ## 0. Do you still know?
#
# Three questions from notebooks 02, 03 and 04. Answer before you look anything up: that is what makes it stick.

# %%
# every notebook starts with this cell: it finds the workbook's folder, wherever you opened the notebook
import pathlib, sys
sys.path[:0] = [str(p) for p in [pathlib.Path.cwd(), *pathlib.Path.cwd().parents] if (p / "helpers").is_dir()][:1]

# %%
import warnings
import numpy as np
from sklearn import metrics as sk
from helpers import data, figures
from helpers.claims import claim, tell
from helpers.practice import check, compare, my_progress, predict, question, reflect, repeat

# %% tags=["parameters"]
seed = 0  # where the experiments below start; any whole number from 0 on will do

# %% [raw] tags=["question"]
# id = "recall-weighted-loss"
# ask = "Notebook 02: a model is trained with `class_weight={0: 1, 1: 24}` and validation data. `loss` is several times as high as `val_loss`. What is the likeliest reason?"
# [right]
# text = "`loss` is weighted and `val_loss` is not"
# why = "Class weights act on the training loss alone. The two numbers measure different things, so their distance says nothing yet."
# [[wrong]]
# text = "the model underfits: it does better on films that it has not seen"
# misconception = "sign-of-the-gap-is-the-fit"
# why = "A gap says something about the fit only if both sides are measured alike. Here only one of them is weighted."
# [[wrong]]
# text = "both are weighted, and the validation films have fewer positives"
# misconception = "validation-is-weighted-too"
# why = "Class weights do not reach validation data. And the two sets were split at random."
# [[wrong]]
# text = "validation data were seen in training"
# misconception = "any-gap-is-a-leak"
# why = "That would bring the two losses together. It would not set one several times as high."

# %% [raw] tags=["question"]
# id = "recall-temperature"
# given = "3: premise of the question"
# ask = "Notebook 03: all logits of a model are divided by a temperature of 3. What happens to cross-entropy and to accuracy?"
# [right]
# text = "cross-entropy changes, accuracy does not"
# why = "The order of the logits stays, so every decision stays. The probabilities move, and cross-entropy with them."
# [[wrong]]
# text = "both change: the predictions are others now"
# misconception = "temperature-moves-accuracy"
# why = "The probabilities are others. The largest one is where it was, and accuracy looks at nothing else."
# [[wrong]]
# text = "neither changes: softmax cancels a common factor"
# misconception = "softmax-cancels-a-factor"
# why = "Softmax cancels what is added to all logits. A factor makes the probabilities flatter or steeper."

# %% [raw] tags=["question"]
# id = "recall-micro-macro"
# ask = "Notebook 04: F1 is computed for each of ten genres, and the ten numbers are averaged. Is that the F1 of all cells together?"
# [right]
# text = "no: F1 is a ratio, and a mean of ratios is not the ratio of the sums"
# why = "The mean of ten F1 is macro F1, that of all cells together micro F1. Ten small ratios weigh alike, however few films stand behind one."
# [[wrong]]
# text = "yes: the mean of the parts is the whole"
# misconception = "averages-agree"
# why = "That holds for sums and for means over equal parts. F1 is a ratio of two sums, and each genre has its own."
# [[wrong]]
# text = "yes, if each genre has equally many films"
# misconception = "micro-is-macro"
# why = "Below the line of F1 stand the films of the genre and the flagged ones. The flagged ones may still be few here and many there, so the ten do not weigh alike."

# %% [markdown]
# ## 1. The number beside the loss
#
# A colleague adds accuracy and AUC to `compile`. "The model has become better since I watch AUC", she says. Can it?
#
# The data are the films of notebook 04, with one genre: is a film a drama? Drama is the positive class.

# %% tags=["training"]
from helpers.quiet import quiet
with quiet():  # without TensorFlow's start-up log
    import keras, tensorflow as tf
tf.get_logger().setLevel("ERROR")  # we build many small models; TensorFlow would remark on each
from helpers.replicates import fit_replicates

genres = data.genres()
X_train, X_val, X_test = genres.X_train, genres.X_val, genres.X_test
y_train, y_val, y_test = genres.y_train[:, :1], genres.y_val[:, :1], genres.y_test[:, :1]   # the first genre is Drama
print(genres)
print(f"share of dramas: {y_train.mean():.3f} of the training films, {y_test.mean():.3f} of the test films")

# %%
def build(hidden=(32,), loss="binary_crossentropy", rate=0.01, inputs=X_train.shape[1], **more):
    layers = [keras.layers.Dense(units, activation="relu") for units in hidden]
    model = keras.Sequential([keras.Input((inputs,)), *layers, keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss, **more)
    model.optimizer.build(model.trainable_variables)   # fit would do it, and then take half a second longer
    return model

def two_metrics():
    return ["accuracy", keras.metrics.AUC(name="auc")]

# four runs: the same start, the same 1,000 films in the same order
programs = {"1: no metric": {}, "2: two metrics": {"metrics": two_metrics()},
            "3: a weighted metric": {"weighted_metrics": ["accuracy"]},
            "4: as 2, and a callback": {"metrics": two_metrics()}}
stop = keras.callbacks.EarlyStopping(monitor="val_auc", mode="max", min_delta=0.02)

# %% [markdown] given="0.02: set in code"
# A callback is an object that `fit` calls after each epoch. That of program 4 ends training when the AUC on the validation
# films no longer rises by 0.02. In program 3, `weighted_metrics` holds a metric that looks at sample weights, as in notebook 02.

# %% [raw] tags=["prediction"]
# id = "which-run-differs"
# ask = "Four programs, one seed, up to three epochs. Which of programs 2, 3 and 4 end with other weights than program 1?"
# [right]
# text = "program 4 alone"
# why = "A metric is computed beside the loss, and nothing flows back from it. A callback is another matter: it reads the metric and acts. It does not change a step, but it decides how many steps there are."
# [[wrong]]
# text = "none of them: a metric only reports"
# misconception = "callbacks-only-watch"
# why = "The metric only reports. But program 4 has somebody who reads the report and switches the machine off."
# [[wrong]]
# text = "programs 3 and 4: weighted metrics are a part of the loss"
# misconception = "metrics-add-to-the-loss"
# why = "Weighted or not, a metric is reported beside the loss. Nothing adds it to the loss."
# [[wrong]]
# text = "all three: training also improves what it is asked to report"
# misconception = "metrics-train"
# why = "Training follows the gradient of the loss. No metric takes part in it."

# %% tags=["training"]
trained = {}
for name, more in programs.items():
    # the same start, then plain training
    keras.utils.set_random_seed(seed)
    trained[name] = build(**more)
    fitted = trained[name].fit(X_train[:1000], y_train[:1000], epochs=3, batch_size=64, verbose=0,
                               validation_data=(X_val[:500], y_val[:500]),
                               callbacks=[stop] if name.startswith("4") else [])
    print(f"{name:26} {len(fitted.history):2} columns in the history, {len(fitted.epoch):2} epochs")

# %% tags=["training"]
reference = trained["1: no metric"].get_weights()
for name, model in trained.items():
    # how many numbers differ from those of program 1, and one of them bit by bit
    differ = sum(np.sum(a != b) for a, b in zip(reference, model.get_weights()))
    bits = model.get_weights()[0][0, :1].view(np.uint32)[0]
    print(f"{name:26} {differ:5} of {model.count_params()} weights differ; the first one: {bits:032b}")

# %%
compare("which-run-differs")

# %% tags=["training"]
same = [all(np.array_equal(a, b) for a, b in zip(reference, model.get_weights())) for model in trained.values()]
assert same == [True, True, True, False]

# %% [markdown]
# **Compare with your prediction.** Programs 1, 2 and 3 agree to the last bit. Program 4 went another way, because somebody acted on what
# was reported. If a model "has become better since we watch AUC", look for the one who acts: a callback, or a person who
# restarts training until the number looks good.

# %% [raw] tags=["question"]
# id = "who-reads-the-metric"
# ask = "`ReduceLROnPlateau(monitor=\"val_loss\")` lowers the learning rate when `val_loss` stalls. You add AUC to `metrics`. Do the weights change?"
# [right]
# text = "no: this callback reads `val_loss`, which is computed anyway"
# why = "What counts is what is read. Adding AUC gives the callback nothing new to read."
# [[wrong]]
# text = "yes: a callback acts on all metrics that are reported"
# misconception = "callbacks-read-everything"
# why = "It acts on the one that `monitor` names, here `val_loss`."
# [[wrong]]
# text = "yes: AUC is computed on the validation films, so it is part of `val_loss`"
# misconception = "metrics-add-to-the-loss"
# why = "`val_loss` is the loss on the validation films. Metrics stand beside it, each under its own name."

# %% [markdown]
# ### Where it bites
#
# Comparing two runs that differ in their metrics *and* in a callback, and crediting the metric. Change one thing at a time.

# %% [markdown]
# ## 2. The loss has tripled
#
# So training never looks at the metric. But surely a lower loss means a better metric? In binary cross-entropy, BCE, a film
# costs −log of the probability that its true label got. Call that probability its p(true). Accuracy asks one thing: is
# p(true) above one half?

# %% [raw] tags=["prediction"]
# id = "loss-triples"
# given = "0.45 1.45: values of the demonstration, asserted below"
# ask = "From one epoch to another the BCE on the validation films goes from 0.45 up to 1.45. What happened to accuracy?"
# discuss = true
# [right]
# text = "it may have gone up, down, or nowhere"
# why = "A few films that are wrong and very sure can triple the mean. All others may have become right meanwhile. The loss alone does not tell."
# [[wrong]]
# text = "it went down: more loss, less accuracy"
# misconception = "metric-is-inverted-loss"
# why = "It may. It need not: accuracy counts films on one side of one half, the loss counts how far each is from the truth."
# [[wrong]]
# text = "nothing: accuracy has nothing to do with the loss"
# misconception = "loss-and-metric-are-unrelated"
# why = "They are related: both look at p(true). A film at 1 is good for both. But they weigh it differently."
# [[wrong]]
# text = "this is a bug: a loss cannot triple in training"
# misconception = "loss-must-fall"
# why = "The training loss is made small. On films that are not trained on, nothing holds it down."

# %%
# p(true) of four validation films, at an early and at a late epoch
early, late = np.array([0.45, 0.45, 0.90, 0.90]), np.array([0.55, 0.55, 0.99, 0.01])

for name, p_true in [("early", early), ("late", late)]:
    # what each film costs, then the mean; which are right, then their share
    cost, right = -np.log(p_true), p_true > 0.5
    print(f"{name:6} costs {np.round(cost, 2)}   BCE {cost.mean():.2f}   right {right.astype(int)}   "
          f"accuracy {right.mean():.2f}")

# %%
compare("loss-triples")

# %% [raw] tags=["alt"] id="two-epochs-alt" given="5: end of the axis; 0.01 0.45 0.55 0.9 0.99: premises, set in code"
# Line plot of the cost of one film, 0 to 5, over p(true), 0 to 1; the curve −log p falls from the upper left to 0 at
# the right. A dotted line at one half is the cut of accuracy. Three arrows from one point of the curve to another: two films
# move together from 0.45 to 0.55, across the cut and hardly down; one moves from 0.9 to 0.99, hardly at all; the last one
# leaves 0.9 and jumps, on a long straight arrow, to 0.01, far up at the left, where it costs {top:.1f}.

# %%
fig, ax = figures.axes(xlabel="p(true): the probability of what is true", ylabel="cost of one film")
grid = np.linspace(0.005, 1, 400)
figures.lines(ax, grid, {"−log p": -np.log(grid)}, label_at=None)
ax.axvline(0.5, color="black", linestyle=":")
ax.annotate("wrong  ", (0.5, 4.6), ha="right"), ax.annotate("  right", (0.5, 4.6))
# one arrow for each move; the first two films move alike
for start, end, text, place in [(0.45, 0.55, "two films", (0.42, 0.28)), (0.9, 0.99, "third film", (0.9, 0.4)),
                                (0.9, 0.01, "fourth film", (0.28, 3.4))]:
    ax.annotate("", (end, -np.log(end)), (start, -np.log(start)), arrowprops=dict(arrowstyle="->", linewidth=1.8))
    ax.annotate(text, place)
ax.set_ylim(0, 5)
figures.show(fig, "two-epochs-alt", top=-np.log(0.01))

# %%
# the values of the prediction, and of the question below
assert round(np.mean(-np.log(early)), 2) == 0.45 and round(np.mean(-np.log(late)), 2) == 1.45
assert np.mean(early > 0.5) == 0.5 and np.mean(late > 0.5) == 0.75

# %% [markdown]
# **Compare with your prediction.** Two films crossed the cut, one fell back behind it: accuracy went up. In the printed
# costs, each crossing saved a fraction of what the fall cost. Accuracy sees crossings only. The loss sees distances, and far
# on the left they become huge.

# %% [raw] tags=["question"]
# id = "how-many-crossings"
# given = "0.45 0.55 0.2: premises, and −log 0.45 + log 0.55, asserted below; 0.9 0.01 4.5: premises, and −log 0.01 + log 0.9, asserted below; 22: 4.5 / 0.2, asserted below"
# ask = "A film that falls from 0.9 to 0.01 adds 4.5 to the sum of the costs. How many films must cross from 0.45 to 0.55 to pay for it?"
# [right]
# text = "about 22"
# why = "Each crossing saves −log 0.45 + log 0.55, which is 0.2. So 22 more right answers and one wrong one leave the loss where it was."
# [[wrong]]
# text = "one: it is one film against one film"
# misconception = "loss-counts-errors"
# why = "For accuracy, yes. The loss does not count films, it adds up what they cost."
# [[wrong]]
# text = "two, as in the demonstration"
# misconception = "loss-counts-errors"
# why = "In the demonstration two films crossed and the loss still tripled. They paid for a small part only."
# [[wrong]]
# text = "none: a film at 0.01 is simply wrong, like one at 0.45"
# misconception = "loss-is-thresholded"
# why = "For accuracy both are wrong alike. For the loss, 0.01 costs more than five times as much as 0.45."

# %% [markdown] given="0.5: the default threshold"
# ### Exercise 2.1: lower loss, lower accuracy
#
# Now build such predictions yourself. You get labels and probabilities of the positive class. Change some probabilities
# so that **BCE goes down and accuracy goes down as well**. A film is called positive if its p is above 0.5. One row is
# very wrong, and at least one is right: the function below has a plan, and lacks two lines. The check says which way BCE and
# accuracy went.

# %% tags=["preamble"]
import numpy as np

def bce(y_true, p):
    return np.mean(-np.log(np.where(y_true == 1, p, 1 - p)))

def accuracy(y_true, p):
    return np.mean((p > 0.5) == (y_true == 1))

# %% tags=["exercise"] id="lower-loss-lower-accuracy"
def lower_both(y_true, p):
    """New probabilities, strictly between 0 and 1, with lower BCE and lower accuracy. Both: (n,) arrays."""
    new = p.copy()
    p_true = np.where(y_true == 1, p, 1 - p)
    # the film that costs most: make it cheaper, and leave it wrong
    worst = np.argmin(p_true)
    ### BEGIN SOLUTION
    new[worst] = 0.45 if y_true[worst] == 1 else 0.55
    ### END SOLUTION
    # of the films that are right, the one nearest to the cut: make it wrong, and hardly dearer
    nearest = np.argmin(np.where(p_true > 0.5, p_true, np.inf))
    ### BEGIN SOLUTION
    new[nearest] = 0.49 if y_true[nearest] == 1 else 0.51
    ### END SOLUTION
    return new

# %% tags=["start"]
def lower_both(y_true, p):
    """New probabilities, strictly between 0 and 1, with lower BCE and lower accuracy. Both: (n,) arrays."""
    new = p.copy()
    p_true = np.where(y_true == 1, p, 1 - p)
    # the film that costs most: make it cheaper, and leave it wrong
    worst = np.argmin(p_true)
    ...  # your code here
    # of the films that are right, the one nearest to the cut: make it wrong, and hardly dearer
    nearest = np.argmin(np.where(p_true > 0.5, p_true, np.inf))
    ...  # your code here
    return new

# %% tags=["cases"]
def probe(answer, y_true, p):
    new = np.asarray(answer(y_true, p), dtype=float)
    if new.shape != p.shape:
        found = f"{new.size} number{'' if new.size == 1 else 's'} for {len(p)} films"
        return dict.fromkeys(["strictly between 0 and 1", "BCE", "accuracy"], found)
    if not np.all((new > 0) & (new < 1)):
        return {"strictly between 0 and 1": "no", "BCE": "not looked at", "accuracy": "not looked at"}
    change = {1: "higher", 0: "the same", -1: "lower"}
    def moved(metric):
        return change[int(np.sign(round(metric(y_true, new) - metric(y_true, p), 9)))]
    return {"strictly between 0 and 1": "yes", "BCE": moved(bce), "accuracy": moved(accuracy)}

cases = [(np.array([1, 0, 1, 0]), np.array([0.03, 0.4, 0.9, 0.2])),
         (np.array([0, 1, 1, 0, 1]), np.array([0.97, 0.8, 0.7, 0.1, 0.65])),
         (np.array([1, 1, 0]), np.array([0.6, 0.95, 0.99])), (np.array([0, 0, 1]), np.array([0.99, 0.6, 0.8])),
         (np.array([0, 0, 1, 1, 1, 0]), np.array([0.3, 0.02, 0.01, 0.85, 0.6, 0.7]))]
labels = ["y_true", "p"]

# %% tags=["hint"] given="0.5: the default threshold"
# Both lines have the form `new[place] = …`. On which side of 0.5 is a film with label 1 wrong, and on which a film with label 0?

# %% tags=["hint"] given="0.5: the default threshold"
# `0.45 if y_true[worst] == 1 else 0.55` is a probability that is wrong but not sure, for either label. For the second line choose something still nearer to 0.5.

# %% tags=["right"]
def lower_both(y_true, p):
    p_true = np.where(y_true == 1, p, 1 - p)
    new_true = np.where(p_true > 0.5, p_true, 0.499)
    new_true[np.argmin(np.where(p_true > 0.5, p_true, np.inf))] = 0.498
    return np.where(y_true == 1, new_true, 1 - new_true)

# %% tags=["right"]
def lower_both(y_true, p):
    just_wrong = np.where(y_true == 1, 0.499, 0.501)
    p_true = np.where(y_true == 1, p, 1 - p)
    order = np.argsort(p_true)
    new = p.copy()
    new[order[0]] = just_wrong[order[0]]
    first_right = [i for i in order if p_true[i] > 0.5][0]
    new[first_right] = just_wrong[first_right]
    return new

# %% tags=["wrong"] misconception="return-forgotten"
# Nothing usable comes back. At the end return the array with one probability a film.
def lower_both(y_true, p):
    new = p.copy()

# %% tags=["wrong"] misconception="metric-is-inverted-loss"
# You made the dearest film right. Then BCE goes down, and accuracy goes up. It has to stay wrong, only less sure.
def lower_both(y_true, p):
    new = p.copy()
    worst = np.argmin(np.where(y_true == 1, p, 1 - p))
    new[worst] = 0.9 if y_true[worst] == 1 else 0.1
    return new

# %% tags=["wrong"] misconception="loss-counts-errors"
# BCE is lower, and accuracy is what it was: no film has changed sides, or one has for another. The dearest film must stay wrong, and one that is right must become wrong by a hair.
def lower_both(y_true, p):
    new = p.copy()
    worst = np.argmin(np.where(y_true == 1, p, 1 - p))
    new[worst] = 0.45 if y_true[worst] == 1 else 0.55
    return new

# %% tags=["wrong"] misconception="p-is-not-p-true"
# Nothing has changed: what you return is the p that you were given. Write into `new`; p(true) is only there to look at.
def lower_both(y_true, p):
    new = p.copy()
    p_true = np.where(y_true == 1, p, 1 - p)
    p_true[np.argmin(p_true)] = 0.45
    return new

# %% tags=["wrong"] misconception="cut-counts-as-above" given="0.5: the default threshold"
# A p of exactly 0.5 is not above the cut: that is wrong for a film with label 1, and right for one with label 0. Go just across.
def lower_both(y_true, p):
    new = p.copy()
    p_true = np.where(y_true == 1, p, 1 - p)
    worst, nearest = np.argmin(p_true), np.argmin(np.where(p_true > 0.5, p_true, np.inf))
    new[worst] = 0.45 if y_true[worst] == 1 else 0.55
    new[nearest] = 0.5
    return new

# %% tags=["wrong"] misconception="cut-counts-as-above" given="0.5: the default threshold"
# You left the dearest film at exactly 0.5. For a film with label 0 that is right, so accuracy wins back what it lost. Stay on the wrong side.
def lower_both(y_true, p):
    new = p.copy()
    p_true = np.where(y_true == 1, p, 1 - p)
    worst, nearest = np.argmin(p_true), np.argmin(np.where(p_true > 0.5, p_true, np.inf))
    new[worst] = 0.5
    new[nearest] = 0.49 if y_true[nearest] == 1 else 0.51
    return new

# %% tags=["wrong"] misconception="p-is-not-p-true" given="0.5: the default threshold"
# In some cases you make the dearest film right. With label 0 it stays wrong only above 0.5. And the second line is missing.
def lower_both(y_true, p):
    new = p.copy()
    new[np.argmin(np.where(y_true == 1, p, 1 - p))] = 0.45
    return new

# %% tags=["wrong"] misconception="wrong-must-be-sure"
# Accuracy is lower, but BCE is higher: what you made wrong costs more than you saved. Wrong by a hair is enough, and the saving must come from the dearest film.
def lower_both(y_true, p):
    new = p.copy()
    p_true = np.where(y_true == 1, p, 1 - p)
    worst, nearest = np.argmin(p_true), np.argmin(np.where(p_true > 0.5, p_true, np.inf))
    new[worst] = 0.45 if y_true[worst] == 1 else 0.55
    new[nearest] = 0.001 if y_true[nearest] == 1 else 0.999
    return new

# %% tags=["wrong"] misconception="p-is-not-p-true" given="0.5: the default threshold"
# You treat every film as a positive one. For a label of 0, a p below 0.5 is right: there the two sides change places.
def lower_both(y_true, p):
    new = p.copy()
    p_true = np.where(y_true == 1, p, 1 - p)
    worst, nearest = np.argmin(p_true), np.argmin(np.where(p_true > 0.5, p_true, np.inf))
    new[worst] = 0.45
    new[nearest] = 0.49
    return new

# %% tags=["wrong"] misconception="probability-without-bounds"
# A probability of exactly 0 or 1 is out: a film that is wrong there costs infinitely much. Stay strictly between.
def lower_both(y_true, p):
    new = p.copy()
    p_true = np.where(y_true == 1, p, 1 - p)
    nearest = np.argmin(np.where(p_true > 0.5, p_true, np.inf))
    new[np.argmin(p_true)] = y_true[np.argmin(p_true)]
    new[nearest] = 1 - y_true[nearest]
    return new

# %% tags=["wrong"] misconception="p-is-not-p-true"
# You returned p(true). The function takes and returns the probability of the positive class: for a label of 0 that is 1 − p(true).
def lower_both(y_true, p):
    p_true = np.where(y_true == 1, p, 1 - p)
    new_true = p_true.copy()
    new_true[np.argmin(p_true)] = 0.45
    new_true[np.argmin(np.where(p_true > 0.5, p_true, np.inf))] = 0.49
    return new_true

# %% tags=["wrong"] misconception="cut-counts-as-above" given="0.5: the default threshold"
# You give every film a p of exactly 0.5. That is right for each film with label 0, so where these are many, accuracy goes up. Change two films, and go just across the cut.
def lower_both(y_true, p):
    return np.full(len(p), 0.5)

# %% tags=["wrong"] misconception="p-is-not-p-true"
# You turned every film around: what was right is wrong now, and what was wrong is right, each as sure as before. Change two films only.
def lower_both(y_true, p):
    return 1 - p

# %% [markdown]
# ### Exercise 2.2: higher loss, higher accuracy
#
# Now the reverse, alone: **BCE goes up and accuracy goes up.** At least two rows are wrong, and you may change any row.

# %% tags=["exercise"] id="higher-loss-higher-accuracy"
def raise_both(y_true, p):
    """New probabilities, strictly between 0 and 1, with higher BCE and higher accuracy. Both: (n,) arrays."""
    ### BEGIN SOLUTION
    p_true = np.where(y_true == 1, p, 1 - p)
    wrong = np.flatnonzero(p_true <= 0.5)
    # one wrong film pays for everything; the others cross the cut
    p_true[wrong] = 0.51
    p_true[wrong[0]] = 1e-9
    return np.where(y_true == 1, p_true, 1 - p_true)
    ### END SOLUTION

# %% tags=["cases"]
def probe(answer, y_true, p):
    new = np.asarray(answer(y_true, p), dtype=float)
    if new.shape != p.shape:
        found = f"{new.size} number{'' if new.size == 1 else 's'} for {len(p)} films"
        return dict.fromkeys(["strictly between 0 and 1", "BCE", "accuracy"], found)
    if not np.all((new > 0) & (new < 1)):
        return {"strictly between 0 and 1": "no", "BCE": "not looked at", "accuracy": "not looked at"}
    change = {1: "higher", 0: "the same", -1: "lower"}
    def moved(metric):
        return change[int(np.sign(round(metric(y_true, new) - metric(y_true, p), 9)))]
    lost = np.sum(((p > 0.5) == (y_true == 1)) & ((new > 0.5) != (y_true == 1)))
    of_accuracy = moved(accuracy)
    if of_accuracy != "higher" and lost:
        of_accuracy += f"; right before and wrong now: {lost}"
    return {"strictly between 0 and 1": "yes", "BCE": moved(bce), "accuracy": of_accuracy}

cases = [(np.array([1, 0, 1, 0]), np.array([0.4, 0.6, 0.9, 0.2])),
         (np.array([0, 1, 1, 0, 1]), np.array([0.7, 0.2, 0.45, 0.1, 0.65])),
         (np.array([1, 1, 0, 1]), np.array([0.3, 0.1, 0.9, 0.97])),
         (np.array([0, 0, 1, 0, 1]), np.array([0.55, 0.8, 0.35, 0.15, 0.75]))]
labels = ["y_true", "p"]

# %% tags=["hint"]
# Accuracy goes up when wrong films cross the cut. Which film can you let pay for it without losing accuracy?

# %% tags=["hint"]
# A film that is wrong already cannot get more wrong for accuracy, but for BCE it can, without limit. Bring all wrong films but one to just above the cut, and that one near p(true) = 0. Mind the two labels.

# %% tags=["right"]
def raise_both(y_true, p):
    new = p.copy()
    wrong = np.flatnonzero((p > 0.5) != (y_true == 1))
    new[wrong[1]] = 0.6 if y_true[wrong[1]] == 1 else 0.4
    new[wrong[0]] = 1e-8 if y_true[wrong[0]] == 1 else 1 - 1e-8
    return new

# %% tags=["right"]
def raise_both(y_true, p):
    p_true = np.where(y_true == 1, p, 1 - p)
    new_true = np.full(len(p), 0.501)
    new_true[np.argmin(p_true)] = 1e-12
    return np.where(y_true == 1, new_true, 1 - new_true)

# %% tags=["wrong"] misconception="return-forgotten"
# Nothing usable comes back. At the end return the array with one probability a film.
def raise_both(y_true, p):
    new = p.copy()

# %% tags=["wrong"] misconception="metric-is-inverted-loss"
# You made the wrong films right and stopped. Then accuracy goes up and BCE goes down. Somebody must pay: a film that stays wrong.
def raise_both(y_true, p):
    p_true = np.where(y_true == 1, p, 1 - p)
    p_true = np.where(p_true <= 0.5, 0.9, p_true)
    return np.where(y_true == 1, p_true, 1 - p_true)

# %% tags=["wrong"] misconception="metric-is-inverted-loss"
# Accuracy is up. But in some cases BCE fell along: no wrong film pays, or it pays too little. Bring one that was wrong near p(true) = 0.
def raise_both(y_true, p):
    return np.where(y_true == 1, 0.51, 0.49)

# %% tags=["wrong"] misconception="right-film-pays"
# You let a film pay that was right. It is wrong now, so what the others gained is lost again. Take one that was wrong before.
def raise_both(y_true, p):
    p_true = np.where(y_true == 1, p, 1 - p)
    wrong, right = np.flatnonzero(p_true <= 0.5), np.flatnonzero(p_true > 0.5)
    p_true[wrong[0]] = 0.51
    p_true[right[0]] = 1e-9
    return np.where(y_true == 1, p_true, 1 - p_true)

# %% tags=["wrong"] misconception="loss-counts-errors"
# BCE went up, and accuracy stands still: no wrong film crossed the cut. Films that are less sure, or more wrong, move BCE only.
def raise_both(y_true, p):
    p_true = np.where(y_true == 1, p, 1 - p)
    p_true[np.argmin(p_true)] = 1e-9
    return np.where(y_true == 1, p_true, 1 - p_true)

# %% tags=["wrong"] misconception="probability-without-bounds"
# A probability of exactly 0 or 1 makes the cost infinite. Go near it, and stay strictly between.
def raise_both(y_true, p):
    p_true = np.where(y_true == 1, p, 1 - p)
    wrong = np.flatnonzero(p_true <= 0.5)
    p_true[wrong] = 0.51
    p_true[wrong[0]] = 0.0
    return np.where(y_true == 1, p_true, 1 - p_true)

# %% tags=["wrong"] misconception="p-is-not-p-true"
# You returned p(true). For a label of 0 the probability of the positive class is 1 − p(true).
def raise_both(y_true, p):
    p_true = np.where(y_true == 1, p, 1 - p)
    wrong = np.flatnonzero(p_true <= 0.5)
    p_true[wrong] = 0.51
    p_true[wrong[0]] = 1e-9
    return p_true

# %% tags=["wrong"] misconception="p-is-not-p-true" given="0.5: the default threshold"
# You treat every film as a positive one. For a label of 0, right is below 0.5.
def raise_both(y_true, p):
    new = p.copy()
    wrong = np.flatnonzero((p > 0.5) != (y_true == 1))
    new[wrong] = 0.51
    new[wrong[0]] = 1e-9
    return new

# %% tags=["wrong"] misconception="probability-without-bounds"
# Near 0 or 1 is right. But 1 minus so small a number is stored as exactly 1, and then the cost is infinite. A billionth is near enough.
def raise_both(y_true, p):
    p_true = np.where(y_true == 1, p, 1 - p)
    worst = np.argmin(p_true)
    p_true[p_true <= 0.5] = 0.51
    p_true[worst] = 1e-20
    return np.where(y_true == 1, p_true, 1 - p_true)

# %% tags=["wrong"] misconception="wrong-direction"
# That is exercise 2.1: both went down. Here both must go up.
def raise_both(y_true, p):
    p_true = np.where(y_true == 1, p, 1 - p)
    p_true = np.where(p_true > 0.5, 0.999, 0.499)
    p_true[np.flatnonzero(p_true > 0.5)[0]] = 0.498
    return np.where(y_true == 1, p_true, 1 - p_true)

# %% tags=["wrong"] misconception="cut-counts-as-above" given="0.5: the default threshold"
# A p of exactly 0.5 is not above the cut, so a film with label 1 stays wrong there. Go just across.
def raise_both(y_true, p):
    p_true = np.where(y_true == 1, p, 1 - p)
    wrong = np.flatnonzero(p_true <= 0.5)
    p_true[wrong] = 0.5
    p_true[wrong[0]] = 1e-9
    return np.where(y_true == 1, p_true, 1 - p_true)

# %% tags=["wrong"] misconception="given-comes-back"
# Nothing has changed: what you return is the p that you were given. Write your changes into a copy of it, and return that.
def raise_both(y_true, p):
    return p.copy()

# %% tags=["wrong"] misconception="right-film-pays"
# You turned every film around: what was right is wrong now. Leave the right films where they are.
def raise_both(y_true, p):
    return 1 - p

# %% [raw] tags=["question"]
# id = "never-below-one-half"
# given = "0.7: log 2, asserted below; 0.1: premise"
# ask = "The two can disagree. Is there any bond between them? Suppose the mean cost of the films is 0.1. What is certain about accuracy?"
# [right]
# text = "it is high: a wrong film costs at least log 2, about 0.7, so few can be wrong"
# why = "If one film in six were wrong, these alone would cost more than 0.1 on average. A low loss holds accuracy up. A high loss holds nothing down."
# [[wrong]]
# text = "nothing: the exercises show that any pair is possible"
# misconception = "loss-and-metric-are-unrelated"
# why = "They show that both directions of change are possible. But a wrong film costs at least log 2, and a mean cost of 0.1 leaves room for few of these."
# [[wrong]]
# text = "it is 0.9: accuracy is one minus the loss"
# misconception = "metric-is-inverted-loss"
# why = "There is no such formula. There is a bound: a wrong film costs at least log 2."
# [[wrong]]
# text = "it is low: such a model has not been trained far enough"
# misconception = "low-loss-means-learned"
# why = "0.1 is a low loss. The lower the loss, the fewer wrong films it has room for."

# %%
# a wrong film has p(true) of at most one half
assert round(-np.log(0.5), 1) == 0.7 and -np.log(0.5) / 6 > 0.1
assert round(-np.log(0.01) + np.log(0.9), 1) == 4.5 and round(-np.log(0.45) + np.log(0.55), 1) == 0.2
assert round((np.log(0.9) - np.log(0.01)) / (np.log(0.55) - np.log(0.45))) == 22
assert np.log(0.01) / np.log(0.45) > 5      # a film at 0.01 against one at 0.45

# %% [markdown]
# ### Where it bites
#
# Two epochs, two models or two papers are compared by one of the two numbers, and the text draws a conclusion about the
# other. A low loss is a promise about accuracy. A *change* of the loss promises nothing.
# %% [markdown] given="50: set in code; 800: 850 − 50"
# ## 3. When the validation loss climbs
#
# Did we construct a curiosity? Look at real runs. First the digits of notebook 03, with very few images: 50 to learn from,
# 800 others to judge by. The network is far too large for that. Two metrics watch: accuracy, and one for later.

# %%
digits = data.digits()
X_50, y_50 = digits.X_train[:50], digits.y_train[:50]
X_rest, y_rest = digits.X_train[50:850], digits.y_train[50:850]

def cost_if_right(y_true, p):
    # the cost of each image that is right, 0 for each that is wrong
    y_true = keras.ops.cast(keras.ops.reshape(y_true, (-1,)), "int32")
    right = keras.ops.equal(keras.ops.argmax(p, axis=-1), y_true)
    return keras.ops.where(right, -keras.ops.log(keras.ops.max(p, axis=-1)), 0.0)

# %%
def digit_model():
    layers = [keras.layers.Dense(128, activation="relu") for _ in range(2)]
    model = keras.Sequential([keras.Input((64,)), *layers, keras.layers.Dense(10, activation="softmax")])
    model.compile(optimizer=keras.optimizers.Adam(0.015), loss="sparse_categorical_crossentropy",
                  metrics=["accuracy", cost_if_right])
    return model

print(f"{len(y_50)} images to learn from, {len(y_rest)} to judge by, {digit_model().count_params():,} weights")

# %% [raw] tags=["prediction"]
# id = "climbing-validation-loss"
# ask = "40 epochs, 16 seeds. The validation loss falls for a few epochs and then climbs. What does the validation accuracy do while the loss climbs?"
# [right]
# text = "it holds, or still rises a little"
# why = "About as many images are right as before, and accuracy counts nothing else. Meanwhile the model becomes surer, of its mistakes as well, and these are what the loss is made of."
# [[wrong]]
# text = "it falls as the loss climbs: the model overfits"
# misconception = "metric-is-inverted-loss"
# why = "It does overfit: in its probabilities. Its decisions are another matter."
# [[wrong]]
# text = "it falls to one in ten, pure chance"
# misconception = "memorizing-forgets-everything"
# why = "Learning 50 images by heart does not erase what their strokes have in common with others."
# [[wrong]]
# text = "it jumps up and down without any trend"
# misconception = "bumpy-means-random"
# why = "In a single run it is ragged. Over 16 seeds the median shows what it does."

# %% tags=["training"]
digit_runs = fit_replicates(digit_model, X_50, y_50, seeds=16, base_seed=1000 * seed, epochs=40, batch_size=8,
                            validation_data=(X_rest, y_rest), validation_batch_size=len(y_rest))
val_loss, val_accuracy = (digit_runs.history[name] for name in ["val_loss", "val_accuracy"])
lowest = val_loss.argmin(axis=1)                         # the epoch with the lowest validation loss, for each seed
at_lowest = val_accuracy[np.arange(16), lowest]
at_end = val_accuracy[:, -5:].mean(axis=1)               # mean of the last five epochs
print(f"validation loss: lowest {np.median(val_loss.min(axis=1)):.2f} in epoch {np.median(lowest) + 1:.0f}, at the end "
      f"{np.median(val_loss[:, -1]):.2f}; accuracy then {np.median(at_lowest):.3f}, at the end {np.median(at_end):.3f} "
      "(medians, each seed at its own lowest epoch)")

# %% [raw] tags=["alt"] id="climbing-alt"
# Two line plots over 40 epochs, median and band over 16 seeds. Left, validation loss, 0 to {top:.1f}: it falls to about
# {low:.2f} within the first epochs, marked by a ring, then climbs to {end:.2f}. Right, validation accuracy, 0 to 1: it rises
# steeply to {a_low:.2f} at the ring, goes on to {a_end:.2f}, and stays there while the loss climbs.

# %% tags=["training"]
fig, (left, right) = figures.axes(2, xlabel="epoch")
epochs, ring = np.arange(1, 41), int(np.median(val_loss, axis=0).argmin())
figures.lines(left, epochs, {"loss": val_loss}, label_at=None)
figures.lines(right, epochs, {"accuracy": val_accuracy}, label_at=None)
left.set(title="validation loss", ylim=(0, 1.05 * np.percentile(val_loss, 95, axis=0).max()))   # the whole band
right.set(title="validation accuracy", ylim=(0, 1))
for ax, values in [(left, val_loss), (right, val_accuracy)]:
    figures.mark(ax, ring + 1, np.median(values, axis=0)[ring], "lowest loss", offset=(6, -22))
figures.show(fig, "climbing-alt", top=left.get_ylim()[1], low=np.median(val_loss, axis=0)[ring],
             end=np.median(val_loss[:, -1]), a_low=np.median(val_accuracy, axis=0)[ring], a_end=np.median(at_end))

# %%
compare("climbing-validation-loss")

# %% tags=["training"]
print(claim("The validation loss ends at least 1.1 times as high as its lowest value, on three seeds in four.",
            val_loss[:, -1] / val_loss.min(axis=1), ">", 1.1, share=0.75))
print(claim("Meanwhile accuracy has not fallen by more than 0.02, on three seeds in four.",
            at_end - at_lowest, ">", -0.02, share=0.75))

# %% [markdown]
# **Compare with your prediction.** Loss up, accuracy not down, with most seeds. (The median curve climbs less than the printed
# numbers do: each seed has its lowest loss in an epoch of its own, and the median of all seeds in one epoch smooths that.)
# How? Take the loss apart: how many images are wrong, and what does a wrong one cost?

# %% tags=["training"]
right_part = digit_runs.history["val_cost_if_right"]     # its mean over all images; the rest is of the wrong ones
wrong_part = val_loss - right_part
k = np.arange(16)
parts = {}
for name, epoch in [("lowest loss", lowest), ("the end", np.full(16, 39))]:
    # the share of wrong images, what a wrong one costs, what a right one costs
    wrong = 1 - val_accuracy[k, epoch]
    parts[name] = np.array([wrong, wrong_part[k, epoch] / wrong,
                            right_part[k, epoch] / (1 - wrong)])
    print(f"{name:12} wrong {np.median(parts[name][0]):.3f} of the images; a wrong one costs "
          f"{np.median(parts[name][1]):.2f}, a right one {np.median(parts[name][2]):.2f}")
print(claim("A wrong image costs at least 1.2 times as much at the end, on three seeds in four.",
            parts["the end"][1] / parts["lowest loss"][1], ">", 1.2, share=0.75))
print(claim("A right image costs less than three quarters at the end, on three seeds in four.",
            parts["the end"][2] / parts["lowest loss"][2], "<", 0.75, share=0.75))

# %% [raw] tags=["question"]
# id = "what-climbs"
# ask = "Look at the two lines. What makes the loss climb?"
# [right]
# text = "not more mistakes, but surer ones"
# why = "There are hardly more wrong images than before, if any. Each costs more, because the model gives the true digit ever less. The right ones cost less, and that cannot make up for it."
# [[wrong]]
# text = "more mistakes: that is what overfitting is"
# misconception = "loss-counts-errors"
# why = "Compare the first column: there are not more of them. It is the price of each that rises."
# [[wrong]]
# text = "the right images: they become less sure"
# misconception = "mean-loss-is-every-loss"
# why = "They become surer, and cheaper. See the last column."

# %% [raw] tags=["question"]
# id = "cure-for-the-climb"
# ask = "Somebody wants decisions and honest probabilities from the model of the last epoch. What is the cheapest cure that notebook 03 knows?"
# discuss = true
# [right]
# text = "a temperature, chosen on validation images"
# why = "It divides all logits by one number: no decision changes, and the model is less sure. That is the fault it has."
# [[wrong]]
# text = "the epoch with the lowest validation loss"
# misconception = "lowest-loss-is-best-for-all"
# why = "That gives more honest probabilities, and no better decisions. Both at once is what was asked."
# [[wrong]]
# text = "a threshold other than one half"
# misconception = "cut-mends-probabilities"
# why = "Of ten classes the most probable is chosen: there is no one half. And a threshold leaves the probabilities as they are."
# [[wrong]]
# text = "more epochs, until the loss comes down again"
# misconception = "epochs-mean-trained"
# why = "Look where the curve goes. More epochs make the model surer still."

# %% [markdown] given="1,000: set in code"
# ### And on films?
#
# The same with films: 1,000 training films, is it a drama, two hidden layers of 64. Accuracy beside the loss, as before:

# %% tags=["training"]
film_runs = fit_replicates(lambda: build(hidden=(64, 64), metrics=["accuracy"]), X_train[:1000],
                           y_train[:1000], seeds=16, base_seed=1000 * seed, epochs=25, batch_size=64,
                           validation_data=(X_val[:1000], y_val[:1000]))
film_loss, film_accuracy = (film_runs.history[name] for name in ["val_loss", "val_accuracy"])
film_lowest = film_loss.argmin(axis=1)
fell = film_accuracy[np.arange(16), film_lowest] - film_accuracy[:, -5:].mean(axis=1)
times = film_loss[:, -1] / film_loss.min(axis=1)
print(f"validation loss: from {np.median(film_loss.min(axis=1)):.2f} to {np.median(film_loss[:, -1]):.2f}; accuracy: "
      f"from {np.median(film_accuracy[np.arange(16), film_lowest]):.3f} to {np.median(film_accuracy[:, -5:]):.3f} "
      "(medians)")
print(claim("On films the loss ends at least 1.4 times as high as at its lowest, on nine seeds in ten.",
            times, ">", 1.4, share=0.9))
print(claim("There accuracy falls by more than 0.005, on three seeds in four.", fell, ">", 0.005, share=0.75))
print(claim("It falls by less than 0.1.", fell, "<", 0.1))

# %% [markdown]
# Here accuracy does fall, by a few hundredths, while the loss climbs far above its lowest point. So there is no law. While
# the loss climbs, accuracy can hold, as on the digits, or fall a little, as here. In a paper listed at the end it rises (Guo
# and others, 2017). **You have to look at both.**

# %% [raw] tags=["question"]
# id = "stop-by-which"
# ask = "A film shop needs only the flag drama or not. Training is to stop when it no longer helps. By which number?"
# [right]
# text = "by the number that stands nearest to the objective: here accuracy on validation films"
# why = "Nobody reads the probabilities. On the digits nothing was lost by going on after the lowest loss; on these films it would have been a good place to stop. Only accuracy itself tells which of the two it is. (A metric is jumpier than a loss, so it needs more films or more patience. Notebook 06 tries it.)"
# [[wrong]]
# text = "always by the validation loss: when it turns, the model overfits"
# misconception = "lowest-loss-is-best-for-all"
# why = "It overfits in what the loss measures. The shop asks for something else."
# [[wrong]]
# text = "by the training loss: it is the smoothest"
# misconception = "training-loss-is-all-loss"
# why = "It goes on falling until everything is learned by heart."

# %% [markdown]
# ### Where it bites
#
# "Stop when the validation loss rises" is in every course. It is a good rule for probabilities. Whether it is one for
# decisions, a report that shows the loss only cannot tell.
# %% [markdown] given="24: set in code"
# ## 4. Which of three models?
#
# A team trains three models for the Oscars, on the same films. **The positive class is said first:** films with at least one
# Oscar, the *winners*. The first model is *plain*: a single layer, trained with BCE. The second is *weighted*: a hidden
# layer, BCE, and each winner counts 24 times. The third is *robust*: a hidden layer and MAE as the loss, because somebody
# has read that MAE does not mind outliers. Which is best?

# %% tags=["training"]
films = data.oscars()
oscar, oscar_val, oscar_test = films.y_train[:, None], films.y_val[:, None], films.y_test[:, None]

def oscar_model(**more):
    return build(inputs=films.X_train.shape[1], **more)

print(f"always saying no: accuracy {np.mean(films.y_test == 0):.3f}")

# %% tags=["training"]
recipe = dict(seeds=16, base_seed=1000 * seed, batch_size=256)
team = {"plain": (dict(hidden=()), dict(epochs=10)),
        "weighted": (dict(), dict(epochs=4, class_weight={0: 1, 1: 24})),
        "robust": (dict(loss="mae"), dict(epochs=4))}
p_of = {name: fit_replicates(lambda: oscar_model(**shape), films.X_train, oscar, **training, **recipe)
        .predict(films.X_test)[..., 0].astype(float) for name, (shape, training) in team.items()}
# accuracy, log loss and AUC on the test films, for each seed
judge = {"accuracy": lambda y, p: np.mean((p > 0.5) == y),
         "log loss": lambda y, p: sk.log_loss(y, np.clip(p, 1e-7, 1 - 1e-7)), "AUC": sk.roc_auc_score}
table = {what: {name: np.array([metric(films.y_test, one) for one in p]) for name, p in p_of.items()}
         for what, metric in judge.items()}
print("accuracy (median of 16 seeds):", {name: round(float(np.median(a)), 3) for name, a in table["accuracy"].items()})

# %% [raw] tags=["prediction"]
# id = "orders-of-three-models"
# ask = "You see the order by accuracy. By log loss (lower is better) and by AUC, which order do you expect?"
# discuss = true
# [right]
# text = "another one each time: each model wins once"
# why = "Accuracy looks at one cut, log loss at the probabilities, AUC at the order. A model that is best in one of these can be last in the others."
# [[wrong]]
# text = "the same order by both: a better model is better"
# misconception = "averages-agree"
# why = "Better at what? The three metrics ask three questions."
# [[wrong]]
# text = "the same order by log loss, another by AUC"
# misconception = "metric-is-inverted-loss"
# why = "Log loss is not accuracy upside down. A model that is sure of everything can be right most often and pay most for its few mistakes."
# [[wrong]]
# text = "the same order by AUC, another by log loss"
# misconception = "auc-is-accuracy"
# why = "AUC has no cut. A model whose probabilities are all too high ranks as well as ever, and is wrong at one half."

# %% [raw] tags=["alt"] id="three-models-alt"
# Three dot plots beside each other, one dot for each of 16 seeds, in the rows plain, weighted and robust; the horizontal axis
# of each is a metric. Accuracy, {a_low:.2f} to
# {a_high:.2f}: robust lies furthest right, plain a hair to the left of it, weighted far to the left. Log loss, {l_low:.2f} to
# {l_high:.2f}: plain lies furthest left, so it is best, then weighted, then robust. AUC, {u_low:.2f} to {u_high:.2f}: weighted
# lies furthest right, then plain; robust lies far to the left, below one half.

# %% tags=["training"]
fig, axes = figures.axes(3, height=2.8)
for ax, (what, values) in zip(axes, table.items()):
    figures.strip(ax, values)
    ax.set(title=what, xlabel="lower is better" if what == "log loss" else "higher is better")
    if what != "accuracy":
        ax.set_yticklabels([])
ends = {f"{key}_{side}": function(np.concatenate(list(table[what].values())))
        for key, what in [("a", "accuracy"), ("l", "log loss"), ("u", "AUC")] for side, function in
        [("low", np.min), ("high", np.max)]}
figures.show(fig, "three-models-alt", **ends)

# %%
compare("orders-of-three-models")

# %% tags=["training"]
for what, order in [("accuracy", ["robust", "plain", "weighted"]), ("log loss", ["plain", "weighted", "robust"]),
                    ("AUC", ["weighted", "plain", "robust"])]:
    # each place against the next one, the same seed in both
    sign = 1 if what == "log loss" else -1
    for better, worse in zip(order, order[1:]):
        print(claim(f"By {what}, {better} is better than {worse} by more than 0.001, on three seeds in four.",
                    sign * (table[what][worse] - table[what][better]), ">", 0.001, share=0.75))
print(claim("The AUC of robust is below one half: its order is worse than chance, on nine seeds in ten.",
            table["AUC"]["robust"], "<", 0.5, share=0.9))
tell("The robust model flags {flagged} films. Always saying no has accuracy {no:.4f}, and the robust model "
     "{robust:.4f}.",
     flagged=int(np.median((p_of["robust"] > 0.5).sum(axis=1))), no=np.mean(films.y_test == 0),
     robust=np.median(table["accuracy"]["robust"]))

# %% [markdown]
# **Compare with your prediction.** Three metrics, three orders, three first places, and not by the luck of one start:
# see on how many seeds each place holds. *Plain* has the lowest log loss. *Weighted* orders best. (Not by its weights, which do little for the order, as
# notebook 02 found. It is larger by a hidden layer.) But it says far too much: it was told that every second film wins. And *robust*, first by accuracy? MAE aims at the median, as in notebook 01, and the median of many zeros and
# few ones is 0. It has learned to say no to every film, and by accuracy neither of the other two beats that. Its order is
# worse than chance.

# %% [raw] tags=["question"]
# id = "which-of-the-team"
# ask = "An editor reads the 100 films with the highest p. She never sees a probability. Which of the three would you give her, by the table alone?"
# given = "100: premise"
# [right]
# text = "weighted: it puts winners before others most often"
# why = "She uses the order and nothing else. AUC asks about just that. (Even nearer to her list is the precision among its first 100 films.)"
# [[wrong]]
# text = "robust: it has the best accuracy"
# misconception = "accuracy-is-the-objective"
# why = "Accuracy looks at one cut, one half. She does not cut there. And by its AUC this model puts winners behind others."
# [[wrong]]
# text = "plain: it has the lowest log loss, so it is the best model"
# misconception = "metric-is-inverted-loss"
# why = "Honest probabilities are of no use to somebody who does not see them."
# [[wrong]]
# text = "none: three orders mean that the models are equally good"
# misconception = "different-orders-are-a-draw"
# why = "They mean that the models are good at different things. She needs one of these."

# %% [markdown]
# ### Where it bites
#
# "Model A is better than model B": by which metric, and who asked? Choose the metric before you see the table, or the table
# will choose it for you.
# %% [markdown]
# ## 5. Why not train on accuracy?
#
# If accuracy is what people ask for, why not make it the loss? No more disagreement. Take the simplest model, one layer
# for the dramas, and turn one of its weights a little at a time. Its accuracy on 200 training films says whether the
# turn was good.

# %% tags=["training"]
keras.utils.set_random_seed(seed)
simple = build(hidden=())
simple.fit(X_train[:1000], y_train[:1000], epochs=4, batch_size=64, verbose=0)
W, b = simple.get_weights()
few, few_y = X_train[:200], y_train[:200, 0]
place = genres.feature_names.index("runtime_minutes")

def p_when(weight):
    # the probabilities of 200 films with this one weight set anew
    turned = W.copy()
    turned[place] = weight
    return 1 / (1 + np.exp(-(few @ turned + b)))[:, 0].astype(float)

# %%
def accuracy_at(weight):
    return np.mean((p_when(weight) > 0.5) == few_y)

def bce_at(weight):
    p = p_when(weight)
    return np.mean(-np.log(np.where(few_y == 1, p, 1 - p)))

# %% [raw] tags=["prediction"]
# id = "turn-one-weight"
# ask = "The weight of the running time is turned slowly from far too low to far too high. What does the accuracy on the 200 films look like, as a curve over the weight?"
# [right]
# text = "a staircase: flat treads, and jumps between them"
# why = "A film changes its side at one exact value of the weight. Between two such values no film does, so accuracy stands still."
# [[wrong]]
# text = "a smooth hill, flatter than the BCE"
# misconception = "metric-is-inverted-loss"
# why = "That would be BCE upside down. Accuracy can take the values 0/200, 1/200, 2/200 and so on, and nothing between."
# [[wrong]]
# text = "noise: up and down at random"
# misconception = "bumpy-means-random"
# why = "Nothing is random here: same films, same weight, same accuracy. It is flat almost everywhere, and jumps at fixed places."
# [[wrong]]
# text = "one single jump where the weight is right"
# misconception = "one-jump-for-all"
# why = "Each film has a place of its own where it changes sides. 200 films make many small jumps."

# %% [raw] tags=["alt"] id="one-weight-alt"
# Three line plots; the horizontal axis of each is the weight of the running time. Left, weight −3 to 3, vertical axis BCE on
# 200 films, {bce_low:.2f} to {bce_top:.2f}: a smooth bowl, which falls to one lowest point and rises again. Middle, weight −3
# to 3, vertical axis accuracy, {low:.2f} to {high:.2f}: rising and then falling in many small jumps. Right, a closer look at
# the middle plot, weight {near_left:.2f} to {near_right:.2f}, vertical axis accuracy, {near_low:.3f} to {near_high:.3f}: level
# treads, and {jumps} jumps of one or a few films between them.

# %% tags=["training"]
wide, near = np.linspace(-3, 3, 1201), W[place, 0] + np.linspace(-0.1, 0.1, 1201)
curve = {"BCE": np.array([bce_at(weight) for weight in wide]),
         "accuracy": np.array([accuracy_at(weight) for weight in wide]),
         "near": np.array([accuracy_at(weight) for weight in near])}
fig, (left, middle, right) = figures.axes(3, xlabel="weight of the running time", height=3.6)
for ax, x, what, title in [(left, wide, "BCE", "BCE"), (middle, wide, "accuracy", "accuracy"),
                           (right, near, "near", "accuracy, a closer look")]:
    ax.plot(x, curve[what], color=figures.COLORS[0])
    ax.set_title(title)
figures.show(fig, "one-weight-alt", bce_top=curve["BCE"].max(), bce_low=curve["BCE"].min(), low=curve["accuracy"].min(),
             high=curve["accuracy"].max(), near_low=curve["near"].min(), near_high=curve["near"].max(),
             near_left=near[0], near_right=near[-1], jumps=int(np.sum(np.diff(curve["near"]) != 0)))

# %%
compare("turn-one-weight")

# %% tags=["training"]
def slope_by_step(values, x, step=1e-6):
    # up a little, down a little, and divide
    return np.array([(values(w + step) - values(w - step)) / (2 * step) for w in x])

places = np.random.default_rng(seed).uniform(-3, 3, 400)
for name, values in [("accuracy", accuracy_at), ("BCE", bce_at)]:
    slope = slope_by_step(values, places)
    print(f"{name:9} slope is exactly 0 at {np.sum(slope == 0)} of {len(places)} places taken at random")
    assert np.mean(slope == 0) > 0.98 if name == "accuracy" else np.mean(slope == 0) < 0.02

# %% [markdown]
# **Compare with your prediction.** A staircase, and the two printed lines say how steep each curve is at 400 places. Training
# stands at one such place, and takes a step by the slope that it finds there.

# %% [raw] tags=["question"]
# id = "why-no-accuracy-loss"
# ask = "In one sentence: why is accuracy not used as a loss?"
# discuss = true
# [right]
# text = "its slope is zero almost everywhere, so it does not say which way to go"
# why = "Training asks for each weight: which way, and how steeply? On a tread of the staircase the answer is 0, and at a jump there is none. A step by that slope has length 0."
# [[wrong]]
# text = "it is meant for test data, and training must not see these"
# misconception = "metric-is-for-test-data"
# why = "Accuracy can be computed on any films with labels, the training films included. It was computed on those just now."
# [[wrong]]
# text = "it is bounded, and a loss must be able to grow without limit"
# misconception = "loss-must-be-unbounded"
# why = "The squared error of a probability lies between 0 and 1 as well, and can be trained on. What counts is the slope."
# [[wrong]]
# text = "Keras has no loss of that name; with a few lines of code one can have it"
# misconception = "software-is-the-limit"
# why = "The lines are quickly written, and you are about to run them. It is the slope that is missing, not the name."

# %% [raw] tags=["question"]
# id = "more-films-smoother"
# ask = "With a million films instead of 200 the jumps become so small that the staircase looks smooth. Can one train on accuracy then?"
# [right]
# text = "no: between two jumps the slope is still exactly 0"
# why = "It looks smooth from afar. Training looks at one point, and there it stands on a tread, however short."
# [[wrong]]
# text = "yes: a fine staircase is a slope"
# misconception = "many-steps-make-a-slope"
# why = "To the eye. The gradient is taken at a point, and at a point of a tread it is 0. (A method that compares larger steps would see it rise. Notebook 06 finds another way around: F1 as a reward.)"
# [[wrong]]
# text = "yes, with a smaller learning rate"
# misconception = "any-plateau-is-the-rate"
# why = "The learning rate multiplies the slope. Any multiple of 0 is 0."

# %% [markdown]
# ### What does Keras say?
#
# Five ways to ask for "1 − accuracy" or "1 − F1" as a loss, each for the drama model. Four are functions. The fifth is the
# plain name, `loss="accuracy"`:

# %%
ops = keras.ops

def compared(y_true, p):
    return ops.mean(ops.cast(ops.not_equal(y_true, ops.cast(p > 0.5, "float32")), "float32"), axis=-1)

def rounded(y_true, p):
    return ops.mean(ops.abs(y_true - ops.round(p)), axis=-1)

def hard_f1(y_true, p):
    flagged = ops.cast(p > 0.5, "float32")
    return 1 - 2 * ops.sum(flagged * y_true) / (ops.sum(flagged) + ops.sum(y_true))

def by_sign(y_true, p):
    return ops.mean(ops.abs(y_true - (ops.sign(p - 0.5) + 1) / 2), axis=-1)

# %% [raw] tags=["prediction"]
# id = "accuracy-as-loss"
# ask = "You call `fit` with `compared` as the loss. What happens?"
# [right]
# text = "an error: no gradients were provided for any variable"
# why = "A comparison has no slope at all in TensorFlow: it cuts the connection between the loss and the weights, and Keras notices that nothing arrives."
# [[wrong]]
# text = "it trains, slowly and jumpily"
# misconception = "bumpy-means-random"
# why = "A jumpy loss would still have slopes between the jumps. This one has none."
# [[wrong]]
# text = "it runs, and reports a loss that does not move"
# misconception = "none-and-zero-gradient"
# why = "For one of the five ways that is what happens. A comparison is noticed."
# [[wrong]]
# text = "Keras replaces it by a smooth version that can be trained"
# misconception = "keras-repairs-everything"
# why = "Keras repairs some pairs of sigmoid or softmax and loss. It does not invent another loss."

# %% tags=["training"]
def try_as_loss(loss, **more):
    keras.utils.set_random_seed(seed)
    model = build(loss=loss, **more)
    before = [weights.copy() for weights in model.get_weights()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        losses = model.fit(X_train[:1000], y_train[:1000], epochs=3, batch_size=64, verbose=0).history["loss"]
    moved = sum(np.sum(a != b) for a, b in zip(before, model.get_weights()))
    return f"runs; loss by epoch {np.round(losses, 3)}; {moved} weights have moved"

for name, loss in [("compared", compared), ("rounded", rounded), ("hard F1", hard_f1), ("'accuracy'", "accuracy"),
                   ("by sign", by_sign)]:
    try:
        print(f"{name:11} {try_as_loss(loss)}")
    except ValueError as error:
        print(f"{name:11} raises ValueError: {str(error).splitlines()[0]}")

# %%
compare("accuracy-as-loss")

# %% [markdown]
# **Compare with your prediction.** Three are caught, and the fourth is no name of a loss. Read the last line twice: `sign`
# has a slope in TensorFlow, and it is 0. So a gradient arrives, Keras is content, and nothing ever moves.
#
# It can be worse. Many networks carry a **weight penalty**: an addition to the loss that grows with the squares of the
# weights, so that they stay small. In Keras: `kernel_regularizer`. Give the layers one, and compile with `compared`.

# %% [raw] tags=["prediction"]
# id = "accuracy-with-a-penalty"
# ask = "Accuracy as a loss raised an error. Now the same, with a weight penalty in each layer. What do you see over twenty epochs?"
# [right]
# text = "a warning, and a loss that falls while accuracy does not get better"
# why = "The penalty has a slope, so some gradient arrives and Keras goes on. Training makes small what it can: the weights. With them the model forgets its inputs."
# [[wrong]]
# text = "the same error: accuracy still has no slope"
# misconception = "keras-would-refuse"
# why = "Keras raises an error only if no variable gets a gradient. The penalty gives some to the weights of both layers. Only their biases get none, and of these Keras warns."
# [[wrong]]
# text = "a loss that falls, and accuracy that rises with it"
# misconception = "low-loss-means-learned"
# why = "The loss has two parts. Only the penalty has a slope, so only the penalty is trained."
# [[wrong]]
# text = "a loss that does not move"
# misconception = "penalty-has-no-slope"
# why = "The part with accuracy does not move by itself. The penalty does."

# %% tags=["training"]
def with_penalty(loss=compared):
    layers = [keras.layers.Dense(units, activation=what, kernel_regularizer=keras.regularizers.L2(0.1))
              for units, what in [(32, "relu"), (1, "sigmoid")]]
    model = keras.Sequential([keras.Input((X_train.shape[1],)), *layers])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss=loss, metrics=["accuracy"])
    return model

# 16 seeds; shown is the first of them
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    runs = fit_replicates(with_penalty, X_train[:1000], y_train[:1000], seeds=16, base_seed=1000 * seed, epochs=20,
                          batch_size=64)
penalized, history = runs.model(0), {name: values[0] for name, values in runs.history.items()}
print(*(f"Keras says: {str(note.message)[:34]} …" for note in said[:1]))
for epoch in [0, 4, 9, 19]:
    print(f"epoch {epoch + 1:2}: loss {history['loss'][epoch]:5.2f}, accuracy {history['accuracy'][epoch]:.3f}")

# %%
compare("accuracy-with-a-penalty")

# %% tags=["training"]
from helpers.doctor import examine

largest = max(np.abs(weights).max() for weights in penalized.get_weights()[::2])
print(f"the largest weight after training: {largest:.6f}")
print(claim("The loss ends below half of where it began.", runs.history["loss"][:, -1] / runs.history["loss"][:, 0],
            "<", 0.5))
print(claim("The predictions of such a model for all test films lie within 0.01 of each other.",
            np.ptp(runs.predict(X_test)[..., 0], axis=1), "<", 0.01))
print(claim("Accuracy ends below one half.", runs.history["accuracy"][:, -1], "<", 0.5))
examine(penalized, X_train[:1000], y_train[:1000])

# %% [markdown]
# **Compare with your prediction.** A loss that falls to a fraction, and a model that says the same about every film. Why is it
# right less than half of the time? The biases get no gradient and stay at 0. With weights of 0 as well, every p is one half,
# which is not above the cut: no film is called a drama, and more than half of these films are dramas. The doctor
# looks for the slope that is missing.
#
# ### Where it bites
#
# In losses of your own. `round`, `argmax`, `sign`, `>`, or a cast of True and False: they cut the slope, or make it 0. Before you train on a loss
# of your own, run one epoch *without weight penalty*, and count the weights that have moved. A penalty moves them whatever your
# loss does, so with it the count tells you nothing.
# %% [markdown]
# ## 6. A metric that comes in batches
#
# Keras sees the films in batches. A metric over all films must be put together from pieces. How? Take the Oscars again, with the model
# of notebook 02: one hidden layer, six epochs. The winners are the positive class. Recall is the share of the winners that are
# flagged.

# %% [raw] tags=["prediction"]
# id = "recall-of-two-batches"
# ask = "The first batch holds no winner. In the second, half of the winners are flagged. What is the recall over both?"
# range = [0, 1]
# right = 0.5
# tolerance = 0.05
# why = "Count over both: the winners all stand in the second batch, and half of them are flagged."
# [[near]]
# value = 0.25
# misconception = "metrics-average-over-batches"
# why = "That is the mean of 0 and one half. The first batch has no winner, so it has no recall to average."
# [[near]]
# value = 0.0
# misconception = "worst-batch-counts"
# why = "No winner was missed in the first batch: there was none."
# [[near]]
# value = 1.0
# misconception = "empty-share-is-perfect"
# why = "Giving full marks to the empty batch does not find the other half of the winners."

# %%
batch_1 = (np.array([0, 0, 0, 0]), np.array([False, True, False, False]))     # labels, flags
batch_2 = (np.array([1, 1, 0, 1, 1]), np.array([True, False, False, True, False]))
recall = keras.metrics.Recall()
for labels, flags in [batch_1, batch_2]:
    # Keras' metric is handed one batch after the other
    recall.update_state(labels, flags.astype("float32"))
    print(f"winners {labels.sum()}, flagged winners {np.sum(labels * flags)}; Keras' recall so far "
          f"{float(recall.result()):.2f}")

# %%
compare("recall-of-two-batches", float(recall.result()))

# %% [markdown]
# **Compare with your prediction.** Keras' `Recall` is an object that keeps *counts*. It adds up the counts of each batch,
# and divides only when it is asked. But you may also give `metrics` a plain function. Keras then calls it on each batch. If it
# returns one number, Keras takes the plain mean of these numbers, in which a last batch of three films counts like a full
# one. (If it returns one number a row, Keras takes the mean over the rows, and nothing is lost.) Here is F1 both ways:

# %%
def f1_function(y_true, p):
    flagged = ops.cast(p > 0.5, "float32")
    y_true = ops.cast(y_true, "float32")
    # 1e-7: where nothing is flagged and no winner is there, 0 / 0 becomes 0
    return 2 * ops.sum(flagged * y_true) / (ops.sum(flagged) + ops.sum(y_true) + 1e-7)

# %% tags=["training"]
oscar_runs = fit_replicates(oscar_model, films.X_train, oscar, epochs=6, **recipe)
# the test films in a random order: the file is sorted, and its batches are no samples
mixed = np.random.default_rng(seed).permutation(len(films.X_test))
X_mixed, y_mixed = films.X_test[mixed], films.y_test[mixed]
p_oscar = oscar_runs.predict(X_mixed)[..., 0].astype(float)
# one of the 16, judged both ways
one = oscar_runs.model(0)
one.compile(loss="binary_crossentropy", metrics=[keras.metrics.F1Score(threshold=0.5, name="f1_object"), f1_function])
both = one.evaluate(X_mixed, y_mixed[:, None], batch_size=len(y_mixed), verbose=0, return_dict=True)
print(f"all test films in one batch: F1 by the object {np.ravel(both['f1_object'])[0]:.4f}, by the function "
      f"{both['f1_function']:.4f}")

# %% [raw] tags=["prediction"]
# id = "f1-in-small-batches"
# given = "32: Keras' default batch size, set in code; 25: 1 / 0.041"
# ask = "In one batch, object and function agree. Now `evaluate` with Keras' default, 32 films a batch. About one film in 25 is a winner. What does each report?"
# [right]
# text = "the object the same F1, the function one that is far lower"
# why = "Most batches have one winner or two, which are often not flagged, or none: F1 of such a batch is 0. The mean over batches is pulled down by them. The object does not care: counts are counts."
# [[wrong]]
# text = "both the same F1, up to rounding"
# misconception = "metrics-average-over-batches"
# why = "Sums may be put together from batches. F1 is a ratio of sums, and the mean of ratios is another number."
# [[wrong]]
# text = "both a lower F1: small batches are harder"
# misconception = "batches-change-predictions"
# why = "The model predicts each film by itself. Its flags are the same in any batch."
# [[wrong]]
# text = "the object the same F1, the function one that is a little higher or lower, by chance"
# misconception = "chance-explains-it"
# why = "It is no matter of chance. An empty batch counts 0, always, and there are many."

# %% tags=["training"]
def f1_of(y_true, flagged, empty=0.0):
    # empty: what a batch counts in which nothing is flagged and no winner is there
    below = flagged.sum() + y_true.sum()
    return 2 * np.sum(flagged & (y_true == 1)) / below if below else empty

def mean_over_batches(metric, y_true, flagged, size):
    # one number a batch, and then their plain mean: a small last batch counts like the others
    return np.mean([metric(y_true[i:i + size], flagged[i:i + size]) for i in range(0, len(y_true), size)])

by_keras = one.evaluate(X_mixed, y_mixed[:, None], batch_size=32, verbose=0, return_dict=True)
print(f"32 films a batch: F1 by the object {np.ravel(by_keras['f1_object'])[0]:.4f}, by the function "
      f"{by_keras['f1_function']:.4f}, by our own mean over batches "
      f"{mean_over_batches(f1_of, y_mixed, p_oscar[0] > 0.5, 32):.4f}")

# %% tags=["training"]
sizes = [8, 32, 128, 512, 2048]
f1_all = np.array([f1_of(y_mixed, p > 0.5) for p in p_oscar])
f1_batched = {size: np.array([mean_over_batches(f1_of, y_mixed, p > 0.5, size) for p in p_oscar])
              for size in sizes}
print(f"batch size   all films: {np.median(f1_all):.3f} (median of 16 seeds)")
for size, values in f1_batched.items():
    print(f"{size:10}   {np.median(values):.3f}")

# %%
compare("f1-in-small-batches")

# %% tags=["training"]
assert np.isclose(by_keras["f1_function"], mean_over_batches(f1_of, y_mixed, p_oscar[0] > 0.5, 32), atol=1e-5)
assert np.isclose(np.ravel(by_keras["f1_object"])[0], f1_all[0], atol=1e-5)
assert np.isclose(both["f1_function"], f1_all[0], atol=1e-5)
print(claim("Averaged over batches of 32, F1 is less than 0.7 of what it is over all films, on nine seeds in ten.",
            f1_batched[32] / f1_all, "<", 0.7, share=0.9))
print(claim("Averaged over batches of 8, it is less than 0.3 of that.", f1_batched[8] / f1_all, "<", 0.3))

# %% [markdown]
# **Compare with your prediction.** The model is the same, its flags are the same, and the function reports anything from
# nearly nothing to about the truth, by the batch size. A person who doubles the batch "improves" F1.
#
# Now change something. A batch without winners and flags counts 0, and that was a choice. Take batches of 8. Set `empty`
# to 1, "nothing to find, nothing flagged: perfect", and run the cell again.

# %% tags=["training"]
empty = 0.0
by_choice = [mean_over_batches(lambda y, flagged: f1_of(y, flagged, empty), y_mixed, p > 0.5, 8) for p in p_oscar]
print(f"an empty batch counts {empty}: F1 averaged over batches of 8 is {np.median(by_choice):.3f}; over all films "
      f"{np.median(f1_all):.3f}")

# %% [raw] tags=["question"]
# id = "empty-batch-choice"
# given = "25: 1 / 0.041"
# ask = "What did you see, and what does it say about the mean over batches?"
# [right]
# text = "now F1 is reported far too high: the number measures the choice, not the model"
# why = "Most batches of 8 are empty. Whatever they are given rules the mean. The object has no such choice to make: empty batches add nothing to its counts."
# [[wrong]]
# text = "now it is right: an empty batch should count 1"
# misconception = "empty-means-perfect"
# why = "Look again: it is far above the F1 over all films. No choice makes a mean of ratios into a ratio of sums."
# [[wrong]]
# text = "nothing changed: empty batches are rare"
# misconception = "batches-look-like-the-whole"
# why = "With one winner in 25 films, most batches of 8 have none. Set `empty = 1.0` and run the cell."

# %% [raw] tags=["question"]
# id = "which-may-be-averaged"
# ask = "Which of these may be computed for each batch and averaged, each batch weighted by its number of rows?"
# [right]
# text = "accuracy and MSE"
# why = "Both are means over rows, so the mean of the batch means, weighted by rows, is the mean of all rows. Everything else here is a ratio of two sums, or a root, or compares rows of different batches."
# [[wrong]]
# text = "precision and recall"
# misconception = "metrics-average-over-batches"
# why = "They divide by the number of flagged rows, or of positive rows. That number is another in each batch, so their weights would not be the number of rows."
# [[wrong]]
# text = "AUC and average precision"
# misconception = "metrics-average-over-batches"
# why = "They compare rows with each other, also across batches. A mean over batches never compares those."
# [[wrong]]
# text = "RMSE and R²"
# misconception = "metrics-average-over-batches"
# why = "The root, and the division by the spread, come after the mean over all rows. Per batch they come too early."

# %% [raw] tags=["order"]
# id = "order-metric-object"
# ask = "A metric object goes through one epoch. Put its life in order."
# lines = ["set all counts to 0", "take the next batch, and predict it", "add the counts of this batch to the counts so far", "no batch is left: divide the counts", "write the result into the history"]
# right = [[1, 2, 3, 4, 5]]
# why = "`reset_state`, `update_state` for each batch, and `result`. The division comes last. (For the progress bar Keras also divides in between, without touching the counts.)"
# [[wrong]]
# order = [2, 1, 3, 4, 5]
# misconception = "counts-start-over"
# why = "Then the counts start over with each batch, and the result is that of the last one."
# [[wrong]]
# order = [1, 2, 4, 3, 5]
# misconception = "metrics-average-over-batches"
# why = "Divided in each batch: that is the plain function, and the mean of its ratios."

# %% [markdown]
# ### Exercise 6.1: an F1 that may be fed in pieces
#
# Write the object. `update` is called once a batch; `result` may be called at any time, as often as one likes, and gives
# the F1 of everything so far. Where nothing is flagged and no winner is there, F1 is 0.

# %% tags=["exercise"] id="pooled-f1"
class PooledF1:
    """F1 of the positive class, label 1, over all batches so far."""

    def __init__(self):
        # what has to be remembered from batch to batch?
        ### BEGIN SOLUTION
        self.found, self.flagged, self.winners = 0, 0, 0
        ### END SOLUTION

    def update(self, y_true, flagged):
        """y_true: (n,) of 0 and 1, flagged: (n,) of True and False."""
        ### BEGIN SOLUTION
        self.found += np.sum(flagged & (y_true == 1))
        self.flagged += np.sum(flagged)
        self.winners += np.sum(y_true == 1)
        ### END SOLUTION

    def result(self):
        """F1 of all batches so far, a number."""
        ### BEGIN SOLUTION
        return 2 * self.found / max(self.flagged + self.winners, 1)
        ### END SOLUTION

# %% tags=["cases"]
def probe(answer, batches):
    metric, so_far = answer(), []
    for y_true, flagged in batches:
        metric.update(y_true, flagged)
        so_far.append(float(metric.result()))
    return so_far + [float(metric.result())]

def b(*values):
    return np.array(values, bool)

cases = [([(np.array([0, 0, 0]), b(0, 1, 0)), (np.array([1, 1, 0, 1]), b(1, 0, 0, 1))],),
         ([(np.array([1, 0]), b(1, 1)), (np.array([1, 1, 1, 0, 0, 0]), b(1, 0, 0, 0, 0, 1)), (np.array([0]), b(0))],),
         ([(np.array([0, 0]), b(0, 0)), (np.array([1, 0, 1, 1, 1]), b(1, 1, 1, 1, 0))],)]
labels = ["batches"]

# %% tags=["hint"]
# Not the F1 of a batch: you cannot put F1 values together. Which three counts make up F1, and can they be added?

# %% tags=["hint"]
# Three attributes that start at 0: flagged winners, flagged films, winners. `update` adds to each. `result` divides, and changes nothing; `max(count, 1)` below the line avoids 0 / 0.

# %% tags=["right"]
class PooledF1:
    def __init__(self):
        self.y, self.flags = [], []

    def update(self, y_true, flagged):
        self.y.append(y_true)
        self.flags.append(flagged)

    def result(self):
        y, flags = np.concatenate(self.y) == 1, np.concatenate(self.flags)
        return 2 * np.sum(y & flags) / (y.sum() + flags.sum()) if y.any() or flags.any() else 0.0

# %% tags=["right"]
class PooledF1:
    def __init__(self):
        self.counts = np.zeros(3)

    def update(self, y_true, flagged):
        tp = np.sum(flagged * y_true)
        self.counts += [tp, np.sum(flagged) - tp, np.sum(y_true) - tp]

    def result(self):
        tp, fp, fn = self.counts
        return 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 0.0

# %% tags=["wrong"] misconception="metrics-average-over-batches"
# You average the F1 of the batches. Add up counts instead, and divide in `result`.
class PooledF1:
    def __init__(self):
        self.values = []

    def update(self, y_true, flagged):
        self.values.append(2 * np.sum(flagged & (y_true == 1)) / max(np.sum(flagged) + np.sum(y_true == 1), 1))

    def result(self):
        return np.mean(self.values)

# %% tags=["wrong"] misconception="metrics-average-over-batches"
# You average the F1 of the batches by their size. That is a little better than what Keras does with a plain function, and still a mean of ratios.
class PooledF1:
    def __init__(self):
        self.total, self.rows = 0.0, 0

    def update(self, y_true, flagged):
        f1 = 2 * np.sum(flagged & (y_true == 1)) / max(np.sum(flagged) + np.sum(y_true == 1), 1)
        self.total, self.rows = self.total + f1 * len(y_true), self.rows + len(y_true)

    def result(self):
        return self.total / self.rows

# %% tags=["wrong"] misconception="counts-start-over"
# Your counts start over with each batch, so the result is that of the last batch. Add to them.
class PooledF1:
    def __init__(self):
        self.found, self.flagged, self.winners = 0, 0, 0

    def update(self, y_true, flagged):
        self.found = np.sum(flagged & (y_true == 1))
        self.flagged, self.winners = np.sum(flagged), np.sum(y_true == 1)

    def result(self):
        return 2 * self.found / max(self.flagged + self.winners, 1)

# %% tags=["wrong"] misconception="recall-is-f1"
# That is the recall over all batches. F1 also looks at how many were flagged.
class PooledF1:
    def __init__(self):
        self.found, self.winners = 0, 0

    def update(self, y_true, flagged):
        self.found += np.sum(flagged & (y_true == 1))
        self.winners += np.sum(y_true == 1)

    def result(self):
        return self.found / max(self.winners, 1)

# %% tags=["wrong"] misconception="precision-is-f1"
# That is the precision over all batches. F1 also looks at how many winners there were.
class PooledF1:
    def __init__(self):
        self.found, self.flagged = 0, 0

    def update(self, y_true, flagged):
        self.found += np.sum(flagged & (y_true == 1))
        self.flagged += np.sum(flagged)

    def result(self):
        return self.found / max(self.flagged, 1)

# %% tags=["wrong"] misconception="f1-is-the-plain-mean"
# Your counts are right. You took the plain mean of precision and recall; F1 is twice the found, divided by flagged plus winners.
class PooledF1:
    def __init__(self):
        self.found, self.flagged, self.winners = 0, 0, 0

    def update(self, y_true, flagged):
        self.found += np.sum(flagged & (y_true == 1))
        self.flagged += np.sum(flagged)
        self.winners += np.sum(y_true == 1)

    def result(self):
        return (self.found / max(self.flagged, 1) + self.found / max(self.winners, 1)) / 2

# %% tags=["wrong"] misconception="empty-means-perfect"
# As long as nothing is flagged and no winner is there, you give 1. By the task it is 0.
class PooledF1:
    def __init__(self):
        self.found, self.flagged, self.winners = 0, 0, 0

    def update(self, y_true, flagged):
        self.found += np.sum(flagged & (y_true == 1))
        self.flagged += np.sum(flagged)
        self.winners += np.sum(y_true == 1)

    def result(self):
        below = self.flagged + self.winners
        return 2 * self.found / below if below else 1.0

# %% tags=["wrong"] misconception="f1-forgets-the-two"
# The 2 above the line is missing: a perfect model would get one half.
class PooledF1:
    def __init__(self):
        self.found, self.flagged, self.winners = 0, 0, 0

    def update(self, y_true, flagged):
        self.found += np.sum(flagged & (y_true == 1))
        self.flagged += np.sum(flagged)
        self.winners += np.sum(y_true == 1)

    def result(self):
        return self.found / max(self.flagged + self.winners, 1)

# %% tags=["wrong"] misconception="accuracy-for-f1"
# That is the accuracy over all batches. F1 leaves out what is rightly not flagged.
class PooledF1:
    def __init__(self):
        self.right, self.rows = 0, 0

    def update(self, y_true, flagged):
        self.right += np.sum(flagged == (y_true == 1))
        self.rows += len(y_true)

    def result(self):
        return self.right / self.rows

# %% tags=["wrong"] misconception="result-empties-the-counts"
# The first `result` is right; then your counts are gone. `result` may be called in between: it must change nothing.
class PooledF1:
    def __init__(self):
        self.found, self.flagged, self.winners = 0, 0, 0

    def update(self, y_true, flagged):
        self.found += np.sum(flagged & (y_true == 1))
        self.flagged += np.sum(flagged)
        self.winners += np.sum(y_true == 1)

    def result(self):
        f1 = 2 * self.found / max(self.flagged + self.winners, 1)
        self.found, self.flagged, self.winners = 0, 0, 0
        return f1

# %% tags=["wrong"] misconception="zero-over-zero"
# As long as nothing is flagged and no winner is there, yours is 0 / 0. Give 0 there.
class PooledF1:
    def __init__(self):
        self.found, self.flagged, self.winners = 0, 0, 0

    def update(self, y_true, flagged):
        self.found += np.sum(flagged & (y_true == 1))
        self.flagged += np.sum(flagged)
        self.winners += np.sum(y_true == 1)

    def result(self):
        return np.float64(2 * self.found) / (self.flagged + self.winners)

# %% tags=["wrong"] misconception="f1-forgets-the-two"
# The found winners count twice in F1, above the line and below it. Below the line stand flagged plus winners, so each found one is in both.
class PooledF1:
    def __init__(self):
        self.found, self.false, self.missed = 0, 0, 0

    def update(self, y_true, flagged):
        self.found += np.sum(flagged & (y_true == 1))
        self.false += np.sum(flagged & (y_true == 0))
        self.missed += np.sum(~flagged & (y_true == 1))

    def result(self):
        return self.found / max(self.found + self.false + self.missed, 1)

# %% tags=["wrong"] misconception="f1-forgets-the-two"
# Above the line the found winners count twice, below it only once. They belong to the flagged and to the winners: twice below as well.
class PooledF1:
    def __init__(self):
        self.found, self.false, self.missed = 0, 0, 0

    def update(self, y_true, flagged):
        self.found += np.sum(flagged & (y_true == 1))
        self.false += np.sum(flagged & (y_true == 0))
        self.missed += np.sum(~flagged & (y_true == 1))

    def result(self):
        return 2 * self.found / max(self.found + self.false + self.missed, 1)

# %% tags=["wrong"] misconception="metrics-average-over-batches"
# You leave out the empty batches and average the F1 of the others. It is still a mean of ratios: add up counts, and divide once.
class PooledF1:
    def __init__(self):
        self.values = []

    def update(self, y_true, flagged):
        below = np.sum(flagged) + np.sum(y_true == 1)
        if below:
            self.values.append(2 * np.sum(flagged & (y_true == 1)) / below)

    def result(self):
        return np.mean(self.values) if self.values else 0.0

# %% tags=["wrong"] misconception="counts-in-the-class"
# Your counts belong to the class, so a second object goes on where the first one ended. Set them in `__init__`, with `self`.
class PooledF1:
    y, flags = [], []

    def update(self, y_true, flagged):
        self.y.extend(y_true == 1)
        self.flags.extend(flagged)

    def result(self):
        found = np.sum(np.array(self.y) & np.array(self.flags))
        return 2 * found / max(np.sum(self.y) + np.sum(self.flags), 1)

# %% tags=["wrong"] misconception="return-forgotten"
# `result` gives nothing back. Let its last line begin with `return`.
class PooledF1:
    def __init__(self):
        self.found, self.below = 0, 0

    def update(self, y_true, flagged):
        self.found += np.sum(flagged & (y_true == 1))
        self.below += np.sum(flagged) + np.sum(y_true == 1)

    def result(self):
        2 * self.found / max(self.below, 1)

# %% [markdown]
# ### Where it bites
#
# Every snippet `def f1(y_true, y_pred)` that is handed to `metrics=`. In Keras 1 metrics were such functions, and the
# snippets are still around. Take a metric *object*, or compute the metric after `predict`.
# %% [markdown]
# ## 7. Two numbers that should be one
#
# You train, note the loss of the last epoch, compute the same loss from `predict`, and get another number. Which one is
# wrong? Usually neither. There are six reasons, and they can be told apart: how an epoch is averaged, its batches, weights of
# the films, a penalty, and two kinds of layers.
#
# First the classic, on the Oscars. This model drops half of its hidden units at random in each training step. That is **dropout**: it
# keeps a network from relying on single units, and `predict` drops none.

# %%
def dropout_model(rate=0.5):
    model = keras.Sequential([keras.Input((films.X_train.shape[1],)), keras.layers.Dense(64, activation="relu"),
                              keras.layers.Dropout(rate), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="binary_crossentropy")
    return model

# 3,000 films, drawn at random: the file is sorted
drawn = np.random.default_rng(seed).permutation(len(oscar))[:3000]
X_oscar, y_oscar = films.X_train[drawn], oscar[drawn]

# %% [raw] tags=["prediction"]
# id = "validation-below-training"
# ask = "In the first epoch the validation loss comes out below the training loss, with nearly every seed. Why?"
# discuss = true
# [right]
# text = "the training loss is a mean over the epoch, with dropout; validation comes after it, without"
# why = "Two differences, and both make the training loss the higher one: most of its batches met a worse model, and each met a model with half of its units gone."
# [[wrong]]
# text = "validation films have leaked into the training"
# misconception = "any-gap-is-a-leak"
# why = "A leak would make validation as good as training. It would not make it better."
# [[wrong]]
# text = "the model underfits"
# misconception = "sign-of-the-gap-is-the-fit"
# why = "Perhaps it does, but the two numbers were taken at different times and from different networks. Their order says nothing about the fit."
# [[wrong]]
# text = "the validation films happen to be easier"
# misconception = "chance-explains-it"
# why = "Then the training films, judged in the same way as the validation films, would come out as bad as the reported loss. The middle column shows that they do not."

# %% tags=["training"]
gap_runs = fit_replicates(dropout_model, X_oscar, y_oscar, seeds=16, base_seed=1000 * seed, epochs=1, batch_size=64,
                          validation_data=(films.X_val, oscar_val))
reported, of_validation = (gap_runs.history[name][:, 0] for name in ["loss", "val_loss"])
# after the epoch the training films are judged as the validation films are
p = np.clip(gap_runs.predict(X_oscar).astype(float), 1e-7, 1 - 1e-7)
same_films = -np.log(np.where(y_oscar == 1, p, 1 - p)).mean(axis=(1, 2))
print("first epoch   loss   the same films after it   val_loss")
for k in range(4):
    print(f"seed {gap_runs.seeds[k]:5}   {reported[k]:.3f}   {same_films[k]:23.3f}   {of_validation[k]:8.3f}")

# %%
compare("validation-below-training")

# %% tags=["training"]
print(claim("In the first epoch the training loss is higher than the validation loss by more than 0.01, on nine seeds "
            "in ten.", reported - of_validation, ">", 0.01, share=0.9))
print(claim("It is also higher than the loss of the same films after the epoch, by more than 0.01, on nine seeds in "
            "ten.", reported - same_films, ">", 0.01, share=0.9))

# %% [markdown] given="1,000: set in code; 40: what is left of 1,000 after 15 times 64"
# **Compare with your prediction.** The middle column is measured as the validation loss is, and lies near it. The first
# column is the odd one. How much of that is the epoch, and how much is dropout? The table does not say. So now the reasons
# one by one, by hand.
#
# ### The epoch, and its last batch
#
# What `fit` reports as `loss` is a **running mean**: the loss of each batch is noted *before* its step, and the notes are
# averaged. The weights move all the while. We do by hand what `fit` does, without dropout, on 1,000 films in batches of 64.
# The last batch has 40:

# %%
X_some, y_some = X_train[:1000], y_train[:1000]

def bce(y_true, p):
    p = np.asarray(p, dtype=float)
    return np.mean(-np.log(np.where(y_true == 1, p, 1 - p)))

def batches(n, size=64):
    return [slice(start, start + size) for start in range(0, n, size)]

def one_epoch(model, X, y):
    losses = []
    for rows in batches(len(X)):
        losses.append(bce(y[rows], model(X[rows])))     # before the step
        model.train_on_batch(X[rows], y[rows])          # the step
    return np.array(losses)

# %% [raw] tags=["prediction"]
# id = "epoch-mean-against-end"
# given = "40: what is left of 1,000 after 15 times 64"
# ask = "First epoch, 16 batches, and the last one holds 40 films. Which of four numbers does `fit` report as `loss`?"
# [right]
# text = "the mean of the 16 losses, each weighted by the number of its films"
# why = "A film counts alike, whichever batch it is in. And each batch is judged before its step, so most of them met a worse model than the one at the end."
# [[wrong]]
# text = "the plain mean of the 16 losses: a batch is a batch"
# misconception = "last-batch-counts-alike"
# why = "That is what Keras does with a metric function that returns one number. The loss of a batch is weighted by its size."
# [[wrong]]
# text = "the loss of all 1,000 films, with the weights after the epoch"
# misconception = "loss-is-measured-at-the-end"
# why = "That would take a second pass over the films. `fit` notes what it computes anyway, batch by batch."
# [[wrong]]
# text = "the loss of the last batch: it met the newest weights"
# misconception = "loss-is-measured-at-the-end"
# why = "The last batch is only one of the notes, and here the smallest. All of them are averaged."

# %% tags=["training"]
def plain_model():
    keras.utils.set_random_seed(seed)
    return build(hidden=(64,), rate=0.003)

by_hand, by_fit = plain_model(), plain_model()
batch_losses = one_epoch(by_hand, X_some, y_some)
reported = by_fit.fit(X_some, y_some, batch_size=64, shuffle=False, verbose=0).history["loss"][0]
sizes = np.array([len(y_some[rows]) for rows in batches(1000)])
after = bce(y_some, by_hand.predict(X_some, verbose=0))
# three ways to make one number of it
print(f"fit reports                               {reported:.6f}")
print(f"mean over the batches, weighted by size   {np.average(batch_losses, weights=sizes):.6f}")
print(f"mean over the batches, all alike          {batch_losses.mean():.6f}")
print(f"after the epoch, all films                {after:.6f}")

# %% [raw] tags=["alt"] id="running-mean-alt" given="16: set in code"
# Dot and line plot; horizontal axis batch, 1 to 16, of the first epoch; vertical axis loss, from {low:.2f} to {high:.2f}. Dots, the loss of each batch,
# scatter and fall. A line, the running mean so far, falls more slowly and stays above most later dots; it ends at
# {end:.3f}, which is ringed. A dotted line lower down, at {after:.3f}, is the loss of all films after the epoch.

# %% tags=["training"]
running = np.cumsum(batch_losses * sizes) / np.cumsum(sizes)
fig, ax = figures.axes(xlabel="batch", ylabel="loss", height=3.6)
ax.plot(range(1, 17), batch_losses, "o", color=figures.COLORS[1], markerfacecolor="none", label="batch, before step")
ax.plot(range(1, 17), running, color=figures.COLORS[0], label="running mean")
ax.axhline(after, color="black", linestyle=":", label="all films, after the epoch")
figures.mark(ax, 16, running[-1], f"{running[-1]:.3f}", offset=(-50, 12))
ax.legend(handlelength=3)
figures.show(fig, "running-mean-alt", low=batch_losses.min(), high=batch_losses.max(), end=running[-1], after=after)

# %%
compare("epoch-mean-against-end")
assert np.isclose(np.average(batch_losses, weights=sizes), reported, atol=1e-6)

# %% [markdown]
# **Compare with your prediction.** Our mean is what `fit` reports, up to rounding, if each batch counts by its size. So the
# small last batch does no harm here. The dotted line is what you compute after the epoch. It is lower, because the first
# batches met an untrained model.
#
# The size of the batches does matter where a batch gives no mean over its films. Look at one model that only `evaluate` sees,
# which puts batches together as `fit` does. The weights stand still, and four numbers are reported:

# %% tags=["training"]
def root_of_mean(y_true, p):
    return ops.sqrt(ops.mean((ops.cast(y_true, "float32") - p) ** 2))

keras.utils.set_random_seed(seed)
model = build(hidden=(64,), loss=keras.losses.BinaryCrossentropy(reduction="sum"),
              metrics=[keras.metrics.BinaryCrossentropy(name="bce"), keras.metrics.RootMeanSquaredError(name="rmse"),
                       root_of_mean])
reports = {size: model.evaluate(X_some, y_some, batch_size=size, verbose=0, return_dict=True)
           for size in [10, 64, 1000]}
print("batch size                       10       64     1000")
for name, part in [("BCE, a metric object", "bce"), ("loss, with reduction=\"sum\"", "loss"),
                   ("RMSE, a metric object", "rmse"), ("RMSE, a function", "root_of_mean")]:
    print(f"{name:26}" + "".join(f"{report[part]:9.4f}" for report in reports.values()))

# %% [raw] tags=["question"]
# id = "which-spelling-moves"
# ask = "Nothing about the model differs from column to column. What do the second and the fourth line report?"
# [right]
# text = "numbers that depend on the batch size: a sum per batch, and a mean of roots"
# why = "With `reduction=\"sum\"` the report is about the batch size times the mean loss. A mean of roots is not the root of the mean; and in it a small last batch counts like a full one."
# [[wrong]]
# text = "the sum over all films, and the RMSE of all films"
# misconception = "sum-is-over-all-rows"
# why = "Then they would not change with the batch size. Keras sums within a batch and averages over batches."
# [[wrong]]
# text = "numbers with rounding errors, which small batches make larger"
# misconception = "rounding-explains-it"
# why = "Rounding shows in the seventh digit. The second line changes by a factor of a hundred."

# %% [markdown]
# ### Weights of the films
#
# Count each drama three times, with `class_weight={0: 1, 1: 3}`, and ask for BCE as a metric as well, under `metrics` and
# under `weighted_metrics`. With a learning rate of 0 the model is at rest: `fit` reports, and no weight moves. Three numbers
# are reported. By hand:

# %% tags=["training"]
def bce_as_metric(name):
    return keras.metrics.BinaryCrossentropy(name=name)

keras.utils.set_random_seed(seed)
model = build(hidden=(64,), rate=0.0, metrics=[bce_as_metric("plain")], weighted_metrics=[bce_as_metric("weighted")])
history = model.fit(X_some, y_some, batch_size=64, class_weight={0: 1, 1: 3}, verbose=0).history
# each film: its cost and its weight
p = model.predict(X_some, verbose=0).astype(float)
cost, w = -np.log(np.where(y_some == 1, p, 1 - p)), np.where(y_some == 1, 3, 1)
print("reported:", {name: round(float(values[0]), 4) for name, values in history.items()})
print(f"by hand:  mean of w · cost {np.mean(w * cost):.4f}; mean of cost {cost.mean():.4f}; "
      f"sum of w · cost / sum of w {np.sum(w * cost) / w.sum():.4f}")
assert np.isclose(history["loss"][0], np.mean(w * cost), atol=1e-5)
assert np.isclose(history["weighted"][0], np.sum(w * cost) / w.sum(), atol=1e-5)

# %% [raw] tags=["question"]
# id = "weighted-loss-divides-by"
# ask = "The weights of all films go from 1 to 10. What happens to `loss`, and what to a metric under `weighted_metrics`?"
# [right]
# text = "`loss` is ten times as high, the metric stays"
# why = "The loss divides by the number of films, the weighted metric by the sum of the weights. So weights also set the size of the loss, and with plain gradient descent the length of the steps."
# [[wrong]]
# text = "both stay: equal weights are no weights"
# misconception = "weighted-mean-divides-by-weights"
# why = "For a mean that divides by the sum of the weights. Keras' loss divides by the number of films."
# [[wrong]]
# text = "both are ten times as high"
# misconception = "metrics-are-weighted-too"
# why = "A weighted metric divides by the sum of the weights, so a common factor drops out."

# %% [markdown]
# ### A penalty
#
# The weight penalty of section 5 is part of `loss`, and of `val_loss`, and of no metric. So it parts both from what you
# compute. In a model at rest it adds the same to both, so they do not differ by it. (While the weights move, `loss` has the
# mean penalty over the epoch, and `val_loss` the one at its end.)

# %% tags=["training"]
keras.utils.set_random_seed(seed)
model = keras.Sequential([keras.Input((X_train.shape[1],)),
                          keras.layers.Dense(64, activation="relu", kernel_regularizer=keras.regularizers.L2(0.01)),
                          keras.layers.Dense(1, activation="sigmoid")])
model.compile(optimizer=keras.optimizers.SGD(0.0), loss="binary_crossentropy", metrics=[bce_as_metric("bce")])
history = model.fit(X_some, y_some, batch_size=64, validation_data=(X_val, y_val), verbose=0).history
# 0.01 times the sum of the squared weights of the first layer
penalty = 0.01 * np.sum(model.layers[0].kernel.numpy() ** 2)
print(f"by hand: penalty {penalty:.4f}")
for films_of, front in [("training", ""), ("validation", "val_")]:
    of_loss, of_bce = history[f"{front}loss"][0], history[f"{front}bce"][0]
    print(f"{films_of:10}  loss {of_loss:.4f}, bce {of_bce:.4f}, difference {of_loss - of_bce:.4f}")
    assert np.isclose(of_loss - of_bce, penalty, atol=1e-5)

# %% [markdown]
# ### Dropout, and a layer that behaves otherwise in training
#
# A second kind of layer changes its behavior. **Batch normalization** shifts and scales what comes in to mean 0 and spread
# 1. In training it takes mean and spread from the batch. `predict` takes running ones, which it has collected along the
# way, and which start at 0 and 1. `model(X, training=True)` computes as in training, without a step. (It does collect, so we
# put the running numbers back afterwards.)

# %% tags=["training"]
def as_in_training(model):
    # batch by batch, because batch normalization looks at the batch
    before = model.get_weights()
    losses = [bce(y_some[rows], model(X_some[rows], training=True)) for rows in batches(1000)]
    model.set_weights(before)      # batch normalization has moved its running numbers
    return np.average(losses, weights=sizes)

def as_in_predict(model):
    return bce(y_some, model(X_some, training=False))

def model_with(layer, set_seed=True):
    if set_seed:
        keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((X_train.shape[1],)), keras.layers.Dense(64, activation="relu"), layer,
                              keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="binary_crossentropy")
    model.optimizer.build(model.trainable_variables)
    return model

# %% [raw] tags=["prediction"]
# id = "two-layers-two-gaps"
# ask = "Two models, one with dropout, one with batch normalization, after their first epoch. With the weights held still: is the loss as in training above or below the loss as in `predict`?"
# [right]
# text = "dropout: above. Batch normalization: below"
# why = "Dropout takes units away, and the loss suffers. Batch normalization has just the right mean and spread in training; the running ones of `predict` are still far off after 16 batches."
# [[wrong]]
# text = "both above: training is always harder"
# misconception = "training-is-always-harder"
# why = "Dropout makes it harder. Batch normalization fits itself to each batch, and `predict` still works with stale numbers."
# [[wrong]]
# text = "both below: the model knows these films"
# misconception = "seen-is-always-lower"
# why = "Both losses are of the same films. What differs is how the layers compute."
# [[wrong]]
# text = "both equal: no weight moves in between"
# misconception = "layers-compute-alike"
# why = "No weight has moved. But these layers compute by another rule in training than in `predict`."

# %% tags=["training"]
print("after one epoch        as in training   as in predict")
for name, layer in [("dropout", keras.layers.Dropout(0.5)), ("batch normalization", keras.layers.BatchNormalization())]:
    model = model_with(layer)
    model.fit(X_some, y_some, batch_size=64, verbose=0)
    in_training = np.mean([as_in_training(model) for _ in range(3)])   # three draws of the dropped units
    print(f"{name:22} {in_training:14.3f} {as_in_predict(model):15.3f}")

# %%
compare("two-layers-two-gaps")

# %% [markdown] given="16 10 20: set in code"
# One seed is one draw, so once more with 16. After 1 and after 10 epochs of training the films are judged as in `predict`. Then
# an epoch with learning rate 0, at rest, reports the loss as in training. At the end the model rests for 20 epochs: no weight
# moves, and batch normalization goes on collecting.

# %% tags=["training"]
def gaps_by_layer(layer):
    """Loss as in training minus as in predict: after 1 epoch, after 10, after 20 more at rest. Shape (3, seeds)."""
    def build_one():
        model = model_with(layer(), set_seed=False)
        # 16 steps an epoch: train for 1, rest for 1, train for 9, then rest
        rate = keras.optimizers.schedules.PiecewiseConstantDecay([15, 31, 175], [0.01, 0.0, 0.01, 0.0])
        model.compile(optimizer=keras.optimizers.Adam(rate), loss="binary_crossentropy")
        return model
    history = fit_replicates(build_one, X_some, y_some, seeds=16, base_seed=1000 * seed, epochs=32, batch_size=64,
                             validation_data=(X_some, y_some)).history
    return np.array([history["loss"][:, rest] - history["val_loss"][:, rest - 1] for rest in [1, 11, 31]])

# %% tags=["training"]
of_dropout = gaps_by_layer(lambda: keras.layers.Dropout(0.5))
of_normalization = gaps_by_layer(keras.layers.BatchNormalization)
for name, values in [("dropout", of_dropout), ("batch normalization", of_normalization)]:
    print(f"{name:20} as in training minus as in predict:", *(f"{np.median(one):+.3f} {when}" for when, one in zip(
        ["after 1 epoch,", "after 10,", "after 20 more at rest"], values)))
for when, of_layer in [("after one epoch", of_dropout[0]), ("after ten epochs and a rest", of_dropout[2])]:
    print(claim(f"With dropout, {when}, the loss as in training is higher than as in predict, on nine seeds in ten.",
                of_layer, ">", 0, share=0.9))
for when, of_layer in [("one epoch", of_normalization[0]), ("ten epochs", of_normalization[1])]:
    print(claim(f"With batch normalization, after {when}, it is lower by more than 0.01, on nine seeds in ten.",
                of_layer, "<", -0.01, share=0.9))
print(claim("The rest takes more than half of that gap away, on nine seeds in ten.",
            abs(of_normalization[2] / of_normalization[1]), "<", 0.5, share=0.9))

# %% [markdown]
# **Compare with your prediction.** Dropout takes something away in training, after ten epochs as after one. Batch normalization
# takes nothing away. It is `predict` that works with numbers which are not right yet. After ten epochs they still run behind
# the weights. At rest no weight moved, only these numbers did, and most of the gap went.
#
# ### Exercise 7.1: what will `fit` report?
#
# You get what happened in one epoch: for each batch the costs of its films, their weights, and the penalty at that moment.
# Compute the `loss` that Keras reports. Two questions to decide: what is divided by what, and what does a small batch count?

# %% tags=["exercise"] id="reported-loss"
def reported_loss(costs, weights, penalties):
    """The loss that fit reports. Lists with one entry a batch: costs (n,), weights (n,), penalty (a number)."""
    ### BEGIN SOLUTION
    losses = [np.mean(w * cost) + penalty for cost, w, penalty in zip(costs, weights, penalties)]
    return np.average(losses, weights=[len(cost) for cost in costs])
    ### END SOLUTION

# %% tags=["cases"]
def a(*values):
    return np.array(values, float)

cases = [([a(0.7, 0.9, 0.5, 1.1), a(2.0, 0.4)], [a(1, 1, 3, 1), a(3, 1)], [0.3, 0.1]),
         ([a(0.6, 0.2, 0.8), a(0.5, 0.7, 0.3), a(1.5)], [a(1, 2, 1), a(2, 1, 1), a(2)], [0.2, 0.25, 0.4]),
         ([a(0.9, 0.1), a(0.4, 0.6)], [a(5, 1), a(1, 1)], [0.0, 0.0])]
labels = ["costs", "weights", "penalties"]

# %% tags=["hint"]
# First one batch: its loss is the mean of weight times cost, divided by the number of films, plus the penalty. Then put the batches together.

# %% tags=["hint"]
# Keras weighs each batch by its number of films: `np.average(losses, weights=[len(cost) for cost in costs])`.

# %% tags=["right"]
def reported_loss(costs, weights, penalties):
    sizes = np.array([len(cost) for cost in costs])
    pooled = np.sum(np.concatenate(weights) * np.concatenate(costs)) / sizes.sum()
    return pooled + np.sum(sizes * np.array(penalties)) / sizes.sum()

# %% tags=["wrong"] misconception="last-batch-counts-alike"
# You let all batches count alike. Keras weighs each by its number of films, so a small last batch counts less.
def reported_loss(costs, weights, penalties):
    return np.mean([np.mean(w * cost) + penalty for cost, w, penalty in zip(costs, weights, penalties)])

# %% tags=["wrong"] misconception="weighted-mean-divides-by-weights"
# You divide by the sum of the weights. Keras' loss divides by the number of films.
def reported_loss(costs, weights, penalties):
    losses = [np.average(cost, weights=w) + penalty for cost, w, penalty in zip(costs, weights, penalties)]
    return np.average(losses, weights=[len(cost) for cost in costs])

# %% tags=["wrong"] misconception="weighted-mean-divides-by-weights"
# You divide by the sum of all weights. Keras' loss divides by the number of films.
def reported_loss(costs, weights, penalties):
    w, cost = np.concatenate(weights), np.concatenate(costs)
    return np.sum(w * cost) / np.sum(w) + np.average(penalties, weights=[len(one) for one in costs])

# %% tags=["wrong"] misconception="last-batch-counts-alike"
# Two things: you divide by the sum of the weights where Keras divides by the number of films, and you let all batches count alike.
def reported_loss(costs, weights, penalties):
    return np.mean([np.average(cost, weights=w) + penalty for cost, w, penalty in zip(costs, weights, penalties)])

# %% tags=["wrong"] misconception="last-batch-counts-alike"
# The costs are right. But you let the penalties of all batches count alike: they, too, are weighted by the number of films.
def reported_loss(costs, weights, penalties):
    losses = [np.mean(w * cost) for cost, w in zip(costs, weights)]
    return np.average(losses, weights=[len(cost) for cost in costs]) + np.mean(penalties)

# %% tags=["wrong"] misconception="loss-is-the-metric"
# The penalty is missing. It is part of the loss that is reported.
def reported_loss(costs, weights, penalties):
    losses = [np.mean(w * cost) for cost, w in zip(costs, weights)]
    return np.average(losses, weights=[len(cost) for cost in costs])

# %% tags=["wrong"] misconception="metrics-are-weighted-too"
# The weights are missing. They multiply the cost of each film in the training loss.
def reported_loss(costs, weights, penalties):
    losses = [np.mean(cost) + penalty for cost, penalty in zip(costs, penalties)]
    return np.average(losses, weights=[len(cost) for cost in costs])

# %% tags=["wrong"] misconception="loss-is-measured-at-the-end"
# You took the penalty of the last batch for the whole epoch. It is noted with each batch, and averaged like the costs.
def reported_loss(costs, weights, penalties):
    losses = [np.mean(w * cost) + penalties[-1] for cost, w in zip(costs, weights)]
    return np.average(losses, weights=[len(cost) for cost in costs])

# %% tags=["wrong"] misconception="sum-for-a-mean"
# You add up the penalties of all batches. Each belongs to the loss of its batch, and the losses are averaged.
def reported_loss(costs, weights, penalties):
    losses = [np.mean(w * cost) for cost, w in zip(costs, weights)]
    return np.average(losses, weights=[len(cost) for cost in costs]) + np.sum(penalties)

# %% tags=["wrong"] misconception="weighted-mean-divides-by-weights"
# The loss of each batch is right. But you put the batches together by the sums of their weights. Keras takes their numbers of films.
def reported_loss(costs, weights, penalties):
    losses = [np.mean(w * cost) + penalty for cost, w, penalty in zip(costs, weights, penalties)]
    return np.average(losses, weights=[np.sum(w) for w in weights])

# %% tags=["wrong"] misconception="loss-is-the-metric"
# That is the plain mean of all costs, as a metric has it. In the loss that is reported, weights and penalty count as well.
def reported_loss(costs, weights, penalties):
    return np.mean(np.concatenate(costs))

# %% tags=["wrong"] misconception="sum-for-a-mean"
# The costs are right. But you divide the sum of the penalties by the number of films. A penalty is added to the mean of its batch.
def reported_loss(costs, weights, penalties):
    n = sum(len(cost) for cost in costs)
    return (np.sum(np.concatenate(weights) * np.concatenate(costs)) + np.sum(penalties)) / n

# %% tags=["wrong"] misconception="penalty-is-a-cost-of-a-row"
# You weighted the penalty as if it were the cost of a film. It is added after the mean, once a batch.
def reported_loss(costs, weights, penalties):
    losses = [np.mean(w * (cost + penalty)) for cost, w, penalty in zip(costs, weights, penalties)]
    return np.average(losses, weights=[len(cost) for cost in costs])

# %% tags=["wrong"] misconception="sum-for-a-mean"
# Within a batch you add up. Keras takes the mean over its films, unless it is told `reduction="sum"`.
def reported_loss(costs, weights, penalties):
    losses = [np.sum(w * cost) + penalty for cost, w, penalty in zip(costs, weights, penalties)]
    return np.average(losses, weights=[len(cost) for cost in costs])

# %% tags=["wrong"] misconception="sum-for-a-mean"
# You add up the losses of the batches. Keras averages them, each weighted by its number of films.
def reported_loss(costs, weights, penalties):
    return sum(np.mean(w * cost) + penalty for cost, w, penalty in zip(costs, weights, penalties))

# %% tags=["wrong"] misconception="loss-is-measured-at-the-end"
# That is the loss of the last batch alone. What is reported is a mean over all batches of the epoch.
def reported_loss(costs, weights, penalties):
    return np.mean(weights[-1] * costs[-1]) + penalties[-1]

# %% tags=["wrong"] misconception="weights-after-the-mean"
# You multiply the mean weight by the mean cost. A weight must meet the cost of its own film: first multiply, then take the mean.
def reported_loss(costs, weights, penalties):
    losses = [np.mean(w) * np.mean(cost) + penalty for cost, w, penalty in zip(costs, weights, penalties)]
    return np.average(losses, weights=[len(cost) for cost in costs])

# %% [markdown]
# Does your formula meet Keras? One real epoch, with weights, a penalty and an uneven last batch; every batch is noted
# before its step.

# %% tags=["training"]
def penalized_model():
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((X_train.shape[1],)), keras.layers.Dense(1, activation="sigmoid",
                              kernel_regularizer=keras.regularizers.L2(0.01))])
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="binary_crossentropy")
    return model

noted, watched, w = [], penalized_model(), np.where(y_some[:, 0] == 1, 3.0, 1.0)
for rows in batches(1000):
    # costs, weights and penalty before the step; then the step
    p = watched(X_some[rows]).numpy().astype(float)[:, 0]
    noted.append((-np.log(np.where(y_some[rows, 0] == 1, p, 1 - p)), w[rows],
                  0.01 * np.sum(watched.layers[0].kernel.numpy() ** 2)))
    watched.train_on_batch(X_some[rows], y_some[rows], sample_weight=w[rows])
fitted = penalized_model().fit(X_some, y_some, sample_weight=w, batch_size=64, shuffle=False, verbose=0)
print(f"fit reports {fitted.history['loss'][0]:.6f}; your formula (None: not written yet):",
      reported_loss(*zip(*noted)))

# %% [markdown] given="0.6 0.5 0.1: examples of what people say"
# ### Where it bites
#
# "Training loss 0.6, validation loss 0.5: it must be a leak", or "a gap of 0.1: it overfits". Before a gap means anything,
# both sides must be measured alike: one model at rest, all films weighted alike, no penalty, layers as in `predict`. The
# cheapest way is `model.evaluate` on both sets, with the loss as a metric too: the metric has no penalty in it.
# %% [markdown]
# ## 8. The gap accountant
#
# You know the reasons. A helper does the sums: `explain` takes a model that `fit` has just trained, its history and its
# data, and accounts for the difference between `history["loss"]` and the loss of what `predict` returns. It switches one
# reason on after the other, and notes what each adds. (For dropout it takes the mean of several `passes`.) Here is a model with
# everything at once:

# %% tags=["training"]
from helpers.gap import explain

strength = 0.003   # of the weight penalty

def everything():
    penalty = keras.regularizers.L2(strength)
    model = keras.Sequential([keras.Input((X_train.shape[1],)),
                              keras.layers.Dense(64, activation="relu", kernel_regularizer=penalty),
                              keras.layers.BatchNormalization(), keras.layers.Dropout(0.3),
                              keras.layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="binary_crossentropy", metrics=["accuracy"])
    return model

keras.utils.set_random_seed(seed)
big = everything()
big_fit = big.fit(X_some, y_some, epochs=3, batch_size=64, class_weight={0: 1, 1: 3}, verbose=0)
p = big.predict(X_some, verbose=0)
print(f"history['loss'] of the third epoch {big_fit.history['loss'][-1]:.6f}; BCE from predict {bce(y_some, p):.6f}")

# %% [raw] tags=["prediction"]
# id = "largest-term"
# given = "0.003: set in code"
# ask = "This model has a weight of 3 for each drama (more than half of the films), a small weight penalty, batch normalization and dropout. Which reason adds most to the reported loss?"
# [right]
# text = "the weights of the films"
# why = "Every drama counts three times, and dramas are more than half of the films. For the others section 7 has given you a measure: the gaps of the two layers were small there, and the penalty was more than three times as strong."
# [[wrong]]
# text = "the penalty: it sums over all weights of the first layer"
# misconception = "penalty-rules-the-loss"
# why = "It sums many small squares, and multiplies by 0.003. Look at the table."
# [[wrong]]
# text = "dropout: three units in ten are missing"
# misconception = "dropout-rules-the-gap"
# why = "The network is built to live with that. Its predictions suffer, but not by that much."
# [[wrong]]
# text = "the epoch: the loss is a running mean"
# misconception = "running-mean-rules-the-gap"
# why = "In the third epoch the weights move slowly already. The running mean lags behind by little."

# %% tags=["training"]
gap = explain(big, big_fit, X_some, y_some, batch_size=64, class_weight={0: 1, 1: 3}, passes=3)
gap

# %% [raw] tags=["alt"] id="waterfall-alt"
# Bar chart of horizontal bars, one below the other, on an axis of the loss from 0 to {end:.1f}. The top bar is the loss recomputed from predict,
# {recomputed:.2f}. Below, one bar for each reason starts where the one above it ended; bars that add are plain, bars that
# take away are hatched. The bars climb from left to right; the largest step is {largest}, {size:+.2f}. The last bar is what Keras reported, {reported:.2f}.

# %% tags=["training"]
fig, ax = figures.axes()
gap.waterfall(ax)
largest = max(gap.terms, key=lambda reason: abs(gap.terms[reason]))
figures.show(fig, "waterfall-alt", end=ax.get_xlim()[1], recomputed=gap.recomputed, largest=largest,
             size=gap.terms[largest], reported=gap.reported)

# %%
compare("largest-term")

# %% tags=["training"]
print(f"recomputed, plus all terms, minus reported: {gap.recomputed + sum(gap.terms.values()) - gap.reported:.1e}")
assert abs(gap.recomputed + sum(gap.terms.values()) - big_fit.history["loss"][-1]) < 1e-6
# the first line and two terms by hand
p = p.astype(float)
cost, w = -np.log(np.where(y_some == 1, p, 1 - p)), np.where(y_some == 1, 3, 1)
print(f"by hand: BCE {cost.mean():.6f}; the weights add {np.mean(w * cost) - cost.mean():.6f}")
penalty = strength * np.sum(big.layers[0].kernel.numpy() ** 2)
print(f"         the penalty adds {penalty:.6f}")
assert np.isclose(gap.terms.get("regularization", 0), penalty, atol=1e-5)     # no such term without a penalty
assert np.isclose(gap.terms["weights"], np.mean(w * cost) - cost.mean(), atol=1e-5)

# %% [markdown]
# **Compare with your prediction.** Each bar of the picture starts where the last one ended. Three lines are checked by hand:
# the first, the weights and the penalty (its line is called *regularization*). The term "the epoch" is what is left when all
# others are known: in the epoch the weights moved, and dropout rolled its dice once. So that the sum comes out proves
# nothing. The lines by hand do.
#
# Look at batch normalization. In section 7 it made the loss lower in training. The sign of its bar is no property of the
# layer: here a drama counts three times, and what helps the other films may cost the dramas more.
#
# A metric has a gap, too. Here is that of `accuracy`, which was listed under `metrics`:

# %% tags=["training"]
accuracy_gap = explain(big, big_fit, X_some, y_some, name="accuracy", batch_size=64, class_weight={0: 1, 1: 3},
                       passes=3)
print(accuracy_gap)
assert not {"weights", "regularization"} & set(accuracy_gap.terms)
assert abs(accuracy_gap.recomputed + sum(accuracy_gap.terms.values()) - big_fit.history["accuracy"][-1]) < 1e-6

# %% [raw] tags=["question"]
# id = "which-terms-for-accuracy"
# ask = "Which of the six reasons can be in the gap of a metric under `metrics`?"
# [right]
# text = "the running mean, the batches, dropout and batch normalization; not weights and penalty"
# why = "A metric is computed from the same predictions as the loss, so whatever changes predictions is in it. Weights of films are in it only under `weighted_metrics`, and a penalty never. (The batches matter only for a plain function, as in section 6. For accuracy, a mean over rows, they do not.)"
# [[wrong]]
# text = "none: a metric is computed after the epoch, from predict"
# misconception = "loss-is-measured-at-the-end"
# why = "It is computed along with training, batch by batch, from what the layers gave there. The table above shows its gap."
# [[wrong]]
# text = "all six: a metric is reported in the same way as the loss"
# misconception = "metrics-are-weighted-too"
# why = "Class weights reach the loss and `weighted_metrics`. The penalty is added to the loss and to nothing else."
# [[wrong]]
# text = "only dropout: the rest acts on the loss"
# misconception = "loss-and-metric-are-unrelated"
# why = "The metric, too, is a running mean over an epoch in which the weights move, and batch normalization changes its predictions."

# %% [markdown]
# Now change something. Set `strength` to 0, or take the dropout layer out of `everything`, and run the cells from there on.
# Which lines vanish, and which ones move?

# %% [raw] tags=["question"]
# id = "remove-dropout-line"
# ask = "You have taken the dropout layer out, and nothing else. Its line vanishes. Do the other lines keep their values?"
# [right]
# text = "no: it is another model now, with other weights after training"
# why = "The account is for one trained model. Without dropout, training goes another way, and every line is computed anew."
# [[wrong]]
# text = "yes: the reasons are independent"
# misconception = "terms-are-independent"
# why = "Run it: the first line has changed already. And even for one model the order matters: what dropout and batch normalization do together is shared out by it."
# [[wrong]]
# text = "yes, except the last: the reported loss is smaller by the term of dropout"
# misconception = "terms-are-independent"
# why = "That would be so if only the report had changed. You trained another model."

# %% [markdown]
# ### Two outputs
#
# A model with two outputs reports one loss for each, and their sum. Do they add up? One model at rest, 132 rows, batches
# of 32. The last four rows are far off.

# %% tags=["training"]
rng = np.random.default_rng(seed)
X_two, y_two = rng.normal(size=(132, 4)).astype("float32"), rng.normal(size=(132, 1)).astype("float32")
y_two[128:] += 30
inputs = keras.Input((4,))
two = keras.Model(inputs, {name: keras.layers.Dense(1, name=name)(inputs) for name in ["a", "b"]})
two.compile(optimizer=keras.optimizers.SGD(0.0), loss={"a": "mse", "b": "mse"})
history = two.fit(X_two, {"a": y_two, "b": y_two}, batch_size=32, shuffle=False, verbose=0).history
recomputed = {name: np.mean((y_two - values) ** 2) for name, values in two.predict(X_two, verbose=0).items()}
print("reported  ", {name: round(values[0], 2) for name, values in sorted(history.items())})
print("recomputed", {name: round(float(value), 2) for name, value in recomputed.items()},
      "sum", round(float(sum(recomputed.values())), 2))

# %% [raw] tags=["question"]
# id = "losses-of-outputs"
# ask = "Which of the three reported numbers can you trust here?"
# [right]
# text = "the total `loss`: it weighs each batch by its rows; the losses of the outputs do not"
# why = "The total agrees with the sum of the recomputed ones. For the outputs, Keras takes the plain mean over batches, and four bad rows in a small last batch count as much as 32 others."
# [[wrong]]
# text = "the losses of the outputs: they are the parts, and the total is derived"
# misconception = "parts-are-safer-than-the-whole"
# why = "Compare with the recomputed ones: the parts are far off, and the total is right."
# [[wrong]]
# text = "none of them: the last batch is broken"
# misconception = "blame-the-data"
# why = "The total agrees with the recomputed one. The last batch is small and far off, not broken."
# [[wrong]]
# text = "all: parts and total are measured at different times"
# misconception = "loss-is-measured-at-the-end"
# why = "The learning rate is 0, so there is no time to speak of. And the parts do not add up to the total."

# %%
assert np.isclose(history["loss"][0], sum(recomputed.values()), rtol=1e-4)
assert history["a_loss"][0] > 2 * recomputed["a"]

# %% [markdown]
# ### Exercise 8.1: find the fault
#
# A colleague wrote a BCE of her own, "the same as Keras'". Without weights it reports the same loss. With
# `sample_weight` it does not: she weights the dramas five times, and gets another loss than Keras. There is **one** fault.
# Find it and mend it. (In NumPy here. The check does what Keras does: it multiplies what the function returns by the weights, and takes
# the mean.)

# %% tags=["exercise"] id="loss-that-hears-weights"
def her_bce(y_true, p):
    """A loss for Keras. y_true and p: (n, outputs)."""
    ### BEGIN SOLUTION
    p = np.clip(p, 1e-7, 1 - 1e-7)
    cost = -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
    return np.mean(cost, axis=-1)
    ### END SOLUTION

# %% tags=["start"]
def her_bce(y_true, p):
    """A loss for Keras. y_true and p: (n, outputs)."""
    p = np.clip(p, 1e-7, 1 - 1e-7)
    cost = -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
    return np.mean(cost)

# %% tags=["cases"]
def probe(answer, y_true, p, sample_weight):
    returned = np.asarray(answer(y_true, p), dtype=float)
    shape = {0: "one number", 1: f"{returned.size} number{'' if returned.size == 1 else 's'} in an array"}.get(returned.ndim, f"a table {returned.shape}")
    if returned.shape != sample_weight.shape:
        return {"returned": shape}
    return {"returned": shape, "loss with these weights": float(np.mean(returned * sample_weight))}

cases = [(np.array([[1.0], [0.0], [1.0]]), np.array([[0.9], [0.2], [0.3]]), np.array([1.0, 1.0, 10.0])),
         (np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 1.0], [0.0, 1.0]]),
          np.array([[0.7, 0.1], [0.4, 0.5], [0.2, 0.9], [0.0, 1.0]]), np.array([0.5, 2.0, 1.0, 3.0])),
         (np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]]), np.array([[0.3, 0.8, 0.6], [0.9, 0.1, 0.5]]),
          np.array([4.0, 1.0]))]
labels = ["y_true", "p", "sample_weight"]

# %% tags=["hint"]
# What can weights of films multiply, if the function has already made one number of them? Look at the shape of what it returns.

# %% tags=["hint"]
# A loss for Keras returns one number for each row, shape `(n,)`. The mean over the outputs is its business, the mean over the rows is Keras'.

# %% tags=["right"]
def her_bce(y_true, p):
    p = np.minimum(np.maximum(p, 1e-7), 1 - 1e-7)
    return -np.log(np.where(y_true == 1, p, 1 - p)).mean(axis=1)

# %% tags=["wrong"] misconception="mean-over-the-wrong-axis"
# You take the mean over the films and keep the outputs. The weights belong to films: keep these.
def her_bce(y_true, p):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    cost = -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
    return np.mean(cost, axis=0)

# %% tags=["wrong"] misconception="sum-for-a-mean"
# One number a film, good, but the sum over its outputs. Then the loss is no longer that of Keras, once there are several outputs.
def her_bce(y_true, p):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    cost = -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
    return np.sum(cost, axis=-1)

# %% tags=["wrong"] misconception="weights-meet-cells"
# You return one number for each output of each film. The weights are one a film: take the mean over the outputs.
def her_bce(y_true, p):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))

# %% tags=["wrong"] misconception="weights-meet-cells"
# You return a column, one row a film. The weights are a flat list of films: the mean over the outputs must take that axis away.
def her_bce(y_true, p):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    cost = -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
    return np.mean(cost, axis=-1, keepdims=True)

# %% tags=["wrong"] misconception="weights-after-the-mean"
# Still one number for all films, only in a longer dress: every film carries the mean of all. Let each carry its own cost.
def her_bce(y_true, p):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    cost = -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
    return np.full(len(cost), np.mean(cost))

# %% tags=["wrong"] misconception="weights-meet-cells"
# You return one number for each output of each film, in one long list. Weights are one a film: take the mean over the outputs.
def her_bce(y_true, p):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p)).ravel()

# %% tags=["wrong"] misconception="weights-after-the-mean"
# A sum in the place of the mean is still one number for all films. Let each film keep a number of its own.
def her_bce(y_true, p):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return np.sum(-(y_true * np.log(p) + (1 - y_true) * np.log(1 - p)))

# %% tags=["wrong"] misconception="mended-too-much"
# One number a film, right, but the cut near 0 and 1 is gone: a p of exactly 0 or 1 gives infinity or NaN.
def her_bce(y_true, p):
    with np.errstate(all="ignore"):
        cost = -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
        return np.mean(cost, axis=-1)

# %% tags=["wrong"] misconception="weights-after-the-mean"
# One number, packed into an array, is still one number for all films. Let each film keep a number of its own.
def her_bce(y_true, p):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return np.array([np.mean(-(y_true * np.log(p) + (1 - y_true) * np.log(1 - p)))])

# %% tags=["wrong"] misconception="one-output-for-all"
# You keep the first output of each film, and lose the others. Take the mean over all outputs of a film.
def her_bce(y_true, p):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return -(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))[:, 0]

# %% [markdown]
# The same in Keras: her loss and the mended one, `evaluate` for one model, dramas weighted five times. The function `scalar_bce`
# returns one number, `row_bce` one for each film.

# %% tags=["training"]
def row_bce(y_true, p):
    p = ops.clip(p, 1e-7, 1 - 1e-7)
    y_true = ops.cast(y_true, "float32")
    return ops.mean(-(y_true * ops.log(p) + (1 - y_true) * ops.log(1 - p)), axis=-1)

def scalar_bce(y_true, p):
    return ops.mean(row_bce(y_true, p))

w = np.where(y_some[:, 0] == 1, 5.0, 1.0)
for name, loss in [("Keras' own", "binary_crossentropy"), ("row_bce", row_bce), ("scalar_bce", scalar_bce)]:
    keras.utils.set_random_seed(seed)
    model = build(hidden=(64,), loss=loss)
    print(f"{name:12} {model.evaluate(X_some, y_some, sample_weight=w, batch_size=64, verbose=0):.6f}")
p = model.predict(X_some, verbose=0)
print(f"the plain BCE {bce(y_some, p):.6f}, times the mean weight {w.mean():.3f}: {bce(y_some, p) * w.mean():.6f}")

# %% [markdown]
# With one number for all, the weights only stretch it by their mean (about: the mean weight differs a little from batch to
# batch). Does the doctor see it?

# %% tags=["training"]
examine(model, X_some, y_some, sample_weight=w)

# %% [markdown]
# ### Where it bites
#
# A custom loss passes every test without weights. Then somebody adds `class_weight`, nothing gets better, and class weights
# are blamed. Test a loss of your own *with* weights.
# %% [markdown]
# ## 9. Three questions to one model
#
# Back to the Oscars. One model can be asked three things, and each has its metrics:
#
# - **Ranking:** do winners come before others? AUC, average precision (AP).
# - **Calibration:** do the probabilities mean what they say? A calibration plot, and partly the log loss.
# - **Decision:** are the flags right, at a given cut? Precision, recall, F1, costs.
#
# A good answer to one is no answer to another. First ranking, when the data change. An archive throws away most films
# without an Oscar, at random, to save space. The model is not touched, and neither are its outputs for the films that stay.

# %% [raw] tags=["prediction"]
# id = "drop-negatives"
# given = "40%: set in code; 25: 1 / 0.041"
# ask = "After that, 40% of the test films are winners instead of one in 25. What happens to AUC and to AP of the same outputs?"
# discuss = true
# [right]
# text = "AUC stays about where it was, AP goes up"
# why = "AUC compares winners with others in pairs. Fewer others, drawn at random, are still a fair sample of them. AP holds precision, the share of winners among the flagged, and with fewer others around that share rises."
# [[wrong]]
# text = "both go up: winners are more frequent now"
# misconception = "ranking-follows-prevalence"
# why = "True for AP. A pair is one winner and one other film, however many there are of each."
# [[wrong]]
# text = "AUC goes down, AP stays: it is made for rare positives"
# misconception = "ap-is-immune-to-prevalence"
# why = "AP contains precision, and precision moves with the share of positives. AUC does not."
# [[wrong]]
# text = "both stay: the outputs are the same"
# misconception = "same-outputs-same-metrics"
# why = "The outputs are the same, the films around them are not. Precision counts those."

# %% tags=["training"]
shares = [0.041, 0.1, 0.2, 0.4]
rng, truth = np.random.default_rng(seed), y_mixed
aucs, aps = np.empty((16, len(shares))), np.empty((16, len(shares)))
for j, share in enumerate(shares):
    for k, p in enumerate(p_oscar):
        # all winners stay; so many others, drawn at random, that the share comes out
        winners, others = np.flatnonzero(truth == 1), np.flatnonzero(truth == 0)
        wanted = min(int(len(winners) * (1 - share) / share), len(others))
        kept = np.concatenate([winners, rng.choice(others, wanted, replace=False)])
        aucs[k, j] = sk.roc_auc_score(truth[kept], p[kept])
        aps[k, j] = sk.average_precision_score(truth[kept], p[kept])

# %% [raw] tags=["alt"] id="drop-negatives-alt" given="0.041 0.4: set in code"
# Line plot over the share of winners among the films that are kept, 0.041 to 0.4; the axis of the metrics goes from 0 to 1;
# median and band over 16 seeds. AUC is level at {auc:.2f}. AP climbs from {ap_low:.2f} to {ap_high:.2f}. A dotted diagonal
# below shows AP of a random order, which is the share of winners itself.

# %% tags=["training"]
fig, ax = figures.axes(xlabel="share of winners among the films kept", ylabel="metric")
figures.lines(ax, shares, {"AUC": aucs, "AP": aps}, label_at=None)
ax.annotate("AUC", (0.1, 0.96)), ax.annotate("AP", (0.1, 0.57))
ax.plot(shares, shares, ":", color="black"), ax.annotate("AP of a random order", (0.22, 0.15))
ax.set_ylim(0, 1)
figures.show(fig, "drop-negatives-alt", auc=np.median(aucs), ap_low=np.median(aps[:, 0]), ap_high=np.median(aps[:, -1]))

# %%
compare("drop-negatives")

# %% tags=["training"] given="40% 4.1%: set in code"
print(claim("With 40% winners instead of 4.1%, AUC moves by less than 0.02, on three seeds in four.",
            abs(aucs[:, -1] - aucs[:, 0]), "<", 0.02, share=0.75))
print(claim("AP rises by more than 0.2.", aps[:, -1] - aps[:, 0], ">", 0.2))

# %% [markdown]
# **Compare with your prediction.** So an AP means nothing without the share of positives it was measured at. People draw
# from this that AP is the metric for rare positives, others that it is unfair to use it. That is contested (McDermott and
# others, 2024; Richardson and others, 2024, both below). Ask which question you have: of *pairs*, then AUC; of the *top of a list in
# this very population*, then AP, beside its baseline.
#
# ### Calibrated, and?

# %% [raw] tags=["prediction"]
# id = "base-rate-for-all"
# ask = "A \"model\" gives every film the same probability: the share of winners. Which is true of it?"
# [right]
# text = "it is calibrated, and of no use for ranking or deciding"
# why = "Of the films to which it gives that probability (all of them), about this share has won. So it keeps its word. It tells no film from another."
# [[wrong]]
# text = "it is not calibrated: its probabilities have no spread"
# misconception = "calibration-needs-spread"
# why = "Calibration asks whether what is said comes true. It does not ask for much to be said."
# [[wrong]]
# text = "it is calibrated, so it is a good model"
# misconception = "calibration-is-quality"
# why = "It keeps its word and says nothing. A good model says much, and keeps its word."
# [[wrong]]
# text = "its AUC is 1: it makes no mistake in the order"
# misconception = "calibration-is-ranking"
# why = "It gives no order at all. Every pair is a tie, and a tie counts one half."

# %% tags=["training"]
def calibration_error(y_true, p):
    # ten groups of films by p: how far is the mean p from the share of winners, on average over films?
    group = np.minimum((10 * p).astype(int), 9)
    parts = [group == g for g in range(10) if np.any(group == g)]
    return sum(g.mean() * abs(p[g].mean() - y_true[g].mean()) for g in parts)

base = films.y_train.mean()
answers = {"the base rate for all": lambda p: np.full(len(p), base), "the model": lambda p: p,
           "its p to the power of 1/8": lambda p: p ** 0.125,
           "1 above p = 0.2, else 0": lambda p: (p > 0.2).astype(float)}

# %% tags=["training"]
def log_loss(y_true, p):
    return sk.log_loss(y_true, np.clip(p, 1e-7, 1 - 1e-7))

measures = {"AUC": sk.roc_auc_score, "AP": sk.average_precision_score, "calibration error": calibration_error,
            "log loss": log_loss, "F1 at 0.5": lambda y, p: f1_of(y, p > 0.5)}
judged = {name: {what: np.array([measure(truth, answer(p)) for p in p_oscar]) for what, measure in measures.items()}
          for name, answer in answers.items()}
print(f"{'':26}" + "".join(f"{what:>19}" for what in measures))
for name, values in judged.items():
    print(f"{name:26}" + "".join(f"{np.median(values[what]):19.3f}" for what in measures))

# %%
compare("base-rate-for-all")

# %% tags=["training"] given="0.5: the default threshold"
assert np.all(judged["the base rate for all"]["AUC"] == 0.5)
assert np.allclose(judged["its p to the power of 1/8"]["AUC"], judged["the model"]["AUC"], atol=1e-6)
print(claim("The 0s and 1s have the better F1 at 0.5 than the model itself, by more than 0.02, on three seeds in four.",
            judged["1 above p = 0.2, else 0"]["F1 at 0.5"] - judged["the model"]["F1 at 0.5"], ">", 0.02, share=0.75))
print(claim("Their log loss is more than twice that of the base rate for all.",
            judged["1 above p = 0.2, else 0"]["log loss"] / judged["the base rate for all"]["log loss"], ">", 2))

# %% [markdown]
# **Compare with your prediction.** Read the table by rows. The base rate is calibrated and ranks nothing. The power of 1/8
# ranks just as the model does, and its probabilities are nonsense. The last row is the model itself, cut at another place: its
# flags have the best F1, and by log loss its zeros and ones are far worse than the base rate for all. No row is best in every
# column.

# %% [raw] tags=["question"]
# id = "three-customers"
# ask = "Three customers: a betting office that sets odds, an editor who reads a list from the top, a machine that sorts films into two boxes. What does each need first?"
# discuss = true
# [right]
# text = "calibration, ranking, decision, in this order"
# why = "Odds are probabilities, and must mean what they say. Reading from the top needs an order. Two boxes need a cut, and what the two mistakes cost. (The base rate alone would not do for the office: its clients tell films apart.)"
# [[wrong]]
# text = "all three need calibration: honest probabilities serve everybody"
# misconception = "calibration-is-quality"
# why = "The base rate for all is honest, and serves neither the editor nor the machine."
# [[wrong]]
# text = "ranking, decision, calibration, in this order"
# misconception = "questions-mixed-up"
# why = "Odds set by a good order with nonsensical probabilities ruin the office. The editor needs no cut."
# [[wrong]]
# text = "all three need the lowest log loss"
# misconception = "metric-is-inverted-loss"
# why = "Log loss mixes calibration with ranking. The last row of the table has a bad log loss and the best F1, so the best boxes of the four."

# %% [markdown]
# ### Where it bites
#
# A paper says "our model is better", and means one column of such a table. Ask which question was asked, and whether it is
# yours.
# %% [markdown] given="1.2: set in code"
# ## 10. When people are paid by the metric
#
# A service wants good films. Nobody can count quality, so it counts clicks. A study finds that the two go together very
# well. From now on studios are paid by clicks. Such a metric that stands in for the objective is called a **proxy**.
#
# **The set is constructed:** 200 studios, each spends effort on craft and on buzz (trailers that promise what the film does
# not hold). Clicks come from both. Quality comes from craft, and suffers from buzz. Each round, each studio tries a small
# random change, and keeps it if its clicks went up. Nobody is evil, and nobody can spend more than 1.2 units in all.

# %%
def clicks(craft, buzz):
    return craft + 1.5 * buzz       # the metric

def quality(craft, buzz):
    return craft - 0.3 * buzz       # the objective

# %%
def paid_by(metric, rounds, rng, studios=200, budget=1.2):
    # before anybody is paid: different craft, hardly any buzz
    craft, buzz, seen = rng.uniform(0.2, 0.6, studios), rng.uniform(0, 0.05, studios), []
    for _ in range(rounds):
        seen.append([clicks(craft, buzz).mean(), quality(craft, buzz).mean(),
                     np.corrcoef(clicks(craft, buzz), quality(craft, buzz))[0, 1]])
        # a small random change; what would cost more than the budget is scaled back
        new_craft, new_buzz = (np.maximum(part + rng.normal(0, 0.03, studios), 0) for part in (craft, buzz))
        too_much = np.maximum((new_craft + new_buzz) / budget, 1)
        new_craft, new_buzz = new_craft / too_much, new_buzz / too_much
        better = metric(new_craft, new_buzz) > metric(craft, buzz)
        craft, buzz = np.where(better, new_craft, craft), np.where(better, new_buzz, buzz)
    return np.array(seen).T

# %% [raw] tags=["prediction"]
# id = "paid-by-clicks"
# ask = "Before anybody is paid, clicks and quality are strongly correlated over the studios. 150 rounds of pay by clicks follow. What happens to the mean quality?"
# [right]
# text = "it rises with the clicks for a while, then it falls, while clicks go on rising"
# why = "As long as effort is left, more of both is tried, and craft grows too. When the budget is used up, every unit of buzz is taken from craft, because it brings more clicks."
# [[wrong]]
# text = "it rises with the clicks: they are correlated"
# misconception = "correlation-survives-pressure"
# why = "They were correlated as long as nobody had a reason to separate them. The pay is the reason."
# [[wrong]]
# text = "it falls from the first round on"
# misconception = "proxies-are-worthless"
# why = "At first the proxy does its work: craft brings clicks, and there is effort to spare."
# [[wrong]]
# text = "it stays where it was: studios only learn to make trailers"
# misconception = "proxies-are-worthless"
# why = "In the first rounds they also learn craft, because it brings clicks. Later they unlearn it."

# %% tags=["training"]
rounds = 150
worlds = np.array([paid_by(clicks, rounds, np.random.default_rng(1000 * seed + k)) for k in range(16)])
proxy, objective, correlation = worlds.transpose(1, 0, 2)
peak = np.median(objective, axis=0).argmax()

# %% [raw] tags=["alt"] id="goodhart-alt" given="150: set in code"
# Line plot over 150 rounds; the mean over the studios, 0 to {top:.1f}; median and narrow band over 16 simulated worlds. Clicks, the metric, rise from {m_start:.2f} to
# {m_end:.2f} without a turn. Quality, the objective, rises from {o_start:.2f} to a peak of {o_peak:.2f} in round {peak}, marked
# by a ring, and then falls to {o_end:.2f}.

# %% tags=["training"]
fig, ax = figures.axes(xlabel="round", ylabel="mean over the studios")
figures.lines(ax, np.arange(rounds), {"clicks": proxy, "quality": objective})
figures.mark(ax, peak, np.median(objective, axis=0)[peak], "best quality", offset=(4, 14))
middle = {name: np.median(values, axis=0) for name, values in [("m", proxy), ("o", objective)]}
figures.show(fig, "goodhart-alt", top=ax.get_ylim()[1], m_start=middle["m"][0], m_end=middle["m"][-1],
             o_start=middle["o"][0], o_peak=middle["o"].max(), peak=int(peak), o_end=round(middle["o"][-1], 2) + 0.0)

# %%
compare("paid-by-clicks")

# %% tags=["training"]
print(f"correlation of clicks and quality over the studios: before the pay {np.median(correlation[:, 0]):.2f}, in the "
      f"last round {np.median(correlation[:, -1]):.2f} (medians)")
print(claim("Clicks end at least 1.5 times as high as they began.", proxy[:, -1] / proxy[:, 0], ">", 1.5))
print(claim("Quality ends lower than it began, by more than 0.05.", objective[:, 0] - objective[:, -1], ">", 0.05))
print(claim("At its peak it was higher than at the beginning, by more than 0.05.",
            objective.max(axis=1) - objective[:, 0], ">", 0.05))

# %% [markdown]
# **Compare with your prediction.** "When a measure becomes a target, it ceases to be a good measure": Marilyn Strathern's
# words for **Goodhart's law**. Look at the two correlations that were printed. The study was right, on the day it was made.
#
# Nothing here needed a person. A random change that is kept if a number rises: that is also a way to train a model. Your
# optimizer treats the loss as the studios treat clicks, and so do you treat a validation metric when you try settings until
# it looks good.
#
# Now change something: let the service pay for clicks minus a price for each unit of buzz, say for tickets that people return.
# Change the price in the cell below, run it again, and look where quality ends.

# %% tags=["training"]
def my_metric(craft, buzz):
    return clicks(craft, buzz) - 0.4 * buzz

mine = np.array([paid_by(my_metric, rounds, np.random.default_rng(1000 * seed + k)) for k in range(16)])
print(f"paid by my metric: clicks {np.median(mine[:, 0, -1]):.2f}, quality {np.median(mine[:, 1, -1]):.2f} at the end, "
      f"{np.median(mine[:, 1].max(axis=1)):.2f} at best")

# %% [raw] tags=["question"]
# id = "when-is-a-proxy-safe"
# ask = "Try 0.5, 0.4 and 0.6 as the price of buzz. From which price on does quality no longer fall, and why?"
# given = "0.5 0.4 0.6: values to try; 1.5: the slope of buzz, set in code; 1.1: 1.5 − 0.4; 1.8: 1.5 + 0.3"
# [right]
# text = "from 0.5 on: then a unit of buzz brings no more than a unit of craft"
# why = "When the budget is used up, effort goes where a unit brings most. At 1.5 − 0.5 = 1 the two are even. Above, craft is the better deal, and the proxy pulls the right way. The proxy need not be perfect to be safe; it must pull the right way."
# [[wrong]]
# text = "from 0.4 on: buzz is expensive now"
# misconception = "proxy-must-only-hurt"
# why = "At 0.4 a unit of buzz still brings 1.1 and a unit of craft 1. Effort still moves to buzz, only more slowly."
# [[wrong]]
# text = "never: every proxy is gamed in the end"
# misconception = "proxies-are-worthless"
# why = "Try 0.6. Where the proxy pulls in the right direction even under pressure, there is nothing to gain by gaming it."
# [[wrong]]
# text = "from 1.8 on: only then does the metric equal quality"
# misconception = "objective-is-the-metric"
# why = "At 1.8 it equals quality. But much less is enough, as you can see at 0.6."

# %% [raw] tags=["question"]
# id = "goodhart-in-the-team"
# ask = "A team is praised for its validation F1, on 300 films that never change. Within a month it goes from 0.40 to 0.48. What would you do first?"
# given = "0.40 0.48 300: premises"
# discuss = true
# [right]
# text = "judge the first and the last model on fresh films"
# why = "A month of trying on the same 300 films selects what suits these. Fresh films tell how much of the rise is real."
# [[wrong]]
# text = "nothing: F1 was measured honestly each time"
# misconception = "selection-is-free"
# why = "Each time honestly, and each time the better one was kept. The best of many looks better than it is."
# [[wrong]]
# text = "praise the team for accuracy instead"
# misconception = "accuracy-is-the-objective"
# why = "Then models are chosen by accuracy, on the same 300 films. The pressure is the same."
# [[wrong]]
# text = "forbid to look at F1"
# misconception = "proxies-are-worthless"
# why = "Then nobody knows anything. The trouble is not the number but the pressure on one small set."

# %% [markdown]
# ### Where it bites
#
# Everywhere between a metric and a bonus. Before you make a metric a target, ask how you would raise it if you did not care
# about the objective. If the answer comes quickly, others will find it as well.
# %% [markdown] given="442: the size of the set"
# ## 11. Other data: diabetes
#
# Now other data, and a regression. 442 people with diabetes, ten measurements each, and a number for how far the illness
# went on within a year (scikit-learn's set, Efron and others, 2004). A clinic wants R², from notebook 01: 1 − (squared errors
# of the model) / (squared errors of the mean). Its data come in batches, ward by ward.

# %% tags=["training"]
from sklearn.datasets import load_diabetes

people = load_diabetes()
order = np.random.default_rng(seed).permutation(len(people.target))
X_all = people.data[order] / people.data[order[:300]].std(axis=0)
y_all = ((people.target[order] - people.target[order[:300]].mean()) / people.target[order[:300]].std())[:, None]

def diabetes_model():
    model = keras.Sequential([keras.Input((10,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(0.02), loss="mse")
    return model

later = fit_replicates(diabetes_model, X_all[:300], y_all[:300], seeds=16, base_seed=1000 * seed, epochs=60,
                       batch_size=32).predict(X_all[300:])[..., 0].astype(float)
y_later = y_all[300:, 0]
r2_all = np.array([sk.r2_score(y_later, one) for one in later])
print(f"R² on {len(y_later)} later people, all at once: {np.median(r2_all):.3f} (median of 16 seeds)")

# %% [raw] tags=["prediction"]
# id = "r2-in-batches-of-four"
# ask = "You have seen R² on all later people. A colleague computes R² for each batch of four people, and averages. What does he get?"
# [right]
# text = "a number far below"
# why = "Four people can be alike by chance. Then the squared errors of their own mean are tiny, and R² divides by these: a single batch can lie far below 0, and pulls the mean down."
# [[wrong]]
# text = "about the same: errors of single batches cancel"
# misconception = "metrics-average-over-batches"
# why = "They would if they were as often too high as too low. R² has a ceiling at 1 and no floor."
# [[wrong]]
# text = "a number above: small batches are easier to fit"
# misconception = "batches-change-predictions"
# why = "Nothing is fitted to a batch: the predictions are the same. The mean of a batch, which R² compares with, is fitted to it, and that makes the comparison harder."
# [[wrong]]
# text = "0: on four people no model beats their own mean"
# misconception = "every-constant-has-r2-zero"
# why = "R² is 0 for somebody who predicts the mean of these four. The model does not know that mean."

# %% tags=["training"]
r2_mean = {size: np.array([np.mean([sk.r2_score(y_later[i:i + size], one[i:i + size])
                                    for i in range(0, len(y_later) - 1, size)]) for one in later])
           for size in [4, 16, 64]}
for size, values in r2_mean.items():
    print(f"mean over batches of {size:2}: {np.median(values):8.3f}")

# %%
compare("r2-in-batches-of-four")

# %% tags=["training"]
print(claim("The mean R² over batches of four is lower than R² over all, by more than 0.2.",
            r2_all - r2_mean[4], ">", 0.2))

# %% [markdown]
# **Compare with your prediction.** The model is the same in each line. Four people often have little spread, and R² divides by
# it.
#
# ### Exercise 11.1: R² from batches
#
# Each ward sends sums, and no rows. Decide which sums you need of a batch, and write R² over all rows from them. (The squared
# errors of the mean are the sum of y² − n · mean².) The check sees the result only: all rows in one array would pass it, and
# no ward would send you that.

# %% tags=["exercise"] id="r2-from-batches"
def r2_from_batches(batches):
    """R² of all rows together. batches: a list of (y_true, y_pred), arrays of shape (n,), n differs."""
    ### BEGIN SOLUTION
    n = sum(len(y) for y, _ in batches)
    total, squares = sum(np.sum(y) for y, _ in batches), sum(np.sum(y**2) for y, _ in batches)
    errors = sum(np.sum((y - y_hat) ** 2) for y, y_hat in batches)
    return 1 - errors / (squares - total**2 / n)
    ### END SOLUTION

# %% tags=["cases"]
def a(*values):
    return np.array(values, float)

cases = [([(a(1, 2, 4), a(1.5, 2, 3)), (a(10, 12), a(9, 13))],),
         ([(a(3, 5), a(4, 4)), (a(1, 2, 9, 4), a(2, 2, 7, 5))],),
         ([(a(-1, 0, 2, 1), a(0, 0, 1, 1)), (a(0, 3), a(1, 2)), (a(-2, -1, 1), a(-1, -1, 0))],)]
labels = ["batches"]

# %% tags=["hint"]
# R² has two sums: squared errors of the model, and squared errors of the mean of *all* rows. The first can be added up as it is. What do you need for the second?

# %% tags=["hint"]
# Keep four numbers: the number of rows, the sum of y, the sum of y², the sum of the squared errors. Divide at the very end.

# %% tags=["right"]
def r2_from_batches(batches):
    y, y_hat = (np.concatenate([batch[i] for batch in batches]) for i in (0, 1))
    return 1 - np.sum((y - y_hat) ** 2) / np.sum((y - y.mean()) ** 2)

# %% tags=["right"]
def r2_from_batches(batches):
    n, s, s2, e = 0, 0.0, 0.0, 0.0
    for y, y_hat in batches:
        n, s, s2, e = n + len(y), s + y.sum(), s2 + (y * y).sum(), e + ((y - y_hat) ** 2).sum()
    return 1 - e / (s2 - n * (s / n) ** 2)

# %% tags=["wrong"] misconception="metrics-average-over-batches"
# You average the R² of the batches. Add up the sums, and divide once.
def r2_from_batches(batches):
    return np.mean([1 - np.sum((y - y_hat) ** 2) / np.sum((y - y.mean()) ** 2) for y, y_hat in batches])

# %% tags=["wrong"] misconception="metrics-average-over-batches"
# You average the R² of the batches by their size. It is still a mean of ratios: divide once, at the end.
def r2_from_batches(batches):
    return np.average([1 - np.sum((y - y_hat) ** 2) / np.sum((y - y.mean()) ** 2) for y, y_hat in batches],
                      weights=[len(y) for y, _ in batches])

# %% tags=["wrong"] misconception="mean-of-the-batch"
# You compare each batch with its own mean. R² compares all rows with the one mean of all.
def r2_from_batches(batches):
    errors = sum(np.sum((y - y_hat) ** 2) for y, y_hat in batches)
    return 1 - errors / sum(np.sum((y - y.mean()) ** 2) for y, _ in batches)

# %% tags=["wrong"] misconception="mean-of-the-batch"
# Your mean is the mean of the batch means. With batches of different size that is not the mean of all rows.
def r2_from_batches(batches):
    errors = sum(np.sum((y - y_hat) ** 2) for y, y_hat in batches)
    mean = np.mean([y.mean() for y, _ in batches])
    return 1 - errors / sum(np.sum((y - mean) ** 2) for y, _ in batches)

# %% tags=["wrong"] misconception="mean-of-the-batch"
# The mean that you square is the mean of the batch means. Take the sum of all y, and divide by the number of all rows.
def r2_from_batches(batches):
    n = sum(len(y) for y, _ in batches)
    errors = sum(np.sum((y - y_hat) ** 2) for y, y_hat in batches)
    mean = np.mean([y.mean() for y, _ in batches])
    return 1 - errors / (sum(np.sum(y**2) for y, _ in batches) - n * mean**2)

# %% tags=["wrong"] misconception="sum-for-a-mean"
# You take mean² off the sum of y², once. It must be taken off for each row: n · mean².
def r2_from_batches(batches):
    n, s, s2, e = 0, 0.0, 0.0, 0.0
    for y, y_hat in batches:
        n, s, s2, e = n + len(y), s + y.sum(), s2 + (y * y).sum(), e + ((y - y_hat) ** 2).sum()
    return 1 - e / (s2 - (s / n) ** 2)

# %% tags=["wrong"] misconception="sum-for-a-mean"
# You take the square of the whole sum off the sum of y². Divide the sum by n first: n · mean² is sum² / n.
def r2_from_batches(batches):
    s, s2, e = 0.0, 0.0, 0.0
    for y, y_hat in batches:
        s, s2, e = s + y.sum(), s2 + (y * y).sum(), e + ((y - y_hat) ** 2).sum()
    return 1 - e / (s2 - s**2)

# %% tags=["wrong"] misconception="spread-around-zero"
# You compare with 0 instead of with the mean. Take n · mean² off the sum of squares.
def r2_from_batches(batches):
    errors = sum(np.sum((y - y_hat) ** 2) for y, y_hat in batches)
    return 1 - errors / sum(np.sum(y**2) for y, _ in batches)

# %% tags=["wrong"] misconception="complement-of-the-share"
# That is the share of the squared errors that is left. R² is one minus it.
def r2_from_batches(batches):
    y, y_hat = (np.concatenate([batch[i] for batch in batches]) for i in (0, 1))
    return np.sum((y - y_hat) ** 2) / np.sum((y - y.mean()) ** 2)

# %% tags=["wrong"] misconception="r2-is-a-correlation"
# That is the square of the correlation. It forgives a wrong scale and a shift, R² does not.
def r2_from_batches(batches):
    y, y_hat = (np.concatenate([batch[i] for batch in batches]) for i in (0, 1))
    return np.corrcoef(y, y_hat)[0, 1] ** 2

# %% tags=["wrong"] misconception="wrong-side-below-the-line"
# Below the line you have the spread of the predictions. It belongs to the truth.
def r2_from_batches(batches):
    y, y_hat = (np.concatenate([batch[i] for batch in batches]) for i in (0, 1))
    return 1 - np.sum((y - y_hat) ** 2) / np.sum((y_hat - y_hat.mean()) ** 2)

# %% tags=["wrong"] misconception="return-in-the-loop"
# That is the R² of the first batch: the function ends there. Move `return` out of the loop.
def r2_from_batches(batches):
    n, s, s2, e = 0, 0.0, 0.0, 0.0
    for y, y_hat in batches:
        n, s, s2, e = n + len(y), s + y.sum(), s2 + (y * y).sum(), e + ((y - y_hat) ** 2).sum()
        return 1 - e / (s2 - n * (s / n) ** 2)

# %% tags=["wrong"] misconception="counts-start-over"
# That is the R² of the last batch: each batch overwrites the sums of the one before. Add to them.
def r2_from_batches(batches):
    for y, y_hat in batches:
        n, s, s2, e = len(y), y.sum(), (y * y).sum(), ((y - y_hat) ** 2).sum()
    return 1 - e / (s2 - n * (s / n) ** 2)

# %% tags=["wrong"] misconception="mean-of-the-batch"
# You compare each batch with the mean of the rows so far. Later batches still move that mean: add up y², and take the mean off at the end.
def r2_from_batches(batches):
    n, s, e, below = 0, 0.0, 0.0, 0.0
    for y, y_hat in batches:
        n, s, e = n + len(y), s + y.sum(), e + ((y - y_hat) ** 2).sum()
        below += np.sum((y - s / n) ** 2)
    return 1 - e / below

# %% tags=["wrong"] misconception="wrong-side-below-the-line"
# The mean that you take off is that of the predictions. Add up y, not the predictions.
def r2_from_batches(batches):
    n, s, s2, e = 0, 0.0, 0.0, 0.0
    for y, y_hat in batches:
        n, s, s2, e = n + len(y), s + y_hat.sum(), s2 + (y * y).sum(), e + ((y - y_hat) ** 2).sum()
    return 1 - e / (s2 - n * (s / n) ** 2)

# %% tags=["training"]
wards = [(y_later[i:i + 16], later[0][i:i + 16]) for i in range(0, len(y_later), 16)]
print(f"scikit-learn, all rows: {r2_all[0]:.6f}; yours, from batches (None: not written yet): {r2_from_batches(wards)}")

# %% [markdown]
# ## 12. What you take along
#
# Back to the night of training: the loss went down, the number did not go up. Now you have a list. Does the number measure
# what the loss measures? Is it put together rightly from batches? Are both measured alike, on the same weights and without
# penalty? And is it the number that anybody wants?
#
# | you see | ask | do |
# |---|---|---|
# | loss falls, metric does not rise | are they two questions? | look at both; choose the metric by the objective |
# | validation loss climbs, accuracy does not fall | is it surer, not worse? | temperature for probabilities; for decisions, go on |
# | "No gradients provided", or no weight moves in an epoch without penalty | does the loss contain `round`, `argmax`, `sign`, `>`? | a smooth loss; the metric stays a metric |
# | metric changes with the batch size | is it a plain function, one number a batch? | a metric object, or compute after `predict` |
# | reported and recomputed loss differ | weights, batches, penalty, dropout, normalization, running mean? | `explain(model, history, X, y)` |
# | custom loss, weights without effect | does it return one number a row? | mean over the outputs only |
# | AP better on other data | is the share of positives another one? | give the baseline with it |
# | metric rises, nobody is happier | is it a proxy under pressure? | fresh data; ask for the objective |
#
# One last case for the table.

# %% [raw] tags=["question"]
# id = "night-of-training"
# ask = "`loss` falls from 0.9 to 0.3, `val_loss` stands at 0.2, a function `def f1(y_true, y_pred)` in `metrics` stands at 0.1. The model has a weight penalty and dropout. Where do you begin?"
# given = "0.9 0.3 0.2 0.1: premises"
# [right]
# text = "measure again: BCE as a metric, by `evaluate` on both sets, and F1 by an object"
# why = "No two of the three can be compared: dropout and the running mean are in `loss` alone, the penalty in `loss` and `val_loss`, and the last is a mean of ratios. First get numbers that mean something."
# [[wrong]]
# text = "stronger regularization: validation is better than training, so something leaks"
# misconception = "any-gap-is-a-leak"
# why = "A penalty is in both losses, dropout only in the first. That order is what one expects. Nothing speaks of a leak."
# [[wrong]]
# text = "another threshold: F1 is too low"
# misconception = "half-is-natural"
# why = "Perhaps later. Whether F1 is low you do not know yet: a mean over batches can be far below it."
# [[wrong]]
# text = "train on F1 itself"
# misconception = "metrics-train"
# why = "Hard F1 has no slope. And first find out what F1 is."

# %% [markdown]
# What was claimed, and held, while this notebook ran:

# %% tags=["training"]
from helpers.claims import list_claims
list_claims()

# %% tags=["training"]
my_progress()

# %%
repeat("05_metric_versus_loss")

# %% [raw] tags=["reflection"]
# id = "summary-05"
# ask = "In three sentences: how can a loss fall while the number you care about does not rise?"

# %% [raw] tags=["reflection"]
# id = "muddiest-05"
# ask = "A minute card: what was the most important thing here, and what is still unclear?"

# %% [raw] tags=["reflection"]
# id = "confidence-05"
# ask = "From 1 (not at all) to 5 (surely): could you explain to a colleague, to the last digit, why his reported loss is not the one that he computes?"

# %% [markdown]
# Go on with [06 Closing the gap](06_closing_the_gap.ipynb): what to do when loss and objective part ways.
#
# Further reading: Davis and Goadrich, [The relationship between precision-recall and ROC
# curves](https://doi.org/10.1145/1143844.1143874), 2006 · McDermott and others, [A closer look at AUROC and AUPRC under class
# imbalance](https://arxiv.org/abs/2401.06091), 2024 · Richardson and others, [The receiver operating characteristic curve
# accurately assesses imbalanced datasets](https://doi.org/10.1016/j.patter.2024.100994), 2024 · Guo and others, [On calibration of modern neural
# networks](https://arxiv.org/abs/1706.04599), 2017, where the validation loss climbs while accuracy rises · Manheim and
# Garrabrant, [Categorizing variants of Goodhart's law](https://arxiv.org/abs/1803.04585), 2018 · Keras on [why training loss
# and testing loss differ](https://keras.io/getting_started/faq/#why-is-my-training-loss-much-higher-than-my-testing-loss).
