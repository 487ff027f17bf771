"""The table of reasons: for each rule the facts that turn it, and what it then says, word for word (M01-M30)."""

import ast
from pathlib import Path

import pytest

from teams.mandates.engine import answer
from tests.mandates import reasons_chain, reasons_money, reasons_person, reasons_power, reasons_time
from tests.mandates.mutants import MODULES
from tests.mandates.reasons import K, Row, found, noor, told
from tests.mandates.town import town

ROWS: list[Row] = [
    *reasons_chain.ROWS,
    *reasons_money.ROWS,
    *reasons_person.ROWS,
    *reasons_power.ROWS,
    *reasons_time.ROWS,
]
LAW = {
    "M01": ("Gemeentewet 231; attributie", "weigert", True),
    "M02": ("Awb 10:9 lid 2", "weigert", False),
    "M03": ("Awb 10:1, 10:9, 10:13", "weigert", False),
    "M04": ("Awb 10:9 lid 1", "weigert", False),
    "M05": ("Awb 10:4", "weigert", False),
    "M06": ("Awb 10:5 lid 2", "weigert", False),
    "M07": ("Awb 10:3 lid 1", "weigert", False),
    "M08": ("Awb 10:3 lid 2", "weigert", False),
    "M09": ("Awb 10:3 lid 3", "weigert", False),
    "M10": ("Awb 10:3 lid 4, 5:53", "weigert", False),
    "M11": ("Gemeentewet 172-177", "weigert", True),
    "M13": ("Awb 3:40, 3:42; ECLI:NL:HR:2015:550", "weigert", False),
    "M14": ("Awb 10:6 lid 1", "waarschuwt", False),
    "M15": ("Awb 10:6 lid 2", "plicht", False),
    "M16": ("Awb 10:7", "weigert", False),
    "M17": ("Awb 10:8", "weigert", False),
    "M18": ("Awb 10:10", "plicht", False),
    "M19": ("Awb 2:4; Gemeentewet 28, 58", "weigert", True),
    "M20": ("eigen regel van de gemeente", "weigert", False),
    "M21": ("eigen regel van de gemeente; Aanbestedingswet", "weigert", True),
    "M22": ("Gemeentewet 160, 171, 212", "weigert", True),
    "M23": ("eigen regel van de gemeente", "weigert", False),
    "M24": ("eigen regel van de gemeente", "weigert", False),
    "M25": ("eigen regel van de gemeente", "weigert", False),
    "M26": ("mandaatbesluit", "weigert", False),
    "M27": ("Awb 6:22, 7:11, 8:72; BW 3:69", "waarschuwt", False),
    "M28": ("Awb 9:7", "weigert", True),
    "M29": ("rechtspraak onduidelijk", "waarschuwt", True),
    "M30": ("Awb 10:1", "weigert", False),
}
"""Source, level, and whether the text of the law has still to be checked."""


@pytest.mark.parametrize("code", sorted(LAW))
def test_rule_says(code: str) -> None:
    other = [(row, told(row)) for row in ROWS if row.rule == code and told(row) != (row.says, row.sentence, row.todo)]
    assert other == []


def test_each_rule_names_its_source() -> None:
    lines = answer(town(), noor(K)).rules
    assert {line.code: (line.source, str(line.level), line.unsure) for line in lines} == LAW


def test_every_sentence_of_a_rule_stands_in_the_table() -> None:
    said = {found(row).text.msgid for row in ROWS}
    trees = [ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8")) for module in MODULES]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    can_say = {
        inner.args[0].value
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in ("ok", "no", "note", "na")
        for inner in call.args
        if isinstance(inner, ast.Call) and isinstance(inner.args[0], ast.Constant)
    }
    assert len(can_say) > 100
    assert can_say - said == set()
