"""What Keras, sacrebleu and jiwer do today, as notebook 08 says. If one fails, the sentence it names is now wrong."""
import jiwer
import numpy as np
import pytest
import sacrebleu

from helpers import bleu, wer
from helpers.perplexity import nats_from_logits, perplexity
from helpers.quiet import quiet

with quiet():
    import keras

NOTEBOOK = "notebooks/source/08_sequence_metrics.py"


def now_wrong(section, sentence):
    return f"In section {section} of {NOTEBOOK} this is now wrong: {sentence}"


def network():
    """The network of sections 2 and 5, small: 3 whole numbers below 7, 5 classes."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([
        keras.Input((3,), dtype="int32"), keras.layers.Embedding(7, 4), keras.layers.Flatten(),
        keras.layers.Dense(6, activation="relu"), keras.layers.Dense(5)])
    model.compile(keras.optimizers.Adam(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


rng = np.random.default_rng(0)
X, y = rng.integers(0, 7, (50, 3)), rng.integers(0, 5, 50)


def test_the_loss_is_the_mean_of_the_nats():
    model = network()
    nats = nats_from_logits(y, model.predict(X, verbose=0))
    loss = model.evaluate(X, y, batch_size=16, verbose=0)
    assert loss == pytest.approx(nats.mean(), rel=1e-5), now_wrong(2, "Keras reports the mean of the nats")
    assert np.exp(loss) == pytest.approx(perplexity(nats), rel=1e-4), now_wrong(2, "so perplexity is exp of `loss`")


def test_the_network_is_five_arrays():
    model = network()
    table, W1, b1, W2, b2 = model.get_weights()
    by_hand = np.maximum(table[X].reshape(len(X), -1) @ W1 + b1, 0) @ W2 + b2
    assert np.allclose(by_hand, model.predict(X, verbose=0), atol=1e-5), now_wrong(5, "the network is five arrays")


def test_early_stopping_watches_val_loss():
    assert keras.callbacks.EarlyStopping().monitor == "val_loss", now_wrong(5, "it watches `val_loss` unless told")


def test_jiwer_strips_nothing():
    spoken, typed = "Hello, there. Good Luck!", "hello there good luck"
    assert jiwer.wer(spoken, typed) == wer.wer(spoken.split(), typed.split()) == 1, now_wrong(3, "jiwer strips nothing")
    assert jiwer.wer("hello", "oh hello there friend") == 3, now_wrong(3, "WER has no upper end")


def test_jiwer_pools_a_corpus():
    references, hypotheses = ["the long way home again", "jaws"], ["the long way home again", "claws"]
    assert jiwer.wer(references, hypotheses) == pytest.approx(1 / 6), now_wrong(3, "the usual library pools")


def test_sacrebleu_smooths_and_goes_to_100():
    paraphrase, happy = "the good news made him very happy", "he was very happy about the good news"
    told = sacrebleu.sentence_bleu(paraphrase, [happy], smooth_method="none").score
    assert told == 0 < sacrebleu.sentence_bleu(paraphrase, [happy]).score, now_wrong(4, "it smooths unless told not to")
    same = sacrebleu.corpus_bleu(["the cat sat on the mat"], [["the cat sat on the mat"]]).score
    assert same == pytest.approx(100), now_wrong(4, "its numbers go from 0 to 100")


def test_sacrebleu_tokenizes_as_most_reports_do():
    said, got = "It's late, and we're leaving (at last).", "It's late, and we are leaving (at last)!"
    theirs = sacrebleu.sentence_bleu(got, [said], smooth_method="none").score
    ours = bleu.sentence_bleu([bleu.tokenize_13a(said)], bleu.tokenize_13a(got))
    assert theirs == pytest.approx(100 * ours), now_wrong(4, "cut as most reports do, with signs as tokens")


def test_sacrebleu_has_a_signature():
    metric = sacrebleu.metrics.BLEU()
    metric.corpus_score(["a b c d"], [["a b c d"]])
    signature = str(metric.get_signature())
    for part in ("nrefs", "tok", "smooth"):
        assert part in signature, now_wrong(4, "sacrebleu prints these beside the number as a signature")
