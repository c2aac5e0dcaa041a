"""Every workflow of the product, called once on a small world in which it is possible.

A promise about all workflows walks these lives; a test fails for a workflow that none of them calls.
"""

from collections.abc import Callable

from tests.reliability.doings.accounts import of_accounts
from tests.reliability.doings.cases import of_agreements, of_cases, of_households
from tests.reliability.doings.partners import of_partners
from tests.reliability.doings.planning import of_planning_runs, of_proposals, of_reckonings, of_travel_times
from tests.reliability.doings.privacy import of_erasing, of_retention
from tests.reliability.doings.referrals import of_clocks, of_consents, of_providers, of_referrals
from tests.reliability.interrupting import Fresh, Life

LIVES: tuple[Callable[[Fresh], Life], ...] = (
    *(of_referrals, of_providers, of_consents, of_clocks),
    *(of_households, of_cases, of_agreements),
    *(of_accounts, of_partners, of_planning_runs, of_proposals, of_reckonings, of_travel_times),
    *(of_erasing, of_retention),
)
"""Each with worlds of its own; the first is the life that touches most: from a draft to the cancellation."""
