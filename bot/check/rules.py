"""Checks of rules, stories and actions against the domain."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from bot.check import catalogue
from bot.check.faults import Fault
from bot.check.project import DOMAIN, Project, Rule, name_of

# actions that Rasa itself brings; a form is an action too
BUILT_IN = frozenset(
    {
        "action_listen",
        "action_restart",
        "action_session_start",
        "action_default_fallback",
        "action_deactivate_loop",
        "action_revert_fallback_events",
        "action_back",
        "action_extract_slots",
    }
)

# actions that show the text named like the intent
SPEAK_BY_NAME = frozenset({"action_talk", "action_follow_up"})


def _texts(value: Any) -> Iterator[str]:
    """Every text inside `value`."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _domain_actions(project: Project) -> list[str]:
    return [name_of(entry) for entry in project.domain.get("actions") or []]


def _named(project: Project, kind: str) -> set[str]:
    """Every intent, or every action, that a rule or a story names."""
    return {step[kind] for rule in chain(project.rules, project.stories) for step in rule.steps if kind in step}


def unknown_steps(project: Project) -> list[Fault]:
    """Rules and stories name only intents and actions that exist."""
    known = {
        "intent": set(project.intents),
        "action": {*_domain_actions(project), *project.responses, *(project.domain.get("forms") or {}), *BUILT_IN},
    }
    found = {
        Fault(rule.file, rule.name, f"there is no {kind} {step[kind]}; add it to {DOMAIN} or correct it"): None
        for rule in chain(project.rules, project.stories)
        for step in rule.steps
        for kind, names in known.items()
        if kind in step and step[kind] not in names
    }
    return list(found)


def intents_without_rule(project: Project) -> list[Fault]:
    """Every intent is answered by a rule or a story; warning signs are the care policy's, replies the chooser's."""
    elsewhere = {*catalogue.CARE, *(message.intent for message in project.messages if message.only_when_asked)}
    answered = _named(project, "intent")
    return [
        Fault(DOMAIN, intent, "no rule or story answers this intent; add one in data/rules")
        for intent in project.intents
        if intent not in answered and intent not in elsewhere
    ]


def intents_without_words(project: Project) -> list[Fault]:
    """What is answered with the text of its own name has that text."""
    return [
        Fault(rule.file, rule.name, f"{step['intent']} has no text; write it in bot/content/talk.yml")
        for rule in project.rules
        for step, following in zip(rule.steps, rule.steps[1:])
        if "intent" in step and following.get("action") in SPEAK_BY_NAME and step["intent"] not in project.content.talk
    ]


def contradictions(project: Project) -> list[Fault]:
    """No two rules that apply at the same point go on differently. Rasa finds this only when it trains."""
    decided: dict[str, tuple[str, str]] = {}
    faults: dict[Fault, None] = {}
    for rule in project.rules:
        for situation, action in _decisions(rule):
            other, first = decided.setdefault(situation, (rule.name, action))
            if first != action:
                message = f"goes on with {action} where “{other}” goes on with {first}; keep one"
                faults[Fault(rule.file, rule.name, message)] = None
    return list(faults)


def _decisions(rule: Rule) -> Iterable[tuple[str, str]]:
    """What the rule has seen up to each of its actions, and that action."""
    for place, step in enumerate(rule.steps):
        if "action" in step:
            yield json.dumps([rule.guards, rule.steps[:place]], sort_keys=True, default=str), step["action"]


def actions_without_module(project: Project) -> list[Fault]:
    """Every action of the domain is one that the action server has."""
    return [
        Fault(DOMAIN, action, "no module in actions/ has an action of this name; write it or remove it")
        for action in _domain_actions(project)
        if action not in project.actions and action not in BUILT_IN
    ]


def modules_without_action(project: Project) -> list[Fault]:
    """Every action of the action server is in the domain, else nothing can call it."""
    return [
        Fault(file, action, f"not among the actions of {DOMAIN}; add it there")
        for action, file in project.actions.items()
        if action not in _domain_actions(project)
    ]


def orphan_responses(project: Project) -> list[Fault]:
    """Every response is used by a rule, a story or a form's question."""
    used = _named(project, "action")
    questions = {
        f"utter_ask_{name}"
        for form, settings in (project.domain.get("forms") or {}).items()
        for slot in (settings or {}).get("required_slots") or []
        for name in (slot, f"{form}_{slot}")
    }
    return [
        Fault(file, response, "nothing uses this response; use it in a rule or delete it")
        for response, file in project.responses.items()
        if response not in used | questions
    ]


def dead_buttons(project: Project) -> list[Fault]:
    """Every button sends an intent of the domain."""
    faults = [
        Fault("bot/channels/payloads.py", intent, f"a button sends this, but {DOMAIN} has no such intent; correct it")
        for intent in project.buttons
        if intent not in project.intents
    ]
    for file, held in {**project.data, DOMAIN: project.domain}.items():
        for response, variations in (held.get("responses") or {}).items():
            for payload in _payloads(variations):
                intent = payload.removeprefix("/").split("{")[0].strip()
                if payload.startswith("/") and intent not in project.intents:
                    faults.append(Fault(file, response, f"its button sends {payload}, but there is no such intent"))
    return faults


def _payloads(variations: Any) -> Iterator[str]:
    for variation in variations or []:
        for button in variation.get("buttons") or []:
            yield from _texts(button.get("payload"))
