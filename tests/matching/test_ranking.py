"""A ranking says who has most, the first of equals, whatever has changed before."""

import numpy as np

from matching.ranking import first_of_most, put, ranking


def test_nobody_is_first_where_nobody_has_anything():
    assert first_of_most(ranking(5)) == -1
    assert first_of_most(ranking(0)) == -1


def test_the_first_of_those_who_have_most_is_named_after_every_change():
    rng, tree, held = np.random.default_rng(1), ranking(11), np.zeros(11)
    for _ in range(300):
        player = int(rng.integers(11))
        held[player] = rng.integers(4)
        put(tree, player, held[player])
        assert first_of_most(tree) == (int(np.argmax(held)) if held.any() else -1)
