# %% [raw] tags=["instructor"]
# minutes = [3, 14, 15, 10, 10, 16, 18, 12, 11, 11, 9, 6]
# measured = "Reading at 180 words a minute, exercises and questions as one reader took them, rounded."
# pause = "after section 4. Sections 5 to 8 use the films; section 9 and section 10 stand alone."
# skip = "sections 1, 2, 5 and 6 make an hour. Log-cosh at the end of 2, section 4 and section 9 can wait; section 10 is good homework."
# terms = ["pull", "Huber's loss", "Log-cosh", "Pinball loss", "quantile", "R²", "MAPE"]

# %% [markdown]
# # 01 · Regression losses
#
# You train a model on what films earn, and a studio adds up its predictions. Is the sum what all the films earned
# together? You may change one thing: the loss. This notebook shows which number a loss makes a model aim at, and how to
# choose.
#
# **After this notebook you can**
#
# 1. predict which number a model gives under a loss, and derive it from the loss's pull (all predictions, questions and
#    exercises in 1 and 2; predictions in 3, 4 and 5; order task in 4);
# 2. choose among MSE, MAE, Huber and pinball from what a miss costs (exercise 3.1; questions in 3, 4, 5, 10 and 11);
# 3. report a regression model against the right baseline, in the user's own measure, and with what its data lack
#    (exercises 5.1, 6.1 and 10.1; predictions and questions in 6);
# 4. find the fault behind a regression run: scale, head, shape, metric, or too few steps (exercises 7.1 and 8.1;
#    predictions and questions in 7, 8 and 9).
#
# Section 0 repeats notebook 00.
#
# **Time:** about 135 minutes, best in two sittings: a break fits after section 4. When you come back, choose *Run*,
# *Run All Above Selected Cell*: your answers have been kept. **You need:**
# [00 Start here](00_start_here.ipynb), and to have met mean squared error (MSE) and its square root (RMSE), mean
# absolute error (MAE), and the gradient of a function.
#
# **Contents**
#
# {{contents}}

# %% [markdown]
# ## 0. Do you still know?
#
# Three questions from notebook 00. Answer before you look anything up: that is what makes it stick.

# %%
# every notebook starts with this cell: it finds the workbook's folder, wherever you opened the notebook
import pathlib, sys
sys.path[:0] = [str(p) for p in [pathlib.Path.cwd(), *pathlib.Path.cwd().parents] if (p / "helpers").is_dir()][:1]

# %%
import numpy as np
from helpers import data, figures, metrics
from helpers.claims import claim
from helpers.practice import check, compare, my_progress, predict, question, reflect, repeat

# %% tags=["parameters"]
seed = 0  # where the experiments below start; any whole number from 0 on will do

# %% [raw] tags=["question"]
# id = "recall-lower-loss"
# ask = """Two spam filters, trained alike on different samples of mail; the positive class is spam. One has the lower log loss. Its
# F1 is …"""
# [right]
# text = "higher or lower: the log loss does not tell"
# why = "Two questions, two orders. In notebook 00 the model with the lower log loss had the lower F1."
# [[wrong]]
# text = "higher: the better loss is the better model"
# misconception = "metric-is-inverted-loss"
# why = "You have seen the reverse in notebook 00, with every seed."
# [[wrong]]
# text = "equal: they were trained alike"
# misconception = "same-network-same-answers"
# why = "They saw different mail, so they learned other probabilities and raise other flags."

# %% [raw] tags=["question"]
# id = "recall-metric-changes"
# ask = "You replace `metrics=[\"mae\"]` by `metrics=[\"mse\"]`, same seed, same loss. What happens to the predictions?"
# [right]
# text = "nothing: they are the same to the last bit"
# why = "Only the loss has a gradient in training. A metric is computed beside it."
# [[wrong]]
# text = "they fit MSE better: training now follows it"
# misconception = "metrics-train"
# why = "That would be so if you had replaced the loss. Nothing flows from a metric back to the weights."
# [[wrong]]
# text = "they change a little: another metric, another sum"
# misconception = "metrics-add-to-the-loss"
# why = "A metric is not added to the loss."

# %% [raw] tags=["question"]
# id = "recall-baseline"
# given = ["99%: premise of the question, and 1 - 1/100"]
# ask = "One patient in a hundred has a rare illness. A test is right for 99% of all patients. What do you ask first?"
# [right]
# text = "how often a rule that never looks is right"
# why = "Saying no to all is right for 99% as well. A metric needs a baseline beside it."
# [[wrong]]
# text = "nothing: 99% is excellent"
# misconception = "no-baseline"
# why = "Compare it with saying no to all: that is right for 99%, too."
# [[wrong]]
# text = "whether it is overfit: so much cannot be real"
# misconception = "high-means-overfit"
# why = "With a rare class, high accuracy comes by itself."

# %% [markdown] given="90: premise, set in code"
# ## 1. One number for five bills
#
# Five restaurant bills: 1, 2, 3, 4 and 90 dollars. You must say what the next one will be, and you have **one
# number**. Which one is best?
#
# Nobody can tell, until somebody says what a miss costs. A loss puts that price into a formula, and training makes it
# small.

# %%
bills = np.array([1.0, 2.0, 3.0, 4.0, 90.0])

def mse(y_true, y_pred):
    return np.mean((y_true - y_pred) ** 2)

def mae(y_true, y_pred):
    return np.mean(np.abs(y_true - y_pred))

assert mse(bills, 10.0) == (81 + 64 + 49 + 36 + 6400) / 5
assert mae(bills, 10.0) == (9 + 8 + 7 + 6 + 80) / 5

# %% [markdown]
# Commit to both answers before you run on.

# %% [raw] tags=["prediction"]
# id = "best-constant-mse"
# ask = "Bills of 1, 2, 3, 4 and 90 dollars. Which single guess has the lowest MSE?"
# unit = " dollars"
# right = 20
# why = "Under MSE the best single guess is the mean."
# [[near]]
# value = 3
# misconception = "mse-gives-the-median"
# why = "3 is the median, the bill in the middle. Squared misses make the far bill count for much more than that."
# [[near]]
# value = 45.5
# misconception = "midrange"
# why = "45.5 is halfway between the smallest and the largest bill. The other three have a say as well."
# [[near]]
# value = 90
# misconception = "worst-case"
# why = "90 is the largest bill. At that guess four bills are missed by far."
# [[near]]
# value = 2.5
# misconception = "outlier-deleted"
# why = "2.5 is the mean without the 90. MSE leaves no bill out."

# %% [raw] tags=["prediction"]
# id = "best-constant-mae"
# ask = "The same bills. Which single guess has the lowest MAE?"
# unit = " dollars"
# right = 3
# why = "Under MAE the best single guess is the median."
# [[near]]
# value = 20
# misconception = "mae-gives-the-mean"
# why = "20 is the mean. It balances distances; MAE balances how many bills lie on either side."
# [[near]]
# value = 2.5
# misconception = "outlier-deleted"
# why = "2.5 is what is left in the middle without the 90. MAE does count the 90: as one bill above."
# [[near]]
# value = 45.5
# misconception = "midrange"
# why = "45.5 is halfway between the ends. Four bills of five lie far below it."

# %% [raw] tags=["alt"] id="best-guess-alt" given="95: end of the axis, set in code"
# Two line plots over the guess, 0 to 95 dollars. Left: MSE, a smooth bowl from about {mse_left:,.0f} down to its lowest
# point at {mse_best:g} and up to about {mse_right:,.0f}. Right: MAE, made of straight pieces, {mae_left:g} at guess 0,
# lowest at {mae_best:g}, then rising to about {mae_right:.0f}. Each lowest point is ringed.

# %%
# the loss of each guess, in steps of a quarter dollar
guesses = np.linspace(0, 95, 381)
cost = {"MSE": np.array([mse(bills, g) for g in guesses]), "MAE": np.array([mae(bills, g) for g in guesses])}
best = {name: guesses[np.argmin(values)] for name, values in cost.items()}

# one panel for each loss
fig, panels = figures.axes(2, xlabel="guess (dollars)", ylabel="loss")
for ax, (name, values) in zip(panels, cost.items()):
    figures.lines(ax, guesses, {name: values}, label_at=None)
    ax.set_title(f"{name} of one guess for all five bills")
    figures.mark(ax, best[name], values.min(), f"lowest at {best[name]:g}", offset=(4, -22))
    ax.set_ylim(0)
ends = {f"{name.lower()}_{end}": cost[name][place] for name in cost for end, place in [("left", 0), ("right", -1)]}
figures.show(fig, "best-guess-alt", mse_best=best["MSE"], mae_best=best["MAE"], **ends)

# %%
compare("best-constant-mse", best["MSE"])

# %%
compare("best-constant-mae", best["MAE"])

# %% [markdown]
# **Compare with what you wrote.** The MSE curve is lowest at the mean, and nobody ever paid that bill. The MAE curve
# is lowest at the median.
#
# Why? Stand at a guess and let every bill pull at you.
#
# - Under **MAE** every bill pulls equally hard, however far away it is. You come to rest where as many bills pull up
#   as down: at the median.
# - Under **MSE** a bill pulls in proportion to its distance. The 90 stands far off and pulls hard. You come to rest
#   where the pulls balance: at the mean.
#
# This **pull** is the slope of the loss: how much the loss changes when the guess goes up a little. Where the slope is
# negative, going up makes the loss smaller, so training goes up. The slope is all that training ever sees of a loss.

# %%
def mse_pull(y_true, y_pred):
    # each bill: the slope of (y_pred - y_true)**2
    pulls = 2 * (y_pred - y_true)
    # all bills together
    return np.mean(pulls)

for guess in [3.0, 20.0, 45.5]:
    print(f"at {guess:4}: MSE pull {mse_pull(bills, guess):6.1f}")
assert best == {"MSE": bills.mean(), "MAE": np.median(bills)}
assert np.median(bills) == 3 and 5 * np.median(bills) == 15 and bills.sum() == 100   # for the end of this section
assert mse_pull(bills, 3.0) < 0 == mse_pull(bills, 20.0) < mse_pull(bills, 45.5)

# %% [markdown] given="45.5: asserted above"
# At 20 the pulls cancel. At 3 the slope is negative, so training moves the guess up; at 45.5 it is positive, and training
# moves the guess down.
#
# ### Exercise 1.1: the pull of MAE
#
# The slope of |y_pred − y_true| knows only on which side of a bill you stand. Fill in the missing line.

# %% tags=["preamble"]
import numpy as np
bills = np.array([1.0, 2.0, 3.0, 4.0, 90.0])

# %% tags=["exercise"] id="mae-pull"
def mae_pull(y_true, y_pred):
    """Mean slope of the absolute error with respect to y_pred. y_true: (n,), y_pred: a number."""
    # each bill: which way does it pull, and how hard?
    ### BEGIN SOLUTION
    pulls = np.sign(y_pred - y_true)
    ### END SOLUTION
    # all bills together
    return np.mean(pulls)

# %% tags=["start"]
def mae_pull(y_true, y_pred):
    """Mean slope of the absolute error with respect to y_pred. y_true: (n,), y_pred: a number."""
    # each bill: which way does it pull, and how hard?
    pulls = ...  # your code here
    # all bills together
    return np.mean(pulls)

# %% tags=["cases"]
cases = [(bills, 10.0), (bills, 0.0), (bills, 3.0), (np.array([5.0, 5.0, 7.0]), 6.0)]
labels = ["y_true", "y_pred"]

# %% tags=["hint"]
# The size of the miss does not matter, only its side.

# %% tags=["hint"]
# `np.sign(x)` is +1, 0 or −1. Which difference is positive when the guess is above the bill?

# %% tags=["right"]
def mae_pull(y_true, y_pred):
    return ((y_pred > y_true).sum() - (y_pred < y_true).sum()) / len(y_true)

# %% tags=["wrong"] misconception="sign-reversed"
# The sign is reversed: above a bill the cost grows when the guess grows, so the slope is positive there.
def mae_pull(y_true, y_pred):
    return np.mean(np.sign(y_true - y_pred))

# %% tags=["wrong"] misconception="distance-pulls-under-mae"
# That lets a far bill pull harder, as under MSE. Under MAE every bill pulls equally hard.
def mae_pull(y_true, y_pred):
    return np.mean(y_pred - y_true)

# %% tags=["wrong"] misconception="tie-overlooked"
# On a bill itself the slope is 0: it pulls neither way. You let it pull down.
def mae_pull(y_true, y_pred):
    return np.mean(np.where(y_pred > y_true, 1, -1))

# %% tags=["wrong"] misconception="one-side-counted"
# A bill below the guess pulls as well, the other way. You count the bills on one side only.
def mae_pull(y_true, y_pred):
    return np.mean(y_pred > y_true)

# %% tags=["wrong"] misconception="value-instead-of-slope"
# That is the loss itself. The pull is its slope: how much it changes when the guess moves.
def mae_pull(y_true, y_pred):
    return np.mean(np.abs(y_pred - y_true))

# %% [markdown] given="180: the last of the slider's steps but one, set in code"
# ### What if the last bill were larger?
#
# A slider will let you move the last bill to 180 dollars. Commit before you run it.

# %% [raw] tags=["prediction"]
# id = "last-bill-moves"
# given = ["180: premise of the question", "18: 90 / 5, the bill's growth over five bills"]
# ask = "The last bill grows from 90 to 180 dollars. What happens to the two best guesses?"
# [right]
# text = "the mean moves up by 18, the median stays at 3"
# why = "One bill of five moved by 90, so the mean moves by 18. The median only counts bills on either side."
# [[wrong]]
# text = "both move up by 18"
# misconception = "median-follows-size"
# why = "The median does not ask how large the largest bill is, only that it is above."
# [[wrong]]
# text = "the mean doubles, the median moves up a little"
# misconception = "one-value-scales-the-mean"
# why = "Only one bill doubled, not the sum of all five."
# [[wrong]]
# text = "neither moves: one bill of five is an outlier"
# misconception = "outlier-deleted"
# why = "No loss here throws a bill away. MSE feels every dollar of it."

# %% [raw] tags=["alt"] id="five-bills-slider-alt" given="0.8 250: ends of the axis, set in code"
# Dot plot of five bills on one logarithmic axis from 0.8 to 250 dollars: four stay at 1, 2, 3 and 4, the last stands where
# the slider puts it, a line down marks the median, best under MAE, and a line up marks the mean, best under MSE. At the
# start the last bill is 90: the line down stands at the bill of 3, the line up at 20, where there is no bill.

