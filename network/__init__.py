"""The network room (Netzwerk): who offers what, where, when and for whom.

Partner files are read by :mod:`network.partner_files` into a :class:`network.model.Region`; its graph and the
questions a coordinator asks of it are in :mod:`network.graph`.
"""
