"""Gedächtnis: what is remembered: tables, transactions, seats, secrets, audit and backups.

How to write a workflow on it: one function = one permission = one transaction = one audit entry. ::

    from store import tables as t
    from store.seats import take
    from store.unit_of_work import Agent, ReadingUnit, Store, UnitOfWork

    def request_seat(store: Store, actor: Agent, referral_id: str, version: int) -> dict[str, Any]:
        with UnitOfWork(store, actor=actor, purpose="refer a person") as uow:
            referral = uow.get(t.referral, referral_id)  # or Missing; secrets are in clear
            ...  # may(grants, Action.REQUEST_SEAT, scope)
            take(uow, referral["slot_group_id"])  # or NoSeat
            changed = uow.change(t.referral, referral_id, version, state=...)  # or Stale
            uow.insert(t.referral_event, region_id=..., referral_id=referral_id, ...)
            uow.describe(Action.REQUEST_SEAT, "referral", referral_id, region_id=..., details={...})
            uow.commit()  # with its audit entry; leaving earlier undoes everything
        return changed

    with ReadingUnit(store) as unit:  # sees one state, waits for nobody, can change nothing
        plan = t.help_plan
        due = unit.find(plan, plan.c.review_due_on <= today, counsellor_id=actor.account_id)

`insert` fills in id, version, stamps, encryption and blind indexes. A request that may come twice begins with
`store.idempotency.claim`. Every refusal is a `store.faults.StoreFault` with a sentence in German and English.
A store is opened by `store.opening.open_store` (or `set_up_store`, which migrates and makes a key). Long
computing (planning) happens between two units, never inside one.
"""