# %%
def best_guesses(last):
    # five bills on one axis
    five = np.array([1.0, 2.0, 3.0, 4.0, last])
    fig, ax = figures.axes(xlabel="dollars (logarithmic axis)", height=2.4)
    ax.plot(five, np.zeros(5), "o", color="black", markersize=9)
    # the best guess under each loss
    for value, text, height in [(np.median(five), "MAE: median", -0.7), (np.mean(five), "MSE: mean", 0.55)]:
        ax.plot([value, value], [0, height], color="black", linewidth=1)
        ax.annotate(f"{text} {value:g}", (value, height), ha="center", va="center", backgroundcolor="white")
    ax.set(xscale="log", xlim=(0.8, 250), ylim=(-1, 1), yticks=[], xticks=[1, 2, 3, 4, 10, 50, 200],
           xticklabels=["1", "2", "3", "4", "10", "50", "200"])
    return fig, f"Last bill {last}: best guess {np.mean(five):g} under MSE, {np.median(five):g} under MAE."

figures.slider(best_guesses, [5, 30, 60, 90, 120, 150, 180, 200], label="last bill (dollars)", value=90,
               alt="five-bills-slider-alt")

# %%
compare("last-bill-moves")

# %% [markdown] given="3: the median, asserted above as 3 for each of five; 90 180: steps of the slider, set in code"
# **Compare with your prediction.** Move the slider from 90 to 180. The upper line goes along, by a fifth of the way. The
# lower line stays where it is. Now move it down to 5: where do the two lines stand?
#
# ### Where it bites
#
# Suppose the 90 was real: once a month the whole office eats out, and you keep the budget. The median says 3 dollars a
# meal, 15 for the five of them. The bills say 100. A guess that ignores how far off the far bill is, is not what you want here.
#
# ## 2. A pull with a limit
#
# Under MSE one far bill can outvote all others. Under MAE distance does not count at all. Is there something between?
# **Huber's loss** pulls in proportion to the distance while a bill is near, and with a constant pull once it is farther off
# than `delta`. (It carries a factor ½, so its near pull is the error itself, where that of MSE is twice the error. A
# constant factor changes the size of the steps, not the place where the pulls balance.)

# %%
def huber(y_true, y_pred, delta):
    # how far off is the guess?
    error = np.abs(y_pred - y_true)
    # near: a parabola; far: a straight line that continues it without a step
    near, far = error**2 / 2, delta * (error - delta / 2)
    return np.mean(np.where(error <= delta, near, far))

# %% [raw] tags=["prediction"]
# id = "huber-delta-10"
# given = ["10: delta, a premise of the question"]
# ask = "The same five bills, Huber's loss with delta = 10 dollars. Which single guess is best?"
# unit = " dollars"
# right = 5
# why = """Four bills are within 10 dollars of the guess 5 and pull by their distance, 4 + 3 + 2 + 1 = 10. The 90 pulls
# with its limit, 10. They balance."""
# [[near]]
# value = 20
# misconception = "huber-is-mse"
# why = "20 is the mean. The 90 would have to pull by its full distance of 70, but its pull stops at 10."
# [[near]]
# value = 3
# misconception = "huber-is-mae"
# why = "3 is the median. Near bills pull by their distance here, so the balance is elsewhere."
# [[near]]
# value = 2.5
# misconception = "outlier-deleted"
# why = "2.5 leaves the 90 out. Huber limits its pull to 10; it does not cut it to nothing."
# [[near]]
# value = 11.5
# misconception = "huber-is-a-blend"
# why = "11.5 is halfway between mean and median. Huber is no blend of the two answers: it is a limit on each pull."

# %%
# the loss of each guess, in steps of a cent, and the lowest for each delta
fine = np.linspace(0, 95, 9501)
best_huber = {delta: fine[np.argmin([huber(bills, g, delta) for g in fine])] for delta in [0.1, 1, 10, 1000]}
# one line for each delta
for delta, guess in best_huber.items():
    print(f"delta {delta:6}: best guess {guess:.2f}")

# %%
compare("huber-delta-10", best_huber[10])
assert np.allclose(list(best_huber.values()), [3, 3, 5, 20])

# %% [markdown] given="10: delta, a premise of the question"
# **Compare with your prediction.** The line with delta 10 is the one you predicted: neither the median nor the mean.

# %% [raw] tags=["question"]
# id = "huber-delta-to-infinity"
# given = ["0.1: set in code", "1000: set in code"]
# ask = """For the five bills the best guess under Huber's loss was 3, 3, 5 and 20 with a delta of 0.1, 1, 10 and 1000. What does
# the loss become when delta grows without end?"""
# discuss = true
# [right]
# text = "MSE (halved): no bill is ever beyond the limit"
# why = "With an endless limit every pull is its distance. The best guess is the mean, 20."
# [[wrong]]
# text = "MAE: a large limit flattens every pull"
# misconception = "delta-reversed"
# why = "The other way around. A small limit makes all pulls equal, and the best guess 3."
# [[wrong]]
# text = "a loss that drops outliers"
# misconception = "outlier-deleted"
# why = "Huber never drops a bill, with any delta. It limits how hard a far one pulls."
# [[wrong]]
# text = "the average of MSE and MAE"
# misconception = "huber-is-a-blend"
# why = "It is one of the two for every single bill: parabola when near, line when far."

# %% [markdown]
# ### Exercise 2.1: write the pull
#
# Write Huber's pull on the guess, averaged over the bills: the slope of `huber` above.

# %% tags=["exercise"] id="huber-pull"
def huber_pull(y_true, y_pred, delta):
    """Mean slope of Huber's loss with respect to y_pred. y_true: (n,), y_pred and delta: numbers."""
    ### BEGIN SOLUTION
    return np.mean(np.clip(y_pred - y_true, -delta, delta))
    ### END SOLUTION

# %% tags=["cases"]
cases = [(bills, 10.0, 5.0), (bills, 0.0, 2.5), (bills, 50.0, 1000.0), (np.array([0.0, 8.0]), 4.0, 1.0)]
labels = ["y_true", "y_pred", "delta"]

# %% tags=["hint"]
# Near a bill the pull is the error itself, y_pred − y_true. Which largest value may it take?

# %% tags=["hint"]
# `np.clip(values, low, high)` cuts an array off at both ends.

# %% tags=["right"]
def huber_pull(y_true, y_pred, delta):
    error = y_pred - y_true
    return np.mean(np.where(np.abs(error) <= delta, error, delta * np.sign(error)))

# %% tags=["right"]
def huber_pull(y_true, y_pred, delta):
    total = 0.0
    for y in y_true:
        total += max(-delta, min(delta, y_pred - y))
    return total / len(y_true)

# %% tags=["wrong"] misconception="outlier-deleted"
# You left the far bills out. A limited pull is not no pull.
def huber_pull(y_true, y_pred, delta):
    error = y_pred - y_true
    return np.mean(np.where(np.abs(error) <= delta, error, 0.0))

# %% tags=["wrong"] misconception="outlier-deleted"
# You averaged over the near bills alone. The far ones pull as well, with the limit, and count in the mean.
def huber_pull(y_true, y_pred, delta):
    error = y_pred - y_true
    return np.mean(error[np.abs(error) <= delta]) if (np.abs(error) <= delta).any() else 0.0

# %% tags=["wrong"] misconception="sign-lost"
# A pull has a direction. A bill below the guess and a bill above it must pull in opposite ways.
def huber_pull(y_true, y_pred, delta):
    return np.mean(np.minimum(np.abs(y_pred - y_true), delta))

# %% tags=["wrong"] misconception="limit-on-the-mean"
# The limit is for each bill, before the mean. You averaged first, so one far bill could still pull without limit.
def huber_pull(y_true, y_pred, delta):
    return np.clip(np.mean(y_pred - y_true), -delta, delta)

# %% tags=["wrong"] misconception="sign-lost"
# A far bill above the guess pulls up, not down: beyond delta the pull is +delta or −delta, by its side.
def huber_pull(y_true, y_pred, delta):
    error = y_pred - y_true
    return np.mean(np.where(np.abs(error) <= delta, error, delta))

# %% tags=["wrong"] misconception="limit-is-one"
# Beyond delta you let each bill pull with 1. The limit is delta: that is what the near pull has reached there.
def huber_pull(y_true, y_pred, delta):
    error = y_pred - y_true
    return np.mean(np.where(np.abs(error) <= delta, error, np.sign(error)))

# %% tags=["wrong"] misconception="factor-of-mse"
# Near a bill you took the pull of MSE, twice the error. Huber's parabola has a factor ½, so its slope is the error itself.
def huber_pull(y_true, y_pred, delta):
    error = y_pred - y_true
    return np.mean(np.where(np.abs(error) <= delta, 2 * error, delta * np.sign(error)))

# %% tags=["wrong"] misconception="sign-reversed"
# The sign is reversed: above a bill the cost grows when the guess grows, so the slope is positive there.
def huber_pull(y_true, y_pred, delta):
    return np.mean(np.clip(y_true - y_pred, -delta, delta))

# %% [markdown]
# One more member of the family. **Log-cosh** is log(cosh(error)): a bowl near 0, nearly straight far out. It has no
# `delta` to set.

# %%
def log_cosh(y_true, y_pred):
    return np.mean(np.log(np.cosh(y_pred - y_true)))

def log_cosh_pull(y_true, y_pred):
    return np.mean(np.tanh(y_pred - y_true))

# %% [raw] tags=["prediction"]
# id = "which-pull-jumps"
# ask = "Four losses: MSE, MAE, Huber, log-cosh. One has a pull that jumps where the error passes through 0. Which?"
# [right]
# text = "MAE"
# why = "Its pull knows only the side. Crossing the target, it jumps from −1 to +1."
# [[wrong]]
# text = "MSE"
# misconception = "steep-means-jump"
# why = "The pull of MSE is steep and without limit, but it goes through 0 as a straight line."
# [[wrong]]
# text = "Huber"
# misconception = "limit-means-jump"
# why = "Huber's pull has a kink at delta, where the limit begins. At 0 it is a straight line."
# [[wrong]]
# text = "log-cosh"
# misconception = "limit-means-jump"
# why = "Its pull, tanh, turns smoothly from −1 to +1. It has a limit and no jump."

# %% [raw] tags=["alt"] id="losses-and-pulls-alt" given="2.4: the root of 6, where the square reaches the panel's upper end"
# Two line plots over the error from -4 to 4 for MSE, MAE, Huber with delta 1 and log-cosh. Left: the loss, 0 to
# 6; MSE is a steep bowl that leaves the panel at 2.4, MAE a V, Huber and log-cosh are bowls near 0 and almost
# straight beyond 1. Right: the slope, -3 to 3; MSE is a straight line, MAE jumps from -1 to 1 at 0, Huber rises
# straight and stops at -1 and 1, log-cosh does the same in a smooth curve.

# %%
# the loss of one error, and its slope
error = np.linspace(-4, 4, 401)
near, far = error**2 / 2, np.abs(error) - 0.5
shapes = {"MSE": error**2, "MAE": np.abs(error), "Huber, delta 1": np.where(np.abs(error) <= 1, near, far),
          "log-cosh": np.log(np.cosh(error))}
pulls = {"MSE": 2 * error, "MAE": np.sign(error), "Huber, delta 1": np.clip(error, -1, 1), "log-cosh": np.tanh(error)}

# draw both
fig, (left, right) = figures.axes(2, xlabel="error: prediction − truth")
figures.lines(left, error, shapes, label_at="legend")
left.set(title="the price of a miss", ylabel="loss", ylim=(0, 6))
figures.lines(right, error, pulls, label_at=None)
right.set(title="the pull", ylabel="slope of the loss", ylim=(-3, 3))
figures.show(fig, "losses-and-pulls-alt")

# %%
compare("which-pull-jumps")

# %% [markdown]
# **Compare with your prediction.** Where the pull jumps, it is as strong beside the target as far from it: with steps of
# one size you step over the target, and back, and over it again. Huber and log-cosh pull ever more gently near the target.
#
# Are our few lines what Keras computes? One line for each loss: its value and its pull. An error would stop us where they differ.

# %%
from helpers.quiet import quiet
with quiet():  # without TensorFlow's start-up log
    import keras, tensorflow as tf

# the bills in Keras' shape, and the pulls of MAE and Huber
five, guess = tf.constant(bills[:, None]), tf.Variable(np.full((5, 1), 10.0))
side, tame = np.sign(10.0 - bills), np.clip(10.0 - bills, -5.0, 5.0)
# our loss and our pull beside Keras' loss and its gradient
for name, keras_loss, ours, our_pull in [
        ("MSE", keras.losses.MeanSquaredError(), mse(bills, 10.0), mse_pull(bills, 10.0)),
        ("MAE", keras.losses.MeanAbsoluteError(), mae(bills, 10.0), np.mean(side)),
        ("Huber", keras.losses.Huber(delta=5.0), huber(bills, 10.0, 5.0), np.mean(tame)),
        ("log-cosh", keras.losses.LogCosh(), log_cosh(bills, 10.0), log_cosh_pull(bills, 10.0))]:
    with tf.GradientTape() as tape:
        theirs = keras_loss(five, guess)
    their_pull = tf.reduce_sum(tape.gradient(theirs, guess))
    assert np.allclose([ours, our_pull], [theirs, their_pull], rtol=1e-5)
    print(f"{name:9} value {ours:9.4f}   pull {our_pull:8.4f}   the same in Keras")

# %% [markdown] given="1.0: Keras' default, asserted in section 7; 9 3: premises of the shop's story"
# ### Where it bites
#
# `delta` is a length in the unit of the target. Keras takes 1.0 if you say nothing. Dollars, or millions of them?
# Section 7 comes back to this.
#
# ## 3. When too low costs more than too high
#
# A shop orders copies of a film. A copy that is missing loses 9 dollars of profit. A copy that is left over costs
# 3 dollars. Should it order the mean demand? The median? More?
#
# MSE and MAE charge the same for too low and too high. **Pinball loss** does not: each unit too low costs `tau`, each
# unit too high costs `1 − tau`.

# %%
def pinball(y_true, y_pred, tau):
    # how much more was wanted than predicted? negative: less
    short = y_true - y_pred
    # too low costs tau for each unit, too high costs 1 - tau
    return np.mean(np.where(short > 0, tau * short, (tau - 1) * short))

