"""Logs what a world model's training would, as NPY files in run/, with one slip in the returns (needs NumPy).

lemmacheck log check run
"""

import os

import numpy as np

rng = np.random.default_rng(0)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


N, T, G, K, M, S = 4, 16, 8, 8, 4, 15  # episodes, steps, groups of codes, codes, roll-outs, steps
log = {"posterior": softmax(rng.normal(size=(N, T, G, K)).astype("float32")),
       "prior": softmax(rng.normal(size=(N, T, G, K)).astype("float32")),
       "reconstruction": -rng.gamma(3, 100, size=(N, T)).astype("float32"),
       "imagined_rewards": rng.normal(size=(M, S)).astype("float32"),
       "imagined_continues": rng.uniform(0.9, 1, size=(M, S)).astype("float32"),
       "imagined_values": rng.normal(size=(M, S + 1)).astype("float32"),
       "free_bits": np.float32(1), "discount": np.float32(0.997), "lambda": np.float32(0.95)}
log["kl"] = (log["posterior"] * np.log(log["posterior"] / log["prior"])).sum((-1, -2))
log["kl_loss"] = np.maximum(log["kl"], log["free_bits"])
log["elbo"] = (log["reconstruction"] - log["kl"]).sum(-1)
r, c, v = (log["imagined_" + name] for name in ("rewards", "continues", "values"))
returns, last = np.zeros_like(r), v[:, -1]
for t in reversed(range(S)):
    last = r[:, t] + log["discount"] * c[:, t] * (0.05 * v[:, t] + 0.95 * last)  # v[t] where v[t+1] is meant
    returns[:, t] = last
log["imagined_returns"] = returns
os.makedirs("run", exist_ok=True)
for name, array in log.items():
    np.save(f"run/{name}.npy", array)
