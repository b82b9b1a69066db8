"""Find what is wrong with the content, the training data and the rules before anyone reads or trains it.

Each check is a small pure function from a loaded `Project` to a list of faults. They cover what the loader's types
and `rasa data validate` let through.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.check import answers, care, examples, files, readability, rules, texts
from bot.check.faults import Fault
from bot.check.project import Project

Check = Callable[[Project], list[Fault]]

CHECKS: tuple[Check, ...] = (
    answers.missing_from_catalogue,
    answers.quotes_not_in_document,
    answers.links_not_in_document,
    answers.dead_references,
    answers.unused_entries,
    answers.shared_titles,
    care.changed_levels,
    care.missing_questions,
    care.unknown_signs,
    care.signs_that_nothing_raises,
    care.unknown_concepts,
    care.missing_numbers,
    texts.too_long,
    texts.forbidden_words,
    readability.hard_to_read,
    files.not_training_data,
    files.unknown_keys,
    examples.not_an_example,
    examples.in_two_intents,
    examples.unknown_intents,
    examples.intents_without_examples,
    examples.topics_without_examples,
    rules.unknown_steps,
    rules.intents_without_rule,
    rules.intents_without_words,
    rules.contradictions,
    rules.actions_without_module,
    rules.modules_without_action,
    rules.orphan_responses,
    rules.dead_buttons,
)


def faults(project: Project) -> list[Fault]:
    """Every fault of `project`, in the order of `CHECKS`."""
    return [fault for check in CHECKS for fault in check(project)]