def pinball_pull(y_true, y_pred, tau):
    return np.mean(np.where(y_true > y_pred, -tau, 1 - tau))

from sklearn.metrics import mean_pinball_loss
assert np.isclose(pinball(bills, 10.0, 0.75), mean_pinball_loss(bills, np.full(5, 10.0), alpha=0.75))
rise = pinball(bills, 10.01, 0.75) - pinball(bills, 9.99, 0.75)
assert np.isclose(pinball_pull(bills, 10.0, 0.75), rise / 0.02)

# %% [raw] tags=["prediction"]
# id = "pinball-share-below"
# ask = """One guess for what each training film earned, with the lowest pinball loss at tau = 0.75. Which share of the
# films earned less than this guess? Give a number between 0 and 1."""
# right = 0.75
# range = [0, 1]
# tolerance = 0.03
# why = """The guess rests where the pulls balance: a share of 0.75 below, each pulling with 0.25, against a share of 0.25
# above, each pulling with 0.75. So tau is the share below."""
# [[near]]
# value = 0.25
# misconception = "quantile-reversed"
# why = "The other way around: a high tau makes too low expensive, so the guess moves up and most films lie below."
# [[near]]
# value = 0.5
# misconception = "every-loss-gives-the-middle"
# why = "Half below is the median, which is best when both sides cost the same."
# [[near]]
# value = 0.71
# misconception = "every-loss-gives-the-mean"
# why = "That is near the share below the mean. The mean is the answer to MSE."

# %%
# what the films earned, and guesses for it
films = data.box_office()
receipts = films.y_train  # millions of US dollars
candidates = np.linspace(1, 600, 5991)  # in steps of 0.1
share_below = {}
for tau in [0.25, 0.5, 0.75, 0.9]:
    # the guess with the lowest pinball loss, then the share of films below it
    best_tau = candidates[np.argmin([pinball(receipts, g, tau) for g in candidates])]
    share_below[tau] = np.mean(receipts < best_tau)
    print(f"tau {tau:4}: best guess {best_tau:5.1f} million dollars, {share_below[tau]:.0%} of the films earn less")

# %%
compare("pinball-share-below", share_below[0.75])

# %% [markdown] given="0.5: the median is the value that half of the films stay below"
# **Compare with your prediction.** In each line the share of the films below the best guess is tau itself.
#
# The value that a share `tau` of the films stays below has a name: the `tau`-**quantile**. The median is the
# 0.5-quantile. So pinball loss aims at a quantile as MAE aims at the median.
#
# ### Exercise 3.1: from costs to tau
#
# Back to the shop. Choose `tau` from the two costs, so that the order with the lowest pinball loss is the cheapest one.
# It must work for any two costs.

# %% tags=["exercise"] id="tau-from-costs"
def tau_from_costs(cost_short, cost_over):
    """The tau of the pinball loss that charges as the shop does. Both costs: dollars for one copy, positive."""
    ### BEGIN SOLUTION
    return cost_short / (cost_short + cost_over)
    ### END SOLUTION

# %% tags=["cases"]
cases = [(9.0, 3.0), (1.0, 1.0), (1.0, 19.0), (5.0, 20.0)]
labels = ["cost_short", "cost_over"]

# %% tags=["hint"]
# The pinball loss charges tau for one too few and 1 − tau for one too many. Only the ratio of the two matters.

# %% tags=["hint"]
# Which tau makes tau : (1 − tau) equal to cost_short : cost_over?

# %% tags=["right"]
def tau_from_costs(cost_short, cost_over):
    return 1 / (1 + cost_over / cost_short)

# %% tags=["wrong"] misconception="quantile-reversed"
# The other way around: if a missing copy is the more costly mistake, order more, so tau must be above one half.
def tau_from_costs(cost_short, cost_over):
    return cost_over / (cost_short + cost_over)

# %% tags=["wrong"] misconception="ratio-is-not-a-share"
# That is the ratio of the costs. It can be 3 or 30; tau is a share between 0 and 1.
def tau_from_costs(cost_short, cost_over):
    return cost_short / cost_over

# %% tags=["wrong"] misconception="ratio-is-not-a-share"
# That compares the costs with each other, and can be negative. A share is one part divided by the sum of both.
def tau_from_costs(cost_short, cost_over):
    return 1 - cost_over / cost_short

# %% tags=["wrong"] misconception="every-loss-gives-the-middle"
# One half is right only when both mistakes cost the same.
def tau_from_costs(cost_short, cost_over):
    return 0.5

# %% [raw] tags=["question"]
# id = "hospital-tau"
# given = ["19: premise of the question", "0.95: 19 / 20", "0.05: 1 - 0.95"]
# ask = """A hospital predicts how many patients come at night. One nurse too few is 19 times as bad as one too many. Which
# loss do you train with?"""
# [right]
# text = "pinball with tau = 0.95"
# why = "19 / (19 + 1) = 0.95: the model aims at the number that is enough on 19 nights of 20."
# [[wrong]]
# text = "MSE, and add a fixed number of nurses"
# misconception = "fix-it-by-hand"
# why = "How many? The right margin differs from night to night. The loss can learn it; a fixed margin cannot."
# [[wrong]]
# text = "MAE: a limited pull is the safe choice"
# misconception = "robust-is-always-better"
# why = "MAE aims at the median: too few on every second night."
# [[wrong]]
# text = "pinball with tau = 0.05"
# misconception = "quantile-reversed"
# why = "At 0.05 the model aims at a number that is too low on 19 nights of 20."

# %% [markdown]
# ### Where it bites
#
# Somebody who trains with MSE and then "adds ten percent to be safe" has chosen a tau without knowing which. Write
# down the two costs first.
#
# ## 4. A line and five mistyped points
#
# So far one number had to serve for all. Now a line: y = 2x + 1, a hundred points, a little noise. Five of the
# points went wrong: somebody typed them 20 too high. **This set is constructed**, because here the truth must be known.
#
# First, the training loop. Put its lines in order.

# %% [raw] tags=["order"]
# id = "order-training-loop"
# ask = "Put the steps of one pass of gradient descent in order."
# lines = ["predict with the present slope and intercept", "compute the error of each prediction",
#  "turn each error into a pull: the slope of the loss", "average the pulls over the points (for the slope, each times its x)", "move slope and intercept against the averaged pull"]
# right = [[1, 2, 3, 4, 5]]
# why = "Only the third step knows which loss you chose. The rest of training is the same for all of them."
# [[wrong]]
# order = [1, 2, 4, 3, 5]
# misconception = "limit-on-the-mean"
# why = "If the errors are averaged first, their signs cancel before the loss has seen them. Each error becomes a pull first."
# [[wrong]]
# order = [5, 1, 2, 3, 4]
# misconception = "move-before-looking"
# why = "There is no pull to move by yet. Predict, look at the error, then move."

# %%
def fit_lines(x, y, pull, steps=600, rate=0.1):
    """Fit one line to each row by gradient descent. x, y: (seeds, n). Returns slopes and intercepts: (seeds, 1)."""
    slope, intercept = np.zeros((len(x), 1)), np.zeros((len(x), 1))
    for step in range(steps):
        # predict, and compare with the truth
        error = slope * x + intercept - y
        # the loss speaks here and nowhere else
        g = pull(error)
        # move against the averaged pull, in steps that get smaller; a point's pull on the slope is times its x
        rate_now = rate * (1 - step / steps)
        slope = slope - rate_now * np.mean(g * x, axis=1, keepdims=True)
        intercept = intercept - rate_now * np.mean(g, axis=1, keepdims=True)
    return slope, intercept

# %%
# points near a line, and five that are not
rng = np.random.default_rng(seed)
x = rng.uniform(-2, 2, (32, 100))                     # 32 data sets, drawn anew
y = 2 * x + 1 + rng.normal(0, 0.5, x.shape)
y[:, :5] += 20                                        # five mistyped points in each
# the factor 2 of MSE is left out: it would only make the steps larger
pull_of = {"MSE": lambda e: e, "MAE": np.sign, "Huber, delta 1": lambda e: np.clip(e, -1, 1)}
fitted = {name: fit_lines(x, y, pull) for name, pull in pull_of.items()}

# %% [markdown]
# In the figure that comes, the left panel shows one data set. In the right panel a line is the median over the 32 data
# sets, and the shaded band holds nine data sets in ten.

# %% [raw] tags=["prediction"]
# id = "line-moved-most"
# ask = "Five points of a hundred lie 20 too high. Under which loss does the fitted line leave the true line farthest?"
# [right]
# text = "MSE"
# why = "A mistyped point pulls with its distance, 20. Five of them pull as hard as all the others together do at a distance of 1."
# [[wrong]]
# text = "MAE"
# misconception = "absolute-feels-distance"
# why = "Under MAE a mistyped point pulls with 1, like any other point. Five of them have little to say."
# [[wrong]]
# text = "Huber"
# misconception = "huber-is-mse"
# why = "Huber's pull stops at delta. At a distance of 20 a point pulls no harder than at a distance of 1."
# [[wrong]]
# text = "all the same: five of a hundred is too few to matter"
# misconception = "few-points-cannot-matter"
# why = "Under MSE it is not the number of points that matters, but the number times the distance."

# %% [raw] tags=["alt"] id="lines-off-alt"
# Two plots over x from -2 to 2. Left: a hundred dots of one data set, y from -6 to 26; they follow a rising line, five
# lie near y = 20. Right: fitted line minus true line, -1 to 4, median and band over 32 data sets. In the middle MSE
# is off by {MSE[middle]:.1f}, with a band that is widest at both ends, where it reaches from {MSE[low]:.1f} to
# {MSE[high]:.1f}. MAE and Huber stay in narrow bands: MAE from {MAE[low]:.1f} to {MAE[high]:.1f}, Huber from
# {Huber[low]:.1f} to {Huber[high]:.1f}.

# %%
# one data set
xs = np.linspace(-2, 2, 50)
fig, (left, right) = figures.axes(2, xlabel="x")
left.plot(x[0], y[0], ".", color="#666666")
left.set(ylabel="y", title="one of the 32 data sets", ylim=(-6, 26))
# the three lines on all of them
off = {name: slope * xs + intercept - (2 * xs + 1) for name, (slope, intercept) in fitted.items()}
figures.lines(right, xs, off, label_at="legend")
right.set(ylabel="fitted line − true line", title="how far each line is off", ylim=(-1, 4))
# numbers for the figure's description
bands = {name.split(",")[0]: np.percentile(values, [5, 50, 95], axis=0) for name, values in off.items()}
figures.show(fig, "lines-off-alt", **{name: dict(low=low.min(), middle=mid[25], high=high.max())
                                      for name, (low, mid, high) in bands.items()})

# %%
compare("line-moved-most")

# %%
def distance(name, lines=fitted):
    """Root mean squared distance between the fitted and the true line, over x from -2 to 2: one number a data set."""
    slope, intercept = lines[name]
    return np.sqrt(np.mean((slope * xs + intercept - (2 * xs + 1)) ** 2, axis=1))

# two losses, one ratio for each data set
print(claim("The MSE line is at least three times as far from the truth as the MAE line.",
            distance("MSE") / distance("MAE"), ">", 3))
print(claim("The MSE line is at least three times as far from the truth as the Huber line.",
            distance("MSE") / distance("Huber, delta 1"), ">", 3))
# what the figure's description says
width = bands["MSE"][2] - bands["MSE"][0]
assert width[[0, -1]].min() > 2 * width[25] and max(abs(bands[name]).max() for name in ["MAE", "Huber"]) < 1

# %% [markdown]
# **Compare with your prediction.** In the right panel the MSE band lies high above 0 in the middle, and is wide at both
# ends. The other two stay near 0 all along. And which is better here, MAE or Huber? Count the data sets.

# %%
nearer = np.mean(distance("Huber, delta 1") < distance("MAE"))
assert 0 < nearer < 1
print(f"the Huber line is nearer to the truth on {nearer:.0%} of the data sets, the MAE line on the others")

# %% [markdown]
# Neither wins on all of them, so we claim no order between these two.
#
# Now investigate. The five points were 20 too high. What if they were 200 too high? Commit, then run.

# %% [raw] tags=["prediction"]
# id = "slip-of-200"
# ask = "The five points lie 200 too high instead of 20. What happens to the three fitted lines?"
# [right]
# text = "the MSE line goes about ten times as far off, the other two stay where they are"
# why = "Ten times the distance is ten times the pull under MSE. MAE and Huber had reached their limit at 20 already."
# [[wrong]]
# text = "all three go about ten times as far off"
# misconception = "absolute-feels-distance"
# why = "Under MAE and Huber these points already pulled as hard as they can."
# [[wrong]]
# text = "MSE and Huber move, MAE stays"
# misconception = "huber-is-mse"
# why = "Beyond delta Huber's pull is constant, like that of MAE."
# [[wrong]]
# text = "none moves further: five points stay five points"
# misconception = "few-points-cannot-matter"
# why = "Under MSE the distance counts, not only the number of points."

# %%
# the same points, farther off
far = y.copy()
far[:, :5] += 180
# fit the three lines again
fitted_far = {name: fit_lines(x, far, pull) for name, pull in pull_of.items()}
for name in pull_of:
    print(f"{name:15} median distance: {np.median(distance(name)):.2f} with 20 too high, "
          f"{np.median(distance(name, fitted_far)):.2f} with 200")

# %%
compare("slip-of-200")

# %%
print(claim("Points ten times as far off move the MSE line at least eight times as far.",
            distance("MSE", fitted_far) / distance("MSE"), ">", 8))
assert all(np.allclose(distance(name, fitted_far), distance(name)) for name in ["MAE", "Huber, delta 1"])

# %% [markdown]
# **Compare with your prediction.** Only the MSE line has moved.
#
# ### Where it bites
#
# Here the far points were typing errors, and we knew it. Are large values always errors?

# %% [raw] tags=["question"]
# id = "large-values-are-real"
# given = ["1: Huber's default delta, a premise of the option"]
# ask = "An insurer's few very large claims are real bills. Premiums must cover the sum of all claims. Which loss?"
# discuss = true
# [right]
# text = "MSE: it aims at the mean, and means add up to the sum"
# why = "The sum is the number of claims times their mean. A loss that aims at the mean is the one that fits."
# [[wrong]]
# text = "MAE: always better when values are large"
# misconception = "robust-is-always-better"
# why = "MAE aims at the median claim. The rare large bills would hardly be heard, and they are most of the sum."
# [[wrong]]
# text = "any loss, after deleting the large claims"
# misconception = "outlier-is-error"
# why = "The bills will still arrive. Deleting them from the data deletes them from the premium."
# [[wrong]]
# text = "Huber with delta = 1, the default: safe in any case"
# misconception = "safe-default"
# why = "For bills of thousands of dollars, a delta of 1 dollar makes Huber behave like MAE."

