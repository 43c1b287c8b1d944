"""Answers as JSON: ``foyer-explanation/1``, ``foyer-whatif/1``, ``foyer-verdict/1``, ``foyer-recommendation/1``,
``foyer-impossible/1``.

The fields are those of ``answers.forms``, in the same nesting; tuples are lists.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from foyer.scheduling.answers.forms import Explanations, Recommendations, Verdict, WhatIf
from foyer.scheduling.relaxing.forms import ImpossibleAnswer

FORMATS: dict[type, str] = {
    Explanations: "foyer-explanation/1",
    WhatIf: "foyer-whatif/1",
    Verdict: "foyer-verdict/1",
    Recommendations: "foyer-recommendation/1",
    ImpossibleAnswer: "foyer-impossible/1",
}


def write_answer(answer: Explanations | WhatIf | Verdict | Recommendations | ImpossibleAnswer) -> str:
    """The answer as JSON text, its format first."""
    return json.dumps({"format": FORMATS[type(answer)], **asdict(answer)}, ensure_ascii=False, indent=1) + "\n"
