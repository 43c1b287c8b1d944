"""A first complete plan within moments: constructive, no solver, nothing proven (docs/engine.md, section 6).

It is what a run has in hand while the stages prove better. Nothing here is believed: the pipeline keeps a draft only
where ``check`` finds no broken rule in it.
"""