# %% [markdown]
# ## 5. Box office: does it add up?
#
# Now real data: what films earned, in millions of US dollars.

# %% [raw] tags=["prediction"]
# id = "mean-over-median"
# ask = "A few films earn very much, many earn little. How high is the mean of the receipts beside their median?"
# [right]
# text = "two to five times as high"
# why = "A few very rich films pull the mean far above the median, as the bill of 90 did. A mean well above the median is the mark of such skewed data."
# [[wrong]]
# text = "over fifty times as high: the richest films decide alone"
# misconception = "outliers-rule-everything"
# why = "Too much: the richest films are few, and they are averaged with all the others."
# [[wrong]]
# text = "about the same: both stand for the middle"
# misconception = "mean-is-the-middle"
# why = "They are equal only when the values lie symmetrically around the middle."
# [[wrong]]
# text = "lower: most films earn little, and few earn much"
# misconception = "few-points-cannot-matter"
# why = "In a mean each film counts by what it earned. The few rich ones outweigh the many."

# %% [raw] tags=["alt"] id="receipts-histogram-alt" given="0.00001: start of the bars, set in code; 1,000 0.001: asserted below"
# Histogram of the receipts of the training films. Logarithmic x-axis from 0.00001 to about {right:,.0f} million dollars, y-axis
# from 0 to 165 films. Most films lie between 1 and 1,000 million, with the highest bar near {highest:.0f} million; a few stand alone
# below 0.001. Dotted lines mark the median at {median:.1f} and the mean at {mean:.1f} million, more than three times as high.

# %%
# what the table holds
print(films)
print("known before release:", ", ".join(films.feature_names))
# how the receipts are spread
fig, ax = figures.axes(xlabel="receipts (million US dollars, logarithmic axis)", ylabel="number of training films")
counts, edges, _ = ax.hist(receipts, bins=np.geomspace(1e-5, 3000, 60), color=figures.COLORS[0])
ax.set_xscale("log")
for value, name, side in [(np.median(receipts), "median", "right"), (receipts.mean(), "mean", "left")]:
    ax.axvline(value, color="black", linestyle=":")
    ax.annotate(f" {name} {value:.1f} ", (value, 145), ha=side)
ax.set_ylim(0, 165)
figures.show(fig, "receipts-histogram-alt", right=ax.get_xlim()[1], highest=edges[counts.argmax():][:2].mean(),
             median=np.median(receipts), mean=receipts.mean())

# %%
compare("mean-over-median")
print(f"mean / median: {receipts.mean() / np.median(receipts):.1f}")
assert np.mean((receipts > 1) & (receipts < 1000)) > 0.9 and 0 < np.sum(receipts < 0.001) < 10
assert 3 < receipts.mean() / np.median(receipts) < 5
assert abs(np.mean(receipts < receipts.mean()) - 0.71) < 0.005   # for those who said so in section 3

# %% [markdown] given="0.9 1.1: a tenth below and above 1"
# **Compare with your prediction.** The line of the mean stands to the right of the line of the median, on an axis where
# each mark is a multiple of the one before.
#
# A studio wants a prediction for each film before its release, and the sum of all predictions for its budget. So the
# first thing to look at is that sum.
#
# ### Exercise 5.1: does it add up?
#
# Write the studio's check: 1 means that the predictions add up to the truth, 0.9 that a tenth is missing, 1.1 that they
# are a tenth too much.

# %% tags=["exercise"] id="share-of-total"
def share_of_total(y_true, y_pred):
    """Sum of the predictions as a share of the true sum. Both: (n,) arrays, y_true > 0."""
    ### BEGIN SOLUTION
    return np.sum(y_pred) / np.sum(y_true)
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([1.0, 9.0]), np.array([2.0, 4.0])), (np.array([10.0, 20.0, 70.0]), np.array([10.0, 20.0, 70.0])),
         (np.array([4.0, 1.0, 5.0]), np.array([8.0, -3.0, 6.0]))]
labels = ["y_true", "y_pred"]

# %% tags=["hint"]
# The studio does not ask how far each film is off, only about the sums.

# %% tags=["hint"]
# Two sums, one division. Which of the two sums is the whole, of which you want the share?

# %% tags=["right"]
def share_of_total(y_true, y_pred):
    return float(np.mean(y_pred) / np.mean(y_true))

# %% tags=["wrong"] misconception="mean-of-ratios"
# That is the mean of the films' ratios: a tiny film counts as much as a giant. The studio's sum is ruled by the giants.
def share_of_total(y_true, y_pred):
    return np.mean(y_pred / y_true)

# %% tags=["wrong"] misconception="whole-divided-by-part"
# The other way around: the truth is the whole, and the predictions are the share of it.
def share_of_total(y_true, y_pred):
    return np.sum(y_true) / np.sum(y_pred)

# %% tags=["wrong"] misconception="complement-of-the-share"
# That is what is missing. The share that is there was asked for.
def share_of_total(y_true, y_pred):
    return 1 - np.sum(y_pred) / np.sum(y_true)

# %% [markdown]
# Now a small network, trained in plain Keras. First with MSE.

