"""How `teams bench` judges and tells: gates, the table, the file, the code."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teams.demo import bench
from teams.demo.bench.measure import Cost, Measure, keep, middle_cpu, ratio, table
from teams.kit.faults import Stopped

values = st.floats(0, 1e6)


@given(values, values)
def test_a_gate_holds_at_its_limit_and_not_beyond(value: float, limit: float) -> None:
    assert Measure("deel", "wat", value, "", most=limit).good == (value <= limit)
    assert Measure("deel", "wat", value, "", least=limit).good == (value >= limit)
    assert Measure("deel", "wat", value, "").good


def test_the_ratio_is_the_median_of_the_rounds() -> None:
    ours, limit = [Cost(2, 1), Cost(4, 3), Cost(100, 2)], [Cost(1, 1)] * 3
    assert ratio(ours, limit) == 0.25
    assert middle_cpu(ours) == 2


def test_the_table_marks_what_is_missed() -> None:
    lines = table(
        [Measure("a", "goed", 1, "ms", most=2), Measure("b", "mis", 3, "ms", most=2), Measure("c", "los", 4, "ms")]
    )
    good, missed, told = lines.splitlines()[1:]
    assert "✓" in good and "✗" in missed and "≤ 2" in missed
    assert "✓" not in told and "✗" not in told


def test_the_code_and_the_file_tell_whether_a_gate_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for value, code in ((1.0, 0), (3.0, 1)):
        monkeypatch.setattr(bench, "run", lambda *_, value=value: [Measure("a", "iets", value, "ms", most=2)])
        assert bench.main([], tmp_path / "bench.json", lambda *_: None) == code  # type: ignore[arg-type, return-value]
        written = json.loads((tmp_path / "bench.json").read_text())
        assert written["good"] == (code == 0) == written["measures"][0]["good"]
        assert "iets" in capsys.readouterr().out


def test_an_unknown_part_is_named(tmp_path: Path) -> None:
    with pytest.raises(Stopped, match="vliegen"):
        bench.main(["vliegen"], tmp_path / "bench.json", lambda *_: None)  # type: ignore[arg-type, return-value]


def test_the_file_says_on_which_machine(tmp_path: Path) -> None:
    keep(tmp_path / "b.json", [], 1.5)
    assert json.loads((tmp_path / "b.json").read_text())["machine"]["cpus"] >= 1
