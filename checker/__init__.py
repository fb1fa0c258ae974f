"""The second checker: lemmacheck's certificates again, in another language, sharing no code with the program.

Standard library only; all numbers are fractions.Fraction, exact sums of logarithms, or enclosures
that are refined until they decide. A certificate of version 2 carries its lemma as text:
`reading`, `expressions`, `names` and `declarations` read it, `evaluation`, `models` and `reals` compute its sides,
`givens` tests that each value lies in its type, `certificate` puts it together. `hand_written`
knows the claims that the program still has in C++ (version 1).
"""