# %%
def build(loss, rate=0.01, **more):
    model = keras.Sequential([keras.Input((films.X_train.shape[1],)),
                              keras.layers.Dense(32, activation="relu"),
                              keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(rate), loss=loss, **more)
    return model

# %% tags=["training"]
# build and train
keras.utils.set_random_seed(seed)
model = build("mse")
model.fit(films.X_train, films.y_train, batch_size=256, epochs=30, verbose=0)
# predict, and compare the sums
predicted = model.predict(films.X_test, verbose=0)[:, 0]  # (n, 1) to (n,): section 8 says why this matters
print(f"the films of the test set earned {films.y_test.sum():,.0f} million dollars in all")
print(f"this one model predicts          {predicted.sum():,.0f} million dollars")

# %% [markdown]
# That was one seed. And with MAE? Commit first.

# %% [raw] tags=["prediction"]
# id = "mae-total"
# given = ["0.8: claimed below, as a share under 0.75"]
# ask = """The same network, trained with MAE. The predictions for the test films are added up. What will the sum be, as a
# share of what the films really earned?"""
# [right]
# text = "clearly too low: below 0.8"
# why = "MAE aims at the median of each film's possible receipts. Receipts are skewed, so medians lie below means and the sum comes out too low."
# [[wrong]]
# text = "about right: between 0.9 and 1.1"
# misconception = "mae-gives-the-mean"
# why = "Only means add up to the sum. MAE aims at the median."
# [[wrong]]
# text = "too high: above 1.1"
# misconception = "outliers-pull-up-mae"
# why = "The few very rich films do not pull an MAE model up: under MAE each film pulls equally hard."
# [[wrong]]
# text = "anywhere: it depends on the seed"
# misconception = "only-luck-decides"
# why = "The seed moves the sum a little. Which number is aimed at is decided by the loss."

# %% tags=["training"]
from helpers.replicates import fit_replicates

# train each loss from 16 seeds
recipe = dict(seeds=16, base_seed=1000 * seed, epochs=30, batch_size=256)
predictions = {loss.upper(): fit_replicates(lambda: build(loss), films.X_train, films.y_train, **recipe)
               .predict(films.X_test)[..., 0] for loss in ["mse", "mae"]}
# the log target: train on logs, turn predictions back
log_runs = fit_replicates(lambda: build("mse"), films.X_train, np.log(films.y_train), **recipe)
predictions["MSE of log receipts"] = np.exp(log_runs.predict(films.X_test)[..., 0])
# sum of predictions / true sum, as in exercise 5.1
shares = {name: p.sum(axis=1) / films.y_test.sum() for name, p in predictions.items()}

# %% [markdown]
# `fit_replicates` trains the same compiled model from 16 seeds. The third group is a popular recipe for skewed targets:
# train with MSE on the logarithm of the receipts, and take the exponential of the prediction. Where will its sum
# lie?

# %% [raw] tags=["prediction"]
# id = "log-target-total"
# given = ["100: premise of the example", "50.5: asserted below"]
# ask = "MSE on log receipts, exponential of the prediction. How do the predictions add up?"
# [right]
# text = "too low: the exponential of a mean of logs is not the mean"
# why = """Take films of 1 and 100 million. Their mean is 50.5. The mean of their logs, turned back, is only 10. A mean of
# logs turned back is never above the mean. The model was trained well, for another question."""
# [[wrong]]
# text = "about right: it is MSE, and MSE aims at the mean"
# misconception = "mean-survives-the-log"
# why = "It aims at the mean of the logs. Taking the exponential does not bring the mean of the receipts back."
# [[wrong]]
# text = "too high: the exponential blows up large predictions"
# misconception = "exp-inflates"
# why = "The exponential undoes the logarithm exactly. What lowers the result came before: the mean was taken of the logs."

# %% [raw] tags=["alt"] id="sums-alt" given="1.3: end of the axis, set in code"
# Dot plot, one dot for each of 16 seeds, three rows; the axis is the sum of predictions divided by the sum of
# real receipts, 0 to 1.3, with a dotted line at 1 where predictions add up. MSE lies on the line. MAE lies near
# {mae:.1f}, far below it. MSE of log receipts lies near {log:.1f}, below the line as well.

# %% tags=["training"]
# one dot a seed
fig, ax = figures.axes(xlabel="sum of predictions / sum of real receipts, test films", height=2.8)
figures.strip(ax, shares, reference=1.0, reference_label="adds up")
ax.set_xlim(0, 1.3)
figures.show(fig, "sums-alt", mae=np.median(shares["MAE"]), log=np.median(shares["MSE of log receipts"]))

# %%
compare("mae-total")

# %%
compare("log-target-total")
assert np.mean([1, 100]) == 50.5 and np.isclose(np.exp(np.mean(np.log([1, 100]))), 10)

# %% tags=["training"]
print(claim("Trained with MSE, the predictions add up to within 12% of the real sum.",
            abs(shares["MSE"] - 1), "<", 0.12))
print(claim("Trained with MAE, more than a quarter of the money is missing.", shares["MAE"], "<", 0.75))
print(claim("With a log target, more than a fifth of the money is missing.",
            shares["MSE of log receipts"], "<", 0.8))

# %% [markdown]
# **Compare with your two predictions.** With every seed the dots of the two lower rows lie far to the left of the line
# where predictions add up. Those of MSE lie at it.
#
# Is MAE then the worse loss? Look at both through two metrics, MAE and RMSE.

# %% tags=["training"]
# MAE and RMSE of each seed
def in_millions(name):
    errors = predictions[name] - films.y_test
    return np.mean(np.abs(errors), axis=1), np.sqrt(np.mean(errors**2, axis=1))

# each loss through both metrics
for name in predictions:
    one_mae, one_rmse = in_millions(name)
    print(f"trained with {name:20} MAE {np.median(one_mae):4.0f}   RMSE {np.median(one_rmse):4.0f}   "
          "(million dollars, median of 16 seeds)")
print(claim("By MAE, the model trained with MAE is better, by over 5 million dollars.",
            in_millions("MSE")[0] - in_millions("MAE")[0], ">", 5))
print(claim("By RMSE, the model trained with MSE is better, by over 4 million dollars.",
            in_millions("MAE")[1] - in_millions("MSE")[1], ">", 4))
print(claim("The MAE of the log target is within 15% of that of the model trained with MAE.",
            abs(in_millions("MSE of log receipts")[0] / in_millions("MAE")[0] - 1), "<", 0.15))
logs_back = np.exp(np.log(receipts).mean())
assert receipts.mean() - logs_back > 5 * abs(np.median(receipts) - logs_back)

# %% [markdown]
# **Between MSE and MAE, each wins by its own metric.** They answer two questions: what is a typical film worth, and what
# are all of them worth together?
#
# And the log target? Its MAE is about as low as that of the model trained with MAE. That is no accident: the mean of
# their logs, turned back, lies far nearer to the receipts' median than to their mean, and MAE wants the median. We claim no order between these two.

# %% [raw] tags=["question"]
# id = "which-loss-for-the-budget"
# ask = "The studio pays one sum for all films of next year and plans with the sum of the predictions. Which loss fits?"
# discuss = true
# [right]
# text = "MSE on the receipts"
# why = "Sums need means, and MSE aims at the mean."
# [[wrong]]
# text = "MAE, because the receipts are skewed"
# misconception = "robust-is-always-better"
# why = "Because they are skewed, the median lies far below the mean, and the budget comes out far too low."
# [[wrong]]
# text = "MSE on the log receipts, because the log makes them symmetric"
# misconception = "mean-survives-the-log"
# why = "However symmetric the logs are, the exponential of their mean is too low, and so is the sum."
# [[wrong]]
# text = "whichever has the lower loss after training"
# misconception = "losses-are-comparable"
# why = "An MSE and an MAE are in different units. Comparing them says nothing."

# %% [markdown]
# ### Where it bites
#
# Nothing warned us. By MAE it was the better model, and more than a quarter of the money was missing. The sum is a
# one-line check: **add up predictions and truth, always.**
#
# And if too low is nine times as costly as too high? Then train with what you found in section 3. Keras has no pinball
# loss, so we write it: a function of `y_true` and `y_pred` that gives one number a row.

# %% tags=["training"]
# the loss: one number for each row
def keras_pinball(y_true, y_pred, tau=0.9):
    short = y_true - y_pred
    return keras.ops.mean(keras.ops.where(short > 0, tau * short, (tau - 1) * short), axis=-1)

# train with it
predictions["pinball, tau 0.9"] = fit_replicates(lambda: build(keras_pinball), films.X_train, films.y_train,
                                                 **recipe).predict(films.X_test)[..., 0]
# what it aims at, and what its misses cost
stays_below = (films.y_test < predictions["pinball, tau 0.9"]).mean(axis=1)
cost = {name: np.array([pinball(films.y_test, one, 0.9) for one in p]) for name, p in predictions.items()}
print(claim("The share of test films that earn less than the pinball model with tau 0.9 predicts is within "
            "0.05 of 0.9.",
            abs(stays_below - 0.9), "<", 0.05))
print(claim("If too low costs nine times as much, the pinball model is cheaper than the MSE model, "
            "by a fifth or more.",
            cost["pinball, tau 0.9"] / cost["MSE"], "<", 0.8))

# %% [markdown]
# ## 6. Is that a good model?
#
# Compared with what? The baseline here is a constant. MAE and RMSE have different best constants: you met them in
# section 1.

# %% tags=["training"]
# each metric's best constant, from the training films, judged on the test films
baseline_mae = np.mean(np.abs(films.y_test - np.median(receipts)))
baseline_rmse = np.sqrt(np.mean((films.y_test - receipts.mean()) ** 2))
print(f"always the training median: MAE {baseline_mae:.0f}   always the training mean: RMSE {baseline_rmse:.0f}")
# each model beside its baseline
print(claim("Trained with MAE, the model's MAE is at least a tenth below that of the training median.",
            in_millions("MAE")[0] / baseline_mae, "<", 0.9))
print(claim("Trained with MSE, the model's RMSE is at least a tenth below that of the training mean.",
            in_millions("MSE")[1] / baseline_rmse, "<", 0.9))

# %% [markdown]
# So the models know something. How much? Squared errors have a metric for that.
#
# **R²** compares squared errors with those of a constant: 1 − (squared errors of the model) / (squared errors of the
# mean of the data it is judged on). It is 1 for a perfect model and 0 for that mean.

# %% [raw] tags=["prediction"]
# id = "r2-of-the-median"
# ask = "Predict the training films' median for every test film. What is R² on the test films?"
# [right]
# text = "below 0"
# why = "R² compares with the mean of the data it is judged on. The median has larger squared errors than the mean, so R² is negative."
# [[wrong]]
# text = "exactly 0: a constant explains nothing"
# misconception = "every-constant-has-r2-zero"
# why = "Only one constant has R² = 0: the mean of the very data that it is judged on."
# [[wrong]]
# text = "between 0 and 1: R² cannot be negative"
# misconception = "r2-bounded-at-zero"
# why = "Nothing stops R² at 0. A model can be worse than the mean without limit."
# [[wrong]]
# text = "near 1: the median is the best constant for skewed data"
# misconception = "robust-is-always-better"
# why = "It is best for MAE. R² is made of squared errors."

# %%
# R² in three lines
def r2(y_true, y_pred):
    squared_errors = np.sum((y_true - y_pred) ** 2)
    squared_errors_of_the_mean = np.sum((y_true - np.mean(y_true)) ** 2)
    return 1 - squared_errors / squared_errors_of_the_mean

# two constants from the training films, judged on the test films
for name, constant in [("mean", receipts.mean()), ("median", np.median(receipts))]:
    print(f"always the {name:6} of the training films: R² {r2(films.y_test, constant):7.4f}, "
          f"MAE {np.mean(np.abs(films.y_test - constant)):.0f} million")

# %%
compare("r2-of-the-median")
assert r2(films.y_test, np.median(receipts)) < 0

# %% [markdown]
# **Compare with your prediction.** The second line has the lower MAE, and its R² is far below 0. Even the training films'
# mean is not exactly at 0: the test films have a mean of their own.

# %% [raw] tags=["question"]
# id = "negative-r2"
# given = ["−0.3: premise of the question", "1.3: 1 + 0.3, by the formula of R²"]
# ask = "A colleague reports R² = −0.3 on test data. What does it mean?"
# [right]
# text = "the model is worse there than predicting the mean of the test data"
# why = "Its squared errors are 1.3 times those of that mean."
# [[wrong]]
# text = "a bug: R² lies between 0 and 1"
# misconception = "r2-bounded-at-zero"
# why = "You have just computed a negative one, without a bug."
# [[wrong]]
# text = "predictions and truth are negatively correlated"
# misconception = "r2-is-a-correlation"
# why = "A model with perfect correlation but a wrong scale or a wrong mean can have R² far below 0."
# [[wrong]]
# text = "the model is off by 30%"
# misconception = "r2-is-a-percentage-error"
# why = "R² compares squared errors with those of a constant. It is no percentage of the target."

# %% tags=["training"]
# R² of each seed
r2_by_seed = {name: np.array([r2(films.y_test, one) for one in p]) for name, p in predictions.items()}
for name, values in r2_by_seed.items():
    print(f"trained with {name:20} R² {np.median(values):.2f}")
# what may be said about it
print(claim("Trained with MSE, the model beats the mean: R² is above 0.25.", r2_by_seed["MSE"], ">", 0.25))
print(claim("Trained with MSE, more than half of the squared errors stay: R² is below 0.5.",
            r2_by_seed["MSE"], "<", 0.5))
print(claim("By R² the model trained with MAE is the worse one, by over 0.04.",
            r2_by_seed["MSE"] - r2_by_seed["MAE"], ">", 0.04))
print(claim("By R² the pinball model is worse than the mean: its R² is below −0.2.",
            r2_by_seed["pinball, tau 0.9"], "<", -0.2))

# %% [markdown]
# The models know something, and not much: from what is known before a release, they explain less than half.
#
# And "MAE is worse by R²" only repeats that R² is made of squared errors. The pinball model, which was to be too high for
# nine films in ten, is punished for just that. Choose the metric by the objective, not by habit.
#
# ### How far off, in percent?
#
# That sounds like the fairest question. The answer is **MAPE**, the mean absolute percentage error:
# each error is divided by the true value. Here is MAPE of a constant, the median, on the training films.

# %% [raw] tags=["prediction"]
# id = "mape-of-the-median"
# given = ["38: the median, asserted below", "100,000%: asserted below, as a mean over 100,000"]
# ask = "MAPE of always predicting the median, on the training films: in which range?"
# [right]
# text = "over 100,000%"
# why = "A handful of films earned next to nothing on record. Dividing by next to nothing gives a huge percentage, and the mean takes it all in."
# [[wrong]]
# text = "from 100% to 300%: what a typical film is off by, or a little more"
# misconception = "typical-is-the-mean"
# why = "A typical film is off by less than that. MAPE is the mean over all films, and a mean can be ruled by a few."
# [[wrong]]
# text = "below 100%: no error can exceed the whole"
# misconception = "percentages-are-bounded"
# why = "Upward it can, without limit: predict 38 million where ten dollars is right."

# %%
# each film's error as a percentage of what it earned
percent_off = 100 * np.abs(np.median(receipts) - receipts) / receipts
print(f"MAPE of the median, all {len(receipts):,} training films: {percent_off.mean():,.0f}%")

# %%
compare("mape-of-the-median")

# %% [markdown]
# **Compare with your prediction.** Over a hundred thousand percent, by a constant that half of the films lie above and half
# below. Which films make it so? Sort them by receipts.

# %%
# the films with the smallest receipts
smallest = np.argsort(receipts)[:6]
for i in smallest:
    print(f"   {films.titles_train[i]:20} {receipts[i] * 1e6:8.2f} dollars on record")
# the mean without them, and the film in the middle
print(f"without these six:                      {np.delete(percent_off, smallest).mean():,.0f}%")
print(f"the percentage error in the middle:     {np.median(percent_off):,.0f}%")
# another constant
print(f"MAPE of predicting 10 dollars for every film: {100 * np.mean(np.abs(1e-5 - receipts) / receipts):,.1f}%")
assert percent_off.mean() > 100_000 and np.median(percent_off) < 100 and round(np.median(receipts)) == 38

# %% [markdown] given="7.39: asserted below; 100%: a prediction of 0 misses by the whole truth"
# Six films make up nearly all of it. "Wonder Woman" did not earn 7.39 dollars: that entry was probably written in another
# unit. Such entries are found in real tables, and MAPE is ruled by them. (They weigh heavily under a log target as
# well: in logs they are the farthest points.)
#
# And look at the last percentage. **By MAPE, ten dollars for every film is by far the better prediction.** A prediction
# that is too low, but not below 0, never costs more than 100%; too high has no limit. Now train the network on MAPE.

# %% [raw] tags=["prediction"]
# id = "trained-on-mape"
# given = ["100%: a prediction of 0 misses by the whole truth"]
# ask = "The same network, trained on MAPE. What will the sum of its predictions be, beside what the test films really earned?"
# [right]
# text = "next to nothing: under a hundredth of it"
# why = "For a tiny film a prediction that is too high costs without limit. For a giant one that is too low costs 100% at most. So the model goes down."
# [[wrong]]
# text = "about what MAE gave: it is MAE, only in percent"
# misconception = "every-loss-gives-the-middle"
# why = "Dividing by the truth gives each film another weight: the smaller its receipts, the harder its pull."
# [[wrong]]
# text = "far above it: the huge percentages push the predictions up"
# misconception = "sign-reversed"
# why = "The huge percentages come from predictions above tiny receipts. Their pull is downward."

# %% tags=["training"]
mape_runs = fit_replicates(lambda: build("mape"), films.X_train, films.y_train, **recipe)
mape_share = mape_runs.predict(films.X_test)[..., 0].sum(axis=1) / films.y_test.sum()
print(f"sum of predictions / real sum, median of 16 seeds: {np.median(mape_share):.5f}")

# %%
compare("trained-on-mape")

# %% tags=["training"]
# what was said of the six films
assert np.mean(np.abs(1e-5 - receipts) / receipts) < 1 < percent_off.mean() / 1000   # ten dollars against the median
assert percent_off[smallest].sum() / percent_off.sum() > 0.99  # six films make up nearly all of it
assert films.titles_train[smallest[0]] == "Wonder Woman" and round(receipts[smallest[0]] * 1e6, 2) == 7.39
in_logs = abs(np.log(receipts) - np.log(receipts).mean())
assert set(np.argsort(in_logs)[-6:]) == set(smallest)  # in logs they are the farthest
# trained on MAPE, and MAPE where the truth is 0
print(claim("Trained with MAPE, the predictions add up to less than a hundredth of the money.",
            mape_share, "<", 0.01))
at_zero = keras.losses.MeanAbsolutePercentageError()([[0.0]], [[0.1]])
print(f"Keras' MAPE of predicting 0.1 where 0 is right: {float(at_zero):,.0f}%")

# %% [markdown] given="50 25 101: premises of the example"
# **Compare with your prediction.** Less than a hundredth of the money is left. Training did what it was asked: it made
# MAPE small.
#
# ### Exercise 6.1: a metric that the studio understands
#
# The studio says: "A prediction is useful if it is within a factor of two." So 50 is useful for a film that earns 100
# or 25, and useless for one that earns 101. A prediction of 0 or less is never useful. Write this metric.

# %% tags=["exercise"] id="within-factor"
def within_factor(y_true, y_pred, factor):
    """Share of predictions within a factor of the truth, ends included. y_true > 0 and y_pred: (n,), factor >= 1."""
    ### BEGIN SOLUTION
    return np.mean((y_pred >= y_true / factor) & (y_pred <= y_true * factor))
    ### END SOLUTION

# %% tags=["cases"]
cases = [(np.array([100.0, 25.0, 101.0]), np.array([50.0, 50.0, 50.0]), 2.0),
         (np.array([10.0, 10.0, 10.0, 10.0]), np.array([-10.0, 0.0, 4.9, 21.0]), 2.0),
         (np.array([1.0, 10.0, 100.0, 1000.0]), np.array([2.5, 3.4, 110.0, 350.0]), 3.0),
         (np.array([8.0, 8.0]), np.array([8.0, 9.0]), 1.0)]
labels = ["y_true", "y_pred", "factor"]

# %% tags=["hint"]
# "Within a factor of two" has two ends. Write the lower and the upper end for one film that earns 100.

# %% tags=["hint"]
# For one film: y_true / factor ≤ y_pred ≤ y_true * factor. Join two conditions on arrays with `&`, in parentheses.

# %% tags=["right"]
def within_factor(y_true, y_pred, factor):
    ratio = np.maximum(y_pred, 1e-300) / y_true
    return np.mean(np.maximum(ratio, 1 / ratio) <= factor * (1 + 1e-12))

# %% tags=["right"]
def within_factor(y_true, y_pred, factor):
    useful = 0
    for t, p in zip(y_true, y_pred):
        if p > 0 and t / factor <= p <= t * factor:
            useful += 1
    return useful / len(y_true)

# %% tags=["wrong"] misconception="ratio-one-sided"
# You check the upper end only. A prediction of 1 for a film that earns 100 would pass.
def within_factor(y_true, y_pred, factor):
    return np.mean(y_pred <= factor * y_true)

# %% tags=["wrong"] misconception="difference-is-not-a-ratio"
# That is a difference as large as the truth times the factor. Half, not a negative receipt, is the lower end for a factor of two.
def within_factor(y_true, y_pred, factor):
    return np.mean(np.abs(y_pred - y_true) <= factor * y_true)

# %% tags=["wrong"] misconception="difference-is-not-a-ratio"
# That is a difference: the miss may be as large as the truth or so. At the lower end a factor of two means half, not nothing.
def within_factor(y_true, y_pred, factor):
    return np.mean(np.abs(y_pred - y_true) <= (factor - 1) * y_true)

# %% tags=["wrong"] misconception="ends-left-out"
# You left out the ends. Exactly half or exactly double is still within a factor of two.
def within_factor(y_true, y_pred, factor):
    return np.mean((y_pred > y_true / factor) & (y_pred < y_true * factor))

# %% tags=["wrong"] misconception="argument-ignored"
# You wrote the 2 into the function. It must work for any factor.
def within_factor(y_true, y_pred, factor):
    return np.mean((y_pred >= y_true / 2) & (y_pred <= y_true * 2))

# %% tags=["wrong"] misconception="sign-lost"
# A prediction of −10 passes your test for a film that earned 10: its sign is lost, or was never looked at.
def within_factor(y_true, y_pred, factor):
    return np.mean((np.abs(y_pred) >= y_true / factor) & (np.abs(y_pred) <= y_true * factor))

# %% tags=["wrong"] misconception="count-is-not-a-share"
# That counts the useful predictions. The share is asked for.
def within_factor(y_true, y_pred, factor):
    return np.sum((y_pred >= y_true / factor) & (y_pred <= y_true * factor))

# %% tags=["training"]
# the studio's metric of each seed
useful = {name: np.array([metrics.within_factor(films.y_test, one, factor=2) for one in p])
          for name, p in predictions.items()}
for name, values in useful.items():
    print(f"trained with {name:20} within a factor of two: {np.median(values):.0%}")
# and of one constant
constant = np.full_like(films.y_test, receipts.mean())
print(f"always the mean of the training films:   {metrics.within_factor(films.y_test, constant, factor=2):.0%}")
print(claim("Within a factor of two lie more predictions with MAE than with MSE, by over 0.01, on nine seeds in ten.",
            useful["MAE"] - useful["MSE"], ">", 0.01, share=0.9))

# %% [markdown]
# ### Where it bites
#
# The sum, RMSE and R² prefer one model; MAE and the studio's own metric prefer the other. Somebody must say what is
# wanted. A metric cannot.
#
# And no metric sees the films that are not in the table. Each data set of this book says what is wrong with it:

# %%
for caveat in films.leaks:
    print("·", caveat)

# %% [raw] tags=["question"]
# id = "films-without-a-gross"
# ask = """The MSE model adds up on the test films. The studio now uses it for every film it could make next year, the unknown
# ones too. Look at the list. What should it expect of the sum?"""
# [right]
# text = "a sum that is too high: films that few people know are missing here"
# why = "Only films with a recorded gross are in the table, mostly the better known. Training and test films share that; next year's films do not."
# [[wrong]]
# text = "that it adds up: the test films were unseen as well"
# misconception = "test-set-is-the-world"
# why = "They were unseen, but they came into the table in the same way: because their gross is on record."
# [[wrong]]
# text = "that it adds up: MSE aims at the mean"
# misconception = "loss-repairs-data"
# why = "At the mean of films like those in the table. No loss knows what is not there."

# %% [markdown] given="0.001: Keras' default, asserted below"
# ## 7. Dollars, millions, or something near one?
#
# The receipts came in millions. What if they had come in dollars? It is the same information. Adam's learning rate
# is now its default, 0.001.

# %% [raw] tags=["prediction"]
# id = "target-in-dollars"
# given = ["0.001: Keras' default, asserted below"]
# ask = """Train on receipts in dollars, with a mean of over a hundred million: MSE, Adam with its default rate, 30 epochs. What is the mean
# prediction after that?"""
# [right]
# text = "next to nothing: less than a hundred dollars"
# why = "Adam moves a weight by about its learning rate in each step, however large the gradient. 30 epochs are 210 steps of 0.001: far too short a way to a hundred million."
# [[wrong]]
# text = "about right: only the unit is another"
# misconception = "scale-does-not-matter"
# why = "The best weights are a million times larger, and the steps are not."
# [[wrong]]
# text = "far too high: huge errors make huge steps"
# misconception = "adam-steps-follow-the-gradient"
# why = "With plain gradient descent that can happen. Adam divides the gradient by its own size."
# [[wrong]]
# text = "an error message: the loss overflows"
# misconception = "keras-would-warn"
# why = "Nothing is reported. The loss is finite, and hardly moves."

# %% tags=["training"]
std = films.y_train.std()
units = {"dollars": 1e6, "millions": 1.0, "standard deviations": 1 / std}
mean_prediction = {}
for unit, scale in units.items():
    # train on the target in this unit
    runs = fit_replicates(lambda: build("mse", rate=0.001), films.X_train, films.y_train * scale, **recipe)
    # turn the predictions back into millions
    mean_prediction[unit] = runs.predict(films.X_test)[..., 0].mean(axis=1) / scale
    print(f"target in {unit:20} mean prediction {1e6 * np.median(mean_prediction[unit]):15,.0f} dollars")
print(f"standard deviation of the receipts: {std:.0f} million dollars")

# %% [raw] tags=["alt"] id="mean-predictions-alt" given="150: end of the axis, set in code"
# Dot plot, one dot for each of 16 seeds, three rows by the unit of the target; axis: mean prediction, -5 to 150
# million dollars, real mean marked at {real:.0f}. Target in dollars: all dots at 0. In millions: about {millions:.0f}. In standard
# deviations: around the real mean.

# %% tags=["training"]
# one dot a seed
fig, ax = figures.axes(xlabel="mean prediction for the test films (million dollars)", height=2.8)
figures.strip(ax, mean_prediction, reference=films.y_test.mean(), reference_label="real mean")
ax.set_xlim(-5, 150)
figures.show(fig, "mean-predictions-alt", real=films.y_test.mean(), millions=np.median(mean_prediction["millions"]))

# %%
compare("target-in-dollars")
assert 30 * -(-len(films.y_train) // 256) == 210   # steps in 30 epochs
assert np.isclose(float(keras.optimizers.Adam().learning_rate), 0.001)   # Keras' default

# %% tags=["training"]
print(claim("With the target in dollars, the mean prediction stays below a hundred dollars.",
            1e6 * mean_prediction["dollars"], "<", 100))
print(claim("With the target in standard deviations it comes within 12% of the real mean.",
            abs(mean_prediction["standard deviations"] / films.y_test.mean() - 1), "<", 0.12))

# %% [markdown] given="0.01: set in code, the rate of section 5; 200: premise of the exercise"
# **Compare with your prediction.** With the target in dollars every dot lies at 0. Only in standard deviations do the dots
# come near the real mean, with the same network and the same steps.
#
# **The rule:** divide the target by its standard deviation on the training data, and multiply predictions by it
# again. More epochs or a higher rate can help as well: in section 5 a rate of 0.01 was enough for millions. But scaling
# is one line, and it works for any unit.
#
# ### Exercise 7.1: which delta?
#
# You scale the target: `y / scale`, where `scale` is its standard deviation, such as 200. You want Huber's limit to stand at misses of
# `limit` in the **old** unit. Which delta do you give to `keras.losses.Huber`?

# %% tags=["exercise"] id="delta-for-scaled-target"
def delta_for(limit, scale):
    """Huber's delta for a target that was divided by scale. limit: in the unit before, positive. scale: positive."""
    ### BEGIN SOLUTION
    return limit / scale
    ### END SOLUTION

# %% tags=["cases"]
cases = [(100.0, 200.0), (50.0, 0.5), (1.0, 10.0)]
labels = ["limit", "scale"]

# %% tags=["hint"]
# delta is a length in the unit in which the loss sees the target.

# %% tags=["hint"]
# A miss of 200 in the old unit is a miss of 1 after the target was divided by 200.

# %% tags=["wrong"] misconception="delta-has-no-unit"
# delta is a length in the unit of the target. When the target is divided, delta must follow.
def delta_for(limit, scale):
    return limit

# %% tags=["wrong"] misconception="scale-reversed"
# The other way around: the target became smaller by this factor, so the same miss is a smaller number.
def delta_for(limit, scale):
    return limit * scale

# %% tags=["wrong"] misconception="scale-reversed"
# The other way around: the limit is divided by the scale, as the target was.
def delta_for(limit, scale):
    return scale / limit

# %% tags=["wrong"] misconception="safe-default" given="1.0: asserted below"
# 1.0 is only Keras' default. It means "one unit of the target", whatever that is.
def delta_for(limit, scale):
    return 1.0

# %% tags=["right"]
def delta_for(limit, scale):
    return np.divide(limit, scale)

# %% [raw] tags=["question"]
# id = "huber-delta-in-millions"
# discuss = true
# ask = "Receipts in millions, errors of about a hundred, `keras.losses.Huber()` with its default delta of 1. What do you train?"
# [right]
# text = "practically MAE"
# why = "Nearly every miss is beyond one million, where the pull is constant."
# [[wrong]]
# text = "practically MSE"
# misconception = "delta-reversed"
# why = "Huber is MSE within delta. Here nearly all misses are beyond."
# [[wrong]]
# text = "a good compromise between the two"
# misconception = "huber-is-a-blend"
# why = "Whether it is one depends on delta beside the misses. Here it is far too small for that."
# [[wrong]]
# text = "MAE, but without the outliers"
# misconception = "outlier-deleted"
# why = "Nothing is left out. Far films keep a constant pull."

# %% tags=["training"]
# Huber with its default delta, added up
huber_total = fit_replicates(lambda: build(keras.losses.Huber()), films.X_train, films.y_train, **recipe).predict(
    films.X_test)[..., 0].sum(axis=1) / films.y_test.sum()
# the other end: a target so small that every miss is within delta
small = np.array([[0.001], [0.002], [0.004]])
assert np.isclose(keras.losses.Huber()(small, 0 * small), keras.losses.MeanSquaredError()(small, 0 * small) / 2)
assert keras.losses.Huber()([[0.0]], [[9.0]]) == keras.losses.Huber(delta=1.0)([[0.0]], [[9.0]])   # the default
print(claim("Trained with MAE, more than nine misses in ten are beyond one million dollars.",
            np.mean(abs(predictions["MAE"] - films.y_test) > 1, axis=1), ">", 0.9))
print(claim("With Huber's default delta the sum is within 0.03 of that with MAE, seed by seed.",
            abs(huber_total - shares["MAE"]), "<", 0.03))

# %% [markdown]
# ### A colleague's run
#
# A colleague has scaled the target and trained. Something is wrong with the predictions. Find the line.

# %% tags=["training"]
# a colleague's model, trained on the scaled target
keras.utils.set_random_seed(seed)
colleague = keras.Sequential([keras.Input((films.X_train.shape[1],)),
                              keras.layers.Dense(32, activation="relu"),
                              keras.layers.Dense(1, activation="sigmoid")])
colleague.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
colleague.fit(films.X_train, films.y_train / std, batch_size=256, epochs=30, verbose=0)
# back in millions
theirs = std * colleague.predict(films.X_test, verbose=0)[:, 0]
print(f"highest prediction {theirs.max():,.0f} million dollars, one standard deviation {std:,.0f} million")
print(f"highest receipts   {films.y_test.max():,.0f} million dollars, {np.mean(films.y_test > std):.0%} of the test "
      "films earn more than one standard deviation")

# %% [raw] tags=["question"]
# id = "colleague-fault"
# given = ["1: the upper end of a sigmoid"]
# ask = "No prediction is above one standard deviation of the receipts. Many films are. Which part of the code is the fault?"
# [right]
# text = "`activation=\"sigmoid\"` in the last layer"
# why = "A sigmoid gives 0 to 1, so the highest prediction is one standard deviation. No training changes that. A head for numbers has no activation."
# [[wrong]]
# text = "`epochs=30`: it was stopped too early"
# misconception = "more-training-mends-it"
# why = "Thirty epochs were enough for the same network before. And no number of epochs brings this head above 1."
# [[wrong]]
# text = "`loss=\"mse\"`: far values need MAE"
# misconception = "robust-is-always-better"
# why = "MSE pulls hard toward far values. Here it pulls in vain: the head cannot go there."
# [[wrong]]
# text = "`/ std`: without the scaling it would get there"
# misconception = "blames-the-scaling"
# why = "Without it, the highest prediction would be 1 million dollars."

# %% [markdown]
# The doctor is a tool of this workbook: it looks at a compiled model, its data and one batch, and says what does not fit.
# Does it see what you saw?

# %% tags=["training"]
from helpers.doctor import examine

assert theirs.max() <= 1.0001 * std and np.mean(films.y_test > std) > 0.1   # what the question says
examine(colleague, films.X_train, films.y_train / std)

# %% [markdown]
# It compares what the head can give with what the targets are. It cannot see what the predictions are for: whether MSE is
# the loss that the studio needs is not its business. The same holds for `relu` in the last layer: it gives nothing below 0,
# and the logarithm of small receipts lies there.

# %% [markdown]
# ## 8. Accuracy, and shapes
#
# **First: accuracy.** It is in many templates. What does it say about a regression? We make it easy: the model is judged
# against **its own predictions**, as if they were the truth. It cannot be wrong.

# %% [raw] tags=["prediction"]
# id = "accuracy-of-perfect"
# given = ["0.5: the default threshold, asserted below"]
# ask = "Every prediction equals its target exactly. The loss is 0. What does Keras' `accuracy` say?"
# [right]
# text = "0"
# why = """For one output unit Keras reads `accuracy` as binary accuracy: it turns each prediction into 0 or 1, cut at 0.5, and asks
# whether the target equals that. A receipt is neither 0 nor 1."""
# [[wrong]]
# text = "1: every prediction is right"
# misconception = "accuracy-means-exact"
# why = "That would be so if accuracy asked for equality. For one unit it first turns each prediction into 0 or 1."
# [[wrong]]
# text = "an error message: these are no classes"
# misconception = "keras-would-warn"
# why = "Keras does not look whether the targets are classes. It computes, without a word."
# [[wrong]]
# text = "the same as R²"
# misconception = "accuracy-is-r2"
# why = "R² would be 1 here. Accuracy is another metric, for classes."

# %% tags=["training"]
# train, and report accuracy as well
keras.utils.set_random_seed(seed)
model = build("mse", metrics=["accuracy"])
model.fit(films.X_train, films.y_train, batch_size=256, epochs=30, verbose=0)
# take the predictions as the truth
own = model.predict(films.X_test, verbose=0)
perfect_loss, perfect_accuracy = model.evaluate(films.X_test, own, verbose=0)
print(f"judged against its own predictions: loss {perfect_loss:.3f}, accuracy {perfect_accuracy:.3f}")

# %%
compare("accuracy-of-perfect")
assert perfect_loss < 1e-3 and perfect_accuracy == 0.0 and keras.metrics.BinaryAccuracy().threshold == 0.5

# %% [markdown]
# **Compare with your prediction.** The loss is 0, as it must be, and so is accuracy. Accuracy in a regression says
# nothing about the model, good or bad. Take it out.
#
# **Second: shapes.** `predict` returns one column, shape (n, 1). Targets often have the shape (n,). What is their
# difference?

# %% [raw] tags=["prediction"]
# id = "shape-of-the-difference"
# ask = "`y_true` has the shape (571,), `y_pred` has the shape (571, 1). What shape does `y_true - y_pred` have in NumPy?"
# [right]
# text = "(571, 571): every film against every prediction"
# why = "NumPy stretches both to a square. The mean over it runs without a complaint, and means nothing."
# [[wrong]]
# text = "(571, 1): one difference for each film"
# misconception = "shapes-match-by-length"
# why = "NumPy matches shapes from the right: 571 against 1, then nothing against 571. Both are stretched."
# [[wrong]]
# text = "none: NumPy refuses, because the shapes differ"
# misconception = "numpy-would-complain"
# why = "Shapes may differ when one of the two lengths is 1. NumPy then repeats that axis."

# %% tags=["training"]
# straight from predict
y_pred = model.predict(films.X_test, verbose=0)   # (571, 1)
print("shape of the difference:", (films.y_test - y_pred).shape)
# MAE from it, and from the column alone
print(f"MAE, y_true - y_pred:       {np.mean(np.abs(films.y_test - y_pred)):.0f} million")
print(f"MAE, y_true - y_pred[:, 0]: {np.mean(np.abs(films.y_test - y_pred[:, 0])):.0f} million")

# %%
compare("shape-of-the-difference")
assert (films.y_test - y_pred).shape == (571, 571)

# %% [markdown]
# **Compare with your prediction.** The difference is a square. So the first MAE is none: each film was
# held against every prediction. And inside Keras? Here is MSE written by hand, in
# two ways: as a function, and as a subclass of `keras.losses.Loss`.

# %%
def own_mse(y_true, y_pred):
    return keras.ops.mean((y_true - y_pred) ** 2, axis=-1)

class OwnMSE(keras.losses.Loss):
    def call(self, y_true, y_pred):
        return keras.ops.mean((y_true - y_pred) ** 2, axis=-1)

# %% [raw] tags=["prediction"]
# id = "own-loss-flat-target"
# ask = """The same trick as before: the model is judged against its own predictions, this time given as a flat array (571,). The
# loss is `OwnMSE()`. What does `evaluate` report?"""
# [right]
# text = "a large number, without a word"
# why = "Keras hands a subclass of Loss the target as (n,) and the prediction as (n, 1). The difference is a square again."
# [[wrong]]
# text = "0: prediction and target are the same numbers"
# misconception = "shapes-match-by-length"
# why = "The numbers are the same, the shapes are not. They are not matched by their length."
# [[wrong]]
# text = "0: Keras aligns shapes for `\"mse\"`, so also for this"
# misconception = "equal-by-symmetry"
# why = "For its own losses it does, and for a function given as loss. For a subclass of Loss it does not."
# [[wrong]]
# text = "an error message about the shapes"
# misconception = "keras-would-warn"
# why = "The shapes can be stretched to each other, so nothing is raised."

# %% tags=["training"]
# three ways to write MSE
shown = {}
for name, loss, metric in [("built in", "mse", "mse"), ("function", own_mse, own_mse),
                           ("Loss subclass", OwnMSE(), "mse")]:
    # the model's own predictions as the truth: flat, and as a column
    for target in [own[:, 0], own]:
        model.compile(loss=loss, metrics=[metric])  # anew: one compiled model cannot take both shapes
        values = shown[name, target.ndim] = model.evaluate(films.X_test, target, verbose=0)
        print(f"{name:14} target {str(target.shape):9} as loss {values[0]:9.1f}   as metric {values[1]:9.1f}")

# %%
compare("own-loss-flat-target")

# %% tags=["training"]
assert max(max(shown[name, 2]) for name in ["built in", "function", "Loss subclass"]) < 1e-3   # a column: all agree
assert max(*shown["built in", 1], shown["function", 1][0]) < 1e-3    # aligned
assert min(shown["function", 1][1], shown["Loss subclass", 1][0]) > 1000  # not aligned

# %% [markdown]
# **Compare with your prediction.** Two values in the table are not 0, both with a flat target.
#
# Keras aligns the shapes for its own losses and metrics, and for a *function* given as loss. It does not for a function
# given as metric, nor for a subclass of `Loss`: a perfect model gets a large value there, without a word. Give `fit` and
# `evaluate` a target of shape (n, 1), and all of them agree. Does the doctor see it?

# %% tags=["training"]
# the trained model with the loss of one's own, and a flat target
model.compile(optimizer="adam", loss=OwnMSE())
examine(model, films.X_test, films.y_test)

# %% [markdown]
# It runs one batch, and compares the loss with the one for a column. It can see this only where the two losses differ: with
# a new model, whose predictions are all near 0, it may miss it. The helpers of this book refuse unequal shapes:

# %%
try:
    metrics.mae(films.y_test, films.y_test[:, None])
except ValueError as refusal:
    print(refusal)

# %% [markdown]
# ### Exercise 8.1: find the fault
#
# A colleague's R² gives strange values, and only for predictions that come straight from `predict`. There is **one**
# fault. Find it and mend it: the function must work for y_pred of shape (n,) and of shape (n, 1).

# %% tags=["exercise"] id="planted-r2"
def r2_of(y_true, y_pred):
    """1 - squared errors / squared errors of the mean. y_true: (n,), y_pred: (n,) or (n, 1)."""
    ### BEGIN SOLUTION
    residuals = y_true - np.reshape(y_pred, np.shape(y_true))
    ### END SOLUTION
    spread = y_true - np.mean(y_true)
    explained = 1 - np.mean(residuals**2) / np.mean(spread**2)
    return explained

# %% tags=["start"]
def r2_of(y_true, y_pred):
    """1 - squared errors / squared errors of the mean. y_true: (n,), y_pred: (n,) or (n, 1)."""
    residuals = y_true - y_pred
    spread = y_true - np.mean(y_true)
    explained = 1 - np.mean(residuals**2) / np.mean(spread**2)
    return explained

# %% tags=["cases"]
truth = np.array([1.0, 2.0, 3.0, 6.0])
guess = np.array([1.5, 2.0, 2.5, 5.0])
cases = [(truth, guess), (truth, guess[:, None]), (truth * 10, truth[:, None] * 10), (truth, np.full((4, 1), 3.0))]
labels = ["y_true", "y_pred"]

# %% tags=["hint"]
# Print the shape of each line's result, once for y_pred of shape (n,) and once for (n, 1).

# %% tags=["hint"]
# The shapes must be made equal before the subtraction: `y_pred[:, 0]` fails for (n,); `np.reshape(y_pred, …)` does not.

# %% tags=["right"]
def r2_of(y_true, y_pred):
    y_pred = np.ravel(y_pred)
    return 1 - np.sum((y_true - y_pred) ** 2) / np.sum((y_true - y_true.mean()) ** 2)

# %% tags=["wrong"] misconception="symptom-not-cause"
# You turned the truth into a column. For y_pred of shape (n,) it is now the same fault the other way around.
def r2_of(y_true, y_pred):
    residuals = y_true[:, None] - y_pred
    spread = y_true - np.mean(y_true)
    return 1 - np.mean(residuals**2) / np.mean(spread**2)

# %% tags=["wrong"] misconception="symptom-not-cause"
# You made the predictions a column. They were one already in the bad case, and now they are one in every case.
def r2_of(y_true, y_pred):
    residuals = y_true - np.reshape(y_pred, (-1, 1))
    spread = y_true - np.mean(y_true)
    return 1 - np.mean(residuals**2) / np.mean(spread**2)

# %% tags=["wrong"] misconception="symptom-not-cause"
# Right for a column, and an error for y_pred of shape (n,), which has no second axis. It must work for both.
def r2_of(y_true, y_pred):
    residuals = y_true - y_pred[:, 0]
    spread = y_true - np.mean(y_true)
    return 1 - np.mean(residuals**2) / np.mean(spread**2)

# %% tags=["wrong"] misconception="sum-hides-the-shape"
# Sums instead of means do not help: a square of n × n numbers is summed up now.
def r2_of(y_true, y_pred):
    residuals = y_true - y_pred
    spread = y_true - np.mean(y_true)
    return 1 - np.sum(residuals**2) / np.sum(spread**2)

# %% tags=["wrong"] misconception="r2-is-a-correlation"
# That is the squared correlation. It does not notice predictions that are all too high; R² must.
def r2_of(y_true, y_pred):
    y_pred = np.ravel(y_pred)
    if np.std(y_pred) == 0:
        return 0.0
    return np.corrcoef(y_true, y_pred)[0, 1] ** 2

# %% [markdown] given="4: 2 squared, a formula"
# ## 9. An example of the kind that tutorials print
#
# A thousand points near y = 2x + 5, x from 0 to 10, noise with a standard deviation of 2. One `Dense(1)`, MSE, Adam
# with its default rate, batches of 32, 100 epochs; 800 points to train, 200 to validate. Recipes like this one are printed
# with a falling curve, as an example of a model that has been trained well. **The set is constructed**, so we know what is
# possible: the noise alone gives an MSE of about 2² = 4. This is the recipe as it is printed:

# %%
# constructed data
rng = np.random.default_rng(seed)
x_line = rng.uniform(0, 10, (1000, 1))
y_line = 2 * x_line[:, 0] + 5 + rng.normal(0, 2, 1000)
split = dict(X=x_line[:800], y=y_line[:800], validation_data=(x_line[800:], y_line[800:]))

# one line, Adam's default rate
def one_line(rate=0.001, **more):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(rate), loss="mse", **more)
    return model

# %% [raw] tags=["prediction"]
# id = "tutorial-final-mse"
# given = ["2,500: asserted below", "0.001: Keras' default, set in code", "2.5: 2,500 times 0.001, asserted below", "4: the noise's variance, a wrong option's premise"]
# ask = "What validation MSE does this recipe reach after 100 epochs?"
# discuss = true
# [right]
# text = "it depends on the seed, by more than a factor of ten"
# why = "The start is drawn at random, and 100 epochs are 2,500 steps of 0.001: not enough to reach the line from a bad start."
# [[wrong]]
# text = "about 4: a line is easy, and 100 epochs are many"
# misconception = "epochs-mean-trained"
# why = "The number of epochs does not say how far the weights moved. What counts is steps times their size, and here that is about 2.5."
# [[wrong]]
# text = "between 5 and 6, with every seed"
# misconception = "one-run-is-the-result"
# why = "A single lucky run may end there. Other seeds end far away."
# [[wrong]]
# text = "near 0: it has as many parameters as a line needs"
# misconception = "loss-can-reach-zero"
# why = "The noise stays. No line can predict it, so no line gets far below 4."

# %% [markdown]
# In plain Keras it is run like this. To save you the wait, these are the first ten of its 100 epochs:

# %% tags=["training"]
keras.utils.set_random_seed(seed)
model = one_line()
ten = model.fit(x_line[:800], y_line[:800], validation_data=split["validation_data"], batch_size=32, epochs=10,
                verbose=0).history["val_loss"]
print(f"validation MSE after epoch 1: {ten[0]:.0f}, after epoch 10: {ten[-1]:.0f}")

# %% [markdown]
# `fit_replicates` runs all 100, from 32 seeds.

# %% tags=["training"]
# the printed recipe
recipe_9 = dict(**split, base_seed=1000 * seed, epochs=100, batch_size=32)
by_epoch = fit_replicates(one_line, seeds=32, **recipe_9).history["val_loss"]
# what the true line has on the validation points
x_val, y_val = split["validation_data"]
possible = np.mean((y_val - (2 * x_val[:, 0] + 5)) ** 2)

# %% [raw] tags=["alt"] id="printed-recipe-alt" given="800: end of the axis, set in code"
# Two line plots of validation MSE over 100 epochs. Left, plain axis from 0 to about {top:.0f}: the first run, as it would be printed,
# falling in a smooth curve from {one_first:.0f} to {one_last:.0f}. Right, logarithmic axis from 2 to 800: median and band over
# 32 seeds; the median falls from {first:.0f} to {last:.0f}, the band reaches from about {low:.0f} to {high:.0f} at the end, and is
# still falling. A dotted line marks the true line at {possible:.1f}, below all of them.

# %% tags=["training"]
fig, (left, right) = figures.axes(2, xlabel="epoch", ylabel="validation MSE")
epochs = np.arange(1, 101)
# one run as it would be printed, and all 32
figures.lines(left, epochs, {"one run": by_epoch[0]}, label_at=None)
left.set(title="the first seed, plain axis", ylim=(0, None))
figures.lines(right, epochs, {"32 seeds": by_epoch}, label_at=None)
right.set(title="32 seeds, logarithmic axis", yscale="log", ylim=(2, 800))
# what is possible
for ax in (left, right):
    ax.axhline(possible, color="black", linestyle=":")
right.annotate(f"the true line: {possible:.2f}", (20, possible), xytext=(0, -16), textcoords="offset points")
low, last, high = np.percentile(by_epoch[:, -1], [5, 50, 95])
figures.show(fig, "printed-recipe-alt", top=left.get_ylim()[1], one_first=by_epoch[0, 0], low=low, last=last,
             one_last=by_epoch[0, -1], first=np.median(by_epoch[:, 0]), high=high, possible=possible)

# %%
compare("tutorial-final-mse")
assert 100 * 800 // 32 == 2500 and 2500 * 0.001 == 2.5   # steps, and how far they can go

# %% tags=["training"]
# where the seeds end
final = by_epoch[:, -1]
print(f"as printed, 32 seeds: lowest {final.min():.0f}, median {np.median(final):.0f}, highest {final.max():.0f}")
assert final.max() / final.min() > 10
# the curve of each seed, and where it ends
print(claim("In the printed recipe of section 9, validation MSE falls by more than half, with every seed.",
            final / by_epoch[:, 0], "<", 0.5))
print(claim("As printed, every seed ends at least a fifth above the true line.", final / possible, ">", 1.2))
print(claim("As printed, it still falls by over a tenth in the last ten epochs, on at least half of the seeds.",
            1 - final / by_epoch[:, -11], ">", 0.1, share=0.5))

# %% [markdown] given="0.001 0.05: set in code"
# **Compare with your prediction.** (The band is as in section 4, here over 32 seeds.) With every seed the curve falls, as
# the printed one does, and looks like success. It ends above the true line, and where depends on the seed. The recipe was
# stopped; it had not arrived. A falling curve alone does not say so. What is possible, beside it, does.
#
# The example was to show a model that has been trained well. We change one number, the rate, from 0.001 to 0.05.

# %% [raw] tags=["prediction"]
# id = "band-at-the-end"
# given = ["0.05: set in code", "2,500: asserted above"]
# ask = "A rate of 0.05, all else as printed. Where do the 32 seeds end?"
# [right]
# text = "close together, and close to the true line"
# why = "From every start the way is now short enough for 2,500 steps. At the end only the noise is left."
# [[wrong]]
# text = "lower than before, and as far apart"
# misconception = "only-luck-decides"
# why = "The seeds were far apart because they had been stopped on the way. Once they arrive, the start is forgotten."
# [[wrong]]
# text = "near 0: now it has the steps to get there"
# misconception = "loss-can-reach-zero"
# why = "The noise stays, however long and fast you train."

# %% tags=["training"]
faster = fit_replicates(lambda: one_line(0.05), seeds=32, **recipe_9).history["val_loss"]

# %% [raw] tags=["alt"] id="arrived-alt" given="0.001 0.05: the rates, set in code; 800: end of the axis, set in code"
# Line plot of validation MSE over 100 epochs on a logarithmic axis from 2 to 800, median and band over 32 seeds. With rate
# 0.001, as printed, a wide band falls slowly and ends at {slow:.0f} in the median. With rate 0.05 a band comes down within
# twenty epochs, and then lies, hardly wider than its line, on the dotted line of the true line at {possible:.1f}.

# %% tags=["training"]
# both rates on one axis
fig, ax = figures.axes(xlabel="epoch", ylabel="validation MSE")
figures.lines(ax, epochs, {"rate 0.001, as printed": by_epoch, "rate 0.05": faster}, label_at="legend")
ax.set(yscale="log", ylim=(2, 800))
# what is possible
ax.axhline(possible, color="black", linestyle=":")
ax.annotate(f"the true line: {possible:.2f}", (40, possible), xytext=(0, -16), textcoords="offset points")
figures.show(fig, "arrived-alt", slow=np.median(by_epoch[:, -1]), possible=possible)

# %%
compare("band-at-the-end")

# %% tags=["training"] given="0.05: set in code"
print(claim("In the same recipe with a rate of 0.05, every seed ends within a fifth of the true line.",
            abs(faster[:, -1] / possible - 1), "<", 0.2))
print(claim("With a rate of 0.05, every seed is there within twenty epochs.",
            abs(faster[:, 19] / possible - 1), "<", 0.2))

# %% [markdown] given="0.05: set in code above"
# **Compare with your prediction.** The band of the higher rate comes down early, and lies on the line of what is possible.
# This version shows what the printed one was to show. It was the first of three printed recipes.
# [Notebook 02](02_binary_cross_entropy.ipynb) runs the third, [notebook 07](07_reading_curves.ipynb) the second, and makes a
# method of it.
#
# ### How low may the rate be?
#
# At 0.05 it arrives. Find a rate as low as you can at which it still arrives: change the number and run both cells again.

# %%
my_rate = 0.001   # as printed; try others

# %% tags=["training"]
mine = fit_replicates(lambda: one_line(my_rate), seeds=16, **recipe_9).history["val_loss"][:, -1] / possible
print(f"rate {my_rate}: validation MSE {mine.min():.2f} to {mine.max():.2f} times that of the true line, over 16 seeds")
print("arrived" if mine.max() < 1.2 else "not yet: every seed must end below 1.2 times")

# %% [markdown]
# Such examples also print the RMSE of each epoch. Keras collects the squared errors of all batches while the weights move,
# and takes the root at the end of the epoch.

# %% tags=["training"]
# three epochs, and what fit reports for the third
keras.utils.set_random_seed(seed)
model = one_line(0.05, metrics=[keras.metrics.RootMeanSquaredError(name="rmse")])
history = model.fit(x_line[:800], y_line[:800], epochs=3, verbose=0).history
print("loss and RMSE that fit reports for epoch 3:  ", round(history["loss"][-1], 2), round(history["rmse"][-1], 2))
# the same points, by the weights at the end
after = model.evaluate(x_line[:800], y_line[:800], verbose=0)
print("loss and RMSE after epoch 3, same 800 points:", *[round(value, 2) for value in after])
assert abs(history["rmse"][-1] / after[1] - 1) > 1e-4   # far more than rounding
assert np.isclose(history["rmse"][-1] ** 2, history["loss"][-1], rtol=1e-4)   # the root of the epoch's mean

# %% [raw] tags=["question"]
# id = "rmse-of-an-epoch"
# ask = "Same points, same epoch, two values for RMSE. Where does the difference come from?"
# [right]
# text = "the weights: those of each moment, against those at the end"
# why = "`fit` judges each batch by the weights of its moment. `evaluate` judges all of them by the weights at the end."
# [[wrong]]
# text = "the data: `evaluate` uses other points"
# misconception = "evaluate-uses-other-data"
# why = "It was given the same 800 points."
# [[wrong]]
# text = "overfitting in the course of the epoch"
# misconception = "any-gap-is-overfitting"
# why = "Overfitting shows on other data. Here both are the training data."
# [[wrong]]
# text = "rounding in float32"
# misconception = "rounding-explains-it"
# why = "Rounding shows in about the seventh digit. These two part much earlier."

# %% [markdown] given="442: asserted below"
# ## 10. Other data: your report
#
# Somebody else's table: 442 people with diabetes, ten measurements each, and how far the illness had progressed a year
# later (scikit-learn's `load_diabetes`, from Efron et al., Least angle regression, 2004). Somebody sends you predictions and asks: "Is it good?"
#
# ### Exercise 10.1: a report that cannot mislead
#
# Write a function that answers with MAE, with the MAE of **the right baseline for MAE**, and with whether the model is
# better. The baseline may use nothing that was not known before the test.

# %% tags=["exercise"] id="honest-report"
def report(y_train, y_test, y_pred):
    """Returns {"mae": number, "baseline_mae": number, "better": True or False}. All inputs: (n,) arrays."""
    ### BEGIN SOLUTION
    mae = np.mean(np.abs(y_test - y_pred))
    baseline_mae = np.mean(np.abs(y_test - np.median(y_train)))
    return {"mae": mae, "baseline_mae": baseline_mae, "better": bool(mae < baseline_mae)}
    ### END SOLUTION

# %% tags=["cases"]
early = np.array([1.0, 2.0, 3.0, 4.0, 90.0])
late = np.array([2.0, 3.0, 5.0, 60.0, 7.0])
cases = [(early, late, np.array([3.0, 3.0, 4.0, 20.0, 6.0])), (early, late, np.array([30.0, 30.0, 30.0, 30.0, 30.0])),
         (np.array([0.0, 0.0, 10.0]), np.array([10.0, 10.0]), np.array([10.0, 9.0]))]
labels = ["y_train", "y_test", "y_pred"]

# %% tags=["hint"]
# Which constant has the lowest MAE? (Section 1.) From which data may it be computed?

# %% tags=["hint"]
# `np.median(y_train)` is the baseline's prediction for every row of the test set.

# %% tags=["right"]
def report(y_train, y_test, y_pred):
    def mae(p):
        return float(np.abs(y_test - p).mean())
    model, base = mae(y_pred), mae(np.full(len(y_test), np.median(y_train)))
    return dict(mae=model, baseline_mae=base, better=model < base)

# %% tags=["wrong"] misconception="baseline-leaks-test"
# Your baseline has seen the test data. Nobody could have predicted with it.
def report(y_train, y_test, y_pred):
    mae = np.mean(np.abs(y_test - y_pred))
    baseline_mae = np.mean(np.abs(y_test - np.median(y_test)))
    return {"mae": mae, "baseline_mae": baseline_mae, "better": bool(mae < baseline_mae)}

# %% tags=["wrong"] misconception="mae-gives-the-mean"
# You took the mean as the baseline. The best constant for MAE is the median of the training data.
def report(y_train, y_test, y_pred):
    mae = np.mean(np.abs(y_test - y_pred))
    baseline_mae = np.mean(np.abs(y_test - np.mean(y_train)))
    return {"mae": mae, "baseline_mae": baseline_mae, "better": bool(mae < baseline_mae)}

# %% tags=["wrong"] misconception="baseline-on-training-data"
# You judged the baseline on the training data and the model on the test data. Both must be judged on the same rows.
def report(y_train, y_test, y_pred):
    mae = np.mean(np.abs(y_test - y_pred))
    baseline_mae = np.mean(np.abs(y_train - np.median(y_train)))
    return {"mae": mae, "baseline_mae": baseline_mae, "better": bool(mae < baseline_mae)}

# %% tags=["wrong"] misconception="higher-is-better"
# MAE is an error: the lower one is the better one.
def report(y_train, y_test, y_pred):
    mae = np.mean(np.abs(y_test - y_pred))
    baseline_mae = np.mean(np.abs(y_test - np.median(y_train)))
    return {"mae": mae, "baseline_mae": baseline_mae, "better": bool(mae > baseline_mae)}

# %% [markdown]
# Now use it. A clinic orders material for all these people together. How far the illness has progressed decides how much
# each needs, so it plans with the **sum** of the predictions. Choose a loss in the first line and run both cells; then try
# another.

# %%
my_loss = "mae"   # or "mse", keras.losses.Huber(delta=0.5), keras_pinball

# %% tags=["training"]
from sklearn.datasets import load_diabetes

# shuffle; scikit-learn's columns have a spread of about 0.05, so make it about 1
X_all, y_all = load_diabetes(return_X_y=True)
assert len(y_all) == 442
order = np.random.default_rng(seed).permutation(len(y_all))
X_all, y_all = 20 * X_all[order], y_all[order]
y_scale = y_all[:300].std()

# one linear layer
def build_diabetes(loss):
    model = keras.Sequential([keras.Input((10,)), keras.layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.Adam(0.02), loss=loss)
    return model

# %% tags=["training"]
def diabetes(loss):
    # train on the scaled target, and scale the predictions back: (seeds, people)
    runs = fit_replicates(lambda: build_diabetes(loss), X_all[:300], y_all[:300] / y_scale, seeds=16,
                          base_seed=1000 * seed, epochs=60)
    return y_scale * runs.predict(X_all[300:])[..., 0]

# your loss beside MAE, and beside the baseline
on_test, with_mae = diabetes(my_loss), diabetes("mae")
baseline = np.abs(y_all[300:] - np.median(y_all[:300])).mean()
print(claim("Trained with MAE, the model's MAE on these people is below nine tenths of the baseline's.",
            np.abs(with_mae - y_all[300:]).mean(axis=1) / baseline, "<", 0.9))
print(f"your loss: sum of predictions / true sum {np.median(on_test.sum(axis=1)) / y_all[300:].sum():.2f}")
print("your report (None: not written yet):", report(y_all[:300], y_all[300:], on_test[0]))

# %% [raw] tags=["reflection"]
# id = "loss-for-the-clinic"
# ask = "Which loss did you choose for the clinic's order, and why? One sentence on what the numbers said."

# %% tags=["training"]
print(f"true values of the 300: mean {y_all[:300].mean():.0f}, median {np.median(y_all[:300]):.0f}")
assert 1 < y_all[:300].mean() / np.median(y_all[:300]) < 1.2
print(claim("The sums predicted with MSE and with MAE differ by less than 0.05 of the true sum.",
            abs(diabetes("mse").sum(axis=1) - with_mae.sum(axis=1)) / y_all[300:].sum(), "<", 0.05))

# %% [markdown]
# Did MAE and MSE add up about equally well? Look at the lines above: mean and median of this target lie near each other.
# Here the choice between the two hardly matters for a sum. That is a result, too: the films were skewed, these
# values hardly are. Look at mean over median first.

# %% [raw] tags=["question"]
# id = "diabetes-which-loss"
# given = ["0.9: nine in ten, from the question's one in ten"]
# ask = """The clinic wants, for each patient, a value that only one patient in ten like this one will exceed. Which loss do
# you train with?"""
# [right]
# text = "pinball with tau = 0.9"
# why = "It aims at the value that nine in ten stay below."
# [[wrong]]
# text = "MSE: large values pull hardest"
# misconception = "mse-aims-at-large-values"
# why = "They pull hard, and yet the model comes to rest at the mean, not near the top."
# [[wrong]]
# text = "MAE on the upper tenth of the patients"
# misconception = "train-on-the-tail"
# why = "Who belongs to the upper tenth is what you want to learn. Picked by outcome, such a set is no longer like the patients to come."
# [[wrong]]
# text = "any loss: the value can be read from the prediction afterwards"
# misconception = "loss-is-cosmetic"
# why = "A prediction aimed at the mean or the median does not say how far above it one in ten may lie."

# %% [markdown]
# ## 11. What you take along
#
# | you want | the model must aim at | loss | baseline | metric |
# |---|---|---|---|---|
# | sums that add up | mean | MSE | training mean | RMSE, R², sum of predictions |
# | a typical case, or bad entries in the data | median | MAE | training median | MAE |
# | near the mean, with a limit on far rows | between the two | Huber, delta in the unit of the target | either | MAE and RMSE |
# | too low and too high cost differently | quantile | pinball, tau from the costs | training quantile | pinball, or the cost itself |
#
# Scale the target first. Add up predictions and truth. Make shapes equal. No accuracy for numbers.
#
# One last case for the table.

# %% [raw] tags=["question"]
# id = "which-row"
# ask = "Sensor values, some of them typed wrongly, and you want a typical value for each day. Which row of the table?"
# [right]
# text = "the second: the median, by MAE"
# why = "A typical value, and bad entries that must not count by their distance: that is the median."
# [[wrong]]
# text = "the first: the mean, by MSE"
# misconception = "every-loss-gives-the-mean"
# why = "The mean follows each wrong entry by its distance."
# [[wrong]]
# text = "the fourth: a quantile near 1, to be safe"
# misconception = "worst-case"
# why = "Nobody said that too low costs more than too high."
# [[wrong]]
# text = "none: delete the wrong entries, then any loss will do"
# misconception = "loss-is-cosmetic"
# why = "You may not know which entries are wrong, and the loss still decides what is aimed at."

# %% [markdown]
# What was claimed, and held, while this notebook ran:

# %% tags=["training"]
from helpers.claims import list_claims
list_claims()

# %% tags=["training"]
my_progress()

# %%
repeat("01_regression_losses")

# %% [raw] tags=["reflection"]
# id = "summary-01"
# ask = "In three sentences: what decides between MSE, MAE, Huber and pinball?"

# %% [raw] tags=["reflection"]
# id = "muddiest-01"
# ask = "A minute card: what was the most important thing here, and what is still unclear?"

# %% [raw] tags=["reflection"]
# id = "confidence-01"
# ask = "From 1 (not at all) to 5 (surely): could you choose a regression loss for a project of your own, and defend it?"

# %% [markdown]
# Go on with [02 Binary cross-entropy](02_binary_cross_entropy.ipynb): yes or no instead of how much.
#
# Further reading: Gneiting, [Making and evaluating point forecasts](https://doi.org/10.1198/jasa.2011.r10138), 2011, on
# which loss aims at what · Huber, [Robust estimation of a location parameter](https://doi.org/10.1214/aoms/1177703732),
# 1964 · Koenker and Bassett, [Regression quantiles](https://doi.org/10.2307/1913643), 1978 · Hyndman and Koehler,
# [Another look at measures of forecast accuracy](https://doi.org/10.1016/j.ijforecast.2006.03.001), 2006, on MAPE.
