import importlib
import pkgutil
import re

import appliance.why.rules
from appliance.why.finding import SUMMARY
from appliance.why.registry import RULES
from tests.why.cases import Case

TESTED: list[Case] = [
    case
    for module in pkgutil.iter_modules(appliance.why.rules.__path__)
    for case in importlib.import_module(f"tests.why.rules.test_{module.name}").CASES
]


def test_each_rule_is_fired_by_messages_and_has_a_near_miss() -> None:
    assert {rule.name for rule in RULES} == {case.rule for case in TESTED}


def test_names_are_told_apart_and_are_words_of_an_address() -> None:
    names = [rule.name for rule in RULES]
    assert len(set(names)) == len(names) and SUMMARY not in names
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)


def test_each_rule_names_the_section_of_a_document() -> None:
    assert all(re.fullmatch(r"RFC \d{4}( [\d.]+)?", rule.reference) for rule in RULES)


def test_each_rule_says_in_the_manual_what_it_tells() -> None:
    assert all((rule.find.__doc__ or "").strip().endswith(".") for rule in RULES)
