"""Claims whose two sides are written by hand: those that the ledger has in C++ (certificates of version 1).

Each side is written from its printed statement. Notation: M the model, M' (N in the code) the
perturbed one, T and T' their kernels, V and V' (V and W) their values under the policy pi, J and
J' the expected returns; H the horizon, steps h = 1..H, V_{H+1} = 0; epsilon the largest L1
distance of two rows, delta the largest total variation; B(delta, H) = sum_{k<H} (1 - (1-delta)^k).
In section 15.3 M is the world, M' a model of it, pi_E (`other_policy`) the expert, and d_w the
weighted occupancy sum_{h<H} (H - h) d_h / (H (H - 1) / 2) in the world.
"""

from ..basics import Rejected  # noqa: F401
from .hypotheses import check_observed  # noqa: F401
from .instances import Instance, compare  # noqa: F401
from .ledger import CLAIMS, LISTED  # noqa: F401
from .verdict import verify  # noqa: F401
