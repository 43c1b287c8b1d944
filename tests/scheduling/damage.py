"""Files with something wrong in them: a true file in which one place was changed at random."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**20),
    st.floats(),
    st.text(max_size=3),
    st.sampled_from(("[]", "{}", "[[]]", '{"id": 1}')).map(json.loads),
)


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """The text with a value replaced, dropped, doubled or added, or with a piece cut out of it."""
    if draw(st.integers(0, 4)) == 0:
        start, end = sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text)))))
        return text[:start] + draw(st.sampled_from(("", "{", "]", '"', "\x00", "NaN"))) + text[end:]
    data = json.loads(text)
    for _ in range(draw(st.integers(1, 2))):
        _change(draw, data)
    return json.dumps(data)


def _change(draw: st.DrawFn, data: Any) -> None:
    holder = data
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not keys:
            return
        key = draw(st.sampled_from(keys))
        inside = holder[key]
        if isinstance(inside, dict | list) and inside and draw(st.integers(0, 3)):
            holder = inside
            continue
        break
    how = draw(st.sampled_from(("replace", "drop", "double", "add")))
    if how == "drop":
        del holder[key]
    elif how == "double" and isinstance(holder, list):
        holder.append(holder[key])
    elif how == "add" and isinstance(holder, dict):
        holder[draw(st.text(min_size=1, max_size=3))] = draw(JUNK)
    else:
        holder[key] = draw(JUNK)
