"""What the scorer gives back, small."""

from __future__ import annotations

from typing import Any

SCORES: dict[str, Any] = {
    "questions.jsonl:6": {
        "right:answer": [3, 4, 0.75, 0.3, 0.95],
        "right:care:urgent": [1, 2, 0.5, 0.1, 0.9],
        "right:care:gp": [2, 2, 1.0, 0.3, 1.0],
        "caught:emergency+crisis": [98, 100, 0.98, 0.9, 1.0],
        "false_alarm:any_card": [3, 100, 0.03, 0.0, 0.1],
    },
    "dialogues.jsonl:2": {
        "dialogues": [1, 2, 0.5, 0.1, 0.9],
        "turns": [9, 10, 0.9, 0.6, 0.98],
        "by_tag": {"happy_path": [1, 2]},
    },
    "misses": {
        "questions.jsonl": [
            {
                "id": "q1",
                "text": "<script>alert(1)</script>",
                "kind": "answer",
                "ids": ["ice_and_heat", "pain_medicines"],
                "level": None,
                "got": [["ask", ["waist_exercises", "other_causes"], None]],
            },
            {"id": "q2", "text": "b", "kind": "answer", "ids": ["ice_and_heat"], "level": None, "got": []},
            {"id": "q3", "text": "c", "kind": "answer", "ids": ["ice_and_heat"], "level": None, "got": []},
            {
                "id": "q4",
                "text": "d",
                "kind": "care",
                "ids": ["child"],
                "level": "urgent",
                "got": [["not_in_document", ["not_in_document"], None]],
            },
        ],
        "dialogues.jsonl": [
            {
                "id": "d1",
                "turn": 1,
                "user": "and heat?",
                "expect": {"any_of": [{"kind": "answer", "ids": ["ice_and_heat"]}, {"kind": "ask", "asks": "clarify"}]},
                "got": [["talk", ["greet"], None]],
                "text": "Hello",
            }
        ],
    },
    "turn_ms": {"n": 16, "p50": 9.0, "p95": 12.0, "max": 20.0},
}
