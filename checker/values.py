"""What names of a lemma stand for on one instance: functions, and kernels with their rows."""

from .reals import Undefined


class Func:
    """A function of elements: `come` its sets, `key` what tells it apart."""

    def __init__(self, come, at, key):
        self.come, self.at, self.key = come, at, key


class Rows:
    """A kernel, policy or distribution: row(step, condition) = {outcome tuple: probability}; step is its own, or None."""

    def __init__(self, come, go, row, family, step, key):
        self.come, self.go, self.row, self.family, self.step, self.key = come, go, row, family, step, key

    def at(self, condition):
        if self.family and self.step is None:
            raise Undefined("a family without a step")
        return self.row(self.step, condition)

    def policy(self):
        """policy(h, s) = {a: p}, for models.Mdp."""
        def chosen(h, s):
            row = self.row(self.step if self.step is not None else h if self.family else None, (s,))
            return {outcome[0]: p for outcome, p in row.items()}
        chosen.key = self.key
        return chosen
