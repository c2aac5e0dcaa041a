"""Zugang: accounts and their roles, sign-in with two factors, sessions, regions, organisations, rules.

How the web layer uses it::

    signed_in = sign_in(store, name, password)        # or NotSignedIn: always the same answer
    signed_in = give_code(store, signed_in.token, code)  # where signed_in.stage is Stage.CODE
    ...
    caller = caller_of(store, token)                  # at every request: the roles that hold now
    desk = desk_for(store, caller)                    # with the rules of today
    list_accounts(desk)

The token belongs into a cookie; the store keeps only its hash. What one does with the own account (password,
second factor, sessions) takes the token and asks for no role; all else is a workflow with a permission.
"""
