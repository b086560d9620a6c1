# SPDX-License-Identifier: Apache-2.0
# A BERT sentence encoder in NumPy: proof that pulled weights are weights, without a deep-learning framework.
import json
import math
from pathlib import Path

import numpy
from safetensors.numpy import load_file
from tokenizers import Tokenizer

ERF = numpy.vectorize(math.erf, otypes=[numpy.float32])


class SentenceEncoder:
    """Loads config.json, tokenizer.json and model.safetensors of a folder; mean pooling, unit length."""

    def __init__(self, folder):
        folder = Path(folder)
        self.config = json.loads((folder / "config.json").read_text())
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.weights = load_file(folder / "model.safetensors")

    def encode(self, sentence):
        tokens = self.tokenizer.encode(sentence)
        state = self._embed(tokens.ids)
        for layer in range(self.config["num_hidden_layers"]):
            state = self._layer(state, f"encoder.layer.{layer}.")
        mean = state.mean(axis=0)
        return mean / numpy.linalg.norm(mean)

    def _embed(self, ids):
        words = self.weights["embeddings.word_embeddings.weight"][ids]
        places = self.weights["embeddings.position_embeddings.weight"][: len(ids)]
        kinds = self.weights["embeddings.token_type_embeddings.weight"][0]
        return self._norm(words + places + kinds, "embeddings.LayerNorm.")

    def _layer(self, state, name):
        heads = self.config["num_attention_heads"]
        length, width = state.shape
        query, key, value = (
            self._dense(state, f"{name}attention.self.{part}.")
            .reshape(length, heads, width // heads)
            .transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(width // heads)
        scores = numpy.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ value
        mixed = self._dense(mixed.transpose(1, 0, 2).reshape(length, width), f"{name}attention.output.dense.")
        state = self._norm(state + mixed, f"{name}attention.output.LayerNorm.")
        inner = self._dense(state, f"{name}intermediate.dense.")
        inner = inner * 0.5 * (1 + ERF(inner / math.sqrt(2)))
        return self._norm(state + self._dense(inner, f"{name}output.dense."), f"{name}output.LayerNorm.")

    def _dense(self, state, name):
        return state @ self.weights[f"{name}weight"].T + self.weights[f"{name}bias"]

    def _norm(self, state, name):
        centred = state - state.mean(axis=-1, keepdims=True)
        scale = numpy.sqrt((centred**2).mean(axis=-1, keepdims=True) + self.config["layer_norm_eps"])
        return centred / scale * self.weights[f"{name}weight"] + self.weights[f"{name}bias"]
